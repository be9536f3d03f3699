"""Columns of nodes and of labels by turns, and how high everything in them stands.

An edge goes from its source through its own label to its target; where it passes a column it has a place of
its own there, as if it were a (very flat) box.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .boxes import Edge, Shape
from .heights import Blocks, settle
from .layering import best_layering

BEFORE_LABEL = 11.0
BEFORE_NODE = 21.0  # room for the arrow
BETWEEN_BANDS = 30.0  # room for the frames of two bands
GAP = 8.0  # between boxes, labels and passing edges of a column
TALL = 50.0  # a label of several lines


@dataclass
class Item:
    """Something with a place in a column: a node, a label, or an edge that passes."""

    kind: str
    ref: int
    column: int
    width: float = 0.0
    up: float = 0.0
    down: float = 0.0
    y: float = 0.0
    row: int = 0
    block: int = -1


class Columns:
    """A connected graph in columns: its items, the way of each edge through them, and where edges arrive."""

    def __init__(self, shapes: Sequence[Shape], edges: Sequence[Edge]) -> None:
        self.shapes, self.edges = shapes, edges
        self.ends = ends = [(edge.source, edge.target) for edge in edges]
        self.count = len(shapes)
        self.into: list[list[int]] = [[] for _ in shapes]
        self.out: list[list[int]] = [[] for _ in shapes]
        self.operand: list[int] = []
        for index, (source, target) in enumerate(ends):
            self.operand.append(len(self.into[target]))
            self.into[target].append(index)
            self.out[source].append(index)
        for edges_in in self.into:
            self._inputs_first(edges_in)
        layering = best_layering(
            ends, self.operand, [shape.ordered for shape in shapes], [shape.band for shape in shapes]
        )
        graph, ways, orders = layering.graph, layering.ways, layering.orders
        place = {item: i for order in orders for i, item in enumerate(order)}
        self.items: list[Item] = []
        self.columns: list[list[int]] = [[] for _ in range(2 * len(orders) - 1)]
        members = self._enter_members(orders)
        self.bands = [next(shapes[i].band for i in order if i < self.count) for order in orders]
        labels = self._enter_labels(graph.layer, place, ways)
        # the way of each edge through all columns
        self.ways: list[list[int]] = []
        for edge, way in enumerate(ways):
            full = [members[way[0]]]
            for member in way[1:]:
                full += [labels[edge, graph.layer[member] - 1], members[member]]
            self.ways.append(full)
        self.groups = [list(column) for column in self.columns]
        self._choose_ports(graph.layer, place, ways)
        self.level()

    def _inputs_first(self, arriving: list[int]) -> None:
        """Where the order does not matter and labels are tall, inputs stand above what is computed.

        So they all stand on one side of the spine, and the picture is lower.
        """
        if not arriving or self.shapes[self.ends[arriving[0]][1]].ordered:
            return
        if max(self.edges[edge].height for edge in arriving) > TALL:
            best = sorted(arriving, key=lambda edge: bool(self.into[self.ends[edge][0]]))
            for place, edge in enumerate(best):
                self.operand[edge] = place

    def level(self) -> None:
        """Set the heights: chains of nodes straight, the rest pulled together."""
        self._chain()
        self._set_heights()

    def _enter_members(self, orders: Sequence[Sequence[int]]) -> dict[int, int]:
        """Enter what stands in each layer, a node or an edge that passes; return the item of each."""
        entered: dict[int, int] = {}
        for layer, order in enumerate(orders):
            for member in order:
                item = Item("pass", member, 2 * layer)
                if member < self.count:
                    shape = self.shapes[member]
                    half = shape.height / 2
                    wide = max(shape.width, shape.below_width)
                    item = Item("node", member, 2 * layer, wide, half, half + shape.below)
                entered[member] = self._enter(item)
        return entered

    def _enter_labels(
        self, layer: Sequence[int], place: dict[int, int], ways: list[list[int]]
    ) -> dict[tuple[int, int], int]:
        """Enter labels and what passes beside them, in the order in which they arrive at the next column.

        Return the item of each edge behind each layer that it leaves.
        """
        steps: list[list[tuple[int, int, int, int]]] = [[] for _ in self.columns[::2]]
        for edge, way in enumerate(ways):
            for one, following in itertools.pairwise(way):
                steps[layer[one]].append((place[following], place[one], self.operand[edge], edge))
        entered: dict[tuple[int, int], int] = {}
        for number, arriving in enumerate(steps):
            for *_, edge in sorted(arriving):
                item = Item("pass", edge, 2 * number + 1)
                if number == layer[self.ends[edge][1]] - 1:
                    label = self.edges[edge]
                    item = Item(
                        "label", edge, 2 * number + 1, label.width, label.height / 2, label.height / 2
                    )
                entered[edge, number] = self._enter(item)
        return entered

    def _enter(self, item: Item) -> int:
        self.items.append(item)
        self.columns[item.column].append(len(self.items) - 1)
        return len(self.items) - 1

    def _choose_ports(self, layer: Sequence[int], place: dict[int, int], ways: list[list[int]]) -> None:
        """Where edges arrive at their target, and which edges run straight through."""
        order = sorted(range(self.count), key=layer.__getitem__)
        depth = [0] * self.count
        for node in order:
            depth[node] = max((depth[self.ends[e][0]] + 1 for e in self.into[node]), default=0)
        height = [0] * self.count
        for node in reversed(order):
            height[node] = max((height[self.ends[e][1]] + 1 for e in self.out[node]), default=0)
        self.main_in = [_the_most(self.into[n], lambda e: depth[self.ends[e][0]]) for n in range(self.count)]
        self.main_out = [_the_most(self.out[n], lambda e: height[self.ends[e][1]]) for n in range(self.count)]
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
                spread = min(reach, 11.0 * (len(arriving) - 1))
                for k, edge in enumerate(arriving):
                    self.port[edge] = -spread + 2 * spread * k / max(1, len(arriving) - 1)

    def _chain(self) -> None:
        """Join items that shall be level into blocks, the longest chains first, where the order allows."""
        blocks = Blocks(len(self.items), self.groups)
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
            item.block = blocks.name[index]

    def _set_heights(self) -> None:
        names = sorted({item.block for item in self.items})
        number = {name: i for i, name in enumerate(names)}
        block = [number[item.block] for item in self.items]
        apart: dict[tuple[int, int], float] = {}
        for group in self.groups:
            for upper, lower in itertools.pairwise(group):
                a, b = self.items[upper], self.items[lower]
                key = (block[upper], block[lower])
                apart[key] = max(apart.get(key, 0.0), a.down + b.up + GAP)
        pulls: list[tuple[int, int, float]] = []
        for edge, way in enumerate(self.ways):
            for k, (a, b) in enumerate(itertools.pairwise(way)):
                offset = self.port[edge] if k == len(way) - 2 else 0.0
                if block[a] != block[b] and self.items[a].row == self.items[b].row:
                    pulls.append((block[a], block[b], offset))
        y = settle(len(names), pulls, apart)
        for item, own in zip(self.items, block, strict=True):
            item.y = y[own]

    def gaps(self) -> list[float]:
        """Room after each column: more where an edge has far to climb."""
        rise = [0.0] * len(self.columns)
        for edge, way in enumerate(self.ways):
            for k, (a, b) in enumerate(itertools.pairwise(way)):
                before, item = self.items[a], self.items[b]
                if before.row == item.row:
                    arrive = item.y + (self.port[edge] if k == len(way) - 2 else 0.0)
                    rise[before.column] = max(rise[before.column], abs(arrive - before.y))
        least = [BEFORE_NODE if c % 2 else BEFORE_LABEL for c in range(len(rise))]
        for c in range(0, len(rise) - 1, 2):
            if self.ends_band(c):
                least[c] = BETWEEN_BANDS
        return [max(room, min(52.0, 8.0 + 0.36 * r)) for room, r in zip(least, rise, strict=True)]

    def band(self, column: int) -> int:
        """The band of a column; labels stand in that of the nodes to their right."""
        return self.bands[(column + 1) // 2]

    def ends_band(self, column: int) -> bool:
        """Whether a column of nodes is the last of its band, and another follows."""
        return column + 2 < len(self.columns) and self.band(column) != self.band(column + 2)

    def is_input(self, index: int) -> bool:
        """Whether an item is a node that nothing leads to."""
        item = self.items[index]
        return item.kind == "node" and not self.into[item.ref]


def _the_most(edges: list[int], measure: Callable[[int], int]) -> int:
    """The one edge with the greatest measure, −1 if there is none or two have it."""
    top = max(map(measure, edges), default=0)
    first = [e for e in edges if measure(e) == top]
    return first[0] if len(first) == 1 else -1
