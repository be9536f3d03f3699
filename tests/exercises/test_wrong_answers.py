"""Wrong answers beyond the known misconceptions: none passes, and what is right in them counts."""

import math
from collections import Counter

import numpy as np
import pytest

from lecture_lib.lessons import EXERCISES, check, example_of, student
from tests.exercises import (
    wrong_answers_02,
    wrong_answers_04,
    wrong_answers_04_graph,
    wrong_answers_04_rules,
    wrong_answers_07,
    wrong_answers_08,
    wrong_answers_09,
    wrong_answers_written_freely,
)

# ------------------------------------------------------------------ practice
from tests.exercises.literally import untrue
from tests.exercises.test_every_exercise import CONTRACT
from tests.exercises.test_wrong_gradients import NAMED


def practice_right_for_whole_numbers(x):
    return 2 * x if x == int(x) else x


def practice_rounds(x):
    return round(2 * x)


def practice_in_a_list(x):
    return [2 * x]


def practice_as_text(x):
    return str(2 * x)


def practice_prints(x):
    print(2 * x)


def practice_never_negative(x):
    return abs(2 * x)


def practice_adds_a_little(x):
    return 2 * x + 0.001


def practice_has_an_axis_too_many(x):
    return np.array([2 * x])


def practice_by_the_text(x):
    return str(x) * 2


# ------------------------------------------------------------------ nll


def nll_mask_keeps_an_axis(p, y):
    return -np.log(p[y == 1])


def nll_by_a_matrix_product(p, y):
    return -y @ np.log(p[None]).T


def nll_sums_times_sums(p, y):
    return -sum(np.log(p)) * sum(y)


def nll_sign_lost(p, y):
    return np.log(p[np.argmax(y)])


def nll_base_two_and_no_minus(p, y):
    return np.log2(y @ p)


def nll_mean_in_base_ten(p, y):
    return -np.mean(y * np.log10(p))


def nll_overwrites_in_the_loop(p, y):
    for i in range(len(p)):
        total = 0
        total += y[i] * np.log(p[i])
    return -total


def nll_returns_in_the_loop(p, y):
    total = 0
    for i in range(len(p)):
        total -= y[i] * np.log(p[i])
        return total


def nll_loops_over_the_entries(p, y):
    total = 0
    for i in p:
        total += y[i] * np.log(p[i])
    return -total


def nll_pythons_math(p, y):
    import math

    return -sum(y * math.log(p))


def nll_log_alone(p, y):
    return -np.sum(y * log(p))  # noqa: F821


def nll_of_the_difference(p, y):
    return -np.log(y - p).sum()


def nll_log_of_the_product(p, y):
    return -np.log(y * p).sum()


def nll_prints(p, y):
    print(-np.sum(y * np.log(p)))


def nll_a_truth(p, y):
    return True


def nll_as_text(p, y):
    return f"{-np.sum(y * np.log(p)):.3f}"


def nll_constant(p, y):
    return -math.log(0.7)


def nll_overwrites_p(p, y):
    np.log(p, out=p)
    return -np.sum(y * p)


def nll_divided_by_log_of_the_classes(p, y):
    return -np.sum(y * np.log(p)) / np.log(len(p))


def nll_half_precision(p, y):
    return -np.log(np.float16(y @ p))


def nll_of_two_classes_only(p, y):
    return -(y[0] * np.log(p[0]) + y[1] * np.log(p[1]))


def nll_of_a_batch(p, y):
    return -np.mean(np.sum(y * np.log(p), axis=1))


def nll_clips_at_one(p, y):
    return min(1.0, -np.sum(y * np.log(p)))


# ------------------------------------------------------------------ sgd_step


def step_equals_minus(theta, gradient, learning_rate):
    theta = -learning_rate * gradient
    return theta


def step_uphill_in_place(theta, gradient, learning_rate):
    theta += learning_rate * gradient
    return theta


def step_by_another_name(theta, gradient, learning_rate):
    new = theta
    new -= learning_rate * gradient
    return new


def step_entry_by_entry_in_place(theta, gradient, learning_rate):
    for i in range(len(theta)):
        theta[i] = theta[i] - learning_rate * gradient[i]
    return theta


def step_eats_both(theta, gradient, learning_rate):
    gradient *= learning_rate
    theta -= gradient
    return theta


def step_returns_nothing(theta, gradient, learning_rate):
    theta -= learning_rate * gradient


def step_in_a_list(theta, gradient, learning_rate):
    return [t - learning_rate * g for t, g in zip(theta, gradient, strict=True)]


def step_of_vectors_alone(theta, gradient, learning_rate):
    moved = [t - learning_rate * g for t, g in zip(theta.ravel(), gradient.ravel(), strict=True)]
    return np.array(moved)


def step_returns_in_the_loop(theta, gradient, learning_rate):
    for i in range(len(theta)):
        return theta[i] - learning_rate * gradient[i]


def step_of_two_entries(theta, gradient, learning_rate):
    return np.array([theta[0] - learning_rate * gradient[0], theta[1] - learning_rate * gradient[1]])


def step_of_a_unit_gradient(theta, gradient, learning_rate):
    return theta - learning_rate * gradient / np.sqrt((gradient**2).sum())


def step_of_a_unit_gradient_uphill(theta, gradient, learning_rate):
    return theta + learning_rate * gradient / np.sqrt((gradient**2).sum())


def step_by_the_rate_alone(theta, gradient, learning_rate):
    return theta - learning_rate


def step_of_one_example(theta, gradient, learning_rate):
    return theta - 0.1 * gradient


def step_with_greek_letters(theta, gradient, learning_rate):
    return theta - eta * gradient  # noqa: F821


def step_calls_the_gradient(theta, gradient, learning_rate):
    return theta - learning_rate * gradient(theta)


def step_never_below_0(theta, gradient, learning_rate):
    return np.maximum(theta - learning_rate * gradient, 0)


def step_with_momentum(theta, gradient, learning_rate, kept=[0.0]):  # noqa: B006
    kept[0] = 0.9 * kept[0] + float(gradient.sum())
    return theta - learning_rate * kept[0]


def step_to_the_power(theta, gradient, learning_rate):
    return theta - gradient**learning_rate


def step_averaged(theta, gradient, learning_rate):
    return (1 - learning_rate) * theta + learning_rate * gradient


def step_half_precision(theta, gradient, learning_rate):
    return (theta - learning_rate * gradient).astype(np.float16)


# ------------------------------------------------------------------ neuron_forward


def forward_three_of_four(x, w, b, y):
    return w * x, w * x + b, y - w * x - b


def forward_loss_alone(x, w, b, y):
    return (y - w * x - b) ** 2


def forward_prints_three(x, w, b, y):
    c = w * x
    print(c, c + b, y - c - b)
    return (y - c - b) ** 2 + 1


def forward_always_the_same(x, w, b, y):
    return 1.5, 2.5, 1.5, 2.25


def forward_without_brackets(x, w, b, y):
    e = y - w * x + b
    return w * x, w * x + b, e, e**2


def forward_in_a_dict(x, w, b, y):
    c = w * x
    return {"c": c, "d": c + b, "e": y - c - b, "loss": (y - c - b) ** 2}


def forward_in_another_order(x, w, b, y):
    c = w * x
    return (y - c - b) ** 2, y - c - b, c + b, c


def forward_rounded(x, w, b, y):
    c = w * x
    return tuple(round(value, 1) for value in (c, c + b, y - c - b, (y - c - b) ** 2))


def forward_root_of_the_loss(x, w, b, y):
    c = w * x
    return c, c + b, y - c - b, math.sqrt((y - c - b) ** 2)


def forward_bias_inside(x, w, b, y):
    c = w * (x + b)
    return c, c, y - c, (y - c) ** 2


def forward_cubed(x, w, b, y):
    c = w * x
    return c, c + b, y - c - b, (y - c - b) ** 3


def forward_e_reversed_and_halved(x, w, b, y):
    c = w * x
    e = c + b - y
    return c, c + b, e, e**2 / 2


# ------------------------------------------------------------------ neuron_gradients


def gradients_forward_difference(x, w, b, y):
    def loss(w, b):
        return (y - w * x - b) ** 2

    return (loss(w + 0.1, b) - loss(w, b)) / 0.1, (loss(w, b + 0.1) - loss(w, b)) / 0.1


def gradients_as_loss(x, w, b, y):
    return (y - w * x - b) ** 2, y - w * x - b


def gradients_no_minus_no_x(x, w, b, y):
    e = y - w * x - b
    return 2 * e, -2 * e


def gradients_halved_and_x_in_both(x, w, b, y):
    e = y - w * x - b
    return -e * x, -e * x


def gradients_only_right_for_positive_x(x, w, b, y):
    e = y - w * x - b
    return -2 * e * abs(x), -2 * e


def gradients_d_b_is_one(x, w, b, y):
    return -2 * (y - w * x - b) * x, 1


def gradients_without_brackets(x, w, b, y):
    e = y - w * x + b
    return -2 * e * x, -2 * e


def gradients_of_three(x, w, b, y):
    e = y - w * x - b
    return -2 * e * x, -2 * e, -2 * e * w


def gradients_with_respect_to_x(x, w, b, y):
    e = y - w * x - b
    return -2 * e * w, -2 * e


def gradients_doubled(x, w, b, y):
    e = y - w * x - b
    return -4 * e * x, -4 * e


def gradients_of_the_absolute_error(x, w, b, y):
    sign = -1 if y > w * x + b else 1
    return sign * x, sign


def gradients_added_not_multiplied(x, w, b, y):
    e = y - w * x - b
    return 2 * e - 1 + x, 2 * e - 1


def gradients_in_a_column(x, w, b, y):
    e = y - w * x - b
    return np.array([[-2 * e * x], [-2 * e]])


def gradients_as_arrays_with_an_axis(x, w, b, y):
    e = y - w * x - b
    return np.array([-2 * e * x]), np.array([-2 * e])


# ------------------------------------------------------------------ fan_out


def fan_constant(x):
    return 16.0


def fan_only_positive(x):
    return 3 * x**2 + 2 * abs(x)


def fan_integrates(x):
    return x**4 / 4 + x**3 / 3


def fan_second_derivative(x):
    return 6 * x + 2


def fan_of_the_sum(x):
    return 1 + 2 * x


def fan_a_forgets_its_one(x):
    return x**2 + x * 2 * x


def fan_twice_the_path_through_b(x):
    return 2 * (x + 1) * 2 * x


def fan_as_a_pair(x):
    return x**2, (x + 1) * 2 * x


def fan_negative(x):
    return -(3 * x**2 + 2 * x)


def fan_coarse_difference(x):
    def loss(x):
        return (x + 1) * x**2

    return (loss(x + 0.01) - loss(x)) / 0.01


# ------------------------------------------------------------------ backward_order


def order_alphabetical(student):
    return list("ACDEFHIJ")


def order_as_a_text(student):
    return "ECJFHAID"


def order_with_all_lines(student):
    return list("ECJFHAIDGB")


def order_twice_the_same(student):
    return list("ECJFHAII")


def order_with_numbers(student):
    return [5, 3, 10, 6, 8, 1, 9, 4]


def order_with_unknown_letters(student):
    return list("ECJFHAIX")


def order_without_the_values(student):
    return list("ECFHAID")


def order_empty(student):
    return []


def order_in_one_item(student):
    return ["ECJFHAID"]


def order_in_a_dict(student):
    return dict(enumerate("ECJFHAID"))


def order_lines_of_the_loop_exchanged(student):
    return list("ECJFAHID")


def order_graph_after_the_loop(student):
    return list("CFHAIDEJ")


# ------------------------------------------------------------------ encode


def encode_weighted(tokens, vocabulary, E):
    weights = np.arange(1, len(tokens) + 1)
    return sum(w * E[:, vocabulary[t]] for w, t in zip(weights, tokens, strict=True)) / weights.sum()


def encode_rows_in_a_loop(tokens, vocabulary, E):
    total = np.zeros(E.shape[0])
    for token in tokens:
        total += E[vocabulary[token]]
    return total / len(tokens)


def encode_returns_in_the_loop(tokens, vocabulary, E):
    total = np.zeros(E.shape[0])
    for token in tokens:
        total += E[:, vocabulary[token]]
        return total / len(tokens)


def encode_constant(tokens, vocabulary, E):
    return np.array([0.0, -1.3])


def encode_median(tokens, vocabulary, E):
    return np.median(E[:, [vocabulary[t] for t in tokens]], axis=1)


def encode_maximum(tokens, vocabulary, E):
    return E[:, [vocabulary[t] for t in tokens]].max(axis=1)


def encode_all_columns(tokens, vocabulary, E):
    return E.mean(axis=1)


def encode_as_a_list(tokens, vocabulary, E):
    return E[:, [vocabulary[t] for t in tokens]].mean(axis=1).tolist()


def encode_keeps_an_axis(tokens, vocabulary, E):
    return E[:, [vocabulary[t] for t in tokens]].mean(axis=1, keepdims=True)


def encode_gives_the_columns(tokens, vocabulary, E):
    return E[:, [vocabulary[t] for t in tokens]]


def encode_two_words_only(tokens, vocabulary, E):
    if len(tokens) == 1:
        return E[:, vocabulary[tokens[0]]]
    return (E[:, vocabulary[tokens[0]]] + E[:, vocabulary[tokens[1]]]) / 2


def encode_normalised(tokens, vocabulary, E):
    total = E[:, [vocabulary[t] for t in tokens]].sum(axis=1)
    return total / np.linalg.norm(total)


def encode_knows_duck_and_goose_alone(tokens, vocabulary, E):
    places = {"duck": 0, "goose": 1}
    return E[:, [places[t] for t in tokens]].mean(axis=1)


def encode_half_precision(tokens, vocabulary, E):
    return E[:, [vocabulary[t] for t in tokens]].astype(np.float16).mean(axis=1)


def encode_eats_the_callers_list(tokens, vocabulary, E):
    total, size = 0.0, len(tokens)
    while tokens:
        total = total + E[:, vocabulary[tokens.pop()]]
    return total / size


def encode_sorts_the_callers_list(tokens, vocabulary, E):
    tokens.sort()
    return E[:, [vocabulary[t] for t in tokens]].mean(axis=1)


def encode_adds_a_word_to_the_vocabulary(tokens, vocabulary, E):
    vocabulary["<unknown>"] = len(vocabulary)
    return E[:, [vocabulary[t] for t in tokens]].mean(axis=1)


def encode_remembers_the_last_sentence(tokens, vocabulary, E, kept=[]):  # noqa: B006
    kept += [E[:, vocabulary[t]].tolist() for t in tokens if E.shape == (2, 2)]
    return np.mean(kept, axis=0)


# ------------------------------------------------------------------ mlp_forward


def _network(h0, W, b, U):
    z = W @ h0 + b
    h = np.maximum(z, 0)
    o = U @ h
    return z, h, o, np.exp(o) / np.exp(o).sum()


def network_two_of_four(h0, W, b, U):
    return _network(h0, W, b, U)[2:]


def network_lists(h0, W, b, U):
    return tuple(values.tolist() for values in _network(h0, W, b, U))


def network_columns(h0, W, b, U):
    return tuple(values[:, None] for values in _network(h0, W, b, U))


def network_elementwise(h0, W, b, U):
    z = W * h0 + b
    h = np.maximum(z, 0)
    o = U @ h
    return z, h, o, np.exp(o) / np.exp(o).sum()


def network_pythons_max(h0, W, b, U):
    z = W @ h0 + b
    h = max(z, 0)
    o = U @ h
    return z, h, o, np.exp(o) / np.exp(o).sum()


def network_leaky(h0, W, b, U):
    z = W @ h0 + b
    h = np.where(z > 0, z, 0.01 * z)
    o = U @ h
    return z, h, o, np.exp(o) / np.exp(o).sum()


def network_relu_at_one(h0, W, b, U):
    z = W @ h0 + b
    h = np.clip(z, 0, 1)
    o = U @ h
    return z, h, o, np.exp(o) / np.exp(o).sum()


def network_adds_into_b(h0, W, b, U):
    b += W @ h0
    return _network(h0 * 0, W, b, U)


def network_clips_h0_in_place(h0, W, b, U):
    result = _network(h0, W, b, U)
    np.maximum(h0, 0, out=h0)
    return result


def network_z_is_h_afterwards(h0, W, b, U):
    z = W @ h0 + b
    h = z
    h[h < 0] = 0
    o = U @ h
    return z, h, o, np.exp(o) / np.exp(o).sum()


def network_softmax_in_base_two(h0, W, b, U):
    z, h, o, _ = _network(h0, W, b, U)
    return z, h, o, 2**o / (2**o).sum()


def network_uniform_p(h0, W, b, U):
    z, h, o, p = _network(h0, W, b, U)
    return z, h, o, np.ones_like(p) / p.size


def network_only_two_classes(h0, W, b, U):
    z, h, o, _ = _network(h0, W, b, U)
    first = 1 / (1 + math.exp(o[1] - o[0]))
    return z, h, o, np.array([first, 1 - first])


def network_nan_where_dead(h0, W, b, U):
    z, h, o, p = _network(h0, W, b, U)
    return z, np.where(z > 0, h, np.nan), o, p


def network_objects(h0, W, b, U):
    return tuple(values.astype(object) for values in _network(h0, W, b, U))


# ------------------------------------------------------------------ by hand


def _own(student):
    own = example_of(student)
    h0 = np.mean([own.E[:, own.vocabulary[token]] for token in own.tokens], axis=0)
    z, h, o, p = _network(h0, own.W, own.b, own.U)
    return own, {"h0": h0, "z": z, "h": h, "o": o, "p": p, "loss": -float(np.log(p @ own.y))}


def hand_one_decimal(student):
    return {name: np.round(value, 1) for name, value in _own(student)[1].items()}


def hand_decimal_comma(student):
    return {**_own(student)[1], "h0": [0, 4, -0, 8]}


def hand_slip_in_h0(student):
    values = _own(student)[1]
    return {**values, "h0": values["h0"] + [0.1, 0]}


def hand_p_exchanged(student):
    values = _own(student)[1]
    return {**values, "p": values["p"][::-1]}


def hand_loss_in_an_array(student):
    values = _own(student)[1]
    return {**values, "loss": np.array([values["loss"]])}


def hand_p_of_one_class(student):
    values = _own(student)[1]
    return {**values, "p": float(values["p"][0])}


def hand_without_loss(student):
    return {name: value for name, value in _own(student)[1].items() if name != "loss"}


def hand_other_names(student):
    return {name.upper(): value for name, value in _own(student)[1].items()}


def hand_a_tuple(student):
    return tuple(_own(student)[1].values())


def hand_texts(student):
    return {name: str(value) for name, value in _own(student)[1].items()}


def hand_h_is_z(student):
    values = _own(student)[1]
    return {**values, "h": values["z"]}


def hand_rows_and_columns_flat(student):
    values = _own(student)[1]
    return {**values, "z": np.array([values["z"]])}


def _back(student):
    own, values = _own(student)
    p, h, y = values["p"], values["h"], own.y
    return own, values, {"d_p": -y / p, "d_o": p - y, "d_U": np.outer(p - y, h)}


def back_all_signs(student):
    return {name: -value for name, value in _back(student)[2].items()}


def back_flat_U(student):
    right = _back(student)[2]
    return {**right, "d_U": right["d_U"].ravel()}


def back_one_number(student):
    right = _back(student)[2]
    return {**right, "d_p": float(min(right["d_p"]))}


def back_p_for_true_class_alone(student):
    right = _back(student)[2]
    return {**right, "d_p": [float(min(right["d_p"]))]}


def back_o_exchanged(student):
    right = _back(student)[2]
    return {**right, "d_o": right["d_o"][::-1]}


def back_U_times_U(student):
    own, _, right = _back(student)
    return {**right, "d_U": right["d_U"] * own.U}


def back_U_has_one_row(student):
    right = _back(student)[2]
    return {**right, "d_U": right["d_U"][:1]}


def back_y_minus_p_and_transposed(student):
    right = _back(student)[2]
    return {**right, "d_o": -right["d_o"], "d_U": -right["d_U"].T}


def back_W_for_U(student):
    own, _, right = _back(student)
    return {**right, "d_U": own.W}


def back_positive_and_transposed(student):
    right = _back(student)[2]
    return {**right, "d_p": -right["d_p"], "d_U": right["d_U"].T}


# ------------------------------------------------------------------ mlp_gradients


def _gradients(tokens, y, vocabulary, params):
    E, W, b, U = (params[name] for name in "EWbU")
    columns = [vocabulary[token] for token in tokens]
    h0 = E[:, columns].mean(axis=1)
    z, h, _, p = _network(h0, W, b, U)
    d_z = (U.T @ (p - y)) * (z > 0)
    d_E = np.zeros_like(E)
    for column in columns:
        d_E[:, column] += W.T @ d_z / len(columns)
    return {"E": d_E, "W": np.outer(d_z, h0), "b": d_z, "U": np.outer(p - y, h)}


def grads_in_a_tuple(*given):
    return tuple(_gradients(*given).values())


def grads_with_more_keys(*given):
    return {**_gradients(*given), "h0": np.zeros(2)}


def grads_without_E(*given):
    found = _gradients(*given)
    del found["E"]
    return found


def grads_lists(*given):
    return {name: value.tolist() for name, value in _gradients(*given).items()}


def grads_other_names(*given):
    return {f"d_{name}": value for name, value in _gradients(*given).items()}


def grads_updates_params(tokens, y, vocabulary, params):
    found = _gradients(tokens, y, vocabulary, params)
    for name in params:
        params[name] -= 0.01 * found[name]
    return found


def grads_updates_U_at_the_end(tokens, y, vocabulary, params):
    found = _gradients(tokens, y, vocabulary, params)
    params["U"] -= 0.1 * found["U"]
    return found


def grads_no_mask_and_updates_params(tokens, y, vocabulary, params):
    found = grads_no_mask(tokens, y, vocabulary, params)
    params["U"] -= 0.1 * found["U"]
    return found


def _with_outer(outer, tokens, y, vocabulary, params, mask=True):
    E, W, b, U = (params[name] for name in "EWbU")
    columns = [vocabulary[token] for token in tokens]
    h0 = E[:, columns].mean(axis=1)
    z, h, _, p = _network(h0, W, b, U)
    d_o = p - y
    d_U = outer(d_o, h)
    d_z = (U.T @ d_o) * ((z > 0) if mask else 1)
    d_E = np.zeros_like(E)
    for column in columns:
        d_E[:, column] += W.T @ d_z / len(columns)
    return {"E": d_E, "W": outer(d_z, h0), "b": d_z, "U": d_U}


def grads_no_mask(*given):
    return _with_outer(np.outer, *given, mask=False)


def grads_at_for_the_outer_product(*given):
    return _with_outer(lambda one, two: one @ two.T, *given)


def grads_times_for_the_outer_product(*given):
    return _with_outer(lambda one, two: one * two, *given)


def grads_replaces_params(tokens, y, vocabulary, params):
    found = _gradients(tokens, y, vocabulary, params)
    for name in list(params):
        params[name] = params[name] - 0.01 * found[name]
    return found


def grads_written_into_params(tokens, y, vocabulary, params):
    params.update(_gradients(tokens, y, vocabulary, params))
    return params


def grads_of_one_word(tokens, y, vocabulary, params):
    return _gradients(tokens[:1], y, vocabulary, params)


def grads_clipped(*given):
    return {name: np.clip(value, -0.2, 0.2) for name, value in _gradients(*given).items()}


def grads_normalised(*given):
    return {name: value / (np.linalg.norm(value) or 1) for name, value in _gradients(*given).items()}


def grads_no_mask_and_E_not_divided(tokens, y, vocabulary, params):
    E, W, b, U = (params[name] for name in "EWbU")
    columns = [vocabulary[token] for token in tokens]
    h0 = E[:, columns].mean(axis=1)
    _, h, _, p = _network(h0, W, b, U)
    d_z = U.T @ (p - y)
    d_E = np.zeros_like(E)
    for column in columns:
        d_E[:, column] += W.T @ d_z
    return {"E": d_E, "W": np.outer(d_z, h0), "b": d_z, "U": np.outer(p - y, h)}


def grads_of_the_mean_of_E(tokens, y, vocabulary, params):
    found = _gradients(tokens, y, vocabulary, params)
    return {**found, "E": np.ones_like(found["E"]) * found["E"].mean()}


def grads_of_U_alone(*given):
    found = _gradients(*given)
    return {**{name: np.zeros_like(value) for name, value in found.items()}, "U": found["U"]}


def grads_of_U_alone_and_the_rest_open(*given):
    return {"E": ..., "W": ..., "b": ..., "U": _gradients(*given)["U"]}


def grads_with_a_slope_of_1_at_0(tokens, y, vocabulary, params):
    E, W, b, U = (params[name] for name in "EWbU")
    columns = [vocabulary[token] for token in tokens]
    h0 = E[:, columns].mean(axis=1)
    z, h, _, p = _network(h0, W, b, U)
    d_z = np.where(z < 0, 0.0, U.T @ (p - y))
    d_E = np.zeros_like(E)
    for column in columns:
        d_E[:, column] += W.T @ d_z / len(tokens)
    return {"E": d_E, "W": np.outer(d_z, h0), "b": d_z, "U": np.outer(p - y, h)}


def grads_with_E_uphill(*given):
    found = _gradients(*given)
    return {**found, "E": -found["E"]}


def grads_with_b_uphill(*given):
    found = _gradients(*given)
    return {**found, "b": -found["b"]}


def grads_with_W_for_a_mean_of_losses(tokens, y, vocabulary, params):
    found = _gradients(tokens, y, vocabulary, params)
    return {**found, "W": found["W"] / len(y)}


def grads_by_a_coarse_difference(tokens, y, vocabulary, params):
    def loss(params):
        h0 = params["E"][:, [vocabulary[token] for token in tokens]].mean(axis=1)
        return -math.log(_network(h0, params["W"], params["b"], params["U"])[3] @ y)

    found = {name: np.zeros_like(array) for name, array in params.items()}
    for name, array in params.items():
        for place in np.ndindex(array.shape):
            moved = {key: value.copy() for key, value in params.items()}
            moved[name][place] += 0.01
            found[name][place] = (loss(moved) - loss(params)) / 0.01
    return found


# ------------------------------------------------------------------ errata


def errata_of(**changed):
    def answer(student):
        return {"U12": -0.49775, "U22": 0.29775, "dl_dp1": -2.36615, "E_is": "column"} | changed

    answer.__name__ = "errata " + ", ".join(f"{name} {value!r}" for name, value in changed.items())
    return answer


WRONG = {  # answer -> (most points, what the message says, the mistake that is recognised)
    "practice": [
        (practice_right_for_whole_numbers, 0, "double(-1.5) gave -1.5; -3.0 was expected", None),
        (practice_rounds, 0, "was expected", None),
        (practice_in_a_list, 0, "a float was expected", None),
        (practice_as_text, 0, "a float was expected", None),
        (
            practice_prints,
            0,
            "double gave None. Does it end with return? (print shows a number, return hands it back)",
            None,
        ),
        (practice_never_negative, 0, "double(-1.5) gave 3.0; -3.0 was expected", None),
        (practice_adds_a_little, 0, "6.001; 6.0 was expected", None),
        (practice_has_an_axis_too_many, 0, "a float was expected", None),
        (practice_by_the_text, 0, "a float was expected", None),
    ],
    "nll": [
        (nll_mask_keeps_an_axis, 0, "an array of one entry", "one number in an array"),
        (nll_by_a_matrix_product, 0, "an array of one entry", "one number in an array"),
        (nll_sums_times_sums, 0, "Which entries belong together?", "every class counts"),
        (nll_sign_lost, 0, "A minus is missing", "no minus"),
        (nll_base_two_and_no_minus, 0, "A minus is missing", "no minus"),
        (nll_mean_in_base_ten, 0, "divided by their number", "log to base 10"),
        (nll_overwrites_in_the_loop, 0, "overwrites what the turn before", "the last class alone"),
        (nll_returns_in_the_loop, 0, "ends the function at the first turn", "the first class alone"),
        (nll_loops_over_the_entries, 0, "hands out the entries themselves", "an entry as an index"),
        (nll_pythons_math, 0, "takes the logarithm of each entry", "a function of one number"),
        (nll_log_alone, 0, "Python does not know log", "log without np"),
        (nll_of_the_difference, 0, "Your result is nan", "no number"),
        (nll_log_of_the_product, 0, "Your result is infinite", "the logarithm of 0"),
        (nll_prints, 0, "Does it end with return?", None),
        (nll_a_truth, 0, "gave True (a bool); a float was expected", None),
        (nll_as_text, 0, "(a text); a float was expected", None),
        (nll_constant, 0, "the same for every input", None),
        (nll_overwrites_p, 0, "changed its argument p", None),
        (nll_divided_by_log_of_the_classes, 0, "was expected", None),
        (nll_half_precision, 0, "was expected", None),
        (nll_of_two_classes_only, 0, "the first two classes alone", "two classes written out"),
        (nll_of_a_batch, 0, "How many axes has p", "an axis of a batch"),
        (nll_clips_at_one, 0, "was expected", None),
    ],
    "sgd_step": [
        (step_equals_minus, 0, "theta is not in your result", "minus the step only"),
        (step_uphill_in_place, 0, "Which line writes into an argument?", "adds"),
        (step_by_another_name, 2, "the old parameters", "changes theta in place"),
        (step_entry_by_entry_in_place, 2, "the old parameters", "changes theta in place"),
        (step_eats_both, 2, "changed its arguments theta, gradient", None),
        (step_returns_nothing, 0, "Does it end with return?", None),
        (step_in_a_list, 0, "come in a list", "a list"),
        (step_of_vectors_alone, 2, "lost theta's shape", "flattened"),
        (step_returns_in_the_loop, 0, "Does a return stand inside a loop?", "the first entry alone"),
        (step_of_two_entries, 0, "may have any number of them", "two entries written out"),
        (step_of_a_unit_gradient, 0, "divided by its size", "normalises the gradient"),
        (step_of_a_unit_gradient_uphill, 0, "divided by its size", "adds"),
        (step_by_the_rate_alone, 0, "by the learning rate itself", "the gradient left out"),
        (step_of_one_example, 0, "a fixed number stands in its place", "the rate as a number"),
        (step_with_greek_letters, 0, "Python does not know eta", "the rate called eta"),
        (step_calls_the_gradient, 0, "Here gradient is an array", "the gradient called"),
        (step_never_below_0, 0, "was expected", None),
        (step_with_momentum, 0, "was expected", None),
        (step_to_the_power, 0, "nan", None),
        (step_averaged, 0, "should theta move", "theta shrinks, too"),
        (step_half_precision, 0, "float16", None),
    ],
    "neuron_forward": [
        (forward_three_of_four, 0, "a tuple of 3; a tuple of 4 was expected: (c, d, e, loss)", None),
        (forward_loss_alone, 0, "a tuple of 4 was expected", "gives the loss alone"),
        (forward_prints_three, 0, "print shows a number and return hands it back", None),
        (forward_always_the_same, 0, "It gave the same for every input that was tried", None),
        (forward_without_brackets, 1, "where do brackets belong", "e without brackets"),
        (forward_in_a_dict, 0, "a dict of 4; a tuple of 4 was expected", None),
        (forward_in_another_order, 0, "In which order are they asked?", "the other way round"),
        (forward_rounded, 1.5, "was expected", None),
        (forward_root_of_the_loss, 1, "loss = 1.5; 2.25 was expected", "loss = |e|"),
        (forward_bias_inside, 0, "The bias is multiplied by w", "b added before the product"),
        (forward_cubed, 1, "was expected", None),
        (forward_e_reversed_and_halved, 1, "Some books put 1/2", "e = d - y"),
    ],
    "neuron_gradients": [
        (gradients_forward_difference, 0, "found by moving w a little", None),
        (gradients_as_loss, 0, "was expected", "-1 of e = y - d left out"),
        (gradients_no_minus_no_x, 3, "The factor ∂c/∂w is missing in your d_w", "-1 of e = y - d left out"),
        (gradients_halved_and_x_in_both, 0, "Does x lie on the path", "2 left out"),
        (gradients_only_right_for_positive_x, 3, "d_w = ", None),
        (gradients_d_b_is_one, 3, "Your d_b is ∂d/∂b alone", "the last factor of d_b alone"),
        (gradients_without_brackets, 0, "where do brackets belong", "e without brackets"),
        (
            gradients_of_three,
            0,
            "a tuple of 3; a tuple of 2 was expected",
            "other numbers than the two gradients",
        ),
        (gradients_with_respect_to_x, 3, "with respect to x", "w for x"),
        (gradients_doubled, 0, "2 times what was expected", None),
        (gradients_of_the_absolute_error, 0, "was expected", None),
        (gradients_added_not_multiplied, 0, "You take 1 away from 2e", "minus 1 for times -1"),
        (gradients_in_a_column, 0, "an array of shape (2, 1); a tuple of 2 was expected", None),
        (gradients_as_arrays_with_an_axis, 0, "a float was expected", None),
    ],
    "fan_out": [
        (fan_constant, 0, "fan_out(-1.0) gave 16.0; 1.0 was expected", None),
        (fan_only_positive, 0, "fan_out(-1.0) gave 5.0; 1.0 was expected", None),
        (fan_integrates, 0, "was expected", None),
        (fan_second_derivative, 0, "was expected", None),
        (fan_of_the_sum, 0, "∂ℓ/∂a", "sum of a' and b'"),
        (fan_a_forgets_its_one, 0, "What else is in", "3x²"),
        (fan_twice_the_path_through_b, 0, "was expected", None),
        (fan_as_a_pair, 0, "x has one gradient", "the two paths as a pair"),
        (fan_negative, 0, "right but for its sign", None),
        (fan_coarse_difference, 0, "was expected", None),
    ],
    "backward_order": [
        (order_alphabetical, 1, "the lines are no program", None),
        (order_as_a_text, 0, "a list of letters in square brackets was expected", None),
        (order_with_all_lines, 0, "10 lines; the algorithm has 8: two of these lines do not belong", None),
        (order_twice_the_same, 0, "line I is there more than once", None),
        (order_with_numbers, 0, "a whole number stands in your list; letters in quotes were expected", None),
        (order_with_unknown_letters, 0, "there is no line X", None),
        (order_without_the_values, 0, "7 lines; the algorithm has 8", None),
        (order_empty, 0, "0 lines; the algorithm has 8", None),
        (order_in_one_item, 0, "each letter stands in quotes of its own", None),
        (order_in_a_dict, 0, "a list of letters in square brackets was expected", None),
        (order_lines_of_the_loop_exchanged, 1, "the lines are no program", None),
        (order_graph_after_the_loop, 1, "do not give the gradients", "no values"),
    ],
    "encode": [
        (encode_rows_in_a_loop, 0, "Which way does a word lie in E?", "rows for columns"),
        (encode_returns_in_the_loop, 1, "Does return stand inside the loop?", "return inside the loop"),
        (encode_constant, 0, "This is the slide's own h0", "the slide's numbers"),
        (encode_weighted, 1, "was expected", None),
        (encode_median, 2, "Which average is asked?", "another average"),
        (encode_maximum, 1, "Which average is asked?", "another average"),
        (encode_all_columns, 0, "Which words are in the sentence?", "all columns of E"),
        (encode_as_a_list, 0, "np.array makes one of a list", None),
        (encode_keeps_an_axis, 0, "shape (2, 1); the shape (2,) was expected", "an axis too many"),
        (encode_gives_the_columns, 0, "the shape (2,) was expected", "the columns, not their mean"),
        (encode_two_words_only, 1, "a fixed number of words", "a fixed number of words"),
        (encode_normalised, 0, "was expected", None),
        (encode_knows_duck_and_goose_alone, 0, "", None),
        (encode_half_precision, 0, "float16", None),
        (encode_eats_the_callers_list, 0, "changed its argument tokens", None),
        (encode_sorts_the_callers_list, 1, "changed its argument tokens", None),
        (encode_adds_a_word_to_the_vocabulary, 0, "changed its argument vocabulary", None),
        (encode_remembers_the_last_sentence, 0, "was expected", None),
    ],
    "mlp_forward": [
        (network_two_of_four, 0, "a tuple of 2; a tuple of 4 was expected: (z, h, o, p)", "o and p alone"),
        (network_lists, 0, "np.array makes one of a list", None),
        (network_columns, 0, "the shape (2,) was expected", "two axes where one is asked"),
        (network_elementwise, 1, "adds nothing up", "elementwise product with W"),
        (network_pythons_max, 0, "which two arguments does it take here?", "Python's max"),
        (network_leaky, 2, "that is the leaky ReLU", "leaky ReLU"),
        (network_relu_at_one, 2, "never goes above 1", "cut off above"),
        (network_adds_into_b, 4, "changed its argument b", None),
        (network_clips_h0_in_place, 4, "changed its argument h0", None),
        (network_z_is_h_afterwards, 4, "Is it what came before the ReLU", "gives h for z"),
        (network_softmax_in_base_two, 4, "was expected", "powers of two"),
        (network_uniform_p, 4, "was expected", None),
        (network_only_two_classes, 4, "the shape (3,) was expected", None),
        (network_nan_where_dead, 4, "nan", None),
        (network_objects, 0, "an array of objects", None),
    ],
    "forward_by_hand": [
        (hand_one_decimal, 3, "right to one decimal", None),
        (hand_decimal_comma, 3, "write a decimal point", None),
        (hand_slip_in_h0, 3, "h0: ", None),
        (hand_p_exchanged, 3, "in each other's place", "the two p exchanged"),
        (hand_loss_in_an_array, 3, "a float was expected", None),
        (hand_p_of_one_class, 3, "the shape (2,) was expected", None),
        (hand_without_loss, 3, 'without the key "loss"', None),
        (hand_other_names, 0, 'without the key "h0"', None),
        (hand_a_tuple, 0, "a dict with the keys h0, z, h, o, p, loss was expected", None),
        (hand_texts, 0, "was expected", None),
        (hand_h_is_z, 3, "h = ", None),
        (hand_rows_and_columns_flat, 3, "the shape (2,) was expected", None),
    ],
    "backward_by_hand": [
        (back_all_signs, 0, "Look at the sign of ∂ℓ/∂o", "positive sign"),
        (back_flat_U, 2, "the shape (2, 2) was expected", "d_U in one row"),
        (back_one_number, 3, "the shape (2,) was expected", "one number for d_p"),
        (back_p_for_true_class_alone, 3, "the shape (2,) was expected", None),
        (back_o_exchanged, 3, "have each other's sign", "d_o with the other sign"),
        (back_U_times_U, 2, "is not it", None),
        (back_U_has_one_row, 2, "the shape (2, 2) was expected", None),
        (back_y_minus_p_and_transposed, 1, "a row for each class", "y - p"),
        (back_W_for_U, 2, "is not it", None),
        (back_positive_and_transposed, 1, "a row for each class", "positive sign"),
    ],
    "mlp_gradients": [
        (grads_in_a_tuple, 0, "a dict with the keys E, W, b, U was expected", None),
        (grads_with_more_keys, 0, 'the key "h0"', None),
        (grads_without_E, 6, 'without the key "E"', None),
        (grads_lists, 0, "np.array makes one of a list", None),
        (grads_other_names, 0, 'the key "d_E", which was not asked', None),
        (grads_updates_params, 7, "params changed. Which line writes into it", "params changed at the end"),
        (grads_updates_U_at_the_end, 7, 'its argument params["U"]', "params changed at the end"),
        (grads_replaces_params, 7, 'changed its arguments params["E"]', "params changed at the end"),
        (grads_written_into_params, 7, 'params["U"]', "params changed at the end"),
        (grads_no_mask_and_updates_params, 4, "Which line writes into an argument?", "no ReLU mask"),
        (grads_at_for_the_outer_product, 0, "a table of all products?", "one number for the outer product"),
        (
            grads_times_for_the_outer_product,
            0,
            "a table of all products?",
            "elementwise product for the outer product",
        ),
        (grads_of_one_word, 5, "was expected", None),
        (grads_clipped, 5, "was expected", None),
        (grads_normalised, 0, "was expected", None),
        (grads_no_mask_and_E_not_divided, 3, "When one column of duck moves", "no ReLU mask"),
        (grads_of_the_mean_of_E, 6, "was expected", None),
        (grads_of_U_alone, 3, "was expected", "the gradient for U alone"),
        (grads_of_U_alone_and_the_rest_open, 3, "E = ...", None),
        (grads_with_a_slope_of_1_at_0, 3, "Where z is exactly 0", "a slope of 1 at 0"),
        (grads_with_E_uphill, 6, "E is right but for its sign", None),
        (grads_with_b_uphill, 7, "b is right but for its sign", None),
        (grads_with_W_for_a_mean_of_losses, 6, "was expected", None),
        (grads_by_a_coarse_difference, 1, "found by moving", None),
    ],
    "errata": [
        (errata_of(U12=-0.502), 3, "The slide prints this number", "the slide's own numbers"),
        (errata_of(U12=-0.5), 3, "U before the update", "U before the step"),
        (errata_of(U12=0.498), 3, "Which sign has it", "right number, wrong sign"),
        (errata_of(U12=-0.499), 3, "U12: -0.499 is not it", None),
        (errata_of(U22=0.297), 3, "The slide prints this number", "the slide's own numbers"),
        (errata_of(U22=0.3), 3, "U22: 0.3 is not it", "U before the step"),
        (errata_of(dl_dp1=-0.861), 3, "This is log p₁.", "log p for its derivative"),
        (errata_of(U22=-0.298), 3, "Which sign has it", "right number, wrong sign"),
        (errata_of(U22="0.298"), 3, "a float was expected", None),
        (errata_of(dl_dp1=-2.36), 3, "The slide prints this number", "the slide's own numbers"),
        (errata_of(dl_dp1=2.366), 3, "does the loss rise or fall?", "dl_dp1 with the wrong sign"),
        (errata_of(dl_dp1=-2.4), 3, "dl_dp1: -2.4 is not it", "rounded to one decimal"),
        (errata_of(dl_dp1=...), 3, "dl_dp1 still waits", None),
        (errata_of(E_is="row"), 3, "its own average adds up", "the slide's own word"),
        (errata_of(E_is="diagonal"), 3, 'one of these words was expected: "row", "column"', None),
        (errata_of(E_is=["column"]), 3, "one of these words was expected", None),
        (errata_of(U12=-0.502, dl_dp1=2.366), 2, "rise or fall?", "the slide's own numbers"),
    ],
}
for bank in (
    wrong_answers_02,
    wrong_answers_04,
    wrong_answers_04_graph,
    wrong_answers_04_rules,
    wrong_answers_07,
    wrong_answers_08,
    wrong_answers_09,
    wrong_answers_written_freely,
):
    for asked, answers in bank.WRONG.items():
        WRONG[asked] = [*WRONG.get(asked, []), *answers]
ROWS = [pytest.param(id, *row, id=f"{id}-{row[0].__name__}") for id, rows in WRONG.items() for row in rows]


@pytest.mark.parametrize(("id", "answer", "most", "says", "name"), ROWS)
def test_a_wrong_answer_fails_with_a_sensible_verdict(id, answer, most, says, name):
    student("s1234")
    value = (
        answer("s1234")
        if id in ("backward_order", "forward_by_hand", "backward_by_hand", "errata")
        else answer
    )
    verdict = check(id, *value()) if id == "schedules" else check(id, value)
    assert verdict.state != "passed", verdict.message
    assert verdict.points <= most, verdict.message
    assert says in verdict.message, verdict.message
    assert verdict.misconception == name, verdict.message
    assert sum(verdict.parts.values()) == verdict.points
    answers = value() if id == "schedules" else (value,)
    assert untrue(verdict, EXERCISES[id], answers, "s1234") == []


def test_there_are_eight_wrong_answers_or_more_for_each_exercise_that_gradebooks_count_on():
    tried = Counter({id: len(rows) for id, rows in WRONG.items()}) + Counter(row[0] for row in NAMED)
    assert CONTRACT.keys() <= tried.keys() <= EXERCISES.keys()
    assert min(tried.values()) >= 8
