"""Central differences."""

import numpy as np
import pytest

import lecture_lib as ll


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
