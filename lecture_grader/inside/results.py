"""What cells have shown, by the names that IPython gives it: `_` and those before it, `Out[3]`, `_3`."""

from __future__ import annotations

import ast
import re
from typing import Any

from lecture_grader.inside import RESULT
from lecture_grader.inside.silent import SILENT
from lecture_grader.inside.silent_modules import is_stand_in

_LAST = ("_", "__", "___")
USES_RESULTS = re.compile(r"_{1,3}|_\d+|_oh|Out").fullmatch


class _Out(dict[int, Any]):
    def __missing__(self, number: int) -> Any:
        """Give a stand-in: in the session in which this was written, cells may have had other numbers."""
        return SILENT


class Results:
    """What the cells of one notebook have shown."""

    def __init__(self) -> None:
        self._out = _Out()
        self._last: dict[str, Any] = dict.fromkeys(_LAST, SILENT)

    def keep(self, main: dict[str, Any], number: int) -> None:
        """Keep what a cell has shown under its number, beside the notebook's own names.

        A stand-in is no result: most of what stands for a picture shows it, and gives nothing.
        """
        shown = main.pop(RESULT, None)
        if shown is None or shown is self._out or is_stand_in(shown):
            return
        theirs = any(main.get(name, was) is not was for name, was in self._last.items())
        self._last = dict(zip(_LAST, (shown, *self._last.values()), strict=False))
        if not theirs:
            main |= self._last
        self._out[number] = main[f"_{number}"] = shown
        main.setdefault("Out", self._out)
        main.setdefault("_oh", self._out)


def that_shows(source: str, flags: int) -> ast.Module:
    """Return a cell that gives a name to what its last line shows, for `Results.keep`."""
    tree: Any = compile(source, "cell", "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    if shows(tree, source):
        last = tree.body[-1]
        named = ast.Assign([ast.Name(RESULT, ast.Store())], last.value)
        tree.body[-1] = ast.fix_missing_locations(ast.copy_location(named, last))
    return tree


def shows(tree: ast.Module, source: str) -> bool:
    """Whether a cell ends with an expression, and not with a semicolon."""
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return False
    line = re.split("\r\n|\r|\n", source)[(last.end_lineno or 1) - 1].encode()
    return not line[last.end_col_offset :].lstrip().startswith(b";")
