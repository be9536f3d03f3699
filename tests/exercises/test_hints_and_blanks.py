"""Hints come one at a time; the blanks of worked examples are compared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.exercises import EXERCISES, UnknownExercise, compare, hint


@pytest.mark.parametrize("id", EXERCISES)
def test_hints_come_in_their_order_and_then_the_worked_twin(id):
    exercise = EXERCISES[id]
    for number, words in enumerate(exercise.hints, start=1):
        assert str(hint(id)) == f"{id}: hint {number} of 3\n  {words}"
    for _ in range(2):
        assert "there are no more hints" in str(hint(id))
        assert exercise.twin in str(hint(id))


def test_a_hint_can_be_asked_for_by_its_number():
    assert "hint 2 of 3" in str(hint("fan_out", 2))
    assert "hint 3 of 3" in str(hint("fan_out"))
    assert "hint 1 of 3" in str(hint("fan_out", 1))
    assert "no more hints" in str(hint("fan_out"))


@pytest.mark.parametrize("number", [0, 4, "1", 1.5])
def test_a_hint_that_is_not_there_is_a_clear_error(number):
    with pytest.raises(ValueError, match="fan_out has hints 1, 2 and 3"):
        hint("fan_out", number)


def test_the_hints_of_one_exercise_leave_the_others_alone():
    hint("fan_out")
    assert "hint 1 of 3" in str(hint("encode"))


def test_a_hint_for_an_unknown_exercise_names_the_nearest():
    with pytest.raises(UnknownExercise, match='Did you mean "fan_out"'):
        hint("fanout")


@given(st.floats(-1e6, 1e6))
def test_the_expected_number_is_right_and_its_double_is_not(number):
    assert compare("d_c", number, number).state == "right"
    assert compare("d_c", np.float64(number), number).state == "right"
    if number != 0:
        assert compare("d_c", 2 * number, number).state == "not yet"
        assert compare("d_c", -number, number).state == "not yet"
        assert compare("d_c", 0.0, number).state == "not yet"


@pytest.mark.parametrize("blank", [..., None])
def test_a_blank_is_not_attempted(blank):
    found = compare("d_c", blank, 1.0)
    assert found.state == "not attempted"
    assert str(found) == "d_c: not attempted\n  The blank in the cell above still waits."


def test_both_values_are_shown_when_they_differ():
    assert str(compare("d_c", 2.0, -3.0)) == "d_c: not yet\n  yours:    2.0\n  expected: -3.0"
    assert "right, [1.0, 2.0]" in str(compare("d_b", np.array([1.0, 2.0]), [1, 2]))


def test_a_shape_or_a_kind_that_differs_is_said():
    assert "shape (1, 2); the shape (2,) is expected" in str(compare("d_b", np.ones((1, 2)), np.ones(2)))
    assert "Yours is a text; a number or an array is expected" in str(compare("d_b", "1", 1.0))
    assert compare("d_b", ll.parameter(1.0, "w"), 1.0).state == "not yet"
    assert ".value" in str(compare("d_b", ll.parameter(1.0, "w"), 1.0))


def test_other_kinds_of_values_are_compared_too():
    assert compare("word", " Column", "column").state == "right"
    assert compare("word", "row", "column").state == "not yet"
    assert compare("pair", (1.0, 2.0), [1.0, 2.0]).state == "right"
    assert compare("pair", ("a", 2.0), ("a", 3.0)).state == "not yet"
    assert compare("dict", {"E": np.ones(2)}, {"E": np.ones(2)}).state == "right"
    assert compare("dict", {"E": np.ones(2)}, {"W": np.ones(2)}).state == "not yet"
    assert compare("yes", True, True).state == "right"
    assert compare("yes", 1, True).state == "not yet"
    assert compare("yes", np.True_, True).state == "right"


def test_the_tolerance_is_a_share_of_the_largest_number():
    assert compare("d", 1000.5, 1000.0).state == "right"
    assert compare("d", 0.0010005, 0.001).state == "right"
    assert compare("d", 0.0012, 0.001).state == "not yet"
    assert compare("d", 0.0012, 0.001, tolerance=0.3).state == "right"
    assert compare("d", 1e-9, 0.0).state == "right"


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), [float("nan")], 10**400, object()])
def test_what_is_not_a_number_is_not_right(odd):
    assert compare("d", odd, 1.0).state == "not yet"
