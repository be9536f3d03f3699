"""The lines of the backward pass of lesson 03, to be put in order."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from types import CodeType
from typing import Any, cast

import numpy as np

from lecture_lib.common import Html, Table, TableStyle, Text, aligned
from lecture_lib.exercises import (
    Case,
    Exercise,
    Misconception,
    Mixture,
    Part,
    Plain,
    Quantity,
    WantedOther,
    describe,
    slope,
)

from .paths import two_paths


@dataclass(frozen=True)
class Line:
    """One line of the algorithm: its letter, its words, and the code that the words stand for."""

    letter: str
    words: str
    code: str


LINES = (
    Line("A", "    For each operand of that node:", "    for operand, slope in node.operands:"),
    Line("B", "For each node, from the first in the order to the last:", "for node in order:"),
    Line("C", "Give every node a gradient of 0.", "gradient = {name: 0.0 for name in graph}"),
    Line(
        "D",
        "        Add the contribution to the gradient of the operand.",
        "        gradient[operand] = gradient[operand] + contribution",
    ),
    Line("E", "Put the nodes in order: each one after its operands.", "order = sort(graph)"),
    Line("F", "Set the gradient of the loss to 1.", "gradient['loss'] = 1.0"),
    Line(
        "G",
        "        Replace the gradient of the operand by the contribution.",
        "        gradient[operand] = contribution",
    ),
    Line("H", "For each node, from the last in the order to the first:", "for node in reversed(order):"),
    Line(
        "I",
        "        Contribution = gradient of the node · derivative of the node with respect to the operand.",
        "        contribution = gradient[node.name] * slope(value)",
    ),
    Line(
        "J",
        "Go through the order and compute the value of every node.",
        "value = run(order)",
    ),
)
_DISTRACTORS = ("B", "G")
_CODE = {line.letter: line.code for line in LINES}
_LOOP = "HAID"


def _starts(before: tuple[str, ...]) -> tuple[str, ...]:
    """Return the orders of the four lines before the loop in which the first of each pair comes first."""
    orders = ("".join(order) for order in itertools.permutations("CEFJ"))
    return tuple(order for order in orders if all(order.index(one) < order.index(two) for one, two in before))


_PREFIXES = _starts(before=("EJ", "CF"))  # what each line needs


@dataclass(frozen=True)
class _SmallNode:
    name: str
    compute: Callable[[dict[str, float]], float]
    operands: tuple[tuple[str, Callable[[dict[str, float]], float]], ...] = ()


_SMALL_GRAPH = {
    node.name: node
    for node in (
        _SmallNode("x", lambda v: 1.5),
        _SmallNode("a", lambda v: v["x"] + 1, (("x", lambda v: 1.0),)),
        _SmallNode("b", lambda v: v["x"] ** 2, (("x", lambda v: 2 * v["x"]),)),
        _SmallNode("loss", lambda v: v["a"] * v["b"], (("a", lambda v: v["b"]), ("b", lambda v: v["a"]))),
    )
}


def _run_small_graph(order: Sequence[_SmallNode]) -> dict[str, float]:
    values: dict[str, float] = {}
    for node in order:
        values[node.name] = node.compute(values)
    return values


def _program(letters: Sequence[str]) -> CodeType:
    return compile("\n".join(_CODE[letter] for letter in letters), "<lines>", "exec")


def _is_a_program(letters: Sequence[str]) -> bool:
    """Whether each indented line has its loop above it, and each loop a line beneath it."""
    try:
        _program([letter for letter in letters if letter in _CODE])
    except SyntaxError:
        return False
    return True


def runs_right(letters: Sequence[str]) -> bool:
    """Whether the lines in this order, run as a program, give the gradients of a small graph.

    The graph is that of `fan_out`: x reaches the loss by two paths. What is right is found by
    moving x a little.
    """
    try:
        program = _program(letters)
    except (KeyError, SyntaxError):
        return False

    def sort(graph: dict[str, _SmallNode]) -> list[_SmallNode]:
        return list(graph.values())

    names: dict[str, Any] = {"graph": _SMALL_GRAPH, "sort": sort, "run": _run_small_graph}
    try:
        exec(program, names)
        reached = cast("dict[str, float]", names["gradient"])["x"]
    except (NameError, KeyError):
        return False
    return abs(reached - slope(two_paths, 1.5)) < 1e-6


def _letters(value: Plain) -> list[str] | None:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        return None
    return [cast("str", item).strip().upper() for item in value]


def _lines_fault(value: Plain, expected: object) -> str | None:
    letters = _letters(value)
    if letters is None:
        if isinstance(value, (list, tuple)):
            stranger = next(item for item in value if not isinstance(item, str))
            return (
                f'{describe(stranger)} stands in your list; letters in quotes were expected, as in ["A", "B"]'
            )
        return (
            f'this is {describe(value)}; a list of letters in square brackets was expected, as in ["A", "B"]'
        )
    unknown = [letter for letter in letters if letter not in _CODE]
    if unknown and len(unknown[0]) > 1:
        return 'each letter stands in quotes of its own, as in ["A", "B"]'
    if unknown:
        return f"there is no line {unknown[0]}"
    twice = [letter for letter in _CODE if letters.count(letter) > 1]
    if twice:
        return f"line {twice[0]} is there more than once"
    wanted = len(LINES) - len(_DISTRACTORS)
    if len(letters) < wanted:
        return f"{len(letters)} lines; the algorithm has {wanted}"
    if len(letters) > wanted:
        return f"{len(letters)} lines; the algorithm has {wanted}: {_strangers(letters)}"
    return _strangers(letters)


def _strangers(letters: Sequence[str]) -> str | None:
    found = sum(letter in letters for letter in _DISTRACTORS)
    words = "one of these lines does" if found == 1 else "two of these lines do"
    return f"{words} not belong" if found else None


def _order_fault(value: Plain, expected: object) -> str | None:
    letters = _letters(value)
    if not letters or any(letter not in _CODE for letter in letters):
        return _lines_fault(value, expected)
    if len(set(letters)) == len(letters) == len(LINES) - len(_DISTRACTORS) and runs_right(letters):
        return None
    if not _is_a_program(letters):
        return (
            "in this order the lines are no program: look at which lines are indented, and at the loop that"
            " each belongs to"
        )
    return "run in this order, the lines do not give the gradients"


def _backward_order_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    yield Case({}, {"the right lines": None, "the order": None})


def _listings(texts: Iterable[str]) -> tuple[Callable[[str], list[str]], ...]:
    def always(text: str) -> Callable[[str], list[str]]:
        return lambda student: list(text)

    return tuple(always(text) for text in dict.fromkeys(texts))


def _without(prefix: str, letter: str) -> str:
    return prefix.replace(letter, "")


_WRONG_STARTS = {
    (): _PREFIXES,
    ("no values",): _starts(before=("JE", "CF")),
    ("seed overwritten",): _starts(before=("EJ", "FC")),
    ("no values", "seed overwritten"): _starts(before=("JE", "FC")),
}
_WRONG_LOOPS = {
    (): _LOOP,
    ("forward order",): "BAID",
    ("takes a distractor",): "HAIG",
    ("adds before it computes",): "HADI",
    ("forward order", "takes a distractor"): "BAIG",
    ("forward order", "adds before it computes"): "BADI",
    ("takes a distractor", "adds before it computes"): "HAGI",
}


def _several_at_once() -> Iterator[Mixture]:
    """Yield what goes wrong before the loop together with what goes wrong in it."""
    for (before, starts), (within, loop) in itertools.product(_WRONG_STARTS.items(), _WRONG_LOOPS.items()):
        if len(before) + len(within) > 1:
            for listing in _listings(start + loop for start in starts):
                yield Mixture((*before, *within), listing)


_SEEDLESS = tuple(dict.fromkeys(_without(prefix, "F") for prefix in _PREFIXES))

backward_order = Exercise(
    id="backward_order",
    lesson="03",
    slide="Back-propagation",
    functions=("backward_order",),
    signature=None,
    quantities=(
        Quantity("the right lines", None, WantedOther(_lines_fault), secret=True),
        Quantity("the order", None, WantedOther(_order_fault), secret=True),
    ),
    parts=(
        Part("the right lines", 1, ("the right lines",)),
        Part("an order that works", 1, ("the order",)),
    ),
    cases=_backward_order_cases,
    hints=(
        "Which two lines say nearly the same as another one? Of each pair one belongs. Think of a node"
        " that two paths reach.",
        "Three things must be there before the loop starts: the order with its values, a gradient for"
        " every node,"
        " and the 1 from which everything flows back.",
        "The loop goes from the loss towards the leaves. Inside it: for each operand, first work out the"
        " contribution,"
        " then add it.",
    ),
    twin="the walks back that you did by hand in lesson 03",
    misconceptions=(
        Misconception(
            "forward order",
            "Your loop begins at the leaves. Which node's gradient is known before any other?",
            _listings(prefix + "BAID" for prefix in _PREFIXES),
        ),
        Misconception(
            "seed last",
            "When your loop starts, every gradient is 0, and 0 times anything is 0."
            " Which gradient is known without any computation, and when is it needed?",
            _listings([start + _LOOP + "F" for start in _SEEDLESS]),
        ),
        Misconception(
            "takes a distractor",
            "When a node is reached by two paths, what becomes of what the first path brought?",
            _listings(
                [prefix + "HAIG" for prefix in _PREFIXES]
                + [prefix + "HAIDG" for prefix in _PREFIXES]
                + [prefix + "HAIGD" for prefix in _PREFIXES]
            ),
        ),
        Misconception(
            "seed overwritten",
            "You set the gradient of the loss to 1, and later every gradient to 0. What is left of the 1?",
            _listings(start + _LOOP for start in _WRONG_STARTS["seed overwritten",]),
        ),
        Misconception(
            "adds before it computes",
            "One of the lines in your loop uses the contribution before it has been computed. Which comes"
            " first?",
            _listings([prefix + "HADI" for prefix in _PREFIXES]),
        ),
        Misconception(
            "no values",
            "The derivative of a product needs the values of its operands. When are they computed,"
            " and what must be known before?",
            _listings(
                [start + _LOOP for start in _WRONG_STARTS["no values",]]
                + [_without(prefix, "J") + _LOOP + "J" for prefix in _PREFIXES]
                + ["CF" + _LOOP + last for last in ("EJ", "JE")]
            ),
        ),
        Misconception(
            "the whole list backward",
            "What runs in reverse in the backward pass: the lines of the algorithm, or the nodes"
            " that they visit?",
            _listings([(prefix + _LOOP)[::-1] for prefix in _PREFIXES]),
        ),
    ),
    mixtures=_several_at_once,
)


LISTING = TableStyle(
    table='style="margin: 4px 0"',
    caption='style="text-align: left"',
    cell='style="text-align: left; white-space: pre-wrap; padding: 2px 12px 2px 0; font-family: monospace"',
)


def backward_order_lines() -> Text:
    """Return the given lines of the backward algorithm, each with its letter, to be put in order."""
    title = "The lines, shuffled. Two do not belong."
    table = Table(title, ("Letter", "Line"), [(line.letter, _hanging(line.words)) for line in LINES], LISTING)
    return Text(table.html, f"{title}\n{aligned(table.rows)}")


def _hanging(words: str) -> Html:
    """Where a line is broken, it goes on two letters further in than it began."""
    further = len(words) - len(words.lstrip()) + 2
    style = f"padding-left: {further}ch; text-indent: -{further}ch"
    return Html(f'<div style="{style}">{escape(words)}</div>', words)
