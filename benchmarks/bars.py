"""What the library is meant to reach, each as a number that is measured and what it may be at most."""

from collections.abc import Iterator
from dataclasses import dataclass

from cases import GROWTH
from results import LABELS, Results


@dataclass(frozen=True)
class Bar:
    """One aim: the number that was measured is to be at most so large."""

    aim: str
    measured: float
    at_most: float

    @property
    def reached(self) -> bool:
        """Whether it is."""
        return self.measured <= self.at_most


def bars(results: Results) -> Iterator[Bar]:
    """Give each aim that something was measured for."""
    yield from _ratio(results, "a", "record", 2.0)
    for other in ("micrograd", "pytorch", "mygrad", "autograd"):
        yield from _ahead(results, "a", "record", other)
    yield from _ratio(results, "a", "program", 0.5)
    yield from _ahead(results, "a", "program", "jax")
    yield from _ahead(results, "b", "program", "pytorch")
    for own in ("record", "program"):
        for other in ("micrograd", "pytorch"):
            yield from _ahead(results, "c", own, other)
        yield from _linear(results, own)


def _ratio(results, case, peer, at_most):
    if results.has(case, peer):
        yield Bar(f"({case}) {LABELS[peer]} / NumPy by hand", results.ratio(case, peer), at_most)


def _ahead(results, case, own, other):
    if results.has(case, own) and results.has(case, other):
        yield Bar(f"({case}) {LABELS[own]} / {LABELS[other]}", results.ratio(case, own, other), 1.0)


def _linear(results, peer):
    cases = {n: case.name for n, case in GROWTH["operations"].items() if results.has(case.name, peer)}
    if len(cases) > 1:
        few, many = min(cases), max(cases)
        aim = f"(c) {LABELS[peer]}, time an operation of {many:,} / of {few:,}"
        yield Bar(aim, results.growth(cases[few], cases[many], peer) * few / many, 1.5)
