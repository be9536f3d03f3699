"""A mistake is an edit of the right answer: what is replaced, by what, and the advice.

The right answer is written once, as the source that a student would write. Then a line of a table says a
mistake:

>>> right = RightAnswer("neuron", '''
... def neuron(x, w, b, y):
...     d = w * x + b
...     e = y - d
...     return d, e
... ''')
>>> table = (
...     Edit("b subtracted", {"+ b": "- b"}, "What does the last node before d do with b?"),
...     Edit("e = d - y", {"y - d": "d - y"}, "Which comes first in the difference?"),
... )

Such a line recognises the mistake, gives its advice, and proves the check. An exercise has
`misconceptions=(*mistakes(right, table), ...)`; two of its edits at once are made by machine, when an answer
has to be recognised that one alone does not explain.

>>> [known.answers[0](2.0, 3.0, 1.0, 9.0) for known in mistakes(right, table)]
[(5.0, 4.0), (7.0, -2.0)]
>>> [(both.names, both.answer(2.0, 3.0, 1.0, 9.0)) for both in pairs(mistakes(right, table))]
[(('b subtracted', 'e = d - y'), (5.0, -4.0))]

What is replaced must stand in the source exactly once; more of the line around it makes it so. A mistake in
two places is `{"+ b": "", "U @ h": "U @ h + b"}`; one that takes several forms is a tuple of such dicts.
Spaces count, and so do line ends. What no edit can say (another algorithm, a value worked by hand) stays a
function in a `Misconception` of its own.

The text may define several functions, one calling the other, and use NumPy as `np` and whatever `names`
holds. An exercise that asks for a value has a right answer of the student's id:
`def forward_by_hand(student): ...`.
"""

from __future__ import annotations

import functools
import itertools
import re
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import Any, cast

import numpy as np

from .exercise import Misconception, Mixture


class WrongEdit(ValueError):
    """What is to be replaced does not stand in the right answer exactly once, or is replaced by itself."""


@dataclass(frozen=True, eq=False)
class RightAnswer:
    """The right answer to an exercise, as the source that a student would write.

    Attributes
    ----------
    functions
        The name of the function that is the answer; for an exercise of two functions, both names.
    text
        The source, which defines them.
    names
        What the source uses besides NumPy and its own functions.
    """

    functions: str | tuple[str, ...]
    text: str
    names: Mapping[str, object] = field(default_factory=dict[str, object])

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", textwrap.dedent(self.text).strip() + "\n")

    def __call__(self, *arguments: object) -> Any:
        """Return what the right answer gives, where one function is asked."""
        return self.changed()(*arguments)

    def changed(self, changes: tuple[Change, ...] = ()) -> Any:
        """Return the answer with these changes: a function, or a tuple of them where several are asked."""
        if isinstance(self.functions, str):
            return EditedAnswer(self, self.functions, changes)
        return tuple(EditedAnswer(self, name, changes) for name in self.functions)


@dataclass(frozen=True)
class Edit:
    """A mistake: its name, `{what is replaced: by what}`, and the sentence that helps who made it.

    `replaced` is a tuple of such dicts where the mistake takes several forms; `whole`, `entire` and `alone`
    are as in `Misconception`.
    """

    name: str
    replaced: Mapping[str, str] | tuple[Mapping[str, str], ...]
    advice: str
    whole: bool = False
    entire: bool = False
    alone: bool = False

    @property
    def forms(self) -> tuple[Mapping[str, str], ...]:
        """Return the forms that the mistake takes."""
        return self.replaced if isinstance(self.replaced, tuple) else (self.replaced,)


@dataclass(frozen=True)
class Change:
    """One replacement: the letters of the source from `start` to `end` become `new`."""

    start: int
    end: int
    new: str

    def touches(self, other: Change) -> bool:
        """Whether both change the same letters, or put something in at the same place."""
        return self.start == other.start or (self.start < other.end and other.start < self.end)

    def meets(self, other: Change) -> bool:
        """Whether no letter stands between the two."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, eq=False)
class EditedAnswer:
    """A right answer with mistakes in it. It is compiled when it is first called, and kept."""

    right: RightAnswer
    function: str
    changes: tuple[Change, ...]

    def __call__(self, *arguments: object) -> object:
        """Call the function with its mistakes."""
        with np.errstate(all="ignore"):
            return self._compiled(*arguments)

    @functools.cached_property
    def _compiled(self) -> Callable[..., object]:
        names: dict[str, object] = {"np": np, **self.right.names}
        for block in self.text.replace("\ndef ", "\n\0def ").split("\0"):
            exec(_code(block), names)
        return cast("Callable[..., object]", names[self.function])

    @property
    def text(self) -> str:
        """The edited source."""
        text = self.right.text
        for change in sorted(self.changes, key=lambda change: -change.start):
            text = text[: change.start] + change.new + text[change.end :]
        return text


def mistakes(right: RightAnswer, edits: Iterable[Edit]) -> tuple[Misconception, ...]:
    """Return a table of edits as misconceptions of an exercise.

    Raises
    ------
    WrongEdit
        If what an edit replaces does not stand in the right answer exactly once.
    """
    return tuple(
        Misconception(
            edit.name,
            edit.advice,
            tuple(right.changed(_changes(right, edit, form)) for form in edit.forms),
            edit.whole,
            edit.entire,
            edit.alone,
        )
        for edit in edits
    )


def one_at_a_time(right: RightAnswer, edits: Iterable[Edit]) -> tuple[Misconception, ...]:
    """Return a table of edits as misconceptions of which no two are looked for together."""
    return mistakes(right, (replace(edit, alone=True) for edit in edits))


def is_edit(mistake: Mixture) -> bool:
    """Whether a known mistake is an edit, and so can be made together with another one."""
    answer: Any = mistake.answer
    return isinstance(answer[0] if isinstance(answer, tuple) else answer, EditedAnswer)


def together(one: Mixture, other: Mixture) -> Mixture | None:
    """Return both mistakes at once; None if they are forms of the same one, or touch the same letters."""
    both = _together(one.answer, other.answer)
    return (
        None
        if set(one.names) & set(other.names) or both is None
        else Mixture((*one.names, *other.names), both, (*(one.parts or (one,)), *(other.parts or (other,))))
    )


def _together(one: Any, other: Any) -> Any:
    if isinstance(one, tuple):  # of an exercise of several functions
        both = tuple(map(_together, cast("tuple[Any, ...]", one), cast("tuple[Any, ...]", other)))
        return None if None in both else both
    return _with_both(one, other)


@functools.lru_cache(maxsize=4096)
def _with_both(one: EditedAnswer, other: EditedAnswer) -> EditedAnswer | None:
    if (one.right, one.function) != (other.right, other.function) or any(
        mine.touches(theirs) for mine in one.changes for theirs in other.changes
    ):
        return None
    both = EditedAnswer(one.right, one.function, (*one.changes, *other.changes))
    if any(mine.meets(theirs) for mine in one.changes for theirs in other.changes):
        with warnings.catch_warnings():
            warnings.simplefilter("error", SyntaxWarning)
            try:
                compile(both.text, "<two mistakes>", "exec")
            except SyntaxError:  # as of an = put in before what became <=, or of a number that is called
                return None
    return both


def pairs(known: Iterable[Misconception]) -> Iterator[Mixture]:
    """Yield every two edits among known mistakes that can be made at once."""
    forms = [Mixture((one.name,), form) for one in known if not one.alone for form in one.answers]
    for one, other in itertools.combinations(filter(is_edit, forms), 2):
        both = together(one, other)
        if both is not None:
            yield both


def _changes(right: RightAnswer, edit: Edit, form: Mapping[str, str]) -> tuple[Change, ...]:
    changes: list[Change] = []
    for old, new in form.items():
        places = [found.start() for found in re.finditer(f"{_WHOLE}{re.escape(old)}{_WHOLE}", right.text)]
        if len(places) != 1:
            often = f"{len(places)} times" if places else "nowhere"
            raise WrongEdit(f'"{edit.name}": {old!r} stands {often} in the right answer {right.functions}')
        if old == new:
            raise WrongEdit(f'"{edit.name}": {old!r} is replaced by itself')
        changes.append(_smallest(places[0], old, new))
    return tuple(changes)


_WHOLE = r"(?!\B\w)"
"""A place that is not within a name: "+ b" is not in "+ bias"."""


def _smallest(start: int, old: str, new: str) -> Change:
    """Leave out what stays the same at both ends, in whole words, so that edits of neighbours go together."""
    before = _same(old, new)
    after = _same(old[before:][::-1], new[before:][::-1])
    return Change(start + before, start + len(old) - after, new[before : len(new) - after])


def _same(one: str, other: str) -> int:
    """Return with how many letters both texts begin alike, in whole words."""
    words = zip(*(re.findall(r"\w+|\W", text) for text in (one, other)), strict=False)
    return sum(len(mine) for mine, _ in itertools.takewhile(lambda both: both[0] == both[1], words))


@functools.lru_cache(maxsize=4096)
def _code(block: str) -> CodeType:
    """Compile one function; what is not edited is compiled once for all mistakes."""
    return compile(block, "<a known mistake>", "exec")
