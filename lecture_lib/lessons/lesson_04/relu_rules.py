"""The derivative rule of ReLU in lesson 04, as an exercise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import (
    Case,
    Edit,
    Exercise,
    Misconception,
    Part,
    Quantity,
    RightAnswer,
    WantedArray,
    mistakes,
    tenth,
)

from .rule_mistakes import MOVED, handed_back, some_numbers


def _relu(z: Array) -> Array:
    return np.where(z > 0, z, 0.0)


def _relu_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(d_out: Array, z: Array) -> Case:
        # at 0 itself the slope is the one from the left
        d_z = handed_back(_relu, d_out, z - 1e-4 * (z == 0))[0]
        because = f"{MOVED}; at 0 the slope is 0" if np.any(z == 0) else ""
        return Case({"d_out": d_out, "z": z}, {"d_z": d_z}, because=because)

    yield case(np.array([2.0, -3.0, 5.0, -7.0]), np.array([-1.3, 0.39, 4.0, -0.2]))
    yield case(np.array([2.0, 3.0, -4.0]), np.array([0.0, 1.0, 0.0]))
    for shape in ((3,), (5,), (2, 3), (2, 2, 3), (4, 1)):
        z = some_numbers(rng, *shape)
        yield case(some_numbers(rng, *shape), np.where(rng.random(shape) < 0.2, 0.0, z))
    for z in (0.7, -0.7):
        yield case(np.array(-abs(tenth(rng)) - 3), np.array(z))


RELU = RightAnswer(
    "relu_vjp",
    """
    def relu_vjp(d_out, z):
        return d_out * (z > 0)
    """,
)
_MASK, _MASKED = "(z > 0)", "d_out * (z > 0)"


def _along_one_axis(d_out: Array, z: Array) -> Array:
    d_z = np.zeros(len(z))
    for i in range(len(z)):
        if z[i] > 0:
            d_z[i] = d_out[i]
    return d_z


relu_rule = Exercise(
    id="relu_vjp",
    lesson="04",
    slide="Useful derivatives in NNs",
    functions=("relu_vjp",),
    signature=("d_out", "z"),
    quantities=(Quantity("d_z", None, WantedArray(), MOVED),),
    parts=(Part("d_z", 1, ("d_z",)),),
    cases=_relu_cases,
    hints=(
        "Read the slide's formula: what is the slope of ReLU where z is positive, and where it is not?",
        "The slope is 1 or 0. Which of the two an entry has is decided by z alone, not by what came back.",
        "z > 0 is an array of True and False, which count as 1 and 0 in a product. Or: np.where takes a"
        " condition and two values.",
    ),
    twin="abs_vjp, the rule of |z|, just before the exercise",
    misconceptions=(
        Misconception(
            "one axis only",
            "Your loop goes along the first axis: where z is a table it meets rows, and a single number has"
            " no length. What asks the question for every entry, whatever the shape?",
            (_along_one_axis,),
        ),
        *mistakes(
            RELU,
            (
                Edit(
                    "brackets left out",
                    {"(z > 0)": "z > 0"},
                    "Your result is yes or no, True or False: * comes before >, so d_out * z is compared with"
                    " 0. Where do brackets belong?",
                ),
                Edit(
                    "slope 1 at 0",
                    {_MASK: "(z >= 0)"},
                    'At z = 0 your slope is 1. The slide says "1 if x > 0, 0 else": which of the two is 0?',
                ),
                Edit(
                    "ReLU of the gradient",
                    (
                        {_MASKED: "np.maximum(0, d_out)"},
                        {_MASKED: "np.clip(d_out, 0, 1)"},
                        {_MASK: "(z > 0) * (d_out > 0)"},
                    ),
                    "Your rule looks at the sign of what came back. A negative gradient is a message too (it"
                    " says:"
                    " move the other way). Which number decides whether the unit was on?",
                ),
                Edit(
                    "no mask",
                    {_MASKED: "d_out"},
                    "Everything is handed on. If z = −1.3 moves a little, does ReLU(z) move?",
                ),
                Edit(
                    "everything but 0",
                    {_MASK: "(z != 0)"},
                    "Where z is negative everything is handed on, as where it is positive (an if z, or bool,"
                    " is true of each number but 0). If z = −1.3 moves a little, does ReLU(z) move?",
                ),
                Edit(
                    "one answer for all of z",
                    ({_MASK: "(z > 0).all()"}, {_MASK: "(z > 0).any()"}),
                    "You ask one question of all of z together, and hand everything on, or nothing. Which"
                    " entries have a slope of 1 if one z is positive and the next is not?",
                    alone=True,
                ),
                Edit(
                    "z handed back",
                    {_MASKED: "z"},
                    "You give z as it came. What came back is d_out: where is it in your result?",
                    alone=True,
                ),
                Edit(
                    "int(z) as the mask",
                    ({_MASK: "z.astype(int)"}, {_MASK: "int(z)"}, {_MASK: "np.trunc(z)"}),
                    "int(z) cuts off the decimals: 0.39 becomes 0, and 4.2 becomes 4. The slope is 0"
                    " or 1: which"
                    " question about z has such an answer?",
                ),
                Edit(
                    "a threshold above 0",
                    tuple(
                        {_MASKED: f"d_out * np.where(z {sign} {k}, 1.0, 0.0)"}
                        for sign in (">", ">=")
                        for k in (1, 0.5)
                    ),
                    "Some positive z get no gradient in your rule. From which z on does ReLU let its"
                    " value through?",
                ),
                Edit(
                    "half of it below 0",
                    {_MASK: "np.where(z > 0, 1.0, 0.5)"},
                    "Where z is not positive you let half through. How steep is the slide's ReLU there?",
                ),
                Edit(
                    "z where it is not positive",
                    {_MASKED: "np.where(z > 0, d_out, z)"},
                    "Where z is not positive you hand on z. When such a z moves a little, does out move?",
                ),
                Edit(
                    "ReLU itself",
                    {_MASKED: "np.maximum(0, z)"},
                    "You give ReLU(z), the way forward. What came back is d_out: where is it in your rule?",
                ),
                Edit(
                    "ReLU of the product",
                    {_MASKED: "np.maximum(0, d_out * z)"},
                    "Your result is never negative. A negative gradient is a message too: which"
                    " number decides"
                    " whether it is let through?",
                ),
                Edit(
                    "a slope that depends on how large z is",
                    (
                        {_MASK: "z"},
                        {_MASK: "np.abs(z)"},
                        {_MASK: "np.clip(z, 0, 1)"},
                        {_MASK: "1 / (1 + np.exp(-z))"},
                        {_MASK: "np.exp(-z) / (1 + np.exp(-z)) ** 2"},
                        {_MASK: "(1 - np.tanh(z) ** 2)"},
                    ),
                    "What you take for the slope depends on how large z is. The slide's slope has two"
                    " values only: which, and which question about z decides?",
                ),
                Edit(
                    "slope 1/2 at 0",
                    {_MASK: "np.heaviside(z, 0.5)"},
                    'At z = 0 your slope is 1/2. The slide says "1 if x > 0, 0 else": which of the two is 0?',
                ),
                Edit(
                    "a slope below 0 too",
                    tuple({_MASK: f"np.where(z > 0, 1, {small})"} for small in (0.01, 0.1, 0.2, 0.001)),
                    "Where z is negative you let a small part through: that is another function, the"
                    " leaky ReLU."
                    " How steep is the slide's ReLU there?",
                ),
                Edit(
                    "entries left out",
                    {_MASKED: "d_out[z > 0]"},
                    "d_out[z > 0] takes out the entries that pass and drops the others. Which shape"
                    " has z, and so"
                    " d_z?",
                ),
                Edit(
                    "d_out and z exchanged",
                    ({_MASKED: "z * (d_out > 0)"},),
                    "In your rule the sign of d_out decides, and z is handed on. Which of the two says"
                    " whether the unit was on, and which is handed on?",
                ),
                Edit(
                    "added up",
                    {_MASKED: "np.sum(d_out * (z > 0))"},
                    "The entries are added up to one number. Which shape has z, and so d_z?",
                ),
                Edit(
                    "the mask added",
                    {_MASKED: "d_out + (z > 0)"},
                    "You add the slope to what came back. How do two links of a chain go together?",
                ),
                Edit(
                    "ReLU where its slope belongs",
                    {_MASK: "np.maximum(0, z)"},
                    "You multiply by ReLU(z) itself. Is the slope larger when z is larger?",
                ),
                Edit(
                    "d_out left out",
                    (
                        {_MASKED: "(z > 0) * 1.0"},
                        {_MASKED: "z > 0"},
                        {_MASKED: "(z > 0) * 1"},
                        {_MASKED: "(z >= 0) * 1.0"},
                    ),
                    "You give a slope alone. What became of d_out, which came back to it?",
                ),
                Edit(
                    "d_out overwritten",
                    {"return d_out * (z > 0)": "d_out[z <= 0] = 0\n    return d_out"},
                    "Your numbers were written into d_out itself, which belongs to somebody else. What"
                    " makes a new array instead?",
                ),
                Edit(
                    "sign for slope",
                    (
                        {_MASK: "np.sign(z)"},
                        {_MASK: "np.where(z > 0, 1.0, -1.0)"},
                        {_MASK: "np.where(z >= 0, 1.0, -1.0)"},
                    ),
                    "Your slope is −1 where z is negative: that is the slope of |z|. How steep is"
                    " ReLU there?",
                ),
                Edit(
                    "the mask turned round",
                    ({_MASK: "(z < 0)"}, {_MASK: "(z <= 0)"}),
                    "Your mask lets through where z is negative. Where does ReLU let its value"
                    " through on the way"
                    " forward?",
                ),
            ),
        ),
    ),
)
