"""Lesson 06, Duck, duck, goose backward: by hand, the whole backward pass, and the slides' slips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

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
    Word,
)
from lecture_lib.exercises.oracles import slopes
from lecture_lib.exercises.plain import AnyArray
from lecture_lib.learning.example import duck_goose
from lecture_lib.lessons.duck_goose.networks import (
    STEPPED,
    UPDATED_BEFORE,
    FloatArray,
    Problem,
    all_values,
    draw_problem,
    gradients_with,
    measured_gradients,
    pairs,
)
from lecture_lib.lessons.lesson_05.exercises import (
    ANOTHER,
    ANOTHER_ADVICE,
    ENCODE_ADVICE,
    FORWARD_ADVICE,
    SLIDES,
    SLIDES_ADVICE,
    of_another,
    of_the_slides,
    slides_problem,
    students_problem,
)

# ------------------------------------------------------------------ backward_by_hand


def _backward_by_hand_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    problem = students_problem(student)
    values = all_values(problem)
    yield Case(
        {},
        {
            "p": slopes(lambda p: -float(np.sum(problem.y * np.log(p))), values["p"]),
            "o": slopes(
                lambda o: float(np.log(np.sum(np.exp(o))) - np.sum(problem.y * o)),
                values["o"],
            ),
            "U": measured_gradients(problem, ("U",))["U"],
        },
    )


def _gradients_by_hand(problem: Problem, flaws: Sequence[str] = ()) -> dict[str, object]:
    found = gradients_with(flaws, problem.tokens, problem.y, problem.vocabulary, problem.params)
    return {name: found[name] for name in ("p", "o", "U")}


def _by_hand(*flaws: str) -> Callable[[str], dict[str, object]]:
    return lambda student: _gradients_by_hand(students_problem(student), flaws)


def _U_from(student: str, d_o: AnyArray) -> AnyArray:
    return np.outer(d_o, all_values(students_problem(student))["h"])


def _updated_U(student: str) -> dict[str, object]:
    own = students_problem(student)
    found = gradients_with((), own.tokens, own.y, own.vocabulary, own.params)
    return {"p": found["p"], "o": found["o"], "U": own.params["U"] - 0.01 * found["U"]}


_OUTPUT_ADVICE = {
    "positive sign": "When the true class becomes more probable, does the loss rise or fall?"
    " What does that say of the sign of ∂ℓ/∂p?",
    "y - p": "When the score of the true class rises, does the loss rise or fall? Look at the sign of"
    " ∂ℓ/∂o there.",
    "transposed d_U": "∂ℓ/∂U has a row for each class and a column for each hidden unit, as U has."
    " Which of your two vectors should count the rows?",
    "y left out of 1/p": "The loss of this sentence does not look at the other class's p. What is y there,"
    " and so what is ∂ℓ/∂p there?",
    "1/p left out": "What is the derivative of log p? You have its sign and its place, but not its size.",
    "p for 1/p": "What is the derivative of log p? Does it grow or shrink when p grows?",
    "the loss for its derivative": "This is the loss itself. What is the derivative of −log p?",
    "y left out": "Your ∂ℓ/∂o is p. What does it have to do with the true class?",
    "softmax left out": "Your ∂ℓ/∂o is ∂ℓ/∂p as it came. What lies between o and p?",
    "the softmax's diagonal only": "When one score rises, the probabilities of all classes change."
    " What does the loss's change by the other score come to?",
    "absolute difference": "Can both scores push the loss up? Compare the signs of ∂ℓ/∂o for the true"
    " class and the other.",
    "z for h in d_U": "U is multiplied with h. Is that what stands in your product, or is it z, before the"
    " ReLU?",
    "h0 for h in d_U": "U is multiplied with h. Is that what stands in your product, or is it h0?",
}
_HAND_FLAWS = ("rows for columns", "sum for mean", "a repeated word once", "ReLU left out", "b left out")
_FORWARD_FIRST = " It shows in the forward pass already: does forward_by_hand pass?"
_HAND_ADVICE = _OUTPUT_ADVICE | {
    name: {**ENCODE_ADVICE, **FORWARD_ADVICE}[name] + _FORWARD_FIRST for name in _HAND_FLAWS
}

_HAND_COMMON = (
    "positive sign",
    "y - p",
    "transposed d_U",
    "z for h in d_U",
    "h0 for h in d_U",
    "rows for columns",
    "ReLU left out",
    "b left out",
)

backward_by_hand = Exercise(
    id="backward_by_hand",
    lesson="06",
    slide="Training iteration: calculate the gradient",
    asks="backward_by_hand is a dict with p (∂ℓ/∂p), o (∂ℓ/∂o) and U (∂ℓ/∂U) for your own sentence and"
    " weights.",
    functions=("backward_by_hand",),
    signature=None,
    quantities=(
        Quantity("p", "p", Array(0.05, lists=True), secret=True),
        Quantity("o", "o", Array(0.015, lists=True), secret=True),
        Quantity("U", "U", Array(0.03, lists=True), secret=True),
    ),
    parts=(Part("p", 1, ("p",)), Part("o", 1, ("o",)), Part("U", 2, ("U",))),
    cases=_backward_by_hand_cases,
    hints=(
        "Begin at the loss and go back one node at a time: first p, then o, then U."
        " You need p and h from your forward pass.",
        "∂ℓ/∂p: the derivative of −log p at the true class, 0 at the other. ∂ℓ/∂o: a difference of two"
        " vectors"
        " that you have. ∂ℓ/∂U: an outer product, of U's shape.",
        "∂ℓ/∂o is p with 1 taken away at the true class. Entry (i, j) of ∂ℓ/∂U is entry i of ∂ℓ/∂o times"
        " h_j.",
    ),
    twin="h = [0.5, 0.2] and p = [0.3, 0.7], just before the exercise",
    misconceptions=(
        *(Misconception(name, advice, (_by_hand(name),)) for name, advice in _HAND_ADVICE.items()),
        Misconception(
            "U after the update",
            "This is U after a step. Which part of the update is the gradient alone?",
            (_updated_U,),
        ),
        Misconception(ANOTHER, ANOTHER_ADVICE, tuple(of_another(_by_hand()))),
        Misconception(SLIDES, SLIDES_ADVICE, (of_the_slides(_gradients_by_hand),)),
    ),
    mixtures=lambda: (Mixture(names, _by_hand(*names)) for names in pairs(_HAND_COMMON)),
    rough=True,
    follows={"U": Follow("o", _U_from, 0.03)},
)


# ------------------------------------------------------------------ mlp_gradients


def _mlp_gradients_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(problem: Problem, label: str = "") -> Case:
        arguments = {
            "tokens": list(problem.tokens),
            "y": problem.y,
            "vocabulary": problem.vocabulary,
            "params": dict(problem.params),
        }
        return Case(arguments, measured_gradients(problem), label)

    yield case(slides_problem(), "the slides' example")
    yield case(draw_problem(rng, 2, 2, 2, 2, 3, again=True))
    yield case(draw_problem(rng, 2, 3, 2, 2, 2, again=False))
    yield case(draw_problem(rng, 3, 2, 2, 3, 4, again=True))
    yield case(draw_problem(rng, 2, 4, 3, 2, 3, again=True))
    yield case(draw_problem(rng, 3, 3, 4, 2, 1, again=False))


Gradients = Callable[[Sequence[str], FloatArray, Mapping[str, int], Mapping[str, FloatArray]], object]


def _gradients(*flaws: str) -> Gradients:
    def gradients(
        tokens: Sequence[str], y: FloatArray, vocabulary: Mapping[str, int], params: Mapping[str, FloatArray]
    ) -> object:
        found = gradients_with(flaws, tokens, y, vocabulary, params)
        return {name: found[name] for name in ("E", "W", "b", "U")}

    return gradients


def _updates_U_first(rate: float) -> Gradients:
    """Return the gradients with U updated before it is used: in the very dict that was handed in."""

    def gradients(
        tokens: Sequence[str], y: FloatArray, vocabulary: Mapping[str, int], params: Mapping[str, FloatArray]
    ) -> object:
        found = _gradients(f"U updated before it is used, rate {rate:g}")(tokens, y, vocabulary, params)
        step = gradients_with((), tokens, y, vocabulary, params)["U"]
        params["U"][...] -= rate * step
        return found

    return gradients


def _then_changes(
    names: Sequence[str],
) -> Callable[[Sequence[str], FloatArray, Mapping[str, int], dict[str, FloatArray]], object]:
    """Return the right gradients, and parameters that have taken a step in the very dict that came."""

    def gradients(
        tokens: Sequence[str], y: FloatArray, vocabulary: Mapping[str, int], params: dict[str, FloatArray]
    ) -> object:
        found = gradients_with((), tokens, y, vocabulary, params)
        for name in names:
            params[name] -= 0.01 * found[name]
        return {name: found[name] for name in ("E", "W", "b", "U")}

    return gradients


def _then_overwrites(
    tokens: Sequence[str], y: FloatArray, vocabulary: Mapping[str, int], params: dict[str, FloatArray]
) -> object:
    """Return the right gradients in the very dict of the parameters."""
    found = gradients_with((), tokens, y, vocabulary, params)
    params.update({name: found[name] for name in ("E", "W", "b", "U")})
    return params


def _of_the_slides(
    tokens: Sequence[str], y: FloatArray, vocabulary: Mapping[str, int], params: Mapping[str, FloatArray]
) -> object:
    slides = slides_problem()
    return _gradients()(slides.tokens, slides.y, slides.vocabulary, slides.params)


_MASK = "Which number decides whether a hidden unit lets anything back: "
_GRADIENT_ADVICE = {
    "no ReLU mask": "A unit that was off in the forward pass still receives a gradient."
    " What is the ReLU's derivative there?",
    "no ReLU mask on d_b": "b is added to make z, before the ReLU. Which gradient arrives at z?",
    "mask by h0's sign on d_h": _MASK + "its own z, or an entry of h0?",
    "mask by h0's sign on d_h0": "Your ∂ℓ/∂h0 is cut where h0 is negative. Is there a ReLU on h0?",
    "mask by h0's sign on d_h0, too": "Your ∂ℓ/∂h0 is cut where h0 is negative. Is there a ReLU on h0?",
    "mask by its own sign": _MASK + "its z in the forward pass, or the sign of what comes back?",
    "mask times z": "You multiply by h where the ReLU's slope belongs. How steep is the ReLU above 0?",
    "E not divided": "h0 is a mean. When one column of duck moves by one, by how much does h0 move?",
    "E divided by V": "h0 is a mean over the words of the sentence. By what should each word's share be"
    " divided?",
    "E divided by the different words": "h0 is a mean over all words of the sentence, the repeated ones, too."
    " By what should each word's share be divided?",
    "a repeated word counted once in E": "In duck duck goose, how many paths lead from h0 back to the"
    " column of duck?"
    " What is done with what they bring? (E[:, list] += adds to each column once.)",
    "return inside the loop over the words": "Only the first word of the sentence receives a gradient."
    " Does return stand inside the loop? It ends the function in the first round.",
    "every column of E": "Every word of the vocabulary receives a gradient. Which columns took part in h0?",
    "rows of E": "The gradient lands in the rows of E. Which way does a word lie in E?",
    "transposed d_U": "∂ℓ/∂U must have U's shape: a row for each class. Which vector of the outer product"
    " comes first?",
    "transposed d_W": "∂ℓ/∂W must have W's shape: a row for each hidden unit. Which vector of the outer"
    " product"
    " comes first?",
    "sign": "The sign is the wrong way round. When the score of the true class rises, does the loss rise"
    " or fall? Look at the sign of ∂ℓ/∂o.",
    "y left out": "Your ∂ℓ/∂o is p. What does it have to do with the true class?",
    "softmax left out": "Your ∂ℓ/∂o is ∂ℓ/∂p as it came. What lies between o and p?",
    "the softmax's diagonal only": "When one score rises, the probabilities of all classes change."
    " Do the other classes' scores receive a gradient?",
    "mean over the classes": "You have divided by the number of classes. Is the loss a sum over the"
    " classes, or a mean?",
    "z for h in d_U": "U is multiplied with h. Is that what stands in your outer product, or is it z,"
    " before the ReLU?",
    "h0 for h in d_U": "U is multiplied with h. Is that what stands in your outer product, or is it h0?",
    "h for h0 in d_W": "W is multiplied with h0. Is that what stands in your outer product, or is it h?",
    "U for its transpose": "U takes h to o. What takes ∂ℓ/∂o back to ∂ℓ/∂h, and what is its shape?",
    "W for its transpose": "W takes h0 to z. What takes ∂ℓ/∂z back to ∂ℓ/∂h0, and what is its shape?",
    "d_b as a column": "∂ℓ/∂b must have b's shape. How many axes has b?",
    "b left out": "Your gradients are those of a network without its bias. Is b in your forward pass?",
    "ReLU left out": "Your gradients are those of a network without the ReLU. Is it in your forward pass?",
    "rows for columns": "Your gradients are those of a network that reads the words from E's rows."
    " Which way does a word lie in E?",
    "sum for mean": "Your gradients are those of a network that adds up its words. Is h0 a sum or a mean?",
    "a repeated word once": "Your forward pass counts a repeated word once. How often does duck count"
    " in duck duck goose?",
}
_COMMON = (
    "no ReLU mask",
    "mask by h0's sign on d_h",
    "mask by h0's sign on d_h0",
    "E not divided",
    "a repeated word counted once in E",
    "every column of E",
    "transposed d_U",
    "transposed d_W",
    "sign",
    "y left out",
    "z for h in d_U",
    "h for h0 in d_W",
    "b left out",
    "W for its transpose",
    "U for its transpose",
)

mlp_gradients = Exercise(
    id="mlp_gradients",
    lesson="06",
    slide="Training iteration: calculate the gradient",
    asks="mlp_gradients(tokens, y, vocabulary, params) gives the gradients of −Σ y log p, a dict with the"
    " keys E, W, b, U.",
    functions=("mlp_gradients",),
    signature=("tokens", "y", "vocabulary", "params"),
    quantities=tuple(
        Quantity(name, name, Array(), because=f"found by moving {name} a little")
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
        "d_U = outer(d_o, h), d_h = Uᵀ d_o, d_z = d_h where z > 0, d_W = outer(d_z, h0), d_b = d_z, d_h0 ="
        " Wᵀ d_z."
        " Each token adds d_h0 / (number of tokens) to its own column of d_E, in a loop.",
    ),
    twin="example_gradients, the network without a hidden layer, just before the exercise",
    misconceptions=(
        *(Misconception(name, advice, (_gradients(name),)) for name, advice in _GRADIENT_ADVICE.items()),
        Misconception(
            "one number for the outer product",
            "In NumPy a one-dimensional array has no transpose; @ of two vectors gives one number."
            " Which function makes a table of all products?",
            (
                _gradients("one number for d_U"),
                _gradients("one number for d_W"),
                _gradients("one number for d_U", "one number for d_W"),
            ),
        ),
        Misconception(
            "elementwise product for the outer product",
            "* multiplies two vectors entry by entry and gives one vector. A matrix has an entry for each"
            " pair of them: which function makes a table of all products?",
            (
                _gradients("elementwise d_U"),
                _gradients("elementwise d_W"),
                _gradients("elementwise d_U", "elementwise d_W"),
            ),
        ),
        Misconception(
            "Python's max",
            "Python's max(z, 0) asks which of two single things is larger, and z holds several numbers."
            " Which function of NumPy compares every entry with 0?",
            (_gradients("Python's max"),),
        ),
        Misconception(
            "the slide's numbers",
            "These are the gradients of the slides' sentence, for every input. Which names stand for the"
            " sentence and the parameters in your function?",
            (_of_the_slides,),
        ),
        Misconception(
            "params changed at the end",
            "Your gradients are right, but params changed. Which line takes the step? Here the gradients"
            " alone are asked; the step is taken elsewhere.",
            (
                _then_changes(("U",)),
                _then_changes(("E", "W", "b", "U")),
                _then_changes(("W", "b", "U")),
                _then_overwrites,
            ),
        ),
        Misconception(
            "U updated before it is used",
            "Nearly right: what flows back through U is a little off. Is it the U of the forward pass,"
            " or has it been updated already?",
            (
                *(_gradients(flaw) for flaw in UPDATED_BEFORE),
                *(_updates_U_first(rate) for rate in UPDATED_BEFORE.values()),
            ),
        ),
        Misconception(
            "gives the updated parameters",
            "These are parameters after a step. Which part of the update rule is the gradient alone?",
            tuple(_gradients(flaw) for flaw in STEPPED),
        ),
    ),
    mixtures=lambda: (Mixture(names, _gradients(*names)) for names in pairs(_COMMON)),
)


# ------------------------------------------------------------------ errata

_SLIDES_NUMBERS: dict[str, Any] = {
    "U12": -0.502,
    "U22": 0.297,
    "dl_dp1": -2.36,
    "E_is": "row",
}  # as they are printed


def _right_numbers() -> dict[str, object]:
    problem = slides_problem()
    U = problem.params["U"] - duck_goose().learning_rate * measured_gradients(problem, ("U",))["U"]
    p = all_values(problem)["p"]
    d_p = slopes(lambda moved: -float(np.sum(problem.y * np.log(moved))), p)
    by_columns = np.allclose(all_values(problem)["h0"], [0.0, -1.3])  # the slide's own average
    return {
        "U12": float(U[0, 1]),
        "U22": float(U[1, 1]),
        "dl_dp1": float(d_p[0]),
        "E_is": "column" if by_columns else "row",
    }


def _errata_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    yield Case({}, _right_numbers())


def _errata_changed(**numbers: Callable[[dict[str, object]], object]) -> Callable[[str], dict[str, object]]:
    def values(student: str) -> dict[str, object]:
        right = _right_numbers()
        return right | {name: change(right) for name, change in numbers.items()}

    return values


def _minus(name: str) -> Callable[[dict[str, object]], object]:
    return lambda right: -float(str(right[name]))


def _slides(student: str) -> dict[str, object]:
    return _SLIDES_NUMBERS | {"E_is": _right_numbers()["E_is"]}


def _gradient_of_U(student: str) -> dict[str, object]:
    d_U = measured_gradients(slides_problem(), ("U",))["U"]
    return _right_numbers() | {"U12": float(d_U[0, 1]), "U22": float(d_U[1, 1])}


def _other_class(student: str) -> dict[str, object]:
    return _right_numbers() | {"dl_dp1": -1 / float(all_values(slides_problem())["p"][1])}


def _U_before(student: str) -> dict[str, object]:
    U = slides_problem().params["U"]
    return _right_numbers() | {"U12": float(U[0, 1]), "U22": float(U[1, 1])}


def _step_of(rate: float) -> Callable[[str], dict[str, object]]:
    def values(student: str) -> dict[str, object]:
        problem = slides_problem()
        U = problem.params["U"] - rate * measured_gradients(problem, ("U",))["U"]
        return _right_numbers() | {"U12": float(U[0, 1]), "U22": float(U[1, 1])}

    return values


errata = Exercise(
    id="errata",
    lesson="06",
    slide="Training iteration: parameter update",
    asks='errata is a dict with the right "U12", "U22" and "dl_dp1", and "E_is", "row" or "column".',
    functions=("errata",),
    signature=None,
    quantities=(
        Quantity("U12", "U12", Number(0.0005), secret=True),
        Quantity("U22", "U22", Number(0.0005), secret=True),
        Quantity("dl_dp1", "dl_dp1", Number(0.005, absolute=True), secret=True),
        Quantity("E_is", "E_is", Word(("row", "column")), secret=True),
    ),
    parts=tuple(Part(name, 1, (name,)) for name in ("U12", "U22", "dl_dp1", "E_is")),
    cases=_errata_cases,
    hints=(
        "Work out each number again with the lesson's own p and gradients, and put it beside the slide's.",
        "U after the update is U minus 0.01 times ∂ℓ/∂U. What is minus a negative number? And the last digit:"
        " cut off, or rounded?",
        "∂ℓ/∂p₁ is −1/p₁, with p₁ = 0.422627. For U, use ∂ℓ/∂U to four decimals. For E, look at which numbers"
        " the slide's average adds up.",
    ),
    twin="the update of U, worked a few cells before the exercise",
    misconceptions=(
        Misconception(
            "the slide's own numbers",
            "That is what the slide prints. Compute it yourself with the numbers of this lesson:"
            " do the sign and the last digit come out the same?",
            (_slides,),
        ),
        Misconception(
            "the slide's own word",
            "The slide says row. Look at the numbers that its own average adds up: do the two of one word"
            " stand beside each other in E, or one above the other?",
            (_errata_changed(E_is=lambda right: _SLIDES_NUMBERS["E_is"]),),
        ),
        Misconception(
            "right number, wrong sign",
            "The digits are right. Which sign has it: on which side of 0 does the entry start,"
            " and how far can one small step take it?",
            (_errata_changed(U12=_minus("U12"), U22=_minus("U22")),),
        ),
        Misconception(
            "dl_dp1 with the wrong sign",
            "The digits of dl_dp1 are right. When the true class becomes more probable, does the loss rise or"
            " fall?",
            (
                _errata_changed(dl_dp1=_minus("dl_dp1")),
                _errata_changed(dl_dp1=lambda right: -float(_SLIDES_NUMBERS["dl_dp1"])),
            ),
        ),
        Misconception(
            "the gradient, not U after the step",
            "This is ∂ℓ/∂U. What is asked is U itself, after the update.",
            (_gradient_of_U,),
        ),
        Misconception(
            "U before the step",
            "This is U before the update. The step is small, and it shows in the third decimal: what is it?",
            (_U_before,),
        ),
        Misconception(
            "plus for minus",
            "Your step goes uphill. Which sign stands before the learning rate in the update?",
            (_step_of(-0.01),),
        ),
        Misconception(
            "another learning rate",
            "Your step is too long or too short. What is the learning rate on the slides?",
            (_step_of(0.1), _step_of(1.0)),
        ),
        Misconception(
            "the other class's p",
            "Is it p₁ or p₂ that you have used? Which of the two is asked?",
            (_other_class,),
        ),
    ),
)

EXERCISES = (backward_by_hand, mlp_gradients, errata)
