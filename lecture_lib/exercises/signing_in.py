"""Who is at work: the id that a student signs in with."""

from __future__ import annotations

import unicodedata

from lecture_lib.common import Shown, Text

from .page import card, paragraph

NOBODY = ""

_signed_in = NOBODY


def student(id: str) -> Shown:
    """Sign in with an id: from now on `my_example()` is made from it, and progress is kept under it.

    Capitals and spaces around the id do not count: "S1234 " and "s1234" are the same student.

    Raises
    ------
    TypeError
        If the id is not a text.
    ValueError
        If it is empty, or longer than 100 letters.
    """
    global _signed_in
    _signed_in = clean_id(id)
    heading = f"Signed in as {_signed_in}"
    text = "Exercises worked by hand now use your own sentence and weights; ll.my_example() shows them."
    return Text(card("passed", heading, [paragraph(text)]), f"{heading}\n  {text}")


def current_student() -> str:
    """Return the id that was signed in with, "" for nobody."""
    return _signed_in


def sign_out() -> None:
    """Be nobody again."""
    global _signed_in
    _signed_in = NOBODY


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
