"""A verdict: what the judge found, in words and in HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from .judge import Judgement, PartResult, State, error_words, line_words
from .page import SIGNS, bullets, card, code, paragraph


@dataclass(frozen=True, repr=False)
class Verdict:
    """What `check` says of an answer. Shown as HTML in a notebook and as text elsewhere.

    Attributes
    ----------
    exercise
        The exercise's id.
    state
        "passed", "not yet", "error" or "not attempted".
    points, out_of
        What was earned, and what there was to earn.
    parts
        What the points are split over, each with what it earned.
    misconception
        The name of the recognised mistake, None if there is none; `misconceptions` has all of them.
    message
        All of it in plain text.
    results
        The parts once more, each with its state and what was seen.
    """

    exercise: str
    state: State
    points: float
    out_of: float
    parts: dict[str, float]
    misconception: str | None
    message: str
    misconceptions: tuple[str, ...]
    results: tuple[PartResult, ...]
    advice: tuple[str, ...]
    html: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.message}

    def __repr__(self) -> str:
        return self.message

    def __str__(self) -> str:
        return self.message


def verdict(found: Judgement, next_step: str = "") -> Verdict:
    """Put what the judge found into words; `next_step` is said last unless the answer passed."""
    heading = f"{found.exercise}: {found.state}, {points_words(found.points, found.out_of)}"
    lines = [heading]
    blocks: list[str] = []

    def say(text: str, as_code: bool = False) -> None:
        lines.append(f"  {text}")
        blocks.append(code(text) if as_code else paragraph(text))

    if found.failure is not None:
        if line_words(found.failure):
            say(line_words(found.failure), as_code=True)
        say(error_words(found.failure), as_code=True)
    if found.note:
        say(found.note)
    if found.state != "not attempted" and found.parts and not (found.note and found.failure is None):
        lines += [f"  {part.state:<7}  {part.name}{_colon(part.detail)}" for part in found.parts]
        blocks.append(bullets([_part_html(part) for part in found.parts]))
    for line in found.inputs:
        say(line, as_code=True)
    for advice in found.advice:
        say(advice)
    if found.state == "passed" and found.out_of == 0:
        say("This one is for practice: it gives no points.")
    if found.state != "passed" and next_step:
        say(next_step)
    return Verdict(
        exercise=found.exercise,
        state=found.state,
        points=found.points,
        out_of=found.out_of,
        parts={part.name: part.points for part in found.parts},
        misconception=found.misconceptions[0] if found.misconceptions else None,
        message="\n".join(lines),
        misconceptions=found.misconceptions,
        results=found.parts,
        advice=found.advice,
        html=card(found.state, heading, blocks),
    )


def points_words(points: float, out_of: float) -> str:
    """Say points as in "1 of 2 points"."""
    return f"{points:g} of {out_of:g} point{'' if out_of == 1 else 's'}"


def _colon(detail: str) -> str:
    return f": {detail}" if detail else ""


def _part_html(part: PartResult) -> str:
    sign = f'<span aria-hidden="true">{SIGNS[part.state]}</span>'
    detail = f": {escape(part.detail)}" if part.detail else ""
    return f"{sign} {escape(part.state)} <strong>{escape(part.name)}</strong>{detail}"
