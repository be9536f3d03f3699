"""Charts side by side in one picture: lines over a number, points and arrows on them, and a key beneath.

Drawn by our own code, axes too, so that the picture is the same to the byte on every machine. Names stand in
the key and never beside a line, so that nothing overlaps however the lines run.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from lecture_lib.common import number, raised

from .colours import GREY, GRID, INK
from .picture import Picture, Place, SideBySide
from .svg import chart_document

WIDTH, PLOT_HEIGHT = 430.0, 230.0  # of one panel; the key comes beneath
LEFT, RIGHT, TOP = 58.0, 14.0, 30.0  # room around the axes' box
KEY_TOP, KEY_LINE = 46.0, 19.0  # from the box's foot to the key, and from line to line in it
AXIS = GREY
MARKS = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "triangle": [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
    "diamond": [(0, -1.3), (1, 0), (0, 1.3), (-1, 0)],
    "bar": [(-1.2, -0.4), (1.2, -0.4), (1.2, 0.4), (-1.2, 0.4)],
    "hourglass": [(-1, -1), (1, -1), (-1, 1), (1, 1)],
    "cross": [
        *((-1.2, -0.8), (-0.8, -1.2), (0, -0.4), (0.8, -1.2), (1.2, -0.8), (0.4, 0)),
        *((1.2, 0.8), (0.8, 1.2), (0, 0.4), (-0.8, 1.2), (-1.2, 0.8), (-0.4, 0)),
    ],
}
"""The marks but for the circle: their corners, in radii."""


@dataclass(frozen=True)
class Line:
    """A line through points, in order; without a name it is a thin guide that the key leaves out.

    With a `marker` (as a `Point` has) each of its points is marked instead, and nothing joins them.
    """

    name: str
    xs: Iterable[float]
    ys: Iterable[float]
    colour: str
    dash: str = ""
    marker: str = ""


@dataclass(frozen=True)
class Arrow:
    """An arrow from a place to another; without a name it is thin, and the key leaves it out."""

    name: str
    x: float
    y: float
    to_x: float
    to_y: float
    colour: str
    dash: str = ""


@dataclass(frozen=True)
class Point:
    """One marked place, its marker one of MARKS or a "circle"; unnamed, it is not in the key."""

    name: str
    x: float
    y: float
    colour: str
    marker: str = "circle"


@dataclass(frozen=True)
class Panel:
    """One chart: its title, the axes' names and ranges, and what is drawn.

    A point that lies outside the ranges is drawn hollow at the border, and its name says so. Where an axis
    has `powers`, its values are exponents of ten, and its ticks are written as powers: 10⁻³.
    """

    title: str
    x: str
    y: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    lines: tuple[Line, ...] = ()
    points: tuple[Point, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    x_powers: bool = False
    y_powers: bool = False

    def __post_init__(self) -> None:
        for name, (low, high) in ((self.x, self.x_range), (self.y, self.y_range)):
            if not (math.isfinite(high - low) and low < high):
                raise ValueError(
                    f"panel {self.title!r}: the range of {name!r} is {low:g} to {high:g};"
                    " low < high was expected"
                )
        looks: dict[object, str] = {}
        for part in self.keyed:
            other = looks.setdefault(_look(part), part.name)
            if other != part.name:
                raise ValueError(
                    f"panel {self.title!r}: only colour tells {other!r} from {part.name!r};"
                    " another marker or dash was expected"
                )

    @property
    def keyed(self) -> tuple[Line | Arrow | Point, ...]:
        """What the key names, in its order."""
        return tuple(part for part in (*self.lines, *self.arrows, *self.points) if part.name)

    def right(self, x: float) -> float:
        """How far right in the panel a value of the horizontal axis lies."""
        low, high = self.x_range
        return LEFT + (WIDTH - LEFT - RIGHT) * (x - low) / (high - low)

    def down(self, y: float) -> float:
        """How far down in the panel a value of the vertical axis lies."""
        low, high = self.y_range
        return TOP + PLOT_HEIGHT * (high - y) / (high - low)

    def holds(self, point: Point) -> bool:
        """Whether a point lies within the axes."""
        return self.x_range[0] <= point.x <= self.x_range[1] and self.y_range[0] <= point.y <= self.y_range[1]


def _look(part: Line | Arrow | Point) -> object:
    """What a named part looks like to somebody who sees no colours."""
    marker = "" if isinstance(part, Arrow) else part.marker
    return marker or (type(part), "" if isinstance(part, Point) else part.dash)


def side_by_side(panels: Sequence[Panel], words: str) -> Picture:
    """Draw charts side by side, each with its key; one below the other where the page is narrow.

    Parameters
    ----------
    panels : sequence of Panel
    words : str
        what is to be seen, for those who do not see it

    Returns
    -------
    Picture

    Examples
    --------
    >>> line = Line("twice x", (0.0, 1.0), (0.0, 2.0), "#0072B2")
    >>> picture = side_by_side([Panel("Double", "x", "y", (0, 1), (0, 2), (line,))], "It rises to 2.")
    >>> picture.words
    'It rises to 2.'
    >>> "twice x" in picture.svg
    True
    """
    if not panels:
        raise ValueError("side_by_side: there is nothing to draw; at least one panel was expected")
    height = TOP + PLOT_HEIGHT + KEY_TOP + KEY_LINE * max(len(panel.keyed) for panel in panels)
    drawn = [_panel(panel) for panel in panels]
    told = _with_numbers_of_the_key(panels, words)
    said = (told, *(_with_numbers_of_the_key([panel], f"{panel.title}.") for panel in panels[1:]))
    pictures = tuple(
        Picture(chart_document(WIDTH, height, panel.title, body), text, (_place(panel, height),))
        for panel, body, text in zip(panels, drawn, said, strict=True)
    )
    row = "".join(f'<g transform="translate({WIDTH * i:g} 0)">{body}</g>' for i, body in enumerate(drawn))
    title = " · ".join(panel.title for panel in panels)
    return SideBySide(chart_document(WIDTH * len(panels), height, title, row), told, pictures=pictures)


def _place(panel: Panel, height: float) -> Place:
    """Where the axes' box stands in its chart, and what is measured along its sides."""
    return Place(
        panel.title,
        LEFT / WIDTH,
        TOP / height,
        (WIDTH - LEFT - RIGHT) / WIDTH,
        PLOT_HEIGHT / height,
        ((panel.x, *panel.x_range), (panel.y, *panel.y_range)),
    )


def _with_numbers_of_the_key(panels: Sequence[Panel], words: str) -> str:
    """The words, and at their end what the key says in numbers that they leave out."""
    told = {*_NUMBER.findall(words)}
    names = [part.name for panel in panels for part in panel.keyed]
    left_out = [name for name in names if not told.issuperset(_NUMBER.findall(name))]
    return f"{words} In the key: {'; '.join(left_out)}." if left_out else words


_NUMBER = re.compile(r"−?\d+(?:,\d{3})*(?:\.\d+)?")


def ticks(low: float, high: float, most: int = 7, *, whole: bool = False) -> list[float]:
    """Round numbers between two ends, at most so many; whole ones only, if two of them lie there.

    Examples
    --------
    >>> ticks(-3, 3), ticks(0, 0.9)
    ([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0], [0.0, 0.2, 0.4, 0.6, 0.8])
    >>> ticks(1.9, 3.1, whole=True)
    [2.0, 3.0]
    """
    span = max(high - low, 1e-300)  # what is smaller has no digits left to be divided
    ten = 10.0 ** math.floor(math.log10(span / most))
    step = next(f * ten for f in (1, 2, 5, 10, 20) if span / (f * ten) <= most - 1 + 1e-9)
    if whole and math.floor(high) > math.ceil(low):
        step = max(step, 1.0)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{k * step:.10g}") + 0.0 for k in range(first, last + 1)]


def _panel(panel: Panel) -> str:
    foot, right = TOP + PLOT_HEIGHT, WIDTH - RIGHT
    parts = [_text(LEFT, 18, panel.title, "start")]
    y_whole = panel.y_powers or _all_whole(y for line in panel.lines if line.marker for y in line.ys)
    x_whole = panel.x_powers or _all_whole(x for line in panel.lines if line.marker for x in line.xs)
    for value in ticks(*panel.y_range, whole=y_whole):
        y = panel.down(value)
        parts.append(f'<path d="M{LEFT:g},{y:.1f} H{right:g}" stroke="{GRID}"/>')
        parts.append(_text(LEFT - 6, y + 4, _tick(value, panel.y_powers), "end"))
    if panel.y_range[0] < 0 < panel.y_range[1] and not panel.y_powers:
        parts.append(f'<path d="M{LEFT:g},{panel.down(0):.1f} H{right:g}" stroke="{AXIS}"/>')
    for value in ticks(*panel.x_range, whole=x_whole):
        x = panel.right(value)
        parts.append(f'<path d="M{x:.1f},{foot:g} v4" stroke="{AXIS}"/>')
        parts.append(_text(x, foot + 17, _tick(value, panel.x_powers)))
    parts.append(f'<path d="M{LEFT:g},{TOP:g} V{foot:g} H{right:g}" fill="none" stroke="{AXIS}"/>')
    parts.append(_text((LEFT + right) / 2, foot + 33, panel.x))
    parts.append(
        f'<text transform="translate(14 {(TOP + foot) / 2:g}) rotate(-90)" text-anchor="middle" '
        f'fill="{INK}">{escape(panel.y)}</text>'
    )
    # a picture within the picture cuts off what leaves the axes
    parts.append(
        f'<svg x="{LEFT:g}" y="{TOP:g}" width="{right - LEFT:g}" height="{PLOT_HEIGHT:g}" '
        f'viewBox="{LEFT:g} {TOP:g} {right - LEFT:g} {PLOT_HEIGHT:g}">'
        f"{''.join(_path(panel, line) for line in panel.lines if not line.marker)}"
        f"{''.join(_arrow(panel, arrow) for arrow in panel.arrows)}</svg>"
    )
    for line in panel.lines:  # a mark on the border is whole
        if line.marker:
            points = [
                Point("", x, y, line.colour, line.marker) for x, y in zip(line.xs, line.ys, strict=True)
            ]
            parts += [_placed(panel, point) for point in points if panel.holds(point)]
    parts += [_placed(panel, point) for point in panel.points]
    return "".join([*parts, *_key(panel)])


def _all_whole(values: Iterable[float]) -> bool:
    """Whether there are values, and all are whole numbers: a depth, an epoch."""
    some = list(values)
    return bool(some) and all(float(value).is_integer() for value in some)


def _path(panel: Panel, line: Line) -> str:
    """A line; what lies far outside is drawn at the same place, so that no coordinate is huge."""
    far = 10 * PLOT_HEIGHT
    places = [
        f"{panel.right(x):.1f},{min(max(panel.down(y), -far), far):.1f}"
        for x, y in zip(line.xs, line.ys, strict=True)
    ]
    return f'<polyline points="{" ".join(places)}" fill="none" {_stroke(line)}/>'


def _arrow(panel: Panel, arrow: Arrow) -> str:
    start = panel.right(arrow.x), panel.down(arrow.y)
    return _shaft_and_head(start, (panel.right(arrow.to_x), panel.down(arrow.to_y)), arrow)


def _shaft_and_head(start: tuple[float, float], end: tuple[float, float], arrow: Arrow) -> str:
    """An arrow between two places of the picture; one too short for a head has none."""
    size = 9.0 if arrow.name else 5.0
    (x, y), (to_x, to_y) = start, end
    length = math.hypot(to_x - x, to_y - y)
    shaft = f'<path d="M{x:.1f},{y:.1f} L{to_x:.1f},{to_y:.1f}" fill="none" {_stroke(arrow)}/>'
    if length < size:
        return shaft
    right, down = (to_x - x) / length * size, (to_y - y) / length * size
    corners = [
        (to_x, to_y),
        (to_x - right - down / 2, to_y - down + right / 2),
        (to_x - right + down / 2, to_y - down - right / 2),
    ]
    head = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
    return f'{shaft}<polygon points="{head}" fill="{arrow.colour}"/>'


def _stroke(line: Line | Arrow) -> str:
    dash = f' stroke-dasharray="{line.dash}"' if line.dash else ""
    return f'stroke="{line.colour}" stroke-width="{2 if line.name else 1.2}"{dash}'


def _placed(panel: Panel, point: Point) -> str:
    """A point's mark where it lies; hollow, and at the border, if that is outside."""
    x = min(max(panel.right(point.x), LEFT), WIDTH - RIGHT)
    y = min(max(panel.down(point.y), TOP), TOP + PLOT_HEIGHT)
    return _mark(x, y, point, hollow=not panel.holds(point))


def _mark(x: float, y: float, point: Point | Line, hollow: bool = False) -> str:
    fill = "#fff" if hollow else point.colour
    return mark(point.marker, x, y, 5, f'fill="{fill}" stroke="{point.colour}" stroke-width="1.6"')


def mark(kind: str, x: float, y: float, r: float, paint: str) -> str:
    """A "circle", or one of MARKS, around a place; `paint` has its fill and stroke."""
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" {paint}/>'
    places = " ".join(f"{x + a * r:.1f},{y + b * r:.1f}" for a, b in MARKS[kind])
    return f'<polygon points="{places}" {paint}/>'


def _key(panel: Panel) -> list[str]:
    """A row for each line, arrow and point that has a name: a sample and the name."""
    parts: list[str] = []
    for row, part in enumerate(panel.keyed):
        y = TOP + PLOT_HEIGHT + KEY_TOP + 6 + KEY_LINE * row
        outside = isinstance(part, Point) and not panel.holds(part)
        if isinstance(part, Arrow):
            parts.append(_shaft_and_head((LEFT, y), (LEFT + 26, y), part))
        elif isinstance(part, Line) and not part.marker:
            parts.append(f'<path d="M{LEFT:g},{y:g} h26" fill="none" {_stroke(part)}/>')
        else:
            parts.append(_mark(LEFT + 13, y, part, hollow=outside))
        name = part.name + (", outside the picture" if outside else "")
        parts.append(_text(LEFT + 34, y + 4, name, "start"))
    return parts


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(text)}</text>'


def _tick(value: float, power: bool) -> str:
    if not power:
        return number(value, digits=4)
    return f"10{raised(f'{value:g}')}" if value else "1"


def padded(values: Iterable[float], flat: float = 1.0) -> tuple[float, float]:
    """Return an axis's range: the values and some room at both ends, `flat` if all are the same.

    Examples
    --------
    >>> padded([0.0, 50.0, 100.0]), padded([3.0], flat=0.5)
    ((-12.0, 112.0), (2.5, 3.5))
    """
    some = [float(value) for value in values]
    if not some:
        raise ValueError("padded: an axis needs values to hold; at least one was expected")
    room = 0.12 * (max(some) - min(some)) or flat
    return min(some) - room, max(some) + room
