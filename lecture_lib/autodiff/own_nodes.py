"""A node whose rule stands where it is made, not in a primitive: drawn, tabled and walked like any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .nodes import Node
from .primitives import Primitive


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
        If a parent is not a node.

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
    made = Primitive(
        name=symbol,
        forward=lambda *_: np.array(value, dtype=np.float64)[()],
        formula=f" {symbol} ".join(written) if len(written) == 2 else f"{symbol}({', '.join(written)})",
        symbol=symbol,
        shapes=", ".join(f"{operand} (...)" for operand in operands) + " -> z (...)",
        operands=operands,
        result="z",
        domain={},
        sample=None,
        vjp_formulas=tuple(f"your rule of {symbol}, entry {place}" for place in range(1, len(parents) + 1)),
    )

    def rule(d_z: Any, z: Any, *values: Any) -> tuple[Any, ...]:
        return tuple(np.asarray(d, dtype=np.float64)[()] for d in vjp(d_z))

    made.vjp_rule = rule
    return made.on(parents)
