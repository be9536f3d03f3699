"""Lesson 08's schedules, momentum, Adam's moments and the race: what is said is true of their numbers."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.learning import adam, cosine_decay, inverse_time_decay, momentum, step_decay
from lecture_lib.lessons import predict
from lecture_lib.lessons.lesson_07.surfaces import BOWL
from lecture_lib.lessons.lesson_08.ball import MUS, explore_momentum, rolled
from lecture_lib.lessons.lesson_08.ball import RATES as BALL_RATES
from lecture_lib.lessons.lesson_08.batch_sizes import SIZES, BatchSizes, measure_batch_sizes, show_batch_sizes
from lecture_lib.lessons.lesson_08.falling_rates import ETAS, SCHEDULES, distances, explore_schedules
from lecture_lib.lessons.lesson_08.moments import BETAS, GRADIENTS, explore_moments, moments_of
from lecture_lib.lessons.lesson_08.racing import explore_race, race_results
from lecture_lib.lessons.lesson_08.valleys import OPTIMISERS, SEEDS, VALLEYS, race
from tests.show.kit import texts

LONG, TURNED, ROUND = VALLEYS


def said(group):
    return group.parts[0].words


def answers(explorer, *states):
    """Give what the browser gets at the first and the last state, and at those that are named."""
    ends = [
        [pick(control) for control in explorer.controls]
        for pick in (lambda c: 0, lambda c: len(c.options) - 1)
    ]
    found = [explorer.answer({"at": list(at), "want": "picture"}) for at in (*ends, *states)]
    assert not [answer for answer in found if "error" in answer or "nan" in answer["html"]]
    return found


# ------------------------------------------------------------------ batch sizes


def test_the_noise_of_a_minibatch_shrinks_with_the_root_of_its_size_and_the_picture_says_so():
    measured = measure_batch_sizes(np.random.default_rng(0), draws=10, progress_bar=False)
    slope = np.polyfit(np.log(SIZES), np.log(measured.spreads), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.1)
    assert all(seconds > 0 for seconds in measured.seconds)
    words = show_batch_sizes(measured).words
    for size, spread in zip(SIZES, measured.spreads, strict=True):
        noise = float(re.search(rf"Size {size}: noise ([\d.]+),", words)[1])
        assert noise == pytest.approx(spread, rel=0.06)


def test_the_picture_of_sizes_says_the_times_that_were_measured():
    picture = show_batch_sizes(BatchSizes((1, 4), (0.2, 0.1), 0.5, (0.001, 0.002), 100))
    assert "Size 4: noise 0.1, that of size 1 / √4 is 0.1; 2 ms, 0.5 ms a text." in picture.words
    assert {"noise of size 1 / √B", "B × the time of one text"} <= set(texts(picture))


# ------------------------------------------------------------------ schedules


@given(eta0=st.floats(0.001, 10), step=st.integers(0, 400))
def test_every_schedule_stays_between_nothing_and_its_first_rate(eta0, step):
    for schedule in SCHEDULES.values():
        assert 0 <= schedule(eta0, step) <= eta0 * (1 + 1e-12)


def test_the_other_schedules_fall_as_their_names_say():
    assert [step_decay(0.8, step, 3, 0.5) for step in range(7)] == [0.8] * 3 + [0.4] * 3 + [0.2]
    assert inverse_time_decay(0.9, 40, half_at=20) == pytest.approx(0.3)
    warm = [cosine_decay(1.0, step, 20, warm_up=5) for step in range(21)]
    assert warm[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert (np.diff(warm[5:]) < 0).all()
    assert warm[20] == 0 == cosine_decay(1.0, 30, 20)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_words_of_a_schedule_are_those_of_its_runs(schedule):
    for eta0 in ETAS:
        words = said(explore_schedules().show(schedule=schedule, eta0=eta0))
        end = float(re.search(r"steps the mean distance is ([\d.]+\d)", words)[1])
        assert end == pytest.approx(distances(schedule, eta0)[:, -30:].mean(), abs=6e-4)
        first = re.search(r"for the first time after (\d+) steps", words)
        means = distances(schedule, eta0).mean(axis=0)
        assert means[int(first[1])] < 0.5 if first else means.min() >= 0.5


def test_a_falling_rate_ends_nearer_than_a_large_constant_one_and_a_small_one_ends_too_soon():
    for schedule in list(SCHEDULES)[1:]:
        assert distances(schedule, 0.1)[:, -30:].mean() < distances("constant", 0.1)[:, -30:].mean() / 3
        assert distances(schedule, 0.005)[:, -30:].mean() > distances("constant", 0.005)[:, -30:].mean()


def test_a_constant_rate_is_near_soon_unless_its_noise_is_too_large():
    soon = {eta0: distances("constant", eta0).mean(axis=0)[:60].min() for eta0 in (0.02, 0.05, 0.1)}
    assert soon[0.02] < 0.5
    assert soon[0.05] < 0.5
    assert distances("constant", 0.1).mean(axis=0).min() > 0.5


def test_the_velocity_of_gradients_that_change_sign_never_gets_beyond_one_of_them():
    velocities = [0.0]
    for step in range(200):
        velocities.append(0.9 * velocities[-1] + (-1) ** step)
    assert np.abs(velocities).max() == 1
    assert np.abs(velocities[-2:]) == pytest.approx([0.53, 0.53], abs=0.005)


def test_every_corner_of_the_schedules_has_a_picture():
    answers(explore_schedules(), *([i, 3] for i in range(len(SCHEDULES))))


# ------------------------------------------------------------------ momentum


@pytest.mark.parametrize("rate", BALL_RATES)
@pytest.mark.parametrize("mu", MUS)
def test_the_ball_goes_as_the_librarys_momentum_does_and_both_parts_are_the_step(mu, rate):
    way, optimiser = rolled(mu, rate), momentum(rate, mu)
    theta = np.array(way[0].place)
    state = optimiser.init(theta)
    for before, after in pairwise(way):
        theta, state = optimiser.update(theta, np.array(BOWL.gradient(*theta)), state)
        np.testing.assert_allclose(after.place, theta, atol=1e-12)
        step = np.add(after.by_gradient, after.by_memory)
        np.testing.assert_allclose(np.subtract(after.place, before.place), step, atol=1e-12)


def test_the_words_count_how_often_the_ball_changes_sides():
    explorer = explore_momentum()
    assert said(explorer.show(mu=0.0, rate=0.02)).endswith("changed sides 0 times in w and 0 times in u.")
    for mu in MUS[1:]:
        words = said(explorer.show(mu=mu, rate=0.05))
        for axis, name in enumerate("wu"):
            places = np.array([at.place[axis] for at in rolled(mu, 0.05)])
            signs = np.sign(places[np.abs(places) > 1e-9])  # at 0 the ball is on neither side
            crossed = int((signs[1:] * signs[:-1] < 0).sum())
            assert re.search(rf"{crossed} times? in {name}", words)


def test_with_a_small_rate_memory_helps_and_too_much_of_it_does_not():
    ends = {mu: rolled(mu, 0.02)[-1].loss for mu in MUS}
    assert ends[0.8] < ends[0.9] < ends[0.5] < ends[0.0] < ends[0.99]
    assert rolled(0.5, 0.1)[-1].loss < rolled(0.0, 0.1)[-1].loss < rolled(0.9, 0.1)[-1].loss


def test_every_corner_of_the_ball_has_a_picture_and_each_step_another():
    found = answers(explore_momentum(), *([3, 2, steps] for steps in range(1, 8)))
    assert len({answer["html"] for answer in found}) == 9


# ------------------------------------------------------------------ Adam's moments


@pytest.mark.parametrize("betas", BETAS)
@pytest.mark.parametrize("gradients", GRADIENTS)
def test_the_moments_are_those_of_adam_and_their_table_says_them(gradients, betas):
    rows = moments_of(GRADIENTS[gradients], BETAS[betas])
    optimiser = adam(1.0, *BETAS[betas])
    theta = np.zeros(1)
    state = optimiser.init(theta)
    for row, gradient in zip(rows, GRADIENTS[gradients], strict=True):
        before = theta
        theta, state = optimiser.update(theta, np.array([gradient]), state)
        assert row.moved == pytest.approx((theta - before)[0], abs=1e-9)
        assert (row.m, row.v) == (state.m[0], state.v[0])
    table = explore_moments().show(gradients=gradients, betas=betas).parts[1]
    assert [cells[0] for cells in table.rows] == [str(t) for t in range(1, 11)]
    for cells, row in zip(table.rows, rows, strict=True):
        python = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
        shown = [float(cell.replace(" × 10", "e").translate(python)) for cell in cells[1:]]
        wanted = [row.gradient, row.m, row.v, row.m_hat, row.v_hat, row.moved, row.moved_without]
        np.testing.assert_allclose(shown, wanted, atol=0.0051)
        np.testing.assert_allclose(shown[1:5], wanted[1:5], rtol=0.051, atol=1e-9)  # 5.2 × 10⁻⁵ is not 0.0001


def test_the_size_of_the_gradients_does_not_matter_and_the_correction_does():
    usual = BETAS["β₁ = 0.9, β₂ = 0.999"]
    large, small = (moments_of(GRADIENTS[name], usual) for name in ("always 1", "always 0.01"))
    for row, other in zip(large, small, strict=True):
        assert row.moved == pytest.approx(-1) == pytest.approx(other.moved, abs=1e-5)
        assert 3 < row.moved_without / row.moved < 7
    assert all(row.moved_without / row.moved < 1 for row in moments_of((1.0,) * 10, (0.9, 0.9)))


def test_every_corner_of_the_moments_has_a_picture():
    first = answers(explore_moments(), [0, 0, 1])
    assert "before step 1 both moments are 0." in first[0]["caption"].lower()


# ------------------------------------------------------------------ the race


@pytest.mark.parametrize("valley", VALLEYS.values(), ids=VALLEYS)
def test_the_gradient_of_all_examples_is_the_slope_of_the_loss(valley):
    everything = np.arange(len(valley.X))
    for theta in (valley.start, np.array([0.3, -0.7])):
        slopes = [
            (valley.above(theta + step) - valley.above(theta - step)) / 2e-5 for step in 1e-5 * np.eye(2)
        ]
        np.testing.assert_allclose(valley.gradient(theta, everything), slopes, atol=1e-7)
    assert valley.above(valley.lowest) == 0
    for height in (0.1, 1.0):
        np.testing.assert_allclose(valley.above(np.stack(valley.contour(height), axis=1)), height)


def test_each_runs_on_the_same_minibatches_as_the_library_would_with_its_best_rate():
    from lecture_lib.learning import minibatches

    for valley in VALLEYS:
        for name, make in OPTIMISERS.items():
            ran, place, rng = race(valley, name), VALLEYS[valley], np.random.default_rng(3)
            optimiser, theta = make(ran.rate), place.start
            state = optimiser.init(theta)
            batches = [batch for _ in range(15) for batch in minibatches(64, 16, rng)]
            for step, batch in enumerate(batches, 1):
                theta, state = optimiser.update(theta, place.gradient(theta, batch), state)
                np.testing.assert_allclose(ran.paths[3, step], theta, atol=1e-9)


def test_adam_wins_in_the_long_valley_alone_and_sgd_in_the_round_one():
    ends = {valley: {name: race(valley, name).ends for name in OPTIMISERS} for valley in VALLEYS}
    assert (ends[LONG]["Adam"] < ends[LONG]["momentum"] / 3).all()
    assert (ends[LONG]["momentum"] < ends[LONG]["SGD"]).all()
    assert (ends[ROUND]["SGD"] < ends[ROUND]["Adam"] / 3).all()
    assert (ends[ROUND]["SGD"] < ends[ROUND]["momentum"] / 3).all()
    first = {
        name: (ends[TURNED][name] == np.min(list(ends[TURNED].values()), axis=0)).sum() for name in OPTIMISERS
    }
    assert first["SGD"] == 0
    assert min(first["momentum"], first["Adam"]) >= 2
    assert np.mean(ends[TURNED]["Adam"]) > 5 * np.mean(ends[LONG]["Adam"])


def test_turning_the_valley_changes_nothing_for_sgd_and_momentum():
    for name in ("SGD", "momentum"):
        assert race(LONG, name).rate == race(TURNED, name).rate
        np.testing.assert_allclose(race(LONG, name).losses, race(TURNED, name).losses, atol=1e-9)
    right = predict("08-turned").questions[0]
    assert right.options[right.right].text == "Only those of Adam"


@pytest.mark.parametrize("valley", VALLEYS)
def test_the_race_says_the_losses_that_it_draws(valley):
    explorer = explore_race()
    for seed, steps in ((0, 60), (7, 13)):
        shown = explorer.show(valley=valley, seed=seed, steps=steps)
        losses = {name: race(valley, name).losses[seed, steps] for name in OPTIMISERS}
        assert f"Lowest now: {min(losses, key=losses.get)}." in said(shown)
        for name, loss in losses.items():
            written = re.search(rf"(?:: |, ){name} ([\d.]*\d)(?: × 10(\S*[⁰¹²³⁴-⁹]))?", said(shown))
            power = int((written[2] or "⁰").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
            assert float(written[1]) * 10.0**power == pytest.approx(loss, rel=0.06)
            assert any(text.startswith(f"{name}: {written[1]}") for text in texts(shown.parts[1]))
        assert "outside the picture" not in " ".join(texts(shown.parts[1]))


def test_every_corner_of_the_race_has_a_picture_and_each_control_changes_it():
    found = answers(explore_race(), [0, 0, 1], [0, 1, 1], [1, 1, 1])
    assert len({answer["html"] for answer in found}) == 5


def test_the_table_of_the_race_counts_each_seed_once():
    rows = race_results().rows
    assert [row[0] for row in rows] == [valley for valley in VALLEYS for _ in OPTIMISERS]
    for valley in VALLEYS:
        assert sum(int(row[4].split()[0]) for row in rows if row[0] == valley) == len(SEEDS)
