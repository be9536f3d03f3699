"""The folders that hold all of a class, as zips have them: they are nobody's."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import PurePosixPath

from ..frames import clean_name
from .copies import without_copy
from .downloads import GRADESCOPES_FOLDER
from .file_names import LESSONS, MOST_OF_ONE, besides_the_lesson, name_in
from .owners import is_a_lessons, owner_in_path

_A_LESSONS = re.compile(r"\d\d_|lesson", re.IGNORECASE)


def common_folder(names: list[str], notes: list[str], knows: Callable[[str], bool]) -> str:
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


def _names_both(file: str) -> bool:
    """Whether a file's name has a lesson and a student in it: then the folder around it is no student's."""
    return bool(besides_the_lesson(PurePosixPath(file).stem))
