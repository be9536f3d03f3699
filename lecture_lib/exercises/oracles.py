"""How a check knows what is right without having an answer of its own: by moving things a little."""

import hashlib
from collections.abc import Callable

import numpy as np

from lecture_lib.autodiff.values import Array


def slope(f: Callable[[float], float], at: float, h: float = 1e-5) -> float:
    """Return df/dx at a point, by central differences.

    >>> round(slope(lambda x: x**3, 2.0), 7)
    12.0
    """
    return (f(at + h) - f(at - h)) / (2 * h)


def slopes(f: Callable[[Array], float], at: Array, h: float = 1e-5) -> Array:
    """Return the gradient of f at an array of any shape, a coordinate at a time."""
    gradient = np.zeros_like(at)
    moved = at.copy()
    for place in np.ndindex(at.shape):

        def along(value: float, place: tuple[int, ...] = place) -> float:
            moved[place] = value
            return f(moved)

        gradient[place] = slope(along, float(at[place]), h)
        moved[place] = at[place]
    return gradient


def rng_from(words: str) -> np.random.Generator:
    """Return the random generator that belongs to some words: the same words, the same numbers."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big"))


def tenths(rng: np.random.Generator, shape: tuple[int, ...], low: int = 1, high: int = 20) -> Array:
    """Return numbers of one decimal, of either sign, of sizes from low to high tenths: easy to read."""
    sizes = rng.integers(low, high + 1, shape)
    signs = rng.choice(np.array([-1, 1]), shape)
    return np.asarray(sizes * signs / 10, dtype=np.float64)


def tenth(rng: np.random.Generator) -> float:
    """Return one number of one decimal, of either sign."""
    return float(tenths(rng, (), 1, 40))
