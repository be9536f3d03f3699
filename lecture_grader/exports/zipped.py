"""Zips that are the same to the byte whenever, wherever and by whomever they are written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""A zip's earliest time, given to every file."""


def zip_of(files: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """Names and contents -> a zip; `programs` are those that can be run.

    Nothing is compressed: what a compressor makes differs from one version of it to the next.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _BEGINNING)
            info.create_system = 3  # Unix, wherever it is written, so that permissions count
            info.external_attr = (0o100755 if name in programs else 0o100644) << 16
            archive.writestr(info, files[name])
    return made.getvalue()


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


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    half.write_bytes(content)
    half.replace(path)
