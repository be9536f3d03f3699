"""The id that was signed in with last, kept beside the progress.

A lesson's first cell says guest until an id is written there. It signs nobody out who has had an id before.
"""

import contextlib
from pathlib import Path
from typing import Any, cast

from . import small_files

FILE = ".lecture_student.json"


def last_id() -> str:
    """Return the id that was kept last, "" if there is none."""
    path = _file()
    with contextlib.suppress(OSError):
        return small_files.read(path, _checked).get("id", "") if path else ""
    return ""


def keep_id(id: str) -> None:
    """Keep an id. Never raises."""
    path = _file()
    if path and last_id() != id:
        with contextlib.suppress(OSError):
            small_files.write(path, {"id": id})


def _file() -> Path | None:
    path = small_files.progress_file()
    return path and path.with_name(FILE)


def _checked(found: Any) -> dict[str, str]:
    if not isinstance(found, dict) or not isinstance(cast("dict[str, Any]", found).get("id"), str):
        raise ValueError("an id was expected")
    return cast("dict[str, str]", found)
