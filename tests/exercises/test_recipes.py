"""An argument that is a function or a graph travels as a recipe, and is made anew for each call."""

import numpy as np
import pytest

from lecture_lib.exercises import LocalAnswer, Made, Recipe, register_recipes
from lecture_lib.exercises.plain import Foreign, changes, plain
from lecture_lib.exercises.plain_words import short
from lecture_lib.exercises.recipes import RECIPES


def _scaled(factor):
    return lambda theta: factor * theta


class Node:
    def __init__(self, *parents):
        self.parents = parents


def _pair():
    leaf = Node()
    root = Node(leaf)
    return Made(root, (leaf, root))


@pytest.fixture(autouse=True)
def makers(monkeypatch):
    monkeypatch.setitem(RECIPES, "scaled", _scaled)
    monkeypatch.setitem(RECIPES, "pair", _pair)


def test_an_answer_is_handed_the_function_that_a_recipe_stands_for():
    outcome = LocalAnswer(lambda f, x: f(x) + 1).call((Recipe("scaled", (3.0,)), 2.0))
    assert outcome.value == 7.0
    assert outcome.changed == ()


def test_nodes_come_back_by_their_numbers_in_lists_and_as_keys():
    def answer(root):
        return [root.parents[0], root], {root: 1.0, root.parents[0]: np.ones(2)}

    order, gradients = LocalAnswer(answer).call((Recipe("pair"),)).value
    assert order == [Foreign("node 0"), Foreign("node 1")]
    assert list(gradients) == [Foreign("node 1"), Foreign("node 0")]


def test_a_node_of_ones_own_has_no_number():
    outcome = LocalAnswer(lambda root: [Node()]).call((Recipe("pair"),))
    assert outcome.value == [Foreign("a Node")]


def test_recipes_of_other_parts_are_not_the_same():
    one, two = Recipe("scaled", (np.ones(2),)), Recipe("scaled", (np.zeros(2),))
    assert changes(plain(one), one) == []
    assert changes(one, two) == [()]


def test_a_recipe_is_said_in_its_words():
    assert short((Recipe("scaled", (3.0,), "f(θ) = 3θ"), 2.0)) == "(f(θ) = 3θ, 2.0)"


def test_a_name_belongs_to_one_maker():
    with pytest.raises(ValueError, match="two recipes of the name 'scaled'"):
        register_recipes({"scaled": _pair})
