"""The same in other words: what reads better, and what costs less.

A rule takes a call that is about to be noted, and notes another one of the same value in its place, or
gives None. `READABLE` are the words of the printed program, `CHEAPER` those of the program that training
runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .calls import Traced, one_number, values_of
from .tracing import RewriteRule, Tracer

# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

Options = Mapping[str, Any]


def _number_of(a: Any) -> float | None:
    """Return the number that an operand is, or that stands in each of its entries; None if it is no such."""
    if isinstance(a, float):
        return float(a)
    return one_number(a) if isinstance(a, np.ndarray) else None


def _shape(a: Any) -> tuple[int, ...]:
    return a.shape if isinstance(a, Traced) else np.shape(a)


def _is_float(a: Any) -> bool:
    return np.asarray(values_of(a)).dtype == np.float64


def factor_that_is_one_number(tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], _: Options) -> Any:
    """1 × a is a, as the seed is 1; −1 × a is −a; an array of one number is that number."""
    if ufunc is not np.multiply:
        return None
    for i, (a, other) in enumerate((operands, operands[::-1])):
        number = _number_of(a)
        if number is None or not isinstance(other, Traced) or not _is_float(other):
            continue
        if np.broadcast_shapes(np.shape(a), other.shape) != other.shape:
            continue
        if abs(number) == 1:
            return other if number == 1 else tracer.ufunc(np.negative, (other,))
        if np.ndim(a):
            return tracer.ufunc(np.multiply, (other, number) if i else (number, other))
    return None


# --- to read ------------------------------------------------------------------------------------


def sum_divided_is_mean(tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], _: Options) -> Any:
    """Σ a / n is a.mean()."""
    total, n = operands if len(operands) == 2 else (None, None)
    if ufunc is not np.divide or not isinstance(total, Traced) or not isinstance(n, float):
        return None
    call = total.call
    if call.kind != "reduce" or call.function is not np.add or n * total.size != call.operands[0].size:
        return None
    return tracer.note("mean", None, call.operands, call.options, total.value / n)


def product_of_column_and_row_is_outer(
    tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], _: Options
) -> Any:
    """d[:, np.newaxis] @ x[np.newaxis, :] is np.outer(d, x)."""
    if ufunc is not np.matmul or not all(isinstance(a, Traced) and a.call.kind == "index" for a in operands):
        return None
    (d, column), (x, row) = (a.call.operands for a in operands)
    everything = slice(None)
    if d.ndim != 1 or x.ndim != 1 or column != (everything, None) or row != (None, everything):
        return None
    return tracer.note("outer", np.outer, (d, x), {}, np.outer(d.value, x.value))


def sum_of_products_is_at(tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], _: Options) -> Any:
    """np.vecdot(a, b) of two vectors is a @ b."""
    if ufunc is not np.vecdot or any(len(_shape(a)) != 1 for a in operands):
        return None
    return tracer.ufunc(np.matmul, operands)


# --- to run -------------------------------------------------------------------------------------


def product_is_dot(tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], _: Options) -> Any:
    """A product of vectors and matrices is `.dot`; Wᵀ d is d W, which needs no other view of W."""
    axes = [len(_shape(a)) for a in operands]
    if ufunc is np.matmul and axes == [2, 1] and isinstance(operands[0], Traced):
        call = operands[0].call
        if call.kind == "view" and call.function == "T":
            return tracer.ufunc(ufunc, (operands[1], call.operands[0]))
    if not ((ufunc is np.matmul and max(axes) <= 2) or (ufunc is np.vecdot and axes == [1, 1])):
        return None
    left, right = map(values_of, operands)
    return tracer.note("dot", None, operands, {}, left.dot(right))


def weights_that_are_zero(tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], _: Options) -> Any:
    """Σ y q where 0 times −∞ counts as 0 is y · q, computed again if that is no number."""
    if ufunc is not np.vecdot or any(len(_shape(a)) != 1 for a in operands):
        return None
    y, where = operands
    if not isinstance(where, Traced) or where.call.function is not np.where:
        return None
    weighted, q, zero = where.call.operands
    if weighted is not y or not isinstance(q, Traced) or isinstance(zero, Traced) or zero != 0.0:
        return None
    return tracer.note("weighted sum", None, (y, q), {}, np.vecdot(values_of(y), where.value))


def vector_is_reduced_to_a_number(
    tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], options: Options
) -> Any:
    """What a vector is reduced to is a number; of two numbers, the one is combined with the other."""
    (a,) = operands
    if ufunc is np.add or a.ndim != 1 or options["axis"] not in (None, 0, -1):
        return None
    if a.size == 2:
        return tracer.ufunc(ufunc, (a[0, ...], a[1, ...]))  # with ..., views: a[0] would be a copy
    with np.errstate(all="ignore"):
        result = ufunc.reduce(a.value)
    return tracer.note("reduce", ufunc, (a,), {"axis": 0, "keepdims": False}, result)


def sum_is_product_with_ones(tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], options: Options) -> Any:
    """The sum along the last axis is the product with ones; of a vector it is a number."""
    (a,) = operands
    axis = options["axis"]
    last = axis in (-1, a.ndim - 1) or (axis is None and a.ndim == 1)
    if ufunc is not np.add or not last or a.ndim > 2 or not _is_float(a):
        return None
    keepdims = options["keepdims"] and a.ndim > 1
    return tracer.ufunc(np.matmul, (a, np.ones((a.shape[-1], 1) if keepdims else a.shape[-1])))


def mean_is_product_with_shares(tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], _: Options) -> Any:
    """A sum that is divided by a number is the product with shares, as the sum is one with ones."""
    total, n = operands if len(operands) == 2 else (None, None)
    if ufunc is not np.divide or not isinstance(total, Traced) or not isinstance(n, float) or not n:
        return None
    if total.call.kind != "dot" or _number_of(total.call.operands[1]) != 1:
        return None
    a, ones = total.call.operands
    return tracer.ufunc(np.matmul, (a, ones / n))


def picked_columns_are_taken(tracer: Tracer, _: Any, operands: tuple[Any, ...], __: Options) -> Any:
    """Some columns or rows are taken with `take`, whose checks of fixed places are made here, once."""
    a, index = operands
    parts = index if isinstance(index, tuple) else (index,)
    whole = [isinstance(part, slice) and part == slice(None) for part in parts]
    picked = [part for part, all_of_it in zip(parts, whole, strict=True) if not all_of_it]
    if len(picked) != 1 or not a.value.flags.c_contiguous or not _is_float(a):
        return None  # from another order, take would copy all of it first
    places = np.asarray(values_of(picked[0]))
    if not places.ndim or places.dtype.kind not in "iu":
        return None
    axis = whole.index(False)
    result = a.value.take(places, axis)
    if isinstance(picked[0], Traced):
        return tracer.note("take", "raise", (a, picked[0]), {"axis": axis}, result)
    signed, length = places.astype(np.intp), a.shape[axis]
    where = np.where(signed < 0, signed + length, signed)
    return tracer.note("take", "clip", (a, where), {"axis": axis}, result)


def what_is_added_up_is_counted(tracer: Tracer, ufunc: Any, operands: tuple[Any, ...], _: Options) -> Any:
    """What is added up in places of an array of zeros is a weighted count of the places."""
    target, index, a = operands
    if ufunc is not np.add or target.any() or target.dtype != np.float64 or not isinstance(a, Traced):
        return None
    if any(isinstance(part, Traced) for part in (index if isinstance(index, tuple) else (index,))):
        return None
    places = np.arange(target.size).reshape(target.shape)[index]
    if places.shape != a.shape or a.ndim == 0 or not _is_float(a) or target.size > 8 * a.size:
        return None
    weights = a if a.ndim == 1 else a.reshape(-1)
    counted = np.bincount(places.ravel(), weights.value, target.size).reshape(target.shape)
    return tracer.note("count", np.bincount, (places.ravel(), weights), {"shape": target.shape}, counted)


Rules = Mapping[str, Iterable[RewriteRule]]

READABLE: Rules = {
    "ufunc": (
        factor_that_is_one_number,
        sum_divided_is_mean,
        product_of_column_and_row_is_outer,
        sum_of_products_is_at,
    )
}
CHEAPER: Rules = {
    "ufunc": (
        factor_that_is_one_number,
        mean_is_product_with_shares,
        weights_that_are_zero,
        product_is_dot,
    ),
    "reduce": (vector_is_reduced_to_a_number, sum_is_product_with_ones),
    "index": (picked_columns_are_taken,),
    "at": (what_is_added_up_is_counted,),
}
