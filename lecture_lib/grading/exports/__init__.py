"""The lessons as other programs want them: `python -m lecture_lib.grading export --help`.

`project` reads the lessons' sources; `nbgrader` writes a course of them; `commands` is the command line.
"""

from .nbgrader import export_nbgrader
from .project import CannotExport

__all__ = ["CannotExport", "export_nbgrader"]
