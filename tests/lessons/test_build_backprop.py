"""Lesson 04: the replay's first wrong node, a rule beside its measurement, the race, suspects and bugs."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.explore import Explorer
from lecture_lib.lessons.lesson_04.bugs import BUGS
from lecture_lib.lessons.lesson_04.exercises import EXERCISES
from lecture_lib.lessons.lesson_04.product_rules import MATVEC
from lecture_lib.lessons.lesson_04.published import SUSPECTS, _gradient
from lecture_lib.lessons.lesson_04.racing import WIDTHS, Lap, race_picture
from lecture_lib.lessons.lesson_04.replaying import first_wrong_picture, frame
from lecture_lib.lessons.lesson_04.right_passes import BACKWARD
from lecture_lib.lessons.lesson_04.watching import watch
from lecture_lib.lessons.lesson_04.ways_to_order import ORDER

BY_ID = {exercise.id: exercise for exercise in EXERCISES}


def wrong(name, form=0):
    return BY_ID["backward"].misconception(name).answers[form]


def forced():
    """A graph that can be walked in one order only: the loss, c, b, a, x."""
    x = ll.parameter(3.0, "x")
    a = (x**2).named("a")
    b = (a * x).named("b")
    c = (b - a).named("c")
    return (c * b).named("loss")


def vectors():
    x = ll.parameter([1.0, 2.0], "x")
    a = (x**2).named("a")
    b = (a + x).named("b")
    return (b * a).named("c").sum().named("loss")


FIRST_WRONG = {  # on the forced graph: the node, what it had, what was expected
    ("overwrites", 0): ("b", 27.0 - 9.0 + 0.0, 45.0),
    ("no seed of 1", 1): ("loss", 0.0, 1.0),
    ("no seed of 1", 0): ("loss", None, 1.0),
    ("the loss for the seed", 0): ("loss", 486.0, 1.0),
    ("visits in forward order", 0): ("x", None, 1053.0),
    ("visits in forward order", 1): ("x", 0.0, 1053.0),
    ("a second path dropped", 0): ("b", None, 45.0),
    ("set to 0 after the visit", 0): ("loss", 0.0, 1.0),
    ("what arrived is left out", 0): ("c", 1.0, 27.0),
    ("keeps state between two calls", 2): ("loss", 2.0, 1.0),
    ("rules used while visiting", 0): ("b", None, 45.0),
    ("root left out", 0): ("loss", None, 1.0),
}


@pytest.mark.parametrize(("name", "form"), FIRST_WRONG, ids=lambda part: str(part))
def test_the_first_wrong_node_lights_up_with_what_was_expected(name, form):
    node, had, expected = FIRST_WRONG[name, form]
    found = watch(wrong(name, form), forced()).wrong
    assert found is not None
    assert (found.node.name, float(found.expected)) == (node, expected)
    if name in (
        "no seed of 1",
        "the loss for the seed",
        "visits in forward order",
        "what arrived is left out",
    ):
        assert (found.received if found.received is None else float(found.received)) == had
    shown = first_wrong_picture(wrong(name, form))
    assert "Here it first goes wrong" in shown.words
    assert "expected" in shown.parts[1].words


def test_a_replay_says_of_each_visit_what_was_done_in_it():
    def twice_as_much(root):
        gradients = {root: 1.0}
        for node in reversed(ll.topological_order(root)):
            for parent, share in zip(node.parents, node.vjp(gradients[node]), strict=True):
                gradients[parent] = gradients.get(parent, 0.0) + 2 * share
        return gradients

    x = ll.parameter(3.0, "x")
    done = watch(twice_as_much, (-(x**2).named("a")).named("loss"))
    wrong_at, last = done.wrong.visit + 1, len(done.visits)
    assert "Here it first goes wrong: the rule of a is called with −2.00" in frame(done, wrong_at).words
    assert (
        f"It first went wrong at visit {wrong_at}: the rule of a was called with −2.00"
        in frame(done, last).words
    )
    assert "x has nothing to hand on." in frame(done, last).parts[1].words
    only_leaves = watch(lambda root: dict(zip(root.parents, root.vjp(1.0), strict=True)), (-x).named("loss"))
    assert "Then it returned. Here it first goes wrong: loss has nothing" in frame(only_leaves, 1).words


def test_every_known_wrong_backward_has_a_picture_unless_it_is_right_on_small_graphs():
    right_on_small = {"recursion", "every path by itself", "the library's own pass", "writes to a node"}
    right_on_small |= {"multiplied after the rule", "once for each path"}
    right_on_small |= {"one share for an operand used twice"}  # no node of these graphs is its own partner
    right_on_small |= {"a seed with an axis"}  # the numbers that are drawn are right, their shapes are not
    not_drawn = {("the whole tuple for each parent", 0), ("the whole tuple for each parent", 1)}  # no numbers
    not_drawn |= {("handed on before all has arrived", 2)}  # right where each node's paths are as long
    for known in BY_ID["backward"].misconceptions:
        for place, form in enumerate(known.answers):
            expected = known.name in right_on_small or (known.name, place) in not_drawn
            assert (first_wrong_picture(form) is None) == expected, (known.name, place)


def test_a_node_that_is_visited_twice_is_blamed_only_where_that_is_what_went_wrong():
    def asks_twice_and_overwrites(root):
        gradients = {root: 1.0}
        for node in reversed(ll.topological_order(root)):
            node.vjp(gradients[node])
            gradients |= dict(zip(node.parents, node.vjp(gradients[node]), strict=True))
        return gradients

    assert watch(asks_twice_and_overwrites, forced()).wrong.why.endswith("the last of them is in there.")


def test_what_is_no_dict_is_not_called_one():
    def values_alone(root):
        return list(true_backward(root).values())

    true_backward = BACKWARD.changed()
    assert watch(values_alone, forced()).wrong.why == "What was returned is no dict from nodes to gradients."


def test_an_array_that_is_written_into_is_found():
    found = watch(wrong("+= into a shared array"), vectors()).wrong
    assert found.node.name in ("a", "b")
    assert "+=" in found.why


def test_what_a_right_backward_did_is_replayed_to_its_end():
    shown = ll.replay(BACKWARD, forced())
    assert isinstance(shown, Explorer)
    assert shown.state == {"visit": 5}
    assert "Every gradient is right, at a second call too." in shown.words
    assert shown.show(visit=0).parts[0].words == "Before the first visit."
    assert shown.show(visit=1).parts[0].words == (
        "Visit 1 of 5: loss is visited with 1.00, and hands 27.00 to c, 18.00 to b."
    )
    for visit in range(6):  # four values and the seed come first
        assert f"\nStep {5 + visit} of 10, backward: " in shown.show(visit=visit).parts[1].words
    answer = shown.answer({"at": [2], "want": "picture"})
    assert answer["caption"] == "Visit 2 of 5: c is visited with 27.00, and hands 27.00 to b, −27.00 to a."
    assert shown.state == {"visit": 2}


def test_the_replay_of_a_wrong_backward_begins_at_the_first_wrong_node():
    shown = ll.replay(wrong("overwrites"), forced())
    assert shown.state == {"visit": 3}
    said = shown.show(visit=3).parts[0].words
    assert (
        "the rule of b is called with 27.00, and 45.00 was expected. 2 contributions were handed to it"
        in said
    )
    assert "goes wrong" not in shown.show(visit=2).parts[0].words
    assert "Wrong: the gradient of b; 45.00 was expected." in shown.show(visit=3).parts[1].words


def test_a_backward_that_stops_or_is_not_written_says_so():
    def unwritten(root):
        raise NotImplementedError("write your answer here")

    def stops(root):
        root.vjp(1.0)
        return 1 / 0

    def empty(root):
        pass

    def asks_another(root):
        return unwritten(root)

    waits = "not attempted: there is nothing to replay."
    assert ll.replay(unwritten, forced()).words == f"{waits} unwritten is not written yet."
    assert ll.replay(asks_another, forced()).words == f"{waits} unwritten is not written yet."
    assert ll.replay(empty, forced()).words == f"{waits} empty has handed nothing back yet."
    x = ll.parameter(2.0, "x")
    by_own_rule = ll.operation(6.0, (x,), unwritten, "mine").named("loss")
    assert ll.replay(BACKWARD, by_own_rule).words == f"{waits} unwritten is not written yet."
    assert (
        ll.lecture_gradients(unwritten, by_own_rule).words == "not attempted: unwritten is not written yet."
    )
    assert "Then it stopped: ZeroDivisionError: division by zero." in ll.replay(stops, forced()).words


def test_a_node_that_is_watched_says_what_it_has_as_a_graded_one_does():
    def of_its_shape(root):
        return {root: np.ones(root.shape)}

    said = ll.replay(of_its_shape, forced()).words
    assert "AttributeError: a node here has .value, .parents and .vjp, and no .shape" in said


def test_a_way_back_from_a_vector_is_refused_whatever_the_backward_is():
    for ask in (ll.replay, ll.lecture_gradients):
        with pytest.raises(ll.ShapeError, match=r"c has shape \(2,\); the way back begins at a scalar"):
            ask(BACKWARD, vectors().parents[0])


@pytest.mark.parametrize(("given", "said"), [(None, "None"), ("27", "a text"), ([1.0, None], "a list of 2")])
def test_what_stands_for_a_gradient_and_is_no_number_is_said_to_be_what_it_is(given, said):
    def spoils_one(root):
        return {node: given if node.name == "b" else d for node, d in BACKWARD(root).items()}

    found = watch(spoils_one, forced()).wrong
    assert (found.node.name, found.received) == ("b", None)
    assert found.why == f"In the dict that was returned, {said} stands for it, and no numbers."


def test_a_check_that_is_not_passed_shows_the_picture():
    verdict = ll.check("backward", wrong("overwrites"))
    assert "<img" in verdict.html
    assert "Here it first goes wrong" in verdict.message
    assert "<img" not in ll.check("backward", BACKWARD.changed()).html


def test_a_rule_stands_beside_what_moving_says():
    table = ll.try_rule(
        lambda d_out, a, b: (d_out * a, d_out), np.multiply, d_out=[1.0, 2.0], a=[3.0, 4.0], b=[5.0, 6.0]
    )
    assert table.rows[0] == ["d_a", "[3.00, 8.00]", "[5.00, 12.00]", "4.0000"]
    assert (
        "its shape is (2,), not ()" in ll.try_rule(lambda d, a: np.ones(2), np.square, d_out=1.0, a=2.0).words
    )
    assert "TypeError" in ll.try_rule(lambda d: d, np.square, d_out=1.0, a=2.0).words
    assert ll.try_rule(lambda d, a: None, np.square, d_out=1.0, a=2.0).words.startswith("not attempted")
    assert (
        "2 things; one for each of a" in ll.try_rule(lambda d, a: (d, a), np.square, d_out=1.0, a=2.0).words
    )
    odd = ll.try_rule(lambda d, a, b: (d * b, None), np.multiply, d_out=1.0, a=2.0, b=3.0)
    assert odd.rows[1] == ["d_b", "None", "2.00", "it is no array of numbers"]
    for value, said in ((np.nan, "NaN"), (-np.inf, "∞"), (1e9, "1.0 × 10⁹")):
        row = ll.try_rule(lambda d, a, value=value: value, np.square, d_out=1.0, a=2.0).rows[0]
        assert row[-1] == said
    one = ll.try_rule(lambda d, a, b: d * a, np.multiply, d_out=1.0, a=2.0, b=3.0).words
    assert one == "The rule gave one thing; one for each of a, b was expected."


def test_a_node_with_a_rule_of_ones_own_is_walked_like_any_other():
    W, x = ll.parameter(np.arange(6.0).reshape(2, 3), "W"), ll.data([1.0, -1.0, 2.0], "x")
    z = ll.operation(W.value @ x.value, (W, x), lambda d: MATVEC(d, W.value, x.value), "@").named("z")
    mine, theirs = ll.backward(z.sum()), ll.backward((W @ x).sum())
    assert np.array_equal(mine[W], theirs[W])
    assert np.array_equal(BACKWARD(z.sum())[W], theirs[W])
    assert "z = W @ x" in ll.graph(mine).words
    with pytest.raises(TypeError, match="parents are nodes"):
        ll.operation(1.0, (2.0,), lambda d: (d,))


def test_the_race_is_measured_until_it_is_stopped():
    ticks = itertools.count()

    def clock():
        return next(ticks) * 0.001

    whole = ll.race(BACKWARD, sizes=(10, 100), clock=clock, seconds=100.0, progress_bar=False)
    assert [row[0] for row in whole.parts[-1].rows] == ["10", "100"]
    assert "your backward" in whole.words
    assert "(scaled)" not in whole.words
    scaled = ll.race(None, sizes=(100,), clock=clock, seconds=0.02, progress_bar=False)
    assert "(scaled)" in scaled.words
    assert "the library's backward" in scaled.words

    calls = itertools.count()

    def stopped(root):
        if next(calls) > 8:
            raise KeyboardInterrupt
        return BACKWARD(root)

    kept = ll.race(stopped, sizes=(10, 100, 1_000), clock=clock, seconds=0.05, progress_bar=False)
    assert 0 < len(kept.parts[-1].rows) < 3


def test_the_races_networks_have_as_many_parameters_as_they_say():
    for parameters, (inputs, hidden) in WIDTHS.items():
        assert hidden * inputs + hidden + 2 * hidden == parameters


def test_the_race_draws_what_was_measured_and_goes_on_to_a_language_model():
    laps = [Lap(10, 1e-3, 1e-4, 10), Lap(100, 1e-2, 1e-4, 100), Lap(1_000, 1e-1, 1e-4, 50)]
    shown = race_picture(laps, "your backward")
    assert "With 1,000 parameters: 100 ms by moving each of them, 0.1 ms" in shown.words
    assert "155,27" in shown.words  # 0.1 s · (7e9 / 1000)²
    assert "moving each rises from 0.001 " in shown.parts[1].words
    assert "stopped before" in race_picture([]).words


@pytest.mark.parametrize(("ratio", "said"), [(0.3421, "0.34"), (1.0, "1"), (9.876, "9.9"), (1234.4, "1,234")])
def test_how_many_times_as_fast_has_two_digits_below_ten(ratio, said):
    shown = race_picture([Lap(10, 1e-4 * ratio, 1e-4, 10)])
    assert f": {said} times as fast." in shown.words
    assert shown.parts[-1].rows[0][-1] == said


@given(st.floats(1e-6, 1e9))
def test_no_time_is_written_with_an_e(seconds):
    assert "e+" not in race_picture([Lap(10, seconds, seconds, 10)]).parts[-1].rows[0][1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.zeros((4, 3)), "an array of shape (4, 3); one number was expected"),
        ((True, 0.1), "a tuple of 2; one number was expected"),
        ("ok", "a text; one number was expected"),
        (True, "True, a bool; one number was expected"),
    ],
)
def test_a_check_that_gives_the_suspects_no_number_is_told_what_was_expected(given, said):
    assert f"Of suspect A the check gave {said}" in ll.suspects(lambda f, gradient, theta: given).words


def test_a_check_that_stops_at_a_suspect_is_told_where():
    words = ll.suspects(lambda f, gradient, theta: gradient(theta)["w"]).words
    assert words.startswith("The check stopped at suspect A: IndexError: ")
    assert [row[2:] for row in ll.suspects(lambda *given: np.array(np.nan)).rows] == [["NaN", "NaN"]] * 4


def test_the_suspects_are_found_but_for_the_one_whose_loss_is_wrong():
    table = ll.suspects(ll.gradient_error)
    errors = {row[0]: (float(row[2]), float(row[3])) for row in table.rows}
    assert errors["A"][0] > 0.1
    assert errors["B"][0] > 0.1
    assert max(errors["C"]) < 1e-6
    assert errors["D"][0] < 1e-6 < 0.1 < errors["D"][1]
    assert set(errors) == set(SUSPECTS)
    for name in SUSPECTS:
        assert f"Suspect {name}" in ll.suspect(name).words
    assert ll.suspects(lambda f, gradient, theta: None).words.startswith("not attempted")


def test_relu_of_the_gradient_is_half_right_and_trains():
    values = {row[0]: float(row[1].rstrip("%")) for row in ll.half_right().rows}
    assert 0.4 < values["cosine between the two gradients"] < 0.65
    assert 48 < values["entries with the right sign"] < 60
    assert (
        values["loss after 100 steps, true gradient"] < values["loss after 100 steps, ReLU of the gradient"]
    )
    assert values["loss after 100 steps, ReLU of the gradient"] < values["loss at first"] / 2


def test_for_one_example_relu_of_the_gradient_turns_no_sign_and_in_a_sum_over_several_it_may():
    rng = np.random.default_rng(1)
    W, V, x = rng.normal(size=(1, 8, 5)), rng.normal(size=(1, 3, 8)), rng.normal(size=(6, 5, 1))
    y = np.eye(3)[[0, 1, 2, 0, 1, 2]][..., None]
    true, wrong = (_gradient(W, V, x, y, masked) for masked in (True, False))
    assert (true * wrong >= 0).all()
    assert (true.sum(axis=0) * wrong.sum(axis=0) < 0).any()


STARTS = {
    "backward overwrites instead of adding": ("backward", "e"),
    "relu_vjp has no mask": ("relu_vjp", "z"),
}
STARTS |= {"matvec_vjp uses W for its transpose": ("matvec_vjp", "h")}
STARTS |= {"backward walks in forward order": ("backward", "b")}


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_turns_its_own_check_red_and_starts_at_its_own_node(bug):
    explorer = ll.explore_bugs()
    place = list(BUGS).index(bug)
    answer = explorer.answer({"at": [place], "want": "picture"})
    assert explorer.state == {"bug": bug}
    if bug == "none":
        assert answer["caption"] == "Every check passes, and every gradient is right."
        return
    check, node = STARTS[bug]
    assert answer["caption"].startswith(f"Failing: {check}, gradient check of the whole network.")
    assert f"{node} is the first wrong node" in answer["caption"]
    assert answer["html"].count("✗ fails") == 2


def test_all_of_the_lectures_gradients_come_out():
    example = ll.duck_goose()
    graph = ll.sentence_graph(example)
    table = ll.lecture_gradients(BACKWARD, graph["loss"])
    assert [row[3] for row in table.rows] == ["✓ the same"] * 9
    worse = ll.lecture_gradients(lambda root: {**BACKWARD(root), root.parents[0]: 1.0}, graph["loss"])
    assert "the same" in worse.words


def test_the_order_of_the_lessons_own_answer_is_an_order():
    place = {node: k for k, node in enumerate(ORDER(forced()))}
    assert all(place[parent] < place[node] for node in place for parent in node.parents)


def test_of_a_rule_that_is_given_1_it_is_said_what_it_was_given_and_not_what_the_node_has():
    """In the answer's own dict the gradient of the node may be right."""

    def gives_1(root):
        gradients = {root: 1.0}
        for node in reversed(ORDER(root)):
            for parent, d_parent in zip(node.parents, node.vjp(1.0), strict=True):
                gradients[parent] = gradients.get(parent, 0) + d_parent
        return gradients

    x = ll.parameter(3.0, "x")
    words = frame(done := watch(gives_1, ll.square((2 * x).named("e"))), len(done.visits)).words
    assert "the rule of e was called with 1.00, and 12.00 was expected" in words
    assert "e has 1.00" not in words
