"""Whether a peer computes what the hand-written gradients are: losses and parameters over two steps.

    python benchmarks/agreement.py record program train

checks these peers on every kind of problem, in a small size. `make bench` checks each case in its own size,
before anything is timed.
"""

import sys
from collections.abc import Callable
from importlib import import_module

import numpy as np
from cases import KINDS, SMALL, Case, problem

STEPS = 2


class Disagreement(Exception):
    """A peer computes something else."""


def peer(name):
    """Import a peer by its name."""
    return import_module(f"peers.{name}")


def kinds(name: str) -> list[str]:
    """Return the kinds of problem that a peer has a function for."""
    module = peer(name)
    return [kind for kind in KINDS if hasattr(module, kind)]


def checked(name: str, case: Case) -> Callable[[], object]:
    """Return a peer's step, after two of them have agreed with the hand-written ones.

    The change of the parameters is their gradient times the learning rate; the second step sees whether the
    update reached the model.

    Raises
    ------
    Disagreement
    """
    start = problem(case)
    by_hand, hand_params = peer("hand").__dict__[case.kind](start)
    step, own_params = peer(name).__dict__[case.kind](start)
    for number in range(1, STEPS + 1):
        where = f"{name}, case {case.name}, step {number}"
        expected, loss = float(by_hand()), float(step())
        if not np.isclose(loss, expected, rtol=1e-9, atol=1e-12):
            raise Disagreement(f"{where}: the loss is {loss}; by hand it is {expected}")
        params, expected_params = own_params(), hand_params()
        if params.keys() != expected_params.keys():
            raise Disagreement(f"{where}: the parameters are {list(params)}; by hand {list(expected_params)}")
        for key, first in start.params.items():
            change = np.subtract(params[key], first)
            expected_change = np.subtract(expected_params[key], first)
            if not np.any(expected_change):
                raise Disagreement(f"{where}: {key} does not change by hand; that would check nothing")
            close = 1e-6 * np.max(np.abs(expected_change))
            if change.shape != expected_change.shape or not np.allclose(
                change, expected_change, rtol=1e-6, atol=close
            ):
                raise Disagreement(f"{where}: the change of {key} differs from that by hand")
    return step


def main() -> None:
    """Check the peers that are named."""
    for name in sys.argv[1:]:
        for case in SMALL:
            if case.kind in kinds(name):
                checked(name, case)
                print(f"{name}: {case.kind} agrees")


if __name__ == "__main__":
    main()
