"""A submission at work: its cells run in the sandbox, and its answers are called there.

At first a whole notebook is done at once, and that is the end of it for nearly all. Where anything is out of
order, it is done again step by step: what kills the process then costs itself alone, for a new process runs
the cells again without the one at fault. All that comes from there is plain data, and is believed in nothing
but being this submission's answer.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from lecture_lib.exercises.answer import MOST_LETTERS_OF_AN_ERROR, Failure, Outcome
from lecture_lib.exercises.plain import Path, Plain

from .frames import BadFrame, Gone, TooSlow, as_text, clean, receive, send, text_array, unpack
from .plan import Ask, Died, Give, Given, Plan, Run, Seen
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
MOST_PRINTED = 64_000
"""Of what a cell printed, so many letters are kept."""
_FORGED = "it sent an answer to a question that nobody had asked"
MOST_REMEMBERED, MOST_NAMES_REMEMBERED = 2_000, 200
"""So many cells are remembered, none with more names: a judge must not grow by what is handed in."""
MOST_NOTES = 5
"""Of what was left out in a cell, so many notes are kept."""
_AT_ONCE = 2.0
"""Seconds for a notebook that is done at once, which takes some hundredths; slower ones go step by step."""


@dataclass(frozen=True)
class Times:
    """How long things may take, in seconds."""

    cell: float = 10.0
    call: float = 3.0
    read: float = 3.0
    submission: float = 90.0


# ------------------------------------------------------------------ reading cells


@dataclass(frozen=True)
class ReadCell:
    """What a code cell is, read without running it.

    Attributes
    ----------
    source
        What of it is run.
    defines
        The names that its statements define.
    student
        The id that it signs in with.
    notes
        What was left out.
    names, sets
        The notebook's names that it has to do with, and those of them that it sets.
    tame
        Whether it could not change what another notebook would find in its process.
    """

    source: str
    defines: tuple[str, ...] = ()
    student: str | None = None
    notes: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    tame: bool = True


_read_before: dict[str, ReadCell] = {}


def _remembered(source: str) -> ReadCell | None:
    """Return what was read of a cell before: most are the same in every notebook."""
    found = _read_before.pop(source, None)
    if found is not None:
        _read_before[source] = found  # now the last to be forgotten
    return found


def _remember(source: str, made: ReadCell) -> None:
    if len(source) < 10_000 and len(made.names) < MOST_NAMES_REMEMBERED:
        _read_before[source] = made
        if len(_read_before) > MOST_REMEMBERED:
            del _read_before[next(iter(_read_before))]


def _read_cell(source: str, found: Plain) -> ReadCell | None:
    """Make of what came from the sandbox what it should be; no cell had been run there."""
    if not isinstance(found, dict):
        return None
    read = cast("dict[str, Any]", found)
    changed = read["source"]
    return ReadCell(
        source=source if changed is None else as_text(changed),
        defines=tuple(str(name) for name in read["defines"]),
        student=read["student"],
        notes=tuple(str(note) for note in read["notes"][:MOST_NOTES]),
        names=frozenset(str(name) for name in read["names"]),
        sets=frozenset(str(name) for name in read["sets"]),
        tame=read["tame"] is True,
    )


def _as_request(sources: list[str]) -> tuple[Plain, ...]:
    return ("read", text_array(json.dumps(sources)))


# ------------------------------------------------------------------ all at once


@dataclass
class AtOnce:
    """Reads the cells of a student's notebooks, and does whole plans, each with one question and one answer.

    Notebooks that are tame share a process, one after the other; any other has one of its own.
    """

    sandbox: Sandbox
    times: Times
    read: dict[str, ReadCell] = field(default_factory=dict[str, ReadCell])
    _alive: bool = False
    _used: bool = False
    _wild: bool = False

    def read_all(self, sources: Iterable[str]) -> None:
        """Read cells, as far as that goes; what was read is in `read`."""
        new: list[str] = []
        for source in dict.fromkeys(sources):
            before = _remembered(source)
            if before is None:
                new.append(source)
            else:
                self.read[source] = before
        if not new or sum(map(len, new)) > 1_000_000:
            return
        self._begin(tame=True)
        found = self._exchange(_as_request(new), self.times.read)
        if not isinstance(found, list) or len(found) != len(new):
            self.close()
            return
        for source, one in zip(new, found, strict=True):
            made = _read_cell(source, one)
            if made is not None:
                self.read[source] = made
                _remember(source, made)

    def follow(self, plan: Plan, tame: bool, fresh: bool = False) -> Seen | None:
        """Do a plan; None if anything was out of order, and all of it must be done step by step."""
        self._begin(tame, fresh)
        steps: list[object] = []
        questions: list[Plain] = []
        for step in plan:
            if isinstance(step, Run):
                steps.append(step.source)
            elif isinstance(step, Ask):
                steps.append(len(questions))
                questions.append(np.frombuffer(step.packed, np.uint8))
            else:
                steps.append(list(step.names))
        self._used, self._wild = True, not tame
        seconds = min(_AT_ONCE, self.times.call)
        found = self._exchange(("all", text_array(json.dumps(steps)), questions), seconds)
        seen = _seen(plan, found)
        if seen is None:
            self.close()
        elif self._wild:
            self._end()
        return seen

    def _begin(self, tame: bool, fresh: bool = False) -> None:
        if self._alive and self._used and (fresh or self._wild or not tame):
            self._end()
        if not self._alive:
            self.sandbox.fresh()
            self._alive, self._used, self._wild = True, False, False

    def _exchange(self, request: tuple[Plain, ...], seconds: float) -> Plain:
        try:
            return exchange(self.sandbox, request, seconds)
        except (TooSlow, BadFrame, Gone):
            return None

    def _end(self) -> None:
        """Leave the process behind; it ends when the next one is made."""
        self._alive = False

    def close(self) -> None:
        """End the process."""
        self._alive = False
        self.sandbox.leave()


def exchange(sandbox: Sandbox, request: tuple[Plain, ...], seconds: float) -> Plain:
    """Ask the submission's process; TooSlow, Gone or BadFrame if no answer comes, Forged if another one."""
    deadline = time.monotonic() + seconds
    number = secrets.token_hex(8)
    send(sandbox.channel, (number, *request), deadline)
    found = receive(sandbox.channel, deadline)
    if isinstance(found, list) and len(found) == 2 and found[0] == number:
        return found[1]
    raise Forged(_FORGED)


class Forged(BadFrame):
    """What came is an answer to another question."""


def _seen(plan: Plan, found: Plain) -> Seen | None:
    if not isinstance(found, list) or len(found) != 2:
        return None
    ran, answers = found
    cells = [step for step in plan if isinstance(step, Run)]
    asks = [step for step in plan if isinstance(step, Ask)]
    if not isinstance(ran, list) or len(ran) != len(cells):
        return None
    if not isinstance(answers, list) or len(answers) != len(asks):
        return None
    seen = Seen()
    for cell, one in zip(cells, ran, strict=True):
        if one is not None:
            _see(seen, cell.number, one)
    for ask, answer in zip(asks, answers, strict=True):
        if type(answer) is not np.ndarray or answer.dtype != np.uint8:
            return None
        seen.given[ask.exercise] = answer.tobytes()
    return seen


def _see(seen: Seen, number: int, found: Plain) -> None:
    """Note what came of a cell."""
    if not isinstance(found, list) or len(found) != 2:
        seen.failures[number] = _odd()
        return
    failure = _failure(found[0])
    if failure is not None:
        seen.failures[number] = failure
    if found[1] is not None:
        try:
            seen.printed[number] = clean(as_text(found[1]), MOST_PRINTED + 1)
        except BadFrame:
            seen.failures.setdefault(number, _odd())


def given_in(frame: bytes) -> Given:
    """Return what is in the frame that answers a question; BadFrame if that makes no sense."""
    found = unpack(frame)
    if not isinstance(found, list) or len(found) != 2:
        raise BadFrame("an answer of no known form")
    looks, outcomes = found
    if not isinstance(looks, list) or not isinstance(outcomes, list):
        raise BadFrame("an answer of no known form")
    return Given(tuple(_look(look) for look in looks), tuple(_outcome(one) for one in outcomes))


# ------------------------------------------------------------------ step by step


@dataclass
class Session:
    """One submission in a sandbox, step by step.

    `run` runs a cell and remembers it, so that after a death the cells before can be run again.
    """

    sandbox: Sandbox
    times: Times
    began: float = field(default_factory=time.monotonic)
    forged: bool = False
    """Whether anything in the submission has sent the judge an answer of its own making."""
    _done: list[tuple[Plain, ...]] = field(default_factory=list[tuple[Plain, ...]])
    _alive: bool = False
    _called: bool = False
    """Whether a function was called in this process: it may have left something that goes off later."""

    @property
    def out_of_time(self) -> bool:
        """Whether the submission has had all its time."""
        return time.monotonic() - self.began > self.times.submission

    def read(self, source: str) -> ReadCell | Died:
        """Read a cell without running it; do it before any is run."""
        before = _remembered(source)
        if before is not None:
            return before
        if self._done:
            raise RuntimeError(
                "cells are read before the first is run, by a process that no cell has changed"
            )
        found = self._ask(_as_request([source]), self.times.read)
        if isinstance(found, Died):
            return found
        made = _read_cell(source, found[0]) if isinstance(found, list) and found else None
        if made is None:
            return Died("it could not be read")
        _remember(source, made)
        return made

    def follow(self, plan: Plan) -> Seen:
        """Do a plan."""
        seen = Seen()
        for step in plan:
            if isinstance(step, Run):
                self.run(step.source, step.number, seen)
            elif isinstance(step, Ask):
                seen.given[step.exercise] = self.ask(step)
            else:
                self.give(step)
        return seen

    def run(self, source: str, number: int = 0, seen: Seen | None = None) -> Failure | Died | None:
        """Run a cell; a cell that ends the process is forgotten."""
        seen = seen or Seen()
        found = self._ask(("run", text_array(source)), self.times.cell)
        if isinstance(found, Died):
            seen.failures[number] = found
            return found
        self._done.append(("run", text_array(source)))
        if found is not None:
            _see(seen, number, found)
        return seen.failures.get(number)

    def give(self, step: Give) -> None:
        """Put the library's functions in the place of the submission's."""
        request = ("give", list[Plain](step.names))
        if not isinstance(self._ask(request, self.times.call), Died):
            self._done.append(request)

    def ask(self, question: Ask) -> Given:
        """Look whether the names are there, and ask for the value or make the calls."""
        looks = tuple(self.look(name) for name in question.names)
        if "missing" in looks or all(look == "waits" for look in looks):
            return Given(looks, ())
        answers = [_Answer(self, name) for name in question.names]
        if question.is_value:
            return Given(looks, (answers[0].value(),))
        if "callable" not in looks:
            return Given(looks, ())
        return Given(looks, tuple(answers[place].call(given) for place, given in question.calls))

    def look(self, name: str) -> str:
        """Say what stands behind a name: "missing", "waits", "callable" or "value"."""
        return _look(self._ask(("look", name), self.times.call))

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
        called, self._called = self._called, self._called or request[0] == "call"
        found = self._exchange(request, seconds)
        if not isinstance(found, Died):
            return found
        self.forged = self.forged or found.forged
        if again or not (found.forged or called):
            return found
        # Perhaps it is the doing of another that was called before: this one is asked again, without that.
        return self._ask(request, seconds, again=True)

    def _begin(self) -> None:
        """Make a new process, and run in it what was run so far."""
        self.sandbox.fresh()
        self._alive, self._called = True, False
        for place, request in enumerate(self._done):
            if isinstance(self._exchange(request, self.times.cell), Died):
                del self._done[place]  # it went well before, and is left out from now on
                if not self.out_of_time:
                    self._begin()
                return

    def _exchange(self, request: tuple[Plain, ...], seconds: float) -> Plain | Died:
        try:
            return exchange(self.sandbox, request, seconds)
        except TooSlow:
            self._end()
            return Died(f"it took longer than {seconds:g} seconds and was ended", slow=True)
        except Forged as error:
            self._end()
            return Died(str(error), forged=True)
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
class _Answer:
    """A name in a submission, called there with plain data."""

    session: Session
    name: str
    deaths: int = 0

    def call(self, arguments: tuple[Plain, ...]) -> Outcome:
        """Call the function in the sandbox; after it has ended the process twice it is not called again."""
        return self._asked(("call", self.name, arguments))

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
        return found


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


def line_of_failure(line: str) -> str:
    """Return a cell's line as a failure has it."""
    return _one_line(line.strip()[:MOST_LETTERS_OF_AN_ERROR])


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()), 401)


def _odd() -> Failure:
    return Failure("Stopped", "what came back is no answer", depth=1)


def _outcome(found: Plain) -> Outcome:
    if not isinstance(found, list) or len(found) != 4:
        return Outcome(failure=_odd())
    value, failure, changed, printed = found
    if failure is not None:
        return Outcome(failure=_failure(failure), changed=_paths(changed), printed=printed is True)
    return Outcome(value=value, changed=_paths(changed), printed=printed is True)


def _look(found: Plain | Died) -> str:
    return found if isinstance(found, str) and found in ("waits", "callable", "value") else "missing"


def _paths(found: Plain) -> tuple[Path, ...]:
    if not isinstance(found, list):
        return ()
    return tuple(
        tuple(step if type(step) is int else clean(str(step), 60) for step in path[:8])
        for path in found[:20]
        if isinstance(path, list) and path and type(path[0]) is int
    )
