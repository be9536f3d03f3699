"""Hostile submissions: each costs its own exercise at most, and nothing of the next submission."""

import os
import time

import pytest

from tests.grader.attacks import ANSWERS, BEHIND_A_RIGHT_ANSWER, CELLS
from tests.grader.kit import FULL, Solved, points, processes_below, words


@pytest.fixture(scope="module")
def clean(lesson_03):
    return Solved(lesson_03).bytes()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_costs_its_own_exercise_and_no_other(name, solved, grade, clean, monkeypatch):
    monkeypatch.setenv("A_SECRET", "the secret")
    source, said = ANSWERS[name]
    graded = grade(solved.write("fan_out", source.strip()).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    assert graded.exercises["fan_out"].judgement.state != "passed"
    assert said in words(graded)
    assert points(grade(clean)) == FULL


@pytest.mark.parametrize("name", CELLS)
def test_a_hostile_cell_costs_no_exercise(name, solved, grade, clean):
    source, said = CELLS[name]
    graded = grade(solved.insert("neuron_gradients", source).bytes())
    assert points(graded) == FULL
    assert said in words(graded)
    assert points(grade(clean)) == FULL


@pytest.mark.parametrize("name", BEHIND_A_RIGHT_ANSWER)
def test_what_a_right_answer_does_beside_costs_no_other_exercise(name, solved, grade, clean):
    source = f"def fan_out(x):\n    {BEHIND_A_RIGHT_ANSWER[name]}\n    return 3 * x**2 + 2 * x"
    found = points(grade(solved.write("fan_out", source).bytes()))
    assert found | {"fan_out": 4.0} == FULL
    assert points(grade(clean)) == FULL


def test_there_are_more_than_eighty_attacks():
    assert sum(map(len, (ANSWERS, CELLS, BEHIND_A_RIGHT_ANSWER))) > 80


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
