"""How `class.toml` is read: each entry is looked at before it is believed."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, available_timezones

from lecture_lib.lessons import EXERCISES

from ..frames import clean_name
from ..handed_in.owners import shown
from .course import Changed, Course, Excused, in_points

_MOST_LETTERS = 320  # no student in the gradebook has more
_TOO_LONG = "a number of over 4,300 digits"
_KNOWN = ["leave_out", "points", "weights", "deadlines", "late", "days_late", "excused", "changed"]

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TWICE = re.compile(r"Cannot (?:declare|overwrite|mutate|redefine)")
_SLIPS = (
    (re.compile(r"\d:\d\d(?!:?\d)"), "A time has seconds, too, as 23:59:00. "),
    (re.compile(r"\d\s*%"), "A number has no % behind it. "),
    (re.compile(r"\d,\d"), "A number has a point, as 1.5, and no comma. "),
    (re.compile(r"=\s*(?:True|False|TRUE|FALSE|yes|no)\b"), "It is true or false, in small letters. "),
    (re.compile(r"[“”„‘’«»]"), 'Quotes are straight, as "03". '),
    (re.compile(r"=\s*0\d"), 'A lesson\'s number is in quotes, as "03". '),
)
"""What people write that is no TOML, and what is to be said of it."""
_EXPECTED = (
    'A line is a name, = and a value: a text in quotes as "s1234", a number as 10 or 0.5, true or false, a'
    ' list as ["02", "03"], or a time as 2026-11-20T23:59:00+01:00. Or it begins a table, as [late], or an'
    " entry, as [[excused]]."
)
_Value = TypeVar("_Value")


class NotACourse(Exception):
    """The file cannot be used; the message says what in it, and what is expected."""


def read_course(path: Path) -> Course:
    """A file in TOML -> what was decided.

    Raises
    ------
    NotACourse
        If it cannot be read, or says what makes no sense.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")  # as Windows' editors write it
        found = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise NotACourse(f"{path} is not written in UTF-8. Save it as UTF-8 and try again.") from error
    except (OSError, tomllib.TOMLDecodeError, RecursionError) as error:
        why = getattr(error, "strerror", None) or error
        raise NotACourse(f"{path} cannot be read: {why}.{_of_the_line(text, str(why))}") from error
    except ValueError as error:  # so many digits Python does not read
        raise NotACourse(f"{path} cannot be read: in it stands {_TOO_LONG}.") from error
    reader = _Reader(path)
    return reader.agreeing(reader.course(found))


def _of_the_line(text: str, why: str) -> str:
    """Show the line at which TOML could not be read, and say what can stand there."""
    lines = text.replace("\r\n", "\n").rstrip().split("\n")
    found = _LINE.search(why)
    if found is None and "at end of document" not in why:
        return ""
    line = lines[min(int(found[1]), len(lines)) - 1] if found else lines[-1]
    shown = f" There stands: {clean_name(line.strip(), 100)}" if line.strip() else ""
    if _TWICE.search(why):
        return f"{shown}\nThe name stands in the file twice, or as two different things: keep one."
    hint = next((hint for looks, hint in _SLIPS if looks.search(line)), "")
    return f"{shown}\n{hint}{_EXPECTED}"


@dataclass(frozen=True)
class _Reader:
    """Looks at each entry before it is believed."""

    path: Path

    def course(self, found: dict[str, Any]) -> Course:
        self._known(found, _KNOWN, "the file")
        late = self._table(found, "late")
        self._known(late, ["free_days", "percent_a_day", "file_times", "time_zone"], "[late]")
        zone = self._zone(late["time_zone"], "[late] time_zone") if "time_zone" in late else None
        points = self._table(found, "points")
        for id in points:
            if not EXERCISES[self._exercise(id, "[points]")].points:
                raise self._wrong(f"[points] {id}", "it gives no points in its lesson, so it cannot here")
        return Course(
            left_out=frozenset(self._lesson(one, "leave_out") for one in self._list(found, "leave_out")),
            points={id: self._number(value, f"[points] {id}") for id, value in points.items()},
            weights=dict(self._of_lessons(found, "weights", self._number)),
            deadlines={
                lesson: when if when.tzinfo else when.replace(tzinfo=zone)
                for lesson, when in self._of_lessons(found, "deadlines", self._time)
            },
            time_zone=zone,
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
        number = lesson if isinstance(lesson, str) else _said(lesson)
        if not number or number.zfill(2) not in lessons:
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

    def _zone(self, value: Any, where: str) -> tzinfo:
        known = available_timezones()
        if isinstance(value, str) and value in known:
            return ZoneInfo(value)
        words = f'a zone by its name is expected, as "Europe/Berlin", not {_said(value)}'
        places = {name.rpartition("/")[2].casefold(): name for name in known if "/" in name}
        given = value if isinstance(value, str) else ""
        town = given.rpartition("/")[2].strip().replace(" ", "_").casefold()
        near = difflib.get_close_matches(town[:100], places, 1)
        raise self._wrong(where, f'{words}; the nearest is "{places[near[0]]}"' if near else words)

    def _time(self, value: Any, where: str) -> datetime:
        if not isinstance(value, datetime):
            raise self._wrong(where, "a date and a time are expected, as 2026-11-20T23:59:00+01:00")
        try:
            value.astimezone()
            return value
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
