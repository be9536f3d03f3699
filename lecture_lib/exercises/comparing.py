"""`compare`: for the blanks in a worked example, which give no points."""

from dataclasses import dataclass

import numpy as np

from lecture_lib.common import Text

from .page import card, code, paragraph
from .plain import AnyArray, alike, as_array, is_whole, plain
from .plain_words import decimal_comma, describe, short

NO_TRANSPOSE = (
    "In NumPy a one-dimensional array has no transpose; @ of two vectors gives one number."
    " Which function makes a table of all products?"
)

_misses: dict[str, int] = {}  # how often each name was wrong, in this kernel


@dataclass(frozen=True, repr=False)
class Comparison(Text):
    """What `compare` says: `state` is "right", "not yet" or "not attempted"; `words` says all of it."""

    state: str


def compare(name: str, yours: object, expected: object, tolerance: float = 1e-3) -> Comparison:
    """Say whether a value that was filled in is the expected one.

    At the first miss of a name it says how the value differs; from the second on it shows the expected one.
    A value of another kind or shape is no miss: it says each time which one is expected. A count, which is
    expected as a whole number of Python's (an int), must be met exactly.

    Parameters
    ----------
    name
        What it is called: "d_c".
    yours
        What was filled in; `...` for a blank.
    expected
        A number, an array, a text, or lists, tuples and dicts of them.
    tolerance
        How far off a number may be, as a share of the largest expected one.
    """
    mine, theirs = plain(yours), plain(expected)
    is_count = type(theirs) is int
    if is_count:
        tolerance = 1e-12  # a float that was calculated may be off by its last digit
    if mine is None or mine is Ellipsis:
        return _said(name, "not attempted", ["The blank in the cell above still waits."], [])
    if alike(mine, theirs, tolerance, least=0.0):
        return _said(name, "right", [], [short(mine)])
    ours, wanted = as_array(mine), as_array(theirs)
    if wanted is not None and ours is None:
        return _said(name, "not yet", [f"Yours is {describe(mine)}; a number or an array is expected."], [])
    if ours is not None and wanted is not None and ours.shape != wanted.shape:
        comma = decimal_comma("Yours", ours, wanted)
        return _said(name, "not yet", [comma] if comma else _shapes(ours, wanted), [])
    _misses[name] = _misses.get(name, 0) + 1
    if _misses[name] == 1:
        seen = "It differs from what is expected."
        if ours is not None and wanted is not None:
            seen = _difference(ours, wanted, tolerance)
            if is_count and not is_whole(ours):
                seen = "A whole number is expected."
        again = "Try once more; the next miss shows what is expected."
        return _said(name, "not yet", [seen, again], [f"yours:    {short(mine)}"])
    return _said(name, "not yet", [], [f"yours:    {short(mine)}", f"expected: {short(theirs)}"])


def _shapes(ours: AnyArray, wanted: AnyArray) -> list[str]:
    if ours.shape == ():
        words = f"Yours is a single number; an array of shape {wanted.shape} is expected."
        return [words, NO_TRANSPOSE] if wanted.ndim == 2 else [words]
    if wanted.shape == ():
        return [f"Yours has the shape {ours.shape}; a single number is expected."]
    return [f"Yours has the shape {ours.shape}; the shape {wanted.shape} is expected."]


def _difference(ours: AnyArray, wanted: AnyArray, tolerance: float) -> str:
    """Say in which way numbers of one shape differ, without saying a number."""
    truths = wanted.dtype.kind == "b"
    ours, wanted = ours.astype(np.float64), wanted.astype(np.float64)
    if not np.all(np.isfinite(ours)):
        return "Yours is not a finite number." if ours.ndim == 0 else "Yours has entries that are not finite."
    near = tolerance * (float(np.max(np.abs(wanted), initial=0.0)) or 1.0)
    right = np.abs(ours - wanted) <= near
    some = int(np.count_nonzero(right))
    verb = "is" if some == 1 else "are"
    if truths:  # they have neither size nor sign
        return f"{some} of {right.size} entries {verb} right." if some else "No entry is right."
    sizes = bool(np.all(np.abs(np.abs(ours) - np.abs(wanted)) <= near))
    signs = bool(np.all(right | (np.sign(ours) == np.sign(wanted))))
    if ours.ndim == 0:
        if sizes:
            return "The size is right; the sign is not."
        return "The sign is right; the size is not." if signs else "Neither the size nor the sign is right."
    if sizes:
        return "The sizes are right; not all of the signs are."
    if some:
        rest = "the signs are, too" if signs else "look at the signs, too"
        return f"{some} of {right.size} entries {verb} right; {rest}."
    return (
        "The signs are right; the sizes are not." if signs else "Neither all sizes nor all signs are right."
    )


def _said(name: str, state: str, sentences: list[str], values: list[str]) -> Comparison:
    heading = f"{name}: {state}"
    if state == "right" and values:
        heading, values = f"{heading}, {values[0]}", []
    words = "\n".join([heading, *(f"  {line}" for line in [*values, *sentences])])
    html = card(state, heading, [*(code(line) for line in values), *(paragraph(line) for line in sentences)])
    return Comparison(html, words, state)
