"""Optimisers, each a pair of plain functions: init and update.

Backpropagation gives gradients; the optimiser makes new parameters of them. Nothing is changed in place:
`update` takes parameters, gradients and the optimiser's state, and returns new parameters and a new state.

>>> optimiser = sgd(0.1)
>>> params = {"w": np.array([1.0, 2.0])}
>>> state = optimiser.init(params)
>>> params, state = optimiser.update(params, {"w": np.array([10.0, 0.0])}, state)
>>> params["w"], state.step
(array([0., 2.]), 1)
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from lecture_lib.autodiff import ShapeError
from lecture_lib.autodiff.values import Array
from lecture_lib.common import leaves, tree_map, tree_unzip

from .schedules import Schedule, schedule_of

Params = Any
"""An array, or a dict, list or tuple of arrays. A gradient has the same structure."""


class Optimiser(NamedTuple):
    """What makes new parameters of gradients.

    Attributes
    ----------
    init : callable
        parameters -> the state before the first step
    update : callable
        (parameters, gradients, state) -> (new parameters, new state)
    learning_rate : callable
        step, from 0 -> η of that step
    """

    init: Callable[[Params], Any]
    update: Callable[[Params, Params, Any], tuple[Params, Any]]
    learning_rate: Schedule


# --- the steps, for one array -------------------------------------------------------------------


def sgd_step(theta: Array, gradient: Array, learning_rate: float) -> Array:
    """θ_{s+1} = θ_s − η ∇ℓ(θ_s).

    Parameters
    ----------
    theta, gradient : arrays of one shape
    learning_rate : float
        η

    Returns
    -------
    a new array of that shape

    Raises
    ------
    ShapeError
        if the gradient has another shape than theta

    Examples
    --------
    >>> sgd_step(np.array([1.0, 2.0]), np.array([10.0, 0.0]), 0.1)
    array([0., 2.])

    Slide "A parameter update step".
    """
    _require_one_shape(theta, gradient)
    return theta - learning_rate * gradient


def momentum_step(
    theta: Array, gradient: Array, v: Array, learning_rate: float, mu: float = 0.9
) -> tuple[Array, Array]:
    """v_{s+1} = μ v_s + ∇ℓ(θ_s), θ_{s+1} = θ_s − η v_{s+1} (Polyak, 1964).

    Parameters
    ----------
    theta, gradient, v : arrays of one shape
        v is the velocity, 0 at first
    learning_rate, mu : floats
        η and μ

    Returns
    -------
    theta, v : new arrays of that shape

    Raises
    ------
    ShapeError
        if the gradient or v has another shape than theta
    """
    _require_one_shape(theta, gradient, v=v)
    v = mu * v + gradient
    return theta - learning_rate * v, v


def adam_step(
    theta: Array,
    gradient: Array,
    m: Array,
    v: Array,
    t: int,
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, Array, Array]:
    """One step of Adam (Kingma and Ba, 2015, algorithm 1).

    m = β₁ m + (1 − β₁) g, an average of the gradients (the first moment); v = β₂ v + (1 − β₂) g², of their
    squares (the second moment). Both start at 0, which m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) make up
    for. θ = θ − η m̂ / (√v̂ + ε).

    Parameters
    ----------
    theta, gradient, m, v : arrays of one shape
    t : int
        this step's number, counted from 1

    Returns
    -------
    theta, m, v : new arrays of that shape

    Raises
    ------
    ValueError
        if t is less than 1
    ShapeError
        if the gradient, m or v has another shape than theta
    """
    if t < 1:
        raise ValueError(f"adam_step: t counts the steps from 1, got {t}")
    _require_one_shape(theta, gradient, m=m, v=v)
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def _require_one_shape(theta: Array, gradient: Array, **moments: Array) -> None:
    """Refuse what broadcasting would make a matrix of: an (n,) and an (n, 1)."""
    shape = np.shape(theta)
    if np.shape(gradient) != shape:
        raise ShapeError(f"the gradient has shape {np.shape(gradient)}; theta has shape {shape}")
    for name, moment in moments.items():
        if np.shape(moment) not in ((), shape):  # the number 0 is a beginning too
            raise ShapeError(f"{name} has shape {np.shape(moment)}; theta has shape {shape}")


# --- optimisers ---------------------------------------------------------------------------------


class SgdState(NamedTuple):
    """How many steps were made."""

    step: int


def sgd(learning_rate: float | Schedule) -> Optimiser:
    """(Stochastic) gradient descent: θ_{s+1} = θ_s − η_s ∇ℓ(θ_s).

    Parameters
    ----------
    learning_rate : float, or a function of the step
        η

    Slide "A parameter update step".
    """
    rate = schedule_of(learning_rate)

    def init(params: Params) -> SgdState:
        return SgdState(0)

    def update(params: Params, gradients: Params, state: SgdState) -> tuple[Params, SgdState]:
        step = partial(sgd_step, learning_rate=rate(state.step))
        params = tree_map(step, params, gradients)
        return params, SgdState(state.step + 1)

    return Optimiser(init, update, rate)


class MomentumState(NamedTuple):
    """How many steps were made; the velocity, shaped as the parameters."""

    step: int
    velocity: Params


def momentum(learning_rate: float | Schedule, mu: float = 0.9) -> Optimiser:
    """SGD with momentum: the formula is `momentum_step`'s.

    Parameters
    ----------
    learning_rate : float, or a function of the step
        η
    mu : float
        μ, how much of the velocity is kept, from 0 (plain SGD) to below 1

    Raises
    ------
    ValueError
        if the learning rate is not above 0, or mu not from 0 to below 1
    """
    if not 0 <= mu < 1:
        raise ValueError(f"momentum: mu is {mu}; a number from 0 to below 1 was expected")
    rate = schedule_of(learning_rate)

    def init(params: Params) -> MomentumState:
        return MomentumState(0, _zeros(params))

    def update(params: Params, gradients: Params, state: MomentumState) -> tuple[Params, MomentumState]:
        step = partial(momentum_step, learning_rate=rate(state.step), mu=mu)
        params, velocity = tree_unzip(step, params, gradients, state.velocity)
        return params, MomentumState(state.step + 1, velocity)

    return Optimiser(init, update, rate)


class AdamState(NamedTuple):
    """How many steps were made; the first and the second moment, shaped as the parameters."""

    step: int
    m: Params
    v: Params


def adam(
    learning_rate: float | Schedule = 1e-3, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
) -> Optimiser:
    """Adam: a learning rate for each parameter, from its gradients so far; the formula is `adam_step`'s.

    Parameters
    ----------
    learning_rate : float, or a function of the step
        η
    beta1, beta2 : floats from 0 to below 1
        how much of the old averages is kept
    eps : float
        keeps the division away from 0

    Raises
    ------
    ValueError
        if the learning rate is not above 0, or beta1 or beta2 not from 0 to below 1

    Slide "Learning Rate".
    """
    for name, beta in (("beta1", beta1), ("beta2", beta2)):
        if not 0 <= beta < 1:
            raise ValueError(f"adam: {name} is {beta}; a number from 0 to below 1 was expected")
    rate = schedule_of(learning_rate)

    def init(params: Params) -> AdamState:
        return AdamState(0, _zeros(params), _zeros(params))

    def update(params: Params, gradients: Params, state: AdamState) -> tuple[Params, AdamState]:
        t = state.step + 1
        step = partial(adam_step, t=t, learning_rate=rate(state.step), beta1=beta1, beta2=beta2, eps=eps)
        params, m, v = tree_unzip(step, params, gradients, state.m, state.v)
        return params, AdamState(t, m, v)

    return Optimiser(init, update, rate)


def _zeros(params: Params) -> Params:
    if not leaves(params):
        raise ValueError(f"the parameters are {params!r}: there are none to train")
    return tree_map(np.zeros_like, params)
