"""Grid and random search: train one model for each choice of hyper-parameters, select on dev, test once."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any
from warnings import warn

import numpy as np

from lecture_lib.common import number

from .progress_bar import bar
from .text import checked_count, checked_generator

Config = dict[str, Any]


@dataclass(frozen=True)
class FailedConfig:
    """A configuration that could not be trained, and the error it ended with."""

    config: Config
    error: BaseException

    def __str__(self) -> str:
        return f"{self.config} failed: {type(self.error).__name__}: {self.error}"


@dataclass(frozen=True)
class GridSearch:
    """What a grid search or a random search found; print it for a table.

    Attributes
    ----------
    results : tuple of dict
        in the grid's order, or in that in which they were drawn: config, dev_accuracy, dev_loss, and
        whatever else `train_one` gave
    failures : tuple of FailedConfig
        the configurations that raised an error
    configs : tuple of dict
        all of them in order, those that failed among them; () if that is not known
    """

    results: tuple[dict[str, Any], ...]
    failures: tuple[FailedConfig, ...] = ()
    configs: tuple[Config, ...] = ()

    @property
    def best(self) -> dict[str, Any]:
        """The result whose configuration `select_best` chooses, on the development set alone."""
        config = select_best(self.results)
        return next(result for result in self.results if result["config"] is config)

    def __str__(self) -> str:
        best = self.best["config"]
        lines = [
            f"{_written(r['config'])}: dev accuracy {r['dev_accuracy']:.2%}, dev loss {r['dev_loss']:.4f}"
            + ("  <- selected" if r["config"] is best else "")
            for r in self.results
        ]
        return "\n".join([*lines, *(str(failure) for failure in self.failures)])


def grid(space: Mapping[str, Sequence[Any]]) -> list[Config]:
    """All configurations: the Cartesian product of the ranges, the last name fastest.

    Parameters
    ----------
    space : dict
        name -> list of values

    Returns
    -------
    list of dict

    Raises
    ------
    TypeError
        if what a name has is no list of values

    Examples
    --------
    >>> for config in grid({"depth": [2, 3], "learning_rate": [1e-2, 1e-3]}):
    ...     print(config)
    {'depth': 2, 'learning_rate': 0.01}
    {'depth': 2, 'learning_rate': 0.001}
    {'depth': 3, 'learning_rate': 0.01}
    {'depth': 3, 'learning_rate': 0.001}

    Slide "Model Selection on the Dev Set".
    """
    for name, values in space.items():
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise TypeError(f"grid: {name} is {values!r}; a list of values was expected: [{values!r}]")
    return [dict(zip(space, values, strict=True)) for values in product(*space.values())]


def select_best(results: Sequence[Mapping[str, Any]]) -> Config:
    """The configuration with the best accuracy on dev; of equals, that with the smaller dev loss.

    Parameters
    ----------
    results : list of dict
        each with config, dev_accuracy and dev_loss; a test accuracy is not looked at

    Returns
    -------
    dict
        the config

    Raises
    ------
    ValueError
        if there are no results, or one has no number for dev_accuracy or dev_loss

    Examples
    --------
    >>> select_best([
    ...     {"config": {"depth": 2}, "dev_accuracy": 0.9, "dev_loss": 0.30},
    ...     {"config": {"depth": 3}, "dev_accuracy": 0.9, "dev_loss": 0.25},
    ... ])
    {'depth': 3}

    Slide "Model Selection on the Dev Set".
    """
    results = list(results)
    if not results:
        raise ValueError("select_best: there are no results to choose from")
    for result in results:
        if not _is_measured(result):
            raise ValueError(f"select_best: {result} has no number for dev_accuracy or dev_loss")
    return min(results, key=lambda result: (-result["dev_accuracy"], result["dev_loss"]))["config"]


def grid_search(
    train_one: Callable[[Config], Mapping[str, Any]],
    space: Mapping[str, Sequence[Any]],
    executor: Executor | None = None,
    *,
    progress_bar: bool = True,
) -> GridSearch:
    """Train a model for each configuration of the grid; the test set is not touched.

    Parameters
    ----------
    train_one : callable
        config -> a dict with dev_accuracy, dev_loss, and what else is to be kept, such as the model. For
        processes it must be importable: defined in a module, not in a function.
    space : dict
        name -> list of values
    executor : concurrent.futures.Executor, optional
        trains several at a time; without it, one after the other
    progress_bar : bool
        whether to show a bar

    Returns
    -------
    GridSearch
        An error in one configuration is kept in its `failures`, with a warning, and the others go on.

    Raises
    ------
    RuntimeError
        if every configuration failed; the first error is its cause

    Slide "Model Selection on the Dev Set".
    """
    configs = grid(space)
    if not configs:
        raise ValueError("grid_search: the grid is empty: a name has no values")
    return _searched("grid_search", train_one, configs, executor, progress_bar)


def random_search(
    train_one: Callable[[Config], Mapping[str, Any]],
    space: Mapping[str, Sequence[Any] | Callable[[np.random.Generator], Any]],
    n: int,
    rng: np.random.Generator,
    executor: Executor | None = None,
    *,
    progress_bar: bool = True,
) -> GridSearch:
    """Train a model for each of n configurations drawn at random; the test set is not touched.

    Parameters
    ----------
    train_one, executor, progress_bar
        as for `grid_search`
    space : dict
        name -> list of values, each as likely; or a function that draws a value, such as `log_uniform`
    n : int
        how many are drawn, 1 or more; one may come twice
    rng : numpy.random.Generator
        draws the configurations, all of them before the first is trained

    Returns
    -------
    GridSearch
        in the order in which they were drawn

    Raises
    ------
    TypeError
        if what a name has is no list of values and no function, or n is not whole
    ValueError
        if n is below 1, or a name has no values
    RuntimeError
        if every configuration failed; the first error is its cause

    Examples
    --------
    >>> search = random_search(
    ...     lambda config: {"dev_accuracy": config["learning_rate"], "dev_loss": 0.5},
    ...     {"depth": [2, 3], "learning_rate": log_uniform(1e-3, 1e-1)},
    ...     3,
    ...     np.random.default_rng(0),
    ...     progress_bar=False,
    ... )
    >>> len({result["config"]["learning_rate"] for result in search.results})
    3
    """
    rng = checked_generator(rng, "random_search")
    n = checked_count(n, "random_search: n")
    for name, values in space.items():
        if callable(values):
            continue
        if isinstance(values, str) or not hasattr(values, "__getitem__"):
            raise TypeError(
                f"random_search: {name} is {values!r}; a list of values, or a function that draws one, "
                "was expected"
            )
        if len(values) == 0:
            raise ValueError(f"random_search: {name} has no values to draw from")
    configs = [
        {
            name: values(rng) if callable(values) else values[int(rng.integers(len(values)))]
            for name, values in space.items()
        }
        for _ in range(n)
    ]
    return _searched("random_search", train_one, configs, executor, progress_bar)


def log_uniform(low: float, high: float) -> Callable[[np.random.Generator], float]:
    """Return a function that draws from low to high, each power of ten as likely as another.

    Parameters
    ----------
    low, high : floats
        0 < low < high

    Raises
    ------
    ValueError
        if that is not so

    Examples
    --------
    >>> draw = log_uniform(1e-4, 1e-1)
    >>> rng = np.random.default_rng(0)
    >>> [round(float(np.log10(draw(rng))), 1) for _ in range(3)]
    [-2.1, -3.2, -3.9]
    """
    if not 0 < low < high:
        raise ValueError(f"log_uniform: low is {low} and high is {high}; 0 < low < high was expected")

    def draw(rng: np.random.Generator) -> float:
        return math.exp(rng.uniform(math.log(low), math.log(high)))

    return draw


def _searched(
    who: str,
    train_one: Callable[[Config], Mapping[str, Any]],
    configs: list[Config],
    executor: Executor | None,
    progress_bar: bool,
) -> GridSearch:
    outcomes: dict[int, dict[str, Any] | FailedConfig] = {}
    with closing(bar(len(configs), "configurations", progress_bar)) as done:
        for k, get in _trainings(train_one, configs, executor):
            try:
                outcomes[k] = _checked(configs[k], get())
            except Exception as error:
                outcomes[k] = FailedConfig(configs[k], error)
            done.advance()
    in_order = [outcomes[k] for k in range(len(configs))]
    results = tuple(outcome for outcome in in_order if not isinstance(outcome, FailedConfig))
    failures = tuple(outcome for outcome in in_order if isinstance(outcome, FailedConfig))
    if not results:
        raise RuntimeError(
            f"{who}: all {len(failures)} configurations failed. The first: {failures[0]}"
        ) from failures[0].error
    for failure in failures:
        warn(f"{who}: {failure}", stacklevel=3)
    return GridSearch(results, failures, tuple(configs))


def evaluate_best(search: GridSearch, test_one: Callable[[dict[str, Any]], float]) -> dict[str, Any]:
    """Evaluate the selected model on the test set. Once, when all choices are made.

    Parameters
    ----------
    search : GridSearch
    test_one : callable
        the selected result, as `train_one` gave it -> test accuracy

    Returns
    -------
    dict
        the selected result with its test_accuracy

    Examples
    --------
    >>> search = grid_search(
    ...     lambda config: {"dev_accuracy": config["depth"] / 4, "dev_loss": 0.5},
    ...     {"depth": [2, 3]},
    ...     progress_bar=False,
    ... )
    >>> print(search)
    depth=2: dev accuracy 50.00%, dev loss 0.5000
    depth=3: dev accuracy 75.00%, dev loss 0.5000  <- selected
    >>> evaluate_best(search, lambda result: 0.7)["test_accuracy"]
    0.7
    """
    return {**search.best, "test_accuracy": float(test_one(search.best))}


def _trainings(
    train_one: Callable[[Config], Mapping[str, Any]], configs: list[Config], executor: Executor | None
) -> Iterator[tuple[int, Callable[[], Any]]]:
    """Yield (number of the configuration, a function that gives its result or raises its error)."""
    if executor is None:
        for k, config in enumerate(configs):
            yield k, partial(train_one, dict(config))
        return
    configuration: dict[Future[Mapping[str, Any]], int] = {}
    try:
        for k, config in enumerate(configs):
            try:
                configuration[executor.submit(train_one, dict(config))] = k
            except Exception as error:  # such as a pool whose process was killed
                yield k, partial(_raise, error)
        for future in as_completed(configuration):
            yield configuration[future], future.result
    finally:
        for future in configuration:
            future.cancel()  # after an interrupt: what has not begun does not begin


def _raise(error: Exception) -> None:
    raise error


def _checked(config: Config, outcome: Any) -> dict[str, Any]:
    if not isinstance(outcome, Mapping) or not {"dev_accuracy", "dev_loss"} <= set(outcome):  # pyright: ignore[reportUnknownArgumentType]
        raise TypeError(f"train_one gave {outcome!r}; a dict with dev_accuracy and dev_loss was expected")
    result: dict[str, Any] = dict(outcome)  # pyright: ignore[reportUnknownArgumentType]
    if "test_accuracy" in result:
        raise ValueError(
            "train_one gave a test_accuracy; the test set is for the one selected model: see evaluate_best"
        )
    if not _is_measured(result):
        raise ValueError(
            f"dev_accuracy {result['dev_accuracy']!r} and dev_loss {result['dev_loss']!r} were given; "
            "two numbers were expected"
        )
    return {"config": config, **result} | {"config": config}  # in the first place, and as it was searched


def _is_measured(result: Mapping[str, Any]) -> bool:
    measured = [result.get(name) for name in ("dev_accuracy", "dev_loss")]
    return all(_is_number(one) and one == one for one in measured)


def _is_number(one: Any) -> bool:
    if isinstance(one, np.ndarray):  # a loss that NumPy made may be an array without axes
        return one.ndim == 0 and one.dtype.kind in "iuf"
    return isinstance(one, int | float | np.integer | np.floating)


def _written(config: Config) -> str:
    def short(value: Any) -> str:
        return number(value, digits=4, minus="-") if isinstance(value, float) else str(value)

    return ", ".join(f"{name}={short(value)}" for name, value in config.items())
