"""Runs of gradient descent: the lecture's numbers, and words that say what the numbers do."""

from itertools import pairwise

import numpy as np
import pytest

from lecture_lib.lessons.lesson_06.explorers import (
    RATES,
    REACH,
    _sentences,
    descent,
    descent_run,
    explore_descent,
)


def said(learning_rate, steps, both=False):
    return descent(learning_rate, steps, both).parts[0].words


def test_the_first_step_is_the_lectures():
    first, second = descent_run(0.01)[:2]
    assert first.loss == pytest.approx(0.861266, abs=5e-7)
    assert second.loss == pytest.approx(0.853884, abs=5e-7)
    assert second.p[0, 0] == pytest.approx(0.425758, abs=5e-7)
    np.testing.assert_allclose(second.params["U"], [[0, -0.497748], [-0.9, 0.297748]], atol=5e-7)
    np.testing.assert_allclose(second.params["E"], [[0.047844, -0.101078], [-1.499076, -0.899538]], atol=5e-7)
    assert second.params["W"][1, 1] == pytest.approx(-0.293995, abs=5e-7)
    assert second.params["b"][1] == pytest.approx(-0.004619, abs=5e-7)


def test_every_step_goes_against_the_gradient_by_the_learning_rate():
    from lecture_lib.autodiff import numeric_gradient
    from lecture_lib.learning import duck_goose, mlp_loss, one_hot, sentences

    batch = sentences([("duck", "duck", "goose"), ("goose",)], duck_goose().vocabulary)
    y = one_hot(["animals", "other"], ["animals", "other"])
    before, after = descent_run(0.3, both=True)[7:9]
    for name, value in before.params.items():

        def loss(theta, name=name):
            return mlp_loss(before.params | {name: theta}, batch, y)

        np.testing.assert_allclose(after.params[name], value - 0.3 * numeric_gradient(loss, value), atol=1e-8)


def test_a_small_rate_falls_slowly_and_is_not_there_after_all_steps():
    losses = [point.loss for point in descent_run(0.001)]
    assert all(after < before for before, after in pairwise(losses))
    assert losses[-1] > 0.8
    assert "The last step took" in said(0.001, REACH)


def test_with_one_sentence_the_lectures_rate_turns_the_last_unit_off():
    run = descent_run(0.01)
    still = next(s for s, point in enumerate(run) if point.slope == 0)
    assert not run[still].h.any()
    assert f"Since step {still} every hidden unit is off" in said(0.01, REACH)
    assert "every hidden unit" not in said(0.01, still - 1)
    for point in run[still:]:
        assert point.loss == pytest.approx(np.log(2))


def test_with_one_sentence_no_rate_of_the_slider_ends_above_its_start():
    for rate in RATES:
        run = descent_run(rate)
        assert len(run) == REACH + 1
        assert run[-1].loss < run[0].loss


def test_a_leap_to_a_loss_of_next_to_nothing_is_called_a_leap():
    assert descent_run(100.0)[-1].loss < 1e-6
    assert "a leap, not a descent" in said(100.0, REACH)


def test_with_two_sentences_the_slider_goes_from_slow_over_good_to_stuck_and_diverging():
    ends = {rate: descent_run(rate, both=True)[-1].loss for rate in RATES}
    start = descent_run(0.001, both=True)[0].loss
    best = min(loss for loss in ends.values() if np.isfinite(loss))
    assert start - ends[0.001] < 0.01 < ends[0.001] - best, "slow"
    assert ends[1.0] - best < 0.001, "good"
    assert ends[3.0] == pytest.approx(np.log(2)), "stuck"
    assert not np.isfinite(ends[100.0]), "diverged"
    assert len(descent_run(100.0, both=True)) < REACH


def test_a_step_that_went_too_far_is_named():
    run = descent_run(1.5, both=True)
    worse = [s for s in range(1, REACH + 1) if run[s].loss > run[s - 1].loss]
    assert worse
    for s in worse:
        assert "The last step made it larger" in said(1.5, s, both=True)


def test_divergence_names_the_step_and_the_learning_rate_and_ends_the_run():
    run = descent_run(100.0, both=True)
    words = said(100.0, REACH, both=True)
    assert f"η = 100: after {len(run) - 1} steps" in words
    assert f"step {len(run)} has no gradient" in words, "counted as training counts it"
    assert "diverged" in words
    assert "overshoot further and further" in said(100.0, 3, both=True)


def test_the_picture_and_the_table_show_the_run():
    group = descent(0.01, 1)
    text, chart, table = group.parts
    assert "0.8539" in text.words
    assert "loss falls from 0.8613 at step 0 to 0.8539 at step 1." in chart.words
    assert "p, “duck duck goose”: at first [0.4226, 0.5774], now [0.4258, 0.5742]" in table.words
    assert "0.2977" in table.html
    assert group.words == "\n\n".join(part.words for part in group.parts)


def test_a_step_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"steps is 61; 0 to 60 was expected"):
        descent(0.01, 61)


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("rate", RATES)
def test_the_caption_says_only_what_has_happened_by_then(rate, both):
    run = descent_run(rate, both)
    for steps in range(len(run)):
        assert _sentences(run, steps, rate) == _sentences(run[: steps + 1], steps, rate)


def test_it_opens_before_the_first_step_or_where_one_says():
    assert explore_descent().words.endswith(descent(0.01, 0).words)
    assert explore_descent(start=5).state["steps"] == 5
    assert "Since step" not in explore_descent().words
    with pytest.raises(ValueError, match="the start 61 is not one of its values"):
        explore_descent(start=61)


def test_every_rate_of_the_explorer_can_be_chosen_at_every_end():
    explorer = explore_descent()
    assert explorer.state == {"steps": 0, "learning_rate": 0.01, "both": False}
    for rate in range(len(RATES)):
        for steps in (0, 1, REACH):
            for both in (0, 1):
                answer = explorer.answer({"at": [steps, rate, both], "want": "ahead"})
                assert f"η = {RATES[rate]:g}" in answer["caption"]
