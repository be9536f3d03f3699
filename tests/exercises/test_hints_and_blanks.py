"""Hints come one at a time; the blanks of worked examples are compared."""

import html
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.lessons import EXERCISES, UnknownExercise, compare, hint


@pytest.mark.parametrize("id", EXERCISES)
def test_hints_come_in_their_order_and_then_the_worked_twin(id):
    exercise = EXERCISES[id]
    for number, words in enumerate(exercise.hints, start=1):
        assert str(hint(id)) == f"{id}: hint {number} of 3\n  {words}"
    for _ in range(2):
        assert "there are no more hints" in str(hint(id))
        assert exercise.twin in str(hint(id))


SOURCES = {path.name[:2]: path.read_text() for path in Path("solutions").glob("[0-9]*.py")}
NAME_OR_EQUATION = re.compile(r"`([^`]+)`|(\w+ = (?:\[[^]]*\]|\w+(?: [+·] \w+)*))|(\w+_\w+)")


@pytest.mark.parametrize("id", EXERCISES)
def test_the_names_and_equations_of_a_twin_stand_above_its_exercise(id):
    exercise = EXERCISES[id]
    above = SOURCES[exercise.lesson].split(f'exercise="{id}"')[0].replace("$", "")
    for found in NAME_OR_EQUATION.finditer(exercise.twin):
        assert found[found.lastindex] in above, found[0]


def test_a_hint_can_be_asked_for_by_its_number():
    assert "hint 2 of 3" in str(hint("fan_out", 2))
    assert "hint 3 of 3" in str(hint("fan_out"))
    assert "hint 1 of 3" in str(hint("fan_out", 1))
    assert "no more hints" in str(hint("fan_out"))


@pytest.mark.parametrize("number", [0, 4, "1", 1.5, 2.0, True, [2]])
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
    compare("d_c", 2.0, -3.0)
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


def test_after_three_hints_the_last_sentence_can_be_copied_whole():
    for _ in range(3):
        hint("encode")
    shown = hint("encode")
    for text in (shown.words, html.unescape(shown.html)):
        assert "the cell `h0 = (E[:, 0] + E[:, 0] + E[:, 1]) / 3` in section 2." in text
        assert 'To read the hints again: ll.hint("encode", 1), then 2 and 3.' in text


def test_the_expected_number_is_kept_back_at_the_first_miss_and_shown_at_the_second():
    first = str(compare("d_c", 3.0, -3.0))
    assert "-3.0" not in first
    assert "The size is right; the sign is not." in first
    assert "expected: -3.0" in str(compare("d_c", 2.0, -3.0))
    assert "-4.0" not in str(compare("d_d", -2.0, -4.0))


def test_the_first_miss_says_what_differs():
    assert "The sign is right; the size is not." in str(compare("a", 2.0, 3.0))
    assert "Neither the size nor the sign is right." in str(compare("b", 2.0, -3.0))
    assert "The sizes are right; not all of the signs are." in str(compare("c", [1.0, 2.0], [1.0, -2.0]))
    assert "1 of 2 entries is right; the signs are, too." in str(compare("d", [1.0, 2.0], [1.0, 3.0]))
    assert "The signs are right; the sizes are not." in str(compare("e", [4.0, 2.0], [1.0, 3.0]))
    assert "Yours is not a finite number." in str(compare("f", float("nan"), 3.0))
    assert "It differs from what is expected." in str(compare("g", "row", "column"))


def test_another_kind_or_shape_is_no_miss():
    for _ in range(3):
        assert "the shape (2,) is expected" in str(compare("d_x", np.ones((1, 2)), np.ones(2)))
        assert "Yours is a text; a number or an array is expected." in str(compare("d_x", "1", np.ones(2)))
    assert "the next miss shows what is expected" in str(compare("d_x", np.zeros(2), np.ones(2)))
    assert "expected: [1.0, 1.0]" in str(compare("d_x", np.zeros(2), np.ones(2)))


def test_truths_and_whole_numbers_without_a_sign_are_compared_as_numbers():
    mask = np.array([True, False, True])
    assert "1 of 3 entries is right." in str(compare("mask", ~np.array([True, True, True]), mask))
    assert "No entry is right." in str(compare("no mask", ~mask, mask))
    assert "1 of 3 entries is right; look at the signs" in str(
        compare("half", mask, np.array([1.0, 2.0, -3.0]))
    )
    few = np.array([1, 2], np.uint8)
    assert "1 of 2 entries is right; the signs are, too." in str(
        compare("few", few, np.array([1, 3], np.uint8))
    )


def test_a_single_number_for_an_outer_product_is_noticed():
    d_o, h = np.array([1.0, 2.0]), np.array([0.5, 0.0])
    words = str(compare("d_U", d_o @ h, np.outer(d_o, h)))
    assert "Yours is a single number; an array of shape (2, 2) is expected." in words
    assert "Which function makes a table of all products?" in words


@pytest.mark.parametrize("near", [5597 / 32, 174.999, 175.1, 174, 176])
def test_a_count_is_met_exactly(near):
    assert compare("count", near, 175).state == "not yet"


@pytest.mark.parametrize("same", [175, 175.0, np.int64(175), np.ceil(5597 / 32), 0.35 * 500])
def test_a_count_may_come_as_any_number(same):
    assert compare("count", same, 175).state == "right"


def test_of_a_count_that_has_decimals_it_is_said_that_a_whole_number_is_expected():
    assert "A whole number is expected." in str(compare("batches", 5597 / 32, 175))
    assert "whole" not in str(compare("others", 174, 175))
    assert "whole" not in str(compare("no_count", 174.5, 170.0))


def test_a_decimal_comma_is_said_instead_of_a_shape():
    said = str(compare("loss_2", (0, 51), 0.51))
    assert (
        "Yours has 2 whole numbers where one number is asked. Is a comma meant as the decimal sign?" in said
    )
    assert "shape" not in said
    assert "where 2 numbers are asked" in str(compare("shares", [0, 5, 0, 25], np.array([0.5, 0.25])))
    assert "shape (2,)" in str(compare("loss_3", (0.5, 1.5), 0.51))
