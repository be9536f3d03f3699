"""The record of the forward and the backward pass."""

import dataclasses
import gc
import math
from functools import partial

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.autodiff import PRIMITIVES, Record, primitive


@pytest.fixture
def neuron():
    """The lecture's one-dimensional neuron with a squared error."""
    x, w, b, y = ll.data(2.0, "x"), ll.parameter(0.5, "w"), ll.parameter(-0.2, "b"), ll.data(2.0, "y")
    c = (w * x).named("c")
    d = (c + b).named("d")
    e = (y - d).named("e")
    return (e**2).named("loss")


def test_the_forward_record_has_every_value_and_says_that_gradients_are_not_computed(neuron):
    record = ll.forward(neuron)
    assert {n.name: pytest.approx(float(n.value)) for n in record.nodes} == {
        "x": 2.0, "w": 0.5, "b": -0.2, "y": 2.0, "c": 1.0, "d": 0.8, "e": 1.2, "loss": 1.44,
    }  # fmt: skip
    assert not record.has_gradients
    with pytest.raises(LookupError, match="not computed"):
        record["w"]


def test_the_backward_record_has_every_gradient_of_the_neuron(neuron):
    record = ll.backward(neuron)
    gradients = {"loss": 1.0, "e": 2.4, "y": 2.4, "d": -2.4, "b": -2.4, "c": -2.4, "w": -4.8, "x": -1.2}
    assert {name: pytest.approx(record[name]) for name in gradients} == gradients


def test_the_steps_go_forward_in_order_then_seed_then_back_in_reverse(neuron):
    steps = [(step.kind, step.node.name) for step in ll.backward(neuron).steps]
    assert steps == [
        ("forward", "c"), ("forward", "d"), ("forward", "e"), ("forward", "loss"),
        ("seed", "loss"),
        ("backward", "loss"), ("backward", "e"), ("backward", "d"), ("backward", "c"),
    ]  # fmt: skip
    assert [step.kind for step in ll.forward(neuron).steps] == ["forward"] * 4


def test_backward_twice_gives_the_same(neuron):
    first, second = ll.backward(neuron), ll.backward(neuron)
    assert all(first[node] == second[node] for node in first.nodes)


def test_a_reused_node_adds_up_its_gradients():
    x = ll.parameter(3.0, "x")
    a, b = (x + 1).named("a"), (x**2).named("b")
    record = ll.backward(a * b)
    received = {c.consumer.name: float(c.value) for c in record.contributions(x)}
    assert received == {"a": 9.0, "b": 4.0 * 6.0}
    assert record[x] == 33.0


def test_both_edges_of_x_times_x_carry_their_own_contribution():
    x = ll.parameter(3.0, "x")
    z = x * x
    record = ll.backward(z)
    assert [(c.consumer, c.position, float(c.value)) for c in record.contributions(x)] == [
        (z, 0, 3.0),
        (z, 1, 3.0),
    ]
    assert record[x] == 6.0


@st.composite
def expressions(draw):
    """Draw a function of (a vector, a matrix) that works on nodes and on autograd's boxes alike."""
    unary = {
        "negate": lambda m, t: -t,
        "exp": lambda m, t: m.exp(0.3 * t),
        "tanh": lambda m, t: m.tanh(t),
        "log": lambda m, t: m.log(t * t + 1.0),
        "square": lambda m, t: t**2,
        "cube": lambda m, t: 0.1 * t**3,
        "divide": lambda m, t: t / (1.0 + t * t),
        "sum rows": lambda m, t: t.sum(axis=0) + t if t.ndim else t,
        "mean": lambda m, t: t.mean(axis=-1, keepdims=True) * t if t.ndim else t,
        "transpose": lambda m, t: t.T,
        "flat": lambda m, t: t.reshape(-1),
        "first": lambda m, t: t[0] if t.ndim else t,
        "twice the last": lambda m, t: t[np.array([-1, -1, 0])] if t.ndim else t,
        "repeated root": lambda m, t: m.sqrt(m.exp(0.1 * t)),
    }
    binary = {
        "add": lambda s, t: s + t,
        "subtract": lambda s, t: s - t,
        "multiply": lambda s, t: 0.5 * s * t,
        "divide": lambda s, t: s / (t * t + 0.5),
        "product": lambda s, t: s @ t,
    }
    plan = draw(
        st.lists(
            st.tuples(st.sampled_from([*unary, *binary]), st.integers(0, 20), st.integers(0, 20)),
            min_size=1,
            max_size=10,
        )
    )

    def f(m, v, M):
        made = [v, M]
        for name, i, j in plan:
            s, t = made[i % len(made)], made[j % len(made)]
            if name in unary:
                made.append(unary[name](m, s))
            elif name != "product":
                try:
                    np.broadcast_shapes(s.shape, t.shape)
                except ValueError:
                    continue
                made.append(binary[name](s, t))
            elif s.ndim and t.ndim and s.shape[-1] == t.shape[max(0, t.ndim - 2)]:
                made.append(binary[name](s, t))
        total = 0.0
        for t in made:
            total = total + (t * 0.5).sum()
        return total

    return f


@given(expressions(), st.integers(0, 2**32 - 1))
def test_random_expressions_agree_with_autograd(f, seed):
    rng = np.random.default_rng(seed)
    v, M = rng.normal(size=3), rng.normal(size=(3, 3))
    loss, (d_v, d_M) = ll.value_and_grad(lambda params: f(ll, *params))((v, M))
    expected = autograd.grad(lambda params: f(anp, *params))((v, M))
    assert loss == pytest.approx(float(f(anp, v, M)), rel=1e-12, abs=0)
    np.testing.assert_allclose(d_v, expected[0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(d_M, expected[1], rtol=1e-9, atol=1e-9)


@given(expressions(), st.integers(0, 2**32 - 1))
def test_the_program_of_a_random_expression_agrees_with_its_record(f, seed):
    rng = np.random.default_rng(seed)
    step = ll.program(
        f(ll, ll.parameter(rng.normal(size=3), "v"), ll.parameter(rng.normal(size=(3, 3)), "M"))
    )
    v, M = ll.parameter(rng.normal(size=3), "v"), ll.parameter(rng.normal(size=(3, 3)), "M")
    record = ll.backward(f(ll, v, M))
    loss, gradients = step(v=v.value, M=M.value)
    np.testing.assert_allclose(loss, record.root.value, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(gradients["v"], record[v], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(gradients["M"], record[M], rtol=1e-10, atol=1e-12)


@given(expressions(), st.integers(0, 2**32 - 1))
def test_what_a_node_received_adds_up_to_its_gradient(f, seed):
    rng = np.random.default_rng(seed)
    v, M = ll.parameter(rng.normal(size=3), "v"), ll.parameter(rng.normal(size=(3, 3)), "M")
    record = ll.backward(f(ll, v, M))
    for node in record.nodes[:-1]:
        received = record.contributions(node)
        assert all(c.value.shape == node.shape for c in received)
        np.testing.assert_allclose(sum(c.value for c in received), record[node], rtol=1e-12, atol=1e-12)


def test_a_negative_base_has_a_whole_power_and_its_derivative():
    x = ll.parameter(-2.0, "x")
    assert ll.backward(x**3)[x] == pytest.approx(12.0)
    assert ll.backward(x**2)[x] == pytest.approx(-4.0)
    assert ll.backward(x**0)[x] == 0.0


def test_powers_at_zero_have_the_slope_of_the_limit():
    x = ll.parameter(0.0, "x")
    assert ll.backward(x**1)[x] == 1.0
    assert ll.backward(x**0)[x] == 0.0
    assert ll.backward(x ** ll.data(2.0))[x] == 0.0


@given(
    st.one_of(st.sampled_from([0.0, 1.0, -1.0]), st.floats(0.1, 4), st.floats(-4, -0.1)), st.integers(0, 4)
)
def test_a_whole_power_has_its_slope_in_the_base_and_where_there_is_one_in_the_exponent(a, b):
    base, exponent = ll.parameter(a, "a"), ll.parameter(float(b), "b")
    with np.errstate(invalid="ignore"):  # the log of a negative number
        record = ll.backward(base**exponent)
    assert record[base] == pytest.approx(b * a ** (b - 1) if b else 0.0)
    if a < 0:
        assert math.isnan(record[exponent])
    else:
        assert record[exponent] == pytest.approx(a**b * math.log(a) if a else 0.0)


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(1e200)
def test_the_power_nought_is_flat_however_large_its_base(a):
    base = ll.parameter(a, "a")
    with np.errstate(invalid="ignore"):  # the log of a negative number
        assert ll.backward(base ** ll.parameter(0.0, "b"))[base] == 0.0


def test_relu_has_slope_nought_at_nought():
    z = ll.parameter([-1.0, 0.0, 2.0], "z")
    assert ll.backward(ll.relu(z).sum())[z].tolist() == [0, 0, 1]


@pytest.mark.parametrize("axis", [0, -1, None, ()])
@pytest.mark.parametrize("reduce", [ll.sum, ll.mean])
def test_a_single_number_is_summed_over_the_axis_that_numpy_lends_it(reduce, axis):
    a = ll.parameter(3.0, "a")
    loss = reduce(a, axis=axis) * 2.0
    assert loss.value == 6.0
    loss = loss + 0.0 * reduce(a, axis=axis, keepdims=True)
    assert ll.backward(loss)[a] == 2.0
    for fast in (False, True):
        value, gradients = ll.program(loss, fast=fast)(a=4.0)
        assert (value, gradients["a"]) == (8.0, 2.0)


def test_softmax_and_sigmoid_do_not_overflow():
    o = ll.parameter([1000.0, 1001.0, -1000.0], "o")
    record = ll.backward(ll.cross_entropy(o, [1.0, 0.0, 0.0]))
    assert np.isfinite(record[o]).all()
    assert float(record.root.value) == pytest.approx(1 + np.log1p(np.exp(-1)))
    np.testing.assert_allclose(ll.sigmoid([-1000.0, 1000.0]), [0, 1])


def test_cross_entropy_of_a_batch_has_a_loss_for_each_row():
    rng = np.random.default_rng(1)
    scores, Y = rng.normal(size=(5, 3)), np.eye(3)[[0, 2, 1, 1, 0]]
    np.testing.assert_allclose(
        ll.cross_entropy(scores, Y), [ll.cross_entropy(o, y) for o, y in zip(scores, Y, strict=True)]
    )


def test_backward_from_a_vector_says_to_add_it_up_first():
    with pytest.raises(ll.ShapeError, match=r"z has shape \(2,\); expected a scalar"):
        ll.backward((ll.data([1.0, 2.0]) * 2).named("z"))


def test_backward_from_a_number_says_that_a_node_was_expected():
    with pytest.raises(TypeError, match="backward: expected a node, got float64"):
        ll.backward(np.float64(3.0))


def test_a_node_from_elsewhere_has_no_gradient_in_the_record(neuron):
    record = ll.backward(neuron)
    with pytest.raises(KeyError, match="loss was not computed from it"):
        record[ll.parameter(0.5, "w")]


@pytest.mark.parametrize(
    "asked",
    [Record.__getitem__, Record.gradient, Record.contributions, partial(Record.contribution, position=0)],
)
def test_whatever_is_asked_of_a_record_takes_a_node_or_its_name_and_refuses_others_alike(neuron, asked):
    record = ll.backward(neuron)
    by_name, by_node = asked(record, "c"), asked(record, record.node("c"))
    assert str(by_name) == str(by_node)
    with pytest.raises(KeyError, match="c: loss was not computed from it"):
        asked(record, record.node("c").named("c"))
    with pytest.raises(KeyError, match="no node is named 'q'; the names in this graph are"):
        asked(record, "q")
    with pytest.raises(TypeError, match="record: expected a node, got list"):
        asked(record, [1.0])
    with pytest.raises(LookupError, match="not computed: this record holds the forward pass only"):
        asked(ll.forward(neuron), "c")


def test_what_a_name_received_is_what_its_node_received(neuron):
    record = ll.backward(neuron)
    assert [float(c.value) for c in record.contributions("x")] == [pytest.approx(-1.2)]
    assert record.contribution("c", 0) == pytest.approx(-4.8)
    assert record.contributions("loss") == ()


@pytest.mark.parametrize(("name", "position", "parents"), [("x", 0, 0), ("c", 2, 2), ("c", -1, 2)])
def test_a_node_hands_nothing_to_a_parent_that_it_has_not(neuron, name, position, parents):
    with pytest.raises(
        IndexError, match=rf"Node {name} = .* has {parents} parents, counted from 0; got {position}"
    ):
        ll.backward(neuron).contribution(name, position)


def test_an_unknown_name_is_answered_with_the_names_there_are(neuron):
    with pytest.raises(KeyError, match="no node is named 'q'; the names in this graph are: y, w, x"):
        ll.backward(neuron)["q"]


def test_a_gradient_in_the_record_cannot_be_overwritten():
    W = ll.parameter(np.ones((2, 2)), "W")
    record = ll.backward((W + W).sum())
    with pytest.raises(ValueError, match="read-only"):
        record[W][0, 0] = 5.0
    with pytest.raises(TypeError):
        record.gradients[W] = 0.0
    assert record[W].tolist() == [[2, 2], [2, 2]]


def test_value_and_grad_keeps_the_structure_of_the_parameters():
    params = {"layers": [{"W": np.ones((2, 2)), "b": np.zeros(2)}], "scale": 2.0, "unused": np.ones(3)}

    def f(params, x):
        layer = params["layers"][0]
        return ((layer["W"] @ x + layer["b"]) * params["scale"]).sum()

    value, gradient = ll.value_and_grad(f)(params, np.array([1.0, 2.0]))
    assert value == 12.0
    assert gradient["layers"][0]["W"].tolist() == [[2, 4], [2, 4]]
    assert gradient["layers"][0]["b"].tolist() == [2, 2]
    assert gradient["scale"] == 6.0
    assert gradient["unused"].tolist() == [0, 0, 0]


def test_value_and_grad_names_the_parameters_by_their_keys():
    with pytest.raises(ll.ShapeError, match=r"matvec: W \(2, 3\) and x \(2,\) disagree: 3 != 2"):
        ll.value_and_grad(lambda params: (params["W"] @ ll.data(np.ones(2), "x")).sum())(
            {"W": np.ones((2, 3))}
        )


def test_value_and_grad_of_a_function_that_returns_no_node_says_so():
    def forgot(params):
        params["w"] = params["w"] * 2

    with pytest.raises(TypeError, match="what forgot returned: expected a node, got NoneType"):
        ll.value_and_grad(forgot)({"w": 1.0})


@pytest.mark.parametrize("on", [True, False])
def test_the_search_for_unreachable_objects_is_on_or_off_as_it_was_before(on):
    was_on = gc.isenabled()
    x = ll.parameter(1.0, "x")
    try:
        (gc.enable if on else gc.disable)()
        ll.backward(x * x)
        assert gc.isenabled() == on
        with pytest.raises(ValueError, match="a rule that fails"):
            ll.backward(_failing(x))
        assert gc.isenabled() == on
    finally:
        (gc.enable if was_on else gc.disable)()


def _failing(x):
    @primitive("fails({a})", "a (...) -> z (...)", symbol="!")
    def fails_for_this_test(a):
        return a * 1.0

    @fails_for_this_test.vjp("{d_z}")
    def fails_vjp(d_z, z, a):
        raise ValueError("a rule that fails")

    del PRIMITIVES["fails_for_this_test"]
    return fails_for_this_test(x)


def test_a_rule_that_hands_back_too_little_says_whose_it_is():
    @primitive("{a} ∘ {b}", "a (...), b (...) -> z (...)", symbol="∘")
    def lopsided(a, b):
        return a * b

    try:

        @lopsided.vjp("{d_z}", "{d_z}")
        def lopsided_vjp(d_z, z, a, b):
            return (d_z * b,)

        z = lopsided(ll.parameter(2.0, "a"), ll.parameter(3.0, "b"))
        with pytest.raises(
            TypeError, match="lopsided: its derivative rule gave 1; expected 2, one for each of a, b"
        ):
            ll.backward(z)
    finally:
        del PRIMITIVES["lopsided"]


@pytest.mark.parametrize("number", [0, 0.0, np.float64(1.0), np.ones(3), True])
def test_a_node_is_compared_with_no_number(number):
    y = ll.data(np.arange(3.0), "y")
    for compare in (lambda: y == number, lambda: y != number):
        with pytest.raises(
            TypeError, match=r"y is a node, which equals no number: compare y\.value|np\.\w*equal"
        ):
            compare()
    assert y == y
    assert y != ll.data(np.arange(3.0), "y")
    assert y is not None
    assert (y == "y") is False


def test_a_power_with_a_negative_base_warns_of_nothing():
    a = ll.parameter([-1.0, 2.0], "a")
    assert ll.backward((a ** ll.constant([2.0, 3.0])).sum())[a].tolist() == [-2.0, 12.0]


def test_a_list_of_numbers_as_a_parameter_is_named():
    with pytest.raises(TypeError, match=r"b is a list, in which each number is .*np\.array\(b\)"):
        ll.value_and_grad(lambda p: (np.ones(2) * p["b"]).sum())({"b": [0.0, 0.0]})


def test_a_record_does_not_change():
    record = ll.backward(ll.parameter(2.0, "w") ** 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.root = None


def test_value_and_grad_gives_every_parameter_an_array_of_its_own():
    params = {"a": np.ones(3), "b": np.ones(3)}
    _, gradient = ll.value_and_grad(lambda p: (p["a"] + p["b"]).sum())(params)
    gradient["a"] *= 0
    assert gradient["b"].tolist() == [1.0, 1.0, 1.0]
