"""Nodes: what people write with them, what they refuse, and the order in which they are computed."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.autodiff import PRIMITIVES, Node, ShapeError, primitive, topological_order


@pytest.fixture
def a():
    return ll.parameter(3.0, "a")


@pytest.fixture
def b():
    return ll.parameter(-2.0, "b")


def test_every_python_operator_works_between_nodes_and_numbers_on_either_side(a, b):
    x, y = 3.0, -2.0
    for node, number in [
        (a + b, x + y), (a + 2, x + 2), (2 + a, 2 + x),
        (a - b, x - y), (a - 2, x - 2), (2 - a, 2 - x),
        (a * b, x * y), (a * 2, x * 2), (2 * a, 2 * x),
        (a / b, x / y), (a / 2, x / 2), (2 / a, 2 / x),
        (a**b, x**y), (a**2, x**2), (a**3, x**3), (a**-1, 1 / x), (2**a, 2**x), (a**0.5, x**0.5),
        (-a, -x), (+a, x), (abs(b), abs(y)),
    ]:  # fmt: skip
        assert isinstance(node, Node)
        assert float(node.value) == pytest.approx(number)


def test_matrix_products_follow_numpy_for_every_pair_of_vector_and_matrix():
    rng = np.random.default_rng(0)
    A, B, u, v = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=4), rng.normal(size=3)
    stack = rng.normal(size=(5, 3, 4))
    for left, right in [(A, B), (A, u), (v, A), (u, u), (stack, B), (stack, stack.swapaxes(1, 2))]:
        expected = left @ right
        for product in (ll.data(left) @ ll.data(right), ll.data(left) @ right, left @ ll.data(right)):
            np.testing.assert_allclose(product.value, expected)


def test_numpys_own_functions_take_nodes_where_there_is_a_derivative(a):
    assert isinstance(np.exp(a), Node)
    assert np.exp(a).primitive is PRIMITIVES["exp"]
    assert (np.array([1.0, 2.0]) * a).value.tolist() == [3.0, 6.0]
    assert (np.float64(2) * a).primitive is PRIMITIVES["multiply"]
    np.testing.assert_allclose((np.eye(2) @ ll.data([1.0, 2.0])).value, [1, 2])


@pytest.mark.parametrize("f", [np.floor, np.sum, np.dot, np.add.reduce])
def test_a_numpy_function_without_a_derivative_says_what_to_use_instead(f, a):
    with pytest.raises(TypeError, match="not take nodes"):
        f(*[a] * (2 if f is np.dot else 1))


def test_a_node_that_is_added_into_an_array_is_told_to_make_a_new_one(a):
    total = np.zeros(2)
    with pytest.raises(
        TypeError, match=r"^np\.add would .* write total = total \+ node, not total \+= node$"
    ):
        total += a
    with pytest.raises(TypeError, match=r"^np\.exp would write into an array \(out=\)"):
        np.exp(a, out=total)


def test_what_a_ufunc_does_besides_is_named_and_not_the_ufunc(a):
    with pytest.raises(TypeError, match=r"^np\.add\.reduce does not take nodes: use ll\.sum$"):
        np.add.reduce(a)
    with pytest.raises(TypeError, match=r"^np\.add\.accumulate has no derivative here"):
        np.add.accumulate(a)
    with pytest.raises(TypeError, match=r"^np\.multiply\.outer has no derivative here"):
        np.multiply.outer(a, a)
    with pytest.raises(TypeError, match=r"^np\.multiply\.reduce has no derivative here"):
        np.multiply.reduce(a, out=np.zeros(()))


def test_a_node_does_not_change(a):
    W = ll.parameter(np.ones((2, 2)), "W")
    with pytest.raises(AttributeError):
        a.value = 4.0
    with pytest.raises(AttributeError):
        a.name = "c"
    with pytest.raises(ValueError, match="read-only"):
        W.value[0, 0] = 5
    with pytest.raises(ValueError, match="read-only"):
        (W @ W).value[0, 0] = 5


def test_a_leaf_keeps_its_value_when_the_array_it_was_made_from_changes():
    array = np.array([1.0, 2.0])
    node = ll.data(array)
    array[0] = 100
    assert node.value.tolist() == [1.0, 2.0]


def test_nodes_are_equal_only_to_themselves(a):
    same_value = ll.parameter(3.0, "a")
    assert a == a
    assert a != same_value
    assert len({a, same_value, a}) == 2


def test_naming_gives_a_new_node_and_leaves_the_old_one(a, b):
    c = a * b
    named = c.named("c")
    assert (c.name, named.name) == ("", "c")
    assert named.parents == c.parents
    assert named.value == c.value


def test_an_operand_used_twice_is_two_edges(a):
    assert (a * a).parents == (a, a)


def test_integers_and_booleans_become_floats():
    assert ll.data(3).value.dtype == np.float64
    assert ll.data([True, False]).value.tolist() == [1.0, 0.0]
    assert ll.data(np.arange(3)).value.dtype == np.float64


@pytest.mark.parametrize("value", ["three", None, [1, [2, 3]], 1j, {"a": 1}, object()])
def test_a_leaf_that_is_not_made_of_numbers_is_refused_with_its_name(value):
    with pytest.raises(TypeError, match=r"w: expected a number or an array of numbers"):
        ll.parameter(value, "w")


def test_a_node_is_not_wrapped_in_another(a):
    with pytest.raises(TypeError, match="already a node"):
        ll.parameter(a, "b")


def test_a_node_has_no_truth_of_its_own(a):
    with pytest.raises(TypeError, match=r"a is neither true nor false: test a\.value"):
        bool(a)


def test_a_node_is_not_silently_made_an_array(a):
    with pytest.raises(TypeError, match=r"its array is a\.value"):
        np.asarray(a)


def test_rows_of_a_node_can_be_looped_over():
    rows = list(ll.data([[1.0, 2.0], [3.0, 4.0]]))
    assert [row.value.tolist() for row in rows] == [[1, 2], [3, 4]]
    with pytest.raises(TypeError, match="x is a scalar"):
        list(ll.data(1.0, "x"))


def into(array):
    """What writes into an array."""

    def write(node):
        array[0] = node

    return write


@pytest.mark.parametrize(
    "as_number",
    [
        float, int, complex, round, lambda node: round(node, 1), math.exp, math.sqrt, math.floor,
        math.ceil, math.trunc, range,
        into(np.zeros(2)), np.zeros(2).fill, lambda node: np.fromiter([node, node], float),
        lambda node: np.full(2, node), lambda node: np.array([node]), lambda node: [1, 2][node],
    ],
)  # fmt: skip
def test_a_node_that_would_leave_the_graph_as_a_number_is_refused_and_the_way_is_named(as_number):
    with pytest.raises((TypeError, ValueError)) as refused:
        as_number(ll.parameter(2.0, "h"))
    # NumPy puts an error of its own above, where a number is written into an array.
    said = f"{refused.value} {refused.value.__cause__}"
    assert "h is a node" in said
    assert "h.value" in said


def test_reshape_takes_a_shape_or_its_sizes():
    x = ll.data(np.arange(6))
    for reshaped in (x.reshape(2, 3), x.reshape((2, 3)), x.reshape(2, -1)):
        assert reshaped.shape == (2, 3)
    assert x.reshape(-1).shape == (6,)


W43, x2 = ll.parameter(np.ones((4, 3)), "W"), ll.data(np.ones(2), "x")


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: W43 @ x2, r"matvec: W \(4, 3\) and x \(2,\) disagree: 3 != 2"),
        (lambda: x2 + ll.data(np.ones(3), "b"), r"add: x \(2,\) and b \(3,\) disagree: 2 != 3"),
        (lambda: W43 * np.ones((4, 2)), r"multiply: W \(4, 3\) and b \(4, 2\) disagree: 3 != 2"),
        (lambda: x2 @ W43, r"@: x \(2,\) and W \(4, 3\) disagree: 2 != 4"),
        (lambda: np.ones(3) @ W43, r"@: a \(3,\) and W \(4, 3\) disagree: 3 != 4"),
        (
            lambda: x2 @ np.ones((5, 2, 3)),
            r"@: x \(2,\) and b \(5, 2, 3\) do not fit: a \(n,\), b \(n, m\)",
        ),
        (lambda: W43 @ W43, r"matmul: W \(4, 3\) and W \(4, 3\) disagree: 3 != 4"),
        (lambda: ll.matvec(x2, x2), r"matvec: x has shape \(2,\); expected W \(n, m\), x \(m,\)"),
        (lambda: x2 @ 3.0, r"@: x \(2,\) and b \(\): a matrix product takes vectors and matrices"),
        (lambda: ll.cross_entropy(W43, x2), r"cross_entropy: W \(4, 3\) and x \(2,\) disagree: 3 != 2"),
        (lambda: ll.softmax(3.0), r"softmax: o has shape \(\); expected o \(\.\.\., C\)"),
        (lambda: W43.reshape(5, 5), r"reshape: W \(4, 3\): cannot reshape"),
        (lambda: W43.sum(axis=2), r"sum: W \(4, 3\): axis 2 is out of bounds"),
        (lambda: ll.dot([1.0, 2.0], [1.0, 2.0, 3.0]), r"dot: a \(2,\) and b \(3,\) disagree: 2 != 3"),
    ],
)
def test_shapes_that_do_not_fit_are_named_with_the_operation(mistake, message):
    with pytest.raises(ShapeError, match=message):
        mistake()


def test_an_index_outside_is_named_with_the_operation():
    with pytest.raises(IndexError, match=r"pick: W \(4, 3\): index 7 is out of bounds"):
        W43[7]


def test_a_derivative_with_the_wrong_arguments_is_refused_where_it_is_defined():
    @primitive("{a}", "a (...) -> z (...)", symbol="id")
    def identity_for_this_test(a):
        return a

    try:
        with pytest.raises(TypeError, match=r"takes \(d_z, z, a\) and a formula for each of a; got \(d, a\)"):
            identity_for_this_test.vjp("{d_z}")(lambda d, a: (d,))
        with pytest.raises(NotImplementedError, match="has no derivative yet"):
            ll.backward(identity_for_this_test(ll.data(1.0)))
        with pytest.raises(TypeError, match="there is a primitive identity_for_this_test already"):
            primitive("{a}", "a (...) -> z (...)", symbol="id")(identity_for_this_test.forward)
    finally:
        del PRIMITIVES["identity_for_this_test"]


def test_a_primitive_whose_shapes_name_other_operands_is_refused():
    with pytest.raises(TypeError, match="takes a, b, but its shapes are"):

        @primitive("{a}", "a (...) -> z (...)", symbol="?")
        def two_operands(a, b):
            return a


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=40))
def test_the_order_has_every_node_once_and_parents_before_children(links):
    nodes = [ll.data(1.0)]
    for i, j in links:
        nodes.append(nodes[i % len(nodes)] * nodes[j % len(nodes)])
    order = topological_order(nodes[-1])
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert isinstance(order, list)
    assert order[-1] is nodes[-1]
    assert all(place[parent] < place[node] for node in order for parent in node.parents)

    def needed(node, found):
        return found if node in found else {node}.union(found, *(needed(p, found) for p in node.parents))

    assert set(order) == needed(nodes[-1], set())


def test_a_chain_a_hundred_thousand_deep_is_built_ordered_differentiated_and_freed():
    assert sys.getrecursionlimit() < 100_000
    x = node = ll.parameter(1.0, "x")
    for _ in range(100_000):
        node = node + 1.0
    record = ll.backward(node)
    assert record[x] == 1.0
    assert len(record.nodes) == 200_001
    del node, record


def test_a_ladder_of_sixty_shared_nodes_is_done_at_once():
    x = node = ll.parameter(1.0, "x")
    for _ in range(60):
        node = node + node
    record = ll.backward(node)
    assert len(record.nodes) == 61
    assert record[x] == 2.0**60
