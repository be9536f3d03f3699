"""The class report's pictures: how many points, and how each exercise and each of its parts went."""

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lecture_lib.common import counted
from lecture_lib.show import Picture, svg
from lecture_lib.show.typeset import text_width

OUTCOMES = ("all points", "some points", "no points yet", "an error", "not attempted")
"""What becomes of an exercise, from best to worst."""

MOST_BARS = 20
_LONG, _HIGH = 420.0, 150.0
_FILLS = {
    "all points": svg.FORWARD,
    "some points": "url(#some)",
    "no points yet": "url(#none)",
    "an error": "url(#error)",
    "not attempted": "#fff",
}
# Full blue and full orange are the same grey to who sees no colours, and on paper: one fill alone is full.
_PATTERNS = (
    f"<defs>{svg.hatching('some', svg.FORWARD)}"
    '<pattern id="none" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<rect width="6" height="6" fill="#fff"/><circle cx="3" cy="3" r="1.4" fill="{svg.BACKWARD}"/>'
    '</pattern><pattern id="error" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
    f'<path d="M0 0H6V2.4H2.4V6H0Z" fill="{svg.BACKWARD}"/></pattern></defs>'
)


class ExerciseResult(NamedTuple):
    """How an exercise went.

    Attributes
    ----------
    name
        The exercise's id.
    outcomes
        Of `OUTCOMES`, how many students had it.
    parts
        Part -> how many students have all its points.
    """

    name: str
    outcomes: Mapping[str, int]
    parts: Mapping[str, int]


def share(count: int, total: int) -> str:
    """Count, total -> the share in words; what is not quite none or all is not called so.

    >>> share(0, 300), share(1, 300), share(150, 300), share(299, 300), share(300, 300)
    ('0%', 'under 1%', '50%', 'over 99%', '100%')
    """
    percent = 100 * count / total if total else 0.0
    if 0 < percent < 1:
        return "under 1%"
    if 99 < percent < 100:
        return "over 99%"
    return f"{percent:.0f}%"


def points_picture(title: str, points: Mapping[float, int], out_of: float) -> Picture:
    """Points -> how many students have them: bars, the last of which is those who have all.

    Parameters
    ----------
    title
        What the points are of: "Lesson 03".
    points
        A number of points -> how many students have it.
    out_of
        The points that there are; more than 0.
    """
    widths = (first * 10**power for power in itertools.count() for first in (1, 2, 5))
    step = next(width for width in widths if out_of / width <= MOST_BARS)
    edges = [step * k for k in range(int(-(-out_of // step)))]
    exact = step == 1 and all(value == int(value) for value in points)
    bars: list[tuple[str, str, int]] = []
    for start in edges:
        end = min(start + step, out_of)
        count = sum(many for value, many in points.items() if start <= value < end)
        bars.append((f"{start:g}", f"{start:g}" if exact else f"{start:g} to under {end:g}", count))
    everything = sum(many for value, many in points.items() if value >= out_of)
    bars.append((f"{out_of:g}", f"all {out_of:g}", everything))
    total = sum(points.values())
    words = [f"{title}: the points of {counted(total, 'student')}."]
    words += [f"{said} points: {count}" for _, said, count in bars]

    most = max(1, *(count for _, _, count in bars))
    left, top, wide = 20.0, 54.0, 30.0
    heading = f"{title}: how many students have how many points"
    body = [svg.text(left, 24, heading, anchor=None, fill=svg.INK, class_="t")]
    floor = top + _HIGH
    for place, (label, _, count) in enumerate(bars):
        x = left + place * wide
        high = round(_HIGH * count / most, 1)
        if count:
            body.append(svg.rect(x + 3, floor - high, wide - 6, high, rx=2, fill=svg.FORWARD))
            body.append(svg.text(x + wide / 2, floor - high - 5, f"{count}", fill=svg.INK, class_="k"))
        middle = x + wide / 2 if exact or place == len(bars) - 1 else x + 3
        body.append(svg.text(middle, floor + 16, label, fill=svg.PALE, class_="k"))
    end = left + len(bars) * wide
    body.append(svg.line([(left, floor), (end, floor)]))
    note = "points" if exact else f"points, {step:g} to a bar; the last bar is those who have all"
    body.append(svg.text(left, floor + 34, note, anchor=None, fill=svg.PALE, class_="k"))
    said = "\n".join(words)
    width = max(end, left + text_width(heading, "t"), left + text_width(note, "k")) + 20
    return Picture(svg.document(width, floor + 44, f"{title}: points", said, body), said)


def outcomes_picture(title: str, results: Sequence[ExerciseResult], students: int) -> Picture:
    """Exercises -> what became of them: a bar each, and a thin one for each part.

    Parameters
    ----------
    title
        What the exercises are of: "Lesson 03".
    results
        The exercises, in their order.
    students
        How many handed the lesson in.
    """
    words = [f"{title}: what became of each exercise, of {counted(students, 'student')}."]
    labels = [text_width(result.name, "t") for result in results]
    labels += [text_width(part, "k") + 12 for result in results for part in result.parts]
    start = 20 + max(labels, default=0) + 12
    body = [
        _PATTERNS,
        svg.text(20, 24, f"{title}: what became of each exercise", anchor=None, fill=svg.INK, class_="t"),
    ]
    top = _legend(body, 20.0, 36.0, start + _LONG)
    for result in results:
        words.append(f"{result.name}: " + ", ".join(f"{result.outcomes[one]} {one}" for one in OUTCOMES))
        body.append(svg.text(20, top + 17, result.name, anchor=None, fill=svg.INK, class_="t"))
        x = start
        for outcome in OUTCOMES:
            count = result.outcomes[outcome]
            if not count:
                continue
            length = round(_LONG * count / students, 2)
            body.append(svg.rect(x, top, length, 24, fill=_FILLS[outcome], stroke=svg.EDGE))
            if length > text_width(f"{count}", "n g") + 4:
                body += _number(x + length / 2, top + 16, count, outcome)
            x += length
        top += 30
        for part, count in result.parts.items():
            words.append(f"  {part}: {count} have all its points")
            body.append(svg.text(32, top + 9, part, anchor=None, fill=svg.INK, class_="k"))
            body.append(svg.rect(start, top, _LONG, 10, fill="none", stroke=svg.CARD_LINE))
            length = round(_LONG * count / students, 2) if students else 0.0
            if length:
                body.append(svg.rect(start, top, length, 10, fill=svg.FORWARD))
            note = share(count, students)
            body.append(svg.text(start + _LONG + 8, top + 9, note, anchor=None, fill=svg.INK, class_="k"))
            top += 16
        top += 12
    said = "\n".join(words)
    width = start + _LONG + 8 + text_width("under 1%", "k") + 16
    return Picture(svg.document(width, top + 4, f"{title}: exercises", said, body), said)


def _legend(body: list[str], x: float, top: float, right: float) -> float:
    """Draw what the fills mean, and return where the next thing can begin."""
    for outcome in OUTCOMES:
        long = 28 + text_width(outcome, "k") + 16
        if x + long > right and x > 20:
            x, top = 20.0, top + 22
        body.append(svg.rect(x, top, 22, 13, fill=_FILLS[outcome], stroke=svg.EDGE))
        body.append(svg.text(x + 28, top + 11, outcome, anchor=None, fill=svg.INK, class_="k"))
        x += long
    legend = "thin bars: who has all points of a part, of all who handed the lesson in"
    if x + text_width(legend, "k") > right:
        x, top = 20.0, top + 22
    body.append(svg.text(x, top + 11, legend, anchor=None, fill=svg.INK, class_="k"))
    return top + 30


def _number(x: float, y: float, count: int, outcome: str) -> list[str]:
    """A number on a fill: white on the full one, and on a white card on the others."""
    if outcome == "all points":
        return [svg.text(x, y, f"{count}", fill="#fff", class_="n g")]
    wide = text_width(f"{count}", "n g") + 4
    card = svg.rect(x - wide / 2, y - 13, wide, 18, rx=2, fill="#fff")
    return [card, svg.text(x, y, f"{count}", fill=svg.INK, class_="n g")]
