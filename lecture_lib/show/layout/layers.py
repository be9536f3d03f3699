"""Which layer each node of a graph stands in: the ranks of a drawing from left to right.

The method is the network simplex of Gansner, Koutsofios, North and Vo, "A Technique for Drawing
Directed Graphs" (1993), section 2: the ranks for which the edges, all together, are shortest. An input is
therefore as late as it can be, beside the operation that uses it.
"""

from collections.abc import Sequence
from typing import TypeVar

Number = TypeVar("Number", int, float)

Link = tuple[int, int, int]
"""(tail, head, weight): head is at least one layer to the right of tail."""


def longest_path_ranks(count: int, links: Sequence[Link]) -> list[int]:
    """Every node as early as it can be: one more than the latest node before it.

    >>> longest_path_ranks(3, [(0, 1, 1), (1, 2, 1), (0, 2, 1)])
    [0, 1, 2]
    """
    return pushed_on([0] * count, [(tail, head, 1) for tail, head, _ in links])


def pushed_on(places: list[Number], apart: Sequence[tuple[int, int, Number]]) -> list[Number]:
    """The same places, each pushed on as far as (tail, head, least distance) ask for it.

    >>> pushed_on([0.0, 0.0, 5.0], [(0, 1, 2.0), (1, 2, 2.0)])
    [0.0, 2.0, 5.0]
    """
    places = list(places)
    after: list[list[tuple[int, Number]]] = [[] for _ in places]
    waiting = [0] * len(places)
    for tail, head, least in apart:
        after[tail].append((head, least))
        waiting[head] += 1
    ready = [node for node, count in enumerate(waiting) if not count]
    for node in ready:
        for head, least in after[node]:
            places[head] = max(places[head], places[node] + least)
            waiting[head] -= 1
            if not waiting[head]:
                ready.append(head)
    if len(ready) != len(places):
        raise ValueError("layers: the graph has a cycle; a computation graph never leads back to itself")
    return places


def ranks(
    count: int, links: Sequence[Link], *, late: bool = True, bands: Sequence[int] | None = None
) -> list[int]:
    """Layer of every node, from 0: the weighted sum of edge lengths is as small as can be.

    The graph is connected. Where two rankings are equally short, nodes stand late rather than early, or the
    other way round. All nodes of a band stand in earlier layers than those of the next band.

    >>> ranks(4, [(0, 1, 1), (1, 3, 1), (2, 3, 1)])  # node 2 is beside node 3, which uses it
    [0, 1, 1, 2]
    """
    if count == 1:
        return [0]
    # Scale the weights and add a faint pull from every node to a last (or first) node: it decides ties.
    scale = 2 * count + 2
    arcs = [(tail, head, weight * scale, 1) for tail, head, weight in links]
    arcs += [(node, count, 1, 0) if late else (count, node, 1, 0) for node in range(count)]
    # Between two bands stands a node that is not drawn: after all of the one, before all of the other.
    kinds = sorted({*bands}) if bands else [0]
    between = [
        (node, count + before, 1) if kind == kinds[before] else (count + before, node, 1)
        for before in range(len(kinds) - 1)
        for node, kind in enumerate(bands or ())
        if kind in kinds[before : before + 2]
    ]
    whole = count + len(kinds) - 1
    first = longest_path_ranks(whole, [*links, *between])
    arcs += [(a + 1, b, 0, 0) if a >= count else (a, b + 1, 0, 1) for a, b, _ in between]
    solved = _network_simplex(whole + 1, arcs, [*first[:count], whole if late else 0, *first[count:]])[:count]
    layer = {rank: i for i, rank in enumerate(sorted({*solved}))}
    return [layer[rank] for rank in solved]


def _network_simplex(count: int, arcs: Sequence[tuple[int, int, int, int]], rank: list[int]) -> list[int]:
    """Minimise Σ weight · (rank[head] − rank[tail]), where each difference is at least `least`.

    `rank` is where to begin; it keeps the distances already.
    """
    rank = list(rank)
    touching: list[list[int]] = [[] for _ in range(count)]
    for index, (tail, head, _, _) in enumerate(arcs):
        touching[tail].append(index)
        touching[head].append(index)

    def slack(index: int) -> int:
        tail, head, _, least = arcs[index]
        return rank[head] - rank[tail] - least

    def across(index: int, node: int) -> int:
        tail, head, _, _ = arcs[index]
        return head if tail == node else tail

    # A spanning tree of tight arcs: grow from node 0; when stuck, shift the tree to make one more arc tight.
    inside = [False] * count
    inside[0] = True
    members = [0]
    tree: set[int] = set()
    while len(members) < count:
        for node in members:
            for index in touching[node]:
                other = across(index, node)
                if not inside[other] and slack(index) == 0:
                    inside[other] = True
                    members.append(other)
                    tree.add(index)
        if len(members) == count:
            break
        crossing = [i for i, arc in enumerate(arcs) if inside[arc[0]] != inside[arc[1]]]
        nearest = min(crossing, key=slack)
        shift = slack(nearest) if inside[arcs[nearest][0]] else -slack(nearest)
        for node in members:
            rank[node] += shift

    for _ in range(20 * count):  # a bound against cycling; every rank on the way is feasible
        # Walk the tree from node 0; the arcs' cut values come from the leaves inward.
        parent_arc = [-1] * count
        walk = [0]
        seen = [False] * count
        seen[0] = True
        for node in walk:
            for index in touching[node]:
                if index in tree:
                    other = across(index, node)
                    if not seen[other]:
                        seen[other] = True
                        parent_arc[other] = index
                        walk.append(other)
        # balance[v] = weight into v's subtree − weight out of it, over all arcs (inner ones cancel)
        balance = [0] * count
        for tail, head, weight, _ in arcs:
            balance[head] += weight
            balance[tail] -= weight
        leaving = -1
        lowest = 0
        cut_node = -1
        for node in reversed(walk[1:]):
            index = parent_arc[node]
            value = balance[node] if arcs[index][1] == node else -balance[node]
            if value < lowest:
                leaving, lowest, cut_node = index, value, node
            balance[across(index, node)] += balance[node]
        if leaving < 0:
            return rank
        below = [False] * count
        below[cut_node] = True
        stack = [cut_node]
        while stack:
            node = stack.pop()
            for index in touching[node]:
                if index in tree and index != leaving:
                    other = across(index, node)
                    if not below[other]:
                        below[other] = True
                        stack.append(other)
        head_below = below[arcs[leaving][1]]
        # the entering arc leads the other way, from the head's part to the tail's, with least slack
        entering = min(
            (
                index
                for index, (tail, head, _, _) in enumerate(arcs)
                if below[tail] != below[head] and below[tail] == head_below
            ),
            key=slack,
        )
        shift = slack(entering)  # the head's part moves right, away from the tail's
        for node in range(count):
            if below[node] == head_below:
                rank[node] += shift
        tree.remove(leaving)
        tree.add(entering)
    return rank
