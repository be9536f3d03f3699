"""What an instructor decides about a class, in class.toml: it is applied, and shown wherever points are."""

import csv
import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from lecture_grader import Graded, Submission, find_submissions, rows_of
from lecture_grader.__main__ import main
from lecture_grader.handed_in import owner_in_path
from lecture_grader.outputs import NotACourse, read_course, read_roster
from lecture_grader.outputs.course import FILE, Course, is_nearly_the_file
from lecture_grader.outputs.feedback import file_name
from lecture_grader.outputs.late import Late, with_lateness
from lecture_grader.which_class_file import without_a_class_file
from tests.grader.kit import put_no_file
from tests.grader.test_imports import handed_in
from tests.grader.test_report import judged
from tests.grader.test_what_is_written import write
from tests.points import worth, worth_of_lesson

WHOLE = """
leave_out = ["02"]

[points]
fan_out = 8

[weights]
"05" = 2

[deadlines]
"03" = 2026-11-20T23:59:00+01:00

[late]
free_days = 1
percent_a_day = 10

[[days_late]]
student = "s2"
lesson = "03"
days = 3

[[excused]]
student = "s3"
exercise = "fan_out"
reason = "was ill <b>"

[[changed]]
student = "s1"
exercise = "fan_out"
points = 5
by = "B. Marker"
reason = "the comment shows it"
"""


def course_of(folder: Path, text: str) -> Course:
    (folder / FILE).write_text(text)
    return read_course(folder / FILE)


def lesson_03(student: str) -> Graded:
    exercises = {id: judged(id) for id in ("neuron_forward", "neuron_gradients", "fan_out", "backward_order")}
    return Graded("", f"{student}/03.ipynb", student, student, exercises)


OTHERS_OF_03 = worth_of_lesson("03") - worth("fan_out")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Write what becomes of a class of three, of whom something was decided of each."""
    made = tmp_path_factory.mktemp("results")
    five = Graded("", "s1/05.ipynb", "s1", "s1", {"encode": judged("encode")})
    left_out = Graded("", "s3/02.ipynb", "s3", "s3", {"softmax": judged("softmax")})
    results = [lesson_03("s1"), five, lesson_03("s2"), lesson_03("s3"), left_out]
    write(made, *results, course=course_of(made, WHOLE), made="Last graded on a day, with checks x.")
    return made


@pytest.fixture(scope="module")
def book(folder) -> dict[str, dict[str, str]]:
    with (folder / "gradebook.csv").open(newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_points_and_weights_count_in_the_gradebook(book):
    twice = f"{2 * worth('encode'):g}"
    assert (book["s2"]["fan_out"], book["s1"]["encode"]) == ("6.4", twice)  # 8, of which lateness takes 20 %
    assert "softmax" not in book["s3"]
    assert "lesson_02" not in book["s3"]
    whole, left_out, twice = worth_of_lesson(), worth_of_lesson("02"), worth_of_lesson("05")
    assert float(book["s1"]["out_of"]) == whole + 8 - worth("fan_out") - left_out + twice


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("Lab 3_s1_attempt_2026-11-20-23-58-00_a.ipynb", []),
        ("Lab 3_s1_attempt_2026-11-21-00-00-00_a.ipynb", [1]),
        ("1-2 - Ada - Nov 22, 2026 1200 PM/a.ipynb", [2]),
        ("lesson 03/1-2 - Ada - Nov 20, 2026 11:58 PM - a.ipynb", []),
    ],
)
def test_the_time_in_a_downloads_name_counts_against_the_deadline(name, days, tmp_path):
    assert days_late(tmp_path, name) == days


LATE = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()


def days_late(folder: Path, name: str, file_times: bool = True) -> list[int | None]:
    """Hand in a file of this name, last changed two days after the deadline, beside another's, and count."""
    file = folder / "class" / name
    for path in (file, folder / "class" / "zoe" / "03.ipynb"):
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    os.utime(file, (LATE, LATE))
    late = '[deadlines]\n"03" = 2026-11-20T23:59:00+01:00\n[late]\npercent_a_day = 10\nfile_times = '
    late += str(file_times).lower()
    one, _ = find_submissions(folder / "class").submissions
    return days_of_one(course_of(folder, late), one)


def days_of_one(course: Course, one: Submission) -> list[int | None]:
    """Return by how many days a solved notebook of lesson 03 was late, [] for none."""
    graded = lesson_03(one.student)
    found = with_lateness(course, "s9", [(one, graded)], course.applied("s9", [graded]))
    return [late.days for late in found.late]


EARLY = "attempt_2020-01-01-00-00-00"


@pytest.mark.parametrize(
    "name",
    [
        f"s1/x_s1_{EARLY}_03.ipynb",
        f"s1/lab 3/x_s1_{EARLY}_03.ipynb",
        "s1/1-2 - Ada - Oct 10, 2019 1022 AM.ipynb",
        f"Ada Smith_71_assignsubmission_file_/x_s1_{EARLY}_03.ipynb",
        "Ada Smith_71_assignsubmission_file_/1-2 - Ada - Oct 10, 2019 1022 AM.ipynb",
        f"Ada Smith_71_assignsubmission_file_x_s1_{EARLY}_03.ipynb",
        f"smithada_4711_99_lab_x_{EARLY}_a.ipynb",
        f"smithada_4711_99_{EARLY}_a.ipynb",
        f"anon_x7Gh2_99_lab_x_{EARLY}_a.ipynb",
        f"1-2 - Ada - Nov 22, 2026 1200 PM - x_s1_{EARLY}_03.ipynb",
        f"Lab 3_s1_attempt_2026-11-22-13-00-00_x_{EARLY}_a.ipynb",
        "Lab 3_s1_attempt_2026-11-22-13-00-00_Ada Smith_71_assignsubmission_file_a.ipynb",
    ],
)
def test_no_time_in_what_a_student_named_counts(name, tmp_path):
    assert days_late(tmp_path, name) == [2]


def test_canvass_mark_stands_whatever_a_student_calls_a_file(tmp_path):
    name = f"smithada_LATE_4711_99_lab_x_{EARLY}_a.ipynb"
    assert days_late(tmp_path, name, file_times=False) == [None]
    label = owner_in_path(name).label
    (row,) = rows_of([Graded("k", name, label)])
    assert "Canvas or Blackboard may have called it so" in row.human[0][1]


def test_a_second_markers_points_stand_with_the_reason(book, folder):
    assert (book["s1"]["fan_out"], book["s1"]["lesson_03"]) == ("5", f"{OTHERS_OF_03 + 5:g}")
    assert "fan_out: 5 points by B. Marker: the comment shows it" in book["s1"]["remarks"]
    page = (folder / "feedback" / file_name("s1")).read_text()
    assert "changed by B. Marker: the comment shows it (-3)" in page
    assert "fan_out: changed by a person, 5 of 8" in page


def test_an_excused_exercise_is_no_loss(book, folder):
    assert (book["s3"]["fan_out"], book["s3"]["lesson_03"]) == ("excused", f"{OTHERS_OF_03:g}")
    assert float(book["s3"]["out_of"]) == float(book["s1"]["out_of"]) - 8
    with (folder / "gradebook_canvas.csv").open(newline="") as file:
        by_student = {row[3]: row for row in csv.reader(file)}
    assert by_student["s3"][5] == f"{OTHERS_OF_03 + 8:g}"  # scaled to what the others can earn
    assert "was ill &lt;b&gt;" in (folder / "feedback" / file_name("s3")).read_text()


def test_late_days_are_counted_and_the_free_ones_cost_nothing(book, folder):
    earned = OTHERS_OF_03 + 8
    words = f"lesson 03 was 3 days late, 1 of these free, which takes away {0.2 * earned:g} points"
    assert (book["s2"]["lesson_03"], book["s2"]["total"]) == (f"{0.8 * earned:g}",) * 2
    assert words in book["s2"]["remarks"]
    page = (folder / "feedback" / file_name("s2")).read_text()
    assert words in page
    assert f"{0.8 * earned:g} of {earned:g} points." in page
    assert "late: 3 days, 1 of these free (-1.6)" in page
    assert Late("03", 1, off=1.0).words == "lesson 03 was 1 day late, which takes away 1 point"


def test_the_report_shows_what_was_decided_and_each_student(folder):
    report = (folder / "report.html").read_text()
    for words in (
        "Lesson 02 does not count.",
        f"fan_out is worth 8 points instead of {worth('fan_out'):g}.",
        "The points of lesson 05 count 2 times.",
        "Lesson 03 was due at 2026-11-20 23:59 UTC+01:00.",
        "Last graded on a day, with checks x.",
        "What was handed in late",
        "Excused",
        "Points that were changed",
        "Points by student and exercise",
    ):
        assert words in report
    assert report.count(f'<a href="feedback/{file_name("s1")}">s1</a>') >= 1
    assert '<div class="wide" role="region" tabindex="0"' in report


def test_a_file_that_windows_marks_as_unicode_is_read(tmp_path):
    assert course_of(tmp_path, "\ufeff[points]\nfan_out = 6") == course_of(tmp_path, "[points]\nfan_out = 6")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_file_in_another_encoding_is_refused_with_what_to_do(encoding, tmp_path):
    (tmp_path / FILE).write_bytes("[points]\nfan_out = 6  # é".encode(encoding))
    with pytest.raises(NotACourse, match=r"is not written in UTF-8\. Save it as UTF-8 and try again\."):
        read_course(tmp_path / FILE)


@pytest.mark.parametrize("what", ["folder", "link to nowhere", "pipe"])
def test_what_lies_in_the_files_place_and_is_no_file_is_not_passed_over(what, tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "s1.ipynb").write_text("{}")
    if what == "folder":
        (tmp_path / FILE).mkdir()
    else:
        put_no_file(tmp_path / FILE, what)
    ran = CliRunner().invoke(main, ["run", str(tmp_path / "class"), "-o", str(tmp_path / "results")])
    assert ran.exit_code == 2
    assert f"{tmp_path / FILE} is no file that can be read" in " ".join(ran.output.split())


def test_of_a_course_of_nbgraders_the_file_lies_in_the_course(tmp_path):
    nbgraders(tmp_path)
    (tmp_path / FILE).mkdir()
    ran = CliRunner().invoke(main, ["run", str(tmp_path), "-o", str(tmp_path / "results")])
    assert f"{tmp_path / FILE} is no file that can be read" in " ".join(ran.output.split())


def changed(points: float, by: str = "B") -> str:
    return f"[[changed]]\nstudent = 's1'\nexercise = 'fan_out'\npoints = {points}\nby = '{by}'\nreason = 'y'"


def days_of(days: str) -> str:
    return f"[[days_late]]\nstudent = 's1'\nlesson = 3\ndays = {days}\n"


def test_points_above_what_an_exercise_is_worth_count_and_are_said(tmp_path):
    text = f"[points]\nfan_out = 6\n{changed(6.5)}"
    written = write(tmp_path, lesson_03("s1"), course=course_of(tmp_path, text))
    (row,) = csv.DictReader(io.StringIO((tmp_path / "gradebook.csv").read_text()))
    assert row["fan_out"] == "6.5"
    words = f"{FILE} gives s1 6.5 points in fan_out, which is worth 6."
    assert words in written.notes
    assert words in (tmp_path / "report.html").read_text()
    assert not course_of(tmp_path, text.replace("6.5", "6")).notes()


def test_whom_the_file_names_is_said_on_one_line(tmp_path):
    text = changed(1, by="B\\n\\u202eC").replace("'", '"').replace('"s1"', '"s1\\n\\u202ex"')
    written = write(tmp_path, lesson_03("s1"), course=course_of(tmp_path, text))
    said = [words for name, words in written.troubled if name == FILE]
    assert len(said) == 1
    assert said[0].startswith("It names s1\ufffd\ufffdx ~")
    (change,) = course_of(tmp_path, text).changed
    assert change.by == "B \ufffdC"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("points = ", "cannot be read"),
        (
            '[points]\n"a\u202eb" = 10%',
            'There stands: "a\ufffdb" = 10%\nA number has no % behind it. A line is',
        ),
        (
            '[deadlines]\r\n"03" = 2026-11-20 23:59',
            'There stands: "03" = 2026-11-20 23:59\nA time has seconds',
        ),
        (
            "[late]\nfile_times = True",
            "There stands: file_times = True\nIt is true or false, in small letters. A",
        ),
        ("[points]\nfan_out = 1,5", "A number has a point, as 1.5, and no comma."),
        ("leave_out = [“02”]", 'Quotes are straight, as "03".'),
        ("[[days_late]]\nlesson = 03", 'A lesson\'s number is in quotes, as "03".'),
        (
            "[points]\nfan_out = 6\nfan_out = 7\n",
            "There stands: fan_out = 7\nThe name stands in the file twice, or as two different things",
        ),
        ("[late]\n[late]\n", "There stands: [late]\nThe name stands in the file twice"),
        ("leave_out = [\n", "There stands: leave_out = [\nA line is a name, = and a value"),
        ("leave out", "There stands: leave out\nA line is a name, = and a value: a text in quotes"),
        ('[deadlines]\n"" = 2026-11-20T23:59:00Z', "no lesson '' has exercises; 00"),
        ('leave_out = [""]', "no lesson '' has exercises; 00"),
        pytest.param(f"points = {'[' * 5_000}", "cannot be read", id="nested too deeply"),
        ("[pionts]\n", "'pionts' is not known; known are leave_out, points"),
        ("[points]\nfan_uot = 2", "there is no exercise 'fan_uot'; there are"),
        ("[points]\nfan_out = 'many'", "[points] fan_out: a number of at least 0 is expected, not 'many'"),
        ("[points]\nfan_out = 1e6", "[points] fan_out: a number below a million is expected, not 1000000.0"),
        pytest.param(f"[points]\nfan_out = {'9' * 5_000}", "over 4,300 digits", id="decimal digits"),
        pytest.param(f"[points]\nfan_out = 0x{'f' * 5_000}", "over 4,300 digits", id="hexadecimal digits"),
        pytest.param(f"leave_out = [0x{'f' * 5_000}]", "over 4,300 digits", id="digits of a lesson"),
        pytest.param(f"leave_out = [[0x{'f' * 5_000}]]", "over 4,300 digits", id="digits in a list"),
        pytest.param(f"[late]\ntime_zone = 0x{'f' * 5_000}", "over 4,300 digits", id="digits of a zone"),
        ("[deadlines]\n03 = 0001-01-01T00:00:00", "[deadlines] 03: no clock shows 0001-01-01 00:00:00"),
        ("[late]\nfile_times = 'yes'", "[late] file_times: true or false is expected, not 'yes'"),
        ("[late]\nfile_times = 1", "[late] file_times: true or false is expected, not 1"),
        ("[late]\nfree_days = 1.9", "[late] free_days: a whole number is expected, not 1.9"),
        (days_of("1.5"), "[[days_late]] days: a whole number is expected, not 1.5"),
        (
            days_of("1") + days_of("2"),
            "[[days_late]]: s1 and lesson 03 stand there twice; only one can count",
        ),
        ("[weights]\n3 = 1\n03 = 2", "[weights]: lesson 03 stands there twice, as 3 and as 03"),
        (
            "[deadlines]\n03 = 2026-11-20T00:00:00\n3 = 2027-11-20T00:00:00",
            "[deadlines]: lesson 03 stands there twice, as 03 and as 3",
        ),
        (
            f"{changed(5)}\n{changed(2, by='C. D.')}",
            '[[changed]]: s1 is given fan_out twice: 5 points by B ("y"), and 2 points by C. D. ("y").'
            " Only one can count: remove the other.",
        ),
        (
            f"{changed(5)}\n[[excused]]\nstudent = 's1'\nexercise = 'fan_out'\nreason = 'was ill'",
            '[[changed]] and [[excused]]: s1 is given 5 points by B ("y") in fan_out, and excused from it'
            ' ("was ill"). Only one can be: remove the other.',
        ),
        (
            f"{changed(5)}\n[[excused]]\nstudent = 's1'\nlesson = 3\nreason = 'was ill'",
            "s1 is given 5 points",
        ),
        (
            f"leave_out = [3]\n{changed(5)}",
            '[[changed]]: s1 is given 5 points by B ("y") in fan_out, and lesson 03 does not count.'
            " Remove this entry, or 03 from leave_out.",
        ),
        ("[excused]\nstudent = 's1'", "excused: it is a list: write [[excused]], in double brackets"),
        ("leave_out = '02'", 'leave_out: it is a list, as ["02"]'),
        ("[points]\npractice = 1", "it gives no points in its lesson"),
        ("leave_out = ['12']", "no lesson '12' has exercises"),
        ("[deadlines]\n3 = 4", "a date and a time are expected, as 2026"),
        ("[[excused]]\nstudent = 's1'", "[[excused]]: reason is missing"),
        ("[[excused]]\nstudent = 's1'\nreason = 'x'", "either an exercise or a lesson"),
        ("[[changed]]\nstudent = 1\nexercise = 'fan_out'\npoints = 1\nby = 'x'\nreason = 'y'", "a text in"),
        (
            "[late]\ntime_zone = 'Berlin'",
            '[late] time_zone: a zone by its name is expected, as "Europe/Berlin", not'
            " 'Berlin'; the nearest is \"Europe/Berlin\".",
        ),
        ("[late]\ntime_zone = 1", "[late] time_zone: a zone by its name is expected"),
        ("[late]\ntime_zone = '/etc/passwd'", "[late] time_zone: a zone by its name is expected"),
        ("[late]\nfree = 3", "'free' is not known; known are free_days"),
        ("excused = 3", "it is a list"),
        ("points = 3", "it is a table: write [points]"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(text, words, tmp_path):
    with pytest.raises(NotACourse) as refused:
        course_of(tmp_path, text)
    assert words in str(refused.value)
    assert str(tmp_path / FILE) in str(refused.value)
    (tmp_path / "class").mkdir()
    ran = CliRunner().invoke(main, ["run", str(tmp_path / "class"), "-o", str(tmp_path / "results")])
    assert ran.exit_code == 2
    assert not (tmp_path / "results").exists()


def test_who_is_named_and_handed_in_nothing_needs_a_human(tmp_path):
    written = write(tmp_path, lesson_03("s1"), course=course_of(tmp_path, WHOLE))
    assert {words for name, words in written.troubled if name == FILE} == {
        "It names s2, of whom no notebook was handed in.",
        "It names s3, of whom no notebook was handed in.",
    }


CLASS = 'Student,ID,SIS Login ID,Section\n"Doe, Jane",4711,jd12,\n"Roe, Bob",4712,br34,\n'


def said_of(folder: Path, named: str, *results: Graded, what: str = "", roster: bool = False) -> list[str]:
    """Say what a human is told, and what is noted, of a student whom an entry in class.toml names so."""
    text = what or "[[excused]]\nstudent = 's1'\nexercise = 'fan_out'\nreason = 'was ill'\n"
    course = course_of(folder, text.replace("'s1'", f'"{named}"'))
    (folder / "roster.csv").write_text(CLASS)
    beside = {"roster": read_roster(folder / "roster.csv")} if roster else {}
    made = write(folder / "results", *results, course=course, **beside)
    return [words for name, words in made.troubled if name == FILE] + [
        f"note: {note}" for note in made.notes if note.startswith(FILE)
    ]


@pytest.mark.parametrize("roster", [False, True])
@pytest.mark.parametrize(
    ("named", "known"),
    [
        *[(name, False) for name in ("doejane", "DOEJANE_4711", "4711", "x7", "Doe, Jane", "Jane Doe")],
        ("jd12", True),
    ],
)
def test_a_student_who_is_named_otherwise_than_in_the_gradebook_is_named_as_there(
    named, known, roster, tmp_path
):
    jane = handed_in("doejane_4711_99_a.ipynb", signed_in_as="x7")
    said = said_of(tmp_path, named, jane, handed_in("roebob_4712_98_b.ipynb"), roster=roster)
    words = f"It names {named}, and nobody is called so in gradebook.csv. Is doejane_4711 meant? Then write"
    assert said == [
        f"{words} that name."
        if roster or not known
        else f"It names {named}, of whom no notebook was handed in."
    ]


def test_for_a_name_with_a_slip_the_nearest_is_said(tmp_path):
    said = said_of(tmp_path, "Ada Smiht", lesson_03("Ada Smith"), lesson_03("Bob"))
    assert said == [
        "It names Ada Smiht, and nobody is called so in gradebook.csv. The nearest name there is Ada Smith."
    ]


def test_who_is_excused_and_handed_in_nothing_needs_nobody_where_the_roster_has_them(tmp_path):
    jane = handed_in("doejane_4711_99_a.ipynb")
    note = f"note: {FILE} excuses br34, who is in the roster, and no notebook is known as theirs."
    assert said_of(tmp_path, "br34", jane, roster=True) == [note]
    nothing = "It names br34, of whom no notebook was handed in."
    assert said_of(tmp_path, "br34", jane) == [nothing]
    assert said_of(tmp_path, "br34", jane, what=changed(1), roster=True) == [nothing]
    assert said_of(tmp_path, "br34", jane, what=days_of("1"), roster=True) == [nothing]


def test_points_are_given_for_what_was_not_handed_in(tmp_path):
    ten = 'by = "B"\nreason = "on paper"\nstudent = "s1"\nexercise = "encode"\npoints = 2'
    write(tmp_path, lesson_03("s1"), course=course_of(tmp_path, f"[[changed]]\n{ten}"))
    (row,) = csv.DictReader(io.StringIO((tmp_path / "gradebook.csv").read_text()))
    assert (row["encode"], row["lesson_05"], row["total"]) == ("2", "2", f"{2 + worth_of_lesson('03'):g}")


@pytest.mark.parametrize(
    ("folder", "named"), [("Ada  Smith", "Ada Smith"), ("=cmd", "'=cmd"), ("a\\b", "a/b"), ("s1", "s1")]
)
def test_a_student_may_be_named_as_the_gradebook_shows_them(folder, named, tmp_path):
    text = changed(1).replace("'s1'", f'"{named}"')
    written = write(tmp_path, lesson_03(folder), course=course_of(tmp_path, text))
    (row,) = csv.DictReader(io.StringIO((tmp_path / "gradebook.csv").read_text()))
    assert (row["student"], row["fan_out"]) == (named, "1")
    assert not [words for name, words in written.troubled if name == FILE]


def test_a_name_under_which_several_are_shown_is_nobodys_and_said(tmp_path):
    text = changed(1).replace("'s1'", "'Ada Smith'")
    both = lesson_03("Ada  Smith"), lesson_03("Ada   Smith")
    written = write(tmp_path, *both, course=course_of(tmp_path, text))
    words = "It names Ada Smith, as the gradebook calls 2 students: their folders or files need other names."
    assert (FILE, words) in written.troubled
    one_exact = write(tmp_path, *both, lesson_03("Ada Smith"), course=course_of(tmp_path, text))
    assert not [words for name, words in one_exact.troubled if name == FILE]


@pytest.mark.parametrize(
    "more", ["", "leave_out = [3]\n", "[[excused]]\nstudent = 's1'\nlesson = 3\nreason = 'r'\n"]
)
def test_late_days_that_do_nothing_are_said(more, tmp_path):
    days = days_of("2") if more else days_of("2").replace("3", "5")
    written = write(tmp_path, lesson_03("s1"), course=course_of(tmp_path, more + days))
    lesson = "03" if more else "05"
    words = f"[[days_late]] for s1 and lesson {lesson} does nothing: nothing of it counts."
    assert (FILE, words) in written.troubled
    kept = write(tmp_path, lesson_03("s1"), course=course_of(tmp_path, days_of("2")))
    assert not [words for name, words in kept.troubled if name == FILE]


# ------------------------------------------------------------------ what is late


def test_canvass_mark_is_shown_and_costs_nothing_until_the_days_are_written_down(tmp_path):
    late = handed_in("doejane_LATE_4711_99_a.ipynb")
    written = write(tmp_path / "a", late)
    assert written.troubled == ()
    assert "lesson 03 was late" in (tmp_path / "a" / "gradebook.csv").read_text()
    assert "not known" in (tmp_path / "a" / "report.html").read_text()
    costs = course_of(tmp_path, "[late]\npercent_a_day = 10")
    (name, words), *_ = write(tmp_path / "b", late, course=costs).troubled
    assert name == "doejane_4711"
    assert "[[days_late]]" in words


@pytest.mark.parametrize(
    ("stamp", "days"),
    [
        ("2026-11-20 22:58:00.5 UTC", 0),
        ("2026-11-20 23:30:00 Europe/Berlin", 0),
        ("2026-11-21 00:30:00.123456 Europe/Berlin", 1),
        ("2026-11-22 23:00 UTC", 3),
    ],
)
def test_the_time_that_nbgrader_writes_down_is_compared_with_the_deadline(stamp, days, tmp_path):
    collected = nbgraders(tmp_path)
    (collected / "timestamp.txt").write_text(stamp)
    handed = find_submissions(tmp_path / "submitted")
    assert days_of_one(course_of(tmp_path, WHOLE), handed.submissions[0]) == [days] * bool(days)
    assert handed.ignored == (("s9/03/timestamp.txt", "nbgrader writes there when it was handed in."),)


def test_the_time_that_nbgrader_writes_down_is_read_in_a_zip_of_its_course(tmp_path):
    (nbgraders(tmp_path) / "timestamp.txt").write_text("2026-11-22 23:00 UTC")
    with zipfile.ZipFile(tmp_path / "course.zip", "w") as made:
        for name in ("nbgrader_config.py", "submitted/s9/03/03.ipynb", "submitted/s9/03/timestamp.txt"):
            made.write(tmp_path / name, name)
    (one,) = find_submissions(tmp_path / "course.zip").submissions
    assert days_of_one(course_of(tmp_path, WHOLE), one) == [3]


def nbgraders(folder: Path) -> Path:
    """Make a course of nbgrader's, and return the folder of what it has collected of one student."""
    (folder / "nbgrader_config.py").touch()
    collected = folder / "submitted" / "s9" / "03"
    collected.mkdir(parents=True)
    (collected / "03.ipynb").write_text("{}")
    return collected


@pytest.mark.parametrize(
    ("config", "place"),
    [
        ("a/nbgrader_config.py", "submitted/s9"),
        ("submitted/s9/nbgrader_config.py", "submitted/s9/submitted/s9/03"),
        ("submitted/nbgrader_config.py", "submitted/s9/03"),
        ("nbgrader_config.py", "submitted/s9"),
        ("nbgrader_config.py", "submitted/s9/03/a"),
        ("nbgrader_config.py", "submitted/Ada Smith_71_assignsubmission_file_/03"),
        ("nbgrader_config.py", "class/s9/03"),
    ],
)
def test_a_time_that_students_put_beside_their_notebooks_does_not_count(config, place, tmp_path):
    for name, text in ((config, ""), (f"{place}/timestamp.txt", "2020-01-01 00:00:00 UTC")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    file = tmp_path / place / "03.ipynb"
    file.write_text("{}")
    os.utime(file, (LATE, LATE))
    handed = find_submissions(tmp_path / Path(place).parts[0])
    course = course_of(tmp_path, WHOLE.replace("free_days = 1", "file_times = true"))
    assert days_of_one(course, handed.submissions[0]) == [2]
    said = {words for name, words in handed.ignored if name.endswith("timestamp.txt")}
    assert said == {"It is not nbgrader's own, so that it does not count as when it was handed in."}


@pytest.mark.parametrize("what", ["pipe", "link to /dev/zero"])
def test_a_time_that_is_written_down_in_no_regular_file_is_not_read(what, tmp_path):
    put_no_file(nbgraders(tmp_path) / "timestamp.txt", what)
    (file,) = find_submissions(tmp_path / "submitted").submissions
    assert days_of_one(course_of(tmp_path, WHOLE), file) == []


@pytest.mark.parametrize(
    "name",
    ["class.toml.txt", "Class.toml", "CLASS.TOML", "class (1).toml", "class - Copy.toml.TXT"],
)
def test_a_class_file_under_nearly_its_name_is_asked_about_before_anything_is_graded(name, tmp_path):
    submissions = tmp_path / "class"
    submissions.mkdir()
    (submissions / "s1.ipynb").write_text("{}")
    (tmp_path / name).write_text(WHOLE)
    command = ["run", str(submissions), "-o", str(tmp_path / "results")]
    ran = CliRunner().invoke(main, command)
    assert ran.exit_code == 2
    said = " ".join(ran.output.split())
    assert f"{tmp_path / name} is not read: the file must be called class.toml." in said
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("name", ["my class.toml", "class.txt", "class.toml.bak", "classes.toml"])
def test_what_is_called_otherwise_beside_a_class_is_nothing_to_ask_about(name):
    assert not is_nearly_the_file(name)


def test_a_class_file_that_is_there_makes_another_beside_it_nobodys_matter(tmp_path):
    submissions = tmp_path / "class"
    submissions.mkdir()
    for name in (FILE, "class (1).toml"):
        (tmp_path / name).write_text("leave_out = 5")
    ran = CliRunner().invoke(main, ["run", str(submissions), "-o", str(tmp_path / "results")])
    assert "must be called" not in ran.output
    assert FILE in ran.output


@pytest.mark.parametrize("name", ["Class.toml", "class.toml.txt"])
def test_a_class_file_among_what_was_handed_in_is_named_under_nearly_its_name_too(name, tmp_path):
    (tmp_path / name).write_text(WHOLE)
    (tmp_path / "s1.ipynb").write_text("{}")
    handed = without_a_class_file(find_submissions(tmp_path), tmp_path)
    ((who, words),) = handed.passed_over
    assert who == name
    assert "Nothing in it is applied" in words


@pytest.mark.parametrize(
    ("name", "days"), [("anon_x7Gh2_99_03.ipynb", []), ("LATE_anon_x7Gh2_99_03.ipynb", [None])]
)
def test_canvas_marks_what_is_late_in_an_anonymous_assignment_too(name, days, tmp_path):
    assert days_late(tmp_path, name, file_times=False) == days
    graded, one = lesson_03("anon_x7Gh2"), Submission(name, "anon_x7Gh2", name)
    assert with_lateness(course_of(tmp_path, WHOLE), "anon_x7Gh2", [(one, graded)], [graded]).unknown == []


def test_a_page_that_somebody_saved_in_another_encoding_is_written_anew(tmp_path):
    write(tmp_path, handed_in("s9.ipynb"))
    (page,) = (tmp_path / "feedback").iterdir()
    before = page.read_bytes()
    page.write_bytes("é".encode("latin-1"))
    write(tmp_path, handed_in("s9.ipynb"))
    assert page.read_bytes() == before


def test_a_files_own_time_counts_only_where_that_is_said(tmp_path):
    file = tmp_path / "03.ipynb"
    file.write_text("{}")
    when = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
    os.utime(file, (when, when))
    handed = Submission("s9/03.ipynb", "s9", str(file))
    assert days_of_one(course_of(tmp_path, WHOLE), handed) == []
    assert days_of_one(course_of(tmp_path, WHOLE.replace("free_days = 1", "file_times = true")), handed) == [
        2
    ]
