"""`lecture_lib.exercises` and `lecture_lib.lessons` in the sandbox: one signs in, nothing is judged."""

from __future__ import annotations

from typing import Any

from lecture_grader.inside.silent import SILENT
from lecture_lib.exercises.comparing import compare
from lecture_lib.exercises.student import student
from lecture_lib.lessons.duck_goose.example import Example, example_of, my_example

__all__ = [
    "Example",
    "backward_order_lines",
    "check",
    "compare",
    "example_of",
    "hint",
    "my_example",
    "progress",
    "require",
    "student",
]


def _nothing(*given: Any, **named: Any) -> Any:
    return SILENT


check = hint = progress = require = backward_order_lines = recall = predict = explore_descent = _nothing
