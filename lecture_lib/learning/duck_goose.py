"""The lecture's own example: duck, duck, goose."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["DuckGoose", "duck_goose"]

Array = npt.NDArray[np.float64]


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
    which is a slip: its own average, [0, −1.3], is taken over columns. W and U are the slide's draws from
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


def _fixed(values: list[float] | list[list[float]]) -> Array:
    """The values as an array that refuses to be changed in place."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array
