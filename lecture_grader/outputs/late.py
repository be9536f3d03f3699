"""What was handed in late: by Canvas's mark, by a time and a deadline, or as an instructor wrote down."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from lecture_lib.lessons import EXERCISES

from ..graded import Graded
from ..handed_in import Submission, Unreadable, owner_of_file
from ..handed_in.folders import read_file
from .course import FILE, Course, in_points


@dataclass(frozen=True)
class Late:
    """A lesson that a student has handed in late.

    Attributes
    ----------
    days
        By how many days, each that has begun; None if only that it was late is known.
    free
        How many of them are the student's free days.
    off
        The points that the others take away.
    """

    lesson: str
    days: int | None
    free: int = 0
    off: float = 0.0

    @property
    def words(self) -> str:
        """Say it in one line."""
        if self.days is None:
            return f"lesson {self.lesson} was late"
        days = "1 day" if self.days == 1 else f"{self.days} days"
        free = f", {self.free} of these free" if self.free else ""
        took = f", which takes away {in_points(self.off)}" if self.off else ""
        return f"lesson {self.lesson} was {days} late{free}{took}"


def late_of(course: Course, student: str, handed: Sequence[tuple[Submission, Graded]]) -> list[Late]:
    """A student's notebooks, as they count -> what was late; of a lesson, the notebook with most points."""
    best: dict[str, tuple[float, float, int | None]] = {}
    for submission, graded in handed:
        earned: dict[str, float] = {}
        for id, exercise in graded.exercises.items():
            lesson = EXERCISES[id].lesson
            earned[lesson] = earned.get(lesson, 0.0) + exercise.points
        for lesson, points in earned.items():
            days = _days_late(course, lesson, submission)
            rank = (points, -math.inf if days is None else -days)
            if lesson not in best or rank > best[lesson][:2]:
                best[lesson] = (*rank, days)
    found: list[Late] = []
    left = course.free_days
    for lesson, (points, _, seen) in sorted(best.items()):
        days = course.days_late.get((student, lesson), seen)
        if days is None:
            found.append(Late(lesson, None))
        elif days:
            free = min(days, left)
            left -= free
            share = min(1.0, (days - free) * course.percent_a_day / 100)
            found.append(Late(lesson, days, free, round(points * share, 4)))
    return found


def needs_a_human(course: Course, late: Late) -> str:
    """Say what an instructor should write down, "" if nothing."""
    if late.days is not None or not (course.free_days or course.percent_a_day):
        return ""
    return (
        f"Canvas marks lesson {late.lesson} as late, and its file's name does not say by how many days. Write"
        f" that into {FILE}, under [[days_late]]; until then it costs nothing."
    )


def _days_late(course: Course, lesson: str, submission: Submission) -> int | None:
    """Return by how many days a notebook was late: 0 for not at all, None if that is all that is known."""
    deadline = course.deadlines.get(lesson)
    if deadline is not None:
        said = submission.at  # by the clock of the place where the deadline is
        at = said.replace(tzinfo=deadline.tzinfo) if said else _time_of(submission, course.file_times)
        if at is not None:
            return max(0, math.ceil((at - deadline) / timedelta(days=1)))
    return None if owner_of_file(submission.name, submission.student).late else 0


def _time_of(submission: Submission, file_times: bool) -> datetime | None:
    """Return when a notebook was handed in, if that is known: nbgrader writes it down."""
    if submission.stamp:
        with contextlib.suppress(Unreadable, OSError, ValueError, KeyError):
            day, clock, *zone = read_file(submission.stamp)[:100].decode().split()
            when = datetime.fromisoformat(f"{day} {clock}")
            return when.replace(tzinfo=ZoneInfo(zone[0]) if zone else UTC)
    if submission.member or not file_times:
        return None
    try:
        return datetime.fromtimestamp(Path(submission.place).stat().st_mtime, UTC)
    except OSError:
        return None
