"""What several tests of grading share: notebooks with something changed in them, and what became of one."""

import ast
import json
import os
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path

from lecture_grader import Graded, Settings, Times
from lecture_lib.lessons import EXERCISES

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = Settings("a seed", times=Times(cell=2.0, call=1.0, read=2.0, submission=60.0))


def put_no_file(place: Path, what: str) -> None:
    """Put there what has a file's name and is none: a "pipe", or a "link to …"."""
    if what == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(what.removeprefix("link to "))


def notebook_of(folder: str, lesson: str) -> dict:
    """Read a lesson's notebook from notebooks/ or solutions/."""
    (path,) = (ROOT / folder).glob(f"{lesson}_*.ipynb")
    return json.loads(path.read_text(encoding="utf-8"))


def code_of(notebook: dict) -> list[str]:
    """List the texts of a notebook's code cells."""
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def with_what_they_need(cells: Sequence[str], wanted: Callable[[str], bool]) -> list[str]:
    """Give the cells that are wanted, and those before them that give a name which one of these uses."""
    kept: list[str] = []
    used: set[str] = set()
    for cell in reversed(cells):
        loads, gives = names_in(cell)
        if wanted(cell) or gives & used:
            kept.append(cell)
            used |= loads
    return kept[::-1]


def names_in(cell: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell reads, and those that it gives a value or changes a part of."""
    loads, gives = set(), set()
    for node in ast.walk(ast.parse(cell)):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                loads.add(name)
            case ast.Name(id=name):
                gives.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                gives.add(name)
            case ast.alias(name=name, asname=other):
                gives.add(other or name.partition(".")[0])
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                gives.add(name)
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()):
                gives.add(name)
            case _:
                pass
    return loads, gives


def keys_kept(results: Path) -> list[str]:
    """List the keys of whole lines: a run may be at work on the last one, or a kill has cut it short."""
    path = results / "results.jsonl"
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [json.loads(line)["key"] for line in lines if line.endswith(b"\n")]


class Solved:
    """A solved notebook of lesson 03 in which one can change things."""

    def __init__(self, notebook: dict) -> None:
        self.notebook = deepcopy(notebook)

    @property
    def cells(self) -> list[dict]:
        return self.notebook["cells"]

    def place(self, exercise: str) -> int:
        """Find an exercise's cell."""
        return next(n for n, cell in enumerate(self.cells) if cell["id"] == f"exercise-{exercise}")

    def cell(self, exercise: str) -> dict:
        return self.cells[self.place(exercise)]

    def write(self, exercise: str, source: str) -> "Solved":
        """Put another source into an exercise's cell."""
        self.cell(exercise)["source"] = source
        return self

    def insert(self, before: str, source: str) -> "Solved":
        """Put a new code cell before an exercise's cell."""
        self.cells.insert(self.place(before), code_cell(source))
        return self

    def bytes(self) -> bytes:
        return json.dumps(self.notebook).encode()


def code_cell(source: str, kind: str = "code") -> dict:
    return {"cell_type": kind, "id": "new", "metadata": {}, "source": source}


def points(graded: Graded) -> dict[str, float]:
    return {id: found.points for id, found in graded.exercises.items()}


def words(graded: Graded) -> str:
    """Return all that is said of a notebook."""
    return json.dumps(asdict(graded), ensure_ascii=False)


def points_of(lesson: str) -> dict[str, float]:
    """Give the points of each exercise of a lesson, as the lesson has them."""
    return {id: float(exercise.points) for id, exercise in EXERCISES.items() if exercise.lesson == lesson}


FULL = points_of("03")
ALL = f"{sum(FULL.values()):g}"
"""All points of lesson 03, as they are written."""


def processes_below(root: int) -> list[int]:
    """List the processes that have `root` among their ancestors."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, added = {root}, True
    while added:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        added = bool(more)
    return sorted(found - {root})
