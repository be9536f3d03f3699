"""What can be said of a wrong answer whose mistake is not known: it is constant, rounded, transposed."""

import re
from collections.abc import Iterator

import numpy as np

from .attempt import Attempt, Faults
from .exercise import Quantity, WantedArray, WantedNumber
from .plain import AnyArray, Foreign, Plain, alike, close
from .plain_words import decimal_comma
from .quantities import numbers_taken

CONSTANT = (
    "It gave the same for every input that was tried. Do numbers of one example stand in it, where the"
    " arguments should?"
)
PRINTED = (
    "Something was printed on the way. print shows a number and return hands it back: is everything that is"
    " asked in the return?"
)


def general_advice(attempt: Attempt, faults: Faults) -> list[str]:
    """Return what can be said of any wrong answer."""
    kinds = {fault.kind for fault in faults.values() if fault is not None}
    constant = "value" in kinds and is_constant(attempt)
    if attempt.exercise.rough:
        return list(_advice_on_numbers_by_hand(attempt, faults))
    found = [CONSTANT] if constant else list(_advice_on_numbers(attempt, faults))
    found += _advice_on_kinds(attempt)
    if "type" in kinds and any(outcome.printed for outcome in attempt.outcomes):
        found.append(PRINTED)
    return found


NEAR = (
    "near what was expected, on every input, and not near enough. Is a number rounded on the way, or a step"
    " too large?"
)
LATER = {
    "a generator": "Round brackets with a for in them, and functions with yield, make one",
    "a map": "map makes one",
    "a zip": "zip makes one",
    "a filter": "filter makes one",
}
"""What calculates only when it is gone through, and what makes it."""


def _advice_on_kinds(attempt: Attempt) -> Iterator[str]:
    """Say of what came every time that it has calculated nothing yet, is a text, or has no entries."""
    values = [outcome.value for outcome in attempt.outcomes if outcome.failure is None]
    asked = [quantity for quantity in attempt.exercise.quantities if quantity.key is None]
    if not values or attempt.exercise.is_value:
        return
    kind = values[0].kind if isinstance(values[0], Foreign) else ""
    if kind in LATER and all(isinstance(value, Foreign) and value.kind == kind for value in values):
        yield (
            f"What you return is {kind}: it has calculated nothing yet. {LATER[kind]}. Which function goes"
            " through it: sum for one number, list for a list?"
        )
    numbers = [quantity for quantity in asked if isinstance(quantity.want, (WantedNumber, WantedArray))]
    if numbers and all(isinstance(value, str) for value in values):
        yield (
            'What you return is a text. f"…", str(…) and quotes make one. Can the number itself be returned?'
        )
    if numbers and all(map(_is_empty, values)):
        yield (
            "What you return has no entries. Does a total begin with [] where a number is to be added, or is"
            " nothing put into the list? (What round brackets with a for in them make, and what map and zip"
            " make, can be gone through once: the second time nothing is left.)"
        )


def _is_empty(value: Plain) -> bool:
    return value.size == 0 if type(value) is np.ndarray else isinstance(value, list) and not value


def _advice_on_numbers_by_hand(attempt: Attempt, faults: Faults) -> Iterator[str]:
    """Say of each wrong number worked by hand if it is right to one decimal, or has a decimal comma."""
    for quantity, pairs in _wrong_numbers(attempt, faults):
        numbers, wanted = pairs[0]
        if comma := decimal_comma(quantity.name, numbers, wanted):
            yield comma
        elif numbers.shape == wanted.shape and bool(np.all(np.abs(numbers - np.round(wanted, 1)) < 1e-9)):
            yield f"{quantity.name} is right to one decimal. Two are asked."


def is_constant(attempt: Attempt) -> bool:
    """Whether the answer gives the same in every case of a function, though not the same is expected."""
    first = attempt.outcomes[0]
    if attempt.exercise.is_value or len(attempt.exercise.functions) > 1 or len(attempt.cases) < 3:
        return False
    return not _is_empty(first.value) and all(
        outcome.failure is None and not outcome.waits and alike(outcome.value, first.value, 0.0)
        for outcome in attempt.outcomes
    )


def _advice_on_numbers(attempt: Attempt, faults: Faults) -> Iterator[str]:
    """Say of each wrong array or number if it is right but for its sign, a factor, or transposition."""
    for quantity, pairs in _wrong_numbers(attempt, faults):
        if quantity.secret:
            continue
        words = _likeness(pairs, quantity.want.tolerance)
        if not words and quantity.because and _is_near(pairs):
            words = NEAR
        if words:
            yield f"{quantity.name if quantity.key is not None else 'The result'} is {words}"


_Pairs = list[tuple[AnyArray, AnyArray]]
"""What came and what was expected, in each case."""


def _wrong_numbers(attempt: Attempt, faults: Faults) -> Iterator[tuple[Quantity, _Pairs]]:
    """Give the quantities that are wrong numbers."""
    wrong = {spot.quantity.name for spot, fault in faults.items() if fault and fault.kind == "value"}
    for quantity in attempt.exercise.quantities:
        if quantity.name in wrong and isinstance(quantity.want, (WantedNumber, WantedArray)):
            pairs = _numbers_beside_the_expected(attempt, quantity)
            if pairs:
                yield quantity, pairs


def _numbers_beside_the_expected(attempt: Attempt, quantity: Quantity) -> _Pairs:
    """Return what came and what was expected in each case; nothing unless all that came are numbers."""
    pairs: _Pairs = []
    for case, outcome in zip(attempt.cases, attempt.outcomes, strict=True):
        if quantity.name not in case.expected:
            continue
        numbers = numbers_taken(attempt.exercise, quantity, case, outcome.value)
        if numbers is None or numbers.dtype.kind == "b":
            return []
        pairs.append((numbers.astype(np.float64), np.asarray(case.expected[quantity.name], np.float64)))
    return pairs


_SAID_FACTORS = [
    sign * factor for factor in (1.5, 2, 2.5, 3, 4, 5, 10, 100, 0.5, 0.25, 0.2, 0.1, 0.01) for sign in (1, -1)
]
"""A factor that is said is one of these: by any other an answer could tell what it was given."""


def tells_a_number(advice: str) -> bool:
    """Whether an advice has a number that an answer could have chosen: a factor, or how many decimals."""
    return bool(re.search(r" is (-?[\d.]+ times what was expected|right to .+ decimals?), on every", advice))


def _rounding(ours: AnyArray, theirs: AnyArray) -> str:
    """Say to how many decimals all numbers are rounded or cut off, "" if they are not."""
    cut = np.trunc(theirs + 1e-6 * np.sign(theirs))  # what was measured is a little off
    if np.any(ours) and any(np.array_equal(ours, whole) for whole in (cut, np.round(theirs))):
        return "a whole number each time, less than 1 from what was expected. Where do its decimals get lost?"
    for decimals in range(1, 5):
        if np.all(ours == np.round(ours, decimals)) and np.all(np.abs(ours - theirs) < 0.51 / 10**decimals):
            places = "one decimal" if decimals == 1 else f"{decimals} decimals"
            return f"right to {places}, on every input, and has no more. Where are they rounded?"
    return ""


def _is_near(pairs: _Pairs) -> bool:
    """Whether all numbers are within a hundredth of the larger of 1 and the largest that was expected."""
    return all(
        value.shape == wanted.shape
        and bool(np.all(np.abs(value - wanted) <= 0.01 * np.max(np.abs(wanted), initial=1.0)))
        for value, wanted in pairs
    )


def _likeness(pairs: _Pairs, tolerance: float) -> str:
    """Say how numbers resemble the expected ones on every input, "" if they do not."""
    ours, theirs = (np.concatenate([one.ravel() for one in each]) for each in zip(*pairs, strict=True))
    same_shapes = all(value.shape == wanted.shape for value, wanted in pairs)
    if same_shapes and (words := _rounding(ours, theirs)):
        return words
    if all(
        value.ndim == 2 and value.T.shape == wanted.shape and close(value.T, wanted, tolerance)
        for value, wanted in pairs
    ):
        return "the transpose of what was expected. Which index should count the rows?"
    if not same_shapes:
        return ""
    if not np.any(ours):
        if pairs[0][0].ndim == 0:
            return "0 on every input. Where is what was worked out for it?"
        return "0 everywhere, on every input. Was it made of zeros and never filled?"
    if np.count_nonzero(np.abs(theirs) > tolerance) < 2 or not np.all(np.isfinite(ours)):
        return ""
    largest = int(np.argmax(np.abs(theirs)))
    factor = float(ours[largest] / theirs[largest])
    if abs(factor) < tolerance or abs(factor - 1) < 0.01 or not close(ours, factor * theirs, tolerance):
        return ""  # with a factor of nearly 1 they are near, and that is another matter
    if abs(factor + 1) < tolerance:
        return "right but for its sign, on every input. Where does a minus come from, or get lost?"
    said = next((known for known in _SAID_FACTORS if abs(factor - known) < tolerance), None)
    words = "what was expected times the same factor" if said is None else f"{said:g} times what was expected"
    return f"{words}, on every input. Where could such a factor come from?"
