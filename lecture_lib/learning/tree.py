"""Parameters of any structure: one array, or dicts, lists and tuples of them."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

__all__ = ["leaves", "norm", "tree_map"]


def tree_map(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """Apply f to each array of a structure, together with the arrays at the same place of the others.

    Parameters
    ----------
    f : callable
        arrays to anything
    tree, *others : array, or dict, list or tuple of such
        all of one structure

    Returns
    -------
    The same structure, holding what f gave.

    Raises
    ------
    ValueError
        if the structures differ, with the names that differ

    Examples
    --------
    >>> tree_map(lambda theta, d_theta: theta - 0.1 * d_theta, {"w": 1.0}, {"w": 5.0})
    {'w': 0.5}
    """
    if isinstance(tree, dict):
        named = cast("dict[str, Any]", tree)
        for other in others:
            if not isinstance(other, dict) or set(cast("dict[str, Any]", other)) != set(named):
                there = ", ".join(cast("dict[str, Any]", other)) if isinstance(other, dict) else repr(other)
                raise ValueError(f"the parameters are {', '.join(named)}, but beside them stand {there}")
        return {name: tree_map(f, named[name], *(other[name] for other in others)) for name in named}
    if isinstance(tree, list | tuple):
        items = cast("list[Any]", list(cast("list[Any]", tree)))
        for other in others:
            if not isinstance(other, list | tuple) or len(cast("list[Any]", other)) != len(items):
                raise ValueError(f"the parameters are a sequence of {len(items)}, but beside it stands {other!r}")
        mapped = [tree_map(f, item, *(other[k] for other in others)) for k, item in enumerate(items)]
        return tuple(mapped) if isinstance(tree, tuple) else mapped
    return f(tree, *others)


def leaves(tree: Any) -> list[Any]:
    """All arrays of a structure, in order.

    Examples
    --------
    >>> leaves({"W": 1.0, "b": [2.0, 3.0]})
    [1.0, 2.0, 3.0]
    """
    found: list[Any] = []
    tree_map(found.append, tree)
    return found


def norm(tree: Any) -> float:
    """The Euclidean norm of all numbers of a structure taken as one long vector.

    Examples
    --------
    >>> norm({"W": np.array([[3.0]]), "b": np.array([4.0])})
    5.0
    """
    return float(np.sqrt(np.sum([np.sum(np.square(leaf)) for leaf in leaves(tree)])))
