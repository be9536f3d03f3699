"""A sandbox for containers that give no namespaces: another user, no capabilities, few system calls, limits.

Within a container such as Gradescope's, bubblewrap often may not make namespaces. Then the submission runs
as a user of its own, who owns nothing but an empty home. It may not make processes, start programs, signal,
trace or open a socket (the kernel sees to that: the same filter as in the other sandbox), and cannot change
who it is. What differs from bubblewrap: it sees the container's files, and reads those that everybody may
read. So whatever it must not read has to be closed to others: `autograde`, as root, does that, and tries it.
"""

import contextlib
import itertools
import json
import os
import shutil
import socket
import stat
from pathlib import Path

from lecture_grader.sandbox import NoFilter, NoSandbox, Sandbox, filter_program, remove

USER = 61_234
"""The number of the user that submissions run as: nobody else's, so nothing in a container belongs to it."""

_LAUNCH = """
import ctypes, runpy, sys
if ctypes.CDLL(None, use_errno=True).prctl(4, 0, 0, 0, 0):  # PR_SET_DUMPABLE
    raise OSError("the process cannot be closed to others of its user")
server = sys.argv.pop(1)
runpy.run_path(server, run_name="__main__")
"""
"""Starts the warm process closed to others of its user, so that no submission writes into its memory."""


class OtherUser(Sandbox):
    """A sandbox without namespaces: whoever makes it must be root, and trust the container.

    Each submission still has a process of its own, without capabilities, behind the filter of system calls,
    with the same limits. Of the files that it makes, the next process finds none.
    """

    def __init__(self) -> None:
        super().__init__(unsafe=True)  # as far as bubblewrap goes
        self.nested = False
        self._open_to_all = _where_all_may_write()

    def _new_process(self) -> socket.socket:
        self._close_channel()
        if self._control is not None and self._stage is not None:
            self._ask(b"K")  # until it has ended, it may write
            self._unsafe_home(Path(self._stage.name))
            for path in itertools.chain.from_iterable(place.iterdir() for place in self._open_to_all):
                if _belongs_to_user(path):
                    remove(path)
        return super()._new_process()

    def _staged(self) -> Path:
        new = self._stage is None
        stage = super()._staged()
        if new:
            try:
                (stage / "filter.bpf").write_bytes(filter_program())
            except NoFilter as error:
                raise NoSandbox(str(error)) from error
        for path in stage.rglob("*"):  # the autograder's own files are closed to others, these are not
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644)
        return stage

    def _command(self, stage: Path, control: int) -> list[str]:
        setpriv = shutil.which("setpriv")
        if setpriv is None or os.getuid() != 0:
            why = "setpriv (util-linux) is not installed" if setpriv is None else "this is not root"
            raise NoSandbox(f"submissions cannot run as another user: {why}")
        *python, server, settings = super()._command(stage, control)
        changed = json.loads(settings) | {"sandbox": True}
        become = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]
        return [setpriv, *become, "--", *python, "-c", _LAUNCH, server, json.dumps(changed)]

    def _unsafe_home(self, stage: Path) -> Path:
        home = super()._unsafe_home(stage)
        os.chown(home, USER, USER)
        home.chmod(0o700)
        return home


def _where_all_may_write() -> list[Path]:
    """Return the folders in which anybody may write, no further down than /run/lock and its like."""
    places: list[Path] = []
    for folder, inner, _ in os.walk("/"):
        if folder.count("/") > 2 or folder in ("/proc", "/sys"):
            inner.clear()
        with contextlib.suppress(OSError):  # it is gone already
            places += [Path(folder)] if os.lstat(folder).st_mode & stat.S_IWOTH else []
    return places


def _belongs_to_user(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return path.lstat().st_uid == USER
    return False
