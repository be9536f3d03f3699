"""Lets the library's mathematics tell of each call of it: so an answer is watched where it is graded.

A call of `entered` stands at the beginning of every function there, and where a generator goes on: it is put
in when the library's text is compiled. What else an answer calls, which is nearly all, is not looked at and
takes no longer; and none of Python's ways to look at calls, or not to be looked at, changes what is seen.
Code of these files in which that call does not stand is not run.

The server runs this file's text under no name, with Python's own names to itself, and speaks to it by audit
events. Once the library refuses, these are answered in C: no module, function, frame or error leads a cell to
what is kept here. Before that, an answer may tamper with what watches it, and gains nothing: what is not tame
is believed only where the library refuses.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import sys
import warnings
import weakref
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from importlib.machinery import SourceFileLoader
from types import CodeType, FrameType, FunctionType, SimpleNamespace
from typing import Any, cast

WATCHED = "lecture_lib: what is at work is told of it"
"""With the list of what is at work."""
WRITTEN = "lecture_lib: a program is made a function"
"""With its text, and a list for the code."""
REFUSED = "lecture_lib: what exercises ask for is refused"
"""With what may be used all the same."""
_ENTERED = "lecture_lib: a function is entered"
"""With a list, which is filled if that is refused."""

_MARK = "here the library tells of a call"
_RUNS_A_CODE = {"exec", "function.__new__", "object.__setattr__"}
_ONLY_ITS_CLASS = "__class__"
"""What is set when a node of a graph is closed, which happens far more often than all else."""
_LOOKS_BEHIND = (
    *("gc.get_", "sys._current_", "ctypes."),
    *("sys.addaudithook", "sys.settrace", "sys.setprofile", "sys.monitoring.", "code.__new__"),
)
"""Events of what could find this where no name leads to it, or meet it at work; or copy a code without it."""
_PROGRAM = "<program>"

_Watches = Sequence[Callable[[FrameType, str, object], None]]
_getframe = sys._getframe  # pyright: ignore[reportPrivateUsage]
_files: list[tuple[str, ...]] = []
_telling: dict[int, weakref.ref[CodeType]] = {}
"""What tells of its calls, as long as a function has it: what the library refuses is then kept nowhere."""
_trusted: dict[int, CodeType] = {}
"""What the library runs besides that, as it was loaded: what makes the arguments of answers."""
_apart: list[SimpleNamespace] = []
_refuses: list[Callable[[FrameType], bool]] = []
_open: list[bool] = []
"""Whether what `entered` tells is changed from here."""


def _entered(
    value: Any = None,
    at_work: _Watches = (),
    refusing: bool = False,
    tell: Callable[..., None] = sys.audit,
    event: str = _ENTERED,
    getframe: Callable[[int], FrameType] = _getframe,
    error: type[OSError] = OSError,
) -> Any:
    """Tell of the function that calls this; return the value."""
    if refusing:
        refused: list[bool] = []
        tell(event, refused)
        if refused:
            raise error("the library's own work is left out")  # as what is lacking: what stands below is run
    elif at_work:
        for watch in at_work[-1:]:
            watch(getframe(1), "call", None)
    return value


entered = FunctionType(_entered.__code__, {"__builtins__": {}}, "entered", _entered.__defaults__)
"""It stands in the library's code, where a cell may find it: it leads to nothing that can be changed."""


def _tell_from_now_on(at_work: _Watches, refusing: bool) -> None:
    _open.append(True)
    entered.__defaults__ = (None, at_work, refusing, *(_entered.__defaults__ or ())[3:])
    _open.clear()


def tells(source: bytes | str, path: str, mode: str = "exec") -> CodeType:
    """Compile a text, so that each function in it tells of its calls."""
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
    _telling[id(made)] = weakref.ref(made)
    return made


def _tells(code: CodeType) -> bool:
    known = _telling.get(id(code))
    return known is not None and known() is code


# ------------------------------------------------------------------ what it is told


def _on_event(event: str, given: tuple[Any, ...]) -> None:
    """Answer an event, until anything is refused: an error, or a function of Python's, could lead to here."""
    if _refuses:
        return
    if event in _RUNS_A_CODE:
        if _is_refused(event, given):
            raise PermissionError("where it is graded, the library is run as it was loaded")
    elif event == WRITTEN:
        given[1].append(tells(given[0], _PROGRAM))
    elif event == WATCHED:
        _tell_from_now_on(given[0], False)
    elif event == REFUSED:
        _refuses.append(_refusing_all_but(frozenset(given[0])))
        _tell_from_now_on((), True)
        hook: Any = functools.partial(max, key=functools.cmp_to_key(_answer))
        sys.addaudithook(hook)


_REFUSAL = type("what is refused where it is graded", (), {})()
"""It can be compared with nothing, and an error says so."""


def _answer(given: Any, event: Any) -> Any:
    """Return a number, or what makes `max` stop: an error that was raised here would lead to here."""
    try:
        return _REFUSAL if _is_refused(event, given) else 0
    except BaseException:
        return _REFUSAL


def _is_refused(event: str, given: tuple[Any, ...]) -> bool:
    """Whether what happens must not. Whatever is given may be a cell's, and so it is asked for nothing."""
    if event in _RUNS_A_CODE:
        if len(given) == 3 and type(given[1]) is str and given[1] == _ONLY_ITS_CLASS:
            return False
        return any((one is entered and not _open) or _is_foreign(one) for one in given)
    if event == _ENTERED and type(given[0]) is list:
        if _refuses[0](_getframe(3)):
            cast("list[bool]", given[0]).append(True)
        return False
    return event.startswith(_LOOKS_BEHIND)


def _is_foreign(code: object) -> bool:
    """Whether this is code of the library's files, but not as it was loaded; or any, where it refuses."""
    if type(code) is not CodeType or _tells(code):
        return False
    if type(code.co_filename) is not str:  # it could run something here when it is asked how it begins
        return True
    loaded = _apart[0].loaded if _refuses else ()
    return code.co_filename.startswith(_files[0]) or code.co_filename in loaded


def _refusing_all_but(may_use: Collection[str]) -> Callable[[FrameType], bool]:
    apart = _apart[0]

    def refuses(frame: FrameType) -> bool:
        if not _tells(frame.f_code) or apart.forbidden(frame, may_use) is None:
            return False
        return apart.is_called_from_outside(frame, apart.entry, may_use)

    return refuses


def _is_as_loaded(code: CodeType) -> bool:
    """Whether this is the library's own code: a cell's may say that it lies in any file."""
    return _tells(code) or id(code) in _trusted


# ------------------------------------------------------------------ by the server


@contextlib.contextmanager
def installed(files: tuple[str, ...]) -> Generator[None]:
    """Load what of the library lies there so that it tells of calls; and run no code of it that does not."""
    plain: Any = SourceFileLoader.source_to_code

    def source_to_code(self: SourceFileLoader, data: bytes, path: str, **named: Any) -> CodeType:
        return tells(data, path) if path.startswith(files) else plain(self, data, path, **named)

    _files.append((*files, _PROGRAM))
    sys.addaudithook(_on_event)
    setattr(SourceFileLoader, "source_to_code", source_to_code)  # noqa: B010 - it is a method there
    try:
        yield
    finally:
        setattr(SourceFileLoader, "source_to_code", plain)  # noqa: B010 - it is a method there


def keep_apart(steps: dict[str, Any], library: Any, entry: CodeType) -> None:
    """Keep what says which calls are refused, as it is before a cell runs.

    Parameters
    ----------
    steps
        The names of `own_steps`, run under no name.
    library
        `lecture_lib`.
    entry
        The code of the function that calls an answer.
    """
    offered = {name: getattr(library, name) for name in dir(library)}
    names = SimpleNamespace(**dict.fromkeys(offered))
    steps["sys"] = SimpleNamespace(modules={"lecture_lib": names})
    steps["PRIMITIVES"] = dict(steps["PRIMITIVES"])
    steps["_is_the_librarys"] = _is_as_loaded
    kinds = frozenset(name for name, found in offered.items() if isinstance(found, type))
    of_helpers = steps["HELPERS"] | {"Definitions", "Definition"}
    forbidden = steps["forbidden"]

    def refused(frame: FrameType, may_use: Collection[str]) -> str | None:
        """Return what `forbidden` does, but for what an object holds: it may be asked for that."""
        name = forbidden(frame, may_use)
        offered = (name or "").removeprefix("ll.")
        kind = offered.removeprefix("the library's ").split(".")[0]
        return None if offered in kinds or kind in of_helpers else name

    # For `is_called_from_outside`, too: what such an object calls is asked about.
    steps["forbidden"] = refused
    modules = (vars(module) for name, module in sys.modules.items() if name.startswith("lecture_lib."))
    _apart.append(
        SimpleNamespace(
            forbidden=refused,
            is_called_from_outside=steps["is_called_from_outside"],
            entry=entry,
            loaded=frozenset(module.get("__file__") for module in modules),
        )
    )


def trust(makers: Iterable[Callable[..., object]]) -> None:
    """Take what stands beside these functions for the library's own, before a cell runs.

    A copy that is loaded later is a cell's.
    """
    for space in {id(maker): getattr(maker, "__globals__", {}) for maker in makers}.values():
        for thing in [*space.values()]:
            held = vars(thing).values() if isinstance(thing, type) else (thing,)
            for one in held:
                function = getattr(one, "fget", one)
                if isinstance(function, FunctionType) and not _tells(function.__code__):
                    _trust(function.__code__)


def _trust(code: CodeType) -> None:
    _trusted[id(code)] = code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _trust(constant)
