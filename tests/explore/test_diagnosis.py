"""Lesson 07's diagnosis: every run shows its own cause and no other, and every option has a true reason."""

import math

import pytest

from lecture_lib.lessons.lesson_07.diagnosis import RUNS, SIGNS, _size, diagnose, explore_runs, runs
from lecture_lib.lessons.lesson_07.mutants import CAUSES, CLASSES, trained


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("seed", range(6))
def test_a_run_shows_no_other_cause_than_its_own(cause, seed):
    run = trained(cause, seed)
    assert [name for name, sign in SIGNS.items() if sign.fits(run)] in ([cause], [])


@pytest.mark.parametrize("cause", CAUSES)
def test_most_runs_show_their_cause(cause):
    assert sum(SIGNS[cause].fits(trained(cause, seed)) for seed in range(6)) >= 4


def test_another_seed_gives_other_runs_in_another_order():
    one, other = runs(1), runs(2)
    assert len({cause for cause, _ in one}) == len({cause for cause, _ in other}) == RUNS
    assert [cause for cause, _ in one] != [cause for cause, _ in other]
    assert runs(1)[0][1] is one[0][1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_right_option_is_the_runs_own_cause_and_every_reason_has_its_numbers(seed):
    for question, (cause, run) in zip(diagnose(seed).questions, runs(seed), strict=True):
        right = question.options[question.right]
        assert right.text.rstrip(".").lower() == cause.lower()
        assert len({option.text for option in question.options}) == len(question.options) == 5
        for option in question.options:
            name = next(name for name in CAUSES if name.lower() == option.text.rstrip(".").lower())
            assert option.explanation == f"{SIGNS[name].shows} Here {SIGNS[name].here(run)}."


@pytest.mark.parametrize("seed", range(4))
def test_a_rate_that_is_too_large_is_explained_where_the_run_ends_low(seed):
    cause = "the learning rate is too large"
    run = dict(runs(seed))[cause]
    assert run.train_losses[-1] < run.train_losses[0]  # units are off for most texts: each has the loss log 3
    reason = f"{SIGNS[cause].shows} {SIGNS[cause].here(run)}"
    assert "a text for which no unit is on has the loss log 3" in reason
    assert f"at the end {run.on[1]} of 8 units are on for some text" in reason
    assert f"the gradient is {_size(run.slopes[1])} long" in reason


def test_no_word_of_the_cause_is_in_what_is_shown_before_one_has_answered():
    explorer, asked = explore_runs(1), diagnose(1)
    for number, (cause, _) in enumerate(runs(1), start=1):
        assert cause not in explorer.show(run=number).words
    assert all("Here" not in text for text in (asked.html, asked.words, str(asked.spec())))


def test_what_is_told_of_an_answer_comes_once_it_is_given():
    asked = diagnose(1)
    assert asked.revealed() == {}
    asked.answer({"question": 2, "option": 0})
    assert list(asked.revealed()) == ["2"]
    assert len(asked.revealed()["2"]["explanations"]) == 5


def test_the_explorer_shows_the_numbers_of_the_run():
    explorer = explore_runs(3)
    for number, (_, run) in enumerate(runs(3), start=1):
        shown = explorer.show(run=number)
        assert f"{run.dev_accuracy:.0%}" in shown.parts[2].words
        assert f"{run.on[0]} of 8" in shown.parts[2].words


def test_a_network_whose_units_are_all_off_has_the_loss_of_one_that_knows_nothing():
    assert CLASSES == 3
    for cause in ("all parameters begin at 0", "all units are dead from the start"):
        run = trained(cause, 1)
        assert run.train_losses == pytest.approx([math.log(3)] * len(run.train_losses))
        assert run.moved == 0


def test_the_caption_tells_the_way_of_the_loss_and_its_peak_if_there_is_one():
    explorer = explore_runs(1)
    for number, (_, run) in enumerate(runs(1), start=1):
        said = explorer.show(run=number).parts[0].words
        first, last = (_size(run.train_losses[step]) for step in (0, -1))
        assert said.startswith(f"The training loss goes from {first} to {last}")
        for which, extreme in (("lowest", min), ("largest", max)):
            step = run.train_losses.index(extreme(run.train_losses))
            value = _size(run.train_losses[step])
            told = f"its {which} value is {value}, after step {step}"
            assert (told in said) == (value not in (first, last))
    assert any("its largest value is" in explorer.show(run=number).words for number in range(1, RUNS + 1))
