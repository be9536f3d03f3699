"""Random search: configurations drawn from ranges, one model each, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.learning import log_uniform, random_search


def a_pretended_training(config):
    return {"dev_accuracy": 0.1 * config["depth"], "dev_loss": config["learning_rate"]}


SPACE = {"depth": [2, 3], "learning_rate": log_uniform(1e-4, 1e-1)}


def searched(n, seed=0, train_one=a_pretended_training, space=SPACE):
    return random_search(train_one, space, n, np.random.default_rng(seed), progress_bar=False)


@given(st.integers(1, 30), st.integers(0, 1000))
def test_every_value_is_one_of_its_list_or_of_its_range(n, seed):
    configs = [result["config"] for result in searched(n, seed).results]
    assert len(configs) == n
    assert all(list(config) == list(SPACE) for config in configs)
    assert {config["depth"] for config in configs} <= {2, 3}
    assert all(1e-4 <= config["learning_rate"] <= 1e-1 for config in configs)


def test_each_model_has_a_learning_rate_of_its_own():
    assert len({result["config"]["learning_rate"] for result in searched(20).results}) == 20


def test_the_same_generator_draws_the_same_configurations():
    assert searched(5, 7) == searched(5, 7)
    assert searched(5, 7) != searched(5, 8)


@given(st.floats(1e-6, 1e-2), st.floats(1.5, 1e4))
def test_each_power_of_ten_is_as_likely_as_another(low, ratio):
    draw, rng = log_uniform(low, low * ratio), np.random.default_rng(0)
    below_the_middle = [draw(rng) < low * math.sqrt(ratio) for _ in range(400)]
    assert 0.4 < np.mean(below_the_middle) < 0.6


def test_the_best_is_selected_on_dev():
    best = searched(20).best["config"]
    assert best["depth"] == 3
    threes = [r["config"] for r in searched(20).results if r["config"]["depth"] == 3]
    assert best["learning_rate"] == min(config["learning_rate"] for config in threes)


def test_what_is_drawn_does_not_depend_on_how_training_goes():
    def fails_with_depth_2(config):
        if config["depth"] == 2:
            raise ZeroDivisionError("a loss of 1/0")
        return a_pretended_training(config)

    with pytest.warns(UserWarning, match="random_search: .*ZeroDivisionError"):
        found = searched(12, train_one=fails_with_depth_2)
    drawn = [result["config"] for result in found.results] + [failure.config for failure in found.failures]
    assert sorted(map(str, drawn)) == sorted(str(result["config"]) for result in searched(12).results)


@pytest.mark.parametrize(
    ("n", "space", "error", "message"),
    [
        (0, SPACE, ValueError, "n is 0; 1 or more was expected"),
        (2, {"activation": "relu"}, TypeError, "activation is 'relu'; a list of values, or a function"),
        (2, {"depth": 3}, TypeError, "depth is 3; a list of values, or a function"),
        (2, {"depth": []}, ValueError, "depth has no values"),
    ],
)
def test_what_cannot_be_drawn_from_is_refused(n, space, error, message):
    with pytest.raises(error, match=message):
        searched(n, space=space)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1), (0.1, 0.01), (0.1, 0.1)])
def test_a_range_without_powers_of_ten_is_refused(low, high):
    with pytest.raises(ValueError, match="0 < low < high was expected"):
        log_uniform(low, high)


def test_a_seed_in_place_of_a_generator_is_refused():
    with pytest.raises(TypeError, match=r"rng is 7; a generator was expected"):
        random_search(a_pretended_training, SPACE, 2, 7, progress_bar=False)


def test_a_set_of_values_is_refused_for_it_has_no_order_to_draw_from():
    with pytest.raises(TypeError, match=r"depth is \{2\}; a list of values"):
        random_search(
            lambda config: {"dev_accuracy": 0.5, "dev_loss": 0.5}, {"depth": {2}}, 1, np.random.default_rng(0)
        )
