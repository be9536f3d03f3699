"""The gradebook: a row a student, and the same without names."""

from __future__ import annotations

import csv
import hmac
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from lecture_lib.exercises import Exercise
from lecture_lib.lessons import EXERCISES

from .grade import Record
from .whose import GUEST, Whose, whose

# Where a spreadsheet begins to read a formula: at a cell's start, which in a country of decimal commas is
# after a semicolon, too. The wide forms of the same signs do it in East Asian editions.
_FORMULA = re.compile(r"(^|[;|])(\s*)(?=[=+\-@＝＋－＠])")

GUESTS_NUMBERS = (
    "Never signed in: the exercises by hand were judged on the guest's numbers, which everyone can have."
)


@dataclass
class Row:
    """One student: the best that they handed in of each exercise.

    Attributes
    ----------
    student
        Whose it is, as `owner_of` says.
    whose
        The same, as the paths of their notebooks say.
    named
        Whether anything names the student at all; if not, `student` is a file's name.
    signed_in_as
        The ids in their notebooks.
    files
        How many notebooks there are.
    points
        Exercise -> the most points that were earned in it.
    remarks
        What an instructor should know.
    human
        Why a human should look at it: a submission's or the student's name, and the reason.
    """

    student: str
    whose: Whose = field(default_factory=lambda: Whose(""))
    named: bool = True
    signed_in_as: set[str] = field(default_factory=set[str])
    files: int = 0
    points: dict[str, float] = field(default_factory=dict[str, float])
    remarks: list[str] = field(default_factory=list[str])
    human: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def points_in(self, exercises: Iterable[Exercise]) -> float:
        """Return the points in these exercises together."""
        return sum(self.points.get(exercise.id, 0.0) for exercise in exercises)

    def has(self, exercises: Iterable[Exercise]) -> bool:
        """Whether anything of these exercises was graded."""
        return any(exercise.id in self.points for exercise in exercises)


def owner_of(record: Record) -> str:
    """Whose a record is: as the folder or the file says, or else as the notebook does."""
    signed_in = str(record["signed_in_as"])
    return str(record["student"] or ("" if signed_in == GUEST else signed_in) or record["file"])


def graded_exercises(lesson: str = "") -> list[Exercise]:
    """Return the exercises that give points, of one lesson or of all."""
    return [one for one in EXERCISES.values() if one.points and lesson in ("", one.lesson)]


def rows_of(records: Iterable[Record]) -> list[Row]:
    """Records -> a row a student, by name. The records are gone through once and not kept."""
    rows: dict[str, Row] = {}
    same: dict[str, list[tuple[Row, str]]] = {}
    signed_in: dict[str, dict[str, list[str]]] = {}
    for record in records:
        who, file = owner_of(record), str(record["file"])
        row = rows.setdefault(who, Row(who))
        _add(row, record)
        if record["signed_in_as"]:
            signed_in.setdefault(who, {}).setdefault(str(record["signed_in_as"]), []).append(file)
        if record["key"] and _earned(record):
            same.setdefault(str(record["key"]), []).append((row, file))
    for row in rows.values():
        if len(row.signed_in_as - {GUEST}) > 1:
            each = [f"{id} in {_list(files)}" for id, files in signed_in[row.student].items() if id != GUEST]
            words = _list(each, "; ")
            row.human.append((row.student, f"The notebooks sign in with several ids: {words}."))
    _shared_ids(rows.values())
    for copies in same.values():
        for row, file in copies:
            others = {f"{other.student} ({name})" for other, name in copies if other is not row}
            if others:
                row.human.append(
                    (file, f"It is the same file, to the last letter, as that of {_list(others)}.")
                )
    return [rows[who] for who in sorted(rows)]


def _add(row: Row, record: Record) -> None:
    """Take a record into its student's row."""
    file, signed_in = str(record["file"]), str(record["signed_in_as"])
    found = whose(file)
    row.whose = found if found.label == record["student"] else Whose(str(record["student"]))
    row.files += 1
    if signed_in:
        row.signed_in_as.add(signed_in)
    if record["unsafe"]:
        row.remarks.append("graded without a sandbox")
    if record["trouble"]:
        row.human.append((file, str(record["trouble"])))
    row.human += [(file, str(words)) for words in record.get("human", ())]
    if row.student == file:
        row.named = False
        row.human.append(
            (file, "Nothing says whose it is: neither its name or folder, nor an id in ll.student.")
        )
    if signed_in in ("", GUEST) and _has_points_by_hand(record):
        row.human.append((file, GUESTS_NUMBERS))
    again = [id for id in record["exercises"] if id in row.points]
    if again and not record["student"]:
        row.human.append((file, f"Another notebook of the same lesson is signed in as {row.student}, too."))
    row.remarks += [f"{id} was handed in more than once; the best counts" for id in again]
    for id, exercise in cast("dict[str, Any]", record["exercises"]).items():
        row.points[id] = max(row.points.get(id, 0.0), float(exercise["points"]))
        row.remarks += [f"{id}: {note}" for note in exercise["found"]]


def _has_points_by_hand(record: Record) -> bool:
    """Whether there are points in exercises of which everyone has numbers of their own."""
    exercises = cast("dict[str, Any]", record["exercises"])
    return any(id.endswith("_by_hand") and float(found["points"]) > 0 for id, found in exercises.items())


def _earned(record: Record) -> bool:
    """Whether a notebook holds work: two that are as they were given are the same by right."""
    return any(float(found["points"]) > 0 for found in cast("dict[str, Any]", record["exercises"]).values())


def _shared_ids(rows: Iterable[Row]) -> None:
    """Name those who have signed in with the same id."""
    shared: dict[str, list[Row]] = {}
    for row in rows:
        for id in row.signed_in_as - {GUEST}:
            shared.setdefault(id, []).append(row)
    for id, owners in shared.items():
        for row in owners:
            others = {other.student for other in owners if other is not row}
            if others:
                row.human.append((row.student, f"They signed in as {id}, and so did {_list(others)}."))


def _list(words: Iterable[str], between: str = ", ") -> str:
    shown = between.join(sorted(words))
    return shown if len(shown) <= 200 else f"{shown[:200]} …"


# ------------------------------------------------------------------ as CSV


def safe_cell(text: str) -> str:
    r"""Return a text on one line that no spreadsheet takes for a formula: an apostrophe stands before it.

    A backslash becomes a slash: before a quote it would end the cell for Moodle, whose PHP reads it so, and
    what follows in a name would be the grade.

    >>> safe_cell("=1+1"), safe_cell("Ada; =1"), safe_cell("a+b"), safe_cell('x\\",99')
    ("'=1+1", "Ada; '=1", 'a+b', 'x/",99')
    """
    return _FORMULA.sub(r"\1\2'", " ".join(text.replace("\\", "/").split()))


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    """Rows of cells, which must be safe -> a file of comma-separated values."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def gradebook(rows: Iterable[Row]) -> str:
    """Rows -> the gradebook as CSV: points by exercise, by lesson, and in all."""
    graded = graded_exercises()
    lessons = sorted({exercise.lesson for exercise in graded})
    head = ["student", "signed_in_as", "notebooks", *(exercise.id for exercise in graded)]
    lines: list[Sequence[object]] = [
        [*head, *(f"lesson_{lesson}" for lesson in lessons), "total", "out_of", "remarks"]
    ]
    for row in rows:
        human = [words if name == row.student else f"{name}: {words}" for name, words in row.human]
        lines.append(
            [
                safe_cell(row.student),
                safe_cell(" ".join(sorted(row.signed_in_as))),
                row.files,
                *(f"{row.points[one.id]:g}" if one.id in row.points else "" for one in graded),
                *(_in_lesson(row, lesson) for lesson in lessons),
                f"{row.points_in(graded):g}",
                f"{sum(one.points for one in graded):g}",
                safe_cell("; ".join(dict.fromkeys([*human, *row.remarks]))[:2000]),
            ]
        )
    return as_csv(lines)


def _in_lesson(row: Row, lesson: str) -> str:
    """Return the points in a lesson; nothing where it was not handed in, which is not the same as 0."""
    own = graded_exercises(lesson)
    return f"{row.points_in(own):g}" if row.has(own) else ""


def anonymous_gradebook(rows: Iterable[Row], seed: str) -> str:
    """Rows -> the gradebook without names, in an order that says nothing: for a talk, or a study.

    A student's number is made from the seed; who has both the seed and the names can find it again.
    """
    graded = graded_exercises()
    lines = [
        [
            hmac.new(seed.encode(), row.student.encode(), "sha256").hexdigest()[:12],
            *(f"{row.points[one.id]:g}" if one.id in row.points else "" for one in graded),
            f"{row.points_in(graded):g}",
        ]
        for row in rows
    ]
    return as_csv([["number", *(exercise.id for exercise in graded), "total"], *sorted(lines)])
