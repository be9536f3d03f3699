"""What nbgrader has collected: where it lies in a course, and when it was handed in."""

import os
from pathlib import Path

from .owners import owner_in_path

STAMP = "timestamp.txt"
"""What nbgrader writes beside what it has collected."""
COLLECTED = "submitted"
_NBGRADERS = ("nbgrader_config.py", "gradebook.db")
"""What lies in the folder of each of its courses."""


def collected_in(given: Path) -> Path:
    """Return where submissions lie in what was given: of a course of nbgrader's, what it has collected."""
    return given / COLLECTED if is_nbgraders(given / COLLECTED) else given


def collected_among(names: list[str], others: list[str]) -> str:
    """Return where the course of nbgrader's that holds all notebooks has what it collected; "" for none."""
    for other in others:
        around = other[: other.rfind("/") + 1]
        collected = f"{around}{COLLECTED}/"
        students = {name[len(collected) :].partition("/")[0] for name in names if name.startswith(collected)}
        own = other[len(around) :] in _NBGRADERS and all(name.startswith(around) for name in names)
        # A folder around may be the only student's, who could write down times; that of two is nobody's.
        if own and len(students) > bool(around):
            return collected
    return ""


def is_nbgraders(folder: Path) -> bool:
    """Whether a folder is what nbgrader has collected: "submitted", in a folder with nbgrader's own files."""
    folder = Path(os.path.realpath(folder))  # it may be a loop of links
    own = folder.name == COLLECTED and any((folder.parent / name).is_file() for name in _NBGRADERS)
    return own and folder.is_dir()


def is_stamp(name: str) -> bool:
    """Whether nbgrader writes a file of this name, in a student's folder for an assignment."""
    *folders, file = name.split("/")
    return file == STAMP and len(folders) == 2 and not owner_in_path(name).system
