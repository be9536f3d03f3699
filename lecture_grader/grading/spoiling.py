"""Which cells can have to do with what became of another one."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from ..inside import WRITTEN
from .finding import Found
from .plan import AS_NAMED
from .reading import LIBRARIES, ReadCell

_BY_NUMBER = re.compile(r"_i?\d+|_oh|Out|_i{1,3}|_ih|In").fullmatch


def may_be_spoilt(one: Found, faulty: Mapping[int, Found], read: Mapping[int, ReadCell]) -> bool:
    """Whether other exercises' cells can have to do with what became of this one."""
    matter = names_that_matter(one, read, faulty)
    return any(
        (read[number].touches | set(other.exercise.functions)) & matter
        for number, other in faulty.items()
        if number in read
    )


def may_be_the_librarys(
    one: Found, read: Mapping[int, ReadCell], all_found: Iterable[Found], given_out: Container[str]
) -> bool:
    """Whether what an answer is made of may hold what the library was asked for beforehand.

    A tame cell names what it asks of the library. A lesson's own cell gives it to another by the notebook's
    names only, and so does an exercise's cell what that exercise may use; any other may put it into a check,
    or into what lasts. Of a cell that is not tame not even what it asks is known: Python has more ways to a
    name that stands nowhere than can be listed.
    """
    allowed = {*one.exercise.may_use}
    before = {number: cell for number, cell in read.items() if number <= (one.number or 0)}
    if not all(cell.tame for cell in before.values()):
        return True
    matter = names_that_matter(one, read, ())
    its_own = {found.number: {*found.exercise.may_use} for found in all_found if found.way == AS_NAMED}
    return any(
        cell.touches & matter or (cell.source not in given_out and cell.asks - its_own.get(number, set()))
        for number, cell in before.items()
        if cell.asks - allowed
    )


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


def uses_numbers(one: Found, read: Mapping[int, ReadCell]) -> bool:
    """Whether an exercise may need what IPython keeps of cells by their numbers, which may differ here."""
    own = {name for cell in read.values() for name in cell.sets}
    return any(map(_BY_NUMBER, names_that_matter(one, read, ()) - own))


def names_that_matter(one: Found, read: Mapping[int, ReadCell], without: Container[int]) -> set[str]:
    """Return the names that can have to do with what became of an exercise."""
    cells = {number: cell for number, cell in read.items() if number not in without}
    return _what_matters([one.number or 0], cells)[0]


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
    found = _what_matters(ends, before)[1]
    return {number: cell for number, cell in before.items() if number in found}


def _what_matters(ends: Iterable[int], read: Mapping[int, ReadCell]) -> tuple[set[str], set[int]]:
    """Return the names, and the cells, that can have to do with what comes of some cells.

    What a tame cell can touch are the notebook's names. A name matters to a cell if it stands there, or
    in a cell before it that touches what matters.
    """
    touching: dict[str, list[int]] = {}
    for number, cell in read.items():
        for name in cell.touches:
            touching.setdefault(name, []).append(number)
    matter, found = set[str](), set[int]()
    for end in sorted(read.keys() & ends, reverse=True):  # what matters to a later one is known of all before
        ahead = list(read[end].names - matter)
        matter |= read[end].names
        found.add(end)
        while ahead:
            for other in touching.get(ahead.pop(), ()):
                if other < end and other not in found:
                    found.add(other)
                    more = read[other].names - matter
                    matter |= more
                    ahead += more
    return matter, found
