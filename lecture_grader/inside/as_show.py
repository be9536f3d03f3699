"""What `lecture_lib.show` and `lecture_lib.explore` are in the sandbox: silent."""

from __future__ import annotations

from typing import Any

from lecture_grader.inside.silent import SILENT


def __getattr__(name: str) -> Any:
    if name.startswith(("__", "pytest")):  # what Python, or a test's runner, asks of every module
        raise AttributeError(name)
    return SILENT
