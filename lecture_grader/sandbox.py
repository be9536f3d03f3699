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
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

import numpy as np

import lecture_lib.exercises
from lecture_lib import explore, lessons, show
from lecture_lib.common.faces import offered
from lecture_lib.lessons import EXERCISES

from .frames import BadFrame, Gone, TooSlow, receive
from .notebook import Unreadable, read_notebook
from .syscalls import NoFilter, filter_program

GRADER = Path(__file__).resolve().parent
LIBRARY = Path(lecture_lib.exercises.__file__).resolve().parent.parent
INSIDE = Path("/sandbox")
HOME = "/home/student"
HOME_BYTES = 8_000_000
_STAGES = "lecture-grading-"
_PATIENCE = 30.0  # seconds for what takes milliseconds, on a machine that is busy

SHARED_WITH_STUDENTS = (
    "lecture_lib/__init__.py",
    "lecture_lib/common",
    "lecture_lib/autodiff",
    "lecture_lib/learning",
    "lecture_lib/exercises/answer.py",
    "lecture_lib/exercises/comparing.py",
    "lecture_lib/exercises/page.py",
    "lecture_lib/exercises/plain.py",
    "lecture_lib/exercises/recipes.py",
    "lecture_lib/exercises/student.py",
    "lecture_lib/lessons/duck_goose/example.py",
    "lecture_grader/frames.py",
    "lecture_grader/inside",
)
"""What of ours is in the sandbox, and each lesson's `recipes.py`. No answer, no oracle, no judge."""


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


# ------------------------------------------------------------------ what is in it


def make_stage(folder: Path, filter: bytes | None, link_numpy: bool) -> None:
    """Fill a folder with all of ours that the sandbox holds."""
    library = folder / "lecture_lib"
    recipes = [str(path.relative_to(LIBRARY.parent)) for path in (LIBRARY / "lessons").glob("*/recipes.py")]
    for name in (*SHARED_WITH_STUDENTS, *recipes):
        source, target = (LIBRARY if name.startswith(LIBRARY.name) else GRADER).parent / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    for name, room in (("exercises", lessons), ("lessons", lessons), ("show", show), ("explore", explore)):
        face = GRADER / "inside" / ("as_lessons.py" if room is lessons else "as_show.py")
        (library / name).mkdir(exist_ok=True)
        (library / name / "__init__.py").write_text(_silent(room) + face.read_text("utf-8"), encoding="utf-8")
    (folder / "lecture_grader" / "__init__.py").touch()
    (folder / "lessons.json").write_text(json.dumps(_given_out()), encoding="utf-8")
    # In lecture_lib's folder, so that an answer's own line is found above NumPy's in a traceback.
    packages = library / "packages"
    packages.mkdir()
    for source in _numpy_folders():
        if link_numpy:
            (packages / source.name).symlink_to(source)
        else:
            (packages / source.name).mkdir()
    if filter is not None:
        (folder / "filter.bpf").write_bytes(filter)
    folder.chmod(0o755)


def _silent(room: ModuleType) -> str:
    """Return the lines that make all silent that a room offers."""
    names = " = ".join(offered(room))
    return f"from lecture_grader.inside.silent import SILENT as _SILENT\n{names} = _SILENT\n"


def _given_out() -> list[list[str]]:
    """Return the code cells of each lesson as it was given out, blanks and all, where the lessons lie.

    The warm process runs them once, which makes it faster, and is all that they are for.
    """
    lessons: list[list[str]] = []
    if not (LIBRARY.parent / "pyproject.toml").exists():
        return lessons
    for path in sorted((LIBRARY.parent / "notebooks").glob("*.ipynb")):
        try:
            cells = read_notebook(path.read_bytes()).cells
        except Unreadable:
            continue
        last = max((cell.number for cell in cells if cell.exercise in EXERCISES), default=0)
        lessons.append([cell.source for cell in cells[:last] if cell.kind == "code"])
    return lessons


def _numpy_folders() -> list[Path]:
    numpy = Path(np.__file__).parent
    return [numpy, *(path for path in [numpy.with_name("numpy.libs")] if path.is_dir())]


def _interpreter() -> Path:
    """Return the real interpreter, not a virtual environment's link to it."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def bubblewrap_command(bwrap: str, stage: Path, nested: bool) -> list[str]:
    """Return the command line of bubblewrap, up to what is to be run in it."""
    command = [bwrap, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv"]
    command += ["--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox"]
    if not nested and _knows(bwrap, "--disable-userns"):
        command += ["--disable-userns"]
    roots = [Path("/usr"), Path(sys.base_prefix).resolve()]
    for name in ("lib", "lib64", "lib32", "bin"):
        path = Path("/", name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            roots.append(path)
    for root in roots:
        command += ["--ro-bind", str(root), str(root)]
    for name in ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime"):
        command += ["--ro-bind-try", name, name]
    for hidden in _hidden(roots):
        command += ["--tmpfs", str(hidden), "--remount-ro", str(hidden)]
    command += ["--ro-bind", str(stage), str(INSIDE)]
    for source in _numpy_folders():
        command += ["--ro-bind", str(source), str(INSIDE / "lecture_lib" / "packages" / source.name)]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(HOME_BYTES), "--tmpfs", HOME]
    for place in ("/tmp", "/var/tmp"):
        if not any(root.is_relative_to(place) for root in roots):
            command += ["--symlink", HOME, place]
    for name, value in {
        "HOME": HOME,
        "TMPDIR": HOME,
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "TQDM_DISABLE": "1",
        "LECTURE_PROGRESS": "off",
    }.items():
        command += ["--setenv", name, value]
    command += ["--chdir", HOME, "--remount-ro", "/dev", "--remount-ro", "/"]
    return command


def _knows(bwrap: str, option: str) -> bool:
    shown = subprocess.run([bwrap, "--help"], capture_output=True, text=True, check=False)
    return option in shown.stdout + shown.stderr


def _hidden(roots: list[Path]) -> list[Path]:
    """Return what lies beneath the folders of the interpreter and must not be seen: lecture_lib itself.

    Where it runs from a folder of the project, all of the project: its solutions lie beside it.
    """
    places = {LIBRARY, GRADER}
    if (LIBRARY.parent / "pyproject.toml").exists():
        places = {LIBRARY.parent}
    for name in ("purelib", "platlib"):  # a second installation, in the interpreter's own packages
        packages = Path(sysconfig.get_path(name, vars={"base": sys.base_prefix}))
        places |= {packages / LIBRARY.name, packages / GRADER.name}
    return sorted(
        place
        for place in places
        if place.is_dir() and any(place.resolve().is_relative_to(root) for root in roots)
    )


def _sweep() -> None:
    """Remove the stages of processes of ours that were killed and could not."""
    for path in Path(tempfile.gettempdir()).glob(f"{_STAGES}*-*"):
        pid = path.name.removeprefix(_STAGES).partition("-")[0]
        with contextlib.suppress(OSError):
            ours = path.lstat().st_uid == os.getuid() and path.is_dir() and not path.is_symlink()
            if pid.isdigit() and ours and not Path("/proc", pid).exists():
                shutil.rmtree(path, ignore_errors=True)


# ------------------------------------------------------------------ running it


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
    """

    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False
    filtered: bool = True
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

    def fresh(self) -> socket.socket:
        """Make a new process for a submission, end the one before; return the channel to it."""
        for attempt in range(3):
            try:
                return self._fresh()
            except SandboxBroken:
                self._stop()
                if attempt == 2:
                    raise
        raise AssertionError

    def _fresh(self) -> socket.socket:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._used and not self.nested and not self.unsafe:
            self._stop()
        if self._warm is None or self._warm.poll() is not None:
            self._stop()
            self._start()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                answer = self._ask(b"F", theirs.fileno())
        except SandboxBroken:
            ours.close()
            raise
        if answer.startswith("error") and self.nested:
            ours.close()
            self.nested = False  # this kernel gives no namespaces within namespaces
            self._stop()
            return self._fresh()
        if answer != "forked":
            ours.close()
            raise SandboxBroken(f"no process could be made in the sandbox: {answer}")
        self._used = True
        try:
            hello = receive(ours, time.monotonic() + _PATIENCE)
        except (Gone, TooSlow, BadFrame) as error:
            ours.close()
            raise SandboxBroken("the process in the sandbox did not say that it is ready") from error
        if hello != "ready":
            ours.close()
            raise SandboxBroken(f"the process in the sandbox {hello}")
        self._channel = ours
        return ours

    def end(self, ending: bool = False) -> int:
        """End the submission's process, if there is one; return how it had ended, -1 if it ran still.

        `ending` says that it seems to end by itself, and may have a moment for that.
        """
        if self._channel is None:
            return 0
        self._channel.close()
        self._channel = None
        if self._control is None:
            return 0
        try:
            answer = self._ask(b"W" if ending else b"K")
        except SandboxBroken:
            self._stop()
            return -1
        return int(answer.split()[1])

    def leave(self) -> None:
        """End the submission's process, if there is one, without waiting for that."""
        if self._channel is None or self._control is None:
            return
        self._channel.close()
        self._channel = None
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
                env=self._environment(stage),
                start_new_session=True,
            )
            self._control, self._used = ours, False
            theirs.close()
            try:
                hello = ours.recv(4096)
            except OSError:
                hello = b""
            if hello != b"ready":
                self._warm.kill()
                self._warm.wait()
                complaints.seek(0)
                said = complaints.read(2000).decode("utf-8", "replace").strip()
                raise NoSandbox(f"the sandbox did not start: {said or 'it said nothing'}")

    def _staged(self) -> Path:
        if self._stage is None:
            filter = None
            if not self.unsafe:
                try:
                    filter = filter_program()
                except NoFilter as error:
                    raise NoSandbox(str(error)) from error
            _sweep()
            self._stage = tempfile.TemporaryDirectory(prefix=f"{_STAGES}{os.getpid()}-")
            make_stage(Path(self._stage.name), filter, link_numpy=self.unsafe)
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
            "home": home,
            "home_bytes": HOME_BYTES,
            "filter": str(inside / "filter.bpf"),
            "lessons": str(inside / "lessons.json"),
            "limits": limits,
        }
        server = str(inside / "lecture_grader" / "inside" / "server.py")
        run = [str(_interpreter()), "-I", "-S", "-B", server, json.dumps(settings)]
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
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        return home

    def _environment(self, stage: Path) -> dict[str, str]:
        if not self.unsafe:
            return {}
        single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        return {"LANG": "C.UTF-8", "LECTURE_PROGRESS": "off", "TQDM_DISABLE": "1", **single}

    def _stop(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
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
            self._stage.cleanup()
            self._stage = None
