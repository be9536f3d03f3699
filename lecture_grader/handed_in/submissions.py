"""Finds the notebooks that were handed in: in a folder, in a folder per student, or in a zip."""

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from .common_folder import common_folder
from .downloads import (
    GRADESCOPES_FOLDER,
    GRADESCOPES_LIST,
    owners_in,
    owners_of_clones,
    owners_of_lessons_folders,
)
from .folders import files_in, read_file
from .nbgraders import COLLECTED, STAMP, collected_among, collected_in, is_nbgraders, is_stamp
from .notebook import Unreadable
from .owners import (
    CANVAS,
    MOST_LETTERS,
    Owner,
    is_a_lessons,
    owner_in_path,
    owner_of_file,
    shown,
    students_like_lessons,
)
from .rest import Rest, is_notebook
from .rest_sorted import name_empty_folders, sort_files
from .zips import members_of, read_member

_LIKE_A_LESSON = (
    "It may be a lesson's folder, or a student's: its files are called as those of other students."
)
_IN_A_STUDENTS = "Its name may be a student's own choice: it counts as a part of the folder in which it lies."
_RUNS_IN_A_BROWSER = (".html", ".htm", ".xhtml", ".mhtml", ".svg", ".xml", ".webarchive")


@dataclass(frozen=True)
class Submission:
    """One notebook that was handed in.

    Attributes
    ----------
    name
        Where it was found, within what was given.
    student
        Who handed it in, by the folder's or the file's name; "" where that says only the lesson.
    place
        The file, or the zip that it lies in.
    member
        Its name in the zip, "" for a file.
    at
        When it was handed in, as the learning system says that has named it, by that system's clock.
    stamp
        The file in which nbgrader has written down when it was handed in, in the same zip if it lies in one;
        "" if there is none.
    """

    name: str
    student: str
    place: str
    member: str = ""
    at: datetime | None = None
    stamp: str = ""

    def read(self) -> bytes:
        """Return the notebook's bytes; Unreadable if that is impossible."""
        return read_member(self.place, self.member) if self.member else read_file(self.place)


@dataclass(frozen=True)
class HandedIn:
    """All that was handed in.

    Attributes
    ----------
    submissions
        The notebooks, by name.
    notes
        What an instructor should know of how they were found.
    passed_over
        What could not be taken, and who handed in no notebook: a name, and why.
    ignored
        What else there is, which nobody need look at: a name, and why.
    places
        A name in `passed_over` -> the file, the folder or the zip in which that is, "" if it is not opened.
    """

    submissions: tuple[Submission, ...]
    notes: tuple[str, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()
    places: Mapping[str, str] = field(default_factory=dict[str, str])


def find_submissions(
    given: Path, results: Path | None = None, knows: Callable[[str], bool] = lambda name: False
) -> HandedIn:
    """A folder, a zip or a notebook -> the submissions in it, by name.

    The folder of the results may lie among them, and is none. `knows` says whether a student is called so.

    Raises
    ------
    Unreadable
        If it is none of these.
    """
    rest, notes = Rest(), list[str]()
    course = f'This is nbgrader\'s course: what was handed in lies in its folder "{COLLECTED}".'
    if (inner := collected_in(given)) != given:
        given = inner
        notes.append(course)
    found = _notebooks_in(given, rest, results)
    common = collected_among([name for name, _, _ in found], rest.other_files)
    if nbgraders := bool(common):
        notes.append(course)
        found = [one for one in found if one[0].startswith(common)]
        rest.keep(common)
    common = common or common_folder([name for name, _, _ in found], notes, knows)
    nbgraders = nbgraders or (given.is_dir() and is_nbgraders(given / common))
    found = [(name.removeprefix(common), place, member) for name, place, member in found]
    names = [name for name, _, _ in found]
    others = [name.removeprefix(common) for name in rest.other_files]
    if nbgraders:  # each folder is a student's, whatever it is called
        own = {path.partition("/")[0] for path in (*names, *others) if "/" in path}
        of_folders = {folder: Owner(shown(folder, MOST_LETTERS)) for folder in own}
    else:
        of_folders = _owners_of_folders(names, common, rest, knows)
    owner = owners_in(names, _texts(given, common, rest), of_folders, knows)
    paths = [*names, *(name.removeprefix(common) for name in rest.left_to_a_person), *others]
    stamps = {name for name in others if nbgraders and is_stamp(name)}

    def submissions_of(name: str, place: str, member: str) -> list[Submission]:
        whose, stamp = owner(name), str(PurePosixPath(name).with_name(STAMP))
        place_of = rest.members.get(f"{common}{stamp}", str(given / f"{common}{stamp}"))
        stamp = place_of if stamp in stamps else ""
        one = Submission(shown(name, 300), whose.label, place, member, whose.at, stamp)
        return [replace(one, student=student) for student in whose.together or (whose.label,)]

    handed = [one for each in found for one in submissions_of(*each)]
    if together := sum(bool(owner(name).together) for name in names):
        words = f"Several students have handed in {together} of these notebooks together"
        notes.append(f"{words}, by Gradescope's own list: each of them has its points.")
    rest.passed_over += [doubt for one in handed for doubt in _doubts_of(one, owner)]
    folders = [name.removeprefix(common) for name in rest.folders if not common.startswith(f"{name}/")]
    beside = {name for name in rest.other_files if not name.startswith(common)}
    owner_of: Callable[[str], Owner] = lambda path: Owner("") if path in beside else owner(path)
    sort_files(handed, others, owner_of, rest, stamps, levels=2 if nbgraders else 1)
    name_empty_folders(folders, paths, rest)
    submissions = tuple(sorted(handed, key=lambda one: one.name))
    places = {name: _place(given, common, path) for name, path in rest.where.items()}
    return HandedIn(submissions, tuple(notes), tuple(rest.passed_over), tuple(rest.ignored), places)


def _notebooks_in(given: Path, rest: Rest, results: Path | None) -> list[tuple[str, str, str]]:
    """Return each notebook's name, the file or the zip in which it lies, and its name in the zip."""
    if given.is_dir():
        return [(name, str(given / name), "") for name in files_in(given, rest, results)]
    if given.is_file() and (given.suffix.lower() == ".zip" or zipfile.is_zipfile(given)):  # a pipe has no end
        return [(name, str(given), member) for name, member in members_of(given, rest)]
    if is_notebook(given.name) and given.is_file():
        return [(given.name, str(given), "")]
    raise Unreadable(f"{given} is neither a folder, nor a zip, nor a notebook (.ipynb).")


def _texts(given: Path, common: str, rest: Rest) -> Callable[[str], str]:
    """Return what reads a text that lies among the notebooks, "" where there is none."""
    there = frozenset(rest.other_files)

    def text(name: str) -> str:
        inner = f"{common}{name}"
        if inner not in there:
            return ""
        try:
            member = rest.members.get(inner)
            content = read_member(str(given), member) if member else read_file(str(given / inner))
        except Unreadable:
            return ""
        return content.decode("utf-8", "replace")

    return text


def _owners_of_folders(
    names: Sequence[str], common: str, rest: Rest, knows: Callable[[str], bool]
) -> dict[str, Owner]:
    """Return whose the folders are that need a look at all names: clones, and those named like a lesson."""
    owners = owners_of_lessons_folders(names)
    owners |= owners_of_clones({clone.removeprefix(common) for clone in rest.clones}, names)
    for folder in [one for one in owners if owner_in_path(f"{PurePosixPath(one).name}/").system]:
        del owners[folder]  # a learning system's own, for a student of a group that is called like a lesson
    within = [folder for folder in owners if "/" in folder and not is_a_lessons(folder.partition("/")[0])]
    folders = [{*map(str, PurePosixPath(name).parents)} for name in names if within and "/" in name]
    if not all(around & owners.keys() for around in folders):  # where all lie so, outer ones are no students'
        for folder in within:
            del owners[folder]
            rest.name(shown(folder, 200), _IN_A_STUDENTS, folder)
    for folder in sorted(students_like_lessons(names) - {*owners}):
        name = PurePosixPath(folder).name
        doubt = "" if knows(name) else _LIKE_A_LESSON
        owners[folder] = Owner(shown(name, MOST_LETTERS), doubt=doubt)
    for folder, one in owners.items():
        if one.doubt:
            rest.name(shown(folder, 200), f"{one.doubt} It is graded under the folder's name.", folder)
    return owners


def _doubts_of(one: Submission, owner: Callable[[str], Owner]) -> Iterator[tuple[str, str]]:
    """Give what a learning system's own name or list leaves open of whose it is."""
    if owner_in_path(one.name).system == CANVAS and not owner_of_file(one.name, one.student).system:
        words = "Canvas calls files so, but most here have other names: its number in it is not believed."
        yield one.name, words
    if "/" in one.name and GRADESCOPES_FOLDER.fullmatch(one.student):
        missing = f"Gradescope's list, {GRADESCOPES_LIST}, does not say whose it is, or is missing."
        yield one.name, f"{owner(one.name).doubt or missing} It is graded under the folder's name."


def _place(given: Path, common: str, path: str) -> str:
    """Return where a path lies, or the zip in which it does; "" for what may lead elsewhere."""
    if not given.is_dir():
        return str(given)
    places = (str(given / f"{common}{path}"), str(given / path))
    place = next((one for one in places if os.path.exists(one) and not os.path.islink(one)), "")
    runs = place.lower().endswith(_RUNS_IN_A_BROWSER)
    return os.path.dirname(place) if runs else place  # nobody opens a student's page by a click
