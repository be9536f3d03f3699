"""How the arguments of lesson 04 are made: graphs, functions and their gradients. No answer is in here."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from graphlib import TopologicalSorter
from typing import Any, NoReturn

import numpy as np

from lecture_lib.autodiff import PRIMITIVES, Node, gradient_error, parameter
from lecture_lib.autodiff.values import Array
from lecture_lib.exercises.recipes import Made

LONG_CHAIN = 1_050
DEEPEST_CHAIN = 20_000
NESTED = 1_000
"""With more calls within calls than this, an answer finds the nodes of a chain by calling itself."""
MOST_LOOKS = 20_000
"""So often the nodes of one graph can be asked for their parents, or use their rules."""


class _Looks:
    """How often the nodes of one graph may still be looked at."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MOST_LOOKS


class _OpenNode:
    """A node while it is made: its slots can still be set."""

    __slots__ = ("_hash", "_looks", "_parents", "_place", "_rule", "value")

    value: Any
    _parents: tuple[GraphNode, ...]
    _rule: Callable[[Any], tuple[Any, ...]]
    _place: int
    _looks: _Looks
    _hash: Callable[[], int]


class GraphNode(_OpenNode):
    """A node as the lesson describes it: `value`, `parents` and `vjp(d_out)`, equal to itself alone."""

    __slots__ = ()

    @property
    def parents(self) -> tuple[GraphNode, ...]:
        """The nodes that it was computed from, in order."""
        self._looks.left -= 1
        if self._looks.left < 0:
            _too_often()
        return self._parents

    def vjp(self, d_out: Any) -> tuple[Any, ...]:
        """What goes back to each parent."""
        self._looks.left -= 1
        if self._looks.left < 0:
            _too_often()
        return self._rule(d_out)

    __hash__: Any = vars(_OpenNode)["_hash"]
    """Mixed, but the same each time: a set of nodes has no order, and every check meets the same one.

    What it calls is no function of Python's: an order of a long chain asks for thousands, and is watched.
    """

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a node here has .value, .parents and .vjp, and no .{name}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a node cannot be written to: keep what you know of it in a dict or a set")

    def __repr__(self) -> str:
        return f"node {self._place}"


class LastOfChain(GraphNode):
    """The last node of a long chain, which is longer for who comes to it by calls within calls.

    A chain of 20,000 nodes must work. An answer that searches a list at each node is right, and would need
    ten seconds and more for it. So a chain has 1,050 nodes, and goes on only for an answer that is not
    allowed the calls that 20,000 nodes take. It is then Python that says so.
    """

    __slots__ = ()

    @property
    def parents(self) -> tuple[GraphNode, ...]:
        """None, or the rest of the chain."""
        return (_path(DEEPEST_CHAIN - LONG_CHAIN)[-1],) if _too_few_calls_are_allowed() else ()


def _too_few_calls_are_allowed() -> bool:
    """Whether an answer goes through a chain by calls within calls, and is not allowed those of 20,000."""
    frame, calls = inspect.currentframe(), 0
    while frame is not None:
        frame, calls = frame.f_back, calls + 1
    return calls > NESTED and sys.getrecursionlimit() < DEEPEST_CHAIN / LONG_CHAIN * calls


def _node(
    place: int,
    value: Any,
    parents: tuple[GraphNode, ...],
    rule: Callable[[Any], tuple[Any, ...]],
    looks: _Looks,
    kind: type[GraphNode] = GraphNode,
    blank: _OpenNode | None = None,
) -> GraphNode:
    node: Any = blank or _OpenNode()
    node.value, node._parents, node._rule, node._place, node._looks = value, parents, rule, place, looks
    node._hash = hash((place, MOST_LOOKS)).__int__
    node.__class__ = kind
    return node


def _too_often() -> NoReturn:
    raise RuntimeError(f"the nodes of this small graph were looked at more than {MOST_LOOKS:,} times")


def _leaf(d_out: Any) -> tuple[Any, ...]:
    return ()


def _pass_on(d_out: Any) -> tuple[Any, ...]:
    return (d_out,)


class ChainGraphNode(GraphNode):
    """A node of a long chain: it may be looked at as often as one likes, and takes less time for it."""

    __slots__ = ()

    parents: Any = vars(_OpenNode)["_parents"]

    def vjp(self, d_out: Any) -> tuple[Any, ...]:
        """What goes back to the one parent, as `_pass_on` has it."""
        return (d_out,)


class RootOfChain(ChainGraphNode):
    """The root of a long chain, which whoever comes to it from the leaf asks last, deep in calls."""

    __slots__ = ()

    def vjp(self, d_out: Any) -> tuple[Any, ...]:
        """What goes back, unless so many calls are needed for it that Python stops them on 20,000 nodes."""
        if _too_few_calls_are_allowed():
            _go_on_as_long_as_python_lets()
        return (d_out,)


def _go_on_as_long_as_python_lets() -> NoReturn:
    _go_on_as_long_as_python_lets()


def graph(operations: Sequence[str], parents: Sequence[Sequence[int]], values: Sequence[Any]) -> Made:
    """Return a graph, its root the last node: each node a leaf with its value, or a primitive's name.

    The numbers of the others are in any order, and so they lie in memory: neither says who comes first.
    """
    looks = _Looks()
    blank = [_OpenNode() for _ in operations]
    origin: dict[int, Node] = {}
    nodes: dict[int, GraphNode] = {}
    for place in TopologicalSorter(dict(enumerate(parents))).static_order():
        operation, above = operations[place], parents[place]
        leaf = operation == "leaf"
        node = parameter(values[place]) if leaf else PRIMITIVES[operation].on([origin[k] for k in above])
        origin[place] = node
        rule = _leaf if leaf else _with_copies(node)
        own_parents = tuple(nodes[k] for k in above)
        nodes[place] = _node(place, node.value, own_parents, rule, looks, blank=blank[place])
    in_order = [nodes[place] for place in range(len(nodes))]
    return Made(in_order[-1], in_order)


def _with_copies(node: Node) -> Callable[[Any], tuple[Any, ...]]:
    """A node's rule, giving arrays that can be written into, as one's own rules do."""

    def rule(d_out: Any) -> tuple[Any, ...]:
        return tuple(d if d.ndim == 0 or d.flags.writeable else d.copy() for d in node.vjp(d_out))

    return rule


_handed_out: list[Made] = []


def graph_again(
    call: int, operations: Sequence[str], parents: Sequence[Sequence[int]], values: Sequence[Any]
) -> Made:
    """Return a graph; at the second call of two, the very nodes of the first."""
    if call == 1 or not _handed_out:
        _handed_out[:] = [graph(operations, parents, values)]
    return _handed_out[0]


def chain() -> Made:
    """Return a graph that is one long path: each node has the value of the one before."""
    return _CHAIN


def _long_chain() -> Made:
    nodes = _path(LONG_CHAIN)
    object.__setattr__(nodes[0], "__class__", LastOfChain)
    object.__setattr__(nodes[-1], "__class__", RootOfChain)
    return Made(nodes[-1], nodes)


def _path(length: int) -> list[Any]:
    looks = _Looks()
    looks.left = 1 << 60  # it is made once for all calls
    value = np.float64(1.0)
    nodes = [_node(0, value, (), _leaf, looks)]
    for place in range(1, length):
        nodes.append(_node(place, value, (nodes[-1],), _pass_on, looks, ChainGraphNode))
    return nodes


_CHAIN = _long_chain()
"""It is made but once, for that takes longer than nearly all answers do."""


def ladder(rungs: int) -> Made:
    """Return a graph in which each node is computed from the one before and from that once more: 2ⁿ paths."""
    looks = _Looks()
    nodes = [_node(0, np.float64(1.0), (), _leaf, looks)]
    for place in range(1, rungs + 1):
        before = nodes[-1]
        nodes.append(_node(place, before.value * 2, (before, before), _to_both, looks))
    return Made(nodes[-1], nodes)


def _to_both(d_out: Any) -> tuple[Any, ...]:
    return d_out, d_out


def curved(weights: Array, slopes: Array) -> Callable[[Any], Any]:
    """Return f(θ) = Σ (w θ² / 2 + s θ)."""

    def f(theta: Any) -> Any:
        return (theta**2 * weights / 2 + theta * slopes).sum()

    return f


def cubic(weights: Array, slopes: Array) -> Callable[[Any], Any]:
    """Return f(θ) = Σ (w θ³ / 3 + s θ), whose slope a large step misses."""

    def f(theta: Any) -> Any:
        return (theta**3 * weights / 3 + theta * slopes).sum()

    return f


def gradient_off(weights: Array, slopes: Array, errors: Array) -> Callable[[Any], Any]:
    """Return a function that gives w θ + s, each entry wrong by so much."""
    return _not_for_the_librarys_check(lambda theta: weights * theta + slopes + errors)


def cubic_gradient(weights: Array, slopes: Array) -> Callable[[Any], Any]:
    """Return a function that gives w θ² + s."""
    return _not_for_the_librarys_check(lambda theta: weights * theta**2 + slopes)


def _not_for_the_librarys_check(slope: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the same function, which stops where `gradient_error` asks it: that check is to be written."""

    def gradient(theta: Any) -> Any:
        asks = inspect.currentframe()
        if asks and asks.f_back and asks.f_back.f_code is gradient_error.__code__:
            raise RuntimeError("gradient_error is the library's own check")
        return slope(theta)

    return gradient


RECIPES: dict[str, Callable[..., object]] = {
    "graph": graph,
    "graph again": graph_again,
    "chain": chain,
    "ladder": ladder,
    "curved": curved,
    "cubic": cubic,
    "cubic gradient": cubic_gradient,
    "gradient off": gradient_off,
}
