"""Who is at work: the id that a student signs in with. The last one is kept beside the progress.

A lesson's first cell says guest until an id is written there. It signs nobody out who has had an id before.
"""

import contextlib
import unicodedata
from typing import Any

from lecture_lib.common import Shown

from . import small_files
from .page import said

FILE = ".lecture_student.json"
NOBODY = ""
GUEST = "guest"
"""The id that stands in a lesson until a student writes their own."""

_signed_in = NOBODY
_cell_says_guest = False


def student(id: str) -> Shown:
    """Sign in with an id: from now on `my_example()` is made from it, and progress is kept under it.

    Capitals and spaces around the id do not count: "S1234 " and "s1234" are the same student. "guest" is
    nobody: whoever had an id in this folder before keeps it, and is told so.

    Raises
    ------
    TypeError
        If the id is not a text.
    ValueError
        If it is empty, or longer than 100 letters.
    """
    global _signed_in, _cell_says_guest
    _signed_in = clean_id(id)
    _cell_says_guest = _signed_in == GUEST
    last = last_id() if _cell_says_guest else ""
    if last:
        _signed_in = last
        heading = f"Signed in as {last}, your last id here"
        text = (
            f"This cell says guest. When the notebook is graded, the id in this cell counts: write"
            f' ll.student("{last}").'
        )
        return said("not yet", heading, text)
    if not _cell_says_guest:
        _keep_id(_signed_in)
    heading = f"Signed in as {_signed_in}"
    if _cell_says_guest:
        text = (
            "As guest, everybody has the same numbers. Write your own id in the place of guest and run this"
            " cell again: exercises worked by hand then have a sentence and weights of your own."
        )
        return said("not yet", heading, text)
    text = "Exercises worked by hand now use your own sentence and weights; ll.my_example() shows them."
    return said("passed", heading, text)


def last_id() -> str:
    """Return the id that was signed in with last, in whatever lesson, "" if there is none."""
    return small_files.read(small_files.beside_it(FILE), _checked).get("id", "")


def _keep_id(id: str) -> None:
    """Keep an id. Never raises."""
    path = small_files.beside_it(FILE)
    if path and last_id() != id:
        with contextlib.suppress(OSError):
            small_files.write(path, {"id": id})


def _checked(found: Any) -> dict[str, str]:
    if not isinstance(small_files.as_dict(found).get("id"), str):
        raise ValueError("an id is expected")
    return found


def current_student() -> str:
    """Return the id that was signed in with, "" for nobody."""
    return _signed_in


def whose_numbers() -> str:
    """Say on whose numbers something worked by hand is judged, "" if on those of the id in the notebook."""
    if _signed_in in (NOBODY, GUEST):
        return (
            "These are the numbers of guest, which everybody has. For numbers of your own, write your id in"
            " ll.student(…), in the notebook's first code cell, run it, and work with those."
            if _signed_in == GUEST
            else "You have not signed in, so these are the numbers of nobody. ll.student(…) stands in the"
            " notebook's first code cell: write your own id there and run it."
        )
    if _cell_says_guest:
        return (
            f"These are the numbers of {_signed_in}, your last id. The notebook's first code cell still says"
            " guest. When the notebook is graded, the id in that cell counts: write yours."
        )
    return ""


def sign_out() -> None:
    """Be nobody again."""
    global _signed_in, _cell_says_guest
    _signed_in, _cell_says_guest = NOBODY, False


def clean_id(id: object) -> str:
    """Return an id as it is kept, without capitals and spaces around it; raise as `student` says."""
    if not isinstance(id, str):
        raise TypeError(
            f'student: an id is a text in quotes, as in ll.student("s1234"), not {type(id).__name__}'
        )
    cleaned = unicodedata.normalize("NFKC", str.__str__(id)).strip().casefold()
    if not cleaned:
        raise ValueError(
            'student: the id is empty; write your own between the quotes, as in ll.student("s1234")'
        )
    if len(cleaned) > 100:
        raise ValueError(f"student: an id of {len(cleaned)} letters is too long; 100 are the most")
    return cleaned
