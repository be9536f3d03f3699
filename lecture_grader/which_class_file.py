"""Which class file counts: the one beside what was handed in, or the one that is named."""

import contextlib
import os
from dataclasses import replace
from pathlib import Path

import click

from .handed_in import HandedIn, collected_in
from .outputs import FILE
from .outputs.course import is_nearly_the_file


def class_file_for(submissions: Path, path: Path | None) -> Path | None:
    """Return the class file that is named, or else the one beside `submissions`; None if there is none."""
    beside = Path(os.path.abspath(collected_in(submissions))).parent / FILE
    path = path or (beside if os.path.lexists(beside) else None)
    if path is None and (near := next(filter(is_nearly_the_file, sorted(_names_in(beside.parent))), None)):
        raise click.UsageError(
            f"{beside.parent / near} is not read: the file must be called {FILE}. Call it so, if what you"
            " decided about the class stands in it, or name it with --class. If nothing of it counts, take it"
            " away."
        )
    if path == beside and not beside.is_file():
        raise click.UsageError(
            f"{path} is no file that can be read: a folder, a link to what is not there, or the like. Put the"
            " file there, or take this away."
        )
    return path


def _names_in(folder: Path) -> list[str]:
    """Return what lies in a folder; nothing where that cannot be seen."""
    with contextlib.suppress(OSError):
        return os.listdir(folder)
    return []


def without_a_class_file(handed: HandedIn, submissions: Path) -> HandedIn:
    """Leave a class file that lies among what was handed in to a person: nothing in it is applied."""
    words = f"Nothing in it is applied: it lies in {submissions}, and counts only beside it or with --class."
    said = [*handed.ignored, *handed.passed_over]
    left = {name: words for name, _ in said if name == FILE or is_nearly_the_file(name)}
    ignored, passed = (
        tuple(one for one in some if one[0] not in left) for some in (handed.ignored, handed.passed_over)
    )
    return replace(handed, ignored=ignored, passed_over=(*passed, *left.items()))
