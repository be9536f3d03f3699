"""Where everything in a drawn graph stands: layers from left to right, no overlaps, few crossings.

The picture is a row of columns, and columns of nodes alternate with columns of labels. An edge goes from
its source through its own label to its target; where it passes a column it has a place of its own there,
as if it were a (very flat) box. Between columns nothing stands, so edges bend only there. That is why nothing
can overlap, whatever the graph: the columns are apart, and within a column the places are.

1. `layers`: the column of each node, inputs beside the operation that uses them.
2. `order`: the order in each column, few crossings first, then operands from top to bottom.
3. Heights here: chains of nodes (the spine above all) are made straight, the rest is pulled together
   by a small quadratic programme that keeps the order and the distances.
4. A picture wider than `max_width` goes on in another row, as text does, where fewest edges are cut.

Same input, same output, to the last bit that is printed: coordinates are multiples of half a pixel.
"""

import itertools
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .layers import ranks
from .order import COMMUTATIVE, CROSSING, ORDERED, Layered, Segment, best_order

__all__ = ["Edge", "Layout", "Point", "Rect", "Shape", "arrange"]

Point = tuple[float, float]
Array = NDArray[np.float64]

BEFORE_LABEL = 14.0
BEFORE_NODE = 24.0  # room for the arrow
GAP = 12.0  # between boxes and labels of a column
FLAT_GAP = 9.0  # between an edge that passes and its neighbours
TRACK = 12.0  # between the lines that lead from one row to the next
CORNER = 10.0
HEAD = 8.0  # an arrow's head is on a level piece
TOUCH = 1.5  # between an arrow's tip and its node
ROW_GAP = 22.0
PATIENCE = 80_000
"""Segments looked at while searching for layers with fewer crossings: a second or so, for graphs that are
tangled; a graph without crossings needs none."""
LENGTH = 25
"""Price of one layer more of edge, against `order.CROSSING` and the prices of operands out of order."""


@dataclass(frozen=True)
class Shape:
    """How large a node is drawn. `below` is room for a note under it; a round node is a circle."""

    width: float
    height: float
    below: float = 0.0
    below_width: float = 0.0
    round: bool = False
    ordered: bool = True
    """Whether the order of its operands matters."""


@dataclass(frozen=True)
class Edge:
    """From node to node by number; edges of one target are in the order of its operands."""

    source: int
    target: int
    width: float
    height: float
    """Size of the label."""


@dataclass(frozen=True)
class Rect:
    """A box by its centre and size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """The places, in a picture of `width` × `height` whose corner is (0, 0)."""

    width: float
    height: float
    nodes: tuple[Rect, ...]
    labels: tuple[Rect, ...]
    """One a edge, in their order."""
    routes: tuple[tuple[Point, ...], ...]
    """One a edge: a start, then three points (two of control, an end) for each cubic Bézier piece."""
    rows: int


@lru_cache(maxsize=256)
def arrange(nodes: tuple[Shape, ...], edges: tuple[Edge, ...], max_width: float = 960.0) -> Layout:
    """Lay a directed acyclic graph out.

    Parameters
    ----------
    nodes : tuple of Shape
        What is drawn, by number.
    edges : tuple of Edge
        What joins it. Several edges may join the same two nodes.
    max_width : float
        A wider picture is broken into rows, if it can be.

    Returns
    -------
    Layout
        Kept for graphs of the same structure and sizes, so a picture of every step costs one layout.

    Raises
    ------
    ValueError
        If the edges lead in a circle.
    """
    parts = [
        _Part(
            [nodes[i] for i in members],
            [edges[i] for i in inner],
            dict(zip(members, range(len(members)), strict=True)),
        )
        for members, inner in _components(len(nodes), edges)
    ]
    node_places: dict[int, Rect] = {}
    label_places: dict[int, Rect] = {}
    routes: dict[int, tuple[Point, ...]] = {}
    top = 0.0
    width = 0.0
    rows = 0
    for (members, inner), part in zip(_components(len(nodes), edges), parts, strict=True):
        placed = part.layout(max_width)
        for i, rect in zip(members, placed.nodes, strict=True):
            node_places[i] = Rect(rect.x, rect.y + top, rect.width, rect.height)
        for i, rect, route in zip(inner, placed.labels, placed.routes, strict=True):
            label_places[i] = Rect(rect.x, rect.y + top, rect.width, rect.height)
            routes[i] = tuple((x, y + top) for x, y in route)
        top += placed.height + ROW_GAP
        width = max(width, placed.width)
        rows += placed.rows
    return Layout(
        width,
        max(0.0, top - ROW_GAP),
        tuple(node_places[i] for i in range(len(nodes))),
        tuple(label_places[i] for i in range(len(edges))),
        tuple(routes[i] for i in range(len(edges))),
        rows,
    )


def _components(count: int, edges: Sequence[Edge]) -> list[tuple[list[int], list[int]]]:
    """Parts that are not joined, as (numbers of nodes, numbers of edges)."""
    part = list(range(count))

    def find(node: int) -> int:
        while part[node] != node:
            part[node] = part[part[node]]
            node = part[node]
        return node

    for edge in edges:
        a, b = sorted((find(edge.source), find(edge.target)))
        part[b] = a
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for node in range(count):
        groups.setdefault(find(node), ([], []))[0].append(node)
    for index, edge in enumerate(edges):
        groups[find(edge.source)][1].append(index)
    return list(groups.values())


@dataclass
class _Item:
    """Something with a place in a column: a node, a label, or an edge that passes."""

    kind: str
    ref: int
    column: int
    width: float
    up: float
    down: float
    y: float = 0.0
    row: int = 0
    block: int = -1


class _Part:
    """The layout of one connected graph."""

    def __init__(self, shapes: list[Shape], edges: list[Edge], number: dict[int, int]) -> None:
        self.shapes = shapes
        self.edges = edges
        self.ends = [(number[e.source], number[e.target]) for e in edges]
        self.count = len(shapes)
        self.patience = PATIENCE
        self.into: list[list[int]] = [[] for _ in shapes]
        self.out: list[list[int]] = [[] for _ in shapes]
        self.operand: list[int] = []
        for index, (source, target) in enumerate(self.ends):
            self.operand.append(len(self.into[target]))
            self.into[target].append(index)
            self.out[source].append(index)

    # --- columns and order --------------------------------------------------------------------

    def _cut(self, rank: Sequence[int]) -> tuple[Layered, list[list[int]]]:
        """Cut edges at every layer they pass: the layered graph, and the items on each edge's way."""
        layer = list(rank)
        segments: list[Segment] = []
        ways: list[list[int]] = []
        for index, (source, target) in enumerate(self.ends):
            way = [source]
            for between in range(rank[source] + 1, rank[target]):
                layer.append(between)
                segments.append(Segment(way[-1], len(layer) - 1, 0))
                way.append(len(layer) - 1)
            segments.append(Segment(way[-1], target, self.operand[index]))
            ways.append([*way, target])
        price = [ORDERED if shape.ordered else COMMUTATIVE for shape in self.shapes]
        price += [0] * (len(layer) - self.count)
        return Layered(tuple(layer), tuple(segments), tuple(price)), ways

    def _length(self, rank: Sequence[int]) -> int:
        return LENGTH * sum(rank[target] - rank[source] - 1 for source, target in self.ends)

    def _best_layers(self) -> tuple[list[int], list[list[int]]]:
        """Shortest layers first; where edges still cross, see whether nodes in other layers do better."""
        if self.count == 1:
            return [0], [[0]]
        rank = ranks(self.count, [(source, target, 1) for source, target in self.ends])
        cost, orders = best_order(self._cut(rank)[0])
        shortest = self._length(rank)
        best = (cost + shortest, rank, orders)
        if cost < ORDERED or self.count > 40:
            return rank, orders
        # the more edges cross, the longer the search; a graph without crossings never comes here
        patience = 8 if self.count <= 14 else 2
        if cost >= CROSSING:
            cost, orders = best_order(self._cut(rank)[0], effort=8 * patience)
            best = (cost + shortest, rank, orders)
        best = self._slide(best)
        rng = random.Random(8)
        for attempt in range(patience):
            if best[0] < CROSSING:
                break
            links = [(s, t, rng.choice((1, 1, 2, 4, 8)) if attempt else 1) for s, t in self.ends]
            rank = ranks(self.count, links, late=bool(attempt % 2))
            cost, orders = best_order(self._cut(rank)[0])
            found = self._slide((cost + self._length(rank), rank, orders))
            best = min(best, found, key=lambda result: result[0])
        if best[0] >= CROSSING:
            cost, orders = best_order(self._cut(best[1])[0], effort=8 * patience)
            best = min(best, (cost + self._length(best[1]), best[1], orders), key=lambda result: result[0])
        return best[1], best[2]

    def _slide(self, best: tuple[int, list[int], list[list[int]]]) -> tuple[int, list[int], list[list[int]]]:
        """Move one node at a time to another layer, pushing others along, while the whole gets cheaper."""
        improved = True
        while improved and best[0] - self._length(best[1]) >= ORDERED:
            improved = False
            for node in range(self.count):
                here = best[1][node]
                for there in range(here - 3, here + 4):
                    rank = self._moved(best[1], node, there) if there != here else None
                    if rank is None:
                        continue
                    length = self._length(rank)
                    if length >= best[0]:
                        continue
                    graph, ways = self._cut(rank)
                    self.patience -= len(graph.segments)
                    if self.patience < 0:
                        return best
                    start = self._carried_over(graph, ways, best[1], best[2])
                    cost, orders = best_order(graph, 1, start)
                    if cost + length < best[0]:
                        best = (cost + length, rank, orders)
                        improved = True
                        break
        return best

    def _carried_over(
        self, graph: Layered, ways: list[list[int]], rank: Sequence[int], orders: list[list[int]]
    ) -> list[list[int]]:
        """The order of one layering as a start for another: everything at about the same height."""
        height = [0.0] * len(graph.layer)
        for order in orders:
            for place, item in enumerate(order):
                if item < self.count:
                    height[item] = (place + 0.5) / len(order) - 0.5
        for (source, target), way in zip(self.ends, ways, strict=True):
            for k, item in enumerate(way[1:-1], 1):
                share = k / (len(way) - 1)
                height[item] = height[source] * (1 - share) + height[target] * share
        layers: list[list[int]] = [[] for _ in range(max(graph.layer) + 1)]
        for item, layer in enumerate(graph.layer):
            layers[layer].append(item)
        return [sorted(layer, key=lambda item: height[item]) for layer in layers]

    def _moved(self, rank: Sequence[int], node: int, there: int) -> list[int] | None:
        """Ranks with `node` in layer `there`; whatever stands in its way is pushed along."""
        moved = list(rank)
        moved[node] = there
        stack = [node]
        while stack:
            at = stack.pop()
            for index in self.out[at]:
                target = self.ends[index][1]
                if moved[target] <= moved[at]:
                    moved[target] = moved[at] + 1
                    stack.append(target)
            for index in self.into[at]:
                source = self.ends[index][0]
                if moved[source] >= moved[at]:
                    moved[source] = moved[at] - 1
                    stack.append(source)
        lowest = min(moved)
        moved = [r - lowest for r in moved]
        return moved if max(moved) <= max(rank) + 2 and len(set(moved)) == max(moved) + 1 else None

    # --- the whole ------------------------------------------------------------------------------

    def layout(self, max_width: float) -> Layout:
        rank, orders = self._best_layers()
        graph, ways = self._cut(rank)
        place = {item: i for order in orders for i, item in enumerate(order)}
        self.items: list[_Item] = []
        self.columns: list[list[int]] = [[] for _ in range(2 * len(orders) - 1)]
        first_item: dict[int, int] = {}
        for layer, order in enumerate(orders):
            for member in order:
                if member < self.count:
                    shape = self.shapes[member]
                    half = shape.height / 2
                    wide = max(shape.width, shape.below_width)
                    item = _Item("node", member, 2 * layer, wide, half, half + shape.below)
                else:
                    item = _Item("pass", member, 2 * layer, 0.0, 0.0, 0.0)
                first_item[member] = self._enter(item)
        # labels and what passes beside them, in the order in which they arrive at the next column
        steps: list[list[tuple[int, int, int, int]]] = [[] for _ in orders]
        for edge, way in enumerate(ways):
            for k in range(len(way) - 1):
                steps[graph.layer[way[k]]].append(
                    (place[way[k + 1]], place[way[k]], self.operand[edge], edge)
                )
        between: dict[tuple[int, int], int] = {}
        for layer, arriving in enumerate(steps):
            for _, _, _, edge in sorted(arriving):
                last = layer == graph.layer[self.ends[edge][1]] - 1
                spec = self.edges[edge]
                if last:
                    item = _Item("label", edge, 2 * layer + 1, spec.width, spec.height / 2, spec.height / 2)
                else:
                    item = _Item("pass", edge, 2 * layer + 1, 0.0, 0.0, 0.0)
                between[edge, layer] = self._enter(item)
        # the way of each edge through all columns
        self.ways: list[list[int]] = []
        for edge, way in enumerate(ways):
            full = [first_item[way[0]]]
            for member in way[1:]:
                full += [between[edge, graph.layer[member] - 1], first_item[member]]
            self.ways.append(full)
        self.groups = [list(column) for column in self.columns]
        self._choose_ports(place, ways)
        self._chain()
        self._set_heights()
        rows = self._split(self._breaks(max_width))
        if len(rows) > 1:
            self._chain()
            self._set_heights()
        return self._place(rows)

    def _enter(self, item: _Item) -> int:
        self.items.append(item)
        self.columns[item.column].append(len(self.items) - 1)
        return len(self.items) - 1

    # --- ports and straight chains --------------------------------------------------------------

    def _choose_ports(self, place: dict[int, int], ways: list[list[int]]) -> None:
        """Where edges arrive at their target, and which edges run straight through."""
        order = sorted(range(self.count), key=lambda node: self._column_of(node))
        depth = [0] * self.count
        for node in order:
            depth[node] = max((depth[self.ends[e][0]] + 1 for e in self.into[node]), default=0)
        height = [0] * self.count
        for node in reversed(order):
            height[node] = max((height[self.ends[e][1]] + 1 for e in self.out[node]), default=0)
        self.main_in = [_the_most(self.into[n], lambda e: depth[self.ends[e][0]]) for n in range(self.count)]
        self.main_out = [_the_most(self.out[n], lambda e: height[self.ends[e][1]]) for n in range(self.count)]
        for node in range(self.count):  # a line of two joins the two whoever is longer
            if len(self.into[node]) > 1 and all(not self.into[self.ends[e][0]] for e in self.into[node]):
                self.main_in[node] = -1
        self.port = [0.0] * len(self.edges)
        for node in range(self.count):
            arriving = sorted(self.into[node], key=lambda e: (place[ways[e][-2]], self.operand[e]))
            reach = self.shapes[node].height / 2 * 0.62
            if self.main_in[node] >= 0:
                main = arriving.index(self.main_in[node])
                for sign, side in ((-1, arriving[:main][::-1]), (1, arriving[main + 1 :])):
                    for k, edge in enumerate(side):
                        self.port[edge] = sign * reach * (k + 1) / len(side)
            else:
                spread = min(reach, 11.0 * (len(arriving) - 1) / 1)
                for k, edge in enumerate(arriving):
                    self.port[edge] = -spread + 2 * spread * k / max(1, len(arriving) - 1)

    def _column_of(self, node: int) -> int:
        return next(item.column for item in self.items if item.kind == "node" and item.ref == node)

    def _chain(self) -> None:
        """Join items that shall be level into blocks, the longest chains first, where the order allows."""
        blocks = _Blocks(len(self.items), self.groups)
        straight: list[tuple[int, int, int]] = []
        for edge, way in enumerate(self.ways):
            source, target = self.ends[edge]
            at_source = self.main_out[source] == edge
            at_target = self.main_in[target] == edge
            last = len(way) - 2
            for k, (a, b) in enumerate(itertools.pairwise(way)):
                if self.items[a].row != self.items[b].row:
                    continue
                first = k == 0 or self.items[way[k - 1]].row != self.items[a].row
                if (not first or (at_source and k)) and k < last:
                    straight.append((0, a, b))  # what passes on one edge is level, labels with it
                elif (first and at_source) or (k == last and at_target):
                    straight.append((1 if at_source and at_target else 2, a, b))
        for _, a, b in sorted(straight, key=lambda s: s[0]):
            blocks.join(a, b)
        for index, item in enumerate(self.items):
            item.block = blocks.of(index)

    # --- heights --------------------------------------------------------------------------------

    def _set_heights(self) -> None:
        names = sorted({item.block for item in self.items})
        number = {name: i for i, name in enumerate(names)}
        block = [number[item.block] for item in self.items]
        apart: dict[tuple[int, int], float] = {}
        for group in self.groups:
            for upper, lower in itertools.pairwise(group):
                a, b = self.items[upper], self.items[lower]
                gap = FLAT_GAP if "pass" in (a.kind, b.kind) else GAP
                key = (block[upper], block[lower])
                apart[key] = max(apart.get(key, 0.0), a.down + b.up + gap)
        pulls: list[tuple[int, int, float, float]] = []
        for edge, way in enumerate(self.ways):
            for k, (a, b) in enumerate(itertools.pairwise(way)):
                offset = self.port[edge] if k == len(way) - 2 else 0.0
                if block[a] != block[b] and self.items[a].row == self.items[b].row:
                    pulls.append((block[a], block[b], offset, 1.0))
        y = _settle(len(names), pulls, apart)
        for item, own in zip(self.items, block, strict=True):
            item.y = y[own]

    # --- rows and places ------------------------------------------------------------------------

    def _gaps(self) -> list[float]:
        """Room after each column: more where an edge has far to climb."""
        rise = [0.0] * len(self.columns)
        for edge, way in enumerate(self.ways):
            for k, (a, b) in enumerate(itertools.pairwise(way)):
                before, item = self.items[a], self.items[b]
                if before.row == item.row:
                    arrive = item.y + (self.port[edge] if k == len(way) - 2 else 0.0)
                    rise[before.column] = max(rise[before.column], abs(arrive - before.y))
        least = (BEFORE_LABEL, BEFORE_NODE)
        return [max(least[c % 2], min(52.0, 8.0 + 0.36 * r)) for c, r in enumerate(rise)]

    def _is_input(self, index: int) -> bool:
        item = self.items[index]
        return item.kind == "node" and not self.into[item.ref]

    def _breaks(self, max_width: float) -> list[int]:
        """The columns of nodes at which a row ends: few rows of like width, few edges cut."""
        width = [max(self.items[i].width for i in column) for column in self.columns]
        gaps = self._gaps()
        if sum(width) + sum(gaps[:-1]) <= 1.06 * max_width:
            return []
        inner = range(2, len(width) - 2, 2)
        cut = {c: len([i for i in self.columns[c] if not self._is_input(i)]) for c in inner}

        def row_cost(start: int, stop: int) -> float:
            wide = (sum(width[start : stop + 1]) + sum(gaps[start:stop])) / max_width
            return 0.1 * wide**2 + 20 * max(0.0, wide - 1)

        best: dict[int, tuple[float, list[int]]] = {}
        for stop in [*inner, len(width) - 1]:
            options: list[tuple[float, list[int]]] = [(row_cost(0, stop), [])]
            for c in inner:
                if c < stop:
                    cost, before = best[c]
                    options.append((cost + row_cost(c, stop) + 1.0 + 0.12 * (cut[c] - 1), [*before, c]))
            best[stop] = min(options, key=lambda option: option[0])
        return best[len(width) - 1][1]

    def _split(self, breaks: list[int]) -> list["_Row"]:
        """Break the columns into rows.

        A column of nodes in which a row ends is split: its inputs go to the next row, beside what uses
        them. What remains is led back to the start of the next row, where it has a place to pass.
        """
        rows: list[_Row] = []
        start, entry, after = 0, list[int](), dict[int, int]()
        for number, stop in enumerate([*breaks, len(self.columns) - 1]):
            columns = {c: list(self.columns[c]) for c in range(start, stop + 1)}
            if number:
                columns[start] = entry
            leaving: list[int] = []
            if stop in breaks:
                passed = {way[k] for way in self.ways for k in range(len(way) - 1)}
                members = columns[stop]
                columns[stop] = [i for i in members if not self._is_input(i)]
                leaving = [i for i in columns[stop] if i in passed]
                entry = []
                for i in members:
                    if self._is_input(i):
                        entry.append(i)
                    elif i in passed:
                        self.items.append(_Item("pass", self.items[i].ref, stop, 0.0, 0.0, 0.0))
                        after[i] = len(self.items) - 1
                        entry.append(after[i])
            rows.append(_Row(columns, leaving))
            start = stop
        for number, row in enumerate(rows):
            for members in row.columns.values():
                for i in members:
                    self.items[i].row = number
        self.groups = [members for row in rows for members in row.columns.values()]
        self.ways = [
            [
                i
                for k, item in enumerate(way)
                for i in ([item, after[item]] if item in after and k < len(way) - 1 else [item])
            ]
            for way in self.ways
        ]
        return rows

    def _place(self, rows: list["_Row"]) -> Layout:
        gaps = self._gaps()
        margin = max((CORNER + TRACK * len(row.leaving) for row in rows[:-1]), default=0.0)
        bottom = 0.0
        widest = 0.0
        for number, row in enumerate(rows):
            inside = [self.items[i] for members in row.columns.values() for i in members]
            high = min(item.y - item.up for item in inside)
            low = max(item.y + item.down for item in inside)
            if number:
                bottom += ROW_GAP + TRACK * (len(rows[number - 1].leaving) + 0.5)
            row.shift = bottom - high
            bottom += low - high
            row.bottom = bottom
            x = margin
            for column, members in row.columns.items():
                row.left[column] = x
                x += max((self.items[i].width for i in members), default=0.0)
                row.right[column] = x
                widest = max(widest, x)
                x += gaps[column]
        nodes: dict[int, Rect] = {}
        labels: dict[int, Rect] = {}
        for item in self.items:
            row = rows[item.row]
            x, y = _half(row.centre(item.column)), _half(item.y + row.shift)
            if item.kind == "node":
                shape = self.shapes[item.ref]
                nodes[item.ref] = Rect(x, y, shape.width, shape.height)
            elif item.kind == "label":
                labels[item.ref] = Rect(x, y, item.width, item.up + item.down)
        return Layout(
            _half(widest + margin),
            _half(bottom),
            tuple(nodes[i] for i in range(self.count)),
            tuple(labels[i] for i in range(len(self.edges))),
            tuple(self._route(edge, rows, widest, margin) for edge in range(len(self.edges))),
            len(rows),
        )

    def _route(self, edge: int, rows: list["_Row"], widest: float, margin: float) -> tuple[Point, ...]:
        """Straight along the columns, bent between them, around the end of a row to the next."""
        way = self.ways[edge]
        first, last = self.items[way[0]], self.items[way[-1]]
        row = rows[first.row]
        pen = _Pen(row.centre(first.column) + self.shapes[first.ref].width / 2, first.y + row.shift)
        for k in range(1, len(way)):
            before, item = self.items[way[k - 1]], self.items[way[k]]
            pen.line(row.right[before.column], before.y + row.shift)
            if item.row != before.row:
                turn = len(row.leaving) - 1 - row.leaving.index(way[k - 1])
                out_x = widest + CORNER + TRACK * turn
                track_y = row.bottom + ROW_GAP / 2 + TRACK * (turn + 0.25)
                in_x = margin - CORNER - TRACK * (len(row.leaving) - 1 - turn)
                start_y = before.y + row.shift
                row = rows[item.row]
                end_y = item.y + row.shift
                corners = [(out_x, start_y), (out_x, track_y), (in_x, track_y), (in_x, end_y)]
                pen.round_corners([*corners, (row.left[item.column], end_y)])
            elif k < len(way) - 1:
                pen.bend(row.left[item.column], item.y + row.shift)
        target = self.shapes[last.ref]
        half = target.width / 2
        if target.round:
            half = math.sqrt(max(0.0, half * half - self.port[edge] ** 2))
        end = row.centre(last.column) - half - TOUCH
        arrive = last.y + row.shift + self.port[edge]
        pen.bend(min(row.left[last.column], end - HEAD), arrive)
        pen.line(end, arrive)
        return pen.route()


@dataclass
class _Row:
    """A row of the picture: its columns, what leads on from its end, and where it stands."""

    columns: dict[int, list[int]]
    leaving: list[int]
    left: dict[int, float] = field(default_factory=dict[int, float])
    right: dict[int, float] = field(default_factory=dict[int, float])
    shift: float = 0.0
    bottom: float = 0.0

    def centre(self, column: int) -> float:
        return (self.left[column] + self.right[column]) / 2


def _the_most(edges: list[int], measure: Callable[[int], int]) -> int:
    """The one edge with the greatest measure, −1 if there is none or two have it."""
    if not edges:
        return -1
    top = max(measure(e) for e in edges)
    first = [e for e in edges if measure(e) == top]
    return first[0] if len(first) == 1 else -1


def _half(value: float) -> float:
    """To half a pixel; the nudge keeps exact ties from falling to the last bit of a sum."""
    return math.floor(value * 2 + 0.5 + 1e-4) / 2 + 0.0


class _Pen:
    """Draws a route piece by piece, as cubic Béziers."""

    def __init__(self, x: float, y: float) -> None:
        self.points: list[Point] = [(x, y)]

    def line(self, x: float, y: float) -> None:
        a, b = self.points[-1]
        if abs(x - a) + abs(y - b) > 1e-9:
            self.points += [
                (a + (x - a) / 3, b + (y - b) / 3),
                (a + (x - a) * 2 / 3, b + (y - b) * 2 / 3),
                (x, y),
            ]

    def bend(self, x: float, y: float) -> None:
        a, b = self.points[-1]
        if abs(y - b) < 1e-9:
            self.line(x, y)
        else:
            middle = (a + x) / 2
            self.points += [(middle, b), (middle, y), (x, y)]

    def round_corners(self, corners: list[Point]) -> None:
        """A line through the corners, each rounded but the last."""
        for k, (x, y) in enumerate(corners[:-1]):
            a, b = self.points[-1]
            after = corners[k + 1]
            reach = min(CORNER, math.dist((a, b), (x, y)) / 2, math.dist((x, y), after) / 2)
            near = _towards((x, y), (a, b), reach)
            far = _towards((x, y), after, reach)
            self.line(*near)
            self.points += [_towards((x, y), near, reach * 0.45), _towards((x, y), far, reach * 0.45), far]
        self.line(*corners[-1])

    def route(self) -> tuple[Point, ...]:
        """The points, level pieces in a row made one."""
        points = [(_half(x), _half(y)) for x, y in self.points]
        merged = points[:1]
        for k in range(1, len(points), 3):
            piece = points[k : k + 3]
            level = all(y == merged[-1][1] for _, y in piece)
            if level and len(merged) >= 4 and all(y == piece[0][1] for _, y in merged[-4:]):
                start = merged[-4]
                end = piece[-1]
                if (merged[-1][0] - start[0]) * (end[0] - merged[-1][0]) >= 0:
                    merged[-3:] = []
                    piece = [(start[0] + (end[0] - start[0]) * f, end[1]) for f in (1 / 3, 2 / 3, 1.0)]
                    piece = [(_half(x), y) for x, y in piece]
            merged += piece
        return tuple(merged)


def _towards(start: Point, end: Point, distance: float) -> Point:
    whole = math.dist(start, end)
    if whole < 1e-9:
        return start
    share = distance / whole
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


class _Blocks:
    """Sets of items that are level with each other, kept free of contradictions.

    Two blocks may be joined unless one stands somewhere above the other, by whatever detour.
    """

    def __init__(self, count: int, columns: Sequence[Sequence[int]]) -> None:
        self.name = list(range(count))
        self.members: list[list[int]] = [[i] for i in range(count)]
        self.next = [-1] * count
        for column in columns:
            for upper, lower in itertools.pairwise(column):
                self.next[upper] = lower

    def of(self, item: int) -> int:
        return self.name[item]

    def _above(self, upper: int, lower: int) -> bool:
        seen = {upper}
        stack = [upper]
        while stack:
            block = stack.pop()
            for member in self.members[block]:
                after = self.next[member]
                if after >= 0:
                    below = self.name[after]
                    if below == lower:
                        return True
                    if below not in seen:
                        seen.add(below)
                        stack.append(below)
        return False

    def join(self, a: int, b: int) -> bool:
        first, second = self.name[a], self.name[b]
        if first == second:
            return True
        if self._above(first, second) or self._above(second, first):
            return False
        for member in self.members[second]:
            self.name[member] = first
        self.members[first] += self.members[second]
        self.members[second] = []
        return True


def _settle(
    count: int, pulls: Sequence[tuple[int, int, float, float]], apart: dict[tuple[int, int], float]
) -> list[float]:
    """Heights y with y[lower] − y[upper] ≥ apart, and Σ weight · (y[a] − y[b] − offset)² least.

    The dual of this programme asks for multipliers ≥ 0, see `_multipliers`.
    """
    if count == 1:
        return [0.0]
    quadratic = np.eye(count) * 1e-3
    linear = np.zeros(count)
    for a, b, offset, weight in pulls:
        quadratic[a, a] += weight
        quadratic[b, b] += weight
        quadratic[a, b] -= weight
        quadratic[b, a] -= weight
        linear[a] += weight * offset
        linear[b] -= weight * offset
    y = np.linalg.solve(quadratic, linear)
    pairs = list(apart)
    if pairs:
        rows = np.zeros((len(pairs), count))
        for i, (upper, lower) in enumerate(pairs):
            rows[i, lower], rows[i, upper] = 1.0, -1.0
        reach = np.linalg.solve(quadratic, rows.T)
        wanted = np.array([apart[pair] for pair in pairs]) - rows @ y
        y = y + reach @ _multipliers(rows @ reach, wanted)
    heights = [_half(float(value)) for value in y]
    # rounding (or a search cut short) may have left two a little too near: push down, from the top
    below: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    waiting = [0] * count
    for (upper, lower), distance in apart.items():
        below[upper].append((lower, distance))
        waiting[lower] += 1
    ready = [block for block in range(count) if not waiting[block]]
    for block in ready:
        for lower, distance in below[block]:
            heights[lower] = max(heights[lower], math.ceil((heights[block] + distance) * 2) / 2)
            waiting[lower] -= 1
            if not waiting[lower]:
                ready.append(lower)
    return heights


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
            found[inside] = np.linalg.solve(matrix[np.ix_(inside, inside)], wanted[inside])
        slope = matrix @ found - wanted
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
