"""The exercise `numeric_gradient`: a gradient by moving each coordinate a little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from lecture_lib.exercises.edits import Edit, RightAnswer, mistakes
from lecture_lib.exercises.exercise import Array, Case, Exercise, Misconception, Part, Quantity
from lecture_lib.exercises.oracles import slopes, tenths
from lecture_lib.exercises.plain import Recipe

from .recipes import polynomial

FloatArray = NDArray[np.float64]
Loss = Callable[[Any], float]

ROUGHLY = 2e-3
"""Where it is asked that each coordinate is moved, a slope may be taken on one side."""
EACH, BOTH, SHAPES = "each coordinate on its own", "a step to both sides", "any shape, and whole numbers"


def _numeric_gradient_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(
        part: str,
        theta: NDArray[Any],
        words: str,
        coefficients: tuple[FloatArray, FloatArray, FloatArray, float],
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

    none = np.zeros(2)
    squared, three = np.array([1.0, 0.0]), np.array([0.0, 3.0])
    yield case(EACH, np.array([1.0, 2.0]), "f(θ) = θ₁² + 3 θ₂", (none, squared, three, 0.0))
    yield case(EACH, np.array([2.0, -1.5]), "f(θ) = θ₁² + θ₁ θ₂", (none, squared, none, 1.0))
    yield drawn(EACH, tenths(rng, (3,)), "a function f of three numbers")
    yield drawn(EACH, tenths(rng, (4,)), "a function f of four numbers")
    yield case(BOTH, np.array([1.0, -2.0]), "f(θ) = θ₁² + 3 θ₂", (none, squared, three, 0.0), 0.5)
    yield case(BOTH, np.array([2.0, 1.0]), "f(θ) = θ₁³", (squared, none, none, 0.0), 0.5)
    yield drawn(BOTH, tenths(rng, (3,)), "a function f of three numbers", 0.25)
    yield drawn(SHAPES, tenths(rng, (2, 3)), "a function f of a table")
    yield drawn(SHAPES, np.array(float(tenths(rng, (1,), 5, 15)[0])), "a function f of a single number")
    yield drawn(SHAPES, tenths(rng, (2, 1, 2)), "a function f of an array with three axes")
    yield drawn(SHAPES, np.array([1, 2, -1]), "a function f of three whole numbers")
    yield drawn(SHAPES, np.array([[2, -1], [-2, 1]]), "a function f of a table of whole numbers")


NUMERIC_GRADIENT = RightAnswer(
    "numeric_gradient",
    """
    def numeric_gradient(f, theta, h=1e-5):
        moved = np.array(theta, dtype=float)
        gradient = np.zeros(moved.shape)
        for place in np.ndindex(moved.shape):
            before = moved[place]
            moved[place] = before + h
            above = f(moved)
            moved[place] = before - h
            below = f(moved)
            moved[place] = before
            gradient[place] = (above - below) / (2 * h)
        return gradient
    """,
)
_QUOTIENT = "(above - below) / (2 * h)"
_OWN, _BACK = "moved = np.array(theta, dtype=float)", "        moved[place] = before\n"
_ITSELF = "moved = theta if theta.dtype == float else theta.astype(float)"
NUMERIC_MISTAKES = (
    Edit("one side alone", ({"before - h": "before", "(2 * h)": "h"},
                            {"before + h": "before", "(2 * h)": "h"}),
         "You take the slope between θ and one neighbour, which leans to that side. Which two places does the"
         " formula take?"),
    Edit("one side alone, divided by 2h", ({"before - h": "before"}, {"before + h": "before"}),
         "You move to one side only and divide by 2h. How far apart are the two places that you compare?"),
    Edit("two steps to one side", ({"before + h": "before + 2 * h", "before - h": "before"},
                                   {"before + h": "before", "before - h": "before - 2 * h"}),
         "You move by 2h to one side. The formula compares one place on each side of θ: which two?"),
    Edit("half the step", {"before + h": "before + h / 2", "before - h": "before - h / 2", "(2 * h)": "h"},
         "You move by h/2. It is a slope to both sides, and not the one that is asked: how far does the"
         " formula move θ?"),
    Edit("twice the step", {"before + h": "before + 2 * h", "before - h": "before - 2 * h"},
         "You move by 2h to each side and divide by 2h. How far apart are the two places then?"),
    Edit("divided by h twice", ({_QUOTIENT: "(above - below) / h**2"},
                                {_QUOTIENT: "(above - below) / (2 * h**2)"},
                                {_QUOTIENT: "(above - below) / (2 * h) ** 2"}),
         "There is an h too many below the line. How far apart are the two places that you compare?"),
    Edit("no sign", ({_QUOTIENT: "abs(above - below) / (2 * h)"},),
         "You take the difference without its sign. What does the sign of a slope say?"),
    Edit("a share of theta for the step", {"before + h": "before * (1 + h)",
                                           "before - h": "before * (1 - h)"},
         "You move each coordinate by a share of itself, and divide by 2h. How far has it been moved?"),
    Edit("divides by h", {"(2 * h)": "h"},
         "You divide by h alone. How far apart are θ + h and θ − h?"),
    Edit("not divided by the step", {_QUOTIENT: "above - below"},
         "You give by how much f changes. A slope is a change for each unit of the step: which division is"
         " missing?"),
    Edit("divided by 2 alone", {"(2 * h)": "2"},
         "A slope that is divided by 2 alone shrinks with h. How far apart are θ + h and θ − h?"),
    Edit("brackets left out above", {_QUOTIENT: "above - below / (2 * h)"},
         "Python divides before it subtracts: only the second value is divided. Where do brackets belong?"),
    Edit("brackets left out below", {"(2 * h)": "2 * h"},
         "a / 2 * h divides by 2 and then multiplies by h. Where do brackets belong?"),
    Edit("brackets left out twice", {_QUOTIENT: "above - below / 2 * h"},
         "Python divides and multiplies before it subtracts. Which brackets does the fraction need, above and"
         " below the line?"),
    Edit("the sign exchanged", {"(above - below)": "(below - above)"},
         "Every slope has the other sign. Which of the two values is taken away from which?"),
    Edit("the values added", {"above - below": "above + below"},
         "You add the two values of f. A slope comes from their difference: which sign stands between them?"),
    Edit("h not used", {_OWN: "h = 1e-5\n    " + _OWN},
         "With another h you give what you would give with 1e-5. Is h, the third argument, what you move"
         " by?"),
    Edit("the step too small by default", {"h=1e-5": "h=1e-15"},
         "With a step of 1e-15 rounding is all that is left. Which h is asked where nobody says one?"),
    Edit("only the first coordinate", ({"    return gradient": "        return gradient"},
                                       {_QUOTIENT: f"{_QUOTIENT}\n        break"}),
         "Only the first place gets a slope, the others stay 0. When does the loop end, or the function"
         " return?"),
    Edit("theta stays changed", ({_BACK: ""}, {_OWN: _ITSELF, _BACK: ""}),
         "A coordinate that has been moved stays moved, so the next slope is taken at another place. When is"
         " the old value put back?"),
    Edit("whole numbers cut the step off", (
            {"dtype=float": "copy=True"},
            {"dtype=float": "copy=True", "np.zeros(moved.shape)": "np.zeros_like(moved)"},
            {_OWN: "moved = theta"},
            {_OWN: "moved = theta", "np.zeros(moved.shape)": "np.zeros_like(moved)"}),
         "An array of whole numbers stays one: 1 + 0.00001 is cut to 1 when it is put in. Of which type"
         " should the array be that you move?"),
    Edit("the result in whole numbers", ({"np.zeros(moved.shape)": "np.zeros_like(theta)"},
                                         {"return gradient": "return gradient.astype(theta.dtype)"}),
         "For whole numbers your slopes are whole numbers, too: cut off. Of which type is the array that you"
         " collect them in?"),
    Edit("flattened", {"return gradient": "return gradient.ravel()"},
         "The slopes are in one row. Which shape has theta, and so its gradient?"),
    Edit("transposed", {"return gradient": "return gradient.T"},
         "Rows and columns are exchanged. Which slope belongs at the place [0, 1]?"),
    Edit("a sum for the gradient", {"return gradient": "return gradient.sum()"},
         "You add the slopes up to one number. Which shape is asked?"),
    Edit("divided by how many there are", {"(2 * h)": "(2 * h * max(1, moved.size))"},
         "Each slope is divided by the number of coordinates. Does one partial derivative know how many"
         " others there are?"),
    Edit("only the last slope", {"gradient[place] = ": "gradient = "},
         "You give one number, the slope of the last coordinate. Where does each slope of the loop go?"),
    Edit("a running sum", {"gradient[place] = ": "gradient[...] += "},
         "Each place gets the slopes of other coordinates too. Which slope belongs there?"),
    Edit("theta after a step", tuple({"return gradient": f"return theta - {rate:g} * gradient"}
                                     for rate in (1, 0.1, 0.01)),
         "You give theta after a step of gradient descent. The gradient itself is asked: what comes before"
         " the step?"),
    Edit("values, not slopes", {_QUOTIENT: "above"},
         "You give f at the moved place. What is to be done with the two values of f?"),
)  # fmt: skip


def _all_at_once(answer: Callable[[NDArray[Any], float], object]) -> Callable[..., object]:
    def numeric_gradient(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
        return answer(theta, (f(theta + h) - f(theta - h)) / (2 * h))

    return numeric_gradient


def _all_at_once_without_brackets(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    return (f(theta + h) - f(theta - h)) / 2 * h


def _with_a_tiny_step(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    return NUMERIC_GRADIENT(f, theta, 1e-15)


def _length(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    return float(np.linalg.norm(cast("FloatArray", NUMERIC_GRADIENT(f, theta, h))))


def _number_by_number(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    return np.array([(f(x + h) - f(x - h)) / (2 * h) for x in theta])


def _along_the_first_axis(copied: bool, restored: bool = True) -> Callable[..., object]:
    """Return a gradient that counts by len(theta): rows of a table move together, a number has no len."""

    def numeric_gradient(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
        gradient = np.zeros(len(theta)) if copied else np.zeros(theta.shape)
        for i in range(len(theta)):
            above, below = theta.astype(float), theta.astype(float)
            above[i] += h
            below[i] -= h
            gradient[i] = (f(above) - f(below)) / (2 * h)
        return gradient

    return numeric_gradient


def _by_size(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    gradient = np.zeros(theta.size)
    for i in range(theta.size):
        above, below = theta.astype(float), theta.astype(float)
        above[i] += h
        below[i] -= h
        gradient[i] = (f(above) - f(below)) / (2 * h)
    return gradient


def _rows_and_columns(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    gradient = np.zeros(theta.shape)
    for i in range(theta.shape[0]):
        for j in range(theta.shape[1]):
            above, below = theta.astype(float), theta.astype(float)
            above[i, j] += h
            below[i, j] -= h
            gradient[i, j] = (f(above) - f(below)) / (2 * h)
    return gradient


def _put_back_by_arithmetic(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    moved = theta if theta.dtype == float else theta.astype(float)
    gradient = np.zeros(moved.shape)
    for place in np.ndindex(moved.shape):
        moved[place] += h
        above = f(moved)
        moved[place] -= 2 * h
        gradient[place] = (above - f(moved)) / (2 * h)
        moved[place] += h
    return gradient


def _in_place(restore: float) -> Callable[..., object]:
    """Return a gradient that moves theta itself, whole numbers too, and adds so many h at the end."""

    def numeric_gradient(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
        gradient = np.zeros(theta.shape)
        for place in np.ndindex(theta.shape):
            theta[place] += h
            above = f(theta)
            theta[place] -= 2 * h
            gradient[place] = (above - f(theta)) / (2 * h)
            theta[place] += restore * h
        return gradient

    return numeric_gradient


def _two_numbers(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    two = cast("Callable[..., float]", f)
    return (two(theta[0] + h, theta[1]) - two(theta[0] - h, theta[1])) / (2 * h)


def _two_numbers_by_name(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    two = cast("Callable[..., float]", f)
    w, b = theta
    return (two(w + h, b) - two(w - h, b)) / (2 * h)


def _around_zero(whole: bool) -> Callable[..., object]:
    """Return a gradient in which all other coordinates are 0; `whole`: and the moved one is h alone."""

    def numeric_gradient(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
        gradient = np.zeros(theta.shape)
        for place in np.ndindex(theta.shape):
            above, below = np.zeros(theta.shape), np.zeros(theta.shape)
            above[place] = h if whole else theta[place] + h
            below[place] = -h if whole else theta[place] - h
            gradient[place] = (f(above) - f(below)) / (2 * h)
        return gradient

    return numeric_gradient


def _first_of_two(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    w, b = theta
    return (f([w + h, b]) - f([w - h, b])) / (2 * h)


def _first_alone(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    return cast("FloatArray", NUMERIC_GRADIENT(f, theta, h)).ravel()[0]


def _same_array_twice(f: Loss, theta: NDArray[Any], h: float = 1e-5) -> object:
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(theta.shape):
        above = below = theta.astype(float)
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


numeric_gradient_exercise = Exercise(
    id="numeric_gradient",
    lesson="02",
    slide="Generalising to more dimensions",
    asks="numeric_gradient(f, theta, h=1e-5) gives an array of theta's shape: (f(θ + h) − f(θ − h)) / 2h"
    " for each coordinate, while the others stay.",
    functions=("numeric_gradient",),
    signature=("f", "theta", "h"),
    quantities=(
        Quantity("gradient", None, Array(ROUGHLY), because="moved to both sides"),
        Quantity("slopes", None, Array(), because="(f(θ + h) − f(θ − h)) / 2h"),
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
            (_with_a_tiny_step,),
        ),
        Misconception(
            "the length for the gradient",
            "You give the gradient's length. One slope for each coordinate is asked: what is in the"
            " array before that?",
            (_length,),
        ),
        Misconception(
            "all coordinates at once",
            "theta + h moves every coordinate at the same time, so all the slopes are added up. How can"
            " one be moved while the others stay?",
            (
                _all_at_once(lambda theta, slope: slope),
                _all_at_once(lambda theta, slope: np.full(theta.shape, slope)),
                _all_at_once_without_brackets,
            ),
        ),
        Misconception(
            "f of a single coordinate",
            "f takes all of theta, an array, and not one of its numbers. Which array, with one entry"
            " moved, can it be given?",
            (_number_by_number,),
        ),
        Misconception(
            "only one axis",
            "Your loop counts along the first axis, so the rows of a table move as a whole, and a single"
            " number has no length. How can every place of any shape be visited?",
            (_along_the_first_axis(False), _along_the_first_axis(True), _by_size),
        ),
        Misconception(
            "only two axes",
            "Your loops count rows and columns. How can every place be visited, however many axes there are?",
            (_rows_and_columns,),
        ),
        Misconception(
            "put back by arithmetic",
            "θ + h − 2h + h is θ on paper; a float may differ in its last digit, so theta is not exactly"
            " what it was. What could be kept before the move, and put back after it?",
            (_put_back_by_arithmetic,),
        ),
        Misconception(
            "theta itself is moved",
            "You move theta itself. If it holds whole numbers, the step is cut off; and it must be the"
            " same afterwards. What could be moved in its place?",
            (_in_place(1), _in_place(0), _in_place(2)),
        ),
        Misconception(
            "two numbers for an array",
            "You hand f two numbers, as in the worked example. This f takes one array, of theta's"
            " shape: how is"
            " one of its entries moved?",
            (_two_numbers, _two_numbers_by_name),
        ),
        Misconception(
            "the slope of one coordinate alone",
            "You give one number, the slope of the first coordinate, as the worked example does for w. Where"
            " are the others?",
            (_first_alone, _first_of_two),
        ),
        Misconception(
            "the others set to 0",
            "All coordinates but one are 0 when you ask f. What should they be while one moves?",
            (_around_zero(False), _around_zero(True)),
        ),
        Misconception(
            "one array under two names",
            "above and below are two names of one array: what moves one moves the other. How is a second"
            " array made?",
            (_same_array_twice,),
        ),
    ),
)
