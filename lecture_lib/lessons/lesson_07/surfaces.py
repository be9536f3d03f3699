"""Losses of two parameters, and gradient descent on them: where it ends, and when it leaves.

Both losses are made of products and sums of single numbers, so that every picture is the same on every
machine. What is said of a run is read off its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lecture_lib.autodiff.values import Array
from lecture_lib.show.colours import BLUE, GREEN, GREY, ORANGE, PURPLE

Two = tuple[Any, Any]
Contour = tuple[list[float], list[float]]


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss over two parameters, w to the right and u upwards.

    Attributes
    ----------
    loss, gradient
        functions of w and u, of numbers or of arrays
    contours
        lines along which the loss is the same
    w_range, u_range
        what is drawn
    """

    loss: Callable[[Any, Any], Any]
    gradient: Callable[[Any, Any], Two]
    contours: tuple[Contour, ...]
    w_range: tuple[float, float]
    u_range: tuple[float, float]


# ------------------------------------------------------------------ one hidden unit

EXAMPLES = ((-2.0, 1.2), (-1.0, 0.4), (1.0, 1.0), (2.0, 2.0))
"""x and y of the four examples that the network u · ReLU(w x) is trained on."""
REACH = 2.0


def _unit_loss(w: Any, u: Any) -> Any:
    return sum((u * np.maximum(w * x, 0) - y) ** 2 for x, y in EXAMPLES) / len(EXAMPLES)


def _unit_gradient(w: Any, u: Any) -> Two:
    d_w: Any = 0.0
    d_u: Any = 0.0
    for x, y in EXAMPLES:
        h = np.maximum(w * x, 0)
        error = 2 * (u * h - y) / len(EXAMPLES)
        d_w = d_w + error * u * x * (w * x > 0)
        d_u = d_u + error * h
    return d_w, d_u


def _hyperbola(product: float, side: float) -> Contour:
    """Where u · |w| is the same, to the right of 0 or to the left: there the network says the same."""
    sizes = [0.05 * k for k in range(1, 45)]
    return [side * size for size in sizes], [product / size for size in sizes]


UNIT = Surface(
    _unit_loss,
    _unit_gradient,
    tuple(_hyperbola(product, side) for side in (1.0, -1.0) for product in (-3, -2, -1, -0.4, 0.2, 1, 2, 3)),
    (-REACH - 0.2, REACH + 0.2),
    (-REACH - 0.2, REACH + 0.2),
)
"""The mean squared error of a network of one hidden unit: w before the ReLU, u after it."""


# ------------------------------------------------------------------ a long bowl

CURVATURES = (1.0, 10.0)


def _ellipse(level: float) -> Contour:
    turns = [math.tau * k / 72 for k in range(73)]
    a, b = CURVATURES
    return (
        [math.sqrt(2 * level / a) * math.cos(turn) for turn in turns],
        [math.sqrt(2 * level / b) * math.sin(turn) for turn in turns],
    )


BOWL = Surface(
    lambda w, u: (CURVATURES[0] * w * w + CURVATURES[1] * u * u) / 2,
    lambda w, u: (CURVATURES[0] * w, CURVATURES[1] * u),
    tuple(_ellipse(level) for level in (0.1, 0.5, 1.5, 3.0, 5.0, 8.0, 12.0)),
    (-4.3, 4.3),
    (-2.2, 2.2),
)
"""w²/2 + 5u²: ten times as steep in u as in w."""


# ------------------------------------------------------------------ a run, and how it ends

LARGE = 1e6
"""A parameter of this size counts as gone for good."""


@lru_cache(maxsize=256)
def run(surface: Surface, w: float, u: float, rate: float, steps: int) -> tuple[tuple[float, float], ...]:
    """Gradient descent from a place: θ₀, θ₁, …; a place too far away to be drawn ends it.

    Examples
    --------
    >>> run(BOWL, 2.0, 1.0, 0.1, 2)
    ((2.0, 1.0), (1.8, 0.0), (1.62, 0.0))
    """
    way = [(w, u)]
    for _ in range(steps):
        d_w, d_u = surface.gradient(*way[-1])
        w, u = w - rate * float(d_w), u - rate * float(d_u)
        way.append((w, u))
        if not max(abs(w), abs(u)) < LARGE:
            break
    return tuple(way)


@dataclass(frozen=True)
class End:
    """A kind of end: its name, what it means, and how it is drawn."""

    name: str
    meaning: str
    colour: str
    marker: str


ENDS: Mapping[str, End] = {
    "good": End("the good valley", "it fits the examples with positive x", BLUE, "circle"),
    "poor": End("the poor valley", "it fits the examples with negative x only", ORANGE, "bar"),
    "stuck": End("stuck", "the network says nearly 0 to every example", GREY, "triangle"),
    "gone": End("diverged", "the parameters grow without bound", PURPLE, "cross"),
    "wanders": End("not at rest", "after 300 steps it still moves", GREEN, "hourglass"),
}

LONG = 300
"""So many steps are made before it is looked at where a run has ended."""
GRID = tuple(k / 4 for k in range(-8, 9))
"""The starting points: every w with every u."""
_AT_REST = 1e-4
_HALF_WAY = 0.8
"""Between the loss of the good valley, 0.4, and that of the poor one, 1.258."""


def end_of(w: float, u: float, rate: float) -> str:
    """How a run on UNIT ends after 300 steps: a key of ENDS.

    Examples
    --------
    >>> end_of(1.0, 0.5, 0.1), end_of(-1.0, 0.5, 0.1), end_of(0.0, 0.0, 0.1), end_of(2.0, -2.0, 0.5)
    ('good', 'poor', 'stuck', 'gone')
    """
    return str(_ends(np.array([w]), np.array([u]), rate)[0])


@lru_cache(maxsize=8)
def ends_on_grid(rate: float) -> Mapping[str, tuple[tuple[float, float], ...]]:
    """Key of ENDS -> the starting points on GRID that end so."""
    places = [(w, u) for u in GRID for w in GRID]
    w, u = (np.array(values) for values in zip(*places, strict=True))
    found = _ends(w, u, rate)
    return {key: tuple(place for place, end in zip(places, found, strict=True) if end == key) for key in ENDS}


def _ends(w: Array, u: Array, rate: float) -> NDArray[Any]:
    """How the runs from many places end."""
    with np.errstate(all="ignore"):  # a run that diverges is a result here
        for _ in range(LONG):
            d_w, d_u = UNIT.gradient(w, u)
            w, u = w - rate * d_w, u - rate * d_u
        d_w, d_u = UNIT.gradient(w, u)
        far = ~(np.maximum(np.abs(w), np.abs(u)) < LARGE)
        silent = np.abs(w * u) < 0.02
        rests = np.sqrt(d_w**2 + d_u**2) < _AT_REST
        loss = UNIT.loss(w, u)
    choices = [far, silent, ~rests, loss < _HALF_WAY]
    return np.select(choices, ["gone", "stuck", "wanders", "good"], "poor")
