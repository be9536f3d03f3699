"""The equations of a step as a picture: text, derivatives as fractions, vectors and matrices in brackets."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

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
    every = _rows_of_steps(record, decimals)
    drawn = every[step]
    height = max(sum(_height(row) for row in rows) for rows in every) + 8
    wide = max((_room(row) for rows in every for row in rows), default=0.0) + 32
    words = (
        "\n".join(line.equation.words(decimals) for row in drawn for line in row)
        or "No formula yet: nothing is computed."
    )
    body: list[str] = []
    top = 4.0
    for row in drawn:
        left = 16.0
        for line in row:
            body.append(line.draw(left, top + (_height(row) - line.height) / 2))
            left += line.width + BESIDE
        top += _height(row)
    if not drawn:
        body.append(svg.text(16, 24, words, svg.PALE, "n", anchor=None))
    return Picture(
        svg.document(max(wide, 320), max(height, 40), "The formulas of this step", words, body), words
    )


@dataclass(frozen=True)
class _Words:
    """A run of text: symbols as the slides set them, or words as they stand."""

    content: str
    colour: str
    bold: bool = False

    height = svg.LINE

    @property
    def _classes(self) -> str:
        return "n g" if self.bold else "n"

    @property
    def width(self) -> float:
        return width(self.content, self._classes)

    def draw(self, x: float, middle: float) -> str:
        return set_text(x, middle + 4.5, self.content, self._classes, fill=self.colour)


@dataclass(frozen=True)
class _Fraction:
    """A derivative, ∂ℓ over ∂W."""

    top: str
    bottom: str
    colour: str

    height = 2 * svg.LINE + 4

    @property
    def _bar(self) -> float:
        return max(width(self.top), width(self.bottom)) + 4

    @property
    def width(self) -> float:
        return self._bar + 4

    def draw(self, x: float, middle: float) -> str:
        centre = x + self.width / 2
        line = svg.line(
            [(centre - self._bar / 2, middle), (centre + self._bar / 2, middle)], self.colour, 0.9
        )
        above = set_text(centre, middle - 5, self.top, "n", fill=self.colour, anchor="middle")
        below = set_text(centre, middle + 13.5, self.bottom, "n", fill=self.colour, anchor="middle")
        return above + line + below


@dataclass(frozen=True)
class _Numbers:
    """A vector or a matrix in brackets."""

    value: Value
    colour: str

    @property
    def height(self) -> float:
        return self.value.height

    @property
    def width(self) -> float:
        return self.value.width + 2

    def draw(self, x: float, middle: float) -> str:
        return self.value.draw(x + self.width / 2, middle - self.value.height / 2, self.colour)


_DERIVATIVE = re.compile(r"(∂\w+)/(∂\w+)")


def _set(symbols: str, colour: str) -> list[_Words | _Fraction]:
    """Symbols, with each derivative as a fraction."""
    parts: list[_Words | _Fraction] = []
    before, *others = _DERIVATIVE.split(symbols)
    parts.append(_Words(svg.formula(before), colour))
    for top, bottom, after in zip(others[::3], others[1::3], others[2::3], strict=True):
        parts.append(_Fraction(svg.formula(top), svg.formula(bottom), colour))
        parts.append(_Words(svg.formula(after), colour))
    return [part for part in parts if part.width]


@dataclass(frozen=True)
class _Row:
    """Parts one beside the other."""

    parts: tuple[_Words | _Fraction | _Numbers, ...]

    @property
    def height(self) -> float:
        return max(part.height for part in self.parts)

    @property
    def width(self) -> float:
        return sum(part.width for part in self.parts)

    def draw(self, x: float, middle: float) -> str:
        drawn: list[str] = []
        for part in self.parts:
            drawn.append(part.draw(x, middle))
            x += part.width
        return "".join(drawn)


def symbols_in_line(symbols: str, colour: str) -> _Row:
    """Symbols to be drawn in another picture, derivatives as fractions."""
    return _Row(tuple(_set(symbols, colour)))


class _Line:
    """One equation laid out in a line: text, fractions, vectors and matrices."""

    def __init__(self, equation: Equation, decimals: int) -> None:
        self.equation = equation
        colour = BACKWARD if equation.backward else FORWARD
        joint = " " if equation.left.endswith(":") else " = "
        self.parts: list[_Words | _Fraction | _Numbers] = [*_set(equation.left, svg.INK)]
        if equation.symbols:
            self.parts += [_Words(joint, svg.INK), *_set(equation.symbols, svg.INK)]
        if equation.numbers:
            self.parts.append(_Words(" = ", svg.INK))
            self.parts += [_piece(piece, decimals, colour, bold=False) for piece in equation.numbers]
        self.parts += [_Words(" = ", svg.INK), _piece(equation.value, decimals, colour, bold=True)]
        if equation.note:
            self.parts.append(_Words(escape(f"  ({equation.note})"), svg.PALE))

        self.row = _Row(tuple(self.parts))
        self.height, self.width = 8 + self.row.height, self.row.width

    def draw(self, x: float, top: float) -> str:
        return self.row.draw(x, top + self.height / 2)


def _piece(piece: Piece, decimals: int, colour: str, *, bold: bool) -> _Words | _Numbers:
    if isinstance(piece, str):
        return _Words(escape(piece), colour)
    if np.ndim(piece) == 0 or not is_written_out(piece):
        return _Words(escape(value_words(piece, decimals)), colour, bold)
    return _Numbers(value_of("", piece, decimals, bold=bold), colour)


@lru_cache(maxsize=32)
def _rows_of_steps(record: Record, decimals: int) -> list[list[list[_Line]]]:
    """What is drawn for each step; made once, since all pictures of a record are as high as the highest."""
    return [
        _rows([_Line(equation, decimals) for equation in equations(record, step)])
        for step in range(len(record.steps) + 1)
    ]


def _rows(lines: list[_Line]) -> list[list[_Line]]:
    """The lines one below the other, but two that are high beside each other if they fit."""
    rows: list[list[_Line]] = []
    for line in lines:
        row = [*rows[-1], line] if rows else []
        if row and all(_high(one) for one in row) and _room(row) <= WIDEST:
            rows[-1] = row
        else:
            rows.append([line])
    return rows


def _high(line: _Line) -> bool:
    return any(isinstance(part, _Numbers) for part in line.parts)


def _height(row: list[_Line]) -> float:
    return max(line.height for line in row)


def _room(row: list[_Line]) -> float:
    return sum(line.width for line in row) + BESIDE * (len(row) - 1)
