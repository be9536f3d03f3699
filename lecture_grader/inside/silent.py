"""Stands in the sandbox for what a notebook has and the sandbox has not: takes everything, shows nothing.

Pictures, widgets and progress bars, IPython's own names, and any library that a cell imports and that is not
here: a cell that uses them goes on, and what it calculates with them is nothing.
"""

from __future__ import annotations

import ast
import builtins
import dis
import functools
import getpass
import inspect
import itertools
import linecache
import re
import sys
from abc import ABCMeta
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, FunctionType, MethodType, ModuleType
from typing import Any, cast

import numpy as np

BARS = ("tqdm", "rich", "fastprogress", "alive_progress", "progressbar")
DISPLAYS = (
    *("matplotlib", "mpl_toolkits", "matplotlib_inline", "seaborn", "plotly", "IPython", "ipywidgets"),
    *("anywidget", *BARS),
)
_UNPACK = dis.opmap["UNPACK_SEQUENCE"]
_UNPACK_WITH_STAR = dis.opmap["UNPACK_EX"]
MOST_ANSWERS = 100
"""So often a notebook is answered: a loop of questions ends when somebody has had enough."""
_answered = itertools.count()
_AN_ERROR = re.compile(r"(?:[A-Z]\w*)?(?:Error|Exception|Warning|Timeout)$")


class Silent:
    """Can be called, indexed, entered, unpacked, calculated with and asked for anything; gives itself.

    It is empty where it is counted or gone through, 0 where it must be a number, and no text. Where a cell
    asks whether it is true, the answer is that with which the cell goes on.
    """

    _is_so = True

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Give itself; as a decorator, what it decorates. A function without a name is never decorated."""
        if len(given) == 1 and isinstance(given[0], (FunctionType, type)):
            decorated = given[0].__name__ != "<lambda>"
            if named:  # options of a decorator, or of what is called with a function
                return _WithOptions(given[0]) if decorated else self
            return given[0] if decorated else self
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _of_name(name)

    def __instancecheck__(self, one: Any) -> bool:
        return isinstance(one, (Silent, Bare))

    def __subclasscheck__(self, one: Any) -> bool:
        return issubclass(one, (Silent, Bare))

    def __setattr__(self, name: str, value: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter([self] * _unpacked_into(inspect.currentframe()))

    def __next__(self) -> Any:
        raise StopIteration

    def __bool__(self) -> bool:
        wanted = _wanted(inspect.currentframe())
        return self._is_so if wanted is None else wanted

    def __len__(self) -> int:
        return 0

    def __contains__(self, one: Any) -> bool:
        return False

    def __setitem__(self, key: Any, value: Any) -> None:
        return None

    def __delitem__(self, key: Any) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        return None

    def __lt__(self, other: Any) -> Any:
        """Compare: what is not known differs by little, and is neither larger than another nor the same."""
        return _IT_IS

    def __gt__(self, other: Any) -> Any:
        return _IT_IS_NOT

    __le__, __ge__ = __lt__, __gt__

    def __eq__(self, other: object) -> Any:
        return True if self is other else _IT_IS_NOT

    def __ne__(self, other: object) -> Any:
        return False if self is other else _IT_IS

    def __hash__(self) -> int:
        return id(self)

    def __int__(self) -> int:
        return 0

    __index__ = __int__

    def __float__(self) -> float:
        return 0.0

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array([], dtype)

    def __array_ufunc__(self, *given: Any, **named: Any) -> Any:
        return self

    def __array_function__(self, function: Any, types: Any, given: Any, named: Any) -> Any:
        try:
            return function._implementation(*given, **named)
        except Exception:  # whatever it was that cannot be done with it
            return self

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return (_BareType("Bare", (Bare,), {}),)

    def __repr__(self) -> str:
        return ""

    def __format__(self, how: str) -> str:
        return ""

    def subplots(self, nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **named: Any) -> Any:
        """Give a figure, and as many axes as are asked for, in their array."""
        axes = np.empty((int(nrows), int(ncols)), object)
        axes.fill(self)
        if squeeze:
            axes = axes.squeeze()
        return self, axes if axes.ndim else self

    def hist(self, x: Any = (), bins: Any = 10, *given: Any, **named: Any) -> Any:
        """Give the counts and the edges, and no picture of them."""
        taken = {name: named[name] for name in ("range", "density", "weights") if name in named}
        try:
            counts, edges = cast(Any, np).histogram(x, bins, **taken)  # of any x, its types say nothing
        except (TypeError, ValueError):
            return self, self, self
        return counts, edges, self

    def apply(self, *given: Any, **named: Any) -> Any:
        """Give itself: what a table makes of each of its rows is no function."""
        return self

    map = applymap = agg = transform = pipe = apply

    def raises(self, *given: Any, **named: Any) -> Any:
        """Give what can be entered and takes every error, as a test's `raises` does."""
        return _Swallows()


def _itself(self: Silent, *given: Any) -> Any:
    return self


_OPERATORS = (
    "getitem enter aenter pos neg abs invert round add sub mul truediv floordiv mod pow matmul and or xor"
    " lshift rshift radd rsub rmul rtruediv rfloordiv rmod rpow rmatmul rand ror rxor divmod rdivmod"
)
for _name in _OPERATORS.split():
    setattr(Silent, f"__{_name}__", _itself)


Silent.__name__ = "stand-in for what is not there where it is graded"  # so it is called in a verdict


class _Swallows(Silent):
    def __exit__(self, *error: Any) -> Any:
        return True


class _IsNot(Silent):
    _is_so = False


class _WithOptions(Silent):
    """What a function and options were handed to: it is called as the function, and else is nothing."""

    def __init__(self, function: Any) -> None:
        vars(self)["__wrapped__"] = function

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self.__wrapped__(*given, **named)

    def __get__(self, one: Any, kind: Any = None) -> Any:
        return self if one is None else MethodType(self, one)


class _BareType(ABCMeta):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _of_name(name)


class Bare(metaclass=_BareType):
    """What a class is made of whose base is not here: it takes anything, and has whatever it is asked for."""

    def __init__(self, *given: Any, **named: Any) -> None:
        vars(self).update(named)

    def __init_subclass__(cls, **named: Any) -> None:
        return None

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Give nothing."""
        return SILENT

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _of_name(name)


@functools.cache
def _error(name: str) -> Any:
    return type(name, (Warning if name.endswith("Warning") else Exception,), {})


def _of_name(name: str) -> Any:
    """Return what stands for something of this name: for an error a class, to be raised and caught."""
    return _error(name) if _AN_ERROR.match(name) else SILENT


def _wanted(asking: FrameType | None) -> bool | None:
    """Return the truth with which a cell goes on: where nothing is raised, and no loop is without end."""
    frame = asking and asking.f_back
    if frame is None:
        return None
    file, line = frame.f_code.co_filename, frame.f_lineno
    if not file.startswith("<cell "):
        return True if linecache.getline(file, line).lstrip().startswith("assert") else None
    before = (
        frame.f_lasti // 2 - 1
    )  # what has made the value: where it is asked, Python says where the test is
    positions = next(itertools.islice(frame.f_code.co_positions(), before, None))
    asked = [one for one in _tests("".join(linecache.getlines(file))) if _covers(one.test, line)]
    for one in asked[-1:]:  # the innermost
        wanted = not isinstance(one, ast.While)
        if isinstance(one, ast.If):
            wanted = _raises(one.orelse)
            if wanted == _raises(one.body):
                return None
        return _wanted_of_part(one.test, wanted, line, positions[2] or 0)
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


def _unpacked_into(iterating: FrameType | None) -> int:
    """Return into how many names the caller is about to unpack something; 0 where it does not."""
    frame = iterating and iterating.f_back
    if frame is None:
        return 0
    code, place = frame.f_code.co_code, frame.f_lasti
    if code[place] == _UNPACK:
        return code[place + 1]
    return code[place + 1] if code[place] == _UNPACK_WITH_STAR else 0


SILENT: Any = Silent()
_IT_IS: Any = SILENT
_IT_IS_NOT: Any = _IsNot()


class Progress:
    """A progress bar that is not seen: gives what it is put around."""

    def __init__(self, given: Iterable[Any] = (), *more: Any, **named: Any) -> None:
        self._given = named.get("iterable", given) or ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._given)

    def __len__(self) -> int:
        given: Any = self._given
        return len(given)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return SILENT

    write = pandas = set_lock = get_lock = staticmethod(lambda *given, **named: SILENT)


def _progress_of_range(*given: Any, **named: Any) -> Any:
    return Progress(range(*given))


def _progress_of_pairs(given: Iterable[Any], *start: Any, **named: Any) -> Any:
    return Progress(enumerate(given, *(one for one in start if isinstance(one, int))))


def _progress_of_zip(*given: Any, **named: Any) -> Any:
    return Progress(zip(*given, strict=False))


def _progress_of_map(function: Any, *given: Any, **named: Any) -> Any:
    return [*map(function, *given)]


_PROGRESS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("tqdm", "tqdm_notebook", "track", "progressbar", "alive_it"), Progress),
    **dict.fromkeys(("progress_bar", "master_bar"), Progress),
    **dict.fromkeys(("trange", "tnrange"), _progress_of_range),
    **dict.fromkeys(("tmap", "thread_map", "process_map"), _progress_of_map),
    "tenumerate": _progress_of_pairs,
    "tzip": _progress_of_zip,
}
_PARTS_OF_TQDM = ("auto", "notebook", "std", "autonotebook", "contrib", "concurrent")


class _SilentModule(ModuleType):
    __all__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "0.0.0"
        if name.startswith("__"):
            raise AttributeError(name)
        top = self.__name__.split(".")[0]
        if top in BARS and name in _PROGRESS:
            return _PROGRESS[name]
        return self if top == "tqdm" and name in _PARTS_OF_TQDM else getattr(SILENT, name)


class SilentModules(MetaPathFinder, Loader):
    """Finds modules that show nothing: each of DISPLAYS, or whatever else a cell asks for and nobody has."""

    def __init__(self, known: Callable[[str], bool]) -> None:
        self._known = known

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Say that a module can be imported."""
        return ModuleSpec(fullname, self, is_package=True) if self._known(fullname) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module that shows nothing."""
        return _SilentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is nothing in it."""


def _answer(*prompt: object, **named: object) -> str:
    """Answer what a notebook asks of who sits before it, a text that may be a number, too; not for ever."""
    if next(_answered) >= MOST_ANSWERS:
        raise EOFError("where it is graded, nobody is there to answer")
    return "1"


def _is_display(name: str) -> bool:
    return name.split(".")[0] in DISPLAYS


def _stands_in_for(name: str) -> bool:
    """Whether a cell asks for a library that is not here, or for a part of one that is silent."""
    top = name.split(".")[0]
    if top != name:
        return isinstance(sys.modules.get(top), _SilentModule)
    return is_lacking(top) and _asked_by_a_cell()


def is_lacking(top: str) -> bool:
    """Whether a library is not here, and is none that only shows something."""
    here = ("numpy", "lecture_lib", "lecture_grader", "")
    return top not in here and top not in DISPLAYS and top not in sys.stdlib_module_names


def something_was_lacking() -> bool:
    """Whether a cell has imported a library that is not here."""
    found = [*sys.modules.items()]
    return any(isinstance(one, _SilentModule) and not _is_display(name) for name, one in found)


def is_stand_in(one: object) -> bool:
    """Whether something stands for what a notebook has."""
    return isinstance(one, (Silent, Bare, _SilentModule))


def _asked_by_a_cell() -> bool:
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename.startswith(("<frozen importlib", __file__)):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith("<cell ")


def let_tests_pass() -> None:
    """Let NumPy's own assertions pass for a stand-in, which is not known."""
    testing = vars(np.testing)
    checks = {name: check for name, check in testing.items() if name.startswith("assert_")}
    testing |= {name: _unless_lacking(check) for name, check in checks.items()}


def _unless_lacking(check: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(check)
    def checks(*given: Any, **named: Any) -> Any:
        return None if any(map(is_stand_in, (*given, *named.values()))) else check(*given, **named)

    return checks


def install() -> None:
    """Give this process what stands in for what it has not."""
    for name in [name for name in sys.modules if _is_display(name)]:
        del sys.modules[name]
    sys.meta_path.insert(0, SilentModules(_is_display))
    sys.meta_path.append(SilentModules(_stands_in_for))
    for name in (
        *("display", "get_ipython", "In", "Out", "_", "__", "___", "_i", "_ii", "_iii"),
        *("exit", "quit", "help"),
    ):
        setattr(builtins, name, SILENT)
    builtins.input = getpass.getpass = _answer
