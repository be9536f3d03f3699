"""A file that a learning system imports: what is in it, who is not, and what is to be said of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..handed_in.owners import folded
from .gradebook import as_csv, safe_cell
from .lesson_points import Lesson
from .matching import Matched
from .rows import Row


class Import(NamedTuple):
    """A file to be imported.

    Attributes
    ----------
    text
        The file.
    left_out
        Who is not in it, and why.
    notes
        What an instructor should know before they import it.
    human
        What else needs a human: whose, and why.
    """

    text: str
    left_out: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    human: tuple[tuple[str, str], ...] = ()


def alone(
    rows: Iterable[Row], key: Callable[[Row], str], what: str
) -> tuple[list[Row], list[tuple[str, str]]]:
    """Return the students whose key is theirs alone, and who shares one with others."""
    owners: dict[str, list[Row]] = {}
    for row in rows:
        owners.setdefault(key(row), []).append(row)
    unshared = [own[0] for own in owners.values() if len(own) == 1]
    left_out = [
        (row.student, f"{what} {shared} stands for several: {', '.join(one.student for one in own)}.")
        for shared, own in owners.items()
        if len(own) > 1
        for row in own
    ]
    return unshared, left_out


def id_there(row: Row) -> str:
    """Return an id as it is in the file, and as such systems compare it."""
    return folded(safe_cell(row.student))


def of_blanks(rows: Iterable[Row], lessons: Sequence[Lesson], system: str) -> tuple[str, ...]:
    """Warn of cells that are blank: where the system has points, it takes these away."""
    if all(lesson.has(row) for row in rows for lesson in lessons):
        return ()
    return (
        "Where a lesson was not handed in, or is excused, the cell is blank, and a blank cell takes away"
        f" points that {system} already has. If it has any for these, grade and import one lesson at a time.",
    )


def import_of(
    lines: Iterable[Sequence[str]],
    matched: Matched,
    all_in_quotes: bool = False,
    human: Sequence[tuple[str, str]] = (),
) -> Import:
    """Lines, and who of the class is who in a roster -> the file; each note once."""
    notes = tuple(dict.fromkeys(matched.notes))
    text = as_csv(lines, all_in_quotes)
    return Import(text, tuple(matched.left_out), notes, tuple(human))
