"""One frame of the scrubber: what the step does, its formulas, and the graph after so many steps."""

from collections.abc import Collection, Mapping
from html import escape

from lecture_lib.autodiff.nodes import Node
from lecture_lib.autodiff.record import Record
from lecture_lib.common import Text

from .formula import caption
from .formula_picture import formulas
from .graph_picture import graph
from .picture import Group


def scrub(
    record: Record,
    step: int,
    *,
    decimals: int = 2,
    max_width: float = 960,
    layers: Mapping[str, str | Node] | None = None,
    closed: Collection[str] = (),
) -> Group:
    """Show the state after `step` steps: caption, the step's formulas with the real numbers, graph.

    Any step can be asked for in any order, forward or back: the frame depends on nothing else. Everything
    keeps its place and size over all steps of a record, so frames can be exchanged without a jump.

    Parameters
    ----------
    record : Record
        From `forward` or `backward`.
    step : int
        From 0 (before the first step) to ``len(record.steps)`` (after the last).
    decimals, max_width, layers, closed
        As for `graph`.

    Returns
    -------
    Group
        A `Text` (the caption), a `Picture` (the formulas) and a `Picture` (the graph): from top to bottom, so
        that on a small screen the formulas are in sight.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> c = (ll.parameter(0.5, "w") * ll.data(2.0, "x")).named("c")
    >>> frame = scrub(ll.backward(c), 1)
    >>> print(frame.parts[0].words)
    Step 1 of 3, forward: c = w × x is computed.
    >>> print(frame.parts[1].words)
    c = w × x = 0.50 × 2.00 = 1.00
    """
    said = caption(record, step, decimals=decimals)
    return Group(
        (
            Text(f"<p>{escape(said)}</p>", said),
            formulas(record, step, decimals=decimals),
            graph(record, step, decimals=decimals, max_width=max_width, layers=layers, closed=closed),
        )
    )
