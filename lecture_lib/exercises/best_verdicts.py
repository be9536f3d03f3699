"""What has been done so far: the best and the newest verdict on each exercise, kept in a small file.

The file is `.lecture_progress.json` in the folder of the notebook, or what the environment variable
LECTURE_PROGRESS names; "off" there keeps no file. Where it cannot be written, progress lasts as long as
the kernel.
"""

import copy
from typing import Any

from lecture_lib.common import Shown, Table, Text, aligned

from . import small_files
from .page import TABLE, card, paragraph
from .registry import EXERCISES, by_lesson
from .signing_in import NOBODY, current_student
from .small_files import as_dict, progress_file
from .verdicts import STATES

Best = dict[str, Any]  # {"state": str, "points": float}; "now" has the same of the newest, if it differs
Everyone = dict[str, dict[str, Best]]  # student -> exercise -> best

_here: Everyone = {}  # what this kernel has seen; merged into the file at every verdict
_trouble = ""


def keep(exercise: str, state: str, points: float) -> None:
    """Keep the newest verdict, and the best so far, of whoever has signed in.

    Never raises for the file's sake.
    """
    global _trouble
    newest = {"state": state, "points": points}
    _enter(_here, current_student(), exercise, newest)
    path = progress_file()
    if path is None:
        return
    try:
        everyone = small_files.read_to_write(path, _checked)
        before = copy.deepcopy(everyone)
        _merge(everyone, _here)
        _enter(everyone, current_student(), exercise, newest)
        if everyone != before:
            small_files.write(path, everyone)
        _trouble = ""
    except OSError as error:
        _trouble = f"Progress lasts as long as this notebook runs: {error.strerror or error}."


def newest_verdicts() -> dict[str, Best]:
    """Return each exercise's newest verdict, of whoever has signed in."""
    own = _own()
    untried = {"state": "not attempted", "points": 0.0}
    return {id: own[id].get("now", own[id]) if id in own else untried for id in EXERCISES}


def heading(title: str, newest: dict[str, Best]) -> str:
    """Say whose points these are, and how many."""
    who = current_student()
    done = sum(found["points"] for found in newest.values())
    total = sum(exercise.points for exercise in EXERCISES.values())
    return f"{title}{f' of {who}' if who != NOBODY else ''}: {done:g} of {total:g} points"


def _own() -> dict[str, Best]:
    everyone = small_files.read(progress_file(), _checked)
    _merge(everyone, _here)
    for exercise, best in _here.get(current_student(), {}).items():  # what this kernel has seen is newer
        _enter(everyone, current_student(), exercise, best.get("now", best))
    return everyone.get(current_student(), {})


def progress() -> Shown:
    """Return a table of points by lesson as the newest checks gave them, and which exercises are still to do.

    What passed before and does not now is named.
    """
    best, newest = _own(), newest_verdicts()
    to_do = [id for id, found in newest.items() if found["state"] != "passed"]
    rows: list[list[str]] = []
    for lesson, own in by_lesson():
        points = sum(newest[exercise.id]["points"] for exercise in own)
        out_of = sum(exercise.points for exercise in own)
        left = [exercise.id for exercise in own if exercise.id in to_do]
        passed = f"{len(own) - len(left)} of {len(own)}"
        rows.append([lesson, f"{points:g} of {out_of:g}", passed, ", ".join(left) or "none"])
    before = [id for id in to_do if best.get(id, {}).get("state") == "passed"]
    header = ["Lesson", "Points", "Passed", "Still to do"]
    title = heading("Progress", newest)
    notes = [_trouble] if _trouble else []
    if before:
        notes.append(f"Passed before, not now: {', '.join(before)}. Run the cell and its check again.")
    words = "\n".join([title, aligned([header, *rows], "  "), *(f"  {note}" for note in notes)])
    blocks = [Table("Points by lesson", header, rows, TABLE).html, *(paragraph(note) for note in notes)]
    return Text(card("", title, blocks), words)


def _enter(everyone: Everyone, student: str, exercise: str, newest: Best) -> None:
    """Write down the newest verdict: beside the best one, or as the best."""
    own = everyone.setdefault(student, {})
    best = own.get(exercise, newest)
    newest = {"state": newest["state"], "points": newest["points"]}
    own[exercise] = newest if _rank(newest) >= _rank(best) else best | {"now": newest}


def _rank(best: Best) -> tuple[float, int]:
    return float(best["points"]), STATES.index(best["state"])


def _merge(everyone: Everyone, more: Everyone) -> None:
    for student, own in more.items():
        theirs = everyone.setdefault(student, {})
        for exercise, best in own.items():
            theirs[exercise] = max(theirs.get(exercise, best), best, key=_rank)


def _checked(found: Any) -> Everyone:
    """Return what was read if it has the form of progress; ValueError if not."""
    return {
        student: {exercise: _checked_best(best) for exercise, best in as_dict(own).items()}
        for student, own in as_dict(found).items()
    }


def _checked_best(found: Any) -> Best:
    best = _checked_verdict(as_dict(found))
    return best | {"now": _checked_verdict(as_dict(found["now"]))} if "now" in found else best


def _checked_verdict(found: Best) -> Best:
    state, points = found.get("state"), found.get("points")
    if state not in STATES or not isinstance(points, (int, float)) or not 0 <= points <= 1000:
        raise ValueError("a verdict is expected")
    return {"state": state, "points": float(points)}
