"""Of a tame notebook, a lesson's own cells are run where anything else can have to do with them, else not."""

import builtins
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_grader.grading import one_notebook
from lecture_grader.grading.dependencies import needed
from lecture_grader.grading.exercise_cells import Found
from lecture_grader.grading.read_cells import ReadCell, read_cell
from lecture_grader.inside.reading import read
from lecture_grader.sandbox import lessons_own
from lecture_lib.lessons import EXERCISES
from tests.grader.kit import Solved, code_of, notebook_of
from tests.grader.test_one_go import WRONG

LESSONS = [f"{number:02d}" for number in range(11)]
SOME_EXERCISE = next(iter(EXERCISES.values()))


def as_read(source: str) -> ReadCell:
    cell = read_cell(source, read(source)[0])
    assert cell is not None
    return cell


def cells_of(*sources: str) -> dict[int, ReadCell]:
    return dict(enumerate(map(as_read, sources), 1))


def run_of(cells: dict[int, ReadCell], own: set[int] = frozenset()) -> list[int]:
    """List the cells that are run; the last answers an exercise, and all but some are the lesson's own."""
    given_out = {cell.source for number, cell in cells.items() if number not in own}
    return [*needed([Found(SOME_EXERCISE, max(cells))], cells, given_out)]


# ------------------------------------------------------------------ what is the same as when all is run


@pytest.mark.parametrize("folder", ["solutions", "notebooks", "wrong"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_judged_as_if_all_its_cells_were_run(folder, lesson, grade, monkeypatch):
    made = Solved(notebook_of("notebooks" if folder == "notebooks" else "solutions", lesson))
    for id in WRONG if folder == "wrong" else ():
        if EXERCISES[id].lesson == lesson:
            made.write(id, WRONG[id])
    graded = grade(made.bytes())
    monkeypatch.setattr(one_notebook, "lessons_own", frozenset)
    of_all = grade(made.bytes())
    assert graded.exercises == of_all.exercises
    assert graded.signed_in_as == of_all.signed_in_as
    assert graded.human == of_all.human


NAMES = st.sampled_from("abcd")
STATEMENTS = st.one_of(
    st.builds("{} = [{}]".format, NAMES, st.integers(0, 9)),
    st.builds("{} = {}".format, NAMES, NAMES),
    st.builds("{} = [{}, {}]".format, NAMES, NAMES, NAMES),
    st.builds("{} += [{}]".format, NAMES, st.integers(0, 9)),
    st.builds("{}.append({})".format, NAMES, st.integers(0, 9)),
    st.builds("{}[0] = {}".format, NAMES, st.integers(0, 9)),
    st.builds("for {} in ([1], [2]):\n    {} = {}".format, NAMES, NAMES, NAMES),
    st.builds("def f({}=[3]):\n    {}.append({})\n    return {}".format, NAMES, NAMES, NAMES, NAMES),
    st.builds("{} = f()".format, NAMES),
    st.builds("{} = [0 for {} in {}]".format, NAMES, NAMES, NAMES),
)
FIRST = ["a, b, c = [1], [2], [3]", "d = b", "def f():\n    return c"]


@given(st.lists(STATEMENTS, min_size=1, max_size=12), NAMES)
def test_what_is_left_out_changes_nothing_that_an_answer_sees(statements, seen):
    cells = cells_of(*FIRST, *statements, f"answer = lambda: repr({seen})")

    def answer(numbers: list[int]) -> str:
        main = {"__builtins__": builtins}
        for number in numbers:
            exec(cells[number].source, main)
        return main["answer"]()

    try:
        of_all = answer([*cells])
    except (RecursionError, TypeError, IndexError, AttributeError):  # a cell that stops, or a list in itself
        return
    assert answer(run_of(cells)) == of_all


# ------------------------------------------------------------------ what is run, and what is not


def test_a_picture_that_nothing_needs_is_not_run():
    cells = cells_of("import lecture_lib as ll", "x = 3", "y = 4\nll.table(y)", "def answer():\n    return x")
    assert run_of(cells) == [1, 2, 4]


def test_what_is_changed_under_another_name_is_run():
    cells = cells_of("a = [1]", "b = a", "c = 5", "b.append(2)", "def answer():\n    return a")
    assert run_of(cells) == [1, 2, 4, 5]


def test_what_the_student_has_written_is_run_and_what_it_needs():
    cells = cells_of("a = 1", "b = 2", "print(b)", "def answer():\n    return 3")
    assert run_of(cells, own={3}) == [2, 3, 4]


def test_signing_in_is_run():
    cells = cells_of('import lecture_lib as ll\nll.student("s1")', "x = 3", "def answer():\n    return 3")
    assert run_of(cells) == [1, 3]


@pytest.mark.parametrize("wild", ["import os", "import sys\nsys.modules.clear()", "exec('x = 4')"])
def test_beside_a_cell_that_may_reach_anything_all_are_run(wild):
    cells = cells_of("x = 3", wild, "y = 4", "def answer():\n    return 3")
    assert run_of(cells) == [1, 2, 3, 4]


def test_a_cell_of_the_students_own_that_stops_is_told(solved, grade):
    solved.insert("neuron_forward", "one = 1\none / 0")
    assert any("ZeroDivisionError" in note for note in grade(solved.bytes()).notes)


def test_most_of_a_lessons_own_cells_are_known():
    given = list(
        itertools.chain.from_iterable(code_of(notebook_of("notebooks", number)) for number in LESSONS)
    )
    assert sum(cell in lessons_own() for cell in given) > len(given) / 2


# ------------------------------------------------------------------ cells with which nbgrader tests


@pytest.mark.parametrize(
    ("source", "tame"),
    [
        (
            'll.exercises.require("nll", "one part", nll)\nll.exercises.require("nll", "one", nll, seed="1")',
            True,
        ),
        ("ll.exercises", False),
        ("module = ll.exercises", False),
        ("ll.exercises.signing_in.current_student = None", False),
        ("ll.exercises.require.__globals__.clear()", False),
        ("ll.exercises.require = None", False),
        ("ll.autodiff.require", False),
    ],
)
def test_a_cell_that_tests_for_nbgrader_reaches_no_further_than_its_notebook(source, tame):
    assert as_read(source).tame is tame
