"""A neuron forward and backward: exercises of lesson 03."""

from __future__ import annotations

import itertools
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
    one_at_a_time,
    slope,
    tenth,
)


def _neurons(rng: np.random.Generator) -> Iterator[tuple[float, float, float, float]]:
    """Inputs (x, w, b, y) of a neuron: first ones that can be followed by hand."""
    yield 3.0, 0.5, 1.0, 4.0
    yield 2.0, -1.0, 0.5, 1.0
    yield -1.0, -2.0, 0.0, -1.0
    yield 1.5, 2.0, -0.5, -2.0
    for _ in range(5):
        yield tenth(rng), tenth(rng), tenth(rng), tenth(rng)


def _neuron_forward_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    for x, w, b, y in _neurons(rng):
        error = y - b - w * x
        yield Case(
            {"x": x, "w": w, "b": b, "y": y},
            {"c": w * x, "d": y - error, "e": error, "loss": error**2},
        )


NEURON_FORWARD = RightAnswer(
    "neuron_forward",
    """
    def neuron_forward(x, w, b, y):
        c = w * x
        d = c + b
        e = y - d
        loss = e**2
        return c, d, e, loss
    """,
)
_THE_SLIDES = "x, w, b, y = 2.0, 0.5, -0.2, 2.0"
_SLIDES_ADVICE = (
    "These are the numbers of the slide's neuron, for every input. Which names stand for x, w, b and y in"
    " your function?"
)
_FORWARD_MISTAKES = (
    Edit("c = w + x", {"w * x": "w + x"},
         "In the graph, w and x meet in a node with a sign in it. Which operation is it?"),
    Edit("d = c - b", {"+ b": "- b"},
         "What does the node between c and d do with the bias b?"),
    Edit("d = c * b", {"+ b": "* b"},
         "What does the node between c and d do with the bias b? It has another sign than the one before"
         " it."),
    Edit("b left out", {" + b": ""},
         "Your d is the same for every b. Where does the bias come in?"),
    Edit("e = d - y", {"y - d": "d - y"},
         "Which comes first in the difference: the target y, or the output d? The loss does not notice, but"
         " every sign on the way back will."),
    Edit("e = y + d", {"y - d": "y + d"},
         "Your e is the sum of y and d. Which sign stands between two numbers whose distance is asked?"),
    Edit("e without its sign", {"y - d": "abs(y - d)"},
         "Can e be negative? It is the difference itself; what makes the loss positive comes after it."),
    Edit("e = y - c", {"y - d": "y - c"},
         "What is compared with y: the product, or the neuron's whole output?"),
    Edit("e without brackets", {"y - d": "y - c + b"},
         "You take away c and then add b, as y - w*x + b does. The minus is for all of the output: where do"
         " brackets belong, or which name stands for w*x + b already?"),
    Edit("e squared already", {"y - d": "(y - d) ** 2", "e**2": "e"},
         "Your e is squared already. In the graph, which node takes the difference, and which one squares?"),
    Edit("b in c already", {"w * x": "w * x + b", "c + b": "c"},
         "b is in your c already. Which node of the graph has w and x alone as its inputs?"),
    Edit("a ReLU on d", {"c + b": "max(c + b, 0)"},
         "Your d is never negative. Does the graph have an activation between c and e?"),
    Edit("loss = e", {"e**2": "e"},
         "Your loss can fall below zero by predicting too much. What is done to e so that both directions"
         " count as errors?"),
    Edit("loss = |e|", {"e**2": "abs(e)"},
         "This is the absolute error. Which function of e does the slide's graph have in its last node?"),
    Edit("loss = d²", {"e**2": "d**2"},
         "Your loss is d². A perfect neuron has d = y: which number is to be 0 then?"),
    Edit("loss = d", {"e**2": "d"},
         "Your loss is d itself. A perfect neuron has d = y: which number is to be 0 then, and what is done"
         " to it?"),
    Edit("difference of the squares", {"e**2": "y**2 - d**2"},
         "y² − d² is another number than (y − d)². Which comes first, the difference or the square?"),
    Edit("cut to whole numbers",
         tuple({"return c, d, e, loss": f"return {cut}(c), {cut}(d), {cut}(e), {cut}(loss)"}
               for cut in ("int", "round")),
         "Your numbers are whole ones: the decimals are cut off or rounded. Where does that happen?",
         entire=True),
    Edit("b added before the product", {"c + b": "w * (x + b)"},
         "The bias is multiplied by w. In the graph: which node has b as its input, the product or the one"
         " after it?"),
    Edit("loss halved", {"e**2": "e**2 / 2"},
         "Some books put 1/2 before the squared error, to cancel a 2 later. Does the slide?"),
    Edit("loss = 2e", {"e**2": "2 * e"},
         "2e is the derivative of the last step. What is its value on the way forward?"),
    Edit("loss = -2e", {"e**2": "-2 * e"},
         "−2e is the slope of the loss in d. What is the loss itself, on the way forward?"),
    Edit("loss is negative", {"e**2": "-(e**2)"},
         "A loss is smallest when the prediction is perfect. What is the largest value of yours?"),
    Edit("the other way round", {"return c, d, e, loss": "return loss, e, d, c"},
         "All four are there. In which order are they asked?", entire=True),
    Edit("gives the loss alone", {"return c, d, e, loss": "return loss"},
         "This is the loss alone. Which three numbers are asked before it? return a, b hands back two."),
    Edit("the slide's numbers", {"c = w * x": f"{_THE_SLIDES}\n    c = w * x"}, _SLIDES_ADVICE, whole=True),
)  # fmt: skip
_FORWARD_ALONE = (
    Edit("w and b exchanged", {"w * x": "b * x", "c + b": "c + w"},
         "w and b stand in each other's place. Which of the two is multiplied by x?"),
    Edit("x for y", {"y - d": "x - d"},
         "Your e compares the output with x. What should the output be, if the neuron is right?"),
    Edit("another activation on d", ({"c + b": "np.tanh(c + b)"}, {"c + b": "1 / (1 + np.exp(-c - b))"}),
         "Your d never leaves the numbers between -1 and 1. Does the graph have an activation between c and"
         " e?"),
    Edit("only d squared", {"e**2": "y - d**2"},
         "Your loss is y − d², as y - d ** 2 without brackets says. What is squared, all of e or d alone?"),
    Edit("d without c", {"c + b": "b"},
         "Your d is b alone. (=+ is not +=: it puts +b in the place of what was there.) What else goes into"
         " d?"),
    Edit("a sign lost in the square", {"e**2": "y**2 - 2 * y * d - d**2"},
         "(y − d)² is multiplied out in yours. Which sign has d² there?"),
    Edit("the worked example, as it stands",
         ({"e = y - d\n": "e = d**2\n", "return c, d, e, loss": "return c, d, e"},
          {"e = y - d\n": "e = d**2\n", "return c, d, e, loss": "return c, d, d**2"}),
         "c, d and d²: these are the three lines of the worked example. Which node does the neuron have"
         " between d and the loss, and what goes into it?"),
)  # fmt: skip
_OUT_OF_ORDER = Edit(
    "in another order",
    tuple(
        {"return c, d, e, loss": f"return {', '.join(order)}"}
        for order in itertools.permutations(("c", "d", "e", "loss"))
        if order not in (("c", "d", "e", "loss"), ("loss", "e", "d", "c"))
    ),
    "All four are there. In which order are they asked?",
    entire=True,
)

neuron_forward = Exercise(
    id="neuron_forward",
    lesson="03",
    slide="Computation Graphs",
    functions=("neuron_forward",),
    signature=("x", "w", "b", "y"),
    quantities=tuple(
        Quantity(name, place, WantedNumber()) for place, name in enumerate(("c", "d", "e", "loss"))
    ),
    parts=(Part("c and d", 1, ("c", "d")), Part("e and loss", 1, ("e", "loss"))),
    cases=_neuron_forward_cases,
    hints=(
        "Follow the graph from left to right: one line of code for each node, in the order c, d, e, loss.",
        "Each line uses the name from the line before it: d is made from c, e from d, the loss from e.",
        "c is a product, d a sum, e a difference that starts with y, and the loss is e times itself."
        " The last line returns all four, in this order.",
    ),
    twin="example_forward, just before the exercise",
    misconceptions=(
        *mistakes(NEURON_FORWARD, _FORWARD_MISTAKES),
        *one_at_a_time(NEURON_FORWARD, (*_FORWARD_ALONE, _OUT_OF_ORDER)),
    ),
)


# ------------------------------------------------------------------ neuron_gradients


def _squared_error(x: float, w: float, b: float, y: float) -> float:
    return (y - (w * x + b)) ** 2


def _neuron_gradients_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    for x, w, b, y in _neurons(rng):
        yield Case(
            {"x": x, "w": w, "b": b, "y": y},
            {
                "d_w": slope(lambda moved, x=x, b=b, y=y: _squared_error(x, moved, b, y), w),
                "d_b": slope(lambda moved, x=x, w=w, y=y: _squared_error(x, w, moved, y), b),
            },
        )


NEURON_GRADIENTS = RightAnswer(
    "neuron_gradients",
    """
    def neuron_gradients(x, w, b, y):
        d = w * x + b
        e = y - d
        d_e = 2 * e
        d_d = d_e * -1
        d_c = d_d
        d_w = d_c * x
        d_b = d_d * 1
        return d_w, d_b
    """,
)
_GRADIENT_MISTAKES = (
    Edit("-1 of e = y - d left out", {" * -1": ""},
         "A sign is the wrong way round. In the graph, e = y − d has a minus before d: what is ∂e/∂d?"),
    Edit("2 left out", {"2 * e": "e"},
         "There is no 2 in your chain, or it is undone. What is the derivative of e²?"),
    Edit("derivative of e, not of e squared", {"2 * e": "1.0"},
         "Your gradient does not depend on how large the error is. Which factor of the chain comes from the"
         " loss's own node?"),
    Edit("minus 1 for times -1", {"* -1": "- 1"},
         "You take 1 away from 2e. The slopes along a path are multiplied: what is ∂e/∂d, and what is done"
         " with it?"),
    Edit("factors added", ({"* -1": "- 1", "d_c = d_d": "d_c = d_d + 1", "d_c * x": "d_c + x",
                            "d_d * 1": "d_d + 1"},
                           {"* -1": "- 1", "d_c * x": "d_c + x", "d_d * 1": "d_d + 1"}),
         "The factors of your chain are added. What is done with the slopes along one path?"),
    Edit("e left out of 2e", {"2 * e": "2.0"},
         "Your gradient is the same for every y, however large the error is. What is the derivative of e²?"),
    Edit("e = y - d squared once more", ({"2 * e": "2 * e**2"}, {"2 * e": "e**2"}, {"2 * e": "2 * e**3"}),
         "The loss itself, e², is among your factors. The chain is made of derivatives: what is that of e²?"),
    Edit("e without brackets", {"y - d": "y - w * x + b"},
         "Your error takes away w*x and then adds b, as y - w*x + b does. The minus is for all of the output:"
         " where do brackets belong?"),
    Edit("the worked example's graph", {"y - d": "d", "* -1": "* 1"},
         "This is the way back of the worked example, whose loss is the square of the sum. y is not in it:"
         " which node does the neuron have between d and the loss?"),
    Edit("b left out of d", {" + b": ""},
         "Your error is the same for every b. What is d, and so e, in this neuron?"),
    Edit("x left out of d_w", {"d_c * x": "d_c"},
         "The factor ∂c/∂w is missing in your d_w, or it is 1. c = w x: when w moves by one, how far does c"
         " move?"),
    Edit("x added in d_w", {"d_c * x": "d_c + x"},
         "x is added in your d_w. What is done with the slopes along one path?"),
    Edit("w for x", {"d_c * x": "d_c * w"},
         "c = w x. You have taken its derivative with respect to x. With respect to which of the two is"
         " d_w?"),
    Edit("w beside x", {"d_c * x": "d_c * w * x"},
         "c = w x. When w moves by one, by how much does c move? Does w itself matter for that?"),
    Edit("x put in d_b", {"d_d * 1": "d_d * x"},
         "b is added after the product. When b moves by one, by how much does d move? Does x lie on the path"
         " from b to the loss?"),
    Edit("w put in d_b", {"d_d * 1": "d_d * w"},
         "b is added after the product. When b moves by one, by how much does d move? Does w lie on the path"
         " from b to the loss?"),
    Edit("b put in d_b", {"d_d * 1": "d_d * b"},
         "d = c + b. When b moves by one, by how much does d move? Does b itself matter for that?"),
    Edit("d_w and d_b exchanged", {"return d_w, d_b": "return d_b, d_w"},
         "Both numbers are there. In which order are they asked: which of the two has x in it?",
         entire=True),
    Edit("the last factor alone", {"d_c * x": "x", "d_d * 1": "1.0"},
         "c = w x gives ∂c/∂w and d = c + b gives ∂d/∂b: you have the last factor alone. Which factors lie"
         " between there and the loss?"),
    Edit("the last factor of d_b alone", {"d_d * 1": "1.0"},
         "Your d_b is ∂d/∂b alone, the last factor of its path. Which factors lie between d and the loss?"),
    Edit("the last factor of d_w alone", {"d_c * x": "x"},
         "Your d_w is ∂c/∂w alone, the last factor of its path. Which factors lie between c and the loss?"),
    Edit("the slide's numbers", {"d = w": f"{_THE_SLIDES}\n    d = w"}, _SLIDES_ADVICE, whole=True),
    Edit("the error without its sign", {"2 * e": "2 * abs(e)"},
         "Your gradients are made of |e|. A neuron that gives too much and one that gives too little should"
         " not move the same way: where does the sign of e get lost?"),
    Edit("x twice", {"d_c * x": "d_c * x**2"},
         "x is in your d_w twice. When w moves by 1, how far does c = w x move?"),
    Edit("2 added to e", {"2 * e": "2 + e"},
         "The derivative of e² is not made by adding 2 to e. Which sign stands between the 2 and the e?"),
    Edit("gives the updated parameters",
         tuple({"return d_w, d_b": f"return w - {r} * d_w, b - {r} * d_b"} for r in (0.01, 0.1, 1.0)),
         "These are w and b after a step. Which part of the update rule is the gradient alone?",
         entire=True),
)  # fmt: skip

_OTHER_THINGS = Edit(
    "other numbers than the two gradients",
    (
        {"return d_w, d_b": "return d - b, d, e, e**2"},
        {"return d_w, d_b": "return d_e, d_d, d_c, d_w, d_b"},
        {"return d_w, d_b": "return 1.0, d_e, d_d, d_c, d_w, d_b"},
        {"return d_w, d_b": "return d_c, d_d, d_e, d_w"},
        {"return d_w, d_b": "return d_c, d_d, d_e"},
        {"return d_w, d_b": "return d_e, d_d, d_c"},
        {"return d_w, d_b": "return d - b, d"},
        {"return d_w, d_b": "return d_w, d_b, d_c * w"},
        {"return d_w, d_b": "return d_c * w, d_w, d_b"},
    ),
    "Numbers of other nodes are among what you return. The gradients for the two parameters are asked, d_w"
    " and d_b: which nodes are w and b?",
)

neuron_gradients = Exercise(
    id="neuron_gradients",
    lesson="03",
    slide="Working through the example",
    functions=("neuron_gradients",),
    signature=("x", "w", "b", "y"),
    quantities=(
        Quantity("d_w", 0, WantedNumber(), because="found by moving w a little"),
        Quantity("d_b", 1, WantedNumber(), because="found by moving b a little"),
    ),
    parts=(Part("d_w", 3, ("d_w",)), Part("d_b", 3, ("d_b",))),
    cases=_neuron_gradients_cases,
    hints=(
        "Go forward first, to have e. Then go back along the path from the loss to w: one factor for each"
        " edge.",
        "From the loss to e, from e to d, from d to c, from c to w: four factors. The path to b shares the"
        " first two.",
        "The factors are 2e, then the −1 of e = y − d, then 1 for a sum; c = w x gives one more, on the"
        " way to w only.",
    ),
    twin="d_m, d_n and d_k of the smaller graph, just before the exercise",
    misconceptions=(
        *mistakes(NEURON_GRADIENTS, _GRADIENT_MISTAKES),
        *one_at_a_time(NEURON_GRADIENTS, (_OTHER_THINGS,)),
    ),
)
