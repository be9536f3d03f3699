"""Backpropagation and gradient descent, to look at, to play with and to build.

A notebook writes ``import lecture_lib as ll``. What stands here is what notebooks need; each name is
fetched from its own package when it is first used, so that importing takes no time and nothing is
loaded that a program does without (Matplotlib and the widgets, above all). It is looked up in what
the packages' `__init__.py` import: there, and only there, a name is entered.

- `lecture_lib.autodiff`: graphs, derivatives, the record of both passes
- `lecture_lib.learning`: the experimental routine, from words to a chosen model
- `lecture_lib.show`: pictures and tables
- `lecture_lib.explore`: the same with controls; questions
- `lecture_lib.exercises`: how an answer is judged, hints, progress
- `lecture_lib.lessons`: what each lesson asks and shows
"""

from importlib import import_module
from typing import Any

# From the bottom up: each loads those before it.
_ROOMS = ("autodiff", "learning", "show", "explore", "lessons")
# `check` and the like are offered by `lessons`, where all exercises are known.
_PACKAGES = (*_ROOMS, "exercises")


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"{__name__}.{name}")
    if name == "__all__":
        return __dir__()
    if not name.startswith("_"):
        from lecture_lib.common.faces import offered

        for room in _ROOMS:
            found = offered(import_module(f"{__name__}.{room}"))
            if name in found:
                globals()[name] = found[name]
                return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    from lecture_lib.common.faces import offered

    names = {name for room in _ROOMS for name in offered(import_module(f"{__name__}.{room}"))}
    return sorted(names.union(_PACKAGES))
