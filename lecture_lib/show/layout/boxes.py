"""What is laid out, nodes and edges by number with their sizes, and what comes out: places and routes."""

import math
from dataclasses import dataclass
from typing import NamedTuple

Position = tuple[float, float]
Stroke = tuple[Position, ...]
"""A line: a start, then three points (two of control, an end) for each cubic Bézier piece."""


@dataclass(frozen=True)
class Shape:
    """How large a node is drawn. `below` is room for a note under it; a round node is a circle."""

    width: float
    height: float
    below: float = 0.0
    below_width: float = 0.0
    round: bool = False
    ordered: bool = True
    """Whether the order of its operands matters."""
    band: int = 0
    """The nodes of a band stand together, the next band to their right; no edge leads to an earlier one."""
    chip: float = 40.0
    """How wide its name is where an edge goes on in another row."""


class Edge(NamedTuple):
    """From node to node by number; edges of one target are in the order of its operands."""

    source: int
    target: int
    width: float
    height: float
    """Size of the label."""


class Rect(NamedTuple):
    """A box by its centre and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def corner(self) -> Position:
        """Its upper left corner."""
        return self.x - self.width / 2, self.y - self.height / 2


class Chip(NamedTuple):
    """The name of a node where an edge goes on in another row: at its end, or at the next one's start."""

    node: int
    place: Rect


class Frame(NamedTuple):
    """The part of a row that a band takes."""

    band: int
    place: Rect


class Layout(NamedTuple):
    """The places, in a picture of `width` × `height` whose corner is (0, 0)."""

    width: float
    height: float
    nodes: tuple[Rect, ...]
    labels: tuple[Rect, ...]
    """One a edge, in their order."""
    routes: tuple[tuple[Stroke, ...], ...]
    """One a edge: the line from its source to its target; from chip to chip where rows end between them."""
    chips: tuple[tuple[Chip, ...], ...] = ()
    """One a edge: where its line ends in a row, and where it goes on in the next, by turns."""
    frames: tuple[Frame, ...] = ()


def half(value: float) -> float:
    """To half a pixel; the nudge keeps exact ties from falling to the last bit of a sum."""
    return math.floor(value * 2 + 0.5 + 1e-4) / 2 + 0.0
