"""What of the rest a person should look into, and why the others need not be looked at."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..frames import clean_name
from .downloads import GRADESCOPES_LIST
from .file_names import lesson_named_in, lessons_in
from .folders import MOST_LEVELS
from .nbgraders import STAMP
from .owners import BRIGHTSPACE, Owner, blackboards_own, is_a_lessons, owner_in_path
from .rest import Rest

if TYPE_CHECKING:
    from .submissions import Submission

_MAY_HOLD = re.compile(
    r"(?<![^\W_])ipyn[^\W_]{0,2}(?![^\W_])|\.(?:zip|gz|7z|rar|tar|tgz|bz2|xz)(?:\.\d+)?$", re.IGNORECASE
)
"""What may hold a notebook: browsers save one as .ipynb.txt or .ipynb (1), students pack it."""
_INSTEAD = re.compile(
    r"(?<!^readme)\.(?:html?|mhtml|webarchive|pdf|json|py|txt|md|g?doc[xm]?|pptx?|odt|rtf|pages|tex|nb|png|jpe?g|heic)$",
    re.IGNORECASE,
)
"""What is handed in in a notebook's place."""


def sort_files(
    handed: Sequence[Submission],
    others: list[str],
    owner_of: Callable[[str], Owner],
    rest: Rest,
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
            rest.ignore(path, "It is not a notebook. That there is none is said of its student.")
        elif path in stamps:
            rest.ignore(path, "nbgrader writes there when it was handed in.")
        elif name == STAMP:
            rest.ignore(path, "It is not nbgrader's own, so that it does not count as when it was handed in.")
        elif name == GRADESCOPES_LIST:
            rest.ignore(path, "It is called as Gradescope's own list of whose each folder is.")
        elif name == "index.html" and brightspace:
            rest.ignore(path, "It is Brightspace's own list of what is in the download.")
        elif _MAY_HOLD.search(name) or (not whose and (_INSTEAD.search(name) or lesson_named_in(name))):
            rest.pass_over(path, "It is not a notebook (.ipynb) but may hold one. Look into it.")
        elif whose and path not in beside and (lesson := lesson_named_in(name)) not in lessons_of[whose]:
            words = f"It is not a notebook (.ipynb) and has the name of lesson {lesson}, which none of its"
            rest.pass_over(path, f"{words} student's notebooks has. Look into it.")
        elif (
            whose
            and (first := around(path))
            and first not in around_those_of[whose]
            and (is_a_lessons(first) or owner_in_path(path).label != whose or levels > 1)  # an assignment's
            and _INSTEAD.search(name)
        ):
            words = "It is not a notebook (.ipynb), and lies where none of its student's notebooks does."
            rest.pass_over(path, f"{words} Look into it.")
        elif whose:
            rest.ignore(path, "It is not a notebook, and its student has handed in one.")
        else:
            rest.ignore(path, "It is not a notebook, and no student's by its name.")
    for student, paths in sorted(files.items()):
        listed = clean_name(", ".join(sorted(PurePosixPath(path).name for path in paths)), 200)
        words = f"There is no notebook (.ipynb) among what was handed in: {listed}."
        rest.name(student, words, posixpath.commonpath(paths))


def name_empty_folders(folders: list[str], paths: list[str], rest: Rest) -> None:
    """Name the folders in which there is nothing: students', who have handed in nothing, and others."""
    holding = {parent for path in paths for parent in _parents(path)}
    for folder in dict.fromkeys(folders):
        if folder in holding or (
            is_a_lessons(folder) and any(one.startswith(f"{folder}/") for one in folders)
        ):
            continue
        if all(is_a_lessons(parent) for parent in _parents(folder)):
            hidden = any(f"{name}/".startswith(f"{folder}/") for name, _ in rest.ignored)
            words = "In the folder is nothing but what a computer makes for itself."
            rest.pass_over(folder, words if hidden else "The folder is empty: nothing was handed in.")
        else:
            rest.ignore(folder, "The folder is empty.")


def _parents(path: str) -> list[str]:
    """Return the folders in which a path lies, the outermost first, as far in as is looked."""
    parts = path.split("/")[: MOST_LEVELS + 2]
    return ["/".join(parts[:length]) for length in range(1, len(parts))]
