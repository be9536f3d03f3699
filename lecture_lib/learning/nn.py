"""The model: bag-of-words encoder, MLP of depth L, loss.

All of it serves plain arrays and nodes alike: on arrays it computes, on nodes it leaves a graph behind.
One example is a vector and reads as the slide does. A batch is a matrix with one example a row.
"""

# Array or node is decided when it runs; pyright cannot follow it through the operations' overloads:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from lecture_lib.autodiff import Node, ShapeError, SparseGradient, primitive
from lecture_lib.autodiff.fast.sparse import sparse_gradient, sparse_rule
from lecture_lib.autodiff.ops import cross_entropy, mean, relu, sigmoid, softmax, tanh, unbroadcast
from lecture_lib.autodiff.values import Array

from .initialise import layer_names
from .text import Sentences, word_ids

Value = Any
"""An array or a node: what goes in as a node comes out as one."""

ACTIVATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"relu": relu, "tanh": tanh, "sigmoid": sigmoid}
)
"""The activations by name, for a grid of hyper-parameters."""

# --- encoder ------------------------------------------------------------------------------------


def encode(tokens: Sequence[str], vocabulary: dict[str, int], E: Value) -> Value:
    """The bag-of-words encoder: the average of the words' columns.

    Parameters
    ----------
    tokens : n words
        a repeated word counts each time
    vocabulary : dict
        word -> column
    E : (dim, V) array or node
        a column for each word, a row for each dimension

    Returns
    -------
    (dim,) array or node

    Raises
    ------
    UnknownWordError
        names a word that has no column
    ValueError
        if there are no words

    Examples
    --------
    >>> E = np.array([[0.05, -0.1], [-1.5, -0.9]])
    >>> encode(["duck", "duck", "goose"], {"duck": 0, "goose": 1}, E).round(12) + 0.0
    array([ 0. , -1.3])

    Slide "Training iteration: encode the input".
    """
    ids = word_ids(tokens, vocabulary)
    if len(ids) == 0:
        raise ValueError("encode: there are no words to average; one or more was expected")
    columns = np.asarray(E) if isinstance(E, list) else E
    if columns.ndim != 2 or columns.shape[-1] < len(vocabulary):
        raise ShapeError(
            f"encode: E {columns.shape} has no column for each of the vocabulary's {len(vocabulary)} words; "
            f"(dim, {len(vocabulary)}) was expected"
        )
    return mean(columns[:, ids], axis=1)


def _some_sentences(rng: np.random.Generator, E: Array) -> dict[str, Sentences]:
    lengths = rng.integers(1, 5, size=rng.integers(1, 4))
    starts = np.append(0, np.cumsum(lengths))
    # Few words, so that some come twice in a sentence, and in several.
    words = rng.integers(min(E.shape[1], 3), size=int(starts[-1]))
    return {"sentences": Sentences(words, starts)}


@primitive(
    "mean of the columns of {E} for each sentence's words",
    "E (d, V) -> H (n, d)",
    symbol="mean E[:, words]",
    sample=_some_sentences,
)
def bag_of_words(E: Array, *, sentences: Sentences) -> Array:
    """Encode n sentences at once, an example a row. The cost is that of their words, not of V."""
    try:
        words = E.T[sentences.words]  # a row each
    except IndexError:
        asked = f"{np.min(sentences.words)} to {np.max(sentences.words)}"
        raise IndexError(f"the words are columns {asked}; there are {E.shape[1]}") from None
    added: Array = np.add.reduceat(words, sentences.starts[:-1])
    return added / sentences.lengths[:, np.newaxis]


def _to_each_word(d_H: Array, sentences: Sentences) -> Array:
    """d_H (n, d) -> (total, d): what goes back to each word of each sentence, a row each."""
    return np.repeat(d_H / sentences.lengths[:, np.newaxis], sentences.lengths, axis=0)


@bag_of_words.vjp("{d_H} / n to the column of each of a sentence's n words")
def bag_of_words_vjp(d_H: Array, H: Array, E: Array, *, sentences: Sentences) -> tuple[Array]:
    d_E = np.zeros(E.shape)
    index: Any = (slice(None), sentences.words)
    np.add.at(d_E, index, _to_each_word(d_H, sentences).T)  # a repeated word adds up
    return (d_E,)


@sparse_rule(bag_of_words)
def sparse_bag_of_words_vjp(d_H: Array, H: Array, E: Array, *, sentences: Sentences) -> tuple[SparseGradient]:
    """The same, with the cost of the sentences' words."""
    return (sparse_gradient(E.shape, sentences.words, _to_each_word(d_H, sentences).T),)


def encode_batch(sentences: Sentences, E: Value) -> Value:
    """`encode` for many sentences, with the cost of their words.

    Parameters
    ----------
    sentences : Sentences
        n of them
    E : (dim, V) array or node

    Returns
    -------
    (n, dim) array or node
        an example a row

    Raises
    ------
    TypeError
        if the sentences are lists of words

    Examples
    --------
    >>> from lecture_lib.learning.text import sentences
    >>> E = np.array([[0.05, -0.1], [-1.5, -0.9]])
    >>> batch = sentences([["duck"], ["goose", "goose"]], {"duck": 0, "goose": 1})
    >>> encode_batch(batch, E)
    array([[ 0.05, -1.5 ],
           [-0.1 , -0.9 ]])
    """
    if not isinstance(sentences, Sentences):  # pyright: ignore[reportUnnecessaryIsInstance]  # a student's call
        raise TypeError(
            f"encode_batch: expected Sentences, as sentences(texts, vocabulary) gives them; got "
            f"{type(sentences).__name__}"
        )
    return bag_of_words(E, sentences=sentences)


# --- multilayer perceptron ----------------------------------------------------------------------


def mlp_forward(h0: Value, W: Value, b: Value, U: Value) -> tuple[Value, Value, Value, Value]:
    """The lecture's MLP of depth 2 on one example, step by step.

    Parameters
    ----------
    h0 : (dim,), W : (hidden, dim), b : (hidden,), U : (C, hidden) arrays or nodes

    Returns
    -------
    z : (hidden,), h : (hidden,), o : (C,), p : (C,)

    Examples
    --------
    >>> W, b, U = np.array([[0.9, 1], [0.7, -0.3]]), np.zeros(2), np.array([[0, -0.5], [-0.9, 0.3]])
    >>> z, h, o, p = mlp_forward(np.array([0, -1.3]), W, b, U)
    >>> p.round(6)
    array([0.422627, 0.577373])

    Slide "Producing the Output: The Forward Pass".
    """
    z = W @ h0 + b
    h = relu(z)
    o = U @ h
    p = softmax(o)
    return z, h, o, p


def mlp(params: Mapping[str, Value], h0: Value, activation: Callable[..., Any] = relu) -> Value:
    """The class probabilities of an MLP of any depth (slide "Producing the Output: The Forward Pass").

    Parameters
    ----------
    params : dict of arrays or nodes
        as `mlp_parameters` names them; E is not used here
    h0 : (dim,) or (n, dim) array or node
        what the encoder gave for one example, or for a batch with an example a row
    activation : relu, tanh or sigmoid
        the slide's a(·)

    Returns
    -------
    (C,) or (n, C) array or node
        p, the slide's ŷ
    """
    return softmax(mlp_scores(params, h0, activation))


def mlp_scores(params: Mapping[str, Value], h0: Value, activation: Callable[..., Any] = relu) -> Value:
    """The scores o of an MLP of any depth: `mlp` before the softmax. The output has no bias.

    Parameters and shapes are those of `mlp`.

    Returns
    -------
    (C,) or (n, C) array or node
    """
    if not callable(activation):
        raise TypeError(f"mlp: activation is {activation!r}; a function was expected, such as tanh")
    h = np.asarray(h0) if isinstance(h0, list) else h0
    for W, b in layers(params):
        h = activation(_product(W, h) + b)
    return _product(params["U"], h)


def layers(params: Mapping[str, Value]) -> list[tuple[Value, Value]]:
    """The hidden layers' (W, b) in order: L − 1 pairs.

    Raises
    ------
    ValueError
        names the parameter that is missing, or one too many
    """
    depth = 1 + len([name for name in params if name.startswith("W")])
    pairs = layer_names(depth)
    expected = ["E", *(name for pair in pairs for name in pair), "U"]
    missing = [name for name in expected if name not in params and name != "E"]
    extra = [name for name in params if name not in expected]
    if missing or extra:
        raise ValueError(
            f"mlp: the parameters are {', '.join(params)}; for depth {depth}, {', '.join(expected)} "
            "were expected"
        )
    return [(params[W], params[b]) for W, b in pairs]


# --- loss ---------------------------------------------------------------------------------------


@primitive(
    "−Σ {y} log {p}", "p (..., C), y (..., C) -> loss (...)", symbol="−Σ y log p", domain={"p": "positive"}
)
def negative_log_likelihood(p: Array, y: Array) -> Array:
    """Of the true class, from the probabilities p; one for each row of a batch. 0 log 0 counts as 0."""
    return -np.vecdot(y, np.log(_possible(p, y)))


@negative_log_likelihood.vjp("−{d_loss} × {y} / {p}", "−{d_loss} × log {p}")
def negative_log_likelihood_vjp(d_loss: Array, loss: Array, p: Array, y: Array) -> tuple[Array, Array]:
    d_row = d_loss[..., np.newaxis] if d_loss.ndim else d_loss
    possible = _possible(p, y)
    return unbroadcast(-d_row * y / possible, p), unbroadcast(-d_row * np.log(possible), y)


def _possible(p: Array, y: Array) -> Array:
    """Return p with 1, whose log is 0, for the probability 0 of a wrong class: of these, any may have it."""
    return p + ((p == 0) & (y == 0))


def nll(p: Value, y: Value) -> Value:
    """The negative log-likelihood −Σ y log p; of a batch, the mean over its examples.

    The mean keeps the gradient of a minibatch an unbiased estimate of the whole data set's.
    For training, `cross_entropy` takes the scores instead: the true class's probability cannot round to 0.

    Parameters
    ----------
    p : (C,) or (n, C) array or node
        probabilities, that of the true class above 0
    y : as p
        one-hot

    Returns
    -------
    scalar

    Examples
    --------
    >>> round(float(nll(np.array([0.25, 0.75]), np.array([1.0, 0.0]))), 6)
    1.386294

    Slide "Recap: Loss function".
    """
    p, y = (x if isinstance(x, Node) else np.asarray(x) for x in (p, y))
    if p.shape != y.shape:
        raise ShapeError(f"nll: p {p.shape} and y {y.shape} disagree; one shape was expected")
    loss = negative_log_likelihood(p, y)
    return loss if p.ndim == 1 else mean(loss)


def mlp_loss(
    params: Mapping[str, Value], sentences: Sentences, y: Array, activation: Callable[..., Any] = relu
) -> Value:
    """What training makes small: the mean NLL of a batch, from encoder to loss.

    Parameters
    ----------
    params : dict of arrays or nodes
        as `mlp_parameters` names them
    sentences : Sentences
        n of them
    y : (n, C) array
        one-hot, an example a row
    activation : relu, tanh or sigmoid

    Returns
    -------
    scalar

    Raises
    ------
    ShapeError
        if y has another shape than the scores
    """
    h0 = encode_batch(sentences, params["E"])
    o = mlp_scores(params, h0, activation)
    y = y if isinstance(y, Node) else np.asarray(y)
    if y.shape != o.shape:  # class numbers, one for each example, would be broadcast
        raise ShapeError(
            f"mlp_loss: the scores {o.shape} and y {y.shape} disagree; one shape was expected: "
            "one_hot(labels, classes) makes y"
        )
    return mean(cross_entropy(o, y))


def accuracy(p: Array, y: Array) -> float:
    """The share of examples whose largest score is that of the true class; among NaN, none is the largest.

    Parameters
    ----------
    p : (n, C) array
        probabilities or scores, an example a row
    y : (n, C) array
        one-hot

    Examples
    --------
    >>> accuracy(np.array([[0.9, 0.1], [0.8, 0.2]]), np.array([[1, 0], [0, 1]]))
    0.5
    """
    p, y = np.asarray(p), np.asarray(y)
    if p.shape != y.shape or p.ndim != 2 or not len(p):
        raise ShapeError(f"accuracy: p {p.shape} and y {y.shape} were given; (n, C) twice was expected")
    right = (p.argmax(axis=1) == y.argmax(axis=1)) & ~np.isnan(p).any(axis=1)
    return float(np.mean(right))


def _product(W: Value, x: Value) -> Value:
    """W x for one example; for a batch the same for each row of x."""
    return W @ x if x.ndim == 1 else x @ W.T
