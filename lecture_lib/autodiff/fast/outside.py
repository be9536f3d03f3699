"""What a loss reads besides what it is handed: what stands in globals, closures, defaults and `partial`s."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import partial
from types import CellType, FunctionType, MethodType
from typing import Any, cast

import numpy as np

from lecture_lib.common import globals_read

MOST_COMPARED = 100_000
"""Of how many numbers an array may be for its change to be seen."""

Reading = Callable[[], Any]


class Outside:
    """What a function, and the functions that it calls, find outside.

    Attributes
    ----------
    met : mapping
        All that was found so far: by what stays the same, the objects themselves. So they live on, and none
        of them can be taken for another that was made in its place.
    """

    def __init__(self, function: Any) -> None:
        self.function = function
        self.met: dict[Hashable, list[Any]] = {}
        self._readings: list[Reading] = []
        self._found: list[Any] = [None]  # nothing has been looked at yet

    def now(self) -> Hashable:
        """Return what stays the same as long as all that is read from outside does."""
        found = [reading() for reading in self._readings]
        if len(found) != len(self._found) or any(a is not b for a, b in zip(found, self._found, strict=True)):
            # Another function may stand there, which reads other names.
            self._readings = list(_readings(self.function, set()))
            self._found = found = [reading() for reading in self._readings]
        same = tuple(map(kept, found))
        self.met.setdefault(same, found)
        return same


def _readings(function: Any, seen: set[int]) -> Iterator[Reading]:
    """Yield what gives the present value of each name that a function, or one it calls, finds outside."""
    if id(function) in seen:
        return
    seen.add(id(function))
    if isinstance(function, partial):
        made = cast("partial[Any]", function)
        for given in (*made.args, *made.keywords.values()):
            yield from _reading(partial(_itself, given), seen)
        yield from _reading(partial(_itself, made.func), seen)
    elif isinstance(function, MethodType):
        yield from _readings(function.__func__, seen)
    elif isinstance(function, FunctionType) and _is_the_callers(function):
        for name in dict.fromkeys(globals_read(function.__code__)):
            yield from _reading(partial(function.__globals__.get, name), seen)
        for cell in function.__closure__ or ():
            yield from _reading(partial(_held, cell), seen)
        for default in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            yield from _reading(partial(_itself, default), seen)


def _reading(reading: Reading, seen: set[int]) -> Iterator[Reading]:
    yield reading
    yield from _readings(reading(), seen)


_PLAIN = (int, float, complex, str, np.number, np.bool_)  # made once: it is asked at each step


def kept(value: Any) -> Hashable:
    """Return what stays the same as long as a value does: its numbers, its code, or which object it is."""
    if isinstance(value, _PLAIN):
        return type(cast("object", value)), repr(cast("object", value))
    if isinstance(value, np.ndarray):
        array = cast("np.ndarray[Any, Any]", value)
        if array.size <= MOST_COMPARED and array.dtype != object:
            return array.shape, array.dtype.str, array.tobytes()
    if isinstance(value, list | tuple) and len(cast("list[Any]", value)) <= MOST_COMPARED:
        return tuple(map(kept, cast("list[Any]", value)))
    if isinstance(value, FunctionType):  # what it reads is looked at besides
        return value.__code__
    if isinstance(value, MethodType):
        return id(value.__self__), kept(value.__func__)
    return partial if isinstance(value, partial) else id(cast("object", value))


def _is_the_callers(function: FunctionType) -> bool:
    return str(function.__module__).partition(".")[0] not in ("lecture_lib", "numpy")


def _itself(value: Any) -> Any:
    return value


def _held(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None
