"""The files that learning systems import: the gradebook in their columns, with their students' numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ..handed_in import MOODLE
from .course import PLAIN, Course
from .filled import canvas_import, filled_import
from .imports import Import
from .moodle import moodle_import
from .rosters import Roster
from .rows import Row


def gradebook_import(
    system: str, rows: Sequence[Row], roster: Roster | None = None, course: Course = PLAIN
) -> Import:
    """Students' points, in the form in which a system imports them; `roster` is that system's, if given.

    For Blackboard and Brightspace it must be: the names in their downloads are not enough for an import.
    """
    if system == MOODLE:
        return moodle_import(rows, roster, course)
    return canvas_import(rows, course) if roster is None else filled_import(rows, roster, course)
