"""Each layer of the sandbox holds alone: here no system call is filtered, and the namespaces have to do."""

import json
import os
import time

import pytest

from lecture_grader import Graded, NoSandbox, Sandbox, grade_notebook, read_notebook
from tests.grader.kit import FULL, QUICK, Solved, points, processes_below

TRIED = """
import ctypes, json, os, socket
libc = ctypes.CDLL(None, use_errno=True)
done = []
def tries(name, function):
    try:
        if function() != -1:
            done.append(name)
    except (OSError, AttributeError, ValueError):
        pass
"""
"""Notes in `done` what was possible, of all that is tried."""
SAY = "\nraise RuntimeError(json.dumps(done))"


@pytest.fixture(scope="module")
def unfiltered(sandbox):
    """A sandbox in which every system call is let through."""
    with Sandbox(QUICK.limits, filtered=False) as made:
        try:
            made.new_process()
        except NoSandbox as error:
            pytest.skip(f"no sandbox can be made here: {error}")
        assert made.nested == sandbox.nested
        yield made


@pytest.fixture
def grade(unfiltered, lesson_03):
    """Give a function that grades a notebook which has a cell of this source before its exercises."""

    def run(source: str) -> Graded:
        solved = Solved(lesson_03).insert("neuron_forward", source)
        return grade_notebook(read_notebook(solved.bytes()), unfiltered, QUICK)

    return run


@pytest.fixture
def possible(grade):
    """Give a function that says what of all that a cell tries was possible."""

    def run(source: str) -> list[str]:
        graded = grade(TRIED + source.strip() + SAY)
        assert points(graded) == FULL
        (note,) = [note for note in graded.notes if "RuntimeError" in note]
        return json.loads(note.partition("RuntimeError: ")[2])

    return run


def test_without_the_filter_calls_are_let_through(possible):
    assert possible(
        "tries('getpgid', lambda: libc.getpgid(0))\ntries('personality', lambda: libc.personality(0))"
    )


def test_no_signal_crosses_the_process_namespace(unfiltered, grade):
    warm = unfiltered._warm.pid
    for who in ("0", "-1", "1", "os.getppid()", "-os.getpgrp()"):
        assert points(grade(f"import os, signal\nos.kill({who}, signal.SIGTERM)")) == FULL
    assert (
        points(
            grade("import os\nfor who in range(2, 400):\n    try: os.kill(who, 9)\n    except OSError: pass")
        )
        == FULL
    )
    assert unfiltered._warm.pid == warm
    assert unfiltered._warm.poll() is None


def test_a_forked_detached_sleeper_ends_with_its_namespace(unfiltered, grade):
    grade("pass")
    before = len(processes_below(os.getpid()))
    sleeper = """
import os, time
if os.fork() == 0:
    os.setsid()
    for _ in range(5):
        os.fork()
    for fd in range(3, 20):
        try: os.close(fd)
        except OSError: pass
    time.sleep(1000)
"""
    assert points(grade(sleeper)) == FULL
    deadline = time.monotonic() + 10
    while len(processes_below(os.getpid())) > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(processes_below(os.getpid())) <= before


def test_nothing_is_mounted_and_nothing_read_only_becomes_writable(possible):
    assert (
        possible("""
tries("mount", lambda: libc.mount(b"none", b"/home/student", b"tmpfs", 0, None))
tries("umount", lambda: libc.umount2(b"/proc", 2))
tries("remount", lambda: libc.mount(None, b"/", None, 32 | 4096, None))
tries("chroot", lambda: libc.chroot(b"/home/student"))
tries("sethostname", lambda: libc.sethostname(b"x", 1))
for place in ("/x", "/dev/shm/x", "/dev/x", "/usr/x", "/sandbox/x", "/sandbox/lecture_lib/__init__.py"):
    tries(place, lambda: open(place, "a").write("x"))
""")
        == []
    )


def test_a_user_namespace_of_ones_own_gives_nothing_outside_it(possible):
    """Its root may mount within itself; what was locked from outside stays so, and nobody else sees it."""
    found = possible("""
libc.unshare(0x10000000 | 0x20000)
for place in (b"/", b"/usr", b"/sandbox", b"/dev"):
    tries(f"remount {place}", lambda: libc.mount(None, place, None, 32 | 4096, None))
tries("umount /proc", lambda: libc.umount2(b"/proc", 2))
tries("write", lambda: open("/sandbox/lecture_lib/__init__.py", "a").write("x"))
tries("a disk", lambda: libc.mount(b"/dev/vda", b"/home/student", b"ext4", 0, None))
""")
    assert found == []


def test_no_other_process_is_seen_or_traced(possible):
    assert (
        possible("""
tries("proc", lambda: -1 if not os.listdir("/proc") else 0)
for who in (0, *range(2, 200)):
    tries(f"ptrace {who}", lambda: libc.ptrace(16, who, 0, 0))
tries("setns", lambda: libc.setns(os.open("/proc/1/ns/mnt", 0), 0))
""")
        == []
    )


def test_there_is_no_network(possible):
    assert (
        possible("""
for address in (("127.0.0.1", 22), ("1.1.1.1", 53), ("10.0.0.1", 80)):
    tries(address[0], lambda: socket.create_connection(address, 0.2))
raw = lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
tries("raw", raw)
""")
        == []
    )


def test_nothing_is_left_for_the_next_student_in_memory_or_in_queues(grade, possible):
    grade("""
import ctypes, os
libc = ctypes.CDLL(None)
made = [libc.shmget(4711, 4096, 0o1666), libc.msgget(4711, 0o1666), libc.semget(4711, 1, 0o1666)]
assert -1 not in made
open("left", "w").write("x")
listener = __import__("socket").socket(1)
listener.bind("\\0left")
""")
    assert (
        possible("""
tries("memory", lambda: libc.shmget(4711, 4096, 0))
tries("queue", lambda: libc.msgget(4711, 0))
tries("semaphore", lambda: libc.semget(4711, 1, 0))
tries("file", lambda: open("left"))
tries("socket", lambda: socket.socket(1).connect("\\0left"))
""")
        == []
    )


def test_a_program_that_is_started_is_shut_in_as_well(possible):
    assert (
        possible("""
import subprocess
def sh(words):
    return 0 if subprocess.run(["/bin/sh", "-c", words], capture_output=True).returncode == 0 else -1
tries("root", lambda: sh("test $(id -u) = 0"))
tries("write", lambda: sh("touch /x /usr/x /sandbox/x /dev/shm/x"))
tries("passwords", lambda: sh("cat /etc/passwd"))
tries("mount", lambda: sh("mount -t tmpfs none /home/student"))
tries("become root", lambda: sh("su -c true || sudo -n true"))
""")
        == []
    )


def test_limits_hold_and_cannot_be_raised(possible):
    assert (
        possible("""
import resource
for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_NPROC"):
    kind = getattr(resource, name)
    soft, hard = resource.getrlimit(kind)
    tries(name, lambda: -1 if hard == -1 else resource.setrlimit(kind, (hard + 1, hard + 1)) or 0)
""")
        == []
    )


def test_the_machines_devices_keep_their_mode_and_their_times_and_take_what_is_written(possible):
    source = """
for name in os.listdir("/dev"):
    tries(f"mode of {name}", lambda: os.chmod(f"/dev/{name}", 0o666))
    tries(f"times of {name}", lambda: os.utime(f"/dev/{name}"))
tries("write", lambda: open(os.devnull, "w").write("x"))
"""
    assert possible(source) == ["write"]
