"""Wrong answers met in trials: a right answer with a few words changed, or lines of its own."""

import re

import pytest

from lecture_lib.lessons import EXERCISES, check
from tests.exercises.cells import defined_in_a_cell
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
ORDER = """
def topological_order(root):
    order, seen, todo = [], set(), [(root, False)]
    while todo:
        node, done = todo.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            todo.append((node, True))
            for parent in node.parents:
                todo.append((parent, False))
    return order
"""
CHECKED = """
def gradient_check(f, gradient, theta):
    a, worst, h = gradient(theta), 0.0, 1e-5
    for i in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[i] = h
        n = (f(theta + step) - f(theta - step)) / (2 * h)
        worst = max(worst, abs(a[i] - n) / max(1, abs(a[i]), abs(n)))
    return worst
"""
STOPPED = """
def early_stopping(dev_losses, patience):
    best, best_at, waited = float("inf"), 0, 0
    for i, loss in enumerate(dev_losses):
        if loss < best:
            best, best_at, waited = loss, i, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best_at
"""
CHANGED += [
    (ORDER, "in node.parents:", "in node.parents[:1]:", "one parent alone"),
    (ORDER, "return order", "return order + [root]", "the root twice"),
    (ORDER, "return order", "return order[1:]", "leaves left out"),
    (CHECKED, "1e-5", "0.1", "a step of the wrong size"),
    (CHECKED, "max(1, abs(a[i]), abs(n))", "max(abs(a[i]), abs(n))", "no 1 in the denominator"),
    (STOPPED, 'float("inf")', "1.0", "a number for the first best loss"),
    (STOPPED, "loss < best:", "round(loss, 1) < round(best, 1):", "losses rounded"),
    (STOPPED, "loss < best:", "round(loss, 2) < round(best, 2):", "losses rounded"),
    (MEAN, "vocabulary[t] for t in tokens", "tokens.index(t) for t in tokens",
     "the place in the sentence for the column"),
    (NETWORK, "np.maximum(z, 0)", "np.clip(z, 0, 1)", "cut off above"),
    (NETWORK, "p = np.exp(o) / np.exp(o).sum()", "p = np.eye(len(o))[o.argmax()]", "the largest only"),
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
    assert old in text
    return defined_in_a_cell(text.replace(old, new) if old else text)


NOT_SAID = [
    ("mul_vjp", "return d_out * a * b / a**2, d_out * a", "Both of yours"),
    ("softmax_layer_gradient",
     "p = np.exp(W @ x + b)\n    p = p / p.sum()\n    return np.outer(p - y, x) + W, p - y", "after a step"),
    ("minibatches", "return [rng.permutation(n)[:batch_size] for _ in range(0, n, batch_size)]",
     "the first one"),
    ("encode", "return sum(E[:, vocabulary[t]] for t in vocabulary) / len(tokens)", "mean of all"),
    ("converged", "return np.linalg.norm(after, before) < tau", "An if needs"),
    ("nll", "for pi, yi in enumerate(p, y):\n        return 1.0", "np.sum adds up"),
    ("matvec_vjp", "return np.outer(d_out @ x), W.T @ d_out", "W @ … add"),
    ("matvec_vjp", "return W.T @ d_out, W.T @ d_out", "d_out @ x"),
    ("neuron_forward", "d = w * x + b\n    return d, d, y - d, (y - d) ** 2", "All four are there"),
    ("neuron_gradients", "d_d = 2 * (w * x + b - y)\n    return d_d, d_d", "Both numbers are there"),
    ("nll", "return -np.log(1 - p[-1]) * (1 - y[-1])", "it is 0"),
    ("backward", "return [1.0]", "in the dict that was returned"),
]  # fmt: skip


@pytest.mark.parametrize(("id", "body", "untrue_of_it"), NOT_SAID)
def test_what_is_true_of_another_answer_alone_is_not_said(id, body, untrue_of_it):
    arguments = ", ".join(EXERCISES[id].signature)
    answer = _defined(f"def {id}({arguments}):\n    {body}\n", "", "")
    verdict = check(id, answer)
    assert verdict.state != "passed"
    assert untrue_of_it not in verdict.message


def test_two_numbers_that_look_the_same_are_told_apart_by_more_digits():
    answer = _defined(PASS, "return gradients", "return {n: np.round(g, 3) for n, g in gradients.items()}")
    found = re.search(
        r"gave (\S+) for node \d+(?:, the root)?; (\S+) was expected", check("backward", answer).message
    )
    assert found[1] != found[2]


def test_an_argument_that_is_missing_is_said_where_it_is_missed_first():
    answer = _defined("def numeric_gradient(f, theta):\n    return 0.0 * theta\n", "", "")
    assert "takes 2 positional arguments but 3 were given" in check("numeric_gradient", answer).message
