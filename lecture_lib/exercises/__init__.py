"""What is asked of students and how it is judged: `check`, `hint`, `progress`, `mine`, `student`.

A lesson registers what it asks. See `exercise` for what an exercise is made of, and `edits` for how its known
mistakes are written. From an answer to a verdict:

- `checking`: from the notebook to the judge
- `judging`: calls the answer through the narrow interface in `answer`, and looks at each part
- `own_steps`: whether the answer takes the steps itself, or has the library do so
- `from_the_notebook`: variables that are read in place of arguments, and newer cells that stopped
- `quantities`: whether one quantity of what came is what was expected
- `python_errors`: what an error of Python means
- `recognising`: which known mistakes explain what came
- `known_mistakes`, `trials`: what a known mistake gives beside the answer, and what speaks against it
- `likenesses`: what can be said of an answer whose mistake is not known
- `verdicts`, `wording`: the same in words and in HTML
"""

from .answer import Answer, Failure, LocalAnswer, Outcome
from .comparing import Comparison
from .edits import Edit, RightAnswer, mistakes, one_at_a_time
from .exercise import (
    Case,
    Exercise,
    Follow,
    Misconception,
    Mixture,
    Part,
    Quantity,
    Wanted,
    WantedArray,
    WantedNumber,
    WantedOther,
)
from .for_notebooks import *
from .judging import judge
from .oracles import slope, slopes, tenth, tenths
from .plain import AnyArray, Foreign, Plain, Recipe, alike
from .plain_words import describe, short
from .recipes import Made, register_recipes
from .registry import register
from .requiring import NotYet
from .verdicts import PartResult, Verdict
