"""MyGrad: tensors that keep their graph until `backward`; each update writes into the parameter's array.

Its memory guard is left on, as it comes. Where a graph has but numbers, they are 0-dimensional tensors.
"""

import mygrad as mg
from mygrad.nnet.activations import relu
from mygrad.nnet.losses import softmax_crossentropy


def sentence(problem):
    words, label = problem.words, problem.y.argmax(keepdims=True)

    def loss_of(params):
        h0 = params["E"][:, words].mean(axis=1)
        h = relu(params["W"] @ h0 + params["b"])
        return softmax_crossentropy((params["U"] @ h).reshape(1, -1), label)

    return _training(problem, loss_of)


def minibatch(problem):
    words, labels = problem.words, problem.y.argmax(axis=1)

    def loss_of(params):
        h0 = params["E"].T[words].mean(axis=1)
        h = relu(h0 @ params["W"].T + params["b"])
        return softmax_crossentropy(h @ params["U"].T, labels)

    return _training(problem, loss_of)


def chain(problem):
    layers = range(problem.operations // 3)

    def loss_of(params):
        w, b, v, c = params["w"], params["b"], params["v"], params["c"]
        x = 1.0
        for layer in layers:
            x = relu(x * v + c if layer % 2 else x * w + b)
        return x**2

    return _training(problem, loss_of)


def _training(problem, loss_of):
    params = {name: mg.tensor(value) for name, value in problem.params.items()}
    learning_rate = problem.learning_rate

    def step():
        loss = loss_of(params)
        loss.backward()
        for param in params.values():
            param.data -= learning_rate * param.grad
        return loss.item()

    return step, lambda: {name: param.data for name, param in params.items()}
