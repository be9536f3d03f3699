"""What of a cell is run though a statement of it has stopped: all below, if it may lack something only here.

A library, a file, the network or another program that a notebook has is not there where it is graded. What a
stand-in cannot do, such as being the largest of something, must not cost the answer beneath.

And what of a cell is done though it has ended the process, as a long experiment below an answer does when its
time is over: what defines something.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError
from typing import Any

from lecture_grader.inside import watching
from lecture_grader.inside.reading import FLAGS
from lecture_grader.inside.silent_modules import is_stand_in, something_was_lacking

_DEFINE = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.Assign, ast.AnnAssign),
)
_FUTURE = 0x1FF0000
"""The flags of `from __future__ import` in a code."""


def statements_below(
    error: BaseException, source: str, code: types.CodeType, main: dict[str, Any]
) -> Iterator[types.CodeType]:
    """Give the statements below the one in which a cell stopped, if that may be for lack of something."""
    line = _line(error, code)
    body = ast.parse(source).body if line else []
    places = [place for place, one in enumerate(body) if one.lineno <= line <= (one.end_lineno or line)]
    if not places or not any(_may_lack(error, body[place], main) for place in places):
        return
    yield from _each(body[places[0] + 1 :], code)  # of several on one line, it may have been the first


def definitions(source: str, name: str) -> Iterator[types.CodeType]:
    """Give the statements of a cell that define something, and not those that only do something."""
    code = compile(source, name, "exec", FLAGS, dont_inherit=True)
    yield from _each([one for one in ast.parse(source).body if isinstance(one, _DEFINE)], code)


def _each(statements: Iterable[ast.stmt], code: types.CodeType) -> Iterator[types.CodeType]:
    """Compile statements of a cell, each by itself, as the cell itself was."""
    for one in statements:
        module = ast.Module([one], [])
        yield compile(module, code.co_filename, "exec", code.co_flags & _FUTURE, dont_inherit=True)


def _line(error: BaseException, code: types.CodeType) -> int:
    """Return the line of the cell itself in which an error came up, 0 if there is none."""
    place = error.__traceback__
    while place is not None:
        if place.tb_frame.f_code is code:
            return place.tb_lineno
        place = place.tb_next
    return 0


def _may_lack(error: BaseException, stopped: ast.stmt, main: dict[str, Any]) -> bool:
    """Whether a file, the network, a program, a library or a person may be what a statement lacks."""
    if watching.refusing:  # what came of the library before is lacking everywhere
        return True
    if isinstance(error, NotImplementedError):
        return False
    names = (node.id for node in ast.walk(stopped) if isinstance(node, ast.Name))
    return (
        isinstance(error, (OSError, EOFError, PackageNotFoundError))
        or something_was_lacking()
        or any(is_stand_in(main.get(name)) for name in names)
    )
