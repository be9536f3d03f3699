"""A student's points lesson by lesson, as numbers that learning systems read, and in words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lecture_lib.exercises import Exercise

from .course import PLAIN, Course
from .rows import Row


@dataclass(frozen=True)
class Lesson:
    """A lesson, with its exercises as they count."""

    number: str
    exercises: Sequence[Exercise]

    @property
    def out_of(self) -> float:
        """The points that there are."""
        return sum(exercise.points for exercise in self.exercises)

    def has(self, row: Row) -> bool:
        """Whether a student has handed in anything of it."""
        return row.has(self.exercises)

    def is_excused(self, row: Row) -> bool:
        """Whether a student need not do any of it."""
        return row.out_of(self.exercises) == 0

    def earned(self, row: Row) -> float:
        """Return a student's points; where an exercise is excused, the others stand for it, too."""
        could = row.out_of(self.exercises)
        return row.points_in(self.exercises) * (self.out_of / could if could else 0.0)

    def cell(self, row: Row, scale: float = 1.0, otherwise: str = "") -> str:
        """Return a student's points as they are written; something else where nothing was handed in."""
        return as_number(self.earned(row) * scale) if self.has(row) else otherwise


def lessons_of(rows: Iterable[Row], course: Course = PLAIN) -> list[Lesson]:
    """Return the lessons of which anything was handed in, of those that give points."""
    handed = {id for row in rows for id in row.points}
    numbers = sorted({exercise.lesson for exercise in course.exercises() if exercise.id in handed})
    return [Lesson(number, course.exercises(number)) for number in numbers]


def all_points(lessons: Iterable[Lesson]) -> float:
    """Return the points that there are in these lessons."""
    return sum(lesson.out_of for lesson in lessons)


def earned_in(row: Row, lessons: Sequence[Lesson]) -> float:
    """Return a student's points; where a whole lesson is excused, the others stand for it, too."""
    could = all_points(lesson for lesson in lessons if not lesson.is_excused(row))
    return sum(lesson.earned(row) for lesson in lessons) * (all_points(lessons) / could if could else 0.0)


def as_number(value: float) -> str:
    """Return points as every system reads them.

    >>> as_number(7.5), as_number(3), as_number(1 / 3)
    ('7.5', '3', '0.33333')
    """
    return f"{value:.5f}".rstrip("0").rstrip(".")


def read_number(text: str) -> float | None:
    """A number as Canvas and Moodle write it, in a language of decimal commas too -> the number.

    What may be thousands or a fraction is not guessed.

    >>> [read_number(text) for text in ("7,50", "1,000.00", "1.000,50", "1 000", "1,000", "-")]
    [7.5, 1000.0, 1000.5, 1000.0, None, None]
    """
    plain = re.sub(r"\s", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", plain):
        plain = plain.replace(".", "")
    elif re.fullmatch(r"[1-9]\d{0,2},\d{3}", plain):
        return None
    return float(plain.replace(",", ".")) if re.fullmatch(r"\d+(?:[.,]\d+)?", plain) else None


def comment_on(row: Row, lessons: Iterable[Lesson]) -> str:
    """Say a student's points by exercise, and which lessons were not handed in."""
    asked_for = [*lessons]
    shown = [lesson for lesson in asked_for if not lesson.is_excused(row)]
    asked = {one.id: one for lesson in shown if lesson.has(row) for one in lesson.exercises}
    each = [f"{id} {row.points[id]:g} of {one.points:g}" for id, one in asked.items() if id in row.points]
    each += [f"{id} excused" for id in asked if id in row.excused]
    each += [f"lesson {one.number} not handed in" for one in shown if not one.has(row)]
    each += [f"lesson {one.number} excused" for one in asked_for if one.is_excused(row)]
    each += [late.words for late in row.late if late.lesson in {lesson.number for lesson in shown}]
    return f"{earned_in(row, shown):g} of {all_points(shown):g} points: {', '.join(each)}"
