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
CHANGED += [
    (LOSS, "sum(terms)", "terms[0] + terms[1]", "two classes written out"),
    (SHARES, "np.exp(z - z.max())", "np.exp(z.astype(np.float32))", "overflows"),
    (SHARES, "return e / e.sum()", "for v in z:\n        return np.exp(v) / np.exp(z).sum()",
     "one probability alone"),
    (PASS, "1.0", "np.ones(1)", "a seed with an axis"),
    (MEAN, "E[:, [vocabulary[t] for t in tokens]].mean(axis=1)",
     "sum([E[:, vocabulary[t]] for t in tokens], E[:, vocabulary[tokens[0]]]) / len(tokens)",
     "the first word twice"),
    (NETWORK, "np.maximum(z, 0)", "np.maximum(W @ h0, 0)", "b left out of h"),
    (NEURON, "d_d = -d_e\n    d_w = d_d * x\n    d_b = d_d", "d_w = d_e - 1 + x\n    d_b = d_e - 1 + 1",
     "factors added"),
    (GRADIENTS, "U.T @ d_o", "U.T @ o", "a value for its gradient"),
    (GRADIENTS, "np.outer(d_z, h0)", "np.outer(z, h0)", "a value for its gradient"),
    (GRADIENTS, "np.outer(d_o, h)", "np.outer(p, h)", "a value for its gradient"),
    (STOPPED, "return best_at", "return i", "where it stopped, not the best"),
]  # fmt: skip
PATHS = [
    ("b + x + 1 * 2 * x", "a without brackets"),
    ("b * 2 + a * 1", "the worked example's slopes"),
    ("4 * x + 6", "the worked example's slopes"),
    ("a + b", "sum of a and b"),
    ("3 * x**2", "3x²"),
    ("b + 2 * a", "b + 2a"),
]


_SETTINGS = "learning_rate, beta1, beta2, eps"
_WITH_DEFAULTS = "learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8"
_MOMENTS = "m = beta1 * m + (1 - beta1) * gradient\n    v = beta2 * v + (1 - beta2) * gradient**2\n    "
_STEP = "return theta - learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v"
_WALKED = """g = {root: 1.0}
    for node in ll.topological_order(root)[::-1]:
        for parent, share in zip(node.parents, node.vjp(g[node])):
            g[parent] = g.get(parent, 0.0) + share
    return g"""
_WAITED = """best = 0
    for i in range(1, len(dev_losses)):
        if dev_losses[i] < dev_losses[best]:
            best = i
        elif i - best >= {out}:
            return {kept}
    return {last}"""
_COPIED = """t, g = theta.copy(), np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        t[i] += h
        above = f(t)
        t[i] -= 2 * h
        g[i] = (above - f(t)) / (2 * h)
        {back}
    return g"""


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


WRITTEN = [
    ("nll", "-np.log(p[y.argmin()])", "a class that is not the true one"),
    ("nll", "-np.log(p[int(y[0])])", "a class that is not the true one"),
    ("nll", "-np.log(p[y.argmax() - 1])", "a class that is not the true one"),
    ("converged", "(after - before) @ (after - before) < tau", "no root"),
    ("converged", "before == after", "exactly the same"),
    ("minibatches", "[i for i in rng.permutation(n)[::batch_size]]", "not grouped into batches"),
    ("softmax", "(z - z.max()) - np.log(np.exp(z - z.max()).sum())", "the logarithm of the softmax"),
    ("softmax", "np.exp(z - z.max() / np.sum(np.exp(z - z.max())))", "divided within exp"),
    ("softmax", "1.0 * (np.arange(len(z)) == z.argmax())", "all of it for the largest"),
    ("fan_out", "2**x + (x + 1) * 2 * x", "2 to the power of x"),
    ("matvec_vjp", "np.kron(d_out, x), W.T @ d_out", "all products in one row"),
    ("matvec_vjp", "np.outer(d_out, W @ x), W.T @ d_out", "out where x belongs"),
    ("matvec_vjp", "np.array([d_out[-1] * x for _ in d_out]), W.T @ d_out", "one row under several names"),
    ("relu_vjp", "(d_out > 0) * z", "d_out and z exchanged"),
    ("softmax_vjp", "p * (1 - p) * d_out - p * (d_out @ p)", "p squared taken away twice"),
    ("softmax_vjp", "p * (1 - p @ d_out)", "1 where d_out belongs"),
    ("relu_vjp", "d_out * (z > 0).all()", "one answer for all of z"),
    ("relu_vjp", "d_out if np.all(z > 0) else np.zeros_like(d_out)", "one answer for all of z"),
    ("relu_vjp", "z", "z handed back"),
    ("topological_order", "[root]", "the root alone"),
    ("converged", "1 if np.linalg.norm(after - before) < tau else 0", "1 and 0 for True and False"),
    ("numeric_gradient", "np.gradient(f(theta), h)", "NumPy's own gradient"),
    ("nll", "float(-np.sum(p * np.log(y + 1e-9)))", "p and y exchanged"),
    ("sgd_step", "theta - learning_rate * np.clip(gradient, -1, 1)", "the gradient cut off"),
    ("sgd_step", "theta - learning_rate * np.clip(gradient, -5, 5)", "the gradient cut off"),
    ("sgd_step", "theta - learning_rate * gradient.T", "the gradient transposed"),
    (
        "softmax",
        "np.exp(z - z.max()) / np.exp(z - z.max()).sum() / len(z)",
        "divided by the number of classes",
    ),
    ("fan_out", "x * 2 + (x + 1) * 2 * x", "2x for x²"),
    ("mul_vjp", "d_out**2 * b, d_out**2 * a", "d_out squared"),
    ("matvec_vjp", "np.outer(d_out, d_out), W.T @ d_out", "d_out for x"),
    ("matvec_vjp", "np.outer(d_out, x).sum(axis=0), W.T @ d_out", "d_W added up"),
    ("matvec_vjp", "d_out[:, None] * W, W.T @ d_out", "W in d_W"),
    ("softmax_vjp", "p * (d_out - p @ d_out) / len(p)", "divided by the number of classes"),
    ("encode", "np.array(E[:, vocabulary[t]] for t in tokens).mean(axis=0)", "a generator in np.array"),
    ("fan_out", "2 * x + (x + 1) * 2", "2x for x²"),
    ("neuron_forward", "w * x, w * x + b, y + w * x + b, (y + w * x + b) ** 2", "e = y + d"),
    ("converged", "np.sqrt(abs(np.sum(after - before))) < tau", "opposites cancel"),
]
IN_LINES = [
    ("softmax", "z = z / 100 if z.max() > 700 else z\n    return np.exp(z) / np.exp(z).sum()",
     ("the scores rescaled",)),
    ("gradient_check", "a, n = gradient(theta), ll.numeric_gradient(f, theta)\n"
     "    return np.max(np.abs(a - n) * np.maximum(1, np.maximum(np.abs(a), np.abs(n))))",
     ("multiplied for divided",)),
    ("topological_order", "far, queue = {root: 0}, [root]\n    for node in queue:\n"
     "        for parent in node.parents:\n            if parent not in far:\n"
     "                far[parent] = far[node] + 1\n                queue.append(parent)\n"
     "    return sorted(far, key=far.get, reverse=True)", ("breadth first",)),
    ("topological_order", "order = [root]\n    for node in order:\n        order.extend(node.parents)\n"
     "    return list(dict.fromkeys(order[::-1]))", ("exponential",)),
    ("minibatches", "order = rng.permutation(n)\n    return [list(order[i : i + batch_size])"
     " for i in range(0, n - batch_size + 1, batch_size)]",
     ("drops the last", "lists in place of arrays")),
    ("softmax_layer_gradient", "p = np.exp(W @ x + b - max(W @ x + b))\n    return np.outer(p - y, x), p - y",
     ("divided by the largest",)),
    ("matvec_vjp", "return np.outer(W @ x, d_out), W.T @ d_out", ("d_out for x", "out for d_out")),
    ("neuron_forward", "d = w * x + b\n    return w * x, d, d - y, d", ("e = d - y", "loss = d")),
    ("numeric_gradient", "slopes = [(f(theta + s) - f(theta - s)) * (2 * h)\n"
     "              for s in h * np.eye(theta.size).reshape(-1, *theta.shape)]\n"
     "    return np.array(slopes).reshape(theta.shape)", ("multiplied by the step",)),
    ("adam_step", f"{_MOMENTS.replace('beta2 * v + (1 - beta2) * gradient**2', 'gradient**2')}{_STEP}",
     ("the old average left out",)),
    ("adam_step", "old = m\n    " + _MOMENTS + _STEP.replace("* m /", "* old /"),
     ("the step from the old moments",)),
    ("sgd_step", "new = np.zeros_like(theta)\n    for i in range(len(theta)):\n"
     "        new[i] = theta[i] - learning_rate * gradient[i]\n        return new",
     ("only the first entry, and zeros",)),
    ("gradient_check", "a, n = gradient(theta), ll.numeric_gradient(f, theta)\n"
     "    return np.max(np.abs(a - n) / np.minimum(1, np.maximum(np.abs(a), np.abs(n))))",
     ("np.minimum below",)),
    ("gradient_check", "a, n = f(theta), ll.numeric_gradient(f, theta)\n"
     "    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))",
     ("the loss for its gradient",)),
    ("gradient_check", "a, n = gradient(theta), ll.numeric_gradient(f, theta)\n"
     "    return np.linalg.norm(a - n) / max(1, np.linalg.norm(a), np.linalg.norm(n))",
     ("as two lengths",)),
    ("backward", "g = {root: 1.0}\n    for node in ll.topological_order(root)[::-1]:\n"
     "        shares = node.vjp(g[node])\n        for i in range(len(node.parents) - 1):\n"
     "            g[node.parents[i]] = g.get(node.parents[i], 0.0) + shares[i]\n    return g",
     ("the last parent left out",)),
    ("adam_step", _MOMENTS.replace("beta2", "beta1") + _STEP.replace("beta2", "beta1"),
     ("one β for both moments",)),
    ("adam_step", _MOMENTS.replace("m + (", "m - (") + _STEP, ("minus in a moment",)),
    ("adam_step", _MOMENTS.replace("beta2 * v + (1 - beta2) *", "v +") + _STEP,
     ("the new whole, and the old whole",)),
    ("adam_step",
     "m = (beta1 * m + 1 - beta1) * gradient\n    v = beta2 * v + ((1 - beta2) * gradient) ** 2\n"
     f"    {_STEP}", ("brackets around the wrong part", "1 − β₂ squared too")),
    ("adam_step", _MOMENTS + _STEP.replace("(1 - beta1**t)", "(1 - beta1) ** t"), ("(1 − β)ᵗ for 1 − βᵗ",)),
    ("sgd_step", "new = theta.copy()\n    for i in range(len(theta) - 1):\n"
     "        new[i] = theta[i] - learning_rate * gradient[i]\n    return new",
     ("the last entry does not move",)),
    ("mul_vjp", "a = d_out * b\n    b = d_out * a\n    return a, b", ("a result for its operand",)),
    ("softmax_vjp", "d_z = np.zeros(len(p))\n    for i in range(len(p)):\n"
     "        for j in range(len(p)):\n            d_z[j] += d_out[i] * p[i] * ((i == j) - p[j])\n"
     "        return d_z", ("only the first term",)),
    ("grid", "configs = [{}]\n    for name in space:\n"
     "        new = [{**config, name: value} for config in configs for value in space[name]]\n"
     "    configs = new\n    return configs", ("one name in each dict",)),
    # Two steps fewer than are asked is neither one fewer nor one more.
    ("gradient_descent", "theta = theta0\n    for step in range(1, max_steps - 1):\n        before = theta\n"
     "        theta = before - learning_rate * gradient(before)\n        if stop(before, theta, step):\n"
     "            break\n    return theta", ()),
    ("gradient_descent", "theta = theta0\n    for step in range(1, max_steps):\n        before = theta\n"
     "        theta = before - learning_rate * gradient(before)\n        if stop(before, theta, step):\n"
     "            break\n        return theta\n    return theta", ("one step at most",)),
    # 0, but for rounding, as much else gives
    ("softmax_layer_gradient", "d = ll.softmax(W @ x + b) - y\n"
     "    return np.outer(d, x), np.full(len(b), d.mean())", ()),
    # A copy is moved up and down and up again: theta itself stays as it is.
    ("numeric_gradient", _COPIED.format(back="g = g * 1.0"), ("theta stays changed",)),
    ("numeric_gradient", _COPIED.format(back="t[i] += h"), ("whole numbers cut the step off",)),
    ("numeric_gradient", _COPIED.replace("-= 2 * h", "-= h").format(back="g = g * 1.0"),
     ("one side alone, by a step and back",)),
    ("numeric_gradient", _COPIED.replace("f(t)", "f(t.ravel())").replace(
        "copy()", "astype(float)").format(back="t[i] += h"), ("f of a row",)),
]  # fmt: skip


@pytest.mark.parametrize(("id", "result", "name"), WRITTEN)
def test_a_mistake_in_one_line_has_its_name(id, result, name):
    assert _written(id, f"return {result}").misconceptions == (name,)


@pytest.mark.parametrize(("id", "body", "names"), IN_LINES)
def test_mistakes_in_several_lines_have_their_names_and_no_others(id, body, names):
    assert _written(id, body).misconceptions == names


@pytest.mark.parametrize(
    ("usual", "other"),
    [("1e-3", "1e-2"), ("beta1=0.9,", "beta1=0.99,"), ("0.999", "0.99"), ("1e-8", "1e-6"), ("1e-8", "0")],
)
def test_another_number_for_a_setting_that_is_not_handed_in_is_seen(usual, other):
    text = f"def adam_step(theta, gradient, m, v, t, {_WITH_DEFAULTS}):\n    {_MOMENTS}{_STEP}"
    verdict = check("adam_step", _defined(text, usual, other))
    assert verdict.misconceptions == ("other numbers for what is not handed in",), verdict.message


def test_a_call_that_fails_is_said_with_the_arguments_that_it_had():
    text = f"def adam_step(theta, gradient, m, v, t, {_SETTINGS}):\n    {_MOMENTS}{_STEP}"
    message = check("adam_step", _defined(text, "", "")).message
    assert "It could not be called as adam_step(theta, gradient, m, v, t, learning_rate). Are" in message


@pytest.mark.parametrize(("met", "after"), [("new", "theta"), ("theta", "new"), ("before", "new")])
def test_a_return_below_the_if_is_one_step_alone_whatever_it_gives(met, after):
    body = (
        "theta = before = theta0\n    for step in range(1, max_steps + 1):\n"
        "        new = theta - learning_rate * gradient(theta)\n        if stop(theta, new, step):\n"
        f"            return {met}\n        return {after}"
    )
    assert _written("gradient_descent", body).misconceptions == ("one step alone",)


def test_a_loop_without_an_update_is_said_to_have_none():
    body = (
        "theta = np.copy(theta0)\n    for step in range(1, max_steps + 1):\n        gradient(theta)\n"
        "        if stop(theta, theta, step):\n            return theta\n    return theta"
    )
    assert _written("gradient_descent", body).misconceptions == ("no update",)


def test_a_part_that_is_always_the_same_number_may_be_one_of_two_mistakes():
    body = "return -((y - w * x - b) ** 2) * x, 1.0"
    assert set(_written("neuron_gradients", body).misconceptions) == {
        "e = y - d squared once more",
        "the last factor of d_b alone",
    }


def test_a_second_mistake_is_named_where_both_are_right_within_what_is_allowed():
    body = (
        "back = 2 * h * np.eye(theta.size).reshape(-1, *theta.shape)\n"
        "    return np.array([(f(theta) - f(theta - b)) / (2 * h) for b in back])"
    )
    assert _written("numeric_gradient", body).misconceptions == ("two steps to one side", "flattened")


def test_a_truth_value_where_a_place_is_asked_is_still_said_to_be_one():
    body = (
        "best = waited = 0\n    for k in range(1, len(dev_losses)):\n"
        "        if dev_losses[k] < dev_losses[best]:\n            best, waited = k, 0\n"
        "        elif dev_losses[k] < dev_losses[k - 1]:\n            waited = 0\n"
        "        else:\n            waited += 1\n"
        "        if waited == patience:\n            return True\n    return False"
    )
    assert "whether it stops" in _written("early_stopping", body).misconceptions


def test_an_order_that_is_put_into_a_set_is_said_to_have_none():
    answer = _defined(ORDER, "return order", "return list(set(order))")
    assert check("topological_order", answer).misconceptions == ("all nodes in no order",)


def test_several_mistakes_are_not_said_to_make_one_truth_value_every_time():
    for size in ("np.linalg.norm(after) + 99", "np.sqrt(np.sum((after - before) ** 3) - 1)"):
        for words in _written("converged", f"return bool({size} < tau)").advice:
            assert "You return how long the change is" not in words
            assert "for each row or column" not in words


def test_the_last_pairs_of_a_table_are_tried_too():
    assert _written("nll", "return -np.mean(np.log(np.exp(p) / np.sum(np.exp(p))))").misconceptions == (
        "every class counts",
        "softmax of p",
    )


def test_a_criterion_asked_before_each_update_is_not_said_to_change_how_many_steps_are_made():
    body = (
        "theta, step = theta0, 1\n    while not stop(theta0, theta, step) and step <= max_steps:\n"
        "        theta = theta - learning_rate * gradient(theta)\n        step += 1\n    return theta"
    )
    assert _written("gradient_descent", body).misconceptions == ("asked before the update",)


def test_what_stands_side_by_side_in_one_array_is_a_tuple_of_it():
    assert _written("mul_vjp", "return d_out * np.stack([b, a])").state == "passed"
    assert (
        _written("adam_step", _MOMENTS + _STEP.replace("return ", "return np.stack([") + "])").state
        == "passed"
    )
    alone = _written("mul_vjp", "return d_out * b")
    assert "an array of shape (2,); a tuple of 2 was expected" in alone.message


def test_a_function_that_gives_none_is_not_said_to_wait_where_it_also_stops():
    body = (
        "order = []\n    def visit(n):\n        if n not in order:\n"
        "            [visit(p) for p in n.parents]\n"
        "            order.append(n)\n    return visit(root)"
    )
    message = _written("topological_order", body).message
    assert "topological_order gave None" in message
    assert "still waits" not in message


def test_a_generator_that_is_gone_through_twice_is_said_to_be_empty_then():
    body = "e = (np.exp(v - max(z)) for v in z)\n    s = sum(e)\n    return np.array([v / s for v in e])"
    message = _written("softmax", body).message
    assert "the second time nothing is left" in message
    assert "numbers of one example" not in message


def test_configurations_that_are_one_dict_are_said_to_be_the_same():
    body = (
        "names, found, config = list(space), [], {}\n    for a in space[names[0]]:\n"
        "        for b in space[names[-1]]:\n            config[names[0]], config[names[-1]] = a, b\n"
        "            found.append(config)\n    return found"
    )
    assert "all entries are the same, " in _written("grid", body).message


def test_configurations_of_an_earlier_call_are_asked_about():
    text = (
        "def grid(space, configs=[{}]):\n    for name in space:\n"
        "        configs[:] = [{**c, name: v} for c in configs for v in space[name]]\n    return configs\n"
    )
    assert "are they from an earlier call?" in check("grid", _defined(text, "", "")).message


def _written(id, body):
    asked = ", ".join(EXERCISES[id].signature)
    arguments = asked.replace(_SETTINGS, _WITH_DEFAULTS).replace("theta, h", "theta, h=1e-5")
    answer = _defined(f"def {id}({arguments}):\n    {body}\n", "", "")
    verdict = check(id, answer)
    assert untrue(verdict, EXERCISES[id], [answer], "") == []
    return verdict


NOT_SAID = [
    ("early_stopping", "for i in range(len(dev_losses)):\n        if i >= patience:\n            break\n"
     "    return i", "rises in a row"),
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
    ("mlp_forward", "z = W @ h0 + b\n    h = np.maximum(W @ h0, 0)\n    o = U @ h\n"
     "    return z, h, o, np.exp(o) / np.exp(o).sum()", "Your z is W h0 alone"),
    ("numeric_gradient", "e = h * np.eye(theta.size).reshape(-1, *theta.shape)\n"
     "    return np.reshape([(f(theta - s) - f(theta + s)) / (4 * h) for s in e], theta.shape)", "h apart"),
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


def test_a_second_schedule_with_a_factor_too_few_is_called_so():
    def linear_decay(eta0, step, total_steps):
        return eta0 * max(0.0, 1 - step / total_steps)

    def exponential_decay(eta0, step, rate):
        for _ in range(1, step):
            eta0 = eta0 * rate
        return eta0

    assert check("schedules", linear_decay, exponential_decay).misconceptions == ("a factor too few",)


@pytest.mark.parametrize(
    ("activation", "slope"), [("np.tanh(z)", "(1 - h**2)"), ("1 / (1 + np.exp(-z))", "h * (1 - h)")]
)
def test_a_network_with_another_activation_and_its_slope_is_called_so(activation, slope):
    text = GRADIENTS.replace("np.maximum(z, 0)", activation)
    verdict = check("mlp_gradients", _defined(text, "(z > 0)", slope))
    assert verdict.misconceptions == ("another activation",)


def test_two_mistakes_of_which_one_is_a_row_for_a_vector_are_both_named():
    text = GRADIENTS.replace("d_o = p - y", "d_o = y - p")
    verdict = check("mlp_gradients", _defined(text, "d_b = d_z", "d_b = d_z.reshape(1, -1)"))
    assert verdict.misconceptions == ("sign", "d_b as a column")


@pytest.mark.parametrize(("id", "text"), [
    ("relu_vjp", "def relu_vjp(d_out, z):\n    return d_out * (z >= 0)\n"),
    ("mlp_gradients", GRADIENTS.replace("(z > 0)", "(z >= 0)")),
])  # fmt: skip
def test_the_slope_at_0_is_not_said_to_be_found_by_moving_alone(id, text):
    message = check(id, _defined(text, "", "")).message
    assert re.search(r"at 0 the slope is 0\)|\(with a slope of 0 where z is 0\)", message)
    assert " a little)" not in message
