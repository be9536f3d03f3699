"""The layer of each node and the order in each layer: few crossings, and edges as short as may be."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from .layers import ranks
from .order import COMMUTATIVE, CROSSING, ORDERED, Layered, Segment, best_order

LARGE = 40
"""Nodes of a graph that is to be drawn at once, where a longer search would be felt."""

LENGTH = 25
"""Price of one layer more of edge, against `order.CROSSING` and the prices of operands out of order."""


@dataclass(frozen=True)
class Layering:
    """A graph in layers, edges cut at every layer that they pass."""

    graph: Layered
    ways: list[list[int]]
    """The items on each edge's way: its source, a place in each layer that it passes, its target."""
    orders: list[list[int]]
    """The items of each layer, from top to bottom."""
    cost: int
    """What crosses, and operands out of order."""
    length: int
    """Layers that edges pass, at their price."""


def best_layering(
    ends: Sequence[tuple[int, int]], operand: Sequence[int], ordered: Sequence[bool], bands: Sequence[int]
) -> Layering:
    """Shortest layers first; where edges still cross, see whether nodes in other layers do better.

    `ends` are the edges of a connected graph, `operand` says which operand of its target each one is, and
    `ordered` of each node whether the order of its operands matters; `bands` keeps nodes together.
    """
    count = len(ordered)

    few = 8 if count <= LARGE else 3

    def layered(rank: Sequence[int], effort: int = few) -> Layering:
        graph, ways = _cut(rank, ends, operand, ordered)
        cost, orders = best_order(graph, effort)
        passed = sum(rank[target] - rank[source] - 1 for source, target in ends)
        return Layering(graph, ways, orders, cost, LENGTH * passed)

    rank = ranks(count, [(source, target, 1) for source, target in ends], bands=bands)
    best = layered(rank)
    if best.cost < CROSSING or count > LARGE:
        return best
    # the more edges cross, the longer the search; a graph without crossings never comes here
    patience = 8 if count <= 14 else 2
    best = min(best, layered(rank, 8 * patience), key=_price)
    best_rank = rank
    rng = random.Random(8)
    for attempt in range(patience):
        if best.cost < CROSSING:
            return best
        links = [(s, t, rng.choice((1, 1, 2, 4, 8)) if attempt else 1) for s, t in ends]
        rank = ranks(count, links, late=bool(attempt % 2), bands=bands)
        found = layered(rank)
        if _price(found) < _price(best):
            best, best_rank = found, rank
    return min(best, layered(best_rank, 8 * patience), key=_price)


def _price(found: Layering) -> int:
    return found.cost + found.length


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
