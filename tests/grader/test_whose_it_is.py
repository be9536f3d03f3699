"""A grade goes to the one who handed in: what a name does not say for sure is left to a person."""

import json
import os
import struct
import tempfile
import time
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_grader import Graded, Submission, find_submissions, rows_of
from lecture_grader.handed_in import owner_in_path
from lecture_grader.handed_in.file_names import LESSONS
from lecture_grader.handed_in.owners import shown
from lecture_grader.outputs.filled import canvas_import
from lecture_grader.outputs.matching import match
from lecture_grader.outputs.rosters import read_roster
from lecture_grader.run import whose
from lecture_grader.store import write_whole
from tests.grader.test_imports import handed_in as graded_in

LESSON = "03_graphs_and_the_chain_rule"
NOTEBOOK = json.dumps({"nbformat": 4, "cells": []})


@pytest.mark.parametrize(
    "name",
    [
        f"Copy of {LESSON}",
        f"Copy of Copy of {LESSON}",
        f"Kopie von {LESSON}",
        f"Copia de {LESSON}",
        f"{LESSON} - Copy",
        f"{LESSON} - Copy (2)",
        f"{LESSON} – Kopie",
        f"{LESSON} copy 2",
        f"{LESSON}-Copy1",
        f"{LESSON} (1)",
        f"{LESSON}.ipynb",
    ],
)
def test_a_copy_of_a_lesson_is_no_students_name(name):
    assert owner_in_path(f"{name}.ipynb").label == ""


COPIES = {
    "Windows": "# - Copy;# - Kopie (2);# - Másolat;# – kopie;# - Αντίγραφο;# - コピー (2);# - 복사본"
    ";# - Shortcut",
    "the Mac": "# copy 3;# Kopie;# copie 2;#のコピー;# のコピー;# 사본;# 的副本;# 拷貝;# — копия",
    "Google Drive": "Copy of #;Copie de #;Cópia de #;Kopia av #;Kopi af #;Kopio tiedostosta #;Kopija #"
    ";# másolata;Αντίγραφο #;Копия файла #;Копія #;Kopie souboru #;#.ipynb adlı dosyanın kopyası;نسخة من #"
    ";העתק של #;Bản sao của #;Salinan #;สำเนาของ #;#의 사본;“#”的副本;# की प्रति",
    "Linux and Jupyter": "# (copy);# (another copy);# (3rd copy);#-Copy1;#-checkpoint",
    "Linux elsewhere": "# (weitere Kopie);# (3. Kopie);# (autre copie);# (3e copie);# (otra copia)"
    ";# (3.ª copia);# (altra copia);# (3a copia);# (další kopie);# (інша копія);# (kolejna kopia)"
    ";# (andere kopie);# (outra cópia);# (другая копия);# (ещё одна копия)",
    "Google Colab": 'Kopia notatnika #;Kopia notatnika “#.ipynb”;Копия блокнота "#";Копия блокнота "#.ipynb"'
    ';Ещё одна копия блокнота "#.ipynb";#.ipynb adlı not defterinin kopyası;Copy of #.ipynb'
    ";Kopie sešitu #;Копія записника #;Копія з #;Copie du notebook #;# dosyasının kopyası",
    "other hands": "#%20(1);Copy%20of%20#;# - Copiere;Copy_of_#;copy-of-#"
    ";Copy (2) of #;Copy 2 of #;Copy of Copy (2) of #;Copiar #;_copy_#",
}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("by", COPIES)
def test_a_copy_is_no_students_name_in_whatever_language_and_with_whatever_between(by, form):
    names = unicodedata.normalize(form, COPIES[by]).split(";")
    labels = {name: owner_in_path(f"{name.replace('#', LESSON)}.ipynb").label for name in names}
    assert {name: label for name, label in labels.items() if label} == {}


@pytest.mark.parametrize(
    "part",
    ["_", "copy ", " copy of of 1 ", "(1)", "-1", " copy (1)-1", "副本", "の副本 2", " (copy", " another "],
)
def test_a_name_that_is_made_of_marks_of_copies_takes_no_time(part):
    began = time.process_time()
    owner_in_path(f"{part * (10_000 // len(part))}x {LESSON}.ipynb")
    owner_in_path(f"{LESSON}{part * (10_000 // len(part))}x.ipynb")
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (f"s1234_{LESSON}", "s1234"),
        (f"s1234_{LESSON} (1)", "s1234"),
        (f"{LESSON} s77", "s77"),
        (f"{LESSON}_s1234", "s1234"),
        (f"{LESSON} (s1234)", "s1234"),
        (f"{LESSON} (12345)", "12345"),
        (f"{LESSON} - s1234 - Copy (2)", "s1234"),
        (f"Copy of {LESSON} (Jane)", "Jane"),
        ("03 graphs and the chain rule Jörg Müller", "Jörg Müller"),
        ("Jane Doe - 07_descent", "Jane Doe"),
        ("ada_1234_10_real_text", "ada_1234"),
        ("s99_lesson03", "s99"),
        ("Lesson 3 - Jane Doe", "Jane Doe"),
        ("hw3-jane@uni.edu", "jane@uni.edu"),
        (f"adam_{LESSON}", "adam"),
        ("Lesson 3 - Adam Text", "Adam Text"),
        ("Lesson 8 - Adam", ""),
        ("Week 5 - chain rule", ""),
        (f"my_{LESSON}", ""),
        (f"Bob Lee - Copy of {LESSON}", "Bob Lee"),
        (f"Copy_of_{LESSON}_ada", "ada"),
        (f"{LESSON} - Másolat - Éva", "Éva"),
        (f"{LESSON} (2) - Jörg", "Jörg"),
        (f"Jose\u0301 {LESSON} - Copia", "Jose\u0301"),
        (f"王伟 {LESSON} 副本", "王伟"),
        (f"Copeland {LESSON}", "Copeland"),
        (f"Di {LESSON}", "Di"),
        (f"Bob Lee - Copia de {LESSON}", "Bob Lee"),
        (f"{LESSON}.ipynb - Eva", "Eva"),
        (f"Eva_{LESSON}.ipynb (1)", "Eva"),
        (f"{LESSON}_final_v2", ""),
        *((f"{LESSON}_{word}", "") for word in ("Abgabe", "Lösung", "Lo\u0308sung", "bearbeitet", "corrigé")),
        (f"{LESSON} (conflicted copy 2025-10-21)", ""),
        (f"{LESSON} (Ada Smith's conflicted copy 2025-10-21)", ""),
        (f"Ada%20Smith_{LESSON}", "Ada Smith"),
        (f"{LESSON} (Otra)", "Otra"),
        ("Lesson 3 new version", ""),
        (f"s1234 {LESSON} s55", ""),
        ("Labib Weeks", "Labib Weeks"),
        ("s1_graphs_and_the_chain_rule", "s1"),
        ("graphs and the chain rule", ""),
        ("Build Backprop - Bob Lee (1)", "Bob Lee"),
        ("39786-640693 - Anne - Marie Smith - Oct 10, 2025 1022 AM - a - b", "Anne - Marie Smith_39786"),
        ("39786-640693 - Zoë - 10 oktober 2025 10:22 - a", "Zoë_39786"),
    ],
)
def test_a_lesson_in_a_files_name_is_no_part_of_the_students(name, student):
    assert owner_in_path(f"{name}.ipynb").label == student
    assert owner_in_path(f"week 3/{name}.ipynb").label == student


def test_lessons_are_known_by_the_names_that_they_are_given_out_with():
    given_out = (path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
    assert tuple(sorted(given_out)) == LESSONS


def test_a_canvas_download_of_a_lesson_whose_number_could_be_canvas_own_is_in_no_doubt():
    owner = owner_in_path("smithada_LATE_4711_99_10_real_text-1.ipynb")
    assert (owner.label, owner.late, owner.doubt) == ("smithada_4711", True, "")


@pytest.mark.parametrize(
    ("file", "id", "roster", "student"),
    [
        ("s1234_03", "S1234", "", "s1234"),
        ("s1234_03", "guest", "", "s1234_03"),
        ("s1234_03", "guest", "s1234", "s1234"),
        ("s1234_03", "guest", "s1234_03", "s1234_03"),
        ("student_03", "s9", "", "student_03"),
        ("s1234 (1)", "s1234", "", "s1234"),
        ("03_s1234", "guest", "s1234", "s1234"),
        ("s1234_gradients", "S1234", "", "s1234"),
        ("descent - s1234", "guest", "s1234", "s1234"),
        ("s1234_gradients", "guest", "", "s1234_gradients"),
        ("मीना_03", "guest", "मीना", "मीना"),
        (f"ada.weeks_{LESSON}", "guest", "ada.weeks", "ada.weeks"),
        (f"Zoë Blatt - {LESSON} (1)", "guest", "Zoë Blatt", "Zoë Blatt"),
        (f"Zoë Blatt - {LESSON}", "zoë blatt", "", "Zoë Blatt"),
        (f"s1234_lesson_{LESSON}", "guest", "s1234", "s1234"),
        ("Zoë Blatt_03", "guest", "Zoë Blatt", "Zoë Blatt"),
        ("lesson 03/ada.lab48", "guest", "ada.lab48", "ada.lab48"),
        ("hw49", "hw49", "", "hw49"),
        ("hw49", "guest", "hw49", "hw49"),
        (f"hw49_{LESSON}", "guest", "hw49", "hw49"),
        (f"ada.lab3_{LESSON}", "guest", "ada.lab3", "ada.lab3"),
        ("ada.lab3@x.org", "guest", "ada.lab3@x.org", "ada.lab3@x.org"),
        (f"B Weeks_{LESSON}", "guest", "B Weeks,B,\nB", "B Weeks"),
        ("03_s1_04", "guest", "03_s1,C,D\ns1_04", ""),
        ("hw3", "guest", "hw3", ""),
        (f"hw3_{LESSON}", "guest", "hw3", ""),
        ("Bo Li Jr._03", "guest", "Bo Li Jr", "Bo Li Jr"),
        ("s1234_hw3", "guest", "", "s1234"),
        (f"Kim Copy - {LESSON}", "guest", "Kim Copy,Kim,\nKim", "Kim Copy"),
        (f"Kim Copy - {LESSON}", "guest", "Kim", "Kim"),
        (f"{LESSON}_Kim Copy", "guest", "Kim Copy,Kim,\nKim", "Kim Copy"),
        (f"Mark Twain (2) - {LESSON}", "guest", "Mark Twain", "Mark Twain"),
    ],
)
def test_of_two_readings_of_a_name_the_id_or_the_roster_says_which(file, id, roster, student, tmp_path):
    (tmp_path / "roster.csv").write_text(f"ID number,First name,Last name\n{roster},A,B\n", encoding="utf-8")
    known = read_roster(tmp_path / "roster.csv") if roster else None
    path = f"{file}.ipynb"
    assert whose(Submission(path, owner_in_path(path).label, ""), id, known) == student


def test_two_files_that_may_be_one_students_are_named():
    def lesson(number, exercise, students):
        return [graded_in(f"{student}_{number}.ipynb", {exercise: 1.0}) for student in students]

    rows = rows_of([*lesson("03", "fan_out", ["ada", "bob"]), *lesson("05", "encode", ["ada", "eve"])])
    assert [row.student for row in rows if row.human] == ["ada_03", "ada_05"]
    assert "whether this and ada_05 are one student" in rows[0].human[0][1]


def test_a_login_that_ends_in_the_name_of_a_lesson_is_no_second_file_of_another():
    files = [replace(graded_in(f"{who}.ipynb"), student=who) for who in ("ada.lab48", "ada.lab")]
    assert [row.human for row in rows_of(files)] == [[], []]


def test_a_file_that_has_a_lessons_name_without_its_number_may_be_anothers():
    rows = rows_of([graded_in("s1_gradients.ipynb", {"fan_out": 1.0}), graded_in("s1.ipynb")])
    assert [row.student for row in rows if row.human] == ["s1_gradients"]


def test_a_folder_around_files_with_students_names_is_no_student(tmp_path):
    files = {f"class/{who}_{LESSON}.ipynb": NOTEBOOK for who in ("s1", "s2")}
    assert [one.student for one in handed_in(tmp_path, files, zipped=True).submissions] == ["s1", "s2"]


def one_each(*folders):
    return {f"{folder}/{LESSON}.ipynb": NOTEBOOK for folder in folders}


WRAPPED = {
    "a folder each": (one_each("ada", "bob"), ["ada", "bob"]),
    "a file each": ({f"{who}_{LESSON}.ipynb": NOTEBOOK for who in ("s1", "s2")}, ["s1", "s2"]),
    "many files": ({f"s{n}.ipynb": NOTEBOOK for n in range(10, 22)}, [f"s{n}" for n in range(10, 22)]),
    "many files of a lesson": (
        {f"Week 3/s{n}.ipynb": NOTEBOOK for n in range(10, 22)}, [f"s{n}" for n in range(10, 22)]
    ),
    "many copies": ({f"{LESSON} ({n}).ipynb": NOTEBOOK for n in range(1, 12)}, [""]),
    "a lesson": (one_each("Lesson 3/ada", "Lesson 3/bob"), ["ada", "bob"]),
    "lessons": (one_each("Lesson 2/ada", "Lesson 2/bob", "Lesson 3/bob"), ["ada", "bob"]),
    "Canvas": ({f"doejo_471{n}_99_{LESSON}.ipynb": NOTEBOOK for n in (1, 2)}, ["doejo_4711", "doejo_4712"]),
    "Moodle": (one_each(*(f"Ada_7{n}_assignsubmission_file" for n in (1, 2))), ["Ada_71", "Ada_72"]),
    "one of Moodle": (one_each("Ada_71_assignsubmission_file"), ["Ada_71"]),
    "Blackboard": (
        {f"Lab_3_{who}_attempt_2025-10-21-14-03-22{end}": text for who in ("ada_x", "bob_y") for end, text in
         {"_a.ipynb": NOTEBOOK, ".txt": f"Name: A B ({who})\n"}.items()},
        ["ada_x", "bob_y"],
    ),
    "Brightspace": (one_each(*(f"3{n}-4 - Ada - Oct 9, 2025 1022 AM" for n in (1, 2))), ["Ada_31", "Ada_32"]),
    "Gradescope": (
        one_each("assignment_7_export/submission_1", "assignment_7_export/submission_2")
        | {"assignment_7_export/submission_metadata.yml": "".join(
            f"submission_{n}:\n  :submitters:\n  - :name: A\n    :sid: s{n}\n" for n in (1, 2)
        )},
        ["s1", "s2"],
    ),
    "nbgrader": (one_each("submitted/s1/ps1", "submitted/s2/ps1"), ["s1", "s2"]),
}  # fmt: skip


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("around", ["X", "X/X", "Classroom/DL/2026", "submissions/Lesson 3"])
@pytest.mark.parametrize("kind", WRAPPED)
def test_folders_around_a_whole_class_are_no_student(kind, around, zipped, tmp_path):
    files, students = WRAPPED[kind]
    files = {f"{around}/{name}": text for name, text in files.items()} | {
        f"{around.split('/')[0]}/notes.csv": ""
    }
    found = handed_in(tmp_path, files, zipped)
    assert sorted({one.student for one in found.submissions}) == students
    assert found.passed_over == ()
    assert [note for note in found.notes if "left out of the names" in note] != []


@pytest.mark.parametrize(
    "folders",
    [
        *(("s1/try 1", "s1/try 2", "s2"), ("s1/x/old", "s1/x/new", "s2"), ("s1/x/notebooks", "s1/x/final")),
        ("s1/lesson 03", "s1/lesson 05"),
    ],
)
def test_folders_around_one_students_own_are_still_theirs(folders, tmp_path):
    found = handed_in(tmp_path, one_each(*folders), zipped=False)
    assert {one.student for one in found.submissions} == {folder[:2] for folder in folders}


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("file", ["{}.ipynb", "{}/03.ipynb", f"{{}}_{LESSON}.ipynb"])
def test_folders_each_of_which_has_a_whole_class_in_it_are_assignments(file, zipped, tmp_path):
    """They may have any name: of one student there are not so many names in a folder."""
    students = [f"s{n}" for n in range(10, 33)]
    paths = [f"{folder}/{file.format(who)}" for folder in ("graphs", "Monday", "Week 3") for who in students]
    found = handed_in(tmp_path, dict.fromkeys(paths, NOTEBOOK), zipped)
    assert sorted({one.student for one in found.submissions}) == students
    assert found.passed_over == ()
    beside = dict.fromkeys([*(f"s1/my {n}.ipynb" for n in range(23)), "s2/03.ipynb"], NOTEBOOK)
    assert {one.student for one in handed_in(tmp_path / "s", beside, zipped).submissions} == {"s1", "s2"}


def test_a_folder_around_as_many_notebooks_as_there_are_lessons_may_be_a_students(tmp_path):
    found = handed_in(tmp_path, {f"s1/work {chr(97 + n)}.ipynb": NOTEBOOK for n in range(11)}, zipped=True)
    assert {one.student for one in found.submissions} == {"s1"}


@pytest.mark.parametrize("zipped", [False, True])
def test_a_download_from_brightspace_is_read_as_its_names_say(zipped, tmp_path):
    files = {
        f"Lab/39786-64 - Ada Smith - Oct 10, 2025 1022 AM/{LESSON}.ipynb": NOTEBOOK,
        f"Lab/39787-64 - Ada Smith - Oct 11, 2025 930 PM/{LESSON}.ipynb": NOTEBOOK,
        "Lab/39788-64 - Jo Doe - Oct 11, 2025 930 PM/essay.docx": "",
        "Lab/index.html": "<html>",
    }
    found = handed_in(tmp_path, files, zipped)
    assert [one.student for one in found.submissions] == ["Ada Smith_39786", "Ada Smith_39787"]
    assert [who for who, _ in found.passed_over] == ["Jo Doe_39788"]


@pytest.mark.parametrize("number", [" ({})", "({})", "-{}"])
def test_of_many_with_one_lessons_name_those_with_three_digits_are_copies_too(number, tmp_path):
    """A browser numbers what is downloaded from two hundred mails."""
    ends = ["", *(number.format(n) for n in (1, 99, 100, 199))]
    found = handed_in(tmp_path, {f"{LESSON}{end}.ipynb": NOTEBOOK for end in ends}, zipped=False)
    assert {one.student for one in found.submissions} == {""}
    ids = handed_in(tmp_path / "ids", {f"{LESSON} ({n}).ipynb": NOTEBOOK for n in (101, 102)}, zipped=False)
    assert [one.student for one in ids.submissions] == ["101", "102"]


@pytest.mark.parametrize("name", ["README.txt", "readme.md", "desktop.ini", "grades.csv", "class.toml"])
def test_what_an_instructor_or_a_computer_has_there_needs_nobody(name, tmp_path):
    (tmp_path / "s1.ipynb").write_text(NOTEBOOK)
    (tmp_path / name).write_text("x")
    assert find_submissions(tmp_path).passed_over == ()


@pytest.mark.parametrize(
    "when",
    [
        "10 octobre 2025 1022",
        "10. Oktober 2025 10:22",
        "2025年10月10日 1022",
        "10-10-2025 10.22",
        "10.10.2025 10h22",
        "10 octobre 2025 14 h 05",
        "10 octobre 2025 9\xa0h\xa005",
    ],
)
def test_a_download_from_brightspace_may_be_in_another_language(when):
    owner = owner_in_path(f"39786-64 - Ana - María - {when}/{LESSON}.ipynb")
    assert (owner.label, owner.number, owner.name) == ("Ana - María_39786", "39786", "Ana - María")


@pytest.mark.parametrize("name", ["Copernicus", "Ada Smith 03", "s1234", "copyright_03"])
def test_a_name_that_looks_a_little_like_one_is_a_students(name):
    assert owner_in_path(f"{name}.ipynb").label == name


def test_a_canvas_name_may_have_underscores():
    owner = owner_in_path(f"team_a_LATE_4712_991_{LESSON}.ipynb")
    assert (owner.label, owner.number, owner.name) == ("team_a_4712", "4712", "team_a")


def test_a_canvas_name_that_could_be_two_students_is_left_out_and_named():
    file = "student_12_4714_993_a.ipynb"
    rows = rows_of([Graded("k", file, owner_in_path(file).label)])
    assert [name for name, _ in rows[0].human] == [file]
    assert "could be 12 or 4714" in rows[0].human[0][1]
    assert file.removesuffix(".ipynb") not in canvas_import(rows).text


CANVASS = "Student,ID,SIS User ID,SIS Login ID,Section\n"


@pytest.mark.parametrize("around", ["", "graphs/"])
@pytest.mark.parametrize(
    ("file", "students", "label", "remark"),
    [
        ("smithadam_4712_9003_3_graphs", (4712,), "smithadam_4712", "could be 4712 or 9003"),
        ("leemy_4713_9004_2026_lesson3", (4713,), "leemy_4713", "could be 4713 or 9004"),
        ("smith_12_4714_993_a", (4714,), "smith_12_4714", "could be 12 or 4714"),
        ("smithadam_4712_9003_3_graphs", (4712, 9003), "", ""),
        ("smithadam_4712_9003_3_graphs", (4711,), "", ""),
    ],
)
def test_of_two_numbers_of_canvass_the_one_that_is_in_the_roster_counts(
    around, file, students, label, remark, tmp_path
):
    lines = "".join(f"Student {n},{n},,s{n},Tuesday\n" for n in students)
    (tmp_path / "roster.csv").write_text(f"{CANVASS}{lines}")
    roster = read_roster(tmp_path / "roster.csv")
    path = f"{around}{file}.ipynb"
    found = whose(Submission(path, file, ""), "", roster)
    (row,) = rows_of([Graded("k", path, found)], roster)
    assert (found, row.named) == (label or file, bool(label))
    assert [one for one in row.remarks if remark and remark in one and "The roster has" in one] == row.remarks
    assert bool(row.remarks) == bool(label)
    assert [student.number for _, student in match([row], roster).pairs] == [f"{students[0]}"] * bool(label)


def test_behind_canvass_own_word_for_late_stands_the_students_number():
    owner = owner_in_path("smithadam_LATE_4712_9003_3_graphs.ipynb")
    assert (owner.label, owner.late, owner.doubt) == ("smithadam_4712", True, "")


def test_what_looks_like_canvass_in_a_students_folder_makes_nobody_else_of_them(tmp_path):
    (tmp_path / "roster.csv").write_text(f"{CANVASS}Ada,4714,,ada,Tuesday\n")
    submission = Submission("s1/x_12_4714_993_a.ipynb", "s1", "")
    assert whose(submission, "", read_roster(tmp_path / "roster.csv")) == "s1"


@pytest.mark.parametrize("name", ["Ada_Smith_20_11_lesson3", "ada smith_20_11_lesson3"])
def test_a_name_that_canvas_would_write_in_small_letters_and_without_gaps_is_not_canvass(name):
    assert owner_in_path(f"{name}.ipynb").system == ""


@pytest.mark.parametrize("around", ["", "lesson 03/"])
def test_a_name_like_canvass_is_believed_as_far_as_the_others_bear_it_out(around, tmp_path):
    odd = f"{around}ada_smith_20_11_graphs.ipynb"
    plain = {f"{around}{who}.ipynb": NOTEBOOK for who in ("s1", "s2")}
    canvas = {f"{around}student_471{n}_900{n}_a.ipynb": NOTEBOOK for n in range(2)}
    (tmp_path / "among canvass").mkdir()
    found = handed_in(tmp_path, {odd: NOTEBOOK} | plain, zipped=False)
    assert {one.student for one in found.submissions} == {"ada_smith_20_11_graphs", "s1", "s2"}
    assert [name for name, words in found.passed_over if "not believed" in words] == [odd]
    found = handed_in(tmp_path / "among canvass", {odd: NOTEBOOK} | plain | canvas, zipped=False)
    assert "ada_smith_20" in {one.student for one in found.submissions}
    assert found.passed_over == ()


def zipped_without_a_word_of_utf8(path, files):
    """Write a zip as the Mac does, whose names are UTF-8 and do not say so."""
    with zipfile.ZipFile(path, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            struct.pack_into("<H", data, at + place, struct.unpack_from("<H", data, at + place)[0] & ~0x800)
            at = data.find(mark, at + 1)
    path.write_bytes(data)
    return path


def test_names_in_a_zip_are_read_as_they_are(tmp_path):
    files = {"Jörg Müller_72_assignsubmission_file_/a.ipynb": NOTEBOOK}
    path = zipped_without_a_word_of_utf8(tmp_path / "class.zip", files)
    (found,) = find_submissions(path).submissions
    assert found.student == "Jörg Müller_72"
    assert found.read().decode() == NOTEBOOK


NO_NOTEBOOKS = [
    *("s2.ipynb.txt", "s3.ipynb.json", "s4.zip", "s5.html", "s6.ipynb.gz"),
    *("s2.ipynb (1)", "s2.ipynb~", "s2.ipynb.txt.txt", "s2.ipynb - Copy", "s2_ipynb", "s2.ipynb "),
    *("s2.zip.001", "s2.txt", "s2.odt", "s2.rtf", "s2.md", "s2.tex", "s2.jpeg", "s2.HEIC", "s2.webarchive"),
    *("s2.pages", "s2.nb"),
]


@pytest.mark.parametrize("name", NO_NOTEBOOKS)
def test_what_was_handed_in_and_is_no_notebook_is_named(name, tmp_path):
    (tmp_path / "s1.ipynb").write_text(NOTEBOOK)
    (tmp_path / name).write_text("x")
    assert [who for who, _ in find_submissions(tmp_path).passed_over] == [name]


ENDINGS = [
    "",
    ".json",
    ".txt",
    ".html",
    ".pdf",
    ".py",
    ".ipyn",
    ".ipynbx",
    ".gdoc",
    ".pptx",
    ".docm",
    ".ipynb.zip",
]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "handed",
    [
        ("s1/{}", "s1/02_gradients"),
        ("Lesson 3/s1/{}", "Lesson 2/s1/02_gradients (1)"),
        ("doejane_4711_9001_{}", "doejane_4711_9002_02_gradients"),
        ("Ada Smith_71_assignsubmission_file_/{}", "Ada Smith_71_assignsubmission_file_/my 02 gradients"),
        ("s1_{}", "s2_02_gradients"),
        ("s1_{}", "s1_02_gradients"),
    ],
)
def test_a_lesson_that_came_as_something_else_is_named_to_a_person(handed, ending, tmp_path):
    """Beside a notebook of another lesson, and where a lesson's name is all that says whose it is."""
    notebook, other = handed[0].format(f"{LESSON}.ipynb"), f"{handed[1]}{ending}"
    found = handed_in(tmp_path, {notebook: NOTEBOOK, other: "x"}, zipped=False)
    assert [name for name, _ in found.passed_over] == [other]


@pytest.mark.parametrize(
    "other",
    [f"{LESSON}.html", f"{LESSON} (2).pdf", f"Copy of {LESSON}.py", "notes.txt", "plot_02.png", "data/a.csv"],
)
@pytest.mark.parametrize("notebook", [f"s1/{LESSON}", "s1/Lesson 3", "s1/03_graphs", "s1/lesson 03/solution"])
def test_what_came_beside_the_notebook_of_the_same_lesson_needs_nobody(notebook, other, tmp_path):
    found = handed_in(tmp_path, {f"{notebook}.ipynb": NOTEBOOK, f"s1/{other}": "x"}, zipped=False)
    assert found.passed_over == ()
    assert [name for name, _ in found.ignored] == [f"s1/{other}"]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Week 3/s1/graphs.pdf", "Week 5/s1/05.ipynb"),
        (
            "graphs/Ada_71_assignsubmission_file_/graphs.docx",
            "forward/Ada_71_assignsubmission_file_/05.ipynb",
        ),
    ],
)
def test_what_is_handed_in_in_a_notebooks_place_for_one_of_several_assignments_is_named(
    first, second, zipped, tmp_path
):
    notebooks = [second, *(path.replace("s1", "s2").replace("Ada_71", "Bo_72") for path in (first, second))]
    files = {str(Path(path).with_suffix(".ipynb")): NOTEBOOK for path in notebooks}
    beside = str(Path(second).with_name("notes.pdf"))
    found = handed_in(tmp_path, files | {first: "", beside: ""}, zipped)
    assert [name for name, _ in found.passed_over] == [first]
    assert "lies where none of its student's notebooks does" in found.passed_over[0][1]


@pytest.mark.parametrize("zipped", [False, True])
def test_in_nbgraders_course_a_pdf_for_one_assignment_is_named_though_another_has_a_notebook(
    zipped, tmp_path
):
    files = {f"submitted/{who}/ps3/03.ipynb": NOTEBOOK for who in ("s1", "s2")} | {"gradebook.db": ""}
    files |= {f"submitted/s1/{place}.pdf": "" for place in ("ps3/notes", "ps5/report", "ps3/img/plot")}
    found = handed_in(tmp_path, files, zipped)
    assert [name for name, _ in found.passed_over] == ["s1/ps5/report.pdf"]


def test_blackboards_own_text_is_no_lesson_though_the_assignment_is_called_so(tmp_path):
    files = {f"02_gradients_s1_{ATTEMPT}{end}": NOTEBOOK for end in (f"_{LESSON}.ipynb", ".txt")}
    assert handed_in(tmp_path, files, zipped=False).passed_over == ()


def test_what_is_written_keeps_to_the_umask_and_the_seed_is_for_oneself(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "page", "x")
        write_whole(tmp_path / "secret", "x", mode=0o600)
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("page", "secret")] == [0o640, 0o600]


@pytest.mark.parametrize(
    "names", [(b"J\xf6rg", b"J\xfcrg"), (b"a\x01b", b"a\x02b"), (b"x" * 121, b"x" * 120 + b"y")]
)
def test_names_that_look_the_same_are_several_students(names, tmp_path):
    for name in names:
        folder = os.path.join(os.fsencode(tmp_path), name)
        os.mkdir(folder)
        Path(os.fsdecode(folder), "03_graphs.ipynb").write_text(NOTEBOOK)
    found = find_submissions(tmp_path).submissions
    assert len({one.student for one in found}) == len({one.name for one in found}) == 2
    assert all(one.student.isprintable() for one in found)
    assert len(rows_of(Graded("k", one.name, one.student) for one in found)) == 2


@pytest.mark.parametrize(
    "path", ["x:evil/s5678/a.ipynb", "../s5678/a.ipynb", "/s5678/a.ipynb", "C:\\s5678\\a.ipynb"]
)
def test_a_path_in_a_zip_that_leads_elsewhere_is_nobodys(path, tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as made:
        made.writestr(path, NOTEBOOK)
        made.writestr("s1/a.ipynb", NOTEBOOK)
    handed = find_submissions(tmp_path / "class.zip")
    assert [one.student for one in handed.submissions] == ["s1"]
    assert [words for _, words in handed.passed_over if "leads elsewhere" in words]


def test_a_name_in_a_zip_that_ends_in_its_middle_for_some_is_nobodys(tmp_path):
    place = tmp_path / "class.zip"
    with zipfile.ZipFile(place, "w") as made:
        made.writestr("s5678/Z/a.ipynb", NOTEBOOK)
        made.writestr("s1/a.ipynb", NOTEBOOK)
    place.write_bytes(place.read_bytes().replace(b"/Z/", b"/\0/"))
    handed = find_submissions(place)
    assert [one.student for one in handed.submissions] == ["s1"]
    assert [words for _, words in handed.passed_over if "leads elsewhere" in words]


@pytest.mark.parametrize("other", ["./s1/a.ipynb", "s1\\a.ipynb", "s1//a.ipynb"])
def test_of_two_names_in_a_zip_that_are_one_path_the_last_counts(other, tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as made:
        made.writestr("s1/a.ipynb", "the first")
        made.writestr(other, "the last")
    handed = find_submissions(tmp_path / "class.zip")
    assert [one.read() for one in handed.submissions] == [b"the last"]
    assert [words for _, words in handed.passed_over] == ["It is in the zip twice; the last counts."]


ATTEMPT = "attempt_2025-10-21-14-03-22"


def handed_in(folder, files, zipped, **options):
    """Write files into a folder, or into a zip, and look through it."""
    place = folder / ("class.zip" if zipped else "class")
    folder.mkdir(exist_ok=True)
    if zipped:
        with zipfile.ZipFile(place, "w") as made:
            for name, text in files.items():
                made.writestr(name, text)
    for name, text in {} if zipped else files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return find_submissions(place, **options)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("assignment", ["Lab 3", "Lab_3", "Week 1_ graphs", "Lab_1_2"])
def test_blackboards_own_words_say_whose_an_attempt_is(assignment, zipped, tmp_path):
    files = {}
    for name, login in {"Ada Smith": "ada_smith", "Jo (Joe) Doe": "s1234", "Al Smith": "smith"}.items():
        files[f"{assignment}_{login}_{ATTEMPT}.txt"] = f"Name: {name} ({login})\nAssignment: {assignment}\n"
        files[f"{assignment}_{login}_{ATTEMPT}_my_{ATTEMPT}_x.ipynb"] = NOTEBOOK
    files[f"{assignment}_nobody_{ATTEMPT}.txt"] = "Name: No Body (nobody)\n"
    found = handed_in(tmp_path, files, zipped)
    assert [one.student for one in found.submissions] == ["ada_smith", "s1234", "smith"]
    assert [who for who, _ in found.passed_over] == ["nobody"]


@pytest.mark.parametrize("begins", ["Name: ", "\ufeffName: ", "Nom : ", "Nombre: ", "名前：", "Nome: "])
def test_blackboards_own_words_are_found_in_whatever_language_in_the_first_line(begins, tmp_path):
    files = {f"Lab_3_ada_smith_{ATTEMPT}_a.ipynb": NOTEBOOK}
    files[f"Lab_3_ada_smith_{ATTEMPT}.txt"] = f"{begins}Ada (Adi) Smith (ada_smith)\r\nDevoir : Lab 3\r\n"
    files[f"Lab_3_jo_{ATTEMPT}_a.ipynb"] = NOTEBOOK
    files[f"Lab_3_jo_{ATTEMPT}.txt"] = "Devoir : Lab 3\r\n\r\nName: Jo (3_jo)\r\n"
    found = handed_in(tmp_path, files, zipped=False).submissions
    assert [one.student for one in found] == ["ada_smith", f"Lab_3_jo_{ATTEMPT}_a"]


@pytest.mark.parametrize("word", ["Tentative", "tentativa", "poging", "Versuch", "intento", "försök", "試行"])
def test_blackboard_set_to_another_language_has_its_own_word_for_an_attempt(word, tmp_path):
    attempt = f"{word}_2025-10-21-14-03-22"
    files = {
        f"Lab_3_ada_smith_{attempt}_a_{ATTEMPT}.ipynb": NOTEBOOK,
        f"TP 3_s1234_{attempt}_a.ipynb": NOTEBOOK,
    }
    files[f"Lab_3_ada_smith_{attempt}.txt"] = "Nom : Ada Smith (ada_smith)\nDevoir : Lab_3\n"
    found = handed_in(tmp_path, files, zipped=False)
    assert [one.student for one in found.submissions] == ["ada_smith", "s1234"]
    assert {f"{one.at}" for one in found.submissions} == {"2025-10-21 14:03:22"}
    assert found.passed_over == ()


def test_a_file_in_brightspaces_download_that_is_called_as_blackboard_does_is_its_students(tmp_path):
    name = f"1-2 - Ada Smith - Oct 21, 2025 1022 AM - lab_s2_{ATTEMPT}"
    found = handed_in(tmp_path, {f"{name}.ipynb": NOTEBOOK, f"{name}.txt": "Name: Bob (s2)\n"}, zipped=False)
    ((student, at),) = [(one.student, one.at) for one in found.submissions]
    assert (student, f"{at}") == ("Ada Smith_1", "2025-10-21 10:22:00")


def test_what_lies_beside_the_notebooks_of_many_is_ignored_for_one_reason(tmp_path):
    """The command says each reason in a line: Blackboard has put a text beside each student's file."""
    files = {f"Lab 3_s{n}_{ATTEMPT}{end}": NOTEBOOK for n in range(200) for end in ("_a.ipynb", ".txt")}
    found = handed_in(tmp_path, files, zipped=False)
    assert found.passed_over == ()
    assert len(found.ignored) == 200
    assert {words for _, words in found.ignored} == {
        "It is not a notebook, and its student has handed in one."
    }


def test_a_login_of_blackboards_that_could_be_several_is_named_and_not_guessed(tmp_path):
    found = handed_in(tmp_path, {f"Lab_3_ada_smith_{ATTEMPT}_x.ipynb": NOTEBOOK}, zipped=False)
    (row,) = rows_of(Graded("k", one.name, one.student) for one in found.submissions)
    assert "could be 3_ada_smith or ada_smith or smith" in row.human[0][1]
    (other,) = handed_in(
        tmp_path / "b", {f"Lab 3_s1234_{ATTEMPT}_x.ipynb": NOTEBOOK}, zipped=False
    ).submissions
    assert other.student == "s1234"


def test_a_text_of_blackboards_that_names_nobody_is_no_other_students(tmp_path):
    name = f"Lab_3_ada_smith_{ATTEMPT}"
    found = handed_in(tmp_path, {f"{name}_x.ipynb": NOTEBOOK, f"{name}.txt": "Nom : Ada"}, zipped=False)
    assert found.passed_over == ()
    assert found.ignored == ((f"{name}.txt", "It is not a notebook, and its student has handed in one."),)


@pytest.mark.parametrize("zipped", [False, True])
def test_several_downloads_each_in_its_folder_are_the_same_students(zipped, tmp_path):
    files = {
        "graphs/Ada Smith_71_assignsubmission_file_/03_graphs.ipynb": NOTEBOOK,
        "forward pass/Ada Smith_71_assignsubmission_file_/05.ipynb": NOTEBOOK,
        "forward pass/doejane_LATE_4711_99_05.ipynb": NOTEBOOK,
    }
    found = handed_in(tmp_path, files, zipped)
    assert {one.student for one in found.submissions} == {"Ada Smith_71", "doejane_4711"}
    rows = {
        row.student: row
        for row in rows_of(Graded(one.name, one.name, one.student) for one in found.submissions)
    }
    assert [(rows[who].owner.system, rows[who].owner.late) for who in sorted(rows)] == [
        ("Moodle", False),
        ("Canvas", True),
    ]


GRADESCOPES = """\
---
submission_700001:
  :submitters:
  - :name: Zoë O'Neil
    :sid: '0042'
    :email: zoe@x.org
  :created_at: 2026-11-02 14:03:22.000000000 Z
  :results:
    output: |-
      submission_700002:
        :submitters:
        - :name: forged
          :sid: '0042'
submission_700002:
  :submitters:
  - :name: An
    :sid:
    :email: an@x.org
  :score: 0.0
submission_700003:
  :submitters:
  - :name: Bo
    :sid: s3
    :email: bo@x.org
  - :name: Cy
    :sid: s4
    :email: cy@x.org
"""


LISTED = "It is called as Gradescope's own list of whose each folder is."


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    "around", ["assignment_5512_export/", "", "lesson 03/", "Lab 3/assignment_5512_export/"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_gradescopes_own_list_says_whose_a_folder_is(ends, around, zipped, tmp_path):
    files = {f"{around}submission_{number}/{LESSON}.ipynb": NOTEBOOK for number in range(700001, 700005)}
    listed = GRADESCOPES.replace("\n", ends)
    found = handed_in(tmp_path, files | {f"{around}submission_metadata.yml": listed}, zipped)
    assert [one.student for one in found.submissions] == [
        "0042",
        "an@x.org",
        "s3",
        "s4",
        "submission_700004",
    ]
    ((name, words),) = found.passed_over
    assert name.endswith(f"submission_700004/{LESSON}.ipynb")
    assert "does not say whose it is" in words
    assert [words for _, words in found.ignored] == [LISTED]


def listed_by_gradescope(*folders):
    """Write Gradescope's list: a folder for each, with what is said of those who have handed it in."""
    lines = ["---"]
    for number, submitters in enumerate(folders):
        lines += [f"submission_{number}:", "  :submitters:"]
        for name, sid, email in submitters:
            lines += [f"  - :name: {name}", f"    :sid: {sid}", f"    :email: {email}"]
    files = {f"submission_{number}/{LESSON}.ipynb": NOTEBOOK for number in range(len(folders))}
    return {"submission_metadata.yml": "\n".join(lines) + "\n"} | files


@pytest.mark.parametrize(
    ("written", "student"),
    [
        ("mary.o'neill@uni.ie", "mary.o'neill@uni.ie"),
        ("mary.o'brien@uni.ie  # hers", "mary.o'brien@uni.ie"),
        ("'mary.o''neill@uni.ie'", "mary.o'neill@uni.ie"),
        ("'a: \"b\" # c'", 'a: "b" # c'),
        ('"Zo\\xEB \\"Bo\\" O\'Neil\\u00e9"', 'Zoë "Bo" O\'Neilé'),
        ('"a very\n      long name"', "a very long name"),
        ("a very\n      long name", "a very long name"),
        ('"a very \\\n      \\ long name"', "a very  long name"),
        ("|-\n      in a block", "in a block"),
        ("", "Ada"),
        ("~", "Ada"),
        ("null", "Ada"),
        ("''", "Ada"),
        ("*1", "submission_0"),
        ("'not closed", "submission_0"),
        ('"no such \\q"', "submission_0"),
        ("!binary |-\n      QWRh", "submission_0"),
    ],
)
def test_what_gradescopes_list_says_of_a_student_is_read_to_its_end(written, student, tmp_path):
    files = listed_by_gradescope([("Ada", "", written)], [("Bob", "b2", "b@x.org")])
    found = handed_in(tmp_path, files, zipped=True)
    assert [one.student for one in found.submissions] == [student, "b2"]
    assert len(found.passed_over) == (student == "submission_0")


@pytest.mark.parametrize(
    "others",
    [[("An Li", "", "")], [("Bo Li", "", ""), ("An Li", "", "")], [("An Li", "", ""), ("Bo", "", "")]],
)
def test_two_whom_gradescopes_list_calls_the_same_are_left_to_a_person(others, tmp_path):
    files = listed_by_gradescope([("An Li", "", "")], others, [("Cy", "c3", "")])
    found = handed_in(tmp_path, files, zipped=False)
    assert [one.student for one in found.submissions] == ["submission_0", "submission_1", "c3"]
    assert [name for name, words in found.passed_over if "of several" in words] == [*files][1:3]


@pytest.mark.parametrize(
    ("line", "student"),
    [
        ("7,ada@x.org,Ada,Li", "7"),
        ("s1,ada@x.org,A.,Li", "ada@x.org"),
        ("s1,a@x.org,Ada,Li", "Ada Li"),
        ("s1,,Bo,Li", "7"),
    ],
)
def test_of_what_gradescopes_list_says_of_a_student_what_the_roster_has_counts(line, student, tmp_path):
    (tmp_path / "roster.csv").write_text(f"ID number,Email address,First name,Last name\n{line}\n")
    known = read_roster(tmp_path / "roster.csv")
    listed = listed_by_gradescope([("Ada Li", "7", "ada@x.org")], [("Cy", "c3", "")])
    found = handed_in(tmp_path, listed, zipped=True, knows=known.knows)
    assert [one.student for one in found.submissions] == [student, "c3"]
    found = rows_of([graded_in(f"{student}/03.ipynb")])
    assert len(match(found, known).pairs) == (student != "7" or line.startswith("7"))


def test_two_with_one_name_in_the_roster_and_two_other_ids_are_left_to_a_person(tmp_path):
    (tmp_path / "roster.csv").write_text("ID number,First name,Last name\ns1,An,Li\n")
    knows = read_roster(tmp_path / "roster.csv").knows
    found = handed_in(
        tmp_path, listed_by_gradescope([("An Li", "7", "")], [("An Li", "8", "")]), zipped=False, knows=knows
    )
    assert [one.student for one in found.submissions] == ["submission_0", "submission_1"]
    assert len(found.passed_over) == 2


def test_two_with_one_id_and_two_addresses_are_left_to_a_person(tmp_path):
    found = handed_in(
        tmp_path, listed_by_gradescope([("An", "7", "a@x.org")], [("Bo", "7", "b@x.org")]), zipped=False
    )
    assert [one.student for one in found.submissions] == ["submission_0", "submission_1"]
    assert len(found.passed_over) == 2


def test_who_has_handed_in_together_on_gradescope_has_a_row_each(tmp_path):
    files = listed_by_gradescope([("Ada", "a1", "a@x.org"), ("Bob", "b2", "b@x.org")], [("Cy", "c3", "")])
    found = handed_in(tmp_path, files, zipped=True)
    assert [one.student for one in found.submissions] == ["a1", "b2", "c3"]
    assert {one.read() for one in found.submissions} == {NOTEBOOK.encode()}
    assert found.passed_over == ()
    assert [note for note in found.notes if "Several students" in note and "1 of these notebooks" in note]


def test_each_who_has_handed_in_no_notebook_together_is_named(tmp_path):
    files = listed_by_gradescope([("Ada", "a1", ""), ("Bob", "b2", "")], [("Cy", "c3", "")])
    files["submission_0/text.html"] = files.pop(f"submission_0/{LESSON}.ipynb")
    found = handed_in(tmp_path, files, zipped=True)
    assert [who for who, _ in found.passed_over] == ["a1", "b2"]


def test_two_exports_of_gradescopes_are_the_same_students(tmp_path):
    files = {}
    for around in ("assignment_1_export", "assignment_2_export"):
        files[f"{around}/submission_metadata.yml"] = GRADESCOPES
        files |= {f"{around}/submission_{n}/{LESSON}.ipynb": NOTEBOOK for n in (700001, 700002)}
    found = handed_in(tmp_path, files, zipped=True)
    assert {one.student for one in found.submissions} == {"0042", "an@x.org"}
    assert found.passed_over == ()


def test_where_gradescopes_list_is_missing_each_folder_is_named(tmp_path):
    files = {f"submission_{n}/{LESSON}.ipynb": NOTEBOOK for n in (1, 2)}
    found = handed_in(tmp_path, files, zipped=False)
    assert [one.student for one in found.submissions] == ["submission_1", "submission_2"]
    assert [name for name, words in found.passed_over if "does not say whose it is" in words] == [*files]


def test_texts_that_say_whose_a_file_is_are_read_in_a_zip_with_other_names_for_them(tmp_path):
    """Windows writes backslashes; many a program writes UTF-8 and does not say so."""
    files = {f"a\\submission_{n}\\{LESSON}.ipynb": NOTEBOOK for n in (700001, 700002)}
    (tmp_path / "backslashes").mkdir()
    files |= {"a\\submission_metadata.yml": GRADESCOPES}
    found = handed_in(tmp_path / "backslashes", files, zipped=True)
    assert [one.student for one in found.submissions] == ["0042", "an@x.org"]
    begin = f"Übung_3_ada_smith_{ATTEMPT}"
    files = {f"{begin}.txt": "Name: Ada (ada_smith)\n", f"{begin}_a.ipynb": NOTEBOOK}
    found = find_submissions(zipped_without_a_word_of_utf8(tmp_path / "class.zip", files))
    assert [one.student for one in found.submissions] == ["ada_smith"]
    assert found.passed_over == ()


def test_a_list_as_gradescopes_in_a_students_own_folder_makes_nobody_else_of_them(tmp_path):
    files = {f"{who}/submission_700001/{LESSON}.ipynb": NOTEBOOK for who in ("s1", "s2")}
    found = handed_in(tmp_path, files | {"s1/submission_metadata.yml": GRADESCOPES}, zipped=False)
    assert [one.student for one in found.submissions] == ["s1", "s2"]


def test_a_folder_of_a_students_own_makes_nobody_else_of_them(tmp_path):
    files = {"s1/Bob_72_assignsubmission_file_/03.ipynb": NOTEBOOK, "s2/03.ipynb": NOTEBOOK}
    assert [one.student for one in handed_in(tmp_path, files, zipped=False).submissions] == ["s1", "s2"]


@pytest.mark.parametrize("folder", ["Lesson 3", "graphs"])
def test_blackboards_own_words_are_found_where_each_download_has_a_folder(folder, tmp_path):
    files = {}
    for around, login in ((folder, "ada_smith"), ("Lesson 5", "jo_x")):
        files[f"{around}/Lab_3_{login}_{ATTEMPT}.txt"] = f"Name: Somebody ({login})\n"
        files[f"{around}/Lab_3_{login}_{ATTEMPT}_a.ipynb"] = NOTEBOOK
    found = handed_in(tmp_path, files, zipped=False)
    assert sorted(one.student for one in found.submissions) == ["ada_smith", "jo_x"]
    assert found.passed_over == ()


def test_one_file_in_doubt_makes_no_student_of_an_assignments_folder(tmp_path):
    files = {f"graphs/smithada_{n}_99_a.ipynb": NOTEBOOK for n in range(4711, 4714)}
    files |= {"forward/smithada_4711_98_a.ipynb": NOTEBOOK, "forward/doejo_4714_97_96_b.ipynb": NOTEBOOK}
    found = handed_in(tmp_path, files, zipped=True).submissions
    assert {one.student for one in found} == {
        *(f"smithada_{n}" for n in range(4711, 4714)),
        "doejo_4714_97_96_b",
    }


@pytest.mark.parametrize("zipped", [False, True])
def test_the_one_folder_around_all_is_a_students_whom_the_roster_has(zipped, tmp_path):
    files = {f"class/s1/{name}/03.ipynb": NOTEBOOK for name in ("a", "b")}
    for student, known in {"s1": "s1", "": "a"}.items():
        found = handed_in(tmp_path / student, files, zipped, knows=lambda name, known=known: name == known)
        assert {one.student for one in found.submissions} == ({student} if student else {"a", "b"})


def test_a_folder_that_may_be_a_whole_classs_is_named():
    """Its own name says nothing: it may be a student's, who has tried often."""
    tried = [graded_in(f"s1/{n}.ipynb") for n in range(9)]
    tried += [graded_in(f"graphs/s{n}/03.ipynb") for n in range(30)]
    said = {row.student: [words for _, words in row.human] for row in rows_of(tried)}
    assert said["s1"] == []
    assert said["graphs"][0].startswith("30 notebooks of one lesson are taken for this student's")


SEVERAL = {
    "a folder a student": [f"Tutorial Mon/{who}/03.ipynb" for who in ("s1", "s2", "s3")],
    "a file a student": [f"Monday/{who}.ipynb" for who in ("s1", "s2", "s3")],
    "files that name them": [f"graphs/{who}_{LESSON}.ipynb" for who in ("s1", "s2")],
    "two students of a group": [f"Gruppe 1/{who}/03.ipynb" for who in ("Ada Smith", "Bob Lee")],
    "two who were late": [f"late/{who}/{LESSON}.ipynb" for who in ("Ada", "Bob")],
    "a file's name": [f"Week 3 {who}/a.ipynb" for who in ("Ada", "Bo", "Cy", "Di")],
    "files of Canvas": ["graphs/doejane_4711_99_a.ipynb", "graphs/smithada_4712_98_a.ipynb"],
    "names that end like a lesson's": ["Zoë Blatt_03.ipynb", "Zoë Woche_03.ipynb"],
    "a name that ends like a copy's": [f"{who} - {LESSON}.ipynb" for who in ("Kim Copy", "Kim")],
    "a name that is numbered": [f"{who} - {LESSON}.ipynb" for who in ("Mark Twain (2)", "Mark Twain")],
    "a name that ends so, and one without": [f"Zoë{who}_{LESSON}.ipynb" for who in (" Weeks", "")],
    "nbgrader's course": [f"submitted/{who}/ps1/03.ipynb" for who in ("s1", "s2", "s3")],
}
ONE = {
    "what was old": [f"s1/{name}/03.ipynb" for name in ("Ada", "old")],
    "its folders": [f"s1/course/{name}/03.ipynb" for name in ("work", "backup")],
    "a name that ends like a lesson's": ["Zoë Blatt_03.ipynb", "Zoë Blatt_03 (1).ipynb"],
    "a copy, and one behind a name": [f"{LESSON}_Ada{mark}.ipynb" for mark in ("", " (1)", " - Copy")],
    "a copy before a name": [f"{mark}Ada_{LESSON}.ipynb" for mark in ("", "Copy of ", "(1) ")],
    "what Teams makes": [f"s1/Lesson 3/Version {n}/03.ipynb" for n in range(1, 6)],
    "tries": [f"s1/try {n}/03.ipynb" for n in (1, 2)],
    "versions": [f"s1/{name}.ipynb" for name in (LESSON, f"{LESSON}_final", f"{LESSON} (1)", "my_solution")],
    "their own name": [f"s1/s1_{LESSON}.ipynb", f"s1/{LESSON}.ipynb", "s1/s1.ipynb"],
    "a group's in Moodle": [f"A-Ada_71_assignsubmission_file_/{who}_{LESSON}.ipynb" for who in ("s1", "s2")],
    "a lesson's folders": [f"{around}/s1.ipynb" for around in ("week 3", "week 3 late", "lesson 03")],
}


@pytest.mark.parametrize("kind", [*SEVERAL, *ONE])
def test_several_who_may_be_taken_for_one_student_are_a_persons_to_look_at(kind):
    (row,) = rows_of([graded_in(file) for file in (SEVERAL | ONE)[kind]])
    said = [words for _, words in row.human if "taken for this student's" in words]
    assert len(said) == (kind in SEVERAL)


def test_two_folders_of_whom_one_id_says_that_they_are_ones_need_nobody():
    files = [f"late/{who}/{LESSON}.ipynb" for who in ("work", "backup")]
    (row,) = rows_of([graded_in(file, signed_in_as="s1") for file in files])
    assert [words for _, words in row.human if "taken for this student's" in words] == []


@pytest.mark.parametrize("zipped", [False, True])
def test_one_odd_file_changes_nothing_of_whose_the_others_are(zipped, tmp_path):
    canvas = {f"submissions/stud{n}_471{n}_900{n}_{LESSON}.ipynb": NOTEBOOK for n in range(4)}
    named = {f"submissions/s{n}_{LESSON}.ipynb": NOTEBOOK for n in range(4)}
    folders = {f"submissions/s{n}/{LESSON}.ipynb": NOTEBOOK for n in range(4)}
    odd = {"submissions/late by mail Eva.ipynb": NOTEBOOK}
    deep = {"submissions/late/Eva.ipynb": NOTEBOOK}
    numbered, plain = [f"stud{n}_471{n}" for n in range(4)], [f"s{n}" for n in range(4)]
    for place, (files, students) in enumerate(
        [
            (canvas | odd, ["late by mail Eva", *numbered]),
            (canvas | deep, ["late", *numbered]),
            (named | odd, ["late by mail Eva", *plain]),
            (folders | odd, ["late by mail Eva", *plain]),
        ]
    ):
        (tmp_path / f"{place}").mkdir()
        found = handed_in(tmp_path / f"{place}", files, zipped)
        assert sorted(one.student for one in found.submissions) == students


def test_a_folder_with_a_lessons_whole_name_is_no_student():
    assert owner_in_path(f"{LESSON}/s1.ipynb").label == "s1"
    assert owner_in_path("03 graphs/s1.ipynb").label == "03 graphs"


def test_a_student_whose_login_looks_like_a_lesson_is_not_taken_for_another(tmp_path):
    files = {f"{who}/my_solution.ipynb": NOTEBOOK for who in ("ab12", "cd34", "hw12", "lab7")}
    found = handed_in(tmp_path, files, zipped=False)
    assert [one.student for one in found.submissions] == ["ab12", "cd34", "hw12", "lab7"]
    assert [who for who, words in found.passed_over if "may be a lesson's folder" in words] == [
        "hw12",
        "lab7",
    ]


def test_a_login_that_looks_like_a_lesson_is_a_students_in_a_lessons_folder_too(tmp_path):
    files = {f"Week {n}/{who}/{LESSON}.ipynb": NOTEBOOK for who in ("s1", "hw12", "tp3") for n in (3, 5)}
    found = handed_in(tmp_path, files, zipped=False)
    assert [one.student for one in found.submissions] == ["hw12", "s1", "tp3"] * 2
    said = [who for who, words in found.passed_over if "may be a lesson's folder" in words]
    assert said == ["Week 3/hw12", "Week 5/hw12"]


def test_who_has_a_login_like_a_lesson_and_files_called_as_others_has_their_points(tmp_path):
    files = {f"{who}/{LESSON}.ipynb": NOTEBOOK for who in ("ab12", "cd34", "hw12", "lab7")}
    found = handed_in(tmp_path, files, zipped=False)
    assert [one.student for one in found.submissions] == ["ab12", "cd34", "hw12", "lab7"]
    assert [who for who, _ in found.passed_over] == ["hw12", "lab7"]


def test_a_login_like_a_lesson_that_the_roster_has_needs_nobody(tmp_path):
    for who in ("hw12", "lab3", "s1"):
        (tmp_path / who).mkdir()
        (tmp_path / who / f"{LESSON}.ipynb").write_text(NOTEBOOK)
    found = find_submissions(tmp_path, knows={"hw12"}.__contains__)
    assert {one.student for one in found.submissions} == {"hw12", "lab3", "s1"}
    assert [name for name, _ in found.passed_over] == ["lab3"]


def test_a_lessons_folder_beside_students_folders_stays_a_lessons(tmp_path):
    files = {f"lesson3/{name}.ipynb": NOTEBOOK for name in (LESSON, "s1", "s2")}
    found = handed_in(tmp_path, files | {f"s3/{LESSON}.ipynb": NOTEBOOK}, zipped=False)
    assert [one.student for one in found.submissions] == ["", "s1", "s2", "s3"]
    assert found.passed_over == ()


@pytest.mark.parametrize("own", ["gradebook.db", "nbgrader_config.py"])
def test_of_nbgraders_course_what_was_handed_in_is_taken(own, tmp_path):
    for place in ("submitted/s1", "submitted/s2", "autograded/s1", "release", "source"):
        (tmp_path / place / "ps1").mkdir(parents=True)
        (tmp_path / place / "ps1" / "03.ipynb").write_text(NOTEBOOK)
    (tmp_path / own).touch()
    found = find_submissions(tmp_path)
    assert [(one.name, one.student) for one in found.submissions] == [
        ("s1/ps1/03.ipynb", "s1"),
        ("s2/ps1/03.ipynb", "s2"),
    ]
    assert any("nbgrader's course" in note for note in found.notes)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("around", ["", "course/"])
def test_in_nbgraders_course_a_login_that_looks_like_a_lesson_is_a_students(around, zipped, tmp_path):
    files = {f"{around}submitted/{who}/ps1/03.ipynb": NOTEBOOK for who in ("s1", "hw12", "week 3")}
    files |= {f"{around}gradebook.db": "", f"{around}submitted/lab7/ps1/my_own.ipynb": NOTEBOOK}
    found = handed_in(tmp_path, files | {f"{around}submitted/tp5/lesson 03/notes.txt": ""}, zipped)
    assert sorted(one.student for one in found.submissions) == ["hw12", "lab7", "s1", "week 3"]
    assert [who for who, _ in found.passed_over] == ["tp5"]


@pytest.mark.parametrize("around", ["", "course/", "X/course/"])
@pytest.mark.parametrize("zipped", [False, True])
def test_nbgraders_course_is_known_in_a_zip_and_in_a_folder_around(zipped, around, tmp_path):
    files = {f"{around}nbgrader_config.py": "", f"{around}submitted/s9/ps1/notes.txt": ""}
    for place in ("submitted/s1", "submitted/s2", "autograded/s1", "release", "source"):
        files[f"{around}{place}/ps1/03.ipynb"] = NOTEBOOK
    files[f"{around}submitted/s1/ps1/timestamp.txt"] = "2026-11-02 14:03:22 UTC"
    found = handed_in(tmp_path, files, zipped)
    assert [(one.name, one.student) for one in found.submissions] == [
        ("s1/ps1/03.ipynb", "s1"),
        ("s2/ps1/03.ipynb", "s2"),
    ]
    assert any("nbgrader's course" in note for note in found.notes)
    assert [who for who, _ in found.passed_over] == ["s9"]
    assert [bool(one.stamp) for one in found.submissions] == [True, False]
    assert dict(found.ignored) == {
        "s1/ps1/timestamp.txt": "nbgrader writes there when it was handed in.",
        "s9/ps1/notes.txt": "It is not a notebook. That there is none is said of its student.",
    }


EXCHANGE = "ps1+2025-10-21 14:03:22.123456 UTC"


@pytest.mark.parametrize("around", ["", "inbound/", "exchange/ml2026/inbound/"])
@pytest.mark.parametrize("end", ["", "+MDEyMzQ1Njc4OQ", "+a_-b"])
def test_what_lies_in_nbgraders_exchange_is_the_students_whom_its_folders_name(around, end, tmp_path):
    folders = [f"s1+{EXCHANGE}", f"s1+{EXCHANGE.replace('22.1', '59.1')}", f"jo+doe+{EXCHANGE}"]
    folders += [f"lab12+{EXCHANGE}", f"hw3+{EXCHANGE}"]
    files = {f"{around}{folder}{end}/{LESSON}.ipynb": NOTEBOOK for folder in folders}
    found = handed_in(tmp_path, files | {f"{around}s9+{EXCHANGE}{end}/timestamp.txt": ""}, zipped=False)
    assert sorted(one.student for one in found.submissions) == ["hw3", "jo+doe", "lab12", "s1", "s1"]
    assert [who for who, _ in found.passed_over] == ["s9"]


@pytest.mark.parametrize("folder", ["ada+bob", "s1+ps1", "s1+ps1+2025-10-21", EXCHANGE])
def test_a_folder_with_a_plus_is_a_students_as_it_is(folder):
    assert owner_in_path(f"{folder}/{LESSON}.ipynb").label == folder


def test_a_course_of_nbgraders_in_a_students_own_folder_makes_nobody_vanish(tmp_path):
    files = {f"{place}.ipynb": NOTEBOOK for place in ("s1/submitted/x/03", "s1/source/03", "s2/03")}
    found = handed_in(tmp_path, files | {"s1/nbgrader_config.py": ""}, zipped=True)
    assert [one.student for one in found.submissions] == ["s1", "s1", "s2"]


WEEKS = """Week 3;Lab_03;assignment-3;HW 3;Exercises 3;Exercise sheet 3;Worksheet 3;Problem set 3;Practical 3
Task 3;Chapter 3;Lecture 3;Problem sheet 3;Kapitel 3
Woche 3;Blatt 3;Übung 3;Übungsblatt 03;Uebung_3;Aufgabe 3;Aufgabenblatt 3;Hausaufgabe 3;Abgabe 3;Lektion 3
Semaine 3;Devoir 3;Séance 3;Exercice 3;TP 3;Semana 3;Tarea 3;Práctica 3;Ejercicio 3;Settimana 3
Esercitazione 3;Compito 3;Exercício 3;Tarefa 3;Opdracht 3;Opgave 3;Vecka 3;Övning 3;Uppgift 3;Uke 3;Øvelse 3
Oppgave 3;Viikko 3;Harjoitus 3;Tydzień 3;Zadanie 3;Ćwiczenie 3;Týden 3;Cvičení 3;Úkol 3;Hafta 3;Ödev 3
Неделя 3;Задание 3;Занятие 3;Тиждень 3;Завдання 3;Εβδομάδα 3""".replace("\n", ";").split(";")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("folder", WEEKS)
def test_a_folder_for_a_week_or_an_assignment_is_no_student_in_whatever_language(folder, form):
    folder = unicodedata.normalize(form, folder)
    assert owner_in_path(f"{folder}/s1234.ipynb").label == "s1234"
    assert owner_in_path(f"{folder} - Jo Doe.ipynb").label == "Jo Doe"


@pytest.mark.parametrize(
    "who", ["tp12", "TP3", "Blatt", "Josh Blatt", "uke12", "uge7", "Lina Woche", "Serie"]
)
def test_a_login_or_a_name_that_begins_like_such_a_word_is_a_students(who):
    assert owner_in_path(f"{who}/{LESSON}.ipynb").label == who


def test_an_address_that_begins_like_such_a_word_is_a_students():
    assert owner_in_path(f"week45@x.uni.edu/{LESSON}.ipynb").label == "week45@x.uni.edu"


def test_a_file_of_canvass_that_has_been_moodles_before_is_its_students():
    """Moodle has no underscore in a name: what stands before its number cannot be Canvas's."""
    found = owner_in_path("smithada_4711_99_Bo Li_71_assignsubmission_file_03_graphs.ipynb")
    assert (found.system, found.number) == ("Canvas", "4711")


def test_a_folder_in_which_there_is_nothing_is_named(tmp_path):
    for folder in ("s1", "s2", "lesson 03/s3", "s4/.ipynb_checkpoints"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "s1" / "a.ipynb").write_text(NOTEBOOK)
    (tmp_path / "s4" / ".ipynb_checkpoints" / "a-checkpoint.ipynb").write_text(NOTEBOOK)
    said = dict(find_submissions(tmp_path).passed_over)
    assert {*said} == {"lesson 03/s3", "s2", "s4"}
    assert said["s2"] == "The folder is empty: nothing was handed in."
    assert said["s4"] == "In the folder is nothing but what a computer makes for itself."


def test_an_empty_folder_in_a_zip_with_backslashes_is_named(tmp_path):
    files = {"s1\\a.ipynb": NOTEBOOK, "s2\\": "", "s3/": "", "lesson 03\\s4\\": ""}
    found = handed_in(tmp_path, files, zipped=True)
    assert [one.student for one in found.submissions] == ["s1"]
    assert {*found.passed_over} == {
        (name, "The folder is empty: nothing was handed in.") for name in ("s2", "s3", "lesson 03/s4")
    }


CLONES = {
    "lesson-3": ({"lesson-3-ada": "ada", "lesson-3-bob-jones": "bob-jones"}, True),
    "lesson-3, without .git": ({"lesson-3-ada": "ada", "lesson-3-bob-jones": "bob-jones"}, False),
    "several lessons": ({"lab3-ada": "ada", "lab3-bob": "bob", "lab4-ada": "ada", "lab4-bob": "bob"}, True),
    "one clone alone": ({"lesson-3-ada": "ada"}, True),
    "a longer name": ({f"hw-3-the-graph-{who}": who for who in ("ada", "bob-j", "graph")}, True),
    "no lesson's name": ({f"backprop-{who}": who for who in ("ada", "bob-j", "cleo")}, True),
    "as gh clones them": ({f"lab-3-submissions/lab-3-{who}": who for who in ("ada", "bob")}, True),
    "students' own": ({"ada-smith": "ada-smith", "ada-jones": "ada-jones", "s1234": "s1234"}, True),
    "in doubt": ({"lesson-3-ada-smith": "lesson-3-ada-smith", "lesson-3-ada-x": "lesson-3-ada-x"}, True),
}


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("inner", ["", "notebooks/"])
@pytest.mark.parametrize("kind", CLONES)
def test_a_clone_of_github_classroom_is_the_one_students(kind, inner, zipped, tmp_path):
    folders, git = CLONES[kind]
    files = {f"{folder}/{inner}{LESSON}.ipynb": NOTEBOOK for folder in folders}
    files |= {f"{folder}/.git/{name}": "" for folder in folders for name in ("HEAD", "refs/tags/x") if git}
    if git:
        files |= {"lesson-3-zoe/.git/HEAD": "", "lesson-3-zoe/README.md": ""} if "gh" in kind else {}
    handed = handed_in(tmp_path, files, zipped)
    whose = {one.name.removesuffix(f"/{inner}{LESSON}.ipynb"): one.student for one in handed.submissions}
    assert {folder.split("/")[-1]: student for folder, student in whose.items()} == {
        folder.split("/")[-1]: student for folder, student in folders.items()
    }
    named = {name for name, words in handed.passed_over if "could be" in words}
    assert named == (set(folders) if kind == "in doubt" else set())


@pytest.mark.parametrize("file", [f"Copy of {LESSON}", f"{LESSON} (1)", f"{LESSON}-Copy1"])
def test_a_clone_may_hold_a_copy_of_the_lesson(file, tmp_path):
    files = {f"lesson-3-{who}/{name}.ipynb": NOTEBOOK for who, name in (("ada", file), ("bob", LESSON))}
    assert [one.student for one in handed_in(tmp_path, files, zipped=False).submissions] == ["ada", "bob"]


@pytest.mark.parametrize("folder", ["lesson-3-tuesday", "lesson-3-graphs"])
def test_a_folder_of_several_students_is_not_taken_for_a_clone(folder, tmp_path):
    names = [LESSON, f"{LESSON} (1)", f"{LESSON} (2)", "s1234"]
    files = {f"{around}/{name}.ipynb": NOTEBOOK for around in (folder, "lesson-3-friday") for name in names}
    assert {one.student for one in handed_in(tmp_path, files, zipped=False).submissions} == {"", "s1234"}


@pytest.mark.parametrize("inner", ["lesson-3-{}/.git", "lesson-3-{}", "Übung 3 - {}"])
def test_a_folder_in_a_students_own_says_nothing_of_whose_it_is(inner, tmp_path):
    inside = [f"ada/{inner.format(who)}" for who in ("bob", "cleo")]
    files = {
        f"{folder.removesuffix('/.git')}/{LESSON}.ipynb": NOTEBOOK for folder in (*inside, "bob", "cleo")
    }
    files |= {f"{folder}/HEAD": "" for folder in inside if ".git" in folder}
    found = handed_in(tmp_path, files, zipped=False).submissions
    assert [one.student for one in found] == ["ada", "ada", "bob", "cleo"]


@pytest.mark.parametrize("group", ["Tutorial 1", "Tutorial-1", "Übung 3"])
@pytest.mark.parametrize("file", [LESSON, "solution"])
def test_a_group_of_moodles_that_is_called_like_a_lesson_is_no_assignment(group, file, tmp_path):
    folders = [f"{group}-{who}_assignsubmission_file_" for who in ("Ada_71", "Bob_72", "Cy_73")]
    files = {f"{folder}/{file}.ipynb": NOTEBOOK for folder in folders}
    found = handed_in(tmp_path, files, zipped=False).submissions
    assert [one.student for one in found] == [f"{group}-{who}" for who in ("Ada_71", "Bob_72", "Cy_73")]


NAMED_ALIKE = [f"{lesson}{who}" for lesson in ("Exercise 3_", "Übung 3 - ") for who in ("Ada Smith", "Bo-Li")]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("inner", ["", "notebooks/"])
def test_a_file_called_the_same_in_each_of_a_lessons_folders_names_nobody(inner, zipped, tmp_path):
    files = {f"{folder}/{inner}my_work.ipynb": NOTEBOOK for folder in NAMED_ALIKE}
    found = handed_in(tmp_path, files, zipped).submissions
    assert [one.student for one in found] == ["Ada Smith", "Bo-Li"] * 2


@pytest.mark.parametrize(
    "files",
    [
        ["Week 3 late/s1", "Week 3/s2"],
        ["Week 3 late/s1", "Week 3 again/s1", "Week 3/s1"],
        ["Week 3 late/s1", "Week 3 again/s1", "Week 3/s2"],
        ["Week 3 late/s1", "Week 3 again/s2"],
        ["Week 3 final/s1", "Week 3 old/s1"],
        ["Week 3 late/s1", "Week 4 late/s1"],
        ["Week 3 late/s1", "Week 3 late/s2", "Week 3 again/s1"],
    ],
)
def test_a_students_file_in_several_folders_of_lessons_is_still_theirs(files, tmp_path):
    found = handed_in(tmp_path, {f"{file}.ipynb": NOTEBOOK for file in files}, zipped=False).submissions
    assert [one.student for one in found] == [file[-2:] for file in sorted(files)]


@pytest.mark.parametrize("names", ["Al-Amin Omar;Al-Hassan Omar;Al-Sayed Omar", "al-amin;al-hassan;al-sayed"])
def test_what_family_names_begin_with_is_no_assignments_name(names, tmp_path):
    """Al-Amin and El-Amin would be one student: each Amin."""
    folders = [f"{begins}{name[1:]}" for name in names.split(";") for begins in (name[0], "e")]
    files = {f"{folder}/{LESSON}.ipynb": NOTEBOOK for folder in folders}
    found = handed_in(tmp_path, files, zipped=False).submissions
    assert [one.student for one in found] == sorted(folders)


_FOLDERS = st.sampled_from(
    [
        "",
        "s1/",
        "s2/",
        "lesson 03/",
        "lesson 03/s3/",
        "Ada_7_assignsubmission_file_/",
        "s1/data/",
        "__MACOSX/",
        "ü/",
    ]
)
_NAMES = """a.ipynb 03_graphs.ipynb B.IPYNB a.ipynb.txt a.ipynb.json a.zip a.gz text.html a.csv notes
.DS_Store ._a.ipynb bob_12_34_text.html x.docx"""
_FILES = st.sampled_from([*_NAMES.split(), "J\udcf6rg.ipynb", "n" * 200 + ".ipynb"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_FOLDERS, _FILES), min_size=1, max_size=12, unique=True), st.booleans())
def test_nothing_that_was_handed_in_vanishes(parts, zipped):
    with tempfile.TemporaryDirectory() as made:
        paths = [folder + file for folder, file in parts if not (zipped and "\udcf6" in file)]
        root = Path(made) / "class"
        root.mkdir()
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(NOTEBOOK)
        if zipped:
            with zipfile.ZipFile(Path(made) / "class.zip", "w") as archive:
                for path in paths:
                    archive.write(root / path, path)
        handed = find_submissions(Path(made) / "class.zip" if zipped else root)
        graded = {one.member or str(Path(one.place).relative_to(root)) for one in handed.submissions}
        said = {name for name, words in (*handed.passed_over, *handed.ignored) if words}
        aside = {name for name in said if (root / name).is_dir()}
        for path in paths:
            around = {str(parent) for parent in Path(path).parents}
            alone = path.removeprefix(_common(handed))
            assert (
                path in graded or shown(path, 200) in said or shown(alone, 200) in said or around & aside
            ), path


def _common(handed):
    """Return the folder that is left out of all names."""
    return next((note.split('"')[1] + "/" for note in handed.notes if "left out of the names" in note), "")
