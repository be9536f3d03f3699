"""Text as numbers: words, a vocabulary, sentences as columns of E, labels as one-hot vectors, minibatches."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import index
from typing import Literal

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

UNKNOWN = "<unknown>"  # `words` never gives such a token, so no real word can be taken for it


class UnknownWordError(ValueError):
    """A word that the vocabulary has no column for."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in order, in lower case.

    A word is a run of letters or digits, with an apostrophe inside allowed; all else separates. However a
    text is typed or set, its words are the same: ’ is ', é in two pieces is é in one, a ligature is its
    letters, and a hyphen that only shows at a line's end is none.

    Parameters
    ----------
    text : str
        of any length

    Raises
    ------
    TypeError
        if it is no string

    Examples
    --------
    >>> words("Duck, duck, goose!")
    ('duck', 'duck', 'goose')
    >>> words("a duck's web-footed friend")
    ('a', "duck's", 'web', 'footed', 'friend')
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # a student's call
        raise TypeError(
            f"words: a text was expected, as a string; got {type(text).__name__}. "
            "For a list of texts: [words(text) for text in texts]"
        )
    plain = unicodedata.normalize("NFKC", text.lower().translate(_TYPESET))
    return tuple(re.findall(rf"{_LETTERS}(?:'{_LETTERS})*", plain))


_TYPESET = {ord(sign): "'" for sign in "\u2018\u2019\u02bc\u2032\uff07\u00b4`"} | {
    ord(unseen): None for unseen in "\u00ad\u200b\u200c\u200d\u2060\ufeff"
}
"""The signs that stand for an apostrophe; the hyphens, spaces and joints that are not seen."""

_LETTERS = r"(?:[^\W_][\u0300-\u036f]*)+"
"""Letters and digits, also with marks for which there is no letter in one piece."""


def vocabulary(
    texts: Iterable[Sequence[str]],
    minimum_count: int = 1,
    unknown: Literal["error", "column"] = "error",
) -> dict[str, int]:
    """Give each word its column of E, in order of first appearance.

    Parameters
    ----------
    texts
        lists of words: the training set, and only that
    minimum_count
        words seen fewer times get no column of their own
    unknown
        what `word_ids` does with a word that has no column: "error" refuses it; "column" gives all such words
        column 0 to share. With "column", rare words of the training set train that column.

    Returns
    -------
    dict
        word -> column

    Raises
    ------
    TypeError
        if a text is a string, or a list of what are no strings
    ValueError
        if unknown is neither "error" nor "column"

    Examples
    --------
    >>> vocabulary([["duck", "duck", "goose"]])
    {'duck': 0, 'goose': 1}
    >>> vocabulary([["duck", "duck", "goose"]], minimum_count=2, unknown="column")
    {'<unknown>': 0, 'duck': 1}
    """
    if unknown not in ("error", "column"):
        raise ValueError(f'vocabulary: unknown={unknown!r} was given; "error" or "column" was expected')
    texts = [_a_list_of_words(text, "vocabulary") for text in texts]
    counts = Counter(word for text in texts for word in text)
    kept = [word for word, count in counts.items() if count >= minimum_count]
    if unknown == "column":
        kept = [UNKNOWN, *(word for word in kept if word != UNKNOWN)]
    return {word: column for column, word in enumerate(kept)}


def word_ids(tokens: Sequence[str], vocabulary: dict[str, int]) -> Integers:
    """The column of E for each word, repeated words repeated.

    Parameters
    ----------
    tokens
        n words
    vocabulary
        word -> column

    Returns
    -------
    (n,) array of integers

    Raises
    ------
    UnknownWordError
        names the word, unless the vocabulary keeps a column for unknown words
    TypeError
        if the tokens are a string, or a list of what are no strings

    Examples
    --------
    >>> word_ids(["duck", "duck", "goose"], {"duck": 0, "goose": 1})
    array([0, 0, 1])
    >>> word_ids(["duck", "emu"], {"<unknown>": 0, "duck": 1})
    array([1, 0])
    """
    tokens = _a_list_of_words(tokens, "word_ids")
    if UNKNOWN in vocabulary:
        shared = vocabulary[UNKNOWN]
        return np.array([vocabulary.get(word, shared) for word in tokens], dtype=np.int64)
    try:
        return np.array([vocabulary[word] for word in tokens], dtype=np.int64)
    except KeyError as missing:
        raise UnknownWordError(_unknown_word(missing.args[0], tokens, vocabulary)) from None


@dataclass(frozen=True, eq=False)
class Sentences:
    """Many sentences in two arrays, so that a batch costs what its words cost.

    Sentence i is `words[starts[i] : starts[i + 1]]`. Made by `sentences`; `batch = all_of_them[indices]`.

    Attributes
    ----------
    words : (total,) array of integers
        columns of E, all sentences one after the other
    starts : (n + 1,) array of integers
        where each sentence starts in `words`; the last entry is the total
    """

    words: Integers
    starts: Integers

    def __post_init__(self) -> None:
        empty = np.flatnonzero(self.lengths < 1)
        if len(empty):
            raise ValueError(
                f"Sentences: sentence {empty[0]} has no words, so it has no average; leave it out, "
                "with its label"
            )

    @cached_property
    def lengths(self) -> Integers:
        """(n,) the number of words of each sentence."""
        return np.diff(self.starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, indices: Sequence[int] | Integers | slice) -> Sentences:
        """The sentences at these places, in the order asked for, as another `Sentences`."""
        first = self.starts[:-1][indices]
        lengths = self.lengths[indices]
        if lengths.ndim != 1:
            raise TypeError(
                "Sentences: one index was given; a list of indices was expected, as in batch[[3]]"
            )
        starts = _starts(lengths)
        where = np.repeat(first - starts[:-1], lengths) + np.arange(int(starts[-1]))
        return Sentences(self.words[where], starts)


def sentences(texts: Iterable[Sequence[str]], vocabulary: dict[str, int]) -> Sentences:
    """Many lists of words as columns of E.

    Parameters
    ----------
    texts
        n lists of words, none empty
    vocabulary
        word -> column

    Returns
    -------
    Sentences
        of length n

    Examples
    --------
    >>> two = sentences([["duck", "duck", "goose"], ["goose"]], {"duck": 0, "goose": 1})
    >>> two.words, two.lengths
    (array([0, 0, 1, 1]), array([3, 1]))
    >>> two[[1]].words
    array([1])
    """
    each = [word_ids(text, vocabulary) for text in texts]
    lengths = np.array([len(one) for one in each], dtype=np.int64)
    together = np.concatenate(each) if each else np.zeros(0, dtype=np.int64)
    return Sentences(together, _starts(lengths))


def one_hot(labels: Iterable[str], classes: Sequence[str]) -> npt.NDArray[np.float64]:
    """Labels as one-hot vectors, an example a row.

    Parameters
    ----------
    labels
        n labels
    classes
        the C classes in the order of the columns

    Returns
    -------
    (n, C) array

    Raises
    ------
    ValueError
        names the label that is not among the classes
    TypeError
        if the classes are no list, such as their number alone

    Examples
    --------
    >>> one_hot(["animal", "other"], ["animal", "other"])
    array([[1., 0.],
           [0., 1.]])
    """
    if not hasattr(classes, "__len__"):
        raise TypeError(
            f"one_hot: classes is {classes!r}; a list of them was expected, in the columns' order"
        )
    labels = list(labels)
    place = {name: k for k, name in enumerate(classes)}
    unknown = [label for label in labels if label not in place]
    if unknown:
        raise ValueError(
            f"one_hot: the label {unknown[0]!r} is not among the classes {', '.join(map(repr, classes))}"
        )
    return np.eye(len(classes))[[place[label] for label in labels]]


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[Integers]:
    """One epoch of minibatches: one permutation of the n examples, cut every `batch_size`.

    Parameters
    ----------
    n
        the number of examples
    batch_size
        how many a batch holds; the last batch may hold fewer
    rng
        the only source of chance

    Returns
    -------
    list of index arrays
        every index from 0 to n − 1 once

    Raises
    ------
    ValueError
        if batch_size is below 1
    TypeError
        if a number is not whole, or rng no generator

    Examples
    --------
    >>> minibatches(5, 2, np.random.default_rng(0))
    [array([2, 4]), array([3, 0]), array([1])]
    """
    n = checked_count(n, "minibatches: n", 0)
    batch_size = checked_count(batch_size, "minibatches: batch_size")
    rng = checked_generator(rng, "minibatches")
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def checked_generator(rng: object, who: str) -> np.random.Generator:
    """Return the generator that was handed over, or say what was expected."""
    if not isinstance(rng, np.random.Generator):
        seed = rng if isinstance(rng, int) else 0
        raise TypeError(f"{who}: rng is {rng!r}; a generator was expected: np.random.default_rng({seed})")
    return rng


def checked_count(value: int, what: str, least: int = 1) -> int:
    """Return the whole number that was handed over, or say what was expected."""
    try:
        whole = index(value)
    except TypeError:
        raise TypeError(f"{what} is {value!r}; a whole number was expected") from None
    if whole < least:
        raise ValueError(f"{what} is {value}; {least} or more was expected")
    return whole


def _starts(lengths: Integers) -> Integers:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])


def _a_list_of_words(text: Iterable[str], who: str) -> list[str]:
    """The text's words, unless it is a string: its letters would be taken for words."""
    if isinstance(text, str):
        raise TypeError(
            f"{who}: the string {text!r} was given; a list of words was expected: write words({text!r})"
        )
    listed = list(text)
    for word in listed:
        if not isinstance(word, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # a student's call
            raise TypeError(f"{who}: {word!r} is in a list of words; strings alone were expected")
    return listed


def _unknown_word(word: str, tokens: list[str], vocabulary: dict[str, int]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, vocabulary, n=1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    where = f"word {tokens.index(word)} of {' '.join(tokens)!r}"
    return (
        f"word_ids: the word {word!r} ({where}) is not in the vocabulary of {len(vocabulary)} words.{meant} "
        'Build the vocabulary from texts that hold it, or with unknown="column", which gives all unknown '
        "words one column to share."
    )
