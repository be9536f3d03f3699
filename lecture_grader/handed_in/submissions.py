"""Finds the notebooks that were handed in: in a folder, in a folder per student, or in a zip."""

from __future__ import annotations

import os
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from ..frames import clean_name
from .copies import without_copy
from .downloads import (
    GRADESCOPES_FOLDER,
    GRADESCOPES_LIST,
    owners_in,
    owners_of_clones,
    owners_of_lessons_folders,
)
from .file_names import LESSONS, MOST_OF_ONE, besides_the_lesson, lesson_named_in, lessons_in, name_in
from .folders import MOST_LEVELS, files_in, read_file
from .met import Met, is_notebook
from .notebook import Unreadable
from .owners import (
    BRIGHTSPACE,
    CANVAS,
    MOST_LETTERS,
    Owner,
    blackboards_own,
    is_a_lessons,
    owner_in_path,
    owner_of_file,
    shown,
    students_like_lessons,
)
from .zips import members_of, read_member

_A_LESSONS = re.compile(r"\d\d_|lesson", re.IGNORECASE)
_STAMP, _NBGRADERS = "timestamp.txt", ("nbgrader_config.py", "gradebook.db")
"""What nbgrader writes beside what it has collected, and what lies in the folder of each of its courses."""
_COLLECTED = "submitted"
_MAY_HOLD = re.compile(
    r"(?<![^\W_])ipyn[^\W_]{0,2}(?![^\W_])|\.(?:zip|gz|7z|rar|tar|tgz|bz2|xz)(?:\.\d+)?$", re.IGNORECASE
)
"""What may hold a notebook: browsers save one as .ipynb.txt or .ipynb (1), students pack it."""
_INSTEAD = re.compile(
    r"(?<!^readme)\.(?:html?|mhtml|webarchive|pdf|json|py|txt|md|g?doc[xm]?|pptx?|odt|rtf|pages|tex|nb|png|jpe?g|heic)$",
    re.IGNORECASE,
)
"""What is handed in in a notebook's place."""
_LIKE_A_LESSON = (
    "It may be a lesson's folder, or a student's: its files are called as those of other students."
)
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
    met, notes = Met(), list[str]()
    course = f'This is nbgrader\'s course: what was handed in lies in its folder "{_COLLECTED}".'
    if (inner := collected_in(given)) != given:
        given = inner
        notes.append(course)
    found = _notebooks_in(given, met, results)
    common = _collected_among([name for name, _, _ in found], met.other_files)
    if nbgraders := bool(common):
        notes.append(course)
        found = [one for one in found if one[0].startswith(common)]
        met.keep(common)
    common = common or _common_folder([name for name, _, _ in found], notes, knows)
    nbgraders = nbgraders or (given.is_dir() and _is_nbgraders(given / common))
    there = frozenset(met.other_files)

    def text(name: str) -> str:
        inner = f"{common}{name}"
        if inner not in there:
            return ""
        try:
            place = met.members.get(inner)
            content = read_member(str(given), place) if place else read_file(str(given / inner))
        except Unreadable:
            return ""
        return content.decode("utf-8", "replace")

    found = [(name.removeprefix(common), place, member) for name, place, member in found]
    names = [name for name, _, _ in found]
    others = [name.removeprefix(common) for name in met.other_files]
    if nbgraders:  # each folder is a student's, whatever it is called
        own = {path.partition("/")[0] for path in (*names, *others) if "/" in path}
        of_folders = {folder: Owner(shown(folder, MOST_LETTERS)) for folder in own}
    else:
        of_folders = _owners_of_folders(names, common, met, knows)
    owner = owners_in(names, text, of_folders, knows)
    paths = [*names, *(name.removeprefix(common) for name in met.left_to_a_person), *others]
    stamps = {name for name in others if nbgraders and _is_stamp(name)}

    def submissions_of(name: str, place: str, member: str) -> list[Submission]:
        whose, stamp = owner(name), str(PurePosixPath(name).with_name(_STAMP))
        place_of = met.members.get(f"{common}{stamp}", str(given / f"{common}{stamp}"))
        stamp = place_of if stamp in stamps else ""
        one = Submission(shown(name, 300), whose.label, place, member, whose.at, stamp)
        return [replace(one, student=student) for student in whose.together or (whose.label,)]

    handed = [one for each in found for one in submissions_of(*each)]
    if together := sum(bool(owner(name).together) for name in names):
        words = f"Several students have handed in {together} of these notebooks together"
        notes.append(f"{words}, by Gradescope's own list: each of them has its points.")
    met.passed_over += [doubt for one in handed for doubt in _doubts_of(one, owner)]
    folders = [name.removeprefix(common) for name in met.folders if not common.startswith(f"{name}/")]
    beside = {name for name in met.other_files if not name.startswith(common)}
    levels = 2 if nbgraders else 1
    _sort_others(
        handed, others, lambda path: Owner("") if path in beside else owner(path), met, stamps, levels
    )
    _name_empty(folders, paths, met)
    submissions = tuple(sorted(handed, key=lambda one: one.name))
    places = {name: _place(given, common, path) for name, path in met.where.items()}
    return HandedIn(submissions, tuple(notes), tuple(met.passed_over), tuple(met.ignored), places)


def _notebooks_in(given: Path, met: Met, results: Path | None) -> list[tuple[str, str, str]]:
    """Return each notebook's name, the file or the zip in which it lies, and its name in the zip."""
    if given.is_dir():
        return [(name, str(given / name), "") for name in files_in(given, met, results)]
    if given.is_file() and (given.suffix.lower() == ".zip" or zipfile.is_zipfile(given)):  # a pipe has no end
        return [(name, str(given), member) for name, member in members_of(given, met)]
    if is_notebook(given.name) and given.is_file():
        return [(given.name, str(given), "")]
    raise Unreadable(f"{given} is neither a folder, nor a zip, nor a notebook (.ipynb).")


def _owners_of_folders(
    names: Sequence[str], common: str, met: Met, knows: Callable[[str], bool]
) -> dict[str, Owner]:
    """Return whose the folders are that need a look at all names: clones, and those named like a lesson."""
    owners = owners_of_lessons_folders(names)
    owners |= owners_of_clones({clone.removeprefix(common) for clone in met.clones}, names)
    for folder in [one for one in owners if owner_in_path(f"{PurePosixPath(one).name}/").system]:
        del owners[folder]  # a learning system's own, for a student of a group that is called like a lesson
    for folder in sorted(students_like_lessons(names) - {*owners}):
        name = PurePosixPath(folder).name
        doubt = "" if knows(name) else _LIKE_A_LESSON
        owners[folder] = Owner(shown(name, MOST_LETTERS), doubt=doubt)
    for folder, one in owners.items():
        if one.doubt:
            met.name(shown(folder, 200), f"{one.doubt} It is graded under the folder's name.", folder)
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


def collected_in(given: Path) -> Path:
    """Return where submissions lie in what was given: of a course of nbgrader's, what it has collected."""
    return given / _COLLECTED if _is_nbgraders(given / _COLLECTED) else given


def _collected_among(names: list[str], others: list[str]) -> str:
    """Return where the course of nbgrader's that holds all notebooks has what it collected; "" for none."""
    for other in others:
        around = other[: other.rfind("/") + 1]
        collected = f"{around}{_COLLECTED}/"
        students = {name[len(collected) :].partition("/")[0] for name in names if name.startswith(collected)}
        own = other[len(around) :] in _NBGRADERS and all(name.startswith(around) for name in names)
        # A folder around may be the only student's, who could write down times; that of two is nobody's.
        if own and len(students) > bool(around):
            return collected
    return ""


def _is_nbgraders(folder: Path) -> bool:
    """Whether a folder is what nbgrader has collected: "submitted", in a folder with nbgrader's own files."""
    folder = Path(os.path.realpath(folder))  # it may be a loop of links
    own = folder.name == _COLLECTED and any((folder.parent / name).is_file() for name in _NBGRADERS)
    return own and folder.is_dir()


def _is_stamp(name: str) -> bool:
    """Whether nbgrader writes a file of this name, in a student's folder for an assignment."""
    *folders, file = name.split("/")
    return file == _STAMP and len(folders) == 2 and not owner_in_path(name).system


def _sort_others(
    handed: list[Submission],
    others: list[str],
    owner_of: Callable[[str], Owner],
    met: Met,
    stamps: Collection[str],
    levels: int,
) -> None:
    """Say of each file that is no notebook whether a person should look into it, or why it is ignored.

    An assignment's folder is one of the first `levels`: in nbgrader's course it lies in the student's.
    """

    def around(path: str) -> str:
        return "/".join(path.split("/")[:-1][:levels])

    have = {one.student for one in handed}
    beside = {blackboards_own(one.name)[0] for one in handed}
    brightspace = any(owner_of(one.name).system == BRIGHTSPACE for one in handed)
    files: dict[str, list[str]] = {}
    lessons_of: dict[str, set[str]] = {}
    around_those_of: dict[str, set[str]] = {}
    for one in handed:
        lessons_of.setdefault(one.student, {""}).update(lessons_in(one.name))
        around_those_of.setdefault(one.student, set()).add(around(one.name))
    for path in others:
        owner, name = owner_of(path), PurePosixPath(path).name
        whose = owner.label if owner.system or "/" in path else ""
        without = {*owner.together, whose} - {*have, ""}
        if without and path not in beside:
            for student in without:
                files.setdefault(student, []).append(path)
            met.ignore(path, "It is not a notebook. That there is none is said of its student.")
        elif path in stamps:
            met.ignore(path, "nbgrader writes there when it was handed in.")
        elif name == _STAMP:
            met.ignore(path, "It is not nbgrader's own, so that it does not count as when it was handed in.")
        elif name == GRADESCOPES_LIST:
            met.ignore(path, "It is called as Gradescope's own list of whose each folder is.")
        elif name == "index.html" and brightspace:
            met.ignore(path, "It is Brightspace's own list of what is in the download.")
        elif _MAY_HOLD.search(name) or (not whose and (_INSTEAD.search(name) or lesson_named_in(name))):
            met.pass_over(path, "It is not a notebook (.ipynb) but may hold one. Look into it.")
        elif whose and path not in beside and (lesson := lesson_named_in(name)) not in lessons_of[whose]:
            words = f"It is not a notebook (.ipynb) and has the name of lesson {lesson}, which none of its"
            met.pass_over(path, f"{words} student's notebooks has. Look into it.")
        elif (
            whose
            and (first := around(path))
            and first not in around_those_of[whose]
            and (is_a_lessons(first) or owner_in_path(path).label != whose or levels > 1)  # an assignment's
            and _INSTEAD.search(name)
        ):
            words = "It is not a notebook (.ipynb), and lies where none of its student's notebooks does."
            met.pass_over(path, f"{words} Look into it.")
        elif whose:
            met.ignore(path, "It is not a notebook, and its student has handed in one.")
        else:
            met.ignore(path, "It is not a notebook, and no student's by its name.")
    for student, paths in sorted(files.items()):
        listed = clean_name(", ".join(sorted(PurePosixPath(path).name for path in paths)), 200)
        words = f"There is no notebook (.ipynb) among what was handed in: {listed}."
        met.name(student, words, posixpath.commonpath(paths))


def _name_empty(folders: list[str], paths: list[str], met: Met) -> None:
    """Name the folders in which there is nothing: students', who have handed in nothing, and others."""
    holding = {parent for path in paths for parent in _parents(path)}
    for folder in dict.fromkeys(folders):
        if folder in holding or (
            is_a_lessons(folder) and any(one.startswith(f"{folder}/") for one in folders)
        ):
            continue
        if all(is_a_lessons(parent) for parent in _parents(folder)):
            hidden = any(f"{name}/".startswith(f"{folder}/") for name, _ in met.ignored)
            words = "In the folder is nothing but what a computer makes for itself."
            met.pass_over(folder, words if hidden else "The folder is empty: nothing was handed in.")
        else:
            met.ignore(folder, "The folder is empty.")


def _names_both(file: str) -> bool:
    """Whether a file's name has a lesson and a student in it: then the folder around it is no student's."""
    return bool(besides_the_lesson(PurePosixPath(file).stem))


def _parents(path: str) -> list[str]:
    """Return the folders in which a path lies, the outermost first, as far in as is looked."""
    parts = path.split("/")[: MOST_LEVELS + 2]
    return ["/".join(parts[:length]) for length in range(1, len(parts))]


def _common_folder(names: list[str], notes: list[str], knows: Callable[[str], bool]) -> str:
    """Return the folders, one in the other, that hold all of a class, as zips have them; "" for none.

    Whom the roster has is no class.
    """
    parts = [PurePosixPath(name).parts for name in names]
    around = length = 0
    while _lie_in_one(inner := [part[length:] for part in parts]):
        if knows(inner[0][0]):
            around = length
            break
        length += 1
        if _is_a_class(inner, further_in=length > 1):
            around = length
    if not around:
        return ""
    common = "/".join(parts[0][:around])
    notes.append(f'All of it lies in the folder "{clean_name(common, 100)}", which is left out of the names.')
    return f"{common}/"


def _lie_in_one(parts: list[tuple[str, ...]]) -> bool:
    """Whether all lies in one folder, which is not a learning system's own for a student."""
    return (
        len({part[0] for part in parts}) == 1
        and not any(len(part) < 2 or owner_in_path("/".join(part)).system for part in parts)
        and not GRADESCOPES_FOLDER.fullmatch(parts[0][0])
    )


def _is_a_class(parts: list[tuple[str, ...]], further_in: bool) -> bool:
    """Whether what lies in the one folder around is several students', or a learning system's."""
    if all(len(part) > 2 and GRADESCOPES_FOLDER.fullmatch(part[1]) for part in parts):
        return True
    # A folder of each lesson says nothing of whose the things in it are.
    inside = [part[2:] if len(part) > 2 and is_a_lessons(part[1]) else part[1:] for part in parts]
    if all(owner_in_path("/".join(part)).system for part in inside):
        return True
    deep = [part[0] for part in inside if len(part) > 1]
    folders = len({*deep}) > 1 and not any(_A_LESSONS.match(name) for name in deep)  # as nbgrader has them
    if further_in and not any(map(name_in, deep)):
        folders = False  # "old" and "new" are one student's
    files = [(part[0], owner_in_path(part[0])) for part in inside if len(part) == 1]
    sure = [owner for file, owner in files if owner.system or _names_both(file)]
    # What most say counts: one odd file among them says nothing of the others.
    most = len(parts) / 2
    named = len(sure) > most and (len({one.label for one in sure}) > 1 or all(one.system for one in sure))
    # Nobody hands in more notebooks, each with a name of its own, than there are lessons, or one so often.
    own = {owner.label for _, owner in files} - {""}
    often = Counter(without_copy(PurePosixPath(file).stem) for file, _ in files)
    many = len(files) > most and (len(own) > len(LESSONS) or max(often.values()) > MOST_OF_ONE)
    return named or many or (folders and len(deep) > most)
