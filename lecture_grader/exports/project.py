"""The lessons' sources, read by the very script that builds the notebooks from them."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lecture_grader.sandbox import LIBRARY

PROJECT = LIBRARY.parent
_BUILD = "solutions/build.py"


class CannotExport(RuntimeError):
    """What was asked cannot be made; the message says why and what to do."""


class Project(NamedTuple):
    """The folder with the lessons' sources, and the script in it that reads them.

    Attributes
    ----------
    root
        The folder.
    build
        The module `solutions/build.py`.
    lessons
        The lessons as that module reads them, in order.
    """

    root: Path
    build: Any
    lessons: tuple[Any, ...]


def read_project(root: Path = PROJECT, numbers: Sequence[str] = ()) -> Project:
    """Read the lessons of these numbers, or all.

    Raises
    ------
    CannotExport
        If the sources are not there, or there is no lesson of such a number.
    """
    script = root / _BUILD
    if not script.is_file():
        raise CannotExport(
            f"the lessons' sources are not there: {script} is missing. This works in the project's folder,"
            " where lecture_lib is installed with pip install -e."
        )
    build = _module(script)
    paths = [path for path in build.sources(root) if not numbers or path.name[:2] in numbers]
    missing = sorted(set(numbers) - {path.name[:2] for path in paths})
    if missing:
        raise CannotExport(f"there is no lesson {', '.join(missing)} in {root / 'solutions'}")
    try:
        lessons = tuple(build.parse(path) for path in paths)
    except build.BuildError as error:
        raise CannotExport(str(error)) from error
    return Project(root, build, lessons)


def _module(script: Path) -> Any:
    name = "lecture_lessons_build"
    spec = importlib.util.spec_from_file_location(name, script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look themselves up there
    try:
        spec.loader.exec_module(module)
    except ImportError as error:
        raise CannotExport(
            f"{error.name} is missing, which reads the lessons' sources: pip install -e '.[lessons]'"
        ) from error
    return module
