"""What Python's own errors mean, said so that a beginner can act.

A table of ours, not the package `friendly-traceback`: its last release is of 2022, it brings four packages
more, explains Python at length, and knows nothing of arrays and their shapes.

Each row has the error, a pattern of its message, and what to say: a text, or a function of the failure and
the match that gives a text, "" to leave it to a later row.
"""

import re

from ..answer import Failure
from . import calls, entries, names, operators, several_values, unreadable
from .rows import MODULES, Context, Row, a_name_is_none, takes, without_self

_NONE: Row = (  # the rows of these messages say where the None stands
    "TypeError ValueError AxisError",
    r"^(?!.*(?:operand type|NoneType'? (?:object )?(?:is|has|does)|no len\(\)))",
    lambda failure, match, known: a_name_is_none(failure),
)


def _object_for_an_argument(failure: Failure, match: re.Match[str], known: Context) -> str:
    """Say that the method in which it stopped has no self, and so its first argument is the object."""
    held = dict(failure.holds)
    for name in (name for name, what in failure.holds if name.endswith("()") and what.startswith("takes ")):
        arguments = takes(failure, name[:-2]) or []
        owner = name.rpartition(".")[0].rpartition(".")[2]
        is_object = arguments and re.fullmatch(rf"an? {owner}( object)?", held.get(arguments[0], ""))
        if is_object and arguments[0] not in ("self", "cls") and f".{failure.function}()" in name:
            return f"{arguments[0]} is the object itself here. {without_self(name[:-2], arguments)}"
    return ""


_TABLE = (
    _NONE,
    ("TypeError ValueError AttributeError", r"", _object_for_an_argument),
    *names.ROWS,
    *calls.ROWS,
    *operators.ROWS,
    *entries.ROWS,
    *several_values.ROWS,
    *unreadable.ROWS,
)


def meaning(failure: Failure, known: Context | None = None) -> str:
    """Return what an error means and what to look at, "" where nothing is known of it."""
    for kinds, pattern, say in _TABLE:
        match = re.search(pattern, failure.message) if failure.kind in kinds.split() else None
        if match is not None:
            said = say if isinstance(say, str) else say(failure, match, known or Context())
            if said:
                return said
    return ""
