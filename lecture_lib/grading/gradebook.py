"""The gradebook: a row a student, and the same without names."""

from __future__ import annotations

import csv
import hmac
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from lecture_lib.exercises import EXERCISES

from .grade import Record

_IN_A_CELL = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula


@dataclass
class Row:
    """One student: the best that they handed in of each exercise."""

    student: str
    signed_in_as: set[str] = field(default_factory=set[str])
    files: int = 0
    points: dict[str, float] = field(default_factory=dict[str, float])
    remarks: list[str] = field(default_factory=list[str])


def owner_of(record: Record) -> str:
    """Whose a record is: as the folder or the file says, or else as the notebook does."""
    return str(record["student"] or record["signed_in_as"] or record["file"])


def rows_of(records: Iterable[Record]) -> list[Row]:
    """Records -> a row a student, by name."""
    rows: dict[str, Row] = {}
    for record in records:
        who = owner_of(record)
        row = rows.setdefault(who, Row(who))
        row.files += 1
        if record["signed_in_as"]:
            row.signed_in_as.add(str(record["signed_in_as"]))
        if record["unsafe"]:
            row.remarks.append("graded without a sandbox")
        if record["trouble"]:
            row.remarks.append(f"{record['file']}: {record['trouble']}")
        for id, found in cast("dict[str, Any]", record["exercises"]).items():
            if id in row.points:
                row.remarks.append(f"{id} was handed in more than once; the best counts")
            row.points[id] = max(row.points.get(id, 0.0), float(found["points"]))
            row.remarks += [f"{id}: {note}" for note in found["found"]]
    for row in rows.values():
        if len(row.signed_in_as) > 1:
            row.remarks.append("signed in with several ids")
    shared: dict[str, list[Row]] = {}
    for row in rows.values():
        for id in row.signed_in_as - {"guest"}:
            shared.setdefault(id, []).append(row)
    for id, owners in shared.items():
        if len(owners) > 1:
            for row in owners:
                others = ", ".join(other.student for other in owners if other is not row)
                row.remarks.append(f"signed in as {id}, and so did {others[:200]}")
    return [rows[who] for who in sorted(rows)]


def gradebook(rows: Iterable[Row]) -> str:
    """Rows -> the gradebook as CSV: points by exercise, by lesson, and in all."""
    lessons = sorted({exercise.lesson for exercise in EXERCISES.values() if exercise.points})
    graded = [exercise for exercise in EXERCISES.values() if exercise.points]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            "student",
            "signed_in_as",
            "notebooks",
            *(exercise.id for exercise in graded),
            *(f"lesson_{lesson}" for lesson in lessons),
            "total",
            "out_of",
            "remarks",
        ]
    )
    for row in rows:
        by_lesson = [
            sum(row.points.get(one.id, 0.0) for one in graded if one.lesson == lesson) for lesson in lessons
        ]
        writer.writerow(
            [
                _safe(row.student),
                _safe(" ".join(sorted(row.signed_in_as))),
                row.files,
                *(f"{row.points[one.id]:g}" if one.id in row.points else "" for one in graded),
                *(f"{points:g}" for points in by_lesson),
                f"{sum(by_lesson):g}",
                f"{sum(one.points for one in graded):g}",
                _safe("; ".join(_each_once(row.remarks))[:2000]),
            ]
        )
    return out.getvalue()


def anonymous_gradebook(rows: Iterable[Row], seed: str) -> str:
    """Rows -> the gradebook without names, in an order that says nothing: for a talk, or a study.

    A student's number is made from the seed; who has both the seed and the names can find it again.
    """
    graded = [exercise for exercise in EXERCISES.values() if exercise.points]
    lines = [
        [
            hmac.new(seed.encode(), row.student.encode(), "sha256").hexdigest()[:12],
            *(f"{row.points[one.id]:g}" if one.id in row.points else "" for one in graded),
            f"{sum(row.points.get(one.id, 0.0) for one in graded):g}",
        ]
        for row in rows
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["number", *(exercise.id for exercise in graded), "total"])
    writer.writerows(sorted(lines))
    return out.getvalue()


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_IN_A_CELL) else line


def _each_once(words: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(words))
