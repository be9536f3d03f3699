"""What a run leaves behind for people and other systems, made of its records: the gradebook, the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .feedback import feedback_page, file_name
from .grade import Record
from .gradebook import Row, anonymous_gradebook, gradebook, owner_of, rows_of
from .lms import canvas_import, moodle_import
from .report import Tally, report_page
from .results import write_whole
from .rosters import Roster
from .submissions import Submission
from .whose import CANVAS, MOODLE

GRADEBOOK, ANONYMOUS = "gradebook.csv", "gradebook_anonymous.csv"
FEEDBACK, REPORT = "feedback", "report.html"
IMPORTS = {CANVAS: "gradebook_canvas.csv", MOODLE: "gradebook_moodle.csv"}


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    rows
        The students.
    troubled
        What needs a human: a submission's or a student's name, and why.
    notes
        What else an instructor should know of the files.
    files
        Where they are, and what each is in a few words.
    """

    rows: tuple[Row, ...]
    troubled: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    files: tuple[tuple[Path, str], ...]


def write_all(
    folder: Path,
    submissions: Sequence[Submission],
    record_of: Callable[[Submission], Record],
    seed: str,
    roster: Roster | None = None,
    passed_over: Sequence[tuple[str, str]] = (),
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
    troubled = [*passed_over, *(found for row in rows for found in row.human)]
    notes: list[str] = []
    absent: list[str] = []
    files = [(folder / GRADEBOOK, "The gradebook"), (folder / ANONYMOUS, "The same without names")]
    write_whole(folder / GRADEBOOK, gradebook(rows))
    write_whole(folder / ANONYMOUS, anonymous_gradebook(rows, seed))
    for system, make in ((CANVAS, canvas_import), (MOODLE, moodle_import)):
        path = folder / IMPORTS[system]
        if system not in _systems(rows, roster):
            path.unlink(missing_ok=True)
            continue
        made = make(rows, roster)
        write_whole(path, made.text)
        files.append((path, f"For {system} to import"))
        troubled += [(who, f"Not in {path.name}. {why}") for who, why in made.left_out]
        notes += [f"{path.name}: {note}" for note in made.notes]
        absent += made.absent
    pages = folder / FEEDBACK
    pages.mkdir(exist_ok=True)
    tally = Tally()
    for student, own in owned.items():
        records = [record_of(submission) for submission in own]
        tally.add(student, records)
        page = feedback_page(student, records)
        place = pages / file_name(student)
        if not place.exists() or place.read_text(encoding="utf-8") != page:
            write_whole(place, page, lasting=False)  # there are many, and the next run makes them again
    files.append((pages, "A page for each student"))
    human = tuple(dict.fromkeys(troubled))
    write_whole(folder / REPORT, report_page(tally, human, notes, absent, FEEDBACK))
    files.append((folder / REPORT, "The class report"))
    return Written(tuple(rows), human, tuple(notes), tuple(files))


def _systems(rows: Sequence[Row], roster: Roster | None) -> set[str]:
    """Return the systems whose file is of use: the roster's, or the submissions', or both of them."""
    if roster is not None:
        return {roster.system}
    return {row.whose.system for row in rows} - {""} or {CANVAS, MOODLE}
