"""Traced arrays stand in for arrays in a primitive's functions; what is asked of them are calls.

Every NumPy call that is made with a traced array becomes a `Call`. Who notes it is the `Tracer`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

if TYPE_CHECKING:
    from .tracing import Tracer

# Traced arrays stand in for arrays of every dtype, and answer to whatever NumPy does with those.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

Kind = Literal[
    "input", "same", "ufunc", "reduce", "index", "view", "function", "at", "copy", "own copy", "number",
    "dense", "primitive", "part", "helper", "mean", "outer", "dot", "weighted sum", "take", "count",
]  # fmt: skip


@dataclass(eq=False)
class Call:
    """One NumPy call: the value that it gives, and how that comes about.

    Attributes
    ----------
    kind : str
        What sort of call it is: of a ufunc, its reduce, an index, a view …
    function : object
        The ufunc or function; of a view, its method's name.
    operands : tuple
        Traced arrays, plain numbers and arrays.
    options : mapping
        What else the call is told.
    value : array or number
        What it gives for the numbers that the program is written with.
    fresh : bool
        Whether its value shares no memory with any other one's.
    name : str
        What it is called in the program, if it gets a line of its own.
    named : bool
        Whether that name was given, by the student or to an input, or is a number like v1.
    comment : str
        The formula.
    mentions : tuple of str
        The names in the comment.
    backward : bool
        Whether it is made in the backward pass.
    """

    kind: Kind
    function: Any
    operands: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    value: Any = None
    fresh: bool = True
    name: str = ""
    named: bool = False
    comment: str = ""
    mentions: tuple[str, ...] = ()
    backward: bool = False

    def uses(self) -> list[Call]:
        """Return the calls and inputs whose values it takes, in order."""
        return list(_calls_in([*self.operands, *self.options.values()]))


def _calls_in(things: Iterable[Any]) -> Iterable[Call]:
    for thing in things:
        if isinstance(thing, Traced):
            yield thing.call
        elif isinstance(thing, Call):
            yield thing
        elif isinstance(thing, tuple):
            yield from _calls_in(cast("tuple[Any, ...]", thing))


@dataclass(eq=False)
class Helper:
    """A function that the program itself defines: its name, its inputs, its calls and what it returns."""

    name: str
    inputs: tuple[Call, ...]
    calls: list[Call]
    result: Any


class Traced(NDArrayOperatorsMixin):
    """Stands for an array or a number in the functions of a primitive, and notes what is done with it."""

    def __init__(self, tracer: Tracer, call: Call, value: Any) -> None:
        self.tracer, self.call, self.value = tracer, call, value
        self.shape: tuple[int, ...] = value.shape
        self.ndim: int = value.ndim
        self.size: int = value.size

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **options: Any) -> Any:
        if method == "__call__" and not options:
            return self.tracer.ufunc(ufunc, operands)
        if method == "reduce":
            return self.tracer.reduce(ufunc, *operands, **options)
        if method == "reduceat" and not any(isinstance(part, Traced) for part in operands[1:]):
            return self.tracer.function(ufunc.reduceat, operands, options)
        if method == "at" and isinstance(operands[0], np.ndarray):
            return self.tracer.at(ufunc, *operands)
        raise TypeError(f"np.{ufunc.__name__}.{method} is not traced")

    def __array_function__(self, function: Any, _: Any, operands: Any, options: Any) -> Any:
        if function is np.copyto and isinstance(operands[0], np.ndarray):
            return self.tracer.copy(*operands, **options)
        name = function.__name__
        if getattr(np, name, None) is not function or "out" in options or _sizes_itself(name, operands):
            raise TypeError(f"{name} is not traced")
        return self.tracer.function(function, operands, options)

    def __primitive__(self, primitive: Any, operands: tuple[Any, ...], settings: Mapping[str, Any]) -> Any:
        return self.tracer.trace(primitive.name, primitive.forward, operands, settings)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a traced array has no array of its own")

    def __bool__(self) -> bool:
        raise TypeError("a traced array has no numbers to decide by")

    def __getitem__(self, index: Any) -> Any:
        return self.tracer.index(self, index)

    # The methods of arrays that primitives use, each as NumPy has it.

    @property
    def T(self) -> Any:
        """The transpose."""
        return self.tracer.view(self, "T", (), self.value.T)

    def reshape(self, *shape: Any) -> Any:
        """The same numbers in another shape."""
        result = self.value.reshape(*shape)
        return self.tracer.view(self, "reshape", result.shape, result)

    def swapaxes(self, i: int, j: int) -> Any:
        """Two axes exchanged."""
        if self.ndim == 2 and i % 2 != j % 2:
            return self.T
        return self.tracer.view(self, "swapaxes", (i, j), self.value.swapaxes(i, j))

    def dot(self, other: Any) -> Any:
        """The product of vectors and matrices."""
        return self.tracer.ufunc(np.matmul, (self, other))

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The sum over an axis."""
        return self.tracer.reduce(np.add, self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The largest along an axis."""
        return self.tracer.reduce(np.maximum, self, axis=axis, keepdims=keepdims)


def inputs_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a function's arguments."""
    return tuple(inspect.signature(function).parameters)


def _sizes_itself(name: str, operands: Any) -> bool:
    """Return whether the shape of a NumPy function's result depends on the numbers."""
    sized = {"nonzero", "flatnonzero", "argwhere", "unique", "extract", "compress"}
    return name in sized or (name == "where" and len(operands) == 1)


def values_of(thing: Any) -> Any:
    """Return an operand or an index with arrays in place of traced ones."""
    if isinstance(thing, tuple):
        parts = cast("tuple[Any, ...]", thing)
        return tuple(map(values_of, parts)) if any(isinstance(part, Traced) for part in parts) else parts
    return thing.value if isinstance(thing, Traced) else thing


def is_or_holds_traced(thing: Any) -> bool:
    """Whether a thing is a traced array, or a list or tuple with one in it."""
    if isinstance(thing, list | tuple):
        return any(map(is_or_holds_traced, cast("list[Any]", thing)))
    return isinstance(thing, Traced)


def parts_of(settings: Mapping[str, Any]) -> list[Any]:
    """Return the settings; of tuples, such as an index, their parts."""
    return [part for value in settings.values() for part in (value if isinstance(value, tuple) else [value])]


def is_set_to(setting: Any, given: Iterable[object]) -> bool:
    """Return whether a setting is one of these objects, or a tuple with one in it."""
    parts = cast("tuple[Any, ...]", setting) if isinstance(setting, tuple) else ()
    return any(setting is one or any(part is one for part in parts) for one in given)


def one_number(array: np.ndarray[Any, Any]) -> float | None:
    """Return the number that stands in each entry of an array of floats; None if there is no such."""
    if array.dtype != np.float64 or not array.size:
        return None
    first = array.flat[0]
    same = np.full_like(array, first).tobytes() == array.tobytes()  # 0.0 == −0.0, but they are two
    return float(first) if same else None


def shares_memory(result: Any, others: Iterable[Any]) -> bool:
    """Return whether a result is an array that may lie in another one's memory."""
    return isinstance(result, np.ndarray) and any(
        np.may_share_memory(result, array) for array in others if isinstance(array, np.ndarray)
    )


def has_steps(calls: list[Call]) -> bool:
    """Return whether a step's value is used more than once, so that it needs a name."""
    used = [id(use) for call in calls for use in call.uses()]
    return any(used.count(id(call)) > 1 for call in calls)


def owners_of(call: Call) -> set[Call]:
    """Return the calls in whose memory a result may lie."""
    seen: set[Call] = set()
    waiting = [call]
    while waiting:
        call = waiting.pop()
        if call not in seen:
            seen.add(call)
            if not call.fresh:
                waiting.extend(call.uses())
    return {call for call in seen if call.fresh or not call.uses()}
