"""What an instructor decides about a class, in one readable file beside it: `class.toml`.

Which lessons count, what exercises and lessons are worth, what is late and what that costs, who is excused,
and what a second marker has changed. It is applied to results that are there: nothing is graded again for it.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from functools import cached_property

from lecture_lib.exercises import Exercise, PartResult
from lecture_lib.exercises.judging import not_attempted
from lecture_lib.lessons import EXERCISES

from ..graded import Graded, GradedExercise
from ..handed_in.copies import without_copy

FILE = "class.toml"
CHANGED, LATE = "changed by ", "late: "
"""How the parts begin by which a second marker, and lateness, change an exercise's points."""


def is_nearly_the_file(name: str) -> bool:
    """Whether somebody may mean `FILE` by this name: editors add ".txt", browsers number a copy.

    >>> [is_nearly_the_file(name) for name in ("class.toml.txt", "Class (1).toml", "class.toml")]
    [True, True, False]
    """
    plain = re.sub(r"(\.txt)*\s*$", "", name.casefold())
    return name != FILE and plain.endswith(".toml") and without_copy(plain.removesuffix(".toml")) == "class"


def in_points(points: float) -> str:
    """Return points in words.

    >>> in_points(1), in_points(0.5)
    ('1 point', '0.5 points')
    """
    return f"{points:g} point{'' if points == 1 else 's'}"


def was_changed(found: GradedExercise) -> bool:
    """Whether the points are a second marker's, whatever the checks found."""
    return any(part.name.startswith(CHANGED) for part in found.verdict.results)


def _on_clock(at: datetime, zone: tzinfo | None) -> datetime:
    """Return what the clock of a zone shows, this machine's for None; a time without a zone is its own."""
    try:
        return at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at
    except (ValueError, OverflowError):  # at the ends of the calendar
        return at.replace(tzinfo=None)


@dataclass(frozen=True)
class Excused:
    """An exercise that a student need not do."""

    student: str
    exercise: str
    reason: str


@dataclass(frozen=True)
class Changed:
    """The points that a second marker gives a student's exercise, in place of those that were found."""

    student: str
    exercise: str
    points: float
    by: str
    reason: str

    @property
    def words(self) -> str:
        """Say it in one line."""
        return f"{self.exercise}: {in_points(self.points)} by {self.by}: {self.reason}"


@dataclass(frozen=True)
class Course:
    """What was decided; as it is made, nothing.

    Attributes
    ----------
    left_out
        The lessons that do not count.
    points
        What an exercise is worth, where that is not what the lesson says.
    weights
        By what the points of a lesson are multiplied.
    deadlines
        When a lesson was to be handed in; without a zone, by this machine's clock.
    time_zone
        Of the clocks that name none, and that by which days are counted, where that is said.
    free_days, percent_a_day
        How many late days a student has in all, and what each further day takes of a lesson's points.
    file_times
        Whether the time at which a file was changed is when it was handed in.
    days_late
        By student and lesson, where that was written down.
    excused, changed
        What was decided of single students.
    """

    left_out: frozenset[str] = frozenset()
    points: Mapping[str, float] = field(default_factory=dict[str, float])
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    deadlines: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    time_zone: tzinfo | None = None
    free_days: int = 0
    percent_a_day: float = 0.0
    file_times: bool = False
    days_late: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    excused: tuple[Excused, ...] = ()
    changed: tuple[Changed, ...] = ()

    @cached_property
    def _exercises(self) -> dict[str, Exercise]:
        return {
            one.id: replace(
                one, parts=tuple(replace(part, points=part.points * self._factor(one)) for part in one.parts)
            )
            for one in EXERCISES.values()
            if one.lesson not in self.left_out
        }

    def _factor(self, exercise: Exercise) -> float:
        """Return by what an exercise's points are multiplied."""
        worth = self.points.get(exercise.id, exercise.points)
        return self.weights.get(exercise.lesson, 1.0) * (worth / exercise.points if exercise.points else 1.0)

    def exercises(self, lesson: str = "") -> list[Exercise]:
        """Return the exercises that give points, of one lesson or of all, with what they are worth here."""
        return [one for one in self._exercises.values() if one.points and lesson in ("", one.lesson)]

    def excused_from(self, student: str) -> dict[str, str]:
        """Return the exercises that a student need not do, each with the reason."""
        return {one.exercise: one.reason for one in self.excused if one.student == student}

    def applied(self, student: str, results: Sequence[Graded]) -> list[Graded]:
        """Return a student's results as they count."""
        excused = self.excused_from(student)
        counted = [
            replace(
                graded,
                exercises={
                    id: self._scaled(found)
                    for id, found in graded.exercises.items()
                    if id in self._exercises and id not in excused
                },
            )
            for graded in results
        ]
        for change in self.changed:
            if change.student == student and change.exercise in self._exercises and counted:
                self._change(counted, change)
        return counted

    def _scaled(self, found: GradedExercise) -> GradedExercise:
        factor = self._factor(EXERCISES[found.verdict.exercise])
        if factor == 1.0:
            return found
        parts = tuple(
            replace(part, points=part.points * factor, out_of=part.out_of * factor)
            for part in found.verdict.results
        )
        return replace(found, verdict=replace(found.verdict, results=parts))

    def _change(self, results: list[Graded], change: Changed) -> None:
        """Give an exercise its points wherever the student has handed it in, or else in their first file."""
        having = [n for n, graded in enumerate(results) if change.exercise in graded.exercises] or [0]
        for number in having:
            exercises = {**results[number].exercises}
            found = exercises.get(change.exercise) or self._scaled(
                GradedExercise(not_attempted(EXERCISES[change.exercise]))
            )
            more = change.points - found.points
            state = "passed" if more >= 0 else "not yet"
            part = PartResult(f"{CHANGED}{change.by}: {change.reason}", state, more, 0.0)
            verdict = replace(found.verdict, results=(*found.verdict.results, part))
            exercises[change.exercise] = replace(found, verdict=verdict)
            results[number] = replace(results[number], exercises=exercises)

    def tells_late(self, lesson: str, clock: datetime) -> bool:
        """Whether a clock that names no zone says if a lesson was late: UTC is no place's own, or may not be.

        What was on time in each zone of the world was on time.
        """
        deadline = self.deadlines[lesson]
        in_utc = self.time_zone is None and deadline.tzinfo is not None and not deadline.utcoffset()
        return not in_utc or clock + timedelta(hours=12) <= deadline.replace(tzinfo=None)

    def days_after(self, lesson: str, at: datetime) -> int:
        """Return by how many days a time is after a lesson's deadline, each that has begun.

        Days are counted on the clock of the place, so that one on which it is changed is one, too.
        """
        deadline = self.deadlines[lesson]
        zone = self.time_zone or deadline.tzinfo
        return max(0, math.ceil((_on_clock(at, zone) - _on_clock(deadline, zone)) / timedelta(days=1)))

    def students(self) -> set[str]:
        """Return whom it names."""
        named = {one.student for one in (*self.excused, *self.changed)}
        return named | {student for student, _ in self.days_late}

    def notes(self) -> list[str]:
        """Say where a student is given more points than there are: they may be meant as a bonus."""
        return [
            f"{FILE} gives {one.student} {in_points(one.points)} in {one.exercise}, which is worth {most:g}."
            for one in self.changed
            if one.exercise in self._exercises
            and one.points > (most := self._exercises[one.exercise].points) + 1e-9
        ]

    def words(self) -> list[str]:
        """Say what was decided of the class as a whole."""
        said = [f"Lesson {lesson} does not count." for lesson in sorted(self.left_out)]
        said += [
            f"{id} is worth {in_points(points)} instead of {EXERCISES[id].points:g}."
            for id, points in self.points.items()
        ]
        said += [
            f"The points of lesson {one} count {weight:g} times." for one, weight in self.weights.items()
        ]
        said += [
            f"Lesson {one} was due at {when if when.tzinfo else when.astimezone():%Y-%m-%d %H:%M %Z}."
            for one, when in self.deadlines.items()
        ]
        said += [f"A clock that names no zone is read as that of {self.time_zone}."] * bool(self.time_zone)
        if self.free_days or self.percent_a_day:
            said.append(
                f"Late days that cost nothing, for each student in all: {self.free_days}; each further day"
                f" takes {self.percent_a_day:g} % of a lesson's points."
            )
        return said


PLAIN = Course()
"""Where nothing was decided."""
