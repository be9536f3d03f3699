"""What of ours is in the sandbox: a lecture_lib without checks, and what speaks to the judge."""

from __future__ import annotations

import functools
import importlib.util
import itertools
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import lecture_lib.exercises
from lecture_lib import explore, lessons, show
from lecture_lib.common.faces import offered

GRADER = Path(__file__).resolve().parent.parent
LIBRARY = Path(lecture_lib.exercises.__file__).resolve().parent.parent

SHARED_WITH_STUDENTS = (
    "lecture_lib/__init__.py",
    "lecture_lib/common",
    "lecture_lib/exercises/answer.py",
    "lecture_lib/exercises/comparing.py",
    "lecture_lib/exercises/small_files.py",
    "lecture_lib/exercises/own_steps.py",
    "lecture_lib/exercises/page.py",
    "lecture_lib/exercises/plain.py",
    "lecture_lib/exercises/plain_words.py",
    "lecture_lib/exercises/recipes.py",
    "lecture_lib/exercises/signing_in.py",
    "lecture_lib/exercises/time_limits.py",
    "lecture_grader/frames.py",
    "lecture_grader/inside",
)
"""What of ours stays in the sandbox, and each lesson's `recipes.py`. No answer, no oracle, no judge."""

MATHEMATICS = (
    *("lecture_lib/autodiff", "lecture_lib/learning"),
    *("lecture_lib/exercises/stand_ins.py", "lecture_lib/lessons/duck_goose/example.py"),
)
"""What does what exercises ask for: it is there while it is loaded."""

LEFT_OUT = "# The library's text is not shown where it is graded.\n"

TRAIN_FOR_LONG = ("grid_search", "random_search")
"""Of `learning`, silent in the sandbox: no answer needs their models, and to train them takes seconds."""


_NO_CACHE = shutil.ignore_patterns("__pycache__")


def make_stage(folder: Path, filter: bytes | None, link_numpy: bool) -> None:
    """Fill a folder with all of ours that the sandbox holds, but for the library's mathematics."""
    library = folder / "lecture_lib"
    recipes = [str(path.relative_to(LIBRARY.parent)) for path in (LIBRARY / "lessons").glob("*/recipes.py")]
    for name in (*SHARED_WITH_STUDENTS, *recipes):
        source, target = (LIBRARY if name.startswith(LIBRARY.name) else GRADER).parent / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_NO_CACHE)
        else:
            shutil.copyfile(source, target)
    for name, room in (("exercises", lessons), ("lessons", lessons), ("show", show), ("explore", explore)):
        face = GRADER / "inside" / ("as_lessons.py" if room is lessons else "as_show.py")
        (library / name).mkdir(exist_ok=True)
        (library / name / "__init__.py").write_text(
            _silent_names(offered(room)) + face.read_text("utf-8"), encoding="utf-8"
        )
    (folder / "lecture_grader" / "__init__.py").touch()
    (folder / "lessons.json").write_text(json.dumps(_given_out()), encoding="utf-8")
    # In lecture_lib's folder, so that an answer's own line is found above NumPy's in a traceback.
    packages = library / "packages"
    packages.mkdir()
    _copy_ipythons_transformer(packages / "IPython")
    for source in numpy_folders():
        if link_numpy:
            (packages / source.name).symlink_to(source)
        else:
            (packages / source.name).mkdir()
    if filter is not None:
        (folder / "filter.bpf").write_bytes(filter)
    folder.chmod(0o755)


def show_mathematics(folder: Path) -> None:
    """Put the texts of the library's mathematics there, if they are not."""
    for room in MATHEMATICS:
        source, target = LIBRARY.parent / room, folder / room
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_NO_CACHE, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
    with (folder / "lecture_lib" / "learning" / "__init__.py").open("a", encoding="utf-8") as face:
        face.write(_silent_names(TRAIN_FOR_LONG))


def hide_mathematics(folder: Path) -> None:
    """Take the texts away once they are loaded: nobody copies them into an answer of their own.

    As many lines are left, so that who only looks at a function sees that there is nothing to be seen.
    """
    for room in MATHEMATICS:
        for text in (folder / room).rglob("*.py") if (folder / room).is_dir() else [folder / room]:
            text.write_text(LEFT_OUT * text.read_text("utf-8").count("\n"), encoding="utf-8")


def _copy_ipythons_transformer(folder: Path) -> None:
    """Copy what of IPython reads a cell's text, and nothing else of it."""
    spec = importlib.util.find_spec("IPython")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    for name in ("core/inputtransformer2.py", "utils/tokenutil.py"):
        (folder / name).parent.mkdir(parents=True)
        shutil.copyfile(Path(spec.submodule_search_locations[0]) / name, folder / name)


def _silent_names(names: Iterable[str]) -> str:
    """Return the lines that make these names silent."""
    return f"from lecture_grader.inside.silent import SILENT as _SILENT\n{' = '.join(names)} = _SILENT\n"


def _given_out(tagged: bool = False) -> list[list[str]]:
    """Return the code cells of each lesson without its exercises, where the lessons' sources lie.

    Those that are tagged, as what trains for long is, are among them only if asked for. The warm process
    runs the others once, which makes it faster. The notebooks that are given out are not read: somebody may
    have solved them in place.
    """
    lessons: list[list[str]] = []
    if not (LIBRARY.parent / "pyproject.toml").exists():
        return lessons
    for path in sorted((LIBRARY.parent / "solutions").glob("[0-9]*.py")):
        marks, texts = _cells(path.read_text(encoding="utf-8"))
        last = max((place for place, mark in enumerate(marks) if "exercise=" in mark), default=0)
        lessons.append(
            [
                text
                for mark, text in zip(marks[:last], texts, strict=False)
                if not mark or (tagged and mark.startswith(" tags="))
            ]
        )
    return lessons


@functools.cache
def lessons_own() -> frozenset[str]:
    """Return the code cells of all lessons that nobody is asked to change, each as its text."""
    return frozenset(itertools.chain.from_iterable(_given_out(tagged=True)))


def _cells(source: str) -> tuple[list[str], list[str]]:
    """A lesson's source -> its cells' marks, and their texts; a cell with an answer in it has a mark, too."""
    pieces = re.split(r"^# %%(.*)\n", source, flags=re.MULTILINE)[1:]
    texts = [text.strip("\n") for text in pieces[1::2]]
    marks = [
        mark or "answer" * ("# BEGIN SOLUTION" in text) for mark, text in zip(pieces[::2], texts, strict=True)
    ]
    return marks, texts


def numpy_folders() -> list[Path]:
    """Return the folders of NumPy, and of what it brings along."""
    numpy = Path(np.__file__).parent
    return [numpy, *(path for path in [numpy.with_name("numpy.libs")] if path.is_dir())]
