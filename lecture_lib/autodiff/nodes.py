"""A node: a value, and how it came about.

Operations on nodes give new nodes, so a Python expression in nodes leaves a computation graph behind (slide
"Computation Graphs"). What the operations are, `primitives` and `ops` say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, cast

import numpy as np
from numpy import ndarray
from numpy.typing import ArrayLike

from .elsewhere import AS_ELSEWHERE, Elsewhere
from .values import FLOAT64, Array, as_numbers, frozen

if TYPE_CHECKING:
    from .primitives import Primitive

Role = Literal["parameter", "data", "constant", "operation"]

NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})

PRIMITIVES: dict[str, Primitive] = {}
"""Every primitive by its name, in the order of definition; `primitives.primitive` enters it here."""


class ShapeError(ValueError):
    """The shapes of an operation's operands do not fit together."""


class _OpenNode:
    """A node while it is made: its slots can still be set."""

    __slots__ = ("given", "name", "parents", "primitive", "role", "settings", "value")

    value: Array
    name: str
    role: Role
    primitive: Primitive | None
    parents: tuple[Node, ...]
    settings: Mapping[str, Any]
    given: Mapping[str, Any]


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
        What the operation was told besides its operands, for example ``axis``. They are copied, as values
        are: changing an array of words later does not change the node.
    given : mapping
        The same settings as the very objects that were handed over. They may have changed since; a program
        knows by them what varies.

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
        return made_node(self.value, name, self.role, self.primitive, self.parents, self.settings, self.given)

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
        return PRIMITIVES["power"].on((self,), {"exponent": as_numbers(exponent, "exponent")})

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

    # Nodes are equal if they are the same. A comparison with numbers would be one False, whatever they are.

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int | float | np.ndarray | np.generic):
            raise TypeError(
                f"{self._label()} is a node, which equals no number: compare {self.name or 'node'}.value"
            )
        return self is other

    # A node that became a number would leave the graph without a word, and its gradient would be lost.

    def __float__(self, *_: Any) -> NoReturn:
        name = self.name or "node"
        raise TypeError(
            f"{self._label()} is a node: as a number it would leave the graph, and nothing would flow back. "
            f"Its number is {name}.value; functions of nodes are ll.exp({name}), ll.log({name}) and so on, "
            "not math's; an array that depends on nodes is made by operations on arrays, not entry by entry"
        )

    __int__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = __float__

    def __bool__(self) -> NoReturn:
        # Python asks for a bool in `if node:` and in `a < b < c`; a node has no truth of its own.
        raise TypeError(f"{self._label()} is neither true nor false: test {self.name or 'node'}.value")

    def vjp(self, d_node: ArrayLike) -> tuple[Any, ...]:
        """Return what goes back to each parent when ∂ℓ/∂node has come back here; () for a leaf.

        `d_node` has the node's shape; a number stands for an array of nothing but that.

        Examples
        --------
        >>> w, x = parameter(0.5, "w"), data(2.0, "x")
        >>> [float(d) for d in (w * x).vjp(10.0)]
        [20.0, 5.0]
        """
        if self.primitive is None:
            return ()
        d_result = as_numbers(d_node, f"{self._label()}.vjp")
        if d_result.shape != self.shape:
            if d_result.ndim:
                raise ShapeError(
                    f"{self._label()}.vjp: got the shape {d_result.shape}; expected {self.shape}"
                )
            d_result = np.full(self.shape, d_result)
        return self.primitive.back(d_result, self)

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
        if method == "reduce" and name == "add":
            raise TypeError("np.add.reduce does not take nodes: use ll.sum")
        name = name if method == "__call__" else f"{name}.{method}"
        if method == "__call__" and "out" in options:  # as in `total += node`, where total is an array
            raise TypeError(
                f"np.{name} would write into an array (out=), which does not take nodes: write "
                "total = total + node, not total += node"
            )
        raise TypeError(
            f"np.{name} has no derivative here, so it does not take nodes; "
            f"the operations that do are: {', '.join(sorted(PRIMITIVES))}"
        )

    def __array_function__(self, function: Callable[..., Any], *_: Any) -> NoReturn:
        name = str(function.__name__)
        other = f"ll.{name}" if name in PRIMITIVES else f"one of {', '.join(sorted(PRIMITIVES))}"
        raise TypeError(f"np.{name} does not take nodes: use {'a @ b' if name == 'dot' else other}")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"{self._label()} is a node, not an array: its array is {self.name or 'node'}.value")

    # It does not change, and is equal to itself alone: a copy is the node.

    def __copy__(self) -> Node:
        return self

    def __deepcopy__(self, _: Any) -> Node:
        return self

    def __reduce__(self) -> Any:
        kept = self.value, self.name, self.role, self.primitive, self.parents
        return _unpickled, (*kept, dict(self.settings))

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name not in AS_ELSEWHERE]

    def _label(self) -> str:
        return self.name or "this node"


def made_node(
    value: Array,
    name: str,
    role: Role,
    primitive: Primitive | None,
    parents: tuple[Node, ...],
    settings: Mapping[str, Any] = NO_SETTINGS,
    given: Mapping[str, Any] = NO_SETTINGS,
) -> Node:
    """Return a node.

    A graph is made of many, and a guard against changes would cost at each attribute. So a node is filled
    in while it is open, then closed by its class: a quarter of the time.
    """
    node: Any = _OpenNode()
    node.value = value
    node.name = name
    node.role = role
    node.primitive = primitive
    node.parents = parents
    node.settings = settings
    node.given = given
    node.__class__ = Node
    return node


def _unpickled(value: Array, *others: Any) -> Node:
    return made_node(frozen(value), *others)


for _name, _way in AS_ELSEWHERE.items():
    setattr(Node, _name, Elsewhere(_name, _way))

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
    elif isinstance(value, Node):
        raise TypeError(f"{name or role}: this is already a node; expected a number or an array of numbers")
    else:
        own = frozen(np.array(as_numbers(value, name or role)))
    return made_node(own, name, role, None, ())


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
        try:
            return PRIMITIVES["matvec"].on((right.T, left))
        except ShapeError:  # it speaks of a transpose that nobody wrote
            sizes = f"disagree: {left.shape[0]} != {right.shape[0]}"
            why = sizes if right_axes == 2 else "do not fit: a (n,), b (n, m) was expected"
            both = f"{left.name or 'a'} {left.shape} and {right.name or 'b'} {right.shape}"
            raise ShapeError(f"@: {both} {why}") from None
    return PRIMITIVES["matmul"].on((left, right))
