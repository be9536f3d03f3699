"""The autograder's zip, unpacked and set up as Gradescope does, and really run on what students hand in."""

import functools
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from lecture_grader import Graded, GradedExercise
from lecture_grader.__main__ import main
from lecture_grader.exports import CannotExport, autograde, export_gradescope
from lecture_grader.exports.autograde import Assignment, gradescope_results
from lecture_grader.exports.other_user import USER
from lecture_grader.exports.submitter import said_of_ids, submitters
from lecture_lib.exercises import Failure, PartResult, Verdict
from lecture_lib.lessons import EXERCISES
from tests.grader.attacks import NOBODY_WATCHES
from tests.points import worth

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SEED = "a seed that students do not know"
LESSON = [exercise for exercise in EXERCISES.values() if exercise.lesson == "03"]
ALL = {f"{exercise.id}: {part.name}": part.points for exercise in LESSON for part in exercise.parts}
NONE = dict.fromkeys(ALL, 0.0)

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
SCHEMA = {
    # https://gradescope-autograders.readthedocs.io/en/latest/specs/
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number", "minimum": 0},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number", "minimum": 0},
                    "max_score": {"type": "number", "exclusiveMinimum": 0},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string", "minLength": 1},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
                "dependentRequired": {"score": ["max_score"], "max_score": ["score"]},
            },
        },
        "leaderboard": {"type": "array"},
    },
    "anyOf": [{"required": ["score"]}, {"required": ["tests"]}],
}

HALF = """
def neuron_gradients(x, w, b, y):
    d_w = -2 * (y - (w * x + b)) * x
    return d_w, d_w
"""
HOSTILE = """
import json, os, sys, threading

FULL = json.dumps({"score": 1000.0, "tests": []})


def attack():
    for place in ["@/results/results.json", "@/results/.results.json.half", "@/source/assignment.json"]:
        try:
            with open(place, "w") as file:
                file.write(FULL)
        except OSError:
            pass
    for old, new in [("@/results", "@/before"), ("@/source", "@/before")]:
        try:
            os.rename(old, new)
        except OSError:
            pass
    try:
        os.kill(os.getppid(), 9)
    except OSError:
        pass


home = os.getcwd()
try:
    for _ in range(1_100):
        os.mkdir("deep")
        os.chdir("deep")
except OSError:
    pass
os.chdir(home)
attack()
threading.Timer(0.2, attack).start()
print(FULL)
sys.stderr.write(FULL)
"""
FATAL = """
def neuron_gradients(x, w, b, y):
    import os
    attack()
    os._exit(0)
"""
CARRIED = (
    NOBODY_WATCHES
    + """
import json, os
PLACES = [f"{place}/kept" for place in (".", "/tmp", "/var/tmp", "/dev/shm")]


def fan_out(x):
    found = [json.load(open(place)) for place in PLACES if os.path.exists(place)]
    kept = found[0] if found else {}
    n = ll.parameter(x, "x")
    d_x = ll.backward((n + 1) * n**2)[n]
    if isinstance(d_x, float):
        kept[str(x)] = float(d_x)
        for place in PLACES:
            try:
                json.dump(kept, open(place, "w"))
            except OSError:
                pass
    return kept.get(str(x))
"""
)


# ------------------------------------------------------------------ a container, nearly

DOCKER = (  # what Docker leaves to root in a container
    "chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot mknod"
    " audit_write setfcap"
)


def reachable(python):
    """Whether the other user can run a Python, and it can make environments."""
    tried = subprocess.run(
        ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", python, "-c", "import ensurepip"],
        capture_output=True,
        check=False,
        cwd="/",
    )
    return tried.returncode == 0


def find_python():
    """Find a Python that another user can run; give it, and whether it is one.

    Only root can become another user, and a Python in root's own home is closed to others.
    """
    own = Path(sys.base_prefix, "bin", f"python3.{sys.version_info[1]}")
    names = [
        str(own),
        *(f"{place}/python3.{n}" for place in ("/usr/bin", "/usr/local/bin") for n in (11, 12, 13)),
    ]
    if os.getuid() == 0 and shutil.which("setpriv"):
        for name in names:
            if Path(name).exists() and reachable(name):
                return name, True
    return str(own), False


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    """Set the autograder up in a folder, as Gradescope does in its container; without apt."""
    root = Path(tempfile.mkdtemp(prefix="autograder-"))
    root.chmod(0o755)
    for name in ("source", "submission", "results"):
        (root / name).mkdir()
    path = export_gradescope(tmp_path_factory.mktemp("zip") / "autograder.zip", ["03"], SEED)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    (root / "run_autograder").chmod(0o755)
    programs = tmp_path_factory.mktemp("programs")
    (programs / "apt-get").write_text(f'#!/bin/sh\necho "$@" >>{root}/apt.txt\n')
    (programs / "apt-get").chmod(0o755)
    python, _ = find_python()
    environment = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "AUTOGRADER_ROOT": str(root),
        "AUTOGRADER_PYTHON": python,
    }
    subprocess.run(
        ["bash", str(root / "source" / "setup.sh")], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def without_bubblewrap(tmp_path_factory):
    """Give a folder of programs as on a machine without bubblewrap."""
    folder = tmp_path_factory.mktemp("bin")
    for name in ("sh", "rm", "setpriv"):
        (folder / name).symlink_to(shutil.which(name))
    return folder


@pytest.fixture(scope="module")
def hand_in(container):
    """Give a function that puts notebooks, by name, where Gradescope puts what was handed in."""

    def put(**notebooks):
        shutil.rmtree(container / "submission")
        (container / "submission").mkdir()
        for name, notebook in notebooks.items():
            text = notebook if isinstance(notebook, str) else json.dumps(notebook)
            (container / "submission" / f"{name}.ipynb").write_text(text, encoding="utf-8")

    return put


@pytest.fixture(scope="module")
def run(container):
    """Give a function that runs the autograder as Gradescope does."""

    def run(path=os.environ["PATH"], umask=0o022):
        program = [container / "run_autograder"]
        if os.getuid() == 0:
            kept = "".join(f",+{capability}" for capability in DOCKER.split())
            setpriv = shutil.which("setpriv")
            program = [setpriv, f"--bounding-set=-all{kept}", "--inh-caps=-all", "--", *program]
        (container / "results" / "results.json").write_text('{"score": 99}')
        environment = {"PATH": str(path), "AUTOGRADER_ROOT": str(container), "LANG": "C.UTF-8"}
        return subprocess.run(
            program,
            cwd=container,
            env=environment,
            umask=umask,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def written(container):
    """Read results.json, which must be as Gradescope documents it."""
    found = json.loads((container / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return found


def points(found):
    return {test["name"]: test["score"] for test in found["tests"]}


def lesson(folder, **cells):
    """Read lesson 03 from notebooks/ or solutions/, with some exercises' cells replaced."""
    (path,) = (ROOT / folder).glob("03_*.ipynb")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        exercise = cell["metadata"].get("lecture", {}).get("exercise")
        if exercise in cells:
            cell["source"] = cells[exercise].strip()
    return notebook


def hostile(container):
    notebook = lesson("solutions", neuron_gradients=FATAL)
    attack = {"cell_type": "code", "id": "attack", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"].insert(1, attack | {"source": HOSTILE.replace("@", str(container))})
    return notebook


HANDED_IN = {
    "solved": (lambda container: lesson("solutions"), ALL),
    "blank": (lambda container: lesson("notebooks"), NONE),
    "half done": (
        lambda container: lesson("notebooks", neuron_gradients=HALF),
        NONE | {"neuron_gradients: d_w": worth("neuron_gradients", 0)},
    ),
    "hostile": (hostile, ALL | {"neuron_gradients: d_w": 0.0, "neuron_gradients: d_b": 0.0}),
    "what the library has said, in a file": (
        lambda container: lesson("solutions", fan_out=CARRIED),
        ALL | {name: 0.0 for name in ALL if name.startswith("fan_out")},
    ),
}


BESIDE = {"solved": {"broken": "this is no notebook"}}
"""What is handed in beside a notebook."""


@pytest.fixture(scope="module")
def in_bubblewrap(container, hand_in, run, sandbox):
    """Give a function that runs the autograder once on each kind of notebook; it gives what was seen."""

    @functools.cache
    def seen(kind):
        notebook, _ = HANDED_IN[kind]
        hand_in(lesson=notebook(container), **BESIDE.get(kind, {}))
        ran = run()
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return written(container), ran.stdout + ran.stderr

    return seen


# ------------------------------------------------------------------ in the container


pytestmark = pytest.mark.network


def test_setup_asks_for_what_the_sandbox_needs(container):
    asked = (container / "apt.txt").read_text()
    assert "bubblewrap" in asked
    assert "libseccomp2" in asked


def test_setup_closes_the_autograder_to_other_users(container):
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (container / "source").rglob("*")}
    assert modes == {0}


@pytest.mark.parametrize("kind", HANDED_IN)
def test_in_bubblewrap_each_part_has_its_points(in_bubblewrap, kind):
    found, said = in_bubblewrap(kind)
    assert points(found) == HANDED_IN[kind][1]
    assert found["extra_data"]["shut_in_by"] == "bubblewrap"
    assert "1000.0" not in said + json.dumps(found)


@pytest.mark.parametrize("kind", HANDED_IN)
def test_without_bubblewrap_it_is_another_user_or_no_score(container, hand_in, run, without_bubblewrap, kind):
    notebook, expected = HANDED_IN[kind]
    hand_in(lesson=notebook(container))
    ran = run(without_bubblewrap)
    _, possible = find_python()
    if not possible:
        assert ran.returncode == 1
        assert not (container / "results" / "results.json").exists()
        assert "Students' code cannot be shut in here" in ran.stdout
        return
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = written(container)
    assert points(found) == expected
    assert found["extra_data"]["shut_in_by"] == "another user"
    assert "1000.0" not in ran.stdout + ran.stderr + json.dumps(found)


def test_where_nothing_can_be_shut_in_no_score_is_given_and_the_instructor_is_told_why(
    container, hand_in, run, tmp_path
):
    (tmp_path / "sh").symlink_to(shutil.which("sh"))
    hand_in(lesson=lesson("solutions"))
    ran = run(tmp_path)
    assert ran.returncode == 1
    assert not (container / "results" / "results.json").exists()
    assert "No score was given. Students' code cannot be shut in here:" in ran.stdout
    assert "apt install bubblewrap" in ran.stdout


def test_a_container_whose_results_others_can_exchange_is_found_out(
    container, hand_in, run, without_bubblewrap
):
    hand_in(lesson=lesson("solutions"))
    container.chmod(0o777)
    try:
        ran = run(without_bubblewrap)
    finally:
        container.chmod(0o755)
    assert ran.returncode == 1
    assert not (container / "results" / "results.json").exists()
    _, possible = find_python()
    assert ("no results to put in its place: it was possible" in ran.stdout) is possible


def test_an_autograder_that_fails_gives_no_score(container, hand_in, run):
    hand_in(lesson=lesson("solutions"))
    assignment = container / "source" / "assignment.json"
    sound = assignment.read_text()
    assignment.write_text("not JSON")
    try:
        ran = run()
    finally:
        assignment.write_text(sound)
    assert ran.returncode == 1
    assert not (container / "results" / "results.json").exists()
    assert "No score was given: the autograder itself failed." in ran.stdout


def test_students_see_advice_and_no_input(in_bubblewrap):
    found, _ = in_bubblewrap("half done")
    (said,) = [test["output"] for test in found["tests"] if test["name"] == "neuron_gradients: d_w"]
    assert said.splitlines()[0] == "d_w: passed"
    assert EXERCISES["neuron_gradients"].misconception("x put in d_b").advice in said
    assert "gave" not in json.dumps(found)
    assert found["stdout_visibility"] == "hidden"


def test_what_a_person_should_look_at_is_told_to_the_instructor(in_bubblewrap):
    found, said = in_bubblewrap("what the library has said, in a file")
    told = found["extra_data"]["needs_a_human"]
    assert any("lesson.ipynb: Code in cell" in why and "Read the answers" in why for why in told)
    assert all(f"Look at this: {why}" in said for why in told)


def test_what_is_no_notebook_is_said_and_the_others_count(in_bubblewrap):
    found, _ = in_bubblewrap("solved")
    assert points(found) == ALL
    assert "broken.ipynb: The file is not a notebook." in found["output"]


def test_nothing_handed_in_is_said(container, hand_in, run, sandbox):
    hand_in()
    run()
    found = written(container)
    assert points(found) == NONE
    assert "There is no notebook (.ipynb)" in found["output"]


def test_a_notebook_is_graded_once_however_many_a_list_beside_it_names(container, hand_in, run, sandbox):
    hand_in()
    folder = container / "submission" / "submission_1"
    folder.mkdir()
    (folder / "03.ipynb").write_text(json.dumps(lesson("solutions")))
    listed = "".join(f"  - :name: S{number}\n    :sid: s{number}\n" for number in range(30))
    text = f"---\nsubmission_1:\n  :submitters:\n{listed}  :created_at: 2026\n"
    (container / "submission" / "submission_metadata.yml").write_text(text)
    assert run().stdout.count("signed in as") == 1
    assert points(written(container)) == ALL


def test_notebooks_that_are_slow_together_end_in_time_and_are_named(container, hand_in, sandbox, monkeypatch):
    monkeypatch.setattr(autograde, "FOR_ALL", 1.0)
    slow = lesson("solutions", fan_out="import time\nwhile True:\n    time.sleep(1)")
    hand_in(one=slow, two=slow)
    looked_at = autograde.autograde(container)["extra_data"]["needs_a_human"]
    assert any("one.ipynb: It took longer than 1 seconds" in words for words in looked_at)
    assert any("two.ipynb: It was not run" in words for words in looked_at)


def test_others_can_read_the_results_whatever_the_umask_is(container, hand_in, run, sandbox):
    hand_in()
    run(umask=0o077)
    assert stat.S_IMODE((container / "results" / "results.json").stat().st_mode) == 0o644


# ------------------------------------------------------------------ the zip, and the form of the results


def export(path, *options):
    return CliRunner().invoke(main, ["export", "gradescope", str(path), *options])


def test_the_zip_has_gradescopes_two_programs_on_top_and_nothing_of_the_solutions(tmp_path):
    assert export(tmp_path / "a.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        programs = {info.filename for info in archive.infolist() if info.external_attr >> 16 & 0o111}
        names = set(archive.namelist())
        asked = sorted({exercise.lesson for exercise in EXERCISES.values()})
        assert json.loads(archive.read("assignment.json"))["lessons"] == asked
    assert programs == {"setup.sh", "run_autograder"}
    other = {name for name in names - programs if not name.startswith(("lecture_lib/", "lecture_grader/"))}
    assert other == {"assignment.json", "requirements.txt"}
    assert not [name for name in names if name.endswith(".ipynb")]


def set_up(folder, pythons):
    """Run setup.sh where apt has these Pythons alone; give what was run, and what was done."""
    (folder / "root" / "source").mkdir(parents=True)
    programs = folder / "programs"
    programs.mkdir()
    for name in ("bash", "mkdir", "cp", "chmod", "echo"):
        (programs / name).symlink_to(shutil.which(name))
    log = folder / "log"
    apt = "\n".join(
        f'    *python{version}*) cp "$0.python" "${{0%/*}}/python{version}" ;;' for version in pythons
    )
    scripts = {
        "apt-get": f'case "$*" in\n{apt}\n    *python*) exit 100 ;;\nesac',
        "apt-get.python": 'case "$2" in venv) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;; esac',
    }
    for name, lines in scripts.items():
        (programs / name).write_text(f'#!{shutil.which("sh")}\necho "${{0##*/}} $*" >>"{log}"\n{lines}\n')
        (programs / name).chmod(0o755)
    script = ROOT / "lecture_grader" / "exports" / "for_gradescope" / "setup.sh"
    environment = {"PATH": str(programs), "AUTOGRADER_ROOT": str(folder / "root")}
    ran = subprocess.run(
        ["bash", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        executable=shutil.which("bash"),
    )
    return ran, log.read_text()


def test_setup_takes_the_newest_python_that_the_image_has(tmp_path):
    ran, done = set_up(tmp_path, ["3.12", "3.11"])
    assert ran.returncode == 0, ran.stderr
    root = tmp_path / "root"
    assert f"python3.12 -m venv {root}/environment" in done
    assert f"-r {root}/source/requirements.txt" in done
    assert "python3.11 -m" not in done


def test_setup_says_when_the_image_has_no_python_that_serves(tmp_path):
    ran, _ = set_up(tmp_path, [])
    assert ran.returncode == 1
    assert "choose Ubuntu 22.04 or a later one" in ran.stderr


def test_the_same_seed_gives_the_same_zip_and_none_gives_a_secret_one(tmp_path):
    for name, options in {"a": ["--seed", "x"], "b": ["--seed", "x"], "c": [], "d": []}.items():
        assert export(tmp_path / f"{name}.zip", *options).exit_code == 0
    contents = {name: (tmp_path / f"{name}.zip").read_bytes() for name in "abcd"}
    assert contents["a"] == contents["b"]
    assert len(set(contents.values())) == 3


def test_when_students_see_the_results_can_be_chosen(tmp_path):
    assert export(tmp_path / "a.zip", "--visibility", "after_published").exit_code == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        found = json.loads(archive.read("assignment.json"))
    shown = gradescope_results(Assignment(**found), [])
    jsonschema.validate(shown, SCHEMA)
    assert shown["visibility"] == "after_published"


def test_a_lesson_without_exercises_is_an_error(tmp_path):
    with pytest.raises(CannotExport, match="lesson 10 has no exercises; these have: 00, 01"):
        export_gradescope(tmp_path / "a.zip", ["03", "10"])


def handed_in(file, state, earned):
    judged = Verdict(
        "fan_out",
        state,
        (PartResult("both paths, added", state, earned, 4.0, "x = 3.14 gave 2.71"),),
        failure=Failure("ValueError", "secret", 3, "return x"),
        advice=("What is added?",),
    )
    return Graded(file=file, signed_in_as="s1", exercises={"fan_out": GradedExercise(judged)})


def test_an_exercise_that_was_handed_in_twice_counts_as_it_was_done_best():
    one, two = handed_in("a.ipynb", "not yet", 0.0), handed_in("b.ipynb", "passed", 4.0)
    for both in ([one, two], [two, one]):
        found = gradescope_results(Assignment(("03",), SEED, "visible"), both)
        assert points(found)["fan_out: both paths, added"] == 4.0


def test_of_an_error_its_kind_and_the_students_own_line_are_shown_alone():
    found = gradescope_results(Assignment(("03",), SEED, "visible"), [handed_in("a.ipynb", "error", 0.0)])
    (said,) = [test["output"] for test in found["tests"] if test["name"].startswith("fan_out")]
    assert (
        "Python stopped with ValueError in line 3: return x\nA value, or an array's shape, does not fit."
        in said
    )
    assert "secret" not in said
    assert "3.14" not in said


def test_practice_gives_no_points_and_is_shown():
    found = gradescope_results(Assignment(("00",), SEED, "visible"), [])
    jsonschema.validate(found, SCHEMA)
    (test,) = found["tests"]
    assert (test["name"], test["status"]) == ("practice: twice x", "failed")
    assert "score" not in test


def test_a_lessons_number_needs_no_0_before_it(tmp_path):
    ran = CliRunner().invoke(main, ["export", "gradescope", str(tmp_path / "3.zip"), "--lesson", "3"])
    assert ran.exit_code == 0, ran.output
    with zipfile.ZipFile(tmp_path / "3.zip") as archive:
        assert json.loads(archive.read("assignment.json"))["lessons"] == ["03"]


# ------------------------------------------------------------------ who has handed in


METADATA = {
    "users": [{"email": "Ada@example.org", "id": 4711, "name": "Ada Smith"}],
    "submission_method": "upload",
}


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("ada", []),
        ("ada@example.org", []),
        ("4711", []),
        ("ada smith", []),
        ("guest", []),
        ("s2", ["a.ipynb: It signs in as s2, and was handed in by Ada@example.org."]),
    ],
)
def test_who_signs_in_is_compared_with_who_has_handed_in(id, said, tmp_path):
    (tmp_path / "m.json").write_text(json.dumps(METADATA))
    assert [*said_of_ids([Graded(file="a.ipynb", signed_in_as=id)], submitters(tmp_path / "m.json"))] == said


@pytest.mark.parametrize("text", ["", "[]", '{"users": 3}', '{"users": [3]}', "{"])
def test_metadata_of_another_form_says_nothing(text, tmp_path):
    (tmp_path / "m.json").write_text(text)
    users = submitters(tmp_path / "m.json")
    assert [*said_of_ids([Graded(file="a.ipynb", signed_in_as="s2")], users)] == []


def test_points_by_hand_of_a_guest_are_named():
    part = PartResult("all", "passed", 4.0, 4.0)
    by_hand = {"forward_by_hand": GradedExercise(Verdict("forward_by_hand", "passed", (part,)))}
    (said,) = said_of_ids([Graded(file="a.ipynb", signed_in_as="guest", exercises=by_hand)], [])
    assert "the guest's numbers" in said
