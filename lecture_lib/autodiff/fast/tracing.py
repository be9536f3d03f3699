"""The tracer collects what a primitive's functions ask of traced arrays.

What those calls are in other words, `rewriting` says; how they are written down, `writing` and `buffers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import numpy as np

from lecture_lib.autodiff.primitives import is_ours
from lecture_lib.autodiff.values import Array

from .calls import (
    Call,
    Helper,
    Kind,
    Traced,
    has_steps,
    inputs_of,
    is_or_holds_traced,
    is_set_to,
    owners_of,
    parts_of,
    shares_memory,
    values_of,
)
from .sparse import SPARSE_RULES, SparseGradient

# Traced arrays stand in for arrays of every dtype, and answer to whatever NumPy does with those.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

RewriteRule = Callable[["Tracer", Any, tuple[Any, ...], Mapping[str, Any]], Any]
"""(tracer, function, operands, options) -> the same in other words, None where there are none."""


class Tracer:
    """Collects the calls; the same computation on the same operands is noted once.

    Parameters
    ----------
    rules : mapping
        For each kind of call, what may say it in other words.
    varying : mapping from str to object
        Settings, and parts of settings, that each call of the program gives anew.
    sparse : bool
        Whether sparse rules take the place of a primitive's own.
    helpers : bool
        Whether a function with steps inside, as the softmax has, is written once and called by its name.
    """

    def __init__(
        self,
        rules: Mapping[str, Iterable[RewriteRule]],
        varying: Mapping[str, object],
        *,
        sparse: bool = False,
        helpers: bool = False,
    ) -> None:
        self.rules, self.sparse, self.helpers = rules, sparse, helpers
        self.calls: list[Call] = []
        self.noted: dict[tuple[Any, ...], Traced] = {}
        self.filled: dict[int, tuple[Any, Traced]] = {}  # arrays that a function made and wrote into
        self.kept: list[Any] = []  # so that an id in a key is not given to another
        self.now: tuple[Any, ...] = ()  # the operands of the function that is traced
        self.backward = False
        self.varying = {name: (self._stand_in(name, value), value) for name, value in varying.items()}

    def input(self, name: str, value: Any) -> Traced:
        """Return what stands for an input."""
        return Traced(self, Call("input", None, (), fresh=False, name=name, named=True), value)

    # What varies.

    def _stand_in(self, name: str, value: object) -> Traced | Call:
        """Return what stands for a setting that varies; places are traced, as the numbers of an input are."""
        if isinstance(value, list) and value and all(type(place) is int for place in value):
            value = np.array(value)
        if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
            return self.input(name, value)
        return Call("input", None, (), fresh=False, name=name, named=True)

    def with_stand_ins(self, setting: Any, given: Any) -> Any:
        """Return a setting in which stand-ins take the place of what varies: of words in (:, words).

        ``given`` is the same setting as the very object that was handed over.
        """
        for stand_in, varying in self.varying.values():
            if given is varying:
                return stand_in
        if isinstance(given, tuple) and is_set_to(given, [varying for _, varying in self.varying.values()]):
            parts = zip(setting, cast("tuple[Any, ...]", given), strict=True)
            return tuple(self.with_stand_ins(part, was) for part, was in parts)
        return setting

    # What a primitive's functions do with traced arrays.

    def trace(
        self,
        name: str,
        function: Callable[..., Any],
        operands: tuple[Any, ...],
        settings: Mapping[str, Any],
        values: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return function(*operands, **settings), noted as the NumPy calls that it makes.

        A function that does what cannot be traced is noted as a call of itself. So is one whose settings
        vary and are no arrays: what it makes of them is not the same at each call. ``values`` are the
        settings without stand-ins.
        """
        plain = settings if values is None else values
        parts = parts_of(settings)
        varies = any(isinstance(part, Call) for part in parts)
        if varies or not any(isinstance(operand, Traced) for operand in operands):
            return self.itself(name, function, operands, settings, plain)
        before, noted, filled = len(self.calls), len(self.noted), set(self.filled)
        self.now, was = operands, self.now
        try:
            result = function(*operands, **settings)
            results: list[Any] = list(result) if isinstance(result, tuple | list) else [result]
            if (self.filled.keys() - filled) - set(map(id, results)):
                raise TypeError("what was written into an array was used for something else")
            made = tuple(self.filled[id(one)][1] if id(one) in self.filled else one for one in results)
            if not is_ours(function) and not _same(made, function(*values_of(operands), **plain)):
                raise TypeError("it does something else with an array than with what stands for one")
        except (TypeError, ValueError, AttributeError, IndexError, ArithmeticError):
            self._forget(before, noted)
            return self.itself(name, function, operands, settings, plain)
        finally:
            self.now = was
        if isinstance(result, tuple | list):
            return made
        fixed = not any(isinstance(part, Traced) for part in parts)
        if self.helpers and fixed and has_steps(self.calls[before:]):
            self._forget(before, noted)
            return self._helper(name, function, operands, settings)
        return made[0]

    def back(
        self,
        primitive: Any,
        operands: tuple[Any, ...],
        settings: Mapping[str, Any],
        values: Mapping[str, Any],
    ) -> Any:
        """Return what a primitive's derivative rule hands back, or its sparse rule."""
        name = f"{primitive.name}_vjp"
        if self.sparse and primitive.name in SPARSE_RULES:
            rule = SPARSE_RULES[primitive.name]
            if rule(*map(values_of, operands), **values) is not None:
                return self.itself(name, rule, operands, settings, values)
        return self.trace(name, primitive.vjp_rule, operands, settings, values)

    def itself(
        self,
        name: str,
        function: Callable[..., Any],
        operands: tuple[Any, ...],
        settings: Mapping[str, Any],
        plain: Mapping[str, Any],
    ) -> Any:
        """Note a call of the function as it stands."""
        values = [*map(values_of, operands)]
        result = function(*values, **plain)
        known = [value for value in values if isinstance(value, np.ndarray)]
        options = {
            "name": name,
            "settings": tuple(settings.items()),
            "shape": None if isinstance(result, tuple | list) else np.shape(result),
            "varies": any(isinstance(part, Call) for part in parts_of(settings)),
        }
        if not isinstance(result, tuple | list):
            return self.note(
                "primitive", function, operands, options, result, fresh=not shares_memory(result, known)
            )
        whole = Call(
            "primitive", function, operands, options, name="parts", fresh=False, backward=self.backward
        )
        self.calls.append(whole)
        made: list[Traced] = []
        for i, part in enumerate(cast("tuple[Any, ...]", result)):
            made.append(self.note("part", i, (whole,), {}, part, fresh=not shares_memory(part, known)))
            known.append(part)
        return tuple(made)

    def _helper(
        self, name: str, function: Callable[..., Any], operands: tuple[Any, ...], settings: Mapping[str, Any]
    ) -> Traced:
        """Note a call of a function that the program itself defines."""
        inner = Tracer(self.rules, {})
        inputs = [
            inner.input(name, operand.value) if isinstance(operand, Traced) else operand
            for name, operand in zip(inputs_of(function), operands, strict=False)
        ]
        result = inner.trace(name, function, tuple(inputs), settings)
        taken = [one for one in inputs if isinstance(one, Traced)]
        outer = tuple(operand for operand in operands if isinstance(operand, Traced))
        helper = Helper(name, tuple(one.call for one in taken), inner.calls, result)
        return self.note("helper", helper, outer, {}, result.value)

    # The calls, each noted with its result.

    def note(
        self,
        kind: Kind,
        function: Any,
        operands: tuple[Any, ...],
        options: Mapping[str, Any],
        result: Any,
        *,
        fresh: bool = True,
    ) -> Traced:
        """Note a call, unless the same one is there already, and return what stands for its result."""
        key = (kind, self._key(function), self._key(operands), *(self._key(o) for o in options.items()))
        if key not in self.noted:
            value: Any = result if isinstance(result, SparseGradient) else np.asarray(result)[()]
            if fresh and isinstance(value, np.ndarray):
                value = np.asarray(value, order="C")  # as buffers are, whose views are judged by it
            call = Call(kind, function, operands, options, value, fresh, backward=self.backward)
            self.calls.append(call)
            self.noted[key] = Traced(self, call, value)
        return self.noted[key]

    def ufunc(self, ufunc: np.ufunc, operands: tuple[Any, ...]) -> Any:
        """Note a call of a ufunc."""
        other = self._other_words("ufunc", ufunc, operands, {})
        if other is not None:
            return other
        with np.errstate(all="ignore"):
            result = ufunc(*map(values_of, operands))
        return self.note("ufunc", ufunc, operands, {}, result)

    def reduce(self, ufunc: np.ufunc, a: Traced, axis: Any = 0, keepdims: bool = False) -> Any:
        """Note `ufunc.reduce(a, axis=axis, keepdims=keepdims)`."""
        if axis == ():  # over no axis
            return a
        options = {"axis": axis, "keepdims": keepdims}
        other = self._other_words("reduce", ufunc, (a,), options)
        if other is not None:
            return other
        with np.errstate(all="ignore"):
            result = ufunc.reduce(a.value, axis=axis, keepdims=keepdims)
        return self.note("reduce", ufunc, (a,), options, result)

    def at(self, ufunc: np.ufunc, target: Array, index: Any, a: Any) -> None:
        """Note what `ufunc.at(target, index, a)` does to an array that the function made."""
        before = self.filled.get(id(target))
        start: Any = before[1] if before else target.copy()
        other = None if before else self._other_words("at", ufunc, (start, index, a), {})
        if other is None:
            result = np.array(values_of(start))
            ufunc.at(result, values_of(index), values_of(a))
            like = next(
                (one for one in self.now if isinstance(one, Traced) and one.shape == result.shape), None
            )
            other = self.note("at", ufunc, (start, index, a), {"like": like}, result)
        # The array itself is kept beside what stands for it, so that its id is not given to another.
        self.filled[id(target)] = target, other

    def copy(self, target: Array, a: Traced) -> None:
        """Note what `np.copyto(target, a)` does to an array that the function made."""
        result = np.empty_like(target)
        np.copyto(result, a.value)
        fresh = not self.helpers  # to read, it is a view: np.broadcast_to
        options = {"shape": result.shape}
        made = self.note("copy", None, (a,), options, result, fresh=fresh) if result.ndim else a
        self.filled[id(target)] = target, made

    def function(self, function: Any, operands: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Note a call of a NumPy function that is no ufunc, such as np.where."""
        values = [*map(values_of, operands)]
        if any(map(is_or_holds_traced, [*values, *options.values()])):  # NumPy would ask here again, for ever
            raise TypeError(f"{function.__name__} of a list of traced arrays is not traced")
        with np.errstate(all="ignore"):
            result = function(*values, **options)
        fresh = not shares_memory(result, values)
        return self.note("function", function, operands, options, result, fresh=fresh)

    def view(self, a: Traced, method: str, arguments: tuple[Any, ...], result: Any) -> Any:
        """Note a view of an array, such as its transpose."""
        fresh = not np.may_share_memory(a.value, result)
        return self.note("view", method, (a,), {"arguments": arguments}, result, fresh=fresh)

    def index(self, a: Traced, index: Any) -> Any:
        """Note `a[index]`."""
        parts = index if isinstance(index, tuple) else (index,)
        if any(isinstance(part, Traced) and part.value.dtype.kind == "b" for part in parts):
            raise TypeError("how many entries a mask picks depends on the numbers")
        other = self._other_words("index", None, (a, index), {})
        if other is not None:
            return other
        result = a.value[values_of(index)]
        fresh = not shares_memory(result, [a.value])  # of no axes, it may be an array that does
        return self.note("index", None, (a, index), {}, result, fresh=fresh)

    def dense(self, a: Any) -> Any:
        """Return a gradient as an array, also where it is sparse."""
        if isinstance(a, Traced) and isinstance(a.value, SparseGradient):
            return self.note("dense", None, (a,), {}, np.asarray(a.value))
        return a

    def shaped(self, result: Any, shape: tuple[int, ...]) -> Any:
        """Return a result in the shape that it has without other words."""
        return result.reshape(*shape) if isinstance(result, Traced) and result.shape != shape else result

    def named(self, a: Any, name: str, comment: str, mentions: tuple[str, ...], *, own: bool) -> Any:
        """Give a result its name. Where it has one, its own name is another line; others are left out."""
        if not isinstance(a, Traced):
            return a  # a number, such as the gradient 1 that an addition hands on
        of_the_forward_pass = self.backward and not a.call.backward
        if a.call.named or a.call.kind == "input" or of_the_forward_pass:
            if not own:
                return a
            call = Call("same", None, (a,), {}, a.value, fresh=False, backward=self.backward)
            a = Traced(self, call, a.value)
            self.calls.append(a.call)
        elif a.call.name and not own:
            return a
        a.call.name, a.call.named, a.call.comment, a.call.mentions = name, own, comment, mentions
        return a

    def unnamed(self, a: Any, name: str) -> str:
        """Free the name of a part of a sum; return what the part is called now."""
        if not isinstance(a, Traced):
            return "a constant"
        if a.call.backward:  # what the forward pass gave, and an input, keep their names
            a.call.name, a.call.named = name, False
        return a.call.name

    # What comes back.

    def of_its_own(self, a: Any, others: Iterable[Any]) -> Any:
        """Return a result in an array that is no input's, no constant's and none of the others'.

        The caller may write into it. A rule may hand on an operand as it is: ∂(a · b)/∂a is b.
        """
        value = a.value if isinstance(a, Traced) else a
        if isinstance(value, SparseGradient):
            return a
        if not value.ndim:
            return self.as_number(a)
        if isinstance(a, Traced):
            owners = owners_of(a.call)
            taken = {call for other in others if isinstance(other, Traced) for call in owners_of(other.call)}
            if owners.isdisjoint(taken) and all(call.fresh for call in owners):
                return a
        call = Call("own copy", None, (a,), {}, np.array(value), backward=self.backward)
        self.calls.append(call)
        return Traced(self, call, call.value)

    def as_number(self, a: Any) -> Any:
        """Return a number as an np.float64, into which nobody can write; a view may be an array."""
        call: Call | None = a.call if isinstance(a, Traced) else None
        while call is not None and call.kind == "same":
            call = call.operands[0].call
        if call is not None and (call.fresh or call.kind == "input"):
            return a
        return self.note("number", None, (a,), {}, np.float64(values_of(a)))

    # Beneath.

    def _other_words(
        self, kind: str, function: Any, operands: tuple[Any, ...], options: Mapping[str, Any]
    ) -> Any:
        for rule in self.rules.get(kind, ()):
            other = rule(self, function, operands, options)
            if other is not None:
                return other
        return None

    def _forget(self, calls: int, noted: int) -> None:
        del self.calls[calls:]
        while len(self.noted) > noted:
            self.noted.popitem()

    def _key(self, thing: Any) -> Any:
        """Return what two operands or options have in common that are the same."""
        if isinstance(thing, Traced):
            if thing.tracer is not self:
                raise TypeError("a traced array of another program")
            return id(thing.call)
        if isinstance(thing, tuple):
            return tuple(map(self._key, cast("tuple[Any, ...]", thing)))
        if isinstance(thing, np.ndarray):
            return thing.dtype.str, thing.shape, thing.tobytes()
        if isinstance(thing, float | int | str | None):
            return type(thing), repr(thing)  # 0.0 and −0.0 are two
        self.kept.append(thing)
        return id(thing)


def _same(made: tuple[Any, ...], result: Any) -> bool:
    """Whether what was traced has the values that a function gives."""
    values = result if isinstance(result, tuple | list) else (result,)
    return all(
        np.allclose(values_of(one), value, equal_nan=True) for one, value in zip(made, values, strict=True)
    )
