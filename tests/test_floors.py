"""Imports go down the floors only, and importing the library is cheap."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "lecture_lib.common": 0,
    "lecture_lib.autodiff": 1,
    "lecture_lib.learning": 2,
    "lecture_lib.show": 3,
    "lecture_lib.explore": 4,
    "lecture_lib.exercises": 4,
    "lecture_lib.lessons": 5,
    "lecture_grader": 6,
}
OUTSIDE = {
    0: {"numpy"},
    1: {"numpy"},
    2: {"numpy", "tqdm"},
}  # besides the standard library; the other floors choose


def room_of(name: str) -> str:
    """Give the room that a module's absolute name is in."""
    top, _, rest = name.partition(".")
    return f"{top}.{rest.split('.')[0]}" if top == "lecture_lib" else top


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    """Give each module of ours as (room, path)."""
    for top in ("lecture_lib", "lecture_grader"):
        for path in sorted((root / top).rglob("*.py")):
            room = room_of(".".join(path.relative_to(root).with_suffix("").parts))
            if room != "lecture_lib.__init__":  # the list of names, which is above all floors
                yield room, path


def imported_modules(root: Path, path: Path) -> Iterator[tuple[int, str]]:
    """Give each import of a module, inside functions too, as (line, absolute name)."""
    package = path.relative_to(root).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join([*base, *([node.module] if node.module else [])])
            if name == "lecture_lib":
                yield from ((node.lineno, f"lecture_lib.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, name


def wrong_imports(root: Path) -> list[str]:
    """List the imports that do not go down."""
    wrong: list[str] = []
    for package, path in modules(root):
        if package not in FLOORS:
            wrong.append(f"{package} has no floor: give it one in this test")
            continue
        for line, name in imported_modules(root, path):
            top, target = name.partition(".")[0], room_of(name)
            if top in ("lecture_lib", "lecture_grader"):
                sound = target == package or FLOORS.get(target, 9) < FLOORS[package]
            else:
                sound = top in sys.stdlib_module_names or top in OUTSIDE.get(FLOORS[package], {top})
            if not sound:
                wrong.append(f"{path.relative_to(root)}:{line} imports {name}")
    return wrong


def test_imports_go_down_the_floors_only():
    assert wrong_imports(ROOT) == []


def test_every_floor_that_exists_is_looked_at():
    packages = {f"lecture_lib.{path.parent.name}" for path in (ROOT / "lecture_lib").glob("*/__init__.py")}
    assert packages <= set(FLOORS)
    assert {package for package, _ in modules(ROOT)} >= packages


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
    ],
)
def test_an_import_that_goes_down_is_allowed(tmp_path, where, statement):
    write_module(tmp_path, where, statement)
    assert wrong_imports(tmp_path) == []


def write_module(root: Path, package: str, text: str) -> None:
    path = root.joinpath(*package.split("."), "module.py")
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
