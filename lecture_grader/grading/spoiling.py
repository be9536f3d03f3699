"""Which cells can have to do with what became of another one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from ..inside import WRITTEN
from .finding import Found
from .reading import LIBRARIES, ReadCell


def may_be_spoilt(one: Found, faulty: Mapping[int, Found], read: Mapping[int, ReadCell]) -> bool:
    """Whether other exercises' cells can have to do with what became of this one."""
    matter = names_that_matter(one, read, faulty)
    return any(
        (read[number].touches | set(other.exercise.functions)) & matter
        for number, other in faulty.items()
        if number in read
    )


def may_be_the_librarys(one: Found, read: Mapping[int, ReadCell]) -> bool:
    """Whether what an answer is made of may hold what the library was asked for beforehand.

    A tame cell names what it asks of the library, and gives it to another by the notebook's names only. Of
    any other neither is known: Python has more ways to a name that stands nowhere than can be listed.
    """
    allowed = {*one.exercise.may_use}
    before = [cell for number, cell in read.items() if number <= (one.number or 0)]
    if not all(cell.tame for cell in before):
        return True
    matter = names_that_matter(one, read, ())
    return any(cell.asks - allowed and cell.touches & matter for cell in before)


def lacking_libraries(one: Found, read: Mapping[int, ReadCell]) -> list[str]:
    """Return the libraries that are not in the sandbox and that an exercise may need."""
    matter = names_that_matter(one, read, ()) | {"*"}
    noted = {note for cell in read.values() for note in cell.notes}
    return sorted(
        {
            library
            for number, cell in read.items()
            for name, library in cell.lacks
            if name in matter and number <= (one.number or 0) and WRITTEN.format(f"{library}.py") not in noted
        }
    )


def names_that_matter(one: Found, read: Mapping[int, ReadCell], without: Container[int]) -> set[str]:
    """Return the names that can have to do with what became of an exercise."""
    cells = {number: cell for number, cell in read.items() if number not in without}
    return _what_matters(one.number or 0, cells, _touching(cells))[0]


def needed(
    asked: Iterable[Found], read: Mapping[int, ReadCell], given_out: Container[str]
) -> Mapping[int, ReadCell]:
    """Return the cells that are run, in order.

    If all are tame, a lesson's own cell is left out, as most of its pictures are, where neither an exercise
    nor anything else that the student has written can have to do with it.
    """
    ends = {one.number or 0 for one in asked} | {number for number, cell in read.items() if cell.signs_in}
    before = {number: cell for number, cell in read.items() if number <= max(ends, default=0)}
    if not all(cell.tame for cell in before.values()):
        return before
    for number, cell in before.items():
        if cell.source not in given_out or LIBRARIES.intersection(cell.defines):
            ends.add(number)
    touching = _touching(before)
    found = set[int]().union(*(_what_matters(number, before, touching)[1] for number in ends))
    return {number: cell for number, cell in before.items() if number in found}


def _touching(read: Mapping[int, ReadCell]) -> dict[str, list[int]]:
    """Return, for each name, the cells that may change what stands behind it."""
    touching: dict[str, list[int]] = {}
    for number, cell in read.items():
        for name in cell.touches:
            touching.setdefault(name, []).append(number)
    return touching


def _what_matters(
    number: int, read: Mapping[int, ReadCell], touching: Mapping[str, Sequence[int]]
) -> tuple[set[str], set[int]]:
    """Return the names, and the cells, that can have to do with what comes of a cell.

    What a tame cell can touch are the notebook's names. A name matters to a cell if it stands there, or
    in a cell before it that touches what matters.
    """
    if number not in read:
        return set(), set()
    matter, found = set(read[number].names), {number}
    ahead = list(matter)
    while ahead:
        for other in touching.get(ahead.pop(), ()):
            if other < number and other not in found:
                found.add(other)
                more = read[other].names - matter
                matter |= more
                ahead += more
    return matter, found
