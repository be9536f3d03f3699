"""Hostile submissions: each costs its own exercise at most, and nothing of the next submission."""

import os
import runpy
import time
from pathlib import Path

import pytest

ATTACKS = runpy.run_path(str(Path(__file__).with_name("attacks.py")))
KIT = runpy.run_path(str(Path(__file__).with_name("conftest.py")))
FULL, points, words = KIT["FULL"], KIT["points"], KIT["words"]


@pytest.fixture(scope="module")
def clean(lesson_03):
    return KIT["Solved"](lesson_03).bytes()


@pytest.mark.parametrize("name", ATTACKS["ANSWERS"])
def test_a_hostile_answer_costs_its_own_exercise_and_no_other(name, solved, grade, clean, monkeypatch):
    monkeypatch.setenv("A_SECRET", "the secret")
    source, said = ATTACKS["ANSWERS"][name]
    record = grade(solved.write("fan_out", source.strip()).bytes())
    assert points(record) == FULL | {"fan_out": 0.0}
    assert record["exercises"]["fan_out"]["state"] != "passed"
    assert said in words(record)
    assert points(grade(clean)) == FULL


@pytest.mark.parametrize("name", ATTACKS["CELLS"])
def test_a_hostile_cell_costs_no_exercise(name, solved, grade, clean):
    source, said = ATTACKS["CELLS"][name]
    record = grade(solved.insert("neuron_gradients", source).bytes())
    assert points(record) == FULL
    assert said in words(record)
    assert points(grade(clean)) == FULL


@pytest.mark.parametrize("name", ATTACKS["BEHIND_A_RIGHT_ANSWER"])
def test_what_a_right_answer_does_beside_costs_no_other_exercise(name, solved, grade, clean):
    source = f"def fan_out(x):\n    {ATTACKS['BEHIND_A_RIGHT_ANSWER'][name]}\n    return 3 * x**2 + 2 * x"
    found = points(grade(solved.write("fan_out", source).bytes()))
    assert found | {"fan_out": 4.0} == FULL
    assert points(grade(clean)) == FULL


def test_there_are_more_than_eighty_attacks():
    assert sum(len(ATTACKS[kind]) for kind in ("ANSWERS", "CELLS", "BEHIND_A_RIGHT_ANSWER")) > 80


def test_nothing_is_left_for_the_next_student(solved, grade):
    leave = """
import os
for place in ("/tmp/left", "/home/student/left", "/dev/shm/left", "/sandbox/left", "/left", "left"):
    try:
        open(place, "w").write("the answer")
    except OSError:
        pass
"""
    look = """
import os
found = []
for folder, inner, names in os.walk("/"):
    inner[:] = [name for name in inner if name not in ("usr", "lib")]
    found += [folder for name in names if name == "left"]
raise RuntimeError(f"found {found}")
"""
    grade(solved.insert("neuron_forward", leave).bytes())
    solved.cells.pop(solved.place("neuron_forward") - 1)
    assert "found []" in words(grade(solved.insert("neuron_forward", look).bytes()))


def test_no_signal_crosses_to_the_warm_process_or_to_us(sandbox, solved, grade, clean):
    warm = sandbox._warm.pid
    attack = """
import ctypes, os
libc = ctypes.CDLL(None)
for who in (0, -1, 1, 2, -os.getpgrp(), os.getppid()):
    for call in (lambda: os.kill(who, 9), lambda: os.killpg(0, 9), lambda: libc.kill(who, 9)):
        try:
            call()
        except (OSError, AttributeError):
            pass
"""
    assert points(grade(solved.insert("neuron_forward", attack).bytes())) == FULL
    assert points(grade(clean)) == FULL
    assert sandbox._warm.pid == warm


def test_a_submission_has_a_session_and_a_process_namespace_of_its_own(grade, solved):
    source = "import os\nraise RuntimeError(f'{os.getpid()} {os.getsid(0)} {os.getpgrp()} {os.getuid()}')"
    assert "1 1 1 1000" in words(grade(solved.insert("neuron_forward", source).bytes()))


def test_what_a_submission_left_running_ends_with_it(sandbox, solved, grade):
    mark = f"sleeper-{os.getpid()}"
    source = f"""
import ctypes, threading, time
ctypes.CDLL(None).prctl(15, {mark[:15]!r}.encode(), 0, 0, 0)
threading.Thread(target=time.sleep, args=(1000,)).start()
"""
    children = len(processes_below(os.getpid()))
    grade(solved.insert("neuron_forward", source).bytes())
    deadline = time.monotonic() + 10
    while len(processes_below(os.getpid())) > children and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(processes_below(os.getpid())) <= children


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
