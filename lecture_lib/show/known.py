"""What a record's nodes are called in pictures, and what is known after so many of its steps."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lecture_lib.autodiff.nodes import Node
from lecture_lib.autodiff.record import Record, Step
from lecture_lib.common import number

from .typeset import value_words

EdgeKey = tuple[Node, int]
"""The edge into a node at the place of one of its operands."""


def names_of(nodes: Sequence[Node]) -> dict[Node, str]:
    """A name for every node: its own; for a constant its number; else v1, v2, … in order of computation.

    >>> from lecture_lib.autodiff import data, forward
    >>> x = data(3.0, "x")
    >>> list(names_of(forward((x + 1) * x).nodes).values())
    ['x', '1', 'v1', 'v2']
    """
    taken = {node.name for node in nodes}
    names: dict[Node, str] = {}
    count = 0
    for node in nodes:
        if node.name:
            names[node] = node.name
        elif is_plain_number(node):
            value = float(node.value)
            names[node] = number(value, digits=6)
        else:
            count += 1
            while f"v{count}" in taken:
                count += 1
            names[node] = f"v{count}"
    return names


def is_plain_number(node: Node) -> bool:
    """Whether a node is a constant number: it has no name, and nobody asks for its gradient."""
    return node.role == "constant" and node.ndim == 0


def uses_of(record: Record) -> Counter[Node]:
    """How often each node is an operand; every node is in it."""
    uses = Counter(dict.fromkeys(record.nodes, 0))
    uses.update(parent for node in record.nodes for parent in node.parents)
    return uses


class Known(NamedTuple):
    """What is known after some steps of a record."""

    current: Step | None
    """The last step that was made; None before the first, and where all is shown at once."""
    values: frozenset[Node]
    """Nodes whose value is known: inputs always are."""
    gradients: frozenset[Node]
    """Nodes to which everything has come back that ever will."""
    handed: frozenset[EdgeKey]
    """Edges along which a contribution has come back."""


def require_step(record: Record, step: object) -> None:
    """Raise ValueError if the record has no such step."""
    total = len(record.steps)
    if isinstance(step, bool) or not isinstance(step, int | np.integer) or not 0 <= step <= total:
        raise ValueError(
            f"step {step}: this record has {total} steps; expected a whole number from 0 (before the first) "
            f"to {total} (after the last)"
        )


def known_after(record: Record, step: int | None = None) -> Known:
    """What is known of a record after `step` of its steps, or after all (None).

    Raises
    ------
    ValueError
        If the record has no such step.
    """
    done = len(record.steps) if step is None else step
    require_step(record, done)
    values = {node for node in record.nodes if node.primitive is None}
    handed: set[EdgeKey] = set()
    awaited = uses_of(record)
    seeded = False
    for kind, node in record.steps[:done]:
        if kind == "forward":
            values.add(node)
        elif kind == "seed":
            seeded = True
        else:
            for position, parent in enumerate(node.parents):
                handed.add((node, position))
                awaited[parent] -= 1
    gradients = {
        node for node, missing in awaited.items() if not missing and (node is not record.root or seeded)
    }
    if not record.has_gradients:
        gradients = set[Node]()
    current = record.steps[done - 1] if step else None
    return Known(current, frozenset(values), frozenset(gradients), frozenset(handed))


NOT_COMPUTED = "not computed"


def node_words(record: Record, known: Known, node: Node, decimals: int) -> tuple[str, str, dict[int, str]]:
    """A node's value, its gradient, and by its place each contribution that has gone to an operand."""
    return (
        value_words(node.value, decimals) if node in known.values else NOT_COMPUTED,
        value_words(record.gradient(node), decimals) if node in known.gradients else NOT_COMPUTED,
        {
            k: value_words(record.contribution(node, k), decimals)
            for k in range(len(node.parents))
            if (node, k) in known.handed
        },
    )
