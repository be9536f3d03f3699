"""`require`: one part of an exercise, for graders that want an error where something is wrong."""

from dataclasses import replace

from .checking import judged
from .hinting import next_step
from .registry import exercise_of


class NotYet(AssertionError):
    """A part of an answer is not right; the message says what `check` says of it."""


def require(id: str, part: str, *answers: object, seed: str = "") -> None:
    """Raise an error unless one part of an exercise is passed; it is judged as `check` judges it.

    Parameters
    ----------
    id
        The exercise's id.
    part
        The name of the part, as a verdict shows it.
    answers
        What `check` takes: the function itself, or the value.
    seed
        Any text: the inputs are made from it, and the error does not show them. Left out, they are the
        inputs of `check`.

    Raises
    ------
    NotYet
        If the part is not passed.
    UnknownExercise
        If no exercise has this id.
    LookupError
        If the exercise has no part of this name.

    Examples
    --------
    >>> require("practice", "twice x", lambda x: x + x)
    >>> require("practice", "twice x", lambda x: x + 2, seed="anything")
    Traceback (most recent call last):
    ...
    lecture_lib.exercises.requiring.NotYet: practice, twice x: not yet, on inputs that are not shown.
      For 3 that gives 5. Does twice 3 mean 3 and 2 more, or 3 and 3 more?
    """
    exercise = exercise_of(id)
    names = [known.name for known in exercise.parts]
    if part not in names:
        raise LookupError(f"{id} has no part {part!r}; its parts are: {', '.join(names)}")
    found = judged(exercise, answers, f"require {seed} {id}" if seed else f"check {id}")
    result = next(result for result in found.results if result.name == part)
    if result.state == "passed":
        return
    if not seed:
        raise NotYet(replace(found, next_step=next_step(exercise)).message)
    lines = [f"{id}, {part}: {result.state}, on inputs that are not shown.", *found.advice]
    raise NotYet("\n  ".join(lines))
