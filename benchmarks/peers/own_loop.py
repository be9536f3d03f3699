"""A user's own loop, written from the documentation of `ll.program` alone: no knowledge of what is inside.

The words are looked up by `E[:, words]`, E stands in memory as NumPy makes it, and each parameter is updated
in place by its gradient.
"""

import numpy as np

import lecture_lib as ll


def minibatch(problem):
    P = {name: np.array(value) for name, value in problem.params.items()}
    nodes = {name: ll.parameter(value, name) for name, value in P.items()}
    words, y = problem.words, problem.y
    h0 = nodes["E"][:, words].mean(axis=2).T
    h = ll.relu(h0 @ nodes["W"].T + nodes["b"])
    loss = ll.cross_entropy(h @ nodes["U"].T, ll.data(y, "y")).mean()
    step = ll.program(loss, varying={"words": words}, fast=True)
    eta = problem.learning_rate

    def one_step():
        loss, G = step(**P, words=words, y=y)
        for k in P:
            P[k] -= eta * G[k]
        return loss

    return one_step, lambda: P
