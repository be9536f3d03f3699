"""The computation graph of a record, drawn: values flowing forward, contributions flowing back."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lecture_lib.autodiff.graph import Array, Node
from lecture_lib.autodiff.record import NOTHING, Record
from lecture_lib.common import lowered, number, raised

from . import svg
from .known import Known, known_after, names_of
from .layout import Edge, Layout, Point, Rect, Shape, arrange
from .picture import Picture
from .svg import BACKWARD, FORWARD, Value, short, value_of
from .typeset import room, split_name, value_words
from .words import graph_words

__all__ = ["MOST_NODES", "graph"]

MOST_NODES = 150
"""A graph with more nodes is not drawn: nobody could read it."""

MARGIN = 16.0
RADIUS = 24.0
_COMMUTATIVE = {"add", "multiply", "dot"}
_IN_CIRCLE = 1.7 * RADIUS
"""Room for a symbol in a circle."""


@dataclass(frozen=True)
class _Card:
    """A label: what flows forward, and beneath it what flows back."""

    forward: Value
    backward: Value | None

    @property
    def split(self) -> bool:
        """Whether the brackets of the two stand one below the other."""
        return self.forward.boxed or (self.backward is not None and self.backward.boxed)

    @property
    def prefix_width(self) -> float:
        return max(self.forward.prefix_width, self.backward.prefix_width if self.backward else 0.0)

    @property
    def column_widths(self) -> tuple[float, ...]:
        """Room for each column of numbers, the same in both."""
        if self.backward is None or len(self.backward.column_widths) != len(self.forward.column_widths):
            return self.forward.column_widths
        pairs = zip(self.forward.column_widths, self.backward.column_widths, strict=True)
        return tuple(max(pair) for pair in pairs)

    @property
    def grid_width(self) -> float:
        return sum(self.column_widths) + 8 * (len(self.column_widths) - 1) + 12

    @property
    def width(self) -> float:
        values = [self.forward, *([self.backward] if self.backward else [])]
        inner = max(v.width for v in values)
        if self.split:
            inner = self.prefix_width + self.grid_width + 2
        return max(64.0, 8 * math.ceil((inner + 12) / 8))

    @property
    def height(self) -> float:
        return (
            4
            + self.forward.height
            + (self.backward.height + (3 if self.split else 0) if self.backward else 0)
        )


@dataclass(frozen=True)
class _Link:
    """An edge of the drawing: into `node` as operand `position`, or (no node) from the root to its box."""

    source: Node
    node: Node | None
    position: int
    card: _Card


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
    links = _links(record, names, decimals)
    right = {node: value_of("expected ∂ ", value, decimals, bold=True) for node, value in expected.items()}
    sums = _sums(record, decimals) | right
    layout = _layout(record, names, links, sums, max_width)
    words = graph_words(record, step, decimals=decimals)
    title = f"Computation graph of {names[record.root]}"
    words += "".join(
        f"\nWrong: the gradient of {names[node]}; {value_words(value, decimals)} was expected."
        for node, value in expected.items()
    )
    body = _Painter(record, known, names, links, sums, layout, frozenset(right)).paint()
    legend, legend_width = _legend(record, names, bool(sums), layout.height + 2 * MARGIN + 8)
    width = max(layout.width + 2 * MARGIN, legend_width)
    return Picture(svg.document(width, layout.height + 2 * MARGIN + 22, title, words, [body, legend]), words)


# --- what is drawn ----------------------------------------------------------------------------------


def _links(record: Record, names: dict[Node, str], decimals: int) -> list[_Link]:
    links: list[_Link] = []
    for node in record.nodes:
        for position, parent in enumerate(node.parents):
            back = record.contribution(node, position) if record.has_gradients else None
            links.append(_Link(parent, node, position, _card(parent, names, back, decimals)))
    if record.root.primitive is not None:
        back = record.gradient(record.root) if record.has_gradients else None
        links.append(_Link(record.root, None, 0, _card(record.root, names, back, decimals)))
    return links


def _card(source: Node, names: dict[Node, str], back: object, decimals: int) -> _Card:
    prefix = "" if source.role == "constant" and source.ndim == 0 else f"{names[source]}="
    backward = None if back is None else value_of("∂ ", back, decimals, bold=True)
    return _Card(value_of(prefix, source.value, decimals), backward)


def _sums(record: Record, decimals: int) -> dict[Node, Value]:
    """Gradients that are sums of several contributions; they are written beneath their nodes."""
    if not record.has_gradients:
        return {}
    uses = dict.fromkeys(record.nodes, 0)
    for node in record.nodes:
        for parent in node.parents:
            uses[parent] += 1
    return {
        node: value_of("Σ ∂ ", record.gradient(node), decimals, bold=True)
        for node in record.nodes
        if uses[node] > 1
    }


def symbol_of(node: Node) -> str:
    """What is drawn in an operation: its primitive's symbol, with the exponent of a power.

    A product of matrices is drawn with the names of what is multiplied, W h₀, where a circle has room.
    """
    if node.primitive is None:
        return ""
    symbol = node.primitive.symbol
    if re.fullmatch(r"\{\w+\} \{\w+\}", node.primitive.formula) and all(p.name for p in node.parents):
        product = " ".join(_indexed(parent.name) for parent in node.parents)
        return product if room(product, 17) <= _IN_CIRCLE else symbol
    exponent = node.settings.get("exponent")
    return symbol.replace("ⁿ", raised(number(exponent, digits=6))) if exponent is not None else symbol


def _indexed(name: str) -> str:
    """A name with its index low, in the signs that plain text has for it."""
    stem, index = split_name(name)
    return stem + lowered(index)


def _shape(node: Node, name: str, note: Value | None, is_root: bool) -> Shape:
    below = note.height + 5 if note else 0.0
    below_width = note.width if note else 0.0
    if node.primitive is None:
        if node.role == "constant" and not is_root:
            return Shape(max(34.0, room(name, svg.SIZE) + 16), 28, below, below_width)
        return Shape(max(52.0, svg.name_width(name) + 22), 40, below, below_width)
    ordered = node.primitive.name not in _COMMUTATIVE
    wide = room(symbol_of(node), 17)
    if wide <= _IN_CIRCLE:
        return Shape(2 * RADIUS, 2 * RADIUS, below, below_width, True, ordered)
    return Shape(room(symbol_of(node), 14) + 26, 40, below, below_width, False, ordered)


def _layout(
    record: Record, names: dict[Node, str], links: list[_Link], sums: dict[Node, Value], max_width: float
) -> Layout:
    place = {node: i for i, node in enumerate(record.nodes)}
    shapes = [_shape(node, names[node], sums.get(node), node is record.root) for node in record.nodes]
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
        parts.append(svg.text(x, y, content, anchor=None, fill=colour, class_=kind))
        x += room(content, 11.5, bold="g" in kind) + 16
    roles = {node.role for node in record.nodes}
    for role, fill, line, stroke in (
        ("data", svg.DATA_FILL, svg.EDGE, 1.3),
        ("parameter", svg.PARAMETER_FILL, BACKWARD, 1.8),
    ):
        if role in roles:
            parts.append(svg.rect(x, y - 10, 16, 12, rx=3, fill=fill, stroke=line, stroke_width=stroke))
            parts.append(svg.text(x + 21, y, role, anchor=None, fill=svg.INK, class_="k"))
            x += 21 + room(role, 11.5) + 16
    return "".join(parts), x


# --- how it is drawn --------------------------------------------------------------------------------


class _Painter:
    """Puts the SVG together: edges first, then cards, then nodes."""

    def __init__(
        self,
        record: Record,
        known: Known,
        names: dict[Node, str],
        links: list[_Link],
        sums: dict[Node, Value],
        layout: Layout,
        wrong: frozenset[Node],
    ) -> None:
        self.record, self.known, self.names = record, known, names
        self.links, self.sums, self.layout, self.wrong = links, sums, layout, wrong

    def paint(self) -> str:
        parts = [_arrows(), f'<g transform="translate({short(MARGIN)},{short(MARGIN)})">']
        order = sorted(range(len(self.links)), key=lambda i: self._is_active(self.links[i]))
        parts += [self._edge(i) for i in order]
        parts += [self._card(i) for i in order]
        parts += [self._node(node, self.layout.nodes[i]) for i, node in enumerate(self.record.nodes)]
        if self.record.root.primitive is not None:
            parts.append(self._root_box(self.layout.nodes[-1]))
        return "".join(parts) + "</g>"

    def _is_active(self, link: _Link) -> bool:
        """Whether the current step uses this edge."""
        current = self.known.current
        if current is None:
            return False
        if current.kind == "seed":
            return link.node is None
        return link.node is current.node

    def _edge(self, index: int) -> str:
        link = self.links[index]
        route = svg.path(self.layout.routes[index])
        back = self.known.current is not None and self.known.current.kind != "forward"
        if self._is_active(link):
            if back:
                style = f'stroke="{BACKWARD}" stroke-width="3.2" marker-start="url(#back)"'
            else:
                style = f'stroke="{FORWARD}" stroke-width="3.2" marker-end="url(#on)"'
        elif self._computed(link):
            style = f'stroke="{svg.EDGE}" stroke-width="1.6" marker-end="url(#to)"'
        else:
            style = f'stroke="{svg.PALE_LINE}" stroke-width="1.4" marker-end="url(#pale)"'
        return f'<path d="{route}" fill="none" {style}/>' + _chevrons(self.layout.routes[index], style, back)

    def _computed(self, link: _Link) -> bool:
        """Whether a value has gone along this edge."""
        end = link.source if link.node is None else link.node
        return end in self.known.values

    def _handed(self, link: _Link) -> bool:
        if link.node is None:
            return self.record.root in self.known.gradients
        return (link.node, link.position) in self.known.handed

    def _card(self, index: int) -> str:
        link, place = self.links[index], self.layout.labels[index]
        card = link.card
        left, top = place.x - place.width / 2, place.y - place.height / 2
        current = self.known.current
        new_value = current is not None and current.kind == "forward" and link.source is current.node
        active = self._is_active(link)
        line, wide = svg.CARD_LINE, 1.0
        if active and current is not None:
            line, wide = (FORWARD if current.kind == "forward" else BACKWARD), 1.6
        if current is not None and current.kind == "backward" and link.source is current.node:
            line, wide = BACKWARD, 1.6  # what it received and now hands on
        if new_value or (active and current is not None and current.kind != "forward"):
            line, wide = (FORWARD if new_value else BACKWARD), 2.4
        parts = [
            svg.rect(left, top, place.width, place.height, rx=6, fill="#fff", stroke=line, stroke_width=wide)
        ]
        split = None
        if card.split:
            split = place.x - (card.prefix_width + card.grid_width + 2) / 2 + card.prefix_width + 2
        known = link.source in self.known.values
        shown = card.forward if known else _blank(card.forward)
        columns = card.column_widths if card.split else None
        colour = FORWARD if known else svg.PALE
        parts.append(
            _centred(shown, place.x, top + 2, card.forward.height, colour, split if known else None, columns)
        )
        if card.backward:
            handed = self._handed(link)
            shown = card.backward if handed else _blank(card.backward)
            lower = top + 2 + card.forward.height + (3 if card.split else 0)
            colour = BACKWARD if handed else svg.PALE
            parts.append(
                _centred(
                    shown, place.x, lower, card.backward.height, colour, split if handed else None, columns
                )
            )
        return "".join(parts)

    def _node(self, node: Node, place: Rect) -> str:
        current = self.known.current
        now = current is not None and current.node is node and current.kind != "seed"
        known = node in self.known.values
        x, y = place.x, place.y
        left, top = x - place.width / 2, y - place.height / 2
        name = self.names[node]
        parts: list[str] = []
        if node.primitive is None:
            fill, line, wide, rx = svg.DATA_FILL, svg.EDGE, 1.3, 8
            if node.role == "parameter":
                fill, line, wide = svg.PARAMETER_FILL, BACKWARD, 1.8
            if node is self.record.root:
                fill, line, wide = svg.ROOT_FILL, svg.ROOT_LINE, 1.5
            plain = node.role == "constant" and node is not self.record.root
            if plain:
                fill, line, wide, rx = "#fff", svg.PALE_LINE, 1.2, 6
            style = {"rx": rx, "fill": fill, "stroke": line, "stroke_width": wide}
            parts.append(svg.rect(left, top, place.width, place.height, **style))
            if plain:
                parts.append(svg.text(x, y + 4, name, fill=svg.INK, class_="n"))
            else:
                parts.append(svg.name_text(x, y + 5, name, fill=svg.INK))
        else:
            colour = FORWARD if current is None or current.kind == "forward" else BACKWARD
            style = {
                "fill": svg.OPERATION_FILL if known else "#fff",
                "stroke": colour if now else FORWARD if known else svg.PALE_LINE,
                "stroke_width": 3.4 if now else 1.5,
                "stroke_dasharray": None if known else "4 3",
            }
            ink = svg.INK if known else svg.PALE
            symbol = symbol_of(node)
            if place.width == place.height:
                parts.append(f"<circle {svg.attributes(cx=x, cy=y, r=RADIUS, **style)}/>")
                parts.append(svg.text(x, y + 6, symbol, fill=ink, class_="op"))
            else:
                parts.append(svg.rect(left, top, place.width, place.height, rx=20, **style))
                parts.append(svg.text(x, y + 5, symbol, fill=ink, class_="ops"))
            if now and current is not None:
                parts.append(_badge(x + place.width / 2 - 6, top + 5, current.kind == "forward", colour))
        note = self.sums.get(node)
        if node in self.wrong:
            parts.append(
                svg.rect(
                    left - 5,
                    top - 5,
                    place.width + 10,
                    place.height + 10,
                    rx=10,
                    fill="none",
                    stroke=svg.WRONG,
                    stroke_width=3,
                    stroke_dasharray="7 3",
                )
            )
        if note:
            whole = node in self.known.gradients or node in self.wrong
            shown = note if whole else _blank(note)
            top = y + place.height / 2 + 3
            colour = svg.WRONG if node in self.wrong else BACKWARD if whole else svg.PALE
            parts.append(_centred(shown, x, top, note.height, colour))
        return "".join(parts)

    def _root_box(self, place: Rect) -> str:
        root = self.record.root
        known = root in self.known.values
        current = self.known.current
        now = current is not None and current.kind == "seed"
        style = {
            "rx": 8,
            "fill": svg.ROOT_FILL if known else "#fff",
            "stroke": BACKWARD if now else svg.ROOT_LINE if known else svg.PALE_LINE,
            "stroke_width": 3.4 if now else 1.5,
            "stroke_dasharray": None if known else "4 3",
        }
        left, top = place.x - place.width / 2, place.y - place.height / 2
        parts = [
            svg.rect(left, top, place.width, place.height, **style),
            svg.name_text(place.x, place.y + 5, self.names[root], fill=svg.INK if known else svg.PALE),
        ]
        if now:
            parts.append(_badge(place.x + place.width / 2 - 4, top + 3, False, BACKWARD))
        return "".join(parts)


def _blank(value: Value) -> Value:
    """The place of a value that is not computed yet: its name and a dot."""
    return Value(value.prefix, (("·",),), False, value.bold)


def _centred(
    value: Value,
    x: float,
    top: float,
    room: float,
    colour: str,
    split: float | None = None,
    columns: tuple[float, ...] | None = None,
) -> str:
    fits = columns is not None and len(columns) == len(value.column_widths)
    return value.draw(x, top + (room - value.height) / 2, colour, split, columns if fits else None)


def _badge(x: float, y: float, forward: bool, colour: str) -> str:
    """The mark of the current step: a disc with a triangle that points where the step goes."""
    tip = 4.5 if forward else -4.5
    disc = svg.attributes(cx=x, cy=y, r=9, fill=colour, stroke="#fff", stroke_width=1.5)
    return f"<circle {disc}/>" + svg.arrow_head(x + tip, y, length=1.7 * tip, half=4.5, fill="#fff")


def _chevrons(route: Sequence[Point], style: str, back: bool) -> str:
    """Where an edge returns to the start of the next row, an arrow head half-way shows its direction."""
    colour = style.split('"')[1]
    turned = back and colour == BACKWARD
    parts: list[str] = []
    for k in range(1, len(route), 3):
        (x, y), (to_x, to_y) = route[k - 1], route[k + 2]
        if y == to_y and to_x < x - 40:
            tip = 6 if turned else -6
            parts.append(svg.arrow_head((x + to_x) / 2 + tip, y, length=2 * tip, fill=colour))
    return "".join(parts)


def _arrows() -> str:
    """Arrow heads: onward, the current step's, one that points back along the edge, and a pale one."""

    def head(name: str, colour: str, size: float, turn: str = "auto") -> str:
        return (
            f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="{size:g}" '
            f'markerHeight="{size:g}" markerUnits="userSpaceOnUse" orient="{turn}">'
            f'<path d="M0,0 L8,4 L0,8 z" fill="{colour}"/></marker>'
        )

    return (
        "<defs>"
        + head("to", svg.EDGE, 10)
        + head("pale", svg.PALE_LINE, 9)
        + head("on", FORWARD, 13)
        + head("back", BACKWARD, 13, "auto-start-reverse")
        + "</defs>"
    )
