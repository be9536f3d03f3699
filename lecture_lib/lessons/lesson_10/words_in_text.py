"""What each word of a text adds to what the model says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np

from lecture_lib.common import Table, Tabled, number
from lecture_lib.learning import ACTIVATIONS, definitions, encode_batch, mlp_scores, sentences, words
from lecture_lib.learning.wordnet import DefinitionsModel


@dataclass(frozen=True)
class WordInText:
    """One word of a text.

    Attributes
    ----------
    word : str
    known : bool
        whether the model has a column of its own for it; if not, it reads <unknown>
    animals, seen : int
        in how many training definitions it stands, and how many of these are of animals
    adds : float or None
        o_animal − o_other of the text, minus the same without this word; None where no word is left
    """

    word: str
    known: bool
    animals: int
    seen: int
    adds: float | None


@dataclass(frozen=True, repr=False)
class WordByWord(Tabled):
    """A text as the model reads it.

    Attributes
    ----------
    p_animal : float
    margin : float
        o_animal − o_other; above 0, the model says animal
    words_of_text : tuple of WordInText
    """

    p_animal: float
    margin: float
    words_of_text: tuple[WordInText, ...]

    @property
    def table(self) -> Table:
        """The table that is shown."""
        rows = [
            [
                each.word,
                "its own column" if each.known else "unknown to the model",
                f"{each.animals} of {each.seen}",
                "no word would be left" if each.adds is None else _signed(each.adds),
            ]
            for each in self.words_of_text
        ]
        margin = _signed(self.margin)
        caption = f"p(animal) = {number(self.p_animal, 3)}; score for animal minus score for other: {margin}"
        return Table(caption, ["word", "read as", "animals in training", "it adds"], rows)


def _signed(value: float) -> str:
    text = number(round(value, 2))
    return text if round(value, 2) <= 0 else f"+{text}"


def word_by_word(model: DefinitionsModel, text: str) -> WordByWord:
    """Say what each word of a text adds: the scores' difference with it, minus that without it.

    Parameters
    ----------
    model : DefinitionsModel
    text : str
        any text with a word in it; a word without a column of its own is said to be unknown

    Returns
    -------
    WordByWord
        Without a word, the text's mean is that of the others. So what the words add need not sum up to the
        difference of the whole text.

    Raises
    ------
    TypeError, ValueError
        if this is no text, or has no words
    """
    if not isinstance(cast("object", text), str):
        raise TypeError(f'word_by_word: a text in quotes was expected, as in "a wild duck", not {text!r}')
    tokens = words(text)
    if not tokens:
        raise ValueError(f"word_by_word: there is no word in {text!r}; write one or more")
    whole = _margin(model, tokens)
    without = [(*tokens[:place], *tokens[place + 1 :]) for place in range(len(tokens))]
    in_training = [_in_training().get(word, (0, 0)) for word in tokens]
    return WordByWord(
        1 / (1 + float(np.exp(-whole))),
        whole,
        tuple(
            WordInText(word, word in model.vocabulary, *seen, whole - _margin(model, rest) if rest else None)
            for word, rest, seen in zip(tokens, without, in_training, strict=True)
        ),
    )


def _margin(model: DefinitionsModel, tokens: Sequence[str]) -> float:
    h0 = encode_batch(sentences([tokens], model.vocabulary), model.params["E"])
    animal, other = mlp_scores(model.params, h0, ACTIVATIONS[model.activation])[0]
    return float(animal - other)


@cache
def _in_training() -> dict[str, tuple[int, int]]:
    """Return word -> (in how many training definitions of animals it stands, in how many of all)."""
    counts: dict[str, tuple[int, int]] = {}
    for definition in definitions().train:
        for word in set(definition.tokens):
            animals, seen = counts.get(word, (0, 0))
            counts[word] = animals + (definition.label == "animal"), seen + 1
    return counts
