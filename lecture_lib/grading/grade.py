"""One submission -> its record: what each exercise earned, why, and what an instructor should know."""

from __future__ import annotations

import atexit
import functools
import hashlib
import multiprocessing.util
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from lecture_lib.exercises import EXERCISES, Case, Exercise, Failure, Judgement
from lecture_lib.exercises.judge import failure_words, judge_cases, not_attempted, not_judged
from lecture_lib.exercises.oracles import generator
from lecture_lib.exercises.plain import changes, plain
from lecture_lib.exercises.student import NOBODY, clean_id

from .notebook import Cell, Notebook, Unreadable, read_notebook
from .sandbox import LIBRARY, Limits, NoSandbox, Sandbox, SandboxBroken
from .session import Died, ReadCell, SandboxedAnswer, Session, Times
from .submissions import Submission

Record = dict[str, Any]
"""What is written down of a submission: one line of JSON."""


@dataclass(frozen=True)
class Settings:
    """What a run is done with.

    Attributes
    ----------
    seed
        What the unseen inputs are made from: the same seed, the same inputs for every student.
    unsafe
        Whether to do without a sandbox.
    """

    seed: str
    unsafe: bool = False
    times: Times = field(default_factory=Times)
    limits: Limits = field(default_factory=Limits)


# ------------------------------------------------------------------ keys


def checks_version() -> str:
    """Return what changes whenever anything changes by which a submission is graded."""
    summed = hashlib.sha256(f"numpy {np.__version__}\n".encode())
    for package in ("autodiff", "learning", "exercises", "grading"):
        for path in sorted((LIBRARY / package).rglob("*.py")):
            summed.update(f"{path.relative_to(LIBRARY).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return summed.hexdigest()[:16]


def key_of(content: bytes, version: str, settings: Settings) -> str:
    """Return the key under which a notebook's result is kept: the same key, the same result."""
    rest = f"{version}\n{settings.seed}\n{settings.unsafe}\n{settings.times}\n{settings.limits}"
    return hashlib.sha256(hashlib.sha256(content).digest() + rest.encode()).hexdigest()[:32]


# ------------------------------------------------------------------ which cell is whose


@dataclass(frozen=True)
class Found:
    """An exercise in a notebook: the cell after which it is judged, None if there is none; and notes."""

    exercise: Exercise
    number: int | None
    notes: tuple[str, ...] = ()


def find_exercises(cells: Sequence[Cell], read: dict[int, ReadCell]) -> list[Found]:
    """Find the exercises of a notebook's lessons: by the cells' marks, then by the functions' names.

    `read` has what is known of each code cell, by its number. Where a lesson is met at all, those of its
    exercises that are not there are given too, without a cell.
    """
    marked: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.exercise in EXERCISES:
            marked.setdefault(cell.exercise, []).append(cell)
    by_name = {
        exercise.id: [number for number, cell in read.items() if set(exercise.functions) & set(cell.defines)]
        for exercise in EXERCISES.values()
    }
    lessons = {EXERCISES[id].lesson for id in marked}
    if not lessons:  # all marks were lost: only what was written as a notebook's exercise counts
        lessons = {EXERCISES[id].lesson for id, numbers in by_name.items() if numbers}
    return [
        _find(exercise, marked.get(exercise.id, []), by_name[exercise.id], read)
        for exercise in EXERCISES.values()
        if exercise.lesson in lessons
    ]


def _find(exercise: Exercise, marked: list[Cell], by_name: list[int], read: dict[int, ReadCell]) -> Found:
    names = " and ".join(exercise.functions)
    notes: list[str] = []
    code = [cell for cell in marked if cell.kind == "code"]
    if len(marked) > len(code):
        kind = next(cell.kind for cell in marked if cell.kind != "code")
        notes.append(f"its cell was turned into {kind}")
    if len(code) > 1:
        notes.append(f"its cell is there {len(code)} times; the last that defines {names} counts")
    own = [cell.number for cell in code if cell.number in by_name]
    if own:
        last = own[-1]
        needed = {name for name in exercise.functions if name not in read[last].defines}
        if needed and by_name[-1] > last:
            notes.append("its answer stands in several cells")
            last = by_name[-1]
        return Found(exercise, last, tuple(notes))
    if by_name:
        where = f"found by the name {names} in cell {by_name[-1]}"
        notes.append(
            f"its own cell does not define {names}; {where}" if code else f"its mark is gone; {where}"
        )
        return Found(exercise, by_name[-1], tuple(notes))
    if code:
        defined = ", ".join(read[code[-1].number].defines[:3]) if code[-1].number in read else ""
        notes.append(f"its cell does not define {names}{f' but {defined}' if defined else ''}")
        return Found(exercise, code[-1].number, tuple(notes))
    return Found(exercise, None, (*notes, "it is not in the notebook"))


# ------------------------------------------------------------------ one notebook


def grade_notebook(notebook: Notebook, sandbox: Sandbox, settings: Settings) -> Record:
    """A notebook -> what it earned, exercise by exercise."""
    session = Session(sandbox, settings.times)
    try:
        return _Grading(notebook, session, settings).record()
    finally:
        session.close()


@dataclass
class _Grading:
    notebook: Notebook
    session: Session
    settings: Settings
    notes: list[str] = field(default_factory=list[str])
    human: list[str] = field(default_factory=list[str])
    """Why a human should look at it, though it was graded."""
    failures: dict[int, Failure | Died] = field(default_factory=dict[int, "Failure | Died"])

    def record(self) -> Record:
        read = dict(self._read())
        found = find_exercises(self.notebook.cells, read)
        student = self._student(read)
        last = max((one.number for one in found if one.number is not None), default=0)
        judged: dict[str, Judgement] = {}
        for cell in self.notebook.cells[:last]:
            if cell.number not in read:
                continue
            self._run(cell.number, read[cell.number])
            for one in found:
                if one.number == cell.number:
                    judged[one.exercise.id] = self._judge(one, student)
        for one in found:
            if one.exercise.id not in judged:
                judged[one.exercise.id] = not_attempted(one.exercise)
        self._second_chances(read, found, judged, student)
        unknown = {cell.exercise for cell in self.notebook.cells} - {""} - set(EXERCISES)
        for mark in sorted(unknown):
            self.notes.append(f'A cell is marked as exercise "{mark}", which does not exist.')
        if not found:
            self.human.append("There is no exercise in this notebook.")
        if self.session.forged:
            self.human.append(
                "Its code sent the judge an answer that nobody had asked for; it was not believed."
            )
        if self.session.out_of_time:
            self.human.append(
                f"It took longer than {self.settings.times.submission:g} seconds in all;"
                " what came after was not run."
            )
        return {
            "signed_in_as": student,
            "exercises": {one.exercise.id: _exercise_record(one, judged[one.exercise.id]) for one in found},
            "notes": [*self.notebook.notes, *self.notes, *self.human],
            "human": self.human,
        }

    def _read(self) -> Iterator[tuple[int, ReadCell]]:
        for cell in self.notebook.cells:
            if cell.kind != "code" or not cell.source.strip():
                continue
            found = self.session.read(cell.source)
            if isinstance(found, Died):
                self.notes.append(f"Cell {cell.number} was left out, for it cannot be read: {found.words}.")
                continue
            self.notes += [f"Cell {cell.number}: {note}." for note in found.notes]
            yield cell.number, found

    def _student(self, read: dict[int, ReadCell]) -> str:
        given = [cell.student for cell in read.values() if cell.student is not None]
        ids: list[str] = []
        for id in given:
            try:
                ids.append(clean_id(id))
            except ValueError:
                self.human.append(f"The notebook signs in with an id that is none: {id[:60]!r}.")
        if len(set(ids)) > 1:
            self.human.append(f"The notebook signs in with several ids: {', '.join(sorted(set(ids)))[:200]}.")
        return ids[-1] if ids else NOBODY

    def _run(self, number: int, cell: ReadCell) -> None:
        failed = self.session.run(cell.source, f"cell {number}")
        if failed is None:
            return
        self.failures[number] = failed
        if isinstance(failed, Died):
            self.notes.append(f"Cell {number} was left out: {failed.words}.")
        elif failed.kind != "NotImplementedError":
            self.notes.append(f"Cell {number} stopped: {failure_words(failed)}")

    def _second_chances(
        self,
        read: dict[int, ReadCell],
        found: list[Found],
        judged: dict[str, Judgement],
        student: str,
    ) -> None:
        """Judge once more what may have failed through the fault of another exercise's cell."""
        wrong = [one for one in found if judged[one.exercise.id].state in ("error", "not yet")]
        for one in wrong:
            others = {other.number for other in wrong if other.number != one.number}
            if one.number is None or not any(number and number < one.number for number in others):
                continue
            self.session.close()
            session = Session(self.session.sandbox, self.settings.times, self.session.began)
            again = _Grading(self.notebook, session, self.settings)
            for number, cell in read.items():
                if number <= one.number and number not in others and not self._died(number):
                    again._run(number, cell)
            better = again._judge(one, student)
            session.close()
            if better.points > judged[one.exercise.id].points:
                judged[one.exercise.id] = better
                self.notes.append(
                    f"{one.exercise.id} was judged without the cells of other exercises, which spoilt it."
                )

    def _died(self, number: int) -> bool:
        return isinstance(self.failures.get(number), Died)

    def _judge(self, found: Found, student: str) -> Judgement:
        exercise = found.exercise
        looks = [self.session.look(name) for name in exercise.functions]
        failed = self.failures.get(found.number or 0)
        if "missing" in looks:
            name = exercise.functions[looks.index("missing")]
            if isinstance(failed, Died):
                return not_judged(exercise, f"The cell was left out: {failed.words}.")
            if failed is not None:
                return replace(
                    not_judged(exercise, "The cell itself stops, so nothing is defined."), failure=failed
                )
            return not_judged(exercise, f"The cell was run, but {name} is not defined after it.")
        if all(look == "waits" for look in looks):
            return not_attempted(exercise)
        if not exercise.is_value and "callable" not in looks:
            return not_judged(exercise, f"{exercise.functions[0]} is not a function.")
        answers = [SandboxedAnswer(self.session, name) for name in exercise.functions]
        return judge_cases(exercise, answers, _cases(exercise.id, self.settings.seed, student), student)


def _cases(id: str, seed: str, student: str) -> tuple[Case, ...]:
    """Return the unseen inputs of an exercise with what is expected of them."""
    return _drawn(id, seed, student if _is_personal(id, seed) else NOBODY)


@functools.lru_cache(maxsize=256)
def _drawn(id: str, seed: str, student: str) -> tuple[Case, ...]:
    return tuple(EXERCISES[id].cases(generator(f"grade {seed} {id}"), student))


@functools.lru_cache(maxsize=256)
def _is_personal(id: str, seed: str) -> bool:
    """Whether an exercise's cases differ from student to student; where not, they are made but once."""
    one, two = (
        [plain([dict(case.arguments), dict(case.expected)]) for case in _drawn(id, seed, student)]
        for student in ("one student", "another student")
    )
    return bool(changes(one, two))


def _exercise_record(found: Found, judged: Judgement) -> Record:
    exercise = found.exercise
    return {
        "lesson": exercise.lesson,
        "state": judged.state,
        "points": judged.points,
        "out_of": exercise.points,
        "parts": [asdict(part) for part in judged.parts],
        "misconceptions": list(judged.misconceptions),
        "advice": list(judged.advice),
        "failure": asdict(judged.failure) if judged.failure else None,
        "note": judged.note,
        "found": list(found.notes),
    }


# ------------------------------------------------------------------ many


@dataclass(frozen=True)
class Task:
    """A submission to be graded, under the key that its result is kept by."""

    submission: Submission
    settings: Settings
    version: str


_one_at_a_time = threading.Lock()  # what the judge makes quiet, the whole process has in common
_sandboxes: dict[int, tuple[Settings, Sandbox]] = {}  # by thread: a sandbox ends with its own


def _sandbox_of(settings: Settings) -> Sandbox:
    """Return this thread's sandbox, which stays warm from one submission to the next."""
    mine = threading.get_ident()
    ended = set(_sandboxes) - {thread.ident for thread in threading.enumerate()}
    if mine in _sandboxes and _sandboxes[mine][0] != settings:
        ended.add(mine)
    for thread in ended:
        _sandboxes.pop(thread)[1].close()
    if mine not in _sandboxes:
        _sandboxes[mine] = (settings, Sandbox(settings.limits, settings.unsafe))
    return _sandboxes[mine][1]


def _close_sandboxes() -> None:
    while _sandboxes:
        _sandboxes.popitem()[1][1].close()


atexit.register(_close_sandboxes)
multiprocessing.util.Finalize(None, _close_sandboxes, exitpriority=10)  # a pool's process runs no atexit


def grade_chunk(tasks: Sequence[Task]) -> list[Record]:
    """Tasks -> their records, in order; it can be sent to any `concurrent.futures` executor.

    A process grades one chunk at a time: more of them at once takes more processes, not more threads.

    Raises
    ------
    NoSandbox
        If no sandbox can be made on the machine where it runs.
    """
    with _one_at_a_time:
        return [_grade(task) for task in tasks]


def _grade(task: Task) -> Record:
    began = time.perf_counter()
    record: Record = {
        "key": "",
        "file": task.submission.name,
        "student": task.submission.student,
        "signed_in_as": NOBODY,
        "exercises": {},
        "notes": [],
        "human": [],
        "trouble": "",
        "unsafe": task.settings.unsafe,
    }
    try:
        content = task.submission.read()
        record["key"] = key_of(content, task.version, task.settings)
        sandbox = _sandbox_of(task.settings)
        record |= grade_notebook(read_notebook(content), sandbox, task.settings)
    except Unreadable as error:
        record["trouble"] = str(error)
    except NoSandbox:
        raise
    except SandboxBroken as error:
        record["trouble"] = f"The sandbox broke while it was graded: {error}. Run it again."
        record["key"] = ""  # so that it is
    except Exception as error:  # a judge's own mistake must not cost the class its grades
        record["trouble"] = f"It could not be judged and needs a human: {type(error).__name__}: {error}"[:500]
    return record | {"seconds": round(time.perf_counter() - began, 4)}


def unjudged(task: Task, words: str) -> Record:
    """Return the record of a submission that could not be graded at all."""
    return {
        "key": "",
        "file": task.submission.name,
        "student": task.submission.student,
        "signed_in_as": NOBODY,
        "exercises": {},
        "notes": [],
        "human": [],
        "trouble": words,
        "unsafe": task.settings.unsafe,
        "seconds": 0.0,
    }
