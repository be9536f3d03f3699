"""What became of the class, counted student after student.

`Tally` keeps numbers, not results, so that a large class takes no more memory than a small one.
"""

import builtins
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lecture_lib.exercises import Exercise
from lecture_lib.lessons import EXERCISES

from ..graded import Graded, GradedExercise
from .course import was_changed
from .feedback import best_results

_OUR_ENDS = {"TimeLimit": "took too long and was ended", "Stopped": "ended its own process"}


FEWEST = 10
"""Of so many students at least, how two numbers go together says something."""


@dataclass
class Together:
    """How one number goes with another over the students, by sums: no student's are kept."""

    students: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def add(self, x: float, y: float) -> None:
        """Count one student."""
        self.students += 1
        self.x, self.y = self.x + x, self.y + y
        self.xx, self.yy, self.xy = self.xx + x * x, self.yy + y * y, self.xy + x * y

    @property
    def correlation(self) -> float | None:
        """Pearson's, from -1 to 1; None of few students, or where one of the numbers is always the same."""
        n = self.students
        spread = (n * self.xx - self.x**2) * (n * self.yy - self.y**2)
        if n < FEWEST or spread <= 1e-9 * max(1.0, self.xx * self.yy):
            return None
        return max(-1.0, min(1.0, (n * self.xy - self.x * self.y) / math.sqrt(spread)))


@dataclass
class _ExerciseTally:
    outcomes: Counter[str] = field(default_factory=Counter[str])
    parts: Counter[str] = field(default_factory=Counter[str])
    with_rest: dict[str, Together] = field(default_factory=dict[str, Together])
    """How a part's points, and under "" those of all of it, go with the rest of the student's points."""
    mistakes: Counter[str] = field(default_factory=Counter[str])
    errors: Counter[str] = field(default_factory=Counter[str])

    @property
    def tried(self) -> int:
        """How many students have tried it."""
        return self.outcomes.total() - self.outcomes["not attempted"]


class Stuck(NamedTuple):
    """A student who has tried exercises of a lesson and solved none of them."""

    student: str
    lesson: str
    tried: int
    points: float
    out_of: float
    first: str
    why: str


@dataclass
class Tally:
    """What has been counted so far.

    Attributes
    ----------
    students, notebooks
        How many there are.
    points
        Lesson -> points -> how many students have them.
    exercises
        Exercise -> what became of it.
    stuck
        Who is stuck: a few lines a student, of those alone.
    """

    students: int = 0
    notebooks: int = 0
    points: dict[str, Counter[float]] = field(default_factory=dict[str, Counter[float]])
    exercises: dict[str, _ExerciseTally] = field(default_factory=dict[str, _ExerciseTally])
    stuck: list[Stuck] = field(default_factory=list[Stuck])

    def add(self, student: str, results: Sequence[Graded], on_time: Sequence[Graded] = ()) -> None:
        """Count one student, of whom these are all results; `on_time` has them as if nothing were late.

        How an exercise went is counted as if nothing were late, the points of a lesson as they are.
        """
        self.students += 1
        self.notebooks += len(results)
        points = {id: found.points for id, found in best_results(results).items()}
        best = best_results(on_time or results)
        total = sum(found.points for found in best.values())
        for lesson in sorted({exercise.lesson for exercise in EXERCISES.values() if exercise.id in best}):
            own = [one for one in EXERCISES.values() if one.lesson == lesson and one.id in best]
            earned = sum(points[one.id] for one in own)
            self.points.setdefault(lesson, Counter())[earned] += 1
            for exercise in own:
                self._count(exercise, best[exercise.id], total)
            self._look_whether_stuck(student, lesson, own, best)

    def _count(self, exercise: Exercise, found: GradedExercise, total: float) -> None:
        tally = self.exercises.setdefault(exercise.id, _ExerciseTally())
        shares = {"": found.points} | {part.name: part.points for part in found.verdict.results}
        for name in ("", *(part.name for part in exercise.parts)):
            points = shares.get(name, 0.0)
            tally.with_rest.setdefault(name, Together()).add(points, total - points)
        outcome, judged = outcome_of(found), found.verdict
        tally.outcomes[outcome] += 1
        passed = [part.name for part in judged.results if part.state == "passed"]
        if (
            was_changed(found) and outcome != "some points"
        ):  # of some points, the marker does not say of which
            passed = [part.name for part in exercise.parts if outcome == "all points"]
        tally.parts.update(passed)
        known = {mistake.name for mistake in exercise.misconceptions}
        tally.mistakes.update(known.intersection(judged.misconceptions))
        if judged.failure:
            tally.errors[_error_words(judged.failure.kind)] += 1

    def _look_whether_stuck(
        self, student: str, lesson: str, own: Sequence[Exercise], best: dict[str, GradedExercise]
    ) -> None:
        outcomes = {one.id: outcome_of(best[one.id]) for one in own}
        tried = [one for one in own if outcomes[one.id] != "not attempted"]
        if not tried or "all points" in outcomes.values():
            return
        first, judged = tried[0], best[tried[0].id].verdict
        why = "; ".join(judged.misconceptions) or judged.state
        if judged.failure:
            why = _error_words(judged.failure.kind)
        earned = sum(best[one.id].points for one in tried)
        out_of = sum(one.points for one in tried)
        self.stuck.append(Stuck(student, lesson, len(tried), earned, out_of, first.id, why))


def outcome_of(found: GradedExercise) -> str:
    """What was found of an exercise -> its place among `OUTCOMES`."""
    state = found.verdict.state
    all_given = found.points >= found.verdict.out_of - 1e-9 and found.points > 0
    if all_given if was_changed(found) else state == "passed":
        return "all points"
    if found.points > 0:
        return "some points"
    if state == "not attempted":
        return state
    return "an error" if state == "error" else "no points yet"


def _error_words(kind: str) -> str:
    """Name an error; what a student has named themselves is not repeated."""
    if kind in _OUR_ENDS:
        return _OUR_ENDS[kind]
    known = getattr(builtins, kind, None)
    return (
        kind if isinstance(known, type) and issubclass(known, BaseException) else "an error of another kind"
    )
