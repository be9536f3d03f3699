"""How an answer is judged: call it on each case, look at each part, recognise known mistakes.

The judge talks to an answer through `Answer` alone and compares on its own side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from .answer import Answer, Failure, LocalAnswer, Outcome
from .exercise import Array, Case, Custom, Exercise, Number, Part, Quantity, Want, expected_array
from .plain import AnyArray, Plain, alike, as_numbers, close, describe, number_words, short

State = Literal["passed", "not yet", "error", "not attempted"]


@dataclass(frozen=True)
class PartResult:
    """What became of one part: its state, its points, and what was seen, with inputs and values."""

    name: str
    state: State
    points: float
    out_of: float
    detail: str = ""


@dataclass(frozen=True)
class Judgement:
    """What the judge found, before it is put into words.

    `advice` is what helps, most specific first; it names no inputs. `note` is said before the parts.
    """

    exercise: str
    state: State
    parts: tuple[PartResult, ...]
    failure: Failure | None = None
    note: str = ""
    misconceptions: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """What the parts earned together."""
        return float(sum(part.points for part in self.parts))

    @property
    def out_of(self) -> float:
        """What there was to earn."""
        return float(sum(part.out_of for part in self.parts))


@dataclass(frozen=True)
class _Fault:
    kind: Literal["value", "type", "changed", "error", "missing"]
    case: int
    words: str
    failure: Failure | None = None


@dataclass(frozen=True)
class _Session:
    """One answer to one exercise: the cases and what came of each."""

    exercise: Exercise
    student: str
    cases: tuple[Case, ...]
    outcomes: tuple[Outcome, ...]
    tried: dict[tuple[int, int], Outcome] = field(default_factory=dict[tuple[int, int], Outcome])

    def of_part(self, part: Part) -> list[int]:
        """Return the numbers of the cases that a part is judged on."""
        return [n for n, case in enumerate(self.cases) if not case.parts or part.name in case.parts]


class _Nothing:
    """Stands for a quantity that is not in what came."""


NOTHING = _Nothing()


def judge(
    exercise: Exercise, answers: Sequence[Answer], rng: np.random.Generator, student: str = ""
) -> Judgement:
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
    cases = tuple(exercise.cases(rng, student))
    outcomes = tuple(
        answers[0].value() if exercise.is_value else answers[case.function].call(tuple(case.arguments.values()))
        for case in cases
    )
    session = _Session(exercise, student, cases, outcomes)
    if all(outcome.waits for outcome in outcomes):
        return not_attempted(exercise, _waiting_words(exercise, outcomes[0]))
    faults = {
        (part.name, name): _first_fault(session, part, exercise.quantity(name))
        for part in exercise.parts
        for name in part.quantities
    }
    failure = next((fault.failure for fault in faults.values() if fault and fault.failure), None)
    results: list[PartResult] = [
        _part_result(part, [fault for name in part.quantities if (fault := faults[part.name, name])], failure)
        for part in exercise.parts
        if not part.arguments
    ]
    something_right = any(result.state == "passed" for result in results)
    for position, part in enumerate(exercise.parts):
        if part.arguments:
            results.insert(position, _arguments_result(session, part, something_right))
    state = _overall([result.state for result in results])
    if state == "not attempted":
        return not_attempted(exercise)
    names, advice = _recognise_all(session, faults)
    return Judgement(
        exercise=exercise.id,
        state=state,
        parts=tuple(results),
        failure=failure,
        note=_signature_note(exercise, failure),
        misconceptions=names,
        advice=advice,
    )


def not_attempted(exercise: Exercise, note: str = "") -> Judgement:
    """Return the judgement on an exercise that still waits for its answer."""
    return _nothing_earned(exercise, "not attempted", note)


def not_judged(exercise: Exercise, note: str) -> Judgement:
    """Return the judgement on something that could not be judged; the note says why."""
    return _nothing_earned(exercise, "error", note)


def _nothing_earned(exercise: Exercise, state: State, note: str) -> Judgement:
    parts = tuple(PartResult(part.name, state, 0.0, part.points) for part in exercise.parts)
    return Judgement(exercise.id, state, parts, note=note)


def _waiting_words(exercise: Exercise, outcome: Outcome) -> str:
    if outcome.failure is None and outcome.value is None and not exercise.is_value:
        return f"{exercise.functions[0]} gave None. If you have written an answer: does it end with return?"
    return ""


def _overall(states: list[State]) -> State:
    if all(state == "passed" for state in states):
        return "passed"
    if any(state == "error" for state in states):
        return "error"
    if all(state == "not attempted" for state in states):
        return "not attempted"
    return "not yet"


def _part_result(part: Part, faults: list[_Fault], failure: Failure | None) -> PartResult:
    if not faults:
        return PartResult(part.name, "passed", part.points, part.points)
    worst = next((fault for fault in faults if fault.kind == "error"), faults[0])
    words = worst.words
    if worst.failure is not None and worst.failure != failure:
        words = f"{words}: {failure_words(worst.failure)}"
    states: dict[str, State] = {"error": "error", "missing": "not attempted"}
    state = states.get(worst.kind, "not yet")
    if state == "not attempted" and any(fault.kind != "missing" for fault in faults):
        state = "not yet"
    return PartResult(part.name, state, 0.0, part.points, words)


def _arguments_result(session: _Session, part: Part, something_right: bool) -> PartResult:
    for case, outcome in zip(session.cases, session.outcomes, strict=True):
        if outcome.changed:
            words = f"{_call_words(session.exercise, case)} changed {_changed_words(case, outcome)}"
            return PartResult(part.name, "not yet", 0.0, part.points, words)
    if not something_right:
        return PartResult(part.name, "not yet", 0.0, part.points, "counts once another part is right")
    return PartResult(part.name, "passed", part.points, part.points)


def _signature_note(exercise: Exercise, failure: Failure | None) -> str:
    if failure is None or failure.depth > 0 or failure.kind != "TypeError" or exercise.signature is None:
        return ""
    called = f"{exercise.functions[0]}({', '.join(exercise.signature)})"
    return f"It could not be called as {called}. Are the arguments the ones that were asked, in this order?"


# ------------------------------------------------------------------ one quantity, one case


def _first_fault(session: _Session, part: Part, quantity: Quantity) -> _Fault | None:
    """Return what is wrong with a quantity in the first case where something is."""
    for number in session.of_part(part):
        fault = _fault(session, part, quantity, number)
        if fault is not None:
            return fault
    return None


def _fault(session: _Session, part: Part, quantity: Quantity, number: int) -> _Fault | None:
    exercise, case, outcome = session.exercise, session.cases[number], session.outcomes[number]
    call = _call_words(exercise, case)
    if outcome.failure is not None:
        if outcome.waits:
            return _Fault("missing", number, f"{call} is not written yet")
        return _Fault("error", number, f"stopped at {call}", outcome.failure)
    if outcome.waits:
        return _Fault("missing", number, f"{call} gave {short(outcome.value)}")
    value = pick(exercise, quantity, outcome.value)
    if isinstance(value, _Nothing):
        return _Fault("type", number, f"{call} gave {_wrong_frame(exercise, quantity, outcome.value)}")
    if value is None or value is Ellipsis:
        return _Fault("missing", number, _gave(exercise, quantity, call, short(value)))
    found = _wrong(quantity, value, case.expected[quantity.name])
    if found is not None:
        kind, seen, wanted = found
        return _Fault(kind, number, f"{_gave(exercise, quantity, call, seen)}{wanted}")
    if outcome.changed and not any(other.arguments for other in exercise.parts):
        return _Fault("changed", number, f"{call} changed {_changed_words(case, outcome)}")
    return None


def _gave(exercise: Exercise, quantity: Quantity, call: str, seen: str) -> str:
    if not seen:
        return ""
    if exercise.is_value:
        return seen if quantity.key is None else f"{quantity.name} is {seen}"
    return f"{call} gave {seen}" if quantity.key is None else f"{call} gave {quantity.name} = {seen}"


def pick(exercise: Exercise, quantity: Quantity, value: Plain) -> Plain | _Nothing:
    """Take one quantity out of what an answer gave; `NOTHING` if it is not in there."""
    if quantity.key is None:
        return value
    if isinstance(quantity.key, int):
        size = sum(isinstance(other.key, int) for other in exercise.quantities)
        if isinstance(value, (list, tuple)) and len(value) == size:
            return value[quantity.key]
        return NOTHING
    if isinstance(value, dict) and quantity.key in value:
        return value[quantity.key]
    return NOTHING


def _wrong_frame(exercise: Exercise, quantity: Quantity, value: Plain) -> str:
    names = ", ".join(other.name for other in exercise.quantities)
    if isinstance(quantity.key, int):
        return f"{describe(value)}; a tuple of {len(exercise.quantities)} was expected: ({names})"
    if isinstance(value, dict):
        return f'a dict without the key "{quantity.key}"'
    return f'{describe(value)}; a dict with the key "{quantity.key}" was expected'


_Wrong = tuple[Literal["value", "type"], str, str]


def _wrong(quantity: Quantity, value: Plain, expected: Any) -> _Wrong | None:
    """Say what is wrong with a value: (kind, what was seen, what was expected), None if it is right."""
    want = quantity.want
    if isinstance(want, Number):
        number = _as_float(value)
        if number is None:
            return "type", f"{short(value, 60)} ({describe(value)})", "; a float was expected"
        return _wrong_numbers(quantity, want.tolerance, np.array(number), expected)
    if isinstance(want, Array):
        array = as_numbers(value) if want.lists else value
        if type(array) is not np.ndarray:
            if isinstance(value, (list, tuple)) and not want.lists:
                return "type", describe(value), "; an array was expected (np.array makes one of a list)"
            return "type", short(value, 60), "; an array of numbers was expected"
        if array.dtype.kind == "b":
            return "type", describe(array), "; numbers were expected"
        return _wrong_numbers(quantity, want.tolerance, array, expected)
    if isinstance(want, Custom):
        words = want.fault(value, expected)
        return None if words is None else ("value", "", words)
    if not isinstance(value, str):
        return "type", short(value, 60), f"; one of these words was expected: {_choices(want.choices)}"
    word = value.strip().casefold()
    if word not in want.choices:
        return "type", short(value, 60), f"; one of these words was expected: {_choices(want.choices)}"
    return None if word == expected else ("value", short(value, 60), ", which is not it")


def _choices(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _as_float(value: Plain) -> float | None:
    if type(value) is np.ndarray and value.shape == () and value.dtype.kind in "fiu":
        return float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return None


def _wrong_numbers(quantity: Quantity, tolerance: float, array: AnyArray, expected: Any) -> _Wrong | None:
    wanted = expected_array(expected)
    if array.shape != wanted.shape:
        return "value", f"{describe(array)}", f"; the shape {wanted.shape} was expected"
    if np.all(np.isfinite(array)) and close(array, wanted, tolerance):
        return None
    because = f" ({quantity.because})" if quantity.because else ""
    if not np.all(np.isfinite(array)) and quantity.secret:
        return "value", _numbers(array), ", which is not a finite number"
    if quantity.secret:
        return "value", _numbers(array), ", which is not it"
    if array.size <= 6:
        return "value", _numbers(array), f"; {_numbers(wanted)} was expected{because}"
    with np.errstate(all="ignore"):
        distance = np.where(np.isfinite(array), np.abs(array.astype(np.float64) - wanted), np.inf)
    place = tuple(int(axis) for axis in np.unravel_index(int(np.argmax(distance)), array.shape))
    where = "[" + ", ".join(str(axis) for axis in place) + "]"
    seen = f"{describe(array)}, with {_numbers(array[place])} at {where}"
    return "value", seen, f"; {_numbers(wanted[place])} was expected there{because}"


def _numbers(array: AnyArray) -> str:
    return number_words(float(array)) if np.ndim(array) == 0 else short(array.astype(np.float64))


# ------------------------------------------------------------------ words


def failure_words(failure: Failure) -> str:
    """Say a failure in one line: where, the line's own text, the error."""
    where = f"line {failure.line}: {failure.text}; " if failure.line is not None else ""
    return f"{where}{error_words(failure)}"


def error_words(failure: Failure) -> str:
    """Say an error as Python does, and what to do about one that is a stub."""
    if failure.kind == "NotImplementedError" and failure.depth > 1:
        return f"{failure.function}, which is called there, is not written yet"
    return f"{failure.kind}: {failure.message}" if failure.message else failure.kind


def _call_words(exercise: Exercise, case: Case) -> str:
    if exercise.is_value:
        return exercise.functions[0]
    name = exercise.functions[case.function]
    if case.label:
        return f"{name} for {case.label}"
    if len(case.arguments) == 1:
        return f"{name}({short(next(iter(case.arguments.values())))})"
    return f"{name}({', '.join(f'{key}={short(value)}' for key, value in case.arguments.items())})"


def _changed_words(case: Case, outcome: Outcome) -> str:
    names = list(case.arguments)
    places = [
        str(names[int(path[0])]) + "".join(f'["{key}"]' if isinstance(key, str) else f"[{key}]" for key in path[1:])
        for path in outcome.changed
    ]
    plural = "s" if len(places) > 1 else ""
    return f"its argument{plural} {', '.join(places)}"


# ------------------------------------------------------------------ known mistakes


def _recognise_all(
    session: _Session, faults: dict[tuple[str, str], _Fault | None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the recognised mistakes and all the advice there is, each once."""
    names: list[str] = []
    advice: list[str] = []
    general: list[str] = []
    for part in session.exercise.parts:
        for name in part.quantities:
            fault = faults[part.name, name]
            if fault is None or fault.kind in ("error", "missing"):
                continue
            quantity = session.exercise.quantity(name)
            known = _recognise(session, part, quantity)
            names += known
            if not known and fault.kind == "value" and not names:
                general += _general_advice(session, part, quantity)
    if any(outcome.changed for outcome in session.outcomes):
        known = _recognise_change(session)
        names += known
        if not known:
            general.append(_CHANGED)
    names = list(dict.fromkeys(names))
    advice = [session.exercise.misconception(name).advice for name in names]
    return tuple(names), tuple(dict.fromkeys(advice + general))


_CHANGED = (
    "Which line writes into an argument? Assignments such as a[...] = ... and a += ... change the very array"
    " that was handed in, and a slice of an array is still a part of it. What makes a new array instead?"
)


def _variants(session: _Session) -> Iterator[tuple[int, tuple[str, ...], Any]]:
    number = 0
    for known in session.exercise.misconceptions:
        for answer in known.answers:
            yield number, (known.name,), answer
            number += 1
    for mixture in session.exercise.mixtures():
        yield number, mixture.names, mixture.answer
        number += 1


def _tried(session: _Session, number: int, answer: Any, case: int) -> Outcome:
    """Return what a known wrong answer gives in a case."""
    if (number, case) not in session.tried:
        if session.exercise.is_value:
            outcome = LocalAnswer(answer).call((session.student,))
        else:
            one = session.cases[case]
            function = answer[one.function] if isinstance(answer, tuple) else answer
            outcome = LocalAnswer(function).call(tuple(one.arguments.values()))
        session.tried[number, case] = outcome
    return session.tried[number, case]


def _recognise(session: _Session, part: Part, quantity: Quantity) -> tuple[str, ...]:
    for number, names, answer in _variants(session):
        if _same_mistake(session, part, quantity, number, answer):
            return names
    return ()


def _same_mistake(session: _Session, part: Part, quantity: Quantity, number: int, answer: Any) -> bool:
    """Whether a known wrong answer gives what this answer gave, in all the part's cases, and is wrong there."""
    wrong = False
    for case in session.of_part(part):
        mine, theirs = session.outcomes[case], _tried(session, number, answer, case)
        if (mine.failure is None) != (theirs.failure is None):
            return False
        if mine.failure is not None or theirs.failure is not None:
            continue
        one = pick(session.exercise, quantity, mine.value)
        two = pick(session.exercise, quantity, theirs.value)
        if isinstance(one, _Nothing) or isinstance(two, _Nothing):
            return False
        if not alike(two, one, _tolerance(quantity.want)):
            return False
        wrong = wrong or _wrong(quantity, two, session.cases[case].expected[quantity.name]) is not None
    return wrong


def _tolerance(want: Want) -> float:
    return 0.0 if not isinstance(want, (Number, Array, Custom)) else want.tolerance


def _recognise_change(session: _Session) -> tuple[str, ...]:
    """Return the known mistake that changes the same arguments in the same cases, if there is one."""
    for number, names, answer in _variants(session):
        if all(
            outcome.changed == _tried(session, number, answer, case).changed
            for case, outcome in enumerate(session.outcomes)
        ):
            return names
    return ()


def _general_advice(session: _Session, part: Part, quantity: Quantity) -> list[str]:
    """What can be said of any wrong number: the same factor everywhere, or the transpose."""
    if quantity.secret or not isinstance(quantity.want, (Number, Array)):
        return []
    pairs: list[tuple[AnyArray, AnyArray]] = []
    for case in session.of_part(part):
        value = pick(session.exercise, quantity, session.outcomes[case].value)
        numbers = None if isinstance(value, _Nothing) else as_numbers(value)
        if numbers is None or numbers.dtype.kind == "b":
            return []
        pairs.append((numbers.astype(np.float64), expected_array(session.cases[case].expected[quantity.name])))
    name = quantity.name if quantity.key is not None else "The result"
    if all(value.ndim == 2 and value.T.shape == wanted.shape for value, wanted in pairs) and all(
        close(value.T, wanted, quantity.want.tolerance) for value, wanted in pairs
    ):
        return [f"{name} is the transpose of what was expected. Which index should count the rows?"]
    if any(value.shape != wanted.shape for value, wanted in pairs):
        return []
    ours = np.concatenate([value.ravel() for value, _ in pairs])
    theirs = np.concatenate([wanted.ravel() for _, wanted in pairs])
    if np.count_nonzero(np.abs(theirs) > quantity.want.tolerance) < 2 or not np.all(np.isfinite(ours)):
        return []
    largest = int(np.argmax(np.abs(theirs)))
    factor = float(ours[largest] / theirs[largest])
    if not close(ours, factor * theirs, quantity.want.tolerance):
        return []
    if abs(factor) < quantity.want.tolerance:
        return []
    if abs(factor + 1) < quantity.want.tolerance:
        return [f"{name} is right but for its sign, on every input. Where does a minus come from, or get lost?"]
    return [f"{name} is {factor:.4g} times what was expected, on every input. Where could such a factor come from?"]
