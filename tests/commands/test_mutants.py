"""The tool that changes a file a little, and says which changes no test notices."""

import subprocess
import sys
from pathlib import Path

from tools.mutants import mutants

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''
def less(a: int, b=1) -> bool:
    """Whether a - b is below 0."""
    return a - b < 0 and not a == 5
'''


def test_each_operator_number_and_condition_is_changed_alone():
    assert [what.split("  ->  ")[1] for _, what, _ in mutants(SOURCE)] == [
        "2",
        "a - b < 0 or not a == 5",
        "a - b <= 0",
        "a + b",
        "1",
        "a == 5",
        "a != 5",
        "6",
    ]
    assert {function for function, _, _ in mutants(SOURCE)} == {"less"}


def test_no_change_is_left_in_the_next_one():
    texts = [compile(tree, "less.py", "exec") for _, _, tree in mutants(SOURCE)]
    results = []
    for code in texts:
        names = {}
        exec(code, names)
        results.append([names["less"](a) for a in (0, 1, 2, 5)])
    right = [True, False, False, False]
    assert len([result for result in results if result != right]) >= 5


def test_a_change_that_the_tests_notice_is_counted_and_the_file_stays_as_it_is():
    file, tests = "lecture_lib/common/trees.py", "tests/common/test_trees.py"
    before = (ROOT / file).read_bytes()
    command = [sys.executable, "-m", "tools.mutants", file, tests, "--every", "1000", "--examples", "5"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "1 of 1 changes tried" in ran.stdout
    assert (ROOT / file).read_bytes() == before
