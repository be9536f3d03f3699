"""Changes one operator, number or condition of a file at a time, and says which changes no test notices.

    .venv/bin/python -m tools.mutants lecture_lib/autodiff/ops.py tests/autodiff/test_every_primitive.py

The first argument is the file, the others are the tests to run for each change; `--every 5` takes a fifth
of the changes. The file on disk stays as it is: a forked process imports it changed. A change that all tests
pass with is a survivor. It may be harmless (another way to write the same), or it shows a missing test.
It is no part of `make test`: a file takes minutes, or an hour.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5 << 8  # pytest's exit code, as waitpid gives it
LONGEST = 120  # seconds for one change; a loop that no longer ends is noticed

OTHER: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node is changed to; each is a mutant."""
    new = copy.deepcopy(node)
    match new:
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in OTHER:
            new.op = OTHER[type(op)]()
            yield new
        case ast.Compare(ops=[op, *rest]) if type(op) in OTHER:
            new.ops = [OTHER[type(op)](), *rest]
            yield new
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield new.operand
        case ast.IfExp(test=test) | ast.If(test=test):
            new.test = ast.UnaryOp(ast.Not(), test)
            yield new
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
        case _:
            pass


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Yield where the nodes stand that run: (parent, field, place in its list), annotations left out."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield tree, field, place
                yield from places(child)


def mutants(source: str) -> Iterator[tuple[str, str, ast.Module]]:
    """Yield (the function that is changed, what was changed, the changed module)."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for parent, field, place in list(places(tree)):
        held = getattr(parent, field)
        node = held if place is None else held[place]
        for new in changed(node):
            ast.copy_location(new, node)
            put(parent, field, place, new)
            was, now = (ast.unparse(n).splitlines()[0] for n in (node, new))
            around = [f.name for f in functions if f.lineno <= node.lineno <= (f.end_lineno or 0)]
            yield (
                around[-1] if around else "",
                f"line {node.lineno}: {was}  ->  {now}",
                ast.fix_missing_locations(copy.deepcopy(tree)),
            )
            put(parent, field, place, node)


def put(parent: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    """Set a node in its parent."""
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module with another text."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self.path, self.tree = path, tree
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts)

    def find_spec(self, name: str, path: object = None, target: object = None):
        """Find the one module."""
        if name != self.name:
            return None
        spec = importlib.machinery.ModuleSpec(name, self, origin=str(self.path))
        spec.has_location = True  # inspect finds the file
        return spec

    def exec_module(self, module) -> None:
        """Run the changed text."""
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


def is_noticed(path: Path, tree: ast.Module, tests: list[str], examples: int) -> bool:
    """Whether a test fails, in a process of its own, when the module is this one."""
    child = os.fork()
    if child == 0:
        sys.meta_path.insert(0, Changed(path, tree))
        out = os.open(os.devnull, os.O_WRONLY)
        os.dup2(out, 1), os.dup2(out, 2)
        signal.alarm(LONGEST)
        try:
            os._exit(run(tests, examples))
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return status not in (0, NO_TESTS)


def run(tests: list[str], examples: int) -> int:
    """Run tests here, each property with few examples; return pytest's exit code."""
    import pytest
    from hypothesis import settings

    settings.register_profile(
        "mutants", max_examples=examples, derandomize=True, database=None, deadline=None
    )
    options = ["-x", "-q", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib"]
    options += ["-W", "ignore:Module already imported"]  # once, before the fork
    return int(pytest.main([*options, "--hypothesis-profile=mutants", *tests]))


def main() -> None:
    """Try the changes of one file."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("file", type=Path)
    options.add_argument("tests", nargs="+")
    options.add_argument("--every", type=int, default=1, metavar="N", help="take every N-th change")
    options.add_argument("--examples", type=int, default=10, help="how many a property is tried with")
    options.add_argument("--minutes", type=float, default=60.0, help="stop after so many")
    given = options.parse_args()
    path = given.file.resolve()
    import hypothesis  # noqa: F401 (loaded once, for every fork)
    import numpy as np  # noqa: F401
    import pytest  # noqa: F401

    end = time.monotonic() + 60 * given.minutes
    source = path.read_text(encoding="utf-8")
    if is_noticed(path, ast.parse(source), given.tests, given.examples):
        sys.exit("the tests fail with the file as it is: nothing can be said")
    every = list(mutants(source))[:: given.every]
    tried = survived = 0
    for function, what, tree in every:
        if time.monotonic() > end:
            break
        tried += 1
        # Most are noticed by the tests that carry the function's name, so these come first.
        near = ["-k", function.removesuffix("_vjp").strip("_"), *given.tests]
        if not (
            (function and is_noticed(path, tree, near, given.examples))
            or is_noticed(path, tree, given.tests, given.examples)
        ):
            survived += 1
            print(f"survived  {what}", flush=True)
    print(f"{tried} of {len(every)} changes tried: {tried - survived} noticed, {survived} survived")


if __name__ == "__main__":
    main()
