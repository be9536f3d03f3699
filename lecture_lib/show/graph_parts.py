"""What a drawn graph is made of: cards on edges, sums beneath nodes, and how large everything is."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from lecture_lib.autodiff.nodes import Node
from lecture_lib.autodiff.record import Record
from lecture_lib.common import number, raised

from . import svg
from .graph_layers import Layer
from .known import is_plain_number, uses_of
from .layout import Rect, Shape
from .svg import Value, value_of
from .typeset import text_width

RADIUS = 24.0
_COMMUTATIVE = {"add", "multiply", "dot"}
_IN_CIRCLE = 1.7 * RADIUS
"""Room for a symbol in a circle."""
_MOST = 64.0
"""Room for a product's names; a wider one would be taken for another kind of box."""

LEAVES: Mapping[str, dict[str, Any]] = {
    "data": {"fill": svg.DATA_FILL, "stroke": svg.EDGE, "stroke_width": 1.3},
    "parameter": {"fill": svg.PARAMETER_FILL, "stroke": svg.BACKWARD, "stroke_width": 1.8},
    "constant": {"fill": "#fff", "stroke": svg.PALE_LINE, "stroke_width": 1.2},
}
"""How the box of a leaf looks, by its role."""


@dataclass(frozen=True)
class Card:
    """A label: what flows forward, and beneath it what flows back."""

    forward: Value
    backward: Value | None
    empty: bool = False
    """Of a constant: its box says its number already."""

    @cached_property
    def split(self) -> bool:
        """Whether the brackets of the two stand one below the other."""
        return self.forward.boxed or (self.backward is not None and self.backward.boxed)

    @cached_property
    def prefix_width(self) -> float:
        """Room before the brackets."""
        return max(self.forward.prefix_width, self.backward.prefix_width if self.backward else 0.0)

    @cached_property
    def column_widths(self) -> tuple[float, ...]:
        """Room for each column of numbers, the same in both."""
        if self.backward is None or len(self.backward.column_widths) != len(self.forward.column_widths):
            return self.forward.column_widths
        pairs = zip(self.forward.column_widths, self.backward.column_widths, strict=True)
        return tuple(max(pair) for pair in pairs)

    @cached_property
    def grid_width(self) -> float:
        """Room for the numbers of both, one below the other."""
        return sum(self.column_widths) + 8 * (len(self.column_widths) - 1) + 12

    @cached_property
    def width(self) -> float:
        """Width in pixels, in steps of eight, so that a digit more seldom moves anything."""
        if self.empty:
            return 0.0
        values = [self.forward, *([self.backward] if self.backward else [])]
        inner = max(v.width for v in values)
        if self.split:
            inner = self.prefix_width + self.grid_width + 2
        return max(64.0, 8 * math.ceil((inner + 12) / 8))

    @cached_property
    def height(self) -> float:
        """Height in pixels."""
        if self.empty:
            return 0.0
        return (
            4
            + self.forward.height
            + (self.backward.height + (3 if self.split else 0) if self.backward else 0)
        )


class Link(NamedTuple):
    """An edge of the drawing: into `node` as operand `position`, or (no node) from the root to its box."""

    source: Node
    node: Node | None
    position: int
    card: Card


def links_of(record: Record, names: dict[Node, str], decimals: int) -> list[Link]:
    """All edges with their cards, in the order of computation; last the one to the root's box."""
    links: list[Link] = []
    for node in record.nodes:
        for position, parent in enumerate(node.parents):
            back = record.contribution(node, position) if record.has_gradients else None
            links.append(Link(parent, node, position, _card(parent, names, back, decimals)))
    back = record.gradient(record.root) if record.has_gradients else None
    links.append(Link(record.root, None, 0, _card(record.root, names, back, decimals)))
    return links


def _card(source: Node, names: dict[Node, str], back: object, decimals: int) -> Card:
    if is_plain_number(source):
        return Card(value_of("", source.value, decimals), None, empty=True)
    prefix = f"{names[source]}="
    backward = None if back is None else value_of("∂ ", back, decimals, bold=True)
    return Card(value_of(prefix, source.value, decimals), backward)


def sums_of(record: Record, decimals: int) -> dict[Node, Value]:
    """Gradients that are sums of several contributions; they are written beneath their nodes."""
    if not record.has_gradients:
        return {}
    uses = uses_of(record)
    return {
        node: value_of("Σ ∂ ", record.gradient(node), decimals, bold=True)
        for node in record.nodes
        if uses[node] > 1 and not is_plain_number(node)
    }


def symbol_of(node: Node, names: Mapping[Node, str]) -> str:
    """What is drawn in an operation: its primitive's symbol, with the exponent of a power.

    A product of matrices is drawn with the names of what is multiplied, W h0, where there is room.
    """
    if node.primitive is None:
        return ""
    symbol = node.primitive.symbol
    if re.fullmatch(r"\{\w+\} \{\w+\}", node.primitive.formula):
        product = " ".join(names[parent] for parent in node.parents)
        return product if svg.symbols_width(product, "ops") <= _MOST else symbol
    exponent = node.settings.get("exponent")
    return symbol.replace("ⁿ", raised(number(exponent, digits=6))) if exponent is not None else symbol


def shape_of(node: Node, names: Mapping[Node, str], note: Value | None) -> Shape:
    """How much room a node takes, its note included."""
    below = note.height + 5 if note else 0.0
    below_width = note.width if note else 0.0
    if node.primitive is None:
        if node.role == "constant":
            return Shape(max(34.0, text_width(names[node]) + 16), 28, below, below_width)
        return Shape(max(52.0, svg.name_width(names[node]) + 22), 40, below, below_width)
    ordered = node.primitive.name not in _COMMUTATIVE
    symbol = symbol_of(node, names)
    if svg.symbols_width(symbol, "op") <= _IN_CIRCLE:
        return Shape(2 * RADIUS, 2 * RADIUS, below, below_width, True, ordered)
    return Shape(svg.symbols_width(symbol, "ops") + 26, 40, below, below_width, False, ordered)


def layer_lines(layer: Layer) -> tuple[str, str]:
    """What is written in a closed layer: its title, and its parameters or how many operations it has."""
    parameters = [node.name for node in layer.parameters if node.name]
    return layer.title, " ".join(parameters) or layer.operations


def layer_shape(layer: Layer) -> Shape:
    """How much room a closed layer takes."""
    title, inside = layer_lines(layer)
    return Shape(max(text_width(title, "t"), svg.symbols_width(inside, "k")) + 36, 58)


def continued(layer: Layer) -> str:
    """The title of a frame in which a layer goes on from the row above."""
    return f"… {layer.title}"


def title_place(layer: Layer, frame: Rect) -> Rect:
    """Where an open layer's title stands in the corner of its frame."""
    wide = text_width(layer.title, "k g") + 18
    left, top = frame.corner
    return Rect(left + wide / 2, top + 9, wide, 18)
