"""The equations of a step as a picture: runs of text, and between them vectors and matrices in brackets."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np

from lecture_lib.autodiff.record import Record

from . import svg
from .formula import Equation, Piece, equations
from .picture import Picture
from .svg import BACKWARD, FORWARD, Value, value_of
from .typeset import is_written_out, text_width, value_words

__all__ = ["formulas"]

BESIDE = 48.0  # between two equations that stand side by side
WIDEST = 840.0  # such a row is no wider than a notebook's column


def formulas(record: Record, step: int, *, decimals: int = 2) -> Picture:
    """The step's equations as a picture, vectors and matrices in brackets.

    It is as high for every step of a record, so that nothing below it jumps. Equations with vectors or
    matrices stand side by side where there is room.
    """
    every = _rows_of_steps(record, decimals)
    drawn = every[step]
    height = max(sum(_height(row) for row in rows) for rows in every) + 16
    width = max((_room(row) for rows in every for row in rows), default=0.0) + 32
    words = (
        "\n".join(line.equation.words(decimals) for row in drawn for line in row)
        or "No formula yet: nothing is computed."
    )
    body: list[str] = []
    top = 8.0
    for row in drawn:
        left = 16.0
        for line in row:
            body.append(line.draw(left, top + (_height(row) - line.height) / 2))
            left += line.width + BESIDE
        top += _height(row)
    if not drawn:
        body.append(svg.text(16, 24, words, svg.PALE, "n", anchor=None))
    return Picture(
        svg.document(max(width, 320), max(height, 40), "The formulas of this step", words, body), words
    )


@dataclass(frozen=True)
class _Span:
    words: str
    colour: str
    bold: bool = False


class _Line:
    """One equation laid out in a line: runs of text, and between them vectors and matrices."""

    def __init__(self, equation: Equation, decimals: int) -> None:
        self.equation = equation
        colour = BACKWARD if equation.backward else FORWARD
        self.parts: list[list[_Span] | tuple[Value, str]] = [[_Span(equation.left, svg.INK)]]
        if equation.symbols:
            joint = " " if equation.left.endswith(":") else " = "
            self._say(joint + equation.symbols, svg.INK)
        if equation.numbers:
            self._say(" = ", svg.INK)
            for piece in equation.numbers:
                self._put(piece, decimals, colour, bold=False)
        self._say(" = ", svg.INK)
        self._put(equation.value, decimals, colour, bold=True)
        if equation.note:
            self._say(f"  ({equation.note})", svg.PALE)

    def _say(self, words: str, colour: str, *, bold: bool = False) -> None:
        if isinstance(self.parts[-1], tuple):
            self.parts.append([])
        run = self.parts[-1]
        if isinstance(run, list):
            run.append(_Span(words, colour, bold))

    def _put(self, piece: Piece, decimals: int, colour: str, *, bold: bool) -> None:
        if isinstance(piece, str):
            self._say(piece, colour)
        elif np.ndim(piece) == 0 or not is_written_out(piece):
            self._say(value_words(piece, decimals), colour, bold=bold)
        else:
            self.parts.append((value_of("", piece, decimals, bold=bold), colour))

    @property
    def height(self) -> float:
        return 8 + max([svg.LINE, *[part[0].height for part in self.parts if isinstance(part, tuple)]])

    @property
    def width(self) -> float:
        return sum(_width_of(part) for part in self.parts)

    def draw(self, x: float, top: float) -> str:
        middle = top + self.height / 2
        result: list[str] = []
        for part in self.parts:
            wide = _width_of(part)
            if isinstance(part, tuple):
                value, colour = part
                result.append(value.draw(x + wide / 2, middle - value.height / 2, colour))
            else:
                spans = "".join(
                    f"<tspan {svg.attributes(fill=span.colour, class_='g' if span.bold else None)}>"
                    f"{escape(span.words)}</tspan>"
                    for span in part
                )
                # a browser whose font is narrower or wider is told to space it to the same length
                at = svg.attributes(x=x, y=middle + 4, class_="n", textLength=wide, xml__space="preserve")
                result.append(f"<text {at}>{spans}</text>")
            x += wide
        return "".join(result)


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
        if row and all(one.height > 8 + svg.LINE for one in row) and _room(row) <= WIDEST:
            rows[-1] = row
        else:
            rows.append([line])
    return rows


def _height(row: list[_Line]) -> float:
    return max(line.height for line in row)


def _room(row: list[_Line]) -> float:
    return sum(line.width for line in row) + BESIDE * (len(row) - 1)


def _width_of(part: "list[_Span] | tuple[Value, str]") -> float:
    if isinstance(part, tuple):
        return part[0].width + 2
    return sum(text_width(span.words, svg.SIZE, bold=span.bold) for span in part)
