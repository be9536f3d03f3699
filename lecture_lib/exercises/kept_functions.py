"""`mine`: a student's own functions of earlier lessons, kept as source once they have passed.

They are kept in a small file beside the progress, under the id that was signed in with, and serve lessons
alone: the grader keeps no such file, so there every `mine` is the library's.
"""

import contextlib
from collections.abc import Callable
from typing import Any, cast

from . import small_files
from .own_steps import MINE
from .signing_in import current_student
from .small_files import as_dict, beside_it
from .sources import NotAlone, defined_by, source_of
from .stand_ins import LIBRARYS, librarys

FILE = ".lecture_functions.json"


_Own = dict[str, dict[str, str]]  # name -> {"source": ...}, or {"why": ...} where it cannot be kept

_here: dict[str, _Own] = {}  # what this kernel has seen


def mine(name: str) -> Callable[..., Any]:
    """Return your own function of an earlier exercise if it has passed, else the library's; it says which.

    Parameters
    ----------
    name
        The exercise's function, in quotes: `softmax = ll.mine("softmax")`.

    Raises
    ------
    TypeError
        If the name is not a text.
    LookupError
        If there is no such function; the message lists those that there are.
    """
    if not isinstance(cast("object", name), str):
        raise TypeError(
            f'mine: a name in quotes is expected, as in ll.mine("softmax"), not {type(name).__name__}'
        )
    words, its_own = librarys(name)
    own, said = own_function(name)
    print(f"{name}: {said}" if own else f"{name}: the library's, {words}. {said}")  # noqa: T201 (it is assigned)
    return own or its_own


def own_function(name: str) -> tuple[Callable[..., Any] | None, str]:
    """Return the student's own function, None where it cannot be used, and what there is to say."""
    everyone = _merged(small_files.read(beside_it(FILE), _checked), _here)
    kept = everyone.get(current_student(), {}).get(name)
    if kept is None:
        return None, "Yours is used once it has passed."
    if "source" not in kept:
        return None, f"Yours has passed, but cannot be used in another notebook: {kept['why']}."
    try:
        return defined_by(kept["source"], name, f"{MINE}{name}>"), "your own, which has passed."
    except Exception as error:
        return None, f"Yours has passed, but no longer runs: {type(error).__name__}: {error}."


def keep_passed(name: str, function: object) -> None:
    """Keep a function that has passed, if it is one that `mine` gives. Never raises."""
    if name not in LIBRARYS:
        return
    own = _here.setdefault(current_student(), {})
    try:
        own[name] = {"source": source_of(function, name)}
    except NotAlone as why:
        own.setdefault(name, {"why": str(why)})
    except Exception:
        own.setdefault(name, {"why": "its text could not be read"})
    path = beside_it(FILE)
    if path is None:
        return
    with contextlib.suppress(OSError):  # `progress` says so where nothing can be written
        everyone = small_files.read_to_write(path, _checked)
        if _merged(everyone, _here) != everyone:
            small_files.write(path, _merged(everyone, _here))


def _merged(everyone: dict[str, _Own], more: dict[str, _Own]) -> dict[str, _Own]:
    """Put together what two kernels know; a function with its source is better than one without."""
    merged = {student: dict(own) for student, own in everyone.items()}
    for student, own in more.items():
        mine = merged.setdefault(student, {})
        for name, kept in own.items():
            if "source" in kept or "source" not in mine.get(name, {}):
                mine[name] = kept
    return merged


def _checked(found: Any) -> dict[str, _Own]:
    """Return what was read if it has the form of kept functions; ValueError if not."""
    for own in as_dict(found).values():
        for kept in as_dict(own).values():
            if not isinstance(as_dict(kept).get("source", kept.get("why")), str):
                raise ValueError("a function's source is expected")
    return found
