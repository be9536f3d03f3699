"""The class report: one page of HTML for an instructor, with pictures, and each picture's numbers in words.

Names stand in two tables alone, which say so; the pictures have none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from lecture_lib.common.tables import Html, Look, Table
from lecture_lib.lessons import EXERCISES

from ..graded import exercises_with_points
from .feedback import STYLE, file_name
from .pictures import OUTCOMES, ExerciseResult, counted, outcomes_picture, points_picture, share
from .tally import Tally

MOST_MISTAKES = 30
MOST_IGNORED = 1_000
_NUMBER = re.compile(r"(under |over )?[\d.,]+%?")


def report_page(
    tally: Tally,
    human: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
    absent: Sequence[str] = (),
    pages: str = "",
    ignored: Sequence[tuple[str, str]] = (),
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
        Those of the roster who handed in nothing.
    pages
        The folder of the students' pages, as seen from the report; "" if there is none to lead to.
    ignored
        What was found and left aside: a name, and why.
    """
    lessons = sorted(tally.points)
    sections = [
        ("human", "What needs a human", _human(human)),
        *((f"lesson-{lesson}", f"Lesson {lesson}", _lesson(tally, lesson)) for lesson in lessons),
        ("mistakes", "The most frequent mistakes", _mistakes(tally)),
        ("stuck", "Who is stuck", _stuck(tally, pages)),
    ]
    if absent:
        sections.append(("absent", "Who handed in nothing", _absent(absent)))
    if notes:
        sections.append(("notes", "About the files", _bullets(notes)))
    if ignored:
        sections.append(("ignored", "What was left aside", _ignored(ignored)))
    links = "".join(f'<li><a href="#{id}">{escape(title)}</a></li>' for id, title, _ in sections)
    body = "".join(
        f'<section id="{id}"><h2>{escape(title)}</h2>{html}</section>' for id, title, html in sections
    )
    head = (
        f"<p>{counted(tally.students, 'student')} handed in {counted(tally.notebooks, 'notebook')}."
        f" {counted(len(human), 'thing needs', 'things need')} a human.</p>"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Class report</title><style>{STYLE}{_STYLE}</style></head><body>"
        f'<header><h1>Class report</h1>{head}</header><nav aria-label="Contents"><ul>{links}</ul></nav>'
        f"<main>{body}</main></body></html>\n"
    )


_STYLE = """
body { max-width: 60rem }
section { border: 0; padding: 0; margin: 2.5rem 0 }
img { display: block; margin: 1rem 0; max-width: 100%; height: auto }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: 0 }
a { color: #005A8E }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
"""


def _human(human: Sequence[tuple[str, str]]) -> str:
    if not human:
        return "<p>Nothing: every notebook was read and graded, and each has one student.</p>"
    return (
        "<p>What to do about these is for a person to decide. Each line names a file that was handed in, or"
        " a student.</p>" + _table("", ["Whose", "Why"], human)
    )


def _lesson(tally: Tally, lesson: str) -> str:
    points = tally.points[lesson]
    students = points.total()
    exercises = [one for one in EXERCISES.values() if one.lesson == lesson and one.id in tally.exercises]
    results = [
        ExerciseResult(
            one.id,
            tally.exercises[one.id].outcomes,
            {part.name: tally.exercises[one.id].parts[part.name] for part in one.parts},
        )
        for one in exercises
    ]
    out_of = sum(one.points for one in exercises_with_points(lesson))
    blocks = [f"<p>Handed in by {counted(students, 'student')}.</p>"]
    if out_of:
        middle = _quantile(points, 0.5)
        low, high = _quantile(points, 0.25), _quantile(points, 0.75)
        blocks.append(
            f"<p>Median: {middle:g} of {out_of:g} points. The middle half of the students have {low:g} to"
            f" {high:g} points. All {out_of:g}: {counted(points[out_of], 'student')}.</p>"
        )
        blocks.append(points_picture(f"Lesson {lesson}", points, out_of).html)
    blocks.append(outcomes_picture(f"Lesson {lesson}", results, students).html)
    header = ["Exercise", *(outcome.capitalize() for outcome in OUTCOMES)]
    rows = [[result.name, *(result.outcomes[outcome] for outcome in OUTCOMES)] for result in results]
    blocks.append(_table("How each exercise went, in students", header, rows))
    parts = [
        [one.id, part.name, f"{part.points:g}", count, share(count, tally.exercises[one.id].tried)]
        for one in exercises
        for part in one.parts
        for count in [tally.exercises[one.id].parts[part.name]]
    ]
    header = ["Exercise", "Part", "Points", "Students who have them", "Of those who tried"]
    blocks.append(_table("The parts of the exercises", header, parts))
    return "".join(blocks)


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
    header = [
        "Student",
        "Lesson",
        "Exercises tried",
        "Points in these",
        "The first of them",
        "What came of it",
    ]
    people = counted(len({one.student for one in tally.stuck}), "student is", "students are")
    return f"{meaning}{_table(f'{people} stuck', header, rows, pages)}"


def _absent(absent: Sequence[str]) -> str:
    return f"<p>These are in the roster, and nothing of theirs was graded.</p>{_bullets(sorted(absent))}"


def _ignored(ignored: Sequence[tuple[str, str]]) -> str:
    more = len(ignored) - MOST_IGNORED
    return (
        "<p>These were found among what was handed in, and nobody need look at them.</p>"
        + _table("", ["What", "Why"], ignored[:MOST_IGNORED])
        + (f"<p>And {more:,} more.</p>" if more > 0 else "")
    )


def _quantile(points: Counter[float], part: float) -> float:
    """Return the points that this part of the students does not exceed."""
    below, total = 0, points.total()
    for value in sorted(points):
        below += points[value]
        if below >= part * total:
            return value
    return 0.0


def _bullets(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str | int]], pages: str = "") -> str:
    """Rows -> a table; numbers stand to the right. With `pages`, first cells are students, led to theirs."""
    cells = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
    look = tuple(
        'class="number"' if all(_NUMBER.fullmatch(cell) for cell in column) else ""
        for column in zip(*cells, strict=True)
    )
    if pages:
        cells = [[_link(name, f"{pages}/{file_name(name)}"), *rest] for name, *rest in cells]
    return Table(caption, head, cells, Look(caption="", cell=look)).html


def _link(words: str, place: str) -> Html:
    return Html(f'<a href="{place}">{escape(words)}</a>', words)
