"""The gradient check of lesson 04, as an exercise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lecture_lib.autodiff import gradient_error
from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import (
    Case,
    Edit,
    Exercise,
    Misconception,
    Part,
    Quantity,
    Recipe,
    RightAnswer,
    WantedNumber,
    mistakes,
    one_at_a_time,
)

from .rule_mistakes import some_numbers

_SMALL, _LARGE = "small gradients", "large gradients"


def _check_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(part: str, weights: Array, slopes_: Array, errors: Array, theta: Array) -> Case:
        true = weights * theta + slopes_
        largest = max(
            abs(error) / max(1.0, abs(right + error), abs(right))
            for error, right in zip(errors.ravel().tolist(), true.ravel().tolist(), strict=True)
        )
        return Case(
            {
                "f": Recipe("curved", (weights, slopes_), "f(θ) = Σ (w θ² / 2 + s θ)"),
                "gradient": Recipe("gradient off", (weights, slopes_, errors), _off_words(errors)),
                "theta": theta,
            },
            {"error": largest},
            parts=(part,),
        )

    zeros = np.zeros(2)
    yield case(_SMALL, np.array([0.1, 0.2]), zeros, np.array([0.0, 0.3]), np.array([1.0, -1.0]))
    yield case(_SMALL, np.array([0.1, 0.2]), zeros, np.array([-1 / 3, 0.1]), np.array([1.0, -1.0]))
    yield case(_SMALL, np.array([0.1, 0.0]), zeros, zeros, np.array([1.0, -1.0]))
    yield case(_LARGE, np.array([10.0, 20.0]), zeros, np.array([0.0, 5.0]), np.array([1.0, 2.0]))
    yield case(_LARGE, np.array([10.0, 20.0]), zeros, np.array([4.0, -20.0]), np.array([-1.0, -2.0]))
    # f is large: with a tiny h its digits run out
    yield case(_LARGE, np.array([10.0, 20.0]), zeros, zeros, np.array([30.0, 20.0]))
    yield case(_LARGE, np.array([10.0, 20.0]), zeros, np.array([-18.0, 1.0]), np.array([1.0, 2.0]))
    for part, weights in ((_SMALL, np.array([0.3, -0.2])), (_LARGE, np.array([9.0, 12.0]))):
        yield Case(
            {
                "f": Recipe("cubic", (weights, zeros), "f(θ) = Σ w θ³ / 3"),
                "gradient": Recipe("cubic gradient", (weights, zeros), "its gradient"),
                "theta": np.array([1.0, 0.5]),
            },
            {"error": 0.0},
            parts=(part,),
        )
    for shape in ((3,), (2, 3), (2, 1, 2), ()):
        theta, signs = some_numbers(rng, *shape), np.sign(some_numbers(rng, *shape))
        small, large = some_numbers(rng, *shape) / 20, some_numbers(rng, *shape)  # below 1 together; above 1
        yield case(_SMALL, small, small[::-1] if shape else small, signs * rng.random(shape) / 3, theta)
        yield case(_LARGE, 20 * (large + np.sign(large)), 0 * theta, 9 * signs * rng.random(shape), theta)


def _off_words(errors: Array) -> str:
    if not np.any(errors):
        return "its gradient"
    off = np.round(errors, 3) + 0.0
    return f"its gradient + {off.tolist()}" if off.size <= 6 else "its gradient, with errors"


CHECK = RightAnswer(
    "gradient_check",
    """
    def numeric(f, theta, h=1e-5):
        n = np.zeros(np.shape(theta))
        for i in np.ndindex(np.shape(theta)):
            up, down = theta.copy(), theta.copy()
            up[i] += h
            down[i] -= h
            n[i] = (f(up) - f(down)) / (2 * h)
        return n

    def gradient_check(f, gradient, theta):
        a = gradient(theta)
        n = numeric(f, theta)
        error = np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))
        return np.max(error)
    """,
)
_SIZE = "np.maximum(1, np.maximum(np.abs(a), np.abs(n)))"
_ERROR = "np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))"


def _library_check(f: Callable[..., Any], gradient: Callable[..., Any], theta: Any) -> float:
    return gradient_error(f, gradient, theta)


gradient_check = Exercise(
    id="gradient_check",
    lesson="04",
    slide="Back-propagation",
    functions=("gradient_check",),
    signature=("f", "gradient", "theta"),
    quantities=(Quantity("error", None, WantedNumber(tolerance=1e-4, absolute=True)),),
    parts=(Part(_SMALL, 1, ("error",)), Part(_LARGE, 1, ("error",))),
    cases=_check_cases,
    hints=(
        "Two arrays are needed first: a, what gradient says at theta, and n, what moving theta says. You have"
        " a function for n already: numeric_gradient(f, theta).",
        "The formula is meant for each entry, so all of it can be done on whole arrays. np.maximum takes the"
        " larger of two, entry by entry; of three numbers it takes two calls.",
        "At the end there is one array with an error for each entry, and one number is asked: np.max takes"
        " the largest of an array. Look at the signs: which three values have bars in the formula?",
    ),
    twin="the cell that compares two lists of numbers, just before the exercise",
    may_use=("numeric_gradient",),
    misconceptions=(
        *mistakes(
            CHECK,
            (
                Edit(
                    "absolute error",
                    {_ERROR: "np.abs(a - n)"},
                    "You measure the difference itself. Is 0.01 as bad for a gradient of 1000 as for one"
                    " of 0.02?",
                ),
                Edit(
                    "the bare difference",
                    ({_ERROR: "a - n"}, {_ERROR: "n - a"}),
                    "You take the differences themselves, with their signs. Which bars of the formula are"
                    " missing, and what stands in it below the line?",
                ),
                Edit(
                    "no absolute value",
                    ({"np.abs(a - n)": "(a - n)"}, {"np.abs(a - n)": "(n - a)"}),
                    "An entry that is too small gives a negative error, and a negative number is never the"
                    " largest. Which bars of the formula are missing?",
                ),
                Edit(
                    "mean for max",
                    ({"np.max(error)": "np.mean(error)"}, {"np.max(error)": "np.median(error)"}),
                    "In a mean or a median, one wrong entry among a million cannot be seen. Which one should"
                    " be reported?",
                ),
                Edit(
                    "sum for max",
                    ({"np.max(error)": "np.sum(error)"}, {"np.max(error)": "np.linalg.norm(error)"}),
                    "All errors go into your number, so that a longer gradient looks worse. Which one of them"
                    " is asked?",
                ),
                Edit(
                    "np.minimum below",
                    {_SIZE: "np.minimum(1, np.maximum(np.abs(a), np.abs(n)))"},
                    "Below the line you take the smaller of 1 and the entries. What does the formula's max"
                    " take, and what becomes of an entry that is nearly 0?",
                ),
                Edit(
                    "the loss for its gradient",
                    {"a = gradient(theta)": "a = f(theta)"},
                    "f(theta) is the loss itself, one number. Which of the arguments gives the gradient that"
                    " is to be checked?",
                ),
                Edit(
                    "as two lengths",
                    {_ERROR: "np.linalg.norm(a - n) / max(1, np.linalg.norm(a), np.linalg.norm(n))"},
                    "You compare the two as whole vectors, by their lengths. The formula is for each entry:"
                    " when is the largest taken?",
                ),
                Edit(
                    "min for max",
                    {"np.max(error)": "np.min(error)"},
                    "This is the best entry. Which one would you want to hear of?",
                ),
            ),
        ),
        *one_at_a_time(
            CHECK,
            (
                Edit(
                    "no absolute value below",
                    {"np.maximum(np.abs(a), np.abs(n))": "np.maximum(a, n)"},
                    "A gradient of −1000 is large too. What do the bars in the denominator say?",
                ),
                Edit(
                    "numeric against numeric",
                    ({"a = gradient(theta)": "a = numeric(f, theta)"}, {"a - n": "a - a"}),
                    "Your error is 0 for every gradient. Is the gradient that is to be checked used at all?",
                ),
                Edit(
                    "another definition",
                    (
                        {_ERROR: "np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))"},
                        {_ERROR: "np.linalg.norm(a - n) / max(np.linalg.norm(a), np.linalg.norm(n))"},
                        {_ERROR: "np.linalg.norm(a - n) / np.linalg.norm(a + n)"},
                    ),
                    "This is a good measure, and another one: it compares the two as whole vectors, as some"
                    " courses do. Here each entry is asked by itself, and the worst of them: what stands"
                    " in the"
                    " formula below the line?",
                ),
                Edit(
                    "only one of the two below",
                    (
                        {"np.maximum(np.abs(a), np.abs(n))": "np.abs(a)"},
                        {"np.maximum(np.abs(a), np.abs(n))": "np.abs(n)"},
                        {"np.maximum(np.abs(a), np.abs(n))": "np.abs(a), np.abs(n)"},
                    ),
                    "Of |a| and |n| only one counts below the line (np.maximum compares two arrays,"
                    " and takes a"
                    " third for its result). How is the largest of three found by two calls?",
                ),
                Edit(
                    "minimum for maximum",
                    {
                        "np.maximum(1, np.maximum(np.abs(a), np.abs(n)))": "np.minimum(1,"
                        " np.minimum(np.abs(a),"
                        " np.abs(n)))"
                    },
                    "The smallest of the three stands below the line. Which one does the formula take?",
                ),
                Edit(
                    "a step of the wrong size",
                    tuple({"h=1e-5": f"h={h}"} for h in ("0.1", "0.5", "1.0", "0.05", "1e-15", "1e-14")),
                    "Your numeric gradient is not exact enough: a right gradient gets an error that can be"
                    " seen. In lesson 02 you saw the error for every h: which h lies at the bottom of the V?",
                ),
                Edit(
                    "the numeric gradient twice as large",
                    {"(2 * h)": "h"},
                    "Your numeric gradient is twice the slope. How far apart are the two places where f is"
                    " taken?",
                ),
                Edit(
                    "as a whole",
                    {
                        _ERROR: "np.max(np.abs(a - n)) / max(1, np.max(np.abs(a)), np.max(np.abs(n)))",
                    },
                    "The largest difference is divided by the largest entry, which may be another one. The"
                    " formula is for each entry: when is the largest taken?",
                ),
                Edit(
                    "one entry alone",
                    (
                        {"np.max(error)": "np.ravel(error)[0]"},
                        {"np.max(error)": "np.ravel(error)[-1]"},
                        {"np.max(error)": "error[0]"},
                    ),
                    "You give the error of one entry, the first or the last. Which of all errors is asked?",
                ),
                Edit(
                    "where the largest is",
                    {"np.max(error)": "np.argmax(error)"},
                    "You give the place of the largest error. Its size is asked.",
                ),
                Edit(
                    "the difference squared",
                    ({"np.abs(a - n)": "(a - n) ** 2"}, {_ERROR: "(a - n) ** 2"}),
                    "The difference is squared. What do the bars above the line do with it?",
                ),
                Edit(
                    "a sum above",
                    {"np.abs(a - n)": "np.abs(a + n)"},
                    "You add a and n. Two numbers are compared by which sign?",
                ),
                Edit(
                    "the sizes compared",
                    {"np.abs(a - n)": "np.abs(np.abs(a) - np.abs(n))"},
                    "You compare |a| and |n|: a gradient with the wrong sign passes. What stands between the"
                    " bars above the line?",
                ),
                Edit(
                    "brackets left out",
                    {
                        "np.abs(a - n) /": "np.abs(a - n /",
                        "np.maximum(np.abs(a), np.abs(n)))": "np.maximum(np.abs(a), np.abs(n))))",
                    },
                    "Only n is divided. Which bracket closes before the line of the fraction?",
                ),
                Edit(
                    "gradient not called",
                    {"a = gradient(theta)": "a = gradient"},
                    "gradient is a function, and nothing can be taken away from a function. What does one"
                    " write behind its name to get the array, and for which θ?",
                ),
                Edit(
                    "the loss for the numeric gradient",
                    {"n = numeric(f, theta)": "n = f(theta)"},
                    "f(theta) is the loss itself. What measures its gradient?",
                ),
                Edit(
                    "one over the other",
                    ({_ERROR: "a / n"}, {_ERROR: "n / a"}),
                    "You divide one gradient by the other. What is asked is how far they are apart:"
                    " what stands"
                    " above the line?",
                ),
                Edit(
                    "the worked example's numbers for arrays",
                    (
                        {_ERROR: "abs(a - n) / max(1, abs(a), abs(n))"},
                        {_ERROR: "abs(a - n) / np.max([1, abs(a), abs(n)])"},
                    ),
                    "The worked example's line is for two numbers. Here a and n are arrays: which function of"
                    " NumPy takes the larger of two, entry by entry?",
                ),
                Edit(
                    "one axis only",
                    tuple(
                        {_ERROR: f"np.array([abs(x - y) / max(1, abs(x), abs(y)) for x, y in {pairs}])"}
                        for pairs in ("zip(a, n)", "[(a[i], n[i]) for i in range(len(a))]")
                    ),
                    "Your loop goes along the first axis: where θ is a table it meets rows. What goes through"
                    " every entry, whatever the shape?",
                ),
                Edit(
                    "no 1 in the denominator",
                    (
                        {_SIZE: "np.maximum(np.abs(a), np.abs(n))"},
                        {_SIZE: "np.abs(a)"},
                        {_SIZE: "np.abs(n)"},
                        *(
                            {_ERROR: f"np.nan_to_num(np.abs(a - n) / {below}, nan=0.0, posinf=np.inf)"}
                            for below in ("np.maximum(np.abs(a), np.abs(n))", "np.abs(a)", "np.abs(n)")
                        ),
                    ),
                    "There is no 1 below the line, so tiny entries look as bad as wrong ones. Which third"
                    " number is in the formula's max, and what becomes of the fraction without it where both"
                    " are 0?",
                ),
                Edit(
                    "multiplied for divided",
                    {"np.abs(a - n) / ": "np.abs(a - n) * "},
                    "The larger the gradient, the larger you make the error. What does the formula do with"
                    " the largest of the three numbers?",
                ),
                Edit(
                    "+ for max in the denominator",
                    (
                        {"np.maximum(np.abs(a), np.abs(n))": "np.abs(a) + np.abs(n)"},
                        {
                            "np.maximum(1, np.maximum(np.abs(a), np.abs(n)))": "(1 + np.maximum(np.abs(a),"
                            " np.abs(n)))"
                        },
                        {"np.maximum(1, np.maximum(np.abs(a), np.abs(n)))": "(1 + np.abs(a) + np.abs(n))"},
                        *(
                            {_ERROR: f"np.nan_to_num(np.abs(a - n) / {below})"}
                            for below in ("(np.abs(a) + np.abs(n))", "(np.abs(a) + np.abs(n) + 1e-8)")
                        ),
                        {_SIZE: "(np.abs(a) + np.abs(n))"},
                    ),
                    "Something is added below the line. The formula takes the largest of three numbers there:"
                    " which three?",
                ),
                Edit(
                    "all errors",
                    {"return np.max(error)": "return error"},
                    "This is the error of each entry. One number is asked: which of them?",
                ),
                Edit(
                    "yes or no",
                    (
                        {"return np.max(error)": "return np.max(error) < 1e-6"},
                        {"return np.max(error)": "return bool(np.max(error) < 1e-5)"},
                    ),
                    "It says whether the gradient is right. A number is asked, so that one sees how far"
                    " off it is:"
                    " what do you compare with the bound?",
                ),
            ),
        ),
        Misconception(
            "the library's own check",
            "This is the library's gradient_error. It divides by something else, and the steps are to be"
            " written here. Which are they?",
            (_library_check,),
        ),
    ),
)
