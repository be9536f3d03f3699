"""What nbval compares, with the settings of pyproject.toml: no saved output can go stale unseen."""

import subprocess
import sys

import pytest

from solutions import build

SOURCE = """\
# %%
from IPython.display import display


class Picture:
    def __init__(self, colour):
        self.colour = colour

    def _repr_mimebundle_(self, **options):
        return {"text/html": f"<img alt='a {self.colour} square' src='data:'>", "text/plain": self.colour}


# %%
print("a line")

# %%
Picture("blue")

# %%
display({"image/svg+xml": "<svg>" + "</svg>"}, raw=True)

# %% tags=["nbval-ignore-output"]
Picture("green")
"""


@pytest.fixture
def solved(tmp_path):
    """Build a solved notebook of a lesson that shows one output of each kind."""
    lesson = build.parse(tmp_path / "solutions" / "03_kinds.py", SOURCE)
    (tmp_path / "solutions").mkdir()
    build.build(lesson)
    return lesson.solved_path


def run_nbval(notebook):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no"]
    command += ["-c", str(build.ROOT / "pyproject.toml"), f"--rootdir={notebook.parent}", str(notebook)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=notebook.parent).stdout


def test_outputs_that_are_as_saved_pass(solved):
    assert "5 passed" in run_nbval(solved)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('"a line\\n"', '"another line\\n"', "stdout"),
        ("'a blue square'", "'a red square'", "text/html"),
        ('"blue"\n', '"red"\n', "text/plain"),
        ("<svg></svg>", "<svg><g/></svg>", "image/svg+xml"),
    ],
)
def test_an_output_that_differs_from_the_saved_one_fails(solved, old, new, kind):
    text = solved.read_text(encoding="utf-8")
    assert text.count(old) == 1
    solved.write_text(text.replace(old, new), encoding="utf-8")
    result = run_nbval(solved)
    assert "1 failed, 4 passed" in result
    assert f"mismatch '{kind}'" in result


def test_an_output_that_is_tagged_is_not_compared(solved):
    text = solved.read_text(encoding="utf-8")
    solved.write_text(text.replace("'a green square'", "'a grey square'"), encoding="utf-8")
    assert "5 passed" in run_nbval(solved)


def test_an_output_that_is_no_longer_there_fails(solved):
    text = solved.read_text(encoding="utf-8")
    assert '"print(\\"a line\\")"' in text
    solved.write_text(text.replace('"print(\\"a line\\")"', '"pass"'), encoding="utf-8")
    assert "1 failed, 4 passed" in run_nbval(solved)
