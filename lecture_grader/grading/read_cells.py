"""What a code cell is, read without running it, by a process in the sandbox in which nothing was run."""

import builtins
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from lecture_lib.exercises.plain import Plain

from ..frames import as_text
from ..graded import made
from .remembering import Remembered

LIBRARIES = frozenset({"np", "ll", "numpy", "lecture_lib"})
_BY_NUMBER = re.compile(r"_i?\d+|_oh|Out|_i{1,3}|_ih|In").fullmatch
_NEVER_SPOILT = frozenset(dir(builtins)) | LIBRARIES
MOST_REMEMBERED, MOST_NAMES_REMEMBERED = 1_000, 200
"""So many cells are remembered, none with more names: those of all lessons and of a student who is graded.

A judge must not grow by what is handed in.
"""
MOST_NOTES = 5
"""Of what was left out in a cell, so many notes are kept."""


@dataclass(frozen=True)
class ReadCell:
    """What a code cell is, read without running it.

    Attributes
    ----------
    source
        What of it is run.
    defines, adds
        The names that its statements define, or add to; and those to which they only add.
    student
        The id that it signs in with, as far as its text says so.
    signs_in
        Whether it has to do with signing in at all.
    checks
        The checks in it: an exercise's id, "" for any, and the names that are handed to it.
    notes
        What was left out.
    names, sets
        The notebook's names that it has to do with, and those of them that it sets.
    tame
        Whether it could not change what another notebook would find in its process.
    lacks
        The names that it imports from a library that is not in the sandbox, each with that library.
    looks_behind
        Whether it asks for what shows how it is run: with that, an answer can end what watches it.
    asks
        The library's functions that do what exercises ask for, as far as it names them; "*" for any.
    only_defines
        Whether it does nothing but define functions, which keep nothing where no name of the notebook leads.
    only_hands
        If it does nothing but hand names to checks: the exercises' ids, each with these names.
    """

    source: str
    defines: tuple[str, ...] = ()
    adds: frozenset[str] = frozenset()
    student: str | None = None
    signs_in: bool = False
    checks: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    tame: bool = True
    lacks: tuple[tuple[str, str], ...] = ()
    looks_behind: bool = False
    asks: frozenset[str] = frozenset()
    only_defines: bool = False
    only_hands: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def by_number(self) -> frozenset[str]:
        """Its names of what IPython keeps of cells by their numbers."""
        return frozenset(filter(_BY_NUMBER, self.names))

    @cached_property
    def touches(self) -> frozenset[str]:
        """The names of which it may, if it is tame, change what stands behind them."""
        return self.sets | (self.names - _NEVER_SPOILT)


_read_before = Remembered[str, ReadCell](MOST_REMEMBERED)


def remembered(source: str) -> ReadCell | None:
    """Return what was read of a cell before: most are the same in every notebook."""
    return _read_before.recall(source)


def remember(source: str, made: ReadCell) -> None:
    """Remember what was read of a cell."""
    if len(source) < 10_000 and len(made.names) < MOST_NAMES_REMEMBERED:
        _read_before.keep(source, made)


def read_cell(source: str, found: Plain) -> ReadCell | None:
    """Make of what came from the sandbox what it should be; no cell had been run there."""
    if not isinstance(found, dict):
        return None
    read = cast("dict[str, Any]", found)
    source = source if read["source"] is None else as_text(read["source"])
    notes = tuple(str(note) for note in read["notes"][:MOST_NOTES])
    if len(read) == 2:  # it cannot be read
        return ReadCell(source, notes=notes)
    return made(ReadCell, read | {"source": source, "notes": notes})
