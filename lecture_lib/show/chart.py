"""Line charts: on axes that are made once, our own code draws what changes, and says it in words."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from .chart_axes import BOTTOM, HEIGHT, INK, LEFT, LINE, RIGHT, TOP, WIDTH, Axes, axes_for, background
from .chart_words import trend, written
from .colours import BLUE, GREEN, ORANGE, PURPLE
from .panels import mark
from .picture import Picture
from .svg import chart_document
from .typeset import text_width


class LineStyle(NamedTuple):
    """How one line differs from the others: not by its colour alone."""

    colour: str
    dash: str
    marker: str


STYLES = (
    LineStyle(BLUE, "", "circle"),
    LineStyle(ORANGE, "7 4", "square"),
    LineStyle(GREEN, "2 4", "triangle"),
    LineStyle(PURPLE, "10 3 2 3", "diamond"),
)


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
        a value to compare with, drawn as a thin line across where the axes hold it

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
    axes = axes_for(lines, start, reach, y_range, log, level)
    shown = {
        name: values if until is None else values[: max(0, until - start + 1)]
        for name, values in lines.items()
    }
    parts = [background(axes, x, y)]
    if level is not None and axes.holds(level[1]):
        parts.append(_level(axes, *level))
    ends: list[tuple[float, str, LineStyle]] = []
    for (name, values), style in zip(shown.items(), STYLES, strict=False):
        parts.append(_line(axes, values, start, style))
        end = next((i for i in reversed(range(len(values))) if axes.holds(values[i])), None)
        if end is not None:
            ends.append((axes.y(values[end]), f"{name} {written(values[end])}", style))
            parts.append(_end(axes.x(start + end), axes.y(values[end]), style))
    parts += _names(ends)
    scale = ", in powers of ten" if axes.log else ""
    sentences = [trend(name, values, x, start) for name, values in shown.items()]
    words = " ".join([f"{y} by {x}{scale}.", *sentences, *_level_words(axes, level)])
    return Picture(chart_document(_width(lines), HEIGHT, f"{y} by {x}", "".join(parts)), words)


def _line(axes: Axes, values: Sequence[float], start: int, style: LineStyle) -> str:
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


def _mark(x: float, y: float, r: float, style: LineStyle) -> str:
    return mark(style.marker, x, y, r, f'fill="{style.colour}"')


def _end(x: float, y: float, style: LineStyle) -> str:
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


def _level_words(axes: Axes, level: tuple[str, float] | None) -> list[str]:
    if level is None:
        return []
    called = f"{level[0]}, {written(level[1])}"
    if axes.holds(level[1]):
        return [f"The thin line across is {called}."]
    return [f"{called}, is not within the axes."]


def _names(ends: list[tuple[float, str, LineStyle]]) -> list[str]:
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
    longest = max(text_width(label, "n g") for label in labels)
    return max(WIDTH, math.ceil(RIGHT + 28 + longest + 8))
