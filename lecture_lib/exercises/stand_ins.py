"""The library's functions that stand in for a student's own of earlier lessons, in the same form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lecture_lib import autodiff, learning


def _gradients(root: Any) -> dict[Any, Any]:
    """Return node -> gradient of root, as lesson 04's backward does."""
    return dict(autodiff.backward(root).gradients)


LIBRARYS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "nll": ("ll.nll", learning.nll),
    "sgd_step": ("ll.sgd_step", learning.sgd_step),
    "numeric_gradient": ("ll.numeric_gradient", autodiff.numeric_gradient),
    "softmax": ("ll.softmax", autodiff.softmax),
    "topological_order": ("ll.topological_order", autodiff.topological_order),
    "backward": ("ll.backward", _gradients),
    "gradient_check": ("ll.gradient_error", autodiff.gradient_error),
    "encode": ("ll.encode", learning.encode),
    "mlp_forward": ("ll.mlp_forward", learning.mlp_forward),
}
"""What can be asked for: the names of exercises' functions that the library has in the same form."""


def librarys(name: str) -> tuple[str, Callable[..., Any]]:
    """Return how the library's function is called, and the function; LookupError says which there are."""
    if name not in LIBRARYS:
        raise LookupError(f"mine: there is no {name!r}. There are: {', '.join(LIBRARYS)}")
    return LIBRARYS[name]
