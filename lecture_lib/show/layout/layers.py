"""Which layer each node of a graph stands in: from left to right, with short edges.

Every node begins as early as it can be. Then nodes move, and push along what stands in their way, as long as
that makes the edges shorter, all together. An input ends beside the operation that uses it.
"""

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

Number = TypeVar("Number", int, float)


def pushed_on(places: list[Number], apart: Sequence[tuple[int, int, Number]]) -> list[Number]:
    """The same places, each pushed on as far as (tail, head, least distance) ask for it.

    >>> pushed_on([0.0, 0.0, 5.0], [(0, 1, 2.0), (1, 2, 2.0)])
    [0.0, 2.0, 5.0]
    """
    places = list(places)
    before: list[list[tuple[int, Number]]] = [[] for _ in places]
    order = TopologicalSorter[int]()
    for tail, head, least in apart:
        before[head].append((tail, least))
        order.add(head, tail)
    try:
        for node in order.static_order():
            places[node] = max([places[node], *(places[tail] + least for tail, least in before[node])])
    except CycleError:
        why = "layers: the graph has a cycle; a computation graph never leads back to itself"
        raise ValueError(why) from None
    return places


def ranks(
    count: int, links: Sequence[tuple[int, int]], *, late: bool = True, bands: Sequence[int] | None = None
) -> list[int]:
    """Layer of every node, from 0; `links` lead from node to node, at least one layer to the right.

    Where two layers are equally good for a node, it stands in the late one, or in the early one. All nodes of
    a band stand in earlier layers than those of the next band.

    >>> ranks(4, [(0, 1), (1, 3), (2, 3)])  # node 2 is beside node 3, which uses it
    [0, 1, 1, 2]
    """
    # Between two bands stands a node that is not drawn: after all of the one, before all of the other.
    kinds = sorted({*bands}) if bands else [0]
    between = [
        (node, count + before) if kind == kinds[before] else (count + before, node)
        for before in range(len(kinds) - 1)
        for node, kind in enumerate(bands or ())
        if kind in kinds[before : before + 2]
    ]
    rank = pushed_on([0] * (count + len(kinds) - 1), [(a, b, 1) for a, b in (*links, *between)])
    last = max(rank)
    beside: dict[int, list[set[int]]] = {way: [set() for _ in rank] for way in (1, -1)}
    for tail, head in (*links, *between):
        beside[1][tail].add(head)
        beside[-1][head].add(tail)
    pull = [0] * len(rank)  # how much shorter a step to the right makes the edges of a node
    for tail, head in links:
        pull[tail] += 1
        pull[head] -= 1

    def with_pushed(node: int, way: int) -> set[int]:
        """A node and all that it pushes along if it moves by one."""
        group, waiting = {node}, [node]
        while waiting:
            one = waiting.pop()
            pushed = {other for other in beside[way][one] if rank[other] == rank[one] + way} - group
            group |= pushed
            waiting += pushed
        return group

    moved = True
    while moved:
        moved = False
        for node in range(len(rank)):
            for way in (1, -1):
                group = with_pushed(node, way)
                shorter = way * sum(pull[one] for one in group)
                if all(0 <= rank[one] + way <= last for one in group) and (
                    shorter > 0 or (shorter == 0 and late == (way == 1))
                ):
                    for one in group:
                        rank[one] += way
                    moved = True
    layer = {one: i for i, one in enumerate(sorted({*rank[:count]}))}
    return [layer[one] for one in rank[:count]]
