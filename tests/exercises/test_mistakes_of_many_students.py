"""Mistakes that many students make: each has its name, and what is said of it is so."""

import pytest

from lecture_lib.lessons import EXERCISES, check
from tests.exercises.cells import defined_in_a_cell
from tests.exercises.literally import untrue
from tests.exercises.test_wrong_answers_met import GRADIENTS

_STEPS = """
def numeric_gradient(f, theta, h=1e-5):
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = h
        slopes[i] = (f(theta + step) - f(theta - step)) / (2 * h)
    return slopes
"""
_LAYER = """
def softmax_layer_gradient(W, b, x, y):
    d_z = ll.softmax(W @ x + b)
    d_z[INDEX] -= 1
    return np.outer(d_z, x), d_z
"""
_ERROR = """
def gradient_check(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.max([1, np.abs(a), np.abs(n)]))
"""
_ENTRIES = """
def gradient_check(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    worst = 0
    for i in range(len(a)):
        worst = max(worst, abs(a[i] - n[i]) / max(1, abs(a[i]), abs(n[i])))
    return worst
"""
_DESCENT = """
def gradient_descent(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = before.copy()
        for i in range(len(theta)):
            theta[i] -= learning_rate * gradient(theta)[i]
        if stop(before, theta, step):
            break
    return theta
"""
_ASKED_FIRST = """
def gradient_descent(gradient, theta0, learning_rate, stop, max_steps):
    before = theta = theta0
    step = 0
    while not stop(before, theta, step) and step < max_steps:
        before, theta = theta, theta - learning_rate * gradient(theta)
        step += 1
    return theta
"""
_NOT_COUNTED = """
def gradient_descent(gradient, theta0, learning_rate, stop, max_steps):
    theta, step = theta0, 1
    for _ in range(max_steps):
        before, theta = theta, theta - learning_rate * gradient(theta)
        if stop(before, theta, step):
            break
    return theta
"""
_OTHER_WAY = "step < max_steps and not stop(before, theta, step)"
_ADAM = """
def adam_step(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - learning_rate * step, m, v
"""
_M, _V = "beta1 * m + (1 - beta1) * gradient\n", "beta2 * v + (1 - beta2) * gradient**2"
_UNCHANGED = "def softmax_vjp(d_out, p):\n    return d_out\n"
MADE_BY_MANY = [
    ("numeric_gradient", _STEPS, "whole numbers cut the step off"),
    ("softmax_layer_gradient", _LAYER.replace("INDEX", "y"), "y as an index"),
    ("softmax_layer_gradient", _LAYER.replace("INDEX", "y.astype(int)"), "y as an index"),
    ("softmax_vjp", _UNCHANGED, "handed on as it came"),
    ("gradient_check", _ERROR, "the worked example's numbers for arrays"),
    ("gradient_check", _ENTRIES, "one axis only"),
    ("mlp_gradients", GRADIENTS.replace("/ len(tokens)", "/ 3"), "E divided by another number"),
    ("mlp_gradients", GRADIENTS.replace("/ len(tokens)", "/ len(E)"), "E divided by another number"),
    (
        "encode",
        "def encode(tokens, vocabulary, E):\n    words = sorted(vocabulary)\n"
        "    return E[:, [words.index(t) for t in tokens]].mean(axis=1)",
        "the column by the order of the dict",
    ),
    ("gradient_descent", _DESCENT, "coordinate after coordinate"),
    ("gradient_descent", _ASKED_FIRST, "asked before the update"),
    (
        "gradient_descent",
        _ASKED_FIRST.replace("not stop(before, theta, step) and step < max_steps", _OTHER_WAY),
        "asked before the update",
    ),
    ("gradient_descent", _NOT_COUNTED, "the same number for each step"),
    ("gradient_descent", _NOT_COUNTED.replace("theta0, 1", "theta0, 0"), "the same number for each step"),
    ("adam_step", _ADAM.replace(_M, "(1 - beta1) * m + beta1 * gradient\n"), "β and 1 − β exchanged"),
    ("adam_step", _ADAM.replace(_V, "(1 - beta2) * v + beta2 * gradient**2"), "β and 1 − β exchanged"),
    ("adam_step", _ADAM.replace(_M, "beta1 * m + gradient\n"), "1 − β left out"),
    ("adam_step", _ADAM.replace(_V, "beta2 * v + gradient**2"), "1 − β left out"),
    ("adam_step", _ADAM.replace(_M, "(1 - beta1) * gradient\n"), "the old average left out"),
    ("adam_step", _ADAM.replace(_V, "(1 - beta2) * gradient**2"), "the old average left out"),
]


@pytest.mark.parametrize(("id", "text", "name"), MADE_BY_MANY)
def test_a_mistake_of_many_has_a_name_and_true_words(id, text, name):
    answer = defined_in_a_cell(text, id)
    verdict = check(id, answer)
    assert verdict.misconceptions == (name,), verdict.message
    assert untrue(verdict, EXERCISES[id], [answer], "") == []


TURNED = [
    ("U12", 0.502, "the slide's digits with another sign"),
    ("U22", -0.297, "the slide's digits with another sign"),
    ("dl_dp1", 2.36, "dl_dp1 with the wrong sign"),
]


@pytest.mark.parametrize(("key", "given", "name"), TURNED)
def test_digits_of_the_slide_are_not_called_right_for_another_sign(key, given, name):
    verdict = check("errata", {"U12": -0.498, "U22": 0.298, "dl_dp1": -2.366, "E_is": "column", key: given})
    assert verdict.misconceptions == (name,), verdict.message
    assert "are right" not in " ".join(verdict.advice)


UNTRUE = [
    ("softmax", "z", "return z", "by a sum"),
    ("fan_out", "x", "return x + 1", "This is what comes back"),
    ("matvec_vjp", "d_out, W, x", "return np.outer(d_out, x), x", "inverse"),
    ("adam_step", "theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8",
     "return theta - learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v",
     "hand back the new moments"),
    ("adam_step", "theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8",
     "v = beta2 * v + (1 - beta2) * gradient**2\n"
     "    return theta - learning_rate * gradient / (np.sqrt(v) + eps), m, v", "those that were handed in"),
]  # fmt: skip


@pytest.mark.parametrize(("id", "arguments", "line", "words"), UNTRUE)
def test_what_two_mistakes_would_come_to_is_not_said_of_one(id, arguments, line, words):
    verdict = check(id, defined_in_a_cell(f"def {id}({arguments}):\n    {line}\n"))
    assert verdict.misconceptions
    assert words not in " ".join(verdict.advice)


def test_numpys_logarithm_has_its_name():
    verdict = check("nll", defined_in_a_cell("def nll(p, y): return -np.sum(y * np.ln(p))"))
    assert "ln is written np.log" in verdict.message
    assert "np.long" not in verdict.message


def test_a_criterion_that_is_compared_is_said_to_be_a_function():
    asked, compared = "stop(before, theta, step)", "np.linalg.norm(theta - before) < stop"
    verdict = check("gradient_descent", defined_in_a_cell(_DESCENT.replace(asked, compared)))
    assert "One of the two sides is a function itself." in verdict.message
