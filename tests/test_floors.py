"""Imports go down the floors only, and importing the library is cheap."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.imports import FLOORS, ROOT, links, modules, wrong_imports


def test_imports_go_down_the_floors_only():
    assert wrong_imports() == []


def test_grading_names_its_modules_in_the_order_in_which_they_stand_on_each_other():
    folder = ROOT / "lecture_grader" / "grading"
    words = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    said = re.findall(r"`(\w+)`", words)
    assert sorted(said) == sorted(path.stem for path in folder.glob("[!_]*.py"))
    for place, name in enumerate(said):
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        assert {*re.findall(r"^ *from \.(\w+) import", text, re.MULTILINE)} <= {*said[:place]}, name


def test_every_floor_that_exists_is_looked_at():
    packages = {f"lecture_lib.{path.parent.name}" for path in (ROOT / "lecture_lib").glob("*/__init__.py")}
    assert packages <= set(FLOORS)
    assert {package for package, _ in modules()} >= packages


@pytest.mark.parametrize(
    ("where", "statement"),
    [
        ("lecture_lib.autodiff", "from lecture_lib.learning import text"),
        ("lecture_lib.autodiff", "import lecture_lib as ll"),
        ("lecture_lib.autodiff", "from ..show import graph"),
        ("lecture_lib.autodiff", "from .. import show"),
        ("lecture_lib.autodiff", "def f():\n    import matplotlib.pyplot as plt"),
        ("lecture_lib.autodiff", "import tqdm"),
        ("lecture_lib.common", "from lecture_lib.autodiff import Node"),
        ("lecture_lib.common", "import tqdm"),
        ("lecture_lib.learning", "import scipy"),
        ("lecture_lib.explore", "from lecture_lib.exercises import check"),
        ("lecture_lib.exercises", "from ..explore import Explorer"),
        ("lecture_lib.show", "from lecture_lib import lessons"),
        ("lecture_lib.lessons", "import lecture_grader"),
        ("lecture_lib.newcomer", "import math"),
        ("lecture_lib.lessons", "from solutions import build"),
        ("solutions", "import lecture_grader"),
        ("lecture_lib.show", "import importlib\nimportlib.import_module('lecture_lib.lessons')"),
        ("lecture_lib.show", "from importlib import import_module as load\nload('lecture_lib.lessons')"),
        ("lecture_lib.show", "import importlib as i\ni.import_module('..lessons', 'lecture_lib.show')"),
        ("lecture_lib.show", "import importlib\nimportlib.import_module('..lessons', __package__)"),
        ("lecture_lib.show", "HOME = 'lecture_lib.lessons'\n__import__(HOME)"),
        ("lecture_lib.show", "import builtins\nbuiltins.__import__('lecture_grader')"),
        (
            "lecture_lib.show",
            "from importlib import import_module\nimport_module('lecture_lib.' + 'lessons')",
        ),
        (
            "lecture_lib.show",
            "from importlib import import_module\ndef f(x): import_module(f'lecture_lib.{x}')",
        ),
        ("lecture_lib.show", "from importlib import import_module\ndef f(x): import_module(x)"),
        ("lecture_lib.show", "from importlib import import_module\nfound = map(import_module, 'ab')"),
        ("lecture_lib.show", "import pkgutil\npkgutil.resolve_name('lecture_lib.lessons:check')"),
        ("lecture_lib.show", "import runpy\nrunpy.run_module('lecture_grader')"),
        ("lecture_lib.show", "import runpy\nrunpy.run_path('/solutions/build.py')"),
        ("lecture_lib.learning", "from importlib import import_module\nimport_module('matplotlib')"),
        ("lecture_grader", "import runpy\nrunpy.run_path('/solutions/build.py')"),
        (
            "lecture_lib.show",
            "from importlib.util import spec_from_file_location\nspec_from_file_location('a', 'a.py')",
        ),
        (
            "lecture_lib.show",
            "import importlib.machinery\nimportlib.machinery.SourceFileLoader('a', '../lessons/a.py')",
        ),
    ],
)
def test_an_import_that_does_not_go_down_is_found(tmp_path, where, statement):
    write_module(tmp_path, where, statement)
    assert len(wrong_imports(tmp_path)) == 1


@pytest.mark.parametrize(
    ("where", "statement"),
    [
        (
            "lecture_lib.autodiff",
            "import numpy as np\nimport math\nfrom . import ops",
        ),
        ("lecture_lib.autodiff", "from lecture_lib.common import tree_map"),
        ("lecture_lib.learning", "from tqdm.auto import tqdm\nfrom ..autodiff import Node"),
        ("lecture_lib.show", "import matplotlib\nfrom lecture_lib.autodiff.record import Record"),
        ("lecture_grader", "from lecture_lib import exercises, autodiff"),
        ("lecture_grader", "from importlib import import_module\ndef f(x): import_module(x)"),
        ("solutions", "import lecture_lib as ll"),
        (
            "lecture_lib.lessons",
            "from importlib import import_module\nimport_module(f'{__package__}.lesson_03')",
        ),
        (
            "lecture_lib.show",
            "from importlib import import_module\nimport_module('..autodiff.ops', __package__)",
        ),
    ],
)
def test_an_import_that_goes_down_is_allowed(tmp_path, where, statement):
    write_module(tmp_path, where, statement)
    assert wrong_imports(tmp_path) == []


def test_the_one_file_that_runs_another_by_its_path_is_declared_with_its_room(tmp_path):
    text = "from importlib.util import spec_from_file_location\nspec_from_file_location('build', PATH)"
    write_module(tmp_path, "lecture_grader.exports", text, "project.py")
    assert wrong_imports(tmp_path) == []
    assert links(tmp_path) == {("lecture_grader", "solutions")}


def write_module(root: Path, package: str, text: str, name: str = "module.py") -> None:
    path = root.joinpath(*package.split("."), name)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def test_importing_the_library_loads_neither_matplotlib_nor_the_widgets():
    code = "import sys, lecture_lib; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "lecture_lib" in loaded
    assert loaded.isdisjoint({"matplotlib", "ipywidgets", "anywidget", "IPython", "tqdm"})


def test_differentiating_and_training_load_neither_matplotlib_nor_the_widgets():
    code = (
        "import sys, lecture_lib as ll; w = ll.parameter(2.0, 'w'); ll.backward(w * w);"
        "ll.learning.duck_goose();"
        "print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "numpy" in loaded
    assert loaded.isdisjoint({"matplotlib", "ipywidgets", "anywidget", "IPython"})
