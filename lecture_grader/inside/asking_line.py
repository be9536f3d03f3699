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
    """Return the truth with which a cell goes on: where nothing is raised, and no loop is without end."""
    frame = asking and asking.f_back
    if frame is None:
        return None
    file, line = frame.f_code.co_filename, frame.f_lineno
    if not file.startswith("<cell "):
        return True if linecache.getline(file, line).lstrip().startswith("assert") else None
    before = frame.f_lasti // 2 - 1  # what made the value; of what asks, Python says where the test is
    positions = next(itertools.islice(frame.f_code.co_positions(), before, None))
    asked = [one for one in _tests("".join(linecache.getlines(file))) if _covers(one.test, line)]
    for one in asked[-1:]:  # the innermost
        truth = not isinstance(one, ast.While)
        if isinstance(one, ast.If):
            truth = _raises(one.orelse)
            if truth == _raises(one.body):
                return None
        return _wanted_of_part(one.test, truth, line, positions[2] or 0)
    return None


def _wanted_of_part(test: ast.expr, wanted: bool, line: int, column: int) -> bool:
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
