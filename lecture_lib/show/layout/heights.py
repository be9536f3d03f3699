"""Heights: what shall be level is made level, the rest is pulled together and keeps its order."""

import itertools
import math
from collections.abc import Sequence

import numpy as np

from lecture_lib.autodiff.values import Array

from .boxes import half
from .layers import pushed_on


class Blocks:
    """Sets of items that are level with each other, kept free of contradictions.

    Two blocks may be joined unless one stands somewhere above the other, by whatever detour.
    """

    def __init__(self, count: int, columns: Sequence[Sequence[int]]) -> None:
        self.name = list(range(count))
        self.members: list[list[int]] = [[i] for i in range(count)]
        self.below: list[set[int]] = [set() for _ in range(count)]
        """By block: an item of each block that stands directly below it."""
        for items in columns:
            for upper, lower in itertools.pairwise(items):
                self.below[upper].add(lower)

    def _above(self, upper: int, lower: int) -> bool:
        seen = {upper}
        stack = [upper]
        while stack:
            for item in self.below[stack.pop()]:
                block = self.name[item]
                if block == lower:
                    return True
                if block not in seen:
                    seen.add(block)
                    stack.append(block)
        return False

    def join(self, a: int, b: int) -> None:
        """Make the blocks of two items one, unless one stands above the other."""
        first, second = self.name[a], self.name[b]
        if first == second or self._above(first, second) or self._above(second, first):
            return
        for member in self.members[second]:
            self.name[member] = first
        self.members[first] += self.members[second]
        self.below[first] = {self.name[item] for item in self.below[first] | self.below[second]}
        self.members[second] = []


def settle(
    count: int, pulls: Sequence[tuple[int, int, float]], apart: dict[tuple[int, int], float]
) -> list[float]:
    """Heights y with y[lower] − y[upper] ≥ apart, and Σ (y[a] − y[b] − offset)² least.

    The dual of this programme asks for multipliers ≥ 0, see `_multipliers`.
    """
    if count == 1:
        return [0.0]
    quadratic = np.eye(count) * 1e-3
    linear = np.zeros(count)
    for a, b, offset in pulls:
        quadratic[a, a] += 1
        quadratic[b, b] += 1
        quadratic[a, b] -= 1
        quadratic[b, a] -= 1
        linear[a] += offset
        linear[b] -= offset
    inverse = _solved(quadratic, np.eye(count))
    y = _times(inverse, linear)
    if apart:
        upper, lower = np.array(list(apart)).T
        reach = inverse[:, lower] - inverse[:, upper]
        wanted = np.array(list(apart.values())) - (y[lower] - y[upper])
        y = y + _times(reach, _multipliers(reach[lower] - reach[upper], wanted))
    # rounding (or a search cut short) may have left two a little too near: push down, from the top
    least = [(upper, lower, math.ceil(distance * 2) / 2) for (upper, lower), distance in apart.items()]
    return pushed_on([half(float(value)) for value in y], least)


def _multipliers(matrix: Array, wanted: Array) -> Array:
    """Least ½ mᵀ matrix m − wantedᵀ m over m ≥ 0, by principal pivoting.

    Guess which multipliers are above 0, solve for them, exchange all that came out wrong. Should the number
    of wrong ones not fall, exchange the last one only (Murty's rule), which always comes to an end.
    """
    count = len(wanted)
    matrix = matrix + np.eye(count) * 1e-9 * float(np.trace(matrix)) / count
    active = wanted > 0
    found = np.zeros(count)
    fewest, patience = count + 1, 3
    for _ in range(20 * count):
        found = np.zeros(count)
        inside = np.flatnonzero(active)
        if inside.size:
            found[inside] = _solved(matrix[np.ix_(inside, inside)], wanted[inside, None])[:, 0]
        slope = _times(matrix, found) - wanted
        wrong = np.where(active, found < -1e-9, slope < -1e-6)
        number = int(np.sum(wrong))
        if not number:
            break
        if number < fewest:
            fewest, patience = number, 3
        elif patience:
            patience -= 1
        else:
            last = int(np.flatnonzero(wrong)[-1])
            wrong = np.zeros(count, dtype=bool)
            wrong[last] = True
        active ^= wrong
    return np.maximum(found, 0.0)


def _solved(matrix: Array, right: Array) -> Array:
    """Solve matrix · x = right for a symmetric, positive matrix, in blocks that are too small for threads.

    A larger one is solved by several threads, and where every processor is busy that takes a hundred times as
    long.
    """
    count = len(matrix)
    if count <= 64:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    half_way = count // 2
    corner = matrix[:half_way, half_way:]
    upper = _solved(matrix[:half_way, :half_way], np.concatenate([corner, right[:half_way]], axis=1))
    across, upper = upper[:, : corner.shape[1]], upper[:, corner.shape[1] :]
    rest = matrix[half_way:, half_way:] - _product(corner.T, across)
    lower = _solved(rest, right[half_way:] - _product(corner.T, upper))
    return np.concatenate([upper - _product(across, lower), lower])


def _product(matrix: Array, other: Array) -> Array:
    """The product of two matrices, few columns at once: without threads."""
    return np.concatenate([matrix @ other[:, c : c + 32] for c in range(0, other.shape[1], 32)], axis=1)


def _times(matrix: Array, vector: Array) -> Array:
    """The product of a matrix and a vector, without threads."""
    return np.einsum("ij,j->i", matrix, vector)
