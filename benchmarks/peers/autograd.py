"""autograd: the forward pass in its NumPy, gradients by `value_and_grad`; each update makes a new array."""

import autograd.numpy as np
from autograd import value_and_grad


def sentence(problem):
    words, y = problem.words, problem.y

    def loss_of(params):
        h0 = np.mean(params["E"][:, words], axis=1)
        h = np.maximum(params["W"] @ h0 + params["b"], 0)
        return -np.sum(y * log_softmax(params["U"] @ h))

    return _training(problem, loss_of)


def deep(problem):
    words, y = problem.words, problem.y
    layers = range(1, len(problem.params) // 2)

    def loss_of(params):
        h = np.mean(params["E"][:, words], axis=1)
        for layer in layers:
            h = np.maximum(params[f"W{layer}"] @ h + params[f"b{layer}"], 0)
        return -np.sum(y * log_softmax(params["U"] @ h))

    return _training(problem, loss_of)


def minibatch(problem):
    words, y = problem.words, problem.y

    def loss_of(params):
        h0 = np.mean(params["E"].T[words], axis=1)
        h = np.maximum(h0 @ params["W"].T + params["b"], 0)
        return -np.mean(np.sum(y * log_softmax(h @ params["U"].T), axis=1))

    return _training(problem, loss_of)


def chain(problem):
    layers = range(problem.operations // 3)

    def loss_of(params):
        w, b, v, c = params["w"], params["b"], params["v"], params["c"]
        x = 1.0
        for layer in layers:
            x = np.maximum(x * v + c if layer % 2 else x * w + b, 0.0)
        return x**2

    return _training(problem, loss_of)


def log_softmax(o):
    shifted = o - np.max(o, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def _training(problem, loss_of):
    params = dict(problem.params)
    learning_rate = problem.learning_rate
    loss_and_gradients = value_and_grad(loss_of)

    def step():
        loss, gradients = loss_and_gradients(params)
        for name in params:
            params[name] = params[name] - learning_rate * gradients[name]
        return loss

    return step, lambda: params
