"""A whole class: which notebooks are still to be graded, by whom, and what is made of the results."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from .grade import Record, Settings, Task, checks_version, key_of, unjudged
from .notebook import Unreadable
from .outputs import Written, write_all
from .results import Store
from .rosters import Roster
from .submissions import Submission
from .workers import graded

Report = Callable[[int, int], None]
"""Told how many are done, and of how many."""


@dataclass(frozen=True)
class Summary:
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
    report: Report = lambda done, total: None,
    at_once: Callable[[], int] = lambda: 16,
    roster: Roster | None = None,
    passed_over: Sequence[tuple[str, str]] = (),
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
    report
        Is told of each step.
    at_once
        How many chunks of notebooks the executor is given at once.
    roster
        The students as Canvas or Moodle lists them, for the file that it imports.
    passed_over
        What was handed in and is no submission: a name, and why.
    stops
        Listens while notebooks are at work, and gives how often the run was told to stop.

    Raises
    ------
    KeyboardInterrupt
        If it was told to stop; what was graded is in the store.
    """
    began = time.monotonic()
    version = checks_version()
    keys: dict[Submission, str] = {}
    tasks: list[Task] = []
    due: set[str] = set()
    for submission in submissions:
        try:
            key = key_of(submission.read(), version, settings)
        except Unreadable:
            key = ""
        key = key or f"unread {submission.name}"
        keys[submission] = key
        if key not in store and key not in due:
            due.add(key)
            tasks.append(Task(submission, settings, version))
    kept = sum(key in store for key in keys.values())
    report(kept, len(submissions))
    unkept: dict[str, Record] = {}
    done = kept
    with stops() as told:
        for pairs in graded(tasks, executor, at_once, told):
            store.add(record for _, record in pairs)
            for task, record in pairs:
                if record["key"]:
                    keys[task.submission] = record["key"]  # another one, if the file was changed meanwhile
                else:
                    unkept[keys[task.submission]] = record
            done += len(pairs)
            report(min(done, len(submissions)), len(submissions))
    report(len(submissions), len(submissions))

    def record_of(submission: Submission) -> Record:
        """Return a submission's record; the same notebook may have been handed in under another name."""
        key = keys[submission]
        if key not in store and key not in unkept:
            task = Task(submission, settings, version)
            return unjudged(task, "It was changed while the run was at work. Run it again.")
        own = {"file": submission.name, "student": submission.student}
        return (store.get(key) if key in store else unkept[key]) | own

    written = write_all(store.folder, submissions, record_of, settings.seed, roster, passed_over)
    seconds = time.monotonic() - began
    return Summary(len(submissions), len(tasks), kept, seconds, written)
