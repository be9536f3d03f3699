"""The gradients of lesson 06, by hand, as an exercise."""

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
    mistakes,
    one_at_a_time,
    slopes,
)
from lecture_lib.lessons.duck_goose.networks import all_values, measured_gradients
from lecture_lib.lessons.lesson_05.by_hand import EARLIER, OF_ANOTHER
from lecture_lib.lessons.lesson_05.encoding import (
    ENCODE,
    ENCODE_MISTAKES,
    slides_problem,
    students_problem,
)
from lecture_lib.lessons.lesson_05.forward import FORWARD_MISTAKES, MLP_FORWARD


def _backward_by_hand_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    problem = students_problem(student)
    values = all_values(problem)
    yield Case(
        {},
        {
            "d_p": slopes(lambda p: -float(np.sum(problem.y * np.log(p))), values["p"]),
            "d_o": slopes(
                lambda o: float(np.log(np.sum(np.exp(o))) - np.sum(problem.y * o)),
                values["o"],
            ),
            "d_U": measured_gradients(problem, ("U",))["U"],
        },
    )


def _U_from(student: str, d_o: AnyArray) -> AnyArray:
    return np.outer(d_o, all_values(students_problem(student))["h"])


BACKWARD_BY_HAND = RightAnswer(
    "backward_by_hand",
    f"""{ENCODE.text}
{MLP_FORWARD.text}
def backward_by_hand(student):
    own = problem(student)
    E, W, b, U = (own.params[name] for name in "EWbU")
    h0 = encode(own.tokens, own.vocabulary, E)
    z, h, o, p = mlp_forward(h0, W, b, U)
    y = own.y
    d_p = -y / p
    d_o = p - y
    d_U = np.outer(d_o, h)
    return {{"d_p": d_p, "d_o": d_o, "d_U": d_U}}
""",
    {"problem": students_problem, "slides": slides_problem},
)
_BEFORE_U = {
    "ReLU left out": "These numbers come of an h with negative entries, as z has. What does the ReLU do with"
    " those?",
}
_FORWARD_FIRST = " It shows in the forward pass already: does forward_by_hand pass?"
_HAND_MISTAKES = (
    Edit("positive sign", {"-y / p": "y / p"},
         "When the true class becomes more probable, does the loss rise or fall? What does that say of the"
         " sign of ∂ℓ/∂p?"),
    Edit("y - p", {"p - y": "y - p"},
         "When the score of the true class rises, does the loss rise or fall? Look at the sign of ∂ℓ/∂o"
         " there."),
    Edit("transposed d_U", {"(d_o, h)": "(h, d_o)"},
         "∂ℓ/∂U has a row for each class and a column for each hidden unit, as U has. Which of your two"
         " vectors should count the rows?"),
    Edit("the two entries of d_p exchanged", {'"d_p": d_p': '"d_p": d_p[::-1]'},
         "Your two numbers of ∂ℓ/∂p stand in each other's place. At which class is y 1?"),
    Edit("the other class for the true one",
         ({"-y / p": "-y[::-1] / p", "p - y": "p - y[::-1]"}, {"-y / p": "-y[::-1] / p"},
          {"p - y": "p - y[::-1]"}),
         "Your numbers are those of a text of the other class. At which class is y 1?"),
    Edit("log p for its derivative", {"-y / p": "y * np.log(p)"},
         "This is log p, at the true class. What is its derivative?"),
    Edit("divided by the classes", ({"-y / p": "-y / p / 2", "p - y": "(p - y) / 2"},
                                    {"-y / p": "-y / p / 2"}, {"p - y": "(p - y) / 2"}),
         "You have divided by the number of classes. Is the loss a sum over the classes, or a mean?"),
    Edit("softmax's slope once more", {"p - y": "p * (1 - p) * (p - y)"},
         "p (1 − p) stands before p − y. Where you have p − y, is there still a softmax on the way to o?"),
    Edit("softmax's slope alone", {"p - y": "p * (1 - p)"},
         "p (1 − p) is how fast each p changes with its own score. Where does the loss come in, and y?"),
    Edit("p left out", {"p - y": "-y"},
         "Your ∂ℓ/∂o is −y: it does not depend on what the network predicts. −y/p is ∂ℓ/∂p; is softmax's"
         " derivative p alone?"),
    Edit("logarithm to base 10", {"-y / p": "-y / p / np.log(10)"},
         "This is the derivative of a logarithm to base 10. Which logarithm is in the loss?"),
    Edit("one number for d_p", {"-y / p": "-1 / p[np.argmax(y)]"},
         "Your ∂ℓ/∂p is the number of the true class alone. p has two entries: what belongs to the other"
         " class?"),
    Edit("one number for d_U", {"np.outer(d_o, h)": "d_o @ h"},
         "You have added up the products of ∂ℓ/∂o and h. ∂ℓ/∂U has an entry for each pair of the two: which"
         " table is that?"),
    Edit("d_h for d_U", {"np.outer(d_o, h)": "U.T @ d_o"},
         "This is ∂ℓ/∂h: U is in it. What does an entry of U multiply in the forward pass?"),
    Edit("elementwise product for d_U", {"np.outer(d_o, h)": "d_o * h"},
         "You have multiplied ∂ℓ/∂o and h entry by entry. ∂ℓ/∂U has an entry for each pair of the two: which"
         " table is that?"),
    Edit("d_U in one row", ({"np.outer(d_o, h)": "np.outer(d_o, h).ravel()"},
                            {"np.outer(d_o, h)": "np.outer(h, d_o).ravel()"}),
         "The four numbers stand in one row. U has rows and columns: write [[…, …], […, …]]. To what does"
         " a row of U belong?"),
    Edit("d_p for d_o in d_U", {"(d_o, h)": "(d_p, h)"},
         "∂ℓ/∂p stands in your product. o = U h: which gradient arrives at o?"),
    Edit("the other text's h", {"(d_o, h)": "(d_o, np.array([0.5, 0.2]))"},
         "[0.5, 0.2] is the h of the other text, in the cells above. Which h has your sentence?"),
    Edit("y left out of 1/p", {"-y / p": "-1 / p"},
         "The loss of this sentence does not look at the other class's p. What is y there, and so what is"
         " ∂ℓ/∂p there?"),
    Edit("p - y for d_p", {'"d_p": d_p': '"d_p": p - y'},
         "This is p − y, the derivative for o. Which step earlier is ∂ℓ/∂p, between the loss and the"
         " softmax?"),
    Edit("1/p left out", {"-y / p": "-y"},
         "What is the derivative of log p? You have its sign and its place, but not its size."),
    Edit("p for 1/p", {"-y / p": "-y * p"},
         "What is the derivative of log p? Does it grow or shrink when p grows?"),
    Edit("the loss for its derivative", {"-y / p": "-y * np.log(p)"},
         "This is the loss itself. What is the derivative of −log p?"),
    Edit("y left out", {"p - y": "p"},
         "Your ∂ℓ/∂o is p. What does it have to do with the true class?"),
    Edit("softmax left out", {"p - y": "-y / p"},
         "Your ∂ℓ/∂o is ∂ℓ/∂p as it came. What lies between o and p?"),
    Edit("the softmax's diagonal only", {"p - y": "-y * (1 - p)"},
         "When one score rises, the probabilities of all classes change. How fast does the loss change with"
         " the score of the other class?"),
    Edit("absolute difference", {"p - y": "np.abs(p - y)"},
         "Can both scores push the loss up? Compare the signs of ∂ℓ/∂o for the true class and the other."),
    Edit("z for h in d_U", {"(d_o, h)": "(d_o, z)"},
         "U is multiplied by h. Is that what stands in your product, or is it z, before the ReLU?"),
    Edit("h0 for h in d_U", {"(d_o, h)": "(d_o, h0)"},
         "U is multiplied by h. Is that what stands in your product, or is it h0?"),
    Edit("U after the update", ({'"d_U": d_U': '"d_U": U - 0.01 * d_U'}, {'"d_U": d_U': '"d_U": U - d_U'}),
         "This is U after a step. Which part of the update is the gradient alone?"),
    Edit("values of the forward pass",
         ({'"d_p": d_p': '"d_p": p', '"d_o": d_o': '"d_o": o', '"d_U": d_U': '"d_U": U'},
          {'"d_p": d_p': '"d_p": p'}, {'"d_o": d_o': '"d_o": o'}, {'"d_U": d_U': '"d_U": U'},
          {'"d_p": d_p': '"d_p": p', '"d_o": d_o': '"d_o": o'}),
         "Here stands a value of the forward pass: p, o or U itself. d_p, d_o and d_U are the derivatives of"
         " the loss with respect to them: what is asked is how the loss changes with each."),
    *(
        replace(edit, advice=_BEFORE_U.get(edit.name, edit.advice) + _FORWARD_FIRST)
        for edit in (*ENCODE_MISTAKES, *FORWARD_MISTAKES)
        if edit.name
        in ("rows for columns", "sum for mean", "a repeated word once", "ReLU left out", "b left out",
            "unnormalised p")
    ),
    *OF_ANOTHER,
    Edit("the other text's numbers",
         {"problem(student)": "slides()", "y = own.y": "h = np.array([0.5, 0.2]); y = np.array([0.0, 1.0])\n"
          "    p = np.exp(U @ h) / np.sum(np.exp(U @ h))"},
         "These are the numbers of the other text, in the cells above. Which sentence and weights does"
         " ll.my_example() show?", whole=True),
)  # fmt: skip
_ALONE = (
    Edit("d_U with the other sign", {'"d_U": d_U': '"d_U": -d_U'},
         "Each row of your ∂ℓ/∂U has the sign that the other row should have. To which class does a row of U"
         " belong, and which sign has ∂ℓ/∂o there?"),
    Edit("the columns of d_U exchanged", {'"d_U": d_U': '"d_U": d_U[:, ::-1]'},
         "The two columns of your ∂ℓ/∂U stand in each other's place. To which hidden unit does a column of U"
         " belong?"),
    Edit("a minus lost in d_U", {'"d_U": d_U': '"d_U": np.abs(d_U)'},
         "No entry of your ∂ℓ/∂U is negative. Which signs have the two numbers of ∂ℓ/∂o?"),
    Edit("d_p and d_o exchanged", {'"d_p": d_p, "d_o": d_o': '"d_p": d_o, "d_o": d_p'},
         "d_p and d_o stand in each other's place. Which of them is next to the loss?"),
    Edit("d_o with the other sign", {'"d_o": d_o': '"d_o": -d_o'},
         "Your two numbers of ∂ℓ/∂o have each other's sign. When the score of the true class rises, does the"
         " loss rise or fall?"),
)  # fmt: skip

backward_by_hand = Exercise(
    id="backward_by_hand",
    lesson="06",
    slide="Training iteration: calculate the gradient",
    functions=("backward_by_hand",),
    signature=None,
    quantities=(
        Quantity("d_p", "d_p", WantedArray(0.05, lists=True), secret=True),
        Quantity("d_o", "d_o", WantedArray(0.015, lists=True), secret=True),
        Quantity("d_U", "d_U", WantedArray(0.02, lists=True), secret=True),
    ),
    parts=(Part("d_p", 1, ("d_p",)), Part("d_o", 1, ("d_o",)), Part("d_U", 2, ("d_U",))),
    cases=_backward_by_hand_cases,
    hints=(
        "Begin at the loss and go back one node at a time: first d_p, then d_o, then d_U."
        " You need p and h from your forward pass.",
        "∂ℓ/∂p: the derivative of −log p at the true class, 0 at the other. ∂ℓ/∂o: a difference of two"
        " vectors"
        " that you have. ∂ℓ/∂U: an outer product, of U's shape.",
        "∂ℓ/∂o is p with 1 taken away at the true class. Entry (i, j) of ∂ℓ/∂U is entry i of ∂ℓ/∂o times"
        " h_j.",
    ),
    twin="h = [0.5, 0.2] and y = [0, 1], just before the exercise",
    misconceptions=(
        *mistakes(BACKWARD_BY_HAND, _HAND_MISTAKES),
        *one_at_a_time(BACKWARD_BY_HAND, _ALONE),
    ),
    rough=True,
    may_use=(*EARLIER, "sentence_graph", "topological_order", "forward", "Record"),  # not the backward pass
    follows={"d_U": Follow("d_o", _U_from, 0.03)},
)
