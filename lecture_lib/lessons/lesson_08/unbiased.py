"""All minibatches of two of a small data set: their gradients as a cloud, their mean beside the full one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.common import Text, bracketed, norm, number, raised
from lecture_lib.explore import Choice, Explorer, Steps
from lecture_lib.show import Arrow, Group, Line, Panel, Point, padded, side_by_side
from lecture_lib.show.colours import BLUE, GREEN, ORANGE, PURPLE

PALE = "#8A96A0"

MEAN, SUM, SHORT = "mean loss, batches of two", "sum loss, batches of two", "mean loss, a short last batch"
KINDS = (MEAN, SUM, SHORT)


class Cloud:
    """A line w x + b with the squared error, and the gradients of all batches of two by w and by b.

    Parameters
    ----------
    x, y : n numbers each, 5 or more
    w, b : float
        where the gradients are taken
    kind : one of KINDS
        with SHORT, an epoch is cut in n − 2 examples and 2; what counts is the mean of both gradients

    Attributes
    ----------
    pairs : n (n − 1) / 2 pairs of indices
    gradients : (n (n − 1) / 2, 2)
        for each pair the gradient by w and by b; with SHORT the mean over the epoch whose last batch it is
    full : (2,)
        the gradient of all examples
    """

    def __init__(self, x: Array, y: Array, w: float, b: float, kind: str) -> None:
        self.x, self.y, self.w, self.b, self.kind = x, y, w, b, kind
        self.pairs = tuple(combinations(range(len(x)), 2))
        self.full = self.gradient(range(len(x)))
        self.gradients = np.array([self._counted(pair) for pair in self.pairs])

    def gradient(self, indices: Iterable[int]) -> Array:
        """The gradient of some of the examples: the mean, or for SUM the sum, of theirs."""
        some = list(indices)
        error = self.w * self.x[some] + self.b - self.y[some]
        each = np.stack([2 * error * self.x[some], 2 * error])
        return each.sum(axis=1) if self.kind == SUM else each.mean(axis=1)

    def rest(self, pair: Sequence[int]) -> tuple[int, ...]:
        """The examples that are not in a pair."""
        return tuple(i for i in range(len(self.x)) if i not in pair)

    def _counted(self, pair: Sequence[int]) -> Array:
        if self.kind == SHORT:
            return (self.gradient(self.rest(pair)) + self.gradient(pair)) / 2
        return self.gradient(pair)

    def mean(self, seen: int) -> Array:
        """The mean of the first so many gradients."""
        return self.gradients[:seen].mean(axis=0)


def cloud_of(cloud: Cloud, seen: int) -> Group:
    """Draw the first so many minibatches, the last one of them by name.

    Parameters
    ----------
    cloud : Cloud
    seen : int
        from 0 to the number of pairs

    Returns
    -------
    Group
        a Text on the last batch and on the mean of those seen; a Picture of the gradients and of the data
    """
    if seen:
        words = f"{_last_batch(cloud, seen)} {_so_far(cloud, seen)}"
    else:
        words = f"No batch yet. The full gradient, of all {len(cloud.x)} examples, is {_vector(cloud.full)}."
    picture = side_by_side((_gradients(cloud, seen), _data(cloud, seen)), words)
    return Group((Text(f"<p>{escape(words)}</p>", words), picture))


def explore_batches(x: ArrayLike, y: ArrayLike, w: float, b: float) -> Explorer:
    """Go through all minibatches of two of a data set, for a mean loss, a sum loss and a short last batch.

    Parameters
    ----------
    x, y : n numbers each, 5 to 8
        the examples; they are numbered in the order of x
    w, b : float
        the line w x + b, where the gradients are taken

    Raises
    ------
    ValueError
        if x and y are not as many numbers, 5 to 8, or a number is not finite

    Examples
    --------
    >>> explorer = explore_batches([0, 1, 3, 4, 6], [1, 1, 2, 2, 4], 0.0, 0.0)
    >>> print(explorer.show(seen=10).parts[0].words)
    Batch 10 of 10: examples 4 and 5. Its gradient is [−32.00, −6.00], off the full one by 16.52. The mean of all 10 is [−15.60, −4.00]; the full gradient is [−15.60, −4.00]. They differ by less than 10⁻¹⁵.
    """  # noqa: E501
    xs, ys = (np.array(values, dtype=np.float64) for values in (x, y))
    if xs.ndim != 1 or xs.shape != ys.shape or not 5 <= len(xs) <= 8:
        raise ValueError(
            f"explore_batches: x has the shape {xs.shape} and y {ys.shape}; two lists of the same length, 5 "
            "to 8, were expected"
        )
    for name, given in (("x", xs), ("y", ys), ("w", w), ("b", b)):
        if not np.all(np.isfinite(given)):
            raise ValueError(f"explore_batches: {name} has NaN or ∞ in it; finite numbers were expected")
    order = np.argsort(xs, kind="stable")
    clouds = {kind: Cloud(xs[order], ys[order], w, b, kind) for kind in KINDS}
    last = len(clouds[MEAN].pairs)

    def view(kind: str, seen: int) -> Group:
        return cloud_of(clouds[kind], seen)

    return Explorer(
        view,
        [
            Choice("kind", "loss and batches", KINDS),
            Steps("seen", "batches seen", last=last, start=last, seconds=0.8),
        ],
        title="Every minibatch of two",
    )


# ------------------------------------------------------------------ words


def _last_batch(cloud: Cloud, seen: int) -> str:
    pair, here = cloud.pairs[seen - 1], cloud.gradients[seen - 1]
    off = norm(here - cloud.full)
    if cloud.kind != SHORT:
        return (
            f"Batch {seen} of {len(cloud.pairs)}: {_examples(pair)}. Its gradient is {_vector(here)}, "
            f"off the full one by {number(off)}."
        )
    rest = cloud.rest(pair)
    return (
        f"Epoch {seen} of {len(cloud.pairs)}: a batch of {len(rest)}, then a last one of {_examples(pair)}. "
        f"The mean of the two gradients is {_vector(here)}, off the full one by {number(off)}. Each of the "
        f"last two counts 1/4, each of the others 1/{2 * len(rest)}."
    )


def _so_far(cloud: Cloud, seen: int) -> str:
    mean, count = cloud.mean(seen), len(cloud.pairs)
    what = "epochs" if cloud.kind == SHORT else "batches"
    which = f"all {count}" if seen == count else f"the first {seen}" if seen > 1 else "this one alone"
    words = f"The mean of {which} is {_vector(mean)}; the full gradient is {_vector(cloud.full)}."
    if seen < count:
        return words
    if cloud.kind == SUM:
        n = len(cloud.x)
        return f"{words} The mean is 2/{n} of the full gradient: the direction is right, the length is not."
    off = float(np.abs(mean - cloud.full).max())
    power = next((power for power in range(15, -1, -1) if off < 10.0**-power), None)
    apart = f"less than 10{raised(str(-power))}" if power is not None else number(off, digits=2)
    words += f" They differ by {apart}."
    if cloud.kind == SHORT:
        words += f" Single {what} are off; over all of them, other examples are last each time."
    return words


def _examples(indices: Sequence[int]) -> str:
    """Example numbers, counted from 1 as in the picture."""
    return "examples " + " and ".join(str(i + 1) for i in indices)


def _vector(values: Array) -> str:
    return bracketed(values)


# ------------------------------------------------------------------ panels


def _gradients(cloud: Cloud, seen: int) -> Panel:
    ends = [*cloud.gradients, cloud.full, np.zeros(2)]
    if cloud.kind == SHORT:
        ends += [cloud.gradient(part) for pair in cloud.pairs for part in (pair, cloud.rest(pair))]
    arrows: list[Arrow] = []
    points = [Point(f"full gradient {_vector(cloud.full)}", *as_pair(cloud.full), BLUE, "square")]
    marks: tuple[Line, ...] = ()
    if seen and cloud.kind == SHORT:
        pair = cloud.pairs[seen - 1]
        rest = cloud.rest(pair)
        arrows = [
            Arrow(f"batch of {len(rest)}", 0, 0, *as_pair(cloud.gradient(rest)), PURPLE),
            Arrow(f"last batch, {_examples(pair)}", 0, 0, *as_pair(cloud.gradient(pair)), ORANGE, "6 3"),
        ]
        xs, ys = cloud.gradients[:seen].T
        marks = (Line("mean of each epoch", xs, ys, PALE, marker="circle"),)
        points.append(
            Point(
                f"mean of this epoch {_vector(cloud.gradients[seen - 1])}", xs[-1], ys[-1], ORANGE, "triangle"
            )
        )
    elif seen:
        arrows = [Arrow("", 0, 0, *as_pair(end), PALE) for end in cloud.gradients[: seen - 1]]
        name = f"{_examples(cloud.pairs[seen - 1])} {_vector(cloud.gradients[seen - 1])}"
        arrows.append(Arrow(name, 0, 0, *as_pair(cloud.gradients[seen - 1]), ORANGE, "6 3"))
    if seen:
        points.append(
            Point(f"mean so far {_vector(cloud.mean(seen))}", *as_pair(cloud.mean(seen)), GREEN, "diamond")
        )
    x_range, y_range = (padded([float(end[axis]) for end in ends]) for axis in (0, 1))
    return Panel(
        "the gradients",
        "by w",
        "by b",
        x_range,
        y_range,
        marks,
        tuple(points),
        tuple(arrows),
    )


def _data(cloud: Cloud, seen: int) -> Panel:
    chosen = cloud.pairs[seen - 1] if seen else ()
    rest = cloud.rest(chosen)
    x_range = padded(cloud.x)
    lines = [Line("the line w x + b", x_range, [cloud.w * x + cloud.b for x in x_range], BLUE)]
    lines += [
        Line("", (cloud.x[i],) * 2, (cloud.w * cloud.x[i] + cloud.b, cloud.y[i]), ORANGE) for i in chosen
    ]
    name = "the other examples" if seen else "the examples"
    lines.append(Line(name, cloud.x[list(rest)], cloud.y[list(rest)], PALE, marker="circle"))
    if seen:
        where = "the last batch" if cloud.kind == SHORT else "the batch"
        xs, ys = cloud.x[list(chosen)], cloud.y[list(chosen)]
        lines.append(Line(f"{where}: {_examples(chosen)}", xs, ys, ORANGE, marker="square"))
    return Panel("the data, numbered from the left", "x", "y", x_range, padded(cloud.y), tuple(lines))


def as_pair(values: Array) -> tuple[float, float]:
    """Return two coordinates as floats."""
    return float(values[0]), float(values[1])
