"""A verdict: what was found of an answer, in data, in words and in HTML."""

import functools
import itertools
from dataclasses import dataclass
from html import escape
from typing import Literal, TypeAlias, get_args

from lecture_lib.common import Displayable, Shown

from .answer import Failure
from .page import SIGNS, bullets, card, code, details, paragraph, standing_out
from .wording import error_words, line_words

State = Literal["not attempted", "error", "not yet", "passed"]
STATES: tuple[State, ...] = get_args(State)
"""From worst to best, of the same points."""


_Kind: TypeAlias = str
"""What is said: "advice", "code", "text", a "part", or an "input"."""
_BLOCKS = {"advice": standing_out, "code": code, "text": paragraph}


@dataclass(frozen=True)
class PartResult:
    """What became of one part: its state, its points, and what was seen, with inputs and values."""

    name: str
    state: State
    points: float
    out_of: float
    detail: str = ""


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """What is found of an answer. Shown as HTML in a notebook and as text elsewhere.

    Attributes
    ----------
    exercise
        The exercise's id.
    state
        "passed", "not yet", "error" or "not attempted".
    results
        The parts, each with its state, its points and what was seen.
    first
        What is said before anything else.
    failure
        The first error, where the answer raised one.
    meaning
        What the error means and what to look at, "" where that is not known.
    note
        Why there is nothing to be said of the parts, or what was wrong before they were looked at.
    misconceptions
        The names of all recognised mistakes.
    advice
        What helps, most specific first; it names no inputs and is said before the parts.
    inputs
        Those too long to be said in the parts, which call them "input 2" and so on.
    next_step
        Said last, unless the answer passed.
    picture
        What a notebook shows beneath: where the answer goes wrong.
    """

    exercise: str
    state: State
    results: tuple[PartResult, ...]
    first: tuple[str, ...] = ()
    failure: Failure | None = None
    meaning: str = ""
    note: str = ""
    misconceptions: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    next_step: str = ""
    picture: Displayable | None = None

    @property
    def points(self) -> float:
        """What the parts earned together."""
        return float(sum(result.points for result in self.results))

    @property
    def out_of(self) -> float:
        """What there was to earn."""
        return float(sum(result.out_of for result in self.results))

    @property
    def parts(self) -> dict[str, float]:
        """What the points are split over, each with what it earned."""
        return {result.name: result.points for result in self.results}

    @property
    def misconception(self) -> str | None:
        """The name of the recognised mistake, None if there is none."""
        return self.misconceptions[0] if self.misconceptions else None

    @property
    def heading(self) -> str:
        """The exercise, its state and its points."""
        points = f"{self.points:g} of {self.out_of:g} point{'' if self.out_of == 1 else 's'}"
        return f"{self.exercise}: {self.state}, {points}"

    @property
    def message(self) -> str:
        """All of it in plain text."""
        lines = [text if isinstance(text, str) else _part_words(text) for _, text in self._said]
        if self.picture is not None:
            lines.append(self.picture.words.partition("\n")[0])
        return "\n".join([self.heading, *(f"  {line}" for line in lines)])

    words = message

    @property
    def html(self) -> str:
        """All of it in HTML: the advice stands out, and long inputs are folded."""
        blocks: list[str] = []
        for kind, group in itertools.groupby(self._said, key=lambda said: said[0]):
            texts = [text for _, text in group]
            if kind == "part":
                blocks.append(bullets([_part_html(text) for text in texts if isinstance(text, PartResult)]))
            elif kind == "input":
                blocks.append(details("The inputs", [code(str(text)) for text in texts]))
            else:
                blocks += [_BLOCKS[kind](str(text)) for text in texts]
        said = card(self.state, self.heading, blocks)
        return said if self.picture is None else f"{said}\n{self.picture.html}"

    @functools.cached_property
    def _said(self) -> tuple[tuple[_Kind, str | PartResult], ...]:
        """All that is said, in order, and what each is."""
        said: list[tuple[_Kind, str | PartResult]] = [("advice", text) for text in self.first]
        never_ran = self.failure is not None and self.failure.depth == 0 and bool(self.note)
        if self.failure is not None:
            line = "" if never_ran else line_words(self.failure)
            said += [("code", line)] if line else []
            meaning = self.note if never_ran else self.meaning
            said += [("advice", meaning)] if meaning else []
            said.append(("code", error_words(self.failure)))
        if self.note and not never_ran:
            said.append(("advice" if self.state == "not yet" else "text", self.note))
        said += [("advice", line) for line in self.advice]
        if self.state != "not attempted" and not (self.note and self.failure is None):
            said += [("part", result) for result in self.results]
        said += [("input", line) for line in self.inputs]
        if self.state == "passed" and self.out_of == 0:
            said.append(("text", "This one is for practice: it gives no points."))
        if self.state != "passed" and self.next_step:
            said.append(("text", self.next_step))
        return tuple(said)


def _part_words(result: PartResult) -> str:
    return f"{result.state:<7}  {result.name}{f': {result.detail}' if result.detail else ''}"


def _part_html(result: PartResult) -> str:
    sign = f'<span aria-hidden="true">{SIGNS[result.state]}</span>'
    detail = f": {escape(result.detail)}" if result.detail else ""
    return f"{sign} {escape(result.state)} <strong>{escape(result.name)}</strong>{detail}"
