"""Event loops without sockets: the numbers of these would say how many others were opened on the machine.

The kernel counts pipes and sockets of all processes in one row. An answer could move it by what it was asked
with, and a later cell, where that is not known, could print it. So none are opened in a submission's process.
"""

import asyncio
import asyncio.selector_events
import os
import socket
from types import SimpleNamespace


class _Wake:
    """Both ends by which a thread wakes an event loop."""

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def fileno(self) -> int:
        return self._fd

    def setblocking(self, blocking: bool) -> None:
        """Be as it is made: nothing waits here."""

    def send(self, data: bytes) -> None:
        os.eventfd_write(self._fd, 1)

    def recv(self, most: int) -> bytes:
        return os.read(self._fd, 8)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1


def _both_ends() -> tuple[_Wake, _Wake]:
    wake = _Wake()
    return wake, wake


def _event_loop() -> asyncio.AbstractEventLoop:
    """Return the loop of events that a notebook has: here none is running, so there is one to be run."""
    try:
        return _its_event_loop()
    except RuntimeError:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        return loop


_its_event_loop = asyncio.get_event_loop


def install() -> None:
    """Let all event loops be without sockets, and let there be one."""
    for module in (asyncio, asyncio.events):
        setattr(module, "get_event_loop", _event_loop)  # noqa: B010 - it is a function there
    known = vars(socket) | {"socketpair": _both_ends}
    setattr(asyncio.selector_events, "socket", SimpleNamespace(**known))  # noqa: B010 - it is a module there
