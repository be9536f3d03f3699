"""A submission's process: reads cells, runs them in order, calls what they define."""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import functools
import hashlib
import inspect
import io
import linecache
import random
import socket
import sys
import warnings
from collections.abc import Generator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any, cast

import numpy as np

from lecture_grader.frames import (
    BadFrame,
    Gone,
    as_text,
    pack,
    pack_question,
    receive,
    send,
    text_array,
    unpack,
    unpack_question,
)
from lecture_grader.inside import after_an_error, checked, watching
from lecture_grader.inside.reading import FLAGS, read
from lecture_grader.inside.results import Results, that_shows
from lecture_lib.autodiff import PRIMITIVES
from lecture_lib.exercises.answer import Failure, LocalAnswer, Outcome
from lecture_lib.exercises.plain import Foreign, Plain
from lecture_lib.exercises.recipes import register_recipes
from lecture_lib.exercises.time_limits import TimeLimit

MOST_PRINTED = 64_001  # one letter more than is shown, which says that there was more
MOST_OF_A_STATEMENT = 0.5
"""Of a cell that cannot be run whole, a statement may take so many seconds."""
_OURS = (
    "lecture_lib.exercises.answer",
    "lecture_lib.exercises.own_steps",
    "lecture_lib.exercises.plain",
    "lecture_lib.exercises.plain_words",
    "lecture_lib.exercises.recipes",
    "lecture_lib.exercises.time_limits",
    "lecture_grader.inside.cells",
    "lecture_grader.inside.entering",
    "lecture_grader.inside.after_an_error",
    "lecture_grader.inside.magics",
    "lecture_grader.inside.reading",
    "lecture_grader.inside.results",
    "lecture_grader.inside.watching",
    "lecture_grader.frames",
)

Namespace = dict[str, Any]

_TYPICAL = """
import numpy as np
import lecture_lib as ll
ll.student("nobody in particular")

example = ll.duck_goose()
E, W, b, U = (example.params[name] for name in ("E", "W", "b", "U"))
h0 = ll.encode(example.tokens, example.vocabulary, E)
o = U @ ll.relu(W @ h0 + b)
p = ll.softmax(o)

x, w = ll.data(2.0, "x"), ll.parameter(0.5, "w")
loss = ((w * x - 1) ** 2).named("loss")
ll.table(ll.forward(loss))

graph = ll.sentence_graph(example, softmax_in_steps=True)
ll.scrubber(ll.backward(graph["loss"]))

print(f"{np.outer(p, h0).round(4).tolist()}", ll.my_example().params["E"].shape, np.exp(o).sum())

ll.compare("p", p, ll.backward(graph["loss"])["W"])

ll.numeric_gradient(lambda theta: float((theta**2).sum()), np.array([0.5, -0.2]))

def answer(x, factor, tokens, params):
    return {name: np.outer(x, x) * factor for name in params}, np.zeros_like(x), ll.softmax(x)
"""
"""What notebooks do, so that it has been done once before the first of them comes."""

_signing_in = import_module("lecture_lib.exercises.signing_in")
_sign_out, _current_student = _signing_in.sign_out, _signing_in.current_student
_forget_checks, _handed_to_check = checked.forget, checked.handed
_primitives = dict(PRIMITIVES)
_compiled: dict[str, CodeType] = {}
"""What was read, by its source: the lessons as they were given out, which most of a notebook's cells are."""
_results = [Results()]
"""What the notebook's cells have shown."""


def warm_up(lessons: Sequence[Sequence[str]] = ()) -> None:
    """Load what notebooks use, and run the lessons as they were given out, once for all submissions.

    Python makes code that has run a few times faster, and every submission inherits that.
    """
    for name in ("common", "autodiff", "learning", "show", "explore", "exercises"):
        import_module(f"lecture_lib.{name}")
    _enter_recipes()
    watching.hold_on()
    read("import numpy\nx = 1")
    for _ in range(10):
        main: Namespace = {"__name__": "__main__", "__builtins__": builtins}
        for cell in _TYPICAL.split("\n\n"):
            failed = run(main, cell)[0]
            if failed is not None:
                raise RuntimeError(f"what notebooks do does not work in the sandbox: {failed}")
        arguments: list[Plain] = [[1.0], 2.0, ("duck",), {"W": np.ones((2, 2))}]
        unpack(_asked(main, unpack_question(pack_question([["answer"], False, [], "", [[0, *arguments]]]))))
    linecache.clearcache()
    for lesson in lessons:
        for cell in lesson:
            _read(cell)
    for lesson in [*lessons] * 3:
        main = {"__name__": "__main__", "__builtins__": builtins}
        for cell in lesson:
            run(main, cell)
    _sign_out()
    _forget_checks()
    for name in _OURS:  # a submission that imports these gets copies; what it does to them changes nothing
        package, _, module = name.rpartition(".")
        del sys.modules[name]
        delattr(sys.modules[package], module)


def _enter_recipes() -> None:
    """Enter the makers of the lessons' arguments; of a lesson's folder nothing else is here."""
    lessons = import_module("lecture_lib.lessons")
    for folder in sorted(Path(lessons.__path__[0]).glob("*/recipes.py")):
        lesson = f"lecture_lib.lessons.{folder.parent.name}"
        register_recipes(import_module(f"{lesson}.recipes").RECIPES)
        del sys.modules[f"{lesson}.recipes"], sys.modules[lesson]


def answer_requests(channel: socket.socket) -> None:
    """Answer the judge's requests until it closes the channel: each is a number and steps."""
    channel.setblocking(True)
    main = sys.modules["__main__"].__dict__
    answer, reply = _answer, send  # what a cell does to this module's names stops no later step
    _begin(main)
    while True:
        try:
            number, steps = cast("tuple[str, list[Any]]", receive(channel))
        except Gone:
            return
        try:
            reply(channel, [number, [answer(main, *step) for step in steps]])
        except BadFrame:  # it would be too large
            reply(channel, [number, None])


def _begin(main: Namespace) -> None:
    """Be nobody, with no names, and with nothing left of what a tame cell before could write into."""
    main.clear()
    main.update({"__name__": "__main__", "__builtins__": builtins, "__doc__": None})
    _sign_out()
    _forget_checks()
    _results[:] = [Results()]
    if _primitives != PRIMITIVES:
        PRIMITIVES.clear()
        PRIMITIVES.update(_primitives)
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - notebooks draw from it


def _answer(main: Namespace, kind: str, given: Any = None, number: int = 0) -> Plain:
    """Do one step."""
    if kind == "begin":
        _begin(main)
    elif kind == "read":
        return _read(as_text(given))
    elif kind == "run":
        return _ran(main, as_text(given), number)
    elif kind == "define":
        _define(main, as_text(given))
    elif kind == "ask":
        return np.frombuffer(_asked(main, unpack_question(given)), np.uint8)
    elif kind == "give":
        _give(main, given)
    elif kind == "refuse":
        watching.refuse(given)
    return None


def _read(source: str) -> Plain:
    found, code = read(source, _remembered(source))
    if code is not None:
        _compiled[source] = code
    return found


def _ran(main: Namespace, source: str, number: int) -> Plain:
    """Run a cell; say what went wrong, what was printed, and who has signed in there."""
    before = _current_student()
    failure, printed = run(main, source, number)
    student = _current_student()
    signed_in = student[:200] if isinstance(student, str) and student != before else None
    if failure is None and not printed and signed_in is None:
        return None
    return [_failure_as_plain(failure), text_array(printed) if printed else None, signed_in]


def _asked(main: Namespace, question: Any) -> bytes:
    """Look whether the names are there, and ask for the value or make the calls; give a frame."""
    looks, outcomes = _outcomes(main, *question)
    try:
        return pack([looks, [outcome_as_plain(one) for one in outcomes]])
    except BadFrame as error:
        too_large = outcome_as_plain(Outcome(Foreign(str(error))))
        return pack([looks, [too_large for _ in outcomes]])


def _outcomes(
    main: Namespace, names: list[str], is_value: bool, may_use: list[str], check: str, calls: list[Any]
) -> tuple[list[Plain], list[Outcome]]:
    if check:  # what was handed to it stands in the names' place
        main = dict(zip(names, _handed_to_check(check), strict=False))
    looks: list[Plain] = [_look(main, name) for name in names]
    if "missing" in looks or all(look == "waits" for look in looks):
        return looks, []
    asked = [LocalAnswer(main.get(name), tuple(may_use)) for name in names]
    if is_value:
        return looks, [asked[0].value()]
    if "callable" not in looks:
        return looks, []
    return looks, [asked[place].call(arguments) for place, *arguments in calls]


def _look(main: Namespace, name: str) -> str:
    if name not in main:
        return "missing"
    given = main[name]
    if given is None or given is Ellipsis:
        return "waits"
    return "callable" if callable(given) else "value"


def _give(main: Namespace, names: list[str]) -> None:
    """Put the library's own functions where a submission's are missing."""
    library = import_module("lecture_lib")
    for name in names:
        if hasattr(library, name):
            main[name] = getattr(library, name)


# ------------------------------------------------------------------ running a cell


def run(main: Namespace, source: str, number: int = 0) -> tuple[Failure | None, str]:
    """Run a cell; return what went wrong, and what was printed. With a number, keep what it shows."""
    kept = _Kept()
    name = _remembered(source)
    failure = LocalAnswer(lambda: _execute(main, source, name, kept, number)).call(()).failure
    sys.setrecursionlimit(kept.calls_allowed)  # what a cell allows holds for those below it
    if failure is not None:  # of a text that is no Python, Python says in which file, too
        failure = replace(failure, message=failure.message.replace(f"{name}, ", ""))
    if failure is not None and kept.went_on:
        below = "it may lack what is not there where it is graded; what stands below it was run all the same"
        failure = replace(failure, message=f"{failure.message} ({below})")
    return failure, kept.text


def _define(main: Namespace, source: str) -> None:
    """Do of a cell what defines something. Each statement has a moment: one that takes long costs itself."""
    for statement in after_an_error.definitions(source, _remembered(source)):
        run_it = functools.partial(exec, statement, main)
        LocalAnswer(run_it, limit=TimeLimit(MOST_OF_A_STATEMENT)).call(())


def _remembered(source: str) -> str:
    """Return the name by which a traceback knows a cell, and finds its lines."""
    name = f"<cell {hashlib.sha256(source.encode('utf-8', 'replace')).hexdigest()[:16]}>"
    if name not in linecache.cache:
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return name


def _execute(main: Namespace, source: str, name: str, kept: _Kept, number: int) -> None:
    code = None if number else _compiled.get(source)
    if code is None:
        text = that_shows(source, FLAGS) if number else source
        code = compile(text, name, "exec", flags=FLAGS, dont_inherit=True)
    with contextlib.redirect_stdout(kept), _warnings_as_in_a_notebook():
        try:
            _run_code(code, main)
        except Exception as error:
            for below in after_an_error.statements_below(error, source, code):
                kept.went_on = True
                with contextlib.suppress(Exception):
                    _run_code(below, main)
            raise
        finally:
            kept.calls_allowed = sys.getrecursionlimit()
    if number:
        _results[0].keep(main, number)


@contextlib.contextmanager
def _warnings_as_in_a_notebook() -> Generator[None]:
    """Let warnings be given: a cell may look whether one comes, or let it be an error."""
    with np.errstate(divide="warn", over="warn", invalid="warn"), warnings.catch_warnings():
        warnings.simplefilter("default")
        yield


def _run_code(code: CodeType, main: Namespace) -> None:
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(_awaited(code, main))
    else:
        exec(code, main)


async def _awaited(code: CodeType, main: Namespace) -> None:
    found = eval(code, main)  # a cell with await is compiled to a coroutine, which exec would throw away
    if inspect.isawaitable(found):
        await found


class _Kept(io.TextIOBase):
    """What of a cell is kept: the beginning of what it prints, and whether it went on below an error."""

    encoding, errors = "utf-8", "strict"
    went_on = False

    def __init__(self) -> None:
        self.calls_allowed = sys.getrecursionlimit()
        self._pieces: list[str] = []
        self._room = MOST_PRINTED

    def write(self, s: str, /) -> int:
        if self._room > 0:
            piece = str.__str__(s)[: self._room]
            self._pieces.append(piece)
            self._room -= max(len(piece), 1)
        return len(s)

    @property
    def text(self) -> str:
        return "".join(self._pieces)


# ------------------------------------------------------------------ as plain data


def _failure_as_plain(failure: Failure | None) -> Plain:
    if failure is None:
        return None
    kind, function = failure.kind[:60], failure.function[:60]  # a name may be as long as anybody likes
    return [kind, failure.message, failure.line, failure.text, function, failure.depth]


def outcome_as_plain(outcome: Outcome) -> Plain:
    """Outcome -> plain data, for a frame."""
    changed: Plain = [list(path) for path in outcome.changed]
    beside = [_failure_as_plain(outcome.failure), changed, outcome.printed, outcome.borrowed]
    return [outcome.value, *beside] if any(beside) else [outcome.value]
