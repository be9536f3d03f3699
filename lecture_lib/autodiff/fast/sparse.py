"""A sparse gradient: that of an embedding matrix, which is 0 but in the columns that a batch looked up.

Most columns of E are not looked up in a batch. Neither making their gradient nor adding it need cost
anything. So programs in cheaper words take a *sparse rule* in place of a primitive's own, where there is
one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from lecture_lib.autodiff.ops import pick
from lecture_lib.autodiff.primitives import Primitive
from lecture_lib.autodiff.values import Array

Integers = np.ndarray[Any, Any]


class SparseGradient(NDArrayOperatorsMixin):
    """∂ℓ/∂E (d, V) as the columns in which it is not 0.

    It gives what the whole matrix would. Times a number, or raised to a power above 0, it stays sparse; added
    to a matrix, it costs no more than its columns. For all else it is made the whole matrix, as by
    ``np.asarray``.

    Attributes
    ----------
    shape : (d, V)
        Of the whole matrix.
    columns : (k,) array of int
        Which columns, each once, in order.
    values : (d, k) array
        What stands in them.

    Examples
    --------
    >>> d_E = SparseGradient((2, 4), np.array([0, 3]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    >>> np.asarray(d_E)
    array([[1., 0., 0., 2.],
           [3., 0., 0., 4.]])
    >>> np.ones((2, 4)) - 0.1 * d_E
    array([[0.9, 1. , 1. , 0.8],
           [0.7, 1. , 1. , 0.6]])
    """

    __slots__ = ("columns", "shape", "values")

    def __init__(self, shape: tuple[int, ...], columns: Integers, values: Array) -> None:
        self.shape = shape
        self.columns = columns
        self.values = values

    @property
    def ndim(self) -> int:
        """2."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries of the whole matrix."""
        return self.shape[0] * self.shape[1]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Integers:
        whole = np.zeros(self.shape[::-1]).T  # a column's entries side by side
        whole[:, self.columns] = self.values
        return whole if dtype is None else whole.astype(dtype)

    def __getattr__(self, name: str) -> Any:
        """Return whatever else an array has, such as .T and .sum()."""
        if name.startswith("__"):  # by these NumPy and Python ask what it is
            raise AttributeError(name)
        return getattr(np.asarray(self), name)

    def __getitem__(self, index: Any) -> Any:
        return np.asarray(self)[index]

    def __len__(self) -> int:
        return self.shape[0]

    def __bool__(self) -> bool:
        return bool(np.asarray(self))

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, out: Any = (), **options: Any) -> Any:
        """Meet numbers and arrays: `theta - gradient` and `theta -= gradient` touch its columns alone."""
        if out and isinstance(out[0], SparseGradient):
            out = ()  # `gradient *= 2` gives another one
        if method == "__call__" and not options:
            result = self._in_columns(ufunc, operands, out)
            if result is not None:
                return result
        whole = [np.asarray(one) if isinstance(one, SparseGradient) else one for one in operands]
        return getattr(ufunc, method)(*whole, **options, **({"out": out} if out else {}))

    def _in_columns(self, ufunc: Any, operands: tuple[Any, ...], out: Any) -> Any:
        """Return what comes of its columns alone, None where 0 does not stay 0 beside them."""
        a: Any = operands[0]
        b: Any = operands[1] if len(operands) == 2 else None
        if ufunc is np.add and a is self:
            a, b = b, a
        if ufunc in (np.add, np.subtract) and b is self and _is_matrix(a, self.shape):
            if out and out[0] is not a:
                return None
            total: Array = out[0] if out else a.copy("K")
            total[:, self.columns] = ufunc(total[:, self.columns], self.values)
            return total
        if out:
            return None
        if ufunc is np.multiply and b is self:
            a, b = b, a
        if ufunc is np.negative:
            values = -self.values
        elif a is not self or not _is_number(b):
            return None
        elif ufunc is np.multiply:
            values = self.values * b
        elif ufunc is np.divide and b != 0:
            values = self.values / b
        elif ufunc is np.power and b > 0:
            values = self.values**b
        else:
            return None
        return SparseGradient(self.shape, self.columns, values)

    def __repr__(self) -> str:
        return f"<{len(self.columns)} of the {self.shape[1]} columns of a gradient {self.shape}>"


def _is_matrix(thing: Any, shape: tuple[int, ...]) -> bool:
    return type(thing) is np.ndarray and thing.shape == shape and thing.dtype == np.float64


_REAL = (int, float, np.integer, np.floating)  # made once: it is asked at each step


def _is_number(thing: Any) -> bool:
    """Return whether this is a real number, one that leaves 0 what it is when they are multiplied."""
    return (isinstance(thing, _REAL) or _is_matrix(thing, ())) and math.isfinite(cast(Any, thing))


def sparse_gradient(shape: tuple[int, ...], places: Integers, values: Array) -> SparseGradient:
    """Return what is added up in some columns of a matrix of zeros; the cost is that of the places.

    Parameters
    ----------
    shape : (d, V)
        Of the whole matrix.
    places : (n,) array of int, from 0 to V − 1
        Columns, in any order, some perhaps several times.
    values : (d, n) array
        What is added in each.

    Examples
    --------
    >>> sparse_gradient((1, 9), np.array([7, 2, 7]), np.array([[1.0, 10.0, 100.0]])).values
    array([[ 10., 101.]])
    """
    d = shape[0]
    columns, place = np.unique(places, return_inverse=True)
    entry = place[:, np.newaxis] * d + np.arange(d)  # each number goes to its column and row
    added: Array = np.bincount(entry.ravel(), values.T.ravel(), len(columns) * d).astype(float, copy=False)
    return SparseGradient(shape, columns, added.reshape(len(columns), d).T)


# --- rules --------------------------------------------------------------------------------------

SparseRule = Callable[..., tuple[SparseGradient] | None]

SPARSE_RULES: dict[str, SparseRule] = {}
"""By a primitive's name: its rule as a sparse gradient, None where its own rule costs no more."""


def sparse_rule(primitive: Primitive) -> Callable[[SparseRule], SparseRule]:
    """Decorate a rule that takes what ``primitive.vjp_rule`` takes, and gives it as a sparse gradient."""

    def enter(rule: SparseRule) -> SparseRule:
        SPARSE_RULES[primitive.name] = rule
        return rule

    return enter


@sparse_rule(pick)
def sparse_pick_vjp(d_z: Array, z: Array, a: Array, *, index: Any) -> tuple[SparseGradient] | None:
    """∂ℓ/∂E where few columns were looked up, as in ``E[:, words]``; words (n,) or a batch (sentences, n)."""
    places = few_columns(index, a.shape)
    if places is None:
        return None
    return (sparse_gradient(a.shape, places.reshape(-1), d_z.reshape(a.shape[0], -1)),)


def few_columns(index: Any, shape: tuple[int, ...]) -> Integers | None:
    """Return the columns that an index picks from a matrix, None if it is not few, or not columns.

    They are few where the matrix has more columns than are looked up.

    Examples
    --------
    >>> few_columns((slice(None), [3, -1]), (2, 100))
    array([ 3, 99])
    >>> few_columns((slice(None), [3, -1]), (2, 4)) is None  # the whole matrix costs no more
    True
    """
    parts: tuple[Any, ...] = index
    if len(shape) != 2 or shape[1] <= 8 or type(index) is not tuple or len(parts) != 2:
        return None
    rows, places = parts[0], np.asarray(parts[1])
    if not places.ndim or not places.size or places.dtype.kind not in "iu" or shape[1] <= places.size:
        return None
    if not (rows is Ellipsis or (isinstance(rows, slice) and rows == slice(None))):
        return None
    places = places.astype(np.intp, copy=False)  # of eight bits, there may be no room for a sum
    return np.where(places < 0, places + shape[1], places)
