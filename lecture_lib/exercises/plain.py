"""Plain data: the only thing that passes between an answer and the judge.

What a student's function returns may be anything: a generator, an object that claims to equal
everything, an array of half a gigabyte. `plain` makes a copy of it in nothing but Python's own
types and NumPy arrays of numbers, and puts a `Foreign` where something else stood. Everything
that the judge compares has gone through it first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

AnyArray: TypeAlias = NDArray[Any]

MOST_NUMBERS = 1_000_000
"""An answer with more numbers than this is not looked at."""
MOST_ITEMS = 100_000
MOST_LEVELS = 12
MOST_LETTERS = 2_000
MOST_BITS = 1_000


@dataclass(frozen=True)
class Foreign:
    """Stands where a value stood that is not plain data; `kind` says in words what it was."""

    kind: str


@dataclass(frozen=True, eq=False)
class Recipe:
    """Stands for an argument that is not plain data, a function or a graph: how it is made, and of what.

    `name` is that of a maker (see `recipes`), `parts` are what the maker takes, `words` say what comes of it.
    """

    name: str
    parts: tuple[Plain, ...] = ()
    words: str = "f"


Key: TypeAlias = "str | int | float | bool | Foreign"
Scalar: TypeAlias = "bool | int | float | str | EllipsisType | Foreign | Recipe | None"
Plain: TypeAlias = "Scalar | AnyArray | list[Plain] | tuple[Plain, ...] | dict[Key, Plain]"


@dataclass
class _Budget:
    items: int = MOST_ITEMS
    known: Mapping[int, Foreign] = field(default_factory=dict[int, Foreign])
    within: set[int] = field(default_factory=set[int])


def plain(value: object, known: Mapping[int, Foreign] | None = None) -> Plain:
    """Anything -> a copy of it in plain data.

    Subclasses of Python's own containers are read by the methods of those containers, so that
    whatever the subclass redefines is not asked. NumPy scalars become Python's numbers and texts. Never
    raises.

    `known` names objects by their `id`: a node of a graph that was handed over becomes Foreign("node 3").
    """
    try:
        return _plain(value, 0, _Budget(known=known or {}))
    except Exception:
        return Foreign("an object that cannot be read")


def _plain(value: object, level: int, budget: _Budget) -> Plain:
    kind = type(value)
    budget.items -= 1
    if budget.items < 0:
        return Foreign("a value with more than 100,000 entries")
    if value is None or value is Ellipsis or kind is bool or kind is float:
        return cast("Plain", value)
    if budget.known and (node := budget.known.get(id(value))) is not None:
        return node
    if kind is np.ndarray:
        return _plain_array(cast("AnyArray", value))
    if issubclass(kind, (list, tuple, dict)):
        return _plain_container(value, level, budget)
    if issubclass(kind, str):  # NumPy's own texts among them
        text = str.__str__(cast("str", value))
        return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + "…"
    if kind in _NUMPY_SCALARS:
        return _plain_scalar(cast("np.generic", value))
    if issubclass(kind, np.ndarray):
        return Foreign(f"{_with_article(type(value))}, not a plain NumPy array")
    if issubclass(kind, np.generic):
        return Foreign(_with_article(type(value)))
    if issubclass(kind, int):
        number = int.__int__(cast("int", value))
        few = number.bit_length() <= MOST_BITS
        return number if few else Foreign("a whole number of more than 300 digits")
    if issubclass(kind, float):
        return float.__float__(cast("float", value))
    if kind is Recipe:
        recipe = cast("Recipe", value)
        return Recipe(
            recipe.name, tuple(_plain(part, level + 1, budget) for part in recipe.parts), recipe.words
        )
    return Foreign(_with_article(kind))


def _plain_container(value: object, level: int, budget: _Budget) -> Plain:
    kind, place = type(value), id(value)
    if place in budget.within:  # read again and again, it would be as large as may be
        return Foreign(f"{_with_article(kind)} that is put into itself")
    if level >= MOST_LEVELS:
        return Foreign("a value nested too deeply")
    base = list if issubclass(kind, list) else tuple if issubclass(kind, tuple) else dict
    if base.__len__(cast("Any", value)) > budget.items:
        return Foreign("a value with more than 100,000 entries")
    budget.within.add(place)
    if base is dict:
        pairs = dict[Any, Any].items(cast("dict[Any, Any]", value))
        made = {_plain_key(key, budget): _plain(item, level + 1, budget) for key, item in pairs}
    else:
        entries = cast("Iterator[object]", base.__iter__(cast("Any", value)))
        items = [_plain(item, level + 1, budget) for item in entries]
        made = items if base is list else tuple(items)
    budget.within.remove(place)
    return made


def _plain_key(key: object, budget: _Budget) -> Key:
    if type(key) in (str, int, float, bool):
        return cast("Key", key)
    if isinstance(key, str):
        return str.__str__(key)
    if type(key) in _NUMPY_SCALARS:
        return cast("Key", _plain_scalar(cast("np.generic", key)))
    if budget.known and (node := budget.known.get(id(key))) is not None:
        return node
    return Foreign(_with_article(type(key)))


def _plain_array(array: AnyArray) -> Plain:
    if array.dtype.kind not in "biuf":
        return Foreign(f"an array of {_ENTRIES.get(array.dtype.kind, 'something that is not a number')}")
    if array.size > MOST_NUMBERS:
        return Foreign(f"an array of {array.size:,} numbers")
    return array.copy()


_ENTRIES = {"O": "objects", "c": "complex numbers", "U": "text", "S": "bytes", "M": "dates", "m": "times"}


def _plain_scalar(scalar: np.generic) -> Plain:
    value = scalar.item()
    if type(value) in (bool, int, float):
        return cast("Plain", value)
    if type(scalar) is np.longdouble:  # its item() is itself
        return float(scalar)
    return Foreign(_with_article(type(scalar)))


_NUMPY_SCALARS = frozenset(np.sctypeDict.values())


def _with_article(kind: type) -> str:
    name = kind.__name__[:60]
    if kind.__module__.startswith("lecture_lib.autodiff"):
        return f"a {name} of the graph (its number is its .value)"
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def copy(value: Plain) -> Plain:
    """Plain data -> the same, in new containers and arrays, to be handed to an answer."""
    if type(value) is np.ndarray:
        return value.copy()
    if type(value) is list:
        return [copy(item) for item in value]
    if type(value) is tuple:
        return tuple(copy(item) for item in value)
    if type(value) is dict:
        return {key: copy(item) for key, item in value.items()}
    return value


KeyPath: TypeAlias = "tuple[int | str, ...]"


def changes(before: Plain, after: Plain, path: KeyPath = ()) -> list[KeyPath]:
    """Two pieces of plain data -> the places where they are not exactly the same.

    Exactly: type, shape, dtype and every bit. The order of a dict's keys does not count.
    """
    if type(before) is not type(after):
        return [path]
    if type(before) is np.ndarray:
        other = cast("AnyArray", after)
        same = (
            before.shape == other.shape
            and before.dtype == other.dtype
            and before.tobytes() == other.tobytes()
        )
        return [] if same else [path]
    if type(before) is Recipe:
        other = cast("Recipe", after)
        same = (before.name, before.words) == (other.name, other.words)
        return [path] if not same or changes(before.parts, other.parts) else []
    if type(before) is dict:
        mine, theirs = before, cast("dict[Key, Plain]", after)
        if mine.keys() != theirs.keys():
            return [path]
        return [
            place
            for key in mine
            for place in changes(mine[key], theirs[key], (*path, key if isinstance(key, str) else str(key)))
        ]
    if type(before) is list or type(before) is tuple:
        ours, others = before, cast("list[Plain]", after)
        different = len(ours) != len(others) or any(
            changes(one, two) for one, two in zip(ours, others, strict=True)
        )
        return [path] if different else []
    return [] if before == after or (before != before and after != after) else [path]


def alike(one: Plain, two: Plain, tolerance: float, least: float = 1.0) -> bool:
    """Whether two answers are the same answer: same numbers to the tolerance, same shapes; nan is like nan.

    A list, a tuple and an array of the same numbers are alike here, and so are a list and a tuple of others.
    `least` is as in `close`.
    """
    if type(one) is float and type(two) is float:  # the most frequent case, and much the fastest so
        near = abs(one - two) <= tolerance * (max(least, abs(two)) or 1.0)
        return near if math.isfinite(two) else one == two or (one != one and two != two)
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(alike(one[key], two[key], tolerance, least) for key in one)
    first, second = as_array(one), as_array(two)
    if first is not None and second is not None:
        return first.shape == second.shape and close(first, second, tolerance, least)
    if isinstance(one, (list, tuple)) and isinstance(two, (list, tuple)):
        pairs = zip(one, two, strict=False)
        return len(one) == len(two) and all(alike(mine, its, tolerance, least) for mine, its in pairs)
    if isinstance(one, str) and isinstance(two, str):
        return one.strip().casefold() == two.strip().casefold()
    return one is two and (one is None or one is Ellipsis or isinstance(one, bool))


def close(value: AnyArray, reference: AnyArray, tolerance: float, least: float = 1.0) -> bool:
    """Two arrays of one shape -> whether they differ nowhere by more than tolerance · max(least, largest).

    The largest is that of the reference's finite entries, without sign; of nothing but zeros, 1. What is not
    finite must be the same.
    """
    if value.size <= _FEW and value.dtype == reference.dtype == np.float64:
        return _few_close(value.ravel().tolist(), reference.ravel().tolist(), tolerance, least)
    value, reference = value.astype(np.float64), reference.astype(np.float64)
    finite = np.isfinite(reference)
    scale = float(np.max(np.abs(reference[finite]), initial=least)) or 1.0
    with np.errstate(all="ignore"):
        near = np.abs(value - reference) <= tolerance * scale
    same = (value == reference) | (np.isnan(value) & np.isnan(reference))
    return bool(np.all(np.where(finite, near, same)))


_FEW = 32


def _few_close(value: list[float], reference: list[float], tolerance: float, least: float) -> bool:
    """`close` for a few numbers, where NumPy takes longer to begin than to work."""
    far = tolerance * (max([least, *(abs(number) for number in reference if math.isfinite(number))]) or 1.0)
    return all(
        abs(one - two) <= far if math.isfinite(two) else one == two or (one != one and two != two)
        for one, two in zip(value, reference, strict=True)
    )


_NUMBERS = frozenset({int, float})


def as_array(value: Plain) -> AnyArray | None:
    """A number, an array, or nested lists of numbers of one shape -> an array; None for anything else."""
    if type(value) is np.ndarray:
        return value
    if type(value) in (int, float):
        return np.array(float(cast("float", value)))
    if isinstance(value, (list, tuple)) and value:
        if _NUMBERS.issuperset(map(type, value)):  # by far faster than one by one
            return np.array(value, np.float64)
        rows = [as_array(item) for item in value]
        if any(row is None for row in rows) or len({cast("AnyArray", row).shape for row in rows}) != 1:
            return None
        return np.stack([cast("AnyArray", row) for row in rows])
    return None


def is_whole(numbers: AnyArray) -> bool:
    """Whether all of these are whole numbers."""
    return np.array_equal(numbers, np.round(numbers))
