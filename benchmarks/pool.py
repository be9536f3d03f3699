"""The processes of the peers: started together, asked one at a time."""

import json
import os
import select
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from cases import Case

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


class Unable(Exception):
    """A peer did not answer in time, or its process ended."""


class Worker:
    """One peer's process."""

    def __init__(self, name: str):
        self.name = name
        self.restarted = False
        self.start()

    def start(self) -> None:
        """Start the process; it answers once it has imported its peer."""
        command = [sys.executable, str(Path(__file__).parent / "worker.py"), self.name]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, env=os.environ | ONE_THREAD
        )
        self.said_what_it_is = False

    def say_what_it_is(self) -> dict:
        """Wait until the peer is imported: the kinds of problem that it does, its version."""
        self.said_what_it_is = True
        return self._answer(120)

    def ask(self, patience: float, **task) -> dict:
        """Give a task, and wait for the answer.

        Raises
        ------
        Unable
            If there is none within so many seconds; the process is then a new one, with nothing prepared.
        """
        if not self.said_what_it_is:
            self.say_what_it_is()
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return self._answer(patience)

    def _answer(self, patience: float) -> dict:
        ready, _, _ = select.select([self.process.stdout], [], [], patience)
        line = self.process.stdout.readline() if ready else ""
        if line:
            return json.loads(line)
        reason = "its process ended" if ready else f"it took more than {patience:g} s"
        self.stop()
        self.start()
        self.restarted = True
        raise Unable(reason)

    def prepare(self, case: Case, seconds: float, patience: float) -> None:
        """Have a case checked and made ready.

        Raises
        ------
        Unable
            If it takes too long.
        SystemExit
            If the peer computes something else than the hand-written gradients.
        """
        answer = self.ask(patience, do="prepare", case=asdict(case), seconds=seconds)
        if "disagreement" in answer:
            raise SystemExit(f"Nothing is timed that is not right. {answer['disagreement']}")

    def time(self, case: Case) -> dict:
        """Have it timed: `seconds` a step, and the seconds of `cpu` and `wall` for all of them."""
        return self.ask(600, do="time", name=case.name)

    def forget(self) -> None:
        """Have it drop what it has prepared."""
        self.ask(60, do="forget")

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
