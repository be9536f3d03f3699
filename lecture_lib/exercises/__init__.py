"""What is asked of students and how it is judged: `check`, `hint`, `progress`, `student`, `my_example`.

One file a lesson says what is asked; `judge` says how an answer is judged, through the narrow interface
in `answer`; `verdict` puts it into words. See `exercise` for what an exercise is made of.
"""

from .answer import Answer, Failure, LocalAnswer, Outcome
from .checking import check
from .comparing import Comparison, compare
from .exercise import Case, Exercise, Misconception, Part, Quantity
from .hints import hint
from .judge import Judgement, PartResult, judge
from .lesson_03 import backward_order_lines
from .progress import progress
from .registry import EXERCISES, UnknownExercise
from .requiring import NotYet, require
from .student import Example, example_of, my_example, student
from .verdict import Verdict, verdict

__all__ = [
    "EXERCISES",
    "Answer",
    "Case",
    "Comparison",
    "Example",
    "Exercise",
    "Failure",
    "Judgement",
    "LocalAnswer",
    "Misconception",
    "NotYet",
    "Outcome",
    "Part",
    "PartResult",
    "Quantity",
    "UnknownExercise",
    "Verdict",
    "backward_order_lines",
    "check",
    "compare",
    "example_of",
    "hint",
    "judge",
    "my_example",
    "progress",
    "require",
    "student",
    "verdict",
]
