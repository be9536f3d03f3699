"""Is what a verdict says literally true of the answer? Each statement that can be checked is checked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lecture_lib.exercises.answer import LocalAnswer
from lecture_lib.exercises.exercise import Exercise
from lecture_lib.exercises.oracles import rng_from
from lecture_lib.exercises.plain import Foreign, as_array
from lecture_lib.exercises.quantities import Absent, taken
from lecture_lib.exercises.verdicts import Verdict
from lecture_lib.lessons.duck_goose.example import example_of
from lecture_lib.lessons.lesson_05.by_hand import FORWARD_BY_HAND
from lecture_lib.lessons.lesson_06.by_hand import BACKWARD_BY_HAND


@dataclass(frozen=True)
class Given:
    """An answer, and what it gives in the cases of a check."""

    exercise: Exercise
    answers: Sequence[object]
    student: str

    @cached_property
    def cases(self):
        return tuple(self.exercise.cases(rng_from(f"check {self.exercise.id}"), self.student))

    @cached_property
    def outcomes(self):
        answers = [LocalAnswer(answer, self.exercise.may_use) for answer in self.answers]
        if self.exercise.is_value:
            return [answers[0].value()]
        return [answers[case.function].call(tuple(case.arguments.values())) for case in self.cases]

    def pairs(self, name: str | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
        """What came and what was expected of one quantity, or of all, wherever numbers came."""
        found = []
        for case, outcome in zip(self.cases, self.outcomes, strict=True):
            for quantity in self.exercise.quantities:
                if quantity.name not in case.expected or name not in (None, quantity.name):
                    continue
                value = (
                    taken(self.exercise, quantity, case, outcome.value)
                    if outcome.failure is None
                    else Absent()
                )
                numbers = None if isinstance(value, Absent) else as_array(value)
                if numbers is not None:
                    found.append(
                        (np.asarray(numbers, float), np.asarray(case.expected[quantity.name], np.float64))
                    )
        return found

    def numbers(self, name: str | None = None) -> list[np.ndarray]:
        return [value for value, _ in self.pairs(name)]

    def all_of(self, holds: Callable[[np.ndarray], object], name: str | None = None) -> bool:
        numbers = self.numbers(name)
        return bool(numbers) and all(bool(holds(one)) for one in numbers)

    def any_of(self, holds: Callable[[np.ndarray], object], name: str | None = None) -> bool:
        return any(bool(holds(one)) for one in self.numbers(name))

    def entries(self, name: str | None = None) -> tuple[np.ndarray, np.ndarray]:
        pairs = [(one, two) for one, two in self.pairs(name) if one.shape == two.shape]
        assert len(pairs) == len(self.pairs(name))
        ours, theirs = ([pair[place].ravel() for pair in pairs] for place in (0, 1))
        return np.concatenate(ours), np.concatenate(theirs)

    def nodes(self) -> list[tuple[list[int], int]]:
        """The lists of nodes that came, by number, each with how many there are."""
        found = []
        for case, outcome in zip(self.cases, self.outcomes, strict=True):
            ways = next(iter(case.expected.values()))[1]
            if isinstance(outcome.value, (list, tuple)) and all(
                isinstance(n, Foreign) for n in outcome.value
            ):
                found.append(([int(n.kind.removeprefix("node ")) for n in outcome.value], len(ways)))
        return found

    def leaves(self, number: int) -> set[int]:
        """The nodes without parents in the graph of a case."""
        ways = next(iter(self.cases[number].expected.values()))[1]
        return {node for node, parents in enumerate(ways) if not parents}

    def keys(self) -> dict[str, np.ndarray]:
        """What was worked by hand, as far as it was given."""
        value = self.outcomes[0].value
        given = {key: as_array(entry) for key, entry in value.items() if entry is not ...}
        return {key: np.asarray(entry, float) for key, entry in given.items() if entry is not None}


def _right_for(given: Given, id: str) -> bool:
    """Whether all numbers by hand, and more than one, are those of another id."""
    right = {"forward_by_hand": FORWARD_BY_HAND, "backward_by_hand": BACKWARD_BY_HAND}[given.exercise.id](id)
    keys = given.keys()
    return len(keys) > 0 and all(np.allclose(one, right[key], atol=0.02) for key, one in keys.items())


def _factor(given: Given, name: str | None, factor: float) -> bool:
    ours, theirs = given.entries(name)
    return np.allclose(ours, factor * theirs, rtol=1e-3, atol=2e-3 * max(1.0, float(np.abs(ours).max())))


def _rounded(given: Given, name: str | None, decimals: int) -> bool:
    ours, theirs = given.entries(name)
    return bool(
        np.all(ours == np.round(ours, decimals)) and np.all(np.abs(ours - theirs) < 0.6 / 10**decimals)
    )


def _named(given: Given, name: str) -> str | None:
    return None if name == "The result" else name


SMALL = 1e-9
# ruff: noqa: E501 (a line says what is claimed and when it is true)
STATEMENTS: list[tuple[str, Callable[[Given, re.Match[str]], bool]]] = [
    (r"Your (h|z|o|p|h0) has negative entries", lambda g, m: g.any_of(lambda v: v.min() < 0, m[1])),
    (r"Negative entries of z come through, into your h or your o",
     lambda g, m: g.any_of(lambda v: v.min() < 0, "h") or not np.allclose(*g.entries("o"))),
    (r"Your values are negative", lambda g, m: g.all_of(lambda v: np.all((v <= SMALL) | np.isnan(v)))),
    (r"None of your slopes for the scores is negative", lambda g, m: g.all_of(lambda v: v.min() > -SMALL, "d_b")),
    (r"Your result is never negative", lambda g, m: g.all_of(lambda v: v.min() > -SMALL)),
    (r"Your values do not add up to one", lambda g, m: g.any_of(lambda v: not abs(v.sum() - 1) < 1e-6)),
    (r"and they do not add up to one", lambda g, m: g.any_of(lambda v: not abs(v.sum() - 1) < 1e-6)),
    (r"your values add up to less than one", lambda g, m: g.all_of(lambda v: not v.sum() >= 1)),
    (r"(\S+|The result) is right but for its sign, on every", lambda g, m: _factor(g, _named(g, m[1]), -1.0)),
    (r"(\S+|The result) is (\S+) times what was expected", lambda g, m: _factor(g, _named(g, m[1]), float(m[2]))),
    (r"(\S+|The result) is the transpose of what was expected",
     lambda g, m: all(np.allclose(one.T, two, atol=1e-4) for one, two in g.pairs(_named(g, m[1])))),
    (r"(\S+|The result) is right to (\w+) decimals?, on every",
     lambda g, m: _rounded(g, _named(g, m[1]), 1 if m[2] == "one" else int(m[2]))),
    (r"(\S+|The result) is 0 (?:everywhere, )?on every input",
     lambda g, m: g.all_of(lambda v: not np.any(v), _named(g, m[1]))),
    (r"Your gradients for E, W and b are 0",
     lambda g, m: all(g.all_of(lambda v: not np.any(v), name) for name in "EWb")),
    (r"It gave the same for every input that was tried", lambda g, m: len({repr(outcome.value) for outcome in g.outcomes}) == 1),
    (r"Look at the sign of ∂ℓ/∂o|sign stands before the slide's bracket",
     lambda g, m: g.exercise.is_value or not any(one.shape == two.shape and np.abs(two).max() > 1e-6 and np.allclose(one, two)
                                                 for one, two in g.pairs())),
    (r"Every slope is 0\.", lambda g, m: g.all_of(lambda v: not np.any(v))),
    (r"Your error is 0 for every gradient", lambda g, m: g.all_of(lambda v: abs(v) < 1e-6)),
    (r"^You give one number", lambda g, m: g.all_of(lambda v: v.size == 1)),
    (r"(?<!arrives is )added? (?:the slopes |everything )?up to one number",
     lambda g, m: g.any_of(lambda v: v.ndim == 0)),
    (r"Your (d_\w) has two axes", lambda g, m: g.all_of(lambda v: v.ndim == 2, m[1])),
    (r"Your (d_\w) is a table", lambda g, m: g.all_of(lambda v: v.ndim == 2, m[1])),
    (r"The slopes are in one row", lambda g, m: g.all_of(lambda v: v.ndim == 1)),
    (r"Only the first place gets a slope, the others stay 0", lambda g, m: g.all_of(lambda v: not np.any(v.flat[1:]))),
    (r"Slopes of yours have the other sign",
     lambda g, m: any(one.shape == two.shape and np.all(one * two <= SMALL) and np.any(one * two < -SMALL)
                      for one, two in g.pairs("gradient"))),
    (r"The size of every entry is right and its sign is not", lambda g, m: _factor(g, None, -1.0)),
    (r"Your result is infinite", lambda g, m: g.any_of(lambda v: np.isinf(v).any())),
    (r"Your result is nan", lambda g, m: g.any_of(lambda v: np.isnan(v).any())),
    (r"and it is 0 up to rounding", lambda g, m: g.all_of(lambda v: np.abs(v).max() < 1e-6)),
    (r"Your list begins with the root",
     lambda g, m: all(nodes[0] == many - 1 for nodes, many in g.nodes() if nodes)),
    (r"in your list more than once", lambda g, m: any(len(set(nodes)) < len(nodes) for nodes, _ in g.nodes())),
    (r"All nodes are there but the root",
     lambda g, m: all(set(nodes) == set(range(many - 1)) for nodes, many in g.nodes())),
    (r"A node without parents is missing", lambda g, m: all(not g.leaves(k) <= set(nodes)
     for k, (nodes, _) in enumerate(g.nodes()))),
    (r"The root is in your list twice",
     lambda g, m: all(nodes.count(many - 1) == 2 for nodes, many in g.nodes())),
    (r"Your h never goes above 1", lambda g, m: g.all_of(lambda v: v.max() <= 1 + SMALL, "h")),
    (r"Your h is never below 1", lambda g, m: g.all_of(lambda v: v.min() >= 1 - SMALL, "h")),
    (r"Your numbers are whole ones", lambda g, m: g.all_of(lambda v: np.all(v == np.round(v)))),
    (r"You give a set", lambda g, m: all(outcome.value.kind == "a set" for outcome in g.outcomes)),
    (r"These are the right numbers of another example",
     lambda g, m: len(g.keys()) > 0 and any(_right_for(g, id) for id in ("", "guest"))),
    (r"This is the squared error",
     lambda g, m: g.keys().get("p") is None or any(  # p may have been written down wrongly after the loss
         np.allclose(g.keys()["loss"], np.sum((example_of(g.student).y - p) ** 2), atol=0.03)
         for p in (g.keys()["p"], FORWARD_BY_HAND(g.student)["p"]))),
    (r"Your ∂ℓ/∂o is p\b", lambda g, m: g.exercise.id != "backward_by_hand"
     or g.any_of(lambda v: np.all(v > 0), "d_o")),
    (r"Your list has one batch alone", lambda g, m: all(len(outcome.value) == 1 for outcome in g.outcomes)),
    (r"You return a list\. One config is asked",
     lambda g, m: all(isinstance(outcome.value, list) for outcome in g.outcomes if outcome.failure is None)),
]  # fmt: skip
"""A pattern of what is said, and whether it is true of what was given."""


def untrue(verdict: Verdict, exercise: Exercise, answers: Sequence[object], student: str) -> list[str]:
    """Return the sentences of a verdict that can be checked and are not true of the answer."""
    given = Given(exercise, answers, student)
    found = []
    for advice in verdict.advice:
        found += [
            advice
            for pattern, holds in STATEMENTS
            if (match := re.search(pattern, advice)) and not holds(given, match)
        ]
    return found
