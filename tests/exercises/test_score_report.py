"""The score report: points by lesson and topic, what to look at again, a page to print."""

import numpy as np

import lecture_lib as ll
from lecture_lib.exercises.reporting import ScoreReport
from lecture_lib.lessons import EXERCISES, check, student

OF_00, OF_01 = ([id for id, one in EXERCISES.items() if one.lesson == lesson] for lesson in ("00", "01"))
ALL_POINTS = sum(exercise.points for exercise in EXERCISES.values())


def nll(p, y):
    return float(-(y * np.log(p)).sum())


def test_every_exercise_has_its_row_and_every_lesson_its_sum():
    report = ll.score_report()
    assert {row[2] for row in report.rows} - {""} == set(EXERCISES)
    lessons = {exercise.lesson for exercise in EXERCISES.values()}
    assert [row[0] for row in report.rows if row[1] == "all of it"] == sorted(lessons)
    assert f"0 of {ALL_POINTS:g} points" in report.heading


def test_what_has_passed_counts_and_need_not_be_looked_at_again():
    student("s1234")
    check("nll", nll)
    report = ll.score_report()
    assert report.heading == f"Score report of s1234: {EXERCISES['nll'].points:g} of {ALL_POINTS:g} points"
    points, all_of_01 = f"{EXERCISES['nll'].points:g}", sum(EXERCISES[id].points for id in OF_01)
    assert ("01", EXERCISES["nll"].slide, "nll", f"{points} of {points}", "passed") in report.rows
    passed = f"1 of {len(OF_01)} passed"
    assert ("01", "all of it", "", f"{points} of {all_of_01:g}", passed) in report.rows
    assert not any(line.startswith("nll ") for line in report.revisit)
    assert not any("nll" in line for line in report.ahead)


def test_what_was_not_tried_is_a_list_by_lesson():
    check("nll", nll)
    report = ll.score_report()
    assert report.revisit == ()
    untried = {"00": OF_00, "01": [id for id in OF_01 if id != "nll"]}
    for lesson, ids in untried.items():
        points = ", ".join(f"{id} ({EXERCISES[id].points:g})" for id in ids)
        assert f"Lesson {lesson}: {points}" in report.ahead
    assert "Not attempted yet:" in report.words
    assert "Not attempted yet:" in report.html
    assert "To look at again:" not in report.words


def test_when_all_has_passed_nothing_is_left_to_look_at():
    report = ScoreReport("Score report: 3 of 3 points", (), (), ())
    assert "Nothing to look at again: every exercise has passed." in report.words
    assert "Nothing to look at again: every exercise has passed." in report.html


def test_a_later_failure_is_what_counts():
    check("nll", nll)
    check("nll", lambda p, y: -nll(p, y))
    report = ll.score_report()
    (again,) = [line for line in report.revisit if line.startswith("nll (lesson 01, not yet)")]
    assert EXERCISES["nll"].twin in again
    assert EXERCISES["nll"].slide in again
    assert "To look at again:" in report.words


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
