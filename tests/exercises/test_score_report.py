"""The score report: points by lesson and topic, what to look at again, a page to print."""

import numpy as np

import lecture_lib as ll
from lecture_lib.lessons import EXERCISES, check, student


def nll(p, y):
    return float(-(y * np.log(p)).sum())


def test_every_exercise_has_its_row_and_every_lesson_its_sum():
    report = ll.score_report()
    assert {row[2] for row in report.rows} - {""} == set(EXERCISES)
    lessons = {exercise.lesson for exercise in EXERCISES.values()}
    assert [row[0] for row in report.rows if row[1] == "all of it"] == sorted(lessons)
    assert "0 of 100 points" in report.heading


def test_what_has_passed_counts_and_need_not_be_looked_at_again():
    student("s1234")
    check("nll", nll)
    report = ll.score_report()
    assert report.heading == "Score report of s1234: 3 of 100 points"
    assert ("01", "Recap: Loss function", "nll", "3 of 3", "passed") in report.rows
    assert ("01", "all of it", "", "3 of 6", "1 of 2 passed") in report.rows
    assert not any(line.startswith("nll ") for line in report.revisit)
    (again,) = [line for line in report.revisit if line.startswith("sgd_step (lesson 01, not attempted)")]
    assert EXERCISES["sgd_step"].twin in again
    assert EXERCISES["sgd_step"].slide in again


def test_a_later_failure_is_what_counts():
    check("nll", nll)
    check("nll", lambda p, y: -nll(p, y))
    report = ll.score_report()
    assert any(line.startswith("nll (lesson 01, not yet)") for line in report.revisit)


def test_it_says_that_it_certifies_nothing_and_can_be_saved_as_a_page(tmp_path):
    student("a<b")
    path = ll.score_report().save(tmp_path / "mine.html")
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "It certifies nothing" in page
    assert "Score report of a&lt;b" in page
    assert "<b:" not in page
    assert "<script" not in page
    assert page.count("<tr>") == len(ll.score_report().rows) + 1
