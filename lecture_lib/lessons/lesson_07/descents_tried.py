"""The descents on which lesson 07 tries a loop, and where each of them ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import Case, Recipe, tenths

from .recipes import CRITERIA

STEPS, STOPS, KEPT = "max_steps steps", "stops when stop says so", "theta0 as it was"
ASKED = "calls of stop"


def _way(
    theta0: Array,
    curvatures: Array,
    centres: Array,
    coupling: float,
    rate: float,
    max_steps: int,
) -> list[Array]:
    """θ₀ to the last θ, without a loop over updates: each step is one matrix, θ beside a 1 that carries c."""
    size = theta0.size
    hessian = np.diag(curvatures.ravel()) + coupling
    product = np.eye(size + 1)
    start = np.append(theta0.ravel(), 1.0)
    way = [theta0]
    for number in range(max_steps):
        step = np.eye(size + 1)
        step[:size, :size] -= rate * hessian
        step[:size, size] = rate * hessian @ centres[number % len(centres)].ravel()
        product = step @ product
        way.append((product @ start)[:size].reshape(theta0.shape))
    return way


def _descent(
    theta0: Array,
    curvatures: Array,
    centres: Array,
    coupling: float,
    rate: float,
    stop: Recipe,
    max_steps: int,
    words: str,
) -> Case:
    """A call, and where it ends: at the first step that meets the criterion, or at the last."""
    way = _way(theta0, curvatures, centres, coupling, rate, max_steps)
    criterion = CRITERIA[stop.name](*stop.parts)
    met = (step for step in range(1, max_steps + 1) if criterion(way[step - 1], way[step], step))
    last = next(met, max_steps)
    label = (
        f"{words}, theta0 = {theta0.tolist()}, learning_rate = {rate:g}, stop is {stop.words},"
        f" max_steps = {max_steps}"
    )
    return Case(
        {
            "gradient": Recipe("gradient_of_batches", (curvatures, centres, coupling), words),
            "theta0": theta0,
            "learning_rate": rate,
            "stop": stop,
            "max_steps": max_steps,
        },
        {"theta": way[last], ASKED: {"times": last, "on": label}},
        label,
        (STEPS if stop.name == "never" else STOPS, KEPT),
    )


def _bowl(theta0: list[float], rate: float, stop: Recipe, max_steps: int) -> Case:
    """A descent that can be followed in the head."""
    start = np.array(theta0)
    ones, nothing = np.ones(start.shape), np.zeros((1, *start.shape))
    return _descent(start, ones, nothing, 0.0, rate, stop, max_steps, "gradient(θ) = θ")


_NEVER = Recipe("never", (), "never True")
_REST = Recipe("at_rest", (1.0,), "True when an update is shorter than 1")
_RISING = Recipe("rising", (), "True when the sum has grown")


def _at(step: int) -> Recipe:
    return Recipe("at_step", (step,), f"True from step {step} on")


def descents(rng: np.random.Generator, student: str) -> Iterator[Case]:
    """Yield the calls that a loop is tried on."""

    def drawn(shape: tuple[int, ...], batches: int, stop: Recipe, max_steps: int) -> Case:
        curvatures = np.abs(tenths(rng, shape, 5, 15))
        words = "a gradient" if batches == 1 else "a gradient of the next batch at each call"
        centres = tenths(rng, (batches, *shape), 1, 10)
        rate = float(rng.integers(10, 30)) / 100
        return _descent(tenths(rng, shape, 20, 40), curvatures, centres, 0.3, rate, stop, max_steps, words)

    yield _bowl([4.0, -2.0], 0.5, _NEVER, 1)
    yield _bowl([4.0, -2.0], 0.5, _NEVER, 2)
    yield _bowl([8.0, 4.0], 0.5, _at(1), 5)
    yield _bowl([8.0, 4.0], 0.5, _at(3), 5)
    yield _bowl([8.0, -8.0], 0.5, Recipe("below", (3.0,), "True when all are below 3 in size"), 9)
    yield _bowl([8.0, 4.0], 0.5, _at(4), 4)
    yield _bowl([8.0, 4.0], 0.5, _at(5), 4)
    yield _bowl([8.0, 4.0], 0.5, _REST, 9)
    yield drawn((3,), 1, _NEVER, 12)
    yield drawn((2, 2), 1, _NEVER, int(rng.integers(4, 9)))
    yield drawn((2,), 3, _NEVER, int(rng.integers(10, 14)))
    yield drawn((3,), 1, _at(int(rng.integers(3, 6))), 8)
    yield drawn((2, 3), 1, _REST, 20)
    yield drawn((4,), 1, _REST, 20)
    yield _bowl([-8.0, 4.0], 0.25, _RISING, 6)
    yield drawn((3,), 1, Recipe("below", (1.5,), "True when all are below 1.5 in size"), 60)
    yield drawn((2,), 1, Recipe("at_rest", (0.5,), "True when an update is shorter than 0.5"), 20)
    yield drawn((3,), 2, _RISING, 90)
    yield drawn((2,), 4, _at(int(rng.integers(6, 9))), 12)
    yield drawn((2, 2), 2, _at(int(rng.integers(2, 5))), 6)
