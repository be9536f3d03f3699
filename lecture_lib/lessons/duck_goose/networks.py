"""The duck, duck, goose network for the exercises: what is right, slowly, and problems to ask about.

What is right is found in a way that no answer takes: sums entry by entry in plain Python, and
gradients by moving each parameter a little.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import slopes, tenths

Params = Mapping[str, Array]


@dataclass(frozen=True)
class Problem:
    """A sentence with its label, a vocabulary and parameters: E (d, V), W (n, d), b (n,), U (C, n)."""

    tokens: tuple[str, ...]
    y: Array
    vocabulary: dict[str, int]
    params: dict[str, Array]


# ------------------------------------------------------------------ what is right


def mean_column(tokens: Sequence[str], vocabulary: Mapping[str, int], E: Array) -> Array:
    """Return h0, an entry at a time."""
    return np.array(
        [math.fsum(float(row[vocabulary[token]]) for token in tokens) / len(tokens) for row in E],
        dtype=np.float64,
    )


def weighted_sums(M: Array, v: Array) -> list[float]:
    """Return the entries of M v, each a sum of its own."""
    return [math.fsum(float(a) * float(c) for a, c in zip(row, v, strict=True)) for row in M]


def forward_values(h0: Array, W: Array, b: Array, U: Array) -> dict[str, Array]:
    """Return z, h, o and p, an entry at a time."""
    z = np.array([total + float(bias) for total, bias in zip(weighted_sums(W, h0), b, strict=True)])
    h = np.array([value if value > 0 else 0.0 for value in z])
    o = np.array(weighted_sums(U, h))
    p = np.array([1 / math.fsum(math.exp(other - score) for other in o) for score in o])
    return {"z": z, "h": h, "o": o, "p": p}


def all_values(problem: Problem) -> dict[str, Array]:
    """Return h0, z, h, o, p and the loss of a problem."""
    h0 = mean_column(problem.tokens, problem.vocabulary, problem.params["E"])
    values = forward_values(h0, problem.params["W"], problem.params["b"], problem.params["U"])
    loss = math.fsum(-float(y) * math.log(float(p)) for y, p in zip(problem.y, values["p"], strict=True))
    return {"h0": h0, **values, "loss": np.array(loss)}


def loss_of(problem: Problem, params: Params) -> float:
    """Return the loss of a problem's sentence with other parameters, by way of log Σ exp o − Σ y o."""
    E, W, b, U = params["E"], params["W"], params["b"], params["U"]
    shares = np.zeros(E.shape[1])
    for token in problem.tokens:
        shares[problem.vocabulary[token]] += 1 / len(problem.tokens)
    z = W @ (E @ shares) + b
    o = U @ np.where(z > 0, z, 0.0)
    return float(np.log(np.exp(o).sum()) - problem.y @ o)


def measured_gradients(problem: Problem, names: Iterable[str] = ("E", "W", "b", "U")) -> dict[str, Array]:
    """Return the loss's gradients, by moving each entry of each parameter a little."""
    return {
        name: slopes(
            lambda moved, name=name: loss_of(problem, {**problem.params, name: moved}), problem.params[name]
        )
        for name in names
    }


# ------------------------------------------------------------------ problems to ask about

_WORDS = ("duck", "goose", "swan", "crane", "heron")


def draw_problem(
    rng: np.random.Generator, dimensions: int, words: int, hidden: int, classes: int, length: int, again: bool
) -> Problem:
    """Draw a problem in numbers of one decimal, with a dead unit and a live one, none near the edge.

    `again` says whether a word of the sentence comes again.
    """
    while True:
        columns = rng.permutation(words)
        vocabulary = {_WORDS[place]: int(columns[place]) for place in range(words)}
        if again:
            picks = np.concatenate([[0, 0], rng.integers(0, words, length - 2)])
        else:
            picks = rng.permutation(words)[:length]
        params = {
            "E": tenths(rng, (dimensions, words), 1, 15),
            "W": tenths(rng, (hidden, dimensions), 1, 10),
            "b": tenths(rng, (hidden,), 2, 8),
            "U": tenths(rng, (classes, hidden), 1, 10),
        }
        y = np.zeros(classes)
        y[rng.integers(classes)] = 1.0
        tokens = tuple(_WORDS[int(place)] for place in rng.permutation(picks))
        problem = Problem(tokens, y, vocabulary, params)
        h0 = params["E"][:, [vocabulary[token] for token in tokens]].sum(axis=1) / length
        z = params["W"] @ h0 + params["b"]
        o = params["U"] @ np.maximum(z, 0)
        if (
            min(abs(z)) >= 0.1
            and min(abs(h0)) >= 0.1
            and max(z) > 0.2
            and min(z) < -0.2
            and max(h0) > 0
            and min(h0) < 0
            and max(o) - min(o) < 2.5
        ):
            return problem
