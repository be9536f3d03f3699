"""What Canvas, Blackboard and Brightspace import: their own export filled in, or for Canvas a new file.

Canvas (Grades, Import) knows a student by `ID`, or else by `SIS User ID` or `SIS Login ID`, and an assignment
by its title, or by its number in brackets after that. Its second row has the points possible.

Blackboard knows a student by `Username` and a column by the number behind its name; Brightspace a student by
`OrgDefinedId` or `Username`, and a column by its name and "Points Grade". Their own exports are filled in.
"""

import re
from collections.abc import Sequence

from ..frames import clean_name
from ..handed_in import BLACKBOARD, BRIGHTSPACE, CANVAS
from .course import PLAIN, Course, in_points
from .gradebook import as_csv, safe_cell
from .imports import Import, alone, id_there, import_of, of_blanks
from .lesson_points import Lesson, as_number, lessons_of, read_number
from .matching import match
from .rosters import Roster
from .rows import Row

_POSSIBLE = "    Points Possible"
_IDENTITY = {
    CANVAS: {"id", "sis user id", "sis login id", "integration id", "root account", "section"},
    BLACKBOARD: {"username", "student id"},
    BRIGHTSPACE: {"orgdefinedid", "username"},
}
_ASSIGNMENT = re.compile(r"^(?P<title>.*?)(?: \(\d+\)| \[.*\] ?\|\d+| Points Grade(?: <.*>)?)?$")
_ANONYMOUS = (
    "Canvas's download of an anonymous assignment has neither a name nor a number of theirs. When Canvas"
    " shows the names, download it again and grade that: notebooks that are the same are not graded again."
)
_WORTH = re.compile(r"(?:\[Total Pts: |MaxPoints:)(?P<points>[\d.,]+)")
"""What the points possible stand behind, where they stand in the name of a column."""
_SHOWS = re.compile(r"\[Total Pts: (?:up to )?[\d.,]* *(?P<what>[^\]]*)\]")
"""As what Blackboard shows a column, behind the points possible: "Score", "Percentage", "Text", …"""


def canvas_import(rows: Sequence[Row], course: Course = PLAIN) -> Import:
    """Students' points by lesson, in the form of Canvas's gradebook, without a roster.

    Canvas's own number is given for notebooks that were downloaded there, and for all others their id as
    `SIS Login ID`.
    """
    graded = [row for row in rows if row.named and lessons_of([row], course)]
    lessons = lessons_of(graded, course)
    nobodys = [(row.student, _ANONYMOUS) for row in graded if _is_anonymous(row)]
    graded = [row for row in graded if not _is_anonymous(row)]
    graded, left_out = alone(graded, lambda row: row.owner.number or f"id {id_there(row)}", "Canvas's")
    who = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    lines: list[Sequence[str]] = [
        [*who, *(f"Lesson {one.number}" for one in lessons)],
        [_POSSIBLE, "", "", "", "", *(as_number(lesson.out_of) for lesson in lessons)],
    ]
    for row in graded:
        name, id = _canvas_name(row.owner.name or row.student), safe_cell(row.student)
        number = row.owner.number if row.owner.system == CANVAS else ""
        who = [name, number, "", "" if row.owner.system else id, ""]
        lines.append([*who, *(lesson.cell(row) for lesson in lessons)])
    return Import(as_csv(lines), (*nobodys, *left_out), of_blanks(graded, lessons, CANVAS))


def _is_anonymous(row: Row) -> bool:
    return row.owner.system == CANVAS and not row.owner.number


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
        said = "" if place is None else _worth_there(roster, place)
        theirs = read_number(said)
        head.append(_new_column(lesson, system) if place is None else roster.head[place])
        possible.append(as_number(theirs or points))
        columns.append((lesson, place, (theirs or points) / points))
        if theirs and theirs != points:
            matched.notes.append(
                f"{title} has {in_points(points)}; they are scaled to {system}'s {theirs:g}."
            )
        if said and not theirs:
            matched.notes.append(
                f'The points possible of {title}, "{clean_name(said, 40)}", are no number to which points can'
                f" be scaled: its cells are of {points:g}. See that {system} has the same."
            )
        shows = None if place is None else _SHOWS.search(roster.head[place])
        if shows and shows["what"].strip().casefold() not in ("", "score"):
            matched.notes.append(
                f"{system} shows {title} as {clean_name(shows['what'].strip(), 40)}, and its cells here are"
                f" points, of {as_number(theirs or points)}. See in {system} that it takes them as points, or"
                ' let it show the column as "Score", and export it again.'
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
    return import_of(lines, matched, all_in_quotes=system == BLACKBOARD)


def _worth_there(roster: Roster, place: int) -> str:
    """Return what stands there for the points that an assignment has, "" for nothing."""
    if roster.possible:
        return roster.possible[place].strip()
    found = _WORTH.search(roster.head[place])
    return found["points"] if found else ""


def _new_column(lesson: Lesson, system: str) -> str:
    """Return what a column that is not there yet is to be called."""
    behind = {BLACKBOARD: f" [Total Pts: {as_number(lesson.out_of)} Score]", BRIGHTSPACE: " Points Grade"}
    return f"Lesson {lesson.number}{behind.get(system, '')}"


def _column_of(lesson: Lesson, head: Sequence[str]) -> int | None:
    """Return the place of the assignment that has a lesson's name."""
    titles = {f"lesson {lesson.number}", f"lesson {int(lesson.number)}"}
    for place, name in enumerate(head):
        found = _ASSIGNMENT.match(name)
        if found and " ".join(found["title"].casefold().split()) in titles:
            return place
    return None
