"""A student's own sentence and weights: made from the id alone, pleasant to work with, fair."""

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.exercises import LocalAnswer, judge
from lecture_lib.exercises.judging import judge_cases
from lecture_lib.lessons import EXERCISES, check, example_of, my_example, student
from lecture_lib.lessons.duck_goose.example import EVERYBODYS, EVERYBODYS_OUTPUTS
from lecture_lib.lessons.lesson_05.by_hand import FORWARD_BY_HAND
from lecture_lib.lessons.lesson_06.by_hand import BACKWARD_BY_HAND

ids = st.text(min_size=1, max_size=30).filter(lambda text: text.strip())


def forward(example):
    h0 = np.mean([example.E[:, example.vocabulary[token]] for token in example.tokens], axis=0)
    z = example.W @ h0 + example.b
    h = np.maximum(z, 0)
    o = example.U @ h
    return h0, z, h, np.exp(o) / np.exp(o).sum()


@given(ids)
def test_the_numbers_are_small_and_round(id):
    example = example_of(id)
    assert len(example.tokens) == 4
    assert sorted(example.vocabulary.values()) == [0, 1]
    assert set(example.tokens) == set(example.vocabulary)
    for array, decimals in ((example.E, 2), (example.W, 1), (example.b, 1), (example.U, 1)):
        assert np.array_equal(array, np.round(array, decimals))
        assert np.all(np.abs(array) <= 1.6)
        assert np.all(array != 0)
        assert not array.flags.writeable
    h0, z, _, _ = forward(example)
    assert np.allclose(h0, np.round(h0, 1))
    assert np.allclose(z, np.round(z, 2))


@given(ids)
def test_one_unit_is_alive_and_one_is_dead(id):
    _, z, _, _ = forward(example_of(id))
    assert max(z) >= 0.4 - 1e-9
    assert min(z) <= -0.2 + 1e-9


@given(ids)
def test_the_probabilities_are_not_extreme_and_not_even(id):
    example = example_of(id)
    p = forward(example)[3]
    assert 0.29 < min(p) < 0.45
    assert 0.2 < -np.log(p @ example.y) < 1.3


@given(ids)
def test_every_usual_mistake_shows_in_the_numbers(id):
    for name in ("forward_by_hand", "backward_by_hand"):
        exercise = EXERCISES[name]
        for known in exercise.misconceptions:
            if known.name == "the numbers of another student":
                continue
            found = judge(exercise, [LocalAnswer(known.answers[0](id))], np.random.default_rng(0), id)
            assert found.state == "not yet", known.name
            assert found.points <= found.out_of - 1, known.name
            assert found.misconceptions, known.name


@given(ids, ids)
def test_another_student_has_another_example(one, two):
    first, second = example_of(one), example_of(two)
    if first.student != second.student:
        assert not np.array_equal(first.E, second.E) or not np.array_equal(first.W, second.W)


def test_the_example_of_an_id_never_changes():
    """These were once given out; a grader makes them again, next year and on another machine."""
    found = example_of("s1234")
    assert found.tokens == PINNED["tokens"]
    for name in ("E", "W", "b", "U", "y"):
        assert getattr(found, name).tolist() == PINNED[name], name


def test_hundreds_of_examples_are_as_they_were_given_out():
    written = "\n".join(example_of(f"s{number:05d}").words for number in range(500))
    assert hashlib.sha256(written.encode()).hexdigest() == DIGEST


DIGEST = "4232a5dd3482222f1bfa987dc4c0860987c7c16c7f8901574c8a807e1add45d1"


def gradient_for_U(example):
    _, _, h, p = forward(example)
    return np.outer(p - example.y, h)


@pytest.mark.parametrize(("id", "output"), [*zip(EVERYBODYS, EVERYBODYS_OUTPUTS, strict=True)])
def test_what_is_written_of_an_example_that_everybody_has_is_so(id, output):
    example = example_of(id)
    _, _, h, p = forward(example)
    label, alive, product = output
    assert (int(np.argmax(example.y)), int(np.argmax(h))) == (label, alive)
    assert product == pytest.approx(h[alive] * p[1 - label], rel=1e-14)


@given(ids)
def test_the_gradient_for_U_is_not_that_of_an_example_that_everybody_has(id):
    if example_of(id).student not in EVERYBODYS:
        for other in EVERYBODYS:
            difference = gradient_for_U(example_of(id)) - gradient_for_U(example_of(other))
            assert np.max(np.abs(difference)) >= 0.1 - 1e-9


PINNED: dict = {
    "tokens": ("skate", "slug", "slug", "slug"),
    "E": [[-0.6, -1.4], [0.15, 1.55]],
    "W": [[0.6, 0.9], [-0.7, -0.8]],
    "b": [-0.3, 0.4],
    "U": [[0.1, -1.0], [0.9, 0.3]],
    "y": [1.0, 0.0],
}


def test_it_is_the_same_in_another_process():
    program = (
        "import json; from lecture_lib.lessons import example_of; e = example_of('Ånna 7');"
        "print(json.dumps([e.tokens, e.E.tolist(), e.W.tolist(), e.b.tolist(), e.U.tolist(), e.y.tolist()]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found = example_of("Ånna 7")
    here = [list(found.tokens), *(getattr(found, name).tolist() for name in ("E", "W", "b", "U", "y"))]
    assert json.loads(done.stdout) == here


@pytest.mark.parametrize("written", ["S1234", " s1234 ", "s1234\n", "\uff33\uff11\uff12\uff13\uff14"])
def test_capitals_spaces_and_wide_letters_do_not_make_another_student(written):
    assert example_of(written).tokens == example_of("s1234").tokens
    student(written)
    assert my_example().student == "s1234"


def test_nobody_has_an_example_too_that_says_how_to_sign_in():
    assert my_example().student == ""
    assert 'Sign in for one of your own: ll.student("your id")' in str(my_example())
    assert "Sign in" in my_example().html
    student("s1234")
    assert "Sign in" not in str(my_example())


@pytest.mark.parametrize("id", [None, 1234, b"s1234", ["s1234"]])
def test_an_id_that_is_not_a_text_is_a_clear_error(id):
    with pytest.raises(
        TypeError, match=r'student: an id is a text in quotes, as in ll.student\("s1234"\), not'
    ):
        student(id)


@pytest.mark.parametrize("id", ["", "   ", "\t\n"])
def test_an_empty_id_is_a_clear_error(id):
    with pytest.raises(ValueError, match="the id is empty; write your own between the quotes"):
        student(id)


def test_a_very_long_id_is_a_clear_error():
    with pytest.raises(ValueError, match="101 letters is too long"):
        student("x" * 101)


def test_signing_in_is_confirmed():
    assert str(student("S1234 ")).startswith("Signed in as s1234\n")


def test_an_example_can_be_read_and_cannot_be_changed():
    example = example_of("s1234")
    with pytest.raises(ValueError, match="read-only"):
        example.E[0, 0] = 1.0
    with pytest.raises(AttributeError):
        example.E = np.zeros((2, 2))
    assert set(example.params) == {"E", "W", "b", "U"}
    assert example.sentence == " ".join(example.tokens)
    for number in example.E.ravel():
        assert f"{number:g}" in str(example)
        assert f"{number:g}" in example.html


def test_the_numbers_of_another_example_are_recognised():
    student("s1234")
    for other in ("", "guest"):
        example = example_of(other)
        h0, z, h, p = forward(example)
        values = {"h0": h0, "z": z, "h": h, "o": example.U @ h, "p": p, "loss": -np.log(p @ example.y)}
        verdict = check("forward_by_hand", values)
        assert verdict.misconception == "the numbers of another student", verdict.message
        assert "With which id have you signed in" in verdict.message


ALIKE_ONCE = ("s1111", "s2628", "s3960", "s4071")
"""Ids for which one mistake looked like another one, or like the right answer, in numbers drawn before."""


@pytest.mark.parametrize("id", ALIKE_ONCE)
@pytest.mark.parametrize("right", [FORWARD_BY_HAND, BACKWARD_BY_HAND], ids=lambda right: right.functions)
def test_by_hand_the_right_method_passes_and_each_known_mistake_fails_under_its_own_name(id, right):
    exercise = EXERCISES[right.functions]
    cases = tuple(exercise.cases(np.random.default_rng(0), id))
    exact = right(id)
    for values in (exact, {name: np.round(value, 2) for name, value in exact.items()}):
        assert judge_cases(exercise, [LocalAnswer(values)], cases, id).state == "passed"
    for known in exercise.misconceptions:
        for form in known.answers:
            verdict = judge_cases(exercise, [LocalAnswer(form(id))], cases, id)
            assert verdict.state == "not yet", verdict.message
            assert verdict.misconception == known.name, verdict.message
