"""The library's program in cheaper words, as training runs it: written once, called at each step.

As PyTorch's optimiser, the update writes into the parameters; of E, into the columns that were looked up. The
gradients are the program's own arrays, so the update may use them up.
"""

import numpy as np

import lecture_lib as ll
from lecture_lib.autodiff import SparseGradient

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
    params = {name: np.array(value, dtype=float) for name, value in problem.params.items()}
    if "E" in params:  # as mlp_parameters keeps it: a word's numbers side by side
        params["E"] = np.asfortranarray(params["E"])
    arrays = [(name, theta) for name, theta in params.items() if theta.ndim]
    numbers = [name for name, theta in params.items() if not theta.ndim]
    learning_rate = np.array(problem.learning_rate)  # as an array: NumPy multiplies with it sooner
    loss_and_gradients = ll.program(loss, varying=varying, fast=True)
    given = {**params, **inputs}

    def step():
        loss, gradients = loss_and_gradients(**given)
        for name, theta in arrays:
            d_theta = gradients[name]
            if type(d_theta) is SparseGradient:
                theta[:, d_theta.columns] -= learning_rate * d_theta.values
            else:
                d_theta *= learning_rate
                theta -= d_theta
        for name in numbers:
            given[name] = given[name] - learning_rate * gradients[name]
        return loss

    return step, lambda: {name: given[name] for name in params}
