"""Lesson 00, Start here: one exercise without points, to learn how an exercise works."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lecture_lib.exercises import (
    Case,
    Edit,
    Exercise,
    Part,
    Quantity,
    RightAnswer,
    WantedNumber,
    mistakes,
    tenth,
)


def _practice_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    for x in (3.0, -1.5, 0.0, *(tenth(rng) for _ in range(4))):
        yield Case({"x": x}, {"the result": x + x})


DOUBLE = RightAnswer("double", "def double(x):\n    return 2 * x")
_MISTAKES = (
    Edit("adds 2", {"2 * x": "x + 2"},
         "For 3 that gives 5. Does twice 3 mean 3 and 2 more, or 3 and 3 more?"),
    Edit("squares", {"2 * x": "x * x"},
         "For 3 that gives 9. Which factor should stand beside x: x itself, or the same number each time?"),
    Edit("halves", {"2 * x": "x / 2"},
         "Your result is smaller than x, where a larger one is asked. Which operation undoes the one you"
         " used?"),
    Edit("gives x back", {"2 * x": "x"},
         "This is x as it came. What has to be done to it?"),
)  # fmt: skip

practice = Exercise(
    id="practice",
    lesson="00",
    slide="",
    functions=("double",),
    signature=("x",),
    quantities=(Quantity("the result", None, WantedNumber()),),
    parts=(Part("twice x", 0, ("the result",)),),
    cases=_practice_cases,
    hints=(
        "double(3) should give 6, and double(-1.5) should give -3. What is done to x each time?",
        "The answer is one multiplication. A function hands its result back with `return`.",
        "The line is `return`, then a number, then `*`, then x.",
    ),
    twin="the text above the exercise",
    misconceptions=mistakes(DOUBLE, _MISTAKES),
)

EXERCISES = (practice,)
