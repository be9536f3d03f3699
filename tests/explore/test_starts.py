"""Lesson 07's explorers: where starts end, symmetry, criteria to stop, divergence, the slide's loop."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lecture_lib.learning import early_stopping
from lecture_lib.lessons.lesson_07.slide_loop import REPAIRS, WAY, explore_slide_loop, program, ran
from lecture_lib.lessons.lesson_07.starts import (
    BOWL_RATES,
    RATES,
    STEPS,
    explore_divergence,
    explore_starts,
    on_a_bowl,
)
from lecture_lib.lessons.lesson_07.stopping import (
    CHANGE_RATES,
    TAUS,
    explore_patience,
    explore_stopping_by_change,
    training_ends,
)
from lecture_lib.lessons.lesson_07.surfaces import (
    BOWL,
    ENDS,
    EXAMPLES,
    GRID,
    UNIT,
    end_of,
    ends_on_grid,
    run,
)
from lecture_lib.lessons.lesson_07.symmetry import INITIALISATIONS, LAST, different, explore_symmetry, trained
from tests.show.kit import texts

EVERY_LOSS = st.lists(st.integers(1, 9).map(lambda tenths: tenths / 10), min_size=2, max_size=12)


def said(picture):
    return picture.parts[0].words


# ------------------------------------------------------------------ where starts end


@pytest.mark.parametrize("surface", [UNIT, BOWL], ids=["one unit", "bowl"])
@given(w=st.floats(-2, 2), u=st.floats(-2, 2))
def test_a_surfaces_gradient_is_its_slope(surface, w, u):
    if abs(w) < 1e-3:  # the bend of ReLU
        return
    h = 1e-5
    d_w = (surface.loss(w + h, u) - surface.loss(w - h, u)) / (2 * h)
    d_u = (surface.loss(w, u + h) - surface.loss(w, u - h)) / (2 * h)
    assert surface.gradient(w, u) == pytest.approx((d_w, d_u), abs=1e-6)


@pytest.mark.parametrize("surface", [UNIT, BOWL], ids=["one unit", "bowl"])
def test_the_loss_is_the_same_along_a_contour(surface):
    for ws, us in surface.contours:
        losses = [float(surface.loss(w, u)) for w, u in zip(ws, us, strict=True)]
        assert losses == pytest.approx([losses[0]] * len(losses))


@pytest.mark.parametrize("rate", RATES)
def test_every_start_of_the_map_ends_as_it_does_alone(rate):
    ends = ends_on_grid(rate)
    assert sum(map(len, ends.values())) == len(GRID) ** 2
    for key, places in ends.items():
        for place in places[::17]:
            assert end_of(*place, rate) == key


def test_the_ends_are_those_that_their_names_say():
    for key, places in ends_on_grid(0.1).items():
        for w, u in places[::5]:
            last_w, last_u = run(UNIT, w, u, 0.1, 300)[-1]
            loss = float(UNIT.loss(last_w, last_u))
            if key == "good":
                assert last_w > 0
                assert loss == pytest.approx(0.4, abs=1e-3)
            if key == "poor":
                assert last_w < 0
                assert loss == pytest.approx(1.258, abs=1e-3)
            if key == "stuck":
                assert loss == pytest.approx(1.65, abs=0.01)


@pytest.mark.parametrize("rate", RATES)
def test_a_start_is_stuck_where_the_network_says_nearly_0_in_the_end_whatever_it_said_at_first(rate):
    for w, u in ends_on_grid(rate)["stuck"]:
        last_w, last_u = run(UNIT, w, u, rate, 300)[-1]
        assert max(abs(last_u * max(last_w * x, 0)) for x, _ in EXAMPLES) <= 0.04
    at_first = [abs(w * u) for w, u in ends_on_grid(0.1)["stuck"]]
    assert max(at_first) > 1, "so it does not say nearly 0 still"
    assert "still" not in ENDS["stuck"].meaning


def test_the_explorers_words_are_those_of_the_run_that_is_drawn():
    explorer = explore_starts()
    for w, u in ((1.5, -1.0), (1.5, -1.75), (0.0, 1.0), (-1.0, 1.0)):
        words = said(explorer.show(w=w, u=u, rate=0.1))
        end = ENDS[end_of(w, u, 0.1)]
        assert f"After 300 steps: {end.name}; {end.meaning}." in words
        assert f"loss {float(UNIT.loss(*run(UNIT, w, u, 0.1, STEPS)[-1])):.3f}" in words
    assert "Of the 289 starts" in said(explorer.show())
    assert "Of the 289 starts" not in said(explorer.show(ends=False))


def test_the_way_grows_with_the_steps():
    explorer = explore_starts()
    pictures = [explorer.show(steps=steps).parts[1].svg for steps in (0, 1, 5, STEPS)]
    assert len(set(pictures)) == 4


def test_a_start_where_the_unit_says_nothing_never_moves():
    assert set(run(UNIT, 0.0, 0.0, 0.5, 20)) == {(0.0, 0.0)}


# ------------------------------------------------------------------ divergence


@pytest.mark.parametrize("rate", BOWL_RATES)
def test_on_the_bowl_the_steepest_direction_decides(rate):
    way = run(BOWL, -4.0, 1.0, rate, STEPS)
    first, last = way[0][1], way[-1][1]
    assert (abs(last) < abs(first)) == (rate < 0.2)
    words = said(on_a_bowl(rate, STEPS))
    assert ("further out each time" in words) == (rate > 0.2)
    assert ("from side to side without end" in words) == (rate == 0.2)


def test_the_bowls_explorer_walks_from_its_first_step_to_its_last():
    explorer = explore_divergence()
    assert "After 0 steps: w = −4.00, u = 1.00, loss 13.000." in said(explorer.show(steps=0))
    assert "After 1 step:" in said(explorer.show(steps=1))
    for first in (explorer.show(steps=1), explore_starts().show(steps=1)):
        assert "after 1 step" in texts(first.parts[1])
    far = texts(explorer.show(rate=0.25).parts[1])
    assert "the loss along the path, in powers of ten" in far
    assert "now: 1.06 × 10¹³" in far, "no number of 14 digits"


# ------------------------------------------------------------------ symmetry


def test_zeros_do_not_move_and_units_that_are_alike_stay_alike():
    for name in ("all parameters 0", "W is 0, U is random"):
        first, last = trained(name)[0], trained(name)[-1]
        assert all(np.array_equal(getattr(first, part), getattr(last, part)) for part in ("W", "b", "U"))
        assert last.loss == pytest.approx(math.log(2))
        assert "No parameter has moved" in said(explore_symmetry().show(initialisation=name, moves=LAST))
    alike = trained("every unit alike")
    assert all(different(units) == 1 for units in alike)
    assert alike[-1].loss < alike[0].loss
    assert "All 4 units are the same" in said(
        explore_symmetry().show(initialisation="every unit alike", moves=LAST)
    )


def test_random_units_differ_and_their_draws_end_at_different_losses():
    draws = [trained(name)[-1] for name in INITIALISATIONS if "draw" in name]
    assert all(different(units) == 4 for units in draws)
    losses = sorted(units.loss for units in draws)
    assert losses[0] < 0.2
    assert losses[-1] == pytest.approx(math.log(2), abs=1e-3)
    assert trained("every unit alike")[-1].loss > 2 * losses[0]


# ------------------------------------------------------------------ criteria to stop


def test_a_tiny_rate_fakes_convergence():
    explorer = explore_stopping_by_change()
    assert "met after step 1." in said(explorer.show(rate=0.0001, tau=0.01))
    assert "hardly begun" in said(explorer.show(rate=0.0001, tau=0.01))
    assert "met after step 37." in said(explorer.show(rate=0.1, tau=0.01))
    assert "hardly begun" not in said(explorer.show(rate=0.1, tau=0.01))
    for rate in CHANGE_RATES:
        for tau in TAUS:
            assert explorer.show(rate=rate, tau=tau).parts[1].svg


@given(losses=EVERY_LOSS, patience=st.integers(1, 6))
@settings(max_examples=60)
def test_what_is_said_of_a_dev_curve_is_true_of_it(losses, patience):
    words = said(explore_patience(losses).show(patience=patience))
    kept, end = early_stopping(losses, patience), training_ends(losses, patience)
    assert f"after epoch {kept}, of dev loss {losses[kept]:.3f}" in words
    assert ("does not run out" in words) == (end is None)
    if end is not None:
        assert min(losses[kept + 1 : end + 1]) >= losses[kept]
        assert f"runs out after epoch {end}." in words
    assert ("No later epoch of this curve is better." in words) == (losses[kept] == min(losses))


def test_a_curve_of_one_loss_is_refused():
    with pytest.raises(ValueError, match="1 dev loss was given; two or more"):
        explore_patience([0.7])
    with pytest.raises(ValueError, match="0 dev losses were given; two or more"):
        explore_patience([])


@given(losses=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6))
@example(losses=[0.0, 5e-324])
@settings(max_examples=30)
def test_any_finite_losses_have_a_picture_those_of_0_and_below_too(losses):
    for curve in (losses, [0.0, 0.0], [-1.0, -1.0]):
        assert explore_patience(curve).show(patience=2).parts[1].svg
    assert "does not run out in this 1 epoch." in said(explore_patience(losses[:2]).show(patience=2))


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_curve_with_a_loss_that_is_not_finite_is_refused(loss):
    with pytest.raises(ValueError, match=r"dev loss 1, counted from 0, is (nan|inf); finite"):
        explore_patience([0.7, loss])


# ------------------------------------------------------------------ the slide's loop


def test_the_slides_loop_stops_three_times_and_then_returns_the_old_theta():
    assert ran()[1] == "NameError: name 'S' is not defined"
    assert ran(S=True)[1] == "NameError: name 'theta' is not defined"
    assert "missing 3 required positional arguments" in ran(S=True, theta=True)[1]
    assert ran(S=True, theta=True, C=True) == (WAY[-2], "", None)
    assert ran(S=True, theta=True, C=True, returned=True) == (WAY[-1], "", None)


def test_the_way_that_is_told_is_the_one_that_the_loop_goes():
    assert all(after == before - 0.25 * 2 * before for before, after in pairwise(WAY))


def test_the_explorer_says_where_python_stops_and_shows_no_repair():
    explorer = explore_slide_loop()
    for number, repair in enumerate(REPAIRS):
        on = {other.name: True for other in REPAIRS[: number + 1]}
        shown = explorer.show(**on)
        assert f"{number + 1} of 4 lines repaired." in said(shown)
        assert repair.repaired.strip() not in shown.words
        assert "…" in repair.shown
        assert repair.repaired in program(**on)
