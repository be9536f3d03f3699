"""The backward pass of lesson 04: what is asked of it, and the right answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import numpy as np

from lecture_lib.autodiff import PRIMITIVES, Node, parameter
from lecture_lib.autodiff import backward as recorded
from lecture_lib.exercises import Case, Foreign, Plain, RightAnswer, describe, short
from lecture_lib.exercises.plain import alike, as_array, close
from lecture_lib.exercises.plain_words import told_apart

from .graphs_tried import CHAIN, LADDER, RUNGS, Lines, graph_recipe, lines_of, one_way, plain_value
from .recipes import LONG_CHAIN
from .ways_to_order import ORDER_TEXT

PATH, SHARED = "one path", "a node used more than once"
ARRAYS, BIG = "arrays, and a second call", "deep and wide graphs"


def _as_dict(value: Plain) -> dict[int, Plain] | str:
    """What came by node number, without what belongs to no node of this graph; in words what is wrong."""
    if not isinstance(value, dict):
        return f"gave {describe(value)}; a dict from nodes to gradients was expected"
    return {
        int(key.kind.removeprefix("node ")): entry
        for key, entry in value.items()
        if isinstance(key, Foreign) and key.kind.startswith("node ")
    }


_OTHERS = "gave gradients of nodes that are not in this graph: are they from an earlier call?"


def wrong_gradients(value: Plain, expected: Sequence[Any]) -> str | None:
    """Say which gradients are wrong, None if none is."""
    found = _as_dict(value)
    if isinstance(found, str):
        return found
    numbers = [found.get(node) for node in range(len(expected))]
    if all(
        type(one) is type(wanted) is float and alike(one, wanted, 1e-6)
        for one, wanted in zip(numbers, expected, strict=True)
    ):
        return (
            None if len(found) == len(cast("dict[Any, Any]", value)) else _OTHERS
        )  # the most frequent case of a large graph
    for node in reversed(range(len(expected))):  # from the root back, as the pass goes
        wanted = np.asarray(expected[node], dtype=np.float64)
        name = f"node {node}" + (", the root" if node == len(expected) - 1 else "")
        if node not in found:
            return f"gave no gradient for {name}; {short(wanted, 60)} was expected"
        seen = as_array(found[node])
        if seen is None or seen.dtype.kind == "b":
            return f"gave {short(found[node], 60)} for {name}; a gradient was expected"
        if seen.shape != wanted.shape:
            return f"gave {describe(seen)} for {name}; its shape is {wanted.shape}"
        if not (np.all(np.isfinite(seen)) and close(seen, wanted, 1e-6)):
            came, due = told_apart(seen, wanted, 60)
            return f"gave {came} for {name}; {due} was expected"
    return None if len(found) == len(cast("dict[Any, Any]", value)) else _OTHERS


def of_this_graph(value: Plain) -> Plain:
    """The answer without the nodes of other graphs, which are never twice the same."""
    if not isinstance(value, dict):
        return value
    return {
        key: entry for key, entry in value.items() if isinstance(key, Foreign) and key.kind[:5] == "node "
    }


def _gradients(lines: Lines) -> list[Any]:
    """Of each node, by the library's own pass over the same graph."""
    nodes: list[Node] = []
    for operation, parents, value in lines:
        leaf = operation == "leaf"
        nodes.append(
            parameter(plain_value(value)) if leaf else PRIMITIVES[operation].on([nodes[k] for k in parents])
        )
    record = recorded(nodes[-1])
    gradients = [np.array(record.gradient(node)) for node in nodes]
    return [d if d.ndim else float(d) for d in gradients]


def backward_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    """Yield the graphs that a backward pass is tried on."""

    def case(lines: Lines, part: str, maker: str = "graph", first: tuple[int, ...] = ()) -> Case:
        root = graph_recipe(lines, maker, first)
        return Case({"root": root}, {"gradients": (root.words, _gradients(lines))}, parts=(part,))

    def tenth() -> float:
        return float(rng.integers(11, 30)) / 10

    x, w, b = tenth(), tenth(), tenth()
    yield case(lines_of(3.0, "square 0", "negative 1"), PATH)
    yield case(lines_of(w, x, "multiply 0 1"), PATH)
    yield case(lines_of(w, x, "multiply 0 1", b, "add 2 3", x, "subtract 5 4", "square 6"), PATH)
    yield case(lines_of(tenth(), "exp 0", "square 1", "negative 2", "square 3"), PATH)
    yield case(lines_of(3.0, "multiply 0 0"), SHARED)
    yield case(lines_of(2.0, "square 0", "multiply 1 0"), SHARED)
    yield case(lines_of(x, "square 0", "multiply 1 0", "multiply 2 1", "add 3 2"), SHARED)
    yield case(lines_of(w, "negative 0", "subtract 1 0", "multiply 1 2", "square 3", "add 4 1"), SHARED)
    for nodes in (6, 8):
        yield case(one_way(rng, nodes), SHARED)
    u = [tenth(), -tenth()]
    v = [float(tenths) / 10 for tenths in rng.choice(np.arange(11, 30), 2, replace=False)]  # not alike
    yield case(lines_of(u, "square 0", "add 1 0", "multiply 2 1", "sum 3"), ARRAYS)
    yield case(lines_of(u, v, "add 0 1", "add 2 0", "multiply 3 2", "sum 4"), ARRAYS)
    yield case(lines_of([u, v], v, "matvec 0 1", "add 2 1", "relu 3", "dot 4 1"), ARRAYS)
    yield case(small := lines_of(x, "square 0", "add 1 0"), ARRAYS, "graph again", (1,))
    yield case(small, ARRAYS, "graph again", (2,))
    for root, gradients in (
        (LADDER, [2.0 ** (RUNGS - k) for k in range(RUNGS + 1)]),
        (CHAIN, [1.0] * LONG_CHAIN),
    ):
        yield Case({"root": root}, {"gradients": (root.words, gradients)}, parts=(BIG,))


BACKWARD = RightAnswer(
    "backward",
    ORDER_TEXT
    + """
    def backward(root):
        gradients = {root: 1.0}
        for node in reversed(topological_order(root)):
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node])):
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
        return gradients
    """,
)
SEED, WALK, USE = "{root: 1.0}", "reversed(topological_order(root))", "node.vjp(gradients[node])"
SHARES = f"zip(node.parents, {USE})"
