"""A verdict: what was found of an answer, in data, in words and in HTML."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from html import escape
from typing import Literal

from lecture_lib.common import Displayable, Shown

from .answer import Failure
from .page import SIGNS, bullets, card, code, paragraph
from .wording import error_words, line_words

State = Literal["passed", "not yet", "error", "not attempted"]


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
    failure
        The first error, where the answer raised one.
    meaning
        What the error means and what to look at, "" where that is not known.
    note
        What is said before the parts.
    misconceptions
        The names of all recognised mistakes.
    advice
        What helps, most specific first; it names no inputs.
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
        return f"{self.exercise}: {self.state}, {points_words(self.points, self.out_of)}"

    @property
    def message(self) -> str:
        """All of it in plain text."""
        lines = [text if isinstance(text, str) else _part_words(text) for text, _ in self._said]
        if self.picture is not None:
            lines.append(self.picture.words.partition("\n")[0])
        return "\n".join([self.heading, *(f"  {line}" for line in lines)])

    words = message

    @property
    def html(self) -> str:
        """All of it in HTML."""
        blocks: list[str] = []
        listed: list[str] = []
        for text, is_code in self._said:
            if not isinstance(text, str):
                listed.append(_part_html(text))
                continue
            if listed:
                blocks.append(bullets(listed))
                listed = []
            blocks.append(code(text) if is_code else paragraph(text))
        said = card(self.state, self.heading, [*blocks, *([bullets(listed)] if listed else [])])
        return said if self.picture is None else f"{said}\n{self.picture.html}"

    @functools.cached_property
    def _said(self) -> tuple[tuple[str | PartResult, bool], ...]:
        """All that is said, in order, and whether it is code."""
        said: list[tuple[str | PartResult, bool]] = []
        if self.failure is not None:
            said += [(text, True) for text in (line_words(self.failure),) if text]
            said += [(self.meaning, False)] if self.meaning else []
            said.append((error_words(self.failure), True))
        if self.note:
            said.append((self.note, False))
        if self.state != "not attempted" and not (self.note and self.failure is None):
            said += [(result, False) for result in self.results]
        said += [(line, True) for line in self.inputs]
        said += [(line, False) for line in self.advice]
        if self.state == "passed" and self.out_of == 0:
            said.append(("This one is for practice: it gives no points.", False))
        if self.state != "passed" and self.next_step:
            said.append((self.next_step, False))
        return tuple(said)


def points_words(points: float, out_of: float) -> str:
    """Say points as in "1 of 2 points"."""
    return f"{points:g} of {out_of:g} point{'' if out_of == 1 else 's'}"


def _part_words(result: PartResult) -> str:
    return f"{result.state:<7}  {result.name}{f': {result.detail}' if result.detail else ''}"


def _part_html(result: PartResult) -> str:
    sign = f'<span aria-hidden="true">{SIGNS[result.state]}</span>'
    detail = f": {escape(result.detail)}" if result.detail else ""
    return f"{sign} {escape(result.state)} <strong>{escape(result.name)}</strong>{detail}"
