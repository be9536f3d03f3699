"""One exercise's answer -> the verdict on it; the cases are drawn here, and never leave the judge whole."""

import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from lecture_lib.exercises import Case, Verdict
from lecture_lib.exercises.answer import Outcome
from lecture_lib.exercises.judging import judge_cases, not_attempted, not_judged
from lecture_lib.exercises.oracles import rng_from
from lecture_lib.exercises.plain import Foreign, KeyPath, Plain, changes, plain
from lecture_lib.exercises.signing_in import NOBODY
from lecture_lib.lessons import EXERCISES

from ..frames import BadFrame
from .plan import AS_NAMED, Ask, Given
from .remembering import Remembered
from .replies import given_in

_judged_before = Remembered[tuple[str, str, str], Verdict | str](1_000)
"""What was judged, by what was given: of that only a digest, which is short whatever was given."""


def judge_given(id: str, seed: str, student: str, given: Given | bytes) -> Verdict | str:
    """Judge what was given to an exercise's question; a name, if that is missing.

    Many students give the same, to the byte, and that is judged but once.
    """
    student = student if _is_personal(id, seed) else NOBODY
    if isinstance(given, Given):
        return _judged(id, seed, student, given)
    if student != NOBODY:
        return _judged_frame(id, seed, student, given)
    key = id, seed, hashlib.sha256(given).hexdigest()
    found = _judged_before.recall(key)
    if found is None:
        found = _judged_frame(id, seed, student, given)
        _judged_before.keep(key, found)
    return found


@dataclass
class _Recorded:
    """Stands in the answer's place, and gives what it gave."""

    outcomes: Iterator[Outcome]

    def call(self, arguments: Sequence[Plain]) -> Outcome:
        """Give what came of the next call."""
        found = next(self.outcomes)
        if not found.changed:
            return found
        there = (_as_far_as_it_leads(path, arguments) for path in found.changed)
        return replace(found, changed=tuple(path for path in there if path))

    def value(self) -> Outcome:
        """Give the value, of which nothing can be changed."""
        return replace(next(self.outcomes), changed=())


def _as_far_as_it_leads(path: KeyPath, arguments: Sequence[Plain]) -> KeyPath:
    """Return the beginning of a path that there is in the arguments: what came may lead anywhere."""
    at: Plain = dict(enumerate(arguments))
    for length, step in enumerate(path):
        if not isinstance(at, dict) or step not in at:
            return path[:length]
        at = at[step]
    return path


def _judged_frame(id: str, seed: str, student: str, frame: bytes) -> Verdict | str:
    """Judge what is in a frame."""
    try:
        given = given_in(frame)
    except BadFrame as error:
        return not_judged(EXERCISES[id], f"What it gave is not plain data but {error}.")
    return _judged(id, seed, student, given)


def _judged(id: str, seed: str, student: str, given: Given) -> Verdict | str:
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


def question(id: str, seed: str, student: str, way: str = AS_NAMED) -> Ask:
    """Return what the sandbox is asked of an exercise."""
    alone = not EXERCISES[id].is_value and _is_personal(id, seed)
    return _asked(id, seed, student if alone else NOBODY, way)


@functools.lru_cache(maxsize=256)
def _asked(id: str, seed: str, student: str, way: str) -> Ask:
    exercise = EXERCISES[id]
    cases = () if exercise.is_value else _drawn(id, seed, student)
    calls = tuple((case.function, tuple(case.arguments.values())) for case in cases)
    return Ask(id, exercise.functions, exercise.is_value, calls, exercise.may_use, way)


@functools.lru_cache(maxsize=256)
def _drawn(id: str, seed: str, student: str) -> tuple[Case, ...]:
    return tuple(EXERCISES[id].cases(rng_from(f"grade {seed} {id}"), student))


@functools.lru_cache(maxsize=256)
def _is_personal(id: str, seed: str) -> bool:
    """Whether an exercise's cases differ from student to student; where not, they are made but once."""
    one, two = (
        [plain([dict(case.arguments), dict(case.expected)]) for case in _drawn(id, seed, student)]
        for student in ("one student", "another student")
    )
    return bool(changes(one, two))
