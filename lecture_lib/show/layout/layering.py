"""The layer of each node and the order in each layer: short edges, and few crossings."""

from collections.abc import Sequence
from typing import NamedTuple

from .layers import ranks
from .order import COMMUTATIVE, CROSSING, ORDERED, Layered, Segment, best_order

LARGE = 40
"""Nodes of a graph that is to be drawn at once, where a longer search would be felt."""


class Layering(NamedTuple):
    """A graph in layers, edges cut at every layer that they pass."""

    graph: Layered
    ways: list[list[int]]
    """The items on each edge's way: its source, a place in each layer that it passes, its target."""
    orders: list[list[int]]
    """The items of each layer, from top to bottom."""
    cost: float
    """What crosses, and operands out of order."""


def best_layering(
    ends: Sequence[tuple[int, int]], operand: Sequence[int], ordered: Sequence[bool], bands: Sequence[int]
) -> Layering:
    """Nodes in late layers; where edges cross then, in early ones if fewer do.

    `ends` are the edges of a connected graph, `operand` says which operand of its target each one is, and
    `ordered` of each node whether the order of its operands matters; `bands` keeps nodes together.
    """
    found: list[Layering] = []
    for late in (True, False):
        rank = ranks(len(ordered), ends, late=late, bands=bands)
        graph, ways = _cut(rank, ends, operand, ordered)
        cost, orders = best_order(graph, 32 if len(ordered) <= LARGE else 3)
        found.append(Layering(graph, ways, orders, cost))
        if cost < CROSSING or len(ordered) > LARGE:
            break
    return min(found, key=lambda layering: layering.cost)


def _cut(
    rank: Sequence[int], ends: Sequence[tuple[int, int]], operand: Sequence[int], ordered: Sequence[bool]
) -> tuple[Layered, list[list[int]]]:
    """Cut edges at every layer they pass: the layered graph, and the items on each edge's way."""
    layer = list(rank)
    segments: list[Segment] = []
    ways: list[list[int]] = []
    for (source, target), place in zip(ends, operand, strict=True):
        way = [source]
        for between in range(rank[source] + 1, rank[target]):
            layer.append(between)
            segments.append(Segment(way[-1], len(layer) - 1, 0))
            way.append(len(layer) - 1)
        segments.append(Segment(way[-1], target, place))
        ways.append([*way, target])
    price = [ORDERED if matters else COMMUTATIVE for matters in ordered] + [0] * (len(layer) - len(rank))
    return Layered(tuple(layer), tuple(segments), tuple(price)), ways
