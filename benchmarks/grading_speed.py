"""How fast notebooks are graded, beside nbgrader, otter-grader and mograder: the same answers in one run.

    make bench-grading            or, in an environment with requirements-grading.txt in it,
    python benchmarks/grading_speed.py [--students 100] [--rounds 3] [--workers 2] [--quick]

Each grader is run from its own command line and must give all points. They take turns, and each figure is the
median over the rounds. What starting costs is shown by itself: it is what a class of one would pay, and is
taken off by grading a small class and a larger one. otter-grader starts anew for each notebook. mograder
grades notebooks of marimo: one lesson is made into one, and is all that it is given.

Ours judges the same answers, to the byte, but once. So it is measured again on a class in which no two
students' numbers are the same, and which gains nothing by that.

Then each is given a blank notebook whose first cell is written to earn points without an answer (`forging`).
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from forging import forgeries
from graders import (
    LESSONS,
    OF_MOGRADER,
    POINTS,
    ROOT,
    mograder,
    mograder_course,
    nbgrader,
    nbgrader_course,
    otter,
    otter_tests,
    solution,
    solved,
    with_numbers_of_their_own,
    write_class,
)
from machine import machine, processor_seconds

ALL_LESSONS = sorted(
    path.name[:2] for path in (ROOT / "solutions").glob("[0-9]*.ipynb") if path.name[:2] != "00"
)
HEAD = ["# Grading", "", "Made by `make bench-grading`; not to be edited.", "", "```"]


def medians(
    rounds: int, own: dict[str, Callable[[], float]], others: dict[str, Callable[[], float]]
) -> dict[str, float]:
    """Measure each in turn, so many times; what is our own before each of the others; return the medians."""
    found: dict[str, list[float]] = {}
    for number in range(1, rounds + 1):
        for other in others or [""]:
            turn = own | ({other: others[other]} if other else {})
            for name, measure in turn.items():
                found.setdefault(name, []).append(measure())
                print(f"  round {number}, {name}: {found[name][-1]:.1f} s", file=sys.stderr, flush=True)
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def peers(folder: Path, students: int, rounds: int, workers: int) -> Iterator[str]:
    """Give the lines of the table of graders."""
    few, several = 10, 3
    course = folder / "course"
    course.mkdir()
    handed = nbgrader_course(course, students)
    varied = with_numbers_of_their_own(handed, folder / "varied")
    (folder / "otter").mkdir()
    otter_tests(folder / "otter")
    marimo = mograder_course(folder / "mograder", several * workers).parents[2]
    everything = sum(POINTS.values())

    def all_points(graded: tuple[float, list[float]], count: int, most: float = everything) -> float:
        """Return the seconds, once that many students have all points."""
        seconds, points = graded
        assert points == [most] * count, points
        return seconds

    def by_mograder(count: int) -> float:
        names = [f"s{number}" for number in range(count)]
        return all_points(mograder(marimo, names, workers), count, POINTS[OF_MOGRADER])

    found = medians(
        rounds,
        {
            "ours, few": lambda: solved(folder, handed, few, workers),
            "ours": lambda: solved(folder, handed, students, workers),
            "ours, varied, few": lambda: solved(folder, varied, few, workers),
            "ours, varied": lambda: solved(folder, varied, students, workers),
        },
        {
            "nbgrader, one": lambda: all_points(nbgrader(course, "s1"), 1),
            "nbgrader": lambda: all_points(nbgrader(course, f"s[1-{several}]"), several),
            "otter": lambda: all_points(otter(folder / "otter", handed / "s0"), 1),
            "mograder, few": lambda: by_mograder(workers),
            "mograder": lambda: by_mograder(several * workers),
        },
    )
    each = len(LESSONS)

    def after_starting(name: str, small: str, more: int, count: int, of: int = each) -> tuple[float, float]:
        """Return the seconds that a notebook takes, and those that starting takes."""
        one = (found[name] - found[small]) / (of * more)
        return one, found[small] - of * count * one

    own = after_starting("ours", "ours, few", students - few, few)
    theirs = after_starting("nbgrader", "nbgrader, one", several - 1, 1)
    rows = [
        ("lecture_grader", "", *own),
        (
            " no two students alike",
            "",
            *after_starting("ours, varied", "ours, varied, few", students - few, few),
        ),
        ("nbgrader autograde", version("nbgrader"), *theirs),
        ("otter run", version("otter-grader"), found["otter"] / each, None),
        (
            f"mograder, lesson {OF_MOGRADER} alone",
            version("mograder"),
            *after_starting("mograder", "mograder, few", (several - 1) * workers, workers, 1),
        ),
    ]
    yield f"{each} notebooks a student (lessons {', '.join(LESSONS)}), solved; each grader gave all points."
    yield f"{'':27}{'version':>9}{'ms a notebook':>15}{'a second':>10}{'starting':>10}{'nbgrader takes':>16}"
    for name, number, seconds, starting in rows:
        start = "in each" if starting is None else f"{starting:.1f} s"
        times = f"{theirs[0] / seconds:.3g} times"
        yield f"{name:27}{number:>9}{1000 * seconds:15.1f}{1 / seconds:10.1f}{start:>10}{times:>16}"
    both = found["ours"] / (each * students)
    yield (
        f"Ours and mograder have {workers} workers. With its starting, {each * students} notebooks took"
        f" ours {found['ours']:.1f} s: {1 / both:.1f} a second."
    )


def lessons(folder: Path, students: int, rounds: int, workers: int) -> Iterator[str]:
    """Give the lines of what one more lesson costs."""
    places: list[Path] = []
    few = 10
    for count in range(1, len(ALL_LESSONS) + 1):
        paths = [solution(number) for number in ALL_LESSONS[:count]]
        places.append(folder / f"lessons-{count}")
        write_class(places[-1], paths, students)
    measured: dict[str, Callable[[], float]] = {}
    for place in places:
        measured |= {
            f"{place.name}, few": lambda place=place: solved(folder, place, few, workers),
            place.name: lambda place=place: solved(folder, place, students, workers),
        }
    found = medians(rounds, measured, {})
    yield f"\n{'Lessons a student':20}{'ms a student':>14}{'students a second':>19}{'one more lesson':>17}"
    before = 0.0
    for count, place in enumerate(places, 1):
        seconds = (found[place.name] - found[f"{place.name}, few"]) / (students - few)
        names = "+".join(ALL_LESSONS[:count])
        yield f"{names:20}{1000 * seconds:14.1f}{1 / seconds:19.1f}{1000 * (seconds - before):14.1f} ms"
        before = seconds
    if processor_seconds() is None:
        yield "How much of the processors that takes is not counted here."
        return

    def used(count: int) -> float:
        """Return the seconds of processors that so many students' whole courses take."""
        began, own = processor_seconds() or 0.0, time.process_time()
        solved(folder, places[-1], count, workers)
        return (processor_seconds() or 0.0) - began - (time.process_time() - own)

    each = statistics.median((used(students) - used(few)) / (students - few) for _ in range(rounds))
    yield f"In all processes together, a whole course takes {1000 * each:.0f} ms of the processors a student."


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="one round, a small class")
    given = parser.parse_args()
    if given.quick:
        given.students, given.rounds = 40, 1
    lines = [f"{name}: {value}" for name, value in machine().items()]
    lines += ["threads: one for each process's linear algebra", ""]
    print("\n".join(lines))
    with tempfile.TemporaryDirectory() as name:
        for table in (peers, lessons):
            for line in table(Path(name), given.students, given.rounds, given.workers):
                lines.append(line)
                print(line, flush=True)
        for line in forgeries(Path(name), given.workers):
            lines.append(line)
            print(line, flush=True)
    lines.append(f"\nload after: {os.getloadavg()[0]:.1f}")
    print(lines[-1])
    if not given.quick:
        (Path(__file__).parent / "results" / "grading.md").write_text(
            "\n".join([*HEAD, *lines, "```", ""]), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
