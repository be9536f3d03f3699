"""The network of lesson 05, as exercises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
from lecture_lib.lessons.duck_goose.networks import (
    draw_problem,
    forward_values,
    mean_column,
)

from .encoding import slides_problem


def _mlp_forward_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(h0: Array, params: Mapping[str, Array], label: str = "") -> Case:
        arguments = {"h0": h0, **{name: params[name] for name in ("W", "b", "U")}}
        return Case(arguments, forward_values(**arguments), label)

    slides = slides_problem()
    h0 = mean_column(slides.tokens, slides.vocabulary, slides.params["E"])
    yield case(h0, slides.params, "the slides' example")
    small = {"W": [[0.5, -0.5], [1.0, 1.0]], "b": [0.5, 0.4], "U": [[1.0, 0.5], [-0.5, 0.2]]}
    yield case(np.array([1.0, -2.0]), {name: np.array(numbers) for name, numbers in small.items()})
    # Not drawn: units of 0.15 and of 2.48, so that a ReLU that is cut off above or begins later shows.
    drawn = draw_problem(np.random.default_rng(641), 3, 3, 4, 2, 3, again=True)
    h0 = mean_column(drawn.tokens, drawn.vocabulary, drawn.params["E"])
    yield case(np.round(h0, 2), drawn.params)
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
         "Negative entries of z come through, into your h or your o. What does the ReLU do with those?"),
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
         "Your z is W h0 alone. Where does the bias belong?"),
    Edit("b subtracted", {"+ b": "- b"},
         "What is done with the bias: W h0 and b are joined by which sign?"),
    Edit("b on the output", {" + b": "", "U @ h": "U @ h + b"},
         "The network has one bias, b. Which layer does it belong to: the hidden one or the output?"),
    Edit("b on the output, too", {"U @ h": "U @ h + b"},
         "The bias is there twice. Does the slide's output layer, softmax(U h), have one?"),
    Edit("ReLU on o, too", {"o = U @ h\n": "o = U @ h\n    o = np.maximum(o, 0)\n"},
         "Your scores o have no negative entries. Is there an activation between o and the softmax?"),
    Edit("z into the output", {"U @ h": "U @ z"},
         "Your o is made from z. What comes between z and the output layer?"),
    Edit("softmax of h", {_SOFTMAX: "np.exp(h) / np.sum(np.exp(h))"},
         "You have taken the softmax of the hidden layer. Which values have one entry for each class?"),
    Edit("softmax of z", ({_SOFTMAX: "np.exp(z) / np.sum(np.exp(z))"},
                          {_SOFTMAX: "np.exp(z[: len(o)]) / np.sum(np.exp(z[: len(o)]))"}),
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
         "A minus stands before o in your exp. Does the larger of two scores get the larger share then?"),
    Edit("divided by the largest", {"np.sum(np": "np.max(np"},
         "Your largest p is 1. What should the exp(o_i) be divided by?"),
    Edit("the largest only",
         ({_SOFTMAX: "1.0 * (o == np.max(o))"}, {_SOFTMAX: "np.eye(len(o))[np.argmax(o)]"}),
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
    Edit("the number of the largest", {_SOFTMAX: "np.argmax(o)"},
         "Your p is the number of one class. How probable is each class, by softmax?"),
    Edit("cut off above", ({_RELU: "np.clip(z, 0, 1)"}, {_RELU: "np.minimum(np.maximum(z, 0), 1)"}),
         "Your h never goes above 1. What does the ReLU make of a number larger than 1?", whole=True),
    Edit("1 for 0 in the maximum", {_RELU: "np.maximum(z, 1)"},
         "Your h is never below 1. With which number does the ReLU compare z?", whole=True),
    Edit("leaky ReLU", tuple({_RELU: f"np.where(z > 0, z, {k} * z)"} for k in (0.1, 0.01, 0.2)),
         "Where z is negative, your h is a small part of it: that is the leaky ReLU. What does the slide's"
         " ReLU give there?"),
    Edit("one where z is positive", {_RELU: "np.where(z > 0, 1.0, z)"},
         "Where z is positive, your h is 1, and where it is not, z. Which of the two sides does the ReLU"
         " leave as it is, and what becomes of the other?"),
    Edit("b in every round", {"+ b": "+ len(h0) * b"},
         "b is added once for each entry of h0. Does its line stand in the inner loop, where the products"
         " are added?"),
    Edit("the last product alone", {"W @ h0": "W[:, -1] * h0[-1]"},
         "Your z has the last product of each row alone. = puts a new value in the place of the old one: what"
         " adds to it?", alone=True),
    Edit("divided by another sum", tuple({"/ np.sum(np.exp(o))": f"/ {other}"} for other in (
            "np.sum(np.exp(z))", "np.sum(np.exp(h))", "np.linalg.norm(np.exp(o))", "np.mean(np.exp(o))")),
         "Your p does not sum to one. Which numbers go into what each exp(o_i) is divided by, and how are"
         " they put together?", alone=True),
    Edit("powers of two", {_SOFTMAX: "2.0**o / np.sum(2.0**o)"},
         "Your p is made of powers of 2. Of which number does exp take the power?", alone=True),
    Edit("b multiplied", ({"W @ h0 + b": "W @ h0 * b"}, {"W @ h0 + b": "W @ (h0 * b)"}),
         "The bias multiplies in yours. Which sign stands before b in z?"),
    Edit("the first bias for all", {"+ b": "+ b[0]"},
         "The same number is added to every entry of z. b has an entry for each hidden unit: which belongs"
         " to which?"),
    Edit("b after the ReLU", {_RELU: "np.maximum(W @ h0, 0) + b"},
         "In your h, b is added after the ReLU. What does the ReLU get in the network: W h0, or all of z?"),
    Edit("b left out of h", {_RELU: "np.maximum(W @ h0, 0)"},
         "Your z has the bias in it and your h has not: it is made of W h0 alone. What does the ReLU get in"
         " the network?"),
    Edit("b on h", {"U @ h": "U @ (h + b)"},
         "b is added to h, though it is in z already. How often does the bias come in?"),
    Edit("elementwise product with W", ({"W @": "W *"}, {"W @": "W *", "U @": "U *"}),
         "W * h0 multiplies entry by entry and adds nothing up, so your z has two axes. Which sign is the"
         " product of a matrix and a vector?"),
    Edit("elementwise product with U", {"U @": "U *"},
         "U * h multiplies entry by entry and adds nothing up, so your o has two axes. Which sign is the"
         " product of a matrix and a vector?"),
    Edit("Python's max", {_RELU: "max(z, 0)"},
         "z holds several numbers, and each of them is to be compared with 0 by itself. np.maximum does that:"
         " which two arguments does it take here?"),
    Edit("drops the negative entries", {_RELU: "z[z > 0]"},
         "z[z > 0] keeps the positive entries alone, so h has fewer of them than z. What should stand where z"
         " is negative?"),
    Edit("np.max for np.maximum", {_RELU: "np.max(z, 0)"},
         "np.max gives the largest entry alone. Which function of NumPy compares every entry with 0?"),
    Edit("U in the first layer", {"W @ h0 + b": "U @ h0 + b"},
         "Your z is made with U. Which of the two matrices takes h0, and which takes h?"),
    Edit("another order", tuple({"return z, h, o, p": f"return {order}"}
                                for order in ("p, o, h, z", "z, h, p, o", "h, z, o, p")),
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
    Edit("p alone", {"return z, h, o, p": "return p"},
         "You return p alone. Which three values before it are asked as well?"),
    Edit("o and p alone", {"return z, h, o, p": "return o, p"},
         "You return o and p alone. Which two values before them are asked as well?"),
)  # fmt: skip


def _of_the_slides(h0: Array, W: Array, b: Array, U: Array) -> object:
    slides = slides_problem()
    right = mean_column(slides.tokens, slides.vocabulary, slides.params["E"])
    return MLP_FORWARD(right, *(slides.params[name] for name in ("W", "b", "U")))


mlp_forward = Exercise(
    id="mlp_forward",
    lesson="05",
    slide="Training iteration: forward pass",
    functions=("mlp_forward",),
    signature=("h0", "W", "b", "U"),
    quantities=tuple(Quantity(name, place, WantedArray()) for place, name in enumerate(("z", "h", "o", "p"))),
    parts=(
        *(Part(name, 1, (name,)) for name in ("z", "h", "o", "p")),
        Part("leaves its arguments as they were", 1, arguments=True),
    ),
    cases=_mlp_forward_cases,
    hints=(
        "Four lines, one for each of z, h, o and p; each uses the one before. Look at the"
        " five formulas at the top of section 1.",
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
