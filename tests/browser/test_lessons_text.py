"""Lessons in JupyterLab, those of one part: the student's moves by keyboard."""

import pytest

from tests.browser.lessons_kit import PARTS, moves_by_keyboard_and_can_be_read_by_all


@pytest.mark.parametrize("name", PARTS["text"])
def test_a_lesson_runs_and_moves_by_keyboard_and_can_be_read_by_all(open_notebook, name):
    moves_by_keyboard_and_can_be_read_by_all(open_notebook(name), name)
