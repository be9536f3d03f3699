"""Whose a submission is, by its path: a folder's name, or what Moodle and Canvas call it in a download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..frames import clean_name

MOODLE, CANVAS = "Moodle", "Canvas"
GUEST = "guest"
"""The id that stands in a lesson until a student writes their own."""

# Moodle: "Ada Smith_71_assignsubmission_file_" as a folder, or before the file's name, without folders. What
# comes first is Moodle's: the file's name is the student's own, and could look as if it were another's.
_MOODLE = re.compile(r"(?s)^(?P<who>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?$")
# Canvas: "smithada_LATE_4711_99_graphs"; in an anonymous assignment "anon_x7Gh2_99_graphs". A name keeps its
# underscores: of three numbers in a row, the first may be its own, or the last the file's. What comes first
# is Canvas's otherwise: the file's name is the student's own.
_CANVAS_NUMBERS = re.compile(r"_(?=(?P<number>[1-9]\d*)_[1-9]\d*_.)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(r"(?s)^(?:LATE_)?(?P<who>anon_[0-9A-Za-z]+)_\d+_.+$")
# A lesson as it is named, or as a browser, JupyterLab, Colab, Windows and the Mac name its copies.
_COPY = r"(?:copy|copie|kopie|copia|cópia|còpia|kopia|kópia|kopi|kopio|kopya|копия|копія|副本|コピー)"
_LESSON = re.compile(
    rf"^(?:{_COPY} (?:(?:of|von|de|di|van|av|af) )?)*\d\d_\w+?"
    rf"(?:[ _–-]*\(\d+\)|-\d+|[ _–-]+{_COPY}[ _]?\d*)*$",
    re.IGNORECASE,
)
# A folder for all who handed in that lesson, as an instructor names it. "03_graphs" may be a group's, too.
_LESSONS_FOLDER = re.compile(r"^lessons?[ _-]*\d{1,2}(?!\d)", re.IGNORECASE)
_ENDING = re.compile(r"(?:\.ipynb)+$", re.IGNORECASE)


@dataclass(frozen=True)
class Owner:
    """Whom a path names.

    Attributes
    ----------
    label
        The student, as in the gradebook; "" where the path says only the lesson.
    system
        Where the notebooks were downloaded: `MOODLE`, `CANVAS`, or "" for neither.
    number
        By which that system knows the student: Moodle's participant in this assignment, Canvas's user.
    name
        What that system calls the student.
    doubt
        Why it cannot be said whose it is, "" if it can.
    """

    label: str
    system: str = ""
    number: str = ""
    name: str = ""
    doubt: str = ""


def owner_in_path(name: str) -> Owner:
    """A submission's path -> whom it names.

    >>> names = "s1234/03_graphs.ipynb", "s1234.ipynb", "03_graphs (1).ipynb"
    >>> [owner_in_path(name).label for name in names]
    ['s1234', 's1234', '']
    >>> [owner_in_path(f"lesson 03/{name}.ipynb").label for name in ("s1234", "03_graphs")]
    ['s1234', '']
    >>> owner_in_path("Ada Smith_71_assignsubmission_file_/a.ipynb")
    Owner(label='Ada Smith_71', system='Moodle', number='71', name='Ada Smith', doubt='')
    >>> owner_in_path("Copy of 03_graphs - Copy (2).ipynb").label
    ''
    >>> owner_in_path("student_12_4714_993_a.ipynb").doubt
    "Canvas's number of the student could be 12 or 4714."
    >>> owner_in_path("smithada_LATE_4711_99_a.ipynb")
    Owner(label='smithada_4711', system='Canvas', number='4711', name='smithada', doubt='')
    """
    parts = PurePosixPath(name).parts
    if len(parts) > 1 and _LESSONS_FOLDER.match(parts[0]):
        return owner_in_path("/".join(parts[1:]))
    alone = len(parts) == 1
    first = _ENDING.sub("", name) if alone else name.split("/")[0]
    if match := _MOODLE.match(first):
        return _of(MOODLE, match["who"], match["number"])
    if alone and (match := _CANVAS_ANONYMOUS.match(first)):
        return Owner(clean_name(match["who"], 120))
    if alone and (found := [*_CANVAS_NUMBERS.finditer(first, 1)]):
        if len(found) > 1 and found[1].start() == found[0].end("number"):
            numbers = " or ".join(match["number"][:20] for match in found[:3])
            return Owner(clean_name(first, 120), doubt=f"Canvas's number of the student could be {numbers}.")
        who = first[: found[0].start()].removesuffix("_LATE")
        return _of(CANVAS, who, found[0]["number"])
    return Owner("" if alone and _LESSON.match(first) else clean_name(first, 120))


def _of(system: str, who: str, number: str) -> Owner:
    who, number = clean_name(who, 90), number[:20]
    return Owner(f"{who}_{number}", system, number, who)
