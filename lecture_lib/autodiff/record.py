"""The forward and the backward pass, and the record that they leave.

The record is what every picture, table and explorer reads: each operation with its value, then each
step back with what it hands to every operand, and the sum of what each node received.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, cast

import numpy as np

from lecture_lib.common import Tree, tree_map, tree_names

from .nodes import Node, ShapeError, parameter
from .order import topological_order
from .values import Array, frozen


class Step(NamedTuple):
    """One step of the forward or the backward pass.

    Forward, ``node`` gets its value. Backward, ``node`` hands its contributions to its operands; the
    first step back is the seed, ∂ℓ/∂ℓ = 1 at the root, which hands nothing on.
    """

    kind: Literal["forward", "seed", "backward"]
    node: Node


class Contribution(NamedTuple):
    """What flows back along one edge: ``node`` received ``value`` from ``consumer``.

    ``position`` is the place of ``node`` among the consumer's operands: for x * x, x receives one
    contribution at position 0 and one at position 1.
    """

    consumer: Node
    position: int
    value: Array


NOTHING: Mapping[Node, Any] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Record:
    """What the forward pass and, unless it was left out, the backward pass computed.

    ``record[node]`` is ∂root/∂node; so is ``record["W"]``, by the node's name.

    Attributes
    ----------
    root : Node
        The scalar that was differentiated, the loss.
    nodes : tuple of Node
        Every node that root was computed from, parents before children, root last.
    gradients : mapping from Node to array
        ∂root/∂node, of the node's shape, for every node; empty before the backward pass.
    handed : mapping from Node to tuple of array
        For every operation, what it handed back to each of its operands, in their order.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> x = ll.parameter(3.0, "x")
    >>> record = ll.backward(x * x)
    >>> record[x]
    np.float64(6.0)
    >>> [float(c.value) for c in record.contributions(x)]
    [3.0, 3.0]
    """

    root: Node
    nodes: tuple[Node, ...]
    gradients: Mapping[Node, Array] = field(default_factory=lambda: NOTHING)
    handed: Mapping[Node, tuple[Array, ...]] = field(default_factory=lambda: NOTHING)

    @property
    def has_gradients(self) -> bool:
        """Whether the backward pass was made."""
        return bool(self.gradients)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step in order: operations forward; then, if made, the seed and operations backward."""
        operations = [node for node in self.nodes if node.primitive is not None]
        forward = [Step("forward", node) for node in operations]
        if not self.has_gradients:
            return tuple(forward)
        return (*forward, Step("seed", self.root), *[Step("backward", node) for node in reversed(operations)])

    def node(self, name: str) -> Node:
        """Return the one node that is called name.

        Raises
        ------
        KeyError
            If no node, or more than one, has that name.
        """
        found = [node for node in self.nodes if node.name == name]
        if len(found) != 1:
            names = ", ".join(dict.fromkeys(node.name for node in self.nodes if node.name))
            problem = f"{len(found)} nodes are named {name!r}" if found else f"no node is named {name!r}"
            raise KeyError(f"{problem}; the names in this graph are: {names or 'none'}")
        return found[0]

    def gradient(self, node: Node | str) -> Array:
        """Return ∂root/∂node, of the node's shape.

        Raises
        ------
        KeyError
            If root was not computed from this node.
        LookupError
            If the backward pass was not made.
        """
        found = node if type(node) is Node and node in self.gradients else self._found(node)
        return frozen(self.gradients[found])

    __getitem__ = gradient

    def contribution(self, node: Node | str, position: int) -> Array:
        """Return what node handed back to ``node.parents[position]``, of that parent's shape.

        Raises
        ------
        KeyError, LookupError
            As `gradient`.
        IndexError
            If node has no such parent.
        """
        found = self._found(node)
        if not 0 <= position < len(found.parents):
            raise IndexError(f"{found!r} has {len(found.parents)} parents, counted from 0; got {position}")
        return frozen(self.handed[found][position])

    def contributions(self, node: Node | str) -> tuple[Contribution, ...]:
        """Return everything that node received, in the order of the backward pass.

        Their sum is its gradient; the root received its seed from nobody.

        Raises
        ------
        KeyError, LookupError
            As `gradient`.
        """
        found = self._found(node)
        return tuple(
            Contribution(consumer, position, frozen(self.handed[consumer][position]))
            for consumer in reversed(self.nodes)
            for position, parent in enumerate(consumer.parents)
            if parent is found
        )

    # It does not change, and is about nodes, which are equal to themselves alone: a copy is the record.

    def __copy__(self) -> Record:
        return self

    def __deepcopy__(self, _: Any) -> Record:
        return self

    def __reduce__(self) -> Any:
        # The nodes come first, parents before children: so a deep graph needs no recursion.
        return _unpickled, (self.nodes, self.root, dict(self.gradients), dict(self.handed))

    def _found(self, node: Node | str) -> Node:
        """Return a node of this record, given itself or its name, that has a gradient."""
        found = self.node(node) if isinstance(node, str) else node
        require_node(found, "record")
        if found in self.gradients:
            return found
        if not self.has_gradients:
            raise LookupError("not computed: this record holds the forward pass only; use backward(loss)")
        raise KeyError(
            f"{found.name or 'this node'}: {self.root.name or 'the root'} was not computed from it; a node "
            "drawn from another graph, or named anew with .named, is another node"
        )

    def __repr__(self) -> str:
        passes = "forward and backward" if self.has_gradients else "forward"
        return f"<record of {self.root.name or 'a graph'}: {len(self.nodes)} nodes, {passes}>"


def _unpickled(nodes: Any, root: Node, gradients: dict[Node, Array], handed: dict[Node, Any]) -> Record:
    return Record(root, nodes, MappingProxyType(gradients), MappingProxyType(handed))


def forward(root: Node) -> Record:
    """Return the record of the forward pass that led to root; no gradients."""
    require_node(root, "forward")
    return Record(root, tuple(topological_order(root)))


def backward(root: Node) -> Record:
    """Return the record of the forward pass that led to root, and of the backward pass from it.

    Start with ∂ℓ/∂ℓ = 1. Go through the nodes in reverse order of the forward pass. Each one has then
    received everything that will come; it hands its contribution to each of its operands, and what
    arrives at a node is added up: a product along every path, a sum over the paths (slide "Reminder:
    Chain Rule of Differentiation").

    Parameters
    ----------
    root : Node ()
        The loss, a scalar.

    Raises
    ------
    ShapeError
        If root is not a scalar.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> x, w, b, y = ll.data(2.0), ll.parameter(0.5), ll.parameter(-0.2), ll.data(2.0)
    >>> record = ll.backward((y - (w * x + b)) ** 2)
    >>> float(record[w]), float(record[b])
    (-4.8, -2.4)
    """
    require_node(root, "backward")
    if root.value.ndim != 0:
        raise ShapeError(
            f"backward: {root.name or 'the root'} has shape {root.shape}; expected a scalar, shape (); "
            "add it up first with .sum() or .mean()"
        )
    gradients: dict[Node, Any] = {root: np.float64(1.0)}
    handed: dict[Node, tuple[Array, ...]] = {}
    nodes = tuple(topological_order(root))
    for node in reversed(nodes):
        if node.primitive is None:
            continue
        handed[node] = d_operands = node.primitive.back(gradients[node], node)
        for parent, d_parent in zip(node.parents, d_operands):  # noqa: B905  (back has counted them)
            gradients[parent] = gradients[parent] + d_parent if parent in gradients else d_parent
    return Record(root, nodes, MappingProxyType(gradients), MappingProxyType(handed))


def value_and_grad(f: Callable[..., Node]) -> Callable[..., tuple[float, Tree]]:
    """Return a function that gives f's value and its gradient with respect to the first argument.

    Parameters
    ----------
    f : callable
        Takes the parameters as nodes, then anything else; gives a scalar node.

    Returns
    -------
    callable
        Takes the parameters as numbers and arrays (alone, or in a dict, list or tuple, to any depth),
        then anything else. Gives ``(value, gradient)``: a float, and arrays in the same structure.

    Examples
    --------
    >>> import numpy as np
    >>> import lecture_lib as ll
    >>> def loss(params, x, y):
    ...     return (y - (params["w"] * x + params["b"])) ** 2
    >>> value, gradient = ll.value_and_grad(loss)({"w": 0.5, "b": -0.2}, 2.0, 2.0)
    >>> round(value, 2), {name: round(float(d), 2) for name, d in gradient.items()}
    (1.44, {'w': -4.8, 'b': -2.4})
    """

    def f_and_gradient(params: Tree, *rest: Any, **options: Any) -> tuple[float, Tree]:
        nodes = tree_map(parameter, params, tree_names(params))
        try:
            root = f(nodes, *rest, **options)
        except TypeError as error:
            name = _of_lists(params)
            if name is None:
                raise
            raise TypeError(
                f"{error}. {name} is a list, in which each number is a parameter of its own: for a vector or "
                f"a matrix, write np.array({name})"
            ) from error
        require_node(root, f"value_and_grad: what {getattr(f, '__name__', 'f')} returned")
        gradients = backward(root).gradients

        def gradient_of(node: Node) -> Array:
            # A parameter that the value was not computed from does not change it.
            # Its own array: one that several operands were handed is theirs together.
            return np.array(gradients[node]) if node in gradients else np.zeros(node.shape)

        return float(root.value), tree_map(gradient_of, nodes)

    return f_and_gradient


def _of_lists(params: Tree, name: str = "theta") -> str | None:
    """Return the name of a parameter that looks like a vector or a matrix, but is made of lists."""
    if isinstance(params, dict):
        branches = cast("dict[Any, Tree]", params).items()
        return next((n for n in (_of_lists(tree, str(key)) for key, tree in branches) if n), None)
    rows = cast("list[Any]", params) if isinstance(params, list) else []
    return name if rows and all(isinstance(row, list | int | float) for row in rows) else None


def require_node(root: Any, where: str) -> None:
    """Refuse what is not a node."""
    if not isinstance(root, Node):
        raise TypeError(f"{where}: expected a node, got {type(root).__name__}; was it computed from nodes?")
