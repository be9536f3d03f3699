"""Where a formula would cancel, overflow or multiply 0 by ∞, the operations are exact."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll


@given(st.floats(-700, 700))
def test_sigmoid_and_its_derivative_keep_their_digits_at_both_ends(z):
    e = math.exp(-abs(z))
    node = ll.parameter(z, "z")
    h = ll.sigmoid(node)
    assert h.value == pytest.approx((e if z < 0 else 1.0) / (1 + e), rel=1e-14, abs=0)
    assert ll.backward(h)[node] == pytest.approx(e / (1 + e) ** 2, rel=1e-14, abs=0)


@given(st.floats(-150, 150), st.floats(0.1, 10), st.sampled_from([1.0, -1.0]))
def test_a_quotient_has_its_slope_however_large_or_small_both_numbers_are(exponent, ratio, sign):
    b = sign * 10.0 ** (2 * exponent)
    top, bottom = ll.parameter(b * ratio, "a"), ll.parameter(b, "b")
    loss = top / bottom
    record = ll.backward(loss)
    assert record[top] == pytest.approx(1 / b, rel=1e-14, abs=0)
    assert record[bottom] == pytest.approx(-ratio / b, rel=1e-14, abs=0)
    for fast in (False, True):
        _, gradients = ll.program(loss, fast=fast)(a=top.value, b=bottom.value)
        assert gradients["b"] == pytest.approx(-ratio / b, rel=1e-14, abs=0)


@pytest.mark.parametrize("z", [-500.0, -40.0, -30.0, 0.0, 30.0])
def test_the_log_of_sigmoid_is_exact(z):
    node = ll.parameter(z, "z")
    loss = -ll.log(ll.sigmoid(node))
    assert loss.value == pytest.approx(np.logaddexp(0, -z), rel=1e-12, abs=2e-16)  # as σ near 1
    assert ll.backward(loss)[node] == pytest.approx(-1 / (1 + math.exp(z)), rel=1e-12, abs=0)


@pytest.mark.parametrize("fast", [False, True])
def test_a_class_that_is_masked_costs_nothing(fast):
    for scores, y, right in [
        ([0.0, -np.inf, 1.0], [1.0, 0.0, 0.0], 1.3132616875182228),
        (
            [[0.0, -np.inf, 1.0], [2.0, 1.0, -np.inf]],
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
            2 * 1.3132616875182228,
        ),
        ([-np.inf, 5.0], [0.0, 1.0], 0.0),
    ]:
        o = ll.parameter(scores, "o")
        loss = ll.cross_entropy(o, ll.data(y, "y")).sum()
        assert loss.value == pytest.approx(right)
        d_o = np.exp(ll.log_softmax(o).value) - y
        np.testing.assert_allclose(ll.backward(loss)[o], d_o, atol=1e-15)
        value, gradients = ll.program(loss, fast=fast)(o=scores, y=y)
        assert value == pytest.approx(right)
        np.testing.assert_allclose(gradients["o"], d_o, atol=1e-15)
    o = ll.parameter([0.0, 1.0], "o")
    step = ll.program(ll.cross_entropy(o, ll.data([0.0, 1.0], "y")), fast=fast)
    assert step(o=[0.0, -np.inf], y=[0.0, 1.0])[0] == np.inf
    assert ll.cross_entropy(np.array([0.0, -np.inf]), np.array([0.0, 1.0])) == np.inf


@pytest.mark.parametrize("d_h", [1.0, np.inf, np.nan])
def test_relu_hands_back_the_same_for_every_score_in_the_record_and_in_both_programs(d_h):
    scores = [2.0, -2.0, 0.0, -0.0, np.nan, np.inf, -np.inf]
    z = ll.parameter(scores, "z")
    with np.errstate(invalid="ignore"):  # 0 × ∞, as in NumPy
        loss = (ll.relu(z) * np.full(7, d_h)).sum()
        expected = d_h * (np.array(scores) > 0)
        np.testing.assert_array_equal(ll.backward(loss)[z], expected)
        for fast in (False, True):
            np.testing.assert_array_equal(ll.program(loss, fast=fast)(z=scores)[1]["z"], expected)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_accuracy_counts_nan_as_wrong(share):
    y = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert ll.accuracy(np.array([[np.nan, 0.5], [1 - share, share]]), y) == share / 2


def test_the_absolute_value_has_slope_0_at_0_where_it_has_none():
    a = ll.parameter([-2.0, 0.0, 3.0], "a")
    np.testing.assert_array_equal(ll.backward(ll.absolute(a).sum())[a], [-1.0, 0.0, 1.0])


ends = st.floats(-20, 20) | st.sampled_from([np.inf, -np.inf, np.nan, 0.0, -0.0])


@given(st.tuples(ends, ends), st.tuples(ends, ends))
def test_two_classes_give_in_both_programs_what_they_give_in_the_record(written_for, scores):
    # Of two numbers, the fast program combines the one with the other.
    def loss_of(numbers):
        o = ll.parameter(numbers, "o")
        return (ll.softmax(o) * np.array([1.0, 3.0])).sum() + ll.log_softmax(o)[0]

    with np.errstate(all="ignore"):
        record = ll.backward(loss_of(scores))
        for fast in (False, True):
            loss, gradients = ll.program(loss_of(written_for), fast=fast)(o=scores)
            np.testing.assert_allclose(loss, record.root.value, rtol=1e-12)
            np.testing.assert_allclose(gradients["o"], record["o"], rtol=1e-9, atol=1e-12)


@given(st.lists(ends, min_size=3, max_size=3), st.integers(0, 2))
def test_a_row_alone_has_the_loss_that_it_has_in_a_minibatch(scores, true):
    o, y = np.array(scores), np.eye(3)[true]
    with np.errstate(all="ignore"):
        (in_a_minibatch,) = ll.cross_entropy(o[np.newaxis], y[np.newaxis])
        np.testing.assert_allclose(ll.cross_entropy(o, y), in_a_minibatch, rtol=1e-12)
