"""A notebook's variables in place of arguments are named; a newer cell that stopped is told of."""

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.exercises.checking import SAME
from lecture_lib.lessons import check
from tests.exercises.cells import defined_in_a_cell

X, e, tokens = ll.parameter(3.0), ll.parameter(2.0, "e"), ("duck", "goose")
params = {"E": np.ones((2, 2)), "W": np.eye(2)}
EPSILON = 1e-9
h = 1e-5


def reads_a_node(x, w, b, y):
    return 2 * e * x, 2 * e


def reads_in_a_comprehension(tokens_, vocabulary, E):
    return sum(E[:, vocabulary[token]] for token in tokens) / 2


def helper(x):
    return params["W"] @ x


def reads_by_a_helper(h0, W, b, U):
    z = helper(h0)
    return z, z, z, z


def reads_in_an_inner_function(x):
    def inner():
        return e.value * x

    return inner()


@pytest.mark.parametrize(
    ("id", "answer", "name"),
    [
        ("neuron_gradients", reads_a_node, "e"),
        ("encode", reads_in_a_comprehension, "tokens"),
        ("mlp_forward", reads_by_a_helper, "params"),
        ("fan_out", reads_in_an_inner_function, "e"),
    ],
)
def test_a_variable_of_the_notebook_is_named_before_anything_else(id, answer, name):
    verdict = check(id, answer)
    first = verdict.message.splitlines()[1]
    assert first.startswith(f"  {id} reads {name} from outside: it is not made anew"), verdict.message
    assert ".value" not in verdict.message


def test_a_variable_of_a_function_around_the_answer_counts_too():
    def make():
        y = np.array([1.0, 0.0, 0.0])

        def nll(p, y_):
            return -np.sum(y * np.log(p))

        return nll

    assert "nll reads y from outside" in check("nll", make()).message


KEEPS = """
def nll(p, y, terms=[], *, seen=set()):
    for probability, truth in zip(p, y):
        terms.append(-truth * np.log(probability))
    return sum(terms)
"""


def test_a_list_of_the_def_line_that_is_kept_from_call_to_call_is_named():
    answer = defined_in_a_cell(KEEPS)
    message = check("nll", answer).message
    assert "terms=[] in the def line of nll is made once, when def is run" in message
    assert f"by now its length is {len(answer.__defaults__[0])}" in message
    assert "seen" not in message


def test_nothing_is_told_of_a_list_of_the_def_line_that_nothing_was_put_into():
    answer = defined_in_a_cell(KEEPS.replace("terms.append", "terms = [*terms, 0.0]; float"))
    assert "def line" not in check("nll", answer).message


def test_constants_functions_and_modules_are_no_variables():
    def fan_out(x):
        return np.sum(helper(np.array([x, EPSILON]))) * 0

    assert "reads params from outside" in check("fan_out", fan_out).message
    assert "EPSILON" not in check("fan_out", fan_out).message.splitlines()[1]


def encodes(vocabulary, tokens, E):
    return E[:, [vocabulary[token] for token in tokens]].mean(axis=1)


def goes_back(d_out, x, W):
    return np.outer(d_out, x), W.T @ d_out


def stops_early(patience, dev_losses):
    return [i for i, loss in enumerate(dev_losses)][-patience]


def takes_the_slope(theta, f):
    return f(theta)


@pytest.mark.parametrize(
    ("id", "answer", "said"),
    [
        ("encode", encodes, "So what you call vocabulary is given what is asked as tokens."),
        (
            "matvec_vjp",
            goes_back,
            "another order: d_out, x, W. So what you call x is given what is asked as W.",
        ),
        (
            "early_stopping",
            stops_early,
            "early_stopping is called as early_stopping(dev_losses, patience), and",
        ),
        (
            "numeric_gradient",
            takes_the_slope,
            "in another order: theta, f. So what you call theta is given what is asked",
        ),
        (
            "relu_vjp",
            lambda z, d_out: d_out * (z > 0),
            "yours takes the same names in another order: z, d_out.",
        ),
    ],
)
def test_arguments_in_another_order_are_told_first_and_nothing_else_is_advised(id, answer, said):
    verdict = check(id, answer)
    assert said in verdict.message.splitlines()[1]
    assert not verdict.advice
    assert not verdict.meaning


def test_arguments_in_another_order_are_told_of_the_second_function_too():
    def linear_decay(eta0, step, total_steps):
        return eta0 * max(0.0, 1 - step / total_steps)

    def exponential_decay(eta0, rate, step):
        return eta0 * rate**step

    said = check("schedules", linear_decay, exponential_decay).message.splitlines()[1]
    assert "exponential_decay(eta0, step, rate), and yours takes the same names in another order" in said


@pytest.mark.parametrize(
    "answer",
    [lambda p, y: np.sum(y), lambda q, t: np.sum(t), lambda y, q: np.sum(y), lambda p: p, lambda *all: all],
    ids=["as asked", "other names", "one of the names", "one", "any number"],
)
def test_nothing_is_told_of_an_order_where_the_names_are_not_those_that_are_asked_in_another(answer):
    assert "another order" not in check("nll", answer).message


def test_a_right_answer_with_its_names_in_another_order_passes_with_no_word_of_it():
    verdict = check("nll", lambda y, p: -np.sum(p * np.log(y), where=p > 0))
    assert verdict.state == "passed"
    assert "another order" not in verdict.message


def test_a_right_answer_may_read_a_number_of_the_notebook():
    def fan_out(x):
        def loss(x):
            return (x + 1) * x**2

        return (loss(x + h) - loss(x - h)) / (2 * h)

    assert check("fan_out", fan_out).state == "passed"
    assert "from outside" not in check("fan_out", fan_out).message


def test_the_arguments_are_those_that_the_function_has():
    def sgd_step(theta, gradient, lr):
        return theta - h * gradient

    said = check("sgd_step", sgd_step).message
    assert "A function works with its arguments: theta, gradient, lr. Which of them is meant" in said


def test_the_very_answer_of_the_check_before_is_told_gently():
    def wrong(x):
        return x

    assert SAME not in check("fan_out", wrong).message
    assert SAME in check("fan_out", wrong).message

    def other(x):
        return x + 1

    assert SAME not in check("fan_out", other).message


def test_a_value_that_was_filled_in_further_is_another_answer():
    values = {"U12": 1.0, "U22": ..., "dl_dp1": ..., "E_is": ...}
    check("errata", values)
    values["U22"] = 2.0
    assert SAME not in check("errata", values).message
    assert SAME in check("errata", values).message


def cells(tmp_path, *sources: str) -> str:
    """What a notebook prints when these cells are run, one after the other."""
    program = f"""
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        shell.showtraceback = shell.showsyntaxerror = lambda *args, **kwargs: None
        for source in {list(sources)!r}:
            shell.run_cell(source, store_history=True)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"IPYTHONDIR": str(tmp_path), "LECTURE_PROGRESS": "off"},
    )
    return done.stdout


FIRST = "import lecture_lib as ll\ndef fan_out(x):\n    return 3 * x**2 + 2 * x"
CHECK = "print(ll.check('fan_out', fan_out).message)"


def test_a_newer_cell_that_python_could_not_read_is_told_of(tmp_path):
    said = cells(tmp_path, FIRST, "def fan_out(x)\n    return x", CHECK)
    assert "fan_out: passed" in said
    assert (
        "  The newest cell that defines fan_out could not be read by Python, so an older fan_out is judged"
        " here. Line 1 of that cell: def fan_out(x)\n  A colon is missing"
    ) in said


def test_a_newer_cell_of_two_functions_that_python_could_not_read_is_told_of_once(tmp_path):
    both = (
        "def linear_decay(eta0, step, total_steps):\n    return 1.0\ndef exponential_decay(eta0, step, rate):"
    )
    first = f"import lecture_lib as ll\n{both}\n    return 1.0"
    said = cells(
        tmp_path,
        first,
        f"{both}\n    if rate = 1:\n        return 2.0",
        "print(ll.check('schedules', linear_decay, exponential_decay).message)",
    )
    assert said.count("The newest cell that defines") == 1
    assert (
        "defines linear_decay and exponential_decay could not be read by Python, so older ones are judged"
        " here. Line 4 of that cell: if rate = 1:\n  = gives a name a value; to compare, write =="
    ) in said


def test_nothing_is_told_of_an_older_cell_where_the_check_stands_below_the_answer_in_its_own_cell(tmp_path):
    answer = FIRST.replace("3 * x**2 + 2 * x", "3 * x * x + 2 * x")
    for stopped in ("def fan_out(x)\n    return x", "x = missing\ndef fan_out(x):\n    return x"):
        said = cells(tmp_path, FIRST, stopped, f"{answer}\n{CHECK}")
        assert "fan_out: passed" in said
        assert "newest" not in said


def test_a_newer_cell_that_stopped_before_its_end_is_told_of(tmp_path):
    said = cells(tmp_path, FIRST, "x = missing\ndef fan_out(x):\n    return x", CHECK)
    assert "The newest cell that defines fan_out stopped with an error. If that was before fan_out" in said


def test_a_newer_cell_of_a_value_that_stopped_before_its_end_is_told_of(tmp_path):
    first = "import lecture_lib as ll\nerrata = {'U12': 1.0}"
    said = cells(tmp_path, first, "errata = {'U12': missing}", "print(ll.check('errata', errata).message)")
    assert "The newest cell that defines errata stopped with an error." in said


def test_a_cell_with_a_line_of_the_shell_that_stopped_is_not_called_unreadable(tmp_path):
    said = cells(tmp_path, FIRST, "files = !echo\nmissing\ndef fan_out(x):\n    return x", CHECK)
    assert "The newest cell that defines fan_out stopped with an error." in said


def test_a_cell_that_stopped_after_its_def_says_nothing_where_its_function_is_judged(tmp_path):
    said = cells(tmp_path, FIRST, "def fan_out(x):\n    return x\nprint(missing)", CHECK)
    assert "newest" not in said


@pytest.mark.parametrize(
    "sources",
    [
        ("def mine(x):\n    return x", "fan_out = mine"),
        ("def make(k):\n    return lambda x: k * x", "fan_out = make(3)"),
        (
            "def decorated(f):\n    def inner(x):\n        return f(x)\n    return inner",
            "@decorated\ndef fan_out(x):\n    return x",
        ),
        ("import functools\n_f = fan_out\n@functools.wraps(_f)\ndef fan_out(x):\n    return x",),
        ("import functools\n_f = fan_out\n@functools.wraps(_f)\ndef fan_out(*x):\n    return x[0]",),
        ("fan_out = missing", "class fan_out:\n    def __new__(cls, x):\n        return x"),
        ("fan_out = missing", "fan_out: object = lambda x: x"),
        ("fan_out = lambda x: x", "files = !echo fan_out\nfan_out = lambda x: x"),
    ],
    ids=[
        "another name",
        "a factory",
        "a decorator",
        "wrapped",
        "wrapped, any arguments",
        "a class",
        "a kind beside its name",
        "a line of the shell",
    ],
)
def test_nothing_is_told_of_an_older_answer_where_the_newest_cell_did_not_stop(tmp_path, sources):
    said = cells(tmp_path, FIRST, *sources, CHECK)
    assert "fan_out: not yet" in said
    assert "newest" not in said
    assert "older" not in said


def test_nothing_is_told_where_the_newest_cell_is_judged(tmp_path):
    said = cells(tmp_path, FIRST, "def fan_out(x):\n    return x", "fan_out(3)", CHECK)
    assert "newest" not in said
    assert "not yet" in said
