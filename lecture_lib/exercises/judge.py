"""How an answer is judged: call it on each case, look at each part, recognise known mistakes.

The judge talks to an answer through `Answer` alone and compares on its own side.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

import numpy as np

from .answer import Answer, Failure, Outcome, call_known, quiet
from .edits import is_edit, together
from .exercise import Array, Case, Custom, Exercise, Mixture, Number, Part, Quantity, Want, expected_array
from .plain import AnyArray, Foreign, Key, Plain, alike, as_numbers, close, describe, number_words, short

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
    `inputs` holds those too long to be said in the parts, which call them "input 2" and so on.
    """

    exercise: str
    state: State
    parts: tuple[PartResult, ...]
    failure: Failure | None = None
    note: str = ""
    misconceptions: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

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
    tried: dict[tuple[object, int], Outcome] = field(default_factory=dict[tuple[object, int], Outcome])

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
    return judge_cases(exercise, answers, tuple(exercise.cases(rng, student)), student)


@np.errstate(all="ignore")  # an answer of long doubles may be larger than any float
def judge_cases(
    exercise: Exercise, answers: Sequence[Answer], cases: tuple[Case, ...], student: str = ""
) -> Judgement:
    """Judge an answer to an exercise on these cases."""
    outcomes = tuple(
        answers[0].value()
        if exercise.is_value
        else answers[case.function].call(tuple(case.arguments.values()))
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
    first = min((fault for fault in faults.values() if fault), key=lambda fault: fault.case, default=None)
    failure = first.failure if first else None
    results: list[PartResult] = [
        _part_result(part, [fault for name in part.quantities if (fault := faults[part.name, name])], failure)
        for part in exercise.parts
        if not part.arguments
    ]
    something_right = any(result.state == "passed" for result in results)
    for position, part in enumerate(exercise.parts):
        if part.arguments:
            results.insert(position, _arguments_result(session, part, something_right))
    state = _overall([result.state for result in results], first)
    if state == "not attempted":
        return not_attempted(exercise)
    with quiet():
        names, advice = _recognise_all(session, faults)
    return Judgement(
        exercise=exercise.id,
        state=state,
        parts=tuple(_said_once(results)),
        failure=failure,
        note=_signature_note(exercise, failure),
        misconceptions=names,
        advice=advice,
        inputs=_inputs(session, results),
    )


WAITS = "The cell above still waits for your answer. Write it there, run that cell, then run this one again."


def not_attempted(exercise: Exercise, note: str = WAITS) -> Judgement:
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
        return (
            f"{exercise.functions[0]} gave None. Does it end with return?"
            " (print shows a number, return hands it back)"
        )
    if outcome.failure is not None:
        return f"{WAITS} If you have written one: is the line raise NotImplementedError(...) still there?"
    return WAITS


def _overall(states: list[State], first: _Fault | None) -> State:
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


def _part_result(part: Part, faults: list[_Fault], failure: Failure | None) -> PartResult:
    if not faults:
        return PartResult(part.name, "passed", part.points, part.points)
    worst = min(faults, key=lambda fault: fault.case)
    words = worst.words
    if worst.failure is not None and worst.failure != failure:  # the first is said on top of the verdict
        words = f"{words}: {failure_words(worst.failure)}"
    states: dict[str, State] = {"error": "error", "missing": "not attempted"}
    state = states.get(worst.kind, "not yet")
    if state == "not attempted" and any(fault.kind != "missing" for fault in faults):
        state = "not yet"
    return PartResult(part.name, state, 0.0, part.points, words)


def _arguments_result(session: _Session, part: Part, something_right: bool) -> PartResult:
    for number, outcome in enumerate(session.outcomes):
        if outcome.changed:
            words = f"{_call_words(session, number)} changed {_changed_words(session.cases[number], outcome)}"
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
    if _is_right(exercise, quantity, case, outcome):
        return None
    call = _call_words(session, number)
    if outcome.failure is not None:
        if outcome.waits:
            return _Fault("missing", number, f"{call} is not written yet")
        return _Fault("error", number, f"stopped at {call}", outcome.failure)
    if outcome.waits:
        return _Fault("missing", number, f"{call} gave {short(outcome.value)}")
    value = pick(exercise, quantity, outcome.value)
    if isinstance(value, _Nothing):
        gave = "is" if exercise.is_value else "gave"
        return _Fault("type", number, f"{call} {gave} {_wrong_frame(exercise, quantity, outcome.value)}")
    if value is None or value is Ellipsis:
        if exercise.is_value:
            return _Fault("missing", number, f"{quantity.name} still waits")
        return _Fault("missing", number, _gave(exercise, quantity, call, short(value)))
    found = _wrong(quantity, value, case)
    if found is not None:
        kind, seen, wanted = found
        if kind == "value":
            wanted += _follows_words(session, quantity, number)
        return _Fault(kind, number, f"{_gave(exercise, quantity, call, seen)}{wanted}")
    if outcome.changed and not any(other.arguments for other in exercise.parts):
        return _Fault("changed", number, f"{call} changed {_changed_words(case, outcome)}")
    return None


def _is_right(exercise: Exercise, quantity: Quantity, case: Case, outcome: Outcome) -> bool:
    """Whether there is nothing to be said, which is so nearly always."""
    if outcome.failure is not None or outcome.waits or outcome.changed:
        return False
    value = pick(exercise, quantity, outcome.value)
    if isinstance(value, _Nothing) or value is None or value is Ellipsis:
        return False
    return _wrong(quantity, value, case) is None


def _follows_words(session: _Session, quantity: Quantity, number: int) -> str:
    """Say of a wrong number worked by hand that it follows from an earlier wrong one, if it does."""
    exercise, case = session.exercise, session.cases[number]
    root = quantity
    while root.name in exercise.follows:
        step = exercise.follows[root.name]
        before = exercise.quantity(step.before)
        given = [pick(exercise, each, session.outcomes[number].value) for each in (before, root)]
        ours, theirs = (None if isinstance(value, _Nothing) else as_numbers(value) for value in given)
        if ours is None or theirs is None or _wrong(before, cast("Plain", given[0]), case) is None:
            break
        if ours.shape != np.shape(case.expected[before.name]) or not np.all(np.isfinite(ours)):
            break
        with quiet():
            made = step.value(session.student, ours.astype(np.float64))
        if made.shape != theirs.shape or not close(theirs, made, step.tolerance):
            break
        root = before
    return "" if root is quantity else f", but it follows from your {root.name}: mend that first"


def _gave(exercise: Exercise, quantity: Quantity, call: str, seen: str) -> str:
    if not seen:
        return ""
    if exercise.is_value:
        alone = any(
            part.quantities == (quantity.name,) and part.name == quantity.name for part in exercise.parts
        )
        return seen if quantity.key is None or alone else f"{quantity.name} = {seen}"
    return f"{call} gave {seen}" if quantity.key is None else f"{call} gave {quantity.name} = {seen}"


def pick(exercise: Exercise, quantity: Quantity, value: Plain) -> Plain | _Nothing:
    """Take one quantity out of what an answer gave; `NOTHING` if it is not in there."""
    if quantity.key is None:
        return value
    if isinstance(quantity.key, int):
        size = sum(isinstance(other.key, int) for other in exercise.quantities)
        if isinstance(value, (list, tuple)) and len(value) == size:
            return value[quantity.key]
        floats = all(isinstance(other.want, Number) for other in exercise.quantities)
        if floats and type(value) is np.ndarray and value.shape == (size,) and value.dtype.kind != "b":
            return float(value[quantity.key])  # floats side by side in an array are a tuple of them
        return NOTHING
    if isinstance(value, dict) and quantity.key in value and not _too_many_keys(exercise, value):
        return value[quantity.key]
    return NOTHING


def _too_many_keys(exercise: Exercise, value: dict[Key, Plain]) -> list[Key]:
    """Return the keys that were not asked; beside numbers worked by hand there may be others."""
    asked = {quantity.key for quantity in exercise.quantities}
    return [] if exercise.is_value else [key for key in value if key not in asked]


def _wrong_frame(exercise: Exercise, quantity: Quantity, value: Plain) -> str:
    names = ", ".join(other.name for other in exercise.quantities)
    if isinstance(quantity.key, int):
        return f"{describe(value)}; a tuple of {len(exercise.quantities)} was expected: ({names})"
    if isinstance(value, dict):
        extra = _too_many_keys(exercise, value)
        if extra:
            return (
                f"a dict with the key {short(str(extra[0]), 60)}, which was not asked; the keys are {names}"
            )
        return f'a dict without the key "{quantity.key}"'
    return f"{describe(value)}; a dict with the keys {names} was expected"


_Wrong = tuple[Literal["value", "type"], str, str]


def _wrong(quantity: Quantity, value: Plain, case: Case) -> _Wrong | None:
    """Say what is wrong with a value: (kind, what was seen, what was expected), None if it is right."""
    want, expected = quantity.want, case.expected[quantity.name]
    if isinstance(want, Number):
        number = _as_float(value)
        if number is None:
            kind = "" if isinstance(value, Foreign) else f" ({describe(value)})"  # it says its kind already
            return "type", f"{short(value, 60)}{kind}", "; a float was expected"
        tolerance = case.tolerances.get(quantity.name, want.tolerance)
        if want.absolute:
            tolerance /= max(1.0, abs(float(expected)))
        return _wrong_numbers(quantity, tolerance, np.array(number), expected)
    if isinstance(want, Array):
        one_number = np.ndim(expected) == 0 and not isinstance(value, (bool, list, tuple))
        array = as_numbers(value) if want.lists or one_number else value
        if type(array) is not np.ndarray:
            if isinstance(value, (list, tuple)) and not want.lists:
                return "type", describe(value), "; an array was expected (np.array makes one of a list)"
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                shape = np.shape(expected)
                return (
                    "type",
                    f"{short(value, 60)}, a single number",
                    f"; an array of shape {shape} was expected",
                )
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
    word = word if word in want.choices else word.removesuffix("s")  # "columns" says "column"
    if word not in want.choices:
        return "type", short(value, 60), f"; one of these words was expected: {_choices(want.choices)}"
    return None if word == expected else ("value", short(value, 60), " is not it")


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
        return "value", _numbers(array), " is not a finite number"
    if quantity.secret:
        return "value", _numbers(array), " is not it"
    narrow = f" in {array.dtype.name}" if array.dtype.kind == "f" and array.dtype.itemsize < 8 else ""
    if array.size <= 6:
        return "value", f"{_numbers(array)}{narrow}", f"; {_numbers(wanted)} was expected{because}"
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
    where = line_words(failure)
    return f"{where}; {error_words(failure)}" if where else error_words(failure)


def line_words(failure: Failure) -> str:
    """Say the answer's own line, as far as it is known."""
    if failure.line is None:
        return ""
    return f"line {failure.line}: {failure.text}" if failure.text else f"line {failure.line}"


def error_words(failure: Failure) -> str:
    """Say an error as Python does, and what to do about one that is a stub."""
    if failure.kind == "NotImplementedError" and failure.depth > 1:
        return f"{failure.function}, which is called there, is not written yet"
    return f"{failure.kind}: {failure.message}" if failure.message else failure.kind


LONG = 90
"""A call of more letters than this is said apart, as "input 2"."""


def _call_words(session: _Session, number: int) -> str:
    exercise, case = session.exercise, session.cases[number]
    if exercise.is_value:
        return exercise.functions[0]
    name = exercise.functions[case.function]
    if case.label:
        return f"{name} on {case.label}"
    call = f"{name}({_arguments_words(case)})"
    return call if len(call) <= LONG else f"{name} on {_input_name(number)}"


def _input_name(number: int) -> str:
    return f"input {number + 1}"


def _arguments_words(case: Case) -> str:
    if len(case.arguments) == 1:
        return short(next(iter(case.arguments.values())))
    return ", ".join(f"{key}={_argument_words(value)}" for key, value in case.arguments.items())


def _argument_words(value: Plain) -> str:
    """Say an argument, and of a dict of many numbers each entry's shape."""
    words = short(value)
    if isinstance(value, dict) and words == describe(value):
        entries = [
            f"{key}: shape {item.shape}" if type(item) is np.ndarray else f"{key}: {short(item, 60)}"
            for key, item in value.items()
        ]
        return "{" + ", ".join(entries) + "}"
    return words


def _inputs(session: _Session, results: list[PartResult]) -> tuple[str, ...]:
    """Return the inputs that the parts name but do not show."""
    return tuple(
        f"{_input_name(number)}: {_arguments_words(case)}"
        for number, case in enumerate(session.cases)
        if any(re.search(rf"on {_input_name(number)}\b", result.detail) for result in results)
    )


def _changed_words(case: Case, outcome: Outcome) -> str:
    names = list(case.arguments)
    places = [
        str(names[int(path[0])])
        + "".join(f'["{key}"]' if isinstance(key, str) else f"[{key}]" for key in path[1:])
        for path in outcome.changed
    ]
    plural = "s" if len(places) > 1 else ""
    return f"its argument{plural} {', '.join(places)}"


# ------------------------------------------------------------------ known mistakes


Spot = tuple[str, str]  # a part's name and a quantity's


def _recognise_all(
    session: _Session, faults: dict[Spot, _Fault | None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the recognised mistakes and all the advice there is, each once.

    The mistake that explains most of what is wrong comes first, then what explains most of the rest.
    """
    large = {part.name for part in session.exercise.parts if part.last}
    if any(fault for (part, _), fault in faults.items() if part not in large):
        faults = {spot: fault for spot, fault in faults.items() if spot[0] not in large}
    wrong = {spot for spot, fault in faults.items() if fault and fault.kind != "missing"}
    names: list[str] = []
    general: list[str] = []
    left = set(wrong)
    order = [known.name for known in session.exercise.misconceptions]
    while left:
        found = _best_explanation(session, faults, left)
        if found is None:
            break
        names += sorted(found.names, key=order.index)
        left -= found.explained
    if not names:
        for part in session.exercise.parts:
            for name in part.quantities:
                fault = faults.get((part.name, name))
                if fault is not None and fault.kind == "value":
                    general += _general_advice(session, part, session.exercise.quantity(name))
        if _is_constant(session):
            general = [_CONSTANT]
        if any(fault and fault.kind == "type" for fault in faults.values()) and any(
            outcome.printed for outcome in session.outcomes
        ):
            general.append(_PRINTED)
    if any(outcome.changed for outcome in session.outcomes):
        known = _recognise_change(session, list(faults))
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


_CONSTANT = (
    "It gives the same for every input. Do numbers of one example stand in it, where the arguments should?"
)
_PRINTED = (
    "Something was printed on the way. print shows a number and return hands it back: is everything that is"
    " asked in the return?"
)


def _is_constant(session: _Session) -> bool:
    """Whether the answer gives the same in every case of a function, though not the same is expected."""
    first = session.outcomes[0]
    if session.exercise.is_value or len(session.exercise.functions) > 1 or len(session.cases) < 3:
        return False
    return all(
        outcome.failure is None and not outcome.waits and alike(outcome.value, first.value, 0.0)
        for outcome in session.outcomes
    )


def _single_mistakes(session: _Session) -> list[Mixture]:
    return [
        Mixture((known.name,), form) for known in session.exercise.misconceptions for form in known.answers
    ]


@dataclass(frozen=True)
class _Explanation:
    """What known mistakes explain of an answer. The larger rank is the better one."""

    rank: tuple[int, int, float]
    names: tuple[str, ...]
    explained: set[Spot]

    def is_whole(self, left: set[Spot]) -> bool:
        """Whether it explains all that is left and contradicts nothing."""
        return self.explained == left and self.rank[1] == 0


def _best_explanation(
    session: _Session, faults: dict[Spot, _Fault | None], left: set[Spot]
) -> _Explanation | None:
    """Return the known mistake, or the two at once, that explain most of what is left.

    Among those that explain as much, it is the one that contradicts least of the rest, then the nearest.
    """
    best: _Explanation | None = None
    for known in (_single_mistakes(session), session.exercise.mixtures(), _pairs(session, faults, left)):
        for mixture in known:
            found = _explanation(session, list(faults), left, mixture, best)
            if found is not None and (best is None or found.rank > best.rank):
                best = found
            if best is not None and best.is_whole(left) and not session.exercise.rough:
                return best  # of numbers worked by hand, another one may be nearer
        if best is not None and best.is_whole(left):
            break
    return best


def _explanation(
    session: _Session, spots: list[Spot], left: set[Spot], mixture: Mixture, best: _Explanation | None
) -> _Explanation | None:
    """Return what a mixture explains of what is left; None if that is nothing, or less than the best does."""
    seen = {spot: _compare(session, spot, mixture) for spot in spots if spot in left}
    explained = {spot for spot, found in seen.items() if found.same and found.wrong}
    if not explained or (best is not None and len(explained) < best.rank[0]):
        return None
    seen |= {spot: _compare(session, spot, mixture) for spot in spots if spot not in left}
    one_by_one = session.exercise.is_value and not session.exercise.rough  # no number follows from another
    contradicted = 0 if one_by_one else sum(not found.same for found in seen.values())
    if session.exercise.rough and len(explained) <= contradicted:
        return None
    distance = sum(seen[spot].distance for spot in explained)
    return _Explanation((len(explained), -contradicted, -round(distance, 3)), mixture.names, explained)


MOST_PAIRS = 200
"""So many pairs that go wrong where the answer is right are tried for one part: the first of the table."""


def _pairs(session: _Session, faults: dict[Spot, _Fault | None], left: set[Spot]) -> Iterator[Mixture]:
    """Yield edits made at once, but only those that can explain something that none explains alone.

    First those that go wrong nowhere else than the answer does, then the others: one line may have one
    mistake and the next line another one.
    """
    edits = [(one, _touched(session, list(faults), one)) for one in _single_mistakes(session) if is_edit(one)]
    right = {spot for spot, fault in faults.items() if fault is None}
    yield from _among(session, [(one, touched) for one, touched in edits if not touched & right], left)
    yield from _among(session, edits, left, MOST_PAIRS)


def _among(
    session: _Session, edits: list[tuple[Mixture, set[Spot]]], left: set[Spot], most: int | None = None
) -> Iterator[Mixture]:
    """Yield those edits made at once that explain something.

    What is touched by the fewest edits comes first: everything else is made from it, so if it stays
    unexplained, edits that touch it need not be tried for the rest.
    """
    for root in sorted(left, key=lambda spot: sum(spot in touched for _, touched in edits)):
        here = [one for one, touched in edits if root in touched]
        elsewhere = [one for one, touched in edits if root not in touched and touched & left]
        explaining = [one for one in here if _compare(session, root, one).same]
        for one, other in itertools.islice(itertools.combinations(here, 2), most):
            both = together(one, other)
            if both is not None and _compare(session, root, both).same:
                explaining.append(both)
                yield both
        for one, other in itertools.product(explaining, elsewhere):
            both = together(one, other)
            if both is not None:
                yield both
        if not explaining and not session.exercise.rough:
            edits = [(one, touched) for one, touched in edits if root not in touched]


def _touched(session: _Session, spots: list[Spot], mixture: Mixture) -> set[Spot]:
    """Return the spots where known mistakes give something wrong."""
    return {spot for spot in spots if _goes_wrong(session, spot, mixture)}


def _goes_wrong(session: _Session, spot: Spot, mixture: Mixture) -> bool:
    """Whether known mistakes give something wrong there; where they stop, another one may let them go on."""
    part = next(part for part in session.exercise.parts if part.name == spot[0])
    quantity = session.exercise.quantity(spot[1])
    tried = [(case, _tried(session, mixture.answer, case)) for case in session.of_part(part)]
    ran = [(case, outcome) for case, outcome in tried if outcome.failure is None]
    return not ran or any(
        not _is_right(session.exercise, quantity, session.cases[case], outcome) for case, outcome in ran
    )


def _tried(session: _Session, answer: Any, case: int) -> Outcome:
    """Return what a known wrong answer gives in a case."""
    if (answer, case) not in session.tried:
        one = session.cases[case]
        function = cast(
            "Callable[..., object]", answer[one.function] if isinstance(answer, tuple) else answer
        )
        arguments = (session.student,) if session.exercise.is_value else tuple(one.arguments.values())
        session.tried[answer, case] = call_known(
            function, arguments, look_at_arguments=any(outcome.changed for outcome in session.outcomes)
        )
    return session.tried[answer, case]


@dataclass(frozen=True)
class _Comparison:
    """Whether a known mistake gives what this answer gave, whether that is wrong, and how near they are."""

    same: bool
    wrong: bool = False
    distance: float = 0.0


def _compare(session: _Session, spot: Spot, mixture: Mixture) -> _Comparison:
    exercise = session.exercise
    part = next(part for part in exercise.parts if part.name == spot[0])
    quantity = exercise.quantity(spot[1])
    tolerance = _tolerance(quantity.want)
    wrong, distance = False, 0.0
    same_errors: list[bool] = []
    for case in session.of_part(part):
        mine, theirs = session.outcomes[case], _tried(session, mixture.answer, case)
        if (mine.failure is None) != (theirs.failure is None):
            return _Comparison(False)
        if mine.failure is not None and theirs.failure is not None:
            same_errors.append(_same_error(mine.failure, theirs.failure))
            continue
        one, two = pick(exercise, quantity, mine.value), pick(exercise, quantity, theirs.value)
        if isinstance(one, _Nothing) and isinstance(two, _Nothing):  # neither has the form that was asked
            if not alike(theirs.value, mine.value, tolerance):
                return _Comparison(False)
            wrong = True
            continue
        if isinstance(one, _Nothing) or isinstance(two, _Nothing):
            return _Comparison(False)
        if not alike(_read(quantity.want, two), _read(quantity.want, one), tolerance):
            return _Comparison(False)
        wrong = wrong or _wrong(quantity, two, session.cases[case]) is not None
        ours, known = as_numbers(one), as_numbers(two)
        if exercise.is_value and ours is not None and known is not None:
            distance += float(np.max(np.abs(ours - known), initial=0.0)) / tolerance
    return _Comparison(True, wrong or (bool(same_errors) and all(same_errors)), distance)


def _same_error(one: Failure, two: Failure) -> bool:
    """Whether two errors are the same; of calls nested too deeply Python says so in several ways."""
    return one.kind == two.kind and (one.message == two.message or one.kind == "RecursionError")


def _read(want: Want, value: Plain) -> Plain:
    return want.read(value) if isinstance(want, Custom) else value


def _tolerance(want: Want) -> float:
    return 0.0 if not isinstance(want, (Number, Array, Custom)) else want.tolerance


def _recognise_change(session: _Session, spots: list[Spot]) -> tuple[str, ...]:
    """Return the known mistake that changes the same arguments and gives the same there, if there is one."""
    changing = {
        case.function
        for case, outcome in zip(session.cases, session.outcomes, strict=True)
        if outcome.changed
    }
    looked_at = [number for number, case in enumerate(session.cases) if case.function in changing]
    seen = [
        spot
        for spot in spots
        for part in session.exercise.parts
        if part.name == spot[0] and set(session.of_part(part)) <= set(looked_at)
    ]
    for known in _single_mistakes(session):
        if all(
            session.outcomes[case].changed == _tried(session, known.answer, case).changed
            for case in looked_at
        ) and all(_compare(session, spot, known).same for spot in seen):
            return known.names
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
        pairs.append(
            (numbers.astype(np.float64), expected_array(session.cases[case].expected[quantity.name]))
        )
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
        return [
            f"{name} is right but for its sign, on every input. Where does a minus come from, or get lost?"
        ]
    return [
        f"{name} is {factor:.4g} times what was expected, on every input. Where could such a factor come"
        " from?"
    ]
