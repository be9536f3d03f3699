"""Step after step of gradient descent on duck, duck, goose, at the learning rate that one chooses.

What is said of a run is read off its numbers. With the one sentence of the lecture no rate makes the loss
grow without bound: a rate that is too large turns the last hidden unit off, or jumps far into a region
where the loss is next to 0. A second sentence with the other label pulls back, and then too large a rate
diverges.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np

from lecture_lib.autodiff import relu, value_and_grad
from lecture_lib.autodiff.values import Array
from lecture_lib.common import Html, Table, TableStyle, Text, bracketed, norm
from lecture_lib.explore.controls import Choice, Slider, Steps
from lecture_lib.explore.explorer import Explorer
from lecture_lib.learning import duck_goose, encode_batch, mlp, mlp_loss, one_hot, sentences, sgd_step
from lecture_lib.show.chart import line_chart
from lecture_lib.show.chart_words import written
from lecture_lib.show.picture import Group

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 1.5, 3.0, 10.0, 30.0, 50.0, 100.0)
"""The slider's learning rates: for two sentences from slow over good and jagged to stuck and diverging."""

REACH = 60
"""How many steps can be made."""

NARROW = 'style="padding:0.1em 1.2em 0.1em 0;text-align:left;white-space:nowrap"'
STYLE = TableStyle(
    table='style="font-variant-numeric:tabular-nums;border-collapse:collapse"',
    cell=(NARROW, NARROW, 'style="padding:0.1em 0;text-align:left"'),
)


@dataclass(frozen=True)
class Point:
    """Where the run stands before a step.

    Attributes
    ----------
    loss : float
        the mean over the sentences; NaN or infinite if the run has diverged
    params : dict
        E (2, 2), W (2, 2), b (2,), U (2, 2)
    h : (n, 2) array
        the hidden units, a sentence a row
    p : (n, 2) array
        the probabilities
    slope : float
        the Euclidean norm of the gradient, over all parameters
    """

    loss: float
    params: Mapping[str, Array]
    h: Array
    p: Array
    slope: float


@lru_cache(maxsize=64)
def descent_run(learning_rate: float, both: bool = False, reach: int = REACH) -> tuple[Point, ...]:
    """Gradient descent from the lecture's parameters.

    Parameters
    ----------
    learning_rate : float
        η
    both : bool
        False: "duck duck goose", about animals, is the batch. True: "goose", with the other label (a goose is
        a tailor's iron too), is in the batch as well.
    reach : int
        how many steps

    Returns
    -------
    tuple of Point
        one before each step and one after the last; one with a loss or parameter that is not finite ends it

    Examples
    --------
    >>> [round(point.loss, 6) for point in descent_run(0.01, reach=1)]
    [0.861266, 0.853884]
    """
    example = duck_goose()
    tokens = [example.tokens, ("goose",)] if both else [example.tokens]
    batch = sentences(tokens, example.vocabulary)
    y = one_hot(["animals", "other"][: len(tokens)], ["animals", "other"])
    params: dict[str, Array] = dict(example.params)
    gradient_at = value_and_grad(mlp_loss)
    points: list[Point] = []
    with np.errstate(all="ignore"):  # a run that diverges is a result here, and is told in words
        for _ in range(reach + 1):
            h0 = encode_batch(batch, params["E"])
            z: Array = h0 @ params["W"].T + params["b"]
            h = relu(z)
            loss, gradients = gradient_at(params, batch, y)
            points.append(Point(float(loss), params, h, mlp(params, h0), norm(gradients)))
            if not _is_finite(points[-1]):
                break
            params = {name: sgd_step(params[name], gradients[name], learning_rate) for name in params}
    return tuple(points)


def descent(learning_rate: float, steps: int, both: bool = False) -> Group:
    """The loss after so many steps, what has become of the run, and the parameters.

    Parameters
    ----------
    learning_rate : float
        η
    steps : int
        how many steps have been made, up to 60
    both : bool
        whether the second sentence is in the batch

    Returns
    -------
    Group
        a Text that says how the run stands, the chart of the loss, a table of p and the parameters
    """
    if not 0 <= steps <= REACH:
        raise ValueError(f"descent: steps is {steps}; 0 to {REACH} was expected")
    run = descent_run(learning_rate, both)
    chart = line_chart(
        {"loss": [point.loss for point in run]},
        until=steps,
        reach=REACH,
        level=("log 2: every p is 0.5", float(np.log(2))),
    )
    verdict = " ".join(_sentences(run, steps, learning_rate))
    return Group((Text(f"<p>{escape(verdict)}</p>", verdict), chart, _table(run, steps)))


def explore_descent(start: int = 0) -> Explorer:
    """The descent with controls: the steps to walk through, the learning rate, the sentences.

    Parameters
    ----------
    start : int
        how many steps have been made at first; up to 60

    Raises
    ------
    ValueError
        if there is no such step

    Examples
    --------
    >>> explore_descent().state
    {'steps': 0, 'learning_rate': 0.01, 'both': False}
    """
    alone, together = "“duck duck goose”, about animals", "the same, and “goose”, not about animals"
    return Explorer(
        descent,
        [
            Steps("steps", "steps made", last=REACH, start=start, seconds=0.35),
            Slider("learning_rate", "learning rate η", {written(rate): rate for rate in RATES}, start=0.01),
            Choice("both", "sentences", {alone: False, together: True}),
        ],
        title="Step after step, at the learning rate of your choice",
    )


def _sentences(run: tuple[Point, ...], steps: int, learning_rate: float) -> list[str]:
    """How the run stands after so many steps: read off its numbers, never presumed."""
    at = min(steps, len(run) - 1)
    here, first = run[at], run[0]
    said = [f"η = {written(learning_rate)}, step {at}: the loss is {written(here.loss)}."]
    if not _is_finite(here):
        return [
            f"η = {written(learning_rate)}: after {at} steps the numbers have grown beyond what a float can "
            f"hold, so step {at + 1} has no gradient. The run has diverged and ends here: the learning "
            f"rate is "
            "too large."
        ]
    still = next((s for s in range(at + 1) if run[s].slope == 0), None)
    if still is not None and not run[still].h.any():
        said.append(
            f"Since step {still} every hidden unit is off, so every gradient is 0: nothing moves any more, "
            "at whatever rate."
        )
    elif still is not None or here.loss < 1e-6:
        said.append(
            "The true classes have all the probability, as far as rounding shows. That was a leap, not a "
            f"descent: the largest parameter is now {written(_largest(here))}, at first it was "
            f"{written(_largest(first))}."
        )
    elif at > 0:
        fall = run[at - 1].loss - here.loss
        if fall > 0:
            said.append(f"The last step took {written(fall)} off it.")
        elif fall < 0:
            said.append(f"The last step made it larger, by {written(-fall)}: it went too far.")
    rises = sum(run[s + 1].loss > run[s].loss for s in range(at))
    if rises:
        said.append(f"{'1 step' if rises == 1 else f'{rises} steps'} of {at} made the loss larger.")
    if max(point.loss for point in run[: at + 1]) > 10 * first.loss:
        said.append("The steps overshoot further and further: this is how a run diverges.")
    return said


def _table(run: tuple[Point, ...], steps: int) -> Text:
    """p and the parameters, at first and now."""
    here, first = run[min(steps, len(run) - 1)], run[0]
    rows = [("p, " + name, first.p[i], here.p[i]) for i, name in enumerate(_names(len(first.p)))]
    rows += [("h, " + name, first.h[i], here.h[i]) for i, name in enumerate(_names(len(first.h)))]
    rows += [(name, first.params[name], here.params[name]) for name in ("U", "W", "b", "E")]
    cells = [(name, bracketed(a, written), bracketed(b, written)) for name, a, b in rows]
    table = Table("", ("", "at first", "now"), [(name, a, _together(b)) for name, a, b in cells], STYLE)
    return Text(table.html, "\n".join(f"{name}: at first {a}, now {b}" for name, a, b in cells))


def _names(count: int) -> tuple[str, ...]:
    return ("“duck duck goose”", "“goose”")[:count] if count > 1 else ("“duck duck goose”",)


def _together(text: str) -> Html:
    """Spaces that no line breaks at, but for those between numbers."""
    return Html(escape(text).replace(" × ", "\u00a0×\u00a0"), text)


def _largest(point: Point) -> float:
    return max(float(np.max(np.abs(value))) for value in point.params.values())


def _is_finite(point: Point) -> bool:
    return bool(np.isfinite(point.loss)) and all(bool(np.isfinite(v).all()) for v in point.params.values())
