"""Adam's two moments as numbers: one parameter, ten steps, with the correction and without it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import numpy as np

from lecture_lib.common import Table, TableStyle, Text, number
from lecture_lib.explore import Choice, Explorer, Steps
from lecture_lib.learning.optim import adam_step
from lecture_lib.show import Group, Line, Panel, Picture, Point, side_by_side
from lecture_lib.show.colours import BLUE, ORANGE

GRADIENTS: Mapping[str, tuple[float, ...]] = {
    "always 1": (1.0,) * 10,
    "always 0.01": (0.01,) * 10,
    "1, −1, 1, −1, …": (1.0, -1.0) * 5,
    "1 once, then 0.1": (1.0,) + (0.1,) * 9,
    "noisy, about 0.5": (0.9, 0.2, -0.3, 1.1, 0.6, 0.1, 0.8, -0.2, 1.2, 0.6),
}
"""The gradients of ten steps. They are given, so that the moments can be followed by hand."""
BETAS: Mapping[str, tuple[float, float]] = {
    "β₁ = 0.9, β₂ = 0.999": (0.9, 0.999),
    "β₁ = 0.9, β₂ = 0.9": (0.9, 0.9),
    "β₁ = 0, β₂ = 0.9": (0.0, 0.9),
}
LAST = 10


@dataclass(frozen=True)
class Moments:
    """Step t: its gradient, both moments after it, both corrected, and what θ / η changes by."""

    t: int
    gradient: float
    m: float
    v: float
    m_hat: float
    v_hat: float
    moved: float
    moved_without: float


def moments_of(gradients: tuple[float, ...], betas: tuple[float, float]) -> tuple[Moments, ...]:
    """The moments of one parameter, step after step.

    Examples
    --------
    >>> first = moments_of((1.0,), (0.9, 0.999))[0]
    >>> round(first.m, 4), round(first.v, 4), round(first.moved, 4), round(first.moved_without, 4)
    (0.1, 0.001, -1.0, -3.1623)
    """
    beta1, beta2 = betas
    m = v = np.zeros(1)
    rows: list[Moments] = []
    for t, gradient in enumerate(gradients, 1):
        theta, m, v = adam_step(np.zeros(1), np.array([gradient]), m, v, t, 1.0, beta1, beta2)
        here_m, here_v = float(m[0]), float(v[0])
        m_hat, v_hat = here_m / (1 - beta1**t), here_v / (1 - beta2**t)
        without = -here_m / (math.sqrt(here_v) + 1e-8)
        rows.append(Moments(t, gradient, here_m, here_v, m_hat, v_hat, float(theta[0]), without))
    return tuple(rows)


def moments(gradients: str, betas: str, steps: int) -> Group:
    """The moments after some steps, as a table, and how far each step moves.

    Parameters
    ----------
    gradients : a key of GRADIENTS
    betas : a key of BETAS
    steps : int
        from 0 to 10

    Returns
    -------
    Group
        a Text on the last step, a Table with a row a step, and a Picture of the steps' lengths
    """
    every = moments_of(GRADIENTS[gradients], BETAS[betas])
    rows = every[:steps]
    words = _words(gradients, betas, rows)
    cell = 'style="padding:0.15em 0.35em;text-align:right;border:1px solid #B9C3CC"'
    style = 'style="font-variant-numeric:tabular-nums;border-collapse:collapse;margin:0.4em 0"'
    head = ["t", "g", "m", "v", "m̂", "v̂", "with correction", "without"]
    table = Table(
        "What each step makes of the moments. The last two columns: how far θ moves, in units of η.",
        head,
        [
            [
                str(row.t),
                number(row.gradient),
                *map(_moment, (row.m, row.v, row.m_hat, row.v_hat)),
                *(number(x) for x in (row.moved, row.moved_without)),
            ]
            for row in rows
        ],
        TableStyle(style, cell=cell),
    )
    return Group((Text(f"<p>{escape(words)}</p>", words), table, _picture(every, rows, words)))


def explore_moments() -> Explorer:
    """Go through ten steps of Adam with one parameter.

    Examples
    --------
    >>> print(explore_moments().show(steps=1).parts[0].words)
    Gradients: always 1. β₁ = 0.9, β₂ = 0.999. Step 1: m is 0.1000 and √v is 0.0316. With the correction θ moves by −1.00 η; without it, it would move by −3.16 η, 3.16 times as far.
    """  # noqa: E501
    return Explorer(
        moments,
        [
            Choice("gradients", "the gradients", list(GRADIENTS)),
            Choice("betas", "what is kept", list(BETAS)),
            Steps("steps", "step", last=LAST, start=LAST, seconds=1.0),
        ],
        title="Adam's two moments, for one parameter",
    )


def _moment(value: float) -> str:
    """A moment to four decimals; a small one has two digits that count.

    >>> _moment(0.1), _moment(5.2e-5), _moment(0.0)
    ('0.1000', '5.2 × 10⁻⁵', '0.0000')
    """
    return number(value, digits=2) if 1e-12 < abs(value) < 0.001 else number(value, 4)


def _words(gradients: str, betas: str, rows: tuple[Moments, ...]) -> str:
    words = f"Gradients: {gradients}. {betas}."
    if not rows:
        return f"{words} Before step 1 both moments are 0."
    row = rows[-1]
    words += (
        f" Step {row.t}: m is {_moment(row.m)} and √v is {_moment(math.sqrt(row.v))}. With the "
        f"correction θ moves by {number(row.moved)} η; without it, it would move by "
        f"{number(row.moved_without)} η"
    )
    if abs(row.moved) < 0.005:
        return f"{words}."
    return f"{words}, {number(row.moved_without / row.moved)} times as far."


def _picture(every: tuple[Moments, ...], rows: tuple[Moments, ...], words: str) -> Picture:
    moved = [abs(row.moved) for row in rows]
    without = [abs(row.moved_without) for row in rows]
    ts = range(1, len(rows) + 1)
    top = 1.15 * max(max(abs(row.moved), abs(row.moved_without)) for row in every)
    lines = [
        Line("with the correction", ts, moved, BLUE),
        Line("without it", ts, without, ORANGE, "7 4"),
        Line("", ts, moved, BLUE, marker="circle"),
        Line("", ts, without, ORANGE, marker="square"),
    ]
    panel = Panel(
        "how far each step moves, in units of η",
        "step t",
        "length / η",
        (0.0, float(LAST) + 0.5),
        (0.0, top),
        tuple(lines) if rows else (),
        (Point(f"step {len(rows)}: {number(moved[-1])}, not {number(without[-1])}", ts[-1], moved[-1], BLUE),)
        if rows
        else (),
    )
    return side_by_side((panel,), words)
