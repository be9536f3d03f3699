"""Lesson 02's pictures: the numbers they draw are right, and their words say what the numbers do."""

import math

import numpy as np
import pytest

from lecture_lib.autodiff import numeric_gradient, softmax
from lecture_lib.common import raised
from lecture_lib.lessons.lesson_02.explorers import (
    explore_neuron_loss,
    explore_partials,
    explore_scores,
    explore_secants,
)
from lecture_lib.lessons.lesson_02.layers import WEIGHTS, layer_loss, partials, scores_and_shares
from lecture_lib.lessons.lesson_02.own_work import (
    EXAMPLE,
    EXPONENTS,
    differences,
    error_by_step,
    errors_by_step,
    gradient_map,
)
from lecture_lib.lessons.lesson_02.slopes import (
    SIDES,
    STEPS,
    WALKS,
    curve,
    curve_slope,
    neuron_loss,
    neuron_slopes,
    secant_slope,
    secants,
    surface,
)


def said(group):
    return group.parts[0].words


def stub(*arguments):
    raise NotImplementedError("write your answer here")


# ------------------------------------------------------------------ secants


@pytest.mark.parametrize("sides", SIDES)
def test_every_secant_becomes_the_tangent(sides):
    for theta in (-2.0, 0.5, 1.5):
        errors = [abs(secant_slope(theta, h, sides) - curve_slope(theta)) for h in (1.0, 0.1, 0.01)]
        assert errors[0] > errors[1] > errors[2]
        order = 2 if sides == "to both sides" else 1
        assert errors[2] == pytest.approx(errors[1] / 10**order, rel=0.2)
        assert curve_slope(theta) == pytest.approx(float(numeric_gradient(curve, theta)), abs=1e-8)


def test_the_words_say_both_slopes_and_how_far_they_are_apart():
    assert said(secants(1.5, 1.0, "to the right")) == (
        "At θ = 1.50 the tangent's slope is 0.9375. With h = 1 to the right the secant's slope is 2.3125:"
        " off by 1.3750."
    )
    assert "the same to four decimals" in said(secants(1.5, 0.01, "to both sides"))


# ------------------------------------------------------------------ the neuron's loss


def test_the_slopes_of_the_neurons_loss_are_its_gradient():
    for w, b in ((-0.5, -0.25), (2.0, 1.5), (0.5, 0.2)):
        measured = numeric_gradient(lambda theta: neuron_loss(*theta), [w, b])
        np.testing.assert_allclose(neuron_slopes(w, b), measured, atol=1e-8)


def test_along_its_contour_line_the_loss_is_the_same_and_the_gradient_stands_at_a_right_angle():
    shown = surface(-0.5, -0.25, "w alone").parts[1]
    assert "the contour line through here" in shown.svg
    from lecture_lib.lessons.lesson_02.slopes import _contour

    for level in (0.2, 1.0, 5.0):
        ws, bs = _contour(level)
        assert np.ptp([neuron_loss(w, b) for w, b in zip(ws, bs, strict=True)]) < 1e-12
        for k in range(1, len(ws) - 1):
            along = np.array([ws[k + 1] - ws[k - 1], bs[k + 1] - bs[k - 1]])
            gradient = np.array(neuron_slopes(ws[k], bs[k]))
            assert abs(along @ gradient) < 1e-9 * np.linalg.norm(along) * np.linalg.norm(gradient) + 1e-12


def test_the_slope_along_each_way_is_said_and_none_is_steeper_than_the_gradient():
    d_w, d_b = neuron_slopes(-0.5, -0.25)
    assert "∂ℓ/∂w = −3.950 and ∂ℓ/∂b = −1.900" in said(surface(-0.5, -0.25, "w alone"))
    assert "With w alone moving, the slope is −3.950" in said(surface(-0.5, -0.25, "w alone"))
    assert "With b alone moving, the slope is −1.900" in said(surface(-0.5, -0.25, "b alone"))
    assert f"the slope {math.hypot(d_w, d_b):.3f}, its own length" in said(
        surface(-0.5, -0.25, "along the gradient")
    )
    assert "the slope is 0" in said(surface(-0.5, -0.25, "along the contour line"))


def test_the_words_of_the_map_say_where_the_loss_is_smallest():
    words = surface(-0.5, -0.25, "w alone").parts[1].words
    assert "The loss is smallest, 0.02, at w = 0.50, b = 0.20." in words
    assert neuron_loss(0.5, 0.2) == pytest.approx(0.02)
    assert neuron_slopes(0.5, 0.2) == pytest.approx((0.0, 0.0), abs=1e-12)


def test_at_the_lowest_place_there_is_no_steepest_way():
    for walk in WALKS:
        assert "of length 0.000" in said(surface(0.5, 0.2, walk))


# ------------------------------------------------------------------ one partial after the other, and scores


def test_the_gradient_is_filled_in_weight_by_weight():
    gradient = numeric_gradient(layer_loss, WEIGHTS)
    assert said(partials(0)) == "No weight has been moved yet. The loss is 1.3133."
    assert partials(0).parts[2].words.count("?") == 6
    assert "W₁₁ moved by 0.01 up and down" in said(partials(1))
    whole = partials(6)
    assert "All 6 partials are known" in said(whole)
    for value in gradient.ravel():
        assert f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00") in whole.parts[2].words


@pytest.mark.parametrize("factor", [0.0, 0.5, 10.0])
@pytest.mark.parametrize("shift", [-100.0, 0.0, 100.0])
def test_shares_are_those_of_softmax_as_long_as_exp_can_be_computed(factor, shift):
    words = said(scores_and_shares(factor, shift))
    for share in softmax(factor * np.array([1.0, 2.0, 3.0])):
        digits, power = f"{share:.1e}".split("e")
        assert f"{share:.3f}" in words or f"{float(digits):g} × 10{raised(str(int(power)))}" in words


def test_scores_too_large_and_too_small_are_said_to_be_so():
    assert "∞ / ∞ is not a number" in said(scores_and_shares(1.0, 1000.0))
    assert "0 / 0 is not a number" in said(scores_and_shares(1.0, -1000.0))
    assert "NaN" in scores_and_shares(1.0, 1000.0).parts[1].words


@pytest.mark.parametrize("explorer", [explore_secants, explore_neuron_loss, explore_partials, explore_scores])
def test_every_state_at_the_ends_of_the_controls_has_a_picture_and_a_caption(explorer):
    made = explorer()
    ends = [0 for _ in made.controls]
    for number, control in enumerate(made.controls):
        for at in range(len(control.options)):
            answer = made.answer({"at": [*ends[:number], at, *ends[number + 1 :]], "want": "picture"})
            assert "error" not in answer
            assert answer["caption"].endswith(".")


def test_the_first_states_are_those_that_the_lesson_speaks_of():
    assert explore_secants().state == {"h": 1.0, "sides": "to the right", "theta": 1.5}
    assert explore_neuron_loss().state == {"walk": "w alone", "w": -0.5, "b": -0.25}
    assert min(STEPS) == 0.01


# ------------------------------------------------------------------ your own V


def test_the_error_over_the_step_is_a_v_with_its_two_slopes():
    forward, central = errors_by_step(differences(0, 1)), errors_by_step(differences(-1, 1))
    at = {exponent: k for k, exponent in enumerate(EXPONENTS)}
    assert central[at[-2]] / central[at[-3]] == pytest.approx(100, rel=0.05), "truncation, both sides"
    assert forward[at[-2]] / forward[at[-3]] == pytest.approx(10, rel=0.05), "truncation, one side"
    assert central[at[-15]] > 1e4 * central[at[-5]] > 0, "rounding"
    assert -7 <= EXPONENTS[int(np.argmin(central))] <= -4
    assert -9.5 <= EXPONENTS[int(np.argmin(forward))] <= -6.5


def test_ones_own_function_is_said_to_lie_where_it_lies():
    assert "Your errors lie on those of the step to both sides" in said(error_by_step(numeric_gradient))
    assert "Your errors lie on those of the step to one side" in said(error_by_step(differences(0, 1)))
    assert "on neither" in said(error_by_step(lambda f, theta, h: 2 * differences(-1, 1)(f, theta, h)))
    others = error_by_step(numeric_gradient).parts[1].words
    assert "The step to one side: the error is smallest, about 4 × 10⁻⁸, at h = 1 × 10⁻⁸." in others
    assert others.count("The step to both sides: the error is smallest") == 1
    ignored = error_by_step(lambda f, theta, h: numeric_gradient(f, theta))
    assert "the same for every h" in said(ignored)


@pytest.mark.parametrize("factor", [0.5, 2.0, -1.0, 3.0])
def test_slopes_of_the_wrong_size_are_not_said_to_leave_h_unused(factor):
    words = said(error_by_step(lambda f, theta, h: factor * differences(-1, 1)(f, theta, h)))
    assert "however small h is. Is each slope the right size?" in words
    assert "Is h used?" not in words


def test_without_a_function_of_ones_own_the_two_others_are_shown_and_it_is_said():
    for missing, words in (
        (stub, "is not written yet"),
        (lambda f, theta, h: None, "is not written yet"),
        (..., "stopped"),
        (lambda f, theta: 0, "stopped"),
        (lambda f, theta, h: 0.0, "gave no array of theta's shape"),
        (lambda f, theta, h: theta * np.nan, "gave an array with NaN or ∞ in it"),
    ):
        shown = error_by_step(missing)
        assert words in said(shown)
        assert "The step to both sides: the error is smallest" in said(shown)
        assert "cast(" not in said(shown), "no line of the library is shown as the student's"
        assert "LocalAnswer" not in said(shown)
        assert "yours" not in shown.parts[1].svg
    assert "yours" in error_by_step(numeric_gradient).parts[1].svg


# ------------------------------------------------------------------ your own map


def right(W, b, x, y):
    d_z = softmax(W @ x + b) - y
    return np.outer(d_z, x), d_z


@pytest.mark.parametrize(
    ("change", "words", "crosses"),
    [
        (lambda d_W: d_W, "All six entries agree.", 0),
        (lambda d_W: -d_W, "Every entry has the right size and the other sign.", 6),
        (lambda d_W: d_W.T, "Rows and columns are exchanged: yours has shape (3, 2)", 6),
        (lambda d_W: -d_W.T, "Rows and columns are exchanged, and every entry has the other sign.", 6),
        (lambda d_W: d_W * [[1, 1, 1], [1, 1, 0]], "5 of 6 entries agree. Different: [1, 2].", 1),
        (lambda d_W: d_W * [[1, 0, 0], [0, 0, 0]], "1 of 6 entries agrees. Different: [0, 1], [0, 2],", 5),
        (lambda d_W: d_W * [[1, 1, 1], [1, 1, np.nan]], "5 of 6 entries agree. Different: [1, 2].", 1),
        (lambda d_W: d_W * np.nan, "No entry agrees.", 6),
        (lambda d_W: 2 * d_W, "No entry agrees; the signs are all right.", 6),
        (lambda d_W: d_W[:, :2], "Yours has shape (2, 2)", 4),
        (lambda d_W: d_W[0], "Your d_W is ndarray of shape (3,)", 0),
    ],
)
def test_the_map_shows_where_ones_own_gradient_differs_and_in_what(change, words, crosses):
    shown = gradient_map(lambda *layer: (change(right(*layer)[0]), right(*layer)[1]), numeric_gradient)
    assert words in said(shown)
    assert shown.words.count("✗") == crosses


def test_the_map_does_without_what_is_not_written_yet():
    shown = gradient_map(stub, stub)
    assert "Your softmax_layer_gradient is not written yet." in said(shown)
    assert "by the library's numeric_gradient" in shown.words
    assert "by your own numeric_gradient" in gradient_map(right, differences_at_1e_5).words
    for wrong in (0.0, np.nan):
        shown = gradient_map(right, lambda f, theta, wrong=wrong: np.full((2, 3), wrong))
        assert "do not trust its table" in said(shown)
    assert "stopped" in said(gradient_map(lambda W: W, stub))
    assert "did not give two things" in said(gradient_map(lambda W, b, x, y: W, stub))


def differences_at_1e_5(f, theta):
    return differences(-1, 1)(f, theta, 1e-5)


def test_the_map_hands_over_copies():
    before = EXAMPLE.W.copy()

    def writes(W, b, x, y):
        W[:] = 0
        return W, b

    gradient_map(writes, lambda f, theta: theta.fill(0))
    np.testing.assert_array_equal(EXAMPLE.W, before)
