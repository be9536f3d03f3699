"""A verdict in words and in HTML: in the contract's form, and with nothing from a student unescaped."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from lecture_lib.exercises.comparing import compare
from lecture_lib.exercises.exercise import Case
from lecture_lib.exercises.wording import arguments_words
from lecture_lib.lessons import check, hint, my_example, progress, student
from lecture_lib.lessons.lesson_03.ordered_lines import backward_order_lines
from lecture_lib.lessons.lesson_06.every_gradient import MLP_GRADIENTS
from tests.points import worth

ALL, SOME = worth("neuron_forward"), worth("neuron_forward", 0)


def half_right(x, w, b, y):
    c = w * x
    d = c + b
    e = d - y
    return c, d, e, e**2


def right(x, w, b, y):
    c = w * x
    d = c + b
    e = y - d
    return c, d, e, e**2


def test_a_verdict_reads_as_the_contract_says():
    assert check("neuron_forward", half_right).message == (
        f"neuron_forward: not yet, {SOME:g} of {ALL:g} points\n"
        "  Which comes first in the difference: the target y, or the output d? The loss does not notice,"
        " but every sign on the way back will.\n"
        "  passed   c and d\n"
        "  not yet  e and loss: neuron_forward(x=3.0, w=0.5, b=1.0, y=4.0) gave e = -1.5; 1.5 was expected\n"
        '  Next: ll.hint("neuron_forward"), 1 of 3'
    )


def test_a_verdict_that_passed_says_so_and_no_more():
    assert check("neuron_forward", right).message == (
        f"neuron_forward: passed, {ALL:g} of {ALL:g} points\n  passed   c and d\n  passed   e and loss"
    )


def test_practice_says_that_it_gives_no_points():
    message = check("practice", lambda x: x + x).message
    assert message.startswith("practice: passed, 0 of 0 points")
    assert "it gives no points" in message


def test_the_fields_are_those_of_the_contract():
    verdict = check("neuron_forward", half_right)
    assert verdict.state == "not yet"
    assert (verdict.points, verdict.out_of) == (SOME, ALL)
    assert isinstance(verdict.points, float)
    assert isinstance(verdict.out_of, float)
    assert verdict.parts == {"c and d": SOME, "e and loss": 0.0}
    assert verdict.misconception == "e = d - y"
    assert verdict.message == str(verdict) == repr(verdict)


def test_the_next_hint_is_the_one_not_yet_shown():
    assert check("neuron_forward", half_right).message.endswith('Next: ll.hint("neuron_forward"), 1 of 3')
    hint("neuron_forward")
    assert check("neuron_forward", half_right).message.endswith('Next: ll.hint("neuron_forward"), 2 of 3')
    hint("neuron_forward", 3)
    assert "example_forward, just before the exercise" in check("neuron_forward", half_right).message


def test_long_inputs_are_said_apart_and_once():
    def short_by_one(tokens, vocabulary, E):
        return E[:, [vocabulary[token] for token in tokens]].sum(axis=1) / (len(tokens) + 1)

    message = check("encode", short_by_one).message
    assert message.count("input 1: tokens=") == 1
    assert "encode on input 1 gave [0.025, -0.75]; [0.05, -1.5] was expected" in message


class Page(HTMLParser):
    """Reads a piece of HTML: its tags, its text, and whether every tag is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.text = [], set(), ""
        self.feed(html)
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data + " "


def everything_that_is_shown():
    student("s1234")

    def fails(x):
        raise ValueError("<script>alert(1)</script>")

    return {
        "not yet": check("neuron_forward", half_right),
        "passed": check("neuron_forward", right),
        "error": check("fan_out", fails),
        "not attempted": check("fan_out", ...),
        "hint": hint("fan_out"),
        "progress": progress(),
        "student": student("s1234"),
        "example": my_example(),
        "right": compare("d_c", 1.0, 1.0),
        "comparison": compare("d_c", 2.0, 1.0),
        "blank": compare("d_c", ..., 1.0),
        "lines": backward_order_lines(),
    }


def test_everything_is_shown_in_html_and_in_words():
    for name, shown in everything_that_is_shown().items():
        bundle = shown._repr_mimebundle_()
        assert set(bundle) == {"text/html", "text/plain"}, name
        page = Page(bundle["text/html"])
        assert not page.tags & {"script", "style", "img", "iframe", "svg", "link"}, name
        assert json.loads(json.dumps(bundle)) == bundle
        said = set(re.findall(r"\w+", bundle["text/plain"].casefold()))
        seen = set(re.findall(r"\w+", page.text.casefold()))
        assert len(said - seen) <= 2, (name, said - seen)


def test_colour_is_never_alone_and_text_has_the_pages_own():
    for name, shown in everything_that_is_shown().items():
        html = shown._repr_mimebundle_()["text/html"]
        assert "background" not in html, name
        assert not re.search(r"(?<!-)\bcolor:", html), name
    for state in ("passed", "not yet", "error", "not attempted"):
        assert state in Page(everything_that_is_shown()[state].html).text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a & b"])
def test_what_comes_from_a_student_is_escaped(text):
    def raises(x):
        raise ValueError(text)

    shown = [
        check("fan_out", raises),
        check("fan_out", lambda x: text),
        check("errata", {"U12": text, "U22": text, "dl_dp1": text, "E_is": text}),
        check("backward_order", [text] * 8),
        check("neuron_forward", lambda x, w, b, y: {text: 1}),
        compare(text, text, "b"),
        student(text),
        my_example(),
        progress(),
    ]
    for one in shown:
        html = one._repr_mimebundle_()["text/html"]
        assert text not in html
        Page(html)


def test_tables_have_captions_and_headers_with_a_scope():
    for shown in (progress(), my_example(), backward_order_lines()):
        html = shown._repr_mimebundle_()["text/html"]
        assert "<caption" in html
        assert len(re.findall(r"<th ", html)) == len(re.findall(r'<th scope="(?:col|row)"', html))


def test_an_input_that_stops_an_answer_is_shown_with_its_shapes():
    right = MLP_GRADIENTS.changed()

    def only_two_classes(tokens, y, vocabulary, params):
        assert len(y) == 2, "three are too many"
        return right(tokens, y, vocabulary, params)

    message = check("mlp_gradients", only_two_classes).message
    number = re.search(r"on input (\d)", message)
    assert number, message
    shown = next(line for line in message.splitlines() if line.startswith(f"  input {number[1]}: tokens=["))
    assert '"U": ' in shown


def test_a_dict_of_many_numbers_is_said_in_its_shapes():
    many = Case({"a": 1.0, "params": {"E": np.ones((6, 4)) / 3, "W": np.ones((4, 6)) / 3, "b": np.zeros(2)}})
    assert arguments_words(many) == "a=1.0, params={E: shape (6, 4), W: shape (4, 6), b: shape (2,)}"
