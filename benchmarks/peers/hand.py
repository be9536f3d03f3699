"""The gradients derived by hand and written in NumPy, as a good student writes them.

Every update makes a new array, θ − η ∇ℓ, as on the slide. The gradient of E has a column for every word.
The chain has numbers only, so there it is plain Python.
"""

import numpy as np


def sentence(problem):
    E, W, b, U = (problem.params[name] for name in ("E", "W", "b", "U"))
    words, y, learning_rate = problem.words, problem.y, problem.learning_rate
    n = len(words)

    def step():
        nonlocal E, W, b, U
        h0 = E[:, words].mean(axis=1)
        z = W @ h0 + b
        h = np.maximum(z, 0)
        o = U @ h
        e = np.exp(o - o.max())
        p = e / e.sum()
        loss = -(y * np.log(p)).sum()

        d_o = p - y
        d_U = np.outer(d_o, h)
        d_h = U.T @ d_o
        d_z = d_h * (z > 0)
        d_b = d_z
        d_W = np.outer(d_z, h0)
        d_h0 = W.T @ d_z
        d_E = np.zeros_like(E)
        np.add.at(d_E, (slice(None), words), d_h0[:, np.newaxis] / n)

        E = E - learning_rate * d_E
        W = W - learning_rate * d_W
        b = b - learning_rate * d_b
        U = U - learning_rate * d_U
        return loss

    return step, lambda: {"E": E, "W": W, "b": b, "U": U}


def deep(problem):
    params = dict(problem.params)
    words, y, learning_rate = problem.words, problem.y, problem.learning_rate
    layers = range(1, len(params) // 2)

    def step():
        h = params["E"][:, words].mean(axis=1)
        inputs, scores = [], []
        for layer in layers:
            inputs.append(h)
            z = params[f"W{layer}"] @ h + params[f"b{layer}"]
            scores.append(z)
            h = np.maximum(z, 0)
        o = params["U"] @ h
        e = np.exp(o - o.max())
        p = e / e.sum()
        loss = -(y * np.log(p)).sum()

        d_o = p - y
        d = {"U": np.outer(d_o, h)}
        d_h = params["U"].T @ d_o
        for layer in reversed(layers):
            d_z = d_h * (scores[layer - 1] > 0)
            d[f"b{layer}"] = d_z
            d[f"W{layer}"] = np.outer(d_z, inputs[layer - 1])
            d_h = params[f"W{layer}"].T @ d_z
        d["E"] = np.zeros_like(params["E"])
        np.add.at(d["E"], (slice(None), words), d_h[:, np.newaxis] / len(words))

        for name in params:
            params[name] = params[name] - learning_rate * d[name]
        return loss

    return step, lambda: params


def minibatch(problem):
    E, W, b, U = (problem.params[name] for name in ("E", "W", "b", "U"))
    words, y, learning_rate = problem.words, problem.y, problem.learning_rate
    batch, n = words.shape

    def step():
        nonlocal E, W, b, U
        h0 = E[:, words].mean(axis=2).T
        z = h0 @ W.T + b
        h = np.maximum(z, 0)
        o = h @ U.T
        e = np.exp(o - o.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        loss = -(y * np.log(p)).sum(axis=1).mean()

        d_o = (p - y) / batch
        d_U = d_o.T @ h
        d_h = d_o @ U
        d_z = d_h * (z > 0)
        d_b = d_z.sum(axis=0)
        d_W = d_z.T @ h0
        d_h0 = d_z @ W
        d_E = np.zeros_like(E)
        np.add.at(d_E, (slice(None), words), d_h0.T[:, :, np.newaxis] / n)

        E = E - learning_rate * d_E
        W = W - learning_rate * d_W
        b = b - learning_rate * d_b
        U = U - learning_rate * d_U
        return loss

    return step, lambda: {"E": E, "W": W, "b": b, "U": U}


def chain(problem):
    w, b, v, c = (problem.params[name] for name in ("w", "b", "v", "c"))
    learning_rate = problem.learning_rate
    layers = range(problem.operations // 3)

    def step():
        nonlocal w, b, v, c
        x = 1.0
        inputs, scores = [], []
        for layer in layers:
            inputs.append(x)
            z = x * v + c if layer % 2 else x * w + b
            scores.append(z)
            x = z if z > 0 else 0.0
        loss = x * x

        d_x = 2 * x
        d_w = d_b = d_v = d_c = 0.0
        for layer in reversed(layers):
            d_z = d_x if scores[layer] > 0 else 0.0
            if layer % 2:
                d_v += d_z * inputs[layer]
                d_c += d_z
                d_x = d_z * v
            else:
                d_w += d_z * inputs[layer]
                d_b += d_z
                d_x = d_z * w

        w -= learning_rate * d_w
        b -= learning_rate * d_b
        v -= learning_rate * d_v
        c -= learning_rate * d_c
        return loss

    return step, lambda: {"w": w, "b": b, "v": v, "c": c}


def epoch(problem):
    names = ("E", "W", "b", "U")
    params = {}

    def step():
        params.update(problem.params)
        m = {name: np.zeros_like(params[name]) for name in names}
        v = {name: np.zeros_like(params[name]) for name in names}
        total = 0.0
        for t, batch in enumerate(problem.batches, 1):
            loss, d = gradients(params, problem.texts[batch], problem.y[batch])
            for name in names:
                m[name] = 0.9 * m[name] + 0.1 * d[name]
                v[name] = 0.999 * v[name] + 0.001 * d[name] ** 2
                m_hat = m[name] / (1 - 0.9**t)
                v_hat = v[name] / (1 - 0.999**t)
                params[name] = params[name] - problem.learning_rate * m_hat / (np.sqrt(v_hat) + 1e-8)
            total += loss
        return total / len(problem.batches)

    def gradients(params, texts, y):
        E, W, b, U = (params[name] for name in names)
        ends = zip(texts.starts[:-1], texts.starts[1:], strict=True)
        sentences = [texts.words[start:end] for start, end in ends]
        h0 = np.array([E[:, words].mean(axis=1) for words in sentences])
        z = h0 @ W.T + b
        h = np.maximum(z, 0)
        o = h @ U.T
        e = np.exp(o - o.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        loss = -(y * np.log(p)).sum(axis=1).mean()

        d_o = (p - y) / len(y)
        d_U = d_o.T @ h
        d_h = d_o @ U
        d_z = d_h * (z > 0)
        d_b = d_z.sum(axis=0)
        d_W = d_z.T @ h0
        d_h0 = d_z @ W
        d_E = np.zeros_like(E)
        for words, d in zip(sentences, d_h0, strict=True):
            np.add.at(d_E, (slice(None), words), d[:, np.newaxis] / len(words))
        return loss, {"E": d_E, "W": d_W, "b": d_b, "U": d_U}

    return step, lambda: params
