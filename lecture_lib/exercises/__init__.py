"""What is asked of students and how it is judged: `check`, `hint`, `progress`, `student`.

A lesson registers what it asks; `judge` says how an answer is judged, through the narrow interface
in `answer`; `verdict` puts it into words. See `exercise` for what an exercise is made of.
"""

from .answer import Answer, Failure, LocalAnswer, Outcome
from .checking import check
from .comparing import Comparison, compare
from .exercise import Case, Exercise, Misconception, Part, Quantity
from .hints import hint
from .judge import Judgement, PartResult, judge
from .plain import Recipe
from .progress import progress
from .recipes import Made, register_recipes
from .registry import EXERCISES, UnknownExercise, register
from .requiring import NotYet, require
from .student import student
from .verdict import Verdict, verdict

__all__ = [
    "EXERCISES",
    "Answer",
    "Case",
    "Comparison",
    "Exercise",
    "Failure",
    "Judgement",
    "LocalAnswer",
    "Made",
    "Misconception",
    "NotYet",
    "Outcome",
    "Part",
    "PartResult",
    "Quantity",
    "Recipe",
    "UnknownExercise",
    "Verdict",
    "check",
    "compare",
    "hint",
    "judge",
    "progress",
    "register",
    "register_recipes",
    "require",
    "student",
    "verdict",
]
