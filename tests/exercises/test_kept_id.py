"""An id is kept from lesson to lesson, and a verdict on work by hand says whose numbers it is about."""

import numpy as np
import pytest

from lecture_lib.exercises.signing_in import FILE, last_id, sign_out
from lecture_lib.exercises.small_files import progress_file
from lecture_lib.lessons import check, my_example, student

BY_HAND = {"d_p": ..., "d_o": np.array([9.0, 9.0]), "d_U": ...}


def a_new_lesson():
    sign_out()
    return str(student("guest"))


def test_the_first_cell_of_the_next_lesson_signs_nobody_out():
    student("S1234")
    own = my_example().words
    said = a_new_lesson()
    assert my_example().words == own
    assert said.startswith("Signed in as s1234, your last id here")
    assert 'When the notebook is graded, the id in this cell counts: write ll.student("s1234").' in said
    assert 'write ll.student("s1234")' in said


def test_the_last_of_two_ids_is_kept():
    student("s1234")
    student("s99")
    a_new_lesson()
    assert my_example().student == "s99"


def test_without_an_id_before_guest_is_guest():
    said = a_new_lesson()
    assert said.startswith(
        "Signed in as guest\n  As guest, everybody has the same numbers. Write your own id"
    )
    assert "now use your own" not in said
    assert last_id() == ""


def test_a_verdict_on_work_by_hand_says_that_guest_is_nobody():
    student("guest")
    said = check("backward_by_hand", BY_HAND).message
    assert (
        "These are the numbers of guest, which everybody has. For numbers of your own, write your id in"
        in said
    )


def test_a_verdict_on_work_by_hand_says_that_nobody_has_signed_in():
    assert "You have not signed in" in check("backward_by_hand", BY_HAND).message


def test_a_verdict_on_work_by_hand_says_that_the_cell_says_guest():
    student("s1234")
    a_new_lesson()
    said = check("backward_by_hand", BY_HAND).message
    assert "These are the numbers of s1234, your last id." in said
    assert "When the notebook is graded, the id in that cell counts: write yours." in said
    assert "still says guest" in said


def test_who_wrote_an_id_is_told_nothing_of_it():
    student("s1234")
    said = check("backward_by_hand", BY_HAND).message
    assert "guest" not in said
    assert "signed in" not in said


def test_other_verdicts_do_not_ask_who_it_is():
    student("guest")
    assert "guest" not in check("fan_out", lambda x: 0.0).message


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"id": 3}', b"\xff"])
def test_a_damaged_file_is_set_aside(damage):
    path = progress_file().with_name(FILE)
    path.write_bytes(damage)
    assert last_id() == ""
    assert not path.exists()


def test_nothing_is_kept_where_progress_is_off(monkeypatch):
    monkeypatch.setenv("LECTURE_PROGRESS", "off")
    student("s1234")
    assert last_id() == ""
