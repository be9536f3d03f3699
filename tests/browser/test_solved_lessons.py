"""Each solved lesson in JupyterLab reads without Python."""

from pathlib import Path

import pytest

from tests.browser.conftest import LOOK, START
from tests.browser.lessons_kit import NAMES, PARTS, saved_html


def test_each_lesson_is_in_one_part_and_each_part_is_run():
    assert sorted(name for part in PARTS.values() for name in part) == NAMES
    files = {
        path.stem.removeprefix("test_lessons_") for path in Path(__file__).parent.glob("test_lessons_*.py")
    }
    assert files == {*PARTS}


@pytest.mark.parametrize("name", NAMES)
def test_a_solved_lesson_shows_its_pictures_before_anything_is_run(open_notebook, name):
    """A fresh clone is not trusted, and no kernel has made a widget: what is saved must do."""
    notebook = open_notebook(f"solved/{name}", run=False)
    pictures = notebook.page.locator(".jp-OutputArea-output img")
    all_there = "count => document.querySelectorAll('.jp-OutputArea-output img').length === count"
    saved = saved_html(name).count("<img ")
    notebook.page.wait_for_function(all_there, arg=saved, timeout=START, polling=LOOK)
    seen = pictures.evaluate_all("""pictures => Promise.all(pictures.map(picture =>
        picture.decode().then(() => [picture.naturalWidth, picture.alt])))""")
    assert all(width > 0 and len(words) > 20 for width, words in seen)
    assert notebook.errors == []
    assert notebook.accessibility_faults() == []
