"""The encoder of lesson 05, as an exercise, and the examples of its exercises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
)
from lecture_lib.learning.example import duck_goose
from lecture_lib.lessons.duck_goose.example import example_of
from lecture_lib.lessons.duck_goose.networks import (
    Problem,
    draw_problem,
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
    # Not drawn: the columns are not those of the words' places.
    yield case(draw_problem(np.random.default_rng(9), 2, 4, 2, 2, 2, again=False), _DIFFERENT)
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
_IN_EACH_ROUND = """total = 0.0
    for column in columns:
        total = (total + E[:, column]) / len(tokens)
    return total
"""
_HALVED_FROM_ZERO = """total = 0.0
    for column in columns:
        total = (total + E[:, column]) / 2
    return total
"""
_WITHOUT_THE_FIRST = """total = 0.0
    for column in columns[1:]:
        total = total + E[:, column]
    return total / len(tokens)
"""
_SHARES = "np.array([columns.count(column) for column in range(E.shape[1])]) / len(columns)"
_HALVED_IN_EACH_ROUND = """total = E[:, columns[0]]
    for column in columns[1:]:
        total = (total + E[:, column]) / 2
    return total
"""
_INTO_E = """total = E[:, columns[0]]
    for column in columns[1:]:
        total += E[:, column]
    total /= len(tokens)
    return total
"""
ENCODE_MISTAKES = (
    Edit("rows for columns", ({"E[:, columns]": "E[columns]", "axis=1": "axis=0"},
                              {f"return {_MEAN}\n": _ROWS_IN_A_LOOP}),
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
    Edit("the first word twice",
         {_MEAN: "(E[:, columns[0]] + E[:, columns].sum(axis=1)) / len(tokens)"},
         "The first word of the sentence is added twice. With what does your sum begin, and at which word"
         " does the loop?"),
    Edit("only the last word",
         ({_COLUMNS: "[vocabulary[tokens[-1]]]"}, {_MEAN: "E[:, columns[-1]] / len(tokens)"}),
         "Only the last word of the sentence counts in your h0. Is it overwritten in the loop, where it"
         " should be added?"),
    Edit("the column by the order of the dict", tuple(
        {"vocabulary[token]": f"{words}(vocabulary).index(token)"} for words in ("list", "sorted")),
         "Is the first word of the vocabulary always column 0? What does the dict say of each word?"),
    Edit("mean of all numbers", {"axis=1": ""},
         "Your mean is one number. Which axis of the picked columns should be kept?"),
    Edit("mean along the wrong axis", {"axis=1": "axis=0"},
         "Your result has an entry for each word. Which axis of the picked vectors counts the words, and"
         " which the dimensions?"),
    Edit("rows, and the wrong axis", {_MEAN: "E[columns].mean(axis=1)"},
         "You take rows of E, and their mean along the wrong axis. Which way does a word lie in E, and which"
         " axis of what you picked counts the words?", alone=True),
    Edit("a generator in np.array", {_MEAN: "np.array(E[:, column] for column in columns).mean(axis=0)"},
         "This array has no axes: NumPy keeps what is in its brackets as one single thing. A for without"
         " square brackets around it hands out columns only when it is asked. Which brackets make a list?",
         alone=True),
    Edit("an axis too many", {_MEAN: "E[:, columns].mean(axis=1, keepdims=True)"},
         "Your h0 has two axes, as a table with one column has. How many axes has a word's column E[:, 0]?",
         alone=True),
    Edit("how often each word comes", ({_MEAN: _SHARES}, {_MEAN: f"{_SHARES} * len(columns)"}),
         "Your numbers say how often each word comes. What are the columns of E multiplied by, and what is"
         " done with them then?", alone=True),
    Edit("the columns, not their mean",
         ({_MEAN: "E[:, columns]"}, {_MEAN: "[E[:, column] for column in columns]"}),
         "These are the columns of the words. What makes one vector of them?", alone=True),
    Edit("the place in the sentence for the column", ({_COLUMNS: "[tokens.index(token) for token in tokens]"},
                                                      {_COLUMNS: "list(range(len(tokens)))"}),
         "Your columns are the places of the words in the sentence. Which argument says which column of E"
         " belongs to a word?"),
    Edit("divided twice", {_MEAN: "E[:, columns].mean(axis=1) / len(tokens)"},
         "You divide by the length of the sentence twice. Where is the first division, in the loop or in the"
         " mean?", alone=True),
    Edit("the total begins with 1", {_MEAN: "(1 + E[:, columns].sum(axis=1)) / len(tokens)"},
         "Your total begins with ones. With which number must a sum begin, so that it adds nothing?"),
    Edit("the first word left out", ({_MEAN: "E[:, columns[1:]].sum(axis=1) / len(tokens)"},
                                     {f"return {_MEAN}\n": _WITHOUT_THE_FIRST}),
         "The first word of the sentence is not in your mean. With which place does a list begin?"),
    Edit("divided by one word more", {"mean(axis=1)": "sum(axis=1) / (len(tokens) + 1)"},
         "You divide by one more than there are words. For a sentence of one word, what should h0 be?"),
    Edit("divided by the different words", {"mean(axis=1)": "sum(axis=1) / len(set(tokens))"},
         "You add each word as often as it comes, and divide by how many different words there are. How many"
         " words has duck duck goose?"),
    Edit("another average", ({"mean(axis=1)": "max(axis=1)"}, {"mean(axis=1)": "min(axis=1)"},
                             {_MEAN: "np.median(E[:, columns], axis=1)"}),
         "You take the largest, the smallest or the middle number of each row. Which average is asked?"),
    Edit("divided without decimals", {_MEAN: "E[:, columns].sum(axis=1) // len(tokens)"},
         "// cuts off the decimals. Which sign divides without cutting?"),
    Edit("all columns of E", {"E[:, columns]": "E"},
         "Your h0 is the mean of all of E's columns. Which words are in the sentence?", whole=True),
    Edit("the columns of the slide's sentence",
         ({"E[:, columns]": "E[:, [0, 0, 1]]"}, {_MEAN: "E[:, [0, 0, 1]].sum(axis=1)"}),
         "You take the columns 0, 0 and 1 for every sentence. What says which columns this sentence needs?"),
    Edit("divided by a fixed number",
         tuple({"mean(axis=1)": f"sum(axis=1) / {many}"} for many in (2, 3, 4)),
         "You divide by the same number for every sentence. What says how long this one is?"),
    Edit("rounded", ({"mean(axis=1)": "mean(axis=1).round(4)"}, {"mean(axis=1)": "mean(axis=1).round(2)"}),
         "Your numbers are rounded. What is computed further with them is then a little off: can the rounding"
         " be left out?"),
    Edit("divided in each round", (
        {f"return {_MEAN}\n": _IN_EACH_ROUND},
        {f"return {_MEAN}\n": _HALVED_IN_EACH_ROUND},
        {f"return {_MEAN}\n": _HALVED_FROM_ZERO},
    ),
         "What was added first is divided in every round of your loop, and what comes last only once. When is"
         " the sum complete, so that it can be divided?"),
    Edit("columns counted from 1", ({"vocabulary[token]": "vocabulary[token] - 1"},
                                       {"vocabulary[token]": "vocabulary[token] + 1"}),
         "The vocabulary counts columns as Python does, from 0. Which column do you take for a word of column"
         " 0?"),
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


def _h0_of_the_slides(tokens: Sequence[str], vocabulary: Mapping[str, int], E: Array) -> object:
    slides = slides_problem()
    return ENCODE(slides.tokens, slides.vocabulary, slides.params["E"])


encode = Exercise(
    id="encode",
    lesson="05",
    slide="Training iteration: encode the input",
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
