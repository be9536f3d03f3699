"""Backward passes that go another way, right or wrong, as the backward pass of lesson 04 may be answered."""

from __future__ import annotations

from typing import Any, cast

from lecture_lib.autodiff import backward as recorded

from .right_passes import USE
from .ways_to_order import ORDER, Order, recursive

ADD = "gradients[parent] = gradients.get(parent, 0.0) + d_parent"
END = "+ d_parent\n    return gradients"
WITH_ZEROS = {USE: "node.vjp(gradients.get(node, 0.0))"}


def while_visiting(way: str) -> Order:
    """Uses a rule as soon as anything has arrived, and again when more arrives."""

    def by_calls(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {}

        def visit(node: Any, d_node: Any) -> None:
            gradients[node] = gradients.get(node, 0.0) + d_node
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                visit(parent, d_parent)

        visit(root, 1.0)
        return gradients

    def with_a_list(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {root: 1.0}
        waiting = [root]
        while waiting:
            node = waiting.pop() if way == "stack" else waiting.pop(0)
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
                waiting.append(parent)
        return gradients

    return by_calls if way == "calls" else with_a_list


def level_after_level(twice: bool) -> Order:
    """Visits breadth first, every node once, whether or not all has arrived."""

    def backward(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {root: 1.0}
        waiting, seen = [root], {root}
        while waiting:
            node = waiting.pop(0)
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                if parent in seen and not twice:
                    continue
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        return gradients

    return backward


def once_met(way: str) -> Order:
    """Visits depth first, every node once, whether or not all has arrived."""

    def by_calls(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {root: 1.0}
        seen: set[Any] = set()

        def visit(node: Any) -> None:
            if node in seen:
                return
            seen.add(node)
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
                visit(parent)

        visit(root)
        return gradients

    def with_a_stack(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {root: 1.0}
        waiting, seen = [root], set[Any]()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
            waiting.extend(node.parents if way == "stack" else reversed(node.parents))
        return gradients

    return by_calls if way == "calls" else with_a_stack


def dropping(way: str) -> Order:
    """Hands on at once, and nothing to a node that has been visited."""

    def backward(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {root: 1.0}
        waiting, seen = [root], set[Any]()
        while waiting:
            node = waiting.pop() if way == "stack" else waiting.pop(0)
            seen.add(node)
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                if parent in seen:
                    continue
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
                waiting.append(parent)
        return gradients

    def by_calls(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {root: 1.0}
        seen: set[Any] = set()

        def visit(node: Any) -> None:
            seen.add(node)
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                if parent not in seen:
                    gradients[parent] = gradients.get(parent, 0.0) + d_parent
                    visit(parent)

        visit(root)
        return gradients

    return by_calls if way == "calls" else backward


def reaching_once(root: Any) -> dict[Any, Any]:
    """Hands on at once, and nothing to a node that something has come to before."""
    gradients: dict[Any, Any] = {root: 1.0}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
            if parent not in gradients:
                gradients[parent] = d_parent
                waiting.append(parent)
    return gradients


def over_every_path(root: Any) -> dict[Any, Any]:
    """Right, but walks each path by itself."""
    gradients: dict[Any, Any] = {}
    waiting: list[tuple[Any, Any]] = [(root, 1.0)]
    while waiting:
        node, d_node = waiting.pop()
        gradients[node] = gradients.get(node, 0.0) + d_node
        waiting.extend(zip(node.parents, node.vjp(d_node), strict=True))
    return gradients


def anew_for_each_use(root: Any) -> dict[Any, Any]:
    """Right, but a gradient is computed again whenever one before it on the way back asks for it."""
    order = ORDER(root)

    def gradient(node: Any) -> Any:
        total: Any = 1.0 if node is root else 0.0
        for child in order:
            for place, parent in enumerate(child.parents):
                if parent is node:
                    total = total + child.vjp(gradient(child))[place]
        return total

    return {node: gradient(node) for node in order}


def by_recursion(root: Any) -> dict[Any, Any]:
    """Right, but the order is found by recursion."""
    gradients: dict[Any, Any] = {root: 1.0}
    for node in reversed(cast("list[Any]", recursive()(root))):
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
            gradients[parent] = gradients.get(parent, 0.0) + d_parent
    return gradients


def each_visit_of(order_of: Order) -> Order:
    """Walks back over an order in which shared nodes stand more than once."""

    def backward(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {root: 1.0}
        for node in reversed(cast("list[Any]", order_of(root))):
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
        return gradients

    return backward


def keeping(seed: float | None) -> Order:
    """Keeps its dict from call to call; the seed is set anew, set once (None), or added to what is there."""
    kept: dict[Any, Any] = {}

    def backward(root: Any) -> dict[Any, Any]:
        if len(kept) > 200:  # what is compared are the nodes of one graph: no need to keep more
            kept.clear()
        kept[root] = 1.0 if seed == 1.0 else kept.get(root, 1.0 if seed is None else 0.0) + (seed is not None)
        for node in reversed(cast("list[Any]", ORDER(root))):
            for parent, d_parent in zip(node.parents, node.vjp(kept[node]), strict=True):
                kept[parent] = kept.get(parent, 0.0) + d_parent
        return kept

    return backward


def librarys_pass(root: Any) -> object:
    """Hands back what the library keeps."""
    return recorded(root).gradients


def grad_on_nodes(root: Any) -> dict[Any, Any]:
    """Writes the gradients on the nodes, which do not change."""
    root.grad = 1.0
    return {root: root.grad}
