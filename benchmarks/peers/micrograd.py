"""micrograd: every number is a node of its own, so vectors and matrices are lists of nodes.

It has neither exp nor log; both are written here as its own operations are. Its backward pass calls itself
for each node on the way to the leaves, which in a deep graph needs Python's limit raised.
"""

import math
import sys

from micrograd.engine import Value


def sentence(problem):
    params = {name: _nodes(value.tolist()) for name, value in problem.params.items()}
    words, label, learning_rate = problem.words.tolist(), int(problem.y.argmax()), problem.learning_rate
    every = [node for value in params.values() for node in _flat(value)]

    def step():
        E, W, b, U = params["E"], params["W"], params["b"], params["U"]
        h0 = [sum(row[word] for word in words) * (1 / len(words)) for row in E]
        h = [(_dot(row, h0) + bias).relu() for row, bias in zip(W, b, strict=True)]
        o = [_dot(row, h) for row in U]
        largest = max(score.data for score in o)
        e = [exp(score - largest) for score in o]
        loss = -log(e[label] / sum(e))
        _update(loss, every, learning_rate)
        return loss.data

    return step, lambda: {name: _numbers(value) for name, value in params.items()}


def chain(problem):
    sys.setrecursionlimit(problem.operations * 3 + 10_000)
    params = {name: Value(value) for name, value in problem.params.items()}
    layers = range(problem.operations // 3)

    def step():
        w, b, v, c = params["w"], params["b"], params["v"], params["c"]
        x = 1.0
        for layer in layers:
            x = (x * v + c if layer % 2 else x * w + b).relu()
        loss = x**2
        _update(loss, params.values(), problem.learning_rate)
        return loss.data

    return step, lambda: {name: node.data for name, node in params.items()}


def exp(a):
    out = Value(math.exp(a.data), (a,), "exp")

    def _backward():
        a.grad += out.data * out.grad

    out._backward = _backward
    return out


def log(a):
    out = Value(math.log(a.data), (a,), "log")

    def _backward():
        a.grad += out.grad / a.data

    out._backward = _backward
    return out


def _update(loss, params, learning_rate):
    for node in params:
        node.grad = 0.0
    loss.backward()
    for node in params:
        node.data -= learning_rate * node.grad


def _dot(row, x):
    return sum(a * b for a, b in zip(row, x, strict=True))


def _nodes(values):
    return [_nodes(part) for part in values] if isinstance(values, list) else Value(values)


def _flat(nodes):
    return [node for part in nodes for node in _flat(part)] if isinstance(nodes, list) else [nodes]


def _numbers(nodes):
    return [_numbers(part) for part in nodes] if isinstance(nodes, list) else nodes.data
