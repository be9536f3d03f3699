"""The lessons as the source of an nbgrader course: the same cells, the same check, the same points.

An answer's cell becomes nbgrader's solution cell. Beneath its check come test cells that nbgrader locks,
one for each part that has points of its own: each calls `lecture_lib.exercises.require`, which judges as
`check` does, once on check's own inputs and once, hidden, on inputs made from the course's seed.

nbgrader runs a student's cells and its test cells in one process. Code in an answer can replace `require`,
read the hidden tests' seed out of the running notebook, or do nothing but pass: a grade that nbgrader gives
can be forged, and no test cell can change that. Notebooks that nbgrader collected can be graded by
`lecture-grader run`, where it cannot.
"""

import ast
import functools
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

from lecture_lib.exercises import Exercise
from lecture_lib.lessons import EXERCISES

from .project import CannotExport, Project, read_project

CONFIG = '''\
"""The course's settings; nbgrader's documentation has all there are."""

import os

# A kernel inherits these: no progress bars, and no file of points beside a submission.
os.environ["TQDM_DISABLE"] = "1"
os.environ["LECTURE_PROGRESS"] = "off"

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "backpropagation"
# A cell has its own line for what is not written yet, so nothing is put in a solution's place.
c.ClearSolutions.code_stub = {"python": ""}
c.Execute.timeout = 120
'''
_STUB_LINE = re.compile(r'^ *c\.ClearSolutions\.code_stub = \{"python": ""\}', re.MULTILINE)


class Exported(NamedTuple):
    """What was written: the notebooks, and the seed of the hidden tests."""

    notebooks: tuple[Path, ...]
    seed: str
    notes: tuple[str, ...]


def export_nbgrader(
    course: Path,
    seed: str = "",
    assignment: str = "",
    numbers: Sequence[str] = (),
    project: Project | None = None,
) -> Exported:
    """Write `nbgrader_config.py` and `source/<assignment>/<lesson>.ipynb` into a folder.

    Parameters
    ----------
    course
        The folder; what is in it stays, but for the notebooks that are written anew.
    seed
        What the hidden tests' inputs are made from; left out, a new secret one.
    assignment
        The one assignment that all lessons go into; left out, each lesson is an assignment of its own.
    numbers
        Which lessons; left out, all.

    Raises
    ------
    CannotExport
        If a lesson has something that nbgrader cannot say, or the sources are not there.
    """
    if assignment == ".." or assignment != Path(assignment).name:
        raise CannotExport(
            f"the assignment cannot be called {assignment}: it becomes a folder in {course / 'source'}."
            ' Give one without "/", which is not ".."'
        )
    project = project or read_project(numbers=numbers)
    seed = seed or secrets.token_hex(8)
    texts = {
        Path("source", assignment or lesson.path.stem, f"{lesson.path.stem}.ipynb"): _notebook(
            project.build, lesson, seed
        )
        for lesson in project.lessons
    }
    notes: list[str] = []
    config = course / "nbgrader_config.py"
    if not config.exists():
        texts[Path(config.name)] = CONFIG
    elif not _STUB_LINE.search(config.read_text(encoding="utf-8", errors="replace")):
        notes.append(
            f"{config} was there and was kept. It needs this line, or answers' cells get two stubs:"
            ' c.ClearSolutions.code_stub = {"python": ""}'
        )
    for place, text in texts.items():
        path = course / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    notebooks = tuple(course / place for place in texts if place.suffix == ".ipynb")
    return Exported(notebooks, seed, tuple(notes))


# ------------------------------------------------------------------ one notebook


def _notebook(build: Any, lesson: Any, seed: str) -> str:
    texts = [build.replace_regions(cell, functools.partial(_region, lesson, cell)) for cell in lesson.cells]
    notebook = build.make_notebook(lesson, texts)
    cells: list[Any] = []
    asked = ""  # the exercise whose check has not come yet
    blanks = 0
    for cell, node in zip(lesson.cells, notebook.cells, strict=True):
        cells.append(node)
        if cell.regions:
            blanks += cell.exercise is None
            node.metadata["nbgrader"] = _solution_mark(cell.exercise or f"blank-{blanks}")
        if cell.exercise is not None:
            asked = cell.exercise
        elif asked and cell.kind == "code" and f'll.check("{asked}"' in cell.source:
            cells += _test_cells(build, EXERCISES[asked], seed)
            asked = ""
    if asked:
        raise CannotExport(f"{lesson.path}: no cell checks the exercise {asked}")
    notebook.cells = cells
    return str(build.to_text(notebook))


def _region(lesson: Any, cell: Any, region: Any) -> Iterator[str]:
    """Give the lines of an answer between nbgrader's marks, and outside of them what a student finds.

    nbgrader has one stub for all answers. So the stub proper stands outside: a value's before its answer,
    which overrides it; a function's after its answer, which has returned by then.
    """
    marker = cell.source.splitlines()[region.first]
    indent = marker[: len(marker) - len(marker.lstrip())]
    answer = [f"{indent}### BEGIN SOLUTION", *region.answer, f"{indent}### END SOLUTION"]
    if not region.stub[0].strip().startswith("raise "):
        yield from region.stub
        yield from answer
        return
    last = ast.parse(dedent("\n".join(region.answer))).body[-1]
    if not isinstance(last, (ast.Return, ast.Raise)):
        raise CannotExport(
            f"{lesson.path}:{cell.line + region.last}: this answer does not end with return, as nbgrader"
            " needs it"
        )
    yield from answer
    yield from region.stub


def _test_cells(build: Any, exercise: Exercise, seed: str) -> Iterator[Any]:
    for number, part in enumerate(exercise.parts, 1):
        call = f'll.exercises.require("{exercise.id}", {_quoted(part.name)}, {", ".join(exercise.functions)}'
        plural = "" if part.points == 1 else "s"
        lines = [
            f"# {exercise.id}, {part.name}: {part.points:g} point{plural}",
            f"{call})",
            "### BEGIN HIDDEN TESTS",
            f"{call}, seed={_quoted(seed)})",
            "### END HIDDEN TESTS",
        ]
        id = f"{exercise.id}-{number}"
        cell = build.nbformat.v4.new_code_cell("\n".join(lines), id=f"part-{id}")
        tests = {"grade": True, "locked": True, "points": part.points, "solution": False}
        cell.metadata["nbgrader"] = _solution_mark(id) | tests
        yield cell


_quoted = functools.partial(json.dumps, ensure_ascii=False)
"""Writes a text as Python and JSON both have it."""


def _solution_mark(id: str) -> dict[str, Any]:
    return {
        "grade": False,
        "grade_id": id,
        "locked": False,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }
