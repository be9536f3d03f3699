"""Points without an answer: a blank notebook whose first cell is written to earn them, in each grader.

The cells are short, and use no flaw: an answer that runs in the same process as its tests can change what
they call or what they write. Ours is given the same cells. `tests/grader` has what was tried to get further.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from as_marimo import as_marimo, code_of
from graders import ASSIGNMENT, OF_MOGRADER, POINTS, ROOT, SEED, mograder, nbgrader, otter, ours

from lecture_lib.lessons import EXERCISES

ALWAYS_PASSES = """
import lecture_lib.exercises
lecture_lib.exercises.require = lambda *given, **how: None
"""
"""In place of what the tests of nbgrader and otter-grader call."""

WRITES_RESULTS = f"""
import json
import os

with open(os.environ.pop("MOGRADER_SIDECAR_PATH"), "a") as results:
    for label in {[id for id, exercise in EXERCISES.items() if exercise.lesson == OF_MOGRADER]}:
        results.write(json.dumps({{"label": label, "status": "success"}}) + "\\n")
"""
"""What the checks of mograder would have written; theirs then find no file to write to."""


def forgeries(folder: Path, workers: int) -> Iterator[str]:
    """Give the lines of a table of the points. The others' courses lie in the folder."""
    course, marimo, own = (folder / name for name in ("course", "mograder", "forged"))
    blank = next((ROOT / "notebooks").glob(f"{OF_MOGRADER}_*.ipynb"))
    released = course / "release" / ASSIGNMENT / blank.name
    _hand_in(course / "submitted" / "forger" / ASSIGNMENT / blank.name, released, ALWAYS_PASSES)
    _hand_in(folder / "otter" / "forged" / blank.name, blank, ALWAYS_PASSES)
    text = as_marimo(OF_MOGRADER, WRITES_RESULTS + code_of(blank), SEED)
    (marimo / "submitted" / OF_MOGRADER / "forger.py").write_text(text, encoding="utf-8")
    for number, code in enumerate((ALWAYS_PASSES, WRITES_RESULTS)):
        _hand_in(own / f"s{number}" / blank.name, blank, code)
    found = {
        "lecture_grader": ours(folder, own, 2, workers)[1],
        "nbgrader autograde": nbgrader(course, "forger")[1],
        "otter run": otter(folder / "otter", folder / "otter" / "forged")[1],
        "mograder": mograder(marimo, ["forger"], workers)[1],
    }
    most = f"{POINTS[OF_MOGRADER]:g}"
    yield f"\nOf {most} points, what a blank lesson {OF_MOGRADER} earns by its first cell:"
    for name, points in found.items():
        yield f"{name:27}{' and '.join(f'{each:g}' for each in points):>9}"
    yield "The cell replaces what tests call; for mograder it writes what that reads; for ours one does each."
    yield "Each grader has its default settings."


def _hand_in(place: Path, notebook: Path, code: str) -> None:
    """Hand a notebook in with a cell of code before all others."""
    text = json.loads(notebook.read_text(encoding="utf-8"))
    cell = {"cell_type": "code", "execution_count": None, "id": "first", "metadata": {}, "outputs": []}
    place.parent.mkdir(parents=True)
    place.write_text(
        json.dumps(text | {"cells": [cell | {"source": code}, *text["cells"]]}), encoding="utf-8"
    )
