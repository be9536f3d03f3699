"""What `import lecture_lib as ll` gives, and that each name of it is entered once."""

import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import lecture_lib as ll
from lecture_lib.common.faces import offered

ROOT = Path(__file__).resolve().parent.parent
OFFERING = ("autodiff", "learning", "show", "explore", "lessons")
FACES = {room: offered(import_module(f"lecture_lib.{room}")) for room in OFFERING}


@pytest.mark.parametrize("room", OFFERING)
def test_what_a_room_offers_is_what_a_notebook_gets(room):
    assert FACES[room]
    for name, thing in FACES[room].items():
        assert getattr(ll, name) is thing
        assert name in dir(ll)


def test_a_name_means_the_same_in_every_room():
    homes = [(name, id(thing)) for face in FACES.values() for name, thing in face.items()]
    assert len({name for name, _ in homes}) == len(set(homes))


# Grading needs Linux's namespaces; elsewhere even its modules do not import.
@pytest.mark.parametrize("package", ["lecture_lib", *["lecture_grader"] * (sys.platform == "linux")])
def test_no_module_is_hidden_by_what_its_package_offers(package):
    inside = walk_packages(import_module(package).__path__, f"{package}.")
    names = [found.name for found in inside if not found.name.endswith("__main__")]
    for name in names:
        import_module(name)
    assert len(names) > 50
    places = [(name, *name.rpartition(".")[::2]) for name in names]
    hidden = [
        name for name, face, leaf in places if getattr(sys.modules[face], leaf) is not sys.modules[name]
    ]
    assert hidden == []


def test_every_primitive_is_there_because_it_is_registered():
    from lecture_lib.autodiff import ops

    ours = {name: thing for name, thing in ll.PRIMITIVES.items() if getattr(ops, name, None) is thing}
    assert {"softmax", "matvec", "cross_entropy"} <= set(ours)
    assert {name: FACES["autodiff"][name] for name in ours} == ours


def test_every_name_that_a_lesson_uses_is_there():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "solutions").glob("[0-9]*.py")]
    used = {name for text in sources for name in re.findall(r"\bll\.(\w+)", text)}
    assert len(used) > 20
    assert used <= set(dir(ll))


def test_a_star_gives_what_the_directory_lists():
    namespace: dict = {}
    exec("from lecture_lib import *", namespace)
    assert set(dir(ll)) <= set(namespace)


@pytest.mark.parametrize("name", ["sofmax", "_ROOM", "__path_of__", "Any_", "numpy", "check_"])
def test_a_name_that_nobody_offers_is_an_error_that_says_it(name):
    with pytest.raises(AttributeError, match=f"module 'lecture_lib' has no attribute '{name}'"):
        getattr(ll, name)


def test_a_new_lessons_folder_is_found_with_what_it_offers(tmp_path):
    shutil.copytree(
        ROOT / "lecture_lib", tmp_path / "lecture_lib", ignore=shutil.ignore_patterns("__pycache__")
    )
    folder = tmp_path / "lecture_lib" / "lessons" / "lesson_99"
    folder.mkdir()
    (folder / "__init__.py").write_text("from .explorers import explore_nothing\n", encoding="utf-8")
    (folder / "explorers.py").write_text("def explore_nothing():\n    return 99\n", encoding="utf-8")
    (folder / "exercises.py").write_text("EXERCISES = ()\n", encoding="utf-8")
    code = "import lecture_lib as ll; print(ll.explore_nothing(), 'explore_nothing' in dir(ll))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["99", "True"]


def test_looking_at_every_name_loads_neither_matplotlib_nor_the_widgets():
    code = (
        "import sys, lecture_lib as ll; [getattr(ll, name) for name in dir(ll)];"
        "print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()).isdisjoint({"matplotlib", "ipywidgets", "anywidget", "IPython"})
