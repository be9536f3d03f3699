"""A node whose rule stands where it is made: what its rule must give, and where it cannot be used."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.autodiff import PRIMITIVES, ShapeError, primitive


def made(rule, value=1.0, symbol="f"):
    """A node of a (2, 3) and of another parent (3,), which has no name."""
    a, b = ll.parameter(np.ones((2, 3)), "a"), ll.parameter(np.ones(3))
    return ll.operation(value, (a, b), rule, symbol)


RIGHT = np.ones((2, 3)), np.ones(3)


@pytest.mark.parametrize(
    ("rule", "error", "said"),
    [
        (
            lambda d: d,
            TypeError,
            r"f of a, a2: its derivative rule gave no tuple but float64; expected 2, .* a, a2: \(d_a, d_a2\)",
        ),
        (
            lambda d: np.ones((2, 3)),
            TypeError,
            "f of a, a2: its derivative rule gave no tuple but ndarray; expected 2",
        ),
        (lambda d: None, TypeError, "f of a, a2: its derivative rule gave no tuple but NoneType"),
        (
            lambda d: RIGHT[:1],
            TypeError,
            "f of a, a2: its derivative rule gave 1; expected 2, one for each of a, a2",
        ),
        (lambda d: [*RIGHT, d], TypeError, "f of a, a2: its derivative rule gave 3; expected 2"),
        (
            lambda d: (RIGHT[0], None),
            TypeError,
            "f of a, a2: its derivative rule: expected a number or .*, got NoneType",
        ),
        (
            lambda d: RIGHT[::-1],
            ShapeError,
            r"its derivative rule gave a a gradient of shape \(3,\); expected \(2, 3\)",
        ),
        (
            lambda d: (RIGHT[0], d),
            ShapeError,
            r"its derivative rule gave a2 a gradient of shape \(\); expected \(3,\)",
        ),
    ],
)
def test_a_rule_that_gives_something_else_is_told_what_came_and_what_was_expected(rule, error, said):
    node = made(rule)
    with pytest.raises(error, match=said):
        node.vjp(1.0)
    with pytest.raises(error, match=said):
        ll.backward(node)


@given(st.lists(st.lists(st.integers(1, 3), max_size=2), min_size=1, max_size=3), st.data())
def test_a_rule_may_give_each_parent_its_own_shape_and_no_other(shapes, drawn):
    parents = [ll.parameter(np.ones(shape), f"p{i}") for i, shape in enumerate(shapes)]
    handed = drawn.draw(st.lists(st.sampled_from([p.shape for p in parents]), min_size=0, max_size=3))
    node = ll.operation(2.0, parents, lambda d: [np.full(shape, d) for shape in handed])
    if handed == [parent.shape for parent in parents]:
        assert [d.shape for d in node.vjp(3.0)] == handed
    else:
        with pytest.raises((TypeError, ShapeError), match=r"f of p0.*: its derivative rule gave"):
            node.vjp(3.0)


def test_a_pass_that_hands_on_a_wrong_shape_is_not_blamed_on_the_rule():
    z = ll.parameter(np.ones(2), "z")
    assert ll.operation(2 * z.value, (z,), lambda d: (2 * d,)).vjp(1.0)[0].tolist() == [2.0, 2.0]


@pytest.mark.parametrize("value", [None, "3", [1, [2, 3]], 1j])
def test_a_value_that_is_not_made_of_numbers_is_refused(value):
    with pytest.raises(TypeError, match=r"f of a, a2: expected a number or an array of numbers"):
        made(lambda d: RIGHT, value)


def test_a_node_keeps_its_value_when_the_array_it_was_given_changes():
    array = np.ones(2)
    node = made(lambda d: RIGHT, array)
    array[0] = 5.0
    assert node.value.tolist() == [1.0, 1.0]
    with pytest.raises(ValueError, match="read-only"):
        node.value[0] = 5.0


@pytest.mark.parametrize("fast", [False, True])
def test_no_program_is_written_of_an_operation_that_knows_one_value(fast):
    a, b = ll.parameter(1.0, "a"), ll.parameter(2.0, "b")
    c = ll.operation(a.value * b.value, (a, b), lambda d: (d * b.value, d * a.value), "×")
    with pytest.raises(ValueError, match="program: × of a, b is an operation of its own"):
        ll.program(c * c, fast=fast)

    def loss(w, x):
        return ll.operation((w.value * x.value).sum(), (w,), lambda d: (d * x.value,), "·") * 2

    with pytest.raises(ValueError, match="program: · of theta is an operation of its own"):
        ll.compiled(loss).value_and_grad(np.ones(2), np.ones(2))


RULES_THAT_DO_NOT_FIT = {
    "no tuple": (
        lambda d_z, z, a: d_z * 3 * a**2,
        TypeError,
        r"gave no tuple but .*; expected 1, one for each of a: \(d_a,\)",
    ),
    "one too many": (lambda d_z, z, a: (d_z, d_z), TypeError, "gave 2; expected 1, one for each of a"),
    "another shape": (
        lambda d_z, z, a: ((d_z * 3 * a**2).sum(),),
        ShapeError,
        r"gave a a gradient of shape \(\); expected \(2,\)",
    ),
}


@pytest.mark.parametrize("how", RULES_THAT_DO_NOT_FIT)
def test_what_a_rule_of_ones_own_hands_back_is_looked_at(how):
    rule, error, message = RULES_THAT_DO_NOT_FIT[how]

    def own_cube(a):
        return a**3

    own_cube = primitive("{a}³", "a (...) -> z (...)", symbol="( )³")(own_cube)
    try:
        own_cube.vjp("{d_z} × 3 × {a}²")(rule)
        with pytest.raises(error, match=f"own_cube: its derivative rule {message}"):
            ll.backward(own_cube(ll.parameter([1.0, 2.0], "theta")).sum())
    finally:
        del PRIMITIVES["own_cube"]


def test_a_node_hands_back_a_gradient_of_its_own_shape_alone():
    a = ll.parameter([1.0, 2.0], "a")
    z = ll.exp(a).named("z")
    for d_z in ([[1.0], [2.0]], [1.0, 2.0, 3.0]):
        with pytest.raises(ShapeError, match=r"z.vjp: got the shape .*; expected \(2,\)"):
            z.vjp(d_z)
    with pytest.raises(TypeError, match=r"z\.vjp: expected a number or an array of numbers"):
        z.vjp(None)
    np.testing.assert_array_equal(z.vjp(2.0)[0], 2 * z.value)  # a number stands for the same everywhere


def test_a_rule_that_writes_into_what_came_back_is_refused():
    def twofold(a):
        return 2 * a

    twofold = primitive("2{a}", "a (...) -> z (...)", symbol="2×")(twofold)
    try:

        @twofold.vjp("2 × {d_z}")
        def twofold_vjp(d_z, z, a):
            d_z *= 2
            return (d_z,)

        v = ll.parameter([1.0, 2.0], "v")
        for compute in (ll.backward, ll.program):
            with pytest.raises(ValueError, match="read-only"):
                compute((twofold(v) + v).sum())
    finally:
        del PRIMITIVES["twofold"]


@pytest.mark.parametrize("fast", [False, True])
def test_a_program_is_right_though_a_function_of_ones_own_looks_at_the_kind_of_its_operand(fast):
    def kinds(a):
        return a * 2 if isinstance(a, np.ndarray) else a * 3

    kinds = primitive("kinds {a}", "a (...) -> z (...)", symbol="k")(kinds)
    try:

        @kinds.vjp("2 × {d_z}")
        def kinds_vjp(d_z, z, a):
            return (d_z * 2 if isinstance(a, np.ndarray) else d_z * 3,)

        v = ll.parameter([1.0, 2.0], "v")
        loss, gradients = ll.program(kinds(v).sum(), fast=fast)(v=np.array([3.0, 4.0]))
        assert (loss, gradients["v"].tolist()) == (14.0, [2.0, 2.0])
    finally:
        del PRIMITIVES["kinds"]


@pytest.mark.parametrize(
    ("gives", "value"),
    [([1, 2, 3], [1.0, 2.0, 3.0]), (np.float32([0.5]), [0.5]), (7, 7.0), (True, 1.0)],
    ids=["a list", "float32", "a whole number", "a truth"],
)
def test_what_an_operation_of_ones_own_gives_is_kept_as_float64_numbers(gives, value):
    try:
        given = primitive("given {a}", "a (...) -> z (...)", symbol="g")(function_named("given", gives))
        kept = given(ll.parameter(1.0, "a")).value
        assert kept.dtype == np.float64
        np.testing.assert_array_equal(kept, value)
    finally:
        del PRIMITIVES["given"]


@pytest.mark.parametrize("gives", [None, "three", [[1], [2, 3]]])
def test_an_operation_of_ones_own_that_gives_no_numbers_is_told_so(gives):
    try:
        given = primitive("given {a}", "a (...) -> z (...)", symbol="g")(function_named("given", gives))
        with pytest.raises(TypeError, match="given: expected a number or an array of numbers"):
            given(ll.parameter(1.0, "a"))
    finally:
        del PRIMITIVES["given"]


def function_named(name, gives):
    """A function `name(a)` that gives this."""

    def function(a):
        return gives

    function.__name__ = name
    return function
