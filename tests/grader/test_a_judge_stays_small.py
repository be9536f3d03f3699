"""Whatever is handed in, the judge keeps little of it, and writes little of it down."""

import time
import tracemalloc
from contextlib import closing

import pytest

from lecture_grader import grade_notebook, read_notebook
from lecture_grader.frames import pack
from lecture_grader.graded import as_line
from lecture_grader.grading import StepByStep, read_cells
from lecture_grader.grading.asking import MOST_GIVEN, AtOnce
from lecture_grader.grading.one_exercise import question
from lecture_lib.exercises.plain import Foreign
from tests.grader.kit import FULL, QUICK, points


def test_cells_of_many_names_are_read_but_not_remembered(sandbox):
    few, many = "x_1 + x_2", " + ".join(f"name_{number}" for number in range(500))
    at_once = AtOnce(sandbox, QUICK.times)
    at_once.read_all([few, many])
    at_once.close()
    assert len(at_once.read[many].names) == 500
    assert few in read_cells._read_before
    assert many not in read_cells._read_before
    assert len(read_cells._read_before) <= read_cells.MOST_REMEMBERED


def test_a_thousand_lines_that_are_skipped_make_one_note(solved, grade):
    graded = grade(solved.insert("fan_out", "%matplotlib inline\n" * 1000).bytes())
    assert points(graded) == FULL
    assert len([note for note in graded.notes if "was skipped" in note]) == 1


def test_of_very_many_notes_it_is_said_how_many_more_there_are(solved, grade):
    for number in range(300):
        solved.insert("fan_out", f"%time {number}")
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    assert graded.notes[200:] == ("There are 100 more notes of this kind.",)
    assert len(as_line(graded)) < 50_000


def test_of_millions_of_lines_a_judge_keeps_few(solved, grade):
    for number in range(10, 30):
        solved.insert("fan_out", '"""' + f"{number}\n" * 100_000 + '"""')
    content = solved.insert("fan_out", "1/0").insert("neuron_forward", "1/0").bytes()
    tracemalloc.start()
    notes = grade(content).notes
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()
    assert [note for note in notes if "line 1: 1/0" in note]


def test_a_notebook_whose_time_is_over_is_not_run_again(sandbox, solved, monkeypatch):
    solved.write("fan_out", "import os\ndef fan_out(x): return 0")
    solved.write("neuron_gradients", "def neuron_gradients(x, w, b, y): return 0, 0")
    ran = []
    follow = AtOnce.follow

    def noted(self, *given, **named):
        ran.append(given)
        monkeypatch.setattr(StepByStep, "out_of_time", True)
        return follow(self, *given, **named)

    monkeypatch.setattr(AtOnce, "follow", noted)
    graded = grade_notebook(read_notebook(solved.bytes()), sandbox, QUICK)
    assert len(ran) == 1
    assert any("seconds in all" in reason for reason in graded.human)


@pytest.mark.parametrize("many", ["np.ones(100_000)", "['', *['a text of twenty'] * 20_000]"])
def test_of_what_an_answer_gives_a_megabyte_is_kept_and_what_is_small_after_that(sandbox, many):
    asked = question("fan_out", QUICK.seed, "")
    large = (
        "import numpy as np\nmet = []\n"
        f"def fan_out(x):\n    met.append(x)\n    return {many} if len(met) < 8 else x\n"
    )
    with closing(StepByStep(sandbox, QUICK.times, time.monotonic() + 60)) as submission:
        submission.run(large)
        values = [outcome.value for outcome in submission.ask(asked).outcomes]
    kept = [value for value in values[:7] if not isinstance(value, Foreign)]
    assert kept
    assert len(pack(kept)) < MOST_GIVEN
    assert "too large to be looked at" in values[6].kind
    assert values[7:] == [x for _, (x,) in asked.calls[7:]]
