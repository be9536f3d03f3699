"""Lesson 02, Gradients: what it asks. How the exercise `numeric_gradient` is made is in `by_moving`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lecture_lib.exercises.edits import Edit, RightAnswer, mistakes, one_at_a_time
from lecture_lib.exercises.exercise import Array, Case, Exercise, Misconception, Part, Quantity
from lecture_lib.exercises.oracles import slopes, tenths

from .by_moving import numeric_gradient_exercise

FloatArray = NDArray[np.float64]


# ------------------------------------------------------------------ softmax


def shares(z: FloatArray) -> FloatArray:
    """Probabilities by the scores' differences: p_i = 1 / Σ_k exp(z_k − z_i)."""
    with np.errstate(over="ignore"):  # a share of 1 / ∞ is 0
        return np.asarray(1 / np.exp(z[None, :] - z[:, None]).sum(axis=1), dtype=np.float64)


SMALL, LARGE = "small scores", "large scores"


def _softmax_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(part: str, z: list[float] | FloatArray) -> Case:
        scores = np.array(z, dtype=np.float64)
        return Case({"z": scores}, {"p": shares(scores)}, parts=(part,))

    yield case(SMALL, [0.0, 0.0])
    yield case(SMALL, [1.0, 2.0, 3.0])
    yield case(SMALL, [-1.0, 0.5])
    for classes in (2, 3, 4, 5, 1):
        yield case(SMALL, tenths(rng, (classes,), 1, 30))
    yield case(LARGE, [1000.0, 1001.0])
    yield case(LARGE, [-1000.0, -1001.0, -1002.0])
    yield case(LARGE, [800.0, 0.0, -800.0])
    yield case(LARGE, [0.0, -800.0, 800.0])
    yield case(LARGE, [-800.0, 800.0, 0.0])
    for around in (1500.0, -1500.0):
        yield case(LARGE, around + tenths(rng, (4,), 1, 30))


SOFTMAX = RightAnswer(
    "softmax",
    """
    def softmax(z):
        exponentials = np.exp(z - z.max())
        return exponentials / exponentials.sum()
    """,
)
_SCORES, _EXP, _SUM = "z - z.max()", "np.exp(z - z.max())", "exponentials.sum()"
SOFTMAX_MISTAKES = (
    Edit("overflows", {_SCORES: "z"},
         "For large scores exp gives ∞, and for very negative ones 0; ∞ / ∞ and 0 / 0 are no numbers. What"
         " does adding the same number to all scores do to the probabilities?"),
    Edit("not normalised", ({f" / {_SUM}": ""}, {f" / {_SUM}": "", _SCORES: "z"}),
         "Your values do not add up to one. What is each exponential divided by?"),
    Edit("divided by the largest", {_SUM: "exponentials.max()", _SCORES: "z"},
         "Divided by the largest, the largest becomes 1. By what are the exponentials divided so"
         " that they add"
         " up to one?"),
    Edit("scores divided by the largest", ({_SCORES: "z / z.max()"}, {_SCORES: "z / np.abs(z).max()"}),
         "z / max(z) changes the differences between the scores, and these are what counts. What could be"
         " done with the maximum that keeps all differences?"),
    Edit("|z|", ({_SCORES: "np.abs(z)"}, {_SCORES: "np.abs(z) - np.abs(z).max()"}),
         "A score of −2 should get less than a score of 1. Does |z| keep that?"),
    Edit("exp of the shares", ({_SCORES: "z / np.exp(z).sum()", f" / {_SUM}": ""},
                               {_SCORES: "z / np.exp(z).sum()"},
                               {_SCORES: "z / z.sum()", f" / {_SUM}": ""}, {_SCORES: "z / z.sum()"}),
         "You divide inside of exp. What is divided by the sum: the score, or its exponential?"),
    Edit("no exp", ({_EXP: "z"}, {_EXP: "np.abs(z)"}),
         "You divide the scores themselves by a sum. Which function makes every score positive first?"),
    Edit("collected in whole numbers", {f"exponentials / {_SUM}": f"(exponentials / {_SUM}).astype(int)"},
         "Nearly all of your values are 0: an array of whole numbers cuts off what is put in. Of which"
         " type is the array that you write into?"),
    Edit("an axis that is not there", ({_SUM: "exponentials.sum(axis=1)"}, {"z.max()": "z.max(axis=1)"},
                                       {_SUM: "exponentials.sum(axis=1)", _SCORES: "z"},
                                       {_SUM: "exponentials.sum(axis=1, keepdims=True)"},
                                       {_SUM: "exponentials.sum(axis=1, keepdims=True)", _SCORES: "z"},
                                       {"z.max()": "z.max(axis=1, keepdims=True)"}),
         "z is a vector: it has one axis, number 0, and axis=1 is not there. Along what is to be added?"),
    Edit("the maximum above the line only", {_SUM: "np.exp(z).sum()"},
         "The maximum is taken from the scores above the fraction line, and not from those below it. Does it"
         " cancel then?"),
    Edit("the maximum below the line only", {f"return exponentials / {_SUM}": f"return np.exp(z) / {_SUM}"},
         "The maximum is taken from the scores below the fraction line, and not from those above it. Does it"
         " cancel then?"),
    Edit("exp of minus z", ({_SCORES: "-z"}, {_SCORES: "z.min() - z"}, {_SCORES: "-(z - z.max())"}),
         "Your largest score has the smallest probability. Which sign has z in exp?"),
    Edit("the logarithm of it", {f"return exponentials / {_SUM}": f"return np.log(exponentials / {_SUM})"},
         "Your values are negative: they are the logarithms of what is asked. Where does the log belong:"
         " here, or in the loss?"),
    Edit("divided by the number of classes", ({_SUM: "len(z)"}, {_SUM: "len(z)", _SCORES: "z"}),
         "You divide by the number of classes. By what are the exponentials divided so that they add up to"
         " one?"),
    Edit("powers of two", ({_EXP: "2.0**z"}, {_EXP: "2.0**(z - z.max())"}),
         "These are the shares of powers of two, as in the worked example. Which number takes the place of 2"
         " here?"),
    Edit("sigmoid of each score", {f"exponentials / {_SUM}": "1 / (1 + np.exp(-z))"},
         "Each of your values looks at its own score alone, and they do not add up to one. How does"
         " softmax join the scores?"),
    Edit("no number made a number", ({f"exponentials / {_SUM}": f"np.nan_to_num(exponentials / {_SUM})",
                                      _SCORES: "z"},
                                     {f"return exponentials / {_SUM}": f"p = exponentials / {_SUM}\n"
                                      "    return np.where(np.isnan(p), 1 / len(z), p)", _SCORES: "z"}),
         "You put other numbers in the place of those that could not be computed. How can they be"
         " computed, with smaller exponents?"),
    Edit("the largest alone", {f"exponentials / {_SUM}": "(z == z.max()).astype(float)"},
         "You say which score is the largest. How sure is softmax, by its formula?"),
    Edit("the sum alone", ({f"exponentials / {_SUM}": _SUM}, {f"exponentials / {_SUM}": _SUM, _SCORES: "z"}),
         "You give the sum, one number. Where are the exponentials that are divided by it?"),
)  # fmt: skip
SOFTMAX_MISTAKES_ALONE = (
    Edit("squares for exponentials", {_EXP: "z**2"},
         "You square the scores: −2 and 2 get the same. Which function keeps their order, and is positive?"),
    Edit("negative scores set to 0", ({_SCORES: "np.maximum(z, 0)"},
                                      {_SCORES: "np.maximum(z, 0) - np.maximum(z, 0).max()"}),
         "All scores below 0 count as 0 in your answer. Does softmax treat −1 and −5 alike?"),
    Edit("exp of the sum", {_SUM: "np.exp(z.sum())", _SCORES: "z"},
         "Below the line stands exp of the sum of the scores. The formula has a sum of exponentials: what is"
         " done first there?"),
    Edit("a log below the line", ({_SUM: "np.log(exponentials.sum())"},
                                  {_SUM: "np.log(exponentials.sum())", _SCORES: "z"}),
         "There is a logarithm below the line. Which numbers does the formula add up there?"),
    Edit("a running sum", ({_SUM: "exponentials.cumsum()"}, {_SUM: "exponentials.cumsum()", _SCORES: "z"}),
         "Each value is divided by the sum up to itself. When must the sum be complete?"),
    Edit("softmax twice", {f"return exponentials / {_SUM}":
                           f"p = exponentials / {_SUM}\n    return np.exp(p) / np.exp(p).sum()"},
         "These are the shares of exp(p), and p are probabilities already. How often is softmax applied?"),
    Edit("the maximum taken from the exponentials", {_EXP: "np.exp(z) - np.exp(z).max()"},
         "The maximum is taken away after exp, so that the largest becomes 0. Where does taking the same"
         " number away from all change nothing: before exp, or after?"),
    Edit("a small number added below", tuple(
            {_SUM: f"(exponentials.sum() + {small})"} for small in ("1e-2", "1e-3", "1", "np.e")),
         "Something is added to the sum below the line, so your values add up to less than one. Can the sum"
         " be 0 when the largest exponent is 0?"),
    Edit("one probability alone", {f"return exponentials / {_SUM}": f"return exponentials[0] / {_SUM}"},
         "You give one number, the probability of the first class. Does return stand inside a loop?"),
    Edit("the number of the largest", {f"return exponentials / {_SUM}": "return z.argmax()"},
         "You give the place of the largest score. A probability for each class is asked."),
    Edit("divided by the mean", ({_SUM: "exponentials.mean()"}, {_SUM: "exponentials.mean()", _SCORES: "z"}),
         "You divide by the mean of the exponentials. By what are they divided so that they add up to one?"),
    Edit("powers of ten", ({_EXP: "10.0**z"}, {_EXP: "10.0**(z - z.max())"}),
         "These are the shares of powers of ten, as in the cell with steps left out. Which number takes the"
         " place of 10 here?"),
    Edit("e cut short", tuple({_EXP: f"{e}**(z{shift})"} for e in ("2.718", "2.72", "2.7")
                              for shift in ("", " - z.max()")),
         "You calculate with a few digits of e. Which function of NumPy has all of them?"),
    Edit("shares of sigmoids", {_EXP: "1 / (1 + np.exp(-z))"},
         "You divide 1 / (1 + exp(−z)) by its sum. Which function of a score stands in the formula of"
         " softmax?"),
)  # fmt: skip


def _moved(by: Callable[[FloatArray], float]) -> Callable[[FloatArray], FloatArray]:
    """Return a softmax that takes another number than the maximum from all scores."""

    def softmax_of_moved(z: FloatArray) -> FloatArray:
        exponentials = np.exp(z - by(z))
        return exponentials / exponentials.sum()

    return softmax_of_moved


def _first(z: FloatArray) -> float:
    return float(z[0])


def _last(z: FloatArray) -> float:
    return float(z[-1])


def _length(z: FloatArray) -> float:
    return float(np.linalg.norm(z))


def _largest_size(z: FloatArray) -> float:
    return float(np.abs(z).max())


def _minus_largest(z: FloatArray) -> float:
    return -float(z.max())


def _always(number: float) -> Callable[[FloatArray], float]:
    return lambda z: number


def _if_large(number: float) -> Callable[[FloatArray], float]:
    return lambda z: number if z.max() > number else 0.0


def _rescaled(scale: Callable[[FloatArray], FloatArray]) -> Callable[[FloatArray], FloatArray]:
    """Return a softmax of scores that were rescaled."""

    def softmax_of_rescaled(z: FloatArray) -> FloatArray:
        exponentials = np.exp(scale(z))
        return exponentials / exponentials.sum()

    return softmax_of_rescaled


def _shrunk(number: float) -> Callable[[FloatArray], FloatArray]:
    return lambda z: z / number


def _by_math(z: FloatArray) -> FloatArray:
    exponentials = [math.exp(score) for score in z]
    return np.array([one / sum(exponentials) for one in exponentials])


def _cut_off(limit: float, above_only: bool = False) -> Callable[[FloatArray], FloatArray]:
    def softmax_of_cut_off(z: FloatArray) -> FloatArray:
        exponentials = np.exp(np.clip(z, -np.inf if above_only else -limit, limit))
        return exponentials / exponentials.sum()

    return softmax_of_cut_off


softmax_exercise = Exercise(
    id="softmax",
    lesson="02",
    slide="Reminder: Computing the gradient",
    asks="softmax(z) gives p_i = exp(z_i) / Σ exp(z_k), of z's shape (C,), for scores of any size.",
    functions=("softmax",),
    signature=("z",),
    quantities=(Quantity("p", None, Array()),),
    parts=(Part(SMALL, 1, ("p",)), Part(LARGE, 1, ("p",))),
    cases=_softmax_cases,
    hints=(
        "Two lines for small scores: an exponential for each score, then each divided by the sum of all.",
        "For large scores: the explorer showed that adding the same number to all scores changes nothing,"
        " as long as exp does not overflow. Which number, added to all, makes sure of that?",
        "exp overflows if its largest exponent is large. Take a number away from all scores such that the"
        " largest exponent is 0, then do the two lines.",
    ),
    twin="shares_of_two, with powers of two, in section 5",
    misconceptions=(
        *mistakes(SOFTMAX, SOFTMAX_MISTAKES),
        *one_at_a_time(SOFTMAX, SOFTMAX_MISTAKES_ALONE),
        Misconception(
            "the minimum taken away",
            "With the minimum taken away the smallest exponent is 0, and the largest may still be too large."
            " Which score should have exponent 0?",
            (_moved(np.min),),
        ),
        Misconception(
            "the mean taken away",
            "With the mean taken away the largest exponent may still be too large. Which score should have"
            " exponent 0?",
            (_moved(np.mean),),
        ),
        Misconception(
            "another number taken away",
            "One number is taken away from all scores, which changes nothing on paper. With yours the largest"
            " exponent can still be too large, or so far below 0 that only zeros are left. Which score should"
            " have exponent 0?",
            (
                *(_moved(by) for by in (_first, _last, _length, _largest_size, _minus_largest)),
                *(_moved(_always(number)) for number in (500, 700, 1000)),
                *(_moved(_if_large(number)) for number in (100, 500, 700, 1000)),
            ),
        ),
        Misconception(
            "the scores rescaled",
            "Your scores are stretched or shrunk before exp. Their differences change with it, and these are"
            " what counts. What keeps all differences, and makes the largest score small?",
            (
                _rescaled(lambda z: z / np.linalg.norm(z)),
                _rescaled(lambda z: (z - z.min()) / (z.max() - z.min())),
                _rescaled(lambda z: (z - z.mean()) / z.std()),
                *(_rescaled(_shrunk(number)) for number in (10, 100, 1000)),
                _rescaled(lambda z: z / z.max() if z.max() > 100 else z),
                _rescaled(lambda z: z / np.abs(z).max() if np.abs(z).max() > 100 else z),
            ),
        ),
        Misconception(
            "scores cut off at a limit",
            "Scores above your limit count as the same, so their differences are lost. What could be taken"
            " away from all scores, so that none is too large?",
            (
                *(_cut_off(limit) for limit in (20, 50, 100, 300, 500, 700, 709)),
                *(_cut_off(limit, above_only=True) for limit in (20, 50, 100, 300, 500, 700, 709)),
            ),
        ),
        Misconception(
            "math.exp overflows",
            "For large scores math.exp stops, where NumPy's exp gives ∞. What does adding the same number to"
            " all scores do to the probabilities?",
            (_by_math,),
        ),
    ),
)


# ------------------------------------------------------------------ softmax_layer_gradient


def _layer_loss(W: FloatArray, b: FloatArray, x: FloatArray, y: FloatArray) -> float:
    z = W @ x + b
    return float(np.logaddexp.reduce(z) - y @ z)


def _softmax_layer_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(W: FloatArray, b: FloatArray, x: FloatArray, true: int) -> Case:
        y = np.eye(len(b))[true]
        return Case(
            {"W": W, "b": b, "x": x, "y": y},
            {
                "d_W": slopes(lambda moved: _layer_loss(moved, b, x, y), W),
                "d_b": slopes(lambda moved: _layer_loss(W, moved, x, y), b),
            },
        )

    W = np.array([[1.0, 0.0, -1.0], [0.5, 0.5, 0.5]])
    yield case(W, np.array([0.3, 0.0]), np.array([1.0, 2.0, -0.5]), 1)
    yield case(W[:, 1:], np.array([0.5, -0.5]), np.array([2.0, -1.0]), 0)
    for classes, inputs in ((3, 2), (2, 2), (4, 3), (3, 3), (2, 4), (3, 1)):
        yield case(
            tenths(rng, (classes, inputs), 1, 9),
            tenths(rng, (classes,), 1, 9),
            tenths(rng, (inputs,), 3, 15),
            int(rng.integers(classes)),
        )


LAYER_GRADIENT = RightAnswer(
    "softmax_layer_gradient",
    """
    def softmax_layer_gradient(W, b, x, y):
        z = W @ x + b
        p = np.exp(z) / np.exp(z).sum()
        d_z = p - y
        d_W = np.outer(d_z, x)
        d_b = d_z
        return d_W, d_b
    """,
)
_OUTER, _SOFT, _D_B = "np.outer(d_z, x)", "np.exp(z) / np.exp(z).sum()", "d_b = d_z"
LAYER_MISTAKES = (
    Edit("sign", ({"p - y": "y - p"}, {_OUTER: f"-{_OUTER}"}, {_D_B: "d_b = -d_z"}),
         "A larger score for the true class should lower the loss, so its derivative is negative. Which"
         " sign stands before the slide's bracket?"),
    Edit("transposed outer product", {_OUTER: "np.outer(x, d_z)"},
         "Your d_W has a row for each input. W has a row for each output: which of the two vectors counts"
         " the rows?"),
    Edit("softmax left out", {"p - y": "z - y"},
         "You compare the scores with y. What turns the scores W x + b into probabilities?"),
    Edit("sigmoid for softmax", {_SOFT: "1 / (1 + np.exp(-z))"},
         "Your probabilities come from the worked example with its one output: they do not add up to one."
         " Which function joins several scores?"),
    Edit("exponentials not divided by their sum", {_SOFT: "np.exp(z)"},
         "Your probabilities do not add up to one. What is each exponential divided by?"),
    Edit("divided by the largest", {_SOFT: "np.exp(z) / np.exp(z).max()"},
         "Divided by the largest, the largest p becomes 1. By what are the exponentials divided so that they"
         " add up to one?"),
    Edit("no exp in the softmax", {_SOFT: "z / z.sum()"},
         "You divide the scores themselves by their sum. Which function makes every score positive first?"),
    Edit("the predicted class alone for p", {_SOFT: "(z == z.max()) * 1.0"},
         "Your p is 1 for one class and 0 for the others. How sure is softmax, by its formula?"),
    Edit("b subtracted", {"W @ x + b": "W @ x - b"},
         "b is taken away from the scores. Which sign has it in the layer?"),
    Edit("brackets left out", {"p - y": "-y - p"},
         "The minus before the slide's bracket belongs to both. What is −(y − p) without brackets?"),
    Edit("the true class alone", ({"p - y": "y * (p - y)"}, {"p - y": "y * p"}),
         "Only the true class gets something. When the score of another class grows, does the loss stay?"),
    Edit("|p - y|", {"p - y": "np.abs(p - y)"},
         "None of your slopes for the scores is negative. What happens to the loss when the true class's"
         " score grows?"),
    Edit("y left out", {"p - y": "p"},
         "What you give does not depend on which class is the true one. Where does y come in?"),
    Edit("p left out", {"p - y": "-y"},
         "What you give does not depend on what the layer predicts. Where does p come in?"),
    Edit("stops at p", {"p - y": "-y / p"},
         "−y / p is the derivative for p, of −log p. What does the softmax, on the way to the scores, make"
         " of it?"),
    Edit("softmax's slope once more", ({"p - y": "(p - y) * p * (1 - p)"}, {"p - y": "(p - y) * p"},
                                       {"p - y": "2 * (p - y) * p * (1 - p)"}),
         "p − y is the derivative for the scores: the softmax is already in it. What is left between the"
         " scores and W?"),
    Edit("as for a squared error", {"p - y": "2 * (p - y)"},
         "There is a factor 2, as a squared error has it. Which loss is asked?"),
    Edit("log p for p", {"p - y": "np.log(p) - y"},
         "There is a logarithm left in your bracket. What is the derivative of log Σ exp(z_k) for a score?"),
    Edit("the predicted class for the true one", {"p - y": "p - (p == p.max())"},
         "You take away 1 at the class with the largest probability. Which class does y mark?"),
    Edit("divided by the number of inputs", ({"p - y": "(p - y) / len(x)"}, {_OUTER: f"{_OUTER} / len(x)"}),
         "There is one over the number of inputs in it. Is anything in the loss a mean over the inputs?"),
    Edit("divided by the number of classes", ({"p - y": "(p - y) / len(y)"}, {_OUTER: f"{_OUTER} / len(y)"}),
         "There is one over the number of classes in it. Is the loss a sum over the classes, or a mean?"),
    Edit("b left out of the scores", {"W @ x + b": "W @ x"},
         "What you give is the same for every b. Which scores does the layer hand to softmax?"),
    Edit("forgets x", ({_OUTER: "np.outer(d_z, np.ones(len(x)))"}, {_OUTER: "d_z"}, {_OUTER: "d_z[:, None]"},
                       {_OUTER: "d_z.reshape(-1, 1)"}),
         "Your d_W is the same for every x with these scores. By what is W_ij multiplied in the layer?"),
    Edit("forgets p - y", ({_OUTER: "np.outer(np.ones(len(y)), x)"}, {_OUTER: "x"}),
         "Your d_W is made of x alone: that is how far a score moves. What comes before it in the chain, from"
         " the loss to the score?"),
    Edit("d_W added up to a row", ({_OUTER: f"{_OUTER}.sum(axis=0)"}, {_OUTER: f"{_OUTER}.sum(axis=1)"},
                                   {_OUTER: f"{_OUTER}.sum()"}),
         "The entries of d_W are added up. Which shape has W, and so its gradient?"),
    Edit("|x| for x", {_OUTER: "np.outer(d_z, np.abs(x))"},
         "Where an input is negative, a larger weight lowers the score. Does |x| know that?"),
    Edit("W for x", ({_OUTER: "d_z[:, None] * W"}, {_OUTER: "W * d_z[:, None]", _D_B: "d_b = d_z.copy()"}),
         "You multiply by the weights. z_i = Σ W_ij x_j + b_i: by what is W_ij multiplied there?"),
    Edit("elementwise product for the outer one", ({_OUTER: "d_z * x"}, {_OUTER: "x * d_z"}),
         "d_z * x multiplies the first with the first, the second with the second. W_ij needs every pair:"
         " which function makes a table of all products?"),
    Edit("one number for the outer product", ({_OUTER: "d_z @ x"}, {_OUTER: "np.dot(d_z, x.T)"},
                                              {_OUTER: "x @ d_z"}),
         "For vectors @ and np.dot multiply entry by entry and add up to one number, and .T changes"
         " nothing. Which function makes a table of all products?"),
    Edit("the loss times x", ({_OUTER: "-(y * np.log(p)).sum() * x"}, {_OUTER: "np.outer(-y * np.log(p), x)"},
                              {_OUTER: "np.outer(np.full(len(y), -(y * np.log(p)).sum()), x)"}),
         "You multiply the loss itself by x. Which derivative of the loss belongs there?"),
    Edit("d_b as a sum of d_W", ({_D_B: "d_b = d_W.sum(axis=1)"}, {_D_B: "d_b = d_W.sum(axis=0)"},
                                 {_D_B: "d_b = d_W.mean(axis=1)"}, {_D_B: "d_b = d_W.mean(axis=0)"}),
         "Your d_b is made of d_W, so x is in it. b is added after the product: does x lie between b and"
         " the loss?"),
    Edit("x for d_b", {_D_B: "d_b = x"},
         "Your d_b is x itself. By what is b multiplied in the layer, and what comes before it in"
         " the chain?"),
    Edit("b for d_b", {_D_B: "d_b = b"},
         "Your d_b is b itself. When b_i moves by one, by how much does z_i move, and the loss with it?"),
    Edit("an outer product for d_b", {_D_B: "d_b = np.outer(d_z, b)"},
         "Your d_b is a table with b in it. By what is b multiplied in the layer?"),
    Edit("a factor too many in d_b", ({_D_B: "d_b = d_z * b"}, {_D_B: "d_b = d_W"}),
         "b is added to the score as it is. When b_i moves by one, by how much does z_i move?"),
    Edit("d_b added up to one number", ({_D_B: "d_b = d_z.sum()"}, {_D_B: "d_b = d_z.mean()"}),
         "You put the entries of d_b together into one number. Which shape has b, and so its gradient?"),
    Edit("d_b not of b's shape", ({_D_B: "d_b = d_z.reshape(-1, 1)"}, {_D_B: "d_b = d_z.reshape(1, -1)"},
                                  {_D_B: "d_b = np.outer(d_z, np.ones(1))"}),
         "Your d_b has two axes. Which shape has b, and so its gradient?"),
    Edit("d_b all ones", ({_D_B: "d_b = np.ones(len(b))"}, {_D_B: "d_b = 1.0"}),
         "∂z_i/∂b_i = 1 is the last factor of the chain alone. What comes before it, from the loss to the"
         " score?"),
    Edit("d_W and d_b exchanged", {"return d_W, d_b": "return d_b, d_W"},
         "Both are there. In which order are they asked?"),
    Edit("updated parameters", tuple(
            {_OUTER: f"W - {rate:g} * {_OUTER}", _D_B: f"d_b = b - {rate:g} * d_z"}
            for rate in (1, 0.5, 0.1, 0.01)),
         "You give W and b after a step of gradient descent. The gradient itself is asked: what comes"
         " before the step?"),
)  # fmt: skip


def _loss_alone(W: FloatArray, b: FloatArray, x: FloatArray, y: FloatArray) -> float:
    return _layer_loss(W, b, x, y)


def _one_alone(place: int) -> Callable[..., object]:
    """Return an answer that gives d_W alone, or d_b alone."""
    return lambda *arguments: cast("tuple[object, object]", LAYER_GRADIENT(*arguments))[place]


softmax_layer_gradient_exercise = Exercise(
    id="softmax_layer_gradient",
    lesson="02",
    slide="Reminder: Computing the gradient",
    asks="softmax_layer_gradient(W, b, x, y) gives (d_W, d_b), the gradients of −Σ y log softmax(W x + b).",
    functions=("softmax_layer_gradient",),
    signature=("W", "b", "x", "y"),
    quantities=(
        Quantity("d_W", 0, Array(), because="found by moving each weight a little"),
        Quantity("d_b", 1, Array(), because="found by moving each bias a little"),
    ),
    parts=(Part("d_W", 4, ("d_W",)), Part("d_b", 2, ("d_b",))),
    cases=_softmax_layer_cases,
    hints=(
        "Forward first: the scores, then the probabilities. Then back: the derivative of the loss for each"
        " score, and from there to W and to b. Which of the three derivatives of section 6 has a row of"
        " numbers, which a table?",
        "For the scores it is p − y, of shape (C,). Entry (i, j) of d_W is entry i of that, times entry j"
        " of x: a table of all products, of W's shape. For d_b ask what z_i does when b_i moves by one.",
        "NumPy makes a table of all products of two vectors with np.outer(rows, columns): its entry [i, j]"
        " is rows[i] * columns[j]. Which of your two vectors has an entry for each row of W?",
    ),
    twin="neuron_gradient, the layer with one output, in section 6",
    may_use=("nll", "softmax"),
    misconceptions=(
        *mistakes(LAYER_GRADIENT, LAYER_MISTAKES),
        Misconception(
            "one of the two alone",
            "Two things are asked, d_W and d_b: return a, b hands back two. Which one is missing?",
            (_one_alone(0), _one_alone(1)),
        ),
        Misconception(
            "the loss for the gradient",
            "You give the loss, one number. By how much does it change when one entry of W moves?",
            (_loss_alone,),
        ),
    ),
)

EXERCISES = (numeric_gradient_exercise, softmax_exercise, softmax_layer_gradient_exercise)
