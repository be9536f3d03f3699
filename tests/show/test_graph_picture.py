"""The drawn graph: what it shows, at every step, in the drawing and in words."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.learning import duck_goose, sentence_graph
from lecture_lib.show import Group, Picture, graph, scrub
from lecture_lib.show.graph_parts import RADIUS
from lecture_lib.show.known import names_of
from lecture_lib.show.svg import BACKWARD, FORWARD, WRONG, formula
from tests.show.kit import texts, written_in

SVG = "{http://www.w3.org/2000/svg}"


def neuron(x=2.0, w=0.5, b=-0.2, y=2.0):
    x, w, b, y = ll.data(x, "x"), ll.parameter(w, "w"), ll.parameter(b, "b"), ll.data(y, "y")
    c = (w * x).named("c")
    d = (c + b).named("d")
    e = (y - d).named("e")
    return (e**2).named("loss")


def duck_record(**options):
    return ll.backward(sentence_graph(duck_goose(), **options)["loss"])


@st.composite
def expressions(draw):
    """The root of a random graph of scalars, with shared nodes and names here and there."""
    nodes = [ll.parameter(draw(st.floats(-2, 2)), "w"), ll.data(draw(st.floats(0.5, 2)), "x")]
    for i in range(draw(st.integers(0, 7))):
        a, b = draw(st.sampled_from(nodes)), draw(st.sampled_from(nodes))
        kind = draw(st.sampled_from(["+", "-", "*", "tanh", "relu", "square", "+1"]))
        made = {
            "+": lambda a=a, b=b: a + b,
            "-": lambda a=a, b=b: a - b,
            "*": lambda a=a, b=b: a * b,
            "tanh": lambda a=a: ll.tanh(a),
            "relu": lambda a=a: ll.relu(a),
            "square": lambda a=a: a**2,
            "+1": lambda a=a: a + 1,
        }[kind]()
        nodes.append(made.named(f"n{i}") if draw(st.booleans()) else made)
    return nodes[-1]


# --- what is seen -----------------------------------------------------------------------------------


def test_every_edge_of_the_neuron_shows_its_value_and_its_contribution():
    shown = texts(graph(ll.backward(neuron())))
    for label in ("w=0.50", "x=2.00", "c=1.00", "b=−0.20", "d=0.80", "y=2.00", "e=1.20", "loss=1.44"):
        assert shown.count(label) == 1
    contributions = [label for label in shown if label.startswith("∂ ") and "=" not in label]
    expected = ["−4.80", "−1.20", "−2.40", "−2.40", "2.40", "−2.40", "2.40", "1.00"]
    assert sorted(contributions) == sorted(f"∂ {number}" for number in expected)


def test_values_are_blue_and_contributions_orange_and_bold():
    line = {line.words: line for line in written_in(graph(ll.backward(neuron())))}
    assert (line["c=1.00"].fills, line["c=1.00"].classes) == ({FORWARD}, "n")
    assert (line["∂ −4.80"].fills, line["∂ −4.80"].classes) == ({BACKWARD}, "n g")


def test_a_node_used_twice_shows_a_contribution_on_each_edge_and_their_sum_beneath():
    x = ll.parameter(3.0, "x")
    shown = texts(graph(ll.backward(((x + 1) * x**2).named("loss"))))
    assert "∂ 9.00" in shown
    assert "∂ 24.00" in shown
    assert "Σ ∂ 33.00" in shown


def test_an_operand_used_twice_by_one_operation_has_two_edges():
    x = ll.parameter(3.0, "x")
    shown = texts(graph(ll.backward((x * x).named("loss"))))
    assert shown.count("x=3.00") == 2
    assert shown.count("∂ 3.00") == 2
    assert "Σ ∂ 6.00" in shown


def test_a_graph_without_backward_pass_shows_no_gradient_at_all():
    picture = graph(ll.forward(neuron()))
    assert not [text for text in texts(picture) if "∂" in text]
    assert "gradients not computed" in picture.words


def test_vectors_and_matrices_are_written_out_and_large_ones_show_their_shape():
    W, x = ll.parameter(np.arange(6.0).reshape(2, 3), "W"), ll.data([1.0, -0.5, 2.0], "x")
    shown = texts(graph(ll.forward((W @ x).named("z"))))
    assert {"0.00", "1.00", "2.00", "3.00", "4.00", "5.00", "−0.50"} <= set(shown)
    big = ll.parameter(np.ones((64, 128)), "W") @ ll.data(np.ones(128), "x")
    assert {"W=(64, 128)", "x=(128,)"} <= set(texts(graph(ll.forward(big.sum()))))


def test_nodes_without_a_name_get_one_that_is_free_and_constants_show_their_number():
    v1 = ll.parameter(2.0, "v1")
    shown = texts(graph(ll.forward(ll.exp(v1 * 3.0))))
    assert "v2=6.00" in shown, "v1 is taken"
    assert "3" in shown


def test_a_single_leaf_can_be_drawn():
    picture = graph(ll.backward(ll.parameter(2.0, "w")))
    assert texts(picture)[:4] == ["w=2.00", "∂ 1.00", "w", "w"], "the parameter, and the result that it is"
    assert "w (parameter) = 2.00; ∂w/∂w = 1.00" in picture.words


def test_symbols_fit_into_their_operations():
    loss = duck_record().root
    picture = graph(ll.forward(ll.softmax(ll.data([1.0, 2.0], "o"))[0] * loss))
    root = ET.fromstring(picture.svg)
    pills = [r for r in root.iter(f"{SVG}rect") if r.get("rx") == "20"]
    assert pills, "softmax and ReLU are too long for a circle"
    for symbol in ("softmax", "ReLU"):
        assert symbol in texts(picture)


def symbols(picture: Picture) -> list[str]:
    return [line.words for line in written_in(picture) if line.classes in ("op", "ops")]


def test_a_product_of_matrices_shows_the_names_of_what_is_multiplied():
    shown = symbols(graph(duck_record()))
    assert "W h0" in shown
    assert "U h" in shown
    assert "Wx" not in shown


def test_a_product_shows_what_is_multiplied_or_its_symbol_where_a_name_is_long():
    W, x = ll.parameter(np.ones((2, 2)), "W"), ll.data(np.ones(2), "x")
    assert "W x" in symbols(graph(ll.forward(W @ x)))
    assert "W v1" in symbols(graph(ll.forward(W @ ll.relu(x))))
    assert "weights x" in symbols(graph(ll.forward(ll.parameter(np.ones((2, 2)), "weights") @ x)))
    assert "Wx" in symbols(graph(ll.forward(ll.parameter(np.ones((2, 2)), "layer_weights") @ x)))
    assert "v1 W" in symbols(graph(ll.forward(W.T @ W)))
    assert "W W" in symbols(graph(ll.forward(W @ W)))


def test_an_index_of_letters_stands_low_and_what_is_transposed_stays_a_name():
    X, W_Q = ll.data(np.ones((2, 2)), "X"), ll.parameter(np.ones((2, 2)), "W_Q")
    picture = graph(ll.forward((X @ W_Q).named("Q").T @ X))
    assert {"WQ", "X WQ", "v1 = Qᵀ"} <= {*texts(picture)}
    assert "W_Q" in picture.words, "as it is typed"
    assert formula("Kᵀ").startswith(formula("K"))


def test_a_key_that_has_no_room_for_all_results_says_that_there_are_more():
    node = ll.parameter(0.5, "w")
    for _ in range(58):
        node = ll.tanh(node)
    assert texts(graph(ll.forward(node)))[-1] == "…"


@given(
    st.text("WUhXab0123456789_", min_size=1, max_size=6), st.text("WUhxab0123456789_", min_size=1, max_size=6)
)
def test_the_names_in_an_operation_fit_into_it(first, second):
    W, x = ll.parameter(np.ones((2, 2)), first), ll.data(np.ones(2), second)
    (symbol,) = (line for line in written_in(graph(ll.forward(W @ x))) if line.classes in ("op", "ops"))
    assert symbol.width <= (1.7 * RADIUS if symbol.classes == "op" else 64)


def test_the_title_and_the_description_of_the_drawing_are_there_for_screen_readers():
    picture = graph(ll.backward(neuron()))
    root = ET.fromstring(picture.svg)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Computation graph of loss"
    assert root.find(f"{SVG}desc").text == picture.words


def test_names_with_signs_of_markup_are_written_safely():
    node = (ll.parameter(1.0, "<w> & 'x'") * 2.0).named('"quoted"')
    picture = graph(ll.backward(node))
    assert "<w> & 'x'" in texts(picture)
    assert '"quoted"' in picture.words
    assert "<w>" not in picture.html


def test_a_graph_too_large_to_read_is_refused_with_what_to_do():
    x = ll.parameter(1.0, "x")
    for _ in range(200):
        x = x + 1
    with pytest.raises(ValueError, match=r"401 nodes; at most 150.*smaller example"):
        graph(ll.forward(x))


@pytest.mark.parametrize("in_steps", [False, True])
def test_the_lessons_graphs_are_no_wider_than_a_notebook(in_steps):
    picture = graph(duck_record(softmax_in_steps=in_steps))
    width = float(ET.fromstring(picture.svg).get("width"))
    assert width <= 1030, "shown at 900 pixels, its 12 pixel numbers are still larger than 10"
    assert float(ET.fromstring(graph(ll.backward(neuron())).svg).get("width")) <= 900


# --- step by step -----------------------------------------------------------------------------------


def test_the_steps_show_only_what_is_known_by_then():
    record = ll.backward(neuron())
    before = texts(graph(record, 0))
    assert "x=2.00" in before
    assert "c=·" in before
    assert "c=1.00" not in before
    assert before.count("∂ ·") == 8
    third = texts(graph(record, 3))
    assert {"c=1.00", "d=0.80", "e=1.20"} <= set(third)
    assert "loss=1.44" not in third
    sixth = texts(graph(record, 6))
    assert {"∂ 1.00", "∂ 2.40", "loss=1.44"} <= set(sixth)
    assert "∂ −4.80" not in sixth


def test_after_the_last_step_all_is_shown_that_the_whole_picture_shows():
    record = duck_record(softmax_in_steps=True)
    assert sorted(texts(graph(record, len(record.steps)))) == sorted(texts(graph(record)))


def test_the_sum_on_a_shared_node_appears_when_its_last_contribution_has_come():
    record = duck_record(softmax_in_steps=True)
    exp = record.node("e")
    steps = enumerate(record.steps, 1)
    arrivals = [k for k, (kind, node) in steps if kind == "backward" and exp in node.parents]
    sums = [[text for text in texts(graph(record, k)) if text.startswith("Σ ∂ ·")] for k in arrivals]
    assert len(arrivals) == 2
    assert sums[0]
    assert not sums[1]


@settings(max_examples=30)
@given(expressions())
def test_all_steps_have_the_same_size_and_everything_at_the_same_place(root):
    record = ll.backward(root)
    drawings = [ET.fromstring(graph(record, k).svg) for k in range(len(record.steps) + 1)]
    assert len({drawing.get("viewBox") for drawing in drawings}) == 1
    # every path between nodes is the same curve in every picture
    curves = [
        sorted(
            p.get("d")
            for p in drawing.iter(f"{SVG}path")
            if p.get("stroke-width") and p.get("fill") == "none"
        )
        for drawing in drawings
    ]
    bare = [[c for c in each if "C" in c or re.match(r"^M[\d.,]+ H", c)] for each in curves]
    assert all(each == bare[0] for each in bare)


@settings(max_examples=30)
@given(expressions(), st.data())
def test_a_step_is_drawn_the_same_whichever_way_one_comes_to_it(root, data):
    record = ll.backward(root)
    step = st.integers(0, len(record.steps))
    first, other = data.draw(step), data.draw(step)
    once = graph(record, first)
    graph(record, other)
    assert graph(record, first) == once


@settings(max_examples=30)
@given(expressions())
def test_every_step_of_any_graph_is_well_formed_and_says_what_is_not_computed(root):
    record = ll.backward(root)
    for step in range(len(record.steps) + 1):
        frame = scrub(record, step)
        for part in frame.parts:
            if isinstance(part, Picture):
                ET.fromstring(part.svg)
        unfinished = step < len(record.steps)
        assert ("not computed" in frame.parts[2].words) == unfinished


@settings(max_examples=30)
@given(expressions())
def test_contributions_on_edges_add_up_to_the_gradients_in_words(root):
    record = ll.backward(root)
    for node in record.nodes:
        arrived = record.contributions(node)
        if node is not root:
            total = sum(float(contribution.value) for contribution in arrived)
            assert np.isclose(total, float(record[node]), atol=1e-12)
        named = ll.show.value_words(record[node])
        assert f" = {named}" in graph(record).words


def test_the_current_step_is_marked_by_more_than_its_colour():
    record = ll.backward(neuron())
    for step in range(1, len(record.steps) + 1):
        root = ET.fromstring(graph(record, step).svg)
        badges = [circle for circle in root.iter(f"{SVG}circle") if circle.get("r") == "9"]
        assert len(badges) == 1
        thick = [e for e in root.iter() if e.get("stroke-width") == "3.4"]
        assert len(thick) == 1
        if record.steps[step - 1].kind != "seed":
            edges = [p for p in root.iter(f"{SVG}path") if p.get("stroke-width") == "3.2"]
            assert len(edges) == len(record.steps[step - 1].node.parents)


@pytest.mark.parametrize("step", [-1, 10, 99, 1.0, True, "1"])
def test_a_step_that_does_not_exist_is_refused(step):
    with pytest.raises(ValueError, match=r"9 steps; expected a whole number from 0"):
        graph(ll.backward(neuron()), step)


def test_a_frame_of_the_scrubber_has_caption_formulas_and_picture_from_top_to_bottom():
    frame = scrub(ll.backward(neuron()), 9)
    assert isinstance(frame, Group)
    caption, formulas, picture = frame.parts
    assert caption.words == "Step 9 of 9, backward: through c = w × x, a contribution to w and one to x."
    assert caption.words in picture.words
    assert "∂ℓ/∂w = ∂ℓ/∂c × x = −2.40 × 2.00 = −4.80" in formulas.words


def test_formulas_are_equally_high_in_every_step():
    record = duck_record(softmax_in_steps=True)
    heights = {
        ET.fromstring(scrub(record, k).parts[1].svg).get("viewBox") for k in range(len(record.steps) + 1)
    }
    assert len(heights) == 1


def test_equations_with_matrices_stand_side_by_side_and_those_of_numbers_one_below_the_other():
    record = duck_record()
    node = record.node("a")
    step = 1 + next(k for k, (kind, at) in enumerate(record.steps) if kind == "backward" and at is node)
    picture = scrub(record, step).parts[1]
    first, second = (
        next(line for line in written_in(picture) if line.words == below) for below in ("∂W", "∂h0")
    )
    assert first.y == second.y
    assert second.x > first.right
    assert float(ET.fromstring(picture.svg).get("width")) <= 880
    assert [line.split(" = ")[0] for line in picture.words.split("\n")] == ["∂ℓ/∂W", "∂ℓ/∂h0"]
    scalars = [line for line in written_in(scrub(ll.backward(neuron()), 9).parts[1]) if line.words == "∂ℓ"]
    starts = [line.y for line in scalars if line.x < min(line.x for line in scalars) + 5]
    assert len(starts) == len({*starts}) == 2


@pytest.mark.parametrize("in_steps", [False, True])
def test_the_texts_of_a_row_of_formulas_stand_apart(in_steps):
    record = duck_record(softmax_in_steps=in_steps)
    for step in range(len(record.steps) + 1):
        picture = scrub(record, step).parts[1]
        lines = sorted(written_in(picture), key=lambda line: (line.y, line.x))
        for line, following in pairwise(lines):
            assert line.y != following.y or line.right <= following.x + 0.2
        assert all(line.right <= float(ET.fromstring(picture.svg).get("width")) for line in lines)


# --- the same every time ----------------------------------------------------------------------------


def test_the_drawing_is_the_same_to_the_byte_in_another_process():
    code = (
        "import lecture_lib as ll; from lecture_lib.learning import duck_goose, sentence_graph;"
        "loss = sentence_graph(duck_goose(), softmax_in_steps=True)['loss'];"
        "print(ll.show.graph(ll.backward(loss), 20).svg)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0].decode().strip() == graph(duck_record(softmax_in_steps=True), 20).svg.strip()


def test_drawing_loads_neither_matplotlib_nor_widgets():
    code = (
        "import sys, lecture_lib as ll; x = ll.parameter(1.0, 'x'); ll.show.graph(ll.backward(x * x)).html;"
        "print([m for m in ('matplotlib', 'ipywidgets', 'anywidget') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_a_wrong_gradient_is_ringed_and_what_was_expected_stands_beneath_it():
    x = ll.parameter(3.0, "x")
    record = ll.backward((x * x).named("loss"))
    picture = graph(record, expected={x: np.array(6.5)})
    assert "Wrong: the gradient of x; 6.50 was expected." in picture.words
    assert picture.svg.count(WRONG) >= 2  # the ring and the number
    assert WRONG not in graph(record).svg


# --- one record, many views -------------------------------------------------------------------------


def chain(length):
    node = ll.parameter(1.5, "w")
    for _ in range(length):
        node = node * 1.25
    return ll.backward(node.named("loss"))


def calls(function, run):
    """How often `function` is called while `run` runs."""
    count = 0

    def look(frame, event, _):
        nonlocal count
        count += event == "call" and frame.f_code is function.__code__

    sys.setprofile(look)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("show", [graph, ll.table, lambda record: scrub(record, 1)])
def test_the_nodes_are_named_as_often_in_a_long_record_as_in_a_short_one(show):
    short, long = chain(3), chain(30)
    for record in (short, long):
        scrub(record, 1)  # what is kept for all steps of a record is made
    assert 0 < calls(names_of, lambda: show(short)) == calls(names_of, lambda: show(long))
