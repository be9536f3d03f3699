"""Exercise `nll`: the negative log-likelihood of a data set."""

from __future__ import annotations

import math
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
    WantedNumber,
    mistakes,
)

# ------------------------------------------------------------------ nll


def _nll_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    """The true class is known here by its number, so the loss needs neither y nor a sum."""

    def case(p: Array, true: int) -> Case:
        right = int(np.argmax(p)) == true
        return Case(
            {"p": p, "y": np.eye(len(p))[true]},
            {"the loss": -math.log(p[true])},
            parts=("the true class is the likeliest",) if right else ("another class is likelier",),
        )

    yield case(np.array([0.5, 0.25, 0.25]), 0)
    yield case(np.array([0.5, 0.25, 0.25]), 1)
    yield case(np.array([0.2, 0.8]), 1)
    yield case(np.array([0.2, 0.8]), 0)
    yield case(np.array([0.9, 0.08, 0.02]), 2)
    yield case(np.array([0.1, 0.2, 0.15, 0.55]), 3)
    yield case(np.array([0.55, 0.1, 0.15, 0.2]), 3)  # neither the likeliest nor the least likely
    for classes in (3, 4, 6, 2):
        p = _probabilities(rng, classes)
        likeliest = int(np.argmax(p))
        yield case(p, likeliest)
        yield case(p, (likeliest + int(rng.integers(1, classes))) % classes)


def _probabilities(rng: np.random.Generator, classes: int) -> Array:
    """Draw probabilities of two decimals, all above 0, one of them the largest."""
    hundredths = 3 + rng.multinomial(95 - 3 * classes, np.full(classes, 1 / classes))
    hundredths[rng.integers(classes)] += 5
    if np.count_nonzero(hundredths == hundredths.max()) > 1:
        return _probabilities(rng, classes)
    return hundredths / 100


NLL = RightAnswer(
    "nll",
    """
    def nll(p, y):
        log_p = np.log(p)
        terms = y * log_p
        return -np.sum(terms)
    """,
)
_SUM, _LOG = "-np.sum(terms)", "np.log(p)"
NLL_MISTAKES = (
    Edit("a class that is not the true one", ({_SUM: "-log_p[np.argmin(y)]"},
                                              {_SUM: "-log_p[np.argmax(y) - 1]"}),
         "Your loss is made of a class that is not the true one. y has a 1 at the place of the true class:"
         " how is that place found, or how can y be multiplied instead?"),
    Edit("no minus", {"return -": "return "},
         "A minus is missing. Which sign has the logarithm of a number below 1, and what does the loss put"
         " before it?"),
    Edit("log to base 2", {"np.log(": "np.log2("},
         "Your logarithm has the base 2. Which one is meant, and how is it called in NumPy?"),
    Edit("log to base 10", {"np.log(": "np.log10("},
         "Your logarithm has the base 10. Which one is meant, and how is it called in NumPy?"),
    Edit("log(1 - p)", ({_LOG: "np.log(1 - p)"}, {_LOG: "np.log1p(-p)"}),
         "Your loss is small where the true class is improbable. Whose probability goes into the"
         " logarithm: that of the true class, or that of all others together?"),
    Edit("log(1 + p)", {_LOG: "np.log1p(p)"},
         "You have taken the logarithm of 1 + p. What is the loss of a class of probability 1, and what is"
         " yours?"),
    Edit("squared error", (
        {_SUM: "np.sum((y - p) ** 2)"},
        {_SUM: "np.mean((y - p) ** 2)"},
        {_SUM: "np.sum((y - p) ** 2) / 2"},
        {_SUM: "-np.sum((y - p) ** 2)"},
    ),
         "This is made of the squared differences of y and p, as in the worked example. What does the"
         " negative log-likelihood do with p in place of a difference?"),
    Edit("the predicted class", ({"y * log_p": "(np.arange(len(p)) == np.argmax(p)) * log_p"},
                                 {_SUM: "-np.max(p)"}),
         "Yours looks at the class that the model finds likeliest. Which of p and y says which class is"
         " true?"),
    Edit("the least likely class", {"y * log_p": "(np.arange(len(p)) == np.argmin(p)) * log_p"},
         "Yours looks at the class that the model finds least likely. Which of p and y says which class is"
         " true?"),
    Edit("mean over the classes", {"np.sum": "np.mean"},
         "Your loss becomes smaller when there are more classes: it is divided by their number. Is a mean"
         " over the classes asked, or a sum?"),
    Edit("every class counts", ({"y * log_p": "log_p"}, {"y * log_p": "log_p", "np.sum": "np.mean"}),
         "The logarithms of all classes are in your loss, each of them whole. This happens when y is left"
         " out, or when each entry of y is multiplied by each of log p, as a product of a column and a row"
         " does. Which entries belong together?"),
    Edit("the other classes", {"y * log_p": "(1 - y) * log_p"},
         "You have added up the classes where y is 0. Which entry of y marks the truth?"),
    Edit("the loss of two classes", (
        {"y * log_p": "y * log_p + (1 - y) * np.log(1 - p)"},
        {"y * log_p": "y * log_p + (1 - y) * np.log(1 - p)", "np.sum": "np.mean"},
    ),
         "There is (1 - y) log(1 - p) in it. That belongs to a model which gives one number for two"
         " classes. Here p has an entry for each class: what does the sum over them leave?"),
    Edit("no logarithm", ({_LOG: "p"}, {_SUM: "1 - np.sum(y * p)"}),
         "Your result is made of the probability of the true class itself. What does the loss make of it"
         " before the minus?"),
    Edit("p in place of y", {"y * log_p": "p * log_p"},
         "Your result is the same whatever y is: p stands twice in it. What are the logarithms multiplied"
         " with?"),
    Edit("the logarithm of 0", (
        {"y * log_p": "np.log(y * p)"},
        {_LOG: "np.log(y)", "y *": "p *"},
        {_LOG: "np.log(y)", "y *": "(1 - p) *"},
        {"y * log_p": "np.log(y)"},
    ),
         "Your result is infinite: somewhere the logarithm of 0 was taken, and that is −∞. Which of p and"
         " y has zeros? What has to stand inside the logarithm, and what outside?", alone=True),
    Edit("p and y exchanged",
         tuple({_LOG: f"np.log(y + {small})", "y *": "p *"}
               for small in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)),
         "You take the logarithm of y, with a small number added so that it is not that of 0. Which of p and"
         " y stands inside the logarithm of the formula, and which outside?"),
    Edit("no number", ({_LOG: "np.log(y)"}, {"y * log_p": "np.log(p - y)"}, {"y * log_p": "np.log(y - p)"}),
         "Your result is nan, which means: no number. It comes from the logarithm of a number below 0, or"
         " from 0 times the logarithm of 0. Of which numbers should the logarithm be taken, so that all are"
         " above 0?"),
    Edit("the logarithm of all of p", {_SUM: "-np.log(np.sum(p))"},
         "Your loss is 0, or nearly, for every text, as the logarithm of the sum of all p is: they add up to"
         " 1. What has to be picked before anything is added?"),
    Edit("not added up", {_SUM: "-terms"},
         "Your result has an entry for each class. What makes one number of them?"),
    Edit("one number in an array", ({_SUM: "-log_p[y == 1]"}, {_SUM: "-np.sum(terms, keepdims=True)"}),
         "Your number comes in an array of one entry: y == 1 picks such an array, and"
         " keepdims keeps one. Which function, or which index, takes the number out of it?"),
    Edit("the first class alone", {_SUM: "-terms[0]"},
         "Your loss looks at the first class alone, whichever is the true one. Does a return stand inside a"
         " loop, where it ends the function at the first turn?"),
    Edit("the last class alone", {_SUM: "-terms[-1]"},
         "Your loss looks at the last class alone, whichever is the true one. Is there a loop in which each"
         " turn overwrites what the turn before had found?"),
    Edit("an end of the classes left out", ({_SUM: "-np.sum(terms[1:])"}, {_SUM: "-np.sum(terms[:-1])"}),
         "The first class, or the last, is never looked at: your loss is 0 where it is the true one. From"
         " which number to which does your loop or your slice go?"),
    Edit("two classes written out", {_SUM: "-np.sum(terms[:2])"},
         "Your loss looks at the first two classes alone. How many may there be, and what goes through all of"
         " them?"),
    Edit("the logarithm of a distance", {"y * log_p": "np.log(np.abs(y - p))"},
         "You take the logarithm of a distance between y and p. Of what does the formula take it, and what"
         " is y there for?"),
    Edit("p changed before the logarithm", (
        *({_LOG: f"np.log(np.maximum(p, {least}))"} for least in (0.1, 0.05)),
        *({_LOG: f"np.log(p + {more})"} for more in (0.1, 0.01, 1e-3, 1e-4, 1e-5)),
    ),
         "Before the logarithm something was added to p, or small entries were made larger. Here every"
         " entry of p is above 0: what is the loss of the p that came?"),
    Edit("y as an index", (
        {_SUM: "-np.log(p[y])"},
        {_SUM: "-np.log(p[y.astype(int)])"},
        {_SUM: "-np.sum(np.log(p[y.astype(int)]))"},
        {_SUM: "-np.mean(np.log(p[y.astype(int)]))"},
    ),
         "y is used as an index into p. It is no class number: it is a vector of zeros and a 1. At which"
         " place does its 1 stand, and how can y be multiplied instead?"),
    Edit("a function of one number", {_LOG: "np.log(float(p))"},
         "Which function of NumPy takes the logarithm of each entry? And what does y do with the entries?"),
    Edit("math without import", {_LOG: "math.log(p)"},
         "Python does not know math here: nobody has imported it. You can do without it. Which function of"
         " NumPy takes the logarithm of each entry?"),
    Edit("log without np", {_LOG: "log(p)"},
         "Python does not know log by itself. Which library, imported at the top of the notebook, has it,"
         " and how are its functions written?"),
    Edit("ln", {_LOG: "np.ln(p)"},
         "NumPy has no function ln: it gives the natural logarithm another name. How do the cells above"
         " write it?"),
    Edit("an entry as an index", {_SUM: "-np.sum(y[p[0]])"},
         "A float was used as an index. A loop such as `for i in p` hands out the entries themselves. What"
         " hands out their places 0, 1, 2 and so on?"),
    Edit("index of a list", {_SUM: "-np.log(p[y.index(1)])"},
         "index belongs to lists, and y is an array. Which function of NumPy says where the largest entry"
         " stands? Or can you do without its place?"),
    Edit("two arguments of np.sum", {_SUM: "-np.sum(y, log_p)"},
         "np.sum adds up its first argument; the second is not another factor. What joins y and the"
         " logarithms before they are added up?"),
    Edit("an axis of a batch", {_SUM: "-np.sum(terms, axis=1)"},
         "axis=1 adds up along a second axis. How many axes has p, which belongs to one text?"),
    Edit("a product without a sign", {"y * log_p": "y(log_p)"},
         "Brackets right behind a name call it as a function, and this one is an array. Is a call meant, or a"
         " product with *?"),
    Edit("the derivative", ({_SUM: "-np.sum(y / p)"}, {_SUM: "-y / p"}),
         "This is -1/p for the true class: the derivative of the loss. Is the derivative asked, or the"
         " loss itself?"),
    Edit("p beside y", {"y * log_p": "y * p * log_p"},
         "The logarithm is multiplied by p as well as by y. Which of the two stands before it in the"
         " formula?"),
    Edit("absolute error", ({_SUM: "np.sum(np.abs(y - p))"}, {_SUM: "np.mean(np.abs(y - p))"}),
         "This is made of the distances between y and p. What does the negative log-likelihood do with p"
         " in place of a difference?"),
    Edit("a model that knows nothing", ({_SUM: "np.log(len(p))"}, {_SUM: "-np.log(len(p))"}),
         "Your result depends on the number of classes alone: it is what a model has that knows nothing,"
         " or its opposite. What does this model say, in p?"),
    Edit("a fixed class", ({_SUM: "-np.log(p[0])"}, {_SUM: "-np.log(p[1])"}, {_SUM: "-np.log(p[-1])"}),
         "Yours takes the same entry of p for every text, whichever class is true. What says which one it"
         " should be?"),
    Edit("rounded", tuple({_SUM: f"-np.round(np.sum(terms), {digits})"} for digits in (1, 2, 3, 4)),
         "Your number was rounded. Others go on computing with it: can you return it with all its digits?"),
    Edit("softmax of p", {_LOG: "np.log(np.exp(p) / np.sum(np.exp(p)))"},
         "You have applied softmax to p once more. Are the p that come in scores, or probabilities already?"),
    Edit("the inverse of the probability", {_SUM: "np.exp(-np.sum(terms))"},
         "Your result is 1 divided by the probability of the true class: exp undoes the logarithm. Which"
         " of the two steps is one too many?"),
    Edit("the class's number", ({_SUM: "np.argmax(y)"}, {_SUM: "-np.log(np.argmax(y) + 1)"}),
         "Your result is made of the number of the true class. What does p say about that class?"),
)  # fmt: skip

nll = Exercise(
    id="nll",
    lesson="01",
    slide="Recap: Loss function",
    functions=("nll",),
    signature=("p", "y"),
    quantities=(
        Quantity("the loss", None, WantedNumber(), because="from the probability of the true class alone"),
    ),
    parts=(
        Part("the true class is the likeliest", 1, ("the loss",)),
        Part("another class is likelier", 2, ("the loss",)),
    ),
    cases=_nll_cases,
    hints=(
        "Take p = [0.5, 0.3, 0.2] and y = [0, 1, 0]. Which of the three probabilities counts, and what is"
        " its loss?",
        "NumPy works entry by entry. The logarithm of p has an entry for each class; what does multiplying"
        " with y leave of them?",
        "Three steps, in this order: the logarithms, the multiplication with y, the sum to one number. Then"
        " look at the sign of what you have.",
    ),
    twin="squared_error, the other loss, before the exercise",
    misconceptions=mistakes(NLL, NLL_MISTAKES),
)
