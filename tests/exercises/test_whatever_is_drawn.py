"""No wrong answer passes because of the inputs that happened to be drawn for the grading."""

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
DRAWN = [id for id, exercise in EXERCISES.items() if not exercise.is_value]


def drawn(id, seed):
    return tuple(EXERCISES[id].cases(rng_from(f"grade {seed} {id}"), "s1234"))


def the_same_whatever_is_drawn(id):
    """The cases that two draws share."""
    pairs = zip(drawn(id, 0), drawn(id, 1), strict=False)
    return tuple(
        one for one, other in pairs if not changes(*(plain(dict(c.arguments)) for c in (one, other)))
    )


def wrong_forms(id):
    """Every known wrong form, and every wrong answer that the tests have, by a name."""
    for known in EXERCISES[id].misconceptions:
        yield from ((f"{known.name} {place}", form) for place, form in enumerate(known.answers))
    for answer in [row[0] for row in WRONG.get(id, [])] + [row[1] for row in NAMED if row[0] == id]:
        yield answer.__name__, answer() if id == "schedules" else answer


@pytest.mark.parametrize("id", DRAWN)
def test_no_wrong_answer_passes_whatever_is_drawn(id, monkeypatch):
    """Most fail in the cases that nobody draws; those which do not are tried on many draws."""
    monkeypatch.setattr(
        judging, "recognise", lambda attempt, faults: ((), ())
    )  # what it is called costs time

    def passes(form, cases):
        answers = [LocalAnswer(one, exercise.may_use) for one in each_of(exercise, answer_of(exercise, form))]
        return judging.judge_cases(exercise, answers, cases).state == "passed"

    exercise, fixed = EXERCISES[id], the_same_whatever_is_drawn(id)
    by_luck = [(name, form) for name, form in wrong_forms(id) if not fixed or passes(form, fixed)]
    draws = [drawn(id, seed) for seed in range(min(SEEDS, SLOW.get(id, CALLS) // max(1, len(by_luck))))]
    assert [name for name, form in by_luck if any(passes(form, cases) for cases in draws)] == []
