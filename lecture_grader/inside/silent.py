"""Stands in the sandbox for what a notebook has and the sandbox has not: takes everything, shows nothing.

Pictures, widgets and progress bars, IPython's own names, and any library that a cell imports and that is not
here: a cell that uses them goes on, and what it calculates with them is nothing.
"""

from __future__ import annotations

import builtins
import dis
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np

DISPLAYS = ("matplotlib", "mpl_toolkits", "seaborn", "plotly", "IPython", "ipywidgets", "anywidget", "tqdm")
_UNPACK = dis.opmap["UNPACK_SEQUENCE"]
_UNPACK_WITH_STAR = dis.opmap["UNPACK_EX"]


class Silent:
    """Can be called, indexed, entered, unpacked, calculated with and asked for anything; gives itself.

    It is empty where it is counted or gone through, 0 where it must be a number, and no text.
    """

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Give itself; as a decorator, what it decorates."""
        if len(given) == 1 and not named and isinstance(given[0], (FunctionType, type)):
            return given[0]
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter([self] * _unpacked_into(inspect.currentframe()))

    def __next__(self) -> Any:
        raise StopIteration

    def __bool__(self) -> bool:
        return True

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

    def __lt__(self, other: Any) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __int__(self) -> int:
        return 0

    __index__ = __int__

    def __float__(self) -> float:
        return 0.0

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array([], dtype)

    def __array_ufunc__(self, *given: Any, **named: Any) -> Any:
        return self

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return (object,)

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
            counts, edges = np.histogram(x, bins, **taken)
        except (TypeError, ValueError):
            return self, self, self
        return counts, edges, self


def _itself(self: Silent, *given: Any) -> Any:
    return self


_OPERATORS = (
    "getitem enter aenter pos neg abs invert round add sub mul truediv floordiv mod pow matmul and or xor"
    " lshift rshift radd rsub rmul rtruediv rfloordiv rmod rpow rmatmul rand ror rxor divmod rdivmod"
)
for _name in _OPERATORS.split():
    setattr(Silent, f"__{_name}__", _itself)


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


class Progress:
    """A progress bar that is not seen: gives what it is put around."""

    def __init__(self, given: Iterable[Any] = (), *more: Any, **named: Any) -> None:
        self._given = named.get("iterable", given) or ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(list(self._given))

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


class _SilentModule(ModuleType):
    __all__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        progress: dict[str, Callable[..., Any]] = {"tqdm": Progress, "trange": _progress_of_range}
        if self.__name__.split(".")[0] == "tqdm" and name in progress:
            return progress[name]
        return getattr(SILENT, name)


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


def _answer(prompt: object = "", /) -> str:
    """Answer what a notebook asks of who sits before it: a text that may be a number, too."""
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


def _asked_by_a_cell() -> bool:
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename.startswith(("<frozen importlib", __file__)):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith("<cell ")


def install() -> None:
    """Give this process what stands in for what it has not."""
    for name in [name for name in sys.modules if _is_display(name)]:
        del sys.modules[name]
    sys.meta_path.insert(0, SilentModules(_is_display))
    sys.meta_path.append(SilentModules(_stands_in_for))
    for name in ("display", "get_ipython"):
        setattr(builtins, name, SILENT)
    builtins.input = _answer
