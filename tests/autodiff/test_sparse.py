"""The gradient of an embedding matrix as the few columns that a batch looked up."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.autodiff import SparseGradient
from lecture_lib.autodiff.fast.sparse import few_columns
from lecture_lib.learning import bag_of_words, encode_batch, sentences
from lecture_lib.learning.text import Sentences


@st.composite
def some_columns(draw):
    """A gradient, and the whole matrix that it stands for."""
    d, V = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    chosen = draw(st.sets(st.integers(0, V - 1)))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    columns = np.array(sorted(chosen), dtype=int)
    values = rng.normal(size=(d, len(columns)))
    whole = np.zeros((d, V))
    whole[:, columns] = values
    return SparseGradient((d, V), columns, values), whole


@given(some_columns(), st.sampled_from(["C", "F"]))
def test_columns_add_and_multiply_as_the_whole_matrix_does(gradient, order):
    few, whole = gradient
    theta = np.asarray(np.ones(whole.shape), order=order)
    np.testing.assert_array_equal(np.asarray(few), whole)
    np.testing.assert_array_equal(theta - 0.1 * few, theta - 0.1 * whole)
    np.testing.assert_array_equal(theta - np.float64(0.1) * few, theta - 0.1 * whole)
    np.testing.assert_array_equal(0.9 * theta + 0.1 * few**2, 0.9 * theta + 0.1 * whole**2)
    np.testing.assert_array_equal(few + theta, whole + theta)
    np.testing.assert_array_equal(few + few, whole + whole)
    np.testing.assert_array_equal(np.asarray(-few), -whole)
    assert (theta - few).flags.f_contiguous == theta.flags.f_contiguous
    assert (few.shape, few.ndim, few.size) == (whole.shape, whole.ndim, whole.size)


@given(some_columns(), st.sampled_from(["C", "F"]))
def test_an_array_is_updated_in_place(gradient, order):
    few, whole = gradient
    theta, other = (np.asarray(np.ones(whole.shape), order=order) for _ in range(2))
    kept = theta
    theta -= 0.1 * few
    theta += few
    other -= 0.1 * whole
    other += whole
    assert theta is kept
    np.testing.assert_array_equal(theta, other)
    np.testing.assert_array_equal(np.sqrt(few**2), np.abs(whole))


NUMBERS = st.sampled_from([0, 1, 2, -1, 0.5, 3.0, -2.5, np.inf, np.nan, np.float64(2.0), np.array(0.5), True])
WITH_A_NUMBER = [
    lambda g, c: g * c, lambda g, c: c * g, lambda g, c: g / c, lambda g, c: c / g, lambda g, c: g**c,
    lambda g, c: c**g, lambda g, c: g + c, lambda g, c: c - g, lambda g, c: g - c, lambda g, c: g > c,
    lambda g, c: np.maximum(g, c), lambda g, c: g // (c + 10), lambda g, c: np.clip(g, -1, 1) * c,
]  # fmt: skip


@given(some_columns(), NUMBERS, st.sampled_from(WITH_A_NUMBER))
def test_with_a_number_it_gives_what_the_whole_matrix_gives(gradient, number, f):
    few, whole = gradient
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(np.asarray(f(few, number)), f(whole, number), rtol=1e-15)


WITH_AN_ARRAY = [
    lambda g, a: g + a, lambda g, a: a + g, lambda g, a: g - a, lambda g, a: a - g, lambda g, a: g * a,
    lambda g, a: a * g, lambda g, a: g / a, lambda g, a: a / g, lambda g, a: g**a, lambda g, a: a**g,
    lambda g, a: g == a, lambda g, a: np.hypot(a, g), lambda g, a: g @ a.T, lambda g, a: a.T @ g,
    lambda g, a: np.add(g, a, where=a > 0, out=np.zeros(a.shape)),
    lambda g, a: np.subtract(a, g, out=np.zeros(g.shape)),
]  # fmt: skip


@given(
    some_columns(),
    st.sampled_from(["C", "F", "rows", "column", "int", "float32"]),
    st.sampled_from(WITH_AN_ARRAY),
)
def test_with_an_array_of_any_kind_it_gives_what_the_whole_matrix_gives(gradient, kind, f):
    few, whole = gradient
    array = np.arange(1.0, whole.size + 1).reshape(whole.shape)
    array = {
        "C": array, "F": np.asfortranarray(array), "rows": array[:1], "column": array[:, :1],
        "int": array.astype(int), "float32": array.astype(np.float32),
    }[kind]  # fmt: skip
    if f.__code__.co_names == ("T",) or "out" in repr(f.__code__.co_consts):
        array = np.broadcast_to(array, whole.shape)
    with np.errstate(all="ignore"):
        expected = f(whole, array)
        found = np.asarray(f(few, array))
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-15)


ALONE = [
    lambda g: -g, lambda g: +g, abs, lambda g: g - g, lambda g: g + g, lambda g: g * g, lambda g: g.T,
    lambda g: g.sum(), lambda g: g.sum(axis=0), lambda g: g.mean(axis=1), lambda g: g[0], lambda g: g[:, -1:],
    np.sqrt, np.exp, np.sign, np.sum, np.linalg.norm, lambda g: np.add.reduce(g, axis=1), len, list,
    lambda g: g.reshape(-1), lambda g: g.tolist(), lambda g: np.concatenate([g, g]),
    lambda g: g.dtype == np.float64, lambda g: np.array(g, dtype=np.float32), lambda g: g @ g.T, np.square,
]  # fmt: skip


@given(some_columns(), st.sampled_from(ALONE))
def test_alone_it_gives_what_the_whole_matrix_gives(gradient, f):
    few, whole = gradient
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(np.asarray(f(few)), np.asarray(f(whole)), rtol=1e-15)


@given(some_columns())
def test_it_is_changed_in_place_as_the_whole_matrix_is(gradient):
    few, whole = gradient
    whole = whole.copy()
    few *= 0.5
    whole *= 0.5
    assert isinstance(few, SparseGradient)
    few /= 4
    whole /= 4
    np.testing.assert_array_equal(np.asarray(few), whole)
    few += np.ones(whole.shape)
    whole += np.ones(whole.shape)
    np.testing.assert_array_equal(few, whole)


@pytest.mark.parametrize(
    "f",
    [
        lambda g: 0.1 * g,
        lambda g: g * np.array(0.1),
        lambda g: g / 2,
        lambda g: g**2,
        lambda g: -g,
        lambda g: g * 3,
    ],
)
def test_what_optimisers_do_with_it_costs_its_columns_alone(f):
    few = SparseGradient((2, 10**12), np.array([3, 10**9]), np.ones((2, 2)))  # the whole has no room
    result = f(few)
    assert isinstance(result, SparseGradient)
    assert result.columns is few.columns
    np.testing.assert_allclose(result.values, f(np.ones((2, 2))))


def test_a_copy_and_what_was_pickled_are_the_same_gradient():
    few = SparseGradient((2, 9), np.array([1]), np.array([[5.0], [6.0]]))
    for again in (copy.deepcopy(few), pickle.loads(pickle.dumps(few))):
        assert isinstance(again, SparseGradient)
        np.testing.assert_array_equal(np.asarray(again), np.asarray(few))
    assert not hasattr(few, "nothing_of_the_kind")


def test_the_array_that_columns_are_taken_from_stays_as_it_was():
    theta = np.ones((2, 3))
    theta - SparseGradient((2, 3), np.array([1]), np.array([[5.0], [6.0]]))
    assert (theta == 1).all()


@st.composite
def a_batch(draw):
    V = draw(st.integers(1, 6))
    lengths = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    words = draw(st.lists(st.integers(0, V - 1), min_size=sum(lengths), max_size=sum(lengths)))
    return V, Sentences(np.array(words), np.append(0, np.cumsum(lengths)))


@given(a_batch(), st.sampled_from(["C", "F"]))
def test_every_words_share_of_the_gradient_arrives_at_its_column(drawn, order):
    V, batch = drawn
    rng = np.random.default_rng(0)
    E = ll.parameter(np.asarray(rng.normal(size=(3, V)), order=order), "E")
    weights = rng.normal(size=(len(batch), 3))
    record = ll.backward((encode_batch(batch, E) * weights).sum())
    expected = np.zeros((3, V))
    for i, (start, end) in enumerate(zip(batch.starts[:-1], batch.starts[1:], strict=True)):
        for word in batch.words[start:end]:
            expected[:, word] += weights[i] / (end - start)
    np.testing.assert_allclose(record[E], expected, atol=1e-12)


def test_an_embedding_that_is_itself_computed_gets_its_gradient():
    batch = sentences([["duck", "goose"], ["duck"]], {"duck": 0, "goose": 1, "hen": 2})
    F = ll.parameter(np.arange(6.0).reshape(2, 3), "F")

    def loss(F):
        E = F * F
        return (bag_of_words(E, sentences=batch) ** 2).sum() + (E**2).sum() + (encode_batch(batch, E)).sum()

    record = ll.backward(loss(F))
    np.testing.assert_allclose(record[F], ll.numeric_gradient(lambda F: float(loss(F)), F.value), atol=1e-6)
    for fast in (False, True):
        _, gradients = ll.program(loss(F), fast=fast)(F=F.value)
        np.testing.assert_allclose(gradients["F"], record[F], rtol=1e-12)


@pytest.mark.parametrize("V", [100, 100_000])
def test_the_gradient_of_a_batch_holds_its_words_however_large_the_vocabulary(V):
    batch = Sentences(np.array([3, 7, 3, V - 1]), np.array([0, 2, 4]))
    E = ll.parameter(np.asfortranarray(np.ones((2, V))), "E")
    loss = encode_batch(batch, E).sum()
    _, gradients = ll.program(loss, fast=True)(E=E.value)
    assert gradients["E"].columns.tolist() == [3, 7, V - 1]
    assert gradients["E"].values.tolist() == [[1.0, 0.5, 0.5]] * 2
    np.testing.assert_array_equal(np.asarray(gradients["E"]), ll.backward(loss)[E])


@pytest.mark.parametrize("order", ["C", "F"])
def test_one_sentences_gradient_holds_its_words_too(order):
    V = 1000
    E = ll.parameter(np.asarray(np.ones((2, V)), order=order), "E")
    words = [5, -1, 5]
    loss = (ll.mean(E[:, words], axis=1) * [3.0, 6.0]).sum()
    record = ll.backward(loss)
    _, gradients = ll.program(loss, fast=True)(E=E.value)
    assert gradients["E"].columns.tolist() == [5, 999]
    assert gradients["E"].values.tolist() == [[2.0, 1.0], [4.0, 2.0]]
    np.testing.assert_array_equal(np.asarray(gradients["E"]), record[E])
    _, gradients = ll.program(loss)(E=E.value)
    np.testing.assert_array_equal(gradients["E"], record[E])
    _, gradient = ll.value_and_grad(lambda E: (ll.mean(E[:, words], axis=1) * [3.0, 6.0]).sum())(E.value)
    np.testing.assert_array_equal(gradient, record[E])


@given(
    st.lists(st.integers(-100, 100), min_size=1, max_size=5), st.sampled_from([np.int8, np.int16, np.int64])
)
def test_words_of_few_bits_look_up_columns_of_a_large_matrix(words, dtype):
    columns = few_columns((slice(None), np.array(words, dtype)), (2, 100_000))
    assert columns is not None
    assert columns.dtype == np.intp
    assert columns.tolist() == [word % 100_000 for word in words]


def test_words_without_a_sign_do_too():
    E = ll.parameter(np.ones((2, 1000)), "E")
    loss = E[:, np.array([255, 3], np.uint8)].sum()
    assert ll.program(loss, fast=True)(E=E.value)[1]["E"].columns.tolist() == [3, 255]
