"""The judge on exercises made for these tests: two functions, parts, mixtures, an answer from elsewhere."""

import sys
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from lecture_lib.exercises import (
    Case,
    Exercise,
    Failure,
    LocalAnswer,
    Misconception,
    Outcome,
    Part,
    Quantity,
    judge,
)
from lecture_lib.exercises.exercise import Mixture, WantedArray, WantedNumber
from lecture_lib.exercises.plain import Plain, plain


def two_functions() -> Exercise:
    """Twice and three times an array, each by a function of its own."""

    def cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
        for x in (np.array([1.0, -2.0]), rng.normal(size=3)):
            yield Case({"x": x}, {"twice": 2 * x}, parts=("twice",), function=0)
            yield Case({"x": x}, {"thrice": 3 * x}, parts=("thrice",), function=1)

    return Exercise(
        id="both",
        lesson="99",
        slide="",
        functions=("twice", "thrice"),
        signature=("x",),
        quantities=(Quantity("twice", None, WantedArray()), Quantity("thrice", None, WantedArray())),
        parts=(Part("twice", 1, ("twice",)), Part("thrice", 2, ("thrice",))),
        cases=cases,
        hints=("", "", ""),
        twin="",
        misconceptions=(
            Misconception("adds", "Adds?", ((lambda x: x + 2, lambda x: x + 3),)),
            Misconception("minus", "Minus?", ((lambda x: -2 * x, lambda x: -3 * x),)),
            Misconception("writes into x", "Into x?", ((_doubles_in_place, _doubles_in_place),)),
        ),
        mixtures=lambda: (Mixture(("adds", "minus"), _both_wrong),),
    )


def _both_wrong(x):
    return -(x + 2)


def _doubles_in_place(x):
    x *= 2
    return x


def judged(*answers, seed=0):
    return judge(two_functions(), [LocalAnswer(answer) for answer in answers], np.random.default_rng(seed))


def test_each_of_two_functions_earns_its_own_points():
    assert judged(lambda x: 2 * x, lambda x: 3 * x).points == 3
    found = judged(lambda x: 2 * x, lambda x: x + 3)
    assert (found.points, found.state, found.misconceptions) == (1, "not yet", ("adds",))


@pytest.mark.parametrize("size", ["1e4000", "-1e4000", "nan"])
def test_long_doubles_beyond_any_float_are_wrong_and_warn_of_nothing(size):
    found = judged(lambda x: np.full(x.shape, np.longdouble(size)), lambda x: 3 * x)
    assert (found.points, found.state) == (2, "not yet")


def test_two_mistakes_in_two_parts_get_two_advices():
    found = judged(lambda x: x + 2, lambda x: -3 * x)
    assert set(found.misconceptions) == {"adds", "minus"}
    assert set(found.advice) == {"Adds?", "Minus?"}


def test_two_mistakes_in_one_part_get_two_advices():
    found = judged(_both_wrong, lambda x: 3 * x)
    assert found.misconceptions == ("adds", "minus")


def test_one_function_written_and_one_not_is_not_yet():
    def stub(x):
        raise NotImplementedError

    found = judged(lambda x: 2 * x, stub)
    assert (found.state, found.points) == ("not yet", 1)
    assert [part.state for part in found.results] == ["passed", "not attempted"]
    assert judged(stub, stub).state == "not attempted"


def test_a_right_value_from_a_changed_argument_is_not_right():
    found = judged(_doubles_in_place, lambda x: 3 * x)
    assert found.points == 2
    assert found.misconceptions == ("writes into x",)
    assert "changed its argument x" in found.results[0].detail


def test_a_factor_that_an_answer_may_have_chosen_is_not_repeated():
    """It could be an input of which the answer tells: 63.62 times what was expected."""
    assert judged(lambda x: 2 * 63.62 * x, lambda x: 3 * x).advice == (
        "The result is what was expected times the same factor, on every input. Where could such a factor"
        " come from?",
    )


def test_the_transpose_and_a_constant_factor_are_pointed_out():
    found = judged(lambda x: 5 * x, lambda x: 3 * x)
    assert found.advice == (
        "The result is 2.5 times what was expected, on every input. Where could such a factor come from?",
    )

    def matrix_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
        for shape in ((2, 3), (3, 1)):
            M = rng.normal(size=shape)
            yield Case({"M": M}, {"M": M.T})

    exercise = Exercise(
        id="turn", lesson="99", slide="", functions=("turn",), signature=("M",),
        quantities=(Quantity("M", None, WantedArray()),), parts=(Part("M", 1, ("M",)),), cases=matrix_cases,
        hints=("", "", ""), twin="", misconceptions=(),
    )  # fmt: skip
    found = judge(exercise, [LocalAnswer(lambda M: M)], np.random.default_rng(0))
    assert found.advice == (
        "The result is the transpose of what was expected. Which index should count the rows?",
    )


class Elsewhere:
    """An answer as a grader will have it: nothing but plain data goes in and comes out."""

    def __init__(self, function):
        self.function = function
        self.calls = 0

    def call(self, arguments: Sequence[Plain]) -> Outcome:
        self.calls += 1
        assert all(isinstance(argument, (np.ndarray, float)) for argument in arguments)
        try:
            return Outcome(plain(self.function(*[np.copy(argument) for argument in arguments])))
        except ValueError as error:
            return Outcome(failure=Failure("ValueError", str(error), 3, "return nothing", "twice", 1))

    def value(self) -> Outcome:
        raise AssertionError("no value was asked")


def test_an_answer_that_lives_elsewhere_is_judged_alike():
    answers = [Elsewhere(lambda x: 2 * x), Elsewhere(lambda x: x + 3)]
    found = judge(two_functions(), answers, np.random.default_rng(0))
    assert found == judged(lambda x: 2 * x, lambda x: x + 3)
    assert [answer.calls for answer in answers] == [2, 2]


def test_an_error_from_elsewhere_is_told_as_it_came():
    def fails(x):
        raise ValueError("no")

    found = judge(two_functions(), [Elsewhere(fails), Elsewhere(lambda x: 3 * x)], np.random.default_rng(0))
    words = found.message
    assert words.splitlines()[:3] == [
        "both: error, 2 of 3 points",
        "  line 3: return nothing",
        "  ValueError: no",
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_same_generator_gives_the_same_judgement(seed):
    assert judged(lambda x: x, lambda x: x, seed=seed) == judged(lambda x: x, lambda x: x, seed=seed)


def test_a_number_is_right_up_to_a_share_of_its_size():
    def cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
        for x in (1.0, 1000.0):
            yield Case({"x": x}, {"x": x})

    exercise = Exercise(
        id="same", lesson="99", slide="", functions=("same",), signature=("x",),
        quantities=(Quantity("x", None, WantedNumber()),), parts=(Part("x", 1, ("x",)),), cases=cases,
        hints=("", "", ""), twin="", misconceptions=(),
    )  # fmt: skip

    def state(answer):
        return judge(exercise, [LocalAnswer(answer)], np.random.default_rng(0)).state

    assert state(lambda x: x * (1 + 5e-6)) == "passed"
    assert state(lambda x: x * (1 + 2e-5)) == "not yet"
    assert state(lambda x: int(x)) == "passed"
    assert state(lambda x: bool(x)) == "not yet"


def test_an_array_without_axes_is_a_number_too():
    exercise = Exercise(
        id="slope",
        lesson="00",
        slide="",
        functions=("slope",),
        signature=("x",),
        quantities=(Quantity("slope", None, WantedArray()),),
        parts=(Part("slope", 1, ("slope",)),),
        cases=lambda rng, student: iter([Case({"x": 3.0}, {"slope": np.array(6.0)})]),
        hints=("", "", ""),
        twin="",
        misconceptions=(),
    )
    for right in (lambda x: 2 * x, lambda x: np.float64(2 * x), lambda x: np.array(2 * x)):
        assert judge(exercise, [LocalAnswer(right)], np.random.default_rng(0)).state == "passed"
    for wrong in (lambda x: [2 * x], lambda x: True, lambda x: np.array([2 * x])):
        assert judge(exercise, [LocalAnswer(wrong)], np.random.default_rng(0)).state == "not yet"


def test_mistakes_are_looked_for_among_large_cases_only_where_all_else_is_right():
    asked = []

    def deep(x):
        asked.append(x)
        return x + (x < 3) if x < 1000 else deep_down(x)

    def deep_down(x):
        return deep_down(x)

    def recursion(x):
        asked.append(x)
        return x if x < 1000 else deep_down(x)

    exercise = Exercise(
        id="same",
        lesson="00",
        slide="",
        functions=("same",),
        signature=("x",),
        quantities=(Quantity("x", None, WantedNumber()),),
        parts=(Part("small", 1, ("x",)), Part("large", 1, ("x",), last=True)),
        cases=lambda rng, student: iter(
            [Case({"x": 2.0}, {"x": 2.0}, parts=("small",)), Case({"x": 1e6}, {"x": 1e6}, parts=("large",))]
        ),
        hints=("", "", ""),
        twin="",
        misconceptions=(
            Misconception("one more", "Where does one come from?", (deep,)),
            Misconception("recursion", "How deep?", (recursion,)),
        ),
    )

    def judged(answer):
        asked.clear()
        found = judge(exercise, [LocalAnswer(answer)], np.random.default_rng(0))
        return found.misconceptions, list(asked)

    assert judged(lambda x: x + (x < 3)) == (("one more",), [2.0])
    assert judged(lambda x: x if x < 1000 else judged_by_itself(x))[0] == ("recursion",)


def judged_by_itself(x):
    return judged_by_itself(x)


def test_an_answer_that_allows_itself_more_calls_does_not_allow_them_to_the_next():
    before = sys.getrecursionlimit()
    outcome = LocalAnswer(lambda: sys.setrecursionlimit(before + 1)).call(())
    assert outcome.failure is None
    assert sys.getrecursionlimit() == before


def test_a_check_leaves_the_global_random_numbers_as_they_were():
    import random

    from lecture_lib.lessons import EXERCISES

    def minibatches(n, batch_size, rng):
        order = np.random.permutation(n)  # noqa: NPY002
        random.random()
        return [order[start : start + batch_size] for start in range(0, n, batch_size)]

    drawn = []
    for checks in (0, 1):
        np.random.seed(5)  # noqa: NPY002
        random.seed(5)
        for _ in range(checks):
            verdict = judge(EXERCISES["minibatches"], [LocalAnswer(minibatches)], np.random.default_rng(0))
            assert verdict.misconception == "shuffles by global state"
        drawn.append((np.random.rand(), random.random()))  # noqa: NPY002
    assert drawn[0] == drawn[1]
