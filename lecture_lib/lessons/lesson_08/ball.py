"""Momentum, as a ball that remembers: each step is what the gradient says, and a part of the step before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lecture_lib.common import Text, bracketed, counted, number
from lecture_lib.explore import Explorer, Slider, Steps
from lecture_lib.learning.optim import momentum_step
from lecture_lib.lessons.lesson_07.surfaces import BOWL
from lecture_lib.show import Arrow, Group, Line, Panel, Point, side_by_side
from lecture_lib.show.colours import BLUE, GREEN, INK, ORANGE, PALE, PURPLE

START = (-4.0, 1.0)
MUS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
RATES = (0.005, 0.01, 0.02, 0.05, 0.1)
STEPS = 60
LONGER = 4
"""The arrows are drawn so many times as long as they are."""
Pair = tuple[float, float]


@dataclass(frozen=True)
class Moved:
    """Where the ball is, its loss, and the two parts of the step that led there; both are 0 at the start."""

    place: Pair
    loss: float
    by_gradient: Pair
    by_memory: Pair


@lru_cache(maxsize=64)
def rolled(mu: float, rate: float) -> tuple[Moved, ...]:
    """The ball on the long bowl w²/2 + 5u², from w = −4 and u = 1, over 60 steps.

    Examples
    --------
    >>> rolled(0.5, 0.1)[1].by_memory
    (0.0, 0.0)
    >>> rolled(0.5, 0.1)[2].by_memory
    (0.2, -0.5)
    """
    theta, v = np.array(START), np.zeros(2)
    way = [Moved(START, float(BOWL.loss(*START)), (0.0, 0.0), (0.0, 0.0))]
    for _ in range(STEPS):
        gradient = np.array(BOWL.gradient(*theta))
        parts = -rate * gradient, -rate * mu * v + 0.0
        theta, v = momentum_step(theta, gradient, v, rate, mu)
        way.append(Moved(_pair(theta), float(BOWL.loss(*theta)), _pair(parts[0]), _pair(parts[1])))
    return tuple(way)


def roll(mu: float, rate: float, steps: int) -> Group:
    """A ball that has made some steps: its way, the two parts of its last step, and its loss.

    Parameters
    ----------
    mu : float
        μ, how much of the velocity is kept
    rate : float
        the learning rate η
    steps : int
        up to 60

    Returns
    -------
    Group
        a Text on the last step, and a Picture: the map, and the loss beside that without momentum
    """
    way = rolled(mu, rate)[: steps + 1]
    words = _words(mu, rate, way)
    return Group(
        (Text(f"<p>{escape(words)}</p>", words), side_by_side((_map(way), _losses(mu, rate, steps)), words))
    )


def explore_momentum() -> Explorer:
    """Choose how much the ball remembers, and let it roll down a long bowl.

    Examples
    --------
    >>> print(explore_momentum().show(mu=0.5, rate=0.1, steps=2).parts[0].words)
    μ = 0.5, η = 0.1. After 2 steps: w = −3.04, u = −0.50, loss 5.871. In the last step the gradient moved the ball by [0.36, 0.00], and memory by [0.20, −0.50]. So far it has changed sides 0 times in w and 1 time in u.
    """  # noqa: E501
    return Explorer(
        roll,
        [
            Slider("mu", "μ, what is kept", {f"{mu:g}": mu for mu in MUS}, start=0.9),
            Slider("rate", "learning rate η", {f"{rate:g}": rate for rate in RATES}, start=0.02),
            Steps("steps", "steps made", last=STEPS, start=STEPS, seconds=0.3),
        ],
        title="A ball that remembers",
    )


def _words(mu: float, rate: float, way: tuple[Moved, ...]) -> str:
    here = way[-1]
    made = len(way) - 1
    words = (
        f"μ = {mu:g}, η = {rate:g}. After {counted(made, 'step')}: "
        f"w = {number(round(here.place[0], 2))}, u = {number(round(here.place[1], 2))}, "
        f"loss {number(here.loss, 3)}."
    )
    if not made:
        return f"{words} The ball is at rest: its velocity is 0."
    words += (
        f" In the last step the gradient moved the ball by {_vector(here.by_gradient)}, and memory by "
        f"{_vector(here.by_memory)}."
    )
    in_w, in_u = (_sides([at.place[axis] for at in way]) for axis in (0, 1))
    return f"{words} So far it has changed sides {in_w} in w and {in_u} in u."


def _sides(values: Sequence[float]) -> str:
    """How often a coordinate has gone from one side of 0 to the other."""
    signs = [value > 0 for value in values if abs(value) > 1e-9]
    return counted(sum(before != after for before, after in pairwise(signs)), "time")


def _pair(values: NDArray[np.float64]) -> Pair:
    return float(values[0]), float(values[1])


def _vector(values: Pair) -> str:
    return bracketed(np.round(values, 2) + 0.0)


def _map(way: tuple[Moved, ...]) -> Panel:
    xs, ys = [at.place[0] for at in way], [at.place[1] for at in way]
    arrows: list[Arrow] = []
    if len(way) > 1:
        (x, y), last = way[-2].place, way[-1]
        arrows = [
            Arrow(
                f"{what}, {LONGER} times as long",
                x,
                y,
                x + LONGER * part[0],
                y + LONGER * part[1],
                colour,
                dash,
            )
            for what, part, colour, dash in (
                ("last step: the gradient's part", last.by_gradient, ORANGE, ""),
                ("last step: memory's part", last.by_memory, PURPLE, "6 3"),
            )
        ]
    return Panel(
        "the loss from above",
        "w",
        "u",
        BOWL.w_range,
        BOWL.u_range,
        (*(Line("", *contour, PALE) for contour in BOWL.contours), Line("the path", xs, ys, INK)),
        (
            Point("start", *START, GREEN, "square"),
            Point(f"after {counted(len(way) - 1, 'step')}", xs[-1], ys[-1], BLUE, "circle"),
        ),
        tuple(arrows),
    )


def _losses(mu: float, rate: float, steps: int) -> Panel:
    lines = [_line(f"μ = {mu:g}", mu, rate, steps, BLUE, "")]
    if mu:
        lines.append(_line("μ = 0: plain gradient descent", 0.0, rate, steps, ORANGE, "7 4"))
    here = rolled(mu, rate)[steps].loss
    return Panel(
        "the loss along the path",
        "step",
        "loss",
        (0.0, float(STEPS)),
        (-6.0, 3.0),
        tuple(lines),
        (Point(f"now: {number(here, digits=3)}", steps, _power(here), BLUE),),
        y_powers=True,
    )


def _line(name: str, mu: float, rate: float, steps: int, colour: str, dash: str) -> Line:
    return Line(
        name, range(steps + 1), [_power(at.loss) for at in rolled(mu, rate)[: steps + 1]], colour, dash
    )


def _power(loss: float) -> float:
    return math.log10(max(loss, 1e-9))
