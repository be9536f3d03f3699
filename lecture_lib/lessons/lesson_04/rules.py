"""The local rules of lesson 04 (mul, matvec, ReLU, softmax) and the gradient check, as exercises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from lecture_lib.autodiff import gradient_error
from lecture_lib.exercises import Case, Exercise, Misconception, Part, Quantity, Recipe
from lecture_lib.exercises.edits import Edit, RightAnswer, mistakes
from lecture_lib.exercises.exercise import Array, Number
from lecture_lib.exercises.oracles import FloatArray, slopes, tenth

__all__ = [
    "CHECK",
    "MATVEC",
    "MUL",
    "RELU",
    "SOFTMAX",
    "gradient_check",
    "matvec_rule",
    "mul_rule",
    "one_at_a_time",
    "relu_rule",
    "softmax_rule",
]

MOVED = "found by moving each entry a little"


def handed_back(
    operation: Callable[..., FloatArray], d_out: FloatArray, *operands: FloatArray
) -> tuple[FloatArray, ...]:
    """What goes back to each operand: the slopes of Σ d_out · operation, found by moving its entries."""

    def back_to(place: int) -> FloatArray:
        def weighted(moved: FloatArray) -> float:
            return float(np.sum(d_out * operation(*operands[:place], moved, *operands[place + 1 :])))

        return slopes(weighted, operands[place])

    operands = tuple(np.array(operand) for operand in operands)
    return tuple(back_to(place) for place in range(len(operands)))


def one_at_a_time(right: RightAnswer, edits: Iterable[Edit]) -> tuple[Misconception, ...]:
    """Return a table of edits as misconceptions of which no two are looked for together."""

    def alone(answer: Callable[..., object]) -> Callable[..., object]:
        return lambda *arguments: answer(*arguments)

    return tuple(
        replace(known, answers=tuple(alone(answer) for answer in known.answers))
        for known in mistakes(right, edits)
    )


def _some(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Tenths between −2 and 2, none of them 0 and no two alike where that is possible."""
    size = int(np.prod(shape))
    tenths = np.concatenate([np.arange(-20, 0), np.arange(1, 21)]) / 10
    return rng.choice(tenths, size=size, replace=size > len(tenths)).reshape(shape)


# ------------------------------------------------------------------ mul_vjp


def _mul_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(d_out: FloatArray, a: FloatArray, b: FloatArray) -> Case:
        d_a, d_b = handed_back(np.multiply, d_out, a, b)
        return Case({"d_out": d_out, "a": a, "b": b}, {"d_a": d_a, "d_b": d_b})

    yield case(np.array([1.0, 10.0]), np.array([3.0, -2.0]), np.array([5.0, 0.5]))
    for shape in ((2,), (3,), (2, 2), (2, 3), (1, 4), (2, 1, 3)):
        yield case(_some(rng, *shape), _some(rng, *shape), _some(rng, *shape))
    yield case(*(np.array(tenth(rng)) for _ in range(3)))


MUL = RightAnswer(
    "mul_vjp",
    """
    def mul_vjp(d_out, a, b):
        d_a = d_out * b
        d_b = d_out * a
        return d_a, d_b
    """,
)

mul_rule = Exercise(
    id="mul_vjp",
    lesson="04",
    slide="Back-propagation",
    asks="mul_vjp(d_out, a, b) gives (d_a, d_b), what a product of entries hands back to a and to b.",
    functions=("mul_vjp",),
    signature=("d_out", "a", "b"),
    quantities=(Quantity("d_a", 0, Array(), MOVED), Quantity("d_b", 1, Array(), MOVED)),
    parts=(Part("d_a and d_b", 1, ("d_a", "d_b")),),
    cases=_mul_cases,
    hints=(
        "Take one entry: out = a b. When a moves by a little, how far does out move? And when b moves?",
        "The local slope for a is the other factor. What has arrived, d_out, says how much a move of out is"
        " worth: how do two links of a chain go together?",
        "Each of the two lines is a product of d_out and one of the operands. Which operand stands in the"
        " line"
        " for d_a: a itself, or the other one?",
    ),
    twin="sub_vjp, the rule of a difference, just before the exercise",
    misconceptions=mistakes(
        MUL,
        (
            Edit(
                "the rule of a difference",
                {"d_out * b": "d_out", "d_out * a": "-d_out"},
                "This is the rule of a − b, from the worked example. When a moves by 1, how far does a b"
                " move?",
            ),
            Edit(
                "the product itself",
                {"return d_a, d_b": "return a * b"},
                "You give out = a b, the way forward. On the way back something has come to out:"
                " which share of"
                " it goes to each operand?",
            ),
            Edit(
                "one of the two alone",
                ({"return d_a, d_b": "return d_a"}, {"return d_a, d_b": "return d_b"}),
                "One array is handed back. The product has two operands: what does the other one get?",
            ),
            Edit(
                "both shares added",
                (
                    {"return d_a, d_b": "return d_a + d_b"},
                    {"return d_a, d_b": "return d_a * d_b"},
                ),
                "Both shares are put into one. Each operand gets its own: how are two things handed back?",
            ),
            Edit(
                "added to the slope",
                {"d_out * b": "d_out + b", "d_out * a": "d_out + a"},
                "You add what has come back to the slope. If out moves twice as far as a, and the loss three"
                " times as far as out, how far does the loss move?",
            ),
            Edit(
                "divided by the operand",
                (
                    {"d_out * b": "d_out / a", "d_out * a": "d_out / b"},
                    {"d_out * b": "d_out / b", "d_out * a": "d_out / a"},
                ),
                "You divide by an operand. When a moves by 1, how far does out = a b move?",
            ),
            Edit(
                "slopes of 1",
                {"d_out * b": "np.ones_like(a)", "d_out * a": "np.ones_like(b)"},
                "You give ones, whatever came back and whatever the operands are. When a moves by 1, how far"
                " does out = a b move?",
            ),
            Edit(
                "squares",
                {"d_out * b": "d_out * b**2", "d_out * a": "d_out * a**2"},
                "There is a square in it. When a moves by 1, how far does out = a b move?",
            ),
            Edit(
                "a table of all products",
                {"d_out * b": "np.outer(d_out, b)", "d_out * a": "np.outer(d_out, a)"},
                "np.outer multiplies every entry with every other. Entry 0 of out was computed from"
                " entry 0 of"
                " a alone: which shape has d_a?",
            ),
            Edit(
                "swapped",
                {"d_out * b": "d_out * a", "d_out * a": "d_out * b"},
                "out = a b. When a moves by 1, out moves by …: is it a or b that says how far?",
            ),
            Edit(
                "d_out left out",
                (
                    {"d_out * b": "b", "d_out * a": "a"},
                    {"d_out * b": "b"},
                    {"d_out * a": "a"},
                    {"d_out * b": "a", "d_out * a": "b"},
                ),
                "This is the slope of the product alone. If the loss is ten times as sensitive to out,"
                " where does your rule say so?",
            ),
            Edit(
                "all three multiplied",
                {"d_out * b": "d_out * a * b", "d_out * a": "d_out * a * b"},
                "Both of yours are d_out times the product itself. Does a lie on the way when a is what"
                " moves:"
                " how far does a b move when a moves by 1?",
            ),
            Edit(
                "a + b",
                (
                    {"d_out * b": "a + b", "d_out * a": "a + b"},
                    {"d_out * b": "d_out * (a + b)", "d_out * a": "d_out * (a + b)"},
                ),
                "A sum of the operands stands in both. Each operand has a slope of its own: which number does"
                " a move of a get multiplied by in a b?",
            ),
            Edit(
                "the rule of a sum",
                {"d_out * b": "d_out", "d_out * a": "d_out"},
                "What arrived is handed on unchanged: so does a sum. In a product, does out move as far as a"
                " does?",
            ),
            Edit(
                "added up",
                (
                    {"d_out * b": "np.sum(d_out * b)", "d_out * a": "np.sum(d_out * a)"},
                    {"d_out * b": "np.dot(d_out, b)", "d_out * a": "np.dot(d_out, a)"},
                    {"d_out * b": "d_out @ b.T", "d_out * a": "a.T @ d_out"},
                    {"d_out * b": "d_out @ b", "d_out * a": "d_out @ a"},
                ),
                "The entries were added up to fewer numbers. Entry 0 of out was computed from entry 0 of a"
                " alone: which shape has d_a?",
            ),
        ),
    ),
)


# ------------------------------------------------------------------ matvec_vjp

_NOT_SQUARE = "W that is not square"


def _matvec_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(d_out: FloatArray, W: FloatArray, x: FloatArray) -> Case:
        d_W, d_x = handed_back(np.matmul, d_out, W, x)
        square = W.shape[0] == W.shape[1]
        parts = ("d_W", "d_x") if square else (_NOT_SQUARE,)
        return Case({"d_out": d_out, "W": W, "x": x}, {"d_W": d_W, "d_x": d_x}, parts=parts)

    yield case(np.array([1.0, 10.0]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, -1.0]))
    for n, m in ((2, 2), (3, 3), (4, 4), (2, 3), (3, 2), (4, 1), (1, 3)):
        yield case(_some(rng, n), _some(rng, n, m), _some(rng, m))


MATVEC = RightAnswer(
    "matvec_vjp",
    """
    def matvec_vjp(d_out, W, x):
        d_W = np.outer(d_out, x)
        d_x = W.T @ d_out
        return d_W, d_x
    """,
)
_OUTER, _BACK = "np.outer(d_out, x)", "W.T @ d_out"

matvec_rule = Exercise(
    id="matvec_vjp",
    lesson="04",
    slide="Back-propagation",
    asks="matvec_vjp(d_out, W, x) gives (d_W, d_x), what the layer W @ x hands back to W and to x.",
    functions=("matvec_vjp",),
    signature=("d_out", "W", "x"),
    quantities=(Quantity("d_W", 0, Array(), MOVED), Quantity("d_x", 1, Array(), MOVED)),
    parts=(Part("d_W", 1, ("d_W",)), Part("d_x", 1, ("d_x",)), Part(_NOT_SQUARE, 1, ("d_W", "d_x"))),
    cases=_matvec_cases,
    hints=(
        "Shapes first: W is (n, m), x is (m,), out and d_out are (n,). d_W has the shape of W and d_x the"
        " shape of x. Which products of what you have give these shapes?",
        "For d_W: the weight at (i, j) touches out[i] alone, and is multiplied by x[j]. So d_W[i, j] is a"
        " product of two numbers: one with the index i, one with the index j.",
        "For d_x: x[j] goes into every out[i], by the weight at (i, j). What comes back from all i is added:"
        " a sum over i, the first index of W. Which product sums over the rows of W?",
    ),
    twin="dot_vjp, the rule of one row, just before the exercise",
    misconceptions=mistakes(
        MATVEC,
        (
            Edit(
                "W for its transpose",
                (
                    {_BACK: "W @ d_out"},
                    {_BACK: "W.dot(d_out)"},
                    {_BACK: "d_out @ W.T"},
                    {_BACK: "np.dot(d_out, W.T)"},
                ),
                "x[j] reaches out[i] by the weight at (i, j). On the way back, over which index is added,"
                " and over which index does W @ … add?",
            ),
            Edit(
                "transposed outer product",
                {_OUTER: "np.outer(x, d_out)"},
                "Your d_W has an entry for each pair, with rows and columns exchanged. Which index of W"
                " counts the outputs: does d_out or x belong to it?",
            ),
            Edit(
                "elementwise product",
                (
                    {_OUTER: "d_out * x"},
                    {_BACK: "np.multiply(W.T, d_out)"},
                    {_BACK: "np.multiply(W, d_out)"},
                    {_OUTER: "d_out * x", _BACK: "np.multiply(W.T, d_out)"},
                    {_BACK: "W.sum(axis=0) * d_out"},
                    {_OUTER: "d_out * x", _BACK: "np.multiply(W, d_out)"},
                ),
                "* multiplies entry by entry. For W every pair of an output and an input counts, and for x a"
                " sum over the outputs: which products of NumPy give these?",
            ),
            Edit(
                "inner product for the outer one",
                ({_OUTER: "d_out @ x"}, {_OUTER: "np.dot(d_out, x)"}),
                "d_out @ x is one number (or none, if the lengths differ). W has n·m entries: which"
                " product of"
                " two vectors has one for each pair?",
            ),
            Edit(
                "only the last row",
                {_BACK: "d_out[-1] * W[-1]"},
                "Your d_x holds the share of the last row alone. x is used by all rows: what is done"
                " with what"
                " each of them hands back?",
            ),
            Edit(
                "two rows only",
                (
                    {
                        _OUTER: "np.array([d_out[0] * x, d_out[1] * x])",
                        _BACK: "d_out[0] * W[0] + d_out[1] * W[1]",
                    },
                    {_BACK: "d_out[0] * W[0] + d_out[1] * W[1]"},
                ),
                "Your rule has two rows, as the cell with steps left out. W may have any number of"
                " rows: which"
                " product of NumPy goes through all of them?",
            ),
            Edit(
                "added over the inputs",
                (
                    {_BACK: "(W * d_out[:, None]).sum(axis=1)"},
                    {_BACK: "W.sum(axis=1) * d_out"},
                ),
                "You add along a row of W. x[j] reaches every out[i]: over which index is added for x[j]?",
            ),
            Edit(
                "added before multiplying",
                {_BACK: "W.sum(axis=0) * d_out.sum()"},
                "You add all of d_out and all of a column first, and multiply then. Which weight belongs to"
                " which entry of d_out?",
            ),
            Edit(
                "a mean for the sum",
                ({_BACK: "W.T @ d_out / len(d_out)"}, {_BACK: "W.T @ d_out / len(x)"}),
                "Something is divided in d_x. x[j] reaches the loss by every out[i]: is what comes"
                " back added,"
                " or averaged?",
            ),
            Edit(
                "a table for d_x",
                ({_BACK: "np.outer(d_out, W)"}, {_BACK: "np.outer(W, d_out)"}, {_BACK: "np.outer(x, d_out)"}),
                "Your d_x is a table. Which shape has x, and so what is handed back to it?",
            ),
            Edit(
                "W in d_W",
                ({_OUTER: "W * np.outer(d_out, x)"}, {_OUTER: "np.outer(d_out, W)"}),
                "W stands in your d_W. When one weight moves, how far its output moves is said by x alone."
                " Where would the weight itself come in?",
            ),
            Edit(
                "x in d_x, and W",
                ({_BACK: "W.T @ d_out * x"}, {_BACK: "x * (W.T @ d_out)"}),
                "x stands in your d_x. When x moves, how far out moves is said by W alone. Does x belong"
                " there?",
            ),
            Edit(
                "out for d_out",
                (
                    {_OUTER: "np.outer(W @ x, x)", _BACK: "W.T @ (W @ x)"},
                    {_OUTER: "np.outer(W @ x, x)"},
                ),
                "You hand on W x itself, the way forward. What came back to it is d_out: where is it in your"
                " rule?",
            ),
            Edit(
                "the inverse of W",
                ({_BACK: "np.linalg.inv(W) @ d_out"}, {_BACK: "np.linalg.pinv(W) @ d_out"}),
                "The inverse leads from out back to x. What is asked is how the loss moves with x: over which"
                " paths does x[j] reach it?",
            ),
            Edit(
                "one of the two alone",
                ({"return d_W, d_x": "return d_W"}, {"return d_W, d_x": "return d_x"}),
                "One array is handed back. The layer has two operands, W and x: what does the other one get?",
            ),
            Edit(
                "the other order",
                {"return d_W, d_x": "return d_x, d_W"},
                "Both are there. Which operand comes first in W @ x, and so in what is returned?",
            ),
            Edit(
                "x in d_x",
                (
                    {_BACK: "np.matmul(W.T, x)"},
                    {_BACK: "np.matmul(W, x)"},
                    {_BACK: "np.dot(W.T, x)"},
                    {_BACK: "np.dot(W, x)"},
                ),
                "x stands in your d_x. When x moves, how far out moves is said by W alone: what is it that"
                " came back and must be handed on?",
            ),
            Edit(
                "d_out left out",
                (
                    {_OUTER: "np.outer(np.ones_like(d_out), x)"},
                    {_BACK: "W.sum(axis=0)"},
                    {_OUTER: "np.outer(np.ones_like(d_out), x)", _BACK: "W.sum(axis=0)"},
                    {_OUTER: "x", _BACK: "W"},
                ),
                "This would be right if every entry of d_out were 1. Where does your rule use what came"
                " back?",
            ),
        ),
    ),
)


# ------------------------------------------------------------------ relu_vjp


def _relu(z: FloatArray) -> FloatArray:
    return np.where(z > 0, z, 0.0)


def _relu_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(d_out: FloatArray, z: FloatArray) -> Case:
        # at 0 itself the slope is the one from the left
        return Case({"d_out": d_out, "z": z}, {"d_z": handed_back(_relu, d_out, z - 1e-4 * (z == 0))[0]})

    yield case(np.array([2.0, -3.0, 5.0, -7.0]), np.array([-1.3, 0.39, 4.0, -0.2]))
    yield case(np.array([2.0, 3.0, -4.0]), np.array([0.0, 1.0, 0.0]))
    for shape in ((3,), (5,), (2, 3), (2, 2, 3), (4, 1)):
        z = _some(rng, *shape)
        yield case(_some(rng, *shape), np.where(rng.random(shape) < 0.2, 0.0, z))
    for z in (0.7, -0.7):
        yield case(np.array(-tenth(rng) - 3), np.array(z))


RELU = RightAnswer(
    "relu_vjp",
    """
    def relu_vjp(d_out, z):
        return d_out * (z > 0)
    """,
)
_MASK, _MASKED = "(z > 0)", "d_out * (z > 0)"


def _along_one_axis(d_out: FloatArray, z: FloatArray) -> FloatArray:
    d_z = np.zeros(len(z))
    for i in range(len(z)):
        if z[i] > 0:
            d_z[i] = d_out[i]
    return d_z


relu_rule = Exercise(
    id="relu_vjp",
    lesson="04",
    slide="Useful derivatives in NNs",
    asks="relu_vjp(d_out, z) gives d_z, what ReLU hands back to z; its slope at 0 is 0.",
    functions=("relu_vjp",),
    signature=("d_out", "z"),
    quantities=(Quantity("d_z", None, Array(), MOVED),),
    parts=(Part("d_z", 1, ("d_z",)),),
    cases=_relu_cases,
    hints=(
        "Look at the slide's curve: what is the slope of ReLU where z is positive, and where it is not?",
        "The slope is 1 or 0. Which of the two an entry has is decided by z alone, not by what came back.",
        "z > 0 is an array of True and False, which count as 1 and 0 in a product. Or: np.where takes a"
        " condition and two values.",
    ),
    twin="abs_vjp, the rule of |z|, just before the exercise",
    misconceptions=(
        Misconception(
            "one axis only",
            "Your loop counts along the first axis, so z[i] is a row where z is a table, and a"
            " single number has"
            " no length. What asks the question for every entry, whatever the shape?",
            (_along_one_axis,),
        ),
        *mistakes(
            RELU,
            (
                Edit(
                    "slope 1 at 0",
                    {_MASK: "(z >= 0)"},
                    'At z = 0 your slope is 1. The slide says "1 if x > 0, 0 else": which of the two is 0?',
                ),
                Edit(
                    "ReLU of the gradient",
                    (
                        {_MASKED: "np.maximum(0, d_out)"},
                        {_MASKED: "np.clip(d_out, 0, 1)"},
                        {_MASK: "(z > 0) * (d_out > 0)"},
                    ),
                    "Your rule looks at the sign of what came back. A negative gradient is a message too (it"
                    " says:"
                    " move the other way). Which number decides whether the unit was on?",
                ),
                Edit(
                    "no mask",
                    {_MASKED: "d_out"},
                    "Everything is handed on. If z = −1.3 moves a little, does ReLU(z) move?",
                ),
                Edit(
                    "int(z) as the mask",
                    ({_MASK: "z.astype(int)"}, {_MASK: "int(z)"}, {_MASK: "np.trunc(z)"}),
                    "int(z) cuts off the decimals: 0.39 becomes 0, and 4.2 becomes 4. The slope is 0"
                    " or 1: which"
                    " question about z has such an answer?",
                ),
                Edit(
                    "ReLU itself",
                    {_MASKED: "np.maximum(0, z)"},
                    "You give ReLU(z), the way forward. What came back is d_out: where is it in your rule?",
                ),
                Edit(
                    "ReLU of the product",
                    {_MASKED: "np.maximum(0, d_out * z)"},
                    "Your result is never negative. A negative gradient is a message too: which"
                    " number decides"
                    " whether it is let through?",
                ),
                Edit(
                    "a slope that depends on how large z is",
                    (
                        {_MASK: "z"},
                        {_MASK: "np.abs(z)"},
                        {_MASK: "np.clip(z, 0, 1)"},
                        {_MASK: "1 / (1 + np.exp(-z))"},
                    ),
                    "Your factor depends on how large z is. The slide's slope has two values only:"
                    " which, and which"
                    " question about z decides?",
                ),
                Edit(
                    "slope 1/2 at 0",
                    {_MASK: "np.heaviside(z, 0.5)"},
                    'At z = 0 your slope is 1/2. The slide says "1 if x > 0, 0 else": which of the two is 0?',
                ),
                Edit(
                    "a slope below 0 too",
                    tuple({_MASK: f"np.where(z > 0, 1, {small})"} for small in (0.01, 0.1, 0.2, 0.001)),
                    "Where z is negative you let a small part through: that is another function, the"
                    " leaky ReLU."
                    " How steep is the slide's ReLU there?",
                ),
                Edit(
                    "entries left out",
                    {_MASKED: "d_out[z > 0]"},
                    "d_out[z > 0] takes out the entries that pass and drops the others. Which shape"
                    " has z, and so"
                    " d_z?",
                ),
                Edit(
                    "added up",
                    {_MASKED: "np.sum(d_out * (z > 0))"},
                    "The entries are added up to one number. Which shape has z, and so d_z?",
                ),
                Edit(
                    "the mask added",
                    {_MASKED: "d_out + (z > 0)"},
                    "You add the slope to what came back. How do two links of a chain go together?",
                ),
                Edit(
                    "ReLU where its slope belongs",
                    {_MASK: "np.maximum(0, z)"},
                    "You multiply by ReLU(z) itself. Is the slope larger when z is larger?",
                ),
                Edit(
                    "d_out left out",
                    (
                        {_MASKED: "(z > 0) * 1.0"},
                        {_MASKED: "z > 0"},
                        {_MASKED: "(z > 0) * 1"},
                    ),
                    "This is the slope of ReLU alone. What became of d_out, which came back to it?",
                ),
                Edit(
                    "d_out overwritten",
                    {"return d_out * (z > 0)": "d_out[z <= 0] = 0\n    return d_out"},
                    "The numbers are right, but they were written into d_out itself, which belongs"
                    " to somebody"
                    " else. What makes a new array instead?",
                ),
                Edit(
                    "sign for slope",
                    (
                        {_MASK: "np.sign(z)"},
                        {_MASK: "np.where(z > 0, 1.0, -1.0)"},
                        {_MASK: "np.where(z >= 0, 1.0, -1.0)"},
                    ),
                    "Your slope is −1 where z is negative: that is the slope of |z|. How steep is"
                    " ReLU there?",
                ),
                Edit(
                    "the mask turned round",
                    ({_MASK: "(z < 0)"}, {_MASK: "(z <= 0)"}),
                    "Your mask lets through where z is negative. Where does ReLU let its value"
                    " through on the way"
                    " forward?",
                ),
            ),
        ),
    ),
)


# ------------------------------------------------------------------ softmax_vjp

_ONE_ENTRY, _ANY = "d_out of one entry", "any d_out"


def _softmax(z: FloatArray) -> FloatArray:
    e = np.exp(z - z.max())
    return e / e.sum()


def _softmax_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(d_out: FloatArray, z: FloatArray) -> Case:
        expected = {"d_z": handed_back(_softmax, d_out, z)[0]}
        part = _ONE_ENTRY if np.count_nonzero(d_out) == 1 else _ANY
        return Case({"d_out": d_out, "p": _softmax(z)}, expected, parts=(part,))

    yield case(np.array([10.0, 0.0]), np.log(np.array([0.2, 0.8])))
    yield case(np.array([0.0, 10.0]), np.log(np.array([0.2, 0.8])))
    yield case(np.array([10.0, -10.0, 20.0]), np.log(np.array([0.2, 0.3, 0.5])))
    for classes in (2, 3, 4, 5):
        yield case(_some(rng, 1)[0] * np.eye(classes)[rng.integers(classes)], _some(rng, classes))
        yield case(_some(rng, classes) * 3, _some(rng, classes))


SOFTMAX = RightAnswer(
    "softmax_vjp",
    """
    def softmax_vjp(d_out, p):
        J = np.diag(p) - np.outer(p, p)
        return J.T @ d_out
    """,
)
_JACOBIAN, _PRODUCT = "np.diag(p) - np.outer(p, p)", "J.T @ d_out"

softmax_rule = Exercise(
    id="softmax_vjp",
    lesson="04",
    slide="Useful derivatives in NNs",
    asks="softmax_vjp(d_out, p) gives d_z, what p = softmax(z) hands back to z.",
    functions=("softmax_vjp",),
    signature=("d_out", "p"),
    quantities=(Quantity("d_z", None, Array(), MOVED),),
    parts=(Part(_ONE_ENTRY, 1, ("d_z",)), Part(_ANY, 2, ("d_z",))),
    cases=_softmax_cases,
    hints=(
        "z[j] moves every p[i], for all probabilities share one sum. So d_z[j] is a sum over all i: what came"
        " back to p[i], times the slope of p[i] for z[j].",
        "The slide gives that slope: p_i (δ_ij − p_j). Write the table of all slopes, one for each pair i, j:"
        " what stands on its diagonal, what elsewhere?",
        "np.diag(v) has v on its diagonal and 0 elsewhere; np.outer(v, v) has v_i v_j at (i, j). Make the"
        " table"
        " J of slopes from these two. The sum over i of J[i, j] d_out[i] is a product of a matrix with"
        " d_out.",
    ),
    twin="normalise_vjp, the rule of z / Σ z, just before the exercise",
    may_use=("softmax",),
    misconceptions=mistakes(
        SOFTMAX,
        (
            Edit(
                "only the last term",
                {_PRODUCT: "J[-1] * d_out[-1]"},
                "Each entry of yours holds the last term of its sum alone. With = each term takes"
                " the place of"
                " the one before: what adds them up?",
            ),
            Edit(
                "the factor p left out",
                (
                    {_PRODUCT: "d_out - p @ d_out"},
                    {_PRODUCT: "d_out - p * d_out.sum()"},
                ),
                "Your slopes are δ_ij − p, with no p in front of the bracket, as in the worked"
                " example. Look at"
                " the slide's: by what is the bracket multiplied?",
            ),
            Edit(
                "p_j for p_i in front",
                {_PRODUCT: "p * d_out - p * p * d_out.sum()"},
                "You multiply the bracket by p_j. Which index has the p in front of it on the slide?",
            ),
            Edit(
                "1 for delta",
                ({_JACOBIAN: "np.outer(p, 1 - p)"}, {_JACOBIAN: "np.outer(1 - p, p)"}),
                "You take δ_ij as 1 everywhere. What is it where i and j differ?",
            ),
            Edit(
                "p on the diagonal",
                {_JACOBIAN: "np.diag(p) - np.outer(p, p) * (1 - np.eye(len(p)))"},
                "On the diagonal of your table stands p_i. By the slide's formula, what is it where i = j?",
            ),
            Edit(
                "plus off the diagonal",
                {_JACOBIAN: "np.outer(p, p) + np.diag(p * (1 - 2 * p))"},
                "Off the diagonal your slopes are positive. When z_j grows, does another p_i grow or shrink?",
            ),
            Edit(
                "ones on the diagonal",
                {_JACOBIAN: "np.eye(len(p)) - np.outer(p, p)"},
                "You have δ_ij − p_i p_j. Multiply out the slide's p_i (δ_ij − p_j): by what is δ_ij"
                " multiplied?",
            ),
            Edit(
                "no table of products",
                (
                    {_JACOBIAN: "np.diag(p) - p * p", _PRODUCT: "J @ d_out"},
                    {_JACOBIAN: "np.diag(p) - np.inner(p, p)"},
                    {_JACOBIAN: "np.diag(p) - p @ p"},
                ),
                "p * p and p @ p do not have an entry for each pair i, j. Which product of two"
                " vectors makes a"
                " table?",
            ),
            Edit(
                "the table alone",
                {_PRODUCT: "J"},
                "You give the table of slopes itself. What came back, d_out, has one number for each"
                " p_i: what"
                " is done with the two?",
            ),
            Edit(
                "the table times d_out, entry by entry",
                ({_PRODUCT: "J * d_out"}, {_PRODUCT: "J * d_out[:, None]"}),
                "* multiplies entry by entry, and the table stays one. Each z_j gets a sum over all"
                " i: what adds"
                " them up?",
            ),
            Edit(
                "added up to one number",
                {_PRODUCT: "np.sum(J.T @ d_out)"},
                "You add everything up to one number, and it is 0 up to rounding. Which shape has z, and so"
                " d_z?",
            ),
            Edit(
                "p taken away",
                ({_PRODUCT: "p * d_out - p"}, {_PRODUCT: "p * d_out - len(p) * p"}),
                "You take away p itself. In the sum over i, by what is p_i p_j multiplied?",
            ),
            Edit(
                "diagonal only",
                {_JACOBIAN: "np.diag(p * (1 - p))"},
                "You use p (1 − p), the slope of p_i for its own z_i. When z_i moves, do the other"
                " probabilities stay?",
            ),
            Edit(
                "p - d_out",
                ({_PRODUCT: "p - d_out"}, {_PRODUCT: "d_out - p"}),
                "p − y belongs to softmax and the loss together. Here the loss is not known: d_out may be"
                " anything. What does softmax alone hand back?",
            ),
            Edit(
                "the Jacobian's sign",
                {_JACOBIAN: "np.outer(p, p) - np.diag(p)"},
                "The sign is the wrong way round. When z_i grows, does p_i grow or shrink?",
            ),
            Edit(
                "+ for -",
                {_JACOBIAN: "np.diag(p) + np.outer(p, p)"},
                "With your slopes every probability grows when one score grows. What must the slopes of all p"
                " for one z add up to, when Σ p stays 1?",
            ),
            Edit(
                "nothing taken away",
                ({_JACOBIAN: "np.diag(p)"},),
                "p times d_out alone: that is what exp would hand back. What does the division by the sum"
                " take away again?",
            ),
            Edit(
                "row sums",
                (
                    {_PRODUCT: "J.sum(axis=1)"},
                    {_PRODUCT: "J.sum(axis=0)"},
                ),
                "d_out is not in there: you add up slopes alone, and right ones add up to 0. Before they are"
                " added, what is each of them multiplied by?",
            ),
            Edit(
                "softmax of p",
                {"J = np.diag": "p = np.exp(p) / np.sum(np.exp(p))\n    J = np.diag"},
                "p is softmax(z) already. What becomes of probabilities when softmax is applied once more?",
            ),
            Edit(
                "d_out and p exchanged",
                {_JACOBIAN: "np.diag(d_out) - np.outer(d_out, d_out)", _PRODUCT: "J.T @ p"},
                "The slopes are made of d_out, and p is handed on. The slopes of softmax are made of its"
                " outputs: which of the two arguments holds them?",
            ),
            Edit(
                "p - y times p (1 - p)",
                ({_PRODUCT: "(p - d_out) * p * (1 - p)"}, {_PRODUCT: "(d_out - p) * p * (1 - p)"}),
                "That is the rule of a squared error behind separate units. Here every z moves every p, and"
                " the loss is not known: which sum over all entries is missing?",
            ),
            Edit(
                "d_out left out",
                {_PRODUCT: "p * (1 - p)"},
                "d_out is not in there. It says how much the loss cares for each p: where does it come in?",
            ),
            Edit(
                "the sum without p",
                (
                    {_PRODUCT: "p * (d_out - np.sum(d_out))"},
                    {_PRODUCT: "p * (d_out - np.mean(d_out))"},
                    {_PRODUCT: "p * d_out - np.sum(p * d_out)"},
                ),
                "Something is taken away from every entry, that is right. Look at the slope p_i (δ_ij − p_j)"
                " once more: how many p stand in the part that is taken away?",
            ),
            Edit(
                "the diagonal left out",
                {_JACOBIAN: "-np.outer(p, p)"},
                "Your slopes are all −p_i p_j. What does δ_ij add where i and j are the same?",
            ),
        ),
    ),
)


# ------------------------------------------------------------------ gradient_check

_SMALL, _LARGE = "small gradients", "large gradients"


def _check_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(
        part: str, weights: FloatArray, slopes_: FloatArray, errors: FloatArray, theta: FloatArray
    ) -> Case:
        true = weights * theta + slopes_
        largest = max(
            abs(error) / max(1.0, abs(right + error), abs(right))
            for error, right in zip(errors.ravel().tolist(), true.ravel().tolist(), strict=True)
        )
        return Case(
            {
                "f": Recipe("curved", (weights, slopes_), "f(θ) = Σ (w θ² / 2 + s θ)"),
                "gradient": Recipe("gradient off", (weights, slopes_, errors), _off_words(errors)),
                "theta": theta,
            },
            {"error": largest},
            parts=(part,),
        )

    zeros = np.zeros(2)
    yield case(_SMALL, np.array([0.1, 0.2]), zeros, np.array([0.0, 0.3]), np.array([1.0, -1.0]))
    yield case(_SMALL, np.array([0.1, 0.2]), zeros, np.array([-0.4, 0.1]), np.array([1.0, -1.0]))
    yield case(_SMALL, np.array([0.1, 0.0]), zeros, zeros, np.array([1.0, -1.0]))
    yield case(_LARGE, np.array([10.0, 20.0]), zeros, np.array([0.0, 5.0]), np.array([1.0, 2.0]))
    yield case(_LARGE, np.array([10.0, 20.0]), zeros, np.array([4.0, -20.0]), np.array([-1.0, -2.0]))
    yield case(_LARGE, np.array([10.0, 20.0]), zeros, zeros, np.array([1.0, 2.0]))
    for shape in ((3,), (2, 3), (2, 1, 2), ()):
        theta, signs = _some(rng, *shape), np.sign(_some(rng, *shape))
        small = _some(rng, *shape) / 10
        yield case(_SMALL, small, small[::-1] if shape else small, signs * rng.random(shape) / 3, theta)
        yield case(_LARGE, 20 * _some(rng, *shape), 0 * theta, 9 * signs * rng.random(shape), theta)


def _off_words(errors: FloatArray) -> str:
    if not np.any(errors):
        return "its gradient"
    off = np.round(errors, 3) + 0.0
    return f"its gradient + {off.tolist()}" if off.size <= 6 else "its gradient, with errors"


CHECK = RightAnswer(
    "gradient_check",
    """
    def numeric(f, theta, h=1e-5):
        n = np.zeros(np.shape(theta))
        for i in np.ndindex(np.shape(theta)):
            up, down = theta.copy(), theta.copy()
            up[i] += h
            down[i] -= h
            n[i] = (f(up) - f(down)) / (2 * h)
        return n

    def gradient_check(f, gradient, theta):
        a = gradient(theta)
        n = numeric(f, theta)
        error = np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))
        return np.max(error)
    """,
)
_SIZE = "np.maximum(1, np.maximum(np.abs(a), np.abs(n)))"
_ERROR = "np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))"


def _library_check(f: Callable[..., Any], gradient: Callable[..., Any], theta: Any) -> float:
    return gradient_error(f, gradient, theta)


gradient_check = Exercise(
    id="gradient_check",
    lesson="04",
    slide="Back-propagation",
    asks="gradient_check(f, gradient, theta) gives the largest of |a − n| / max(1, |a|, |n|).",
    functions=("gradient_check",),
    signature=("f", "gradient", "theta"),
    quantities=(Quantity("error", None, Number(tolerance=1e-4, absolute=True)),),
    parts=(Part(_SMALL, 1, ("error",)), Part(_LARGE, 1, ("error",))),
    cases=_check_cases,
    hints=(
        "Two arrays are needed first: a, what gradient says at theta, and n, what moving theta says. You have"
        " a function for n already: numeric_gradient(f, theta).",
        "The formula is meant for each entry, so all of it can be done on whole arrays. np.maximum takes the"
        " larger of two, entry by entry; of three numbers it takes two calls.",
        "At the end there is one array with an error for each entry, and one number is asked: np.max takes"
        " the largest of an array. Look at the signs: which three values have bars in the formula?",
    ),
    twin="the cell that compares two lists of numbers, just before the exercise",
    may_use=("numeric_gradient",),
    misconceptions=(
        *one_at_a_time(
            CHECK,
            (
                Edit(
                    "absolute error",
                    {_ERROR: "np.abs(a - n)"},
                    "You measure the difference itself. Is 0.01 as bad for a gradient of 1000 as for one"
                    " of 0.02?",
                ),
                Edit(
                    "no absolute value",
                    ({"np.abs(a - n)": "(a - n)"}, {"np.abs(a - n)": "(n - a)"}),
                    "An entry that is too small gives a negative error, and a negative number is never the"
                    " largest. Which bars of the formula are missing?",
                ),
                Edit(
                    "no absolute value below",
                    {"np.maximum(np.abs(a), np.abs(n))": "np.maximum(a, n)"},
                    "A gradient of −1000 is large too. What do the bars in the denominator say?",
                ),
                Edit(
                    "mean for max",
                    ({"np.max(error)": "np.mean(error)"}, {"np.max(error)": "np.median(error)"}),
                    "In a mean, one wrong entry among a million cannot be seen. Which one should be"
                    " reported?",
                ),
                Edit(
                    "sum for max",
                    ({"np.max(error)": "np.sum(error)"}, {"np.max(error)": "np.linalg.norm(error)"}),
                    "All errors are added up, so that a longer gradient looks worse. Which one of them is"
                    " asked?",
                ),
                Edit(
                    "min for max",
                    {"np.max(error)": "np.min(error)"},
                    "This is the best entry. Which one would you want to hear of?",
                ),
                Edit(
                    "numeric against numeric",
                    ({"a = gradient(theta)": "a = numeric(f, theta)"}, {"a - n": "a - a"}),
                    "Your error is 0 for every gradient. Is the gradient that is to be checked used at all?",
                ),
                Edit(
                    "another definition",
                    (
                        {_ERROR: "np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))"},
                        {_ERROR: "np.linalg.norm(a - n) / max(np.linalg.norm(a), np.linalg.norm(n))"},
                        {_ERROR: "np.linalg.norm(a - n) / np.linalg.norm(a + n)"},
                    ),
                    "This is a good measure, and another one: it compares the two as whole vectors, as some"
                    " courses do. Here each entry is asked by itself, and the worst of them: what stands"
                    " in the"
                    " formula below the line?",
                ),
                Edit(
                    "only one of the two below",
                    (
                        {"np.maximum(np.abs(a), np.abs(n))": "np.abs(a)"},
                        {"np.maximum(np.abs(a), np.abs(n))": "np.abs(n)"},
                        {"np.maximum(np.abs(a), np.abs(n))": "np.abs(a), np.abs(n)"},
                    ),
                    "Of |a| and |n| only one counts below the line (np.maximum compares two arrays,"
                    " and takes a"
                    " third for its result). How is the largest of three found by two calls?",
                ),
                Edit(
                    "minimum for maximum",
                    {
                        "np.maximum(1, np.maximum(np.abs(a), np.abs(n)))": "np.minimum(1,"
                        " np.minimum(np.abs(a),"
                        " np.abs(n)))"
                    },
                    "The smallest of the three stands below the line. Which one does the formula take?",
                ),
                Edit(
                    "as a whole",
                    {
                        _ERROR: "np.max(np.abs(a - n)) / max(1, np.max(np.abs(a)), np.max(np.abs(n)))",
                    },
                    "The largest difference is divided by the largest entry, which may be another one. The"
                    " formula is for each entry: when is the largest taken?",
                ),
                Edit(
                    "one entry alone",
                    ({"np.max(error)": "np.ravel(error)[0]"}, {"np.max(error)": "np.ravel(error)[-1]"}),
                    "You give the error of one entry, the first or the last. Which of all errors is asked?",
                ),
                Edit(
                    "where the largest is",
                    {"np.max(error)": "np.argmax(error)"},
                    "You give the place of the largest error. Its size is asked.",
                ),
                Edit(
                    "the difference squared",
                    ({"np.abs(a - n)": "(a - n) ** 2"}, {_ERROR: "(a - n) ** 2"}),
                    "The difference is squared. What do the bars above the line do with it?",
                ),
                Edit(
                    "a sum above",
                    {"np.abs(a - n)": "np.abs(a + n)"},
                    "You add a and n. Two numbers are compared by which sign?",
                ),
                Edit(
                    "the sizes compared",
                    {"np.abs(a - n)": "np.abs(np.abs(a) - np.abs(n))"},
                    "You compare |a| and |n|: a gradient with the wrong sign passes. What stands between the"
                    " bars above the line?",
                ),
                Edit(
                    "brackets left out",
                    {
                        "np.abs(a - n) /": "np.abs(a - n /",
                        "np.maximum(np.abs(a), np.abs(n)))": "np.maximum(np.abs(a), np.abs(n))))",
                    },
                    "Only n is divided. Which bracket closes before the line of the fraction?",
                ),
                Edit(
                    "the loss for the numeric gradient",
                    {"n = numeric(f, theta)": "n = f(theta)"},
                    "f(theta) is the loss itself. What measures its gradient?",
                ),
                Edit(
                    "one over the other",
                    ({_ERROR: "a / n"}, {_ERROR: "n / a"}),
                    "You divide one gradient by the other. What is asked is how far they are apart:"
                    " what stands"
                    " above the line?",
                ),
                Edit(
                    "the worked example's numbers for arrays",
                    {_ERROR: "abs(a - n) / max(1, abs(a), abs(n))"},
                    "This is the worked example's line, for two numbers. Here a and n are arrays:"
                    " which function"
                    " of NumPy takes the larger of two, entry by entry?",
                ),
                Edit(
                    "no 1 in the denominator",
                    (
                        {_SIZE: "np.maximum(np.abs(a), np.abs(n))"},
                        {_SIZE: "np.abs(a)"},
                        {_SIZE: "np.abs(n)"},
                    ),
                    "Where both are 0 you divide 0 by 0, and tiny entries look as bad as wrong ones. Which"
                    " third"
                    " number is in the formula's max?",
                ),
                Edit(
                    "+ for max in the denominator",
                    (
                        {"np.maximum(np.abs(a), np.abs(n))": "np.abs(a) + np.abs(n)"},
                        {
                            "np.maximum(1, np.maximum(np.abs(a), np.abs(n)))": "(1 + np.maximum(np.abs(a),"
                            " np.abs(n)))"
                        },
                        {"np.maximum(1, np.maximum(np.abs(a), np.abs(n)))": "(1 + np.abs(a) + np.abs(n))"},
                    ),
                    "Something is added below the line. The formula takes the largest of three numbers there:"
                    " which three?",
                ),
                Edit(
                    "all errors",
                    {"return np.max(error)": "return error"},
                    "This is the error of each entry. One number is asked: which of them?",
                ),
                Edit(
                    "yes or no",
                    (
                        {"return np.max(error)": "return np.max(error) < 1e-6"},
                        {"return np.max(error)": "return bool(np.max(error) < 1e-5)"},
                    ),
                    "It says whether the gradient is right. A number is asked, so that one sees how far"
                    " off it is:"
                    " what do you compare with the bound?",
                ),
            ),
        ),
        Misconception(
            "the library's own check",
            "This is the library's gradient_error: it is right, and it is what is to be written here. Which"
            " steps does it take?",
            (_library_check,),
        ),
    ),
)
