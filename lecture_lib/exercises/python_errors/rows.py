"""What a row of the table is made of, and what several rows need."""

import builtins
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ..answer import Failure


@dataclass(frozen=True)
class Known:
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


Say: TypeAlias = "str | Callable[[Failure, re.Match[str], Known], str]"
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


def gives_none(failure: Failure) -> str:
    """Say of a line that calls a method which changes a list, a set or a dict that it gives nothing back."""
    called = re.search(
        r"\.(append|extend|insert|reverse|sort|add|update|clear)\(", failure.part or failure.text
    )
    return (
        called
        and (
            f".{called[1]}(…) changes what stands before it, and gives None. Call it in a line of its own,"
            " and use what it has changed in the next."
        )
    ) or ""
