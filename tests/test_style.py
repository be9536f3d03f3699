"""The code's style and types, notebooks included. `make lint` says the same."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


PYRIGHT = ["pyright", "--pythonpath", sys.executable]


@pytest.mark.parametrize(
    "command", [["ruff", "check"], ["ruff", "format", "--check"], PYRIGHT], ids=["check", "format", "types"]
)
def test_style_and_types_are_in_order(command):
    ran = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.skipif(shutil.which("dash") is None, reason="no dash, the plainest of the shells in use")
def test_the_shell_scripts_are_posix():
    commands = [path for path in (ROOT / "tools").iterdir() if path.is_file() and not path.suffix]
    assert len(commands) >= 4
    for script in [*commands, ROOT / ".ci" / "run", ROOT / "binder" / "postBuild"]:
        subprocess.run(["dash", "-n", str(script)], check=True)
