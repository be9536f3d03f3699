"""The numbers that a slider goes through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.explore.controls import numbers


@given(st.integers(-50, 50), st.integers(1, 60), st.sampled_from([0.01, 0.1, 0.25, 1.0, 3.0]))
def test_numbers_go_from_one_end_to_the_other(first, count, step):
    low, high = first * step, (first + count) * step
    found = numbers(low, high, step)
    assert len(found) == count + 1
    assert (found[0], found[-1]) == pytest.approx((low, high))


@pytest.mark.parametrize("ends", [(0, 1, 0.3), (0, 1, 0.6), (0, 1, 3), (1, 0, 0.1), (0, 1, 0)])
def test_steps_that_do_not_lead_from_one_end_to_the_other_are_refused(ends):
    with pytest.raises(ValueError, match="expected"):
        numbers(*ends)
