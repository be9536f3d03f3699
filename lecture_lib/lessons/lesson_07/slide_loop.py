"""The algorithm of the slide, run as it is printed, and with one repair after the other."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from lecture_lib.common import Text
from lecture_lib.explore import Explorer, Toggle
from lecture_lib.show import Group


@dataclass(frozen=True)
class Repair:
    """A line of the slide's algorithm: as it is printed, repaired, and as the repaired one is shown."""

    name: str
    label: str
    printed: str
    repaired: str
    shown: str


REPAIRS = (
    Repair(
        "S",
        "S among the inputs",
        "def gradient_descent(D, loss, theta_0, eta, C):",
        "def gradient_descent(D, loss, theta_0, eta, C, S):",
        "def gradient_descent(D, loss, theta_0, eta, C, …):",
    ),
    Repair(
        "theta",
        "gradient at θₛ",
        "        theta_next = theta_s - eta * gradient(loss, theta, D)",
        "        theta_next = theta_s - eta * gradient(loss, theta_s, D)",
        "        theta_next = theta_s - eta * gradient(loss, …, D)",
    ),
    Repair(
        "C",
        "C is told something",
        "        if C() == True:",
        "        if C(theta_s, theta_next, s + 1) == True:",
        "        if C(…) == True:",
    ),
    Repair(
        "returned",
        "returns the new θ",
        "            return theta_s",
        "            return theta_next",
        "            return …",
    ),
)
_S, _THETA, _C, _RETURNED = REPAIRS
_LINES = (
    _S,
    "    s = 0",
    "    theta_s = theta_0",
    "    while s < S:",
    _THETA,
    _C,
    _RETURNED,
    "        theta_s = theta_next",
    "        s = s + 1",
    "    return theta_s",
)
"""The slide, line by line; θₛ and θₛ₊₁ are theta_s and theta_next."""

TAU = 0.3
CALL = "gradient_descent(D, loss, theta_0=4.0, eta=0.25, C=small_step{})"
WAY = (4.0, 2.0, 1.0, 0.5, 0.25)
"""θ₀, θ₁, …: each step halves θ, for the loss is θ² and η is 1/4. The step from 0.5 to 0.25 is below 0.3."""


def program(**repaired: bool) -> str:
    """The algorithm with those repairs that are asked for.

    Examples
    --------
    >>> print(program(S=True).partition(chr(10))[0])
    def gradient_descent(D, loss, theta_0, eta, C, S):
    """
    return "\n".join(
        line if isinstance(line, str) else line.repaired if repaired.get(line.name, False) else line.printed
        for line in _LINES
    )


def _gradient(loss: object, theta: float, D: object) -> float:
    return 2 * theta


def _small_step(before: float, after: float, step: int) -> bool:
    return abs(after - before) < TAU


def ran(**repaired: bool) -> tuple[float | None, str, int | None]:
    """Run the algorithm on the loss θ² from θ = 4, until a step is below 0.3.

    Returns
    -------
    what it returned, or None; the error, or ""; the number of the line that it stopped at, from 0, or None

    Examples
    --------
    >>> ran()
    (None, "NameError: name 'S' is not defined", 3)
    >>> ran(S=True, theta=True, C=True)
    (0.5, '', None)
    """
    names: dict[str, Any] = {"gradient": _gradient}
    exec(compile(program(**repaired), "<the slide>", "exec"), names)
    given: dict[str, Any] = {"D": None, "loss": np.square, "theta_0": 4.0, "eta": 0.25, "C": _small_step}
    if repaired.get("S", False):
        given["S"] = 100
    try:
        return float(names["gradient_descent"](**given)), "", None
    except Exception as error:
        places = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == "<the slide>"
        ]
        said = f"{type(error).__name__}: {error}".replace("_small_step", "C")
        return None, said, (places[-1] or 1) - 1


def slide_loop(S: bool, theta: bool, C: bool, returned: bool) -> Group:
    """The algorithm as text, its repaired lines marked, and what comes of running it.

    Parameters
    ----------
    S, theta, C, returned : bool
        which of the four lines are repaired

    Returns
    -------
    Group
        a Text that says what came, and the program
    """
    repaired = {"S": S, "theta": theta, "C": C, "returned": returned}
    value, error, line = ran(**repaired)
    done = sum(repaired.values())
    said = f"{done} of 4 lines repaired. "
    if line is not None:
        said += f"Python stops at line {line + 1}: {error}."
    else:
        said += f"It returns {value:g}."
        if value == WAY[-2]:
            said += (
                f" The steps led to {', '.join(f'{theta:g}' for theta in WAY)}. No error is shown. But is"
                " that the θ that the last update made?"
            )
        else:
            said += f" The steps led to {', '.join(f'{theta:g}' for theta in WAY)}: this is the last θ."
    call = CALL.format(", S=100" if S else "")
    lines = [_shown(source, repaired) for source in _LINES]
    marks = [
        _mark(number == line, isinstance(source, Repair) and repaired[source.name])
        for number, source in enumerate(_LINES)
    ]
    numbered = enumerate(zip(marks, lines, strict=True), 1)
    rows = [f"{number:>2} {mark} {text}" for number, (mark, text) in numbered]
    shown = "\n".join([*rows, "", f"     {call}"])
    key = "✓ repaired: … stands for what you will find. ✗ where Python stops."
    return Group(
        (
            Text(f"<p>{escape(said)}</p>", said),
            Text(f"<pre>{escape(shown)}</pre><p>{escape(key)}</p>", f"{shown}\n{key}"),
        )
    )


def _shown(source: Repair | str, repaired: Mapping[str, bool]) -> str:
    """A line as it is shown: of a repair, that there is one, and not which."""
    if isinstance(source, str):
        return source
    return source.shown if repaired[source.name] else source.printed


def _mark(stops: bool, repaired: bool) -> str:
    return "✗" if stops else "✓" if repaired else " "


def explore_slide_loop() -> Explorer:
    """Repair one line of the slide's algorithm after the other, and run it each time.

    Examples
    --------
    >>> explore_slide_loop().show(S=True).parts[0].words
    "1 of 4 lines repaired. Python stops at line 5: NameError: name 'theta' is not defined."
    """
    return Explorer(
        slide_loop,
        [Toggle(repair.name, repair.label) for repair in REPAIRS],
        title="The algorithm of the slide, run as it is printed",
    )
