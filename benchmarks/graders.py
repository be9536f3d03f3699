"""How each grader is run, from its own command line, and what it then says: the seconds, and the points."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from as_marimo import write_course

from lecture_grader.exports import export_nbgrader
from lecture_lib.lessons import EXERCISES

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
LESSONS = sorted({exercise.lesson for exercise in EXERCISES.values() if exercise.points})
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
SEED, ASSIGNMENT = "benchmark", "all"
OF_MOGRADER = "03"
"""The one lesson that mograder grades: it takes seconds for each, whatever is in it."""
ENVIRONMENT = os.environ | {
    "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
    "PYTHONPATH": str(ROOT),
    "LECTURE_PROGRESS": "off",
    "TQDM_DISABLE": "1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


def solution(lesson: str) -> Path:
    """Return a lesson's solved notebook."""
    return next((ROOT / "solutions").glob(f"{lesson}_*.ipynb"))


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


def solved(folder: Path, handed: Path, students: int, workers: int) -> float:
    """Grade the first so many students' solved notebooks here; return the seconds."""
    lessons = {path.name[:2] for path in (handed / "s0").rglob("*.ipynb")} & set(LESSONS)
    seconds, totals = ours(folder, handed, students, workers)
    assert totals == [sum(POINTS[lesson] for lesson in lessons)] * students, totals
    return seconds


def ours(folder: Path, handed: Path, students: int, workers: int) -> tuple[float, list[float]]:
    """Grade the first so many students' notebooks here; return the seconds, and each student's points."""
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
        return seconds, [float(row["total"]) for row in csv.DictReader(file)]


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


def nbgrader(course: Path, students: str) -> tuple[float, list[float]]:
    """Grade the students whose ids fit a pattern; return the seconds, and each student's points."""
    shutil.rmtree(course / "autograded", ignore_errors=True)
    (course / "gradebook.db").unlink()
    timed([PROGRAMS / "nbgrader", "generate_assignment", ASSIGNMENT, "--create", "--force"], course)
    command = [PROGRAMS / "nbgrader", "autograde", ASSIGNMENT, "--create", "--student", students]
    seconds = timed(command, course)
    timed([PROGRAMS / "nbgrader", "export"], course)
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        return seconds, [float(row["score"] or 0) for row in csv.DictReader(file)]


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


def otter(folder: Path, handed: Path) -> tuple[float, list[float]]:
    """Grade one student's notebooks, one after the other; return the seconds, and the student's points."""
    seconds, points = 0.0, 0.0
    for path in sorted(handed.rglob("*.ipynb")):
        lesson, out = path.name[:2], folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        shutil.copyfile(path, folder / "handed.ipynb")
        command = [PROGRAMS / "otter", "run", "handed.ipynb", "-a", f"{lesson}.zip", "-o", "out", "--no-logo"]
        seconds += timed(command, folder)
        found = json.loads((out / "results.json").read_text(encoding="utf-8"))
        points += sum(test.get("score") or 0 for test in found["tests"])
    return seconds, [points]


def mograder_course(folder: Path, students: int) -> Path:
    """Make a course of mograder with one lesson, and hand it in solved; return the lesson's file."""
    source = write_course(folder, solution(OF_MOGRADER), SEED)
    text = source.read_text(encoding="utf-8")
    handed = folder / "submitted" / OF_MOGRADER
    handed.mkdir(parents=True)
    for number in range(students):
        own = text.replace('ll.student("guest")', f'll.student("s{number}")')
        (handed / f"s{number}.py").write_text(own, encoding="utf-8")
    return source


def mograder(course: Path, students: Sequence[str], workers: int) -> tuple[float, list[float]]:
    """Grade these students' notebooks; return the seconds, and the points of the exercises that it passed."""
    shutil.rmtree(course / "autograded", ignore_errors=True)
    (course / "gradebook.db").unlink(missing_ok=True)
    handed = [f"submitted/{OF_MOGRADER}/{name}.py" for name in students]
    command = [PROGRAMS / "mograder", "autograde", *handed, "--csv", "passed.csv", "--jobs", workers]
    seconds = timed(command, course)
    with (course / "passed.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["notebook"] for row in rows] == list(students), rows
    points = {id: sum(part.points for part in exercise.parts) for id, exercise in EXERCISES.items()}
    return seconds, [
        float(sum(points[id] for id, state in row.items() if id in points and state == "PASS"))
        for row in rows
    ]
