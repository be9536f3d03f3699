"""Wrong answers to lessons 03, 05 and 06 as students type them: each is called what it is, or nothing."""

import numpy as np
import pytest

from lecture_lib.lessons import EXERCISES, check, example_of, student
from tests.exercises.cells import defined_in_a_cell
from tests.exercises.literally import untrue

NEURON = """
def neuron_forward(x, w, b, y):
    c = w * x
    d = c + b
    e = y - d
    loss = e**2
    return c, d, e, loss
"""
CHAIN = """
def neuron_gradients(x, w, b, y):
    e = y - (w * x + b)
    d_d = -2 * e
    return d_d * x, d_d
"""
PATHS = """
def fan_out(x):
    a = x + 1
    b = x**2
    return b * 1 + a * 2 * x
"""
LOOP = """
def encode(tokens, vocabulary, E):
    total = np.zeros(E.shape[0])
    for t in tokens:
        total = total + E[:, vocabulary[t]]
    return total / len(tokens)
"""
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
    ids = [vocabulary[t] for t in tokens]
    h0 = E[:, ids].mean(axis=1)
    z = W @ h0 + b
    h = np.maximum(z, 0)
    p = np.exp(U @ h) / np.exp(U @ h).sum()
    d_o = p - y
    d_U = np.outer(d_o, h)
    d_h = U.T @ d_o
    d_z = d_h * (z > 0)
    d_W = np.outer(d_z, h0)
    d_b = d_z
    d_h0 = W.T @ d_z
    d_E = np.zeros_like(E)
    for i in ids:
        d_E[:, i] += d_h0 / len(tokens)
    return {"E": d_E, "W": d_W, "b": d_b, "U": d_U}
"""
_PER_ROW = """z = np.zeros(len(b))
    for i in range(len(b)):
        for j in range(len(h0)):
            """
TYPED = [
    (NEURON, {"w * x": "b * x", "c + b": "c + w"}, "w and b exchanged"),
    (NEURON, {"y - d": "x - d"}, "x for y"),
    (NEURON, {"c + b": "np.tanh(c + b)"}, "another activation on d"),
    (NEURON, {"e**2": "y**2 - 2 * y * d - d**2"}, "a sign lost in the square"),
    (CHAIN, {"d_d = -2 * e": "d_d = 2 * e + -1", "d_d * x, d_d": "d_d + 1 + x, d_d + 1"}, "factors added"),
    (PATHS, {"b * 1 + a * 2 * x": "(b + a) * 2 * x"}, "b's slope on both paths"),
    (PATHS, {"b * 1": "b * x"}, "a' = x"),
    (PATHS, {"b * 1 + a * 2 * x": "max(b, 2 * a * x)"}, "the larger path alone"),
    (PATHS, {"return ": "return 1 + "}, "the total begins with 1"),
    (PATHS, {"b * 1 + a * 2 * x": "x"}, "x itself"),
    (PATHS, {"b * 1 + a * 2 * x": "b * a + a * b"}, "twice the loss"),
    (PATHS, {"a * 2 * x": "2 * a * x**2"}, "b for its derivative"),
    (LOOP, {"np.zeros(E.shape[0])": "0", "in tokens": "in tokens[1:]"}, "the first word left out"),
    (LOOP, {"total + E[:, vocabulary[t]]": "(total + E[:, vocabulary[t]]) / 2", " / len(tokens)": ""},
     "divided in each round"),
    (LOOP, {"total / len(tokens)": "E[[vocabulary[t] for t in tokens]].mean(axis=1)"},
     "rows, and the wrong axis"),
    (LOOP, {"total / len(tokens)": "(total / len(tokens)).reshape(-1, 1)"}, "an axis too many"),
    (LOOP, {"total / len(tokens)": "[tokens.count(w) for w in sorted(vocabulary, key=vocabulary.get)]"},
     "how often each word comes"),
    (LOOP, {"total / len(tokens)": "np.array([E[:, vocabulary[t]] for t in tokens]).T"},
     "the columns, not their mean"),
    (LOOP, {"total / len(tokens)": "[E[:, vocabulary[t]] for t in tokens]"}, "the columns, not their mean"),
    (NETWORK, {"return z, h, o, p": "return h, z, o, p"}, "another order"),
    (NETWORK, {"return z, h, o, p": "return p"}, "p alone"),
    (NETWORK, {"z = W @ h0 + b": _PER_ROW + "z[i] += W[i, j] * h0[j] + b[i]"}, "b in every round"),
    (NETWORK, {"z = W @ h0 + b": _PER_ROW + "z[i] = W[i, j] * h0[j]\n        z[i] += b[i]"},
     "the last product alone"),
    (NETWORK, {"/ np.exp(o).sum()": "/ np.exp(z).sum()"}, "divided by another sum"),
    (NETWORK, {"/ np.exp(o).sum()": "/ np.linalg.norm(np.exp(o))"}, "divided by another sum"),
    (NETWORK, {"np.exp(o) / np.exp(o).sum()": "2**o / (2**o).sum()"}, "powers of two"),
    (GRADIENTS, {"p - y": "p - 1"}, "1 for y"),
    (GRADIENTS, {"p - y": "p * (1 - p)"}, "softmax's slope alone"),
    (GRADIENTS, {"p - y": "(p - y) / len(tokens)"}, "mean over the words"),
    (GRADIENTS, {"p - y": "p\n    d_o[0] -= 1"}, "another y"),
    (GRADIENTS, {"d_b = d_z": "d_b = d_z * h0"}, "h0 in d_b"),
    (GRADIENTS, {"d_b = d_z": "d_b = d_W.sum(axis=1)"}, "h0 in d_b"),
    (GRADIENTS, {"d_b = d_z": "d_b = b"}, "b in d_b"),
    (GRADIENTS, {"+= d_h0": "+= h0"}, "h0 for d_h0 in E"),
    (GRADIENTS, {"np.zeros_like(E)": "E.copy()"}, "d_E does not begin with zeros"),
    (GRADIENTS, {"np.zeros_like(E)": "np.ones_like(E)"}, "d_E does not begin with zeros"),
    (GRADIENTS, {'"E": d_E': '"E": d_E.T'}, "transposed d_E"),
    (GRADIENTS, {'"W": d_W': '"W": d_U', '"U": d_U': '"U": d_W'}, "d_W and d_U exchanged"),
    (GRADIENTS, {"W.T @ d_z": "d_z"}, "W left out on the way to h0"),
    (GRADIENTS, {"U.T @ d_o": "d_o"}, "U left out on the way to h"),
    (GRADIENTS, {"U.T @ d_o": "U * d_o"}, "elementwise product with U"),
    (GRADIENTS, {'"U": d_U': '"U": U - 0.01 * d_U'}, "U after the step"),
]  # fmt: skip


def typed(text, replaced):
    """The function that a cell defines, with some of its words replaced."""
    for old, new in replaced.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return defined_in_a_cell(text)


@pytest.mark.parametrize(("text", "replaced", "name"), TYPED)
def test_what_was_typed_is_called_what_it_is(text, replaced, name):
    answer = typed(text, replaced)
    verdict = check(answer.__name__, answer)
    assert verdict.state in ("not yet", "error")
    assert verdict.misconceptions == (name,), verdict.message
    assert untrue(verdict, EXERCISES[answer.__name__], [answer], "") == []


SOFTMAX_LAYER = """
def softmax_layer_gradient(W, b, x, y):
    p = np.exp(W @ x + b) / np.exp(W @ x + b).sum()
    return np.outer(p - y, x), p - y
"""
_ZERO = "is 0 everywhere, on every input. Was it made of zeros and never filled?"
IN_OTHER_WORDS = [
    (GRADIENTS, {'"E": d_E': '"E": np.zeros(E.shape)'}, f"E {_ZERO}"),
    (GRADIENTS, {'"W": d_W': '"W": np.zeros(W.shape)'}, f"W {_ZERO}"),
    (GRADIENTS, {'"U": d_U': '"U": np.zeros(U.shape)'}, f"U {_ZERO}"),
    (LOOP, {"total + E[:, vocabulary[t]]": "total"}, f"The result {_ZERO}"),
    (SOFTMAX_LAYER, {"np.outer(p - y, x)": "np.zeros(W.shape)"}, f"d_W {_ZERO}"),
    (SOFTMAX_LAYER, {", p - y": ", np.zeros(len(b))"}, f"d_b {_ZERO}"),
    (CHAIN, {"d_d * x": "0.0"}, "d_w is 0 on every input"),
    (LOOP, {"for t in tokens": "for i in range(len(tokens) + 1)", "[t]": "[tokens[i]]"},
     "of n entries the last"),
    (GRADIENTS, {"d_h * (z > 0)": "d_h if z > 0 else 0"}, "each of them is to be compared with 0 by itself"),
    (CHAIN, {"    e = y - (w * x + b)\n": ""}, "No line before this one gives e a value"),
    (NETWORK, {"p = np.exp(o) / np.exp(o).sum()": "p = ll.softmax(p)"}, "Is another name meant there?"),
    (PATHS, {"b * 1 + a * 2 * x": "int(3 * x**2 + 2 * x)"}, "a whole number each time, less than 1 from"),
    (LOOP, {"total / len(tokens)": "(total / len(tokens)).astype(int)"}, "a whole number each time"),
    (PATHS, {"b * 1 + a * 2 * x": "((x + 1.001) * (x + 0.001)**2 - a * b) / 0.001"},
     "near what was expected"),
    (GRADIENTS, {"p - y": "np.round(p - y, 3)"}, "Is a number rounded on the way"),
    (LOOP, {"    total = np.zeros(E.shape[0])": "    tokens.sort()\n    total = 0"}, "such as a.sort()"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "replaced", "says"), IN_OTHER_WORDS)
def test_a_mistake_without_a_name_gets_words_that_are_true_of_it(text, replaced, says):
    answer = typed(text, replaced)
    verdict = check(answer.__name__, answer)
    assert says in verdict.message
    assert not set(verdict.misconceptions) - {"Python's max"}, verdict.message
    assert untrue(verdict, EXERCISES[answer.__name__], [answer], "") == []


def test_an_error_that_is_the_same_for_every_input_is_written_once():
    answer = typed(LOOP, {"vocabulary[t]": "vocabulary[tokens]"})
    assert check("encode", answer).message.count("unhashable type") == 1


def _zeros(x):
    return 0.0 * x


def test_a_whole_number_far_from_the_expected_one_is_not_said_to_be_cut_off():
    assert "whole number" not in check("fan_out", _zeros).message


FORWARD = {
    "h0": [-0.8, 0.5],
    "z": [-0.33, 0.56],
    "h": [0, 0.56],
    "o": [-0.56, 0.17],
    "p": [0.33, 0.67],
    "loss": 1.12,
}
BACKWARD = {"d_p": [-3.07, 0], "d_o": [-0.67, 0.67], "d_U": [[0, -0.38], [0, 0.38]]}
OTHER_TEXT = {"d_p": [0, -2.34], "d_o": [0.57, -0.57], "d_U": [[0.29, 0.11], [-0.29, -0.11]]}
SLIDES = {"U12": -0.498, "U22": 0.298, "dl_dp1": -2.37, "E_is": "column"}
ON_PAPER = [
    ("forward_by_hand", FORWARD, {}, None),
    ("forward_by_hand", FORWARD, {"p": [33, 67]}, ("percent",)),
    ("forward_by_hand", FORWARD, {"loss": 0.67}, ("1 − p",)),
    ("forward_by_hand", FORWARD, {"p": [1.43, -0.43], "loss": -0.36}, ("o divided by its sum",)),
    ("forward_by_hand", FORWARD, {"h0": [0.8, 0.5], "z": [0.63, -0.56], "h": [0.63, 0], "o": [0.06, 0.57],
                                  "p": [0.38, 0.62], "loss": 0.98}, ("a sign lost in h0",)),
    ("forward_by_hand", FORWARD, {"o": [0.56, 0.168], "p": [0.6, 0.4], "loss": 0.51}, ()),
    ("forward_by_hand", FORWARD, {"o": [0.17, -0.56]}, ("the two o exchanged",)),
    ("forward_by_hand", FORWARD, {"o": [0.17, -0.56], "p": [0.67, 0.33], "loss": 0.4},
     ("the two o exchanged",)),
    ("backward_by_hand", BACKWARD, {"d_p": BACKWARD["d_o"], "d_o": BACKWARD["d_p"]},
     ("d_p and d_o exchanged",)),
    ("backward_by_hand", BACKWARD, {}, None),
    ("backward_by_hand", BACKWARD, {"d_p": BACKWARD["d_o"]}, ("p - y for d_p",)),
    ("backward_by_hand", BACKWARD, {"d_p": [-1.12, 0]}, ("log p for its derivative",)),
    ("backward_by_hand", BACKWARD, {"d_p": [-1.54, 0], "d_o": [-0.34, 0.34], "d_U": [[0, -0.19], [0, 0.19]]},
     ("divided by the classes",)),
    ("backward_by_hand", BACKWARD, {"d_o": [-0.15, 0.15], "d_U": [[0, -0.08], [0, 0.08]]},
     ("softmax's slope once more",)),
    ("backward_by_hand", BACKWARD, {"d_U": 0.38}, ("one number for d_U",)),
    ("backward_by_hand", BACKWARD, {"d_U": [0.54, 0.88]}, ("d_h for d_U",)),
    ("backward_by_hand", BACKWARD, {"d_U": [[0.1, -0.62], [0.9, -0.08]]}, ("U after the update",)),
    ("backward_by_hand", BACKWARD, {"d_U": [[0, 0.38], [0, -0.38]]}, ("d_U with the other sign",)),
    ("backward_by_hand", BACKWARD, {"d_U": [[-0.38, 0], [0.38, 0]]}, ("the columns of d_U exchanged",)),
    ("backward_by_hand", BACKWARD, {"d_U": [[0, 0.38], [0, 0.38]]}, ("a minus lost in d_U",)),
    ("backward_by_hand", BACKWARD, OTHER_TEXT, ("the other text's numbers",)),
    ("errata", SLIDES, {}, None),
    ("errata", SLIDES, {"U12": -0.497}, ("cut off, not rounded",)),
    ("errata", SLIDES, {"U12": -0.49, "U22": 0.29}, ("cut off, not rounded",)),
    ("errata", SLIDES, {"dl_dp1": -1 / 0.42}, ("p rounded first",)),
]  # fmt: skip


@pytest.mark.parametrize(("id", "right", "wrong", "names"), ON_PAPER)
def test_an_error_on_paper_is_called_what_it_is(id, right, wrong, names):
    student("s1234")
    verdict = check(id, {**right, **wrong})
    if names is None:
        assert verdict.state == "passed", verdict.message
    else:
        assert verdict.state == "not yet"
        assert verdict.misconceptions == names, verdict.message
        assert untrue(verdict, EXERCISES[id], [{**right, **wrong}], "s1234") == []


def test_the_numbers_on_paper_are_those_of_this_student():
    own = example_of("s1234")
    h0 = np.mean([own.E[:, own.vocabulary[token]] for token in own.tokens], axis=0)
    np.testing.assert_allclose(h0, FORWARD["h0"])


def test_one_number_and_a_set_are_called_so_where_a_list_is_asked():
    student("s1234")
    message = check("forward_by_hand", {**FORWARD, "h": 0.56, "o": {-0.56, 0.17}}).message
    assert "h = 0.56, a single number; the shape (2,) was expected" in message
    assert "square brackets a list" in message


ORDERS = [
    ("EJCFHIAD", "the lines are no program"),
    ("EJCFAHID", "the lines are no program"),
    ("EJHCFAID", "the lines are no program"),
    ("EFCHAID", "do not give the gradients"),
]


@pytest.mark.parametrize(("letters", "says"), ORDERS)
def test_lines_that_stand_outside_their_loop_are_said_to_be_no_program(letters, says):
    assert says in check("backward_order", list(letters)).message


@pytest.mark.parametrize("letters", ["CFHAIDEJ", "ECFHAIDJ"])
def test_values_that_come_after_the_loop_are_missed_in_it(letters):
    assert check("backward_order", list(letters)).misconceptions == ("no values",)


def test_all_letters_between_two_quotes_are_told_apart():
    for given in (["EJCFHAID"], ["E, J, C, F, H, A, I, D"]):
        assert "each letter stands in quotes of its own" in check("backward_order", given).message
