"""What a notebook knows of an answer besides what it gives.

That is, which of the notebook's variables the answer reads, and whether the newest cell that defines it
stopped.
"""

import ast
import builtins
import contextlib
import inspect
import linecache
import re
import sys
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Any, cast

from lecture_lib.common import globals_read, listed

from .answer import Failure
from .python_errors import MODULES, meaning

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
    """Whether a name is a constant, or one of Python's own or a module's that was given another value."""
    return (len(name) > 2 and name.isupper()) or hasattr(builtins, name) or name in MODULES


def _read_from_outside(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield the names that a function reads from around it, with their values."""
    for name in dict.fromkeys(globals_read(function.__code__)):
        if name in function.__globals__:
            yield name, function.__globals__[name]
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        with contextlib.suppress(ValueError):  # it is empty until the name has a value
            yield name, cell.cell_contents


def variables_words(function: str, answer: Callable[..., object], names: Sequence[str]) -> str:
    """Say which of the notebook's variables a function reads, and what to do."""
    each = "it" if len(names) == 1 else "they"
    verb = "is" if len(names) == 1 else "are"
    arguments = ", ".join(inspect.signature(answer).parameters)
    return (
        f"{function} reads {listed(names)} from outside: {each} {verb} not made anew for each call. A"
        f" function works with its arguments: {arguments}. Which of them {verb} meant, or from"
        f" which {verb} {each} calculated?"
    )


def kept_default_words(function: str, answer: object) -> str:
    """Say that a list, dict or set of a def line, empty there, is not empty any more; "" if none is so."""
    if not isinstance(answer, FunctionType):
        return ""
    made = re.search(
        rf"def\s+{answer.__name__}\s*\((.*?)\)[^()]*:", _source_of_the_cell(answer) or "", re.DOTALL
    )
    for name, one in inspect.signature(answer).parameters.items():
        empty = made and re.search(rf"\b{name}\s*=\s*(\[\]|\{{\}}|(?:list|dict|set)\(\))", made[1])
        if empty and isinstance(one.default, (list, dict, set)) and one.default:
            return (
                f"{name}={empty[1]} in the def line of {function} is made once, when def is run, and kept"
                f" from call to call: by now its length is {len(cast('Any', one.default))}. Where is a new"
                " one to be made, so that each call has its own?"
            )
    return ""


# ------------------------------------------------------------------ arguments in another order


def other_order_words(function: str, answer: Callable[..., object], asked: Sequence[str]) -> str:
    """Say that an answer's arguments have the names that are asked, in another order; "" if not so.

    Those that are asked last may be left out.
    """
    try:
        own = [*inspect.signature(answer).parameters]
    except (TypeError, ValueError):  # it is no function, or does not say what it takes
        return ""
    wanted = [*asked[: len(own)]]
    if own == wanted or sorted(own) != sorted(wanted):
        return ""
    place = next(place for place, name in enumerate(own) if name != wanted[place])
    return (
        f"{function} is called as {function}({', '.join(asked)}), and yours takes the same names in another"
        f" order: {', '.join(own)}. So what you call {own[place]} is given what is asked as"
        f" {wanted[place]}. Put them into the order that is asked, before you look at anything else."
    )


# ------------------------------------------------------------------ classes and their objects


def class_words(name: str, answer: object, asked: Sequence[str]) -> str:
    """Say of a class that was handed over what calling it does; "" of anything else."""
    if not isinstance(answer, type):
        return ""
    if any("__call__" in vars(base) for base in answer.__mro__):
        return (
            f"{name} is a class, and calling it makes an object. Its __call__ is for the objects: hand over"
            f" one of them, {answer.__name__}(…)."
        )
    return (
        f"{name} is a class, and calling it makes an object. A function is asked,"
        f" def {name}({', '.join(asked)}), which may make an object and returns what is asked."
    )


def object_words(name: str, answer: object, asked: Sequence[str]) -> str:
    """Say how an object of a class of one's own can be called; "" of any other."""
    kind = type(answer)
    if kind.__module__.partition(".")[0] in ("builtins", "numpy", "lecture_lib"):
        return ""
    methods = [one for one, value in vars(kind).items() if isinstance(value, FunctionType) and one[0] != "_"]
    one = f"Hand over one of its methods, {name}.{methods[0]}, or give" if methods else "Give"
    return f"Its class has no __call__. {one} the class def __call__(self, {', '.join(asked)})."


# ------------------------------------------------------------------ the cell on the screen


def newer_cell_words(answers: Mapping[str, object]) -> tuple[str, ...]:
    """Say of the newest cells that define these names which ones did not come to their end, each cell once.

    Where the code of an answer was written tells little: it may have been made by a function, or be another
    name for one, of any cell.
    """
    cells, failed = _cells_that_were_run()
    running = len(cells) - 1
    older: dict[int, list[str]] = {}
    for name, answer in answers.items():
        newest = max((number for number, source in enumerate(cells) if _defines(name, source)), default=None)
        if newest is None or newest == running or (failed is not None and newest not in failed):
            continue
        if _cannot_be_read(cells[newest]) is None and (
            failed is None or _source_of_the_cell(answer) == cells[newest].strip()
        ):
            continue
        older.setdefault(newest, []).append(name)
    return tuple(words for newest, names in older.items() for words in _stopped_words(cells[newest], names))


def _stopped_words(source: str, names: Sequence[str]) -> tuple[str, ...]:
    """Say that older answers of these names are judged, and why; a line of code ends what it stands in."""
    what = f"The newest cell that defines {listed(names)}"
    one = len(names) == 1
    trouble = _cannot_be_read(source)
    if trouble is None:
        return (
            f"{what} stopped with an error. If that was before {listed(names)} {'was' if one else 'were'}"
            f" made, {'an older one is' if one else 'older ones are'} judged here.",
        )
    older = f"an older {names[0]} is" if one else "older ones are"
    return (
        f"{what} could not be read by Python, so {older} judged here. Line {trouble.line} of that cell:"
        f" {trouble.text}",
        meaning(trouble),
    )


def _cells_that_were_run() -> tuple[Sequence[str], Container[int] | None]:
    """Return the sources of the notebook's cells, in the order in which they were run; this one is the last.

    With them, the places of those that ended with an error; None if this IPython does not keep that.
    """
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    ran = shell.user_ns.get("In") if shell is not None else None
    if shell is None or not isinstance(ran, list):
        return (), None
    return cast("list[str]", ran), getattr(shell.history_manager, "exceptions", None)


def _defines(name: str, source: str) -> bool:
    return (
        re.search(rf"^\s*(?:(?:def|class)\s+{name}\b|{name}\s*(?::[^=\n]+)?=(?!=))", source, re.MULTILINE)
        is not None
    )


def _cannot_be_read(source: str) -> Failure | None:
    """Return why a cell cannot be read, None if it can; one with IPython's own lines is taken to be right."""
    if re.search(r"(?:^|=)\s*[%!?]|\?\s*$", source, re.MULTILINE) or "get_ipython()" in source:
        return None
    try:
        ast.parse(source)
    except SyntaxError as error:
        return Failure(type(error).__name__, error.msg, error.lineno, (error.text or "").strip())
    return None


def _source_of_the_cell(answer: object) -> str | None:
    """Return the cell that a function was written in, None if that is not known."""
    function = inspect.unwrap(cast("Any", answer)) if callable(answer) else None
    if not isinstance(function, FunctionType):
        return None
    return "".join(linecache.getlines(function.__code__.co_filename)).strip()
