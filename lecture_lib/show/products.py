"""Where each entry of a product comes from: two vectors at the edges of a table, their products inside.

An outer product is the table itself. With a transposed matrix, the columns of the table are added up.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.common import number

from . import svg
from .formula_picture import symbols_in_line
from .picture import Picture
from .svg import BACKWARD, FORWARD, INK, PALE
from .typeset import bracketed_if_negative, short_vector, text_width, value_words

MOST = 6
"""More entries along an edge are not drawn: nobody would read them."""

PAD, ROW = 10.0, 42.0


def outer_product(
    d: ArrayLike, x: ArrayLike, *, names: tuple[str, str] = ("∂ℓ/∂z", "x"), decimals: int = 2
) -> Picture:
    """Draw d xᵀ: d at the left, x on top, and at each place of the table the product of the two.

    Parameters
    ----------
    d : (n,) array
        What came back, for example ∂ℓ/∂z.
    x : (m,) array
        What went in on the way forward.
    names : (str, str)
        What d and x are called.
    decimals : int
        Decimals of every number.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If one of the two is no vector of 1 to 6 entries.

    Examples
    --------
    >>> print(outer_product([-0.5, 0.5], [0.0, 0.4], names=("∂ℓ/∂o", "h")).words)
    Outer product. At the left ∂ℓ/∂o = [−0.50, 0.50], on top h = [0.00, 0.40].
    row 1: −0.50 × 0.00 = 0.00, −0.50 × 0.40 = −0.20
    row 2: 0.50 × 0.00 = 0.00, 0.50 × 0.40 = 0.20
    """
    left = short_vector(d, MOST, "outer_product", names[0])
    top = short_vector(x, MOST, "outer_product", names[1])
    table = np.outer(left, top)
    factors = [[(float(one), float(other)) for other in top] for one in left]
    lines = [
        f"Outer product. At the left {names[0]} = {value_words(left, decimals)}, on top {names[1]} = "
        f"{value_words(top, decimals)}.",
        *_rows_in_words(factors, table, decimals),
    ]
    edge = _Edge(names[1], [number(float(entry), decimals) for entry in top], FORWARD)
    return _drawn("Outer product", names[0], left, edge, None, factors, table, lines, decimals)


def transposed_product(
    W: ArrayLike, d: ArrayLike, *, names: tuple[str, str] = ("W", "∂ℓ/∂z"), decimals: int = 2
) -> Picture:
    """Draw Wᵀ d: each entry of W times the d of its row, and beneath each column the sum.

    Parameters
    ----------
    W : (n, m) array
        The matrix that was multiplied with on the way forward.
    d : (n,) array
        What came back.
    names : (str, str)
        What W and d are called.
    decimals : int
        Decimals of every number.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If d is no vector of 1 to 6 entries, or W has not as many rows, or more than 6 columns.

    Examples
    --------
    >>> print(transposed_product([[0.0, -0.5], [-0.9, 0.3]], [-0.5, 0.5], names=("U", "∂ℓ/∂o")).words)
    Product with the transposed matrix. At the left ∂ℓ/∂o = [−0.50, 0.50]; in the table each entry of U
    times the number of its row; beneath, the sums of the columns.
    row 1: 0.00 × (−0.50) = 0.00, −0.50 × (−0.50) = 0.25
    row 2: −0.90 × 0.50 = −0.45, 0.30 × 0.50 = 0.15
    sums: [−0.45, 0.40]
    """
    left = short_vector(d, MOST, "transposed_product", names[1])
    matrix = np.asarray(W, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != left.size or not 1 <= matrix.shape[1] <= MOST:
        raise ValueError(
            f"transposed_product: {names[0]} has shape {matrix.shape}; expected ({left.size}, m), a row for "
            f"each entry of {names[1]}, with m from 1 to {MOST}"
        )
    table = matrix * left[:, np.newaxis]
    factors = [[(float(w), float(one)) for w in row] for row, one in zip(matrix, left, strict=True)]
    sums = matrix.T @ left
    lines = [
        f"Product with the transposed matrix. At the left {names[1]} = {value_words(left, decimals)}; in the "
        f"table each entry of {names[0]} times the number of its row; beneath, the sums of the columns.",
        *_rows_in_words(factors, table, decimals),
        f"sums: {value_words(sums, decimals)}",
    ]
    title = f"{names[0]} transposed times {names[1]}"
    return _drawn(title, names[1], left, _Edge(names[0], [], FORWARD), sums, factors, table, lines, decimals)


class _Edge(NamedTuple):
    """What stands along the top: its name, and a number for each column, or none for a matrix."""

    name: str
    entries: list[str]
    colour: str


def _factor(one: float, other: float, decimals: int) -> str:
    return f"{number(one, decimals)} × {bracketed_if_negative(other, decimals)}"


def _rows_in_words(factors: list[list[tuple[float, float]]], table: Array, decimals: int) -> list[str]:
    return [
        f"row {i + 1}: "
        + ", ".join(
            f"{_factor(*pair, decimals)} = {number(float(value), decimals)}"
            for pair, value in zip(row, values, strict=True)
        )
        for i, (row, values) in enumerate(zip(factors, table, strict=True))
    ]


def _drawn(
    title: str,
    left_name: str,
    left: Array,
    above: _Edge,
    sums: Array | None,
    factors: list[list[tuple[float, float]]],
    table: Array,
    lines: list[str],
    decimals: int,
) -> Picture:
    """The table with its edges: in each place the two factors, and beneath them their product."""
    said = [[_factor(*pair, decimals) for pair in row] for row in factors]
    column = max(text_width(text, "k") for row in said for text in row) + 2 * PAD
    numbers = [number(float(entry), decimals) for entry in left]
    side, head = symbols_in_line(left_name, BACKWARD), symbols_in_line(above.name, above.colour)
    room = max([*map(text_width, numbers), head.width, text_width("sum")])
    start = 16 + side.width + 14 + room + 12
    top = 40.0
    middle = top + ROW * len(said) / 2
    # a vector's name stands before its numbers, a matrix's over its columns
    named = start - 12 - head.width if above.entries else start + column * table.shape[1] / 2 - head.width / 2
    body = [side.draw(16, middle), head.draw(named, 20 if above.entries else 26)]
    for j, entry in enumerate(above.entries):
        body.append(svg.text(start + column * (j + 0.5), 24.5, entry, above.colour, "n"))
    for i, (row, values) in enumerate(zip(said, table, strict=True)):
        y = top + ROW * i
        body.append(svg.text(start - 12, y + ROW / 2 + 4.5, numbers[i], BACKWARD, "n g", anchor="end"))
        for j, (text, value) in enumerate(zip(row, values, strict=True)):
            x = start + column * j
            body.append(svg.rect(x, y, column, ROW, fill="#fff", stroke=svg.CARD_LINE))
            body.append(svg.text(x + column / 2, y + 16, text, PALE, "k"))
            body.append(svg.text(x + column / 2, y + 34, number(float(value), decimals), BACKWARD, "n g"))
    bottom = top + ROW * len(said)
    if sums is not None:
        body.append(svg.text(start - 12, bottom + 21, "sum", INK, "n", anchor="end"))
        for j, value in enumerate(sums):
            x = start + column * j
            body.append(svg.rect(x, bottom + 4, column, 26, fill=svg.PARAMETER_FILL, stroke=BACKWARD))
            body.append(
                svg.text(x + column / 2, bottom + 22, number(float(value), decimals), BACKWARD, "n g")
            )
        bottom += 30
    words = "\n".join(lines)
    return Picture(svg.document(start + column * table.shape[1] + 20, bottom + 16, title, words, body), words)
