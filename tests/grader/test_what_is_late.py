"""What is late loses points, what was on time never does, and everything that shows points says the same."""

import csv
import io
import os
import re
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lecture_grader import Graded, Submission, find_submissions
from lecture_grader.outputs import Beside, Written, write_all
from lecture_grader.outputs.course import FILE
from lecture_grader.outputs.feedback import file_name
from lecture_grader.outputs.item_statistics import read_statistics
from tests.grader.test_class_file import course_of, days_of_one, nbgraders
from tests.grader.test_report import judged

DUE = datetime(2026, 11, 20, 23, 59)
DEADLINES = '[deadlines]\n"03" = 2026-11-20T23:59:00+01:00\n"05" = 2026-11-20T23:59:00+01:00\n'
POINTS = {"neuron_forward": 2, "neuron_gradients": 6, "fan_out": 4, "backward_order": 2}
CHANGE = "[[changed]]\nstudent = 's1'\nexercise = '{}'\npoints = {}\nby = 'B'\nreason = 'on paper'\n"


def attempt(solved: str, days: float, name: str = "a", student: str = "s1", blank: str = "") -> tuple:
    """Make a notebook of lesson 03 with these exercises solved, and say how late it came."""
    states = {id: "not attempted" if id in blank.split() else "" for id in POINTS}
    exercises = {id: judged(id, float(id in solved.split()), state) for id, state in states.items()}
    file = f"{student}/{name}.ipynb"
    return Graded("", file, student, student, exercises), DUE + timedelta(days=days)


def lesson_05(days: float) -> tuple:
    return Graded("", "s1/05.ipynb", "s1", "s1", {"encode": judged("encode")}), DUE + timedelta(days=days)


def written(folder: Path, text: str, *handed: tuple) -> Written:
    """Write what a class leaves that has handed in these notebooks, each at its time."""
    made = {Submission(one.file, one.student, one.file, at=at): one for one, at in handed}
    owned: dict[str, list[Submission]] = {}
    for submission in made:
        owned.setdefault(submission.student, []).append(submission)
    return write_all(folder, owned, made.__getitem__, "a seed", Beside(course=course_of(folder, text)))


def book(folder: Path) -> dict[str, str]:
    (row,) = csv.DictReader(io.StringIO((folder / "gradebook.csv").read_text()))
    return row


def page(folder: Path, student: str = "s1") -> str:
    return (folder / "feedback" / file_name(student)).read_text()


def comment(folder: Path) -> str:
    (row,) = csv.DictReader(io.StringIO((folder / "gradebook_moodle.csv").read_text()))
    return row["Lesson 03 feedback"]


COSTS = f"{DEADLINES}[late]\npercent_a_day = 10\n"
ALL, MOST = " ".join(POINTS), "neuron_forward neuron_gradients fan_out"


# ------------------------------------------------------------------ what counts


def test_a_late_attempt_takes_nothing_from_one_that_was_on_time(tmp_path):
    written(tmp_path, COSTS, attempt(MOST, -1), attempt(ALL, 12.5, "b"))
    words = "a notebook of lesson 03 was 13 days late, which takes away 2 points"
    assert (book(tmp_path)["lesson_03"], book(tmp_path)["backward_order"]) == ("12", "0")
    assert words in book(tmp_path)["remarks"]
    assert words in comment(tmp_path)
    assert words in page(tmp_path)
    assert comment(tmp_path).startswith("12 of 14 points: ")
    assert "12 of 14 points." in page(tmp_path)
    assert "late: 13 days (-2)" in page(tmp_path)
    assert "backward_order: passed, late, 0 of 2" in page(tmp_path)
    assert "fan_out: passed, 4 of 4" in page(tmp_path)


def test_what_was_solved_late_is_late_though_other_exercises_were_on_time(tmp_path):
    written(tmp_path, COSTS, attempt("fan_out backward_order", -1), attempt(ALL, 4.5, "b"))
    found = book(tmp_path)
    assert [found[id] for id in POINTS] == ["1", "3", "4", "2"]
    assert found["total"] == "10"
    assert "a notebook of lesson 03 was 5 days late, which takes away 4 points" in found["remarks"]


def test_each_notebook_loses_by_its_own_days(tmp_path):
    handed = [attempt("fan_out", -1), attempt("backward_order", 0.5, "b"), attempt(ALL, 8.5, "c")]
    written(tmp_path, COSTS, *handed)
    found = book(tmp_path)
    assert [found[id] for id in POINTS] == ["0.2", "0.6", "4", "1.8"]
    assert "a notebook of lesson 03 was 1 day late, which takes away 0.2 points" in found["remarks"]
    assert "a notebook of lesson 03 was 9 days late, which takes away 7.2 points" in found["remarks"]


@pytest.mark.parametrize(
    ("second", "lesson", "other"),
    [
        ("fan_out", "4", "3"),  # nothing in it counts, so no free day is spent on it
        (ALL, "14", "2.4"),
    ],
)
def test_free_days_are_spent_only_on_what_counts(second, lesson, other, tmp_path):
    handed = attempt("fan_out", -1), attempt(second, 1.5, "b"), lesson_05(1.5)
    written(tmp_path, f"{COSTS}free_days = 2\n", *handed)
    assert book(tmp_path)["lesson_03"] == lesson
    assert book(tmp_path)["lesson_05"] == other


def test_no_free_day_is_spent_where_the_other_days_take_everything(tmp_path):
    written(tmp_path, f"{COSTS}free_days = 2\n", attempt(ALL, 30), lesson_05(1.5))
    assert (book(tmp_path)["lesson_03"], book(tmp_path)["lesson_05"]) == ("0", "3")
    assert "lesson 03 was 30 days late, which takes away 14 points" in book(tmp_path)["remarks"]


def test_days_that_are_written_down_are_of_what_was_late_and_not_of_what_was_on_time(tmp_path):
    days = "[[days_late]]\nstudent = 's1'\nlesson = 3\ndays = {}\n"
    handed = attempt(MOST, -1), attempt(ALL, 12.5, "b")
    written(tmp_path, COSTS + days.format(5), *handed)
    assert book(tmp_path)["total"] == "13"
    written(tmp_path, COSTS + days.format(0), *handed)
    assert book(tmp_path)["total"] == "14"
    assert "late" not in book(tmp_path)["remarks"]


def test_a_copy_is_named_though_lateness_takes_all_of_its_points(tmp_path):
    ada, bob = attempt(ALL, 30, student="ada"), attempt(ALL, -1, student="bob")
    same = [(Graded("k", one.file, one.student, one.student, one.exercises), at) for one, at in (ada, bob)]
    said = [words for _, words in written(tmp_path, COSTS, *same).troubled]
    assert sum("It is the same file, to the last letter" in words for words in said) == 2


# ------------------------------------------------------------------ what a second marker gives


def test_no_other_files_lateness_takes_a_second_markers_points(tmp_path):
    text = f"{COSTS}free_days = 1\n{CHANGE.format('encode', 2)}"
    written(tmp_path, text, attempt(ALL, 30))
    found = book(tmp_path)
    assert (found["lesson_03"], found["lesson_05"], found["encode"]) == ("0", "2", "2")
    assert "lesson 05 was" not in found["remarks"]
    assert "lesson 05 was" not in page(tmp_path)


@pytest.mark.parametrize(("solved", "given", "outcome"), [(ALL, 0, "no points yet"), ("", 4, "all points")])
def test_points_that_a_person_changed_are_said_as_they_are(solved, given, outcome, tmp_path):
    handed = attempt(solved, -1, blank="" if solved else ALL)
    written(tmp_path, COSTS + CHANGE.format("fan_out", given), handed)
    section = page(tmp_path).partition("<h3>fan_out: ")[2].partition("</section>")[0]
    assert section.startswith(f"changed by a person, {given} of 4")
    assert "changed by B: on paper" in section
    assert "Nothing was written here" not in section
    assert "Run its check" not in section
    counts = read_statistics(tmp_path)
    assert counts["fan_out", "", ""].count == (outcome == "all points")
    assert counts["fan_out", "both paths, added", ""].count == (outcome == "all points")
    report = (tmp_path / "report.html").read_text()
    assert re.search(rf"fan_out: [^\n]*1 {outcome}", report)


def test_some_points_of_a_person_are_some_points(tmp_path):
    written(tmp_path, COSTS + CHANGE.format("fan_out", 1.5), attempt("", -1, blank=ALL))
    assert re.search(r"fan_out: [^\n]*1 some points", (tmp_path / "report.html").read_text())


# ------------------------------------------------------------------ what the report counts


def test_the_report_counts_the_points_that_the_gradebook_has(tmp_path):
    written(tmp_path, COSTS, attempt(ALL, 30))
    report = (tmp_path / "report.html").read_text()
    assert "Median: 0 of 14 points." in report
    assert "All 14: 0 students" in report
    assert "What lateness takes away is left out" in report
    assert re.search(r"fan_out: [^\n]*1 all points", report)


# ------------------------------------------------------------------ when it was handed in


@pytest.mark.parametrize(
    ("stamp", "days"),
    [
        ("2026-11-22T23:00:00.123456+00:00", 3),
        ("2026-11-22T23:00:00 UTC", 3),
        ("2026-11-21 00:30:00.5 CET", 1),
        ("2026-11-21 00:30:00.5 +01", 1),
        ("2026-11-20 18:30:00 EST", 1),
        ("2026-11-21 07:30:00 JST", 0),
    ],
)
def test_a_time_of_nbgraders_is_read_in_any_zone_that_is_one(stamp, days, tmp_path):
    (nbgraders(tmp_path) / "timestamp.txt").write_text(stamp)
    (one,) = find_submissions(tmp_path / "submitted").submissions
    assert days_of_one(course_of(tmp_path, COSTS), one) == [days] * bool(days)


@pytest.mark.parametrize("stamp", ["2026-11-22 23:00:00 IST", "2026-11-22 23:00:00 PST", "yesterday", ""])
def test_a_time_of_nbgraders_that_is_none_or_not_the_same_everywhere_needs_a_human(stamp, tmp_path):
    (nbgraders(tmp_path) / "timestamp.txt").write_text(stamp)
    handed = find_submissions(tmp_path / "submitted")
    (name, words), *more = of_class(tmp_path, handed.submissions).troubled
    assert (name, more) == (FILE, [])
    assert "does not say when 1 notebook of lesson 03 was handed in: s9/03/03.ipynb." in words
    assert f'stands "{stamp}"' in words
    assert "counts as on time until you write" in words
    assert not any("that time counts" in why for _, why in handed.ignored)


def of_class(folder: Path, submissions, text: str = COSTS) -> Written:
    """Write what becomes of these notebooks, all of them solved notebooks of lesson 03."""
    owned: dict[str, list[Submission]] = {}
    for one in submissions:
        owned.setdefault(one.student, []).append(one)
    exercises = {id: judged(id) for id in POINTS}
    made = {one: Graded("", one.name, one.student, one.student, exercises) for one in submissions}
    results = folder / "results"
    results.mkdir()
    return write_all(results, owned, made.__getitem__, "s", Beside(course=course_of(folder, text)))


def test_where_nothing_says_when_it_was_handed_in_one_note_says_so(tmp_path):
    for n in range(7):
        (tmp_path / "class" / f"s{n}").mkdir(parents=True)
        (tmp_path / "class" / f"s{n}" / "03.ipynb").write_text("{}")
    handed = find_submissions(tmp_path / "class").submissions
    days = "[[days_late]]\nstudent = 's6'\nlesson = 3\ndays = 0\n"
    found = of_class(tmp_path, handed, COSTS + days)
    assert found.troubled == ()
    (note,) = [note for note in found.notes if "deadline" in note]
    assert note.startswith("Lesson 03 has a deadline, and when 6 notebooks of it were handed in is not known")
    assert "s0/03.ipynb, s1/03.ipynb" in note
    assert "and 1 more" in note


def test_a_file_that_canvas_does_not_mark_was_on_time(tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "doejo_4712_98_a.ipynb").write_text("{}")
    found = of_class(tmp_path, find_submissions(tmp_path / "class").submissions)
    assert not [note for note in found.notes if "deadline" in note]


def test_with_file_times_the_times_in_a_zip_count(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("s1/03.ipynb", (2026, 11, 22, 23, 0, 0)), "{}")
        archive.writestr(zipfile.ZipInfo("s2/03.ipynb", (2026, 11, 20, 23, 58, 0)), "{}")
        archive.writestr(zipfile.ZipInfo("s3/03.ipynb"), "{}")
    os.utime(tmp_path / "class.zip", (0, 0))
    course = course_of(tmp_path, f"{COSTS}file_times = true\n")
    handed = find_submissions(tmp_path / "class.zip").submissions
    assert [days_of_one(course, one) for one in handed] == [[2], [], []]
    found = of_class(tmp_path, handed, f"{COSTS}file_times = true\n")
    assert [
        note for note in found.notes if "1 notebook of it was handed in is not known: s3/03.ipynb" in note
    ]


# ------------------------------------------------------------------ by whose clock


def days_by(folder: Path, due: str, at: str, more: str = "") -> list[int | None]:
    """Return by how many days a notebook of lesson 03 was late that a system's clock has at this time."""
    text = f'[deadlines]\n"03" = {due}\n[late]\npercent_a_day = 10\n{more}\n'
    handed = Submission("s1/03.ipynb", "s1", "", at=datetime.fromisoformat(at))
    return days_of_one(course_of(folder, text), handed)


BERLIN = 'time_zone = "Europe/Berlin"'


@pytest.mark.parametrize(
    ("due", "at", "more", "days"),
    [
        ("2026-11-20T22:59:00Z", "2026-11-20T23:30:00", BERLIN, []),
        ("2026-11-20T22:59:00Z", "2026-11-21T00:30:00", BERLIN, [1]),
        ("2026-11-20T23:59:00", "2026-11-20T23:30:00", BERLIN, []),
        ("2026-11-20T23:59:00+01:00", "2026-11-20T23:30:00", "", []),
        ("2026-11-20T23:59:00+01:00", "2026-11-21T00:30:00", "", [1]),
    ],
)
def test_a_clock_that_names_no_zone_is_that_of_the_class_or_else_the_deadlines(due, at, more, days, tmp_path):
    assert days_by(tmp_path, due, at, more) == days


@pytest.mark.parametrize("zero", ["Z", "+00:00"])
def test_no_points_are_lost_where_the_deadline_is_in_utc_and_the_clock_may_not_be(zero, tmp_path):
    text = f'[deadlines]\n"03" = 2026-11-20T22:59:00{zero}\n[late]\npercent_a_day = 10\n'
    early, handed = attempt(ALL, -1, student="s0"), attempt(ALL, -29 / 60 / 24)  # at 23:30
    ((name, words),) = written(tmp_path, text, early, handed).troubled
    assert (name, words) == (
        FILE,
        "Lesson 03 is due at a time in UTC, and the clock by which 1 notebook was handed in names no zone:"
        " s1/a.ipynb. For the first, it shows 2026-11-20 23:30. Write under [late] whose clock it is, as"
        ' time_zone = "Europe/Berlin"; until then each counts as on time.',
    )
    found = csv.DictReader(io.StringIO((tmp_path / "gradebook.csv").read_text()))
    assert [row["lesson_03"] for row in found] == ["14", "14"]
    assert written(tmp_path, f"{text}{BERLIN}\n", early, handed).troubled == ()


@pytest.mark.parametrize("due", ["2026-10-24T23:59:00", "2026-10-24T21:59:00Z", "2026-10-24T23:59:00+02:00"])
@pytest.mark.parametrize(
    ("clock", "hours", "days"),
    [
        ("2026-10-24T23:58:00", 21 + 58 / 60, []),
        ("2026-10-25T23:30:00", 46.5, [1]),
        ("2026-10-26T00:30:00", 47.5, [2]),
    ],
)
def test_days_are_those_of_the_calendar_where_the_clock_is_changed(due, clock, hours, days, tmp_path):
    assert days_by(tmp_path, due, clock, BERLIN) == days
    file = tmp_path / "03.ipynb"
    file.write_text("{}")
    when = datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hours)
    os.utime(file, (when.timestamp(),) * 2)
    text = f'[deadlines]\n"03" = {due}\n[late]\npercent_a_day = 10\nfile_times = true\n{BERLIN}\n'
    assert days_of_one(course_of(tmp_path, text), Submission("s9/03.ipynb", "s9", str(file))) == days


def test_a_deadline_without_a_zone_is_by_the_machines_clock_on_which_days_are_counted_too(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert days_by(tmp_path, "2026-10-24T23:59:00", "2026-10-25T23:30:00") == [1]
        assert days_by(tmp_path, "2026-10-24T23:59:00", "2026-10-25T22:30:00+00:00") == [1]
        assert (
            "due at 2026-10-24 23:59 CEST"
            in course_of(tmp_path, '[deadlines]\n"03" = 2026-10-24T23:59:00').words()[0]
        )
    finally:
        monkeypatch.undo()
        time.tzset()
