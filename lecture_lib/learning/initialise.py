"""How a model begins: initialisers, and the parameters of an MLP drawn by them."""

from collections.abc import Callable

import numpy as np

from lecture_lib.autodiff import ShapeError
from lecture_lib.autodiff.values import Array

from .text import checked_count, checked_generator


def uniform(
    shape: tuple[int, ...], rng: np.random.Generator, *, low: float = -1.0, high: float = 1.0
) -> Array:
    """W_ij ~ U(low, high), by default U(−1, 1) as on the slide "Initialising the model".

    Parameters
    ----------
    shape : tuple of int
        of the array, any
    rng : numpy.random.Generator
        the only source of chance
    low, high : floats
        between which each entry is drawn

    Examples
    --------
    >>> uniform((2, 3), np.random.default_rng(0)).shape
    (2, 3)
    """
    return checked_generator(rng, "uniform").uniform(low, high, shape)


def normal(shape: tuple[int, ...], rng: np.random.Generator, *, scale: float = 1.0) -> Array:
    """W_ij ~ N(0, scale²), the other choice of the slide "Parameter Initialisation".

    Parameters
    ----------
    shape : tuple of int
        of the array, any
    rng : numpy.random.Generator
        the only source of chance
    scale : float
        σ, the standard deviation
    """
    return checked_generator(rng, "normal").normal(0.0, scale, shape)


def glorot(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """W (outputs, inputs): W_ij ~ U(−a, a) with a = √(6 / (inputs + outputs)). For tanh and sigmoid.

    The scores keep about the variance of the inputs, forward and backward (Glorot and Bengio, 2010).

    Parameters
    ----------
    shape : tuple of int
        (outputs, inputs)
    rng : numpy.random.Generator
        the only source of chance

    Raises
    ------
    ShapeError
        if the shape has not two entries
    """
    outputs, inputs = _matrix(shape, "glorot")
    a = np.sqrt(6 / (inputs + outputs))
    return checked_generator(rng, "glorot").uniform(-a, a, shape)


def he(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """W (outputs, inputs): W_ij ~ N(0, 2 / inputs). For ReLU, which sets half of the scores to 0.

    He, Zhang, Ren and Sun, 2015.

    Parameters
    ----------
    shape : tuple of int
        (outputs, inputs)
    rng : numpy.random.Generator
        the only source of chance

    Raises
    ------
    ShapeError
        if the shape has not two entries
    """
    _, inputs = _matrix(shape, "he")
    return checked_generator(rng, "he").normal(0.0, np.sqrt(2 / inputs), shape)


def mlp_parameters(
    words: int,
    dimensions: int,
    hidden: int,
    classes: int,
    rng: np.random.Generator,
    *,
    depth: int = 2,
    initialise: Callable[..., Array] = uniform,
    initialise_E: Callable[..., Array] | None = None,
) -> dict[str, Array]:
    """Draw the parameters of an MLP of depth L; the biases are 0 (slide "Initialising the model").

    Parameters
    ----------
    words, dimensions, hidden, classes : int
        V, the size of a word's column, the size of each hidden layer, C
    rng : numpy.random.Generator
        the only source of chance
    depth : int
        L, the number of matrix products after the encoder: L − 1 hidden layers and the output
    initialise, initialise_E : initialisers
        for W and U, and for E (as the others if not given)

    Returns
    -------
    dict
        E (dimensions, words), a column for each word; W (hidden, dimensions); b (hidden,);
        U (classes, hidden). For L > 2: W1, b1, …, W{L−1}, b{L−1} in place of W, b. For L = 1: E and
        U (classes, dimensions) alone.

    Raises
    ------
    ValueError
        if depth is below 1
    TypeError
        if depth is not whole, or an initialiser no function

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> {name: value.shape for name, value in mlp_parameters(5, 4, 3, 2, rng).items()}
    {'E': (4, 5), 'W': (3, 4), 'b': (3,), 'U': (2, 3)}
    >>> list(mlp_parameters(5, 4, 3, 2, rng, depth=3))
    ['E', 'W1', 'b1', 'W2', 'b2', 'U']
    """
    depth = checked_count(depth, "mlp_parameters: depth")
    for name, drawn_by in (("initialise", initialise), ("initialise_E", initialise_E or initialise)):
        if not callable(drawn_by):
            raise TypeError(f"mlp_parameters: {name} is {drawn_by!r}; a function was expected, such as he")
    # Kept a word after the other in memory: a batch looks few of them up.
    params = {"E": np.asfortranarray((initialise_E or initialise)((dimensions, words), rng))}
    inputs = dimensions
    for W, b in layer_names(depth):
        params[W] = initialise((hidden, inputs), rng)
        params[b] = np.zeros(hidden)
        inputs = hidden
    params["U"] = initialise((classes, inputs), rng)
    return params


def layer_names(depth: int) -> list[tuple[str, str]]:
    """Return what the weights and biases of each hidden layer are called in an MLP of depth L."""
    if depth == 2:
        return [("W", "b")]
    return [(f"W{layer}", f"b{layer}") for layer in range(1, depth)]


def _matrix(shape: tuple[int, ...], who: str) -> tuple[int, int]:
    if not hasattr(shape, "__len__") or len(shape) != 2:
        raise ShapeError(f"{who}: the shape {shape} was given; (outputs, inputs) was expected")
    return shape
