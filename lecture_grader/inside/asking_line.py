"""What the line of a cell that asks a stand-in for something is about to do with the answer."""

from __future__ import annotations

import ast
import dis
import functools
import itertools
import linecache
from types import FrameType

_UNPACK = dis.opmap["UNPACK_SEQUENCE"]
_UNPACK_WITH_STAR = dis.opmap["UNPACK_EX"]


def wanted(asking: FrameType | None) -> bool | None:
    """Return the truth with which a cell goes on: where nothing is raised, and no loop is without end.

    Of a stand-in s, in a cell:

    - ``assert s`` wants it to be true, ``assert not s`` false;
    - ``while s: …`` wants it to be false;
    - ``if s: raise …`` wants it to be false, ``if s: … else: raise …`` true; ``if s: print(s)`` neither;
    - ``if s.loss and not s.accuracy: raise …`` wants the loss to be false, and the accuracy true;
    - of several such statements in one line, the innermost counts.

    In a file, it wants the truth where the line begins with assert, and neither elsewhere.
    """
    frame = asking and asking.f_back
    if frame is None:
        return None
    file, line = frame.f_code.co_filename, frame.f_lineno
    if not file.startswith("<cell "):
        return True if linecache.getline(file, line).lstrip().startswith("assert") else None
    around = [one for one in _tests("".join(linecache.getlines(file))) if _covers(one.test, line)]
    truth = _goes_on(around[-1]) if around else None  # the innermost
    return None if truth is None else _wanted_of_part(around[-1].test, truth, line, _column(frame))


def _goes_on(asked: ast.If | ast.While | ast.Assert) -> bool | None:
    """Return with which truth of its test a statement goes on; None if with both or neither."""
    if isinstance(asked, ast.If):
        raises, otherwise = _raises(asked.body), _raises(asked.orelse)
        return otherwise if raises != otherwise else None
    return isinstance(asked, ast.Assert)


def _column(frame: FrameType) -> int:
    """Return where in its line a value stands that a frame asks.

    In ``if s.loss and s.accuracy`` the instruction before the one that asks made the value, and says where;
    the one that asks says where all of the test is.
    """
    before = frame.f_lasti // 2 - 1
    _, _, column, _ = next(itertools.islice(frame.f_code.co_positions(), before, None))
    return column or 0


def _wanted_of_part(test: ast.expr, wanted: bool, line: int, column: int) -> bool:
    """Return what a part of a test is wanted to be, so that the test is: the contrary, after each not."""
    while True:
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, wanted = test.operand, not wanted
        elif isinstance(test, ast.BoolOp):
            test = next((one for one in test.values if _covers(one, line, column)), test.values[-1])
        else:
            return wanted


@functools.lru_cache(maxsize=32)
def _tests(source: str) -> list[ast.If | ast.While | ast.Assert]:
    """Return where a cell asks whether something is true, what stands within after what is around it."""
    try:
        tree = compile(
            source, "", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
        )
    except SyntaxError:
        return []
    found = (one for one in ast.walk(tree) if isinstance(one, (ast.If, ast.While, ast.Assert)))
    return sorted(found, key=lambda one: one.lineno)


def _covers(node: ast.expr, line: int, column: int | None = None) -> bool:
    end = node.end_lineno or node.lineno, node.end_col_offset or 0
    if column is None:
        return node.lineno <= line <= end[0]
    return (node.lineno, node.col_offset) <= (line, column) < end


def _raises(body: list[ast.stmt]) -> bool:
    return any(isinstance(one, ast.Raise) for statement in body for one in ast.walk(statement))


def unpacked_into(iterating: FrameType | None) -> int:
    """Return into how many names the caller is about to unpack something; 0 where it does not."""
    frame = iterating and iterating.f_back
    if frame is None:
        return 0
    code, place = frame.f_code.co_code, frame.f_lasti
    if code[place] == _UNPACK:
        return code[place + 1]
    return code[place + 1] if code[place] == _UNPACK_WITH_STAR else 0
