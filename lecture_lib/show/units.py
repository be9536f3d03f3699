"""ReLU drawn: which hidden units pass their score on, and which are off for this input."""

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.common import number

from . import svg
from .picture import Picture
from .svg import BACKWARD, FORWARD, INK, PALE, px
from .typeset import short_vector, text_width

WIDTH = 300.0  # of the chart; half as high, and a table to its right
LEFT, HIGH = 24.0, 34.0
ZERO_X, ZERO_Y = LEFT + WIDTH / 2, HIGH + WIDTH / 2
TABLE, FIRST_ROW = LEFT + WIDTH + 44, HIGH + 16.0
_COLUMNS = (0.0, 78.0, 140.0, 158.0, 268.0, 334.0)


def relu_units(z: ArrayLike, d_h: ArrayLike | None = None, *, decimals: int = 2) -> Picture:
    """Draw h = ReLU(z) with a point for every unit, and say which are on and which are off.

    A unit whose score is not above 0 gives 0 and hands no gradient back. For this input it is off, and the
    row of W and the entry of b that lead to it do not move.

    Parameters
    ----------
    z : (n,) array
        The units' scores, n from 1 to 12.
    d_h : (n,) array, optional
        What comes back to h; then what goes on to z is written too.
    decimals : int
        Decimals of every number.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If z or d_h has another shape.

    Examples
    --------
    >>> print(relu_units([-1.3, 0.39], [-0.52, 0.46]).words)
    ReLU: a unit is on where z > 0. 1 of 2 is on.
    unit 1: z = −1.30, h = 0.00, off; ∂ℓ/∂h = −0.52, ∂ℓ/∂z = 0.00
    unit 2: z = 0.39, h = 0.39, on; ∂ℓ/∂h = 0.46, ∂ℓ/∂z = 0.46
    """
    scores = short_vector(z, 12, "relu_units", "z")
    back = None if d_h is None else np.asarray(d_h, dtype=np.float64)
    if back is not None and back.shape != scores.shape:
        raise ValueError(f"relu_units: d_h has shape {back.shape}; expected that of z, {scores.shape}")
    on = int(np.sum(scores > 0))
    lines = [f"ReLU: a unit is on where z > 0. {on} of {scores.size} {'is' if on == 1 else 'are'} on."]
    body = _axes()
    body += [_cell(k, 0, title, INK, "k g") for k, title in enumerate(("unit", "z", "h"))]
    if back is not None:
        body += [_cell(k, 0, title, BACKWARD, "k g") for k, title in ((4, "∂ℓ/∂h"), (5, "∂ℓ/∂z"))]
    for i, score in enumerate(scores):
        lives = bool(score > 0)
        h = float(np.maximum(score, 0.0))
        state = "on" if lives else "off"
        z_text, h_text = number(float(score), decimals), number(h, decimals)
        said = f"unit {i + 1}: z = {z_text}, h = {h_text}, {state}"
        body += [
            _cell(0, i + 1, f"{i + 1}", INK, "n g"),
            _cell(1, i + 1, z_text, FORWARD, "n"),
            _cell(2, i + 1, h_text, FORWARD, "n"),
            _mark(TABLE + 24, FIRST_ROW + 24 * (i + 1) - 4, lives),
            _cell(3, i + 1, state, FORWARD if lives else INK, "n g"),
        ]
        if back is not None:
            d_h_text = number(float(back[i]), decimals)
            d_z_text = number(float(back[i]) if lives else 0.0, decimals)
            body += [_cell(4, i + 1, d_h_text, BACKWARD, "n g"), _cell(5, i + 1, d_z_text, BACKWARD, "n g")]
            said += f"; ∂ℓ/∂h = {d_h_text}, ∂ℓ/∂z = {d_z_text}"
        lines.append(said)
    words = "\n".join(lines)
    last = _COLUMNS[5] + 20 if back is not None else _COLUMNS[3] + text_width("off", "n g") + 20
    height = max(ZERO_Y + 44, FIRST_ROW + 24 * scores.size + 24)
    drawing = [*body, *_points(scores)]
    return Picture(svg.document(TABLE + last, height, "ReLU, unit by unit", words, drawing), words)


def _axes() -> list[str]:
    """ReLU's line, from off at the left to on at the right."""
    return [
        svg.rect(LEFT, HIGH, WIDTH / 2, WIDTH / 2 + 30, rx=4, fill="#F1F3F5"),
        svg.text(LEFT + WIDTH / 4, HIGH + 18, "off: z ≤ 0", PALE, "n"),
        svg.text(ZERO_X + 12, HIGH + 18, "on: z > 0", FORWARD, "n", anchor=None),
        svg.line([(LEFT, ZERO_Y), (LEFT + WIDTH, ZERO_Y)], svg.PALE_LINE, 1),
        svg.line([(ZERO_X, HIGH), (ZERO_X, ZERO_Y + 30)], svg.PALE_LINE, 1),
        svg.line([(LEFT, ZERO_Y), (ZERO_X, ZERO_Y), (LEFT + WIDTH, HIGH)], width=2),
        svg.text(LEFT + WIDTH + 12, ZERO_Y + 4, "z", INK, "v"),
        svg.text(ZERO_X, HIGH - 6, "h = ReLU(z)", INK, "n"),
    ]


def _points(scores: Array) -> list[str]:
    """Each unit's place on ReLU's line, with its number."""
    finite = np.abs(scores[np.isfinite(scores)])
    scale = WIDTH / 2 / (max(0.5, float(np.max(finite, initial=0.0))) * 1.15)
    points: list[str] = []
    for i, score in enumerate(scores):
        if np.isfinite(score):
            lives = bool(score > 0)
            x, y = ZERO_X + float(score) * scale, ZERO_Y - max(float(score), 0.0) * scale
            side, lift = (-8, -10) if lives else (0, 18)
            points.append(_mark(x, y, lives))
            points.append(svg.text(x + side, y + lift, f"{i + 1}", FORWARD if lives else INK, "n g"))
    return points


def _cell(column: int, row: int, said: str, colour: str, style: str) -> str:
    anchor = None if column in (0, 3) else "end"
    return svg.text(TABLE + _COLUMNS[column], FIRST_ROW + 24 * row, said, colour, style, anchor=anchor)


def _mark(x: float, y: float, on: bool) -> str:
    """A full disc for a unit that is on, an empty ring with a cross for one that is off."""
    if on:
        return f"<circle {svg.attributes(cx=x, cy=y, r=5.5, fill=FORWARD, stroke='#fff', stroke_width=1)}/>"
    cross = f"M{px(x - 2.6)},{px(y - 2.6)}l5.2,5.2m0,-5.2l-5.2,5.2"
    return (
        f"<circle {svg.attributes(cx=x, cy=y, r=5.5, fill='#fff', stroke=INK, stroke_width=1.6)}/>"
        f'<path d="{cross}" stroke="{INK}" stroke-width="1.4"/>'
    )
