"""Wrong answers met in trials: a right answer with a few words changed, or lines of its own."""

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.lessons import EXERCISES, check
from tests.exercises.literally import untrue

NETWORK = """
def mlp_forward(h0, W, b, U):
    z = W @ h0 + b
    h = np.maximum(z, 0)
    o = U @ h
    p = np.exp(o) / np.exp(o).sum()
    return z, h, o, p
"""
GRADIENTS = """
def mlp_gradients(tokens, y, vocabulary, params):
    E, W, b, U = params["E"], params["W"], params["b"], params["U"]
    h0 = E[:, [vocabulary[t] for t in tokens]].mean(axis=1)
    z = W @ h0 + b
    h = np.maximum(z, 0)
    o = U @ h
    p = np.exp(o) / np.exp(o).sum()
    d_p = -y / p
    d_o = p - y
    d_U = np.outer(d_o, h)
    d_h = U.T @ d_o
    d_z = d_h * (z > 0)
    d_W = np.outer(d_z, h0)
    d_b = d_z
    d_h0 = W.T @ d_z
    d_E = np.zeros(E.shape)
    for t in tokens:
        d_E[:, vocabulary[t]] += d_h0 / len(tokens)
    return {"E": d_E, "W": d_W, "b": d_b, "U": d_U}
"""
NEURON = """
def neuron_gradients(x, w, b, y):
    d = w * x + b
    e = y - d
    d_e = 2 * e
    d_d = -d_e
    d_w = d_d * x
    d_b = d_d
    return d_w, d_b
"""
MEAN = """
def encode(tokens, vocabulary, E):
    return E[:, [vocabulary[t] for t in tokens]].mean(axis=1)
"""
SHARES = """
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()
"""
_FOUR = "return z, h, o, p"
LOSS = """
def nll(p, y):
    terms = [-truth * np.log(probability) for probability, truth in zip(p, y)]
    return sum(terms)
"""
PASS = """
def backward(root):
    gradients = {root: 1.0}
    for node in reversed(ll.topological_order(root)):
        for parent, share in zip(node.parents, node.vjp(gradients[node])):
            gradients[parent] = gradients.get(parent, 0.0) + share
    return gradients
"""
CHANGED = [
    (LOSS, "sum(terms)", "sum(terms[1:])", "an end of the classes left out"),
    (LOSS, "np.log(probability)", "np.log(max(probability, 0.05))", "p changed before the logarithm"),
    (LOSS, "zip(p, y)", "zip(np.abs(p - y), np.ones(len(y)))", "the logarithm of a distance"),
    (PASS, "zip(node.parents, node.vjp(gradients[node]))",
     "dict(zip(node.parents, node.vjp(gradients[node]))).items()", "one share for an operand used twice"),
    (MEAN, "E[:, [vocabulary[t] for t in tokens]]", "E[:, [0, 0, 1]]", "the columns of the slide's sentence"),
    (MEAN, "[vocabulary[t] for t in tokens]", "[0, 1, 2]", "the same columns for every sentence"),
    (MEAN, "[vocabulary[t] for t in tokens]", '[vocabulary[t] for t in ("duck", "duck", "goose")]',
     "the words of the slide's sentence"),
    (MEAN, "for t in tokens]", "for t in (tokens[0], tokens[1], tokens[2])]", "a fixed number of words"),
    (MEAN, ".mean(axis=1)", ".sum(axis=1) / 3", "divided by a fixed number"),
    (NETWORK, "z = W @ h0 + b", "z = W @ h0.reshape(-1, 1) + b.reshape(-1, 1)",
     "two axes where one is asked"),
    (NETWORK, "z = W @ h0 + b", "z = W @ h0.reshape(-1, 1) + b", "two axes where one is asked"),
    (NETWORK, _FOUR, "return z, h, o, p.reshape(-1, 1)", "two axes where one is asked"),
    (NETWORK, "o = U @ h\n", "o = U @ h0\n", "h0 into the output"),
    (NETWORK, _FOUR, "return o, p", "o and p alone"),
    (NETWORK, "h = np.maximum(z, 0)\n    o = U @ h", "h = z\n    o = z",
     "the network without a hidden layer"),
    (NEURON, "d_d = -d_e", "d_d = d_e - 1", "minus 1 for times -1"),
    (NEURON, "2 * e", "2", "e left out of 2e"),
    (NEURON, "return d_w, d_b", "return w * x, d, e, e**2", "other numbers than the two gradients"),
    (GRADIENTS, "np.outer(d_o, h)", "d_o * h", "elementwise product for the outer product"),
    (GRADIENTS, "d_b = d_z", "d_b = np.zeros(len(b))", "d_b all zeros"),
    (GRADIENTS, "d_b = d_z", "d_b = d_z.sum()", "d_b added up to one number"),
    (GRADIENTS, "d_b = d_z", "d_b = d_o", "d_o for d_b"),
    (GRADIENTS, "d_b = d_z", "d_b = np.ones(len(b))", "d_b all ones"),
    (GRADIENTS, "d_h * (z > 0)", "d_h * z", "times z, not its sign"),
    (GRADIENTS, "d_h * (z > 0)", "d_h * z > 0", "compared after the product"),
    (GRADIENTS, "d_o = p - y", "d_o = d_p * p", "p left out"),
    (GRADIENTS, "W.T @ d_z", "U.T @ d_o", "U on the way to h0"),
    (GRADIENTS, "d_o = p - y", "d_o = p - np.array([1, 0])", "another y"),
    (GRADIENTS, "d_o = p - y", "d_o = p - y[::-1]", "another y"),
    (SHARES, "z - z.max()", "z - z.sum()", "the sum taken away"),
    (SHARES, "z - z.max()", "z - 2 * z.max()", "another number taken away"),
    (SHARES, "z - z.max()", "z", "overflows"),
]  # fmt: skip
PATHS = [
    ("b * 2 + a * 1", "the worked example's slopes"),
    ("4 * x + 6", "the worked example's slopes"),
    ("a + b", "sum of a and b"),
    ("3 * x**2", "3x²"),
    ("b + 2 * a", "b + 2a"),
]


@pytest.mark.parametrize(("right", "old", "new", "name"), CHANGED)
def test_a_right_answer_with_a_few_words_changed_has_its_mistakes_name(right, old, new, name):
    answer = _defined(right, old, new)
    verdict = check(answer.__name__, answer)
    assert verdict.state != "passed"
    assert verdict.misconception == name, verdict.message
    assert untrue(verdict, EXERCISES[answer.__name__], [answer], "") == []


@pytest.mark.parametrize(("result", "name"), PATHS)
def test_a_result_of_two_paths_has_its_mistakes_name(result, name):
    text = f"def fan_out(x):\n    a, b = x + 1, x**2\n    return {result}\n"
    assert check("fan_out", _defined(text, "", "")).misconception == name


def test_four_values_in_any_wrong_order_are_called_so():
    for order in ("loss, c, d, e", "e, d, c, loss", "c, d, loss, e"):
        text = (
            "def neuron_forward(x, w, b, y):\n    c = w * x\n    d = c + b\n    e = y - d\n    loss = e**2\n"
        )
        verdict = check("neuron_forward", _defined(f"{text}    return {order}\n", "", ""))
        assert verdict.misconceptions == ("in another order",), verdict.message


def _defined(text, old, new):
    names = {"np": np, "ll": ll}
    assert old in text
    exec(text.replace(old, new) if old else text, names)
    return names[text.split("def ")[1].split("(")[0]]
