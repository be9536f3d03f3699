"""A whole class: which notebooks are still to be graded, by whom, and what is made of the results."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import NamedTuple

from .graded import Graded, owner_of
from .grading import Settings, Task, checks_version, key_of
from .handed_in import Submission, Unreadable, owner_of_file
from .handed_in.owners import canvas_readings, folded, readings_of
from .outputs import Beside, Roster, Written, write_all
from .store import Store
from .workers import graded_by, students_together

OnEach = Callable[[int, int], object]
"""Told how many are done, and of how many."""


class Summary(NamedTuple):
    """What a run did."""

    submissions: int
    graded: int
    kept: int
    seconds: float
    written: Written


def grade_all(
    submissions: Sequence[Submission],
    store: Store,
    settings: Settings,
    executor: Callable[[], Executor],
    on_each: OnEach = lambda done, total: None,
    at_once: Callable[[], int] = lambda: 16,
    beside: Beside | None = None,
    stops: Callable[[], AbstractContextManager[Callable[[], int]]] = lambda: nullcontext(lambda: 0),
) -> Summary:
    """Grade what has no result yet, and write the gradebook of all of it.

    Parameters
    ----------
    submissions
        What was handed in.
    store
        Where results are kept, opened for this run.
    settings
        What the run is done with.
    executor
        Makes an executor of `concurrent.futures`; asked again if one breaks.
    on_each
        Is told of each notebook that is done.
    at_once
        How many chunks of notebooks the executor is given at once.
    beside
        What else the gradebook and the report are made of.
    stops
        Listens while notebooks are at work, and gives how often the run was told to stop.

    Raises
    ------
    KeyboardInterrupt
        If it was told to stop; what was graded is in the store.
    """
    began = time.monotonic()
    version = checks_version()
    total = len({one.name for one in submissions})  # what several handed in together is one notebook
    run = _Run(store, settings, version, lambda done: on_each(min(done, total), total))
    run.tell()
    with stops() as told:
        for pairs in graded_by(run.tasks(submissions, told), executor, at_once, told):
            run.keep(pairs)
        if run.stopped:
            raise KeyboardInterrupt
    on_each(total, total)
    beside = beside or Beside()
    ids = {submission: run.id_in(submission) for submission in submissions}
    students = {submission: whose(submission, id, beside.roster) for submission, id in ids.items()}
    with_place = frozenset(map(folded, students.values())) - {""}
    owned: dict[str, list[Submission]] = {}
    for submission in submissions:
        about = Graded(file=submission.name, student=students[submission], signed_in_as=ids[submission])
        owned.setdefault(owner_of(about, with_place), []).append(submission)
    made = f"Last graded on {store.last_changed:%Y-%m-%d at %H:%M}, with {_our_version()}, checks {version}."
    beside = replace(beside, with_place=with_place, made=made)

    def result_of(submission: Submission) -> Graded:
        return replace(run.result_of(submission), file=submission.name, student=students[submission])

    written = write_all(store.folder, owned, result_of, settings.seed, beside)
    return Summary(total, run.new(submissions), len(run.known), time.monotonic() - began, written)


@dataclass
class _Run:
    """What a run has read, and what became of it, as far as it is not in the store.

    Attributes
    ----------
    tell_done
        Is told how many notebooks are done.
    known
        The notebooks that had a result before, by name.
    done
        How many are done.
    stopped
        Whether it was told to stop before all were read.
    """

    store: Store
    settings: Settings
    version: str
    tell_done: Callable[[int], object]
    known: set[str] = field(default_factory=set[str])
    done: int = 0
    stopped: bool = False
    _keys: dict[Submission, str] = field(default_factory=dict[Submission, str])
    _unkept: dict[Submission, Graded] = field(default_factory=dict[Submission, Graded])
    _tasks: dict[str, Submission] = field(default_factory=dict[str, Submission])

    def tell(self, more: int = 0) -> None:
        self.done += more
        self.tell_done(self.done)

    def tasks(self, submissions: Sequence[Submission], told: Callable[[], int]) -> Iterator[Task]:
        """Read each notebook once, when its turn comes; what has no result yet is a task."""
        for submission in students_together(submissions):
            self.stopped = bool(told())
            if self.stopped:
                return
            task = Task(submission.name, submission.student, b"", "", self.version, self.settings)
            try:
                content = submission.read()
                key = sys.intern(key_of(content, self.version, self.settings))  # the store has the same
                self._keys[submission] = key
            except Unreadable as error:
                self._unkept[submission] = task.ungraded(str(error))
                self.done += 1
                continue
            if key in self._tasks:
                self.tell(submission.name != self._tasks[key].name)
            elif key in self.store:
                self.known.add(submission.name)
                self.tell(1)
            else:
                self._tasks[key] = submission
                yield replace(task, content=content, key=key)

    def keep(self, pairs: Sequence[tuple[Task, Graded]]) -> None:
        """Keep results; what has no key is not to be kept for another run."""
        self.store.add(graded for _, graded in pairs)
        self._unkept |= {self._tasks[task.key]: graded for task, graded in pairs if not graded.key}
        self.tell(len(pairs))

    def result_of(self, submission: Submission) -> Graded:
        """Return a submission's result; the same notebook may have been handed in under another name."""
        key = self._keys.get(submission, "")
        return self.store.get(key) if key in self.store else self._unkept[self._tasks.get(key, submission)]

    def id_in(self, submission: Submission) -> str:
        """Return with which id a notebook signs in; "" where that is not known."""
        key = self._keys.get(submission, "")
        return self.store.signed_in_as(key) if key in self.store else ""

    def new(self, submissions: Sequence[Submission]) -> int:
        """Return how many were looked at in this run, also in vain."""
        return len(self._tasks) + len({one.name for one in submissions if one not in self._keys})


def whose(submission: Submission, signed_in_as: str, roster: Roster | None) -> str:
    """Return whom a notebook's path names; the id in it or the roster may say that it reads otherwise."""
    if roster is not None and owner_of_file(submission.name, submission.student).doubt:
        own = [one.label for one in canvas_readings(submission.name) if roster.has_number_of(one)]
        if len(own) == 1:
            return own[0]
    readings = readings_of(submission.name)
    for reading in readings:
        if folded(reading) == folded(signed_in_as):
            return reading
    if readings and roster is not None:
        known = [one for one in (submission.student, *readings) if one and roster.knows(one)]
        longest = max(known, key=len, default="")
        if longest and all(map(longest.startswith, known)):  # "Ada Weeks", though there is an Ada, too
            return longest
    return submission.student


def _our_version() -> str:
    try:
        return f"lecture-grader {metadata.version('lecture-lib')}"
    except metadata.PackageNotFoundError:
        return "lecture-grader"
