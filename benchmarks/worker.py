"""A process that holds one peer, and does what the runner tells it, a line of JSON at a time.

    {"do": "prepare", "case": …, "seconds": …}    check the case, make it, warm it up
    {"do": "time", "name": …}                     run that case for about so many seconds
    {"do": "forget"}                              drop what was prepared

Its first answer says what the peer is.

Every peer has a process of its own: so none meets another's threads, memory or settings. All are held to the
same core, which one of them uses at a time.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

from agreement import Disagreement, checked, kinds, peer
from cases import Case


@dataclass
class Prepared:
    """A step that is ready to be timed."""

    step: Callable[[], object]
    repetitions: int

    def time(self) -> dict:
        """Run it; give the seconds a step, and the seconds of the CPU and of the clock for all of them."""
        step = self.step
        cpu, start = time.process_time(), time.perf_counter()
        for _ in range(self.repetitions):
            step()
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        return {"seconds": wall / self.repetitions, "cpu": cpu, "wall": wall}


PACKAGES = {"pytorch": "torch", "pytorch_sparse": "torch"}
OURS = ("record", "program", "own_loop", "train")


def version(name: str) -> str:
    """Return what the peer is, with its version."""
    package = PACKAGES.get(name, "lecture-lib" if name in OURS else "numpy" if name == "hand" else name)
    return f"{package} {metadata.version(package)}"


def prepare(name: str, case: Case, seconds: float) -> Prepared:
    """Check a case against the hand-written gradients, make it, and see how often it fits into the time."""
    prepared = Prepared(checked(name, case), 1)
    while (once := prepared.time()["seconds"]) * prepared.repetitions < seconds / 4:
        prepared.repetitions *= 4
    prepared.repetitions = max(1, round(seconds / once))
    return prepared


def main() -> None:
    """Answer until there is nothing more to do."""
    name = sys.argv[1]
    if hasattr(os, "sched_setaffinity"):  # on Linux; elsewhere the settings of each peer are relied on
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever a peer prints is no answer
    prepared: dict[str, Prepared] = {}
    peer(name)
    print(json.dumps({"kinds": kinds(name), "version": version(name)}), file=answers, flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        answer = {}
        if task["do"] == "prepare":
            try:
                case = Case(**task["case"])
                prepared[case.name] = prepare(name, case, task["seconds"])
            except Disagreement as found:
                answer["disagreement"] = str(found)
        elif task["do"] == "time":
            answer = prepared[task["name"]].time()
        else:
            prepared.clear()
            gc.collect()
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
