"""A function as source that stands by itself: its own text, and that of what it reads from its notebook."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, cast

from lecture_lib.common import globals_read

from .plain import plain
from .plain_words import describe

_PLAIN = (bool, int, float, str, type(None))


class NotAlone(ValueError):
    """A function cannot stand by itself; the message says why: "it reads E, an array of shape (2, 4), …"."""


def source_of(function: object, name: str) -> str:
    """Return source that defines a function under a name, together with all that it reads.

    What it reads may be a module, another function of its notebook, something that can be imported, or a
    number or text.

    Raises
    ------
    NotAlone
        If its text is not known, or it reads something else.
    """
    if not isinstance(function, FunctionType):
        raise NotAlone("it is not a function written with def or lambda")
    reads: dict[str, str] = {}
    texts: dict[str, str] = {}
    own = _add(function, reads, texts)
    if own != name:
        texts["its other name"] = f"{name} = {own}\n"
    return "\n".join(["".join(reads.values()), *texts.values()]).lstrip()


def defined_by(source: str, name: str, file: str) -> Callable[..., Any]:
    """Run source that `source_of` gave, and return what it defines under a name. It may raise anything."""
    names: dict[str, object] = {"__name__": file}
    exec(compile(source, file, "exec"), names)  # the student's own code, in the student's own process
    return cast("Callable[..., Any]", names[name])


def _add(function: FunctionType, reads: dict[str, str], texts: dict[str, str]) -> str:
    """Add a function's text, and before it what it reads; return the name that its text gives it."""
    own, text = _text(function)
    if own in texts:
        return own
    texts[own] = text  # already here, so that functions may call each other
    for name in sorted({*globals_read(compile(text, "<an answer>", "exec"))}):
        known = (own, "__name__", *reads)  # a class asks for __name__
        if name in function.__globals__ and name not in known:
            value = function.__globals__[name]
            if isinstance(value, FunctionType) and _place(value) is None:
                other = _add(value, reads, texts)
                if other != name:
                    texts[name] = f"{name} = {other}\n"
            else:
                reads[name] = _line(name, value)
    texts[own] = texts.pop(own)
    return own


def _text(function: FunctionType) -> tuple[str, str]:
    """Return the name that a function's text gives it, and the text: one def, or one `name = lambda`."""
    if function.__code__.co_freevars:
        raise NotAlone("it is defined within another function and reads that one's names")
    try:
        text = textwrap.dedent(inspect.getsource(function))
        (statement,) = ast.parse(text).body
    except (OSError, TypeError, ValueError, SyntaxError):
        raise NotAlone("its text could not be read") from None
    match statement:
        case ast.FunctionDef(name=name) if name == function.__name__:
            return name, text
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()) if function.__name__ == "<lambda>":
            return name, text
        case _:
            raise NotAlone("it has no def of its own")


def _line(name: str, value: object) -> str:
    """Return the line that gives a name its value again."""
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}\n"
    known = plain(value)
    if type(known) in _PLAIN:
        return f"{name} = {known!r}\n"
    place = _place(value)
    if place is None:
        raise NotAlone(f"it reads {name}, {describe(known)}, from its notebook")
    return f"from {place[0]} import {place[1]} as {name}\n"


def _place(value: object) -> tuple[str, str] | None:
    """Return from which module something can be imported, and its name there; None for the notebook's own."""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str) or module == "__main__":
        return None
    return (module, name) if getattr(sys.modules.get(module), name, None) is value else None
