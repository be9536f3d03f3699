"""What a run leaves behind for people and other systems, made of its results: the gradebook, the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..graded import Graded
from ..handed_in import CANVAS, MOODLE, Submission, owner_in_path
from ..results import write_whole
from .feedback import feedback_page, file_name, is_page
from .gradebook import anonymous_csv, gradebook_csv, rows_of
from .lms import canvas_import, moodle_import
from .report import report_page
from .rosters import Roster
from .rows import Row
from .tally import Tally

GRADEBOOK, ANONYMOUS = "gradebook.csv", "gradebook_anonymous.csv"
FEEDBACK, REPORT = "feedback", "report.html"
MOST_OF_ONE = 10
"""Of what needs a human, so many things are listed of one student."""
IMPORTS = {CANVAS: "gradebook_canvas.csv", MOODLE: "gradebook_moodle.csv"}


@dataclass(frozen=True)
class Beside:
    """What there is beside the results, of which the files are made too.

    Attributes
    ----------
    roster
        The students as Canvas or Moodle lists them, for the file that it imports.
    passed_over
        What was handed in and is no submission: a name, and why.
    ignored
        What else was found, which nobody need look at: a name, and why.
    with_place
        Who has a folder or a file of their own, by `folded`.
    """

    roster: Roster | None = None
    passed_over: Sequence[tuple[str, str]] = ()
    ignored: Sequence[tuple[str, str]] = ()
    with_place: Collection[str] = ()


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
    beside: Beside,
) -> Written:
    """Write everything but the results themselves.

    `owned` has each student's submissions; `result_of` gives what became of one, and is asked for each once,
    student after student: there may be more results than memory.
    """
    roster = beside.roster
    pages = folder / FEEDBACK
    pages.mkdir(exist_ok=True)
    tally = Tally()

    def all_results() -> Iterator[Graded]:
        for student, own in owned.items():
            results = [result_of(submission) for submission in own]
            tally.add(student, results)
            _write_page(pages / file_name(student), feedback_page(student, results))
            yield from results

    rows = rows_of(all_results(), roster, beside.with_place)
    _remove_pages(pages, {file_name(student) for student in owned})
    troubled = [*first_of_each(beside.passed_over, _whose), *_of_rows(rows)]
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
    write_whole(folder / REPORT, report_page(tally, human, notes, absent, FEEDBACK, beside.ignored))
    files.append((folder / REPORT, "The class report"))
    return Written(tuple(rows), human, tuple(notes), tuple(files))


def _write_page(path: Path, page: str) -> None:
    """Write a page if it is another: there are many, and the next run makes them again."""
    if not path.exists() or path.read_text(encoding="utf-8") != page:
        write_whole(path, page, lasting=False)


def _remove_pages(pages: Path, wanted: Collection[str]) -> None:
    """Remove the pages of students who are gone; what else lies there is somebody's own."""
    for path in pages.iterdir():
        if is_page(path.name) and path.name not in wanted:
            path.unlink()


def _whose(path: str) -> str:
    return owner_in_path(path).label or path


def _of_rows(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Give what needs a human, of each student the first: no notebook may fill the list."""
    for row in rows:
        yield from first_of_each(dict.fromkeys(row.human), lambda _, row=row: row.student)


def first_of_each(found: Iterable[tuple[str, str]], whose: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Give the first few of each student, and how many more there are."""
    each: Counter[str] = Counter()
    for name, words in found:
        student = whose(name)
        each[student] += 1
        if each[student] <= MOST_OF_ONE:
            yield name, words
    for student, count in each.items():
        if count > MOST_OF_ONE:
            yield student, f"There are {count - MOST_OF_ONE:,} more things of theirs."


def _systems(rows: Sequence[Row], roster: Roster | None) -> set[str]:
    """Return the systems whose file is of use: the roster's, or the submissions', or both of them."""
    if roster is not None:
        return {roster.system}
    return {row.owner.system for row in rows} - {""} or {CANVAS, MOODLE}
