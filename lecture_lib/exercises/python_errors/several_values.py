"""Several values where one is expected, or one where several are."""

import re
from dataclasses import replace

from ..answer import Failure
from .rows import FUNCTION_TYPES, NUMBER_TYPES, Context, Row, is_none, of_kind

_LOOP = re.compile(r"\bfor\s+([^:=]+?)\s+in\s+([^:\])}]*)")
"""A for, of a line of its own or within brackets: its names, and how what it goes through begins."""


def _loop(failure: Failure) -> re.Match[str] | None:
    """Find the for whose names could not be given values; None where they stand to the left of =."""
    if not failure.part:
        assigns = re.search(r"(?<![=!<>])=(?!=)", failure.text)
        return _LOOP.match(failure.text) or (None if assigns else _LOOP.search(failure.text))
    return next((loop for loop in _LOOP.finditer(failure.text) if failure.part in loop[1]), None)


def _takes_apart(loop: re.Match[str], failure: Failure) -> str:
    """Say what gives as many values at a time as a for has names."""
    through = loop[2].strip().lstrip("([")
    if re.fullmatch(r"\w+(?:\s*,\s*\w+)+", through):
        return f" zip({through}) goes through them side by side."
    if dict(failure.holds).get(through, "").startswith("a dict"):
        return f" {through} is a dict, which gives its keys: {through}.items() gives each key with its value."
    if through.startswith("range("):
        return " range(…) gives one number at a time."
    if re.match(r"enumerate\(\s*zip\(", through):
        return (
            " enumerate(…) gives two things: a number, and an entry. The names for the parts of the entry"
            " stand in brackets of their own: for i, (a, b) in enumerate(zip(…))."
        )
    if through.startswith(("enumerate(", "zip(")):
        return ""
    name = through if through.isidentifier() else "…"
    return (
        f" enumerate({name}) gives each entry with its place, counted from 0; zip({name}, …) gives the"
        " entries of several things side by side."
    )


def _not_as_many(failure: Failure, match: re.Match[str], known: Context) -> str:
    few = "one value" if match[4] == "1" else f"{match[4]} values"
    values = "more values than that" if match[1] == "too many" else few
    names = "There is one name" if match[3] == "1" else f"There are {match[3]} names"
    if match[2]:  # one with a star takes what is left
        names = f"Without that of the star, {names[:1].lower()}{names[1:]}"
    if loop := _loop(failure):
        return f"{names} between for and in, and {values} at a time.{_takes_apart(loop, failure)}"
    return f"{names} to the left of = and {values} to the right."


def _one_value(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind, loop = match[1], _loop(failure)
    alone = re.fullmatch(r"\W*(\w+)\s*,\W*", failure.part)
    names = f"There is a comma after {alone[1]}, which asks for several values" if alone else ""
    if loop:
        names = names or "There are several names between for and in"
        if kind == "NoneType":
            return f"{names}. " + is_none(failure, "What comes there")
        return f"{names}, and what comes is one thing, {of_kind(kind)}.{_takes_apart(loop, failure)}"
    names = names or "There are several names to the left of ="
    if kind == "NoneType":
        right = replace(failure, part=failure.text.partition("=")[2])  # the error is raised at the names
        return f"{names}. " + is_none(right, "What stands to the right")
    return f"{names}, and to the right one thing, {of_kind(kind)}."


def _after_stars(failure: Failure, match: re.Match[str], known: Context) -> str:
    """Say what one star or two take apart."""
    kind = match[2] or match[3]
    what = "None" if kind == "NoneType" else of_kind(kind)
    if match[1] == "*":
        leave = " Leave out the *." if re.fullmatch(NUMBER_TYPES, kind) else ""
        return f"A * before a value takes its entries one by one, and this one is {what}.{leave}"
    return f"A ** before a value takes the keys and values of a dict, and this one is {what}."


def _not_iterable(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind = match[1]
    if kind == "NoneType":
        return is_none(failure, "What is gone through here")
    if kind in FUNCTION_TYPES:
        return "What is gone through here is a function itself. Call it, with brackets and its arguments."
    asked = re.search(r"(?<![\w.])(max|min|sum)\(", failure.piece)
    if re.fullmatch(NUMBER_TYPES, kind) and asked:
        first = " Of two numbers it takes both: max(a, b)." if asked[1] != "sum" else ""
        return f"{asked[1]} goes through several things, and here it is given a single number.{first}"
    if re.fullmatch(NUMBER_TYPES, kind):
        counts = " for i in range(n) counts from 0 to n − 1." if re.search(r"\bfor\b", failure.text) else ""
        return f"What is gone through here is a single number, not several.{counts}"
    if match[0].endswith("reversible"):
        return f"reversed(…) goes through a list, from its end, and this is {of_kind(kind)}."
    if kind.endswith("Node"):
        return "A node is one thing, not several. The nodes that it was computed from are its .parents."
    return ""


def _no_length(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind = match[1]
    if kind is None or re.fullmatch(NUMBER_TYPES, kind):
        return "A single number has no length."
    if kind == "NoneType":
        return is_none(failure, "What is counted here")
    if kind in FUNCTION_TYPES:
        return "What is counted here is a function itself. Call it, with brackets and its arguments."
    if kind in ("generator", "map", "filter", "zip", "enumerate"):
        return (
            "What is counted here has calculated nothing yet. list(…) makes a list of it, which has a length."
        )
    return ""


ROWS: tuple[Row, ...] = (
    (
        "ValueError",
        r"(not enough|too many) values to unpack \(expected (at least )?(\d+)(?:, got (\d+))?",
        _not_as_many,
    ),
    ("TypeError", r"cannot unpack non-iterable ([\w.]+)", _one_value),
    (
        "TypeError",
        r"after (\*\*?) must be an? (?:iterable|mapping), not ([\w.]+)|^'([\w.]+)' object is not a mapping",
        _after_stars,
    ),
    (
        "TypeError ValueError",
        r"dictionary update sequence",
        "dict(…) takes pairs of a key and a value, and here it goes through something else."
        " dict(zip(keys, values)) makes a dict of two lists.",
    ),
    ("TypeError", r"'([^']+)' (?:object )?is not (?:(?:a container or )?iterable|reversible)", _not_iterable),
    (
        "TypeError",
        r"iteration over a 0-d array",
        "What is gone through here is a single number, not several.",
    ),
    (
        "TypeError",
        r"'(?:numpy\.)?float\d*' object cannot be interpreted as an integer",
        "A whole number is asked here, and this is a float. / gives a float even where it divides evenly; //"
        " gives a whole number, cut off.",
    ),
    ("TypeError", r"object of type '([\w.]+)' has no len|len\(\) of unsized", _no_length),
    (
        "ValueError",
        r"inhomogeneous|setting an array element with a sequence",
        "Where one number should stand there are several, or the rows have different lengths.",
    ),
)
