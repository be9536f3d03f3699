"""What `make bench` times is right: the library agrees with the hand-written gradients in every kind of case.

The other peers are checked when the benchmarks run, in the environment that has them.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
