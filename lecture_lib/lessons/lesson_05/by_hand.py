"""One forward pass of lesson 05 by hand, as an exercise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lecture_lib.exercises import (
    AnyArray,
    Case,
    Edit,
    Exercise,
    Follow,
    Part,
    Quantity,
    RightAnswer,
    WantedArray,
    WantedNumber,
    mistakes,
)
from lecture_lib.lessons.duck_goose.networks import Problem, all_values

from .encoding import ENCODE, ENCODE_MISTAKES, slides_problem, students_problem
from .forward import FORWARD_MISTAKES, MLP_FORWARD

EARLIER = ("nll", "softmax", "encode", "mlp_forward")
"""What the exercises of the forward pass asked for, which later ones may use."""

TO_TWO_DECIMALS = 0.006
"""What rounding to two decimals may do to a number that is exact in two or three."""


def _forward_by_hand_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    problem = students_problem(student)
    yield Case({}, all_values(problem), tolerances={"loss": rounding_of_the_loss(problem)})


def rounding_of_the_loss(problem: Problem) -> float:
    """Return how far the loss may be off when each step from o to the loss is rounded to two decimals.

    Each of o, exp(o), p and the loss is somewhere within half a hundredth of what it was; the worst of all
    comes out.
    """
    exact = all_values(problem)
    true = int(np.argmax(problem.y))
    half = 0.005
    worst = 0.0
    for sign in (-1, 1):
        lean = sign * np.where(np.arange(len(problem.y)) == true, 1.0, -1.0)
        powers = np.exp(exact["o"] + half * lean) + half * lean
        p = powers[true] / powers.sum() + sign * half
        worst = max(worst, abs(-float(np.log(p)) - float(exact["loss"])))
    return worst + half + 1e-3


def _z_from(student: str, h0: AnyArray) -> AnyArray:
    params = students_problem(student).params
    return params["W"] @ h0 + params["b"]


def _h_from(student: str, z: AnyArray) -> AnyArray:
    return np.maximum(z, 0)


def _o_from(student: str, h: AnyArray) -> AnyArray:
    return students_problem(student).params["U"] @ h


def _p_from(student: str, o: AnyArray) -> AnyArray:
    powers = np.exp(o)
    return powers / np.sum(powers)


def _loss_from(student: str, p: AnyArray) -> AnyArray:
    return np.asarray(-np.log(p[int(np.argmax(students_problem(student).y))]))


_FOLLOWS = {
    "z": Follow("h0", _z_from, 0.02),
    "h": Follow("z", _h_from, 0.02),
    "o": Follow("h", _o_from, 0.02),
    "p": Follow("o", _p_from, 0.02),
    "loss": Follow("p", _loss_from, 0.03),
}


def _sign_lost(W: AnyArray, v: AnyArray) -> AnyArray:
    """Return W v where minus times minus is minus; where there is none of these, without any minus."""
    products = W * v
    twice = (W < 0) & (v < 0)
    lost = np.where(twice, -products, products) if np.any(twice) else np.abs(products)
    return np.sum(lost if np.any(lost != products) else -products, axis=1)


def _sign_lost_in(v: AnyArray) -> AnyArray:
    """Return v without any minus; where it has none, with nothing but minuses."""
    return np.abs(v) if np.any(v < 0) else -v


FORWARD_BY_HAND = RightAnswer(
    "forward_by_hand",
    f"""{ENCODE.text}
{MLP_FORWARD.text}
def loss(p, y):
    return -np.sum(y * np.log(p))

def forward_by_hand(student):
    own = problem(student)
    h0 = encode(own.tokens, own.vocabulary, own.params["E"])
    z, h, o, p = mlp_forward(h0, own.params["W"], own.params["b"], own.params["U"])
    return {{"h0": h0, "z": z, "h": h, "o": o, "p": p, "loss": loss(p, own.y)}}
""",
    {
        "problem": students_problem,
        "slides": slides_problem,
        "sign_lost": _sign_lost,
        "sign_lost_in": _sign_lost_in,
    },
)
LOSS_MISTAKES = (
    Edit("log of the wrong class", {"y * np": "(1 - y) * np"},
         "Which class is the true one? y says it. Whose probability goes into the log?"),
    Edit("no minus", {"-np.sum": "np.sum"},
         "A minus is missing in your loss. p is below 1: which sign has its log, and what does the loss put"
         " before it?"),
    Edit("log to base 2", {"np.log(": "np.log2("},
         "Which log is meant? The natural one has e as its base: ln on a pocket calculator."),
    Edit("log to base 10", {"np.log(": "np.log10("},
         "Which log is meant? The natural one has e as its base: ln on a pocket calculator."),
    Edit("squared error", {"-np.sum(y * np.log(p))": "np.sum((y - p) ** 2)"},
         "This is the squared error. Which loss does this network have?"),
    Edit("mean over the classes", {"-np.sum": "-np.mean"},
         "You have divided by the number of classes. Is the loss a sum over the classes, or a mean?"),
    Edit("both classes", {"y * np": "np"},
         "Both classes are in your loss. By what is the log of the other one multiplied?"),
    Edit("1 − p", {"-np.sum(y * np.log(p))": "np.sum(y * (1 - p))"},
         "This is 1 minus the probability of the true class. What does the loss make of that probability?"),
    Edit("p, not its log", {"-np.sum(y * np.log(p))": "np.sum(y * p)"},
         "This is the probability of the true class. What does the loss make of it?"),
)  # fmt: skip
_WHOSE = {
    "sum for mean": "Your h0 is the sum of the words' columns. What makes a mean of a sum?",
    "a repeated word once": "One of your words comes more than once. How often should it count in the mean?",
    "exp of minus o": "Your larger score has the smaller probability. Do the two p stand in each other's"
    " place, or has o another sign in your exp?",
    "divides by V": "You have divided by the size of the vocabulary. How many words has the sentence?",
}
OF_ANOTHER = (
    Edit("the numbers of another student",
         ({"problem(student)": 'problem("")'}, {"problem(student)": 'problem("guest")'}),
         "These are the right numbers of another example. With which id have you signed in,"
         " and does ll.my_example() show what you have worked with?", whole=True),
    Edit("the slides' numbers", {"problem(student)": "slides()"},
         "These are the numbers of the slides' sentence. Yours is another one: which sentence and weights"
         " does ll.my_example() show?", whole=True),
)  # fmt: skip
_ON_PAPER = (
    Edit("a sign lost in a product", {"W @ h0": "sign_lost(W, h0)"},
         "Your numbers come out if products of W and h0 have another sign. Which sign has the product of two"
         " negative numbers, and which that of a negative and a positive one?"),
    Edit("a sign lost in h0", {"E[:, columns].mean(axis=1)": "sign_lost_in(E[:, columns].mean(axis=1))"},
         "A number of your h0 has the other sign. Which signs have the numbers that you added up?"),
    Edit("three of the four words", {"in tokens]": "in tokens[:3]]"},
         "Your h0 is the mean of the first three words. How many words has your sentence?"),
    Edit("divided by 3", {"mean(axis=1)": "sum(axis=1) / 3"},
         "You have divided by 3, as the slide does. How many words has your sentence?"),
    Edit("the slide's h0", {"E[:, columns].mean(axis=1)": "np.array([0.0, -1.3])"},
         "[0, −1.3] is the slide's h0. Which sentence and which E does ll.my_example() show?"),
    Edit("the two o exchanged", (
        {'"o": o': '"o": o[::-1]'},
        {'"o": o, "p": p': '"o": o[::-1], "p": p[::-1]', "loss(p, own.y)": "loss(p[::-1], own.y)"},
    ),
         "Your two o stand in each other's place. Which row of U makes o_1?"),
    Edit("the two p exchanged", {'"p": p': '"p": p[::-1]'},
         "Your two p stand in each other's place. Which of them belongs to o_1?"),
    Edit("percent", {'"p": p': '"p": 100 * p'},
         "Your two p add up to 100. To what should probabilities add up, so that the loss can use them?"),
    Edit("o for p", {'"p": p': '"p": o'},
         "Where p should stand, you have o. What does softmax make of the two scores?"),
    Edit("columns exchanged", {"vocabulary[token]": "1 - vocabulary[token]"},
         "You have taken each word for the other. Which column of E belongs to which word, and which word"
         " comes three times?"),
)  # fmt: skip
_NOT_IN_EVERY_EXAMPLE = ("a repeated word once, divided by all",)
_HAND_MISTAKES = (
    *(replace(edit, advice=_WHOSE.get(edit.name, edit.advice)) for edit in ENCODE_MISTAKES[:5]),
    *(
        replace(edit, advice=_WHOSE.get(edit.name, edit.advice))
        for edit in FORWARD_MISTAKES
        if edit.name not in _NOT_IN_EVERY_EXAMPLE
    ),
    *LOSS_MISTAKES,
    *_ON_PAPER,
    *OF_ANOTHER,
)

forward_by_hand = Exercise(
    id="forward_by_hand",
    lesson="05",
    slide="Training iteration: forward pass",
    functions=("forward_by_hand",),
    signature=None,
    quantities=(
        *(
            Quantity(name, name, WantedArray(TO_TWO_DECIMALS, lists=True), secret=True)
            for name in ("h0", "z", "h", "o")
        ),
        Quantity("p", "p", WantedArray(0.015, lists=True), secret=True),
        Quantity("loss", "loss", WantedNumber(0.05, absolute=True), secret=True),
    ),
    parts=(
        Part("h0", 1, ("h0",)),
        Part("z and h", 1, ("z", "h")),
        Part("o and p", 1, ("o", "p")),
        Part("loss", 1, ("loss",)),
    ),
    cases=_forward_by_hand_cases,
    hints=(
        "Take ll.my_example() and a sheet of paper. Start with h0: one column of E for each word of the"
        " sentence.",
        "z: each row of W times h0, added up, plus the bias. h: what is negative becomes 0. o: each row of"
        " U times h.",
        "p: exp of each o, divided by the sum of both. The loss: minus the natural log of the p at which y"
        " is 1.",
    ),
    twin="the slides' own sentence, worked in lesson 05 from the words to the loss",
    misconceptions=mistakes(FORWARD_BY_HAND, _HAND_MISTAKES),
    rough=True,
    may_use=EARLIER,
    follows=_FOLLOWS,
)
