"""What is written of a value, and how much room text takes in a picture.

Text is drawn as outlines of one font (`outlines`), so its width is known.
"""

import re
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.common import bracketed, number

from .outlines import width


def text_width(text: str, classes: str = "n") -> float:
    """Width in pixels of a line of text; `classes` are those of `outlines.CLASSES`.

    >>> text_width("c = 1.00", "n g") > text_width("c = 1.00") > text_width("c=1") > 0
    True
    """
    return width(escape(text), classes)


def bracketed_if_negative(value: float, decimals: int = 2) -> str:
    """A number as it stands after a sign: in brackets if it is negative.

    >>> bracketed_if_negative(0.5), bracketed_if_negative(-1.3)
    ('0.50', '(−1.30)')
    """
    text = number(float(value), decimals)
    return f"({text})" if text.startswith("−") else text


def is_written_out(value: Any) -> bool:
    """Whether a value is small enough to be shown in numbers: a vector, a row or a column of 6, or 4 by 3.

    >>> is_written_out(np.zeros((3, 4))), is_written_out(np.zeros((1, 6))), is_written_out(np.zeros((5, 2)))
    (True, True, False)
    """
    shape = np.shape(value)
    if len(shape) == 0:
        return True
    if len(shape) == 1:
        return 1 <= shape[0] <= 6
    if len(shape) != 2 or not min(shape):
        return False
    return max(shape) <= (6 if min(shape) == 1 else 4) and shape[0] * shape[1] <= 12


def number_rows(value: Any, decimals: int = 2) -> list[list[str]]:
    """The numbers of a vector (a column, one number a row) or a matrix as text, row by row.

    >>> number_rows(np.array([0.0, -1.3]))
    [['0.00'], ['−1.30']]
    """
    array = np.asarray(value, dtype=np.float64)
    columns = array.reshape(-1, 1) if array.ndim < 2 else array
    return [[number(float(entry), decimals) for entry in row] for row in columns]


def short_vector(value: ArrayLike, most: int, where: str, name: str) -> Array:
    """A vector of numbers, if it is one and is short enough to be drawn entry by entry."""
    vector = np.asarray(value, dtype=np.float64)
    if vector.ndim != 1 or not 1 <= vector.size <= most:
        raise ValueError(f"{where}: {name} has shape {vector.shape}; expected (n,), n from 1 to {most}")
    return vector


def value_words(value: Any, decimals: int = 2) -> str:
    """A value on one line: a number, [a, b], [[a, b], [c, d]], or the shape of what is too large.

    >>> value_words(np.array([0.0, -1.3])), value_words(np.zeros((64, 128))), value_words(np.zeros(7))
    ('[0.00, −1.30]', 'an array of shape (64, 128)', 'an array of shape (7,)')
    """
    if not is_written_out(value):
        return f"an array of shape {np.shape(value)}"
    return bracketed(value, lambda entry: number(entry, decimals))


INDEXED = r"(?!d)[^\W\d_]_[^\W_]{1,4}"
"""A letter and its index, after an underscore: W_Q. d_W is a name of its own."""


def split_name(name: str) -> tuple[str, str]:
    """A name and its index, which is printed low: h0 is drawn as h with a small 0, W_Q as W with a small Q.

    >>> split_name("h0"), split_name("W12"), split_name("loss"), split_name("W_Q"), split_name("d_W")
    (('h', '0'), ('W', '12'), ('loss', ''), ('W', 'Q'), ('d_W', ''))
    """
    if re.fullmatch(INDEXED, name):
        stem, index = name.split("_")
        return stem, index
    numbered = re.fullmatch(r"([^\W\d_]+)_?(\d+)", name)
    return (numbered[1], numbered[2]) if numbered else (name, "")
