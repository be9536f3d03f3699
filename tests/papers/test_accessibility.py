"""The page on accessibility: each claim names a test that there is, and instructors find the page."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "accessibility.md").read_text("utf-8")


def test_each_test_that_is_named_exists():
    there = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        there |= {*re.findall(r"^ *def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)}
    named = {*re.findall(r"`(test_\w+)`", PAGE)}
    assert len(named) > 20
    assert named - there == set()


def test_each_claim_says_how_it_is_tested():
    rows = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("|")]
    claims = [cells for cells in rows if not cells[0].startswith(("-", " What ", " Guideline "))]
    assert len(claims) > 20
    for cells in claims:
        assert "`test_" in cells[-1] or re.search(r"axe|as 1\.1\.1|not by a test", cells[-1]), cells[0]


def test_instructors_find_the_page():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "(docs/accessibility.md)" in readme[readme.index("## For instructors") :]
