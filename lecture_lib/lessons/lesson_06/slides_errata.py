"""Exercise `errata`: what the slides' numbers should be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lecture_lib.exercises import (
    Case,
    Edit,
    Exercise,
    Part,
    Plain,
    Quantity,
    RightAnswer,
    WantedNumber,
    WantedOther,
    mistakes,
    short,
    slopes,
)
from lecture_lib.learning.example import duck_goose
from lecture_lib.lessons.duck_goose.networks import (
    all_values,
    measured_gradients,
)
from lecture_lib.lessons.lesson_05.encoding import slides_problem
from lecture_lib.lessons.lesson_05.forward import MLP_FORWARD


def _right_numbers() -> dict[str, object]:
    problem = slides_problem()
    U = problem.params["U"] - duck_goose().learning_rate * measured_gradients(problem, ("U",))["U"]
    p = all_values(problem)["p"]
    d_p = slopes(lambda moved: -float(np.sum(problem.y * np.log(moved))), p)
    by_columns = np.allclose(all_values(problem)["h0"], [0.0, -1.3])  # the slide's own average
    return {
        "U12": float(U[0, 1]),
        "U22": float(U[1, 1]),
        "dl_dp1": float(d_p[0]),
        "E_is": "column" if by_columns else "row",
    }


def _errata_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    yield Case({}, _right_numbers())


def _word(value: Plain) -> Plain:
    """Read a word: "Columns" says "column"."""
    return value.strip().casefold().removesuffix("s") if isinstance(value, str) else value


def _wrong_word(value: Plain, expected: str) -> str | None:
    word = _word(value) if isinstance(value, str) else ""
    if word == expected:
        return None
    known = word in ("row", "column")
    return short(value, 60) + (
        " is not it" if known else '; one of these words was expected: "row", "column"'
    )


ERRATA = RightAnswer(
    "errata",
    f"""{MLP_FORWARD.text}
def errata(student):
    slides = problem()
    W, b, U = (slides.params[name] for name in "WbU")
    z, h, o, p = mlp_forward(np.array([0.0, -1.3]), W, b, U)
    d_U = np.outer(p - slides.y, h)
    U = U - 0.01 * d_U
    return {{"U12": U[0, 1], "U22": U[1, 1], "dl_dp1": -1 / p[0], "E_is": "column"}}
""",
    {"problem": slides_problem},
)
_STEP, _U12, _U22, _D_P = "U = U - 0.01 * d_U", "U[0, 1]", "U[1, 1]", "-1 / p[0]"
_ERRATA_MISTAKES = (
    Edit("the slide's own numbers", {_U12: "-0.502", _U22: "0.297", _D_P: "-2.36"},  # as they are printed
         "The slide prints this number, or one very near to it. Compute it yourself with the numbers of this"
         " lesson: do the sign and the last digit come out the same?"),
    Edit("the slide's digits with another sign", ({_U12: "0.502"}, {_U22: "-0.297"}),
         "These are the slide's digits, with the sign turned round. What do you get if you compute the number"
         " yourself, with the numbers of this lesson?"),
    Edit("cut off, not rounded", ({_U12: "-0.497"}, {_U12: "-0.49"}, {_U22: "0.29"}),
         "Digits are cut off here, as the slide does with U₂₂. What does the entry round to, with three"
         " decimals?"),
    Edit("p rounded first", {_D_P: "-1 / 0.42"},
         "p₁ is rounded to 0.42 here, and then divided by. How many decimals of p₁ does this lesson give?"),
    Edit("the slide's own word", {"column": "row"},
         "The slide says row. Look at the numbers that its own average adds up: do the two of one word stand"
         " beside each other in E, or one above the other?"),
    Edit("right number, wrong sign", {_U12: "-U[0, 1]", _U22: "-U[1, 1]"},
         "The digits are right. Which sign has it: on which side of 0 does the entry start, and how far"
         " can one small step take it?"),
    Edit("dl_dp1 with the wrong sign", {_D_P: "1 / p[0]"},
         "dl_dp1 is positive here. When the true class becomes more probable, does the loss rise or fall?"),
    Edit("the gradient, not U after the step", {_STEP: "U = d_U"},
         "This is ∂ℓ/∂U. What is asked is U itself, after the update."),
    Edit("U before the step", {_STEP: "U = U"},
         "This is U before the update. The step is small, and it shows in the third decimal: what is it?"),
    Edit("plus for minus", {_STEP: "U = U + 0.01 * d_U"},
         "Your step goes uphill. Which sign stands before the learning rate in the update?"),
    Edit("another learning rate", ({_STEP: "U = U - 0.1 * d_U"}, {_STEP: "U = U - 1.0 * d_U"}),
         "Your step is too long or too short. What is the learning rate on the slides?"),
    Edit("another entry of U",
         ({_U12: "U[1, 0]"}, {_U12: "U[0, 0]"}, {_U12: "U[1, 1]"}, {_U22: "U[1, 0]"}, {_U22: "U[0, 1]"},
          {_U22: "U[0, 0]"}, {_U12: "U[1, 1]", _U22: "U[0, 1]"}),
         "This is another entry of U after the step. The first index counts the rows, the second the columns,"
         " and NumPy counts both from 0: which entry is U₁₂ in code?"),
    Edit("p itself", {_D_P: "p[0]"},
         "This is p₁. What is asked is how the loss changes with it."),
    Edit("the loss itself", {_D_P: "-np.log(p[0])"},
         "This is the loss. What is asked is its derivative with respect to p₁."),
    Edit("log p for its derivative", {_D_P: "np.log(p[0])"},
         "This is log p₁. What is asked is the derivative of the loss with respect to p₁."),
    Edit("rounded to one decimal", {_D_P: "-2.4"},
         "One decimal is left here, as where section 2 prints this number. What is it with two?"),
    Edit("the derivative for the score", {_D_P: "p[0] - 1"},
         "This is p₁ − 1, the derivative with respect to the score o₁. Which step earlier is ∂ℓ/∂p₁?"),
    Edit("the other class's p", {_D_P: "-1 / p[1]"},
         "Is it p₁ or p₂ that you have used? Which of the two is asked?"),
)  # fmt: skip

errata = Exercise(
    id="errata",
    lesson="06",
    slide="Training iteration: parameter update",
    functions=("errata",),
    signature=None,
    quantities=(
        Quantity("U12", "U12", WantedNumber(0.0005), secret=True),
        Quantity("U22", "U22", WantedNumber(0.0005), secret=True),
        Quantity("dl_dp1", "dl_dp1", WantedNumber(0.005, absolute=True), secret=True),
        Quantity("E_is", "E_is", WantedOther(_wrong_word, read=_word), secret=True),
    ),
    parts=tuple(Part(name, 1, (name,)) for name in ("U12", "U22", "dl_dp1", "E_is")),
    cases=_errata_cases,
    hints=(
        "Work out each number again with the lesson's own p and gradients, and put it beside the slide's.",
        "U after the update is U minus 0.01 times ∂ℓ/∂U. What is minus a negative number? And the last digit:"
        " cut off, or rounded?",
        "∂ℓ/∂p₁ is −1/p₁, with p₁ = 0.422627. For U, use ∂ℓ/∂U to four decimals. For E, look at which numbers"
        " the slide's average adds up.",
    ),
    twin="∂ℓ/∂p and ∂ℓ/∂U in sections 2 and 4, and the update, just before the exercise",
    misconceptions=mistakes(ERRATA, _ERRATA_MISTAKES),
)
