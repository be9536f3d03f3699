"""The exercise `grid`: every combination of the values that each hyper-parameter may have."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np

from lecture_lib.exercises import (
    Case,
    Exercise,
    Foreign,
    Part,
    Plain,
    Quantity,
    WantedOther,
    alike,
    describe,
    mistakes,
    short,
)
from lecture_lib.exercises.plain import Key, changes

from .grid_mistakes import GRID, GRID_MISTAKES, grid_mixtures

Space = Mapping[str, Sequence[Any]]
Config = dict[Key, Plain]

_RANGES: dict[str, tuple[Any, ...]] = {
    "depth": (2, 3, 4, 5),
    "hidden": (8, 16, 32, 64),
    "rate": (0.1, 0.03, 0.01, 0.003, 0.001),
    "batch": (24, 48, 128),
    "a": ("relu", "tanh", "sigmoid"),
    "decay": (0.0, 0.5, 0.9),
}
"""What inputs are drawn from. No value stands in two of them, so that an exchange shows."""


def _grid_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    """Begin with the lecture's grid, then grids of other names, of one name, and of three and four."""

    def case(space: dict[str, list[Any]]) -> Case:
        configs = _counted(space)
        return Case({"space": space}, {"the combinations": configs, "the order": configs})

    yield case({"depth": [2, 3], "learning_rate": [0.01, 0.001]})
    yield case({"a": ["relu", "tanh", "sigmoid"], "hidden": [16, 32]})
    yield case({"batch": [24, 48, 128]})
    yield case({"rate": [0.1, 0.03, 0.01], "decay": [0.0, 0.9], "depth": [2]})  # by no alphabet
    for sizes in ((2, 2), (2, 3, 2), (3, 1), (1, 2, 2, 2)):
        names = [str(name) for name in rng.permutation(list(_RANGES))]
        fitting = [name for name in names if len(_RANGES[name]) >= max(sizes)][: len(sizes)]
        yield case({name: _drawn(rng, name, size) for name, size in zip(fitting, sizes, strict=True)})


def _drawn(rng: np.random.Generator, name: str, size: int) -> list[Any]:
    chosen = rng.permutation(len(_RANGES[name]))[:size]
    return [_RANGES[name][place] for place in chosen]


def _counted(space: Space) -> list[Config]:
    """Return all configurations, by counting: each name is a digit, the last one the lowest."""
    configs: list[Config] = []
    for number in range(math.prod(len(values) for values in space.values())):
        digits: list[tuple[str, Any]] = []
        rest = number
        for name in reversed(list(space)):
            rest, digit = divmod(rest, len(space[name]))
            digits.append((name, space[name][digit]))
        configs.append(dict(reversed(digits)))
    return configs


def _form_fault(value: Plain) -> str | None:
    """Say what is wrong with an answer that is no list of dicts."""
    if not isinstance(value, (list, tuple)):
        return f"what came is {describe(value)}; a list of dicts was expected"
    for item in value:
        if not isinstance(item, dict):
            return f"the list holds {short(item, 60)}; a dict for each model was expected"
    return None


def _combinations_fault(value: Plain, expected: list[Config]) -> str | None:
    wrong_form = _form_fault(value)
    if wrong_form:
        return wrong_form
    given = cast("Sequence[dict[str, Plain]]", value)
    if _all_the_same(given, expected):
        return None
    found = [sum(_same(one, config) for one in given) for config in expected]
    strange = [one for one in given if not any(_same(one, config) for config in expected)]
    counted = f"{len(given)} of {len(expected)} configurations" if len(given) != len(expected) else ""
    entries = cast("Sequence[Plain]", given)
    if len(entries) > 1 and not any(changes(entries[0], one) for one in entries):
        what = f"all entries are the same, {short(entries[0], 100)}"
    elif strange:
        what = f"{short(cast('Plain', strange[0]), 100)} is none of the combinations"
        if strange[0].keys() > expected[0].keys():
            what += ", and has names that are not in space: are they from an earlier call?"
    elif 0 in found:
        what = f"{short(expected[found.index(0)], 100)} is missing"
    elif max(found) > 1:
        what = f"{short(expected[found.index(max(found))], 100)} is there {max(found)} times"
    else:
        return None
    return f"{counted}: {what}" if counted else what


def _order_fault(value: Plain, expected: list[Config]) -> str | None:
    missing = _combinations_fault(value, expected)
    if missing:
        return missing
    given = cast("Sequence[dict[str, Plain]]", value)
    if _all_the_same(given, expected):
        return None
    pairs = enumerate(zip(given, expected, strict=True))
    place, one, wanted = next((k, a, b) for k, (a, b) in pairs if not _same(a, b))
    seen, meant = short(cast("Plain", one), 100), short(wanted, 100)
    return f"{seen} stands at place {place}, counted from 0; {meant} was expected there"


def _all_the_same(given: Sequence[Mapping[str, Plain]], expected: list[Config]) -> bool:
    return len(given) == len(expected) and all(map(_same, given, expected))


def _same(one: Mapping[str, Plain], config: Config) -> bool:
    return one.keys() == config.keys() and all(_equal(one[str(name)], config[name]) for name in config)


def _equal(one: Plain, value: Plain) -> bool:
    if type(one) is type(value) and type(one) in (int, float, str):
        return one == value
    return alike(one, value, 1e-9)


def _kind(value: Plain) -> Plain:
    """Read what cannot be looked into by what it is: two generators are alike."""
    return value.kind if isinstance(value, Foreign) else value


grid_of_choices = Exercise(
    id="grid",
    lesson="09",
    slide="Model Selection on the Dev Set",
    functions=("grid",),
    signature=("space",),
    quantities=(
        Quantity("the combinations", None, WantedOther(_combinations_fault, read=_kind)),
        Quantity("the order", None, WantedOther(_order_fault, read=_kind)),
    ),
    parts=(
        Part("every combination, once", 1, ("the combinations",)),
        Part("the last name changes fastest", 1, ("the order",)),
    ),
    cases=_grid_cases,
    hints=(
        "With no name at all there is one configuration, the empty dict: [{}]. What becomes of this list"
        " when one name with two values is added? And of that list, when a second name is added?",
        "Each name makes a longer list of the list so far. For each configuration that is there, and for"
        " each value of the new name, there is one new dict: a copy of the configuration with one key"
        " more.",
        "Three loops: over space.items(), then over the configurations so far, then over the values. The"
        " innermost appends a new dict to a new list; after the two inner loops, that list takes the place"
        " of the old one.",
    ),
    twin="outfits, one name after the other, before the exercise",
    misconceptions=mistakes(GRID, GRID_MISTAKES),
    mixtures=grid_mixtures,
)
