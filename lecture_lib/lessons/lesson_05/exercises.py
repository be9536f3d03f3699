"""Lesson 05, Duck, duck, goose forward: the encoder, the network, and one forward pass by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from lecture_lib.exercises.edits import Edit, RightAnswer, mistakes
from lecture_lib.exercises.exercise import (
    Array,
    Case,
    Exercise,
    Follow,
    Misconception,
    Mixture,
    Number,
    Part,
    Quantity,
)
from lecture_lib.exercises.plain import AnyArray
from lecture_lib.learning.example import duck_goose
from lecture_lib.lessons.duck_goose.example import example_of
from lecture_lib.lessons.duck_goose.networks import (
    FloatArray,
    Problem,
    all_values,
    draw_problem,
    encode_with,
    forward_values,
    mean_column,
    pairs,
    softmax_with,
    values_with,
)


def slides_problem() -> Problem:
    """Return the slides' example: duck, duck, goose."""
    example = duck_goose()
    params = {name: np.array(array) for name, array in example.params.items()}
    return Problem(example.tokens, np.array(example.y), dict(example.vocabulary), params)


def students_problem(student: str) -> Problem:
    """Return the student's own sentence and weights."""
    own = example_of(student)
    return Problem(own.tokens, own.y, own.vocabulary, own.params)


# ------------------------------------------------------------------ encode

_ONE, _DIFFERENT, _AGAIN = "a sentence of one word", "different words", "a word that comes again"


def _encode_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    slides = slides_problem()

    def case(problem: Problem, part: str) -> Case:
        tokens, vocabulary, E = problem.tokens, problem.vocabulary, problem.params["E"]
        return Case(
            {"tokens": list(tokens), "vocabulary": vocabulary, "E": E},
            {"h0": mean_column(tokens, vocabulary, E)},
            parts=(part,),
        )

    def said(*tokens: str) -> Problem:
        return Problem(tokens, slides.y, slides.vocabulary, slides.params)

    yield case(said("duck"), _ONE)
    yield case(said("goose"), _ONE)
    yield case(said("goose", "duck"), _DIFFERENT)
    yield case(slides, _AGAIN)
    yield case(said("goose", "goose", "duck", "goose"), _AGAIN)
    for dimensions, words in ((2, 3), (3, 4), (3, 3), (4, 3)):
        yield case(draw_problem(rng, dimensions, words, 2, 2, 1, again=False), _ONE)
        yield case(draw_problem(rng, dimensions, words, 2, 2, 2, again=False), _DIFFERENT)
        yield case(draw_problem(rng, dimensions, words, 2, 2, 3, again=False), _DIFFERENT)
        yield case(draw_problem(rng, dimensions, words, 2, 2, 4, again=True), _AGAIN)


Encoder = Callable[[Sequence[str], Mapping[str, int], FloatArray], FloatArray]


def _encoder(*flaws: str) -> Encoder:
    return lambda tokens, vocabulary, E: encode_with(flaws, tokens, vocabulary, E)


def _encoder_in_rows(tokens: Sequence[str], vocabulary: Mapping[str, int], E: FloatArray) -> FloatArray:
    return np.stack([E[:, vocabulary[token]] for token in tokens]).mean(axis=1)


def _encoder_of_rows_in_a_loop(
    tokens: Sequence[str], vocabulary: Mapping[str, int], E: FloatArray
) -> FloatArray:
    total = np.zeros(E.shape[0])
    for token in tokens:
        total += E[vocabulary[token]]
    return total / len(tokens)


def _encoder_of_one_sentence(
    tokens: Sequence[str], vocabulary: Mapping[str, int], E: FloatArray
) -> FloatArray:
    slides = slides_problem()
    return encode_with((), slides.tokens, slides.vocabulary, slides.params["E"])


def _encoder_into_E(tokens: Sequence[str], vocabulary: Mapping[str, int], E: FloatArray) -> FloatArray:
    total = E[:, vocabulary[tokens[0]]]
    for token in tokens[1:]:
        total += E[:, vocabulary[token]]
    total /= len(tokens)
    return total


ENCODE_ADVICE = {
    "rows for columns": "Which way does a word lie in E? The slide labels both sides;"
    " look at which numbers its own average is made of.",
    "sum for mean": "The numbers grow with the length of the sentence. What should happen to them in a mean?",
    "a repeated word once": "In duck duck goose, how often does duck count? Does your code still know that"
    " it came twice?",
    "a repeated word once, divided by all": "You divide by the length of the sentence, but add each word"
    " once."
    " How often does duck come in duck duck goose?",
    "divides by V": "You divide by the size of the vocabulary. The mean is over the words of which text?",
    "divides by the dimensions": "You divide by the number of dimensions. The mean is over how many columns?",
    "only the first word": "Only the first word of the sentence counts in your h0. What becomes of the"
    " others?",
    "return inside the loop": "Only the first word counts in your h0, divided by the length of the sentence."
    " Does return stand inside the loop? It ends the function in the first round.",
    "only the last word": "Only the last word of the sentence counts in your h0. Is it overwritten in the"
    " loop,"
    " where it should be added?",
    "the column by the order of the dict": "Is the first word of the vocabulary always column 0?"
    " What does the dict say of each word?",
    "mean of all numbers": "Your mean is one number. Which axis of the picked columns should be kept?",
}

encode = Exercise(
    id="encode",
    lesson="05",
    slide="Training iteration: encode the input",
    asks="encode(tokens, vocabulary, E) gives the mean of the columns of E that belong to the tokens.",
    functions=("encode",),
    signature=("tokens", "vocabulary", "E"),
    quantities=(Quantity("h0", None, Array()),),
    parts=tuple(Part(name, 1, ("h0",)) for name in (_ONE, _DIFFERENT, _AGAIN)),
    cases=_encode_cases,
    hints=(
        "Take it in three steps: which column is each word's, which vectors are these, what is their mean?",
        "vocabulary[token] is the number of a column, and E[:, number] is that column."
        " How long is the sentence, and so how many vectors are there?",
        "Make a list of column numbers with one entry for each token, twice where a word comes twice."
        " E[:, list] picks all of them side by side; the mean goes along axis 1.",
    ),
    twin="the cell `h0 = (E[:, 0] + E[:, 0] + E[:, 1]) / 3` in section 2",
    misconceptions=(
        *(
            Misconception(
                name,
                advice,
                (_encoder(name), _encoder_of_rows_in_a_loop)
                if name == "rows for columns"
                else (_encoder(name),),
            )
            for name, advice in ENCODE_ADVICE.items()
        ),
        Misconception(
            "the slide's numbers",
            "This is the slide's own h0, for every sentence. Which names stand for the sentence and for E in"
            " your function?",
            (_encoder_of_one_sentence,),
        ),
        Misconception(
            "mean along the wrong axis",
            "Your result has an entry for each word. Which axis of the picked vectors counts the words,"
            " and which the dimensions?",
            (_encoder_in_rows,),
        ),
        Misconception(
            "adds into a column of E",
            "E[:, number] is not a copy: it is a part of E, and += writes into it."
            " Where could the sum be kept instead?",
            (_encoder_into_E,),
        ),
    ),
    mixtures=lambda: (
        Mixture(names, _encoder(*names))
        for names in (
            ("rows for columns", "sum for mean"),
            ("rows for columns", "divides by V"),
            ("rows for columns", "a repeated word once"),
            ("a repeated word once", "sum for mean"),
            ("the column by the order of the dict", "sum for mean"),
        )
    ),
)


# ------------------------------------------------------------------ mlp_forward


def _mlp_forward_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(h0: FloatArray, params: Mapping[str, FloatArray], label: str = "") -> Case:
        arguments = {"h0": h0, **{name: params[name] for name in ("W", "b", "U")}}
        return Case(arguments, forward_values(**arguments), label)

    slides = slides_problem()
    h0 = mean_column(slides.tokens, slides.vocabulary, slides.params["E"])
    yield case(h0, slides.params, "the slides' example")
    small = {"W": [[0.5, -0.5], [1.0, 1.0]], "b": [0.5, 0.4], "U": [[1.0, 0.5], [-0.5, 0.2]]}
    yield case(np.array([1.0, -2.0]), {name: np.array(numbers) for name, numbers in small.items()})
    for dimensions, hidden, classes in ((2, 2, 2), (3, 3, 3), (2, 3, 2), (3, 4, 2), (4, 2, 3), (3, 2, 5)):
        drawn = draw_problem(rng, dimensions, 3, hidden, classes, 2, again=False)
        h0 = mean_column(drawn.tokens, drawn.vocabulary, drawn.params["E"])
        yield case(np.round(h0, 2), drawn.params)


MLP_FORWARD = RightAnswer(
    "mlp_forward",
    """
    def mlp_forward(h0, W, b, U):
        z = W @ h0 + b
        h = np.maximum(z, 0)
        o = U @ h
        p = np.exp(o) / np.sum(np.exp(o))
        return z, h, o, p
    """,
)
_RELU, _SOFTMAX = "np.maximum(z, 0)", "np.exp(o) / np.sum(np.exp(o))"
FORWARD_MISTAKES = (
    Edit("ReLU left out", {_RELU: "z"},
         "Your h has negative entries, as z has. What does the ReLU do with those?"),
    Edit("absolute value for ReLU", {_RELU: "np.abs(z)"},
         "Your h turns negative entries of z into positive ones."
         " What does the ReLU make of a negative number?"),
    Edit("sigmoid for ReLU", {_RELU: "1 / (1 + np.exp(-z))"},
         "Your h looks like the sigmoid of z. Which activation is asked?"),
    Edit("tanh for ReLU", {_RELU: "np.tanh(z)"},
         "Your h looks like tanh of z. Which activation is asked?"),
    Edit("one or zero for ReLU", {_RELU: "np.where(z > 0, 1.0, 0.0)"},
         "Your h says where z is positive: that is the ReLU's derivative. What is its value there?"),
    Edit("minimum for maximum", {"maximum": "minimum"},
         "Your h keeps the negative entries. Which ones does the ReLU let through?"),
    Edit("gives h for z", {"return z": "return h"},
         "Your z has no negative entries. Is it what came before the ReLU, or after?"),
    Edit("b left out", {" + b": ""},
         "Your z is the same for every b. Where does the bias belong?"),
    Edit("b subtracted", {"+ b": "- b"},
         "What is done with the bias: W h0 and b are joined by which sign?"),
    Edit("b on the output", {" + b": "", "U @ h": "U @ h + b"},
         "The network has one bias, b. Which layer does it belong to: the hidden one or the output?"),
    Edit("b on the output, too", {"U @ h": "U @ h + b"},
         "The bias is there twice. Does the slide's output layer, softmax(U h), have one?"),
    Edit("ReLU on o, too", {"o = U @ h\n": "o = U @ h\n    o = np.maximum(o, 0)\n"},
         "Your scores o are never negative. Is there an activation between o and the softmax?"),
    Edit("z into the output", {"U @ h": "U @ z"},
         "Your o is made from z. What comes between z and the output layer?"),
    Edit("softmax of h", {_SOFTMAX: "np.exp(h) / np.sum(np.exp(h))"},
         "You have taken the softmax of the hidden layer. Which values have one entry for each class?"),
    Edit("softmax of z", {_SOFTMAX: "np.exp(z) / np.sum(np.exp(z))"},
         "You have taken the softmax of z. Which values have one entry for each class?"),
    Edit("unnormalised p", {" / np.sum(np.exp(o))": ""},
         "Your p does not sum to one. What is each exp(o_i) divided by?"),
    Edit("o divided by its sum", {_SOFTMAX: "o / np.sum(o)"},
         "Some of your p may be negative, or above one. What is done to o before it is divided by a sum?"),
    Edit("sigmoid of o", {_SOFTMAX: "1 / (1 + np.exp(-o))"},
         "Your p does not sum to one: each entry looks at its own score alone. How does softmax join them?"),
    Edit("log of p", {_SOFTMAX: "o - np.log(np.sum(np.exp(o)))"},
         "Your p is negative: it looks like the log of what is asked."),
    Edit("exp of minus o", {_SOFTMAX: "np.exp(-o) / np.sum(np.exp(-o))"},
         "Your largest score has the smallest probability. Which sign has o in the exp?"),
    Edit("divided by the largest", {"np.sum": "np.max"},
         "Your largest p is always 1. What should the exp(o_i) be divided by?"),
    Edit("the largest only", {_SOFTMAX: "1.0 * (o == np.max(o))"},
         "Your p says which class is the largest. How sure is the network, by softmax?"),
    Edit("transposed W", {"W @": "W.T @"},
         "W is (outputs, inputs). On which side of W does h0 stand, and along what are the products added?"),
    Edit("transposed U", {"U @": "U.T @"},
         "U is (classes, hidden units). On which side of U does h stand, and along what are the products"
         " added?"),
    Edit("elementwise product with W", ({"W @": "W *"}, {"W @": "W *", "U @": "U *"}),
         "W * h0 multiplies entry by entry and adds nothing up, so your z has two axes. Which sign is the"
         " product of a matrix and a vector?"),
    Edit("elementwise product with U", {"U @": "U *"},
         "U * h multiplies entry by entry and adds nothing up, so your o has two axes. Which sign is the"
         " product of a matrix and a vector?"),
    Edit("Python's max", {_RELU: "max(z, 0)"},
         "Python's max(z, 0) asks which of two single things is larger, and z holds several numbers."
         " Which function of NumPy compares every entry with 0?"),
    Edit("np.max for np.maximum", {_RELU: "np.max(z, 0)"},
         "np.max gives the largest entry alone. Which function of NumPy compares every entry with 0?"),
    Edit("the other way round", {"z, h, o, p": "p, o, h, z"},
         "All four are there. In which order are they asked?"),
)  # fmt: skip
FORWARD_ADVICE = {edit.name: edit.advice for edit in FORWARD_MISTAKES}


def _of_the_slides(h0: FloatArray, W: FloatArray, b: FloatArray, U: FloatArray) -> object:
    slides = slides_problem()
    right = mean_column(slides.tokens, slides.vocabulary, slides.params["E"])
    return MLP_FORWARD(right, *(slides.params[name] for name in ("W", "b", "U")))


mlp_forward = Exercise(
    id="mlp_forward",
    lesson="05",
    slide="Training iteration: forward pass",
    asks="mlp_forward(h0, W, b, U) gives (z, h, o, p): z = W h0 + b, h = ReLU(z), o = U h, p = softmax(o).",
    functions=("mlp_forward",),
    signature=("h0", "W", "b", "U"),
    quantities=tuple(Quantity(name, place, Array()) for place, name in enumerate(("z", "h", "o", "p"))),
    parts=(
        *(Part(name, 1, (name,)) for name in ("z", "h", "o", "p")),
        Part("leaves its arguments as they were", 1, arguments=True),
    ),
    cases=_mlp_forward_cases,
    hints=(
        "Four lines, one for each of z, h, o and p; each uses the one before. Look at the graph of the"
        " forward pass.",
        "A matrix times a vector is W @ h0. The ReLU compares every entry with 0. Softmax needs exp and a"
        " sum.",
        "np.maximum(z, 0) is the ReLU. For p: e = np.exp(o), then e divided by the sum of e. Return z, h,"
        " o, p.",
    ),
    twin="example_forward, the network without a hidden layer, just before the exercise",
    misconceptions=(
        *mistakes(MLP_FORWARD, FORWARD_MISTAKES),
        Misconception(
            "the slide's numbers",
            "These are the slide's numbers, for every input. Which names stand for h0, W, b and U in your"
            " function?",
            (_of_the_slides,),
        ),
    ),
)


# ------------------------------------------------------------------ forward_by_hand

ANOTHER = "the numbers of another student"
ANOTHER_ADVICE = (
    "These are the right numbers of another example. With which id have you signed in,"
    " and does ll.my_example() show what you have worked with?"
)


SLIDES = "the slides' numbers"
SLIDES_ADVICE = (
    "These are the numbers of the slides' sentence. Yours is another one: which sentence and weights does"
    " ll.my_example() show?"
)


def of_another(
    values: Callable[[str], dict[str, object]],
) -> Iterator[Callable[[str], dict[str, object]]]:
    """Return the values of those in whose name nobody should work: of nobody, and of the guest."""
    for other in ("", "guest"):
        yield lambda student, other=other: values(other)


def of_the_slides(values: Callable[[Problem], dict[str, object]]) -> Callable[[str], dict[str, object]]:
    """Return the slides' own values, whoever is asked."""
    return lambda student: values(slides_problem())


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


def _p_from(student: str, h: AnyArray) -> AnyArray:
    return softmax_with((), students_problem(student).params["U"] @ h)


def _loss_from(student: str, p: AnyArray) -> AnyArray:
    return np.asarray(-np.log(p[int(np.argmax(students_problem(student).y))]))


_FOLLOWS = {
    "z": Follow("h0", _z_from, 0.02),
    "h": Follow("z", _h_from, 0.02),
    "p": Follow("h", _p_from, 0.02),
    "loss": Follow("p", _loss_from, 0.03),
}


def _values_by_hand(problem: Problem, flaws: Sequence[str] = ()) -> dict[str, object]:
    found = values_with(flaws, problem)
    return {name: found[name] for name in ("h0", "z", "h", "p", "loss")}


def _by_hand(*flaws: str) -> Callable[[str], dict[str, object]]:
    return lambda student: _values_by_hand(students_problem(student), flaws)


LOSS_ADVICE = {
    "log of the wrong class": "Which class is the true one? y says it. Whose probability goes into the log?",
    "no minus": "Your loss is negative. p is below 1: which sign has its log, and what does the loss put"
    " before it?",
    "log to base 2": "Which log is meant? The natural one has e as its base: ln on a pocket calculator.",
    "log to base 10": "Which log is meant? The natural one has e as its base: ln on a pocket calculator.",
    "squared error": "This is the squared error. Which loss does this network have?",
    "mean over the classes": "You have divided by the number of classes. Is the loss a sum over the"
    " classes, or a mean?",
    "both classes": "Both classes are in your loss. By what is the log of the other one multiplied?",
    "p, not its log": "This is the probability of the true class. What does the loss make of it?",
}
_HAND_FLAWS = (
    "rows for columns",
    "sum for mean",
    "a repeated word once",
    "divides by V",
    "ReLU left out",
    "absolute value for ReLU",
    "b left out",
    "b subtracted",
    "b on the output",
    "b on the output, too",
    "unnormalised p",
    "o divided by its sum",
    "softmax of h",
    "softmax of z",
    "z into the output",
    "transposed W",
    "transposed U",
)
_HAND_ADVICE = {
    name: {**ENCODE_ADVICE, **FORWARD_ADVICE}[name] for name in _HAND_FLAWS if name != "a repeated word once"
} | {
    "a repeated word once": "One of your words comes more than once. How often should it count in the mean?",
    "divides by V": "You have divided by the size of the vocabulary. How many words has the sentence?",
    **LOSS_ADVICE,
}

_HAND_COMMON = (
    "rows for columns",
    "sum for mean",
    "ReLU left out",
    "b left out",
    "unnormalised p",
    "log of the wrong class",
    "no minus",
    "log to base 10",
    "squared error",
)

forward_by_hand = Exercise(
    id="forward_by_hand",
    lesson="05",
    slide="Training iteration: forward pass",
    asks="forward_by_hand is a dict with h0, z, h, p and loss for your own sentence and weights.",
    functions=("forward_by_hand",),
    signature=None,
    quantities=(
        *(Quantity(name, name, Array(TO_TWO_DECIMALS, lists=True), secret=True) for name in ("h0", "z", "h")),
        Quantity("p", "p", Array(0.015, lists=True), secret=True),
        Quantity("loss", "loss", Number(0.05, absolute=True), secret=True),
    ),
    parts=(
        Part("h0", 1, ("h0",)),
        Part("z and h", 1, ("z", "h")),
        Part("p", 1, ("p",)),
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
    twin="the slides' own sentence, worked from the top of this lesson to its loss",
    misconceptions=(
        *(Misconception(name, advice, (_by_hand(name),)) for name, advice in _HAND_ADVICE.items()),
        Misconception(ANOTHER, ANOTHER_ADVICE, tuple(of_another(_by_hand()))),
        Misconception(SLIDES, SLIDES_ADVICE, (of_the_slides(_values_by_hand),)),
    ),
    mixtures=lambda: (Mixture(names, _by_hand(*names)) for names in pairs(_HAND_COMMON)),
    rough=True,
    follows=_FOLLOWS,
)

EXERCISES = (encode, mlp_forward, forward_by_hand)
