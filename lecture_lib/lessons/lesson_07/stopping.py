"""When to stop: by the change, which a tiny learning rate makes small too, and by the development loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from lecture_lib.common import Text, counted, number
from lecture_lib.explore import Explorer, Slider
from lecture_lib.learning import early_stopping
from lecture_lib.show import Group, Line, Panel, Point, side_by_side
from lecture_lib.show.colours import BLUE, GREEN, GREY, ORANGE

from .starts import BOWL_START
from .surfaces import BOWL, run

# ------------------------------------------------------------------ by the change

CHANGE_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
TAUS = (1.0, 0.1, 0.01, 0.001, 0.0001)
MOST = 300
_SMALLEST = 1e-9


def stopping_by_change(rate: float, tau: float) -> Group:
    """Gradient descent on a long bowl that stops when an update is shorter than τ.

    Parameters
    ----------
    rate : float
        the learning rate η
    tau : float
        τ

    Returns
    -------
    Group
        a Text that says when it stops, and how far from the lowest place; a Picture of loss and change
    """
    way = run(BOWL, *BOWL_START, rate, MOST)
    changes = [math.dist(before, after) for before, after in pairwise(way)]
    met = next((step for step, change in enumerate(changes, 1) if change < tau), None)
    at = way[met or MOST]
    loss = BOWL.loss(*at)
    slope = math.hypot(*BOWL.gradient(*at))
    first = BOWL.loss(*way[0])
    if met is None:
        words = f"η = {rate:g}, τ = {tau:g}: no update of the first {MOST} is shorter than τ."
    else:
        words = f"η = {rate:g}, τ = {tau:g}: the criterion is met after step {met}."
    words += (
        f" The loss is then {number(loss, 4)}; it was {number(first, 4)} at the start and is 0 at the lowest"
        f" place. The gradient is {number(slope, 4)} long."
    )
    if met is not None and loss > 0.5 * first:
        words += " This run has hardly begun."
    steps = range(1, MOST + 1)
    panels = (
        _panel("the loss", "loss", range(MOST + 1), [BOWL.loss(*place) for place in way], met, None),
        _panel("how far each update moves", "length of the change", steps, changes, met, tau),
    )
    return Group((Text(f"<p>{escape(words)}</p>", words), side_by_side(panels, words)))


def _panel(
    title: str, y: str, steps: range, values: Sequence[float], met: int | None, tau: float | None
) -> Panel:
    """A quantity over the steps, in powers of ten, with the place where the criterion is met."""
    drawn = [math.log10(max(value, _SMALLEST)) for value in values]
    lines = [Line(title, steps, drawn, BLUE)]
    if tau is not None:
        lines.append(Line(f"τ = {tau:g}", (0, MOST), (math.log10(tau),) * 2, ORANGE, "7 4"))
    points: tuple[Point, ...] = ()
    if met is not None:
        here = drawn[met - steps.start]
        points = (Point(f"stops after step {met}", met, here, GREEN, "diamond"),)
    return Panel(title, "step", y, (0.0, float(MOST)), (-5.0, 2.0), tuple(lines), points, y_powers=True)


def explore_stopping_by_change() -> Explorer:
    """Choose η and τ, and see when the criterion of convergence stops the run.

    Examples
    --------
    >>> explore_stopping_by_change().show(rate=0.0001, tau=0.01).parts[0].words
    'η = 0.0001, τ = 0.01: the criterion is met after step 1. The loss is then 12.9884; it was 13.0000 at the start and is 0 at the lowest place. The gradient is 10.7609 long. This run has hardly begun.'
    """  # noqa: E501
    return Explorer(
        stopping_by_change,
        [
            Slider("rate", "learning rate η", {f"{rate:g}": rate for rate in CHANGE_RATES}, start=0.1),
            Slider("tau", "threshold τ", {f"{tau:g}": tau for tau in TAUS}, start=0.01),
        ],
        title="Stop when the parameters hardly move",
    )


# ------------------------------------------------------------------ by the development loss

PATIENCES = (1, 2, 3, 4, 5, 6)


def training_ends(dev_losses: Sequence[float], patience: int) -> int | None:
    """The evaluation at which patience runs out; None if the list ends first.

    Examples
    --------
    >>> training_ends([0.7, 0.5, 0.6, 0.55, 0.1], 2), training_ends([0.7, 0.5], 2)
    (3, None)
    """
    best = early_stopping(dev_losses, patience)
    end = best + patience
    return end if end < len(dev_losses) else None


def patience_on(dev_losses: Sequence[float], patience: int, train_losses: Sequence[float] = ()) -> Group:
    """A development curve, where training with this patience stops, and which evaluation it keeps.

    Parameters
    ----------
    dev_losses : n losses
        the first is from before training
    patience : int
    train_losses : n − 1 losses, optional
        of the epochs, beside the dev losses from the second on

    Returns
    -------
    Group
        a Text that says what is kept, and what that patience has missed; a Picture
    """
    kept, end = early_stopping(dev_losses, patience), training_ends(dev_losses, patience)
    lowest = min(range(len(dev_losses)), key=lambda number: dev_losses[number])
    last = len(dev_losses) - 1 if end is None else end
    if end is None:
        words = f"Patience {patience} does not run out in {_these(len(dev_losses) - 1)}."
    else:
        words = f"Patience {patience} runs out after epoch {end}."
    words += f" What is kept is the model after epoch {kept}, of dev loss {number(dev_losses[kept], 3)}."
    if kept == lowest:
        words += " No later epoch of this curve is better."
    else:
        words += (
            f" It never sees epoch {lowest}, whose dev loss is {number(dev_losses[lowest], 3)}: it stopped"
            " too soon."
        )
    words += f" {counted(last - kept, 'epoch')} of training came after the one that is kept."
    low, high = min(*dev_losses, 0.0), max(*dev_losses, 0.0)
    lines = [
        Line("dev loss, seen", range(last + 1), dev_losses[: last + 1], BLUE),
        Line("dev loss, never seen", range(last, len(dev_losses)), dev_losses[last:], GREY, "3 4"),
    ]
    if train_losses:
        lines.append(Line("training loss", range(1, len(train_losses) + 1), train_losses, ORANGE, "8 4"))
    points = [Point(f"kept: epoch {kept}", kept, dev_losses[kept], GREEN, "diamond")]
    if end is not None:
        points.append(Point(f"stops: epoch {end}", end, dev_losses[end], ORANGE, "square"))
    panel = Panel(
        "loss after each epoch",
        "epoch",
        "loss",
        (0.0, float(len(dev_losses) - 1)),
        (1.1 * low, high * 1.1) if low < high else (0.0, 1.0),
        tuple(lines),
        tuple(points),
    )
    return Group((Text(f"<p>{escape(words)}</p>", words), side_by_side((panel,), words)))


def _these(epochs: int) -> str:
    return f"th{'is' if epochs == 1 else 'ese'} {counted(epochs, 'epoch')}"


def explore_patience(dev_losses: Sequence[float], train_losses: Sequence[float] = ()) -> Explorer:
    """Choose the patience, and see where training stops on this development curve.

    Parameters
    ----------
    dev_losses : n losses
        in order, the first from before training, such as `history.dev_losses`
    train_losses : n − 1 losses, optional
        such as `history.epoch_losses`

    Raises
    ------
    ValueError
        if there are not two dev losses, or one of the losses is not a finite number

    Examples
    --------
    >>> explore_patience([0.7, 0.5, 0.6, 0.55, 0.1]).show(patience=2).parts[0].words
    'Patience 2 runs out after epoch 3. What is kept is the model after epoch 1, of dev loss 0.500. It never sees epoch 4, whose dev loss is 0.100: it stopped too soon. 2 epochs of training came after the one that is kept.'
    """  # noqa: E501
    seen, beside = [float(loss) for loss in dev_losses], [float(loss) for loss in train_losses]
    if len(seen) < 2:
        were = f"{counted(len(seen), 'dev loss')} {'was' if len(seen) == 1 else 'were'}"
        raise ValueError(f"explore_patience: {were} given; two or more were expected")
    for place, loss in enumerate(seen):
        if not math.isfinite(loss):
            raise ValueError(
                f"explore_patience: dev loss {place}, counted from 0, is {loss}; finite numbers were expected"
            )

    def view(patience: int) -> Group:
        return patience_on(seen, patience, beside)

    return Explorer(view, [Slider("patience", "patience", PATIENCES)], title="Stop by the development loss")
