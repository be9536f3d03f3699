"""The exercise `early_stopping`: which evaluation's parameters to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lecture_lib.exercises import (
    AnyArray,
    Case,
    Edit,
    Exercise,
    Misconception,
    Part,
    Quantity,
    RightAnswer,
    WantedNumber,
    mistakes,
)

RUNS_OUT, ENDS = "patience runs out", "the list ends first"


def _kept(dev_losses: Sequence[float], patience: int) -> tuple[int, bool]:
    """Which evaluation to keep, and whether patience ran out: by looking at every beginning of the list.

    Patience runs out at the first evaluation whose last `patience` losses bring no new best.
    """
    for end in range(1 + patience, len(dev_losses) + 1):
        if min(dev_losses[: end - patience]) <= min(dev_losses[end - patience : end]):
            earlier = list(dev_losses[: end - patience])
            return earlier.index(min(earlier)), True
    return list(dev_losses).index(min(dev_losses)), False


def _early_stopping_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(dev_losses: list[float], patience: int) -> Case:
        kept, ran_out = _kept(dev_losses, patience)
        return Case(
            {"dev_losses": dev_losses, "patience": patience},
            {"the evaluation": kept},
            parts=(RUNS_OUT if ran_out else ENDS,),
        )

    yield case([0.9, 0.7, 0.8, 0.85, 0.2], 2)
    yield case([0.9, 0.5, 0.6, 0.7, 0.65, 0.8, 0.6, 0.2], 2)
    yield case([0.9, 0.7, 0.8, 0.5, 0.6], 3)
    yield case([0.9, 0.6, 0.6, 0.5], 1)
    yield case([0.9, 0.8, 0.85, 0.7, 0.75, 0.72, 0.3], 2)
    yield case([0.9, 0.8, 0.85, 0.7, 0.75, 0.6, 0.65], 2)
    yield case([0.9, 0.614, 0.611, 0.7, 0.72], 2)
    yield case([38.0, 39.0, 26.0, 27.0, 14.0, 15.0, 16.0, 9.0], 2)
    yield case([0.7, 0.5, 1.2, 0.7, 0.4, 1.5], 2)
    yield case([0.4, 1.0, 0.7, 0.6, 0.3, 1.1, 1.3, 1.3, 1.2], 4)
    yield case([0.5, 0.6, 0.7, 0.8], 3)
    yield case([38.0, 26.0, 14.0], 1)  # a loss may well be above 1, and above 10
    yield case([0.7], 1)
    yield case([0.6, 1.7, 0.7, 0.8, 0.4, 1.5, 0.7, 0.3, 0.4, 0.3], 4)
    yield case([0.8, 0.6, 0.7, 0.6, 0.65, 0.3], 3)
    for patience in (1, 2, 2, 3, 3, 4):
        for ran_out in (True, False):
            while True:
                falling = np.linspace(0.5, 0.0, int(rng.integers(patience + 3, 12)))
                losses = np.round(0.3 + falling + rng.integers(0, 5, falling.size) / 10, 1).tolist()
                kept, out = _kept(losses, patience)
                if out is ran_out and kept > 0:
                    yield case(losses, patience)
                    break


EARLY_STOPPING = RightAnswer(
    "early_stopping",
    """
    def early_stopping(dev_losses, patience):
        best = 0
        waited = 0
        for evaluation in range(1, len(dev_losses)):
            if dev_losses[evaluation] < dev_losses[best]:
                best = evaluation
                waited = 0
            else:
                waited += 1
            if waited == patience:
                return best
        return best
    """,
)
_BETTER = "dev_losses[evaluation] < dev_losses[best]"
_ROSE = "dev_losses[evaluation] > dev_losses[evaluation - 1]"
_FIRST_LINE = "def early_stopping(dev_losses, patience):"
_OUT, _HERE, _LAST = "waited == patience", "patience:\n            return best", "\n    return best"
_BACK = "best = evaluation\n            waited = 0"


def _made_of_the_place(result: str) -> dict[str, str]:
    """What is done with the place at the very end, whatever else is wrong."""
    return {
        _FIRST_LINE: f"{_FIRST_LINE}\n    best = _place(dev_losses, patience)\n    return {result}\n\n"
        "def _place(dev_losses, patience):"
    }


EARLY_STOPPING_MISTAKES = (
    Edit("patience one too long", ({_OUT: "waited > patience"}, {_OUT: "waited == patience + 1"}),
         "You wait for one evaluation more than patience allows. With patience 1, how many evaluations"
         " without a new best are too many?"),
    Edit("patience one too short", ({_OUT: "waited == patience - 1 and waited > 0"},
                                    {_OUT: "waited + 1 >= patience"},
                                    {_OUT: "waited >= patience - 1"}, {_OUT: "waited + 1 == patience"},
                                    {_OUT: "waited >= max(patience - 1, 1)"}),
         "You stop one evaluation earlier than patience allows. With patience 2, how many evaluations"
         " without a new best are too many? Does the best one itself count?"),
    Edit("the counter is never set back", {_BACK: "best = evaluation"},
         "All evaluations without a new best are counted together, from the start. They should be in a row:"
         " what happens to the count when a new best comes?"),
    Edit("last step", {_HERE: "patience:\n            return len(dev_losses) - 1",
                       _LAST: "\n    return len(dev_losses) - 1"},
         "This is the last evaluation of the list, for every list. Which one's parameters are worth"
         " keeping?", whole=True),
    Edit("where it stopped, not the best", (
        {_HERE: "patience:\n            return evaluation"},
        {_HERE: "patience:\n            return evaluation", _LAST: "\n    return len(dev_losses) - 1"},
        {_HERE: "patience:\n            return evaluation", _LAST: "\n    return evaluation"},
    ),
         "You give the evaluation at which training stops. By then the model has been getting worse for a"
         " while: whose parameters does one go back to?", whole=True),
    Edit("the loss where it stopped", (
        {_HERE: "patience:\n            return dev_losses[evaluation]",
         _LAST: "\n    return dev_losses[-1]"},
        {_HERE: "patience:\n            return dev_losses[evaluation]",
         _LAST: "\n    return dev_losses[best]"},
    ),
         "You give the loss where training ends. A number of an evaluation is asked, and that of the best"
         " one: which two things can be remembered when a new best comes?", whole=True),
    Edit("counted from the end", _made_of_the_place("len(dev_losses) - 1 - patience"),
         "You go back by patience from the end of every list, whatever the losses are. Where does training"
         " end, and what if nothing better comes for a while?", whole=True),
    Edit("one after the best where patience runs out",
         {_HERE: "patience:\n            return evaluation - patience + 1"},
         "Where patience runs out, you give the evaluation after the best one. How far back from there does"
         " the best one lie?"),
    Edit("at the end the last one", {_LAST: "\n    return len(dev_losses) - 1"},
         "When patience does not run out, you give the last evaluation. Is it the best one, whenever the list"
         " ends?"),
    Edit("counts rises in a row", tuple(
        {_BETTER: "dev_losses[evaluation] <= dev_losses[evaluation - 1]",
         "best = evaluation\n            waited = 0": "waited = 0",
         _HERE: f"patience:\n            return {kept}", _LAST: f"\n    return {last}"}
        for kept in ("evaluation - patience", "evaluation", "int(np.argmin(dev_losses[: evaluation + 1]))")
        for last in ("len(dev_losses) - 1", "dev_losses.index(min(dev_losses))")
    ),
         "You look for rises in a row, as in the worked example. Patience counts"
         " evaluations without a new best: with which loss is each one compared?", alone=True),
    Edit("global minimum though training had stopped", (
        {_OUT: "False", _LAST: "\n    return (best)"},  # nothing else is returned where it ends
        {_OUT: "False", _LAST: "\n    return (best)", _BETTER: "dev_losses[evaluation] <= dev_losses[best]"},
    ),
         "You take the lowest loss of the whole list. Where patience has run out, training is over: has"
         " anybody seen the losses that would have come later?"),
    Edit("a return inside the loop", {"waited += 1\n        if waited == patience:\n            return best"
                                      "\n    return best": "waited += 1\n        return best"},
         "Your function ends in the first turn of its loop, whatever patience is: a return outside of every"
         " if ends it. Where should that return stand, so that the whole list is looked at?"),
    Edit("a tie counts as better", {_BETTER: "dev_losses[evaluation] <= dev_losses[best]"},
         "A loss that is as low as the best one so far counts as a new best in your answer. Is it lower?"),
    Edit("losses rounded",
         tuple({_BETTER: f"round(dev_losses[evaluation], {k}) < round(dev_losses[best], {k})"}
               for k in (1, 2)),
         "A new best that is lower by a few thousandths does not count in your answer. Are the losses rounded"
         " before they are compared?"),
    Edit("the counter stays at 1", {"waited += 1": "waited = 1"},
         "Your count of evaluations without a new best never goes beyond 1. Which line should make it grow?"),
    Edit("the evaluation after the best", _made_of_the_place("best + 1"),
         "Your number is one more than that of the best evaluation. From which number are the entries of a"
         " list counted?"),
    Edit("a number for the first best loss", {
        _BETTER: "dev_losses[evaluation] < min([1.0, *dev_losses[:evaluation]])",
        "range(1, len": "range(len", _OUT: "waited >= patience"},
         "Where all losses are large you find no best one: your search begins with a number of its own, and"
         " no loss is below it. With which loss can it begin?"),
    Edit("the evaluation before the best", (_made_of_the_place("best - 1"),
                                            _made_of_the_place("max(best - 1, 0)")),
         "Your number is one less than that of the best evaluation. From which number are the entries of a"
         " list counted, and from which does your loop begin?"),
    Edit("any fall sets the counter back", (
        {"else:\n            waited += 1": "elif dev_losses[evaluation] < dev_losses[evaluation - 1]:\n"
                                          "            waited = 0\n        else:\n            waited += 1"},
    ),
         "A loss that is lower than the one before sets your count back, even when it is no new best. With"
         " what is a loss to be compared?"),
    Edit("compared with the one before", (
        {_BETTER: "dev_losses[evaluation] < dev_losses[evaluation - 1]"},
        {_BETTER: "dev_losses[evaluation] <= dev_losses[evaluation - 1]"},
    ),
         "You compare a loss with the one before it. After 0.5, 0.9, is 0.8 a new best? With which one is it"
         " to be compared?"),
    Edit("the largest loss", {_BETTER: "dev_losses[evaluation] > dev_losses[best]"},
         "You keep the evaluation with a large loss. Is a large dev loss good or bad?"),
    Edit("compared with the first", {_BETTER: "dev_losses[evaluation] < dev_losses[0]"},
         "You compare each loss with the first of the list. With which one is it to be compared, once a"
         " better"
         " one has been found?"),
    Edit("the first rise ends it", ({_OUT: "waited == 1"}, {_OUT: "waited > 0"}),
         "The first evaluation without a new best ends it, whatever patience is. How many in a row may there"
         " be?"),
    Edit("a loss above the one before ends it", (
        {f"if {_OUT}:\n            return best": f"if {_ROSE}:\n            return evaluation - 1",
         _LAST: "\n    return len(dev_losses) - 1"},
        {_OUT: _ROSE},
    ),
         "The first loss above the one before ends it, whatever patience is. How many evaluations in a row"
         " may be no new best?"),
    Edit("the first counts as no new best", {"waited = 0\n    for": "waited = 1\n    if waited == patience:\n"
                                             "        return best\n    for"},
         "Your count stands at 1 before the second loss is looked at: the first one counts as an evaluation"
         " without a new best. Is it one?"),
    Edit("patience from the start", ({_OUT: "evaluation == patience"}, {_OUT: "evaluation + 1 == patience"},
                                     {_OUT: "evaluation > patience"},
                                     *(_made_of_the_place(f"int(np.argmin(dev_losses[:{end}]))")
                                       for end in ("patience", "patience + 1"))),
         "You look at a beginning of the list that is as long as patience says, whatever the losses are."
         " What is it that patience counts?"),
    Edit("the loss, not its place", _made_of_the_place("dev_losses[best]"),
         "You give the loss itself. Which evaluation it was is asked: what do you remember beside the lowest"
         " loss?"),
    Edit("the count, not the place", ({_HERE: "patience:\n            return waited",
                                      _LAST: "\n    return waited"},),
         "You give how many evaluations were waited for. Which evaluation was the best one?"),
    Edit("whether it stops", ({_HERE: "patience:\n            return True", _LAST: "\n    return False"},),
         "You say whether patience ran out. Which evaluation's parameters are to be kept?"),
    Edit("one before the best where patience runs out",
         {_HERE: "patience:\n            return evaluation - patience - 1"},
         "Where patience runs out, you give the evaluation before the best one. How far back from there does"
         " the best one lie?"),
    Edit("behind the end when the list ends", {_LAST: "\n    return len(dev_losses)"},
         "When patience does not run out, you give the length of the list. Which evaluation is to be kept,"
         " and is there one with that number?"),
    Edit("minus one when the list ends", {_LAST: "\n    return -1"},
         "When patience does not run out, you give -1. What is to be kept when the list ends first?"),
    Edit("patience taken away when the list ends", {_LAST: "\n    return len(dev_losses) - 1 - patience"},
         "When patience does not run out, you go back by patience from the last evaluation. How many"
         " evaluations have passed since the best one then?"),
    Edit("the first when the list ends", {_LAST: "\n    return 0"},
         "When patience does not run out, you give 0. Is the first evaluation the best one?"),
    Edit("always the first", {_HERE: "patience:\n            return 0", _LAST: "\n    return 0"},
         "This is 0 for every list: the first evaluation. Does a return stand inside the loop, or is the best"
         " one never changed?", whole=True),
    Edit("beyond the end", {"range(1, len(dev_losses))": "range(1, len(dev_losses) + 1)"},
         "You ask for an entry behind the last one. Which is the last number of a list of five?"),
    Edit("the losses as numbers of entries",
        {"for evaluation in range(1, len(dev_losses)):": "for evaluation in dev_losses:"},
         "A loop such as `for loss in dev_losses` hands out the losses themselves, and a loss is no place in"
         " a list. What hands out the places, or both at once?"),
    Edit("the last entry is not looked at", {"range(1, len(dev_losses))": "range(1, len(dev_losses) - 1)"},
         "Your loop ends one evaluation too early. Which numbers does range(1, 4) give?"),
    Edit("the place and the loss", _made_of_the_place("best, dev_losses[best]"),
         "A comma in the return hands back several things. Which one is asked?"),
)  # fmt: skip


def _of_an_array(dev_losses: list[float], patience: int) -> object:
    losses: AnyArray = dev_losses  # pyright: ignore[reportAssignmentType]
    return losses.argmin()


early_stopping_exercise = Exercise(
    id="early_stopping",
    lesson="07",
    slide="Stopping Criteria",
    functions=("early_stopping",),
    signature=("dev_losses", "patience"),
    quantities=(Quantity("the evaluation", None, WantedNumber(1e-9, absolute=True, whole=True)),),
    parts=(Part(RUNS_OUT, 1, ("the evaluation",)), Part(ENDS, 1, ("the evaluation",))),
    cases=_early_stopping_cases,
    hints=(
        "dev_losses = [0.9, 0.7, 0.8, 0.85, 0.2] and patience = 2. At which evaluation does training end? Has"
        " anybody seen the 0.2 by then? Which parameters are kept?",
        "Go through the list once and remember two things: the place of the best loss so far, and how many"
        " evaluations have passed since. What happens to each of them when a new best comes?",
        "In the loop: if this loss is lower than the best one, its place is the new best, and the count"
        " begins again; otherwise count one more. Once the count has reached patience, leave. Whichever way"
        " the loop ends, the place of the best is handed back.",
    ),
    twin="longest_rise, which counts in a row, before the exercise",
    misconceptions=(
        *mistakes(EARLY_STOPPING, EARLY_STOPPING_MISTAKES),
        Misconception(
            "argmin of a list",
            "A list has no argmin; NumPy has it as a function. And training may be over before the lowest"
            " loss"
            " of the list is seen: which losses may you look at?",
            (_of_an_array,),
        ),
    ),
)
