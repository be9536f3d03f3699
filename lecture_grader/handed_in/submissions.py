"""Finds the notebooks that were handed in: in a folder, in a folder per student, or in a zip.

A zip is read where it lies and never unpacked, so that no path in it leads anywhere. Links are not followed.
"""

from __future__ import annotations

import functools
import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ..frames import clean_name
from .notebook import MOST_BYTES, Unreadable, too_large
from .owners import owner_in_path

_A_LESSONS = re.compile(r"\d\d_|lesson", re.IGNORECASE)
_HAND_IN = re.compile(r"\.ipynb\.\w+$|\.(?:zip|gz|7z|rar|tar|tgz|html?|pdf|json|py)$", re.IGNORECASE)
_NOT_OURS = {"__MACOSX", ".ipynb_checkpoints"}
MOST_LEVELS = 100
"""Of folders within folders, so many are looked through."""


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
class HandedIn:
    """All that was handed in.

    Attributes
    ----------
    submissions
        The notebooks, by name.
    notes
        What an instructor should know of how they were found.
    passed_over
        What could not be taken, and who handed in no notebook: a name, and why.
    """

    submissions: tuple[Submission, ...]
    notes: tuple[str, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()


@dataclass
class _Seen:
    """What was met on the way, besides notebooks."""

    notes: list[str] = field(default_factory=list[str])
    passed_over: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    other_files: list[str] = field(default_factory=list[str])

    def pass_over(self, name: str, words: str) -> None:
        self.passed_over.append((clean_name(name, 200), words))


def find_submissions(given: Path) -> HandedIn:
    """A folder, a zip or a notebook -> the submissions in it, by name.

    Raises
    ------
    Unreadable
        If it is none of these.
    """
    seen = _Seen()
    if given.is_dir():
        found = [(name, str(given / name), "") for name in _files(given, seen)]
    elif zipfile.is_zipfile(given):
        found = [(_safe_name(name), str(given), member) for name, member in _members(given, seen)]
    elif _is_notebook(given.name) and given.is_file():
        found = [(given.name, str(given), "")]
    else:
        raise Unreadable(f"{given} is neither a folder, nor a zip, nor a notebook (.ipynb).")
    common = _common_folder([name for name, _, _ in found], seen.notes)
    handed = [_submission(name.removeprefix(common), place, member) for name, place, member in found]
    without = _without_notebook(handed, [name.removeprefix(common) for name in seen.other_files])
    submissions = tuple(sorted(handed, key=lambda one: one.name))
    return HandedIn(submissions, tuple(seen.notes), (*seen.passed_over, *without))


def _submission(name: str, place: str, member: str = "") -> Submission:
    return Submission(clean_name(name, 300), owner_in_path(name).label, place, member)


def _without_notebook(handed: list[Submission], others: list[str]) -> Iterator[tuple[str, str]]:
    """Name those who handed in files, and no notebook among them."""
    have = {one.student for one in handed}
    files: dict[str, list[str]] = {}
    for name in others:
        owner = owner_in_path(name)
        perhaps = _HAND_IN.search(name)  # other files that lie about are nobody's
        if perhaps and "/" not in name and not owner.system:
            yield name, "It is not a notebook (.ipynb) but may hold one. Look into it."
        elif owner.label and (owner.system or "/" in name):
            files.setdefault(owner.label, []).append(PurePosixPath(name).name)
    for student, names in sorted(files.items()):
        if student not in have:
            listed = clean_name(", ".join(sorted(names)), 200)
            yield student, f"There is no notebook (.ipynb) among what was handed in: {listed}."


def _common_folder(names: list[str], notes: list[str]) -> str:
    """Return the folder that holds all of a class, as zips have it; "" if there is none."""
    parts = [PurePosixPath(name).parts for name in names]
    tops = {part[0] for part in parts if len(part) > 1}
    if len(tops) != 1 or any(len(part) < 2 or owner_in_path("/".join(part)).system for part in parts):
        return ""
    inner = {part[1] for part in parts}
    folders = all(len(part) > 2 for part in parts) and len(inner) > 1
    folders = folders and not any(_A_LESSONS.match(name) for name in inner)  # as nbgrader has them
    files = all(len(part) == 2 and owner_in_path(part[1]).system for part in parts)
    if not folders and not files:
        return ""
    top = tops.pop()
    notes.append(f'All of it lies in the folder "{clean_name(top, 100)}", which is left out of the names.')
    return f"{top}/"


# ------------------------------------------------------------------ folders


def _files(root: Path, seen: _Seen) -> Iterator[str]:
    def unreadable(error: OSError) -> None:
        seen.pass_over(os.path.relpath(error.filename, root), f"The folder cannot be read: {error.strerror}.")

    for folder, folders, files in os.walk(root, followlinks=False, onerror=unreadable):
        if folder.count(os.sep) - str(root).count(os.sep) > MOST_LEVELS:
            seen.pass_over(
                os.path.relpath(folder, root), "Its folders are nested too deeply to be looked through."
            )
            folders.clear()
            continue
        here = Path(folder)
        for name in sorted(folders):
            if (here / name).is_symlink():
                seen.pass_over(
                    f"{(here / name).relative_to(root)}", "It is a link to a folder, not followed."
                )
        folders[:] = sorted(name for name in folders if name not in _NOT_OURS)
        for name in sorted(files):
            path = here / name
            if _is_hidden(name):
                continue
            place = path.relative_to(root).as_posix()
            if not _is_notebook(name):
                seen.other_files.append(place)
            elif not stat.S_ISREG(path.lstat().st_mode):
                kind = "a link" if path.is_symlink() else "not a file"
                seen.pass_over(place, f"It is {kind} and was not opened.")
            else:
                yield place


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def _is_hidden(name: str) -> bool:
    """Whether a file is a system's own, as ".DS_Store" and "._03.ipynb"."""
    return name.startswith("._") or (name.startswith(".") and not _is_notebook(name))


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


def _members(given: Path, seen: _Seen) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    with zipfile.ZipFile(given) as archive:
        for info in archive.infolist():
            name = _name_in_zip(info)
            parts = PurePosixPath(name).parts
            if info.is_dir() or _is_hidden(PurePosixPath(name).name) or _NOT_OURS & set(parts):
                continue
            if not _is_notebook(name):
                seen.other_files.append(_safe_name(name))
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                seen.pass_over(name, "In the zip it is a link, which was not opened.")
                continue
            if name in taken:
                seen.pass_over(name, "It is in the zip twice; the last counts.")
                continue
            if _safe_name(name) != name:
                seen.notes.append(
                    f'"{clean_name(name, 200)}" in the zip is a path that leads elsewhere; it is read as'
                    f' "{clean_name(_safe_name(name), 200)}".'
                )
            taken.add(name)
            yield name, info.filename


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """Return a name as it is: many a program writes UTF-8 and does not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


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
        lzma.LZMAError,
        struct.error,
        MemoryError,
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
