"""What is laid out, nodes and edges by number with their sizes, and what comes out: places and routes."""

import math
from dataclasses import dataclass

__all__ = ["Edge", "Layout", "Point", "Rect", "Shape", "half"]

Point = tuple[float, float]


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


@dataclass(frozen=True)
class Edge:
    """From node to node by number; edges of one target are in the order of its operands."""

    source: int
    target: int
    width: float
    height: float
    """Size of the label."""


@dataclass(frozen=True)
class Rect:
    """A box by its centre and size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """The places, in a picture of `width` × `height` whose corner is (0, 0)."""

    width: float
    height: float
    nodes: tuple[Rect, ...]
    labels: tuple[Rect, ...]
    """One a edge, in their order."""
    routes: tuple[tuple[Point, ...], ...]
    """One a edge: a start, then three points (two of control, an end) for each cubic Bézier piece."""
    rows: int


def half(value: float) -> float:
    """To half a pixel; the nudge keeps exact ties from falling to the last bit of a sum."""
    return math.floor(value * 2 + 0.5 + 1e-4) / 2 + 0.0
