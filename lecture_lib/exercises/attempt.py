"""One answer to one exercise: the cases it was tried on, and what came of each."""

import functools
from dataclasses import dataclass
from typing import Literal

from .answer import Failure, Outcome
from .exercise import Case, Exercise, Part, Quantity


@dataclass(frozen=True)
class Fault:
    """What is wrong with one quantity, in the first case where something is."""

    kind: Literal["value", "type", "changed", "error", "missing"]
    case: int
    words: str
    failure: Failure | None = None
    follows: bool = False
    """Whether it is right for an earlier number that is wrong, of numbers worked by hand."""


@dataclass(frozen=True, eq=False)
class Spot:
    """One thing that is judged: a quantity, in the cases that a part is for."""

    part: Part
    quantity: Quantity
    cases: tuple[int, ...]


Faults = dict[Spot, Fault | None]
"""All spots of an attempt, in order, and what is wrong there."""


@dataclass(frozen=True)
class Attempt:
    """One answer to one exercise: the cases and what came of each."""

    exercise: Exercise
    student: str
    cases: tuple[Case, ...]
    outcomes: tuple[Outcome, ...]

    @functools.cached_property
    def spots(self) -> tuple[Spot, ...]:
        """All that is judged."""
        return tuple(
            Spot(part, self.exercise.quantity(name), tuple(self._of(part)))
            for part in self.exercise.parts
            for name in part.quantities
        )

    def _of(self, part: Part) -> list[int]:
        return [n for n, case in enumerate(self.cases) if not case.parts or part.name in case.parts]

    @functools.cached_property
    def sometimes_none(self) -> bool:
        """Whether a function gave None in some of its cases, and something else in others."""
        gave: dict[int, set[bool]] = {}
        for case, outcome in zip(self.cases, self.outcomes, strict=True):
            if outcome.failure is None:
                gave.setdefault(case.function, set()).add(outcome.value is None)
        return any(len(kinds) == 2 for kinds in gave.values())

    @functools.cached_property
    def changes_arguments(self) -> bool:
        """Whether an argument was not what it had been, after one of the calls."""
        return any(outcome.changed for outcome in self.outcomes)
