"""Initialisers, encoder, MLP of any depth, loss: on arrays and on nodes."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.autodiff import ShapeError
from lecture_lib.learning import (
    ACTIVATIONS,
    UnknownWordError,
    accuracy,
    bag_of_words,
    encode,
    encode_batch,
    glorot,
    he,
    mlp,
    mlp_forward,
    mlp_loss,
    mlp_parameters,
    mlp_scores,
    nll,
    normal,
    sentences,
    uniform,
)
from lecture_lib.learning.text import Sentences

VOCABULARY = {"duck": 0, "goose": 1, "emu": 2}
token_lists = st.lists(st.sampled_from(list(VOCABULARY)), min_size=1, max_size=6)
seeds = st.integers(0, 2**32 - 1)


def a_model(depth, seed=0, words=7, dimensions=4, hidden=5, classes=3):
    return mlp_parameters(words, dimensions, hidden, classes, np.random.default_rng(seed), depth=depth)


def a_batch(seed=0, words=7, classes=3, n=6):
    rng = np.random.default_rng(seed)
    names = {f"word{k}": k for k in range(words)}
    texts = [rng.choice(list(names), size=rng.integers(1, 5)).tolist() for _ in range(n)]
    return sentences(texts, names), np.eye(classes)[rng.integers(classes, size=n)]


class TestInitialisers:
    @pytest.mark.parametrize(
        ("initialise", "variance"),
        [(uniform, 1 / 3), (normal, 1.0), (glorot, 2 / (300 + 400)), (he, 2 / 400)],
        ids=["uniform", "normal", "glorot", "he"],
    )
    def test_weights_have_mean_0_and_the_variance_of_their_formula(self, initialise, variance):
        W = initialise((300, 400), np.random.default_rng(0))
        assert W.shape == (300, 400)
        # 120,000 draws: five standard errors of the mean, and 2 in a hundred of the variance.
        assert abs(W.mean()) < 5 * np.sqrt(variance / W.size)
        assert W.var() == pytest.approx(variance, rel=0.02)

    def test_uniform_weights_stay_between_minus_1_and_1(self):
        assert np.abs(uniform((100, 100), np.random.default_rng(0))).max() < 1

    def test_glorot_weights_stay_within_its_bound(self):
        assert np.abs(glorot((30, 40), np.random.default_rng(0))).max() < np.sqrt(6 / 70)

    @pytest.mark.parametrize("initialise", [uniform, normal, glorot, he])
    def test_the_same_generator_state_gives_the_same_weights(self, initialise):
        one, two = (initialise((3, 4), np.random.default_rng(7)) for _ in range(2))
        assert np.array_equal(one, two)

    @pytest.mark.parametrize("initialise", [glorot, he])
    def test_a_vector_has_no_inputs_and_outputs(self, initialise):
        with pytest.raises(ShapeError, match=r"the shape \(3,\) was given; \(outputs, inputs\) was expected"):
            initialise((3,), np.random.default_rng(0))


class TestEncoder:
    @given(token_lists, seeds)
    def test_a_sentence_is_the_mean_of_its_words_columns(self, tokens, seed):
        E = np.random.default_rng(seed).normal(size=(4, 3))
        by_hand = sum(E[:, VOCABULARY[word]] for word in tokens) / len(tokens)
        np.testing.assert_allclose(encode(tokens, VOCABULARY, E), by_hand, rtol=1e-12, atol=1e-12)

    @given(token_lists, st.randoms(use_true_random=False), seeds)
    def test_the_order_of_words_does_not_matter(self, tokens, shuffler, seed):
        E = np.random.default_rng(seed).normal(size=(4, 3))
        shuffled = list(tokens)
        shuffler.shuffle(shuffled)
        np.testing.assert_allclose(
            encode(shuffled, VOCABULARY, E), encode(tokens, VOCABULARY, E), rtol=1e-12, atol=1e-12
        )

    @given(st.lists(token_lists, min_size=1, max_size=6), seeds)
    def test_a_batch_is_its_sentences_encoded_one_by_one(self, texts, seed):
        E = np.random.default_rng(seed).normal(size=(4, 3))
        one_by_one = [encode(tokens, VOCABULARY, E) for tokens in texts]
        together = encode_batch(sentences(texts, VOCABULARY), E)
        np.testing.assert_allclose(together, one_by_one, rtol=1e-12, atol=1e-12)

    @given(st.lists(token_lists, min_size=1, max_size=4), seeds)
    def test_a_batch_hands_back_what_its_sentences_hand_back_one_by_one(self, texts, seed):
        rng = np.random.default_rng(seed)
        E, weights = rng.normal(size=(4, 3)), rng.normal(size=(len(texts), 4))

        def one_by_one(E):
            parts = [
                ll.sum(encode(tokens, VOCABULARY, E) * w) for tokens, w in zip(texts, weights, strict=True)
            ]
            return sum(parts[1:], parts[0])

        def together(E):
            return ll.sum(encode_batch(sentences(texts, VOCABULARY), E) * weights)

        (_, expected), (_, found) = (ll.value_and_grad(f)(E) for f in (one_by_one, together))
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)

    def test_a_batch_reads_the_columns_of_its_own_words_only(self):
        E = np.full((2, 1000), np.nan)  # one NaN read would show
        E[:, [3, 5]] = [[1.0, 3.0], [2.0, 6.0]]
        batch = sentences([["a", "b"], ["b"]], {"a": 3, "b": 5})
        assert encode_batch(batch, E).tolist() == [[2.0, 4.0], [3.0, 6.0]]

    def test_lists_of_words_are_no_batch_yet(self):
        with pytest.raises(TypeError, match=r"encode_batch: expected Sentences, .*; got list"):
            encode_batch([["duck"]], np.ones((2, 3)))

    def test_words_that_are_not_in_the_batch_get_no_gradient(self):
        batch = sentences([["duck", "emu"]], VOCABULARY)
        _, d_E = ll.value_and_grad(lambda E: ll.sum(encode_batch(batch, E)))(np.zeros((2, 3)))
        assert d_E.tolist() == [[0.5, 0.0, 0.5], [0.5, 0.0, 0.5]]

    def test_the_batch_encoder_is_a_registered_primitive(self):
        assert ll.PRIMITIVES["bag_of_words"] is bag_of_words

    def test_no_words_have_no_mean(self):
        with pytest.raises(ValueError, match="there are no words to average"):
            encode([], VOCABULARY, np.zeros((2, 3)))

    def test_an_unknown_word_is_named(self):
        with pytest.raises(UnknownWordError, match="the word 'swan'"):
            encode(["swan"], VOCABULARY, np.zeros((2, 3)))

    def test_an_embedding_with_too_few_columns_is_refused_with_both_shapes(self):
        with pytest.raises(
            ShapeError, match=r"E \(3, 2\) has no column for each of the vocabulary's 3 words"
        ):
            encode(["duck"], VOCABULARY, np.zeros((3, 2)))


class TestMlp:
    @pytest.mark.parametrize(
        ("depth", "shapes"),
        [
            (1, {"E": (4, 7), "U": (3, 4)}),
            (2, {"E": (4, 7), "W": (5, 4), "b": (5,), "U": (3, 5)}),
            (3, {"E": (4, 7), "W1": (5, 4), "b1": (5,), "W2": (5, 5), "b2": (5,), "U": (3, 5)}),
        ],
    )
    def test_depth_l_has_l_matrix_products(self, depth, shapes):
        assert {name: value.shape for name, value in a_model(depth).items()} == shapes

    def test_biases_begin_at_0(self):
        assert not np.any(a_model(3)["b1"])
        assert not np.any(a_model(3)["b2"])

    def test_no_depth_is_refused(self):
        with pytest.raises(ValueError, match="depth is 0"):
            a_model(0)

    @pytest.mark.parametrize("depth", [1, 2, 3, 6])
    @pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
    def test_a_batch_gives_a_row_of_probabilities_for_each_example(self, depth, activation):
        params, h0 = a_model(depth), np.random.default_rng(1).normal(size=(6, 4))
        p = mlp(params, h0, activation)
        assert p.shape == (6, 3)
        np.testing.assert_allclose(p.sum(axis=1), 1)
        for row, example in zip(p, h0, strict=True):
            np.testing.assert_allclose(mlp(params, example, activation), row, rtol=1e-12)

    def test_depth_2_is_the_slides_forward_pass(self):
        params, h0 = a_model(2), np.random.default_rng(1).normal(size=4)
        z, h, o, p = mlp_forward(h0, params["W"], params["b"], params["U"])
        assert np.array_equal(h, np.maximum(z, 0))
        assert np.array_equal(mlp_scores(params, h0), o)
        assert np.array_equal(mlp(params, h0), p)

    def test_the_output_has_no_bias(self):
        assert not np.any(mlp_scores(a_model(1), np.zeros(4)))

    @pytest.mark.parametrize("depth", [1, 2, 3, 5])
    @pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
    def test_all_gradients_agree_with_central_differences(self, depth, activation):
        params, (batch, y) = a_model(depth, seed=3), a_batch(seed=3)
        for name in params:
            if name.startswith("b"):  # at b = 0, a dead layer puts the next one exactly on ReLU's kink
                params[name] = np.random.default_rng(4).normal(size=params[name].shape)
        _, gradients = ll.value_and_grad(mlp_loss)(params, batch, y, activation)
        assert list(gradients) == list(params)
        for name, value in params.items():

            def loss(theta, name=name):
                return mlp_loss({**params, name: theta}, batch, y, activation)

            assert ll.gradient_error(loss, lambda theta, name=name: gradients[name], value) < 1e-7, name

    def test_missing_and_surplus_parameters_are_named_beside_what_was_expected(self):
        params = a_model(2)
        h0 = np.zeros(4)
        with pytest.raises(ValueError, match="the parameters are E, W, U; for depth 2, E, W, b, U were"):
            mlp({name: value for name, value in params.items() if name != "b"}, h0)
        with pytest.raises(ValueError, match="for depth 2, E, W, b, U were expected"):
            mlp({**params, "c": h0}, h0)

    def test_a_shape_that_does_not_fit_is_reported_with_both_shapes(self):
        nodes = {name: ll.parameter(value, name) for name, value in a_model(2).items()}
        with pytest.raises(ShapeError, match=r"W \(5, 4\) and h0 \(3,\) disagree: 4 != 3"):
            mlp(nodes, ll.data(np.zeros(3), "h0"))


class TestLoss:
    @given(st.integers(1, 6), st.integers(2, 5), seeds)
    def test_the_loss_of_a_batch_is_the_mean_of_its_examples(self, n, classes, seed):
        rng = np.random.default_rng(seed)
        p, y = rng.dirichlet(np.ones(classes), size=n) + 1e-9, np.eye(classes)[rng.integers(classes, size=n)]
        one_by_one = [nll(p_i, y_i) for p_i, y_i in zip(p, y, strict=True)]
        assert nll(p, y) == pytest.approx(np.mean(one_by_one))
        assert nll(p, y) == pytest.approx(np.mean(-np.log(p[y == 1])))

    def test_the_training_loss_is_the_nll_of_the_probabilities(self):
        params, (batch, y) = a_model(3), a_batch()
        p = mlp(params, encode_batch(batch, params["E"]))
        assert mlp_loss(params, batch, y) == pytest.approx(nll(p, y))

    def test_the_training_loss_is_right_where_a_probability_rounds_to_0(self):
        params = {"E": np.array([[1000.0]]), "U": np.array([[1.0], [-1.0]])}
        batch = sentences([["duck"]], {"duck": 0})
        assert mlp_loss(params, batch, np.array([[0.0, 1.0]])) == 2000.0

    @pytest.mark.parametrize("shape", [(2,), (1, 2)], ids=["one example", "a batch"])
    def test_a_wrong_class_of_probability_0_adds_nothing_to_the_loss(self, shape):
        p, y = np.array([1.0, 0.0]).reshape(shape), np.array([1.0, 0.0]).reshape(shape)
        assert nll(p, y) == 0
        loss, d_p = ll.value_and_grad(nll)(p, y)
        assert loss == 0
        assert d_p.ravel().tolist() == [-1.0, 0.0]

    def test_probabilities_and_labels_of_different_shapes_are_not_broadcast(self):
        with pytest.raises(ShapeError, match=r"p \(4, 2\) and y \(2,\) disagree"):
            nll(np.full((4, 2), 0.5), np.array([1.0, 0.0]))

    @pytest.mark.parametrize(
        "differentiate", [ll.value_and_grad, lambda loss: ll.compiled(loss).value_and_grad]
    )
    @pytest.mark.parametrize(
        "y", [np.array([0, 1]), np.array([[0.0, 1.0]]), np.eye(2)[[0, 1, 1]]], ids=["numbers", "1", "3"]
    )
    def test_class_numbers_and_labels_of_other_examples_are_refused_in_training(self, differentiate, y):
        params, (batch, _) = a_model(2, classes=2), a_batch(n=2)
        said = (
            rf"scores \(2, 2\) and y {re.escape(str(y.shape))} disagree.*one_hot\(labels, classes\) makes y"
        )
        with pytest.raises(ShapeError, match=said):
            differentiate(mlp_loss)(params, batch, y)

    def test_accuracy_is_the_share_of_right_rows(self):
        p = np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3], [0.2, 0.8]])
        assert accuracy(p, np.eye(2)[[0, 1, 0, 0]]) == 0.75

    def test_accuracy_refuses_labels_of_another_shape(self):
        with pytest.raises(ShapeError, match=r"\(n, C\) twice was expected"):
            accuracy(np.full((4, 2), 0.5), np.zeros(4))


@pytest.mark.parametrize("word", [1, 7, -2])
def test_a_word_without_a_column_is_named_with_the_columns_that_there_are(word):
    E = ll.parameter(np.ones((2, 1)), "E")
    batch = Sentences(np.array([0, word]), np.array([0, 2]))
    said = rf"bag_of_words: E \(2, 1\): the words are columns {min(0, word)} to {max(0, word)}; there are 1$"
    with pytest.raises(IndexError, match=said):
        ll.encode_batch(batch, E)
