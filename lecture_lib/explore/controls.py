"""The controls that an explorer can have: each a name, a label, and the values it goes through.

A control knows nothing of the browser. It lists its options, each a text and a value, in order; the
browser shows a native control for them and only ever says *which* option is chosen. So no number is
rounded on its way, and nothing but a listed value can reach the view.
"""

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Any, NamedTuple, cast

import numpy as np

from lecture_lib.common import number


class Setting(NamedTuple):
    """One value that a control can have, and the text that stands for it."""

    text: str
    value: Any


class Control:
    """What all of them have: its options, and the number of the one that is chosen at first."""

    kind = ""

    def __init__(
        self,
        name: str,
        label: str,
        values: Iterable[Any] | Mapping[str, Any],
        start: Any = None,
    ) -> None:
        if not str(name).isidentifier():
            raise ValueError(f"a control's name is the view's keyword; {name!r} cannot be one")
        self.name, self.label = name, label
        if isinstance(values, Mapping):
            named = cast("Mapping[str, Any]", values)
            self.options = tuple(Setting(str(text), _pythons(value)) for text, value in named.items())
        else:
            values = tuple(map(_pythons, values))
            self.options = tuple(map(Setting, _texts(values), values))
        if len(self.options) < 2:
            raise ValueError(f"control {name!r}: at least two values were expected, not {len(self.options)}")
        listed = [option.value for option in self.options]
        if start is not None and start not in listed:
            raise ValueError(f"control {name!r}: the start {start!r} is not one of its values {listed}")
        self.first = 0 if start is None else listed.index(start)


class Slider(Control):
    """A native range: arrow keys go through the values in order.

    Parameters
    ----------
    name : str
        the view's keyword
    label : str
        what the reader sees beside the slider
    values : iterable or mapping
        the values, or text -> value
    start : object, optional
        the value at first; the first one if left out
    """

    kind = "slider"


class Choice(Control):
    """A native select: one value of a few. Its parameters are those of `Slider`."""

    kind = "choice"


class Toggle(Control):
    """A native checkbox: the view receives False or True."""

    kind = "toggle"

    def __init__(self, name: str, label: str, start: bool = False) -> None:
        super().__init__(name, label, {"off": False, "on": True}, start)


class Steps(Control):
    """A scrubber: first, back, play, next, last, and a range. The view receives 0, 1, ..., last.

    Parameters
    ----------
    name : str
        the view's keyword
    label : str
        what one position is called
    last : int
        the highest position, 1 or more
    start : int
        the position at first
    seconds : float
        how long each position stays while it plays
    """

    kind = "steps"

    def __init__(self, name: str, label: str, last: int, start: int = 0, seconds: float = 1.2) -> None:
        if last < 1:
            raise ValueError(f"Steps {name!r}: last is {last}; at least 1 was expected")
        super().__init__(name, label, {f"{i} of {last}": i for i in range(last + 1)}, start)
        self.last, self.seconds = last, seconds


def index_of(control: Control, value: Any) -> int:
    """Which option a value means: the one that is equal, or among numbers the nearest one.

    A linked slider may send 0.30000000000000004, or a number beyond the last; as ipywidgets' own sliders do,
    the nearest number that can be chosen is taken.

    Raises
    ------
    ValueError
        If the value is not listed and is no number among numbers.

    Examples
    --------
    >>> index_of(Slider("w", "w", [0.1, 0.2, 0.3]), 0.1 + 0.2)
    2
    """
    value = _pythons(value)
    listed = [option.value for option in control.options]
    for index, known in enumerate(listed):
        if type(known) is type(value) and known == value:
            return index
    if _is_number(value) and all(map(_is_number, listed)):
        return min(range(len(listed)), key=lambda index: abs(listed[index] - value))
    if value in listed:
        return listed.index(value)
    shown = ", ".join(map(repr, listed[:12])) + (", ..." if len(listed) > 12 else "")
    raise ValueError(f"{control.name} cannot be {value!r}: it is one of {shown}")


def _is_number(value: Any) -> bool:
    """A number that has a place among others: no truth value and not NaN."""
    return type(value) is not bool and isinstance(value, int | float) and not isnan(value)


def numbers(low: float, high: float, step: float) -> tuple[float, ...]:
    """The numbers from low to high in equal steps, both ends included, free of rounding dust.

    Examples
    --------
    >>> numbers(-0.2, 0.2, 0.1)
    (-0.2, -0.1, 0.0, 0.1, 0.2)
    """
    if step <= 0 or high < low:
        raise ValueError(f"numbers({low}, {high}, {step}): low ≤ high and a step above 0 were expected")
    count = round((high - low) / step)
    if abs(low + count * step - high) > 1e-6 * step:
        raise ValueError(f"numbers({low}, {high}, {step}): steps that lead from low to high were expected")
    return tuple(round(low + i * step, 10) + 0.0 for i in range(count + 1))


def _pythons(value: Any) -> Any:
    """Return one of NumPy's numbers, such as np.linspace gives, as Python's own."""
    return cast("Any", value).item() if isinstance(value, np.generic) else value


def _texts(values: tuple[Any, ...]) -> list[str]:
    """A text for each value. Floats get the decimals that the finest of them needs, and a true minus sign."""
    decimals = max((_decimals(value) for value in values if isinstance(value, float)), default=0)
    return [_text(value, decimals) for value in values]


def _text(value: Any, decimals: int) -> str:
    if isinstance(value, float):
        return number(value, decimals)
    return number(value, digits=6) if isinstance(value, int) else str(value)


def _decimals(value: float) -> int:
    """How many decimals the shortest exact writing of the value has.

    Examples
    --------
    >>> [_decimals(v) for v in (2.0, 0.5, 0.001, 1e-7)]
    [1, 1, 3, 7]
    """
    mantissa, _, exponent = repr(value).partition("e")
    digits = len(mantissa.partition(".")[2]) if "." in mantissa else 0
    return max(1, digits - int(exponent or 0))
