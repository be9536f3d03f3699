"""Whom the class file names: students as the gradebook shows them, and what is said where nobody is."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lecture_lib.exercises.signing_in import GUEST

from ..handed_in.owners import folded
from .course import FILE, Course
from .gradebook import safe_cell
from .matching import Matched
from .rosters import Roster, Student, letters_of
from .rows import Row, short_list


def as_shown(students: Iterable[str]) -> dict[str, list[str]]:
    """Students -> what the gradebook calls them -> who is called so."""
    shown: dict[str, list[str]] = {}
    for student in students:
        shown.setdefault(safe_cell(student), []).append(student)
    return shown


def named_by_what_is_shown(course: Course, shown: Mapping[str, Sequence[str]]) -> Course:
    """Return what was decided, with each student, who may be named as the gradebook shows them, by name."""

    def named(student: str) -> str:
        own = shown.get(safe_cell(student), ())
        return own[0] if len(own) == 1 else student

    return replace(
        course,
        days_late={(named(student), lesson): days for (student, lesson), days in course.days_late.items()},
        excused=tuple(replace(one, student=named(one.student)) for one in course.excused),
        changed=tuple(replace(one, student=named(one.student)) for one in course.changed),
    )


def of_nobody(
    course: Course, rows: Sequence[Row], roster: Roster | None, matched: Matched
) -> tuple[list[tuple[str, str]], list[str]]:
    """Say who is named and has no row in the gradebook: what needs a human, and notes.

    `matched` says who of the roster is who. That somebody whom it has is excused and handed in nothing is as
    it should be.
    """
    human, notes = list[tuple[str, str]](), list[str]()
    names = [row.student for row in rows]
    unknown = sorted(course.students() - {*names})
    shown = as_shown(names)
    meant = _known_by(rows, matched) if unknown else {}
    with_points = {one.student for one in course.changed} | {student for student, _ in course.days_late}
    for student in unknown:
        nobody = f"It names {student}, and nobody is called so in gradebook.csv"
        if same := shown.get(safe_cell(student)):
            why = f"as the gradebook calls {len(same)} students: their folders or files need other names"
            human.append((FILE, f"It names {student}, {why}."))
        elif own := {one for way in _ways(student) for one in meant.get(way, ())}:
            human.append((FILE, f"{nobody}. Is {short_list(own, ' or ')} meant? Then write that name."))
        elif student not in with_points and roster is not None and roster.knows(student):
            notes.append(
                f"{FILE} excuses {student}, who is in the roster, and no notebook is known as theirs."
            )
        elif near := difflib.get_close_matches(student, names, 1, 0.75):
            human.append((FILE, f"{nobody}. The nearest name there is {near[0]}."))
        else:
            human.append((FILE, f"It names {student}, of whom no notebook was handed in."))
    return human, notes


def _known_by(rows: Iterable[Row], matched: Matched) -> dict[str, set[str]]:
    """Return who of the gradebook may be meant: by an id, a number or a name, in any capitals."""
    in_roster: dict[str, Student] = {row.student: student for row, student in matched.pairs}
    found: dict[str, set[str]] = {}
    for row in rows:
        names = [row.student, row.owner.name, row.owner.number, *(row.signed_in_as - {GUEST})]
        if student := in_roster.get(row.student):
            names += [student.shown, student.number, *student.ids, *student.names, *student.logins]
        for way in {folded(name) for name in names} | {letters_of(name) for name in names}:
            found.setdefault(way, set()).add(safe_cell(row.student))
    found.pop("", None)
    return found


def _ways(name: str) -> set[str]:
    """Return how a name may be written: as it is, by its letters, and with the first name last."""
    first_last = " ".join(reversed(name.split()))
    return {folded(name), letters_of(name), letters_of(first_last)}
