"""What of a cell is run though a statement of it has stopped: all below, if it may lack something only here.

A library, a file, a setting, the network, another program or a person is not there where it is graded. What a
stand-in cannot do, such as being the largest of something, must not cost the answer beneath.

And what of a cell is done though it has ended the process, as a long experiment below an answer does when its
time is over: what defines something.
"""

from __future__ import annotations

import ast
import builtins
import traceback
import types
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError

from lecture_grader.inside import watching
from lecture_grader.inside.reading import FLAGS
from lecture_grader.inside.silent_modules import is_stand_in, something_was_lacking

_DEFINE = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.Assign, ast.AnnAssign),
)
_FUTURE = 0x1FF0000
"""The flags of `from __future__ import` in a code."""
_AROUND = {
    "input", "getpass", "stdin", "environ", "getenv", "argv", "listdir", "scandir", "walk", "glob", "rglob",
    "iglob", "iterdir", "exists", "isfile", "is_file", "isdir", "is_dir", "which", "find_spec", "popen",
    "run", "system", "setlocale", "create_task", "ensure_future", "get_running_loop",
}  # fmt: skip
"""Names by which a cell asks who sits there, or what is around it: where it is graded, that is little."""


def statements_below(error: BaseException, source: str, code: types.CodeType) -> Iterator[types.CodeType]:
    """Give the statements below the one in which a cell stopped, if that may be for lack of something."""
    line = _line(error, code)
    body = ast.parse(source).body if line else []
    place = next((place for place, one in enumerate(body) if line <= (one.end_lineno or line)), None)
    if place is None or not _may_lack(error):
        return
    yield from _each(body[place + 1 :], code)  # of several on one line, it may have been the first


def definitions(source: str, name: str) -> Iterator[types.CodeType]:
    """Give the statements of a cell that define something, and not those that only do something."""
    code = compile(source, name, "exec", FLAGS, dont_inherit=True)
    yield from _each([one for one in ast.parse(source).body if isinstance(one, _DEFINE)], code)


def _each(statements: Iterable[ast.stmt], code: types.CodeType) -> Iterator[types.CodeType]:
    """Compile statements of a cell, each by itself, as the cell itself was."""
    for one in statements:
        module = ast.Module([one], [])
        flags = FLAGS | code.co_flags & _FUTURE
        yield compile(module, code.co_filename, "exec", flags, dont_inherit=True)


def _line(error: BaseException, code: types.CodeType) -> int:
    """Return the line of the cell itself in which an error came up, 0 if there is none."""
    place = error.__traceback__
    while place is not None:
        if place.tb_frame.f_code is code:
            return place.tb_lineno
        place = place.tb_next
    return 0


def _may_lack(error: BaseException) -> bool:
    """Whether a file, the network, a program, a library or a person may be what a cell lacks."""
    if watching.refusing:  # what came of the library before is lacking everywhere
        return True
    if isinstance(error, NotImplementedError):
        return False
    return (
        isinstance(error, (OSError, EOFError, PackageNotFoundError))
        or something_was_lacking()
        or any(map(_may_need_more, traceback.walk_tb(error.__traceback__)))
    )


def _may_need_more(place: tuple[types.FrameType, int]) -> bool:
    """Whether the notebook's code that an error went through has a stand-in, or asks what is around it."""
    code = place[0].f_code
    if not code.co_filename.startswith("<cell "):
        return False
    names = (*code.co_names, *code.co_varnames, *code.co_freevars)
    known = {**vars(builtins), **place[0].f_globals, **place[0].f_locals}
    return not _AROUND.isdisjoint(names) or any(is_stand_in(known.get(name)) for name in names)
