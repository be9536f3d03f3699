"""Wrong answers to lesson 02 in the words of students: none passes, and each is called what it is."""

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.lessons import check


def only_one_side(f, theta, h=1e-5):
    base = f(theta)
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        moved = theta.astype(float)
        moved[place] += h
        gradient[place] = (f(moved) - base) / h
    return gradient


def the_left_side(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        moved = theta.astype(float)
        moved[place] -= h
        gradient[place] = (f(theta) - f(moved)) / h
    return gradient


def an_integer_copy(f, theta, h=1e-5):
    moved = theta.copy()
    gradient = np.zeros_like(moved)
    for place in np.ndindex(theta.shape):
        old = moved[place]
        moved[place] = old + h
        above = f(moved)
        moved[place] = old - h
        below = f(moved)
        moved[place] = old
        gradient[place] = (above - below) / (2 * h)
    return gradient


def an_integer_result(f, theta, h=1e-5):
    gradient = np.zeros_like(theta)
    for place in np.ndindex(theta.shape):
        above, below = theta.astype(float), theta.astype(float)
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


def all_of_them(f, theta, h=1e-5):
    return (f(theta + h) - f(theta - h)) / (2 * h)


def never_put_back(f, theta, h=1e-5):
    theta = theta if theta.dtype == float else theta.astype(float)
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        old = theta[place].item()
        theta[place] = old + h
        above = f(theta)
        theta[place] = old - h
        gradient[place] = (above - f(theta)) / (2 * h)
    return gradient


def rows_of_a_table_as_a_whole(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for i in range(len(theta)):
        step = np.zeros(theta.shape)
        step[i] = h
        gradient[i] = (f(theta + step) - f(theta - step)) / (2 * h)
    return gradient


def without_brackets(f, theta, h=1e-5):
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[place] = h
        gradient[place] = f(theta + step) - f(theta - step) / (2 * h)
    return gradient


def the_derivative_of_a_number(f, theta, h=1e-5):
    return np.array([(f(number + h) - f(number - h)) / (2 * h) for number in theta])


def overflowing(z):
    return np.exp(z) / np.sum(np.exp(z))


def of_the_worked_example(z):
    powers = 2.0**z
    return powers / powers.sum()


def along_axis_one(z):
    exponentials = np.exp(z - np.max(z, axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def into_whole_numbers(z):
    p = np.zeros(len(z), dtype=int)
    total = sum(np.exp(z - max(z)))
    for i, score in enumerate(z):
        p[i] = np.exp(score - max(z)) / total
    return p


def largest_above_the_line(z):
    return np.exp(z - z.max()) / np.exp(z).sum()


def clipped(z):
    z = np.clip(z, -500, 500)
    return np.exp(z) / np.exp(z).sum()


def without_the_sum(z):
    return np.exp(z - z.max())


def of_absolute_scores(z):
    exponentials = np.exp(np.abs(z) - np.abs(z).max())
    return exponentials / exponentials.sum()


def other_sign(W, b, x, y):
    bracket = y - ll.softmax(W @ x + b)
    return np.outer(bracket, x), bracket


def a_row_for_each_input(W, b, x, y):
    d_b = ll.softmax(W @ x + b) - y
    return np.outer(x, d_b), d_b


def entry_by_entry(W, b, x, y):
    d_z = ll.softmax(W @ x + b) - y
    return d_z * x, d_z


def scores_for_probabilities(W, b, x, y):
    d_z = W @ x + b - y
    return np.outer(d_z, x), d_z


def bias_by_row_sums(W, b, x, y):
    d_W = np.outer(ll.softmax(W @ x + b) - y, x)
    return d_W, d_W.sum(1)


def bias_as_one_number(W, b, x, y):
    d_z = ll.softmax(W @ x + b) - y
    return np.outer(d_z, x), np.sum(d_z)


def prediction_alone(W, b, x, y):
    p = ll.softmax(W @ x + b)
    return np.outer(p, x), p


def loss_times_x(W, b, x, y):
    p = ll.softmax(W @ x + b)
    d_z = p - y
    return -np.sum(y * np.log(p)) * x, d_z


def sign_and_transpose(W, b, x, y):
    bracket = y - ll.softmax(W @ x + b)
    return np.outer(x, bracket), bracket


NAMED = [
    ("numeric_gradient", only_one_side, {"one side alone"}, 3),
    ("numeric_gradient", the_left_side, {"one side alone"}, 3),
    ("numeric_gradient", an_integer_copy, {"whole numbers cut the step off"}, 3),
    ("numeric_gradient", an_integer_result, {"the result in whole numbers"}, 3),
    ("numeric_gradient", all_of_them, {"all coordinates at once"}, 0),
    ("numeric_gradient", never_put_back, {"theta stays changed"}, 2),
    ("numeric_gradient", rows_of_a_table_as_a_whole, {"only one axis"}, 3),
    ("numeric_gradient", without_brackets, {"brackets left out above"}, 0),
    ("numeric_gradient", the_derivative_of_a_number, {"f of a single coordinate"}, 0),
    ("softmax", overflowing, {"overflows"}, 1),
    ("softmax", of_the_worked_example, {"powers of two"}, 0),
    ("softmax", along_axis_one, {"an axis that is not there"}, 0),
    ("softmax", into_whole_numbers, {"collected in whole numbers"}, 0),
    ("softmax", largest_above_the_line, {"the maximum above the line only"}, 0),
    ("softmax", clipped, {"scores cut off at a limit"}, 1),
    ("softmax", without_the_sum, {"not normalised"}, 0),
    ("softmax", of_absolute_scores, {"|z|"}, 0),
    ("softmax_layer_gradient", other_sign, {"sign"}, 0),
    ("softmax_layer_gradient", a_row_for_each_input, {"transposed outer product"}, 2),
    ("softmax_layer_gradient", entry_by_entry, {"elementwise product for the outer one"}, 0),
    ("softmax_layer_gradient", scores_for_probabilities, {"softmax left out"}, 0),
    ("softmax_layer_gradient", bias_by_row_sums, {"d_b as a sum of d_W"}, 4),
    ("softmax_layer_gradient", bias_as_one_number, {"d_b added up to one number"}, 4),
    ("softmax_layer_gradient", prediction_alone, {"y left out"}, 0),
    ("softmax_layer_gradient", loss_times_x, {"the loss times x"}, 2),
    ("softmax_layer_gradient", sign_and_transpose, {"sign", "transposed outer product"}, 0),
]


@pytest.mark.parametrize(
    ("id", "answer", "names", "points"), NAMED, ids=lambda given: getattr(given, "__name__", "")
)
def test_a_wrong_answer_is_called_what_it_is_and_what_is_right_in_it_counts(id, answer, names, points):
    verdict = check(id, answer)
    assert verdict.state in ("not yet", "error")
    assert set(verdict.misconceptions) == names, verdict.message
    assert verdict.points == points, verdict.message


def test_a_result_of_zero_is_not_said_to_have_moved_every_coordinate():
    for answer in (lambda f, theta, h=1e-5: 0.0, lambda f, theta, h=1e-5: (f(theta) - f(theta)) / h):
        assert check("numeric_gradient", answer).misconceptions == ()


def test_what_an_error_of_f_says_is_shown():
    words = check("numeric_gradient", the_derivative_of_a_number).message
    assert "f takes an array of shape (2,), the shape of theta; it was handed one of shape ()" in words
