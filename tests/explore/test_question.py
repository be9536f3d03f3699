"""Recall questions and predictions: good questions, and no word of the answer before one has committed."""

import json
import math
import re
from collections import Counter

import pytest

from lecture_lib.explore.question import LESSONS as ASKED
from lecture_lib.explore.question import Option, Question, _lesson
from lecture_lib.lessons import predict, recall

WIDGET = "application/vnd.jupyter.widget-view+json"
LESSONS = tuple(sorted(ASKED))
RECALLED = [question for lesson in LESSONS for question in _lesson(lesson).RECALL]
PREDICTED = [question for lesson in LESSONS for question in _lesson(lesson).PREDICTIONS]
ALL = RECALLED + PREDICTED
by_id = pytest.mark.parametrize("question", ALL, ids=lambda question: question.id)


def test_every_lesson_recalls_two_to_four_things_and_lessons_with_pictures_have_predictions():
    for lesson in LESSONS:
        assert 2 <= len(_lesson(lesson).RECALL) <= 4
    for lesson in ("01", "02", "03", "05", "06", "07", "08", "09"):
        assert len(_lesson(lesson).PREDICTIONS) >= 2


def test_ids_are_unique_and_begin_with_the_lesson():
    assert len({question.id for question in ALL}) == len(ALL)
    for lesson in LESSONS:
        module = _lesson(lesson)
        assert all(question.id.startswith(f"{lesson}-") for question in (*module.RECALL, *module.PREDICTIONS))


@by_id
def test_every_option_is_explained_and_differs_from_the_others(question):
    assert len(question.options) >= 3
    assert len({option.text for option in question.options}) == len(question.options)
    assert len({option.explanation for option in question.options}) == len(question.options)
    assert all(len(option.explanation) > 60 for option in question.options)
    assert question.prompt.rstrip().endswith("?")


def test_the_right_answer_has_no_favourite_place():
    places = Counter(question.right for question in ALL)
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) <= 0.4 * len(ALL)


def test_the_right_answer_cannot_be_told_by_its_length():
    longest = sum(
        len(q.options[q.right].text) == max(len(option.text) for option in q.options)
        and len({len(option.text) for option in q.options}) > 1
        for q in ALL
    )
    assert longest <= 0.4 * len(ALL)


def test_a_question_is_about_a_slide_of_the_lecture():
    assert all(question.slide and question.slide[0].isupper() for question in ALL)


@by_id
def test_the_page_does_not_know_the_answer_before_one_has_committed(question):
    asked = predict(question.id) if question in PREDICTED else recall(question.id[:2])
    bundle = asked._repr_mimebundle_()
    state = asked._widget.get_state()
    known = json.dumps([bundle["text/html"], bundle["text/plain"], state["spec"], state["revealed"]])
    assert state["revealed"] == {}
    for option in question.options:
        assert json.dumps(option.explanation)[1:-1] not in known
    assert "right" not in {key for asked in state["spec"]["questions"] for key in asked}
    assert json.dumps(question.options[question.right].text.replace("`", ""))[1:-1] in known.replace(
        "<code>", ""
    ).replace("</code>", "").replace("`", "")


def test_after_committing_every_options_explanation_is_there():
    asked = recall("03")
    asked.answer({"question": 1, "option": 2})
    question = asked.questions[1]
    assert asked.revealed() == {
        "1": {
            "chosen": 2,
            "right": question.right,
            "explanations": [option.explanation for option in question.options],
        }
    }


def test_an_answer_is_committed_to_for_good():
    asked = recall("05")
    asked.answer({"question": 0, "option": 1})
    asked.answer({"question": 0, "option": 0})
    assert asked.revealed()["0"]["chosen"] == 1


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"question": 9, "option": 0},
        {"question": 0, "option": 9},
        {"question": -1, "option": 0},
        {"question": "0", "option": 0},
        {"question": 0, "option": -1},
        {"question": 0, "option": True},
    ],
)
def test_what_is_no_answer_reveals_nothing(message):
    asked = recall("05")
    asked.answer(message)
    assert asked.revealed() == {}


def test_the_widget_passes_the_commitment_on_and_reveals():
    asked = predict("03-sign-of-w")
    asked._repr_mimebundle_()
    asked._widget._handle_custom_msg({"question": 0, "option": 0}, [])
    assert asked._widget.revealed == asked.revealed()
    assert asked.revealed()["0"]["right"] == 1


def test_the_still_form_holds_prompt_and_options_and_stays_the_same():
    asked = recall("06")
    before = asked._repr_mimebundle_()
    asked.answer({"question": 0, "option": 2})
    after = asked._repr_mimebundle_()
    assert before == after
    assert WIDGET in after
    for question in asked.questions:
        assert question.prompt in after["text/plain"]
        for option in question.options:
            assert option.text in after["text/plain"]


def test_an_unknown_lesson_or_prediction_is_named():
    with pytest.raises(KeyError, match="no questions for a lesson '99'"):
        recall("99")
    with pytest.raises(KeyError, match=r"no prediction '03-nothing'; this lesson has 03-sign-of-w"):
        predict("03-nothing")
    with pytest.raises(KeyError, match="no questions for a lesson '3'"):
        predict(3)


def test_a_question_whose_right_answer_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="option 2 of 1"):
        Question("x", "Why?", (Option("a", "b"),), right=2, slide="S")


# ------------------------------------------------------------------------------- the figures in the text


def duck_goose_figures():
    """Every number that a question of lessons 05 and 06 may quote, computed by plain Python and NumPy."""
    import numpy as np

    E = np.array([[0.05, -0.1], [-1.5, -0.9]])
    W = np.array([[0.9, 1.0], [0.7, -0.3]])
    U = np.array([[0.0, -0.5], [-0.9, 0.3]])
    y, share, eta = np.array([1.0, 0.0]), np.array([2 / 3, 1 / 3]), 0.01

    def step(E, W, b, U, eta):
        h0 = E @ share
        z = W @ h0 + b
        h = np.maximum(z, 0)
        p = np.exp(U @ h) / np.exp(U @ h).sum()
        d_o = p - y
        d_z = (U.T @ d_o) * (z > 0)
        d_W, d_h0 = np.outer(d_z, h0), W.T @ d_z
        now = (h0, z, h, U @ h, p, d_o, d_z, d_W)
        new = (E - eta * np.outer(d_h0, share), W - eta * d_W, b - eta * d_z, U - eta * np.outer(d_o, h))
        return now, new, -math.log(p[0])

    b = np.zeros(2)
    now, new, loss = step(E, W, b, U, eta)
    then, _, loss_after = step(*new, eta)
    _, far, _ = step(E, W, b, U, 1.0)
    stuck, _, loss_stuck = step(*far, 1.0)
    assert not stuck[2].any(), "at η = 1 every hidden unit is off after the first step"
    rows = (2 * E[0] + E[1]) / 3
    p = now[4]
    others = [
        E,
        W,
        U,
        E.sum(axis=1) + E[:, 0],
        E.mean(axis=1),
        rows,
        -np.log(p),
        [1 - p[0], -np.log(p).sum()],
    ]
    others += [[loss, loss_after, loss_stuck, eta, 0.5, loss - 100 * (loss - loss_after)]]
    return np.concatenate([np.ravel(a) for a in (*now, *then[4:5], *others)])


def quoted(text):
    """The decimal fractions of a text, each with its number of decimals."""
    return [
        (float(figure.replace("−", "-")), len(figure.partition(".")[2]))
        for figure in re.findall(r"−?\d+\.\d+", text)
    ]


@pytest.mark.parametrize(
    "question",
    [q for q in ALL if (q.id[:2] == "06" or q in _lesson("05").PREDICTIONS) and quoted(str(q))],
    ids=lambda q: q.id,
)
def test_every_figure_of_duck_duck_goose_is_the_one_that_comes_out(question):
    known = duck_goose_figures()
    texts = [question.prompt, *(part for o in question.options for part in (o.text, o.explanation))]
    figures = [figure for text in texts for figure in quoted(text)]
    for figure, decimals in figures:
        near = abs(abs(known) - abs(figure)) <= 0.5 * 10**-decimals * 1.0001
        assert near.any(), f"{figure} in {question.id}"


def test_a_hundred_times_the_rate_does_what_the_question_says():
    from lecture_lib.lessons.lesson_06.explorers import descent_run

    question = next(q for q in PREDICTED if q.id == "06-hundred-times")
    assert "stays at 0.693 from then on" in question.options[question.right].text
    large, small = descent_run(1.0), descent_run(0.01)
    assert [point.loss for point in large[1:]] == pytest.approx([math.log(2)] * (len(large) - 1))
    assert "does not get there either" in question.options[3].explanation
    assert small[-1].loss == pytest.approx(math.log(2)), "it ends at no loss near 0"


def test_the_feedback_of_the_prediction_does_not_answer_what_the_explorer_asks():
    question = next(q for q in PREDICTED if q.id == "06-hundred-times")
    said = " ".join(option.explanation for option in question.options)
    assert "steps" in said
    assert not re.search(r"\b33\b|from 0\.3 to|η = 30", said)


@by_id
def test_a_unit_that_gives_0_is_called_off_and_nothing_else(question):
    texts = [question.prompt, *(part for o in question.options for part in (o.text, o.explanation))]
    assert not re.search(r"\b(shut|shuts|silent|dead|died|dies)\b", " ".join(texts))


@by_id
def test_the_slides_y_hat_is_never_written_as_p_hat(question):
    texts = [part for o in question.options for part in (o.text, o.explanation)]
    assert "p̂" not in " ".join(texts)


def test_the_neurons_figures_are_the_ones_that_come_out():
    x, w, b, y = 2.0, 0.5, -0.2, 2.0
    d = w * x + b
    question = next(q for q in PREDICTED if q.id == "03-sign-of-w")
    assert f"= {d:.1f}" in question.prompt
    d_w = -2 * (y - d) * x
    assert f"{d_w:.1f}".replace("-", "−") in question.options[question.right].explanation
    assert d_w < 0
    assert question.options[question.right].text.startswith("Negative")


def explanations_of(id):
    question = next(q for q in PREDICTED if q.id == id)
    return question, " ".join(option.explanation for option in question.options)


def test_the_product_of_the_lessons_500_probabilities_is_0_after_about_420():
    import numpy as np

    product = np.random.default_rng(1).uniform(0.02, 0.4, size=500).cumprod()
    question, words = explanations_of("01-product")
    assert product[-1] == 0
    assert question.options[question.right].text == "0.0"
    assert round(float(np.flatnonzero(product == 0)[0]), -1) == 420
    assert "about 420" in words
    assert 5e-324 > 0 == 1e-324
    assert "about 5 · 10⁻³²⁴" in words
    assert 5.5 < product[99] ** (-1 / 100) < 6.5
    assert "on average six times" in words


def test_the_first_loss_of_ten_classes_and_the_slopes_of_two_probabilities_are_what_is_said():
    _, words = explanations_of("01-starts-at-one")
    assert f"{math.log(10):.3f}" in words
    assert math.log10(10) == 1
    _, words = explanations_of("01-halved")
    steeper = (1 / 0.02) / (1 / 0.8)
    assert steeper == pytest.approx(40)
    assert words.count("40 times") == 2


def test_the_step_of_twice_the_rate_brings_what_is_said():
    from lecture_lib.lessons.lesson_01.explorers import CURVES, Update

    question, words = explanations_of("01-twice-the-rate")
    once, twice = Update(CURVES[0], 2.0, 0.5), Update(CURVES[0], 2.0, 1.0)
    assert (once.promised, once.came, twice.promised, twice.came) == (2.0, 1.5, 4.0, 2.0)
    assert "so 4 is promised" in question.prompt
    assert question.options[question.right].text == "By 2, half of what is promised."
    assert Update(CURVES[0], 2.0, 2.0).end == -2.0
    assert "At η = 2 the step leads to −2" in words
