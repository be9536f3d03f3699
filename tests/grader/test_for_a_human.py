"""What a real notebook holds that a human should look at, though it is graded."""

import json
import os
from dataclasses import replace

import pytest

from lecture_grader import Settings, Times, grade_notebook, read_notebook
from tests.grader.attacks import ANSWERS
from tests.grader.kit import code_cell, notebook_of


def sign_in(id: str) -> str:
    return f"import lecture_lib as ll\nll.student({id!r})"


def test_a_notebook_as_it_should_be_needs_nobody(solved, grade):
    assert grade(solved.bytes()).human == ()


def test_a_notebook_that_signs_in_twice_is_named_with_both_ids(solved, grade):
    solved.insert("neuron_forward", sign_in("one")).insert("fan_out", sign_in("two"))
    assert any("several ids: one, two" in words for words in grade(solved.bytes()).human)


def test_a_notebook_that_signs_in_with_no_id_is_named(solved, grade):
    solved.insert("neuron_forward", sign_in("   "))
    assert any("an id that is none" in words for words in grade(solved.bytes()).human)


def test_a_notebook_without_an_exercise_is_named(grade):
    cells = [code_cell("1 + 1"), code_cell("text", "markdown")]
    graded = grade(json.dumps({"nbformat": 4, "cells": cells}).encode())
    assert graded.human == ("There is no exercise in this notebook.",)


def test_a_lesson_that_has_no_exercises_is_no_matter_for_a_human(grade):
    graded = grade(json.dumps(notebook_of("notebooks", "10")).encode())
    assert graded.human == ()
    assert "Lesson 10 has no exercises." in graded.notes


def test_a_lesson_whose_exercises_are_gone_is_named(grade):
    kept = [cell for cell in notebook_of("notebooks", "03")["cells"] if cell["cell_type"] == "markdown"]
    graded = grade(json.dumps({"nbformat": 4, "cells": kept}).encode())
    assert graded.human == ("There is no exercise in this notebook.",)


def test_a_notebook_cannot_fill_the_list_for_humans(solved, grade):
    for number in range(300):
        solved.insert("neuron_gradients", f'll.student("{number:0120}"[::-1])\nll.student("{number:<120}")')
        solved.insert("neuron_gradients", f'll.student("{number}{"x" * 100}")')
    graded = grade(solved.bytes())
    assert len(graded.human) == 11
    assert "more notes of this kind" in graded.human[-1]


@pytest.mark.parametrize(
    ("source", "said"),
    [(ANSWERS["a forged frame"][0], "not believed"), ("import sys\nsys._getframe()", "Read the answers")],
    ids=["forged", "looks behind"],
)
def test_what_casts_doubt_on_an_answer_is_hidden_by_no_number_of_other_notes(source, said, solved, grade):
    for number in range(20):
        solved.insert("neuron_forward", f'll.student("{number}{"x" * 100}")')
    graded = grade(solved.insert("neuron_gradients", source).write("fan_out", source).bytes())
    assert any(said in words for words in graded.human)


def test_code_that_speaks_for_the_judge_is_named(solved, grade):
    source, _ = ANSWERS["a forged frame"]
    graded = grade(solved.write("fan_out", source).bytes())
    assert any("answer that nobody had asked for" in words for words in graded.human)


def test_a_notebook_that_used_up_its_time_is_named(solved, sandbox):
    for exercise in ("neuron_forward", "neuron_gradients"):
        solved.insert(exercise, "while True: pass")
    settings = Settings("a seed", times=Times(cell=1.0, call=1.0, read=2.0, submission=1.5))
    graded = grade_notebook(read_notebook(solved.bytes()), sandbox, settings)
    assert any("longer than 1.5 seconds in all" in words for words in graded.human)
    quick = replace(settings, times=Times(cell=0.2, call=1.0, read=2.0, submission=60.0))
    assert grade_notebook(read_notebook(solved.bytes()), sandbox, quick).human == ()


def test_on_a_busy_machine_what_takes_long_may_take_longer(solved, sandbox, monkeypatch):
    solved.insert("neuron_forward", "import time\ntime.sleep(0.6)\nglobals().update(late=1)")
    solved.write("fan_out", "def fan_out(x):\n    return 2 * late * x + 3")
    settings = Settings("a seed", times=Times(cell=0.3, call=0.5, read=2.0))

    def stopped(load):
        monkeypatch.setattr("os.getloadavg", lambda: (load, load, load))
        graded = grade_notebook(read_notebook(solved.bytes()), sandbox, settings)
        return [one.verdict.message for one in graded.exercises.values() if "late" in one.verdict.message]

    assert stopped(0.0) != []  # its cell was ended, so that late is no name
    assert stopped(20.0 * os.cpu_count()) == []


IN_A_THREAD = """\
from concurrent.futures import ThreadPoolExecutor
def fan_out(x):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: 4 * x + 2).result()
"""
IN_A_PROCESS = """\
import subprocess, sys
def fan_out(x):
    return float(subprocess.run([sys.executable, "-c", f"print(4 * {x} + 2)"], capture_output=True).stdout)
"""


@pytest.mark.parametrize("answer", [IN_A_THREAD, IN_A_PROCESS], ids=["a thread", "a process"])
def test_an_answer_that_starts_what_is_not_allowed_where_it_is_graded_is_named(answer, solved, grade):
    graded = grade(solved.write("fan_out", answer).bytes())
    assert graded.exercises["fan_out"].points == 0
    (said,) = graded.human
    assert said.startswith("fan_out stopped with PermissionError. Where it is graded")


def test_a_permission_that_no_answer_has_asked_for_is_no_matter_for_a_human(solved, grade):
    solved.insert("fan_out", "raise PermissionError('of my own')")
    assert grade(solved.bytes()).human == ()
