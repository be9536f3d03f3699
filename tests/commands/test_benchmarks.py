"""What `make bench` times is right: the library agrees with the hand-written gradients in every kind of case.

The other peers are checked when the benchmarks run, in the environment that has them.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lecture_lib.lessons import EXERCISES

FOLDER = Path(__file__).resolve().parent.parent.parent / "benchmarks"


@pytest.mark.parametrize(
    ("peer", "kinds"),
    [
        ("record", ["sentence", "deep", "minibatch", "chain"]),
        ("program", ["sentence", "deep", "minibatch", "chain"]),
        ("own_loop", ["minibatch"]),
        ("train", ["epoch"]),
        ("autograd", ["sentence", "deep", "minibatch", "chain"]),
    ],
)
def test_a_peer_agrees_with_the_hand_written_gradients(peer, kinds):
    ran = agreement(peer)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [f"{peer}: {kind} agrees" for kind in kinds]


def test_a_peer_that_is_wrong_is_not_timed(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "benchmarks")
    record = folder / "peers" / "record.py"
    right = record.read_text(encoding="utf-8")
    record.write_text(right.replace("learning_rate * record[node]", "record[node]"), encoding="utf-8")
    assert record.read_text(encoding="utf-8") != right
    ran = agreement("record", folder)
    assert ran.returncode != 0
    assert "record, case a, step 1: the change of E differs from that by hand" in ran.stderr


def agreement(peer: str, folder: Path = FOLDER) -> subprocess.CompletedProcess:
    command = [sys.executable, "-W", "error", "agreement.py", peer]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_table_and_the_picture_show_every_peer(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "benchmarks", ignore=shutil.ignore_patterns("results"))
    made = subprocess.run(
        [sys.executable, "-c", EVERY_PEER_MEASURED], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    labels = made.stdout.splitlines()
    again = [sys.executable, "-W", "error", "measure.py", "--again"]
    ran = subprocess.run(again, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    page = (folder / "results" / "README.md").read_text(encoding="utf-8")
    drawn = (folder / "results" / "growth.svg").read_text(encoding="utf-8")
    for times_as_long, label in enumerate(labels, 1):
        rows = [line for line in page.splitlines() if line.startswith(f"| {label} |")]
        assert len(rows) == 6  # the main table, and one for each of the five sizes that grow
        if times_as_long > 1:
            ratio = f"{times_as_long:.2f}" if times_as_long < 10 else f"{times_as_long:.1f}"
            assert rows[0] == f"| {label} |" + f" {ratio} [{ratio}–{ratio}] |" * 4
        assert f"<!-- {label} -->" in drawn  # Matplotlib writes each text beside its outlines
        assert label in ran.stdout


# The second peer takes twice as long as NumPy by hand, the third three times; time grows with the size.
EVERY_PEER_MEASURED = """
from pathlib import Path
from cases import GROWTH, MAIN
from results import LABELS, Results

results = Results(machine={"processor": "none"}, quick=False)
sized = [(1, case) for case in MAIN] + [pair for cases in GROWTH.values() for pair in cases.items()]
for times_as_long, peer in enumerate(LABELS, 1):
    results.versions[peer] = f"{peer} 1.0"
    for size, case in sized:
        for _ in range(2):
            results.add(case.name, peer, seconds=2.0**-20 * size * times_as_long, cpu=1.0, wall=1.0)
Path("results").mkdir()
results.save(Path("results", "numbers.json"))
print(*LABELS.values(), sep="\\n")
"""


def test_the_lesson_that_mograder_is_given_asks_for_each_of_its_points_and_earns_it():
    made = subprocess.run(
        [sys.executable, "-c", AS_MARIMO], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    wanted = {id: one for id, one in EXERCISES.items() if one.lesson == "03"}
    points = {id: [part.points for part in one.parts if part.points] for id, one in wanted.items()}
    assert json.loads(made.stdout.splitlines()[-1]) == {
        id: [[True, "not yet", each] for each in parts] for id, parts in points.items()
    }


# Runs the cells, in place of marimo and mograder, and says what its checks were handed.
AS_MARIMO = """
import ast, json, sys
from pathlib import Path
from types import ModuleType
from as_marimo import as_marimo, code_of

seen = {}
runtime = ModuleType("mograder.runtime")
runtime.check = lambda label, parts: seen.update({label: parts})
sys.modules |= {"mograder": ModuleType("mograder"), "mograder.runtime": runtime}
lesson = next(Path("../solutions").glob("03_*.ipynb"))
cells = [cell for cell in ast.parse(as_marimo("03", code_of(lesson), "a seed")).body if hasattr(cell, "args")]
main = {"__name__": "__main__"}
for cell in cells:
    exec(compile(ast.Module(cell.body, []), "cell", "exec"), main)
print(json.dumps(seen))
"""
