"""An answer that raises: the student's own line comes first; everything else goes on."""

import os
import subprocess
import sys
import textwrap
import warnings

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.exercises.answer import LocalAnswer
from lecture_lib.lessons import EXERCISES, UnknownExercise, check
from tests.points import worth


def misspells(x, w, b, y):
    c = w * x
    d = c + bias  # noqa: F821
    return c, d, y - d, (y - d) ** 2


def test_the_students_own_line_comes_first_and_then_the_error():
    verdict = check("neuron_forward", misspells)
    first, second, third, fourth, *_ = verdict.message.splitlines()
    line = misspells.__code__.co_firstlineno + 2
    assert first == f"neuron_forward: error, 0 of {worth('neuron_forward'):g} points"
    assert second == f"  line {line}: d = c + bias  # noqa: F821"
    assert third == "  Python knows no bias here. Is it misspelt, or from a cell that was not run?"
    assert fourth == "  NameError: name 'bias' is not defined"
    assert "Traceback" not in verdict.message
    assert "lecture_lib" not in verdict.message
    assert verdict.state == "error"


def test_the_own_line_is_shown_when_the_error_is_raised_in_a_library():
    def adds_wrong_shapes(tokens, vocabulary, E):
        columns = E[:, [vocabulary[token] for token in tokens]]
        return np.mean(columns, axis=7)

    verdict = check("encode", adds_wrong_shapes)
    assert "return np.mean(columns, axis=7)" in verdict.message
    assert "AxisError" in verdict.message
    assert "numpy/" not in verdict.message


def test_the_deepest_own_line_is_shown_when_a_helper_fails():
    def helper(x):
        return 1 / (x - x)

    def calls_a_helper(x):
        return helper(x)

    assert "return 1 / (x - x)" in check("fan_out", calls_a_helper).message


def test_a_helper_that_is_a_stub_is_named_and_is_not_the_students_own_stub():
    def mlp_forward(h0, W, b, U):
        raise NotImplementedError("write your answer here")

    def mlp_gradients(tokens, y, vocabulary, params):
        z, h, o, p = mlp_forward(params["E"][:, 0], params["W"], params["b"], params["U"])
        return {"E": z, "W": h, "b": o, "U": p}

    verdict = check("mlp_gradients", mlp_gradients)
    assert verdict.state == "error"
    assert "z, h, o, p = mlp_forward(" in verdict.message
    assert "mlp_forward, which is called there, is not written yet" in verdict.message


def test_a_part_that_fails_with_an_error_leaves_the_others_their_points():
    def only_single_words(tokens, vocabulary, E):
        if len(tokens) > 1:
            raise ValueError("too long for me")
        return E[:, vocabulary[tokens[0]]]

    verdict = check("encode", only_single_words)
    assert verdict.points == worth("encode", 0)
    assert [result.state for result in verdict.results] == ["passed", "error", "error"]
    assert "ValueError: too long for me" in verdict.message


def test_what_went_wrong_first_decides_between_error_and_not_yet():
    def transposed_output(h0, W, b, U):
        z = W @ h0 + b
        h = np.maximum(z, 0)
        o = U.T @ h
        return z, h, o, np.exp(o) / np.exp(o).sum()

    verdict = check("mlp_forward", transposed_output)
    assert verdict.state == "not yet"
    assert verdict.misconception == "transposed U"
    assert "ValueError" in verdict.message


def test_an_error_in_some_cases_only_costs_the_part_and_names_the_case():
    def dislikes_negative_numbers(x):
        if x < 0:
            raise ValueError("negative")
        return 3 * x**2 + 2 * x

    verdict = check("fan_out", dislikes_negative_numbers)
    assert verdict.state == "error"
    assert "stopped at fan_out(-1.0)" in verdict.message


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("not even this")


@pytest.mark.parametrize(
    "error",
    [
        SystemExit(3),
        GeneratorExit(),
        MemoryError(),
        RecursionError("deep"),
        Unspeakable(),
        BaseException("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_error_of_an_answer_comes_through(error):
    def raises(x):
        raise error

    verdict = check("fan_out", raises)
    assert verdict.state == "error"
    assert type(error).__name__ in verdict.message


def test_an_interrupt_comes_through():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("fan_out", interrupted)


def test_endless_recursion_is_an_error_like_any_other():
    def calls_itself(x):
        return calls_itself(x + 1)

    verdict = check("fan_out", calls_itself)
    assert verdict.state == "error"
    assert "RecursionError" in verdict.message
    assert len(verdict.message) < 1_000


def test_a_long_error_is_cut_and_put_on_one_line():
    def shouts(x):
        raise ValueError("first\nsecond " + "x" * 10_000)

    verdict = check("fan_out", shouts)
    assert "ValueError: first second xxx" in verdict.message
    assert len(verdict.message) < 1_500


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda: 0, "takes 0 positional arguments but 1 was given"),
        (lambda x, y: 0, "missing 1 required positional argument: 'y'"),
        (lambda *, x: 0, "takes 0 positional arguments but 1 was given"),
    ],
    ids=["none", "one too many", "by name only"],
)
def test_a_wrong_signature_is_said_with_the_right_one(answer, says):
    verdict = check("fan_out", answer)
    assert verdict.state == "error"
    assert says in verdict.message
    assert "It could not be called as fan_out(x)" in verdict.message


def test_a_result_in_place_of_the_function_is_noticed():
    verdict = check("fan_out", 16.0)
    assert verdict.state == "error"
    assert verdict.points == 0
    assert "fan_out is a float, where a function is asked" in verdict.message
    assert 'Is it handed over without brackets? ll.check("fan_out", fan_out)' in verdict.message


def test_the_number_of_answers_is_noticed():
    assert "No answer was given where one answer is asked" in check("fan_out").message
    verdict = check("fan_out", abs, abs)
    assert verdict.state == "error"
    assert '2 answers were given where one answer is asked: ll.check("fan_out", fan_out)' in verdict.message


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("neuron_forwad", "there is no exercise 'neuron_forwad'. Did you mean \"neuron_forward\"?"),
        ("double", 'Did you mean "practice"?'),
        ("zzz", f"The exercises are: {', '.join(EXERCISES)}."),
        (abs, "the exercise's id comes first"),
    ],
    ids=str,
)
def test_an_unknown_exercise_names_the_nearest(id, says):
    with pytest.raises(UnknownExercise) as caught:
        check(id, abs)
    assert says in str(caught.value)


def test_what_an_answer_prints_or_warns_is_not_heard(capsys):
    def noisy(x):
        print("hello" * 1_000)
        print("error", file=sys.stderr)
        warnings.warn("careful", stacklevel=2)
        np.log(np.array([-1.0, 0.0]))
        return 3 * x**2 + 2 * x

    assert check("fan_out", noisy).state == "passed"
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_coroutine_or_a_generator_in_place_of_a_number_is_not_yet():
    async def later(x):
        return 3 * x**2 + 2 * x

    def yields(x):
        yield 3 * x**2 + 2 * x

    assert "a coroutine" in check("fan_out", later).message
    assert "a generator" in check("fan_out", yields).message


def test_an_answer_may_be_any_callable():
    import functools

    class Answer:
        def __call__(self, x):
            return 3 * x**2 + 2 * x

        def method(self, x):
            return self(x)

    for answer in (Answer(), Answer().method, functools.partial(lambda k, x: 3 * x**2 + k * x, 2)):
        assert check("fan_out", answer).state == "passed"


class Forgets:
    def __call__(x):
        return 3 * x**2 + 2 * x

    def slope(x):
        return 3 * x**2 + 2 * x


class Slope:
    def __init__(self, x=0.0):
        self.x = x

    def slope(self, x):
        return 3 * x**2 + 2 * x


class Called:
    def __call__(self, x):
        return 3 * x**2 + 2 * x


@pytest.mark.parametrize(("answer", "name"), [(Forgets(), "__call__"), (Forgets().slope, "slope")])
def test_a_method_that_forgets_self_is_told_so_where_it_is_the_answer(answer, name):
    said = check("fan_out", answer).message
    assert f"The def of {name} takes x: is self missing, def {name}(self, x)?" in said
    assert "in this order?" not in said


def test_an_object_that_cannot_be_called_is_told_what_can():
    said = check("fan_out", Slope()).message
    assert "Its class has no __call__. Hand over one of its methods, fan_out.slope, or give the class" in said
    assert "def __call__(self, x)." in said
    assert "without brackets" not in said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Called, "Its __call__ is for the objects: hand over one of them, Called(…)."),
        (Slope, "A function is asked, def fan_out(x), which may make an object and returns what is asked."),
    ],
)
def test_a_class_in_place_of_its_object_is_told_first(answer, said):
    verdict = check("fan_out", answer)
    assert "fan_out is a class, and calling it makes an object." in verdict.message.splitlines()[1]
    assert said in verdict.message.splitlines()[1]
    assert "in this order?" not in verdict.message


def test_an_answer_that_keeps_state_between_calls_is_found_out():
    seen = []

    def remembers(x):
        seen.append(x)
        return 3 * seen[0] ** 2 + 2 * seen[0]

    assert check("fan_out", remembers).state == "not yet"


def test_the_settings_of_numpy_are_as_they_were():
    def meddles(x):
        np.seterr(all="raise")
        return 3 * x**2 + 2 * x

    before = np.geterr()
    assert check("fan_out", meddles).state == "passed"
    assert np.geterr() == before


def test_an_outcome_of_a_stub_waits_and_that_of_a_zero_does_not():
    assert LocalAnswer(lambda x: None).call([1.0]).waits
    assert LocalAnswer(lambda x: ...).call([1.0]).waits
    assert not LocalAnswer(lambda x: 0).call([1.0]).waits
    assert not LocalAnswer(lambda x: []).call([1.0]).waits


def test_in_a_notebook_the_line_is_that_of_the_cell(tmp_path):
    program = """
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell.instance()
        shell.run_cell("import lecture_lib as ll")
        shell.run_cell("x = 1\\n\\n\\ndef fan_out(x):\\n    a = x + 1\\n    return a * missing\\n")
        shell.run_cell("verdict = ll.check('fan_out', fan_out)")
        print(shell.user_ns["verdict"].message)
    """
    environment = os.environ | {
        "IPYTHONDIR": str(tmp_path),
        "LECTURE_PROGRESS": str(tmp_path / "progress.json"),
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert "  line 6: return a * missing\n  Python knows no missing here." in done.stdout
    assert "  NameError: name 'missing' is not defined\n" in done.stdout


def test_a_function_without_source_still_gives_its_line_number():
    space: dict = {}
    exec("def fan_out(x):\n    return missing\n", space)
    assert check("fan_out", space["fan_out"]).message.splitlines()[1] == "  line 2"


def test_a_node_in_place_of_a_number_is_said_once():
    def gives_nodes(x, w, b, y):
        w, b = ll.parameter(w, "w"), ll.parameter(b, "b")
        c = w * x
        d = c + b
        e = y - d
        return c, d, e, e**2

    message = check("neuron_forward", gives_nodes).message
    assert message.splitlines()[1].count("its number is its .value") == 1
