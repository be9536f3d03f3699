"""Exercise `mlp_gradients`: every gradient of the network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

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
    Problem,
    draw_problem,
    measured_gradients,
)
from lecture_lib.lessons.lesson_05.by_hand import EARLIER
from lecture_lib.lessons.lesson_05.encoding import ENCODE, slides_problem
from lecture_lib.lessons.lesson_05.forward import MLP_FORWARD


def _mlp_gradients_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(problem: Problem, label: str = "", measured: Problem | None = None) -> Case:
        arguments = {
            "tokens": list(problem.tokens),
            "y": problem.y,
            "vocabulary": problem.vocabulary,
            "params": dict(problem.params),
        }
        return Case(arguments, measured_gradients(measured or problem), label)

    yield case(slides_problem(), "the slides' example")
    # Not drawn: here every known mistake shows, those too that only some masks and probabilities bring out.
    yield case(draw_problem(np.random.default_rng(641), 3, 3, 4, 2, 3, again=True))
    yield case(draw_problem(rng, 2, 2, 2, 2, 3, again=True))
    yield case(draw_problem(rng, 2, 3, 2, 2, 2, again=False))
    yield case(draw_problem(rng, 3, 2, 2, 3, 4, again=True))
    yield case(draw_problem(rng, 2, 4, 3, 2, 3, again=True))
    yield case(draw_problem(rng, 3, 3, 4, 2, 1, again=False))
    at_0, just_below = _at_the_edge()
    edge = case(at_0, measured=just_below)
    yield replace(edge, tolerances=_HALF_A_SLOPE, because="with a slope of 0 where z is 0")


_HALF_A_SLOPE = {"E": 0.04, "W": 0.08, "b": 0.08}
"""How far off is right at 0, where differences to both sides give half of the slope above it."""


def _of_all(edit: Edit) -> Edit:
    """Return the edit; one that is about ∂ℓ/∂o is about every gradient, and not said where one is right."""
    return replace(edit, entire=edit.entire or any("p - y" in form for form in edit.forms))


def _at_the_edge() -> tuple[Problem, Problem]:
    """Return a problem whose first z is exactly 0, however it is added up, and one whose first z is below 0.

    At 0 the ReLU's slope is 0, as below 0, where it can be measured.
    """
    params = {
        "E": np.array([[3.0, -1.0], [1.0, -3.0]]),
        "W": np.array([[1.0, 0.5], [0.5, -0.5], [-1.0, 0.5]]),
        "b": np.array([-0.5, 0.5, 0.5]),
        "U": np.array([[0.5, -1.0, 1.0], [-0.5, 0.4, 0.2]]),
    }
    at_0 = Problem(("duck", "goose"), np.array([0.0, 1.0]), {"duck": 0, "goose": 1}, params)
    lower = params["b"] - np.array([1e-3, 0.0, 0.0])
    return at_0, replace(at_0, params={**params, "b": lower})


MLP_GRADIENTS = RightAnswer(
    "mlp_gradients",
    f"""{ENCODE.text}
{MLP_FORWARD.text}
def mlp_gradients(tokens, y, vocabulary, params):
    E, W, b, U = (params[name] for name in "EWbU")
    h0 = encode(tokens, vocabulary, E)
    z, h, o, p = mlp_forward(h0, W, b, U)
    d_o = p - y
    d_U = np.outer(d_o, h)
    d_h = U.T @ d_o
    d_z = d_h * (z > 0)
    d_W = np.outer(d_z, h0)
    d_b = d_z
    d_h0 = W.T @ d_z
    d_E = np.zeros_like(E)
    for token in tokens:
        d_E[:, vocabulary[token]] += d_h0 / len(tokens)
    return {{"E": d_E, "W": d_W, "b": d_b, "U": d_U}}
""",
)
_RATES = (0.01, 0.1, 1.0)
_MASK = "Which number decides whether a hidden unit lets anything back: "
_RETURN = 'return {"E": d_E, "W": d_W, "b": d_b, "U": d_U}'
_LOOP = "for token in tokens:\n        d_E[:, vocabulary[token]] += d_h0 / len(tokens)"
_ZEROS_AND_LOOP = f"d_E = np.zeros_like(E)\n    {_LOOP}"
_COLUMNS = "[vocabulary[token] for token in tokens]"
_GRADIENT_MISTAKES = (
    Edit("no ReLU mask", {" * (z > 0)": ""},
         "A unit that was off in the forward pass still receives a gradient. What is the ReLU's derivative"
         " there?"),
    Edit("no ReLU mask on d_W", {"(d_z, h0)": "(d_h, h0)"},
         "W h0 is a part of z, before the ReLU. Which gradient arrives at z?"),
    Edit("no ReLU mask on the way to h0", {"W.T @ d_z": "W.T @ d_h"},
         "h0 reaches the loss through z. Which gradient arrives at z, after the ReLU has had its part?"),
    Edit("no ReLU mask on d_b", {"d_b = d_z": "d_b = d_h"},
         "b is added to make z, before the ReLU. Which gradient arrives at z?"),
    Edit("mask by h0's sign on d_h", {"(z > 0)": "(h0 > 0)"},
         _MASK + "its own z, or an entry of h0?"),
    Edit("mask by h0's sign on d_h0", {" * (z > 0)": "", "W.T @ d_z": "W.T @ d_z * (h0 > 0)"},
         "Your ∂ℓ/∂h0 is cut where h0 is negative. Is there a ReLU on h0?"),
    Edit("mask by h0's sign on d_h0, too", {"W.T @ d_z": "W.T @ d_z * (h0 > 0)"},
         "Your ∂ℓ/∂h0 is cut where h0 is negative. Is there a ReLU on h0?"),
    Edit("mask by its own sign", {"(z > 0)": "(d_h > 0)"},
         _MASK + "its z in the forward pass, or the sign of what comes back?"),
    Edit("the mask turned round", ({"(z > 0)": "(z < 0)"}, {"(z > 0)": "(z <= 0)"}),
         "Your mask lets through where z is negative. Which hidden units had a part in the output?"),
    Edit("a slope of 1 at 0", {"(z > 0)": "(z >= 0)"},
         "Where z is exactly 0, your mask lets the gradient through. Which slope has the ReLU there, by what"
         " lesson 04 says?"),
    Edit("mask times z", {"(z > 0)": "np.maximum(z, 0)"},
         "You multiply by h where the ReLU's slope belongs. How steep is the ReLU above 0?"),
    Edit("times z, not its sign", ({"(z > 0)": "z"}, {"d_h * (z > 0)": "d_h * np.abs(z)"}),
         "You multiply by z itself. How steep is the ReLU where z is positive, and how steep where it is"
         " negative?"),
    Edit("compared after the product", {"d_h * (z > 0)": "(d_h * z > 0)"},
         "Python multiplies first and compares then: d_h * z > 0 asks whether the product is positive, yes or"
         " no. Where do brackets belong?"),
    Edit("E not divided", {" / len(tokens)": ""},
         "h0 is a mean. When one column of duck moves by one, by how much does h0 move?"),
    Edit("E divided by another number",
         tuple({"/ len(tokens)": f"/ {number}"} for number in ("len(vocabulary)", "len(E)", "3")),
         "h0 is a mean over the words of the sentence. By what should each word's share be divided?"),
    Edit("E divided by the different words", {"/ len(tokens)": "/ len(set(tokens))"},
         "h0 is a mean over all words of the sentence, the repeated ones, too. By what should each word's"
         " share be divided?"),
    Edit("a repeated word counted once in E", {"in tokens:": "in set(tokens):"},
         "In duck duck goose, how many paths lead from h0 back to the column of duck? What is done with what"
         " they bring? (E[:, list] += adds to each column once.)"),
    Edit("return inside the loop over the words", {"in tokens:": "in tokens[:1]:"},
         "Only the first word of the sentence receives a gradient. Does return stand inside the loop? It ends"
         " the function in the first round."),
    Edit("every column of E", {_LOOP: "d_E += d_h0[:, np.newaxis] / len(tokens)"},
         "Every word of the vocabulary receives a gradient. Which columns took part in h0?"),
    Edit("a column for each word of the sentence",
         ({_ZEROS_AND_LOOP: "d_E = np.outer(d_h0, np.ones(len(tokens))) / len(tokens)"},
          {_ZEROS_AND_LOOP: "d_E = np.outer(d_h0, np.ones(len(tokens)))"},
          {_ZEROS_AND_LOOP: "d_E = d_h0"}, {_ZEROS_AND_LOOP: "d_E = d_h0 / len(tokens)"},
          {_ZEROS_AND_LOOP: "d_E = d_h0[:, None] / len(tokens)"}),
         "Your gradient for E has no place for words that the sentence does not use. E has a column"
         " for each word of the vocabulary: what belongs in the columns that the sentence does not use, and"
         " what in a column that it uses twice?"),
    Edit("rows of E", {"d_E[:, vocabulary[token]]": "d_E[vocabulary[token]]"},
         "The gradient lands in the rows of E. Which way does a word lie in E?"),
    Edit("transposed d_U", {"(d_o, h)": "(h, d_o)"},
         "∂ℓ/∂U must have U's shape: a row for each class. Which vector of the outer product comes first?"),
    Edit("transposed d_W", {"(d_z, h0)": "(h0, d_z)"},
         "∂ℓ/∂W must have W's shape: a row for each hidden unit. Which vector of the outer product comes"
         " first?"),
    Edit("transposed d_E", {'"E": d_E': '"E": d_E.T'},
         "∂ℓ/∂E must have E's shape: a column for each word. Is it turned over in yours?"),
    Edit("d_W and d_U exchanged", {'"W": d_W': '"W": d_U', '"U": d_U': '"U": d_W'},
         "∂ℓ/∂W and ∂ℓ/∂U stand in each other's place. Which of them is made of ∂ℓ/∂z?", alone=True),
    Edit("sign", {"p - y": "y - p"},
         "The sign is the wrong way round. When the score of the true class rises, does the loss rise or"
         " fall? Look at the sign of ∂ℓ/∂o."),
    Edit("softmax's slope once more", {"p - y": "p * (1 - p) * (p - y)"},
         "p (1 − p) stands before p − y. Where you have p − y, is there still a softmax on the way to o?"),
    Edit("y for d_o on the way to h", {"U.T @ d_o": "U.T @ y"},
         "U.T is multiplied by y. Which gradient arrives at o, and goes on from there to h?"),
    Edit("a value for its gradient", ({"U.T @ d_o": "U.T @ o"}, {"U.T @ d_o": "U.T @ p"},
                                      {"W.T @ d_z": "W.T @ z"}, {"np.outer(d_z, h0)": "np.outer(z, h0)"},
                                      {"(d_o, h)": "(o, h)"}, {"(d_o, h)": "(p, h)"}),
         "o, p or z itself, as it was on the way forward, stands in one of your products. Which gradient"
         " comes back there?"),
    Edit("z for h0 in d_W", {"np.outer(d_z, h0)": "np.outer(d_z, z)"},
         "W is multiplied by h0. Is that what stands in your outer product, or is it z?"),
    Edit("h0 in d_b", ({"d_b = d_z": "d_b = d_z * h0"}, {"d_b = d_z": "d_b = d_W.sum(axis=1)"}),
         "h0 stands in your ∂ℓ/∂b, as a factor or by the sums of ∂ℓ/∂W. When b moves by 1, how far does"
         " z = W h0 + b move?"),
    Edit("b in d_b", ({"d_b = d_z": "d_b = d_z * b"}, {"d_b = d_z": "d_b = b"}),
         "b stands in your ∂ℓ/∂b. When b moves by 1, how far does z = W h0 + b move?"),
    Edit("h0 for d_h0 in E", {"d_h0 / len(tokens)": "h0 / len(tokens)"},
         "Your gradient for E is made of h0 itself. Which gradient arrives at h0?", alone=True),
    Edit("d_E does not begin with zeros",
         tuple({"np.zeros_like(E)": start} for start in ("E.copy()", "E", "np.ones_like(E)")),
         "What you add to in the loop has numbers in it before the loop begins. With which number must a sum"
         " begin, so that it adds nothing?", alone=True),
    Edit("E times the length", {"d_h0 / len(tokens)": "d_h0 * len(tokens)"},
         "Your gradient for E grows with the length of the sentence. When one word of three moves, how far"
         " does the mean move?"),
    Edit("y left out", {"p - y": "p"},
         "Your ∂ℓ/∂o is p. What does it have to do with the true class?"),
    Edit("1 for y", {"p - y": "p - 1"},
         "You take 1 away from every entry of p. At which class is y 1, and what is it at the others?",
         alone=True),
    Edit("softmax's slope alone", {"p - y": "p * (1 - p)"},
         "p (1 − p) is how fast each p changes with its own score. Where does the loss come in, and y?",
         alone=True),
    Edit("mean over the words", {"p - y": "(p - y) / len(tokens)"},
         "All your gradients are divided by the length of the sentence, or ∂ℓ/∂o is. On the way back, where"
         " does this length come in?"),
    Edit("another y",
         ({"p - y": "p - y[::-1]"}, {"p - y": "p - (1 - y)"}, {"p - y": "p - np.array([1.0, 0.0])"},
          {"p - y": "p - np.array([0.0, 1.0])"}, {"p - y": "1 * p\n    d_o[0] -= 1"},
          {"p - y": "1 * p\n    d_o[np.argmax(p)] -= 1"}),
         "p is compared with another vector than y. Which argument says which class is the true one?"),
    Edit("p left out", {"p - y": "-y"},
         "Your ∂ℓ/∂o is −y: it does not depend on what the network predicts. −y/p is ∂ℓ/∂p; is softmax's"
         " derivative p alone?"),
    Edit("softmax left out", {"p - y": "-y / p"},
         "Your ∂ℓ/∂o is ∂ℓ/∂p as it came. What lies between o and p?"),
    Edit("scores compared with y", {"p - y": "o - y"},
         "You compare the scores o with y. What turns them into the probabilities that the loss asks for?"),
    Edit("the softmax's diagonal only", {"p - y": "-y * (1 - p)"},
         "When one score rises, the probabilities of all classes change. Do the other classes' scores"
         " receive a gradient?"),
    Edit("mean over the classes", {"p - y": "(p - y) / len(y)"},
         "You have divided by the number of classes. Is the loss a sum over the classes, or a mean?"),
    Edit("z for h in d_U", {"(d_o, h)": "(d_o, z)"},
         "U is multiplied by h. Is that what stands in your outer product, or is it z, before the ReLU?"),
    Edit("h0 for h in d_U", {"(d_o, h)": "(d_o, h0)"},
         "U is multiplied by h. Is that what stands in your outer product, or is it h0?"),
    Edit("h for h0 in d_W", {"(d_z, h0)": "(d_z, h)"},
         "W is multiplied by h0. Is that what stands in your outer product, or is it h?"),
    Edit("U for its transpose", {"U.T @": "U @"},
         "U takes h to o. What takes ∂ℓ/∂o back to ∂ℓ/∂h, and what is its shape?"),
    Edit("W for its transpose", {"W.T @": "W @"},
         "W takes h0 to z. What takes ∂ℓ/∂z back to ∂ℓ/∂h0, and what is its shape?"),
    Edit("W left out on the way to h0", {"W.T @ d_z": "d_z"},
         "Your ∂ℓ/∂h0 is ∂ℓ/∂z as it came. What lies between h0 and z?"),
    Edit("U left out on the way to h", {"U.T @ d_o": "d_o"},
         "Your ∂ℓ/∂h is ∂ℓ/∂o as it came. What lies between h and o?"),
    Edit("elementwise product with U", ({"U.T @ d_o": "U * d_o"}, {"U.T @ d_o": "U.T * d_o"}),
         "* multiplies entry by entry and adds nothing up. Which sign is the product of a matrix and a"
         " vector?", alone=True),
    Edit("U on the way to h0", ({"W.T @ d_z": "U.T @ d_o"}, {"W.T @ d_z": "U.T @ d_z"}),
         "You go back to h0 by U. Which matrix takes h0 to z, and which gradient arrives at z?"),
    Edit("d_b all zeros", ({"d_b = d_z": "d_b = np.zeros(len(b))"}, {"d_b = d_z": "d_b = 0.0"}),
         "Your ∂ℓ/∂b is 0. When b_i moves, z_i moves with it: what arrives at z?"),
    Edit("the gradient for U alone",
         {_RETURN: 'return {"E": np.zeros_like(E), "W": np.zeros_like(W), "b": np.zeros_like(b), "U": d_U}'},
         "Your gradients for E, W and b are 0. What does U hand back to h, and from there to z?"),
    Edit("d_b all ones", ({"d_b = d_z": "d_b = np.ones(len(b))"}, {"d_b = d_z": "d_b = 1.0"}),
         "1 is ∂z_i/∂b_i, the last factor of the chain alone. What arrives at z, before it?"),
    Edit("d_b added up to one number", ({"d_b = d_z": "d_b = d_z.sum()"}, {"d_b = d_z": "d_b = d_z.mean()"}),
         "The entries of your ∂ℓ/∂b are put together into one number. Which shape has b?"),
    Edit("d_o for d_b", {"d_b = d_z": "d_b = d_o"},
         "Your ∂ℓ/∂b is ∂ℓ/∂o. Into which values does b go: into the scores, or into z?"),
    Edit("d_b as a column", ({"d_b = d_z": "d_b = d_z[:, np.newaxis]"},
                             {"d_b = d_z": "d_b = d_z[np.newaxis]"}),
         "∂ℓ/∂b must have b's shape. How many axes has b?"),
    Edit("U or W replaced by its gradient", ({"U.T @ d_o": "d_U.T @ d_o"}, {"W.T @ d_z": "d_W.T @ d_z"}),
         "On the way back you multiply by a gradient, ∂ℓ/∂U or ∂ℓ/∂W. Which matrix multiplies on the way"
         " forward?"),
    Edit("d_h0 for h0 in d_W", {"np.outer(d_z, h0)": "np.outer(d_z, W.T @ d_z)"},
         "W is multiplied by h0. Is that what stands in your outer product, or is it ∂ℓ/∂h0?"),
    Edit("a slope below 0 too", tuple({"(z > 0)": f"np.where(z > 0, 1, {k})"} for k in (0.01, 0.1, 0.2)),
         "Where z is negative you let a small part through: that is the leaky ReLU. How steep is the slide's"
         " ReLU there?"),
    Edit("another activation", ({"np.maximum(z, 0)": "1 / (1 + np.exp(-z))", "(z > 0)": "h * (1 - h)"},
                                {"np.maximum(z, 0)": "np.tanh(z)", "(z > 0)": "(1 - h**2)"}),
         "Your gradients are those of a network with the sigmoid or tanh. Which activation makes h of z"
         " in this one?", entire=True),
    Edit("another activation's slope", ({"(z > 0)": "h * (1 - h)"}, {"(z > 0)": "(1 - h**2)"}),
         "h (1 − h) is the slope of the sigmoid and 1 − h² that of tanh. Which activation makes h of z here,"
         " and how steep is it?"),
    Edit("p does not add up to one",
         tuple({"np.exp(o) / np.sum(np.exp(o))": p}
               for p in ("np.exp(o)", "np.exp(o - np.max(o))", "1 / (1 + np.exp(-o))")),
         "In your forward pass the p do not add up to one. What is each exp(o_i) divided by?"),
    Edit("softmax twice", {"d_o = p - y": "p = np.exp(p) / np.exp(p).sum()\n    d_o = p - y"},
         "Softmax was applied twice: once to the scores, once to p. Which of the two does the network have?"),
    Edit("b subtracted", {" + b": " - b"},
         "Your forward pass takes b away. What does z = W h0 + b do with it?"),
    Edit("b left out", {" + b": ""},
         "Your gradients are those of a network without its bias. Is b in your forward pass?"),
    Edit("ReLU left out", ({"np.maximum(z, 0)": "z"}, {"np.maximum(z, 0)": "z", " * (z > 0)": ""}),
         "Your gradients are those of a network without the ReLU. Is it in your forward pass?"),
    Edit("rows for columns", {"E[:, columns].mean(axis=1)": "E[columns].mean(axis=0)"},
         "Your gradients are those of a network that reads the words from E's rows. Which way does a word lie"
         " in E?"),
    Edit("the columns of the slide's sentence",
         ({"E[:, columns].mean": "E[:, [0, 0, 1]].mean"},
          {_COLUMNS: "[0, 0, 1]", "vocabulary[token]] += d_h0 / len(tokens)": "token] += d_h0 / 3",
           "in tokens:": "in (0, 0, 1):"}),
         "The columns 0, 0 and 1 stand in it for every sentence. What says which columns this sentence"
         " needs?"),
    Edit("sum for mean", {"mean": "sum"},
         "Your gradients are those of a network that adds up its words. Is h0 a sum or a mean?"),
    Edit("a repeated word once", {"in tokens]": "in dict.fromkeys(tokens)]"},
         "Your forward pass counts a repeated word once. How often does duck count in duck duck goose?"),
    Edit("one number for the outer product",
         ({"np.outer(d_o, h)": "d_o @ h"}, {"np.outer(d_z, h0)": "d_z @ h0"},
          {"np.outer(d_o, h)": "d_o @ h", "np.outer(d_z, h0)": "d_z @ h0"}),
         "In NumPy a one-dimensional array has no transpose; @ of two vectors gives one number. Which"
         " function makes a table of all products?"),
    Edit("elementwise product for the outer product",
         ({"np.outer(d_o, h)": "d_o * h"}, {"np.outer(d_z, h0)": "d_z * h0"},
          {"np.outer(d_o, h)": "d_o * h", "np.outer(d_z, h0)": "d_z * h0"}),
         "* multiplies two vectors entry by entry and gives one vector. A matrix has an entry for each"
         " pair of them: which function makes a table of all products?"),
    Edit("Python's max", {"np.maximum(z, 0)": "max(z, 0)"},
         "z holds several numbers, and each of them is to be compared with 0 by itself. np.maximum(z, 0) and"
         " z > 0 do that, without an if: which of the two is needed on this line?"),
    Edit("params changed at the end",
         ({_RETURN: f"U -= 0.01 * d_U\n    {_RETURN}"},
          {_RETURN: f"E -= d_E; W -= d_W; b -= d_b; U -= d_U\n    {_RETURN}"},
          {_RETURN: f"W -= d_W; b -= d_b; U -= d_U\n    {_RETURN}"},
          {_RETURN: "params.update(E=d_E, W=d_W, b=d_b, U=d_U)\n    return params"}),
         "params changed. Which line writes into it, or into one of its arrays? The gradients alone are"
         " asked; the step is taken elsewhere."),
    Edit("U updated before it is used",
         (*({"d_h = U.T": f"d_h = (U - {rate} * d_U).T"} for rate in _RATES),
          *({"d_h = U.T": f"U -= {rate} * d_U\n    d_h = U.T"} for rate in _RATES)),
         "What flows back through U is a little off. Is it the U of the forward pass, or has it been"
         " updated already?"),
    Edit("U after the step",
         tuple({'"U": d_U': f'"U": U - {rate} * d_U'} for rate in _RATES),
         "This is U after a step. Which part of the update is the gradient alone?", alone=True),
    Edit("gives the updated parameters",
         tuple({_RETURN: re.sub(r"d_(.)", rf"\1 - {rate} * d_\1", _RETURN)} for rate in _RATES),
         "These are parameters after a step. Which part of the update rule is the gradient alone?",
         entire=True),
)  # fmt: skip


_NO_HIDDEN_LAYER = RightAnswer(
    "mlp_gradients",
    """
    def mlp_gradients(tokens, y, vocabulary, params):
        E, W, b, U = (params[name] for name in "EWbU")
        columns = [vocabulary[token] for token in tokens]
        h0 = E[:, columns].mean(axis=1)
        o = U @ h0
        p = np.exp(o) / np.sum(np.exp(o))
        d_o = p - y
        d_U = np.outer(d_o, h0)
        d_h0 = U.T @ d_o
        d_E = np.zeros_like(E)
        for column in columns:
            d_E[:, column] += d_h0 / len(columns)
        return {"E": d_E, "W": np.zeros_like(W), "b": np.zeros_like(b), "U": d_U}
    """,
)
_W_ZERO, _U_HERE = '"W": np.zeros_like(W)', '"U": d_U'
_BY_W = {"U.T @": "W.T @", _W_ZERO: '"W": d_U', _U_HERE: '"U": np.zeros_like(U)'}
_BY_W_ALONE = {"U.T @": "W.T @", _W_ZERO: '"W": d_U', f", {_U_HERE}": ""}
_THE_OTHER_NETWORK = Edit(
    "the network without a hidden layer",
    (
        {f', {_W_ZERO}, "b": np.zeros_like(b)': ""},
        {"np.exp(o) / np.sum(np.exp(o))": "np.exp(o) / np.exp(o).sum()"},  # as it stands, W and b with zeros
        {"U @ h0": "W @ h0", **_BY_W},
        {"U @ h0": "W @ h0 + b", "np.zeros_like(b)": "d_o", **_BY_W},
        {"U @ h0": "W @ h0 + b", "np.zeros_like(b)": "d_o", **_BY_W_ALONE},
        {"U @ h0": "W @ h0", ', "b": np.zeros_like(b)': "", **_BY_W_ALONE},
    ),
    "These are the gradients of the worked example's network, where the scores come straight from h0. Which"
    " two steps has this network between h0 and its scores?",
)  # fmt: skip


def _of_the_slides(
    tokens: Sequence[str], y: Array, vocabulary: Mapping[str, int], params: Mapping[str, Array]
) -> object:
    slides = slides_problem()
    return MLP_GRADIENTS(slides.tokens, slides.y, slides.vocabulary, slides.params)


mlp_gradients = Exercise(
    id="mlp_gradients",
    lesson="06",
    slide="Training iteration: calculate the gradient",
    functions=("mlp_gradients",),
    signature=("tokens", "y", "vocabulary", "params"),
    quantities=tuple(
        Quantity(name, name, WantedArray(), because=f"found by moving {name} a little")
        for name in ("E", "W", "b", "U")
    ),
    parts=(
        Part("E", 2, ("E",)),
        Part("W", 2, ("W",)),
        Part("b", 1, ("b",)),
        Part("U", 2, ("U",)),
        Part("leaves its arguments as they were", 1, arguments=True),
    ),
    cases=_mlp_gradients_cases,
    hints=(
        "First the whole forward pass: h0, z, h, o, p. Then back in the opposite order, a gradient for each:"
        " o, then U and h, then z, then W, b and h0, then E.",
        "d_o is p − y. A matrix M in o = M h: its gradient is an outer product, and what goes on to h is"
        " Mᵀ times d_o."
        " The ReLU lets through where its z was positive.",
        "Twice the same two lines: U with d_o and h, then W with d_z and h0. Between them stands the ReLU,"
        " and b is added as it is, so what arrives at z arrives at b. d_E begins with zeros. Then a loop over"
        " the tokens: each adds its share of d_h0, one part of the mean, to its own column.",
    ),
    twin="example_gradients, the network without a hidden layer, just before the exercise",
    may_use=EARLIER,
    misconceptions=(
        *mistakes(MLP_GRADIENTS, map(_of_all, _GRADIENT_MISTAKES)),
        *one_at_a_time(_NO_HIDDEN_LAYER, (_THE_OTHER_NETWORK,)),
        Misconception(
            "the slide's numbers",
            "These are the gradients of the slides' sentence, for every input. Which names stand for the"
            " sentence and the parameters in your function?",
            (_of_the_slides,),
        ),
    ),
)
