"""Keeps the watch for borrowed steps on while an answer runs: see `lecture_lib.exercises.own_steps`.

In a notebook, who switches it off fools nobody but themselves. Here an answer that tries, or that begins a
thread, is stopped with an error in its own line. So is whoever has each line looked at: what looks is not
watched. Threads that were begun before are watched, too, and so are audit hooks.

What the library did before an answer runs is not seen by that. So a notebook that may have asked it is run
once more where the library refuses: what is right there is a student's own.
"""

from __future__ import annotations

import _thread
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from inspect import currentframe, unwrap
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import lecture_lib
from lecture_lib import autodiff, learning
from lecture_lib.exercises import own_steps

_THREADS = ("start_new_thread", "start_new", "start_joinable_thread")
_LOOKS = ("sys.settrace", "sys.monitoring.register_callback")


def hold_on() -> None:
    """Let nothing but the watch itself switch it off, and let it look at all of a call."""
    setattr(own_steps, "MOST_EVENTS", sys.maxsize)  # noqa: B010 - it is a constant anywhere else
    watched: CodeType = unwrap(own_steps.watched).__code__
    own = (watched, *watched.co_consts, *_watched_thread.__code__.co_consts)
    ours = {part for part in own if isinstance(part, CodeType)}
    watch = sys.getprofile

    def on_event(event: str, given: object) -> None:
        if event in _LOOKS:
            raise PermissionError("where it is graded, no lines are looked at")
        if event == "sys.setprofile" and getattr(watch(), "__code__", None) in ours:
            frame = currentframe()
            if frame is None or frame.f_back is None or frame.f_back.f_code not in ours:
                raise PermissionError("an answer is watched where it is graded, and this would end the watch")

    sys.addaudithook(on_event)
    setattr(sys, "addaudithook", _watched_hooks(sys.addaudithook))  # noqa: B010 - it is a function there
    for module in (_thread, threading):
        for name in (*_THREADS, *(f"_{name}" for name in _THREADS)):
            if hasattr(module, name):
                setattr(module, name, _not_in_an_answer(getattr(module, name)))


def _watched_hooks(add: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return what adds a hook, in which the watch goes on."""

    def addaudithook(hook: Any) -> None:
        def watched_hook(event: str, given: Any) -> Any:
            return hook(event, given)

        setattr(watched_hook, "__cantrace__", True)  # noqa: B010 - Python's own name for it
        add(watched_hook)

    return addaudithook


def _watched_thread(work: Callable[..., Any]) -> Callable[..., Any]:
    """Return what a thread does, watched by whatever watches an answer at the time."""
    at_work, switch = own_steps.at_work, sys.setprofile

    def look(frame: FrameType, event: str, argument: object) -> None:
        for watch in at_work[-1:]:
            watch(frame, event, argument)
            switch(look)

    def watched_work(*given: Any, **named: Any) -> Any:
        switch(look)
        return work(*given, **named)

    return watched_work


def _not_in_an_answer(start: Callable[..., Any]) -> Callable[..., Any]:
    """Return what starts a thread, but not while an answer runs."""

    def start_a_thread(*given: Any, **named: Any) -> Any:
        if own_steps.at_work:
            raise PermissionError("an answer starts no threads where it is graded")
        return start(_watched_thread(given[0]), *given[1:], **named)

    return start_a_thread


def asked_of_the_library() -> Iterator[tuple[ModuleType, str]]:
    """Give the names of the library that do what exercises ask for, each with the room that offers it."""
    for room in (autodiff, learning):
        for name, given in vars(room).items():
            is_function = isinstance(given, FunctionType) and name not in own_steps.HELPERS
            if is_function or name in own_steps.SEVERAL_STEPS:
                yield room, name


def refuse(may_use: Collection[str]) -> None:
    """Let each of these, but those that may be used, stop with an error for good; nothing is loaded anew."""
    library = [module for name, module in sys.modules.items() if name.startswith("lecture_lib.")]
    loaded = {vars(module).get("__file__") for module in library}

    def on_event(event: str, given: tuple[Any, ...]) -> None:
        if event == "exec" and isinstance(given[0], CodeType) and given[0].co_filename in loaded:
            _refuses()

    sys.addaudithook(on_event)
    for room, name in [*asked_of_the_library()]:
        given = getattr(room, name)
        if name in may_use:
            continue
        if isinstance(given, FunctionType):  # under whatever name it was taken before, and by the library too
            given.__code__ = _refuses.__code__.replace(co_freevars=given.__code__.co_freevars)
        else:  # an operation, of which the graphs are made that answers are asked about
            setattr(room, name, _refuses)
            setattr(lecture_lib, name, _refuses)


def _refuses(*given: Any, **named: Any) -> Any:
    raise OSError("the library's own work is left out")  # as what is lacking: what stands below it is run
