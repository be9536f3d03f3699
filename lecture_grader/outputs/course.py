"""What an instructor decides about a class, in one readable file beside it: `class.toml`.

Which lessons count, what exercises and lessons are worth, what is late and what that costs, who is excused,
and what a second marker has changed. It is applied to results that are there: nothing is graded again for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from lecture_lib.exercises import Exercise, PartResult
from lecture_lib.exercises.judging import not_attempted
from lecture_lib.lessons import EXERCISES

from ..frames import clean_name
from ..graded import Graded, GradedExercise
from ..handed_in.owners import shown

FILE = "class.toml"
CHANGED, LATE = "changed by ", "late: "
"""How the parts begin by which a second marker, and lateness, change an exercise's points."""
_MOST_LETTERS = 320  # no student in the gradebook has more


_Value = TypeVar("_Value")


def in_points(points: float) -> str:
    """Return points in words.

    >>> in_points(1), in_points(0.5)
    ('1 point', '0.5 points')
    """
    return f"{points:g} point{'' if points == 1 else 's'}"


def was_changed(found: GradedExercise) -> bool:
    """Whether the points are a second marker's, whatever the checks found."""
    return any(part.name.startswith(CHANGED) for part in found.verdict.results)


class NotACourse(Exception):
    """The file cannot be used; the message says what in it, and what is expected."""


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
        When a lesson was to be handed in.
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
        said += [f"Lesson {one} was due at {when:%Y-%m-%d %H:%M %Z}." for one, when in self.deadlines.items()]
        if self.free_days or self.percent_a_day:
            said.append(
                f"Late days that cost nothing, for each student in all: {self.free_days}; each further day"
                f" takes {self.percent_a_day:g} % of a lesson's points."
            )
        return said


PLAIN = Course()
"""Where nothing was decided."""


# ------------------------------------------------------------------ the file


def read_course(path: Path) -> Course:
    """A file in TOML -> what was decided.

    Raises
    ------
    NotACourse
        If it cannot be read, or says what makes no sense.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # as Windows' editors write it
    except UnicodeDecodeError as error:
        raise NotACourse(f"{path} is not written in UTF-8. Save it as UTF-8 and try again.") from error
    except (OSError, tomllib.TOMLDecodeError, RecursionError) as error:
        why = getattr(error, "strerror", None) or error
        raise NotACourse(f"{path} cannot be read: {why}.") from error
    except ValueError as error:  # so many digits Python does not read
        raise NotACourse(f"{path} cannot be read: in it stands {_TOO_LONG}.") from error
    reader = _Reader(path)
    return reader.agreeing(reader.course(found))


_TOO_LONG = "a number of over 4,300 digits"
_KNOWN = ["leave_out", "points", "weights", "deadlines", "late", "days_late", "excused", "changed"]


@dataclass(frozen=True)
class _Reader:
    """Looks at each entry before it is believed."""

    path: Path

    def course(self, found: dict[str, Any]) -> Course:
        self._known(found, _KNOWN, "the file")
        late = self._table(found, "late")
        self._known(late, ["free_days", "percent_a_day", "file_times"], "[late]")
        points = self._table(found, "points")
        for id in points:
            if not EXERCISES[self._exercise(id, "[points]")].points:
                raise self._wrong(f"[points] {id}", "it gives no points in its lesson, so it cannot here")
        return Course(
            left_out=frozenset(self._lesson(one, "leave_out") for one in self._list(found, "leave_out")),
            points={id: self._number(value, f"[points] {id}") for id, value in points.items()},
            weights=dict(self._of_lessons(found, "weights", self._number)),
            deadlines=dict(self._of_lessons(found, "deadlines", self._time)),
            free_days=self._whole(late.get("free_days", 0), "[late] free_days"),
            percent_a_day=self._number(late.get("percent_a_day", 0), "[late] percent_a_day"),
            file_times=self._yes(late.get("file_times", False), "[late] file_times"),
            days_late=self._days_late(found),
            excused=tuple(self._excused(found)),
            changed=tuple(
                Changed(
                    one["student"],
                    self._exercise(one["exercise"], "[[changed]]"),
                    self._number(one["points"], "[[changed]] points"),
                    one["by"],
                    one["reason"],
                )
                for one in self._entries(found, "changed", ["student", "exercise", "points", "by", "reason"])
            ),
        )

    def agreeing(self, course: Course) -> Course:
        """Return what was decided, if no two entries say different things of the same exercise."""
        excused = {(one.student, one.exercise): one.reason for one in course.excused}
        given: dict[tuple[str, str], str] = {}
        for one in course.changed:
            of, lesson = (one.student, one.exercise), EXERCISES[one.exercise].lesson
            words = f'{in_points(one.points)} by {one.by} ("{one.reason}")'
            if of in given:
                raise self._wrong(
                    "[[changed]]",
                    f"{one.student} is given {one.exercise} twice: {given[of]}, and {words}. Only one can"
                    " count: remove the other",
                )
            if of in excused:
                raise self._wrong(
                    "[[changed]] and [[excused]]",
                    f"{one.student} is given {words} in {one.exercise}, and excused from it"
                    f' ("{excused[of]}"). Only one can be: remove the other',
                )
            if lesson in course.left_out:
                raise self._wrong(
                    "[[changed]]",
                    f"{one.student} is given {words} in {one.exercise}, and lesson {lesson} does not count."
                    f" Remove this entry, or {lesson} from leave_out",
                )
            given[of] = words
        return course

    def _of_lessons(
        self, found: dict[str, Any], name: str, read: Callable[[Any, str], _Value]
    ) -> Iterable[tuple[str, _Value]]:
        written: dict[str, str] = {}
        for lesson, value in self._table(found, name).items():
            number = self._lesson(lesson, f"[{name}]")
            if number in written:
                words = f"lesson {number} stands there twice, as {written[number]} and as {lesson}"
                raise self._wrong(f"[{name}]", f"{words}; only one can count: remove the other")
            written[number] = lesson
            yield number, read(value, f"[{name}] {lesson}")

    def _days_late(self, found: dict[str, Any]) -> dict[tuple[str, str], int]:
        days: dict[tuple[str, str], int] = {}
        for one in self._entries(found, "days_late", ["student", "lesson", "days"]):
            student, lesson = one["student"], self._lesson(one["lesson"], "[[days_late]]")
            if (student, lesson) in days:
                words = (
                    f"{student} and lesson {lesson} stand there twice; only one can count: remove the other"
                )
                raise self._wrong("[[days_late]]", words)
            days[student, lesson] = self._whole(one["days"], "[[days_late]] days")
        return days

    def _excused(self, found: dict[str, Any]) -> Iterable[Excused]:
        for one in self._entries(found, "excused", ["student", "reason"], ["exercise", "lesson"]):
            if ("exercise" in one) == ("lesson" in one):
                raise self._wrong("[[excused]]", "it needs either an exercise or a lesson")
            if "exercise" in one:
                ids = [self._exercise(one["exercise"], "[[excused]]")]
            else:
                lesson = self._lesson(one["lesson"], "[[excused]]")
                ids = [each.id for each in EXERCISES.values() if each.lesson == lesson]
            yield from (Excused(one["student"], id, one["reason"]) for id in ids)

    # -------------------------------------------------------------- one entry

    def _wrong(self, where: str, words: str) -> NotACourse:
        return NotACourse(f"{self.path}, {where}: {words}.")

    def _known(self, found: dict[str, Any], known: Sequence[str], where: str) -> None:
        for name in found:
            if name not in known:
                raise self._wrong(where, f"{_said(name)} is not known; known are {', '.join(known)}")

    def _table(self, found: dict[str, Any], name: str) -> dict[str, Any]:
        table = found.get(name, {})
        if not isinstance(table, dict):
            raise self._wrong(name, f"it is a table: write [{name}], and a line for each entry")
        return cast("dict[str, Any]", table)

    def _list(self, found: dict[str, Any], name: str) -> list[Any]:
        entries = found.get(name, [])
        if not isinstance(entries, list):
            how = f"write [[{name}]], in double brackets, and its entries beneath"
            raise self._wrong(
                name, 'it is a list, as ["02"]' if name == "leave_out" else f"it is a list: {how}"
            )
        return cast("list[Any]", entries)

    def _entries(
        self, found: dict[str, Any], name: str, needed: Sequence[str], may_have: Sequence[str] = ()
    ) -> Iterable[dict[str, Any]]:
        for entry in self._list(found, name):
            if not isinstance(entry, dict):
                raise self._wrong(name, f"write [[{name}]], and its entries beneath")
            one = cast("dict[str, Any]", entry)
            self._known(one, [*needed, *may_have], f"[[{name}]]")
            for key in needed:
                if key not in one:
                    raise self._wrong(f"[[{name}]]", f"{key} is missing")
            for key in ("student", "by", "reason"):
                if key in one and not (isinstance(one[key], str) and one[key].strip()):
                    raise self._wrong(f"[[{name}]] {key}", "a text in quotes is expected")
            yield one | {
                key: shown(one[key], _MOST_LETTERS) if key == "student" else _on_one_line(one[key])
                for key in ("student", "by", "reason")
                if key in one
            }

    def _exercise(self, id: Any, where: str) -> str:
        if not isinstance(id, str) or id not in EXERCISES:
            raise self._wrong(where, f"there is no exercise {_said(id)}; there are {', '.join(EXERCISES)}")
        return id

    def _lesson(self, lesson: Any, where: str) -> str:
        lessons = sorted({one.lesson for one in EXERCISES.values()})
        number = _said(lesson) if type(lesson) is int else str(lesson)
        if number.zfill(2) not in lessons:
            raise self._wrong(where, f"no lesson {_said(lesson)} has exercises; {', '.join(lessons)} have")
        return number.zfill(2)

    def _number(self, value: Any, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
            raise self._wrong(where, f"a number of at least 0 is expected, not {_said(value)}")
        if value >= 1e6:
            raise self._wrong(where, f"a number below a million is expected, not {_said(value)}")
        return float(value)

    def _whole(self, value: Any, where: str) -> int:
        number = self._number(value, where)
        if not number.is_integer():
            raise self._wrong(where, f"a whole number is expected, not {_said(value)}")
        return int(number)

    def _yes(self, value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            raise self._wrong(where, f"true or false is expected, not {_said(value)}")
        return value

    def _time(self, value: Any, where: str) -> datetime:
        if not isinstance(value, datetime):
            raise self._wrong(where, "a date and a time are expected, as 2026-11-20T23:59:00+01:00")
        try:
            return value if value.tzinfo else value.astimezone()
        except (ValueError, OverflowError) as error:
            raise self._wrong(
                where, f"no clock shows {value} here; a time as 2026-11-20T23:59:00+01:00 is expected"
            ) from error


def _said(value: Any) -> str:
    """Say what was found where something else is expected."""
    try:
        words = repr(value)
    except ValueError:  # so many digits Python does not write
        return _TOO_LONG
    return words if len(words) <= 100 else f"{words[:100]} …"


def _on_one_line(text: str) -> str:
    words = " ".join(text.split())
    return clean_name(words, len(words))
