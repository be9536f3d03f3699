"""No wrong answer passes, or earns a part, because of the inputs that happened to be drawn."""

import functools
import sys

import pytest

from lecture_lib.exercises import LocalAnswer, judging
from lecture_lib.exercises.oracles import rng_from
from lecture_lib.exercises.plain import changes, plain
from lecture_lib.lessons import EXERCISES
from tests.exercises.test_every_exercise import answer_of, each_of
from tests.exercises.test_wrong_answers import WRONG
from tests.exercises.test_wrong_gradients import NAMED

SEEDS = 400
CALLS, SLOW = 500, {"backward": 100}
"""So often answers are judged at most: the fewer pass what nobody draws, the more draws they meet."""
CALLS_FOR_A_PART = 300
"""The same, of answers that are right in a part of it."""
BY_LUCK = {"sgd_step": ["rounded 3"]}
"""What may earn a part by luck: once in 100 all drawn entries are near enough to four decimals."""
DRAWN = [id for id, exercise in EXERCISES.items() if not exercise.is_value]


def drawn(id, seed):
    return tuple(EXERCISES[id].cases(rng_from(f"grade {seed} {id}"), "s1234"))


def differ(one, other):
    return bool(changes(*(plain(dict(case.arguments)) for case in (one, other))))


def the_same_whatever_is_drawn(id):
    """The cases that two draws share."""
    return tuple(
        one for one, other in zip(drawn(id, 0), drawn(id, 1), strict=False) if not differ(one, other)
    )


def drawn_alone(id, seed):
    """The cases of a draw without those that nobody draws."""
    pairs = zip(drawn(id, seed), drawn(id, seed + 1), strict=False)
    return tuple(one for one, other in pairs if differ(one, other))


def wrong_forms(id):
    """Every known wrong form, and every wrong answer that the tests have, by a name."""
    for known in EXERCISES[id].misconceptions:
        yield from ((f"{known.name} {place}", form) for place, form in enumerate(known.answers))
    for answer in [row[0] for row in WRONG.get(id, [])] + [row[1] for row in NAMED if row[0] == id]:
        yield answer.__name__, answer() if id == "schedules" else answer


@pytest.fixture(autouse=True)
def _in_time(monkeypatch):
    """What a mistake is called is not looked for, and calls are nested as Python allows: both cost time."""
    monkeypatch.setattr(judging, "recognise", lambda attempt, faults: ((), ()))
    allowed = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)  # where more are, one wrong pass goes through a long chain for many minutes
    yield
    sys.setrecursionlimit(allowed)


def earned(id, form, cases):
    """The parts of which these cases show no mistake."""
    exercise = EXERCISES[id]
    answers = [LocalAnswer(one, exercise.may_use) for one in each_of(exercise, answer_of(exercise, form))]
    verdict = judging.judge_cases(exercise, answers, cases)
    return frozenset(result.name for result in verdict.results if result.state == "passed")


def parts_of(id):
    return frozenset(part.name for part in EXERCISES[id].parts)


@functools.cache
def settled_by_a_draw(id):
    """Each wrong form with the parts of which the cases that nobody draws show no mistake: a draw may."""
    fixed = the_same_whatever_is_drawn(id)
    forms = ((*one, earned(id, one[1], fixed) if fixed else parts_of(id)) for one in wrong_forms(id))
    return [(name, form, parts) for name, form, parts in forms if parts]


@pytest.mark.parametrize("id", DRAWN)
def test_no_wrong_answer_passes_whatever_is_drawn(id):
    """Most fail in the cases that nobody draws; those which do not are tried on many draws."""
    by_luck = [(name, form) for name, form, parts in settled_by_a_draw(id) if parts == parts_of(id)]
    seeds = range(min(SEEDS, SLOW.get(id, CALLS) // max(1, len(by_luck))))
    draws = [drawn(id, seed) for seed in seeds]
    passed = [
        name for name, form in by_luck if any(earned(id, form, cases) == parts_of(id) for cases in draws)
    ]
    assert passed == []


@pytest.mark.parametrize("id", DRAWN)
def test_a_wrong_answer_earns_the_same_points_whatever_is_drawn(id):
    """Whether a part is earned is settled by the cases that nobody draws, or by every draw alike."""
    forms = settled_by_a_draw(id)
    seeds = range(min(SEEDS, CALLS_FOR_A_PART // max(1, len(forms))))
    draws = [drawn_alone(id, seed) for seed in seeds]
    by_luck = [
        name for name, form, parts in forms if len({parts & earned(id, form, cases) for cases in draws}) > 1
    ]
    assert [name for name in by_luck if name not in BY_LUCK.get(id, [])] == []
