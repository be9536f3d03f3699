"""How calls, arguments and failures are said."""

import re
from collections.abc import Iterable

import numpy as np

from .answer import Failure, Outcome
from .attempt import Attempt
from .exercise import Case
from .plain import Plain
from .plain_words import describe, short

LONG = 90
"""A call of more letters than this is said apart, as "input 2"."""


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


def call_words(attempt: Attempt, number: int) -> str:
    """Say the call in one of the cases; a long one by its input's name."""
    exercise, case = attempt.exercise, attempt.cases[number]
    if exercise.is_value:
        return exercise.functions[0]
    name = exercise.functions[case.function]
    if case.label:
        return f"{name} on {case.label}"
    call = f"{name}({arguments_words(case)})"
    return call if len(call) <= LONG else f"{name} on {_input_name(number)}"


def _input_name(number: int) -> str:
    return f"input {number + 1}"


def arguments_words(case: Case) -> str:
    """Say the arguments of a case, by name where there are several."""
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


def inputs_words(attempt: Attempt, details: Iterable[str]) -> tuple[str, ...]:
    """Say the inputs that are named in these words but not shown."""
    said = list(details)
    return tuple(
        f"{_input_name(number)}: {arguments_words(case)}"
        for number, case in enumerate(attempt.cases)
        if any(re.search(rf"on {_input_name(number)}\b", detail) for detail in said)
    )


def changed_words(case: Case, outcome: Outcome) -> str:
    """Say which arguments were changed, and where."""
    names = list(case.arguments)
    places = [
        str(names[int(path[0])])
        + "".join(f'["{key}"]' if isinstance(key, str) else f"[{key}]" for key in path[1:])
        for path in outcome.changed
    ]
    plural = "s" if len(places) > 1 else ""
    return f"its argument{plural} {', '.join(places)}"
