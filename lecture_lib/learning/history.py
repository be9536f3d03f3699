"""What is remembered of a training: its history, what it gave, and how far it came if it diverged."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, Self

from .optim import Params


@dataclass(frozen=True)
class History:
    """What happened in training.

    Attributes
    ----------
    losses : tuple of float
        of `train`: the loss of each step's minibatch, at the parameters before that step. Of `minimise`:
        the loss at θ₀, θ₁, …, one more than there were steps.
    learning_rates : tuple of float
        each step's η
    evaluated_at : tuple of int
        after how many steps the development set was looked at; the first is 0
    dev_losses, dev_accuracies : tuples of float
        what was seen then; empty without a development set
    best_step : int
        after how many steps the parameters were those that are kept
    stopped : str
        "max steps", "stop", "early stopping", or "diverged"
    why : str
        the same in a sentence
    """

    losses: tuple[float, ...]
    learning_rates: tuple[float, ...]
    evaluated_at: tuple[int, ...]
    dev_losses: tuple[float, ...]
    dev_accuracies: tuple[float, ...]
    best_step: int
    stopped: Literal["max steps", "stop", "early stopping", "diverged"]
    why: str

    @property
    def steps(self) -> int:
        """How many updates were made."""
        return len(self.learning_rates)

    @property
    def epoch_losses(self) -> tuple[float, ...]:
        """The mean loss of each epoch's minibatches, to stand beside the dev losses from epoch 1 on."""
        return tuple(sum(self.losses[a:b]) / (b - a) for a, b in pairwise(self.evaluated_at))


@dataclass(frozen=True, eq=False)
class Training:
    """What training gives.

    Attributes
    ----------
    params
        the best on the development set if there was one, else the last
    history : History
    path : tuple
        of `minimise(..., keep_path=True)`: θ₀, θ₁, …
    """

    params: Params
    history: History
    path: tuple[Params, ...] = ()


class DivergenceError(ArithmeticError):
    """Training met NaN or infinity. What there was until then is kept.

    Attributes
    ----------
    step : int
        from 1
    learning_rate : float
        that step's
    training : Training
        `params`: the last ones with a finite loss, or the best on the development set if there was one;
        `history`; `path`
    last_params
        the last ones with a finite loss
    """

    def __init__(
        self, message: str, step: int, learning_rate: float, training: Training, last_params: Params
    ) -> None:
        super().__init__(message)
        self.message = message
        self.step = step
        self.learning_rate = learning_rate
        self.training = training
        self.last_params = last_params

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        # An error comes back from another process by its arguments.
        return type(self), (self.message, self.step, self.learning_rate, self.training, self.last_params)
