"""How fast the library is beside hand-written NumPy, micrograd, autograd, MyGrad, PyTorch and JAX.

    make bench            everything, in some minutes, into benchmarks/results
    make bench QUICK=1    fewer rounds, and sizes over a factor of 10 only, into .benchmarks/quick

Every figure is a ratio: the time of a peer divided by that of the hand-written NumPy in the same round. In a
round each peer runs for a fraction of a second, one after the other, each time in another order. What stands
in the table is the median over the rounds. `cases.py` says what is measured, `peers/` how each peer does it.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cases import GROWTH, MAIN, Case
from machine import machine
from picture import draw
from pool import Unable, Worker
from report import as_markdown, as_text
from results import LABELS, Results

ROOT = Path(__file__).resolve().parent.parent
GROWING = ("hand", "record", "program", "micrograd", "pytorch", "pytorch_sparse", "jax")
LARGEST = {("jax", "chain"): (3001, "compiling the unrolled graph takes minutes")}


@dataclass(frozen=True)
class Effort:
    """How much is measured: rounds, seconds a peer and round, and how long to wait for a preparation."""

    main: tuple[int, float]
    growth: tuple[int, float]
    sizes: slice
    patience: float


FULL = Effort(main=(15, 0.2), growth=(5, 0.1), sizes=slice(None), patience=120)
QUICK = Effort(main=(3, 0.05), growth=(2, 0.02), sizes=slice(None, 3, 2), patience=6)


def measure(effort: Effort, results: Results) -> None:
    """Measure everything, into the results."""
    workers = {name: Worker(name) for name in LABELS}
    kinds = {}
    try:
        for name, worker in workers.items():
            what = worker.say_what_it_is()
            kinds[name], results.versions[name] = what["kinds"], what["version"]
        for case in MAIN:
            able = [workers[name] for name in LABELS if case.kind in kinds[name]]
            measure_together([case], able, *effort.main, effort.patience, results)
        for cases in GROWTH.values():
            cases = list(cases.values())[effort.sizes]
            able = [workers[name] for name in GROWING if cases[0].kind in kinds[name]]
            measure_together(cases, able, *effort.growth, effort.patience, results)
    finally:
        for worker in workers.values():
            worker.stop()


def measure_together(
    cases: list[Case], workers: list[Worker], rounds: int, seconds: float, patience: float, results: Results
) -> None:
    """Measure cases in the same rounds; they come in order of their size."""
    say(f"{', '.join(case.name for case in cases)}: checking")
    ready = {worker: prepare(worker, cases, seconds, patience, results) for worker in workers}
    for number in range(rounds):
        say(f"{', '.join(case.name for case in cases)}: round {number + 1} of {rounds}")
        first = number % len(workers)
        for case in cases:
            for worker in workers[first:] + workers[:first]:
                if case in ready[worker]:
                    results.add(case.name, worker.name, **worker.time(case))
    for worker in workers:
        worker.forget()


def prepare(
    worker: Worker, cases: list[Case], seconds: float, patience: float, results: Results
) -> list[Case]:
    """Have the cases checked and made ready; return those that are.

    After one that cannot be, no larger one is tried.
    """
    ready: list[Case] = []
    worker.restarted = False
    for place, case in enumerate(cases):
        try:
            largest, reason = LARGEST.get((worker.name, case.kind), (0, ""))
            if largest and case.sizes["operations"] > largest:
                raise Unable(reason)
            worker.prepare(case, seconds, patience)
        except Unable as why:
            for left_out in cases[place:]:
                results.missing.setdefault(left_out.name, {})[worker.name] = str(why)
            if worker.restarted:
                return prepare(worker, ready, seconds, patience, results)
            return ready
        ready.append(case)
    return ready


def say(what: str) -> None:
    """Tell the one who waits."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, write the results down, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and sizes")
    parser.add_argument(
        "--again", action="store_true", help="only make table and picture again, from the numbers"
    )
    options = parser.parse_args()
    folder = ROOT / ".benchmarks" / "quick" if options.quick else Path(__file__).parent / "results"
    folder.mkdir(parents=True, exist_ok=True)
    if options.again:
        results = Results.load(folder / "numbers.json")
    else:
        results = Results(machine(), options.quick)
        measure(QUICK if options.quick else FULL, results)
        results.save(folder / "numbers.json")
    draw(results, folder / "growth.svg")
    (folder / "README.md").write_text(as_markdown(results), encoding="utf-8")
    print(as_text(results))
    print(f"\nTable and picture: {folder.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
