"""The exercise `select_best`: the configuration that the development set prefers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np

from lecture_lib.exercises import (
    Case,
    Edit,
    Exercise,
    Part,
    Plain,
    Quantity,
    RightAnswer,
    WantedOther,
    alike,
    describe,
    mistakes,
    short,
)
from lecture_lib.exercises.plain import Key

Result = dict[str, Any]
Config = dict[Key, Plain]

ALONE, TIED = "one has the best dev accuracy", "several have the best dev accuracy"


def _result(depth: int, rate: float, dev: float, loss: float, test: float) -> Result:
    config = {"depth": depth, "learning_rate": rate}
    return {"config": config, "dev_accuracy": dev, "test_accuracy": test, "dev_loss": loss}


def _select_best_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    """Each case is made around its winner, so that nobody has to look for it."""

    def case(results: Sequence[Result], winner: Result, tied: bool, or_else: Result | None = None) -> Case:
        return Case(
            {"results": list(results)},
            {
                "the config": {
                    "config": winner["config"],
                    "or else": (or_else or winner)["config"],
                    "results": results,
                }
            },
            parts=(TIED if tied else ALONE,),
        )

    first = _result(2, 0.01, 0.9, 0.3, 0.95)
    second = _result(3, 0.01, 0.92, 0.4, 0.85)
    third = _result(2, 0.001, 0.91, 0.3, 0.9)
    yield case([first, second, third], second, tied=False)
    third = _result(2, 0.001, 0.92, 0.2, 0.8)
    yield case([first, second, third], third, tied=True)
    first = _result(2, 0.01, 0.915, 0.3, 0.95)  # both beat it, by little, and it has the smallest loss
    third = _result(4, 0.1, 0.92, 0.35, 0.8)
    yield case([first, second, third], third, tied=True)
    # Wholly equal on dev: the first and the last do, and the test set would take one between them.
    for tests in ((0.85, 0.95, 0.8, 0.9), (0.89, 0.93, 0.86, 0.9), (0.8, 0.9, 0.85, 0.92, 0.95, 0.84)):
        equals = [_result(2 + k, 0.01, 0.92, 0.3, test) for k, test in enumerate(tests)]
        yield case(equals, equals[0], tied=True, or_else=equals[-1])
    for tied in (False, True, False, True, False, True):
        winner, others = _drawn(rng, tied)
        place = int(rng.integers(0, len(others) + 1))
        yield case([*others[:place], winner, *others[place:]], winner, tied)
    for tied in (False, True):  # these settle that it is not always the first, nor always the last
        winner, others = _drawn(rng, tied)
        yield case([winner, *others], winner, tied)
        winner, others = _drawn(rng, tied)
        yield case([*others, winner], winner, tied)


_OTHERS = (
    (-70, 60, 0.21),  # best on test, and of the smallest loss
    (-12, 40, 0.22),  # best where dev and test are averaged, and where the loss is taken from the accuracy
    (-100, 35, 0.60),  # the largest loss
    (-12, 10, 0.58),  # the largest sum of accuracy and loss
    (-1, 5, 0.30),  # as accurate where accuracies are rounded
    (-130, -5, 0.50),  # the lowest accuracy
)
"""Of those that the winner beats: right answers on dev and on test, compared with its own, and the loss."""
_EQUALS = ((0, 15, 0.45), (0, -10, 0.50))
"""Of those that equal it on dev, the same: one is better on test, one has the larger loss."""


def _drawn(rng: np.random.Generator, tied: bool) -> tuple[Result, list[Result]]:
    """Draw a winner, and in any order those that another way to choose would prefer."""
    rivals = [*_OTHERS, *(_EQUALS if tied else ())]
    configs = [(depth, rate) for depth in (2, 3, 4) for rate in (0.1, 0.01, 0.001)]
    chosen = [int(k) for k in rng.permutation(len(configs))]
    on_dev, on_test = 8 * int(rng.integers(92, 95)) + 3, int(rng.integers(690, 720))
    shift = int(rng.integers(0, 6)) / 100
    results: list[Result] = []
    for k, (dev, test, loss) in zip(chosen, [(0, 0, 0.4), *rivals], strict=False):
        depth, rate = configs[k]
        right = (on_dev + dev) / 800, (on_test + test) / 806
        results.append(_result(depth, rate, right[0], round(loss + shift, 2), right[1]))
    return results[0], [results[1 + k] for k in rng.permutation(len(rivals))]


def _config_fault(value: Plain, expected: Mapping[str, Any]) -> str | None:
    wanted: Config = expected["config"]
    if not isinstance(value, dict):
        return f"what came is {_said(value)}; the config of one result was expected, a dict"
    if "config" in value:
        return "what came is a whole result; the config in it was expected"
    if alike(value, wanted, 1e-9) or alike(value, expected["or else"], 1e-9):
        return None
    found = next(
        (one for one in cast("Sequence[Result]", expected["results"]) if alike(value, one["config"], 1e-9)),
        None,
    )
    if found is None:
        return f"{short(value, 100)} is no result's config; {short(wanted)} was expected"
    if wanted != expected["or else"]:
        return (
            f"{_line(found)}, where all are equal on dev; one that takes the first or the last of these was"
            " expected, for nothing but the order in the list is left to choose by"
        )
    right = next(one for one in expected["results"] if one["config"] == wanted)
    return f"{_line(found)}; {_line(right)} was expected"


def _said(value: Plain) -> str:
    kind, seen = describe(value), short(value, 60)
    return kind if seen == kind else f"{seen}, {kind}"


def _line(result: Result) -> str:
    numbers = f"dev accuracy {result['dev_accuracy']:.2%} and dev loss {result['dev_loss']:.2f}"
    return f"{short(cast('Config', result['config']), 80)} with {numbers}"


SELECT_BEST = RightAnswer(
    "select_best",
    """
    def select_best(results):
        def rank(result):
            return (-result["dev_accuracy"], result["dev_loss"])
        best = min(results, key=rank)
        return best["config"]
    """,
)
_RANK, _BEST, _RETURN = (
    'return (-result["dev_accuracy"], result["dev_loss"])',
    "best = min(results, key=rank)",
    'return best["config"]',
)


def _ranked(rank: str) -> dict[str, str]:
    return {_RANK: f"return {rank}"}


def _loop(*lines: str) -> dict[str, str]:
    """Find the best in a loop, from the first on; these lines stand within it."""
    head = "best = results[0]\n    for result in results[1:]:\n        "
    return {_BEST: head + "\n        ".join(lines)}


def _best_so_far(when_equal: str) -> dict[str, str]:
    """Find the best in a loop that keeps its numbers by themselves; the loss only of those that are equal."""
    return {
        _BEST: f"""best, top, least = results[0], -1.0, float("inf")
    for result in results:
        accuracy, loss = result["dev_accuracy"], result["dev_loss"]
        if accuracy > top:
            top, best = accuracy, result
        {when_equal}
            least, best = loss, result"""
    }


_ACCURACY, _LOSS, _TEST = 'result["dev_accuracy"]', 'result["dev_loss"]', 'result["test_accuracy"]'
_BEST_ACCURACY, _BEST_LOSS = 'best["dev_accuracy"]', 'best["dev_loss"]'
SELECT_BEST_MISTAKES = (
    Edit("picks by test", (
        _ranked(f"(-{_TEST}, {_LOSS})"),
        _ranked(f"(-{_TEST}, -{_ACCURACY})"),
    ),
         "You chose by the test accuracy. What is the test set worth afterwards, once it has been used to"
         " choose? Which data may decide here?"),
    Edit("dev and test averaged", (
        _ranked(f"(-({_ACCURACY} + {_TEST}), {_LOSS})"),
        _ranked(f"-({_ACCURACY} + {_TEST}) / 2"),
    ),
         "The test accuracy is a part of your choice, beside that of dev. Which data may decide, and what"
         " must still be unseen when the choice is made?"),
    Edit("test for ties", (
        _ranked(f"(-{_ACCURACY}, -{_TEST})"),
        _ranked(f"(-{_ACCURACY}, -{_TEST}, {_LOSS})"),
        _ranked(f"(-{_ACCURACY}, {_LOSS}, -{_TEST})"),
        _ranked(f"(-{_ACCURACY}, {_LOSS}, {_TEST})"),
    ),
         "Among models that are equal on dev you choose by the test accuracy. May the test set take part in a"
         " choice at all? Of equals the smaller dev loss decides, and where that is equal too, the first may"
         " be taken."),
    Edit("smallest accuracy", (
        _ranked(f"({_ACCURACY}, {_LOSS})"),
        _ranked(f"({_ACCURACY}, -{_LOSS})"),
        _ranked(_ACCURACY),
    ),
         "You chose the lowest dev accuracy. min and sorted put the smallest number first. Is that the best"
         " model here?"),
    Edit("ignores ties", (
        _ranked(f"-{_ACCURACY}"),
        {_BEST: "best = max(reversed(results), key=lambda result: result[\"dev_accuracy\"])"},
    ),
         "The dev accuracy alone decides in yours. Where two are equal, the order in the list decides"
         " then. Which number tells the two apart?"),
    Edit("larger loss wins ties", _ranked(f"(-{_ACCURACY}, -{_LOSS})"),
         "Of equals you take the one with the larger dev loss. With max of a pair, both numbers should be"
         " large to win. Should the loss be large?"),
    Edit("loss alone", _ranked(_LOSS),
         "You chose the smallest dev loss, whatever the accuracy is. Which of the two numbers comes first,"
         " and when is the other one asked?"),
    Edit("loss first", _ranked(f"({_LOSS}, -{_ACCURACY})"),
         "You compare the dev losses first, so the accuracy hardly ever has a say. Which of the two numbers"
         " comes first in a pair?"),
    Edit("largest loss", (_ranked(f"-{_LOSS}"), _ranked(f"(-{_LOSS}, -{_ACCURACY})")),
         "You chose the largest dev loss. Is a large loss good or bad? And which number decides first?"),
    Edit("accuracy and loss in one number", (
        _ranked(f"-({_ACCURACY} - {_LOSS})"),
        _ranked(f"-({_ACCURACY} + {_LOSS})"),
        _ranked(f"-({_ACCURACY} / {_LOSS})"),
        _ranked(f"-({_ACCURACY} * {_LOSS})"),
    ),
         "You made one number of accuracy and loss. So a small loss can make up for a lower accuracy. When"
         " only is the loss to be looked at?"),
    Edit("distance of dev and test", (
        _ranked(f"abs({_ACCURACY} - {_TEST})"),
        _ranked(f"-abs({_ACCURACY} - {_TEST})"),
        _ranked(f"{_ACCURACY} - {_TEST}"),
    ),
         "You chose by the difference of dev and test accuracy. Can a bad model have a small one? And may"
         " the test set take part in the choice?"),
    Edit("returns the whole result", {_RETURN: "return best"},
         "The choice may be right, but you return the accuracies and the loss with it. Which entry of the"
         " result is asked?"),
    Edit("returns a number", (
        {_RETURN: f"return {_BEST_ACCURACY}"},
        {_RETURN: f"return {_BEST_LOSS}"},
        {_RETURN: 'return best["test_accuracy"]'},
        {_RETURN: "return results.index(best)"},
        {_RETURN: 'return int(np.argmax([result["dev_accuracy"] for result in results]))'},
        {_RETURN: 'return int(np.argmin([result["dev_loss"] for result in results]))'},
    ),
         "A number came: how good the best one is, or where it stands. Someone wants to train that model"
         " once more. What do they need to know?"),
    Edit("several configs", (
        {_RETURN: f"return [r[\"config\"] for r in results if r[\"dev_accuracy\"] == {_BEST_ACCURACY}]"},
        {_RETURN: 'return [best["config"]]'},
        {_RETURN: 'return [result["config"] for result in results]'},
        {_RETURN: 'return [result["config"] for result in sorted(results, key=rank)]'},
    ),
         "You return a list. One config is asked. If there are several in it: which number decides between"
         " them?"),
    Edit("config and more", (
        {_RETURN: f'return best["config"], {_BEST_ACCURACY}'},
        {_RETURN: f'return best["config"], {_BEST_LOSS}'},
        {_RETURN: f'return best["config"], {_BEST_ACCURACY}, {_BEST_LOSS}'},
        {_RETURN: f'return {_BEST_ACCURACY}, best["config"]'},
        {_RETURN: f'return {_BEST_ACCURACY}, -{_BEST_LOSS}, best["config"]'},
    ),
         "You return the config and something more, so a tuple. What exactly is asked?"),
    Edit("values of the config", (
        {_RETURN: 'return list(best["config"].values())'},
        {_RETURN: 'return str(best["config"])'},
        {_RETURN: 'return list(best["config"])'},
        {_RETURN: 'return list(best["config"].items())'},
    ),
         "The config was taken apart, or made into a text. It is a dict in the result: can it be returned"
         " as it is?"),
    Edit("always the first", {_RETURN: 'return results[0]["config"]'},
         "You return the first config every time. Is there a return inside a loop? Or a comparison that is"
         " never true?"),
    Edit("always the last", {_RETURN: 'return results[-1]["config"]'},
         "You return the last config every time. In a loop: what is each result compared with, and is that"
         " number brought up to date when a better one comes?"),
    Edit("returns within the loop", tuple(
        _loop(f"if {better}:", *then)
        for better in (f"{_ACCURACY} > {_BEST_ACCURACY}", "rank(result) < rank(best)")
        for then in (("    best = result", _RETURN), ('    return result["config"]',))
    ),
         "Your function ends before all results have been looked at: a return ends the loop, too. How far to"
         " the left must it stand, so that it comes after the last turn?"),
    Edit("compared with the one before", (
        {_BEST: "best = results[0]\n    for before, result in zip(results, results[1:]):\n"
                f"        if {_ACCURACY} > before[\"dev_accuracy\"]:\n            best = result"},
        {_BEST: "best = results[0]\n    for before, result in zip(results, results[1:]):\n"
                f"        if {_ACCURACY} >= before[\"dev_accuracy\"]:\n            best = result"},
    ),
         "Each result is compared with the one before it. The last one that is better than its neighbour"
         " wins, even if an earlier one is better still. With which one should it be compared?"),
    Edit("both must be better", (
        _loop(f"if {_ACCURACY} > {_BEST_ACCURACY} and {_LOSS} < {_BEST_LOSS}:", "    best = result"),
        _loop(f"if {_ACCURACY} >= {_BEST_ACCURACY} and {_LOSS} < {_BEST_LOSS}:", "    best = result"),
        _loop(f"if {_ACCURACY} >= {_BEST_ACCURACY} and {_LOSS} <= {_BEST_LOSS}:", "    best = result"),
    ),
         "In yours a result wins only if its loss is smaller as well. What if the accuracy is higher and"
         " the loss larger?"),
    Edit("one of both is enough", (
        _loop(f"if {_ACCURACY} > {_BEST_ACCURACY} or {_LOSS} < {_BEST_LOSS}:", "    best = result"),
        _loop(
            f"if {_ACCURACY} > {_BEST_ACCURACY}:",
            "    best = result",
            f"elif {_LOSS} < {_BEST_LOSS}:",
            "    best = result",
        ),
        _loop(
            f"if {_ACCURACY} > {_BEST_ACCURACY}:",
            "    best = result",
            f"if {_LOSS} < {_BEST_LOSS}:",
            "    best = result",
        ),
    ),
         "In yours a smaller loss is enough to win, even with a lower accuracy. Between which results only"
         " may the loss decide?"),
    Edit("the loss of another one", (
        _best_so_far("elif accuracy == top and loss < least:"),
        _best_so_far("if accuracy == top and loss < least:"),
    ),
         "Where a better accuracy comes, the loss that you compare with later may not be that of the result"
         " you keep. Which numbers must be kept together?"),
    Edit("one end not looked at", ({_BEST: "best = min(results[:-1] or results, key=rank)"},
                                   {_BEST: "best = min(results[1:] or results, key=rank)"}),
         "The first or the last result is never looked at. Where does your loop or slice begin and end?"),
    Edit("rounded accuracy, without the loss",
         {_BEST: f"best = max(results, key=lambda result: round({_ACCURACY}, 2))"},
         "The accuracies were rounded before you compared them, and the first of those that look equal then"
         " wins. How large is the difference that one text of 800 makes?"),
    Edit("rounded accuracy", (
        _ranked(f"(-round({_ACCURACY}, 1), {_LOSS})"),
        _ranked(f"(-round({_ACCURACY}, 2), {_LOSS})"),
        _ranked(f"(-round({_ACCURACY} * 100), {_LOSS})"),
        _ranked(f"(-int({_ACCURACY} * 100), {_LOSS})"),
    ),
         "The accuracies were rounded before you compared them, so that some became equal that are not. How"
         " large is the difference that one text of 800 makes?"),
    Edit("no name like this", (
        _ranked('-result["accuracy"]'),
        _ranked('-result["dev_acc"]'),
        _ranked('-result["acc"]'),
        _ranked(f'(-{_ACCURACY}, result["loss"])'),
        {_RETURN: 'return best["configuration"]'},
        {_RETURN: 'return best["configs"]'},
    ),
         "A result has no entry of that name. Which four names are said to be in it?"),
    Edit("a dot for a key", (_ranked("-result.dev_accuracy"), {_RETURN: "return best.config"}),
         "Each result is a dict, and so is its config. After which name does your dot stand, and which entry"
         " of that dict is meant?"),
    Edit("a list asked for a name", (
        {_BEST: 'best = max(results["dev_accuracy"])'},
        {_BEST: 'best = results["config"]'},
    ),
         "results is a list, and you asked it for a name. Which of its entries do you mean, and what goes"
         " through them one by one?"),
    Edit("dicts compared", (
        {_BEST: "best = max(results)"},
        {_BEST: "best = min(results)"},
        {_BEST: "best = sorted(results)[0]"},
    ),
         "Here max, min or sorted comes to compare two dicts. By which numbers are results to be compared?"
         " Their argument key takes a function that gives these."),
    Edit("a config as a key", {_BEST: 'best = {r["config"]: r["dev_accuracy"] for r in results}'},
         "A dict such as the config cannot be a key of another dict. Is a dict needed at all? The config"
         " stands beside its accuracy already: in what?"),
    Edit("changes what was handed in", (
        {_BEST: "results.sort(key=rank)\n    best = results[0]"},
        {_BEST: "results.sort(key=rank, reverse=True)\n    best = results[-1]"},
        {_BEST: "results.sort(key=lambda r: (r['dev_accuracy'], -r['dev_loss']))\n    best = results[-1]"},
        {_RETURN: 'return best.pop("config")'},
    ),
         "sort changes the order of the very list that was handed in, and pop takes something out of it."
         " Which functions leave all of it as it is, and give a new list, or the best one at once?"),
)  # fmt: skip

best_on_dev = Exercise(
    id="select_best",
    lesson="09",
    slide="Model Selection on the Dev Set",
    functions=("select_best",),
    signature=("results",),
    quantities=(Quantity("the config", None, WantedOther(_config_fault)),),
    parts=(Part(ALONE, 1, ("the config",)), Part(TIED, 1, ("the config",))),
    cases=_select_best_cases,
    hints=(
        "Take it in two questions. Which result has the highest dev accuracy? And if two have it, what does"
        " the text say of the other number?",
        "Python's min and max take key=, a function that says by what each entry is compared. It may return"
        " a pair: then the first numbers are compared, and the second ones only where the first are equal.",
        "One of the two numbers should be large, the other small. A minus turns large into small. Choose"
        " with min or max accordingly, and take the config out of what you get.",
    ),
    twin="the rider of the fewest faults, before the exercise",
    misconceptions=mistakes(SELECT_BEST, SELECT_BEST_MISTAKES),
)
