"""The equations of a step as a picture: text, derivatives as fractions, vectors and matrices in brackets."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

import numpy as np

from lecture_lib.autodiff.record import Record

from . import svg
from .formula import Equation, Piece, equations
from .known import require_step
from .outlines import set_text, width
from .picture import Picture
from .svg import BACKWARD, FORWARD, Value, value_of
from .typeset import is_written_out, value_words

BESIDE = 48.0  # between two equations that stand side by side
WIDEST = 840.0  # such a row is no wider than a notebook's column


def formulas(record: Record, step: int, *, decimals: int = 2) -> Picture:
    """The step's equations as a picture, vectors and matrices in brackets.

    It is as high for every step of a record, so that nothing below it jumps. Equations with vectors or
    matrices stand side by side where there is room.

    Raises ValueError if the record has no such step.
    """
    require_step(record, step)
    every = _steps(record, decimals)
    height = max(sum(map(_height, one.rows)) for one in every) + 8
    wide = max((_room(row) for one in every for row in one.rows), default=0.0) + 32
    rows, words = every[step].rows, every[step].words
    body: list[str] = []
    top = 4.0
    for row in rows:
        left = 16.0
        for line in row:
            body.append(line.draw(left, top + _height(row) / 2))
            left += line.width + BESIDE
        top += _height(row)
    if not rows:
        body.append(svg.text(16, 24, words, svg.PALE, "n", anchor=None))
    return Picture(
        svg.document(max(wide, 320), max(height, 40), "The formulas of this step", words, body), words
    )


class _Part(NamedTuple):
    """What has a place in a line: how large it is, and (its left end, the line's middle) -> its SVG."""

    width: float
    height: float
    draw: Callable[[float, float], str]
    bracketed: bool = False
    """Whether it has a vector or a matrix in brackets."""


def _words(content: str, colour: str, *, bold: bool = False) -> _Part:
    """A run of text: symbols as the slides set them, or words as they stand."""
    classes = "n g" if bold else "n"

    def draw(x: float, middle: float) -> str:
        return set_text(x, middle + 4.5, content, classes, fill=colour)

    return _Part(width(content, classes), svg.LINE, draw)


def _fraction(top: str, bottom: str, colour: str) -> _Part:
    """A derivative, ∂ℓ over ∂W."""
    bar = max(width(top), width(bottom)) + 4

    def draw(x: float, middle: float) -> str:
        centre = x + (bar + 4) / 2
        line = svg.line([(centre - bar / 2, middle), (centre + bar / 2, middle)], colour, 0.9)
        above = set_text(centre, middle - 5, top, "n", fill=colour, anchor="middle")
        below = set_text(centre, middle + 13.5, bottom, "n", fill=colour, anchor="middle")
        return above + line + below

    return _Part(bar + 4, 2 * svg.LINE + 4, draw)


def _array(value: Value, colour: str) -> _Part:
    """A vector or a matrix in brackets."""
    wide = value.width + 2

    def draw(x: float, middle: float) -> str:
        return value.draw(x + wide / 2, middle - value.height / 2, colour)

    return _Part(wide, value.height, draw, bracketed=True)


def _in_line(parts: Sequence[_Part]) -> _Part:
    """Parts one beside the other."""

    def draw(x: float, middle: float) -> str:
        drawn: list[str] = []
        for part in parts:
            drawn.append(part.draw(x, middle))
            x += part.width
        return "".join(drawn)

    return _Part(
        sum(part.width for part in parts),
        max(part.height for part in parts),
        draw,
        any(part.bracketed for part in parts),
    )


_DERIVATIVE = re.compile(r"(∂\w+)/(∂\w+)")


def _set(symbols: str, colour: str) -> list[_Part]:
    """Symbols, with each derivative as a fraction."""
    before, *others = _DERIVATIVE.split(symbols)
    parts = [_words(svg.formula(before), colour)]
    for top, bottom, after in zip(others[::3], others[1::3], others[2::3], strict=True):
        parts += [
            _fraction(svg.formula(top), svg.formula(bottom), colour),
            _words(svg.formula(after), colour),
        ]
    return [part for part in parts if part.width]


def symbols_in_line(symbols: str, colour: str) -> _Part:
    """Symbols to be drawn in another picture, derivatives as fractions."""
    return _in_line(_set(symbols, colour))


def _line(equation: Equation, decimals: int) -> _Part:
    """One equation laid out in a line: text, fractions, vectors and matrices."""
    colour = BACKWARD if equation.backward else FORWARD
    joint = " " if equation.left.endswith(":") else " = "
    parts = _set(equation.left, svg.INK)
    if equation.symbols:
        parts += [_words(joint, svg.INK), *_set(equation.symbols, svg.INK)]
    if equation.numbers:
        parts.append(_words(" = ", svg.INK))
        parts += [_piece(piece, decimals, colour, bold=False) for piece in equation.numbers]
    parts += [_words(" = ", svg.INK), _piece(equation.value, decimals, colour, bold=True)]
    if equation.note:
        parts.append(_words(escape(f"  ({equation.note})"), svg.PALE))
    return _in_line(parts)


def _piece(piece: Piece, decimals: int, colour: str, *, bold: bool) -> _Part:
    if isinstance(piece, str):
        return _words(escape(piece), colour)
    if np.ndim(piece) == 0 or not is_written_out(piece):
        return _words(escape(value_words(piece, decimals)), colour, bold=bold)
    return _array(value_of("", piece, decimals, bold=bold), colour)


class _DrawnStep(NamedTuple):
    """What is drawn for a step: rows of equations, and the same in words."""

    rows: list[list[_Part]]
    words: str


@lru_cache(maxsize=32)
def _steps(record: Record, decimals: int) -> list[_DrawnStep]:
    """Of each step; made once, since all pictures of a record are as high as the highest."""
    every = [equations(record, step) for step in range(len(record.steps) + 1)]
    return [
        _DrawnStep(
            _rows([_line(equation, decimals) for equation in those]),
            "\n".join(equation.words(decimals) for equation in those)
            or "No formula yet: nothing is computed.",
        )
        for those in every
    ]


def _rows(lines: list[_Part]) -> list[list[_Part]]:
    """The lines one below the other, but two that are high beside each other if they fit."""
    rows: list[list[_Part]] = []
    for line in lines:
        row = [*rows[-1], line] if rows else []
        if row and all(one.bracketed for one in row) and _room(row) <= WIDEST:
            rows[-1] = row
        else:
            rows.append([line])
    return rows


def _height(row: list[_Part]) -> float:
    return 8 + max(line.height for line in row)


def _room(row: list[_Part]) -> float:
    return sum(line.width for line in row) + BESIDE * (len(row) - 1)
