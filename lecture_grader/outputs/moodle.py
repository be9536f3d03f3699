"""What Moodle imports: an assignment's grading worksheet, or columns for its gradebook.

An assignment's grading worksheet (the assignment, Upload grading worksheet) knows a student by `Identifier`,
as in "Participant 71", and has one grade. The gradebook (Grades, Import, CSV file) knows a student by
whichever column one chooses, and stops where it does not know one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lecture_lib.common import counted

from ..handed_in import MOODLE
from .course import PLAIN, Course, in_points
from .gradebook import as_csv, safe_cell
from .imports import Import, alone, id_there, import_of, of_blanks
from .lesson_points import Lesson, all_points, as_number, comment_on, earned_in, lessons_of, read_number
from .matching import Matched, match
from .moodles_names import anybodys_names, own_names
from .rosters import IDS, WORKSHEET, Roster, columns_of
from .rows import Row, short_list


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
    graded, left_out = alone(graded, id_there, "The id")
    lines = [["ID number", *_lesson_columns(lessons)]]
    lines += [[safe_cell(row.student), *_lesson_cells(row, lessons)] for row in graded]
    return Import(as_csv(lines), tuple(left_out), of_blanks(graded, lessons, MOODLE))


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
        for cell in (lesson.cell(row), comment_on(row, [lesson]) if lesson.has(row) else "")
    ]


def _new_worksheet(rows: Sequence[Row], lessons: Sequence[Lesson]) -> Import:
    left_out = [
        (row.student, "It has no participant number of Moodle's, so it is not in gradebook_moodle.csv.")
        for row in rows
        if row.owner.system != MOODLE
    ]
    own, doubled = alone(
        (row for row in rows if row.owner.system == MOODLE), lambda row: row.owner.number, "Participant"
    )
    few = _without_few(own, lessons)
    human = [*few.human, *_of_several_assignments(own)]
    head = ["Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)", "Feedback comments"]
    out_of = as_number(all_points(few.lessons))
    lines = [head]
    lines += [
        [
            f"Participant {row.owner.number}",
            safe_cell(row.owner.name),
            as_number(earned_in(row, few.lessons)),
            out_of,
            "-",
            comment_on(row, few.lessons),
        ]
        for row in few.rows
    ]
    return Import(as_csv(lines), (*left_out, *doubled, *few.left_out), few.notes, tuple(human))


class _Worksheet(NamedTuple):
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
        f"Lesson {one.number} was handed in by {handed[one.number]} of"
        f" {counted(asked[one.number], 'student')}, fewer than half: it is in nobody's grade."
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
    anybody, own = anybodys_names(rows), own_names(rows)
    names = Counter(name for name in own.values() if name not in anybody)
    again = {row.owner.name for row in rows if names[own[row.student]] > 1}
    if 2 * sum(count for count in names.values() if count > 1) >= len(rows) and again:
        return [(short_list(again), f"With one name there are several participants. {advice}")]
    return []


def _filled_worksheet(matched: Matched, lessons: Sequence[Lesson], roster: Roster) -> Import:
    columns = columns_of(roster.head)
    few = _without_few([row for row, _ in matched.pairs], lessons)
    matched.left_out += few.left_out
    matched.notes += few.notes
    lessons, out_of, there = few.lessons, all_points(few.lessons), {row.student for row in few.rows}
    if "maximum grade" not in columns:
        matched.notes.append(
            f"The worksheet has no maximum grade that is known: its grades are of {in_points(out_of)}. See"
            " that Moodle's assignment has the same."
        )
    lines = [[safe_cell(name) for name in roster.head]]
    for row, student in matched.pairs:
        if row.student not in there:
            continue
        maximum = (
            read_number(student.cells[columns["maximum grade"]]) if "maximum grade" in columns else out_of
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
        cells[columns["grade"]] = as_number(earned_in(row, lessons) * maximum / out_of)
        if "feedback comments" in columns:
            cells[columns["feedback comments"]] = comment_on(row, lessons)
        if maximum != out_of:
            matched.notes.append(
                f"The lessons have {in_points(out_of)}; they are scaled to Moodle's {maximum:g}."
            )
        lines.append(cells)
    return import_of(lines, matched, human=few.human)


def _people(matched: Matched, lessons: Sequence[Lesson], roster: Roster) -> Import:
    wanted = {*IDS, "first name", "last name", "surname", "full name"}
    kept = sorted(place for name, place in columns_of(roster.head).items() if name in wanted)
    lines = [[*(safe_cell(roster.head[place]) for place in kept), *_lesson_columns(lessons)]]
    for row, student in matched.pairs:
        own = [safe_cell(student.cells[place]) for place in kept]
        lines.append([*own, *_lesson_cells(row, lessons)])
    matched.notes += of_blanks((row for row, _ in matched.pairs), lessons, MOODLE)
    return import_of(lines, matched)
