"""A test set that counts its openings, and what choosing among many models does to a number.

Whoever takes the best of k numbers takes luck along. How much, is computed here for k models that are equally
good and err independently: the chances of the best one are the k-th power of one model's, summed up.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.common import Table

from .wordnet import accuracy_on_test, definitions


def chances_of_best(models: int, texts: int, accuracy: float) -> Array:
    """How likely it is that the best of some equal models gets 0, 1, ..., all texts right.

    Parameters
    ----------
    models : int
        how many, 1 or more
    texts : int
        on how many they are measured, 1 or more
    accuracy : float
        the share that each of them gets right of all texts there are; above 0 and below 1

    Returns
    -------
    (texts + 1,) array
        the probabilities, for models that err independently of each other

    Raises
    ------
    ValueError
        if there is no model, no text, or the accuracy is not above 0 and below 1

    Examples
    --------
    >>> chances_of_best(1, 2, 0.5), chances_of_best(2, 1, 0.5)
    (array([0.25, 0.5 , 0.25]), array([0.25, 0.75]))
    """
    if models < 1 or texts < 1 or not 0 < accuracy < 1:
        raise ValueError(
            f"chances_of_best: models = {models}, texts = {texts}, accuracy = {accuracy}; at least 1 "
            "model and 1 text, and an accuracy above 0 and below 1, were expected"
        )
    up_to = np.cumsum(_binomial(texts, accuracy)) ** models
    return np.diff(np.minimum(up_to, 1.0), prepend=0.0)


@lru_cache(maxsize=64)
def _binomial(n: int, p: float) -> Array:
    k = np.arange(n)
    log_ways = np.concatenate([[0.0], np.cumsum(np.log((n - k) / (k + 1)))])
    right = np.arange(n + 1)
    chances = np.exp(log_ways + right * np.log(p) + (n - right) * np.log1p(-p))
    return chances / chances.sum()


def best_of(models: int, texts: int, accuracy: float) -> float:
    """The accuracy that the best of some equal models shows, on average.

    Parameters
    ----------
    models, texts, accuracy
        as for `chances_of_best`

    Examples
    --------
    >>> best_of(2, 1, 0.5)
    0.75
    >>> for models in (4, 16, 64):
    ...     print(f"{best_of(models, 800, 0.93) - 0.93:.3f}")
    0.009
    0.015
    0.020
    """
    return float(chances_of_best(models, texts, accuracy) @ np.arange(texts + 1) / texts)


class Opening(NamedTuple):
    """One opening of a test set.

    Attributes
    ----------
    when : datetime
    who : str
        who looked
    why : str
        what for
    accuracy : float
        what was seen
    """

    when: datetime
    who: str
    why: str
    accuracy: float


class SealedTest:
    """A test set that is asked through this object alone, and counts who asked, when and what for.

    It refuses nothing. It only remembers: the tally is what a reader needs to know beside the number.

    Parameters
    ----------
    texts : int
        how many there are in the test set
    evaluate : callable
        model -> accuracy
    clock : callable
        gives the time

    Examples
    --------
    >>> sealed = SealedTest(806, lambda model: model, clock=lambda: datetime(2026, 11, 28, 9, 30))
    >>> sealed.open(0.93, who="Ada", why="the final number")
    0.93
    >>> print(sealed.tally)
    Opened once. Nothing was chosen by it, so nothing makes this number too good.
    look  when              who  what for          accuracy
    1     2026-11-28 09:30  Ada  the final number  93.0%
    """

    def __init__(
        self,
        texts: int,
        evaluate: Callable[[Any], float],
        *,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.texts = texts
        self._evaluate = evaluate
        self._clock = clock
        self._openings: list[Opening] = []

    def open(self, model: Any, *, who: str, why: str) -> float:
        """Return the model's accuracy on the test set, and enter the opening in the tally.

        Parameters
        ----------
        model
            what `evaluate` takes
        who, why : str
            who looks, and what for; neither may be empty
        """
        if not who.strip() or not why.strip():
            raise ValueError(
                f"open: who is {who!r} and why is {why!r}; say who looks at the test set, and what for"
            )
        accuracy = float(self._evaluate(model))
        self._openings.append(Opening(self._clock(), who.strip(), why.strip(), accuracy))
        return accuracy

    @property
    def openings(self) -> tuple[Opening, ...]:
        """All openings so far, in order."""
        return tuple(self._openings)

    @property
    def worth(self) -> float:
        """By how much the best number of all is too good, for equal models that err independently."""
        if len(self._openings) < 2:
            return 0.0
        accuracy = float(np.mean([opening.accuracy for opening in self._openings]))
        accuracy = min(max(accuracy, 0.5 / self.texts), 1 - 0.5 / self.texts)
        return best_of(len(self._openings), self.texts, accuracy) - accuracy

    @property
    def tally(self) -> Table:
        """Who looked when, what for and what came; and what so many openings make of the best number."""
        rows = [
            (str(k), f"{opening.when:%Y-%m-%d %H:%M}", opening.who, opening.why, f"{opening.accuracy:.1%}")
            for k, opening in enumerate(self._openings, 1)
        ]
        return Table(self._caption(), ("look", "when", "who", "what for", "accuracy"), rows)

    def _caption(self) -> str:
        n = len(self._openings)
        if n == 0:
            return "Never opened."
        if n == 1:
            return "Opened once. Nothing was chosen by it, so nothing makes this number too good."
        people = len({opening.who for opening in self._openings})
        by = "1 person" if people == 1 else f"{people} people"
        return (
            f"Opened {n} times, by {by}. If the models are equally good and err independently, the best of "
            f"{n} numbers on {self.texts} texts is {100 * self.worth:.1f} points too good, on average."
        )


def sealed_definitions() -> SealedTest:
    """Return the test set of definitions, not opened yet; it takes what `train_definitions` gives."""
    return SealedTest(len(definitions().test), accuracy_on_test)
