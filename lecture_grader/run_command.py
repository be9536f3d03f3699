"""`lecture-grader run`: its options, what it says, and the exit code with which it ends."""

import contextlib
import math
import os
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import click
from tqdm import tqdm

from lecture_lib.common import counted

from . import exit_codes
from .cluster import NoCluster, connected
from .exports.commands import Place, in_utf8
from .grading import Settings, Times
from .handed_in import HandedIn, Unreadable, find_submissions
from .outputs import FILE, Beside, Course, NotACourse, NotARoster, Roster, read_course, read_roster
from .run import Summary, grade_all
from .sandbox import NoSandbox, Sandbox, SandboxBroken
from .store import RESULTS, RUN, Busy, NotOurs, Store, opened
from .which_class_file import class_file_for, without_a_class_file
from .workers import NoWorkers, processes, told_to_stop

MOST_SAID = 30
"""Of what needs a human, and of what is ignored, so many are named on the screen."""

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Read = TypeVar("_Read")

_EXIT_CODES = """
\b
Exit codes:
  0    everything was graded
  1    everything was gone through; some submissions need a human (they are named)
  2    the command was not understood
  3    no sandbox can be made here (see `lecture-grader doctor`), or no worker
  4    no notebooks were found
  5    another run is at work on the same results
  6    the scheduler cannot be used, or was lost; the same command goes on where it was
  7    a file cannot be written or read, as on a full disk; the same command goes on where it was
  70   lecture-grader itself has a fault; what was graded is kept
  130  stopped with Ctrl-C; the same command goes on where it was
"""


def _seconds(of: str, least: float, most: float, words: str) -> Callable[[_Command], _Command]:
    """Return an option for one of `Times`."""

    def a_number(context: click.Context, option: click.Parameter, given: float) -> float:
        if math.isnan(given):  # it is in every range
            raise click.BadParameter(f"{given} is no number of seconds; give one from {least:g} to {most:g}.")
        return given

    kind, default = click.FloatRange(least, most), getattr(Times(), of)
    return click.option(
        f"--{of}-seconds", type=kind, default=default, show_default=True, help=words, callback=a_number
    )


@click.command(epilog=_EXIT_CODES, short_help="Grade a class's notebooks.")
@click.argument("submissions", type=Place(exists=True))
@click.option(
    "-o",
    "--output",
    "results",
    required=True,
    type=Place(file_okay=False),
    help="Folder for the results; it is made if it is not there.",
)
@click.option(
    "--seed",
    callback=in_utf8,
    help="Any text. The inputs on which answers are tried are made from it: the same seed, the same inputs."
    " Left out, the folder's last seed is used, or a new secret one for a new folder.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=lambda: min(os.cpu_count() or 1, 8),
    show_default="a processor each, 8 at most",
    help="How many notebooks are graded at the same time.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Grade on the workers of a Dask scheduler, tcp://host:8786, instead of on this machine."
    " Each needs this version of lecture_lib with the extra dask, and bubblewrap.",
)
@_seconds("cell", 0.1, 600, "How long a cell may run.")
@_seconds("call", 0.1, 600, "How long one call of an answer may take.")
@_seconds("submission", 1, 3600, "How long a notebook may take in all.")
@click.option(
    "--unsafe-no-sandbox",
    "unsafe",
    is_flag=True,
    help="Run students' code without a sandbox: it can then read and change your files. Only for notebooks"
    " that you wrote yourself. The results are marked.",
)
@click.option(
    "--roster",
    "roster_file",
    type=Place(exists=True, dir_okay=False),
    help="The students as Canvas, Moodle, Blackboard or Brightspace exports them, a CSV file. The file to be"
    " imported there then has its students, by its own numbers. See above.",
)
@click.option(
    "--class",
    "class_file",
    type=Place(exists=True, dir_okay=False),
    help=f"What you decide about the class: points, late days, excuses. Default: {FILE} beside SUBMISSIONS,"
    " if it is there.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
def run(
    submissions: Path,
    results: Path,
    seed: str | None,
    workers: int,
    scheduler: str | None,
    cell_seconds: float,
    call_seconds: float,
    submission_seconds: float,
    unsafe: bool,
    roster_file: Path | None,
    class_file: Path | None,
    quiet: bool,
) -> None:
    """Grade SUBMISSIONS: a folder of notebooks, a folder with a folder per student, or a zip of either.

    \b
    handed_in/s1234/03_graphs.ipynb     a folder per student: the folder's name is the student
    handed_in/s1234.ipynb               or a notebook per student: the file's name is,
    handed_in/s1234_03_graphs_and_the_chain_rule.ipynb            without the lesson's own
    handed_in/lesson 03/s1234.ipynb     also in a folder per lesson
    handed_in/03_graphs.ipynb           or lessons under their own names: the id in ll.student("...") is
    moodle.zip, canvas.zip              as downloaded, Blackboard's and Brightspace's too; not unpacked

    What was graded before is not graded again unless the notebook, the checks or the seed have changed. A run
    that was stopped, or killed, goes on where it was when the same command is given again.

    Each exercise is found by its cell's mark, or else by its function's name. What a student's code breaks
    costs that exercise, and no other. A student's own numbers come from the id in ll.student("...").

    To bring the points to Canvas or Moodle: notebooks that were downloaded there carry its numbers, and
    gradebook_canvas.csv or gradebook_moodle.csv can be imported as it is. In Moodle that is the assignment's
    "Upload grading worksheet", with "Allow updating records that have been modified more recently in Moodle"
    ticked, and Moodle set to English: for another language, give --roster its own worksheet in that language,
    which is filled in. For other notebooks, give --roster: an export of Canvas's gradebook, or of Moodle an
    assignment's grading worksheet or an export of the grades. For Blackboard and Brightspace, it is always
    needed: export the grades there, and import what is made of that. Students who are not found in it are
    named. The same command with another --roster grades nothing again.

    What you decide about the class stands in class.toml, beside SUBMISSIONS: what exercises are worth,
    lessons that do not count, deadlines and late days, who is excused, points that a second marker has
    changed. The README shows one. Nothing is graded again when it changes. Where a learning system's names
    or a zip have times without a zone, time_zone = "Europe/Berlin" under [late] says which it is.
    """  # noqa: D301
    times = Times(cell=cell_seconds, call=call_seconds, submission=submission_seconds)
    decided = class_file_for(submissions, class_file)
    roster, course = _said_in(roster_file, read_roster), _said_in(decided, read_course) or Course()
    handed = _handed_in(submissions, results, roster, class_is_beside=class_file is None)
    beside = Beside(roster, handed.passed_over, handed.ignored, course=course, places=handed.places)
    if unsafe:
        click.echo("Without a sandbox: students' code can read and change your files.", err=True)
    with _each_end_with_its_code(results), _opened(results) as store:
        settings = Settings(store.seed(seed), unsafe, times)
        total = len({one.name for one in handed.submissions})
        with (
            _workers(scheduler, min(workers, total), settings) as (executor, at_once),
            tqdm(total=total, unit="notebook", disable=quiet, smoothing=0.05) as bar,
        ):
            summary = grade_all(
                handed.submissions,
                store,
                settings,
                executor,
                lambda done, _: bar.update(done - bar.n),
                at_once,
                beside,
                told_to_stop,
            )
    _tell(summary, decided)
    sys.exit(exit_codes.NEEDS_A_HUMAN if summary.written.troubled else exit_codes.ALL_WELL)


def _handed_in(submissions: Path, results: Path, roster: Roster | None, class_is_beside: bool) -> HandedIn:
    """Find what was handed in, and say what of it is no submission; without a notebook that is the end."""
    try:
        handed = find_submissions(
            submissions, results, lambda name: roster is not None and roster.knows(name)
        )
    except (Unreadable, OSError) as error:
        raise click.UsageError(str(error)) from error
    if class_is_beside:
        handed = without_a_class_file(handed, submissions)
    for note in handed.notes:
        click.echo(f"Note: {note}", err=True)
    _tell_ignored(handed.ignored)
    if handed.submissions:
        return handed
    for name, words in handed.passed_over:
        click.echo(f"{name}: {words}", err=True)
    click.echo(f"There is no notebook (.ipynb) in {submissions}.", err=True)
    if any(name.lower().endswith(".zip") for name, _ in handed.passed_over):
        click.echo(
            "A zip in a folder is not opened. Give the zip itself in place of the folder; several, one"
            " after the other, each with -o for itself. Or unpack each into a folder of its own.",
            err=True,
        )
    sys.exit(exit_codes.NOTHING_THERE)


@contextlib.contextmanager
def _each_end_with_its_code(results: Path) -> Generator[None]:
    """Say what ended a run before its time, and leave with the exit code of that."""
    try:
        yield
    except (NoSandbox, SandboxBroken) as error:
        click.echo(f"No sandbox: {error}", err=True)
        click.echo(f"lecture-grader doctor says more. {_kept(results)}", err=True)
        sys.exit(exit_codes.NO_SANDBOX)
    except NoWorkers as error:
        click.echo(f"{error} {_kept(results)}", err=True)
        sys.exit(exit_codes.NO_SANDBOX)
    except (NoCluster, Busy) as error:
        click.echo(str(error), err=True)
        sys.exit(exit_codes.BUSY if isinstance(error, Busy) else exit_codes.NO_CLUSTER)
    except NotOurs as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        where = f": {error.filename}" if error.filename else f", at work on {results}"
        taken = "Something that is no folder has this name" if isinstance(error, FileExistsError) else ""
        click.echo(f"The run cannot go on. {taken or error.strerror or error}{where}.", err=True)
        click.echo(f"{_kept(results)} See that there is room, and that it can be written to.", err=True)
        sys.exit(exit_codes.NO_ROOM)
    except KeyboardInterrupt:
        click.echo("Stopped. What was graded is kept; give the same command again to go on.", err=True)
        sys.exit(exit_codes.STOPPED)


def _kept(results: Path) -> str:
    """Say whether anything was graded, in this run or before."""
    with contextlib.suppress(OSError):
        if (results / RESULTS).stat().st_size:
            return "What was graded is kept, and the same command goes on where it was."
    return "Nothing was graded."


def _tell_ignored(ignored: Sequence[tuple[str, str]]) -> None:
    """Say what nobody need look at, and why: nothing that was handed in vanishes."""
    why: dict[str, list[str]] = {}
    for name, words in ignored:
        why.setdefault(words, []).append(name)
    for words, names in [*why.items()][:MOST_SAID]:
        more = f" and {len(names) - MOST_SAID} more" if len(names) > MOST_SAID else ""
        click.echo(f"Note: Ignored: {', '.join(names[:MOST_SAID])}{more}. {words}", err=True)


@contextlib.contextmanager
def _workers(
    scheduler: str | None, workers: int, settings: Settings
) -> Generator[tuple[Callable[[], Executor], Callable[[], int]]]:
    """Give what makes an executor, and how much it is to be given at once; try first whether it will do."""
    if scheduler is not None:
        with connected(scheduler) as cluster:
            yield cluster.executor, cluster.at_once
        return
    with Sandbox(settings.limits, settings.unsafe, for_many=False) as probe:
        probe.new_process()
    yield processes(workers), lambda: 2 * workers


def _opened(results: Path) -> AbstractContextManager[Store]:
    """Open the results; a folder of notebooks without results is refused: it may be the class's own."""
    if results.is_dir() and not (results / RUN).exists() and next(results.rglob("*.ipynb"), None):
        raise click.UsageError(
            f"{results} holds notebooks, and no results of an earlier run. Give -o a folder of its own; it is"
            " made if it is not there."
        )
    return opened(results)


def _said_in(path: Path | None, read: Callable[[Path], _Read]) -> _Read | None:
    """Return what a file says, None where none is given; one that cannot be used ends the command."""
    try:
        return None if path is None else read(path)
    except (NotARoster, NotACourse) as error:
        raise click.UsageError(str(error)) from error


def _tell(summary: Summary, class_file: Path | None) -> None:
    written = summary.written
    if class_file is not None:
        click.echo(f"What you decided about the class: {class_file}")
    rate = f", {summary.graded / summary.seconds:.1f} a second" if summary.graded and summary.seconds else ""
    same = summary.submissions - summary.graded - summary.kept
    copies = f", {same} the same as another" if same else ""
    click.echo(
        f"{counted(summary.submissions, 'notebook')} of {counted(len(written.rows), 'student')}:"
        f" {summary.graded} graded"
        f" ({summary.seconds:.1f} s{rate}), {summary.kept} known from before{copies}."
    )
    for path, what in written.files:
        click.echo(f"{what}: {path}")
    for note in written.notes:
        click.echo(f"Note: {note}")
    if written.troubled:
        click.echo(f"{counted(len(written.troubled), 'thing needs', 'things need')} a human:")
        for name, words in written.troubled[:MOST_SAID]:
            click.echo(f"  {name}: {words}")
        if len(written.troubled) > MOST_SAID:
            click.echo(f"  and {len(written.troubled) - MOST_SAID} more, which the class report names.")
