"""A page without Python: explorers of few states move there, and questions; others say where they move."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from lecture_lib.explore.page import MOST_BYTES
from solutions import build
from tests.browser.conftest import ExplorerOnPage, found_by_axe

CELLS = (
    """import lecture_lib as ll
x, w = ll.data(2.0, "x"), ll.parameter(0.5, "w")
ll.scrubber(ll.backward(((w * x - 1) ** 2).named("loss")), start=1)""",
    "ll.explore_partials()",
    "ll.recall('03')",
    "ll.explore_descent()",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The notebook executed for pages, and made into a page and into slides."""
    folder = tmp_path_factory.mktemp("pages")
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict(build.METADATA))
    nbformat.write(notebook, folder / "in.ipynb")
    convert = [sys.executable, "-m", "nbconvert", "--to"]
    for made in (
        ["notebook", "--execute", "in.ipynb", "--output", "out"],
        ["html", "out.ipynb"],
        ["slides", "out.ipynb"],
    ):
        subprocess.run(
            [*convert, *made],
            cwd=folder,
            check=True,
            capture_output=True,
            env=os.environ | {"LECTURE_PAGES": "1"},
        )
    return folder


@pytest.fixture
def page(browser, folder):
    """The page, with no network and no Python."""
    page = browser.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto((folder / "out.html").as_uri(), wait_until="domcontentloaded")
    yield page
    page.close()


def test_what_has_few_states_moves_and_the_rest_says_where_it_moves(page):
    expect(page.locator(".ll-explorer")).to_have_count(2)
    expect(page.locator(".ll-explorer-still:visible")).to_have_count(1)
    expect(page.locator(".ll-explorer-still:visible")).to_contain_text(
        "It moves in the notebook, where Python runs."
    )
    scrubber, partials = (ExplorerOnPage(root) for root in page.locator(".ll-explorer").all())
    expect(scrubber.ranges[0]).to_have_value("1")
    scrubber.try_every_control()
    partials.try_every_control()
    scrubber.root.get_by_label("Go to").select_option(label="w, gradient")
    expect(scrubber.picture).to_contain_text("a contribution to w")
    sizes = "drawings => drawings.map(drawing => drawing.getBBox().width)"
    assert all(size > 0 for size in scrubber.picture.locator("svg").evaluate_all(sizes))

    question = page.locator(".ll-question fieldset").first
    question.get_by_role("radio").last.check()
    question.get_by_role("button").click()
    expect(question.locator(".ll-right")).to_have_count(1)
    expect(question.locator("details")).to_have_count(question.get_by_role("radio").count())
    assert found_by_axe(page, [".jp-OutputArea-output"]) == []


def test_slides_hold_the_same_and_no_output_weighs_more_than_its_bound(folder):
    slides = (folder / "out.slides.html").read_text(encoding="utf-8")
    assert slides.count("data-pack=") == 3
    outputs = [cell.outputs for cell in nbformat.read(folder / "out.ipynb", 4).cells]
    assert all(len(json.dumps(output)) < 2 * MOST_BYTES for output in outputs)


def test_without_javascript_the_still_pictures_stand(page, folder):
    page.route("**/*.html", lambda route: route.fulfill(body=bare(folder), content_type="text/html"))
    page.goto((folder / "out.html").as_uri(), wait_until="domcontentloaded")
    expect(page.locator(".ll-explorer-still:visible")).to_have_count(3)
    expect(page.locator(".ll-explorer")).to_have_count(0)


def bare(folder):
    """The page as a browser without JavaScript takes it."""
    return re.sub(
        r"<script.*?</script>", "", (folder / "out.html").read_text(encoding="utf-8"), flags=re.DOTALL
    )
