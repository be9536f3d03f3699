"""Every primitive: the operation, and beside it what its derivative hands back.

Read each pair as the slide writes it. The first function computes the result from the operands. The
second receives ∂ℓ/∂result, called ``d_…``, and hands ∂ℓ/∂operand to each operand, in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from .primitives import primitive
from .values import Array

# Reductions as NumPy has them beneath a.sum() and a.max(), which make a detour that costs more than the
# additions of a short vector. The third is log Σ exp, of any numbers without overflow.
Reduction = Callable[..., Any]
total: Reduction = np.add.reduce
largest: Reduction = np.maximum.reduce
log_total_exp: Reduction = np.logaddexp.reduce


def of_each_row(reduction: Reduction, a: Array) -> Array:
    """a (..., C) -> (..., 1), or of a single row the number, with which NumPy computes sooner."""
    return reduction(a) if a.ndim == 1 else reduction(a, axis=-1, keepdims=True)


def weighted_sum(y: Array, q: Array) -> Any:
    """y (..., C), q (..., C) -> (...): Σ y q of each row, where 0 times −∞ counts as 0."""
    if type(y) is type(q) is np.ndarray and y.ndim == q.ndim == 1:  # not while a program is written
        row = np.vdot(y, q)  # of a single row this costs a third; NaN if 0 met −∞
        if row == row:
            return row
    return np.vecdot(y, np.where(y, q, 0.0))


def unbroadcast(d_stretched: Array, operand: Array) -> Array:
    """d_stretched (...), operand (any shape that broadcasts to it) -> d_operand (operand's shape).

    Broadcasting uses one entry of an operand at several places. Its gradient is the sum of what
    comes back from all of them.
    """
    if d_stretched.shape == operand.shape:
        return d_stretched
    new_axes = tuple(range(d_stretched.ndim - operand.ndim))
    d_operand = d_stretched.sum(axis=new_axes)
    stretched = tuple(i for i, size in enumerate(operand.shape) if size == 1 != d_operand.shape[i])
    return d_operand.sum(axis=stretched, keepdims=True) if stretched else d_operand


# --- arithmetic, entry by entry -----------------------------------------------------------------


@primitive("{a} + {b}", "a (...), b (...) -> z (...)", symbol="+")
def add(a: Array, b: Array) -> Array:
    return a + b


@add.vjp("{d_z}", "{d_z}")
def add_vjp(d_z: Array, z: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return unbroadcast(d_z, a), unbroadcast(d_z, b)


@primitive("{a} − {b}", "a (...), b (...) -> z (...)", symbol="−")
def subtract(a: Array, b: Array) -> Array:
    return a - b


@subtract.vjp("{d_z}", "{d_z} × (−1)")
def subtract_vjp(d_z: Array, z: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return unbroadcast(d_z, a), unbroadcast(-d_z, b)


@primitive("{a} × {b}", "a (...), b (...) -> z (...)", symbol="×")
def multiply(a: Array, b: Array) -> Array:
    return a * b


@multiply.vjp("{d_z} × {b}", "{d_z} × {a}")
def multiply_vjp(d_z: Array, z: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return unbroadcast(d_z * b, a), unbroadcast(d_z * a, b)


@primitive("{a} / {b}", "a (...), b (...) -> z (...)", symbol="÷", domain={"b": "nonzero"})
def divide(a: Array, b: Array) -> Array:
    return a / b


@divide.vjp("{d_z} / {b}", "{d_z} × (−{a}) / {b}²")
def divide_vjp(d_z: Array, z: Array, a: Array, b: Array) -> tuple[Array, Array]:
    d_a = d_z / b
    return unbroadcast(d_a, a), unbroadcast(-d_a * z, b)  # z is a / b; b² may be too large or too small


@primitive("−{a}", "a (...) -> z (...)", symbol="−( )")
def negative(a: Array) -> Array:
    return -a


@negative.vjp("−{d_z}")
def negative_vjp(d_z: Array, z: Array, a: Array) -> tuple[Array]:
    return (-d_z,)


@primitive("|{a}|", "a (...) -> z (...)", symbol="| |", domain={"a": "nonzero"})
def absolute(a: Array) -> Array:
    return np.absolute(a)


@absolute.vjp("{d_z} × sign({a})")
def absolute_vjp(d_z: Array, z: Array, a: Array) -> tuple[Array]:
    return (d_z * np.sign(a),)


# --- powers, exponentials, logarithms -----------------------------------------------------------


@primitive("{a}²", "a (...) -> z (...)", symbol="( )²")
def square(a: Array) -> Array:
    return a * a


@square.vjp("{d_z} × 2 × {a}")
def square_vjp(d_z: Array, z: Array, a: Array) -> tuple[Array]:
    return (d_z * 2 * a,)


def _some_exponent(rng: np.random.Generator, a: Array) -> dict[str, float]:
    return {"exponent": rng.choice([-1.5, -1.0, 0.5, 1.0, 2.0, 3.0])}


@primitive(
    "{a}^{exponent}", "a (...) -> z (...)", symbol="( )ⁿ", domain={"a": "positive"}, sample=_some_exponent
)
def power(a: Array, *, exponent: Any) -> Array:
    if np.ndim(exponent) != 0:
        raise ValueError("the exponent must be one number; give a node to raise entry by entry")
    return a ** float(exponent)


@power.vjp("{d_z} × {exponent} × {a}^({exponent} − 1)")
def power_vjp(d_z: Array, z: Array, a: Array, *, exponent: Any) -> tuple[Array]:
    if exponent == 0:
        return (d_z * 0.0,)  # the rule would divide 0 by 0 at a = 0
    return (d_z * exponent * a ** (float(exponent) - 1),)


@primitive("{a}^{b}", "a (...), b (...) -> z (...)", symbol="aᵇ", domain={"a": "positive"})
def raise_to(a: Array, b: Array) -> Array:
    return a**b


@raise_to.vjp("{d_z} × {b} × {a}^({b} − 1)", "{d_z} × {z} × log {a}")
def raise_to_vjp(d_z: Array, z: Array, a: Array, b: Array) -> tuple[Array, Array]:
    # Where a is 0 the slope in b is 0. Where a is negative there is none: NaN.
    log_a = np.log(np.where(a < 0, np.nan, np.where(a == 0, 1.0, a)))
    d_a = d_z * b * a ** np.where(b == 0, 1.0, b - 1)
    return unbroadcast(d_a, a), unbroadcast(d_z * z * log_a, b)


@primitive("√{a}", "a (...) -> z (...)", symbol="√", domain={"a": "positive"})
def sqrt(a: Array) -> Array:
    return np.sqrt(a)


@sqrt.vjp("{d_z} / (2 × {z})")
def sqrt_vjp(d_z: Array, z: Array, a: Array) -> tuple[Array]:
    return (d_z / (2 * z),)


@primitive("exp({a})", "a (...) -> z (...)", symbol="exp")
def exp(a: Array) -> Array:
    return np.exp(a)


@exp.vjp("{d_z} × {z}")
def exp_vjp(d_z: Array, z: Array, a: Array) -> tuple[Array]:
    return (d_z * z,)


@primitive("log({a})", "a (...) -> z (...)", symbol="log", domain={"a": "positive"})
def log(a: Array) -> Array:
    """The natural logarithm."""
    return np.log(a)


@log.vjp("{d_z} / {a}")
def log_vjp(d_z: Array, z: Array, a: Array) -> tuple[Array]:
    return (d_z / a,)


# --- activations --------------------------------------------------------------------------------


@primitive("ReLU({z})", "z (...) -> h (...)", symbol="ReLU", domain={"z": "nonzero"})
def relu(z: Array) -> Array:
    """max(0, z), entry by entry (slide "Useful derivatives in NNs")."""
    return np.maximum(z, 0.0)


@relu.vjp("{d_h} where {z} > 0, else 0")
def relu_vjp(d_h: Array, h: Array, z: Array) -> tuple[Array]:
    return (d_h * (z > 0.0),)


@primitive("σ({z})", "z (...) -> h (...)", symbol="σ")
def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(−z)), from exp(−|z|): it cannot overflow, and no digit is lost where h is tiny."""
    e = np.exp(-np.absolute(z))
    return np.where(z < 0, e, 1.0) / (1.0 + e)


@sigmoid.vjp("{d_h} × {h} × (1 − {h})")
def sigmoid_vjp(d_h: Array, h: Array, z: Array) -> tuple[Array]:
    return (d_h * h * sigmoid(-z),)  # 1 − σ(z) is σ(−z), exact where h rounds to 1


@primitive("tanh({z})", "z (...) -> h (...)", symbol="tanh")
def tanh(z: Array) -> Array:
    return np.tanh(z)


@tanh.vjp("{d_h} × (1 − {h}²)")
def tanh_vjp(d_h: Array, h: Array, z: Array) -> tuple[Array]:
    return (d_h * (1 - h**2),)


# --- products of vectors and matrices -----------------------------------------------------------
# W.dot(x) is W @ x where there are no more than two axes, and costs half as much when they are short.


@primitive("{W} {x}", "W (n, m), x (m,) -> z (n,)", symbol="Wx")
def matvec(W: Array, x: Array) -> Array:
    return W.dot(x)


@matvec.vjp("{d_z} {x}ᵀ", "{W}ᵀ {d_z}")
def matvec_vjp(d_z: Array, z: Array, W: Array, x: Array) -> tuple[Array, Array]:
    column, row = d_z[:, np.newaxis], x[np.newaxis, :]
    return column.dot(row), W.T.dot(d_z)


@primitive("{A} {B}", "A (..., n, k), B (..., k, m) -> Z (..., n, m)", symbol="AB")
def matmul(A: Array, B: Array) -> Array:
    """The matrix product; with more than two axes, one for each entry of the leading ones."""
    return A @ B


@matmul.vjp("{d_Z} {B}ᵀ", "{A}ᵀ {d_Z}")
def matmul_vjp(d_Z: Array, Z: Array, A: Array, B: Array) -> tuple[Array, Array]:
    return unbroadcast(d_Z @ B.swapaxes(-1, -2), A), unbroadcast(A.swapaxes(-1, -2) @ d_Z, B)


@primitive("{a} · {b}", "a (n,), b (n,) -> z ()", symbol="·")
def dot(a: Array, b: Array) -> Array:
    return a.dot(b)


@dot.vjp("{d_z} × {b}", "{d_z} × {a}")
def dot_vjp(d_z: Array, z: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return d_z * b, d_z * a


# --- sums and means -----------------------------------------------------------------------------


def _some_axis(rng: np.random.Generator, a: Array) -> dict[str, Any]:
    axes = [None, *range(-a.ndim, a.ndim)]
    return {"axis": axes[rng.integers(len(axes))], "keepdims": bool(rng.integers(2))}


def _for_every_entry(d_z: Array, a: Array, axis: Any, keepdims: bool) -> Array:
    """Hand d_z to each of the entries of a that were summed into it."""
    if axis is not None and not keepdims and a.ndim:  # NumPy sums a single number over axis 0 too
        kept = list(a.shape)
        for i in cast("tuple[int, ...]", axis) if isinstance(axis, tuple) else (axis,):
            kept[i] = 1
        d_z = d_z.reshape(kept)
    d_a = np.empty(a.shape)
    np.copyto(d_a, d_z)
    return d_a


@primitive("Σ {a}", "a (...) -> z (...)", symbol="Σ", sample=_some_axis)
def sum(a: Array, *, axis: Any = None, keepdims: bool = False) -> Array:
    return total(a, axis=axis, keepdims=keepdims)


@sum.vjp("{d_z} for every entry")
def sum_vjp(d_z: Array, z: Array, a: Array, *, axis: Any = None, keepdims: bool = False) -> tuple[Array]:
    return (_for_every_entry(d_z, a, axis, keepdims),)


@primitive("mean({a})", "a (...) -> z (...)", symbol="mean", sample=_some_axis)
def mean(a: Array, *, axis: Any = None, keepdims: bool = False) -> Array:
    z: Array = total(a, axis=axis, keepdims=keepdims)
    return z / (a.size / (z.size or 1))


@mean.vjp("{d_z} / n for every one of n entries")
def mean_vjp(d_z: Array, z: Array, a: Array, *, axis: Any = None, keepdims: bool = False) -> tuple[Array]:
    n = a.size / (z.size or 1)  # how many entries went into each mean
    return (_for_every_entry(d_z / n, a, axis, keepdims),)


# --- the same numbers in another arrangement ----------------------------------------------------


def _some_axes(rng: np.random.Generator, a: Array) -> dict[str, Any]:
    return {"axes": tuple(rng.permutation(a.ndim).tolist())} if rng.integers(2) else {}


@primitive("{A}ᵀ", "A (...) -> Z (...)", symbol="ᵀ", sample=_some_axes)
def transpose(A: Array, *, axes: Any = None) -> Array:
    return A.T if axes is None else np.transpose(A, axes)


@transpose.vjp("{d_Z}ᵀ")
def transpose_vjp(d_Z: Array, Z: Array, A: Array, *, axes: Any = None) -> tuple[Array]:
    return (d_Z.T if axes is None else np.transpose(d_Z, np.argsort(np.mod(axes, A.ndim))),)


def _some_shape(rng: np.random.Generator, a: Array) -> dict[str, Any]:
    return {"shape": (-1,) if rng.integers(2) else a.shape[::-1]}


@primitive("{a} reshaped", "a (...) -> z (...)", symbol="reshape", sample=_some_shape)
def reshape(a: Array, *, shape: Any) -> Array:
    return a.reshape(shape)


@reshape.vjp("{d_z} in the shape of {a}")
def reshape_vjp(d_z: Array, z: Array, a: Array, *, shape: Any) -> tuple[Array]:
    return (d_z.reshape(a.shape),)


def _some_index(rng: np.random.Generator, a: Array) -> dict[str, Any]:
    if a.ndim == 0:
        return {"index": ()}
    # Some entries twice, some not at all, as the words of a sentence pick the columns of E.
    return {"index": (..., rng.integers(a.shape[-1], size=3))}


@primitive("{a}[{index}]", "a (...) -> z (...)", symbol="[ ]", sample=_some_index)
def pick(a: Array, *, index: Any) -> Array:
    """Some entries of a, as NumPy's indexing picks them; an embedding look-up is ``E[:, words]``."""
    return a[index]


@pick.vjp("{d_z}, added up where {a} was picked")
def pick_vjp(d_z: Array, z: Array, a: Array, *, index: Any) -> tuple[Array]:
    d_a = np.zeros(a.shape)
    np.add.at(d_a, index, d_z)  # adds up where an entry was picked more than once
    return (d_a,)


# --- probabilities ------------------------------------------------------------------------------


@primitive("softmax({o})", "o (..., C) -> p (..., C)", symbol="softmax")
def softmax(o: Array) -> Array:
    """exp(o) / Σ exp(o) along the last axis, the largest score taken from all so that none overflows."""
    e = np.exp(o - of_each_row(largest, o))
    return e / of_each_row(total, e)


@softmax.vjp("{p} × ({d_p} − {d_p} · {p})")
def softmax_vjp(d_p: Array, p: Array, o: Array) -> tuple[Array]:
    return (p * (d_p - of_each_row(total, d_p * p)),)


@primitive("log softmax({o})", "o (..., C) -> q (..., C)", symbol="log softmax")
def log_softmax(o: Array) -> Array:
    """o − log Σ exp(o) along the last axis: the logarithm of `softmax`, exact for tiny ones too."""
    return o - of_each_row(log_total_exp, o)


@log_softmax.vjp("{d_q} − softmax({o}) × Σ {d_q}")
def log_softmax_vjp(d_q: Array, q: Array, o: Array) -> tuple[Array]:
    return (d_q - np.exp(q) * of_each_row(total, d_q),)


@primitive("−Σ {y} log softmax({o})", "o (..., C), y (..., C) -> loss (...)", symbol="−Σ y log p")
def cross_entropy(o: Array, y: Array) -> Array:
    """The negative log-likelihood of the true class, from the scores o; one for each row of a batch.

    0 log 0 counts as 0, its limit: a class with y = 0 may have the score −∞.
    """
    return -weighted_sum(y, log_softmax.forward(o))


@cross_entropy.vjp("{d_loss} × (softmax({o}) − {y})", "−{d_loss} × log softmax({o})")
def cross_entropy_vjp(d_loss: Array, loss: Array, o: Array, y: Array) -> tuple[Array, Array]:
    d_row = d_loss[..., np.newaxis] if d_loss.ndim else d_loss
    log_p = log_softmax.forward(o)
    # softmax(o) is weighted by Σ y, which is 1 when y is one-hot or a distribution.
    d_o = d_row * (np.exp(log_p) * of_each_row(total, y) - y)
    return unbroadcast(d_o, o), unbroadcast(-d_row * log_p, y)
