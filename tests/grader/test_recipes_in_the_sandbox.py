"""A function that an answer is called with is made in the sandbox, from its recipe."""

import time
from contextlib import closing

import numpy as np

from lecture_grader import Times
from lecture_grader.grading import StepByStep
from lecture_grader.grading.plan import Ask
from lecture_lib.exercises import Recipe

ANSWER = "def answer(f, theta):\n    return f(theta)"


def test_an_answer_in_the_sandbox_calls_the_function_that_a_recipe_stands_for(sandbox):
    nothing, squares = np.zeros(2), np.ones(2)
    recipe = Recipe("polynomial", (nothing, squares, nothing, 0.0))
    question = Ask("any", ("answer",), False, ((0, (recipe, np.array([1.0, 3.0]))),))
    with closing(StepByStep(sandbox, Times(), time.monotonic() + 60)) as submission:
        submission.run(ANSWER)
        (outcome,) = submission.ask(question).outcomes
    assert outcome.value == 10.0
    assert outcome.changed == ()
