"""A zip that Gradescope takes as an autograder: the library and its grader, no solved lesson.

What it does there, and how it keeps students' code from the grade, is said in `autograde`.
"""

import importlib.metadata
import json
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from lecture_grader.sandbox import GRADER, LIBRARY
from lecture_lib.lessons import EXERCISES

from .project import CannotExport
from .zipped import package, write_zip

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
_OURS = Path(__file__).parent / "for_gradescope"
_PROGRAMS = ("setup.sh", "run_autograder")
_NEEDED = ("numpy", "tqdm")
"""What grading imports besides the extra `grader`."""


def export_gradescope(
    path: Path, numbers: Sequence[str] = (), seed: str = "", visibility: str = "visible"
) -> Path:
    """Write the autograder's zip.

    Parameters
    ----------
    path
        The zip.
    numbers
        The lessons that are graded; left out, all. Whatever of them is not handed in counts 0.
    seed
        What the inputs are made from; left out, a new secret one.
    visibility
        When students see the results, one of `VISIBILITIES`.

    Raises
    ------
    CannotExport
        If there is no such lesson with exercises.
    """
    known = sorted({exercise.lesson for exercise in EXERCISES.values()})
    unknown = sorted(set(numbers) - set(known))
    if unknown:
        raise CannotExport(f"lesson {', '.join(unknown)} has no exercises; these have: {', '.join(known)}")
    assignment = {
        "lessons": sorted(set(numbers)) or known,
        "seed": seed or secrets.token_hex(16),
        "visibility": visibility,
    }
    files = package(LIBRARY) | package(GRADER) | {name: (_OURS / name).read_bytes() for name in _PROGRAMS}
    files["requirements.txt"] = "".join(f"{need}\n" for need in _requirements()).encode()
    files["assignment.json"] = (json.dumps(assignment, indent=1) + "\n").encode()
    write_zip(path, files, _PROGRAMS)
    return path


def _requirements() -> list[str]:
    """Return what the library says it needs for grading, with its bounds."""
    needs: list[str] = []
    for line in importlib.metadata.requires("lecture-lib") or ():
        need, _, condition = line.partition(";")
        name = re.split(r"[^\w-]", need.strip(), maxsplit=1)[0]
        if re.search(r"extra == ['\"]grader['\"]", condition) or (not condition and name in _NEEDED):
            needs.append(need.strip())
    return sorted(needs)
