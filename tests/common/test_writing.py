"""One writer of numbers, for pictures, sentences and code."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.common import number

usual = st.floats(-1e300, 1e300)


@given(usual, st.integers(1, 8))
def test_so_many_digits_are_near_the_number_and_python_reads_them(value, digits):
    text = number(value, digits=digits, minus="-")
    assert math.isclose(float(text), value, rel_tol=0.51 * 10 ** (1 - digits))
    assert float(text) or not text.startswith("-")


@given(st.floats(1e-4, 9e5), st.integers(1, 6))
def test_no_zeros_stand_at_the_end_of_digits_that_count(value, digits):
    text = number(value, digits=digits)
    assert not text.endswith(".")
    assert not ("." in text and text.endswith("0"))


@given(usual)
def test_what_is_read_and_what_is_typed_differ_in_signs_only(value):
    typed = number(value, digits=6, minus="-")
    read = number(value, digits=6).translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    assert float(read.replace(" × 10", "e")) == float(typed)


@given(st.integers(-99_999, 99_999), st.integers(-3, 3))
def test_a_half_is_written_alike_however_it_was_computed(hundredths, noise):
    half = (hundredths + 0.5) / 100
    assert number(half + noise * math.ulp(half)) == number(half)


@given(st.integers())
def test_a_whole_number_is_written_in_full(value):
    assert int(number(value, digits=3).replace("−", "-")) == value


@pytest.mark.parametrize(
    ("value", "read", "typed"), [(math.inf, "∞", "inf"), (-math.inf, "−∞", "-inf"), (math.nan, "NaN", "nan")]
)
def test_what_is_no_number_is_said_in_signs_or_as_python_does(value, read, typed):
    assert (number(value), number(value, minus="-")) == (read, typed)
