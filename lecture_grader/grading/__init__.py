"""A notebook's cells and answers -> what it earned.

In this order: `settings`, `plan` (what is to be done in the sandbox), `read_cells`, `asking` (a submission at
work), `replies` (what came of it), `exercise_cells` and `other_answers` (which cell is whose), `one_exercise`
(its verdict), `dependencies` (what cells do to others), `without_inputs` (what may be said of it),
`notebook_run` (what is seen of a notebook), `one_notebook`, `chunks`.
"""

from .asking import StepByStep
from .chunks import Task, grade_chunk
from .one_notebook import grade_notebook, grade_notebooks
from .plan import Died
from .settings import Settings, Times, checks_version, key_of
