"""What the exercises on derivative rules share: what a rule handed back, and its mistakes one at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import slopes

MOVED = "found by moving each entry a little"


def handed_back(operation: Callable[..., Array], d_out: Array, *operands: Array) -> tuple[Array, ...]:
    """What goes back to each operand: the slopes of Σ d_out · operation, found by moving its entries."""

    def back_to(place: int) -> Array:
        def weighted(moved: Array) -> float:
            return float(np.sum(d_out * operation(*operands[:place], moved, *operands[place + 1 :])))

        return slopes(weighted, operands[place])

    operands = tuple(np.array(operand) for operand in operands)
    return tuple(back_to(place) for place in range(len(operands)))


def some_numbers(rng: np.random.Generator, *shape: int) -> Array:
    """Tenths between −2 and 2, none of them 0 and no two alike where that is possible."""
    size = int(np.prod(shape))
    tenths = np.concatenate([np.arange(-20, 0), np.arange(1, 21)]) / 10
    return rng.choice(tenths, size=size, replace=size > len(tenths)).reshape(shape)
