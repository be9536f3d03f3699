"""Optimisers against their papers' formulas and known results; schedules."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.common import leaves, norm, tree_map
from lecture_lib.learning import (
    adam,
    adam_step,
    constant_rate,
    exponential_decay,
    linear_decay,
    momentum,
    sgd,
    sgd_step,
)

seeds = st.integers(0, 2**32 - 1)
OPTIMISERS = {"sgd": sgd, "momentum": momentum, "adam": adam}
every_optimiser = pytest.mark.parametrize("make", OPTIMISERS.values(), ids=OPTIMISERS)


def some_gradients(seed, steps, shape=(3, 2)):
    return np.random.default_rng(seed).normal(size=(steps, *shape))


def run(optimiser, theta, gradients):
    """All parameters on the way, for gradients that are given beforehand."""
    path, state = [theta], optimiser.init(theta)
    for gradient in gradients:
        theta, state = optimiser.update(theta, gradient, state)
        path.append(theta)
    return path


@given(seeds, st.floats(1e-4, 1.0))
def test_sgd_subtracts_the_learning_rate_times_the_gradient(seed, rate):
    gradients = some_gradients(seed, 5)
    path = run(sgd(rate), np.ones((3, 2)), gradients)
    np.testing.assert_allclose(path[-1], 1 - rate * gradients.sum(axis=0), atol=1e-12)


@given(seeds)
def test_momentum_is_polyaks_heavy_ball(seed):
    gradients = some_gradients(seed, 6)
    path = run(momentum(0.1, mu=0.8), np.ones((3, 2)), gradients)
    # Polyak 1964 has no velocity: θ_{s+1} = θ_s − η ∇ + μ (θ_s − θ_{s−1}).
    before = now = np.ones((3, 2))
    for gradient, found in zip(gradients, path[1:], strict=True):
        before, now = now, now - 0.1 * gradient + 0.8 * (now - before)
        np.testing.assert_allclose(found, now, atol=1e-12)


@given(seeds)
def test_no_momentum_is_sgd(seed):
    gradients = some_gradients(seed, 4)
    for one, other in zip(
        run(momentum(0.1, mu=0.0), np.ones((3, 2)), gradients),
        run(sgd(0.1), np.ones((3, 2)), gradients),
        strict=True,
    ):
        np.testing.assert_allclose(one, other)


def test_under_a_constant_gradient_momentum_reaches_1_over_1_minus_mu_times_the_pace():
    path = run(momentum(0.01, mu=0.9), np.array(0.0), np.ones(400))
    assert path[-2] - path[-1] == pytest.approx(0.01 / (1 - 0.9))


@given(seeds, st.floats(1e-4, 1.0), st.floats(0.5, 0.99), st.floats(0.9, 0.9999))
def test_adam_is_algorithm_1_of_its_paper(seed, alpha, beta1, beta2):
    gradients = some_gradients(seed, 8, shape=(3,))
    path = run(adam(alpha, beta1, beta2, eps=1e-8), np.ones(3), gradients)
    # Number by number, as Kingma and Ba write it.
    for k in range(3):
        theta, m, v = 1.0, 0.0, 0.0
        for t in range(1, len(gradients) + 1):
            g = float(gradients[t - 1, k])
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            theta = theta - alpha * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)) ** 0.5 + 1e-8)
            assert path[t][k] == pytest.approx(theta, rel=1e-10, abs=1e-12)


@given(seeds, st.floats(1e-3, 1e3))
def test_adams_first_step_is_the_learning_rate_whatever_the_gradients_size(seed, size):
    gradient = some_gradients(seed, 1)[0]
    gradient = size * np.where(gradient < 0, gradient - 1, gradient + 1)  # far from 0, where ε would show
    _, after = run(adam(0.01), np.zeros((3, 2)), [gradient])
    np.testing.assert_allclose(after, -0.01 * np.sign(gradient), rtol=1e-4)


def test_adams_steps_have_no_number_0():
    with pytest.raises(ValueError, match="adam_step: t counts the steps from 1, got 0"):
        adam_step(1.0, 1.0, 0.0, 0.0, 0)


def test_adam_step_counts_from_1_and_starts_from_moments_of_0():
    theta, m, v = adam_step(np.array([1.0]), np.array([2.0]), np.zeros(1), np.zeros(1), 1, learning_rate=0.1)
    assert m == pytest.approx(0.2)
    assert v == pytest.approx(0.004)
    assert theta == pytest.approx(0.9)


@every_optimiser
def test_every_optimiser_finds_the_lowest_point_of_a_bowl(make):
    theta, optimiser = {"w": np.array([3.0, -2.0]), "b": np.array(1.0)}, make(0.05)
    state = optimiser.init(theta)
    for _ in range(600):
        theta, state = optimiser.update(theta, tree_map(lambda t: 2 * t, theta), state)
    assert norm(theta) < 1e-3


@every_optimiser
def test_nothing_is_changed_in_place(make):
    optimiser = make(0.1)
    params = tree_map(read_only, {"w": np.ones((2, 2)), "b": np.ones(2)})
    gradients = tree_map(read_only, {"w": np.full((2, 2), 0.5), "b": np.ones(2)})
    state = optimiser.init(params)
    for _ in range(3):
        for part in state:
            tree_map(read_only, part)
        params, state = optimiser.update(tree_map(read_only, params), gradients, state)
    assert np.all(params["b"] < 1)


def read_only(array):
    if isinstance(array, np.ndarray):
        array.flags.writeable = False
    return array


@every_optimiser
def test_dicts_lists_and_single_arrays_are_stepped_alike(make):
    gradient = np.array([1.0, -2.0])
    alone = run(make(0.1), np.zeros(2), [gradient, 2 * gradient])[-1]
    named = run(make(0.1), {"w": np.zeros(2)}, [{"w": gradient}, {"w": 2 * gradient}])[-1]
    listed = run(make(0.1), [np.zeros(2)], [[gradient], [2 * gradient]])[-1]
    assert np.array_equal(named["w"], alone)
    assert np.array_equal(listed[0], alone)


@every_optimiser
def test_the_order_of_the_gradients_names_does_not_matter(make):
    params = {"a": np.zeros(1), "b": np.zeros(1)}
    optimiser = make(0.1)
    found, _ = optimiser.update(params, {"b": np.ones(1), "a": -np.ones(1)}, optimiser.init(params))
    assert found["a"] > 0 > found["b"]


@every_optimiser
def test_gradients_of_other_names_are_refused(make):
    params = {"w": np.zeros(1), "b": np.zeros(1)}
    optimiser = make(0.1)
    with pytest.raises(ValueError, match="the parameters are w, b; beside them stand w"):
        optimiser.update(params, {"w": np.zeros(1)}, optimiser.init(params))


@every_optimiser
@pytest.mark.parametrize("shape", [(2, 1), (1, 2), (1,), ()])
def test_a_gradient_of_another_shape_is_not_broadcast(make, shape):
    params = {"w": np.zeros(2)}
    optimiser = make(0.1)
    said = rf"the gradient has shape {re.escape(str(shape))}; theta has shape \(2,\)"
    with pytest.raises(ll.ShapeError, match=said):
        optimiser.update(params, {"w": np.ones(shape)}, optimiser.init(params))


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (lambda theta, other: ll.momentum_step(theta, theta, other, 0.1), "v"),
        (lambda theta, other: adam_step(theta, theta, other, theta, 1), "m"),
        (lambda theta, other: adam_step(theta, theta, theta, other, 1), "v"),
    ],
)
def test_moments_of_another_shape_are_not_broadcast(step, name):
    with pytest.raises(ll.ShapeError, match=rf"^{name} has shape \(2, 1\); theta has shape \(2,\)"):
        step(np.ones(2), np.ones((2, 1)))
    assert step(np.ones(2), 0.0)[0].shape == (2,)  # as one begins who writes m = 0.0


@every_optimiser
def test_the_schedule_is_asked_for_every_step_from_0(make):
    asked = []

    def rate(step):
        asked.append(step)
        return 0.1

    run(make(rate), np.zeros(2), np.ones((3, 2)))
    assert asked == [0, 1, 2]


@every_optimiser
@pytest.mark.parametrize("rate", [-0.1, 0.0, np.nan, np.inf])
def test_a_learning_rate_that_is_not_above_0_is_refused(make, rate):
    with pytest.raises(ValueError, match="a number above 0 was expected"):
        make(rate)


@pytest.mark.parametrize("make", [lambda: momentum(0.1, mu=1.0), lambda: adam(0.1, beta2=1.5)])
def test_averages_that_never_settle_are_refused(make):
    with pytest.raises(ValueError, match="from 0 to below 1"):
        make()


rates = st.floats(1e-6, 10)


@given(rates, st.integers(0, 1000))
def test_a_constant_rate_is_constant(eta0, step):
    assert constant_rate(eta0, step) == eta0


@given(rates, st.integers(1, 1000))
def test_linear_decay_goes_from_the_first_rate_to_0_in_equal_steps_and_stays(eta0, total):
    etas = np.array([linear_decay(eta0, step, total) for step in range(total + 5)])
    assert etas[0] == eta0
    assert not np.any(etas[total:])
    np.testing.assert_allclose(np.diff(etas[: total + 1]), -eta0 / total, rtol=1e-6, atol=1e-12)


@given(rates, st.floats(0.01, 1), st.integers(0, 100))
def test_exponential_decay_keeps_the_same_share_at_every_step(eta0, rate, step):
    assert exponential_decay(eta0, 0, rate) == eta0
    assert exponential_decay(eta0, step + 1, rate) == pytest.approx(
        rate * exponential_decay(eta0, step, rate)
    )


@given(seeds)
def test_sgd_under_linear_decay_makes_shrinking_steps(seed):
    gradient = some_gradients(seed, 1)[0]
    path = run(sgd(lambda step: linear_decay(0.1, step, 4)), np.zeros((3, 2)), [gradient] * 5)
    for step, factor in enumerate([1, 0.75, 0.5, 0.25, 0]):
        np.testing.assert_allclose(path[step] - path[step + 1], 0.1 * factor * gradient, atol=1e-15)


@given(seeds)
def test_sgd_step_leaves_its_arguments_alone(seed):
    theta, gradient = some_gradients(seed, 2)
    before = theta.copy(), gradient.copy()
    sgd_step(theta, gradient, 0.1)
    assert np.array_equal(theta, before[0])
    assert np.array_equal(gradient, before[1])


def test_the_norm_of_a_structure_is_that_of_its_numbers_in_one_vector():
    tree = {"W": np.array([[1.0, 2.0]]), "rest": [np.array(2.0), (np.array([4.0]),)]}
    assert norm(tree) == 5.0
    assert np.array_equal(np.concatenate([np.ravel(leaf) for leaf in leaves(tree)]), [1, 2, 2, 4])
