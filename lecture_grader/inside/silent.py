"""Stands in the sandbox for what a notebook has and the sandbox has not: takes everything, shows nothing.

A cell that uses it goes on, and what it calculates with it is nothing.
"""

from __future__ import annotations

import functools
import inspect
import re
from abc import ABCMeta
from collections.abc import Iterator
from types import FunctionType, MethodType
from typing import Any, cast

import numpy as np

from lecture_grader.inside.asking_line import unpacked_into, wanted

_AN_ERROR = re.compile(r"(?:[A-Z]\w*)?(?:Error|Exception|Warning|Timeout)$")


class Silent:
    """Can be called, indexed, entered, unpacked, calculated with and asked for anything; gives itself.

    It is empty where it is counted or gone through, 0 where it must be a number, and no text. Where a cell
    asks whether it is true, the answer is that with which the cell goes on.
    """

    _is_so = True

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Give itself; as a decorator, what it decorates. A function without a name is never decorated."""
        if len(given) == 1 and isinstance(given[0], (FunctionType, type)):
            decorated = given[0].__name__ != "<lambda>"
            if named:  # options of a decorator, or of what is called with a function
                return _WithOptions(given[0]) if decorated else self
            return given[0] if decorated else self
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _of_name(name)

    def __instancecheck__(self, one: Any) -> bool:
        return isinstance(one, (Silent, Bare))

    def __subclasscheck__(self, one: Any) -> bool:
        return issubclass(one, (Silent, Bare))

    def __setattr__(self, name: str, value: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter([self] * unpacked_into(inspect.currentframe()))

    def __next__(self) -> Any:
        raise StopIteration

    def __bool__(self) -> bool:
        truth = wanted(inspect.currentframe())
        return self._is_so if truth is None else truth

    def __len__(self) -> int:
        return 0

    def __contains__(self, one: Any) -> bool:
        return False

    def __setitem__(self, key: Any, value: Any) -> None:
        return None

    def __delitem__(self, key: Any) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        return None

    def __lt__(self, other: Any) -> Any:
        """Compare: what is not known differs by little, and is neither larger than another nor the same."""
        return _IT_IS

    def __gt__(self, other: Any) -> Any:
        return _IT_IS_NOT

    __le__, __ge__ = __lt__, __gt__

    def __eq__(self, other: object) -> Any:
        return True if self is other else _IT_IS_NOT

    def __ne__(self, other: object) -> Any:
        return False if self is other else _IT_IS

    def __hash__(self) -> int:
        return id(self)

    def __int__(self) -> int:
        return 0

    __index__ = __int__

    def __float__(self) -> float:
        return 0.0

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array([], dtype)

    def __array_ufunc__(self, *given: Any, **named: Any) -> Any:
        return self

    def __array_function__(self, function: Any, types: Any, given: Any, named: Any) -> Any:
        try:
            return function._implementation(*given, **named)
        except Exception:  # whatever it was that cannot be done with it
            return self

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return (_BareType("Bare", (Bare,), {}),)

    def __repr__(self) -> str:
        return ""

    def __format__(self, how: str) -> str:
        return ""

    def subplots(self, nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **named: Any) -> Any:
        """Give as many axes as are asked for, in their array, as a figure does."""
        axes = np.empty((int(nrows), int(ncols)), object)
        axes.fill(self)
        if squeeze:
            axes = axes.squeeze()
        return axes if axes.ndim else self

    def hist(self, x: Any = (), bins: Any = 10, *given: Any, **named: Any) -> Any:
        """Give the counts and the edges, and no picture of them."""
        taken = {name: named[name] for name in ("range", "density", "weights") if name in named}
        try:
            counts, edges = cast(Any, np).histogram(x, bins, **taken)  # of any x, its types say nothing
        except (TypeError, ValueError):
            return self, self, self
        return counts, edges, self

    def get_xlim(self, *given: Any, **named: Any) -> tuple[float, float]:
        """Give the limits of a picture with nothing in it."""
        return 0.0, 1.0

    get_ylim = xlim = ylim = get_xlim

    def by_key(self) -> dict[str, list[str]]:
        """Give the colours that lines take one after the other, by their short names."""
        return {"color": [f"C{number}" for number in range(10)]}

    def apply(self, *given: Any, **named: Any) -> Any:
        """Give itself: what a table makes of each of its rows is no function."""
        return self

    map = applymap = agg = transform = pipe = apply

    def raises(self, *given: Any, **named: Any) -> Any:
        """Give what can be entered and takes every error, as a test's `raises` does."""
        return _Swallows()


def _itself(self: Silent, *given: Any) -> Any:
    return self


_OPERATORS = (
    "getitem enter aenter pos neg abs invert round add sub mul truediv floordiv mod pow matmul and or xor"
    " lshift rshift radd rsub rmul rtruediv rfloordiv rmod rpow rmatmul rand ror rxor divmod rdivmod"
)
for _name in _OPERATORS.split():
    setattr(Silent, f"__{_name}__", _itself)


Silent.__name__ = "stand-in for what is not there where it is graded"  # so it is called in a verdict


class _Swallows(Silent):
    def __exit__(self, *error: Any) -> Any:
        return True


class _IsNot(Silent):
    _is_so = False


class _AsksWhatItIs(Silent):
    """What asks whether something is of a library's own kind: nothing that is here is."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        return _IT_IS if all(map(is_silent, given)) else _IT_IS_NOT


class _WithOptions(Silent):
    """What a function and options were handed to: it is called as the function, and else is nothing."""

    def __init__(self, function: Any) -> None:
        vars(self)["__wrapped__"] = function

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self.__wrapped__(*given, **named)

    def __get__(self, one: Any, kind: Any = None) -> Any:
        return self if one is None else MethodType(self, one)


class _BareType(ABCMeta):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _of_name(name)


class Bare(metaclass=_BareType):
    """What a class is made of whose base is not here: it takes anything, and has whatever it is asked for."""

    def __init__(self, *given: Any, **named: Any) -> None:
        vars(self).update(named)

    def __init_subclass__(cls, **named: Any) -> None:
        return None

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Give nothing."""
        return SILENT

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _of_name(name)


@functools.cache
def _error(name: str) -> Any:
    return type(name, (Warning if name.endswith("Warning") else Exception,), {})


def _of_name(name: str) -> Any:
    """Return what stands for something of this name: for an error a class, to be raised and caught."""
    if name.startswith("is"):
        return _ASKS_WHAT_IT_IS
    return _error(name) if _AN_ERROR.match(name) else SILENT


SILENT: Any = Silent()
_IT_IS: Any = SILENT
_IT_IS_NOT: Any = _IsNot()
_ASKS_WHAT_IT_IS: Any = _AsksWhatItIs()


def is_silent(one: object) -> bool:
    """Whether something stands for what is not here."""
    return isinstance(one, (Silent, Bare))
