"""The numbers that a slider goes through."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.explore.controls import Choice, Slider, index_of, numbers
from lecture_lib.explore.explorer import numbers_of


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64])
def test_numbers_of_numpy_are_read_as_pythons(kind):
    slider = Slider("w", "w", np.array([-2, 0, 2], kind), start=kind(2))
    assert [option.text for option in slider.options] == (
        ["−2", "0", "2"] if kind is np.int64 else ["−2.0", "0.0", "2.0"]
    )
    assert numbers_of(slider) == [-2, 0, 2]
    assert index_of(slider, kind(2)) == slider.first == 2
    assert type(Choice("w", "w", {"a": kind(1), "b": kind(2)}).options[0].value) in (int, float)


def test_a_slider_over_equal_steps_of_numpy_shows_few_decimals():
    texts = [option.text for option in Slider("w", "w", np.linspace(-1, 1, 5)).options]
    assert texts == ["−1.0", "−0.5", "0.0", "0.5", "1.0"]


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
