"""The promise and what came: a step of gradient descent, as its tangent and as its curve give it.

At θ the tangent has the slope g. A step to θ − ηg goes η|g| along it, so the tangent promises a fall of ηg².
The curve gives ℓ(θ) − ℓ(θ − ηg). What is said of a step is read off these two numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np

from lecture_lib.common import Text, number
from lecture_lib.explore.controls import Choice, Slider, numbers
from lecture_lib.explore.explorer import Explorer
from lecture_lib.show.colours import BLUE, GREEN, GREY, ORANGE, PURPLE
from lecture_lib.show.panels import Line, Panel, Point, side_by_side
from lecture_lib.show.picture import Group

RATES = numbers(0.1, 3.0, 0.1)
"""The slider's learning rates."""
STARTS = numbers(-3.0, 3.0, 0.5)
"""The slider's values of θ before the step."""
REACH = 3.0
"""The largest rate: the best step, and the first that brings nothing, are sought up to here."""


@dataclass(frozen=True)
class Curve:
    """A loss over one parameter, and its slope; both take one number or an array of them."""

    name: str
    loss: Callable[[Any], Any]
    slope: Callable[[Any], Any]


_SIDES = np.array([3.0, 2.0, -3.0, 1.0])
"""x of four texts with one feature, taken negative where the text is of the other class."""


def _loss_of_texts(theta: Any) -> Any:
    return np.logaddexp(0, -np.multiply.outer(theta, _SIDES)).mean(axis=-1)


def _slope_of_texts(theta: Any) -> Any:
    return (-_SIDES / (1 + np.exp(np.multiply.outer(theta, _SIDES)))).mean(axis=-1)


CURVES = (
    Curve("a bowl, θ²/2", lambda theta: theta**2 / 2, lambda theta: theta),
    Curve("the NLL of four texts", _loss_of_texts, _slope_of_texts),
    Curve(
        "two valleys",
        lambda theta: (theta**2 - 4) ** 2 / 16 + 0.15 * theta + 0.5,
        lambda theta: theta * (theta**2 - 4) / 4 + 0.15,
    ),
)


@dataclass(frozen=True)
class Update:
    """One step on a curve: from where, at which rate, what was promised and what came."""

    curve: Curve
    start: float
    rate: float

    @property
    def slope(self) -> float:
        """The tangent's slope at the start, g."""
        return float(self.curve.slope(self.start))

    @property
    def end(self) -> float:
        """Where the step leads, θ − ηg."""
        return self.start - self.rate * self.slope

    @property
    def promised(self) -> float:
        """The fall along the tangent, ηg²."""
        return self.rate * self.slope**2

    @property
    def came(self) -> float:
        """The fall along the curve; below 0 if the loss rose."""
        return float(falls(self.curve, self.start, self.rate))


def falls(curve: Curve, start: float, rates: Any) -> Any:
    """How far the loss falls in one step, ℓ(θ) − ℓ(θ − ηg), for one rate or an array of them."""
    return curve.loss(start) - curve.loss(start - rates * curve.slope(start))


@lru_cache(maxsize=64)
def best_and_broken(curve: Curve, start: float) -> tuple[float | None, float | None]:
    """The rate of the best single step, and the first at which the loss is back where it was.

    Parameters
    ----------
    curve : Curve
    start : float
        θ before the step

    Returns
    -------
    best, broken : float or None
        to within 0.001; None where there is none up to a rate of 3

    Examples
    --------
    >>> best_and_broken(CURVES[0], 2.0)
    (1.0, 2.0)
    """
    rates = np.round(np.arange(0.001, REACH + 0.0005, 0.001), 3)
    fall = falls(curve, start, rates)
    if not np.any(fall > 1e-9):
        return None, None
    best = int(np.argmax(fall))
    back = np.flatnonzero(fall <= 1e-12)
    broken = float(rates[back[0]]) if back.size else None
    return (float(rates[best]) if best < len(rates) - 1 else None), broken


def promise(curve: Curve, start: float, rate: float) -> Group:
    """One step of gradient descent: what the tangent promised, what the curve gave, and both for every rate.

    Parameters
    ----------
    curve : Curve
        the loss over θ
    start : float
        θ before the step
    rate : float
        the learning rate η

    Returns
    -------
    Group
        a Text that says how the step went, and two charts: the loss over θ, the fall over η
    """
    step = Update(curve, start, rate)
    verdict = " ".join(_sentences(step))
    picture = side_by_side([_over_theta(step), _over_rate(step)], _words(step))
    unbroken = escape(verdict).replace(" = ", "\u00a0=\u00a0")  # no line ends within an equation
    return Group((Text(f"<p>{unbroken}</p>", verdict), picture))


def explore_promise() -> Explorer:
    """One step with controls: the learning rate, where the step starts, and the curve.

    Examples
    --------
    >>> explorer = explore_promise()
    >>> explorer.state["rate"], explorer.state["start"], explorer.state["curve"].name
    (0.3, 2.0, 'a bowl, θ²/2')
    """
    return Explorer(
        promise,
        [
            Slider("rate", "learning rate η", RATES, start=0.3),
            Slider("start", "θ before the step", STARTS, start=2.0),
            Choice("curve", "the loss is", {curve.name: curve for curve in CURVES}),
        ],
        title="The promise and what came",
    )


def _fall(value: float) -> str:
    """How far the loss falls: a small fall has two digits that count, for another one is compared with it.

    >>> _fall(1.2), _fall(-0.0058), _fall(0.011)
    ('1.20', '−0.0058', '0.011')
    """
    return number(value, digits=2) if 1e-9 < abs(value) < 0.1 else number(value)


def _sentences(step: Update) -> list[str]:
    """How a step went, read off its numbers."""
    said = [f"η = {step.rate:g}: the step goes from θ = {number(step.start)} to {number(step.end)}."]
    if step.promised < 1e-12:
        return [
            f"η = {step.rate:g}: the slope at θ = {number(step.start)} is 0, so the step goes nowhere, "
            "whatever the rate."
        ]
    best, broken = best_and_broken(step.curve, step.start)
    share = step.came / step.promised
    said.append(f"Promised: a fall of {_fall(step.promised)}.")
    if step.came < -1e-9:
        said.append(f"What came: a rise of {_fall(-step.came)}. The step is too large.")
    elif step.came <= 1e-9:
        said.append("What came: nothing. The step ends as high as it began.")
    else:
        said.append(f"What came: a fall of {_fall(step.came)}, {share:.0%} of it.")
    if share > 1 + 1e-9:
        said.append("That is more than promised: here the curve bends away below its tangent.")
    if broken is not None and step.rate > broken and step.came > 1e-9:
        said.append(
            f"Yet at η = {number(broken)} nothing was left of the promise: this step leaps over a hill."
        )
    if best is None:
        said.append("The best single step lies beyond the picture.")
    else:
        most = Update(step.curve, step.start, best).came
        said.append(f"The best single step, at η = {number(best)}, brings {_fall(most)}.")
    return said


def _over_theta(step: Update) -> Panel:
    """The loss over θ: the curve, the tangent, the step on both."""
    curve, start, end = step.curve, step.start, step.end
    thetas = np.linspace(-4.0, 4.0, 161)
    here = float(curve.loss(start))
    low = here - step.promised
    return Panel(
        "One step on the curve",
        "θ",
        "loss",
        (-4.0, 4.0),
        (-2.0, 6.0),
        (
            Line("the loss", thetas, curve.loss(thetas), BLUE),
            Line(
                f"the tangent, of slope {number(step.slope)}",
                (-4.0, 4.0),
                [here + step.slope * (theta - start) for theta in (-4.0, 4.0)],
                ORANGE,
                "7 4",
            ),
            Line("", (start, end, end), (here, here, curve.loss(end)), GREY, "2 3"),
        ),
        (
            Point(f"before: θ = {number(start)}, loss {number(here)}", start, here, BLUE),
            Point(f"promised: loss {number(low)}", end, low, ORANGE, "square"),
            Point(
                f"what came: θ = {number(end)}, loss {number(curve.loss(end))}",
                end,
                curve.loss(end),
                GREEN,
                "triangle",
            ),
        ),
    )


def _over_rate(step: Update) -> Panel:
    """The fall over η: what is promised and what comes, for every rate, and the rates that count."""
    curve, start = step.curve, step.start
    rates = np.linspace(0.0, REACH, 151)
    fall = falls(curve, start, rates)
    best, broken = best_and_broken(curve, start)
    top = max(float(fall.max()), 0.25)
    points = [
        Point(f"promised: {_fall(step.promised)}", step.rate, step.promised, ORANGE, "square"),
        Point(f"what came: {_fall(step.came)}", step.rate, step.came, GREEN, "triangle"),
    ]
    if best is not None:
        most = Update(curve, start, best).came
        points.append(
            Point(
                f"the best single step: η = {number(best)}, fall {_fall(most)}",
                best,
                most,
                PURPLE,
                "diamond",
            )
        )
    if broken is not None:
        points.append(Point(f"nothing left of the promise: η = {number(broken)}", broken, 0.0, BLUE))
    return Panel(
        "The fall for every η",
        "learning rate η",
        "fall of the loss",
        (0.0, REACH),
        (-1.2 * top, 2.4 * top),
        (
            Line("promised, η g²", (0.0, REACH), (0.0, REACH * step.slope**2), ORANGE, "7 4"),
            Line("what comes", rates, fall, GREEN),
        ),
        tuple(points),
    )


def _words(step: Update) -> str:
    """What the two charts show."""
    best, broken = best_and_broken(step.curve, step.start)
    here = step.curve.loss(step.start)
    said = [
        f"Left, the loss over θ ({step.curve.name}) and its tangent at θ = {number(step.start)}, of slope "
        f"{number(step.slope)}. The step leads to θ = {number(step.end)}: there the tangent is at "
        f"{number(here - step.promised)}, the curve at {number(step.curve.loss(step.end))}; the loss before "
        f"was {number(here)}.",
        "Right, the fall of the loss for every η up to 3: the promise is a straight line,"
        f" {_fall(step.promised)} at η = {step.rate:g}; what comes is {_fall(step.came)} there.",
    ]
    if best is not None:
        most = Update(step.curve, step.start, best).came
        said.append(f"The best single step has η = {number(best)} and brings {_fall(most)}.")
    if broken is not None:
        said.append(f"At η = {number(broken)} nothing is left of the promise.")
    return " ".join(said)
