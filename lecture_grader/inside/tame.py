"""Whether a cell could reach beyond its own notebook: into a module, a setting, or what has a hidden name."""

from __future__ import annotations

import ast
import cmath
import functools
import itertools
import math
import pkgutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from lecture_grader.inside.library_names import name_of
from lecture_grader.inside.silent_modules import DISPLAYS

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
    "typecodes", "info", "PRIMITIVES", "EXERCISES", "domain", "savez_compressed",
    # what enters a function where all find it, what holds something while a `with` lasts, and what puts
    # others in the place of NumPy's own random numbers
    "primitive",
    "printoptions", "get_printoptions", "geterrcall", "set_bit_generator", "bit_generator",
}  # fmt: skip
WILD_NODES = (
    ast.ClassDef, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await, ast.Global, ast.MatchClass,
)  # fmt: skip


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
    if isinstance(node, WILD_NODES):
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


def all_tame(nodes: Sequence[ast.AST]) -> bool:
    """Whether nodes of a cell could not change, by any usual way, what another notebook finds."""
    within = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == _REQUIRE}
    return all(_is_tame(node) or (id(node) in within and name_of(node) == "exercises") for node in nodes)
