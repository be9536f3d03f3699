"""Diagnosis: eight training runs as curves and numbers; the cause of each, with a reason for every option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np

from lecture_lib.common import Table, TableStyle, Text, number
from lecture_lib.explore import Choice, Explorer, Option, Question
from lecture_lib.explore.question import Questions
from lecture_lib.show import Group, line_chart

from .mutants import CAUSES, HIDDEN, Run, trained

RUNS = 8
OPTIONS = 5


@dataclass(frozen=True)
class Sign:
    """By what a cause is known.

    Attributes
    ----------
    fits
        whether a run shows it
    shows
        what a run with this cause shows, in a sentence
    here
        the numbers of a run that speak for it or against it, in half a sentence
    """

    fits: Callable[[Run], bool]
    shows: str
    here: Callable[[Run], str]


def _last_batches(run: Run) -> float:
    return float(np.mean(run.batch_losses[-10:]))


def _size(value: float) -> str:
    """A number as it is read beside a chart: two decimals, and two digits where it is huge."""
    return number(value) if abs(value) < 1000 else number(value, digits=2)


def _turns(run: Run) -> str:
    if run.moved == 0:
        return "no update moved anything"
    return f"the cosine between an update and the next is {number(run.same_way, 2)} in the mean"


def _course(run: Run) -> str:
    losses = run.train_losses
    ends = _size(losses[0]), _size(losses[-1])
    extremes = ("lowest", int(np.argmin(losses))), ("largest", int(np.argmax(losses)))
    between = [
        f"its {which} value is {_size(losses[step])}, after step {step}"
        for which, step in extremes
        if _size(losses[step]) not in ends
    ]
    said = f"the training loss goes from {ends[0]} to {ends[1]}"
    return f"{said}; on the way {', and '.join(between)}" if between else said


def _quiet(run: Run) -> bool:
    return max(run.train_losses) < 3 * run.train_losses[0]


SIGNS: Mapping[str, Sign] = dict(
    zip(
        CAUSES,
        (
            Sign(
                lambda run: not _quiet(run) and run.same_way < 0.3,
                "Too large a rate throws the parameters about: the loss shoots up, and an update does not"
                " point"
                " the way of the one before. It may come down again and stand still: a text for which no unit"
                " is on has the loss log 3, whatever the parameters are. A new text for which one is on may"
                " have a huge loss.",
                lambda run: (
                    f"the largest training loss is {_size(max(run.train_losses))}, at first it was"
                    f" {_size(run.train_losses[0])}; {_turns(run)}; at the end {run.on[1]} of {HIDDEN} units"
                    f" are on for some text, and the gradient is {_size(run.slopes[1])} long"
                ),
            ),
            Sign(
                lambda run: 0 < run.moved < 0.2 and run.slopes[1] > 0.3,
                "With too small a rate the parameters hardly move, though there is a gradient.",
                lambda run: (
                    f"the parameters moved by {_size(run.moved)} in all, and the gradient is"
                    f" {_size(run.slopes[1])} long at the end"
                ),
            ),
            Sign(
                lambda run: run.rises > 0.95 and min(run.train_losses) == run.train_losses[0],
                "With the wrong sign the loss grows from the first step on, and is never below its first"
                " value.",
                lambda run: f"{_course(run)}; it rose after {run.rises:.0%} of the steps",
            ),
            Sign(
                lambda run: (
                    min(run.train_losses) < 0.9 * run.train_losses[0]
                    and run.train_losses[-1] > run.train_losses[0]
                    and run.same_way > 0.5
                ),
                "With the gradient of the first place every update goes about the same way: the loss"
                " falls, and then rises without end.",
                lambda run: f"{_course(run)}; {_turns(run)}",
            ),
            Sign(
                lambda run: (
                    _last_batches(run) < 0.6 * run.train_losses[-1]
                    and run.same_way > 0.4
                    and run.train_losses[-1] < run.train_losses[0]
                ),
                "The same batch at every step is learnt by heart: its loss falls smoothly, and far below that"
                " of all training data. Fresh batches make the updates point here and there.",
                lambda run: (
                    f"the last ten batches have the mean loss {_size(_last_batches(run))}, all training"
                    f" data {_size(run.train_losses[-1])}; {_turns(run)}"
                ),
            ),
            Sign(
                lambda run: run.sizes[0] == 0,
                "If all parameters begin at 0, their length is 0 at first, no unit is on, and no gradient"
                " comes"
                " back.",
                lambda run: (
                    f"the parameters have the length {_size(run.sizes[0])} at first, and the gradient"
                    f" {_size(run.slopes[0])}"
                ),
            ),
            Sign(
                lambda run: run.on[0] == 0 and run.sizes[0] > 0,
                "Units that are dead from the start are on for no text, so no gradient comes back; yet the"
                " parameters are not 0.",
                lambda run: (
                    f"{run.on[0]} of {HIDDEN} units are on at first, the gradient is"
                    f" {_size(run.slopes[0])} long, and the parameters {_size(run.sizes[0])}"
                ),
            ),
            Sign(
                lambda run: (
                    run.dev_losses[-1] > 0.7
                    and run.train_losses[-1] < run.train_losses[0]
                    and run.moved > 1
                    and run.same_way < 0.3
                    and _quiet(run)
                ),
                "With labels of other texts training goes its way, but nothing is learnt that helps with new"
                " texts: the dev loss and the dev accuracy stay poor.",
                lambda run: (
                    f"the dev loss ends at {_size(run.dev_losses[-1])}, the dev accuracy is"
                    f" {run.dev_accuracy:.0%}; the training loss goes from {_size(run.train_losses[0])} to"
                    f" {_size(run.train_losses[-1])}"
                ),
            ),
            Sign(
                lambda run: run.dev_losses[-1] < 0.6 and run.same_way < 0.4 and _quiet(run),
                "A good run ends with a low loss on training and on new texts, and its updates point here and"
                " there, since each batch is a new one.",
                lambda run: (
                    f"the losses end at {_size(run.train_losses[-1])} and {_size(run.dev_losses[-1])},"
                    f" the dev accuracy is {run.dev_accuracy:.0%}; {_turns(run)}"
                ),
            ),
        ),
        strict=True,
    )
)
"""Cause -> by what it is known."""


def runs(seed: int) -> tuple[tuple[str, Run], ...]:
    """Eight of the nine causes in a random order, each with a run that shows it and no other.

    Parameters
    ----------
    seed : int
        another seed, other runs

    Examples
    --------
    >>> len(runs(1)), len({cause for cause, run in runs(1)})
    (8, 8)
    """
    return tuple(_drawn(seed, place) for place in range(RUNS))


@lru_cache(maxsize=64)
def _drawn(seed: int, place: int) -> tuple[str, Run]:
    """One of the eight: made when it is first looked at, so that the first picture need not wait for all."""
    cause = str(np.random.default_rng(seed).permutation(np.array(CAUSES))[place])
    rng = np.random.default_rng([seed, place])
    while True:
        run = trained(cause, int(rng.integers(1_000_000)))
        if [name for name, sign in SIGNS.items() if sign.fits(run)] == [cause]:
            return cause, run


# ------------------------------------------------------------------ to look at


def run_view(run: Run) -> Group:
    """A training run as curves and a few numbers.

    Returns
    -------
    Group
        a Text, the losses as a Picture, and a Table
    """
    losses = {
        "batch": run.batch_losses,
        "training data": run.train_losses,
        "dev": run.dev_losses,
    }
    words = f"{_course(run)}. The dev loss ends at {_size(run.dev_losses[-1])}."
    words = words[0].upper() + words[1:]
    rows = [
        ["loss on all training data", _size(run.train_losses[0]), _size(run.train_losses[-1])],
        ["loss on the development set", _size(run.dev_losses[0]), _size(run.dev_losses[-1])],
        ["mean loss of ten batches", _size(float(np.mean(run.batch_losses[:10]))), _size(_last_batches(run))],
        ["length of the gradient", _size(run.slopes[0]), _size(run.slopes[1])],
        ["length of all parameters", _size(run.sizes[0]), _size(run.sizes[1])],
        ["hidden units that are on for some text", *(f"{on} of {HIDDEN}" for on in run.on)],
        ["accuracy on all training data", "", f"{run.train_accuracy:.0%}"],
        ["accuracy on the development set", "", f"{run.dev_accuracy:.0%}"],
        ["how far the parameters moved in all", "", _size(run.moved)],
        ["steps after which the training loss was larger", "", f"{run.rises:.0%}"],
        ["mean cosine of an update and the next", "", number(run.same_way, 2) if run.moved else "none moved"],
    ]
    cell = 'style="padding:0.15em 1.2em 0.15em 0;text-align:left"'
    style = TableStyle('style="font-variant-numeric:tabular-nums;border-collapse:collapse"', cell=cell)
    table = Table("", ["", "at first", "at the end"], rows, style)
    return Group((Text(f"<p>{escape(words)}</p>", words), line_chart(losses), table))


def explore_runs(seed: int) -> Explorer:
    """Eight training runs to look at; `diagnose` with the same seed asks for their causes.

    Parameters
    ----------
    seed : int
        another seed, other runs
    """

    def view(run: int) -> Group:
        return run_view(_drawn(seed, run - 1)[1])

    return Explorer(view, [Choice("run", "run", range(1, RUNS + 1))], title="Eight training runs")


# ------------------------------------------------------------------ to answer


def diagnose(seed: int) -> Questions:
    """Ask for the cause of each of the eight runs; once committed to, every option is explained.

    Parameters
    ----------
    seed : int
        as for `explore_runs`
    """
    rng = np.random.default_rng([seed, 7])
    return Questions(
        "Diagnosis",
        tuple(
            _question(seed, place, cause, run, rng) for place, (cause, run) in enumerate(runs(seed), start=1)
        ),
    )


def _question(seed: int, place: int, cause: str, run: Run, rng: np.random.Generator) -> Question:
    others = [name for name in CAUSES if name != cause]
    offered = {cause, *rng.permutation(np.array(others))[: OPTIONS - 1].tolist()}
    names = [name for name in CAUSES if name in offered]
    return Question(
        f"07-diagnosis-{seed}-{place}",
        f"Run {place}: the training loss goes from {_size(run.train_losses[0])} to"
        f" {_size(run.train_losses[-1])}, the dev loss ends at {_size(run.dev_losses[-1])}. What is the"
        " cause?",
        tuple(Option(name[0].upper() + name[1:] + ".", _reason(name, run)) for name in names),
        right=names.index(cause),
        slide="",
    )


def _reason(name: str, run: Run) -> str:
    sign = SIGNS[name]
    return f"{sign.shows} Here {sign.here(run)}."
