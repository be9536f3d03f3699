"""The lessons themselves: built from their sources, no answer given away, every check honest.

That the cells run, and that the solved ones' outputs are what is saved, nbval tests: there each cell is a
test of its own. That an unfilled exercise is said to be not attempted is tested in the browser.
"""

import ast
import re

import nbformat
import pytest

from lecture_lib.lessons import EXERCISES
from solutions import build
from tests.lessons.kit import calls, code_cells

SOURCES = build.sources()
lessons = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


def shown(cell):
    """Give all text that a cell shows."""
    return "\n".join(out.get("text", "") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)


def test_there_are_lessons():
    assert [path.stem[:2] for path in SOURCES][:1] == ["00"]


@lessons
def test_both_notebooks_are_what_their_source_makes(path):
    assert build.stale(build.parse(path)) == []


def test_every_notebook_has_a_source():
    assert build.orphans() == []


def test_readme_lists_every_lesson_with_its_points():
    assert build.stale_readme() == []


def test_every_exercise_has_its_heading_with_its_points():
    headed = [
        found["exercise"]
        for path in SOURCES
        for line in path.read_text(encoding="utf-8").splitlines()
        if (found := build.HEADING.match(line))
    ]
    assert sorted(headed) == sorted(EXERCISES)


@lessons
def test_no_exercises_answer_stands_in_the_students_notebook(path):
    lesson = build.parse(path)
    student = "\n".join(cell.source for cell in build.student_version(lesson).cells)
    assert "SOLUTION" not in student
    for cell in lesson.cells:
        for region in cell.regions if cell.exercise else ():
            lines = cell.source.splitlines()[region.first + 1 : region.last]
            assert "\n".join(lines) not in student


@lessons
def test_every_exercise_is_checked_in_a_later_cell(path):
    unchecked = set()
    for cell in build.parse(path).cells:
        if cell.kind == "code":
            unchecked -= set(calls(cell.solved, "check"))
        if cell.exercise:
            unchecked.add(cell.exercise)
    assert unchecked == set()


@lessons
def test_every_exercise_is_passed_in_the_solved_notebook(path):
    notebook = nbformat.read(build.parse(path).solved_path, 4)
    for cell in code_cells(notebook):
        for exercise in calls(cell.source, "check"):
            assert f"{exercise}: passed" in shown(cell)
        for _ in calls(cell.source, "compare"):
            assert "not attempted" not in shown(cell)
            assert "not yet" not in shown(cell)


@lessons
def test_no_lesson_says_left_or_right_of_pictures_that_may_stand_one_below_the_other(path):
    """Within one picture, as of a curve's ends, it is true in any window."""
    sides = r"\w+ on the (?:left|right) (?:is|shows)|in the picture on the|[Oo]n the left (?:the|for)"
    said = " ".join(line.removeprefix("#").strip() for line in path.read_text("utf-8").splitlines())
    assert re.findall(rf"{sides}|- (?:Left|Right):", said) == []


@lessons
def test_no_number_that_is_asked_for_stands_in_the_line_that_compares_it(path):
    for cell in code_cells(nbformat.read(build.parse(path).student_path, 4)):
        for call in ast.walk(ast.parse(cell.source)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "ll.compare":
                wanted = ast.unparse(call.args[2])
                assert not re.fullmatch(r"[-+\d.e]+", wanted), f"{ast.unparse(call)} says {wanted}"


@lessons
def test_each_line_of_code_is_seen_whole_beside_the_list_of_files_in_a_window_of_1280_pixels(path):
    lines = [
        line
        for cell in code_cells(nbformat.read(build.parse(path).student_path, 4))
        for line in cell.source.splitlines()
    ]
    assert [line for line in lines if len(line) > 106] == []
