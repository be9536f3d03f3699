"""Lesson 08's pictures of minibatches: what is said of their gradients is true of them."""

import re
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib.lessons.lesson_08.unbiased import KINDS, MEAN, SHORT, SUM, Cloud, explore_batches
from tests.show.kit import texts

X, Y = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0]), np.array([1.0, -1.0, 0.5, 2.0, 1.0, 4.0])
HALVES = st.lists(st.integers(-8, 8).map(lambda halves: halves / 2), min_size=6, max_size=6)


def said(group):
    return group.parts[0].words


def test_all_fifteen_minibatches_of_two_are_there_and_their_mean_is_the_full_gradient():
    cloud = Cloud(X, Y, 0.5, 0.0, MEAN)
    assert cloud.pairs == tuple(combinations(range(6), 2))
    assert np.abs(cloud.mean(15) - cloud.full).max() <= 1e-15
    assert said(explore_batches(X, Y, 0.5, 0.0).show()).endswith("They differ by less than 10⁻¹⁵.")


@given(x=HALVES, y=HALVES, w=st.integers(-4, 4))
@settings(max_examples=40)
def test_a_mean_loss_is_unbiased_a_sum_loss_is_off_by_batch_over_data(x, y, w):
    clouds = {kind: Cloud(np.array(x), np.array(y), w, 0.5, kind) for kind in KINDS}
    for kind in (MEAN, SHORT):
        np.testing.assert_allclose(clouds[kind].mean(15), clouds[kind].full, atol=1e-12)
    np.testing.assert_allclose(clouds[SUM].mean(15), clouds[SUM].full * 2 / 6, atol=1e-12)


def test_the_gradients_are_the_slopes_of_the_loss():
    def loss(w, b):
        return np.mean((w * X + b - Y) ** 2)

    h = 1e-6
    slopes = [(loss(0.5 + h, 0) - loss(0.5 - h, 0)) / (2 * h), (loss(0.5, h) - loss(0.5, -h)) / (2 * h)]
    np.testing.assert_allclose(Cloud(X, Y, 0.5, 0.0, MEAN).full, slopes, atol=1e-8)
    np.testing.assert_allclose(Cloud(X, Y, 0.5, 0.0, SUM).full, 6 * np.array(slopes), atol=1e-7)


@pytest.mark.parametrize("kind", KINDS)
def test_every_batch_says_its_examples_and_its_gradient(kind):
    explorer = explore_batches(X, Y, 0.5, 0.0)
    cloud = Cloud(X, Y, 0.5, 0.0, kind)
    drawn = set()
    for seen, (pair, gradient) in enumerate(zip(cloud.pairs, cloud.gradients, strict=True), 1):
        shown = explorer.show(kind=kind, seen=seen)
        written = f"[{gradient[0]:.2f}, {gradient[1]:.2f}]".replace("-", "−").replace("−0.00", "0.00")
        assert f"examples {pair[0] + 1} and {pair[1] + 1}" in said(shown)
        assert written in said(shown)
        assert any(written in text for text in texts(shown.parts[1]))
        drawn.add(shown.parts[1].svg)
    assert len(drawn) == 15


def test_in_an_epoch_with_a_short_last_batch_the_mean_is_off():
    explorer = explore_batches(X, Y, 0.5, 0.0)
    cloud = Cloud(X, Y, 0.5, 0.0, SHORT)
    for seen in range(1, 16):
        words = said(explorer.show(kind=SHORT, seen=seen))
        off = np.linalg.norm(cloud.gradients[seen - 1] - cloud.full)
        assert float(re.search(r"off the full one by ([\d.]+)\.", words)[1]) == pytest.approx(off, abs=0.006)
    assert off > 1


def test_before_the_first_batch_there_is_the_full_gradient_alone():
    shown = explore_batches(X, Y, 0.5, 0.0).show(seen=0)
    assert said(shown) == "No batch yet. The full gradient, of all 6 examples, is [−1.83, −2.00]."
    assert "mean so far" not in " ".join(texts(shown.parts[1]))


def test_examples_in_another_order_make_the_same_picture():
    order = [3, 0, 5, 1, 4, 2]
    one, other = explore_batches(X, Y, 0.5, 0.0), explore_batches(X[order], Y[order], 0.5, 0.0)
    assert one.show(seen=4).html == other.show(seen=4).html


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["x", "y", "w", "b"])
def test_a_number_that_is_not_finite_is_refused_by_name(name, bad):
    given = {"x": X, "y": Y, "w": 0.5, "b": 0.0}
    given[name] = np.where(X == 0, bad, X) if name in "xy" else bad
    with pytest.raises(ValueError, match=f"explore_batches: {name} has NaN or ∞ in it"):
        explore_batches(**given)


@given(x=st.lists(st.floats(-1e12, 1e12), min_size=5, max_size=8))
@settings(max_examples=30)
def test_data_of_any_size_have_words(x):
    assert "They differ by" in said(explore_batches(x, x[::-1], 1.0, 1.0).show())


@pytest.mark.parametrize(("x", "y"), [(X, Y[:5]), (X[:2], Y[:2]), (np.ones((6, 1)), Y)])
def test_data_that_cannot_be_drawn_are_refused(x, y):
    with pytest.raises(ValueError, match="two lists of the same length, 5 to 8, were expected"):
        explore_batches(x, y, 0.5, 0.0)
