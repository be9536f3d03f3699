"""Keeps the watch for borrowed steps on while an answer runs: see `lecture_lib.exercises.own_steps`.

In a notebook, who switches it off fools nobody but themselves. Here an answer that tries, or that hands its
work to a thread, which would not be watched, is stopped with an error in its own line.
"""

from __future__ import annotations

import _thread
import sys
import threading
from collections.abc import Callable
from inspect import currentframe, unwrap
from types import CodeType
from typing import Any

from lecture_lib.exercises import own_steps

_THREADS = ("start_new_thread", "start_new", "start_joinable_thread")


def hold_on() -> None:
    """Let nothing but the watch itself switch it off, and let it look at all of a call."""
    setattr(own_steps, "MOST_EVENTS", sys.maxsize)  # noqa: B010 - it is a constant anywhere else
    watched: CodeType = unwrap(own_steps.watched).__code__
    ours = {watched, *(part for part in watched.co_consts if isinstance(part, CodeType))}
    watch = sys.getprofile

    def on_event(event: str, given: object) -> None:
        if event == "sys.setprofile" and watch() is not None:
            frame = currentframe()
            if frame is None or frame.f_back is None or frame.f_back.f_code not in ours:
                raise PermissionError("an answer is watched where it is graded, and this would end the watch")

    sys.addaudithook(on_event)
    for module in (_thread, threading):
        for name in (*_THREADS, *(f"_{name}" for name in _THREADS)):
            if hasattr(module, name):
                setattr(module, name, _not_in_an_answer(getattr(module, name)))


def _not_in_an_answer(start: Callable[..., Any]) -> Callable[..., Any]:
    """Return what starts a thread, but not while an answer runs."""
    watch = sys.getprofile

    def start_a_thread(*given: Any, **named: Any) -> Any:
        if watch() is not None:
            raise PermissionError("an answer starts no threads where it is graded")
        return start(*given, **named)

    return start_a_thread
