"""Frames: plain data goes through unchanged, and whatever else comes is refused in words."""

import json
import socket
import struct
import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from lecture_grader.frames import (
    BadFrame,
    Gone,
    TooSlow,
    as_text,
    clean,
    pack,
    pack_question,
    receive,
    send,
    text_array,
    unpack,
    unpack_question,
)
from lecture_grader.grading.one_exercise import judge_given
from lecture_grader.inside.cells import outcome_as_plain
from lecture_lib.exercises import Verdict, known_mistakes
from lecture_lib.exercises import plain as plain_data
from lecture_lib.exercises.answer import Outcome, call_known
from lecture_lib.exercises.plain import Foreign, Recipe, changes, plain
from lecture_lib.lessons import EXERCISES

numbers = st.one_of(st.booleans(), st.integers(-(2**200), 2**200), st.floats())
arrays = npst.arrays(
    st.sampled_from(["<f8", "<f4", ">f8", "<i8", "|b1", "|u1"]), npst.array_shapes(min_dims=0, max_dims=4)
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
leaves = st.one_of(st.none(), st.just(...), numbers, texts, arrays)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.one_of(texts, st.integers(-(2**60), 2**60)), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(values)
def test_plain_data_comes_back_as_it_was(value):
    assert changes(plain(value), unpack(pack(plain(value)))) == []


def test_what_is_foreign_stays_foreign():
    assert unpack(pack([Foreign("a generator")])) == [Foreign("a generator")]


@given(values)
def test_a_question_arrives_whole_with_its_recipes(value):
    question = [Recipe("polynomial", (plain(value), 2.0), "f(θ) = 2θ"), plain(value), Foreign("a generator")]
    assert changes(question, unpack_question(unpack(pack(pack_question(question))))) == []


def test_only_a_question_has_a_recipe():
    with pytest.raises(BadFrame, match="recipe"):
        pack([Recipe("polynomial")])


@given(st.binary(max_size=200))
def test_bytes_that_are_no_frame_are_refused(noise):
    with pytest.raises(BadFrame):
        unpack(b"\0\0\0\7\0\0\0\1" + noise[:6])
    try:
        unpack(noise)
    except BadFrame:
        return
    assert noise[:4] != b"\xff\xff\xff\xff"


@given(values, st.data())
def test_a_frame_with_a_changed_byte_is_plain_data_or_refused(value, data):
    frame = bytearray(pack(plain(value)))
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] = data.draw(st.integers(0, 255))
    try:
        found = unpack(bytes(frame))
    except BadFrame:
        return
    assert unpack(pack(found)) is not Foreign


def test_a_value_that_is_too_large_is_not_sent():
    with pytest.raises(BadFrame, match="too large"):
        pack([np.zeros(900_000)] * 3)


def test_a_huge_integer_in_a_frame_is_not_made_a_number():
    assert unpack(pack(1 << 4000)) == Foreign("a whole number of more than 300 digits")


@given(st.text())
def test_a_text_of_any_length_comes_back_whole_and_unchanged(text):
    whole = text.encode("utf-8", "replace").decode() * 3000
    assert as_text(unpack(pack(text_array(whole)))) == whole


def test_what_is_no_text_is_not_read_as_one():
    for other in ("abc", 3, np.zeros(2)):
        with pytest.raises(BadFrame):
            as_text(other)


def test_keys_chosen_to_be_hard_to_tell_apart_cost_no_time():
    """A dict takes hours for a million such keys: all of them hash to the same number."""
    keys = [key * (2**61 - 1) for key in range(1, 30_000)]
    hard = json.dumps({"d": [keys, [0] * len(keys)]}).encode()
    assert unpack(struct.pack("!II", len(hard), 0) + hard) == {Foreign("a very large or small number"): 0}
    assert unpack(pack({0: "a", 1.5: "b", True: "c"})) == {0: "a", 1.5: "b", True: "c"}


@pytest.mark.parametrize(
    "text",
    [
        b"[" + b"[]," * 300_000 + b"[]]",
        b"[" * 400_000 + b"]" * 400_000,
        b"[" + b'{"":0},' * 140_000 + b"0]",
        b"9" * 900_000,
        b"[" + b'"a",' * 240_000 + b"0]",
    ],
    ids=["lists", "depth", "dicts", "one number", "texts"],
)
def test_a_frame_that_would_keep_the_judge_busy_is_refused(text):
    with pytest.raises(BadFrame):
        unpack(struct.pack("!II", len(text), 0) + text)


def test_what_moves_a_cursor_is_taken_out_of_a_text():
    assert clean("a\x1b[2Jb\x00c\u202ed") == "a\ufffd[2Jb\ufffdc\ufffdd"


def test_a_channel_that_is_closed_is_gone_and_one_that_is_silent_is_slow():
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            send(ours, {"a": (1, 2.5)})
            assert receive(theirs) == {"a": (1, 2.5)}
            with pytest.raises(TooSlow):
                receive(ours, time.monotonic() + 0.01)
        with pytest.raises(Gone):
            receive(ours, time.monotonic() + 1)


# ------------------------------------------------------------------ whatever comes


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 2**70), st.floats(), texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from([*"adeftr", "x"]), inner, min_size=1, max_size=2),
    ),
    max_leaves=12,
)


def frame_of(found: object, raw: bytes = b"") -> bytes:
    text = json.dumps(found).encode()
    return struct.pack("!II", len(text), len(raw)) + text + raw


@given(json_values, st.binary(max_size=32))
@example({"d": [[]]}, b"")
@example({"d": [{}]}, b"")
@example({"d": [["a"], []]}, b"")
@example({"r": ["polynomial", "words", []]}, b"")
def test_a_frame_is_plain_data_or_a_bad_frame(found, raw):
    try:
        value = unpack(frame_of(found, raw))
    except BadFrame:
        return
    assert changes(plain(value), plain(plain(value))) == []


RIGHT = {"fan_out": 5.0, "neuron_forward": (0.5, 0.3, 0.2, 0.04), "backward_order": [4, 2, 1, 3]}
values_as_sent = st.one_of(values, st.sampled_from(list(RIGHT.values())))
outcomes_as_sent = st.tuples(
    values_as_sent,
    st.one_of(st.none(), st.lists(st.one_of(texts, st.integers(), st.none()), max_size=7), values),
    st.one_of(
        values,
        st.lists(st.lists(st.one_of(st.integers(-2, 4), texts, st.just("W")), max_size=5), max_size=3),
    ),
    st.one_of(st.booleans(), values),
    st.one_of(st.sampled_from(["", "ll.relu"]), values),
).map(list) | st.tuples(values_as_sent).map(list)


def test_the_process_sends_outcomes_of_the_lengths_that_are_tried_here():
    sent = [Outcome(1.0), Outcome(1.0, printed=True)]
    assert [len(outcome_as_plain(outcome)) for outcome in sent] == [1, 5]


@example("fan_out", [], [[5.0, None, [], False, np.zeros(2)]], False)
@example("gradient_descent", [], [[{"theta": np.zeros(2), "asked": np.zeros(2)}]], True)
@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["fan_out", "neuron_gradients", "backward_order", "mlp_gradients", "forward_by_hand"]),
    st.lists(st.one_of(st.sampled_from(["missing", "waits", "callable", "value"]), values), max_size=2),
    st.lists(st.one_of(outcomes_as_sent, values), max_size=30),
    st.booleans(),
)
def test_whatever_an_answer_gives_is_judged(id, looks, outcomes, again):
    if again and outcomes:  # as many as were asked for
        asked = len(list(EXERCISES[id].cases(np.random.default_rng(0), "")))
        outcomes = [outcomes[n % len(outcomes)] for n in range(asked)]
        looks = ["callable" for _ in EXERCISES[id].functions]
    judged = judge_given(id, "a seed", "s1", pack([plain(looks), plain(outcomes)]))
    assert isinstance(judged, (Verdict, str))


def test_a_long_list_of_numbers_becomes_an_array_at_once(monkeypatch):
    """It is compared with what each known mistake gives: number by number, that took the judge seconds."""
    made = []

    def counted(value):
        made.append(value)
        return as_array(value)

    as_array = plain_data.as_array
    monkeypatch.setattr(plain_data, "as_array", counted)
    rows = [[0.5, 1, -(10**30)], (2.5, float("inf"), 3)] * 1_000
    assert np.array_equal(counted(rows), np.array(rows, float))
    assert len(made) == 1 + len(rows)
    assert counted([1.5, True]) is counted([1.5, "a"]) is counted([]) is None


def test_an_answer_that_stops_everywhere_is_not_compared_with_every_two_mistakes(monkeypatch):
    """A class of such answers would keep the judge busy for hours."""
    calls = []

    def counted(*given, **named):
        calls.append(1)
        return call_known(*given, **named)

    monkeypatch.setattr(known_mistakes, "call_known", counted)
    exercise = EXERCISES["mlp_gradients"]
    looks = ["callable" for _ in exercise.functions]
    sent = [[1.0, None, [], False] for _ in exercise.cases(np.random.default_rng(0), "")]
    judged = judge_given(exercise.id, "a seed", "s1", pack([plain(looks), plain(sent)]))
    assert isinstance(judged, Verdict)
    assert judged.misconceptions == ()
    forms = sum(len(known.answers) for known in exercise.misconceptions)
    assert len(calls) < 10 * forms * len(sent)
