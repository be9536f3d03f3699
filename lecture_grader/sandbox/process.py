"""A place where a submission can do nothing but answer: bubblewrap around one warm process.

Each submission runs in a process of its own that the warm one makes. In it there are the interpreter,
NumPy and a lecture_lib without checks, all read-only, and a small empty home; there is no expected value,
no other submission, no network and no terminal.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from ..frames import BadFrame, Gone, TooSlow, receive
from .bubblewrap import ENVIRONMENT, HOME, HOME_BYTES, INSIDE, ROOT, bubblewrap_command, interpreter
from .stage import LEFT_OUT, MATHEMATICS, hide_mathematics, make_stage, show_mathematics
from .syscalls import NoFilter, filter_program

_STAGES = "lecture-grading-"
_PATIENCE = 30.0  # seconds for what takes milliseconds, on a machine that is busy


class NoSandbox(RuntimeError):
    """No sandbox can be made here; the message says why and what to do."""


class SandboxBroken(RuntimeError):
    """The sandbox itself stopped working, through no submission's fault."""


@dataclass(frozen=True)
class Limits:
    """What a submission may use."""

    memory: int = 1 << 30
    cpu_seconds: int = 120
    file_bytes: int = 4_000_000
    open_files: int = 64
    processes: int = 200

    def as_rlimits(self) -> dict[str, int]:
        """Return the limits by the names that the kernel's interface has."""
        return {
            "RLIMIT_AS": self.memory,
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_FSIZE": self.file_bytes,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_CORE": 0,
            "RLIMIT_MEMLOCK": 0,
            "RLIMIT_MSGQUEUE": 0,
        }


@dataclass
class Sandbox:
    """One warm process in its sandbox, and the submission's process that it holds at the moment.

    Parameters
    ----------
    limits
        What a submission may use.
    unsafe
        Do without bubblewrap, namespaces and seccomp. Whoever sets this trusts every submission.
    filtered
        Whether system calls are filtered. Only tests do without, to try the other layers alone.
    for_many
        Whether its warm process first runs what notebooks do: that takes a second, and makes each faster.
    """

    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False
    filtered: bool = True
    for_many: bool = True
    _stage: tempfile.TemporaryDirectory[str] | None = None
    _warm: subprocess.Popen[bytes] | None = None
    _control: socket.socket | None = None
    _channel: socket.socket | None = None
    _used: bool = False
    nested: bool = True
    """Whether each submission has namespaces of its own; if not, each has a warm process of its own."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def channel(self) -> socket.socket:
        """The channel to the submission's process."""
        if self._channel is None:
            raise SandboxBroken("there is no process to speak to")
        return self._channel

    def new_process(self) -> socket.socket:
        """Make a new process for a submission, end the one before; return the channel to it."""
        for attempt in range(3):
            try:
                return self._new_process()
            except SandboxBroken:
                self._stop()
                if attempt == 2:
                    raise
        raise AssertionError

    def _new_process(self) -> socket.socket:
        self._close_channel()
        if self._used and not self.nested and not self.unsafe:
            self._stop()
        if self._warm is None or self._warm.poll() is not None:
            self._stop()
            self._start()
        ours, theirs = socket.socketpair()
        with contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            with theirs:
                answer = self._ask(b"F", theirs.fileno())
            if answer.startswith("error") and self.nested:
                self.nested = False  # this kernel gives no namespaces within namespaces
                self._stop()
                return self._new_process()
            if answer != "forked":
                raise SandboxBroken(f"no process could be made in the sandbox: {answer}")
            self._used = True
            try:
                hello = receive(ours, time.monotonic() + _PATIENCE)
            except (Gone, TooSlow, BadFrame) as error:
                raise SandboxBroken("the process in the sandbox did not say that it is ready") from error
            if hello != "ready":
                raise SandboxBroken(f"the process in the sandbox {hello}")
            undo.pop_all()
        self._channel = ours
        return ours

    def _close_channel(self) -> bool:
        """Close the channel to the submission's process; return whether there was one."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
        return channel is not None

    def end(self, ending: bool = False) -> int:
        """End the submission's process, if there is one; return how it had ended, -1 if it ran still.

        `ending` says that it seems to end by itself, and may have a moment for that.
        """
        if not self._close_channel() or self._control is None:
            return 0
        try:
            answer = self._ask(b"W" if ending else b"K")
        except SandboxBroken:
            self._stop()
            return -1
        return int(answer.split()[1])

    def leave(self) -> None:
        """End the submission's process, if there is one, without waiting for that."""
        if not self._close_channel() or self._control is None:
            return
        try:
            self._control.send(b"E")
        except OSError:
            self._stop()

    def _ask(self, request: bytes, fd: int | None = None) -> str:
        assert self._control is not None
        try:
            if fd is None:
                self._control.send(request)
            else:
                socket.send_fds(self._control, [request], [fd])
            answer = self._control.recv(4096)
        except OSError as error:
            raise SandboxBroken(f"the warm process does not answer: {error}") from error
        if not answer:
            raise SandboxBroken("the warm process has ended")
        return answer.decode("utf-8", "replace")

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(_PATIENCE)
        stage = self._staged()
        with theirs, tempfile.TemporaryFile() as complaints:
            os.set_inheritable(theirs.fileno(), True)
            self._warm = subprocess.Popen(
                self._command(stage, theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=complaints,
                stderr=complaints,
                env=dict(ENVIRONMENT) if self.unsafe else {},
                start_new_session=True,
            )
            self._control, self._used = ours, False
            theirs.close()
            try:
                hello = ours.recv(4096)
            except OSError:
                hello = b""
            if hello != b"ready":
                complaints.seek(0)
                said = complaints.read(2000).decode("utf-8", "replace").strip()
                if not said and self._was_killed():
                    raise SandboxBroken("the sandbox was killed while it started")
                self._warm.kill()
                self._warm.wait()
                raise NoSandbox(f"the sandbox did not start: {said or 'it said nothing'}")
            hide_mathematics(stage)

    def _was_killed(self) -> bool:
        """Whether the warm process has ended by SIGKILL, as one does when memory is short; wait a moment."""
        assert self._warm is not None
        try:
            return self._warm.wait(1.0) in (-signal.SIGKILL, 128 + signal.SIGKILL)
        except subprocess.TimeoutExpired:
            return False

    def _staged(self) -> Path:
        try:
            if self._stage is None:
                filter = None if self.unsafe else filter_program()
                _sweep()
                self._stage = tempfile.TemporaryDirectory(prefix=f"{_STAGES}{os.getpid()}-")
                make_stage(Path(self._stage.name), filter, link_numpy=self.unsafe)
            show_mathematics(Path(self._stage.name))
        except NoFilter as error:
            raise NoSandbox(str(error)) from error
        except OSError as error:
            raise NoSandbox(
                f"its files cannot be written to {tempfile.gettempdir()}: {error.strerror or error}"
            ) from error
        return Path(self._stage.name)

    def _command(self, stage: Path, control: int) -> list[str]:
        inside = stage if self.unsafe else INSIDE
        limits = self.limits.as_rlimits()
        home = str(self._unsafe_home(stage)) if self.unsafe else HOME
        settings = {
            "control": control,
            "path": [str(inside), str(inside / "lecture_lib" / "packages")],
            "namespaces": self.nested and not self.unsafe,
            "sandbox": not self.unsafe,
            "filtered": self.filtered,
            "for_many": self.for_many,
            "home": home,
            "home_bytes": HOME_BYTES,
            "root": ROOT,
            "unshown": [MATHEMATICS, LEFT_OUT],
            "filter": str(inside / "filter.bpf"),
            "lessons": str(inside / "lessons.json"),
            "limits": limits,
        }
        server = str(inside / "lecture_grader" / "inside" / "server.py")
        run = [str(interpreter()), "-P", "-S", "-B", server, json.dumps(settings)]
        if self.unsafe:
            return run
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise NoSandbox(
                "bubblewrap is not installed. Debian and Ubuntu: apt install bubblewrap. Fedora: dnf install"
                " bubblewrap. It needs Linux."
            )
        return [*bubblewrap_command(bwrap, stage, self.nested), "--", *run]

    def _unsafe_home(self, stage: Path) -> Path:
        home = stage / "home"
        remove(home)
        home.mkdir()
        return home

    def _stop(self) -> None:
        self._close_channel()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._warm is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._warm.wait(0.5)  # the warm process ends by itself when the control channel closes
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._warm.pid, signal.SIGKILL)
            self._warm.wait()
            self._warm = None

    def close(self) -> None:
        """End everything."""
        self._stop()
        if self._stage is not None:
            remove(Path(self._stage.name))
            self._stage.cleanup()
            self._stage = None


def remove(place: Path) -> None:
    """Remove what a submission may have made: folders may be so deep that Python's own way stops halfway."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(place, ignore_errors=True)
    if os.path.lexists(place):
        subprocess.run(["rm", "-rf", "--", place], check=False, stderr=subprocess.DEVNULL)


def _sweep() -> None:
    """Remove the stages of processes of ours that were killed and could not."""
    for path in Path(tempfile.gettempdir()).glob(f"{_STAGES}*-*"):
        pid = path.name.removeprefix(_STAGES).partition("-")[0]
        with contextlib.suppress(OSError):
            ours = path.lstat().st_uid == os.getuid() and path.is_dir() and not path.is_symlink()
            if pid.isdigit() and ours and not Path("/proc", pid).exists():
                remove(path)
