"""The derivative rule of the softmax in lesson 04, as an exercise."""

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
)

from .rule_mistakes import MOVED, handed_back, some_numbers

_ONE_ENTRY, _ANY = "d_out of one entry", "any d_out"


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    return e / e.sum()


def _softmax_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(d_out: Array, z: Array) -> Case:
        expected = {"d_z": handed_back(_softmax, d_out, z)[0]}
        part = _ONE_ENTRY if np.count_nonzero(d_out) == 1 else _ANY
        return Case({"d_out": d_out, "p": _softmax(z)}, expected, parts=(part,))

    yield case(np.array([-10.0, 0.0]), np.log(np.array([0.2, 0.8])))
    yield case(np.array([0.0, 10.0]), np.log(np.array([0.2, 0.8])))
    yield case(np.array([10.0, -10.0, 20.0]), np.log(np.array([0.2, 0.3, 0.5])))
    for classes in (2, 3, 4, 5):
        middle = np.eye(classes)[classes // 2]
        yield case(some_numbers(rng, 1)[0] * middle, some_numbers(rng, classes))
        yield case(some_numbers(rng, classes) * 3, some_numbers(rng, classes))


SOFTMAX = RightAnswer(
    "softmax_vjp",
    """
    def softmax_vjp(d_out, p):
        J = np.diag(p) - np.outer(p, p)
        return J.T @ d_out
    """,
)
_JACOBIAN, _PRODUCT = "np.diag(p) - np.outer(p, p)", "J.T @ d_out"

softmax_rule = Exercise(
    id="softmax_vjp",
    lesson="04",
    slide="Useful derivatives in NNs",
    functions=("softmax_vjp",),
    signature=("d_out", "p"),
    quantities=(Quantity("d_z", None, WantedArray(), MOVED),),
    parts=(Part(_ONE_ENTRY, 1, ("d_z",)), Part(_ANY, 2, ("d_z",))),
    cases=_softmax_cases,
    hints=(
        "z[j] moves every p[i]: all probabilities share one sum. So d_z[j] is a sum over all i: what came"
        " back to p[i], times the slope of p[i] for z[j].",
        "The slide gives that slope: p_i (δ_ij − p_j). Write the table of all slopes, one for each pair i, j:"
        " what stands on its diagonal, what elsewhere?",
        "np.diag(v) has v on its diagonal and 0 elsewhere; np.outer(v, v) has v_i v_j at (i, j). Make the"
        " table"
        " J of slopes from these two. The sum over i of J[i, j] d_out[i] is a product of a matrix with"
        " d_out.",
    ),
    twin="normalise_vjp, the rule of z / Σ z, just before the exercise",
    may_use=("softmax",),
    misconceptions=mistakes(
        SOFTMAX,
        (
            Edit(
                "p taken from d_out",
                ({_PRODUCT: "p * (d_out - p)"}, {_PRODUCT: "p * (p - d_out)"}),
                "You take the difference of d_out and p. One is a gradient and the other a probability: in"
                " the sum over all i, how do the two go together?",
            ),
            Edit(
                "p (1 - p) before the bracket",
                {_PRODUCT: "p * (1 - p) * (d_out - p @ d_out)"},
                "Before your bracket stands p (1 − p). In the slide's p_i (δ_ij − p_j), what stands there?",
            ),
            Edit(
                "divided by p",
                ({_PRODUCT: "d_out / p"}, {_PRODUCT: "-d_out / p"}, {_PRODUCT: "(d_out - p @ d_out) / p"}),
                "You divide by p. In the slide's slopes p_i (δ_ij − p_j): does p multiply or divide?",
            ),
            Edit(
                "only the first term",
                {_PRODUCT: "J[0] * d_out[0]"},
                "Each entry of yours holds the first term of its sum alone. Does a return stand inside"
                " a loop? It ends the function at the first turn.",
            ),
            Edit(
                "only the last term",
                {_PRODUCT: "J[-1] * d_out[-1]"},
                "Each entry of yours holds the last term of its sum alone. With = each term takes"
                " the place of"
                " the one before: what adds them up?",
            ),
            Edit(
                "the factor p left out",
                (
                    {_PRODUCT: "d_out - p @ d_out"},
                    {_PRODUCT: "d_out - p * d_out.sum()"},
                ),
                "Your slopes are δ_ij − p, with no p in front of the bracket, as in the worked"
                " example. Look at"
                " the slide's: by what is the bracket multiplied?",
            ),
            Edit(
                "p_j for p_i in front",
                {_PRODUCT: "p * d_out - p * p * d_out.sum()"},
                "You multiply the bracket by p_j. Which index has the p in front of it on the slide?",
            ),
            Edit(
                "1 for delta",
                ({_JACOBIAN: "np.outer(p, 1 - p)"}, {_JACOBIAN: "np.outer(1 - p, p)"}),
                "You take δ_ij as 1 everywhere. What is it where i and j differ?",
            ),
            Edit(
                "p on the diagonal",
                {_JACOBIAN: "np.diag(p) - np.outer(p, p) * (1 - np.eye(len(p)))"},
                "On the diagonal of your table stands p_i. By the slide's formula, what is it where i = j?",
            ),
            Edit(
                "0 on the diagonal",
                {_JACOBIAN: "-np.outer(p, p) * (1 - np.eye(len(p)))"},
                "On the diagonal of your table stands 0. By the slide's formula, what is it where i = j?",
            ),
            Edit(
                "return inside the loop",
                {_PRODUCT: "(J.T @ d_out) * (np.arange(len(p)) == 0)"},
                "Only the first entry is worked out, and the others are 0. Does return stand inside the loop,"
                " where it ends the function in the first round?",
                alone=True,
            ),
            Edit(
                "a term left out",
                ({_PRODUCT: "J[:-1].T @ d_out[:-1]"}, {_PRODUCT: "J[1:].T @ d_out[1:]"}),
                "The first or the last term of each sum is missing. Where does your range begin and end?",
            ),
            Edit(
                "p squared taken away twice",
                {_JACOBIAN: "np.diag(p * (1 - p)) - np.outer(p, p)"},
                "You take a product of p away from p (1 − p), which has lost p² already. In p_i (δ_ij − p_j),"
                " how often is p_i² taken away where i and j are the same?",
            ),
            Edit(
                "1 where d_out belongs",
                {_PRODUCT: "p * (1 - p @ d_out)"},
                "A 1 stands in your bracket where an entry of d_out belongs. Multiply out p_i (δ_ij − p_j)"
                " and add over j: what does δ_ij leave of d_out?",
            ),
            Edit(
                "plus off the diagonal",
                {_JACOBIAN: "np.outer(p, p) + np.diag(p * (1 - 2 * p))"},
                "Off the diagonal your slopes are positive. When z_j grows, does another p_i grow or shrink?",
            ),
            Edit(
                "ones on the diagonal",
                {_JACOBIAN: "np.eye(len(p)) - np.outer(p, p)"},
                "You have δ_ij − p_i p_j. Multiply out the slide's p_i (δ_ij − p_j): by what is δ_ij"
                " multiplied?",
            ),
            Edit(
                "no table of products",
                (
                    {_JACOBIAN: "np.diag(p) - p * p", _PRODUCT: "J @ d_out"},
                    {_JACOBIAN: "np.diag(p) - np.inner(p, p)"},
                    {_JACOBIAN: "np.diag(p) - p @ p"},
                ),
                "What you take away in the table is made of one p twice, or is one number. In the slide's"
                " slope p_i (δ_ij − p_j) there is a product for each pair i, j. Which two p are in it?",
            ),
            Edit(
                "the table alone",
                {_PRODUCT: "J"},
                "You give the table of slopes itself. What came back, d_out, has one number for each"
                " p_i: what"
                " is done with the two?",
            ),
            Edit(
                "the table times d_out, entry by entry",
                ({_PRODUCT: "J * d_out"}, {_PRODUCT: "J * d_out[:, None]"}),
                "* multiplies entry by entry, and the table stays one. Each z_j gets a sum over all"
                " i: what adds"
                " them up?",
            ),
            Edit(
                "added up to one number",
                {_PRODUCT: "np.sum(J.T @ d_out)"},
                "You add everything up to one number, and it is 0 up to rounding. Which shape has z, and so"
                " d_z?",
                alone=True,
            ),
            Edit(
                "p taken away",
                ({_PRODUCT: "p * d_out - p"}, {_PRODUCT: "p * d_out - len(p) * p"}),
                "You take away p itself. In the sum over i, by what is p_i p_j multiplied?",
            ),
            Edit(
                "diagonal only",
                ({_JACOBIAN: "np.diag(p * (1 - p))"}, {_JACOBIAN: "-np.diag(p * (1 - p))"}),
                "You use p (1 − p), the slope of p_i for its own z_i. When z_i moves, do the other"
                " probabilities stay?",
            ),
            Edit(
                "p - d_out",
                ({_PRODUCT: "p - d_out"}, {_PRODUCT: "d_out - p"}),
                "p − y belongs to softmax and the loss together. Here the loss is not known: d_out may be"
                " anything. What does softmax alone hand back?",
            ),
            Edit(
                "the Jacobian's sign",
                {_JACOBIAN: "np.outer(p, p) - np.diag(p)"},
                "The sign is the wrong way round. When z_i grows, does p_i grow or shrink?",
            ),
            Edit(
                "+ for -",
                {_JACOBIAN: "np.diag(p) + np.outer(p, p)"},
                "With your slopes every probability grows when one score grows. What must the slopes of all p"
                " for one z add up to, when Σ p stays 1?",
            ),
            Edit(
                "handed on as it came",
                {_JACOBIAN: "np.eye(len(p))"},
                "What arrived is handed on unchanged. When z_i grows by 1, does p_i grow by as much, and do"
                " the other probabilities stay?",
            ),
            Edit(
                "nothing taken away",
                ({_JACOBIAN: "np.diag(p)"},),
                "p times d_out alone: that is what exp would hand back. What does the division by the sum"
                " take away again?",
            ),
            Edit(
                "row sums",
                (
                    {_PRODUCT: "J.sum(axis=1)"},
                    {_PRODUCT: "J.sum(axis=0)"},
                ),
                "Yours is 0 everywhere, whatever d_out is: the slopes of all p for one z_j add up to 0. By"
                " which entry of d_out is each of them multiplied, before it is added?",
                alone=True,
            ),
            Edit(
                "softmax of p",
                {"J = np.diag": "p = np.exp(p) / np.sum(np.exp(p))\n    J = np.diag"},
                "p is softmax(z) already. What becomes of probabilities when softmax is applied once more?",
            ),
            Edit(
                "d_out and p exchanged",
                {_JACOBIAN: "np.diag(d_out) - np.outer(d_out, d_out)", _PRODUCT: "J.T @ p"},
                "The slopes are made of d_out, and p is handed on. The slopes of softmax are made of its"
                " outputs: which of the two arguments holds them?",
            ),
            Edit(
                "p - y times p (1 - p)",
                ({_PRODUCT: "(p - d_out) * p * (1 - p)"}, {_PRODUCT: "(d_out - p) * p * (1 - p)"}),
                "That is the rule of a squared error behind separate units. Here every z moves every p, and"
                " the loss is not known: which sum over all entries is missing?",
            ),
            Edit(
                "d_out left out",
                {_PRODUCT: "p * (1 - p)"},
                "d_out is not in there. It says how much the loss cares for each p: where does it come in?",
            ),
            Edit(
                "the sum without p",
                (
                    {_PRODUCT: "p * (d_out - np.sum(d_out))"},
                    {_PRODUCT: "p * (d_out - np.mean(d_out))"},
                    {_PRODUCT: "p * d_out - np.sum(p * d_out)"},
                ),
                "Something is taken away from every entry, that is right. Look at the slope p_i (δ_ij − p_j)"
                " once more: how many p stand in the part that is taken away?",
            ),
            Edit(
                "divided by the number of classes",
                {_PRODUCT: "J.T @ d_out / len(p)"},
                "There is one over the number of classes in it. Each z_j gets a sum over all i: is anything a"
                " mean there?",
            ),
            Edit(
                "the diagonal left out",
                {_JACOBIAN: "-np.outer(p, p)"},
                "Your slopes are all −p_i p_j. What does δ_ij add where i and j are the same?",
            ),
        ),
    ),
)
