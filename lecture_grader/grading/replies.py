"""What came from a submission's process, believed in nothing but being this submission's answer."""

from collections.abc import Sequence

import numpy as np

import lecture_lib
from lecture_lib.exercises.answer import MOST_LETTERS_OF_AN_ERROR, Failure, Outcome
from lecture_lib.exercises.plain import KeyPath, Plain

from ..frames import BadFrame, as_text, clean, unpack
from .plan import Ask, Given, Plan, Run, Seen

MOST_PRINTED = 64_000
"""Of what a cell printed, so many letters are kept."""
MOST_PRINTED_IN_ALL = 4_000_000
"""And so many of all that a notebook's cells have printed."""
_OFFERED = frozenset(f"ll.{name}" for name in dir(lecture_lib))


def note_answers(seen: Seen, plan: Plan, answers: Sequence[Plain]) -> None:
    """Note what came of each step; BadFrame if a question has no frame for an answer."""
    for step, answer in zip(plan, answers, strict=True):
        if isinstance(step, Run) and answer is not None:
            _note_cell(seen, step.number, answer)
        elif isinstance(step, Ask):
            if type(answer) is not np.ndarray or answer.dtype != np.uint8:
                raise BadFrame("something else in place of an answer")
            seen.given[step.key] = answer.tobytes()


def _note_cell(seen: Seen, number: int, found: Plain) -> None:
    """Note what came of a cell."""
    if not isinstance(found, list) or len(found) != 3:
        seen.failures[number] = _odd()
        return
    if isinstance(found[2], str):
        seen.signed_in[number] = found[2]
    failure = _failure(found[0])
    if failure is not None:
        seen.failures[number] = failure
    if found[1] is not None:
        try:
            room = MOST_PRINTED_IN_ALL - sum(map(len, seen.printed.values()))
            if room > 0:
                seen.printed[number] = clean(as_text(found[1]), min(MOST_PRINTED + 1, room))
        except BadFrame:
            seen.failures.setdefault(number, _odd())


def given_in(frame: bytes) -> Given:
    """Return what is in the frame that answers a question; BadFrame if that makes no sense."""
    found = unpack(frame)
    if not isinstance(found, list) or len(found) != 2:
        raise BadFrame("an answer of no known form")
    looks, outcomes = found
    if not isinstance(looks, list) or not isinstance(outcomes, list):
        raise BadFrame("an answer of no known form")
    return Given(tuple(_look(look) for look in looks), tuple(_outcome(one) for one in outcomes))


def failures_in(given: Given | bytes | None) -> list[Failure | None]:
    """Return how each call failed; of what makes no sense, nothing."""
    try:
        given = given_in(given) if isinstance(given, bytes) else given
    except BadFrame:
        return []
    return [outcome.failure for outcome in given.outcomes] if given else []


def _failure(found: Plain) -> Failure | None:
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 6:
        return _odd()
    kind, message, line, text, function, depth = found
    if not isinstance(kind, str) or not isinstance(message, str):
        return _odd()
    return Failure(
        kind=clean(kind, 60),
        message=_one_line(message),
        line=line if type(line) is int and 0 <= line < 1_000_000 else None,
        text=_one_line(text) if isinstance(text, str) else "",
        function=clean(function, 60) if isinstance(function, str) else "",
        depth=depth if type(depth) is int and 0 <= depth < 100_000 else 1,
    )


def line_of_failure(line: str) -> str:
    """Return a cell's line as a failure has it."""
    return _one_line(line.strip()[:MOST_LETTERS_OF_AN_ERROR])


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()), 401)


def _odd() -> Failure:
    return Failure("Stopped", "what came back is no answer", depth=1)


NO_ANSWER = Outcome(failure=_odd())


def _outcome(found: Plain) -> Outcome:
    if not isinstance(found, list) or len(found) not in (1, 5):
        return NO_ANSWER
    if len(found) == 1:
        return Outcome(found[0])
    value, failure, changed, printed, borrowed = found
    return Outcome(
        value if failure is None else None,
        _failure(failure),
        _paths(changed),
        printed is True,
        _of_the_library(borrowed),
    )


def _of_the_library(name: Plain) -> str:
    """Return the name of what did an answer's work if the library has it: any other could hold an input."""
    if isinstance(name, str):
        return name if name in _OFFERED or not name else "the library"
    return "" if name is None else "the library"


def _look(found: Plain) -> str:
    return found if isinstance(found, str) and found in ("waits", "callable", "value") else "missing"


def _paths(found: Plain) -> tuple[KeyPath, ...]:
    if not isinstance(found, list):
        return ()
    return tuple(
        tuple(step if type(step) is int else clean(str(step), 60) for step in path[:8])
        for path in found[:20]
        if isinstance(path, list) and path and type(path[0]) is int
    )
