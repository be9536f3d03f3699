"""What a package offers: the names that its face, `__init__.py`, imports. Each is written there once."""

from types import ModuleType
from typing import Any


def offered(face: ModuleType) -> dict[str, Any]:
    """Give what a face offers, by name: all that it holds but modules and what begins with an underscore.

    >>> import lecture_lib.autodiff
    >>> offered(lecture_lib.autodiff)["softmax"]
    <primitive softmax: o (..., C) -> p (..., C)>
    """
    return {
        name: thing
        for name, thing in vars(face).items()
        if not name.startswith("_") and not isinstance(thing, ModuleType)
    }
