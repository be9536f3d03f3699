"""Exercise `sgd_step`: one step against the gradient."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import (
    Case,
    Edit,
    Exercise,
    Part,
    Quantity,
    RightAnswer,
    WantedArray,
    mistakes,
    tenths,
)

# ------------------------------------------------------------------ the exercise


def _sgd_step_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    """Each entry is moved by itself, with plain numbers."""

    def case(theta: Array, gradient: Array, learning_rate: float) -> Case:
        moved = [float(t) - learning_rate * float(g) for t, g in zip(theta.flat, gradient.flat, strict=True)]
        return Case(
            {"theta": theta, "gradient": gradient, "learning_rate": learning_rate},
            {"the new theta": np.array(moved).reshape(theta.shape)},
            parts=("a vector" if theta.ndim == 1 else "any other shape", "the arguments stay as they were"),
        )

    yield case(np.array([1.0, 2.0]), np.array([10.0, -4.0]), 0.1)
    yield case(np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[4.0, 2.0], [-6.0, 1.0]]), 0.5)
    yield case(np.array([3.0]), np.array([2.0]), 0.25)
    for shape in ((3,), (2, 3), (5,), (2, 2, 2), (4, 1), (2,)):
        yield case(tenths(rng, shape), tenths(rng, shape), float(rng.integers(2, 40)) / 100)
    for shape in ((3,), (3, 2)):  # with all digits, so that a rounded answer shows
        yield case(rng.normal(size=shape), rng.normal(size=shape), float(rng.uniform(0.05, 0.5)))


SGD_STEP = RightAnswer(
    "sgd_step",
    """
    def sgd_step(theta, gradient, learning_rate):
        step = learning_rate * gradient
        return theta - step
    """,
)
_STEP, _NEW = "learning_rate * gradient", "theta - step"
_RATES_OF_EXAMPLES = (0.1, 0.01, 0.001, 0.5, 0.25, 0.3)
SGD_STEP_MISTAKES = (
    Edit("adds", {_NEW: "theta + step"},
         "This goes uphill. Where does the gradient point, and where do you want to go?"),
    Edit("forgets the rate", {_STEP: "gradient"},
         "The whole gradient is in your step, whatever the learning rate is. Which part of it is a step?"),
    Edit("returns the step only", {_NEW: "step"},
         "This is how far the parameters move. Where do they move from?"),
    Edit("minus the step only", {_NEW: "-step"},
         "theta is not in your result: it is minus the step. Python reads theta =- step as theta ="
         " (-step). Is that what stands there, or has theta been left out?"),
    Edit("the gradient left out", {_STEP: "learning_rate"},
         "Every entry moves by the learning rate itself. What says how far, and to which side, each entry"
         " moves?"),
    Edit("the rate as a number", tuple({_STEP: f"{rate} * gradient"} for rate in _RATES_OF_EXAMPLES),
         "Your step is the same for every learning rate: a fixed number stands in its place. Which"
         " argument holds the rate?"),
    Edit("changes theta in place", (
        {"return theta - step": "theta -= step\n    return theta"},
        {"return theta - step": "theta -= step\n    return theta.copy()"},
    ),
         "theta was changed: whoever called has lost the old parameters. Which"
         " line writes into theta, and what makes a new array instead?"),
    Edit("changes the gradient in place", {f"step = {_STEP}": "step = gradient; step *= learning_rate"},
         "The gradient was changed: it is no longer what was handed in. Which line writes into it, and"
         " what makes a new array instead?"),
    Edit("normalises the gradient", (
        {_STEP: "learning_rate * gradient / np.linalg.norm(gradient)"},
        {_STEP: "learning_rate * gradient / np.max(np.abs(gradient))"},
        {_STEP: "learning_rate * gradient / np.sum(np.abs(gradient))"},
    ),
         "Your gradient was divided by its size, so that a gentle slope moves as far as a steep one. Does"
         " the update rule do that?"),
    Edit("the gradient cut off",
         (*({_STEP: f"learning_rate * np.clip(gradient, -{most}, {most})"} for most in (0.5, 1, 2, 5)),
          {_STEP: "learning_rate * np.minimum(gradient, 1)"}),
         "Where an entry of the gradient is large, your step is as long as for a smaller one: it is cut off"
         " at a limit. Does the update rule have a limit?"),
    Edit("the gradient transposed", {_STEP: "learning_rate * gradient.T"},
         "Where theta is a table, rows and columns of the gradient are exchanged in your step. Which entry of"
         " the gradient belongs to which entry of theta?"),
    Edit("the sign of the gradient alone", {_STEP: "learning_rate * np.sign(gradient)"},
         "Every entry moves equally far, by the learning rate. What of the gradient says how far, besides"
         " its sign?"),
    Edit("the size of the gradient alone", {_STEP: "learning_rate * np.abs(gradient)"},
         "Your step is made of sizes: the sign of the gradient is lost. Where the gradient is negative, to"
         " which side should the step go?"),
    Edit("one number for the gradient", (
        {_STEP: "learning_rate * np.sum(gradient)"},
        {_STEP: "learning_rate * np.mean(gradient)"},
        {_STEP: "learning_rate * np.linalg.norm(gradient)"},
        {_STEP: "learning_rate * np.sum(gradient**2)"},
        {_STEP: "learning_rate * np.dot(gradient, gradient)"},
        {_STEP: "learning_rate * (gradient @ gradient)"},
    ),
         "All entries of theta move by the same number: the gradient's entries were put together into one."
         " Which entry of the gradient belongs to which entry of theta?"),
    Edit("the rate over all of it", {_NEW: "learning_rate * (theta - gradient)"},
         "The learning rate multiplies theta, too: with a rate of 0 nothing would be left of it. What does"
         " the rate belong to? Where do the brackets stand?"),
    Edit("theta shrinks, too", ({_NEW: "(1 - learning_rate) * theta - step"},
                                {_NEW: "(1 - learning_rate) * theta + step"}),
         "theta itself is made smaller by the learning rate. Where the gradient is 0, should theta move?"),
    Edit("theta and gradient exchanged", {"* gradient": "* theta", _NEW: "gradient - step"},
         "Yours starts from the gradient and takes a part of theta away. Which of the two is to be changed?"),
    Edit("the difference the other way round", {_NEW: "step - theta"},
         "The size of every entry is right and its sign is not. What is taken away from what?", alone=True),
    Edit("divides by the rate", {_STEP: "gradient / learning_rate"},
         "The smaller the rate, the longer your step. How do the rate and the gradient come together?"),
    Edit("the rate twice", {_STEP: "learning_rate**2 * gradient"},
         "The learning rate is in your step twice. How often should it be?"),
    Edit("the gradient squared", {_STEP: "learning_rate * gradient**2"},
         "The gradient is squared in your step, so its sign is lost. Is that the step, or the fall of the"
         " loss that it promises?"),
    Edit("theta beside the gradient", {_STEP: "learning_rate * gradient * theta"},
         "Your step is multiplied by theta, so that an entry which is 0 never moves. Which two things"
         " make the step?"),
    Edit("two steps", {_STEP: "2 * learning_rate * gradient"},
         "There is a 2 in your step, or it is taken twice. Does the rule say so?"),
    Edit("half of the step", {_STEP: "learning_rate * gradient / 2"},
         "Your step is half as long as the rate and the gradient say. Where is it halved?"),
    Edit("theta as it came", {_NEW: "theta"},
         "This is theta as it came. Is the difference worked out, but not returned?"),
    Edit("returns the gradient", {_NEW: "gradient"},
         "This is the gradient as it came. What is made from it, the rate and theta?"),
    Edit("brackets too many", {_NEW: "(theta - learning_rate) * gradient"},
         "The rate is taken away from theta first, and the gradient multiplied by what is left. What"
         " belongs to the rate: theta or the gradient?"),
    Edit("the slope of the worked example", {_STEP: "learning_rate * 2 * (theta - 1)"},
         "2 (θ − 1) is the slope of the loss in the worked example, and of no other. Which argument holds"
         " the slopes of any loss?"),
    Edit("theta and the step", ({_NEW: "theta - step, step"}, {_NEW: "theta, theta - step"}),
         "A comma in the return hands back several things. Which one is asked?"),
    Edit("theta in place of the gradient", {"* gradient": "* theta"},
         "Your step is made of theta: the gradient is not in it. What should the rate be multiplied"
         " with?"),
    Edit("rate and gradient added", {_STEP: "(learning_rate + gradient)"},
         "The rate and the gradient are added up in your step. How does a rate of 0 make the step 0?"),
    Edit("divided by the number of entries", (
        {_STEP: "learning_rate * gradient / len(gradient)"},
        {_STEP: "learning_rate * gradient / gradient.size"},
    ),
         "Your step becomes smaller when theta has more entries: it was divided by their number. Is a mean"
         " asked for anywhere in the rule?"),
    Edit("the first entry alone", {_NEW: "theta[0] - step[0]"},
         "Your result is what becomes of theta's first entry, or first row. Does a return stand inside a"
         " loop? And does NumPy need a loop here?"),
    Edit("the last entry alone", {_NEW: "theta[-1] - step[-1]"},
         "Your result is what becomes of theta's last entry, or last row. Is there a loop in which each turn"
         " overwrites the result of the turn before? And does NumPy need a loop here?"),
    Edit("two entries written out", {_NEW: "np.array([theta[0] - step[0], theta[1] - step[1]])"},
         "Entries 0 and 1 are written out one by one, and theta may have any number of them. What does"
         " NumPy do with two whole arrays and a minus between them?"),
    Edit("a list", ({_NEW: "(theta - step).tolist()"}, {_NEW: "[t - s for t, s in zip(theta, step)]"}),
         "Your numbers come in a list. What makes an array of it? Or can NumPy take one"
         " array from the other without a loop?"),
    Edit("flattened", ({_NEW: "(theta - step).ravel()"}, {_NEW: "(theta - step)[..., np.newaxis]"}),
         "Your numbers have lost theta's shape. Which of your functions changes a"
         " shape, and is it needed?"),
    Edit("rounded", tuple({_NEW: f"np.round(theta - step, {digits})"} for digits in (1, 2, 3, 4)),
         "Your numbers were rounded. The next step begins where this one ends: can you return them with"
         " all their digits?"),
    Edit("in whole numbers", ({_NEW: "(theta - step).astype(int)"}, {_NEW: "theta - step.astype(int)"}),
         "Something of yours is kept in whole numbers, so decimals are cut off. Of which type is the array"
         " that you write into?"),
    Edit("only the first entry moves", (
        {f"return {_NEW}": "new = theta.copy()\n    new[0] = theta[0] - step[0]\n    return new"},
        {f"return {_NEW}": "new = theta.copy()\n    new.flat[0] -= step.flat[0]\n    return new"},
    ),
         "Only the first entry of theta moves, or its first row. Is a number of an entry written out, and"
         " what happens to the others?"),
    Edit("the last entry does not move",
         {f"return {_NEW}": "new = theta.copy()\n    new[:-1] -= step[:-1]\n    return new"},
         "The last entry of theta, or its last row, stays as it was. Which numbers does range(3) give, and"
         " with which one does your loop end?"),
    Edit("only the first entry, and zeros", (
        {f"return {_NEW}": "new = np.zeros_like(theta)\n    new[0] = theta[0] - step[0]\n    return new"},
        {f"return {_NEW}": "new = np.zeros_like(theta)\n    new.flat[0] = theta.flat[0] - step.flat[0]\n"
                           "    return new"},
    ),
         "Only the first entry is worked out, or the first row; the others are 0. Does a return stand inside"
         " a loop, where it ends the function at the first turn?"),
    Edit("@ with a number", {_STEP: "learning_rate @ gradient"},
         "@ is the product of matrices and vectors, and the rate is a single number. With * in the place of"
         " @, what becomes of each entry of the gradient?"),
    Edit("the gradient called", {_STEP: "learning_rate * gradient(theta)"},
         "Brackets right behind a name call it as a function. Here gradient is an array: it has been"
         " worked out already. What is left to do with it?"),
    Edit("a product without a sign", {_STEP: "learning_rate(gradient)"},
         "Brackets right behind a name call it as a function, and the rate is a number. Is a call meant, or a"
         " product with *?"),
    *(
        Edit(f"the rate called {name}", {_STEP: f"{name} * gradient"},
             f"Python does not know {name}. By which name is the learning rate handed in?")
        for name in ("eta", "lr", "alpha", "rate")
    ),
)  # fmt: skip

sgd_step = Exercise(
    id="sgd_step",
    lesson="01",
    slide="A parameter update step",
    functions=("sgd_step",),
    signature=("theta", "gradient", "learning_rate"),
    quantities=(Quantity("the new theta", None, WantedArray()),),
    parts=(
        Part("a vector", 1, ("the new theta",)),
        Part("any other shape", 1, ("the new theta",)),
        Part("the arguments stay as they were", 1, arguments=True),
    ),
    cases=_sgd_step_cases,
    hints=(
        "Take theta = [1, 2], gradient = [10, -4] and a rate of 0.1. How far does each entry move, and to"
        " which side?",
        "Two lines will do: one for the step, made from the rate and the gradient; one for the new"
        " parameters, made from theta and the step.",
        "The gradient points uphill: which sign stands between theta and the step? Do not write -=, which"
        " changes theta itself.",
    ),
    twin="shrink, the function that moves a vector, before the exercise",
    misconceptions=mistakes(SGD_STEP, SGD_STEP_MISTAKES),
)
