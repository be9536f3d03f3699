"""What is asked of students and how it is judged: `check`, `hint`, `progress`, `mine`, `student`.

A lesson registers what it asks. See `exercise` for what an exercise is made of, and `edits` for how its known
mistakes are written. From an answer to a verdict:

- `checking`: from the notebook to the judge
- `judging`: calls the answer through the narrow interface in `answer`, and looks at each part
- `own_steps`: whether the answer takes the steps itself, or has the library do so
- `from_the_notebook`: variables that are read in place of arguments, and newer cells that are not judged
- `quantities`: whether one quantity of what came is what was expected
- `python_errors`: what an error of Python means
- `recognising`: which known mistakes explain what came
- `verdicts`, `wording`: the same in words and in HTML
"""

from .answer import Answer, Failure, LocalAnswer, Outcome
from .best_verdicts import progress
from .checking import check
from .comparing import Comparison, compare
from .exercise import Case, Exercise, Misconception, Part, Quantity
from .hinting import hint
from .judging import judge
from .kept_functions import mine
from .plain import Recipe
from .recipes import Made, register_recipes
from .registry import EXERCISES, UnknownExercise, register
from .requiring import NotYet, require
from .score_report import score_report
from .signing_in import student
from .verdicts import PartResult, Verdict

__all__ = [
    "EXERCISES",
    "Answer",
    "Case",
    "Comparison",
    "Exercise",
    "Failure",
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
    "mine",
    "progress",
    "register",
    "register_recipes",
    "require",
    "score_report",
    "student",
]
