"""The duck, duck, goose network for the exercises: what is right, slowly, and what people do instead.

What is right is found in a way that no answer takes: sums entry by entry in plain Python, and
gradients by moving each parameter a little. What people do instead is one network whose mistakes
are switched on by name, so that two of them can be made at once.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lecture_lib.exercises.oracles import slopes, tenths

FloatArray = NDArray[np.float64]
Params = Mapping[str, FloatArray]


@dataclass(frozen=True)
class Problem:
    """A sentence with its label, a vocabulary and parameters: E (d, V), W (n, d), b (n,), U (C, n)."""

    tokens: tuple[str, ...]
    y: FloatArray
    vocabulary: dict[str, int]
    params: dict[str, FloatArray]


# ------------------------------------------------------------------ what is right


def mean_column(tokens: Sequence[str], vocabulary: Mapping[str, int], E: FloatArray) -> FloatArray:
    """Return h0, an entry at a time."""
    return np.array(
        [math.fsum(float(row[vocabulary[token]]) for token in tokens) / len(tokens) for row in E],
        dtype=np.float64,
    )


def weighted_sums(M: FloatArray, v: FloatArray) -> list[float]:
    """Return the entries of M v, each a sum of its own."""
    return [math.fsum(float(a) * float(c) for a, c in zip(row, v, strict=True)) for row in M]


def forward_values(h0: FloatArray, W: FloatArray, b: FloatArray, U: FloatArray) -> dict[str, FloatArray]:
    """Return z, h, o and p, an entry at a time."""
    z = np.array([total + float(bias) for total, bias in zip(weighted_sums(W, h0), b, strict=True)])
    h = np.array([value if value > 0 else 0.0 for value in z])
    o = np.array(weighted_sums(U, h))
    p = np.array([1 / math.fsum(math.exp(other - score) for other in o) for score in o])
    return {"z": z, "h": h, "o": o, "p": p}


def all_values(problem: Problem) -> dict[str, FloatArray]:
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


def measured_gradients(
    problem: Problem, names: Iterable[str] = ("E", "W", "b", "U")
) -> dict[str, FloatArray]:
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


# ------------------------------------------------------------------ what people do instead

Flaws = Collection[str]


def encode_with(
    flaws: Flaws, tokens: Sequence[str], vocabulary: Mapping[str, int], E: FloatArray
) -> FloatArray:
    """Return h0 with mistakes."""
    places = [vocabulary[token] for token in tokens]
    if "the column by the order of the dict" in flaws:
        places = [list(vocabulary).index(token) for token in tokens]
    if "a repeated word once" in flaws:
        places = sorted(set(places))
    if "only the first word" in flaws:
        places = places[:1]
    if "return inside the loop" in flaws:
        return E[:, places[0]] / len(tokens)
    if "only the last word" in flaws:
        places = places[-1:]
    vectors = (
        [E[place] for place in places] if "rows for columns" in flaws else [E[:, place] for place in places]
    )
    total = np.sum(vectors, axis=0)
    if "sum for mean" in flaws:
        return total
    if "divides by V" in flaws:
        return total / len(vocabulary)
    if "divides by the dimensions" in flaws:
        return total / len(E)
    if "a repeated word once, divided by all" in flaws:
        return np.sum([E[:, place] for place in set(places)], axis=0) / len(tokens)
    if "mean of all numbers" in flaws:
        return np.asarray(np.mean(vectors), dtype=np.float64)
    return total / len(places)


def python_max(z: FloatArray) -> FloatArray:
    """Return what Python's own max makes of an array: an error, but for an array of one entry."""
    return cast("FloatArray", max(cast("float", z), 0))


def softmax_with(flaws: Flaws, o: FloatArray) -> FloatArray:
    """Return p with mistakes."""
    if "unnormalised p" in flaws:
        return np.exp(o)
    if "o divided by its sum" in flaws:
        return o / np.sum(o)
    if "sigmoid of o" in flaws:
        return 1 / (1 + np.exp(-o))
    if "log of p" in flaws:
        return o - np.log(np.sum(np.exp(o)))
    if "exp of minus o" in flaws:
        return np.exp(-o) / np.sum(np.exp(-o))
    if "divided by the largest" in flaws:
        return np.exp(o) / np.max(np.exp(o))
    if "the largest only" in flaws:
        return (o == np.max(o)).astype(np.float64)
    return np.exp(o) / np.sum(np.exp(o))


def forward_with(
    flaws: Flaws, h0: FloatArray, W: FloatArray, b: FloatArray, U: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return (z, h, o, p) with mistakes."""
    z = W * h0 if "W * h0" in flaws else (W.T if "transposed W" in flaws else W) @ h0
    if "b subtracted" in flaws:
        z = z - b
    elif not {"b left out", "b on the output"} & set(flaws):
        z = z + b
    h = python_max(z) if "Python's max" in flaws else np.maximum(z, 0)
    if "np.max for np.maximum" in flaws:
        h = np.max(z, 0)
    if "ReLU left out" in flaws:
        h = z
    if "absolute value for ReLU" in flaws:
        h = np.abs(z)
    if "sigmoid for ReLU" in flaws:
        h = 1 / (1 + np.exp(-z))
    if "tanh for ReLU" in flaws:
        h = np.tanh(z)
    if "one or zero for ReLU" in flaws:
        h = (z > 0).astype(np.float64)
    if "minimum for maximum" in flaws:
        h = np.minimum(z, 0)
    if "U * h" in flaws:
        o = U * h
    else:
        o = (U.T if "transposed U" in flaws else U) @ (z if "z into the output" in flaws else h)
    if "b on the output" in flaws or "b on the output, too" in flaws:
        o = o + b
    if "ReLU on o, too" in flaws:
        o = np.maximum(o, 0)
    p = softmax_with(flaws, h if "softmax of h" in flaws else z if "softmax of z" in flaws else o)
    return (h if "gives h for z" in flaws else z), h, o, p


def loss_with(flaws: Flaws, p: FloatArray, y: FloatArray) -> np.float64:
    """Return the loss with mistakes."""
    logs = np.log(p)
    if "log to base 2" in flaws:
        logs = np.log2(p)
    if "log to base 10" in flaws:
        logs = np.log10(p)
    if "log of the wrong class" in flaws:
        return -np.sum((1 - y) * logs)
    if "no minus" in flaws:
        return np.sum(y * logs)
    if "squared error" in flaws:
        return np.sum((y - p) ** 2)
    if "mean over the classes" in flaws:
        return -np.sum(y * logs) / len(y)
    if "both classes" in flaws:
        return -np.sum(logs)
    if "p, not its log" in flaws:
        return np.sum(y * p)
    return -np.sum(y * logs)


def values_with(flaws: Flaws, problem: Problem) -> dict[str, object]:
    """Return h0, z, h, o, p and the loss with mistakes."""
    params = problem.params
    with np.errstate(all="ignore"):
        h0 = encode_with(flaws, problem.tokens, problem.vocabulary, params["E"])
        z, h, o, p = forward_with(flaws, h0, params["W"], params["b"], params["U"])
        return {"h0": h0, "z": z, "h": h, "o": o, "p": p, "loss": loss_with(flaws, p, problem.y)}


def d_output_with(flaws: Flaws, y: FloatArray, p: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the gradients with respect to p and to o, with mistakes."""
    d_p = -y / p
    if "positive sign" in flaws or "sign" in flaws:
        d_p = y / p
    if "y left out of 1/p" in flaws:
        d_p = -1 / p
    if "1/p left out" in flaws:
        d_p = -y
    if "p for 1/p" in flaws:
        d_p = -y * p
    if "the loss for its derivative" in flaws:
        d_p = -y * np.log(p)
    d_o = p - y
    if "y - p" in flaws or "sign" in flaws:
        d_o = y - p
    if "y left out" in flaws:
        d_o = p
    if "softmax left out" in flaws:
        d_o = -y / p
    if "the softmax's diagonal only" in flaws:
        d_o = -y * (1 - p)
    if "absolute difference" in flaws:
        d_o = np.abs(p - y)
    if "mean over the classes" in flaws:
        d_o = d_o / len(y)
    return d_p, d_o


def gradients_with(
    flaws: Flaws, tokens: Sequence[str], y: FloatArray, vocabulary: Mapping[str, int], params: Params
) -> dict[str, FloatArray]:
    """Return the gradients of the parameters, and of p and o, with mistakes."""
    E, W, b, U = params["E"], params["W"], params["b"], params["U"]
    h0 = encode_with(flaws, tokens, vocabulary, E)
    z, h, _, p = forward_with(flaws, h0, W, b, U)
    d_p, d_o = d_output_with(flaws, y, p)
    into_U = z if "z for h in d_U" in flaws else h0 if "h0 for h in d_U" in flaws else h
    d_U = _outer_with(flaws, "U", d_o, into_U)
    used = U
    for flaw, rate in UPDATED_BEFORE.items():
        if flaw in flaws:
            used = U - rate * d_U
    d_h = (used @ d_o) if "U for its transpose" in flaws else used.T @ d_o
    slope = z > 0
    if "mask by h0's sign on d_h" in flaws:
        slope = h0 > 0
    if "mask by its own sign" in flaws:
        slope = d_h > 0
    if "no ReLU mask" in flaws or "mask by h0's sign on d_h0" in flaws:
        slope = np.ones_like(z)
    if "mask times z" in flaws:
        slope = np.maximum(z, 0)
    d_z = d_h * slope
    d_W = _outer_with(flaws, "W", d_z, h if "h for h0 in d_W" in flaws else h0)
    d_b = d_h if "no ReLU mask on d_b" in flaws else d_z
    d_h0 = (W @ d_z) if "W for its transpose" in flaws else W.T @ d_z
    if "mask by h0's sign on d_h0" in flaws or "mask by h0's sign on d_h0, too" in flaws:
        d_h0 = d_h0 * (h0 > 0)
    d_E = _d_E_with(flaws, d_h0, tokens, vocabulary, E)
    gradients = {
        "E": d_E,
        "W": d_W.T if "transposed d_W" in flaws else d_W,
        "b": d_b[:, np.newaxis] if "d_b as a column" in flaws else d_b,
        "U": d_U.T if "transposed d_U" in flaws else d_U,
        "p": d_p,
        "o": d_o,
    }
    for flaw, rate in STEPPED.items():
        if flaw in flaws:
            gradients |= {name: params[name] - rate * gradients[name] for name in ("E", "W", "b", "U")}
    return gradients


def _outer_with(flaws: Flaws, name: str, d_out: FloatArray, into: FloatArray) -> FloatArray:
    if f"one number for d_{name}" in flaws:
        return np.asarray(d_out @ into.T)
    if f"elementwise d_{name}" in flaws:
        return d_out * into
    return np.outer(d_out, into)


UPDATED_BEFORE = {f"U updated before it is used, rate {rate:g}": rate for rate in (0.01, 0.1, 1.0)}
STEPPED = {f"updated parameters, rate {rate:g}": rate for rate in (0.01, 0.1, 1.0)}


def _d_E_with(
    flaws: Flaws, d_h0: FloatArray, tokens: Sequence[str], vocabulary: Mapping[str, int], E: FloatArray
) -> FloatArray:
    places = [vocabulary[token] for token in tokens]
    share = float(len(tokens))
    if "E not divided" in flaws:
        share = 1.0
    if "E divided by V" in flaws:
        share = float(len(vocabulary))
    if "E divided by the different words" in flaws:
        share = float(len(set(places)))
    d_E = np.zeros_like(E)
    if "every column of E" in flaws:
        return d_E + d_h0[:, np.newaxis] / share
    if "return inside the loop over the words" in flaws:
        places = places[:1]
    for place in sorted(set(places)):
        times = 1 if "a repeated word counted once in E" in flaws else places.count(place)
        if "rows of E" in flaws:
            d_E[place] += times * d_h0 / share
        else:
            d_E[:, place] += times * d_h0 / share
    return d_E


def pairs(names: Iterable[str], apart: Callable[[str, str], bool] | None = None) -> Iterator[tuple[str, str]]:
    """Return every two of the names that can be made together."""
    for one, two in itertools.combinations(names, 2):
        if apart is None or apart(one, two):
            yield one, two
