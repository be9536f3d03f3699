"""The library's record: the graph is built anew at each step, and everything is kept for display."""

import numpy as np

import lecture_lib as ll
from lecture_lib.learning.text import Sentences


def sentence(problem):
    def loss_of(nodes):
        h0 = nodes["E"][:, problem.words].mean(axis=1)
        z = nodes["W"] @ h0 + nodes["b"]
        h = ll.relu(z)
        return ll.cross_entropy(nodes["U"] @ h, problem.y)

    return _training(problem, loss_of)


def deep(problem):
    return _training(problem, lambda nodes: deep_loss(nodes, problem.words, problem.y))


def deep_loss(nodes, words, y):
    h = nodes["E"][:, words].mean(axis=1)
    for layer in range(1, len(nodes) // 2):
        h = ll.relu(nodes[f"W{layer}"] @ h + nodes[f"b{layer}"])
    return ll.cross_entropy(nodes["U"] @ h, y)


def minibatch(problem):
    texts = as_sentences(problem.words)
    return _training(problem, lambda nodes: ll.mlp_loss(nodes, texts, problem.y))


def chain(problem):
    return _training(problem, lambda nodes: chain_loss(nodes, problem.operations))


def chain_loss(nodes, operations):
    w, b, v, c = nodes["w"], nodes["b"], nodes["v"], nodes["c"]
    x = ll.data(1.0)
    for layer in range(operations // 3):
        x = ll.relu(x * v + c if layer % 2 else x * w + b)
    return x**2


def as_sentences(words):
    """Words, a sentence a row -> the library's sentences."""
    batch, n = words.shape
    return Sentences(words.ravel(), np.arange(0, batch * n + 1, n))


def _training(problem, loss_of):
    params = dict(problem.params)
    learning_rate = problem.learning_rate

    def step():
        nodes = {name: ll.parameter(value, name) for name, value in params.items()}
        record = ll.backward(loss_of(nodes))
        for name, node in nodes.items():
            params[name] = params[name] - learning_rate * record[node]
        return record.root.value

    return step, lambda: params
