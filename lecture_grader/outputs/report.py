"""The class report: one page of HTML for an instructor, with pictures, and each picture's numbers in words.

Names stand in two tables alone, which say so; the pictures have none.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from statistics import median
from types import MappingProxyType

from lecture_lib.common import Html, Table, TableStyle, counted
from lecture_lib.lessons import EXERCISES
from lecture_lib.show import Picture

from .course import PLAIN, Course
from .feedback import bullets, file_name, html_page
from .gradebook import points_cell
from .pictures import OUTCOMES, ExerciseResult, outcomes_picture, points_picture, share
from .rows import Row
from .tally import FEWEST, Tally, Together

MOST_MISTAKES = 30
REST = "Goes with the rest"
MOST_IGNORED = 1_000
_NO_LINKS: Mapping[str, tuple[str, str]] = MappingProxyType({})
_NUMBER = re.compile(r"(under |over )?-?[\d.,]+%?")


def report_page(
    tally: Tally,
    human: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
    absent: Sequence[str] = (),
    pages: str = "",
    ignored: Sequence[tuple[str, str]] = (),
    rows: Sequence[Row] = (),
    course: Course = PLAIN,
    links: Mapping[str, tuple[str, str]] = _NO_LINKS,
    made: str = "",
) -> str:
    """What was counted -> the page.

    Parameters
    ----------
    tally
        All students.
    human
        What needs a human: a submission's or a student's name, and why.
    notes
        What an instructor should know of the files that were written.
    absent
        Those of the roster of whom no notebook was found.
    pages
        The folder of the students' pages, as seen from the report; "" if there is none to lead to.
    ignored
        What was found and left aside: a name, and why.
    rows
        The students, for the table of all exercises.
    course
        What was decided of the class.
    links
        A name that is said in `human` -> its file and its student's page, "" for none.
    made
        When and with what it was graded, in words.
    """
    lessons = sorted(tally.points)
    late = {one.lesson for row in rows for one in row.late if one.off}
    sections = [
        ("human", "What needs a human", _human(human, links)),
        *(
            (f"lesson-{lesson}", f"Lesson {lesson}", _lesson(tally, lesson, course, lesson in late))
            for lesson in lessons
        ),
        ("mistakes", "The most frequent mistakes", _mistakes(tally)),
        ("stuck", "Who is stuck", _stuck(tally, pages)),
    ]
    decided = _decided(rows, course)
    if decided:
        sections.insert(1, ("decided", "What was decided by a person, and what was late", decided))
    if rows:
        sections.append(("students", "Each student", _students(rows, course, pages)))
    if absent:
        words = "<p>These are in the roster, and no notebook is known to be theirs.</p>"
        sections.append(("absent", "Who handed in no notebook", words + bullets(sorted(absent))))
    if notes:
        sections.append(("notes", "About the files", bullets(notes)))
    if ignored:
        sections.append(("ignored", "What was left aside", _ignored(ignored)))
    contents = "".join(f'<li><a href="#{id}">{escape(title)}</a></li>' for id, title, _ in sections)
    body = "".join(
        f'<section id="{id}"><h2>{escape(title)}</h2>{html}</section>' for id, title, html in sections
    )
    head = (
        f"<p>{counted(tally.students, 'student')} handed in {counted(tally.notebooks, 'notebook')}."
        f" {counted(len(human), 'thing needs', 'things need')} a human.</p>"
        + (f"<p>{escape(made)}</p>" if made else "")
    )
    header = (
        f'<header><h1>Class report</h1>{head}</header><nav aria-label="Contents"><ul>{contents}</ul></nav>'
    )
    return html_page("Class report", f"{header}<main>{body}</main>", _STYLE)


_STYLE = """
body { max-width: 60rem }
section { border: 0; padding: 0; margin: 2.5rem 0 }
img { display: block; margin: 1rem 0; max-width: 100%; height: auto }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: 0 }
a { color: #005A8E }
div.wide { overflow-x: auto; margin: 1rem 0 }
div.wide table { margin: 0 }
.students th, .students td { padding: .15rem .6rem .15rem 0; white-space: nowrap; overflow-wrap: normal }
@media (max-width: 40rem) {
  body { margin: 1rem auto; font-size: 16px }
  th, td { padding-right: .6rem }
}
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
"""


def _human(human: Sequence[tuple[str, str]], links: Mapping[str, tuple[str, str]]) -> str:
    if not human:
        return "<p>Nothing: every notebook was read and graded, and each has one student.</p>"
    return (
        "<p>What to do about these is for a person to decide. Each line names a file that was handed in, or"
        " a student.</p>"
        + _table("", ["Whose", "Why"], [(_led(name, *links.get(name, ("", ""))), why) for name, why in human])
    )


def _led(name: str, file: str, page: str) -> str:
    """Return a name that leads to its file, and to the student's page beside it."""
    if not file:
        return _link(name, page) if page else name
    if not page:
        return _link(name, file)
    return Html(f'{_link(name, file)} (<a href="{page}">feedback</a>)', f"{name} (feedback)")


def _decided(rows: Sequence[Row], course: Course) -> str:
    """Say what was decided of the class and of single students, and what was late."""
    blocks = [bullets(course.words())] if course.words() else []
    changed = [[one.student, one.exercise, f"{one.points:g}", one.by, one.reason] for one in course.changed]
    if changed:
        head = ["Student", "Exercise", "Points", "Changed by", "Why"]
        blocks.append(_table("Points that were changed", head, changed))
    excused = [[row.student, id, reason] for row in rows for id, reason in row.excused.items()]
    if excused:
        blocks.append(_table("Excused", ["Student", "Exercise", "Why"], excused))
    late = [
        [row.student, one.lesson, "not known" if one.days is None else one.days, one.free, f"{one.off:g}"]
        for row in rows
        for one in row.late
    ]
    if late:
        head = ["Student", "Lesson", "Days late", "Free days", "Points off"]
        blocks.append(_table("What was handed in late", head, late))
    return "".join(blocks)


def _students(rows: Sequence[Row], course: Course, pages: str) -> str:
    """Give each student's points in each exercise, as the gradebook has them."""
    exercises = [one for one in course.exercises() if any(one.id in row.points for row in rows)]
    head = ["Student", *(one.id for one in exercises), "Total", "Of"]
    cells = [
        [
            row.student,
            *(points_cell(row, one.id) for one in exercises),
            f"{row.points_in(course.exercises()):g}",
            f"{row.out_of(course.exercises()):g}",
        ]
        for row in rows
    ]
    table = _table("Points by student and exercise", head, cells, pages)
    return f'<p>Blank is not handed in.</p><div class="students">{table}</div>'


def _lesson(tally: Tally, lesson: str, course: Course, late: bool) -> str:
    points = tally.points[lesson]
    students = points.total()
    worth = {one.id: one for one in course.exercises(lesson)}
    exercises = [
        (worth.get(one.id, one), tally.exercises[one.id])
        for one in EXERCISES.values()
        if one.lesson == lesson and one.id in tally.exercises
    ]
    results = [
        ExerciseResult(one.id, found.outcomes, {part.name: found.parts[part.name] for part in one.parts})
        for one, found in exercises
    ]
    out_of = sum(one.points for one in course.exercises(lesson))
    blocks = [f"<p>Handed in by {counted(students, 'student')}.</p>"]
    if out_of:
        middle = median(points.elements())
        low, high = _quantile(points, 0.25), _quantile(points, 0.75)
        blocks.append(
            f"<p>Median: {middle:g} of {out_of:g} points. The middle half of the students have {low:g} to"
            f" {high:g} points. All {out_of:g}: {counted(points[out_of], 'student')}.</p>"
        )
        blocks.append(
            _picture(points_picture(f"Lesson {lesson}", points, out_of), f"Points in lesson {lesson}")
        )
    blocks.append(
        _picture(outcomes_picture(f"Lesson {lesson}", results, students), f"Exercises of lesson {lesson}")
    )
    header = ["Exercise", *(outcome.capitalize() for outcome in OUTCOMES), REST]
    rows = [
        [one.id, *(found.outcomes[outcome] for outcome in OUTCOMES), _with_rest(found.with_rest.get(""))]
        for one, found in exercises
    ]
    blocks.append(_table("How each exercise went, in students", header, rows))
    if late:
        blocks.append("<p>What lateness takes away is left out of how exercises and their parts went.</p>")
    parts = [
        [
            one.id,
            part.name,
            f"{part.points:g}",
            found.parts[part.name],
            share(found.parts[part.name], found.tried),
            _with_rest(found.with_rest.get(part.name)),
        ]
        for one, found in exercises
        for part in one.parts
    ]
    header = ["Exercise", "Part", "Points", "Students who have them", "Of those who tried", REST]
    blocks.append(_table("The parts of the exercises", header, parts))
    blocks.append(f"<p>{_ABOUT_THE_REST}</p>")
    return "".join(blocks)


_ABOUT_THE_REST = (
    f"{REST}: the correlation, over the students who handed in the lesson, of the points here with all of a"
    " student's other points. Near 1, those who have it have much of the rest; near 0 or below, it asks for"
    f" something else, or its check should be looked at. Blank: fewer than {FEWEST} students, or all have the"
    " same."
)


def _with_rest(together: Together | None) -> str:
    correlation = None if together is None else together.correlation
    return "" if correlation is None else f"{correlation:.2f}"


def _mistakes(tally: Tally) -> str:
    seen = [
        (count, exercise.id, name, exercise.misconception(name).advice, tally.exercises[exercise.id].tried)
        for exercise in EXERCISES.values()
        if exercise.id in tally.exercises
        for name, count in tally.exercises[exercise.id].mistakes.items()
    ]
    seen.sort(key=lambda one: (-one[0], one[1], one[2]))
    errors = [
        (count, exercise, kind)
        for exercise, found in tally.exercises.items()
        for kind, count in found.errors.items()
    ]
    errors.sort(key=lambda one: (-one[0], one[1], one[2]))
    if not seen and not errors:
        return "<p>No known mistake was made.</p>"
    blocks: list[str] = []
    if seen:
        rows = [
            [exercise, name, count, share(count, tried), advice]
            for count, exercise, name, advice, tried in seen[:MOST_MISTAKES]
        ]
        header = ["Exercise", "Mistake", "Students", "Of those who tried", "The advice that they got"]
        more = len(seen) - len(rows)
        blocks.append(_table("Mistakes that were recognised", header, rows))
        blocks.append(f"<p>And {more} that were made less often.</p>" if more else "")
    if errors:
        header = ["Exercise", "Error", "Students"]
        rows = [[exercise, kind, count] for count, exercise, kind in errors[:MOST_MISTAKES]]
        blocks.append(_table("Errors that stopped an answer", header, rows))
    return "".join(blocks)


def _stuck(tally: Tally, pages: str) -> str:
    meaning = (
        "<p>A student is called stuck in a lesson if they have tried at least one of its exercises and solved"
        " none.</p>"
    )
    if not tally.stuck:
        return f"{meaning}<p>Nobody is.</p>"
    rows = [
        [one.student, one.lesson, one.tried, f"{one.points:g} of {one.out_of:g}", one.first, one.why]
        for one in sorted(tally.stuck, key=lambda one: (one.lesson, one.points, one.student))
    ]
    header = ["Student", "Lesson", "Exercises tried", "Points in these"]
    header += ["The first of them", "What came of it"]
    people = counted(len({one.student for one in tally.stuck}), "student is", "students are")
    return f"{meaning}{_table(f'{people} stuck', header, rows, pages)}"


def _ignored(ignored: Sequence[tuple[str, str]]) -> str:
    more = len(ignored) - MOST_IGNORED
    return (
        "<p>These were found among what was handed in, and nobody need look at them.</p>"
        + _table("", ["What", "Why"], ignored[:MOST_IGNORED])
        + (f"<p>And {more:,} more.</p>" if more > 0 else "")
    )


def _quantile(points: Counter[float], part: float) -> float:
    """Return the points that this part of the students does not exceed."""
    each = sorted(points.elements())
    return each[math.ceil(part * len(each)) - 1]


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str | int]], pages: str = "") -> str:
    """Rows -> a table; numbers stand to the right. With `pages`, first cells are students, led to theirs."""
    cells = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
    styles = tuple(
        'class="number"' if all(not cell or _NUMBER.fullmatch(cell) for cell in column) else ""
        for column in zip(*cells, strict=True)
    )
    if pages:
        cells = [[_link(name, f"{pages}/{file_name(name)}"), *rest] for name, *rest in cells]
    table = Table(caption, head, cells, TableStyle(caption="", cell=styles or ("",) * len(head))).html
    return _moved(table, caption or head[0])


def _picture(picture: Picture, name: str) -> str:
    """Return a picture that is moved where it is wider than the page; large ones bring that with them."""
    return picture.html if "ll-wide" in picture.html else _moved(picture.html, name)


def _moved(html: str, name: str) -> str:
    """Return what is moved where it is wider than the page, by the keyboard too."""
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name, quote=True)}">{html}</div>'
    )


def _link(words: str, place: str) -> Html:
    return Html(f'<a href="{place}">{escape(words)}</a>', words)
