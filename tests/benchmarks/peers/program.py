"""The library's program: the record of one step written out as NumPy once, called at each step."""

import lecture_lib as ll

from . import record


def sentence(problem):
    nodes = _parameters(problem)
    h0 = nodes["E"][:, problem.words].mean(axis=1)
    z = nodes["W"] @ h0 + nodes["b"]
    loss = ll.cross_entropy(nodes["U"] @ ll.relu(z), ll.data(problem.y, "y"))
    return _training(problem, loss, y=problem.y)


def deep(problem):
    loss = record.deep_loss(_parameters(problem), problem.words, ll.data(problem.y, "y"))
    return _training(problem, loss, y=problem.y)


def minibatch(problem):
    texts = record.as_sentences(problem.words)
    loss = ll.mlp_loss(_parameters(problem), texts, ll.data(problem.y, "y"))
    return _training(problem, loss, varying={"texts": texts}, texts=texts, y=problem.y)


def chain(problem):
    return _training(problem, record.chain_loss(_parameters(problem), problem.operations))


def _parameters(problem):
    return {name: ll.parameter(value, name) for name, value in problem.params.items()}


def _training(problem, loss, *, varying=None, **inputs):
    params = dict(problem.params)
    learning_rate = problem.learning_rate
    loss_and_gradients = ll.program(loss, varying=varying)

    def step():
        loss, gradients = loss_and_gradients(**params, **inputs)
        for name in params:
            params[name] = params[name] - learning_rate * gradients[name]
        return loss

    return step, lambda: params
