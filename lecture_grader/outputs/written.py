"""What a run leaves behind for people and other systems, made of its results: the gradebook, the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..graded import Graded
from ..handed_in import CANVAS, MOODLE, Submission
from ..results import write_whole
from .feedback import feedback_page, file_name
from .gradebook import Row, anonymous_csv, gradebook_csv, rows_of
from .lms import canvas_import, moodle_import
from .report import report_page
from .rosters import Roster
from .tally import Tally

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
    owned: Mapping[str, Sequence[Submission]],
    result_of: Callable[[Submission], Graded],
    seed: str,
    roster: Roster | None = None,
    passed_over: Sequence[tuple[str, str]] = (),
) -> Written:
    """Write everything but the results themselves.

    `owned` has each student's submissions; `result_of` gives what became of one, and is asked for each once,
    student after student: there may be more results than memory.
    """
    pages = folder / FEEDBACK
    pages.mkdir(exist_ok=True)
    tally = Tally()

    def all_results() -> Iterator[Graded]:
        for student, own in owned.items():
            results = [result_of(submission) for submission in own]
            tally.add(student, results)
            _write_page(pages / file_name(student), feedback_page(student, results))
            yield from results

    rows = rows_of(all_results())
    troubled = [*passed_over, *(found for row in rows for found in row.human)]
    notes: list[str] = []
    absent: list[str] = []
    files = [(folder / GRADEBOOK, "The gradebook"), (folder / ANONYMOUS, "The same without names")]
    write_whole(folder / GRADEBOOK, gradebook_csv(rows))
    write_whole(folder / ANONYMOUS, anonymous_csv(rows, seed))
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
    files.append((pages, "A page for each student"))
    human = tuple(dict.fromkeys(troubled))
    write_whole(folder / REPORT, report_page(tally, human, notes, absent, FEEDBACK))
    files.append((folder / REPORT, "The class report"))
    return Written(tuple(rows), human, tuple(notes), tuple(files))


def _write_page(path: Path, page: str) -> None:
    """Write a page if it is another: there are many, and the next run makes them again."""
    if not path.exists() or path.read_text(encoding="utf-8") != page:
        write_whole(path, page, lasting=False)


def _systems(rows: Sequence[Row], roster: Roster | None) -> set[str]:
    """Return the systems whose file is of use: the roster's, or the submissions', or both of them."""
    if roster is not None:
        return {roster.system}
    return {row.owner.system for row in rows} - {""} or {CANVAS, MOODLE}
