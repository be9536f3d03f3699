"""What holds for every registered primitive: nothing here names one."""

import inspect
import itertools
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import lecture_lib as ll
from lecture_lib.autodiff import PRIMITIVES, Node, Primitive, numeric_gradient

seeds = st.integers(0, 2**32 - 1)
every_primitive = pytest.mark.parametrize("primitive", PRIMITIVES.values(), ids=PRIMITIVES.keys())


def split_shapes(primitive: Primitive) -> list[tuple[str, ...]]:
    operands = primitive.shapes.split("->")[0]
    return [
        tuple(d.strip() for d in part.split(")")[0].split(",") if d.strip())
        for part in operands.split("(")[1:]
    ]


def settings_of(primitive: Primitive) -> dict[str, inspect.Parameter]:
    """Give the keyword-only arguments, by name."""
    arguments = inspect.signature(primitive.forward).parameters
    return {name: one for name, one in arguments.items() if one.kind is one.KEYWORD_ONLY}


@st.composite
def operands_and_settings(draw, primitive: Primitive):
    """Draw operands of fitting shapes inside the domain, leading axes broadcast where the shapes allow it."""
    rng = np.random.default_rng(draw(seeds))
    dims = split_shapes(primitive)
    count = sum(d[:1] == ("...",) for d in dims)
    leading = iter(
        draw(npst.mutually_broadcastable_shapes(num_shapes=count, max_dims=3, max_side=3)).input_shapes
        if count
        else ()
    )
    letters = sorted({d for parts in dims for d in parts} - {"..."})
    size = dict(zip(letters, draw(st.tuples(*[st.integers(1, 4)] * len(letters))), strict=True))
    values = []
    for name, parts in zip(primitive.operands, dims, strict=True):
        shape = (*next(leading), *(size[d] for d in parts[1:])) if parts[:1] == ("...",) else None
        shape = shape if shape is not None else tuple(size[d] for d in parts)
        value = rng.normal(size=shape)
        if primitive.domain.get(name) == "positive":
            value = 0.5 + np.abs(value)
        elif primitive.domain.get(name) == "nonzero":
            value = np.where(value < 0, value - 0.3, value + 0.3)
        values.append(value)
    settings = dict(primitive.sample(rng, *values)) if primitive.sample else {}
    needed = {name for name, setting in settings_of(primitive).items() if setting.default is setting.empty}
    assert needed <= {*settings}, f"{primitive.name}: give it a sample, which draws {needed}"
    return values, settings, rng


@every_primitive
@given(data=st.data())
def test_the_derivative_agrees_with_central_differences(primitive, data):
    values, settings, rng = data.draw(operands_and_settings(primitive))
    weights = rng.normal(size=primitive(*values, **settings).shape)

    def weighted_sum(*operands):
        return (primitive(*operands, **settings) * weights).sum()

    nodes = [ll.parameter(v, n) for v, n in zip(values, primitive.operands, strict=True)]
    record = ll.backward(weighted_sum(*nodes))
    for i, node in enumerate(nodes):

        def of_one_operand(theta, i=i):
            return float(weighted_sum(*values[:i], theta, *values[i + 1 :]))

        numeric = numeric_gradient(of_one_operand, values[i])
        said = f"{primitive.name} hands {node.name} another shape than it has: see unbroadcast in ops.py"
        assert record[node].shape == values[i].shape, said
        np.testing.assert_allclose(record[node], numeric, rtol=1e-6, atol=1e-7)


@every_primitive
@given(data=st.data())
def test_a_number_that_comes_back_stands_for_an_array_of_it(primitive, data):
    values, settings, _ = data.draw(operands_and_settings(primitive))
    node = primitive(*[ll.data(v) for v in values], **settings)
    of_number, of_array = node.vjp(2.0), node.vjp(np.full(node.shape, 2.0))
    for one, other, value in zip(of_number, of_array, values, strict=True):
        np.testing.assert_array_equal(one, other)
        assert np.shape(one) == np.shape(value)


@every_primitive
@given(data=st.data())
def test_a_node_and_a_plain_array_give_the_same_value(primitive, data):
    values, settings, _ = data.draw(operands_and_settings(primitive))
    plain = primitive(*values, **settings)
    node = primitive(*[ll.data(v) for v in values], **settings)
    assert isinstance(node, Node)
    assert not isinstance(plain, Node)
    np.testing.assert_array_equal(node.value, plain)
    assert node.value.dtype == np.float64


@every_primitive
@given(data=st.data())
def test_the_program_agrees_with_the_record_for_new_numbers_of_the_same_shapes(primitive, data):
    values, settings, rng = data.draw(operands_and_settings(primitive))
    nodes = [ll.parameter(v, n) for v, n in zip(values, primitive.operands, strict=True)]
    weights = rng.normal(size=primitive(*values, **settings).shape)
    loss = (primitive(*nodes, **settings) * weights).sum()
    steps = ll.program(loss), ll.program(loss, fast=True)
    for step, scale in itertools.product(steps, (1.0, 1.1)):
        scaled = [ll.parameter(v * scale, n) for v, n in zip(values, primitive.operands, strict=True)]
        record = ll.backward((primitive(*scaled, **settings) * weights).sum())
        loss, gradients = step(**{node.name: node.value for node in scaled})
        np.testing.assert_allclose(loss, record.root.value, rtol=1e-12)
        for node in scaled:
            assert np.shape(gradients[node.name]) == node.shape
            np.testing.assert_allclose(gradients[node.name], record[node], rtol=1e-12, atol=1e-14)


@every_primitive
@given(data=st.data())
def test_neither_pass_changes_an_operand(primitive, data):
    values, settings, _ = data.draw(operands_and_settings(primitive))
    before = [v.copy() for v in values]
    nodes = [ll.parameter(v) for v in values]
    ll.backward(primitive(*nodes, **settings).sum())
    for value, node, was in zip(values, nodes, before, strict=True):
        np.testing.assert_array_equal(value, was)
        np.testing.assert_array_equal(node.value, was)


@every_primitive
def test_its_formulas_use_only_names_that_it_knows(primitive):
    known = {primitive.result, f"d_{primitive.result}", *primitive.operands, *settings_of(primitive)}
    for template in (primitive.formula, *primitive.vjp_formulas):
        used = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        assert used <= known
    assert len(primitive.vjp_formulas) == len(primitive.operands)
    assert primitive.symbol
    assert "->" in primitive.shapes


@every_primitive
def test_an_operand_too_many_is_named(primitive):
    with pytest.raises(TypeError, match=f"{primitive.name} takes {', '.join(primitive.operands)}; got"):
        primitive(*[ll.data(1.0)] * (len(primitive.operands) + 1))
