"""Who signs in is seen when the notebook runs, not read in its text."""

import numpy as np
import pytest

from lecture_grader.grading.notebook_run import MOST_IDS, NotebookRun
from lecture_lib.lessons import example_of
from tests.grader.kit import Solved, code_cell, notebook_of, points, points_of

HOW = {
    "a constant": 'll.student("s4711")',
    "a variable": 'my_id = "s4711"\nll.student(my_id)',
    "an f-string": 'number = 4711\nll.student(f"s{number}")',
    "a keyword": 'll.student(id="s4711")',
    "another name of it": 'from lecture_lib import student as me\nme("s4711")',
    "a call that is never made": 'll.student("s4711")\nif False:\n    ll.student("another")',
    "a call that is never made, first": 'if False:\n    ll.student("another")\nll.student("s4711")',
    "a function that is not called": 'def f():\n    ll.student("another")\nll.student("s4711")',
    "a function that is called": 'def f(id):\n    ll.student(id)\nf("s4711")',
    "a condition": 'll.student("s4711") if True else ll.student("another")',
    "two calls": 'll.student("guest")\nll.student("s4711")',
    "an object of one's own": 'class student:\n    def __init__(self, id): pass\nll.student("s4711")\n'
    'student("another")',
    "capitals": 'll.student(" S4711 ")',
}


def by_hand(id):
    example = example_of(id)
    E, W, b, U = (example.params[name] for name in ("E", "W", "b", "U"))
    h0 = np.mean([E[:, example.vocabulary[word]] for word in example.tokens], axis=0)
    z = W @ h0 + b
    o = U @ np.maximum(z, 0)
    p = np.exp(o) / np.exp(o).sum()
    found = {"h0": h0, "z": z, "h": np.maximum(z, 0), "o": o, "p": p, "loss": -(example.y * np.log(p)).sum()}
    return {name: np.round(value, 4).tolist() for name, value in found.items()}


def signing_in(source):
    notebook = notebook_of("notebooks", "05")
    notebook["cells"] = [
        code_cell("import lecture_lib as ll"),
        code_cell(source),
        {**code_cell(f"forward_by_hand = {by_hand('s4711')}"), "id": "exercise-forward_by_hand"},
    ]
    return Solved(notebook)


@pytest.mark.parametrize("how", HOW)
def test_signing_in_is_what_running_it_gives(how, grade):
    graded = grade(signing_in(HOW[how]).bytes())
    assert graded.signed_in_as == "s4711"
    assert points(graded)["forward_by_hand"] == points_of("05")["forward_by_hand"]
    assert graded.human == ()


def test_who_signs_in_after_the_answer_is_known_all_the_same(grade):
    notebook = signing_in("1 + 1")
    notebook.cells.append(code_cell('me = "s4711"\nll.student(me)'))
    graded = grade(notebook.bytes())
    assert (graded.signed_in_as, points(graded)["forward_by_hand"]) == (
        "s4711",
        points_of("05")["forward_by_hand"],
    )


@pytest.mark.parametrize("source", ["1 + 1", 'if False:\n    ll.student("s4711")', "student = 5\nstudent"])
def test_who_never_signs_in_is_nobody(source, grade):
    assert grade(signing_in(source).bytes()).signed_in_as == ""


ASKED = {
    "the keyboard": 'll.student(input("Your id: "))',
    "the computer": "import getpass\nll.student(getpass.getuser())",
    "a setting": 'import os\nll.student(os.environ["USER"])',
}


@pytest.mark.parametrize("how", ASKED)
def test_who_asks_for_the_id_where_it_is_run_is_nobody_there_and_a_human_is_told(how, grade):
    graded = grade(signing_in(ASKED[how]).bytes())
    assert graded.signed_in_as == ""
    assert graded.human == (
        "The notebook asks for its id while it runs: where it is graded nobody answers, so nobody signs in.",
    )


@pytest.mark.parametrize("id", ["1", "student"])
def test_an_id_that_is_written_is_an_id_whatever_it_is(id, grade):
    assert grade(signing_in(f"ll.student('{id}')").bytes()).signed_in_as == id


def test_who_signs_in_where_a_cell_ends_the_process_is_known_by_the_text(grade):
    graded = grade(signing_in('ll.student("s4711")\nimport os\nos._exit(1)').bytes())
    assert graded.signed_in_as == "s4711"


def test_an_id_is_never_evaluated_outside_and_comes_out_clean(grade):
    graded = grade(
        signing_in(
            "import lecture_lib.exercises.signing_in as s\ns._signed_in = 'a\\x1b[2Jb\\n' * 90"
        ).bytes()
    )
    assert "\x1b" not in graded.signed_in_as
    assert "\n" not in graded.signed_in_as


def test_of_very_many_ids_the_last_ones_are_looked_for(grade, solved, monkeypatch):
    looked_for = []
    monkeypatch.setattr(NotebookRun, "_writes", lambda self, id: looked_for.append(id) or False)
    ids = ("str(1)", "'stu' + 'dent'")
    solved.cells.extend(code_cell(f"ll.student({ids[number % 2]})") for number in range(3 * MOST_IDS))
    grade(solved.bytes())
    assert 0 < len(looked_for) <= 3 * MOST_IDS
