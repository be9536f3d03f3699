"""The SVG of a graph after a step: edges first, then the cards on them, then the nodes."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lecture_lib.autodiff.nodes import Node
from lecture_lib.autodiff.record import Record

from . import svg
from .graph_layers import Drawn, Layer
from .graph_parts import LEAVES, RADIUS, Link, continued, layer_lines, symbol_of
from .known import Known, is_plain_number
from .layout import Chip, Layout, Rect
from .svg import BACKWARD, FORWARD, Value, px

MARGIN = 10.0


@dataclass(frozen=True)
class Painter:
    """Puts the SVG together: edges first, then cards, then nodes."""

    record: Record
    drawn: Drawn
    known: Known
    names: dict[Node, str]
    links: list[Link]
    sums: dict[Node, Value]
    layout: Layout
    wrong: frozenset[Node]

    def paint(self) -> str:
        """Everything but the card beneath and the legend."""
        parts = [_arrows(), f'<g transform="translate({px(MARGIN)},{px(MARGIN)})">']
        order = sorted(range(len(self.links)), key=lambda i: self._is_active(self.links[i]))
        begun: set[int] = set()
        for frame in self.layout.frames:
            parts.append(self._frame(frame.band, frame.place, goes_on=frame.band in begun))
            begun.add(frame.band)
        parts += dict.fromkeys(stroke for i in order for stroke in self._edge(i))
        parts += dict.fromkeys(self._chip(chip) for chips in self.layout.chips for chip in chips)
        parts += [self._card(i) for i in order]
        for thing, place in zip(self.drawn.things, self.layout.nodes, strict=False):
            parts.append(self._layer(thing, place) if isinstance(thing, Layer) else self._node(thing, place))
        parts.append(self._root_box(self.layout.nodes[-1]))
        return "".join(parts) + "</g>"

    def _is_active(self, link: Link) -> bool:
        """Whether the current step uses this edge."""
        kind, node = self.known.current or ("", link.node)
        if kind == "seed":
            return link.node is None
        return kind != "" and link.node is node and not (kind == "backward" and is_plain_number(link.source))

    def _is_now(self, nodes: Collection[Node]) -> bool:
        """Whether the current step is one of these nodes' own, forward or back."""
        current = self.known.current
        return current is not None and current.kind != "seed" and current.node in nodes

    @property
    def _colour(self) -> str:
        """The colour of the current step, or forward where there is none."""
        current = self.known.current
        return FORWARD if current is None or current.kind == "forward" else BACKWARD

    def _edge(self, index: int) -> list[str]:
        link = self.links[index]
        if self._is_active(link):
            if self._colour == BACKWARD:
                style = f'stroke="{BACKWARD}" stroke-width="3.2" marker-start="url(#back)"'
            else:
                style = f'stroke="{FORWARD}" stroke-width="3.2" marker-end="url(#on)"'
        elif self._computed(link):
            style = f'stroke="{svg.EDGE}" stroke-width="1.6" marker-end="url(#to)"'
        else:
            style = f'stroke="{svg.PALE_LINE}" stroke-width="1.4" marker-end="url(#pale)"'
        strokes = self.layout.routes[index]
        return [f'<path d="{svg.path(stroke)}" fill="none" {style}/>' for stroke in strokes]

    def _frame(self, band: int, place: Rect, *, goes_on: bool) -> str:
        """The frame of an open layer, its title in the corner."""
        if band >= len(self.drawn.layers) or self.drawn.layers[band].closed:
            return ""
        left, top = place.corner
        style = {"rx": 10, "fill": svg.FRAME_FILL, "stroke": svg.CARD_LINE}
        layer = self.drawn.layers[band]
        said = continued(layer) if goes_on else layer.title
        title = svg.text(left + 9, top + 12.5, said, svg.PALE, "k g", anchor=None)
        return svg.rect(left, top, place.width, place.height, **style) + title

    def _chip(self, chip: Chip) -> str:
        """The name at which a row ends, and the next begins."""
        thing = self.drawn.things[chip.node]
        node = thing.last if isinstance(thing, Layer) else thing
        known = node in self.known.values
        place = chip.place
        left, top = place.corner
        line = svg.EDGE if known else svg.PALE_LINE
        style = {"rx": 12, "fill": "#fff", "stroke": line, "stroke_dasharray": "3 2"}
        name = svg.symbols(place.x, place.y + 4.5, self.names[node], svg.INK if known else svg.PALE, "n")
        return svg.rect(left, top, place.width, place.height, **style) + name

    def _layer(self, layer: Layer, place: Rect) -> str:
        """A closed layer: a stack of cards with its title and what is in it."""
        now = self._is_now(layer.nodes)
        known = layer.last in self.known.values
        style = {"rx": 10} | _box(known, svg.OPERATION_FILL, self._colour if now else None, FORWARD)
        left, top = place.corner
        title, inside = layer_lines(layer)
        behind = style | {"stroke_width": 1.5}
        parts = [
            svg.rect(left + 6, top, place.width - 6, place.height - 6, **behind),
            svg.rect(left, top + 6, place.width - 6, place.height - 6, **style),
            svg.text(place.x - 3, place.y + 1, title, svg.INK if known else svg.PALE, "t"),
            svg.symbols(place.x - 3, place.y + 19, inside, svg.INK if known else svg.PALE, "k"),
        ]
        if now:
            parts.append(_badge(left + place.width - 8, top + 8, self._colour))
        return "".join(parts)

    def _computed(self, link: Link) -> bool:
        """Whether a value has gone along this edge."""
        end = link.source if link.node is None else link.node
        return end in self.known.values

    def _handed(self, link: Link) -> bool:
        if link.node is None:
            return self.record.root in self.known.gradients
        return (link.node, link.position) in self.known.handed

    def _card(self, index: int) -> str:
        link, place = self.links[index], self.layout.labels[index]
        card = link.card
        if card.empty:
            return ""
        left, top = place.corner
        kind, node = self.known.current or ("", None)
        new_value = kind == "forward" and link.source is node
        active = self._is_active(link)
        line, wide = svg.CARD_LINE, 1.0
        if active:
            line, wide = (FORWARD if kind == "forward" else BACKWARD), 1.6
        if card.backward and kind == "backward" and link.source is node:
            line, wide = BACKWARD, 1.6  # what it received and now hands on
        if new_value or (active and kind != "forward"):
            line, wide = (FORWARD if new_value else BACKWARD), 2.4
        parts = [
            svg.rect(left, top, place.width, place.height, rx=6, fill="#fff", stroke=line, stroke_width=wide)
        ]
        columns = card.column_widths if card.split else None
        split = None
        if card.split:
            split = place.x - (card.prefix_width + card.grid_width + 2) / 2 + card.prefix_width + 2
        values = [(card.forward, FORWARD, link.source in self.known.values, top + 2)]
        if card.backward:
            lower = top + 2 + card.forward.height + (3 if card.split else 0)
            values.append((card.backward, BACKWARD, self._handed(link), lower))
        for value, colour, there, y in values:
            shown, ink, at = (value, colour, split) if there else (_blank(value), svg.PALE, None)
            parts.append(_centred(shown, place.x, y, value.height, ink, at, columns))
        return "".join(parts)

    def _node(self, node: Node, place: Rect) -> str:
        drawn = self._leaf if node.primitive is None else self._operation
        parts = drawn(node, place, self._is_now((node,)))
        if node in self.wrong:
            ring = {"rx": 10, "fill": "none", "stroke": svg.WRONG, "stroke_width": 3}
            wide, high = place.width + 6, place.height + 6
            left, top = place.corner
            parts.append(svg.rect(left - 3, top - 3, wide, high, **ring, stroke_dasharray="7 3"))
        note = self.sums.get(node)
        if note:
            whole = node in self.known.gradients or node in self.wrong
            shown = note if whole else _blank(note)
            top = place.y + place.height / 2 + (7 if node in self.wrong else 3)
            colour = svg.WRONG if node in self.wrong else BACKWARD if whole else svg.PALE
            parts.append(_centred(shown, place.x, top, note.height, colour))
        return "".join(parts)

    def _leaf(self, node: Node, place: Rect, now: bool) -> list[str]:
        constant = node.role == "constant"
        style = {"rx": 6 if constant else 8} | LEAVES[node.role]
        if now:  # a pass of somebody's own visits leaves too
            style |= {"stroke": BACKWARD, "stroke_width": 3.4}
        left, top = place.corner
        box, name = svg.rect(left, top, place.width, place.height, **style), self.names[node]
        if constant:
            return [box, svg.text(place.x, place.y + 4, name, svg.INK, "n")]
        return [box, svg.name_text(place.x, place.y + 5, name, svg.INK)]

    def _operation(self, node: Node, place: Rect, now: bool) -> list[str]:
        known = node in self.known.values
        style = _box(known, svg.OPERATION_FILL, self._colour if now else None, FORWARD)
        ink = svg.INK if known else svg.PALE
        symbol, (left, top) = symbol_of(node, self.names), place.corner
        if place.width == place.height:
            parts = [
                f"<circle {svg.attributes(cx=place.x, cy=place.y, r=RADIUS, **style)}/>",
                svg.symbols(place.x, place.y + 6, symbol, ink, "op"),
            ]
        else:
            parts = [
                svg.rect(left, top, place.width, place.height, rx=20, **style),
                svg.symbols(place.x, place.y + 5, symbol, ink, "ops"),
            ]
        if now:
            parts.append(_badge(place.x + place.width / 2 - 6, top + 5, self._colour))
        return parts

    def _root_box(self, place: Rect) -> str:
        root = self.record.root
        known = root in self.known.values
        current = self.known.current
        now = current is not None and current.kind == "seed"
        style = {"rx": 8} | _box(known, svg.ROOT_FILL, BACKWARD if now else None, svg.ROOT_LINE)
        left, top = place.corner
        parts = [
            svg.rect(left, top, place.width, place.height, **style),
            svg.name_text(place.x, place.y + 5, self.names[root], svg.INK if known else svg.PALE),
        ]
        if now:
            parts.append(_badge(place.x + place.width / 2 - 4, top + 3, BACKWARD))
        return "".join(parts)


def _box(known: bool, fill: str, now: str | None, line: str) -> dict[str, Any]:
    """How a box is drawn: pale and dashed until it is known; thick, in the colour `now`, in its own step."""
    return {
        "fill": fill if known else "#fff",
        "stroke": now or (line if known else svg.PALE_LINE),
        "stroke_width": 3.4 if now else 1.5,
        "stroke_dasharray": None if known else "4 3",
    }


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


def _badge(x: float, y: float, colour: str) -> str:
    """The mark of the current step: a disc with a triangle that points where the step goes."""
    tip = 4.5 if colour == FORWARD else -4.5
    disc = svg.attributes(cx=x, cy=y, r=9, fill=colour, stroke="#fff", stroke_width=1.5)
    return f"<circle {disc}/>" + svg.arrow_head(x + tip, y, length=1.7 * tip, half=4.5, fill="#fff")


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
