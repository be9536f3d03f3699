"""Graphs that nobody has drawn before: arrays, long names, huge numbers and none, layers open and closed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.learning import duck_goose, sentence_graph
from lecture_lib.show import graph, scrub
from tests.show.kit import numbers_not_in_words, overlapping_texts, texts, texts_outside, written_in

LAYERS = {"input": "h0", "layer 1": "h", "output": "p", "loss": "loss"}
NAMES = st.sampled_from(["", "", "W", "h0", "x12", "a_rather_long_name", "weights_of_the_second_layer"])
NUMBERS = st.floats(-3, 3) | st.sampled_from([np.nan, np.inf, -1e12, 1e200, -1e-9, 0.0])


@st.composite
def graphs(draw):
    """The root of a graph of numbers, vectors and matrices, with shared nodes; and some of its nodes."""
    size = draw(st.sampled_from([1, 2, 3, 6, 9]))
    vectors = [ll.parameter(draw(st.lists(NUMBERS, min_size=size, max_size=size)), draw(NAMES) or "x")]
    used = {"x"}
    for _ in range(draw(st.integers(1, 7))):
        a, b = draw(st.sampled_from(vectors)), draw(st.sampled_from(vectors))
        W = ll.parameter(np.full((size, size), draw(NUMBERS)), draw(NAMES) or "V")
        made = draw(st.sampled_from([a + b, a * b, a * 2.5, ll.relu(a), ll.tanh(a - b), W @ a, W @ a + b]))
        name = draw(NAMES)
        vectors.append(made if not name or name in used else made.named(name))
        used.add(name)
    return vectors[-1].sum(), vectors


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@settings(max_examples=40)
@given(graphs(), st.data())
def test_any_graph_is_drawn_without_texts_over_each_other_and_told_in_full(made, data):
    root, vectors = made
    record = ll.backward(root)
    ends = [node for node in vectors if node in record.nodes and node.primitive is not None]
    cut = data.draw(st.sets(st.sampled_from(range(len(ends))))) if ends else set()
    layers = {f"layer {i}": ends[i] for i in sorted(cut)} | {"loss": root}
    closed = data.draw(st.sets(st.sampled_from([*layers])))
    step = data.draw(st.none() | st.integers(0, len(record.steps)))
    width = data.draw(st.sampled_from([400.0, 960.0]))
    for chosen in ({}, {"layers": layers, "closed": closed}):
        picture = graph(record, step, max_width=width, **chosen)
        assert overlapping_texts(picture) == []
        assert texts_outside(picture) == []
        assert numbers_not_in_words(picture) == []


def test_a_single_node_and_a_single_edge_are_not_told_as_several():
    p = ll.parameter(1.0, "p")
    assert graph(ll.backward(p)).words.startswith("Computation graph of p: 1 node, 0 edges.")
    assert graph(ll.backward((-p).named("n"))).words.startswith("Computation graph of n: 2 nodes, 1 edge.")


def chain(length):
    node = ll.parameter(1.5, "w")
    for _ in range(length):
        node = ll.tanh(node + 0.25)
    return node.named("loss")


def mlp(depth):
    rng = np.random.default_rng(3)
    h = ll.data(rng.normal(size=3), "x")
    for k in range(1, depth + 1):
        W, b = ll.parameter(rng.normal(size=(3, 3)), f"W{k}"), ll.parameter(rng.normal(size=3), f"b{k}")
        h = ll.relu((W @ h + b).named(f"z{k}")).named(f"h{k}")
    return (h * h).sum().named("loss")


@pytest.mark.parametrize("root", [chain(30), mlp(12)], ids=["a long chain", "a deep network"])
def test_a_long_graph_is_read_row_by_row(root):
    picture = graph(ll.backward(root))
    assert overlapping_texts(picture) == []
    assert texts_outside(picture) == []
    assert numbers_not_in_words(picture) == []


# --- layers -----------------------------------------------------------------------------------------


def duck():
    return ll.backward(sentence_graph(duck_goose())["loss"])


def operations(picture):
    return [line.words for line in written_in(picture) if line.classes in ("op", "ops")]


def test_a_layer_opens_into_its_operations_and_closes_again():
    opened, closed = (graph(duck(), layers=LAYERS, closed=c) for c in ([], ["layer 1"]))
    assert {*LAYERS} <= {*texts(opened)}
    assert "ReLU" in operations(opened)
    assert "ReLU" not in operations(closed)
    assert "layer 1" in texts(closed)
    assert "W b" in texts(closed), "what it has learned stands in it"
    assert graph(duck(), layers=LAYERS) == opened


def test_all_layers_closed_are_one_row_from_input_to_loss():
    picture = graph(duck(), layers=LAYERS, closed=LAYERS)
    titles = [line for line in written_in(picture) if line.classes == "t"]
    assert [line.words for line in sorted(titles, key=lambda line: line.x)] == [*LAYERS]
    assert len({line.y for line in titles}) == 1
    assert operations(picture) == []


def test_a_closed_layer_shows_the_step_that_is_made_in_it():
    record = duck()
    step = 1 + next(i for i, (_, node) in enumerate(record.steps) if node is record.node("z"))
    before, now = (graph(record, k, layers=LAYERS, closed=["layer 1"]) for k in (0, step))
    assert 'r="9"' in now.svg, "the mark of the current step"
    assert 'r="9"' not in before.svg


def test_the_words_say_which_layer_has_which_node_and_which_are_closed():
    said = graph(duck(), layers=LAYERS, closed=["loss"]).words
    assert "layer 1: W, a, b, z and h." in said
    assert "loss (closed, 4 operations): " in said


def test_layers_are_given_by_nodes_as_well_as_by_their_names():
    record = duck()
    by_node = {title: record.node(name) for title, name in LAYERS.items()}
    assert graph(record, layers=by_node) == graph(record, layers=LAYERS)


@pytest.mark.parametrize(
    ("layers", "closed", "message"),
    [
        ({"input": "h9"}, [], "layer 'input' ends at 'h9', which is no node of this graph"),
        ({"output": "p", "layer 1": "h"}, [], "an earlier layer has already; give the layers from the input"),
        (LAYERS, ["layer 2"], "there is no layer 'layer 2'; the layers are input, layer 1, output, loss"),
    ],
)
def test_layers_that_cannot_be_are_refused_with_what_to_do(layers, closed, message):
    with pytest.raises(ValueError, match=message):
        graph(duck(), layers=layers, closed=closed)


def test_a_scrubber_opens_and_closes_layers():
    explorer = ll.scrubber(duck(), layers=LAYERS)
    assert explorer.state == {"step": 0, "open": "every layer"}
    shown = [graph(duck(), 0, layers=LAYERS, closed=c) for c in ([], ["input", "output", "loss"], LAYERS)]
    frames = [scrub(duck(), 0, layers=LAYERS, closed=c) for c in ([], ["input", "output", "loss"], LAYERS)]
    assert [frame.parts[2] for frame in frames] == shown


def test_the_duck_gooses_graph_leaves_room_for_its_controls():
    record = duck()
    picture = graph(record, len(record.steps), layers=LAYERS)
    width, height = (float(part) for part in picture.svg.split('viewBox="0 0 ')[1].split('"')[0].split())
    assert width <= 1018
    assert height * 12 / 13 <= 480, "of 680 that JupyterLab shows in a window of 1280 by 800"


def test_a_result_without_a_name_is_told_beneath_the_picture():
    x = ll.parameter(3.0, "x")
    assert "v1 = x + 2" in texts(graph(ll.forward(((x + 2) * x).named("y"))))


def test_a_layer_that_goes_on_in_another_row_says_so():
    titles = [line.words for line in written_in(graph(duck(), layers=LAYERS)) if line.classes == "k g"]
    assert [title for title in titles if "layer 1" in title] == ["layer 1", "… layer 1"]


def test_no_row_has_the_result_alone():
    for length in range(2, 12):
        *others, result = graph(ll.backward(chain(length)), max_width=420).places
        assert any(abs(middle(one) - middle(result)) < 0.05 for one in others), length


def middle(place):
    """How far down in its picture a place is."""
    return place.top + place.height / 2


def test_a_power_stands_high_in_what_is_told_beneath_the_picture():
    x = ll.parameter(3.0, "x")
    drawn = graph(ll.forward((x**-2 + x**0.5).named("y")))
    assert "^" not in "".join(texts(drawn))
    assert {"v1 = x−2", "v2 = x0.5"} <= {*texts(drawn)}


def test_a_constants_number_is_written_once():
    x = ll.parameter(3.0, "x")
    drawn = texts(graph(ll.backward((x * 2.5).named("y"))))
    assert drawn.count("2.5") == 1
    assert "2.50" not in drawn


def test_a_constant_has_no_gradient_to_be_seen_or_told():
    x = ll.parameter(3.0, "x")
    record = ll.backward(((x * 2) + 7).named("y"))
    for picture in (graph(record), scrub(record, len(record.steps)).parts[1]):
        assert "∂ 3.00" not in texts(picture)
        assert "∂y/∂2" not in picture.words
    assert ll.show.caption(record, 4) == "Step 4 of 5, backward: through y = v1 + 7, a contribution to v1."
