"""Pick a bug: which of the lesson's checks fails, and at which node of the graph it starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np

from lecture_lib.autodiff import Node, Record, data, exp, log, operation, parameter
from lecture_lib.autodiff import backward as true_backward
from lecture_lib.common import Table, Text
from lecture_lib.exercises import Exercise, LocalAnswer, judge
from lecture_lib.explore import Choice, Explorer
from lecture_lib.learning import duck_goose
from lecture_lib.show import Group, value_words
from lecture_lib.show.known import names_of

from .exercises import EXERCISES
from .product_rules import MATVEC, MUL
from .relu_rules import RELU
from .replaying import frame, last_frame
from .right_passes import BACKWARD
from .softmax_rules import SOFTMAX
from .watching import Pass, watch


@dataclass(frozen=True)
class Bug:
    """A known mistake in one of the lesson's functions."""

    exercise: str
    misconception: str
    form: int = 0


BUGS: dict[str, Bug | None] = {
    "none": None,
    "backward overwrites instead of adding": Bug("backward", "overwrites"),
    "relu_vjp has no mask": Bug("relu_vjp", "no mask"),
    "matvec_vjp uses W for its transpose": Bug("matvec_vjp", "W for its transpose"),
    "backward walks in forward order": Bug("backward", "visits in forward order", 1),
}


def _functions(bug: Bug | None) -> dict[str, Callable[..., Any]]:
    """The lesson's functions by their exercises' ids, right but for the bug."""
    functions: dict[str, Callable[..., Any]] = {
        "mul_vjp": MUL,
        "matvec_vjp": MATVEC,
        "relu_vjp": RELU,
        "softmax_vjp": SOFTMAX,
        "backward": BACKWARD,
    }
    if bug is not None:
        known = next(e for e in EXERCISES if e.id == bug.exercise).misconception(bug.misconception)
        functions[bug.exercise] = known.answers[bug.form]
    return functions


def _network(functions: dict[str, Callable[..., Any]]) -> Node:
    """Duck, duck, goose by these rules; softmax in steps, so that exp has two consumers."""
    matvec, relu = functions["matvec_vjp"], functions["relu_vjp"]
    example = duck_goose()
    E, W, b, U = (parameter(example.params[name], name) for name in ("E", "W", "b", "U"))
    shares = data([2 / 3, 1 / 3], "s")

    def product(A: Node, x: Node, name: str) -> Node:
        return operation(
            A.value @ x.value, (A, x), lambda d: matvec(np.asarray(d), A.value, x.value), "@"
        ).named(name)

    h0 = product(E, shares, "h0")
    z = (product(W, h0, "a") + b).named("z")
    h = operation(np.maximum(z.value, 0), (z,), lambda d: (relu(np.asarray(d), z.value),), "ReLU").named("h")
    e = exp(product(U, h, "o")).named("e")
    total = e.sum().named("t")
    p = (e / total).named("p")
    return (-(data(example.y, "y") * log(p)).sum()).named("loss")


@lru_cache(maxsize=len(BUGS))
def bug_at_work(bug: str) -> tuple[Pass, dict[str, bool]]:
    """Name of a bug -> what its backward did on duck, duck, goose, and which checks pass."""
    functions, right = _functions(BUGS[bug]), _functions(None)
    root, clean = _network(functions), true_backward(_network(right))
    nodes = true_backward(root).nodes
    twin = dict(zip(clean.nodes, nodes, strict=True))
    truth = Record(
        root,
        nodes,
        {twin[node]: clean.gradient(node) for node in clean.nodes},
        {twin[node]: handed for node, handed in clean.handed.items()},
    )
    done = watch(functions["backward"], root, truth)
    passed = {
        exercise.id: _passes(exercise, functions[exercise.id])
        for exercise in EXERCISES
        if exercise.id in functions
    }
    wanted = [node for node in nodes if node.role == "parameter"]
    whole = all(
        node in done.gradients and np.allclose(done.gradients[node], truth.gradient(node)) for node in wanted
    )
    return done, passed | {"gradient check of the whole network": whole}


def _passes(exercise: Exercise, function: Callable[..., Any]) -> bool:
    return judge(exercise, [LocalAnswer(function)], np.random.default_rng(4)).state == "passed"


def _view(bug: str) -> Group:
    done, checks = bug_at_work(bug)
    failing = [name for name, passed in checks.items() if not passed]
    wrong = done.wrong
    if wrong is None:
        said = "Every check passes, and every gradient is right."
    else:
        name = names_of(done.truth.nodes)[wrong.node]
        had = "nothing" if wrong.received is None else value_words(wrong.received, 2)
        said = (
            f"Failing: {', '.join(failing)}. On the way back, {name} is the first wrong node: it has {had}, "
            f"and {value_words(wrong.expected, 2)} was expected."
        )
    rows = [[name, "✓ passes" if passed else "✗ fails"] for name, passed in checks.items()]
    picture = frame(done, last_frame(done)).parts[1]
    return Group((Text(f"<p>{escape(said)}</p>", said), Table("", ["check", "verdict"], rows), picture))


def explore_bugs() -> Explorer:
    """Choose a bug: the checks that fail, and the graph up to the first wrong node.

    Examples
    --------
    >>> explore_bugs().show(bug="relu_vjp has no mask").parts[0].words
    'Failing: relu_vjp, gradient check of the whole network. On the way back, z is the first wrong node: it has [−0.52, 0.46], and [0.00, 0.46] was expected.'
    """  # noqa: E501
    return Explorer(_view, [Choice("bug", "bug", list(BUGS), start="none")], title="Pick a bug")
