"""The exercise `numeric_gradient`: a gradient by moving each coordinate a little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import (
    Case,
    Exercise,
    Misconception,
    Part,
    Quantity,
    Recipe,
    WantedArray,
    mistakes,
    slopes,
    tenths,
)

from .numeric_edits import NUMERIC_GRADIENT, NUMERIC_MISTAKES
from .numeric_mistakes import (
    all_at_once,
    all_at_once_without_brackets,
    around_zero,
    first_alone,
    first_of_two,
    in_place,
    length,
    number_by_number,
    put_back_by_arithmetic,
    same_array_twice,
    two_numbers,
    two_numbers_by_name,
    with_a_tiny_step,
)
from .recipes import polynomial

Loss = Callable[[Any], float]

ROUGHLY = 2e-4
"""Where it is asked that each coordinate is moved, a slope may be taken on one side."""
EACH, BOTH, SHAPES = "each coordinate on its own", "a step to both sides", "any shape, and whole numbers"


def _numeric_gradient_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(
        part: str,
        theta: NDArray[Any],
        words: str,
        coefficients: tuple[Array, Array, Array, float],
        h: float | None = None,
    ) -> Case:
        f = polynomial(*coefficients)
        truth = slopes(f, theta.astype(np.float64), 1e-5 if h is None else h)
        arguments = {"f": Recipe("polynomial", coefficients, words), "theta": theta}
        label = f"{words}, at theta = {theta.tolist()}" + (f", with h = {h:g}" if h is not None else "")
        arguments |= {} if h is None else {"h": h}
        return Case(arguments, {"gradient": truth, "slopes": truth}, label, (part,))

    def drawn(part: str, theta: NDArray[Any], words: str, h: float | None = None) -> Case:
        cubes, squares, lines = (tenths(rng, theta.shape, 2, 9) for _ in range(3))
        return case(part, theta, words, (cubes, squares, lines, 0.5), h)

    def curved(part: str, theta: NDArray[Any], h: float | None = None) -> Case:
        # Of slopes below 1 and either sign: a wide step, a rounded slope and a lost sign show.
        cubes, squares = (np.reshape(one, theta.shape) for one in ([1.0, 0.0], [0.0, -1.0]))
        return case(part, theta, "f(θ) = θ₁³ − θ₂²", (cubes, squares, np.zeros(theta.shape), 0.0), h)

    none = np.zeros(2)
    squared, three = np.array([1.0, 0.0]), np.array([0.0, 3.0])
    yield case(EACH, np.array([1.0, 2.0]), "f(θ) = θ₁² + 3 θ₂", (none, squared, three, 0.0))
    yield case(EACH, np.array([2.0, -1.5]), "f(θ) = θ₁² + θ₁ θ₂", (none, squared, none, 1.0))
    yield drawn(EACH, tenths(rng, (3,)), "a function f of three numbers")
    yield drawn(EACH, tenths(rng, (4,)), "a function f of four numbers")
    yield curved(EACH, np.array([0.325, 0.3]))
    yield case(BOTH, np.array([1.0, -2.0]), "f(θ) = θ₁² + 3 θ₂", (none, squared, three, 0.0), 0.5)
    yield case(BOTH, np.array([2.0, 1.0]), "f(θ) = θ₁³", (squared, none, none, 0.0), 0.5)
    yield drawn(BOTH, tenths(rng, (3,)), "a function f of three numbers", 0.25)
    yield curved(BOTH, np.array([0.325, 0.3]), 0.25)
    yield drawn(SHAPES, tenths(rng, (2, 3)), "a function f of a table")
    yield drawn(SHAPES, np.array(float(tenths(rng, (1,), 5, 15)[0])), "a function f of a single number")
    yield drawn(SHAPES, tenths(rng, (2, 1, 2)), "a function f of an array with three axes")
    yield curved(SHAPES, np.array([[0.325], [0.3]]))
    yield drawn(SHAPES, np.array([1, 2, -1]), "a function f of three whole numbers")
    yield drawn(SHAPES, np.array([[2, -1], [-2, 1]]), "a function f of a table of whole numbers")


_ALL_AT_ONCE = (
    "theta + h moves every coordinate at the same time, so all the slopes are added up. How can one be moved"
    " while the others stay?"
)

numeric_gradient_exercise = Exercise(
    id="numeric_gradient",
    lesson="02",
    slide="Generalising to more dimensions",
    functions=("numeric_gradient",),
    signature=("f", "theta", "h"),
    quantities=(
        Quantity("gradient", None, WantedArray(ROUGHLY), because="moved to both sides"),
        Quantity("slopes", None, WantedArray(), because="(f(θ + h) − f(θ − h)) / 2h"),
    ),
    parts=(
        Part(EACH, 1, ("gradient",)),
        Part(BOTH, 1, ("slopes",)),
        Part(SHAPES, 1, ("gradient",)),
        Part("theta as it was", 1, arguments=True),
    ),
    cases=_numeric_gradient_cases,
    hints=(
        "Do what the worked example does, for one coordinate after the other: move it up, ask f; move it"
        " down, ask f; divide. What has to be true of all other coordinates meanwhile?",
        "Move a copy of theta that holds floats, so that theta stays as it is and a step is not cut off."
        " np.ndindex gives every place of an array of any shape: for place in np.ndindex(theta.shape).",
        "In the loop: keep the old value of copy[place]; set it to old + h, ask f(copy); set it to old −"
        " h, ask again; set it back to old. The difference over 2h goes into gradient[place], and gradient"
        " has theta's shape.",
    ),
    twin="slope_for_w, the slope along one of two numbers, in section 3",
    misconceptions=(
        *mistakes(NUMERIC_GRADIENT, NUMERIC_MISTAKES),
        Misconception(
            "a step too small",
            "A step of 1e-15 is lost: a float keeps 16 digits. Which h does the function get if nobody"
            " says one?",
            (with_a_tiny_step,),
        ),
        Misconception(
            "the length for the gradient",
            "You give the gradient's length. One slope for each coordinate is asked: what is in the"
            " array before that?",
            (length,),
        ),
        Misconception(
            "all coordinates at once",
            _ALL_AT_ONCE,
            (
                all_at_once(lambda theta, slope: slope),
                all_at_once(lambda theta, slope: np.full(theta.shape, slope)),
            ),
        ),
        Misconception(
            "all coordinates at once, and times h",
            _ALL_AT_ONCE,
            (all_at_once_without_brackets,),
            entire=True,  # with a tiny h it is nearly 0, as a forgotten answer is
        ),
        Misconception(
            "f of a single coordinate",
            "f takes all of theta, an array, and not one of its numbers. Which array, with one entry"
            " moved, can it be given?",
            (number_by_number,),
        ),
        Misconception(
            "put back by arithmetic",
            "θ + h − 2h + h is θ on paper; a float may differ in its last digit, so theta is not exactly"
            " what it was. What could be kept before the move, and put back after it?",
            (put_back_by_arithmetic,),
        ),
        Misconception(
            "theta itself is moved",
            "You move theta itself. If it holds whole numbers, the step is cut off; and it must be the"
            " same afterwards. What could be moved in its place?",
            (in_place(1), in_place(0), in_place(2)),
        ),
        Misconception(
            "two numbers for an array",
            "You hand f two numbers, as in the worked example. This f takes one array, of theta's"
            " shape: how is"
            " one of its entries moved?",
            (two_numbers, two_numbers_by_name),
        ),
        Misconception(
            "the slope of one coordinate alone",
            "You give one number, the slope of the first coordinate, as the worked example does for w. Where"
            " are the others?",
            (first_alone, first_of_two),
        ),
        Misconception(
            "the others set to 0",
            "All coordinates but one are 0 when you ask f. What should they be while one moves?",
            (around_zero(False), around_zero(True)),
        ),
        Misconception(
            "one array under two names",
            "Every slope is 0. Where above and below are two names of one array, what moves one moves the"
            " other. How is a second array made?",
            tuple(same_array_twice(itself, axis) for axis in (False, True) for itself in (False, True)),
            entire=True,
        ),
    ),
)
