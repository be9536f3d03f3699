"""Many kinds of notebooks at once: each gets the points that were known before it was graded."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.grading_scale import KINDS, make_class, wrong_grades

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.usefixtures("sandbox")
def test_solved_half_done_wrong_blank_hostile_and_damaged_notebooks_get_what_they_are_due(tmp_path):
    made = make_class(tmp_path / "class", 75, random.Random(4))
    assert min(made.kinds[kind] for kind in KINDS) > 0
    command = [
        sys.executable,
        "-m",
        "lecture_grader",
        "run",
        str(made.folder),
        "-o",
        str(tmp_path / "out"),
    ]
    command += ["--workers", "2", "--cell-seconds", "1", "--quiet"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr  # damaged notebooks need a human
    assert list(wrong_grades(made, tmp_path / "out" / "gradebook.csv")) == []
    made.points["s00000"]["fan_out"] = 3.0  # what nobody can have: the comparison itself must see it
    assert len(list(wrong_grades(made, tmp_path / "out" / "gradebook.csv"))) == 1
