"""The id that was signed in with last, kept beside the progress.

A lesson's first cell says guest until an id is written there. It signs nobody out who has had an id before.
"""

import contextlib
from typing import Any

from . import small_files

FILE = ".lecture_student.json"


def last_id() -> str:
    """Return the id that was kept last, "" if there is none."""
    return small_files.read(small_files.beside_it(FILE), _checked).get("id", "")


def keep_id(id: str) -> None:
    """Keep an id. Never raises."""
    path = small_files.beside_it(FILE)
    if path and last_id() != id:
        with contextlib.suppress(OSError):
            small_files.write(path, {"id": id})


def _checked(found: Any) -> dict[str, str]:
    if not isinstance(small_files.as_dict(found).get("id"), str):
        raise ValueError("an id is expected")
    return found
