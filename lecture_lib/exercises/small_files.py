"""Small JSON files beside the notebook: written whole or not at all, set aside when they make no sense."""

import contextlib
import itertools
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

Kept = TypeVar("Kept")

PROGRESS = ".lecture_progress.json"
OFF = "off"


def progress_file() -> Path | None:
    """Return the path of the file in which progress is kept, None if nothing is to be kept."""
    named = os.environ.get("LECTURE_PROGRESS")
    if named == OFF:
        return None
    return Path(named).expanduser() if named else Path.cwd() / PROGRESS


def beside_it(name: str) -> Path | None:
    """Return the path of another file in the same folder, None if nothing is to be kept."""
    path = progress_file()
    return path and path.with_name(name)


def read(path: Path | None, checked: Callable[[Any], dict[str, Kept]]) -> dict[str, Kept]:
    """Read a file, or nothing where it cannot be read; see `read_to_write`."""
    with contextlib.suppress(OSError):
        return read_to_write(path, checked) if path else {}
    return {}


def read_to_write(path: Path, checked: Callable[[Any], dict[str, Kept]]) -> dict[str, Kept]:
    """Read a file; one that makes no sense is set aside under another name, and an empty one begun.

    `checked` takes what was found, and raises ValueError if it has not the form that is expected.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        return checked(json.loads(text.decode("utf-8")))
    except (ValueError, RecursionError):
        names = (path.with_name(f"{path.name}.unreadable-{number}") for number in itertools.count(1))
        path.replace(next(aside for aside in names if not aside.exists()))
        return {}


def as_dict(found: Any) -> dict[str, Any]:
    """Return a part of what was read that is a dict; ValueError if it is none."""
    if not isinstance(found, dict):
        raise ValueError("a dict is expected")
    return cast("dict[str, Any]", found)


def write(path: Path, content: object) -> None:
    """Write all of a file or nothing: into a new one, which then takes the old one's place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        new.write_text(json.dumps(content, sort_keys=True, indent=1) + "\n", encoding="utf-8")
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
