"""How an answer is judged: call it on each case, look at each part, recognise known mistakes.

The judge talks to an answer through `Answer` alone and compares on its own side.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from .answer import Answer, Failure, Outcome, quiet, random_numbers_kept
from .attempt import Attempt, Fault, Spot
from .exercise import Case, Exercise, Part, Quantity
from .plain_words import short
from .python_errors import Context, meaning, takes, without_self
from .quantities import Absent, follows, is_right, is_value_right, taken, wrong, wrong_frame
from .recognising import recognise
from .registry import EXERCISES
from .time_limits import TookTooLong
from .verdicts import PartResult, State, Verdict
from .wording import call_words, changed_words, failure_words, inputs_words

WAITS = "The cell above still waits for your answer. Write it there, run that cell, then run this one again."

OF_THE_LIBRARY = "the library's own "
"""So begins the name of each answer in which the library takes the steps."""
BORROWED = f"{OF_THE_LIBRARY}answer"
"""The name of an answer in which the library takes the steps, where an exercise has no name of its own."""


@random_numbers_kept()
def judge(
    exercise: Exercise, answers: Sequence[Answer], rng: np.random.Generator, student: str = ""
) -> Verdict:
    """Judge an answer to an exercise on inputs drawn from `rng`.

    Parameters
    ----------
    exercise
        What was asked.
    answers
        One for each of the exercise's functions, or one value.
    rng
        Where the inputs come from: the same state, the same inputs.
    student
        The id that the student's own numbers are made from, where an exercise has them.
    """
    return judge_cases(exercise, answers, tuple(exercise.cases(rng, student)), student)


@np.errstate(all="ignore")  # an answer of long doubles may be larger than any float
def judge_cases(
    exercise: Exercise, answers: Sequence[Answer], cases: tuple[Case, ...], student: str = ""
) -> Verdict:
    """Judge an answer to an exercise on these cases."""
    outcomes = tuple(
        answers[0].value()
        if exercise.is_value
        else answers[case.function].call(tuple(case.arguments.values()))
        for case in cases
    )
    attempt = Attempt(exercise, student, cases, outcomes)
    if all(outcome.waits for outcome in outcomes):
        return not_attempted(exercise, _waiting_words(exercise, cases[0], outcomes[0]))
    faults = {spot: _first_fault(attempt, spot) for spot in attempt.spots}
    first = _earliest(fault for fault in faults.values() if fault)
    failure = first.failure if first else None
    wrong_in = [
        [fault for spot, fault in faults.items() if spot.part is part and fault] for part in exercise.parts
    ]
    each = [*zip(exercise.parts, wrong_in, strict=True)]
    something_right = any(not found and not part.arguments for part, found in each)
    results = [
        _arguments_result(attempt, part, something_right)
        if part.arguments
        else _result(part, found, failure, attempt.sometimes_none)
        for part, found in each
    ]
    if failure is None:
        results = _first_error_explained(exercise, results, wrong_in)
    state = _overall([result.state for result in results], first)
    if state == "not attempted" and first is not None:
        return not_attempted(exercise, _waiting_words(exercise, cases[first.case], outcomes[first.case]))
    for case, outcome in zip(cases, outcomes, strict=True):
        if outcome.borrowed:
            return borrowed(exercise, f"{exercise.functions[case.function]} calls {outcome.borrowed}")
    with quiet():
        names, advice = recognise(attempt, faults)
    return Verdict(
        exercise=exercise.id,
        state=state,
        results=tuple(_said_once(results)),
        failure=failure,
        meaning=_meaning(exercise, failure),
        note=_signature_note(exercise, failure, cases[first.case] if first else None),
        misconceptions=names,
        advice=advice,
        inputs=inputs_words(attempt, [result.detail for result in results]),
    )


def borrowed(exercise: Exercise, words: str) -> Verdict:
    """Return the verdict on an answer that has the library do what is asked; the words say how."""
    how = "Write them with NumPy, with functions of your own, or with differences of your own."
    if exercise.rough:
        how = (
            "Type the numbers that you have worked out, or compute them with NumPy and functions of your own."
        )
    own = [known for known in exercise.misconceptions if known.name.startswith(OF_THE_LIBRARY)]
    found = _nothing_earned(exercise, "not yet", f"{words}, and the points are for steps of your own. {how}")
    return replace(
        found,
        misconceptions=(own[0].name if own else BORROWED,),
        advice=tuple(known.advice for known in own[:1]),
    )


def not_attempted(exercise: Exercise, note: str = WAITS) -> Verdict:
    """Return the verdict on an exercise that still waits for its answer."""
    return _nothing_earned(exercise, "not attempted", note)


def not_judged(exercise: Exercise, note: str) -> Verdict:
    """Return the verdict on something that could not be judged; the note says why."""
    return _nothing_earned(exercise, "error", note)


def _nothing_earned(exercise: Exercise, state: State, note: str) -> Verdict:
    results = tuple(PartResult(part.name, state, 0.0, part.points) for part in exercise.parts)
    return Verdict(exercise.id, state, results, note=note)


def _waiting_words(exercise: Exercise, case: Case, outcome: Outcome) -> str:
    if outcome.failure is None and outcome.value is None and not exercise.is_value:
        return (
            f"{exercise.functions[case.function]} gave None. Does it end with return? (print shows a number,"
            " return hands it back) A call such as .append(…) or .sort() gives None itself: what it has"
            " changed is returned in the next line."
        )
    if outcome.failure is not None:
        return f"{WAITS} If you have written one: is the line raise NotImplementedError(...) still there?"
    return WAITS


def _meaning(exercise: Exercise, failure: Failure | None) -> str:
    if failure is None or failure.depth == 0:
        return ""
    lessons = {
        name: other.lesson
        for other in EXERCISES.values()
        for name in other.functions
        if other.id != exercise.id and not other.is_value
    }
    return meaning(failure, Context(exercise.signature or (), lessons, exercise.may_use))


def _signature_note(exercise: Exercise, failure: Failure | None, case: Case | None) -> str:
    if failure is None or failure.depth > 0 or failure.kind != "TypeError" or exercise.signature is None:
        return ""
    method = re.match(r"([\w.<>]+)\(\) (?:missing|takes)", failure.message)
    own = takes(failure, method[1]) if method else None
    if method and own is not None and own[:1] != ["self"]:
        return without_self(method[1], own)
    place, names = (0, exercise.signature) if case is None else (case.function, case.arguments)
    called = f"{exercise.functions[place]}({', '.join(names)})"
    return f"It could not be called as {called}. Are the arguments the ones that were asked, in this order?"


# ------------------------------------------------------------------ parts


def _earliest(faults: Iterable[Fault]) -> Fault | None:
    return min(faults, key=lambda fault: fault.case, default=None)


def _took_too_long(failure: Failure) -> bool:
    return failure.kind == TookTooLong.__name__


def _overall(states: list[State], first: Fault | None) -> State:
    """Return the state of all of it: what went wrong first decides between an error and "not yet"."""
    if all(state == "passed" for state in states):
        return "passed"
    if first is not None and first.failure is not None:
        return "error"
    if all(state == "not attempted" for state in states):
        return "not attempted"
    return "not yet"


def _said_once(results: list[PartResult]) -> Iterator[PartResult]:
    """Leave out what was said of an earlier part already."""
    said: set[str] = set()
    for result in results:
        yield replace(result, detail="as above") if result.detail in said else result
        said |= {result.detail} - {""}


def _result(part: Part, faults: list[Fault], failure: Failure | None, sometimes_none: bool) -> PartResult:
    worst = _earliest(faults)
    if worst is None:
        return PartResult(part.name, "passed", part.points, part.points)
    words = worst.words
    if (
        worst.failure is not None
        and worst.failure != failure
        and not _took_too_long(worst.failure)
        and (worst.failure.depth or failure is None)
    ):  # the first is said on top of the verdict
        words = f"{words}: {failure_words(worst.failure)}"
    states: dict[str, State] = {"error": "error", "missing": "not attempted"}
    state = states.get(worst.kind, "not yet")
    some_given = any(fault.kind != "missing" for fault in faults) or len(faults) < len(part.quantities)
    if state == "not attempted" and (some_given or sometimes_none):
        state = "not yet"
    return PartResult(part.name, state, 0.0, part.points, words)


def _first_error_explained(
    exercise: Exercise, results: list[PartResult], wrong_in: list[list[Fault]]
) -> list[PartResult]:
    """Say what the first error means beside its part: a wrong value came before it, and stands on top."""
    worst = [_earliest(found) for found in wrong_in]
    errors = [fault for fault in worst if fault and fault.failure and not _took_too_long(fault.failure)]
    first = _earliest(errors)
    if first is not None and (means := _meaning(exercise, first.failure)):
        number = worst.index(first)
        results[number] = replace(results[number], detail=f"{results[number].detail}. {means}")
    return results


def _arguments_result(attempt: Attempt, part: Part, something_right: bool) -> PartResult:
    for number, outcome in enumerate(attempt.outcomes):
        if outcome.changed:
            words = f"{call_words(attempt, number)} changed {changed_words(attempt.cases[number], outcome)}"
            return PartResult(part.name, "not yet", 0.0, part.points, words)
    if not something_right:
        return PartResult(part.name, "not yet", 0.0, part.points, "counts once another part is right")
    return PartResult(part.name, "passed", part.points, part.points)


# ------------------------------------------------------------------ one quantity, one case


def _first_fault(attempt: Attempt, spot: Spot) -> Fault | None:
    """Return what is wrong with a quantity in the first case where something is."""
    for number in spot.cases:
        if not is_right(attempt.exercise, spot.quantity, attempt.cases[number], attempt.outcomes[number]):
            fault = _fault(attempt, spot.quantity, number)
            if fault is not None:
                return fault
    return None


def _fault(attempt: Attempt, quantity: Quantity, number: int) -> Fault | None:
    exercise, case, outcome = attempt.exercise, attempt.cases[number], attempt.outcomes[number]
    call = call_words(attempt, number)
    if outcome.failure is not None:
        if outcome.waits:
            return Fault("missing", number, f"{call} is not written yet")
        untried = _took_too_long(outcome.failure) and outcome.failure.depth == 0
        return Fault(
            "error", number, f"{call} was not tried" if untried else f"stopped at {call}", outcome.failure
        )
    if outcome.waits:
        return Fault("missing", number, f"{call} gave {short(outcome.value)}")
    value = taken(exercise, quantity, case, outcome.value)
    if isinstance(value, Absent):
        gave = "is" if exercise.is_value else "gave"
        return Fault("type", number, f"{call} {gave} {wrong_frame(exercise, quantity, outcome.value)}")
    if value is None or value is Ellipsis:
        if exercise.is_value:
            return Fault("missing", number, f"{quantity.name} still waits")
        return Fault("missing", number, _gave(exercise, quantity, call, short(value)))
    if not is_value_right(quantity, value, case):
        kind, seen, wanted = wrong(quantity, value, case)
        follows = _follows_words(attempt, quantity, number) if kind == "value" else ""
        words = f"{_gave(exercise, quantity, call, seen)}{wanted}{follows}"
        return Fault(kind, number, words, follows=bool(follows))
    if outcome.changed and not any(part.arguments for part in exercise.parts):
        return Fault("changed", number, f"{call} changed {changed_words(case, outcome)}")
    return None


def _gave(exercise: Exercise, quantity: Quantity, call: str, seen: str) -> str:
    if not seen:
        return ""
    if exercise.is_value:
        alone = any(
            part.quantities == (quantity.name,) and part.name == quantity.name for part in exercise.parts
        )
        return seen if quantity.key is None or alone else f"{quantity.name} = {seen}"
    return f"{call} gave {seen}" if quantity.key is None else f"{call} gave {quantity.name} = {seen}"


def _follows_words(attempt: Attempt, quantity: Quantity, number: int) -> str:
    """Say of a wrong number worked by hand that it follows from an earlier wrong one, if it does."""
    exercise, case = attempt.exercise, attempt.cases[number]
    root = quantity
    while root.name in exercise.follows:
        step = exercise.follows[root.name]
        before = exercise.quantity(step.before)
        value = attempt.outcomes[number].value
        given = taken(exercise, before, case, value)
        if isinstance(given, Absent) or is_value_right(before, given, case):
            break
        with quiet():
            if not follows(exercise, case, attempt.student, root.name, value):
                break
        root = before
    return "" if root is quantity else f", but it follows from your {root.name}: correct that first"
