"""One quantity of what an answer gave: taking it out, and whether it is what was expected."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from .answer import Outcome
from .exercise import Case, Exercise, Quantity, Wanted, WantedArray, WantedNumber, WantedOther
from .plain import AnyArray, Foreign, Key, Plain, as_array, close
from .plain_words import describe, number_words, short, told_apart


class Absent:
    """Stands for a quantity that is not in what came."""


ABSENT = Absent()


def taken(exercise: Exercise, quantity: Quantity, case: Case, value: Plain) -> Plain | Absent:
    """Take one quantity out of what an answer gave in a case; `ABSENT` if it is not in there."""
    key = quantity.key
    if key is None:
        return value
    if isinstance(key, int):
        size = sum(isinstance(other.key, int) for other in exercise.quantities)
        if isinstance(value, (list, tuple)) and len(value) == size:
            return value[key]
        asked = [other.name for other in exercise.quantities if other.name in case.expected]
        shapes: set[tuple[int, ...]] = {np.shape(case.expected[name]) for name in asked}
        if (
            type(value) is np.ndarray
            and value.dtype.kind != "b"
            and {(size, *shape) for shape in shapes} == {value.shape}
        ):
            return np.asarray(value[key])  # what is side by side in one array is a tuple of it
        return ABSENT
    if isinstance(value, dict) and key in value and not _too_many_keys(exercise, value):
        return value[key]
    return ABSENT


def numbers_taken(exercise: Exercise, quantity: Quantity, case: Case, value: Plain) -> AnyArray | None:
    """Take one quantity out as numbers; None if it is not in there, or something else."""
    one = taken(exercise, quantity, case, value)
    return None if isinstance(one, Absent) else as_array(one)


def follows(
    exercise: Exercise, case: Case, student: str, name: str, value: Plain, slack: float = 1.0
) -> bool | None:
    """Whether a number by hand is what its step makes of the one before it.

    None if one of them is missing, or not finite. It may be off by `slack` times the step's tolerance.
    """
    step = exercise.follows[name]
    quantities = (exercise.quantity(each) for each in (step.before, name))
    before, after = (numbers_taken(exercise, each, case, value) for each in quantities)
    if before is None or after is None or not (np.isfinite(before).all() and np.isfinite(after).all()):
        return None
    if before.shape != np.shape(case.expected[step.before]):
        return None
    made = step.value(student, before.astype(np.float64))
    return made.shape == after.shape and close(after, made, slack * step.tolerance)


def _too_many_keys(exercise: Exercise, value: dict[Key, Plain]) -> list[Key]:
    """Return the keys that were not asked; beside numbers worked by hand there may be others."""
    if exercise.is_value:
        return []
    asked = {quantity.key for quantity in exercise.quantities}
    return [key for key in value if key not in asked]


def wrong_frame(exercise: Exercise, quantity: Quantity, value: Plain) -> str:
    """Say what came in place of the tuple or the dict that was asked."""
    names = ", ".join(other.name for other in exercise.quantities)
    if isinstance(quantity.key, int):
        return f"{describe(value)}; a tuple of {len(exercise.quantities)} was expected: ({names})"
    if isinstance(value, dict):
        extra = _too_many_keys(exercise, value)
        if extra:
            return (
                f"a dict with the key {short(str(extra[0]), 60)}, which was not asked; the keys are {names}"
            )
        return f'a dict without the key "{quantity.key}"'
    return f"{describe(value)}; a dict with the keys {names} was expected"


def as_asked(want: Wanted, value: Plain, axes: int = 1) -> AnyArray | None:
    """Return the number or the array of numbers that was asked, None if the value is something else.

    A number is an array without axes, where such an array is expected.
    """
    if isinstance(want, WantedNumber):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return np.array(float(value))
        return (
            value if type(value) is np.ndarray and value.shape == () and value.dtype.kind in "fiu" else None
        )
    one_number = axes == 0 and type(value) in (int, float)
    array = as_array(value) if one_number or (isinstance(want, WantedArray) and want.lists) else value
    return array if type(array) is np.ndarray and array.dtype.kind != "b" else None


def is_right(exercise: Exercise, quantity: Quantity, case: Case, outcome: Outcome) -> bool:
    """Whether there is nothing to be said of a quantity, which is so nearly always."""
    if outcome.failure is not None or outcome.waits or outcome.changed:
        return False
    value = taken(exercise, quantity, case, outcome.value)
    return not (isinstance(value, Absent) or value is None or value is Ellipsis) and is_value_right(
        quantity, value, case
    )


def is_value_right(quantity: Quantity, value: Plain, case: Case) -> bool:
    """Whether a quantity has the value that is expected of it."""
    want, expected = quantity.want, case.expected[quantity.name]
    if isinstance(want, WantedOther):
        return want.fault(value, expected) is None
    array, wanted = as_asked(want, value, np.ndim(expected)), np.asarray(expected, np.float64)
    return (
        array is not None
        and array.shape == wanted.shape
        and bool(np.isfinite(array).all())
        and close(array, wanted, _tolerance_in(case, quantity, wanted))
    )


def _tolerance_in(case: Case, quantity: Quantity, expected: AnyArray) -> float:
    tolerance = case.tolerances.get(quantity.name, quantity.want.tolerance)
    if isinstance(quantity.want, WantedNumber) and quantity.want.absolute:
        return tolerance / max(1.0, abs(float(expected)))
    return tolerance


Wrong = tuple[Literal["value", "type"], str, str]
"""What is wrong with a value: of which kind, what was seen, what was expected."""


def wrong(quantity: Quantity, value: Plain, case: Case) -> Wrong:
    """Say what is wrong with a value that is not right."""
    want, expected = quantity.want, case.expected[quantity.name]
    if isinstance(want, WantedOther):
        return "value", "", want.fault(value, expected) or ""
    array = as_asked(want, value, np.ndim(expected))
    if array is None:
        seen, wanted = _another_kind(want, value, expected)
        return "type", seen, wanted
    because = case.because or quantity.because
    return "value", *_wrong_numbers(quantity, array, np.asarray(expected, np.float64), because)


def _another_kind(want: WantedNumber | WantedArray, value: Plain, expected: Any) -> tuple[str, str]:
    """Say what came where a number or an array was asked, and what was expected."""
    if isinstance(value, Foreign) and value.kind == "a set":
        wanted = "a float" if isinstance(want, WantedNumber) else "an array of numbers"
        return "a set (curly brackets make one, square brackets a list)", f"; {wanted} was expected"
    if isinstance(want, WantedNumber):
        seen, kind = short(value, 60), describe(value)
        told = "" if kind == seen else f" ({kind.removeprefix(f'{seen}, ')})"  # it may say its kind already
        return f"{seen}{told}", f"; a {'whole number' if want.whole else 'float'} was expected"
    if type(value) is np.ndarray:
        return describe(value), "; numbers were expected"
    if isinstance(value, (list, tuple)) and not want.lists:
        made = (
            "a comma in a return makes a tuple"
            if isinstance(value, tuple)
            else "np.array makes one of a list"
        )
        return describe(value), f"; an array was expected ({made})"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (
            f"{short(value, 60)}, a single number",
            f"; an array of shape {np.shape(expected)} was expected",
        )
    return short(value, 60), "; an array of numbers was expected"


def _wrong_numbers(quantity: Quantity, array: AnyArray, wanted: AnyArray, because: str) -> tuple[str, str]:
    if array.shape != wanted.shape:
        seen = describe(array) if array.ndim else f"{_numbers(array)}, a single number"
        return seen, f"; the shape {wanted.shape} was expected"
    because = f" ({because})" if because else ""
    if quantity.secret:
        finite = bool(np.all(np.isfinite(array)))
        return _numbers(array), " is not it" if finite else " is not a finite number"
    if isinstance(quantity.want, WantedNumber) and quantity.want.whole:
        return _numbers(array).removesuffix(".0"), f"; {int(wanted)} was expected{because}"
    narrow = f" in {array.dtype.name}" if array.dtype.kind == "f" and array.dtype.itemsize < 8 else ""
    if array.size <= 6:
        came, due = _told_apart(array, wanted)
        return f"{came}{narrow}", f"; {due} was expected{because}"
    with np.errstate(all="ignore"):
        distance = np.where(np.isfinite(array), np.abs(array.astype(np.float64) - wanted), np.inf)
    place = tuple(int(axis) for axis in np.unravel_index(int(np.argmax(distance)), array.shape))
    where = "[" + ", ".join(str(axis) for axis in place) + "]"
    came, due = _told_apart(array[place], wanted[place])
    return f"{describe(array)}, with {came} at {where}", f"; {due} was expected there{because}"


def _told_apart(array: AnyArray, wanted: AnyArray) -> tuple[str, str]:
    one, two = (value.astype(np.float64) if np.ndim(value) else float(value) for value in (array, wanted))
    return told_apart(one, two)


def _numbers(array: AnyArray) -> str:
    return number_words(float(array)) if np.ndim(array) == 0 else short(array.astype(np.float64))
