"""A lesson as a course of mograder, which grades notebooks of marimo.

In marimo a name is defined in one cell only, and a lesson uses `x` and `loss` again and again. So here all
code up to the last exercise is one cell. Beneath it each exercise has a cell of mograder's, which runs the
lesson's own check on unseen inputs, once for each part.
"""

import json
import subprocess
import sys
import sysconfig
import textwrap
from pathlib import Path

from lecture_lib.lessons import EXERCISES

HEADER = """# /// script
# dependencies = []
# ///
import marimo

app = marimo.App()
"""
PASSES = """from mograder.runtime import check
import lecture_lib.exercises

def passes(*given):
    try:
        lecture_lib.exercises.require(*given, seed={seed!r})
    except AssertionError:
        return False
    return True
"""


def write_course(folder: Path, notebook: Path, seed: str) -> Path:
    """Write a course with a lesson, and the environment that its notebooks run in; return the lesson's file.

    mograder would install that environment from the index. It is made beforehand, and finds what ours has:
    all graders import the same files, and nobody's time has a download in it.
    """
    lesson = notebook.name[:2]
    source = folder / "source" / lesson / f"{lesson}.py"
    source.parent.mkdir(parents=True)
    source.write_text(as_marimo(lesson, code_of(notebook), seed), encoding="utf-8")
    own = source.parent / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", own], check=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(own), "platbase": str(own)}))
    ours = sysconfig.get_path("purelib")
    (packages / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n", encoding="utf-8")
    return source


def code_of(notebook: Path) -> str:
    """Return a lesson's code up to its last exercise, without its checks."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    last = max(number for number, cell in enumerate(cells) if cell["id"].startswith("exercise-"))
    code = ("".join(cell["source"]) for cell in cells[: last + 1] if cell["cell_type"] == "code")
    return "\n\n".join(one for one in code if "ll.check(" not in one)


def as_marimo(lesson: str, code: str, seed: str) -> str:
    """Return a notebook of marimo: this code, and the checks of a lesson's exercises, with their points."""
    cells = [code, PASSES.format(seed=seed)]
    for id, exercise in EXERCISES.items():
        if exercise.lesson == lesson:
            names = ", ".join(exercise.functions)
            parts = [
                f'(passes("{id}", {part.name!r}, {names}), "not yet", {part.points})'
                for part in exercise.parts
                if part.points
            ]
            cells.append(f'check("{id}", [{", ".join(parts)}])')
    return HEADER + "".join(f"\n\n@app.cell\ndef _():\n{textwrap.indent(cell, '    ')}\n" for cell in cells)
