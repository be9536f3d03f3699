"""Who grades: processes, threads, a Dask cluster; and that none of them dying costs anything."""

import csv
import gc
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType

import pytest
from distributed import Client, LocalCluster

from lecture_grader import Task, checks_version, find_submissions, grade_all, grade_chunk, key_of, workers
from lecture_grader.cluster import NoCluster, connected, grade_there
from lecture_grader.store import opened
from lecture_grader.workers import MOST, WorkerDied, chunks_of, graded_by, students_together
from tests.grader.kit import FULL, QUICK, ROOT, Solved, keys_kept, notebook_of, processes_below

COMMAND = [sys.executable, "-m", "lecture_grader"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}

needs_sandbox = pytest.mark.usefixtures("sandbox")


def make_class(folder: Path, students: int, slow: dict[int, float] = MappingProxyType({})) -> Path:
    """Make a folder per student with lesson 03 in it, solved; some of them take their time, in seconds."""
    notebook = notebook_of("solutions", "03")
    for number in range(students):
        sleep = f"import time\ntime.sleep({slow.get(number, 0)})  # {number}"
        own = Solved(notebook).insert("neuron_forward", sleep)
        place = folder / f"s{number}"
        place.mkdir(parents=True)
        (place / "03_graphs.ipynb").write_bytes(own.bytes())
    return folder


def tasks_of(folder: Path) -> list[Task]:
    version = checks_version()
    return [
        Task(one.name, one.student, one.read(), key_of(one.read(), version, QUICK), version, QUICK)
        for one in find_submissions(folder).submissions
    ]


def start(*given: object) -> subprocess.Popen[str]:
    command = [*COMMAND, "run", *(str(one) for one in given), "--seed", "one", "--quiet"]
    return subprocess.Popen(
        command, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    try:
        out, complaints = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, out + (complaints or "")


def wait_for(condition) -> bool:
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return False


# ------------------------------------------------------------------ chunks


def handed_in(*names: str) -> list[Task]:
    return [Task(name, name.partition("/")[0], b"", "", "", QUICK) for name in names]


def test_a_students_notebooks_are_graded_together_however_they_were_listed():
    tasks = handed_in("a/03", "b/03", "c/03", "a/05", "b/05", "c/05", "a/06")
    chunks = list(chunks_of(students_together(tasks)))
    assert [[task.file for task in chunk] for chunk in chunks] == [
        ["a/03", "a/05", "a/06", "b/03", "b/05"],
        ["c/03", "c/05"],
    ]


def test_notebooks_that_name_no_student_are_not_taken_for_one_students():
    tasks = [Task(f"{n}.ipynb", "", b"", "", "", QUICK) for n in range(20)]
    assert {len(chunk) for chunk in chunks_of(tasks)} == {4}


def test_a_student_with_very_many_notebooks_does_not_keep_one_worker_busy_to_the_end():
    chunks = list(chunks_of(handed_in(*(f"a/{n}" for n in range(100)))))
    assert max(map(len, chunks)) == MOST
    assert [task.file for chunk in chunks for task in chunk] == [f"a/{n}" for n in range(100)]


# ------------------------------------------------------------------ Ctrl-C


def start_and_press(tmp_path: Path, students: int, slow: dict[int, float]) -> tuple:
    """Start a run by one worker, and press Ctrl-C, as a terminal does, when it has kept its first chunk."""
    folder, results = make_class(tmp_path / "class", students, slow), tmp_path / "results"
    command = [*COMMAND, "run", str(folder), "-o", str(results), "--workers", "1", "--quiet"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, env=ENVIRONMENT, start_new_session=True, **pipes)
    assert wait_for(lambda: len(keys_kept(results)) >= workers.FULL)
    kept = len(keys_kept(results))
    os.killpg(process.pid, signal.SIGINT)
    said = process.stderr.readline() + process.stderr.readline()
    assert said.strip() == "Stopping; waiting for the notebooks at work. Ctrl-C again ends them."
    assert process.poll() is None
    return command, results, process, kept


@needs_sandbox
def test_ctrl_c_keeps_what_is_at_work_and_begins_nothing_else(tmp_path):
    command, results, process, before = start_and_press(tmp_path, 20, {4: 1.0, 5: 1.0})
    code, said = ended(process)
    assert code == 130
    assert said.strip() == "Stopped. What was graded is kept; give the same command again to go on."
    kept = keys_kept(results)
    assert before < len(kept) < 20
    subprocess.run(command, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    assert keys_kept(results)[: len(kept)] == kept
    assert len(keys_kept(results)) == 20


@needs_sandbox
def test_a_second_ctrl_c_ends_what_is_at_work_and_harms_nothing(tmp_path):
    _, results, process, before = start_and_press(tmp_path, 8, dict.fromkeys(range(4, 8), 4.0))
    below = processes_below(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    code, said = ended(process)
    assert code == 130
    assert said.strip() == "Stopped. What was graded is kept; give the same command again to go on."
    assert len(keys_kept(results)) == before == 4
    assert below
    assert wait_for(lambda: not any(Path(f"/proc/{one}").exists() for one in below))


@needs_sandbox
@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_while_workers_begin_ends_the_run_in_words(tmp_path, presses):
    """What waits for the workers has more bytes than a pipe takes, and Ctrl-C is pressed for them, too."""
    folder = make_class(tmp_path / "class", 20)
    for place in folder.glob("*/*"):
        place.write_bytes(place.read_bytes() + b" " * 100_000)
    command = [*COMMAND, "run", str(folder), "-o", str(tmp_path / "results"), "--workers", "2", "--quiet"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(command, env=ENVIRONMENT, start_new_session=True, **pipes)
    assert wait_for(lambda: any(map(is_worker, processes_below(process.pid))))
    time.sleep(0.1)
    for _ in range(presses):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    code, said = ended(process)
    assert code == 130, said
    assert said.strip().endswith("Stopped. What was graded is kept; give the same command again to go on.")
    assert "Traceback" not in said


def is_worker(process: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


class Endless(Executor):
    """An executor that begins all that it is given, and comes to no end before it is shut down."""

    ended = ()

    def submit(self, function, chunk):
        future = Future()
        future.set_running_or_notify_cancel()
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self.ended = (*self.ended, cancel_futures)


def test_one_ctrl_c_ends_a_run_whose_notebooks_come_to_no_end(monkeypatch):
    monkeypatch.setattr(workers, "LONGEST_WAIT", 0.3)
    pool, pressed = Endless(), []
    found = graded_by(
        handed_in("a/03", "b/03"), lambda: pool, lambda: 2, lambda: len(pressed) or pressed.append(1) or 0
    )
    with pytest.raises(KeyboardInterrupt):
        next(found)
    assert pool.ended[0]


# ------------------------------------------------------------------ workers that die


class DyingPool(ThreadPoolExecutor):
    """A pool of which a worker dies whenever the submission of s1 is in what it is given."""

    fault: Exception

    def submit(self, function, chunk):
        if any(task.student == "s1" for task in chunk):
            future = Future()
            future.set_exception(self.fault)
            return future
        return super().submit(function, chunk)


@needs_sandbox
@pytest.mark.parametrize("fault", [BrokenProcessPool("it died"), WorkerDied("it died four times")])
def test_a_submission_that_ends_its_judge_is_named_and_those_beside_it_are_graded(tmp_path, fault):
    handed = find_submissions(make_class(tmp_path / "class", 7)).submissions
    pool = type("Dying", (DyingPool,), {"fault": fault})
    with opened(tmp_path / "results") as store:
        summary = grade_all(handed, store, QUICK, lambda: pool(1))
    assert summary.written.troubled == (
        ("s1/03_graphs.ipynb", "It ended the judge's process and needs a human."),
    )
    graded = {row.student: row.points.get("fan_out") for row in summary.written.rows}
    assert graded == {f"s{n}": None if n == 1 else 4.0 for n in range(7)}


DEADLY = """
import os, signal
from lecture_grader import grade_chunk

def grade_or_die(chunk):
    if any(task.student == "s5" for task in chunk):
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_chunk(chunk)
"""


@needs_sandbox
def test_a_process_that_breaks_the_whole_pool_takes_no_innocent_along(tmp_path, monkeypatch):
    """All that a pool of processes was given fails with it: who is guilty, only a try alone can tell."""
    (tmp_path / "deadly.py").write_text(DEADLY)
    monkeypatch.syspath_prepend(tmp_path)
    grade_or_die = __import__("deadly").grade_or_die

    class Pool(ProcessPoolExecutor):
        def submit(self, function, chunk):
            return super().submit(grade_or_die, chunk)

    handed = find_submissions(make_class(tmp_path / "class", 12)).submissions
    with opened(tmp_path / "results") as store:
        summary = grade_all(handed, store, QUICK, lambda: Pool(2, mp_context=get_context("spawn")))
    assert [name for name, _ in summary.written.troubled] == ["s5/03_graphs.ipynb"]
    assert len(set(keys_kept(tmp_path / "results"))) == 11


TYPED_IN = """
from lecture_grader.__main__ import main

main(["run", "class", "-o", "results", "--quiet"])
"""


@needs_sandbox
def test_workers_that_cannot_even_begin_are_no_notebooks_fault(tmp_path):
    """Of a program that comes in through a pipe, Python cannot start another process."""
    make_class(tmp_path / "class", 6)
    typed_in = {"input": TYPED_IN, "cwd": tmp_path, "env": ENVIRONMENT, "capture_output": True, "text": True}
    ran = subprocess.run([sys.executable, "-"], **typed_in)
    assert ran.returncode == 3
    assert "Every worker ends as soon as it begins, without a notebook." in ran.stderr
    assert keys_kept(tmp_path / "results") == []
    assert "needs a human" not in ran.stdout + ran.stderr


@needs_sandbox
def test_threads_grade_as_one_process_does(tmp_path):
    tasks = tasks_of(make_class(tmp_path / "class", 6))
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(grade_chunk, [task]) for task in tasks]
        found = [future.result()[0] for future in futures]
    assert [replace(graded, seconds=0) for graded in found] == [
        replace(graded, seconds=0) for graded in grade_chunk(tasks)
    ]


@needs_sandbox
def test_a_notebook_that_changes_while_the_run_is_at_work_is_graded_as_it_was_read(tmp_path):
    folder = make_class(tmp_path / "class", 2)
    changed = Solved(notebook_of("solutions", "03")).write("fan_out", "def fan_out(x):\n    return x")

    class Late(ThreadPoolExecutor):
        def submit(self, function, chunk):
            (folder / "s1" / "03_graphs.ipynb").write_bytes(changed.bytes())
            return super().submit(function, chunk)

    with opened(tmp_path / "results") as store:
        for late in (FULL["fan_out"], 0.0):  # the next run finds that it has changed
            summary = grade_all(find_submissions(folder).submissions, store, QUICK, lambda: Late(1))
            earned = {row.student: row.points["fan_out"] for row in summary.written.rows}
            assert earned == {"s0": FULL["fan_out"], "s1": late}


# ------------------------------------------------------------------ what travels


def test_what_travels_to_another_machine_is_the_notebook_and_no_path(tmp_path):
    (submission,) = find_submissions(make_class(tmp_path / "class", 1)).submissions
    (there,) = tasks_of(tmp_path / "class")
    assert there.content == submission.read()
    assert str(tmp_path) not in repr(there)
    assert (there.file, there.student) == (submission.name, submission.student)


def test_a_notebook_that_cannot_be_read_is_named_and_goes_to_no_worker(tmp_path):
    (submission,) = find_submissions(make_class(tmp_path / "class", 1)).submissions
    Path(submission.place).unlink()
    with opened(tmp_path / "results") as store:
        summary = grade_all([submission], store, QUICK, lambda: ThreadPoolExecutor(1))
    assert summary.written.troubled == (
        (submission.name, "The file cannot be opened: No such file or directory."),
    )


def test_a_worker_with_other_checks_refuses_to_grade():
    with pytest.raises(NoCluster, match="install the same version"):
        grade_there(handed_in("s1/03.ipynb"))


# ------------------------------------------------------------------ a cluster


@pytest.fixture(scope="module")
def cluster():
    """Give a real cluster: a scheduler, and two workers in processes of their own."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        yield made


def workers_of(cluster) -> dict[str, int]:
    """Return the workers' processes by their addresses, when all are there."""
    nannies = list(cluster.workers.values())
    assert wait_for(lambda: all(nanny.pid for nanny in nannies) and len(cluster.scheduler.workers) == 2)
    return {nanny.worker_address: nanny.pid for nanny in nannies}


@needs_sandbox
def test_what_is_at_work_on_a_cluster_goes_on_until_the_run_ends_and_only_its_own_ends_with_it(
    tmp_path, cluster
):
    slow = tasks_of(make_class(tmp_path / "class", 1, slow={0: 1.5}))
    with cluster.get_client() as another, connected(cluster.scheduler_address) as there:
        theirs = another.submit(pow, 2, 5, pure=False)
        own = another.submit(time.sleep, 1, pure=False)
        for wanted in (True, False):
            pool = there.executor()
            future = pool.submit(grade_chunk, slow)
            assert not future.cancel()
            if wanted:
                assert future.result()[0].exercises["fan_out"].points == FULL["fan_out"]
            else:
                pool.shutdown(cancel_futures=True)
                with pytest.raises(NoCluster):
                    future.result()
        assert (theirs.result(), own.result()) == (32, None)


@needs_sandbox
def test_a_cluster_that_loses_a_worker_half_way_gives_the_same_gradebook(tmp_path, cluster):
    folder = make_class(tmp_path / "class", 20, slow={0: 1.5, 1: 1.5})  # a chunk that keeps its worker busy
    here, there = tmp_path / "here", tmp_path / "there"
    status, said = ended(start(folder, "-o", here, "--workers", 2))
    assert status == 0, said

    workers = workers_of(cluster)
    run = start(folder, "-o", there, "--scheduler", cluster.scheduler_address)
    assert wait_for(lambda: len(keys_kept(there)) >= 4)
    begun = [task for task in cluster.scheduler.tasks.values() if task.processing_on is not None]
    slow = min(begun, key=lambda task: task.priority)
    os.kill(workers[slow.processing_on.address], signal.SIGKILL)
    assert len(keys_kept(there)) < 20
    status, said = ended(run)
    assert status == 0, said
    assert (there / "gradebook.csv").read_bytes() == (here / "gradebook.csv").read_bytes()
    assert Counter(keys_kept(there)) == Counter(keys_kept(here)) == Counter(set(keys_kept(here)))
    assert len(keys_kept(there)) == 20


@needs_sandbox
def test_a_chunk_that_ends_every_worker_is_told_from_other_faults(tmp_path, cluster):
    (slow,) = tasks_of(make_class(tmp_path / "class", 1, slow={0: 1.9}))
    workers = workers_of(cluster)
    cluster.scheduler.allowed_failures, patient = 0, cluster.scheduler.allowed_failures
    try:
        with connected(cluster.scheduler_address) as there:
            future = there.executor().submit(grade_chunk, [slow])
            assert wait_for(lambda: any(worker.processing for worker in cluster.scheduler.workers.values()))
            for process in workers.values():
                os.kill(process, signal.SIGKILL)
            with pytest.raises(WorkerDied, match="died while running it"):
                future.result()
    finally:
        cluster.scheduler.allowed_failures = patient


@needs_sandbox
def test_a_run_that_loses_its_scheduler_says_so_and_goes_on_without_it(tmp_path):
    folder = make_class(tmp_path / "class", 8, slow=dict.fromkeys(range(4, 8), 1.5))
    results = tmp_path / "results"
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0") as lost:
        run = start(folder, "-o", results, "--scheduler", lost.scheduler_address)
        assert wait_for(lambda: len(keys_kept(results)) == 4)
    status, said = ended(run)
    assert status == 6
    assert "has gone. What was graded is kept" in said
    assert "Traceback" not in said
    status, said = ended(start(folder, "-o", results, "--workers", 2))
    assert status == 0
    assert "8 notebooks of 8 students: 4 graded" in said
    with (results / "gradebook.csv").open(newline="") as file:
        assert {row["total"] for row in csv.DictReader(file)} == {"14"}


def test_a_second_run_on_the_same_results_is_refused_wherever_it_would_grade(tmp_path, cluster):
    folder = make_class(tmp_path / "class", 1)
    with opened(tmp_path / "results"):
        again = start(folder, "-o", tmp_path / "results", "--scheduler", cluster.scheduler_address)
        status, said = ended(again)
    assert (status, "Another run is at work" in said) == (5, True), said


def test_a_scheduler_without_workers_is_said_to_have_none():
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        pytest.raises(NoCluster, match="has no workers"),
        connected(empty.scheduler_address, patience=0.5),
    ):
        pass


def test_a_scheduler_that_does_not_answer_ends_the_run_in_words(tmp_path):
    folder = make_class(tmp_path / "class", 1)
    status, said = ended(start(folder, "-o", tmp_path / "results", "--scheduler", "tcp://127.0.0.1:1"))
    assert status == 6
    assert said.startswith("No Dask scheduler answers at tcp://127.0.0.1:1. Start one there")
    assert not (tmp_path / "results" / "gradebook.csv").exists()


@pytest.mark.parametrize(
    ("address", "named"),
    [("no address", "no address"), ("", "an empty address"), ("tls://[::1]:1", "tls://")],
)
def test_an_address_that_is_none_is_refused_in_words_and_leaves_no_client_behind(address, named):
    gc.collect()
    before = clients()
    with pytest.raises(NoCluster) as refused, connected(address):
        pass
    assert str(refused.value).startswith(f"No Dask scheduler answers at {named}")
    assert "such as tcp://host:8786" in str(refused.value)
    assert "Error" not in str(refused.value)
    assert clients() == before, "one that is closed later can wait for ever"


def clients() -> int:
    """Count Dask's clients that are still there."""
    return sum(isinstance(thing, Client) for thing in gc.get_objects())
