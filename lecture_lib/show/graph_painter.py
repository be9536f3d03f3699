"""The SVG of a graph after a step: edges first, then the cards on them, then the nodes."""

from collections.abc import Sequence
from dataclasses import dataclass

from lecture_lib.autodiff.nodes import Node
from lecture_lib.autodiff.record import Record

from . import svg
from .graph_parts import RADIUS, Link, symbol_of
from .known import Known
from .layout import Layout, Point, Rect
from .svg import BACKWARD, FORWARD, Value, short

__all__ = ["MARGIN", "Painter"]

MARGIN = 16.0


@dataclass(frozen=True)
class Painter:
    """Puts the SVG together: edges first, then cards, then nodes."""

    record: Record
    known: Known
    names: dict[Node, str]
    links: list[Link]
    sums: dict[Node, Value]
    layout: Layout
    wrong: frozenset[Node]

    def paint(self) -> str:
        """Everything but the card beneath and the legend."""
        parts = [_arrows(), f'<g transform="translate({short(MARGIN)},{short(MARGIN)})">']
        order = sorted(range(len(self.links)), key=lambda i: self._is_active(self.links[i]))
        parts += [self._edge(i) for i in order]
        parts += [self._card(i) for i in order]
        parts += [self._node(node, self.layout.nodes[i]) for i, node in enumerate(self.record.nodes)]
        if self.record.root.primitive is not None:
            parts.append(self._root_box(self.layout.nodes[-1]))
        return "".join(parts) + "</g>"

    def _is_active(self, link: Link) -> bool:
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
                parts.append(svg.text(x, y + 4, name, svg.INK, "n"))
            else:
                parts.append(svg.name_text(x, y + 5, name, svg.INK))
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
                parts.append(svg.symbols(x, y + 6, symbol, ink, "op"))
            else:
                parts.append(svg.rect(left, top, place.width, place.height, rx=20, **style))
                parts.append(svg.symbols(x, y + 5, symbol, ink, "ops"))
            if now and current is not None:
                parts.append(_badge(x + place.width / 2 - 6, top + 5, current.kind == "forward", colour))
        if node in self.wrong:
            style = {
                "rx": 10,
                "fill": "none",
                "stroke": svg.WRONG,
                "stroke_width": 3,
                "stroke_dasharray": "7 3",
            }
            parts.append(svg.rect(left - 3, top - 3, place.width + 6, place.height + 6, **style))
        note = self.sums.get(node)
        if note:
            whole = node in self.known.gradients or node in self.wrong
            shown = note if whole else _blank(note)
            top = y + place.height / 2 + (7 if node in self.wrong else 3)
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
            svg.name_text(place.x, place.y + 5, self.names[root], svg.INK if known else svg.PALE),
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
