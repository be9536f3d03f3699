"""Trees of arrays: parameters of any structure, one array, or dicts, lists and tuples of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np

Tree = Any
"""An array (or number), or a dict, list or tuple of such, to any depth."""


def tree_map(f: Callable[..., Any], tree: Tree, *others: Tree) -> Tree:
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
        if the structures differ, with what differs

    Examples
    --------
    >>> tree_map(lambda theta, d_theta: theta - 0.1 * d_theta, {"w": 1.0}, {"w": 5.0})
    {'w': 0.5}
    """

    def without_name(_: str, *arrays: Any) -> Any:
        return f(*arrays)

    return _walk(without_name, "", tree, others)


def tree_names(tree: Tree) -> Tree:
    """Give each array's name, in the same structure: the innermost key of a dict on the way to it.

    Examples
    --------
    >>> tree_names({"layers": [{"W": 1.0, "b": 2.0}], "U": (3.0, 4.0)})
    {'layers': [{'W': 'W', 'b': 'b'}], 'U': ('U', 'U')}
    """

    def name_of(name: str, _: Any) -> str:
        return name

    return _walk(name_of, "", tree, ())


def tree_unzip(f: Callable[..., tuple[Any, ...]], tree: Tree, *others: Tree) -> tuple[Tree, ...]:
    """As `tree_map`, for an f that gives several arrays: as many structures come back.

    Examples
    --------
    >>> tree_unzip(lambda a, b: (a + b, a - b), {"w": 5, "b": 1}, {"w": 3, "b": 1})
    ({'w': 8, 'b': 2}, {'w': 2, 'b': 0})
    """
    given: list[tuple[Any, ...]] = []

    def keep(*arrays: Any) -> None:
        given.append(f(*arrays))

    tree_map(keep, tree, *others)
    return tuple(_filled(tree, part) for part in zip(*given, strict=True))


def leaves(tree: Tree) -> list[Any]:
    """List all arrays of a structure, in order.

    Examples
    --------
    >>> leaves({"W": 1.0, "b": [2.0, 3.0]})
    [1.0, 2.0, 3.0]
    """
    found: list[Any] = []
    tree_map(found.append, tree)
    return found


def norm(tree: Tree) -> float:
    """Return the Euclidean norm of all numbers of a structure taken as one long vector.

    Examples
    --------
    >>> norm({"W": np.array([[3.0]]), "b": np.array([4.0])})
    5.0
    """
    return float(np.sqrt(np.sum([np.sum(np.square(leaf)) for leaf in leaves(tree)])))


def _walk(f: Callable[..., Any], name: str, tree: Tree, others: tuple[Tree, ...]) -> Tree:
    """Apply f to each (name, arrays)."""
    if isinstance(tree, dict):
        branches = cast("dict[Any, Tree]", tree)
        for other in others:
            _same_keys(branches, other)
        return {key: _walk(f, str(key), branches[key], tuple(o[key] for o in others)) for key in branches}
    if isinstance(tree, list | tuple):
        items = cast("Sequence[Tree]", tree)
        for other in others:
            _same_length(items, other)
        walked = [_walk(f, name, item, tuple(other[k] for other in others)) for k, item in enumerate(items)]
        if hasattr(items, "_fields"):  # a named tuple takes them one by one
            return type(items)(*walked)
        return tuple(walked) if isinstance(items, tuple) else walked
    return f(name, tree, *others)


def _filled(tree: Tree, values: tuple[Any, ...]) -> Tree:
    """Return the structure of tree, holding these values in order."""
    rest = iter(values)

    def following(_: Any) -> Any:
        return next(rest)

    return tree_map(following, tree)


def _same_keys(branches: Mapping[Any, Tree], other: Tree) -> None:
    there = set(cast("dict[Any, Tree]", other)) if isinstance(other, dict) else {type(other).__name__}
    if there != set(branches):
        raise ValueError(
            f"the parameters are {', '.join(map(str, branches))}; beside them stand "
            f"{', '.join(sorted(map(str, there)))}: the same names were expected"
        )


def _same_length(items: Sequence[Tree], other: Tree) -> None:
    if not isinstance(other, list | tuple) or len(cast("Sequence[Tree]", other)) != len(items):
        raise ValueError(f"the parameters are a sequence of {len(items)}; beside it stands {other!r}")
