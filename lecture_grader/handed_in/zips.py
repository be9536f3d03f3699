"""The notebooks in a zip, which is read where it lies and never unpacked: no path in it leads anywhere."""

import functools
import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from .folders import MOST_LEVELS
from .notebook import MOST_BYTES, Unreadable, too_large
from .rest import Rest, is_notebook

_DRIVE = re.compile(r"[A-Za-z]:")
_MOST_LETTERS = 510
"""Of one name in a path: a disk takes 255, and in an encoding that is not known each may look like two."""
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError),
    *(MemoryError, KeyError, RuntimeError, OSError, ValueError),
)
"""What is raised where a zip is not as it should be; what zipfile cannot do is a RuntimeError, too."""


def members_of(given: Path, rest: Rest) -> Iterator[tuple[str, str]]:
    """Give the notebooks in a zip, each by its path and by its name in the zip; the rest goes to `rest`.

    Raises
    ------
    Unreadable
        If it is no whole zip.
    """
    try:
        archive = zipfile.ZipFile(given)
    except _DAMAGED as error:
        words = (
            f"{given} cannot be read as a zip: {error}. It may be damaged or cut short: download it again."
        )
        raise Unreadable(words) from None
    taken: dict[str, str] = {}
    with archive:
        for info in archive.infolist():
            name = _name_in_zip(info).replace("\\", "/")
            path = "/".join(part for part in name.split("/") if part not in ("", "."))
            cut = "\0" in info.orig_filename  # the name ends there for some, for others it goes on
            if cut or name.startswith("/") or ".." in path.split("/") or _DRIVE.match(path) or not path:
                rest.pass_over(
                    name, "In the zip it is a path that leads elsewhere: whose it is, is not guessed."
                )
            elif path.count("/") > MOST_LEVELS or max(map(len, path.split("/"))) > _MOST_LETTERS:
                rest.pass_over(
                    name, "In the zip its path is longer than any disk takes: whose it is, is not guessed."
                )
            elif rest.is_systems_own(path):
                continue
            elif name.endswith("/"):
                rest.folders.append(path)
            elif not is_notebook(path):
                rest.other_files.append(path)
                rest.members[path] = info.filename
            elif stat.S_ISLNK(info.external_attr >> 16):
                rest.pass_over(path, "In the zip it is a link, which was not opened.")
            else:
                if path in taken:
                    rest.pass_over(path, "It is in the zip twice; the last counts.")
                taken[path] = info.filename
    yield from taken.items()


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """Return a name as it is: many a program writes UTF-8 and does not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


@functools.lru_cache(maxsize=2)
def _archive(place: str, changed: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(place)


def time_of_member(place: str, member: str) -> datetime:
    """Return when a member was last changed, by the clock of who made the zip; Unreadable if it is not there.

    The first moment that a zip can say stands for none.
    """
    try:
        when = datetime(*_archive(place, os.stat(place).st_mtime_ns).getinfo(member).date_time)
    except _DAMAGED as error:
        raise Unreadable(f"The zip does not say when it was changed: {error}.") from None
    if when == datetime(1980, 1, 1):
        raise Unreadable("The zip does not say when it was changed.")
    return when


def read_member(place: str, member: str) -> bytes:
    """Return a member's bytes; Unreadable if that is impossible."""
    try:
        archive = _archive(place, os.stat(place).st_mtime_ns)
        with archive.open(member) as file:
            content = file.read(MOST_BYTES + 1)  # what the zip says of its size is not believed
            size = archive.getinfo(member).file_size
    except _DAMAGED as error:
        why = str(error) or "its data end too early"
        raise Unreadable(
            f"It cannot be read out of the zip: {why}. Download or pack it again, without a password."
        ) from None
    if len(content) > MOST_BYTES:
        raise Unreadable(too_large(max(size, len(content))))
    return content
