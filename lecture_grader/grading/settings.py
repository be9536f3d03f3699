"""What a run is done with, and the key under which a result is kept: the same key, the same result."""

import hashlib
from dataclasses import dataclass, field
from importlib.metadata import version

import numpy as np

from ..sandbox import GRADER, LIBRARY, Limits


@dataclass(frozen=True)
class Times:
    """How long things may take, in seconds; all but a whole submission longer on a busy machine."""

    cell: float = 10.0
    call: float = 3.0
    read: float = 3.0
    submission: float = 90.0


@dataclass(frozen=True)
class Settings:
    """What a run is done with.

    Attributes
    ----------
    seed
        What the unseen inputs are made from: the same seed, the same inputs for every student.
    unsafe
        Whether to do without a sandbox.
    """

    seed: str
    unsafe: bool = False
    times: Times = field(default_factory=Times)
    limits: Limits = field(default_factory=Limits)


_AFTERWARDS = ("lecture_grader/exports/", "lecture_grader/outputs/")
"""What is made of results that are there: a new form of these is no reason to grade again."""


def checks_version() -> str:
    """Return what changes whenever anything changes by which a submission is graded."""
    summed = hashlib.sha256(f"numpy {np.__version__}, ipython {version('ipython')}\n".encode())
    rooms = ("common", "autodiff", "learning", "exercises", "lessons")
    for package in (*(LIBRARY / room for room in rooms), GRADER):
        for path in sorted(package.rglob("*.py")):
            name = path.relative_to(package.parent).as_posix()
            if not name.startswith(_AFTERWARDS):
                summed.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return summed.hexdigest()[:16]


def key_of(content: bytes, version: str, settings: Settings) -> str:
    """Return the key under which a notebook's result is kept."""
    rest = f"{version}\n{settings.seed}\n{settings.unsafe}\n{settings.times}\n{settings.limits}"
    return hashlib.sha256(hashlib.sha256(content).digest() + rest.encode()).hexdigest()[:32]
