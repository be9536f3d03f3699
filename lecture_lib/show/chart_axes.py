"""The axes of a chart: their ranges, where a value lies, and the picture of them, drawn by Matplotlib.

They are kept by their ranges and names, so that a chart which moves costs no more than the few lines that
move. Text stays text (no outlines of letters), the salt of Matplotlib's ids is fixed and no date is written:
the same data give the same bytes as long as Matplotlib is the same.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from typing import Any

from lecture_lib.common import number, raised

from . import colours

WIDTH, HEIGHT = 540.0, 320.0  # at least so wide; long names get more room
LEFT, RIGHT, TOP, BOTTOM = 66.0, 400.0, 18.0, 272.0  # the axes' box; to its right is room for the names
INK, LINE = colours.INK, colours.GREY
FAR = 1e3  # a series that grows to so many times its start is shown in powers of ten


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


def axes_for(
    lines: Mapping[str, list[float]],
    start: int,
    reach: int | None,
    y_range: tuple[float, float] | None,
    log: bool | None,
    level: tuple[str, float] | None,
) -> Axes:
    """The axes for all the values, round numbers at their ends."""
    values = [value for line in lines.values() for value in line if math.isfinite(value)]
    if level is not None and math.isfinite(level[1]):
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
            f"line_chart: powers of ten cannot show {number(low, digits=4)}; values above 0 were expected"
        )
    if y_range is None and log:
        lowest, highest = math.floor(math.log10(low)), math.ceil(math.log10(high))
        lowest = max(lowest, -300)
        low, high = 10.0**lowest, 10.0 ** min(300, max(highest, lowest + 1))
    elif y_range is None:
        low, high = (-_above(-low) if low < 0 else 0.0), (_above(high) if high > 0 else 0.0)
        high = high if high > low else low + 1.0
    if not high > low:
        span = f"{number(low, digits=4)} to {number(high, digits=4)}"
        raise ValueError(f"line_chart: the range {span} holds nothing; low < high was expected")
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


_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lecture",
    "font.family": "DejaVu Sans",  # comes with Matplotlib, so text is measured alike everywhere
    "font.size": 13,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}


@lru_cache(maxsize=32)
def background(axes: Axes, x: str, y: str) -> str:
    """The axes as Matplotlib draws them, as SVG elements; made once for the same axes."""
    from matplotlib import style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    with style.context(["default", _STYLE]):  # what a notebook has set is for its own pictures
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72)
        FigureCanvasSVG(figure)
        box = (LEFT / WIDTH, 1 - BOTTOM / HEIGHT, (RIGHT - LEFT) / WIDTH, (BOTTOM - TOP) / HEIGHT)
        plot = figure.add_axes(box)
        figure.patch.set_visible(False)
        plot.patch.set_visible(False)
        plot.spines[["top", "right"]].set_visible(False)
        plot.set_xlim(axes.low_x, axes.high_x)
        plot.xaxis.set_major_locator(MaxNLocator(integer=True))
        plot.set_ylim(axes.low_y, axes.high_y)
        if axes.log:
            plot.set_yscale("log")
            plot.minorticks_off()
            # a power beyond the ends would stretch the axis, and no line would stand where its values are
            bottom, top = math.ceil(math.log10(axes.low_y) - 1e-9), math.floor(math.log10(axes.high_y) + 1e-9)
            powers = range(bottom, top + 1, max(1, math.ceil((top - bottom) / 6)))
            ticks = {10.0**k: f"10{raised(str(k))}" if k else "1" for k in powers}
            if len(ticks) < 2:  # one number is no scale
                ticks = {end: number(end, digits=4) for end in (axes.low_y, axes.high_y)}
            plot.set_yticks([*ticks], [*ticks.values()])
        else:
            # a number of six digits would push the axis' name out of the picture
            plot.ticklabel_format(axis="y", scilimits=(-4, 4))
        plot.grid(axis="y", color=colours.GRID, linewidth=0.8)
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
    return re.sub(r"\n\s*", "\n", inside).strip()
