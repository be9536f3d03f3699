"""What a lesson tells a student to do gives what the lesson says."""

import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.lessons.lesson_07.mutants import CAUSES
from tests.lessons.kit import code_cells


def cells_of(lesson):
    (path,) = Path("solutions").glob(f"{lesson}_*.ipynb")
    return [cell.source for cell in code_cells(nbformat.read(path, 4))]


def cell_with(lesson, text):
    (source,) = (source for source in cells_of(lesson) if text in source)
    return source


def test_a_test_set_whose_opening_is_run_a_second_time_was_opened_twice(monkeypatch):
    monkeypatch.setattr(ll, "sealed_definitions", lambda: ll.SealedTest(806, lambda model: 0.93))
    names = {"ll": ll, "search": SimpleNamespace(best={"model": None})}
    exec(cell_with("09", "ll.sealed_definitions()"), names)
    opens = cell_with("09", "= sealed.open(")
    for _ in range(2):
        exec(opens, names)
    assert "Opened 2 times" in str(names["sealed"].tally)


def test_the_jacobian_can_be_multiplied_by_y_although_section_6_ends_with_another_y():
    names = {"np": np, "ll": ll, "y": 0}
    exec(cell_with("02", "jacobian = np.eye(3) - p"), names)
    p, y = names["p"], names["y"]
    np.testing.assert_allclose(-y @ names["jacobian"], p - y)
    exec(cell_with("02", 'll.compare("jacobian"'), names)


@pytest.mark.parametrize(
    ("slope", "state"),
    [("(above - below) / (2 * h)", "right"), ("(above - neuron_loss(w, b)) / h", "not yet")],
)
def test_a_blank_with_the_slope_to_one_side_is_not_right(slope, state):
    names = {"np": np, "ll": ll}
    for start in ("def neuron_loss(w, b)", "def slope_for_w"):
        exec(cell_with("02", start), names)
    exec(cell_with("02", "slope_for_b = (").replace("(above - below) / (2 * h)", slope), names)
    assert eval(cell_with("02", 'll.compare("slope_for_b"'), names).state == state


def test_the_differences_of_a_blank_are_told_apart_by_the_mistakes_that_are_made_with_them():
    source = cell_with("07", 'll.compare("length"')
    expected = eval(re.search(r"length, (.*)\)$", source, re.MULTILINE)[1])
    change = np.array([1.0, -2.0, 2.0])
    assert expected == np.linalg.norm(change)
    assert expected not in (change.sum(), np.abs(change).sum(), (change**2).sum(), change.max())


@pytest.mark.parametrize(("name", "near"), [("number_of_batches", 5597 / 32), ("in_the_last", 28.99)])
def test_a_number_of_batches_or_texts_is_compared_exactly(name, near):
    source = cell_with("08", f'll.compare("{name}"')
    assert eval(source, {name: near, "np": np, "ll": ll}).state == "not yet"


def test_the_number_of_texts_that_are_needed_is_compared_exactly():
    names = {"ll": ll}
    exec(cell_with("09", "texts_needed = many"), names)
    compares = cell_with("09", 'll.compare("texts_needed"')
    *before, last = compares.splitlines()
    exec("\n".join(before), names)
    assert eval(last, names).state == "right"
    names["texts_needed"] += 1
    assert eval(last, names).state == "not yet"


def test_the_list_of_causes_has_a_bullet_for_each_cause():
    (text,) = (
        cell.source
        for cell in nbformat.read("solutions/07_descent.ipynb", 4).cells
        if "Nine causes" in cell.source
    )
    assert len(re.findall(r"^- ", text, re.MULTILINE)) == len(CAUSES) == 9
