"""What a person does with a lesson in JupyterLab.

The tests stand in several files, for a file is what one worker runs: so they go beside each other.
"""

import nbformat
from playwright.sync_api import expect

from solutions import build
from tests.browser.conftest import BEYOND, CUT, MOVE, WINDOW
from tests.browser.themes import the_dark_theme
from tests.lessons.kit import calls, code_cells

NAMES = [path.name for path in sorted((build.ROOT / "notebooks").glob("*.ipynb"))]
PARTS = {
    "backprop": NAMES[4:6],
    "training": NAMES[8:9],
    "selection": NAMES[9:10],
    "text": NAMES[10:],
    "descent": NAMES[6:8],
    "beginning": NAMES[:4],
}
"""Which lessons stand in which file: none takes much longer than the others."""
WAIT_FOR_ANSWERS = {"04_build_backprop.ipynb": 2}
"""How many explorers of a lesson show the student's own functions, and wait until they are written."""


def moves_by_keyboard_and_can_be_read_by_all(notebook, name):
    """Move each control and answer each question; axe in the dark before, in the light after."""
    assert notebook.errors == []
    with the_dark_theme(notebook.page):
        assert notebook.accessibility_faults() == []
    says_what_is_not_attempted(notebook, name)

    explorers = notebook.explorers()
    assert len(explorers) == stills(name, "ll-explorer-still") - WAIT_FOR_ANSWERS.get(name, 0)
    for wide in (1100, WINDOW["width"]):  # with the list of files beside it
        notebook.page.set_viewport_size(WINDOW | {"width": wide})
        beyond = [(wide, explorer.title, explorer.root.evaluate(BEYOND)) for explorer in explorers]
        assert not [one for one in beyond if one[2]], "every control stays in its frame"
        cut = [(wide, explorer.title, explorer.root.evaluate(CUT)) for explorer in explorers]
        assert not [one for one in cut if one[2]], "every option is read whole"
    for explorer in explorers:
        explorer.try_every_control()

    questions = notebook.questions()
    assert len(questions) >= stills(name, "ll-question-still")
    for question in questions:
        answer_by_keyboard(notebook.page, question)
    for question in questions:
        sees_every_explanation(question)

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
    """Choose the first answer and commit to it."""
    group = question.element_handle()  # a locator looks for it in the whole page each time
    group.query_selector("input[type=radio]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    group.wait_for_selector("[role=status]:not(:empty)", timeout=MOVE)  # it has the focus now


def sees_every_explanation(question):
    """After committing to one, every answer has its explanation."""
    options = question.locator("input[type=radio]")
    expect(question.locator("details")).to_have_count(options.count())
    assert all(text.strip() for text in question.locator("details p").all_text_contents())
