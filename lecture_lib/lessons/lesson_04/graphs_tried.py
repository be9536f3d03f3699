"""The graphs on which lesson 04 tries an order and a backward pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lecture_lib.exercises import Plain, Recipe

RUNGS = 30

CHAIN = Recipe("chain", (), "a chain of thousands of nodes")
LADDER = Recipe("ladder", (RUNGS,), f"a ladder of {RUNGS + 1} nodes, with 2 to the power of {RUNGS} paths")

Ways = Sequence[Sequence[int]]
"""Of each node, the numbers of its parents."""

Lines = list[tuple[str, tuple[int, ...], Any]]
"""A graph, a line a node: a primitive's name or "leaf", the parents' numbers, a leaf's value."""


def graph_recipe(lines: Lines, maker: str = "graph", first: tuple[int, ...] = ()) -> Recipe:
    """Return the recipe by which a graph is made where the answer runs."""
    operations: list[Plain] = [line[0] for line in lines]
    parents: list[Plain] = [list(line[1]) for line in lines]
    values: list[Plain] = [plain_value(line[2]) for line in lines]
    above = "; ".join(f"node {k} from {_and(line[1])}" for k, line in enumerate(lines) if line[1])
    again = ", a second time" if first == (2,) else ""
    return Recipe(maker, (*first, operations, parents, values), f"the graph: {above}{again}")


def _and(numbers: tuple[int, ...]) -> str:
    return " and ".join(map(str, numbers))


def plain_value(value: Any) -> Any:
    """Return a leaf's value, a list as an array."""
    return np.array(value, dtype=np.float64) if isinstance(value, list) else value


def a_leaf(value: Any) -> tuple[str, tuple[int, ...], Any]:
    """Return the line of a leaf."""
    return "leaf", (), value


def node_by(operation: str, *parents: int) -> tuple[str, tuple[int, ...], Any]:
    """Return the line of a node that an operation makes of others, by their numbers."""
    return operation, parents, None


def lines_of(*written: Any) -> Lines:
    """Return a graph's lines: "add 0 1" is a node that an operation makes of others, a value is a leaf.

    >>> lines_of(3.0, "multiply 0 0")
    [('leaf', (), 3.0), ('multiply', (0, 0), None)]
    """
    return [_line(*one.split()) if isinstance(one, str) else a_leaf(one) for one in written]


def _line(operation: str, *parents: str) -> tuple[str, tuple[int, ...], Any]:
    return node_by(operation, *map(int, parents))


def one_way(rng: np.random.Generator, nodes: int) -> Lines:
    """A graph that can be put in one order only: each node is made of the one before, and often another."""
    lines = [a_leaf(float(rng.integers(2, 5)))]
    for place in range(1, nodes):
        kind = rng.integers(4)
        if kind == 0:
            lines.append(node_by("square" if place < 3 else "negative", place - 1))
        else:
            other = int(rng.integers(place))
            pair = (place - 1, other) if kind == 1 else (other, place - 1)
            lines.append(node_by(("add", "subtract")[int(rng.integers(2))], *pair))
    return lines


def many_inputs(rng: np.random.Generator, nodes: int) -> Lines:
    """A graph of several leaves, some used more than once, that ends in one node."""
    lines: Lines = [a_leaf(float(rng.integers(1, 4))) for _ in range(3)]
    for place in range(3, nodes):
        lines.append(node_by("add", *(int(k) for k in rng.integers(place, size=2))))
    unused = [k for k in range(len(lines)) if not any(k in line[1] for line in lines)]
    for k in unused:
        if k != len(lines) - 1:
            lines.append(node_by("add", len(lines) - 1, k))
    return lines


def numbered_anew(rng: np.random.Generator, lines: Lines) -> Lines:
    """The same graph, the nodes before the root numbered in any order, which so tells nothing of theirs."""
    before = [int(k) for k in rng.permutation(len(lines) - 1)] + [len(lines) - 1]
    return [(lines[k][0], tuple(map(before.index, lines[k][1])), lines[k][2]) for k in before]
