"""How often each part of each exercise was passed and each mistake made, without names: one file a class.

Two such files, of two classes or of two years, are put side by side by `comparison`.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lecture_lib.common.tables import Table
from lecture_lib.lessons import EXERCISES

from .gradebook import as_csv
from .pictures import share
from .tally import Tally

STATISTICS = "item_statistics.csv"
_HEAD = ["lesson", "exercise", "part", "mistake", "students", "tried", "count"]
_TOTAL = "all points"
MOST_MISTAKES = 30
_MOST_STUDENTS = 10_000_000
_TWO_SIDES = 1.96  # of a normal distribution, 95% lie so many standard deviations around the middle


class NoStatistics(Exception):
    """There is no file of a class's statistics where one was looked for; the message says what to do."""


@dataclass(frozen=True)
class Count:
    """Of so many students who handed the exercise in, so many tried it, and of so many this is true."""

    students: int
    tried: int
    count: int


Item = tuple[str, str, str]
"""An exercise, its part, "" for all of it, and a mistake, "" for the points."""


def statistics_csv(tally: Tally) -> str:
    """What was counted of a class -> a line for each exercise, each of its parts and each mistake made."""
    lines: list[Sequence[object]] = [_HEAD]
    for exercise in EXERCISES.values():
        found = tally.exercises.get(exercise.id)
        if found is None:
            continue
        counts = {("", ""): found.outcomes[_TOTAL]}
        counts |= {(part.name, ""): found.parts[part.name] for part in exercise.parts}
        counts |= {("", name): count for name, count in sorted(found.mistakes.items())}
        for (part, mistake), count in counts.items():
            students = [found.outcomes.total(), found.tried, count]
            lines.append([exercise.lesson, exercise.id, part, mistake, *students])
    return as_csv(lines)


def read_statistics(place: Path) -> dict[Item, Count]:
    """Read a class's statistics: the folder of its results, or the file itself.

    Raises
    ------
    NoStatistics
        If they are not there, or this is another file.
    """
    path = place / STATISTICS if place.is_dir() else place
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != _HEAD:
                raise NoStatistics(f"{path} is no {STATISTICS} as `lecture-grader run` writes it.")
            return {(row["exercise"], row["part"], row["mistake"]): _count(row) for row in rows}
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise NoStatistics(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}. Give the folder of results"
            " of each class; `lecture-grader run` once more on the same folder writes the file, and grades"
            " nothing again."
        ) from None


def _count(row: Mapping[str, str]) -> Count:
    count = Count(int(row["students"]), int(row["tried"]), int(row["count"]))
    if not 0 <= count.count <= count.tried <= count.students <= _MOST_STUDENTS:
        raise ValueError(
            f"of {row['exercise']}, {row['students']} students, {row['tried']} who tried and a count of"
            f" {row['count']} cannot be: each is at least 0 and at most the one before, the first at most"
            f" {_MOST_STUDENTS:,}"
        )
    return count


# ------------------------------------------------------------------ two of them


def comparison(first: Mapping[Item, Count], second: Mapping[Item, Count], names: tuple[str, str]) -> str:
    """Two classes' statistics -> two tables in plain text: what was passed, and which mistakes were made."""
    head = ["Exercise", "Part", *names, "Difference"]
    none = Count(0, 0, 0)
    places = {id: place for place, id in enumerate(EXERCISES)}
    items = sorted(dict.fromkeys([*first, *second]), key=lambda item: places.get(item[0], len(places)))
    passed = [
        [item[0], item[1] or _TOTAL, *_compared(first.get(item, none), second.get(item, none))]
        for item in items
        if not item[2]
    ]
    mistakes = [(item, _mistake(first, item), _mistake(second, item)) for item in items if item[2]]
    mistakes.sort(key=lambda one: -abs(_difference(one[1], one[2])[0]))
    rows = [[exercise, mistake, *_compared(*both)] for (exercise, _, mistake), *both in mistakes]
    blocks = [Table("Who has the points, of those who tried", head, passed).words]
    if rows:
        head = ["Exercise", "Mistake", *names, "Difference"]
        blocks.append(Table("Mistakes that were recognised", head, rows[:MOST_MISTAKES]).words)
        if len(rows) > MOST_MISTAKES:
            blocks.append(f"And {len(rows) - MOST_MISTAKES} in which the two differ less.")
    blocks.append(_ABOUT)
    return "\n\n".join(blocks)


_ABOUT = """\
Difference: in points of a hundred, the second less the first, and how far classes of these sizes may lie
from it (95%). A * stands where that leaves no room for 0. Where nothing has changed, about one row in twenty
has a * all the same."""


def _mistake(own: Mapping[Item, Count], item: Item) -> Count:
    """Return how often a mistake was made: not at all, where it is not written down."""
    exercise = own.get((item[0], "", ""), Count(0, 0, 0))
    return own.get(item, Count(exercise.students, exercise.tried, 0))


def _compared(first: Count, second: Count) -> list[str]:
    """Two counts -> each in words, and their difference."""
    said = [
        f"{one.count} of {one.tried} ({share(one.count, one.tried)})" if one.tried else ""
        for one in (first, second)
    ]
    if not (first.tried and second.tried):
        return [*said, ""]
    difference, chance = _difference(first, second)
    sign = " *" if abs(difference) > chance else ""
    return [*said, f"{100 * difference:+.0f} ± {100 * chance:.0f}{sign}"]


def _difference(first: Count, second: Count) -> tuple[float, float]:
    """Return by how much a share has grown, and half of the range that chance leaves it.

    As Agresti and Caffo have it: to each class one who has it and one who has not are added, which makes the
    range hold for small classes too. The difference is that of the classes as they are.
    """
    if not (first.tried and second.tried):
        return 0.0, 0.0
    spread = 0.0
    for one in (first, second):
        part = (one.count + 1) / (one.tried + 2)
        spread += part * (1 - part) / (one.tried + 2)
    return second.count / second.tried - first.count / first.tried, _TWO_SIDES * math.sqrt(spread)
