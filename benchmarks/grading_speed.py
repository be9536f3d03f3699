"""How fast notebooks are graded, beside nbgrader and otter-grader: the same solved notebooks in the same run.

    make bench-grading            or, in an environment with requirements-grading.txt in it,
    python benchmarks/grading_speed.py [--students 100] [--rounds 3] [--workers 2] [--quick]

Each grader is run from its own command line and must give all points. They take turns, and each figure is the
median over the rounds. What starting costs is shown by itself: it is what a class of one would pay, and is
taken off by grading a small class and a larger one. otter-grader starts anew for each notebook.

Ours judges the same answers, to the byte, but once. So it is measured again on a class in which no two
students' numbers are the same, and which gains nothing by that.
"""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from machine import machine

from lecture_grader.exports import export_nbgrader
from lecture_lib.lessons import EXERCISES

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
LESSONS = sorted({exercise.lesson for exercise in EXERCISES.values() if exercise.points})
ALL_LESSONS = sorted(
    path.name[:2] for path in (ROOT / "solutions").glob("[0-9]*.ipynb") if path.name[:2] != "00"
)
POINTS = {lesson: sum(one.points for one in EXERCISES.values() if one.lesson == lesson) for lesson in LESSONS}
NEAR = """

import numpy as np

def near_{id}(given):
    if isinstance(given, dict):
        return {{name: near_{id}(value) for name, value in given.items()}}
    if isinstance(given, tuple):
        return tuple(near_{id}(value) for value in given)
    numbers = isinstance(given, np.ndarray) and given.dtype == float
    return given * (1 + {by!r}) if numbers or isinstance(given, float) else given

def nearly_{id}(function):
    return lambda *given: near_{id}(function(*given))
"""
HEAD = ["# Grading", "", "Made by `make bench-grading`; not to be edited.", "", "```"]
SEED, ASSIGNMENT = "benchmark", "all"
ENVIRONMENT = os.environ | {
    "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
    "PYTHONPATH": str(ROOT),
    "LECTURE_PROGRESS": "off",
    "TQDM_DISABLE": "1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


def timed(command: Sequence[object], folder: Path, well: Sequence[int] = (0,)) -> float:
    """Run a command; return the seconds that it took."""
    with tempfile.TemporaryFile("w+") as said:
        began = time.perf_counter()
        ran = subprocess.run(
            [str(word) for word in command],
            cwd=folder,
            env=ENVIRONMENT,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
        seconds = time.perf_counter() - began
        if ran.returncode not in well:
            said.seek(0)
            sys.exit(f"{' '.join(map(str, command))} ended with {ran.returncode}:\n{said.read()[-3000:]}")
    return seconds


def write_class(folder: Path, notebooks: Sequence[Path], students: int, inner: str = "") -> None:
    """Write the same notebooks for each student, who signs in with an id of their own."""
    for number in range(students):
        place = folder / f"s{number}" / inner
        place.mkdir(parents=True)
        for path in notebooks:
            text = path.read_text(encoding="utf-8")
            own = text.replace('ll.student(\\"guest\\")', f'll.student(\\"s{number}\\")')
            (place / path.name).write_text(own, encoding="utf-8")


# ------------------------------------------------------------------ the three graders


def ours(folder: Path, handed: Path, students: int, workers: int) -> float:
    """Grade the first so many students' notebooks here; return the seconds."""
    some, results = folder / "some", folder / "results"
    for place in (some, results):
        shutil.rmtree(place, ignore_errors=True)
    some.mkdir()
    for number in range(students):
        shutil.copytree(handed / f"s{number}", some / f"s{number}")
    command = [sys.executable, "-m", "lecture_grader", "run", some, "-o", results]
    command += ["--workers", workers, "--seed", SEED, "--quiet"]
    seconds = timed(command, folder, well=(0, 1))
    with (results / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lessons = {path.name[:2] for path in (handed / "s0").rglob("*.ipynb")} & set(LESSONS)
    assert len(rows) == students
    assert {float(row["total"]) for row in rows} == {sum(POINTS[lesson] for lesson in lessons)}
    return seconds


def with_numbers_of_their_own(handed: Path, folder: Path) -> Path:
    """Copy a class, and change each student's results by a relative 1e-13 of their own."""
    for path in handed.rglob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        number = int(path.relative_to(handed).parts[0].removeprefix("s"))
        for cell in notebook["cells"]:
            exercise = EXERCISES.get(cell["id"].removeprefix("exercise-"))
            if exercise is not None:
                source = "".join(cell["source"]) + NEAR.format(id=exercise.id, by=1e-13 * (number + 1))
                near = f"{'near' if exercise.is_value else 'nearly'}_{exercise.id}"
                source += "".join(f"\n{name} = {near}({name})" for name in exercise.functions)
                cell["source"] = source
        place = folder / path.relative_to(handed)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def nbgrader_course(folder: Path, students: int) -> Path:
    """Make an nbgrader course with the lessons; return the folder of the solved notebooks handed in."""
    done = export_nbgrader(folder, seed=SEED, assignment=ASSIGNMENT, numbers=LESSONS)
    timed([PROGRAMS / "nbgrader", "generate_assignment", ASSIGNMENT, "--create"], folder)
    write_class(folder / "submitted", done.notebooks, students, ASSIGNMENT)
    return folder / "submitted"


def nbgrader(course: Path, students: str, count: int) -> float:
    """Grade the students whose ids fit a pattern; return the seconds."""
    shutil.rmtree(course / "autograded", ignore_errors=True)
    (course / "gradebook.db").unlink()
    timed([PROGRAMS / "nbgrader", "generate_assignment", ASSIGNMENT, "--create", "--force"], course)
    command = [PROGRAMS / "nbgrader", "autograde", ASSIGNMENT, "--create", "--student", students]
    seconds = timed(command, course)
    timed([PROGRAMS / "nbgrader", "export"], course)
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        scores = [float(row["score"] or 0) for row in csv.DictReader(file)]
    assert scores == [sum(POINTS.values())] * count, scores
    return seconds


def otter_tests(folder: Path) -> None:
    """Make an autograder for each lesson: a test a part, which is the check itself on unseen inputs."""
    for lesson in LESSONS:
        tests = folder / lesson / "tests"
        tests.mkdir(parents=True)
        for id, exercise in EXERCISES.items():
            if exercise.lesson == lesson:
                require, names = "lecture_lib.exercises.require", ", ".join(exercise.functions)
                calls = {
                    f'{require}("{id}", {part.name!r}, {names}, seed="{SEED}")': part.points
                    for part in exercise.parts
                }
                cases = [
                    {
                        "code": f">>> import lecture_lib.exercises\n>>> {call}\n",
                        "hidden": True,
                        "locked": False,
                        "points": points,
                    }
                    for call, points in calls.items()
                ]
                suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
                test = {"name": id, "points": None, "suites": [suite]}
                (tests / f"{id}.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n", encoding="utf-8")
        bare = ["--no-requirements", "--no-environment", "--no-config"]
        timed([PROGRAMS / "otter", "generate", "-t", tests, "-o", f"{lesson}.zip", *bare], folder)


def otter(folder: Path, handed: Path) -> float:
    """Grade one student's notebooks, one after the other; return the seconds."""
    seconds = 0.0
    for path in sorted(handed.rglob("*.ipynb")):
        lesson, out = path.name[:2], folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        shutil.copyfile(path, folder / "handed.ipynb")
        command = [PROGRAMS / "otter", "run", "handed.ipynb", "-a", f"{lesson}.zip", "-o", "out", "--no-logo"]
        seconds += timed(command, folder)
        found = json.loads((out / "results.json").read_text(encoding="utf-8"))
        assert sum(test.get("score") or 0 for test in found["tests"]) == POINTS[lesson], found
    return seconds


# ------------------------------------------------------------------ the report


def medians(
    rounds: int, own: dict[str, Callable[[], float]], others: dict[str, Callable[[], float]]
) -> dict[str, float]:
    """Measure each in turn, so many times; what is our own before each of the others; return the medians."""
    found: dict[str, list[float]] = {}
    for number in range(1, rounds + 1):
        for other in others or [""]:
            turn = own | ({other: others[other]} if other else {})
            for name, measure in turn.items():
                found.setdefault(name, []).append(measure())
                print(f"  round {number}, {name}: {found[name][-1]:.1f} s", file=sys.stderr, flush=True)
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def peers(folder: Path, students: int, rounds: int, workers: int) -> Iterator[str]:
    """Give the lines of the table of graders."""
    few, several = 10, 3
    course = folder / "course"
    course.mkdir()
    handed = nbgrader_course(course, students)
    varied = with_numbers_of_their_own(handed, folder / "varied")
    (folder / "otter").mkdir()
    otter_tests(folder / "otter")
    found = medians(
        rounds,
        {
            "ours, few": lambda: ours(folder, handed, few, workers),
            "ours": lambda: ours(folder, handed, students, workers),
            "ours, varied, few": lambda: ours(folder, varied, few, workers),
            "ours, varied": lambda: ours(folder, varied, students, workers),
        },
        {
            "nbgrader, one": lambda: nbgrader(course, "s1", 1),
            "nbgrader": lambda: nbgrader(course, f"s[1-{several}]", several),
            "otter": lambda: otter(folder / "otter", handed / "s0"),
        },
    )
    each = len(LESSONS)

    def after_starting(name: str, small: str, more: int, count: int) -> tuple[float, float]:
        """Return the seconds that a notebook takes, and those that starting takes."""
        one = (found[name] - found[small]) / (each * more)
        return one, found[small] - each * count * one

    own = after_starting("ours", "ours, few", students - few, few)
    theirs = after_starting("nbgrader", "nbgrader, one", several - 1, 1)
    rows = [
        ("lecture_grader", "", *own),
        (
            " no two students alike",
            "",
            *after_starting("ours, varied", "ours, varied, few", students - few, few),
        ),
        ("nbgrader autograde", version("nbgrader"), *theirs),
        ("otter run", version("otter-grader"), found["otter"] / each, None),
    ]
    yield f"{each} notebooks a student (lessons {', '.join(LESSONS)}), solved; each grader gave all points."
    yield f"{'':24}{'version':>9}{'ms a notebook':>15}{'a second':>10}{'starting':>10}{'nbgrader takes':>16}"
    for name, number, seconds, starting in rows:
        start = "in each" if starting is None else f"{starting:.1f} s"
        times = f"{theirs[0] / seconds:.3g} times"
        yield f"{name:24}{number:>9}{1000 * seconds:15.1f}{1 / seconds:10.1f}{start:>10}{times:>16}"
    both = found["ours"] / (each * students)
    yield (
        f"Ours has {workers} workers. With its starting, {each * students} notebooks took"
        f" {found['ours']:.1f} s: {1 / both:.1f} a second."
    )


def lessons(folder: Path, students: int, rounds: int, workers: int) -> Iterator[str]:
    """Give the lines of what one more lesson costs."""
    places: list[Path] = []
    few = 10
    for count in range(1, len(ALL_LESSONS) + 1):
        paths = [next((ROOT / "solutions").glob(f"{number}_*.ipynb")) for number in ALL_LESSONS[:count]]
        places.append(folder / f"lessons-{count}")
        write_class(places[-1], paths, students)
    measured: dict[str, Callable[[], float]] = {}
    for place in places:
        measured |= {
            f"{place.name}, few": lambda place=place: ours(folder, place, few, workers),
            place.name: lambda place=place: ours(folder, place, students, workers),
        }
    found = medians(rounds, measured, {})
    yield f"\n{'Lessons a student':20}{'ms a student':>14}{'students a second':>19}{'one more lesson':>17}"
    before = 0.0
    for count, place in enumerate(places, 1):
        seconds = (found[place.name] - found[f"{place.name}, few"]) / (students - few)
        names = "+".join(ALL_LESSONS[:count])
        yield f"{names:20}{1000 * seconds:14.1f}{1 / seconds:19.1f}{1000 * (seconds - before):14.1f} ms"
        before = seconds


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="one round, a small class")
    given = parser.parse_args()
    if given.quick:
        given.students, given.rounds = 40, 1
    lines = [f"{name}: {value}" for name, value in machine().items()]
    lines += ["threads: one for each process's linear algebra", ""]
    print("\n".join(lines))
    with tempfile.TemporaryDirectory() as name:
        for table in (peers, lessons):
            for line in table(Path(name), given.students, given.rounds, given.workers):
                lines.append(line)
                print(line, flush=True)
    lines.append(f"\nload after: {os.getloadavg()[0]:.1f}")
    print(lines[-1])
    if not given.quick:
        (Path(__file__).parent / "results" / "grading.md").write_text(
            "\n".join([*HEAD, *lines, "```", ""]), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
