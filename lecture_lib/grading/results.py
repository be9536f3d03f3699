"""What a run leaves behind: every result in one file of JSON lines, and the gradebook made of it.

A result is appended when it is there, and found again by its key; a line that was cut short by a
power cut or a kill is dropped. Other files are written whole or not at all.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import hmac
import io
import json
import os
import secrets
import tempfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from lecture_lib.exercises import EXERCISES

from .grade import Record

RESULTS, RUN, GRADEBOOK, LOCK = "results.jsonl", "run.json", "gradebook.csv", ".lock"
ANONYMOUS, FEEDBACK = "gradebook_anonymous.csv", "feedback"
_IN_A_CELL = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula


class Busy(Exception):
    """Another run is at work on this folder."""


class NotOurs(Exception):
    """The folder's files were not written by a run, or cannot be read."""


@dataclass
class Store:
    """The results in a folder. Open it with `opened`, so that no two runs write in it."""

    folder: Path
    places: dict[str, tuple[int, int]] = field(default_factory=dict[str, "tuple[int, int]"])
    """Key -> where in the file its line begins, and its length: the results themselves stay on the disk."""

    @property
    def path(self) -> Path:
        """The file of results."""
        return self.folder / RESULTS

    def index(self) -> None:
        """Read which results there are; cut off what is not a whole line."""
        if not self.path.exists():
            return
        sound = 0
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                with contextlib.suppress(ValueError):
                    found = json.loads(line)
                    if isinstance(found, dict) and cast("Record", found).get("key"):
                        self.places[str(cast("Record", found)["key"])] = (sound, len(line))
                sound += len(line)
        if sound < self.path.stat().st_size:
            os.truncate(self.path, sound)

    def __contains__(self, key: str) -> bool:
        return key in self.places

    def get(self, key: str) -> Record:
        """Return the result that has this key."""
        start, length = self.places[key]
        with self.path.open("rb") as file:
            file.seek(start)
            return cast("Record", json.loads(file.read(length)))

    def add(self, records: Iterable[Record]) -> None:
        """Append results; those without a key are not kept, so that they are tried again."""
        kept = [record for record in records if record["key"]]
        lines = [(json.dumps(record, separators=(",", ":")) + "\n").encode("ascii") for record in kept]
        with self.path.open("ab") as file:
            place = file.tell()
            file.write(b"".join(lines))
            file.flush()
            os.fsync(file.fileno())
        for record, line in zip(kept, lines, strict=True):
            self.places[str(record["key"])] = (place, len(line))
            place += len(line)

    def seed(self, asked: str | None) -> str:
        """Return the seed of this folder's unseen inputs: the one asked for, the one before, or a new one."""
        path = self.folder / RUN
        before: str | None = None
        if path.exists():
            try:
                before = str(json.loads(path.read_text(encoding="utf-8"))["seed"])
            except (ValueError, KeyError, TypeError) as error:
                raise NotOurs(f"{path} cannot be read. Give a folder of its own to -o, or --seed.") from error
        seed = asked or before or secrets.token_hex(8)
        if seed != before:
            write_whole(path, json.dumps({"seed": seed}) + "\n")
        return seed


@contextlib.contextmanager
def opened(folder: Path) -> Generator[Store]:
    """Open a folder of results, which is made if there is none, for this run alone.

    Raises
    ------
    Busy
        If another run has it open.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                f"Another run is at work on {folder}. Wait until it ends, or give another -o."
            ) from None
        store = Store(folder)
        store.index()
        yield store


def write_whole(path: Path, text: str) -> None:
    """Write all of a file or nothing of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------ the gradebook


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
