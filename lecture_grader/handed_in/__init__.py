"""What was handed in: `submissions` finds it, `owners` says whose it is, `notebook` reads a file."""

from .notebook import Cell, Notebook, Unreadable, read_notebook
from .owners import BLACKBOARD, BRIGHTSPACE, CANVAS, MOODLE, Owner, owner_in_path, owner_of_file
from .submissions import HandedIn, Submission, collected_in, find_submissions
