"""The files that learning systems import: the gradebook in their columns, with their students' numbers.

Canvas (Grades, Import) knows a student by `ID`, or else by `SIS User ID` or `SIS Login ID`, and an assignment
by its title, or by its number in brackets after that. Its second row has the points possible.

Moodle has two imports. An assignment's grading worksheet (the assignment, Upload grading worksheet) knows a
student by `Identifier`, as in "Participant 71", and has one grade. The gradebook (Grades, Import, CSV file)
knows a student by whichever column one chooses, and stops where it does not know one.

Blackboard knows a student by `Username` and a column by the number behind its name; Brightspace a student by
`OrgDefinedId` or `Username`, and a column by its name and "Points Grade". Their own exports are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lecture_lib.exercises import Exercise

from ..handed_in import BLACKBOARD, BRIGHTSPACE, CANVAS, MOODLE
from ..handed_in.owners import folded
from .course import PLAIN, Course, in_points
from .gradebook import as_csv, safe_cell
from .rosters import IDS, WORKSHEET, Matched, Roster, match
from .rows import Row

_POSSIBLE = "    Points Possible"
_IDENTITY = {
    CANVAS: {"id", "sis user id", "sis login id", "integration id", "root account", "section"},
    BLACKBOARD: {"username", "student id"},
    BRIGHTSPACE: {"orgdefinedid", "username"},
}
_ASSIGNMENT = re.compile(r"^(?P<title>.*?)(?: \(\d+\)| \[.*\] ?\|\d+| Points Grade(?: <.*>)?)?$")
_WORTH = re.compile(r"(?:\[Total Pts: |MaxPoints:)(?P<points>[\d.,]+)")
"""What the points possible stand behind, where they stand in the name of a column."""


@dataclass(frozen=True)
class Import:
    """A file to be imported.

    Attributes
    ----------
    text
        The file.
    left_out
        Who is not in it, and why.
    notes
        What an instructor should know before they import it.
    absent
        Those of the roster who handed in nothing.
    """

    text: str
    left_out: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def _alone(
    rows: Iterable[Row], key: Callable[[Row], str], what: str
) -> tuple[list[Row], list[tuple[str, str]]]:
    """Return the students whose key is theirs alone, and who shares one with others."""
    owners: dict[str, list[Row]] = {}
    for row in rows:
        owners.setdefault(key(row), []).append(row)
    alone = [own[0] for own in owners.values() if len(own) == 1]
    left_out = [
        (row.student, f"{what} {shared} stands for several: {', '.join(one.student for one in own)}.")
        for shared, own in owners.items()
        if len(own) > 1
        for row in own
    ]
    return alone, left_out


def _id_there(row: Row) -> str:
    """Return an id as it is in the file, and as such systems compare it."""
    return folded(safe_cell(row.student))


# ------------------------------------------------------------------ points


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

    def earned(self, row: Row) -> float:
        """Return a student's points; where an exercise is excused, the others stand for it, too."""
        could = row.out_of(self.exercises)
        return row.points_in(self.exercises) * (self.out_of / could if could else 0.0)

    def cell(self, row: Row, scale: float = 1.0, otherwise: str = "") -> str:
        """Return a student's points as they are written; something else where nothing was handed in."""
        return _number(self.earned(row) * scale) if self.has(row) else otherwise


def lessons_of(rows: Iterable[Row], course: Course = PLAIN) -> list[Lesson]:
    """Return the lessons of which anything was handed in, of those that give points."""
    handed = {id for row in rows for id in row.points}
    numbers = sorted({exercise.lesson for exercise in course.exercises() if exercise.id in handed})
    return [Lesson(number, course.exercises(number)) for number in numbers]


def _out_of(lessons: Iterable[Lesson]) -> float:
    return sum(lesson.out_of for lesson in lessons)


def _earned(row: Row, lessons: Iterable[Lesson]) -> float:
    return sum(lesson.earned(row) for lesson in lessons)


def _number(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")


def _read_number(text: str) -> float | None:
    """A number as Canvas and Moodle write it, in a language of decimal commas too -> the number."""
    plain = text.strip().replace(" ", "").replace("\u00a0", "")
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        return float(plain.replace(",", "."))
    return None


def _comment(row: Row, lessons: Iterable[Lesson]) -> str:
    """Say a student's points by exercise."""
    shown = [lesson for lesson in lessons if lesson.has(row)]
    asked = {one.id: one for lesson in shown for one in lesson.exercises}
    each = [f"{id} {row.points[id]:g} of {one.points:g}" for id, one in asked.items() if id in row.points]
    each += [f"{id} excused" for id in asked if id in row.excused]
    each += [late.words for late in row.late if late.lesson in {lesson.number for lesson in shown}]
    return f"{_earned(row, shown):g} of {_out_of(shown):g} points: {', '.join(each)}"


# ------------------------------------------------------------------ each system's


def gradebook_import(
    system: str, rows: Sequence[Row], roster: Roster | None = None, course: Course = PLAIN
) -> Import:
    """Students' points, in the form in which a system imports them; `roster` is that system's, if given.

    For Blackboard and Brightspace it must be: the names in their downloads are not enough for an import.
    """
    if system == MOODLE:
        return moodle_import(rows, roster, course)
    return canvas_import(rows, course) if roster is None else filled_import(rows, roster, course)


# ------------------------------------------------------------------ Canvas, Blackboard and Brightspace


def canvas_import(rows: Sequence[Row], course: Course = PLAIN) -> Import:
    """Students' points by lesson, in the form of Canvas's gradebook, without a roster.

    Canvas's own number is given for notebooks that were downloaded there, and for all others their id as
    `SIS Login ID`.
    """
    graded = [row for row in rows if row.named and lessons_of([row], course)]
    lessons = lessons_of(graded, course)
    graded, left_out = _alone(graded, lambda row: row.owner.number or f"id {_id_there(row)}", "Canvas's")
    lines: list[Sequence[str]] = [
        [
            "Student",
            "ID",
            "SIS User ID",
            "SIS Login ID",
            "Section",
            *(f"Lesson {one.number}" for one in lessons),
        ],
        [_POSSIBLE, "", "", "", "", *(_number(lesson.out_of) for lesson in lessons)],
    ]
    for row in graded:
        from_canvas = row.owner.system == CANVAS
        lines.append(
            [
                _canvas_name(row.owner.name or row.student),
                row.owner.number if from_canvas else "",
                "",
                "" if row.owner.system else safe_cell(row.student),
                "",
                *(lesson.cell(row) for lesson in lessons),
            ]
        )
    return Import(as_csv(lines), tuple(left_out), _of_blanks(graded, lessons, CANVAS))


def _of_blanks(rows: Iterable[Row], lessons: Sequence[Lesson], system: str) -> tuple[str, ...]:
    """Warn of cells that are blank: where the system has points, it takes these away."""
    if all(lesson.has(row) for row in rows for lesson in lessons):
        return ()
    return (
        f"Not everyone handed in every lesson, and a blank cell takes away points that {system} already has."
        " If it has any for these lessons, grade and import one lesson at a time.",
    )


def _canvas_name(name: str) -> str:
    """Return a name that Canvas does not take for its row of points possible, wherever these words stand."""
    return re.sub(r"(?i)(points) (?=possible)", r"\1-", safe_cell(name))


def filled_import(rows: Sequence[Row], roster: Roster, course: Course = PLAIN) -> Import:
    """Students' points by lesson, in the columns of what Canvas, Blackboard or Brightspace has exported.

    An assignment called "Lesson 03" is filled, and where its points possible are other than ours the points
    are scaled to them.
    """
    graded = [row for row in rows if row.named and lessons_of([row], course)]
    matched, system = match(graded, roster), roster.system
    last = max(place for place, name in enumerate(roster.head) if name.casefold() in _IDENTITY[system])
    kept = range(last + 1)
    head, possible = [roster.head[place] for place in kept], [_POSSIBLE, *[""] * last]
    columns: list[tuple[Lesson, int | None, float]] = []
    for lesson in lessons_of(graded, course):
        title, place, points = f"Lesson {lesson.number}", _column_of(lesson, roster.head), lesson.out_of
        theirs = None if place is None else _worth(roster, place)
        head.append(_new_column(lesson, system) if place is None else roster.head[place])
        possible.append(_number(theirs or points))
        columns.append((lesson, place, (theirs or points) / points))
        if theirs and theirs != points:
            matched.notes.append(
                f"{title} has {in_points(points)}; they are scaled to {system}'s {theirs:g}."
            )
        if place is None:
            matched.notes.append(
                f'The roster has no assignment "{title}": {system} asks which one it is, or makes it.'
            )
    ends = ["#"] if system == BRIGHTSPACE else []
    lines: list[Sequence[str]] = [[*map(safe_cell, head), *["End-of-Line Indicator" for _ in ends]]]
    lines += [possible] if system == CANVAS else []
    for row, student in matched.pairs:
        cells = [_canvas_name(student.cells[place]) for place in kept]
        for lesson, place, scale in columns:
            before = "" if place is None else safe_cell(student.cells[place])
            cells.append(lesson.cell(row, scale, before))
        lines.append([*cells, *ends])
    return _import_of(lines, matched, all_in_quotes=system == BLACKBOARD)


def _worth(roster: Roster, place: int) -> float | None:
    """Return the points that an assignment has there, None where that is not said."""
    if roster.possible:
        return _read_number(roster.possible[place])
    found = _WORTH.search(roster.head[place])
    return _read_number(found["points"]) if found else None


def _new_column(lesson: Lesson, system: str) -> str:
    """Return what a column that is not there yet is to be called."""
    behind = {BLACKBOARD: f" [Total Pts: {_number(lesson.out_of)} Score]", BRIGHTSPACE: " Points Grade"}
    return f"Lesson {lesson.number}{behind.get(system, '')}"


def _import_of(lines: Iterable[Sequence[str]], matched: Matched, all_in_quotes: bool = False) -> Import:
    notes = tuple(dict.fromkeys(matched.notes))
    return Import(as_csv(lines, all_in_quotes), tuple(matched.left_out), notes, tuple(matched.absent))


def _column_of(lesson: Lesson, head: Sequence[str]) -> int | None:
    """Return the place of the assignment that has a lesson's name."""
    titles = {f"lesson {lesson.number}", f"lesson {int(lesson.number)}"}
    for place, name in enumerate(head):
        found = _ASSIGNMENT.match(name)
        if found and " ".join(found["title"].casefold().split()) in titles:
            return place
    return None


# ------------------------------------------------------------------ Moodle


def moodle_import(rows: Sequence[Row], roster: Roster | None = None, course: Course = PLAIN) -> Import:
    """Students' points, in the form of one of Moodle's imports.

    A grading worksheet, where the notebooks were downloaded from an assignment or the roster is its
    worksheet: one grade, of all lessons that were handed in. Or else columns for Moodle's gradebook: the
    students' ids, and each lesson's points with a comment: Moodle takes the two together or loses one.
    """
    graded = [row for row in rows if row.named and lessons_of([row], course)]
    lessons = lessons_of(graded, course)
    if roster is not None:
        matched = match(graded, roster)
        form = _filled_worksheet if roster.kind == WORKSHEET else _people
        return form(matched, lessons, roster)
    if any(row.owner.system == MOODLE for row in graded):
        return _new_worksheet(graded, lessons)
    graded, left_out = _alone(graded, _id_there, "The id")
    lines = [["ID number", *_lesson_columns(lessons)]]
    lines += [[safe_cell(row.student), *_lesson_cells(row, lessons)] for row in graded]
    return Import(as_csv(lines), tuple(left_out), _of_blanks(graded, lessons, MOODLE))


def _lesson_columns(lessons: Iterable[Lesson]) -> list[str]:
    return [
        name
        for lesson in lessons
        for name in (f"Lesson {lesson.number} ({lesson.out_of:g} points)", f"Lesson {lesson.number} feedback")
    ]


def _lesson_cells(row: Row, lessons: Iterable[Lesson]) -> list[str]:
    return [
        cell
        for lesson in lessons
        for cell in (lesson.cell(row), _comment(row, [lesson]) if lesson.has(row) else "")
    ]


def _new_worksheet(rows: Sequence[Row], lessons: Sequence[Lesson]) -> Import:
    left_out = [
        (row.student, "It has no participant number of Moodle's, so it is not in gradebook_moodle.csv.")
        for row in rows
        if row.owner.system != MOODLE
    ]
    own, doubled = _alone(
        (row for row in rows if row.owner.system == MOODLE), lambda row: row.owner.number, "Participant"
    )
    head = ["Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)", "Feedback comments"]
    out_of = _number(_out_of(lessons))
    lines = [head]
    lines += [
        [
            f"Participant {row.owner.number}",
            safe_cell(row.owner.name),
            _number(_earned(row, lessons)),
            out_of,
            "-",
            _comment(row, lessons),
        ]
        for row in own
    ]
    return Import(as_csv(lines), (*left_out, *doubled))


def _filled_worksheet(matched: Matched, lessons: Sequence[Lesson], roster: Roster) -> Import:
    columns = {name.casefold(): place for place, name in enumerate(roster.head)}
    out_of = _out_of(lessons)
    lines = [[safe_cell(name) for name in roster.head]]
    for row, student in matched.pairs:
        maximum = (
            _read_number(student.cells[columns["maximum grade"]]) if "maximum grade" in columns else out_of
        )
        if not maximum:
            matched.left_out.append((row.student, "Moodle's assignment is not graded with points."))
            continue
        cells = [safe_cell(cell) if cell != "-" else cell for cell in student.cells]
        cells[columns["grade"]] = _number(_earned(row, lessons) * maximum / out_of)
        if "feedback comments" in columns:
            cells[columns["feedback comments"]] = _comment(row, lessons)
        if maximum != out_of:
            matched.notes.append(
                f"The lessons have {in_points(out_of)}; they are scaled to Moodle's {maximum:g}."
            )
        lines.append(cells)
    return _import_of(lines, matched)


def _people(matched: Matched, lessons: Sequence[Lesson], roster: Roster) -> Import:
    wanted = {*IDS, "first name", "last name", "surname", "full name"}
    kept = [place for place, name in enumerate(roster.head) if name.casefold() in wanted]
    lines = [[*(safe_cell(roster.head[place]) for place in kept), *_lesson_columns(lessons)]]
    for row, student in matched.pairs:
        own = [safe_cell(student.cells[place]) for place in kept]
        lines.append([*own, *_lesson_cells(row, lessons)])
    matched.notes += _of_blanks((row for row, _ in matched.pairs), lessons, MOODLE)
    return _import_of(lines, matched)
