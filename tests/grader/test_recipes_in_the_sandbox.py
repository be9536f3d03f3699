"""A function that an answer is called with is made in the sandbox, from its recipe."""

import numpy as np

from lecture_grader import Times
from lecture_grader.plan import Ask
from lecture_grader.session import Session
from lecture_lib.exercises import Recipe

ANSWER = "def answer(f, theta):\n    return f(theta)"


def test_an_answer_in_the_sandbox_calls_the_function_that_a_recipe_stands_for(sandbox):
    nothing, squares = np.zeros(2), np.ones(2)
    recipe = Recipe("polynomial", (nothing, squares, nothing, 0.0))
    question = Ask("any", ("answer",), False, ((0, (recipe, np.array([1.0, 3.0]))),))
    session = Session(sandbox, Times())
    try:
        session.run(ANSWER)
        (outcome,) = session.ask(question).outcomes
    finally:
        session.close()
    assert outcome.value == 10.0
    assert outcome.changed == ()
