"""The gradebooks of Blackboard and Brightspace, as these export and import them."""

import csv
import io
from datetime import datetime

import pytest

from lecture_grader import rows_of
from lecture_grader.handed_in import BLACKBOARD, BRIGHTSPACE, MOODLE, owner_in_path
from lecture_grader.outputs.matching import match
from lecture_grader.outputs.rosters import read_roster
from lecture_grader.outputs.written import gradebook_import
from tests.grader.kit import points_of
from tests.grader.test_imports import handed_in, rows
from tests.grader.test_what_is_written import write

ATTEMPT = "attempt_2026-11-02-14-03-22"
LESSON = "Lesson 3 [Total Pts: 28 Score] |534283"
BLACKBOARDS = [
    ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability", LESSON, "Total |5"],
    ["O'Neil", 'Zoë "Bo"', "s1234", "0042", "2026-11-02 14:03:22", "Yes", "", "3"],
    ["Nguyễn", "Văn, An", "an_n", "0043", "", "Yes", "7.5", ""],
    ["Şahin", "Işıl", "isil", "", "", "No", "Needs Grading", ""],
]
ITEM = "Lesson 03 Points Grade <Numeric MaxPoints:28 Weight:10 Category:Labs CategoryWeight:15>"
BRIGHTSPACES = [
    ["OrgDefinedId", "Username", "Last Name", "First Name", "Email", ITEM, "End-of-Line Indicator"],
    ["#0042", "#s1234", "O'Neil", "Zoë", "zoe@x.org", "", "#"],
    ["#0043", "#an_n", "Nguyễn", "Văn An", "an@x.org", "7.5", "#"],
]


def roster_of(folder, lines, separator=",", encoding="utf-8-sig", quoting=csv.QUOTE_ALL):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=quoting).writerows(lines)
    path = folder / "export"
    path.write_bytes(out.getvalue().encode(encoding))
    return read_roster(path)


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-8")])
def test_blackboards_grade_centre_is_filled_by_the_names_that_its_students_sign_in_with(
    separator, encoding, tmp_path
):
    """As .xls it gives tabs in UTF-16. It knows a column by its number, and wants each cell in quotes."""
    roster = roster_of(tmp_path, BLACKBOARDS, separator, encoding)
    book = rows(f"Lab 3_s1234_{ATTEMPT}_03.ipynb", "0043/03.ipynb")
    made = gradebook_import(BLACKBOARD, book, roster)
    assert made.text.splitlines()[:2] == [
        f'"Last Name","First Name","Username","Student ID","{LESSON}"',
        '"O\'Neil","Zoë ""Bo""","s1234","0042","28"',
    ]
    found = {line["Username"]: line[LESSON] for line in csv.DictReader(io.StringIO(made.text))}
    assert found == {"s1234": "28", "an_n": "28"}
    assert match(book, roster).absent == ["Işıl Şahin"]
    assert made.left_out == ()


def test_brightspaces_grades_are_filled_and_end_as_it_wants_them_to(tmp_path):
    roster = roster_of(tmp_path, BRIGHTSPACES, quoting=csv.QUOTE_MINIMAL)
    book = rows("39786-64 - Zoë O'Neil - Oct 10, 2025 1022 AM/03.ipynb", "AN_N/03.ipynb")
    made = gradebook_import(BRIGHTSPACE, book, roster)
    assert made.text.splitlines() == [
        f"OrgDefinedId,Username,{ITEM},End-of-Line Indicator",
        "#0042,#s1234,28,#",
        "#0043,#an_n,28,#",
    ]


@pytest.mark.parametrize(
    ("system", "lines", "column"),
    [
        (BLACKBOARD, BLACKBOARDS, f"Lesson 05 [Total Pts: {sum(points_of('05').values()):g} Score]"),
        (BRIGHTSPACE, BRIGHTSPACES, "Lesson 05 Points Grade"),
    ],
)
def test_a_lesson_that_has_no_column_there_gets_one_in_that_systems_words(system, lines, column, tmp_path):
    roster = roster_of(tmp_path, lines)
    assert roster.system == system
    book = rows_of([handed_in("an_n/05.ipynb", {"encode": 1.0})])
    made = gradebook_import(system, book, roster)
    (line,) = csv.DictReader(io.StringIO(made.text))
    assert [name for name in line if name.startswith("Lesson 05")] == [column]
    assert any(f'no assignment "Lesson 05": {system}' in note for note in made.notes)


def test_points_that_are_there_stay_where_a_lesson_was_not_handed_in(tmp_path):
    book = rows_of([handed_in("s1234/03.ipynb"), handed_in("an_n/05.ipynb", {"encode": 1.0})])
    made = gradebook_import(BLACKBOARD, book, roster_of(tmp_path, BLACKBOARDS))
    found = {line["Username"]: line[LESSON] for line in csv.DictReader(io.StringIO(made.text))}
    assert found == {"s1234": "28", "an_n": "7.5"}


def test_moodles_list_with_a_username_is_moodles(tmp_path):
    lines = [
        ["First name", "Last name", "Username", "Student ID", "Email address"],
        ["A", "B", "a", "1", "x"],
    ]
    assert roster_of(tmp_path, lines).system == MOODLE


def test_a_class_from_blackboard_gets_its_file_with_a_roster_and_is_told_so_without(tmp_path):
    result = handed_in(f"Lab 3_s1234_{ATTEMPT}_03.ipynb")
    file = "gradebook_blackboard.csv"
    told = write(tmp_path / "results", result).notes
    assert told == (f"For {file}, which Blackboard imports, give --roster its export.",)
    written = write(tmp_path / "results", result, roster=roster_of(tmp_path, BLACKBOARDS))
    assert [path.name for path, what in written.files if what == "For Blackboard to import"] == [file]
    assert '"s1234","0042","28"' in (tmp_path / "results" / file).read_text()
    assert written.troubled == ()


@pytest.mark.parametrize(
    "when",
    [
        "Nov 22, 2026 1022 PM",
        "Nov 22, 2026 10 22 PM",
        "November 22, 2026 10:22 PM",
        "22 November, 2026 10 22 PM",
        "22 Nov, 2026 10.22 PM",
        "Nov 22, 2026 22 22",
        "Nov 22, 2026 2222",
        "22 November 2026 22:22",
    ],
)
def test_a_time_is_read_as_brightspace_writes_it(when):
    assert owner_in_path(f"1-2 - Ada Smith - {when}/a.ipynb").at == datetime(2026, 11, 22, 22, 22)


@pytest.mark.parametrize(
    ("what", "said"),
    [("Score", False), ("", False), ("Percentage", True), ("Text", True), ("Letter Grade", True)],
)
def test_of_a_column_that_blackboard_shows_otherwise_than_as_points_that_is_said(what, said, tmp_path):
    name = f"Lesson 3 [Total Pts: 28 {what}] |123"
    roster = roster_of(tmp_path, [["Last Name", "Username", "Student ID", name], ["X", "s1", "1", ""]])
    notes = gradebook_import(BLACKBOARD, rows(f"Lab 3_s1_{ATTEMPT}_03.ipynb"), roster).notes
    words = f"Blackboard shows Lesson 03 as {what}, and its cells here are points, of 28."
    assert any(note.startswith(words) for note in notes) == said
