"""What a run leaves behind for people and other systems: everything but the results themselves.

`rows` has a row a student, `gradebook` makes and writes them. `signing_in` says whose the ids in notebooks
are, `rosters` reads a learning system's list of students, and `matching` says who of the class is who; of
the files that these import, `moodle` makes its own, `filled` the others, of what `lesson_points` and
`imports` have for all. `course` has what an instructor decides, `class_file` reads it, `late` has what was
handed in late. `feedback` makes a student's page, `tally`, `pictures` and `report` the class's;
`item_statistics` has its counts, to be put beside another class's; `written` writes all of it.
"""

from .class_file import NotACourse, read_course
from .course import FILE, Course
from .feedback import best_results, feedback_page, file_name, said_of
from .gradebook import anonymous_csv, gradebook_csv, rows_of
from .item_statistics import NoStatistics, comparison, read_statistics
from .report import report_page
from .rosters import NotARoster, Roster, read_roster
from .rows import Row
from .tally import Tally
from .written import Beside, Written, write_all
