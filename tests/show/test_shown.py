"""What notebooks get: an image with its words, tables with heads, readable colours."""

import base64
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.common import Table, Text
from lecture_lib.learning import duck_goose, sentence_graph
from lecture_lib.show import (
    Group,
    Picture,
    embedding,
    matrix_step,
    outer_product,
    relu_units,
    softmax_bars,
    table,
    transposed_product,
)
from lecture_lib.show import svg as style
from tests.show.kit import numbers_not_in_words, overlapping_texts, written_in

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLE = duck_goose()


def record():
    return ll.backward(sentence_graph(EXAMPLE)["loss"])


def shown():
    P = EXAMPLE.params
    return {
        "graph": ll.show.graph(record()),
        "a step": ll.show.graph(record(), 5),
        "formulas": ll.show.formulas(record(), 14),
        "embedding": embedding(P["E"], EXAMPLE.vocabulary, EXAMPLE.tokens),
        "matrix": matrix_step(P["W"], [0, -1.3], P["b"]),
        "bars": softmax_bars([0.42, 0.58], [1, 0], show_gradient=True),
        "relu": relu_units([-1.3, 0.39], [-0.52, 0.46]),
        "outer": outer_product([-0.577, 0.577], [0.0, 0.39], names=("∂ℓ/∂o", "h"), decimals=3),
        "transposed": transposed_product(P["U"], [-0.577, 0.577], names=("U", "∂ℓ/∂o"), decimals=3),
        "layers": ll.show.graph(record(), layers=ll.LAYERS, closed=["loss"]),
    }


@pytest.mark.parametrize("name", list(shown()))
def test_a_picture_is_an_image_with_its_words(name):
    picture = shown()[name]
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == picture.words
    found = re.fullmatch(
        r'(?:<div style="container:w(\d+)/inline-size;[^>]*><div class="ll-wide"[^>]*>)?'
        r'<img alt="([^"]*)" src="data:image/svg\+xml;base64,([^"]+)" '
        r'style="max-width:100%;min-width:max\((\d+)px,0px\);width:min\([^"]*\)"( tabindex="0"'
        r' data-lm-suppress-shortcuts="true")?>'
        r"(?:</div></div>(<style>.*</style>))?",
        bundle["text/html"],
    )
    assert found
    narrowest, _, drawn, least, focused, style = found.groups()
    assert (focused is None) == (style is None), "what may have to be moved becomes narrower on paper"
    assert narrowest == (least if focused else None), "on a narrower page a sign says so"
    assert base64.b64decode(drawn).decode() == picture.svg
    wide = float(ET.fromstring(picture.svg).get("width"))
    assert int(least) / wide * 13.5 == pytest.approx(12, abs=0.1), "its numbers stay that high"
    json.dumps(bundle)


@pytest.mark.parametrize("name", list(shown()))
def test_a_picture_is_well_formed_with_a_white_card_beneath(name):
    root = ET.fromstring(shown()[name].svg)
    first = next(root.iter(f"{SVG}rect"))
    assert first.get("fill") == "#fff"
    assert (first.get("width"), first.get("height")) == (root.get("width"), root.get("height"))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


@pytest.mark.parametrize("name", list(shown()))
def test_no_text_stands_outside_its_picture(name):
    root = ET.fromstring(shown()[name].svg)
    width, height = float(root.get("width")), float(root.get("height"))
    lines = written_in(shown()[name])
    assert lines
    for line in lines:
        if not line.turned:
            assert line.x >= 0
            assert line.right <= width
        assert 8 <= line.y <= height - 2


@pytest.mark.parametrize("name", list(shown()))
def test_each_number_that_is_drawn_is_in_the_words_and_no_texts_overlap(name):
    assert numbers_not_in_words(shown()[name]) == []
    assert overlapping_texts(shown()[name]) == []


def contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        digits = colour.lstrip("#")
        digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        r, g, b = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", list(shown()))
def test_all_text_has_enough_contrast_with_white(name):
    fills = {fill for line in written_in(shown()[name]) for fill in line.fills}
    assert fills
    assert all(contrast(fill, "#fff") >= 4.5 for fill in fills)


def test_text_on_coloured_boxes_has_enough_contrast():
    fills = (style.DATA_FILL, style.PARAMETER_FILL, style.OPERATION_FILL, style.ROOT_FILL)
    assert all(contrast(style.INK, fill) >= 4.5 for fill in fills)
    assert contrast(style.FORWARD, style.OPERATION_FILL) >= 4.4
    assert contrast(style.PALE, "#F1F3F5") >= 4.5


# --- tables -----------------------------------------------------------------------------------------


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_the_table_has_a_caption_and_headed_rows_and_columns():
    parser = Cells()
    parser.feed(table(record()).html)
    assert [tag for tag, _ in parser.tags].count("caption") == 1
    scopes = [attributes.get("scope") for tag, attributes in parser.tags if tag == "th"]
    assert scopes.count("col") == 5
    assert scopes.count("row") == len(record().nodes)
    assert not re.search(r"(?<!text-align)color|background", table(record()).html), (
        "themes choose the colours"
    )


def test_the_table_says_every_value_gradient_and_contribution():
    lines = table(record(), decimals=4).words.splitlines()
    softmax = next(line for line in lines if line.startswith("p "))
    assert re.search(
        r"softmax\(o\) +\[0\.4226, 0\.5774\] +\[−2\.3662, 0\.0000\] +\[−0\.5774, 0\.5774\] to o", softmax
    )


def test_a_table_without_backward_pass_says_so_and_has_no_column_of_noughts():
    x = ll.parameter(2.0, "x")
    words = table(ll.forward((x * x).named("c"))).words
    assert "the backward pass is not computed" in words
    assert words.splitlines()[1].split() == ["name", "formula", "value"]
    assert "0.00" not in words


def test_a_table_after_some_steps_tells_what_is_not_computed_yet():
    whole, half = table(record()).words, table(record(), 4).words
    assert "not computed" not in whole
    assert "not computed" in half


def test_the_columns_of_the_tables_text_are_aligned():
    x, w = ll.data(2.0, "x"), ll.parameter(0.5, "w")
    lines = table(ll.backward((w * x).named("c"))).words.splitlines()[1:]
    starts = [line.index(cell) for line, cell in zip(lines[:3], ("value", "0.50", "2.00"), strict=True)]
    assert len(set(starts)) == 1


# --- groups -----------------------------------------------------------------------------------------


def test_a_group_shows_its_parts_one_below_the_other_and_says_all_their_words():
    group = Group((Text("<p>one</p>", "one"), Picture("<svg/>", "two"), Table("three", ["head"], [])))
    assert group.words == "one\n\ntwo\n\nthree\nhead"
    assert group.html.count("<div>") == 3
    assert repr(group) == group.words


def test_what_is_shown_cannot_be_changed():
    with pytest.raises(AttributeError):
        Picture("<svg/>", "words").words = "other"


# --- the parts of the network -----------------------------------------------------------------------


def test_the_embedding_counts_words_marks_used_columns_and_gives_their_mean():
    E = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 6.0]])
    picture = embedding(E, {"a": 0, "b": 1, "c": 2}, ["c", "a", "c"])
    assert "c, column 3, used 2 times: [3.00, 6.00]" in picture.words
    assert "b, column 2, not used" in picture.words
    assert picture.words.endswith("h0 = (1 × a + 2 × c) / 3 = [2.33, 4.00]")
    thick = [r for r in ET.fromstring(picture.svg).iter(f"{SVG}rect") if r.get("stroke-width") == "2.6"]
    assert len(thick) == 2


def test_a_large_embedding_shows_the_used_columns_only():
    E = np.random.default_rng(0).normal(size=(16, 5000))
    picture = embedding(E, {f"w{i}": i for i in range(5000)}, ["w7", "w7", "w4999"])
    assert "and 4,998 more words" in picture.svg
    assert picture.words.count("column ") == 2 + 1


@pytest.mark.parametrize(
    ("tokens", "message"), [([], "no words"), (["swan"], "'swan' is not in the vocabulary")]
)
def test_an_embedding_that_cannot_be_drawn_says_why(tokens, message):
    with pytest.raises(ValueError, match=message):
        embedding(np.zeros((2, 2)), {"duck": 0, "goose": 1}, tokens)


def test_the_layer_written_out_agrees_with_its_matrix_product():
    rng = np.random.default_rng(1)
    W, x, b = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=3)
    lines = matrix_step(W, x, b).words.splitlines()
    results = [float(line.rsplit(" = ", 1)[1].replace("−", "-")) for line in lines[1:]]
    assert np.allclose(results, W @ x + b, atol=0.005)


@pytest.mark.parametrize(
    ("W", "x", "b"), [(np.zeros((2, 3)), np.zeros(2), None), (np.zeros((2, 2)), np.zeros(2), np.zeros(3))]
)
def test_a_layer_whose_shapes_disagree_is_refused(W, x, b):
    with pytest.raises(ValueError, match="expected"):
        matrix_step(W, x, b)


@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (1, 6), (6, 1), (2, 2)])
def test_a_layer_of_few_entries_is_written_out(shape):
    assert matrix_step(np.ones(shape), np.ones(shape[1])).words


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((4, 4), "too large"),
        ((5, 2), "up to 12 entries"),
        ((7, 1), "one row or column of up to 6"),
        ((0, 2), "no entries"),
    ],
)
def test_a_layer_of_no_or_of_many_entries_is_refused(shape, message):
    with pytest.raises(ValueError, match=message):
        matrix_step(np.ones(shape), np.ones(shape[1]))


def test_bars_are_as_long_as_their_probabilities():
    root = ET.fromstring(softmax_bars([0.25, 0.75], [0, 1]).svg)
    lengths = [
        float(r.get("width"))
        for r in root.iter(f"{SVG}rect")
        if r.get("fill") in (style.FORWARD, "url(#hatch)")
    ]
    assert lengths == [80, 240, 320]


@pytest.mark.parametrize("p", [[0.5, 0.6, 0.2], [1.5, -0.5], [np.nan, 1.0]])
def test_bars_of_what_is_no_probability_are_refused(p):
    with pytest.raises(ValueError, match="expected"):
        softmax_bars(p, [1, 0])


def test_units_are_off_where_the_score_is_not_above_nought():
    picture = relu_units([0.0, 0.1, -5.0], [1.0, 1.0, 1.0])
    assert picture.words.splitlines()[0] == "ReLU: a unit is on where z > 0. 1 of 3 is on."
    assert "unit 1: z = 0.00, h = 0.00, off; ∂ℓ/∂h = 1.00, ∂ℓ/∂z = 0.00" in picture.words
    assert "unit 2: z = 0.10, h = 0.10, on; ∂ℓ/∂h = 1.00, ∂ℓ/∂z = 1.00" in picture.words
