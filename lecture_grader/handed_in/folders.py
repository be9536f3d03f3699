"""The notebooks in a folder, by their paths in it. Links are not followed."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from .notebook import MOST_BYTES, Unreadable, too_large
from .rest import SYSTEMS_OWN, Rest, is_notebook

MOST_LEVELS = 100
"""Of folders within folders, so many are looked through."""


def files_in(root: Path, rest: Rest, results: Path | None = None) -> Iterator[str]:
    """Give the notebooks in a folder, without the folder of results; what else is there goes to `rest`."""
    left_out = None if results is None else Path(os.path.realpath(results))  # it may be a loop of links

    def is_left_out(folder: Path) -> bool:
        return left_out is not None and folder.name == left_out.name and folder.resolve() == left_out

    def unreadable(error: OSError) -> None:
        rest.pass_over(os.path.relpath(error.filename, root), f"The folder cannot be read: {error.strerror}.")

    for folder, folders, files in os.walk(root, followlinks=False, onerror=unreadable):
        here = Path(folder)
        inside = "" if here == root else f"{here.relative_to(root).as_posix()}/"
        if inside.count("/") > MOST_LEVELS:
            rest.pass_over(inside, "Its folders are nested too deeply to be looked through.")
            folders.clear()
            continue
        for name in sorted(folders):
            if (here / name).is_symlink():
                rest.pass_over(f"{inside}{name}", "It is a link to a folder, not followed.")
            elif name in SYSTEMS_OWN:
                rest.ignore(f"{inside}{name}", "It is a folder that a computer makes for itself.")
            elif is_left_out(here / name):
                rest.ignore(f"{inside}{name}", "It is the folder of the results.")
            else:
                rest.folders.append(f"{inside}{name}")
        folders[:] = sorted(
            name for name in folders if name not in SYSTEMS_OWN and not is_left_out(here / name)
        )
        for name in sorted(files):
            path, place = here / name, f"{inside}{name}"
            if rest.is_systems_own(place):
                continue
            if not is_notebook(name):
                rest.other_files.append(place)
            elif not stat.S_ISREG(path.lstat().st_mode):
                kind = "a link" if path.is_symlink() else "not a file"
                rest.pass_over(place, f"It is {kind} and was not opened.")
            else:
                yield place


def read_file(place: str) -> bytes:
    """Return a file's bytes; Unreadable if that is impossible."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None
    with open(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("This is not a file.")
        if found.st_size > MOST_BYTES:
            raise Unreadable(too_large(found.st_size))
        return file.read()  # with no limit of its own, for Python would first make room for all of that
