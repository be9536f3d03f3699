"""The routine with one's own functions: each takes the place of the library's; the numbers are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lecture_lib.common import Table, Tabled, number
from lecture_lib.exercises.kept_functions import own_function
from lecture_lib.exercises.registry import EXERCISES
from lecture_lib.exercises.stand_ins import librarys

Routine = Callable[[Mapping[str, Callable[..., Any]]], Mapping[str, float]]


@dataclass(frozen=True)
class Replaced:
    """One function of the routine.

    Attributes
    ----------
    name : str
    lesson : str
        where it is asked
    own : bool
        whether the student's is in use from here on
    said : str
        why it is, or is not
    dev_accuracy, dev_loss : float
        of the routine with all replacements up to this one
    """

    name: str
    lesson: str
    own: bool
    said: str
    dev_accuracy: float
    dev_loss: float


@dataclass(frozen=True, repr=False)
class OneByOne(Tabled):
    """What came of each replacement.

    Attributes
    ----------
    dev_accuracy, dev_loss : float
        of the routine with the library's functions alone
    steps : tuple of Replaced
    """

    dev_accuracy: float
    dev_loss: float
    steps: tuple[Replaced, ...]

    @property
    def missing(self) -> tuple[Replaced, ...]:
        """The functions that are the library's still."""
        return tuple(step for step in self.steps if not step.own)

    @property
    def table(self) -> Table:
        """The table that is shown."""
        first = [
            "none",
            "",
            "the library's functions alone",
            f"{self.dev_accuracy:.2%}",
            f"{self.dev_loss:.6f}",
        ]
        rows = [
            [step.name, step.lesson, step.said, f"{step.dev_accuracy:.2%}", f"{step.dev_loss:.6f}"]
            for step in self.steps
        ]
        own = len(self.steps) - len(self.missing)
        caption = f"{own} of {len(self.steps)} functions of the routine are your own. {self._change}"
        if self.missing:
            caption += f" Still missing: {', '.join(f'{s.name} (lesson {s.lesson})' for s in self.missing)}."
        head = ["replaced", "lesson", "whose it is", "dev accuracy", "dev loss"]
        return Table(caption, head, [first, *rows])

    @property
    def _change(self) -> str:
        used = [step for step in self.steps if step.own]
        if not used:
            return "Nothing is replaced yet."
        apart = max(abs(step.dev_loss - self.dev_loss) for step in used)
        losses = f"differ by at most {number(apart, digits=2)}" if apart else "are the same to the last digit"
        same = all(step.dev_accuracy == self.dev_accuracy for step in used)
        return f"The accuracy {'is unchanged' if same else 'changed'}; the dev losses {losses}."


def one_by_one(routine: Routine, names: Sequence[str]) -> OneByOne:
    """Run a routine with the library's functions, then replace these by your own that have passed.

    Parameters
    ----------
    routine : callable
        dict name -> function -> dict with dev_accuracy and dev_loss
    names : sequence of str
        the functions that it uses, as `mine` knows them, in the order in which they are replaced

    Returns
    -------
    OneByOne
        A function that fails in the routine is put back, and the error said.
    """
    use = {name: librarys(name)[1] for name in names}
    alone = _numbers(routine(dict(use)))
    now, steps = alone, list[Replaced]()
    for name in names:
        own, said = own_function(name)
        if own is not None:
            try:
                now = _numbers(routine({**use, name: own}))
                use[name] = own
            except Exception as error:
                own, said = None, f"Yours has passed, but fails here: {type(error).__name__}: {error}."
        if own is None:
            said = f"{said} Until then it is the library's." if said.startswith("Yours is used") else said
        lesson = next(exercise.lesson for exercise in EXERCISES.values() if name in exercise.functions)
        steps.append(Replaced(name, lesson, own is not None, said, *now))
    return OneByOne(*alone, tuple(steps))


def _numbers(result: Mapping[str, float]) -> tuple[float, float]:
    return float(result["dev_accuracy"]), float(result["dev_loss"])
