"""What a run leaves behind for people and other systems, made of its results: the gradebook, the pages."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from lecture_lib.lessons import EXERCISES

from ..graded import Graded
from ..handed_in import BLACKBOARD, BRIGHTSPACE, CANVAS, MOODLE, Submission, owner_in_path
from ..store import write_whole
from .course import FILE, PLAIN, Course
from .feedback import feedback_page, file_name, is_page, own_cells
from .filled import canvas_import, filled_import
from .gradebook import anonymous_csv, gradebook_csv, rows_of
from .imports import Import
from .item_statistics import STATISTICS, statistics_csv
from .late import Late, Unknown, needs_a_human, of_unknown, with_lateness
from .matching import Matched, match
from .moodle import moodle_import
from .report import report_page
from .rosters import Roster
from .rows import Row
from .tally import Tally
from .whom_it_names import as_shown, named_by_what_is_shown, of_nobody

GRADEBOOK, ANONYMOUS = "gradebook.csv", "gradebook_anonymous.csv"
FEEDBACK, REPORT = "feedback", "report.html"
MOST_OF_ONE = 10
"""Of what needs a human, so many things are listed of one student."""
IMPORTS = {system: f"gradebook_{system.lower()}.csv" for system in (CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE)}


@dataclass(frozen=True)
class Beside:
    """What there is beside the results, of which the files are made too.

    Attributes
    ----------
    roster
        The students as a learning system lists them, for the file that it imports.
    passed_over
        What was handed in and is no submission: a name, and why.
    ignored
        What else was found, which nobody need look at: a name, and why.
    with_place
        Who has a folder or a file of their own, by `folded`.
    course
        What was decided of the class, to be applied.
    made
        When and with what it was graded, in words.
    places
        A name in `passed_over` -> the file or the folder that it is, "" if there is none to be opened.
    """

    roster: Roster | None = None
    passed_over: Sequence[tuple[str, str]] = ()
    ignored: Sequence[tuple[str, str]] = ()
    with_place: Collection[str] = ()
    course: Course = PLAIN
    made: str = ""
    places: Mapping[str, str] = field(default_factory=dict[str, str])


class Written(NamedTuple):
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

    rows: tuple[Row, ...] = ()
    troubled: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[tuple[Path, str], ...] = ()


@dataclass
class _Gathered:
    """What is gathered while the students' results are gone through.

    Attributes
    ----------
    tally
        What the report and the statistics count.
    late
        What came late, of each student.
    unknown
        Of what nobody knows when it was handed in.
    idle
        What was decided and does nothing.
    """

    tally: Tally = field(default_factory=Tally)
    late: dict[str, Sequence[Late]] = field(default_factory=dict[str, Sequence[Late]])
    unknown: list[Unknown] = field(default_factory=list[Unknown])
    idle: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


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
    roster, course = beside.roster, named_by_what_is_shown(beside.course, as_shown(owned))
    pages, gathered = folder / FEEDBACK, _Gathered()
    pages.mkdir(exist_ok=True)
    _remove_pages(pages, {file_name(student) for student in owned})
    rows = rows_of(_with_their_pages(owned, result_of, course, pages, gathered), roster, beside.with_place)
    for row in rows:
        row.late, row.excused = gathered.late.get(row.student, ()), course.excused_from(row.student)
        row.remarks += decided_of(course, row.student, row.late)
        row.human += [(row.student, words) for one in row.late if (words := needs_a_human(course, one))]
    matched = Matched() if roster is None else match(rows, roster)  # of all, whether it counts or not
    nobodys, excused = of_nobody(course, rows, roster, matched)
    not_read, not_said = of_unknown(gathered.unknown)
    found = [*nobodys, *gathered.idle, *not_read, *first_of_each(beside.passed_over, _whose), *_of_rows(rows)]
    write_whole(folder / GRADEBOOK, gradebook_csv(rows, course))
    write_whole(folder / ANONYMOUS, anonymous_csv(rows, seed, course))
    imports = [*_imports(folder, rows, roster, course)]
    human = tuple(dict.fromkeys([*found, *(one for each in imports for one in each.troubled)]))
    notes = (*course.notes(), *excused, *not_said, *(note for each in imports for note in each.notes))
    links = _links(folder, owned, beside.places)
    tally = gathered.tally
    # A notebook that several have handed in together is one.
    tally.notebooks = len({one.name for own in owned.values() for one in own})
    page = report_page(
        tally, human, notes, matched.absent, FEEDBACK, beside.ignored, rows, course, links, beside.made
    )
    write_whole(folder / REPORT, page)
    write_whole(folder / STATISTICS, statistics_csv(tally))
    files = (
        (folder / GRADEBOOK, "The gradebook"),
        (folder / ANONYMOUS, "The same without names"),
        *(file for each in imports for file in each.files),
        (pages, "A page for each student"),
        (folder / REPORT, "The class report"),
        (folder / STATISTICS, "Its counts, for `lecture-grader compare`"),
    )
    return Written(tuple(rows), human, notes, files)


def _with_their_pages(
    owned: Mapping[str, Sequence[Submission]],
    result_of: Callable[[Submission], Graded],
    course: Course,
    pages: Path,
    gathered: _Gathered,
) -> Iterator[Graded]:
    """Give each result as it counts, and write each student's page when theirs are all there."""
    for student, own in owned.items():
        found = [result_of(submission) for submission in own]
        on_time = course.applied(student, found)
        counted = with_lateness(course, student, [*zip(own, found, strict=True)], on_time)
        results = counted.results
        if counted.late:
            gathered.late[student] = counted.late
        gathered.unknown.extend(counted.unknown)
        count = {
            EXERCISES[id].lesson
            for handed, one in zip(found, on_time, strict=True)
            for id in one.exercises
            if id in handed.exercises
        }
        gathered.idle.extend(
            (FILE, f"[[days_late]] for {student} and lesson {lesson} does nothing: nothing of it counts.")
            for who, lesson in course.days_late
            if who == student and lesson not in count
        )
        gathered.tally.add(student, results, on_time)
        decided = decided_of(course, student, counted.late)
        page = feedback_page(student, results, decided, own_cells(own, results))
        _write_page(pages / file_name(student), page)
        yield from results


def _imports(folder: Path, rows: Sequence[Row], roster: Roster | None, course: Course) -> Iterator[Written]:
    """Write the files that learning systems import, and remove those of a system that is not used."""
    for system, name in IMPORTS.items():
        path = folder / name
        wanted = system in _systems(rows, roster)
        if not wanted or (roster is None and system in (BLACKBOARD, BRIGHTSPACE)):
            path.unlink(missing_ok=True)
            if wanted:
                yield Written(notes=(f"For {name}, which {system} imports, give --roster its export.",))
            continue
        made = gradebook_import(system, rows, roster, course)
        write_whole(path, made.text)
        yield Written(
            troubled=(
                *((who, f"Not in {name}. {why}") for who, why in made.left_out),
                *((who, f"{name}: {why}") for who, why in made.human),
            ),
            notes=tuple(f"{name}: {note}" for note in made.notes),
            files=((path, f"For {system} to import"),),
        )


def gradebook_import(
    system: str, rows: Sequence[Row], roster: Roster | None = None, course: Course = PLAIN
) -> Import:
    """Students' points, in the form in which a system imports them; `roster` is that system's, if given.

    For Blackboard and Brightspace it must be: the names in their downloads are not enough for an import.
    """
    if system == MOODLE:
        return moodle_import(rows, roster, course)
    return canvas_import(rows, course) if roster is None else filled_import(rows, roster, course)


def _write_page(path: Path, page: str) -> None:
    """Write a page if it is another: there are many, and the next run makes them again."""
    if not path.is_file() or path.read_bytes() != page.encode():
        write_whole(path, page, lasting=False)


def decided_of(course: Course, student: str, late: Iterable[Late]) -> list[str]:
    """Say what was decided of a student, and what was late."""
    said = [one.words for one in course.changed if one.student == student]
    said += [f"{id} is excused: {reason}" for id, reason in course.excused_from(student).items()]
    return said + [one.words for one in late]


def _links(
    folder: Path, owned: Mapping[str, Sequence[Submission]], places: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Return where files lie, and their students' pages, from the report: by name; of many their folder."""

    def link(place: str) -> str:
        relative = os.path.relpath(os.path.abspath(place), os.path.abspath(folder))
        return quote(os.fsencode(relative))

    links: dict[str, tuple[str, str]] = {name: (link(place), "") for name, place in places.items() if place}
    for student, own in owned.items():
        page = f"{FEEDBACK}/{file_name(student)}"
        links[student] = (link(os.path.commonpath([os.path.abspath(one.place) for one in own])), page)
        links |= {one.name: (link(one.place), page) for one in own}
    return links


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
