"""A real development curve: the lecture's network on a thousand definitions, by plain gradient descent."""

from __future__ import annotations

from functools import partial

import numpy as np

from lecture_lib.autodiff import compiled
from lecture_lib.learning import (
    CLASSES,
    definitions,
    he,
    mlp_loss,
    mlp_parameters,
    normal,
    one_hot,
    sentences,
    sgd,
    train,
    vocabulary,
)
from lecture_lib.learning.history import History


def train_without_stopping(
    rng: np.random.Generator,
    *,
    texts: int = 1000,
    learning_rate: float = 0.5,
    epochs: int = 24,
    progress_bar: bool = True,
) -> History:
    """Train on some definitions for so many epochs, whatever the development loss does.

    Parameters
    ----------
    rng : numpy.random.Generator
        draws the initial parameters, then the minibatches
    texts : int
        how many of the 5,597 training definitions are used
    learning_rate : float
        η
    epochs : int
    progress_bar : bool
        whether to show a bar; Kernel → Interrupt ends it

    Returns
    -------
    History
        `dev_losses`: before training and after each epoch, on the 800 definitions of the development set
    """
    data = definitions()
    some = data.train[:texts]
    known = vocabulary((d.tokens for d in some), 2, unknown="column")
    params = mlp_parameters(
        len(known), 16, 16, 2, rng, initialise=he, initialise_E=partial(normal, scale=0.1)
    )
    pairs = [
        (sentences([d.tokens for d in part], known), one_hot([d.label for d in part], CLASSES))
        for part in (some, data.dev)
    ]
    training = train(
        compiled(mlp_loss),
        params,
        pairs[0],
        sgd(learning_rate),
        rng=rng,
        batch_size=16,
        max_epochs=epochs,
        dev=pairs[1],
        progress_bar=progress_bar,
    )
    return training.history
