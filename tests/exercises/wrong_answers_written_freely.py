"""Wrong answers written without a look at the tables of mistakes: single flaws, and natural pairs of them."""

import itertools

import numpy as np

import lecture_lib as ll

# ruff: noqa: B006, B905 (written as students write)

# ------------------------------------------------------------------ nll


def nll_of_the_likeliest_in_base_2(p, y):
    return -np.log2(p.max())


def nll_of_the_likeliest_without_a_minus(p, y):
    return np.log(p[np.argmax(p)])


# ------------------------------------------------------------------ sgd_step


def step_by_half(theta, gradient, learning_rate):
    return theta - 0.5 * learning_rate * gradient


def step_in_whole_numbers(theta, gradient, learning_rate):
    return (theta - learning_rate * gradient).astype(int)


def step_into_whole_numbers(theta, gradient, learning_rate):
    new = np.zeros(theta.shape, dtype=int)
    for place in np.ndindex(theta.shape):
        new[place] = theta[place] - learning_rate * gradient[place]
    return new


def step_of_the_first_entry(theta, gradient, learning_rate):
    new = theta.copy()
    new[0] = theta[0] - learning_rate * gradient[0]
    return new


def step_uphill_without_a_rate(theta, gradient, learning_rate):
    return theta + gradient


# ------------------------------------------------------------------ numeric_gradient


def numeric_down_minus_up(f, theta, h=1e-5):
    grad = np.zeros(len(theta))
    for i in range(len(theta)):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += h
        down[i] -= h
        grad[i] = (f(down) - f(up)) / (2 * h)
    return grad


def numeric_down_minus_up_with_a_step(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        grad[i] = (f(theta - step) - f(theta + step)) / (2 * h)
    return grad


def numeric_of_vectors_divided_by_h(f, theta, h=1e-5):
    slopes = []
    for i in range(len(theta)):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += h
        down[i] -= h
        slopes.append((f(up) - f(down)) / h)
    return np.array(slopes)


def numeric_of_vectors_to_one_side(f, theta, h=1e-5):
    grad = np.zeros(len(theta))
    for i in range(len(theta)):
        up = theta.astype(float)
        up[i] += h
        grad[i] = (f(up) - f(theta)) / h
    return grad


def numeric_of_vectors_by_unit_vectors(f, theta, h=1e-5):
    return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


def numeric_of_vectors_without_brackets(f, theta, h=1e-5):
    return np.array([(f(theta + h * e) - f(theta - h * e)) / 2 * h for e in np.eye(len(theta))])


def numeric_of_vectors_without_signs(f, theta, h=1e-5):
    grad = np.zeros(len(theta))
    for i in range(len(theta)):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += h
        down[i] -= h
        grad[i] = abs(f(up) - f(down)) / (2 * h)
    return grad


def numeric_down_minus_up_over_h(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[place] += h
        down[place] -= h
        grad[place] = (f(down) - f(up)) / h
    return grad


def numeric_put_back_as_0(f, theta, h=1e-5):
    moved = theta.astype(float)
    grad = np.zeros(moved.shape)
    for place in np.ndindex(moved.shape):
        old = moved[place]
        moved[place] = old + h
        above = f(moved)
        moved[place] = old - h
        grad[place] = (above - f(moved)) / (2 * h)
        moved[place] = 0
    return grad


def numeric_of_tables_down_minus_up(f, theta, h=1e-5):
    grad = np.zeros(theta.shape)
    for i in range(theta.shape[0]):
        for j in range(theta.shape[1]):
            up, down = theta.astype(float), theta.astype(float)
            up[i, j] += h
            down[i, j] -= h
            grad[i, j] = (f(down) - f(up)) / (2 * h)
    return grad


def numeric_in_a_row_down_minus_up(f, theta, h=1e-5):
    slopes = []
    for place in np.ndindex(theta.shape):
        up, down = np.array(theta, float), np.array(theta, float)
        up[place] += h
        down[place] -= h
        slopes.append((f(down) - f(up)) / (2 * h))
    return np.array(slopes)


# ------------------------------------------------------------------ softmax, relu_vjp


def softmax_in_longer_floats(z):
    exponentials = np.exp(z.astype(np.longdouble))
    return (exponentials / exponentials.sum()).astype(float)


def softmax_maximum_taken_after(z):
    exponentials = np.exp(z) - z.max()
    return exponentials / exponentials.sum()


def softmax_over_the_scores(z):
    return np.exp(z - z.max()) / np.sum(z)


def relu_slope_with_1_at_0(d_out, z):
    return (z >= 0) * 1.0


# ------------------------------------------------------------------ graphs and checks


def order_kept_in_the_def_line(root, order=[]):
    if root not in order:
        for parent in root.parents:
            order_kept_in_the_def_line(parent, order)
        order.append(root)
    return order


def order_met_when_pushed(root):
    order, seen, stack = [], {root}, [root]
    while stack:
        node = stack.pop()
        order.append(node)
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return order[::-1]


def pass_forward_with_zeros(root):
    order = ll.topological_order(root)
    gradients = {node: np.zeros_like(node.value) for node in order}
    gradients[root] = np.array(1.0)
    for node in order:
        for parent, share in zip(node.parents, node.vjp(gradients[node])):
            gradients[parent] = gradients[parent] + share
    return gradients


def pass_that_reaches_each_once(root):
    gradients, waiting = {root: 1.0}, [root]
    while waiting:
        node = waiting.pop()
        for parent, share in zip(node.parents, node.vjp(gradients[node])):
            if parent not in gradients:
                gradients[parent] = share
                waiting.append(parent)
    return gradients


def check_by_the_sum_below(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / (np.abs(a) + np.abs(n) + 1e-8))


def check_by_the_sum_or_a_little(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n)))


def check_of_the_bare_difference(f, gradient, theta):
    return (gradient(theta) - ll.numeric_gradient(f, theta)).max()


def check_without_a_call(f, gradient, theta):
    return np.max(np.abs(gradient - ll.numeric_gradient(f, theta)))


# ------------------------------------------------------------------ encode, softmax_vjp


def encode_adds_up_rows(tokens, vocabulary, E):
    return sum(E[vocabulary[token]] for token in tokens)


def softmax_slope_of_its_own_turned_round(d_out, p):
    return -d_out * p * (1 - p)


# ------------------------------------------------------------------ mlp_gradients


def grads_of_bare_scores(tokens, y, vocabulary, params):
    E, W, b, U = (params[name] for name in ("E", "W", "b", "U"))
    columns = [vocabulary[token] for token in tokens]
    h0 = E[:, columns].mean(axis=1)
    z = W @ h0 + b
    h = np.maximum(z, 0)
    d_o = U @ h - y
    d_z = (U.T @ d_o) * (z > 0)
    d_E = np.zeros_like(E)
    for column in columns:
        d_E[:, column] += W.T @ d_z / len(columns)
    return {"E": d_E, "W": np.outer(d_z, h0), "b": d_z, "U": np.outer(d_o, h)}


def check_mean_without_bars(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.mean((a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def check_mean_difference(f, gradient, theta):
    return np.mean(np.abs(gradient(theta) - ll.numeric_gradient(f, theta)))


def check_length_of_the_difference(f, gradient, theta):
    return np.linalg.norm(gradient(theta) - ll.numeric_gradient(f, theta))


# ------------------------------------------------------------------ gradient_descent, early_stopping


def loop_as_printed(gradient, theta0, learning_rate, stop, max_steps):
    step, theta = 0, theta0
    while step < max_steps:
        after = theta - learning_rate * gradient(theta0)
        if stop(theta, after, step):
            return theta
        step = step + 1
        theta = after
    return theta


def loop_counts_down(gradient, theta0, learning_rate, stop, max_steps):
    if max_steps == 0:
        return theta0
    theta = theta0 - learning_rate * gradient(theta0)
    if stop(theta0, theta, max_steps):
        return theta
    return loop_counts_down(gradient, theta, learning_rate, stop, max_steps - 1)


def loop_short_and_never_stopped(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for _ in range(1, max_steps):
        theta = theta - learning_rate * gradient(theta)
    return theta


def kept_loss_too_late(dev_losses, patience):
    best, waited = dev_losses[0], 0
    for loss in dev_losses[1:]:
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
            if waited > patience:
                return best
    return best


def kept_loss_too_soon(dev_losses, patience):
    best, waited = dev_losses[0], 0
    for loss in dev_losses:
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            return best
    return best


def kept_lowest_loss(dev_losses, patience):
    return min(dev_losses)


def kept_loss_at_the_stop(dev_losses, patience):
    best, waited = dev_losses[0], 0
    for loss in dev_losses[1:]:
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return loss
    return dev_losses[-1]


def kept_place_in_the_tail(dev_losses, patience):
    best, waited, at = dev_losses[0], 0, 0
    for i, loss in enumerate(dev_losses[1:]):
        if loss < best:
            best, waited, at = loss, 0, i
        else:
            waited += 1
        if waited == patience:
            return at
    return at


def kept_too_late_and_never_set_back(dev_losses, patience):
    best = waited = 0
    for i in range(1, len(dev_losses)):
        if dev_losses[i] < dev_losses[best]:
            best = i
        else:
            waited += 1
        if waited > patience:
            break
    return best


def kept_of_the_first_few(dev_losses, patience):
    return int(np.argmin(dev_losses[:patience]))


def kept_counted_from_the_end(dev_losses, patience):
    return len(dev_losses) - patience - 1


def kept_returns_in_the_loop(dev_losses, patience):
    best = waited = 0
    for i in range(1, len(dev_losses)):
        if dev_losses[i] < dev_losses[best]:
            best, waited = i, 0
        else:
            waited += 1
        return best


# ------------------------------------------------------------------ minibatches, schedules, adam_step


def batches_of_one_list(n, batch_size, rng):
    batches, batch = [], []
    for index in rng.permutation(n):
        batch.append(index)
        if len(batch) == batch_size:
            batches.append(batch)
            batch.clear()
    if batch:
        batches.append(batch)
    return [np.array(one) for one in batches]


def rates_that_jump():
    def linear_decay(eta0, step, total_steps):
        return eta0 if step < total_steps else 0.0

    def exponential_decay(eta0, step, rate):
        return eta0 * rate**step

    return linear_decay, exponential_decay


def rates_that_stop_short_and_grow():
    def linear_decay(eta0, step, total_steps):
        return eta0 * (1 - min(step, total_steps - 1) / total_steps)

    def exponential_decay(eta0, step, rate):
        return eta0 / rate**step

    return linear_decay, exponential_decay


def adam_power_of_the_bracket(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat, v_hat = m / (1 - beta1) ** t, v / (1 - beta2) ** t
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


# ------------------------------------------------------------------ grid, select_best


def grid_of_items(space):
    return [dict(row) for row in itertools.product(*space.items())]


def grid_of_the_names(space):
    return [dict(zip(space, row)) for row in itertools.product(space)]


def grid_of_rows_by_zip(space):
    return list(zip(*space.values()))


def grid_of_tuples_first_fastest(space):
    return [row[::-1] for row in itertools.product(*list(space.values())[::-1])]


def best_by_pop(results):
    best = max(results, key=lambda r: (r["dev_accuracy"], -r["dev_loss"]))
    return best.pop("config")


WRONG = {
    "nll": [
        (nll_of_the_likeliest_in_base_2, 0, "finds likeliest", "log to base 2"),
        (nll_of_the_likeliest_without_a_minus, 0, "finds likeliest", "no minus"),
    ],
    "sgd_step": [
        (step_by_half, 0, "half as long", "half of the step"),
        (step_in_whole_numbers, 0, "whole numbers", "in whole numbers"),
        (step_into_whole_numbers, 0, "whole numbers", "in whole numbers"),
        (step_of_the_first_entry, 0, "what happens to the others", "only the first entry moves"),
        (step_uphill_without_a_rate, 0, "The whole gradient is in your step", "adds"),
    ],
    "numeric_gradient": [
        (numeric_down_minus_up, 0, "Slopes of yours have the other sign", "only one axis"),
        (numeric_down_minus_up_with_a_step, 0, "Slopes of yours have the other sign", "only one axis"),
        (numeric_of_vectors_divided_by_h, 0, "You divide by h alone", "only one axis"),
        (numeric_of_vectors_to_one_side, 2, "leans to that side", "only one axis"),
        (numeric_of_vectors_by_unit_vectors, 3, "along the first axis", "only one axis"),
        (numeric_of_vectors_without_brackets, 0, "a / 2 * h divides", "only one axis"),
        (numeric_of_vectors_without_signs, 0, "without its sign", "only one axis"),
        (numeric_down_minus_up_over_h, 0, "Slopes of yours have the other sign", "divides by h"),
        (numeric_put_back_as_0, 0, "is set to 0", "put back as 0"),
        (numeric_of_tables_down_minus_up, 0, "Slopes of yours have the other sign", "only two axes"),
        (numeric_in_a_row_down_minus_up, 0, "in one row", "the sign exchanged"),
    ],
    "softmax": [
        (softmax_in_longer_floats, 1, "was expected", None),
        (softmax_maximum_taken_after, 0, "after exp", "the maximum taken from the exponentials"),
        (softmax_over_the_scores, 0, "the sum of the scores", "the sum of the scores below"),
    ],
    "relu_vjp": [(relu_slope_with_1_at_0, 0, "You give a slope alone", "d_out left out")],
    "topological_order": [
        (order_kept_in_the_def_line, 0, "made once and kept", None),
        (order_met_when_pushed, 1, "as soon as it", "counted as met when it is put on the stack"),
    ],
    "backward": [
        (pass_forward_with_zeros, 0, "You visit the inputs first", "visits in forward order"),
        (pass_that_reaches_each_once, 1, "gets nothing more", "what comes to a visited node dropped"),
    ],
    "gradient_check": [
        (check_by_the_sum_below, 0, "Something is added below the line", "+ for max in the denominator"),
        (check_by_the_sum_or_a_little, 0, "is added below the line", "+ for max in the denominator"),
        (check_of_the_bare_difference, 0, "Which bars of the", "the bare difference"),
        (check_mean_without_bars, 0, "In a mean", "no absolute value"),
        (check_mean_difference, 0, "the difference itself", "absolute error"),
        (check_length_of_the_difference, 0, "All errors go into your number", "the bare difference"),
        (check_without_a_call, 0, "behind its name", "gradient not called"),
    ],
    "encode": [(encode_adds_up_rows, 0, "Which way does a word lie in E?", "rows for columns")],
    "softmax_vjp": [(softmax_slope_of_its_own_turned_round, 0, "You use p (1", "diagonal only")],
    "mlp_gradients": [(grads_of_bare_scores, 0, "You compare the scores o with y", "scores compared with y")],
    "gradient_descent": [
        (loop_as_printed, 0, "as the slide prints it", "the loop as it is printed"),
        (loop_counts_down, 2, "counts down", "steps counted down"),
        (loop_short_and_never_stopped, 0, "one step less than max_steps", "a step too few"),
    ],
    "early_stopping": [
        (kept_loss_too_late, 0, "the loss itself", "patience one too long"),
        (kept_loss_too_soon, 0, "the loss itself", "the first counts as no new best"),
        (kept_lowest_loss, 0, "the loss itself", "global minimum though training had stopped"),
        (kept_loss_at_the_stop, 0, "the loss where training ends", "the loss where it stopped"),
        (kept_place_in_the_tail, 0, "one less than", "the evaluation before the best"),
        (kept_too_late_and_never_set_back, 1, "should be in a row", "patience one too long"),
        (kept_of_the_first_few, 0, "as long as patience says", "patience from the start"),
        (kept_counted_from_the_end, 0, "whatever the losses are", "counted from the end"),
        (kept_returns_in_the_loop, 0, "in the first turn", "a return inside the loop"),
    ],
    "minibatches": [
        (batches_of_one_list, 0, "one and the same list", "the batch emptied after it was kept"),
    ],
    "schedules": [
        (rates_that_jump, 1, "until total_steps", "stays at eta0"),
        (rates_that_stop_short_and_grow, 0, "Your exponential rate grows", "divides by the factor"),
    ],
    "adam_step": [(adam_power_of_the_bracket, 2, "the whole bracket", "(1 − β)ᵗ for 1 − βᵗ")],
    "grid": [
        (grid_of_items, 0, "a name with its whole list", "items for values"),
        (grid_of_the_names, 0, "hands out its names", "the names for the values"),
        (grid_of_rows_by_zip, 0, "are not dicts", "zip for product"),
        (grid_of_tuples_first_fastest, 0, "are not dicts", "tuples, not dicts"),
    ],
    "select_best": [(best_by_pop, 0, "pop takes something out", "changes what was handed in")],
}
