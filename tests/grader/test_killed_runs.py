"""A run that is killed, again and again, loses nothing, doubles nothing and leaves nothing behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lecture_grader import find_submissions, grade_all
from lecture_grader.store import opened
from tests.grader.kit import QUICK, ROOT, Solved, keys_kept, notebook_of, processes_below

needs_sandbox = pytest.mark.usefixtures("sandbox")


def make_class(folder: Path, students: int, sleeping: float = 0.0) -> Path:
    """Make a notebook per student: lesson 03, solved, which takes its time."""
    notebook = notebook_of("solutions", "03")
    folder.mkdir()
    for number in range(students):
        own = Solved(notebook).insert("neuron_forward", f"import time\ntime.sleep({sleeping})  # {number}")
        (folder / f"s{number}.ipynb").write_bytes(own.bytes())
    return folder


def is_gone(process: int) -> bool:
    """Say whether a process has ended; one that nobody has buried yet has ended too."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_for(condition) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@needs_sandbox
def test_a_run_killed_at_ten_moments_ends_with_the_same_gradebook(tmp_path):
    """Two runs side by side, each killed five times with its process group, at moments of all its length."""
    students = 12
    folder = make_class(tmp_path / "class", students, sleeping=0.04)
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp")}

    def start(results: Path, *more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "lecture_grader", "run", str(folder), "-o", str(results)]
        command += ["--workers", "1", "--seed", "one", "--quiet", *more]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environment, start_new_session=True, **quiet)

    def killed_five_times(seed: int) -> list[int]:
        """Return how many results there were at each kill: some come soon, some when a few more are kept."""
        results, chance, kept = tmp_path / str(seed), random.Random(seed), [0]
        while len(kept) <= 5 and kept[-1] < students:
            run, enough = start(results), kept[-1] + chance.choice([0, 0, 1, 2, 3])
            while len(keys_kept(results)) < enough and run.poll() is None:
                time.sleep(0.02)
            try:
                run.wait(chance.uniform(0.0, 0.5))
            except subprocess.TimeoutExpired:
                mine = [run.pid, *processes_below(run.pid)]
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()
                assert wait_for(lambda mine=mine: all(map(is_gone, mine)))
            kept.append(len(keys_kept(results)))
        assert start(results).wait() == 0
        return kept

    assert start(tmp_path / "whole").wait() == 0
    with ThreadPoolExecutor(2) as both:
        kept = list(both.map(killed_five_times, (4, 5)))
    assert all(counts == sorted(counts) for counts in kept)
    assert any(0 < count < students for counts in kept for count in counts)
    whole = tmp_path / "whole"
    for results in (tmp_path / "4", tmp_path / "5"):
        assert (results / "gradebook.csv").read_bytes() == (whole / "gradebook.csv").read_bytes()
        assert sorted(keys_kept(results)) == sorted(set(keys_kept(whole)))
    assert len(keys_kept(whole)) == students
    assert start(whole).wait() == 0  # clears away what killed runs had no time to
    assert list((tmp_path / "tmp").iterdir()) == []


@needs_sandbox
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_from_outside_says_nothing_of_pythons_own_affairs(tmp_path, end):
    folder, said = make_class(tmp_path / "class", 8, sleeping=0.2), tmp_path / "said.txt"
    command = [sys.executable, "-m", "lecture_grader", "run", str(folder), "-o", str(tmp_path / "results")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with said.open("w") as heard:
        run = subprocess.Popen(
            [*command, "--workers", "1", "--quiet"], env=environment, stdout=heard, stderr=heard
        )
    assert wait_for(lambda: keys_kept(tmp_path / "results"))
    mine = processes_below(run.pid)
    run.send_signal(end)
    assert run.wait() == -end
    assert wait_for(lambda: all(map(is_gone, mine)))
    assert said.read_text() == ""


class Lasting(ThreadPoolExecutor):
    """A pool that is still there, its sandbox warm, when the next run asks for one."""

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass


@needs_sandbox
def test_a_run_cut_off_at_any_byte_goes_on_and_ends_with_the_same_gradebook(tmp_path):
    handed = find_submissions(make_class(tmp_path / "class", 6)).submissions
    pool = Lasting(1)

    def graded(results: Path) -> bytes:
        with opened(results) as store:
            grade_all(handed, store, QUICK, lambda: pool)
        return (results / "gradebook.csv").read_bytes()

    whole = graded(tmp_path / "whole")
    lines = (tmp_path / "whole" / "results.jsonl").read_bytes()
    chance = random.Random(5)
    for _ in range(8):
        results = tmp_path / "cut"
        shutil.rmtree(results, ignore_errors=True)
        results.mkdir()
        (results / "results.jsonl").write_bytes(lines[: chance.randrange(len(lines))])
        assert graded(results) == whole
        assert len((results / "results.jsonl").read_bytes().splitlines()) == 6
    ThreadPoolExecutor.shutdown(pool)
