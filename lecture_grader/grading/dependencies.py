"""Which cells can have to do with what became of another one."""

from collections.abc import Container, Iterable, Mapping, Set

from lecture_lib.lessons import EXERCISES

from ..inside import WRITTEN
from .exercise_cells import Found
from .plan import AS_NAMED
from .read_cells import LIBRARIES, ReadCell

_CHECKED = frozenset((exercise.id, *exercise.functions) for exercise in EXERCISES.values())
"""What lessons hand to their checks: an exercise's id, and its names."""


def may_be_spoilt(one: Found, faulty: Mapping[int, Found], read: Mapping[int, ReadCell]) -> bool:
    """Whether other exercises' cells, above it, can have to do with what became of this one."""
    matter = names_that_matter(one, read, faulty)
    return any(
        (read[number].touches | set(other.exercise.functions)) & matter
        for number, other in faulty.items()
        if number in read and number < (one.number or 0)
    )


def may_be_the_librarys(
    one: Found,
    read: Mapping[int, ReadCell],
    all_found: Iterable[Found],
    given_out: Container[str],
    run: Container[int],
) -> bool:
    """Whether what an answer is made of may hold what the library was asked for beforehand.

    A tame cell names what it asks of the library. If a student has written it, it may put that where no name
    leads: into a check, or into what lasts. A lesson's own cell hands on what it has asked for by the
    notebook's names only. Of a cell that is not tame not even what it asks is known: Python has more ways to
    a name that stands nowhere than can be listed. `run` are the cells that are run at all.
    """
    allowed = {*one.exercise.may_use}
    before = {number: cell for number, cell in read.items() if number <= (one.number or 0)}
    if not all(cell.tame for cell in before.values()):
        return True
    written = {number: cell for number, cell in before.items() if not _is_as_given_out(cell, given_out)}
    asking = {number: cell for number, cell in before.items() if _asks(cell, number in written) - allowed}
    matter = names_that_matter(one, read, ()) if asking else set[str]()
    if any(cell.touches & matter for cell in asking.values()):
        return True
    only_answers = {found.number for found in all_found if _only_answers(found, written)}
    if any(number in written and number not in only_answers for number in asking):
        return True
    return _is_handed_on(asking.keys() - written.keys(), before, written, run)


def _is_as_given_out(cell: ReadCell, given_out: Container[str]) -> bool:
    """Whether a cell is a lesson's own, or does what a lesson's check or nbgrader's test cell does."""
    return cell.source in given_out or (bool(cell.only_hands) and _CHECKED.issuperset(cell.only_hands))


def _asks(cell: ReadCell, is_written: bool) -> Set[str]:
    """Return what a cell asks of the library: a lesson's own check names the function that it is handed."""
    if is_written or not cell.checks:
        return cell.asks
    return cell.asks.difference(*cell.checks)


def _only_answers(found: Found, written: Mapping[int, ReadCell]) -> bool:
    """Whether what an exercise's cell asks, which that may use, is nothing but the answer's own.

    It may ask nothing while it is run and keep nothing while it answers, and no other cell may have it do
    that work: as little as those of which it takes something.
    """
    cell = written.get(found.number or 0)
    if (
        cell is None
        or found.way != AS_NAMED
        or not cell.only_defines
        or cell.asks - {*found.exercise.may_use}
    ):
        return False
    defined = {*cell.defines}
    others = [other for number, other in written.items() if number != found.number]
    if any(defined & other.names for other in others):
        return False
    return all(
        any(name in other.defines and other.only_defines and not other.asks for other in others)
        for name in cell.touches - defined
    )


def _is_handed_on(
    asking: Set[int], read: Mapping[int, ReadCell], written: Mapping[int, ReadCell], run: Container[int]
) -> bool:
    """Whether what a lesson's own cells ask of the library may come to anything that a student has written.

    It comes there by a name that such a cell sets; or by one that it only reads, where a student's cell has
    given that a meaning of its own: the lesson's cell may work on whatever stands behind it, and that may
    keep what it meets where no name leads. For that it must be run, be it only for a cell below the answer.
    """
    made, meeting = set[str](), {*asking}
    for number, cell in read.items():
        if number not in written and (number in asking or cell.names & made):
            made |= cell.sets.union(cell.defines)
            meeting.add(number)
        elif cell.names & made:
            return True
    checking = {number for number, cell in written.items() if cell.checks}
    if checking and not _what_matters(asking, read)[1].isdisjoint(checking):
        return True
    return not _what_matters((number for number in meeting if number in run), read)[1].isdisjoint(written)


def lacking_libraries(last: int, read: Mapping[int, ReadCell]) -> str:
    """Say which libraries that are not in the sandbox a cell, and what stands in it, may need; "" if none."""
    lacking = [lack for number, cell in read.items() if number <= last for lack in cell.lacks]
    if not lacking:
        return ""
    matter = _what_matters([last], read)[0] | {"*"}
    begins = WRITTEN.format("")
    notes = [note for cell in read.values() for note in cell.notes if note.startswith(begins)]
    own = {part for note in notes for part in note.removeprefix(begins).removesuffix(".py").split("/")}
    libraries = sorted({library for name, library in lacking if name in matter and library not in own})
    if not libraries:
        return ""
    are = "is" if len(libraries) == 1 else "are"
    return f"{' and '.join(libraries)}, which it may need, {are} not there where it is graded"


def uses_numbers(one: Found, read: Mapping[int, ReadCell]) -> bool:
    """Whether an exercise may need what IPython keeps of cells by their numbers, which may differ here."""
    numbered = frozenset[str]().union(*(cell.by_number for cell in read.values()))
    numbered = numbered.difference(*(cell.sets for cell in read.values())) if numbered else numbered
    return bool(numbered) and not numbered.isdisjoint(names_that_matter(one, read, ()))


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
        if not _is_as_given_out(cell, given_out) or LIBRARIES.intersection(cell.defines):
            ends.add(number)
    found = _what_matters(ends, before)[1]
    return {number: cell for number, cell in before.items() if number in found}


def _what_matters(ends: Iterable[int], read: Mapping[int, ReadCell]) -> tuple[set[str], set[int]]:
    """Return the names, and the cells, that can have to do with what comes of some cells.

    What a tame cell can touch are the notebook's names. A name matters to a cell if it stands there, or
    in a cell before it that touches what matters.
    """
    # What matters to a later one is known of all before it.
    last_first = sorted(read.keys() & ends, reverse=True)
    touching: dict[str, list[int]] = {}
    for number, cell in read.items():
        for name in cell.touches if last_first and number < last_first[0] else ():
            touching.setdefault(name, []).append(number)
    matter, found = set[str](), set[int]()
    for end in last_first:
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
