"""Gives a notebook the modules and names that the sandbox has not: they take everything and show nothing.

Pictures, widgets and progress bars, IPython's own names, and any library that a cell imports and that is not
here.
"""

from __future__ import annotations

import builtins
import functools
import getpass
import inspect
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import numpy as np

from lecture_grader.inside.silent import SILENT, is_silent

BARS = ("tqdm", "rich", "fastprogress", "alive_progress", "progressbar")
DISPLAYS = (
    *("matplotlib", "mpl_toolkits", "matplotlib_inline", "seaborn", "plotly", "IPython", "ipywidgets"),
    *("anywidget", *BARS),
)
MOST_ANSWERS = 100
"""So often a notebook is answered: a loop of questions ends when somebody has had enough."""
_answered = itertools.count()


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
_PYPLOT = (
    "axhline axis axvline bar clf close colorbar contour contourf errorbar figure fill_between gca gcf grid"
    " hist imshow legend loglog pie plot rcParams savefig scatter semilogx semilogy show subplot subplots"
    " suptitle text tight_layout title xlabel xlim xscale xticks ylabel ylim yscale yticks"
)
_BY_A_STAR = {
    "matplotlib.pyplot": _PYPLOT,
    "matplotlib.pylab": _PYPLOT,
    "pylab": " ".join((_PYPLOT, *np.__all__)),
    "IPython.display": "HTML Image Latex Markdown Math SVG clear_output display",
    "ipywidgets": "Button Checkbox Dropdown FloatSlider HBox IntSlider Label Output Text VBox fixed interact"
    " interact_manual interactive interactive_output",
}
"""What `from … import *` gives of a module of which that is usual."""
_PARTS = {
    "matplotlib": ("pyplot", "pylab"),
    "tqdm": ("auto", "notebook", "std", "autonotebook", "contrib", "concurrent"),
}
"""Modules within a module that give what it gives itself."""


def _figure_and_axes(*given: Any, **named: Any) -> Any:
    return SILENT, SILENT.subplots(*given, **named)


class _SilentModule(ModuleType):
    __all__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "0.0.0"
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__ == "pylab" and name in np.__all__:  # NumPy is all of it that is here
            return getattr(np, name)
        if name == "subplots":
            return _figure_and_axes
        top = self.__name__.split(".")[0]
        if (top, name) == ("numba", "prange"):
            return range
        if top in BARS and name in _PROGRESS:
            return _PROGRESS[name]
        return self if name in _PARTS.get(top, ()) else getattr(SILENT, name)


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
        """Say what a star imports: there is nothing in it."""
        vars(module)["__all__"] = _BY_A_STAR.get(module.__name__, "").split()


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
    return is_silent(one) or isinstance(one, _SilentModule)


def _asked_by_a_cell() -> bool:
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename.startswith(("<frozen importlib", __file__)):
        frame = frame.f_back
    own = ("<cell ", os.path.join(os.getcwd(), ""))  # a cell, or a file that one has written
    return frame is not None and frame.f_code.co_filename.startswith(own)


def _let_tests_pass() -> None:
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
        *("_ih", "_oh", "_dh", "exit", "quit", "help"),
        *("ls", "lsmagic", "pwd", "who", "whos"),  # magics without their sign, where no name is so called
    ):
        setattr(builtins, name, SILENT)
    _let_tests_pass()
    sys.breakpointhook = lambda *given, **named: None
    builtins.input = getpass.getpass = _answer
