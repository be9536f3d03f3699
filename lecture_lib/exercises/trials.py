"""What speaks against known mistakes as the explanation of an answer, though they give the same somewhere."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .attempt import Attempt, Spot
from .exercise import Mixture, Quantity, WantedNumber
from .known_mistakes import Agreement, Search, asked_at, compare_known, touched_by
from .quantities import follows, numbers_taken, taken

FAR = 0.5
"""So much of the tolerance may lie between the one number by hand that a mistake explains and its own."""


@dataclass(frozen=True)
class Trial:
    """A mixture beside an answer, and what may speak against it: at each spot, and where it explains it."""

    search: Search
    mixture: Mixture
    seen: dict[Spot, Agreement]
    explained: set[Spot]

    @functools.cached_property
    def differing(self) -> list[Spot]:
        """Where it gives something else than what came."""
        exercise = self.search.attempt.exercise
        counts = exercise.rough or not exercise.is_value  # or else no number follows from another
        other = (spot for spot, found in self.seen.items() if counts and not found.same)
        return [spot for spot in other if not self.search.is_missing(spot)]

    @functools.cached_property
    def first(self) -> set[Spot]:
        """The spots that do not follow from an earlier number, which is wrong."""
        faults = self.search.faults.items()
        return {spot for spot, fault in faults if fault is None or not fault.follows}

    @functools.cached_property
    def against(self) -> list[Spot]:
        """Where it gives something else, and that counts: by hand, what follows does not."""
        rough = self.search.attempt.exercise.rough
        return [spot for spot in self.differing if spot in self.first] if rough else self.differing

    def stands(self) -> bool:
        """Whether nothing speaks against it."""
        return not (
            self.is_of_zeros()
            or self.is_of_one_answer()
            or self.is_not_so_in_other_cases()
            or self.is_outweighed()
            or self.may_be_chance()
            or self.stops_otherwise()
            or self.claims_more()
            or self.takes_another_step()
            or self.names_too_many()
        )

    def is_of_zeros(self) -> bool:
        """Whether it explains zeros, which come of much: of an array that was never filled, too."""
        return any(_is_zero(self.search.attempt, spot.quantity) for spot in self.explained) and (
            len(self.mixture.names) > 1 or self._any_right(self.differing)
        )

    def is_of_one_answer(self) -> bool:
        """Whether several mistakes explain one truth value and no more: much gives that each time."""
        attempt, faults = self.search.attempt, self.search.faults
        wrong = {spot for spot, fault in faults.items() if fault and fault.kind == "value"}
        return (
            len(self.mixture.names) > 1
            and not attempt.exercise.is_value
            and all(spot in wrong and _is_one_answer(attempt, spot) for spot in self.explained)
        )

    def is_not_so_in_other_cases(self) -> bool:
        """Whether what it says of a quantity is not so in other cases of the same functions."""
        named = {asked_at(self.search, spot) for spot in self.explained}
        other = (spot for spot in self.differing if self.seen[spot].other_value)
        return any(asked_at(self.search, spot) in named for spot in other)

    def is_outweighed(self) -> bool:
        """Whether, of numbers by hand, it explains none but what follows, or no more than it contradicts."""
        return self.search.attempt.exercise.rough and (
            not self.explained & self.first
            or len(self.explained) <= len(self.against)
            or self._any_right(self.against)
        )

    def may_be_chance(self) -> bool:
        """Whether, by hand, it explains one number alone, or several one array, and that is not near to it.

        Among many mistakes one is always near to any number, and among those made at once even more are.
        """
        spots = [*(self.explained & self.first)]
        if not self.search.attempt.exercise.rough or len(spots) != 1:
            return False
        by_several = len(self.mixture.names) > 1
        of_one_number = isinstance(spots[0].quantity.want, WantedNumber)
        return (by_several or of_one_number) and self.seen[spots[0]].distance > FAR

    def stops_otherwise(self) -> bool:
        """Whether it explains errors alone, and goes on elsewhere, or stops first for another reason."""
        if not all(self.seen[spot].by_error for spot in self.explained):
            return False
        if any(self.seen[spot].other_value or self.seen[spot].goes_on for spot in self.against):
            return True
        cases = self.search.attempt.cases
        functions = {cases[number].function for spot in self.explained for number in spot.cases}
        stops = {
            fault.case: spot
            for spot, fault in self.search.faults.items()
            if fault and fault.failure and cases[fault.case].function in functions
        }
        return bool(stops) and not self.seen[stops[min(stops)]].same  # the first is what is shown

    def claims_more(self) -> bool:
        """Whether one of the mistakes is recognised only where all agrees, or alone, and that is not so."""
        known = [self.search.attempt.exercise.misconception(name) for name in self.mixture.names]
        if self.against:
            return any(one.entire or one.whole for one in known)
        agreeing = sum(found.same for found in self.seen.values())
        doubtful = len(known) > 1 or agreeing < min(2, len(self.seen))
        return doubtful and any(one.whole for one in known)

    def takes_another_step(self) -> bool:
        """Whether, of numbers by hand, it takes a step wrongly that this answer takes rightly.

        Twice the tolerance lies between the two, for the numbers of an answer are rounded.
        """
        attempt = self.search.attempt
        exercise, case = attempt.exercise, attempt.cases[0]
        values = attempt.outcomes[0].value, self.search.known(self.mixture, 0).value
        return any(
            follows(exercise, case, attempt.student, name, values[0])
            and follows(exercise, case, attempt.student, name, values[1], slack=2.0) is False
            for name in exercise.follows
        )

    def names_too_many(self) -> bool:
        """Whether one of several mistakes alone gives the same, wherever all of them explain what came.

        Or whether one undoes another: alone it would go wrong where the answer is right, and both do not.
        """
        if self.search.attempt.exercise.rough:
            return False
        right = {spot for spot, found in self.seen.items() if found.same and self.search.faults[spot] is None}
        return any(
            all(compare_known(self.search, spot, one).same for spot in self.explained)
            or any(
                compare_known(self.search, spot, one).other_value
                for spot in touched_by(self.search, one) & right
            )
            for one in self.mixture.parts
        )

    def _any_right(self, spots: Iterable[Spot]) -> bool:
        return any(self.search.faults[spot] is None for spot in spots)


def _is_zero(attempt: Attempt, quantity: Quantity) -> bool:
    """Whether a function gave nothing but zeros for this quantity, but for rounding, in every case."""
    if attempt.exercise.is_value:
        return False
    asked = (number for spot in attempt.spots if spot.quantity is quantity for number in spot.cases)
    given = [
        numbers_taken(attempt.exercise, quantity, attempt.cases[number], attempt.outcomes[number].value)
        for number in asked
    ]
    return all(array is not None and array.size and np.all(np.abs(array) < 1e-12) for array in given)


def _is_one_answer(attempt: Attempt, spot: Spot) -> bool:
    """Whether a function said True in all cases of a spot, or False in all."""
    given = (
        taken(attempt.exercise, spot.quantity, attempt.cases[number], attempt.outcomes[number].value)
        for number in spot.cases
    )
    said = {"" if getattr(one, "ndim", 0) else str(one) for one in given}  # to write arrays takes long
    return len(spot.cases) > 2 and len(said) == 1 and said <= {"True", "False"}
