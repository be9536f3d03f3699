"""What the tests of grading need: a sandbox that is warm, and notebooks with something changed in them."""

import json
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from lecture_grader import Sandbox, Settings, Times, grade_notebook, read_notebook
from lecture_grader.sandbox import NoSandbox

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = Settings("a seed", times=Times(cell=2.0, call=1.0, read=2.0, submission=30.0))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Give a warm sandbox for all tests; those that need one are skipped where none can be made."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    with Sandbox(QUICK.limits) as made:
        try:
            made.fresh()
        except NoSandbox as error:
            pytest.skip(f"no sandbox can be made here: {error}")
        yield made


def notebook_of(folder: str, lesson: str) -> dict:
    """Read a lesson's notebook from notebooks/ or solutions/."""
    (path,) = (ROOT / folder).glob(f"{lesson}_*.ipynb")
    return json.loads(path.read_text(encoding="utf-8"))


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


@pytest.fixture(scope="session")
def lesson_03() -> dict:
    return notebook_of("solutions", "03")


@pytest.fixture
def solved(lesson_03) -> Solved:
    return Solved(lesson_03)


@pytest.fixture
def grade(sandbox) -> Callable[[bytes], dict]:
    """Give a function that grades a notebook's bytes."""
    return lambda content: grade_notebook(read_notebook(content), sandbox, QUICK)


def points(record: dict) -> dict[str, float]:
    return {id: found["points"] for id, found in record["exercises"].items()}


def words(record: dict) -> str:
    """Return all that a record says."""
    return json.dumps(record, ensure_ascii=False)


FULL = {"neuron_forward": 2.0, "neuron_gradients": 6.0, "fan_out": 4.0, "backward_order": 2.0}
