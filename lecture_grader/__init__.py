"""What an instructor runs over a class's notebooks: `lecture-grader --help`.

`handed_in` finds the notebooks and says whose they are. `grading` turns one into what it earned (`graded`):
its cells run in the `sandbox`, where `inside` does what is asked in `frames` of plain data. `run` grades a
class, `workers` and `cluster` do the work, `store` keeps what came of it, `outputs` makes the gradebook,
feedback and report of that. `doctor` looks whether the sandbox holds, `exports` writes lessons for others.
"""

from .graded import Graded, GradedExercise
from .grading import (
    Settings,
    Task,
    Times,
    checks_version,
    grade_chunk,
    grade_notebook,
    grade_notebooks,
    key_of,
)
from .handed_in import Notebook, Submission, Unreadable, find_submissions, read_notebook
from .outputs import anonymous_csv, gradebook_csv, rows_of
from .run import Summary, grade_all
from .sandbox import Limits, NoSandbox, Sandbox
from .store import Store, opened
from .workers import processes
