"""What `lecture_lib.exercises` is in the sandbox: signing in works, and nothing is judged."""

from __future__ import annotations

from typing import Any

from lecture_lib.exercises.comparing import compare
from lecture_lib.exercises.student import Example, example_of, my_example, student
from lecture_lib.grading.inside.silent import SILENT

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


check = hint = progress = require = backward_order_lines = _nothing
