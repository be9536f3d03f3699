"""Hostile submissions: each costs its own exercise at most, and nothing of the next submission."""

import os
import time

import pytest

from lecture_grader import Graded, Settings, Times, grade_notebook, read_notebook
from tests.grader.attacks import ANSWERS, BEHIND_A_RIGHT_ANSWER, CELLS
from tests.grader.kit import FULL, Solved, notebook_of, points, points_of, processes_below, words


@pytest.fixture(scope="module")
def clean(lesson_03):
    return Solved(lesson_03).bytes()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_costs_its_own_exercise_and_no_other(name, solved, grade, clean, monkeypatch):
    monkeypatch.setenv("A_SECRET", "the secret")
    source, said = ANSWERS[name]
    graded = grade(solved.write("fan_out", source.strip()).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    assert graded.exercises["fan_out"].verdict.state != "passed"
    assert said in words(graded)
    assert points(grade(clean)) == FULL


@pytest.mark.parametrize("name", CELLS)
def test_a_hostile_cell_costs_no_exercise(name, solved, grade, clean):
    source, said = CELLS[name]
    graded = grade(solved.insert("neuron_gradients", source).bytes())
    assert points(graded) == FULL
    assert said in words(graded)
    assert points(grade(clean)) == FULL


@pytest.mark.parametrize("name", BEHIND_A_RIGHT_ANSWER)
def test_what_a_right_answer_does_beside_costs_no_other_exercise(name, solved, grade, clean):
    source = f"def fan_out(x):\n    {BEHIND_A_RIGHT_ANSWER[name]}\n    return 3 * x**2 + 2 * x"
    found = points(grade(solved.write("fan_out", source).bytes()))
    assert found | {"fan_out": FULL["fan_out"]} == FULL
    assert points(grade(clean)) == FULL


def test_there_are_more_than_eighty_attacks():
    assert sum(map(len, (ANSWERS, CELLS, BEHIND_A_RIGHT_ANSWER))) > 80


def test_nothing_is_left_for_the_next_student(solved, grade):
    leave = """
import os
for place in ("/tmp/left", "/home/student/left", "/dev/shm/left", "/sandbox/left", "/left", "left"):
    try:
        open(place, "w").write("the answer")
    except OSError:
        pass
"""
    look = """
import os
found = []
for folder, inner, names in os.walk("/"):
    inner[:] = [name for name in inner if name not in ("usr", "lib")]
    found += [folder for name in names if name == "left"]
raise RuntimeError(f"found {found}")
"""
    grade(solved.insert("neuron_forward", leave).bytes())
    solved.cells.pop(solved.place("neuron_forward") - 1)
    assert "found []" in words(grade(solved.insert("neuron_forward", look).bytes()))


def test_nothing_that_outlives_a_process_can_be_set(solved, grade):
    """Locks, leases, watches, times and modes: by each of them an input could be carried out of a process.

    So it could by who waits at a place that others have in memory, too, by what of a file is in memory, and
    by the number of a thread among all that the machine ever had.
    """
    tries = """
import ctypes, fcntl, glob, mmap, os, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
open("own", "w").write("x")
own, shared, folder = os.open("own", os.O_RDWR), os.open("/sandbox/lessons.json", 0), os.open("/sandbox", 0)
lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0)
pair = socket.socket(fileno=3)
text = ctypes.c_void_p(ctypes.cast(libc.getpid, ctypes.c_void_p).value & ~3)
there, moment = ctypes.c_uint32.from_address(text.value), struct.pack("qq", 0, 1000)
mapped = mmap.mmap(shared, 4096, prot=mmap.PROT_READ)
stack, number = ctypes.create_string_buffer(1 << 16), ctypes.c_int()
start = [ctypes.cast(libc.pause, ctypes.c_void_p), ctypes.c_void_p(ctypes.addressof(stack) + (1 << 15))]
TRIES = {
    "waking who waits in a library's text": lambda: 1 / (libc.syscall(202, text, 1, 1) + 1),
    "moving who waits in a library's text": lambda: 1 / (libc.syscall(202, text, 3, 0, 1, text) + 1),
    "waiting in a library's text": lambda: 1 / (libc.syscall(202, text, 0, there, moment) + 1
        or ctypes.get_errno() == 110),
    "putting a file out of memory": lambda: mapped.madvise(21),
    "joining equal pages": lambda: mapped.madvise(12),
    "a thread's number": lambda: 1 / (libc.clone(*start, 0x11F00, None, ctypes.byref(number)) + 1),
    "an option of the channel": lambda: pair.setsockopt(socket.SOL_SOCKET, 8, 4096),
    "a lock": lambda: fcntl.fcntl(shared, 6, lock),
    "a lock of an open file": lambda: fcntl.fcntl(shared, 37, lock),
    "a lock on the whole file": lambda: fcntl.flock(shared, fcntl.LOCK_SH),
    "a lock by lockf": lambda: os.lockf(own, os.F_LOCK, 1),
    "a lease": lambda: fcntl.fcntl(shared, 1024, 0),
    "a lease on one's own file": lambda: fcntl.fcntl(own, 1024, fcntl.F_WRLCK),
    "a watch on a folder": lambda: fcntl.fcntl(folder, 1026, 1),
    "an owner of signals": lambda: fcntl.fcntl(own, 8, 1),
    "a signal of one's own": lambda: fcntl.fcntl(own, 10, 1),
    "the size of a pipe": lambda: fcntl.fcntl(os.pipe()[0], 1031, 1 << 16),
    "a pipe's number": lambda: os.fstat(os.pipe()[0]),
    "a socket's number": lambda: os.fstat(socket.socketpair()[0].fileno()),
    "the channel's number": lambda: os.fstat(3),
    "the channel's number by other words": lambda: os.stat(3) or os.path.getsize(3),
    "the channel's number by a long way": lambda: 1 / (libc.syscall(262, ctypes.c_long(2**32 + 3), b"",
        ctypes.create_string_buffer(200), 0x1000) + 1),
    "the channel by another number": lambda: os.dup(3),
    "the channel by a chosen number": lambda: os.dup2(3, 9),
    "how much memory and load there is": lambda: libc.sysinfo(ctypes.create_string_buffer(200)) and 1 / 0,
    "a seal": lambda: fcntl.fcntl(own, 1033, 1),
    "a hint on how long a file lives": lambda: fcntl.fcntl(own, 1036, struct.pack("Q", 3)),
    "a file's times": lambda: os.utime("own"),
    "a file's mode": lambda: os.chmod("own", 0o666),
    "an open file's mode": lambda: os.fchmod(own, 0o666),
    "a device's mode": lambda: os.chmod("/dev/null", 0o666),
    "an attribute": lambda: os.setxattr("own", "user.x", b"1"),
    "who is at the other end": lambda: pair.getsockopt(socket.SOL_SOCKET, 77, 4),
    "a socket's cookie": lambda: pair.getsockopt(socket.SOL_SOCKET, 57, 8),
    "a terminal": lambda: open((glob.glob("/dev/pts/*") + ["/dev/ptmx"])[0], "w").write("x"),
    "which terminals there are": lambda: 1 / len(os.listdir("/dev/pts")),
    "another terminal": lambda: open("/dev/ptmx"),
    "the shell's terminal": lambda: open("/dev/tty", "w").write("x"),
    "inotify": lambda: 1 / (libc.inotify_init() + 1),
}
done = []
for name, attempt in TRIES.items():
    try:
        attempt()
        done.append(name)
    except (OSError, ZeroDivisionError):
        pass
os.close(os.dup(own))
import asyncio
assert await asyncio.to_thread(lambda: 5) == 5
thread = ctypes.c_ulong()
assert libc.pthread_create(ctypes.byref(thread), None, libc.usleep, ctypes.c_void_p(50_000)) == 0
assert libc.pthread_join(thread, None) == 0
mapped.madvise(mmap.MADV_DONTNEED)
pair.detach()
raise RuntimeError(f"possible: {done}")
"""
    assert "possible: []" in words(grade(solved.insert("neuron_forward", tries).bytes()))


def test_no_signal_crosses_to_the_warm_process_or_to_us(sandbox, solved, grade, clean):
    warm = sandbox._warm.pid
    attack = """
import ctypes, os
libc = ctypes.CDLL(None)
for who in (0, -1, 1, 2, -os.getpgrp(), os.getppid()):
    for call in (lambda: os.kill(who, 9), lambda: os.killpg(0, 9), lambda: libc.kill(who, 9)):
        try:
            call()
        except (OSError, AttributeError):
            pass
"""
    assert points(grade(solved.insert("neuron_forward", attack).bytes())) == FULL
    assert points(grade(clean)) == FULL
    assert sandbox._warm.pid == warm


def test_a_submission_has_a_session_and_a_process_namespace_of_its_own(grade, solved):
    source = "import os\nraise RuntimeError(f'{os.getpid()} {os.getsid(0)} {os.getpgrp()} {os.getuid()}')"
    assert "1 1 1 1000" in words(grade(solved.insert("neuron_forward", source).bytes()))


def test_what_a_submission_left_running_ends_with_it(sandbox, solved, grade):
    mark = f"sleeper-{os.getpid()}"
    source = f"""
import ctypes, threading, time
ctypes.CDLL(None).prctl(15, {mark[:15]!r}.encode(), 0, 0, 0)
threading.Thread(target=time.sleep, args=(1000,)).start()
"""
    children = len(processes_below(os.getpid()))
    grade(solved.insert("neuron_forward", source).bytes())
    deadline = time.monotonic() + 10
    while len(processes_below(os.getpid())) > children and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(processes_below(os.getpid())) <= children


ENDS_LATER_ONES = {
    "an audit hook": "import os, sys\nsys.addaudithook(lambda event, given: event == 'exec' and os._exit(3))",
    "NumPy replaced": "import numpy as np, os\nnp.frombuffer = lambda *given, **named: os._exit(3)",
}


@pytest.mark.parametrize("name", ENDS_LATER_ONES)
def test_a_cell_that_ends_the_cells_after_it_is_left_out_and_they_are_not(name, solved, grade):
    solved.insert("neuron_forward", "import os\nneeded = os.getcwd()")
    solved.insert("neuron_forward", ENDS_LATER_ONES[name])
    solved.insert("neuron_gradients", "import os\nassert needed == os.getcwd()\nos._exit(4)")
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert sum("ends the cells after it" in note for note in graded.notes) == 1
    assert sum("exit code 4" in note for note in graded.notes) == 1


HOOK = "import os, sys\nsys.addaudithook(lambda event, given: event == 'exec' and os._exit(3))"


def test_a_cell_that_ends_others_is_found_beside_one_that_they_need(solved, grade):
    solved.insert("neuron_gradients", HOOK).insert("neuron_gradients", "import os\nneeded = os.getcwd()")
    for exercise in ("neuron_gradients", "fan_out"):
        solved.write(exercise, "needed\n" + "".join(solved.cell(exercise)["source"]))
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert len(graded.notes) == 1


def test_a_cell_that_makes_those_after_it_slow_is_left_out_and_they_are_not(solved, sandbox):
    solved.insert("neuron_gradients", HOOK.replace("os._exit(3)", "__import__('time').sleep(99)"))
    short = Settings("a seed", times=Times(cell=0.5, call=0.5, submission=20))
    graded = grade_notebook(read_notebook(solved.bytes()), sandbox, short)
    assert points(graded) == FULL
    assert len(graded.notes) == 1


def test_cells_that_sleep_take_no_longer_together_than_a_submission_may(solved, sandbox):
    for number in range(12):
        solved.insert("fan_out", f"import time\ntime.sleep(0.7)  # {number}")
    solved.insert("fan_out", "import os\nos._exit(1)")
    began = time.monotonic()
    graded = grade_notebook(
        read_notebook(solved.bytes()), sandbox, Settings("a seed", times=Times(submission=5))
    )
    assert time.monotonic() - began < 12
    assert any("longer than 5 seconds in all" in words for words in graded.human)


ENDS_WHEN_CALLED = {
    "a loop without end": "def encode(tokens, vocabulary, E):\n    while True: pass",
    "an exit": "import os\ndef encode(tokens, vocabulary, E): os._exit(0)",
    "an answer nobody asked for": "import os\n"
    "def encode(tokens, vocabulary, E): os.write(3, b'\\0\\0\\0\\2\\0\\0\\0\\0[]')",
}


@pytest.mark.parametrize("how", ENDS_WHEN_CALLED)
@pytest.mark.parametrize("where", ["in its cell", "in a cell between"])
def test_an_answer_that_ends_the_process_costs_no_later_exercise_that_calls_it(how, where, grade):
    solved = Solved(notebook_of("solutions", "05")).write("encode", ENDS_WHEN_CALLED[how])
    if where == "in a cell between":
        own = "".join(solved.cell("forward_by_hand")["source"])
        between, _, rest = own.partition("z_mine")
        solved.insert("forward_by_hand", between).write("forward_by_hand", f"z_mine{rest}")
    assert points(grade(solved.bytes())) == points_of("05") | {"encode": 0.0}


def slowly(solved: Solved, exercise: str, seconds: float) -> None:
    """Let an exercise's right answer take some time at each call."""
    source = "".join(solved.cell(exercise)["source"])
    head, _, body = source.partition("\n")
    solved.write(exercise, f"import time\n{head}\n    time.sleep({seconds})\n{body}")


def within(seconds: float, solved: Solved, sandbox) -> Graded:
    times = Times(cell=2.0, call=1.0, read=2.0, submission=seconds)
    return grade_notebook(read_notebook(solved.bytes()), sandbox, Settings("a seed", times=times))


def test_a_slow_answer_costs_the_exercises_below_it_nothing(solved, sandbox):
    slowly(solved, "fan_out", 0.9)
    graded = within(8, solved, sandbox)
    assert points(graded) == FULL | {"fan_out": 0.0}
    assert "fan_out: its exercise's share of the time was over" in words(graded)
    assert any("fan_out is slow" in words and "8 seconds" in words for words in graded.human)


def test_several_slow_answers_cost_the_exercise_below_them_nothing_and_end_in_time(solved, sandbox):
    slow = ("neuron_forward", "neuron_gradients", "fan_out")
    for exercise in slow:
        slowly(solved, exercise, 0.9)
    began = time.monotonic()
    assert points(within(20, solved, sandbox))["backward_order"] == FULL["backward_order"]
    assert time.monotonic() - began < 28


def test_a_slow_answer_may_take_more_than_an_even_share_of_the_time(solved, sandbox):
    slowly(solved, "neuron_forward", 0.9)
    assert points(within(24, solved, sandbox)) == FULL


def test_a_thousand_cells_that_end_when_they_are_run_again_cost_the_others_nothing(solved, grade):
    solved.insert("neuron_forward", "import os\nopen('before', 'x')")
    for number in range(60):
        solved.insert("neuron_gradients", f"import os\nopen('{number}', 'w')\nif {number} % 6: os._exit(1)")
    assert points(grade(solved.bytes())) == FULL


def test_a_forged_list_of_changed_arguments_costs_no_other_exercise(solved, grade):
    source = FRAMES_OF_CHANGES + "def fan_out(x):\n    return 3 * x**2 + 2 * x"
    graded = grade(solved.write("fan_out", source).bytes())
    assert points(graded) | {"fan_out": FULL["fan_out"]} == FULL
    assert not graded.trouble


FRAMES_OF_CHANGES = """
import gc
for outcome in gc.get_objects():
    if isinstance(outcome, type) and outcome.__name__ == "Outcome":
        start = outcome.__init__
        def forged(self, value=None, failure=None, changed=(), printed=False, start=start):
            start(self, value, failure, ((0, "W", 9), (0, 1, 2, 3), (7,)), printed)
        outcome.__init__ = forged
"""
