"""One notebook -> what each exercise earned, why, and what an instructor should know."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from lecture_lib.exercises import Exercise, Failure, Verdict
from lecture_lib.exercises.judging import borrowed, failure_words, not_attempted, not_judged
from lecture_lib.exercises.likenesses import tells_a_number
from lecture_lib.lessons import EXERCISES

from ..graded import Graded, GradedExercise
from ..handed_in import Notebook
from ..sandbox import Sandbox, lessons_own
from .asking import AtOnce
from .dependencies import lacking_libraries, may_be_spoilt, may_be_the_librarys, uses_numbers
from .exercise_cells import IS_MISSING, Found, find_exercises, without_exercises
from .notebook_run import NotebookRun, is_code
from .one_exercise import judge_given
from .other_answers import IN_TWO_WAYS, better_of, other_answers
from .plan import AS_NAMED, Died, Given, Refuse, Seen
from .replies import failures_in
from .settings import Settings
from .without_inputs import (
    MOST_FOR_A_HUMAN,
    first_of_notes,
    first_of_printed,
    is_slow,
    is_worth_a_note,
    lines_of,
    with_own_words,
)

INSTEAD = "with the library's own functions instead of an earlier exercise that is not right yet."
WITHOUT = "without some of the cells above it, which had spoilt it."
_ONLY_HERE = "A cell stopped that does not stop where no answer has been tried."
_NOT_TOLD = "A cell stopped, and there was no time to run all once more where no answer has been tried."
_NOT_RUN = "could not be run to its end without the library's own work, so it earns nothing"


def grade_notebook(notebook: Notebook, sandbox: Sandbox, settings: Settings) -> Graded:
    """A notebook -> what it earned, exercise by exercise."""
    (graded,) = grade_notebooks([notebook], sandbox, settings)
    return graded


def grade_notebooks(notebooks: Sequence[Notebook], sandbox: Sandbox, settings: Settings) -> list[Graded]:
    """One student's notebooks -> what each earned, exercise by exercise."""
    with closing(AtOnce(sandbox, settings.times)) as at_once:
        at_once.read_all(sources_of(notebooks))
        return [grade_one_of_them(notebook, at_once, settings) for notebook in notebooks]


def sources_of(notebooks: Iterable[Notebook]) -> Iterator[str]:
    """Give the sources of the cells that are run."""
    return (cell.source for notebook in notebooks for cell in notebook.cells if is_code(cell))


def grade_one_of_them(notebook: Notebook, at_once: AtOnce, settings: Settings) -> Graded:
    """Grade a notebook whose cells have been read, as far as that went."""
    return _Grading(notebook, at_once, settings).graded()


@dataclass
class _Grading(NotebookRun):
    """A notebook that is judged by what is seen of it."""

    refused: dict[tuple[str, ...], Seen] = field(default_factory=dict[tuple[str, ...], Seen])
    """What was seen where the library refuses all but this."""
    not_run: set[str] = field(default_factory=set[str])
    """The exercises with an answer that could not be run there; perhaps another is right."""

    def graded(self) -> Graded:
        self.read = dict(self._read())
        found = find_exercises(self.notebook.cells, self.read)
        others = other_answers(found, self.read)
        self.asked = [*found, *others]
        seen = self._seen()
        told = self._told(found, seen)
        self._note_failures(seen, told)
        judged = {one.exercise.id: self._of_its_own(one, self._judge(one, seen)) for one in found}
        found = self._with_other_answers(found, others, seen, judged)
        self._second_chances(found, seen, judged)
        self._name_what_is_lacking(found, judged)
        exercises = dict(self._as_shown(found, judged, told))
        self._note_what_is_odd(found)
        human = first_of_notes(sorted(self.human, key=_may_be_left_out), MOST_FOR_A_HUMAN)
        return Graded(
            signed_in_as=self.student,
            exercises=exercises,
            notes=first_of_notes([*self.notebook.notes, *self.notes, *map(_for_a_student, human)]),
            human=human,
        )

    def _note_failures(self, seen: Seen, told: Seen) -> None:
        """Note what went wrong in cells as where no input is known: which they are could be chosen, too.

        What takes long there is as it was seen first.
        """
        slow = {n: found for n, found in seen.failures.items() if is_slow(found)}
        quick = {n: found for n, found in told.failures.items() if not is_slow(found)}
        apart = not self.at_once.sandbox.unsafe  # or else what one process has written, the next can read
        known = quick | slow if apart else seen.failures
        for number, failed in sorted(known.items()):
            if isinstance(failed, Died):
                defined = number in (seen if number in slow else told).defined
                but = ", but for what it defines" if defined else ""
                self.notes.append(f"Cell {number} was left out{but}: {failed.words}.")
            elif is_worth_a_note(failed):
                said = self._own(failed if apart else replace(failed, message=""))
                lacking = lacking_libraries(number, self.read)
                but = f", and {lacking}" if lacking else ""
                self.notes.append(f"Cell {number} stopped{but}: {failure_words(said)}")
        if any(is_worth_a_note(found) for n, found in seen.failures.items() if n not in known):
            self.notes.append(_ONLY_HERE if told.in_time else _NOT_TOLD)

    def _own(self, failure: Failure) -> Failure:
        return with_own_words(failure, *self._own_words)

    @functools.cached_property
    def _own_words(self) -> tuple[frozenset[tuple[int, str]], frozenset[str]]:
        """The notebook's lines, and the names that it sets."""
        cells = self.read.values()
        return lines_of(cells), frozenset(name for cell in cells for name in cell.sets)

    def _in_own_words(self, one: Found, judged: Verdict, elsewhere: Seen) -> Verdict:
        """Return a verdict without the inputs, and with a failure and advice that hold none."""
        failure = judged.failure
        if failure is not None:
            others = [elsewhere.failures.get(one.number or 0), *failures_in(elsewhere.given.get(one.key))]
            first = next(filter(None, others), None)  # any further one could be chosen by what is asked
            failure = self._own(failure) if _where(failure) == _where(first) else with_own_words(failure)
        advice = self._advice_that_holds(one, judged, elsewhere)
        return replace(judged, failure=failure, meaning="", advice=advice, inputs=())

    def _advice_that_holds(self, one: Found, judged: Verdict, elsewhere: Seen) -> tuple[str, ...]:
        """Return the advice without the numbers that are others on other inputs."""
        given = elsewhere.given.get(one.key)
        there = None if given is None else judge_given(one.exercise.id, *self._nobodys, given)
        same = there.advice if isinstance(there, Verdict) else ()
        return tuple(words for words in judged.advice if words in same or not tells_a_number(words))

    def _as_shown(
        self, found: Sequence[Found], judged: Mapping[str, Verdict], told: Seen
    ) -> Iterator[tuple[str, GradedExercise]]:
        """Yield what is shown of each exercise, which holds no input that counts."""
        elsewhere = self._on_other_inputs(found, judged)
        numbers = {one.number for one in found}
        printed = first_of_printed({n: text for n, text in told.printed.items() if n in numbers})
        for one in found:
            id, number = one.exercise.id, one.number or 0
            verdict = self._in_own_words(one, judged[id], elsewhere)
            yield id, GradedExercise(verdict, one.notes, printed.get(number, ""), number)

    def _note_what_is_odd(self, found: Sequence[Found]) -> None:
        unknown = {cell.exercise for cell in self.notebook.cells} - {""} - set(EXERCISES)
        for mark in sorted(unknown):
            self.notes.append(f'A cell is marked as exercise "{mark}", which does not exist.')
        if not found:
            words = without_exercises(self.notebook.cells)
            (self.notes if words else self.human).append(words or "There is no exercise in this notebook.")
        for one in found:
            if one.number is None and one.notes != (IS_MISSING,):  # what stands there may be an answer
                self.human.append(f"{one.exercise.id} has no points: {one.notes[0]}.")
        behind = [str(number) for number, cell in self.read.items() if cell.looks_behind]
        if behind:
            self.human.append(
                f"Code in cell {', '.join(behind)[:60]} looks at how it is run, which no exercise asks for:"
                " that can hide that the library did the work. Read the answers."
            )
        if self.forged:
            self.human.append(
                "Its code sent the judge an answer that nobody had asked for; it was not believed."
            )
        if self._out_of_time:
            self.human.append(
                f"It took longer than {self.settings.times.submission:g} seconds in all;"
                " what came after was not run."
            )

    def _judge(self, found: Found, seen: Seen) -> Verdict:
        exercise = found.exercise
        given = seen.given.get(found.key)
        if given is None:
            return not_attempted(exercise)
        judged = self._judge_given(exercise, given)
        if isinstance(judged, Verdict):
            return judged
        failed = seen.failures.get(found.number or 0)
        if isinstance(failed, Died):
            return not_judged(exercise, f"The cell was left out: {failed.words}.")
        if failed is not None:
            stopped = not_judged(exercise, "The cell itself stops, so nothing is defined.")
            return replace(stopped, failure=failed)
        return not_judged(exercise, f"The cell was run, but {judged} is not defined after it.")

    def _of_its_own(
        self, one: Found, judged: Verdict, left_out: Mapping[int, tuple[str, ...]] = MappingProxyType({})
    ) -> Verdict:
        """Return the verdict on an answer, which earns nothing if it is right only by the library's work."""
        exercise = one.exercise
        if not judged.points or not exercise.asks_for_steps:
            return judged
        if not may_be_the_librarys(one, self.read, self.asked, lessons_own(), self.run_for_all):
            return judged
        if left_out:
            plan = Refuse(exercise.may_use), *self._plan([one], left_out)
            seen = self._follow(plan, until=self._half_time)
        else:
            seen = self._where_it_refuses(exercise.may_use)
        if not seen.in_time and seen.seconds > 2 * self.seconds + 1:  # it is slow only there
            return self._not_run(exercise)
        if not seen.in_time or self._out_of_time:
            self.human.append(
                f"{exercise.id} may be the library's own work: there was no time to run it without that."
                " Read the answer."
            )
            return judged
        own = self._judge(one, seen)
        if own.points >= judged.points:
            return judged
        if own.failure is not None or own.state in ("error", "not attempted"):
            nothing = self._not_run(exercise)
        else:  # another answer came
            nothing = borrowed(exercise, "Without the library's own work the answer is not right")
        if not exercise.rough:
            return nothing
        # Numbers by hand count one by one.
        kept = {result.name: result for result in own.results if result.state == "passed"}
        return replace(nothing, results=tuple(kept.get(one.name, one) for one in nothing.results))

    def _not_run(self, exercise: Exercise) -> Verdict:
        """Return the verdict on an answer of which it cannot be said whose work it is."""
        self.not_run.add(exercise.id)
        return not_judged(exercise, f"It {_NOT_RUN} until a person has looked at it.")

    def _where_it_refuses(self, may_use: tuple[str, ...]) -> Seen:
        """Return what is seen where the library refuses all but this: one run for all exercises alike."""
        if may_use not in self.refused:
            alike = [one for one in self.asked if one.exercise.may_use == may_use]
            self.refused[may_use] = self._follow((Refuse(may_use), *self._plan(alike)), until=self._half_time)
        return self.refused[may_use]

    def _judge_given(self, exercise: Exercise, given: Given | bytes) -> Verdict | str:
        try:
            return judge_given(exercise.id, self.settings.seed, self.student, given)
        except Exception as error:  # a judge's own mistake must cost no other exercise its points
            self.human.append(f"{exercise.id} could not be judged: {type(error).__name__}: {error}"[:500])
            return not_judged(exercise, "It could not be judged; a person will look at it.")

    def _with_other_answers(
        self, found: Sequence[Found], others: Sequence[Found], seen: Seen, judged: dict[str, Verdict]
    ) -> list[Found]:
        """Return the exercises, each as it is answered best: in its cell, as its check saw it, or later."""
        counts = {one.exercise.id: one for one in found}
        for other in others:
            id, given = other.exercise.id, seen.given.get(other.key)
            answer = None if given is None else self._judge_given(other.exercise, given)
            if isinstance(answer, Verdict):
                answer = self._of_its_own(other, answer)
                counts[id], human = better_of(counts[id], judged[id], other, answer, self.read)
                first = seen.given.get((id, AS_NAMED))
                if (
                    human
                    and first is not None
                    and isinstance(self._judge_given(other.exercise, first), Verdict)
                ):
                    self.human.append(human)
                judged[id] = answer if counts[id].key == other.key else judged[id]
        return [*counts.values()]

    def _name_what_is_lacking(self, found: list[Found], judged: dict[str, Verdict]) -> None:
        for one in found:
            if judged[one.exercise.id].state != "passed" and one.exercise.id in self.not_run:
                self.human.append(f"An answer to {one.exercise.id} {_NOT_RUN}. Read the answer.")
            failure = judged[one.exercise.id].failure
            if failure is not None and failure.kind == PermissionError.__name__:
                self.human.append(
                    f"{one.exercise.id} stopped with {failure.kind}. Where it is graded, an answer may begin"
                    " no thread and no process; it may be right in a notebook."
                )
            if judged[one.exercise.id].state in ("not yet", "error"):
                if lacking := lacking_libraries(one.number or 0, self.read):
                    self.human.append(f"{one.exercise.id} is not right, and {lacking}.")
                if one.exercise.id in self.slow:
                    self.human.append(
                        f"{one.exercise.id} is slow: of the {self.settings.times.submission:g} seconds that a"
                        " notebook may take, its share was over before all of it was asked."
                    )
                if uses_numbers(one, self.read):
                    self.human.append(
                        f"{one.exercise.id} is not right, and it may use a cell's result or text by its"
                        " number. Where it is graded, cells are numbered from top to bottom, and texts are"
                        " not kept."
                    )

    def _second_chances(self, found: list[Found], seen: Seen, judged: dict[str, Verdict]) -> None:
        """Judge once more what may have failed through the fault of another cell, without that."""
        dead = [n for n, failed in seen.failures.items() if isinstance(failed, Died)]
        cells = {one.number: one for one in found if one.number}
        wild = {n for n, cell in self.read.items() if not cell.tame}
        wrong = [one for one in cells.values() if judged[one.exercise.id].state != "passed"]
        for one in wrong:
            last = one.number or 0
            faulty = {other.number or 0: other for other in wrong if (other.number or 0) < last}
            # A cell that called one of these may have ended by that alone, the exercise's own cell too.
            gone = {n: () for n in dead if not may_be_spoilt(replace(one, number=n), faulty, self.read)}
            tried = judged[one.exercise.id].state != "not attempted"
            if tried and may_be_spoilt(one, faulty, self.read):
                left_out = gone | {n: other.exercise.functions for n, other in faulty.items()}
                self._second_chance(one, left_out, judged, INSTEAD)
            others = [n for n in wild if n < last]
            if others and judged[one.exercise.id].state != "passed":
                left_out = gone | dict.fromkeys(others, ())
                left_out |= {n: cells[n].exercise.functions for n in {*others, *faulty} if n in cells}
                self._second_chance(one, left_out, judged, WITHOUT)

    def _second_chance(
        self, one: Found, left_out: Mapping[int, tuple[str, ...]], judged: dict[str, Verdict], words: str
    ) -> None:
        before = judged[one.exercise.id]
        better = self._of_its_own(one, self._judge(one, self._follow(self._plan([one], left_out))), left_out)
        if better.points > before.points or (before.state == "not attempted" != better.state):
            judged[one.exercise.id] = better
            self.notes.append(f"{one.exercise.id} was judged {words} This cost you nothing.")


def _may_be_left_out(words: str) -> bool:
    """Whether a note for a human may stand behind those that cast doubt on an answer."""
    return not any(doubt in words for doubt in ("Read the answer", "not believed"))


def _for_a_student(words: str) -> str:
    """Return a note for a human without what each of several answers earns: that could be made of inputs."""
    about, says_so, _ = words.partition(IN_TWO_WAYS)
    return f"{about}{says_so}: the better counts." if says_so else words


def _where(failure: Failure | Died | None) -> tuple[object, ...]:
    """Return what an answer's failure shows of where it happened."""
    if not isinstance(failure, Failure):
        return ()
    return failure.kind, failure.line, failure.text, failure.function
