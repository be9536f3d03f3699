"""What "W (n, m), x (m,) -> z (n,)" says of operands: whether they fit, and what to say if not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .values import Array

Dims = tuple[str, ...] | None
"""The names of an operand's axes, ("n", "m") or ("...", "C"); None where any shape may be broadcast."""


def dims_of(shapes: str) -> tuple[Dims, ...]:
    """Return the names of the axes of each operand.

    Examples
    --------
    >>> dims_of("A (..., n), b (n,), c (...) -> z (...)")
    (('...', 'n'), ('n',), None)
    """
    named = re.findall(r"\w+ \(([^()]*)\)", shapes)[:-1]
    parts = [tuple(part.strip() for part in dims.split(",") if part.strip()) for dims in named]
    return tuple(None if dims == ("...",) else dims for dims in parts)


def fitting(dims: Sequence[Dims]) -> Callable[..., bool] | None:
    """Return a test of the operands' shapes, None where any shapes may be broadcast.

    NumPy would take some shapes that do not fit, so every operation is tested. That is why the test is made
    by ``eval``: as one expression it costs a fifth of a loop over the axes. "W (n, m), x (m,)" becomes
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


def misfit(dims: Sequence[Dims], values: Sequence[Array], names: Sequence[str], shapes: str) -> str:
    """Say which operand's shape does not fit, or which two disagree."""
    sizes: dict[str, tuple[int, int]] = {}
    for i, (parts, value) in enumerate(zip(dims, values, strict=True)):
        if parts is None:
            continue
        open_ended = parts[0] == "..."
        parts = parts[open_ended:]
        if value.ndim < len(parts) or (value.ndim > len(parts) and not open_ended):
            return f"{names[i]} has shape {value.shape}; expected {shapes}"
        for dim, size in zip(parts, value.shape[value.ndim - len(parts) :], strict=True):
            first, j = sizes.setdefault(dim, (size, i))
            if first != size:
                both = f"{names[j]} {values[j].shape} and {names[i]} {value.shape}"
                return f"{both} disagree: {first} != {size}"
    raise AssertionError(f"{described(values, names)} fit {shapes}")


def disagreement(values: Sequence[Array], names: Sequence[str], error: ValueError) -> str:
    """Say which sizes cannot be broadcast together, counted from the last axis, as NumPy does."""
    if len(values) == 2:
        for a, b in zip(reversed(values[0].shape), reversed(values[1].shape), strict=False):
            if a != b and 1 not in (a, b):
                return f"{described(values, names)} disagree: {a} != {b}"
    return f"{described(values, names)}: {error}"


def described(values: Sequence[Array], names: Sequence[str]) -> str:
    """Say the operands with their shapes."""
    return " and ".join(f"{name} {value.shape}" for name, value in zip(names, values, strict=True))
