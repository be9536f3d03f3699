"""The computation graph of a record, drawn: values flowing forward, contributions flowing back."""

from collections.abc import Mapping

from lecture_lib.autodiff.nodes import Array, Node
from lecture_lib.autodiff.record import NOTHING, Record

from . import svg
from .graph_painter import MARGIN, Painter
from .graph_parts import Link, links_of, shape_of, sums_of
from .known import known_after, names_of
from .layout import Edge, Layout, Shape, arrange
from .picture import Picture
from .svg import BACKWARD, FORWARD, Value, value_of
from .typeset import text_width, value_words
from .words import graph_words

__all__ = ["MOST_NODES", "graph"]

MOST_NODES = 150
"""A graph with more nodes is not drawn: nobody could read it."""


def graph(
    record: Record,
    step: int | None = None,
    *,
    decimals: int = 2,
    max_width: float = 960,
    expected: Mapping[Node, Array] = NOTHING,
) -> Picture:
    """Draw a record as a graph (slide "Computation Graphs").

    Each edge carries a card: in blue what flows along it forward, and beneath it in bold orange, after
    the sign ∂, the contribution that flows back along it. A node that is used more than once has a
    contribution on each of its edges, and their sum beneath itself.

    Parameters
    ----------
    record : Record
        From `forward` or `backward`.
    step : int, optional
        Draw the state after so many of ``record.steps``, the last of them highlighted; everything is at the
        same place whatever the step. None (the default) draws all there is.
    decimals : int
        Decimals of every number.
    max_width : float
        In pixels; a wider graph goes on in a second row.
    expected : mapping
        Of a node whose gradient in the record is wrong, the right one: the node is ringed, and it stands
        beneath.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is no such step, or the graph has more than 150 nodes.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> x, w = ll.data(2.0, "x"), ll.parameter(0.5, "w")
    >>> print(graph(ll.backward((w * x).named("c"))).words)
    Computation graph of c: 3 nodes, 2 edges. Values and gradients.
    w (parameter) = 0.50; ∂c/∂w = 2.00
    x (data) = 2.00; ∂c/∂x = 0.50
    c = w × x = 1.00; ∂c/∂c = 1.00; hands back 2.00 to w, 0.50 to x
    """
    if len(record.nodes) > MOST_NODES:
        raise ValueError(
            f"graph: this graph has {len(record.nodes)} nodes; at most {MOST_NODES} can be drawn so that one "
            "can read them. Draw a smaller example, or print show.table(record)"
        )
    known = known_after(record, step)
    names = names_of(record.nodes)
    links = links_of(record, names, decimals)
    right = {node: value_of("expected ∂ ", value, decimals, bold=True) for node, value in expected.items()}
    sums = sums_of(record, decimals) | right
    layout = _layout(record, names, links, sums, max_width)
    words = graph_words(record, step, decimals=decimals)
    words += "".join(
        f"\nWrong: the gradient of {names[node]}; {value_words(value, decimals)} was expected."
        for node, value in expected.items()
    )
    title = f"Computation graph of {names[record.root]}"
    body = Painter(record, known, names, links, sums, layout, frozenset(right)).paint()
    legend, legend_width = _legend(record, names, bool(sums), layout.height + 2 * MARGIN + 8)
    width = max(layout.width + 2 * MARGIN, legend_width)
    return Picture(svg.document(width, layout.height + 2 * MARGIN + 22, title, words, [body, legend]), words)


def _layout(
    record: Record, names: dict[Node, str], links: list[Link], sums: dict[Node, Value], max_width: float
) -> Layout:
    place = {node: i for i, node in enumerate(record.nodes)}
    shapes = [shape_of(node, names[node], sums.get(node), node is record.root) for node in record.nodes]
    if record.root.primitive is not None:
        shapes.append(Shape(max(60.0, svg.name_width(names[record.root]) + 24), 40))
    edges = [
        Edge(
            place[k.source],
            len(record.nodes) if k.node is None else place[k.node],
            k.card.width,
            k.card.height,
        )
        for k in links
    ]
    return arrange(tuple(shapes), tuple(edges), max_width)


def _legend(record: Record, names: dict[Node, str], has_sums: bool, y: float) -> tuple[str, float]:
    root = names[record.root]
    entries: list[tuple[str, str, str]] = [("name=value (forward)", FORWARD, "k")]
    if record.has_gradients:
        what = "contribution to " if has_sums else ""
        entries.append((f"∂ = {what}∂{root}/∂name (backward)", BACKWARD, "k g"))
    if has_sums:
        entries.append(("Σ ∂ = their sum", BACKWARD, "k g"))
    parts: list[str] = []
    x = MARGIN
    for content, colour, kind in entries:
        parts.append(svg.text(x, y, content, colour, kind, anchor=None))
        x += text_width(content, kind) + 16
    roles = {node.role for node in record.nodes}
    for role, fill, line, stroke in (
        ("data", svg.DATA_FILL, svg.EDGE, 1.3),
        ("parameter", svg.PARAMETER_FILL, BACKWARD, 1.8),
    ):
        if role in roles:
            parts.append(svg.rect(x, y - 10, 16, 12, rx=3, fill=fill, stroke=line, stroke_width=stroke))
            parts.append(svg.text(x + 21, y, role, svg.INK, "k", anchor=None))
            x += 21 + text_width(role, "k") + 16
    return "".join(parts), x
