"""What runs in Gradescope's container for each submission: grades it, writes results.json.

Run as `python -m lecture_grader.exports.autograde /autograder`.

**Whom it guards against.** The author of the notebook: code in it may try to write the grade, to read what
is expected or the seed of the inputs, to end or to stop the judge, or to reach out to somebody. It does not
guard against Gradescope, nor against whoever uploads the autograder.

**How.** Gradescope starts `run_autograder` as root, the submission beside the autograder, in a container that
is thrown away afterwards. So the student's code must not run as root, nor in the judge's process. In this
order, whichever is found to hold by trying to break out of it, at each run:

1. bubblewrap, as on an instructor's own machine. Many containers do not allow the namespaces that it needs.
2. Another user: see `other_user`. The code sees the container's files, but the autograder's folder and the
   folder of results are closed to all but root; it makes no process, opens no socket, signals nobody.
3. Where neither holds, nothing is run and **no result is written**. Gradescope then shows the instructor that
   the autograder failed, with the reason in its output, and has no score. A zero would look like a grade.

Either way the judge and the answer live in different processes, and the judge alone writes results.json, at
the end, in place of whatever lies there. What the notebook prints goes nowhere; what an error says is not
shown, for it may hold an input. Students see their points by parts, and the advice.
"""

import contextlib
import json
import math
import sys
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lecture_grader.doctor import TRIES, Finding, look_around, try_out
from lecture_grader.graded import Graded, GradedExercise
from lecture_grader.grading import Settings, Times, checks_version, grade_notebook
from lecture_grader.handed_in import Unreadable, find_submissions, read_notebook
from lecture_grader.outputs import best_results, said_of
from lecture_grader.sandbox import NoSandbox, Sandbox, SandboxBroken
from lecture_grader.store import write_whole
from lecture_lib.exercises import Exercise
from lecture_lib.lessons import EXERCISES

from .other_user import OtherUser
from .submitter import said_of_ids, submitters

TIMES = Times(submission=60)
"""A notebook's share of the ten minutes that Gradescope gives by default."""
FOR_ALL = 480.0
"""So many seconds of them are for all notebooks of one submission: with what is left, it is written down."""
_NO_TIME = "It was not run: the notebooks before it took all the time that there is."


class Withheld(RuntimeError):
    """No score is given; the message tells the instructor why."""


@dataclass(frozen=True)
class Assignment:
    """What the zip says of the assignment: which lessons, the inputs' seed, when students see the results."""

    lessons: tuple[str, ...]
    seed: str
    visibility: str

    @property
    def exercises(self) -> list[Exercise]:
        """The exercises of its lessons."""
        return [exercise for exercise in EXERCISES.values() if exercise.lesson in self.lessons]


def main(root: Path) -> int:
    """Grade what lies in `root`/submission, write `root`/results/results.json; return the exit code."""
    results = root / "results" / "results.json"
    try:
        results.unlink(missing_ok=True)
        write_whole(results, json.dumps(autograde(root), ensure_ascii=False, indent=1))
        results.chmod(0o644)  # whatever the container's umask is, Gradescope reads it
    except Withheld as error:
        _say(f"No score was given. {error}")
        return 1
    except Exception:  # the judge's own mistake: never a grade
        _say(f"No score was given: the autograder itself failed.\n{traceback.format_exc()}")
        return 1
    return 0


def autograde(root: Path) -> dict[str, Any]:
    """Grade what lies in `root`/submission; return what results.json holds.

    Raises
    ------
    Withheld
        If the student's code cannot be shut in here, or a notebook could not be judged.
    """
    began = time.monotonic()
    said = json.loads((root / "source" / "assignment.json").read_text(encoding="utf-8"))
    assignment = Assignment(tuple(said["lessons"]), said["seed"], said["visibility"])
    given = root / "submission"
    users = submitters(root / "submission_metadata.json")
    _close_to_others(root)
    with _shut_in(root) as (sandbox, how):
        _say(f"Students' code is shut in by {how}.")
        graded = list(_graded(given, assignment, sandbox))
    doubts = [*said_of_ids(graded, users)]
    for_a_human = [*doubts, *(f"{one.file}: {why}" for one in graded for why in one.human)]
    for why in for_a_human:
        _say(f"Look at this: {why}")
    for one in graded:
        _say(f"{one.file}: signed in as {one.signed_in_as or 'nobody'}. {' '.join(one.notes)}")
    extra = {"shut_in_by": how, "checks": checks_version(), "needs_a_human": for_a_human}
    return gradescope_results(assignment, graded, doubts) | {
        "execution_time": round(time.monotonic() - began, 2),
        "extra_data": extra,
    }


def _say(words: str) -> None:
    """Print for the instructor: Gradescope keeps the output, and shows it to students only if told to."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


# ------------------------------------------------------------------ shutting in


def _close_to_others(root: Path) -> None:
    """Close what students' code must not see or change to all but this user.

    Where this is not allowed, nor is another user: what is left is bubblewrap, which shows none of it.
    """
    for name in ("source", "results", "submission_metadata.json"):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            (root / name).chmod(0o600 if name.endswith(".json") else 0o700)


@contextlib.contextmanager
def _shut_in(root: Path) -> Generator[tuple[Sandbox, str]]:
    """Give a sandbox that was found to hold, and what it is."""
    said: list[str] = []
    kinds: list[tuple[Callable[[], Sandbox], str, list[Finding], dict[str, str]]] = [
        (Sandbox, "bubblewrap", look_around(), TRIES),
        (OtherUser, "another user", [], _tries_of_another_user(root)),
    ]
    for make, how, findings, tries in kinds:
        with contextlib.ExitStack() as open_ones:
            if all(finding.good for finding in findings):
                sandbox = open_ones.enter_context(make())
                findings += try_out(sandbox, tries)
                if all(finding.good for finding in findings):
                    yield sandbox, how
                    return
        bad = [f"{finding.what}: {finding.seen}" for finding in findings if not finding.good]
        said.append(f"{how}: {'; '.join(bad)}")
    raise Withheld("Students' code cannot be shut in here:\n" + "\n".join(said))


def _tries_of_another_user(root: Path) -> dict[str, str]:
    """Return what must fail where there are no namespaces: what holds in bubblewrap too, and these files."""
    same = ("no network", "no other processes to signal", "no programs are started", "no processes are made")
    tries = {name: TRIES[name] for name in (*same, "no checks to read", "memory is limited")}
    source, results, other = (repr(str(root / name)) for name in ("source", "results", "results-other"))
    return tries | {
        "no seed to read": f"open({source} + '/assignment.json')",
        "no autograder to read": f"import os\nos.listdir({source})",
        "no result to write": f"open({results} + '/results.json', 'w')",
        "no results to put in its place": (
            f"import os\nos.rename({results}, {other})\nos.rename({other}, {results})"
        ),
        "no way back to root": "import ctypes\nif ctypes.CDLL(None).setuid(0): raise OSError('setuid')",
        "no memory of others to write": "import os\nopen(f'/proc/{os.getppid()}/mem', 'wb')",
    }


# ------------------------------------------------------------------ grading


def _graded(given: Path, assignment: Assignment, sandbox: Sandbox) -> Iterator[Graded]:
    handed = find_submissions(given).submissions if given.is_dir() else ()
    until = time.monotonic() + FOR_ALL
    for one in {one.name: one for one in handed}.values():  # once, whoever a list beside it says it is of
        left = until - time.monotonic()
        if left <= 0:
            yield Graded(file=one.name, human=(_NO_TIME,), notes=(_NO_TIME,))
            continue
        times = replace(TIMES, submission=min(TIMES.submission, math.ceil(left)))
        try:
            notebook = read_notebook(one.read())
            graded = grade_notebook(notebook, sandbox, Settings(assignment.seed, times=times))
            yield replace(graded, file=one.name)
        except Unreadable as error:
            yield Graded(file=one.name, notes=(str(error),))
        except (NoSandbox, SandboxBroken) as error:
            raise Withheld(
                f"The sandbox broke while {one.name} was graded: {error}. Run it again."
            ) from error


def gradescope_results(
    assignment: Assignment, graded: Sequence[Graded], doubts: Sequence[str] = ()
) -> dict[str, Any]:
    """What became of one student's notebooks -> what Gradescope shows: a test for each part of each exercise.

    An exercise that was handed in twice counts as it was done best. `doubts` are about whose the ids are.
    """
    best = best_results(graded)
    notes = [f"{one.file}: {note}" for one in graded for note in one.notes]
    notes = [*doubts, *notes]
    if not graded:
        notes = ["There is no notebook (.ipynb) in what was handed in."]
    signed = sorted({one.signed_in_as for one in graded} - {""})
    if signed:
        notes.insert(0, f"Signed in as {', '.join(signed)}.")
    return {
        "output": "\n".join(notes),
        "output_format": "text",
        "visibility": assignment.visibility,
        "stdout_visibility": "hidden",
        "tests": [
            test
            for number, exercise in enumerate(assignment.exercises, 1)
            for test in _tests(exercise, number, best.get(exercise.id))
        ],
    }


def _tests(exercise: Exercise, number: int, found: GradedExercise | None) -> Iterator[dict[str, Any]]:
    parts = found.verdict.results if found else ()
    for place, part in enumerate(exercise.parts):
        done = parts[place] if place < len(parts) else None
        state = done.state if done else "not handed in"
        words = [f"{part.name}: {state}"]
        if place == 0 and found:
            words += said_of(found)
        test: dict[str, Any] = {
            "name": f"{exercise.id}: {part.name}",
            "number": f"{number}.{place + 1}",
            "status": "passed" if state == "passed" else "failed",
            "output": "\n".join(words),
            "output_format": "text",
        }
        if part.points:
            test |= {"score": done.points if done else 0.0, "max_score": part.points}
        yield test


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
