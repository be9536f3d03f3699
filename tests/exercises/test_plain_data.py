"""What passes between an answer and the judge is plain data and nothing else."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from lecture_lib.exercises.answer import LocalAnswer
from lecture_lib.exercises.plain import Foreign, alike, changes, close, copy, plain
from lecture_lib.exercises.plain_words import describe, number_words, short, told_apart

numbers = st.floats(allow_nan=False, width=64) | st.integers(-(2**60), 2**60)
arrays = npst.arrays(np.float64, npst.array_shapes(max_dims=3, max_side=3), elements=st.floats(width=64))
texts = st.text(max_size=8)
plain_data = st.recursive(
    st.none() | st.booleans() | numbers | texts | arrays,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(plain_data)
def test_plain_data_stays_as_it_is(value):
    assert changes(value, plain(value)) == []


@given(plain_data)
def test_a_copy_is_the_same_and_shares_nothing_that_can_change(value):
    other = copy(value)
    assert changes(value, other) == []
    if isinstance(value, np.ndarray):
        assert not np.shares_memory(value, other)
    if isinstance(value, (list, dict)):
        assert other is not value


@given(plain_data)
def test_anything_can_be_said_in_one_short_line(value):
    for words in (short(value), describe(value)):
        assert "\n" not in words
        assert len(words) <= 300


@given(arrays, st.integers(0, 26))
def test_a_change_of_one_number_is_noticed(array, place):
    changed = array.copy()
    changed.view(np.uint8).flat[8 * (place % array.size)] ^= 1  # one bit of one number
    assert changes({"W": array}, {"W": changed}) == [("W",)]


def test_a_change_of_shape_type_or_keys_is_noticed():
    array = np.zeros((2, 3))
    assert changes(array, array.reshape(3, 2)) == [()]
    assert changes(array, array.astype(np.float32)) == [()]
    assert changes([1, 2], [2, 1]) == [()]
    assert changes([1, 2], [1]) == [()]
    assert changes((1, 2), [1, 2]) == [()]
    assert changes({"E": array}, {"E": array, "W": array}) == [()]
    assert changes({"E": 1.0, "W": 2.0}, {"W": 2.0, "E": 1.0}) == []
    assert changes(0.0, -0.0) == []
    assert changes(np.array(0.0), np.array(-0.0)) == [()]
    assert changes(math.nan, math.nan) == []


class Loud(list):
    """A list that answers every question with an error."""

    def __len__(self):
        raise RuntimeError("asked for its length")

    __iter__ = __getitem__ = __eq__ = __len__
    __hash__ = None


class LyingDict(dict):
    def items(self):
        return [("E", 1.0)]

    def __getitem__(self, key):
        return 1.0


class LyingFloat(float):
    def __float__(self):
        return 1.0

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class Nameless(type):
    @property
    def __name__(cls):
        raise RuntimeError("no name")


class Ranked(np.ndarray):
    """An array of a kind of its own."""


class WithoutName(metaclass=Nameless):
    pass


def test_what_a_subclass_redefines_is_not_asked():
    assert plain(Loud([1.0, 2.0])) == [1.0, 2.0]
    assert plain(LyingDict(E=2.0)) == {"E": 2.0}
    assert type(plain(LyingFloat(2.0))) is float
    assert plain(LyingFloat(2.0)) == 2.0
    assert plain(True) is True


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (object(), "an object"),
        (np.zeros((1, 1)).view(Ranked), "a Ranked, not a plain NumPy array"),
        (np.array([1, "a"], dtype=object), "an array of objects"),
        (np.array([1j]), "an array of complex numbers"),
        (1j, "a complex"),
        (np.zeros(2_000_000), "an array of 2,000,000 numbers"),
        (10**400, "a whole number of more than 300 digits"),
        (len, "a builtin_function_or_method"),
        (WithoutName(), "an object that cannot be read"),
    ],
    # Not the value's own words: an address in them would differ between two processes.
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_is_not_plain_data_is_named(value, kind):
    assert plain(value) == Foreign(kind)


def test_a_node_of_the_graph_is_told_from_its_number():
    import lecture_lib as ll

    assert plain(ll.parameter(2.0, "w")) == Foreign("a Node of the graph (its number is its .value)")


class Name(str):
    """A text of another kind."""


def test_keys_of_numpy_and_other_texts_become_pythons_own():
    assert plain({np.int64(1): 2, np.int64(2): 3}) == {1: 2, 2: 3}
    assert plain({np.float64(0.5): 1, np.str_("W"): 2, Name("b"): 3}) == {0.5: 1, "W": 2, "b": 3}
    assert {type(key) for key in plain({Name("b"): 1, np.str_("W"): 2})} == {str}


def test_numpy_scalars_become_numbers():
    assert plain(np.float32(0.5)) == 0.5
    assert plain(np.int64(3)) == 3
    assert plain(np.bool_(True)) is True
    assert plain(np.longdouble(0.5)) == 0.5
    assert isinstance(plain(np.complex128(1)), Foreign)


def test_huge_and_endless_values_are_cut():
    endless: dict = {}
    endless["again"] = [endless]
    assert plain(endless) == {"again": [Foreign("a dict that is put into itself")]}
    deep: list = []
    for _ in range(20):
        deep = [deep]
    assert "nested too deeply" in str(plain(deep))
    assert "100,000" in str(plain([0.0] * 100_001))
    assert "100,000" in str(plain([[0.0] * 60_000, [0.0] * 60_000]))
    assert len(plain("a" * 10_000)) < 3_000


def test_a_list_that_is_put_into_itself_often_stays_small():
    new: list = []
    new += [new] * 9
    assert plain(new) == [Foreign("a list that is put into itself")] * 9
    same = [1.0]
    assert plain([same, same]) == [[1.0], [1.0]]


@given(arrays)
def test_arrays_are_close_to_themselves_whatever_they_hold(array):
    assert close(array, array, 1e-5)
    assert alike(array, array.tolist(), 1e-5)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_numbers_are_alike_up_to_the_tolerance(one, two):
    near = abs(one - two) <= 1e-5 * max(1.0, abs(two))
    assert alike(one, two, 1e-5) == near
    assert alike(np.array([one]), np.array([two]), 1e-5) == near


def test_not_a_number_and_infinity_are_close_to_nothing_finite():
    for odd in (np.nan, np.inf, -np.inf):
        assert not close(np.array([odd, 1.0]), np.array([0.0, 1.0]), 1e-5)
        assert not alike(odd, 0.0, 1e-5)
    assert alike([math.inf], [math.inf], 1e-5)
    assert not alike([math.inf], [-math.inf], 1e-5)


def test_other_things_are_alike_as_their_kind_is():
    assert alike(["A", "b"], ("a", "B"), 0.0)
    assert not alike("A", 1.0, 0.0)
    assert alike({"E": 1.0}, {"E": 1.0}, 0.0)
    assert not alike({"E": 1.0}, {"W": 1.0}, 0.0)
    assert alike(None, None, 0.0)
    assert not alike(None, 0.0, 0.0)
    assert not alike([1.0], [1.0, 2.0], 0.0)


def test_numbers_are_said_shortly_and_without_a_negative_nought():
    assert [number_words(number) for number in (-0.0, 1 / 3, 1e300, math.nan, 7)] == [
        "0.0",
        "0.333333",
        "1e+300",
        "nan",
        "7",
    ]
    assert short(np.array([[1.0, -0.0]])) == "[[1.0, 0.0]]"
    assert short((1.0,)) == "(1.0,)"
    assert short(...) == "..."
    assert describe(np.zeros((2, 1), dtype=np.float32)) == "an array of float32 of shape (2, 1)"


def test_arguments_are_handed_over_as_copies():
    W = np.ones((2, 2))

    def writes(W):
        W[0, 0] = 5.0
        return W.sum()

    outcome = LocalAnswer(writes).call([W])
    assert W[0, 0] == 1.0
    assert outcome.value == 8.0
    assert outcome.changed == ((0,),)


def test_a_change_inside_a_dict_is_named_by_its_key():
    def writes(params):
        params["U"] *= 2

    outcome = LocalAnswer(writes).call([{"U": np.ones(2), "b": np.ones(2)}])
    assert outcome.changed == ((0, "U"),)


class UnlikeAll:
    __hash__ = object.__hash__

    def __init__(self, error=ValueError):
        self.error = error

    def __eq__(self, other):
        raise self.error("it is like nothing")


@pytest.mark.parametrize(
    "odd",
    [
        *(UnlikeAll(error) for error in (ValueError, SystemExit, KeyboardInterrupt, GeneratorExit)),
        *(np.array([None]), np.float64(1.0), [[1.0]], {UnlikeAll(): 1.0}, True, None),
    ],
)
def test_whatever_is_put_into_an_argument_changes_it(odd):
    def writes_into(numbers, params):
        numbers[0] = odd
        params[odd if isinstance(odd, UnlikeAll) else "W"] = odd

    outcome = LocalAnswer(writes_into).call([[1.0, 2.0], {"W": 1.0}])
    assert outcome.failure is None
    assert [path[0] for path in outcome.changed] == [0, 1]


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit])
def test_an_error_whose_text_cannot_be_read_is_an_error_like_any_other(error):
    class Unsaid(Exception):
        def __str__(self):
            raise error

    def stops():
        raise Unsaid

    failure = LocalAnswer(stops).call([]).failure
    assert (failure.kind, failure.message) == ("Unsaid", "(the error's own text could not be read)")


def test_an_argument_that_holds_itself_is_changed():
    def ties(numbers):
        numbers[0] = numbers

    assert LocalAnswer(ties).call([[[1.0], 2.0]]).changed == ((0,),)


@pytest.mark.parametrize(
    "own",
    [{"formatter": {"float": "{:.2f}".format}}, {"floatmode": "fixed"}, {"sign": "+"}, {"precision": 2}],
)
def test_numbers_that_look_the_same_are_told_apart_however_the_notebook_prints_arrays(own):
    with np.printoptions(**own):
        assert told_apart(18.05, 18.05004) == ("18.05", "18.05004")


entries = st.sampled_from([0.0, 1.0, 1.0 + 1e-5, 1.0 + 3e-5, -2.0, 1e6, 1e300, math.nan, math.inf, -math.inf])


@given(st.lists(st.tuples(entries, entries), max_size=4))
def test_few_numbers_are_as_close_as_they_are_among_many(pairs):
    value, reference = (np.array([pair[place] for pair in pairs]) for place in (0, 1))
    many = np.zeros(100)
    with np.errstate(all="ignore"):
        among_many = close(np.concatenate([value, many]), np.concatenate([reference, many]), 1e-5)
    assert close(value, reference, 1e-5) == among_many
