"""The exercise `adam_step`: one step of Adam."""

from __future__ import annotations

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
    WantedArray,
    mistakes,
    tenths,
)

MOMENTS, THETA, KEPT = "the two moments", "the new theta", "theta, m and v as they were"
_DEFAULTS = (1e-3, 0.9, 0.999, 1e-8)


def _weights(t: int, beta: float) -> Array:
    """How much each of t gradients counts in a moment: the newest 1 − β, the one before it β (1 − β)."""
    return np.asarray((1 - beta) * beta ** np.arange(t)[::-1], dtype=np.float64)


def _adam_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    """Steps of one run: a moment is a weighted sum of the gradients, a corrected one their weighted mean."""

    def case(gradients: Array, settings: tuple[float, ...]) -> Case:
        rate, beta1, beta2, eps = (*settings, *_DEFAULTS[len(settings) :])
        t = len(gradients)
        theta = tenths(rng, gradients.shape[1:])

        def moment(values: Array, beta: float) -> Array:
            return np.asarray(np.tensordot(_weights(len(values), beta), values, 1))

        mean = np.average(gradients, axis=0, weights=_weights(t, beta1))
        spread = np.sqrt(np.average(gradients**2, axis=0, weights=_weights(t, beta2)))
        before = gradients[:-1]
        names = ("learning_rate", "beta1", "beta2", "eps")
        return Case(
            {
                "theta": theta,
                "gradient": gradients[-1],
                "m": moment(before, beta1),
                "v": moment(before**2, beta2),
                "t": t,
                **dict(zip(names, settings, strict=False)),
            },
            {
                "theta": theta - rate * mean / (spread + eps),
                "m": moment(gradients, beta1),
                "v": moment(gradients**2, beta2),
            },
        )

    settings = (0.5, 0.8, 0.9, 0.1)
    run = tenths(rng, (12, 2), 2, 30)
    for t in range(1, len(run) + 1):
        yield case(run[:t], settings)
    yield case(np.full((10, 2), 0.5), settings)
    yield case(tenths(rng, (5, 2, 3), 2, 30), (0.3, 0.7, 0.95, 0.2))
    yield case(np.zeros((1, 3)), settings)
    for t in (1, 2, 10, 300):
        yield case(tenths(rng, (t, 3), 2, 30), (0.1,))
    for t, size in ((3, 1.0), (2, 1e-7)):  # the first line's own settings; with tiny gradients ε shows
        yield case(tenths(rng, (t, 3), 2, 30) * size, ())
    yield case(tenths(rng, (4, 2), 2, 30), (0.1, 0.5, 0.6, 1e-8))
    yield case(tenths(rng, (3, 2), 2, 30) * 1e-3, (0.5, 0.9, 0.99, 0.01))


ADAM = RightAnswer(
    "adam_step",
    """
    def adam_step(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        theta = theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
        return theta, m, v
    """,
)
_M, _V = "m = beta1 * m + (1 - beta1) * gradient\n", "v = beta2 * v + (1 - beta2) * gradient**2"
_M_HAT, _V_HAT = "m / (1 - beta1**t)", "v / (1 - beta2**t)"
_UPDATE, _BACK = "theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps)", "return theta, m, v"
_TYPED_IN = {
    _M: "m = 0.9 * m + (1 - 0.9) * gradient\n",
    _V: "v = 0.999 * v + (1 - 0.999) * gradient**2",
    _M_HAT: "m / (1 - 0.9**t)",
    _V_HAT: "v / (1 - 0.999**t)",
}


def _in_one_or_both(average: str) -> tuple[dict[str, str], ...]:
    """Return a wrong average as edits: in both moments, in m alone, in v alone."""
    m = {_M: f"m = {average.format(beta='beta1', old='m', new='gradient')}\n"}
    v = {_V: f"v = {average.format(beta='beta2', old='v', new='gradient**2')}"}
    return m | v, m, v


_NEW_M = "m_new = beta1 * m + (1 - beta1) * gradient\n"
_NEW_V = "v_new = beta2 * v + (1 - beta2) * gradient**2"

MISTAKES = (
    Edit("no bias correction", {_M_HAT: "m", _V_HAT: "v"},
         "Your step is made of m and v themselves. Both began at 0, so for the first steps they are too"
         " small."
         " What makes up for that before they are used?"),
    Edit("the step from the old moments", (
        {_M: _NEW_M, _V: _NEW_V, _BACK: "return theta, m_new, v_new"},
        {_M: _NEW_M, _BACK: "return theta, m_new, v"},
        {_V: _NEW_V, _BACK: "return theta, m, v_new"}),
         "You hand back the new moments, but an old one stands in your step. Which m and v belong to this"
         " step?", alone=True),
    Edit("m not corrected", {_M_HAT: "m"},
         "Your step has v corrected and m not. Both began at 0: what makes up for it in m?"),
    Edit("v not corrected", {_V_HAT: "v"},
         "Your step has m corrected and v not. Both began at 0: what makes up for it in v?"),
    Edit("the gradient, not its square, in v", {"gradient**2": "gradient"},
         "Your v is an average of the gradients, as m is. An average of what is it, that no sign is left?"),
    Edit("twice the gradient in v", {"gradient**2": "gradient * 2"},
         "Your v is an average of twice the gradient: one * multiplies, and ** is a power. Of what is it to"
         " be an average?"),
    Edit("no brackets around 1 − β", _in_one_or_both("{beta} * {old} + 1 - {beta} * {new}"),
         "β m + 1 − β g is not β m + (1 − β) g, and the same holds for v with g². Where do brackets belong?"),
    Edit("the size of the gradient in v", {"gradient**2": "np.abs(gradient)"},
         "Your v is an average of sizes. Of which power of the gradient is it the second moment?"),
    Edit("one v for all parameters", ({"gradient**2": "gradient @ gradient"},
                                      {"gradient**2": "np.sum(gradient**2)"},
                                      {"gradient**2": "np.mean(gradient**2)"},
                                      {"gradient**2": "np.vdot(gradient, gradient)"}),
         "Your v puts the squares of all entries together. Adam keeps a v for each parameter: what should the"
         " square be taken of, entry by entry?"),
    Edit("m and v exchanged", ({_BACK: "return theta, v, m"},
                               {_UPDATE: "theta - learning_rate * v_hat / (np.sqrt(m_hat) + eps)"},
                               {_UPDATE: "theta - learning_rate * v_hat / (np.sqrt(np.abs(m_hat)) + eps)"}),
         "m and v have changed places, in the update or in what you return. Which of them says where to"
         " go, and"
         " which stands under the root?", entire=True),
    Edit("another order", ({_BACK: "return m, v, theta"}, {_BACK: "return m, theta, v"},
                           {_BACK: "return v, m, theta"}, {_BACK: "return v, theta, m"}),
         "What you return stands in another order than is asked. What is to come first?", entire=True),
    Edit("eps inside the root", {_UPDATE: "theta - learning_rate * m_hat / np.sqrt(v_hat + eps)"},
         "Your ε is added to v̂ before the root is taken. Where does it stand in the formula?"),
    Edit("eps outside of the division", {_UPDATE: "theta - learning_rate * m_hat / np.sqrt(v_hat) + eps"},
         "Your ε is added to the whole step: division comes before addition. What is it to be added to?"),
    Edit("eps left out", {_UPDATE: "theta - learning_rate * m_hat / np.sqrt(v_hat)"},
         "There is no ε in your step. What happens where a gradient has always been 0?"),
    Edit("no root", {_UPDATE: "theta - learning_rate * m_hat / (v_hat + eps)"},
         "You divide by v̂ itself. It is made of squares: what brings it back to the size of a gradient?"),
    Edit("β₁, β₂ exchanged", {_M: "m = beta2 * m + (1 - beta2) * gradient\n",
                              _V: "v = beta1 * v + (1 - beta1) * gradient**2",
                              _M_HAT: "m / (1 - beta2**t)", _V_HAT: "v / (1 - beta1**t)"},
         "Your m falls off with β₂ and your v with β₁. Which of them belongs to the first moment?",
         entire=True),
    Edit("one β for both moments", (
        {_V: "v = beta1 * v + (1 - beta1) * gradient**2", _V_HAT: "v / (1 - beta1**t)"},
        {_M: "m = beta2 * m + (1 - beta2) * gradient\n", _M_HAT: "m / (1 - beta2**t)"},
        {_V: "v = beta1 * v + (1 - beta1) * gradient**2"},
        {_M: "m = beta2 * m + (1 - beta2) * gradient\n"},
    ),
         "Both of your moments fall off with the same β. By which one does m fall off, and by which does v?"),
    Edit("minus in a moment", _in_one_or_both("{beta} * {old} - (1 - {beta}) * {new}"),
         "In a moment of yours what is new is taken away from what is old. Which sign stands between the two"
         " in an average?"),
    Edit("brackets around the wrong part", _in_one_or_both("({beta} * {old} + 1 - {beta}) * {new}"),
         "In a moment of yours the gradient multiplies the old average, too. What do the brackets belong"
         " around?"),
    Edit("β₁, β₂ exchanged in the correction", {_M_HAT: "m / (1 - beta2**t)", _V_HAT: "v / (1 - beta1**t)"},
         "Each moment is corrected with the β of the other. Which β belongs to m?"),
    Edit("β and 1 − β exchanged", _in_one_or_both("(1 - {beta}) * {old} + {beta} * {new}"),
         "In your averages the new gradient counts for β and the old average for 1 − β. Which of them is to"
         " count for most, if β is 0.9?"),
    Edit("1 − β left out", _in_one_or_both("{beta} * {old} + {new}"),
         "A moment of yours adds what is new whole, as momentum does, so it grows. Which share of it"
         " belongs in"
         " an average?"),
    Edit("β for both weights", _in_one_or_both("{beta} * {old} + {beta} * {new}"),
         "In a moment of yours the old average and the new gradient both count for β. The two"
         " weights of an average add up to 1: which is the second?"),
    Edit("m squared in v", {"gradient**2": "m**2"},
         "Your v is an average of m². Of which squares is it the second moment?"),
    Edit("1 − β₂ squared too", {_V: "v = beta2 * v + ((1 - beta2) * gradient) ** 2"},
         "In your v the weight 1 − β₂ is squared with the gradient. What does the square in the formula"
         " belong to?"),
    Edit("brackets left out of the correction", (
        {_UPDATE: "theta - learning_rate * m / 1 - beta1**t / (np.sqrt(v_hat) + eps)"},
        {_M_HAT: "m / 1 - beta1**t", _V_HAT: "v / 1 - beta2**t"},
                                                 {_M_HAT: "m / 1 - beta1**t"}),
         "m / 1 - beta1**t divides by 1, and then takes the power away. What is m to be divided by?"),
    Edit("the old average left out", (*_in_one_or_both("(1 - {beta}) * {new}"), *_in_one_or_both("{new}")),
         "A moment of yours knows the newest gradient alone. What of the old one is kept?"),
    Edit("the new whole, and the old whole", _in_one_or_both("{old} + {new}"),
         "A moment of yours is a sum of all that came, as in Adagrad: nothing of it is ever forgotten. By"
         " which two weights does an average take the old and the new?"),
    Edit("adds in place of an average", _in_one_or_both("{old} + (1 - {beta}) * {new}"),
         "A moment of yours never forgets: the old one is kept whole. By which factor does it shrink?"),
    Edit("hands back the corrected moments", ({_BACK: "return theta, m_hat, v_hat"},),
         "You hand back m̂ and v̂ as m and v. The next step would average them and correct them once more."
         " Which"
         " ones does it begin with?"),
    Edit("hands back the old moments", ({_M: "m_new = beta1 * m + (1 - beta1) * gradient\n",
                                         _V: "v_new = beta2 * v + (1 - beta2) * gradient**2",
                                         _M_HAT: "m_new / (1 - beta1**t)", _V_HAT: "v_new / (1 - beta2**t)"},
                                        {_M: "pass\n", _V: "pass"}),
         "A moment that you return is the one that was handed in. What does the next step need?"),
    Edit("t counted from 0", {_M_HAT: "m / (1 - beta1 ** (t + 1))", _V_HAT: "v / (1 - beta2 ** (t + 1))"},
         "Your correction has the power t + 1. This step's number is handed in, and the first is 1. Which"
         " power"
         " is it?"),
    Edit("t counted from 0 in one correction", ({_M_HAT: "m / (1 - beta1 ** (t + 1))"},
                                                {_V_HAT: "v / (1 - beta2 ** (t + 1))"}),
         "One of your corrections has the power t + 1. This step's number is handed in, and the first is 1."
         " Which power is it?"),
    Edit("t one too small", {_M_HAT: "m / (1 - beta1 ** (t - 1))", _V_HAT: "v / (1 - beta2 ** (t - 1))"},
         "Your correction has the power t − 1, so in step 1 you divide by 0. From which number is t"
         " counted?"),
    Edit("1 − β t for 1 − βᵗ", {_M_HAT: "m / (1 - beta1 * t)", _V_HAT: "v / (1 - beta2 * t)"},
         "Your correction multiplies β by t. What does the t above the β mean?"),
    Edit("(1 − β)ᵗ for 1 − βᵗ", ({_M_HAT: "m / (1 - beta1) ** t", _V_HAT: "v / (1 - beta2) ** t"},
                                 {_M_HAT: "m / (1 - beta1) ** t"}, {_V_HAT: "v / (1 - beta2) ** t"}),
         "Your correction takes the whole bracket, 1 − β, to the power of t. To what does the t of the"
         " formula belong?"),
    Edit("correction without t", {_M_HAT: "m / (1 - beta1)", _V_HAT: "v / (1 - beta2)"},
         "Your correction is the same in every step. How does it know how many steps were made?"),
    Edit("the other β in one correction", ({_V_HAT: "v / (1 - beta1**t)"}, {_M_HAT: "m / (1 - beta2**t)"}),
         "Both corrections have the same β. By which β does m fall off, and by which does v?"),
    Edit("one correction without t", ({_M_HAT: "m / (1 - beta1)"}, {_V_HAT: "v / (1 - beta2)"}),
         "One of your corrections is the same in every step. What says in it how many steps were made?"),
    Edit("one correction with β times t", {_M_HAT: "m / (1 - beta1 * t)"},
         "One of your corrections multiplies β by t. What becomes of β in an average of t steps: t times β,"
         " or β times itself?"),
    Edit("plus in the correction", ({_M_HAT: "m / (1 + beta1**t)"},
                                    {_M_HAT: "m / (1 + beta1**t)", _V_HAT: "v / (1 + beta2**t)"}),
         "Your correction divides by more than 1, so what is too small becomes smaller. Which sign stands"
         " before the power?"),
    Edit("one norm for all parameters", (
        {_UPDATE: "theta - learning_rate * m_hat / np.linalg.norm(v_hat)"},
        {_UPDATE: "theta - learning_rate * m_hat / (np.sqrt(np.linalg.norm(v_hat)) + eps)"},
        {_UPDATE: "theta - learning_rate * m_hat / (np.linalg.norm(np.sqrt(v_hat)) + eps)"},
    ),
         "Your step is divided by one number for all parameters. Adam gives each parameter a rate of its own:"
         " of what is the root taken?"),
    Edit("the fraction turned round", {_UPDATE: "theta - learning_rate * np.sqrt(v_hat) / (m_hat + eps)"},
         "In your step the root of v̂ stands above the line. Which of the two says to which side to go, and"
         " stands above?"),
    Edit("multiplied by the root", {_UPDATE: "theta - learning_rate * m_hat * (np.sqrt(v_hat) + eps)"},
         "You multiply by the root of v̂, so what moves much moves more. What is the root for in Adam?"),
    Edit("the sign kept in v", {"gradient**2": "gradient * np.abs(gradient)"},
         "The sign of the gradient is kept in your second moment. Of which squares is it an average?"),
    Edit("a number for the rate", {_UPDATE: "theta - 0.001 * m_hat / (np.sqrt(v_hat) + eps)"},
         "Your step is the same for every learning_rate. Which argument should stand where a number is?"),
    Edit("a number for eps", {_UPDATE: "theta - learning_rate * m_hat / (np.sqrt(v_hat) + 1e-8)"},
         "Your step is the same for every eps. Which argument should stand where a number is?"),
    Edit("multiplies by the correction", {_M_HAT: "m * (1 - beta1**t)", _V_HAT: "v * (1 - beta2**t)"},
         "You multiply by 1 − βᵗ, which makes the moments smaller still. They are too small: what undoes"
         " it?"),
    Edit("numbers for the settings", (
        {**_TYPED_IN, _UPDATE: "theta - 0.001 * m_hat / (np.sqrt(v_hat) + 1e-8)"},
        _TYPED_IN,
        {**_TYPED_IN, _UPDATE: "theta - learning_rate * m_hat / (np.sqrt(v_hat) + 1e-8)"},
    ),
         "Your numbers are 0.9 and 0.999 whatever is handed in as beta1 and beta2. What are the names after t"
         " there for?", entire=True),
    Edit("other numbers for what is not handed in", tuple(
        {f"{name}={usual}": f"{name}={other}"}
        for name, usual, others in (
            ("learning_rate", "1e-3", ("1e-1", "1e-2", "1e-4", "0.5", "1")),
            ("beta1", "0.9", ("0.0", "0.5", "0.8", "0.95", "0.99", "0.999")),
            ("beta2", "0.999", ("0.9", "0.95", "0.98", "0.99", "0.995", "0.9999")),
            ("eps", "1e-8", ("0", "1e-3", "1e-4", "1e-5", "1e-6", "1e-7")),
        )
        for other in others
    ),
         "A setting that is not handed in has another number in yours. Which numbers stand in the first line"
         " of the function, as the exercise gave it?"),
    Edit("plus sign", {_UPDATE: "theta + learning_rate * m_hat / (np.sqrt(v_hat) + eps)"},
         "Your step goes uphill. Which sign has the update?"),
    Edit("the step only", ({_UPDATE: "learning_rate * m_hat / (np.sqrt(v_hat) + eps)"},
                           {_UPDATE: "-learning_rate * m_hat / (np.sqrt(v_hat) + eps)"}),
         "Your θ is the step itself. From where does it lead away?"),
    Edit("forgets the rate", {_UPDATE: "theta - m_hat / (np.sqrt(v_hat) + eps)"},
         "There is no learning rate in your step. What does the slide multiply with?"),
    Edit("the gradient in place of m̂", {_UPDATE: "theta - learning_rate * gradient / (np.sqrt(v_hat) + eps)"},
         "The gradient itself stands in your step where m̂ belongs. What is m kept for?"),
    Edit("no second moment", {_UPDATE: "theta - learning_rate * m_hat"},
         "Your step is momentum with a correction: v is kept, and not used. What is m̂ divided by?"),
    Edit("changes m in place", (
        {_M: "m *= beta1\n    m += (1 - beta1) * gradient\n"},
        {_V: "v *= beta2\n    v += (1 - beta2) * gradient**2"},
        {_M: "m *= beta1\n    m += (1 - beta1) * gradient\n",
         _V: "v *= beta2\n    v += (1 - beta2) * gradient**2"},
    ),
         "m or v was changed in place: *= and += write into the very array that was handed in. What makes a"
         " new array?"),
    Edit("changes theta in place",
         {"theta = theta - learning_rate * m_hat": "theta -= learning_rate * m_hat"},
         "theta was changed in place: -= writes into the very array that was handed in. What makes a new"
         " array?"),
    Edit("theta alone", {_BACK: "return theta"},
         "You return θ alone. What else does the next step need?"),
)  # fmt: skip

adam_step_exercise = Exercise(
    id="adam_step",
    lesson="08",
    slide="Learning Rate",
    functions=("adam_step",),
    signature=("theta", "gradient", "m", "v", "t", "learning_rate", "beta1", "beta2", "eps"),
    quantities=(
        Quantity("theta", 0, WantedArray()),
        Quantity("m", 1, WantedArray()),
        Quantity("v", 2, WantedArray()),
    ),
    parts=(
        Part(MOMENTS, 1, ("m", "v")),
        Part(THETA, 2, ("theta",)),
        Part(KEPT, 1, arguments=True),
    ),
    cases=_adam_cases,
    hints=(
        "In step 1, with m = 0, β₁ = 0.9 and the gradient 2, m becomes 0.2, and its corrected value is 2"
        " again."
        " By which number was 0.2 divided?",
        "There are five lines: a new m, a new v, each of them corrected, the new θ. The corrected ones are"
        " for"
        " this step alone. Which of them are handed on to the next?",
        "Each moment is β times the old one and 1 − β times the new value: the gradient for m, its square for"
        " v. Each is divided by 1 minus its β to the power of t. The step is η times the first over the root"
        " of the second, with ε added to that root.",
    ),
    twin="averages, a moving average of temperatures, before the exercise",
    misconceptions=mistakes(ADAM, MISTAKES),
)
