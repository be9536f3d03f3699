"""All the exercises there are, by id: those of each lesson that was registered."""

import difflib
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from .exercise import Exercise

EXERCISES: dict[str, Exercise] = {}


def register(*exercises: Exercise) -> None:
    """Enter exercises, so that `check`, `hint`, `progress` and the grader know them."""
    EXERCISES.update((exercise.id, exercise) for exercise in exercises)


def by_lesson() -> Iterator[tuple[str, list[Exercise]]]:
    """Give each lesson's number with its exercises, in order."""
    lesson = attrgetter("lesson")
    for number, own in groupby(sorted(EXERCISES.values(), key=lesson), lesson):
        yield number, list(own)


class UnknownExercise(LookupError):
    """No exercise has this id."""


def exercise_of(id: object) -> Exercise:
    """Id -> its exercise.

    Raises
    ------
    UnknownExercise
        With the id that was perhaps meant.
    """
    if isinstance(id, str) and id in EXERCISES:
        return EXERCISES[id]
    if callable(id):
        raise UnknownExercise(
            "the exercise's id comes first, as a text in quotes, and then your answer:"
            ' ll.check("practice", double)'
        )
    near = [name for name, known in EXERCISES.items() if id in known.functions]
    near = near or difflib.get_close_matches(str(id), EXERCISES, n=1, cutoff=0.5)
    hint = f' Did you mean "{near[0]}"?' if near else f" The exercises are: {', '.join(EXERCISES)}."
    raise UnknownExercise(f"there is no exercise {str(id)[:60]!r}.{hint}")
