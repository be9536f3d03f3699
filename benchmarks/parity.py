"""Whether a whole training of the library and of PyTorch agree: every loss, to 1e-10 in float64.

    .benchmarks/bin/python benchmarks/parity.py

`make bench` runs it before it times anything. It is what lesson 10 shows, where PyTorch is installed.
"""

import sys

from lecture_lib.lessons.lesson_10.in_pytorch import Parity, beside_pytorch

AGREE = 1e-10


def main() -> None:
    """Train twice, and exit with an error if the losses disagree."""
    for seed in (0, 1):
        parity = beside_pytorch(epochs=5, seed=seed)
        if not isinstance(parity, Parity):
            sys.exit("parity: PyTorch is not installed; `make bench-engine` installs it in .benchmarks")
        print(f"seed {seed}:\n{parity}")
        if not parity.largest_difference <= AGREE:
            sys.exit(f"parity: the losses differ by {parity.largest_difference}; at most {AGREE} is allowed")


if __name__ == "__main__":
    main()
