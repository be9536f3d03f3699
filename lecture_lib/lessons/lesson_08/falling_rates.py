"""Schedules as curves, beside what they do to a run on noisy gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.common import Text, number
from lecture_lib.explore import Choice, Explorer, Slider
from lecture_lib.learning import (
    constant_rate,
    cosine_decay,
    exponential_decay,
    inverse_time_decay,
    linear_decay,
    sgd_step,
    step_decay,
)
from lecture_lib.show import Group, Line, Panel, Point, side_by_side
from lecture_lib.show.colours import BLUE, ORANGE

X: Array = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
Y: Array = np.array([1.0, -1.0, 0.5, 2.0, 1.0, 4.0])
"""The six examples of the lesson; a step takes one of them."""
STEPS, SEEDS = 300, 10
ETAS = (0.005, 0.01, 0.02, 0.05, 0.1)
LAST = 30

SCHEDULES: Mapping[str, Callable[[float, int], float]] = {
    "constant": constant_rate,
    "linear decay": lambda eta0, step: linear_decay(eta0, step, STEPS),
    "exponential decay, × 0.99 a step": lambda eta0, step: exponential_decay(eta0, step, 0.99),
    "step decay, half after 75 steps": lambda eta0, step: step_decay(eta0, step, 75),
    "1/t, half after 30 steps": lambda eta0, step: inverse_time_decay(eta0, step, 30),
    "cosine, with 30 steps of warm-up": lambda eta0, step: cosine_decay(eta0, step, STEPS, warm_up=30),
}
"""η of a step, from η₀ and the step counted from 0."""


@lru_cache(maxsize=64)
def distances(schedule: str, eta0: float) -> Array:
    """How far w and b are from the best line: (10, 301), a run of 300 steps for each seed of the batches."""
    best = np.polyfit(X, Y, 1)
    chosen = np.array([np.random.default_rng(seed).integers(len(X), size=STEPS) for seed in range(SEEDS)])
    theta = np.zeros((SEEDS, 2))
    seen = [theta]
    for step in range(STEPS):
        x, y = X[chosen[:, step]], Y[chosen[:, step]]
        error = theta[:, 0] * x + theta[:, 1] - y
        gradient = 2 * np.stack([error * x, error], axis=1)
        theta = sgd_step(theta, gradient, SCHEDULES[schedule](eta0, step))
        seen.append(theta)
    return np.asarray(np.linalg.norm(np.stack(seen, axis=1) - best, axis=2))


def scheduled(schedule: str, eta0: float) -> Group:
    """A schedule, and the distance from the best line on the way, beside a constant rate.

    Parameters
    ----------
    schedule : a key of SCHEDULES
    eta0 : float
        η₀

    Returns
    -------
    Group
        a Text: how fast it comes near, and how near it stays; a Picture: the rates, and the distances
    """
    words = _words(schedule, eta0)
    names = [schedule] if schedule == "constant" else ["constant", schedule]
    looks = {"constant": (ORANGE, "7 4"), schedule: (BLUE, "")}
    rates = [
        Line(name, range(STEPS), [SCHEDULES[name](eta0, s) for s in range(STEPS)], *looks[name])
        for name in names
    ]
    means = {name: distances(name, eta0).mean(axis=0) for name in names}
    runs = [Line(name, range(STEPS + 1), means[name], *looks[name]) for name in names]
    end = float(means[schedule][-1])
    panels = (
        Panel("the learning rate", "step", "η", (0.0, float(STEPS)), (0.0, 1.15 * eta0), tuple(rates)),
        Panel(
            "the distance from the best line, mean of ten runs",
            "step",
            "distance",
            (0.0, float(STEPS)),
            (0.0, 1.25),
            tuple(runs),
            (Point(f"at the end: {number(end, 3)}", STEPS, end, BLUE),),
        ),
    )
    return Group((Text(f"<p>{escape(words)}</p>", words), side_by_side(panels, words)))


def explore_schedules() -> Explorer:
    """Choose a schedule and η₀, and see what it does to a run.

    Examples
    --------
    >>> explore_schedules().state
    {'schedule': 'linear decay', 'eta0': 0.05}
    """
    return Explorer(
        scheduled,
        [
            Choice("schedule", "the schedule", list(SCHEDULES), start="linear decay"),
            Slider("eta0", "η₀", {f"{eta:g}": eta for eta in ETAS}, start=0.05),
        ],
        title="A rate that falls",
    )


def _words(schedule: str, eta0: float) -> str:
    rate = SCHEDULES[schedule]
    near, end = _near(schedule, eta0), _end(schedule, eta0)
    words = (
        f"{schedule}, η₀ = {eta0:g}: the rate is {number(rate(eta0, 0), digits=3)} at step 0, "
        f"{number(rate(eta0, STEPS // 2), digits=3)} at step {STEPS // 2} and "
        f"{number(rate(eta0, STEPS - 1), digits=3)} at step {STEPS - 1}. {near} Over the last {LAST} "
        f"steps the mean distance is {number(end, 3)}"
    )
    if schedule == "constant":
        return f"{words}."
    return f"{words}; with the constant rate it is {number(_end('constant', eta0), 3)}."


def _near(schedule: str, eta0: float) -> str:
    """When the mean distance is below a half for the first time."""
    below = np.flatnonzero(distances(schedule, eta0).mean(axis=0) < 0.5)
    if not len(below):
        return "The mean distance never falls below 0.5."
    return f"The mean distance is below 0.5 for the first time after {below[0]} steps."


def _end(schedule: str, eta0: float) -> float:
    return float(distances(schedule, eta0)[:, -LAST:].mean())
