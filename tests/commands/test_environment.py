"""tools/environment, which `make lab` and `make test` begin with: which Python it takes, when it installs.

The Pythons here are small scripts that answer as a Python of some version would, and write down what they are
asked to install.
"""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ["sh", "cat", "cksum", "cp", "id", "mkdir", "rm", "sed", "tail", "tr", "make"]
PYTHON = """\
#!/bin/sh
case "$1 $2" in
    "-c "*) [ -n "{minor}" ] && echo {minor} ;;
    "--version "*) echo "Python 3.{minor}.0" ;;
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip") shift 2; echo "$@" >>"{log}" ;;
esac
"""


class Machine:
    """A copy of the commands on a machine that has nothing but the Pythons one puts there."""

    def __init__(self, folder: Path):
        self.repository = folder / "repository"
        self.programs = folder / "bin"
        self.log = folder / "installed"
        (self.repository / "tests").mkdir(parents=True)
        self.programs.mkdir()
        for name in ["Makefile", "pyproject.toml", "requirements.txt", "tests/requirements.txt"]:
            shutil.copy(ROOT / name, self.repository / name)
        shutil.copytree(ROOT / "tools", self.repository / "tools")
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool))

    def add_python(self, name: str, minor: int | str) -> Path:
        path = self.programs / name
        path.write_text(PYTHON.format(minor=minor, log=self.log))
        path.chmod(0o755)
        return path

    def prepare(self, *arguments: str) -> subprocess.CompletedProcess:
        command = ["sh", "tools/environment", *(arguments or ["requirements.txt"])]
        return self.run(*command)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess:
        environment = {"PATH": str(self.programs)} | variables
        return subprocess.run(
            command, cwd=self.repository, env=environment, capture_output=True, text=True, check=False
        )

    @property
    def installed(self) -> int:
        """How many times a file of requirements was installed."""
        return self.log.read_text().count("-r ") if self.log.exists() else 0


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def sentence(ran):
    """Give what went to stderr, which must be one line."""
    assert ran.returncode != 0
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    return line


def test_no_python_gets_one_sentence(machine):
    said = sentence(machine.prepare())
    assert said.startswith("These lessons need Python 3.11 to 3.14, and found no Python: ")


def test_a_python_that_is_too_old_gets_one_sentence_that_names_it(machine):
    machine.add_python("python3", 10)
    assert "need Python 3.11 to 3.14, and found Python 3.10.0: " in sentence(machine.prepare())


def test_a_python_that_is_too_new_gets_one_sentence_that_names_it(machine):
    machine.add_python("python3", 15)
    assert "need Python 3.11 to 3.14, and found Python 3.15.0: " in sentence(machine.prepare())


@pytest.mark.parametrize(("minor", "words"), [(10, "is Python 3.10:"), ("", "is not a Python 3 that runs:")])
def test_a_python_that_was_asked_for_and_does_not_serve_gets_one_sentence(machine, minor, words):
    machine.add_python("python3.12", 12)
    other = str(machine.add_python("other", minor))
    assert f"PYTHON={other} {words}" in sentence(machine.prepare("requirements.txt", other))


def test_nothing_is_made_where_no_python_serves(machine):
    machine.add_python("python3", 10)
    machine.prepare()
    assert not (machine.repository / ".venv").exists()


def test_the_newest_python_that_serves_is_taken(machine):
    for minor in (11, 14, 15):
        machine.add_python(f"python3.{minor}", minor)
    machine.add_python("python3", 15)
    assert "with Python 3.14.0." in machine.prepare().stdout


def test_a_name_without_a_working_python_behind_it_is_passed_over(machine):
    """As pyenv has them: python3.13 is there, and only says that it is not."""
    machine.add_python("python3.13", "")
    machine.add_python("python3", 11)
    assert "with Python 3.11.0." in machine.prepare().stdout


def test_the_second_time_nothing_is_installed_and_nothing_is_said(machine):
    machine.add_python("python3", 12)
    machine.prepare()
    assert machine.installed == 1
    again = machine.prepare()
    assert machine.installed == 1
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_requirement_is_installed(machine, name):
    machine.add_python("python3", 12)
    machine.prepare()
    with (machine.repository / name).open("a") as file:
        file.write("# changed\n")
    machine.prepare()
    assert machine.installed == 2


def test_an_installation_that_failed_is_tried_again(machine):
    python = machine.add_python("python3", 12)
    good = python.read_text()
    python.write_text(good.replace('echo "$@" >>', "exit 1; : "))
    ran = machine.prepare()
    assert ran.returncode != 0
    assert ran.stderr.splitlines()[-1].startswith("Installing what requirements.txt lists did not work")
    (machine.repository / ".venv" / "bin" / "python").write_text(good)
    assert machine.prepare().returncode == 0
    assert machine.installed == 1


def test_an_environment_that_could_not_be_made_is_not_left_behind(machine):
    """Debian's Python without python3-venv makes half of one, then fails."""
    python = machine.add_python("python3", 12)
    python.write_text(python.read_text().replace('"$3/bin/python" ;;', '"$3/bin/python"; exit 1 ;;'))
    ran = machine.prepare()
    assert ran.stderr.startswith("python3 cannot make virtual environments: ")
    assert not (machine.repository / ".venv").exists()


def test_the_tests_requirements_come_on_top_and_stay(machine):
    machine.add_python("python3", 12)
    for requirements in ["requirements.txt", "tests/requirements.txt"] * 2:
        machine.prepare(requirements)
    assert machine.installed == 2


def test_an_environment_of_another_name_leaves_the_first_one_alone(machine):
    machine.add_python("python3", 12)
    machine.prepare()
    machine.prepare("requirements.txt", "", ".benchmarks")
    assert machine.installed == 2
    assert (machine.repository / ".benchmarks" / "bin" / "python").exists()
    assert machine.prepare().stdout == ""


def test_another_python_makes_the_environment_anew(machine):
    machine.add_python("python3", 12)
    machine.prepare()
    other = str(machine.add_python("other", 13))
    assert "with Python 3.13.0." in machine.prepare("requirements.txt", other).stdout
    assert machine.installed == 2
    assert machine.prepare().stdout == ""


def test_an_environment_whose_python_is_gone_is_made_anew(machine):
    machine.add_python("python3", 12)
    machine.prepare()
    (machine.repository / ".venv" / "bin" / "python").unlink()
    machine.prepare()
    assert machine.installed == 2


def test_a_folder_that_was_moved_is_installed_again(machine):
    """A virtual environment holds its own place in its scripts."""
    machine.add_python("python3", 12)
    machine.prepare()
    moved = machine.repository.rename(machine.repository.parent / "elsewhere")
    machine.repository = moved
    machine.prepare()
    assert machine.installed == 2


def test_make_lab_says_the_sentence_and_starts_nothing(machine):
    ran = machine.run("make", "lab")
    assert ran.returncode != 0
    assert ran.stderr.splitlines()[0].startswith("These lessons need Python")


def test_make_alone_says_what_there_is_to_make(machine):
    said = machine.run("make").stdout
    for target in ("lab", "test", "lessons", "lint", "bench"):
        assert f"make {target} " in said


def test_the_commands_take_the_pythons_that_the_package_names():
    oldest, newest = re.search(
        r"oldest=(\d+) newest=(\d+)", (ROOT / "tools/environment").read_text()
    ).groups()
    package = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert package["requires-python"] == f">=3.{oldest},<3.{int(newest) + 1}"


def test_every_paper_names_the_pythons_that_the_package_names():
    oldest, newest = re.search(
        r">=3\.(\d+),<3\.(\d+)", (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ).groups()
    *before, last = [f"3.{minor}" for minor in range(int(oldest), int(newest))]
    words = f"Python {', '.join(before)} or {last}"
    for paper in ["README.md", "lecture_grader/exports/for_students/README.md"]:
        assert f"You need {words}." in (ROOT / paper).read_text(encoding="utf-8")
    setup = (ROOT / "lecture_grader/exports/for_gradescope/setup.sh").read_text(encoding="utf-8")
    assert f"no {words}:" in setup
    assert f"for version in {' '.join([last, *reversed(before)])};" in setup
    assert f"for candidate in python{last} " in (ROOT / "tools/environment").read_text(encoding="utf-8")


def test_the_workflow_runs_what_ci_runs_on_each_python():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))
    job, parity = workflow["jobs"]["tests"], workflow["jobs"]["parity"]
    assert parity["steps"][-1]["run"] == "python benchmarks/parity.py"
    served = job["strategy"]["matrix"]["python"]
    environment = (ROOT / "tools/environment").read_text(encoding="utf-8")
    assert f"oldest={served[0][2:]} newest={served[-1][2:]} " in environment
    assert served == [f"3.{minor}" for minor in range(int(served[0][2:]), int(served[-1][2:]) + 1)]
    assert job["steps"][-1]["run"] == ".ci/run"


def test_python_can_be_named_in_the_environment_too(machine):
    other = str(machine.add_python("other", 10))
    ran = machine.run("make", "lab", PYTHON=other)
    assert "is Python 3.10" in ran.stderr


def test_no_bound_is_said_twice():
    """pyproject.toml has the library's needs, requirements.txt a student's, the third file the tests'."""
    lines = [
        line.partition(">=")[0].strip(' "')
        for name in ["pyproject.toml", "requirements.txt", "tests/requirements.txt"]
        for line in (ROOT / name).read_text().splitlines()
        if ">=" in line and "requires" not in line and "--" not in line
    ]
    assert "numpy" in lines
    assert "jupyterlab" in lines
    assert len(set(lines)) == len(lines)


def test_the_scripts_can_be_run():
    for name in [".ci/run", "binder/postBuild"]:
        assert os.access(ROOT / name, os.X_OK)
