"""The warm process in the sandbox: has NumPy loaded, and makes a fresh process for each submission.

The judge asks through the control channel for a new process in the place of the one that there is ("F",
with one end of a channel for its data), or for the end of that one ("K"; "W" if it seems to end by itself;
"E" if the judge does not wait for it). Where namespaces are asked for, a process has its own user, processes,
mounts and inter-process communication; before it reads a first cell it gives up what could undo this:
capabilities, limits, and all system calls but a few. When the judge goes away, all of it ends.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import ctypes
import errno
import gc
import json
import os
import platform
import resource
import signal
import socket
import struct
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn, cast

_SYS_CLONE = {"x86_64": 56, "aarch64": 220}
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
_CLONE_NEWNS, _CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWPID = 0x20000, 0x08000000, 0x10000000, 0x20000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 0x20
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 24, 38
_SECCOMP_MODE_FILTER = 2
_INSIDE_ID = 1000
DATA_FD = 3

_libc = ctypes.PyDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def serve(control: socket.socket, settings: dict[str, Any], cells: ModuleType) -> None:
    """Answer the judge until it goes away."""
    child = 0
    control.send(b"ready")
    while True:
        request, fds, _, _ = socket.recv_fds(control, 16, 1)
        if not request:  # the judge has gone
            _end(child)
            return
        if request == b"F":
            _end(child)  # nothing of it is there any more when the new one begins
            child = 0
            try:
                child = _fork(settings["namespaces"])
            except OSError as error:
                short = error.errno in (errno.EAGAIN, errno.ENOMEM)  # and not what this kernel never gives
                control.send(f"{'for now, ' if short else 'error '}{error.strerror}".encode())
                os.close(fds[0])
                continue
            if child == 0:
                control.close()
                _submission(fds[0], settings, cells)
            os.close(fds[0])
            control.send(b"forked")
        elif request in (b"E", b"K", b"W"):
            if request == b"W":
                _wait_a_little(child)
            ended, child = _end(child), 0
            if request != b"E":  # for that, nobody waits
                control.send(f"ended {ended}".encode())


def _wait_a_little(child: int) -> None:
    """Wait until the process has ended, if it is about to."""
    for _ in range(100):
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.002)


def _end(child: int) -> int:
    """Kill the submission's process, and with it its namespace; return how it had ended, as waitpid says."""
    if child == 0:
        return 0
    pid, status = os.waitpid(child, os.WNOHANG)
    if pid == 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return -1
    return status


def _fork(namespaces: bool) -> int:
    if not namespaces:
        return os.fork()
    flags = _CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWUSER | _CLONE_NEWPID | signal.SIGCHLD
    ctypes.pythonapi.PyOS_BeforeFork()
    child = _libc.syscall(_SYS_CLONE[platform.machine()], flags, None, None, None, None)
    if child == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
        _checked(child, "clone with new namespaces")
    return child


# ------------------------------------------------------------------ a submission's process


def _submission(data: int, settings: dict[str, Any], cells: ModuleType) -> NoReturn:
    channel = None
    try:
        channel = _only_channel(data)
        _shut_in(settings)
        cells.send(channel, "ready")
    except BaseException as error:
        if channel is not None:
            with contextlib.suppress(BaseException):
                cells.send(channel, f"could not be shut in: {error}")
        os._exit(71)
    try:
        cells.answer_requests(channel)
    finally:
        os._exit(0)


def _only_channel(data: int) -> socket.socket:
    """Close all but the channel to the judge; what is printed goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    if data != DATA_FD:
        os.dup2(data, DATA_FD, inheritable=False)
    os.closerange(DATA_FD + 1, 1024)
    return socket.socket(fileno=DATA_FD)


def _shut_in(settings: dict[str, Any]) -> None:
    if settings["namespaces"]:
        ids = settings["ids"]
        _write("/proc/self/setgroups", b"deny")
        _write("/proc/self/uid_map", f"{_INSIDE_ID} {ids[0]} 1".encode())
        _write("/proc/self/gid_map", f"{_INSIDE_ID} {ids[1]} 1".encode())
        _mount(b"/", b"", _MS_REC | _MS_PRIVATE, b"")
        size = f"size={settings['home_bytes']},nr_inodes=500,mode=700".encode()
        root, read_only = os.fsencode(settings["root"]), _MS_REMOUNT | _MS_BIND | _MS_RDONLY
        _mount(root + os.fsencode(settings["home"]), b"tmpfs", _MS_NOSUID | _MS_NODEV, size)
        for device, flags in settings["devices"]:
            _mount(device, b"", read_only | flags, b"")
        _mount(root, b"", read_only | _MS_NOSUID | _MS_NODEV, b"")
        os.chroot(root)  # nothing else is there, and nobody comes out without capabilities
    os.setsid()
    os.chdir(settings["home"])
    os.umask(0o077)
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    for name, most in settings["limits"].items():
        with contextlib.suppress(ValueError):  # an ordinary user's own limit may be lower
            resource.setrlimit(getattr(resource, name), (most, most))
    if settings["sandbox"]:
        _give_up_capabilities()
        _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
        _checked(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl")
        if settings["filtered"]:
            _load_filter(settings["program"])


def _mount(where: bytes, kind: bytes, flags: int, options: bytes) -> None:
    found = _libc.mount(kind or None, where, kind or None, ctypes.c_ulong(flags), options or None)
    _checked(found, f"mount on {where.decode()}")


def _write(path: str, text: bytes) -> None:
    file = os.open(path, os.O_WRONLY)
    os.write(file, text)
    os.close(file)


def _give_up_capabilities() -> None:
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break  # there are no more, or we were not allowed to have them in the first place
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    nothing = ctypes.create_string_buffer(24)
    _checked(_libc.syscall(_SYS_CAPSET[platform.machine()], header, nothing), "capset")


def _load_filter(program: bytes) -> None:
    """Load the filter that libseccomp has made outside."""
    held = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    _checked(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, head, 0, 0), "seccomp")


def _prepared(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what every submission's process needs to be shut in, and need not look for.

    Nobody may change a device's mode or times, though it can be written to still: it is the machine's own
    file, by a mount of its own.
    """
    keep = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    devices = Path(settings["root"], "dev") if settings["namespaces"] else Path("/dev")
    places = (place for place in devices.iterdir() if place.is_char_device() and not place.is_symlink())
    return settings | {
        "ids": [os.getuid(), os.getgid()],
        "devices": [(os.fsencode(place), os.statvfs(place).f_flag & keep) for place in places],
        "program": Path(settings["filter"]).read_bytes() if settings["sandbox"] else b"",
    }


def _load_so_that_it_tells(inside: Path) -> dict[str, Any]:
    """Load the library's mathematics, and keep what watches it where no cell comes, see `entering`.

    Return that.
    """
    library = inside / "lecture_lib"
    entering = _under_no_name(inside / "lecture_grader" / "inside" / "entering.py")
    stand_ins = f"{library}/exercises/stand_ins.py"
    with entering["installed"]((f"{library}/autodiff/", f"{library}/learning/", stand_ins)):
        import lecture_lib
        from lecture_lib.exercises import answer

        own_steps = _under_no_name(library / "exercises" / "own_steps.py")
        entering["keep_apart"](own_steps, lecture_lib, vars(answer)["_call"].__code__)
    return entering


def _under_no_name(path: Path) -> dict[str, Any]:
    """Run a file's text; return its names, which no module has, and for which Python's are not a cell's."""
    space: dict[str, Any] = {"__name__": path.stem, "__file__": str(path), "__builtins__": {**vars(builtins)}}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), space)
    return space


def main() -> None:
    """Run as `python -P -S -B server.py SETTINGS`, where SETTINGS is JSON."""
    settings = cast("dict[str, Any]", json.loads(sys.argv[1]))
    sys.path[:0] = settings["path"]
    import numpy as np
    import numpy.testing  # notebooks may ask for it, and it takes a while to load

    entering = _load_so_that_it_tells(Path(settings["path"][0]))

    from lecture_grader.inside import cells, event_loops, in_memory, silent_modules
    from lecture_lib.exercises.recipes import RECIPES

    if settings["namespaces"]:
        root, inside = Path(settings["root"]), Path(settings["path"][0])
        in_memory.copy_all(root, inside, *settings["unshown"])
    silent_modules.install()
    if settings["sandbox"]:
        event_loops.install()
    if settings["for_many"]:
        cells.warm_up(json.loads(Path(settings["lessons"]).read_text(encoding="utf-8")))
    entering["trust"](RECIPES.values())
    del entering  # or else this function's frame would lead a cell to it
    asyncio.run(asyncio.sleep(0))
    np.dot(np.random.default_rng(0).permutation(3), np.ones(3))
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=settings["control"]), _prepared(settings), cells)


if __name__ == "__main__":
    main()
