"""Where results are kept: every one in a file of JSON lines, which a run that was stopped goes on with.

A result is appended when it is there, and found again by its key; a line that was cut short by a
power cut or a kill is dropped. Other files are written whole or not at all.
"""

import contextlib
import errno
import fcntl
import json
import os
import secrets
import sys
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from .graded import Graded, as_line, from_line

RESULTS, RUN, LOCK = "results.jsonl", "run.json", ".lock"


class Busy(Exception):
    """Another run is at work on this folder."""


class NotOurs(Exception):
    """The folder's files were not written by a run, or cannot be read."""


@dataclass
class Store:
    """The results in a folder. Open it with `opened`, so that no two runs write in it."""

    folder: Path
    places: dict[str, tuple[int, int, str]] = field(default_factory=dict[str, "tuple[int, int, str]"])
    """Key -> where in the file its line begins, its length, and the id that the notebook signs in with.

    The results themselves stay on the disk."""

    @property
    def path(self) -> Path:
        """The file of results."""
        return self.folder / RESULTS

    @property
    def last_changed(self) -> datetime:
        """When the last result was added; now, if there is none."""
        when = self.path.stat().st_mtime if self.path.exists() else None
        return datetime.now() if when is None else datetime.fromtimestamp(when)

    def index(self) -> None:
        """Read which results there are; cut off what is not a whole line."""
        if not self.path.exists():
            return
        sound = 0
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                with contextlib.suppress(ValueError):
                    self._place(from_line(line), sound, len(line))
                sound += len(line)
        if sound < self.path.stat().st_size:
            os.truncate(self.path, sound)

    def __contains__(self, key: str) -> bool:
        return key in self.places

    def _place(self, graded: Graded, start: int, length: int) -> None:
        # A key comes back from a worker, and a student's id from each notebook, as a text of its own.
        self.places[sys.intern(graded.key)] = (start, length, sys.intern(graded.signed_in_as))

    def signed_in_as(self, key: str) -> str:
        """Return the id that a notebook signs in with; its result is not read again for that."""
        return self.places[key][2]

    def get(self, key: str) -> Graded:
        """Return the result that has this key."""
        start, length, _ = self.places[key]
        with self.path.open("rb") as file:
            file.seek(start)
            return from_line(file.read(length))

    def add(self, results: Iterable[Graded]) -> None:
        """Append results, each key once; those without a key are not kept, so that they are tried again."""
        kept = list({one.key: one for one in results if one.key and one.key not in self}.values())
        lines = [as_line(one) for one in kept]
        with _named(self.path), self.path.open("ab") as file:
            place = file.tell()
            file.write(b"".join(lines))
            file.flush()
            os.fsync(file.fileno())
        for one, line in zip(kept, lines, strict=True):
            self._place(one, place, len(line))
            place += len(line)

    def seed(self, asked: str | None) -> str:
        """Return the seed of this folder's unseen inputs: the one asked for, the one before, or a new one."""
        path = self.folder / RUN
        before: str | None = None
        if path.exists():
            try:
                before = str(json.loads(path.read_text(encoding="utf-8"))["seed"])
                before.encode()  # JSON can hold half a letter, which can be written nowhere else
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                before = None
                if asked is None:
                    words = f"{path} cannot be read. Give a folder of its own to -o, or --seed."
                    raise NotOurs(words) from error
        seed = asked or before or secrets.token_hex(8)
        if seed != before or path.stat().st_mode & 0o077:  # as an earlier version, or a copy, has left it
            write_whole(path, json.dumps({"seed": seed}) + "\n", mode=0o600)
        return seed


@contextlib.contextmanager
def opened(folder: Path) -> Generator[Store]:
    """Open a folder of results, which is made if there is none, for this run alone.

    Raises
    ------
    Busy
        If another run has it open.
    OSError
        If anything in it is a device, a pipe or a link to nowhere: these have no end, or keep nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if not path.is_dir():
            _refuse_what_is_no_file(path)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                f"Another run is at work on {folder}. Wait until it ends, or give another -o."
            ) from None
        store = Store(folder)
        store.index()
        yield store


def write_whole(path: Path, content: str | bytes, lasting: bool = True, mode: int = 0o666) -> None:
    """Write all of a file or nothing of it; where it is `lasting`, wait until no power cut can undo it."""
    if path.exists():  # a device would be replaced
        _refuse_what_is_no_file(path)
    with _named(path):
        new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with open(new, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise


def _refuse_what_is_no_file(path: Path) -> None:
    if not path.is_file():
        raise OSError(errno.EINVAL, "This is no regular file", str(path))


@contextlib.contextmanager
def _named(path: Path) -> Generator[None]:
    """Name the file in what the system says when it cannot be written."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
