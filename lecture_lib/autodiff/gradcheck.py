"""Gradients by central differences: slow, and right without knowing any derivative rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .nodes import Node
from .values import Array, as_numbers


def numeric_gradient(f: Callable[[Array], float | Array | Node], theta: ArrayLike, h: float = 1e-5) -> Array:
    """theta (any shape) -> gradient (theta's shape): (f(θ + h) − f(θ − h)) / 2h for each coordinate.

    Each coordinate is moved by h up and down, the others stay: two evaluations of f a coordinate
    (slide "Generalising to more dimensions"). Where |θ| is above 1, it is moved by h |θ|: less would be lost.

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
    return _differences(f, np.array(as_numbers(theta, "theta")), h)[0]


def _differences(f: Callable[[Array], Any], theta: Array, h: float) -> tuple[Array, Array]:
    """Return the gradient, and by how much rounding may have changed it."""
    gradient, rounding = np.zeros(theta.shape), np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        step = h * max(1.0, abs(theta[i]))
        up, down = theta.copy(), theta.copy()
        up[i] += step
        down[i] -= step
        width = up[i] - down[i]  # what became of 2h in floating-point numbers
        above, below = _number(f(up)), _number(f(down))
        gradient[i] = (above - below) / width
        rounding[i] = EPSILON * max(abs(above), abs(below)) / step
    return gradient, rounding


EPSILON = float(np.finfo(np.float64).eps)


def gradient_error(
    f: Callable[[Array], float | Array | Node],
    gradient: Callable[[Array], ArrayLike],
    theta: ArrayLike,
    h: float = 1e-5,
) -> float:
    """Return the largest |analytic − numeric| / max(|analytic|, |numeric|) over the coordinates.

    Below 1e-6 the two agree; above 1e-3 one of them is wrong, most likely ``gradient``. Of a tiny gradient,
    only as many digits are compared as differences are sure of, which is seen by taking them with 2h too: the
    divisor is then ten million times their error, and 1 at most.

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
    theta = np.array(as_numbers(theta, "theta"))
    numeric, rounding = _differences(f, theta, h)
    coarse, _ = _differences(f, theta, 2 * h)
    unsure = 2 * rounding + np.abs(coarse - numeric)
    analytic = as_numbers(gradient(theta.copy()), "the gradient")
    if analytic.shape != theta.shape:
        raise ValueError(f"the gradient has shape {analytic.shape}; theta has shape {theta.shape}")
    scale = np.maximum(np.abs(analytic), np.abs(numeric))
    scale = np.maximum(scale, np.minimum(1.0, 1e7 * unsure))
    scale = np.where(scale == 0, 1.0, scale)
    return float(np.max(np.abs(analytic - numeric) / scale, initial=0.0))


def _number(value: float | Array | Node) -> float:
    number = as_numbers(value.value if isinstance(value, Node) else value, "what f gave")
    if number.size != 1:
        raise TypeError(
            f"f gave an array of shape {number.shape}; one number was expected: use .sum() or .mean()"
        )
    return float(number.item())
