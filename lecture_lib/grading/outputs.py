"""What a run leaves behind for people and other systems, made of its records: the gradebook, the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .feedback import feedback_page, file_name
from .grade import Record
from .gradebook import Row, anonymous_gradebook, gradebook, owner_of, rows_of
from .results import write_whole
from .submissions import Submission

GRADEBOOK, ANONYMOUS, FEEDBACK = "gradebook.csv", "gradebook_anonymous.csv", "feedback"


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    rows
        The students.
    troubled
        What needs a human: a submission's name, and why.
    gradebook
        Where the gradebook is.
    """

    rows: tuple[Row, ...]
    troubled: tuple[tuple[str, str], ...]
    gradebook: Path


def write_all(
    folder: Path,
    submissions: Sequence[Submission],
    record_of: Callable[[Submission], Record],
    seed: str,
) -> Written:
    """Write everything but the results themselves; `record_of` gives a submission's record, each when asked.

    The records are gone through one by one, twice, and not kept: there may be more of them than memory.
    """
    owned: dict[str, list[Submission]] = {}

    def all_records() -> Iterator[Record]:
        for submission in submissions:
            record = record_of(submission)
            owned.setdefault(owner_of(record), []).append(submission)
            yield record

    rows = rows_of(all_records())
    path = folder / GRADEBOOK
    write_whole(path, gradebook(rows))
    write_whole(folder / ANONYMOUS, anonymous_gradebook(rows, seed))
    pages = folder / FEEDBACK
    pages.mkdir(exist_ok=True)
    for student, own in owned.items():
        page = feedback_page(student, [record_of(submission) for submission in own])
        place = pages / file_name(student)
        if not place.exists() or place.read_text(encoding="utf-8") != page:
            write_whole(place, page, lasting=False)  # there are many, and the next run makes them again
    troubled = tuple(found for row in rows for found in row.human)
    return Written(tuple(rows), troubled, path)
