"""The functions that lesson 07 hands to gradient descent, as recipes: a gradient, and criteria to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises.plain import Plain
from lecture_lib.exercises.recipes import Made

MOST_CALLS = 200
"""So often is a gradient asked for in one call at most, and stop: the loop of an answer may have no end."""


def gradient_of_batches(curvatures: Array, centres: Array, coupling: float) -> Callable[[ArrayLike], Array]:
    """The gradient of a bowl; where there are several centres, each call takes the next batch's bowl.

    Parameters
    ----------
    curvatures : array of θ's shape
    centres : (n, *θ's shape) array
        where the bowl of each batch is lowest
    coupling : float
        how much each coordinate of the gradient depends on all the others

    Examples
    --------
    >>> gradient = gradient_of_batches(np.ones(2), np.array([[0.0, 0.0], [1.0, 0.0]]), 0.5)
    >>> gradient([2.0, 1.0]), gradient([2.0, 1.0])
    (array([3.5, 2.5]), array([2., 2.]))
    >>> gradient(2.0)
    Traceback (most recent call last):
    ...
    ValueError: gradient takes an array of shape (2,), the shape of theta0; it was handed one of shape ()
    """
    calls = 0

    def gradient(theta: ArrayLike) -> Array:
        nonlocal calls
        values = np.asarray(theta, dtype=np.float64)
        if values.shape != curvatures.shape:
            raise ValueError(
                f"gradient takes an array of shape {curvatures.shape}, the shape of theta0; it was handed one"
                f" of shape {values.shape}"
            )
        if calls == MOST_CALLS:
            raise RuntimeError(
                f"gradient was called {MOST_CALLS} times, and max_steps is far below that: the loop does not"
                " end"
            )
        centre: Array = centres[calls % len(centres)]
        away = values - centre
        calls += 1
        return np.asarray(curvatures * away + coupling * away.sum())

    return gradient


Stop = Callable[[Any, Any, int], bool]


def never() -> Stop:
    """A criterion that is never met."""

    def stop(before: ArrayLike, after: ArrayLike, step: int) -> bool:
        return False

    return stop


def at_step(number: int) -> Stop:
    """A criterion that is met from this step on."""

    def stop(before: ArrayLike, after: ArrayLike, step: int) -> bool:
        return bool(step >= number)

    return stop


def at_rest(tau: float) -> Stop:
    """A criterion that is met when an update is shorter than τ."""

    def stop(before: ArrayLike, after: ArrayLike, step: int) -> bool:
        return bool(np.linalg.norm(np.subtract(after, before)) < tau)

    return stop


def below(limit: float) -> Stop:
    """A criterion that is met when every number after the update is nearer to 0 than the limit."""

    def stop(before: ArrayLike, after: ArrayLike, step: int) -> bool:
        return bool(np.max(np.abs(after)) < limit)

    return stop


def rising() -> Stop:
    """A criterion that is met when the numbers have a larger sum after the update than before it."""

    def stop(before: ArrayLike, after: ArrayLike, step: int) -> bool:
        return bool(np.asarray(after).sum() > np.asarray(before).sum())

    return stop


CRITERIA: dict[str, Callable[..., Stop]] = {
    "never": never,
    "at_step": at_step,
    "at_rest": at_rest,
    "below": below,
    "rising": rising,
}


def counted(criterion: Callable[..., Stop]) -> Callable[..., Made]:
    """A criterion that counts how often it is asked; that stands beside the θ that comes back."""

    def made(*parts: float) -> Made:
        asked = 0
        met = criterion(*parts)

        def stop(before: ArrayLike, after: ArrayLike, step: int) -> bool:
            nonlocal asked
            if asked == MOST_CALLS:
                raise RuntimeError(
                    f"stop was asked {MOST_CALLS} times, and max_steps is far below that: the loop does"
                    " not end"
                )
            asked += 1
            return met(before, after, step)

        def read(value: Plain) -> Plain:
            return value if value is None or value is Ellipsis else {"theta": value, "asked": asked}

        return Made(stop, read=read)

    return made


RECIPES: dict[str, Callable[..., object]] = {
    "gradient_of_batches": gradient_of_batches,
    **{name: counted(criterion) for name, criterion in CRITERIA.items()},
}
