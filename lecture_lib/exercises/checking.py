"""`check`: an answer from the notebook to the judge, and the verdict back."""

import contextlib
import functools
import operator
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from .answer import LocalAnswer, quiet, random_numbers_kept
from .best_verdicts import keep
from .exercise import Case, Exercise
from .from_the_notebook import (
    class_words,
    kept_default_words,
    newer_cell_words,
    notebooks_variables,
    object_words,
    other_order_words,
    variables_words,
)
from .hinting import next_step
from .judging import judge_cases, not_attempted, not_judged
from .kept_functions import keep_passed
from .oracles import rng_from
from .plain import plain
from .plain_words import describe
from .registry import exercise_of
from .signing_in import current_student, whose_numbers
from .time_limits import TimeLimit, TookTooLong
from .verdicts import PartResult, Verdict

SAME = (
    "This is the very answer of the check before. If you have changed its cell since, run that cell first,"
    " then this one."
)

LONGEST = 20.0
"""So many seconds a check waits for an answer, in all its calls together."""

_checked: dict[str, tuple[tuple[object, ...], str]] = {}  # exercise -> what was checked last, and as a text


def check(id: str, *answers: object) -> Verdict:
    """Exercise's id, and the answer (a function, or a value) -> the verdict on it.

    The same answer always meets the same inputs, so its verdict is the same each time. The best
    verdict is kept for `progress()`, and a function that has passed for `mine()`.

    Parameters
    ----------
    id
        The exercise's id: `ll.check("neuron_forward", neuron_forward)`.
    answers
        The function itself, without brackets, or the value; two functions where two are asked.

    Raises
    ------
    UnknownExercise
        If no exercise has this id.
    """
    exercise = exercise_of(id)
    found = judged(exercise, answers, f"check {id}")
    keep(exercise.id, found.state, found.points)
    if found.state == "passed":
        for name, answer in zip(exercise.functions, answers, strict=True):
            keep_passed(name, answer)
    found = _with_what_the_notebook_knows(exercise, answers, found)
    if exercise.rough and found.state != "not attempted":  # worked by hand, with somebody's numbers
        found = replace(found, first=(*found.first, *filter(None, [whose_numbers()])))
    found = replace(found, next_step=next_step(exercise))
    if exercise.picture is None or found.state not in ("not yet", "error") or found.note:
        return found
    if found.failure is not None and found.failure.kind == TookTooLong.__name__:
        return found
    with quiet(), contextlib.suppress(TookTooLong), TimeLimit(LONGEST).kept():
        return replace(found, picture=exercise.picture(*answers))
    return found


def _with_what_the_notebook_knows(exercise: Exercise, answers: tuple[object, ...], found: Verdict) -> Verdict:
    """Say first which of the notebook's variables are read, or that the newest cell stopped."""
    before, now = _checked.get(exercise.id), (answers, repr(plain(answers)))
    _checked[exercise.id] = now
    names = dict(zip(exercise.functions, answers, strict=False))
    first = newer_cell_words(names)
    if found.state == "passed":
        return replace(found, first=first)
    orders = tuple(filter(None, _other_orders(exercise, names)))
    if orders:  # advice on the rest is about the arguments as they were meant, and untrue of these
        found = replace(found, meaning="", advice=(), misconceptions=())
        first += orders
    asked = exercise.signature or ()
    classes = tuple(filter(None, (class_words(name, answer, asked) for name, answer in names.items())))
    if classes:
        found = replace(found, note="", meaning="", advice=(), misconceptions=())
        first += classes
    reads = {name: notebooks_variables(answer) for name, answer in names.items()}
    told = tuple(
        variables_words(name, cast("Any", names[name]), read) for name, read in reads.items() if read
    )
    told += tuple(filter(None, (kept_default_words(name, answer) for name, answer in names.items())))
    if told and not found.note:
        known = tuple(exercise.misconception(name).advice for name in found.misconceptions)
        found = replace(found, advice=known, results=tuple(map(_without_value, found.results)))
        first += told
    if before is not None and not first and found.state != "not attempted":
        again = all(map(operator.is_, before[0], answers)) and before[1] == now[1]
        found = replace(found, advice=(*found.advice, *([SAME] if again else [])))
    return replace(found, first=first)


def _other_orders(exercise: Exercise, names: Mapping[str, object]) -> Iterator[str]:
    """Say of each answer whose arguments are those that are asked, in another order, that it is so."""
    if exercise.is_value:
        return
    cases = _cases(exercise.id, current_student(), f"check {exercise.id}")
    for number, (name, answer) in enumerate(names.items()):
        calls = [tuple(case.arguments) for case in cases if case.function == number]
        yield other_order_words(name, cast("Any", answer), max(calls, key=len))


def _without_value(result: PartResult) -> PartResult:
    """Leave out that a node's number is its .value: it is not what to do with a node of the notebook."""
    return replace(result, detail=result.detail.replace(" (its number is its .value)", ""))


@random_numbers_kept()
def judged(exercise: Exercise, answers: tuple[object, ...], words: str) -> Verdict:
    """Judge what a notebook has handed over, on the inputs that belong to some words."""
    usage = f'll.check("{exercise.id}", {", ".join(exercise.functions)})'
    asked = len(exercise.functions)
    if len(answers) != asked:
        given = {0: "no answer was", 1: "one answer was"}.get(len(answers), f"{len(answers)} answers were")
        wanted = {1: "one answer is", 2: "two answers are"}.get(asked, f"{asked} answers are")
        return not_judged(exercise, f"{given.capitalize()} given where {wanted} asked: {usage}")
    if all(answer is None or answer is Ellipsis for answer in answers):
        return not_attempted(exercise)
    if not exercise.is_value:
        for name, answer in zip(exercise.functions, answers, strict=True):
            if not callable(answer):
                what = describe(plain(answer))
                how = object_words(name, answer, exercise.signature or ()) or (
                    f"Is it handed over without brackets? {usage}"
                )
                return not_judged(exercise, f"{name} is {what}, where a function is asked. {how}")
    student = current_student()
    limit = TimeLimit(LONGEST)
    given = [LocalAnswer(answer, exercise.may_use, limit) for answer in answers]
    return judge_cases(exercise, given, _cases(exercise.id, student, words), student)


@functools.lru_cache(maxsize=64)
def _cases(id: str, student: str, words: str) -> tuple[Case, ...]:
    """Return the cases of an exercise: the same for the same words, so verdicts do not vary."""
    return tuple(exercise_of(id).cases(rng_from(words), student))
