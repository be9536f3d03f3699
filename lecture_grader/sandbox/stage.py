"""What of ours is in the sandbox: a lecture_lib without checks, and what speaks to the judge."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import ModuleType

import numpy as np

import lecture_lib.exercises
from lecture_lib import explore, lessons, show
from lecture_lib.common.faces import offered
from lecture_lib.lessons import EXERCISES

from ..handed_in import Unreadable, read_notebook

GRADER = Path(__file__).resolve().parent.parent
LIBRARY = Path(lecture_lib.exercises.__file__).resolve().parent.parent

SHARED_WITH_STUDENTS = (
    "lecture_lib/__init__.py",
    "lecture_lib/common",
    "lecture_lib/autodiff",
    "lecture_lib/learning",
    "lecture_lib/exercises/answer.py",
    "lecture_lib/exercises/comparing.py",
    "lecture_lib/exercises/page.py",
    "lecture_lib/exercises/plain.py",
    "lecture_lib/exercises/recipes.py",
    "lecture_lib/exercises/signing_in.py",
    "lecture_lib/lessons/duck_goose/example.py",
    "lecture_grader/frames.py",
    "lecture_grader/inside",
)
"""What of ours is in the sandbox, and each lesson's `recipes.py`. No answer, no oracle, no judge."""


def make_stage(folder: Path, filter: bytes | None, link_numpy: bool) -> None:
    """Fill a folder with all of ours that the sandbox holds."""
    library = folder / "lecture_lib"
    recipes = [str(path.relative_to(LIBRARY.parent)) for path in (LIBRARY / "lessons").glob("*/recipes.py")]
    for name in (*SHARED_WITH_STUDENTS, *recipes):
        source, target = (LIBRARY if name.startswith(LIBRARY.name) else GRADER).parent / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    for name, room in (("exercises", lessons), ("lessons", lessons), ("show", show), ("explore", explore)):
        face = GRADER / "inside" / ("as_lessons.py" if room is lessons else "as_show.py")
        (library / name).mkdir(exist_ok=True)
        (library / name / "__init__.py").write_text(_silent(room) + face.read_text("utf-8"), encoding="utf-8")
    (folder / "lecture_grader" / "__init__.py").touch()
    (folder / "lessons.json").write_text(json.dumps(_given_out()), encoding="utf-8")
    # In lecture_lib's folder, so that an answer's own line is found above NumPy's in a traceback.
    packages = library / "packages"
    packages.mkdir()
    for source in numpy_folders():
        if link_numpy:
            (packages / source.name).symlink_to(source)
        else:
            (packages / source.name).mkdir()
    if filter is not None:
        (folder / "filter.bpf").write_bytes(filter)
    folder.chmod(0o755)


def _silent(room: ModuleType) -> str:
    """Return the lines that make all silent that a room offers."""
    names = " = ".join(offered(room))
    return f"from lecture_grader.inside.silent import SILENT as _SILENT\n{names} = _SILENT\n"


def _given_out() -> list[list[str]]:
    """Return the code cells of each lesson as it was given out, blanks and all, where the lessons lie.

    The warm process runs them once, which makes it faster, and is all that they are for.
    """
    lessons: list[list[str]] = []
    if not (LIBRARY.parent / "pyproject.toml").exists():
        return lessons
    for path in sorted((LIBRARY.parent / "notebooks").glob("*.ipynb")):
        try:
            cells = read_notebook(path.read_bytes()).cells
        except Unreadable:
            continue
        last = max((cell.number for cell in cells if cell.exercise in EXERCISES), default=0)
        lessons.append([cell.source for cell in cells[:last] if cell.kind == "code"])
    return lessons


def numpy_folders() -> list[Path]:
    """Return the folders of NumPy, and of what it brings along."""
    numpy = Path(np.__file__).parent
    return [numpy, *(path for path in [numpy.with_name("numpy.libs")] if path.is_dir())]
