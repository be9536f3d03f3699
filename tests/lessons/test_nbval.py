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
        return {"text/html": f"<img alt='a {self.colour} square' src='data:'>", "text/plain": "a square"}


# %%
print("a line")

# %%
Picture("blue")

# %%
["blue"]

# %%
display({"image/svg+xml": "<svg>" + "</svg>"}, raw=True)

# %% tags=["nbval-ignore-output"]
Picture("green")
"""


DIFFERENT = {  # what is saved -> what might be saved instead, and the output's kind
    '"a line\\n"': ('"another line\\n"', "stdout"),
    "'a blue square'": ("'a red square'", "text/html"),
    "['blue']": ("['red']", "text/plain"),
    "<svg></svg>": ("<svg><g/></svg>", "image/svg+xml"),
}


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """Build a solved notebook that shows outputs of several kinds; give its text."""
    folder = tmp_path_factory.mktemp("repository") / "solutions"
    folder.mkdir()
    lesson = build.parse(folder / "03_kinds.py", SOURCE)
    return build.to_text(build.execute(lesson, build.solved_version(lesson), folder))


def run_nbval(folder, text):
    (folder / "solved.ipynb").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no"]
    command += ["-c", str(build.ROOT / "pyproject.toml"), f"--rootdir={folder}", "solved.ipynb"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stdout


def test_outputs_that_are_as_saved_pass(solved, tmp_path):
    assert "6 passed" in run_nbval(tmp_path, solved)


def test_outputs_that_differ_from_the_saved_ones_fail(solved, tmp_path):
    text = solved
    for old, (new, _) in DIFFERENT.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    result = run_nbval(tmp_path, text)
    assert "4 failed, 2 passed" in result
    for _, kind in DIFFERENT.values():
        assert f"mismatch '{kind}'" in result


def test_an_output_that_is_tagged_is_not_compared_and_one_that_is_missing_fails(solved, tmp_path):
    missing = solved.replace('"print(\\"a line\\")"', '"pass"')
    assert missing != solved
    tagged = missing.replace("'a green square'", "'a grey square'")
    assert tagged != missing
    result = run_nbval(tmp_path, tagged)
    assert "1 failed, 5 passed" in result
    assert "Missing output fields from running code: {'stdout'}" in result
