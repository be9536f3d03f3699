"""The course that is exported, in the hands of a real nbgrader.

nbgrader has an environment of its own, for with it come extensions of JupyterLab, which the tests of the
lessons in JupyterLab must not meet: students have none.
"""

import ast
import json
import os
import sqlite3
import subprocess
import sys
import sysconfig
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from lecture_grader import find_submissions
from lecture_grader.__main__ import main
from lecture_grader.exports import CannotExport, export_nbgrader
from lecture_grader.exports.project import read_project
from lecture_lib.lessons import EXERCISES
from tests.grader.kit import ROOT, code_of, with_what_they_need
from tests.points import worth

NBGRADER = "nbgrader>=0.9.5,<0.10"
SEED = "a seed that students do not know"
pytestmark = pytest.mark.network
POINTS = {
    f"{exercise.id}-{number}": part.points
    for exercise in EXERCISES.values()
    for number, part in enumerate(exercise.parts, 1)
}

HALF = {
    # e and loss are wrong, c and d are right: 1 of 2
    "neuron_forward": """
def neuron_forward(x, w, b, y):
    c = w * x
    d = c + b
    return c, d, d - y, (d - y)
""",
    # d_b has x in it: 3 of 6
    "neuron_gradients": """
def neuron_gradients(x, w, b, y):
    d_w = -2 * (y - (w * x + b)) * x
    return d_w, d_w
""",
    # the ReLU is left out: z is right, and the arguments are left alone: 2 of 5
    "mlp_forward": """
def mlp_forward(h0, W, b, U):
    z = W @ h0 + b
    o = U @ z
    return z, z, o, np.exp(o) / np.exp(o).sum()
""",
    # learnt by heart from the verdicts of check: nothing on other inputs
    "fan_out": """
def fan_out(x):
    return {2.0: 16.0, -1.0: 1.0, 3.0: 33.0, 0.5: 1.75, 0.0: 0.0}[x]
""",
    "errata": 'errata = {"U12": -0.49775, "U22": -0.29775, "dl_dp1": -2.366, "E_is": ...}',
}
HALF_EARNS = {
    "neuron_forward-1": worth("neuron_forward", 0),
    "neuron_gradients-1": worth("neuron_gradients", 0),
    "mlp_forward-1": worth("mlp_forward", 0),
    "mlp_forward-5": worth("mlp_forward", 4),
    "errata-1": worth("errata", 0),
    "errata-3": worth("errata", 2),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """Make an environment with nbgrader that finds everything else in this one; give its programs' folder."""
    folder = tmp_path_factory.mktemp("nbgrader") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    own = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    ours = sysconfig.get_path("purelib")
    Path(own.stdout.strip(), "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-compile",
        NBGRADER,
    ]
    subprocess.run([*command, "--disable-pip-version-check"], check=True, stdout=subprocess.DEVNULL)
    return folder / "bin"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nbgrader") / "course"
    export_nbgrader(folder, SEED, "lessons")
    return folder


@pytest.fixture(scope="module")
def nbgrader(programs, course):
    """Give a function that runs nbgrader in the course's folder and gives what it says."""

    def run(*arguments):
        environment = os.environ | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "JUPYTER_PATH": str(Path(sysconfig.get_path("data"), "share", "jupyter")),
        }
        ran = subprocess.run(
            [programs / "nbgrader", *map(str, arguments)],
            cwd=course,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    return run


@pytest.fixture(scope="module")
def release(nbgrader, course):
    nbgrader("generate_assignment", "lessons", "--create")
    return course / "release" / "lessons"


@pytest.fixture(scope="module")
def graded(nbgrader, course, release):
    """Let nbgrader grade three students in one call; give student -> test cell -> points."""
    for path in sorted((course / "source" / "lessons").glob("0[36]*.ipynb")):
        hand_in(course, "solved", path, without_pictures(read(path)))
    for path in sorted(release.glob("0[356]*.ipynb")):
        notebook = read(path)
        if path.name.startswith("03"):
            hand_in(course, "blank", path, without_pictures(notebook))
        else:
            notebook = without_pictures(notebook)
        for cell in notebook["cells"]:
            id = cell["id"].removeprefix("exercise-")
            if id in HALF and cell["id"] != id:
                cell["source"] = HALF[id].strip()
        hand_in(course, "half", path, notebook)
    nbgrader("autograde", "lessons")
    with closing(sqlite3.connect(course / "gradebook.db")) as database:
        rows = database.execute(
            "SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score, grade_cells.max_score"
            " FROM grade JOIN base_cell ON grade.cell_id = base_cell.id"
            " JOIN grade_cells ON grade_cells.id = base_cell.id"
            " JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id"
            " JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id"
        ).fetchall()
    found: dict[str, dict[str, float]] = {}
    for student, name, points, most in rows:
        assert most == POINTS[name]
        found.setdefault(student, {})[name] = points
    return found


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def hand_in(course, student, path, notebook):
    target = course / "submitted" / student / "lessons" / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(notebook), encoding="utf-8")


def without_pictures(notebook):
    """Leave out the cells that no test needs: to run them takes most of the time."""
    return notebook | {"cells": [cell for cell in notebook["cells"] if not only_shows(cell)]}


def only_shows(cell):
    """Whether no other cell needs this one: it is no test, and only shows what an expression comes to."""
    if cell["cell_type"] != "code" or cell["metadata"].get("nbgrader"):
        return False
    return all(isinstance(line, ast.Expr) for line in ast.parse(text(cell)).body)


def text(cell):
    return "".join(cell["source"])


def code(notebook):
    """Give the text of the code cells that are not nbgrader's tests, blank lines and ends left out."""
    return [
        [line.rstrip() for line in text(cell).splitlines() if line.strip()]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader", {}).get("grade")
    ]


def test_the_released_notebooks_are_those_that_students_open_and_test_cells(release):
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert code(read(release / path.name)) == code(read(path))


def test_the_source_has_the_solved_notebooks_answers(course):
    for path in sorted((ROOT / "solutions").glob("*.ipynb")):
        source = read(course / "source" / "lessons" / path.name)
        for solved, ours in zip(code(read(path)), code(source), strict=True):
            place = [line.strip() for line in ours].index("### BEGIN SOLUTION") if solved != ours else None
            assert place is None or set(solved) <= set(ours)


def test_nothing_of_an_answer_nor_the_seed_is_released(release, course):
    for path in sorted(release.glob("*.ipynb")):
        words = path.read_text(encoding="utf-8")
        assert SEED not in words
        assert "SOLUTION" not in words
        assert "HIDDEN TESTS" not in words


def test_every_part_has_a_test_cell_with_its_points_that_students_cannot_edit(release):
    found = {}
    for path in sorted(release.glob("*.ipynb")):
        for cell in read(path)["cells"]:
            mark = cell["metadata"].get("nbgrader", {})
            if mark.get("grade"):
                found[mark["grade_id"]] = mark["points"]
                assert cell["metadata"]["editable"] is cell["metadata"]["deletable"] is False
    assert found == POINTS


def test_a_solved_notebook_is_valid_and_of_a_blank_one_every_test_cell_says_that_it_is_not(
    nbgrader, course, release, tmp_path
):
    (path,) = (course / "source" / "lessons").glob("03_*.ipynb")
    (tmp_path / "solved.ipynb").write_text(json.dumps(without_pictures(read(path))))
    (tmp_path / "blank.ipynb").write_text(json.dumps(without_pictures(read(release / path.name))))
    said = nbgrader("validate", tmp_path / "solved.ipynb", tmp_path / "blank.ipynb")
    assert said.count("Success! Your notebook passes all the tests.") == 1
    tests = sum(len(EXERCISES[id].parts) for id in EXERCISES if EXERCISES[id].lesson == "03")
    assert f"VALIDATION FAILED ON {tests} CELL(S)" in said
    assert "not attempted" in said


def test_a_student_who_solved_two_lessons_earns_all_their_points(graded):
    lessons = {name: EXERCISES[name.rpartition("-")[0]].lesson for name in POINTS}
    assert graded["solved"] == {
        name: points if lessons[name] in ("03", "06") else 0.0 for name, points in POINTS.items()
    }


def cells_that_pass(notebook):
    """Run a notebook's test cells, and what these need; give which raise nothing: those earn points."""

    def is_test(cell):
        return "ll.exercises.require(" in cell

    names, passed = {"__name__": "__main__"}, {}
    for cell in with_what_they_need(code_of(notebook), is_test):
        try:
            exec(compile(cell, "<cell>", "exec"), names)
        except Exception:
            if not is_test(cell):
                raise
            passed[cell] = False
        else:
            if is_test(cell):
                passed[cell] = True
    return passed


def test_in_every_lesson_the_answers_pass_all_test_cells_and_what_is_released_passes_none(course, release):
    found = 0
    for path in sorted((course / "source" / "lessons").glob("*.ipynb")):
        solved, blank = cells_that_pass(read(path)), cells_that_pass(read(release / path.name))
        assert all(solved.values())
        assert not any(blank.values())
        assert len(solved) == len(blank)
        found += len(solved)
    assert found == len(POINTS)


def test_a_blank_course_earns_none(graded):
    assert set(graded["blank"].values()) == {0.0}


def test_half_an_answer_earns_the_points_of_its_parts(graded):
    assert {name: points for name, points in graded["half"].items() if points} == HALF_EARNS


def test_the_page_that_nbgrader_gives_a_student_shows_the_still_picture_of_each_explorer(
    nbgrader, course, graded
):
    nbgrader("generate_feedback", "lessons", "--student", "half", "--notebook", "03*")
    (page,) = (course / "feedback" / "half").rglob("03_*.html")
    shown = page.read_text(encoding="utf-8").split('<div class="output_area">')
    alive = [place for place, area in enumerate(shown) if "output_widget_view" in area]
    assert len(alive) >= 5
    assert all("-still" in shown[place - 1] for place in alive)
    explorers = [shown[place - 1] for place in alive if "ll-explorer-still" in shown[place - 1]]
    assert len(explorers) >= 2
    assert all('src="data:image/svg+xml' in still for still in explorers)


def test_nbgraders_folder_of_submissions_is_read_with_its_students(graded, course):
    found = find_submissions(course / "submitted").submissions
    assert {one.student for one in found} == {"solved", "blank", "half"}
    assert len(found) == len(list((course / "submitted").glob("*/*/*.ipynb"))) >= 6


def test_the_notebooks_that_nbgrader_collected_can_be_graded_in_the_sandbox(graded, course, grade):
    (path,) = (course / "submitted" / "half" / "lessons").glob("03_*.ipynb")
    result = grade(path.read_bytes())
    earned = {id: found.points for id, found in result.exercises.items()}
    assert earned == {
        "neuron_forward": worth("neuron_forward", 0),
        "neuron_gradients": worth("neuron_gradients", 0),
        "fan_out": 0.0,
        "backward_order": 0.0,
    }
    assert result.notes == ()


# ------------------------------------------------------------------ without nbgrader


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path, course):
    export_nbgrader(tmp_path / "same", SEED, "lessons", ["03", "05", "06"])
    export_nbgrader(tmp_path / "other", "another seed", "lessons", ["03", "05", "06"])
    for path in sorted((course / "source" / "lessons").glob("0[356]*.ipynb")):
        place = path.relative_to(course)
        assert (tmp_path / "same" / place).read_bytes() == path.read_bytes()
        assert (tmp_path / "other" / place).read_bytes() != path.read_bytes()


def test_the_command_makes_an_assignment_of_each_lesson_and_says_the_seed(tmp_path):
    ran = CliRunner().invoke(main, ["export", "nbgrader", str(tmp_path), "--lesson", "03", "--lesson", "05"])
    assert ran.exit_code == 0
    names = sorted(path.name for path in (tmp_path / "source").iterdir())
    assert names == ["03_graphs_and_the_chain_rule", "05_duck_goose_forward"]
    seed = ran.stdout.rsplit(": ", 1)[1].strip()
    assert f'seed="{seed}"' in json.dumps(read(next((tmp_path / "source").rglob("03_*.ipynb")))).replace(
        "\\", ""
    )


@pytest.mark.parametrize("name", ["../../x", "..", "a/b", "{folder}/x"])
def test_an_assignment_is_written_nowhere_but_into_its_course(name, tmp_path):
    asked = ["--lesson", "03", "--assignment", name.replace("{folder}", str(tmp_path))]
    ran = CliRunner().invoke(main, ["export", "nbgrader", str(tmp_path / "course"), *asked])
    assert ran.exit_code == 1
    assert "the assignment cannot be called" in ran.output
    assert os.listdir(tmp_path) == []


def test_a_course_whose_settings_are_not_in_utf_8_keeps_them(tmp_path):
    config = tmp_path / "nbgrader_config.py"
    config.write_bytes(b"# caf\xe9\n")
    ran = CliRunner().invoke(main, ["export", "nbgrader", str(tmp_path), "--lesson", "03"])
    assert ran.exit_code == 0
    assert f"{config} was there and was kept." in ran.output
    assert config.read_bytes() == b"# caf\xe9\n"


def test_a_course_that_is_there_keeps_its_settings(tmp_path):
    config = tmp_path / "nbgrader_config.py"
    config.write_text("c = get_config()\n")
    ran = CliRunner().invoke(main, ["export", "nbgrader", str(tmp_path), "--lesson", "00"])
    assert config.read_text() == "c = get_config()\n"
    assert "c.ClearSolutions.code_stub" in ran.stderr


def test_a_lesson_that_does_not_exist_is_said(tmp_path):
    ran = CliRunner().invoke(main, ["export", "nbgrader", str(tmp_path), "--lesson", "77"])
    assert ran.exit_code == 1
    assert "there is no lesson 77" in ran.stderr


def test_where_the_sources_are_not_it_is_said(tmp_path):
    with pytest.raises(CannotExport, match=r"build\.py is missing"):
        read_project(tmp_path)


def test_an_answer_that_nbgrader_cannot_say_is_an_error_with_its_line(tmp_path):
    project = read_project()
    source = tmp_path / "03_odd.py"
    source.write_text(
        '# %% exercise="fan_out"\ndef fan_out(x):\n    # BEGIN SOLUTION\n    if x:\n        return x\n'
        '    # END SOLUTION\n\n\n# %%\nll.check("fan_out", fan_out)\n'
    )
    odd = type(project)(tmp_path, project.build, (project.build.parse(source),))
    with pytest.raises(CannotExport, match=r"03_odd\.py:6: this answer does not end with return"):
        export_nbgrader(tmp_path / "course", SEED, project=odd)
