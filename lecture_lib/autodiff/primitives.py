"""A primitive: an operation together with its derivative rule.

Every primitive is entered in `PRIMITIVES` when it is defined, and that is all it takes: the gradient check,
the pictures, the tables and the programs read it from there.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast, overload

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.common import number

from .nodes import NO_SETTINGS, PRIMITIVES, Node, Operand, ShapeError, constant, made_node
from .shapes import described, dims_of, disagreement, fitting, misfit
from .values import Array, as_numbers, frozen, kept_settings

Vjp = Callable[..., tuple[Any, ...]]
"""A derivative rule: an array for each operand."""


@dataclass(eq=False, repr=False)
class Primitive:
    """An operation and its derivative, side by side.

    Made by the decorator `primitive`, and completed by its own decorator `vjp`. Calling it on nodes
    gives a node. Calling it on plain numbers and arrays alone gives a plain value, so a function
    written with primitives serves both.

    Attributes
    ----------
    name : str
        The function's name, for example "matvec".
    forward : callable
        Operands' values (and settings) to the result's value.
    formula : str
        The operation as the slide writes it, a `str.format` template over the names of operands
        and settings: "{W} {x}".
    symbol : str
        What a drawn node shows: "×".
    shapes : str
        "W (n, m), x (m,) -> z (n,)"; "(...)" is any shape, and such operands are broadcast.
    operands, result : tuple of str, str
        The names on both sides of the arrow.
    domain : mapping
        Operands that must be "positive" or "nonzero" for the derivative to exist.
    sample : callable or None
        (rng, *values) to settings that fit; for tests that try every primitive.
    vjp_rule : callable
        (d_result, result, *operands, **settings) to one array for each operand.
    vjp_formulas : tuple of str
        What goes back to each operand, templates that also know the result and its gradient:
        "{d_z} {x}ᵀ".
    """

    name: str
    forward: Callable[..., Array]
    formula: str
    symbol: str
    shapes: str
    operands: tuple[str, ...]
    result: str
    domain: Mapping[str, str]
    sample: Callable[..., Mapping[str, Any]] | None
    vjp_rule: Vjp = field(init=False)
    vjp_formulas: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.vjp_rule = self._no_derivative_yet
        self.__doc__ = f"{self.shapes}: {self.formula}\n\n{self.forward.__doc__ or ''}".strip()
        self._dims = dims_of(self.shapes)
        self._fit = fitting(self._dims)

    def _no_derivative_yet(self, *_: Any, **__: Any) -> tuple[Array, ...]:
        raise NotImplementedError(f"{self.name} has no derivative yet: define it with @{self.name}.vjp")

    def vjp(self, *formulas: str) -> Callable[[Vjp], Vjp]:
        """Decorate the derivative rule: what goes back to each operand, a formula for each.

        The rule is a *vector-Jacobian product*: it takes ∂ℓ/∂result and gives ∂ℓ/∂operand, without
        ever building the Jacobian.
        """

        def complete(rule: Vjp) -> Vjp:
            names = tuple(inspect.signature(rule).parameters)[: 2 + len(self.operands)]
            expected = (f"d_{self.result}", self.result, *self.operands)
            if names != expected or len(formulas) != len(self.operands):
                raise TypeError(
                    f"the derivative of {self.name} takes ({', '.join(expected)}) and a formula for each "
                    f"of {', '.join(self.operands)}; got ({', '.join(names)}) and {len(formulas)} formulas"
                )
            if self.vjp_formulas:
                raise TypeError(f"{self.name} has its derivative already")
            self.vjp_rule = rule if is_ours(rule) else looked_at(rule, self.name, self.operands)
            self.vjp_formulas = formulas
            return rule

        return complete

    @overload
    def __call__(self, first: Node, *others: Operand, **settings: Any) -> Node: ...
    @overload
    def __call__(self, first: ArrayLike, second: Node, *others: Operand, **settings: Any) -> Node: ...
    @overload
    def __call__(self, *operands: ArrayLike, **settings: Any) -> Array: ...
    def __call__(self, *operands: Any, **settings: Any) -> Any:
        """Return the node (or, of plain operands alone, the plain value) of this operation on them."""
        if len(operands) != len(self.operands):
            by_name = [f"{a.name}=…" for a in inspect.signature(self.forward).parameters.values()]
            by_name = by_name[len(self.operands) :]
            told = f"; its settings are told by name: {', '.join(by_name)}" if by_name else ""
            raise TypeError(
                f"{self.name} takes {', '.join(self.operands)}; got {len(operands)} operands{told}"
            )
        for operand in operands:
            if type(operand) is Node:
                return self.on(operands, settings)
            if hasattr(
                operand, "__primitive__"
            ):  # it stands for an array, as in a program that is being written
                return operand.__primitive__(self, operands, settings)
        plain = [as_numbers(x, name) for x, name in zip(operands, self.operands, strict=True)]
        return self._value(plain, settings)

    def on(self, operands: Sequence[Operand], settings: Mapping[str, Any] = NO_SETTINGS) -> Node:
        """Return the node of this operation on its operands; those that are no nodes become constants.

        This is what calling the primitive comes to, without what calling an object costs.
        """
        parents: list[Node] = []
        values: list[Array] = []
        for operand in operands:
            node = operand if type(operand) is Node else constant(cast(ArrayLike, operand))
            parents.append(node)
            values.append(node.value)
        own = kept_settings(settings) if settings else settings
        value = frozen(self._value(values, own, parents))
        return made_node(value, "", "operation", self, tuple(parents), own, settings)

    def _value(self, values: list[Array], settings: Mapping[str, Any], nodes: Sequence[Node] = ()) -> Array:
        if self._fit is not None and not self._fit(*values):
            said = misfit(self._dims, values, self._names(nodes), self.shapes)
            raise ShapeError(f"{self.name}: {said}")
        try:
            return self.forward(*values, **settings) if settings else self.forward(*values)
        except ValueError as error:
            said = disagreement(values, self._names(nodes), error)
            raise ShapeError(f"{self.name}: {said}") from None
        except IndexError as error:
            said = described(values, self._names(nodes))
            raise IndexError(f"{self.name}: {said}: {error}") from None

    def back(self, d_result: Array, node: Node) -> tuple[Array, ...]:
        """Return what a node of this operation hands back to each of its operands."""
        values = [d_result, node.value]
        for parent in node.parents:  # a comprehension would cost twice as much, for so few
            values.append(parent.value)  # noqa: PERF401
        settings = node.settings
        return self.vjp_rule(*values, **settings) if settings else self.vjp_rule(*values)

    def _names(self, nodes: Sequence[Node]) -> list[str]:
        return [n.name or o for n, o in zip(nodes, self.operands, strict=True)] if nodes else [*self.operands]

    # Its rules are functions, which stand in their module: a copy is the primitive, and a pickle its name.

    def __copy__(self) -> Primitive:
        return self

    def __deepcopy__(self, _: Any) -> Primitive:
        return self

    def __reduce__(self) -> tuple[Callable[[str], Primitive], tuple[str]]:
        if PRIMITIVES.get(self.name) is not self:
            raise TypeError(f"{self.name} is an operation of its own and cannot be pickled: keep the values")
        return _primitive_of, (self.name,)

    def __repr__(self) -> str:
        return f"<primitive {self.name}: {self.shapes}>"


def looked_at(rule: Vjp, whose: str, operands: Sequence[str]) -> Vjp:
    """Return a student's rule, which can change nothing, and must hand back what fits its operands."""

    @functools.wraps(rule)
    def same_rule(d_result: Any, result: Any, *values: Any, **settings: Any) -> tuple[Any, ...]:
        if type(d_result) is np.ndarray:  # another operation may have been handed the same array
            d_result = frozen(d_result.view())
        handed: Any = rule(d_result, result, *values, **settings)
        is_one_each = isinstance(handed, tuple | list)
        d_operands: tuple[Any, ...] = tuple(cast("list[Any]", handed)) if is_one_each else ()
        if len(d_operands) != len(operands):
            gave = str(len(d_operands)) if is_one_each else f"no tuple but {type(handed).__name__}"
            raise TypeError(
                f"{whose}: its derivative rule gave {gave}; expected {len(operands)}, one for each of "
                f"{', '.join(operands)}: (d_{', d_'.join(operands)}{',' * (len(operands) == 1)})"
            )
        for name, d, value in zip(operands, d_operands, values, strict=True):
            shape = getattr(d, "shape", ())
            if (
                shape != value.shape and d_result.shape == result.shape
            ):  # otherwise it is no fault of the rule
                raise ShapeError(
                    f"{whose}: its derivative rule gave {name} a gradient of shape {shape}; "
                    f"expected {value.shape}"
                )
        return d_operands

    return same_rule


def is_ours(function: Callable[..., Any]) -> bool:
    """Whether a function is the library's, not a student's."""
    return str(getattr(function, "__module__", "")).startswith("lecture_lib.")  # a callable may have none


def _in_numbers(forward: Callable[..., Any]) -> Callable[..., Array]:
    """Return a student's operation, which must give numbers: a list of them becomes an array."""

    @functools.wraps(forward)
    def same_forward(*values: Any, **settings: Any) -> Any:
        result = forward(*values, **settings)
        return result if hasattr(result, "__primitive__") else as_numbers(result, forward.__name__)

    return same_forward


def _primitive_of(name: str) -> Primitive:
    return PRIMITIVES[name]


def primitive(
    formula: str,
    shapes: str,
    *,
    symbol: str,
    domain: Mapping[str, str] = NO_SETTINGS,
    sample: Callable[..., Mapping[str, Any]] | None = None,
) -> Callable[[Callable[..., Array]], Primitive]:
    """Decorate a function of arrays: it becomes a primitive; complete it with ``.vjp``.

    Settings are the function's keyword-only arguments. The attributes are those of `Primitive`.

    Examples
    --------
    >>> from lecture_lib.autodiff import PRIMITIVES, parameter, primitive
    >>> @primitive("{a}³", "a (...) -> z (...)", symbol="( )³")
    ... def cube(a):
    ...     return a**3
    >>> @cube.vjp("{d_z} × 3 × {a}²")
    ... def cube_vjp(d_z, z, a):
    ...     return (d_z * 3 * a**2,)
    >>> cube(parameter(2.0, "a"))
    Node 8.0, cube of a
    >>> del PRIMITIVES["cube"]
    """
    *operands, result = re.findall(r"(\w+) \(", shapes)

    def register(forward: Callable[..., Array]) -> Primitive:
        name = forward.__name__
        arguments = inspect.signature(forward).parameters.values()
        positional = [a.name for a in arguments if a.kind is not inspect.Parameter.KEYWORD_ONLY]
        if "->" not in shapes or positional != operands:
            raise TypeError(f"{name} takes {', '.join(positional)}, but its shapes are {shapes!r}")
        if name in PRIMITIVES and not (
            forward.__module__ == PRIMITIVES[name].forward.__module__ == "__main__"
        ):
            raise TypeError(f"there is a primitive {name} already")  # a notebook's own is made anew
        own = forward if is_ours(forward) else _in_numbers(forward)
        made = Primitive(
            name, own, formula, symbol, shapes, tuple(operands), result, MappingProxyType({**domain}), sample
        )
        PRIMITIVES[name] = made
        return made

    return register


MOST_WRITTEN = 12
"""How many places of an index are written in a formula; of more, a few."""


def written_setting(value: Any) -> str:
    """Return a setting as one writes it in a formula, an index without its tuple's brackets.

    Examples
    --------
    >>> written_setting((slice(None), np.array([0, 0, 1])))
    ':, [0, 0, 1]'
    """
    if isinstance(value, tuple):
        return ", ".join(written_setting(part) for part in cast(tuple[Any, ...], value))
    if isinstance(value, slice):
        ends = [cast(Any, value).start, cast(Any, value).stop, cast(Any, value).step]
        return ":".join(
            "" if end is None else str(end) for end in (ends if ends[2] is not None else ends[:2])
        )
    if value is Ellipsis:
        return "…"
    if isinstance(value, np.ndarray):
        value = cast("np.ndarray[Any, Any]", value).tolist()
    if isinstance(value, list):
        entries = [written_setting(entry) for entry in cast("list[Any]", value)]
        shown = entries if len(entries) <= MOST_WRITTEN else [*entries[:3], "…", entries[-1]]
        return f"[{', '.join(shown)}]"
    return number(value, digits=6) if isinstance(value, float) else str(value).replace("-", "−")
