"""The random generator that lesson 08 hands to an answer, as a recipe."""

from __future__ import annotations

import random

import numpy as np


def generator_of_seed(seed: int) -> np.random.Generator:
    """A generator of its own. The global ones are seeded too, so that an answer that uses them can be seen.

    A check puts the global ones back, as `random_numbers_kept` says.

    Examples
    --------
    >>> generator_of_seed(1).permutation(4)
    array([0, 1, 2, 3])
    """
    np.random.seed(seed)  # noqa: NPY002
    random.seed(seed)
    return np.random.default_rng(seed)


RECIPES = {"generator_of_seed": generator_of_seed}
