"""What a submission sees of the machine's files: copies in memory, and nothing of the machine's own.

A kernel remembers, for all processes alike, which files were read and which names were looked for, also those
that are not there. Who asks again is answered sooner. So a process that knows an input could tell it to a
later one, a bit by each name, and that one could print it. A file system in memory remembers nothing of it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

_NOT_NEEDED = shutil.ignore_patterns(
    *("site-packages", "dist-packages", "test", "tests", "idlelib", "ensurepip", "lib2to3", "turtledemo"),
    *("config-*", "*.opt-?.pyc", "*.pyi", "*.a", "numpy.libs", "posix", "right"),
)
"""What no notebook needs: NumPy's own libraries are loaded already, and time zones are there once."""
_ZONES = Path("/usr/share/zoneinfo")


def copy_all(root: Path, inside: Path, unshown: Collection[str], text: str) -> None:
    """Copy into a folder in memory all that a notebook may import or read; it is a root for submissions.

    Parameters
    ----------
    root
        That folder.
    inside
        Where our own files lie.
    unshown
        Files and folders there of which nothing is to be seen but as many lines of this text.
    """
    for name in ("lib", "lib32", "lib64", "bin", "tmp", "var/tmp"):
        if Path("/", name).is_symlink():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).symlink_to(os.readlink(Path("/", name)))
    for place in (*map(Path, sys.path), _ZONES):
        if place.is_dir() and not _in(root, place).exists():
            shutil.copytree(place, _in(root, place), symlinks=True, ignore=_left_out)
    _in(root, Path(os.__file__).with_name("site-packages")).mkdir(exist_ok=True)  # nothing is installed
    for path in (*_needed_libraries(), *map(Path, ("/etc/localtime", "/etc/ld.so.cache"))):
        _in(root, path).parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            _in(root, path).symlink_to(path.resolve())
        elif path.is_file():
            shutil.copy2(path, _in(root, path))
    own = _in(root, Path(sys.executable))
    own.parent.mkdir(parents=True, exist_ok=True)
    own.touch()  # it is there, and is not run
    for name in unshown:
        place = _in(root, inside / name)
        for file in place.rglob("*.py") if place.is_dir() else [place]:
            file.write_text(text * file.read_text("utf-8").count("\n"), "utf-8")


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Return what no notebook needs of a folder, and what cannot be read here, so not there either."""
    unreadable = {name for name in names if not os.access(Path(folder, name), os.R_OK)}
    return _NOT_NEEDED(folder, names) | unreadable


def _in(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _needed_libraries() -> Iterator[Path]:
    """Give the libraries that Python's modules in C need and that are not loaded, by each of their names.

    A process of its own loads all of them, and says which those are: to have them loaded here would make each
    submission's process take longer to begin.
    """
    reads, writes = os.pipe()
    before = _loaded()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            modules = [path for place in sys.path for path in Path(place).glob("lib-dynload/*.so")]
            for name in ("libgcc_s.so.1", *modules):
                with contextlib.suppress(OSError):
                    ctypes.CDLL(str(name))
            os.write(writes, "\n".join(_loaded() - before - {*map(str, modules)}).encode())
        os._exit(0)
    os.close(writes)
    with open(reads, encoding="utf-8") as said:
        loaded = {*map(Path, said.read().split("\n"))}
    os.waitpid(child, 0)
    for folder in {path.parent for path in loaded if path.is_absolute()}:
        yield from (path for path in folder.glob("*.so*") if path.resolve() in loaded)


def _loaded() -> set[str]:
    """Return the files of which something is in this process's memory."""
    lines = Path("/proc/self/maps").read_text("utf-8").splitlines()
    return {line.split(maxsplit=5)[-1] for line in lines if ".so" in line}
