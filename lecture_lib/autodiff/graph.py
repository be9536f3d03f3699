"""Nodes, primitives, and the order in which a graph is computed.

A *node* is a value and how it came about. A *primitive* is an operation together with its
derivative rule. Calling a primitive on nodes gives a new node, so a Python expression in nodes
leaves a computation graph behind (slide "Computation Graphs").

Every primitive is entered in `PRIMITIVES` when it is defined. Whatever works on all of them
(the gradient check, the pictures, the tables) reads them from there.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NoReturn, cast, overload

import numpy as np
from numpy import ndarray
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
"""A float64 array. Scalars are ``np.float64``, which has a shape, an ndim and arithmetic too."""

Role = Literal["parameter", "data", "constant", "operation"]

FLOAT64 = np.dtype(np.float64)
NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})


class ShapeError(ValueError):
    """The shapes of an operation's operands do not fit together."""


class _OpenNode:
    """A node while it is made: its slots can still be set."""

    __slots__ = ("name", "parents", "primitive", "role", "settings", "value")

    value: Array
    name: str
    role: Role
    primitive: Primitive | None
    parents: tuple[Node, ...]
    settings: Mapping[str, Any]


class Node(_OpenNode):
    """One value in a computation graph, and how it came about.

    Nodes do not change, and two nodes are equal only if they are the same node. Gradients are not
    kept here: they live in the record that `backward` returns.

    Attributes
    ----------
    value : np.float64 or read-only float64 array
        What was computed, of any shape.
    name : str
        How the node is called in pictures and messages, "" if it has no name.
    role : {"parameter", "data", "constant", "operation"}
        Where the value comes from. The first three are leaves: they were not computed.
    primitive : Primitive or None
        The operation that made the value, None for a leaf.
    parents : tuple of Node
        The nodes that the value was computed from, in the order of the operation's operands. An
        operand used twice stands here twice.
    settings : mapping
        What the operation was told besides its operands, for example ``axis``.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> w = ll.parameter(0.5, "w")
    >>> x = ll.data(2.0, "x")
    >>> c = (w * x).named("c")
    >>> c
    Node c = 1.0, multiply of w, x
    """

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{self._label()} does not change: {name} cannot be set; make another node")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self._label()} does not change: {name} cannot be deleted")

    def named(self, name: str) -> Node:
        """Return the same node under another name; the old one stays as it is."""
        return _node(self.value, name, self.role, self.primitive, self.parents, self.settings)

    @property
    def shape(self) -> tuple[int, ...]:
        """The value's shape, () for a scalar."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.value.ndim

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.value.size

    def __repr__(self) -> str:
        label = f"Node {self.name} =" if self.name else "Node"
        if self.primitive is None:
            origin = self.role
        else:
            origin = f"{self.primitive.name} of {', '.join(p.name or '·' for p in self.parents)}"
        return f"{label} {self.value}, {origin}"

    # The operators that Python people expect. Each is a primitive of ops.py, found by its name.

    def __add__(self, other: Operand) -> Node:
        return PRIMITIVES["add"].on((self, other))

    def __radd__(self, other: ArrayLike) -> Node:
        return PRIMITIVES["add"].on((other, self))

    def __sub__(self, other: Operand) -> Node:
        return PRIMITIVES["subtract"].on((self, other))

    def __rsub__(self, other: ArrayLike) -> Node:
        return PRIMITIVES["subtract"].on((other, self))

    def __mul__(self, other: Operand) -> Node:
        return PRIMITIVES["multiply"].on((self, other))

    def __rmul__(self, other: ArrayLike) -> Node:
        return PRIMITIVES["multiply"].on((other, self))

    def __truediv__(self, other: Operand) -> Node:
        return PRIMITIVES["divide"].on((self, other))

    def __rtruediv__(self, other: ArrayLike) -> Node:
        return PRIMITIVES["divide"].on((other, self))

    def __neg__(self) -> Node:
        return PRIMITIVES["negative"].on((self,))

    def __pos__(self) -> Node:
        return self

    def __abs__(self) -> Node:
        return PRIMITIVES["absolute"].on((self,))

    def __pow__(self, exponent: Operand) -> Node:
        if isinstance(exponent, Node):
            return PRIMITIVES["raise_to"].on((self, exponent))
        if isinstance(exponent, int | float) and exponent == 2:
            return PRIMITIVES["square"].on((self,))
        return PRIMITIVES["power"].on((self,), {"exponent": _plain(exponent, "exponent")})

    def __rpow__(self, base: ArrayLike) -> Node:
        return PRIMITIVES["raise_to"].on((base, self))

    def __matmul__(self, other: Operand) -> Node:
        return _at(self, other)

    def __rmatmul__(self, other: ArrayLike) -> Node:
        return _at(other, self)

    def __getitem__(self, index: Any) -> Node:
        return PRIMITIVES["pick"].on((self,), {"index": index})

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError(f"{self._label()} is a scalar: it has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Node]:
        return (self[i] for i in range(len(self)))

    def __float__(self) -> float:
        if self.size != 1:
            raise TypeError(f"{self._label()} has shape {self.shape}: float() takes one number")
        return float(self.value.item())

    def __bool__(self) -> NoReturn:
        # Python asks for a bool in `if node:` and in `a < b < c`; a node has no truth of its own.
        raise TypeError(f"{self._label()} is neither true nor false: test {self.name or 'node'}.value")

    def vjp(self, d_node: ArrayLike) -> tuple[Any, ...]:
        """Return what goes back to each parent when ∂ℓ/∂node has come back here; () for a leaf.

        Examples
        --------
        >>> w, x = parameter(0.5, "w"), data(2.0, "x")
        >>> [float(d) for d in (w * x).vjp(10.0)]
        [20.0, 5.0]
        """
        if self.primitive is None:
            return ()
        values = (parent.value for parent in self.parents)
        received = np.asarray(d_node, dtype=np.float64)[()]
        handed = self.primitive.vjp_rule(received, self.value, *values, **self.settings)
        return tuple(np.asarray(d)[()] for d in handed)  # a sparse gradient becomes an array too

    @property
    def T(self) -> Node:
        """The node with its axes reversed."""
        return PRIMITIVES["transpose"].on((self,))

    def sum(self, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Node:
        """Return the sum over ``axis``, over everything by default."""
        return PRIMITIVES["sum"].on((self,), {"axis": axis, "keepdims": keepdims})

    def mean(self, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Node:
        """Return the mean over ``axis``, over everything by default."""
        return PRIMITIVES["mean"].on((self,), {"axis": axis, "keepdims": keepdims})

    def reshape(self, *shape: int | tuple[int, ...]) -> Node:
        """Return the same numbers in another shape: ``reshape(2, 3)`` or ``reshape((2, 3))``."""
        return PRIMITIVES["reshape"].on((self,), {"shape": shape[0] if len(shape) == 1 else shape})

    # NumPy's own functions meet nodes in `array * node` and in `np.exp(node)`.

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **options: Any) -> Node:
        name = str(ufunc.__name__)
        same = _LIKE_NUMPY.get(name, name)
        if method == "__call__" and not options:
            if same == "matmul":
                return _at(*operands)
            if same in PRIMITIVES and len(PRIMITIVES[same].operands) == len(operands):
                return cast(Node, PRIMITIVES[same](*operands))
        raise TypeError(
            f"np.{name} has no derivative here, so it does not take nodes; "
            f"the operations that do are: {', '.join(sorted(PRIMITIVES))}"
        )

    def __array_function__(self, function: Callable[..., Any], *_: Any) -> NoReturn:
        name = str(function.__name__)
        other = f"ll.{name}" if name in PRIMITIVES else f"one of {', '.join(sorted(PRIMITIVES))}"
        raise TypeError(f"np.{name} does not take nodes: use {other}")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"{self._label()} is a node, not an array: its array is {self.name or 'node'}.value")

    def _label(self) -> str:
        return self.name or "this node"


def _node(
    value: Array,
    name: str,
    role: Role,
    primitive: Primitive | None,
    parents: tuple[Node, ...],
    settings: Mapping[str, Any],
) -> Node:
    """Return a node. A graph is made of many: it is filled in while open, then closed by its class."""
    node: Any = _OpenNode()
    node.value = value
    node.name = name
    node.role = role
    node.primitive = primitive
    node.parents = parents
    node.settings = settings
    node.__class__ = Node
    return node


Operand = Node | ArrayLike
"""What an operation takes: a node, or a number or array that becomes a constant."""

_LIKE_NUMPY = {"true_divide": "divide", "power": "raise_to"}


def parameter(value: ArrayLike, name: str = "") -> Node:
    """Return a leaf that training changes, such as W.

    Parameters
    ----------
    value : number or array of numbers, any shape
        Its value. It is copied: changing the array later does not change the node.
    name : str
        How it is called in pictures and messages.

    Raises
    ------
    TypeError
        If the value is not made of numbers.
    """
    return _leaf(value, name, "parameter")


def data(value: ArrayLike, name: str = "") -> Node:
    """Return a leaf that comes from the data set, such as x or y; see `parameter`."""
    return _leaf(value, name, "data")


def constant(value: ArrayLike) -> Node:
    """Return a leaf for a number that stands in a formula, such as the 3 of 3x; see `parameter`."""
    return _leaf(value, "", "constant")


def _leaf(value: ArrayLike, name: str, role: Role) -> Node:
    # The first two are by far the most frequent.
    if type(value) is float:
        own = cast(Array, np.float64(value))
    elif type(value) is ndarray and value.dtype is FLOAT64:
        own = frozen(value.copy("K"))
    else:
        own = frozen(np.array(_plain(value, name or role)))
    return _node(own, name, role, None, (), NO_SETTINGS)


def _plain(value: ArrayLike, name: str) -> Array:
    """Return the value as a float64 array, or say why that cannot be."""
    if isinstance(value, Node):
        raise TypeError(f"{name}: this is already a node; expected a number or an array of numbers")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"{name}: expected a number or an array of numbers, all rows equally long") from error
    if array.dtype.kind not in "fiub":
        shown = repr(value)
        raise TypeError(
            f"{name}: expected a number or an array of numbers, got {type(value).__name__} "
            f"{shown if len(shown) < 60 else shown[:57] + '...'}"
        )
    return array.astype(np.float64, copy=False)[()]  # [()] makes an np.float64 of a 0-d array


def frozen(value: Array) -> Array:
    """Return the value read-only; a 0-d array becomes the np.float64 that it holds."""
    if type(value) is not ndarray:
        return value
    if value.ndim == 0:
        return value[()]
    value.setflags(False)  # pyright: ignore[reportCallIssue]  # by its place: half the cost of write=False
    return value


def _at(a: Operand, b: Operand) -> Node:
    """`a @ b`: which product it is depends on the numbers of axes, as in NumPy."""
    left = a if type(a) is Node else constant(cast(ArrayLike, a))
    right = b if type(b) is Node else constant(cast(ArrayLike, b))
    left_axes, right_axes = left.value.ndim, right.value.ndim
    if not (left_axes and right_axes):
        raise ShapeError(
            f"@: {left.name or 'a'} {left.shape} and {right.name or 'b'} {right.shape}: "
            "a matrix product takes vectors and matrices; for numbers use *"
        )
    if right_axes == 1:
        return PRIMITIVES["dot" if left_axes == 1 else "matvec"].on((left, right))
    if left_axes == 1:
        return PRIMITIVES["matvec"].on((right.T, left))
    return PRIMITIVES["matmul"].on((left, right))


# --- primitives ---------------------------------------------------------------------------------

Vjp = Callable[..., tuple[Any, ...]]
"""A derivative rule: an array (or `Columns` of it) for each operand."""


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
        named = re.findall(r"\w+ \(([^()]*)\)", self.shapes)[:-1]
        self._dims = tuple(_parse_dims(dims) for dims in named)
        self._fit = _compiled_fit(self._dims)

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
            self.vjp_rule, self.vjp_formulas = rule, formulas
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
            raise TypeError(f"{self.name} takes {', '.join(self.operands)}; got {len(operands)} operands")
        for operand in operands:
            if type(operand) is Node:
                return self.on(operands, settings)
        plain = [_plain(x, name) for x, name in zip(operands, self.operands, strict=True)]
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
        value = frozen(self._value(values, settings, parents))
        return _node(value, "", "operation", self, tuple(parents), settings)

    def _value(self, values: list[Array], settings: Mapping[str, Any], nodes: Sequence[Any] = ()) -> Array:
        if self._fit is not None and not self._fit(*values):
            raise self._misfit(values, nodes)
        try:
            return self.forward(*values, **settings) if settings else self.forward(*values)
        except ValueError as error:
            raise ShapeError(self._disagreement(values, nodes, error)) from None
        except IndexError as error:
            raise IndexError(f"{self.name}: {self._described(values, nodes)}: {error}") from None

    def _misfit(self, values: list[Array], nodes: Sequence[Node]) -> ShapeError:
        """Say which operand's shape does not fit `shapes`, or which two disagree."""
        names = self._names(nodes)
        sizes: dict[str, tuple[int, int]] = {}
        for i, (dims, value) in enumerate(zip(self._dims, values, strict=True)):
            if dims is None:
                continue
            open_ended = dims[0] == "..."
            dims = dims[open_ended:]
            if value.ndim < len(dims) or (value.ndim > len(dims) and not open_ended):
                return ShapeError(f"{self.name}: {names[i]} has shape {value.shape}; expected {self.shapes}")
            for dim, size in zip(dims, value.shape[value.ndim - len(dims) :], strict=True):
                first, j = sizes.setdefault(dim, (size, i))
                if first != size:
                    both = f"{names[j]} {values[j].shape} and {names[i]} {value.shape}"
                    return ShapeError(f"{self.name}: {both} disagree: {first} != {size}")
        raise AssertionError(f"{self.name}: {self._described(values, nodes)} fit {self.shapes}")

    def _names(self, nodes: Sequence[Node]) -> list[str]:
        return [n.name or o for n, o in zip(nodes, self.operands, strict=True)] if nodes else [*self.operands]

    def _described(self, values: list[Array], nodes: Sequence[Node]) -> str:
        return " and ".join(f"{n} {v.shape}" for n, v in zip(self._names(nodes), values, strict=True))

    def _disagreement(self, values: list[Array], nodes: Sequence[Node], error: ValueError) -> str:
        """Say which sizes cannot be broadcast together, counted from the last axis, as NumPy does."""
        described = self._described(values, nodes)
        if len(values) == 2:
            for a, b in zip(reversed(values[0].shape), reversed(values[1].shape), strict=False):
                if a != b and 1 not in (a, b):
                    return f"{self.name}: {described} disagree: {a} != {b}"
        return f"{self.name}: {described}: {error}"

    def __repr__(self) -> str:
        return f"<primitive {self.name}: {self.shapes}>"


PRIMITIVES: dict[str, Primitive] = {}
"""Every primitive by its name, in the order of definition."""


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
    >>> from lecture_lib.autodiff.graph import PRIMITIVES, parameter, primitive
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
        made = Primitive(name, forward, formula, symbol, shapes, tuple(operands), result, domain, sample)
        PRIMITIVES[name] = made
        return made

    return register


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
        return written_setting(cast(Any, value).tolist())
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("-", "−")


def _parse_dims(dims: str) -> tuple[str, ...] | None:
    parts = tuple(part.strip() for part in dims.strip("()").split(",") if part.strip())
    return None if parts == ("...",) else parts


def _compiled_fit(dims: tuple[tuple[str, ...] | None, ...]) -> Callable[..., bool] | None:
    """Return a quick test of the operands' shapes, None where any shapes may be broadcast.

    NumPy would take some shapes that do not fit, so every call is tested: "W (n, m), x (m,)" becomes
    ``len(s0 := a0.shape) == 2 and len(s1 := a1.shape) == 1 and s0[1] == s1[0]``.
    """
    conditions: list[str] = []
    places: dict[str, str] = {}
    for i, parts in enumerate(dims):
        if parts is None:
            continue
        open_ended = parts[0] == "..."
        parts = parts[open_ended:]
        conditions.append(f"len(s{i} := a{i}.shape) {'>=' if open_ended else '=='} {len(parts)}")
        for axis, dim in enumerate(parts, -len(parts) if open_ended else 0):
            place = f"s{i}[{axis}]"
            if places.setdefault(dim, place) != place:
                conditions.append(f"{places[dim]} == {place}")
    if not conditions:
        return None
    arguments = ", ".join(f"a{i}" for i in range(len(dims)))
    return eval(f"lambda {arguments}: {' and '.join(conditions)}")


# --- order --------------------------------------------------------------------------------------


def topological_order(root: Node) -> tuple[Node, ...]:
    """Return every node that root was computed from, parents before children, root last.

    Each node comes once, however many others use it. The search is a depth-first walk with a stack
    of its own, so a graph 100,000 deep needs no recursion, and it takes time in proportion to the
    edges.

    Examples
    --------
    >>> x = parameter(3.0, "x")
    >>> for node in topological_order(x * x + 1):
    ...     print(node)
    Node x = 3.0, parameter
    Node 9.0, multiply of x, x
    Node 1.0, constant
    Node 10.0, add of ·, ·

    Raises
    ------
    TypeError
        If root is no node of this library.
    """
    if not isinstance(root, _OpenNode):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"topological_order: expected a node, got {type(root).__name__}")
    order: dict[Node, None] = {}
    path = [root]
    while path:
        node = path[-1]
        for parent in node.parents:
            if parent not in order:
                if parent.parents:  # it comes after its own operands; then this node is looked at again
                    path.append(parent)
                    break
                order[parent] = None
        else:
            order[node] = None
            path.pop()
    return tuple(order)
