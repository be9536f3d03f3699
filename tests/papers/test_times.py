"""How long the lessons take: README says of each what the lesson says at its top, and of all the sum."""

import re
from math import ceil
from pathlib import Path

import pytest

from solutions import build

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
MINUTES = {
    number: (int(least), int(most))
    for number, least, most in re.findall(
        r"^\| \[`(\d\d)_[^|]*\|[^|]*\| (\d+)–(\d+) \|", README, re.MULTILINE
    )
}


def said_by(path):
    """Give the minutes at the top of a lesson: the least and the most."""
    text = " ".join(path.read_text(encoding="utf-8").replace("\n# ", " ").split())
    sittings, least, most = re.search(
        r"\*\*Time:\*\* (two sittings of )?(\d+) to (\d+) minutes", text
    ).groups()
    times = 2 if sittings else 1
    return times * int(least), times * int(most)


@pytest.mark.parametrize("path", build.sources(), ids=lambda path: path.stem)
def test_readme_has_each_lessons_own_minutes(path):
    assert MINUTES[path.name[:2]] == said_by(path)


def test_readme_has_the_sum_of_all_in_whole_hours_rounded_up():
    least, most = (sum(times) for times in zip(*MINUTES.values(), strict=True))
    assert f"All lessons together take {ceil(least / 60)} to {ceil(most / 60)} hours." in README
