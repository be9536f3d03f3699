"""One page of HTML for a student: points, what is right, and advice; never an input that was tried.

The page needs nothing else: no script, no picture, no font. Whatever comes from a submission is escaped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, cast

from lecture_lib.exercises import EXERCISES
from lecture_lib.exercises.page import SIGNS

from .frames import clean
from .grade import Record

MOST_PRINTED = 4_000
_STATES = ("not attempted", "error", "not yet", "passed")
STYLE = """
body { font: 17px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
       color: #1a1a1a; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 }
caption { text-align: left; font-style: italic }
th, td { text-align: left; vertical-align: top; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid #ccc;
         overflow-wrap: break-word }
section { border-left: 4px solid #767676; padding: 0 0 0 1rem; margin: 1.5rem 0 }
section.passed { border-color: #0072B2 }
section.not-yet, section.error { border-color: #B84A00 }
ul { padding-left: 1.2rem }
pre { background: #f2f2f2; padding: .5rem; white-space: pre-wrap; overflow-wrap: anywhere }
code { background: #f2f2f2; padding: .1rem .3rem; overflow-wrap: anywhere }
"""


def file_name(student: str) -> str:
    """A student -> the name of their page: readable, safe everywhere, and no other student's."""
    readable = re.sub(r"[^\w-]+", "_", student, flags=re.ASCII).strip("_")[:40] or "student"
    return f"{readable}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html"


def best_of(records: Iterable[Record]) -> dict[str, Record]:
    """A student's records -> the best that was handed in of each exercise."""
    best: dict[str, Record] = {}
    for record in records:
        for id, found in cast("dict[str, Record]", record["exercises"]).items():
            if id not in best or _rank(found) > _rank(best[id]):
                best[id] = found
    return best


def _rank(found: Record) -> tuple[float, int]:
    """How good it is: by points, and where there are none, what was tried counts more than what was not."""
    return float(found["points"]), _STATES.index(str(found["state"]))


def feedback_page(student: str, records: Sequence[Record]) -> str:
    """A student's records -> their page."""
    best = best_of(records)
    done = [exercise for exercise in EXERCISES.values() if exercise.id in best]
    lessons = sorted({exercise.lesson for exercise in done})
    rows = ""
    for lesson in lessons:
        own = [exercise for exercise in done if exercise.lesson == lesson]
        earned = sum(float(best[exercise.id]["points"]) for exercise in own)
        rows += (
            f'<tr><th scope="row">Lesson {lesson}</th><td>{earned:g}</td>'
            f"<td>{sum(exercise.points for exercise in own):g}</td></tr>"
        )
    total = sum(float(best[exercise.id]["points"]) for exercise in done)
    out_of = sum(exercise.points for exercise in done)
    table = (
        "<table><caption>Points by lesson</caption><thead><tr>"
        '<th scope="col">Lesson</th><th scope="col">Points</th><th scope="col">Of</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    sections = "".join(_exercise(exercise.id, best[exercise.id]) for exercise in done)
    said = [*(str(record["trouble"]) for record in records), *(n for r in records for n in r["notes"])]
    notes = "".join(f"<li>{escape(str(note))}</li>" for note in dict.fromkeys(said) if note)
    remarks = f"<h2>About the notebooks</h2><ul>{notes}</ul>" if notes else ""
    title = escape(f"Feedback for {student}")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{title}</h1><p>{total:g} of {out_of:g} points.</p>"
        f"{table if rows else ''}{sections}{remarks}</main></body></html>\n"
    )


def _exercise(id: str, found: Record) -> str:
    state = str(found["state"])
    parts = "".join(
        f'<li><span aria-hidden="true">{SIGNS[str(part["state"])]}</span> {escape(str(part["state"]))}:'
        f" {escape(str(part['name']))} ({float(part['points']):g} of {float(part['out_of']):g})</li>"
        for part in cast("list[Record]", found["parts"])
    )
    said = [*cast("list[str]", found["found"]), *([str(found["note"])] if found["note"] else [])]
    said += cast("list[str]", found["advice"])
    lines = "".join(f"<p>{escape(line)}</p>" for line in said)
    lines += _printed(str(found.get("printed", "")))
    return (
        f'<section class="{state.replace(" ", "-")}"><h2>{escape(id)}: {escape(state)},'
        f" {float(found['points']):g} of {float(found['out_of']):g}</h2>"
        f"<ul>{parts}</ul>{_failure(found['failure'])}{lines}</section>"
    )


def _printed(text: str) -> str:
    """Show what the exercise's cell printed; it was run where no input is known."""
    if not text.strip():
        return ""
    more = "\n(and more)" if len(text) > MOST_PRINTED else ""
    return f"<p>The cell printed:</p><pre>{escape(clean(text, MOST_PRINTED))}{more}</pre>"


def _failure(failure: Any) -> str:
    """Say an error by its name and the student's own line; its message may hold an input, and stays here."""
    if not failure:
        return ""
    found = cast("Record", failure)
    where = f" in line {found['line']}: <code>{escape(str(found['text']))}</code>" if found["line"] else ""
    return f"<p><code>{escape(str(found['kind']))}</code>{where}</p>"
