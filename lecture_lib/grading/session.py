"""A submission at work: its cells run in the sandbox, and its answers are called there.

What kills the process costs itself alone: a new process runs the cells again without the one at fault.
All that comes from there is plain data, and is believed in nothing but being this submission's answer.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from lecture_lib.exercises.answer import Failure, Outcome
from lecture_lib.exercises.plain import Path, Plain

from .frames import BadFrame, Gone, TooSlow, clean, receive, send
from .sandbox import Sandbox, SandboxBroken

_SIGNALS = {
    4: "an illegal instruction",
    7: "a memory fault (bus error)",
    8: "an arithmetic fault",
    9: "the system, for using too much",
    11: "a memory fault (segmentation fault), perhaps by recursion without end",
    24: "the limit on computing time",
    25: "the limit on file size",
    31: "a forbidden system call",
}
MOST_DEATHS_IN_AN_EXERCISE = 2
_FORGED = "it sent an answer to a question that nobody had asked"
MOST_REMEMBERED = 2_000


@dataclass(frozen=True)
class Times:
    """How long things may take, in seconds."""

    cell: float = 10.0
    call: float = 3.0
    read: float = 3.0
    submission: float = 90.0


@dataclass(frozen=True)
class ReadCell:
    """What a code cell is, read without running it."""

    source: str
    defines: tuple[str, ...] = ()
    student: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Died:
    """The process ended in the middle of something; `words` say how."""

    words: str
    slow: bool = False
    forged: bool = False


_read_before: dict[str, ReadCell] = {}


@dataclass
class Session:
    """One submission in a sandbox.

    `run` runs a cell and remembers it, so that after a death the cells before can be run again.
    """

    sandbox: Sandbox
    times: Times
    began: float = field(default_factory=time.monotonic)
    forged: bool = False
    """Whether anything in the submission has sent the judge an answer of its own making."""
    _done: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _alive: bool = False

    @property
    def out_of_time(self) -> bool:
        """Whether the submission has had all its time."""
        return time.monotonic() - self.began > self.times.submission

    def read(self, source: str) -> ReadCell | Died:
        """Read a cell without running it; do it before any is run.

        Most cells are the same in every notebook, so what was read is remembered.
        """
        if source in _read_before:
            return _read_before[source]
        if self._done:
            raise RuntimeError(
                "cells are read before the first is run, by a process that no cell has changed"
            )
        found = self._ask(("read", source), self.times.read)
        if isinstance(found, Died):
            return found
        if not isinstance(found, dict):
            return Died("it could not be read")
        read = cast("dict[str, Any]", found)
        defines = tuple(str(name) for name in read["defines"])
        notes = tuple(str(note) for note in read["notes"])
        made = ReadCell(str(read["source"]), defines, read["student"], notes)
        if len(_read_before) < MOST_REMEMBERED and len(source) < 10_000:
            _read_before[source] = made
        return made

    def run(self, source: str, name: str) -> Failure | Died | None:
        """Run a cell; a cell that ends the process is forgotten."""
        found = self._ask(("run", source, name), self.times.cell)
        if isinstance(found, Died):
            return found
        self._done.append((source, name))
        return _failure(found)

    def look(self, name: str) -> str:
        """Say what stands behind a name: "missing", "waits", "callable" or "value"."""
        found = self._ask(("look", name), self.times.call)
        return found if isinstance(found, str) and found in ("waits", "callable", "value") else "missing"

    def outcome(self, request: tuple[Plain, ...]) -> Outcome | Died:
        """Call a function, or ask for a value."""
        found = self._ask(request, self.times.call)
        return found if isinstance(found, Died) else _outcome(found)

    def _ask(self, request: tuple[Plain, ...], seconds: float, again: bool = False) -> Plain | Died:
        """Send a request and receive the answer, in a new process if there is none."""
        if self.out_of_time:
            return Died(f"the submission's {self.times.submission:g} seconds are over", slow=True)
        if not self._alive:
            self._begin()
        if not self._alive:
            return Died("the cells before it could not be run again in time", slow=True)
        found = self._exchange(request, seconds)
        if isinstance(found, Died) and found.forged:
            self.forged = True
            # Whatever sent it may have sent it in another's name: that one is asked once more.
            return found if again else self._ask(request, seconds, again=True)
        return found

    def _begin(self) -> None:
        """Make a new process, and run in it what was run so far."""
        self.sandbox.fresh()
        self._alive = True
        for place, (source, name) in enumerate(self._done):
            if isinstance(self._exchange(("run", source, name), self.times.cell), Died):
                del self._done[place]  # it went well before, and is left out from now on
                if not self.out_of_time:
                    self._begin()
                return

    def _exchange(self, request: tuple[Plain, ...], seconds: float) -> Plain | Died:
        channel = self.sandbox.channel
        deadline = time.monotonic() + seconds
        number = secrets.token_hex(8)
        try:
            send(channel, (number, *request), deadline)
            found = receive(channel, deadline)
            if isinstance(found, list) and len(found) == 2 and found[0] == number:
                return found[1]
            self._end()
            return Died(_FORGED, forged=True)
        except TooSlow:
            self._end()
            return Died(f"it took longer than {seconds:g} seconds and was ended", slow=True)
        except BadFrame as error:
            self._end()
            return Died(f"what it gave is not plain data but {error}")
        except Gone:
            status = self._end(ending=True)
            return Died(_death_words(status))

    def _end(self, ending: bool = False) -> int:
        self._alive = False
        try:
            return self.sandbox.end(ending)
        except SandboxBroken:
            return -1

    def close(self) -> None:
        """End the submission's process."""
        self._end()


def _death_words(status: int) -> str:
    if status == -1:
        return "it cut the line to the judge"
    signal = status & 0x7F
    if signal:
        return f"its process was ended by {_SIGNALS.get(signal, f'signal {signal}')}"
    return f"it ended its own process (exit code {status >> 8})"


@dataclass
class SandboxedAnswer:
    """A name in a submission, as the judge sees it: called there, with plain data, and compared here."""

    session: Session
    name: str
    deaths: int = 0

    def call(self, arguments: Sequence[Plain]) -> Outcome:
        """Call the function in the sandbox; after it has ended the process twice it is not called again."""
        return self._asked(("call", self.name, tuple(arguments)))

    def value(self) -> Outcome:
        """Return the value that has this name."""
        return self._asked(("value", self.name))

    def _asked(self, request: tuple[Plain, ...]) -> Outcome:
        if self.deaths >= MOST_DEATHS_IN_AN_EXERCISE:
            return _stopped(f"{self.name} was not called again: it had been stopped {self.deaths} times")
        found = self.session.outcome(request)
        if isinstance(found, Died):
            self.deaths += 1
            return _stopped(f"{self.name}: {found.words}", found.slow)
        arguments = len(cast("tuple[Plain, ...]", request[2])) if len(request) > 2 else 0
        there = tuple(path for path in found.changed if 0 <= cast("int", path[0]) < arguments)
        return replace(found, changed=there)


def _stopped(words: str, slow: bool = False) -> Outcome:
    return Outcome(failure=Failure("TimeLimit" if slow else "Stopped", words, depth=1))


# ------------------------------------------------------------------ what came, believed in nothing


def _failure(found: Plain) -> Failure | None:
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 6:
        return _odd()
    kind, message, line, text, function, depth = found
    if not isinstance(kind, str) or not isinstance(message, str):
        return _odd()
    return Failure(
        kind=clean(kind, 60),
        message=_one_line(message),
        line=line if type(line) is int and 0 <= line < 1_000_000 else None,
        text=_one_line(text) if isinstance(text, str) else "",
        function=clean(function, 60) if isinstance(function, str) else "",
        depth=depth if type(depth) is int and 0 <= depth < 100_000 else 1,
    )


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()), 401)


def _odd() -> Failure:
    return Failure("Stopped", "what came back is no answer", depth=1)


def _outcome(found: Plain) -> Outcome:
    if not isinstance(found, list) or len(found) != 3:
        return Outcome(failure=_odd())
    value, failure, changed = found
    if failure is not None:
        return Outcome(failure=_failure(failure), changed=_paths(changed))
    return Outcome(value=value, changed=_paths(changed))


def _paths(found: Plain) -> tuple[Path, ...]:
    if not isinstance(found, list):
        return ()
    return tuple(
        tuple(step if type(step) is int else clean(str(step), 60) for step in path[:8])
        for path in found[:20]
        if isinstance(path, list) and path and type(path[0]) is int
    )
