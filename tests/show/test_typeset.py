"""Numbers as they are printed, and room for text."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.common import number
from lecture_lib.show.typeset import is_written_out, number_rows, value_words


@given(st.floats(), st.integers(0, 6))
def test_a_number_has_a_proper_minus_and_zero_has_no_sign(value, decimals):
    text = number(value, decimals)
    assert "-" not in text
    if re.fullmatch(r"−?0(\.0*)?", text):
        assert not text.startswith("−")


@given(st.floats(-1e5, 1e5), st.integers(1, 6))
def test_a_number_of_usual_size_has_the_stated_decimals_and_can_be_read_back(value, decimals):
    text = number(value, decimals)
    if value == 0 or abs(value) > 10**-decimals:
        assert len(text.split(".")[1]) == decimals
        assert abs(float(text.replace("−", "-")) - value) <= 0.5 * 10**-decimals * (1 + 1e-9)


@given(st.floats(1e-11, 4.9e-3) | st.floats(1e6, 1e300))
def test_tiny_and_huge_numbers_keep_two_digits(value):
    for sign in (1, -1):
        read_back = float(number(sign * value, 2, minus="-"))
        assert math.isclose(read_back, sign * value, rel_tol=0.06)
        text = number(sign * value, 2)
        assert "e" not in text, "a power of ten, as the slides write it"
        digits = text.partition(" ")[0].strip("−").replace(".", "").lstrip("0")
        assert len(digits) == 2, "both are written: numbers of one power of ten are equally long"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
        (-0.0, "0.00"),
        (-1e-17, "0.00"),
        (0.005, "0.01"),
    ],
)
def test_special_numbers_are_written_plainly(value, text):
    assert number(value) == text


def test_values_on_one_line():
    assert value_words(np.float64(-2.4)) == "−2.40"
    assert value_words(np.array([[1.0, 2.0], [3.0, 4.0]])) == "[[1.00, 2.00], [3.00, 4.00]]"
    assert value_words(np.zeros((2, 2, 2))) == "an array of shape (2, 2, 2)"
    assert value_words(np.zeros((0,))) == "an array of shape (0,)"
    assert number_rows(np.array([1.0, 2.0])) == [["1.00"], ["2.00"]]


@pytest.mark.parametrize(
    ("shape", "small"),
    [((), True), ((2,), True), ((6,), True), ((7,), False), ((2, 3), True), ((3, 4), True), ((4, 4), False)],
)
def test_what_is_small_enough_to_be_written_out(shape, small):
    assert is_written_out(np.zeros(shape)) is small
