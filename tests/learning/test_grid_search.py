"""Grid search: the product of the ranges, real executors, selection on dev, one look at test."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import product
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.learning import (
    accuracy_on_test,
    evaluate_best,
    grid,
    grid_search,
    select_best,
    train_one_definitions_model,
)

THE_LECTURES = {"depth": [2, 3], "learning_rate": [1e-2, 1e-3]}

search = partial(grid_search, progress_bar=False)


def a_pretended_training(config):
    """Better with depth, and with the smaller learning rate."""
    return {"dev_accuracy": 0.1 * config["depth"] - config["learning_rate"], "dev_loss": 0.5, "was": config}


def one_that_fails_at_depth_3(config):
    if config["depth"] == 3 and config["learning_rate"] == 1e-2:
        raise ZeroDivisionError("a loss of 1/0")
    return a_pretended_training(config)


def test_the_lectures_grid_has_four_configurations_the_last_name_fastest():
    assert grid(THE_LECTURES) == [
        {"depth": 2, "learning_rate": 1e-2},
        {"depth": 2, "learning_rate": 1e-3},
        {"depth": 3, "learning_rate": 1e-2},
        {"depth": 3, "learning_rate": 1e-3},
    ]


@given(st.dictionaries(st.text(max_size=3), st.lists(st.integers(), max_size=3, unique=True), max_size=4))
def test_a_grid_is_the_cartesian_product(space):
    configs = grid(space)
    assert len(configs) == np.prod([len(values) for values in space.values()], initial=1)
    assert [tuple(config.values()) for config in configs] == list(product(*space.values()))
    assert all(list(config) == list(space) for config in configs)


@pytest.mark.parametrize("value", ["relu", 0.1])
def test_a_value_that_is_not_in_a_list_is_refused(value):
    with pytest.raises(TypeError, match=r"activation is .*; a list of values was expected: \["):
        grid({"activation": value})


def test_the_best_has_the_highest_accuracy_on_dev():
    results = [
        {"config": {"k": k}, "dev_accuracy": a, "dev_loss": 0.1 * k, "test_accuracy": 1 - a}
        for k, a in enumerate([0.7, 0.9, 0.8])
    ]
    assert select_best(results) == {"k": 1}


def test_of_equal_accuracies_the_smaller_dev_loss_is_selected():
    results = [
        {"config": {"k": k}, "dev_accuracy": 0.9, "dev_loss": loss} for k, loss in enumerate([0.3, 0.1, 0.2])
    ]
    assert select_best(results) == {"k": 1}


def test_nothing_to_choose_from_is_an_error():
    with pytest.raises(ValueError, match="no results to choose from"):
        select_best([])


@pytest.mark.parametrize("threads", [None, 1, 4])
def test_results_come_in_the_grids_order_whoever_is_first(threads):
    if threads is None:
        found = search(a_pretended_training, THE_LECTURES)
    else:
        with ThreadPoolExecutor(threads) as executor:
            found = search(a_pretended_training, THE_LECTURES, executor)
    assert [result["config"] for result in found.results] == grid(THE_LECTURES)
    assert [result["was"] for result in found.results] == grid(THE_LECTURES)
    assert found.best["config"] == {"depth": 3, "learning_rate": 1e-3}
    assert not found.failures


def searched_by_two_threads(train_one):
    with ThreadPoolExecutor(2) as executor:
        return search(train_one, THE_LECTURES, executor)


@pytest.mark.parametrize("searched", [lambda one: search(one, THE_LECTURES), searched_by_two_threads])
def test_one_failure_is_reported_with_its_configuration_and_the_rest_is_kept(searched):
    with pytest.warns(UserWarning, match=r"'depth': 3, 'learning_rate': 0.01.*ZeroDivisionError: a loss of"):
        found = searched(one_that_fails_at_depth_3)
    assert len(found.results) == 3
    (failure,) = found.failures
    assert failure.config == {"depth": 3, "learning_rate": 1e-2}
    assert isinstance(failure.error, ZeroDivisionError)
    assert "a loss of 1/0" in str(found)


def test_if_all_fail_the_first_error_is_the_cause():
    def fails(config):
        raise ZeroDivisionError(f"at depth {config['depth']}")

    with pytest.raises(RuntimeError, match=r"all 4 configurations failed.*at depth 2") as raised:
        search(fails, THE_LECTURES)
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_configurations_that_hold_arrays_can_be_selected():
    def with_an_array(config):
        return {"dev_accuracy": float(config["E"].mean()), "dev_loss": 0.5}

    found = search(with_an_array, {"E": [np.full(3, 0.2), np.full(3, 0.8)]})
    assert found.best["config"]["E"].tolist() == [0.8, 0.8, 0.8]
    assert str(found).splitlines()[1].endswith("<- selected")


def test_an_empty_grid_is_refused():
    with pytest.raises(ValueError, match="the grid is empty"):
        search(a_pretended_training, {"depth": []})


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (0.9, "train_one gave 0.9; a dict with dev_accuracy and dev_loss was expected"),
        ({"dev_accuracy": 0.9}, "a dict with dev_accuracy and dev_loss was expected"),
        ({"dev_accuracy": 0.9, "dev_loss": float("nan")}, "dev_loss nan were given; two numbers were"),
        ({"dev_accuracy": "0.9", "dev_loss": 0.3}, "dev_accuracy '0.9' and dev_loss 0.3 were given; two"),
        ({"dev_accuracy": np.array([0.9]), "dev_loss": 0.3}, "two numbers were expected"),
        (
            {"dev_accuracy": 0.9, "dev_loss": 0.1, "test_accuracy": 0.9},
            "the test set is for the one selected",
        ),
    ],
)
def test_what_cannot_be_compared_on_dev_is_refused(outcome, message):
    with pytest.raises(RuntimeError, match=message):
        search(lambda config: outcome, {"depth": [2]})


def test_arrays_without_axes_are_numbers():
    found = search(
        lambda config: {"dev_accuracy": np.array(config["depth"] / 4), "dev_loss": np.array(0.5)},
        {"depth": [2, 3]},
    )
    assert found.best["config"] == {"depth": 3}
    assert "depth=3: dev accuracy 75.00%, dev loss 0.5000  <- selected" in str(found)


def test_the_best_is_selected_from_a_generator_too():
    results = ({"config": k, "dev_accuracy": 0.1 * k, "dev_loss": 0.5} for k in range(3))
    assert select_best(results) == 2


def test_a_training_that_writes_into_its_configuration_changes_its_own_copy():
    def greedy(config):
        depth = config.pop("depth")
        return {"dev_accuracy": depth / 10, "dev_loss": 0.5}

    assert search(greedy, {"depth": [2, 3]}).best["config"] == {"depth": 3}


def test_the_test_set_is_looked_at_for_the_selected_model_alone():
    looked_at = []

    def on_test(result):
        looked_at.append(result["config"])
        return 0.8

    final = evaluate_best(search(a_pretended_training, THE_LECTURES), on_test)
    assert looked_at == [{"depth": 3, "learning_rate": 1e-3}]
    assert final["test_accuracy"] == 0.8
    assert final["config"] == {"depth": 3, "learning_rate": 1e-3}


def test_the_printed_table_marks_the_selected_configuration_only():
    lines = str(search(a_pretended_training, THE_LECTURES)).splitlines()
    assert [line for line in lines if "<- selected" in line] == [
        "depth=3, learning_rate=0.001: dev accuracy 29.90%, dev loss 0.5000  <- selected"
    ]
    assert len(lines) == 4


def test_real_models_are_trained_in_other_processes_and_one_that_cannot_be_is_reported():
    space = {"activation": ["relu", "no such thing"], "max_epochs": [2], "learning_rate": [1e-2]}
    with (
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor,
        pytest.warns(UserWarning, match="'no such thing' is none of relu, tanh, sigmoid"),
    ):
        found = search(train_one_definitions_model, space, executor)
    here = train_one_definitions_model(grid(space)[0])
    assert found.best["dev_loss"] == pytest.approx(here["dev_loss"])
    final = evaluate_best(found, lambda result: accuracy_on_test(result["model"]))
    assert final["test_accuracy"] > 0.9


def test_a_function_that_another_process_cannot_import_is_reported_as_such():
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor,
        # Python's own words: "Can't pickle local object" until 3.12, "Can't get local object" since.
        pytest.raises(RuntimeError, match=r"(?i)all 4 configurations failed.*(pickle|get local object)"),
    ):
        search(lambda config: {"dev_accuracy": 1.0, "dev_loss": 0.0}, THE_LECTURES, executor)


@pytest.mark.parametrize("name", ["dev_accuracy", "dev_loss"])
def test_a_result_that_is_no_number_is_not_selected_but_named(name):
    good = {"config": {"depth": 2}, "dev_accuracy": 0.9, "dev_loss": 0.3}
    with pytest.raises(ValueError, match=r"'depth': 3.*no number for dev_accuracy or dev_loss"):
        select_best([good, {**good, "config": {"depth": 3}, name: np.nan}])


def test_what_a_training_itself_calls_its_config_does_not_take_the_place_of_the_searchs():
    found = search(lambda config: {**a_pretended_training(config), "config": "mine"}, THE_LECTURES)
    assert [result["config"] for result in found.results] == grid(THE_LECTURES)
    assert "depth=3, learning_rate=0.001" in str(found)
