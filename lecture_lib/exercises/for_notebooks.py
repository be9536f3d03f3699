"""What of the exercises a notebook calls: `lecture_lib.exercises` and `lecture_lib.lessons` both offer it."""
# ruff: noqa: F401

from .best_verdicts import progress
from .checking import check
from .comparing import compare
from .hinting import hint
from .kept_functions import mine
from .registry import EXERCISES, UnknownExercise
from .reporting import score_report
from .requiring import require
from .signing_in import student
