"""The exercise `schedules`: two learning rates that fall."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lecture_lib.exercises import Case, Edit, Exercise, Part, Quantity, RightAnswer, WantedNumber, mistakes

FALLS, STAYS, EXPONENTIAL = "linear_decay falls", "linear_decay, and 0 from then on", "exponential_decay"


def _schedules_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def linear(eta0: float, step: int, total_steps: int) -> Case:
        wanted = float(np.interp(step, [0, total_steps], [eta0, 0.0]))
        arguments = {"eta0": eta0, "step": step, "total_steps": total_steps}
        return Case(
            arguments, {"the rate": wanted}, parts=(FALLS, STAYS) if step <= total_steps else (STAYS,)
        )

    def exponential(eta0: float, step: int, rate: float) -> Case:
        wanted = float(np.prod([eta0, *[rate] * step]))
        arguments = {"eta0": eta0, "step": step, "rate": rate}
        return Case(arguments, {"the rate": wanted}, parts=(EXPONENTIAL,), function=1)

    for step in (0, 1, 2, 3, 4, 5, 9):
        yield linear(0.8, step, 4)
    for step in (0, 1, 2, 3, 7):
        yield exponential(0.8, step, 0.5)
    for _ in range(3):
        total = int(rng.integers(8, 20))
        eta0 = float(rng.integers(2, 30)) / 10
        yield linear(eta0, int(rng.integers(1, total)), total)
        yield linear(eta0, total + int(rng.integers(1, 9)), total)
        yield exponential(eta0, int(rng.integers(1, 7)), float(rng.integers(3, 10)) / 10)
    yield linear(2.0, 1, 3)
    yield exponential(2.0, 4, 1.0)


SCHEDULES = RightAnswer(
    ("linear_decay", "exponential_decay"),
    """
    def linear_decay(eta0, step, total_steps):
        share = step / total_steps
        return eta0 * max(0.0, 1 - share)

    def exponential_decay(eta0, step, rate):
        return eta0 * rate**step
    """,
)
_SHARE, _LINEAR, _EXP = "step / total_steps", "eta0 * max(0.0, 1 - share)", "eta0 * rate**step"
MISTAKES = (
    Edit("the two exchanged", {_LINEAR: "eta0 * total_steps**step", _EXP: "eta0 * max(0.0, 1 - step / rate)"},
         "The function that stands first is the exponential one, and the second is the linear one. In which"
         " order does the line with ll.check ask for them?", entire=True),
    Edit("the worked example's candle", (
        {_LINEAR: "max(0, eta0 - total_steps * step)"},
        {_LINEAR: "max(0, 20 - 3 * step)"},
        {_LINEAR: "max(0, eta0 - 3 * step)"},
    ),
         "The candle loses a fixed length an hour, and your linear rate does as it does. By how much must"
         " eta0 fall at each step, so that 0 is reached at total_steps?"),
    Edit("goes negative", {_LINEAR: "eta0 * (1 - share)"},
         "After total_steps your linear rate is negative, and such steps go uphill. What should it be from"
         " there on?"),
    Edit("min for max", {_LINEAR: "eta0 * min(0.0, 1 - share)"},
         "Your linear rate is never above 0. min and max: which of them keeps the larger of two numbers?",
         entire=True),
    Edit("the step below the line", ({_SHARE: "total_steps / max(step, 1)"}, {_SHARE: "total_steps / step"}),
         "You divide total_steps by the step. Which of the two is the larger one before the end, and which"
         " share of the steps is gone?"),
    Edit("rises again", {_LINEAR: "eta0 * abs(1 - share)"},
         "After total_steps your linear rate grows again. What should it be from there on?"),
    Edit("starts anew", {_SHARE: "step % total_steps / total_steps"},
         "At total_steps your linear rate leaps back to eta0. What should it be from there on?"),
    Edit("stays at eta0", {_SHARE: "step // total_steps"},
         "Your linear rate stays at eta0 until total_steps. How much of eta0 is to be left half-way? And"
         " does // stand in it, which cuts to whole numbers?"),
    Edit("always eta0", {_LINEAR: "eta0"},
         "Your linear rate is eta0 at every step. Which argument says how many steps were made?"),
    Edit("always 0", {_LINEAR: "0.0"},
         "Your linear rate is 0 at every step. What should it be at step 0?"),
    Edit("one over one plus the share", {_LINEAR: "eta0 / (1 + share)"},
         "You divide eta0 by 1 + the share, which never gives 0. Which share of eta0 should be left at"
         " total_steps?"),
    Edit("eta0 again at the end", {_LINEAR: "eta0 * (1 - share) if step <= total_steps else eta0"},
         "After total_steps your linear rate is eta0 again. What should it be from there on?"),
    Edit("the share left, squared", {_LINEAR: "eta0 * max(0.0, 1 - share) ** 2"},
         "Your first rate falls along a curve. How much does a straight line lose at each step?"),
    Edit("one step's share at every step", {_LINEAR: "eta0 - eta0 / total_steps"},
         "Your linear rate is the same at every step. Which argument says how many steps were made?"),
    Edit("rounded", tuple({_LINEAR: f"round({_LINEAR}, {digits})"} for digits in (1, 2, 3, 4)),
         "Your linear rate is rounded. Others go on computing with it: can you return all its digits?"),
    Edit("a fixed fall at each step",
         tuple({_LINEAR: f"max(0, eta0 - {fall} * step)"} for fall in (0.1, 0.01)),
         "Your linear rate falls by the same length at each step, whatever eta0 and total_steps are. How long"
         " must a step down be, so that 0 is reached at total_steps?"),
    Edit("not divided by the steps", ({_LINEAR: "eta0 * (total_steps - step)"},
                                      {_LINEAR: "eta0 * max(0, total_steps - step)"},
                                      {_LINEAR: "(eta0 - step) / total_steps"}),
         "At step 0 your linear rate is not eta0. Which share of the steps is left, from 1 to 0?"),
    Edit("as many points as steps", {_LINEAR: "float(np.linspace(eta0, 0, total_steps)[step])"},
         "linspace from eta0 to 0 with total_steps points has one gap fewer than points, so 0 comes a step"
         " early. And which entry is there after the last?"),
    Edit("the power taken away", {_EXP: "eta0 - rate**step"},
         "The power is taken away from eta0. At step 0, what must be left of eta0?"),
    Edit("linear steps counted from 1", ({_SHARE: "(step - 1) / total_steps"},),
         "At step 0 your linear rate is above eta0. At which step should it be eta0?"),
    Edit("zero reached a step early", ({_SHARE: "step / (total_steps - 1)"},
                                      {_SHARE: "(step + 1) / total_steps"}),
         "Your linear rate is 0 a step before total_steps. At which step should it be 0?"),
    Edit("zero reached a step late", {_SHARE: "step / (total_steps + 1)"},
         "At total_steps your linear rate is not 0 yet. By which number is the step divided?"),
    Edit("the share that is gone", ({_LINEAR: "eta0 * share"}, {_LINEAR: "eta0 * min(1.0, share)"}),
         "Your linear rate begins at 0 and grows. Which share of eta0 is left at step 0?"),
    Edit("eta0 left out of the linear rate", ({_LINEAR: "max(0.0, 1 - share)"},),
         "Your linear rate begins at 1, whatever eta0 is. What should it be at step 0?"),
    Edit("the share taken from eta0", ({_LINEAR: "max(0.0, eta0 - share)"}, {_LINEAR: "eta0 - share"}),
         "You take step / total_steps away from eta0 itself. At total_steps exactly all of eta0 should be"
         " gone:"
         " how much is gone half-way?"),
    Edit("never below a part",
         tuple({_LINEAR: f"eta0 * max({least}, 1 - share)"} for least in (0.1, 0.05, 0.01)),
         "Your linear rate ends at a part of eta0, above 0. At which number should it end?"),
    Edit("exp(rate · step)", ({_EXP: "eta0 * np.exp(rate * step)"}, {_EXP: "np.exp(rate * step)"}),
         "Your exponential rate grows: it has e to the power of rate · step. What is multiplied, again and"
         " again, by what?"),
    Edit("exp(−rate · step)", ({_EXP: "eta0 * np.exp(-rate * step)"}, {_EXP: "np.exp(-rate * step)"}),
         "You have e to the power of −rate · step. That falls too, but with rate = 0.5 the rate should halve"
         " at every step. Which number has the step as its power?"),
    Edit("exponential steps counted from 1", {_EXP: "eta0 * rate ** (step - 1)"},
         "At step 0 your exponential rate is not eta0: it was divided by rate. Which power is there at step"
         " 0?"),
    Edit("a factor too few", {_EXP: "eta0 * rate ** max(step - 1, 0)"},
         "Your exponential rate is still eta0 after the first step. Which numbers does range(1, 3) give, and"
         " how many factors are there after two steps?"),
    Edit("a power too many", {_EXP: "eta0 * rate ** (step + 1)"},
         "At step 0 your exponential rate has been multiplied already. Which power is there at step 0?"),
    Edit("η₀ / (1 + r t)", {_EXP: "eta0 / (1 + rate * step)"},
         "You divide eta0 by 1 + rate · step. That is another schedule, the inverse of time. By which factor"
         " does an exponential one fall at every step?"),
    Edit("divides by the factor", {_EXP: "eta0 / rate**step"},
         "Your exponential rate grows: eta0 is divided by a number below 1. What is eta0 multiplied by?"),
    Edit("brackets left out", {_EXP: "1 / 1 + rate * step * eta0"},
         "There is 1 / 1 + … in it: Python divides first and then adds. And is it a division that is asked?"),
    Edit("rate · step", ({_EXP: "eta0 * rate * step"}, {_EXP: "eta0 * (1 - rate * step)"},
                         {_EXP: "max(0, eta0 * (1 - rate * step))"}, {_EXP: "eta0 - rate * step"}),
         "Your second schedule is a straight line over the steps. What makes it fall by the same factor each"
         " time?"),
    Edit("eta0 in the power", {_EXP: "(eta0 * rate) ** step"},
         "The power has taken eta0 with it, and at step 0 you get 1. What is raised to the power of step?"),
    Edit("step to the power of rate", {_EXP: "eta0 * step**rate"},
         "You raise the step to the power of rate. Which of the two is multiplied again and again?"),
    Edit("one factor alone", {_EXP: "eta0 * rate"},
         "Your exponential rate is the same at every step. How many factors are there after three steps?"),
    Edit("one factor from step 1 on", {_EXP: "eta0 * rate if step else eta0"},
         "From step 1 on your exponential rate stays the same. How many factors are there after three?"),
    Edit("all of it in the power", {_EXP: "eta0 ** (rate * step)"},
         "At step 0 your exponential rate is 1, whatever eta0 is: rate · step is the power of eta0. What is"
         " raised to which power?"),
    Edit("a number for the factor", tuple({_EXP: f"eta0 * {factor}"} for factor in
                                          ("np.exp(-step)", "0.9**step", "0.5**step", "0.99**step")),
         "Your exponential rate is the same for every rate that is handed in. Where does the argument rate"
         " belong?"),
    Edit("eta0 left out of the exponential rate", {_EXP: "rate**step"},
         "Your exponential rate begins at 1, whatever eta0 is. What should it be at step 0?"),
    Edit("1 − rate", {_EXP: "eta0 * (1 - rate) ** step"},
         "You multiply by 1 − rate at each step. With rate = 0.9, which share should be left after one"
         " step?"),
    Edit("^ for a power", {_EXP: "eta0 * rate ^ step"},
         "There is a ^ in your second schedule. With ** in its place, what is its rate at step 0?"),
)  # fmt: skip

schedules_exercise = Exercise(
    id="schedules",
    lesson="08",
    slide="Learning Rate",
    functions=("linear_decay", "exponential_decay"),
    signature=("eta0", "step", "total_steps"),
    quantities=(Quantity("the rate", None, WantedNumber()),),
    parts=(
        Part(FALLS, 1, ("the rate",)),
        Part(STAYS, 1, ("the rate",)),
        Part(EXPONENTIAL, 1, ("the rate",)),
    ),
    cases=_schedules_cases,
    hints=(
        "With eta0 = 0.8 and total_steps = 4, the linear rate is 0.8, 0.6, 0.4, 0.2, 0 and stays 0. With"
        " rate ="
        " 0.5 the exponential one is 0.8, 0.4, 0.2. What happens from each number to the next?",
        "For the first: which share of the steps is gone, and which is left? What would that share be after"
        " total_steps? For the second: how many factors have come to eta0 after 3 steps?",
        "For the first: eta0 times the share that is left, or times 0 if that would be negative (max helps)."
        " For the second: eta0 times a power; Python writes powers with **.",
    ),
    twin="candle, a length that shrinks, before the exercise",
    misconceptions=mistakes(SCHEDULES, MISTAKES),
)
