"""A submission's process: reads cells, runs them in order, calls what they define."""

from __future__ import annotations

import ast
import asyncio
import builtins
import inspect
import linecache
import re
import socket
import sys
from collections.abc import Iterator
from importlib import import_module
from types import CodeType
from typing import Any, cast

import numpy as np

from lecture_lib.exercises.answer import Failure, LocalAnswer, Outcome, quiet
from lecture_lib.exercises.plain import Foreign, Plain
from lecture_lib.grading.frames import BadFrame, Gone, receive, send

_MAGIC = re.compile(r"^(\s*)([%!].*|\?.*|.*[^#'\"]\?\??\s*)$")
_ASSIGNED_MAGIC = re.compile(r"^(\s*)[\w, ]+=\s*[%!].*$")
_TIMERS = ("%%time", "%%capture")
_OURS = (
    "lecture_lib.exercises.answer",
    "lecture_lib.exercises.plain",
    "lecture_lib.grading.inside.cells",
    "lecture_lib.grading.frames",
)
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


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
    return {name: np.outer(x, x) * factor for name in params}, np.zeros_like(x), np.maximum(x, 0)
"""
"""What notebooks do, so that it has been done once before the first of them comes."""


def warm_up() -> None:
    """Load what notebooks use, once for all submissions."""
    for name in ("autodiff", "learning", "show", "explore", "exercises"):
        import_module(f"lecture_lib.{name}")
    read("import numpy\nx = 1")
    for _ in range(
        10
    ):  # Python makes code that has run a few times faster, and every submission inherits that
        main: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        for number, cell in enumerate(_TYPICAL.split("\n\n")):
            failed = run(main, cell, f"typical {number}")
            if failed is not None:
                raise RuntimeError(f"what notebooks do does not work in the sandbox: {failed}")
        outcome_as_plain(
            LocalAnswer(main["answer"]).call([np.ones(2), 2.0, ("duck",), {"W": np.ones((2, 2))}])
        )
    linecache.clearcache()
    sign_out = import_module("lecture_lib.exercises.student").sign_out
    sign_out()
    for (
        name
    ) in _OURS:  # a submission that imports these gets copies, and what it does to them changes nothing
        package, _, module = name.rpartition(".")
        del sys.modules[name]
        delattr(sys.modules[package], module)


def answer_requests(channel: socket.socket) -> None:
    """Answer the judge's requests until it closes the channel."""
    channel.setblocking(True)
    main = _main_module()
    while True:
        try:
            request = cast("tuple[Any, ...]", receive(channel))
        except Gone:
            return
        number, *asked = request
        answer = _answer(main, asked)
        try:
            send(channel, [number, answer])
        except BadFrame as error:
            send(channel, [number, outcome_as_plain(Outcome(Foreign(str(error))))])


def _main_module() -> dict[str, Any]:
    module = sys.modules["__main__"]
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins, "__doc__": None}
    module.__dict__.clear()
    module.__dict__.update(namespace)
    return module.__dict__


def _answer(main: dict[str, Any], asked: list[Any]) -> Plain:
    kind, *rest = asked
    if kind == "read":
        return read(*rest)
    if kind == "run":
        return _failure_as_plain(run(main, *rest))
    if kind == "look":
        return _look(main, rest[0])
    if kind == "call":
        return outcome_as_plain(LocalAnswer(main.get(rest[0])).call(rest[1]))
    return outcome_as_plain(LocalAnswer(main.get(rest[0])).value())


def _look(main: dict[str, Any], name: str) -> str:
    if name not in main:
        return "missing"
    given = main[name]
    if given is None or given is Ellipsis:
        return "waits"
    return "callable" if callable(given) else "value"


# ------------------------------------------------------------------ reading a cell


def read(source: str) -> Plain:
    """A cell's source -> what can be run of it, the names it defines, the id it signs in with, notes."""
    code, notes = runnable(source)
    found: dict[Any, Plain] = {"source": code, "defines": [], "student": None, "notes": cast("Plain", notes)}
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    names: list[Plain] = [*dict.fromkeys(_defined(tree.body))]
    found["defines"] = names[:500]
    found["student"] = next(reversed([*_signed_in(tree)]), None)
    return found


def runnable(source: str) -> tuple[str, list[str]]:
    r"""A cell's source -> what Python can run of it, lines kept in place, and what was left out.

    >>> runnable("%matplotlib inline\nx = 1")
    ('pass\nx = 1', ['the line "%matplotlib inline" is for a notebook only and was skipped'])
    """
    if _compiles(source):
        return source, []
    first = source.lstrip().split("\n", 1)[0].strip()
    if first.startswith("%%") and not first.startswith(_TIMERS):
        return "", [f'the cell begins with "{first[:40]}", which is for a notebook only; it was skipped']
    lines, notes = source.split("\n"), list[str]()
    for place, line in enumerate(lines):
        match = _MAGIC.match(line) or _ASSIGNED_MAGIC.match(line)
        if match:
            lines[place] = f"{match[1]}pass"
            notes.append(f'the line "{line.strip()[:40]}" is for a notebook only and was skipped')
    code = "\n".join(lines)
    return (code, notes) if notes and _compiles(code) else (source, [])


def _compiles(source: str) -> bool:
    try:
        compile(source, "cell", "exec", flags=_FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    """Give the names that statements define, in blocks too, but not within functions and classes."""
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield statement.name
            continue
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.split(".")[0] for alias in statement.names)
            continue
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, (ast.AnnAssign, ast.For)):
            targets = [statement.target]
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
        for block in ("body", "orelse", "finalbody"):
            yield from _defined(getattr(statement, block, []))


def _signed_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) == 1:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = node.args[0]
            if name == "student" and isinstance(given, ast.Constant) and isinstance(given.value, str):
                yield given.value


# ------------------------------------------------------------------ running a cell


def run(main: dict[str, Any], source: str, name: str) -> Failure | None:
    """Run a cell, silently; return what went wrong."""
    lines = source.splitlines(keepends=True)
    linecache.cache[name] = (len(source), None, lines, name)
    given = LocalAnswer(lambda: _execute(main, source, name)).call(())
    return given.failure


def _execute(main: dict[str, Any], source: str, name: str) -> None:
    code: CodeType = compile(source, name, "exec", flags=_FLAGS, dont_inherit=True)
    if code.co_flags & inspect.CO_COROUTINE:
        with quiet():
            asyncio.run(_awaited(code, main))
    else:
        exec(code, main)


async def _awaited(code: CodeType, main: dict[str, Any]) -> None:
    found = eval(code, main)
    if inspect.isawaitable(found):
        await found


# ------------------------------------------------------------------ as plain data


def _failure_as_plain(failure: Failure | None) -> Plain:
    if failure is None:
        return None
    return [failure.kind, failure.message, failure.line, failure.text, failure.function, failure.depth]


def outcome_as_plain(outcome: Outcome) -> Plain:
    """Outcome -> plain data, for a frame."""
    changed: Plain = [list(path) for path in outcome.changed]
    return [outcome.value, _failure_as_plain(outcome.failure), changed]
