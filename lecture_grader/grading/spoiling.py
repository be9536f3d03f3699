"""Which cells can have to do with what became of another one."""

from __future__ import annotations

import builtins
from collections.abc import Container, Mapping

from .finding import Found
from .reading import ReadCell

LIBRARIES = frozenset({"np", "ll", "numpy", "lecture_lib"})
WRITTEN = "the cell was written into {}"
"""What is noted of a cell that makes a module of the student's own, with its file's name."""
_NEVER_SPOILT = frozenset(dir(builtins)) | LIBRARIES


def may_be_spoilt(one: Found, faulty: Mapping[int, Found], read: Mapping[int, ReadCell]) -> bool:
    """Whether other exercises' cells can have to do with what became of this one."""
    matter = names_that_matter(one, read, faulty)
    return any(
        (_touched(read[number]) | set(other.exercise.functions)) & matter
        for number, other in faulty.items()
        if number in read
    )


def may_be_the_librarys(one: Found, read: Mapping[int, ReadCell]) -> bool:
    """Whether what an answer is made of may hold what the library was asked for before it is called.

    A tame cell gives something to another by the notebook's names only.
    """
    allowed = {*one.exercise.may_use}
    asking = [cell for number, cell in read.items() if number <= (one.number or 0) and cell.asks - allowed]
    if not asking or not all(cell.tame for cell in asking):
        return bool(asking)
    matter = names_that_matter(one, read, ())
    return any(_touched(cell) & matter for cell in asking)


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
    """Return the names that can have to do with what became of an exercise.

    What a tame cell can touch are the notebook's names. A name matters to a cell if it stands there, or
    in a cell before it that touches what matters.
    """
    if one.number is None or one.number not in read:
        return set()
    matter = set(read[one.number].names)
    cells = {n: cell for n, cell in read.items() if n < one.number and n not in without}
    touching: dict[str, list[int]] = {}
    for number, cell in cells.items():
        for name in _touched(cell):
            touching.setdefault(name, []).append(number)
    ahead = list(matter)
    while ahead:
        for number in touching.pop(ahead.pop(), ()):
            if number in cells:
                more = cells.pop(number).names - matter
                matter |= more
                ahead += more
    return matter


def _touched(cell: ReadCell) -> set[str]:
    """Return the names of which a tame cell may change what stands behind them."""
    return set(cell.sets | (cell.names - _NEVER_SPOILT))
