"""Pictures of the student's own functions: the error of their numeric gradient, and their d_W entry by entry.

Neither picture is graded. Of a function that is not written yet, or that stops, this is said, and the rest is
shown without it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from lecture_lib.autodiff import numeric_gradient as by_the_library
from lecture_lib.autodiff.values import Array
from lecture_lib.common import Html, number
from lecture_lib.exercises import LocalAnswer, Outcome
from lecture_lib.show import Group, Line, Panel, side_by_side
from lecture_lib.show.colours import BLUE, INK, ORANGE

from .said import beside, entries, said_in_text

Loss = Callable[[Array], float]
NumericGradient = Callable[[Loss, Array, float], Any]


# ------------------------------------------------------------------ your own V

EXPONENTS = tuple(k / 2 for k in range(-30, 1))
"""Of the steps h, from 10⁻¹⁵ to 1."""
LOWEST = -17.0
"""An error of exactly 0 has no place in powers of ten; it is drawn here, below all others."""
THETA: Array = np.array([0.7, -1.3])


def cubic(theta: Array) -> float:
    """θ₁³ + θ₁ θ₂², whose gradient is known: sums and products only, so that it rounds alike everywhere."""
    a, b = float(theta[0]), float(theta[1])
    return a * a * a + a * b * b


TRUE: Array = np.array([3 * 0.7 * 0.7 + 1.3 * 1.3, -2 * 0.7 * 1.3])


def differences(low: float, high: float) -> NumericGradient:
    """Two places, as multiples of h -> the numeric gradient that takes the slope between them.

    Examples
    --------
    >>> differences(-1, 1)(lambda theta: float(theta**2), np.array(3.0), 0.5)
    array(6.)
    >>> differences(0, 1)(lambda theta: float(theta**2), np.array(3.0), 0.5)
    array(6.5)
    """

    def gradient(f: Loss, theta: Array, h: float) -> Array:
        found = np.zeros_like(theta)
        for place in np.ndindex(theta.shape):
            above, below = theta.copy(), theta.copy()
            above[place] += high * h
            below[place] += low * h
            found[place] = (f(above) - f(below)) / ((high - low) * h)
        return found

    return gradient


def errors_by_step(numeric_gradient: NumericGradient) -> list[float]:
    """The largest error of a numeric gradient at a place where the gradient is known, for each step h.

    A step at which no array of θ's shape comes has the error NaN.
    """
    return [_error(_called(numeric_gradient, 10.0**exponent)) for exponent in EXPONENTS]


def _called(numeric_gradient: object, h: float) -> Outcome:
    return LocalAnswer(numeric_gradient).call(cast("Any", (cubic, THETA, h)))


def _error(outcome: Outcome) -> float:
    try:
        found = np.asarray(outcome.value, dtype=np.float64)
    except (TypeError, ValueError):
        return math.nan
    if outcome.failure is not None or found.shape != THETA.shape or not np.all(np.isfinite(found)):
        return math.nan
    return float(np.max(np.abs(found - TRUE)))


def _no_gradient(value: object) -> str:
    if type(value) is np.ndarray and cast("Array", value).shape == THETA.shape:
        return "an array with NaN or ∞ in it"
    return "no array of theta's shape, (2,)"


def error_by_step(numeric_gradient: object) -> Group:
    """Draw the error of one's own numeric gradient over the step h, beside forward and central differences.

    Parameters
    ----------
    numeric_gradient : function
        (f, theta, h) -> array of theta's shape

    Returns
    -------
    Group
        a Text that says where rounding ends and truncation begins, and a Picture in powers of ten
    """
    forward, central = errors_by_step(differences(0, 1)), errors_by_step(differences(-1, 1))
    outcome = _called(numeric_gradient, 1e-5)
    said = _stopped("numeric_gradient", outcome)
    own = None if said else errors_by_step(cast("NumericGradient", numeric_gradient))
    if own is not None and all(map(math.isnan, own)):
        own, said = None, f"Your numeric_gradient gave {_no_gradient(outcome.value)}."
    lines = [
        _line("forward differences, one side", forward, ORANGE, "8 4"),
        _line("central differences, both sides", central, BLUE),
    ]
    if own is None:
        words = f"{said} The two others are shown without it. {_sentence('The step to both sides', central)}"
    else:
        words = f"{_sentence('Yours', own)} {_company(own, forward, central)}"
        lines.append(_line("yours", own, INK, marker="diamond"))
    panel = Panel(
        "the error of the slope at each step h",
        "step h",
        "largest error",
        (EXPONENTS[0], EXPONENTS[-1]),
        (LOWEST, 1.0),
        tuple(lines),
        x_powers=True,
        y_powers=True,
    )
    told = [words, _sentence("The step to one side", forward)]
    if own is not None:
        told.append(_sentence("The step to both sides", central))
    return Group((said_in_text(words), side_by_side((panel,), " ".join(told))))


def _line(name: str, errors: list[float], colour: str, dash: str = "", marker: str = "") -> Line:
    drawn = [
        (exponent, max(LOWEST, math.log10(error)) if error > 0 else LOWEST)
        for exponent, error in zip(EXPONENTS, errors, strict=True)
        if math.isfinite(error)
    ]
    return Line(name, [x for x, _ in drawn], [y for _, y in drawn], colour, dash, marker)


def _sentence(name: str, errors: list[float]) -> str:
    """Where the error is smallest, and how it grows to either side: read off the errors."""
    known = {
        exponent: error for exponent, error in zip(EXPONENTS, errors, strict=True) if math.isfinite(error)
    }
    best = min(known, key=lambda exponent: known[exponent])
    whole = max(1e-17, known[best])
    most = max(known.values())
    if most < 1.01 * whole:
        return f"{name}: the error is the same for every h, about {_about(whole)}. Is h used?"
    if most < 10 * whole:
        low, high = _about(whole), _about(most)
        size = f"about {low}" if low == high else f"between about {low} and {high}"
        return f"{name}: the error stays {size}, however small h is. Is each slope the right size?"
    said = f"{name}: the error is smallest, about {_about(whole)}, at h = {_about(10.0**best)}."
    if best == EXPONENTS[0]:
        return f"{said} Rounding does not show."
    first, last = known.get(EXPONENTS[0]), known.get(EXPONENTS[-1])
    if first is not None:
        said += f" To the left of it rounding, divided by h, takes over: {_about(first)} at h = 10⁻¹⁵."
    if last is not None and best != EXPONENTS[-1]:
        said += f" To the right the curve's bend: {_about(last)} at h = 1."
    return said


def _company(own: list[float], forward: list[float], central: list[float]) -> str:
    """With which of the two one's own errors agree where no rounding is seen, from h = 10⁻³ on."""

    def agree(others: list[float]) -> bool:
        pairs = [
            (one, other)
            for exponent, one, other in zip(EXPONENTS, own, others, strict=True)
            if exponent >= -3
        ]
        return all(abs(one - other) <= 0.1 * other for one, other in pairs)

    if agree(central):
        return (
            "Your errors lie on those of the step to both sides: ten times the step, a hundred times the"
            " error."
        )
    if agree(forward):
        return "Your errors lie on those of the step to one side: ten times the step, ten times the error."
    return "Your errors lie on neither of the two others."


def _about(value: float) -> str:
    """About how large: one digit that counts.

    >>> _about(3.2e-11), _about(1.0), _about(0.51)
    ('3 × 10⁻¹¹', '1', '0.5')
    """
    return number(value, digits=1)


# ------------------------------------------------------------------ your own map


@dataclass(frozen=True)
class Example:
    """A layer of two outputs and three inputs: W (2, 3), b (2,), x (3,), y (2,) one-hot."""

    W: Array
    b: Array
    x: Array
    y: Array

    def loss(self, W: Array) -> float:
        """−Σ y log softmax(W x + b)."""
        z = W @ self.x + self.b
        return float(np.log(np.exp(z).sum()) - z @ self.y)


EXAMPLE = Example(
    W=np.array([[0.5, -1.0, 0.2], [0.3, 0.8, -0.4]]),
    b=np.array([0.1, -0.2]),
    x=np.array([1.0, 0.5, -2.0]),
    y=np.array([0.0, 1.0]),
)


def gradient_map(softmax_layer_gradient: object, numeric_gradient: object = None) -> Group:
    """Show one's own d_W of a small layer, entry by entry, beside the gradient found by moving each weight.

    Parameters
    ----------
    softmax_layer_gradient : function
        (W, b, x, y) -> (d_W, d_b)
    numeric_gradient : function, optional
        one's own, which then does the moving; the library's if it is left out, not written yet, or stops

    Returns
    -------
    Group
        a Text that says which entries differ and in what, and a Table for each d_W
    """
    at = EXAMPLE
    truth = by_the_library(at.loss, at.W)
    moved_by, moved = "by the library's numeric_gradient", truth
    if numeric_gradient is not None:
        outcome = LocalAnswer(numeric_gradient).call(cast("Any", (at.loss, at.W)))
        if type(outcome.value) is np.ndarray and outcome.value.shape == at.W.shape:
            moved_by, moved = "by your own numeric_gradient", outcome.value.astype(np.float64)
    reference = entries(f"d_W {moved_by}", [[number(value, 3) for value in row] for row in moved.tolist()])
    mine = _own_d_W(softmax_layer_gradient)
    if isinstance(mine, str):
        return Group((said_in_text(f"{mine} Here is what it should agree with."), reference))
    differs = np.broadcast_to(mine.shape != truth.shape or ~(np.abs(mine - truth) <= 1e-5), mine.shape)
    written = [
        [_entry(value, marked) for value, marked in zip(*row, strict=True)]
        for row in zip(mine.tolist(), differs.tolist(), strict=True)
    ]
    words = _difference(mine, truth)
    if not np.max(np.abs(moved - truth)) <= 1e-4:  # of NaN nothing is true
        words += " (Your numeric_gradient is not right yet, so do not trust its table.)"
    return Group((said_in_text(words), beside(entries("your d_W", written), reference)))


def _own_d_W(softmax_layer_gradient: object) -> Array | str:
    """The student's d_W of the layer, or in words why there is none."""
    layer, at = cast("Callable[..., object]", softmax_layer_gradient), EXAMPLE
    outcome = LocalAnswer(layer).call((at.W, at.b, at.x, at.y))
    said = _stopped("softmax_layer_gradient", outcome)
    if said:
        return said
    if not isinstance(outcome.value, list | tuple) or len(outcome.value) != 2:
        return "Your softmax_layer_gradient did not give two things, d_W and d_b."
    own = outcome.value[0]
    if type(own) is np.ndarray and own.dtype.kind in "iuf" and own.ndim == 2 and own.size:
        return own.astype(np.float64)
    shape = f" of shape {own.shape}" if type(own) is np.ndarray else ""
    return f"Your d_W is {type(own).__name__}{shape}; a table of shape (2, 3), as W has it, was asked."


def _stopped(name: str, outcome: Outcome) -> str:
    """Say that a function is not written yet, or where it stopped; nothing if it gave something."""
    failure = outcome.failure
    if failure is not None and failure.kind != "NotImplementedError":
        where = f" at the line {failure.text}" if failure.text else ""
        return f"Your {name} stopped{where}: {failure.kind}: {failure.message}."
    if failure is not None or outcome.value is None or outcome.value is Ellipsis:
        return f"Your {name} is not written yet."
    return ""


def _difference(mine: Array, truth: Array) -> str:
    """In which way one's own d_W differs, as far as that can be seen."""

    def same(one: Array, other: Array) -> bool:
        return one.shape == other.shape and bool(np.all(np.abs(one - other) <= 1e-5))

    if same(mine, truth):
        return "All six entries agree."
    if same(mine, -truth):
        return "Every entry has the right size and the other sign."
    if same(mine.T, truth):
        return f"Rows and columns are exchanged: yours has shape {mine.shape}, W has shape {truth.shape}."
    if same(-mine.T, truth):
        return "Rows and columns are exchanged, and every entry has the other sign."
    if mine.shape != truth.shape:
        return f"Yours has shape {mine.shape}; W, and so d_W, has shape {truth.shape}."
    right = np.abs(mine - truth) <= 1e-5
    places = [f"[{i}, {j}]" for i, j in np.argwhere(~right)]
    some = f"{int(right.sum())} of 6 entries agree{'s' if right.sum() == 1 else ''}"
    some = some if right.any() else "No entry agrees"
    if bool(np.all(np.sign(mine) == np.sign(truth))):
        some += "; the signs are all right"
    return f"{some}. {'Different: ' + ', '.join(places) + '.' if right.any() else ''}".strip()


def _entry(value: float, differs: bool) -> str:
    """An entry; one that differs is in a frame and has a cross, so that it is not told by colour alone."""
    text = number(value, 3)
    if not differs:
        return text
    return Html(f'<span style="outline:2px solid #B84A00;outline-offset:2px">✗ {text}</span>', f"✗ {text}")
