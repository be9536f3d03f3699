"""The exercise `gradient_descent`: the loop of the slide, with a criterion to stop."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.exercises import (
    Edit,
    Exercise,
    Misconception,
    Part,
    Plain,
    Quantity,
    RightAnswer,
    WantedArray,
    WantedOther,
    mistakes,
)

from .descents_tried import ASKED, KEPT, STEPS, STOPS, descents

GRADIENT_DESCENT = RightAnswer(
    "gradient_descent",
    """
    def gradient_descent(gradient, theta0, learning_rate, stop, max_steps):
        theta = theta0
        for step in range(1, max_steps + 1):
            before = theta
            slope = gradient(before)
            theta = before - learning_rate * slope
            if stop(before, theta, step):
                return theta
        return theta
    """,
)
_START, _LOOP = "theta = theta0", "for step in range(1, max_steps + 1):"
_SLOPE, _UPDATE = "slope = gradient(before)", "theta = before - learning_rate * slope"
_ASK, _BACK = "if stop(before, theta, step):", "step):\n            return theta"
_IF, _END = "if stop(before, theta, step):\n            return theta", "\n    return theta"
_CALL = "stop(before, theta, step)"
_IN_PLACE = "theta -= learning_rate * slope"
MISTAKES = (
    Edit("a step too few", ({_LOOP: "for step in range(1, max_steps):"},
                            {_LOOP: "for step in range(0, max_steps - (1)):"}),
         "When nothing stops it, your function makes one step less than max_steps. Which numbers does"
         " range(1, 4) give?"),
    Edit("returns theta before the last update", (
        {_BACK: "step):\n            return before"},
        {_BACK: "step):\n            return before", _END: "\n    return before"},
        {_END: "\n    return before"},
    ),
         "The update that was made last is lost: what you return is one step old. Which of the two, θ before"
         " the update or after it, did the criterion find good enough?"),
    Edit("gradient always at theta0", (
        {_SLOPE: "slope = gradient(theta0)"},
        {_START: "theta = theta0\n    first = gradient(theta0)", _SLOPE: "slope = first"},
    ),
         "Every one of your steps has the gradient of the first place, however far θ has gone. Where does"
         " θ stand when the second gradient is taken?"),
    Edit("starts from theta0 at every step", (
        {_UPDATE: "theta = theta0 - learning_rate * slope"},
        {_SLOPE: "slope = gradient(theta0)", _UPDATE: "theta = theta0 - learning_rate * slope"},
    ),
         "Each of your steps begins at theta0 again, so the way that was already made is forgotten. Where"
         " does step 2 begin?"),
    Edit("a step too many", ({_LOOP: "for step in range(1, max_steps + 2):"},
                             {_LOOP: "for step in range(max_steps + 1):"}),
         "When nothing stops it, your function makes one step more than max_steps. How many turns does the"
         " loop make if max_steps is 1?", entire=True),
    Edit("steps counted from 0", {_LOOP: "for step in range(max_steps):"},
         "The number that you hand to stop is 0 after the first update. From which number are the steps to"
         " be counted?"),
    Edit("steps counted from 2", {_CALL: "stop(before, theta, step + 1)"},
         "The number that you hand to stop is 2 after the first update. Is it counted up before stop is"
         " asked?"),
    Edit("changes theta0", (
        {"before = theta\n": "before = theta.copy()\n", _UPDATE: _IN_PLACE},
        {"before = theta\n": "before = theta.copy()\n", _SLOPE: "slope = gradient(theta)",
         _UPDATE: _IN_PLACE},
    ),
         "theta0 was changed: -= writes into the very array that was handed in. What makes a new"
         " array instead?"),
    Edit("never asks stop", ({_ASK: "if False:"}, {_ASK: f"{_CALL}\n        if False:"}),
         "Your steps go on up to max_steps, whatever stop says. What should happen in the loop when it says"
         " True?"),
    Edit("one step alone", ({_IF: "return theta"}, {_ASK: "if stop:"},
                            {_ASK: f"{_CALL}\n        if True:"},
                            {_BACK: "step):\n            return before", _END: "\n        return theta"},
                            {_END: "\n        return before"}),
         "Your function ends after one step, whatever stop says and however large max_steps is. What stands"
         " under the if? And is stop called there, with its three arguments?", whole=True),
    Edit("one step at most", ({_LOOP: "for step in range(1, max_steps):", _IF: "return theta"},
                              {_LOOP: "for step in range(1, max_steps):",
                               _ASK: f"{_CALL}\n        if True:"}),
         "Your function makes one step at most, whatever stop says, and none if max_steps is 1. Which numbers"
         " does range(1, 4) give? And does a return stand inside the loop?", whole=True),
    Edit("returns within the loop",
         ({_IF: "if stop(before, theta, step):\n            break\n        return theta", _END: ""},
          {_IF: "if not stop(before, theta, step):\n            return theta", _END: ""}),
         "When stop says False after the first step, your function is at its end, with θ after that one step;"
         " when it says True, nothing is returned. Where in the loop, or after it, does return θ belong?"),
    Edit("stops when stop says False", {_ASK: f"if not {_CALL}:"},
         "Your loop ends as soon as stop says False, and goes on when it says True. What does a True of it"
         " mean?", entire=True),
    Edit("steps counted down", {_CALL: "stop(before, theta, max_steps - step + 1)"},
         "The number that you hand to stop counts down from max_steps. Which number has the first step?"),
    Edit("the same number for each step", tuple({_CALL: f"stop(before, theta, {step})"} for step in (1, 0)),
         "The number that you hand to stop is the same in every step. Which line should make it grow?"),
    Edit("before and after exchanged", {_CALL: "stop(theta, before, step)"},
         "stop gets the two arrays in the other order. Which of them is its first argument?"),
    Edit("the same array twice", ({_CALL: "stop(theta, theta, step)"}, {_CALL: "stop(before, before, step)"},
                                  {_START: "theta = theta0.copy()", _UPDATE: _IN_PLACE},
                                  {_UPDATE: _IN_PLACE}),
         "stop sees no difference between before and after: both are the same numbers when it is asked."
         " Which line keeps the old θ? Does a later line write into that very array?"),
    Edit("asked before the update", (
        {_SLOPE: f"{_IF}\n        {_SLOPE}", _ASK: "if False:"},
        {_START: "theta = last = theta0", _ASK: "if False:",
         _SLOPE: f"{_IF.replace('before', 'last')}\n        last = theta\n        {_SLOPE}"},
        *({_START: "theta = last = theta0", _LOOP: "for step in range(max_steps + 1):", _ASK: "if False:",
           _SLOPE: f"if {ends}:\n            return theta\n        last = theta\n        {_SLOPE}"}
          for ends in ("stop(last, theta, step) or step == max_steps",
                       "step == max_steps or stop(last, theta, step)")),
    ),
         "stop is asked before the update, when nothing has changed yet. After which line is it to be"
         " asked?"),
    Edit("compares with theta0", {_CALL: "stop(theta0, theta, step)"},
         "stop gets the parameters from before all steps. From before which update should they be?"),
    Edit("hands over the change", ({_CALL: "stop(before, theta - before, step)"},
                                   {_CALL: "stop(before, slope, step)"}),
         "The second thing that you hand to stop is a gradient or a difference. Which parameters does it"
         " ask for?"),
    Edit("stop with too few arguments", tuple(
        {_CALL: call}
        for call in ("stop()", "stop(theta)", "stop(step)", "stop(before, theta)", "stop(theta, step)",
                     "stop(theta, before)", "stop(theta0, theta)")
    ),
         "stop takes three arguments, and was handed fewer. The exercise says which three, and in which"
         " order: which are they?"),
    Edit("stop with too many arguments", ({_CALL: "stop(before, theta, step, max_steps)"},
                                          {_CALL: "stop(gradient, before, theta, step)"}),
         "stop takes three arguments, and was handed more. Which three are they?"),
    Edit("adds", {_UPDATE: "theta = before + learning_rate * slope"},
         "Your steps go uphill. Which sign has the update rule before the rate?"),
    Edit("forgets the rate", {_UPDATE: "theta = before - slope"},
         "Your steps are as long as the gradient, whatever the learning rate is. Which part of the gradient"
         " is a step?"),
    Edit("the step only", {_UPDATE: "theta = -learning_rate * slope"},
         "Your θ is the step itself. From where does it lead away?"),
    Edit("a step twice as long", {_UPDATE: "theta = before - 2 * learning_rate * slope"},
         "Your steps are twice as long as η times the gradient. Is there a 2 in your update, or is it made"
         " twice?"),
    Edit("a list that is too short", {_UPDATE: "way = [before]\n        way[1] = before"},
         "A place that a list does not have yet cannot be written to. How does a list become longer? And are"
         " all places asked, or the last one?"),
    Edit("the rate shrinks", ({_UPDATE: "theta = before - learning_rate / step * slope"},
                              {_UPDATE: "theta = before - learning_rate**step * slope"},
                              {_UPDATE: "theta = before - learning_rate / (step + 1) * slope"},
                              *({_UPDATE: f"theta = before - learning_rate * {k} ** (step - 1) * slope"}
                                for k in (0.9, 0.5, 0.99))),
         "Your steps use a smaller rate the longer it goes on. Such schedules exist; is one asked here?"),
    Edit("the rate grows", {_UPDATE: "theta = before - learning_rate * step * slope"},
         "The number of the step multiplies your update. What does the update rule multiply the gradient"
         " by?"),
    Edit("the first answer of stop is not used", {_IF: "if stop(before, theta, step) and step > 1:\n"
                                                       "            return theta"},
         "When stop says True after the first step, you go on. Is it asked, and believed, after every"
         " update?"),
    Edit("begins at 0", {_START: "theta = np.zeros_like(theta0)"},
         "Your way begins at 0, whatever theta0 is. Where should it begin?"),
    Edit("no update", {_UPDATE: "theta = before"},
         "Your θ stays where it begins: in no step is anything taken away from it. Which line makes the new"
         " θ?", entire=True),
    Edit("half of each step", {_UPDATE: "theta = before - learning_rate * slope / 2"},
         "Each of your steps is half as long as η times the gradient. Where is it halved?"),
    Edit("normalises the gradient",
        {_UPDATE: "theta = before - learning_rate * slope / np.linalg.norm(slope)"},
         "All your steps are equally long: the gradient was divided by its length. Does the update rule do"
         " that?"),
    Edit("gradients pile up", (
        {_START: "theta = theta0\n    total = 0", _UPDATE: "total = total + slope\n"
         "        theta = before - learning_rate * total"},
        {_START: "theta = theta0\n    total = 0", _SLOPE: "slope = total = total + gradient(before)"},
    ),
         "From the second step on your update holds the gradients of all steps before it, added up. Which"
         " gradients belong to one step? Where is the variable that holds it set?"),
    Edit("two gradients a step", (
        {_SLOPE: "gradient(before)\n        slope = gradient(before)"},
        {_UPDATE: f"{_UPDATE}\n        gradient(theta)"},
    ),
         "gradient is called twice in a step. In training each call takes the next batch, so every other"
         " batch would be lost. How can one result be used twice?"),
    Edit("returns the gradient", (
        {_BACK: "step):\n            return slope", _END: "\n    return slope"},
        {_BACK: "step):\n            return gradient(theta)", _END: "\n    return gradient(theta)"},
        {_END: "\n    return slope"},
        {_END: "\n    return gradient(theta)"},
    ),
         "What you return is a gradient. What was to be found: the slope at the last place, or the place?"),
    Edit("not asked after the last update", (
        {_ASK: f"if step < max_steps and {_CALL}:"},
        {_START: "theta = last = theta0", _ASK: "if False:",
         _SLOPE: "if step > 1 and stop(last, theta, step - 1):\n            return theta\n"
                 f"        last = theta\n        {_SLOPE}"},
    ),
         "After the update with the number max_steps stop is not asked any more. A criterion may keep a"
         " record of what it was shown. How can it be asked first, and max_steps be looked at then?",
         alone=True),
    Edit("asked twice after an update", (
        {_ASK: f"if {_CALL} or {_CALL}:"},
        {_ASK: f"if {_CALL} and {_CALL}:"},
        {_ASK: f"{_CALL}\n        {_ASK}"},
    ),
         "stop is asked twice after one update. A criterion may count how often it was asked. How can one"
         " answer of it be used twice?", alone=True),
    Edit("returns theta0", ({_BACK: "step):\n            return theta0", _END: "\n    return theta0"},
                            {_LOOP: "for step in range(0):"}),
         "This is theta0 as it came, for every input. Under which name stands what the loop has found? Or"
         " does the loop make no turn at all? `not stop` without brackets is False, for a function counts as"
         " true: stop is to be called, with its three arguments.",
         whole=True),
    Edit("theta and the step", ({_BACK: "step):\n            return theta, step",
                                _END: "\n    return theta, step"},
                                {_BACK: "step):\n            return theta, step"}),
         "A comma in the return hands back several things. Which one is asked?"),
    Edit("says that it stopped", {_BACK: "step):\n            return True"},
         "When stop is met, you return True. What did the one who called want to have?"),
    Edit("gradient not called", {_SLOPE: "slope = gradient"},
         "gradient is a function, and a function cannot be multiplied. What does one write behind its name"
         " to get the array, and for which θ?"),
    Edit("gradient without theta", {_SLOPE: "slope = gradient()"},
         "gradient wants to know where: it takes one argument. Which one?"),
    Edit("gradient with more than theta", ({_SLOPE: "slope = gradient(before, step)"},
                                           {_SLOPE: "slope = gradient(before, theta0)"}),
         "gradient takes one argument, and was handed two. Which one is it?"),
    Edit("counts steps from the numbers of theta0", {_LOOP: "for step in range(1, len(theta0) + 1):"},
         "Your loop makes a step for each entry of theta0, and max_steps is not looked at. How often should"
         " it turn?"),
    Edit("max_steps as a list", {_LOOP: "for step in max_steps:"},
         "max_steps is a number, and a loop needs something to go through. Which function makes the numbers"
         " up to it?"),
    Edit("the step is not counted", ({_LOOP: "step = 1\n    while step <= max_steps:"},
                                     {_LOOP: "step = 0\n    while step < max_steps:"}),
         "The loop does not end when stop is never True: what it waits for stays the same. Which line counts"
         " the steps, and which one compares their number with max_steps?"),
    Edit("max_steps is not looked at", {_LOOP: "step = 0\n    while True:\n        step += 1"},
         "When stop is never True, your loop has no end. What should end it at the latest?", entire=True),
    Edit("the loop as it is printed", {
        _LOOP: "for step in range(max_steps):", _SLOPE: "slope = gradient(theta0)",
        _BACK: "step):\n            return before"},
         "This is the loop as the slide prints it. Section 1 ran it: at which θ is its gradient, which of"
         " the two θ does it hand back when it stops, and from which number are steps counted here?",
         entire=True),
    *(
        Edit(f"the rate called {name}", {_UPDATE: f"theta = before - {name} * slope"},
             f"Python does not know {name}. By which name is the learning rate handed in?")
        for name in ("eta", "lr", "alpha")
    ),
    Edit("theta before it is there", {f"    {_START}\n": ""},
         "In the first turn of the loop, θ is used before it has a value. What is it before the first step?"),
)  # fmt: skip


def _coordinate_by_coordinate(
    gradient: Callable[[Array], Array],
    theta0: Array,
    learning_rate: float,
    stop: Callable[[Array, Array, int], bool],
    max_steps: int,
    rows: bool = False,
) -> Array:
    theta = theta0.copy()
    for step in range(1, max_steps + 1):
        before = theta.copy()
        for place in range(len(theta)) if rows else np.ndindex(theta.shape):
            theta[place] -= learning_rate * gradient(theta)[place]
        if stop(before, theta.copy(), step):
            break
    return theta


def _whole_way(
    gradient: Callable[[Array], Array],
    theta0: Array,
    learning_rate: float,
    stop: Callable[[Array, Array, int], bool],
    max_steps: int,
) -> list[Array]:
    way = [theta0]
    for step in range(1, max_steps + 1):
        way.append(way[-1] - learning_rate * gradient(way[-1]))
        if stop(way[-2], way[-1], step):
            break
    return way


def _whole_way_without_the_start(*given: Any) -> list[Array]:
    return _whole_way(*given)[1:]


def _asked_fault(asked: Plain, expected: Mapping[str, Any]) -> str | None:
    times = expected["times"]
    if type(asked) is not int:
        return "it is not known how often gradient_descent asked stop"
    if asked == times:
        return None
    return (
        f"gradient_descent on {expected['on']} asked stop {_times(asked)}; {_times(times)} was expected: once"
        " after every update"
    )


def _times(number: Plain) -> str:
    return "once" if number == 1 else "twice" if number == 2 else f"{number} times"


gradient_descent_exercise = Exercise(
    id="gradient_descent",
    lesson="07",
    slide="Recap: Gradient Descent Algorithm",
    functions=("gradient_descent",),
    signature=("gradient", "theta0", "learning_rate", "stop", "max_steps"),
    quantities=(
        Quantity("theta", "theta", WantedArray()),
        Quantity(ASKED, "asked", WantedOther(_asked_fault)),
    ),
    parts=(
        Part(STEPS, 1, ("theta",)),
        Part(STOPS, 2, ("theta", ASKED)),
        Part(KEPT, 1, arguments=True),
    ),
    cases=descents,
    may_use=("sgd_step",),
    hints=(
        "With gradient(θ) = θ, theta0 = [4, -2] and a rate of 0.5, one step leads to [2, -1]. Where do you"
        " stand after two? Which variable has to hold the newer θ when the second begins?",
        "A for loop can count the steps: which two numbers does range need, so that the first is 1 and the"
        " last is max_steps? Within a turn, keep θ under another name before you make the new one.",
        "In each turn, in this order: remember the old θ; take the gradient there; make the new θ as a new"
        " array; ask stop with old, new and the number of the step, and leave the loop if it says True. After"
        " the loop, hand back the newest θ.",
    ),
    twin="halve, the loop with a criterion, before the exercise",
    misconceptions=(
        *mistakes(GRADIENT_DESCENT, MISTAKES),
        Misconception(
            "coordinate after coordinate",
            "Your coordinates move one after the other, each with a gradient that is taken where the ones"
            " before it have moved already. At which θ are all entries of one gradient taken?",
            (_coordinate_by_coordinate, functools.partial(_coordinate_by_coordinate, rows=True)),
        ),
        Misconception(
            "the whole way",
            "You return all places on the way. Which of them is asked?",
            (_whole_way, _whole_way_without_the_start),
        ),
    ),
)
