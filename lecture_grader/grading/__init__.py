"""A notebook's cells and answers -> what it earned.

Each stands on those before it: `remembering`, `settings`, `plan` (what is to be done in the sandbox),
`replies` (what came of it), `read_cells`, `asking` (a submission at work), `exercise_cells`, `dependencies`
(what cells do to others) and `other_answers` (which cell is whose), `one_exercise` (its verdict),
`without_inputs` (what may be said of it), `notebook_run` (what is seen of a notebook), `one_notebook`,
`chunks`.
"""

from .asking import StepByStep
from .chunks import Task, grade_chunk
from .one_notebook import grade_notebook, grade_notebooks
from .plan import Died
from .settings import Settings, Times, checks_version, key_of
