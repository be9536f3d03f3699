"""The size of a minibatch against the noise of its gradient, and against time: measured, then drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import numpy as np

from lecture_lib.autodiff import compiled
from lecture_lib.common import norm, number
from lecture_lib.learning import (
    CLASSES,
    definitions,
    he,
    mlp_loss,
    mlp_parameters,
    normal,
    one_hot,
    sentences,
    vocabulary,
)
from lecture_lib.learning.progress_bar import bar
from lecture_lib.show import Line, Panel, Picture, side_by_side
from lecture_lib.show.colours import BLUE, ORANGE

SIZES = (1, 4, 16, 64, 256, 1024)


@dataclass(frozen=True)
class BatchSizes:
    """What was measured for each size of a minibatch.

    Attributes
    ----------
    sizes : B
    spreads : how far a minibatch's gradient is from the full one: the root of the mean squared distance
    full : the length of the full gradient
    seconds : the median time of one gradient
    texts : how many texts the data have
    """

    sizes: tuple[int, ...]
    spreads: tuple[float, ...]
    full: float
    seconds: tuple[float, ...]
    texts: int


def measure_batch_sizes(
    rng: np.random.Generator, *, draws: int = 40, progress_bar: bool = True
) -> BatchSizes:
    """Draw minibatches of real definitions, and measure their gradients by U, and how long each takes.

    Parameters
    ----------
    rng : numpy.random.Generator
        draws the parameters of the network, then the minibatches
    draws : int
        how many minibatches of the largest sizes; small ones, which vary more, are drawn ten times as often
    progress_bar : bool
        whether to show a bar

    Returns
    -------
    BatchSizes
    """
    train = definitions().train
    known = vocabulary((d.tokens for d in train), 2, unknown="column")
    params = mlp_parameters(
        len(known), 16, 16, 2, rng, initialise=he, initialise_E=partial(normal, scale=0.1)
    )
    texts, y = sentences([d.tokens for d in train], known), one_hot([d.label for d in train], CLASSES)
    gradients = compiled(mlp_loss).value_and_grad
    full = gradients(params, texts, y)[1]["U"]
    spreads: list[float] = []
    seconds: list[float] = []
    with closing(bar(sum(_draws(draws, size) for size in SIZES), "minibatches", progress_bar)) as steps:
        for size in SIZES:
            squares: list[float] = []
            times: list[float] = []
            for _ in range(_draws(draws, size)):
                batch = rng.integers(len(train), size=size)  # with repetition: each text is a fresh draw
                some, labels = texts[batch], y[batch]
                begun = perf_counter()
                d_U = gradients(params, some, labels)[1]["U"]
                times.append(perf_counter() - begun)
                squares.append(float(((d_U - full) ** 2).sum()))
                steps.advance(f"size {size}")
            spreads.append(math.sqrt(float(np.mean(squares))))
            seconds.append(float(np.median(times)))
    return BatchSizes(SIZES, tuple(spreads), norm(full), tuple(seconds), len(train))


def _draws(draws: int, size: int) -> int:
    return draws * min(10, max(1, 256 // size))


def show_batch_sizes(measured: BatchSizes) -> Picture:
    """Draw noise and time by the size of the minibatch; both axes in powers of ten.

    Parameters
    ----------
    measured : BatchSizes

    Returns
    -------
    Picture
    """
    powers = [math.log10(size) for size in measured.sizes]
    expected = [measured.spreads[0] / math.sqrt(size) for size in measured.sizes]
    by_text = [measured.seconds[0] * size for size in measured.sizes]
    said = ". ".join(
        f"Size {size}: noise {number(spread, digits=2)}, that of size 1 / √{size} is "
        f"{number(law, digits=2)}; {number(1000 * time, digits=2)} ms, "
        f"{number(1000 * time / size, digits=2)} ms a text"
        for size, spread, law, time in zip(
            measured.sizes, measured.spreads, expected, measured.seconds, strict=True
        )
    )
    words = (
        f"Measured on {measured.texts} texts, where the full gradient is "
        f"{number(measured.full, digits=2)} long. "
        f"{said}."
    )
    noise = Panel(
        "the noise of the gradient",
        "size of the minibatch, B",
        "distance from the full gradient",
        (-0.2, 3.3),
        _around([*measured.spreads, *expected]),
        (
            Line("noise of size 1 / √B", powers, _logs(expected), ORANGE, "7 4"),
            *_measured(powers, measured.spreads),
        ),
        x_powers=True,
        y_powers=True,
    )
    time = Panel(
        "the time of one step's gradient, on this machine",
        "size of the minibatch, B",
        "milliseconds",
        (-0.2, 3.3),
        _around([1000 * t for t in (*measured.seconds, *by_text)]),
        (
            Line("B × the time of one text", powers, _logs([1000 * t for t in by_text]), ORANGE, "7 4"),
            *_measured(powers, [1000 * t for t in measured.seconds]),
        ),
        x_powers=True,
        y_powers=True,
    )
    return side_by_side((noise, time), words)


def _measured(powers: Sequence[float], values: Sequence[float]) -> tuple[Line, ...]:
    """The measured values, marked and joined."""
    logs = _logs(values)
    return Line("measured", powers, logs, BLUE), Line("", powers, logs, BLUE, marker="circle")


def _logs(values: Sequence[float]) -> list[float]:
    return [math.log10(value) for value in values]


def _around(values: Sequence[float]) -> tuple[float, float]:
    """Whole powers of ten around the values, four at least: then the ticks are whole powers too."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return float(low), float(max(high, low + 4))
