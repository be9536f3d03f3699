"""Every link in a paper that leads to a file, or to a heading of one, finds it."""

import re

import pytest

from solutions.build import ROOT

PAPERS = [path for place in ("*.md", "docs/*.md", "benchmarks/results/*.md") for path in ROOT.glob(place)]
BLOCK = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


def anchors(text):
    """Give the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_of_a_paper_leads_somewhere(paper):
    for link in re.findall(r"\]\(([^)]+)\)", BLOCK.sub("", paper.read_text(encoding="utf-8"))):
        if not link.startswith("https://"):
            name, _, heading = link.partition("#")
            found = paper.parent / name if name else paper
            assert found.exists(), link
            assert not heading or heading in anchors(found.read_text(encoding="utf-8")), link
