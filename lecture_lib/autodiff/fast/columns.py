"""A gradient that is nought but in some columns: that of an embedding matrix, from the words of a batch.

Most columns of E are not looked up in a batch. Their gradient is nought, and neither making it nor adding it
need cost anything.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lecture_lib.autodiff.graph import Array


class Columns:
    """∂ℓ/∂E (d, V) as the columns in which it is not nought.

    It adds and multiplies as the whole matrix would. ``np.asarray`` makes the whole matrix.

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
    >>> d_E = Columns((2, 4), np.array([0, 3]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    >>> np.asarray(d_E)
    array([[1., 0., 0., 2.],
           [3., 0., 0., 4.]])
    >>> np.ones((2, 4)) - 0.1 * d_E
    array([[0.9, 1. , 1. , 0.8],
           [0.7, 1. , 1. , 0.6]])
    """

    __array_ufunc__ = None  # so that NumPy leaves `array - columns` to this class
    __slots__ = ("columns", "shape", "values")

    def __init__(self, shape: tuple[int, ...], columns: np.ndarray[Any, Any], values: Array) -> None:
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

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        whole = np.zeros(self.shape[::-1]).T  # a column's entries side by side
        whole[:, self.columns] = self.values
        return whole if dtype is None else whole.astype(dtype)

    def __mul__(self, factor: float) -> Columns:
        return Columns(self.shape, self.columns, self.values * factor)

    __rmul__ = __mul__

    def __pow__(self, exponent: float) -> Columns:
        """Entry by entry; for a positive exponent nought stays nought."""
        return Columns(self.shape, self.columns, self.values**exponent)

    def __neg__(self) -> Columns:
        return self * -1.0

    def __add__(self, other: Array | Columns) -> Array:
        total = np.array(other, order="K")
        total[:, self.columns] += self.values
        return total

    __radd__ = __add__

    def __rsub__(self, other: Array) -> Array:
        return -self + other

    def __repr__(self) -> str:
        return f"<{len(self.columns)} of the {self.shape[1]} columns of a gradient {self.shape}>"


def added_columns(shape: tuple[int, ...], places: np.ndarray[Any, Any], values: Array) -> Columns:
    """What is added up in some columns of a matrix of zeros; the cost is that of the places.

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
    >>> added_columns((1, 9), np.array([7, 2, 7]), np.array([[1.0, 10.0, 100.0]])).values
    array([[ 10., 101.]])
    """
    d = shape[0]
    columns, place = np.unique(places, return_inverse=True)
    entry = place[:, np.newaxis] * d + np.arange(d)  # each number goes to its column and row
    added: Array = np.bincount(entry.ravel(), values.T.ravel(), len(columns) * d).astype(float, copy=False)
    return Columns(shape, columns, added.reshape(len(columns), d).T)


def few_columns(index: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any] | None:
    """Return the columns that an index picks from a matrix, from 0 on; None if it is not few, or not columns.

    Examples
    --------
    >>> few_columns((slice(None), [3, -1]), (2, 100))
    array([ 3, 99])
    >>> few_columns((slice(None), [3, -1]), (2, 4)) is None  # there, the whole matrix costs no more
    True
    """
    parts: tuple[Any, ...] = index
    if len(shape) != 2 or shape[1] <= 8 or type(index) is not tuple or len(parts) != 2:
        return None
    rows, places = parts[0], np.asarray(parts[1])
    if places.ndim != 1 or shape[1] <= 8 * len(places) or places.dtype.kind not in "iu":
        return None
    if not (rows is Ellipsis or (isinstance(rows, slice) and rows == slice(None))):
        return None
    places = places.astype(np.intp, copy=False)  # of eight bits, there may be no room for a sum
    return np.where(places < 0, places + shape[1], places)
