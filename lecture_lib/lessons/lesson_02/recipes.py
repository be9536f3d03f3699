"""The functions that lesson 02 asks a gradient of, as recipes: no gradient stands here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array


def polynomial(cubes: Array, squares: Array, lines: Array, product: float) -> Callable[[ArrayLike], float]:
    """Coefficients of θ's shape, a number -> f(θ) = Σ (cubes θ³ + squares θ² + lines θ) + product · Π θ.

    Examples
    --------
    >>> f = polynomial(np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 3.0]), 0.0)
    >>> f([2.0, -1.0])
    1.0
    >>> f(2.0)
    Traceback (most recent call last):
    ...
    ValueError: f takes an array of shape (2,), the shape of theta; it was handed one of shape ()
    """

    def f(theta: ArrayLike) -> float:
        values = np.asarray(theta, dtype=np.float64)
        if values.shape != cubes.shape:
            raise ValueError(
                f"f takes an array of shape {cubes.shape}, the shape of theta; it was handed one of shape"
                f" {values.shape}"
            )
        terms = cubes * values**3 + squares * values**2 + lines * values
        return float(terms.sum() + product * values.prod())

    return f


RECIPES = {"polynomial": polynomial}
