"""Three staged hints for each exercise. How many were shown is kept in this kernel only."""

from lecture_lib.common import Shown

from .exercise import Exercise
from .page import said
from .registry import exercise_of

_shown: dict[str, int] = {}


def hint(id: str, number: int | None = None) -> Shown:
    """Exercise's id -> its next hint, first of three; then where the worked twin stands.

    Parameters
    ----------
    id
        The exercise's id, as in `ll.hint("neuron_forward")`.
    number
        1, 2 or 3 for that hint; left out, the next one.

    Raises
    ------
    UnknownExercise
        If no exercise has this id.
    ValueError
        If there is no hint of this number.
    """
    exercise = exercise_of(id)
    if number is None:
        number = _shown.get(id, 0) + 1
    elif isinstance(number, bool | float) or number not in (1, 2, 3):
        raise ValueError(f"{id} has hints 1, 2 and 3; {number!r} is none of them")
    if number > 3:
        heading = f"{id}: there are no more hints"
        text = (
            f"Look once more at {exercise.twin}."
            f' To read the hints again: ll.hint("{exercise.id}", 1), then 2 and 3.'
        )
    else:
        _shown[id] = max(number, _shown.get(id, 0))
        heading, text = f"{id}: hint {number} of 3", exercise.hints[number - 1]
    return said("", heading, text)


def next_step(exercise: Exercise) -> str:
    """Say which hint comes next, or where the worked twin stands when all were shown."""
    number = _shown.get(exercise.id, 0) + 1
    if number > 3:
        return f"Next: look once more at {exercise.twin}"
    return f'Next: ll.hint("{exercise.id}"), {number} of 3'
