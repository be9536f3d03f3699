"""Training of any loss: on all data at once, and on minibatches with early stopping."""

import math
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from lecture_lib.autodiff import Node, value_and_grad
from lecture_lib.autodiff.fast.compiling import Compiled
from lecture_lib.common import leaves, number

from .descent import early_stopping
from .history import DivergenceError, History, Training
from .optim import Optimiser, Params
from .progress_bar import bar
from .text import checked_count, checked_generator, minibatches


def minimise(
    loss: Callable[..., Any],
    theta0: Params,
    optimiser: Optimiser,
    *,
    max_steps: int,
    stop: Callable[[Params, Params, int], bool] | None = None,
    keep_path: bool = False,
    progress_bar: bool = False,
) -> Training:
    """Make one loss small, all data at every step; the gradient comes from backpropagation.

    Parameters
    ----------
    loss : callable
        parameters as nodes -> scalar node
    theta0 : array, or a dict, list or tuple of arrays
        θ₀; it is not changed
    optimiser : Optimiser
        such as `sgd(0.01)`
    max_steps : int
        S
    stop : callable, optional
        (before, after, step) -> bool, asked after every update, steps counted from 1
    keep_path : bool
        whether to keep all parameters on the way
    progress_bar : bool
        whether to show a bar

    Returns
    -------
    Training
        `history.losses` has the loss at θ₀, θ₁, …

    Raises
    ------
    DivergenceError
        when the loss or a parameter is NaN or infinite
    TypeError
        if the optimiser is none, such as a learning rate alone, or max_steps is not whole
    ValueError
        if max_steps is below 0

    Examples
    --------
    >>> from lecture_lib.learning.optim import sgd
    >>> training = minimise(lambda theta: (theta**2).sum(), np.array([1.0]), sgd(0.25), max_steps=2)
    >>> training.params, training.history.losses
    (array([0.25]), (1.0, 0.25, 0.0625))
    """
    max_steps = checked_count(max_steps, "minimise: max_steps", 0)
    run = _Run(loss, theta0, optimiser)
    path = [theta0]
    stopped, why = "max steps", f"all {max_steps} steps were made"
    steps = bar(max_steps, "steps", progress_bar)
    try:
        for _ in range(max_steps):
            run.step()
            if keep_path:
                path.append(run.params)
            steps.advance(f"loss {number(run.losses[-1], digits=4)}")
            if stop is not None and stop(run.before, run.params, run.steps):
                stopped, why = "stop", f"the stopping criterion was met after step {run.steps}"
                break
        run.measure()
    except DivergenceError as error:
        error.training = replace(error.training, path=tuple(path) if keep_path else ())
        raise
    finally:
        steps.close()
    return Training(run.params, run.history(run.steps, stopped, why), tuple(path) if keep_path else ())


def train(
    loss: Callable[..., Any],
    params: Params,
    data: tuple[Any, ...],
    optimiser: Optimiser,
    *,
    rng: np.random.Generator,
    batch_size: int,
    max_epochs: int,
    dev: tuple[Any, ...] | None = None,
    accuracy: Callable[..., float] | None = None,
    patience: int | None = None,
    watch: Literal["loss", "accuracy"] = "loss",
    progress_bar: bool = True,
) -> Training:
    """Minibatch stochastic gradient descent on any loss, with early stopping on the development set.

    Parameters
    ----------
    loss : callable
        (params, *batch) -> scalar, the *mean* over the batch, of nodes and of arrays: so the gradient of a
        minibatch is an unbiased estimate of that of the data; of `compiled(loss)`, gradients come sooner
    params : array, or a dict, list or tuple of arrays
        the initial parameters; they are not changed
    data : tuple
        such as (sentences, y): what the loss takes, each part with n examples, indexed by an index array
    optimiser : Optimiser
        such as `adam(0.002)`
    rng : numpy.random.Generator
        draws the minibatches, and nothing else
    batch_size, max_epochs : int
    dev : tuple, optional
        as data: the development set, looked at before the first step and after each epoch
    accuracy : callable, optional
        (params, *dev) -> float
    patience : int, optional
        stop when so many epochs in a row have brought no new best; without it, make all epochs
    watch : "loss" or "accuracy"
        what of the development set decides which parameters are best
    progress_bar : bool
        whether to show a bar

    Returns
    -------
    Training
        with a development set, the best parameters on it; without, the last

    Raises
    ------
    DivergenceError
        when a loss or a parameter is NaN or infinite; it names the step and the learning rate, and holds
        what there was until then
    TypeError
        if a part of the data is a list, rng no generator, the optimiser none, or a number not whole
    ValueError
        if parts have different lengths, a number is below 1, or what is to be watched is not there

    Slides "Experimental Routine", "Mini-batch/Stochastic Gradient Descent", "Stopping Criteria".
    """
    n = _examples(data, "data")
    rng = checked_generator(rng, "train")
    max_epochs = checked_count(max_epochs, "train: max_epochs")
    batch_size = checked_count(batch_size, "train: batch_size")
    _require_what_is_watched(watch, patience, dev, accuracy)
    run = _Run(loss, params, optimiser)
    best = 0
    stopped, why = "max steps", f"all {max_epochs} epochs were made"
    if dev is not None:
        run.evaluate(dev, accuracy)
    with closing(bar(max_epochs * math.ceil(n / batch_size), "steps", progress_bar)) as steps:
        for epoch in range(1, max_epochs + 1):
            for batch in minibatches(n, batch_size, rng):
                run.step(*[part[batch] for part in data])
                steps.advance(run.note(epoch))
            if dev is None:
                continue
            run.evaluate(dev, accuracy)
            seen = run.dev_losses if watch == "loss" else [-a for a in run.dev_accuracies]
            best = early_stopping(seen, patience or math.inf)
            if best == epoch:
                run.best, run.best_step = run.params, run.steps
            if patience is not None and epoch - best >= patience:
                stopped = "early stopping"
                why = (
                    f"the dev {watch} was best after epoch {best}; {patience} "
                    f"{'epoch' if patience == 1 else 'epochs in a row'} brought no better one"
                )
                break
    if dev is None:
        run.best, run.best_step = run.params, run.steps
    return Training(run.best, run.history(run.best_step, stopped, why))


def _require_what_is_watched(
    watch: str, patience: int | None, dev: tuple[Any, ...] | None, accuracy: Callable[..., float] | None
) -> None:
    """Refuse to watch what is not there."""
    if watch not in ("loss", "accuracy"):
        raise ValueError(f'train: watch is {watch!r}; "loss" or "accuracy" was expected')
    if patience is not None and not patience >= 1:  # so is NaN refused
        raise ValueError(f"train: patience is {patience}; 1 or more epochs were expected")
    if patience is not None and dev is None:
        raise ValueError(f"train: patience {patience} needs a development set: dev=(x, y)")
    if watch == "accuracy" and (accuracy is None or dev is None):
        raise ValueError('train: watch="accuracy" needs dev and accuracy')
    if dev is not None:
        _examples(dev, "dev")


def _examples(data: tuple[Any, ...], name: str) -> int:
    if not isinstance(data, tuple) or not data:  # pyright: ignore[reportUnnecessaryIsInstance]  # a student's
        got = "empty" if isinstance(data, tuple) else f"of type {type(data).__name__}"  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"train: {name} is {got}; a tuple of its parts was expected, such as (x, y)")
    for i, part in enumerate(data, 1):
        if isinstance(part, list | tuple):
            raise TypeError(
                f"train: part {i} of {name} is a {type(part).__name__}; an array was expected, an example a"  # pyright: ignore[reportUnknownArgumentType]
                " row: np.array(...)"
            )
    lengths = [len(part) for part in data]
    if len(set(lengths)) != 1:
        raise ValueError(f"train: the parts of {name} have {lengths} examples; the same number was expected")
    if lengths[0] == 0:
        raise ValueError(f"train: there are no examples in {name}")
    return lengths[0]


_QUIET: dict[str, Any] = {"over": "ignore", "invalid": "ignore", "divide": "ignore"}
"""NumPy need not warn of numbers that are not finite: they are looked for, and are an error of ours."""


def _number(value: Any) -> float:
    # A loss that makes nodes of its data itself gives a node of arrays too.
    return float(value.value if isinstance(value, Node) else value)


class _Run:
    """The state of a training that goes on: parameters, optimiser's state, what was seen so far."""

    def __init__(self, loss: Callable[..., Any], params: Params, optimiser: Optimiser) -> None:
        if not all(hasattr(optimiser, field) for field in Optimiser._fields):
            call = ": was it to be called?" if callable(optimiser) else ""
            raise TypeError(f"an optimiser was expected, such as sgd(0.1); got {optimiser!r}{call}")
        self.loss = loss
        self.loss_and_gradients = loss.value_and_grad if isinstance(loss, Compiled) else value_and_grad(loss)
        self.optimiser = optimiser
        self.state = optimiser.init(params)
        self.params = self.before = self.best = params
        self.has_dev = False
        self.best_step = self.steps = 0
        self.losses: list[float] = []
        self.rates: list[float] = []
        self.evaluated_at: list[int] = []
        self.dev_losses: list[float] = []
        self.dev_accuracies: list[float] = []

    def step(self, *batch: Any) -> None:
        """One training iteration: forward pass, loss, backward pass, parameter update."""
        with np.errstate(**_QUIET):
            loss, gradients = self.loss_and_gradients(self.params, *batch)
            if not math.isfinite(loss):
                raise self.diverged(f"the loss is {loss}", self.before, self._blamed(loss, batch, "batch"))
            params, self.state = self.optimiser.update(self.params, gradients, self.state)
            self.losses.append(loss)
            if not all(np.isfinite(leaf).all() for leaf in leaves(params)):
                raise self.diverged("a parameter is no longer finite", self.params)
        self.before, self.params = self.params, params
        self.rates.append(self.optimiser.learning_rate(self.steps))
        self.steps += 1

    def measure(self) -> None:
        """The loss at the last parameters, for a path that ends with them."""
        with np.errstate(**_QUIET):
            loss, _ = self.loss_and_gradients(self.params)
        if not math.isfinite(loss):
            raise self.diverged(f"the loss is {loss}", self.before, self._blamed(loss))
        self.losses.append(loss)

    def evaluate(self, dev: tuple[Any, ...], accuracy: Callable[..., float] | None) -> None:
        """Look at the development set; no gradient is taken."""
        self.has_dev = True
        with np.errstate(**_QUIET):
            loss = _number(self.loss(self.params, *dev))
            if not math.isfinite(loss):
                what = f"the loss on the development set is {loss}"
                raise self.diverged(what, self.before, self._blamed(loss, dev, "development set"))
            self.dev_losses.append(loss)
            if accuracy is not None:
                self.dev_accuracies.append(_number(accuracy(self.params, *dev)))
        self.evaluated_at.append(self.steps)

    def note(self, epoch: int) -> str:
        dev = f", dev loss {self.dev_losses[-1]:.4f}" if self.dev_losses else ""
        return f"epoch {epoch}, loss {self.losses[-1]:.4f}{dev}"

    def history(self, best_step: int, stopped: Any, why: str) -> History:
        return History(
            tuple(self.losses),
            tuple(self.rates),
            tuple(self.evaluated_at),
            tuple(self.dev_losses),
            tuple(self.dev_accuracies),
            best_step,
            stopped,
            why,
        )

    def _blamed(self, loss: float, data: tuple[Any, ...] = (), where: str = "") -> str:
        """What other than the size of the steps may have made the loss what it is, if anything."""
        for i, part in enumerate(data, 1):
            if isinstance(part, np.ndarray) and part.dtype.kind == "f" and not np.isfinite(part).all():  # pyright: ignore[reportUnknownArgumentType]
                return f"Part {i} of the {where} holds NaN or infinity: look there first."
        if math.isnan(loss) and self.losses and self.losses[-1] <= self.losses[0]:
            return (
                "The loss had not grown until then: the data may hold NaN, or the loss is not defined at "
                "these parameters, as the logarithm of a negative number is not. If it is neither, try a "
                "smaller learning rate."
            )
        return ""

    def diverged(self, what: str, last_params: Params, blamed: str = "") -> DivergenceError:
        """The error, with all that there is to keep."""
        step, rate = self.steps + 1, self.optimiser.learning_rate(self.steps)
        if self.losses:
            message = (
                f"training diverged at step {step} with learning rate {rate:g}: {what}; the last finite loss "
                f"was {number(self.losses[-1], digits=6)}. "
            )
            advice = (
                "Steps of this size overshoot. Start again with a smaller learning rate: "
                f"try {rate / 10:g}, and look at the curve."
            )
        else:
            message = (
                f"training could not begin (step {step}, learning rate {rate:g}): {what} at the initial "
                "parameters, before any update. "
            )
            advice = (
                "Look for NaN, infinity or the logarithm of 0 in the data, the initial parameters "
                "and the loss."
            )
        message += (
            f"{blamed or advice} What there was until then is in this error's .training and .last_params."
        )
        last_step = self.steps if last_params is self.params else self.steps - 1
        kept, kept_step = (self.best, self.best_step) if self.has_dev else (last_params, last_step)
        return DivergenceError(
            message, step, rate, Training(kept, self.history(kept_step, "diverged", message)), last_params
        )
