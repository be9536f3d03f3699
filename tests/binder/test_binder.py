"""What mybinder.org does with this repository: repo2docker finds our files, and its steps work."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".benchmarks*", "__pycache__", ".*_cache", ".hypothesis")


@pytest.fixture(scope="module")
def dockerfile():
    """Let repo2docker look at the repository and print what it would build. No container engine is needed."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    command += ["--user-id=1000", "--user-name=visitor", str(ROOT)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def version():
    """Give the Python that we ask for, such as "3.11"."""
    return (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")


@pytest.fixture(scope="module")
def steps(dockerfile):
    """Give the commands that run in the repository, in order."""
    return re.findall(r"^RUN (.*)$", dockerfile.partition("# Copy stuff.")[2], re.MULTILINE)


@pytest.fixture(scope="module")
def image(steps, version, tmp_path_factory):
    """Make what is in the image: a copy of the repository, a fresh Python, the steps carried out."""
    repository = tmp_path_factory.mktemp("image") / "repository"
    prefix = repository.parent / "python"
    shutil.copytree(ROOT, repository, ignore=NOT_COPIED)
    subprocess.run([find_python(version), "-m", "venv", str(prefix)], check=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTHON", "VIRTUAL"))}
    environment |= {
        "HOME": str(repository),
        "REPO_DIR": str(repository),
        "NB_PYTHON_PREFIX": str(prefix),
        "KERNEL_PYTHON_PREFIX": str(prefix),
        "PIP_COMPILE": "0",  # most of what is installed is not imported here
        "PATH": f"{prefix / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    # The image's pip is a new one too; the pip that comes with a Python can be years old, and twice as slow.
    for step in ["python -m pip install --quiet --upgrade pip", *steps]:
        ran = subprocess.run(
            step, shell=True, cwd=repository, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, f"{step}\n{ran.stdout}\n{ran.stderr}"
    return repository, prefix / "bin" / "python", environment


def find_python(version):
    """Find a Python of this version in PATH or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [f"python{version}", "python3", *pyenv.glob(f"versions/{version}.*/bin/python")]
    for candidate in candidates:
        found = shutil.which(candidate)
        code = "import sys; print('{}.{}'.format(*sys.version_info))"
        if found:
            said = subprocess.run([found, "-c", code], capture_output=True, text=True, check=False).stdout
            if said.strip() == version:
                return found
    return pytest.skip(f"no Python {version} here, which binder/runtime.txt asks for")


def test_repo2docker_takes_our_requirements_and_then_our_post_build(steps):
    install = [step for step in steps if "pip install" in step and "binder/requirements.txt" in step]
    assert len(install) == 1
    assert steps[-1] == "./binder/postBuild"
    assert steps.index(install[0]) < len(steps) - 1


def test_repo2docker_takes_the_python_that_we_ask_for(dockerfile, version):
    major, minor = version.split(".")
    assert f"environment-2epy-2d{major}-2e{minor}-2dlinux" in dockerfile


@pytest.mark.network
def test_the_library_is_the_repositorys_own(image):
    repository, python, environment = image
    ran = subprocess.run(
        [python, "-c", "import lecture_lib; print(lecture_lib.__file__)"],
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(ran.stdout.strip()).is_relative_to(repository)


@pytest.mark.network
def test_a_visitor_comes_to_lesson_00_in_jupyterlab(image, start_jupyterlab):
    repository, python, _ = image
    url = start_jupyterlab(repository, python=str(python))
    with get(url, "") as answer:
        assert answer.url.partition("?")[0] == f"{url}lab/tree/notebooks/00_start_here.ipynb"
    with get(url, "api/contents/notebooks/00_start_here.ipynb") as answer:
        assert json.load(answer)["type"] == "notebook"


def get(url, path):
    request = urllib.request.Request(url + path, headers={"Authorization": "token the-tests-own"})
    return urllib.request.urlopen(request, timeout=120)


@pytest.mark.network
def test_lesson_00_runs_with_nothing_but_what_was_installed(image):
    repository, _, environment = image
    notebook = repository / "notebooks" / "00_start_here.ipynb"
    ran = subprocess.run(
        ["jupyter", "execute", str(notebook)], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
