"""Zips that are the same to the byte whenever, wherever and by whomever they are written."""

import io
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from lecture_grader.store import write_whole

from .project import CannotExport

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""A zip's earliest time, given to every file."""


def write_zip(path: Path, files: Mapping[str, bytes], programs: Collection[str] = ()) -> None:
    """Write names and contents into a zip, whole or not at all; `programs` are those that can be run.

    Nothing is compressed: what a compressor makes differs from one version of it to the next.

    Raises
    ------
    CannotExport
        If another file than an earlier export has that name.
    """
    if path.is_file() and not _is_ours(path):
        raise CannotExport(
            f"{path} is there and is no earlier export, so it was kept. Give another name, or remove it first"
        )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _BEGINNING)
            info.create_system = 3  # Unix, wherever it is written, so that permissions count
            info.external_attr = (0o100755 if name in programs else 0o100644) << 16
            archive.writestr(info, files[name])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, made.getvalue())


def _is_ours(path: Path) -> bool:
    """Whether a file is a zip with the library in it, as `write_zip` writes it."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return all(
        one.date_time == _BEGINNING and one.compress_type == zipfile.ZIP_STORED for one in found
    ) and any(PurePosixPath(one.filename).match("lecture_lib/__init__.py") for one in found)


def package(folder: Path) -> dict[str, bytes]:
    """Return a package's files by name."""
    return {
        path.relative_to(folder.parent).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_litter(path.relative_to(folder))
    }


def _is_litter(path: Path) -> bool:
    """Whether a file is what programs leave behind, and no part of the library."""
    return (
        any(part.startswith(".") or part == "__pycache__" for part in path.parts)
        or path.suffix in (".pyc", ".orig", ".rej", ".tmp")
        or path.name.endswith("~")
    )
