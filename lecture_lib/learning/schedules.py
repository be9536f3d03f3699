"""Learning-rate schedules: functions of the step that say how large the next one is.

>>> [linear_decay(1.0, step, 4) for step in range(5)]
[1.0, 0.75, 0.5, 0.25, 0.0]
"""

import math
from collections.abc import Callable

import numpy as np

Schedule = Callable[[int], float]
"""The learning rate η of step s, counted from 0: `lambda step: linear_decay(0.1, step, 1000)`."""


def constant_rate(eta0: float, step: int) -> float:
    """η_s = η₀.

    Parameters
    ----------
    eta0 : float
        η₀
    step : int
        s, counted from 0

    Examples
    --------
    >>> constant_rate(0.1, 7)
    0.1
    """
    return eta0


def linear_decay(eta0: float, step: int, total_steps: int) -> float:
    """η_s = η₀ (1 − s / S): from η₀ at step 0 down to 0 at step S, and 0 from there on.

    Parameters
    ----------
    eta0 : float
        η₀
    step : int
        s, counted from 0
    total_steps : int
        S, 1 or more

    Examples
    --------
    >>> [linear_decay(0.5, step, 4) for step in (0, 2, 4, 6)]
    [0.5, 0.25, 0.0, 0.0]

    Slide "Learning Rate".
    """
    _require_above_0(total_steps, "linear_decay: total_steps")
    return eta0 * max(0.0, 1 - step / total_steps)


def exponential_decay(eta0: float, step: int, rate: float) -> float:
    """η_s = η₀ · rateˢ, rate from above 0 to 1.

    Parameters
    ----------
    eta0 : float
        η₀
    step : int
        s, counted from 0
    rate : float
        what η is multiplied by at every step

    Examples
    --------
    >>> [exponential_decay(8.0, step, 0.5) for step in (0, 1, 2)]
    [8.0, 4.0, 2.0]

    Slide "Learning Rate".
    """
    return eta0 * rate**step


def step_decay(eta0: float, step: int, every: int, factor: float = 0.5) -> float:
    """η₀, times the factor after each `every` steps: a staircase.

    Parameters
    ----------
    eta0 : float
        η₀
    step : int
        s, counted from 0
    every : int
        how many steps have one rate
    factor : float
        what it is multiplied by then

    Examples
    --------
    >>> [step_decay(8.0, step, 10) for step in (0, 9, 10, 20)]
    [8.0, 8.0, 4.0, 2.0]
    """
    _require_above_0(every, "step_decay: every")
    return eta0 * factor ** (step // every)


def inverse_time_decay(eta0: float, step: int, half_at: float) -> float:
    """η_s = η₀ / (1 + s / h): half of η₀ at step h, a third at 2h, and never 0.

    Parameters
    ----------
    eta0 : float
        η₀
    step : int
        s, counted from 0
    half_at : float
        h, the step at which half of η₀ is left

    Examples
    --------
    >>> [inverse_time_decay(6.0, step, 10) for step in (0, 10, 20, 50)]
    [6.0, 3.0, 2.0, 1.0]
    """
    _require_above_0(half_at, "inverse_time_decay: half_at")
    return eta0 / (1 + step / half_at)


def cosine_decay(eta0: float, step: int, total_steps: int, warm_up: int = 0) -> float:
    """Rise in a straight line to η₀ for `warm_up` steps; then fall to 0 at `total_steps`, as a half cosine.

    Parameters
    ----------
    eta0 : float
        η₀
    step : int
        s, counted from 0
    total_steps : int
        where it is 0; more than warm_up
    warm_up : int
        how many steps it rises

    Examples
    --------
    >>> [round(cosine_decay(1.0, step, 12, warm_up=4), 3) for step in (0, 1, 3, 4, 8, 12)]
    [0.25, 0.5, 1.0, 1.0, 0.5, 0.0]
    """
    _require_above_0(total_steps - warm_up, "cosine_decay: total_steps − warm_up")
    if step < warm_up:
        return eta0 * (step + 1) / warm_up
    share = min(1.0, (step - warm_up) / (total_steps - warm_up))
    return eta0 * 0.5 * (1 + math.cos(math.pi * share))


def schedule_of(learning_rate: float | Schedule) -> Schedule:
    """Return a learning rate as a function of the step; a number is that of every step."""
    if callable(learning_rate):
        return learning_rate
    try:
        usable = learning_rate > 0 and np.isfinite(learning_rate)
    except TypeError:
        raise TypeError(
            f"the learning rate is {learning_rate!r}; a number above 0, or a function of the step, "
            "was expected"
        ) from None
    if not usable:
        raise ValueError(f"the learning rate is {learning_rate}; a number above 0 was expected")
    return lambda step: constant_rate(learning_rate, step)


def _require_above_0(value: float, what: str) -> None:
    if not value > 0:
        raise ValueError(f"{what} is {value}; a number above 0 was expected")
