"""`mine`: a student's own functions serve in later lessons, as source, and never in a grade."""

import json
import textwrap
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import lecture_lib as ll
from lecture_lib.exercises import kept_functions
from lecture_lib.exercises.best_verdicts import progress_file
from lecture_lib.exercises.kept_functions import FILE, LIBRARYS, keep_passed
from lecture_lib.exercises.sources import NotAlone, source_of
from lecture_lib.lessons import EXERCISES, check, mine, student

Z = np.array([1.0, 2.0, 3.0])


def kept_file() -> Path:
    return progress_file().with_name(FILE)


def run_notebook(folder: Path, *cells: str) -> list[str]:
    """Run cells in a kernel of their own, as a notebook does; return what each printed or showed last."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(textwrap.dedent(cell)) for cell in cells]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return [
        "".join(
            output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs
        )
        for cell in notebook.cells
    ]


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def overflowing(z):
    return np.exp(z) / np.exp(z).sum()


def test_before_it_has_passed_it_is_the_librarys(capsys):
    check("softmax", overflowing)
    assert mine("softmax") is ll.softmax
    assert capsys.readouterr().out == (
        "softmax: the library's, ll.softmax. Yours is used once it has passed.\n"
    )


def test_after_it_has_passed_it_is_ones_own(capsys):
    check("softmax", softmax)
    own = mine("softmax")
    assert own is not ll.softmax
    assert own(Z) == pytest.approx(softmax(Z), abs=0)
    assert capsys.readouterr().out == "softmax: your own, which has passed.\n"


def test_it_outlasts_the_kernel_with_what_it_needs_of_its_notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("LECTURE_PROGRESS", str(tmp_path / "kept" / "progress.json"))
    first = run_notebook(
        tmp_path,
        "import numpy as np\nimport lecture_lib as ll\nfrom math import exp as e_to_the\nll.student('s1');",
        "LARGEST = np.float64(0.0)\nz = np.array([1.0, 2.0])",
        "def shifted(z):\n    return z - np.max(z) + LARGEST",
        """
        def softmax(z):
            e = np.array([e_to_the(entry) for entry in shifted(z)])
            return e / e.sum()
        """,
        "print(ll.check('softmax', softmax).state)",
    )
    assert first[-1] == "passed\n"
    second = run_notebook(
        tmp_path,
        "import lecture_lib as ll\nll.student('s1');",
        "softmax = ll.mine('softmax')",
        "print(softmax([0.0, 0.0]), softmax.__code__.co_filename)",
        "ll.student('somebody else');\nother = ll.mine('softmax')",
        "print(other is ll.softmax)",
    )
    assert second[1] == "softmax: your own, which has passed.\n"
    assert second[2] == "[0.5 0.5] <mine softmax>\n"
    assert second[3].startswith("softmax: the library's")
    assert second[4] == "True\n"


@pytest.mark.parametrize("name", LIBRARYS)
def test_every_function_that_can_be_asked_for_is_an_exercises_and_the_library_passes_where_one_may_use_it(
    name,
):
    assert any(name in exercise.functions for exercise in EXERCISES.values())
    assert mine(name) is LIBRARYS[name][1]


def test_the_librarys_backward_has_the_form_that_lesson_04_asks():
    x = ll.parameter(3.0, "x")
    loss = x * x
    assert mine("backward")(loss) == {loss: 1.0, x: 6.0}


def test_the_librarys_gradient_check_divides_as_lesson_04_asks():
    theta = np.array([1.0, -2.0])
    error = mine("gradient_check")(lambda t: 1e-3 * (t**2).sum(), lambda t: 1.1e-3 * 2 * t, theta)
    assert error == pytest.approx(0.1 * 2e-3 * 2, rel=1e-6)


@pytest.mark.parametrize("name", ["sofmax", "errata", ""])
def test_an_unknown_name_lists_those_that_there_are(name):
    with pytest.raises(LookupError, match="There are: nll, sgd_step, numeric_gradient, softmax"):
        mine(name)


def test_the_function_itself_in_place_of_its_name_is_refused():
    with pytest.raises(
        TypeError, match=r'a name in quotes is expected, as in ll.mine\("softmax"\), not function'
    ):
        mine(softmax)


def test_a_later_failure_does_not_take_away_what_has_passed(capsys):
    check("softmax", softmax)
    check("softmax", overflowing)
    mine("softmax")
    assert "your own" in capsys.readouterr().out


def test_a_source_that_no_longer_runs_falls_back_to_the_librarys(capsys):
    kept_file().write_text(json.dumps({"": {"softmax": {"source": "import nowhere_at_all\n"}}}))
    assert mine("softmax") is ll.softmax
    said = capsys.readouterr().out
    assert said.startswith(
        "softmax: the library's, ll.softmax. Yours has passed, but no longer runs: ModuleNotF"
    )


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"": []}', '{"": {"softmax": "def"}}', '{"": {"softmax": {}}}']
)
def test_a_file_that_makes_no_sense_is_set_aside(damage):
    kept_file().write_text(damage)
    assert mine("softmax") is ll.softmax
    assert kept_file().with_name(FILE + ".unreadable-1").read_text() == damage
    check("softmax", softmax)
    assert "source" in json.loads(kept_file().read_text())[""]["softmax"]


def test_where_no_file_is_kept_it_lasts_as_long_as_the_kernel(monkeypatch, tmp_path):
    monkeypatch.setenv("LECTURE_PROGRESS", "off")
    monkeypatch.chdir(tmp_path)
    check("softmax", softmax)
    assert mine("softmax") is not ll.softmax
    assert list(tmp_path.iterdir()) == []


def test_each_student_has_functions_of_their_own():
    student("one")
    check("softmax", softmax)
    student("two")
    assert mine("softmax") is ll.softmax


SIZES = np.ones(2)


def reads_an_array(z):
    e = np.exp(z - np.max(z)) * SIZES[0]
    return e / e.sum()


def test_what_reads_an_array_of_its_notebook_is_said_to_stay_there(capsys):
    check("softmax", reads_an_array)
    assert mine("softmax") is ll.softmax
    assert "it reads SIZES, an array of shape (2,), from its notebook" in capsys.readouterr().out


def test_a_name_of_its_own_that_the_notebook_has_too_is_no_hindrance():
    def written(SIZES):
        return SIZES + 1

    assert "SIZES" in source_of(written, "plus_one")


SCALE = 3


def test_what_its_defaults_and_a_class_within_it_read_is_kept_and_nothing_else():
    def written(x, by=SCALE):
        class Kept:
            scale = np.sqrt(by)

        return x * Kept.scale

    assert source_of(written, "own").splitlines()[:4] == [
        "SCALE = 3",
        "import numpy as np",
        "",
        "def written(x, by=SCALE):",
    ]


def test_a_function_of_another_name_and_a_lambda_are_kept_under_the_exercises():
    for answer in (softmax, lambda_softmax):
        made = kept_functions.defined_by(source_of(answer, "own"), "own", "<own>")
        assert made(Z).sum() == pytest.approx(1.0)


lambda_softmax = lambda z: np.exp(z) / np.exp(z).sum()


def test_functions_that_call_each_other_are_kept_once_each():
    source = source_of(is_even, "is_even")
    assert source.count("def is_even") == source.count("def is_odd") == 1 or "import is_odd" in source


def is_even(n):
    return n == 0 or is_odd(n - 1)


def is_odd(n):
    return n != 0 and is_even(n - 1)


@pytest.mark.parametrize("what", [len, np.exp, np.vectorize(abs), lambda z: z])
def test_what_is_no_function_with_a_text_of_its_own_is_named(what):
    with pytest.raises(NotAlone):
        source_of(what, "softmax")
    keep_passed("softmax", what)  # never raises


def test_in_an_exercise_it_counts_as_the_librarys_so_that_the_grader_agrees():
    check("softmax", softmax)
    verdict = check("softmax", lambda z: mine("softmax")(z))
    assert verdict.misconception == "the library's own answer"
    assert 'softmax calls ll.mine("softmax")' in verdict.message


def test_where_an_exercise_allows_the_librarys_it_allows_ones_own():
    check("softmax", softmax)
    own = mine("softmax")

    def softmax_layer_gradient(W, b, x, y):
        d_z = own(W @ x + b) - y
        return np.outer(d_z, x), d_z

    assert check("softmax_layer_gradient", softmax_layer_gradient).state == "passed"
