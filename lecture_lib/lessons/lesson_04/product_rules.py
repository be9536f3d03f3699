"""The derivative rules of products in lesson 04, as exercises: of numbers, and of a matrix and a vector."""

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
    tenth,
)

from .rule_mistakes import MOVED, handed_back, some_numbers


def _mul_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(d_out: Array, a: Array, b: Array) -> Case:
        d_a, d_b = handed_back(np.multiply, d_out, a, b)
        return Case({"d_out": d_out, "a": a, "b": b}, {"d_a": d_a, "d_b": d_b})

    yield case(np.array([1.0, 10.0]), np.array([3.0, -2.0]), np.array([5.0, 0.5]))
    for shape in ((2,), (3,), (2, 2), (2, 3), (1, 4), (2, 1, 3)):
        yield case(some_numbers(rng, *shape), some_numbers(rng, *shape), some_numbers(rng, *shape))
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
    functions=("mul_vjp",),
    signature=("d_out", "a", "b"),
    quantities=(Quantity("d_a", 0, WantedArray(), MOVED), Quantity("d_b", 1, WantedArray(), MOVED)),
    parts=(Part("d_a and d_b", 1, ("d_a", "d_b")),),
    cases=_mul_cases,
    hints=(
        "Take one entry: out = a b. When a moves by a little, how far does out move? And when b moves?",
        "The local slope for a is the other factor. What has arrived, d_out, says how much a move of out is"
        " worth: how do two links of a chain go together?",
        "Each of the two lines is a product of d_out and one of the operands. Which operand stands in the"
        " line for d_a: a itself, or the other one?",
    ),
    twin="sub_vjp, the rule of a difference, just before the exercise",
    misconceptions=mistakes(
        MUL,
        (
            Edit(
                "the rule of a sum",
                {"d_out * b": "d_out", "d_out * a": "d_out"},
                "What arrived is handed on unchanged: so does a sum. In a product, does out move as far as a"
                " does?",
            ),
            Edit(
                "the rule of a difference",
                {"d_out * b": "d_out", "d_out * a": "-d_out"},
                "This is the rule of a − b, from the worked example. When a moves by 1, how far does a b"
                " move?",
            ),
            Edit(
                "the product itself",
                (
                    {"return d_a, d_b": "return a * b"},
                    {"d_out * b": "a * b", "d_out * a": "a * b"},
                    {"d_out * b": "a * b"},
                ),
                "You give out = a b, the way forward. On the way back something has come to out:"
                " which share of it goes to each operand?",
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
                "d_out squared",
                {"d_out * b": "d_out**2 * b", "d_out * a": "d_out**2 * a"},
                "d_out stands in your results twice. If the loss is ten times as sensitive to out, how many"
                " times as sensitive is it to a?",
            ),
            Edit(
                "a table of all products",
                {"d_out * b": "np.outer(d_out, b)", "d_out * a": "np.outer(d_out, a)"},
                "np.outer multiplies every entry with every other. Entry 0 of out was computed from"
                " entry 0 of a alone: which shape has d_a?",
            ),
            Edit(
                "a result for its operand",
                ({"d_out * a": "d_out * d_a"}, {"d_out * b": "d_out * (d_out * a)"}),
                "One of your results stands in the other, in the place of an operand. Does a line such as"
                " a = d_out * … give the name of an operand to something else, before the operand was used?",
            ),
            Edit(
                "swapped",
                {"d_out * b": "d_out * a", "d_out * a": "d_out * b"},
                "out = a b. When a moves by 1, out moves by …: is it a or b that says how far?",
            ),
            Edit(
                "one operand in both",
                ({"d_out * b": "d_out * a"}, {"d_out * a": "d_out * b"}),
                "The same operand stands in both of your results. When a moves by 1, how far does a b move?"
                " And when b moves?",
            ),
            Edit(
                "d_out left out",
                (
                    {"d_out * b": "b", "d_out * a": "a"},
                    {"d_out * b": "b"},
                    {"d_out * a": "a"},
                    {"d_out * b": "a", "d_out * a": "b"},
                ),
                "An operand comes back alone, without d_out. If the loss is ten times as sensitive to out,"
                " where does your rule say so?",
            ),
            Edit(
                "all three multiplied",
                {"d_out * b": "d_out * a * b", "d_out * a": "d_out * a * b"},
                "Both operands stand in one result of yours, beside d_out. When one of them moves by 1 and"
                " the other stays, how far does a b move?",
            ),
            Edit(
                "the product for d_out",
                {"d_out * b": "a * b * b", "d_out * a": "a * b * a"},
                "The product a b stands in your rule where what came back should stand. Which argument holds"
                " what came back?",
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
    def case(d_out: Array, W: Array, x: Array) -> Case:
        d_W, d_x = handed_back(np.matmul, d_out, W, x)
        square = W.shape[0] == W.shape[1]
        parts = ("d_W", "d_x") if square else (_NOT_SQUARE,)
        return Case({"d_out": d_out, "W": W, "x": x}, {"d_W": d_W, "d_x": d_x}, parts=parts)

    yield case(np.array([1.0, 10.0]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, -1.0]))
    for n, m in ((2, 2), (3, 3), (4, 4), (2, 3), (3, 2), (4, 1), (1, 3)):
        yield case(some_numbers(rng, n), some_numbers(rng, n, m), some_numbers(rng, m))


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
    functions=("matvec_vjp",),
    signature=("d_out", "W", "x"),
    quantities=(Quantity("d_W", 0, WantedArray(), MOVED), Quantity("d_x", 1, WantedArray(), MOVED)),
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
                " product of two vectors has one for each pair?",
            ),
            Edit(
                "one row under several names",
                {_OUTER: "np.array([d_out[-1] * x] * len(d_out))"},
                "All rows of your d_W are the last one. [[0] * m] * n holds one and the same row n times:"
                " what makes a row of its own each time?",
            ),
            Edit(
                "all products in one row",
                ({_OUTER: "np.kron(d_out, x)"},),
                "The products for d_W stand in one row. Which shape has W, and so its gradient?",
            ),
            Edit(
                "out where x belongs",
                {_OUTER: "np.outer(d_out, W @ x)"},
                "W x stands in your d_W, which is out itself. By which number is the weight at (i, j)"
                " multiplied on the way forward?",
            ),
            Edit(
                "d_out for x",
                {_OUTER: "np.outer(d_out, d_out)"},
                "In your d_W, d_out stands where x belongs. By which number is the weight at (i, j)"
                " multiplied on the way forward?",
            ),
            Edit(
                "d_W added up",
                ({_OUTER: "np.outer(d_out, x).sum(axis=0)"}, {_OUTER: "np.outer(d_out, x).sum(axis=1)"}),
                "The products for d_W are added up to one row. Which shape has W, and so its gradient?",
            ),
            Edit(
                "the shares of the rows, not added",
                {_BACK: "d_out[:, np.newaxis] * W"},
                "The share of each row is there, and they stand in a table. x is used by all rows: what is"
                " done with what each of them hands back?",
            ),
            Edit(
                "all shares in one number",
                ({_BACK: "(d_out[:, np.newaxis] * W).sum()"}, {_BACK: "np.sum(W.T @ d_out)"}),
                "Your d_x is one number. x has several entries: which shares belong to the same entry?",
            ),
            Edit(
                "only the last row",
                {_BACK: "d_out[-1] * W[-1]"},
                "Your d_x holds the share of the last row alone. x is used by all rows: what is done"
                " with what each of them hands back?",
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
                " rows: which product of NumPy goes through all of them?",
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
                " back added, or averaged?",
            ),
            Edit(
                "a table for d_x",
                (
                    {_BACK: "W.T @ d_out.reshape(-1, 1)"},
                    {_BACK: "np.outer(d_out, W)"},
                    {_BACK: "np.outer(W, d_out)"},
                    {_BACK: "np.outer(x, d_out)"},
                ),
                "Your d_x is a table. Which shape has x, and so what is handed back to it?",
            ),
            Edit(
                "W in d_W",
                (
                    {_OUTER: "W * np.outer(d_out, x)"},
                    {_OUTER: "np.outer(d_out, W)"},
                    {_OUTER: "d_out[:, np.newaxis] * W"},
                    {_OUTER: "W.T @ d_out"},
                ),
                "W stands in your d_W. When one weight moves, how far its output moves is said by x alone."
                " Where would the weight itself come in?",
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
                alone=True,
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
                entire=True,
            ),
            Edit(
                "x in d_x",
                (
                    {_BACK: "W.T @ d_out * x"},
                    {_BACK: "np.matmul(W.T, x)"},
                    {_BACK: "np.matmul(W, x)"},
                ),
                "x stands in your d_x. When x moves, how far out moves is said by W alone. Which two of the"
                " three arguments does d_x need?",
            ),
            Edit(
                "the slope alone",
                ({_OUTER: "x", _BACK: "W"}, {_OUTER: "x"}, {_BACK: "W"}, {_BACK: "W.T"}, {_BACK: "x"}),
                "You hand back W or x as it came. It says how far out moves: how is d_out, which came back,"
                " joined to it?",
            ),
            Edit(
                "d_out left out",
                (
                    {_OUTER: "np.outer(np.ones_like(d_out), x)"},
                    {_BACK: "W.sum(axis=0)"},
                    {_OUTER: "np.outer(np.ones_like(d_out), x)", _BACK: "W.sum(axis=0)"},
                ),
                "Something that you hand back is the same for every d_out. Where does it use what came back?",
            ),
        ),
    ),
)
