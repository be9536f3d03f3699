"""What was handed in late: by Canvas's mark, by a time and a deadline, or as an instructor wrote down."""

import contextlib
import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timezone, tzinfo
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from lecture_lib.exercises import PartResult
from lecture_lib.lessons import EXERCISES

from ..frames import clean_name
from ..graded import Graded, GradedExercise
from ..handed_in import CANVAS, Submission, Unreadable, owner_of_file
from ..handed_in.folders import read_file
from ..handed_in.zips import read_member, time_of_member
from .course import FILE, LATE, Course, in_points
from .feedback import best_results


@dataclass(frozen=True)
class Late:
    """What a student has handed in late of a lesson.

    Attributes
    ----------
    days
        By how many days, each that has begun; None if only that it was late is known.
    free
        How many of them are the student's free days.
    off
        The points that the others take away.
    whole
        Whether the student has handed in nothing else of the lesson.
    counts
        Whether anything of it would count if it were not late.
    """

    lesson: str
    days: int | None
    free: int = 0
    off: float = 0.0
    whole: bool = True
    counts: bool = True

    @property
    def words(self) -> str:
        """Say it in one line."""
        what = f"{'' if self.whole else 'a notebook of '}lesson {self.lesson} was"
        if self.days is None:
            return f"{what} late"
        took = f", which takes away {in_points(self.off)}" if self.off else ""
        return f"{what} {_days_words(self.days, ' late', self.free)}{took}"


def _days_words(days: int, late: str, free: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}{late}{f', {free} of these free' if free else ''}"


class Unknown(NamedTuple):
    """A notebook of a lesson that has a deadline, of which it is not known whether it was late.

    `clock` is when it was handed in, where that is known by a clock that names no zone.
    """

    lesson: str
    submission: Submission
    clock: datetime | None = None


class Counted(NamedTuple):
    """A student's notebooks as they count.

    Attributes
    ----------
    results
        What counts of each, less what lateness takes.
    late
        What was late.
    unknown
        The notebooks of which it is not known whether they were late.
    """

    results: Sequence[Graded]
    late: Sequence[Late] = ()
    unknown: Sequence[Unknown] = ()


def with_lateness(
    course: Course, student: str, handed: Sequence[tuple[Submission, Graded]], counted: Sequence[Graded]
) -> Counted:
    """A student's notebooks, and what counts of each by `Course.applied` -> the same with what was late.

    A notebook loses its own share of its own points, so that what was on time loses nothing. Free days are
    spent lesson by lesson; of one lesson, the same days serve for each of its notebooks.
    """
    results, found, left = [*counted], list[Late](), course.free_days
    unknown: list[Unknown] = []
    own = [
        [id for id in result.exercises if id in graded.exercises]  # a marker's points for others are not late
        for (_, graded), result in zip(handed, counted, strict=True)
    ]
    for lesson in sorted({EXERCISES[id].lesson for ids in own for id in ids}):
        ids = {n: here for n, all in enumerate(own) if (here := [id for id in all if id in _ids(lesson)])}
        days = _days_of(course, student, lesson, {n: handed[n][0] for n in ids}, unknown)
        free = {n: _free(course, late or 0, left) for n, late in days.items()}
        for n, late in days.items():
            share = min(1.0, ((late or 0) - free[n]) * course.percent_a_day / 100)
            if late and share:
                words = f"{LATE}{_days_words(late, '', free[n])}"
                less = {id: _less(counted[n].exercises[id], share, words) for id in ids[n]}
                results[n] = replace(results[n], exercises={**results[n].exercises, **less})
        best = best_results(results[n] for n in sorted(ids, key=lambda n: _least_first(days[n])))
        spent = 0
        for late in sorted({*days.values()} - {0}, key=_least_first):
            these = [n for n in ids if days[n] == late]
            here = [(n, id) for n in these for id in ids[n] if results[n].exercises[id] is best[id]]
            before = sum(counted[n].exercises[id].points for n, id in here)
            off = before - sum(results[n].exercises[id].points for n, id in here)
            used = free[these[0]] if before else 0
            spent = max(spent, used)
            found.append(Late(lesson, late, used, round(off, 4), len(these) == len(ids), before > 0))
        left -= spent
    return Counted(results, found, unknown)


@functools.cache
def _ids(lesson: str) -> frozenset[str]:
    return frozenset(id for id, one in EXERCISES.items() if one.lesson == lesson)


def _least_first(days: int | None) -> float:
    return math.inf if days is None else days


def _free(course: Course, days: int, left: int) -> int:
    """Return how many of these days are free: none where the others take everything all the same."""
    return 0 if (days - left) * course.percent_a_day >= 100 else min(days, left)


def _less(found: GradedExercise, share: float, words: str) -> GradedExercise:
    """Take a share of its points from an exercise, as a part of its own."""
    off = PartResult(words, "not yet", -round(found.points * share, 4), 0.0)
    if not off.points:
        return found
    return replace(found, verdict=replace(found.verdict, results=(*found.verdict.results, off)))


def needs_a_human(course: Course, late: Late) -> str:
    """Say what an instructor should write down, "" if nothing."""
    if late.days is not None or not late.counts or not (course.free_days or course.percent_a_day):
        return ""
    return (
        f"Canvas marks lesson {late.lesson} as late, and its file's name does not say by how many days. Write"
        f" that into {FILE}, under [[days_late]]; until then it costs nothing."
    )


def _days_of(
    course: Course,
    student: str,
    lesson: str,
    notebooks: Mapping[int, Submission],
    unknown: list[Unknown],
) -> dict[int, int | None]:
    """Return by how many days each of a lesson's notebooks was late, and add those of which it is not known.

    What was written down is of those that were late, or of all where none is seen to be.
    """
    written = course.days_late.get((student, lesson))
    seen = {n: _days_late(course, lesson, one) for n, one in notebooks.items()}
    if written is not None:
        some = any(late != 0 for late, _ in seen.values())
        return {n: written if late != 0 or not some else 0 for n, (late, _) in seen.items()}
    unknown += filter(None, (why for _, why in seen.values()))
    return {n: late for n, (late, _) in seen.items()}


def _days_late(course: Course, lesson: str, submission: Submission) -> tuple[int | None, Unknown | None]:
    """Return by how many days a notebook was late, and why that is not known, None if it is.

    It is 0 for not at all, None if all that is known is that it was late.
    """
    deadline = course.deadlines.get(lesson)
    owner = owner_of_file(submission.name, submission.student)
    if deadline is not None and (at := submission.at or _time_of(submission, course)) is not None:
        if at.tzinfo is None and not course.tells_late(lesson, at):
            return 0, Unknown(lesson, submission, at)
        return course.days_after(lesson, at), None
    known = deadline is None or owner.late or owner.system == CANVAS  # which marks what was late
    return (None if owner.late else 0), None if known else Unknown(lesson, submission)


def _time_of(submission: Submission, course: Course) -> datetime | None:
    """Return when a notebook was handed in, if that is known: nbgrader writes it down."""
    if submission.stamp:
        return _read_time(_stamp(submission))
    if not course.file_times:
        return None
    try:
        if submission.member:  # a zip's clock is that of the place where it was made
            return time_of_member(submission.place, submission.member)
        return datetime.fromtimestamp(Path(submission.place).stat().st_mtime, UTC)
    except (Unreadable, OSError, ValueError):
        return None


def _stamp(submission: Submission) -> str:
    """Return what nbgrader has written beside a notebook, "" if it cannot be read."""
    with contextlib.suppress(Unreadable):
        in_zip, stamp = bool(submission.member), submission.stamp
        content = read_member(submission.place, stamp) if in_zip else read_file(stamp)
        return " ".join(content[:100].decode("utf-8", "replace").split())
    return ""


def _read_time(written: str) -> datetime | None:
    """Read a time as nbgrader writes it, in UTC where it names no zone; None if there is none.

    >>> times = [_read_time(f"2026-07-20 12:00 {zone}") for zone in ("UTC", "CEST", "JST")]
    >>> [time.utcoffset().seconds // 3600 for time in times]
    [0, 2, 9]
    >>> _read_time("2026-11-20T12:00:00.5+01:00") == _read_time("2026-11-20 08:00:00.5 -03")
    True
    >>> _read_time("2026-11-20 12:00 IST")
    """
    found = re.fullmatch(r"(\d\S+[ T]\d\S*)(?: ([A-Za-z]\S*))?", re.sub(r" (?=[+-]\d)", "", written))
    if found is None:
        return None
    try:
        when = datetime.fromisoformat(found[1])
        return when if when.tzinfo else when.replace(tzinfo=_zone(found[2] or "UTC", when))
    except (ValueError, KeyError, OSError):
        return None


def _zone(name: str, when: datetime) -> tzinfo:
    """Return a zone by its name or, where all places that are called so have the same clock, by its letters.

    Raises
    ------
    KeyError
        If there is no such zone, or several.
    """
    if "/" in name or name == "UTC":
        return ZoneInfo(name)
    places = [when.replace(tzinfo=zone) for zone in _zones()]
    offsets = {offset for at in places if at.tzname() == name and (offset := at.utcoffset()) is not None}
    if len(offsets) != 1:
        raise KeyError(name)
    return timezone(offsets.pop())


@functools.cache
def _zones() -> list[ZoneInfo]:
    return [ZoneInfo(name) for name in available_timezones()]


def of_unknown(unknown: Iterable[Unknown]) -> tuple[list[tuple[str, str]], list[str]]:
    """Say of which notebooks it is not known whether they were late: what needs a human, and notes."""
    human, notes = list[tuple[str, str]](), list[str]()
    groups: dict[tuple[str, bool, bool], list[Unknown]] = {}
    for one in unknown:
        groups.setdefault((one.lesson, one.clock is not None, bool(one.submission.stamp)), []).append(one)
    for (lesson, clock, stamped), found in sorted(groups.items(), key=lambda group: group[0]):
        ones = [one.submission for one in found]
        many, were = ("1 notebook", "was") if len(ones) == 1 else (f"{len(ones):,} notebooks", "were")
        names = _first_few([one.name for one in ones])
        what = f"Each counts as on time until you write its days into {FILE}, under [[days_late]]."
        if clock:
            said = f"Lesson {lesson} is due at a time in UTC, and the clock by which {many} {were} handed in"
            shows = f"names no zone: {names}. For the first, it shows {found[0].clock:%Y-%m-%d %H:%M}"
            how = 'Write under [late] whose clock it is, as time_zone = "Europe/Berlin"'
            human.append((FILE, f"{said} {shows}. {how}; until then each counts as on time."))
        elif stamped:
            read = f'"{clean_name(_stamp(ones[0]), 60)}"'
            said = f"nbgrader's timestamp.txt does not say when {many} of lesson {lesson} {were} handed in"
            why = f"In the first stands {read}, which is no time, or not the same time everywhere."
            human.append((FILE, f"{said}: {names}. {why} {what}"))
        else:
            said = f"Lesson {lesson} has a deadline, and when {many} of it {were} handed in is not known"
            notes.append(f"{said}: {names}. {what}")
    return human, notes


def _first_few(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
