"""The gradients of a layer with softmax: an exercise of lesson 02."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

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
    slopes,
    tenths,
)


def _layer_loss(W: Array, b: Array, x: Array, y: Array) -> float:
    z = W @ x + b
    return float(np.logaddexp.reduce(z) - y @ z)


def _softmax_layer_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(W: Array, b: Array, x: Array, true: int) -> Case:
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
    Edit("sign", {"p - y": "y - p"},
         "A larger score for the true class should lower the loss, so its derivative is negative. Which"
         " sign stands before the slide's bracket?", entire=True),
    Edit("softmax twice", {"d_z = p - y": "p = np.exp(p) / np.exp(p).sum()\n    d_z = p - y"},
         "Softmax was applied twice: once to the scores, once to p. Which of the two is in the formula?"),
    Edit("transposed outer product", {_OUTER: "np.outer(x, d_z)"},
         "Your d_W has a row for each input. W has a row for each output: which of the two vectors counts"
         " the rows?"),
    Edit("y as an index", tuple({"p - y": f"p\n    d_z[{index}] -= 1"} for index in ("y", "y.astype(int)")),
         "y is used as an index. It is no class number: it is a vector of zeros and a 1. At which place does"
         " its 1 stand?"),
    Edit("the class's number for y", {"p - y": "p - y.argmax()"},
         "The same number is taken away from every p: the number of the true class. y has an entry for each"
         " class: which of them belongs to which p?"),
    Edit("p - y squared", {"p - y": "(p - y) ** 2"},
         "p − y is squared, so no entry is negative. When the score of the true class grows, which way does"
         " the loss go?"),
    Edit("softmax left out", {"p - y": "z - y"},
         "You compare the scores with y. What turns the scores W x + b into probabilities?"),
    Edit("sigmoid for softmax", {_SOFT: "1 / (1 + np.exp(-z))"},
         "Your probabilities come from the worked example with its one output: they do not add up to one."
         " Which function joins several scores?"),
    Edit("exponentials not divided by their sum", {_SOFT: "np.exp(z)"},
         "Your probabilities do not add up to one. What is each exponential divided by?"),
    Edit("divided by the largest", {_SOFT: "np.exp(z) / np.exp(z).max()"},
         "The largest of your p is always 1. By what are the exponentials divided so that they"
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
    Edit("1 from every entry", ({"p - y": "p * y - 1"}, {"p - y": "p - 1"}),
         "You take 1 away from every entry. Which entries of y are 1, and which are 0?"),
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
    Edit("the gradient for x", ({_OUTER: "W.T @ d_z"}, {_OUTER: "np.outer(d_z, W @ x)"}),
         "W or W x stands in your d_W. When W_ij moves, z_i moves: by how much? Is W_ij in that, or x_j"
         " alone?"),
    Edit("W for x", ({_OUTER: "d_z[:, None] * W"}, {_OUTER: "W * d_z[:, None]", _D_B: "d_b = d_z.copy()"}),
         "You multiply by the weights. z_i = Σ W_ij x_j + b_i: by what is W_ij multiplied there?"),
    Edit("the scores for x", {_OUTER: "np.outer(d_z, z)"},
         "The scores stand in your d_W where another vector belongs. z_i = Σ W_ij x_j + b_i: by what is W_ij"
         " multiplied there?"),
    Edit("a penalty on W", tuple({_OUTER: f"{_OUTER} + {share} * W"} for share in (0.001, 0.01, 0.1)),
         "A share of W is added to your d_W, as a penalty on large weights adds it. Does the loss here have"
         " such a penalty?"),
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
         "Both are there. In which order are they asked?", entire=True),
    Edit("updated parameters", tuple(
            {_OUTER: f"W - {rate:g} * {_OUTER}", _D_B: f"d_b = b - {rate:g} * d_z"}
            for rate in (1, 0.5, 0.1, 0.01)),
         "You give W and b after a step of gradient descent. The gradient itself is asked: what comes"
         " before the step?", entire=True),
)  # fmt: skip


def _loss_alone(W: Array, b: Array, x: Array, y: Array) -> float:
    return _layer_loss(W, b, x, y)


def _one_alone(place: int) -> Callable[..., object]:
    """Return an answer that gives d_W alone, or d_b alone."""
    return lambda *arguments: cast("tuple[object, object]", LAYER_GRADIENT(*arguments))[place]


softmax_layer_gradient_exercise = Exercise(
    id="softmax_layer_gradient",
    lesson="02",
    slide="Reminder: Computing the gradient",
    functions=("softmax_layer_gradient",),
    signature=("W", "b", "x", "y"),
    quantities=(
        Quantity("d_W", 0, WantedArray(), because="found by moving each weight a little"),
        Quantity("d_b", 1, WantedArray(), because="found by moving each bias a little"),
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
