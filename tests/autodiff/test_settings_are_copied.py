"""What an operation is told is copied, as values are: whoever reuses an array changes no gradient."""

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.learning.text import Sentences


def overwritten(setting):
    """Write something else into a setting."""
    if isinstance(setting, tuple):
        for part in setting:
            overwritten(part)
    elif isinstance(setting, np.ndarray):
        setting[...] = np.roll(setting, 1) if setting.dtype == bool else 2
    elif isinstance(setting, list):
        setting[:] = [2] * len(setting)
    elif isinstance(setting, Sentences):
        setting.words[:] = 2


@pytest.mark.parametrize(
    "index",
    [
        np.array([0, 1]),
        [0, 1],
        np.array([True, False, False]),
        (np.array([0, 1]), [1, 0]),
        (slice(None), np.array([[0, 1], [1, 1]])),
        ([0, 1], slice(None)),
        (Ellipsis, np.array([True, False, True])),
    ],
)
def test_an_index_that_is_changed_afterwards_changes_no_gradient(index):
    x = ll.parameter(np.arange(9.0).reshape(3, 3), "x")
    loss = (x[index] ** 2).sum()
    expected = ll.backward(loss)[x].copy()
    overwritten(index)
    np.testing.assert_array_equal(ll.backward(loss)[x], expected)
    for fast in (False, True):
        value, gradients = ll.program(loss, fast=fast)(x=x.value)
        assert value == loss.value
        np.testing.assert_array_equal(np.asarray(gradients["x"]), expected)


def test_a_batch_of_sentences_that_is_changed_afterwards_changes_no_gradient():
    E = ll.parameter(np.arange(6.0).reshape(2, 3), "E")
    batch = ll.sentences([["a", "b"]], {"a": 0, "b": 1, "c": 2})
    loss = ll.encode_batch(batch, E).sum()
    overwritten(batch)
    np.testing.assert_array_equal(ll.backward(loss)[E], [[0.5, 0.5, 0.0]] * 2)


def test_one_buffer_serves_all_minibatches():
    E = ll.parameter(np.arange(6.0).reshape(2, 3), "E")
    buffer, loss = np.zeros(2, int), 0
    for words in ([0, 0], [1, 2]):
        buffer[:] = words
        loss = loss + E[:, buffer].sum()
    np.testing.assert_array_equal(ll.backward(loss)[E], [[2.0, 1.0, 1.0]] * 2)


def test_what_varies_is_still_known_by_the_object_that_was_handed_over():
    words = np.array([0, 1])
    E = ll.parameter(np.ones((2, 3)), "E")
    loss = (E[:, words] ** 2).sum()
    words[:] = 2
    for fast in (False, True):
        step = ll.program(loss, varying={"words": words}, fast=fast)
        _, gradients = step(E=np.ones((2, 3)), words=np.array([1, 1]))
        np.testing.assert_array_equal(gradients["E"], [[0.0, 4.0, 0.0]] * 2)
