"""Answers to lessons 03, 04, 06 and 09: right in any style, or wrong, and nothing untrue is said of them."""

import numpy as np
import pytest

from lecture_lib.exercises.plain import plain
from lecture_lib.lessons import EXERCISES, check, my_example, student
from tests.exercises.cells import defined_in_a_cell
from tests.exercises.literally import untrue
from tests.exercises.test_answers_as_typed import NEURON
from tests.exercises.test_wrong_answers_met import CHECKED, GRADIENTS, ORDER

CHAIN = """
def neuron_gradients(x, w, b, y):
    e = y - (w * x + b)
    d_e = 2 * e
    d_d = -d_e
    return d_d * x, d_d
"""
PATHS = """
def fan_out(x):
    a, b = x + 1, x**2
    return b * 1 + a * 2 * x
"""
MUL = """
def mul_vjp(d_out, a, b):
    return d_out * b, d_out * a
"""
RELU = """
def relu_vjp(d_out, z):
    return d_out * (z > 0)
"""
SOFTMAX = """
def softmax_vjp(d_out, p):
    d_z = np.zeros(len(p))
    for j in range(len(p)):
        for i in range(len(p)):
            d_z[j] += d_out[i] * p[i] * ((i == j) - p[j])
    return d_z
"""
BACKWARD = f"""{ORDER}

def backward(root):
    gradients = {{root: 1.0}}
    for node in reversed(topological_order(root)):
        for parent, d in zip(node.parents, node.vjp(gradients[node])):
            gradients[parent] = gradients.get(parent, 0.0) + d
    return gradients
"""
GRID = """
def grid(space):
    configs = [{}]
    for name, values in space.items():
        longer = []
        for config in configs:
            for value in values:
                longer.append({**config, name: value})
        configs = longer
    return configs
"""
BEST = """
def select_best(results):
    top, least, best = -1, float("inf"), None
    for r in results:
        if r["dev_accuracy"] > top:
            top, least, best = r["dev_accuracy"], r["dev_loss"], r["config"]
        elif r["dev_accuracy"] == top and r["dev_loss"] < least:
            least, best = r["dev_loss"], r["config"]
    return best
"""
_SIZE = "max(1, abs(a[i]), abs(n))"
_NEW, _VALUES = "longer.append({**config, name: value})", "in values:"
CHANGED = [
    (NEURON, "neuron_forward", "e**2", "y - d ** 2", "only d squared"),
    (NEURON, "neuron_forward", "d = c + b", "d =+ b", "d without c"),
    (CHAIN, "neuron_gradients", "d_e = 2 * e", "d_e = e**2 * 2 * e", "e = y - d squared once more"),
    (CHAIN, "neuron_gradients", "e = y - (w * x + b)\n    d_e = 2 * e\n    d_d = -d_e",
     "s = w * x + b\n    d_s = 2 * s\n    d_d = d_s * 1", "the worked example's graph"),
    (PATHS, "fan_out", "b * 1", "1", "b left out on the path through a"),
    (PATHS, "fan_out", "b * 1", "b * a", "a for its derivative"),
    (PATHS, "fan_out", "b * 1 + a * 2 * x", "abs(b + a * 2 * x)", "without its sign"),
    (MUL, "mul_vjp", "return d_out * b", "return a * b", "the product itself"),
    (RELU, "relu_vjp", "(z > 0)", "z.astype(bool)", "everything but 0"),
    (RELU, "relu_vjp", "d_out * (z > 0)", "d_out * (s := 1 / (1 + np.exp(-z))) * (1 - s)",
     "a slope that depends on how large z is"),
    (SOFTMAX, "softmax_vjp", "    return", "        return", "return inside the loop"),
    (SOFTMAX, "softmax_vjp", "for i in range(len(p))", "for i in range(len(p) - 1)", "a term left out"),
    (SOFTMAX, "softmax_vjp", "((i == j) - p[j])", "-p[j] * (i != j)", "0 on the diagonal"),
    (SOFTMAX, "softmax_vjp", "d_out[i]", "d_out[j]", "row sums"),
    (ORDER, "topological_order", "    return order", "        return order", "an empty list"),
    (ORDER, "topological_order", "return order", "return reversed(order)", "reversed, and no list of it"),
    (ORDER, "topological_order", "\ndef topological_order(root):\n    order, seen, todo = [], set(),",
     "seen = set()\ndef topological_order(root):\n    order, todo = [],", "keeps state between two calls"),
    (BACKWARD, "backward", "gradients.get(parent, 0.0)", "gradients[parent]", "nothing to add to"),
    (CHECKED, "gradient_check", _SIZE, "(abs(a[i]) + abs(n))", "+ for max in the denominator"),
    (GRADIENTS, "mlp_gradients", "U.T @ d_o", "d_U.T @ d_o", "U or W replaced by its gradient"),
    (GRADIENTS, "mlp_gradients", "np.outer(d_z, h0)", "np.outer(d_z, W.T @ d_z)", "d_h0 for h0 in d_W"),
    (GRADIENTS, "mlp_gradients", "(z > 0)", "np.where(z > 0, 1, 0.01)", "a slope below 0 too"),
    (GRADIENTS, "mlp_gradients", "(z > 0)", "h * (1 - h)", "another activation's slope"),
    (GRADIENTS, "mlp_gradients", " / np.exp(o).sum()", "", "p does not add up to one"),
    (GRADIENTS, "mlp_gradients", "+ b", "- b", "b subtracted"),
    (GRADIENTS, "mlp_gradients", "p - y", "p - np.eye(len(p))[p.argmax()]", "another y"),
    (GRID, "grid", _VALUES, "in sorted(values):", "another order"),
    (GRID, "grid", _VALUES, "in values[1:]:", "a value of each name missing"),
    (GRID, "grid", _NEW, "longer += {**config, name: value}", "extend for append"),
    (GRID, "grid", _NEW, "longer.append(config.copy().update({name: value}))", "what update gives back"),
    (GRID, "grid", "return configs",
     "return [{n: space[n][k] for n in space} for k in range(len(next(iter(space.values()))))]",
     "zip for product"),
    (BEST, "select_best", 'least, best = r["dev_accuracy"], r["dev_loss"]', 'best = r["dev_accuracy"]',
     "the loss of another one"),
    (BEST, "select_best", "return best", "return top, -least, best", "config and more"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "id", "old", "new", "name"), CHANGED)
def test_a_common_mistake_has_a_name_and_true_words(right, id, old, new, name):
    assert right.count(old) == 1
    answer = defined_in_a_cell(right.replace(old, new), id)
    verdict = check(id, answer)
    assert verdict.misconceptions == (name,), verdict.message
    assert untrue(verdict, EXERCISES[id], [answer], "") == []


def test_each_of_these_is_right_as_it_stands():
    for text, id in dict.fromkeys((text, id) for text, id, *_ in CHANGED):
        assert check(id, defined_in_a_cell(text, id)).state == "passed"


BY_HAND = [
    ("d_o", "p * (1 - p)", "softmax's slope alone"),
    ("d_o", "-y", "p left out"),
    ("d_o", "(p - y) / 2", "divided by the classes"),
    ("d_p", "-y / p / np.log(10)", "logarithm to base 10"),
]


@pytest.mark.parametrize(("key", "given", "name"), BY_HAND)
def test_one_number_by_hand_that_goes_wrong_has_its_name(key, given, name):
    student("s1234")
    own = my_example()
    text = """
def answer(own):
    h0 = np.mean([own.E[:, own.vocabulary[token]] for token in own.tokens], axis=0)
    h, y = np.maximum(own.W @ h0 + own.b, 0), own.y
    p = np.exp(own.U @ h) / np.exp(own.U @ h).sum()
    d_p, d_o = -y / p, p - y
    KEY = GIVEN
    return {"d_p": d_p, "d_o": d_o, "d_U": np.outer(d_o, h)}
"""
    answer = defined_in_a_cell(text.replace("KEY", key).replace("GIVEN", given))(own)
    assert check("backward_by_hand", answer).misconceptions == (name,)


def test_the_slides_word_is_known_however_it_is_written():
    for word in ("row", "Rows", " ROW "):
        errata = {"U12": -0.498, "U22": 0.298, "dl_dp1": -2.366, "E_is": word}
        assert check("errata", errata).misconception == "the slide's own word"


def test_numpys_texts_are_texts():
    spread = """
def grid(space):
    names = np.array(list(space))
    mesh = np.meshgrid(*space.values(), indexing="ij")
    return [dict(zip(names, row)) for row in zip(*[m.ravel() for m in mesh])]
"""
    assert check("grid", defined_in_a_cell(spread)).state == "passed"
    assert [type(one) for one in plain([np.str_("relu"), *plain({np.str_("a"): 1})])] == [str, str]


def test_a_list_of_none_is_no_list_of_configurations():
    verdict = check("grid", lambda space: [None] * 4)
    assert "the list holds None" in verdict.message
    assert verdict.state == "not yet"


def test_letters_that_name_no_line_are_not_run():
    for letters in (["EJCFHAID"], list("EJCFHAIK")):
        assert "run in this order" not in check("backward_order", letters).message


UNTRUE = [
    (MUL.replace("d_out, a, b):", "a, b, d_out):"), "mul_vjp", "handed on unchanged"),
    (SOFTMAX.replace("((i == j) - p[j])", "-p[j] * (i != j)"), "softmax_vjp", "table stands p_i"),
    (CHECKED.replace("1e-5", "2e-12"), "gradient_check", "times the same factor"),
    (GRID.replace("return configs", "return set(configs)"), "grid", "asked for one key"),
    (GRADIENTS.replace("    return", "    ll.backward(ll.parameter(1.0) * 2)\n    return"), "mlp_gradients",
     "__init__"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "id", "words"), UNTRUE)
def test_what_is_not_so_is_not_said(text, id, words):
    verdict = check(id, defined_in_a_cell(text, id))
    assert verdict.state != "passed"
    assert words not in verdict.message


RIGHT = {
    "neuron_forward": """
def neuron_forward(x, w, b, y):
    def steps():
        v = w * x
        yield v
        yield (v := v + b)
        yield (v := y - v)
        yield v * v
    return tuple(steps())
""",
    "neuron_gradients": """
class Dual:
    def __init__(self, v, d): self.v, self.d = v, d
    def __mul__(self, k): return Dual(self.v * k, self.d * k)
    def __add__(self, o): return Dual(self.v + o.v, self.d + o.d)
    def __rsub__(self, k): return Dual(k - self.v, -self.d)
    def squared(self): return Dual(self.v**2, 2 * self.v * self.d)

def neuron_gradients(x, w, b, y):
    return tuple((y - (Dual(w, i) * x + Dual(b, j))).squared().d for i, j in ((1.0, 0.0), (0.0, 1.0)))
""",
    "fan_out": """
def fan_out(x):
    z = complex(x, 1e-30)
    return ((z + 1) * z * z).imag / 1e-30
""",
    "mul_vjp": """
def mul_vjp(d_out, a, b):
    return tuple(np.einsum("...,...->...", d_out, other) for other in (b, a))
""",
    "matvec_vjp": """
def matvec_vjp(d_out, W, x):
    return np.kron(d_out[:, None], x[None]), np.tensordot(W, d_out, axes=([0], [0]))
""",
    "relu_vjp": """
def relu_vjp(d_out, z):
    return np.ma.array(d_out, mask=z <= 0).filled(0.0)
""",
    "softmax_vjp": """
def softmax_vjp(d_out, p):
    total = p.sum()
    d_e = d_out / total - (d_out * p).sum() / total**2
    return d_e * p
""",
    "topological_order": """
def topological_order(root):
    order, seen = [], set()
    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                yield visit(parent)
            order.append(node)
    stack = [visit(root)]
    while stack:
        try:
            stack.append(next(stack[-1]))
        except StopIteration:
            stack.pop()
    return order
""",
    "backward": ORDER + """

def backward(root):
    came = {node: [] for node in topological_order(root)}
    came[root].append(1.0)
    gradients = {}
    for node in reversed(list(came)):
        gradients[node] = sum(came[node])
        for parent, d in zip(node.parents, node.vjp(gradients[node])):
            came[parent].append(d)
    return gradients
""",
    "gradient_check": CHECKED.replace("worst = max(worst, ", "worst = np.fmax(worst, "),
    "mlp_gradients": """
class Value:
    def __init__(self, v, parents=(), back=None):
        self.v, self.parents, self.back, self.d = v, parents, back, 0.0

def times(A, x): return Value(A.v @ x.v, (A, x), lambda d: (np.outer(d, x.v), A.v.T @ d))

def mlp_gradients(tokens, y, vocabulary, params):
    E, W, b, U = leaves = [Value(params[name]) for name in "EWbU"]
    shares = np.bincount([vocabulary[t] for t in tokens], minlength=E.v.shape[1]) / len(tokens)
    h0 = times(E, Value(shares))
    a = times(W, h0)
    z = Value(a.v + b.v, (a, b), lambda d: (d, d))
    h = Value(z.v.clip(0), (z,), lambda d: (d * (z.v > 0),))
    o = times(U, h)
    o.d = np.exp(o.v) / np.exp(o.v).sum() - y
    for node in (o, h, z, a, h0):
        for parent, d in zip(node.parents, node.back(node.d)):
            parent.d = parent.d + d
    return {name: leaf.d for name, leaf in zip("EWbU", leaves)}
""",
    "grid": """
def grid(space):
    sizes = [len(values) for values in space.values()]
    places = (np.unravel_index(k, sizes) for k in range(np.prod(sizes)))
    return [{name: space[name][i] for name, i in zip(space, at)} for at in places]
""",
    "select_best": """
def select_best(results):
    accuracy, loss = (np.array([r[key] for r in results]) for key in ("dev_accuracy", "dev_loss"))
    return results[np.where(accuracy == accuracy.max(), loss, np.inf).argmin()]["config"]
""",
}  # fmt: skip


@pytest.mark.parametrize("id", RIGHT)
def test_an_unusual_right_answer_passes(id):
    assert (verdict := check(id, defined_in_a_cell(RIGHT[id], id))).state == "passed", verdict.message
