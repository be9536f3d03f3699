"""What a row of the table is made of, and what several rows need."""

import builtins
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ..answer import Failure


@dataclass(frozen=True)
class Context:
    """What is known beside a failure.

    Attributes
    ----------
    arguments
        The names of the answer's arguments.
    lessons
        The names that exercises ask for, each with its lesson's number.
    may_use
        Those of them that the library has, and that the answer may use.
    """

    arguments: tuple[str, ...] = ()
    lessons: Mapping[str, str] | None = None
    may_use: tuple[str, ...] = ()


Say: TypeAlias = "str | Callable[[Failure, re.Match[str], Context], str]"
Row: TypeAlias = "tuple[str, str, Say]"
"""The kinds of error, a pattern of its message, and what to say."""

NUMPYS = frozenset(
    name
    for name in dir(np)
    if name[0].islower() and callable(getattr(np, name)) and name not in dir(builtins)
)
NUMBER_TYPES = "int|float|bool|complex|numpy\\.\\w*(?:float|int|bool)\\w*"
FUNCTION_TYPES = (
    "function",
    "builtin_function_or_method",
    "method",
    "type",
    "numpy.ufunc",
    "numpy._ArrayFunctionDispatcher",
)


def of_kind(kind: str) -> str:
    """Return what a value of a type is called, with its article."""
    kinds = {
        "numpy.ndarray": "an array",
        "list": "a list",
        "str": "a text",
        "dict": "a dict",
        "tuple": "a tuple",
    }
    return kinds.get(kind, "a number" if re.fullmatch(NUMBER_TYPES, kind) else f"a {kind}")


ONE_NUMBER = "What stands before the square brackets is a single number: it has no entries to be taken."


_GIVES_NONE = re.compile(
    r"(?<!\bnp)\.(?:(append|extend|insert|remove|reverse|sort|add|update|clear|fill)|(shuffle))\("
)
"""A call of what changes the thing before it, or what is in its brackets, and gives None."""


def is_none(failure: Failure, what: str) -> str:
    """Say where a None comes from: from a call that changes something and gives None, or from no return."""
    return what_gave_none(failure, what) or f"{what} is None. Does the function that gave it end with return?"


def what_gave_none(failure: Failure, what: str) -> str:
    """Say which call gave a None, in the piece where it stopped or in the line that named it; "" if neither.

    Such a call changes a list, a set, a dict or an array, and gives None.
    """
    called, said = _GIVES_NONE.search(failure.piece), ""
    for name, held in failure.holds:
        if (
            not called
            and held.startswith("None")
            and re.search(rf"(?<![\w.]){re.escape(name)}\b", failure.piece)
        ):
            called, said = _GIVES_NONE.search(held), f"{what} is None. "
    if not called:
        return ""
    if called[2]:
        return (
            f"{said}.shuffle(…) rearranges what is in its brackets, and gives None. Give that a name first,"
            " call .shuffle(…) in a line of its own, and use the name after it; .permutation(…) gives a"
            " rearranged copy instead."
        )
    return (
        f"{said}.{called[1]}(…) changes what stands before it, and gives None. Call it in a line of its own,"
        " and use what it has changed in the next."
    )


def found(pattern: str, failure: Failure) -> re.Match[str] | None:
    """Find a pattern in the piece of the line where it stopped, else in the line."""
    return re.search(pattern, failure.part) or re.search(pattern, failure.text)
