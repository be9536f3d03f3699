"""What README and the help say of grading: its commands, their options, the extras, class.toml."""

import re
import sys
import tomllib

import pytest

from solutions.build import ROOT

if sys.platform != "linux":
    pytest.skip("grading runs on Linux", allow_module_level=True)

from click import Command, Context, Group
from click.testing import CliRunner

from lecture_grader.__main__ import main
from lecture_grader.outputs import read_course

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL))
SAID = re.findall(r"lecture-grader ([a-z][^\n#]*)", SHELL) + re.findall(r"`lecture-grader ([^`]+)`", README)
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]


def found_by(words: list[str]) -> tuple[Command, list[str]]:
    """Give the command that words call, and what they give it."""
    command: Command = main
    while isinstance(command, Group) and words:
        command, words = command.commands[words[0]], words[1:]
    return command, words


@pytest.mark.parametrize("said", SAID)
def test_each_command_that_readme_shows_is_one_with_these_options(said):
    command, words = found_by(said.split())
    command.make_parser(Context(command)).parse_args(words)


def test_each_extra_that_is_named_can_be_installed():
    shown = " ".join(CliRunner().invoke(main, ["run", "--help"]).output.split())
    said = re.findall(r"-e '\.\[(.*?)\]'", README) + re.findall(r"the extra (\w+)", shown)
    assert len(said) == 4
    assert {name for names in said for name in names.split(",")} <= set(EXTRAS)


def test_the_class_file_that_readme_shows_is_one(tmp_path):
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    path = tmp_path / "class.toml"
    path.write_text(shown, encoding="utf-8")
    course = read_course(path)
    assert [one.student for one in (*course.excused, *course.changed)] == ["s1234", "s1234"]


def test_readme_leads_to_every_page_of_docs():
    for page in (ROOT / "docs").glob("*.md"):
        assert f"](docs/{page.name})" in README
