"""The same training in PyTorch: the same first parameters, the same minibatches, every loss compared.

PyTorch is no requirement. It is imported when `beside_pytorch` is called, and nowhere else.
"""

# PyTorch need not be installed, so nothing is known of its types:
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from lecture_lib.autodiff import compiled
from lecture_lib.autodiff.values import Array
from lecture_lib.common import Shown, Text, number
from lecture_lib.exercises.page import card, code, paragraph
from lecture_lib.learning import (
    CLASSES,
    adam,
    definitions,
    he,
    minibatches,
    mlp_loss,
    mlp_parameters,
    normal,
    one_hot,
    sentences,
    train,
    vocabulary,
)
from lecture_lib.learning.text import Sentences

BATCH_SIZE, LEARNING_RATE = 32, 1e-3
INSTALL = "pip install torch"
_NOT_HERE = (
    "PyTorch is not installed here. This part is optional: nothing else needs it. To see it, install PyTorch "
    "(a download of some hundred megabytes) in a terminal, in the environment that JupyterLab runs in, then "
    "restart the kernel and run this cell again."
)


def train_in_pytorch(
    params: dict[str, Array],
    texts: Sentences,
    y: Array,
    batches: Sequence[Any],
    learning_rate: float,
) -> list[float]:
    """Train with Adam; return the loss of each minibatch."""
    import torch
    import torch.nn.functional as F

    E, W, b, U = (torch.tensor(params[name]) for name in "EWbU")
    # PyTorch keeps a row for each word: it gets the transpose of E.
    embedding = torch.nn.EmbeddingBag.from_pretrained(
        E.T.contiguous(),
        freeze=False,
        mode="mean",
    )
    for parameter in (W, b, U):
        parameter.requires_grad_()
    parameters = [embedding.weight, W, b, U]
    optimiser = torch.optim.Adam(parameters, lr=learning_rate)
    labels = torch.from_numpy(y.argmax(axis=1))
    losses: list[float] = []
    for batch in batches:
        some = texts[batch]
        words = torch.from_numpy(some.words)
        starts = torch.from_numpy(some.starts[:-1])
        h0 = embedding(words, starts)
        o = F.linear(torch.relu(F.linear(h0, W, b)), U)
        # It takes the scores: the softmax is inside.
        loss = F.cross_entropy(o, labels[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


def pytorch_program() -> str:
    """Return the text of the training in PyTorch that `beside_pytorch` runs."""
    return inspect.getsource(train_in_pytorch)


@dataclass(frozen=True, repr=False)
class Parity(Shown):
    """The losses of one training, by the library and by PyTorch.

    Attributes
    ----------
    ours, pytorch : tuple of float
        the loss of each minibatch
    """

    ours: tuple[float, ...]
    pytorch: tuple[float, ...]

    @property
    def largest_difference(self) -> float:
        """How far two losses of one step are apart, at most."""
        return float(np.max(np.abs(np.subtract(self.ours, self.pytorch))))

    @property
    def words(self) -> str:
        """The comparison in a few lines."""
        shown = sorted({0, 1, len(self.ours) // 2, len(self.ours) - 1})
        lines = [
            f"step {step + 1}: the library {self.ours[step]:.15f}, PyTorch {self.pytorch[step]:.15f}"
            for step in shown
        ]
        apart = f"two of one step differ by at most {number(self.largest_difference, digits=2)}."
        return "\n".join([*lines, f"Of all {len(self.ours)} losses, {apart}"])

    @property
    def html(self) -> str:
        """The same as HTML."""
        return card("", "The same training, twice", [paragraph(line) for line in self.words.splitlines()])


def beside_pytorch(epochs: int = 5, seed: int = 0) -> Shown:
    """Train on the definitions with the library and with PyTorch, and compare every loss.

    Parameters
    ----------
    epochs : int
        passes over the training set, 1 or more
    seed : int
        draws the first parameters and the minibatches, the same for both

    Returns
    -------
    Parity
        or, where PyTorch is not installed, a text that says how to install it
    """
    if epochs < 1:
        raise ValueError(f"beside_pytorch: epochs is {epochs}; 1 or more was expected")
    if importlib.util.find_spec("torch") is None:
        return Text(
            card("", "PyTorch is not here", [paragraph(_NOT_HERE), code(INSTALL)]), f"{_NOT_HERE}\n{INSTALL}"
        )
    params, texts, y = problem(seed)
    batches = [
        batch
        for rng in [np.random.default_rng(seed)]
        for _ in range(epochs)
        for batch in minibatches(len(texts), BATCH_SIZE, rng)
    ]
    with _one_thread():
        pytorch = train_in_pytorch(params, texts, y, batches, LEARNING_RATE)
    return Parity(ours(params, texts, y, epochs, seed), tuple(pytorch))


@contextmanager
def _one_thread() -> Generator[None]:
    """Let PyTorch compute on one thread: handing out work on matrices this small costs more than the work."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def problem(seed: int) -> tuple[dict[str, Array], Sentences, Array]:
    """Return the first parameters, the training texts and their labels, as `train_definitions` has them."""
    data = definitions().train
    known = vocabulary((d.tokens for d in data), 2, unknown="column")
    rng = np.random.default_rng(seed)
    first_E = partial(normal, scale=0.1)
    params = mlp_parameters(len(known), 16, 16, len(CLASSES), rng, initialise=he, initialise_E=first_E)
    return params, sentences([d.tokens for d in data], known), one_hot([d.label for d in data], CLASSES)


def ours(params: dict[str, Array], texts: Sentences, y: Array, epochs: int, seed: int) -> tuple[float, ...]:
    """Train with the library; return the loss of each minibatch."""
    return train(
        compiled(mlp_loss),
        params,
        (texts, y),
        adam(LEARNING_RATE),
        rng=np.random.default_rng(seed),
        batch_size=BATCH_SIZE,
        max_epochs=epochs,
        progress_bar=False,
    ).history.losses
