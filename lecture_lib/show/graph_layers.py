"""The layers of a network in its graph: which operations belong together, and which are drawn as one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lecture_lib.autodiff.nodes import Node
from lecture_lib.autodiff.record import Record
from lecture_lib.common import counted

from .known import names_of


@dataclass(frozen=True, eq=False)
class Layer:
    """The nodes that lead to `last` and that no earlier layer has."""

    title: str
    last: Node
    nodes: tuple[Node, ...]
    closed: bool

    @property
    def parameters(self) -> tuple[Node, ...]:
        """The parameters in it."""
        return tuple(node for node in self.nodes if node.role == "parameter")

    @property
    def operations(self) -> str:
        """How many operations it has, in words."""
        return counted(sum(node.primitive is not None for node in self.nodes), "operation")


class Drawn(NamedTuple):
    """What is drawn of a graph: nodes, and closed layers in place of theirs."""

    things: tuple[Node | Layer, ...]
    place: Mapping[Node, int]
    """The number of the thing that shows a node."""
    layers: tuple[Layer, ...]
    band: Mapping[Node, int]
    """The number of a node's layer; after the last one where it is in none."""


def drawn_things(record: Record, layers: Mapping[str, str | Node], closed: Collection[str]) -> Drawn:
    """Sort a record's nodes into layers, each given by its title and its last node (or that one's name).

    Raises
    ------
    ValueError
        If a layer has no node of its own, or a title in `closed` is that of no layer.
    """
    unknown = [title for title in closed if title not in layers]
    if unknown:
        raise ValueError(f"closed: there is no layer {unknown[0]!r}; the layers are {', '.join(layers)}")
    named = {name: node for node, name in names_of(record.nodes).items()}
    found: list[Layer] = []
    band: dict[Node, int] = {}
    for title, end in layers.items():
        last = named.get(end) if isinstance(end, str) else end
        if last is None or last not in record.nodes:
            raise ValueError(f"layer {title!r} ends at {end!r}, which is no node of this graph")
        above: set[Node | None] = {last}
        for node in reversed(record.nodes):  # parents come before the nodes that use them
            if node in above:
                above.update(node.parents)
        own = tuple(node for node in record.nodes if node in above and node not in band)
        if last not in own:
            raise ValueError(
                f"layer {title!r} ends at {end!r}, which an earlier layer has already; give the layers from "
                "the input to the loss"
            )
        band |= dict.fromkeys(own, len(found))
        found.append(Layer(title, last, own, title in closed))
    things: list[Node | Layer] = []
    place: dict[Node, int] = {}
    for node in record.nodes:
        number = band.setdefault(node, len(found))
        layer = found[number] if number < len(found) and found[number].closed else None
        if layer is None or node is layer.last:
            things.append(layer or node)
        if layer is None:
            place[node] = len(things) - 1
        elif node is layer.last:
            place |= dict.fromkeys(layer.nodes, len(things) - 1)
    return Drawn(tuple(things), place, tuple(found), band)
