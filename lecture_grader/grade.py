"""One submission -> its record: what each exercise earned, why, and what an instructor should know."""

from __future__ import annotations

import atexit
import builtins
import contextlib
import functools
import hashlib
import itertools
import multiprocessing.util
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from lecture_lib.exercises import Case, Exercise, Failure, Judgement
from lecture_lib.exercises.answer import Outcome
from lecture_lib.exercises.judge import failure_words, judge_cases, not_attempted, not_judged
from lecture_lib.exercises.oracles import generator
from lecture_lib.exercises.plain import Foreign, Plain, changes, plain
from lecture_lib.exercises.student import NOBODY, clean_id
from lecture_lib.lessons import EXERCISES

from .frames import BadFrame, clean_name
from .notebook import Cell, Notebook, Unreadable, read_notebook
from .plan import Ask, Died, Give, Given, Plan, Run, Seen
from .sandbox import GRADER, LIBRARY, Limits, NoSandbox, Sandbox, SandboxBroken
from .session import MOST_PRINTED, AtOnce, ReadCell, Session, Times, given_in, line_of_failure
from .submissions import Submission
from .whose import GUEST

Record = dict[str, Any]
"""What is written down of a submission: one line of JSON."""

INSTEAD = "with the library's own functions instead of an earlier exercise that is not right yet."
WITHOUT = "without some of the cells above it, which had spoilt it."


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
    for package in (
        *(LIBRARY / name for name in ("common", "autodiff", "learning", "exercises", "lessons")),
        GRADER,
    ):
        for path in sorted(package.rglob("*.py")):
            name = path.relative_to(package.parent).as_posix()
            if not name.startswith(_AFTERWARDS):
                summed.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return summed.hexdigest()[:16]


_AFTERWARDS = tuple(
    f"lecture_grader/{name}"
    for name in (
        "exports/",
        "feedback.",
        "gradebook.",
        "lms.",
        "outputs.",
        "pictures.",
        "report.",
        "rosters.",
    )
)
"""What is made of results that are there: a new form of these is no reason to grade again."""


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


# ------------------------------------------------------------------ one student's notebooks


def grade_notebook(notebook: Notebook, sandbox: Sandbox, settings: Settings) -> Record:
    """A notebook -> what it earned, exercise by exercise."""
    (record,) = grade_notebooks([notebook], sandbox, settings)
    return record


def grade_notebooks(notebooks: Sequence[Notebook], sandbox: Sandbox, settings: Settings) -> list[Record]:
    """One student's notebooks -> what each earned, exercise by exercise."""
    with closing(AtOnce(sandbox, settings.times)) as at_once:
        at_once.read_all(_sources(notebooks))
        return [_Grading(notebook, at_once, settings).record() for notebook in notebooks]


def _sources(notebooks: Iterable[Notebook]) -> Iterator[str]:
    return (cell.source for notebook in notebooks for cell in notebook.cells if _is_code(cell))


def _is_code(cell: Cell) -> bool:
    return cell.kind == "code" and bool(cell.source.strip())


@dataclass
class _Grading:
    notebook: Notebook
    at_once: AtOnce
    settings: Settings
    notes: list[str] = field(default_factory=list[str])
    human: list[str] = field(default_factory=list[str])
    """Why a human should look at it, though it was graded."""
    read: dict[int, ReadCell] = field(default_factory=dict[int, ReadCell])
    student: str = NOBODY
    forged: bool = False
    began: float = field(default_factory=time.monotonic)

    def record(self) -> Record:
        self.read = dict(self._read())
        found = find_exercises(self.notebook.cells, self.read)
        self.student = self._signed_in()
        seen = self._follow(self._plan(found))
        told = self._told(found, seen)
        self._note_failures(seen, told)
        judged = {one.exercise.id: self._judge(one, seen) for one in found}
        self._second_chances(found, seen, judged)
        printed = self._printed(found, told)
        unknown = {cell.exercise for cell in self.notebook.cells} - {""} - set(EXERCISES)
        for mark in sorted(unknown):
            self.notes.append(f'A cell is marked as exercise "{mark}", which does not exist.')
        if not found:
            self.human.append("There is no exercise in this notebook.")
        if self.forged:
            self.human.append(
                "Its code sent the judge an answer that nobody had asked for; it was not believed."
            )
        if self._session().out_of_time:
            self.human.append(
                f"It took longer than {self.settings.times.submission:g} seconds in all;"
                " what came after was not run."
            )
        return {
            "signed_in_as": self.student,
            "exercises": {
                one.exercise.id: self._exercise_record(one, judged[one.exercise.id], printed) for one in found
            },
            "notes": _cut([*self.notebook.notes, *self.notes, *self.human]),
            "human": self.human,
        }

    def _session(self) -> Session:
        return Session(self.at_once.sandbox, self.settings.times, self.began)

    def _read(self) -> Iterator[tuple[int, ReadCell]]:
        session = self._session()
        for cell in self.notebook.cells:
            if not _is_code(cell):
                continue
            found = self.at_once.read.get(cell.source)
            if found is None:
                self.at_once.close()
                found = session.read(cell.source)
            if isinstance(found, Died):
                self.notes.append(f"Cell {cell.number} was left out, for it cannot be read: {found.words}.")
                continue
            self.notes += [f"Cell {cell.number}: {note}." for note in found.notes]
            yield cell.number, found

    def _signed_in(self) -> str:
        given = [cell.student for cell in self.read.values() if cell.student is not None]
        ids: list[str] = []
        for id in given:
            try:
                ids.append(clean_name(clean_id(id), 100))
            except ValueError:
                self.human.append(f"The notebook signs in with an id that is none: {id[:60]!r}.")
        several = sorted(set(ids) - {GUEST})
        if len(several) > 1:
            self.human.append(f"The notebook signs in with several ids: {', '.join(several)[:200]}.")
        return ids[-1] if ids else NOBODY

    # -------------------------------------------------------------- seeing

    def _plan(
        self, asked: Sequence[Found], left_out: Mapping[int, tuple[str, ...]] = MappingProxyType({})
    ) -> Plan:
        """Return the cells up to the last that is asked for, and the questions, each after its own cell.

        `left_out` has cells that are not run, each with the names that the library gives in their place.
        """
        last = max((one.number for one in asked if one.number is not None), default=0)
        steps: list[Run | Ask | Give] = []
        for number, cell in self.read.items():
            if number > last:
                break
            steps.append(Give(left_out[number]) if number in left_out else Run(number, cell.source))
            steps += [
                _question(one.exercise.id, self.settings.seed, self.student)
                for one in asked
                if one.number == number
            ]
        return tuple(steps)

    def _follow(self, plan: Plan, fresh: bool = False) -> Seen:
        """Do a plan: at once, or else step by step."""
        if not any(isinstance(step, Run) for step in plan) or self._session().out_of_time:
            return Seen()
        tame = all(self.read[step.number].tame for step in plan if isinstance(step, Run))
        seen = self.at_once.follow(plan, tame, fresh)
        if seen is not None:
            return seen
        session = self._session()
        try:
            return session.follow(plan)
        finally:
            self.forged = self.forged or session.forged
            session.close()

    def _told(self, found: Sequence[Found], seen: Seen) -> Seen:
        """Run the cells once more if any has something to tell, in a process that never knows an input.

        Where inputs are known, anything that is shown to a student could be made of them.
        """
        last = max(
            (
                *(one.number for one in found if one.number in seen.printed),
                *(n for n, failed in seen.failures.items() if _is_told(failed)),
            ),
            default=0,
        )
        cells = [Run(n, cell.source) for n, cell in self.read.items() if n <= last]
        return self._follow(
            tuple(cell for cell in cells if not isinstance(seen.failures.get(cell.number), Died)), fresh=True
        )

    def _note_failures(self, seen: Seen, told: Seen) -> None:
        """Note what went wrong in cells, in an error's own words only where these can hold no input."""
        apart = not self.at_once.sandbox.unsafe  # or else what one process has written, the next can read
        for number, failed in sorted(seen.failures.items()):
            if isinstance(failed, Died):
                self.notes.append(f"Cell {number} was left out: {failed.words}.")
            elif _is_told(failed):
                again = told.failures.get(number)
                said = again if apart and isinstance(again, Failure) else replace(failed, message="")
                self.notes.append(f"Cell {number} stopped: {failure_words(self._own(said))}")

    def _own(self, failure: Failure) -> Failure:
        """Return a failure with nothing in it but the notebook's own lines and names.

        A line and an error's name come from the sandbox, where an input could be put into them.
        """
        if (failure.line, failure.text) not in self._lines:
            failure = replace(failure, line=None, text="")
        if failure.kind in _KNOWN_ERRORS or any(failure.kind in cell.sets for cell in self.read.values()):
            return failure
        return replace(failure, kind="Exception")

    @functools.cached_property
    def _lines(self) -> frozenset[tuple[int, str]]:
        """The lines of all cells, each with its number, as a failure has them."""
        return frozenset(
            (number, line_of_failure(line))
            for cell in self.read.values()
            for number, line in enumerate(cell.source.splitlines(), 1)
        )

    def _printed(self, found: Sequence[Found], told: Seen) -> dict[int, str]:
        """Return what the exercises' cells printed, the most that is kept of it all."""
        room, kept = MOST_PRINTED, dict[int, str]()
        for number in sorted({one.number for one in found if one.number in told.printed}):
            text = told.printed[number]
            if len(text) > room:
                text = f"{text[:room]}\n(cut off here)"
            room = max(0, room - len(text))
            kept[number] = text
        return kept

    # -------------------------------------------------------------- judging

    def _judge(self, found: Found, seen: Seen) -> Judgement:
        exercise = found.exercise
        given = seen.given.get(exercise.id)
        if given is None:
            return not_attempted(exercise)
        personal = self.student if _is_personal(exercise.id, self.settings.seed) else NOBODY
        if isinstance(given, bytes):
            common = personal == NOBODY and len(given) <= MOST_KEPT
            judge = _judged_frame if common else _judged_frame.__wrapped__
            judged = judge(exercise.id, self.settings.seed, personal, given)
        else:
            judged = _judged(exercise.id, self.settings.seed, personal, given)
        if isinstance(judged, Judgement):
            return judged
        failed = seen.failures.get(found.number or 0)
        if isinstance(failed, Died):
            return not_judged(exercise, f"The cell was left out: {failed.words}.")
        if failed is not None:
            stopped = not_judged(exercise, "The cell itself stops, so nothing is defined.")
            return replace(stopped, failure=failed)
        return not_judged(exercise, f"The cell was run, but {judged} is not defined after it.")

    def _second_chances(self, found: list[Found], seen: Seen, judged: dict[str, Judgement]) -> None:
        """Judge once more what may have failed through the fault of another cell, without that."""
        dead = {n: () for n, failed in seen.failures.items() if isinstance(failed, Died)}
        cells = {one.number: one for one in found if one.number}
        wild = {n for n, cell in self.read.items() if not cell.tame}
        wrong = [one for one in cells.values() if judged[one.exercise.id].state != "passed"]
        for one in wrong:
            last = one.number or 0
            faulty = {other.number or 0: other for other in wrong if (other.number or 0) < last}
            tried = judged[one.exercise.id].state != "not attempted"
            if tried and self._may_be_spoilt(one, faulty):
                left_out = dead | {n: other.exercise.functions for n, other in faulty.items()}
                self._second_chance(one, left_out, judged, INSTEAD)
            others = [n for n in wild if n < last]
            if others and judged[one.exercise.id].state != "passed":
                left_out = dead | dict.fromkeys(others, ())
                left_out |= {n: cells[n].exercise.functions for n in {*others, *faulty} if n in cells}
                self._second_chance(one, left_out, judged, WITHOUT)

    def _second_chance(
        self, one: Found, left_out: Mapping[int, tuple[str, ...]], judged: dict[str, Judgement], words: str
    ) -> None:
        before = judged[one.exercise.id]
        better = self._judge(one, self._follow(self._plan([one], left_out)))
        if better.points > before.points or (before.state == "not attempted" != better.state):
            judged[one.exercise.id] = better
            self.notes.append(f"{one.exercise.id} was judged {words} This cost you nothing.")

    def _may_be_spoilt(self, one: Found, faulty: Mapping[int, Found]) -> bool:
        """Whether other exercises' cells can have to do with what became of this one.

        What a tame cell can touch are the notebook's names. A name matters to a cell if it stands there, or
        in a cell before it that touches what matters.
        """
        if one.number not in self.read:
            return False
        matter = set(self.read[one.number].names)
        cells = {n: cell for n, cell in self.read.items() if n < one.number and n not in faulty}
        touching: dict[str, list[int]] = {}
        for number, cell in cells.items():
            for name in _touched(cell):
                touching.setdefault(name, []).append(number)
        ahead = list(matter)
        while ahead:
            for number in touching.pop(ahead.pop(), ()):
                if number in cells:
                    more = cells.pop(number).names - matter
                    matter |= more
                    ahead += more
        return any(
            (_touched(self.read[number]) | set(other.exercise.functions)) & matter
            for number, other in faulty.items()
            if number in self.read
        )

    def _exercise_record(self, found: Found, judged: Judgement, printed: dict[int, str]) -> Record:
        exercise = found.exercise
        return {
            "lesson": exercise.lesson,
            "state": judged.state,
            "points": judged.points,
            "out_of": exercise.points,
            "parts": [asdict(part) for part in judged.parts],
            "misconceptions": list(judged.misconceptions),
            "advice": list(judged.advice),
            "failure": asdict(self._own(judged.failure)) if judged.failure else None,
            "note": judged.note,
            "found": list(found.notes),
            "printed": printed.get(found.number or 0, ""),
        }


_KNOWN_ERRORS = frozenset(dir(builtins)) | {
    "AxisError", "DTypePromotionError", "DivergenceError", "LinAlgError", "ShapeError", "Stopped",
    "TimeLimit", "UnknownWordError", "UFuncTypeError", "_ArrayMemoryError", "_UFuncBinaryResolutionError",
    "_UFuncNoLoopError", "_UFuncInputCastingError", "_UFuncOutputCastingError",
}  # fmt: skip
_NEVER_SPOILT = frozenset(dir(builtins)) | {"np", "ll", "numpy", "lecture_lib"}


MOST_NOTES = 200


def _cut(notes: list[str]) -> list[str]:
    """Return as many notes as anyone reads, and how many more there are."""
    more = len(notes) - MOST_NOTES
    return notes if more <= 0 else [*notes[:MOST_NOTES], f"There are {more:,} more notes of this kind."]


def _is_told(failed: Failure | Died) -> bool:
    """Whether what went wrong in a cell is worth a note in an error's words: a blank is not."""
    return isinstance(failed, Failure) and failed.kind != "NotImplementedError"


def _touched(cell: ReadCell) -> set[str]:
    """Return the names of which a tame cell may change what stands behind them."""
    return set(cell.sets | (cell.names - _NEVER_SPOILT))


# ------------------------------------------------------------------ one exercise


@dataclass
class _Recorded:
    """Stands in the answer's place, and gives what it gave."""

    outcomes: Iterator[Outcome]

    def call(self, arguments: Sequence[Plain]) -> Outcome:
        """Give what came of the next call."""
        found = next(self.outcomes)
        there = tuple(path for path in found.changed if 0 <= cast("int", path[0]) < len(arguments))
        return replace(found, changed=there)

    def value(self) -> Outcome:
        """Give the value."""
        return next(self.outcomes)


MOST_KEPT = 10_000  # bytes: what a right answer never needs must not stay in a judge's memory


@functools.lru_cache(maxsize=1024)
def _judged_frame(id: str, seed: str, student: str, frame: bytes) -> Judgement | str:
    """Judge what is in a frame; many students give the same, to the byte, and that is judged but once."""
    try:
        given = given_in(frame)
    except BadFrame as error:
        return not_judged(EXERCISES[id], f"What it gave is not plain data but {error}.")
    return _judged(id, seed, student, given)


def _judged(id: str, seed: str, student: str, given: Given) -> Judgement | str:
    """Judge what an answer gave; a name, if that is missing."""
    exercise = EXERCISES[id]
    if len(given.looks) != len(exercise.functions):
        return not_judged(exercise, "What came back is no answer.")
    if "missing" in given.looks:
        return exercise.functions[given.looks.index("missing")]
    if all(look == "waits" for look in given.looks):
        return not_attempted(exercise)
    if not exercise.is_value and "callable" not in given.looks:
        return not_judged(exercise, f"{exercise.functions[0]} is not a function.")
    cases = _drawn(id, seed, student)
    outcomes = given.outcomes * len(cases) if exercise.is_value else given.outcomes
    if len(outcomes) != len(cases):
        return not_judged(exercise, "What came back is no answer.")
    room = _room(id, seed, student)
    recorded = iter([_within(room, outcome) for outcome in outcomes])
    return judge_cases(exercise, [_Recorded(recorded) for _ in exercise.functions], cases, student)


@functools.lru_cache(maxsize=256)
def _room(id: str, seed: str, student: str) -> int:
    """Return how many entries an answer may have to be looked at: ten times what it is about, and more."""
    cases = _drawn(id, seed, student)
    about = [[*case.arguments.values(), *case.expected.values()] for case in cases]
    return 1_000 + 10 * max(_entries(one) for one in about)


def _within(room: int, outcome: Outcome) -> Outcome:
    """Return an outcome whose value is no larger than there is room, so that the judge is done in no time."""
    entries = _entries(outcome.value)
    if entries <= room:
        return outcome
    return replace(outcome, value=Foreign(f"something of {entries:,} entries"))


def _entries(value: object) -> int:
    """Count what is in lists, tuples and dicts; an array counts once."""
    if isinstance(value, (list, tuple)):
        return 1 + sum(map(_entries, cast("Sequence[object]", value)))
    if isinstance(value, dict):
        return 1 + 2 * len(cast("dict[object, object]", value)) + _entries(list(cast("Any", value).values()))
    return 1


def _question(id: str, seed: str, student: str) -> Ask:
    """Return what the sandbox is asked of an exercise."""
    alone = not EXERCISES[id].is_value and _is_personal(id, seed)
    return _asked(id, seed, student if alone else NOBODY)


@functools.lru_cache(maxsize=256)
def _asked(id: str, seed: str, student: str) -> Ask:
    exercise = EXERCISES[id]
    cases = () if exercise.is_value else _drawn(id, seed, student)
    calls = tuple((case.function, tuple(case.arguments.values())) for case in cases)
    return Ask(id, exercise.functions, exercise.is_value, calls)


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


# ------------------------------------------------------------------ many


@dataclass(frozen=True)
class Task:
    """A submission to be graded, under the key that its result is kept by."""

    submission: Submission
    settings: Settings
    version: str


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


def grade_chunk(tasks: Sequence[Task]) -> list[Record]:
    """Tasks -> their records, in order; it can be sent to any `concurrent.futures` executor.

    A process grades one chunk at a time: more of them at once takes more processes, not more threads.

    Raises
    ------
    NoSandbox
        If no sandbox can be made on the machine where it runs.
    """
    with _one_at_a_time:
        together = itertools.groupby(enumerate(tasks), _whose)
        return [
            record for _, group in together for record in _grade_one_students([task for _, task in group])
        ]


def _whose(numbered: tuple[int, Task]) -> tuple[str | int, Settings]:
    """Return the same for a student's notebooks that stand in a row; who has no name is alone."""
    number, task = numbered
    return task.submission.student or number, task.settings


def _grade_one_students(tasks: Sequence[Task]) -> Iterator[Record]:
    settings = tasks[0].settings
    records: list[Record] = []
    notebooks: list[Notebook | None] = []
    for task in tasks:
        record = unjudged(task, "")
        records.append(record)
        notebooks.append(None)
        with _troubles_of(record):
            content = task.submission.read()
            record["key"] = key_of(content, task.version, settings)
            notebooks[-1] = read_notebook(content)
    sandbox = _sandbox_of(settings)
    with closing(AtOnce(sandbox, settings.times)) as at_once:
        with contextlib.suppress(SandboxBroken):
            at_once.read_all(_sources(notebook for notebook in notebooks if notebook is not None))
        for record, notebook in zip(records, notebooks, strict=True):
            if notebook is not None:
                with _troubles_of(record):
                    record |= _Grading(notebook, at_once, settings).record()
            yield record


@contextmanager
def _troubles_of(record: Record) -> Generator[None]:
    """Note in a record what goes wrong with it, and how long it took."""
    began = time.perf_counter()
    try:
        yield
    except Unreadable as error:
        record["trouble"] = str(error)
    except NoSandbox:
        raise
    except SandboxBroken as error:
        record["trouble"] = f"The sandbox broke while it was graded: {error}. Run it again."
        record["key"] = ""  # so that it is
    except Exception as error:  # a judge's own mistake must not cost the class its grades
        record["trouble"] = f"It could not be judged and needs a human: {type(error).__name__}: {error}"[:500]
    record["seconds"] = round(record["seconds"] + time.perf_counter() - began, 4)


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
