"""A whole class: which notebooks are still to be graded, by whom, and what is made of the results."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass

from .grade import Record, Settings, Task, checks_version, grade_chunk, key_of, unjudged
from .notebook import Unreadable
from .outputs import Written, write_all
from .results import Store
from .submissions import Submission

CHUNK = 4
MOST_TRIES = 3

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
    keys_by_name = {submission.name: key for submission, key in keys.items()}
    kept = sum(key in store for key in keys.values())
    report(kept, len(submissions))
    unkept: dict[str, Record] = {}
    done = kept
    for records in _graded(tasks, executor):
        store.add(records)
        unkept |= {keys_by_name[record["file"]]: record for record in records if not record["key"]}
        done += len(records)
        report(min(done, len(submissions)), len(submissions))
    report(len(submissions), len(submissions))

    def record_of(submission: Submission) -> Record:
        """Return a submission's record; the same notebook may have been handed in under another name."""
        key = keys[submission]
        own = {"file": submission.name, "student": submission.student}
        return (store.get(key) if key in store else unkept[key]) | own

    written = write_all(store.folder, submissions, record_of, settings.seed)
    seconds = time.monotonic() - began
    return Summary(len(submissions), len(tasks), kept, seconds, written)


def processes(workers: int) -> Callable[[], Executor]:
    """Return what makes an executor of this many processes."""
    context = multiprocessing.get_context("spawn")
    return lambda: ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker)


def _begin_worker() -> None:
    """Let Ctrl-C be heard by the run alone, which ends its workers in order; end when the run was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_run, daemon=True).start()


def _end_with_the_run() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        os._exit(1)


def _graded(tasks: Sequence[Task], executor: Callable[[], Executor]) -> Iterator[list[Record]]:
    """Give the records as they come. Where a judge's process dies, its submissions are tried alone."""
    chunks = [tuple(tasks[start : start + CHUNK]) for start in range(0, len(tasks), CHUNK)]
    tries: dict[Task, int] = {}
    while chunks:
        left, chunks = chunks, list[tuple[Task, ...]]()
        with _closing(executor()) as pool:
            running: dict[Future[list[Record]], tuple[Task, ...]] = {}
            broken = False
            while running or (left and not broken):
                while left and len(running) < 16 and not broken:
                    chunk = left.pop()
                    try:
                        running[pool.submit(grade_chunk, chunk)] = chunk
                    except BrokenProcessPool:
                        left.append(chunk)
                        broken = True
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    chunk = running.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        broken = True
                        for task in chunk:
                            tries[task] = tries.get(task, 0) + 1
                            if tries[task] >= MOST_TRIES:
                                yield [unjudged(task, "It ended the judge's process and needs a human.")]
                            else:
                                chunks.append((task,))
        chunks += left


@contextmanager
def _closing(pool: Executor) -> Generator[Executor]:
    """Let a pool end; when the run is broken off, wait for nothing that has not begun."""
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
