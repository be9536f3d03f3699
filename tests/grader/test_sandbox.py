"""The sandbox itself: where namespaces do not nest, what it hides, and what happens when it breaks."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import lecture_lib as ll
from lecture_grader import Graded, Sandbox, grade_notebook, read_notebook
from lecture_grader.inside import server
from lecture_grader.sandbox import bubblewrap, stage
from lecture_lib.lessons import EXERCISES
from tests.grader.kit import FULL, QUICK, ROOT, Solved, points, words

WITH_RECIPES = [path.parent.name for path in stage.LIBRARY.glob("lessons/*/recipes.py")]
LEAVE = "import os\nopen('left', 'w').write('x')\nfor who in (0, -1, 1):\n    os.kill(who, 9)"
LOOK = "import os\nraise RuntimeError(f'found {os.listdir()}')"


def test_where_namespaces_do_not_nest_each_submission_has_a_sandbox_of_its_own(sandbox, lesson_03):
    with Sandbox(QUICK.limits, nested=False) as alone:

        def grade(cell: str) -> Graded:
            content = Solved(lesson_03).insert("neuron_forward", cell).bytes()
            return grade_notebook(read_notebook(content), alone, QUICK)

        first = grade(LEAVE)
        assert points(first) == FULL
        assert "PermissionError" in words(first)
        second = grade(LOOK)
        assert points(second) == FULL
        assert "found []" in words(second)


def test_the_order_of_a_set_is_the_same_in_every_sandbox(grade, solved):
    content = solved.insert(
        "neuron_forward", "raise RuntimeError([*{'duck', 'goose', 'hen', 'owl'}])"
    ).bytes()
    with Sandbox(QUICK.limits) as other:
        assert grade_notebook(read_notebook(content), other, QUICK).notes == grade(content).notes


def test_a_warm_process_that_was_killed_is_replaced(sandbox, grade, solved):
    sandbox.new_process()
    before = sandbox._warm
    os.kill(before.pid, signal.SIGKILL)
    before.wait()
    assert points(grade(solved.bytes())) == FULL
    assert sandbox._warm is not before


def test_where_processes_are_short_for_a_moment_submissions_keep_their_namespaces(sandbox, monkeypatch):
    def short(namespaces: bool) -> int:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    sandbox.new_process()
    nested = sandbox.nested
    monkeypatch.setattr(server, "_fork", short)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    serving = threading.Thread(target=server.serve, args=(theirs, {"namespaces": True}, None), daemon=True)
    serving.start()
    assert ours.recv(100) == b"ready"
    with theirs, sandbox._control:
        sandbox._control = ours
        sandbox.new_process()
        serving.join(5)
    assert sandbox.nested == nested


def test_a_sandbox_that_is_killed_while_it_starts_is_started_again(sandbox, tmp_path, monkeypatch):
    wrapper = tmp_path / "bwrap"
    once = 'if [ "$1" != --help ] && mkdir "$(dirname "$0")/killed" 2>/dev/null; then kill -9 $$; fi'
    wrapper.write_text(f'#!/bin/sh\n{once}\nexec {shutil.which("bwrap")} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with Sandbox(QUICK.limits) as made:
        made.new_process()
        assert (tmp_path / "killed").exists()


def test_of_an_interpreters_folder_no_more_is_seen_than_it_needs(tmp_path, monkeypatch):
    standard = tmp_path / "lib" / "python3"
    for name in ("envs/other", "pkgs", "lib/R", "lib/python3/site-packages/mine", "lib/python3/json"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(bubblewrap.sysconfig, "get_path", lambda name: str(standard))
    seen, unseen = bubblewrap.interpreters_places(tmp_path, tmp_path / "bin" / "python3")
    assert seen == [tmp_path / "bin" / "python3", tmp_path / "lib", standard]
    assert unseen == [tmp_path / "lib" / "R", standard / "site-packages"]


def test_what_lies_beside_the_interpreter_is_not_seen_in_the_sandbox(grade, solved):
    prefix = Path(sys.base_prefix).resolve()
    look = f"""
import os
prefix = {str(prefix)!r}
found = {{*os.listdir(prefix)}} - {{"share"}}  # of the system's own folder, the time zones
packages = os.listdir(os.path.dirname(os.__file__) + "/site-packages")
seen = [sorted(found), os.listdir(prefix + "/bin"), packages]
raise RuntimeError(seen)
"""
    said = words(grade(solved.insert("neuron_forward", look).bytes()))
    assert f"[['bin', 'lib'], ['{bubblewrap.interpreter().name}'], []]" in said


def test_a_library_within_the_interpreters_folders_is_hidden(tmp_path, monkeypatch):
    library = tmp_path / "lib" / "lecture_lib"
    library.mkdir(parents=True)
    monkeypatch.setattr(bubblewrap, "LIBRARY", library)
    assert bubblewrap.hidden_places([tmp_path]) == [library]
    (tmp_path / "lib" / "pyproject.toml").touch()  # a folder of the project: its solutions lie beside it
    assert bubblewrap.hidden_places([tmp_path]) == [tmp_path / "lib"]
    assert bubblewrap.hidden_places([tmp_path / "elsewhere"]) == []


def test_nothing_in_the_sandbox_knows_an_answer(tmp_path):
    stage.make_stage(tmp_path, None, link_numpy=True)
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.py")]
    known = ("lecture_lib/common/", "lecture_lib/packages/")
    own = [name for name in files if not name.startswith(known)]
    assert sorted(own) == sorted(
        [
            "lecture_lib/__init__.py",
            "lecture_lib/exercises/__init__.py",
            "lecture_lib/exercises/answer.py",
            "lecture_lib/exercises/comparing.py",
            "lecture_lib/exercises/small_files.py",
            "lecture_lib/exercises/own_steps.py",
            "lecture_lib/exercises/page.py",
            "lecture_lib/exercises/plain.py",
            "lecture_lib/exercises/plain_words.py",
            "lecture_lib/exercises/recipes.py",
            "lecture_lib/exercises/signing_in.py",
            "lecture_lib/exercises/time_limits.py",
            "lecture_lib/explore/__init__.py",
            "lecture_grader/__init__.py",
            "lecture_grader/frames.py",
            "lecture_grader/inside/__init__.py",
            "lecture_grader/inside/as_lessons.py",
            "lecture_grader/inside/asking_line.py",
            "lecture_grader/inside/library_names.py",
            "lecture_grader/inside/as_show.py",
            "lecture_grader/inside/cells.py",
            "lecture_grader/inside/checked.py",
            "lecture_grader/inside/entering.py",
            "lecture_grader/inside/after_an_error.py",
            "lecture_grader/inside/in_memory.py",
            "lecture_grader/inside/magics.py",
            "lecture_grader/inside/reading.py",
            "lecture_grader/inside/results.py",
            "lecture_grader/inside/server.py",
            "lecture_grader/inside/silent.py",
            "lecture_grader/inside/silent_modules.py",
            "lecture_grader/inside/tame.py",
            "lecture_grader/inside/event_loops.py",
            "lecture_grader/inside/watching.py",
            "lecture_lib/lessons/__init__.py",
            *(f"lecture_lib/lessons/{lesson}/recipes.py" for lesson in WITH_RECIPES),
            "lecture_lib/show/__init__.py",
        ]
    )
    given_out = (tmp_path / "lessons.json").read_text(encoding="utf-8")
    assert "sentence_graph" in given_out
    assert not _asked_in(given_out)


def test_the_librarys_mathematics_cannot_be_read_where_it_runs(sandbox, solved, grade):
    look = """
import inspect, pathlib
rooms = [pathlib.Path(ll.autodiff.__file__).parent, pathlib.Path(ll.learning.__file__).parent]
beside = [pathlib.Path(inspect.getfile(one)) for one in (type(ll.my_example()), ll.mine("gradient_check"))]
texts = [file.read_text() for file in (*beside, *(one for room in rooms for one in room.rglob("*.py")))]
lines = {line for text in [*texts, inspect.getsource(ll.nll)] for line in text.splitlines()}
raise ValueError(f"{len(texts) > 30}, {lines}")
"""
    solved.insert("neuron_forward", look)
    for _ in range(2):  # and once more when the warm process has begun anew
        assert f"ValueError: True, {{{stage.LEFT_OUT.strip()!r}}}" in " ".join(grade(solved.bytes()).notes)
        sandbox._stop()


def _asked_in(text: str) -> list[str]:
    """Return what is asked of students and has a value in this text."""
    names = [name for exercise in EXERCISES.values() for name in exercise.functions]
    text = text.replace("\\n", "\n")  # of JSON
    made_of_nodes = r"def \w+\([^\n]*\n(?:    [^\n]*\n)??    return ll\.operation"  # given in lesson 04
    text = re.sub(rf"{made_of_nodes}|\w+ = ll\.mine\(", "", text)
    return [name for name in names if re.search(rf"def {name}\(|\b{name} = ", text)]


def test_lessons_that_somebody_has_solved_in_place_do_not_get_into_the_sandbox(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    shutil.copytree(ROOT / "solutions", tmp_path / "notebooks")
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(stage, "LIBRARY", tmp_path / "lecture_lib")
    lessons = stage._given_out()
    assert len(lessons) == len(list((ROOT / "solutions").glob("[0-9]*.py")))
    assert not _asked_in("\n".join(cell for lesson in lessons for cell in lesson))


def test_the_sandbox_has_every_name_that_a_notebook_has(tmp_path):
    stage.make_stage(tmp_path, None, link_numpy=True)
    stage.show_mathematics(tmp_path)
    code = "import lecture_lib as ll; print(ll.__file__, ll.check('softmax', None), *dir(ll))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    file, *names = ran.stdout.split()
    assert Path(file).is_relative_to(tmp_path)
    assert names == dir(ll)


def test_where_the_lessons_do_not_lie_beside_the_library_the_sandbox_starts_without(tmp_path, monkeypatch):
    monkeypatch.setattr(stage, "LIBRARY", tmp_path / "site-packages" / "lecture_lib")
    assert stage._given_out() == []
