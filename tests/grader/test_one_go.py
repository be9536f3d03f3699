"""A notebook is done in one go where that will do, and step by step where not: the result is the same."""

import json

import pytest

from lecture_grader import grade_notebook, read_notebook
from lecture_grader.exports import export_nbgrader
from lecture_grader.frames import text_array
from lecture_grader.grading import grade_notebooks, replies
from lecture_grader.grading.asking import AtOnce
from lecture_grader.grading.exercise_cells import find_exercises
from lecture_grader.grading.one_notebook import sources_of
from lecture_grader.grading.other_answers import other_answers
from lecture_grader.grading.plan import Run, Seen
from lecture_grader.grading.replies import note_answers
from lecture_grader.workers import MOST
from lecture_lib.lessons import EXERCISES
from tests.grader.kit import FULL, QUICK, Solved, code_cell, notebook_of, points, points_of

WRONG = {
    "neuron_forward": "def neuron_forward(x, w, b, y):\n    print(x)\n    return w * x, w * x + b, 0.0",
    "neuron_gradients": "def neuron_gradients(x, w, b, y):\n    return -2 * (y - w * x - b) * x, undefined",
    "fan_out": "def fan_out(x):\n    return x**2\n\nprint(fan_out(3))\nfan_out('a')",
    "backward_order": "backward_order = [1, 2]",
    "encode": "def encode(tokens, vocabulary, E):\n    E[:] = 0\n    return E[:, 0]",
    "mlp_forward": "def mlp_forward(h0, W, b, U):\n    return W @ h0 + b, h0, None, [1.0]",
    "mlp_gradients": "def mlp_gradients(tokens, y, vocabulary, params):\n    return params",
    "errata": "errata = {'U12': 1, 'E_is': 'column'}",
}


def notebook(folder: str, lesson: str, **changed: str) -> bytes:
    made = Solved(notebook_of(folder, lesson))
    for exercise, source in changed.items():
        made.write(exercise, source)
    return made.bytes()


@pytest.fixture
def step_by_step(monkeypatch):
    """Let nothing be done in one go."""

    def begin() -> None:
        monkeypatch.setattr(AtOnce, "follow", lambda *given, **named: None)
        monkeypatch.setattr(AtOnce, "read_all", lambda *given: None)

    return begin


@pytest.mark.parametrize("folder", ["solutions", "notebooks", "wrong"])
@pytest.mark.parametrize("lesson", ["00", "03", "05", "06"])
def test_in_one_go_and_step_by_step_the_record_is_the_same(folder, lesson, grade, step_by_step):
    changed = {id: WRONG[id] for id in WRONG if EXERCISES[id].lesson == lesson and folder == "wrong"}
    content = notebook("solutions" if folder == "wrong" else folder, lesson, **changed)
    in_one_go = grade(content)
    step_by_step()
    assert grade(content) == in_one_go


def test_a_students_notebooks_are_graded_as_each_alone(sandbox, grade):
    lessons = ["00", "03", "05", "06"]
    handed = [read_notebook(notebook("solutions", lesson)) for lesson in lessons]
    wild = notebook("solutions", "03", fan_out="import numpy as np\nnp.maximum = np.exp = None\nfan_out = 1")
    handed.insert(1, read_notebook(wild))
    dies = notebook("solutions", "03", fan_out="import os\ndef fan_out(x): os._exit(0)")
    handed.insert(3, read_notebook(dies))
    together = grade_notebooks(handed, sandbox, QUICK)
    assert together == [grade_notebook(one, sandbox, QUICK) for one in handed]
    without_fan_out = sum(FULL.values()) - FULL["fan_out"]
    expected = [sum(points_of(lesson).values()) for lesson in lessons]
    expected.insert(1, without_fan_out)
    expected.insert(3, without_fan_out)
    assert [sum(points(graded).values()) for graded in together] == expected


@pytest.mark.parametrize("cell", ["data = 'A{}'", "x = {}1"], ids=["is long", "takes long to read"])
def test_cells_that_are_read_one_by_one_cost_no_notebook_its_points(cell, sandbox):
    handed = Solved(notebook_of("solutions", "03"))
    for number in range(3):
        handed.cells.insert(0, code_cell(cell.format(("A" if "A" in cell else "-") * (380_000 + number))))
    other = read_notebook(notebook("solutions", "00"))
    graded = grade_notebooks([read_notebook(handed.bytes()), other], sandbox, QUICK)
    assert [points(one) for one in graded] == [FULL, points_of("00")]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.maximum = lambda *given: 0",
        "import numpy as np\nnp.seterr(all='raise')",
        "import numpy as np\nsetattr(np, 'exp', None)",
        "from numpy import *\nimport numpy\nvars(numpy)['exp'] = None",
        "import lecture_lib as ll\nll.autodiff.ops.relu.__code__ = None",
        "__builtins__['sum'] = None",
        "import gc",
        "import os\nos.chdir('/')",
        "class Odd(float):\n    pass",
        "del ll.graph",
        "running = (running.gi_frame.f_back for _ in [1])",
        "import re\nre.enum.bltns.exec('1')",
        "import typing\ntyping.operator.attrgetter('__globals__')",
        "from typing import get_type_hints",
        "from string import Formatter",
        "'{0.gi_frame}'.format(x for x in [1])",
        "import functools\nfunctools.update_wrapper(len, print)",
        "import numpy as np\nnp.typecodes.clear()",
        "import numpy as np\nnp.ones(2).ctypes",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    error.with_traceback(None).tb_frame",
    ],
)
def test_a_notebook_that_could_reach_beyond_itself_has_a_process_of_its_own(sandbox, source):
    at_once = AtOnce(sandbox, QUICK.times)
    at_once.read_all([source])
    at_once.close()
    assert not at_once.read[source].tame


def test_where_a_new_process_could_not_be_made_the_next_notebook_asks_for_one_again(sandbox, monkeypatch):
    at_once, plan = AtOnce(sandbox, QUICK.times), (Run(1, "kept = 1"),)
    assert at_once.follow(plan, tame=True) is not None
    with monkeypatch.context() as broken:
        broken.setattr(sandbox, "new_process", lambda: (sandbox.leave(), 1 / 0))
        with pytest.raises(ZeroDivisionError):
            at_once.follow(plan, tame=True, in_new_process=True)
    assert at_once.follow(plan, tame=True) is not None


def test_what_one_notebook_does_is_not_kept_under_the_key_of_the_next(sandbox, grade):
    reach = """
def own():
    yield running.gi_frame.f_back
running = own()
frame = next(running)
while frame is not None:
    frame.f_builtins["sum"] = None
    if "_look" in frame.f_globals:
        frame.f_globals["_look"] = lambda main, name: "missing"
    frame = frame.f_back
"""
    first = read_notebook(Solved(notebook_of("solutions", "03")).insert("neuron_forward", reach).bytes())
    second = notebook("solutions", "05")
    assert grade_notebooks([first, read_notebook(second)], sandbox, QUICK)[1] == grade(second)


def test_the_lessons_themselves_are_tame(sandbox):
    at_once = AtOnce(sandbox, QUICK.times)
    for folder in ("notebooks", "solutions"):
        for lesson in ("00", "03", "05", "06"):
            cells = read_notebook(notebook(folder, lesson)).cells
            at_once.read_all(cell.source for cell in cells if cell.kind == "code")
    at_once.close()
    assert [cell.source for cell in at_once.read.values() if not cell.tame] == []


def commented(lesson, folder):
    """Return a solved notebook with a comment of one's own in each cell with an answer or a check."""
    solved = notebook_of("solutions", lesson)
    for cell in solved["cells"]:
        source = "".join(cell["source"])
        if cell["id"].startswith("exercise-") or "ll.check(" in source:
            cell["source"] = f"# {lesson}: mine\n{source}"
    return json.dumps(solved).encode()


def from_nbgrader(lesson, folder):
    """Return a solved notebook with nbgrader's test cells."""
    (path,) = export_nbgrader(folder / lesson, numbers=[lesson]).notebooks
    return path.read_bytes()


@pytest.mark.parametrize(
    "made_by", [lambda lesson, folder: notebook("solutions", lesson), commented, from_nbgrader]
)
def test_one_process_is_enough_for_a_whole_course(made_by, sandbox, monkeypatch, tmp_path):
    made = []
    new_process = type(sandbox).new_process
    monkeypatch.setattr(type(sandbox), "new_process", lambda self: made.append(self) or new_process(self))
    lessons = sorted({exercise.lesson for exercise in EXERCISES.values() if exercise.points})
    handed = [read_notebook(made_by(lesson, tmp_path)) for lesson in lessons]
    graded = grade_notebooks(handed, sandbox, QUICK)
    assert [points(one) for one in graded] == [points_of(lesson) for lesson in lessons]
    assert len(made) == 1
    assert len(lessons) <= MOST


def test_what_is_imported_once_more_below_is_no_other_answer(sandbox):
    again = Solved(notebook_of("solutions", "05"))
    for id in points_of("05"):
        source = "".join(again.cell(id)["source"])
        again.write(id, f"import numpy as np\nimport lecture_lib as ll\n\n{source}")
    handed = read_notebook(again.bytes())
    at_once = AtOnce(sandbox, QUICK.times)
    at_once.read_all(sources_of([handed]))
    at_once.close()
    read = {cell.number: at_once.read[cell.source] for cell in handed.cells if cell.source in at_once.read}
    found = find_exercises(handed.cells, read)
    assert [one.exercise.id for one in found] == [*points_of("05")]
    assert other_answers(found, read) == []


# ------------------------------------------------------------------ a fault costs its own exercise only


@pytest.mark.parametrize(
    "encode",
    [
        "def encode(tokens, vocabulary, E):\n    return E[0]",
        "def encode(tokens, vocabulary, E):\n    raise NotImplementedError",
        "import os\nos._exit(1)",
        "def encod(tokens, vocabulary, E):\n    return E[0]",
        "def encode(:",
    ],
    ids=["wrong", "blank", "dies", "renamed", "no Python"],
)
def test_the_librarys_function_stands_in_for_one_that_an_earlier_exercise_lacks(encode, grade):
    graded = grade(notebook("solutions", "05", encode=encode))
    assert points(graded) == {"encode": 0.0, "mlp_forward": 5.0, "forward_by_hand": 4.0}


def test_the_library_never_stands_in_for_the_exercise_itself(grade):
    solution = notebook("solutions", "05")
    for encode in ("encode = None", "pass", "from lecture_lib import nothing"):
        graded = grade(notebook("solutions", "05", encode=encode))
        assert points(graded)["encode"] == 0.0
    assert points(grade(solution))["encode"] == points_of("05")["encode"]


# ------------------------------------------------------------------ what is printed


def test_what_an_exercises_cell_prints_is_kept(solved, grade):
    source = "".join(solved.cell("fan_out")["source"])
    graded = grade(solved.write("fan_out", f"{source}\nprint('at 2:', fan_out(2))").bytes())
    assert graded.exercises["fan_out"].printed == "at 2: 16\n"
    assert graded.exercises["neuron_forward"].printed == ""
    assert points(graded) == FULL


def test_what_is_printed_is_cut_at_64_kb_a_notebook(solved, grade):
    for exercise in ("neuron_forward", "fan_out"):
        source = "".join(solved.cell(exercise)["source"])
        solved.write(exercise, f"{source}\nfor _ in range(10_000):\n    print('x' * 1000)")
    graded = grade(solved.bytes())
    assert points(graded) == FULL
    kept = [found.printed for found in graded.exercises.values()]
    assert 64_000 <= len("".join(kept)) < 65_000
    assert "cut off here" in kept[0]


def test_of_very_many_cells_that_print_no_more_is_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(replies, "MOST_PRINTED_IN_ALL", 100_000)
    runs = [Run(number, "print(text)") for number in range(9)]
    seen = Seen()
    for run in runs:
        note_answers(seen, (run,), [[None, text_array("é" * 30_000), None]])
    assert [len(text) for text in seen.printed.values()] == [30_000, 30_000, 30_000, 10_000]


@pytest.mark.parametrize("first", ["seen = []", "import gc\nseen = []"], ids=["tame", "wild"])
def test_no_input_comes_out_through_what_is_printed_or_through_errors(first, solved, grade):
    solved.write(
        "neuron_gradients",
        f"{first}\ndef neuron_gradients(x, w, b, y):\n    seen.append((x, w))\n    print('called with', x)\n"
        "    raise type('Error' + str(seen)[:20], (Exception,), {})(str(seen))",
    )
    solved.write(
        "fan_out",
        "print('seen', seen)\nimport linecache\n"
        "for name in linecache.cache:\n    linecache.cache[name] = (1, None, [f'seen {seen}'] * 99, name)\n"
        "def fan_out(x):\n    raise ValueError(x)",
    )
    solved.insert("backward_order", "raise ValueError(f'seen {seen}')")
    graded = grade(solved.bytes())
    found = graded.exercises
    assert found["fan_out"].printed == "seen []\n"
    assert found["neuron_gradients"].printed == ""
    assert "seen [(" not in json.dumps([graded.notes, [one.printed for one in found.values()]])
    for one in (found["fan_out"], found["neuron_gradients"]):
        assert "seen [" not in one.verdict.failure.text
        assert one.verdict.failure.kind in ("Exception", "ValueError")
