"""Lesson 09's pictures: the map of a grid, two searches side by side, the winner's curse."""

import dataclasses
import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from lecture_lib.learning import best_of, grid_search, log_uniform, random_search, train_one_definitions_model
from lecture_lib.learning.search import FailedConfig, GridSearch
from lecture_lib.learning.training import History
from lecture_lib.lessons import predict
from lecture_lib.lessons.lesson_09.curse import ACCURACIES, MODELS, TEXTS, curse, explore_curse
from lecture_lib.lessons.lesson_09.grid_map import explore_grid, ranges_of, show_searches
from lecture_lib.show.typeset import text_width
from tests.show import kit

SPACE = {"depth": [2, 3], "learning_rate": [1e-2, 1e-3]}


@dataclasses.dataclass(frozen=True)
class Trained:
    history: History


def a_training(config):
    """Give a model that was never trained, with curves that depend on its configuration."""
    lowest = 0.1 * config["depth"] - 5 * config["learning_rate"]
    dev = (0.7, lowest + 0.1, lowest, lowest + 0.05)
    accuracies = (0.5, 0.9, 1 - lowest / 2, 0.9)
    history = History(
        losses=(0.6, 0.4, 0.2),
        learning_rates=(config["learning_rate"],) * 3,
        evaluated_at=(0, 1, 2, 3),
        dev_losses=dev,
        dev_accuracies=accuracies,
        best_step=2,
        stopped="early stopping",
        why="",
    )
    return {"dev_accuracy": accuracies[2], "dev_loss": dev[2], "model": Trained(history)}


def searched(space=SPACE, train_one=a_training):
    return grid_search(train_one, space, progress_bar=False)


def said(group):
    return group.parts[0].words


# ------------------------------------------------------------------ the map


def test_the_map_begins_at_the_selected_model():
    explorer = explore_grid(searched())
    assert explorer.state == {"depth": 2, "learning_rate": 0.01}
    assert said(explorer.show()).endswith("This is the model that dev selects.")


def test_what_stands_in_a_cell_of_the_map_is_no_wider_than_the_cell():
    drawn = explore_grid(searched()).show().parts[1]
    cell = drawn.places[0].width * float(ET.fromstring(drawn.svg).get("width"))
    written = [text for text in kit.texts(drawn) if "=" not in text]
    assert "★ selected, shown below" in written
    assert all(text_width(text, "t") < cell - 8 for text in written)


def test_every_cell_can_be_entered_and_shows_its_own_curves():
    explorer = explore_grid(searched())
    pictures = {}
    for depth in SPACE["depth"]:
        for rate in SPACE["learning_rate"]:
            shown = explorer.show(depth=depth, learning_rate=rate)
            result = a_training({"depth": depth, "learning_rate": rate})
            assert f"{100 * result['dev_accuracy']:.2f}% of dev right" in said(shown)
            assert f"{result['dev_loss']:.3f}" in shown.parts[2].words
            assert "after 2 of 3 epochs" in said(shown)
            pictures[depth, rate] = shown.parts[2].svg
    assert len(set(pictures.values())) == 4


def test_a_click_on_a_cell_of_the_map_enters_it():
    explorer = explore_grid(searched())
    spec = explorer.spec()
    jumps = {jump["name"]: jump["to"] for jump in spec["jumps"]}
    cells = [place for place in spec["picture"]["places"] if place[1] in jumps]
    assert len(jumps) == len(cells) == 4
    for image, name, left, top, width, height, axes in cells:
        answer = explorer.answer({"at": [to for _, to in sorted(jumps[name])], "want": "picture"})
        assert answer["caption"].startswith(f"{name}: ")
        assert (image, list(axes)) == (0, [])
        assert 0 < left < left + width < 1
        assert 0 < top < top + height < 1


def test_the_map_marks_one_selected_cell_and_the_one_shown_below_in_words_too():
    shown = explore_grid(searched()).show(depth=3, learning_rate=1e-3)
    lines = shown.parts[1].words.splitlines()
    assert len([line for line in lines if "selected" in line]) == 1
    assert [line for line in lines if "shown below" in line] == [lines[-1]]
    points = float(re.search(r"is (\d+\.\d\d) points better on dev", said(shown))[1])
    accuracies = [
        a_training({"depth": d, "learning_rate": r})["dev_accuracy"] for d, r in ((2, 0.01), (3, 0.001))
    ]
    assert points == pytest.approx(100 * (accuracies[0] - accuracies[1]), abs=0.006)


def test_of_equal_accuracies_the_words_say_that_the_loss_decided():
    def equal(config):
        return {**a_training(config), "dev_accuracy": 0.9}

    shown = explore_grid(searched(train_one=equal)).show(depth=3, learning_rate=1e-3)
    assert said(shown).endswith("The selected model is as accurate, and has the smaller dev loss.")


def test_of_models_that_are_equal_on_both_the_words_say_that_the_first_is_taken():
    def alike(config):
        return {**a_training(config), "dev_accuracy": 0.9, "dev_loss": 0.2}

    shown = explore_grid(searched(train_one=alike)).show(depth=3, learning_rate=1e-3)
    assert said(shown).endswith("The selected model is as good on both, and comes first.")


@pytest.mark.parametrize("failing", range(4))
def test_whichever_model_fails_the_map_is_in_the_grids_order(failing):
    configs = [{"depth": d, "learning_rate": r} for d in SPACE["depth"] for r in SPACE["learning_rate"]]

    def fails(config):
        if config == configs[failing]:
            raise ZeroDivisionError
        return a_training(config)

    with pytest.warns(UserWarning, match="ZeroDivisionError"):
        ranges = ranges_of(searched(train_one=fails))
    assert (list(ranges.rows), list(ranges.columns)) == (SPACE["depth"], SPACE["learning_rate"])


@pytest.mark.parametrize("rates", [(0.1, 0.1001), (0.1, 0.10000001), (1 / 3, 0.333)])
def test_values_that_are_close_are_written_so_that_they_differ(rates):
    def trained(config):
        return a_training({**config, "learning_rate": 1e-3})

    explorer = explore_grid(searched({"depth": [2, 3], "learning_rate": list(rates)}, trained))
    assert len(explorer.spec()["jumps"]) == 4
    assert len(set(explorer.show().parts[1].words.splitlines())) == 5


@pytest.mark.parametrize(
    "curves",
    [
        {"dev_accuracies": (0.5, 1.0, 1.0, 1.0)},
        {"dev_losses": (0.7, 0.1, np.inf, np.inf)},
        {"dev_losses": (np.inf,) * 4},
    ],
)
def test_a_map_is_drawn_of_models_that_are_always_right_and_of_those_that_diverge(curves):
    def trained(config):
        made = a_training(config)
        return {**made, "model": Trained(dataclasses.replace(made["model"].history, **curves))}

    assert len(explore_grid(searched(train_one=trained)).show().parts[2].svg) > 1000


def test_a_model_that_could_not_be_trained_is_a_cell_too():
    def fails(config):
        if config == {"depth": 3, "learning_rate": 1e-2}:
            raise ZeroDivisionError("a loss of 1/0")
        return a_training(config)

    with pytest.warns(UserWarning, match="a loss of 1/0"):
        search = searched(train_one=fails)
    shown = explore_grid(search).show(depth=3, learning_rate=1e-2)
    assert "could not be trained. ZeroDivisionError: a loss of 1/0" in said(shown)
    assert "depth 3, learning_rate 0.01: not trained" in shown.parts[1].words
    assert len(shown.parts) == 2


def test_the_browser_gets_every_cell():
    explorer = explore_grid(searched())
    for at in ([0, 0], [0, 1], [1, 0], [1, 1]):
        answer = json.loads(json.dumps(explorer.answer({"at": at, "want": "picture"})))
        assert answer["at"] == at
        assert answer["html"].count("<img") == 3, "the map, and two charts of its curves"
        assert answer["caption"].startswith(f"depth {SPACE['depth'][at[0]]}")


def test_a_hyper_parameter_of_one_value_is_not_an_axis():
    explorer = explore_grid(searched({**SPACE, "hidden": [16]}))
    assert list(explorer.state) == ["depth", "learning_rate"]


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"depth": [2, 3], "learning_rate": [1e-2]}, "the search varied 1: depth"),
        ({**SPACE, "hidden": [8, 16]}, "the search varied 3: depth, learning_rate, hidden"),
    ],
)
def test_what_is_no_map_of_two_is_refused(space, message):
    with pytest.raises(ValueError, match=message):
        explore_grid(searched(space))


def test_results_without_curves_are_refused():
    search = searched(train_one=lambda config: {"dev_accuracy": 0.9, "dev_loss": 0.1})
    with pytest.raises(ValueError, match="holds no model with a history"):
        explore_grid(search)


# ------------------------------------------------------------------ two searches


def test_both_searches_are_in_one_picture_and_the_words_count_what_they_tried():
    at_random = random_search(
        a_training,
        {"depth": [2, 3], "learning_rate": log_uniform(1e-3, 1e-1)},
        4,
        np.random.default_rng(0),
        progress_bar=False,
    )
    picture = show_searches(searched(), at_random, down="depth")
    assert "The grid search trained 4 models, with 2 values of learning_rate and 2 of depth" in picture.words
    assert "The random search trained 4 models, with 4 values of learning_rate" in picture.words
    assert f"{100 * at_random.best['dev_accuracy']:.2f}% of dev" in picture.words
    assert picture.svg.count("<circle") >= 2 * 4
    assert picture.svg.count("<polygon") >= 2 * 4


def test_searches_of_something_else_are_refused():
    other = GridSearch(({"config": {"depth": 2}, "dev_accuracy": 0.9, "dev_loss": 0.1},))
    with pytest.raises(ValueError, match="the random search does not hold both learning_rate and depth"):
        show_searches(searched(), other, down="depth")


def test_a_search_with_failures_alone_has_no_best():
    with pytest.raises(ValueError, match="no results"):
        _ = GridSearch((), (FailedConfig({"depth": 2}, ZeroDivisionError()),)).best


# ------------------------------------------------------------------ the winner's curse


@pytest.mark.parametrize("accuracy", ACCURACIES.values())
def test_the_words_say_by_how_much_the_best_looks_too_good(accuracy):
    for models in MODELS[1:]:
        for texts in TEXTS:
            points = float(
                re.search(r"(\d+\.\d\d) points more than it is", said(curse(models, texts, accuracy)))[1]
            )
            assert points == pytest.approx(100 * (best_of(models, texts, accuracy) - accuracy), abs=0.006)


def test_one_model_alone_is_not_cursed():
    assert "as good as it is. Nothing was chosen." in said(curse(1, 800, 0.93))
    for texts in TEXTS:
        for accuracy in ACCURACIES.values():
            words = curse(1, texts, accuracy).words
            assert f"1 model, {texts} texts: 0.00 points" in words
            assert "best of 1 " not in words


def test_every_state_of_the_curse_has_a_picture():
    explorer = explore_curse()
    for i in range(len(MODELS)):
        for j in range(len(TEXTS)):
            for k in range(len(ACCURACIES)):
                answer = explorer.answer({"at": [i, j, k], "want": "picture"})
                assert "error" not in answer
                assert "nan" not in answer["html"]


def test_the_prediction_about_64_equal_models_is_true():
    right = predict("09-equal-models").questions[0]
    assert f"{100 * best_of(64, 800, 0.93):.1f}%" in right.options[right.right].text


# ------------------------------------------------------------------ the real grid, as lesson 09 trains it


@pytest.fixture(scope="module")
def real():
    def train_one(config):
        return train_one_definitions_model({"batch_size": 128, "max_epochs": 8, **config})

    return searched(train_one=train_one)


def test_on_real_text_all_four_are_close_and_the_large_rate_is_there_sooner(real):
    accuracies = [result["dev_accuracy"] for result in real.results]
    assert min(accuracies) > 0.92
    assert max(accuracies) - min(accuracies) < 0.035
    kept = {}
    for result in real.results:
        history = result["model"].history
        kept[tuple(result["config"].values())] = history.evaluated_at.index(history.best_step)
    for depth in (2, 3):
        assert kept[depth, 1e-2] <= 3 < kept[depth, 1e-3]
    assert explore_grid(real).html.count("<img") == 3


def test_on_real_text_the_curse_is_there_and_smaller_than_for_independent_models(real):
    from lecture_lib.learning import definitions, predictions

    dev = definitions().dev
    right = np.array([[p.right for p in predictions(result["model"], dev)] for result in real.results])
    rng = np.random.default_rng(0)
    gaps = []
    for _ in range(1000):
        order = rng.permutation(800)
        seen, fresh = right[:, order[:400]].mean(axis=1), right[:, order[400:]].mean(axis=1)
        gaps.append(seen[seen.argmax()] - fresh[seen.argmax()])
    assert 0.001 < np.mean(gaps) < best_of(4, 400, right.mean()) - right.mean()
    assert right.all(axis=0).mean() > np.prod(right.mean(axis=1)) + 0.05  # they fail on the same texts
