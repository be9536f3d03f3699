"""`lecture-grader export`: the commands."""

import contextlib
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import click

from ..exit_codes import NO_ROOM
from .gradescope import VISIBILITIES, export_gradescope
from .nbgrader import export_nbgrader
from .project import CannotExport
from .release import export_release


class Place(click.Path):
    """A file or a folder; an empty name, as a shell makes of a variable that is not set, is none."""

    def __init__(self, **settings: bool) -> None:
        super().__init__(path_type=Path, **settings)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if not os.fspath(value):
            self.fail("it is empty. Give a name.", param, ctx)
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if self.exists and path.resolve().is_fifo():  # what a shell gives by <( ) leads to no name
            self.fail(f"{path} is a pipe that may have no end. Give a file.", param, ctx)
        return path


def in_utf8(context: click.Context, option: click.Parameter, given: str | None) -> str | None:
    """Return a text that can be written down; a shell may give nothing, or bytes that are no letters."""
    if given == "":
        raise click.BadParameter("it is empty. Give another text, or leave the option out.")
    try:
        (given or "").encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter("it is not written in UTF-8. Give another text.") from error
    return given


class _NoRoom(click.ClickException):
    exit_code = NO_ROOM


@contextlib.contextmanager
def _refused_in_words() -> Generator[None]:
    """Say in words why nothing was written."""
    try:
        yield
    except CannotExport as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        words = f"{error.strerror or error}{where}. See that there is room, and that it can be written to."
        raise _NoRoom(words) from error


def _two_digits(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return lessons' numbers as the lessons have them: 3 is 03."""
    if not all(map(str.strip, given)):
        raise click.BadParameter("it is empty. Give a lesson's number, such as 03.")
    return tuple(number.strip().zfill(2) for number in given)


_lessons = click.option(
    "--lesson",
    "numbers",
    multiple=True,
    callback=_two_digits,
    metavar="NN",
    help="A lesson's number, such as 03; for several, give the option again. Default: all.",
)


@click.group()
def export() -> None:
    """Write the lessons for students, for nbgrader, or for Gradescope."""


@export.command(short_help="Write an nbgrader course.")
@click.argument("course", type=Place(file_okay=False))
@click.option("--assignment", callback=in_utf8, help="Put all lessons into one assignment of this name.")
@click.option(
    "--seed",
    callback=in_utf8,
    help="Any text, from which the hidden tests' inputs are made. Default: a new secret one.",
)
@_lessons
def nbgrader(course: Path, assignment: str | None, seed: str | None, numbers: tuple[str, ...]) -> None:
    """Write an nbgrader course into the folder COURSE: nbgrader_config.py and source/.

    Each lesson is an assignment of its own. `nbgrader generate_assignment NAME --create` then makes the
    students' version, and `nbgrader autograde NAME` gives points for each part of each exercise.

    nbgrader runs a student's code in the process that tests it, so such a grade can be forged. A grade by
    `lecture-grader run` cannot; it takes the folder that nbgrader has collected, too.
    """
    with _refused_in_words():
        done = export_nbgrader(course, seed or "", assignment or "", numbers)
    for path in done.notebooks:
        click.echo(f"Written: {path}")
    for note in done.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"The hidden tests' seed: {done.seed}")


@export.command(short_help="Write the zip that students get.")
@click.argument("path", metavar="ZIP", type=Place(dir_okay=False))
def students(path: Path) -> None:
    """Write what students get into the file ZIP: the notebooks to be filled in, and what they need.

    The solved lessons, the tests and the grader are not in it. The same files give the same zip, to the byte.
    Of what has that name already, only an earlier export is replaced.
    """
    with _refused_in_words():
        export_release(path)
    click.echo(f"Written: {path}, {path.stat().st_size / 1e6:.1f} MB")


@export.command(short_help="Write an autograder for Gradescope.")
@click.argument("path", metavar="ZIP", type=Place(dir_okay=False))
@click.option(
    "--seed",
    callback=in_utf8,
    help="Any text, from which the inputs are made that answers are tried on. Default: a new secret one.",
)
@click.option(
    "--visibility",
    type=click.Choice(VISIBILITIES),
    default="visible",
    show_default=True,
    help="When students see their points and the advice.",
)
@_lessons
def gradescope(path: Path, seed: str | None, visibility: str, numbers: tuple[str, ...]) -> None:
    """Write an autograder for Gradescope into the file ZIP, for the lessons of one assignment.

    Upload it as it is, with Ubuntu 22.04 or a later one as its base, and try it with a notebook of your own
    ("Test Autograder") before students hand in: its output says how students' code is shut in there. If it
    cannot be, no score is given, and the output says why.
    """
    with _refused_in_words():
        export_gradescope(path, numbers, seed or "", visibility)
    click.echo(f"Written: {path}, {path.stat().st_size / 1e6:.1f} MB")
