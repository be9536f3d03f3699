"""The scrubber and the graph whose numbers one sets: each state is a walk's step, drawn from the record."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.explore import Slider, explore_graph, numbers, scrubber


def neuron(x=2.0, w=0.5, b=-0.2, y=2.0):
    c = (ll.parameter(w, "w") * ll.data(x, "x")).named("c")
    d = (c + ll.parameter(b, "b")).named("d")
    return ((ll.data(y, "y") - d).named("e") ** 2).named("loss")


def test_the_scrubber_has_a_state_before_the_first_step_and_one_after_each():
    record = ll.backward(neuron())
    explorer = scrubber(record)
    (steps,) = explorer.controls
    assert len(steps.options) == len(record.steps) + 1
    assert explorer.state == {"step": 0}


def test_every_step_both_ways_has_its_own_picture_and_caption():
    explorer = scrubber(ll.backward(neuron()))
    steps = range(len(explorer.controls[0].options))
    there = [explorer.answer({"at": [step], "want": "picture"}) for step in steps]
    back = [explorer.answer({"at": [step], "want": "picture"}) for step in reversed(steps)]
    assert there == back[::-1]
    assert len({answer["html"] for answer in there}) == len(steps)
    assert len({answer["caption"] for answer in there}) == len(steps)


def test_what_is_read_out_is_the_step_and_what_it_does():
    explorer = scrubber(ll.backward(neuron()))
    answer = explorer.answer({"at": [1], "want": "picture"})
    assert answer["caption"] == "Step 1 of 9, forward: c = w × x is computed."


def test_the_words_hold_the_formula_with_the_real_numbers_of_the_step():
    explorer = scrubber(ll.backward(neuron()))
    assert "c = w × x = 0.50 × 2.00 = 1.00" in explorer.show(step=1).words
    assert "∂ℓ/∂w = ∂ℓ/∂c × x = −2.40 × 2.00 = −4.80" in explorer.show(step=9).words


def test_a_record_without_gradients_is_walked_forward_only():
    explorer = scrubber(ll.forward(neuron()))
    assert len(explorer.controls[0].options) == 1 + 4
    assert "backward" not in explorer.show(step=4).words


def test_moved_numbers_are_the_graphs_numbers():
    explorer = explore_graph(neuron, x=2.0, w=0.5, b=-0.2, y=2.0)
    assert explorer.state == {"step": 9, "x": 2.0, "w": 0.5, "b": -0.2, "y": 2.0}
    for x, w, b, y in [(1.0, -0.5, 0.3, -1.0), (0.0, 0.5, -0.2, 2.0), (-3.0, 3.0, 3.0, -3.0)]:
        words = explorer.show(x=x, w=w, b=b, y=y).words
        d_w = -2 * (y - w * x - b) * x
        (shown,) = re.findall(r"∂ℓ/∂w = .* = (−?[\d.]+)$", words, re.MULTILINE)
        assert float(shown.replace("−", "-")) == pytest.approx(d_w, abs=0.005)


def test_the_graph_begins_with_everything_computed():
    explorer = explore_graph(neuron, x=2.0, w=0.5, b=-0.2, y=2.0)
    assert explorer.show() == explorer.show(step=9)


def test_a_graph_is_built_once_for_all_its_steps():
    built = []

    def counted(w):
        built.append(w)
        return neuron(w=w)

    explorer = explore_graph(counted, w=0.5)
    for step in range(10):
        explorer.show(step=step, w=1.5)
    assert built == [0.5, 1.5]


def test_a_slider_of_ones_own_and_one_that_begins_far_out():
    explorer = explore_graph(neuron, w=Slider("w", "weight", numbers(-1, 1, 0.25), start=0.25), x=7.0)
    step, w, x = explorer.controls
    assert [option.value for option in w.options][0::4] == [-1.0, 0.0, 1.0]
    assert w.label == "weight"
    assert (x.options[0].value, x.options[-1].value) == (-7.0, 7.0)
    assert step.options[-1].value == 9


def test_a_number_between_the_tenths_is_one_of_its_sliders_values():
    explorer = explore_graph(neuron, b=0.25)
    assert explorer.state["b"] == 0.25
    values = [option.value for option in explorer.controls[1].options]
    assert values == sorted({*numbers(-3, 3, 0.1), 0.25})
    far = [option.value for option in explore_graph(neuron, b=-1234.5).controls[1].options]
    assert far[0] == -1234.5
    assert len(far) < 700


@given(st.floats(-9e5, 9e5).map(lambda start: round(start, 3)))
def test_any_number_has_a_slider_of_some_hundreds_of_short_numbers_on_both_sides_of_0(start):
    options = explore_graph(lambda w: w * w, w=start).controls[1].options
    values = [option.value for option in options]
    assert start in values
    assert values[0] == -values[-1]
    assert 60 < len(values) < 700
    assert max(len(option.text.rpartition(".")[2]) for option in options) <= 3


def test_a_plain_formula_of_arrays_has_a_slider_for_each_entry():
    W = np.array([[0.5, -1.0], [0.0, 0.3]])
    explorer = explore_graph(lambda W, x: ll.tanh(W @ x).sum(), W=W, x=[2.0, 1.0])
    assert [control.label for control in explorer.controls[1:]] == [
        "W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]", "x[0]", "x[1]"
    ]  # fmt: skip
    words = explorer.show(W_0_0=1.0, x_1=-0.5).words
    assert f"{np.tanh(2.5) + np.tanh(-0.15):.2f}" in words
    assert "∂" in words


def test_an_array_too_large_for_sliders_stays_as_it_is():
    explorer = explore_graph(lambda w, x: (w * x).sum(), w=2.0, x=np.arange(20.0))
    assert [control.name for control in explorer.controls] == ["step", "w"]
    assert "380.00" in explorer.show().words


@pytest.mark.parametrize(
    ("given", "said"),
    [("two", "w is 'two'; a number, an array"), (float("nan"), "finite numbers"), ([[1], [1, 2]], "w is")],
)
def test_an_input_that_is_no_number_is_named(given, said):
    with pytest.raises((TypeError, ValueError), match=said):
        explore_graph(lambda w: w * 2, w=given)


def test_a_function_that_forgets_its_inputs_is_told_what_to_give():
    with pytest.raises(TypeError, match="gave int for nodes; a scalar node was expected"):
        explore_graph(lambda w: 3, w=1.0)


def test_every_node_can_be_gone_to_by_name_and_where_it_stands_in_the_picture():
    explorer = explore_graph(neuron, x=2.0, w=0.5, b=-0.2, y=2.0)
    spec = explorer.spec()
    named = {jump["name"] for jump in spec["jumps"]}
    places = spec["picture"]["places"]
    assert named == {place[1] for place in places}
    assert named >= {"w", "c", "d", "loss"}
    for _, _, left, top, width, height, axes in places:
        assert axes == ()
        assert 0 <= left < left + width <= 1
        assert 0 <= top < top + height <= 1
    for jump in spec["jumps"]:
        [[control, step]] = jump["to"]
        assert control == 0
        said = explorer.show(step=step).parts[0].words
        assert jump["name"] in said or "ℓ" in said, "the loss is written ℓ"


def test_a_graph_that_changes_its_operations_is_told_in_the_explorer():
    def fickle(w):
        node = ll.parameter(w, "w") ** 2
        return node + 1 if w > 1 else node

    explorer = explore_graph(fickle, w=0.5)
    w = [option.value for option in explorer.controls[1].options].index(2.0)
    answer = explorer.answer({"at": [0, w], "want": "picture"})
    assert "fickle made a graph with 5 steps, at first it had 3" in answer["error"]
