"""Where everything in a drawn graph stands: layers from left to right, no overlaps, few crossings.

The picture is a row of columns, and columns of nodes alternate with columns of labels. Between columns
nothing stands, so edges bend only there. That is why nothing can overlap, whatever the graph: the columns are
apart, and within a column the places are.

1. `layers`: the column of each node, inputs beside the operation that uses them.
2. `order`, `layering`: the order in each column, few crossings first, then operands from top to bottom.
3. `columns`, `heights`: chains of nodes (the spine above all) are made straight, the rest is pulled together
   by a small quadratic programme that keeps the order and the distances.
4. `rows`, `pen`: a picture wider than `max_width` goes on in another row, where fewest edges are cut; what
   leads there ends at a name and begins there at the same name.

Nodes may be in bands, the layers of a network: a band stands together and has a frame.

Same input, same output, to the last bit that is printed: coordinates are multiples of half a pixel.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from .boxes import Chip, Edge, Frame, Layout, Rect, Shape, Stroke
from .columns import Columns
from .rows import ROW_GAP, Titles, in_rows


@lru_cache(maxsize=256)
def arrange(
    nodes: tuple[Shape, ...],
    edges: tuple[Edge, ...],
    max_width: float = 960.0,
    titles: Titles = (),
) -> Layout:
    """Lay a directed acyclic graph out.

    Parameters
    ----------
    nodes : tuple of Shape
        What is drawn, by number.
    edges : tuple of Edge
        What joins it. Several edges may join the same two nodes.
    max_width : float
        A wider picture is broken into rows, if it can be.
    titles : tuple of two floats
        How wide each band's title is, and its title where it goes on in another row; then it has a frame.

    Returns
    -------
    Layout
        Kept for graphs of the same structure and sizes, so a picture of every step costs one layout.

    Raises
    ------
    ValueError
        If the edges lead in a circle.
    """
    node_places: dict[int, Rect] = {}
    label_places: dict[int, Rect] = {}
    routes: dict[int, tuple[Stroke, ...]] = {}
    chips: dict[int, tuple[Chip, ...]] = {}
    frames: list[Frame] = []
    top = width = 0.0
    for members, inner in _components(len(nodes), edges):
        number = {node: place for place, node in enumerate(members)}
        ends = [(number[edges[i].source], number[edges[i].target]) for i in inner]
        columns = Columns([nodes[i] for i in members], [edges[i] for i in inner], ends)
        placed = in_rows(columns, max_width, titles)
        for i, rect in zip(members, placed.nodes, strict=True):
            node_places[i] = _lower(rect, top)
        for place, i in enumerate(inner):
            label_places[i] = _lower(placed.labels[place], top)
            routes[i] = tuple(tuple((x, y + top) for x, y in stroke) for stroke in placed.routes[place])
            chips[i] = tuple(
                Chip(members[chip.node], _lower(chip.place, top)) for chip in placed.chips[place]
            )
        frames += [Frame(frame.band, _lower(frame.place, top)) for frame in placed.frames]
        top += placed.height + ROW_GAP
        width = max(width, placed.width)
    return Layout(
        width,
        max(0.0, top - ROW_GAP),
        tuple(node_places[i] for i in range(len(nodes))),
        tuple(label_places[i] for i in range(len(edges))),
        tuple(routes[i] for i in range(len(edges))),
        tuple(chips[i] for i in range(len(edges))),
        tuple(frames),
    )


def _lower(place: Rect, by: float) -> Rect:
    return replace(place, y=place.y + by)


def _components(count: int, edges: Sequence[Edge]) -> list[tuple[list[int], list[int]]]:
    """Parts that are not joined, as (numbers of nodes, numbers of edges)."""
    part = list(range(count))

    def find(node: int) -> int:
        while part[node] != node:
            part[node] = part[part[node]]
            node = part[node]
        return node

    for edge in edges:
        a, b = sorted((find(edge.source), find(edge.target)))
        part[b] = a
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for node in range(count):
        groups.setdefault(find(node), ([], []))[0].append(node)
    for index, edge in enumerate(edges):
        groups[find(edge.source)][1].append(index)
    return list(groups.values())
