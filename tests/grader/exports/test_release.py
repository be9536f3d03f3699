"""The zip that students get: nothing of a solution is in it, and it needs nothing that is not."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from textwrap import dedent

import pytest

from lecture_grader.exports import CannotExport, export_release
from lecture_grader.exports.project import read_project
from lecture_grader.exports.release import release_files
from lecture_lib.lessons import EXERCISES
from tests.grader.kit import ROOT, code_of, with_what_they_need

NAME = "backpropagation-0.0.0"
STATEMENT = {"a=x+1", "b=x**2"}
"""Lines of an answer that say what is asked: "ℓ = a·b with a = x + 1 and b = x²"."""


@pytest.fixture(scope="module")
def project():
    return read_project()


@pytest.fixture(scope="module")
def packed(tmp_path_factory, project):
    return export_release(tmp_path_factory.mktemp("release") / f"{NAME}.zip", project)


@pytest.fixture(scope="module")
def unpacked(packed):
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(packed.parent)
    return packed.parent / NAME


@pytest.fixture(scope="module")
def files(project):
    return release_files(project)


def squeezed(line):
    return re.sub(r"\s+", "", line)


def lines_of(name, content):
    """Give a file's lines without white space; a notebook's are those of its cells."""
    text = content.decode("utf-8")
    if name.endswith(".ipynb"):
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return {squeezed(line) for line in text.splitlines()}


def computes(line):
    """Whether a line does more than to name things: not blank, a bracket, or names handed on or back."""
    try:
        (statement,) = ast.parse(dedent(line).strip().removesuffix(":") or "pass").body
    except (SyntaxError, ValueError):  # a piece of a longer statement
        return len(re.findall(r"\w+", line)) > 1
    if isinstance(statement, (ast.Return, ast.Assign)) and statement.value is not None:
        parts = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
        return not all(isinstance(part, (ast.Name, ast.Subscript)) for part in parts)
    return not isinstance(statement, (ast.Pass, ast.Break, ast.Continue))


def answers(project):
    """Give each line of an answer that a student is to find: it computes, and is not shown elsewhere."""
    shown = {
        squeezed(line) for lesson in project.lessons for cell in lesson.cells for line in lines(cell.student)
    }
    for lesson in project.lessons:
        for cell in lesson.cells:
            for region in cell.regions:
                for line in region.answer:
                    if computes(line) and squeezed(line) not in shown | STATEMENT:
                        yield lesson.path.name, line.strip()


def lines(text):
    return text.splitlines()


THE_LIBRARYS_OWN = {
    "lecture_lib/autodiff/fast/programs.py": {"c = w * x", "d = c + b", "e = y - d", "d_e = 2 * e"},
    "lecture_lib/learning/descent.py": {
        "best = 0",
        "for evaluation, loss in enumerate(dev_losses):",
        "if loss < dev_losses[best]:",
        "elif evaluation - best >= patience:",
        "for step in range(1, max_steps + 1):",
        "if stop(before, theta, step):",
    },
    "lecture_lib/learning/optim.py": {
        "return theta - learning_rate * gradient",
        "m = beta1 * m + (1 - beta1) * gradient",
        "v = beta2 * v + (1 - beta2) * gradient**2",
        "m_hat = m / (1 - beta1**t)",
        "v_hat = v / (1 - beta2**t)",
    },
    "lecture_lib/learning/schedules.py": {
        "return eta0 * rate**step",
        "return eta0 * max(0.0, 1 - step / total_steps)",
    },
    "lecture_lib/learning/search.py": {"for name, values in space.items():"},
    "lecture_lib/learning/text.py": {
        "order = rng.permutation(n)",
        "return [order[start : start + batch_size] for start in range(0, n, batch_size)]",
    },
    "lecture_lib/learning/training.py": {"best = 0"},
    "lecture_lib/lessons/lesson_02/numeric_mistakes.py": {
        "gradient = np.zeros(moved.shape)",
        "for place in np.ndindex(moved.shape):",
        "above = f(moved)",
    },
    "lecture_lib/lessons/lesson_04/wrong_passes.py": {
        "for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):",
        "gradients[parent] = gradients.get(parent, 0.0) + d_parent",
        "seen.add(node)",
    },
    **{f"lecture_lib/show/layout/{name}.py": {"while stack:"} for name in ("heights", "layers", "order")},
}
"""Lines with which the library itself trains, searches and walks a graph, and which lessons ask for too."""


def holds_right_answers(name, content):
    """Whether known mistakes stand in this file of a lesson, as edits of the right answer."""
    kept = (b"RightAnswer", b"Misconception")
    return name.startswith("lecture_lib/lessons/lesson_") and any(word in content for word in kept)


def test_no_line_of_an_answer_is_in_any_file(project, files):
    present = {
        name: lines_of(name, content)
        for name, content in files.items()
        if not holds_right_answers(name, content)
    }
    wanted = [line for _, line in answers(project)]
    assert len(wanted) > 30
    found = {
        (name, line)
        for line in wanted
        for name in present
        if squeezed(line) in present[name] and line not in THE_LIBRARYS_OWN.get(name, ())
    }
    assert found == set()


def test_every_lesson_with_an_answer_was_searched_for(project):
    named = {name for name, _ in answers(project)}
    assert named == {
        lesson.path.name for lesson in project.lessons if any(cell.regions for cell in lesson.cells)
    }


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("    return 2 * x", True),
        ("    c = w * x", True),
        ('backward_order = ["E", "J"]', True),
        ("    return z, h, o, p", False),
        ('    E, U = params["E"], params["U"]', False),
        ("}", False),
        ("        break", False),
        ("", False),
        ("    for column in columns:", True),
        ('    "p": -mine.y / p_mine,', True),
    ],
)
def test_a_line_counts_if_it_does_more_than_to_name_things(line, counts):
    assert computes(line) is counts


def test_no_solved_lesson_no_source_no_test_and_no_grader_is_in_it(files):
    for name in files:
        assert not name.startswith(("solutions/", "tests/", "lecture_grader/", ".ci/"))
        assert "SOLUTION" not in name
        assert b"BEGIN " + b"SOLUTION" not in files[name]


def test_its_notebooks_are_those_of_the_project_without_outputs(files):
    ours = {f"notebooks/{path.name}": path.read_bytes() for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {name: files[name] for name in files if name.startswith("notebooks/")} == ours
    for content in ours.values():
        assert not any(cell.get("outputs") for cell in json.loads(content)["cells"])


def test_the_whole_library_but_grading_is_in_it(files):
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "lecture_lib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in files if name.startswith("lecture_lib/")} == ours


def test_the_same_files_give_the_same_zip_to_the_byte(packed, project, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.chdir(tmp_path)
    mask = os.umask(0o077)
    try:
        again = export_release(tmp_path / "elsewhere" / packed.name, project)
    finally:
        os.umask(mask)
    assert again.read_bytes() == packed.read_bytes()
    with zipfile.ZipFile(packed) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_its_scripts_can_be_run_and_nothing_else(packed):
    with zipfile.ZipFile(packed) as archive:
        programs = {info.filename for info in archive.infolist() if info.external_attr >> 16 & 0o111}
    assert programs == {f"{NAME}/{name}" for name in ("binder/postBuild", "tools/environment", "tools/lab")}


def test_its_readme_has_every_lesson_and_every_link_leads_somewhere(unpacked):
    words = (unpacked / "README.md").read_text(encoding="utf-8")
    for path in (unpacked / "notebooks").glob("*.ipynb"):
        assert f"(notebooks/{path.name})" in words
    links = re.findall(r"\]\(([^)#:]+)\)", words)
    assert links
    assert [link for link in links if not (unpacked / link).exists()] == []
    for word in ("make test", "solutions", "instructor", "grading", "{"):
        assert word not in words


def test_its_setup_is_the_projects_without_what_students_do_not_need(unpacked):
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    theirs = tomllib.loads((unpacked / "pyproject.toml").read_text(encoding="utf-8"))
    assert theirs["build-system"] == ours["build-system"]
    del ours["project"]["optional-dependencies"], ours["project"]["scripts"]
    assert theirs["project"] == ours["project"]
    assert set(theirs["tool"]) == {"hatch"}


def test_make_alone_says_what_there_is_to_make(unpacked):
    said = subprocess.run(["make"], cwd=unpacked, capture_output=True, text=True, check=True).stdout
    assert "make lab " in said
    assert "make test" not in said


def alone(unpacked, *command, given=None):
    """Run this environment's Python where lecture_lib is the one that students get."""
    environment = os.environ | {"PYTHONPATH": str(unpacked), "LECTURE_PROGRESS": "off"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=unpacked,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_grading_cannot_be_imported_there(unpacked):
    ran = alone(
        unpacked, "-S", "-c", "import lecture_lib; print(lecture_lib.__file__); import lecture_grader"
    )
    assert Path(ran.stdout.strip()) == unpacked / "lecture_lib" / "__init__.py"
    assert ran.stderr.splitlines()[-1] == "ModuleNotFoundError: No module named 'lecture_grader'"


RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for cells in json.load(sys.stdin):
    shell.reset()
    for source in cells:
        ran = shell.run_cell(source)
        ran.raise_error()
        if source.startswith("ll.check("):
            print("verdict:", ran.result.exercise, ran.result.state)
"""
WHOLE = "03"


def test_its_notebooks_run_there(unpacked):
    """Lesson 03 from top to bottom; of the others, which the project runs, the checks and what these need."""
    notebooks = []
    for path in sorted((unpacked / "notebooks").glob("*.ipynb")):
        cells = code_of(json.loads(path.read_text(encoding="utf-8")))
        needed = with_what_they_need(cells, lambda cell: cell.startswith(("import ", "ll.check(")))
        notebooks.append(cells if path.name.startswith(WHOLE) else needed)
    ran = alone(unpacked, "-W", "error", "-c", RUN, given=json.dumps(notebooks))
    assert ran.returncode == 0, ran.stderr
    verdicts = [line.split(" ", 2)[1:] for line in ran.stdout.splitlines() if line.startswith("verdict: ")]
    assert verdicts == [[exercise, "not attempted"] for exercise in EXERCISES]


IMPORT = """
import importlib, pkgutil, lecture_lib

for module in pkgutil.walk_packages(lecture_lib.__path__, "lecture_lib."):
    importlib.import_module(module.name)
    print(module.name)
"""


def test_every_module_of_its_library_imports_there(unpacked):
    ran = alone(unpacked, "-W", "error", "-c", IMPORT)
    assert ran.returncode == 0, ran.stderr
    modules = [path for path in (unpacked / "lecture_lib").rglob("*.py") if path.name != "__init__.py"]
    assert len(ran.stdout.split()) >= len(modules) > 50


@pytest.mark.network
def test_pip_takes_its_requirements(unpacked):
    ran = alone(
        unpacked, "-m", "pip", "install", "--dry-run", "--disable-pip-version-check", "-r", "requirements.txt"
    )
    assert ran.returncode == 0, ran.stderr
    assert "Would install" in ran.stdout
    assert "lecture-lib-" in ran.stdout


def test_a_readme_without_the_lessons_table_is_an_error(project, tmp_path):
    for name in release_files(project):
        if not name.startswith(("lecture_lib/", "notebooks/")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("nothing\n")
    broken = type(project)(tmp_path, project.build, project.lessons)
    with pytest.raises(CannotExport, match='no table under "## The lessons"'):
        export_release(tmp_path / "a.zip", broken)
    assert not (tmp_path / "a.zip").exists()


def test_only_an_earlier_export_is_replaced(tmp_path, packed, project):
    (tmp_path / "notes.zip").write_bytes(b"mine")
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        archive.writestr("backpropagation/lecture_lib/__init__.py", "")
    for path in (tmp_path / "notes.zip", tmp_path / "own.zip"):
        before = path.read_bytes()
        with pytest.raises(CannotExport, match="is there and is no earlier export"):
            export_release(path, project)
        assert path.read_bytes() == before
    again = export_release(tmp_path / packed.name, project)
    assert export_release(again, project).read_bytes() == packed.read_bytes()
