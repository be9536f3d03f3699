"""Central differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.autodiff import gradient_error, numeric_gradient


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 2)])
def test_the_numeric_gradient_has_thetas_shape_whatever_it_is(shape):
    theta = np.random.default_rng(0).normal(size=shape)
    np.testing.assert_allclose(ll.numeric_gradient(lambda t: (t**3).sum(), theta), 3 * theta**2, rtol=1e-7)


def test_whole_numbers_are_not_moved_by_whole_steps():
    np.testing.assert_allclose(ll.numeric_gradient(lambda t: (t**2).sum(), [1, 2, 3]), [2, 4, 6])


def test_theta_stays_what_it_was_even_if_the_function_writes_to_its_argument():
    theta = np.array([1.0, 2.0])

    def rude(t):
        value = (t**2).sum()
        t[:] = 0
        return value

    np.testing.assert_allclose(ll.numeric_gradient(rude, theta), [2, 4])
    assert theta.tolist() == [1.0, 2.0]


def test_a_right_gradient_has_a_tiny_error_and_a_wrong_one_a_large():
    theta = np.array([1.0, -3.0])
    assert ll.gradient_error(lambda t: (t**2).sum(), lambda t: 2 * t, theta) < 1e-8
    assert ll.gradient_error(lambda t: (t**2).sum(), lambda t: t, theta) == pytest.approx(0.5)


def test_a_gradient_of_another_shape_is_not_broadcast():
    with pytest.raises(ValueError, match=r"the gradient has shape \(\); theta has shape \(2,\)"):
        ll.gradient_error(lambda t: t.sum(), lambda t: 1.0, [1.0, 2.0])


@pytest.mark.parametrize("size", [1e-9, 1e-7, 1e-3, 1.0, 1e6])
def test_a_wrong_sign_is_seen_however_small_the_gradient(size):
    def f(theta):
        return size * (theta**2).sum()

    theta = np.array([1.0, -2.0])
    assert gradient_error(f, lambda t: 2 * size * t, theta) < 1e-6
    assert gradient_error(f, lambda t: -2 * size * t, theta) > 1
    assert gradient_error(f, lambda t: 2.01 * size * t, theta) > 1e-3


@pytest.mark.parametrize("theta", [1e-12, 1.0, 1e6, 1e12, -1e15])
def test_the_step_is_of_thetas_size(theta):
    assert numeric_gradient(lambda t: t, theta) == pytest.approx(1.0)
    assert gradient_error(lambda t: t**2 / 2, lambda t: t, theta) < 1e-6


@given(st.floats(-1e15, 1e15))
def test_the_step_is_divided_by_as_far_as_it_really_went(theta):
    assert numeric_gradient(lambda t: t, theta) == 1.0
    assert numeric_gradient(lambda t: -2 * t, theta) == -2.0


@pytest.mark.parametrize("size", [1e-9, 1e-12, 1e-20])
def test_a_gradient_that_drowns_in_rounding_is_not_called_wrong(size):
    def f(theta):
        return 1.0 + size * (theta**2).sum()

    for theta in ([1.0, -2.0], [0.3, 0.7], [3.3, 1.7]):
        assert gradient_error(f, lambda t: 2 * size * t, theta) < 1e-6


def test_a_function_that_gives_no_single_number_says_so():
    with pytest.raises(TypeError, match=r"f gave an array of shape \(2,\); one number was expected"):
        numeric_gradient(lambda t: t**2, [1.0, 2.0])


@pytest.mark.parametrize("value", [None, "3", [1, [2, 3]], 1j])
def test_what_is_not_made_of_numbers_is_refused(value):
    with pytest.raises(TypeError, match="theta: expected a number or an array of numbers"):
        numeric_gradient(np.sum, value)
    with pytest.raises(TypeError, match="theta: expected a number or an array of numbers"):
        gradient_error(np.sum, np.ones_like, value)
    with pytest.raises(TypeError, match="the gradient: expected a number or an array of numbers"):
        gradient_error(np.sum, lambda _: value, [1.0])
