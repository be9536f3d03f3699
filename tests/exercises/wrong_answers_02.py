"""Wrong answers to the exercises of lesson 02, as students would write them."""
# ruff: noqa: F821 (this is how students write)

import math

import numpy as np


def shares(z):
    """Return softmax, of the student's own making."""
    e = np.exp(z - z.max())
    return e / e.sum()


def numeric_in(kind):
    def numeric_gradient(f, theta, h=1e-5):
        gradient = np.zeros(theta.shape)
        for place in np.ndindex(theta.shape):
            up, down = theta.astype(kind), theta.astype(kind)
            up[place] += h
            down[place] -= h
            gradient[place] = (f(up) - f(down)) / (2 * h)
        return gradient

    numeric_gradient.__name__ = f"numeric_in_{kind.__name__}"
    return numeric_gradient


def numeric_a_thousandth_more(f, theta, h=1e-5):
    return 1.001 * numeric_in(float)(f, theta, h)


def numeric_of_rounded_values(f, theta, h=1e-5):
    return numeric_in(float)(lambda moved: round(f(moved), 7), theta, h)


def numeric_formula_only(f, theta, h=1e-5):
    return (f(theta + h) - f(theta - h)) / 2 * h


def numeric_enumerate_flat(f, theta, h=1e-5):
    g = []
    for i in range(len(theta)):
        t1 = theta.copy()
        t1[i] += h
        t2 = theta.copy()
        t2[i] -= h
        g.append((f(t1) - f(t2)) / (2 * h))
    return g


def numeric_enters_h_only(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[place] = h
        gradient[place] = (f(step) - f(-step)) / (2 * h)
    return gradient


def numeric_ndindex_theta(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta):
        moved = theta.copy()
        moved[place] += h
        gradient[place] = f(moved)
    return gradient


def numeric_ndindex_unpack(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for i, j in np.ndindex(theta.shape):
        t1, t2 = theta.astype(float), theta.astype(float)
        t1[i, j] += h
        t2[i, j] -= h
        gradient[i, j] = (f(t1) - f(t2)) / (2 * h)
    return gradient


def numeric_abs(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        t1, t2 = theta.astype(float), theta.astype(float)
        t1[place] += h
        t2[place] -= h
        gradient[place] = abs(f(t1) - f(t2)) / (2 * h)
    return gradient


def numeric_rounded_own(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        t1, t2 = theta.astype(float), theta.astype(float)
        t1[place] += h
        t2[place] -= h
        gradient[place] = round((f(t1) - f(t2)) / (2 * h), 2)
    return gradient


def numeric_relative_step(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        t1, t2 = theta.astype(float), theta.astype(float)
        t1[place] *= 1 + h
        t2[place] *= 1 - h
        gradient[place] = (f(t1) - f(t2)) / (2 * h)
    return gradient


def numeric_half_step(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        t1, t2 = theta.astype(float), theta.astype(float)
        t1[place] += h / 2
        t2[place] -= h / 2
        gradient[place] = (f(t1) - f(t2)) / h
    return gradient


def numeric_double_step(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        t1, t2 = theta.astype(float), theta.astype(float)
        t1[place] += 2 * h
        t2[place] -= 2 * h
        gradient[place] = (f(t1) - f(t2)) / (2 * h)
    return gradient


def numeric_two_numbers(f, w, b, h=1e-5):
    return np.array([(f(w + h, b) - f(w - h, b)) / (2 * h), (f(w, b + h) - f(w, b - h)) / (2 * h)])


def numeric_as_in_the_worked_example(f, theta, h=1e-5):
    w, b = theta
    above = f(w + h, b)
    below = f(w - h, b)
    return (above - below) / (2 * h)


def numeric_slope_of_first(f, theta, h=1e-5):
    w, b = theta
    above = f([w + h, b])
    below = f([w - h, b])
    return (above - below) / (2 * h)


def numeric_last_only(f, theta, h=1e-5):
    for place in np.ndindex(theta.shape):
        t1, t2 = theta.astype(float), theta.astype(float)
        t1[place] += h
        t2[place] -= h
        gradient = (f(t1) - f(t2)) / (2 * h)
    return gradient


def numeric_step_of_descent(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        t1, t2 = theta.astype(float), theta.astype(float)
        t1[place] += h
        t2[place] -= h
        gradient[place] = (f(t1) - f(t2)) / (2 * h)
    return theta - 0.1 * gradient


def numeric_kept_from_zero(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        above, below = np.zeros(theta.shape), np.zeros(theta.shape)
        above[place] = theta[place] + h
        below[place] = theta[place] - h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


def numeric_two_h_above(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        t1 = theta.astype(float)
        t1[place] += 2 * h
        gradient[place] = (f(t1) - f(theta)) / (2 * h)
    return gradient


def numeric_five_point(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        e = np.zeros(theta.shape)
        e[place] = h
        gradient[place] = (8 * (f(theta + e) - f(theta - e)) - f(theta + 2 * e) + f(theta - 2 * e)) / (12 * h)
    return gradient


def softmax_subtracts_into_nothing(z):
    z - z.max()
    exponentials = np.exp(z)
    return exponentials / exponentials.sum()


def softmax_over_the_sum_of_z(z):
    return np.exp(z) / sum(z)


def softmax_over_the_sum_of_moved_z(z):
    z = z - z.max()
    return np.exp(z) / sum(z)


def softmax_math_list(z):
    return np.array([math.exp(s) / sum(math.exp(t) for t in z) for s in z])


def softmax_round_e(z):
    return 2.718**z / (2.718**z).sum()


def softmax_divided_by_sum_then_exp(z):
    z = z / z.sum()
    return np.exp(z) / np.exp(z).sum()


def softmax_abs_max(z):
    e = np.exp(z - np.abs(z).max())
    return e / e.sum()


def softmax_minus_thousand(z):
    e = np.exp(z - 1000)
    return e / e.sum()


def softmax_minus_100_if(z):
    if z.max() > 100:
        z = z - 100
    return np.exp(z) / np.exp(z).sum()


def softmax_first(z):
    e = np.exp(z - z[0])
    return e / e.sum()


def softmax_last(z):
    e = np.exp(z - z[-1])
    return e / e.sum()


def softmax_sum_off(z):
    e = np.exp(z - z.sum())
    return e / e.sum()


def softmax_norm(z):
    e = np.exp(z - np.linalg.norm(z))
    return e / e.sum()


def softmax_scaled(z):
    z = z / np.linalg.norm(z)
    return np.exp(z) / np.exp(z).sum()


def softmax_scale_1000(z):
    z = z / 1000
    return np.exp(z) / np.exp(z).sum()


def softmax_if_large_scale(z):
    if z.max() > 100:
        z = z / z.max()
    return np.exp(z) / np.exp(z).sum()


def softmax_minmax(z):
    z = (z - z.min()) / (z.max() - z.min())
    return np.exp(z) / np.exp(z).sum()


def softmax_standard(z):
    z = (z - z.mean()) / z.std()
    return np.exp(z) / np.exp(z).sum()


def softmax_square(z):
    return z**2 / (z**2).sum()


def softmax_log_below(z):
    return np.exp(z) / np.log(np.exp(z).sum())


def softmax_no_brackets_sum(z):
    return np.exp(z) / np.exp(z.sum())


def softmax_exp_sum(z):
    return np.exp(z / z.sum())


def softmax_max_added(z):
    e = np.exp(z + z.max())
    return e / e.sum()


def softmax_max_of_exp(z):
    e = np.exp(z) - np.exp(z).max()
    return e / e.sum()


def softmax_maximum_zero(z):
    e = np.exp(np.maximum(z, 0))
    return e / e.sum()


def softmax_try_except(z):
    p = np.exp(z) / np.exp(z).sum()
    if np.isnan(p).any():
        p = np.zeros(len(z))
        p[z.argmax()] = 1
    return p


def softmax_uniform_if_large(z):
    p = np.exp(z) / np.exp(z).sum()
    return np.where(np.isnan(p), 1 / len(z), p)


def softmax_cumsum(z):
    e = np.exp(z - z.max())
    return e / e.cumsum()


def softmax_ten(z):
    powers = 10.0**z
    return powers / powers.sum()


def softmax_return_first(z):
    e = np.exp(z - z.max())
    for i in range(len(z)):
        return e[i] / e.sum()


def softmax_loop_sum_running(z):
    e = np.exp(z - z.max())
    total = 0
    p = np.zeros(len(z))
    for i in range(len(z)):
        total += e[i]
        p[i] = e[i] / total
    return p


def softmax_round(z):
    e = np.exp(z - z.max())
    return np.round(e / e.sum(), 3)


def softmax_argmax(z):
    return np.argmax(z)


def softmax_sigmoid_norm(z):
    s = 1 / (1 + np.exp(-z))
    return s / s.sum()


def softmax_mean_exp(z):
    e = np.exp(z - z.max())
    return e / e.mean()


def softmax_eps(z):
    e = np.exp(z - z.max())
    return e / (e.sum() + 1e-3)


def softmax_double(z):
    e = np.exp(z - z.max())
    p = e / e.sum()
    e = np.exp(p)
    return e / e.sum()


def softmax_reads_z(zz):
    return np.exp(z) / np.exp(z).sum()


def softmax_clip_high(z):
    z = np.minimum(z, 700)
    return np.exp(z) / np.exp(z).sum()


def gradient_as_in_the_worked_example(W, b, x, y):
    z = W @ x + b
    p = 1 / (1 + np.exp(-z))
    d_z = p - y
    d_w = d_z * x
    d_b = d_z
    return d_w, d_b


def gradient_sign_only_w(W, b, x, y):
    p = shares(W @ x + b)
    return np.outer(y - p, x), p - y


def gradient_bracket(W, b, x, y):
    p = shares(W @ x + b)
    return np.outer(-y - p, x), -y - p


def gradient_b_minus(W, b, x, y):
    p = shares(W @ x - b)
    return np.outer(p - y, x), p - y


def gradient_only_true(W, b, x, y):
    p = shares(W @ x + b)
    t = y.argmax()
    d = np.zeros(len(y))
    d[t] = p[t] - 1
    return np.outer(d, x), d


def gradient_loss(W, b, x, y):
    p = shares(W @ x + b)
    return -np.sum(y * np.log(p))


def gradient_p_times_y(W, b, x, y):
    p = shares(W @ x + b)
    return np.outer(p * y, x), p * y


def gradient_log(W, b, x, y):
    p = shares(W @ x + b)
    d = -y * np.log(p)
    return np.outer(d, x), d


def gradient_square(W, b, x, y):
    p = shares(W @ x + b)
    d = 2 * (p - y) * p * (1 - p)
    return np.outer(d, x), d


def gradient_mean(W, b, x, y):
    p = shares(W @ x + b)
    d = (p - y) / len(x)
    return np.outer(d, x), d


def gradient_argmax(W, b, x, y):
    p = shares(W @ x + b)
    q = np.zeros(len(p))
    q[np.argmax(p)] = 1
    return np.outer(q - y, x), q - y


def gradient_divmax(W, b, x, y):
    p = np.exp(W @ x + b)
    p = p / p.max()
    return np.outer(p - y, x), p - y


def gradient_norm_z(W, b, x, y):
    p = W @ x + b
    p = p / p.sum()
    return np.outer(p - y, x), p - y


def gradient_db_x(W, b, x, y):
    p = shares(W @ x + b)
    return np.outer(p - y, x), x


def gradient_db_b(W, b, x, y):
    p = shares(W @ x + b)
    return np.outer(p - y, x), b


def gradient_dw_x_only(W, b, x, y):
    p = shares(W @ x + b)
    return np.outer(np.ones(len(y)), x), p - y


def gradient_db_outer(W, b, x, y):
    p = shares(W @ x + b)
    return np.outer(p - y, x), np.outer(p - y, b)


def gradient_np_softmax(W, b, x, y):
    p = np.softmax(W @ x + b)
    return np.outer(p - y, x), p - y


def gradient_abs(W, b, x, y):
    p = shares(W @ x + b)
    d = np.abs(p - y)
    return np.outer(d, x), d


def gradient_sum_axis(W, b, x, y):
    p = shares(W @ x + b)
    return np.outer(p - y, x).sum(axis=0), p - y


WRONG = {
    "numeric_gradient": [
        (
            numeric_formula_only,
            0,
            "theta + h moves every coordinate at",
            "all coordinates at once, and times h",
        ),
        (numeric_in(np.float32), 2, "near what was expected, on every input, and not near enough", None),
        (numeric_in(np.float16), 1, "was expected", None),
        (numeric_a_thousandth_more, 1, "near what was expected, on every input, and not near enough", None),
        (numeric_of_rounded_values, 2, "was expected", None),
        (numeric_enumerate_flat, 0, "was expected", None),
        (numeric_enters_h_only, 0, "All coordinates but one are 0 when", "the others set to 0"),
        (numeric_ndindex_theta, 0, "np.ndindex takes a shape", None),
        (numeric_ndindex_unpack, 0, "There are 2 names between for and", None),
        (numeric_abs, 0, "You take the difference without its sign", "no sign"),
        (numeric_rounded_own, 3, "The result is right to 2 decimals,", None),
        (numeric_relative_step, 0, "You move each coordinate by a share", "a share of theta for the step"),
        (numeric_half_step, 3, "You move by h/2", "half the step"),
        (numeric_double_step, 0, "You move by 2h to each side", "twice the step"),
        (numeric_two_numbers, 0, "You hand f two numbers, as in", "two numbers for an array"),
        (numeric_as_in_the_worked_example, 0, "You hand f two numbers, as in", "two numbers for an array"),
        (numeric_slope_of_first, 0, "You give one number, the slope of", "the slope of one coordinate alone"),
        (numeric_last_only, 0, "You give one number, the slope of", "only the last slope"),
        (numeric_step_of_descent, 0, "You give theta after a step of", "theta after a step"),
        (numeric_kept_from_zero, 0, "All coordinates but one are 0 when", "the others set to 0"),
        (numeric_two_h_above, 3, "You move by 2h to one side", "two steps to one side"),
        (numeric_five_point, 3, "With a large h you give what a tiny one gives.", "h not used"),
    ],
    "softmax": [
        (softmax_subtracts_into_nothing, 1, "Which name gets its result?", "overflows"),
        (softmax_over_the_sum_of_z, 0, "Below the line stands the sum of", "the sum of the scores below"),
        (softmax_over_the_sum_of_moved_z, 0, "Below the line stands the sum", "the sum of the scores below"),
        (softmax_math_list, 1, "For large scores math.exp stops, where NumPy's", "math.exp overflows"),
        (softmax_round_e, 0, "You calculate with a few digits of", "e cut short"),
        (softmax_divided_by_sum_then_exp, 0, "You divide inside of exp", "exp of the shares"),
        (softmax_abs_max, 1, "One number is taken away from all", "another number taken away"),
        (softmax_minus_thousand, 0, "One number is taken away from all", "another number taken away"),
        (softmax_minus_100_if, 1, "One number is taken away from all", "another number taken away"),
        (softmax_first, 1, "One number is taken away from all", "another number taken away"),
        (softmax_last, 1, "One number is taken away from all", "another number taken away"),
        (softmax_sum_off, 1, "The sum of all scores is taken away", "the sum taken away"),
        (softmax_norm, 1, "One number is taken away from all", "another number taken away"),
        (softmax_scaled, 0, "Your scores are stretched or shrunk before", "the scores rescaled"),
        (softmax_scale_1000, 0, "Your scores are stretched or shrunk before", "the scores rescaled"),
        (softmax_if_large_scale, 1, "Your scores are stretched or shrunk before", "the scores rescaled"),
        (softmax_minmax, 0, "Your scores are stretched or shrunk before", "the scores rescaled"),
        (softmax_standard, 0, "Your scores are stretched or shrunk before", "the scores rescaled"),
        (softmax_square, 0, "You square the scores", "squares for exponentials"),
        (softmax_log_below, 0, "There is a logarithm below the line", "a log below the line"),
        (softmax_no_brackets_sum, 0, "Below the line stands exp of the", "exp of the sum"),
        (softmax_exp_sum, 0, "You divide inside of exp", "exp of the shares"),
        (softmax_max_added, 1, "One number is taken away from all", "another number taken away"),
        (
            softmax_max_of_exp,
            0,
            "The maximum is taken away after exp,",
            "the maximum taken from the exponentials",
        ),
        (softmax_maximum_zero, 0, "All scores below 0 count as 0", "negative scores set to 0"),
        (softmax_try_except, 1, "You say which score is the largest", "the largest alone"),
        (softmax_uniform_if_large, 1, "You put other numbers in the place", "no number made a number"),
        (softmax_cumsum, 0, "Each value is divided by the sum", "a running sum"),
        (softmax_ten, 0, "These are the shares of powers of", "powers of ten"),
        (softmax_return_first, 0, "You give one number, the probability of", "one probability alone"),
        (softmax_loop_sum_running, 0, "Each value is divided by the sum", "a running sum"),
        (softmax_round, 0, "The result is right to 3 decimals,", None),
        (softmax_argmax, 0, "You give the place of the largest", "the number of the largest"),
        (softmax_sigmoid_norm, 0, "You divide 1 / (1 + exp(−score))", "shares of sigmoids"),
        (softmax_mean_exp, 0, "You divide by the mean of the", "divided by the mean"),
        (softmax_eps, 0, "Something is added to the sum below", "a small number added below"),
        (softmax_double, 0, "These are the shares of exp(p), and", "softmax twice"),
        (softmax_reads_z, 0, "z is not among the arguments in", None),
        (softmax_clip_high, 1, "Scores beyond your limit count as the", "scores cut off at a limit"),
    ],
    "softmax_layer_gradient": [
        (
            gradient_as_in_the_worked_example,
            0,
            "Your probabilities come from the worked example",
            "sigmoid for softmax",
        ),
        (gradient_sign_only_w, 2, "d_W is right but for its sign, on every input", None),
        (gradient_bracket, 0, "The minus before the slide's bracket belongs", "brackets left out"),
        (gradient_b_minus, 0, "b is taken away from the scores", "b subtracted"),
        (gradient_only_true, 0, "Only the true class gets something", "the true class alone"),
        (gradient_loss, 0, "You give the loss, one number", "the loss for the gradient"),
        (gradient_p_times_y, 0, "Only the true class gets something", "the true class alone"),
        (gradient_log, 0, "You multiply the loss itself by x", "the loss times x"),
        (gradient_square, 0, "p − y is the derivative for", "softmax's slope once more"),
        (gradient_mean, 0, "There is one over the number of", "divided by the number of inputs"),
        (gradient_argmax, 0, "Your p is 1 for one class", "the predicted class alone for p"),
        (gradient_divmax, 0, "The largest of your p is always 1", "divided by the largest"),
        (gradient_norm_z, 0, "You divide the scores themselves by their", "no exp in the softmax"),
        (gradient_db_x, 4, "Your d_b is x itself", "x for d_b"),
        (gradient_db_b, 4, "Your d_b is b itself", "b for d_b"),
        (gradient_dw_x_only, 2, "Your d_W is made of x alone", "forgets p - y"),
        (gradient_db_outer, 4, "Your d_b is a table with b", "an outer product for d_b"),
        (gradient_np_softmax, 0, "NumPy has no function of the name", None),
        (gradient_abs, 0, "None of your slopes for the scores", "|p - y|"),
        (gradient_sum_axis, 2, "The entries of d_W are added up", "d_W added up to a row"),
    ],
}
