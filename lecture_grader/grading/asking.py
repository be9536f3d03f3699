"""A submission at work: its cells run in the sandbox, and its answers are called there.

There is one way to ask: steps in one request, and for each of them an answer. At first a whole notebook is
one request, and that is the end of it for nearly all. Where anything is out of order, it is done again with
a step to a request, and of a question a call: what kills the process then costs itself alone, for a new
process runs the cells again without the one at fault.
"""

from __future__ import annotations

import math
import os
import secrets
import time
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from lecture_lib.exercises.answer import Failure, Outcome
from lecture_lib.exercises.plain import Foreign, Plain

from ..frames import BadFrame, Gone, TooSlow, receive, send
from ..sandbox import Sandbox, SandboxBroken
from .plan import BEGIN, Ask, Define, Died, Given, Plan, ProcessChange, Read, Run, Seen
from .read_cells import ReadCell, read_cell, remember, remembered
from .replies import NO_ANSWER, given_in, note_answers
from .settings import Times

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
MOST_GIVEN = 1_000_000
"""Of what an answer gives to all calls together, so many bytes are kept; a right one gives 25,000 at most."""
LIVES, STOPS, ENDS = "lives", "stops", "ends the process"
"""What may come of a cell that is run to see which other one is at fault."""
_TOO_LARGE = Outcome(Foreign("a value that is too large to be looked at"))
_FORGED = "it sent an answer to a question that nobody had asked"
_AT_ONCE = 2.0
"""Seconds for a notebook that is done at once, which takes some hundredths; slower ones go step by step."""


class Forged(BadFrame):
    """What came is an answer to another question."""


def exchange(sandbox: Sandbox, requests: Sequence[Plain], seconds: float) -> Sequence[Plain]:
    """Ask the submission's process; TooSlow, Gone or BadFrame if no answers come, Forged if other ones."""
    deadline = time.monotonic() + seconds
    number = secrets.token_hex(8)
    send(sandbox.channel, (number, list(requests)), deadline)
    found = receive(sandbox.channel, deadline)
    if not isinstance(found, list) or len(found) != 2 or found[0] != number:
        raise Forged(_FORGED)
    answers = found[1]
    if not isinstance(answers, list) or len(answers) != len(requests):
        raise BadFrame("a value that is too large to be looked at")
    return answers


# ------------------------------------------------------------------ all at once


@dataclass
class AtOnce:
    """Reads the cells of a student's notebooks, and does whole plans, each with one request.

    Notebooks that are tame share a process, one after the other; any other has one of its own.
    """

    sandbox: Sandbox
    times: Times
    read: dict[str, ReadCell] = field(default_factory=dict[str, ReadCell])
    _alive: bool = False
    _used: bool = False

    def read_all(self, sources: Iterable[str]) -> None:
        """Read cells, as far as that goes; what was read is in `read`."""
        unknown: list[str] = []
        for source in dict.fromkeys(sources):
            before = remembered(source)
            if before is None:
                unknown.append(source)
            else:
                self.read[source] = before
        if not unknown or sum(map(len, unknown)) > 1_000_000:
            return
        self._begin(tame=True)
        try:
            found = exchange(self.sandbox, [Read(source).request for source in unknown], self.times.read)
        except (TooSlow, BadFrame, Gone):
            self.close()
            return
        for source, one in zip(unknown, found, strict=True):
            made = read_cell(source, one)
            if made is not None:
                self.read[source] = made
                remember(source, made)

    def follow(self, plan: Plan, tame: bool, in_new_process: bool = False) -> Seen | None:
        """Do a plan; None if anything was out of order, and all of it must be done step by step."""
        self._begin(tame, in_new_process)
        self._used = True
        seen = Seen()
        try:
            requests = [BEGIN, *(step.request for step in plan)]
            answers = exchange(self.sandbox, requests, min(_AT_ONCE, self.times.call))
            note_answers(seen, plan, answers[1:])
        except (TooSlow, BadFrame, Gone):
            self.close()
            return None
        self._alive = tame  # another is left behind: it ends when the next one is made
        return seen

    def _begin(self, tame: bool, in_new_process: bool = False) -> None:
        if not self._alive or (self._used and (in_new_process or not tame)):
            self._alive = False  # it stays so where no other one can be made
            self.sandbox.new_process()
            self._alive, self._used = True, False

    def close(self) -> None:
        """End the process."""
        self._alive = False
        self.sandbox.leave()


# ------------------------------------------------------------------ step by step


@dataclass
class StepByStep:
    """One submission in a sandbox, with a step to a request.

    What was run is remembered, so that after a death it can be run again.
    """

    sandbox: Sandbox
    times: Times
    until: float
    """When the submission has had all its time, as `time.monotonic` counts."""
    forged: bool = False
    """Whether anything in the submission has sent the judge an answer of its own making."""
    slow: set[str] = field(default_factory=set[str])
    """The exercises whose share of the time was over before all was asked."""
    _share_ends: float = math.inf
    """When the exercise that is asked has had its share of the time."""
    _room: int = MOST_GIVEN
    """How much of what the answer that is asked still gives is kept."""
    _done: list[ProcessChange] = field(default_factory=list[ProcessChange])
    _cleared: set[int] = field(default_factory=set[int])
    """Of cells that could change what others find, those that are known to make none slow."""
    _alive: bool = False
    _called: bool = False
    """Whether a function was called in this process: it may have left something that goes off later."""

    @property
    def out_of_time(self) -> bool:
        """Whether the submission has had all its time."""
        return time.monotonic() > self.until

    def read(self, source: str) -> ReadCell | Died:
        """Read a cell without running it; do it before any is run."""
        before = remembered(source)
        if before is not None:
            return before
        if self._done:
            raise RuntimeError(
                "cells are read before the first is run, by a process that no cell has changed"
            )
        found = self._ask(Read(source), self.times.read)
        if isinstance(found, Died):
            return found
        made = read_cell(source, found)
        if made is None:
            return Died("it could not be read")
        remember(source, made)
        return made

    def follow(self, plan: Plan, wild: Container[int] = (), in_shares: bool = False) -> Seen:
        """Do a plan; `wild` has the numbers of cells that could change what others find.

        With `in_shares`, a slow answer leaves some of the time to those below it.
        """
        seen = Seen()
        waiting = sum(isinstance(step, Ask) for step in plan)
        for step in plan:
            if isinstance(step, Ask):
                if in_shares and waiting > 1:
                    self._share_ends = self._end_of_share(waiting)
                seen.given[step.key] = self.ask(step)
                self._share_ends = math.inf
                waiting -= 1
            else:
                self.do(step, seen, wild)
        return seen

    def _end_of_share(self, waiting: int) -> float:
        """Return when a question has had its time, of so many that wait.

        Half of what is left is shared evenly. The other half is for the first, as most answers take no time.
        """
        now = time.monotonic()
        return now + (self.until - now) * (1 + 1 / waiting) / 2

    def run(self, source: str) -> Failure | Died | None:
        """Run a cell; a cell that ends the process is forgotten."""
        seen = Seen()
        self.do(Run(0, source), seen)
        return seen.failures.get(0)

    def do(self, step: ProcessChange, seen: Seen, wild: Container[int] = ()) -> None:
        """Run a cell, or put the library's functions in the place of the submission's."""
        found = self._ask(step, self.times.cell)
        while isinstance(found, Died):
            culprit = self._culprit(step, wild, found.slow)
            if culprit is None:
                break
            self._done.remove(culprit)
            seen.failures[culprit.number] = Died("what it leaves behind ends the cells after it")
            found = self._ask(step, self.times.cell)
        if isinstance(found, Died) and isinstance(step, Run):
            seen.failures[step.number] = found
            step = Define(step.number, step.source)
            found = self._ask(step, self.times.cell)
            seen.defined |= set() if isinstance(found, Died) else {step.number}
        if not isinstance(found, Died):
            self._done.append(step)
            note_answers(seen, (step,), (found,))

    def _culprit(self, step: ProcessChange, wild: Container[int], slow: bool) -> Run | None:
        """Return the wild cell before it that makes a step end the process; None if it does so itself.

        Cells beside which one step was slow by itself are not suspected again for being slow: each cell that
        takes its time would cost that time once more.
        """
        suspects = [one for one in self._done if isinstance(one, Run) and one.number in wild]
        if not suspects or (slow and self._cleared.issuperset(one.number for one in suspects)):
            return None
        if self._what_comes_of(step, suspects) == ENDS:
            if slow:
                self._cleared.update(one.number for one in suspects)
            return None
        innocent, guilty = 0, len(suspects)  # with so many of them, in order, it goes on, and ends
        while guilty - innocent > 1:
            middle = (innocent + guilty) // 2
            if self._what_comes_of(step, suspects[middle:]) == ENDS:
                guilty = middle
            else:
                innocent = middle
        found = suspects[guilty - 1]
        # A step that stops without it needs it, and may never have come to where it ends the process itself.
        return None if self._what_comes_of(step, [found]) == STOPS else found

    def _what_comes_of(self, step: ProcessChange, without: list[Run]) -> str:
        """Do a step in a process in which there was run what was run so far, without some of it."""
        self.sandbox.new_process()
        self._alive = True
        seen = Seen()
        for one in (*(one for one in self._done if one not in without), step):
            seconds = min(self.times.call, self.times.cell) if one is step else self.times.cell
            answer = self._exchange(one, seconds)
            if isinstance(answer, Died):
                return ENDS
            if one is step:
                note_answers(seen, (step,), (answer,))
        self._end()
        return STOPS if seen.failures else LIVES

    def ask(self, question: Ask) -> Given:
        """Look whether the names are there, and ask for the value or make the calls, one by one."""
        given = self._given(replace(question, calls=()))
        if isinstance(given, Died):
            return Given(tuple("missing" for _ in question.names), ())
        if question.is_value or "missing" in given.looks or "callable" not in given.looks:
            return given
        deaths = dict.fromkeys(question.names, 0)
        self._room = MOST_GIVEN
        return Given(given.looks, tuple(self._call(question, call, deaths) for call in question.calls))

    def _call(self, question: Ask, call: tuple[int, tuple[Plain, ...]], deaths: dict[str, int]) -> Outcome:
        """Call a function in the sandbox; after it has ended the process twice it is not called again."""
        name = question.names[call[0]]
        if deaths[name] >= MOST_DEATHS_IN_AN_EXERCISE:
            return _stopped(f"{name} was not called again: it had been stopped {deaths[name]} times")
        given = self._given(replace(question, calls=(call,)))
        if isinstance(given, Died) and time.monotonic() > self._share_ends:
            self.slow.add(question.exercise)
            return _stopped(f"{name}: its exercise's share of the time was over", slow=True)
        if isinstance(given, Died):
            deaths[name] += 1
            return _stopped(f"{name}: {given.words}", given.slow)
        return given.outcomes[0] if len(given.outcomes) == 1 else NO_ANSWER

    def _given(self, question: Ask) -> Given | Died:
        found = self._ask(question, self.times.call)
        if isinstance(found, Died):
            return found
        seen = Seen()
        try:
            note_answers(seen, (question,), (found,))
            frame = cast("bytes", seen.given[question.key])
            if question.calls and len(frame) > self._room:
                return Given((), (_TOO_LARGE,))
            self._room -= len(frame)
            return given_in(frame)
        except BadFrame as error:
            self._end()
            return Died(f"what it gave is not plain data but {error}")

    def _ask(self, step: Read | Ask | ProcessChange, seconds: float, again: bool = False) -> Plain | Died:
        """Send a step and receive its answer, in a new process if there is none."""
        if self.out_of_time or (isinstance(step, Ask) and time.monotonic() > self._share_ends):
            return self._over()
        if not self._alive:
            self._begin()
        if not self._alive:
            return Died("the cells before it could not be run again in time", slow=True)
        called, self._called = self._called, self._called or (isinstance(step, Ask) and bool(step.calls))
        found = self._exchange(step, seconds)
        if not isinstance(found, Died):
            return found
        self.forged = self.forged or found.forged
        if again or not (found.forged or called):
            return found
        # Perhaps it is the doing of another that was called before: this one is asked again, without that.
        return self._ask(step, seconds, again=True)

    def _begin(self) -> None:
        """Make a new process, and run in it what was run so far; what ends it now is left out."""
        while not self._alive and not self.out_of_time:
            self.sandbox.new_process()
            self._alive, self._called = True, False
            for step in self._done:
                if isinstance(self._exchange(step, self.times.cell), Died):
                    self._done.remove(step)
                    break

    def _exchange(self, step: Read | Ask | ProcessChange, seconds: float) -> Plain | Died:
        until = min(self.until, self._share_ends) if isinstance(step, Ask) else self.until
        left = until - time.monotonic()
        patience = seconds * _share_of_the_machine()
        try:
            return exchange(self.sandbox, [step.request], min(patience, left))[0]
        except TooSlow:
            self._end()
            if left < patience:
                return self._over()
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

    def _over(self) -> Died:
        return Died(f"the submission's {self.times.submission:g} seconds are over", slow=True)

    def _end(self, ending: bool = False) -> int:
        self._alive = False
        try:
            return self.sandbox.end(ending)
        except SandboxBroken:
            return -1

    def close(self) -> None:
        """End the submission's process."""
        self._end()


def _share_of_the_machine() -> float:
    """How many times as long things may take here: more than 1 where each processor has over two at work.

    A student loses no point because others' work was graded, or anything else done, at the same time.
    """
    return max(1.0, os.getloadavg()[0] / (2 * (os.cpu_count() or 1)))


def _death_words(status: int) -> str:
    if status == -1:
        return "it cut the line to the judge"
    signal = status & 0x7F
    if signal:
        return f"its process was ended by {_SIGNALS.get(signal, f'signal {signal}')}"
    return f"it ended its own process (exit code {status >> 8})"


def _stopped(words: str, slow: bool = False) -> Outcome:
    return Outcome(failure=Failure("TimeLimit" if slow else "Stopped", words, depth=1))
