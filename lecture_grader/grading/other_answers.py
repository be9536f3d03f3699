"""Where a notebook may hold another answer than its exercise's cell: what its check saw, what came later."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lecture_lib.exercises import Verdict
from lecture_lib.exercises.judging import OF_THE_LIBRARY

from ..graded import rank
from .dependencies import names_that_matter
from .exercise_cells import IS_MISSING, Found
from .plan import AS_CHECKED, NAMED_ELSEWHERE, NAMED_LATER, WITH_HELPERS
from .read_cells import LIBRARIES, ReadCell

MOST_ELSEWHERE = 5
"""So many further cells that define an exercise's answer are asked for it, too."""
IN_TWO_WAYS = "is answered in two ways"


def other_answers(found: Sequence[Found], read: Mapping[int, ReadCell]) -> list[Found]:
    """Return where exercises are to be judged once more: after the last check, and the last definition.

    And after the last cell below its own that defines what the answer uses: in a notebook it is there; and
    after those that define all that is asked, and are followed by another that does.

    Nothing is returned for an exercise whose check can have seen nothing but its own cell's answer.
    """
    wild = [number for number, cell in read.items() if not cell.tame]
    others: list[Found] = []
    for one in found:
        functions = one.exercise.functions
        first = one.number or 0
        later = [n for n, cell in read.items() if n > first and set(functions) & set(cell.defines)]
        checks = [
            (number, check[1:] == functions)
            for number, cell in read.items()
            for check in cell.checks
            if check[0] in ("", one.exercise.id)
        ]
        if checks:
            last, as_named = checks[-1]
            between = any(first < n <= last for n in (*later, *wild))
            if not as_named or between or first == 0:
                others.append(replace(one, number=last, way=AS_CHECKED))
        imported = {name for n, cell in read.items() if n <= first for name in cell.defines} & LIBRARIES
        uses = names_that_matter(one, read, ()) - set(functions) - imported
        helpers = [n for n, cell in read.items() if first and n > first and uses & set(cell.defines)]
        if helpers:
            others.append(replace(one, number=helpers[-1], way=WITH_HELPERS))
        whole = [n for n, cell in read.items() if set(functions) <= set(cell.defines) - cell.adds]
        elsewhere = [n for n in whole if n < first or n in later[:-1]]  # as where a blank was pasted below it
        others += [
            replace(one, number=number, way=NAMED_ELSEWHERE.format(number))
            for number in elsewhere[-MOST_ELSEWHERE:]
        ]
        if later and later[-1] > max((number for number, _ in checks), default=0):
            others.append(replace(one, number=later[-1], way=NAMED_LATER))
    return others


def _goes_on(one: Found, other: Found, read: Mapping[int, ReadCell]) -> bool:
    """Whether two answers are one, which several cells only add to."""
    first, last = sorted((one.number or 0, other.number or 0))
    functions = set(one.exercise.functions)
    between = [cell for n, cell in read.items() if first < n <= last and functions & set(cell.defines)]
    return bool(between) and all(functions & set(cell.defines) <= cell.adds for cell in between)


def _is_a_librarys(one: Found, verdict: Verdict, read: Mapping[int, ReadCell]) -> bool:
    """Whether what stands there is no answer of one's own: ours, or what another library's import gives."""
    cell = read.get(one.number or 0)
    imported = {name for name, _ in cell.lacks} if cell else set[str]()
    ours = any(name.startswith(OF_THE_LIBRARY) for name in verdict.misconceptions)
    return ours or not imported.isdisjoint(one.exercise.functions)


def better_of(
    one: Found, verdict: Verdict, other: Found, its_verdict: Verdict, read: Mapping[int, ReadCell]
) -> tuple[Found, str]:
    """Return which of two answers counts, and what a person should be told of it, "" for nothing."""
    where = "that which its check was handed" if other.way == AS_CHECKED else "that which is defined"
    words = f"its answer is {where} in cell {other.number}"
    if other.way == WITH_HELPERS:
        words = f"what it uses is defined below it, in cell {other.number}"
    known = (note for note in one.notes if note != IS_MISSING)
    counts = one if rank(its_verdict) <= rank(verdict) else replace(other, notes=(*known, words))
    same = other.way == WITH_HELPERS or verdict.points == its_verdict.points or _goes_on(one, other, read)
    alone = _is_a_librarys(one, verdict, read) or _is_a_librarys(other, its_verdict, read)
    if same or alone or "not attempted" in (verdict.state, its_verdict.state):
        return counts, ""
    first = f"what cell {one.number} defines" if one.number else "its cell"
    earned = f"{first} earns {verdict.points:g} of {verdict.out_of:g}"
    second = f"{where} in cell {other.number} earns {its_verdict.points:g}"
    return counts, f"{one.exercise.id} {IN_TWO_WAYS}: {earned}, and {second}. The better counts."
