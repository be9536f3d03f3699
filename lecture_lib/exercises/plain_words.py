"""Plain data in words: on one line, as its kind, and two that look the same told apart."""

import re

import numpy as np

from lecture_lib.common import number as written

from .plain import AnyArray, Foreign, Plain, Recipe, as_array, is_whole


def number_words(number: float) -> str:
    """A number -> as few characters as say it: six digits, or all when they are few.

    >>> number_words(0.5), number_words(-2.3661547), number_words(1000.0)
    ('0.5', '-2.36615', '1000.0')
    >>> number_words(-8.99999999999), number_words(7)
    ('-9.0', '7')
    """
    if isinstance(number, int) and abs(number) >= 10**15:
        return number_words(float(number))
    text = written(number, digits=6, minus="-")
    return f"{text}.0" if isinstance(number, float) and text.lstrip("-").isdigit() else text


def short(value: Plain, most: int = 240) -> str:
    """Plain data -> one short line that says what it is."""
    text = _written(value)
    return text if len(text) <= most else describe(value)


def told_apart(seen: Plain, wanted: Plain, most: int = 240) -> tuple[str, str]:
    """What came and what was expected -> a short line for each, with more digits where they look the same.

    >>> told_apart(0.5, 0.25), told_apart(18.05, 18.05004)
    (('0.5', '0.25'), ('18.05', '18.05004'))
    """
    texts = short(seen, most), short(wanted, most)
    if texts[0] != texts[1]:
        return texts
    with np.printoptions(precision=12, floatmode="maxprec", sign="-"):  # whatever the notebook has set
        exact = tuple(
            re.sub(r"\s+", " ", np.array2string(np.asarray(value), separator=", "))
            for value in (as_array(seen), as_array(wanted))
            if value is not None and value.dtype.kind in "fiu" and value.size <= 24
        )
    return (exact[0], exact[1]) if len(exact) == 2 and max(map(len, exact)) <= most else texts


def _written(value: Plain) -> str:
    if type(value) is np.ndarray:
        return _written(value.tolist()) if value.size <= 24 else describe(value)
    if isinstance(value, bool) or value is None:
        return str(value)
    if value is Ellipsis:
        return "..."
    if isinstance(value, (int, float)):
        return number_words(value)
    if isinstance(value, str):
        return '"' + value.replace("\n", "⏎") + '"'
    if isinstance(value, list):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    if isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        return "(" + ", ".join(_written(item) for item in value) + comma + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(key)}: {_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Recipe):
        return value.words
    return value.kind if isinstance(value, Foreign) else str(value)


def describe(value: Plain) -> str:
    """Plain data -> its kind in words, as in "a list" or "an array of shape (2, 1)"."""
    if type(value) is np.ndarray:
        entries = {"b": "bools", "i": "whole numbers", "u": "whole numbers"}.get(value.dtype.kind)
        if value.dtype.kind == "f" and value.dtype.itemsize < 8:
            entries = value.dtype.name
        of_what = f" of {entries}" if entries else ""
        return f"an array{of_what} of shape {value.shape}"
    if value is None:
        return "None"
    if value is Ellipsis:
        return "... (nothing written yet)"
    if isinstance(value, bool):
        return f"{value}, a bool"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, float):
        return "a float"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, (list, tuple, dict)):
        name = type(value).__name__
        return f"an empty {name}" if not value else f"a {name} of {len(value)}"
    if isinstance(value, Recipe):
        return value.words
    return value.kind if isinstance(value, Foreign) else "something else"


def decimal_comma(name: str, numbers: AnyArray, wanted: AnyArray) -> str:
    """Say of twice as many numbers as are asked, all whole, that a comma may be meant as the decimal sign."""
    if numbers.size != 2 * wanted.size or wanted.ndim > 1 or not is_whole(numbers):
        return ""
    asked = "one number is" if wanted.size == 1 else f"{wanted.size} numbers are"
    return (
        f"{name} has {numbers.size} whole numbers where {asked} asked. Is a comma meant as the decimal sign?"
        " In Python, write a decimal point: 0.5."
    )
