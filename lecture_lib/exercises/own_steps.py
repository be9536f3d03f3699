"""Whether an answer takes the steps itself, or has the library do what is asked.

An answer may use NumPy, Python, the student's own functions, differences of their own, and of the library
what computes nothing that is asked: operations that are one step, such as `ll.relu` and `ll.exp`, nodes, what
turns texts into numbers, and what its exercise names in `may_use`. What else of the library it calls, under
whatever name and by whatever way, is seen while it runs. What `mine` gives counts as the library's, for to
the grader it is.

What was computed beforehand is not seen here: where it is graded, a notebook that may look such things up is
run once more with a library that refuses, and so is one whose numbers by hand it may have computed. Nowhere
seen is what was typed from a screen, and code that the library wrote and the student copied.
"""

import contextlib
import functools
import sys
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeAlias

from lecture_lib.autodiff import PRIMITIVES, Primitive

_LIBRARY = Path(__file__).parent.parent
_HOME = f"{_LIBRARY}/"
_PACKAGES = f"{_LIBRARY}/packages/"  # where it is graded, NumPy lies in there
_MATHEMATICS = (
    *(f"{_LIBRARY / 'autodiff'}/", f"{_LIBRARY / 'learning'}/"),
    f"{_LIBRARY / 'exercises' / 'stand_ins.py'}",
)
_WRITTEN = "<program>"  # a program that the library has written and made a function of
MINE = "<mine "
"""How the file of a student's own function of an earlier lesson is called, see `kept_functions`."""
_ORACLES = ("oracles.py", "networks.py")
"""Files of exercises and lessons that know what is right; known mistakes are not meant."""

# fmt: off
HELPERS = frozenset({
    "parameter", "data", "constant", "operation", "primitive", "duck_goose", "uniform", "normal", "glorot",
    "he", "mlp_parameters", "accuracy", "words", "vocabulary", "word_ids", "sentences", "one_hot", "layers",
    "definitions", "librarys", "__getattr__", "__dir__",
})
# fmt: on
"""What computes nothing that any exercise asks."""
_AROUND_ONES_OWN = frozenset({"looked_at", "_in_numbers"})
"""What these put around a function of which an operation is made looks at shapes and numbers."""
SEVERAL_STEPS = frozenset(
    {"softmax", "log_softmax", "cross_entropy", "bag_of_words", "negative_log_likelihood"}
)
"""Operations that are more than one step: only where an exercise's `may_use` names them."""

_ENTERED = contextlib._GeneratorContextManager  # pyright: ignore[reportPrivateUsage]
_BETWEEN = _ENTERED.__enter__.__code__, _ENTERED.__exit__.__code__
_BY_ITS_OBJECT = Primitive.__call__.__code__, Primitive.on.__code__
_HANDED_IN, _FORWARD = Primitive._value.__code__, "forward"  # pyright: ignore[reportPrivateUsage]
"""There the function is called of which an operation was made, by a name of the library's, too."""
_DRAWN = tuple(f"{_LIBRARY / room}/" for room in ("show", "explore"))
_WORKS_FOR = {"negative_log_likelihood": "nll"}
"""An operation that does all of what a function offers."""
_MADE_BY = {"Compiled": "compiled", "Program": "program", "Record": "backward", "Sentences": "sentences"}

Watch: TypeAlias = Callable[[FrameType, str, object], None]

at_work: list[Watch] = []
"""What watches an answer now."""


def switched(watch: Watch | None) -> Watch | None:
    """Have Python tell a watch of each call and return, or none; return the one before.

    Where it is graded, the library itself tells what is `at_work` of its calls.
    """
    before: Any = sys.getprofile()
    sys.setprofile(watch)
    return before


MOST_EVENTS = 50_000
"""So many calls and returns are looked at in one call of an answer; in a longer one, the rest is not."""


@contextmanager
def watched(may_use: Collection[str], entry: CodeType) -> Generator[list[str]]:
    """Look, while an answer runs, for the first function of the library that does what is asked.

    Parameters
    ----------
    may_use
        The library's functions that the answer may call besides those that compute nothing that is asked.
    entry
        The code of the function that calls the answer.

    Yields
    ------
    list of str
        Empty, or the name of that function: "ll.encode".
    """
    found: list[str] = []
    fine: dict[int, CodeType] = {}  # by its place in memory: to hash a code reads all of it, each time
    left = MOST_EVENTS

    def look(frame: FrameType, event: str, argument: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            switched(None)
            return
        if event != "call":
            return
        code = frame.f_code
        place = id(code)
        if place in fine:
            return
        file = code.co_filename
        if not file.startswith((_HOME, _WRITTEN, MINE)) or file.startswith(_PACKAGES):
            fine[place] = code
            return
        above = frame.f_back
        if above is not None and above.f_code is not entry and _calls_by_name(above.f_code, code):
            return  # the library calls: that is asked first, for it takes the least time
        name = forbidden(frame, may_use)
        if name is None:
            if not _is_one_of(code, _BY_ITS_OBJECT):
                fine[place] = code
        elif is_called_from_outside(frame, entry, may_use):
            found.append(name)
            switched(None)

    before = switched(look)
    at_work.append(look)
    try:
        yield found
    finally:
        at_work.remove(look)
        switched(before if callable(before) else None)  # cProfile, left on, can only begin anew


def forbidden(frame: FrameType, may_use: Collection[str]) -> str | None:
    """Return the name of what is called, if it may not be.

    Nothing is asked of what a cell may have made, neither of an object nor of a code: it could answer by
    looking at what asks.
    """
    code = frame.f_code
    file, name = code.co_filename, code.co_qualname.split(".")[0]
    if _is_one_of(code, _BY_ITS_OBJECT):
        name = _primitive_in(frame)
        if not name:
            return None  # an operation of one's own
    if file.startswith(MINE):  # what is graded is one notebook: its earlier functions are the library's there
        name = file.removeprefix(MINE).removesuffix(">")
        return None if name in may_use else f'll.mine("{name}")'
    name = _WORKS_FOR.get(name, name)
    if name in may_use or name.startswith("<"):
        return None
    if file == _WRITTEN:
        name, allowed = "program", False
    elif file.startswith(_MATHEMATICS):
        allowed = _computes_nothing_asked(name, code.co_name)
    else:
        allowed = not file.endswith(_ORACLES)
    if allowed:
        return None
    if name == "Primitive":  # a rule of one: ll.relu.vjp
        return f"ll.{_primitive_in(frame) or name}.{code.co_name}"
    name = _MADE_BY.get(name, name)
    offered = name != "Node" and name in _offered()
    return f"ll.{name}" if offered else f"the library's {code.co_qualname}"


@functools.cache
def _offered() -> frozenset[str]:
    return frozenset(dir(sys.modules["lecture_lib"]))


def _primitive_in(frame: FrameType) -> str:
    """Return the name of the primitive whose method runs there, "" if it is none of the library's."""
    found = frame.f_locals.get("self")
    return next((name for name, one in PRIMITIVES.items() if one is found), "")


def _is_one_of(code: CodeType, known: tuple[CodeType, ...]) -> bool:
    return any(code is one for one in known)


def _computes_nothing_asked(name: str, method: str) -> bool:
    if name in ("Node", "Primitive", "Elsewhere"):  # which says of PyTorch's names that they are not there
        return method not in ("vjp", "back")
    return (
        _MADE_BY.get(name, name) in HELPERS
        or name in _AROUND_ONES_OWN
        or (name in PRIMITIVES and name not in SEVERAL_STEPS)
    )


def _is_the_librarys(code: CodeType) -> bool:
    file = code.co_filename
    return str.startswith(file, _HOME) and not str.startswith(file, _PACKAGES)


def _calls_by_name(above: CodeType, code: CodeType) -> bool:
    """Whether the library's own text calls this, and not what it was handed.

    What Python calls for an operator or an index has no name there.
    """
    if not _is_the_librarys(above):
        return False
    name = code.co_name
    if name == _FORWARD and above is _HANDED_IN:
        return False
    return name in above.co_names or (name != "__call__" and name[:2] == "__")


def is_called_from_outside(frame: FrameType, entry: CodeType, may_use: Collection[str]) -> bool:
    """Whether it is the answer that calls, not the library on the way through something that is allowed.

    The library calls by way of `with`, too. Where it calls what an answer has handed it, that calls: so does
    an operation of one's own that was made of a function of the library, or an object that has one in the
    place of an operator. Then the work is the library's only if something above does what is forbidden
    itself, for that has been asked about.
    """
    above = frame.f_back
    while above is not None and _is_one_of(above.f_code, _BETWEEN):
        above = above.f_back
    if above is None or above.f_code is entry:
        return True
    if _calls_by_name(above.f_code, frame.f_code):
        return False
    while above is not None and above.f_code is not entry:
        code = above.f_code
        if not _is_one_of(code, _BETWEEN):
            if not _is_the_librarys(code):
                return True
            if code.co_filename.startswith(_DRAWN) or forbidden(above, may_use) is not None:
                return False
        above = above.f_back
    return True
