"""Hands out what is to be graded to workers, and takes back what they found, whatever becomes of them."""

import gc
import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, Protocol, TypeVar

from .graded import Graded
from .grading import Task, grade_chunk

FULL, MOST = 4, 16
"""How many notebooks make a chunk full, and how many of one student are not parted."""
MOST_TRIES = 2
LONGEST_WAIT = 10
"""Seconds for the notebooks at work when the run is told to stop; then they end, and are graded next time."""
STOPPING = "Stopping; waiting for the notebooks at work. Ctrl-C again ends them."
_LOOK = 0.2
"""Seconds after which it is looked whether to stop."""

Chunk = tuple[Task, ...]


class WorkerDied(RuntimeError):
    """A chunk ended every worker that it was given to; the executor itself goes on."""


class NoWorkers(RuntimeError):
    """No worker lives long enough to be given anything, so that none of their ends is a notebook's fault."""


class _OfAStudent(Protocol):
    @property
    def student(self) -> str: ...


_Handed = TypeVar("_Handed", bound=_OfAStudent)
_Found = TypeVar("_Found")


def students_together(handed: Iterable[_Handed]) -> Iterator[_Handed]:
    """Give each student's one after the other; who has no name is alone."""
    by_student: dict[str | int, list[_Handed]] = {}
    for number, one in enumerate(handed):
        by_student.setdefault(one.student or number, []).append(one)
    return itertools.chain.from_iterable(by_student.values())


def chunks_of(tasks: Iterable[Task]) -> Iterator[Chunk]:
    """Tasks -> chunks; a student's notebooks that stand together stay so. No task is asked for too early."""
    chunk: Chunk = ()
    for _, own in itertools.groupby(enumerate(tasks), lambda numbered: numbered[1].student or numbered[0]):
        while piece := tuple(task for _, task in itertools.islice(own, MOST)):
            chunk += piece
            if len(chunk) >= FULL:
                yield chunk
                chunk = ()
    if chunk:
        yield chunk


def processes(workers: int) -> Callable[[], Executor]:
    """Return what makes an executor of this many processes."""
    context = multiprocessing.get_context("spawn")
    _start_the_tracker()
    return lambda: _Processes(workers, mp_context=context, initializer=_begin_worker)


def _start_the_tracker() -> None:
    """Start Python's process that clears away after the workers, mute: of a killed run it tells a warning."""
    said, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        resource_tracker.ensure_running()
    finally:
        os.dup2(said, 2)
        os.close(said)
        os.close(nowhere)


class _Processes(ProcessPoolExecutor):
    """Its workers hear no Ctrl-C from their birth on: the run alone does, and ends them in order."""

    def submit(self, fn: Callable[..., _Found], /, *args: Any, **kwargs: Any) -> Future[_Found]:
        """Hand out a chunk; a worker that is made for it begins as this thread is now, deaf to Ctrl-C."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker() -> None:
    """End when the run was killed."""
    gc.freeze()  # what is loaded stays: it need not be gone through each time that garbage is looked for
    threading.Thread(target=_end_with_the_run, daemon=True).start()


def _end_with_the_run() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        os._exit(1)


@contextmanager
def told_to_stop() -> Generator[Callable[[], int]]:
    """Count Ctrl-C instead of breaking off wherever the run is; give how often it was pressed.

    The first is answered here, by the system's own write: a signal may come in the midst of any other. The
    third is Python's again.
    """
    pressed: list[int] = []

    def on_signal(number: int, _: object) -> None:
        pressed.append(number)
        if len(pressed) == 1:
            os.write(2, f"\n{STOPPING}\n".encode())
        else:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield lambda: len(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def graded_by(
    tasks: Iterable[Task],
    executor: Callable[[], Executor],
    at_once: Callable[[], int],
    stops: Callable[[], int] = lambda: 0,
) -> Iterator[list[tuple[Task, Graded]]]:
    """Give each task with its result, chunk by chunk, as they come.

    Where a worker dies, whatever had been handed out is suspected, and is tried again with nothing beside it:
    first by chunk, then by notebook, so that a submission is given up for its own fault only.

    Once told to stop, give what the chunks at work bring, and nothing else is begun; told twice, or if that
    takes long, end them.

    Raises
    ------
    KeyboardInterrupt
        If it was told to stop.
    NoWorkers
        If not even a worker that is given nothing lives to its end.
    """
    waiting, more = chunks_of(tasks), True
    any_lived = False
    suspects: deque[Chunk] = deque()
    tries: dict[Task, int] = {}
    while more or suspects:
        with _pool(executor) as (pool, running):
            if suspects and not any_lived:
                _give_nothing_to(pool)
                any_lived = True
            alone = broken = False
            while running or (not broken and (more or suspects)):
                if stops():
                    yield from _last_of(running, stops)
                    raise KeyboardInterrupt
                room = 1 if suspects or alone else at_once()
                while not broken and len(running) < room:
                    alone = bool(suspects)
                    chunk = suspects.popleft() if suspects else next(waiting, None)
                    if chunk is None:
                        more = False
                        break
                    try:
                        running[pool.submit(grade_chunk, chunk)] = chunk
                    except BrokenExecutor:
                        suspects.appendleft(chunk)
                        broken = True
                for future in wait(running, _LOOK, FIRST_COMPLETED).done:
                    chunk = running.pop(future)
                    try:
                        yield list(zip(chunk, future.result(), strict=True))
                        any_lived = True
                        continue
                    except BrokenExecutor:
                        broken = True
                    except WorkerDied:
                        pass
                    if not alone:
                        suspects.append(chunk)
                        continue
                    for task in chunk:
                        tries[task] = tries.get(task, 0) + (len(chunk) == 1)
                        if tries[task] < MOST_TRIES:
                            suspects.append((task,))
                        else:
                            yield [(task, task.ungraded("It ended the judge's process and needs a human."))]


def _give_nothing_to(pool: Executor) -> None:
    try:
        pool.submit(grade_chunk, ()).result()
    except (BrokenExecutor, WorkerDied) as error:
        raise NoWorkers(
            "Every worker ends as soon as it begins, without a notebook. Is there memory left? Is this called"
            " from a script without `if __name__ == '__main__':`, or from a program that was typed in?"
        ) from error


def _last_of(
    running: dict[Future[list[Graded]], Chunk], stops: Callable[[], int]
) -> Iterator[list[tuple[Task, Graded]]]:
    """Take back what has not begun, and give what is at work as it comes, until told again or it is long.

    What is then still at work is killed; whoever has the pool shuts it down, and waits for it: a pool told
    not to wait forgets its own thread, which Python at its exit may find half closed.
    """
    left = {future for future in running if not future.cancel()}
    until = time.monotonic() + LONGEST_WAIT
    while left and stops() < 2 and time.monotonic() < until:
        done, left = wait(left, _LOOK, FIRST_COMPLETED)
        for future in done:
            if future.exception() is None:  # any other is tried again when the run goes on
                yield list(zip(running[future], future.result(), strict=True))
    if left:
        for process in multiprocessing.active_children():
            process.kill()  # their sandboxes end with them


@contextmanager
def _pool(executor: Callable[[], Executor]) -> Generator[tuple[Executor, dict[Future[list[Graded]], Chunk]]]:
    """Give a pool, and what is running in it; in the end take back what has not begun."""
    running: dict[Future[list[Graded]], Chunk] = {}
    pool = executor()
    try:
        yield pool, running
    finally:
        queue = getattr(pool, "_call_queue", None)
        pool.shutdown(wait=True, cancel_futures=True)
        if queue is not None:
            # Its thread writes on, and waits for ever where the workers were killed and nobody reads: where
            # the pool's own end has failed, Python has left this end open.
            queue._reader.close()
