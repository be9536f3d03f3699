"""The winner's curse: the best of many equal models looks better than it is."""

from __future__ import annotations

from html import escape

import numpy as np

from lecture_lib.common import Text, counted, number
from lecture_lib.explore.controls import Choice, Slider
from lecture_lib.explore.explorer import Explorer
from lecture_lib.learning.sealed import best_of, chances_of_best
from lecture_lib.show.colours import INK, PURPLE
from lecture_lib.show.panels import Line, Panel, Point, side_by_side
from lecture_lib.show.picture import Group
from lecture_lib.show.svg import BACKWARD, FORWARD, ROOT_LINE

MODELS = (1, 2, 4, 8, 16, 32, 64)
TEXTS = (100, 200, 800, 3200)
ACCURACIES = {"93%": 0.93, "70%": 0.70, "50%, a coin": 0.50}
MOST_POINTS = 160
"""So many points a line has at most."""


def curse(models: int, texts: int, accuracy: float) -> Group:
    """What one model shows on the development set, and what the best of several equal ones shows.

    Parameters
    ----------
    models : int
        how many equally good models, which err independently
    texts : int
        how many texts the development set has
    accuracy : float
        the share of all texts there are that each of them gets right

    Returns
    -------
    Group
        a Text that says by how much the best looks too good, and two charts
    """
    mean = best_of(models, texts, accuracy)
    points = 100 * (mean - accuracy)
    if models == 1:
        said = (
            f"One model, right on {accuracy:.0%} of all texts. On {texts} dev texts it shows "
            f"{100 * mean:.2f}% on average: as good as it is. Nothing was chosen."
        )
    else:
        said = (
            f"{models} models, each right on {accuracy:.0%} of all texts. On {texts} dev texts the best of "
            f"them shows {100 * mean:.2f}% on average: {points:.2f} points more than it is."
        )
    best = "" if models == 1 else f", for the best of {models} around {100 * mean:.2f}%"
    words = (
        f"{said} First, how likely each accuracy on dev is: for one model around {accuracy:.0%}{best}. "
        f"Second, by how much the best looks too good, for 1 to {MODELS[-1]} models: "
        + "; ".join(
            f"{100 * (best_of(MODELS[-1], n, accuracy) - accuracy):.2f} points for {MODELS[-1]} models on "
            f"{n} texts"
            for n in TEXTS
        )
        + "."
    )
    picture = side_by_side([_chances(models, texts, accuracy), _by_models(models, texts, accuracy)], words)
    return Group((Text(f"<p>{escape(said)}</p>", said), picture))


def explore_curse() -> Explorer:
    """The best of several equal models, with controls: how many models, how many texts, how good they are.

    Examples
    --------
    >>> explore_curse().state
    {'models': 16, 'texts': 800, 'accuracy': 0.93}
    """
    return Explorer(
        curse,
        [
            Slider("models", "equal models", MODELS, start=16),
            Choice("texts", "texts in the development set", TEXTS, start=800),
            Choice("accuracy", "each model is right on", ACCURACIES),
        ],
        title="The winner's curse",
    )


def _chances(models: int, texts: int, accuracy: float) -> Panel:
    spread = float(np.sqrt(accuracy * (1 - accuracy) / texts))
    low, high = max(0.0, accuracy - 4 * spread), min(1.0, accuracy + 5 * spread)
    counts = np.arange(int(np.ceil(low * texts)), int(high * texts) + 1)
    counts = counts[:: max(1, len(counts) // MOST_POINTS)]
    mean = best_of(models, texts, accuracy)
    one, best = (chances_of_best(n, texts, accuracy) for n in (1, models))
    top = float(max(one.max(), best.max()))
    guide = 1.1 * top
    lines = [
        Line("one model", 100 * counts / texts, one[counts], FORWARD),
        Line("", (100 * accuracy,) * 2, (0, guide), FORWARD, "2 3"),
    ]
    if models > 1:
        lines += [
            Line(f"the best of {models}", 100 * counts / texts, best[counts], BACKWARD, "7 4"),
            Line("", (100 * mean,) * 2, (0, guide), BACKWARD, "2 3"),
        ]
    return Panel(
        "How likely each accuracy is",
        "accuracy on dev, %",
        "probability",
        (100 * low, 100 * high),
        (0, guide),
        tuple(lines),
        (
            Point(f"what each of them is: {100 * accuracy:.2f}%", 100 * accuracy, 0, FORWARD),
            *(
                [
                    Point(
                        f"what the best shows, on average: {100 * mean:.2f}%",
                        100 * mean,
                        0,
                        BACKWARD,
                        "square",
                    )
                ]
                if models > 1
                else []
            ),
        ),
    )


def _by_models(models: int, texts: int, accuracy: float) -> Panel:
    """By how much the best looks too good, by the number of models, for each size of the dev set."""
    too_good = {n: [100 * (best_of(k, n, accuracy) - accuracy) for k in MODELS] for n in TEXTS}
    dashes = dict(zip(TEXTS, ("2 4", "10 3 2 3", "", "7 4"), strict=True))
    colours = dict(zip(TEXTS, (PURPLE, ROOT_LINE, FORWARD, BACKWARD), strict=True))
    here = 100 * (best_of(models, texts, accuracy) - accuracy)
    return Panel(
        "By how much the best looks too good",
        "equal models",
        "points of accuracy",
        (0, MODELS[-1] + 2),
        (0, 1.1 * max(max(line) for line in too_good.values())),
        tuple(Line(f"{n} texts", MODELS, too_good[n], colours[n], dashes[n]) for n in TEXTS),
        (
            Point(
                f"{counted(models, 'model')}, {texts} texts: {number(here)} points",
                models,
                here,
                INK,
                "diamond",
            ),
        ),
    )
