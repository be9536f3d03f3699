"""What an instructor runs over a class's notebooks: `lecture-grader --help`.

Read the files in this order: `notebook` (a file as cells), `submissions` (what was handed in), `frames`
(plain data as bytes), `sandbox` and `syscalls` (the place where a submission can do nothing but answer),
`inside` (what runs there), `plan` (what is to be done there), `session` (a submission at work), `grade` (a
notebook), `results` (what is kept), `whose` (a path's student), `gradebook`, `rosters` and `lms` (for
Canvas and Moodle), `feedback` (a student's page), `report` and `pictures` (the class), `outputs` (all that
is written), `workers` and `cluster` (who does the work), `run` (a class), `doctor`.
"""

from .grade import Record, Settings, Task, checks_version, grade_chunk, grade_notebook
from .gradebook import gradebook, rows_of
from .notebook import Notebook, Unreadable, read_notebook
from .results import Store, opened
from .run import Summary, grade_all
from .sandbox import Limits, NoSandbox, Sandbox
from .session import Times
from .submissions import Submission, find_submissions
from .workers import processes
