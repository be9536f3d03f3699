"""Rows: a picture that is too wide goes on in another row, as text does. Then all has its place."""

import math
from dataclasses import dataclass, field

from .boxes import Layout, Point, Rect, half
from .columns import Columns, Item
from .pen import CORNER, Pen

__all__ = ["ROW_GAP", "in_rows"]

TRACK = 12.0  # between the lines that lead from one row to the next
HEAD = 8.0  # an arrow's head is on a level piece
TOUCH = 1.5  # between an arrow's tip and its node
ROW_GAP = 22.0


def in_rows(columns: Columns, max_width: float) -> Layout:
    """Break columns into rows no wider than `max_width`, if they can be, and say where everything stands."""
    rows = _split(columns, _breaks(columns, max_width))
    if len(rows) > 1:
        columns.level()
    return _placed(columns, rows)


@dataclass
class Row:
    """A row of the picture: its columns, what leads on from its end, and where it stands."""

    columns: dict[int, list[int]]
    leaving: list[int]
    left: dict[int, float] = field(default_factory=dict[int, float])
    right: dict[int, float] = field(default_factory=dict[int, float])
    shift: float = 0.0
    bottom: float = 0.0

    def centre(self, column: int) -> float:
        return (self.left[column] + self.right[column]) / 2


def _breaks(columns: Columns, max_width: float) -> list[int]:
    """The columns of nodes at which a row ends: few rows of like width, few edges cut."""
    width = [max(columns.items[i].width for i in column) for column in columns.columns]
    gaps = columns.gaps()
    if sum(width) + sum(gaps[:-1]) <= 1.06 * max_width:
        return []
    inner = range(2, len(width) - 2, 2)
    cut = {c: len([i for i in columns.columns[c] if not columns.is_input(i)]) for c in inner}

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


def _split(columns: Columns, breaks: list[int]) -> list[Row]:
    """Break the columns into rows.

    A column of nodes in which a row ends is split: its inputs go to the next row, beside what uses
    them. What remains is led back to the start of the next row, where it has a place to pass.
    """
    rows: list[Row] = []
    start, entry, after = 0, list[int](), dict[int, int]()
    for number, stop in enumerate([*breaks, len(columns.columns) - 1]):
        own = {c: list(columns.columns[c]) for c in range(start, stop + 1)}
        if number:
            own[start] = entry
        leaving: list[int] = []
        if stop in breaks:
            passed = {way[k] for way in columns.ways for k in range(len(way) - 1)}
            members = own[stop]
            own[stop] = [i for i in members if not columns.is_input(i)]
            leaving = [i for i in own[stop] if i in passed]
            entry = []
            for i in members:
                if columns.is_input(i):
                    entry.append(i)
                elif i in passed:
                    columns.items.append(Item("pass", columns.items[i].ref, stop, 0.0, 0.0, 0.0))
                    after[i] = len(columns.items) - 1
                    entry.append(after[i])
        rows.append(Row(own, leaving))
        start = stop
    for number, row in enumerate(rows):
        for members in row.columns.values():
            for i in members:
                columns.items[i].row = number
    columns.groups = [members for row in rows for members in row.columns.values()]
    columns.ways = [
        [
            i
            for k, item in enumerate(way)
            for i in ([item, after[item]] if item in after and k < len(way) - 1 else [item])
        ]
        for way in columns.ways
    ]
    return rows


def _placed(columns: Columns, rows: list[Row]) -> Layout:
    gaps = columns.gaps()
    margin = max((CORNER + TRACK * len(row.leaving) for row in rows[:-1]), default=0.0)
    bottom = 0.0
    widest = 0.0
    for number, row in enumerate(rows):
        inside = [columns.items[i] for members in row.columns.values() for i in members]
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
            x += max((columns.items[i].width for i in members), default=0.0)
            row.right[column] = x
            widest = max(widest, x)
            x += gaps[column]
    nodes: dict[int, Rect] = {}
    labels: dict[int, Rect] = {}
    for item in columns.items:
        row = rows[item.row]
        x, y = half(row.centre(item.column)), half(item.y + row.shift)
        if item.kind == "node":
            shape = columns.shapes[item.ref]
            nodes[item.ref] = Rect(x, y, shape.width, shape.height)
        elif item.kind == "label":
            labels[item.ref] = Rect(x, y, item.width, item.up + item.down)
    return Layout(
        half(widest + margin),
        half(bottom),
        tuple(nodes[i] for i in range(columns.count)),
        tuple(labels[i] for i in range(len(columns.edges))),
        tuple(_route(columns, edge, rows, widest, margin) for edge in range(len(columns.edges))),
        len(rows),
    )


def _route(columns: Columns, edge: int, rows: list[Row], widest: float, margin: float) -> tuple[Point, ...]:
    """Straight along the columns, bent between them, around the end of a row to the next."""
    way = columns.ways[edge]
    first, last = columns.items[way[0]], columns.items[way[-1]]
    row = rows[first.row]
    pen = Pen(row.centre(first.column) + columns.shapes[first.ref].width / 2, first.y + row.shift)
    for k in range(1, len(way)):
        before, item = columns.items[way[k - 1]], columns.items[way[k]]
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
    target = columns.shapes[last.ref]
    half = target.width / 2
    if target.round:
        half = math.sqrt(max(0.0, half * half - columns.port[edge] ** 2))
    end = row.centre(last.column) - half - TOUCH
    arrive = last.y + row.shift + columns.port[edge]
    pen.bend(min(row.left[last.column], end - HEAD), arrive)
    pen.line(end, arrive)
    return pen.route()
