"""What holds for every exercise there is, and for every one that will be."""

import hashlib
import inspect
import itertools
import math
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from lecture_lib import lessons
from lecture_lib.exercises import LocalAnswer, judge
from lecture_lib.exercises.edits import pairs
from lecture_lib.exercises.exercise import Exercise, Misconception, Mixture
from lecture_lib.exercises.judging import judge_cases
from lecture_lib.exercises.signing_in import clean_id, student
from lecture_lib.lessons import EXERCISES, check
from tests.exercises.conftest import forget_what_was_checked, right_answers
from tests.exercises.literally import untrue

LESSONS_WITH_EXERCISES = [
    path.parent.name for path in Path(lessons.__file__).parent.glob("lesson_*/exercises.py")
]

PEOPLE = ("guest", "s1234", "Ångström", "0")


def answer_of(exercise: Exercise, form, who: str = ""):
    """An answer as a student would hand it over: of a value, the value."""
    return form(who) if exercise.is_value else form


def each_of(exercise: Exercise, answer) -> list:
    """One answer for each function; what is one thing alone stands for all of them."""
    several = isinstance(answer, tuple) and len(exercise.functions) > 1
    return list(answer) if several else [answer] * len(exercise.functions)


def checked(exercise: Exercise, answer):
    return check(exercise.id, *each_of(exercise, answer))


def local(exercise: Exercise, answer) -> list[LocalAnswer]:
    return [LocalAnswer(one) for one in each_of(exercise, answer)]


def test_every_exercise_has_three_right_answers_to_be_tried():
    tried = right_answers()
    assert tried.keys() == EXERCISES.keys()
    assert min(map(len, tried.values())) >= 3


def test_a_right_answer_in_any_style_earns_all_points(exercise, right):
    verdict = checked(exercise, answer_of(exercise, right))
    assert verdict.state == "passed", verdict.message
    assert verdict.points == verdict.out_of == exercise.points
    assert verdict.misconception is None
    assert all(result.state == "passed" for result in verdict.results)


def test_a_right_answer_is_right_for_every_student(exercise, right):
    # A function's inputs differ from student to student as one draw from another: the next test has more.
    for who in PEOPLE if exercise.is_value else PEOPLE[:2]:
        student(who)
        verdict = checked(exercise, answer_of(exercise, right, clean_id(who)))
        assert verdict.state == "passed", verdict.message


def test_a_right_answer_is_right_on_inputs_that_were_not_seen(exercise, right):
    for seed in range(2):
        found = judge(exercise, local(exercise, answer_of(exercise, right)), np.random.default_rng(seed))
        assert found.state == "passed", found.results


def test_a_known_mistake_fails_and_gets_its_own_advice(
    exercise: Exercise, misconception: Misconception, form
):
    student("s1234")
    verdict = checked(exercise, answer_of(exercise, form, "s1234"))
    raises_at_once = all(result.state == "error" for result in verdict.results if result.detail[:4] == "stop")
    assert verdict.state == "not yet" or (verdict.state == "error" and raises_at_once), verdict.message
    assert verdict.points <= max(verdict.out_of - 1, 0)
    assert verdict.misconception == misconception.name
    assert misconception.advice in verdict.advice
    assert misconception.advice in verdict.message
    answers = each_of(exercise, answer_of(exercise, form, "s1234"))
    assert untrue(verdict, exercise, answers, "s1234") == []


def test_known_mistakes_are_recognised_on_inputs_that_were_not_seen(exercise: Exercise):
    # Two draws of inputs, each for every second mistake: what a known mistake gives is kept for a draw.
    draws = [tuple(exercise.cases(np.random.default_rng(seed), "s1234")) for seed in range(2)]
    for cases, known in zip(itertools.cycle(draws), exercise.misconceptions):
        for form in known.answers:
            answer = local(exercise, answer_of(exercise, form, "s1234"))
            found = judge_cases(exercise, answer, cases, "s1234")
            assert found.state in ("not yet", "error")
            assert found.points <= max(found.out_of - 1, 0)
            assert found.misconceptions[0] == known.name


def test_two_mistakes_at_once_get_advice(exercise: Exercise):
    student("s1234")
    for mixture in exercise.mixtures():
        verdict = checked(exercise, answer_of(exercise, mixture.answer, "s1234"))
        assert verdict.state in ("not yet", "error"), (mixture.names, verdict.message)
        assert verdict.points < verdict.out_of
        if not exercise.rough and verdict.state == "not yet":
            assert verdict.misconceptions, (mixture.names, verdict.message)


def drawn_by_name(mixtures: Iterable[Mixture], many: int = 40) -> list[Mixture]:
    """Draw some of them by their names and texts: a new mistake leaves the choice among the others alone."""

    def place(mixture: Mixture) -> bytes:
        answers = mixture.answer if isinstance(mixture.answer, tuple) else (mixture.answer,)
        named = "\n".join([*mixture.names, *(answer.text for answer in answers)])
        return hashlib.sha256(named.encode()).digest()

    return sorted(mixtures, key=place)[:many]


def test_a_new_mistake_leaves_the_others_in_the_draw():
    known = EXERCISES["sgd_step"].misconceptions
    before = drawn_by_name(pairs(known[:-1]))
    after = drawn_by_name(pairs(known))
    assert len(before) == len(after) == 40
    old = [mixture.names for mixture in after if known[-1].name not in mixture.names]
    assert old == [mixture.names for mixture in before[: len(old)]]
    assert len(old) >= 35


RECOGNISED = {
    "grid": 0.61,
    "minibatches": 0.71,
    "converged": 0.74,
    "sgd_step": 0.74,
    "select_best": 0.77,
    "nll": 0.79,
    "gradient_descent": 0.84,
    "early_stopping": 0.88,
    "encode": 0.88,
    "neuron_forward": 0.9,
    "forward_by_hand": 0.9,
}
"""Exercises of which two edits often leave nothing that would show either -> the share of all two that are
recognised; of the others, 0.93 and more."""


def test_of_two_edits_made_at_once_most_are_recognised(exercise: Exercise):
    student("s1234")
    answers = [
        answer_of(exercise, mixture.answer, "s1234")
        for mixture in drawn_by_name(pairs(exercise.misconceptions))
    ]
    verdicts = [checked(exercise, answer) for answer in answers]
    for answer, verdict in zip(answers, verdicts, strict=True):
        assert untrue(verdict, exercise, each_of(exercise, answer), "s1234") == [], verdict.message
    wrong = [verdict for verdict in verdicts if verdict.state == "not yet"]  # two may undo each other
    share, many = RECOGNISED.get(exercise.id, 0.93), len(wrong)
    by_chance = 2 * math.sqrt(share * (1 - share) * many)  # how far a draw may be from the share of all
    unknown = [verdict.message for verdict in wrong if not verdict.misconceptions]
    assert len(unknown) <= max(1, (1 - share) * many + by_chance), unknown


def test_an_untouched_stub_is_not_attempted(exercise: Exercise):
    def raises(*arguments):
        """Return something."""
        raise NotImplementedError("write your answer here")

    def gives_dots(*arguments):
        return ...

    def gives_nothing(*arguments):
        pass

    stubs = [..., None] if exercise.is_value else [raises, gives_dots, gives_nothing, ..., None]
    if exercise.is_value and isinstance(exercise.quantities[0].key, str):
        stubs += [{quantity.name: ... for quantity in exercise.quantities}]
        stubs += [{quantity.name: None for quantity in exercise.quantities}]
    for stub in stubs:
        verdict = checked(exercise, stub)
        assert verdict.state == "not attempted", verdict.message
        assert verdict.points == 0
        assert verdict.out_of == exercise.points
        assert set(verdict.parts.values()) == {0.0}
        assert ("Does it end with return?" if stub is gives_nothing else "still waits") in verdict.message
        assert f'll.hint("{exercise.id}")' in verdict.message


def framed(exercise: Exercise, filling):
    """An answer of the asked frame (tuple, dict, or the bare thing) with each place filled alike."""
    keys = [quantity.key for quantity in exercise.quantities]
    if isinstance(keys[0], int):
        return tuple(filling for _ in keys)
    if isinstance(keys[0], str):
        return dict.fromkeys(keys, filling)
    return filling


class EqualsEverything:
    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self):
        return 0

    def __float__(self):
        return 0.0

    def __array__(self, dtype=None, copy=None):
        return np.zeros(2)

    def __abs__(self):
        return self

    def __sub__(self, other):
        return self

    __rsub__ = __sub__


class Agreeable(np.ndarray):
    """An array that says yes to every comparison."""

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.True_

    def __array_function__(self, function, types, args, kwargs):
        return True


ENDLESS: list = []
ENDLESS.append(ENDLESS)

FILLINGS = {
    "nan": float("nan"),
    "inf": float("inf"),
    "array of nan": np.full(2, np.nan),
    "array of inf": np.full((2, 2), np.inf),
    "zero": 0.0,
    "one": 1.0,
    "zeros": np.zeros(2),
    "ones": np.ones(2),
    "zeros in rows": np.zeros((2, 2)),
    "ones in rows": np.ones((2, 2)),
    "three axes": np.zeros((2, 1, 2)),
    "nothing in an array": np.zeros(0),
    "a text": "0.5",
    "bytes": b"0.5",
    "true": True,
    "numpy's true": np.True_,
    "an array of bools": np.ones(2, dtype=bool),
    "an array of objects": np.array([EqualsEverything(), EqualsEverything()]),
    "an array of texts": np.array(["0.5", "0.5"]),
    "a complex number": 0.5 + 0j,
    "complex numbers": np.ones(2, dtype=complex),
    "a huge whole number": 10**400,
    "a very huge whole number": 1 << 100_000,
    "a huge float": 1e308,
    "equals everything": EqualsEverything(),
    "agreeable": np.zeros(2).view(Agreeable),
    "agreeable rows": np.zeros((2, 2)).view(Agreeable),
    "masked": np.ma.masked_array([0.0, 0.0], mask=[True, True]),
    "matrix in itself": ENDLESS,
    "long": [0.0] * 200_000,
    "deep": [[[[[[[[[[[[[[[[0.0]]]]]]]]]]]]]]]],
    "ragged": [[1.0], [1.0, 2.0]],
    "empty list": [],
    "empty dict": {},
    "a function": lambda x: x,
    "a class": int,
    "a generator": (number for number in (0.0, 0.0)),
    "a set": {0.5},
    "records": np.zeros(2, dtype=[("a", float)]),
    "dates": np.zeros(2, dtype="datetime64[s]"),
}


@pytest.mark.parametrize("in_frame", [True, False], ids=["in each place", "alone"])
def test_what_is_not_an_answer_never_passes(exercise: Exercise, in_frame):
    for name, filling in FILLINGS.items():
        value = framed(exercise, filling) if in_frame else filling
        verdict = checked(exercise, value if exercise.is_value else lambda *arguments, value=value: value)
        assert verdict.state == "not yet", (name, verdict.message)
        assert verdict.points == 0, (name, verdict.message)
        assert len(verdict.message) < 3_000, (name, len(verdict.message))
        assert "object at 0x" not in verdict.message


def refilled(value, filling):
    """A right answer's lists, tuples and dicts, with something else in every place."""
    if isinstance(value, dict):
        return {key: refilled(item, filling) for key, item in value.items()}
    return type(value)(refilled(item, filling) for item in value) if type(value) in (list, tuple) else filling


def test_what_is_not_an_answer_is_judged_in_every_place_of_a_right_one(exercise: Exercise):
    right = each_of(exercise, answer_of(exercise, right_answers()[exercise.id][0]))
    for filling in (FILLINGS[name] for name in ("zeros", "nothing in an array", "an array of bools")):
        wrong = [
            refilled(one, filling)
            if exercise.is_value
            else lambda *given, one=one, filling=filling: refilled(one(*given), filling)
            for one in right
        ]
        verdict = check(exercise.id, *wrong)
        assert verdict.state == "not yet", verdict.message
        assert verdict.points == 0, verdict.message


COUNTED = ("gradient_descent",)
"""Of these the answer is one thing too: what is beside it a recipe has counted."""


@pytest.mark.parametrize("place", [0, -1])
def test_one_place_left_open_costs_its_part_alone(exercise, right, place):
    quantity = exercise.quantities[place]
    if quantity.key is None or exercise.id in COUNTED:
        return  # the answer is one thing: there is no place in it

    def hole(value):
        if isinstance(value, dict):
            return {**value, quantity.key: None}
        return tuple(None if key == quantity.key else item for key, item in enumerate(value))

    value = answer_of(exercise, right)
    verdict = checked(exercise, hole(value) if exercise.is_value else lambda *given: hole(value(*given)))
    assert verdict.state == "not yet", verdict.message
    lost = [part for part in exercise.parts if quantity.name in part.quantities]
    assert verdict.points == exercise.points - sum(part.points for part in lost)
    assert all(verdict.parts[part.name] == 0 for part in lost)


def test_the_same_answer_has_the_same_verdict(exercise: Exercise):
    form = exercise.misconceptions[0].answers[0]
    first = checked(exercise, answer_of(exercise, form))
    forget_what_was_checked()  # a second check of the same says so
    second = checked(exercise, answer_of(exercise, form))
    assert first == second
    assert first.message == second.message
    assert first.html == second.html


def test_the_judge_draws_other_inputs_from_another_generator(exercise: Exercise):
    if exercise.is_value:
        return  # a value has no inputs

    def drawn(seed):
        return [str(case.arguments) for case in exercise.cases(np.random.default_rng(seed), "")]

    assert drawn(1) == drawn(1)
    assert len(set(drawn(1)) - set(drawn(2))) >= 4


def test_points_are_split_over_named_parts(exercise: Exercise):
    names = [part.name for part in exercise.parts]
    assert len(set(names)) == len(names)
    assert sum(part.points for part in exercise.parts) == exercise.points
    judged = {name for part in exercise.parts for name in part.quantities}
    assert judged == {quantity.name for quantity in exercise.quantities}


def test_it_has_three_hints_a_twin_and_its_misconceptions(exercise: Exercise):
    assert len(set(exercise.hints)) == 3
    assert all(len(hint) > 20 for hint in exercise.hints)
    assert exercise.twin
    assert len(exercise.misconceptions) >= 4
    names = [known.name for known in exercise.misconceptions]
    assert len(set(names)) == len(names)
    advice = [known.advice for known in exercise.misconceptions]
    assert all("?" in words or "is asked" in words for words in advice)
    for words in [*exercise.hints, *advice]:
        assert not {"simply", "obviously", "just"} & set(words.lower().replace(",", " ").split()), words


def test_no_right_answer_is_written_in_the_library(exercise: Exercise):
    for folder in LESSONS_WITH_EXERCISES:
        lesson = import_module(f"lecture_lib.lessons.{folder}.exercises")
        names = [name for name, _ in inspect.getmembers(lesson)]
        assert "solution" not in " ".join(names).lower()
        for name, found in inspect.getmembers(lesson, inspect.isfunction):
            assert name not in exercise.functions, (lesson, found)


def test_every_lesson_file_is_registered():
    assert len(LESSONS_WITH_EXERCISES) >= 4
    registered = {
        exercise.id
        for folder in LESSONS_WITH_EXERCISES
        for exercise in import_module(f"lecture_lib.lessons.{folder}.exercises").EXERCISES
    }
    assert registered == set(EXERCISES)


CONTRACT = {
    "practice": 0,
    "nll": 3,
    "sgd_step": 3,
    "numeric_gradient": 4,
    "softmax": 2,
    "softmax_layer_gradient": 6,
    "neuron_forward": 2,
    "neuron_gradients": 6,
    "fan_out": 4,
    "backward_order": 2,
    "mul_vjp": 1,
    "matvec_vjp": 3,
    "relu_vjp": 1,
    "softmax_vjp": 3,
    "topological_order": 3,
    "backward": 5,
    "gradient_check": 2,
    "encode": 3,
    "mlp_forward": 5,
    "forward_by_hand": 4,
    "backward_by_hand": 4,
    "mlp_gradients": 8,
    "errata": 4,
    "gradient_descent": 4,
    "converged": 2,
    "early_stopping": 2,
    "minibatches": 3,
    "schedules": 3,
    "adam_step": 4,
    "grid": 2,
    "select_best": 2,
}
"""The points that gradebooks count on: whoever changes an exercise's points says so here, too."""


def test_the_points_are_those_of_the_contract():
    assert {id: EXERCISES[id].points for id in CONTRACT} == CONTRACT
