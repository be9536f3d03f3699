"""A layer written out with its numbers: z = W h0 + b, the whole and each row."""

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.common import number

from . import svg
from .picture import Picture
from .svg import FORWARD, INK, Value, value_of
from .typeset import bracketed_if_negative, is_written_out, text_width, value_words


def matrix_step(
    W: ArrayLike,
    x: ArrayLike,
    b: ArrayLike | None = None,
    *,
    names: tuple[str, str, str, str] = ("z", "W", "h0", "b"),
    decimals: int = 2,
) -> Picture:
    """Draw z = W x + b with its numbers in brackets, and below it how each entry of z comes about.

    Parameters
    ----------
    W : (n, m) array
    x : (m,) array
    b : (n,) array, optional
        Leave it out for o = U h.
    names : four str
        How z, W, x and b are called.
    decimals : int
        Decimals of every number.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the shapes do not fit, or W is too large to be written out.

    Examples
    --------
    >>> W, h0, b = [[0.9, 1.0], [0.7, -0.3]], [0.0, -1.3], [0.0, 0.0]
    >>> print(matrix_step(W, h0, b).words)
    z = W h0 + b = [[0.90, 1.00], [0.70, −0.30]] [0.00, −1.30] + [0.00, 0.00] = [−1.30, 0.39]
    z1 = 0.90 × 0.00 + 1.00 × (−1.30) + 0.00 = −1.30
    z2 = 0.70 × 0.00 + (−0.30) × (−1.30) + 0.00 = 0.39
    """
    matrix, vector, bias = _checked(W, x, b, names)
    z_name, W_name, x_name, b_name = names
    z = matrix @ vector + (0.0 if bias is None else bias)
    symbols = f"{z_name} = {W_name} {x_name}" + (f" + {b_name}" if bias is not None else "") + " ="
    parts: list[str | Value] = [value_of("", matrix, decimals), value_of("", vector, decimals)]
    said = f"{symbols} {value_words(matrix, decimals)} {value_words(vector, decimals)}"
    if bias is not None:
        parts += ["+", value_of("", bias, decimals)]
        said += f" + {value_words(bias, decimals)}"
    parts += ["=", value_of("", z, decimals, bold=True)]
    said += f" = {value_words(z, decimals)}"
    rows: list[str] = []
    for i in range(matrix.shape[0]):
        terms = [
            f"{bracketed_if_negative(matrix[i, j], decimals)} × {bracketed_if_negative(vector[j], decimals)}"
            for j in range(matrix.shape[1])
        ]
        if bias is not None:
            terms.append(bracketed_if_negative(bias[i], decimals))
        rows.append(f"{z_name}{i + 1} = {' + '.join(terms)} = {number(float(z[i]), decimals)}")
    words = "\n".join([said, *rows])
    whole, right, foot = _in_one_line(symbols, parts)
    each, right, foot = _each_row(rows, foot + 22, right)
    return Picture(svg.document(right + 20, foot + 16, f"{z_name} written out", words, whole + each), words)


def _checked(
    W: ArrayLike, x: ArrayLike, b: ArrayLike | None, names: tuple[str, str, str, str]
) -> tuple[Array, Array, Array | None]:
    """Return W, x and b, if they fit together and can be written out."""
    matrix, vector = np.asarray(W, dtype=np.float64), np.asarray(x, dtype=np.float64)
    bias = None if b is None else np.asarray(b, dtype=np.float64)
    _, W_name, x_name, b_name = names
    if matrix.ndim != 2 or vector.shape != (matrix.shape[1],):
        raise ValueError(
            f"matrix_step: {W_name} {matrix.shape} and {x_name} {vector.shape} disagree; "
            f"expected {W_name} (n, m) and {x_name} (m,)"
        )
    if bias is not None and bias.shape != (matrix.shape[0],):
        raise ValueError(f"matrix_step: {b_name} has shape {bias.shape}; expected ({matrix.shape[0]},)")
    if not matrix.size:
        raise ValueError(f"matrix_step: {W_name} {matrix.shape} has no entries; at least one was expected")
    if not (is_written_out(matrix) and is_written_out(vector)):
        raise ValueError(
            f"matrix_step: {W_name} {matrix.shape} is too large to be written out; up to 12 entries in up to"
            " 4 rows and 4 columns fit, or one row or column of up to 6"
        )
    return matrix, vector, bias


def _in_one_line(symbols: str, parts: list[str | Value]) -> tuple[list[str], float, float]:
    """Draw signs, and numbers in brackets, in a line; return where it ends to the right and below."""
    high = max(part.height for part in parts if isinstance(part, Value))
    middle = 14 + high / 2
    pieces = [svg.symbols(20.0, middle + 4, symbols, INK, "n", anchor=None)]
    at = 20.0 + svg.symbols_width(symbols) + 6
    for part in parts:
        if isinstance(part, Value):
            pieces.append(part.draw(at + part.width / 2, middle - part.height / 2, FORWARD))
            at += part.width + 6
        else:
            pieces.append(svg.text(at + 6, middle + 4, part, INK, "n"))
            at += 14
    return pieces, at, 14 + high


def _each_row(rows: list[str], top: float, right: float) -> tuple[list[str], float, float]:
    """Draw how each entry comes about; return where all of it ends to the right, and the last line."""
    pieces: list[str] = []
    for k, row in enumerate(rows):
        left, numbers = row.split(" = ", 1)
        y = top + 19 * k
        indent = 20.0 + svg.symbols_width(f"{left} =") + 6
        pieces.append(svg.symbols(20.0, y, f"{left} =", INK, "n", anchor=None))
        pieces.append(svg.text(indent, y, numbers, FORWARD, "n", anchor=None))
        right = max(right, indent + text_width(numbers))
    return pieces, right, top + 19 * (len(rows) - 1)
