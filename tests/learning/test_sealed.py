"""What the best of many equal models shows, and a test set that counts its openings."""

from datetime import datetime, timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib.learning import SealedTest, best_of, chances_of_best, sealed_definitions

accuracies = st.floats(0.02, 0.98)


@given(st.integers(1, 64), st.integers(1, 300), accuracies)
@settings(max_examples=50)
def test_the_chances_of_the_best_are_probabilities(models, texts, accuracy):
    chances = chances_of_best(models, texts, accuracy)
    assert chances.shape == (texts + 1,)
    assert chances.min() >= 0
    assert chances.sum() == pytest.approx(1)


@given(st.integers(1, 2000), accuracies)
@settings(max_examples=50)
def test_one_model_shows_what_it_is_on_average(texts, accuracy):
    assert best_of(1, texts, accuracy) == pytest.approx(accuracy, abs=1e-9)


@given(st.integers(1, 40), st.integers(5, 500), accuracies)
@settings(max_examples=50)
def test_one_model_more_makes_the_best_look_better(models, texts, accuracy):
    assert best_of(models + 1, texts, accuracy) > best_of(models, texts, accuracy)


@pytest.mark.parametrize(("models", "texts", "accuracy"), [(4, 800, 0.93), (16, 100, 0.5), (64, 800, 0.93)])
def test_it_is_what_a_simulation_gives(models, texts, accuracy):
    shown = np.random.default_rng(0).binomial(texts, accuracy, (20_000, models)).max(axis=1) / texts
    error = shown.std() / np.sqrt(len(shown))
    assert best_of(models, texts, accuracy) == pytest.approx(shown.mean(), abs=5 * error)


def test_the_figures_that_lesson_09_takes_away():
    too_good = [100 * (best_of(models, 800, 0.93) - 0.93) for models in (4, 16, 64)]
    assert [round(points, 1) for points in too_good] == [0.9, 1.5, 2.0]


def test_four_times_as_many_texts_halve_the_curse():
    few, many = (best_of(16, texts, 0.7) - 0.7 for texts in (800, 3200))
    assert few / many == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize(
    ("models", "texts", "accuracy"), [(0, 1, 0.5), (1, 0, 0.5), (1, 1, 0.0), (1, 1, 1.0), (1, 1, 93)]
)
def test_what_is_no_number_of_models_or_no_accuracy_is_refused(models, texts, accuracy):
    with pytest.raises(ValueError, match="at least 1 model and 1 text, and an accuracy above 0 and below 1"):
        best_of(models, texts, accuracy)


def sealed(accuracies=None):
    minutes = count()
    return SealedTest(
        806,
        (lambda model: model) if accuracies is None else (lambda model: accuracies[model]),
        clock=lambda: datetime(2026, 11, 28, 9) + timedelta(minutes=next(minutes)),
    )


def test_a_closed_test_set_says_that_nobody_has_looked():
    test = sealed()
    assert test.openings == ()
    assert test.worth == 0
    assert test.tally.caption == "Never opened."


def test_each_look_is_entered_with_who_and_when_and_what_for():
    test = sealed()
    assert test.open(0.93, who="Ada", why="the final number") == 0.93
    assert test.open(0.94, who="Ben", why="once more") == 0.94
    assert [(one.who, one.why, one.accuracy, one.when.minute) for one in test.openings] == [
        ("Ada", "the final number", 0.93, 0),
        ("Ben", "once more", 0.94, 1),
    ]
    for word in ("Ada", "the final number", "93.0%", "2026-11-28 09:01", "Ben"):
        assert word in test.tally.words


def test_one_look_is_said_to_be_honest_and_costs_nothing():
    test = sealed()
    test.open(0.93, who="Ada", why="the final number")
    assert test.worth == 0
    assert "Nothing was chosen by it" in test.tally.caption


def test_the_tenth_look_makes_the_best_number_more_than_a_point_too_good():
    test = sealed()
    for _ in range(10):
        test.open(0.93, who="somebody", why="a change")
    assert test.worth == pytest.approx(best_of(10, 806, 0.93) - 0.93)
    assert "Opened 10 times, by 1 person." in test.tally.caption
    assert f"is {100 * test.worth:.1f} points too good" in test.tally.caption
    assert test.worth > 0.01


def test_two_who_look_are_counted_as_two():
    test = sealed()
    for who in ("Ada", "Ben", "Ada"):
        test.open(0.9, who=who, why="a look")
    assert "Opened 3 times, by 2 people." in test.tally.caption


@pytest.mark.parametrize(("who", "why"), [("", "a look"), ("Ada", "  ")])
def test_nobody_looks_in_secret(who, why):
    test = sealed()
    with pytest.raises(ValueError, match="say who looks at the test set, and what for"):
        test.open(0.9, who=who, why=why)
    assert test.openings == ()


def test_a_look_that_failed_is_not_counted():
    test = sealed({"a model": 0.9})
    with pytest.raises(KeyError):
        test.open("another", who="Ada", why="a look")
    assert test.openings == ()


@pytest.mark.parametrize("accuracy", [0.0, 1.0])
def test_models_that_get_nothing_or_all_right_have_a_tally_too(accuracy):
    test = sealed()
    for _ in range(3):
        test.open(accuracy, who="Ada", why="a look")
    assert 0 <= test.worth < 0.01


def test_the_definitions_are_sealed_with_all_their_test_texts():
    assert sealed_definitions().texts == 806
    assert sealed_definitions().openings == ()
