"""The command line: `lecture-grader`."""

import codecs
import contextlib
import gc
import io
import os
import sys
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Any, TextIO

import click

from .doctor import examine
from .exit_codes import ALL_WELL, NEEDS_A_HUMAN, NO_ROOM, NO_SANDBOX, OUR_FAULT, STOPPED
from .exports.commands import Place, export
from .outputs import NoStatistics, comparison, read_statistics
from .run_command import run


class _Heard:
    """A stream that drops what finds no room or no reader: that keeps nothing from being graded.

    Attributes
    ----------
    lost
        Why there was no room, None where nothing was dropped; that its reader has gone is no loss.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream or open(os.devnull, "w")  # noqa: SIM115
        self.lost: OSError | None = None
        if isinstance(self._stream, io.TextIOWrapper):
            self._stream.reconfigure(errors="backslashreplace")  # a name may have letters that it has not
            if codecs.lookup(self._stream.encoding).name == "ascii":  # which click does not believe, either
                self._stream.reconfigure(encoding="utf-8")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with self._losses():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._losses():
            self._stream.flush()

    @contextlib.contextmanager
    def _losses(self) -> Generator[None]:
        try:
            yield
        except BrokenPipeError:
            pass
        except OSError as error:
            self.lost = error


class _Command(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; Ctrl-C ends it with a code of its own."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(STOPPED)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Grade a class's notebooks, on your own machine.

    \b
    First:     lecture-grader doctor
    Then:      lecture-grader run SUBMISSIONS -o RESULTS
    It leaves: RESULTS/gradebook.csv, points by student, exercise and lesson
               RESULTS/gradebook_anonymous.csv, the same without names
               RESULTS/gradebook_canvas.csv and gradebook_moodle.csv, the same as these import it
               RESULTS/report.html, how the class did, what needs a human, who is stuck
               RESULTS/feedback/, a page for each student
               RESULTS/item_statistics.csv, counts without names: lecture-grader compare takes two
               RESULTS/results.jsonl, all that was found, a line a notebook

    Students' code runs shut in: without network, without your files, without the expected answers.

    For students' own zip, for nbgrader, and for Gradescope: lecture-grader export --help
    """  # noqa: D301 - click wants the sign itself, not a backslash and a b


@main.command(short_help="Look whether submissions can be graded safely here.")
def doctor() -> None:
    """Look whether submissions can be shut in here, by trying to break out.

    Exits with 0 if all is well and with 3 if not; says what it found and what to install.
    """
    findings = examine()
    for finding in findings:
        click.echo(f"{'ok     ' if finding.good else 'NOT OK '} {finding.what}: {finding.seen}")
    well = all(finding.good for finding in findings)
    if well:
        click.echo("What must not be possible for a student's code was tried, and each attempt failed.")
    click.echo(
        "Submissions can be graded safely here." if well else "Submissions cannot be graded safely here."
    )
    sys.exit(ALL_WELL if well else NO_SANDBOX)


@main.command(short_help="Put two classes, or two years, side by side.")
@click.argument("first", type=Place(exists=True))
@click.argument("second", type=Place(exists=True))
def compare(first: Path, second: Path) -> None:
    """Put two classes side by side: for each exercise and part how many have its points, and which mistakes.

    FIRST and SECOND are the folders of results of two classes or years, or their item_statistics.csv, in
    which there are no names: a colleague can send you theirs.
    """
    try:
        click.echo(comparison(read_statistics(first), read_statistics(second), _names(first, second)))
    except NoStatistics as error:
        raise click.UsageError(str(error)) from error


def _names(first: Path, second: Path) -> tuple[str, str]:
    """Name two classes as their folders are called, as far as that tells them apart."""
    one, other = (str(path.parent if path.is_file() else path) for path in (first, second))
    names = Path(one).resolve().name, Path(other).resolve().name
    return names if names[0] != names[1] else (one, other)


main.add_command(run)
main.add_command(export)


def command() -> None:
    """Run the command line; what it says may find no room, or no reader."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(handle, True)  # a standard stream was closed: the next file would be taken for it
    os.close(handle)
    sys.stderr, sys.stdout = _Heard(sys.stderr), (said := _Heard(sys.stdout))
    gc.freeze()  # what is loaded stays: it need not be gone through each time that garbage is looked for
    try:
        main(prog_name="lecture-grader")
    except SystemExit as end:
        if said.lost is None or end.code not in (ALL_WELL, NEEDS_A_HUMAN):
            raise
        words = f"What there is to say finds no room: {said.lost.strerror}."
        click.echo(f"{words} What was to be written to files is written.", err=True)
        sys.exit(NO_ROOM)
    except Exception:  # Python's own exit code for it is 1, which means that all was gone through
        traceback.print_exc()
        sys.exit(OUR_FAULT)


if __name__ == "__main__":
    command()
