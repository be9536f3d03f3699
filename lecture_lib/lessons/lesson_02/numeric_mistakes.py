"""Numeric gradients that go another way than the right one, and go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from lecture_lib.autodiff.values import Array

from .numeric_edits import NUMERIC_GRADIENT

Loss = Callable[[Any], float]


def all_at_once(answer: Callable[[NDArray[Any], float], object]) -> Callable[..., object]:
    """Moves every coordinate at the same time."""

    def numeric_gradient(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
        return answer(theta, (f(theta + h) - f(theta - h)) / (2 * h))

    return numeric_gradient


def all_at_once_without_brackets(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Moves every coordinate at the same time, and multiplies by h."""
    return (f(theta + h) - f(theta - h)) / 2 * h


def with_a_tiny_step(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Moves by 1e-15, whatever h is."""
    return NUMERIC_GRADIENT(f, theta, 1e-15)


def length(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Gives the gradient's length."""
    return float(np.linalg.norm(cast("Array", NUMERIC_GRADIENT(f, theta, h))))


def number_by_number(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Gives f of one number after the other."""
    return np.array([(f(x + h) - f(x - h)) / (2 * h) for x in theta])


def put_back_by_arithmetic(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Moves theta itself, and puts it back by adding h."""
    moved = theta if theta.dtype == float else theta.astype(float)
    gradient = np.zeros(moved.shape)
    for place in np.ndindex(moved.shape):
        moved[place] += h
        above = f(moved)
        moved[place] -= 2 * h
        gradient[place] = (above - f(moved)) / (2 * h)
        moved[place] += h
    return gradient


def in_place(restore: float) -> Callable[..., object]:
    """Return a gradient that moves theta itself, whole numbers too, and adds so many h at the end."""

    def numeric_gradient(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
        gradient = np.zeros(theta.shape)
        for place in np.ndindex(theta.shape):
            theta[place] += h
            above = f(theta)
            theta[place] -= 2 * h
            gradient[place] = (above - f(theta)) / (2 * h)
            theta[place] += restore * h
        return gradient

    return numeric_gradient


def two_numbers(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Calls f with two numbers, places 0 and 1."""
    two = cast("Callable[..., float]", f)
    return (two(theta[0] + h, theta[1]) - two(theta[0] - h, theta[1])) / (2 * h)


def two_numbers_by_name(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Calls f with two numbers, w and b."""
    two = cast("Callable[..., float]", f)
    w, b = theta
    return (two(w + h, b) - two(w - h, b)) / (2 * h)


def around_zero(whole: bool) -> Callable[..., object]:
    """Return a gradient in which all other coordinates are 0; `whole`: and the moved one is h alone."""

    def numeric_gradient(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
        gradient = np.zeros(theta.shape)
        for place in np.ndindex(theta.shape):
            above, below = np.zeros(theta.shape), np.zeros(theta.shape)
            above[place] = h if whole else theta[place] + h
            below[place] = -h if whole else theta[place] - h
            gradient[place] = (f(above) - f(below)) / (2 * h)
        return gradient

    return numeric_gradient


def first_of_two(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Moves the first of two numbers alone."""
    w, b = theta
    return (f([w + h, b]) - f([w - h, b])) / (2 * h)


def first_alone(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    """Gives the first slope alone."""
    return cast("Array", NUMERIC_GRADIENT(f, theta, h)).ravel()[0]


def same_array_twice(itself: bool, one_axis: bool) -> Callable[..., object]:
    """Moves one array up and down again, under two names; theta itself, or along the first axis."""

    def numeric_gradient(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
        gradient = np.zeros(len(theta) if one_axis else theta.shape)
        for place in range(len(theta)) if one_axis else np.ndindex(theta.shape):
            above = below = theta if itself else theta.astype(float)
            above[place] += h
            below[place] -= h
            gradient[place] = (f(above) - f(below)) / (2 * h)
        return gradient

    return numeric_gradient
