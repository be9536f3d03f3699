"""Wrong answers to the local rules of lesson 04, as students would write them."""

import numpy as np

import lecture_lib as ll


def mul_as_in_the_worked_example(d_out, a, b):
    d_a = d_out * 1
    d_b = d_out * -1
    return d_a, d_b


def mul_nearly_as_in_the_worked_example(d_out, a, b):
    d_a = d_out * a
    d_b = d_out * -b
    return d_a, d_b


def mul_dot(d_out, a, b):
    return d_out @ b, d_out @ a


def mul_d_plus(d_out, a, b):
    return d_out + b, d_out + a


def mul_div(d_out, a, b):
    return d_out / a, d_out / b


def mul_mul_name(d_out, a, b):
    return a * b


def mul_one_return(d_out, a, b):
    d_a = d_out * b
    return d_a


def mul_minus(d_out, a, b):
    return d_out * b, -d_out * a


def mul_outer(d_out, a, b):
    return np.outer(d_out, b), np.outer(d_out, a)


def mul_product_rule(d_out, a, b):
    return d_out * (a + b)


def mul_sq(d_out, a, b):
    return d_out * b * b, d_out * a * a


def mul_tup_sum(d_out, a, b):
    return d_out * b + d_out * a


def mul_ones(d_out, a, b):
    return np.ones_like(a), np.ones_like(b)


def layer_as_in_the_worked_example(d_out, W, x):
    d_W = d_out * x
    d_x = d_out * W
    return d_W, d_x


def layer_worked_sum(d_out, W, x):
    d_W = np.outer(d_out, x)
    d_x = (d_out * W).sum(axis=0)
    return d_W, d_x


def layer_added_along_rows(d_out, W, x):
    return np.outer(d_out, x), (W * d_out[:, None]).sum(axis=1)


def layer_outer_w(d_out, W, x):
    return np.outer(d_out, x), np.outer(d_out, W)


def layer_dx_out(d_out, W, x):
    return np.outer(d_out, x), W @ x


def layer_dx_only_w(d_out, W, x):
    return x, W


def layer_loops_last(d_out, W, x):
    d_W = np.zeros(W.shape)
    d_x = np.zeros(len(x))
    for i in range(len(d_out)):
        for j in range(len(x)):
            d_W[i, j] = d_out[i] * x[j]
            d_x[j] = d_out[i] * W[i, j]
    return d_W, d_x


def layer_loops_exch(d_out, W, x):
    d_W = np.zeros(W.shape)
    d_x = np.zeros(len(x))
    for i in range(len(d_out)):
        for j in range(len(x)):
            d_W[i, j] += d_out[j] * x[i]
            d_x[j] += d_out[i] * W[i, j]
    return d_W, d_x


def layer_of_two_rows(d_out, W, x):
    d_W = np.array([d_out[0] * x, d_out[1] * x])
    d_x = d_out[0] * W[0] + d_out[1] * W[1]
    return d_W, d_x


def layer_mean(d_out, W, x):
    return np.outer(d_out, x), (W.T @ d_out) / len(d_out)


def layer_inv(d_out, W, x):
    return np.outer(d_out, x), np.linalg.inv(W) @ d_out


def layer_neg(d_out, W, x):
    return -np.outer(d_out, x), W.T @ d_out


def layer_outer_full(d_out, W, x):
    return np.outer(d_out, W), W.T @ d_out


def layer_wouter(d_out, W, x):
    return W * np.outer(d_out, x), W.T @ d_out


def layer_sumdout(d_out, W, x):
    return np.outer(d_out, x), W.T.sum(axis=1) * d_out.sum()


def layer_dx_mult(d_out, W, x):
    return np.outer(d_out, x), W.T @ d_out * x


def layer_onesrow(d_out, W, x):
    return np.tile(x, (len(d_out), 1)), W.T @ d_out


def layer_hands_on_its_output(d_out, W, x):
    return np.outer(W @ x, x), W.T @ (W @ x)


def layer_only_dw(d_out, W, x):
    return np.outer(d_out, x)


def relu_as_in_the_worked_example(d_out, z):
    slope = np.where(z > 0, 1.0, -1.0)
    return d_out * slope


def relu_z(d_out, z):
    return d_out * z


def relu_max(d_out, z):
    return max(0, d_out)


def relu_itself(d_out, z):
    return np.maximum(0, z)


def relu_of_the_product(d_out, z):
    return np.maximum(0, d_out * z)


def relu_where_swap(d_out, z):
    return np.where(z > 0, 0, d_out)


def relu_where_half(d_out, z):
    return d_out * np.where(z > 0, 1, np.where(z == 0, 0.5, 0))


def relu_heaviside(d_out, z):
    return d_out * np.heaviside(z, 0.5)


def relu_bool(d_out, z):
    return d_out[z > 0]


def relu_loop1(d_out, z):
    d_z = np.zeros(len(z))
    for i in range(len(z)):
        if z[i] > 0:
            d_z[i] = d_out[i]
    return d_z


def relu_loop_pass(d_out, z):
    d_z = d_out
    for i in range(len(z)):
        if z[i] <= 0:
            d_z[i] = 0
    return d_z


def relu_leaky(d_out, z):
    return np.where(z > 0, d_out, 0.1 * d_out)


def relu_by_a_sigmoid(d_out, z):
    return d_out / (1 + np.exp(-z))


def relu_relu_der(d_out, z):
    return ll.relu.vjp(d_out, z)


def relu_sum(d_out, z):
    return (d_out * (z > 0)).sum()


def relu_abs(d_out, z):
    return d_out * np.abs(z)


def relu_clipz(d_out, z):
    return d_out * np.clip(z, 0, 1)


def relu_addmask(d_out, z):
    return d_out + (z > 0)


def softmax_back_as_in_the_worked_example(d_out, p):
    s = p.sum()
    q = p / s
    d_z = np.zeros(len(p))
    for j in range(len(p)):
        for i in range(len(p)):
            slope = ((i == j) - q[i]) / s
            d_z[j] += d_out[i] * slope
    return d_z


def softmax_back_loop_eq(d_out, p):
    d_z = np.zeros(len(p))
    for j in range(len(p)):
        for i in range(len(p)):
            d_z[j] = d_out[i] * p[i] * ((i == j) - p[j])
    return d_z


def softmax_back_loop_pj(d_out, p):
    d_z = np.zeros(len(p))
    for j in range(len(p)):
        for i in range(len(p)):
            d_z[j] += d_out[i] * p[j] * ((i == j) - p[j])
    return d_z


def softmax_back_loop_brackets(d_out, p):
    d_z = np.zeros(len(p))
    for j in range(len(p)):
        for i in range(len(p)):
            d_z[j] += d_out[i] * p[i] * (i == j) - p[j]
    return d_z


def softmax_back_nodelta(d_out, p):
    d_z = np.zeros(len(p))
    for j in range(len(p)):
        for i in range(len(p)):
            d_z[j] += d_out[i] * p[i] * (1 - p[j])
    return d_z


def softmax_back_diag(d_out, p):
    return p * (1 - p)


def softmax_back_table(d_out, p):
    return np.diag(p) - np.outer(p, p)


def softmax_back_table_times_d_out(d_out, p):
    return (np.diag(p) - np.outer(p, p)) * d_out


def softmax_back_inner(d_out, p):
    return (np.diag(p) - np.inner(p, p)) @ d_out


def softmax_back_of_squares(d_out, p):
    return (np.diag(p) - p * p) @ d_out


def softmax_back_of_ones(d_out, p):
    return (np.eye(len(p)) - np.outer(p, p)) @ d_out


def softmax_back_of_ones_minus_p(d_out, p):
    return (np.eye(len(p)) - p) @ d_out


def softmax_back_of_ones_minus_p_turned(d_out, p):
    return d_out @ (np.eye(len(p)) - p)


def softmax_back_offdiag(d_out, p):
    J = -np.outer(p, p)
    np.fill_diagonal(J, p)
    return J @ d_out


def softmax_back_diagsq(d_out, p):
    J = np.outer(p, p)
    np.fill_diagonal(J, p * (1 - p))
    return J @ d_out


def softmax_back_minus_p(d_out, p):
    return p * d_out - p


def softmax_back_minus_product(d_out, p):
    return p * d_out - d_out @ p


def softmax_back_minus_mean(d_out, p):
    return p * (d_out - d_out.mean())


def softmax_back_sum(d_out, p):
    return np.sum((np.diag(p) - np.outer(p, p)) @ d_out)


def softmax_back_of_scores(d_out, z):
    p = ll.softmax(z)
    return p * (d_out - d_out @ p)


WRONG = {
    "mul_vjp": [
        (mul_as_in_the_worked_example, 0, "This is the rule of a −", "the rule of a difference"),
        (mul_nearly_as_in_the_worked_example, 0, "out = a b", "swapped"),
        (mul_dot, 0, "The entries were added up to fewer", "added up"),
        (mul_d_plus, 0, "You add what has come back to", "added to the slope"),
        (mul_div, 0, "You divide by an operand", "divided by the operand"),
        (mul_mul_name, 0, "You give out = a b, the", "the product itself"),
        (mul_one_return, 0, "One array is handed back", "one of the two alone"),
        (mul_minus, 0, "d_b is right but for its sign,", None),
        (mul_outer, 0, "np.outer multiplies every entry with every other", "a table of all products"),
        (mul_product_rule, 0, "Both shares are put into one", "both shares added"),
        (mul_sq, 0, "There is a square in it", "squares"),
        (mul_tup_sum, 0, "Both shares are put into one", "both shares added"),
        (mul_ones, 0, "You give ones, whatever came back and", "slopes of 1"),
    ],
    "matvec_vjp": [
        (layer_as_in_the_worked_example, 0, "* multiplies entry by entry", "elementwise product"),
        (layer_worked_sum, 1, "* multiplies entry by entry", "elementwise product"),
        (layer_added_along_rows, 1, "You add along a row of W", "added over the inputs"),
        (layer_outer_w, 1, "Your d_x is a table", "a table for d_x"),
        (layer_dx_out, 1, "x stands in your d_x", "x in d_x"),
        (layer_dx_only_w, 0, "It says how far out moves", "the slope alone"),
        (layer_loops_last, 1, "Your d_x holds the share of the", "only the last row"),
        (layer_loops_exch, 1, "Your d_W has an entry for each", "transposed outer product"),
        (layer_of_two_rows, 0, "Your rule has two rows, as the", "two rows only"),
        (layer_mean, 1, "Something is divided in d_x", "a mean for the sum"),
        (layer_inv, 1, "The inverse leads from out back to", "the inverse of W"),
        (layer_neg, 1, "d_W is right but for its sign,", None),
        (layer_outer_full, 1, "W stands in your d_W", "W in d_W"),
        (layer_wouter, 1, "W stands in your d_W", "W in d_W"),
        (layer_sumdout, 1, "You add all of d_out and all", "added before multiplying"),
        (layer_dx_mult, 1, "x stands in your d_x", "x in d_x"),
        (layer_onesrow, 1, "the same for every d_out", "d_out left out"),
        (layer_hands_on_its_output, 0, "You hand on W x itself, the", "out for d_out"),
        (layer_only_dw, 0, "One array is handed back", "one of the two alone"),
    ],
    "relu_vjp": [
        (relu_as_in_the_worked_example, 0, "Your slope is −1 where z is", "sign for slope"),
        (relu_z, 0, "What you take for the slope depends on how", "a slope that depends on how large z is"),
        (relu_max, 0, "Python's max asks one question, yes or", None),
        (relu_itself, 0, "You give ReLU(z), the way forward", "ReLU itself"),
        (relu_of_the_product, 0, "Your result is never negative", "ReLU of the product"),
        (relu_where_swap, 0, "Your mask lets through where z is", "the mask turned round"),
        (relu_where_half, 0, "At z = 0 your slope is", "slope 1/2 at 0"),
        (relu_heaviside, 0, "At z = 0 your slope is", "slope 1/2 at 0"),
        (relu_bool, 0, "d_out[z > 0] takes out the entries", "entries left out"),
        (relu_loop1, 0, "Your loop goes along the first axis:", "one axis only"),
        (relu_loop_pass, 0, "Which line writes into an argument", None),
        (relu_leaky, 0, "Where z is negative you let a", "a slope below 0 too"),
        (
            relu_by_a_sigmoid,
            0,
            "What you take for the slope depends on how",
            "a slope that depends on how large z is",
        ),
        (relu_relu_der, 0, "relu_vjp calls ll.relu.vjp, and the points are", "the library's own answer"),
        (relu_sum, 0, "The entries are added up to one", "added up"),
        (relu_abs, 0, "What you take for the slope depends on how", "a slope that depends on how large z is"),
        (
            relu_clipz,
            0,
            "What you take for the slope depends on how",
            "a slope that depends on how large z is",
        ),
        (relu_addmask, 0, "You add the slope to what came", "the mask added"),
    ],
    "softmax_vjp": [
        (softmax_back_as_in_the_worked_example, 0, "Your slopes are δ_ij − p, with", "the factor p left out"),
        (softmax_back_loop_eq, 0, "Each entry of yours holds the last", "only the last term"),
        (softmax_back_loop_pj, 0, "You multiply the bracket by p_j", "p_j for p_i in front"),
        (softmax_back_loop_brackets, 0, "You take away p itself", "p taken away"),
        (softmax_back_nodelta, 0, "You take δ_ij as 1 everywhere", "1 for delta"),
        (softmax_back_diag, 0, "d_out is not in there", "d_out left out"),
        (softmax_back_table, 0, "You give the table of slopes itself", "the table alone"),
        (
            softmax_back_table_times_d_out,
            0,
            "* multiplies entry by entry, and the",
            "the table times d_out, entry by entry",
        ),
        (softmax_back_inner, 0, "one p twice, or is one number", "no table of products"),
        (softmax_back_of_squares, 0, "one p twice, or is one number", "no table of products"),
        (softmax_back_of_ones, 0, "You have δ_ij − p_i p_j", "ones on the diagonal"),
        (softmax_back_of_ones_minus_p, 0, "Your slopes are δ_ij − p, with", "the factor p left out"),
        (softmax_back_of_ones_minus_p_turned, 0, "Your slopes are δ_ij − p, with", "the factor p left out"),
        (softmax_back_offdiag, 0, "On the diagonal of your table stands", "p on the diagonal"),
        (softmax_back_diagsq, 0, "Off the diagonal your slopes are positive", "plus off the diagonal"),
        (softmax_back_minus_p, 0, "You take away p itself", "p taken away"),
        (softmax_back_minus_product, 0, "Something is taken away from every entry,", "the sum without p"),
        (softmax_back_minus_mean, 0, "Something is taken away from every entry,", "the sum without p"),
        (softmax_back_sum, 0, "You add everything up to one number,", "added up to one number"),
        (softmax_back_of_scores, 0, "p is softmax(z) already", "softmax of p"),
    ],
}
