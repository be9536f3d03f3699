"""The house style, and the few SVG elements that the pictures are made of.

Blue is forward, orange is backward, and something besides colour always tells them apart: the sign ∂, a bold
weight, an arrow's direction. Every picture has a white card beneath, so that it reads in dark themes too.
All text has a contrast of at least 4.5 to 1 with what is behind it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from html import escape
from typing import Any

from lecture_lib.common import number

from . import colours
from .layout import Position
from .outlines import outlined, set_text, width
from .typeset import INDEXED, is_written_out, number_rows, split_name, text_width

FORWARD = colours.BLUE
BACKWARD = colours.ORANGE
INK = colours.INK
EDGE = colours.GREY
PALE = "#5F6B76"
PALE_LINE = colours.PALE
CARD_LINE = colours.GRID
DATA_FILL = "#F1F5F8"
PARAMETER_FILL = "#FFF4E5"
OPERATION_FILL = "#E3EFF9"
ROOT_FILL = "#EAF5EE"
ROOT_LINE = colours.GREEN
FRAME_FILL = "#F7F9FB"
WRONG = "#B0003A"

LINE = 14.5
"""Height of a line of numbers."""


@lru_cache(maxsize=65536)
def px(value: float) -> str:
    """A coordinate: at most two decimals, no trailing zeros.

    >>> px(12.0), px(-0.001), px(3.25)
    ('12', '0', '3.25')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def attributes(**values: Any) -> str:
    """Attributes as SVG writes them: `class_` is class, `_` a hyphen; None is left out."""
    parts: list[str] = []
    for name, value in values.items():
        if value is None:
            continue
        text = px(value) if isinstance(value, int | float) else _safe(str(value))
        parts.append(f'{_as_svg_writes(name)}="{text}"')
    return " ".join(parts)


_safe = lru_cache(maxsize=4096)(escape)


@cache
def _as_svg_writes(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def text(
    x: float, y: float, content: str, fill: str, class_: str | None = None, *, anchor: str | None = "middle"
) -> str:
    """A line of text whose baseline is at y; `class_` is one of STYLE's."""
    return set_text(x, y, escape(content), class_, fill=fill, anchor=anchor)


@lru_cache(maxsize=4096)
def formula(symbols: str) -> str:
    """Symbols as the slides set them, a text's content: letters in italics, an index low, words upright.

    A number after ^ stands high.

    >>> formula("W h0"), formula("mean")
    ('<tspan class="i">W</tspan> <tspan class="i">h</tspan><tspan dy="3" font-size="10">0</tspan>', 'mean')
    >>> formula("z^−2")
    '<tspan class="i">z</tspan><tspan dy="-5" font-size="10">−2</tspan>'
    """
    parts: list[str] = []
    lowered = 0.0
    for sign in _SIGN.findall(symbols):
        if sign[0] == "^" and len(sign) > 1:
            parts.append(f'<tspan dy="{px(-5 - lowered)}" font-size="10">{sign[1:]}</tspan>')
            lowered = -5.0
            continue
        stem, index = split_name(sign)
        content = escape(stem)
        attributes_ = _slant(stem) + (f' dy="{px(-lowered)}"' if lowered else "")
        parts.append(f"<tspan{attributes_}>{content}</tspan>" if attributes_ else content)
        lowered = 3.0 if index else 0.0
        if index:
            parts.append(f'<tspan{_slant(index)} dy="3" font-size="10">{index}</tspan>')
    return "".join(parts)


def _slant(sign: str) -> str:
    """One letter is a name, in italics."""
    return ' class="i"' if len(sign) == 1 and sign.isalpha() else ""


def symbols(
    x: float, y: float, written: str, fill: str, class_: str, *, anchor: str | None = "middle"
) -> str:
    """A line of symbols, set as the slides set them."""
    return set_text(x, y, formula(written), class_, fill=fill, anchor=anchor)


def symbols_width(written: str, classes: str = "n") -> float:
    """Room for a line of symbols."""
    return width(formula(written), classes)


_SIGN = re.compile(rf"\^−?\d+(?:\.\d+)?|(?<!\w){INDEXED}(?!\w)|[^\W\d_ᵀ]+_?\d*|[^^a-zA-ZŷαβγδεηθλμπστρΔ]+|.")


def name_text(x: float, y: float, name: str, fill: str) -> str:
    """A name in italics, its index low."""
    return set_text(x, y, _name(name), "v", fill=fill, anchor="middle")


def _name(name: str) -> str:
    stem, index = split_name(name)
    return escape(stem) + (f'<tspan dy="3.5" font-size="12.5">{escape(index)}</tspan>' if index else "")


def name_width(name: str) -> float:
    """Room for a name in italics."""
    return width(_name(name), "v")


def rect(x: float, y: float, width: float, height: float, **style: Any) -> str:
    """A rectangle by its upper left corner."""
    return f"<rect {attributes(x=x, y=y, width=width, height=height, **style)}/>"


def path(points: Sequence[Position]) -> str:
    """The d of a path: a start, then three points for each Bézier piece; level pieces become one line."""
    parts = [f"M{px(points[0][0])},{px(points[0][1])}"]
    for k in range(1, len(points), 3):
        a, b, c = points[k : k + 3]
        if a[1] == b[1] == c[1] == points[k - 1][1]:
            if parts[-1].startswith("H"):
                parts.pop()
            parts.append(f"H{px(c[0])}")
        else:
            parts.append("C" + " ".join(f"{px(x)},{px(y)}" for x, y in (a, b, c)))
    return " ".join(parts)


def arrow_head(x: float, y: float, *, length: float = 8, half: float = 5, fill: str = EDGE) -> str:
    """A triangle with its tip at (x, y); it points right, or left if its length is negative."""
    tail = f"{px(x - length)},{px(y - half)}"
    return f'<path d="M{tail}L{px(x)},{px(y)}L{px(x - length)},{px(y + half)}z" fill="{fill}"/>'


def line(points: Sequence[Position], stroke: str = EDGE, width: float = 1.6) -> str:
    """A line through the points."""
    way = "L".join(f"{px(x)},{px(y)}" for x, y in points)
    return f'<path d="M{way}" fill="none" stroke="{stroke}" stroke-width="{px(width)}"/>'


def document(width: float, height: float, title: str, words: str, body: Sequence[str]) -> str:
    """A whole SVG picture on its white card."""
    size = attributes(viewBox=f"0 0 {px(width)} {px(height)}", width=width, height=height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(words)}</desc>'
        f"{rect(0, 0, width, height, rx=6, fill='#fff')}{outlined(''.join(body))}</svg>\n"
    )


def hatching(id: str, colour: str) -> str:
    """A pattern of slanting lines; what is filled with `url(#id)` has it."""
    return (
        f'<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
        f'<rect width="2" height="6" fill="{colour}"/></pattern>'
    )


def chart_document(width: float, height: float, title: str, body: str) -> str:
    """A whole SVG picture of a chart on a white card; its words stand beside it."""
    size = attributes(viewBox=f"0 0 {px(width)} {px(height)}", width=width, height=height)
    links = ' xmlns:xlink="http://www.w3.org/1999/xlink"' if "xlink:" in body else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{links} {size} role="img"><title>{escape(title)}</title>'
        f'<rect {attributes(width=width, height=height)} fill="#fff"/>{outlined(body)}</svg>'
    )


@dataclass(frozen=True)
class Value:
    """A number, or a small vector or matrix in brackets, or a large one's shape, ready to be drawn.

    `prefix` stands before it, for example "c=" or "∂ "; its index is printed low.
    """

    prefix: str
    rows: tuple[tuple[str, ...], ...]
    boxed: bool
    bold: bool

    @property
    def _classes(self) -> str:
        return "n g" if self.bold else "n"

    @cached_property
    def height(self) -> float:
        """Height in pixels."""
        return LINE * len(self.rows)

    @cached_property
    def prefix_width(self) -> float:
        """Room for what stands before the brackets."""
        return symbols_width(self.prefix, self._classes)

    @cached_property
    def column_widths(self) -> tuple[float, ...]:
        """Room for each column of numbers."""
        columns = zip(*self.rows, strict=True)
        return tuple(max(text_width(entry, self._classes) for entry in column) for column in columns)

    @cached_property
    def grid_width(self) -> float:
        """Room for the numbers and their brackets."""
        return sum(self.column_widths) + 8 * (len(self.column_widths) - 1) + (12 if self.boxed else 0)

    @cached_property
    def width(self) -> float:
        """Width in pixels."""
        return self.prefix_width + self.grid_width

    def draw(
        self,
        x: float,
        top: float,
        colour: str,
        split: float | None = None,
        column_widths: Sequence[float] | None = None,
    ) -> str:
        """SVG around x; or, with `split`, the prefix to the left of split and the numbers to the right.

        With `column_widths` the numbers take the room of another value, so that two stand in line.
        """
        if not self.boxed:
            content = formula(self.prefix) + escape(self.rows[0][0])
            if split is None:
                return set_text(x, top + LINE - 3.5, content, self._classes, fill=colour, anchor="middle")
        start = x - self.width / 2 + self.prefix_width if split is None else split
        parts: list[str] = []
        if self.prefix:
            baseline = top + self.height / 2 + LINE / 2 - 3.5
            prefix = formula(self.prefix.rstrip())
            parts.append(set_text(start - 2, baseline, prefix, self._classes, fill=colour, anchor="end"))
        left = start + (6 if self.boxed else 0)
        right = left
        widths = column_widths or self.column_widths
        for column, wide in zip(zip(*self.rows, strict=True), widths, strict=True):
            right = left + wide
            for row, entry in enumerate(column):
                parts.append(
                    text(right, top + LINE * row + LINE - 3.5, entry, colour, self._classes, anchor="end")
                )
            left = right + 8
        if self.boxed:
            a, b = start + 2, right + 4
            high, low = top + 1.5, top + self.height - 1.5
            bracket = f"M{px(a + 3)},{px(high)}H{px(a)}V{px(low)}H{px(a + 3)}"
            bracket += f"M{px(b - 3)},{px(high)}H{px(b)}V{px(low)}H{px(b - 3)}"
            parts.append(f'<path d="{bracket}" fill="none" stroke="{colour}"/>')
        return "".join(parts)


def value_of(prefix: str, value: Any, decimals: int, *, bold: bool = False) -> Value:
    """A value ready to be drawn."""
    array_shape = getattr(value, "shape", ())
    if not is_written_out(value):
        return Value(prefix, ((str(array_shape),),), False, bold)
    if array_shape == ():
        return Value(prefix, ((number(float(value), decimals),),), False, bold)
    return Value(prefix, tuple(tuple(row) for row in number_rows(value, decimals)), True, bold)
