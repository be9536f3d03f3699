"""The bag-of-words encoder drawn: the columns that a sentence uses, and their mean."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.common import counted, number

from . import svg
from .picture import Picture
from .svg import FORWARD, INK, PALE, px, value_of
from .typeset import text_width, value_words

MOST_COLUMNS = 8
MOST_ROWS = 6
BLUE = {"fill": svg.OPERATION_FILL, "stroke": FORWARD}


def embedding(
    E: ArrayLike, vocabulary: Mapping[str, int], tokens: Sequence[str], *, decimals: int = 2
) -> Picture:
    """Draw E with a column for each word, the columns that a sentence uses, and their mean h0.

    A used column has a thick border and the number of times it is used. Of a large E, the used columns are
    drawn (at most eight) and the first six rows.

    Parameters
    ----------
    E : (dim, V) array
        A column for each word, a row for each dimension.
    vocabulary : mapping from word to column
    tokens : sequence of words
        The sentence; all its words are in the vocabulary.
    decimals : int
        Decimals of every number.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If a word is not in the vocabulary, the sentence is empty, or E has no column for a word.

    Examples
    --------
    >>> E = np.array([[0.05, -0.1], [-1.5, -0.9]])
    >>> print(embedding(E, {"duck": 0, "goose": 1}, ["duck", "duck", "goose"]).words)
    Embedding of "duck duck goose". E has a column for each of 2 words and a row for each of 2 dimensions.
    duck, column 1, used 2 times: [0.05, −1.50]
    goose, column 2, used 1 time: [−0.10, −0.90]
    h0 = (2 × duck + 1 × goose) / 3 = [0.00, −1.30]
    """
    matrix = _checked(E, vocabulary, tokens)
    counts = Counter(vocabulary[word] for word in tokens)
    columns = list(range(matrix.shape[1]))
    if len(columns) > MOST_COLUMNS:
        columns = sorted(counts)[:MOST_COLUMNS]
    word_of = {column: word for word, column in vocabulary.items()}
    h0 = np.mean([matrix[:, vocabulary[word]] for word in tokens], axis=0)
    encoded = _Encoded(matrix, tokens, word_of, counts, columns, h0, decimals)
    words = encoded.words()
    sentence = f'"{" ".join(tokens)}"'
    if len(sentence) > 80:
        sentence = f'{sentence[:78]}…"'
    matrix_drawn, place = encoded.matrix_drawn()
    mean_drawn, right, bottom = encoded.mean_drawn(place)
    body = [svg.text(20, 27, sentence, INK, "t", anchor=None), *matrix_drawn, *mean_drawn]
    width = max(right + 20, text_width(sentence, "t") + 40)
    return Picture(svg.document(width, bottom + 16, f"Embedding of {sentence}", words, body), words)


def _checked(E: ArrayLike, vocabulary: Mapping[str, int], tokens: Sequence[str]) -> Array:
    """Return E, if it has a column for each word of the sentence."""
    matrix = np.asarray(E, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"embedding: E has shape {matrix.shape}; expected (dimensions, words)")
    if not tokens:
        raise ValueError("embedding: the sentence has no words; expected at least one")
    for word in tokens:
        if word not in vocabulary:
            raise ValueError(f"embedding: the word {word!r} is not in the vocabulary")
        if not 0 <= vocabulary[word] < matrix.shape[1]:
            raise ValueError(
                f"embedding: {word!r} is column {vocabulary[word]}, but E has {matrix.shape[1]} columns"
            )
    return matrix


class _Place(NamedTuple):
    """Where the matrix ends, and the middle of each column that is used."""

    right: float
    bottom: float
    middle: dict[int, float]


@dataclass(frozen=True)
class _Encoded:
    """A sentence, the matrix E with the columns of it that are drawn, and the mean."""

    matrix: Array
    tokens: Sequence[str]
    word_of: Mapping[int, str]
    counts: Counter[int]
    columns: Sequence[int]
    h0: Array
    decimals: int

    @property
    def hidden(self) -> int:
        """How many columns there is no room for."""
        return self.matrix.shape[1] - len(self.columns)

    def words(self) -> str:
        """Say what is drawn."""
        dim, V = self.matrix.shape
        lines = [
            f'Embedding of "{" ".join(self.tokens)}". E has a column for each of {V} words '
            f"and a row for each of {dim} dimensions."
        ]
        for j in self.columns:
            count = self.counts[j]
            use = "not used" if not count else f"used {counted(count, 'time')}"
            entries = value_words(self.matrix[:, j], self.decimals)
            lines.append(f"{self.word_of.get(j, '?')}, column {j + 1}, {use}: {entries}")
        terms = " + ".join(f"{count} × {self.word_of[j]}" for j, count in sorted(self.counts.items()))
        lines.append(f"h0 = ({terms}) / {len(self.tokens)} = {value_words(self.h0, self.decimals)}")
        return "\n".join(lines)

    def matrix_drawn(self) -> tuple[list[str], _Place]:
        """Draw the columns side by side, and brackets around them."""
        rows = range(min(self.matrix.shape[0], MOST_ROWS))
        more_rows = self.matrix.shape[0] > MOST_ROWS
        head, line, left = 64.0, 20.0, 56.0
        top = head + 12
        bottom = top + line * (len(rows) + more_rows)
        body = [svg.name_text(34, (top + bottom) / 2 + 5, "E", INK)]
        middle: dict[int, float] = {}
        x = left
        for j in self.columns:
            word, used = self.word_of.get(j, "?"), j in self.counts
            entries = [number(float(self.matrix[i, j]), self.decimals) for i in rows]
            width = max(48.0, text_width(word) + 16, *(text_width(entry) + 20 for entry in entries))
            centre = x + width / 2
            if used:
                body.append(
                    svg.rect(x + 3, top - 4, width - 6, bottom - top + 8, rx=6, **BLUE, stroke_width=2.6)
                )
                middle[j] = centre
            body.append(svg.text(centre, head, word, INK if used else PALE, "n g" if used else "n"))
            for i, entry in enumerate(entries):
                body.append(svg.text(centre, top + line * i + 14, entry, FORWARD if used else PALE, "n"))
            if more_rows:
                body.append(svg.text(centre, top + line * len(rows) + 14, "⋮", PALE, "n"))
            x += width
        for a, b in ((left - 4, left + 2), (x + 4, x - 2)):
            body.append(
                f'<path d="M{px(b)},{px(top - 8)}H{px(a)}V{px(bottom + 8)}H{px(b)}" '
                f'fill="none" stroke="{INK}" stroke-width="1.4"/>'
            )
        if self.hidden:
            body.append(svg.text(x + 12, head, f"and {self.hidden:,} more words", PALE, "n", anchor=None))
        return body, _Place(x, bottom, middle)

    def mean_drawn(self, place: _Place) -> tuple[list[str], float, float]:
        """Lead from the used columns to their mean; return where that ends to the right and below."""
        x = place.right + 70 + (80 if self.hidden else 0)
        y = place.bottom + 44
        body: list[str] = []
        for j, centre in place.middle.items():
            count = self.counts[j]
            thick = 1.4 + 0.9 * min(count - 1, 3)
            body.append(
                f'<path d="M{px(centre)},{px(place.bottom + 5)}V{px(y - 10)}q0,10 10,10'
                f'H{px(x - 3)}" fill="none" stroke="{svg.EDGE}" stroke-width="{px(thick)}"/>'
            )
            label = f"× {count}"
            width = text_width(label, "n g") + 10
            box = {"rx": 6, "fill": "#fff", "stroke": svg.CARD_LINE}
            body.append(svg.rect(centre - width / 2, place.bottom + 13, width, 18, **box))
            body.append(svg.text(centre, place.bottom + 26, label, INK, "n g"))
        pill = f"mean of {len(self.tokens)}"
        pill_width = text_width(pill, "ops") + 26
        result = value_of("h0=", self.h0, self.decimals)
        card, high = result.width + 16, max(34.0, result.height + 8)
        card_x = x + pill_width + 30
        body += [
            svg.arrow_head(x - 1, y),
            svg.rect(x, y - 20, pill_width, 40, rx=20, **BLUE, stroke_width=1.5),
            svg.text(x + pill_width / 2, y + 5, pill, INK, "ops"),
            svg.line([(x + pill_width, y), (card_x - 3, y)]),
            svg.arrow_head(card_x - 1, y),
            svg.rect(card_x, y - high / 2, card, high, rx=6, fill="#fff", stroke=FORWARD, stroke_width=1.6),
            result.draw(card_x + card / 2, y - result.height / 2, FORWARD),
        ]
        return body, card_x + card, y + high / 2
