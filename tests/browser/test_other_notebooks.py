"""Explorers in Notebook 7 and in nbclassic, the notebook as it was: JupyterLab's own server shows both."""

import nbformat
import pytest
from playwright.sync_api import expect

from solutions import build
from tests.browser.conftest import START, TOKEN, ExplorerOnPage

CELL = """import lecture_lib as ll
ll.explore_graph(lambda w, x: (w * x - 1) ** 2, w=0.5, x=2.0)"""


@pytest.mark.parametrize(
    ("place", "menu", "run_all"),
    [
        ("notebooks", "role=menuitem[name='Run']", "role=menuitem[name='Run All Cells']"),
        ("nbclassic/notebooks", "#celllink", "#run_all_cells"),
    ],
)
def test_an_explorer_moves_by_keyboard_and_the_questions_too(server, browser, place, menu, run_all):
    cells = [nbformat.v4.new_code_cell(CELL), nbformat.v4.new_code_cell("ll.recall('03')")]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict(build.METADATA))
    nbformat.write(notebook, server.folder / "other.ipynb")
    page = browser.new_page()
    page.goto(f"{server.url}{place}/other.ipynb?token={TOKEN}", timeout=START)
    python = page.locator(".jp-KernelName, .kernel_indicator_name").first
    expect(python).to_contain_text("Python 3", timeout=START)  # only now "Run All" finds it
    expect(page.locator("#kernel_indicator_icon.kernel_idle_icon, [data-status=idle]").first).to_be_attached()
    page.locator(menu).first.click()
    page.locator(run_all).first.click()
    expect(page.locator(".ll-explorer .ll-picture .ll-image").first).to_be_visible()
    expect(page.locator(".ll-explorer-still")).to_be_hidden()
    explorer = ExplorerOnPage(page.locator(".ll-explorer"))
    explorer.go_there_and_back(explorer.ranges[1])
    question = page.locator(".ll-question fieldset").first
    question.get_by_role("radio").first.check()
    question.get_by_role("button").click()
    expect(question.locator(".ll-right")).to_have_count(1)
    page.close()
    server.shut_kernels_down()
