"""What the notebook's own check saw is judged, wherever it stands; of two answers the better counts."""

import re
from copy import deepcopy

import pytest

from tests.grader.kit import FULL, Solved, code_cell, notebook_of, points, points_of

STUB = 'def fan_out(x):\n    """Say it."""\n    raise NotImplementedError("write your answer here")\n'
RIGHT = "def fan_out(x):\n    return 3 * x**2 + 2 * x\n"
WRONG = "def fan_out(x):\n    return (x + 1) * 2 * x\n"
MINE = RIGHT.replace("fan_out", "mine")
CHECK = 'll.check("fan_out", fan_out)'


def with_cells(solved, *sources, exercise="fan_out"):
    """Put sources in the place of the exercise's cell, the first of them marked, and of its check."""
    place = solved.place(exercise)
    solved.write(exercise, sources[0])
    after = place + 1
    while "ll.check" not in "".join(solved.cells[after]["source"]):
        after += 1
    solved.cells[after : after + 1] = [code_cell(source) for source in sources[1:]]
    return solved.bytes()


ELSEWHERE = {
    "in a new cell after the stub": [STUB, RIGHT, CHECK],
    "in the check's cell": [STUB, RIGHT + CHECK],
    "under a name of one's own": [STUB, MINE, 'll.check("fan_out", mine)'],
    "under a name of one's own in its cell": [MINE, 'll.check("fan_out", mine)'],
    "without a name": [STUB, 'll.check("fan_out", lambda x: 3 * x**2 + 2 * x)'],
    "with a check under another name": [
        STUB,
        MINE + 'from lecture_lib import check as look\nlook("fan_out", mine)',
    ],
    "in a loop over exercises": [
        STUB,
        MINE + 'for id, answer in [("fan_out", mine)]:\n    ll.check(id, answer)',
    ],
    "in a new cell, and the check is gone": [STUB, RIGHT],
    "under the name, set by code": [STUB, MINE + "globals()['fan_out'] = mine", CHECK],
    "after a check of the stub": [STUB, CHECK, RIGHT],
    "with a helper below it": [
        "def fan_out(x):\n    return helper(x)\n",
        RIGHT.replace("fan_out", "helper"),
        CHECK,
    ],
    "in a cell above a stub": [RIGHT, STUB, CHECK],
    "with stubs on both sides": [STUB, RIGHT, STUB, CHECK],
    "with a helper's helper below it": [
        "def half(x):\n    return other(x)\ndef fan_out(x):\n    return half(x) + half(x)\n",
        CHECK,
        "def other(x):\n    return 1.5 * x**2 + x\n",
    ],
}


@pytest.mark.parametrize("where", ELSEWHERE)
def test_an_answer_counts_where_the_check_saw_it(where, solved, grade):
    graded = grade(with_cells(solved, *ELSEWHERE[where]))
    assert points(graded) == FULL
    assert graded.human == ()


HALVES = "\nbackward_order, rest = backward_order[:4], backward_order[4:]"
FINISHED = [
    "backward_order += rest",
    "backward_order.extend(rest)",
    "for one in rest: backward_order.append(one)",
]


@pytest.mark.parametrize("finish", FINISHED)
def test_a_list_that_is_begun_in_one_cell_is_finished_in_the_exercises_or_in_the_next(finish, solved, grade):
    own = "".join(solved.cell("backward_order")["source"])
    solved.insert("backward_order", own + HALVES).write("backward_order", finish)
    before = grade(solved.bytes())
    solved.write("backward_order", own + HALVES)
    solved.cells.pop(solved.place("backward_order") - 1)
    solved.cells.insert(solved.place("backward_order") + 1, code_cell(finish))
    after = grade(solved.bytes())
    assert points(before) == points(after) == FULL
    assert before.human == after.human == ()


def test_the_feedback_says_which_cell_held_the_answer(solved, grade):
    graded = grade(with_cells(solved, STUB, MINE, 'll.check("fan_out", mine)'))
    assert any("its check was handed" in note for note in graded.exercises["fan_out"].cell_notes)


def test_an_answer_that_only_its_check_was_handed_is_not_said_to_be_missing(solved, grade):
    with_cells(solved, STUB, 'll.check("fan_out", lambda x: 3 * x**2 + 2 * x)')
    del solved.cells[solved.place("fan_out")]
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    (note,) = graded.exercises["fan_out"].cell_notes
    assert note.startswith("its answer is that which its check was handed in cell")


@pytest.mark.parametrize("sources", [[WRONG, RIGHT, CHECK], [RIGHT, WRONG, CHECK], [WRONG, CHECK, RIGHT]])
def test_of_two_answers_the_better_counts_and_a_person_is_told(sources, solved, grade):
    graded = grade(with_cells(solved, *sources))
    assert points(graded) == FULL
    (said,) = graded.human
    assert "fan_out is answered in two ways" in said
    assert "earns 4" in said
    assert re.search(r"earns \d of 4, and that .* earns \d\. The better counts\.", said)


NO_ANSWER_OF_ONES_OWN = {
    "the library's is handed to the check, too": [RIGHT, CHECK, 'll.check("sgd_step", ll.sgd_step)'],
    "the library's is used from there on": [RIGHT, CHECK, "sgd_step = ll.sgd_step"],
    "another library's has the same name": [RIGHT, CHECK, "from torch.optim import sgd_step"],
    "another library's is imported before": ["from torch.optim import sgd_step", RIGHT, CHECK],
}


@pytest.mark.parametrize("what", NO_ANSWER_OF_ONES_OWN)
def test_what_is_a_librarys_is_no_second_answer(what, grade):
    solved = Solved(notebook_of("solutions", "01"))
    own = "".join(solved.cell("sgd_step")["source"])
    sources = [
        source.replace(RIGHT, own).replace("fan_out", "sgd_step") for source in NO_ANSWER_OF_ONES_OWN[what]
    ]
    graded = grade(with_cells(solved, *sources, exercise="sgd_step"))
    assert points(graded) == points_of("01")
    assert graded.human == ()


def test_a_check_that_is_handed_a_wrong_answer_takes_nothing_away(solved, grade):
    graded = grade(with_cells(solved, RIGHT, 'll.check("fan_out", lambda x: x)'))
    assert points(graded) == FULL


def test_a_check_of_something_else_is_no_matter(solved, grade):
    graded = grade(with_cells(solved, RIGHT, CHECK, 'll.check("no such", 1)\nll.check(5)\nll.check()'))
    assert points(graded) == FULL
    assert graded.human == ()


def test_what_a_check_was_handed_is_not_the_next_notebooks(solved, grade):
    assert points(grade(with_cells(solved, STUB, 'll.check("fan_out", lambda x: 3 * x**2 + 2 * x)'))) == FULL
    assert points(grade(with_cells(solved, STUB, 'if False:\n    ll.check("fan_out", 1)')))["fan_out"] == 0.0


@pytest.mark.parametrize("blanks", [1, 4])
def test_a_blank_lesson_that_was_pasted_below_takes_nothing_away(blanks, solved, grade):
    blank = notebook_of("notebooks", "03")["cells"]
    solved.cells.extend(deepcopy(blank * blanks))
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert graded.human == ()
