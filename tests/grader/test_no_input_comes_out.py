"""The inputs on which answers are tried do not come out: in notes, in what is printed, in an error's line."""

import time
from dataclasses import replace

import pytest

from lecture_grader import Graded, grade_notebook, read_notebook
from lecture_grader.grading.one_exercise import question
from lecture_grader.outputs.feedback import feedback_page
from tests.grader.kit import FULL, QUICK, code_cell, points, words

LOOK = """
found = []
while frame is not None:
    steps = frame.f_locals.get("steps", ())
    found += [bytes(step[1]).decode("latin-1") for step in steps if step[0] == "ask"]
    frame = frame.f_back
said = f"seen {len(found)} {''.join(found)[:300]}"
"""
TAME = f"""
def own_frame():
    yield running.gi_frame.f_back
running = own_frame()
frame = next(running)
{LOOK}
"""
WILD = f"""
import sys
frame = sys._getframe()
{LOOK}
"""


def page_of(graded: Graded) -> str:
    return feedback_page("s1", [graded])


@pytest.mark.parametrize("source", [TAME, WILD], ids=["tame", "wild"])
def test_an_error_before_the_first_exercise_tells_no_input(source, solved, grade):
    graded = grade(solved.insert("neuron_forward", f"{source}\nraise ValueError(said)").bytes())
    assert points(graded) == FULL
    assert "ValueError: seen 0" in words(graded)


@pytest.mark.parametrize("source", [TAME, WILD], ids=["tame", "wild"])
def test_the_first_exercises_cell_prints_no_input(source, solved, grade):
    own = "".join(solved.cell("neuron_forward")["source"])
    graded = grade(solved.write("neuron_forward", f"{own}\n{source}\nprint(said)").bytes())
    assert points(graded) == FULL
    assert graded.exercises["neuron_forward"].printed == "seen 0 \n"


def test_an_error_behind_an_exercise_is_told_in_its_own_words(solved, grade):
    graded = grade(solved.insert("backward_order", "undefined + 1").bytes())
    assert "NameError: name 'undefined' is not defined" in words(graded)


def test_an_error_that_comes_only_where_inputs_are_known_is_told_without_its_kind_and_place(solved, grade):
    graded = grade(solved.insert("neuron_forward", f"{WILD}\nif found:\n    raise ValueError(said)").bytes())
    assert graded.notes[0] == "A cell stopped that does not stop where no answer has been tried."
    assert "ValueError" not in words(graded)


ERRORS = "errors = [ValueError, TypeError, KeyError, IndexError, OSError, NameError, LookupError]\n"


SEEN = "seen = []\ndef fan_out(x):\n    seen.append(x)\n    return 3 * x * x + 2 * x"


def test_cells_that_stop_by_what_an_answer_has_seen_tell_no_input(solved, sandbox):
    solved.write("fan_out", SEEN).insert("backward_order", ERRORS)
    for number in range(8):
        for stop in (f"raise errors[round(10 * seen[{number}]) % 7]", "pass"):
            solved.insert("backward_order", f"if seen and seen[{number}] > 0:\n    {stop}")
    notebook = read_notebook(solved.bytes())
    several = [grade_notebook(notebook, sandbox, replace(QUICK, seed=f"seed {n}")) for n in range(4)]
    assert len({graded.notes for graded in several}) == 1


STOPS = ["raise ValueError", "import os\n    os._exit(7)", "print('here')"]


@pytest.mark.parametrize("stop", STOPS)
def test_cells_that_go_on_by_what_an_answer_has_seen_and_else_do_not_tell_no_input(stop, solved, sandbox):
    own = "".join(solved.cell("backward_order")["source"])
    solved.write("fan_out", SEEN).write("backward_order", f"{own}\nif not seen or seen[9] > 0:\n    {stop}")
    for number in range(6, 9):
        solved.insert("backward_order", f"if not seen or seen[{number}] > 0:\n    {stop}")
    solved.insert("fan_out", "1 / 0")  # something to tell there always is
    notebook = read_notebook(solved.bytes())
    several = [grade_notebook(notebook, sandbox, replace(QUICK, seed=f"seed {n}")) for n in range(4)]
    assert len({graded.notes for graded in several}) == 1
    assert len({graded.exercises["backward_order"].printed for graded in several}) == 1


def test_an_exit_code_is_told_as_where_no_input_is_known(solved, sandbox):
    ends = "import os\nos._exit(round(abs(10 * seen[6])) if seen else 5)"
    notebook = read_notebook(solved.write("fan_out", SEEN).insert("backward_order", ends).bytes())
    several = [grade_notebook(notebook, sandbox, replace(QUICK, seed=f"seed {n}")) for n in range(4)]
    said = "Cell 57 was left out, but for what it defines: it ended its own process (exit code 5)."
    assert {graded.notes for graded in several} == {(said,)}


def test_which_of_several_answers_are_right_tells_no_input(solved, sandbox):
    own = "".join(solved.cell("backward_order")["source"])
    solved.write("fan_out", SEEN).insert("backward_order", f"{own}\nbackward_order = lambda *given: 0")
    for number in range(6, 9):
        wrong = f"if seen[{number}:] and seen[{number}] > 0: backward_order = lambda *given: 0"
        solved.insert("backward_order", f"{own}\n{wrong}")
    notebook = read_notebook(solved.bytes())
    several = [grade_notebook(notebook, sandbox, replace(QUICK, seed=f"seed {n}")) for n in range(4)]
    assert {graded.notes for graded in several} == {
        ("backward_order is answered in two ways: the better counts.",)
    }
    assert len({graded.human for graded in several}) > 1


def inputs_of(seed: str) -> set[float]:
    return {call[1][0] for call in question("fan_out", seed, "").calls}


BY_ITS_LINE = "".join(f"    if k == {k}: raise ValueError\n" for k in range(-1000, 1001))
BY_ITS_NAME = "    raise globals()[f'E{abs(k)}']\n"


@pytest.mark.parametrize("tell", [BY_ITS_LINE, BY_ITS_NAME], ids=["its line", "its name"])
def test_an_answer_that_stops_tells_no_input(tell, solved, grade):
    everybodys = inputs_of(QUICK.seed) & inputs_of("another")
    names = "".join(f"class E{k}(Exception): pass\n" for k in range(1001))
    right = f"    if x in {everybodys}: return x**2 + 2 * x * (x + 1)\n"
    source = f"{names}def fan_out(x):\n{right}    k = round(x * 100)\n{tell}"
    failure = grade(solved.write("fan_out", source).bytes()).exercises["fan_out"].verdict.failure
    assert (failure.kind, failure.line, failure.text) in (("ValueError", None, ""), ("Exception", None, ""))


def test_an_answer_that_stops_on_an_input_that_everybody_knows_shows_its_line(solved, grade):
    source = "def fan_out(x):\n    if x == 2:\n        return undefined\n    return x**2 + 2 * x * (x + 1)\n"
    failure = grade(solved.write("fan_out", source).bytes()).exercises["fan_out"].verdict.failure
    assert (failure.kind, failure.line, failure.text) == ("NameError", 3, "return undefined")


@pytest.mark.parametrize(
    ("line", "text"),
    [("12", "<7>"), ("3", "<7>"), ("12", "def fan_out(x):"), ("1", "7")],
    ids=["no line of it", "a piece of a line", "another line's number", "another line's text"],
)
def test_an_error_names_a_line_only_as_it_stands_in_the_notebook(line, text, solved, grade):
    solved.insert("fan_out", "numbers = '<1> <2> <3> <4> <5> <6> <7> <8> <9>'")
    source = f"""import linecache
for name in linecache.cache:
    linecache.cache[name] = (1, None, [{text!r}] * 99, name)
def fan_out(x):
    exec(compile("\\n" * ({line} - 1) + "raise ValueError", fan_out.__code__.co_filename, "exec"))"""
    failure = grade(solved.write("fan_out", source).bytes()).exercises["fan_out"].verdict.failure
    assert (failure.kind, failure.line, failure.text) == ("ValueError", None, "")


def test_an_error_of_ones_own_is_named_and_its_line_is_shown(solved, grade):
    source = "class Odd(Exception):\n    pass\ndef fan_out(x):\n    raise Odd(x)"
    graded = grade(solved.write("fan_out", source).bytes())
    assert "<code>Odd</code> in line 4: <code>raise Odd(x)</code>" in page_of(graded)


def test_an_errors_name_is_no_piece_of_the_notebooks_text(solved, grade):
    solved.insert("fan_out", "'one two three four five'")
    graded = grade(
        solved.write("fan_out", "def fan_out(x):\n    raise type('three', (Exception,), {})").bytes()
    )
    assert graded.exercises["fan_out"].verdict.failure.kind == "Exception"


def test_what_spoils_an_exercise_is_found_through_a_long_chain_of_cells(solved, grade):
    solved.write("neuron_forward", "def neuron_forward(x, w, b, y):\n    return 0\nlink_0 = [0.0]")
    for number in range(300):
        solved.insert("fan_out", f"link_{number + 1} = link_{number}")
    right = "".join(solved.cell("fan_out")["source"])
    solved.write("fan_out", f"link_300 = globals().get('link_300')\n{right}\nif link_300:\n    fan_out = 0")
    graded = grade(solved.bytes())
    assert points(graded) == FULL | {"neuron_forward": 0.0}
    said = "fan_out was judged with the library's own functions instead of an earlier exercise that is not"
    assert f"{said} right yet. This cost you nothing." in graded.notes


@pytest.mark.parametrize("id", ["'s77 ' + ' '.join(map(str, seen))", "'a\\n' * 9 + str(seen)"])
@pytest.mark.parametrize("again", ["", "ll.student('s77')"])
def test_an_id_that_is_made_of_inputs_is_shown_nowhere(id, again, grade, solved):
    solved.insert("neuron_forward", "ll.student('s77')\nseen = []")
    solved.write("fan_out", "def fan_out(x):\n    seen.append(f'<{x}>')\n    return 1.0")
    solved.cells.extend([code_cell(f"ll.student({id})"), code_cell(again)])
    graded = grade(solved.bytes())
    assert "<2.0" not in words(graded)
    assert graded.signed_in_as.startswith("s77") or not again


WAYS_TO_SIGN_IN = {
    "one of several": "ll.student(['a', 'b', 'c', 'd'][round(abs(10 * seen[NUMBER])) % 4] if seen else 'a')",
    "or nobody": "import matplotlib as plt\n(plt if seen and seen[NUMBER] > 0 else ll).student('aNUMBER')",
    "or stopped": "if not seen or seen[NUMBER] > 0:\n    stop\nelse:\n    me = ll\nll.student('aNUMBER')",
}


@pytest.mark.parametrize("how", WAYS_TO_SIGN_IN)
def test_an_id_that_is_chosen_by_inputs_among_written_ones_is_shown_nowhere(how, sandbox, solved):
    solved.write("fan_out", "seen = []\ndef fan_out(x):\n    seen.append(x)\n    return 1.0")
    for number in range(8, 16):
        solved.insert("backward_order", WAYS_TO_SIGN_IN[how].replace("NUMBER", str(number)))
    notebook = read_notebook(solved.insert("backward_order", "ll.student('s77')").bytes())
    several = [grade_notebook(notebook, sandbox, replace(QUICK, seed=f"seed {n}")) for n in range(4)]
    assert len({graded.human for graded in several}) == 1
    assert {graded.signed_in_as for graded in several} == {"s77"}


FEW_LINES = "".join(f"    if k % 5 == {k}: raise ValueError\n" for k in range(5))


def test_an_answer_that_stops_in_one_of_a_few_lines_does_not_tell_which(solved, sandbox):
    """Among many calls each of the lines comes up, whatever is asked."""
    everybodys = inputs_of(QUICK.seed) & inputs_of("another")
    right = f"    if x in {everybodys}: return x**2 + 2 * x * (x + 1)\n"
    solved.write("fan_out", f"def fan_out(x):\n{right}    k = round(x * 10)\n{FEW_LINES}")
    notebook = read_notebook(solved.bytes())
    several = [grade_notebook(notebook, sandbox, replace(QUICK, seed=f"seed {n}")) for n in range(8)]
    assert None in [graded.exercises["fan_out"].verdict.failure.line for graded in several]


RIGHT_FAN_OUT = "3 * x * x + 2 * x"
BY_WHAT_AN_EARLIER_ANSWER_SAW = f"""
digit = round(abs(seen[6]) * 10) % 10 if len(seen) > 6 else 0
def last_try(x):
    return [2, 3, 4, 5, 10, 100, 1.5, 2.5, -2, -3][digit] * ({RIGHT_FAN_OUT})
ll.check("fan_out", last_try)
"""


def test_a_factor_that_an_answer_makes_of_an_input_is_not_said(solved, sandbox):
    solved.write("fan_out", "seen = []\ndef fan_out(x):\n    seen.append(x)")
    solved.cells.append(code_cell(BY_WHAT_AN_EARLIER_ANSWER_SAW))
    notebook = read_notebook(solved.bytes())
    several = [grade_notebook(notebook, sandbox, replace(QUICK, seed=f"seed {n}")) for n in range(6)]
    said = [" ".join(graded.exercises["fan_out"].verdict.advice) for graded in several]
    assert "" in said  # by chance, one in ten is the same on both


@pytest.mark.parametrize("factor", ["2", "-0.5", "10"])
def test_a_factor_that_has_nothing_to_do_with_the_input_is_said(factor, solved, grade):
    graded = grade(
        solved.write("fan_out", f"def fan_out(x):\n    return {factor} * ({RIGHT_FAN_OUT})").bytes()
    )
    said = f"The result is {factor} times what was expected, on every input."
    assert graded.exercises["fan_out"].verdict.advice[0].startswith(said)


BY_NAMES_LOOKED_FOR = """
import os, statistics, time
def seconds(name):
    began = time.perf_counter()
    os.path.lexists(name)
    return time.perf_counter() - began
def names(which):
    return [f"{FOLDER}/nothing {SEED} {which} {k}" for k in range(50)]
seen = []
def fan_out(x):
    seen.append(x)
    if len(seen) == 7:
        for bit in range(10):
            if round(10 * x) + 512 >> bit & 1:
                [*map(seconds, names(bit))]
    return 3 * x * x + 2 * x
"""
TOLD_BY_THEM = """
print("told:")
if not seen:
    unknown = statistics.median(map(seconds, names("unknown")))
    known = [statistics.median(map(seconds, names(bit))) < 0.7 * unknown for bit in range(10)]
    print((sum(is_known << bit for bit, is_known in enumerate(known)) - 512) / 10)
"""


@pytest.mark.parametrize("folder", ["/usr/lib", "/sandbox", "os.path.dirname(os.__file__)"])
def test_names_that_an_answer_has_looked_for_tell_no_input(folder, sandbox, solved):
    own = "".join(solved.cell("backward_order")["source"])
    where = f"SEED, FOLDER = {time.time_ns()}, {folder if '(' in folder else repr(folder)}"
    solved.write("fan_out", BY_NAMES_LOOKED_FOR.replace("import os", f"{where}\nimport os", 1))
    solved.cell("fan_out")["source"] = f"import os\n{solved.cell('fan_out')['source']}"
    notebook = read_notebook(solved.write("backward_order", own + TOLD_BY_THEM).bytes())
    several = [grade_notebook(notebook, sandbox, replace(QUICK, seed=f"seed {n}")) for n in range(3)]
    printed = [graded.exercises["backward_order"].printed for graded in several]
    asked = [question("fan_out", f"seed {n}", "").calls[6][1][0] for n in range(3)]
    assert all(words.startswith("told:") for words in printed)
    assert [words for words, x in zip(printed, asked, strict=True) if str(x) in words] == []
