"""The computation graph of a record, drawn: values flowing forward, contributions flowing back."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from lecture_lib.autodiff.nodes import Node
from lecture_lib.autodiff.record import NOTHING, Record
from lecture_lib.autodiff.values import Array

from . import svg
from .formula import forward_formula
from .graph_layers import Drawn, Layer, drawn_things
from .graph_painter import MARGIN, Painter
from .graph_parts import LEAVES, Link, continued, layer_shape, links_of, shape_of, sums_of, title_place
from .known import known_after, names_of
from .layout import Edge, Layout, Shape, arrange
from .picture import Picture, Place
from .svg import BACKWARD, FORWARD, Value, value_of
from .typeset import text_width, value_words
from .words import graph_words

LEGEND_LINE = 18.0
MOST_NODES = 150
"""A graph with more nodes is not drawn: nobody could read it."""


def graph(
    record: Record,
    step: int | None = None,
    *,
    decimals: int = 2,
    max_width: float = 960,
    expected: Mapping[Node, Array] = NOTHING,
    layers: Mapping[str, str | Node] | None = None,
    closed: Collection[str] = (),
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
    layers : mapping
        Title -> the last node of that layer, or its name, from the input to the loss: what leads to it and is
        in no earlier layer stands together in a frame, ``{"input": "h0", "layer 1": "h", "loss": "loss"}``.
    closed : collection of str
        Titles of layers of which only the whole is drawn, not the operations.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is no such step or layer, or more than 150 nodes are to be drawn.

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
    drawn = drawn_things(record, layers or {}, closed)
    if len(drawn.things) > MOST_NODES:
        raise ValueError(
            f"graph: this graph has {len(drawn.things)} nodes; at most {MOST_NODES} can be drawn so that one "
            "can read them. Draw a smaller example, or print show.table(record)"
        )
    known = known_after(record, step)
    names = names_of(record.nodes)
    links = [
        link
        for link in links_of(record, names, decimals)
        if link.node is None or drawn.place[link.source] != drawn.place[link.node]
    ]
    right = {node: value_of("expected ∂ ", value, decimals, bold=True) for node, value in expected.items()}
    sums = sums_of(record, decimals) | right
    layout = _layout(record, drawn, names, links, sums, max_width)
    words = graph_words(record, step, decimals=decimals, layers=drawn.layers)
    words += "".join(
        f"\nWrong: the gradient of {names[node]}; {value_words(value, decimals)} was expected."
        for node, value in expected.items()
    )
    title = f"Computation graph of {names[record.root]}"
    body = Painter(record, drawn, known, names, links, sums, layout, frozenset(right)).paint()
    below = layout.height + 2 * MARGIN + 8
    kept = ("what was kept" if right else "their sum") if sums else ""  # a pass that went wrong may not add
    legend, legend_width = _legend(record, names, kept, below)
    width = max(layout.width + 2 * MARGIN, legend_width)
    unnamed, right, lines = _unnamed(drawn, names, (legend_width, below), max(width, max_width))
    height = below + 12 + LEGEND_LINE * lines
    width = max(width, right)
    places = _places(record, drawn, names, layout, width, height)
    return Picture(svg.document(width, height, title, words, [body, legend, *unnamed]), words, places)


def _places(
    record: Record, drawn: Drawn, names: Mapping[Node, str], layout: Layout, width: float, height: float
) -> tuple[Place, ...]:
    """Where each node stands, and each layer: its name in brackets is where it is opened or closed.

    The root's box is another place of the root.
    """
    called = [f"[{thing.title}]" if isinstance(thing, Layer) else names[thing] for thing in drawn.things]
    boxes = list(zip([*called, names[record.root]], layout.nodes, strict=False))
    for frame in layout.frames:
        layer = drawn.layers[frame.band] if frame.band < len(drawn.layers) else None
        if layer and not layer.closed:
            boxes += [(f"[{layer.title}]", title_place(layer, frame.place))]
    return tuple(
        Place(
            name,
            round((MARGIN + box.x - box.width / 2) / width, 4),
            round((MARGIN + box.y - box.height / 2) / height, 4),
            round(box.width / width, 4),
            round(box.height / height, 4),
        )
        for name, box in boxes
    )


def _layout(
    record: Record,
    drawn: Drawn,
    names: dict[Node, str],
    links: list[Link],
    sums: dict[Node, Value],
    max_width: float,
) -> Layout:
    shapes: list[Shape] = []
    for thing in drawn.things:
        node = thing.last if isinstance(thing, Layer) else thing
        shape = layer_shape(thing) if isinstance(thing, Layer) else shape_of(thing, names, sums.get(thing))
        shapes.append(replace(shape, band=drawn.band[node], chip=svg.symbols_width(names[node]) + 20))
    root = Shape(max(60.0, svg.name_width(names[record.root]) + 24), 40, band=drawn.band[record.root])
    shapes.append(root)
    place = drawn.place
    edges = [
        Edge(
            place[k.source],
            len(drawn.things) if k.node is None else place[k.node],
            k.card.width,
            k.card.height,
        )
        for k in links
    ]
    titles = [(text_width(layer.title, "k g"), text_width(continued(layer), "k g")) for layer in drawn.layers]
    return arrange(tuple(shapes), tuple(edges), max_width, (*titles, (0.0, 0.0)) if titles else ())


def _legend(record: Record, names: dict[Node, str], kept: str, y: float) -> tuple[str, float]:
    root = names[record.root]
    entries: list[tuple[str, str, str]] = [("name=value (forward)", FORWARD, "k")]
    if record.has_gradients:
        what = "contribution to " if kept else ""
        entries.append((f"∂ = {what}∂{root}/∂name (backward)", BACKWARD, "k g"))
    if kept:
        entries.append((f"Σ ∂ = {kept}", BACKWARD, "k g"))
    parts: list[str] = []
    x = MARGIN
    for content, colour, kind in entries:
        parts.append(svg.symbols(x, y, content, colour, kind, anchor=None))
        x += svg.symbols_width(content, kind) + 16
    roles = {node.role for node in record.nodes}
    for role in ("data", "parameter"):
        if role in roles:
            parts.append(svg.rect(x, y - 10, 16, 12, rx=3, **LEAVES[role]))
            parts.append(svg.text(x + 21, y, role, svg.INK, "k", anchor=None))
            x += 21 + text_width(role, "k") + 16
    return "".join(parts), x


def _unnamed(
    drawn: Drawn, names: Mapping[Node, str], start: tuple[float, float], width: float
) -> tuple[list[str], float, int]:
    """What the results are that have no name of their own; how far they reach, and how many lines they add.

    Three lines at most: the picture's words have them all.
    """
    parts: list[str] = []
    x, y = start
    right, line = 0.0, 0
    for node in drawn.things:
        if isinstance(node, Layer) or node.name or node.primitive is None:
            continue
        said = f"{names[node]} = {forward_formula(node, names)}"
        wide = svg.symbols_width(said, "k")
        if x > MARGIN and x + wide + MARGIN > width:
            if line == 3:
                parts.append(svg.text(x, y + LEGEND_LINE * line, "…", svg.PALE, "k", anchor=None))
                right = max(right, x + text_width("…", "k") + MARGIN)
                break
            x, line = MARGIN, line + 1
        parts.append(svg.symbols(x, y + LEGEND_LINE * line, said, svg.PALE, "k", anchor=None))
        right = max(right, x + wide + MARGIN)
        x += wide + 18
    return parts, right, line
