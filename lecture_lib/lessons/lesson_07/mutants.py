"""Training runs with one thing wrong each: the loop is written once, and every mistake is an edit of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import Edit, RightAnswer, mistakes

Params = tuple[Array, Array, Array]
_Way = tuple[list[Params], list[NDArray[np.int64]]]

CLASSES, INPUTS, HIDDEN, STEPS = 3, 4, 8, 150
TRAINING, DEVELOPMENT = 60, 60


def _gradients(x: Array, y: Array, W: Array, b: Array, U: Array) -> Params:
    """The gradients of the mean NLL of a network of one hidden layer, d_W, d_b and d_U."""
    z = x @ W.T + b
    h = np.maximum(z, 0)
    d_o = (_softmax(h @ U.T) - y) / len(x)
    d_z = (d_o @ U) * (z > 0)
    return d_z.T @ x, d_z.sum(axis=0), d_o.T @ h


def _softmax(scores: Array) -> Array:
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


TRAIN = RightAnswer(
    "train",
    """
    def train(X, Y, rng, steps):
        W = rng.uniform(-1, 1, (8, X.shape[1]))
        b = np.zeros(8)
        U = rng.uniform(-1, 1, (Y.shape[1], 8))
        learning_rate = 0.3
        way = [(W, b, U)]
        batches = []
        for step in range(steps):
            batch = rng.choice(len(X), 10, replace=False)
            x, y = X[batch], Y[batch]
            d_W, d_b, d_U = gradients(x, y, W, b, U)
            W = W - learning_rate * d_W
            b = b - learning_rate * d_b
            U = U - learning_rate * d_U
            way.append((W, b, U))
            batches.append(batch)
        return way, batches
    """,
    {"gradients": _gradients},
)
_MOVES = {f"{name} - learning_rate * d_{name}": f"{name} + learning_rate * d_{name}" for name in "WbU"}
EDITS = (
    Edit("the learning rate is too large", {"learning_rate = 0.3": "learning_rate = 10.0"}, ""),
    Edit("the learning rate is too small", {"learning_rate = 0.3": "learning_rate = 0.0003"}, ""),
    Edit("the sign of the update is wrong", _MOVES, ""),
    Edit("the gradient is always taken at θ₀", {"gradients(x, y, W, b, U)": "gradients(x, y, *way[0])"}, ""),
    Edit("the batch never changes", {"rng.choice(len(X), 10, replace=False)": "np.arange(10)"}, ""),
    Edit(
        "all parameters begin at 0",
        {
            "W = rng.uniform(-1, 1, (8, X.shape[1]))": "W = np.zeros((8, X.shape[1]))",
            "U = rng.uniform(-1, 1, (Y.shape[1], 8))": "U = np.zeros((Y.shape[1], 8))",
        },
        "",
    ),
    Edit("all units are dead from the start", {"b = np.zeros(8)": "b = np.full(8, -20.0)"}, ""),
    Edit("the labels are shifted by one text", {"W = rng": "Y = np.roll(Y, 1, axis=0)\n    W = rng"}, ""),
)
HEALTHY = "nothing is wrong"
CAUSES = (*(edit.name for edit in EDITS), HEALTHY)


@dataclass(frozen=True, eq=False)
class Run:
    """What can be seen of a training run.

    Attributes
    ----------
    batch_losses
        of each step's minibatch, before the step
    train_losses, dev_losses
        of all training data and of the development set, before the first step and after each; infinite where
        a float can no longer hold it
    train_accuracy, dev_accuracy
        at the end
    slopes
        the length of the gradient on all training data, at first and at the end
    sizes
        the length of all parameters together, at first and at the end
    moved
        how far the parameters are from where they began, at the end
    on
        how many of the eight hidden units are on for at least one training text, at first and at the end
    same_way
        the mean cosine between one update and the next; 0 where nothing moves
    """

    batch_losses: tuple[float, ...]
    train_losses: tuple[float, ...]
    dev_losses: tuple[float, ...]
    train_accuracy: float
    dev_accuracy: float
    slopes: tuple[float, float]
    sizes: tuple[float, float]
    moved: float
    on: tuple[int, int]
    same_way: float

    @property
    def rises(self) -> float:
        """The share of steps after which the loss on all training data was larger."""
        return float(np.mean(np.diff(self.train_losses) > 0))


def _scores(X: Array, params: Params) -> Array:
    W, b, U = params
    return np.maximum(X @ W.T + b, 0) @ U.T


def _loss(X: Array, Y: Array, params: Params) -> float:
    """The mean NLL, from the scores, so that no probability rounds to 0."""
    scores = _scores(X, params)
    largest = scores.max(axis=1)
    logs = largest + np.log(np.exp(scores - largest[:, None]).sum(axis=1)) - (scores * Y).sum(axis=1)
    loss = float(logs.mean())
    return loss if np.isfinite(loss) else float("inf")


def _length(params: Params) -> float:
    return float(np.sqrt(sum(float(np.sum(part**2)) for part in params)))


def _difference(one: Params, other: Params) -> Params:
    return other[0] - one[0], other[1] - one[1], other[2] - one[2]


def _texts(rng: np.random.Generator, centres: Array, count: int) -> tuple[Array, Array]:
    """So many points around the classes' centres, in a random order, and their labels, one-hot."""
    classes = rng.permutation(np.arange(count) % CLASSES)
    return centres[classes] + rng.normal(scale=0.8, size=(count, INPUTS)), np.eye(CLASSES)[classes]


@lru_cache(maxsize=64)
def trained(cause: str, seed: int) -> Run:
    """Train with one thing wrong.

    Parameters
    ----------
    cause : str
        one of CAUSES
    seed : int
        where the data, the initial parameters and the minibatches come from

    Examples
    --------
    >>> run = trained("all parameters begin at 0", 0)
    >>> run.slopes, run.moved, len(run.batch_losses)
    ((0.0, 0.0), 0.0, 150)
    """
    rng = np.random.default_rng(seed)
    centres = 2.2 * np.eye(CLASSES, INPUTS)[rng.permutation(CLASSES)]
    X, Y = _texts(rng, centres, TRAINING)
    dev_X, dev_Y = _texts(rng, centres, DEVELOPMENT)
    mutants = {known.name: known.answers[0] for known in mistakes(TRAIN, EDITS)}
    with np.errstate(all="ignore"):  # a run that diverges is a result here
        way, batches = cast("_Way", mutants.get(cause, TRAIN)(X, Y, rng, STEPS))
        given = np.roll(Y, 1, axis=0) if "shifted" in cause else Y
        return _seen(way, batches, (X, given), (dev_X, dev_Y))


def _seen(
    way: list[Params],
    batches: list[NDArray[np.int64]],
    data: tuple[Array, Array],
    dev: tuple[Array, Array],
) -> Run:
    X, Y = data
    steps: list[Array] = [
        np.concatenate([(b - a).ravel() for a, b in zip(one, other, strict=True)])
        for one, other in pairwise(way)
    ]
    cosines: list[float] = [
        float(one @ other) / size
        for one, other in pairwise(steps)
        if (size := float(np.linalg.norm(one) * np.linalg.norm(other))) > 0
    ]
    ends = (way[0], way[-1])
    return Run(
        tuple(_loss(X[batch], Y[batch], params) for batch, params in zip(batches, way, strict=False)),
        tuple(_loss(X, Y, params) for params in way),
        tuple(_loss(*dev, params) for params in way),
        _accuracy(X, Y, way[-1]),
        _accuracy(*dev, way[-1]),
        (_length(_gradients(X, Y, *ends[0])), _length(_gradients(X, Y, *ends[1]))),
        (_length(ends[0]), _length(ends[1])),
        _length(_difference(way[0], way[-1])),
        (_units_on(X, ends[0]), _units_on(X, ends[1])),
        float(np.mean(cosines)) if cosines else 0.0,
    )


def _accuracy(X: Array, Y: Array, params: Params) -> float:
    said, true = np.argmax(_scores(X, params), axis=1), np.argmax(Y, axis=1)
    return sum(map(int.__eq__, said.tolist(), true.tolist())) / len(X)


def _units_on(X: Array, params: Params) -> int:
    W, b, _ = params
    largest: Array = np.max(X @ W.T + b, axis=0)
    return int(np.count_nonzero(largest > 0))
