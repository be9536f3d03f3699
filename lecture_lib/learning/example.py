"""The lecture's own example: duck, duck, goose."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from lecture_lib.autodiff import Node, data, exp, log, parameter, relu, softmax, sum
from lecture_lib.autodiff.values import Array, frozen

from .text import word_ids


@dataclass(frozen=True)
class DuckGoose:
    """One sentence, its label, and the parameters that the slides start from.

    Attributes
    ----------
    tokens : tuple of str
        ("duck", "duck", "goose")
    vocabulary : dict of str to int
        word -> column of E
    y : (2,) array
        one-hot: [1, 0] stands for "text about animals"
    params : dict
        E (2, 2), W (2, 2), b (2,), U (2, 2)
    learning_rate : float
        the slides' 10⁻²
    """

    tokens: tuple[str, ...]
    vocabulary: dict[str, int]
    y: Array
    params: dict[str, Array]
    learning_rate: float


def duck_goose() -> DuckGoose:
    """The slides' example, new arrays at each call, read-only.

    E has a column for each word and a row for each dimension. The slide labels the rows with words too,
    which is an error: its own average, [0, −1.3], is taken over columns. W and U are the slide's draws from
    U(−1, 1); E holds −1.5, so E was not drawn so.

    Returns
    -------
    DuckGoose

    Examples
    --------
    >>> example = duck_goose()
    >>> example.tokens
    ('duck', 'duck', 'goose')
    >>> example.params["E"][:, example.vocabulary["duck"]]
    array([ 0.05, -1.5 ])
    """
    return DuckGoose(
        tokens=("duck", "duck", "goose"),
        vocabulary={"duck": 0, "goose": 1},
        y=_fixed([1.0, 0.0]),
        params={
            "E": _fixed([[0.05, -0.1], [-1.5, -0.9]]),
            "W": _fixed([[0.9, 1.0], [0.7, -0.3]]),
            "b": _fixed([0.0, 0.0]),
            "U": _fixed([[0.0, -0.5], [-0.9, 0.3]]),
        },
        learning_rate=0.01,
    )


LAYERS: Mapping[str, str] = MappingProxyType({"input": "h0", "layer 1": "h", "output": "p", "loss": "loss"})
"""The layers of `sentence_graph`: what each is called, and its last node."""


def sentence_graph(
    example: DuckGoose, params: Mapping[str, Array | Node] | None = None, *, softmax_in_steps: bool = False
) -> dict[str, Node]:
    """The computation graph of one sentence's loss, each line as on the slides, each node by its name.

    Parameters
    ----------
    example : DuckGoose
        the sentence, its label and its vocabulary
    params : dict, optional
        E (dim, V), W (hidden, dim), b (hidden,), U (C, hidden), arrays or nodes; the example's own if not
        given
    softmax_in_steps : bool
        whether p = softmax(o) is one operation, or exp, sum and division as the slide draws it: then every
        exp has two consumers, and what comes back from both is added

    Returns
    -------
    dict
        name -> node: E, W, b, U, y; X, the words' columns side by side; h0; a = W h0; z, h, o, p;
        q = log p; loss; with the steps also e = exp(o) and s = Σ e

    Examples
    --------
    >>> from lecture_lib.autodiff import backward
    >>> graph = sentence_graph(duck_goose())
    >>> graph["p"].value.round(6)
    array([0.422627, 0.577373])
    >>> backward(graph["loss"])["U"].round(6) + 0.0
    array([[ 0.      , -0.225176],
           [ 0.      ,  0.225176]])

    As a loss for training:

    >>> from lecture_lib.learning import minimise, sgd
    >>> example = duck_goose()
    >>> training = minimise(
    ...     lambda params: sentence_graph(example, params)["loss"],
    ...     example.params,
    ...     sgd(example.learning_rate),
    ...     max_steps=1,
    ... )
    >>> [round(loss, 6) for loss in training.history.losses]
    [0.861266, 0.853884]

    Slides "Training iteration: encode the input" to "calculate the gradient".
    """
    values = example.params if params is None else params
    E, W, b, U = (_parameter(values[name], name) for name in ("E", "W", "b", "U"))
    y = data(example.y, "y")
    nodes = {"E": E, "W": W, "b": b, "U": U, "y": y}

    X = E[:, word_ids(example.tokens, example.vocabulary)].named("X")
    h0 = X.mean(axis=1).named("h0")
    a = (W @ h0).named("a")
    z = (a + b).named("z")
    h = relu(z).named("h")
    o = (U @ h).named("o")
    if softmax_in_steps:
        e = exp(o).named("e")
        s = sum(e).named("s")
        p = (e / s).named("p")
        nodes |= {"e": e, "s": s}
    else:
        p = softmax(o).named("p")
    q = log(p).named("q")
    loss = (-(y * q).sum()).named("loss")
    return nodes | {"X": X, "h0": h0, "a": a, "z": z, "h": h, "o": o, "p": p, "q": q, "loss": loss}


def _parameter(value: Array | Node, name: str) -> Node:
    return value if isinstance(value, Node) else parameter(value, name)


def _fixed(values: list[float] | list[list[float]]) -> Array:
    """The values as an array that refuses to be changed in place."""
    return frozen(np.array(values, dtype=np.float64))
