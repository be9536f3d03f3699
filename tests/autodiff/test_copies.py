"""Nodes, records, primitives and programs are copied and pickled."""

import copy
import pickle

import numpy as np
import pytest

import lecture_lib as ll


@pytest.fixture
def graph():
    x = ll.parameter([1.0, 2.0], "x")
    words = np.array([0, 0, 1])
    return x, (ll.softmax(x)[words] * x.sum()).sum().named("loss")


def test_a_copy_of_a_node_a_record_or_a_primitive_is_itself(graph):
    x, loss = graph
    for one in (x, loss, ll.backward(loss), ll.softmax):
        assert copy.copy(one) is one
        assert copy.deepcopy({"in": [one]})["in"][0] is one


def test_a_pickled_graph_has_its_values_and_gradients(graph):
    x, loss = graph
    record = ll.backward(loss)
    again, x_again = pickle.loads(pickle.dumps((record, x)))
    np.testing.assert_array_equal(again["x"], record["x"])
    np.testing.assert_array_equal(again[x_again], record[x])
    np.testing.assert_array_equal(ll.backward(again.root)[x_again], record[x])
    assert again.root.value == loss.value
    with pytest.raises(ValueError, match="read-only"):
        x_again.value[0] = 5.0


def test_a_record_of_a_deep_graph_is_pickled():
    node = x = ll.parameter(1.0, "x")
    for _ in range(5000):
        node = node * 1.0001
    record = ll.backward(node)
    assert pickle.loads(pickle.dumps(record))["x"] == record[x]


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda step: pickle.loads(pickle.dumps(step))])
def test_a_copy_of_a_program_computes_the_same_in_arrays_of_its_own(graph, fast, copied):
    _, loss = graph
    step = ll.program(loss, fast=fast)
    again = copied(step)
    value, gradients = step(x=[3.0, 4.0])
    kept = gradients["x"].copy()
    again(x=[0.0, 0.0])
    np.testing.assert_array_equal(gradients["x"], kept)
    assert again(x=[3.0, 4.0])[0] == value


def test_a_compiled_loss_is_pickled_without_its_programs():
    fast = ll.compiled(ll.mlp_loss)
    assert pickle.loads(pickle.dumps(fast)).loss is ll.mlp_loss
    assert copy.deepcopy(fast).loss is ll.mlp_loss
