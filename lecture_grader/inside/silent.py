"""Stands in the sandbox where pictures and widgets stand in a notebook: takes everything, shows nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

DISPLAYS = ("matplotlib", "mpl_toolkits", "seaborn", "plotly", "IPython", "ipywidgets", "anywidget", "tqdm")


class Silent:
    """Can be called, indexed, entered and asked for anything; gives itself, and no text."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Give itself."""
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None:
        return None

    def __repr__(self) -> str:
        return ""


SILENT = Silent()


class _SilentModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("tqdm", "trange"):  # a progress bar gives back what it is put around
            return _progress if name == "tqdm" else range
        return SILENT


def _progress(given: Any = (), *more: Any, **named: Any) -> Any:
    return given


class SilentDisplays(MetaPathFinder, Loader):
    """Finds each of DISPLAYS, and whatever is in them, as a module that shows nothing."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Say that a display can be imported."""
        if fullname.split(".")[0] in DISPLAYS:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module that shows nothing."""
        return _SilentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is nothing in it."""


def install() -> None:
    """Make every display silent in this process."""
    sys.meta_path.insert(0, SilentDisplays())
