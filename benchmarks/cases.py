"""What is measured: each case as data, and the arrays that all peers begin with.

A case has a kind, which says what is computed; the peers have one function a kind:

sentence
    one full step of the lecture's MLP on one sentence: forward, loss, all gradients, update
deep
    the same with any number of hidden layers
minibatch
    one full step on a batch of sentences with equally many words
chain
    a graph of scalar operations, each using the one before; forward, all gradients, update of 4 numbers
epoch
    one epoch of lesson 10's training: real definitions, minibatches, Adam
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

KINDS = ("sentence", "deep", "minibatch", "chain", "epoch")


@dataclass(frozen=True)
class Case:
    """One row of a table, or one point of a curve.

    The learning rates are small, so that the thousandth step has about the numbers of the first one.
    """

    name: str
    kind: str
    sizes: dict[str, int] = field(default_factory=dict)
    learning_rate: float = 1e-4


CHAIN_RATE = 1e-11  # each number is used thousands of times, and its gradient is as large

MAIN = (
    Case("a", "sentence", learning_rate=0.01),
    Case("b", "minibatch", {"vocabulary": 5000, "dimensions": 64, "hidden": 128, "batch": 64}),
    Case("c", "chain", {"operations": 10_000}, CHAIN_RATE),
    Case("d", "epoch"),
)


def _growing(kind: str, size: str, *numbers: int) -> dict[int, Case]:
    rate = CHAIN_RATE if kind == "chain" else Case.learning_rate
    return {n: Case(f"{size}={n}", kind, {size: n}, rate) for n in numbers}


GROWTH = {
    "depth": _growing("deep", "depth", 1, 3, 10, 30, 100),
    "width": _growing("minibatch", "hidden", 10, 32, 100, 320, 1000),
    "batch": _growing("minibatch", "batch", 4, 12, 40, 120, 400),
    "vocabulary": _growing("minibatch", "vocabulary", 500, 1600, 5000, 16_000, 50_000),
    "operations": _growing("chain", "operations", 1000, 3001, 10_000, 30_001, 100_000),
}
"""What grows, over a factor of 100, all else as in `MAIN`: its size -> the case."""

SMALL = (
    Case("a", "sentence"),
    Case("depth", "deep", {"depth": 3, "hidden": 5}),
    Case("b", "minibatch", {"vocabulary": 20, "dimensions": 6, "hidden": 7, "batch": 5}),
    Case("c", "chain", {"operations": 61}, 1e-6),
    Case("d", "epoch", {"examples": 100}),
)
"""Each kind in a size that every peer computes in no time, for the test."""


@dataclass(frozen=True, eq=False)
class Problem:
    """What a peer gets.

    Attributes
    ----------
    params : dict
        The first parameters, float64, named as the slides name them; deep: E, W1, b1, …, U. E has a
        column for each word. Of a chain: the numbers w, b, v, c.
    words : array of integers
        The columns of E: (n,) for one sentence, (batch, n) for a minibatch.
    y : array
        One-hot, (C,) or (batch, C).
    learning_rate : float
    operations : int
        Of a chain.
    texts : lecture_lib.learning.text.Sentences
        Of an epoch: all sentences; `words` is not used.
    batches : list of arrays of integers
        Of an epoch: the sentences of each minibatch.
    """

    params: dict[str, Any]
    words: Any = None
    y: Any = None
    learning_rate: float = 0.0
    operations: int = 0
    texts: Any = None
    batches: Any = None


def problem(case: Case) -> Problem:
    """Make the arrays of a case, the same in every process. No peer writes into them."""
    made = _problem(case.kind, tuple(case.sizes.items()))
    return made if case.kind == "epoch" else replace(made, learning_rate=case.learning_rate)


@lru_cache(maxsize=1)
def _problem(kind: str, sizes: tuple[tuple[str, int], ...]) -> Problem:
    return _MAKERS[kind](np.random.default_rng(0), **dict(sizes))


def _sentence(rng: np.random.Generator) -> Problem:
    import lecture_lib as ll

    example = ll.duck_goose()
    params = {name: np.array(value) for name, value in example.params.items()}
    words = np.array([example.vocabulary[token] for token in example.tokens])
    return Problem(params, words, np.array(example.y))


def _deep(rng: np.random.Generator, depth: int, hidden: int = 16) -> Problem:
    vocabulary, dimensions, classes, n = 20, 16, 2, 8
    params = {"E": rng.normal(size=(dimensions, vocabulary))}
    inputs = dimensions
    for layer in range(1, depth + 1):
        params[f"W{layer}"] = rng.normal(0, np.sqrt(2 / inputs), (hidden, inputs))
        params[f"b{layer}"] = np.full(hidden, 0.1)
        inputs = hidden
    params["U"] = rng.normal(0, np.sqrt(1 / inputs), (classes, inputs))
    return Problem(params, rng.integers(vocabulary, size=n), np.eye(classes)[0])


def _minibatch(
    rng: np.random.Generator,
    vocabulary: int = 5000,
    dimensions: int = 64,
    hidden: int = 128,
    batch: int = 64,
    words: int = 32,
    classes: int = 4,
) -> Problem:
    params = {
        "E": rng.normal(size=(dimensions, vocabulary)),
        "W": rng.normal(0, np.sqrt(2 / dimensions), (hidden, dimensions)),
        "b": np.zeros(hidden),
        "U": rng.normal(0, np.sqrt(2 / hidden), (classes, hidden)),
    }
    # Words are as unequally frequent as in real text (Zipf), so some come several times.
    frequency = 1 / np.arange(1, vocabulary + 1)
    drawn = rng.choice(vocabulary, size=(batch, words), p=frequency / frequency.sum())
    return Problem(params, drawn, np.eye(classes)[rng.integers(classes, size=batch)])


def _chain(rng: np.random.Generator, operations: int) -> Problem:
    # Three operations a layer and a square at the end. What w and b do, v and c undo, so that neither
    # the values nor the gradients grow or vanish, however long the chain.
    if operations % 3 != 1:
        raise ValueError(f"a chain has 3 n + 1 operations, not {operations}")
    w, b = 1.25, 0.5
    return Problem({"w": w, "b": b, "v": 1 / w, "c": -b / w}, operations=operations)


def _epoch(rng: np.random.Generator, examples: int | None = None) -> Problem:
    from functools import partial

    from lecture_lib.learning import (
        definitions,
        he,
        minibatches,
        mlp_parameters,
        normal,
        one_hot,
        sentences,
        vocabulary,
    )
    from lecture_lib.learning.wordnet import CLASSES

    # As `lecture_lib.learning.train_definitions` does it.
    train = definitions().train[:examples]
    known = vocabulary((d.tokens for d in train), 2, unknown="column")
    params = mlp_parameters(
        len(known), 16, 16, len(CLASSES), rng, initialise=he, initialise_E=partial(normal, scale=0.1)
    )
    texts = sentences([d.tokens for d in train], known)
    y = one_hot([d.label for d in train], CLASSES)
    batches = minibatches(len(train), 32, np.random.default_rng(1))
    return Problem(params, learning_rate=1e-3, y=y, texts=texts, batches=batches)


_MAKERS = {"sentence": _sentence, "deep": _deep, "minibatch": _minibatch, "chain": _chain, "epoch": _epoch}
