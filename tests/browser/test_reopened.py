"""A notebook is read without the Python that made it: the still picture stands in place of what moves."""

import json
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from solutions import build

SCRUBBER = """import lecture_lib as ll
x, w = ll.data(2.0, "x"), ll.parameter(0.5, "w")
ll.scrubber(ll.backward(((w * x - 1) ** 2).named("loss")))"""
CELLS = (SCRUBBER, "ll.recall('03')", SCRUBBER)
STILL = ".ll-explorer-still, .ll-question-still"
LIVE = ".ll-explorer, .ll-question"


def saved(notebook):
    """Save as a person does."""
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("Control+s")
    expect(notebook.page.locator(".jp-mod-dirty")).to_have_count(0)
    notebook.page.wait_for_timeout(500)


def reopened(server, notebook):
    """The same file in a page of its own, with another kernel."""
    server.shut_kernels_down()
    again = type(notebook)(notebook.page.context.new_page())
    again.load(server, "small.ipynb")
    again.page.wait_for_timeout(4000)  # as long as an error might take to appear
    return again


def stills_alone_are_seen(page, count):
    expect(page.locator(STILL)).to_have_count(count)
    for still in page.locator(STILL).all():
        expect(still).to_be_visible()
    for picture in page.locator(".ll-explorer-still img").all():
        assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    assert not any(live.is_visible() for live in page.locator(LIVE).all())
    shown = page.locator("body").inner_text()
    assert "model not found" not in shown
    assert "Error" not in shown
    assert "Loading widget" not in shown


def test_while_python_answers_what_moves_stands_in_place_of_the_still_picture(run_cells):
    notebook = run_cells(*CELLS)
    assert len(notebook.widgets()) == 3
    assert notebook.page.locator(STILL).count() == 3
    assert not any(still.is_visible() for still in notebook.page.locator(STILL).all())


def test_a_reopened_notebook_shows_its_still_pictures(server, run_cells):
    notebook = run_cells(*CELLS)
    notebook.widgets()
    saved(notebook)
    again = reopened(server, notebook)
    stills_alone_are_seen(again.page, 3)
    again.page.close()


def test_a_page_that_is_loaded_anew_beside_its_kernel_moves_again(server, run_cells):
    notebook = run_cells(*CELLS)
    saved(notebook)
    notebook.load(server, "small.ipynb")
    assert len(notebook.widgets()) == 3
    assert not any(still.is_visible() for still in notebook.page.locator(STILL).all())


def test_a_widgets_saved_state_is_not_taken_for_a_widget_that_moves(server, run_cells, executed):
    notebook = run_cells("1")
    nbformat.write(executed, server.folder / "small.ipynb")
    assert "widgets" in executed.metadata
    again = reopened(server, notebook)
    stills_alone_are_seen(again.page, 3)
    again.page.close()


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The cells as `nbconvert --execute` runs them, the widgets' state saved with them."""
    folder = tmp_path_factory.mktemp("nbconvert")
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict(build.METADATA))
    nbformat.write(notebook, folder / "in.ipynb")
    convert(folder, "in.ipynb", "notebook", "--execute", "--output", "out")
    return nbformat.read(folder / "out.ipynb", 4)


def convert(folder, name, kind, *options):
    command = [sys.executable, "-m", "nbconvert", name, "--to", kind, *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("network", [False, True])
def test_a_page_made_by_nbconvert_shows_the_still_pictures(executed, browser, tmp_path, network):
    nbformat.write(executed, tmp_path / "small.ipynb")
    convert(tmp_path, "small.ipynb", "html")
    page = browser.new_page()
    if not network:
        page.route("http*://**", lambda route: route.abort())
    page.goto((tmp_path / "small.html").as_uri(), wait_until="domcontentloaded")
    page.wait_for_timeout(3000)
    stills_alone_are_seen(page, 3)
    page.close()


@pytest.mark.parametrize("kind", ["markdown", "rst", "latex"])
def test_what_nbconvert_makes_besides_says_what_is_seen(executed, tmp_path, kind):
    nbformat.write(executed, tmp_path / "small.ipynb")
    convert(tmp_path, "small.ipynb", kind)
    (made,) = [path for path in tmp_path.iterdir() if path.suffix in (".md", ".rst", ".tex")]
    said = made.read_text(encoding="utf-8")
    assert "Forward and back, step by step" in said
    assert "model_id" not in said
    assert json.dumps(said)
