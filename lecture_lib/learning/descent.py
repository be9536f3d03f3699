"""The lecture's gradient descent, and when to stop."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from lecture_lib.autodiff import ShapeError
from lecture_lib.autodiff.values import Array
from lecture_lib.common import norm, tree_map

from .optim import Params, sgd_step
from .text import checked_count


def gradient_descent(
    gradient: Callable[[Params], Params],
    theta0: Params,
    learning_rate: float,
    stop: Callable[[Params, Params, int], bool],
    max_steps: int,
) -> Params:
    """The lecture's gradient descent, with the errors of the slide corrected.

    The gradient is taken at θ_s, the criterion sees the parameters before and after the update, and on
    stopping it is the updated parameters that are returned.

    Parameters
    ----------
    gradient : callable
        θ -> ∇ℓ(θ)
    theta0 : array of any shape, or a dict, list or tuple of arrays
        θ₀; it is not changed
    learning_rate : float
        η
    stop : callable
        (before, after, step) -> bool, asked after every update, steps counted from 1
    max_steps : int
        S, 1 or more

    Returns
    -------
    the last parameters, structured as theta0

    Raises
    ------
    ShapeError
        if a gradient has another shape than its parameter

    Examples
    --------
    >>> def stop(before, after, step):
    ...     return converged(before, after, 1e-6)
    >>> theta = gradient_descent(lambda theta: 2 * theta, np.array([1.0, -1.0]), 0.1, stop, 1000)
    >>> bool(np.all(abs(theta) < 1e-5))
    True

    Slide "Recap: Gradient Descent Algorithm".
    """
    theta = theta0
    max_steps = checked_count(max_steps, "gradient_descent: max_steps", 0)
    for step in range(1, max_steps + 1):
        before = theta
        theta = tree_map(partial(sgd_step, learning_rate=learning_rate), before, gradient(before))
        if stop(before, theta, step):
            break
    return theta


def converged(before: Params, after: Params, tau: float) -> bool:
    """‖θ_{s+1} − θ_s‖ < τ: the update has become small.

    The slide leaves out the norm; without it, any parameter that falls would end the training.

    Parameters
    ----------
    before, after : arrays of one shape, or dicts, lists or tuples of arrays
        all numbers together are one long vector
    tau : float
        τ

    Raises
    ------
    ShapeError
        if a parameter's shapes differ

    Examples
    --------
    >>> converged(np.array([1.0, 1.0]), np.array([0.7, 0.6]), tau=0.5)
    False
    >>> converged(np.array([1.0, 1.0]), np.array([0.7, 0.6]), tau=0.51)
    True

    Slide "Stopping Criteria".
    """
    return norm(tree_map(_change, after, before)) < tau


def _change(after: Array, before: Array) -> Array:
    if np.shape(after) != np.shape(before):
        raise ShapeError(
            f"converged: before has shape {np.shape(before)}, and after {np.shape(after)}; "
            "one shape was expected"
        )
    return np.subtract(after, before)


def early_stopping(dev_losses: Sequence[float], patience: float) -> int:
    """Which evaluation's parameters to keep: the best so far when patience has run out, or at the end.

    Patience runs out when `patience` evaluations in a row have brought no new best; what comes later is
    not looked at. A tie is no new best.

    Parameters
    ----------
    dev_losses : n losses on the development set, in order
    patience : 1 or more

    Returns
    -------
    index from 0; NaN is worse than any number

    Raises
    ------
    ValueError
        if there are no losses, or patience is less than 1

    Examples
    --------
    >>> early_stopping([0.7, 0.5, 0.6, 0.55, 0.1], patience=2)
    1

    Slide "Stopping Criteria".
    """
    if len(dev_losses) == 0:
        raise ValueError("early_stopping: there are no losses on the development set to choose from")
    if not patience >= 1:  # so is NaN refused
        raise ValueError(f"early_stopping: patience is 1 or more evaluations, got {patience}")
    best = 0
    for evaluation, loss in enumerate(dev_losses):
        if loss < dev_losses[best] or (math.isnan(dev_losses[best]) and not math.isnan(loss)):
            best = evaluation
        elif evaluation - best >= patience:
            break
    return best
