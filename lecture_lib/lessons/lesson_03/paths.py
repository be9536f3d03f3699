"""Two paths that meet: an exercise of lesson 03."""

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
    slope,
    tenth,
)


def two_paths(x: float) -> float:
    """Return what x becomes on two paths that meet again."""
    a = x + 1
    b = x**2
    return a * b


def _fan_out_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    for x in (2.0, -1.0, 3.0, 0.5, 0.0, -0.5, *(tenth(rng) for _ in range(5))):
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
         "There is one path in your result, that through a. Is it the only way in which x reaches the loss?"),
    Edit("only the path through b", {_BOTH: "through_b"},
         "There is one path in your result, that through b. Is it the only way in which x reaches the loss?"),
    Edit("product of the paths", {_BOTH: "through_a * through_b"},
         "You have both paths. Along one path the factors are multiplied; what is done with two paths that"
         " meet in x?"),
    Edit("the two paths as a pair", ({_BOTH: "through_a, through_b"}, {_BOTH: "through_b, through_a"}),
         "Both paths are there. x has one gradient: what is done with what two paths bring to it?"),
    Edit("product of a' and b'", {"d_b = b, a": "d_b = 1, 1", _BOTH: "through_a * through_b"},
         "The derivative of a product is not the product of the derivatives. When a moves and b stays, by how"
         " much does ℓ move?"),
    Edit("sum of a' and b'", {"d_b = b, a": "d_b = 1, 1"},
         "You have da/dx and db/dx. What stands before each of them on the path from the loss: ∂ℓ/∂a,"
         " ∂ℓ/∂b?"),
    Edit("b' = x", {"2 * x": "x"},
         "One of your factors seems to be x where b = x² has its derivative. How fast does x² grow?"),
    Edit("a and b exchanged", {"d_b = b, a": "d_b = a, b"},
         "When a moves, ℓ = a·b moves by b times as much. Which factor stands before da/dx, and which before"
         " db/dx?"),
    Edit("difference of the paths", {_BOTH: "through_a - through_b"},
         "You have both paths, and take one from the other. What is done with two paths that meet in x?"),
    Edit("x² + 2x", ({"d_b = b, a": "d_b = b, 1"}, {_BOTH: "through_b - through_a"}),
         "Your result is x² + 2x. Write down what each path brings, ∂ℓ/∂a · da/dx and ∂ℓ/∂b · db/dx: are all"
         " four factors there, and which sign stands between the two?", alone=True),
    Edit("sum of a and b", {_BOTH: "a + b"},
         "This is a + b. What is the derivative of a product, when one factor moves and then the other?"),
    Edit("a without brackets", {"d_b * 2 * x": "x + 1 * 2 * x"},
         "Python multiplies before it adds: in x + 1 * 2 * x only the 1 is multiplied. Which part of it is a,"
         " and where do brackets belong?", alone=True),
    Edit("b + 2a", {"2 * x": "2"},
         "Your result is b + 2a. b = x²: how fast does it grow, and does that depend on x?", alone=True),
    Edit("3x²", {_BOTH: "3 * x**2"},
         "This is the derivative of x³. What else is in ℓ = (x + 1) x²?"),
    Edit("3x² and a wrong rest",
         tuple({_BOTH: f"3 * x**2 + {rest}"} for rest in ("2", "1", "x", "x**2", "2 * x**2")),
         "3x² is in your result, the derivative of x³. What is that of the rest of ℓ = (x + 1) x²?"),
    Edit("b for its derivative", ({"2 * x": "b"}, {"2 * x": "2 * b"}),
         "One of your factors is x² where the path has the derivative of b = x². How fast does x² grow?"),
    Edit("the worked example's slopes",
         ({"d_a * 1": "d_a * 2", "* 2 * x": "* 1"}, {_BOTH: "4 * x + 6"}),
         "In the worked example the inner slopes are 2 and 1, for 2x and x + 3. What are they for x + 1 and"
         " x²?"),
    Edit("a for its derivative", {"d_a * 1": "d_a * a"},
         "One of your factors is x + 1 where the path has the derivative of a = x + 1. How fast does x + 1"
         " grow?", alone=True),
    Edit("b left out on the path through a", {"d_a * 1": "1"},
         "Your path through a brings da/dx alone, which is 1. What stands before it on that path: ∂ℓ/∂a?",
         alone=True),
    Edit("without its sign", {_BOTH: "abs(through_a + through_b)"},
         "Your result is never negative. Can the loss fall when x grows a little?", alone=True),
    Edit("b's slope on both paths", {"d_a * 1": "d_a * 2 * x"},
         "2x stands on both of your paths. What is da/dx, for a = x + 1?", alone=True),
    Edit("a' = x", {"d_a * 1": "d_a * x"},
         "One of your factors is x where a = x + 1 has its derivative. How fast does x + 1 grow?",
         alone=True),
    Edit("the larger path alone", {_BOTH: "max(through_a, through_b)"},
         "You take the larger of the two paths. When x moves, do both of its ways to the loss count?"),
    Edit("the total begins with 1", {_BOTH: "1 + through_a + through_b"},
         "Your result is one too large. With which number must a sum begin, so that it adds nothing?",
         alone=True),
    Edit("x itself", {_BOTH: "x"}, "This is x, as it came. What is asked is how fast ℓ changes with it."),
    Edit("twice the loss", {_BOTH: "2 * a * b"},
         "This is 2ab, twice the loss. What comes back along the path through a: ∂ℓ/∂a times which slope?"),
    Edit("mean of the paths", {_BOTH: "(through_a + through_b) / 2"},
         "You have both paths, and take their mean. When x moves, do both of its ways to the loss count in"
         " full?"),
    Edit("2x for x²", ({"x**2": "x * 2"}, {"x**2": "x * 2", "d_b * 2 * x": "d_b * 2"}),
         "2x is in the place of x² in your path through a. In b = x², which number is multiplied by itself?",
         alone=True),
    Edit("2 to the power of x", {"x**2": "2**x"},
         "2**x is 2 to the power of x. In b = x², which number is multiplied by itself?", alone=True),
    Edit("the loss itself", {_BOTH: "a * b"},
         "This is ℓ, the value on the way forward. What is asked is how fast it changes with x."),
)  # fmt: skip

fan_out = Exercise(
    id="fan_out",
    lesson="03",
    slide="Reminder: Chain Rule of Differentiation",
    functions=("fan_out",),
    signature=("x",),
    quantities=(Quantity("dℓ/dx", None, WantedNumber(), because="found by moving x a little"),),
    parts=(Part("both paths, added", 4, ("dℓ/dx",)),),
    cases=_fan_out_cases,
    hints=(
        "Draw the graph: x goes into two nodes. How many paths lead from the loss back to x?",
        "Work out what comes back along each path: for the path through a, ∂ℓ/∂a times da/dx; likewise for"
        " b.",
        "∂ℓ/∂a is b, ∂ℓ/∂b is a; da/dx is 1, db/dx is 2x. What the two paths bring to x is added.",
    ),
    twin="r = 2x and t = x + 3, whose product is the loss, just before the exercise",
    misconceptions=mistakes(FAN_OUT, _FAN_OUT_MISTAKES),
)
