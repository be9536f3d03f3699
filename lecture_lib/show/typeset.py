"""What is written of a value, and how much room text takes in a picture.

An SVG picture is drawn without asking a browser how wide its text will be. The widths here are those
of Arial. A box gives its text a little more (`room`) and has padding besides, so that DejaVu Sans, which
is wider by a seventh and the last of the house style's fonts, fits as well.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from lecture_lib.common import bracketed, number

__all__ = ["is_written_out", "room", "rows_of", "shape_words", "split_name", "text_width", "value_words"]

_WIDTHS: dict[str, int] = {}
"""Advance of a character in Arial (where it has none, DejaVu Sans) in hundredths of the font size."""

for _width, _characters in {
    20: "'",
    22: "ijl",
    28: " !,./:;I[\\]ft|",
    33: "()-`r{}·²³¹₁ℓ",
    38: '"*ⁿᵇ⁷₂',
    41: "°⁰⁵⁶₃τ",
    44: "⁴⁸⁹ᵀ₀₄₅₆₇₈₉ε",
    50: "^∂Jcksvxyzγλŷ",
    56: "#$0123456789?L_abdeghnopqu÷±√≥≤≈θηδ–⁻",
    59: "+<=>~×−βμ",
    61: "FTZΣσ",
    67: "&ABEKPSVXY∇Δπ",
    72: "CDHNRUw∞",
    78: "GOQΩ",
    83: "Mm",
    92: "%W",
    100: "…→←—@",
}.items():
    _WIDTHS.update(dict.fromkeys(_characters, _width))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in pixels of a line of text of a font size; characters not in the table count as wide ones.

    >>> text_width("c = 1.00", 10) > text_width("c=1", 10) > 0
    True
    """
    width = sum(_WIDTHS.get(character, 84) for character in text) * size / 100
    return width * 1.04 if bold else width


def room(text: str, size: float, *, bold: bool = False) -> float:
    """What a box allows for a line of text: a little more than it takes, for fonts wider than Arial."""
    return text_width(text, size, bold=bold) * 1.08


def is_written_out(value: Any) -> bool:
    """Whether a value is small enough to be shown in numbers: twelve entries at most, 4 a row, 6 a column.

    >>> is_written_out(np.zeros((3, 4))), is_written_out(np.zeros(6)), is_written_out(np.zeros((64, 128)))
    (True, True, False)
    """
    shape = np.shape(value)
    if len(shape) == 0:
        return True
    if len(shape) == 1:
        return 1 <= shape[0] <= 6
    return len(shape) == 2 and min(shape) >= 1 and max(shape) <= 4 and shape[0] * shape[1] <= 12


def rows_of(value: Any, decimals: int = 2) -> list[list[str]]:
    """The numbers of a vector (a column, one number a row) or a matrix as text, row by row.

    >>> rows_of(np.array([0.0, -1.3]))
    [['0.00'], ['−1.30']]
    """
    array = np.asarray(value, dtype=np.float64)
    columns = array.reshape(-1, 1) if array.ndim < 2 else array
    return [[number(float(entry), decimals) for entry in row] for row in columns]


def shape_words(shape: Sequence[int]) -> str:
    """A shape as Python writes it.

    >>> shape_words((64, 128)), shape_words((7,))
    ('(64, 128)', '(7,)')
    """
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def value_words(value: Any, decimals: int = 2) -> str:
    """A value on one line: a number, [a, b], [[a, b], [c, d]], or the shape of what is too large.

    >>> value_words(np.array([0.0, -1.3])), value_words(np.zeros((64, 128)))
    ('[0.00, −1.30]', 'an array of shape (64, 128)')
    """
    if not is_written_out(value):
        return f"an array of shape {shape_words(np.shape(value))}"
    return bracketed(value, lambda entry: number(entry, decimals))


def split_name(name: str) -> tuple[str, str]:
    """A name and its index, which is printed low: h0 is drawn as h with a small 0.

    >>> split_name("h0"), split_name("W12"), split_name("loss"), split_name("d_W")
    (('h', '0'), ('W', '12'), ('loss', ''), ('d_W', ''))
    """
    found = re.fullmatch(r"([^\W\d_]+)_?(\d+)", name)
    return (found[1], found[2]) if found else (name, "")
