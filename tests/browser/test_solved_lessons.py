"""Each solved lesson in JupyterLab reads without Python."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import START
from tests.browser.lessons_kit import EARLY, LATE, NAMES, saved_html


def test_there_are_lessons():
    assert EARLY
    assert LATE
    assert EARLY + LATE == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_solved_lesson_shows_its_pictures_before_anything_is_run(open_notebook, name):
    """A fresh clone is not trusted, and no kernel has made a widget: what is saved must do."""
    notebook = open_notebook(f"solved/{name}", run=False)
    pictures = notebook.page.locator(".jp-OutputArea-output img")
    expect(pictures).to_have_count(saved_html(name).count("<img "), timeout=START)
    seen = pictures.evaluate_all("""pictures => Promise.all(pictures.map(picture =>
        picture.decode().then(() => [picture.naturalWidth, picture.alt])))""")
    assert all(width > 0 and len(words) > 20 for width, words in seen)
    assert notebook.errors == []
    assert notebook.accessibility_faults() == []
