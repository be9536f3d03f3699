"""One step of gradient descent: what its tangent promises, what comes, and words that say so."""

import numpy as np
import pytest

from lecture_lib.lessons.lesson_01.explorers import (
    CURVES,
    RATES,
    STARTS,
    Update,
    _sentences,
    best_and_broken,
    explore_promise,
    falls,
)

BOWL, TEXTS, VALLEYS = CURVES
every_curve = pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)


def said(curve, start, rate):
    return " ".join(_sentences(Update(curve, start, rate)))


@every_curve
def test_the_slope_is_that_of_the_loss(curve):
    for theta in STARTS:
        measured = (curve.loss(theta + 1e-6) - curve.loss(theta - 1e-6)) / 2e-6
        assert curve.slope(theta) == pytest.approx(measured, abs=1e-8)


@every_curve
def test_a_loss_is_never_below_0(curve):
    assert curve.loss(np.linspace(-10, 10, 2001)).min() >= 0


def test_the_curve_of_four_texts_is_their_mean_negative_log_likelihood():
    from lecture_lib.learning import nll

    x, labels = np.array([3.0, 2.0, 3.0, 1.0]), np.eye(2)[[0, 0, 1, 0]]
    for theta in STARTS:
        p = 1 / (1 + np.exp(-theta * x))
        assert TEXTS.loss(theta) == pytest.approx(nll(np.stack([p, 1 - p], axis=1), labels))
    assert TEXTS.loss(0.0) == pytest.approx(np.log(2)), "at 0 it knows nothing"


def test_on_the_bowl_the_numbers_are_those_of_the_lesson():
    step = Update(BOWL, 2.0, 0.5)
    assert (step.promised, step.came) == (2.0, 1.5)
    assert Update(BOWL, 2.0, 1.0).came == 2.0
    assert "Promised: a fall of 2.00. What came: a fall of 1.50, 75% of it." in said(BOWL, 2.0, 0.5)


def test_on_the_bowl_the_best_step_keeps_half_of_its_promise_and_twice_its_rate_brings_nothing():
    for start in set(STARTS) - {0.0}:
        assert best_and_broken(BOWL, start) == (1.0, 2.0)
        best = Update(BOWL, start, 1.0)
        assert best.came == pytest.approx(best.promised / 2)
        assert Update(BOWL, start, 2.0).came == pytest.approx(0)
    assert "What came: nothing. The step ends as high as it began." in said(BOWL, 2.0, 2.0)


def test_a_rate_that_is_too_large_is_called_so():
    assert "What came: a rise of 2.50. The step is too large." in said(BOWL, 2.0, 2.5)


def test_where_there_is_no_slope_the_step_goes_nowhere():
    assert said(BOWL, 0.0, 1.0).endswith(
        "the slope at θ = 0.00 is 0, so the step goes nowhere, whatever the rate."
    )


def test_more_than_promised_comes_only_where_the_curve_bends_away_below_its_tangent():
    words = said(VALLEYS, 0.5, 1.0)
    assert "more than promised" in words
    for curve in (BOWL, TEXTS):
        for start in STARTS:
            for rate in RATES:
                assert "more than promised" not in said(curve, start, rate)


def test_a_leap_over_a_hill_is_called_so_and_there_is_a_hill():
    leaps = [(s, r) for s in STARTS for r in RATES if "leaps over a hill" in said(VALLEYS, s, r)]
    assert leaps
    for start, rate in leaps:
        step = Update(VALLEYS, start, rate)
        way = np.linspace(start, step.end, 1001)
        assert VALLEYS.loss(way)[10:].max() >= VALLEYS.loss(start) - 1e-4 > VALLEYS.loss(step.end)


@every_curve
@pytest.mark.parametrize("start", STARTS)
def test_the_best_single_step_is_the_best_of_all_and_the_promise_is_whole_before_it_breaks(curve, start):
    best, broken = best_and_broken(curve, start)
    rates = np.linspace(0.001, 3, 700)
    fall = falls(curve, start, rates)
    if best is not None:
        assert fall.max() <= Update(curve, start, best).came + 1e-5
    if broken is not None:
        assert (fall[rates < broken - 0.001] > -1e-9).all()
        assert Update(curve, start, broken).came <= 1e-9


def test_a_small_fall_is_told_as_exactly_as_the_one_that_it_is_compared_with():
    words = said(VALLEYS, 2.0, 0.5)
    assert "Promised: a fall of 0.011. What came: a fall of 0.0058, 52% of it." in words


@every_curve
def test_every_state_says_its_numbers_in_text_picture_and_key(curve):
    explorer = explore_promise()
    place = CURVES.index(curve)
    for s, start in enumerate(STARTS):
        for r in (0, 9, len(RATES) - 1):
            answer = explorer.answer({"at": [r, s, place], "want": "picture"})
            step = Update(curve, start, RATES[r])
            assert explorer.state == {"rate": RATES[r], "start": start, "curve": curve}
            assert answer["caption"].startswith(f"η = {RATES[r]:g}: ")
            picture = explorer.show(rate=RATES[r], start=start, curve=curve).parts[1]
            for value in (step.promised, step.came):
                shown = f"{round(value, 9):.2f}"  # 0.095, with noise in its last digit
                if abs(value) < 0.1:  # beside another fall: 0.011 promised, 0.0058 came
                    shown = f"{float(f'{value:.2g}')}"
                shown = shown.replace("-", "−")
                if abs(value) > 0.005:
                    assert shown in picture.words
                    assert f": {shown}" in picture.svg
            assert "nan" not in picture.svg


def test_each_control_changes_the_picture():
    explorer = explore_promise()
    first = explorer.show()
    assert explorer.state == {"rate": 0.3, "start": 2.0, "curve": BOWL}
    for changed in ({"rate": 0.4}, {"start": 1.5}, {"curve": TEXTS}):
        assert explorer.show(**changed).html != first.html


def test_the_saved_form_says_what_is_seen():
    explorer = explore_promise()
    assert explorer.words.startswith(
        "The promise and what came\nη = 0.3: the step goes from θ = 2.00 to 1.40."
    )
    assert "learning rate η 0.3, θ before the step 2.0, the loss is a bowl, θ²/2" in explorer.html
