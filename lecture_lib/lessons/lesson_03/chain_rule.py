"""A neuron forward and backward, and two paths: exercises of lesson 03."""

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
    yield 1.0, 2.0, 0.0, -1.0
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
    Edit("loss is negative", {"e**2": "-(e**2)"},
         "A loss is smallest when the prediction is perfect. What is the largest value of yours?"),
    Edit("the other way round", {"return c, d, e, loss": "return loss, e, d, c"},
         "All four are there. In which order are they asked?", entire=True),
    Edit("gives the loss alone", {"return c, d, e, loss": "return loss"},
         "This is the loss alone. Which three numbers are asked before it? return a, b hands back two."),
    Edit("the slide's numbers", {"c = w * x": f"{_THE_SLIDES}\n    c = w * x"}, _SLIDES_ADVICE, whole=True),
)  # fmt: skip
_FORWARD_ALONE = (
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
    asks="neuron_forward(x, w, b, y) gives (c, d, e, loss): c = w x, d = c + b, e = y − d, loss = e².",
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
         "The sign is the wrong way round. On the way from d to e there is a minus before d: what is ∂e/∂d?"),
    Edit("2 left out", {"2 * e": "e"},
         "There is no 2 in your chain, or it is undone. What is the derivative of e²?"),
    Edit("derivative of e, not of e squared", {"2 * e": "1.0"},
         "Your gradient does not depend on how large the error is. Which factor of the chain comes from the"
         " loss's own node?"),
    Edit("minus 1 for times -1", {"* -1": "- 1"},
         "You take 1 away from 2e. The slopes along a path are multiplied: what is ∂e/∂d, and what is done"
         " with it?"),
    Edit("e left out of 2e", {"2 * e": "2.0"},
         "Your gradient is the same for every y, however large the error is. What is the derivative of e²?"),
    Edit("e = y - d squared once more", ({"2 * e": "2 * e**2"}, {"2 * e": "e**2"}),
         "The loss itself, e², is among your factors. The chain is made of derivatives: what is that of e²?"),
    Edit("e without brackets", {"y - d": "y - w * x + b"},
         "Your error takes away w*x and then adds b, as y - w*x + b does. The minus is for all of the output:"
         " where do brackets belong?"),
    Edit("b left out of d", {" + b": ""},
         "Your error is the same for every b. What is d, and so e, in this neuron?"),
    Edit("x left out of d_w", {"d_c * x": "d_c"},
         "d_w should be larger when x is larger. c = w x: what is ∂c/∂w?"),
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
    Edit("the last factor alone",
         ({"d_c * x": "x", "d_d * 1": "1.0"}, {"d_d * 1": "1.0"}, {"d_c * x": "x"}),
         "c = w x gives ∂c/∂w and d = c + b gives ∂d/∂b: you have the last factor alone. Which factors lie"
         " between there and the loss?"),
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
    asks="neuron_gradients(x, w, b, y) gives (d_w, d_b), the gradients of the neuron's loss.",
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
    twin="d_u, d_v and d_k of the smaller graph, just before the exercise",
    misconceptions=(
        *mistakes(NEURON_GRADIENTS, _GRADIENT_MISTAKES),
        *one_at_a_time(NEURON_GRADIENTS, (_OTHER_THINGS,)),
    ),
)


# ------------------------------------------------------------------ fan_out


def two_paths(x: float) -> float:
    """Return what x becomes on two paths that meet again."""
    a = x + 1
    b = x**2
    return a * b


def _fan_out_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    for x in (2.0, -1.0, 3.0, 0.5, 0.0, *(tenth(rng) for _ in range(5))):
        yield Case({"x": x}, {"dℓ/dx": slope(two_paths, x)})


FAN_OUT = RightAnswer(
    "fan_out",
    """
    def fan_out(x):
        a, b = x + 1, x**2
        d_a, d_b = b, a
        through_a = d_a * 1
        through_b = d_b * 2 * x
        return through_a + through_b
    """,
)
_BOTH = "through_a + through_b"
_FAN_OUT_MISTAKES = (
    Edit("only the path through a", {_BOTH: "through_a"},
         "This is what comes back through a. Is that the only way in which x reaches the loss?"),
    Edit("only the path through b", {_BOTH: "through_b"},
         "This is what comes back through b. Is that the only way in which x reaches the loss?"),
    Edit("product of the paths", {_BOTH: "through_a * through_b"},
         "You have both paths. Along one path the factors are multiplied; what is done with two paths that"
         " meet in x?"),
    Edit("the two paths as a pair", ({_BOTH: "through_a, through_b"}, {_BOTH: "through_b, through_a"}),
         "Both paths are there. x has one gradient: what is done with what two paths bring to it?"),
    Edit("product of a' and b'", {"d_b = b, a": "d_b = 1, 1", _BOTH: "through_a * through_b"},
         "The derivative of a product is not the product of the derivatives. When a moves and b stays, by how"
         " much does ℓ move?"),
    Edit("sum of a' and b'", {"d_b = b, a": "d_b = 1, 1"},
         "You have da/dx and db/dx. What stands before each of them on the path from the loss: dℓ/da,"
         " dℓ/db?"),
    Edit("b' = x", {"2 * x": "x"},
         "One of your factors seems to be x where b = x² has its derivative. How fast does x² grow?"),
    Edit("a and b exchanged", {"d_b = b, a": "d_b = a, b"},
         "When a moves, ℓ = a·b moves by b times as much. Which factor stands before da/dx, and which before"
         " db/dx?"),
    Edit("difference of the paths", {_BOTH: "through_a - through_b"},
         "You have both paths, and take one from the other. What is done with two paths that meet in x?"),
    Edit("x² + 2x", ({"d_b = b, a": "d_b = b, 1"}, {_BOTH: "through_b - through_a"}),
         "Your result is x² + 2x. Write down what each path brings, dℓ/da · da/dx and dℓ/db · db/dx: are all"
         " four factors there, and which sign stands between the two?", alone=True),
    Edit("sum of a and b", {_BOTH: "a + b"},
         "This is a + b. What is the derivative of a product, when one factor moves and then the other?"),
    Edit("b + 2a", {"2 * x": "2"},
         "Your result is b + 2a. b = x²: how fast does it grow, and does that depend on x?", alone=True),
    Edit("3x²", {_BOTH: "3 * x**2"},
         "This is the derivative of x³. What else is in ℓ = (x + 1) x²?"),
    Edit("3x² and a wrong rest",
         tuple({_BOTH: f"3 * x**2 + {rest}"} for rest in ("2", "1", "x", "x**2", "2 * x**2")),
         "3x² is in your result, the derivative of x³. What is that of the rest of ℓ = (x + 1) x²?"),
    Edit("b for its derivative", {"2 * x": "b"},
         "One of your factors is x² where the path has the derivative of b = x². How fast does x² grow?"),
    Edit("the worked example's slopes",
         ({"d_a * 1": "d_a * 2", "* 2 * x": "* 1"}, {_BOTH: "4 * x + 6"}),
         "In the worked example the inner slopes are 2 and 1, for 2x and x + 3. What are they for x + 1 and"
         " x²?"),
    Edit("mean of the paths", {_BOTH: "(through_a + through_b) / 2"},
         "You have both paths, and take their mean. When x moves, do both of its ways to the loss count in"
         " full?"),
    Edit("the loss itself", {_BOTH: "a * b"},
         "This is ℓ, the value on the way forward. What is asked is how fast it changes with x."),
)  # fmt: skip

fan_out = Exercise(
    id="fan_out",
    lesson="03",
    slide="Reminder: Chain Rule of Differentiation",
    asks="fan_out(x) gives dℓ/dx of ℓ = a·b with a = x + 1 and b = x².",
    functions=("fan_out",),
    signature=("x",),
    quantities=(Quantity("dℓ/dx", None, WantedNumber(), because="found by moving x a little"),),
    parts=(Part("both paths, added", 4, ("dℓ/dx",)),),
    cases=_fan_out_cases,
    hints=(
        "Draw the graph: x goes into two nodes. How many paths lead from the loss back to x?",
        "Work out what comes back along each path: for the path through a, dℓ/da times da/dx; likewise for"
        " b.",
        "dℓ/da is b, dℓ/db is a; da/dx is 1, db/dx is 2x. What the two paths bring to x is added.",
    ),
    twin="ℓ = a·b with a = 2x and b = x + 3, just before the exercise",
    misconceptions=mistakes(FAN_OUT, _FAN_OUT_MISTAKES),
)
