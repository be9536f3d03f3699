"""What was measured, and the ratios that are made of it."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles

BASELINE = "hand"
LABELS = {
    "hand": "NumPy, by hand",
    "record": "lecture_lib, record",
    "program": "lecture_lib, program",
    "own_loop": "lecture_lib, a user's own loop",
    "train": "lecture_lib, train",
    "micrograd": "micrograd",
    "autograd": "autograd",
    "mygrad": "MyGrad",
    "pytorch": "PyTorch",
    "pytorch_sparse": "PyTorch, sparse gradient",
    "jax": "JAX, jit",
}


@dataclass
class Results:
    """All rounds of all cases.

    Attributes
    ----------
    machine : dict
        What it was measured on.
    quick : bool
        Whether there were few rounds.
    versions : dict
        Peer -> package and version.
    seconds : dict
        Case -> peer -> seconds a step, one for each round.
    missing : dict
        Case -> peer -> why there is no figure.
    threads : dict
        Peer -> seconds of CPU time, and seconds: how many threads it kept busy.
    """

    machine: dict[str, str]
    quick: bool
    versions: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    missing: dict[str, dict[str, str]] = field(default_factory=dict)
    threads: dict[str, list[float]] = field(default_factory=dict)

    def add(self, case: str, peer: str, seconds: float, cpu: float, wall: float) -> None:
        """Write a round down: the seconds of a step; the CPU's and the clock's seconds of them all."""
        self.seconds.setdefault(case, {}).setdefault(peer, []).append(seconds)
        total = self.threads.setdefault(peer, [0.0, 0.0])
        total[0] += cpu
        total[1] += wall

    def has(self, case: str, peer: str) -> bool:
        """Whether there is a figure."""
        return peer in self.seconds.get(case, {})

    def ratios(self, case: str, peer: str, to: str = BASELINE) -> list[float]:
        """Return the peer's time divided by the other's, for each round."""
        times = self.seconds[case]
        return [own / other for own, other in zip(times[peer], times[to], strict=True)]

    def ratio(self, case: str, peer: str, to: str = BASELINE) -> float:
        """Return the median ratio."""
        return median(self.ratios(case, peer, to))

    def middle_half(self, case: str, peer: str) -> tuple[float, float]:
        """Return between what the middle half of the ratios lies."""
        ratios = self.ratios(case, peer)
        low, _, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
        return low, high

    def step(self, case: str, peer: str) -> float:
        """Return the median seconds a step."""
        return median(self.seconds[case][peer])

    def growth(self, small: str, large: str, peer: str) -> float:
        """Return how many times as long the larger case takes: the median over the rounds."""
        pairs = zip(self.seconds[small][peer], self.seconds[large][peer], strict=True)
        return median(longer / shorter for shorter, longer in pairs)

    def save(self, path: Path) -> None:
        """Write everything as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Results":
        """Read it again."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))
