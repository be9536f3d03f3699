"""A known mistake beside an answer: what it gives in each case, and whether the answer gives the same."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .answer import Failure, Outcome, call_known
from .attempt import Attempt, Faults, Spot
from .exercise import TOLERANCE, Case, Mixture, Wanted, WantedOther
from .plain import Plain, alike, as_array
from .quantities import Absent, is_right, is_value_right, taken


def _called(function: Callable[..., object], given: Case | str, look_at_arguments: bool) -> Outcome:
    """Return what a known wrong answer gives in a case; of a student's id, where a value is asked."""
    arguments = (given,) if isinstance(given, str) else tuple(given.arguments.values())
    return call_known(function, arguments, look_at_arguments)


_called_before = functools.lru_cache(maxsize=20_000)(_called)
"""The same, kept: a notebook asks again and again, and a class does, with the very same cases."""


@dataclass(frozen=True)
class Search:
    """What is searched for mistakes.

    What comes of large cases, or of one student's numbers, is kept while it lasts, and no longer.
    """

    attempt: Attempt
    faults: Faults
    called_now: Callable[..., Outcome] = field(default_factory=lambda: functools.cache(_called))

    def is_missing(self, spot: Spot) -> bool:
        """Whether nothing was given there yet."""
        fault = self.faults[spot]
        return fault is not None and fault.kind == "missing"

    def known(self, mixture: Mixture, number: int) -> Outcome:
        """Return what a known wrong answer gives in a case."""
        attempt, case, answer = self.attempt, self.attempt.cases[number], mixture.answer
        function = answer if callable(answer) else answer[case.function]
        if attempt.exercise.is_value:
            return self.called_now(function, attempt.student, attempt.changes_arguments)
        large = any(part.last and part.name in case.parts for part in attempt.exercise.parts)
        called = self.called_now if large else _called_before
        return called(function, case, attempt.changes_arguments)


def asked_at(search: Search, spot: Spot) -> tuple[int | str | None, frozenset[int]]:
    """What of the result is asked there, whatever it is called, and of which of the exercise's functions."""
    return spot.quantity.key, frozenset(search.attempt.cases[number].function for number in spot.cases)


def touched_by(search: Search, mixture: Mixture) -> set[Spot]:
    """Return the spots where a known mistake gives something wrong.

    Where it stops with an error, another one that is made with it may let it go on.
    """
    exercise, cases = search.attempt.exercise, search.attempt.cases
    looked_at = {number for spot in search.faults for number in spot.cases}  # not the large ones, perhaps
    outcomes = {number: (cases[number], search.known(mixture, number)) for number in looked_at}
    ran = {number for number, (_, outcome) in outcomes.items() if outcome.failure is None}
    return {
        spot
        for spot in search.faults
        if not ran
        or any(
            number in ran and not is_right(exercise, spot.quantity, *outcomes[number])
            for number in spot.cases
        )
    }


class Agreement(NamedTuple):
    """Whether a known mistake gives what this answer gave, whether that is wrong, and how near they are.

    If they are the same: whether only because both stop with the same errors. If they are not: whether both
    give something, and not only one of them stops with an error; and whether the known one goes on where this
    answer stops.
    """

    same: bool
    wrong: bool = False
    distance: float = 0.0
    other_value: bool = False
    goes_on: bool = False
    by_error: bool = False


_OTHER = Agreement(False)
_OTHER_VALUE = Agreement(False, other_value=True)
_GOES_ON = Agreement(False, goes_on=True)


def compare_known(search: Search, spot: Spot, mixture: Mixture, where_it_ran: bool = False) -> Agreement:
    """Compare what a known mistake gives with what came, in all cases, or where the answer ran at all."""
    attempt, quantity = search.attempt, spot.quantity
    exercise = attempt.exercise
    tolerance = quantity.want.tolerance
    if not exercise.is_value:  # what is right within a wide tolerance is not yet the same
        tolerance = min(tolerance, TOLERANCE)
    wrong, distance = False, 0.0
    same_errors: list[bool] = []
    ran = [number for number in spot.cases if attempt.outcomes[number].failure is None]
    for number in ran if where_it_ran and ran else spot.cases:
        mine = attempt.outcomes[number]
        theirs = search.known(mixture, number)
        if (mine.failure is None) != (theirs.failure is None):
            return _OTHER if mine.failure is None else _GOES_ON
        if mine.failure is not None and theirs.failure is not None:
            if mine.failure.kind != theirs.failure.kind:
                return _OTHER
            same_errors.append(_same_error(mine.failure, theirs.failure))
            continue
        case = attempt.cases[number]
        one, two = (taken(exercise, quantity, case, each.value) for each in (mine, theirs))
        if isinstance(one, Absent) and isinstance(two, Absent):  # neither has the form that was asked
            if not alike(theirs.value, mine.value, tolerance):
                return _OTHER_VALUE
            wrong = True
            continue
        if isinstance(one, Absent) or isinstance(two, Absent):
            return _OTHER_VALUE
        if not alike(_read(quantity.want, two), _read(quantity.want, one), tolerance):
            return _OTHER_VALUE
        wrong = wrong or not is_value_right(quantity, two, case)
        if exercise.is_value:
            ours, known = as_array(one), as_array(two)
            if ours is not None and known is not None:
                distance += float(np.max(np.abs(ours - known), initial=0.0)) / tolerance
    if where_it_ran and not ran and not all(same_errors):
        return _OTHER
    by_error = bool(same_errors) and not wrong
    return Agreement(True, wrong or (bool(same_errors) and all(same_errors)), distance, by_error=by_error)


_OF_MANY_LINES = "truth value of an array|to a scalar index"


def _same_error(mine: Failure, known: Failure) -> bool:
    """Whether two errors are the same; of calls nested too deeply Python says so in several ways.

    Some words come of many lines: then the line of the answer must call something that the known one uses.
    """
    if mine.kind != known.kind or mine.kind == "RecursionError":
        return mine.kind == known.kind
    if mine.message != known.message or not re.search(_OF_MANY_LINES, mine.message):
        return mine.message == known.message
    called = set(re.findall(r"([A-Za-z_]\w*)\s*\(", mine.piece))
    return not called or bool(called & set(known.text.split()))


def _read(want: Wanted, value: Plain) -> Plain:
    return want.read(value) if isinstance(want, WantedOther) else value
