"""What becomes of a notebook, and how it is kept: one line of JSON."""

import functools
import json
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from lecture_lib.exercises import Verdict
from lecture_lib.exercises.signing_in import GUEST, NOBODY
from lecture_lib.exercises.verdicts import STATES

from .handed_in.owners import folded


@dataclass(frozen=True)
class GradedExercise:
    """What became of one exercise.

    Attributes
    ----------
    verdict
        Its points, part by part, and why.
    cell_notes
        What is to be said of the cell in which it was found.
    printed
        What that cell printed, where no input is known.
    cell
        The number of that cell, 0 if there is none.
    """

    verdict: Verdict
    cell_notes: tuple[str, ...] = ()
    printed: str = ""
    cell: int = 0

    @property
    def points(self) -> float:
        """What it earned."""
        return self.verdict.points


@dataclass(frozen=True)
class Graded:
    """What became of one notebook.

    Attributes
    ----------
    key
        By which it is kept, "" where it is to be graded again.
    file
        Where it lay in what was handed in.
    student
        Who handed it in, by the folder's or the file's name; "" where that says only the lesson.
    signed_in_as
        The id that the notebook signs in with.
    exercises
        What became of each exercise, by its id.
    notes
        What the student is told of the notebook.
    human
        Why a person should look at it, though it was graded.
    trouble
        Why it could not be graded, "" if it was.
    unsafe
        Whether it was graded without a sandbox.
    seconds
        How long that took.
    """

    key: str = ""
    file: str = ""
    student: str = ""
    signed_in_as: str = NOBODY
    exercises: Mapping[str, GradedExercise] = field(default_factory=dict[str, GradedExercise])
    notes: tuple[str, ...] = ()
    human: tuple[str, ...] = ()
    trouble: str = ""
    unsafe: bool = False
    seconds: float = 0.0


def owner_of(graded: Graded, with_place: Collection[str] = ()) -> str:
    """Whose a notebook is: as the folder or the file says, or else as the notebook does.

    Who is in `with_place`, by `folded`, has handed in under their own name: what only an id gives to them may
    be somebody else's, and is under its file's name.
    """
    signed_in_as = "" if graded.signed_in_as == GUEST else graded.signed_in_as
    if folded(signed_in_as) in with_place:
        signed_in_as = ""
    return graded.student or signed_in_as or graded.file


def rank(verdict: Verdict) -> tuple[float, int]:
    """How good it is: by points, and where there are none, what was tried counts more than what was not."""
    return verdict.points, STATES.index(verdict.state)


# ------------------------------------------------------------------ as a line of JSON

_SUM = b',"crc32":'


def _seal(text: bytes) -> bytes:
    return b"%b%d}\n" % (_SUM, zlib.crc32(text))


def as_line(graded: Graded) -> bytes:
    """Return a result as one line of JSON, with a sum by which damage to it is seen.

    >>> from_line(as_line(Graded(file="s1.ipynb", notes=("A note.",)))).notes
    ('A note.',)
    """
    text = json.dumps(graded, default=_as_dict, separators=(",", ":")).encode("ascii")
    return text[:-1] + _seal(text)


def from_line(line: bytes) -> Graded:
    """Return the result that stands in a line of JSON; ValueError if none does, or it was damaged."""
    text = line[: line.rfind(_SUM)] + b"}"
    if line != text[:-1] + _seal(text):
        raise ValueError("this line is not as it was written")
    try:
        return made(Graded, json.loads(line))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no result stands in this line: {error!r}") from error


_Made = TypeVar("_Made")


def _as_dict(one: object) -> dict[str, Any]:
    return {name: getattr(one, name) for name, _ in _fields(type(one))}


def made(kind: type[_Made], found: Any) -> _Made:
    """Make of what JSON, or a frame, gave what a dataclass says of its fields."""
    return kind(**{name: read(found[name]) for name, read in _fields(kind)})


@functools.cache
def _fields(kind: type[Any]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Return a dataclass's fields, each with what reads it from what JSON gave."""
    hints = get_type_hints(kind)
    return tuple((each.name, _reader(hints[each.name])) for each in fields(kind))


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, type) and is_dataclass(hint):
        return functools.partial(made, hint)
    origin, inner = get_origin(hint), get_args(hint)
    read = _reader(inner[-1 if origin is Mapping else 0]) if inner else _as_it_is
    if origin is tuple:
        return lambda found: tuple(map(read, found))
    if origin is frozenset:
        return lambda found: frozenset(map(read, found))
    if origin is Mapping:
        return lambda found: {key: read(one) for key, one in found.items()}
    if origin in (Union, UnionType):
        return lambda found: None if found is None else read(found)
    return _as_it_is


def _as_it_is(found: Any) -> Any:
    return found
