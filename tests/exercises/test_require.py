"""`require`: the same judge as `check`, for graders that want an error."""

import re

import pytest

from lecture_lib.exercises import NotYet
from lecture_lib.lessons import EXERCISES, check, require


def right(x, w, b, y):
    e = y - (w * x + b)
    return -2 * e * x, -2 * e


def half(x, w, b, y):
    """d_w is right, d_b has x in it."""
    d_w, _ = right(x, w, b, y)
    return d_w, d_w


@pytest.mark.parametrize("seed", ["", "a seed"])
def test_a_part_that_is_right_passes_in_silence(seed):
    assert require("neuron_gradients", "d_w", half, seed=seed) is None
    assert require("neuron_gradients", "d_b", right, seed=seed) is None


def test_a_part_that_is_wrong_says_what_check_says():
    with pytest.raises(NotYet, match=re.escape(check("neuron_gradients", half).message)):
        require("neuron_gradients", "d_b", half)


def test_with_a_seed_the_advice_is_given_and_no_number_of_the_inputs():
    with pytest.raises(NotYet, match=r"(?s)d_b: not yet, on inputs that are not shown.*b is added") as caught:
        require("neuron_gradients", "d_b", half, seed="a seed")
    assert not re.search(r"\d\.\d", str(caught.value))


def test_an_answer_learnt_by_heart_from_check_fails_with_a_seed():
    inputs = [tuple(case.arguments.values()) for case in cases_of_check("neuron_gradients")]
    known = {given: right(*given) for given in inputs}

    def by_heart(*given):
        return known.get(given, (0.0, 0.0))

    require("neuron_gradients", "d_w", by_heart)
    with pytest.raises(NotYet):
        require("neuron_gradients", "d_w", by_heart, seed="a seed")


def cases_of_check(id):
    from lecture_lib.exercises.oracles import rng_from

    return EXERCISES[id].cases(rng_from(f"check {id}"), "")


@pytest.mark.parametrize("answer", [None, ..., 3.0])
def test_what_is_no_function_is_not_passed(answer):
    with pytest.raises(NotYet):
        require("neuron_gradients", "d_w", answer, seed="a seed")


def test_a_part_that_does_not_exist_is_an_error_of_its_own():
    with pytest.raises(LookupError, match=r"no part 'd_x'; its parts are: d_w, d_b"):
        require("neuron_gradients", "d_x", right)
