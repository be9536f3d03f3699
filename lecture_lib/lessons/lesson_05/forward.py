"""The encoder and the network of lesson 05, as exercises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

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
)
from lecture_lib.learning.example import duck_goose
from lecture_lib.lessons.duck_goose.example import example_of
from lecture_lib.lessons.duck_goose.networks import (
    FloatArray,
    Problem,
    draw_problem,
    forward_values,
    mean_column,
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


ENCODE = RightAnswer(
    "encode",
    """
    def encode(tokens, vocabulary, E):
        columns = [vocabulary[token] for token in tokens]
        return E[:, columns].mean(axis=1)
    """,
)
_COLUMNS, _MEAN = "[vocabulary[token] for token in tokens]", "E[:, columns].mean(axis=1)"
_ROWS_IN_A_LOOP = """total = np.zeros(E.shape[0])
    for column in columns:
        total += E[column]
    return total / len(tokens)
"""
_INTO_E = """total = E[:, columns[0]]
    for column in columns[1:]:
        total += E[:, column]
    total /= len(tokens)
    return total
"""
ENCODE_MISTAKES = (
    Edit("rows for columns", ({_MEAN: "E[columns].mean(axis=0)"}, {f"return {_MEAN}\n": _ROWS_IN_A_LOOP}),
         "Which way does a word lie in E? The slide labels both sides; look at which numbers its own average"
         " is made of."),
    Edit("sum for mean", {"mean": "sum"},
         "The numbers grow with the length of the sentence. What should happen to them in a mean?"),
    Edit("a repeated word once", {"in tokens]": "in dict.fromkeys(tokens)]"},
         "In duck duck goose, how often does duck count? Does your code still know that it came twice?"),
    Edit("a repeated word once, divided by all",
         {"in tokens]": "in dict.fromkeys(tokens)]", "mean(axis=1)": "sum(axis=1) / len(tokens)"},
         "You divide by the length of the sentence, but add each word once. How often does duck come in duck"
         " duck goose?"),
    Edit("divides by V", {"mean(axis=1)": "sum(axis=1) / len(vocabulary)"},
         "You divide by the size of the vocabulary. The mean is over the words of which text?"),
    Edit("divides by the dimensions", {"mean(axis=1)": "sum(axis=1) / len(E)"},
         "You divide by the number of dimensions. The mean is over how many columns?"),
    Edit("only the first word", {_COLUMNS: "[vocabulary[tokens[0]]]"},
         "Only the first word of the sentence counts in your h0. What becomes of the others?"),
    Edit("return inside the loop", {_MEAN: "E[:, columns[0]] / len(tokens)"},
         "Only the first word counts in your h0, divided by the length of the sentence. Does return stand"
         " inside the loop? It ends the function in the first round."),
    Edit("only the last word",
         ({_COLUMNS: "[vocabulary[tokens[-1]]]"}, {_MEAN: "E[:, columns[-1]] / len(tokens)"}),
         "Only the last word of the sentence counts in your h0. Is it overwritten in the loop, where it"
         " should be added?"),
    Edit("the column by the order of the dict", {"vocabulary[token]": "list(vocabulary).index(token)"},
         "Is the first word of the vocabulary always column 0? What does the dict say of each word?"),
    Edit("mean of all numbers", {"axis=1": ""},
         "Your mean is one number. Which axis of the picked columns should be kept?"),
    Edit("mean along the wrong axis", {"axis=1": "axis=0"},
         "Your result has an entry for each word. Which axis of the picked vectors counts the words, and"
         " which the dimensions?"),
    Edit("all columns of E", {"E[:, columns]": "E"},
         "Your h0 is the mean of all of E's columns. Which words are in the sentence?"),
    Edit("the columns of the slide's sentence",
         ({"E[:, columns]": "E[:, [0, 0, 1]]"}, {_MEAN: "E[:, [0, 0, 1]].sum(axis=1)"}),
         "You take the columns 0, 0 and 1 for every sentence. What says which columns this sentence needs?"),
    Edit("divided by a fixed number",
         tuple({"mean(axis=1)": f"sum(axis=1) / {many}"} for many in (2, 3, 4)),
         "You divide by the same number for every sentence. What says how long this one is?"),
    Edit("rounded", ({"mean(axis=1)": "mean(axis=1).round(4)"}, {"mean(axis=1)": "mean(axis=1).round(2)"}),
         "Your numbers are rounded. What is computed further with them is then a little off: can the rounding"
         " be left out?"),
    Edit("columns counted from 1", {"vocabulary[token]": "vocabulary[token] - 1"},
         "The vocabulary counts columns as Python does, from 0. What becomes of column 0 when 1 is taken"
         " away?"),
    Edit("words for column numbers", {"E[:, columns]": "E[:, tokens]"},
         "A word is no column number. What does the vocabulary say of each word?"),
    Edit("adds into a column of E", {f"return {_MEAN}\n": _INTO_E},
         "E[:, number] is not a copy: it is a part of E, and += writes into it. Where could the sum be kept"
         " instead?"),
)  # fmt: skip
_CONSTANT = (
    Edit("the same columns for every sentence",
         ({"E[:, columns]": "E[:, [0, 1, 2]]"}, {"E[:, columns]": "E[:, [0, 1]]"},
          {"E[:, columns]": "E[:, [0, 1, 2, 3]]"}, {"E[:, columns]": "E[:, [0, 0, 0, 1]]"}),
         "You take the same columns for every sentence, whatever its words are. What says which columns this"
         " sentence needs?"),
    Edit("the words of the slide's sentence",
         ({_COLUMNS: '[vocabulary[word] for word in ("duck", "duck", "goose")]'},
          {_COLUMNS: '[vocabulary[word] for word in ("duck", "goose")]'}),
         "You take the words of the slide's sentence every time. Which argument holds the words of this"
         " one?"),
    Edit("a fixed number of words",
         ({_COLUMNS: "[vocabulary[tokens[place]] for place in (0, 1, 2)]"},
          {_COLUMNS: "[vocabulary[tokens[place]] for place in (0, 1)]"},
          {_COLUMNS: "[vocabulary[tokens[place]] for place in (0, 1, 2, 3)]"}),
         "From a longer sentence you take a fixed number of words. How long may a sentence be, and what goes"
         " through all of its words?"),
)  # fmt: skip


def _h0_of_the_slides(tokens: Sequence[str], vocabulary: Mapping[str, int], E: FloatArray) -> object:
    slides = slides_problem()
    return ENCODE(slides.tokens, slides.vocabulary, slides.params["E"])


encode = Exercise(
    id="encode",
    lesson="05",
    slide="Training iteration: encode the input",
    asks="encode(tokens, vocabulary, E) gives the mean of the columns of E that belong to the tokens.",
    functions=("encode",),
    signature=("tokens", "vocabulary", "E"),
    quantities=(Quantity("h0", None, WantedArray()),),
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
        *mistakes(ENCODE, ENCODE_MISTAKES),
        *one_at_a_time(ENCODE, _CONSTANT),
        Misconception(
            "the slide's numbers",
            "This is the slide's own h0, for every sentence. Which names stand for the sentence and for E in"
            " your function?",
            (_h0_of_the_slides,),
        ),
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
         "Your z has no negative entries. Is it what came before the ReLU, or after? (h = z makes a second"
         " name, not a second array: what is written into h is in z, too.)"),
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
    Edit("divided by the largest", {"np.sum(np": "np.max(np"},
         "Your largest p is always 1. What should the exp(o_i) be divided by?"),
    Edit("the largest only", {_SOFTMAX: "1.0 * (o == np.max(o))"},
         "Your p says which class is the largest. How sure is the network, by softmax?"),
    Edit("bias inside the product", {"W @ h0 + b": "W @ (h0 + b)"},
         "You add b to h0 before the product. W h0 + b: what is added to what, and which shape has b?"),
    Edit("h0 into the output", {"U @ h": "U @ h0"},
         "Your o is made from h0. What comes between h0 and the output layer?"),
    Edit("divided by the sum of o", {_SOFTMAX: "np.exp(o) / np.sum(o)"},
         "You divide exp(o_i) by the sum of the o. What must it be divided by so that all p sum to one?"),
    Edit("divided by exp of the sum", {_SOFTMAX: "np.exp(o) / np.exp(np.sum(o))"},
         "You divide by exp(Σ o). Is that the same as Σ exp(o)?"),
    Edit("transposed W", {"W @": "W.T @"},
         "W is (outputs, inputs). On which side of W does h0 stand, and along what are the products added?"),
    Edit("transposed U", {"U @": "U.T @"},
         "U is (classes, hidden units). On which side of U does h stand, and along what are the products"
         " added?"),
)  # fmt: skip
_CODE_MISTAKES = (
    Edit("elementwise product with W", ({"W @": "W *"}, {"W @": "W *", "U @": "U *"}),
         "W * h0 multiplies entry by entry and adds nothing up, so your z has two axes. Which sign is the"
         " product of a matrix and a vector?"),
    Edit("elementwise product with U", {"U @": "U *"},
         "U * h multiplies entry by entry and adds nothing up, so your o has two axes. Which sign is the"
         " product of a matrix and a vector?"),
    Edit("Python's max", {_RELU: "max(z, 0)"},
         "max(z, 0) and `if z > 0` ask one question, and z holds several numbers."
         " Which function of NumPy compares every entry with 0?"),
    Edit("drops the negative entries", {_RELU: "z[z > 0]"},
         "z[z > 0] keeps the positive entries alone, so h has fewer of them than z. What should stand where z"
         " is negative?"),
    Edit("np.max for np.maximum", {_RELU: "np.max(z, 0)"},
         "np.max gives the largest entry alone. Which function of NumPy compares every entry with 0?"),
    Edit("U in the first layer", {"W @ h0 + b": "U @ h0 + b"},
         "Your z is made with U. Which of the two matrices takes h0, and which takes h?"),
    Edit("the other way round", {"return z, h, o, p": "return p, o, h, z"},
         "All four are there. In which order are they asked?", entire=True),
)  # fmt: skip
_ALONE = (
    Edit("two axes where one is asked",
         ({"return z, h, o, p": "return z[:, None], h[:, None], o[:, None], p[:, None]"},
          {"W @ h0": "W @ h0[:, None]"}, {"W @ h0 + b": "W @ h0[:, None] + b[:, None]"},
          {"return z, h, o, p": "return z, h, o, p[:, None]"},
          {"return z, h, o, p": "return z, h, o[:, None], p[:, None]"},
          {"return z, h, o, p": "return z[None], h[None], o[None], p[None]"}),
         "Some of what you return has two axes. The vectors of this exercise have one, and W @ h0 takes such"
         " a vector as it is. What happens without the second axis? (A column of shape (n, 1) and b of shape"
         " (n,) add up to a whole table.)"),
    Edit("the network without a hidden layer",
         ({"U @ h\n": "U @ h0\n", "return z, h, o, p": "return o, p"},
          {"U @ h\n": "W @ h0 + b\n", "return z, h, o, p": "return o, p"},
          {"U @ h\n": "z\n", "return z, h, o, p": "return o, p"},
          {_RELU: "z", "U @ h\n": "z\n"}),
         "Your scores come straight from h0, as in the worked example. Which two steps has this network"
         " before its scores?"),
    Edit("o and p alone", {"return z, h, o, p": "return o, p"},
         "You return o and p alone. Which two values before them are asked as well?"),
)  # fmt: skip


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
    quantities=tuple(Quantity(name, place, WantedArray()) for place, name in enumerate(("z", "h", "o", "p"))),
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
    may_use=("softmax",),
    misconceptions=(
        *mistakes(MLP_FORWARD, (*FORWARD_MISTAKES, *_CODE_MISTAKES)),
        *one_at_a_time(MLP_FORWARD, _ALONE),
        Misconception(
            "the slide's numbers",
            "These are the slide's numbers, for every input. Which names stand for h0, W, b and U in your"
            " function?",
            (_of_the_slides,),
        ),
    ),
)
