"""Numbers as they are read: in pictures, in sentences, and in what a student may copy into code."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

_RAISED = str.maketrans("0123456789-−.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻·")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NOISE = 1e-12
"""What is smaller and rounds to nothing is rounding noise of a zero."""
_SURE = 13
"""So many digits of a float are no rounding noise: 0.39 × 0.5 and 0.195 are one number."""


def number(value: float, decimals: int = 2, *, digits: int | None = None, minus: str = "−") -> str:
    """Write a number to a stated precision: so many decimals, or so many digits that count.

    Zero has no sign.

    Parameters
    ----------
    value : float
    decimals : int
        Always so many, for numbers that stand among others, and alike whatever rounding noise is in them.
        What rounds to nothing, unless it is noise, and what is very large, is written with two digits that
        count.
    digits : int, optional
        In place of decimals: at most so many digits that count, no zeros at the end, and all of a whole
        number's before the point. Below 0.0001 and from a million on, with a power of ten, but whole numbers
        of type int in full.
    minus : str
        "-" writes as Python does, so that it can be copied into code.

    Examples
    --------
    >>> number(-2.4), number(-0.0), number(0.0048), number(5e-5), number(float("-inf")), number(12345678.0)
    ('−2.40', '0.00', '0.0048', '5.0 × 10⁻⁵', '−∞', '1.2 × 10⁷')
    >>> number(1868.41, digits=4), number(0.5, digits=4), number(-7.349e238, digits=3)
    ('1868', '0.5', '−7.35 × 10²³⁸')
    >>> number(1234567, digits=3), number(np.int64(1234567), digits=3), number(1234567.0, digits=3)
    ('1234567', '1234567', '1.23 × 10⁶')
    >>> number(-1.5, digits=6, minus="-"), number(1e-5, digits=6, minus="-")
    ('-1.5', '1e-05')
    """
    python = minus == "-"
    if not math.isfinite(value):
        return str(float(value)) if python else "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if digits is None:
        text = f"{float(f'{value:.{_SURE}g}'):.{decimals}f}"
        nothing = not text.strip("-0.")
        if abs(value) >= 1e6 or (nothing and abs(value) >= _NOISE):
            return _in_digits(value, 2, minus, str)  # its zeros stay: it is as wide as others of its kind
        if nothing:
            text = text.lstrip("-")
        return text.replace("-", minus)
    if isinstance(value, int | np.integer):
        return str(value).replace("-", minus)
    return _in_digits(value, digits, minus, _without_zeros)


def _in_digits(value: float, digits: int, minus: str, shortened: Callable[[str], str]) -> str:
    mantissa, _, exponent = f"{value + 0.0:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if -4 <= power < 6:
        text = shortened(f"{value + 0.0:.{max(0, digits - 1 - power)}f}")
    else:
        text = shortened(mantissa) + (f"e{exponent}" if minus == "-" else f" × 10{raised(str(power))}")
    return text.replace("-", minus)


def bracketed(value: ArrayLike, write: Callable[[float], str] = number) -> str:
    """Write an array on one line, each number as `write` does.

    >>> bracketed([[0, -1.3], [2, 1]]), bracketed(0.5)
    ('[[0.00, −1.30], [2.00, 1.00]]', '0.50')
    """
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return write(float(array))
    return f"[{', '.join(bracketed(part, write) for part in array)}]"


def raised(text: str) -> str:
    """Write digits as exponents: x² from x and 2.

    >>> raised("-12")
    '⁻¹²'
    """
    return text.translate(_RAISED)


def lowered(text: str) -> str:
    """Write digits as an index: h₀ from h and 0.

    >>> lowered("10")
    '₁₀'
    """
    return text.translate(_LOWERED)


def listed(names: Sequence[str]) -> str:
    """Write names as a sentence lists them.

    >>> listed(["E"]), listed(["E", "W"]), listed(["E", "W", "b"])
    ('E', 'E and W', 'E, W and b')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)


def counted(count: int, one: str, more: str = "") -> str:
    """Write how many there are of something.

    >>> counted(1, "step"), counted(1200, "step"), counted(12, "dev loss")
    ('1 step', '1,200 steps', '12 dev losses')
    >>> counted(1, "thing needs", "things need"), counted(2, "thing needs", "things need")
    ('1 thing needs', '2 things need')
    """
    more = more or one + ("es" if one.endswith("s") else "s")
    return f"{count:,} {one if count == 1 else more}"


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
