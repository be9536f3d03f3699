"""A node whose rule stands where it is made, not in a primitive: drawn, tabled and walked like any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

import numpy as np
from numpy.typing import ArrayLike

from .nodes import Node, made_node
from .primitives import Primitive, looked_at
from .values import Array, as_numbers, frozen


def operation(
    value: ArrayLike, parents: Sequence[Node], vjp: Callable[[Any], Sequence[Any]], symbol: str = "f"
) -> Node:
    """Return a node from what a node is made of: its value, its parents and its rule.

    Parameters
    ----------
    value : number or array
        What the operation gives.
    parents : sequence of Node
        The nodes that it was computed from, in the order of its operands.
    vjp : callable
        ∂ℓ/∂value, of value's shape -> a sequence with ∂ℓ/∂parent for each parent, of its shape.
    symbol : str
        What is drawn in its circle.

    Raises
    ------
    TypeError
        If a parent is not a node, or value is not made of numbers. In the backward pass: if vjp does not
        give as many numbers or arrays as there are parents.
    ShapeError
        In the backward pass, if what vjp gives for a parent has not the parent's shape.
    ValueError
        In `program`, which would have to compute the value anew from other numbers.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> a, b = ll.parameter(3.0, "a"), ll.parameter(-2.0, "b")
    >>> c = operation(a.value + b.value, (a, b), lambda d_out: (d_out, d_out), "+").named("c")
    >>> c
    Node c = 1.0, + of a, b
    >>> [float(d) for d in c.vjp(5.0)]
    [5.0, 5.0]
    """
    for parent in parents:
        if not isinstance(parent, Node):  # pyright: ignore[reportUnnecessaryIsInstance]  # a student's call
            raise TypeError(f"operation: its parents are nodes; got {type(parent).__name__} among them")
    operands = tuple(f"a{place}" for place in range(1, len(parents) + 1))
    written = [f"{{{operand}}}" for operand in operands]
    names = [parent.name or operand for parent, operand in zip(parents, operands, strict=True)]
    label = f"{symbol} of {', '.join(names)}"
    own = frozen(np.array(as_numbers(value, label)))

    def forward(*_: Array) -> NoReturn:
        raise ValueError(
            f"program: {label} is an operation of its own, of which one value is known: what it gives for "
            "other numbers cannot be written out. Make it with ll.primitive"
        )

    def rule(d_z: Array, *_: Array) -> Any:
        handed = vjp(d_z)
        if not isinstance(handed, tuple | list):
            return handed
        return tuple(as_numbers(d, f"{label}: its derivative rule") for d in cast("list[Any]", handed))

    made = Primitive(
        name=symbol,
        forward=forward,
        formula=f" {symbol} ".join(written) if len(written) == 2 else f"{symbol}({', '.join(written)})",
        symbol=symbol,
        shapes=", ".join(f"{operand} (...)" for operand in operands) + " -> z (...)",
        operands=operands,
        result="z",
        domain={},
        sample=None,
        vjp_formulas=tuple(f"your rule of {symbol}, entry {place}" for place in range(1, len(parents) + 1)),
    )
    made.vjp_rule = looked_at(rule, label, names)
    return made_node(own, "", "operation", made, tuple(parents))
