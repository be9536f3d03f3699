"""The replay: what a student's `backward` did on a graph, visit by visit, and where it first went wrong."""

from __future__ import annotations

from html import escape

from lecture_lib.autodiff import Node, Record, data, parameter
from lecture_lib.autodiff.record import Step
from lecture_lib.autodiff.values import Array
from lecture_lib.common import Displayable, Text
from lecture_lib.explore import Explorer, Steps
from lecture_lib.show import Group, graph, value_words
from lecture_lib.show.known import names_of

from .watching import Backward, Pass, Visit, watch


def replay(backward: Backward, root: Node, *, decimals: int = 2) -> Displayable:
    """Walk through what a `backward` of one's own did on a graph; it begins where that first went wrong.

    Parameters
    ----------
    backward : callable
        root -> dict from node to gradient. It is called once, and if that was right a second time.
    root : Node
        A scalar.
    decimals : int
        Of the numbers in the picture.

    Returns
    -------
    Explorer
        Its control is called `visit`: 0 is before the first. A Text where nothing is written yet, and a still
        picture where no rule was used.
    """
    done = watch(backward, root)
    if done.waits:
        said = f"not attempted: there is nothing to replay. {done.waits}"
        return Text(f"<p>{escape(said)}</p>", said)
    if not done.visits:
        return frame(done, 0, decimals=decimals)

    def view(visit: int) -> Displayable:
        return frame(done, visit, decimals=decimals)

    return Explorer(
        view,
        [Steps("visit", "visit", last=len(done.visits), start=last_frame(done))],
        title="What your backward did, visit by visit",
    )


def picture_of(backward: Backward, root: Node) -> Displayable | None:
    """The frame where a `backward` first went wrong on a graph; None if it did not, or is not written yet."""
    done = watch(backward, root)
    return None if done.wrong is None else frame(done, last_frame(done))


def first_wrong_picture(backward: Backward) -> Displayable | None:
    """The first of a few small graphs on which a `backward` goes wrong, at that place; None if none is."""
    for build in (_one_path, _shared, _near_and_far, _arrays):
        seen = picture_of(backward, build())
        if seen is not None:
            return seen
    return None


def _one_path() -> Node:
    w, x = parameter(0.5, "w"), data(2.0, "x")
    return (((w * x).named("c") - 3.0).named("e") ** 2).named("loss")


def _shared() -> Node:
    x = parameter(3.0, "x")
    a = (x**2).named("a")
    b = (a * x).named("b")
    return ((b - a).named("c") * b).named("loss")


def _near_and_far() -> Node:
    x = parameter(3.0, "x")
    a = (x**2).named("a")
    b = (-a).named("b")
    return ((b**2).named("c") + a).named("loss")


def _arrays() -> Node:
    x = parameter([1.0, 2.0], "x")
    a = (x**2).named("a")
    b = (a + x).named("b")
    return (b * a).named("c").sum().named("loss")


def last_frame(done: Pass) -> int:
    """After how many visits a pass went wrong; after all of them if it did not, or only in what it gave."""
    if done.wrong is None or done.wrong.visit is None:
        return len(done.visits)
    return done.wrong.visit + 1


def frame(done: Pass, visits: int, *, decimals: int = 2) -> Group:
    """What is seen after so many visits: a sentence, and the graph with all that had been handed over."""
    said = " ".join(_sentences(done, visits, decimals))
    wrong = done.wrong
    lit = wrong is not None and visits >= last_frame(done)
    expected = {wrong.node: wrong.expected} if wrong is not None and lit else {}
    record = _as_record(done, visits)
    made = len(record.steps) - len(done.visits) + visits
    drawn = graph(record, made, decimals=decimals, expected=expected)
    return Group((Text(f"<p>{escape(said)}</p>", said), drawn))


def _sentences(done: Pass, visits: int, decimals: int) -> list[str]:
    names = names_of(done.truth.nodes)
    call = "second call, " if done.again else ""
    said: list[str] = []
    if visits == 0:
        said.append(f"{call.capitalize()}{'b' if call else 'B'}efore the first visit.")
    else:
        said.append(
            _visit_words(
                done.visits[visits - 1], f"{call}visit {visits} of {len(done.visits)}", names, decimals
            )
        )
    wrong = done.wrong
    if wrong is not None and visits >= last_frame(done):
        had = "nothing" if wrong.received is None else value_words(wrong.received, decimals)
        wanted = value_words(wrong.expected, decimals)
        name = names[wrong.node]
        where, has = "Here it first goes wrong", f"{name} has"
        if wrong.visit is not None:  # what the answer's own dict has there, nobody can see
            has = f"the rule of {name} is called with"
        if wrong.visit is None:
            said.append("Then it stopped." if done.error else "Then it returned.")
        elif visits > last_frame(done):
            where, has = (
                f"It first went wrong at visit {last_frame(done)}",
                has.replace(" is called", " was called"),
            )
        said.append(f"{where}: {has} {had}, and {wanted} was expected. {wrong.why}")
    elif visits == len(done.visits):
        if done.error:
            said.append(f"Then it stopped: {done.error}.")
        elif wrong is None:
            said.append("Every gradient is right, at a second call too.")
    return said


def _visit_words(visit: Visit, which: str, names: dict[Node, str], decimals: int) -> str:
    name = names[visit.node]
    start = f"{which[0].upper()}{which[1:]}: {name} is visited with {value_words(visit.received, decimals)}"
    if not visit.node.parents:
        return f"{start}; a leaf has nothing to hand on."
    handed = [
        f"{value_words(value, decimals)} to {names[parent]}"
        for parent, value in zip(visit.node.parents, visit.handed, strict=False)
    ]
    return f"{start}, and hands {', '.join(handed)}."


def _as_record(done: Pass, visits: int) -> Record:
    """What the student's pass left, as a record to be drawn: the forward pass, then its visits.

    What no visit has brought yet has the true value, which is not shown: so every frame has the same layout.
    """
    truth = done.truth
    gradients: dict[Node, Array] = dict(truth.gradients) | dict(done.gradients)
    handed: dict[Node, tuple[Array, ...]] = dict(truth.handed)
    for visit in (*reversed(done.visits), *done.visits[:visits]):
        gradients[visit.node] = visit.received
        if len(visit.handed) == len(visit.node.parents) and visit.node.parents:
            handed[visit.node] = visit.handed
    if done.wrong is not None and done.wrong.received is not None:
        gradients[done.wrong.node] = done.wrong.received
    forward = [Step("forward", node) for node in truth.nodes if node.primitive is not None]
    back = [Step("backward", visit.node) for visit in done.visits]
    seed = [Step("seed", truth.root)] if truth.root in done.gradients or done.visits else []
    return _Replayed(truth, gradients, handed, (*forward, *seed, *back))


class _Replayed(Record):
    """A record whose steps are somebody's own."""

    def __init__(
        self,
        truth: Record,
        gradients: dict[Node, Array],
        handed: dict[Node, tuple[Array, ...]],
        steps: tuple[Step, ...],
    ) -> None:
        super().__init__(truth.root, truth.nodes, gradients, handed)
        vars(self)["steps"] = steps  # in the place of what Record would work out from its nodes
