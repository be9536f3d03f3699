"""What the tests of grading need: a sandbox that is warm, and a solved lesson."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from lecture_grader import Graded, NoSandbox, Sandbox, grade_notebook, read_notebook
from tests.grader.kit import QUICK, Solved, notebook_of


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Give a warm sandbox for all tests; those that need one are skipped where none can be made."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    with Sandbox(QUICK.limits) as made:
        try:
            made.new_process()
        except NoSandbox as error:
            if "Traceback" in str(error):  # it is our own code that fails in there, not the machine
                raise
            pytest.skip(f"no sandbox can be made here: {error}")
        yield made


@pytest.fixture(scope="session")
def lesson_03() -> dict:
    return notebook_of("solutions", "03")


@pytest.fixture
def solved(lesson_03) -> Solved:
    return Solved(lesson_03)


@pytest.fixture
def grade(sandbox) -> Callable[[bytes], Graded]:
    """Give a function that grades a notebook's bytes."""
    return lambda content: grade_notebook(read_notebook(content), sandbox, QUICK)
