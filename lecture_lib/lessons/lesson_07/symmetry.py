"""Zero initialisation, and units that begin alike: what nothing breaks, stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.common import Table, TableStyle, Text, number
from lecture_lib.explore import Choice, Explorer, Steps
from lecture_lib.learning import uniform
from lecture_lib.show import Group, Line, Panel, Point, side_by_side
from lecture_lib.show.colours import BLUE, ORANGE

X: Array = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y: Array = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
"""Exclusive or: the second class where one of the two inputs is 1, and the other 0."""
HIDDEN, RATE = 4, 0.5
EVERY = 10
"""One move of the control makes so many steps."""
LAST = 30


@dataclass(frozen=True, eq=False)
class Units:
    """The parameters of the network: W (4, 2), b (4,), U (2, 4), and the loss there."""

    W: Array
    b: Array
    U: Array
    loss: float


def _drawn(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return uniform((HIDDEN, 2), rng), uniform((2, HIDDEN), rng)


INITIALISATIONS: Mapping[str, Callable[[], tuple[Array, Array]]] = {
    "all parameters 0": lambda: (np.zeros((HIDDEN, 2)), np.zeros((2, HIDDEN))),
    "every unit alike": lambda: (np.tile([0.5, -0.25], (HIDDEN, 1)), np.tile([[-0.5], [0.5]], (1, HIDDEN))),
    "W is 0, U is random": lambda: (np.zeros((HIDDEN, 2)), _drawn(1)[1]),
    "all from U(−1, 1), first draw": lambda: _drawn(1),
    "all from U(−1, 1), second draw": lambda: _drawn(2),
    "all from U(−1, 1), third draw": lambda: _drawn(5),
}
"""W and U before the first step; b is 0 each time, as on the slide."""


@lru_cache(maxsize=8)
def trained(initialisation: str) -> tuple[Units, ...]:
    """Gradient descent on all four examples: the parameters after 0, 10, 20, … steps.

    Examples
    --------
    >>> [different(trained(name)[-1]) for name in INITIALISATIONS]
    [1, 1, 4, 4, 4, 4]
    """
    here = _units(*INITIALISATIONS[initialisation](), np.zeros(HIDDEN))
    seen = [here]
    for step in range(1, EVERY * LAST + 1):
        here = _stepped(here)
        if step % EVERY == 0:
            seen.append(here)
    return tuple(seen)


def _forward(W: Array, b: Array, U: Array) -> tuple[Array, Array]:
    """The hidden units h (4, 4) and the probabilities p (4, 2), an example a row."""
    h = np.maximum(X @ W.T + b, 0)
    exponentials = np.exp(h @ U.T)
    return h, exponentials / exponentials.sum(axis=1, keepdims=True)


def _units(W: Array, U: Array, b: Array) -> Units:
    _, p = _forward(W, b, U)
    return Units(W, b, U, float(-np.sum(Y * np.log(p)) / len(X)))


def _stepped(at: Units) -> Units:
    """One step of gradient descent on all examples."""
    h, p = _forward(at.W, at.b, at.U)
    d_o = (p - Y) / len(X)
    d_z = (d_o @ at.U) * (h > 0)
    return _units(at.W - RATE * d_z.T @ X, at.U - RATE * d_o.T @ h, at.b - RATE * d_z.sum(axis=0))


def different(units: Units) -> int:
    """How many of the units differ in a weight, a bias, or what is made of them."""
    columns = np.column_stack([units.W, units.b, units.U.T])
    return len({tuple(row) for row in np.round(columns, 9).tolist()})


def symmetry(initialisation: str, moves: int) -> Group:
    """A network of four hidden units after some training: its units one by one, and the loss.

    Parameters
    ----------
    initialisation : str
        a key of INITIALISATIONS
    moves : int
        how many times ten steps have been made, up to 30

    Returns
    -------
    Group
        a Text that says how many units differ, a Table of the units, and the loss as a Picture
    """
    seen = trained(initialisation)[: moves + 1]
    first, here = seen[0], seen[-1]
    count = different(here)
    still = all(np.array_equal(getattr(first, name), getattr(here, name)) for name in ("W", "b", "U"))
    words = f"{initialisation}, after {EVERY * moves} steps: the loss is {number(here.loss, 3)}. "
    if moves and still:
        words += "No parameter has moved: every gradient was 0."
    elif count == 1:
        words += f"All {HIDDEN} units are the same: together they can do what one unit can."
    else:
        words += f"{count} of the {HIDDEN} units differ."
    rows = [
        [f"unit {k + 1}", *(number(float(x), 2) for x in (*here.W[k], here.b[k], *here.U[:, k]))]
        for k in range(HIDDEN)
    ]
    cell = 'style="padding:0.2em 0.9em;text-align:right;border:1px solid #B9C3CC"'
    style = 'style="font-variant-numeric:tabular-nums;border-collapse:collapse;margin:0.4em 0"'
    table = Table(
        "", ["", "W, x₁", "W, x₂", "b", "U, class 1", "U, class 2"], rows, TableStyle(style, cell=cell)
    )
    losses = [units.loss for units in seen]
    panel = Panel(
        "the loss",
        "step",
        "loss",
        (0.0, float(EVERY * LAST)),
        (0.0, 1.0),
        (Line("the loss", [EVERY * k for k in range(len(seen))], losses, BLUE),),
        (Point(f"now: {number(here.loss, 3)}", EVERY * moves, here.loss, ORANGE, "diamond"),),
    )
    return Group((Text(f"<p>{escape(words)}</p>", words), table, side_by_side((panel,), words)))


def explore_symmetry() -> Explorer:
    """Choose how the network begins, and train it.

    Examples
    --------
    >>> explore_symmetry().show(moves=30).parts[0].words
    'all parameters 0, after 300 steps: the loss is 0.693. No parameter has moved: every gradient was 0.'
    """
    return Explorer(
        symmetry,
        [
            Choice("initialisation", "at first", list(INITIALISATIONS)),
            Steps("moves", "tens of steps", last=LAST, seconds=0.3),
        ],
        title="Four units that learn “exclusive or”",
    )
