"""Progress: the best verdict of each student, in a small file that is never lost and never in the way."""

import json
import os
import sys
from pathlib import Path

import pytest

from lecture_lib.exercises.best_verdicts import keep
from lecture_lib.exercises.signing_in import current_student
from lecture_lib.exercises.small_files import PROGRESS, progress_file
from lecture_lib.lessons import EXERCISES, check, progress, student
from tests.exercises.conftest import forget_progress

TOTAL = f"{sum(exercise.points for exercise in EXERCISES.values()):g}"
LESSON_03 = f"{sum(exercise.points for exercise in EXERCISES.values() if exercise.lesson == '03'):g}"
EXERCISES_OF_03 = sum(exercise.lesson == "03" for exercise in EXERCISES.values())
FAN_OUT, HALF = EXERCISES["fan_out"].points, EXERCISES["neuron_forward"].parts[0].points


def right(x):
    return 3 * x**2 + 2 * x


def best_so_far():
    """What the file says of whoever has signed in: exercise -> its best verdict."""
    own = json.loads(progress_file().read_text()).get(current_student(), {})
    return {id: {"state": best["state"], "points": best["points"]} for id, best in own.items()}


def half(x, w, b, y):
    c = w * x
    return c, c + b, None, None


def test_the_table_has_every_lesson_there_is_and_what_is_left_to_do():
    words = str(progress())
    assert words.startswith(f"Progress: 0 of {TOTAL} points\n")
    for exercise in EXERCISES.values():
        assert exercise.id in words
    check("fan_out", right)
    assert str(progress()).startswith(f"Progress: {FAN_OUT:g} of {TOTAL} points\n")
    row = next(line for line in str(progress()).splitlines() if line.split()[0] == "03")
    assert f"{FAN_OUT:g} of {LESSON_03}" in row
    assert f"1 of {EXERCISES_OF_03}" in row
    assert "fan_out" not in row


def test_nothing_is_written_before_the_first_check():
    progress()
    assert not progress_file().exists()


def test_progress_outlasts_the_kernel():
    student("s1234")
    check("fan_out", right)
    check("neuron_forward", half)
    forget_progress()
    assert best_so_far() == {
        "fan_out": {"state": "passed", "points": FAN_OUT},
        "neuron_forward": {"state": "not yet", "points": HALF},
    }
    assert f"Progress of s1234: {FAN_OUT + HALF:g} of {TOTAL} points" in str(progress())


def test_the_best_verdict_is_kept():
    check("fan_out", right)
    check("fan_out", lambda x: x)
    check("fan_out", ...)
    assert best_so_far()["fan_out"] == {"state": "passed", "points": FAN_OUT}


def test_what_passed_before_and_does_not_now_is_named_and_its_points_are_not_counted():
    student("s1234")
    check("fan_out", right)
    assert "Passed before" not in str(progress())
    check("fan_out", lambda x: x)
    for _ in range(2):  # in this kernel, and from the file alone
        words = str(progress())
        assert f"Progress of s1234: 0 of {TOTAL} points" in words
        assert "Passed before, not now: fan_out." in words
        forget_progress()
    check("fan_out", right)
    assert f"Progress of s1234: {FAN_OUT:g} of" in str(progress())
    assert "Passed before" not in str(progress())
    forget_progress()
    assert "Passed before" not in str(progress())


def test_a_pass_without_points_counts_as_passed():
    check("practice", lambda x: x)
    check("practice", lambda x: 2 * x)
    check("practice", ...)
    assert best_so_far()["practice"]["state"] == "passed"


def test_each_student_has_progress_of_their_own():
    student("one")
    check("fan_out", right)
    student("two")
    assert best_so_far() == {}
    assert "Progress of two: 0 of" in str(progress())
    student("One")
    assert "fan_out" in best_so_far()


def test_what_another_kernel_wrote_meanwhile_is_kept():
    check("fan_out", right)
    other = {
        "": {"errata": {"state": "passed", "points": FAN_OUT}, "fan_out": {"state": "not yet", "points": 0.0}}
    }
    progress_file().write_text(json.dumps(other))
    check("practice", lambda x: 2 * x)
    forget_progress()
    assert {id: best["points"] for id, best in best_so_far().items()} == {
        "fan_out": FAN_OUT,
        "errata": FAN_OUT,
        "practice": 0.0,
    }


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b'{"": []}',
        b'{"": {"fan_out": 4}}',
        b'{"": {"fan_out": {"state": "won", "points": 4}}}',
        b'{"": {"fan_out": {"state": "passed", "points": "4"}}}',
        b'{"": {"fan_out": {"state": "passed", "points": NaN}}}',
        b"[" * 100_000,
    ],
    ids=range(10),
)
def test_a_file_that_makes_no_sense_is_set_aside_and_not_lost(damage):
    progress_file().write_bytes(damage)
    assert check("fan_out", right).state == "passed"
    assert json.loads(progress_file().read_text())[""]["fan_out"]["points"] == FAN_OUT
    aside = progress_file().with_name(progress_file().name + ".unreadable-1")
    assert aside.read_bytes() == damage
    progress_file().write_bytes(damage)
    assert f"{FAN_OUT:g} of {TOTAL}" in str(progress())
    assert progress_file().with_name(progress_file().name + ".unreadable-2").read_bytes() == damage


def test_where_nothing_can_be_written_progress_lasts_as_long_as_the_kernel(monkeypatch, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("LECTURE_PROGRESS", str(blocked / "progress.json"))
    assert check("fan_out", right).state == "passed"
    words = str(progress())
    assert f"{FAN_OUT:g} of {TOTAL}" in words
    assert "Progress lasts as long as this notebook runs" in words
    assert "Progress lasts" in progress().html


def test_a_folder_in_the_files_place_is_no_trouble(monkeypatch, tmp_path):
    monkeypatch.setenv("LECTURE_PROGRESS", str(tmp_path))
    assert check("fan_out", right).state == "passed"
    assert f"{FAN_OUT:g} of {TOTAL}" in str(progress())


def test_a_write_that_fails_leaves_the_old_file_whole(monkeypatch):
    check("fan_out", right)
    before = progress_file().read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    check("practice", lambda x: 2 * x)
    assert "No space left on device" in str(progress())
    assert progress_file().read_bytes() == before
    assert [path.name for path in progress_file().parent.iterdir()] == [progress_file().name]


def test_the_file_stands_beside_the_notebook_unless_it_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("LECTURE_PROGRESS")
    monkeypatch.chdir(tmp_path)
    assert progress_file() == tmp_path / PROGRESS
    assert PROGRESS.startswith(".")


def test_the_word_off_keeps_no_file(monkeypatch, tmp_path):
    monkeypatch.setenv("LECTURE_PROGRESS", "off")
    monkeypatch.chdir(tmp_path)
    check("fan_out", right)
    assert f"{FAN_OUT:g} of {TOTAL}" in str(progress())
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_not_written_again_when_nothing_is_new():
    check("fan_out", right)
    os.utime(progress_file(), (1, 1))
    check("fan_out", right)
    assert progress_file().stat().st_mtime == 1


def test_exercises_of_another_version_are_kept_and_not_counted():
    progress_file().write_text(json.dumps({"": {"retired": {"state": "passed", "points": 9.0}}}))
    check("fan_out", right)
    assert f"Progress: {FAN_OUT:g} of {TOTAL}" in str(progress())
    assert "retired" in progress_file().read_text()


def test_many_kernels_at_once_leave_a_whole_file(tmp_path):
    import subprocess

    program = (
        "import sys\nfrom lecture_lib.exercises.best_verdicts import keep\n"
        "for number in range(60): keep(f'{sys.argv[1]}-{number}', 'passed', 1.0)"
    )
    kernels = [subprocess.Popen([sys.executable, "-c", program, name]) for name in "ab"]
    assert [kernel.wait(60) for kernel in kernels] == [0, 0]
    everyone = json.loads(progress_file().read_text())
    assert len(everyone[""]) >= 60
    keep("last", "passed", 1.0)
    assert "last" in best_so_far()
