"""Names and folders that are made to mislead: none is another's, none breaks a line, none ends the run."""

import json
import os
import time
import zipfile
from pathlib import Path

import pytest

from lecture_grader import Graded, GradedExercise
from lecture_grader.handed_in import CANVAS, MOODLE, Unreadable, find_submissions, owner_in_path
from lecture_grader.outputs.filled import canvas_import
from lecture_grader.outputs.gradebook import rows_of
from lecture_grader.outputs.moodle import moodle_import
from lecture_lib.exercises import PartResult, Verdict


def handed_in(student: str, file: str = "03_graphs.ipynb", points: float = 2.0) -> Graded:
    """Give what became of a lesson that says by its id alone whose it is."""
    part = PartResult("all of it", "passed", points, points)
    found = GradedExercise(Verdict("fan_out", "passed", (part,)))
    return Graded(f"{student}{points}", file, "", student, {"fan_out": found})


@pytest.mark.parametrize("mine", ["x", "Bob Jones", "a\nb", "9_9"])
@pytest.mark.parametrize("ending", ["_file_", "_file_a.ipynb", "_onlinetext_"])
def test_a_files_own_name_never_makes_it_another_participants(mine, ending):
    name = f"Ada Smith_71_assignsubmission_file_{mine}_99_assignsubmission{ending}"
    found = owner_in_path(name)
    assert (found.system, found.number, found.name) == (MOODLE, "71", "Ada Smith")
    assert "71 or 99" in found.doubt  # a display name may look like that, too: nobody gets the grade unseen
    rows = rows_of([Graded("k", name, found.label, exercises=handed_in("x").exercises)])
    assert "Participant" not in moodle_import(rows).text


@pytest.mark.parametrize(
    "name", ["Bob Jones_72_assignsubmission_file_x", "Lesson 3", "lesson_03_72", "a_1_2_b"]
)
def test_a_display_name_that_looks_like_the_systems_own_pattern_is_the_students(name):
    found = owner_in_path(f"{name}_71_assignsubmission_file_/03_graphs.ipynb")
    assert (found.system, found.number, found.name, found.doubt) == (MOODLE, "71", name, "")


@pytest.mark.parametrize("mine", ["a_99_98_b", "a\n_99_98_b", "LATE_99_98_b"])
def test_a_files_own_name_never_makes_it_another_canvas_users(mine):
    found = owner_in_path(f"smithada_4711_99_{mine}.ipynb")
    assert (found.system, found.number) == (CANVAS, "4711")


def test_a_name_of_several_lines_is_on_one_line(tmp_path):
    for name in ("s1\n  s2: cheated/a\n  s3: cheated.ipynb", "s4/a\n\tb.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "s5").mkdir()
    (tmp_path / "s5" / "notes\n  s6: cheated.txt").touch()
    (tmp_path / "s7\ns8").symlink_to(tmp_path)
    handed = find_submissions(tmp_path)
    said = [*(one.name for one in handed.submissions), *(one.student for one in handed.submissions)]
    said += [word for passed in handed.passed_over for word in passed]
    assert len(handed.submissions) == 2
    assert len(handed.passed_over) == 2
    assert [text for text in said if "\n" in text or "\t" in text] == []


def test_an_id_of_several_lines_is_on_one_line(grade, solved):
    graded = grade(solved.insert("fan_out", "ll.student('s1\\n  s2: It is a copy.')").bytes())
    assert graded.signed_in_as == "s1\ufffd  s2: it is a copy."


@pytest.mark.parametrize("other", ["ada  smith", "Ada Smith", "ada smith ", "ada\u00a0smith"])
@pytest.mark.parametrize("make", [canvas_import, moodle_import])
def test_two_ids_that_a_system_could_take_for_one_are_both_left_out(make, other):
    made = make(rows_of([handed_in("ada smith"), handed_in(other, points=4.0), handed_in("bob")]))
    assert "bob" in made.text
    assert "ada" not in made.text.casefold().replace("moodle", "")
    assert len(made.left_out) == 2


def deep(root: Path, levels: int) -> None:
    """Make folders within folders, in the last of which there is a notebook."""
    here = os.open(root, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("a", dir_fd=here)
        inner = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("a.ipynb", os.O_CREAT, dir_fd=here))
    os.close(here)


def test_folders_that_are_nested_too_deeply_are_passed_over(tmp_path):
    (tmp_path / "s1").mkdir()
    (tmp_path / "s1" / "a.ipynb").write_text("{}")
    (tmp_path / "s2").mkdir()
    deep(tmp_path / "s2", levels=400)
    handed = find_submissions(tmp_path)
    assert [one.name for one in handed.submissions] == ["s1/a.ipynb"]
    ((name, words),) = handed.passed_over
    assert name.startswith("s2/a/a")
    assert "nested too deeply" in words


@pytest.mark.parametrize(
    "name",
    [
        *(f"{letters * 64_000}x" for letters in ("_", "-", " ", " (1)", "-1", ".ipynb", "_copy", "(1)_12")),
        *(f"{'lab 1/' * 9_000}x", f"Week{' ' * 64_000}x", f"{'a' * 64_000}"),
    ],
)
def test_a_name_in_a_zip_that_no_disk_takes_is_named_at_once_and_is_nobodys(name, tmp_path):
    with zipfile.ZipFile(tmp_path / "handed_in.zip", "w") as archive:
        for end in ("a.ipynb", "b.ipynb", "c.txt"):
            archive.writestr(f"{name[:65_500]}{end}", "{}")
        archive.writestr("s1/a.ipynb", "{}")
    began = time.monotonic()
    handed = find_submissions(tmp_path / "handed_in.zip")
    assert time.monotonic() - began < 5
    assert [one.student for one in handed.submissions] == ["s1"]
    assert len(set(handed.passed_over)) == 3
    assert {words for _, words in handed.passed_over} == {
        "In the zip its path is longer than any disk takes: whose it is, is not guessed."
    }


@pytest.mark.parametrize("letters", ["_", "-", " ", " (1)", "-1", ".ipynb", "_copy", "a_", "lab_", "1_"])
def test_the_longest_name_that_is_read_is_read_at_once(letters, tmp_path):
    with zipfile.ZipFile(tmp_path / "handed_in.zip", "w") as archive:
        for number in range(20):
            archive.writestr(f"{(letters * 510)[:500]}x{number}.ipynb"[-510:], "{}")
    began = time.monotonic()
    assert len(find_submissions(tmp_path / "handed_in.zip").submissions) == 20
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_zip_costs_what_is_damaged(method, tmp_path, lesson_03):
    path = tmp_path / "handed_in.zip"
    text = json.dumps(lesson_03)
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("s1/a.ipynb", text)
        archive.writestr("s2/a.ipynb", text)
    content = bytearray(path.read_bytes())
    content[60:1000] = bytes(byte ^ 0x55 for byte in content[60:1000])
    path.write_bytes(content)
    one, two = find_submissions(path).submissions
    with pytest.raises(Unreadable, match="cannot be read out of the zip"):
        one.read()
    assert json.loads(two.read()) == lesson_03


def test_a_member_with_a_password_is_unreadable_and_it_is_said_what_to_do(tmp_path):
    path = tmp_path / "handed_in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("s1/a.ipynb", "{}")
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    (one,) = find_submissions(path).submissions
    with pytest.raises(Unreadable, match=r"is encrypted.* Download or pack it again, without a password"):
        one.read()


def test_a_member_that_ends_before_its_size_is_unreadable_in_words(tmp_path):
    path = tmp_path / "handed_in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("s1/a.ipynb", "{}" * 1000)
    content = path.read_bytes()
    path.write_bytes(content.replace((2000).to_bytes(4, "little"), (3000).to_bytes(4, "little")))
    (one,) = find_submissions(path).submissions
    with pytest.raises(Unreadable, match=r"cannot be read out of the zip: \w.*\w\.$"):
        one.read()
