"""The lessons as they are: solved, blank and half-done; and what people do to a notebook by accident."""

import json
import re

import numpy as np
import pytest

from lecture_grader import Unreadable, read_notebook, rows_of
from lecture_grader.outputs.feedback import feedback_page
from lecture_lib.lessons import EXERCISES
from lecture_lib.lessons.duck_goose.networks import all_values
from lecture_lib.lessons.lesson_05.encoding import students_problem
from tests.grader.kit import FULL, Solved, code_cell, notebook_of, points, words
from tests.points import worth

LESSONS = sorted({exercise.lesson for exercise in EXERCISES.values()})


def as_bytes(notebook: dict) -> bytes:
    return json.dumps(notebook).encode()


def out_of(lesson: str) -> dict[str, float]:
    return {exercise.id: exercise.points for exercise in EXERCISES.values() if exercise.lesson == lesson}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solved_notebook_earns_all_points(lesson, grade):
    graded = grade(as_bytes(notebook_of("solutions", lesson)))
    assert points(graded) == out_of(lesson)
    assert {found.verdict.state for found in graded.exercises.values()} == {"passed"}
    assert graded.notes == ()


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_blank_notebook_earns_nothing_and_is_not_called_wrong(lesson, grade):
    graded = grade(as_bytes(notebook_of("notebooks", lesson)))
    assert points(graded) == dict.fromkeys(out_of(lesson), 0.0)
    assert {found.verdict.state for found in graded.exercises.values()} == {"not attempted"}


@pytest.mark.parametrize("lesson", [lesson for lesson in LESSONS if len(out_of(lesson)) > 1])
def test_a_half_done_notebook_earns_what_is_done(lesson, grade):
    blank, done = notebook_of("notebooks", lesson), notebook_of("solutions", lesson)
    first = next(iter(out_of(lesson)))
    sources = {cell["id"]: cell["source"] for cell in done["cells"]}
    for cell in blank["cells"]:
        if cell["id"] == f"exercise-{first}":
            cell["source"] = sources[cell["id"]]
    expected = dict.fromkeys(out_of(lesson), 0.0) | {first: EXERCISES[first].points}
    assert points(grade(as_bytes(blank))) == expected


def test_part_of_an_exercise_earns_its_part(solved, grade):
    solved.write(
        "neuron_gradients", "def neuron_gradients(x, w, b, y):\n    return -2 * (y - w * x - b) * x, 0.0"
    )
    graded = grade(solved.bytes())
    assert points(graded) == FULL | {"neuron_gradients": worth("neuron_gradients", 0)}


def test_a_recognised_mistake_is_named(solved, grade):
    solved.write("fan_out", "def fan_out(x):\n    return x**2")
    assert grade(solved.bytes()).exercises["fan_out"].verdict.misconceptions == ("only the path through a",)


def test_numbers_worked_by_hand_are_the_students_own(grade):
    """The same numbers are right for whose they are, and wrong for another."""
    hers = all_values(students_problem("s4711"))
    numbers = {name: np.round(hers[name], 2).tolist() for name in ("h0", "z", "h", "o", "p", "loss")}
    earned = {}
    for student in ("s4711", "s0815"):
        notebook = json.loads(as_bytes(notebook_of("solutions", "05")).replace(b"guest", student.encode()))
        for cell in notebook["cells"]:
            if cell["id"] == "exercise-forward_by_hand":
                cell["source"] = f"forward_by_hand = {numbers}"
        graded = grade(as_bytes(notebook))
        assert graded.signed_in_as == student
        earned[student] = points(graded)["forward_by_hand"]
    assert earned == {"s4711": worth("forward_by_hand"), "s0815": 0.0}


# ------------------------------------------------------------------ accidents


def test_a_missing_cell_is_said_to_be_missing(solved, grade):
    del solved.cells[solved.place("fan_out")]
    graded = grade(solved.bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    assert graded.exercises["fan_out"].cell_notes == ("it is not in the notebook",)


def test_a_cell_that_lost_its_mark_is_found_by_its_function(solved, grade):
    cell = solved.cell("fan_out")
    cell["id"], cell["metadata"] = "abc", {}
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert "found by the name fan_out" in graded.exercises["fan_out"].cell_notes[0]


def test_a_notebook_without_any_mark_is_graded_by_its_functions(solved, grade):
    for cell in solved.cells:
        cell["id"], cell["metadata"] = "abc", {}
    assert points(grade(solved.bytes())) == FULL


@pytest.mark.parametrize("lost", ["checks", "titles"])
def test_without_marks_a_helper_with_the_name_of_another_lessons_exercise_brings_in_no_lesson(
    lost, solved, grade
):
    kept = "# 03 · " if lost == "checks" else "ll.check("
    for cell in solved.cells:
        cell["id"], cell["metadata"] = "abc", {}
        source = "".join(cell["source"])
        if source.startswith(("# 03 · ", "ll.check(")) and not source.startswith(kept):
            cell["source"] = "# left out"
    solved.cells.append(code_cell("def encode(tokens):\n    return tokens\n\n\ndef nll(p):\n    return -p"))
    assert points(grade(solved.bytes())) == FULL


def test_answers_that_are_used_in_a_lesson_without_exercises_are_not_asked_for_there(grade):
    lesson = Solved(notebook_of("solutions", "10"))
    lesson.cells.append(code_cell("def encode(tokens, vocabulary, E):\n    return E[:, 0]"))
    graded = grade(lesson.bytes())
    assert graded.exercises == {}
    assert "Lesson 10 has no exercises." in words(graded)


def test_a_doubled_cell_counts_once_and_is_reported(solved, grade):
    solved.cells.append(solved.cell("fan_out") | {"source": "def fan_out(x):\n    return 3 * x**2 + 2 * x"})
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert "its cell is there 2 times" in graded.exercises["fan_out"].cell_notes[0]


@pytest.mark.parametrize("kind", ["markdown", "raw", "a cell of an unknown type"])
def test_a_cell_of_another_type_is_not_run_and_is_reported(solved, grade, kind):
    solved.cell("fan_out")["cell_type"] = kind.removeprefix("a cell of an ")
    graded = grade(solved.bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    turned = f"its cell was turned into {kind}, and was not run"
    assert graded.exercises["fan_out"].cell_notes == (turned,)
    assert graded.human == (f"fan_out has no points: {turned}.",)
    page = feedback_page("s1", [graded])
    assert f"{turned[1:]}." in page
    assert "Nothing was written here" not in page


def test_a_renamed_function_is_reported(solved, grade):
    solved.write("fan_out", "def fanout(x):\n    return 3 * x**2 + 2 * x")
    graded = grade(solved.bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    assert "its cell does not define fan_out but fanout" in graded.exercises["fan_out"].cell_notes


def test_an_answer_split_over_two_cells_counts(solved, grade):
    solved.insert("backward_order", "def fan_out(x):\n    return helper(x)")
    solved.write("fan_out", "def helper(x):\n    return 3 * x**2 + 2 * x")
    assert points(grade(solved.bytes())) == FULL


def test_an_answer_with_a_failing_trial_beneath_it_counts(solved, grade):
    solved.write("fan_out", "def fan_out(x):\n    return 3 * x**2 + 2 * x\n\nfan_out('a') + undefined")
    assert points(grade(solved.bytes())) == FULL


def test_a_long_cell_is_run_whole(solved, grade):
    """Longer than what is ever kept of a text that an answer gives."""
    source = "".join(solved.cell("fan_out")["source"])
    solved.write(
        "fan_out", "# a long thought\n" * 1000 + source + "\n# — and \u200b what else is in a source\n" * 9
    )
    assert points(grade(solved.bytes())) == FULL


def test_magics_and_shell_lines_are_skipped_and_reported(solved, grade):
    solved.insert(
        "neuron_forward", "%matplotlib inline\n!pip install everything\nfiles = !ls\nmagic = 1\nll.check?"
    )
    solved.insert("neuron_forward", "%%bash\nrm -rf /")
    solved.insert("neuron_forward", "%%time\nassert magic == 1")
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert sum("is for a notebook only" in note for note in graded.notes) == 6


def test_an_await_at_top_level_is_run(solved, grade):
    solved.insert("fan_out", "import asyncio\nawait asyncio.sleep(0)\nfactor = 3")
    solved.write("fan_out", "def fan_out(x):\n    return factor * x**2 + 2 * x")
    assert points(grade(solved.bytes())) == FULL


def test_pictures_and_widgets_are_silent(solved, grade):
    solved.insert(
        "neuron_forward",
        "import matplotlib.pyplot as plt\nfrom IPython.display import display\nfrom tqdm.auto import tqdm\n"
        "figure, axes = plt.gcf(), [plt.gca()]\naxes[0].plot([1, 2])\ndisplay(figure)\n"
        "total = sum(tqdm([1, 2, 3]))\nassert total == 6",
    )
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert graded.notes == ()


def test_an_older_jupyters_notebook_is_graded(solved, grade):
    cells = []
    for cell in solved.cells:
        text = cell.pop("source")
        cells.append(
            cell
            | ({"input": text, "language": "python"} if cell["cell_type"] == "code" else {"source": text})
        )
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    graded = grade(as_bytes(old))
    assert points(graded) == FULL
    assert "older Jupyter" in words(graded)


@pytest.mark.parametrize("written", ["4", 4.0])
def test_a_format_that_is_written_in_another_way_is_no_other(written, solved, grade):
    solved.notebook["nbformat"] = written
    assert grade(solved.bytes()).notes == ()


def test_a_number_that_python_does_not_read_costs_nothing(solved, grade):
    solved.notebook["metadata"]["mine"] = "digits"
    graded = grade(solved.bytes().replace(b'"digits"', b"9" * 5000))
    assert (points(graded), graded.notes) == (FULL, ())


def test_what_was_cut_off_a_cell_is_said_to_the_student_and_to_a_person(solved, grade):
    cell = "x = 1\n" * 100_000 + "late = 2"
    graded = grade(
        solved.insert("fan_out", cell).write("fan_out", "def fan_out(x):\n    return late").bytes()
    )
    (words,) = [note for note in graded.notes if "letters" in note]
    assert re.fullmatch(
        r"Cell \d+ has 600,008 letters\. Only the first 400,000 of them were read and run\.", words
    )
    (row,) = rows_of([graded])
    assert words in [said for _, said in row.human]


def test_very_long_cells_are_cut_and_cost_the_answers_nothing(solved, grade):
    for number in range(8):
        solved.insert("fan_out", f"data_{number} = [\n" + "1,\n" * 130_000 + "]")
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert len([note for note in graded.notes if "390,012 letters" in note]) == 8


def test_a_notebook_in_another_encoding_is_graded(solved, grade):
    text = json.dumps(solved.notebook, ensure_ascii=False)
    assert points(grade(text.encode("utf-16"))) == FULL
    assert points(grade(b"\xef\xbb\xbf" + text.encode())) == FULL


def test_a_mark_that_is_no_exercise_is_reported(solved, grade):
    solved.cells.append(code_cell("1") | {"metadata": {"lecture": {"exercise": "nonsense"}}})
    assert grade(solved.bytes()).notes == ('A cell is marked as exercise "nonsense", which does not exist.',)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"  \n ", "The file is empty"),
        (b'{"cells": [{"cell_type": "code"', "damaged or cut short"),
        (b"<!DOCTYPE html><html>", "It is a web page"),
        (b"%PDF-1.7", "It is a PDF"),
        (b"PK\x03\x04\x14\x00\x08", "It is packed, as a zip is"),
        (b"\x1f\x8b\x08\x00", "It is packed, as a zip is"),
        (b"print('hello')", "It is not JSON"),
        (b"[1, 2]", "its outermost part is not an object"),
        (b'{"a": 1}', "it has no list of cells"),
        (b'{"cells": [], "nbformat": 4}', "The notebook has no cells"),
        (b"[" * 200_000, "nested too deeply"),
        (bytes(range(1, 256)), "It is not JSON"),
        (b'{"cells": [' + b"1," * 5000 + b'1], "nbformat": 4}', "2,000 are the most"),
        (b"[" + b'{"":0},' * 600_000 + b"0]", "too many entries"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "it has no list of cells"),
        (b'{"nbformat": ' + b"9" * 5000, "damaged or cut short"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(content, said):
    with pytest.raises(Unreadable, match=rf"{re.escape(said)}.* Ask the student to .*hand in"):
        read_notebook(content)


@pytest.mark.parametrize(
    "cell",
    [
        None,
        1,
        [],
        {"cell_type": 3, "source": {"a": 1}, "metadata": []},
        {"cell_type": "code", "source": [1, None, "x = 1"], "metadata": {"lecture": 3}},
        {"cell_type": "code", "source": "x = '\ud800'", "id": 4},
        {"cell_type": "code", "metadata": {"lecture": {"exercise": ["fan_out"]}}},
    ],
)
def test_cells_that_make_no_sense_cost_nothing(cell, solved, grade):
    solved.cells.insert(0, cell)
    assert points(grade(solved.bytes())) == FULL
