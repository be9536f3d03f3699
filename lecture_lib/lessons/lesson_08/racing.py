"""A race of SGD, momentum and Adam: the same surface, the same minibatches, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from lecture_lib.common import Table, Text, counted, number
from lecture_lib.explore import Choice, Explorer, Slider, Steps
from lecture_lib.show import Group, Line, Panel, Point, padded, side_by_side
from lecture_lib.show.chart import LineStyle
from lecture_lib.show.colours import BLUE, GREEN, INK, ORANGE, PALE

from .unbiased import as_pair
from .valleys import BATCH, LAST, OPTIMISERS, SEEDS, STEPS, VALLEYS, Race, race

LOW, HIGH = -7.0, 1.0
"""The losses' axis in powers of ten, the same for all valleys, so that they can be compared."""


STYLES: Mapping[str, LineStyle] = {
    "SGD": LineStyle(BLUE, "", "circle"),
    "momentum": LineStyle(ORANGE, "8 4", "square"),
    "Adam": LineStyle(GREEN, "2 3", "diamond"),
}
"""How each optimiser is drawn: no two are told apart by colour alone."""


def racing(valley: str, seed: int, steps: int) -> Group:
    """Where the three optimisers are after some steps on the same minibatches.

    Parameters
    ----------
    valley : a key of VALLEYS
    seed : int
        which minibatches, from 0 to 9
    steps : int
        from 0 to 60

    Returns
    -------
    Group
        a Text: who is lowest now, and who was at the end over all seeds; a Picture: the map and the losses
    """
    races = {name: race(valley, name) for name in OPTIMISERS}
    now = {name: float(races[name].losses[seed, steps]) for name in races}
    words = f"{_now(valley, seed, steps, now)} {_over_all_seeds(races)}"
    panels = (_map(valley, races, seed, steps), _losses(races, seed, steps, now))
    return Group((Text(f"<p>{escape(words)}</p>", words), side_by_side(panels, words)))


def explore_race() -> Explorer:
    """Choose a valley and the minibatches, and let SGD, momentum and Adam run.

    Examples
    --------
    >>> explore_race().state
    {'valley': 'long, along an axis', 'seed': 0, 'steps': 60}
    """
    return Explorer(
        racing,
        [
            Choice("valley", "the valley", list(VALLEYS)),
            Slider("seed", "seed of the minibatches", SEEDS),
            Steps("steps", "steps made", last=STEPS, start=STEPS, seconds=0.3),
        ],
        title="A race on the same minibatches",
    )


def _now(valley: str, seed: int, steps: int, now: Mapping[str, float]) -> str:
    words = f"The valley is {valley}; batches of {BATCH}, seed {seed}."
    if not steps:
        return (
            f"{words} All three start at the same place, with a loss of {_size(now['SGD'])} above the lowest."
        )
    said = ", ".join(f"{name} {_size(loss)}" for name, loss in now.items())
    lowest = min(now, key=lambda name: now[name])
    return (
        f"{words} After {counted(steps, 'step')} the loss above the lowest is: {said}. Lowest now: {lowest}."
    )


def _over_all_seeds(races: Mapping[str, Race]) -> str:
    """Who ends lowest: the mean over all seeds, and for how many seeds it is so."""
    every = len(SEEDS)
    said = ", ".join(
        f"{name} {_size(run.end)} (η = {run.rate:g}, lowest for {won} of {every} seeds)"
        for (name, run), won in zip(races.items(), _wins(races), strict=True)
    )
    return f"Steps {STEPS - LAST + 1} to {STEPS}, mean over {every} seeds: {said}."


def _wins(races: Mapping[str, Race]) -> list[int]:
    """For how many seeds each ends lowest."""
    each = np.array([run.ends for run in races.values()])
    return np.bincount(each.argmin(axis=0), minlength=len(races)).tolist()


def _size(loss: float) -> str:
    return number(loss, digits=2)


def _map(valley: str, races: Mapping[str, Race], seed: int, steps: int) -> Panel:
    place = VALLEYS[valley]
    height = float(place.above(place.start))
    contours = [place.contour(height * share) for share in (1.0, 0.5, 0.2, 0.05, 0.01)]
    every = np.concatenate([races[name].paths[seed] for name in races])
    lines = [Line("", w, u, PALE) for w, u in contours]
    x, y = as_pair(place.lowest)
    cross = 0.06 * abs(place.start).max()
    lines += [Line("", (x - cross, x + cross), (y, y), INK), Line("", (x, x), (y - cross, y + cross), INK)]
    points = [Point("start", *as_pair(place.start), INK, "triangle")]
    for name, style in STYLES.items():
        way = races[name].paths[seed, : steps + 1]
        lines.append(
            Line(f"{name}, η = {races[name].rate:g}", way[:, 0], way[:, 1], style.colour, style.dash)
        )
        if steps:
            points.append(Point(f"{name} now", *as_pair(way[-1]), style.colour, style.marker))
    x_range, y_range = (
        padded([*every[:, axis].tolist(), float(place.lowest[axis]), -float(place.start[axis])])
        for axis in (0, 1)
    )
    return Panel(
        "the loss from above; + marks the lowest place",
        "w",
        "u",
        x_range,
        y_range,
        tuple(lines),
        tuple(points),
    )


def _losses(races: Mapping[str, Race], seed: int, steps: int, now: Mapping[str, float]) -> Panel:
    lines: list[Line] = []
    points: list[Point] = []
    for name, style in STYLES.items():
        powers = np.log10(races[name].losses[seed, : steps + 1].clip(10.0**LOW))
        lines.append(Line(name, range(steps + 1), powers, style.colour, style.dash))
        points.append(
            Point(f"{name}: {_size(now[name])}", steps, float(powers[-1]), style.colour, style.marker)
        )
    return Panel(
        "the loss of all examples, above the lowest",
        "step",
        "loss",
        (0.0, float(STEPS)),
        (LOW, HIGH),
        tuple(lines),
        tuple(points),
        y_powers=True,
    )


def race_results() -> Table:
    """Who ended where: a row for each valley and optimiser.

    Examples
    --------
    >>> [row[0] for row in race_results().rows][::3] == list(VALLEYS)
    True
    """
    rows: list[list[str]] = []
    for valley in VALLEYS:
        races = {name: race(valley, name) for name in OPTIMISERS}
        for (name, run), won in zip(races.items(), _wins(races), strict=True):
            rows.append([valley, name, f"{run.rate:g}", _size(run.end), f"{won} of {len(SEEDS)}"])
    head = ["valley", "optimiser", "best η", "loss above the lowest", "lowest for"]
    return Table(f"Steps {STEPS - LAST + 1} to {STEPS}, mean over {len(SEEDS)} seeds", head, rows)
