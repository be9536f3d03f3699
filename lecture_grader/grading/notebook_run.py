"""One notebook's cells and answers: who signs in there, what is run and asked, and what is seen of it."""

import functools
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from lecture_lib.exercises import Verdict
from lecture_lib.exercises.likenesses import tells_a_number
from lecture_lib.exercises.signing_in import GUEST, NOBODY, clean_id

from ..frames import clean_name
from ..handed_in import Cell, Notebook
from ..inside import RESULT
from ..sandbox import lessons_own
from .asking import AtOnce, StepByStep
from .dependencies import needed
from .exercise_cells import Found
from .one_exercise import question
from .plan import Ask, Define, Died, Give, Plan, Refuse, Run, Seen
from .read_cells import ReadCell
from .settings import Settings
from .without_inputs import is_slow, is_worth_a_note

MOST_IDS = 50
"""Of so many cells that sign in, the last ones, it is looked whether they write their id."""
_OF_THE_SANDBOX = ("1", "student")
"""What the sandbox answers where a notebook asks for something, and what its user is called."""


def is_code(cell: Cell) -> bool:
    """Whether there is something in a cell that is run."""
    return cell.kind == "code" and bool(cell.source.strip())


@dataclass
class NotebookRun:
    """A notebook that is run and asked; what follows from it is for who judges it."""

    notebook: Notebook
    at_once: AtOnce
    settings: Settings
    notes: list[str] = field(default_factory=list[str])
    human: list[str] = field(default_factory=list[str])
    """Why a human should look at it, though it was graded."""
    read: dict[int, ReadCell] = field(default_factory=dict[int, ReadCell])
    asked: list[Found] = field(default_factory=list[Found])
    """The exercises, each in all the ways in which it may be answered."""
    ended: set[int] = field(default_factory=set[int])
    """The cells that have ended the process: what they define is all that is done of them again."""
    student: str = NOBODY
    seconds: float = 0.0
    """How long its cells and answers took the first time."""
    slow: set[str] = field(default_factory=set[str])
    """The exercises whose share of the time was over before all was asked."""
    forged: bool = False
    began: float = field(default_factory=time.monotonic)

    def _step_by_step(self, until: float | None = None) -> StepByStep:
        times = self.settings.times
        return StepByStep(self.at_once.sandbox, times, until or self.began + times.submission)

    @functools.cached_property
    def _half_time(self) -> float:
        """Half of the time that is left when it is first asked for: the other half is for second chances."""
        return (time.monotonic() + self.began + self.settings.times.submission) / 2

    @property
    def _out_of_time(self) -> bool:
        return self._step_by_step().out_of_time

    def _read(self) -> Iterator[tuple[int, ReadCell]]:
        step_by_step, known = self._step_by_step(), self.at_once.read
        cells = [cell for cell in self.notebook.cells if is_code(cell)]
        if not all(cell.source in known for cell in cells):
            self.at_once.close()  # the sandbox has one process, and from here on it is that of the steps
        for cell in cells:
            found = known.get(cell.source) or step_by_step.read(cell.source)
            if isinstance(found, Died):
                self.notes.append(f"Cell {cell.number} was left out, for it cannot be read: {found.words}.")
                continue
            self.notes += [f"Cell {cell.number}: {note}." for note in found.notes]
            yield cell.number, found

    def _as_written(self) -> str:
        """Return the id that the notebook signs in with, as its text says."""
        given = [cell.student for cell in self.read.values() if cell.student is not None]
        ids = self._clean_ids(given)
        return ids[-1] if ids else NOBODY

    def _signed_in(self, seen: Seen) -> str:
        """Return the id that it was seen to sign in with; as its text says where a cell did not end."""
        if self._may_sign_in_by_inputs(seen):  # which ids there are is shown
            seen = self._follow(self._plan(()), in_new_process=True)
        written = {
            number: cell.student
            for number, cell in self.read.items()
            if cell.student is not None and (number in seen.failures or self._out_of_time)
        }
        signed_in = dict(sorted(seen.signed_in.items())[-MOST_IDS:])
        own_ids = {n: id for n, id in signed_in.items() if id not in _OF_THE_SANDBOX or self._writes(id)}
        if len(own_ids) < len(signed_in):
            self.human.append(
                "The notebook asks for its id while it runs: where it is graded nobody answers, so nobody"
                " signs in."
            )
        ids = self._clean_ids(id for _, id in sorted((written | own_ids).items()))
        several = sorted(set(ids) - {GUEST})
        if len(several) > 1:
            self.human.append(f"The notebook signs in with several ids: {', '.join(several)[:200]}.")
        return ids[-1] if ids else NOBODY

    def _may_sign_in_by_inputs(self, seen: Seen) -> bool:
        """Whether ids may be chosen by inputs: not where each cell's is the one in its text."""
        texts = {number: cell.student or "" for number, cell in self.read.items() if cell.signs_in}
        written = {number: text.strip().lower() for number, text in texts.items()}
        return written != {number: id.strip().lower() for number, id in seen.signed_in.items()}

    def _writes(self, id: str) -> bool:
        """Whether an id stands in the notebook."""
        return any(text in cell.source for cell in self.read.values() for text in (f'"{id}"', f"'{id}'"))

    def _clean_ids(self, given: Iterable[str]) -> list[str]:
        ids: list[str] = []
        for id in given:
            try:
                ids.append(clean_name(clean_id(id), 100))
            except ValueError:
                self.human.append(f"The notebook signs in with an id that is none: {clean_name(id, 60)!r}.")
        return ids

    def _seen(self) -> Seen:
        """Run the cells and ask the questions, of the one who signs in there; keep who that is."""
        written = self.student = self._as_written()
        plan = self._plan(self.asked)
        seen = self._follow(plan, in_shares=True)
        self.student = self._signed_in(seen)
        if self.student != written and self._plan(self.asked) != plan:  # its questions are another's
            seen = self._follow(self._plan(self.asked), in_shares=True)
        self.ended, self.seconds = seen.defined, seen.seconds
        return seen

    def _plan(
        self,
        asked: Sequence[Found],
        left_out: Mapping[int, tuple[str, ...]] = MappingProxyType({}),
        others: bool = False,
    ) -> Plan:
        """Return the cells that what is asked for may need, and the questions, each after its own cell.

        `left_out` has cells that are not run, each with the names that the library gives in their place. With
        `others`, the questions are asked of inputs that are nobody's, and that count for nothing.
        """
        steps: list[Run | Define | Ask | Give] = []
        whose = self._nobodys if others else (self.settings.seed, self.student)
        cells = self.run_for_all if asked is self.asked else needed(asked, self.read, lessons_own())
        for number, cell in self.read.items():
            if number in left_out:
                steps.append(Give(left_out[number]))
            elif number in cells:
                steps.append(Define(number, cell.source) if number in self.ended else self._run(number))
            else:
                continue
            steps += [question(one.exercise.id, *whose, one.way) for one in asked if one.number == number]
        return tuple(steps)

    @functools.cached_property
    def run_for_all(self) -> Mapping[int, ReadCell]:
        """The cells that are run where all is asked for."""
        return needed(self.asked, self.read, lessons_own())

    @property
    def _nobodys(self) -> tuple[str, str]:
        """Of whose inputs nothing depends: the seed, and the student."""
        return f"{self.settings.seed}, but inputs that count for nothing", NOBODY

    def _run(self, number: int) -> Run:
        """Return a cell to be run, with its number among the code cells where any uses what others show."""
        return Run(number, self.read[number].source, self._numbers.get(number, 0))

    @functools.cached_property
    def _numbers(self) -> Mapping[int, int]:
        if not any(RESULT in cell.names for cell in self.read.values()):
            return {}
        code = filter(is_code, self.notebook.cells)
        return {cell.number: number for number, cell in enumerate(code, 1)}

    def _follow(
        self,
        plan: Plan,
        in_new_process: bool = False,
        until: float | None = None,
        in_shares: bool = False,
    ) -> Seen:
        """Do a plan: at once, or else step by step, with `in_shares` so that a slow answer costs no other."""
        step_by_step = self._step_by_step(until)
        if not any(isinstance(step, (Run, Define)) for step in plan) or self._out_of_time:
            return Seen()
        tame = not any(
            isinstance(step, Refuse) or (isinstance(step, (Run, Define)) and not self.read[step.number].tame)
            for step in plan
        )
        seen = self.at_once.follow(plan, tame, in_new_process)
        if seen is not None:
            return seen
        began = time.monotonic()
        try:
            wild = {n for n, cell in self.read.items() if not cell.tame}
            seen = step_by_step.follow(plan, wild, in_shares)
            seen.in_time, seen.seconds = not step_by_step.out_of_time, time.monotonic() - began
            return seen
        finally:
            self.forged = self.forged or step_by_step.forged
            self.slow |= step_by_step.slow
            step_by_step.close()

    def _told(self, found: Sequence[Found], seen: Seen) -> Seen:
        """Run the cells once more if any has something to tell, in a process that never knows an input.

        Where inputs are known, anything that is shown to a student could be made of them, and so could how
        far they are run: it is to the first exercise, or to the end. What takes long is not run again.
        """
        slow = {n for n, failed in seen.failures.items() if is_slow(failed)}
        telling = {one.number or 0 for one in found if one.number in seen.printed}
        telling |= {n for n, failed in seen.failures.items() if n not in slow and is_worth_a_note(failed)}
        if not telling:
            return Seen()
        first = min((one.number for one in self.asked if one.number), default=0)
        cells = {n: self.read[n].source for n in self.run_for_all}
        if max(telling) <= first:
            cells = {n: source for n, source in cells.items() if n <= first}
        plan = (Define(n, source) if n in slow else self._run(n) for n, source in cells.items())
        half_of_the_time = (time.monotonic() + self.began + self.settings.times.submission) / 2
        return self._follow(tuple(plan), in_new_process=True, until=half_of_the_time)

    def _on_other_inputs(self, found: Sequence[Found], judged: Mapping[str, Verdict]) -> Seen:
        """Ask once more the answers that stopped in a line, or are told a number, in a process of their own.

        It knows other inputs alone: what is the same there, as that line, is not made of those that count.
        """
        chosen = [one for one in found if _could_be_chosen(judged[one.exercise.id])]
        return self._follow(self._plan(chosen, others=True), in_new_process=True) if chosen else Seen()


def _could_be_chosen(verdict: Verdict) -> bool:
    """Whether a verdict shows something that an answer could have made of an input."""
    failure = verdict.failure
    return (failure is not None and failure.line is not None) or any(map(tells_a_number, verdict.advice))
