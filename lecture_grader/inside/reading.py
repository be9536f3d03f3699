"""Reads a cell without running it: what it defines, who signs in, and what it could reach."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from tokenize import TokenError
from types import CodeType
from typing import Any, cast

from lecture_grader.frames import text_array
from lecture_grader.inside import RESULT
from lecture_grader.inside.library_names import asked_of_the_library, name_of, only_defines, only_hands
from lecture_grader.inside.magics import as_python
from lecture_grader.inside.results import USES_RESULTS, shows
from lecture_grader.inside.silent_modules import is_lacking
from lecture_grader.inside.tame import WILD_NODES, all_tame
from lecture_lib.exercises.plain import Plain

FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_PROMPT = re.compile(r"\s*In \[\d+\]: ")
"""Python could read it, as a name and its type."""
_AS_ALWAYS = {("numpy", "np"), ("numpy", None), ("lecture_lib", "ll"), ("lecture_lib", None)}
"""Imports by which a name stands for what it stands for in every cell."""
_SAYING = (
    *(ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.FunctionDef),
    *(ast.Import, ast.ImportFrom, ast.alias),
    *WILD_NODES,
)
"""The nodes that say anything of what is asked here; the others are half of all."""
MOST_NAMES = 2_000
MOST_CHECKS = 200


def read(source: str, name: str = "cell") -> tuple[Plain, CodeType | None]:
    """A cell's source -> what can be run of it, the names it defines, the id it signs in with, notes.

    "source" is None where all of it can be run. "signs_in" says whether it has to do with `ll.student`, and
    "student" is the id in a plain call of it. "checks" are the calls of `ll.check`, see `_checks`. "names"
    are the notebook's names that it has to do with, of which it sets those in "sets"; `RESULT` is one of the
    former if it uses what cells above it have shown, of the latter if it shows something. "tame" says that it
    could not change, by any usual way, what another notebook would find in this process. Beside that, the
    cell compiled under this name, if it can be.
    """
    code, notes, tree = runnable(source)
    found: dict[Any, Plain] = {
        "source": None if code == source else text_array(code),
        "notes": cast("Plain", notes),
    }
    compiled = None if tree is None else _compiled(tree, name)
    if tree is None or compiled is None:
        return found, None
    not_local = _names_of(compiled)
    statements = [*_statements(tree.body)]
    binds, adds = dict.fromkeys(_defined(statements)), dict.fromkeys(_added_to(statements))
    defines: list[Plain] = [*(binds | adds)]
    found["defines"] = defines[:500]
    found["adds"] = [name for name in defines if name not in binds][:500]
    nodes = [node for node in ast.walk(tree) if isinstance(node, _SAYING)]
    names, sets = _read_and_set(nodes)
    found["student"] = _signed_in(tree)
    referred_to = [*_referred_to(nodes)]
    found["signs_in"] = "student" in referred_to
    found["checks"] = [*_checks(nodes, referred_to.count("check"))][:MOST_CHECKS]
    uses_results = any(map(USES_RESULTS, names & not_local))
    found["names"] = [*sorted((names | sets) & not_local), *[RESULT] * uses_results]
    found["sets"] = [*sorted(sets & not_local), *[RESULT] * shows(tree, code)]
    found["lacks"] = [*_lacking(nodes)][:MOST_NAMES]
    asked, found["looks_behind"] = asked_of_the_library(nodes, sets)
    handed = only_hands(tree)
    found["only_hands"] = cast("Plain", handed)
    found["asks"] = [] if handed else [*sorted(asked)]
    found["only_defines"] = only_defines(tree, nodes)
    found["tame"] = all_tame(nodes) and len(names) + len(sets) < MOST_NAMES
    return found, compiled


def _read_and_set(nodes: Sequence[ast.AST]) -> tuple[set[str], set[str]]:
    """Return the names that are read, and those that are set."""
    names, sets = set[str](), set[str]()
    for node in nodes:
        if isinstance(node, ast.Name):
            (names if isinstance(node.ctx, ast.Load) else sets).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            sets.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imported = {(alias.name, alias.asname) for alias in node.names}
            if isinstance(node, ast.Import):
                imported -= _AS_ALWAYS
            sets |= {asname or name.split(".")[0] for name, asname in imported}
    return names, sets


def _signed_in(tree: ast.Module) -> str | None:
    """Return the id that a call signs in with, where that stands alone on its line."""
    signed_in = None
    for statement in tree.body:
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            continue
        call = statement.value
        given = call.args[0] if len(call.args) == 1 else None
        if name_of(call.func) == "student" and isinstance(given, ast.Constant) and type(given.value) is str:
            signed_in = given.value
    return signed_in


def _checks(nodes: Iterable[ast.AST], mentioned: int) -> Iterator[Plain]:
    """Give each call of `ll.check` as the exercise's id and the names it is handed, "" for what is none.

    Where it cannot be said which exercises are checked, as `check` is mentioned more often, the id is "".
    """
    plain = 0
    for node in nodes:
        if not isinstance(node, ast.Call) or name_of(node.func) != "check" or not node.args:
            continue
        id = node.args[0]
        if isinstance(id, ast.Constant) and type(id.value) is str and not node.keywords:
            plain += 1
            names: list[Plain] = [one.id if isinstance(one, ast.Name) else "" for one in node.args[1:5]]
            yield [id.value[:60], *names]
    if mentioned > plain:
        yield [""]


def _referred_to(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Give the names and attributes that are read, and those that are imported under another name."""
    for node in nodes:
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            yield name_of(node)
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names if alias.asname)


def _lacking(nodes: Iterable[ast.AST]) -> Iterator[Plain]:
    """Give the names that are imported from a library that is not here, each with that library."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                if is_lacking(top):
                    yield (alias.asname or top, top)
        elif isinstance(node, ast.ImportFrom) and is_lacking(top := (node.module or "").split(".")[0]):
            yield from ((alias.asname or alias.name, top) for alias in node.names)


def runnable(source: str) -> tuple[str, list[str], ast.Module | None]:
    """A cell's source -> what Python can run of it, lines kept in place, what was left out, and its tree."""
    tree = _parsed(source)
    if tree is not None and not _PROMPT.match(source):
        return source, [], tree
    try:
        code, notes = as_python(source)
    except (SyntaxError, ValueError, RecursionError, TokenError):
        return source, [], None
    tree = _parsed(code)
    return (source, [], None) if tree is None else (code, notes, tree)


def _parsed(source: str) -> ast.Module | None:
    try:
        return cast("ast.Module", compile(source, "cell", "exec", FLAGS | ast.PyCF_ONLY_AST, True))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _compiled(tree: ast.Module, name: str) -> CodeType | None:
    try:
        return cast("CodeType", compile(tree, name, "exec", FLAGS, True))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _names_of(code: CodeType) -> set[str]:
    """Return the names that are not local to a function, and those of attributes, which look the same."""
    found = {*code.co_names}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _names_of(constant)
    return found


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")
_ADD_TO = {"append", "extend", "insert", "update", "setdefault"}


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Give statements, and those in their blocks, but not those within functions and classes."""
    for statement in body:
        yield statement
        if not isinstance(statement, _SCOPES):
            for block in _BLOCKS:
                yield from _statements(getattr(statement, block, []))


def _defined(statements: Iterable[ast.AST]) -> Iterator[str]:
    """Give the names that statements define."""
    for statement in statements:
        targets: list[ast.expr] = []
        if isinstance(statement, _SCOPES):
            yield statement.name
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.split(".")[0] for alias in statement.names)
        elif isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, (ast.AnnAssign, ast.For)):
            targets = [statement.target]
        for target in targets:
            names = (node for node in ast.walk(target) if isinstance(node, ast.Name))
            yield from (name.id for name in names if isinstance(name.ctx, ast.Store))


def _added_to(statements: Iterable[ast.AST]) -> Iterator[str]:
    """Give the names of what statements add to: `x += …`, `x[k] = …`, `x.append(…)`."""
    for statement in statements:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.AugAssign):
            targets = [statement.target]
        elif isinstance(statement, ast.Assign):
            targets = [target for target in statement.targets if isinstance(target, ast.Subscript)]
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = statement.value.func
            targets = [called.value] if isinstance(called, ast.Attribute) and called.attr in _ADD_TO else []
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
