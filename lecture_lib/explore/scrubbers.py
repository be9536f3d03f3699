"""The scrubber: both passes over a graph, a step at a time, both ways; and a graph whose numbers one sets."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture_lib.autodiff import Node, Record, backward, forward, parameter
from lecture_lib.common import Displayable
from lecture_lib.show import scrub
from lecture_lib.show.known import names_of

from .controls import Choice, Control, Slider, Steps, numbers
from .explorer import Explorer


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
    opens = {
        f"[{layer}]": {"open": {"open": layer}, "closed": {"open": "no layer"}} for layer in layers or ()
    }
    return Explorer(view, controls, title=title, jumps=_jumps(record) | opens)


def _jumps(record: Record) -> dict[str, dict[str, dict[str, int]]]:
    """By each node's name the steps that are about it: where its value comes, where its gradient goes on.

    What has no step of its own, data and parameters, has one where its gradient is whole.
    """
    names = names_of(record.nodes)
    found: dict[str, dict[str, dict[str, int]]] = {}
    whole: dict[str, int] = {}
    for number, step in enumerate(record.steps, 1):
        what = "where the way back begins" if step.kind == "seed" else step.kind
        found.setdefault(names[step.node], {})[what] = {"step": number}
        if step.kind == "backward":
            whole |= {
                names[parent]: number for parent in step.node.parents if parent.role in ("data", "parameter")
            }
    return found | {name: {"gradient": {"step": number}} for name, number in whole.items()}


def explore_graph(
    function: Callable[..., Any],
    *,
    title: str = "Move the numbers",
    decimals: int = 2,
    **inputs: float | ArrayLike | Slider,
) -> Explorer:
    """A scrubber over the graph of a function of numbers and arrays, whose numbers one sets with sliders.

    It begins after the last step, so that all values and gradients are to be seen.

    Parameters
    ----------
    function : function
        inputs by keyword -> a scalar: a plain formula, such as ``lambda w, x: ll.tanh(w @ x)``, or one that
        makes its nodes itself. A plain formula's inputs become parameters with their names. The graph must
        have the same operations whatever the numbers
    title : str
    decimals : int
        of the numbers in the picture
    **inputs : float, array or Slider
        what each input begins with. A number's slider goes from −3 to 3 in tenths, further if it begins
        further out; give a Slider for anything else. An array has a slider for each of its entries, at most
        twelve; a larger one stays as it is

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = explore_graph(lambda w, x: (w @ x - 1) ** 2, w=[0.5, -1.0], x=[2.0, 1.0])
    >>> explorer.state
    {'step': 7, 'w_0': 0.5, 'w_1': -1.0, 'x_0': 2.0, 'x_1': 1.0}
    """
    given = [_Input(name, value) for name, value in inputs.items()]
    sliders = [slider for one in given for slider in one.sliders]
    plain = False

    def built(values: Mapping[str, Any]) -> Any:
        made = {one.name: one.of(values) for one in given}
        return function(**({name: parameter(value, name) for name, value in made.items()} if plain else made))

    start = {slider.name: slider.options[slider.first].value for slider in sliders}
    try:
        made = built(start)
    except Exception:  # a plain formula may ask of its inputs what only a node has: x.named("c"), x.T
        made = None
    if not _has_parameters(made):
        plain = True
        made = built(start)
    called = getattr(function, "__name__", "the function")
    if not isinstance(made, Node):
        raise TypeError(
            f"{called} gave {type(made).__name__} for nodes; a scalar node was expected: compute with "
            "+ - * / ** @ and with lecture_lib's own functions, such as ll.tanh"
        )
    first = backward(made)

    @lru_cache(maxsize=64)
    def record_of(*values: Any) -> Record:
        chosen = dict(zip(start, values, strict=True))
        return first if chosen == start else backward(built(chosen))

    last = len(first.steps)

    def view(step: int, **values: Any) -> Displayable:
        record = record_of(*(values[slider.name] for slider in sliders))
        if len(record.steps) != last:
            raise ValueError(
                f"{called} made a graph with {len(record.steps)} steps, at "
                f"first it had {last}; the same operations were expected whatever the numbers"
            )
        return scrub(record, step, decimals=decimals)

    steps = Steps("step", "step", last=last, start=last)
    return Explorer(view, [steps, *sliders], title=title, jumps=_jumps(first))


MOST_ENTRIES = 12
"""An array with more entries has no sliders: nobody could find the one that is meant."""


class _Input:
    """An input of a function: its sliders, and its value when they are set."""

    def __init__(self, name: str, given: Any) -> None:
        self.name = name
        self._array: NDArray[np.float64] | None = None
        if isinstance(given, Slider):
            self.sliders = [given]
            return
        try:
            array = np.asarray(given, dtype=float)
        except (TypeError, ValueError):
            raise TypeError(f"{name} is {given!r}; a number, an array or a Slider was expected") from None
        if not np.isfinite(array).all():
            raise ValueError(f"{name} is {given!r}; finite numbers were expected")
        if array.ndim == 0:
            self.sliders = [_slider(name, name, float(array))]
            return
        self._array = array
        entries = list(np.ndindex(array.shape)) if array.size <= MOST_ENTRIES else []
        self.sliders = [
            _slider(
                "_".join([name, *map(str, entry)]),
                f"{name}[{', '.join(map(str, entry))}]",
                float(array[entry]),
            )
            for entry in entries
        ]

    def of(self, values: Mapping[str, Any]) -> Any:
        """The input's value when the sliders have these."""
        chosen = [values[slider.name] for slider in self.sliders]
        if self._array is None:
            return chosen[0]
        return np.array(chosen).reshape(self._array.shape) if chosen else self._array


def _has_parameters(made: Any) -> bool:
    """Whether what a function made is a graph with parameters of its own."""
    return isinstance(made, Node) and any(node.role == "parameter" for node in forward(made).nodes)


def _slider(name: str, label: str, start: float) -> Slider:
    """The slider for a number: from −3 to 3 in tenths, or as far as the number itself is."""
    start = float(start) + 0.0
    reach = max(3.0, float(np.ceil(abs(start) * 10)) / 10)
    ten = 10.0 ** np.floor(np.log10(reach / 30))
    # whatever the number, some hundreds of values, and round ones but for the two ends
    step = 0.1 if reach <= 30 else next(float(f * ten / 10) for f in (2, 5, 10) if f * ten >= reach / 30)
    last = float(reach // step * step) if reach > 30 else reach
    return Slider(name, label, sorted({*numbers(-last, last, step), -reach, reach, start}), start=start)
