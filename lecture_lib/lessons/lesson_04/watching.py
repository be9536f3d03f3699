"""A student's `backward` at work: which node it visited, with what, and the first node where it went wrong.

The function gets nodes that look like those of the graph and note each use of a rule. What should have come
is the record of the library's own pass over the same graph, so the rules themselves may be anybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, cast

import numpy as np

from lecture_lib.autodiff import Node, Record, ShapeError, forward
from lecture_lib.autodiff import backward as true_backward
from lecture_lib.autodiff.record import Contribution
from lecture_lib.autodiff.values import Array, as_numbers
from lecture_lib.exercises import describe
from lecture_lib.exercises.plain import plain

Backward = Callable[[Any], object]


@dataclass(frozen=True, eq=False)
class Visit:
    """One use of a node's rule: with what, and what it handed to each parent."""

    node: Node
    received: Array
    handed: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Wrong:
    """Where a pass first went wrong.

    Attributes
    ----------
    node : Node
        The node whose gradient is not what it should be.
    visit : int or None
        Which visit used the wrong gradient, from 0; None if it is in what was returned alone.
    received : array or None
        The gradient that was used or returned, None if there was none.
    expected : array
        What it should have been.
    why : str
        What can be said of how it came about.
    """

    node: Node
    visit: int | None
    received: Array | None
    expected: Array
    why: str


@dataclass(frozen=True, eq=False)
class Pass:
    """All that is known of one call.

    `error` is what the call raised, in words, "" if nothing; `waits` which function is not written yet, in
    words, "" if all that was called are;
    `again` whether it is the second of two calls, the first of which was right.
    """

    truth: Record
    visits: tuple[Visit, ...]
    gradients: Mapping[Node, Array]
    wrong: Wrong | None
    error: str = ""
    waits: str = ""
    again: bool = False


def watch(backward: Backward, root: Node, truth: Record | None = None) -> Pass:
    """Call a student's `backward` on a graph, twice if the first call was right, and note all it does.

    Parameters
    ----------
    backward : callable
        root -> dict from node to gradient.
    root : Node
        A scalar.
    truth : Record, optional
        What should come of it, for a graph whose rules may be wrong too; the library's own pass by the
        graph's rules if left out.

    Raises
    ------
    ShapeError
        If root is not a scalar.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> x = ll.parameter(3.0, "x")
    >>> def overwrites(root):
    ...     gradients = {root: 1.0}
    ...     for parent, d_parent in zip(root.parents, root.vjp(1.0)):
    ...         gradients[parent] = d_parent
    ...     return gradients
    >>> wrong = watch(overwrites, x * x).wrong
    >>> wrong.node.name, float(wrong.received), float(wrong.expected)
    ('x', 3.0, 6.0)
    """
    if truth is None:
        if isinstance(cast("object", root), Node) and root.ndim:
            raise ShapeError(
                f"{root.name or 'the root'} has shape {root.shape}; the way back begins at a scalar, of shape"
                " (): add it up first with .sum() or .mean()"
            )
        try:
            truth = true_backward(root)
        except NotImplementedError as stub:  # one of the graph's own rules
            return Pass(forward(root), (), {}, None, waits=_unwritten(stub))
        except Exception as error:
            return Pass(forward(root), (), {}, None, f"a rule: {type(error).__name__}: {error}")
    log = _Log()
    watched: dict[Node, _WatchedNode] = {}
    for node in truth.nodes:
        watched[node] = _WatchedNode(node, tuple(watched[parent] for parent in node.parents), log)
    first = _call(backward, truth, watched, log)
    if first.wrong is not None or first.error or first.waits:
        return first
    log.visits, log.handed, log.changed = [], [], False
    second = _call(backward, truth, watched, log, again=True)
    return second if second.wrong is not None or second.error else first


@dataclass(eq=False)
class _Log:
    """What the nodes of one call note."""

    visits: list[Visit] = field(default_factory=list[Visit])
    handed: list[tuple[object, Array]] = field(default_factory=list[tuple[object, Array]])
    """What was handed over, and how it was then."""
    changed: bool = False

    def look_for_changes(self) -> None:
        """Note whether an array that was handed over has been written into since."""
        for kept, then in self.handed:
            if isinstance(kept, np.ndarray) and not np.array_equal(cast("Array", kept), then):
                self.changed = True


class _WatchedNode:
    """Looks like a node to the student's function, and notes each use of its rule."""

    __slots__ = ("_log", "_node", "name", "parents", "value")

    def __init__(self, node: Node, parents: tuple[_WatchedNode, ...], log: _Log) -> None:
        self.value, self.name, self.parents = node.value, node.name, parents
        self._node, self._log = node, log

    def vjp(self, d_out: Any) -> tuple[Any, ...]:
        """Use the rule, and note it."""
        handed = tuple(_writable(d) for d in self._node.vjp(d_out))
        self._log.look_for_changes()
        self._log.visits.append(Visit(self._node, _array(d_out), tuple(_array(d) for d in handed)))
        self._log.handed += [(d, _array(d)) for d in handed]
        return handed

    def __getattr__(self, name: str) -> NoReturn:  # as a graded node says it
        raise AttributeError(f"a node here has .value, .parents and .vjp, and no .{name}")

    def __repr__(self) -> str:
        return repr(self._node)


def _unwritten(stub: NotImplementedError) -> str:
    """The function whose stub was reached; of an operation without a rule, what the library says."""
    place = stub.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None or place.tb_frame.f_globals.get("__name__", "").startswith("lecture_lib"):
        return f"{stub}."
    return f"{place.tb_frame.f_code.co_name} is not written yet."


def _writable(handed: Any) -> Any:
    """What a student's own rule hands over can be written into; so can this."""
    fixed = isinstance(handed, np.ndarray) and not cast("Array", handed).flags.writeable
    return _array(cast("object", handed)) if fixed else cast("object", handed)


def _array(value: object) -> Array:
    return np.array(value, dtype=np.float64)


def _call(
    backward: Backward, truth: Record, watched: Mapping[Node, _WatchedNode], log: _Log, again: bool = False
) -> Pass:
    origin = {id(twin): node for node, twin in watched.items()}
    given: object = None
    error, blamed = "", None
    try:
        given = backward(watched[truth.root])
    except NotImplementedError as stub:
        return Pass(truth, (), {}, None, waits=_unwritten(stub))
    except Exception as raised:
        blamed = next((origin[id(arg)] for arg in raised.args if id(arg) in origin), None)
        what = f"{blamed.name or 'a node'}" if blamed is not None else str(raised)
        error = f"{type(raised).__name__}: {what}"
    if (given is None or given is Ellipsis) and not error and not log.visits:
        name = getattr(backward, "__name__", "backward")
        return Pass(truth, (), {}, None, waits=f"{name} has handed nothing back yet.")
    log.look_for_changes()
    visits = tuple(log.visits)
    gradients = _read(given, origin)
    in_result = None if error else _wrong_result(truth, visits, gradients, log.changed)
    if in_result is not None and not isinstance(given, Mapping):
        in_result = replace(in_result, why="What was returned is no dict from nodes to gradients.")
    elif in_result is not None and in_result.received is None:
        in_result = replace(in_result, why=_why_missing(cast("Any", given), in_result.node, origin))
    wrong = None
    if error or in_result is not None:  # one that walks each path by itself is right in the end
        wrong = _wrong_visit(truth, visits, log.changed) or in_result
    if wrong is None and blamed is not None:
        why = f"It was asked for before anything had arrived there ({error})."
        wrong = Wrong(blamed, None, None, truth.gradient(blamed), why)
    if wrong is not None and again:
        wrong = replace(wrong, why="A first call was right. Something of it was left for the second.")
    return Pass(truth, visits, gradients, wrong, error, again=again)


def _read(given: object, origin: Mapping[int, Node]) -> dict[Node, Array]:
    """The gradients in what was returned, as far as it is a dict from nodes to numbers."""
    gradients: dict[Node, Array] = {}
    if isinstance(given, Mapping):
        for key, value in cast("Mapping[object, object]", given).items():
            if id(key) in origin:
                try:
                    gradients[origin[id(key)]] = _array(as_numbers(cast("Any", value), "its gradient"))
                except TypeError:  # None among others, which NumPy would make a NaN
                    continue
    return gradients


def _why_missing(given: Mapping[object, object], node: Node, origin: Mapping[int, Node]) -> str:
    """Of a node without a gradient: whether something else stands for it in the dict."""
    for key, value in given.items():
        if origin.get(id(key)) is node:
            return f"In the dict that was returned, {describe(plain(value))} stands for it, and no numbers."
    return "It has no gradient in the dict that was returned."


def _same(one: Array, two: Array) -> bool:
    return np.shape(one) == np.shape(two) and bool(np.allclose(one, two, rtol=1e-6, atol=1e-9))


def _wrong_visit(truth: Record, visits: tuple[Visit, ...], changed: bool) -> Wrong | None:
    """The first visit with another gradient than the node should have."""
    for place, visit in enumerate(visits):
        expected = truth.gradient(visit.node)
        if not _same(visit.received, expected):
            why = _why(truth, visits[:place], visit.node, visit.received, changed)
            return Wrong(visit.node, place, visit.received, expected, why)
    return None


def _wrong_result(
    truth: Record, visits: tuple[Visit, ...], gradients: Mapping[Node, Array], changed: bool
) -> Wrong | None:
    """The first node, from the root back, that has another gradient in what was returned, or none."""
    for node in reversed(truth.nodes):
        expected = truth.gradient(node)
        if node not in gradients:
            return Wrong(node, None, None, expected, "")
        if not _same(gradients[node], expected):
            received = gradients[node]
            used = next((visit.received for visit in visits if visit.node is node), None)
            if node.parents and used is not None and _same(used, expected):
                why = "It was right when the node was visited, and was changed afterwards."
                if changed:
                    why += f" {_CHANGED}"
            else:
                why = _why(truth, visits, node, received, changed)
            return Wrong(node, None, received, expected, why)
    return None


_CHANGED = "An array that a rule had handed over was written into: += changes it for all who hold it."


def _why(truth: Record, before: tuple[Visit, ...], node: Node, received: Array, changed: bool) -> str:
    """What can be said of a wrong gradient, from what had arrived by then."""
    if node is truth.root:
        return "The loss itself is where the way back begins: how fast does it change with itself?"
    due = truth.contributions(node)
    visited = [visit.node for visit in before]
    arrived = [
        visit.handed[position]
        for visit in before
        for position, parent in enumerate(visit.node.parents)
        if parent is node
    ]
    waiting = [_name(one.consumer) for one in due if one.consumer not in visited]
    twice = [_name(one.consumer) for one in due if visited.count(one.consumer) > 1]
    if changed:
        return _CHANGED
    if twice and _same(received, _array(sum(arrived))):
        return f"{_and(twice)} was visited more than once, and handed on each time."
    if not arrived:
        return f"Nothing had arrived here yet: what comes before it on the way back is {_and(waiting)}."
    if waiting:
        had = "1 contribution" if len(arrived) == 1 else f"{len(arrived)} contributions"
        return f"Only {had} of {len(due)} had arrived: {_and(waiting)} had not been visited yet."
    return _what_was_kept(due, arrived, received)


def _what_was_kept(due: tuple[Contribution, ...], arrived: list[Array], received: Array) -> str:
    if len(due) > 1:
        kept = {"last": arrived[-1], "first": arrived[0]}
        for which, value in kept.items():
            if _same(received, value):
                return (
                    f"{len(due)} contributions were handed to it, and only the {which} of them is in there."
                )
    if len(due) == 1 and not _same(arrived[0], due[0].value):
        return "What was handed to it was wrong already."
    return "It is not the sum of what had arrived."


def _name(node: Node) -> str:
    return node.name or (node.primitive.name if node.primitive else "a leaf")


def _and(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)
