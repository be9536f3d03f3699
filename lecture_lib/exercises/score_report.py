"""`score_report`: points by lesson and topic, and what to look at again; for oneself, and to print."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from lecture_lib.common import Look, Shown, Table, aligned

from .best_verdicts import Best, newest_verdicts
from .exercise import Exercise
from .page import bullets, card, paragraph
from .registry import EXERCISES
from .signing_in import NOBODY, current_student

_EDGE = "padding: 2px 12px 2px 0; text-align: "
_LOOK = Look(
    table='style="margin: 4px 0"',
    caption='style="text-align: left; white-space: nowrap"',
    cell=(*[f'style="{_EDGE}left"'] * 3, f'style="{_EDGE}right"', f'style="{_EDGE}left"'),
)
_HEAD = ["Lesson", "Topic", "Exercise", "Points", "State"]
_UNTRIED = "not attempted"
_FOR_YOU = (
    "A summary for yourself, made from the newest check of each exercise on this computer. It certifies "
    "nothing: points that count are given by your instructor, on other inputs."
)
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body {{ font: 11pt/1.4 sans-serif; max-width: 46em; margin: 2em auto; color: #000; background: #fff }}
tr {{ break-inside: avoid }}</style>
<body><main>{body}</main></body></html>
"""


@dataclass(frozen=True, repr=False)
class ScoreReport(Shown):
    """What each exercise has earned, and what to look at again.

    Attributes
    ----------
    heading : str
        whose it is, and the sum
    rows : tuple of tuple of str
        lesson, topic, exercise, points, state
    revisit : tuple of str
        a sentence for each exercise that was tried and has not passed
    ahead : tuple of str
        a line for each lesson with exercises that were not tried
    """

    heading: str
    rows: tuple[tuple[str, ...], ...]
    revisit: tuple[str, ...]
    ahead: tuple[str, ...]

    @property
    def words(self) -> str:
        """The report in plain text."""
        to_do = [
            line for title, lines in self._to_do() for line in (title, *(f"  {entry}" for entry in lines))
        ]
        return "\n".join([self.heading, aligned([_HEAD, *self.rows], "  "), *to_do, _FOR_YOU])

    @property
    def html(self) -> str:
        """The report as HTML."""
        return card("", self.heading, self._blocks())

    def save(self, path: str | Path = "score_report.html") -> Path:
        """Write the report as a page of its own, for the browser to print.

        Parameters
        ----------
        path
            the file; one that is there is written anew

        Returns
        -------
        pathlib.Path
            where it is
        """
        path = Path(path)
        body = f"<h1>{escape(self.heading)}</h1>{''.join(self._blocks())}"
        path.write_text(_PAGE.format(title=escape(self.heading), body=body), encoding="utf-8")
        return path.resolve()

    def _blocks(self) -> list[str]:
        table = Table("Points by lesson and topic", _HEAD, [list(row) for row in self.rows], _LOOK).html
        to_do = [
            block
            for title, lines in self._to_do()
            for block in (paragraph(title), bullets([escape(line) for line in lines]) if lines else "")
        ]
        return [table, *to_do, paragraph(_FOR_YOU)]

    def _to_do(self) -> list[tuple[str, tuple[str, ...]]]:
        """Give the titles with their lines: what to look at again, and what is still ahead."""
        lists = [("To look at again:", self.revisit), ("Not attempted yet:", self.ahead)]
        return [(title, lines) for title, lines in lists if lines] or [
            ("Nothing to look at again: every exercise has passed.", ())
        ]


def score_report() -> ScoreReport:
    """Points by lesson and topic as the newest checks gave them, and which sections to look at again.

    Returns
    -------
    ScoreReport
        shown in a notebook; `.save("my_report.html")` writes a page to print
    """
    newest = newest_verdicts()
    asked = sorted(EXERCISES.values(), key=lambda exercise: exercise.lesson)
    done = sum(_points(newest, exercise) for exercise in asked)
    who = current_student()
    heading = f"Score report{f' of {who}' if who != NOBODY else ''}: {done:g} of "
    heading += f"{sum(exercise.points for exercise in asked):g} points"
    return ScoreReport(
        heading,
        tuple(_rows(newest, asked)),
        tuple(
            _again(newest, exercise)
            for exercise in asked
            if _state(newest, exercise) not in ("passed", _UNTRIED)
        ),
        tuple(_ahead(newest, asked)),
    )


def _rows(newest: dict[str, Best], asked: list[Exercise]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each exercise, and after those of a lesson its sum."""
    for lesson, group in groupby(asked, key=lambda exercise: exercise.lesson):
        own = list(group)
        yield from (_row(newest, exercise) for exercise in own)
        points = f"{sum(_points(newest, exercise) for exercise in own):g}"
        passed = sum(_state(newest, exercise) == "passed" for exercise in own)
        out_of = f"{sum(exercise.points for exercise in own):g}"
        yield lesson, "all of it", "", f"{points} of {out_of}", f"{passed} of {len(own)} passed"


def _row(newest: dict[str, Best], exercise: Exercise) -> tuple[str, ...]:
    points = f"{_points(newest, exercise):g} of {exercise.points:g}"
    return exercise.lesson, _topic(exercise), exercise.id, points, _state(newest, exercise)


def _topic(exercise: Exercise) -> str:
    return exercise.slide or "how an exercise works"


def _again(newest: dict[str, Best], exercise: Exercise) -> str:
    """Say where to look: the slide, what stands before the exercise, and what it asks."""
    parts = "; ".join(f"{part.name} ({part.points:g})" for part in exercise.parts)
    slide = f'slide "{exercise.slide}"; ' if exercise.slide else ""
    return (
        f"{exercise.id} (lesson {exercise.lesson}, {_state(newest, exercise)}): {slide}{exercise.twin}. "
        f"Its points are for: {parts}"
    )


def _ahead(newest: dict[str, Best], asked: list[Exercise]) -> Iterator[str]:
    """Yield a line for each lesson: its exercises that were not tried, with their points."""
    untried = [exercise for exercise in asked if _state(newest, exercise) == _UNTRIED]
    for lesson, group in groupby(untried, key=lambda exercise: exercise.lesson):
        yield f"Lesson {lesson}: {', '.join(f'{exercise.id} ({exercise.points:g})' for exercise in group)}"


def _points(newest: dict[str, Best], exercise: Exercise) -> float:
    return float(newest.get(exercise.id, {}).get("points", 0.0))


def _state(newest: dict[str, Best], exercise: Exercise) -> str:
    return str(newest.get(exercise.id, {}).get("state", _UNTRIED))
