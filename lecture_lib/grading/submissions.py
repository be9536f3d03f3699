"""Finds the notebooks that were handed in: in a folder, in a folder per student, or in a zip.

A zip is read where it lies and never unpacked, so that no path in it leads anywhere. Links are not followed.
"""

from __future__ import annotations

import functools
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .frames import clean
from .notebook import MOST_BYTES, Unreadable, too_large
from .whose import whose

_A_LESSONS = re.compile(r"\d\d_|lesson", re.IGNORECASE)
_NOT_OURS = {"__MACOSX", ".ipynb_checkpoints"}


@dataclass(frozen=True)
class Submission:
    """One notebook that was handed in.

    Attributes
    ----------
    name
        Where it was found, within what was given.
    student
        Who handed it in, by the folder's or the file's name; "" where that says only the lesson.
    place
        The file, or the zip that it lies in.
    member
        Its name in the zip, "" for a file.
    """

    name: str
    student: str
    place: str
    member: str = ""

    def read(self) -> bytes:
        """Return the notebook's bytes; Unreadable if that is impossible."""
        return _read_member(self.place, self.member) if self.member else _read_file(self.place)


@dataclass(frozen=True)
class Carried(Submission):
    """One notebook with its bytes, for a machine on which its place does not exist."""

    packed: bytes = b""
    problem: str = ""

    def read(self) -> bytes:
        """Return the notebook's bytes; Unreadable if it could not be read where it lay."""
        if self.problem:
            raise Unreadable(self.problem)
        return zlib.decompress(self.packed)


def carried(submission: Submission) -> Carried:
    """A submission -> the same with its bytes and without its place."""
    name, student = submission.name, submission.student
    try:
        return Carried(name, student, "", packed=zlib.compress(submission.read(), 1))
    except Unreadable as error:
        return Carried(name, student, "", problem=str(error))


@dataclass(frozen=True)
class Handed:
    """All that was handed in, and what was passed over, in words."""

    submissions: tuple[Submission, ...]
    notes: tuple[str, ...]


def find_submissions(given: Path) -> Handed:
    """A folder, a zip or a notebook -> the submissions in it, by name.

    Raises
    ------
    Unreadable
        If it is none of these.
    """
    notes: list[str] = []
    if given.is_dir():
        found = [(name, str(given / name), "") for name in _files(given, notes)]
    elif zipfile.is_zipfile(given):
        found = [(_safe_name(member), str(given), member) for member in _members(given, notes)]
    elif given.suffix == ".ipynb" and given.is_file():
        found = [(given.name, str(given), "")]
    else:
        raise Unreadable(f"{given} is neither a folder, nor a zip, nor a notebook (.ipynb).")
    common = _common_folder([name for name, _, _ in found], notes)
    handed = [_submission(name.removeprefix(common), place, member) for name, place, member in found]
    return Handed(tuple(sorted(handed, key=lambda one: one.name)), tuple(notes))


def _submission(name: str, place: str, member: str = "") -> Submission:
    return Submission(clean(name, 300), whose(name).label, place, member)


def _common_folder(names: list[str], notes: list[str]) -> str:
    """Return the folder that holds all of a class, as zips have it; "" if there is none."""
    parts = [PurePosixPath(name).parts for name in names]
    tops = {part[0] for part in parts if len(part) > 1}
    if len(tops) != 1 or any(len(part) < 2 or whose("/".join(part)).system for part in parts):
        return ""
    inner = {part[1] for part in parts}
    folders = all(len(part) > 2 for part in parts) and len(inner) > 1
    folders = folders and not any(_A_LESSONS.match(name) for name in inner)  # as nbgrader has them
    files = all(len(part) == 2 and whose(part[1]).system for part in parts)
    if not folders and not files:
        return ""
    top = tops.pop()
    notes.append(f'All of it lies in the folder "{clean(top, 100)}", which is left out of the names.')
    return f"{top}/"


# ------------------------------------------------------------------ folders


def _files(root: Path, notes: list[str]) -> Iterator[str]:
    for folder, folders, files in os.walk(root, followlinks=False):
        here = Path(folder)
        notes += [
            f"{(here / name).relative_to(root)} is a link to a folder and was not followed."
            for name in sorted(folders)
            if (here / name).is_symlink()
        ]
        folders[:] = sorted(name for name in folders if name not in _NOT_OURS)
        for name in sorted(files):
            path = here / name
            if not name.endswith(".ipynb") or name.startswith("._"):
                continue
            if not stat.S_ISREG(path.lstat().st_mode):
                kind = "a link" if path.is_symlink() else "not a file"
                notes.append(f"{path.relative_to(root)} is {kind} and was not opened.")
                continue
            yield path.relative_to(root).as_posix()


def _read_file(place: str) -> bytes:
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Unreadable("This is not a file.")
        content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Unreadable(too_large(os.fstat(handle).st_size))
        return content


# ------------------------------------------------------------------ zips


def _members(given: Path, notes: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    with zipfile.ZipFile(given) as archive:
        for info in archive.infolist():
            name = info.filename
            parts = PurePosixPath(name).parts
            hidden = PurePosixPath(name).name.startswith("._")
            if hidden or not name.endswith(".ipynb") or _NOT_OURS & set(parts):
                continue
            shown = clean(name, 200)
            if stat.S_ISLNK(info.external_attr >> 16):
                notes.append(f"{shown} in the zip is a link and was not opened.")
                continue
            if _safe_name(name) != name:
                notes.append(
                    f'"{shown}" in the zip is a path that leads elsewhere; it is read as'
                    f' "{_safe_name(name)}".'
                )
            if name in seen:
                notes.append(f"{shown} is in the zip twice; the last counts.")
                continue
            seen.add(name)
            yield name


def _safe_name(name: str) -> str:
    """Return a zip's path without what leads out of it."""
    parts = [part for part in re.split(r"[\\/]+", name) if part not in ("", ".", "..") and part[1:2] != ":"]
    return "/".join(parts) or "unnamed.ipynb"


@functools.lru_cache(maxsize=2)
def _archive(place: str, changed: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(place)


def _read_member(place: str, member: str) -> bytes:
    try:
        archive = _archive(place, os.stat(place).st_mtime_ns)
        with archive.open(member) as file:
            content = file.read(MOST_BYTES + 1)  # what the zip says of its size is not believed
            size = archive.getinfo(member).file_size
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise Unreadable(f"It cannot be read out of the zip: {error}.") from None
    if len(content) > MOST_BYTES:
        raise Unreadable(too_large(max(size, len(content))))
    return content
