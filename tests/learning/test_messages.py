"""What is handed over in another form is taken, or refused in words that say what was expected."""

import numpy as np
import pytest

import lecture_lib as ll


def loss(params, x, y):
    return ((params["w"] * x - y) ** 2).mean()


def trained(data, rng):
    return ll.train(
        loss, {"w": 0.0}, data, ll.sgd(0.1), rng=rng, batch_size=1, max_epochs=1, progress_bar=False
    )


def test_data_in_lists_is_refused_by_part():
    data = (np.ones(2), [0.0, 2.0])
    with pytest.raises(TypeError, match="train: part 2 of data is a list; an array was expected"):
        trained(data, np.random.default_rng(0))


@pytest.mark.parametrize(
    "draws",
    [
        lambda rng: trained((np.ones(2), np.ones(2)), rng),
        lambda rng: ll.minibatches(3, 2, rng),
        lambda rng: ll.mlp_parameters(3, 2, 2, 2, rng),
        lambda rng: ll.normal((2, 2), rng),
        lambda rng: ll.glorot((2, 2), rng),
    ],
)
def test_a_seed_in_place_of_a_generator_is_refused_and_the_generator_named(draws):
    with pytest.raises(TypeError, match=r"rng is 7; a generator was expected: np\.random\.default_rng\(7\)"):
        draws(7)


def test_a_matrix_in_lists_is_named():
    with pytest.raises(TypeError, match=r"W is a list.*a matrix, write np\.array\(W\)"):
        ll.value_and_grad(lambda p: (p["W"] @ np.ones(2)).sum())({"W": [[1.0, 2.0], [3.0, 4.0]]})


def test_whole_numbers_of_any_size_and_lists_of_probabilities_are_taken():
    assert ll.parameter(2**70).value == 2.0**70
    assert ll.nll([0.5, 0.5], [1, 0]) == pytest.approx(np.log(2))


@pytest.mark.parametrize(
    ("name", "way"),
    [("backward", r"ll\.backward\(x\)"), ("grad", r"ll\.backward\(loss\)\[x\]"), ("item", r"x\.value")],
)
def test_what_pytorch_calls_it_names_what_it_is_here(name, way):
    with pytest.raises(AttributeError, match=f"a node has no {name}: write .*{way}"):
        getattr(ll.parameter(2.0, "x"), name)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("the duck\u2019s friend", ("the", "duck's", "friend")),
        ("nai\u0308ve cafe\u0301", ("naïve", "café")),
        ("\ufb01sh web\u00adfooted", ("fish", "webfooted")),
        ("\u2018quoted\u2019 duck", ("quoted", "duck")),
        ("ÉCOLE \uff24uck", ("école", "duck")),
    ],
)
def test_words_are_the_same_however_a_text_is_typed_or_set(text, right):
    assert ll.words(text) == right


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (lambda: ll.gradient_descent(lambda th: np.ones((2, 1)), np.ones(2), 0.1, lambda *_: False, 3),
         r"the gradient has shape \(2, 1\); theta has shape \(2,\)"),
        (lambda: ll.gradient_descent(lambda th: None, np.ones(2), 0.1, lambda *_: False, 3),
         r"the gradient has shape \(\); theta has shape \(2,\)"),
        (lambda: ll.converged(np.ones(2), np.ones((2, 1)), 1.0),
         r"converged: before has shape \(2,\), and after \(2, 1\); one shape was expected"),
        (lambda: ll.select_best([{"config": {}, "dev_accuracy": 0.5}]),
         "has no number for dev_accuracy or dev_loss"),
        (lambda: ll.select_best([{"config": {}, "dev_accuracy": None, "dev_loss": 1.0}]),
         "has no number for dev_accuracy or dev_loss"),
    ],
)  # fmt: skip
def test_what_would_give_other_shapes_or_compare_nothing_is_refused(said, message):
    with pytest.raises(ValueError, match=message):
        said()


def fallen(optimiser, max_steps=2):
    return ll.minimise(lambda theta: (theta**2).sum(), np.ones(2), optimiser, max_steps=max_steps)


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (lambda: ll.minibatches(10, 2.0, RNG), "minibatches: batch_size is 2.0; a whole number was expected"),
        (lambda: ll.minibatches(10.0, 2, RNG), "minibatches: n is 10.0; a whole number was expected"),
        (lambda: ll.train(loss, {"w": 0.0}, (np.ones(2),) * 2, ll.sgd(0.1), rng=RNG, batch_size=1.5,
                          max_epochs=1), "train: batch_size is 1.5; a whole number was expected"),
        (lambda: ll.train(loss, {"w": 0.0}, (np.ones(2),) * 2, ll.sgd(0.1), rng=RNG, batch_size=1,
                          max_epochs=2.0), "train: max_epochs is 2.0; a whole number was expected"),
        (lambda: fallen(ll.sgd(0.1), 2.0), "minimise: max_steps is 2.0; a whole number was expected"),
        (lambda: ll.gradient_descent(lambda th: th, np.ones(2), 0.1, lambda *_: False, 3.0),
         "gradient_descent: max_steps is 3.0; a whole number was expected"),
        (lambda: ll.mlp_parameters(3, 2, 2, 2, RNG, depth=3.0),
         "mlp_parameters: depth is 3.0; a whole number was expected"),
        (lambda: ll.random_search(lambda c: c, {"a": [1]}, 2.0, RNG),
         "random_search: n is 2.0; a whole number was expected"),
    ],
)  # fmt: skip
def test_a_number_of_things_is_whole(said, message):
    with pytest.raises(TypeError, match=message):
        said()


def test_whole_numbers_of_numpy_are_taken():
    assert len(ll.minibatches(np.int64(10), np.int32(5), RNG)) == 2
    assert fallen(ll.sgd(0.25), np.int64(0)).history.steps == 0


def test_fewer_than_no_steps_are_refused():
    with pytest.raises(ValueError, match="minimise: max_steps is -1; 0 or more was expected"):
        fallen(ll.sgd(0.1), -1)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (lambda: fallen(0.1), r"an optimiser was expected, such as sgd\(0\.1\); got 0\.1$"),
        (lambda: fallen(ll.sgd), r"got <function sgd at .*>: was it to be called\?"),
        (lambda: ll.sgd("0.1"), "the learning rate is '0.1'; a number above 0, or a function of the step"),
        (lambda: ll.adam(None), "the learning rate is None; a number above 0, or a function of the step"),
        (lambda: ll.words(3), "words: a text was expected, as a string; got int"),
        (lambda: ll.words(["duck"]), r"got list\. For a list of texts: \[words\(text\) for text in texts\]"),
        (lambda: ll.one_hot([0, 1], 2), "one_hot: classes is 2; a list of them was expected"),
        (lambda: ll.mlp_parameters(3, 2, 2, 2, RNG, initialise="he"), "initialise is 'he'; a function was"),
        (lambda: ll.mlp_parameters(3, 2, 2, 2, RNG, initialise_E="he"), "initialise_E is 'he'; a function"),
        (
            lambda: ll.mlp(ll.mlp_parameters(3, 2, 2, 2, RNG), np.ones(2), "tanh"),
            "activation is 'tanh'; a fun",
        ),
    ],
)
def test_what_is_of_another_type_is_told_what_was_expected(said, message):
    with pytest.raises(TypeError, match=message):
        said()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (lambda: ll.linear_decay(0.1, 0, 0), "linear_decay: total_steps is 0; a number above 0 was expected"),
        (lambda: ll.step_decay(0.1, 0, 0), "step_decay: every is 0; a number above 0 was expected"),
        (lambda: ll.inverse_time_decay(0.1, 0, 0), "inverse_time_decay: half_at is 0; a number above 0 was"),
        (lambda: ll.cosine_decay(0.1, 0, 4, warm_up=4), "cosine_decay: total_steps − warm_up is 0; a number"),
        (lambda: ll.glorot(3, RNG), r"glorot: the shape 3 was given; \(outputs, inputs\) was expected"),
        (lambda: ll.momentum(0.1).init({}), "the parameters are {}: there are none to train"),
        (lambda: ll.adam(0.1).init(()), r"the parameters are \(\): there are none to train"),
    ],
)
def test_numbers_for_which_there_is_no_answer_are_refused(said, message):
    with pytest.raises(ValueError, match=message):
        said()


def test_lists_are_taken_where_the_model_takes_arrays():
    params = ll.mlp_parameters(2, 2, 3, 2, RNG)
    for h0 in (np.ones(2), np.ones((4, 2))):
        np.testing.assert_array_equal(ll.mlp(params, h0.tolist()), ll.mlp(params, h0))
    E = params["E"]
    known = {"duck": 0, "goose": 1}
    np.testing.assert_array_equal(ll.encode(["duck"], known, E.tolist()), ll.encode(["duck"], known, E))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            lambda: ll.predict_texts(None, "duck"),
            r"a list of texts was expected, not a single one: \['duck'\]",
        ),
        (lambda: ll.numeric_gradient(lambda th: None, np.ones(2)), "what f gave: expected a number"),
        (lambda: ll.sum(ll.parameter(np.ones(2)), 0), "settings are told by name: axis=…, keepdims=…"),
        (lambda: np.dot(np.ones((2, 2)), ll.parameter(np.ones(2))), "np.dot does not take nodes: use a @ b"),
    ],
)
def test_what_was_meant_otherwise_is_told_how_it_is_written(said, message):
    with pytest.raises(TypeError, match=message):
        said()
