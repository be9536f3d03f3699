"""The scrubber: both passes over a graph, a step at a time, both ways; and a graph whose numbers one sets."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from lecture_lib.autodiff import Node, Record, backward
from lecture_lib.common import Displayable
from lecture_lib.show import scrub

from .controls import Choice, Control, Slider, Steps, numbers
from .explorer import Explorer

__all__ = ["explore_graph", "scrubber"]


def scrubber(
    record: Record,
    *,
    title: str = "Forward and back, step by step",
    decimals: int = 2,
    start: int = 0,
    layers: Mapping[str, str | Node] | None = None,
    opened: str = "every layer",
) -> Explorer:
    """Walk through a record: every value on the way forward, every contribution on the way back.

    Parameters
    ----------
    record : Record
        from `forward` or, to see the way back as well, from `backward`
    title : str
    decimals : int
        of the numbers in the picture
    start : int
        how many steps have been made at first
    layers : mapping
        title -> the last node of that layer, or its name, from the input to the loss: each stands in a frame,
        and a choice opens it into its operations and closes it again
    opened : str
        which layer is open at first: a title, "every layer" or "no layer"

    Returns
    -------
    Explorer
        its control is called `step`: 0 is before the first step; with layers there is `open` too

    Examples
    --------
    >>> import lecture_lib as ll
    >>> w = ll.parameter(3.0, "w")
    >>> explorer = scrubber(ll.backward((w * w).named("loss")))
    >>> explorer.state
    {'step': 0}
    """

    def view(step: int, open: str = "every layer") -> Displayable:
        closed = [] if open == "every layer" else [layer for layer in layers or () if layer != open]
        return scrub(record, step, decimals=decimals, layers=layers, closed=closed)

    controls: list[Control] = [Steps("step", "step", last=len(record.steps), start=start)]
    if layers:
        controls.append(Choice("open", "open", ["every layer", *layers, "no layer"], opened))
    return Explorer(view, controls, title=title)


def explore_graph(
    build: Callable[..., Node],
    *,
    title: str = "Move the numbers",
    decimals: int = 2,
    **inputs: float | Slider,
) -> Explorer:
    """A scrubber over a graph that is built anew from numbers which one sets with sliders.

    It begins after the last step, so that all values and gradients are to be seen.

    Parameters
    ----------
    build : function
        numbers by keyword -> the scalar Node to be differentiated; the graph must have the same operations
        whatever the numbers
    title : str
    decimals : int
        of the numbers in the picture
    **inputs : float or Slider
        what each number begins with; its slider goes from −3 to 3 in tenths, further if it begins further
        out. Give a Slider for anything else.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> import lecture_lib as ll
    >>> def build(w):
    ...     return (ll.parameter(w, "w") ** 2).named("loss")
    >>> explorer = explore_graph(build, w=0.5)
    >>> explorer.state
    {'step': 3, 'w': 0.5}
    """
    sliders = [_slider(name, given) for name, given in inputs.items()]

    @lru_cache(maxsize=64)
    def record_of(*values: Any) -> Record:
        return backward(build(**dict(zip(inputs, values, strict=True))))

    first = record_of(*(slider.options[slider.first].value for slider in sliders))
    last = len(first.steps)

    def view(step: int, **values: Any) -> Displayable:
        record = record_of(*(values[name] for name in inputs))
        if len(record.steps) != last:
            raise ValueError(
                f"{getattr(build, '__name__', 'build')} made a graph with {len(record.steps)} steps, at "
                f"first it had {last}; the same operations were expected whatever the numbers"
            )
        return scrub(record, step, decimals=decimals)

    return Explorer(view, [Steps("step", "step", last=last, start=last), *sliders], title=title)


def _slider(name: str, given: float | Slider) -> Slider:
    """The slider for a number: from −3 to 3 in tenths, or as far as the number itself is."""
    if isinstance(given, Slider):
        return given
    start = round(float(given), 1) + 0.0
    if start != given:
        raise ValueError(
            f"{name} begins at {given}, which is not a tenth; give Slider({name!r}, {name!r}, values, start)"
        )
    reach = max(3.0, abs(start))
    return Slider(name, name, numbers(-reach, reach, 0.1), start=start)
