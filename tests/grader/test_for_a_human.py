"""What a real notebook holds that a human should look at, though it is graded."""

import json
from dataclasses import replace

from lecture_grader import Settings, Times, grade_notebook, read_notebook
from tests.grader.attacks import ANSWERS
from tests.grader.kit import code_cell


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
