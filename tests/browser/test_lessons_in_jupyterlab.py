"""Each lesson's student notebook in JupyterLab: runs unfilled, and all that moves moves by keyboard."""

import pytest
from playwright.sync_api import expect

from solutions import build

NOTEBOOKS = sorted((build.ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", [path.name for path in NOTEBOOKS])
def test_a_lesson_runs_and_moves_by_keyboard_and_can_be_read_by_all(open_notebook, name):
    notebook = open_notebook(name)
    assert notebook.errors == []
    assert notebook.accessibility_faults() == []

    for explorer in notebook.explorers():
        explorer.try_every_control()
    for question in notebook.questions():
        answer_by_keyboard(notebook.page, question)

    assert notebook.errors == []
    assert notebook.faults == []
    assert notebook.accessibility_faults() == []


def answer_by_keyboard(page, question):
    """Choose the first answer and commit to it; every answer must then have its explanation."""
    options = question.locator("input[type=radio]")
    options.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(question.locator("details")).to_have_count(options.count())
    for explanation in question.locator("details p").all():
        assert (explanation.text_content() or "").strip()


def test_there_are_lessons():
    assert NOTEBOOKS
