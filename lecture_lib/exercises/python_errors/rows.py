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


def takes(failure: Failure, method: str) -> list[str] | None:
    """Return the names of the arguments in a method's def, "Net.step"; None where they are not known."""
    said = dict(failure.holds).get(f"{method.rpartition('<locals>.')[2]}()")
    return None if said is None else [name for name in said.removeprefix("takes ").split(", ") if name]


def without_self(method: str, arguments: list[str]) -> str:
    """Say that a method's def has no self."""
    name = method.rpartition(".")[2]
    has, asked = ", ".join(arguments), ", ".join(["self", *arguments])
    return (
        "A method is handed its object first, then what stands in the brackets of the call. The def of"
        f" {name} takes {has or 'nothing'}: is self missing, def {name}({asked})?"
    )


MODULES = {"np": "NumPy", "ll": "the library", "math": "Python's math"}
"""Names that lessons and students give to modules, each with what it stands for."""


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
    r"(?<!\bnp)(?<!\bll)\."
    r"(?:(append|extend|insert|remove|discard|reverse|sort|add|update|clear|fill)|(shuffle))\("
    r"|(?<![\w.])(print)\("
)
"""A call of what changes the thing before it, or what is in its brackets, or shows it, and gives None."""


def is_none(failure: Failure, what: str) -> str:
    """Say where a None comes from: from a call that changes something and gives None, or from no return."""
    return what_gave_none(failure, what) or f"{what} is None. Does the function that gave it end with return?"


def what_gave_none(failure: Failure, what: str) -> str:
    """Say what gave a None, in the piece where it stopped or in the line that named it; "" if neither.

    That is a call that changes a list, a set, a dict or an array and gives None, or = None itself.
    """
    piece = re.sub(r"^(for\b[^:]*):.*", r"\1", failure.piece)  # without what is done with each
    if (called := _GIVES_NONE.search(piece)) and (failure.part or not called[3]):
        return _gives_none(called)
    itself = re.match(r"(\S.*?)\s*=\s*(\1\.\w+\()", failure.text)  # of an earlier round of a loop
    if itself and itself[1] in failure.piece and (called := _GIVES_NONE.search(itself[2])):
        return f"{what} is None. {_gives_none(called)}"
    return next((said for name in _nones(failure) if (said := _named(failure, name, what))), "")


def a_name_is_none(failure: Failure) -> str:
    """Say which name in the piece where it stopped is None, and what gave it that; "" if unknown."""
    return next((said for name in _nones(failure) if (said := _named(failure, name, name))), "")


def _named(failure: Failure, name: str, what: str) -> str:
    held = dict(failure.holds)[name]
    if called := _GIVES_NONE.search(held):
        return f"{what} is None. {_gives_none(called)}"
    if "NoneType" in failure.message and re.search(r"=\s*None\s*(?:#.*)?$", held):
        return (
            f"{what} is None: the line {name} = None gave it that. Which value does it need before this line?"
        )
    return ""


def _nones(failure: Failure) -> list[str]:
    """Return the names in the piece where it stopped that hold None."""
    nones = (name for name, held in failure.holds if held.startswith("None"))
    return [name for name in nones if re.search(rf"(?<![\w.]){re.escape(name)}\b(?!\s*=[^=])", failure.piece)]


def _gives_none(called: re.Match[str]) -> str:
    if called[3]:
        return "print(…) shows something, and gives None. Give the value itself a name, and print that."
    if called[2]:
        return (
            ".shuffle(…) rearranges what is in its brackets, and gives None. Give that a name first,"
            " call .shuffle(…) in a line of its own, and use the name after it; NumPy's .permutation(…)"
            " gives a rearranged copy instead."
        )
    return (
        f".{called[1]}(…) changes what stands before it, and gives None. Call it in a line of its own,"
        " and use what it has changed in the next."
    )


def found(pattern: str, failure: Failure) -> re.Match[str] | None:
    """Find a pattern in the piece of the line where it stopped, else in the line."""
    return re.search(pattern, failure.part) or re.search(pattern, failure.text)
