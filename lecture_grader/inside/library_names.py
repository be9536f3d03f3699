"""Which of the library's functions a cell may ask, by their names or by ways to any name."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterable, Sequence

from lecture_grader.inside import watching

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
_RULES = {"vjp", "back", "vjp_rule"}
"""By these, nodes and operations give the library's derivatives one by one."""
_KEEPS_NOTHING = {
    "parents", "value", "vjp", "shape", "ndim", "size", "dtype", "T", "append", "extend", "insert", "pop",
    "add", "update", "get", "setdefault", "items", "keys", "values", "reverse", "copy", "array", "asarray",
    "zeros", "zeros_like", "ones", "ones_like", "full", "full_like", "float64", "sum", "dot", "outer",
    "maximum", "exp", "log", "max", "mean",
}  # fmt: skip
"""Attributes that a walk over a graph, or a few lines of NumPy, need: by these none comes at what lasts."""
_CHECKS = {"ll.check": 1, "ll.exercises.require": 2}
"""How checks are called, and how many texts they are told before the answers: an id, and a part's name."""
_OF_MODULES = {"__name__", "__main__", "__file__", "__doc__", "__version__", "__init__", "__future__"}


def asked_of_the_library(nodes: Sequence[ast.AST], sets: set[str]) -> tuple[set[str], bool]:
    """Return the library's functions that nodes of a cell may ask, "*" where it may be any of them.

    `sets` are the names that the cell sets. Beside that, whether it looks at what runs around it.
    """
    said = _said(nodes, sets)
    asked = _asks(said, loads=any(map(_loads, nodes))) | _asks_for_earlier_ones(nodes)
    return asked, not said.isdisjoint(_BEHIND)


def only_defines(tree: ast.Module, nodes: Iterable[ast.AST]) -> bool:
    """Whether a cell does nothing but define functions, which can keep nothing where no name leads."""
    asked = _asked_of_the_library()
    return all(
        isinstance(one, (ast.Import, ast.ImportFrom))
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        or (isinstance(one, ast.FunctionDef) and not one.decorator_list and _has_no_defaults(one.args))
        for one in tree.body
    ) and all(
        node.attr in _KEEPS_NOTHING or (node.attr in asked and name_of(node.value) in ("ll", "lecture_lib"))
        for node in nodes
        if isinstance(node, ast.Attribute)
    )


def only_hands(tree: ast.Module) -> list[list[str]]:
    """Return what a cell hands to checks, which do no work here, if it does nothing else: ids, with names."""
    handed = [_handed(one.value) if isinstance(one, ast.Expr) else [] for one in tree.body]
    return handed if all(handed) else []


def _handed(node: ast.expr) -> list[str]:
    """Return the id and the names in a call of `ll.check` or `ll.exercises.require`; [] for all else."""
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    if not isinstance(node, ast.Call) or called not in _CHECKS:
        return []
    said, names = node.args[: _CHECKS[called]], node.args[_CHECKS[called] :]
    texts = [one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    others = [option.value for option in node.keywords if option.arg == "seed"]
    plain = [one.id for one in names if isinstance(one, ast.Name)]
    whole = len(texts) == len(said) > 0 and len(plain) == len(names) and len(others) == len(node.keywords)
    return [texts[0], *plain] if whole and all(isinstance(one, ast.Constant) for one in others) else []


def _has_no_defaults(given: ast.arguments) -> bool:
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    annotated = any(one is not None and one.annotation is not None for one in every)
    return not (given.defaults or given.kw_defaults or annotated)


def name_of(node: ast.AST) -> str:
    """Return the last part of a name, "" for what is none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


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
    rules = set[str]() if said.isdisjoint(_RULES) else {watching.RULES}
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
