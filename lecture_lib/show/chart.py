"""Line charts: Matplotlib draws the axes once, our own code draws on them what changes.

The axes are kept by their ranges and names, so that a chart which moves costs no more than the few lines that
move. Text stays text (no outlines of letters), the salt of Matplotlib's ids is fixed and no date is written:
the same data give the same bytes as long as Matplotlib is the same.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from io import StringIO
from itertools import pairwise
from typing import Any

from lecture_lib.common import number, raised

from .picture import Picture
from .typeset import text_width

__all__ = ["line_chart", "trend", "written"]

WIDTH, HEIGHT = 640.0, 320.0  # at least so wide; long names get more room
LEFT, RIGHT, TOP, BOTTOM = 66.0, 500.0, 18.0, 272.0  # the axes' box; to its right is room for the names
FONT = 'Helvetica, Arial, "DejaVu Sans", sans-serif'
INK, LINE = "#1F2933", "#5B6770"
FAR = 1e3  # a series that grows to so many times its start is shown in powers of ten


@dataclass(frozen=True)
class Style:
    """How one line differs from the others: not by its colour alone."""

    colour: str
    dash: str
    marker: str


STYLES = (
    Style("#0072B2", "", "circle"),
    Style("#B84A00", "7 4", "square"),
    Style("#2F7D4F", "2 4", "triangle"),
    Style("#7A3E9D", "10 3 2 3", "diamond"),
)


@dataclass(frozen=True)
class Axes:
    """The ranges, and where in the picture a value lies."""

    low_x: float
    high_x: float
    low_y: float
    high_y: float
    log: bool

    def x(self, value: float) -> float:
        """How far right a value on the horizontal axis lies."""
        return LEFT + (RIGHT - LEFT) * (value - self.low_x) / (self.high_x - self.low_x)

    def y(self, value: float) -> float:
        """How far down a value on the vertical axis lies."""
        low, high = self._scaled(self.low_y), self._scaled(self.high_y)
        return BOTTOM - (BOTTOM - TOP) * (self._scaled(value) - low) / (high - low)

    def holds(self, value: float) -> bool:
        """Whether a value can be drawn: within the axes, or out of them by less than one sees."""
        if not math.isfinite(value) or (self.log and value <= 0):
            return False
        return TOP - 0.01 <= self.y(value) <= BOTTOM + 0.01

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.log else value


def line_chart(
    series: Mapping[str, Sequence[float]],
    *,
    x: str = "step",
    y: str = "loss",
    start: int = 0,
    until: int | None = None,
    reach: int | None = None,
    y_range: tuple[float, float] | None = None,
    log: bool | None = None,
    level: tuple[str, float] | None = None,
) -> Picture:
    """Draw one or more lines over the steps 0, 1, 2, ...; each ends in a point with its name and its value.

    Parameters
    ----------
    series : mapping
        name -> values, one a step; a value may be infinite or NaN, where nothing is drawn
    x, y : str
        the axes' names
    start : int
        the number of the first step
    until : int, optional
        draw up to this step only; the axes stay those of all values, so nothing jumps as it grows
    reach : int, optional
        the axis goes on to this step; the last one of the longest series if left out
    y_range : (low, high), optional
        the vertical axis; from 0 to a round number above all values if left out
    log : bool, optional
        powers of ten on the vertical axis; chosen by the values if left out
    level : (name, value), optional
        a value to compare with, drawn as a thin line across

    Returns
    -------
    Picture
        its words say how each line runs

    Raises
    ------
    ValueError
        if there are no values, more than four series, or a range that cannot be drawn

    Examples
    --------
    >>> chart = line_chart({"train": [0.9, 0.6, 0.5], "dev": [0.9, 0.7, 0.8]}, x="pass")
    >>> print(chart.words)
    loss by pass. train falls from 0.9 at pass 0 to 0.5 at pass 2. dev goes from 0.9 at pass 0 to 0.8 at pass
    2; it is lowest, 0.7, at pass 1, and rises 1 time.
    """
    if not series or not any(len(values) for values in series.values()):
        raise ValueError(
            "line_chart: there is nothing to draw; at least one series with a value was expected"
        )
    if len(series) > len(STYLES):
        raise ValueError(
            f"line_chart: {len(series)} series were given; up to {len(STYLES)} can be told apart"
        )
    lines = {name: [float(value) for value in values] for name, values in series.items()}
    axes = _axes(lines, start, reach, y_range, log, level)
    shown = {
        name: values if until is None else values[: max(0, until - start + 1)]
        for name, values in lines.items()
    }
    parts = [_background(axes, x, y)]
    if level is not None and axes.holds(level[1]):
        parts.append(_level(axes, *level))
    ends: list[tuple[float, str, Style]] = []
    for (name, values), style in zip(shown.items(), STYLES, strict=False):
        parts.append(_line(axes, values, start, style))
        end = next((i for i in reversed(range(len(values))) if axes.holds(values[i])), None)
        if end is not None:
            ends.append((axes.y(values[end]), f"{name} {written(values[end])}", style))
            parts.append(_end(axes.x(start + end), axes.y(values[end]), style))
    parts += _names(ends)
    sentences = [trend(name, values, x, start) for name, values in shown.items()]
    if level is not None:
        sentences.append(f"The thin line across is {level[0]}, {written(level[1])}.")
    scale = ", in powers of ten" if axes.log else ""
    words = " ".join([f"{y} by {x}{scale}.", *sentences])
    return Picture(svg=_card(parts, f"{y} by {x}", _width(lines)), words=words)


def trend(name: str, values: Sequence[float], x: str = "step", start: int = 0) -> str:
    """Say how a series runs, in a sentence made from its values.

    Examples
    --------
    >>> trend("loss", [0.861, 0.854, 0.847])
    'loss falls from 0.861 at step 0 to 0.847 at step 2.'
    >>> trend("loss", [0.5, 0.5])
    'loss stays at 0.5 from step 0 to step 1.'
    >>> trend("loss", [1.0, 20.0, float("inf")])
    'loss rises from 1 at step 0 to 20 at step 1. At step 2 it is no number any more.'
    """
    usable = next((i for i, value in enumerate(values) if not math.isfinite(value)), len(values))
    finite = [float(value) for value in values[:usable]]
    broken = f" At {x} {start + usable} it is no number any more." if usable < len(values) else ""
    if not finite:
        return f"{name} has no value yet." if not values else f"{name} is no number from {x} {start} on."
    first, last, here = finite[0], finite[-1], f"{x} {start + len(finite) - 1}"
    if len(finite) == 1:
        return f"{name} is {written(first)} at {here}.{broken}"
    if written(min(finite)) == written(max(finite)):
        return f"{name} stays at {written(first)} from {x} {start} to {here}.{broken}"
    pairs = list(pairwise(finite))
    ends = f"from {written(first)} at {x} {start} to {written(last)} at {here}"
    if all(after <= before for before, after in pairs):
        return f"{name} falls {ends}.{_still_since(finite, x, start)}{broken}"
    if all(after >= before for before, after in pairs):
        return f"{name} rises {ends}.{_still_since(finite, x, start)}{broken}"
    low, high = min(finite), max(finite)
    extremes = [
        f"it is {word}, {written(value)}, at {x} {start + finite.index(value)}"
        for word, value in (("lowest", low), ("highest", high))
        if value not in (first, last)
    ]
    rises = sum(after > before for before, after in pairs)
    times = "1 time" if rises == 1 else f"{rises} times"
    return f"{name} goes {ends}; {', '.join([*extremes, f'and rises {times}'])}.{broken}"


def written(value: float) -> str:
    """A number as charts and their words write it: four digits that count.

    Examples
    --------
    >>> [written(v) for v in (0.861266, -0.12, 20.0, 1868.4, 0.0073829, 7.349e238)]
    ['0.8613', '−0.12', '20', '1868', '0.007383', '7.349 × 10²³⁸']
    """
    return number(value, digits=4)


def _still_since(values: list[float], x: str, start: int) -> str:
    """From where on nothing changes that could be read, if that is long before the end."""
    last = written(values[-1])
    since = next(i for i in range(len(values)) if all(written(v) == last for v in values[i:]))
    if len(values) - since < 4:
        return ""
    return f" From {x} {start + since} on it stays there."


def _axes(
    lines: Mapping[str, list[float]],
    start: int,
    reach: int | None,
    y_range: tuple[float, float] | None,
    log: bool | None,
    level: tuple[str, float] | None,
) -> Axes:
    """The axes for all the values, round numbers at their ends."""
    values = [value for line in lines.values() for value in line if math.isfinite(value)]
    if level is not None:
        values.append(level[1])
    if y_range is not None:
        low, high = y_range
    elif not values:
        low, high = 0.0, 1.0
    else:
        low, high = min(values), max(values)
    if log is None:
        log = low > 0 and any(_explodes(line) for line in lines.values())
    if log and low <= 0:
        raise ValueError(
            f"line_chart: powers of ten cannot show {written(low)}; values above 0 were expected"
        )
    if y_range is None and log:
        lowest, highest = math.floor(math.log10(low)), math.ceil(math.log10(high))
        lowest = max(lowest, -300)
        low, high = 10.0**lowest, 10.0 ** min(300, max(highest, lowest + 1))
    elif y_range is None:
        low, high = (-_above(-low) if low < 0 else 0.0), (_above(high) if high > 0 else 0.0)
        high = high if high > low else low + 1.0
    if not high > low:
        raise ValueError(f"line_chart: the range {low:g} to {high:g} holds nothing; low < high was expected")
    longest = start + max(len(line) for line in lines.values()) - 1
    return Axes(float(start), float(max(start + 1, reach or 0, longest)), low, high, log)


def _explodes(line: Sequence[float]) -> bool:
    """Whether a series grows to more than a thousand times what it began with."""
    finite = [value for value in line if math.isfinite(value)]
    return bool(finite) and max(finite) > FAR * finite[0]


def _above(value: float) -> float:
    """The next round number above a positive value, with a little room; 0 for what is next to nothing.

    Examples
    --------
    >>> [_above(v) for v in (0.861, 1.0, 3.2, 47, 1e-200)]
    [1.0, 1.2, 4.0, 50.0, 0.0]
    """
    if value < 1e-100:
        return 0.0
    ten = 10.0 ** math.floor(math.log10(value))
    return float(next(f * ten for f in (1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10, 12) if f * ten >= value * 1.02))


@lru_cache(maxsize=32)
def _background(axes: Axes, x: str, y: str) -> str:
    """The axes as Matplotlib draws them, as SVG elements; made once for the same axes."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "lecture",
        "font.family": "DejaVu Sans",  # comes with Matplotlib, so text is measured alike everywhere
        "font.size": 11,
        "axes.edgecolor": LINE,
        "axes.labelcolor": INK,
        "xtick.color": LINE,
        "ytick.color": LINE,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "axes.unicode_minus": True,
        "mathtext.default": "regular",
    }
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72)
        FigureCanvasSVG(figure)
        box = (LEFT / WIDTH, 1 - BOTTOM / HEIGHT, (RIGHT - LEFT) / WIDTH, (BOTTOM - TOP) / HEIGHT)
        plot = figure.add_axes(box)
        figure.patch.set_visible(False)
        plot.patch.set_visible(False)
        plot.spines[["top", "right"]].set_visible(False)
        plot.set_xlim(axes.low_x, axes.high_x)
        plot.xaxis.set_major_locator(MaxNLocator(integer=True))
        if axes.log:
            plot.set_yscale("log")
            plot.minorticks_off()
        else:
            # a number of six digits would push the axis' name out of the picture
            plot.ticklabel_format(axis="y", scilimits=(-4, 4))
        plot.set_ylim(axes.low_y, axes.high_y)
        if axes.log:
            decades = round(math.log10(axes.high_y) - math.log10(axes.low_y))
            every = max(1, math.ceil(decades / 6))
            bottom = round(math.log10(axes.low_y))
            powers = range(bottom, bottom + decades + 1, every)
            plot.set_yticks([10.0**k for k in powers], [f"10{raised(str(k))}" if k else "1" for k in powers])
        plot.grid(axis="y", color="#D5DBE1", linewidth=0.8)
        plot.set_xlabel(x)
        plot.set_ylabel(y)
        out = StringIO()
        figure.savefig(
            out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    svg = out.getvalue()
    inside = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    inside = re.sub(r"<metadata>.*?</metadata>", "", inside, flags=re.DOTALL)
    inside = re.sub(r"<!--.*?-->", "", inside, flags=re.DOTALL)
    inside = inside.replace("'DejaVu Sans'", "Helvetica, Arial, 'DejaVu Sans', sans-serif")
    return re.sub(r"\n\s*", "\n", inside).strip()


def _line(axes: Axes, values: Sequence[float], start: int, style: Style) -> str:
    """The line through all values that can be drawn, in pieces where one is missing, with its marks."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for i, value in enumerate(values):
        if axes.holds(value):
            pieces[-1].append((axes.x(start + i), axes.y(value)))
        elif pieces[-1]:
            pieces.append([])
    dash = f' stroke-dasharray="{style.dash}"' if style.dash else ""
    drawn = [
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in piece)}" fill="none" '
        f'stroke="{style.colour}" stroke-width="2"{dash}/>'
        for piece in pieces
        if len(piece) > 1
    ]
    points = [point for piece in pieces for point in piece]
    if len(points) <= 60:
        drawn += [_mark(x, y, 2.6, style) for x, y in points]
    return "".join(drawn)


def _mark(x: float, y: float, r: float, style: Style) -> str:
    if style.marker == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{style.colour}"/>'
    corners = {
        "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        "triangle": [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        "diamond": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
    }[style.marker]
    points = " ".join(f"{x + a * r:.1f},{y + b * r:.1f}" for a, b in corners)
    return f'<polygon points="{points}" fill="{style.colour}"/>'


def _end(x: float, y: float, style: Style) -> str:
    ring = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8.5" fill="none" stroke="{style.colour}" stroke-width="1.2"/>'
    )
    return _mark(x, y, 4.6, style) + ring


def _level(axes: Axes, name: str, value: float) -> str:
    y = axes.y(value)
    return (
        f'<path d="M{LEFT:.1f},{y:.1f} H{RIGHT:.1f}" stroke="{LINE}" stroke-dasharray="3 3"/>'
        f'<text x="{RIGHT - 16:.1f}" y="{y - 6:.1f}" text-anchor="end" fill="{INK}">{escape(name)}</text>'
    )


def _names(ends: list[tuple[float, str, Style]]) -> list[str]:
    """Each line's name and last value: right of the axes, beside the line's end, apart from the others."""
    drawn: list[str] = []
    free = TOP
    room = 18.0
    for i, (y, text, style) in enumerate(sorted(ends, key=lambda end: end[0])):
        below = (len(ends) - 1 - i) * room  # those still to come need their place as well
        y = min(max(y, free), BOTTOM - below)
        free = y + room
        drawn.append(_mark(RIGHT + 18, y, 4.0, style))
        place = f'x="{RIGHT + 28:.1f}" y="{y + 4:.1f}"'
        drawn.append(f'<text {place} fill="{style.colour}" font-weight="600">{escape(text)}</text>')
    return drawn


def _width(lines: Mapping[str, list[float]]) -> float:
    """Wide enough for the longest name with any of its values, so that the size stays while a line grows."""
    labels = (f"{name} {text}" for name, line in lines.items() for text in {written(v) for v in line})
    longest = max(text_width(label, 12.5, bold=True) for label in labels)
    # the last of the fonts, DejaVu Sans Bold, is wider than the table's Arial by up to a quarter
    return max(WIDTH, math.ceil(RIGHT + 28 + 1.25 * longest + 8))


def _card(parts: Sequence[str], title: str, width: float) -> str:
    """The whole picture, on a white card."""
    w, h = f"{width:.0f}", f"{HEIGHT:.0f}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        f"font-family='{FONT}' font-size=\"12.5\"><title>{escape(title)}</title>"
        f'<rect width="{w}" height="{h}" fill="#fff"/>' + "\n".join(parts) + "</svg>"
    )
