"""A layer to look at: one partial derivative after the other, and what softmax makes of its scores."""

from __future__ import annotations

import math
from html import escape

import numpy as np

from lecture_lib.autodiff import numeric_gradient
from lecture_lib.autodiff.values import Array
from lecture_lib.common import Html, Table, TableStyle, number
from lecture_lib.show import Group

from .said import TABULAR, entries, said_in_text

# ------------------------------------------------------------------ one partial after the other

WEIGHTS: Array = np.array([[0.5, -1.0, 0.25], [1.0, 0.5, -0.5]])
_X, _Y = np.array([1.0, 0.0, 2.0]), np.array([0.0, 1.0])
_H = 0.01


def layer_loss(W: Array) -> float:
    """−Σ y log softmax(W x) of a layer of two outputs and three inputs, x = [1, 0, 2], y = [0, 1].

    Examples
    --------
    >>> round(layer_loss(WEIGHTS), 4)
    1.3133
    """
    z = W @ _X
    return float(np.log(np.exp(z).sum()) - z @ _Y)


def partials(done: int) -> Group:
    """The gradient of the layer's loss as far as it is known when so many weights have been moved.

    Parameters
    ----------
    done : int
        how many weights have been moved, 0 to 6

    Returns
    -------
    Group
        a Text on the last move, and a Table of W beside the gradient
    """
    gradient = numeric_gradient(layer_loss, WEIGHTS, _H)
    places = list(np.ndindex(WEIGHTS.shape))
    known = {place: float(gradient[place]) for place in places[:done]}
    last = places[done - 1] if done else None
    if last is None:
        words = f"No weight has been moved yet. The loss is {number(layer_loss(WEIGHTS), 4)}."
    else:
        up, down = WEIGHTS.copy(), WEIGHTS.copy()
        up[last] += _H
        down[last] -= _H
        above, below = (number(layer_loss(moved), 4) for moved in (up, down))
        name = f"W{''.join('₁₂₃'[index] for index in last)}"
        words = (
            f"{name} moved by 0.01 up and down, all others stay: the loss is {above} and {below}. "
            f"({above} − {below}) / 0.02 = {number(known[last], 2)} is ∂ℓ/∂{name}."
        )
    if done == len(places):
        words += f" All {done} partials are known: together they are the gradient, of W's shape."
    moved = [
        [
            _framed(f"{number(weight)} ± {_H}") if (i, j) == last else number(weight)
            for j, weight in enumerate(row)
        ]
        for i, row in enumerate(WEIGHTS.tolist())
    ]
    found = [[number(known[i, j]) if (i, j) in known else "?" for j in range(3)] for i in range(2)]
    return Group((said_in_text(words), entries("W", moved), entries("∂ℓ/∂W", found)))


def _framed(text: str) -> Html:
    """An entry in a frame."""
    return Html(f'<span style="outline:2px solid #B84A00;outline-offset:2px">{escape(text)}</span>', text)


# ------------------------------------------------------------------ scores and softmax

SCORES = (1.0, 2.0, 3.0)
FACTORS = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 300.0)
SHIFTS = (-1000.0, -100.0, -10.0, 0.0, 10.0, 100.0, 700.0, 1000.0)


def scores_and_shares(factor: float, shift: float) -> Group:
    """Three scores, their exponentials, and each one's share of the sum, computed as the formula is written.

    Parameters
    ----------
    factor, shift : float
        the scores 1, 2, 3 are multiplied by the one, then the other is added

    Returns
    -------
    Group
        a Text that says what became of the shares, and a Table
    """
    z = factor * np.array(SCORES) + shift
    with np.errstate(all="ignore"):  # that it overflows is what is to be seen
        exponentials = np.exp(z)
        p = exponentials / exponentials.sum()
    shown = "[" + ", ".join(number(float(score), 1) for score in z) + "]"
    if np.all(np.isfinite(p)):
        words = f"softmax({shown}) = [{', '.join(number(float(share), 3) for share in p)}]."
    elif np.all(exponentials == 0):
        words = (
            f"All exponentials of {shown} are so small that the computer keeps 0 for them."
            " 0 / 0 is not a number."
        )
    else:
        words = (
            "The computer keeps no number above 1.8 × 10³⁰⁸: exp of the largest of"
            f" {shown} becomes ∞, and ∞ / ∞ is not a number."
        )
    rows = [
        (str(i), number(float(z[i - 1]), 1), _exponential(float(exponentials[i - 1])), _bar(float(p[i - 1])))
        for i in (1, 2, 3)
    ]
    style = TableStyle(
        table=TABULAR, cell='style="padding:0.2em 1.2em 0.2em 0;text-align:left;white-space:nowrap"'
    )
    return Group((said_in_text(words), Table("", ("class", "score z", "exp(z)", "share p"), rows, style)))


def _exponential(value: float) -> str:
    return number(value) if 0.01 <= value < 1e5 else number(value, digits=2)


def _bar(share: float) -> Html:
    """A share as a bar with its number."""
    width = 0.0 if math.isnan(share) else 120 * share
    style = f"display:inline-block;height:0.8em;width:{width:.0f}px;background:#0072B2"
    text = number(share, 3)
    return Html(f'<span style="{style}"></span> {text}', text)
