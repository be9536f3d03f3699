"""What a node keeps: its value as numbers that do not change, and the settings of its operation."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy import ndarray
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
"""A float64 array. Scalars are ``np.float64``, which has a shape, an ndim and arithmetic too."""

FLOAT64 = np.dtype(np.float64)


def as_numbers(value: ArrayLike, name: str) -> Array:
    """Return the value as a float64 array, or say why that cannot be."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"{name}: expected a number or an array of numbers, all rows equally long") from error
    if array.dtype == object and all(isinstance(entry, int) for entry in array.flat):  # too large for 64 bits
        array = array.astype(np.float64)
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
    value.setflags(False)  # pyright: ignore[reportCallIssue]  # by its place: sixteen times a step, at half the cost
    return value


def kept_settings(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return settings of their own: what the caller writes into an array of words later changes no node."""
    own = settings
    for name, value in settings.items():
        if type(value) not in _UNCHANGING:
            own = {**own, name: _own(value)}
    return own


def _own(setting: Any) -> Any:
    if type(setting) is ndarray:
        return frozen(cast(Array, setting.copy()))
    if type(setting) is tuple:
        return tuple(map(_own, cast("tuple[Any, ...]", setting)))
    return setting if type(setting) in _UNCHANGING else copy.deepcopy(setting)


_UNCHANGING = {type(None), bool, int, float, str, slice, type(Ellipsis), np.int64, np.float64}
