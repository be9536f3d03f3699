"""What a student may be told of what went wrong: nothing that could hold an input.

Lines, names and texts come from the sandbox, where an input could be put into them. So a failure is told
with nothing but the notebook's own lines and names.
"""

import builtins
import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from lecture_lib.exercises import Failure

from .plan import Died
from .read_cells import ReadCell
from .replies import MOST_PRINTED, line_of_failure

_KNOWN_ERRORS = frozenset(dir(builtins)) | {
    "AxisError", "DTypePromotionError", "DivergenceError", "LinAlgError", "ShapeError", "Stopped",
    "TimeLimit", "UnknownWordError", "UFuncTypeError", "_ArrayMemoryError", "_UFuncBinaryResolutionError",
    "_UFuncNoLoopError", "_UFuncInputCastingError", "_UFuncOutputCastingError",
}  # fmt: skip
MOST_LINES = 100_000
"""Of so many lines of a notebook it is known that they are its own."""
MOST_NOTES = 200
MOST_FOR_A_HUMAN = 10
"""So many reasons of one notebook are listed for a person, so that it cannot fill the class's list."""


def lines_of(cells: Iterable[ReadCell]) -> frozenset[tuple[int, str]]:
    """Return the lines of cells, each with its number, as a failure has them."""
    lines = (numbered for cell in cells for numbered in enumerate(cell.source.splitlines(), 1))
    return frozenset((number, line_of_failure(line)) for number, line in itertools.islice(lines, MOST_LINES))


def with_own_words(
    failure: Failure, lines: frozenset[tuple[int, str]] = frozenset(), names: Collection[str] = ()
) -> Failure:
    """Return a failure with nothing in it but lines of the notebook, and names that it sets."""
    if (failure.line, failure.text) not in lines:
        failure = replace(failure, line=None, text="")
    if failure.function not in names:
        failure = replace(failure, function="a function")
    if failure.kind in _KNOWN_ERRORS or failure.kind in names:
        return failure
    return replace(failure, kind="Exception")


def is_worth_a_note(failed: Failure | Died) -> bool:
    """Whether what went wrong in a cell is worth a note: a blank is not."""
    return isinstance(failed, Died) or failed.kind != "NotImplementedError"


def is_slow(failed: Failure | Died) -> bool:
    """Whether a cell was ended for taking too long."""
    return isinstance(failed, Died) and failed.slow


def first_of_printed(printed: Mapping[int, str]) -> dict[int, str]:
    """Return what cells printed, the most that is kept of it all."""
    room, kept = MOST_PRINTED, dict[int, str]()
    for number, text in sorted(printed.items()):
        kept[number] = text if len(text) <= room else f"{text[:room]}\n(cut off here)"
        room = max(0, room - len(kept[number]))
    return kept


def first_of_notes(notes: Iterable[str], most: int = MOST_NOTES) -> tuple[str, ...]:
    """Return as many notes as anyone reads, each once, and how many more there are."""
    different = [*dict.fromkeys(notes)]
    more = len(different) - most
    if more <= 0:
        return tuple(different)
    return (*different[:most], f"There are {more:,} more notes of this kind.")
