"""The right order of a graph, as a student would write it, and orders found another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lecture_lib.exercises import RightAnswer

ORDER_TEXT = """
    def topological_order(root):
        order, seen, stack = [], set(), [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                for parent in node.parents:
                    stack.append((parent, False))
        return order
"""
ORDER = RightAnswer("topological_order", ORDER_TEXT)
_in_order = ORDER.changed()

Order = Callable[[Any], object]


def recursive(
    seen_once: bool = True, before: bool = False, turned: bool = False, right_first: bool = False
) -> Order:
    """A depth-first walk by recursion, with what can go wrong in it."""

    def topological_order(root: Any) -> list[Any]:
        order: list[Any] = []
        seen: set[Any] = set()

        def visit(node: Any) -> None:
            if seen_once and node in seen:
                return
            seen.add(node)
            if before:
                order.append(node)
            for parent in reversed(node.parents) if right_first else node.parents:
                visit(parent)
            if not before:
                order.append(node)

        visit(root)
        return order[::-1] if turned else order

    return topological_order


def level_by_level(seen_once: bool = True, turned: bool = True) -> Order:
    """Breadth first, from the root."""

    def topological_order(root: Any) -> list[Any]:
        order, seen, queue = list[Any](), {root}, [root]
        while queue:
            node = queue.pop(0)
            order.append(node)
            for parent in node.parents:
                if not (seen_once and parent in seen):
                    seen.add(parent)
                    queue.append(parent)
        return order[::-1] if turned else order

    return topological_order


def by_distance(root: Any) -> list[Any]:
    """Sorts the nodes by how far they are from the root, by the shortest path."""
    far = {root: 0}
    for node in (queue := [root]):
        for parent in node.parents:
            if parent not in far:
                far[parent] = far[node] + 1
                queue.append(parent)
    return sorted(far, key=lambda node: -far[node])


def every_level(root: Any) -> list[Any]:
    """Goes level by level along each path anew, and throws out at the end what came twice."""
    queue = [root]
    for node in queue:
        queue.extend(node.parents)
    return list(dict.fromkeys(reversed(queue)))


def every_path(by_calls: bool, turned: bool = True) -> Order:
    """Walks along each path anew, and throws out at the end what came twice."""

    def by_recursion(root: Any) -> list[Any]:
        order = [node for parent in root.parents for node in by_recursion(parent)]
        return list(dict.fromkeys([*order, root]))

    def with_a_stack(root: Any) -> list[Any]:
        order, stack = list[Any](), [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
                continue
            stack.append((node, True))
            stack.extend((parent, False) for parent in (reversed(node.parents) if turned else node.parents))
        return list(dict.fromkeys(order))

    return by_recursion if by_calls else with_a_stack


def noted_too_early(right_first: bool) -> Order:
    """A node counts as met as soon as it is on the stack, so it can be done too late for another one."""

    def topological_order(root: Any) -> list[Any]:
        order, seen, stack = list[Any](), {root}, [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
                continue
            stack.append((node, True))
            for parent in reversed(node.parents) if right_first else node.parents:
                if parent not in seen:
                    seen.add(parent)
                    stack.append((parent, False))
        return order

    return topological_order


def noted_when_pushed(right_first: bool) -> Order:
    """A node is put down when it is taken off the stack, and counts as met when it was put on it."""

    def topological_order(root: Any) -> list[Any]:
        order, seen, stack = list[Any](), {root}, [root]
        while stack:
            node = stack.pop()
            order.append(node)
            for parent in reversed(node.parents) if right_first else node.parents:
                if parent not in seen:
                    seen.add(parent)
                    stack.append(parent)
        return order[::-1]

    return topological_order


def reachable(root: Any) -> set[Any]:
    """Gives the nodes in no order, by the walk of the worked example."""
    found: set[Any] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(node.parents)
    return found


def reachable_in_a_list(root: Any) -> list[Any]:
    """Gives them as the set hands them out."""
    return list(reachable(root))


def reachable_turned_round(root: Any) -> list[Any]:
    """Gives them as the set hands them out, from the end."""
    return list(reachable(root))[::-1]


def put_into_a_set_at_last(root: Any) -> list[Any]:
    """Has them in order, and loses it."""
    return list(set(_in_order(root)))


def keeping_what_was_seen() -> Order:
    """Keeps from call to call which nodes were met."""
    seen: set[Any] = set()

    def topological_order(root: Any) -> list[Any]:
        if len(seen) > 200:  # what is compared are two calls on one small graph: no need to keep more
            seen.clear()
        order, stack = list[Any](), [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        return order

    return topological_order


def written_to(root: Any) -> list[Any]:
    """Writes to a node."""
    root.visited = True
    return [root]
