"""What `lecture_lib.show` and `lecture_lib.explore` are in the sandbox: silent."""

import typing

from lecture_grader.inside.silent import SILENT as _SILENT


def __getattr__(name: str) -> typing.Any:
    if name.startswith(("__", "pytest")):  # what Python, or a test's runner, asks of every module
        raise AttributeError(name)
    return _SILENT
