"""Rows: a picture that is too wide goes on in another row, as text does. Then all has its place.

An edge that goes on in another row ends at the name of its source and begins there again at the same name,
so that every row is read from left to right.
"""

import itertools
import math
from dataclasses import dataclass, field

from .boxes import Chip, Frame, Layout, Rect, Stroke, half
from .columns import Columns, Item
from .pen import Pen

CHIP_HEIGHT = 24.0
BEFORE_CHIP = 20.0  # room for an arrow
HEAD = 8.0  # an arrow's head is on a level piece
TOUCH = 1.5  # between an arrow's tip and its node
ROW_GAP = 18.0
PAD = 7.0  # between a frame and what is in it
TITLE = 16.0  # height of a frame's title


Titles = tuple[tuple[float, float], ...]
"""Of each band: how wide its title is, and its title where it goes on in another row."""


def in_rows(columns: Columns, max_width: float, titles: Titles = ()) -> Layout:
    """Break columns into rows no wider than `max_width`, if they can be, and say where everything stands.

    With `titles` each band has a frame, and its title is in the corner.
    """
    rows = _split(columns, _breaks(columns, max_width))
    if len(rows) > 1:
        columns.level()
    return _placed(columns, rows, titles)


@dataclass
class Row:
    """A row of the picture: its columns, what leads on from its end, and where it stands."""

    columns: dict[int, list[int]]
    leaving: list[int]
    solid: list[int] = field(default_factory=list[int])
    """The columns that take room."""
    left: dict[int, float] = field(default_factory=dict[int, float])
    right: dict[int, float] = field(default_factory=dict[int, float])
    shift: float = 0.0
    end: float = 0.0
    names: float = 0.0
    """Room for the names to which `leaving` leads."""

    def centre(self, column: int) -> float:
        """The middle of a column."""
        return (self.left[column] + self.right[column]) / 2


def _breaks(columns: Columns, max_width: float) -> list[int]:
    """The columns of nodes at which a row ends: few rows of like width, few edges cut, bands whole."""
    width = [max(columns.items[i].width for i in column) for column in columns.columns]
    gaps = columns.gaps()
    if sum(width) + sum(gaps[:-1]) <= 1.06 * max_width:
        return []
    inner = range(2, len(width) - 2, 2)
    cut = {c: len([i for i in columns.columns[c] if not columns.is_input(i)]) for c in inner}
    apart = {c: 0.0 if columns.ends_band(c) or columns.ends_band(c - 2) else 0.3 for c in inner}
    if len({*columns.bands}) == 1:
        apart = dict.fromkeys(inner, 0.0)

    after = [0.0, *itertools.accumulate(a + b for a, b in zip(width, gaps, strict=True))]

    def row_cost(start: int, stop: int) -> float:
        wide = (after[stop] + width[stop] - after[start]) / max_width
        alone = 0.6 if start and stop - start == 2 else 0.0  # a row of one box reads as something apart
        return 0.1 * wide**2 + 20 * max(0.0, wide - 1) + alone

    best: dict[int, tuple[float, list[int]]] = {}
    for stop in [*inner, len(width) - 1]:
        options: list[tuple[float, list[int]]] = [(row_cost(0, stop), [])]
        for c in inner:
            if c < stop:
                cost, before = best[c]
                price = 1.0 + 0.12 * (cut[c] - 1) + apart[c]
                options.append((cost + row_cost(c, stop) + price, [*before, c]))
        best[stop] = min(options, key=lambda option: option[0])
    return best[len(width) - 1][1]


def _split(columns: Columns, breaks: list[int]) -> list[Row]:
    """Break the columns into rows.

    A column of nodes in which a row ends is split: its inputs go to the next row, beside what uses
    them, but for those of a band that ends here. What remains leads to a name at the row's end, and the name
    has a place at the start of the next row.
    """
    rows: list[Row] = []
    after: dict[int, int] = {}  # what leaves a row -> its name in the next
    source = {i: way[0] for way in columns.ways for i in way[:-1]}
    begins = columns.columns[0]
    for start, stop in itertools.pairwise([0, *breaks, len(columns.columns) - 1]):
        own = {start: begins} | {c: columns.columns[c] for c in range(start + 1, stop + 1)}
        leaving: list[int] = []
        if stop in breaks:
            members = own[stop]
            own[stop] = [i for i in members if not columns.is_input(i) or columns.ends_band(stop)]
            leaving = [i for i in own[stop] if i in source]
            after |= {i: _name_of(columns, i, source[i]) for i in leaving}
            begins = [after.get(i, i) for i in members if i in leaving or i not in own[stop]]
        rows.append(Row(own, leaving))
    _number(columns, rows)
    _take_the_short_way(columns, rows, after)
    rows = [row for row in rows if any(row.columns.values())]
    _number(columns, rows)
    columns.groups = [members for row in rows for members in row.columns.values()]
    return rows


def _name_of(columns: Columns, leaving: int, source: int) -> int:
    """Enter a name for what leaves a row, where it goes on in the next; return its number."""
    item = columns.items[leaving]
    if item.kind == "pass":
        item.up = item.down = CHIP_HEIGHT / 2
    chip = columns.shapes[columns.items[source].ref].chip
    columns.items.append(Item("pass", item.ref, item.column, chip, CHIP_HEIGHT / 2, CHIP_HEIGHT / 2))
    return len(columns.items) - 1


def _number(columns: Columns, rows: list[Row]) -> None:
    for number, row in enumerate(rows):
        for members in row.columns.values():
            for i in members:
                columns.items[i].row = number


def _take_the_short_way(columns: Columns, rows: list[Row], after: dict[int, int]) -> None:
    """Lead edges from the row of their source to the row of their target, past those between.

    Edges of one source that leave its row do so together, and those that go on in one row begin there
    together.
    """
    left: dict[int, list[int]] = {}
    begun: dict[tuple[int, int], int] = {}
    ways: list[list[int]] = []
    for way in columns.ways:
        first, last = columns.items[way[0]], columns.items[way[-1]]
        if first.row == last.row:
            ways.append(way)
            continue
        start = [i for i in way if columns.items[i].row == first.row]
        rest = [i for i in way if columns.items[i].row == last.row]
        turn = way[way.index(rest[0]) - 1]
        start = left.setdefault(first.ref, start)
        chip = begun.setdefault((first.ref, last.row), after[turn])
        ways.append([*start, chip, *rest])
    columns.ways = ways
    used = {i for way in ways for i in way}
    ends = {start[-1] for start in left.values()}
    for row in rows:
        row.leaving = [i for i in row.leaving if i in ends]
        for column, members in row.columns.items():
            row.columns[column] = [i for i in members if i in used or columns.items[i].kind == "node"]


def _placed(columns: Columns, rows: list[Row], titles: Titles) -> Layout:
    gaps = columns.gaps()
    pad = PAD if titles else 0.0
    for row in rows:
        _set_columns(columns, row, gaps, pad)
    frames, bottom = _stacked(columns, rows, titles, pad)
    nodes: dict[int, Rect] = {}
    labels: dict[int, Rect] = {}
    for item in columns.items:
        row = rows[item.row]
        if item.kind == "node":
            shape = columns.shapes[item.ref]
            nodes[item.ref] = _box(row, item, shape.width, shape.height)
        elif item.kind == "label":
            labels[item.ref] = _box(row, item, item.width, item.up + item.down)
    ways = [_way(columns, edge, rows) for edge in range(len(columns.edges))]
    return Layout(
        half(max(row.end for row in rows) + pad),
        half(bottom),
        tuple(nodes[i] for i in range(columns.count)),
        tuple(labels[i] for i in range(len(columns.edges))),
        tuple(strokes for strokes, _ in ways),
        tuple(chips for _, chips in ways),
        tuple(frames),
    )


def _set_columns(columns: Columns, row: Row, gaps: list[float], pad: float) -> None:
    """Set where each column of a row stands, and where the row ends."""
    x = pad
    row.solid = [c for c, members in row.columns.items() if any(columns.items[i].width for i in members)]
    for column, members in row.columns.items():
        row.left[column] = x
        x += max((columns.items[i].width for i in members), default=0.0)
        row.right[column] = x
        x += gaps[column] if column < row.solid[-1] else min(gaps[column], BEFORE_CHIP)
    row.end = max(row.right.values())
    if row.leaving:
        row.names = max(_chip(columns, i) for i in row.leaving)
        row.end += BEFORE_CHIP + row.names


def _stacked(columns: Columns, rows: list[Row], titles: Titles, pad: float) -> tuple[list[Frame], float]:
    """Set the rows one below the other; return the frames of their bands, and where the last row ends."""
    frames: list[Frame] = []
    bottom = -ROW_GAP
    for row in rows:
        inside = [columns.items[i] for members in row.columns.values() for i in members]
        high = min(item.y - item.up for item in inside)
        low = max(item.y + item.down for item in inside)
        parts = _parts(columns, row, begins=row is not rows[0]) if titles else []
        wide = {b: titles[b][any(frame.band == b for frame in frames)] for b, _, _ in parts}
        above = TITLE if any(_title_hits(columns, row, high, left, wide[b]) for b, left, _ in parts) else 0.0
        top = bottom + ROW_GAP - (10.0 if titles and bottom > 0 else 0.0)
        row.shift = top + pad + above - high
        bottom = top + 2 * pad + above + low - high
        for band, left, right in parts:
            left, right = math.floor(left - pad), math.floor(right + pad)
            height = bottom - top
            frames.append(Frame(band, Rect((left + right) / 2, top + height / 2, right - left, height)))
    return frames, bottom


def _box(row: Row, item: Item, width: float, height: float) -> Rect:
    return Rect(half(row.centre(item.column)), half(item.y + row.shift), width, height)


def _chip(columns: Columns, leaving: int) -> float:
    """How wide the name is that what leaves a row leads to."""
    way = next(way for way in columns.ways if leaving in way[:-1])
    return columns.shapes[columns.items[way[0]].ref].chip


def _parts(columns: Columns, row: Row, *, begins: bool) -> list[tuple[int, float, float]]:
    """The bands of a row: which, and from where to where; a row that `begins` with names has them inside."""
    parts: list[tuple[int, float, float]] = []
    first = next(iter(row.columns))
    bands = {c: columns.band(c + 1 if begins and c == first else c) for c in row.solid}
    for band, members in itertools.groupby(row.solid, key=lambda c: bands[c]):
        inside = list(members)
        right = row.end if inside[-1] == row.solid[-1] else row.right[inside[-1]]
        parts.append((band, row.left[inside[0]], right))
    return parts


def _title_hits(columns: Columns, row: Row, high: float, left: float, width: float) -> bool:
    """Whether a title in the corner of a frame would touch something."""
    return any(
        (
            columns.items[i].y
            if columns.items[i].kind == "pass" and not columns.items[i].width
            else columns.items[i].y - columns.items[i].up
        )
        < high + TITLE - 4
        and row.left[column] < left + width + 6
        and row.right[column] > left - PAD
        for column, members in row.columns.items()
        for i in members
    )


def _way(columns: Columns, edge: int, rows: list[Row]) -> tuple[tuple[Stroke, ...], tuple[Chip, ...]]:
    """The lines of an edge, straight along columns and bent between them, and the names where rows end."""
    way = columns.ways[edge]
    first, last = columns.items[way[0]], columns.items[way[-1]]
    row = rows[first.row]
    pen = Pen(row.centre(first.column) + columns.shapes[first.ref].width / 2, first.y + row.shift)
    strokes: list[Stroke] = []
    chips: list[Chip] = []
    chip = columns.shapes[first.ref].chip
    for k in range(1, len(way)):
        before, item = columns.items[way[k - 1]], columns.items[way[k]]
        y = before.y + row.shift
        if item.row != before.row:
            left = row.end - row.names
            pen.line(left - TOUCH, y)
            strokes.append(pen.route())
            chips.append(Chip(first.ref, Rect(half(left + chip / 2), half(y), chip, CHIP_HEIGHT)))
            row = rows[item.row]
            chips.append(Chip(first.ref, _box(row, item, chip, CHIP_HEIGHT)))
            pen = Pen(row.centre(item.column) + chip / 2, item.y + row.shift)
            continue
        pen.line(row.right[before.column], y)
        if k < len(way) - 1:
            pen.bend(row.left[item.column], item.y + row.shift)
    target = columns.shapes[last.ref]
    radius = target.width / 2
    if target.round:
        radius = math.sqrt(max(0.0, radius * radius - columns.port[edge] ** 2))
    end = row.centre(last.column) - radius - TOUCH
    arrive = last.y + row.shift + columns.port[edge]
    pen.bend(min(row.left[last.column], end - HEAD), arrive)
    pen.line(end, arrive)
    return (*strokes, pen.route()), tuple(chips)
