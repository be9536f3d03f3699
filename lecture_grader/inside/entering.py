"""Lets the library's mathematics tell of each call of it: so an answer is watched where it is graded.

A call of `entered` stands at the beginning of every function there, and where a generator goes on: it is put
in when the library's text is compiled. What else an answer calls, which is nearly all, is not looked at and
takes no longer; and none of Python's ways to look at calls, or not to be looked at, changes what is seen.
Code of these files in which that call does not stand is not run.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import CodeType, FrameType
from typing import Any

at_work: list[Callable[[FrameType, str, object], None]] = []
"""What watches the answer that runs now."""
beforehand: list[Callable[[FrameType, str, object], None]] = []
"""What watches while none runs."""

_MARK = "here the library tells of a call"
_RUNS_A_CODE = {"exec", "function.__new__", "object.__setattr__"}
_ONLY_ITS_CLASS = ("__class__",)
"""What is set when a node of a graph is closed, which happens far more often than all else."""
_telling: dict[int, CodeType] = {}


def entered(value: Any = None) -> Any:
    """Tell what is at work of the function that calls this; return the value."""
    if at_work or beforehand:
        for watch in (at_work or beforehand)[-1:]:
            watch(sys._getframe(1), "call", None)  # pyright: ignore[reportPrivateUsage]
    return value


def tells(source: bytes | str, path: str, mode: str = "exec") -> CodeType:
    r"""Compile a text, so that each function in it tells of its calls.

    >>> seen, space = [], {}
    >>> exec(tells("def f(): return [g() for _ in (1, 2)]\ng = lambda: 3", "<a text>"), space)
    >>> at_work.append(lambda frame, *_: seen.append(frame.f_code.co_name))
    >>> space["f"](), at_work.pop() and seen
    ([3, 3], ['f', '<lambda>', '<lambda>'])
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        _put_calls(node)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a text cannot be called
        return _with_calls(compile(tree, path, mode, dont_inherit=True))


def _put_calls(node: ast.AST) -> None:
    """Put a call of a text where `entered` is to be called."""
    if isinstance(node, ast.FunctionDef):
        node.body.insert(
            ast.get_docstring(node, clean=False) is not None, ast.copy_location(ast.Expr(_call(node)), node)
        )
    elif isinstance(node, ast.Lambda):
        node.body = _call(node, node.body)
    elif isinstance(node, ast.GeneratorExp):
        node.elt = _call(node, node.elt)
    elif isinstance(node, (ast.Expr, ast.Assign)) and isinstance(node.value, ast.Yield):
        node.value = _call(node, node.value)


def _call(place: ast.AST, *value: ast.expr) -> ast.Call:
    return ast.copy_location(ast.Call(ast.copy_location(ast.Constant(_MARK), place), [*value], []), place)


def _with_calls(code: CodeType) -> CodeType:
    constants = (_with_calls(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    made = code.replace(co_consts=tuple(entered if one == _MARK else one for one in constants))
    _telling[id(made)] = made
    return made


def install(files: tuple[str, ...]) -> None:
    """Load what of the library lies there so that it tells of calls; and run no code of it that does not."""
    plain: Any = SourceFileLoader.source_to_code

    def source_to_code(self: SourceFileLoader, data: bytes, path: str, **named: Any) -> CodeType:
        return tells(data, path) if path.startswith(files) else plain(self, data, path, **named)

    def is_still(code: object) -> bool:
        return type(code) is CodeType and id(code) not in _telling and code.co_filename.startswith(files)

    def on_event(event: str, given: tuple[object, ...]) -> None:
        if event not in _RUNS_A_CODE or given[1:2] == _ONLY_ITS_CLASS:
            return
        if any(one is entered or is_still(one) for one in given):
            raise PermissionError("where it is graded, the library is run as it was loaded")

    setattr(SourceFileLoader, "source_to_code", source_to_code)  # noqa: B010 - it is a method there
    sys.addaudithook(on_event)
