"""The order in which a graph is computed: parents before children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self, TypeVar


class HasParents(Protocol):
    """What an order needs of a node: the nodes that it was computed from."""

    @property
    def parents(self) -> Sequence[Self]:
        """The nodes that it was computed from, in order; none for a leaf."""
        ...


AnyNode = TypeVar("AnyNode", bound=HasParents)


def topological_order(root: AnyNode) -> list[AnyNode]:
    """Return every node that root was computed from, parents before children, root last.

    Each node comes once, however many others use it. The search is a depth-first walk with a stack
    of its own, so a graph 100,000 deep needs no recursion, and where operations have a few operands it
    takes time in proportion to the edges. Nothing is asked of a node but its `parents`, so it orders
    nodes of other kinds too.

    Examples
    --------
    >>> from lecture_lib.autodiff import parameter
    >>> x = parameter(3.0, "x")
    >>> for node in topological_order(x * x + 1):
    ...     print(node)
    Node x = 3.0, parameter
    Node 9.0, multiply of x, x
    Node 1.0, constant
    Node 10.0, add of ·, ·

    Raises
    ------
    TypeError
        If root has no parents, not even none, and so is no node.
    """
    if not hasattr(root, "parents"):
        raise TypeError(f"topological_order: expected a node, got {type(root).__name__}")
    order: dict[AnyNode, None] = {}
    path = [root]
    while path:
        for parent in path[-1].parents:
            if parent not in order:
                if parent.parents:  # it comes after its own operands; then this node is looked at again
                    path.append(parent)
                    break
                order[parent] = None
        else:
            order[path.pop()] = None
    return list(order)
