"""`score_report`: points by lesson and topic, and what to look at again; for oneself, and to print."""

from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from lecture_lib.common import Shown, Table, aligned

from .best_verdicts import heading, newest_verdicts
from .exercise import Exercise
from .page import TABLE, bullets, card, paragraph
from .registry import by_lesson

_EDGE = "padding: 2px 12px 2px 0; text-align: "
_STYLE = replace(TABLE, cell=(*[f'style="{_EDGE}left"'] * 3, f'style="{_EDGE}right"', f'style="{_EDGE}left"'))
_HEAD = ["Lesson", "Topic", "Exercise", "Points", "State"]
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
        table = Table("Points by lesson and topic", _HEAD, [list(row) for row in self.rows], _STYLE).html
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
    states = {id: found["state"] for id, found in newest.items()}
    rows: list[tuple[str, ...]] = []
    revisit: list[str] = []
    ahead: list[str] = []
    for lesson, own in by_lesson():
        earned = {exercise.id: newest[exercise.id]["points"] for exercise in own}
        for exercise in own:
            points = f"{earned[exercise.id]:g} of {exercise.points:g}"
            topic = exercise.slide or "how an exercise works"
            rows.append((lesson, topic, exercise.id, points, states[exercise.id]))
        points = f"{sum(earned.values()):g} of {sum(exercise.points for exercise in own):g}"
        passed = sum(states[id] == "passed" for id in earned)
        rows.append((lesson, "all of it", "", points, f"{passed} of {len(own)} passed"))
        untried = [f"{one.id} ({one.points:g})" for one in own if states[one.id] == "not attempted"]
        ahead += [f"Lesson {lesson}: {', '.join(untried)}"] if untried else []
        revisit += [_again(one, states[one.id]) for one in own if states[one.id] in ("not yet", "error")]
    return ScoreReport(heading("Score report", newest), tuple(rows), tuple(revisit), tuple(ahead))


def _again(exercise: Exercise, state: str) -> str:
    """Say where to look: the slide, what stands before the exercise, and what it asks."""
    parts = "; ".join(f"{part.name} ({part.points:g})" for part in exercise.parts)
    slide = f'slide "{exercise.slide}"; ' if exercise.slide else ""
    return (
        f"{exercise.id} (lesson {exercise.lesson}, {state}): {slide}{exercise.twin}. "
        f"Its points are for: {parts}"
    )
