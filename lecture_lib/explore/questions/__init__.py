"""The questions of the lessons: `RECALL` and `PREDICTIONS`, a file a lesson."""
