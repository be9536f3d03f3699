"""A chunk of tasks -> what became of each, on whatever executor: each thread keeps a sandbox that is warm."""

import atexit
import contextlib
import itertools
import multiprocessing.util
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from ..graded import Graded
from ..handed_in import Notebook, Unreadable, read_notebook
from ..sandbox import NoSandbox, Sandbox, SandboxBroken
from .asking import AtOnce
from .one_notebook import grade_one_of_them, sources_of
from .settings import Settings


@dataclass(frozen=True)
class Task:
    """A notebook to be graded.

    Attributes
    ----------
    file, student
        Where it lay in what was handed in, and who handed it in, "" if that does not say.
    content
        Its bytes.
    key
        The key that its result is kept by.
    version
        Of the checks, by which the key was made.
    """

    file: str
    student: str
    content: bytes
    key: str
    version: str
    settings: Settings

    def ungraded(self, trouble: str) -> Graded:
        """Return the result of a notebook that could not be graded, which is tried again in the next run."""
        return Graded("", self.file, self.student, trouble=trouble, unsafe=self.settings.unsafe)


_one_at_a_time = threading.Lock()  # what the judge makes quiet, the whole process has in common
_sandboxes: dict[threading.Thread, tuple[Settings, Sandbox]] = {}  # a sandbox ends with its thread


def _sandbox_of(settings: Settings) -> Sandbox:
    """Return this thread's sandbox, which stays warm from one submission to the next."""
    mine = threading.current_thread()
    for thread, (known, sandbox) in list(_sandboxes.items()):
        if not thread.is_alive() or (thread is mine and known != settings):
            del _sandboxes[thread]
            sandbox.close()
    if mine not in _sandboxes:
        _sandboxes[mine] = (settings, Sandbox(settings.limits, settings.unsafe))
    return _sandboxes[mine][1]


def _close_sandboxes() -> None:
    while _sandboxes:
        _sandboxes.popitem()[1][1].close()


atexit.register(_close_sandboxes)
multiprocessing.util.Finalize(None, _close_sandboxes, exitpriority=10)  # a pool's process runs no atexit


def grade_chunk(tasks: Sequence[Task]) -> list[Graded]:
    """Tasks -> what became of each, in order; it can be sent to any `concurrent.futures` executor.

    A process grades one chunk at a time: more of them at once takes more processes, not more threads.

    Raises
    ------
    NoSandbox
        If no sandbox can be made on the machine where it runs.
    """
    with _one_at_a_time:
        together = itertools.groupby(enumerate(tasks), _whose)
        return [
            graded for _, group in together for graded in _grade_one_students([task for _, task in group])
        ]


def _whose(numbered: tuple[int, Task]) -> tuple[str | int, Settings]:
    """Return the same for a student's notebooks that stand in a row; who has no name is alone."""
    number, task = numbered
    return task.student or number, task.settings


def _grade_one_students(tasks: Sequence[Task]) -> Iterator[Graded]:
    settings = tasks[0].settings
    notebooks = [_notebook(task) for task in tasks]
    sandbox = _sandbox_of(settings)
    with closing(AtOnce(sandbox, settings.times)) as at_once:
        with contextlib.suppress(SandboxBroken):
            at_once.read_all(sources_of(one for one in notebooks if isinstance(one, Notebook)))
        for task, notebook in zip(tasks, notebooks, strict=True):
            began = time.perf_counter()
            graded = replace(_graded(task, notebook, at_once), file=task.file, student=task.student)
            yield replace(graded, unsafe=settings.unsafe, seconds=round(time.perf_counter() - began, 4))


def _notebook(task: Task) -> Notebook | Exception:
    try:
        return read_notebook(task.content)
    except Exception as error:
        return error


def _graded(task: Task, notebook: Notebook | Exception, at_once: AtOnce) -> Graded:
    """Grade a notebook; what goes wrong with it costs no other."""
    try:
        if isinstance(notebook, Exception):
            raise notebook
        return replace(grade_one_of_them(notebook, at_once, task.settings), key=task.key)
    except Unreadable as error:
        return Graded(task.key, trouble=str(error))
    except NoSandbox:
        raise
    except SandboxBroken as error:
        return task.ungraded(f"The sandbox broke while it was graded: {error}. Run it again.")
    except Exception as error:  # a judge's own mistake must not cost the class its grades
        words = f"It could not be judged and needs a human: {type(error).__name__}: {error}"
        return Graded(task.key, trouble=words[:500])
