"""Each lesson in JupyterLab: the student's moves by keyboard, the solved one reads without Python."""

import nbformat
import pytest
from playwright.sync_api import expect

from solutions import build
from tests.browser.conftest import START
from tests.browser.themes import the_dark_theme
from tests.lessons.kit import calls, code_cells

NAMES = [path.name for path in sorted((build.ROOT / "notebooks").glob("*.ipynb"))]
lessons = pytest.mark.parametrize("name", NAMES)


def test_there_are_lessons():
    assert NAMES


WAIT_FOR_ANSWERS = {"04_build_backprop.ipynb": 2}
"""How many explorers of a lesson show the student's own functions, and wait until they are written."""


@lessons
def test_a_lesson_runs_and_moves_by_keyboard_and_can_be_read_by_all(open_notebook, name):
    notebook = open_notebook(name)
    assert notebook.errors == []
    with the_dark_theme(notebook.page):
        assert notebook.accessibility_faults() == []
    says_what_is_not_attempted(notebook, name)

    explorers = notebook.explorers()
    assert len(explorers) == stills(name, "ll-explorer-still") - WAIT_FOR_ANSWERS.get(name, 0)
    for explorer in explorers:
        explorer.try_every_control()

    questions = notebook.questions()
    assert len(questions) >= stills(name, "ll-question-still")
    for question in questions:
        answer_by_keyboard(notebook.page, question)

    assert notebook.errors == []
    assert notebook.faults == []
    assert notebook.accessibility_faults() == []


def says_what_is_not_attempted(notebook, name):
    """See that each check of an exercise that nobody has filled in says so."""
    cells = code_cells(nbformat.read(build.ROOT / "notebooks" / name, 4))
    texts = notebook.page.locator(".jp-CodeCell .jp-Cell-outputWrapper").all_text_contents()
    for cell, text in zip(cells, texts, strict=True):
        asked = calls(cell.source, "check", "compare")
        assert text.count("not attempted") >= len(asked), f"{asked}: {text}"


def stills(name, kind):
    """Count what stands still in the solved notebook: as many must be alive in the student's."""
    return saved_html(name).count(kind)


def saved_html(name):
    """Give all HTML that is saved in the solved notebook."""
    cells = nbformat.read(build.ROOT / "solutions" / name, 4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "\n".join(output.get("data", {}).get("text/html", "") for output in outputs)


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


@lessons
def test_a_solved_lesson_shows_its_pictures_before_anything_is_run(open_notebook, name):
    """A fresh clone is not trusted, and no kernel has made a widget: what is saved must do."""
    notebook = open_notebook(f"solved/{name}", run=False)
    pictures = notebook.page.locator(".jp-OutputArea-output img")
    expect(pictures).to_have_count(saved_html(name).count("<img "), timeout=START)
    for picture in pictures.all():
        assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
        assert len(picture.get_attribute("alt")) > 20
    assert notebook.errors == []
    assert notebook.accessibility_faults() == []
