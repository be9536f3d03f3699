"""Where each starting point leads, for a network of one hidden unit; and divergence, on a long bowl."""

from __future__ import annotations

import math
from html import escape

from lecture_lib.common import Text, counted, number
from lecture_lib.explore import Choice, Explorer, Slider, Steps, numbers
from lecture_lib.show import Group, Line, Panel, Point, side_by_side
from lecture_lib.show.colours import BLUE, GREEN, INK, ORANGE, PALE

from .surfaces import BOWL, ENDS, LONG, REACH, UNIT, Surface, end_of, ends_on_grid, run

RATES = (0.05, 0.1, 0.2, 0.3, 0.5)
STEPS = 40
BOWL_RATES = (0.01, 0.05, 0.1, 0.15, 0.18, 0.19, 0.2, 0.21, 0.25)
BOWL_START = (-4.0, 1.0)


# ------------------------------------------------------------------ where each start leads


def starts(w: float, u: float, rate: float, steps: int, ends: bool) -> Group:
    """The path from one starting point, on a map that says of all of them where they end.

    Parameters
    ----------
    w, u : float
        where it starts
    rate : float
        the learning rate η
    steps : int
        how many steps are drawn, up to 40
    ends : bool
        whether the ends of all starting points are on the map

    Returns
    -------
    Group
        a Text on this start, and a Picture: the map and the loss along the path
    """
    way = run(UNIT, w, u, rate, steps)
    key = end_of(w, u, rate)
    words = " ".join(
        [_where(way, rate), _stands(UNIT, way), f"After {LONG} steps: {ENDS[key].name}; {ENDS[key].meaning}."]
    )
    marks: list[Line] = []
    if ends:
        counted = ends_on_grid(rate)
        for name, places in counted.items():
            end = ENDS[name]
            if places:
                xs, ys = [w for w, _ in places], [u for _, u in places]
                marks.append(Line(f"{end.name}: {len(places)} starts", xs, ys, end.colour, marker=end.marker))
        said = ", ".join(f"{ENDS[name].name} {len(places)}" for name, places in counted.items() if places)
        words += f" Of the {sum(map(len, counted.values()))} starts on the map, so many end each way: {said}."
    panels = (_map(UNIT, way, tuple(marks), "where each start ends" if ends else "the loss from above"),)
    return Group((_text(words), side_by_side((*panels, _losses(UNIT, way, STEPS)), words)))


def explore_starts(ends: bool = True) -> Explorer:
    """Choose a starting point and a learning rate, walk down, and see where all starts end.

    Parameters
    ----------
    ends : bool
        whether the ends of all starting points are shown at first

    Examples
    --------
    >>> explore_starts().show(w=0.0, u=0.0).parts[0].words.partition(" Of the")[0]
    'Start w = 0.00, u = 0.00, η = 0.1. After 40 steps: w = 0.00, u = 0.00, loss 1.650. After 300 steps: stuck; the network says nearly 0 to every example.'
    """  # noqa: E501
    places = numbers(-REACH, REACH, 0.25)
    return Explorer(
        starts,
        [
            Slider("w", "w at the start", places, start=1.5),
            Slider("u", "u at the start", places, start=-1.0),
            Choice("rate", "learning rate η", {f"{rate:g}": rate for rate in RATES}, start=0.1),
            Steps("steps", "steps made", last=STEPS, start=STEPS, seconds=0.3),
            Choice("ends", "map", {"where each start ends": True, "the loss alone": False}, start=ends),
        ],
        title="Where does this start lead?",
    )


# ------------------------------------------------------------------ divergence on a surface


def on_a_bowl(rate: float, steps: int) -> Group:
    """Gradient descent on a long bowl, ten times as steep in u as in w.

    Parameters
    ----------
    rate : float
        the learning rate η
    steps : int
        how many steps are drawn, up to 40

    Returns
    -------
    Group
        a Text that says what each step does to w and to u, and a Picture: the map and the loss along the path
    """
    way = run(BOWL, *BOWL_START, rate, steps)
    words = " ".join([_where(way, rate), _stands(BOWL, way), *(_factor(way, axis) for axis in (0, 1))])
    panels = (_map(BOWL, way, (), "the loss from above"), _losses(BOWL, way, STEPS))
    return Group((_text(words), side_by_side(panels, words)))


def explore_divergence() -> Explorer:
    """Choose a learning rate on a long bowl, and walk down, or away.

    Examples
    --------
    >>> print(explore_divergence().show(rate=0.21).parts[0].words)
    Start w = −4.00, u = 1.00, η = 0.21. After 40 steps: w = 0.00, u = 45.26, loss 10242. Each step multiplies w by 0.79: it comes nearer to 0. Each step multiplies u by −1.10: it leaps to the other side, and further out each time.
    """  # noqa: E501
    return Explorer(
        on_a_bowl,
        [
            Slider("rate", "learning rate η", BOWL_RATES, start=0.05),
            Steps("steps", "steps made", last=STEPS, start=STEPS, seconds=0.3),
        ],
        title="Down a long bowl",
    )


def _factor(way: tuple[tuple[float, float], ...], axis: int) -> str:
    """What a step does to a coordinate: read off the first one."""
    if len(way) < 2:
        return ""
    factor = way[1][axis] / way[0][axis]
    if abs(factor) < 1e-9:
        what = "it is at 0 at once"
    elif abs(abs(factor) - 1) < 1e-9:
        what = "it leaps from side to side without end"
    elif factor < 0:
        what = "it leaps to the other side, and " + (
            "further out each time" if factor < -1 else "less far each time"
        )
    else:
        what = "it comes nearer to 0"
    return f"Each step multiplies {'wu'[axis]} by {number(factor)}: {what}."


# ------------------------------------------------------------------ words and panels


def _text(words: str) -> Text:
    return Text(f"<p>{escape(words).replace(' = ', chr(160) + '=' + chr(160))}</p>", words)


def _where(way: tuple[tuple[float, float], ...], rate: float) -> str:
    return f"Start w = {number(way[0][0])}, u = {number(way[0][1])}, η = {rate:g}."


def _stands(surface: Surface, way: tuple[tuple[float, float], ...]) -> str:
    w, u = way[-1]
    steps = f"After {counted(len(way) - 1, 'step')}"
    if max(abs(w), abs(u)) > 1e4:
        return f"{steps} the parameters are beyond 10,000 in size: this run has diverged."
    loss = _size(float(surface.loss(w, u)))
    return f"{steps}: w = {number(round(w, 2))}, u = {number(round(u, 2))}, loss {loss}."


def _size(value: float) -> str:
    return number(value, 3) if value < 100 else number(value, digits=3)


def _map(
    surface: Surface, way: tuple[tuple[float, float], ...], marks: tuple[Line, ...], title: str
) -> Panel:
    xs, ys = [w for w, _ in way], [u for _, u in way]
    return Panel(
        title,
        "w",
        "u",
        surface.w_range,
        surface.u_range,
        (
            *(Line("", *contour, PALE) for contour in surface.contours),
            *marks,
            Line("the path", xs, ys, INK),
            Line("", xs, ys, INK, marker="circle") if len(way) < 2 else Line("", xs, ys, INK),
        ),
        (
            Point("start", xs[0], ys[0], GREEN, "square"),
            Point(f"after {counted(len(way) - 1, 'step')}", xs[-1], ys[-1], ORANGE, "diamond"),
        ),
    )


def _losses(surface: Surface, way: tuple[tuple[float, float], ...], reach: int) -> Panel:
    losses = [float(surface.loss(w, u)) for w, u in way]
    large = max(losses) > 100
    drawn = [math.log10(max(loss, 1e-3)) if large else loss for loss in losses]
    top = math.ceil(max(drawn)) if large else max(1.0, math.ceil(max(drawn)))
    return Panel(
        "the loss along the path" + (", in powers of ten" if large else ""),
        "step",
        "loss",
        (0.0, float(reach)),
        (-3.0 if large else 0.0, float(top)),
        (Line("the loss", range(len(way)), drawn, BLUE),),
        (Point(f"now: {_size(losses[-1])}", len(way) - 1, drawn[-1], ORANGE, "diamond"),),
        y_powers=large,
    )
