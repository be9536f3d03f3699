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

from functools import lru_cache

from .boxes import Edge, Layout, Shape
from .columns import Columns
from .rows import Titles, in_rows


@lru_cache(maxsize=256)
def arrange(
    nodes: tuple[Shape, ...],
    edges: tuple[Edge, ...],
    max_width: float = 960.0,
    titles: Titles = (),
) -> Layout:
    """Lay a directed acyclic graph out, all of whose nodes lead to one.

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
    return in_rows(Columns(nodes, edges), max_width, titles)
