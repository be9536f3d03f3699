"""A mistake is an edit of the right answer: what such an edit may be, and what two of them give."""

import pytest

from lecture_lib.exercises.edits import Edit, EditedAnswer, RightAnswer, WrongEdit, mistakes, pairs

NEURON = RightAnswer(
    "neuron",
    """
    def product(w, x):
        return scale * w * x

    def neuron(x, w, b, bias_of_another):
        d = product(w, x) + b
        e = 9.0 - d
        return d, e
    """,
    {"scale": 1.0},
)


def answers(*edits):
    return [form(2.0, 3.0, 1.0, 0.0) for known in mistakes(NEURON, edits) for form in known.answers]


def test_an_edit_replaces_what_stands_in_the_source():
    assert answers(Edit("b subtracted", {"+ b": "- b"}, "Which sign?")) == [(5.0, 4.0)]


def test_an_edit_may_take_several_forms_and_change_several_places():
    forms = ({" + b": ""}, {"+ b": "", "9.0 - d": "9.0 - d - b"})
    assert answers(Edit("b left out or put in the wrong place", forms, "Where?")) == [(6.0, 3.0), (6.0, 2.0)]


def test_an_edit_may_change_a_function_that_the_answer_calls():
    assert answers(Edit("x left out", {"* w * x": "* w"}, "Where is x?")) == [(4.0, 5.0)]


@pytest.mark.parametrize("old", ["- b", "d", "+ bi", "oduct"])
def test_what_does_not_stand_there_once_is_refused(old):
    with pytest.raises(WrongEdit, match=r"stands (nowhere|\d times) in the right answer neuron"):
        answers(Edit("wrong", {old: "0"}, "?"))


def test_an_edit_that_changes_nothing_is_refused():
    with pytest.raises(WrongEdit, match="replaced by itself"):
        answers(Edit("wrong", {"+ b": "+ b"}, "?"))


def test_two_edits_are_made_at_once_unless_they_touch_the_same_letters():
    edits = (
        Edit("b subtracted", {"+ b": "- b"}, "?"),
        Edit("b left out", {" + b": ""}, "?"),
        Edit("e = d - 9", {"9.0 - d": "d - 9.0"}, "?"),
    )
    both = {mixture.names: mixture.answer(2.0, 3.0, 1.0, 0.0) for mixture in pairs(mistakes(NEURON, edits))}
    assert both == {("b subtracted", "e = d - 9"): (5.0, -4.0), ("b left out", "e = d - 9"): (6.0, -3.0)}


def test_edits_of_neighbours_are_made_at_once():
    edits = (
        Edit("w doubled", {"product(w, x) +": "product(2 * w, x) +"}, "?"),
        Edit("twice", {"product(w, x) +": "product(w, x) * 2 +"}, "?"),
    )
    assert [mixture.answer(2.0, 3.0, 1.0, 0.0) for mixture in pairs(mistakes(NEURON, edits))] == [
        (25.0, -16.0)
    ]


def test_edits_that_would_run_into_one_word_are_not_made_at_once():
    edits = (
        Edit("operands exchanged", {"(w, x) +": "(x, w) +"}, "?"),
        Edit("x0 for x", {"(w, x) +": "(w, x0) +"}, "?"),
    )
    assert list(pairs(mistakes(NEURON, edits))) == []


def test_an_exercise_of_two_functions_has_both_in_one_source():
    right = RightAnswer(
        ("rise", "fall"), "def rise(x):\n    return x + 1\n\ndef fall(x):\n    return x - 1\n"
    )
    table = (Edit("by two", {"x + 1": "x + 2"}, "?"), Edit("by none", {"x - 1": "x"}, "?"))
    (rise, fall), _ = (known.answers[0] for known in mistakes(right, table))
    assert (rise(0), fall(0)) == (2, -1)
    (both,) = pairs(mistakes(right, table))
    assert [function(0) for function in both.answer] == [2, 0]


def test_every_edit_of_every_exercise_is_python(exercise):
    for known in exercise.misconceptions:
        for form in known.answers:
            for answer in form if isinstance(form, tuple) else (form,):
                if isinstance(answer, EditedAnswer):
                    compile(answer.text, known.name, "exec")


def test_every_two_edits_that_can_be_made_at_once_are_python(exercise):
    for mixture in pairs(exercise.misconceptions):
        for answer in mixture.answer if isinstance(mixture.answer, tuple) else (mixture.answer,):
            compile(answer.text, str(mixture.names), "exec")
