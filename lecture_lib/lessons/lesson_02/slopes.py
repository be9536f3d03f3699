"""Slopes to look at: secants that become the tangent, and the loss of a neuron over its weight and its bias.

Both losses are polynomials, so that every picture is the same on every machine. What is said of a picture is
read off its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from lecture_lib.common import number
from lecture_lib.show import Arrow, Group, Line, Panel, Point, side_by_side
from lecture_lib.show.colours import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE

from .said import said_in_text

# ------------------------------------------------------------------ one number

SIDES: Mapping[str, tuple[float, float]] = {
    "to the right": (0.0, 1.0),
    "to the left": (-1.0, 0.0),
    "to both sides": (-1.0, 1.0),
}
"""Where the secant's two points lie, as multiples of h away from θ."""
STEPS = (1.5, 1.0, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01)
_REACH = 3.0


def curve(theta: float) -> float:
    """The loss that is drawn: θ³/4 − 3θ/4 + 1, lowest at θ = 1 as far as it is shown to the right of −2."""
    return theta * theta * theta / 4 - 3 * theta / 4 + 1


def curve_slope(theta: float) -> float:
    """Its derivative, (3/4)(θ² − 1)."""
    return 0.75 * (theta * theta - 1)


def secant_slope(theta: float, h: float, sides: str) -> float:
    """The slope of the line through two points of the curve.

    Examples
    --------
    >>> [round(secant_slope(2.0, h, "to the right"), 4) for h in (1.0, 0.1, 0.01)]
    [4.0, 2.4025, 2.265]
    """
    left, right = SIDES[sides]
    low, high = theta + left * h, theta + right * h
    return (curve(high) - curve(low)) / (high - low)


def secants(theta: float, h: float, sides: str) -> Group:
    """The curve with a secant and its tangent, and the secant's slope for every step h.

    Parameters
    ----------
    theta : float
        where the slope is wanted, −2 to 2
    h : float
        how far away the secant's other point lies
    sides : str
        "to the right", "to the left" or "to both sides"

    Returns
    -------
    Group
        a Text that says both slopes, and a Picture
    """
    left, right = SIDES[sides]
    low, high = theta + left * h, theta + right * h
    slope, true = secant_slope(theta, h, sides), curve_slope(theta)
    ends = (-_REACH, _REACH)
    xs = [-_REACH + k / 10 for k in range(61)]
    drawn = Panel(
        "a loss over one parameter",
        "θ",
        "loss",
        ends,
        (-1.0, 4.0),
        (
            Line("the loss", xs, [curve(x) for x in xs], BLUE),
            Line("tangent at θ", ends, [curve(theta) + true * (x - theta) for x in ends], GREEN, "3 4"),
            Line("secant", ends, [curve(low) + slope * (x - low) for x in ends], ORANGE, "8 4"),
        ),
        (
            Point(f"θ = {number(theta)}", theta, curve(theta), GREEN),
            Point("the secant's points", low, curve(low), ORANGE, "square"),
            Point("", high, curve(high), ORANGE, "square"),
        ),
    )
    steps = [k / 20 for k in range(1, 31)]
    lines = tuple(
        Line(name, steps, [secant_slope(theta, step, name) for step in steps], colour, dash)
        for (name, colour, dash) in zip(SIDES, (ORANGE, PURPLE, BLUE), ("8 4", "2 4", ""), strict=True)
    )
    slopes = [value for line in lines for value in line.ys]
    middle, half = true, max(0.5, *(abs(value - true) for value in slopes)) * 1.1
    approached = Panel(
        "the secant's slope for each step h",
        "step h",
        "slope",
        (0.0, 1.5),
        (middle - half, middle + half),
        (Line("slope of the tangent", (0.0, 1.5), (true, true), GREEN, "3 4"), *lines),
        (Point(f"h = {h:g}", h, slope, ORANGE, "square"),),
    )
    off = number(slope - true, 4)
    same = number(slope, 4) == number(true, 4)
    said = (
        f"At θ = {number(theta)} the tangent's slope is {number(true, 4)}. With h = {h:g} {sides} the"
        f" secant's slope is {number(slope, 4)}: "
        + ("the same to four decimals." if same else f"off by {off}.")
    )
    return Group((said_in_text(said), side_by_side((drawn, approached), said)))


# ------------------------------------------------------------------ two numbers

EXAMPLES = ((-1.0, -0.2), (0.5, 0.25), (2.0, 1.3))
"""x and y of the three examples that the neuron is trained on; w = 0.5, b = 0.2 fits them best."""
BEST = (0.5, 0.2)
_W_RANGE, _B_RANGE = (-1.9, 2.9), (-1.342, 1.742)  # one unit is as long to the right as upwards
_LEVELS = (0.05, 0.2, 0.5, 1.0, 2.0, 3.5, 5.5, 8.0, 11.0, 14.0)
_ARROW = 0.22
"""How long an arrow is drawn for a gradient of length 1."""
_FAR = 1.0
"""How far one looks along a way, forward and back."""
WALKS = ("w alone", "b alone", "along the gradient", "along the contour line")


def neuron_loss(w: float, b: float) -> float:
    """The mean squared error of y = w x + b over the three examples.

    Examples
    --------
    >>> round(neuron_loss(0.5, 0.2), 12), round(neuron_loss(1.5, 0.2), 12)
    (0.02, 1.77)
    """
    return sum((y - (w * x + b)) ** 2 for x, y in EXAMPLES) / len(EXAMPLES)


def neuron_slopes(w: float, b: float) -> tuple[float, float]:
    """∂ℓ/∂w and ∂ℓ/∂b of that loss."""
    errors = [(x, w * x + b - y) for x, y in EXAMPLES]
    count = len(EXAMPLES)
    return sum(2 * error * x for x, error in errors) / count, sum(2 * error for _, error in errors) / count


def surface(w: float, b: float, walk: str) -> Group:
    """The neuron's loss over w and b as a map with gradients, and the loss along one way through it.

    Parameters
    ----------
    w, b : float
        where one stands
    walk : str
        one of WALKS: the direction in which the loss is drawn on the right

    Returns
    -------
    Group
        a Text with both partials and the slope in that direction, and a Picture
    """
    d_w, d_b = neuron_slopes(w, b)
    length = math.hypot(d_w, d_b)
    along = _direction(walk, d_w, d_b, length)
    # Rounding leaves a dust of 1e-16 where the slope is 0, whose sign would differ between machines.
    slope = 0.0 if walk == "along the contour line" else d_w * along[0] + d_b * along[1]
    loss, partials = number(neuron_loss(w, b), 3), (number(d_w, 3), number(d_b, 3))
    words = (
        f"At w = {number(w)}, b = {number(b)} the loss is {loss}. ∂ℓ/∂w = {partials[0]} and"
        f" ∂ℓ/∂b = {partials[1]}, so the gradient is [{', '.join(partials)}], of length {number(length, 3)}."
        f" {_slope_words(walk, slope)}"
    )
    panels = _map_of_loss(w, b, walk, along), _slice_of_loss(w, b, walk, along, slope)
    lowest = f"The loss is smallest, {number(neuron_loss(*BEST))}, at w = {BEST[0]:.2f}, b = {BEST[1]:.2f}."
    return Group((said_in_text(words), side_by_side(panels, f"{words} {lowest}")))


def _map_of_loss(w: float, b: float, walk: str, along: tuple[float, float]) -> Panel:
    """The loss from above, with its gradients, and the way through a place."""
    d_w, d_b = neuron_slopes(w, b)
    return Panel(
        "the loss over w and b, seen from above",
        "w",
        "b",
        _W_RANGE,
        _B_RANGE,
        (
            *(Line("", *_contour(level), PALE) for level in _LEVELS),
            Line("the contour line through here", *_contour(neuron_loss(w, b) - 0.02), GREEN, "3 4"),
            Line(
                "the direction: " + walk,
                (w - _FAR * along[0], w + _FAR * along[0]),
                (b - _FAR * along[1], b + _FAR * along[1]),
                PURPLE,
                "8 4",
            ),
        ),
        (Point("you are here", w, b, GREEN), Point("smallest loss", *BEST, GREY, "diamond")),
        (
            *(
                _gradient_arrow("", x, y, BLUE)
                for x in (-1.4, -0.6, 0.2, 1.0, 1.8, 2.6)
                for y in (-1.0, -0.3, 0.4, 1.1)
            ),
            Arrow("∂ℓ/∂w alone", w, b, w + _ARROW * d_w, b, ORANGE, "2 3"),
            Arrow("∂ℓ/∂b alone", w, b, w, b + _ARROW * d_b, ORANGE, "6 3"),
            _gradient_arrow("the gradient", w, b, BLUE),
        ),
    )


def _slice_of_loss(w: float, b: float, walk: str, along: tuple[float, float], slope: float) -> Panel:
    """The loss along that way, and its tangent."""
    at = [_FAR * k / 20 for k in range(-20, 21)]
    losses = [neuron_loss(w + t * along[0], b + t * along[1]) for t in at]
    here = neuron_loss(w, b)
    return Panel(
        f"the loss in this direction: {walk}",
        "distance from here",
        "loss",
        (-_FAR, _FAR),
        (0.0, max(1.0, math.ceil(max(losses)))),
        (
            Line("the loss in this direction", at, losses, PURPLE, "8 4"),
            Line(
                f"its tangent: slope {number(slope, 3)}",
                (-_FAR, _FAR),
                (here - slope * _FAR, here + slope * _FAR),
                ORANGE,
                "3 4",
            ),
        ),
        (Point("you are here", 0.0, here, GREEN),),
    )


def _slope_words(walk: str, slope: float) -> str:
    if walk == "along the gradient":
        return f"Along it the loss has the slope {number(slope, 3)}, its own length: no way is steeper."
    if walk == "along the contour line":
        return "Along the contour line, at a right angle to the gradient, the slope is 0."
    return f"With {walk} moving, the slope is {number(slope, 3)}: that is the partial derivative."


def _direction(walk: str, d_w: float, d_b: float, length: float) -> tuple[float, float]:
    """The way as a step of length 1 in w and b."""
    if walk == "w alone":
        return 1.0, 0.0
    if walk == "b alone":
        return 0.0, 1.0
    if length == 0:  # at the very bottom there is no steepest way
        return 1.0, 0.0
    w, b = d_w / length, d_b / length
    return (w, b) if walk == "along the gradient" else (-b, w)


def _gradient_arrow(name: str, w: float, b: float, colour: str) -> Arrow:
    d_w, d_b = neuron_slopes(w, b)
    scale = _ARROW if name else _ARROW / 3
    return Arrow(name, w, b, w + scale * d_w, b + scale * d_b, colour)


def _contour(level: float) -> tuple[list[float], list[float]]:
    """The ellipse on which the loss is `level` above its smallest value.

    The loss is 2 a² + 0.75 c² + 0.02, with a and c the distances from the best place along the directions
    (2, 1) / √5 and (−1, 2) / √5.
    """
    level = max(level, 0.0)
    turns = [math.tau * k / 72 for k in range(73)]
    a = [math.sqrt(level / 2) * math.cos(turn) / math.sqrt(5) for turn in turns]
    c = [math.sqrt(level / 0.75) * math.sin(turn) / math.sqrt(5) for turn in turns]
    return (
        [BEST[0] + 2 * one - other for one, other in zip(a, c, strict=True)],
        [BEST[1] + one + 2 * other for one, other in zip(a, c, strict=True)],
    )
