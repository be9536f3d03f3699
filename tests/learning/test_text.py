"""Words, vocabulary, sentences as columns, one-hot labels, minibatches."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.learning import (
    UNKNOWN,
    UnknownWordError,
    minibatches,
    one_hot,
    sentences,
    vocabulary,
    word_ids,
    words,
)

token_lists = st.lists(st.sampled_from(["duck", "goose", "emu", "swan"]), min_size=1, max_size=6)
texts = st.lists(token_lists, min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("duck duck goose", ("duck", "duck", "goose")),
        ("Duck, DUCK: goose!", ("duck", "duck", "goose")),
        ("web-footed; `Reynard the Fox'", ("web", "footed", "reynard", "the", "fox")),
        ("a duck's 2 feet", ("a", "duck's", "2", "feet")),
        ("snake_case", ("snake", "case")),
        ("Gänse über Äpfel", ("gänse", "über", "äpfel")),
        ("", ()),
        (" … !", ()),
    ],
)
def test_words_are_runs_of_letters_and_digits_in_lower_case(text, expected):
    assert words(text) == expected


def test_no_word_can_be_taken_for_the_unknown_word():
    assert UNKNOWN not in words(f"a text with {UNKNOWN} in it")


@given(texts)
def test_every_word_of_the_texts_has_its_own_column_and_no_column_is_left_over(texts):
    known = vocabulary(texts)
    assert set(known) == {word for text in texts for word in text}
    assert sorted(known.values()) == list(range(len(known)))


@given(texts, st.integers(1, 4))
def test_rare_words_have_no_column_of_their_own(texts, minimum_count):
    known = vocabulary(texts, minimum_count, unknown="column")
    everything = [word for text in texts for word in text]
    assert set(known) - {UNKNOWN} == {w for w in everything if everything.count(w) >= minimum_count}
    assert known[UNKNOWN] == 0


def test_a_text_that_holds_the_sign_for_unknown_words_leaves_no_column_unused():
    known = vocabulary([["duck", UNKNOWN, "goose"]], unknown="column")
    assert known == {UNKNOWN: 0, "duck": 1, "goose": 2}


def test_an_unknown_word_is_named_with_its_place_and_what_to_do():
    with pytest.raises(UnknownWordError, match=r"'gose' \(word 1 of 'duck gose'\)") as raised:
        word_ids(["duck", "gose"], {"duck": 0, "goose": 1})
    assert "Did you mean 'goose'?" in str(raised.value)
    assert 'unknown="column"' in str(raised.value)


def test_unknown_words_share_a_column_if_the_vocabulary_says_so():
    known = vocabulary([["duck", "goose"]], unknown="column")
    assert word_ids(["emu", "goose", "swan"], known).tolist() == [0, 2, 0]


def test_another_policy_for_unknown_words_is_refused():
    with pytest.raises(ValueError, match="unknown='skip' was given"):
        vocabulary([["duck"]], unknown="skip")


@pytest.mark.parametrize("use", [lambda text: word_ids(text, {"d": 0}), lambda text: vocabulary([text])])
def test_a_string_is_not_taken_for_a_list_of_letters(use):
    with pytest.raises(TypeError, match=r"write words\('duck'\)"):
        use("duck")


@pytest.mark.parametrize(
    "use", [lambda text: word_ids(text, {"d": 0}), lambda text: vocabulary([text], unknown="column")]
)
@pytest.mark.parametrize("word", [7, ["duck"], None])
def test_what_is_no_string_is_not_taken_for_a_word(use, word):
    with pytest.raises(TypeError, match=f"{re.escape(repr(word))} is in a list of words; strings alone"):
        use(["duck", word])


def test_a_generator_of_words_is_taken_and_its_unknown_word_named():
    assert word_ids((word for word in ["duck", "duck"]), {"duck": 0}).tolist() == [0, 0]
    with pytest.raises(UnknownWordError, match=r"'emu' \(word 1 of 'duck emu'\)"):
        word_ids((word for word in ["duck", "emu"]), {"duck": 0})


@given(texts, st.data())
def test_picked_sentences_are_the_sentences_at_those_places(texts, data):
    known = vocabulary(texts)
    every = sentences(texts, known)
    places = data.draw(st.lists(st.integers(-len(texts), len(texts) - 1), min_size=0, max_size=10))
    picked = every[np.array(places, dtype=int)]
    assert len(every) == len(texts)
    assert len(picked) == len(places)
    for k, place in enumerate(places):
        there = picked.words[picked.starts[k] : picked.starts[k + 1]]
        assert there.tolist() == word_ids(texts[place], known).tolist()


def test_sentences_take_a_slice():
    every = sentences([["duck"], ["goose", "goose"], ["duck"]], {"duck": 0, "goose": 1})
    assert every[1:].words.tolist() == [1, 1, 0]


def test_one_bare_index_is_refused_with_what_to_write():
    with pytest.raises(TypeError, match=r"batch\[\[3\]\]"):
        sentences([["duck"]], {"duck": 0})[0]


def test_a_sentence_without_words_is_refused_by_its_number():
    with pytest.raises(ValueError, match="sentence 1 has no words"):
        sentences([["duck"], []], {"duck": 0})


def test_labels_become_rows_in_the_order_of_the_classes():
    assert one_hot(["b", "a"], ["a", "b"]).tolist() == [[0, 1], [1, 0]]


def test_a_label_that_is_no_class_is_named():
    with pytest.raises(ValueError, match="the label 'plant' is not among the classes 'animal', 'other'"):
        one_hot(["animal", "plant"], ["animal", "other"])


seeds = st.integers(0, 2**32 - 1)


@given(st.integers(0, 200), st.integers(1, 50), seeds)
def test_an_epoch_has_every_example_exactly_once(n, batch_size, seed):
    batches = minibatches(n, batch_size, np.random.default_rng(seed))
    assert sorted(index for batch in batches for index in batch) == list(range(n))


@given(st.integers(1, 200), st.integers(1, 50), seeds)
def test_all_batches_are_full_but_the_last(n, batch_size, seed):
    *full, last = minibatches(n, batch_size, np.random.default_rng(seed))
    assert all(len(batch) == batch_size for batch in full)
    assert 1 <= len(last) <= batch_size


@given(st.integers(0, 200), st.integers(1, 50), seeds)
def test_the_batches_are_one_permutation_of_the_generator_that_was_given(n, batch_size, seed):
    rng = np.random.default_rng(seed)
    batches = minibatches(n, batch_size, rng)
    twin = np.random.default_rng(seed)
    assert [index for batch in batches for index in batch] == twin.permutation(n).tolist()
    assert rng.random() == twin.random()  # nothing else was drawn


def test_an_empty_batch_size_is_refused():
    with pytest.raises(ValueError, match="batch_size is 0"):
        minibatches(10, 0, np.random.default_rng(0))
