"""Moodle's grading worksheet has one grade for all lessons: which are in it, and what is said of others."""

from dataclasses import replace

import pytest

from lecture_grader import rows_of
from lecture_grader.outputs.class_file import read_course
from lecture_grader.outputs.course import FILE
from lecture_grader.outputs.matching import match
from lecture_grader.outputs.moodle import moodle_import
from lecture_grader.outputs.rosters import read_roster
from tests.grader.kit import ALL, points_of
from tests.grader.test_imports import (
    MOODLE_DOWNLOAD,
    WORKSHEET,
    handed_in,
    read_by_moodles_assignment,
    worksheet,
)
from tests.grader.test_what_is_written import write

__all__ = ["worksheet"]  # a fixture


def moodles(*lessons: str, folder: str = "", beginning: int = 71, who: str = "ABCDEFGH"):
    """Hand in these lessons' notebooks, a student a text, as downloaded from an assignment of Moodle's."""
    return [
        handed_in(
            f"{folder}{name}_{number}_assignsubmission_file_/{lesson}.ipynb",
            dict.fromkeys(points_of(lesson), 0.0) if lesson == "02" else points_of(lesson),
        )
        for number, (name, own) in enumerate(zip(who, lessons, strict=False), beginning)
        for lesson in own.split()
    ]


def test_a_lesson_that_few_handed_in_is_in_nobodys_grade_and_is_named(tmp_path):
    written = write(tmp_path, *moodles("03", "03", "03 02", "03", "02"))
    read = read_by_moodles_assignment((tmp_path / "gradebook_moodle.csv").read_text())
    assert {number: grade for number, (grade, _) in read.items()} == dict.fromkeys((71, 72, 73, 74), ALL)
    few = "fewer than half of the students handed in lesson 02."
    file = "gradebook_moodle.csv"
    assert written.troubled == (
        ("E_75", f"Not in {file}. They handed in nothing else, and {few}"),
        ("C_73", f"{file}: Not all that they handed in is in the grade: {few}"),
    )
    words = "Lesson 02 was handed in by 2 of 5 students, fewer than half: it is in nobody's grade."
    assert f"{file}: {words}" in written.notes


def test_a_lesson_that_few_handed_in_scales_nobody_in_moodles_own_worksheet(worksheet):
    first, second = MOODLE_DOWNLOAD
    strange = handed_in(second.replace("03", "02"), dict.fromkeys(points_of("02"), 0.0))
    jo, stranger = handed_in("jo@example.org/03.ipynb"), handed_in("nobody/05.ipynb", {"encode": 1.0})
    made = moodle_import(rows_of([handed_in(first), handed_in(second), strange, jo, stranger]), worksheet)
    assert {grade for grade, _ in read_by_moodles_assignment(made.text).values()} == {"100"}
    assert [who for who, _ in made.human] == ["李 雷_72"]


def test_lessons_that_half_handed_in_are_all_in_the_grade_and_who_lacks_one_reads_it():
    made = moodle_import(rows_of(moodles("03 05", "03 05", "03")))
    grade, comment = read_by_moodles_assignment(made.text)[73]
    assert (grade, made.human, made.notes) == (ALL, (), ())
    assert comment.startswith("14 of 26 points: ")
    assert comment.endswith(", lesson 05 not handed in")


@pytest.mark.parametrize(("folder", "words"), [("lab 2/", "lab 1, lab 2"), ("", "A, B, C")])
def test_the_downloads_of_two_assignments_in_one_folder_need_a_human(folder, words, tmp_path):
    first = moodles("03", "03", "03", folder=folder.replace("2", "1"))
    second = moodles("05", "05", "05", folder=folder, beginning=171)
    said = [one for one in write(tmp_path, *first, *second).troubled if one[0] == words]
    assert len(said) == 1
    assert "Grade the download of each assignment by itself." in said[0][1]


def test_two_students_of_one_name_and_an_anonymous_assignment_are_no_two_downloads():
    for who in ("ABCDA", ["Participant"] * 5):
        assert moodle_import(rows_of(moodles(*["03"] * 5, who=who))).human == ()


def test_a_whole_excused_lesson_is_no_loss_in_moodles_worksheet(tmp_path):
    excused = "[[excused]]\nstudent = 'A_71'\nlesson = 3\nreason = 'was ill'\n"
    (tmp_path / FILE).write_text(excused)
    course = read_course(tmp_path / FILE)
    write(tmp_path, *moodles("03 05", "03 05", "03 05"), course=course)
    text = (tmp_path / "gradebook_moodle.csv").read_text()
    read = read_by_moodles_assignment(text)
    assert {grade for grade, _ in read.values()} == {"26"}
    assert read[71][1].startswith("12 of 12 points: ")
    assert read[71][1].endswith(", lesson 03 excused")


def test_a_blank_cell_of_who_is_excused_is_not_called_not_handed_in(tmp_path):
    (tmp_path / FILE).write_text("[[excused]]\nstudent = 's1'\nlesson = 3\nreason = 'was ill'\n")
    both = [handed_in(f"{who}/{n}.ipynb", points_of(n)) for who in ("s1", "s2") for n in ("03", "05")]
    (note, _) = write(tmp_path, *both, course=read_course(tmp_path / FILE)).notes
    assert "Where a lesson was not handed in, or is excused, the cell is blank" in note


# ------------------------------------------------------------------ groups, and assignments without names


def of_a_group(number: int, name: str, key: str = "k"):
    """Hand in what a group has solved and signed in with one id, as Moodle has it for one of its members."""
    id = name.partition("-")[0].replace(" ", "")
    return handed_in(f"{name}_{number}_assignsubmission_file_/03.ipynb", signed_in_as=id, key=f"{key}{id}")


GROUPS = ["Group A-Ada Smith", "Group A-Li-Na Wu", "Group A-Bo Lee", "Group B-Eve Fox", "Group B-Max Roe"]


def test_what_a_groups_members_share_is_no_copy_and_needs_nobody(tmp_path):
    written = write(tmp_path, *(of_a_group(n, name) for n, name in enumerate(GROUPS, 71)))
    assert written.troubled == ()
    words = "is the same file as that of Group B-Max Roe_75"
    assert [row.student for row in written.rows if any(words in one for one in row.remarks)] == [
        "Group B-Eve Fox_74"
    ]


def test_what_two_groups_share_needs_a_human(tmp_path):
    files = [of_a_group(n, name) for n, name in enumerate(GROUPS, 71)]
    same = [replace(file, key="k", signed_in_as="x") for file in files]
    said = [words for _, words in write(tmp_path, *same).troubled]
    assert sum("It is the same file" in words for words in said) == len(GROUPS)
    assert sum("They signed in as x" in words for words in said) == len(GROUPS)


@pytest.mark.parametrize(
    "names",
    [["Anna-Maria Fox", "Anna-Lena Roe"], ["Group A-Ada", "Group A-Bo", "Eve"], ["Ada-", "-Bo", "-Eve"]],
)
def test_a_dash_in_some_names_makes_no_group(names, tmp_path):
    same = [replace(of_a_group(n, name), key="k", signed_in_as="x") for n, name in enumerate(names, 71)]
    said = [words for _, words in write(tmp_path, *same).troubled]
    assert sum("It is the same file" in words for words in said) == len(names)


def test_a_groups_members_are_found_by_name_in_a_list_without_moodles_numbers(tmp_path):
    people = "Ada,Smith,1\nLi-Na,Wu,2\nBo,Lee,3\nEve,Fox,4\nMax,Roe,5\n"
    (tmp_path / "roster.csv").write_text(f"First name,Last name,ID number\n{people}")
    book = rows_of([of_a_group(n, name) for n, name in enumerate(GROUPS, 71)])
    roster = read_roster(tmp_path / "roster.csv")
    found = match(book, roster)
    assert [student.cells[2] for _, student in found.pairs] == ["1", "2", "3", "4", "5"]
    alone = rows_of([handed_in("Jean-Bo Lee_71_assignsubmission_file_/03.ipynb")])
    assert match(alone, roster).pairs == []


@pytest.mark.parametrize("word", ["Teilnehmerin", "Uczestnik", "Osallistuja", "Účastník", "参加者"])
def test_an_assignment_without_names_is_one_in_any_language(word, worksheet):
    files = rows_of(moodles("03", "03", "03", who=[word] * 3))
    made = moodle_import(files)
    assert made.human == ()
    assert {*read_by_moodles_assignment(made.text)} == {71, 72, 73}
    assert {*read_by_moodles_assignment(moodle_import(files, worksheet).text)} == {71, 72, 73}


@pytest.mark.parametrize("word", ["Participant", "Teilnehmerin", "参加者"])
def test_groups_in_an_assignment_without_names_are_no_downloads_of_several(word, worksheet):
    who = [f"Group {n}-{word}" for n in (1, 1, 2, 2, 3, 3)]
    files = rows_of(moodles(*["03"] * 6, who=who))
    assert moodle_import(files).human == ()
    assert {*read_by_moodles_assignment(moodle_import(files, worksheet).text)} == {71, 72, 73}


@pytest.mark.parametrize("before", ["", "Group 27-"])
def test_a_name_that_is_longer_than_what_is_shown_is_found(before, tmp_path):
    name = f"{'Ana Maria ' * 17}Li"
    lines = WORKSHEET.replace("Ada Smith", name)
    (tmp_path / "worksheet.csv").write_text(lines, encoding="utf-8")
    roster = read_roster(tmp_path / "worksheet.csv")
    made = moodle_import(rows_of(moodles("03", who=[f"{before}{name}"])), roster)
    assert (made.left_out, [*read_by_moodles_assignment(made.text)]) == ((), [71])


def test_one_name_that_the_roster_has_is_somebodys(worksheet):
    files = rows_of(moodles("03", "03", who=["Ada Smith"] * 2))
    assert {*read_by_moodles_assignment(moodle_import(files, worksheet).text)} == {71}
    one = rows_of(moodles("03", "02", who=["Ada Smith"] * 2))
    assert "With one name there are several participants." in moodle_import(one).human[0][1]
