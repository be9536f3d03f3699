"""The exercise `converged`: whether an update has become small."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import (
    Case,
    Edit,
    Exercise,
    Part,
    Plain,
    Quantity,
    RightAnswer,
    WantedOther,
    mistakes,
    short,
)

VECTORS, SHAPES = "vectors", "any other shape"


@dataclass(frozen=True)
class _Truth:
    """Which of True and False is expected, and of which call."""

    value: bool
    call: str


def _is_bool(value: Plain) -> bool:
    return type(value) is bool or (
        type(value) is np.ndarray and value.shape == () and value.dtype.kind == "b"
    )


def _truth_fault(value: Plain, expected: _Truth) -> str | None:
    if not _is_bool(value):
        kind = f"an array of shape {value.shape}" if type(value) is np.ndarray else short(value, 60)
        return f"{expected.call} gave {kind}; True or False was expected"
    if bool(value) is not expected.value:
        return f"{expected.call} gave {bool(value)}; {expected.value} was expected"
    return None


_OTHER_SIZES: Mapping[str, Callable[[Array, Array], float]] = {
    "the sum": lambda before, after: float((after - before).sum()),
    "the sum, turned round": lambda before, after: float((before - after).sum()),
    "the sum's size": lambda before, after: abs(float((after - before).sum())),
    "the sizes' sum": lambda before, after: float(np.abs(after - before).sum()),
    "the largest size": lambda before, after: float(np.abs(after - before).max()),
    "the largest": lambda before, after: float((after - before).max()),
    "the smallest": lambda before, after: float((after - before).min()),
    "the smallest size": lambda before, after: float(np.abs(after - before).min()),
    "the mean size": lambda before, after: float(np.abs(after - before).mean()),
    "the root of the mean square": lambda before, after: float(np.sqrt(((after - before) ** 2).mean())),
    "the squares": lambda before, after: float(((after - before) ** 2).sum()),
    "the length after": lambda before, after: float(np.linalg.norm(after)),
    "the length before": lambda before, after: float(np.linalg.norm(before)),
    "the lengths' difference": lambda before, after: abs(
        float(np.linalg.norm(after)) - float(np.linalg.norm(before))
    ),
}
"""What is taken for the length of the change; τ is laid between it and the true length."""


def _length(change: Array) -> float:
    return math.hypot(*change.ravel().tolist())


def _converged_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(before: Array, after: Array, tau: float) -> Case:
        call = f"converged({short(before, 60)}, {short(after, 60)}, tau={tau:g})"
        return Case(
            {"before": before, "after": after, "tau": tau},
            {"the answer": _Truth(_length(after - before) < tau, call)},
            parts=(VECTORS if before.ndim == 1 else SHAPES,),
        )

    def changed(shape: tuple[int, ...], other: Callable[[Array, Array], float]) -> Case:
        while True:
            before, change = rng.integers(-30, 31, (2, *shape)) / 10
            change = np.clip(change / 3, -1.2, 1.2).round(1)
            after = before + change
            wanted, found = _length(change), max(other(before, after), 0.0)
            if abs(wanted - found) > 0.1 * wanted:
                return case(before, after, round((wanted + found) / 2, 3))

    nothing = np.zeros(2)
    yield case(np.array([1.0, 2.0]), np.array([1.0, 2.1]), 0.5)
    yield case(np.array([5.0, 2.0]), np.array([1.0, 2.0]), 0.5)
    yield case(nothing, np.array([3.0, 4.0]), 5.0)
    yield case(nothing, np.array([3.0, 4.0]), 5.001)
    yield case(np.zeros(3), np.array([3.0, 4.0, 12.0]), 12.5)
    for tau in (5.0, 6.0):  # the rows, the columns and the singular values are 3 and 4 long: 7 together
        yield case(np.zeros((2, 2)), np.array([[3.0, 0.0], [0.0, 4.0]]), tau)
    for change in ([-3.0, 2.0], [-3.0, -2.0], [3.0, 2.0], [-0.1, 2.0], [2.0, -2.0]):
        yield case(np.array([4.0, 4.0]), np.array([4.0, 4.0]) + change, 1.0)
        yield case(np.array([[4.0], [4.0]]), np.array([[4.0], [4.0]]) + np.reshape(change, (2, 1)), 1.0)
    for before, after, tau in (
        ([1.0, 1.0], [4.0, 1.0], 2.0),
        ([1.0, 1.0], [1.5, 1.0], 0.6),
        ([-2.0, -1.0], [2.0, 1.0], 1.0),
        ([10.0, 1.0], [10.0, 3.0], 0.5),
        ([10.0, 10.0], [14.0, 14.0], 0.5),
    ):
        yield case(np.array(before), np.array(after), tau)
        yield case(np.array([before]), np.array([after]), tau)
    for number, other in enumerate(_OTHER_SIZES.values()):
        yield changed((3,) if number % 2 else (2,), other)
        yield changed((2, 1, 2) if number % 3 else (2, 3), other)


CONVERGED = RightAnswer(
    "converged",
    """
    def converged(before, after, tau):
        change = after - before
        size = np.sqrt(np.sum(change**2))
        return size < tau
    """,
    {"math": math},
)
_SIZE, _LESS = "np.sqrt(np.sum(change**2))", "return size < tau"
CONVERGED_MISTAKES = (
    Edit("1 and 0 for True and False", {_LESS: "return int(size < tau)"},
         "You return 1 and 0. A comparison gives True or False by itself: what is left of your function, if"
         " that is returned?"),
    Edit("not strictly", {_LESS: "return size <= tau"},
         "In your answer a change exactly as long as τ counts as small. Does the slide write < or ≤?"),
    Edit("the other way round", ({_LESS: "return size > tau"}, {_LESS: "return size >= tau"},
                                 {_LESS: "return not size < tau"}),
         "You say True while the parameters still move far. When should it be True?"),
    Edit("no norm", (
        {_SIZE: "change", _LESS: "return np.all(size < tau)"},
        {_SIZE: "change", _LESS: "return np.any(size < tau)"},
        {_SIZE: "change"},
        {_SIZE: "np.max(change)"},
        {_SIZE: "np.sum(change)"},
        {_SIZE: "np.mean(change)"},
    ),
         "A parameter that falls has a negative change, and a negative number is below every τ, however far"
         " it fell. What makes one size, never below 0, of all the changes?"),
    Edit("no norm, turned round", (
        {_SIZE: "-change", _LESS: "return np.all(size < tau)"},
        {_SIZE: "-change"},
        {_SIZE: "np.max(-change)"},
        {_SIZE: "np.sum(-change)"},
    ),
         "before − after is negative where a parameter grows, and a negative number is below every τ. What"
         " makes one size, never below 0, of all the changes?"),
    Edit("one answer for each number", (
        {_SIZE: "np.abs(change)"},
        {_SIZE: "np.sqrt(change**2)"},
        {_SIZE: "change**2"},
    ),
         "Your answer is an array: it says of each number whether it came to rest. One True or False is"
         " asked for all together. What makes one number of all the changes before they are compared?"),
    Edit("lengths along one axis", ({_SIZE: "np.linalg.norm(change, axis=0)"},
                                    {_SIZE: "np.linalg.norm(change, axis=-1)"},
                                    {_SIZE: "np.sqrt(np.sum(change**2, axis=0))"},
                                    {_SIZE: "np.sqrt(sum(change**2))"},
                                    {_SIZE: "np.linalg.norm(change, axis=1)"}),
         "Of a table you take a length for each row or column. How many lengths has a table whose numbers are"
         " all one long vector?"),
    Edit("the largest coordinate", ({_SIZE: "np.max(np.abs(change))"},
                                    {_SIZE: "np.linalg.norm(change.ravel(), np.inf)"},
                                    {_SIZE: "np.abs(change)", _LESS: "return bool(np.all(size < tau))"}),
         "The largest coordinate alone decides in your answer. A thousand that each move a little less than τ"
         " are far together: which length counts them all?"),
    Edit("the smallest coordinate", ({_SIZE: "np.min(np.abs(change))"},
                                     {_SIZE: "np.abs(change)", _LESS: "return np.any(size < tau)"}),
         "One coordinate at rest is enough for your True. What do the others do meanwhile?"),
    Edit("norm of after", ({"after - before": "after"}, {_SIZE: "np.linalg.norm(after)"}),
         "You look at the parameters after the update. Is it asked whether they are small, or"
         " whether they still move?"),
    Edit("norm of before", {"after - before": "before"},
         "You look at the parameters before the update. Is it asked whether they are small, or"
         " whether they still move?"),
    Edit("difference of two norms", ({_SIZE: "abs(np.linalg.norm(after) - np.linalg.norm(before))"},),
         "You compare two lengths. A vector that turns round keeps its length, and yet it moves: in which"
         " order do the norm and the difference come?"),
    Edit("difference of two norms with its sign", ({_SIZE: "np.linalg.norm(after) - np.linalg.norm(before)"},
                                                   {_SIZE: "np.linalg.norm(before) - np.linalg.norm(after)"}),
         "You take two lengths and then their difference, which may be negative. In which order do the norm"
         " and the difference come?"),
    Edit("opposites cancel", ({_SIZE: "np.abs(np.sum(change))"}, {_SIZE: "np.sqrt(np.sum(change)**2)"},
                              {_SIZE: "np.sqrt(np.abs(np.sum(change)))"}),
         "The changes are added up before their sign is gone, so +1 and −1 make 0. When has the sign to go?"),
    Edit("opposites cancel in the mean", {_SIZE: "np.abs(np.mean(change))"},
         "You take the mean of the changes, so +1 and −1 make 0. When has the sign to go, and is a mean"
         " asked?"),
    Edit("the mean for the norm", ({_SIZE: "np.mean(np.abs(change))"}, {_SIZE: "np.sqrt(np.mean(change**2))"},
                                   {_SIZE: "np.linalg.norm(change) / change.size"}),
         "You divide by the number of coordinates. Is a mean over them asked, or the length of the whole"
         " change?"),
    Edit("the mean square", {_SIZE: "np.mean(change**2)"},
         "You take the mean of the squares. Is a mean asked for a length, and what follows the squares?"),
    Edit("the sum of the sizes", ({_SIZE: "np.sum(np.abs(change))"},
                                  {_SIZE: "np.linalg.norm(change.ravel(), 1)"},
                                  {_SIZE: "np.sum(np.sqrt(change**2))"}),
         "You add the sizes of all changes. That is another length: along the axes, not in a straight"
         " line. By which theorem does one get the straight one?"),
    Edit("no root", ({_SIZE: "np.sum(change**2)"}, {_SIZE: "np.vdot(change, change)"},
                     {_SIZE: "change @ change"}),
         "These are the squares, added up. For a change of 0.1 in one coordinate they give 0.01: what is"
         " missing to get the length?"),
    Edit("squares on one side only", {_LESS: "return size < tau**2"},
         "τ is squared and the length is not. What has to happen to both sides of a comparison?",
         entire=True),
    Edit("the root of the sizes", {_SIZE: "np.sqrt(np.sum(np.abs(change)))"},
         "You add the sizes of all changes and take the root of that. By Pythagoras, what is done to each"
         " change before they are added?", entire=True),
    Edit("a norm of matrices", ({_SIZE: "np.linalg.norm(change, 2)"},
                                {_SIZE: "np.linalg.norm(change, ord=2)"},
                                {_SIZE: "np.linalg.norm(change, 1)"},
                                {_SIZE: "np.linalg.norm(change, np.inf)"}),
         "np.linalg.norm with a number behind the array takes other lengths, and of a table it takes those"
         " of matrices. What does it give if that number is left out?"),
    Edit("only vectors", ({_SIZE: "np.sqrt(change @ change)"}, {_SIZE: "math.sqrt(change @ change)"},
                          {_SIZE: "math.sqrt(np.dot(change, change))"},
                          {_SIZE: "np.sqrt(np.dot(change, change.T))"},
                          {_SIZE: "np.sqrt(np.dot(change, change))"}),
         "@ and np.dot of two tables are a product of matrices. How can all the squares be added up, whatever"
         " the shape is?"),
    Edit("the length, not the answer", {_LESS: "return size"},
         "You return how long the change is. The question was whether it is below τ: which sign asks that in"
         " Python?"),
    Edit("the answer as a word", {_LESS: 'return "True" if size < tau else "False"'},
         "Your answer is a text. How are the two truth values written in Python, without quotes?"),
    Edit("added", {"after - before": "after + before"},
         "You add the parameters before and after. Which sign gives a change?"),
    Edit("relative to before", ({_SIZE: "np.linalg.norm(change) / np.linalg.norm(before)"},
                                {_SIZE: "np.linalg.norm(change) / np.linalg.norm(after)"},
                                {_SIZE: "np.linalg.norm(change / before)"}),
         "You divide the change by the parameters. A relative change is another criterion. What does the"
         " slide compare with τ?"),
    Edit("as numpy says close", {_SIZE: "0", _LESS: "return np.allclose(after, before, tau)"},
         "np.allclose looks at one coordinate after the other, and the number behind the arrays is a share of"
         " them. Which single number is to be compared with τ?"),
    Edit("exactly the same", ({_LESS: "return size == 0"}, {_LESS: "return before == after"}, {_SIZE: "0",
                              _LESS: "return np.array_equal(before, after)"}),
         "Your answer is the same for every τ: a change that can be seen is never small enough. What is τ"
         " there for?"),
    Edit("the first coordinate alone", ({_SIZE: "abs(change.ravel()[0])"},
                                        {_SIZE: "np.linalg.norm(change[0])"},
                                        {_SIZE: "abs(change[0])"}),
         "You look at the first entry alone. Does a return stand inside a loop? Which entries does the length"
         " of a vector count?"),
    Edit("an if on an array", {_SIZE: "change", _LESS: "return True if size < tau else False"},
         "An if needs one True or False, and change < τ gives one for each number. What makes one number of"
         " the changes first?"),
    Edit("float of an array", ({_SIZE: "float(change)"}, {_SIZE: "abs(float(change))"}),
         "What makes one number of all changes, whatever the shape is?"),
    *(
        Edit(f"{name} without numpy", {_SIZE: code},
             f"Python does not know {name} by itself. Which library, imported at the top of the notebook, has"
             " it?")
        for name, code in (("norm", "norm(change)"), ("sqrt", "sqrt(np.sum(change**2))"),
                           ("linalg", "linalg.norm(change)"))
    ),
    Edit("np.norm", {_SIZE: "np.norm(change)"},
         "NumPy keeps norm one level deeper. In which part of NumPy is it?"),
)  # fmt: skip

converged_exercise = Exercise(
    id="converged",
    lesson="07",
    slide="Stopping Criteria",
    functions=("converged",),
    signature=("before", "after", "tau"),
    quantities=(Quantity("the answer", None, WantedOther(_truth_fault)),),
    parts=(Part(VECTORS, 1, ("the answer",)), Part(SHAPES, 1, ("the answer",))),
    cases=_converged_cases,
    hints=(
        "before = [0, 0], after = [3, 4]. How far is it from the one to the other, in a straight line? Now"
        " after = [−3, −4]: how far is it then?",
        "Pythagoras in any number of dimensions: the differences, their squares, all of them added, the"
        " root. np.sum adds over any shape. Is there one function of NumPy for all of it?",
        "Two lines: the length of after − before, as one number, by np.linalg.norm or by your own sum of"
        " squares; then hand back whether that number is below tau.",
    ),
    twin="fallen, the criterion on the loss, before the exercise",
    misconceptions=mistakes(CONVERGED, CONVERGED_MISTAKES),
)
