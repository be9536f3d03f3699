"""Errors that reached the world: short copies, written anew, each with a mistake that was once published."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.common import Displayable, Table, Text, number
from lecture_lib.exercises import describe
from lecture_lib.exercises.plain import plain

# The functions below are shown to students as they were published, without a docstring.
__all__ = ["SUSPECTS", "Suspect", "half_right", "suspect", "suspects"]

Function = Callable[[Array], Any]

_RNG = np.random.default_rng(4)
X = _RNG.normal(size=(6, 3))  # six examples of three numbers
Y = _RNG.integers(2, size=6)
U = np.array([[1.0, -1.0, 0.5, -0.5], [-1.0, 0.5, 1.0, -1.0]])


@dataclass(frozen=True)
class Suspect:
    """A loss and its published gradient: what they are said to be, and where to try them."""

    what: str
    loss: Function
    gradient: Function
    theta: Array


def nll_of_one(x: Array, y: Any, W: Array) -> float:
    o = U @ np.maximum(W @ x, 0)
    return float(np.log(np.exp(o).sum()) - o[y])


def relu_loss(W: Array) -> float:
    return sum(nll_of_one(x, y, W) for x, y in zip(X, Y, strict=True))


def relu_gradient(W: Array) -> Array:
    d_W = np.zeros_like(W)
    for x, y in zip(X, Y, strict=True):
        o = U @ np.maximum(W @ x, 0)
        d_o = np.exp(o) / np.exp(o).sum() - np.eye(2)[y]
        d_z = np.maximum(U.T @ d_o, 0)
        d_W += np.outer(d_z, x)
    return d_W


def bias_loss(b: Array) -> float:
    return float(sum(np.log(np.exp(b).sum()) - b[y] for y in Y))


def bias_gradient(b: Array) -> Array:
    d_b = np.zeros_like(b)
    for x, y in zip(X, Y, strict=True):
        d_o = np.exp(b) / np.exp(b).sum() - np.eye(2)[y]
        d_W = np.outer(d_o, x)
        d_b += d_W.sum(axis=1)
    return d_b


def batch_of(size: int, seed: int = 0) -> list[int]:
    chosen = np.random.default_rng(seed).integers(len(X))
    return [int(chosen) for _ in range(size)]


def batch_loss(W: Array) -> float:
    return sum(nll_of_one(X[i], Y[i], W) for i in batch_of(4))


def batch_gradient(W: Array) -> Array:
    d_W = np.zeros_like(W)
    for i in batch_of(4):
        z = W @ X[i]
        o = U @ np.maximum(z, 0)
        d_o = np.exp(o) / np.exp(o).sum() - np.eye(2)[Y[i]]
        d_W += np.outer((U.T @ d_o) * (z > 0), X[i])
    return d_W


def square_loss(w: Array) -> float:
    return float(np.sum(w**2))


def square_gradient(w: Array, kept: dict[str, Array] | None = None) -> Array:
    kept = KEPT if kept is None else kept
    kept["w"] = kept.get("w", np.zeros_like(w)) + 2 * w
    return kept["w"]


KEPT: dict[str, Array] = {}

_W = _RNG.normal(size=(4, 3))
SUSPECTS: dict[str, Suspect] = {
    "A": Suspect("a layer with ReLU, from a word-embedding assignment", relu_loss, relu_gradient, _W),
    "B": Suspect(
        "a bias, from a solution that earned full marks", bias_loss, bias_gradient, np.array([0.3, -0.2])
    ),
    "C": Suspect(
        "a batch of four examples, from three copies of an assignment", batch_loss, batch_gradient, _W
    ),
    "D": Suspect(
        "backward() of a small autodiff library", square_loss, square_gradient, np.array([0.5, -0.3])
    ),
}
"""Facts behind them: each of these mistakes was in published course material or in a published library."""


def suspect(name: str) -> Text:
    """Show the code of a suspect.

    Raises
    ------
    KeyError
        If there is no suspect of this name.
    """
    one = SUSPECTS[name]
    extra = [batch_of] if name == "C" else []
    words = "\n\n".join(inspect.getsource(f).strip() for f in (*extra, one.gradient)).replace(": Array", "")
    words = (
        words.replace(" -> Array", "")
        .replace(": int", "")
        .replace(" -> list[int]", "")
        .replace(", strict=True", "")
    )
    if name == "D":
        words = "kept = {}\n\n" + words.replace(", kept: dict[str, Array] | None = None", "").replace(
            "    kept = KEPT if kept is None else kept\n", ""
        )
    return Text(
        f'<p>Suspect {name}: {escape(one.what)}</p><pre style="font-family: monospace">{escape(words)}</pre>',
        f"Suspect {name}: {one.what}\n\n{words}",
    )


def suspects(gradient_check: Callable[..., Any]) -> Displayable:
    """Try a gradient check of one's own on every suspect, twice each.

    Parameters
    ----------
    gradient_check : callable
        (f, gradient, theta) -> the largest relative error.

    Returns
    -------
    Table
        Or a Text, if the check is not written yet, stops, or gives no number.
    """
    rows: list[list[str]] = []
    for name, one in SUSPECTS.items():
        KEPT.clear()
        said: list[str] = []
        for _ in range(2):
            try:
                found = gradient_check(one.loss, one.gradient, one.theta.copy())
            except NotImplementedError:
                found = None
            except Exception as error:
                return _said(f"The check stopped at suspect {name}: {type(error).__name__}: {error}")
            if found is None or found is Ellipsis:
                return _said("not attempted: write gradient_check first, then come back.")
            largest = plain(found)
            if isinstance(largest, np.ndarray) and largest.ndim == 0:
                largest = cast("float", largest.item())
            if isinstance(largest, bool) or not isinstance(largest, int | float):
                return _said(
                    f"Of suspect {name} the check gave {describe(largest)}; one number was expected, the"
                    " largest relative error."
                )
            said.append(f"{largest:.6f}" if math.isfinite(largest) else number(largest))
        rows.append([name, one.what, *said])
    return Table(
        "Your gradient_check on the suspects", ["suspect", "what it is", "first call", "second call"], rows
    )


def _said(words: str) -> Text:
    return Text(f"<p>{escape(words)}</p>", words)


def half_right(networks: int = 200, seed: int = 0) -> Table:
    """Compare ReLU of the gradient with the true gradient, over random small networks.

    Parameters
    ----------
    networks : int
        How many.
    seed : int
        Where their numbers come from.

    Returns
    -------
    Table
        Means over the networks: the cosine between both gradients of W, the share of entries with the right
        sign, and the loss before and after 100 steps along each.
    """
    rng = np.random.default_rng(seed)
    W, V = rng.normal(size=(networks, 8, 5)), rng.normal(size=(networks, 3, 8))
    x, y = rng.normal(size=(networks, 5, 1)), np.eye(3)[rng.integers(3, size=networks)][..., None]
    true, wrong = _gradient(W, V, x, y, masked=True), _gradient(W, V, x, y, masked=False)
    sizes = np.linalg.norm(true, axis=(1, 2)) * np.linalg.norm(wrong, axis=(1, 2))
    cosines = (true * wrong).sum(axis=(1, 2))[sizes > 0] / sizes[sizes > 0]
    losses = {"before": _nll(W, V, x, y)}
    for name, masked in (("true", True), ("relu", False)):
        walked = W
        for _step in range(100):
            walked = walked - 0.05 * _gradient(walked, V, x, y, masked)
        losses[name] = _nll(walked, V, x, y)
    rows = [
        ["cosine between the two gradients", f"{np.mean(cosines):.2f}"],
        ["entries with the right sign", f"{np.mean(np.sign(true) == np.sign(wrong)):.0%}"],
        ["loss at first", f"{np.mean(losses['before']):.2f}"],
        ["loss after 100 steps, true gradient", f"{np.mean(losses['true']):.2f}"],
        ["loss after 100 steps, ReLU of the gradient", f"{np.mean(losses['relu']):.2f}"],
    ]
    return Table(f"Means over {networks} random networks, with one example each", ["what", "mean"], rows)


def _nll(W: Array, V: Array, x: Array, y: Array) -> Array:
    """The loss of each network: W (n, 8, 5), V (n, 3, 8), x (n, 5, 1), y (n, 3, 1) -> (n, 1, 1)."""
    o = V @ np.maximum(W @ x, 0)
    return np.log(np.exp(o).sum(axis=1, keepdims=True)) - (o * y).sum(axis=1, keepdims=True)


def _gradient(W: Array, V: Array, x: Array, y: Array, masked: bool) -> Array:
    z = W @ x
    e = np.exp(V @ np.maximum(z, 0))
    d_h = V.mT @ (e / e.sum(axis=1, keepdims=True) - y)
    d_z: Array = d_h * (z > 0) if masked else np.maximum(d_h, 0)
    return d_z * x.mT
