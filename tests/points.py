"""What exercises are worth, for tests that do not say it a second time."""

from lecture_lib.lessons import EXERCISES


def worth(id: str, *parts: int) -> float:
    """The points of an exercise, or of these parts of it."""
    own = EXERCISES[id].parts
    return float(sum(part.points for n, part in enumerate(own) if not parts or n in parts))


def worth_of_lesson(lesson: str = "") -> float:
    """All points of a lesson, or of all lessons."""
    return sum(one.points for one in EXERCISES.values() if one.lesson.startswith(lesson))
