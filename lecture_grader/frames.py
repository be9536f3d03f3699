"""Plain data as bytes and back: JSON and raw arrays, of limited length.

A frame is two lengths, the JSON, then the arrays' bytes. The judge reads frames that a hostile program
may have written, so every length, type and shape is looked at before anything is made of it, and nothing
that comes is ever unpickled. The judge's own questions are believed where they arrive: those are pickled.
"""

import contextlib
import functools
import io
import json
import math
import pickle
import re
import socket
import struct
import time
from typing import Any, ClassVar, cast

import numpy as np

from lecture_lib.exercises.plain import (
    MOST_BITS,
    MOST_ITEMS,
    MOST_LETTERS,
    MOST_LEVELS,
    MOST_NUMBERS,
    AnyArray,
    Foreign,
    Key,
    Plain,
    Recipe,
)

MOST_JSON = 1_000_000
MOST_RAW = 16_000_000
_HEAD = struct.Struct("!II")
_LARGE = 2**61 - 1  # from here on numbers can be chosen that a dict takes an age to tell apart
_TINY = 2.0**-61
_AS_IN_JSON = frozenset({float, int, str, bool, type(None)})
_NUMBERS = frozenset({float, bool, type(None)})
_write = json.JSONEncoder(separators=(",", ":")).encode
_DTYPE = re.compile(r"[<>|=][biuf](1|2|4|8|16)")


class BadFrame(Exception):
    """What came is no frame of plain data; the message says in words what is wrong with it."""


class Gone(Exception):
    """The other end has closed the channel, or died."""


class TooSlow(Exception):
    """The frame did not come in time."""


# ------------------------------------------------------------------ values


def pack(value: Plain) -> bytes:
    """Plain data -> a frame.

    >>> unpack(pack({"p": [1, 2.5, ...]}))
    {'p': [1, 2.5, Ellipsis]}
    """
    blobs: list[bytes] = []
    text = _write(_packed(value, blobs)).encode()
    raw = b"".join(blobs)
    if len(text) > MOST_JSON or len(raw) > MOST_RAW:
        raise BadFrame("a value that is too large to be looked at")
    return _HEAD.pack(len(text), len(raw)) + text + raw


def _packed(value: Plain, blobs: list[bytes]) -> object:
    if type(value) in _AS_IN_JSON:
        return value
    if isinstance(value, list):
        if _AS_IN_JSON.issuperset(map(type, value)):
            return value
        return [_packed(item, blobs) for item in value]
    if type(value) is np.ndarray:
        blobs.append(value.tobytes())
        return {"a": [value.dtype.str, value.shape]}
    if isinstance(value, Foreign):
        return {"f": value.kind}
    if isinstance(value, tuple):
        return {"t": [_packed(item, blobs) for item in value]}
    if isinstance(value, dict):
        return {"d": [_packed([*value], blobs), _packed([*value.values()], blobs)]}
    if isinstance(value, Recipe):
        raise BadFrame("a recipe, which only a question has")
    return {"e": 1} if value is Ellipsis else value


def unpack(frame: bytes) -> Plain:
    """Return the plain data of a frame; BadFrame if it is none."""
    if len(frame) < _HEAD.size:
        raise BadFrame("a frame without its head")
    letters, rest = _lengths(frame[: _HEAD.size])
    body = frame[_HEAD.size :]
    if len(body) != letters + rest:
        raise BadFrame("a frame of another length than it says")
    return _unpack_body(body[:letters], body[letters:])


def _lengths(head: bytes) -> tuple[int, int]:
    letters, rest = _HEAD.unpack(head)
    if letters > MOST_JSON or rest > MOST_RAW:
        raise BadFrame("a value that is too large to be looked at")
    return letters, rest


def _unpack_body(text: bytes, raw: bytes) -> Plain:
    try:
        found = json.loads(text)
        reader = _Reader(raw)
        value = reader.value(found, 0)
    except BadFrame:
        raise
    except Exception as error:  # whatever has come, and whatever it did
        raise BadFrame("a frame that makes no sense") from error
    if reader.place != len(raw):
        raise BadFrame("a frame with more bytes than its arrays")
    return value


class _Reader:
    """Makes plain data of what JSON gave, and of the arrays' bytes."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.place = 0
        self.items = 2 * MOST_ITEMS

    def value(self, found: Any, level: int) -> Plain:
        kind = found.__class__  # as JSON gave it, so it is nothing but what it says
        if kind is float or kind is bool or found is None:
            return found
        if kind is str:
            return clean(found)
        if kind is list:
            return self.each_of(found, level)
        if kind is int:
            few = found.bit_length() <= MOST_BITS
            return found if few else Foreign("a whole number of more than 300 digits")
        if kind is dict and len(found) == 1:
            ((what, inner),) = found.items()
            return self.marked(what, inner, level)
        raise BadFrame("a value of no known kind")

    def each_of(self, found: list[Any], level: int) -> list[Plain]:
        self.items -= len(found)
        level += 1
        if self.items < 0 or level > MOST_LEVELS + 4:
            raise BadFrame("a value with too many entries")
        if _NUMBERS.issuperset(map(type, found)):
            return found
        return [self.value(item, level) for item in found]

    def marked(self, what: str, inner: Any, level: int) -> Plain:
        if what == "f" and type(inner) is str:
            return _foreign(inner)
        if what == "e":
            return ...
        if type(inner) is not list:
            raise BadFrame("a value of no known kind")
        parts = cast("list[Any]", inner)
        if what == "a":
            return self.array(*parts)
        if what == "t":
            return tuple(self.each_of(parts, level))
        if what == "d":
            keys, values = self.each_of(parts[0], level), self.each_of(parts[1], level)
            return dict(zip(map(_key, keys), values, strict=True))
        raise BadFrame("a value of no known kind")

    def array(self, dtype: Any, shape: Any) -> AnyArray:
        if type(dtype) is not str or not _DTYPE.fullmatch(dtype) or type(shape) is not list:
            raise BadFrame("an array of no known kind")
        sizes = cast("list[Any]", shape)
        if len(sizes) > 32:
            raise BadFrame("an array of no possible shape")
        for size in sizes:
            if type(size) is not int or not 0 <= size <= MOST_NUMBERS:
                raise BadFrame("an array of no possible shape")
        numbers = math.prod(cast("list[int]", sizes))
        kind = np.dtype(dtype)
        length = numbers * kind.itemsize
        if numbers > MOST_NUMBERS or self.place + length > len(self.raw):
            raise BadFrame("an array of another size than it says")
        array = np.ndarray(sizes, kind, self.raw, self.place).copy()
        self.place += length
        return array


def _key(key: Plain) -> Key:
    if isinstance(key, (int, float)) and not _TINY < abs(key) < _LARGE and key != 0:
        return Foreign("a very large or small number")
    if isinstance(key, (bool, int, float, str, Foreign)):
        return key
    raise BadFrame("a dict with a key that is none")


@functools.lru_cache(2_000)
def _foreign(kind: str) -> Foreign:
    return Foreign(clean(kind))


def clean(text: str, most: int = MOST_LETTERS + 1) -> str:
    """Return a text that can be written anywhere: limited, no half letters, nothing that moves a cursor."""
    if len(text) <= most and text.isprintable():
        return text
    short = text[:most].encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in short)


def clean_name(name: str, most: int) -> str:
    """Return a name that can be written anywhere on one line, so that none looks like several lines."""
    return re.sub(r"[\n\t]", "\ufffd", clean(name, most))


def text_array(text: str) -> AnyArray:
    """Return a text as an array of bytes, in which a frame takes it whole and unchanged."""
    return np.frombuffer(text.encode("utf-8", "replace"), np.uint8)


def as_text(array: Plain) -> str:
    """Return the text that `text_array` made an array of."""
    if type(array) is not np.ndarray or array.dtype != np.uint8:
        raise BadFrame("something else in place of a text")
    return array.tobytes().decode("utf-8", "replace")


# ------------------------------------------------------------------ what the judge asks


def pack_question(question: Plain) -> AnyArray:
    """Return a question of the judge's, recipes and all, as an array of bytes, which a frame can hold."""
    return np.frombuffer(pickle.dumps(question, pickle.HIGHEST_PROTOCOL), np.uint8)


def unpack_question(packed: AnyArray) -> Any:
    """Return the question that `pack_question` made an array of; nothing but the judge may have made that."""
    return _Question(io.BytesIO(packed.tobytes())).load()


class _Question(pickle.Unpickler):
    """Finds each kind where it was at first: what a cell puts in its place is not asked."""

    _kinds: ClassVar[dict[str, Any]] = {"Foreign": Foreign, "Recipe": Recipe}

    def find_class(self, module: str, name: str) -> Any:
        if name not in self._kinds:
            self._kinds[name] = super().find_class(module, name)
        return self._kinds[name]


# ------------------------------------------------------------------ channels


def send(channel: socket.socket, value: Plain, deadline: float | None = None) -> None:
    """Send plain data; `deadline` is a time of `time.monotonic()`."""
    view = memoryview(pack(value))
    while view:
        _wait_until(channel, deadline)
        try:
            view = view[channel.send(view) :]
        except TimeoutError:
            raise TooSlow from None
        except OSError:
            raise Gone from None


def receive(channel: socket.socket, deadline: float | None = None) -> Plain:
    """Receive plain data; Gone, TooSlow or BadFrame if none comes."""
    letters, rest = _lengths(_exactly(channel, _HEAD.size, deadline))
    body = _exactly(channel, letters + rest, deadline)
    return _unpack_body(body[:letters], body[letters:])


def _exactly(channel: socket.socket, length: int, deadline: float | None) -> bytes:
    found = bytearray()
    while len(found) < length:
        _wait_until(channel, deadline)
        try:
            piece = channel.recv(min(length - len(found), 1 << 20))
        except TimeoutError:
            raise TooSlow from None
        except OSError:
            raise Gone from None
        if not piece:
            raise Gone
        found += piece
    return bytes(found)


def _wait_until(channel: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TooSlow
    with contextlib.suppress(OSError):
        channel.settimeout(left)
