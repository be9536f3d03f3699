"""What a notebook knows of an answer besides what it gives.

That is, which of the notebook's variables the answer reads, and whether it comes from the newest cell.
"""

import ast
import builtins
import contextlib
import inspect
import linecache
import re
import sys
from collections.abc import Iterator, Sequence
from types import FunctionType, ModuleType
from typing import Any, cast

from lecture_lib.common import globals_read, listed

from .answer import Failure
from .python_errors import meaning

# ------------------------------------------------------------------ variables in place of arguments


def notebooks_variables(answer: object) -> tuple[str, ...]:
    """Return the names of data that a function, or one of its own helpers, reads from the notebook.

    Functions, classes and modules are no data, and neither is what a notebook writes in capitals.
    """
    found: dict[str, None] = {}
    seen: set[FunctionType] = set()
    waiting = [answer]
    while waiting:
        function = waiting.pop()
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        for name, value in _read_from_outside(function):
            if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
                waiting.append(value)
            elif not (callable(value) or isinstance(value, ModuleType) or _is_no_variable(name)):
                found[name] = None
    return tuple(found)


def _is_no_variable(name: str) -> bool:
    """Whether a name is a constant, or one of Python's own functions that was given another value."""
    return (len(name) > 2 and name.isupper()) or hasattr(builtins, name)


def _read_from_outside(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield the names that a function reads from around it, with their values."""
    for name in dict.fromkeys(globals_read(function.__code__)):
        if name in function.__globals__:
            yield name, function.__globals__[name]
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        with contextlib.suppress(ValueError):  # it is empty until the name has a value
            yield name, cell.cell_contents


def variables_words(function: str, names: Sequence[str], arguments: Sequence[str]) -> str:
    """Say which of the notebook's variables a function reads, and what to do."""
    each = "it" if len(names) == 1 else "they"
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{function} reads {listed(names)} from outside: {each} {verb} not made anew for each call. A"
        f" function works with its arguments: {', '.join(arguments)}. Which of them {verb} meant, or from"
        f" which {verb} {each} calculated?"
    )


# ------------------------------------------------------------------ the cell on the screen


def newer_cell_words(name: str, answer: object) -> str:
    """Say that a cell which defines a name is newer than the answer that is judged, "" if none is."""
    cells = _cells_that_were_run()
    defining = [number for number, source in enumerate(cells) if _defines(name, source)]
    if not defining:
        return ""
    newest = cells[defining[-1]]
    trouble = _cannot_be_read(newest)
    if trouble is not None:
        return (
            f"The newest cell that defines {name} could not be read by Python, so an older {name} is judged"
            f" here. Line {trouble.line} of that cell: {trouble.text}. {meaning(trouble)}"
        )
    source = _source_of_the_cell(answer)
    if source is None or not any(_same(source, cell) for cell in cells) or _same(source, newest):
        return ""
    return (
        f"The newest cell that defines {name} is not the one that this {name} comes from: an older one is"
        " judged here. Did that cell stop with an error before it was done?"
    )


def _cells_that_were_run() -> Sequence[str]:
    """Return the sources of the notebook's cells in the order in which they were run, without this one."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    ran = shell.user_ns.get("In") if shell is not None else None
    return cast("list[str]", ran)[:-1] if isinstance(ran, list) else ()


def _defines(name: str, source: str) -> bool:
    return re.search(rf"^\s*(?:def\s+{name}\s*\(|{name}\s*=(?!=))", source, re.MULTILINE) is not None


def _cannot_be_read(source: str) -> Failure | None:
    """Return why a cell cannot be read, None if it can; one with IPython's own lines is taken to be right."""
    if re.search(r"^\s*[%!?]|\?\s*$", source, re.MULTILINE) or "get_ipython()" in source:
        return None
    try:
        ast.parse(source)
    except SyntaxError as error:
        return Failure(type(error).__name__, error.msg, error.lineno, (error.text or "").strip())
    return None


def _source_of_the_cell(answer: object) -> str | None:
    """Return the cell that a function was defined in, None if that is not known."""
    function = inspect.unwrap(cast("Any", answer)) if callable(answer) else None
    if not isinstance(function, FunctionType):
        return None
    return "".join(linecache.getlines(function.__code__.co_filename)) or None


def _same(one: str, other: str) -> bool:
    return one.strip() == other.strip()
