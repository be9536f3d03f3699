"""The lessons as other programs want them: `lecture-grader export --help`.

`project` reads the lessons' sources, and `zipped` writes zips that are the same to the byte. `release` makes
what students get, `nbgrader` a course for nbgrader, `gradescope` an autograder for Gradescope; in its
container `autograde` runs, with `other_user` where bubblewrap cannot. `commands` is the command line.
"""

from .gradescope import export_gradescope
from .nbgrader import export_nbgrader
from .project import CannotExport
from .release import export_release
