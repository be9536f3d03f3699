"""A grade goes to the one who handed in: what a name does not say for sure is left to a person."""

import json
import struct
import zipfile

import pytest

from lecture_grader import Graded, find_submissions, rows_of
from lecture_grader.handed_in import owner_in_path
from lecture_grader.outputs.lms import canvas_import
from lecture_grader.results import write_whole

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


def test_names_in_a_zip_are_read_as_they_are(tmp_path):
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("Jörg Müller_72_assignsubmission_file_/a.ipynb", NOTEBOOK)
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # no word of UTF-8, as the Mac writes it
        at = data.find(mark) + place
        struct.pack_into("<H", data, at, struct.unpack_from("<H", data, at)[0] & ~0x800)
    path.write_bytes(data)
    (found,) = find_submissions(path).submissions
    assert found.student == "Jörg Müller_72"
    assert found.read().decode() == NOTEBOOK


@pytest.mark.parametrize("name", ["s2.ipynb.txt", "s3.ipynb.json", "s4.zip", "s5.html", "s6.ipynb.gz"])
def test_what_was_handed_in_and_is_no_notebook_is_named(name, tmp_path):
    (tmp_path / "s1.ipynb").write_text(NOTEBOOK)
    (tmp_path / name).write_text("x")
    assert [who for who, _ in find_submissions(tmp_path).passed_over] == [name]


def test_what_is_written_keeps_to_the_umask_and_the_seed_is_for_oneself(tmp_path):
    import os

    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "page", "x")
        write_whole(tmp_path / "secret", "x", mode=0o600)
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("page", "secret")] == [0o640, 0o600]
