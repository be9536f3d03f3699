"""Which cell of a notebook is whose: the exercises of its lessons, by marks, then by functions' names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lecture_lib.exercises import Exercise
from lecture_lib.lessons import EXERCISES

from ..handed_in import Cell
from ..handed_in.file_names import LESSONS
from .plan import AS_NAMED
from .read_cells import ReadCell

_TITLE = re.compile(r"# (?P<lesson>\d\d) · ")
"""How a lesson begins."""
IS_MISSING = "it is not in the notebook"
TURNED = "its cell was turned into"


@dataclass(frozen=True)
class Found:
    """An exercise in a notebook: the cell after which it is judged, None if there is none; and the way."""

    exercise: Exercise
    number: int | None
    notes: tuple[str, ...] = ()
    way: str = AS_NAMED

    @property
    def key(self) -> tuple[str, str]:
        """By which its answer is known."""
        return self.exercise.id, self.way


def find_exercises(cells: Sequence[Cell], read: dict[int, ReadCell]) -> list[Found]:
    """Find the exercises of a notebook's lessons: by the cells' marks, then by the functions' names.

    `read` has what is known of each code cell, by its number. Where a lesson is there at all, those of its
    exercises that are not there are given too, without a cell.
    """
    marked: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.exercise in EXERCISES:
            marked.setdefault(cell.exercise, []).append(cell)
    defined: dict[str, list[int]] = {}
    for number, cell in read.items():
        for name in cell.defines:
            defined.setdefault(name, []).append(number)
    by_name = {
        exercise.id: sorted({n for name in exercise.functions for n in defined.get(name, ())})
        for exercise in EXERCISES.values()
    }
    there = {EXERCISES[id].lesson for id in marked}
    if not there:  # all marks were lost: only what was written as a notebook's exercise counts
        checked = {check[0] for cell in read.values() for check in cell.checks}
        there = {EXERCISES[id].lesson for id, numbers in by_name.items() if numbers or id in checked}
        # A helper may have the name of another lesson's exercise.
        known = _titled(cells) | {EXERCISES[id].lesson for id in checked if id in EXERCISES}
        there = there & known if known else there
    return [
        _find(exercise, marked.get(exercise.id, []), by_name[exercise.id], read)
        for exercise in EXERCISES.values()
        if exercise.lesson in there
    ]


def _find(exercise: Exercise, marked: list[Cell], by_name: list[int], read: dict[int, ReadCell]) -> Found:
    names = " and ".join(exercise.functions)
    notes: list[str] = []
    code = [cell for cell in marked if cell.kind == "code"]
    if len(marked) > len(code):
        kind = next(cell.kind for cell in marked if cell.kind != "code")
        notes.append(f"{TURNED} {kind}, and was not run")
    if len(code) > 1:
        notes.append(f"its cell is there {len(code)} times; the last that defines {names} counts")
    own = [cell.number for cell in code if cell.number in by_name]
    if own:
        last = own[-1]
        needed = {name for name in exercise.functions if name not in read[last].defines}
        if needed and by_name[-1] > last:
            notes.append("its answer stands in several cells")
            last = by_name[-1]
        return Found(exercise, last, tuple(notes))
    if by_name:
        where = f"found by the name {names} in cell {by_name[-1]}"
        notes.append(
            f"its own cell does not define {names}; {where}" if code else f"its mark is gone; {where}"
        )
        return Found(exercise, by_name[-1], tuple(notes))
    if code:
        defined = ", ".join(read[code[-1].number].defines[:3]) if code[-1].number in read else ""
        notes.append(f"its cell does not define {names}{f' but {defined}' if defined else ''}")
        return Found(exercise, code[-1].number, tuple(notes))
    return Found(exercise, None, tuple(notes) or (IS_MISSING,))


def without_exercises(cells: Sequence[Cell]) -> str:
    """Say which lesson a notebook is, if it is one that has no exercises; "" if not."""
    asked = {exercise.lesson for exercise in EXERCISES.values()}
    other = sorted(_titled(cells) & {name[:2] for name in LESSONS} - asked)
    return f"Lesson {other[0]} has no exercises." if other else ""


def _titled(cells: Sequence[Cell]) -> set[str]:
    """Return the lessons whose titles are there."""
    titles = (_TITLE.match(cell.source) for cell in cells if cell.kind == "markdown")
    return {title["lesson"] for title in titles if title}
