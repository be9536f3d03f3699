"""One page of HTML for a student: points, what is right, and advice; never an input that was tried.

The page needs nothing else: no script, no picture, no font. Whatever comes from a submission is escaped.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType

from lecture_lib.common.tables import Table, TableStyle
from lecture_lib.exercises import Exercise, Failure, PartResult
from lecture_lib.exercises.judging import WAITS
from lecture_lib.exercises.page import SIGNS
from lecture_lib.lessons import EXERCISES

from ..frames import clean
from ..graded import Graded, GradedExercise, rank
from ..grading.exercise_cells import TURNED
from ..grading.replies import line_of_failure
from ..handed_in import Submission, Unreadable, read_notebook
from .course import CHANGED, LATE, was_changed

MOST_PRINTED = 4_000
MOST_LINES, MOST_OF_A_LINE = 60, 300
"""Of a student's own cell, so much is shown."""
_ERRORS = {
    "SyntaxError": "Python cannot read the cell. Look for a missing colon, bracket or quotation mark."
    " Python often notices it one line too late.",
    "IndentationError": "Python cannot read the cell: the spaces at the beginning of a line do not fit the"
    " lines around it.",
    "NotImplementedError": "A function that is called there is not written yet.",
    "NameError": "A name is used that has no value there. Is it spelt as where it gets its value, and does it"
    " get one before?",
    "UnboundLocalError": "A name is used before the function gives it a value.",
    "TypeError": "Something is not of the type that is needed there, or a function is called with too many or"
    " too few arguments. Print the type of each value in that line.",
    "ValueError": "A value, or an array's shape, does not fit. Print the shape of each array in that line.",
    "IndexError": "An index is past the end, or has more places than the array has dimensions.",
    "KeyError": "A dictionary has no such key. Print its keys.",
    "AttributeError": "What stands before the dot does not have what stands after it.",
    "ZeroDivisionError": "Something is divided by 0.",
    "RecursionError": "A function calls itself again and again, without an end.",
    "MemoryError": "It needed more memory than there is. How large do its lists and arrays become?",
    "TimeLimit": "It took too long and was stopped. Does each of its loops come to an end?",
    "Stopped": "It ended the program that runs it, as exit() does, or was ended for what it tried.",
}
"""What an error means, in words that hold nothing of the input with which it came."""
_LOOK_AGAIN = ("not yet", "error")
OUR_ENDS = ("TimeLimit", "Stopped")
"""Ends for which Python has no error."""
STYLE = """
body { font: 17px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
       color: #1a1a1a; background: #fff; overflow-wrap: anywhere }
table { border-collapse: collapse; margin: 1rem 0 }
caption { text-align: left; font-style: italic }
th, td { text-align: left; vertical-align: top; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid #ccc;
         overflow-wrap: break-word }
section { border-left: 4px solid #767676; padding: 0 0 0 1rem; margin: 1.5rem 0 }
section.passed { border-color: #0072B2 }
section.not-yet, section.error { border-color: #B84A00 }
ul { padding-left: 1.2rem }
ul.parts { list-style: none; padding-left: 0 }
section h3 { margin: 0 0 .5rem }
pre { background: #f2f2f2; padding: .5rem; white-space: pre-wrap; overflow-wrap: anywhere }
code { background: #f2f2f2; padding: .1rem .3rem; overflow-wrap: anywhere }
pre mark { background: #ffe8cc; color: inherit; font-weight: bold }
"""


def file_name(student: str) -> str:
    """A student -> the name of their page: readable, safe everywhere, and no other student's."""
    readable = re.sub(r"[^\w-]+", "_", student, flags=re.ASCII).strip("_")[:40] or "student"
    return f"{readable}-{hashlib.sha256(student.encode()).hexdigest()[:16]}.html"


def is_page(name: str) -> bool:
    """Whether a file has such a name."""
    return re.fullmatch(r"[\w-]{1,40}-[0-9a-f]{16}\.html", name, re.ASCII) is not None


def best_results(results: Iterable[Graded]) -> dict[str, GradedExercise]:
    """A student's results -> the best that was handed in of each exercise."""
    best: dict[str, GradedExercise] = {}
    for graded in results:
        for id, found in graded.exercises.items():
            if id not in best or rank(found.verdict) > rank(best[id].verdict):
                best[id] = found
    return best


def own_cells(submissions: Sequence[Submission], results: Sequence[Graded]) -> dict[str, str]:
    """A student's notebooks and what became of each -> the cell of each exercise that is not right yet.

    Only notebooks that hold one are read. What has gone, or cannot be read any more, is left out.
    """
    best = best_results(results)
    cells: dict[str, str] = {}
    for submission, graded in zip(submissions, results, strict=True):
        wanted = {
            id: found.cell
            for id, found in graded.exercises.items()
            if found is best[id] and found.cell and found.verdict.state in _LOOK_AGAIN
        }
        if not wanted:
            continue
        try:
            there = read_notebook(submission.read()).cells
        except Unreadable:
            continue
        cells |= {id: there[number - 1].source for id, number in wanted.items() if number <= len(there)}
    return cells


def feedback_page(
    student: str,
    results: Sequence[Graded],
    decided: Sequence[str] = (),
    own: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A student's results -> their page.

    `decided` is what an instructor has decided of them, in words. `own` has the student's own cells, by
    exercise, as they stand in what was handed in.
    """
    best = best_results(results)
    done = [exercise for exercise in EXERCISES.values() if exercise.id in best]
    lessons = {
        lesson: [exercise for exercise in done if exercise.lesson == lesson]
        for lesson in sorted({exercise.lesson for exercise in done})
    }
    said = [*(one.trouble for one in results), *(note for one in results for note in one.notes)]
    notes = [note for note in dict.fromkeys(said) if note]
    remarks = f"<h2>About the notebooks</h2>{bullets(notes)}" if notes else ""
    by_hand = f"<h2>What was decided by a person, and what was late</h2>{bullets(decided)}" if decided else ""
    title = escape(f"Feedback for {student}")
    body = "".join(_lesson(lesson, asked, best, own) for lesson, asked in lessons.items())
    return html_page(
        title,
        f"<main><h1>{title}</h1>{_head(done, best)}{by_hand}{_table(lessons, best)}{body}{remarks}</main>",
    )


def html_page(title: str, body: str, style: str = "") -> str:
    """A title and a body in HTML -> the whole page."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}{style}</style></head><body>{body}</body></html>\n"
    )


def bullets(lines: Iterable[str]) -> str:
    """Texts -> a list."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _earned(exercises: Iterable[Exercise], best: dict[str, GradedExercise]) -> tuple[float, float]:
    """Return the points that a student has of these exercises, and those that there are."""
    return (
        sum(best[one.id].points for one in exercises),
        sum(best[one.id].verdict.out_of for one in exercises),
    )


def _head(done: Sequence[Exercise], best: dict[str, GradedExercise]) -> str:
    if not done:
        return "<p>There was nothing that could be graded.</p>"
    points, out_of = _earned(done, best)
    total = f"{points:g} of {out_of:g} points." if out_of else "What was handed in gives no points."
    return (
        f"<p>{total}</p><p>The notebooks' own checks tried your answers on other inputs, which are not shown"
        " here.</p>"
    )


def _table(lessons: dict[str, list[Exercise]], best: dict[str, GradedExercise]) -> str:
    """Lessons -> a table of their points, where there are several."""
    if len(lessons) < 2:
        return ""
    earned = {f"Lesson {lesson}": _earned(own, best) for lesson, own in lessons.items()}
    rows = [[lesson, f"{points:g}", f"{out_of:g}"] for lesson, (points, out_of) in earned.items()]
    return Table("Points by lesson", ["Lesson", "Points", "Of"], rows, TableStyle(caption="", cell="")).html


def _lesson(
    lesson: str, asked: Sequence[Exercise], best: dict[str, GradedExercise], own: Mapping[str, str]
) -> str:
    sections = "".join(_exercise(one.id, best[one.id], own.get(one.id, "")) for one in asked)
    return f"<h2>Lesson {lesson}</h2>{sections}"


def _exercise(id: str, found: GradedExercise, own: str) -> str:
    judged = found.verdict
    parts = "".join(
        _part(part) for part in judged.results if judged.state != "not attempted" or not part.out_of
    )
    listed = f'<ul class="parts">{parts}</ul>' if parts else ""
    lines = "".join(f"<p>{escape(line)}</p>" for line in _said(found))
    state = "changed by a person" if was_changed(found) else judged.state
    late = ", late" if any(part.name.startswith(LATE) for part in judged.results) else ""
    return (
        f'<section class="{state.replace(" ", "-")}"><h3>{escape(id)}: {state}{late},'
        f" {judged.points:g} of {judged.out_of:g}</h3>"
        f"{listed}{_failure(judged.failure)}{lines}{_own_cell(own, judged.failure)}"
        f"{_printed(found.printed)}</section>"
    )


def _part(part: PartResult) -> str:
    """Say what became of a part, and its points; what a marker or lateness has changed is out of nothing."""
    if part.name.startswith((CHANGED, LATE)):
        return f"<li>{escape(part.name)} ({part.points:+g})</li>"
    sign = f'<span aria-hidden="true">{SIGNS[part.state]}</span>'
    return f"<li>{sign} {part.state}: {escape(part.name)} ({part.points:g} of {part.out_of:g})</li>"


def _said(found: GradedExercise) -> list[str]:
    """Return what is said of an exercise, in sentences that make sense away from the notebook."""
    judged = found.verdict
    said = [_sentence(words) for words in found.cell_notes]
    note, changed = judged.note, was_changed(found)
    turned = any(words.startswith(TURNED) for words in found.cell_notes)
    if note.startswith(WAITS) and (changed or turned):  # the answer may stand there, or elsewhere
        note = ""
    elif note.startswith(WAITS):  # there, it speaks of the cells around it
        stub = "If you wrote an answer: did the line raise NotImplementedError(...) stay in it?"
        note = " ".join(["Nothing was written here.", *([stub] if "NotImplementedError" in note else [])])
    said += [note] if note else []
    said += judged.advice
    if judged.state == "not yet" and not said and not changed:
        said.append(
            "Run its check in your notebook: it shows an input, what your answer gave, and what was expected."
            " If it passes there, try inputs of your own: other signs, 0, or other shapes."
        )
    return said


def _sentence(words: str) -> str:
    """Words -> a sentence.

    >>> _sentence("its cell is there twice"), _sentence("")
    ('Its cell is there twice.', '')
    """
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _printed(text: str) -> str:
    """Show what the exercise's cell printed; it was run where no input is known."""
    if not text.strip():
        return ""
    more = "\n(and more)" if len(text) > MOST_PRINTED else ""
    return f"<p>The cell printed:</p><pre>{escape(clean(text, MOST_PRINTED))}{more}</pre>"


def _own_cell(source: str, failure: Failure | None) -> str:
    """Show the student's own cell, its lines numbered, and that one marked at which Python stopped."""
    lines = source.rstrip().splitlines()
    if not lines:
        return ""
    place = _place(lines, failure)
    first = max(0, min((place or 0) - MOST_LINES // 2, len(lines) - MOST_LINES))
    shown = [
        f"<mark>→ {text}  (Python stopped here)</mark>" if number == place else f"  {text}"
        for number, line in enumerate(lines)
        if first <= number < first + MOST_LINES
        for text in [f"{number + 1:>3}  {escape(clean(line.expandtabs(4), MOST_OF_A_LINE))}"]
    ]
    words = "Your cell:" if len(lines) <= MOST_LINES else f"{MOST_LINES} lines of your cell:"
    return f"<p>{words}</p><pre>{chr(10).join(shown)}</pre>"


def _place(lines: Sequence[str], failure: Failure | None) -> int | None:
    """Return at which of these lines it stopped, None if that is another cell's."""
    if failure is None or not failure.line or failure.line > len(lines):
        return None
    place = failure.line - 1
    return place if failure.text and line_of_failure(lines[place]) == failure.text else None


def _failure(failure: Failure | None) -> str:
    if failure is None:
        return ""
    stopped, meaning = _stopped(failure, lambda code: f"<code>{escape(code)}</code>")
    return "".join(f"<p>{line}</p>" for line in (stopped, escape(meaning)) if line)


def _stopped(failure: Failure, code: Callable[[str], str]) -> tuple[str, str]:
    """An error -> its name with the student's own line, and what it means; its message may hold an input."""
    meaning = _ERRORS.get(failure.kind, "")
    if failure.kind in OUR_ENDS:
        return "", meaning
    text = f": {code(failure.text)}" if failure.text else ""
    where = f" in line {failure.line}{text}" if failure.line else ""
    return f"Python stopped with {code(failure.kind)}{where}", meaning


def said_of(found: GradedExercise) -> list[str]:
    """What was found of an exercise -> what a student is told of it, as text: no input is in it."""
    failure = found.verdict.failure
    return [*(line for line in (_stopped(failure, str) if failure else ()) if line), *_said(found)]
