"""Keeps the watch for borrowed steps on while an answer runs: see `lecture_lib.exercises.own_steps`.

In a notebook, who switches it off fools nobody but themselves. Here the library itself tells of its calls, in
whatever thread, and whoever looks at calls or switches that off, see `entering`. An answer begins no thread.

What the library did before an answer runs is not seen by that. So a notebook that may have asked it is run
once more where the library refuses: what is right there is a student's own.
"""

from __future__ import annotations

import _thread
import itertools
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

import lecture_lib
from lecture_grader.inside.entering import REFUSED, WATCHED, WRITTEN
from lecture_grader.inside.silent import SILENT
from lecture_lib import autodiff, learning
from lecture_lib.autodiff import PRIMITIVES, Node, Primitive
from lecture_lib.autodiff.fast import programs
from lecture_lib.exercises import own_steps, stand_ins

_THREADS = ("start_new_thread", "start_new", "start_joinable_thread")
RULES = "node.vjp"
"""What an exercise may use that asks nodes for their derivatives."""
refusing: list[bool] = []
"""Whether the library refuses in this process."""


def hold_on() -> None:
    """Let the library tell the watch of all of a call, and nothing else."""
    setattr(own_steps, "MOST_EVENTS", sys.maxsize)  # noqa: B010 - it is a constant anywhere else
    setattr(own_steps, "switched", _let_be)  # noqa: B010 - it is a function there
    setattr(programs, "compile", _written)  # noqa: B010 - it is Python's own there
    sys.audit(WATCHED, own_steps.at_work)
    for module in (_thread, threading):
        for name in (*_THREADS, *(f"_{name}" for name in _THREADS)):
            if hasattr(module, name):
                setattr(module, name, _not_in_an_answer(getattr(module, name)))


def _let_be(watch: own_steps.Watch | None) -> None:
    """Let Python tell nothing of calls."""


def _written(source: str, path: str, mode: str) -> CodeType:
    """Compile a program that the library has written, so that it tells of its call."""
    made: list[CodeType] = []
    sys.audit(WRITTEN, source, made)
    return made[0]


def _not_in_an_answer(start: Callable[..., Any]) -> Callable[..., Any]:
    """Return what starts a thread, but not while an answer runs."""

    def start_a_thread(*given: Any, **named: Any) -> Any:
        if own_steps.at_work:
            raise PermissionError("an answer starts no threads where it is graded")
        return start(*given, **named)

    return start_a_thread


def asked_of_the_library() -> Iterator[tuple[ModuleType, str]]:
    """Give the names of the library that do what exercises ask for, each with the room that offers it."""
    for room in (autodiff, learning, stand_ins):
        for name, given in vars(room).items():
            is_function = isinstance(given, FunctionType) and given.__module__.startswith("lecture_lib.")
            if (is_function and name not in own_steps.HELPERS) or name in own_steps.SEVERAL_STEPS:
                yield room, name


def refuse(may_use: Collection[str]) -> None:
    """Let each of these, but those that may be used, give a stand-in for good; nothing is loaded anew.

    So what only looks at it, or compares, goes on. What else of the library's mathematics an answer may not
    call stops with an error where a cell calls it: a rule, or what only the library itself uses. What an
    object holds it may be asked for.
    """
    setattr(sys.implementation, "cache_tag", None)  # noqa: B010 - a code in a file may be a copy
    for room, name in [*asked_of_the_library()]:
        given = getattr(room, name)
        if name in may_use:
            continue
        if isinstance(given, FunctionType):  # under whatever name it was taken before, and by the library too
            given.__code__ = _nothing(given.__code__)
        else:  # an operation, of whose kind others are needed
            setattr(room, name, SILENT)
            setattr(lecture_lib, name, SILENT)
    for function in [*_not_needed(may_use)]:
        function.__code__ = _nothing(function.__code__)
    sys.audit(REFUSED, (*may_use,))  # from here on no code is made of another, as above
    refusing.append(True)


def _not_needed(may_use: Collection[str]) -> Iterator[FunctionType]:
    """Give the library's functions that none calls, by its name, that may be used: rules, and what walks.

    And operations of several steps, of which no graph is made that an answer is asked about. So who finds a
    way past what refuses, as by writing into this process's memory, finds nothing behind it.
    """
    named: dict[str, list[FunctionType]] = {}
    operations: list[Any] = [*PRIMITIVES.values()]
    of_graphs = {one.forward for one in operations if one.name not in own_steps.SEVERAL_STEPS}
    ahead: list[CodeType] = [one.__code__ for one in of_graphs]
    rules: set[Any] = (
        {Node.vjp, Primitive.back, *(one.vjp_rule for one in operations)} if RULES in may_use else set()
    )
    whole = [one.forward for one in operations if one.forward not in of_graphs]
    for function in itertools.chain(_functions(), whole):
        code = function.__code__
        frame: Any = SimpleNamespace(f_code=code, f_locals={})
        if code.co_name.startswith("__") or function in rules or own_steps.forbidden(frame, may_use) is None:
            ahead.append(code)
        else:
            named.setdefault(code.co_name, []).append(function)
    while ahead:
        code = ahead.pop()
        ahead += [one for one in code.co_consts if isinstance(one, CodeType)]
        ahead += [one.__code__ for name in code.co_names for one in named.pop(name, ())]
    return itertools.chain.from_iterable(named.values())


def _functions() -> Iterator[FunctionType]:
    """Give the functions of the library's mathematics, and those of its classes."""
    rooms = tuple(room.__name__ for room in (autodiff, learning, stand_ins))
    for name, module in [*sys.modules.items()]:
        for one in [*vars(module).values()] if name.startswith(rooms) else ():
            for held in (one, *vars(one).values()) if isinstance(one, type) else (one,):
                function = getattr(held, "__wrapped__", getattr(held, "fget", held))
                if isinstance(function, FunctionType) and function.__module__.startswith(rooms):
                    yield function


def _nothing(code: CodeType) -> CodeType:
    """Return a code that gives a stand-in, in the place of another."""
    constants = (SILENT if one is ... else one for one in _left_out.__code__.co_consts)
    return _left_out.__code__.replace(co_freevars=code.co_freevars, co_consts=tuple(constants))


def _left_out(*given: Any, **named: Any) -> Any:
    return ...  # a stand-in: see `_nothing`
