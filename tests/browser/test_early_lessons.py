"""The lessons 00 to 05 in JupyterLab: the student's moves by keyboard."""

import pytest

from tests.browser.lessons_kit import EARLY, moves_by_keyboard_and_can_be_read_by_all


@pytest.mark.parametrize("name", EARLY)
def test_a_lesson_runs_and_moves_by_keyboard_and_can_be_read_by_all(open_notebook, name):
    moves_by_keyboard_and_can_be_read_by_all(open_notebook(name), name)
