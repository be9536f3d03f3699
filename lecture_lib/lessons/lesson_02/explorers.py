"""What lesson 02 lets one move: the controls around its pictures."""

from __future__ import annotations

from collections.abc import Sequence

from lecture_lib.explore import Choice, Explorer, Slider, Steps, numbers

from .layers import FACTORS, SHIFTS, WEIGHTS, partials, scores_and_shares
from .slopes import SIDES, STEPS, WALKS, secants, surface


def explore_secants() -> Explorer:
    """Secants that become the tangent: θ, the step h, and to which side it goes.

    Examples
    --------
    >>> explore_secants().state
    {'h': 1.0, 'sides': 'to the right', 'theta': 1.5}
    """
    return Explorer(
        secants,
        [
            Slider("h", "step h", _labelled(STEPS), start=1.0),
            Choice("sides", "the step goes", list(SIDES)),
            Slider("theta", "parameter θ", numbers(-2.0, 2.0, 0.5), start=1.5),
        ],
        title="Secants become the tangent",
    )


def explore_neuron_loss() -> Explorer:
    """The neuron's loss over w and b: where one stands, and which way one looks.

    Examples
    --------
    >>> explore_neuron_loss().state
    {'walk': 'w alone', 'w': -0.5, 'b': -0.25}
    """
    return Explorer(
        surface,
        [
            Choice("walk", "look at the loss with", WALKS),
            Slider("w", "weight w", numbers(-1.5, 2.5, 0.25), start=-0.5),
            Slider("b", "bias b", numbers(-1.0, 1.5, 0.25), start=-0.25),
        ],
        title="The loss of a neuron over its weight and its bias",
    )


def explore_partials() -> Explorer:
    """One weight after the other is moved, until the whole gradient is known.

    Examples
    --------
    >>> explore_partials().state
    {'done': 0}
    """
    return Explorer(
        partials,
        [Steps("done", "weights moved", last=WEIGHTS.size)],
        title="One partial derivative after the other",
    )


def explore_scores() -> Explorer:
    """Softmax of three scores that are multiplied and moved.

    Examples
    --------
    >>> explore_scores().state
    {'factor': 1.0, 'shift': 0.0}
    """
    return Explorer(
        scores_and_shares,
        [
            Slider("factor", "multiply the scores by", _labelled(FACTORS), start=1.0),
            Slider("shift", "then add", _labelled(SHIFTS), start=0.0),
        ],
        title="Softmax as the formula is written",
    )


def _labelled(values: Sequence[float]) -> dict[str, float]:
    return {f"{value:g}".replace("-", "−"): value for value in values}
