"""solutions/build.py: one source, two notebooks, the same bytes every time."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.lessons import EXERCISES
from solutions import build

ROOT = Path(build.__file__).resolve().parent.parent

SOURCE = '''\
# %% [markdown]
# # The square
#
# Its slope is $2x$. **Time:** 5 to 10 minutes.

# %%
import math

# %% exercise="square"
def square(x):
    """x, a float -> x times x."""
    # BEGIN SOLUTION
    secret = x
    return secret * x
    # END SOLUTION


# %%
print(math.pi)

# %%
# The derivative at 3, by hand:
# BEGIN SOLUTION
d_x = 2 * 3.0
# END SOLUTION

# %%
print(math.pi)
'''


def lesson_of(text, folder=Path("/repository/solutions")):
    return build.parse(folder / "03_square.py", text)


def student_text(text):
    return build.to_text(build.student_version(lesson_of(text)))


def code_of(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


# What the student gets


def test_an_answer_inside_a_function_becomes_a_stub_that_says_what_to_do():
    cells = code_of(build.student_version(lesson_of(SOURCE)))
    assert cells[1] == (
        "def square(x):\n"
        '    """x, a float -> x times x."""\n'
        '    raise NotImplementedError("write your answer here")'
    )


def test_an_answer_that_is_a_value_becomes_a_blank_of_the_same_name():
    cells = code_of(build.student_version(lesson_of(SOURCE)))
    assert cells[3] == "# The derivative at 3, by hand:\nd_x = ..."


def test_each_name_of_an_answer_becomes_a_blank_once():
    text = "# %%\n# BEGIN SOLUTION\na, b = 1, 2\nhelp(a)\nc: float = a\na = 3\n# END SOLUTION\nprint(a)\n"
    cells = code_of(build.student_version(lesson_of(text)))
    assert cells == ["a = ...\nb = ...\nc = ...\nprint(a)"]


def test_a_stub_stands_at_its_answers_indentation():
    answer = "        # BEGIN SOLUTION\n        return 1\n        # END SOLUTION\n"
    text = "# %%\nclass A:\n    def f(self):\n" + answer
    stub = code_of(build.student_version(lesson_of(text)))[0].splitlines()[-1]
    assert stub == '        raise NotImplementedError("write your answer here")'


def test_what_the_student_finds_instead_of_an_answer_can_be_said():
    given = '# answer = {\n#     "a": ...,  # two numbers\n# }\n'
    answer = "# BEGIN SOLUTION\nsecret = 1\nanswer = dict(a=secret)\n"
    text = f"# %%\n{answer}# INSTEAD\n{given}# END SOLUTION\nhelp(answer)\n"
    lesson = lesson_of(text)
    assert code_of(build.student_version(lesson)) == [
        'answer = {\n    "a": ...,  # two numbers\n}\nhelp(answer)'
    ]
    assert code_of(build.solved_version(lesson)) == ["secret = 1\nanswer = dict(a=secret)\nhelp(answer)"]


def test_a_student_runs_the_stub_and_is_told_to_write():
    namespace = {}
    exec(code_of(build.student_version(lesson_of(SOURCE)))[1], namespace)
    with pytest.raises(NotImplementedError, match="write your answer here"):
        namespace["square"](2.0)


def test_the_students_notebook_has_no_outputs_and_no_counts():
    for cell in build.student_version(lesson_of(SOURCE)).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_the_solved_notebook_has_the_answers_and_no_markers():
    cells = code_of(build.solved_version(lesson_of(SOURCE)))
    assert cells[1].endswith("    secret = x\n    return secret * x")
    assert cells[3] == "# The derivative at 3, by hand:\nd_x = 2 * 3.0"
    assert "SOLUTION" not in build.to_text(build.solved_version(lesson_of(SOURCE)))


def test_an_exercises_cell_is_known_by_its_id_and_cannot_be_deleted_by_accident():
    for version in (build.student_version, build.solved_version):
        (cell,) = [c for c in version(lesson_of(SOURCE)).cells if "lecture" in c.metadata]
        assert cell.id == "exercise-square"
        assert cell.metadata == {"lecture": {"exercise": "square"}, "deletable": False}


def test_made_into_slides_each_text_of_the_solved_lesson_begins_one():
    text = "# %% [markdown]\n# ## A\n\n# %%\n1\n\n# %% [markdown]\n# ### B\n\n# %% [markdown]\n# C\n"
    cells = build.solved_version(lesson_of(text)).cells
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells]
    assert kinds == ["slide", None, "subslide", "subslide"]


def test_an_exercise_may_have_two_functions():
    text = (
        '# %% exercise="schedules" defines=["linear_decay", "exponential_decay"]\n'
        "def linear_decay(eta0):\n    # BEGIN SOLUTION\n    return eta0\n    # END SOLUTION\n\n\n"
        "def exponential_decay(eta0):\n    # BEGIN SOLUTION\n    return eta0\n    # END SOLUTION\n"
    )
    assert student_text(text).count("NotImplementedError") == 2


def test_a_cells_tags_reach_both_notebooks():
    text = '# %% tags=["nbval-ignore-output"]\nprint(1)\n'
    for version in (build.student_version, build.solved_version):
        assert version(lesson_of(text)).cells[0].metadata == {"tags": ["nbval-ignore-output"]}


def test_no_version_of_python_is_written_down():
    notebook = build.student_version(lesson_of(SOURCE))
    assert "version" not in notebook.metadata.language_info
    assert notebook.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize(("exercise", "words"), [("fan_out", "points"), ("practice", "no points")])
def test_a_heading_says_the_points_that_the_exercise_has(exercise, words):
    points = f"{EXERCISES[exercise].points:g} "
    text = f"# %% [markdown]\n# ### Exercise `{exercise}` ({{points}})\n#\n# Write.\n"
    (cell,) = build.student_version(lesson_of(text)).cells
    expected = words if words == "no points" else points + words
    assert cell.source == f"### Exercise `{exercise}` ({expected})\n\nWrite."


def test_the_table_of_lessons_gets_their_points_and_minutes_and_the_hours_of_all(tmp_path):
    total = sum(exercise.points for exercise in EXERCISES.values() if exercise.lesson == "03")
    for name, time in (("03_graphs", "two sittings of 45 to 60"), ("04_more", "80 to\n# 150")):
        source = tmp_path / "solutions" / f"{name}.py"
        source.parent.mkdir(exist_ok=True)
        source.write_text(f"# %% [markdown]\n# # A title\n#\n# **Time:** {time} minutes.\n", encoding="utf-8")
    row = "| [`03_graphs`](notebooks/03_graphs.ipynb) | one neuron |"
    told = build.filled_readme(f"{row} 1–2 | 99 |\n\nAll lessons together take 9 to 10 hours.\n", tmp_path)
    assert told == f"{row} 90–120 | {total:g} |\n\nAll lessons together take 3 to 5 hours.\n"


def test_a_lesson_that_does_not_say_how_long_it_takes_is_named(tmp_path):
    source = write_source(tmp_path, "# %% [markdown]\n# # A title\n")
    with pytest.raises(build.BuildError, match=r"03_square\.py: say at its top how long it takes"):
        build.minutes_of(source)


def test_a_table_without_a_lesson_or_with_other_points_is_named(tmp_path):
    write_source(tmp_path, SOURCE)
    (tmp_path / "README.md").write_text("| [`05_a`](notebooks/05_a.ipynb) | | 50 | 99 |\n", encoding="utf-8")
    missing, stale = build.stale_readme(tmp_path)
    assert missing == "README.md has no row for 03_square"
    assert stale.endswith("'make lessons' writes them")


# Properties, for any lesson

names = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True).filter(lambda name: not _keyword(name))
words = st.text("abc é∂ℓ×$\\_-#", max_size=30).map(str.strip)


def _keyword(name):
    try:
        ast.parse(f"{name} = 1")
    except SyntaxError:
        return True
    return False


@st.composite
def lesson_texts(draw):
    """A source, and the tokens that stand in its answers and nowhere else."""
    cells, secrets = [], []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["markdown", "code", "value", "function", "exercise"]))
        name, word = draw(names), draw(words)
        secret = f"secret_{number}_of_mine"
        if kind == "markdown":
            cells.append(f"# %% [markdown]\n# {word or 'text'}")
        elif kind == "code":
            cells.append(f"# %%\n{name} = {word!r}")
        elif kind == "value":
            cells.append(f"# %%\n# BEGIN SOLUTION\n{name} = '{secret}'\n# END SOLUTION\nprint({name})")
        else:
            marker = f' exercise="{name}_{number}"' if kind == "exercise" else ""
            cells.append(
                f"# %%{marker}\ndef {name}_{number}(x):\n    # BEGIN SOLUTION\n"
                f"    {secret} = x\n    return {secret}\n    # END SOLUTION"
            )
        if kind in ("value", "function", "exercise"):
            secrets.append(secret)
    return "\n\n".join(cells) + "\n", secrets


@given(lesson_texts())
def test_the_same_source_gives_the_same_bytes(case):
    text, _ = case
    for version in (build.student_version, build.solved_version):
        assert build.to_text(version(lesson_of(text))) == build.to_text(version(lesson_of(text)))


@given(lesson_texts())
def test_no_answer_reaches_the_students_notebook(case):
    text, secrets = case
    student = student_text(text)
    solved = build.to_text(build.solved_version(lesson_of(text)))
    assert "SOLUTION" not in student
    for secret in secrets:
        assert secret not in student
        assert secret in solved


@given(lesson_texts())
def test_cell_ids_are_valid_and_unique_and_those_of_both_notebooks(case):
    text, _ = case
    lesson = lesson_of(text)
    ids = [cell.id for cell in build.student_version(lesson).cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", identity) for identity in ids)
    assert ids == [cell.id for cell in build.solved_version(lesson).cells]


@given(lesson_texts())
def test_a_cell_keeps_its_id_when_a_cell_is_added_before_it(case):
    text, _ = case
    before = build.cell_ids(lesson_of(text))
    after = build.cell_ids(lesson_of("# %% [markdown]\n# A new beginning, unlike any other.\n\n" + text))
    assert after[1:] == before


@given(lesson_texts())
def test_both_notebooks_are_valid_and_their_code_is_python(case):
    text, _ = case
    for version in (build.student_version, build.solved_version):
        notebook = version(lesson_of(text))
        nbformat.validate(notebook)
        for source in code_of(notebook):
            ast.parse(source)


# Sources that are not sound

UNSOUND = {
    "an answer without an end": ("# %%\nx = 1\n# BEGIN SOLUTION\ny = 2\n", 3, "without # END SOLUTION"),
    "an end without an answer": ("# %%\nx = 1\n# END SOLUTION\n", 3, "without # BEGIN SOLUTION"),
    "an answer in an answer": (
        "# %%\n# BEGIN SOLUTION\n# BEGIN SOLUTION\ny = 2\n# END SOLUTION\n",
        3,
        "again; the one at line 2",
    ),
    "an end in another cell": ("# %%\n# BEGIN SOLUTION\ny = 2\n\n# %%\n# END SOLUTION\n", 2, "without # END"),
    "an empty answer": ("# %%\n# BEGIN SOLUTION\n# nothing\n# END SOLUTION\n", 2, "nothing stands between"),
    "code where comments say what the student finds": (
        "# %%\n# BEGIN SOLUTION\na = 1\n# INSTEAD\n# a = ...\na = 2\n# END SOLUTION\n",
        6,
        "after # INSTEAD each line is a comment",
    ),
    "a misspelt marker": ("# %%\n# begin solution\ny = 2\n# END SOLUTION\n", 2, "exactly # BEGIN SOLUTION"),
    "an answer that is a whole function": (
        "# %%\n# BEGIN SOLUTION\ndef f():\n    return 1\n# END SOLUTION\n",
        2,
        "inside the function, beneath its 'def'",
    ),
    "an exercise that does not define its name": (
        '# %% exercise="softmax"\ndef sofmax(z):\n    # BEGIN SOLUTION\n    return z\n    # END SOLUTION\n',
        2,
        "does not define softmax",
    ),
    "an exercise without an answer": ('# %% exercise="f"\ndef f():\n    pass\n', 2, "has no lines"),
    "an exercise that is a text": ('# %% [markdown] exercise="f"\n# Hello\n', 1, "must be a code cell"),
    "an exercise in two cells": (
        '# %% exercise="a"\n# BEGIN SOLUTION\na = 1\n# END SOLUTION\n\n'
        '# %% exercise="a"\n# BEGIN SOLUTION\na = 2\n# END SOLUTION\n',
        6,
        "has a cell already, at line 1",
    ),
    "a misspelt word in a marker": ('# %% exercize="a"\na = 1\n', 1, "exercize"),
    "names without an exercise": ('# %% defines=["a"]\na = 1\n', 1, "without exercise"),
    "a long cell": ("# %%\n" + "x = 1\n" * 26, 2, "26 lines of code"),
    "no Python": ("# %% [markdown]\n# Hello\n\n# %%\nx = 1\nif x\n", 6, "no Python"),
    "points that stand elsewhere": (
        "# %% [markdown]\n# ### Exercise `fan_out` (4 points)\n",
        2,
        "they stand in the lesson's exercises.py",
    ),
    "points of an exercise that there is not": (
        "# %% [markdown]\n# ### Exercise `fan_in` ({points})\n",
        2,
        "no lesson's exercises.py has 'fan_in'",
    ),
    "text before the first cell": ("x = 1\n\n# %%\ny = 2\n", 3, "every cell, the first too"),
}


@pytest.mark.parametrize("fault", UNSOUND)
def test_an_unsound_source_is_refused_with_its_file_and_line(fault):
    text, line, words = UNSOUND[fault]
    with pytest.raises(build.BuildError) as caught:
        lesson_of(text)
    message = str(caught.value)
    assert message.startswith(f"/repository/solutions/03_square.py:{line}: ")
    assert words in message


def test_comments_and_blank_lines_do_not_make_a_cell_long():
    text = "# %%\n" + "# why\n\nx = 1\n" * build.MOST_LINES
    assert len(lesson_of(text).cells) == 1


# Executing and writing


def write_source(folder, text):
    path = folder / "solutions" / "03_square.py"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def executed(lesson, folder):
    return build.execute(lesson, build.solved_version(lesson), folder)


def test_building_twice_changes_no_file(tmp_path):
    lesson = build.parse(write_source(tmp_path, SOURCE))
    build.build(lesson)
    paths = [lesson.student_path, lesson.solved_path]
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in paths]
    build.build(lesson)
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in paths] == before
    assert build.stale(lesson) == []
    assert "3.141592653589793" in lesson.solved_path.read_text()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda lesson: lesson.student_path.unlink(), "notebooks/03_square.ipynb is missing"),
        (
            lambda lesson: _replace(lesson.student_path, "slope", "steepness"),
            "notebooks/03_square.ipynb is not",
        ),
        (
            lambda lesson: _replace(lesson.solved_path, "slope", "steepness"),
            "solutions/03_square.ipynb is not",
        ),
        (
            lambda lesson: _replace(lesson.solved_path, '"execution_count": 4', '"execution_count": 9'),
            "solutions/03_square.ipynb was not executed from top to bottom",
        ),
        (lambda lesson: _replace(lesson.path, "secret", "hidden"), "solutions/03_square.ipynb is not"),
    ],
    ids=["missing", "student's edited", "solved edited", "run out of order", "source edited"],
)
def test_a_stale_notebook_is_named_with_what_to_do(tmp_path, edit, words):
    path = write_source(tmp_path, SOURCE)
    build.build(build.parse(path))
    edit(build.parse(path))
    (problem,) = build.stale(build.parse(path))
    assert words in problem
    assert problem.endswith("rebuild it with 'make lessons LESSONS=03'")


def _replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_notebook_without_a_source_is_named(tmp_path):
    write_source(tmp_path, SOURCE)
    (tmp_path / "notebooks").mkdir()
    stray = tmp_path / "notebooks" / "04_stray.ipynb"
    stray.touch()
    assert build.orphans(tmp_path) == [stray]


def test_a_saved_output_keeps_the_still_picture_and_its_words_only(tmp_path):
    text = (
        "# %%\nimport anywidget\n\n\nclass Still(anywidget.AnyWidget):\n"
        '    _esm = "export default {}"\n\n'
        "    def _repr_mimebundle_(self, **options):\n"
        "        live = super()._repr_mimebundle_(**options)[0]\n"
        '        return live | {"text/html": "<b>still</b>", "text/plain": "words"}, {}\n\n\nStill()\n'
    )
    notebook = executed(lesson_of(text, tmp_path), tmp_path)
    (output,) = notebook.cells[0].outputs
    assert output.data == {"text/html": "<b>still</b>", "text/plain": "words"}
    assert "widgets" not in notebook.metadata


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import warnings\n\nwarnings.warn('mind this')", "writes to stderr"),
        ("object()", "shows a memory address"),
        ("print(object())", "shows a memory address"),
    ],
)
def test_a_cell_whose_output_cannot_be_kept_is_named(tmp_path, code, words):
    lesson = lesson_of(f"# %% [markdown]\n# Hello\n\n# %%\n{code}\n", tmp_path)
    with pytest.raises(build.BuildError, match=words) as caught:
        executed(lesson, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/03_square.py:5: ")


def test_the_command_says_which_lessons_there_are_not():
    command = [sys.executable, str(ROOT / "solutions" / "build.py"), "--check", "99"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "there is no solutions/99_*.py" in ran.stderr
