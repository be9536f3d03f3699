"""Gradients by central differences: slow, and right without knowing any derivative rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from .nodes import Array, Node


def numeric_gradient(f: Callable[[Array], float | Array | Node], theta: ArrayLike, h: float = 1e-5) -> Array:
    """theta (any shape) -> gradient (theta's shape): (f(θ + h) − f(θ − h)) / 2h for each coordinate.

    Each coordinate is moved by h up and down, the others stay: two evaluations of f a coordinate
    (slide "Generalising to more dimensions").

    Parameters
    ----------
    f : callable
        Takes an array of theta's shape, gives a number. It may keep what it is given: every call gets
        an array of its own.
    theta : number or array of numbers, any shape
        Where the gradient is wanted; it is not changed.
    h : float
        How far to move. The error is about h² plus 1e-16 / h.

    Examples
    --------
    >>> numeric_gradient(lambda theta: (theta**2).sum(), [1.0, -3.0]).round(6)
    array([ 2., -6.])
    """
    theta = np.array(theta, dtype=np.float64)
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (_number(f(up)) - _number(f(down))) / (2 * h)
    return gradient


def gradient_error(
    f: Callable[[Array], float | Array | Node],
    gradient: Callable[[Array], ArrayLike],
    theta: ArrayLike,
    h: float = 1e-5,
) -> float:
    """Return the largest |analytic − numeric| / max(1, |analytic|, |numeric|) over the coordinates.

    Below 1e-6 the two agree; above 1e-3 one of them is wrong, most likely ``gradient``.

    Parameters
    ----------
    f, theta, h
        As for `numeric_gradient`.
    gradient : callable
        What is to be checked: takes an array of theta's shape, gives one of the same shape.

    Raises
    ------
    ValueError
        If the gradient has another shape than theta.

    Examples
    --------
    >>> error = gradient_error(lambda theta: (theta**2).sum(), lambda theta: 2 * theta, [1.0, -3.0])
    >>> error < 1e-6
    True
    """
    theta = np.array(theta, dtype=np.float64)
    numeric = numeric_gradient(f, theta, h)
    analytic = np.asarray(gradient(theta.copy()), dtype=np.float64)
    if analytic.shape != theta.shape:
        raise ValueError(f"the gradient has shape {analytic.shape}; theta has shape {theta.shape}")
    scale = np.maximum(1, np.maximum(np.abs(analytic), np.abs(numeric)))
    return float(np.max(np.abs(analytic - numeric) / scale, initial=0.0))


def _number(value: float | Array | Node) -> float:
    return float(value.value if isinstance(value, Node) else value)
