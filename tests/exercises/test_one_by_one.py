"""Lesson 10's routine: one's own functions take the place of the library's, one after the other."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.exercises.kept_functions import keep_passed
from lecture_lib.exercises.stand_ins import LIBRARYS
from lecture_lib.lessons import check
from solutions import build

LESSON = next(path for path in build.sources() if path.name.startswith("10_"))


@pytest.fixture(scope="module")
def notebooks():
    """Give the cells of the routine, as the notebook has them, and the names that it replaces."""
    cells = [cell.solved for cell in build.parse(LESSON).cells if cell.kind == "code"]
    every = ll.definitions()
    few = SimpleNamespace(train=every.train[:64], dev=every.dev[:40])  # ten trainings of a moment each
    names = {"texts": few, "ll": ll}
    exec("import numpy as np", names)
    for cell in cells:
        if any(f"def {name}(" in cell for name in ("prepared", "evaluate", "train_one", "routine")):
            exec(cell, names)
    replaced = next(
        ast.literal_eval(node.args[1])
        for cell in cells
        for node in ast.walk(ast.parse(cell))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ll.one_by_one"
    )
    return names["routine"], replaced


def answers():
    """Give the functions of the solved lessons: exercise -> function."""
    found = {}
    for path in build.sources():
        names = {"ll": ll}
        exec("import numpy as np\nfrom itertools import product", names)
        for cell in build.parse(path).cells:
            if cell.exercise in LIBRARYS and "def " in cell.solved:
                exec(cell.solved, names)
                found[cell.exercise] = names[cell.exercise]
    return found


def test_nothing_of_ones_own_is_said_to_be_missing(notebooks):
    routine, replaced = notebooks
    table = ll.one_by_one(routine, replaced)
    assert [step.name for step in table.missing] == replaced
    assert "0 of 9 functions of the routine are your own. Nothing is replaced yet." in table.words
    assert "mlp_gradients (lesson 06), minibatches (lesson 08)" in table.words


def test_the_solutions_take_over_one_by_one_and_the_accuracy_is_unchanged(notebooks, monkeypatch):
    routine, replaced = notebooks
    own = answers()
    assert set(replaced) <= set(own)
    monkeypatch.setattr(
        "lecture_lib.lessons.lesson_10.own_functions.own_function", lambda name: (own[name], "your own.")
    )
    table = ll.one_by_one(routine, replaced)
    assert table.missing == ()
    for step in table.steps:
        assert step.dev_accuracy == table.dev_accuracy
        assert step.dev_loss == pytest.approx(table.dev_loss, abs=1e-10)
    assert "9 of 9 functions of the routine are your own. The accuracy is unchanged" in table.words


def test_the_librarys_gradients_of_one_text_stay_what_they_are_when_the_next_text_comes():
    example = ll.duck_goose()
    gradients = LIBRARYS["mlp_gradients"][1]
    first = gradients(["duck", "duck", "goose"], example.y, example.vocabulary, example.params)
    before = {name: value.copy() for name, value in first.items()}
    gradients(["goose"], example.y[::-1], example.vocabulary, example.params)
    for name, value in first.items():
        np.testing.assert_array_equal(value, before[name])
    assert first["U"] == pytest.approx(np.array([[0, -0.225176], [0, 0.225176]]), abs=1e-6)


def test_a_function_that_has_passed_is_used():
    def grid(space):
        configs = [{}]
        for name, values in space.items():
            configs = [{**config, name: value} for config in configs for value in values]
        return configs

    check("grid", grid)
    seen = []

    def routine(f):
        seen.append(f["grid"])
        return {"dev_accuracy": 0.5, "dev_loss": float(len(f["grid"]({"a": [1, 2]})))}

    table = ll.one_by_one(routine, ["grid"])
    assert table.steps[0].own
    assert seen[1] is not ll.grid


def test_one_that_fails_in_the_routine_is_put_back_and_the_error_said():
    def never(space):
        raise KeyError("depth")

    keep_passed("grid", never)
    table = ll.one_by_one(
        lambda f: {"dev_accuracy": len(f["grid"]({"a": [1]})), "dev_loss": 0.0}, ["grid", "select_best"]
    )
    assert "Yours has passed, but fails here: KeyError: 'depth'." in table.words
    assert [step.name for step in table.missing] == ["grid", "select_best"]
