"""What a loss reads besides what it is handed: numbers and arrays in globals, closures and `partial`s."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, cast

import numpy as np

MOST_COMPARED = 100_000
"""Of how many numbers an array may be for its change to be seen."""

Reading = Callable[[], Any]


def read_from_outside(function: Any) -> list[Reading]:
    """Return what gives the present value of each name that a function, or one it calls, finds outside."""
    return list(_readings(function, set()))


def _readings(function: Any, seen: set[int]) -> Iterator[Reading]:
    if id(function) in seen:
        return
    seen.add(id(function))
    if isinstance(function, partial):
        made = cast("partial[Any]", function)
        for given in (*made.args, *made.keywords.values()):
            yield from _reading(partial(_itself, given), given, seen)
        yield from _readings(made.func, seen)
    elif isinstance(function, MethodType):
        yield from _readings(function.__func__, seen)
    elif isinstance(function, FunctionType) and _is_the_callers(function):
        for name in _names_in(function.__code__):
            if name in function.__globals__:
                reading = partial(function.__globals__.get, name)
                yield from _reading(reading, reading(), seen)
        for cell in function.__closure__ or ():
            yield from _reading(partial(_held, cell), _held(cell), seen)


def _reading(reading: Reading, found: Any, seen: set[int]) -> Iterator[Reading]:
    if isinstance(found, FunctionType | partial | MethodType):
        yield from _readings(found, seen)
    elif not isinstance(found, ModuleType | type) and not hasattr(
        builtins, getattr(found, "__name__", "") or " "
    ):
        yield reading


def kept(value: Any) -> Hashable:
    """Return what stays the same as long as a value does: its numbers, or which object it is."""
    if isinstance(value, int | float | complex | str | np.number | np.bool_):
        return type(cast("object", value)), repr(cast("object", value))
    if isinstance(value, np.ndarray):
        array = cast("np.ndarray[Any, Any]", value)
        if array.size <= MOST_COMPARED and array.dtype != object:
            return array.shape, array.dtype.str, array.tobytes()
    if isinstance(value, list | tuple) and len(cast("list[Any]", value)) <= MOST_COMPARED:
        return tuple(map(kept, cast("list[Any]", value)))
    return id(cast("object", value))


def _is_the_callers(function: FunctionType) -> bool:
    return function.__module__.partition(".")[0] not in ("lecture_lib", "numpy")


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _itself(value: Any) -> Any:
    return value


def _held(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None
