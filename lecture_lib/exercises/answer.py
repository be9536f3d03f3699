"""How a check talks to an answer: call it with plain data, get plain data back, or what went wrong.

This is the whole interface. A check never looks into the function it judges, so the function may
as well live in another process: anything with `Answer`'s two methods will do.
"""

import contextlib
import inspect
import io
import itertools
import linecache
import os
import random
import re
import sys
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, MethodType, TracebackType
from typing import Protocol, cast

import numpy as np

from .own_steps import watched
from .plain import KeyPath, Plain, Recipe, changes, plain
from .plain_words import describe
from .recipes import handed_over
from .time_limits import TimeLimit, TookTooLong

MOST_LETTERS_OF_AN_ERROR = 400
MOST_NAMES = 30
"""So many of an answer's own names are kept with its error."""
MOST_LINES = 200
"""So many lines before an error are looked through for where a None comes from."""


@dataclass(frozen=True)
class Failure:
    """An answer that raised: which error, and the answer's own line where it happened.

    Attributes
    ----------
    kind
        The error's name, as "NameError".
    message
        What the error said, in one line.
    line, text
        The number and the words of the answer's own line, None and "" when there is none.
    function
        The name of the function in which the error was raised.
    depth
        How many calls deep: 1 in the answer itself, 2 in what it called, 0 if it could not be called.
    part
        The piece of the line in which the error was raised, as far as it is known.
    holds
        The names that have a value there, each with what it is: ("W", "an array of shape (2, 3)"). Of a None
        that the lines before gave a name it says so: ("r", "None, from r = a.sort()"). Of a method of a class
        of the answer's own that runs there, or could not be called, it holds ("Net.step()", "takes self, x").
    """

    kind: str
    message: str
    line: int | None = None
    text: str = ""
    function: str = ""
    depth: int = 0
    part: str = ""
    holds: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def piece(self) -> str:
        """The piece of the line in which the error was raised, or all of it."""
        return self.part or self.text


@dataclass(frozen=True)
class Outcome:
    """What came of one call: a value or a failure, and which arguments are not what they were.

    `changed` holds a path for each: `(2,)` is the third argument, `(3, "U")` the entry U of the fourth.
    `printed` says whether anything was printed on the way. `borrowed` names the function of the library that
    did what the answer should do itself, "" for none.
    """

    value: Plain = None
    failure: Failure | None = None
    changed: tuple[KeyPath, ...] = ()
    printed: bool = False
    borrowed: str = ""

    @property
    def waits(self) -> bool:
        """Whether this is what an untouched stub gives."""
        if self.failure is not None:
            return self.failure.kind == "NotImplementedError" and self.failure.depth <= 1
        return self.value is None or self.value is Ellipsis


class Answer(Protocol):
    """An answer as a check sees it, in this process or in another."""

    def call(self, arguments: Sequence[Plain]) -> Outcome:
        """Call the answer with fresh copies of these arguments."""
        ...

    def value(self) -> Outcome:
        """Return the answer itself, where a value is asked and not a function."""
        ...


@dataclass(frozen=True)
class LocalAnswer:
    """An answer in this very process: a function or a value from the notebook."""

    given: object
    may_use: tuple[str, ...] | None = None
    """What of the library the answer may call, see `own_steps`; None for anything."""
    limit: TimeLimit | None = None
    """How long all calls of one check may take; None for as long as they take."""

    def call(self, arguments: Sequence[Plain]) -> Outcome:
        """Call the function in silence; KeyboardInterrupt alone is let through."""
        if self.limit is None:
            return _call(self.given, arguments, self.may_use)
        if self.limit.is_over:
            return Outcome(failure=Failure(TookTooLong.__name__, self.limit.words))
        with self.limit.kept():
            return _call(self.given, arguments, self.may_use)

    def value(self) -> Outcome:
        """Return the value in plain data."""
        return Outcome(value=plain(self.given))


def _call(function: object, arguments: Sequence[Plain], may_use: tuple[str, ...] | None) -> Outcome:
    handed, read = handed_over(arguments)
    nowhere = _Nowhere()
    calls_allowed = sys.getrecursionlimit()
    borrowed: list[str] = []
    watching = contextlib.nullcontext(borrowed) if may_use is None else watched(may_use, _call.__code__)
    try:
        with quiet(nowhere):
            with watching as borrowed:
                given = cast("Callable[..., object]", function)(*handed)
            value = read(given)
            del given  # while it is quiet: a coroutine that nobody awaits says so when it goes
        failure = None
    except KeyboardInterrupt:
        name = getattr(function, "__name__", "the answer")
        raise KeyboardInterrupt(f"the check was stopped by hand while {name} was running") from None
    except BaseException as error:
        value, failure = None, _failure(error, function)
    finally:
        sys.setrecursionlimit(calls_allowed)  # what one answer allows itself is not the next one's
    return Outcome(value, failure, tuple(_changed(arguments, handed)), nowhere.written, "".join(borrowed[:1]))


def call_known(
    function: Callable[..., object], arguments: Sequence[Plain], look_at_arguments: bool
) -> Outcome:
    """Call one of our own functions: without the care that a stranger's needs, and so much faster.

    Call it within `quiet()`, for it is known to be wrong and may warn.
    """
    handed, read = handed_over(arguments)
    try:
        value, failure = read(function(*handed)), None
    except Exception as error:
        codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
        used = (name for code in codes for name in (*code.co_names, *code.co_varnames, *code.co_freevars))
        value, failure = None, Failure(type(error).__name__, _one_line(error), text=" ".join(used))
    changed = tuple(_changed(arguments, handed)) if look_at_arguments else ()
    return Outcome(value, failure, changed)


def _changed(arguments: Sequence[Plain], handed: Sequence[object]) -> Iterator[KeyPath]:
    for position, (before, after) in enumerate(zip(arguments, handed, strict=True)):
        # A number is handed over as it is, and what is made of a recipe keeps itself.
        if before is after or type(before) is Recipe:
            continue
        try:
            paths = changes(before, cast("Plain", after))
        except BaseException:  # it holds something now that cannot be compared, whatever that says
            paths = [()]
        for path in paths:
            yield (position, *path)


class _Nowhere(io.TextIOBase):
    """Takes what is printed and keeps nothing of it, but that there was something."""

    written = False

    def write(self, s: str, /) -> int:
        self.written = True
        return len(s)


@contextlib.contextmanager
def quiet(nowhere: io.TextIOBase | None = None) -> Generator[None]:
    """Let nothing be printed and no warning be heard; what is printed goes to `nowhere`."""
    with (
        contextlib.redirect_stdout(nowhere or _Nowhere()),
        contextlib.redirect_stderr(_Nowhere()),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def random_numbers_kept() -> Generator[None]:
    """Leave the global random generators as they were: a check must not change what a notebook draws next."""
    of_numpy, of_python = np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(of_numpy)  # noqa: NPY002
        random.setstate(of_python)


def _failure(error: BaseException, answer: object) -> Failure:
    places = list(_places(error.__traceback__))[1:]  # without _call's own
    message = _one_line(error)
    if not places:
        return Failure(type(error).__name__, message, holds=tuple(_methods(message, {}, answer)))
    own = [place for place in places if not place.tb_frame.f_code.co_filename.startswith(_LIBRARIES)]
    own = own or places[:1]
    unwritten = isinstance(error, NotImplementedError)
    place = own[0] if unwritten else own[-1]  # of a stub, the line that called it
    frame, line = place.tb_frame, place.tb_lineno
    text = linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()
    return Failure(
        kind=type(error).__name__,
        message=message,
        line=line,
        text=text[:MOST_LETTERS_OF_AN_ERROR],
        function=places[-1].tb_frame.f_code.co_name,
        depth=len(places),
        part=_part(place)[:MOST_LETTERS_OF_AN_ERROR],
        holds=tuple(
            (name, describe(plain(value)) + ("" if value is not None else _origin(name, place)))
            for name, value in itertools.islice(_names_seen(place, places), MOST_NAMES)
        )
        + tuple(_methods(message, {**frame.f_globals, **frame.f_locals}, frame.f_code)),
    )


def _methods(message: str, names: dict[str, object], ran: object) -> Iterator[tuple[str, str]]:
    """Yield what the method takes that ran, and what the one takes that could not be called."""
    methods = [ran, inspect.getattr_static(type(ran), "__call__", None)]
    if named := re.match(r"([\w.<>]+)\(\) (?:missing|takes)", message):
        holder, _, method = named[1].rpartition("<locals>.")[2].rpartition(".")
        methods.append(inspect.getattr_static(names.get(holder), method, None))
    for one in methods:
        function = one.__func__ if isinstance(one, MethodType) else one
        code = function.__code__ if isinstance(function, FunctionType) else function
        if not isinstance(code, CodeType):
            continue
        name = code.co_qualname.rpartition("<locals>.")[2]
        if "." in name:
            yield f"{name}()", f"takes {', '.join(code.co_varnames[: code.co_argcount])}"


def _names_seen(place: TracebackType, places: Sequence[TracebackType]) -> Iterator[tuple[str, object]]:
    """Yield the names that have a value there; a comprehension may stand in a frame of its own."""
    inner = place.tb_frame
    yield from ((name, value) for name, value in inner.f_locals.items() if name.isidentifier())
    around = places[places.index(place) - 1].tb_frame if place is not places[0] else inner
    if re.fullmatch(r"<(?:list|set|dict)comp>|<genexpr>", inner.f_code.co_name):
        yield from ((name, value) for name, value in around.f_locals.items() if name not in inner.f_locals)


def _places(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _origin(name: str, place: TracebackType) -> str:
    """Say the last line before this one, in the same function, that names its value; "" if none does."""
    frame = place.tb_frame
    own = re.escape(name)
    names = re.compile(rf"(?:.*[:;]\s*)?({own}\s*=(?!=).*)|.*\(({own}\s*:=.*)")
    for text in _lines_before(place.tb_lineno, linecache.getlines(frame.f_code.co_filename, frame.f_globals)):
        if named := names.match(text):
            return f", from {(named[1] or named[2])[:MOST_LETTERS_OF_AN_ERROR]}"
    return ""


def _lines_before(number: int, lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a function that may have run before one of them, the latest first.

    In a loop, those are also the ones below it that call something, and itself: of an earlier round.
    """

    def indent(at: int) -> int:
        return len(lines[at]) - len(lines[at].lstrip())

    here = number - 1  # lines are counted from 1
    if here >= len(lines):
        return
    outer = indent(here)
    for above in range(here - 1, max(-1, here - MOST_LINES), -1):
        text = lines[above].strip()
        if re.match(r"(?:async\s+)?def\b", text):
            return
        if text and indent(above) < outer:
            outer = indent(above)
            if re.match(r"(?:for|while)\b", text):
                end = next(
                    (n for n in range(here, len(lines)) if lines[n].strip() and indent(n) <= outer), None
                )
                round_before = (lines[n].strip() for n in range(here, end or len(lines)))
                yield from reversed([line for line in round_before if line.endswith(")")][:MOST_LINES])
        yield text


def _part(place: TracebackType) -> str:
    """Return the piece of the line in which an error was raised, "" if that is not known."""
    code = place.tb_frame.f_code
    first, last, start, end = next(itertools.islice(code.co_positions(), place.tb_lasti // 2, None))
    if first is None or first != last or start is None or end is None:
        return ""
    line = linecache.getline(code.co_filename, first, place.tb_frame.f_globals)
    return line.encode()[start:end].decode(errors="replace")


def _one_line(error: BaseException) -> str:
    try:
        said = [str(error), *getattr(error, "__notes__", ())]  # Python itself adds notes, from 3.14 on
        words = " ".join(" ".join(said).split())
    except BaseException:  # whatever its own text says when it is asked for
        return "(the error's own text could not be read)"
    if len(words) > MOST_LETTERS_OF_AN_ERROR:
        return words[:MOST_LETTERS_OF_AN_ERROR] + "…"
    return words


_LIBRARIES = (
    "<frozen",
    "<__array",
    *(sysconfig.get_paths()[name] + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    str(Path(__file__).parent.parent) + os.sep,
)
"""What the names of files begin with that no student has written."""
