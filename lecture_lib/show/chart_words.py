"""How a series of numbers runs, in a sentence made from its values."""

import math
from collections.abc import Sequence
from itertools import pairwise

from lecture_lib.common import counted, number


def trend(name: str, values: Sequence[float], x: str = "step", start: int = 0) -> str:
    """Say how a series runs, in a sentence made from its values.

    Examples
    --------
    >>> trend("loss", [0.861, 0.854, 0.847])
    'loss falls from 0.861 at step 0 to 0.847 at step 2.'
    >>> trend("loss", [0.5, 0.5])
    'loss stays at 0.5 from step 0 to step 1.'
    >>> trend("loss", [1.0, 20.0, float("inf")])
    'loss rises from 1 at step 0 to 20 at step 1. At step 2 it is no longer a finite number.'
    """
    begins = next((i for i, value in enumerate(values) if math.isfinite(value)), 0)
    if begins:
        return (
            f"{name} is no finite number before {x} {start + begins}."
            f" {trend(name, values[begins:], x, start + begins)}"
        )
    usable = next((i for i, value in enumerate(values) if not math.isfinite(value)), len(values))
    finite = [float(value) for value in values[:usable]]
    broken = f" At {x} {start + usable} it is no longer a finite number." if usable < len(values) else ""
    last_of_all = max((i for i, value in enumerate(values) if math.isfinite(value)), default=0)
    if last_of_all > usable:
        broken += (
            f" Its last number after that is {written(values[last_of_all])}, at {x} {start + last_of_all}."
        )
    if not finite:
        return f"{name} has no value yet." if not values else f"{name} is no number from {x} {start} on."
    first, last, here = finite[0], finite[-1], f"{x} {start + len(finite) - 1}"
    if len(finite) == 1:
        return f"{name} is {written(first)} at {here}.{broken}"
    if written(min(finite)) == written(max(finite)):
        return f"{name} stays at {written(first)} from {x} {start} to {here}.{broken}"
    pairs = list(pairwise(finite))
    ends = f"from {written(first)} at {x} {start} to {written(last)} at {here}"
    if all(after <= before for before, after in pairs):
        return f"{name} falls {ends}.{_still_since(finite, x, start)}{broken}"
    if all(after >= before for before, after in pairs):
        return f"{name} rises {ends}.{_still_since(finite, x, start)}{broken}"
    low, high = min(finite), max(finite)
    extremes = [
        f"it is {word}, {written(value)}, at {x} {start + finite.index(value)}"
        for word, value in (("lowest", low), ("highest", high))
        if value not in (first, last)
    ]
    rises = f"rises {counted(sum(after > before for before, after in pairs), 'time')}"
    turns = f"{', '.join(extremes)}, and {rises}" if extremes else f"it {rises}"
    return f"{name} goes {ends}; {turns}.{broken}"


def written(value: float) -> str:
    """A number as charts and their words write it: four digits that count.

    Examples
    --------
    >>> [written(v) for v in (0.861266, -0.12, 20.0, 1868.4, 0.0073829, 7.349e238)]
    ['0.8613', '−0.12', '20', '1868', '0.007383', '7.349 × 10²³⁸']
    """
    return number(value, digits=4)


def _still_since(values: list[float], x: str, start: int) -> str:
    """From where on nothing changes that could be read, if that is long before the end."""
    last = written(values[-1])
    since = next(i for i in range(len(values)) if all(written(v) == last for v in values[i:]))
    if len(values) - since < 4:
        return ""
    return f" From {x} {start + since} on it stays there."
