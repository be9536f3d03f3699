"""The order and the backward pass of lesson 04, as exercises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import numpy as np

from lecture_lib.autodiff import PRIMITIVES, Node, parameter
from lecture_lib.autodiff import backward as recorded
from lecture_lib.autodiff import topological_order as librarys_order
from lecture_lib.exercises import Case, Exercise, Misconception, Part, Quantity, Recipe
from lecture_lib.exercises.edits import Edit, RightAnswer
from lecture_lib.exercises.exercise import Custom
from lecture_lib.exercises.plain import Foreign, Plain, as_numbers, close, describe, short

from .recipes import LONG_CHAIN
from .replay import first_wrong_picture
from .rules import one_at_a_time

__all__ = ["BACKWARD", "ORDER", "backward_pass", "order"]

RUNGS = 30

_CHAIN = Recipe("chain", (), "a chain of many thousand nodes")
_LADDER = Recipe("ladder", (RUNGS,), f"a ladder of {RUNGS + 1} nodes, with 2 to the power of {RUNGS} paths")

Ways = Sequence[Sequence[int]]
"""Of each node, the numbers of its parents."""

Lines = list[tuple[str, tuple[int, ...], Any]]
"""A graph, a line a node: a primitive's name or "leaf", the parents' numbers, a leaf's value."""


def _recipe(lines: Lines, maker: str = "graph", first: tuple[int, ...] = ()) -> Recipe:
    operations: list[Plain] = [line[0] for line in lines]
    parents: list[Plain] = [list(line[1]) for line in lines]
    values: list[Plain] = [_plain(line[2]) for line in lines]
    above = "; ".join(f"node {k} from {_and(line[1])}" for k, line in enumerate(lines) if line[1])
    again = ", a second time" if first == (2,) else ""
    return Recipe(maker, (*first, operations, parents, values), f"the graph: {above}{again}")


def _and(numbers: tuple[int, ...]) -> str:
    return " and ".join(map(str, numbers))


def _plain(value: Any) -> Any:
    return np.array(value, dtype=np.float64) if isinstance(value, list) else value


def _leaf(value: Any) -> tuple[str, tuple[int, ...], Any]:
    return "leaf", (), value


def _made(operation: str, *parents: int) -> tuple[str, tuple[int, ...], Any]:
    return operation, parents, None


def _one_way(rng: np.random.Generator, nodes: int) -> Lines:
    """A graph that can be put in one order only: each node is made of the one before, and often another."""
    lines = [_leaf(float(rng.integers(2, 5)))]
    for place in range(1, nodes):
        kind = rng.integers(4)
        if kind == 0:
            lines.append(_made("square" if place < 3 else "negative", place - 1))
        else:
            other = int(rng.integers(place))
            pair = (place - 1, other) if kind == 1 else (other, place - 1)
            lines.append(_made(("add", "subtract")[int(rng.integers(2))], *pair))
    return lines


def _many_inputs(rng: np.random.Generator, nodes: int) -> Lines:
    """A graph of several leaves, some used more than once, that ends in one node."""
    lines: Lines = [_leaf(float(rng.integers(1, 4))) for _ in range(3)]
    for place in range(3, nodes):
        lines.append(_made("add", *(int(k) for k in rng.integers(place, size=2))))
    unused = [k for k in range(len(lines)) if not any(k in line[1] for line in lines)]
    for k in unused:
        if k != len(lines) - 1:
            lines.append(_made("add", len(lines) - 1, k))
    return lines


# ------------------------------------------------------------------ topological_order

_ONCE, _FIRST, _LARGE = "every node once", "parents first, root last", "any graph, deep or wide"


def _numbers_of(value: Plain) -> list[int] | str:
    """The nodes in what came, by number; in words what is wrong if it is no list of nodes."""
    if not isinstance(value, (list, tuple)):
        return f"gave {describe(value)}; a list of nodes was expected"
    found: list[int] = []
    for entry in value:
        if isinstance(entry, Foreign) and entry.kind.endswith("GraphNode"):
            return (
                "gave a list with a node of an earlier call in it (a list that stands in the def line, as in"
                " order=[], is made once and kept)"
            )
        if not (isinstance(entry, Foreign) and entry.kind.startswith("node ")):
            what = entry.kind if isinstance(entry, Foreign) else short(entry, 40)
            return f"gave a list with {what} in it; the graph's own nodes were expected"
        found.append(int(entry.kind.removeprefix("node ")))
    return found


def _by_number(value: Plain) -> Plain:
    found = _numbers_of(value)
    if isinstance(value, Foreign):
        return value.kind
    return value if isinstance(found, str) else np.array(found, dtype=np.float64)


def _written(order: list[int]) -> str:
    return f"[{', '.join(map(str, order))}]" if len(order) <= 12 else f"{len(order):,} nodes"


def _on_graph(fault: Callable[[Plain, Any], str | None]) -> Callable[[Plain, Any], str | None]:
    """The same fault, and after it which graph it was."""

    def on_graph(value: Plain, expected: tuple[str, Any]) -> str | None:
        said = fault(value, expected[1])
        return None if said is None else f"{said} ({expected[0]})"

    return on_graph


def _not_once(value: Plain, ways: Ways) -> str | None:
    found = _numbers_of(value)
    if isinstance(found, str):
        return found
    twice = next((node for node in found if found.count(node) > 1), None) if len(found) < 200 else None
    if twice is not None:
        return f"gave nodes {_written(found)}: node {twice} stands there {found.count(twice)} times"
    if len(set(found)) != len(found):
        return f"gave {len(found):,} nodes; each of {len(ways):,} was expected once"
    missing = sorted(set(range(len(ways))) - set(found))
    if missing:
        return f"gave nodes {_written(found)}: node {missing[0]} is not there"
    return None


def _not_first(value: Plain, ways: Ways) -> str | None:
    found = _numbers_of(value)
    if isinstance(found, str):
        return found
    if not found:
        return "gave an empty list"
    place = {node: k for k, node in reversed(list(enumerate(found)))}
    for node in found:
        for parent in ways[node]:
            if parent not in place:
                return f"gave nodes {_written(found)}: node {parent} does not come before node {node}"
            if place[parent] > place[node]:
                return f"gave nodes {_written(found)}: node {parent} comes after node {node}, made of it"
    if found[-1] != len(ways) - 1:
        return f"gave nodes {_written(found)}: the root, node {len(ways) - 1}, is not the last"
    return None


def _not_right(value: Plain, ways: Ways) -> str | None:
    return _not_once(value, ways) or _not_first(value, ways)


def _ways(lines: Lines) -> Ways:
    return [line[1] for line in lines]


def _order_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(root: Recipe, ways: Ways, *parts: str) -> Case:
        return Case(
            {"root": root}, dict.fromkeys(("once", "first", "right"), (root.words, ways)), parts=parts
        )

    small = [
        [_leaf(3.0), _made("square", 0), _made("negative", 1)],
        [_leaf(3.0), _made("multiply", 0, 0)],
        [_leaf(1.0), _made("square", 0), _made("multiply", 1, 0), _made("add", 2, 1)],
        [_leaf(2.0), _made("square", 0), _made("negative", 1), _made("add", 2, 0)],
        [_leaf(2.0), _made("negative", 0), _made("add", 0, 1), _made("multiply", 0, 2), _made("add", 1, 3)],
        *(_one_way(rng, nodes) for nodes in (5, 6, 7, 8)),
    ]
    for lines in small:
        yield case(_recipe(lines), _ways(lines), _ONCE, _FIRST)
    for nodes in (6, 9, 14):
        lines = _many_inputs(rng, nodes)
        yield case(_recipe(lines), _ways(lines), _LARGE)
    yield case(_LADDER, [(), *((k, k) for k in range(RUNGS))], _LARGE)
    yield case(_CHAIN, [(), *((k,) for k in range(LONG_CHAIN - 1))], _LARGE)


_ORDER_TEXT = """
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
ORDER = RightAnswer("topological_order", _ORDER_TEXT)

Order = Callable[[Any], object]


def _recursive(
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


def _level_by_level(seen_once: bool = True, turned: bool = True) -> Order:
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


def _every_path(by_calls: bool, turned: bool = True) -> Order:
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


def _noted_too_early(right_first: bool) -> Order:
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


def _reachable(root: Any) -> set[Any]:
    return set(ORDER(root))


def _librarys_order(root: Any) -> list[Any]:
    return list(librarys_order(root))


def _written_to(root: Any) -> list[Any]:
    root.visited = True
    return [root]


order = Exercise(
    id="topological_order",
    lesson="04",
    slide="Back-propagation",
    asks="topological_order(root) gives a list of every node that root was computed from: parents first, root"
    " last.",
    functions=("topological_order",),
    signature=("root",),
    quantities=(
        Quantity("once", None, Custom(_on_graph(_not_once), read=_by_number)),
        Quantity("first", None, Custom(_on_graph(_not_first), read=_by_number)),
        Quantity("right", None, Custom(_on_graph(_not_right), read=_by_number)),
    ),
    parts=(Part(_ONCE, 1, ("once",)), Part(_FIRST, 1, ("first",)), Part(_LARGE, 1, ("right",), last=True)),
    cases=_order_cases,
    hints=(
        "Begin at the root and look at parents, again and again. A node can be put down when all its parents"
        " are: what must be done with a node whose parents are not there yet?",
        "Keep two things beside the list: the nodes still to be looked at (a stack), and a set of those met"
        " already. A node is met twice on the stack: on the way in, and again when its parents are done.",
        'Put pairs on the stack: (node, False) means "not opened yet", (node, True) "its parents are done".'
        " Take one off: a True one goes into the list; a False one that is new goes back as True, and its"
        " parents go on top of it as False.",
    ),
    twin="reachable, which finds the nodes but not their order, just before the exercise",
    misconceptions=(
        *one_at_a_time(
            ORDER,
            (
                Edit(
                    "children first",
                    {"return order": "return order[::-1]"},
                    "Your list begins with the root. Which nodes must be known before a node can be"
                    " computed?",
                ),
                Edit(
                    "root left out",
                    (
                        {"return order": "return order[:-1]"},
                        {"return order": "return [n for n in order if n is not root]"},
                    ),
                    "All nodes are there but the root. Was it computed as well, and from whom does the way"
                    " back"
                    " begin?",
                ),
                Edit(
                    "leaves left out",
                    {"order.append(node)": "order.extend([node] if node.parents else [])"},
                    "The nodes without parents are missing: x, w, b. Whose gradients does training want?",
                ),
                Edit(
                    "equal values for the same node",
                    (
                        {
                            "node not in seen": "float(node.value) not in seen",
                            "seen.add(node)": "seen.add(float(node.value))",
                        },
                    ),
                    "Two nodes that hold the same number are taken for one. Which of a node's properties"
                    " tells"
                    " it from every other: is it the node itself?",
                ),
                Edit(
                    "values for nodes",
                    {"order.append(node)": "order.append(node.value)"},
                    "Your list holds numbers. The nodes themselves are asked: whose rules will be used on"
                    " the way"
                    " back?",
                ),
            ),
        ),
        Misconception(
            "a shared node twice",
            "A node that two others use is in your list more than once. What could you keep, to know whether"
            " you have met a node before?",
            (
                _recursive(seen_once=False),
                _recursive(seen_once=False, right_first=True),
                _recursive(seen_once=False, before=True, turned=True),
                _recursive(seen_once=False, before=True, turned=True, right_first=True),
                _level_by_level(seen_once=False),
            ),
        ),
        Misconception(
            "breadth first",
            "You go level by level from the root. A node can be near the root by one path and far by another:"
            " must it come before all that use it, or before the nearest alone?",
            (_level_by_level(), _level_by_level(turned=False)),
        ),
        Misconception(
            "put down on the way in",
            "A node is put into the list when it is met, before its parents were looked at. What must have"
            " been done first?",
            (
                _recursive(before=True, turned=True),
                _recursive(before=True, turned=True, right_first=True),
                _recursive(before=True),
                _recursive(before=True, right_first=True),
            ),
        ),
        Misconception(
            "recursion",
            "It is right, until a graph is deep: Python allows only some thousand calls within calls. What"
            " could keep the nodes still to be done, in place of the calls?",
            (_recursive(), _recursive(right_first=True)),
        ),
        Misconception(
            "exponential",
            "A node that is used twice is walked through twice, and so is all before it: 2, 4, 8, … In a"
            " graph"
            " of 31 nodes that is a thousand million walks. When could a second walk be left out?",
            (
                _every_path(by_calls=True),
                _every_path(by_calls=False),
                _every_path(by_calls=False, turned=False),
            ),
        ),
        Misconception(
            "counted as met when it is put on the stack",
            "A node counts as met as soon as it lies on the stack. It may lie far below another one"
            " that needs"
            " it: when it is met again there, must it be passed over?",
            (_noted_too_early(False), _noted_too_early(True)),
        ),
        Misconception(
            "all nodes in no order",
            "You give a set, as the worked example does, and a set has no order. What in"
            " the walk says that all parents of a node are done?",
            (_reachable,),
        ),
        Misconception(
            "the library's own order",
            "This is the library's function: it is right, and it is what is to be written here. Which"
            " nodes must"
            " be in the list before a node may be?",
            (_librarys_order,),
        ),
        Misconception(
            "writes to a node",
            "A node cannot be written to here: what you note about nodes needs a place of your own. Which of"
            " Python's containers takes nodes, and says whether one is in it?",
            (_written_to,),
        ),
    ),
)


# ------------------------------------------------------------------ backward

_PATH, _SHARED = "one path", "a node used more than once"
_ARRAYS, _BIG = "arrays, and a second call", "deep and wide graphs"


def _as_dict(value: Plain) -> dict[int, Plain] | str:
    """What came by node number, without what belongs to no node of this graph; in words what is wrong."""
    if not isinstance(value, dict):
        return f"gave {describe(value)}; a dict from nodes to gradients was expected"
    return {
        int(key.kind.removeprefix("node ")): entry
        for key, entry in value.items()
        if isinstance(key, Foreign) and key.kind.startswith("node ")
    }


_OTHERS = "gave gradients of nodes that are not in this graph: are they from an earlier call?"


def _wrong_gradients(value: Plain, expected: Sequence[Any]) -> str | None:
    found = _as_dict(value)
    if isinstance(found, str):
        return found
    numbers = [found.get(node) for node in range(len(expected))]
    if all(
        type(one) is type(wanted) is float and one == wanted
        for one, wanted in zip(numbers, expected, strict=True)
    ):
        return (
            None if len(found) == len(cast("dict[Any, Any]", value)) else _OTHERS
        )  # the most frequent case of a large graph
    for node in reversed(range(len(expected))):  # from the root back, as the pass goes
        wanted = np.asarray(expected[node], dtype=np.float64)
        name = f"node {node}" + (", the root" if node == len(expected) - 1 else "")
        if node not in found:
            return f"gave no gradient for {name}; {short(wanted, 60)} was expected"
        seen = as_numbers(found[node])
        if seen is None or seen.dtype.kind == "b":
            return f"gave {short(found[node], 60)} for {name}; a gradient was expected"
        if seen.shape != wanted.shape:
            return f"gave {describe(seen)} for {name}; its shape is {wanted.shape}"
        if not (np.all(np.isfinite(seen)) and close(seen, wanted, 1e-6)):
            return f"gave {short(seen, 60)} for {name}; {short(wanted, 60)} was expected"
    return None if len(found) == len(cast("dict[Any, Any]", value)) else _OTHERS


def _of_this_graph(value: Plain) -> Plain:
    """The answer without the nodes of other graphs, which are never twice the same."""
    if not isinstance(value, dict):
        return value
    return {
        key: entry for key, entry in value.items() if isinstance(key, Foreign) and key.kind[:5] == "node "
    }


def _gradients(lines: Lines) -> list[Any]:
    """Of each node, by the library's own pass over the same graph."""
    nodes: list[Node] = []
    for operation, parents, value in lines:
        leaf = operation == "leaf"
        nodes.append(
            parameter(_plain(value)) if leaf else PRIMITIVES[operation].on([nodes[k] for k in parents])
        )
    record = recorded(nodes[-1])
    gradients = [np.array(record.gradient(node)) for node in nodes]
    return [d if d.ndim else float(d) for d in gradients]


def _backward_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    def case(lines: Lines, part: str, maker: str = "graph", first: tuple[int, ...] = ()) -> Case:
        root = _recipe(lines, maker, first)
        return Case({"root": root}, {"gradients": (root.words, _gradients(lines))}, parts=(part,))

    def tenth() -> float:
        return float(rng.integers(11, 30)) / 10

    x, w, b = tenth(), tenth(), tenth()
    yield case([_leaf(3.0), _made("square", 0), _made("negative", 1)], _PATH)
    yield case([_leaf(w), _leaf(x), _made("multiply", 0, 1)], _PATH)
    yield case(
        [
            _leaf(w),
            _leaf(x),
            _made("multiply", 0, 1),
            _leaf(b),
            _made("add", 2, 3),
            _leaf(x),
            _made("subtract", 5, 4),
            _made("square", 6),
        ],
        _PATH,
    )
    yield case(
        [_leaf(tenth()), _made("exp", 0), _made("square", 1), _made("negative", 2), _made("square", 3)], _PATH
    )
    yield case([_leaf(3.0), _made("multiply", 0, 0)], _SHARED)
    yield case([_leaf(2.0), _made("square", 0), _made("multiply", 1, 0)], _SHARED)
    yield case(
        [_leaf(x), _made("square", 0), _made("multiply", 1, 0), _made("multiply", 2, 1), _made("add", 3, 2)],
        _SHARED,
    )
    yield case(
        [
            _leaf(w),
            _made("negative", 0),
            _made("subtract", 1, 0),
            _made("multiply", 1, 2),
            _made("square", 3),
            _made("add", 4, 1),
        ],
        _SHARED,
    )
    for nodes in (6, 8):
        yield case(_one_way(rng, nodes), _SHARED)
    u, v = [tenth(), -tenth()], [tenth(), tenth()]
    total = [_leaf(u), _made("square", 0), _made("add", 1, 0), _made("multiply", 2, 1), _made("sum", 3)]
    yield case(total, _ARRAYS)
    yield case(
        [
            _leaf(u),
            _leaf(v),
            _made("add", 0, 1),
            _made("add", 2, 0),
            _made("multiply", 3, 2),
            _made("sum", 4),
        ],
        _ARRAYS,
    )
    yield case(
        [
            _leaf([u, v]),
            _leaf(v),
            _made("matvec", 0, 1),
            _made("add", 2, 1),
            _made("relu", 3),
            _made("dot", 4, 1),
        ],
        _ARRAYS,
    )
    yield case(small := [_leaf(x), _made("square", 0), _made("add", 1, 0)], _ARRAYS, "graph again", (1,))
    yield case(small, _ARRAYS, "graph again", (2,))
    for root, gradients in (
        (_LADDER, [2.0 ** (RUNGS - k) for k in range(RUNGS + 1)]),
        (_CHAIN, [1.0] * LONG_CHAIN),
    ):
        yield Case({"root": root}, {"gradients": (root.words, gradients)}, parts=(_BIG,))


BACKWARD = RightAnswer(
    "backward",
    _ORDER_TEXT
    + """
    def backward(root):
        gradients = {root: 1.0}
        for node in reversed(topological_order(root)):
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node])):
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
        return gradients
    """,
)
_SEED, _WALK, _USE = "{root: 1.0}", "reversed(topological_order(root))", "node.vjp(gradients[node])"
_ADD = "gradients[parent] = gradients.get(parent, 0.0) + d_parent"
_END = "+ d_parent\n    return gradients"
_WITH_ZEROS = {_USE: "node.vjp(gradients.get(node, 0.0))"}


def _while_visiting(way: str) -> Order:
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


def _level_after_level(twice: bool) -> Order:
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


def _once_met(way: str) -> Order:
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


def _over_every_path(root: Any) -> dict[Any, Any]:
    """Right, but walks each path by itself."""
    gradients: dict[Any, Any] = {}
    waiting: list[tuple[Any, Any]] = [(root, 1.0)]
    while waiting:
        node, d_node = waiting.pop()
        gradients[node] = gradients.get(node, 0.0) + d_node
        waiting.extend(zip(node.parents, node.vjp(d_node), strict=True))
    return gradients


def _by_recursion(root: Any) -> dict[Any, Any]:
    """Right, but the order is found by recursion."""
    gradients: dict[Any, Any] = {root: 1.0}
    for node in reversed(cast("list[Any]", _recursive()(root))):
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
            gradients[parent] = gradients.get(parent, 0.0) + d_parent
    return gradients


def _each_visit_of(order_of: Order) -> Order:
    """Walks back over an order in which shared nodes stand more than once."""

    def backward(root: Any) -> dict[Any, Any]:
        gradients: dict[Any, Any] = {root: 1.0}
        for node in reversed(cast("list[Any]", order_of(root))):
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
        return gradients

    return backward


def _keeping(seed: float | None) -> Order:
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


def _librarys_pass(root: Any) -> object:
    return recorded(root).gradients


def _grad_on_nodes(root: Any) -> dict[Any, Any]:
    root.grad = 1.0
    return {root: root.grad}


backward_pass = Exercise(
    id="backward",
    lesson="04",
    slide="Back-propagation",
    asks="backward(root) gives a dict: for every node that root was computed from, root included, the"
    " gradient of"
    " root with respect to it.",
    functions=("backward",),
    signature=("root",),
    quantities=(Quantity("gradients", None, Custom(_on_graph(_wrong_gradients), read=_of_this_graph)),),
    parts=(
        Part(_PATH, 1, ("gradients",)),
        Part(_SHARED, 2, ("gradients",)),
        Part(_ARRAYS, 1, ("gradients",)),
        Part(_BIG, 1, ("gradients",), last=True),
    ),
    cases=_backward_cases,
    hints=(
        "It is the algorithm that you put in order in lesson 03. You need a dict from node to gradient, with"
        " the seed in it, and the nodes in an order in which everything has arrived before a node is"
        " visited.",
        "topological_order gives parents before children. On the way back each node must come before its"
        " parents: which of Python's functions walks a list from its end?",
        "At each node, node.vjp(its gradient) gives one number or array for each of node.parents, in the same"
        " order: zip walks through both. What arrives is added to what has arrived before; dict.get takes a"
        " second argument, for a node to which nothing has come yet.",
    ),
    twin="path_counts, the same walk that counts paths, just before the exercise",
    picture=first_wrong_picture,
    may_use=("topological_order",),
    misconceptions=(
        *one_at_a_time(
            BACKWARD,
            (
                Edit(
                    "counts paths",
                    {
                        "zip(node.parents, node.vjp(gradients[node]))": "[(parent, gradients[node])"
                        " for parent in node.parents]"
                    },
                    "You count paths, as the worked example does: each node hands on what it has. On the way"
                    " back a node's rule makes of it what each parent gets. Where is the rule used?",
                ),
                Edit(
                    "the first of the rule's results for each parent",
                    {
                        "zip(node.parents, node.vjp(gradients[node]))": "[(parent,"
                        " node.vjp(gradients[node])[0])"
                        " for parent in node.parents]"
                    },
                    "Each parent gets the first of what the rule gives. A rule gives one for each"
                    " parent, in the"
                    " same order: how are two lists walked through together?",
                ),
                Edit(
                    "the last of the rule's results for each parent",
                    {
                        "zip(node.parents, node.vjp(gradients[node]))": "[(parent,"
                        " node.vjp(gradients[node])[-1])"
                        " for parent in node.parents]"
                    },
                    "Each parent gets the last of what the rule gives. A rule gives one for each"
                    " parent, in the"
                    " same order: how are two lists walked through together?",
                ),
                Edit(
                    "the whole tuple for each parent",
                    (
                        {
                            "zip(node.parents, node.vjp(gradients[node]))": "[(parent,"
                            " node.vjp(gradients[node]))"
                            " for parent in node.parents]"
                        },
                        {
                            "zip(node.parents, node.vjp(gradients[node]))": "[(parent,"
                            " node.vjp(gradients[node]))"
                            " for parent in node.parents]",
                            "gradients.get(parent, 0.0)": "gradients.get(parent, 0)",
                        },
                    ),
                    "A rule gives a tuple, one for each parent. You add the whole tuple: how are the"
                    " parents and"
                    " what belongs to each walked through together?",
                ),
                Edit(
                    "the parent's rule",
                    (
                        {
                            "zip(node.parents, node.vjp(gradients[node]))": "[(parent, d) for parent in"
                            " node.parents for d in parent.vjp(gradients[node])]"
                        },
                        {
                            "zip(node.parents, node.vjp(gradients[node]))": "[(parent, d) for parent in"
                            " node.parents for d in parent.vjp(gradients[node])]",
                            _SEED: "{**dict.fromkeys(topological_order(root), 0.0), root: 1.0}",
                        },
                    ),
                    "You use the parent's rule. Which node was computed from the parent, and so knows what to"
                    " hand back to it?",
                ),
                Edit(
                    "the value for what arrived",
                    {_USE: "node.vjp(node.value)"},
                    "You feed a node's rule with its value. What must have come back to the node"
                    " before it hands"
                    " on?",
                ),
                Edit(
                    "the node's gradient for the parent's",
                    {"gradients.get(parent, 0.0) + d_parent": "gradients.get(node, 0.0) + d_parent"},
                    "You add to the node's own gradient. To what belongs the share of a parent?",
                ),
                Edit(
                    "multiplied by the node's gradient once more",
                    {_END: "+ gradients[node] * d_parent\n    return gradients"},
                    "You multiply by the node's gradient after its rule was fed with it. How often"
                    " does a link of"
                    " the chain count?",
                ),
                Edit(
                    "multiplied after the rule",
                    {_USE: "node.vjp(1.0)", _END: "+ gradients[node] * d_parent\n    return gradients"},
                    "You use the rule with 1 and multiply afterwards. That is right for single"
                    " numbers; a rule"
                    " for arrays mixes entries. With what must it be fed?",
                ),
                Edit(
                    "return inside the loop",
                    {_END: "+ d_parent\n        return gradients"},
                    "Only the root has handed on when your function returns. Who hands on after it, and does"
                    " return stand inside the loop?",
                ),
                Edit(
                    "taken away instead of added",
                    {_END: "- d_parent\n    return gradients"},
                    "You take away what arrives. What is done with the shares of all paths?",
                ),
                Edit(
                    "a seed of -1",
                    {_SEED: "{root: -1.0}"},
                    "Your way back begins with −1. What is the slope of a thing with respect to itself?",
                ),
                Edit(
                    "the larger one kept",
                    (
                        {_ADD: "gradients[parent] = max(gradients.get(parent, 0.0), d_parent)"},
                        {_ADD: "gradients[parent] = np.maximum(gradients.get(parent, 0.0), d_parent)"},
                    ),
                    "You keep the larger of two contributions. What is done with the shares of all paths?",
                ),
                Edit(
                    "averages",
                    {
                        _ADD: "gradients[parent] = (gradients[parent] + d_parent) / 2 if parent in"
                        " gradients else d_parent"
                    },
                    "Where two paths meet you take the middle. When a node moves, the loss moves by"
                    " both paths:"
                    " what is done with the two?",
                ),
                Edit(
                    "arrays added up to one number",
                    {_END: "+ np.sum(d_parent)\n    return gradients"},
                    "What arrives is added up to one number. Which shape has a node's value, and so its"
                    " gradient?",
                ),
                Edit(
                    "overwrites",
                    {_ADD: "gradients[parent] = d_parent"},
                    "Where two paths meet, the second contribution takes the place of the first. What should"
                    " happen to the two?",
                ),
                Edit(
                    "no seed of 1",
                    (
                        {_SEED: "{}"},
                        {_SEED: "{root: 0.0}"},
                        {_SEED: "{}", **_WITH_ZEROS},
                    ),
                    "Nothing sets out from the root, so nothing arrives anywhere. How fast does the loss"
                    " change"
                    " with itself?",
                ),
                Edit(
                    "the loss for the seed",
                    {_SEED: "{root: root.value}"},
                    "Your way back begins with the root's value. It begins with ∂ℓ/∂ℓ: what is the slope of a"
                    " thing with respect to itself?",
                ),
                Edit(
                    "visits in forward order",
                    (
                        {_WALK: "topological_order(root)"},
                        {_WALK: "topological_order(root)", **_WITH_ZEROS},
                        {
                            _WALK: "topological_order(root)[::1]",
                            _SEED: "{node: 0.0 for node in topological_order(root)}\n    gradients[root] ="
                            " 1.0",
                        },
                        {_WALK: "topological_order(root)", _USE: "node.vjp(gradients.setdefault(node, 0.0))"},
                    ),
                    "You visit the inputs first, when nothing has come back to them yet. Which node has its"
                    " gradient at the start?",
                ),
                Edit(
                    "a second path dropped",
                    (
                        {_ADD: "gradients.setdefault(parent, d_parent)"},
                        {_ADD: "gradients[parent] = gradients.get(parent, d_parent)"},
                    ),
                    "What arrives first is kept and the rest is dropped. That a node has been reached once"
                    " does"
                    " not make the other paths to it go away: what is done with what they bring?",
                ),
                Edit(
                    "set to 0 after the visit",
                    (
                        {
                            _END: "+ d_parent\n        if node.parents:\n            gradients[node] ="
                            " 0.0\n    return gradients"
                        },
                        {
                            _END: "+ d_parent\n        if node.parents:\n            gradients[node] = 0.0"
                            " * node.value\n    return gradients"
                        },
                        {
                            _END: "+ d_parent\n        if node is not root:\n            gradients[node] ="
                            " 0.0 * node.value\n    return gradients"
                        },
                    ),
                    "Gradients are set back to 0 when they have been handed on. They are the result: who"
                    " asks for"
                    " them afterwards?",
                ),
                Edit(
                    "inner nodes left out",
                    (
                        {_USE: "node.vjp(gradients.pop(node) if node.parents else gradients[node])"},
                        {
                            "return gradients": "return {node: d for node, d in gradients.items() if not"
                            " node.parents}"
                        },
                        {_USE: "node.vjp(gradients.pop(node))"},
                    ),
                    "Some nodes have no gradient in your dict. Every node is asked for, those in the"
                    " middle and"
                    " the root too: where do they get lost?",
                ),
                Edit(
                    "root left out",
                    {"return gradients": "del gradients[root]\n    return gradients"},
                    "All are there but the root itself. Its gradient is known best of all: what is it?",
                ),
                Edit(
                    "+= into a shared array",
                    (
                        {
                            _ADD: "if parent in gradients:\n                gradients[parent] +="
                            " d_parent\n            else:\n                gradients[parent] = d_parent"
                        },
                        {
                            _ADD: "if parent not in gradients:\n                gradients[parent] ="
                            " d_parent\n            else:\n                gradients[parent] += d_parent"
                        },
                    ),
                    "With numbers it is right, with arrays it is not. A rule may hand the very same array"
                    " to two"
                    " parents, and += writes into it: what does a + b make that a += b does not?",
                ),
                Edit(
                    "what arrived is left out",
                    ({_USE: "node.vjp(1.0)"}, {_USE: "node.vjp(np.ones_like(node.value))"}),
                    "Each rule is used as if the loss came right after it. The chain is a product: with"
                    " what must"
                    " a node's rule be fed?",
                ),
                Edit(
                    "multiplies instead of adding",
                    {_ADD: "gradients[parent] = gradients.get(parent, 1.0) * d_parent"},
                    "Where two paths meet you multiply. Along a path multiply, over paths …?",
                ),
                Edit(
                    "the first parent only",
                    {
                        "zip(node.parents, node.vjp(gradients[node]))": "list(zip(node.parents,"
                        " node.vjp(gradients[node])))[:1]"
                    },
                    "Only the first parent of each node gets something. Which parents did a product have?",
                ),
                Edit(
                    "parents the other way round",
                    {"zip(node.parents, ": "zip(node.parents[::-1], "},
                    "Each parent gets what belongs to the other. In which order does a rule hand back?",
                ),
            ),
        ),
        Misconception(
            "counts a shared node's gradient twice",
            "A node that two others use is visited twice, and hands on each time. How often should a node"
            " hand on"
            " what it has, and when?",
            (
                _while_visiting("stack"),
                _while_visiting("queue"),
                _each_visit_of(_recursive(seen_once=False)),
                _each_visit_of(_recursive(seen_once=False, right_first=True)),
            ),
        ),
        Misconception(
            "keeps state between two calls",
            "A second call finds what the first one left. Where is the dict made: inside the function,"
            " anew at"
            " each call?",
            (_keeping(1.0), _keeping(None), _keeping(0.0)),
        ),
        Misconception(
            "rules used while visiting",
            "A rule is used as soon as something arrives, and once more with the new sum when the rest"
            " comes (so"
            " 128 came out where 46 is right). When has all arrived that ever will?",
            (_while_visiting("calls"),),
        ),
        Misconception(
            "breadth first",
            "You go level by level from the root. A node that is near by one path and far by another is then"
            " visited before all has arrived: in which order is that impossible?",
            (_level_after_level(twice=True), _level_after_level(twice=False)),
        ),
        Misconception(
            "handed on before all has arrived",
            "A node hands on once, and too early: by another path more arrives later. In which order has"
            " everything arrived before a node's turn comes?",
            (_once_met("calls"), _once_met("stack"), _once_met("stack, turned")),
        ),
        Misconception(
            "recursion",
            "It is right, until a graph is deep: Python allows only some thousand calls within calls. Does"
            " your"
            " topological_order call itself?",
            (_by_recursion,),
        ),
        Misconception(
            "every path by itself",
            "It is right, but it walks along each path alone, and in a graph of 31 nodes there can be a"
            " thousand"
            " million paths. If a node waited until all has arrived, how often would it hand on?",
            (_over_every_path,),
        ),
        Misconception(
            "the library's own pass",
            "This is the library's backward: it is right, and it is what is to be written here. What does"
            " it do at"
            " each node?",
            (_librarys_pass,),
        ),
        Misconception(
            "writes to a node",
            "A node cannot be written to here: gradients live in the dict that you return, with nodes as"
            " its keys."
            " Where else would a second call find the first one's sums?",
            (_grad_on_nodes,),
        ),
    ),
)
