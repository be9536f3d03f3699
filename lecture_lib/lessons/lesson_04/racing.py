"""The race: finite differences against one backward pass, measured here, while parameters are added."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from html import escape
from time import perf_counter
from typing import Any

import numpy as np

from lecture_lib.autodiff import Node, data, log, parameter, relu, softmax
from lecture_lib.autodiff import backward as library_backward
from lecture_lib.autodiff.values import Array
from lecture_lib.common import Table, Text, number
from lecture_lib.learning.progress_bar import bar
from lecture_lib.show import Group, line_chart

from .watching import watch

WIDTHS = {10: (2, 2), 100: (7, 10), 1_000: (37, 25), 10_000: (97, 100), 100_000: (397, 250)}
"""Parameters -> (inputs, hidden units) of a network with two classes that has exactly so many."""

LANGUAGE_MODEL = 7_000_000_000
"""The parameters of a language model of moderate size."""


@dataclass(frozen=True)
class Lap:
    """What one size took, in seconds; `moved` of its parameters were moved, and the time scaled to all."""

    parameters: int
    differences: float
    backward: float
    moved: int


def race(
    backward: Callable[[Any], object] | None = None,
    *,
    sizes: Sequence[int] = tuple(WIDTHS),
    seconds: float = 5.0,
    clock: Callable[[], float] = perf_counter,
    progress_bar: bool = True,
) -> Group:
    """Measure both ways to a gradient on this machine, from 10 parameters to 100,000.

    The button that interrupts the kernel (■) stops it; what was measured until then is shown.

    Parameters
    ----------
    backward : callable, optional
        root -> dict from node to gradient: one's own. The library's where it is left out or not written yet.
    sizes : sequence of int
        Of 10, 100, 1,000, 10,000, 100,000.
    seconds : float
        How long all of it may take, about. Where that is not enough, some of the parameters are moved, and
        the time is scaled to all of them.
    clock : callable
        Gives the time in seconds.
    progress_bar : bool
        Whether a bar is shown.
    """
    whose, way_back = _whose(backward)
    laps: list[Lap] = []
    with closing(bar(len(sizes), "sizes", progress_bar)) as shown, suppress(KeyboardInterrupt):
        for size in sizes:
            laps.append(_lap(size, way_back, seconds / len(sizes), clock))
            shown.advance(
                f"{size:,} parameters: {_time(laps[-1].differences)} and {_time(laps[-1].backward)}"
            )
    return race_picture(laps, whose)


def _whose(backward: Callable[[Any], object] | None) -> tuple[str, Callable[[Any], object]]:
    if backward is not None:
        done = watch(
            backward, _loss(parameter(np.ones((2, 2))), parameter(np.ones(2)), parameter(np.ones((2, 2))))
        )
        if not done.waits and not done.error and done.wrong is None:
            return "your backward", backward
    return "the library's backward", library_backward


def _loss(W: Node, b: Node, U: Node) -> Node:
    x = data(np.linspace(-1, 1, W.shape[1]))
    return -log(softmax(U @ relu(W @ x + b)))[0]


def _loss_of_arrays(W: Array, b: Array, U: Array) -> float:
    h = np.maximum(W @ np.linspace(-1, 1, W.shape[1]) + b, 0)
    o = U @ h
    e = np.exp(o - o.max())
    return -math.log(e[0] / e.sum())


def _lap(size: int, backward: Callable[[Any], object], seconds: float, clock: Callable[[], float]) -> Lap:
    inputs, hidden = WIDTHS[size]
    rng = np.random.default_rng(size)
    shapes = ((hidden, inputs), (hidden,), (2, hidden))
    arrays = [rng.uniform(-1, 1, shape) / np.sqrt(shape[-1]) for shape in shapes]

    def passed_back() -> None:
        W, b, U = (parameter(array) for array in arrays)
        backward(_loss(W, b, U))

    passed_back()  # whatever is slow the first time only
    times: list[float] = []
    begun = clock()
    while len(times) < 3 or (clock() - begun < seconds / 5 and len(times) < 50):
        before = clock()
        passed_back()
        times.append(clock() - before)
    moved, begun, h = 0, clock(), 1e-5
    for array in arrays:
        for place in np.ndindex(array.shape):
            kept = array[place]
            array[place] = kept + h
            up = _loss_of_arrays(*arrays)
            array[place] = kept - h
            _ = (up - _loss_of_arrays(*arrays)) / (2 * h)
            array[place] = kept
            moved += 1
            if clock() - begun > seconds:
                return Lap(size, (clock() - begun) * size / moved, min(times), moved)
    return Lap(size, clock() - begun, min(times), moved)


def race_picture(laps: Sequence[Lap], whose: str = "backward") -> Group:
    """What was measured: a sentence, both lines in a chart of powers of ten, and a table."""
    if not laps:
        said = "It was stopped before the first size was measured."
        return Group((Text(f"<p>{said}</p>", said),))
    last = laps[-1]
    words = [
        f"With {last.parameters:,} parameters: {_time(last.differences)} by moving each of them, "
        f"{_time(last.backward)} by one pass of {whose}: {_times(last)} times as fast."
    ]
    if last.moved < last.parameters:
        words.append(f"({last.moved:,} of the parameters were moved, and the time was scaled to all.)")
    ratio = LANGUAGE_MODEL / last.parameters
    words.append(
        f"Extended to a language model of {LANGUAGE_MODEL // 10**9} billion parameters, on this"
        f" machine: "
        f"{_time(last.differences * ratio**2)} for one gradient by moving each parameter, since there are"
        f" more to "
        f"move and each forward pass takes longer too; about {_time(last.backward * ratio)} by one pass back."
    )
    said = " ".join(words)
    powers = round(math.log10(laps[0].parameters))
    parts: list[Any] = [Text(f"<p>{escape(said)}</p>", said)]
    if len(laps) > 1:
        parts.append(
            line_chart(
                {
                    "moving each": [lap.differences for lap in laps],
                    "one pass back": [lap.backward for lap in laps],
                },
                x="number of parameters: 10 to the power of",
                y="seconds for one gradient",
                start=powers,
                log=True,
            )
        )
    head = ["parameters", "moving each of them", "one pass back", "times as fast"]
    rows = [
        [
            f"{lap.parameters:,}",
            _time(lap.differences) + ("" if lap.moved == lap.parameters else " (scaled)"),
            _time(lap.backward),
            _times(lap),
        ]
        for lap in laps
    ]
    return Group((*parts, Table("", head, rows)))


def _times(lap: Lap) -> str:
    """How many times as fast one pass back is, with two digits below 10."""
    ratio = lap.differences / lap.backward
    return f"{ratio:,.0f}" if ratio >= 10 else number(ratio, digits=2)


def _time(seconds: float) -> str:
    """A time as people say it.

    Examples
    --------
    >>> [_time(t) for t in (0.00012, 0.034, 0.0996, 4.2, 300, 9000, 2e5, 1e9)]
    ['0.12 ms', '34 ms', '100 ms', '4.2 s', '5 minutes', '2.5 hours', '2.3 days', '32 years']
    """
    for unit, size in (("years", 31_557_600.0), ("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= (2 if unit == "minutes" else 1) * size:
            many = seconds / size
            return f"{many:,.0f} {unit}" if many >= 10 else f"{number(many, digits=2)} {unit}"
    return f"{number(seconds, digits=2)} s" if seconds >= 1 else f"{number(1000 * seconds, digits=2)} ms"
