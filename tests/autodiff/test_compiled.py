"""A loss that trains with programs: the same numbers as the record, or a refusal."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.autodiff.fast import outside
from lecture_lib.common import leaves, tree_map
from lecture_lib.learning import sgd
from lecture_lib.learning.text import Sentences


def batch_of(rng, sentences, V=9):
    lengths = rng.integers(1, 6, size=sentences)
    starts = np.append(0, np.cumsum(lengths))
    return Sentences(rng.integers(V, size=starts[-1]), starts), np.eye(3)[rng.integers(3, size=sentences)]


@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("activation", [ll.relu, ll.tanh, ll.sigmoid])
def test_batches_of_several_sizes_get_the_gradients_of_the_record(depth, activation):
    rng = np.random.default_rng(0)
    loss = partial(ll.mlp_loss, activation=activation)
    fast = ll.compiled(loss)
    params = ll.mlp_parameters(9, 4, 5, 3, rng, depth=depth)
    for n in (6, 6, 2, 6, 2):
        batch, y = batch_of(rng, n)
        value, gradients = fast.value_and_grad(params, batch, y)
        expected, d_params = ll.value_and_grad(loss)(params, batch, y)
        assert value == pytest.approx(expected, rel=1e-12, abs=0)
        assert gradients.keys() == d_params.keys()
        for name, d_theta in d_params.items():
            np.testing.assert_allclose(np.asarray(gradients[name]), d_theta, rtol=1e-10, atol=1e-14)
    assert len(fast.programs) == 2


def test_parameters_of_any_structure_come_back_in_it():
    def loss(params, x):
        (w, v), b = params["layers"], params["b"]
        return (w * x + v * x * x + b).sum()

    params = {"layers": (np.array(2.0), 3), "b": [1.0, 2.0][0]}
    _, gradient = ll.compiled(loss).value_and_grad(params, np.array([1.0, 2.0]))
    assert isinstance(gradient["layers"], tuple)
    assert [float(d) for d in (*gradient["layers"], gradient["b"])] == [3.0, 5.0, 2.0]


def test_a_named_node_that_the_loss_makes_itself_is_part_of_the_program():
    fast = ll.compiled(lambda p: (p["w"] * ll.data(2.0, "x") - ll.data(1.0, "y")) ** 2)
    for w in (0.5, 1.0, 2.0):
        value, gradient = fast.value_and_grad({"w": w})
        assert (value, gradient["w"]) == ((2 * w - 1) ** 2, 4 * (2 * w - 1))


def test_a_node_that_the_loss_makes_may_have_the_name_of_one_that_it_is_handed():
    fast = ll.compiled(lambda w, x, n: (w * x * ll.data(2.0, "x") * ll.data(3.0, "w") * n).sum())
    for x in (1.0, 4.0, 5.0):
        assert fast.value_and_grad(0.5, np.array([x]), 1)[0] == 3 * x


def test_the_graph_of_a_sentence_is_a_loss():
    example = ll.duck_goose()

    def loss(params):
        return ll.sentence_graph(example, params)["loss"]

    fast, params = ll.compiled(loss), example.params
    for _ in range(3):
        value, gradients = fast.value_and_grad(params)
        expected, d_params = ll.value_and_grad(loss)(params)
        assert value == pytest.approx(expected, rel=1e-12, abs=0)
        for name, d_theta in d_params.items():
            np.testing.assert_allclose(np.asarray(gradients[name]), d_theta, rtol=1e-10, atol=1e-14)
        params = {name: theta - 0.1 * d_params[name] for name, theta in params.items()}


def test_a_named_node_of_other_numbers_at_each_call_is_refused():
    numbers = iter(range(100))
    drawn = ll.compiled(lambda w: (w * ll.data(float(next(numbers)), "x")).sum())
    with pytest.raises(ValueError, match="compiled: the program of <lambda> gives another gradient"):
        drawn.value_and_grad(np.ones(1))

    largest = ll.compiled(lambda w, x: (w * x * ll.data(getattr(x, "value", x).max(), "top")).sum())
    largest.value_and_grad(np.ones(2), np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="compiled: the program of <lambda> gives another gradient"):
        largest.value_and_grad(np.ones(2), np.array([1.0, 3.0]))


def test_a_node_that_the_loss_makes_of_what_it_is_handed_is_as_good_as_that():
    fast = ll.compiled(lambda w, x: (w * ll.data(getattr(x, "value", x), "x")).sum())
    for x in (1.0, 1.0, 3.0):
        assert fast.value_and_grad(np.ones(2), np.full(2, x))[0] == 2 * x


def test_a_parameter_under_another_name_is_refused():
    fast = ll.compiled(lambda p, x: (p["w"].named("v") * x).sum())
    with pytest.raises(ValueError, match=r"compiled: <lambda> calls w v\. .* hands what it is given on"):
        fast.value_and_grad({"w": np.ones(2)}, np.ones(2))


def test_a_number_that_is_no_array_is_part_of_the_program():
    def loss(theta, strength):
        return (theta**2).sum() * strength

    fast = ll.compiled(loss)
    for strength in (2.0, 3.0, 2.0):
        _, gradient = fast.value_and_grad(np.array([1.0]), strength)
        assert gradient.tolist() == [2 * strength]


def test_a_loss_that_decides_by_its_numbers_is_refused():
    def loss(theta, x):
        return (theta * x).sum() if theta.value[0] > 0 else (theta * theta).sum()

    fast = ll.compiled(loss)
    fast.value_and_grad(np.array([3.0]), np.array([1.0]))
    with pytest.raises(ValueError, match="compiled: the program of loss gives another gradient for theta "):
        fast.value_and_grad(np.array([-3.0]), np.array([1.0]))


def test_a_loss_that_takes_the_batch_apart_is_refused():
    def loss(E, words):
        return E[:, words[1:]].sum()

    refused = r"compiled: loss looks into words\. .* Use the loss itself, without compiled"
    with pytest.raises(ValueError, match=refused):
        ll.compiled(loss).value_and_grad(np.ones((2, 4)), np.array([0, 1, 2]))

    def hidden(theta, batch):
        return theta[int(batch.words[0])] * 1.0

    with pytest.raises(ValueError, match="compiled: hidden: batch is no array and no operation is set to it"):
        ll.compiled(hidden).value_and_grad(np.ones(4), Sentences(np.array([1]), np.array([0, 1])))

    def in_a_dict(theta, batch):
        return ((theta * batch["x"] - batch["y"]) ** 2).mean()

    with pytest.raises(ValueError, match="compiled: in_a_dict: batch is no array"):
        ll.compiled(in_a_dict).value_and_grad(np.ones(3), {"x": np.ones(3), "y": np.ones(3)})


def test_a_loss_whose_value_alone_depends_on_the_batch_is_refused():
    def loss(theta, y):
        return (theta * 2).sum() + float(getattr(y, "value", y).sum())

    fast = ll.compiled(loss)
    fast.value_and_grad(np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match="compiled: the program of loss gives another value than the record"):
        fast.value_and_grad(np.ones(3), np.full(3, 2.0))


def test_whole_numbers_of_a_batch_may_be_labels_or_places():
    def labelled(theta, y):
        return ll.cross_entropy(theta, y)

    fast = ll.compiled(labelled)
    for y in ([1, 0], [0, 1], [0, 1]):
        _, gradient = fast.value_and_grad(np.zeros(2), np.array(y))
        np.testing.assert_allclose(gradient, 0.5 - np.array(y))

    def picked(theta, places):
        return ll.pick(theta, index=places).sum()

    fast = ll.compiled(picked)
    for places in ([0, 1], [2, 2], [1, 2]):
        _, gradient = fast.value_and_grad(np.zeros(3), np.array(places))
        np.testing.assert_array_equal(gradient, np.bincount(places, minlength=3))


def test_a_loss_that_gives_no_node_says_so():
    with pytest.raises(TypeError, match="compiled: <lambda> returned int; expected a node"):
        ll.compiled(lambda theta: 0).value_and_grad(np.zeros(2))


def test_a_loss_of_many_numbers_is_refused():
    with pytest.raises(ll.ShapeError, match=r"the loss has shape \(2,\); expected a scalar"):
        ll.compiled(lambda theta: theta * 2.0).value_and_grad(np.zeros(2))


def test_training_with_programs_is_the_same_training():
    rng = np.random.default_rng(0)
    batch, y = batch_of(rng, 20)
    params = ll.mlp_parameters(9, 4, 5, 3, rng)

    def trained(loss):
        return ll.train(
            loss, params, (batch, y), sgd(0.5), rng=np.random.default_rng(1), batch_size=8, max_epochs=5,
            progress_bar=False,
        )  # fmt: skip

    slow, fast = trained(ll.mlp_loss), trained(ll.compiled(ll.mlp_loss))
    np.testing.assert_allclose(fast.history.losses, slow.history.losses, rtol=1e-9)
    for name in params:
        np.testing.assert_allclose(fast.params[name], slow.params[name], rtol=1e-8, atol=1e-10)


def test_a_compiled_loss_is_still_the_loss():
    fast = ll.compiled(ll.mlp_loss)
    assert fast.__doc__ == ll.mlp_loss.__doc__
    rng = np.random.default_rng(0)
    batch, y = batch_of(rng, 3)
    params = ll.mlp_parameters(9, 4, 5, 3, rng)
    assert fast(params, batch, y) == ll.mlp_loss(params, batch, y)


def test_a_sentence_may_be_looked_up_as_the_lecture_does():
    def loss(params, words, y):
        h0 = params["E"][:, words].mean(axis=1)
        return ll.cross_entropy(params["U"] @ ll.relu(params["W"] @ h0), y)

    rng = np.random.default_rng(0)
    fast = ll.compiled(loss)
    params = {"E": rng.normal(size=(2, 6)), "W": rng.normal(size=(3, 2)), "U": rng.normal(size=(2, 3))}
    for n in (3, 3, 5, 3, 5):
        words, y = rng.integers(6, size=n), np.eye(2)[rng.integers(2)]
        value, gradients = fast.value_and_grad(params, words, y)
        expected, d_params = ll.value_and_grad(loss)(params, words, y)
        assert value == pytest.approx(expected, rel=1e-12, abs=0)
        for name, d_theta in d_params.items():
            np.testing.assert_allclose(gradients[name], d_theta, rtol=1e-10, atol=1e-14)
    assert len(fast.programs) == 2


weight = 1.0


def weighted(x):
    return x * weight


def by_a_global(params, x):
    return (params["w"] * weighted(x)).sum()


def test_a_number_that_is_read_from_outside_is_the_present_one(monkeypatch):
    factor, shift = 1.0, np.zeros(2)

    def by_a_closure(params, x):
        return (params["w"] * x).sum() * factor + shift.sum()

    params, x = {"w": np.ones(2)}, np.ones(2)
    fast, other = ll.compiled(by_a_global), ll.compiled(by_a_closure)
    for factor in (1.0, 1.0, 3.0, 4.0, 3.0):
        monkeypatch.setitem(globals(), "weight", factor)
        shift[:] = factor
        assert fast.value_and_grad(params, x)[0] == 2 * factor
        value, gradient = other.value_and_grad(params, x)
        assert (value, gradient["w"].tolist()) == (4 * factor, [factor, factor])


def test_what_is_another_at_each_call_is_refused():
    count = 0

    def loss(theta):
        return (theta * theta).sum() * count

    fast = ll.compiled(loss)
    for _ in range(32):
        count += 1
        assert fast.value_and_grad(np.ones(2))[0] == 2 * count
    count += 1
    with pytest.raises(ValueError, match="reads from outside what is another at each call"):
        fast.value_and_grad(np.ones(2))


def test_a_plain_number_of_a_batch_that_is_another_at_each_call_is_refused():
    fast = ll.compiled(lambda theta, x, factor: (theta * x).sum() * factor)
    for factor in range(32):
        for size in (2, 3):
            assert fast.value_and_grad(np.ones(size), np.ones(size), factor)[0] == size * factor
    with pytest.raises(ValueError, match="is handed a plain number that is another at each call"):
        fast.value_and_grad(np.ones(2), np.ones(2), 32)


def test_a_loss_that_looks_at_the_kind_of_its_batch_is_refused_at_the_first_batch():
    fast = ll.compiled(lambda w, x: (w * x).sum() if isinstance(x, np.ndarray) else (w * x * 2).sum())
    with pytest.raises(ValueError, match="compiled: the program of <lambda> gives another"):
        fast.value_and_grad(np.ones(2), np.ones(2))


def test_a_mask_of_a_batch_is_no_single_false():
    with pytest.raises(TypeError, match=r"x is a node, which equals no number: compare x\.value"):
        ll.compiled(lambda w, x: (w * (x == 1)).sum()).value_and_grad(np.ones(3), np.array([0.0, 1.0, 1.0]))


@pytest.mark.parametrize("seed", range(8))
def test_a_gradient_that_is_zero_but_for_rounding_refuses_no_loss(seed):
    rng = np.random.default_rng(seed)

    def loss(params, x):  # a softmax does not see what is added to all
        return ((ll.softmax(x @ params["v"] + params["b"]) @ x) ** 2).sum()

    params, fast = {"v": rng.normal(size=6), "b": 0.3}, ll.compiled(loss)
    for _ in range(3):
        x = rng.normal(size=(20, 6))
        value, gradient = fast.value_and_grad(params, x)
        assert value == pytest.approx(ll.value_and_grad(loss)(params, x)[0])
        assert abs(gradient["b"]) < 1e-12


def test_a_refusal_is_kept():
    rng = np.random.default_rng(0)

    def dropout(params, x):
        return (params["w"] * x * rng.integers(2, size=4)).sum()

    fast = ll.compiled(dropout)
    for size in (4, 4, 4):
        with pytest.raises(ValueError, match="compiled: the program of dropout gives another"):
            fast.value_and_grad({"w": np.ones(size)}, np.ones(size))


def test_an_unused_parameter_has_the_gradient_zero():
    def loss(params, x):
        return (params["b"] * x).sum()

    fast = ll.compiled(loss)
    for _ in range(3):
        _, gradient = fast.value_and_grad({"w": np.ones(2), "b": np.ones(3), "c": 1.0}, np.ones(3))
        assert gradient["w"].tolist() == [0.0, 0.0]
        assert gradient["b"].tolist() == [1.0, 1.0, 1.0]
        assert gradient["c"] == 0.0


NAMES = st.sampled_from(
    ["W", "W_1", "W_2", "theta", "theta_1", "np", "lambda", "__x", "ℓ", "l", "x", "batch_0", "a b"]
)


@given(
    st.recursive(
        st.just(1.0), lambda t: st.dictionaries(NAMES, t, min_size=1) | st.lists(t, min_size=1), max_leaves=8
    )
)
def test_every_parameter_keeps_its_gradient_whatever_the_names(tree):
    count = iter(range(1, 100))
    params = tree_map(lambda _: np.array([float(next(count)), 1.0]), tree)

    def loss(params, x):
        return sum(((i + 2) * theta * x * x).sum() for i, theta in enumerate(leaves(params))) * 1.0

    fast = ll.compiled(loss)
    for x in (np.ones(2), np.full(2, 2.0)):
        value, gradients = fast.value_and_grad(params, x)
        expected, d_params = ll.value_and_grad(loss)(params, x)
        assert value == pytest.approx(expected)
        np.testing.assert_array_equal(leaves(gradients), leaves(d_params))


def test_parts_of_a_batch_may_be_called_as_anything_is():
    def loss(theta, np_, *batch_2):
        return (theta * np_).sum() * batch_2[0].sum() + batch_2[1].sum()

    np_, *others = (np.array([float(i), 1.0]) for i in range(3))
    for params in (np.ones(2), {"batch_1": np.ones(2)}):
        whole = loss if isinstance(params, np.ndarray) else lambda p, *batch: loss(p["batch_1"], *batch)
        value, gradient = ll.compiled(whole).value_and_grad(params, np_, *others)
        assert value == 1.0 * 2.0 + 3.0
        assert leaves(gradient)[0].tolist() == [0.0, 2.0]


@pytest.mark.parametrize("value", [None, "3", 1j])
def test_parameters_that_are_no_numbers_are_refused_by_name(value):
    with pytest.raises(TypeError, match="w: expected a number or an array of numbers"):
        ll.compiled(lambda p: p["w"] * 1.0).value_and_grad({"w": value})


@pytest.fixture
def cell(monkeypatch):
    """Run the source of a notebook's cell, and return the notebook's variables."""
    variables = {"__name__": "__main__", "ll": ll, "np": np}

    def run(source):
        exec(source, variables)
        return variables

    return run


def test_a_variable_that_is_called_as_an_attribute_is_not_read(cell):
    loss = cell("T = 0\ndef loss(p, x): return (x @ p['W'].T).sum()")["loss"]
    fast = ll.compiled(loss)
    for T in range(40):
        cell(f"T = {T}")
        fast.value_and_grad({"W": np.ones((2, 3))}, np.ones((4, 3)))
    assert len(fast.programs) == 1


def test_what_is_defined_after_the_loss_is_compiled_is_watched(cell):
    fast = ll.compiled(cell("def loss(w): return (w * factor).sum() * shifted(1.0)")["loss"])
    cell("def shifted(a): return a + later")
    for factor, later in [(1.0, 0.0), (2.0, 0.0), (2.0, 5.0), (1.0, 0.0)]:
        cell(f"factor, later = {factor}, {later}")
        assert fast.value_and_grad(np.ones(2))[0] == 2 * factor * (1 + later)
    assert len(fast.programs) == 3


def test_a_helper_that_is_defined_anew_is_noticed(cell):
    helpers = {
        "def helper(a): return a * 2": 2.0,
        "def helper(a): return a * 3": 3.0,
        "def helper(a, by=5.0): return a * by": 5.0,
        "def helper(a, by=6.0): return a * by": 6.0,
        "def helper(a, *, by=7.0): return a * by": 7.0,
        "def made(by): return lambda a: a * by\nhelper = made(8.0)": 8.0,
        "helper = made(9.0)": 9.0,
        "from functools import partial\nhelper = partial(ll.multiply, 10.0)": 10.0,
        "def other(a): return a * 11\ndef helper(a): return other(a)": 11.0,
        "def other(a): return a * 12": 12.0,
        "class Scale:\n    def by(self, a): return a * 13\nhelper = Scale().by": 13.0,
    }
    fast = ll.compiled(cell("def loss(w): return helper(w).sum()")["loss"])
    for _ in range(2):
        for source, factor in helpers.items():
            cell(source)
            assert fast.value_and_grad(np.ones(1))[0] == factor


def test_a_helper_that_is_defined_anew_as_it_was_costs_no_program(cell):
    fast = ll.compiled(cell("def loss(w): return helper(w).sum()")["loss"])
    for _ in range(40):
        cell("def helper(a, by=2.0): return a * by")
        fast.value_and_grad(np.ones(1))
    assert len(fast.programs) == 1


def test_of_two_objects_in_one_place_of_memory_neither_is_taken_for_the_other(cell):
    cell("class Scale:\n    def __init__(self, by): self.by = by")
    fast = ll.compiled(cell("def loss(w): return (w * scale.by).sum()")["loss"])
    for by in range(1, 20):
        cell(f"scale = Scale({by})")
        assert fast.value_and_grad(np.ones(1))[0] == by


def test_an_array_from_outside_is_compared_up_to_a_hundred_thousand_numbers(cell):
    assert outside.MOST_COMPARED == 100_000
    fast = ll.compiled(cell("many = np.ones(100_000)\ndef loss(w): return w * many.sum()")["loss"])
    assert fast.value_and_grad(1.0)[0] == 100_000
    cell("many[-1] = 2.0")
    assert fast.value_and_grad(1.0)[0] == 100_001
    assert fast.value_and_grad(1.0)[0] == 100_001


def test_the_probability_nought_of_a_wrong_class_costs_nothing_in_any_batch():
    labels = np.array([[1.0, 0.0], [0.0, 1.0]])
    fast = ll.compiled(lambda p, o: ll.nll(ll.softmax(p * o), labels))
    for size in (1.0, 2.0, 1000.0, 3.0):
        scores = np.array([[size, -size], [-size, size]])
        value, gradient = fast.value_and_grad(1.0, scores)
        expected, d_p = ll.value_and_grad(lambda p, o: ll.nll(ll.softmax(p * o), labels))(1.0, scores)
        assert value == pytest.approx(expected, rel=1e-12, abs=0)
        assert gradient == pytest.approx(d_p, rel=1e-12, abs=0)
        assert np.isfinite(value)


def test_a_difference_of_a_millionth_is_a_difference():
    def loss(theta):
        return (theta * theta).sum() * (1.0 if theta.value[0] > 0 else 1 + 1e-6)

    fast = ll.compiled(loss)
    fast.value_and_grad(np.ones(1))
    with pytest.raises(ValueError, match="gives another gradient for theta"):
        fast.value_and_grad(-np.ones(1))
