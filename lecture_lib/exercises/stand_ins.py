"""The library's functions that stand in for a student's own of earlier lessons, in the same form."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from lecture_lib import autodiff, learning
from lecture_lib.autodiff.fast.compiling import Compiled
from lecture_lib.autodiff.values import Array


def _gradients(root: Any) -> dict[Any, Any]:
    """Return node -> gradient of root, as lesson 04's backward does."""
    return dict(autodiff.backward(root).gradients)


@cache
def _mlp_loss() -> Compiled:
    return autodiff.compiled(learning.mlp_loss)


def _mlp_gradients(
    tokens: Sequence[str], y: Array, vocabulary: dict[str, int], params: dict[str, Array]
) -> dict[str, Array]:
    """Return the gradients of one text's loss, as lesson 06's mlp_gradients does."""
    text = learning.sentences([tokens], vocabulary)
    _, gradients = _mlp_loss().value_and_grad(params, text, np.asarray(y)[np.newaxis])
    # copies, for the next call uses its buffers again
    return {name: np.array(gradients[name]) for name in params}


def _gradient_check(f: Callable[[Array], float], gradient: Callable[[Array], Array], theta: Array) -> float:
    """Return the largest of |a − n| / max(1, |a|, |n|), as lesson 04's gradient_check does."""
    a, n = gradient(theta), autodiff.numeric_gradient(f, theta)
    return float(np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))))


LIBRARYS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "nll": ("ll.nll", learning.nll),
    "sgd_step": ("ll.sgd_step", learning.sgd_step),
    "numeric_gradient": ("ll.numeric_gradient", autodiff.numeric_gradient),
    "softmax": ("ll.softmax", autodiff.softmax),
    "topological_order": ("ll.topological_order", autodiff.topological_order),
    "backward": ("ll.backward", _gradients),
    "gradient_check": ("|a − n| / max(1, |a|, |n|) with ll.numeric_gradient", _gradient_check),
    "encode": ("ll.encode", learning.encode),
    "mlp_forward": ("ll.mlp_forward", learning.mlp_forward),
    "mlp_gradients": ("the gradients of ll.mlp_loss", _mlp_gradients),
    "early_stopping": ("ll.early_stopping", learning.early_stopping),
    "minibatches": ("ll.minibatches", learning.minibatches),
    "adam_step": ("ll.adam_step", learning.adam_step),
    "grid": ("ll.grid", learning.grid),
    "select_best": ("ll.select_best", learning.select_best),
}
"""What can be asked for: the names of exercises' functions that the library has in the same form."""


def librarys(name: str) -> tuple[str, Callable[..., Any]]:
    """Return how the library's function is called, and the function; LookupError says which there are."""
    if name not in LIBRARYS:
        raise LookupError(f"mine: there is no {name!r}. There are: {', '.join(LIBRARYS)}")
    return LIBRARYS[name]
