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
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lecture_lib.exercises import Exercise

from ..frames import clean_name
from ..handed_in import BLACKBOARD, BRIGHTSPACE, CANVAS, MOODLE
from ..handed_in.owners import folded
from .course import PLAIN, Course, in_points
from .gradebook import as_csv, safe_cell
from .pictures import counted
from .rosters import IDS, WORKSHEET, Matched, Roster, match
from .rows import Row, short_list

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
    human
        What else needs a human: whose, and why.
    """

    text: str
    left_out: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    human: tuple[tuple[str, str], ...] = ()


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

    def is_excused(self, row: Row) -> bool:
        """Whether a student need not do any of it."""
        return row.out_of(self.exercises) == 0

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


def _earned(row: Row, lessons: Sequence[Lesson]) -> float:
    """Return a student's points; where a whole lesson is excused, the others stand for it, too."""
    could = _out_of(lesson for lesson in lessons if not lesson.is_excused(row))
    return sum(lesson.earned(row) for lesson in lessons) * (_out_of(lessons) / could if could else 0.0)


def _number(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")


def _read_number(text: str) -> float | None:
    """A number as Canvas and Moodle write it, in a language of decimal commas too -> the number.

    What may be thousands or a fraction is not guessed.

    >>> [_read_number(text) for text in ("7,50", "1,000.00", "1.000,50", "1 000", "1,000", "-")]
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


def _comment(row: Row, lessons: Iterable[Lesson]) -> str:
    """Say a student's points by exercise, and which lessons were not handed in."""
    asked_for = [*lessons]
    shown = [lesson for lesson in asked_for if not lesson.is_excused(row)]
    asked = {one.id: one for lesson in shown if lesson.has(row) for one in lesson.exercises}
    each = [f"{id} {row.points[id]:g} of {one.points:g}" for id, one in asked.items() if id in row.points]
    each += [f"{id} excused" for id in asked if id in row.excused]
    each += [f"lesson {one.number} not handed in" for one in shown if not one.has(row)]
    each += [f"lesson {one.number} excused" for one in asked_for if one.is_excused(row)]
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
        "Where a lesson was not handed in, or is excused, the cell is blank, and a blank cell takes away"
        f" points that {system} already has. If it has any for these, grade and import one lesson at a time.",
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
        said = "" if place is None else _worth_there(roster, place)
        if said and not theirs:
            matched.notes.append(
                f'The points possible of {title}, "{clean_name(said, 40)}", are no number to which points can'
                f" be scaled: its cells are of {points:g}. See that {system} has the same."
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
    """Return the points that an assignment has there, None where that is not said, or is no number."""
    return _read_number(_worth_there(roster, place))


def _worth_there(roster: Roster, place: int) -> str:
    """Return what stands there for the points that an assignment has, "" for nothing."""
    if roster.possible:
        return roster.possible[place].strip()
    found = _WORTH.search(roster.head[place])
    return found["points"] if found else ""


def _new_column(lesson: Lesson, system: str) -> str:
    """Return what a column that is not there yet is to be called."""
    behind = {BLACKBOARD: f" [Total Pts: {_number(lesson.out_of)} Score]", BRIGHTSPACE: " Points Grade"}
    return f"Lesson {lesson.number}{behind.get(system, '')}"


def _import_of(
    lines: Iterable[Sequence[str]],
    matched: Matched,
    all_in_quotes: bool = False,
    human: Sequence[tuple[str, str]] = (),
) -> Import:
    notes = tuple(dict.fromkeys(matched.notes))
    text = as_csv(lines, all_in_quotes)
    return Import(text, tuple(matched.left_out), notes, tuple(matched.absent), tuple(human))


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
    worksheet: one grade, of all lessons that half of its students handed in. Or else columns for Moodle's
    gradebook: the students' ids, and each lesson's points with a comment: Moodle takes the two together or
    loses one.
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
    few = _without_few(own, lessons)
    human = [*few.human, *_of_several_assignments(own)]
    head = ["Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)", "Feedback comments"]
    out_of = _number(_out_of(few.lessons))
    lines = [head]
    lines += [
        [
            f"Participant {row.owner.number}",
            safe_cell(row.owner.name),
            _number(_earned(row, few.lessons)),
            out_of,
            "-",
            _comment(row, few.lessons),
        ]
        for row in few.rows
    ]
    return Import(as_csv(lines), (*left_out, *doubled, *few.left_out), few.notes, human=tuple(human))


@dataclass(frozen=True)
class _Worksheet:
    """What has a place in a worksheet of one grade, and what is to be said of what has none."""

    rows: Sequence[Row]
    lessons: Sequence[Lesson]
    left_out: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    human: tuple[tuple[str, str], ...]


def _without_few(rows: Sequence[Row], lessons: Sequence[Lesson]) -> _Worksheet:
    """Leave out the lessons that fewer than half of the students handed in: they scale nobody's grade."""
    handed = {lesson.number: sum(lesson.has(row) for row in rows) for lesson in lessons}
    lessons = [lesson for lesson in lessons if handed[lesson.number]]
    asked = {lesson.number: sum(not lesson.is_excused(row) for row in rows) for lesson in lessons}
    kept = [one for one in lessons if 2 * handed[one.number] >= asked[one.number]] or [*lessons]
    few = [lesson for lesson in lessons if lesson not in kept]
    notes = [
        f"Lesson {one.number} was handed in by {handed[one.number]} of {counted(asked[one.number])}, fewer"
        " than half: it is in nobody's grade."
        for one in few
    ]
    there = [row for row in rows if any(lesson.has(row) for lesson in kept)]
    said = {
        row.student: f"fewer than half of the students handed in {' and '.join(own)}"
        for row in rows
        if (own := [f"lesson {lesson.number}" for lesson in few if lesson.has(row)])
    }
    known = {row.student for row in there}
    left_out = [
        (student, f"They handed in nothing else, and {why}.")
        for student, why in said.items()
        if student not in known
    ]
    human = [
        (student, f"Not all that they handed in is in the grade: {why}.")
        for student, why in said.items()
        if student in known
    ]
    return _Worksheet(there, kept, tuple(left_out), tuple(notes), tuple(human))


def _of_several_assignments(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Say where participants seem to be of several assignments: Moodle has a worksheet for each."""
    advice = (
        "A worksheet of Moodle's is of one assignment, and who handed in several stands in it several times."
        " Grade the download of each assignment by itself."
    )
    around = {folder or "no folder" for row in rows for folder in row.around}
    if len(around) > 1:
        return [(short_list(around), f"These seem to be folders of several assignments. {advice}")]
    names = Counter(name for row in rows if (name := folded(row.owner.name)) != "participant")
    again = {row.owner.name for row in rows if names[folded(row.owner.name)] > 1}
    if 2 * sum(count for count in names.values() if count > 1) >= len(rows) and again:
        return [(short_list(again), f"With one name there are several participants. {advice}")]
    return []


def _filled_worksheet(matched: Matched, lessons: Sequence[Lesson], roster: Roster) -> Import:
    columns = {name.casefold(): place for place, name in enumerate(roster.head)}
    few = _without_few([row for row, _ in matched.pairs], lessons)
    matched.left_out += few.left_out
    matched.notes += few.notes
    lessons, out_of, there = few.lessons, _out_of(few.lessons), {row.student for row in few.rows}
    lines = [[safe_cell(name) for name in roster.head]]
    for row, student in matched.pairs:
        if row.student not in there:
            continue
        maximum = (
            _read_number(student.cells[columns["maximum grade"]]) if "maximum grade" in columns else out_of
        )
        if not maximum:
            matched.left_out.append(
                (
                    row.student,
                    "Moodle's assignment has no maximum grade that can be read. Is it graded with points?",
                )
            )
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
    return _import_of(lines, matched, human=few.human)


def _people(matched: Matched, lessons: Sequence[Lesson], roster: Roster) -> Import:
    wanted = {*IDS, "first name", "last name", "surname", "full name"}
    kept = [place for place, name in enumerate(roster.head) if name.casefold() in wanted]
    lines = [[*(safe_cell(roster.head[place]) for place in kept), *_lesson_columns(lessons)]]
    for row, student in matched.pairs:
        own = [safe_cell(student.cells[place]) for place in kept]
        lines.append([*own, *_lesson_cells(row, lessons)])
    matched.notes += _of_blanks((row for row, _ in matched.pairs), lessons, MOODLE)
    return _import_of(lines, matched)
