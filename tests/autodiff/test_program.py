"""The record written out as a NumPy program. That it agrees with the record is tested over the registry."""

import re
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.autodiff import PRIMITIVES, primitive
from lecture_lib.show.known import names_of


@pytest.fixture(scope="module", params=[False, True], ids=["to read", "to run"])
def program(request):
    """What writes a program, in the words that are read and in those that run."""
    return partial(ll.program, fast=request.param)


@pytest.fixture
def sentence():
    """The lecture's network on "duck duck goose", and its parameters and label."""
    example = ll.duck_goose()
    graph = ll.sentence_graph(example)
    return graph["loss"], {**example.params, "y": example.y}


def test_the_lectures_network_has_the_gradients_of_its_record(program, sentence):
    loss, values = sentence
    record = ll.backward(loss)
    value, gradients = program(loss)(**values)
    assert value == pytest.approx(record.root.value, rel=1e-12, abs=0)
    for name in ("E", "W", "b", "U"):
        np.testing.assert_allclose(gradients[name], record[name], rtol=1e-12, atol=1e-15)


def test_the_printed_source_runs_as_it_stands(program, sentence):
    loss, values = sentence
    step = program(loss)
    space = {"np": np, **step.constants}
    exec(step.source, space)
    value, gradients = space["loss_and_gradients"](**{name: values[name] for name in step.inputs})
    expected_value, expected = step(**values)
    assert value == expected_value
    np.testing.assert_array_equal(np.asarray(gradients["E"]), expected["E"])


def test_the_program_of_the_lectures_network_needs_nothing_but_numpy(sentence):
    assert ll.program(sentence[0]).constants == {}
    step = ll.program(sentence[0], fast=True)
    assert step.constants == {}
    for line in ("places = np.array([0, 0, 1])", "shares_3 = np.full(3, 1 / 3)", "ones_2 = np.ones(2)"):
        assert line in step.source


def test_a_program_of_long_arrays_says_first_what_they_are_called_and_how_it_is_run():
    E = ll.parameter(np.arange(150.0).reshape(3, 50), "E")
    p = ll.program((E[:, np.arange(2048) % 50] ** 2).sum())
    first = p.source.splitlines()[0]
    assert first.startswith("# Besides np, this uses places of the program p: ")
    said = re.search(r"exec\(p\.source, (.*)\)$", first)[1]
    space = eval(said, {"np": np, "p": p})
    exec(p.source, space)
    loss, gradients = space["loss_and_gradients"](E.value)
    expected_loss, expected = p(E=E.value)
    assert loss == expected_loss
    np.testing.assert_array_equal(gradients["E"], expected["E"])


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=15)
    | st.tuples(st.floats(), st.integers(1, 30)).map(lambda one_and_n: [one_and_n[0]] * one_and_n[1])
)
@example([0.0, -0.0])
@example([1e-320])
def test_a_fixed_array_is_the_same_in_the_source_to_the_last_bit(program, numbers):
    fixed = np.array(numbers)
    x = ll.parameter(np.ones(len(numbers)), "x")
    with np.errstate(all="ignore"):
        step = program((x * fixed).sum())
        space = {"np": np, **step.constants}
        exec(step.source, space)
        _, gradients = space["loss_and_gradients"](x.value)
    assert gradients["x"].tobytes() == fixed.tobytes()


def test_the_lectures_network_reads_as_one_would_have_derived_it(sentence):
    assert (
        ll.program(sentence[0]).source
        == """\
def softmax(o):
    t = np.exp(o - o.max())
    return t / t.sum()


def loss_and_gradients(y, U, W, E, b):
    X = E[:, [0, 0, 1]]
    h0 = X.mean(axis=1)
    a = W @ h0
    z = a + b
    h = np.maximum(z, 0)
    o = U @ h
    p = softmax(o)
    q = np.log(p)
    loss = -(y * q).sum()

    d_q = -y
    d_p = d_q / p  # d_p = d_q / p
    d_o = p * (d_p - (d_p * p).sum())  # d_o = p × (d_p − d_p · p)
    d_U = np.outer(d_o, h)  # d_U = d_o hᵀ
    d_h = U.T @ d_o  # d_h = Uᵀ d_o
    d_z = d_h * (z > 0)  # d_z = d_h where z > 0, else 0
    d_a = d_z
    d_b = d_z
    d_W = np.outer(d_a, h0)  # d_W = d_a h0ᵀ
    d_h0 = W.T @ d_a  # d_h0 = Wᵀ d_a
    d_X = np.broadcast_to((d_h0 / 3)[:, np.newaxis], (2, 3))  # d_X = d_h0 / n for every one of n entries
    d_E = np.zeros_like(E)
    np.add.at(d_E, (slice(None), [0, 0, 1]), d_X)  # d_E = d_X, added up where E was picked
    return loss, {"U": d_U, "W": d_W, "E": d_E, "b": d_b}"""
    )


def test_what_runs_keeps_the_names_and_says_the_formula_beside_each(sentence):
    source = ll.program(sentence[0], fast=True).source
    for line in (
        "maximum(z, c0, out=h)  # h = ReLU(z)",
        "X.dot(shares_3, h0)  # h0 = mean(X)",
        "divide(d_q, p, d_p)  # d_p = d_q / p",
        "U.dot(h, o)  # o = U h",
        "  # d_U = d_o hᵀ",
        "  # d_h = Uᵀ d_o",
    ):
        assert line in source


def test_what_is_not_asked_for_is_not_computed(program, sentence):
    loss, values = sentence
    record = ll.backward(loss)
    step = program(loss, wrt=[record.node("U")])
    assert "d_U" in step.source
    assert "d_W" not in step.source
    assert "d_h" not in step.source
    _, gradients = step(**values)
    assert list(gradients) == ["U"]


def test_a_gradient_that_comes_along_several_paths_is_added_up(program):
    x = ll.parameter(3.0, "x")
    step = program(((x + 1) * x * x + x).named("loss"))
    value, gradients = step(x=2.0)
    assert value == 3.0 * 4.0 + 2.0
    assert gradients["x"] == pytest.approx(3 * 4 + 2 * 2 + 1)


def test_a_parameter_that_the_loss_does_not_depend_on_has_gradient_nought(program):
    x, unused = ll.parameter(3.0, "x"), ll.parameter(np.ones(2), "unused")
    _, gradients = program(x * x, wrt=[x, unused])(x=1.0)
    assert gradients["unused"].tolist() == [0, 0]


def test_buffers_are_made_once_and_written_at_each_call(sentence):
    loss, values = sentence
    step = ll.program(loss, fast=True)
    _, first = step(**values)
    _, second = step(**values)
    assert all(first[name] is second[name] for name in ("W", "b", "U"))


@pytest.mark.parametrize("order", ["C", "F"])
def test_words_may_be_counted_from_the_end_and_come_twice(program, order):
    E = ll.parameter(np.asarray(np.arange(12.0).reshape(3, 4), order=order), "E")
    step = program((E[:, [0, -1, 3, -4]] ** 2).sum())
    new = np.asarray(np.arange(12.0).reshape(3, 4)[:, ::-1], order=order)
    value, gradients = step(E=new)
    assert value == 2 * np.sum(new[:, [0, 3]] ** 2)
    np.testing.assert_array_equal(gradients["E"], new * [4, 0, 0, 4])


def test_gradients_that_the_caller_overwrites_are_right_again_at_the_next_call(program, sentence):
    loss, values = sentence
    step = program(loss)
    expected = {name: np.array(d) for name, d in step(**values)[1].items()}
    for gradient in step(**values)[1].values():
        gradient[...] = np.nan
    for name, gradient in step(**values)[1].items():
        np.testing.assert_array_equal(gradient, expected[name])


@pytest.mark.parametrize("given", [[1, 2], (1, 2), np.array([1, 2]), np.array([1.0, 2.0], dtype=np.float32)])
def test_inputs_may_be_lists_and_arrays_of_other_numbers(program, given):
    x = ll.parameter([3.0, 4.0], "x")
    value, gradients = program((x * x).sum())(x=given)
    assert value == 5
    assert gradients["x"].tolist() == [2, 4]


def test_another_shape_says_which_input_and_which_shape(program, sentence):
    loss, values = sentence
    with pytest.raises(ll.ShapeError, match=r"program: b has shape \(3,\); it was written for \(2,\)"):
        program(loss)(**{**values, "b": np.zeros(3)})


def test_inputs_that_are_missing_or_unknown_are_named(program, sentence):
    loss, values = sentence
    step = program(loss)
    without = {name: value for name, value in values.items() if name != "W"}
    with pytest.raises(TypeError, match=r"program: it takes .*W.*; got y, U, E, b"):
        step(**without)
    with pytest.raises(TypeError, match=r"program: it takes .*; got .*learning_rate"):
        step(**values, learning_rate=0.1)


def test_a_loss_that_is_no_scalar_is_refused(program):
    with pytest.raises(ll.ShapeError, match=r"program: z has shape \(2,\); expected a scalar"):
        program((ll.parameter([1.0, 2.0], "x") * 2).named("z"))


@pytest.mark.parametrize("name", ["two words", "class", "np"])
def test_a_leaf_whose_name_is_no_name_in_python_is_refused(program, name):
    with pytest.raises(ValueError, match="cannot name an input"):
        program(ll.parameter(1.0, name) * 2)


def test_two_leaves_of_one_name_are_refused(program):
    with pytest.raises(ValueError, match="'x' cannot name an input: it must be a name, used once"):
        program(ll.parameter(1.0, "x") * ll.parameter(2.0, "x"))


def test_names_that_collide_with_gradients_or_each_other_are_kept_apart(program):
    w, d_w = ll.parameter(2.0, "w"), ll.parameter(3.0, "d_w")
    step = program((((w * d_w).named("a") + w).named("a") * w).named("loss"))
    value, gradients = step(w=2.0, d_w=3.0)
    assert value == (2 * 3 + 2) * 2
    assert gradients == {"w": pytest.approx(2 * 2 * 3 + 2 * 2), "d_w": pytest.approx(4.0)}


def test_a_setting_that_varies_is_an_input(program):
    E = ll.parameter(np.arange(8.0).reshape(2, 4), "E")
    words = np.array([0, 1, 1])
    step = program((ll.pick(E, index=(slice(None), words)) ** 2).sum(), wrt=[E])
    assert list(step.inputs) == ["E"]

    index = (slice(None), words)
    varying = program((ll.pick(E, index=index) ** 2).sum(), varying={"words": index})
    for chosen in ([0, 1, 1], [3, 3, 3], [2, 0, 1]):
        value, gradients = varying(E=E.value, words=(slice(None), chosen))
        record = ll.backward((ll.pick(E, index=(slice(None), chosen)) ** 2).sum())
        assert value == record.root.value
        np.testing.assert_array_equal(gradients["E"], record[E])


def test_a_primitive_that_cannot_be_traced_is_called_as_it_is(program):
    @primitive("sorted({a})", "a (...) -> z (...)", symbol="sort")
    def sorted_for_this_test(a):
        return np.array(sorted(a.tolist()))

    @sorted_for_this_test.vjp("{d_z} in the order of {a}")
    def sorted_vjp(d_z, z, a):
        d_a = np.empty(len(a))
        for place, value in enumerate(z):
            d_a[a.tolist().index(value)] = d_z[place]
        return (d_a,)

    try:
        x = ll.parameter([3.0, 1.0, 2.0], "x")
        step = program((sorted_for_this_test(x) * np.array([1.0, 10.0, 100.0])).sum())
        assert "sorted_for_this_test(x)" in step.source
        _, gradients = step(x=np.array([5.0, 7.0, 6.0]))
        assert gradients["x"].tolist() == [1, 100, 10]
    finally:
        del PRIMITIVES["sorted_for_this_test"]


def test_a_deep_graph_becomes_a_long_program(program):
    x = node = ll.parameter(1.0, "x")
    for _ in range(10_000):
        node = node * 1.0001 + 0.001
    value, gradients = program(node)(x=1.0)
    record = ll.backward(node)
    assert value == record.root.value
    assert gradients["x"] == record[x]


def test_a_deep_pile_of_views_becomes_a_program(program):
    x = node = ll.parameter([1.0, 2.0], "x")
    for _ in range(2000):
        node = node.reshape(1, 2).reshape(2)
    _, gradients = program(node.sum())(x=x.value)
    assert gradients["x"].tolist() == [1.0, 1.0]


def test_names_of_numpys_functions_may_be_names_of_nodes(program):
    exp, maximum = ll.parameter([1.0, 2.0], "exp"), ll.parameter([3.0, -4.0], "maximum")
    loss = (ll.exp(exp) * ll.relu(maximum)).named("multiply").sum()
    _, gradients = program(loss)(exp=[0.0, 0.0], maximum=[5.0, 1.0])
    assert gradients["exp"].tolist() == [5.0, 1.0]
    assert gradients["maximum"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("axis", [0, -1, None])
@pytest.mark.parametrize("keepdims", [True, False])
def test_a_vector_that_is_summed_keeps_its_axis_if_it_should(program, axis, keepdims):
    x = ll.parameter([1.0, 2.0, 3.0], "x")
    total = ll.sum(x, axis=axis, keepdims=keepdims).named("total")
    loss = (ll.softmax(total.reshape(1)) * total * x).sum()
    value, gradients = program(loss, wrt=[x])(x=x.value)
    record = ll.backward(loss)
    assert value == record.root.value
    np.testing.assert_allclose(gradients["x"], record[x], rtol=1e-12)


@pytest.mark.parametrize("reduction", [np.add, np.maximum, np.minimum, np.multiply, np.logaddexp])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3)])
@pytest.mark.parametrize("keepdims", [True, False])
def test_a_reduction_runs_over_the_axis_that_it_was_told(program, reduction, shape, keepdims):
    @primitive("r({a})", "a (...) -> z (...)", symbol="r")
    def reduced_for_this_test(a, *, axis):
        return reduction.reduce(a, axis=axis, keepdims=keepdims)

    @reduced_for_this_test.vjp("{d_z} in some way")
    def reduced_vjp(d_z, z, a, *, axis):
        return (a * reduction.reduce(reduction.reduce(a, axis=axis), axis=None),)

    try:
        x = ll.parameter(np.arange(1.0, 1 + np.prod(shape)).reshape(shape), "x")
        for axis in {None, 0, -1, max(0, len(shape) - 1)}:
            loss = ll.sum(reduced_for_this_test(x, axis=axis) ** 2)
            value, gradients = program(loss)(x=x.value)
            assert value == pytest.approx(float(loss.value), rel=1e-12, abs=0)
            np.testing.assert_allclose(gradients["x"], ll.backward(loss)[x], rtol=1e-12)
    finally:
        del PRIMITIVES["reduced_for_this_test"]


def test_no_gradient_is_another_ones_array_or_an_inputs_or_a_constant(program):
    a, b = ll.parameter([1.0, 2.0], "a"), ll.parameter([3.0, 4.0], "b")
    c, d = ll.parameter([5.0, 6.0], "c"), ll.parameter([[7.0, 8.0]], "d")
    # d_a is b, d_b is a; d_c is ones; d_d is what d_c is.
    loss = ll.dot(a, b) + (c + d).sum() + ll.transpose(d).sum()
    step = program(loss)
    values = {node.name: np.array(node.value) for node in (a, b, c, d)}
    expected = ll.backward(loss)
    for _ in range(2):
        _, gradients = step(**values)
        for node in (a, b, c, d):
            np.testing.assert_array_equal(gradients[node.name], expected[node])
        for gradient in gradients.values():
            gradient *= np.nan
        for node in (a, b, c, d):
            np.testing.assert_array_equal(values[node.name], node.value)


def looked_up(words):
    """The loss and the matrix of a sentence's words, as the lecture looks them up."""
    E = ll.parameter(np.arange(8.0).reshape(2, 4), "E")
    return E, (E[:, words].mean(axis=1) ** 2).sum().named("loss")


def test_the_words_of_a_sentence_are_an_input(program):
    words = np.array([0, 1, 1])
    E, loss = looked_up(words)
    step = program(loss, varying={"words": words})
    assert "E[:, words]" in step.source
    for chosen in ([0, 1, 1], np.array([3, 3, -1]), np.array([2, 0, 1], dtype=np.int32)):
        value, gradients = step(E=E.value, words=chosen)
        same_E, same_loss = looked_up(chosen)
        assert value == pytest.approx(same_loss.value, rel=1e-12, abs=0)
        np.testing.assert_allclose(gradients["E"], ll.backward(same_loss)[same_E], rtol=1e-12)


def test_a_sentence_of_another_length_or_words_that_are_no_places_are_refused(program):
    words = np.array([0, 1, 1])
    E, loss = looked_up(words)
    step = program(loss, varying={"words": words})
    with pytest.raises(ll.ShapeError, match=r"words has shape \(2,\); it was written for \(3,\)"):
        step(E=E.value, words=np.array([0, 1]))
    with pytest.raises(TypeError, match=r"words: expected whole numbers, got float64"):
        step(E=E.value, words=np.array([0.0, 1.0, 1.0]))
    with pytest.raises(IndexError, match="4 is out of bounds"):
        step(E=E.value, words=np.array([0, 1, 4]))


def test_what_varies_but_is_no_setting_is_refused(program):
    _, loss = looked_up(np.array([0, 1, 1]))
    with pytest.raises(ValueError, match="no operation of the graph is set to words"):
        program(loss, varying={"words": np.array([0, 1, 1])})


def test_words_that_are_missing_are_named_too(program):
    for words in (np.array([0, 1, 1]), [0, 1, 1]):
        E, loss = looked_up(words)
        step = program(loss, varying={"words": words})
        with pytest.raises(TypeError, match="program: it takes words, E; got E"):
            step(E=E.value)


def test_a_program_may_take_nothing(program):
    step = program(ll.constant(2.0) * ll.constant(3.0))
    assert step() == (6.0, {})
    with pytest.raises(TypeError, match="program: it takes nothing; got x"):
        step(x=1.0)


def test_a_number_may_be_used_as_a_number_and_in_an_array(program):
    a, b = ll.parameter([1.0, 2.0], "a"), ll.parameter([3.0, 5.0], "b")
    total = ll.dot(a, b).named("total")
    loss = (total * a).sum() + total**3
    step = program(loss)
    for scale in (1.0, -2.0):
        values = {"a": scale * a.value, "b": b.value}
        value, gradients = step(**values)
        expected, d = ll.value_and_grad(lambda p: _again(p["a"], p["b"]))(values)
        assert value == pytest.approx(expected, rel=1e-12, abs=0)
        assert type(value) is np.float64
        for name in values:
            np.testing.assert_allclose(gradients[name], d[name], rtol=1e-12)


def _again(a, b):
    return (ll.dot(a, b) * a).sum() + ll.dot(a, b) ** 3


def test_a_rule_that_decides_by_the_numbers_is_called_as_it_is(program):
    @primitive("clipped({a})", "a (...) -> z (...)", symbol="clip")
    def clipped_for_this_test(a):
        return a if a.max() > 0 else a * 0.0

    @clipped_for_this_test.vjp("{d_z} where anything is positive")
    def clipped_vjp(d_z, z, a):
        return (d_z if a.max() > 0 else d_z * 0.0,)

    try:
        x = ll.parameter([3.0, 1.0], "x")
        step = program((clipped_for_this_test(x) * 2.0).sum())
        for value in (x.value, -x.value):
            _, gradients = step(x=value)
            assert gradients["x"].tolist() == ([2.0, 2.0] if value.max() > 0 else [0.0, 0.0])
    finally:
        del PRIMITIVES["clipped_for_this_test"]


def scalar(name, value=2.0):
    return ll.parameter(value, name)


@pytest.mark.parametrize(
    "loss_of",
    [
        lambda x, y: x.sum() + y.mean(),
        lambda x, y: (x + y).sum() ** 2,
        lambda x, y: ll.exp(x.reshape(1)).sum() * y,
        lambda x, y: ll.exp(x.reshape(1)).reshape(()) + y,
        lambda x, y: ll.exp(x.reshape(1) * y)[0, ...],
        lambda x, y: x.reshape(1)[..., 0],
        lambda x, y: x * y,
    ],
)
def test_numbers_that_come_back_are_numbers_that_nothing_can_change(program, loss_of):
    x, y = scalar("x"), scalar("y", 0.5)
    step = program(loss_of(x, y))
    given = {"x": 2.0, "y": 0.5}
    first, gradients = step(**{name: given[name] for name in step.inputs})
    kept = dict(gradients)
    step(**{name: -given[name] for name in step.inputs})
    record = ll.backward(loss_of(x, y))
    assert (type(first), first) == (np.float64, pytest.approx(record.root.value, rel=1e-12, abs=0))
    for name, node in [(node.name, node) for node in (x, y) if node.name in kept]:
        assert type(kept[name]) is np.float64
        assert kept[name] == pytest.approx(record[node], rel=1e-12, abs=0)


def test_a_parameter_that_the_loss_does_not_use_has_the_gradient_nought(program):
    x, b = scalar("x"), scalar("b")
    _, gradients = program(x * x, wrt=[x, b])(x=1.0)
    assert type(gradients["b"]) is np.float64
    assert gradients["b"] == 0


def test_no_gradient_shares_memory_in_whatever_order_the_numbers_lie(program):
    a, b = ll.parameter(np.ones(6), "a"), ll.parameter(np.asfortranarray(np.ones((2, 3))), "b")
    x, fixed = ll.data(np.ones((2, 3)), "x"), ll.constant(np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    y = ll.exp(x.T)
    loss = ll.dot(a, y.reshape(6) + b.reshape(-1)) + ll.dot(a, b.reshape(6)) + ll.dot(a, fixed.reshape(-1))
    step = program(loss)
    given = {"a": np.ones(6), "b": np.ones((2, 3)), "x": np.ones((2, 3))}
    before, gradients = step(**given)
    for name, gradient in gradients.items():
        assert not any(np.shares_memory(gradient, other) for other in given.values())
        assert not any(np.shares_memory(gradient, gradients[other]) for other in gradients if other != name)
        gradient *= 0
    assert step(**given)[0] == before


@pytest.mark.parametrize("repeat", [lambda c: c, lambda c: c.reshape(5)])
def test_a_gradient_is_never_a_constants_array(program, repeat):
    numbers = np.arange(5.0)
    a, b = ll.parameter(np.ones(5), "a"), ll.parameter(np.ones(5), "b")
    loss = ll.dot(a, ll.constant(numbers)) + ll.dot(b, repeat(ll.constant(numbers.copy())))
    step = program(loss)
    given = {"a": np.ones(5), "b": np.ones(5)}
    _, gradients = step(**given)
    for gradient in gradients.values():
        gradient *= 0
    assert step(**given)[0] == 20


def test_names_that_python_reads_as_one_are_two(program):
    # Python takes the letter ℓ for l.
    x, w = scalar("l"), scalar("w")
    value, gradients = program((x * w).named("ℓ") * x)(l=2.0, w=3.0)
    assert (value, gradients) == (12.0, {"l": 12.0, "w": 4.0})


def test_plain_numbers_are_computed_with_as_numpy_does(program):
    x = scalar("x", 1.0)
    with np.errstate(all="ignore"):
        assert np.isnan(program(x**0.5)(x=-1.0)[0])
        assert program(1 / x)(x=0.0)[0] == np.inf
        assert program(x / ll.constant(-0.0))(x=2)[0] == -np.inf
    assert program((x.reshape(1) * np.ones(3)).sum())(x=2)[0] == 6


def test_a_slice_that_varies_in_its_length_is_refused(program):
    x, w, chosen = ll.data(np.ones(4), "x"), scalar("w"), slice(0, 3)
    step = program((w * x[chosen] ** 2).sum(), varying={"chosen": chosen})
    assert step(x=np.arange(4.0), w=2.0, chosen=slice(1, 4))[0] == 2 * (1 + 4 + 9)
    with pytest.raises(ll.ShapeError, match=r"came the shape \(1,\); it was written for \(3,\)"):
        step(x=np.arange(4.0), w=2.0, chosen=slice(1, 2))


def test_what_cannot_be_told_apart_is_refused(program):
    words = np.array([0, 1, 1])
    _, loss = looked_up(words)
    with pytest.raises(ValueError, match="two names of varying stand for the same object"):
        program(loss, varying={"words": words, "again": words})
    with pytest.raises(ValueError, match="axis is 1; what varies is an array"):
        program(loss, varying={"axis": 1})
    x, other = scalar("x"), scalar("x")
    with pytest.raises(ValueError, match="two leaves in wrt have one name"):
        program(x * x, wrt=[x, other])


def test_an_array_of_words_may_be_written_into_after_the_program_is(program):
    words = np.arange(20) % 5
    E = ll.parameter(np.ones((3, 500)), "E")
    step = program((E[:, words] ** 2).sum() + E[:, words].sum())
    words[:] = 0
    _, gradients = step(E=np.ones((3, 500)))
    assert np.asarray(gradients["E"])[:, :6].tolist() == [[12.0] * 5 + [0.0]] * 3


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64])
def test_words_may_be_whole_numbers_of_any_size(program, dtype):
    words = np.array([0, 100, 2], dtype=dtype)
    E = ll.parameter(np.ones((2, 300)), "E")
    loss = (E[:, words] ** 2).sum()
    for gradient in (ll.backward(loss)[E], np.asarray(program(loss)(E=E.value)[1]["E"])):
        assert np.flatnonzero(gradient[0]).tolist() == [0, 2, 100]


def test_operations_on_constants_alone_are_called_as_they_are(program):
    x = scalar("x")
    rows = ll.constant(np.eye(3))[np.array([0, 2])]
    shared = ll.constant([1.0, 2.0]) ** 3 * ll.sqrt(ll.absolute(x) ** 3)
    loss = (rows * x).sum() + shared.sum() + ll.mean(ll.constant(3.0)) * x
    value, gradients = program(loss)(x=2.0)
    assert value == pytest.approx(loss.value, rel=1e-12, abs=0)
    assert gradients["x"] == pytest.approx(ll.backward(loss)[x], rel=1e-12, abs=0)


def halved_by_copy(a):
    z = np.empty(a.shape)
    np.copyto(z, a)
    return z * 0.5


def mean_of_the_positive(a):
    positive = a[a > 0]
    return np.sum(positive) / positive.size * np.ones(a.shape)


def running_sum(a):
    z = np.zeros(a.shape)
    np.cumsum(a, out=z)
    return z


def never_below_minus_infinity(a):
    return np.maximum(a, -np.inf)


def one_where_not_positive(a):
    return a * (1 - (a > 0))


def twice_in_one(a):
    return np.concatenate([a, a])[: len(a)] * 1.0


def with_both_noughts(a):
    return 2 * np.copysign(a, 0.0) + np.copysign(a, -0.0)


def distance_from_nought(a):
    return a / np.linalg.norm(a)


def test_an_operation_on_a_list_of_arrays_is_written_where_calls_may_go_as_deep_as_they_like():
    code = """
import sys
import numpy as np
import lecture_lib as ll

sys.setrecursionlimit(10**6)

@ll.primitive("f({a})", "a (n,) -> z (m,)", symbol="f")
def twice(a):
    return np.concatenate([a, a])

@twice.vjp("the sum of both halves")
def twice_vjp(d_z, z, a):
    return (d_z[: len(a)] + d_z[len(a) :],)

print(ll.program(twice(ll.parameter([3.0, 1.0], "x")).sum())(x=np.array([3.0, 1.0]))[0])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "8.0\n"), ran.stderr[-500:]


@pytest.mark.parametrize(
    "function",
    [
        halved_by_copy,
        mean_of_the_positive,
        running_sum,
        never_below_minus_infinity,
        one_where_not_positive,
        twice_in_one,
        with_both_noughts,
        distance_from_nought,
    ],
)
def test_whatever_numpy_an_operation_is_made_of_its_program_computes_the_same(program, function):
    made = primitive("f({a})", "a (...) -> z (...)", symbol="f")(function)

    @made.vjp("{d_z} in some way")
    def function_vjp(d_z, z, a):
        return (function(d_z) + a,)

    try:
        x = ll.parameter([3.0, -1.0, 2.0], "x")
        step = program((made(x) * np.array([1.0, 10.0, -100.0])).sum())
        for given in ([3.0, -1.0, 2.0], [-2.0, 5.0, 4.0]):
            value, gradients = step(x=np.array(given))
            other = ll.parameter(given, "x")
            record = ll.backward((made(other) * np.array([1.0, 10.0, -100.0])).sum())
            assert value == pytest.approx(record.root.value, rel=1e-12, abs=0)
            np.testing.assert_allclose(gradients["x"], record[other], rtol=1e-12)
    finally:
        del PRIMITIVES[function.__name__]


def test_a_loss_that_is_one_entry_of_an_input_is_a_number(program):
    x = ll.parameter([3.0], "x")
    given = np.array([3.0])
    value, _ = program(x[..., 0])(x=given)
    given[:] = 5.0
    assert (type(value), value) == (np.float64, 3.0)


@pytest.mark.parametrize("name", ["two words", "for", "__run", "E"])
def test_what_varies_needs_a_name_of_its_own(program, name):
    words = np.array([0, 1, 1])
    _, loss = looked_up(words)
    with pytest.raises(ValueError, match=f"'{name}' cannot name an input"):
        program(loss, varying={name: words})


def test_an_input_may_not_be_called_as_the_program_calls_its_own(program):
    with pytest.raises(ValueError, match="'__run' cannot name an input"):
        program(scalar("__run") * 2)


def test_an_input_may_be_called_self(program):
    this = ll.parameter(3.0, "self")
    value, gradients = program(this * this)(self=4.0)
    assert (value, gradients["self"]) == (16.0, 8.0)


def test_what_is_no_node_is_refused_as_such(program):
    w = ll.parameter(1.0, "w")
    with pytest.raises(TypeError, match="program: expected a node, got int"):
        program(3)
    for wrt in (["w"], "w", [w, 3.0]):
        with pytest.raises(TypeError, match="program: wrt: expected a node, got"):
            program(w * w, wrt=wrt)


@pytest.mark.parametrize("value", [None, "3", 1j, [1, [2]], {}])
def test_inputs_that_are_no_numbers_are_refused_by_name(program, value):
    w = ll.parameter(1.0, "w")
    with pytest.raises(TypeError, match="program: w: expected a number or an array of numbers"):
        program(w * w)(w=value)


def test_whole_numbers_stand_in_the_source_as_one_writes_them():
    x = ll.parameter(3.0, "x")
    loss = x * 25.0 + x * 999_999.0 + x * 1e6 + x * 0.5 - x * -0.0
    source = ll.program(loss).source
    for written in ("x * 25 ", "x * 999999", "x * 1000000.0", "x * 0.5", "x * (-0.0)"):
        assert written in source


def test_a_row_s_loss_is_written_once_in_a_program():
    o = ll.parameter([0.5, -0.2, 1.0], "o")
    for y in (ll.data([0.0, 1.0, 0.0], "y"), [0.0, 1.0, 0.0]):
        loss = ll.cross_entropy(o, y)
        source = ll.program(loss).source
        assert source.count("logaddexp") == 1
        assert "def cross_entropy" not in source
        fast = ll.program(loss, fast=True).source.splitlines()
        weighed = [line.strip() for line in fast if " where(" in line]  # of zero weights, only if it counts
        assert [line.startswith("if ") for line in weighed] == [True]


def test_values_without_a_name_are_numbered_as_in_the_pictures():
    a = ll.parameter([1.0, 2.0], "a")
    powers = ll.exp(a * np.array([3.0, 4.0]))
    loss = (powers * powers).sum()
    names = names_of(ll.forward(loss).nodes)
    line = next(line for line in ll.program(loss).source.splitlines() if "np.exp" in line)
    assert line.split(" = ")[0].strip() == names[powers] == "v3"


def test_one_leaf_may_be_asked_for_alone():
    w, x = ll.parameter(2.0, "w"), ll.parameter(3.0, "x")
    assert ll.program(w * x, x)(w=2.0, x=3.0)[1] == {"x": 2.0}
