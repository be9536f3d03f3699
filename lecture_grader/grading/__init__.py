"""A notebook's cells and answers -> what it earned.

In this order: `settings`, `plan` (what is to be done in the sandbox), `read_cells`, `asking` (a submission at
work), `believing` (what came of it), `finding` (which cell is whose), `one_exercise` (its verdict),
`spoiling` and `telling` (what cells do to others, and what may be said of it), `one_notebook`, `chunks`.
"""

from .asking import StepByStep
from .chunks import Task, grade_chunk
from .one_notebook import grade_notebook, grade_notebooks
from .plan import Died
from .settings import Settings, Times, checks_version, key_of
