"""Reads a cell without running it: what it defines, who signs in, and what it could reach."""

from __future__ import annotations

import ast
import cmath
import functools
import itertools
import math
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from tokenize import TokenError
from types import CodeType, ModuleType
from typing import Any, cast

import numpy as np

from lecture_grader.frames import text_array
from lecture_grader.inside import watching
from lecture_grader.inside.magics import as_python
from lecture_grader.inside.silent import DISPLAYS, is_lacking
from lecture_lib.exercises.plain import Plain

FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_PROMPT = re.compile(r"\s*In \[\d+\]: ")
"""Python could read it, as a name and its type."""
_BEHIND = {
    "getprofile", "setprofile", "settrace", "_getframe", "_current_frames", "currentframe", "walk_stack",
    "__closure__", "cell_contents", "co_consts", "__globals__", "tb_frame", "gi_frame", "cr_frame",
    "ag_frame", "f_back", "f_locals", "get_objects", "get_referrers", "get_referents",
}  # fmt: skip
_BY_ANY_NAME = {
    "getattr", "vars", "dir", "eval", "exec", "compile", "globals", "locals", "attrgetter", "methodcaller",
    "getmembers", "getattr_static", "get_type_hints", "ForwardRef", "modules", "import_module",
    "resolve_name", "load", "loads", "run", "runctx", "timeit", "import *", "ctypes", "meta_path",
    "path_hooks", "reload", "load_module", "exec_module", "get_code", "source_to_code", "compile_command",
    "CommandCompiler", "Compile", "Bytecode", "zipimporter", "runstring", "rundocs", "measure", "getmodule",
    "autodiff", "learning",
}  # fmt: skip
"""By these, things can be had whose own names stand nowhere, or a text be run that says them."""
_MINE = "mine"
_RULES, _BY_RULES = {"vjp", "back", "vjp_rule"}, "node.vjp"
"""By these, nodes and operations give the library's derivatives one by one; and how that is called."""
_OF_MODULES = {"__name__", "__main__", "__file__", "__doc__", "__version__", "__init__", "__future__"}
_AS_ALWAYS = {("numpy", "np"), ("numpy", None), ("lecture_lib", "ll"), ("lecture_lib", None)}
"""Imports by which a name stands for what it stands for in every cell."""
MOST_NAMES = 2_000
MOST_CHECKS = 200


def read(source: str, name: str = "cell") -> tuple[Plain, CodeType | None]:
    """A cell's source -> what can be run of it, the names it defines, the id it signs in with, notes.

    "source" is None where all of it can be run. "signs_in" says whether it has to do with `ll.student`, and
    "student" is the id in a plain call of it. "checks" are the calls of `ll.check`, see `_checks`. "names"
    are the notebook's names that it has to do with, of which it sets those in "sets". "tame" says that it
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
    binds, adds = dict.fromkeys(_defined(tree.body)), dict.fromkeys(_added_to(tree.body))
    defines: list[Plain] = [*(binds | adds)]
    found["defines"] = defines[:500]
    found["adds"] = [name for name in defines if name not in binds][:500]
    nodes = [node for node in ast.walk(tree) if isinstance(node, _ASKED_FOR)]
    names, sets, tame = _looked_through(nodes)
    found["student"] = _signed_in(tree)
    referred_to = [*_referred_to(nodes)]
    found["signs_in"] = "student" in referred_to
    found["checks"] = [*_checks(nodes, referred_to.count("check"))][:MOST_CHECKS]
    found["names"] = [*sorted((names | sets) & not_local)]
    found["sets"] = [*sorted(sets & not_local)]
    found["lacks"] = [*_lacking(nodes)][:MOST_NAMES]
    said = _said(nodes, sets)
    found["looks_behind"] = not said.isdisjoint(_BEHIND)
    asks = _asks(said, loads=any(map(_loads, nodes))) | _asks_for_earlier_ones(nodes)
    found["asks"] = [*sorted(asks)]
    found["tame"] = tame and len(names) + len(sets) < MOST_NAMES
    return found, compiled


def _looked_through(nodes: Sequence[ast.AST]) -> tuple[set[str], set[str], bool]:
    """Return the names that are read, those that are set, and whether all is tame."""
    names, sets, tame = set[str](), set[str](), True
    within = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == _REQUIRE}
    for node in nodes:
        tame = tame and (_is_tame(node) or (id(node) in within and _name_of(node) == "exercises"))
        if isinstance(node, ast.Name):
            (names if isinstance(node.ctx, ast.Load) else sets).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            sets.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imported = {(alias.name, alias.asname) for alias in node.names}
            if isinstance(node, ast.Import):
                imported -= _AS_ALWAYS
            sets |= {asname or name.split(".")[0] for name, asname in imported}
    return names, sets, tame


def _signed_in(tree: ast.Module) -> str | None:
    """Return the id that a call signs in with, where that stands alone on its line."""
    signed_in = None
    for statement in tree.body:
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            continue
        call = statement.value
        given = call.args[0] if len(call.args) == 1 else None
        if _name_of(call.func) == "student" and isinstance(given, ast.Constant) and type(given.value) is str:
            signed_in = given.value
    return signed_in


def _checks(nodes: Iterable[ast.AST], mentioned: int) -> Iterator[Plain]:
    """Give each call of `ll.check` as the exercise's id and the names it is handed, "" for what is none.

    Where it cannot be said which exercises are checked, as `check` is mentioned more often, the id is "".
    """
    plain = 0
    for node in nodes:
        if not isinstance(node, ast.Call) or _name_of(node.func) != "check" or not node.args:
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
            yield _name_of(node)
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names if alias.asname)


@functools.cache
def _asked_of_the_library() -> frozenset[str]:
    return frozenset(name for _, name in watching.asked_of_the_library())


def _said(nodes: Iterable[ast.AST], own: set[str]) -> set[str]:
    """Return the names that are written there, be it as a text, in an import or in a pattern.

    A name of the cell's own stands for what the cell has set, but for `getattr = getattr`.
    """
    said = set[str]()
    for node in nodes:
        if isinstance(node, ast.Name):
            if node.id not in own or node.id in _BY_ANY_NAME:
                said.add(node.id)
        elif isinstance(node, ast.Attribute):
            said.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            said.add(node.value)
        elif isinstance(node, ast.alias):
            said.add("import *" if node.name == "*" else node.name)
        elif isinstance(node, ast.ImportFrom):
            said.add(node.module or "")
        elif isinstance(node, ast.MatchClass):
            said.update(node.kwd_attrs)
    return said


def _loads(node: ast.AST) -> bool:
    """Whether a part of Python is imported that is not loaded yet: some run a text, or find by a text."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        loaded = sys.modules.get(node.module)
        inner = [alias.name for alias in node.names if loaded and not hasattr(loaded, alias.name)]
        names = [node.module, *(f"{node.module}.{name}" for name in inner if name != "*")]
    return any(name.split(".")[0] in sys.stdlib_module_names and name not in sys.modules for name in names)


def _asks(said: set[str], loads: bool) -> set[str]:
    """Return the library's functions that are named; "*" where it may be any of them.

    A file of one's own is imported from where `sys.path` says: where that is not named, none is.
    """
    hidden = {name for name in said if name.startswith("__")} - _OF_MODULES
    inner = {name for name in said if name.startswith("lecture_lib.")}
    by_any_name = not said.isdisjoint(_BEHIND | _BY_ANY_NAME | hidden | inner)
    by_any_name = by_any_name or loads or {"sys", "path"} <= said
    rules = set[str]() if said.isdisjoint(_RULES) else {_BY_RULES}
    return said & _asked_of_the_library() | rules | ({"*"} if by_any_name else set())


def _asks_for_earlier_ones(nodes: Iterable[ast.AST]) -> set[str]:
    """Return what `ll.mine` is asked for, which is the library's here; "*" where that cannot be said.

    The bare name is what many call their own example.
    """
    asked, mentioned = list[str](), 0
    for node in nodes:
        said = node.attr if isinstance(node, ast.Attribute) else getattr(node, "name", None)
        mentioned += _MINE in (said, node.value if isinstance(node, ast.Constant) else None)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == _MINE:
            given = node.args[0] if len(node.args) == 1 else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                asked.append(given.value)
    return {*asked} if len(asked) == mentioned else {*asked, "*"}


def _name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


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


_ADD_TO = {"append", "extend", "insert", "update", "setdefault"}
_BLOCKS = ("body", "orelse", "finalbody")


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
            names = (node for node in ast.walk(target) if isinstance(node, ast.Name))
            yield from (name.id for name in names if isinstance(name.ctx, ast.Store))
        for block in _BLOCKS:
            yield from _defined(getattr(statement, block, []))


def _added_to(body: list[ast.stmt]) -> Iterator[str]:
    """Give the names of what statements add to: `x += …`, `x[k] = …`, `x.append(…)`; in blocks too."""
    for statement in body:
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
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for block in _BLOCKS:
                yield from _added_to(getattr(statement, block, []))


# ------------------------------------------------------------------ what it could reach

_REQUIRE = "require"
"""In `ll.exercises.require`, with which the cells begin that nbgrader tests an exercise by."""
_TAME_MODULES = {
    "numpy", "lecture_lib", "math", "cmath", "itertools", "functools", "collections", "typing", "string",
    "re", "copy", "pprint", "textwrap", "__future__", *DISPLAYS,
}  # fmt: skip
_WILD_NAMES = {
    "breakpoint", "compile", "delattr", "eval", "exec", "exit", "getattr", "globals", "help", "input",
    "locals", "memoryview", "object", "open", "quit", "setattr", "super", "type", "vars",
}  # fmt: skip
_WILD_ATTRIBUTES = {
    # modules that others have imported, and what NumPy has of memory, files and settings
    "os", "sys", "io", "gc", "builtins", "importlib", "ctypes", "ctypeslib", "signal", "socket", "threading",
    "subprocess", "warnings", "linecache", "common", "autodiff", "learning", "exercises", "lessons",
    "testing", "f2py", "lib", "core", "memmap", "fromfile", "tofile", "load", "save", "savez", "savetxt",
    "loadtxt", "genfromtxt", "stride_tricks", "as_strided", "setflags", "frombuffer", "seterr", "seterrcall",
    "setbufsize", "seed", "set_state", "set_printoptions", "set_string_function", "cache_clear", "*",
}  # fmt: skip
_TAME_OF_MODULES = {
    "linalg", "random", "copy", "deepcopy", "partial", "reduce", "cache", "lru_cache", "Counter", "deque",
    "defaultdict", "OrderedDict", "Any", "Callable", "Iterable", "Iterator", "Mapping", "Sequence", "Dict",
    "List", "Optional", "Tuple", "Union", "annotations", "pprint", "pp", "ascii_letters", "ascii_lowercase",
    "digits", "punctuation", "sub", "findall", "match", "search", "fullmatch",
    _REQUIRE,
    "sizes", "spreads",  # in a cell of lesson 08's own: fields of a class that stands in that lesson's folder
}  # fmt: skip
_FURTHER_THAN_THEY_LOOK = {
    # texts by which attributes are read, what reads a text or a file, what many share and can be written into
    "format", "format_map", "bmat", "DataSource", "fromregex", "dump", "dumps", "base", "flags", "sctypeDict",
    "typecodes", "info",
}  # fmt: skip
_WILD_NODES = (
    ast.ClassDef, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await, ast.Global, ast.MatchClass,
)  # fmt: skip
_ASKED_FOR = (
    *(ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.FunctionDef),
    *(ast.Import, ast.ImportFrom, ast.alias),
    *_WILD_NODES,
)
"""The nodes that say anything of what is asked here; the others are half of all."""


@functools.cache
def _tame_attributes() -> frozenset[str]:
    """Return the attributes that lead to numbers, containers and the lessons' own things, and no further.

    They are named one by one: from a module, or a running generator, there is a way to everything.
    """
    names = {*dir(import_module("lecture_lib"))}
    for module in _modules_of(
        "common", "autodiff", "learning", "exercises.signing_in", "lessons.duck_goose.example"
    ):
        for kind in vars(module).values():
            if isinstance(kind, type):
                names |= {*dir(kind), *getattr(kind, "__dataclass_fields__", ())}
    things: list[Any] = [np, np.ndarray, np.linalg, np.random, np.random.Generator, np.float64, math, cmath]
    things += [itertools, list, dict, set, tuple, str, int, float, range]
    for thing in things:
        names |= {name for name in dir(thing) if not isinstance(getattr(thing, name, None), ModuleType)}
    return frozenset(names | _TAME_OF_MODULES) - _WILD_ATTRIBUTES - _FURTHER_THAN_THEY_LOOK


def _modules_of(*names: str) -> Iterator[ModuleType]:
    """Give parts of the library, and the modules in them."""
    for name in names:
        part = import_module(f"lecture_lib.{name}")
        yield part
        for found in pkgutil.walk_packages(getattr(part, "__path__", ()), f"{part.__name__}."):
            yield import_module(found.name)


def _is_tame_attribute(name: str) -> bool:
    return not name.startswith("_") and name in _tame_attributes()


def _is_tame(node: ast.AST) -> bool:
    """Whether this is nothing that reaches beyond its own notebook: no module, no setting, no hidden name."""
    if isinstance(node, _WILD_NODES):
        return False
    if isinstance(node, ast.Name):
        return node.id not in _WILD_NAMES and not node.id.startswith("__")
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Load) and _is_tame_attribute(node.attr)
    if isinstance(node, ast.Import):
        return all(
            alias.name in _TAME_MODULES or alias.name.split(".")[0] in DISPLAYS for alias in node.names
        )
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if node.level == 0 and module.split(".")[0] in DISPLAYS:
            return True
        tame = module in _TAME_MODULES and node.level == 0
        return tame and all(_is_tame_attribute(alias.name) for alias in node.names)
    return True
