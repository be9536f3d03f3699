"""Softmax, and what large scores do to it: an exercise of lesson 02."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

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
    one_at_a_time,
    tenths,
)


def shares(z: Array) -> Array:
    """Probabilities by the scores' differences: p_i = 1 / Σ_k exp(z_k − z_i)."""
    with np.errstate(over="ignore"):  # a share of 1 / ∞ is 0
        return np.asarray(1 / np.exp(z[None, :] - z[:, None]).sum(axis=1), dtype=np.float64)


SMALL, LARGE = "small scores", "large scores"


def _softmax_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(part: str, z: list[float] | Array) -> Case:
        scores = np.array(z, dtype=np.float64)
        return Case({"z": scores}, {"p": shares(scores)}, parts=(part,))

    yield case(SMALL, [0.0, 0.0])
    yield case(SMALL, [1.0, 2.0, 3.0])
    yield case(SMALL, [-1.0, 0.5])
    for classes in (2, 3, 4, 5, 1):
        yield case(SMALL, tenths(rng, (classes,), 1, 30))
    yield case(LARGE, [1000.0, 1001.0])
    yield case(LARGE, [300.0, 301.0, 302.0, 303.0])  # exp can do these, but not once their sum is taken away
    yield case(LARGE, [-1000.0, -1001.0, -1002.0])
    yield case(LARGE, [90.0, 91.0])  # exp can do these, also with their sum taken away, but not in float32
    yield case(LARGE, [800.0, 0.0, -800.0])
    yield case(LARGE, [0.0, -800.0, 800.0])
    yield case(LARGE, [-800.0, 800.0, 0.0])
    yield case(LARGE, [-20000.0, 20000.0])  # beyond what longer floats can do
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
    Edit("the logarithm of the softmax",
         {"return exponentials / exponentials.sum()": "return z - z.max() - np.log(exponentials.sum())"},
         "Your numbers are below 0: they are the logarithms of the probabilities. What undoes a logarithm?"),
    Edit("divided within exp", {_EXP: "np.exp(z - z.max() / np.sum(np.exp(z - z.max())))",
                                "exponentials / exponentials.sum()": "exponentials"},
         "The division stands inside the brackets of your exp. What is to be divided by the sum: the scores,"
         " or their exponentials?"),
    Edit("all of it for the largest", {"exponentials / exponentials.sum()": "np.eye(len(z))[z.argmax()]"},
         "You give 1 for the largest score and 0 for the others. With two equal scores, which should be the"
         " more probable?"),
    Edit("overflows", ({_SCORES: "z"}, {_SCORES: "z.astype(np.float32)"}),
         "For large scores exp gives ∞, and for very negative ones 0; ∞ / ∞ and 0 / 0 are no numbers. What"
         " does adding the same number to all scores do to the probabilities? (If a line such as z - z.max()"
         " stands by itself: it changes nothing. Which name gets its result?)"),
    Edit("a sum of what is half divided", {
        f"return exponentials / {_SUM}": "for i in range(len(exponentials)):\n        exponentials[i] ="
        f" exponentials[i] / {_SUM}\n    return exponentials"},
         "You divide by a sum that changes on the way: entries that were divided already are in it. When is"
         " the sum to be taken, and how often?"),
    Edit("not normalised", ({f" / {_SUM}": ""}, {f" / {_SUM}": "", _SCORES: "z"},
                            {_SUM: "np.linalg.norm(exponentials)"}),
         "Your values do not add up to one. What is each exponential divided by?"),
    Edit("divided by the largest", {_SUM: "exponentials.max()", _SCORES: "z"},
         "Divided by the largest, the largest becomes 1. By what are the exponentials divided so"
         " that they add"
         " up to one?"),
    Edit("the largest probability alone", {f"exponentials / {_SUM}": f"(exponentials / {_SUM}).max()"},
         "You give the largest probability alone. How many classes are there, and how many numbers are"
         " asked?"),
    Edit("one minus the share", {f"exponentials / {_SUM}": f"1 - exponentials / {_SUM}"},
         "Each probability is taken away from 1. What do your numbers add up to?"),
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
         "Your values are made of the scores themselves. Which function makes every score positive first?"),
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
         "A minus stands before z in your exp. Does the larger of two scores get the larger share then?"),
    Edit("the logarithm of it", {f"return exponentials / {_SUM}": f"return np.log(exponentials / {_SUM})"},
         "There is a logarithm in your result. Where does the log belong: here, or in the loss?"),
    Edit("divided by the number of classes", ({_SUM: "len(z)"}, {_SUM: "len(z)", _SCORES: "z"},
                                              {_SUM: f"{_SUM} / len(z)"}),
         "You divide by the number of classes. By what are the exponentials divided so that they add up to"
         " one?"),
    Edit("powers of two", ({_EXP: "2.0**z"}, {_EXP: "2.0**(z - z.max())"}),
         "You take powers of two, as in the worked example. Which number takes the place of 2 here?"),
    Edit("sigmoid of each score", {f"exponentials / {_SUM}": "1 / (1 + np.exp(-z))"},
         "Each of your values looks at its own score alone, and they do not add up to one. How does"
         " softmax join the scores?"),
    Edit("no number made a number", ({f"exponentials / {_SUM}": f"np.nan_to_num(exponentials / {_SUM})",
                                      _SCORES: "z"},
                                     {f"return exponentials / {_SUM}": f"p = exponentials / {_SUM}\n"
                                      "    return np.where(np.isnan(p), 1 / len(z), p)", _SCORES: "z"}),
         "You put other numbers in the place of those that could not be computed. How can they be"
         " computed, with smaller exponents?"),
    Edit("the largest alone",
         ({f"exponentials / {_SUM}": "(z == z.max()).astype(float)"},
          {_SCORES: "z", f"exponentials / {_SUM}": "exponentials / exponentials.sum()"
           " if 0 < exponentials.sum() < np.inf else (z == z.max()).astype(float)"}),
         "You say which score is the largest. How sure is softmax, by its formula?"),
    Edit("the sum alone", ({f"exponentials / {_SUM}": _SUM}, {f"exponentials / {_SUM}": _SUM, _SCORES: "z"}),
         "You give the sum, one number. Where are the exponentials that are divided by it?"),
)  # fmt: skip
SOFTMAX_MISTAKES_ALONE = (
    Edit("the sum taken away", {_SCORES: "z - z.sum()"},
         "The sum of all scores is taken away. That changes nothing on paper, but the exponents can still be"
         " too large, or so far below 0 that all exponentials are 0. Which score should have exponent 0?"),
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
    Edit("the sum of the scores below", ({_SUM: "z.sum()"}, {_SUM: "z.sum()", _SCORES: "z"},
                                         {_SUM: "(z - z.max()).sum()"}),
         "Below the line stands the sum of the scores. Of which numbers is the sum in the formula?"),
    Edit("the maximum taken from the exponentials", ({_EXP: "np.exp(z) - np.exp(z).max()"},
                                                     {_EXP: "np.exp(z) - z.max()"}),
         "The maximum is taken away after exp, from the exponentials. Where does taking the same"
         " number away from all change nothing: before exp, or after?"),
    Edit("a small number added below", tuple(
            {_SUM: f"(exponentials.sum() + {small})"} for small in ("1e-2", "1e-3", "1", "np.e")),
         "Something is added to the sum below the line, so your values add up to less than one. Can the sum"
         " be 0 when the largest exponent is 0?"),
    Edit("one probability alone", ({f"return exponentials / {_SUM}": f"return exponentials[0] / {_SUM}"},
                                   {f"return exponentials / {_SUM}": f"return exponentials[0] / {_SUM}",
                                    _SCORES: "z"}),
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
    Edit("shares of sigmoids", ({_EXP: "1 / (1 + np.exp(-z))"}, {_EXP: "1 / (1 + np.exp(-(z - z.max())))"}),
         "You divide 1 / (1 + exp(−score)) by its sum. Which function of a score stands in the formula of"
         " softmax?"),
)  # fmt: skip


def _moved(by: Callable[[Array], float]) -> Callable[[Array], Array]:
    """Return a softmax that takes another number than the maximum from all scores."""

    def softmax_of_moved(z: Array) -> Array:
        exponentials = np.exp(z - by(z))
        return exponentials / exponentials.sum()

    return softmax_of_moved


def _first(z: Array) -> float:
    return float(z[0])


def _last(z: Array) -> float:
    return float(z[-1])


def _length(z: Array) -> float:
    return float(np.linalg.norm(z))


def _largest_size(z: Array) -> float:
    return float(np.abs(z).max())


def _minus_largest(z: Array) -> float:
    return -float(z.max())


def _largest_twice(z: Array) -> float:
    return 2 * float(z.max())


def _always(number: float) -> Callable[[Array], float]:
    return lambda z: number


def _if_large(number: float) -> Callable[[Array], float]:
    return lambda z: number if z.max() > number else 0.0


def _rescaled(scale: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return a softmax of scores that were rescaled."""

    def softmax_of_rescaled(z: Array) -> Array:
        exponentials = np.exp(scale(z))
        return exponentials / exponentials.sum()

    return softmax_of_rescaled


def _shrunk(number: float, above: float = -np.inf) -> Callable[[Array], Array]:
    return lambda z: z / number if z.max() > above else z


def _by_math(z: Array) -> Array:
    exponentials = [math.exp(score) for score in z]
    return np.array([one / sum(exponentials) for one in exponentials])


def _cut_off(limit: float, above_only: bool = False) -> Callable[[Array], Array]:
    def softmax_of_cut_off(z: Array) -> Array:
        exponentials = np.exp(np.clip(z, -np.inf if above_only else -limit, limit))
        return exponentials / exponentials.sum()

    return softmax_of_cut_off


softmax_exercise = Exercise(
    id="softmax",
    lesson="02",
    slide="Reminder: Computing the gradient",
    functions=("softmax",),
    signature=("z",),
    quantities=(Quantity("p", None, WantedArray()),),
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
                *(
                    _moved(by)
                    for by in (_first, _last, _length, _largest_size, _minus_largest, _largest_twice)
                ),
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
                *(_rescaled(_shrunk(k, above)) for k in (10, 100, 1000) for above in (100, 500, 700)),
            ),
        ),
        Misconception(
            "scores cut off at a limit",
            "Scores beyond your limit count as the same, so their differences are lost. What could be taken"
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
