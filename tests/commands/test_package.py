"""What is in the package that `pip install` makes."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.network
def test_the_package_carries_every_file_of_the_library_and_the_licences(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "lecture_lib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert any(name.endswith(".js") for name in ours)
    assert ours <= packed
    (metadata,) = [name for name in packed if name.endswith(".dist-info/METADATA")]
    needs = re.findall(r"^Requires-Dist: (.*)$", zipfile.ZipFile(wheel).read(metadata).decode(), re.MULTILINE)
    students = {re.match(r"[\w-]+", need)[0] for need in needs if "extra ==" not in need}
    assert students == {"numpy", "matplotlib", "ipywidgets", "anywidget", "tqdm", "ziamath"}
    licences = {name.rpartition("/")[2] for name in packed if "/licenses/" in name}
    assert licences == {"LICENSE", "WORDNET_LICENSE"}
