"""What each word of a text adds to what the model says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.lessons.lesson_10.words_in_text import WordByWord, WordInText


@pytest.fixture(scope="module")
def model():
    return ll.train_definitions(np.random.default_rng(0), max_epochs=2, progress_bar=False)


def test_what_a_word_adds_is_the_score_with_it_minus_the_score_without_it(model):
    text = ll.word_by_word(model, "flesh of a duck")
    with_it, without = (
        np.log(p[0] / p[1]) for p in ll.predict_texts(model, ["flesh of a duck", "of a duck"])
    )
    assert text.margin == pytest.approx(with_it)
    assert text.words_of_text[0].adds == pytest.approx(with_it - without)
    assert text.p_animal == pytest.approx(ll.predict_texts(model, ["flesh of a duck"])[0, 0])


def test_unknown_words_are_said_to_be_unknown(model):
    text = ll.word_by_word(model, "a zyzzyva of the wild")
    assert [each.word for each in text.words_of_text if not each.known] == ["zyzzyva"]
    line = next(line for line in text.words.splitlines() if line.startswith("zyzzyva"))
    assert "unknown to the model" in line
    assert "0 of 0" in line


def test_the_training_definitions_with_a_word_are_counted(model):
    (wild,) = ll.word_by_word(model, "Wild!").words_of_text
    with_it = [d.label for d in ll.definitions().train if "wild" in d.tokens]
    assert (wild.animals, wild.seen) == (with_it.count("animal"), len(with_it))


def test_of_a_single_word_nothing_would_be_left(model):
    text = ll.word_by_word(model, "duck")
    assert text.words_of_text[0].adds is None
    assert "no word would be left" in text.words


@given(st.floats(-0.2, 0.2) | st.floats(-100, 100))
def test_what_a_word_adds_has_its_sign_and_what_is_written_as_0_has_none(value):
    text = WordByWord(0.5, value, (WordInText("duck", True, 1, 2, value),)).table.rows[0][-1]
    sign = {1: "+", 0: "", -1: "−"}[int(np.sign(round(value, 2)))]
    assert text == f"{sign}{abs(round(value, 2)):.2f}"


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("  ?!", ValueError, "there is no word in '  \\?!'"),
        (["duck"], TypeError, "a text in quotes was expected"),
    ],
)
def test_what_is_no_text_is_refused(model, text, error, said):
    with pytest.raises(error, match=said):
        ll.word_by_word(model, text)
