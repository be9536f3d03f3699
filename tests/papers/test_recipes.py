"""CONTRIBUTING's recipes, followed to the letter in a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ANOTHER = "00"
"""A lesson that no recipe touches; it ends with the points of all."""
PAPER = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# ([\w/.]+\.py)(?:, in (\w+))?\n")
PAGE = re.compile(r"<!-- ([\w/.]+\.md) -->\n")


class Copy:
    """A copy of the repository in which a recipe is followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("docs", "lecture_lib", "lecture_grader", "solutions", "notebooks", "tests", "tools"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in ("README.md", "CONTRIBUTING.md", "pyproject.toml", "conftest.py"):
            shutil.copy(ROOT / name, folder)

    def follow(self) -> None:
        """Put every block of CONTRIBUTING where it says."""
        for indent, language, text in BLOCK.findall(PAPER):
            block = textwrap.dedent(text) if indent else text
            if language == "markdown":
                page = PAGE.match(block)
                row, first = block[page.end() :], "[" if page[1] == "README.md" else "(no slide)"
                table = re.compile(rf"((?:^\| {re.escape(first)}.*\n)+)", re.MULTILINE)
                self.change(page[1], table, lambda found, row=row: found[1] + row)
            elif language == "python" and (place := FILE.match(block)):
                file, table = place.groups()
                block = block[place.end() :]
                if table:
                    rows = re.compile(rf"(^{table} = \(\n.*?)^\)", re.MULTILINE | re.DOTALL)
                    self.change(file, rows, lambda found, block=block: f"{found[1]}{block})")
                else:
                    self.append(file, block)

    def append(self, file: str, block: str) -> None:
        path = self.folder / file
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n\n" if path.exists() else ""
        path.write_text(before + block, encoding="utf-8")

    def change(self, file: str, old: re.Pattern[str], new) -> None:
        path = self.folder / file
        text, count = old.subn(new, path.read_text(encoding="utf-8"))
        assert count == 1, (file, old, count)
        path.write_text(text, encoding="utf-8")

    def run(self, *command: str) -> subprocess.CompletedProcess:
        environment = os.environ | {"PYTHONPATH": str(self.folder)}
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def test(self, name: str) -> str:
        (path,) = (self.folder / "tests").rglob(f"test_{name}.py")
        return str(path)

    def text(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Copy:
    made = Copy(tmp_path_factory.mktemp("recipes") / "repository")
    made.follow()
    built = made.run("solutions/build.py", "90", ANOTHER)  # as make lessons does with all
    assert built.returncode == 0, built.stderr
    return made


def passes(copy: Copy, *options: str) -> None:
    ran = copy.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers", *options)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_primitive_is_checked_and_offered_because_it_is_registered(copy):
    said = copy.run(
        "-c", "import lecture_lib as ll; print('cube' in dir(ll), ll.cube(ll.data(2.0, 'x')).value)"
    )
    assert said.stdout == "True 8.0\n", said.stderr
    passes(copy, "tests/autodiff/test_every_primitive.py", "-k", "cube or blend")
    passes(copy, "tests/autodiff/test_own_operations.py")  # which make primitives of their own


def test_an_exercise_a_misconception_and_right_answers_pass_every_test_of_exercises(copy):
    assert '"minus three times"' in copy.text("lecture_lib/lessons/lesson_90/exercises.py")
    files = ("tests/exercises/test_every_exercise.py", "tests/exercises/test_progress_file.py")
    passes(copy, *files, "-k", "triple or to_be_tried or registered or progress_file")


def test_an_exercise_more_leaves_what_counts_them_all_green(copy):
    names = ("hints_and_blanks", "score_report", "class_file")
    (another,) = (copy.folder / "solutions").glob(f"{ANOTHER}_*.ipynb")
    assert "triple" in another.read_text(encoding="utf-8")
    passes(copy, *(copy.test(name) for name in names), str(another))


def test_a_misconception_in_a_table_that_is_there_leaves_all_that_is_tested_of_it_green(copy):
    row = '    Edit("half", {_NEW: "theta / 2 - step"}, "Half of theta is gone. Which line halves it?"),\n'
    table = re.compile(r"(^SGD_STEP_MISTAKES = \(\n.*?)^\)", re.MULTILINE | re.DOTALL)
    copy.change("lecture_lib/lessons/lesson_01/one_step.py", table, lambda found: f"{found[1]}{row})")
    passes(copy, "tests/exercises/test_every_exercise.py", "-k", "[sgd_step] or sgd_step-half")


def test_a_question_and_an_explorer_are_found(copy):
    code = (
        "import lecture_lib as ll; print(ll.explore_triple().state, 'three times 2' in ll.recall('90').words)"
    )
    said = copy.run("-c", code)
    assert said.stdout == "{'x': 1.0} True\n", said.stderr
    passes(copy, "tests/explore/test_question.py")


def test_a_lesson_is_in_order_with_its_paragraph_its_row_and_its_points(copy):
    notebook = copy.text("notebooks/90_three_times.ipynb")
    assert "the number, and the number, and the number." in notebook
    assert "Exercise `triple` (2 points)" in notebook
    assert "| three times a number | 5–10 | 2 |" in copy.text("README.md")
    files = [copy.test(name) for name in ("lessons", "slide_table", "times", "floors", "whose_it_is")]
    tests = "90 or readme or heading or source or slide_table or imports_go_down or every_floor or given_out"
    passes(copy, *files, "-k", tests)


def test_what_the_recipes_make_is_in_order_of_style(copy):
    files = sorted({place[1] for _, _, text in BLOCK.findall(PAPER) if (place := FILE.match(text.lstrip()))})
    assert len(files) >= 6
    for looked_at in (("check",), ("format", "--check")):
        ran = copy.run("-m", "ruff", *looked_at, *files)
        assert ran.returncode == 0, ran.stdout


def test_points_are_changed_in_one_place(copy):
    change = (re.compile('Part\\("three times x", 2,'), 'Part("three times x", 3,')
    copy.change("lecture_lib/lessons/lesson_90/exercises.py", *change)
    said = copy.run("solutions/build.py", "--check", "90").stdout
    assert "notebooks/90_three_times.ipynb is not what" in said
    assert "README.md does not have the lessons' minutes and points" in said
    built = copy.run("solutions/build.py", "90")
    assert built.returncode == 0, built.stderr
    assert "Exercise `triple` (3 points)" in copy.text("notebooks/90_three_times.ipynb")
    assert "| three times a number | 5–10 | 3 |" in copy.text("README.md")
    said = copy.run("solutions/build.py", "--check", "90").stdout
    assert said == "every notebook is what its source makes\n"
    files = ("tests/exercises/test_every_exercise.py", "tests/exercises/test_progress_file.py")
    passes(copy, *files, "-k", "(triple and not misconception) or progress_file or points")
