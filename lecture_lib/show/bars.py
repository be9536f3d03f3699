"""Probabilities beside the truth: p and y of every class, as bars."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.common import number

from . import svg
from .picture import Picture
from .svg import BACKWARD, FORWARD, INK, PALE
from .typeset import text_width

FULL = 320.0
"""Length of a bar of probability 1."""


def softmax_bars(
    p: ArrayLike,
    y: ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    show_gradient: bool = False,
    decimals: int = 2,
) -> Picture:
    """Draw predicted probabilities p beside the truth y, two bars for each class.

    Parameters
    ----------
    p : (C,) array
        Probabilities, from 0 to 1.
    y : (C,) array
        The truth: one-hot, or a distribution.
    labels : sequence of str, optional
        The classes' names; "class 1", "class 2", … if not given.
    show_gradient : bool
        Also write p − y, which is ∂ℓ/∂o for ℓ = −Σ y log p and p = softmax(o).
    decimals : int
        Decimals of every number.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If p, y and labels do not have one entry a class, or an entry of p or y is not from 0 to 1.

    Examples
    --------
    >>> print(softmax_bars([0.422627, 0.577373], [1, 0], labels=["animals", "other"]).words)
    Predicted probabilities p and the truth y.
    animals: p = 0.42, y = 1.00
    other: p = 0.58, y = 0.00
    """
    probabilities, truth, names = _checked(p, y, labels)
    lines = ["Predicted probabilities p and the truth y."]
    start = 20 + max(text_width(name, "t") for name in names) + 34
    end = start + FULL + 14 + text_width(number(1.0, decimals), "n g")
    body = [f"<defs>{svg.hatching('hatch', svg.EDGE)}</defs>"]
    top = 16.0
    for name, share, true in zip(names, probabilities.tolist(), truth.tolist(), strict=True):
        share_text, true_text = number(share, decimals), number(true, decimals)
        body.append(svg.text(20, top + 26, name, INK, "t", anchor=None))
        body += _bar(start, top + 2, "p", share, share_text)
        body += _bar(start, top + 22, "y", true, true_text)
        said = f"{name}: p = {share_text}, y = {true_text}"
        if show_gradient:
            difference = number(share - true, decimals)
            body.append(svg.text(end + 18, top + 26, f"∂ {difference}", BACKWARD, "n g", anchor=None))
            said += f", ∂ℓ/∂o = p − y = {difference}"
        lines.append(said)
        top += 54
    legend = top + 6
    ticks = [(0.0, "0"), (0.5, "0.5"), (1.0, "1")]
    body += [svg.text(start + FULL * at, legend - 6, mark, PALE, "k") for at, mark in ticks]
    width = end + 20
    if show_gradient:
        note = "∂ℓ/∂o = p − y"
        body.append(svg.text(end + 18, legend - 6, note, BACKWARD, "k g", anchor=None))
        width = end + 18 + text_width(note, "k g") + 20
    words = "\n".join(lines)
    return Picture(svg.document(width, legend + 8, "Probabilities and truth", words, body), words)


def _checked(p: ArrayLike, y: ArrayLike, labels: Sequence[str] | None) -> tuple[Array, Array, Sequence[str]]:
    """Return p, y and the classes' names, if they fit together."""
    probabilities, truth = np.asarray(p, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if probabilities.ndim != 1 or probabilities.shape != truth.shape or not probabilities.size:
        raise ValueError(
            f"softmax_bars: p has shape {probabilities.shape} and y {truth.shape}; expected (C,) for both"
        )
    for name, values in (("p", probabilities), ("y", truth)):
        if not bool(np.all((values >= 0) & (values <= 1 + 1e-9))):
            raise ValueError(f"softmax_bars: {name} is {values}; expected numbers from 0 to 1")
    names = labels if labels is not None else [f"class {k + 1}" for k in range(len(truth))]
    if len(names) != len(truth):
        raise ValueError(f"softmax_bars: {len(names)} labels for {len(truth)} classes")
    return probabilities, truth, names


def _bar(left: float, top: float, symbol: str, value: float, words: str) -> list[str]:
    """One bar in its frame: filled for p, hatched for y."""
    fill, line, ink = (FORWARD, FORWARD, FORWARD) if symbol == "p" else ("url(#hatch)", svg.EDGE, INK)
    drawn = [
        svg.text(left - 10, top + 12, symbol, INK, "n g", anchor="end"),
        svg.rect(left, top, FULL, 15, rx=2, fill="none", stroke=svg.CARD_LINE),
    ]
    if length := round(FULL * min(value, 1.0), 1):
        drawn.append(svg.rect(left, top, length, 15, rx=2, fill=fill, stroke=line))
    drawn.append(svg.text(left + FULL + 10, top + 12, words, ink, "n", anchor=None))
    return drawn
