"""ReLU drawn: which hidden units pass their score on, and which are off for this input."""

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.common import number

from . import svg
from .picture import Picture
from .svg import BACKWARD, FORWARD, INK, PALE, px
from .typeset import text_width

WIDTH = 300.0


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
    scores = np.asarray(z, dtype=np.float64)
    if scores.ndim != 1 or not 1 <= scores.size <= 12:
        raise ValueError(f"relu_units: z has shape {scores.shape}; expected (n,), n from 1 to 12")
    back = None if d_h is None else np.asarray(d_h, dtype=np.float64)
    if back is not None and back.shape != scores.shape:
        raise ValueError(f"relu_units: d_h has shape {back.shape}; expected that of z, {scores.shape}")
    on = int(np.sum(scores > 0))
    lines = [f"ReLU: a unit is on where z > 0. {on} of {scores.size} {'is' if on == 1 else 'are'} on."]

    finite = np.abs(scores[np.isfinite(scores)])
    reach = max(0.5, float(np.max(finite, initial=0.0))) * 1.15
    left, top = 24.0, 20.0
    zero_x = left + WIDTH / 2
    scale = WIDTH / 2 / reach
    zero_y = top + 14 + WIDTH / 2
    high = zero_y - WIDTH / 2
    body = [
        svg.rect(left, high, WIDTH / 2, WIDTH / 2 + 30, rx=4, fill="#F1F3F5"),
        svg.text(left + WIDTH / 4, high + 18, "off: z ≤ 0", PALE, "n"),
        svg.text(zero_x + 12, high + 18, "on: z > 0", FORWARD, "n", anchor=None),
        svg.line([(left, zero_y), (left + WIDTH, zero_y)], svg.PALE_LINE, 1),
        svg.line([(zero_x, high), (zero_x, zero_y + 30)], svg.PALE_LINE, 1),
        svg.line([(left, zero_y), (zero_x, zero_y), (left + WIDTH, high)], width=2),
        svg.text(left + WIDTH + 12, zero_y + 4, "z", INK, "v"),
        svg.text(zero_x, high - 6, "h = ReLU(z)", INK, "n"),
    ]
    table_x = left + WIDTH + 44
    head = ["unit", "z", "h", ""] + (["∂ℓ/∂h", "∂ℓ/∂z"] if back is not None else [])
    offsets = [0.0, 78.0, 140.0, 158.0, 268.0, 334.0]
    row_y = high + 16.0

    def write(k: int, y: float, said: str, colour: str, style: str) -> None:
        body.append(
            svg.text(table_x + offsets[k], y, said, colour, style, anchor=None if k in (0, 3) else "end")
        )

    for k, title in enumerate(head):
        if title:
            write(k, row_y, title, BACKWARD if title.startswith("∂") else INK, "k g")
    points: list[str] = []
    for i, score in enumerate(scores):
        lives = bool(score > 0)
        h = max(float(score), 0.0) if not np.isnan(score) else float("nan")
        y = row_y + 24 * (i + 1)
        state = "on" if lives else "off"
        said = f"unit {i + 1}: z = {number(float(score), decimals)}, h = {number(h, decimals)}, {state}"
        write(0, y, f"{i + 1}", INK, "n g")
        write(1, y, number(float(score), decimals), FORWARD, "n")
        write(2, y, number(h, decimals), FORWARD, "n")
        body.append(_mark(table_x + 24, y - 4, lives))
        write(3, y, state, FORWARD if lives else INK, "n g")
        if back is not None:
            d_z = float(back[i]) if lives else 0.0
            write(4, y, number(float(back[i]), decimals), BACKWARD, "n g")
            write(5, y, number(d_z, decimals), BACKWARD, "n g")
            said += f"; ∂ℓ/∂h = {number(float(back[i]), decimals)}, ∂ℓ/∂z = {number(d_z, decimals)}"
        lines.append(said)
        if np.isfinite(score):
            x_at = zero_x + float(score) * scale
            points.append(_mark(x_at, zero_y - h * scale, lives))
            lift = -10 if lives else 18
            side = -8 if lives else 0
            points.append(
                svg.text(x_at + side, zero_y - h * scale + lift, f"{i + 1}", FORWARD if lives else INK, "n g")
            )
    words = "\n".join(lines)
    width = table_x + (offsets[5] + 20 if back is not None else offsets[3] + text_width("off", "n g") + 20)
    height = max(zero_y + 44, row_y + 24 * scores.size + 24)
    return Picture(svg.document(width, height, "ReLU, unit by unit", words, [*body, *points]), words)


def _mark(x: float, y: float, on: bool) -> str:
    """A full disc for a unit that is on, an empty ring with a cross for one that is off."""
    if on:
        return f"<circle {svg.attributes(cx=x, cy=y, r=5.5, fill=FORWARD, stroke='#fff', stroke_width=1)}/>"
    cross = f"M{px(x - 2.6)},{px(y - 2.6)}l5.2,5.2m0,-5.2l-5.2,5.2"
    return (
        f"<circle {svg.attributes(cx=x, cy=y, r=5.5, fill='#fff', stroke=INK, stroke_width=1.6)}/>"
        f'<path d="{cross}" stroke="{INK}" stroke-width="1.4"/>'
    )
