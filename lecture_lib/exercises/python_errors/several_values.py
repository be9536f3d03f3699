"""Several values where one is expected, or one where several are."""

import re
from dataclasses import replace

from ..answer import Failure
from .rows import FUNCTION_TYPES, NUMBER_TYPES, Context, Row, is_none, of_kind


def _not_as_many(failure: Failure, match: re.Match[str], known: Context) -> str:
    few = "one value" if match[4] == "1" else f"{match[4]} values"
    values = "more values than that" if match[1] == "too many" else few
    names = "There is one name" if match[3] == "1" else f"There are {match[3]} names"
    if match[2]:  # one with a star takes what is left
        names = f"Without that of the star, {names[:1].lower()}{names[1:]}"
    if re.match(r"for\b", failure.text):
        return f"{names} between for and in, and {values} at a time."
    return f"{names} to the left of = and {values} to the right."


def _one_value(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind = match[1]
    if kind == "NoneType":
        right = replace(failure, part=failure.text.partition("=")[2])  # the error is raised at the names
        return "There are several names to the left of =. " + is_none(right, "What stands to the right")
    return f"There are several names to the left of =, and to the right one thing, {of_kind(kind)}."


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
    ("TypeError", r"'([^']+)' (?:object )?is not (?:a container or )?iterable", _not_iterable),
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
