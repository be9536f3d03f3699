"""What runs in the sandbox, beside a lecture_lib without checks: it knows no expected value."""

WRITTEN = "the cell was written into {}"
"""What is noted of a cell that makes a file of the student's own, with its name."""
RESULT = "<result>"
"""What a cell has shown last, beside the notebook's names: none can be called so."""
