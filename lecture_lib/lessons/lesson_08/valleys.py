"""Three valleys, made of data, and SGD, momentum and Adam on the same minibatches in them.

A valley is the loss of a model w x₁ + u x₂ on 64 examples. How large the two inputs are decides how steep it
is in w and in u. The turned valley is the long one seen from another side: its inputs and its start are
turned.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lecture_lib.autodiff.values import Array
from lecture_lib.learning import adam, minibatches, momentum, sgd
from lecture_lib.learning.optim import Optimiser

EXAMPLES, BATCH, STEPS = 64, 16, 60
NOISE = 0.1
START = np.array([-2.0, 1.0])
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""The learning rates among which each optimiser gets its best."""
SEEDS = tuple(range(10))
"""The seeds of the minibatches over which that is decided."""
LAST = 10
"""A run's end is the mean loss after each of the last ten steps: a single one is a matter of luck."""

OPTIMISERS: Mapping[str, Callable[[Any], Optimiser]] = {"SGD": sgd, "momentum": momentum, "Adam": adam}


@dataclass(frozen=True, eq=False)
class Valley:
    """The mean of (w x₁ + u x₂ − y)² / 2 over the examples.

    Attributes
    ----------
    name : str
    X : (64, 2)
    y : (64,)
    start : (2,)
        w and u before the first step
    """

    name: str
    X: Array
    y: Array
    start: Array

    @property
    def lowest(self) -> Array:
        """Where the loss of all examples is smallest: (w, u)."""
        return np.asarray(np.linalg.solve(self.X.T @ self.X, self.X.T @ self.y), dtype=np.float64)

    def above(self, theta: Array) -> Array:
        """How much the loss of all examples is above its lowest value. theta (..., 2) -> (...)."""
        away = theta - self.lowest
        return np.asarray(np.mean((away @ self.X.T) ** 2, axis=-1) / 2)

    def gradient(self, theta: Array, batch: NDArray[np.intp]) -> Array:
        """The gradient of a batch's mean loss. theta (..., 2), batch (..., B) -> (..., 2)."""
        X, y = self.X[batch], self.y[batch]
        errors = np.einsum("...bk,...k->...b", X, theta) - y
        return np.einsum("...bk,...b->...k", X, errors) / batch.shape[-1]

    def contour(self, height: float) -> tuple[Array, Array]:
        """The line along which the loss is so much above the lowest: an ellipse, as w and u."""
        turns = np.linspace(0, 2 * np.pi, 97)
        curvatures, axes = np.linalg.eigh(self.X.T @ self.X / len(self.X))
        ellipse = np.sqrt(2 * height / curvatures) * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        w, u = (self.lowest + ellipse @ axes.T).T
        return w, u


def _valley(name: str, scales: tuple[float, float], turn: float = 0.0) -> Valley:
    rng = np.random.default_rng(8)
    drawn: Array = rng.normal(size=(EXAMPLES, 2))
    drawn -= drawn.mean(axis=0)
    alike: Array = drawn @ np.linalg.cholesky(np.linalg.inv(drawn.T @ drawn / EXAMPLES))
    # now both inputs are equally large and unrelated
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return Valley(name, alike * scales @ turned, NOISE * rng.normal(size=EXAMPLES), START @ turned)


VALLEYS = {
    valley.name: valley
    for valley in (
        _valley("long, along an axis", (0.15, 2.0)),
        _valley("long, turned by 45°", (0.15, 2.0), np.pi / 4),
        _valley("round", (1.0, 1.0)),
    )
}


@dataclass(frozen=True, eq=False)
class Race:
    """What came of one optimiser in one valley.

    Attributes
    ----------
    rate : float
        the best of RATES for it there
    paths : (10, 61, 2)
        w and u for each seed, from the start on
    losses : (10, 61)
        above the lowest place, of all examples
    """

    rate: float
    paths: Array
    losses: Array

    @property
    def ends(self) -> Array:
        """The mean loss after each of the last ten steps, for each seed: (10,)."""
        return np.asarray(self.losses[:, -LAST:].mean(axis=1))

    @property
    def end(self) -> float:
        """Their mean over all seeds."""
        return float(self.ends.mean())


@lru_cache(maxsize=16)
def race(valley: str, optimiser: str) -> Race:
    """Run one optimiser with every rate of RATES, on the same minibatches; keep its best rate.

    Parameters
    ----------
    valley : a key of VALLEYS
    optimiser : a key of OPTIMISERS

    Examples
    --------
    >>> race("round", "SGD").rate
    0.2
    """
    place = VALLEYS[valley]
    batches = _batches()
    rates = np.array(RATES)[:, None, None]

    def rate_of_step(step: int) -> Array:
        return rates

    optimise = OPTIMISERS[optimiser](rate_of_step)  # all rates and seeds at once
    theta = np.broadcast_to(place.start, (len(RATES), len(SEEDS), 2)).copy()
    state = optimise.init(theta)
    path = [theta]
    with np.errstate(all="ignore"):  # a rate that is too large diverges, and is not the best one
        for step in range(STEPS):
            theta, state = optimise.update(theta, place.gradient(theta, batches[:, step]), state)
            path.append(theta)
        paths = np.stack(path, axis=2)
        losses = place.above(paths)
        ends = losses[:, :, -LAST:].mean(axis=(1, 2))
    best = int(np.argmin(np.where(np.isfinite(ends), ends, np.inf)))
    return Race(RATES[best], paths[best], losses[best])


def _batches() -> NDArray[np.intp]:
    """The minibatches: for each seed, epochs one after the other. -> (10, 60, 16)."""
    epochs = math.ceil(STEPS * BATCH / EXAMPLES)
    return np.array(
        [
            [batch for _ in range(epochs) for batch in minibatches(EXAMPLES, BATCH, rng)][:STEPS]
            for rng in map(np.random.default_rng, SEEDS)
        ]
    )
