"""Which known mistakes explain what came: alone, or several at once."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from .attempt import Attempt, Faults, Spot
from .edits import is_edit, together
from .exercise import Mixture
from .known_mistakes import Agreement, Search, compare_known, touched_by
from .likenesses import general_advice, is_constant
from .trials import Trial

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


def recognise(attempt: Attempt, faults: Faults) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the recognised mistakes and all the advice there is, each once.

    The mistake that explains most of what is wrong comes first, then what explains most of the rest. Call it
    within `quiet()`, for known wrong answers may warn.
    """
    if any(fault for spot, fault in faults.items() if not spot.part.last):
        faults = {spot: fault for spot, fault in faults.items() if not spot.part.last}
    search = Search(attempt, faults)
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


def _best_explanation(search: Search, left: set[Spot]) -> _Explanation | None:
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
    search: Search, mixture: Mixture, left: set[Spot], best: _Explanation | None
) -> _Explanation | None:
    """Return what a mixture explains of what is left; None if that is nothing, or less than the best does."""
    known = set[Spot]() if best is None else best.explained
    enough = len(left) - max(len(known), 1)
    if best is not None and -best.rank[1] == enough and not search.attempt.exercise.is_value:
        enough -= 1  # the best contradicts nothing more, so that only what explains more is better
    seen: dict[Spot, Agreement] = {}
    explained: set[Spot] = set()
    for spot in sorted((one for one in search.faults if one in left), key=known.__contains__):
        seen[spot] = found = compare_known(search, spot, mixture)
        if found.same and found.wrong:
            explained.add(spot)
        elif len(seen) - len(explained) > enough:
            return None
    seen |= {spot: compare_known(search, spot, mixture) for spot in search.faults if spot not in left}
    trial = Trial(search, mixture, seen, explained)
    if not trial.stands():
        return None
    distance = sum(seen[spot].distance for spot in explained)
    few = -len(mixture.names) if search.attempt.exercise.rough else 0  # by hand, one more may meet by chance
    rank = (len(explained), -len(trial.against), few, -round(distance, 3))
    return _Explanation(rank, mixture.names, explained)


_Touching = list[tuple[Mixture, set[Spot]]]
"""Edits, each with the spots where it alone gives something wrong."""


def _made_at_once(search: Search, left: set[Spot]) -> Iterator[Mixture]:
    """Yield edits made at once, but only those that can explain something that none explains alone.

    First those that go wrong nowhere else than the answer does, then the others: one line may have one
    mistake and the next line another one.
    """
    exercise = search.attempt.exercise
    alone = {known.name for known in exercise.misconceptions if known.whole or known.alone}
    edits = [
        (one, touched_by(search, one))
        for one in _single_mistakes(search.attempt)
        if is_edit(one) and alone.isdisjoint(one.names)
    ]
    right = {spot for spot, fault in search.faults.items() if fault is None}
    only_wrong = [(one, touched) for one, touched in edits if not touched & right]
    if len(only_wrong) < len(edits) and not exercise.rough:
        yield from _among(search, only_wrong, left)
    yield from _among(search, edits, left)


def _among(search: Search, edits: _Touching, left: set[Spot]) -> Iterator[Mixture]:
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
        explaining = [one for one in here if compare_known(search, root, one, where_it_ran=True).same]
        partners = [*here, *elsewhere] if len(left) <= FEW else here
        made = (together(one, other) for place, one in enumerate(here, 1) for other in partners[place:])
        for both in itertools.islice(filter(None, made), MOST_PAIRS):
            if compare_known(search, root, both, where_it_ran=True).same:
                explaining.append(both)
                yield both
        for one, other in itertools.product(explaining, elsewhere):
            both = together(one, other)
            if both is not None:
                yield both
        if not explaining and not search.attempt.exercise.rough and len(edits) > MANY and len(left) > FEW:
            edits = [(one, touched) for one, touched in edits if root not in touched]


def _recognise_change(search: Search) -> tuple[str, ...]:
    """Return the known mistake that changes the same arguments and gives the same there, if there is one."""
    attempt = search.attempt
    looked_at, seen = _cases_of_change(attempt), _spots_of_change(attempt)
    for known in _single_mistakes(attempt):
        if all(
            attempt.outcomes[number].changed == search.known(known, number).changed for number in looked_at
        ) and all(compare_known(search, spot, known).same for spot in seen):
            return known.names
    return ()


def _cases_of_change(attempt: Attempt) -> set[int]:
    """Return the cases of the functions that change an argument somewhere."""
    pairs = zip(attempt.cases, attempt.outcomes, strict=True)
    changing = {case.function for case, outcome in pairs if outcome.changed}
    return {number for number, case in enumerate(attempt.cases) if case.function in changing}


def _spots_of_change(attempt: Attempt) -> list[Spot]:
    looked_at = _cases_of_change(attempt)
    return [spot for spot in attempt.spots if looked_at.issuperset(spot.cases)]
