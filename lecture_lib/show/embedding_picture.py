"""The bag-of-words encoder drawn: the columns that a sentence uses, and their mean."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff.values import Array
from lecture_lib.common import number

from . import svg
from .picture import Picture
from .svg import FORWARD, INK, PALE, px, value_of
from .typeset import text_width, value_words

MOST_COLUMNS = 8
MOST_ROWS = 6


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
    counts = Counter(vocabulary[word] for word in tokens)
    word_of = {column: word for word, column in vocabulary.items()}
    h0 = np.mean([matrix[:, vocabulary[word]] for word in tokens], axis=0)
    columns = list(range(matrix.shape[1]))
    if len(columns) > MOST_COLUMNS:
        columns = sorted(counts)[:MOST_COLUMNS]
    rows = range(min(matrix.shape[0], MOST_ROWS))
    words = _words(matrix, word_of, counts, columns, tokens, h0, decimals)

    # --- places
    texts = [[number(float(matrix[i, j]), decimals) for i in rows] for j in columns]
    wide = [
        max(48.0, text_width(word_of.get(j, "?")) + 16, *(text_width(t) + 20 for t in entries))
        for j, entries in zip(columns, texts, strict=True)
    ]
    body: list[str] = []
    sentence = f'"{" ".join(tokens)}"'
    if len(sentence) > 80:
        sentence = f'{sentence[:78]}…"'
    body.append(svg.text(20, 27, sentence, INK, "t", anchor=None))
    blue = {"fill": svg.OPERATION_FILL, "stroke": FORWARD}
    head, line = 64.0, 20.0
    top = head + 12
    bottom = top + line * len(rows) + (line if matrix.shape[0] > MOST_ROWS else 0)
    x = 56.0
    body.append(svg.name_text(34, (top + bottom) / 2 + 5, "E", INK))
    left = x
    centres: list[tuple[int, float]] = []
    for j, entries, width in zip(columns, texts, wide, strict=True):
        used = j in counts
        centre = x + width / 2
        if used:
            body.append(svg.rect(x + 3, top - 4, width - 6, bottom - top + 8, rx=6, **blue, stroke_width=2.6))
            centres.append((j, centre))
        style = "n g" if used else "n"
        body.append(svg.text(centre, head, word_of.get(j, "?"), INK if used else PALE, style))
        for i, entry in enumerate(entries):
            body.append(svg.text(centre, top + line * i + 14, entry, FORWARD if used else PALE, "n"))
        if matrix.shape[0] > MOST_ROWS:
            body.append(svg.text(centre, top + line * len(rows) + 14, "⋮", PALE, "n"))
        x += width
    right = x
    for a, b in ((left - 4, left + 2), (right + 4, right - 2)):
        body.append(
            f'<path d="M{px(b)},{px(top - 8)}H{px(a)}V{px(bottom + 8)}H{px(b)}" '
            f'fill="none" stroke="{INK}" stroke-width="1.4"/>'
        )
    hidden = matrix.shape[1] - len(columns)
    if hidden:
        body.append(svg.text(right + 12, head, f"and {hidden:,} more words", PALE, "n", anchor=None))
    # --- from the used columns to the mean
    mean_x = right + 70 + (80 if hidden else 0)
    mean_y = bottom + 44
    for j, centre in centres:
        count = counts[j]
        thick = 1.4 + 0.9 * min(count - 1, 3)
        body.append(
            f'<path d="M{px(centre)},{px(bottom + 5)}V{px(mean_y - 10)}q0,10 10,10'
            f'H{px(mean_x - 3)}" fill="none" stroke="{svg.EDGE}" stroke-width="{px(thick)}"/>'
        )
        label = f"× {count}"
        width = text_width(label, "n g") + 10
        body.append(
            svg.rect(centre - width / 2, bottom + 13, width, 18, rx=6, fill="#fff", stroke=svg.CARD_LINE)
        )
        body.append(svg.text(centre, bottom + 26, label, INK, "n g"))
    body.append(svg.arrow_head(mean_x - 1, mean_y))
    pill = f"mean of {len(tokens)}"
    pill_width = text_width(pill, "ops") + 26
    body.append(svg.rect(mean_x, mean_y - 20, pill_width, 40, rx=20, **blue, stroke_width=1.5))
    body.append(svg.text(mean_x + pill_width / 2, mean_y + 5, pill, INK, "ops"))
    result = value_of("h0=", h0, decimals)
    card = result.width + 16
    card_x = mean_x + pill_width + 30
    body.append(svg.line([(mean_x + pill_width, mean_y), (card_x - 3, mean_y)]))
    body.append(svg.arrow_head(card_x - 1, mean_y))
    high = max(34.0, result.height + 8)
    body.append(
        svg.rect(card_x, mean_y - high / 2, card, high, rx=6, fill="#fff", stroke=FORWARD, stroke_width=1.6)
    )
    body.append(result.draw(card_x + card / 2, mean_y - result.height / 2, FORWARD))
    full_width = max(card_x + card + 20, text_width(sentence, "t") + 40)
    return Picture(
        svg.document(full_width, mean_y + high / 2 + 16, f"Embedding of {sentence}", words, body), words
    )


def _words(
    matrix: Array,
    word_of: Mapping[int, str],
    counts: Counter[int],
    columns: Sequence[int],
    tokens: Sequence[str],
    h0: Array,
    decimals: int,
) -> str:
    lines = [
        f'Embedding of "{" ".join(tokens)}". E has a column for each of {matrix.shape[1]} words '
        f"and a row for each of {matrix.shape[0]} dimensions."
    ]
    for j in columns:
        count = counts[j]
        use = "not used" if not count else f"used {count} time{'s' if count > 1 else ''}"
        lines.append(f"{word_of.get(j, '?')}, column {j + 1}, {use}: {value_words(matrix[:, j], decimals)}")
    terms = " + ".join(f"{count} × {word_of[j]}" for j, count in sorted(counts.items()))
    lines.append(f"h0 = ({terms}) / {len(tokens)} = {value_words(h0, decimals)}")
    return "\n".join(lines)
