"""Which known mistakes explain what came: alone, or several at once."""

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from .answer import Failure, Outcome, call_known
from .attempt import Attempt, Faults, Spot
from .edits import is_edit, together
from .exercise import TOLERANCE, Case, Mixture, Quantity, Wanted, WantedOther
from .likenesses import general_advice, is_constant
from .plain import Plain, alike, as_array
from .quantities import Absent, follows, is_right, is_value_right, numbers_taken, taken

MOST_PAIRS = 2000
"""So many pairs of edits that can be made at once are tried for one quantity: the first ones of the table."""
MANY, FEW = 25, 2
"""With more edits than `MANY`, not all pairs are tried for each of more than `FEW` quantities."""

SOMETIMES_NONE = (
    "For some inputs None comes out, and for others something else. Does every way through the function end"
    " with a return, also where an if does not hold and where a loop comes to its end?"
)
CHANGED = (
    "Which line writes into an argument? Assignments such as a[...] = ... and a += ..., and calls such as"
    " a.sort() and a.append(...), change the very thing that was handed in, and a slice of an array is still"
    " a part of it. What makes a new one instead?"
)


def _called(function: Callable[..., object], given: Case | str, look_at_arguments: bool) -> Outcome:
    """Return what a known wrong answer gives in a case; of a student's id, where a value is asked."""
    arguments = (given,) if isinstance(given, str) else tuple(given.arguments.values())
    return call_known(function, arguments, look_at_arguments)


_called_before = functools.lru_cache(maxsize=20_000)(_called)
"""The same, kept: a notebook asks again and again, and a class does, with the very same cases."""


@dataclass(frozen=True)
class _Search:
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


def recognise(attempt: Attempt, faults: Faults) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the recognised mistakes and all the advice there is, each once.

    The mistake that explains most of what is wrong comes first, then what explains most of the rest. Call it
    within `quiet()`, for known wrong answers may warn.
    """
    if any(fault for spot, fault in faults.items() if not spot.part.last):
        faults = {spot: fault for spot, fault in faults.items() if not spot.part.last}
    search = _Search(attempt, faults)
    names: list[str] = []
    left = {spot for spot, fault in faults.items() if fault and fault.kind != "missing"}
    changing = _recognise_change(search) if attempt.changes_arguments else ()
    if changing:  # it gives the same, and explains all that is wrong where it was asked
        left -= set(_spots_of_change(attempt))
    order = [known.name for known in attempt.exercise.misconceptions]
    while left:
        found = _best_explanation(search, left)
        if found is None:
            break
        names += sorted(found.names, key=order.index)
        left -= found.explained
    general = [] if names or changing else general_advice(attempt, faults)
    if attempt.sometimes_none:
        general.append(SOMETIMES_NONE)
    names += changing
    if attempt.changes_arguments and not changing:
        general.append(CHANGED)
    names = list(dict.fromkeys(names))
    advice = [attempt.exercise.misconception(name).advice for name in names]
    return tuple(names), tuple(dict.fromkeys(advice + general))


# ------------------------------------------------------------------ known mistakes


@dataclass(frozen=True)
class _Explanation:
    """What known mistakes explain of an answer. The larger rank is the better one."""

    rank: tuple[int, int, int, float]
    names: tuple[str, ...]
    explained: set[Spot]

    def is_whole(self, left: set[Spot]) -> bool:
        """Whether it explains all that is left and contradicts nothing."""
        return self.explained == left and self.rank[1] == 0


def _single_mistakes(attempt: Attempt) -> list[Mixture]:
    return [
        Mixture((known.name,), form) for known in attempt.exercise.misconceptions for form in known.answers
    ]


def _best_explanation(search: _Search, left: set[Spot]) -> _Explanation | None:
    """Return the known mistake, or those made at once, that explain most of what is left.

    Among those that explain as much, it is the one that contradicts least of the rest, then the nearest.
    """
    exercise = search.attempt.exercise
    best: _Explanation | None = None
    several = iter(()) if is_constant(search.attempt) else _made_at_once(search, left)
    for known in (_single_mistakes(search.attempt), exercise.mixtures(), several):
        for mixture in known:
            found = _explanation(search, mixture, left, best)
            if found is not None and (best is None or found.rank > best.rank):
                best = found
                if best.is_whole(left) and not exercise.rough:  # by hand, another one may be nearer
                    return best
        if best is not None and best.is_whole(left):
            break
    return best


def _explanation(
    search: _Search, mixture: Mixture, left: set[Spot], best: _Explanation | None
) -> _Explanation | None:
    """Return what a mixture explains of what is left; None if that is nothing, or less than the best does."""
    enough = len(left) - (1 if best is None else best.rank[0])
    seen: dict[Spot, _Comparison] = {}
    explained: set[Spot] = set()
    for spot in search.faults:
        if spot in left:
            seen[spot] = found = _compare(search, spot, mixture)
            if found.same and found.wrong:
                explained.add(spot)
            elif len(seen) - len(explained) > enough:
                return None
    seen |= {spot: _compare(search, spot, mixture) for spot in search.faults if spot not in left}
    trial = _Trial(search, mixture, seen, explained)
    if (
        trial.is_of_zeros()
        or trial.is_of_one_answer()
        or trial.is_not_so_in_other_cases()
        or trial.is_outweighed()
        or trial.stops_otherwise()
        or trial.claims_more()
        or trial.takes_another_step()
        or trial.names_too_many()
    ):
        return None
    distance = sum(seen[spot].distance for spot in explained)
    few = -len(mixture.names) if search.attempt.exercise.rough else 0  # by hand, one more may meet by chance
    rank = (len(explained), -len(trial.against), few, -round(distance, 3))
    return _Explanation(rank, mixture.names, explained)


@dataclass(frozen=True)
class _Trial:
    """A mixture beside an answer, and what may speak against it: at each spot, and where it explains it."""

    search: _Search
    mixture: Mixture
    seen: dict[Spot, "_Comparison"]
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
        named = {_asked(self.search, spot) for spot in self.explained}
        other = (spot for spot in self.differing if self.seen[spot].other_value)
        return any(_asked(self.search, spot) in named for spot in other)

    def is_outweighed(self) -> bool:
        """Whether, of numbers by hand, it explains none but what follows, or no more than it contradicts."""
        return self.search.attempt.exercise.rough and (
            not self.explained & self.first
            or len(self.explained) <= len(self.against)
            or self._any_right(self.against)
        )

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
            all(_compare(self.search, spot, one).same for spot in self.explained)
            or any(
                _compare(self.search, spot, one).other_value for spot in _touched(self.search, one) & right
            )
            for one in self.mixture.parts
        )

    def _any_right(self, spots: Iterable[Spot]) -> bool:
        return any(self.search.faults[spot] is None for spot in spots)


def _is_zero(attempt: Attempt, quantity: Quantity) -> bool:
    """Whether a function gave nothing but zeros for this quantity, in every case."""
    if attempt.exercise.is_value:
        return False
    asked = (number for spot in attempt.spots if spot.quantity is quantity for number in spot.cases)
    given = [
        numbers_taken(attempt.exercise, quantity, attempt.cases[number], attempt.outcomes[number].value)
        for number in asked
    ]
    return all(array is not None and array.size and not array.any() for array in given)


def _is_one_answer(attempt: Attempt, spot: Spot) -> bool:
    """Whether a function said True in all cases of a spot, or False in all."""
    given = {
        str(taken(attempt.exercise, spot.quantity, attempt.cases[number], attempt.outcomes[number].value))
        for number in spot.cases
    }
    return len(spot.cases) > 2 and len(given) == 1 and given <= {"True", "False"}


def _asked(search: _Search, spot: Spot) -> tuple[str, frozenset[int]]:
    """Which quantity is asked there, and of which of the exercise's functions."""
    return spot.quantity.name, frozenset(search.attempt.cases[number].function for number in spot.cases)


_Touching = list[tuple[Mixture, set[Spot]]]
"""Edits, each with the spots where it alone gives something wrong."""


def _made_at_once(search: _Search, left: set[Spot]) -> Iterator[Mixture]:
    """Yield edits made at once, but only those that can explain something that none explains alone.

    First those that go wrong nowhere else than the answer does, then the others: one line may have one
    mistake and the next line another one.
    """
    known = search.attempt.exercise.misconception
    edits = [
        (one, _touched(search, one))
        for one in _single_mistakes(search.attempt)
        if is_edit(one) and not known(one.names[0]).whole
    ]
    right = {spot for spot, fault in search.faults.items() if fault is None}
    only_wrong = [(one, touched) for one, touched in edits if not touched & right]
    if len(only_wrong) < len(edits) and not search.attempt.exercise.rough:
        yield from _among(search, only_wrong, left)
    yield from _among(search, edits, left)


def _among(search: _Search, edits: _Touching, left: set[Spot]) -> Iterator[Mixture]:
    """Yield those edits made at once that explain something.

    What is touched by the fewest edits comes first: everything else is made from it, so if it stays
    unexplained, edits that touch it are not tried for the rest where there are many.
    """
    in_order = [spot for spot in search.faults if spot in left]
    for root in sorted(in_order, key=lambda spot: sum(spot in touched for _, touched in edits)):
        if all(search.attempt.outcomes[number].failure for number in root.cases):
            continue  # it gave nothing there that two edits could explain
        here = [one for one, touched in edits if root in touched]
        elsewhere = [one for one, touched in edits if root not in touched and touched & left]
        explaining = [one for one in here if _compare(search, root, one, where_it_ran=True).same]
        partners = [*here, *elsewhere] if len(left) <= FEW else here
        made = (together(one, other) for place, one in enumerate(here, 1) for other in partners[place:])
        for both in itertools.islice(filter(None, made), MOST_PAIRS):
            if _compare(search, root, both, where_it_ran=True).same:
                explaining.append(both)
                yield both
        for one, other in itertools.product(explaining, elsewhere):
            both = together(one, other)
            if both is not None:
                yield both
        if not explaining and not search.attempt.exercise.rough and len(edits) > MANY and len(left) > FEW:
            edits = [(one, touched) for one, touched in edits if root not in touched]


def _touched(search: _Search, mixture: Mixture) -> set[Spot]:
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


@dataclass(frozen=True)
class _Comparison:
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


_OTHER = _Comparison(False)
_OTHER_VALUE = _Comparison(False, other_value=True)
_GOES_ON = _Comparison(False, goes_on=True)


def _compare(search: _Search, spot: Spot, mixture: Mixture, where_it_ran: bool = False) -> _Comparison:
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
    return _Comparison(True, wrong or (bool(same_errors) and all(same_errors)), distance, by_error=by_error)


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


def _recognise_change(search: _Search) -> tuple[str, ...]:
    """Return the known mistake that changes the same arguments and gives the same there, if there is one."""
    attempt = search.attempt
    looked_at, seen = _cases_of_change(attempt), _spots_of_change(attempt)
    for known in _single_mistakes(attempt):
        if all(
            attempt.outcomes[number].changed == search.known(known, number).changed for number in looked_at
        ) and all(_compare(search, spot, known).same for spot in seen):
            return known.names
    return ()


def _cases_of_change(attempt: Attempt) -> set[int]:
    """Return the cases of the functions that change an argument somewhere."""
    pairs = zip(attempt.cases, attempt.outcomes, strict=True)
    changing = {case.function for case, outcome in pairs if outcome.changed}
    return {number for number, case in enumerate(attempt.cases) if case.function in changing}


def _spots_of_change(attempt: Attempt) -> list[Spot]:
    return [spot for spot in attempt.spots if _cases_of_change(attempt).issuperset(spot.cases)]
