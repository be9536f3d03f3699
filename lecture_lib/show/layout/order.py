"""The order within each layer, from top to bottom: few crossings first, then the arguments in their order.

Layered edges run between neighbouring layers only. The cost of an order is counted in whole numbers, so that
the same graph always gives the same order: `CROSSING` for each pair of edges that cross, and the (much
smaller) price of the two operands of an operation standing the wrong way round. The search follows Gansner,
Koutsofios, North and Vo, "A Technique for Drawing Directed Graphs" (1993), section 3: medians up and down the
layers, then exchanges of neighbours while they help, from several starts.
"""

import math
import random
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

CROSSING = 10_000
ORDERED = 100
"""Price of two operands out of order where the order matters (−, ÷, a product of matrices)."""
COMMUTATIVE = 10
"""Price of two operands out of order where it does not matter (+, ×)."""


class Segment(NamedTuple):
    """A piece of an edge from an item in one layer to an item in the next."""

    left: int
    right: int
    operand: int
    """Which operand of `right` it is, if it ends there; 0 where it only passes."""


class Layered(NamedTuple):
    """A graph cut into layers: `layer[item]`, the segments between them, and what a wrong order costs."""

    layer: tuple[int, ...]
    segments: tuple[Segment, ...]
    inversion_price: tuple[int, ...]
    """By item: the price of each pair of its operands that stands out of order."""


class _Search:
    """The working state: positions of the items, and who is joined to whom."""

    def __init__(self, graph: Layered) -> None:
        self.graph = graph
        self.depth = max(graph.layer) + 1
        self.left: list[list[tuple[int, int]]] = [[] for _ in graph.layer]
        self.right: list[list[tuple[int, int]]] = [[] for _ in graph.layer]
        for segment in graph.segments:
            self.right[segment.left].append((segment.right, segment.operand))
            self.left[segment.right].append((segment.left, segment.operand))
        self.gaps: list[list[Segment]] = [[] for _ in range(self.depth)]
        for segment in graph.segments:
            self.gaps[graph.layer[segment.left]].append(segment)
        self.position = [0] * len(graph.layer)
        self.orders: list[list[int]] = []

    def place(self, orders: Sequence[Sequence[int]]) -> None:
        self.orders = [list(order) for order in orders]
        for order in self.orders:
            self._number(order)

    def _number(self, order: Sequence[int]) -> None:
        for place, item in enumerate(order):
            self.position[item] = place

    def cost(self) -> int:
        return sum(self._gap_cost(gap) for gap in self.gaps)

    def _gap_cost(self, gap: Sequence[Segment]) -> int:
        position, price = self.position, self.graph.inversion_price
        ends = sorted((position[s.left], position[s.right], s.operand, s.right) for s in gap)
        total = 0
        for i, (left, right, operand, item) in enumerate(ends):
            for other_left, other_right, other_operand, _ in ends[i + 1 :]:
                if left != other_left:
                    if right > other_right:
                        total += CROSSING
                    elif right == other_right and operand > other_operand:
                        total += price[item]
        return total

    def _saving(self, upper: int, lower: int) -> int:
        """What it saves if two neighbours of one layer, `upper` above `lower`, change places."""
        position, price = self.position, self.graph.inversion_price
        saving = 0
        joined_below = self.right[lower]
        for a, operand in self.right[upper]:
            place = position[a]
            for b, other in joined_below:
                if place > position[b]:
                    saving += CROSSING
                elif place < position[b]:
                    saving -= CROSSING
                elif operand > other:
                    saving += price[a]
                elif operand < other:
                    saving -= price[a]
        joined_below = self.left[lower]
        for a, _ in self.left[upper]:
            place = position[a]
            for b, _ in joined_below:
                if place > position[b]:
                    saving += CROSSING
                elif place < position[b]:
                    saving -= CROSSING
        return saving

    def exchange(self) -> None:
        """Exchange neighbours as long as that makes the whole cheaper."""
        cheaper = True
        while cheaper:
            cheaper = False
            for order in self.orders:
                for i in range(len(order) - 1):
                    upper, lower = order[i], order[i + 1]
                    if self._saving(upper, lower) > 0:
                        order[i], order[i + 1] = lower, upper
                        self.position[lower], self.position[upper] = i, i + 1
                        cheaper = True

    def sweep(self, to_the_right: bool) -> None:
        """Sort each layer by the medians of the layer before it."""
        layers = range(1, self.depth) if to_the_right else range(self.depth - 2, -1, -1)
        joined = self.left if to_the_right else self.right
        for layer in layers:
            order = self.orders[layer]
            medians = {
                item: median(self.position[other] for other, _ in joined[item])
                for item in order
                if joined[item]
            }
            # items joined to nothing on that side keep their places; the others are sorted around them
            free = iter(sorted(medians, key=lambda item: (medians[item], self.position[item])))
            self.orders[layer] = [next(free) if item in medians else item for item in order]
            self._number(self.orders[layer])


def best_order(graph: Layered, effort: int = 8) -> tuple[float, list[list[int]]]:
    """Cheapest order found, as (cost, the items of each layer from top to bottom).

    `effort` is the number of starts; the first is the operands' order. With few starts it is also left sooner
    when it brings nothing. The search ends early at a cost of 0. Same graph, same answer.
    """
    patience = 4 if effort > 3 else 2
    search = _Search(graph)
    rng = random.Random(8)
    operands = _operand_order(graph)
    best_cost, best = math.inf, operands
    for attempt in range(effort):
        search.place(
            [sorted(order, key=lambda _: rng.random()) for order in operands] if attempt else operands
        )
        in_vain = 0
        for turn in range(12):
            if turn or attempt:
                search.sweep(to_the_right=bool(turn % 2))
            search.exchange()
            cost = search.cost()
            if cost < best_cost:
                best_cost, best, in_vain = cost, [list(order) for order in search.orders], 0
            else:
                in_vain += 1
            if not best_cost:
                return 0, best
            if in_vain == patience:
                break
    return best_cost, best


def _operand_order(graph: Layered) -> list[list[int]]:
    """A walk back from the last items through the operands, first operand first: right for every tree."""
    before: list[list[tuple[int, int]]] = [[] for _ in graph.layer]
    has_after = [False] * len(graph.layer)
    for segment in graph.segments:
        before[segment.right].append((segment.operand, segment.left))
        has_after[segment.left] = True
    orders: list[list[int]] = [[] for _ in range(max(graph.layer) + 1)]
    seen = [False] * len(graph.layer)
    for root in (item for item in range(len(graph.layer)) if not has_after[item]):
        stack = [root]
        while stack:
            item = stack.pop()
            if seen[item]:
                continue
            seen[item] = True
            orders[graph.layer[item]].append(item)
            stack.extend(left for _, left in sorted(before[item], reverse=True))
    return orders
