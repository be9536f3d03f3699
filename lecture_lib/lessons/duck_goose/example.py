"""The numbers that are a student's own: a sentence and weights made from their id.

`example_of` is a pure function of the id, in whole numbers and SHA-256 alone, so that it gives the
same on every machine and in every version of Python and NumPy; a grader computes it again.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np

from lecture_lib.autodiff.values import Array
from lecture_lib.common import Shown, Table, aligned, bracketed, number
from lecture_lib.exercises.page import TABLE, card, paragraph
from lecture_lib.exercises.signing_in import GUEST, NOBODY, clean_id, current_student

# Animals that are something else, too, as duck is a cloth and a score of nought.
# fmt: off
_WORDS = (
    "duck", "goose", "bass", "bat", "bear", "buck", "bug", "calf", "cardinal", "chicken", "crane",
    "cricket", "crow", "dove", "drone", "fawn", "fly", "hawk", "hog", "jaguar", "kite", "lark", "mole",
    "mouse", "mule", "perch", "pike", "ram", "ray", "rook", "seal", "skate", "slug", "sole", "spider",
    "steer", "sucker", "swallow", "swan", "swift", "tick", "turkey", "worm",
)
# fmt: on


@dataclass(frozen=True, repr=False, eq=False)
class Example(Shown):
    """A sentence, a vocabulary and a small network, in numbers that can be worked by hand.

    Attributes
    ----------
    student
        The id they are made from, "" for the example of nobody.
    tokens
        The sentence: four words.
    vocabulary
        Word -> its column in E.
    E, W, b, U
        (2, 2), (2, 2), (2,), (2, 2): the embeddings, a column per word; the hidden layer; the output.
    y
        (2,), one-hot: [1, 0] for a text about animals, [0, 1] for another.
    """

    student: str
    tokens: tuple[str, ...]
    vocabulary: dict[str, int]
    E: Array
    W: Array
    b: Array
    U: Array
    y: Array

    @property
    def params(self) -> dict[str, Array]:
        """E, W, b and U in a dict."""
        return {"E": self.E, "W": self.W, "b": self.b, "U": self.U}

    @property
    def sentence(self) -> str:
        """The sentence in one text."""
        return " ".join(self.tokens)

    @property
    def words(self) -> str:
        """All of it in plain text."""
        names = list(self.vocabulary)
        rows = [["E", *names], *(["", *map(_entry, row)] for row in self.E.tolist())]
        other = [
            f"  {name} = {_matrix(array)}" for name, array in (("W", self.W), ("b", self.b), ("U", self.U))
        ]
        lines = [f"{self._heading}: {self.sentence}", aligned(rows, "  "), *other, f"  {self._label}"]
        return "\n".join([*lines, *([f"  {_SIGN_IN}"] if self.student == NOBODY else [])])

    @property
    def html(self) -> str:
        """All of it in HTML."""
        names = list(self.vocabulary)
        rows = [[str(place + 1), *map(_entry, row)] for place, row in enumerate(self.E.tolist())]
        blocks = [paragraph(self.sentence), Table("E, a column per word", ["row", *names], rows, TABLE).html]
        blocks += [
            f'<p style="margin: 4px 0">{name} = <code>{escape(_matrix(array))}</code></p>'
            for name, array in (("W", self.W), ("b", self.b), ("U", self.U))
        ]
        blocks.append(paragraph(self._label))
        if self.student == NOBODY:
            blocks.append(paragraph(_SIGN_IN))
        return card("", self._heading, blocks)

    @property
    def _heading(self) -> str:
        return f"The example of {self.student}" if self.student != NOBODY else "The example of nobody yet"

    @property
    def _label(self) -> str:
        return f"y = {_matrix(self.y)}: this text is {'' if self.y[0] == 1 else 'not '}about animals"


_SIGN_IN = 'Sign in for one of your own: ll.student("your id")'


def _entry(value: float) -> str:
    """A number as one types it."""
    return number(value, digits=6, minus="-")


def _matrix(array: Array) -> str:
    return bracketed(array, _entry)


Whole = list[int]
Wholes = list[list[int]]


EVERYBODYS = (NOBODY, GUEST)
"""The ids whose examples everybody has."""
EVERYBODYS_OUTPUTS = ((0, 1, 0.1839877407057514), (0, 0, 0.3285052313367493))
"""Of these the true class, the unit that is alive, its h times the false class's p; a test computes them."""


def my_example() -> Example:
    """Return the sentence, the vocabulary and the weights of whoever has signed in."""
    return example_of(current_student())


def example_of(id: str) -> Example:
    """Return the example that belongs to an id; "" gives the one for nobody.

    One hidden unit is alive and one is dead, both by a good margin; p is between 0.3 and 0.7 and
    not near 0.5; what people confuse (rows and columns, sum and mean, …) gives clearly other numbers.
    h0 has one decimal, z and h have two. The gradients are not those of the examples that everybody has.
    """
    example = _example_of(clean_id(id) if id else NOBODY)
    return replace(example, vocabulary=dict(example.vocabulary))  # whoever changes it changes no other's


@functools.lru_cache(maxsize=256)
def _example_of(id: str) -> Example:
    byte = _bytes(id)
    others = EVERYBODYS_OUTPUTS[: EVERYBODYS.index(id)] if id in EVERYBODYS else EVERYBODYS_OUTPUTS
    while True:  # first the words, then a first layer that suits them, then an output that suits both
        words = _draw_words(byte)
        for _ in range(20):
            layer = _draw_layer(byte, words)
            for _ in range(40 if layer else 0):
                U = _matrix_of(byte, 10)
                if layer and _good_output(words, layer, U) and not _is_one_of(others, words, layer, U):
                    return _example(id, words, layer, U)


def _bytes(id: str) -> Iterator[int]:
    """The bytes that belong to an id, without end."""
    blocks = (f"duck, duck, goose\n{block}\n{id}" for block in itertools.count())
    return itertools.chain.from_iterable(hashlib.sha256(block.encode()).digest() for block in blocks)


@functools.cache
def _signed(most: int) -> Whole:
    """Return the whole number from -most to most, but not 0, that each byte stands for."""
    return [byte % (2 * most) - most + (byte % (2 * most) >= most) for byte in range(256)]


def _two_of(byte: Iterator[int], most: int) -> Whole:
    """Draw two whole numbers from -most to most, neither 0."""
    signed = _signed(most)
    return [signed[next(byte)], signed[next(byte)]]


def _matrix_of(byte: Iterator[int], most: int) -> Wholes:
    signed = _signed(most)
    return [[signed[next(byte)], signed[next(byte)]], [signed[next(byte)], signed[next(byte)]]]


@dataclass(frozen=True)
class _Words:
    """A vocabulary of two, a sentence of four, and embeddings that have a pleasant mean."""

    vocabulary: tuple[str, str]
    often: int  # which of the two comes three times
    place: int  # where in the sentence the other one stands
    label: int
    E: Wholes  # hundredths
    h0: Whole  # tenths


@dataclass(frozen=True)
class _Layer:
    W: Wholes  # tenths
    b: Whole  # tenths
    z: Whole  # hundredths


def _draw_words(byte: Iterator[int]) -> _Words:
    while True:
        first, second = next(byte) % len(_WORDS), next(byte) % len(_WORDS)
        often, place, label = next(byte) % 2, next(byte) % 4, next(byte) % 2
        many = [5 * fifth for fifth in _two_of(byte, 20)]  # of the word that comes three times
        h0 = _two_of(byte, 12)
        if first == second or h0[0] == h0[1] or abs(h0[0]) < 2 or abs(h0[1]) < 2:
            continue
        once = [40 * h0[row] - 3 * many[row] for row in range(2)]
        if (
            0 in once
            or max(abs(once[0]), abs(once[1])) > 160
            or min(abs(many[0] - once[0]), abs(many[1] - once[1])) < 50
        ):
            continue
        columns = [many, once] if often == 0 else [once, many]
        E = [[columns[0][row], columns[1][row]] for row in range(2)]
        by_rows = [3 * E[often][row] + E[1 - often][row] for row in range(2)]
        if max(abs(by_rows[row] - 40 * h0[row]) for row in range(2)) >= 80:
            return _Words((_WORDS[first], _WORDS[second]), often, place, label, E, h0)


def _draw_layer(byte: Iterator[int], words: _Words) -> _Layer | None:
    """Draw W and b; None if they do not leave one unit alive and one dead, both by a margin."""
    W, b = _matrix_of(byte, 10), _two_of(byte, 5)
    z = [W[row][0] * words.h0[0] + W[row][1] * words.h0[1] + 10 * b[row] for row in range(2)]
    good = (
        (40 <= z[0] <= 200 or 40 <= z[1] <= 200)
        and (-200 <= z[0] <= -20 or -200 <= z[1] <= -20)
        and abs(max(z) - 100) >= 10  # a ReLU that gives 1 for what is positive shows
        and abs(W[0][1] - W[1][0]) >= 2
        and abs(b[0] - b[1]) >= 2
        and max(abs(W[row][0] * b[0] + W[row][1] * b[1]) for row in range(2)) >= 10  # W (h0 + b) shows
    )
    return _Layer(W, b, z) if good else None


def _good_output(words: _Words, layer: _Layer, U: Wholes) -> bool:
    """Whether p is pleasant with this U, and every usual mistake shows."""
    W, b, z = layer.W, layer.b, layer.z
    alive = z.index(max(z))
    dead = 1 - alive
    o = U[0][alive] * z[alive], U[1][alive] * z[alive]  # thousandths
    lead = o[words.label] - o[1 - words.label]  # of the true class: p = 1 / (1 + exp(-lead))
    if not (-840 <= lead <= -250 or 580 <= lead <= 840) or max(o) < 150 or min(o) > 0 or abs(sum(o)) < 100:
        return False
    if min(abs(U[0][1] - U[1][0]), abs(U[0][dead] - U[1][dead])) < 2:
        return False
    h = [max(value, 0) for value in z]
    E, often = words.E, words.often
    mean, total = (
        [40 * value for value in words.h0],
        [160 * value for value in words.h0],
    )  # 400ths from here on
    by_rows = [3 * E[often][row] + E[1 - often][row] for row in range(2)]
    each_once = [2 * (E[row][0] + E[row][1]) for row in range(2)]
    across = [[U[0][0], U[1][0]], [U[0][1], U[1][1]]]
    right = _lead(mean, W, b, U)
    without_b = _lead(mean, W, [0, 0], U)
    b_below = 4000 * (b[0] - b[1])
    only_p = [  # mistakes that show in p alone
        400 * (h[0] - h[1]),
        400 * (z[0] - z[1]),
        _lead(mean, W, b, across),
        right + b_below,
        _lead(mean, W, b, U, relu=False),
        -right,  # exp of minus o
    ]
    elsewhere = [_lead(other, W, b, U) for other in (by_rows, each_once, total)]
    return all(
        abs(other - right) >= 6000 for other in [*only_p, *elsewhere, without_b, without_b + b_below]
    ) and all(
        abs(one - two) >= 3000
        for several in (only_p, [*elsewhere, without_b, _lead(mean, W, b, U, relu=False)])
        for one, two in itertools.combinations(several, 2)
    )


def _is_one_of(outputs: Sequence[tuple[int, int, float]], words: _Words, layer: _Layer, U: Wholes) -> bool:
    """Whether ∂ℓ/∂U differs from that of one of these examples by less than 0.1 everywhere.

    No gradient is computed: exercises ask for it, and whoever looks on while an example is drawn meets none.
    For h / (1 + odds), which is h (1 − p), to be within 0.1 of theirs, the odds must lie between two bounds.
    """
    z, label = layer.z, words.label
    alive = z.index(max(z))
    h, lead = z[alive] / 100, (U[label][alive] - U[1 - label][alive]) * z[alive] / 1000
    odds = math.exp(lead)
    return any(
        (label, alive) == (theirs, unit) and h / (product + 0.1) < 1 + odds < h / (product - 0.1)
        for theirs, unit, product in outputs
    )


def _example(id: str, words: _Words, layer: _Layer, U: Wholes) -> Example:
    tokens = [words.vocabulary[words.often]] * 4
    tokens[words.place] = words.vocabulary[1 - words.often]
    return Example(
        student=id,
        tokens=tuple(tokens),
        vocabulary={word: column for column, word in enumerate(words.vocabulary)},
        E=_frozen(words.E, 100),
        W=_frozen(layer.W, 10),
        b=_frozen(layer.b, 10),
        U=_frozen(U, 10),
        y=_frozen([1, 0] if words.label == 0 else [0, 1], 1),
    )


def _lead(h0: Whole, W: Wholes, b: Whole, U: Wholes, relu: bool = True) -> int:
    """Return by how much the first score leads, in 40,000ths; h0 is in 400ths, the rest in tenths."""
    z = [W[row][0] * h0[0] + W[row][1] * h0[1] + 400 * b[row] for row in range(2)]  # 4,000ths
    h = [max(value, 0) for value in z] if relu else z
    return (U[0][0] - U[1][0]) * h[0] + (U[0][1] - U[1][1]) * h[1]


def _frozen(numbers: list[int] | list[list[int]], parts: int) -> Array:
    array = np.array(numbers, dtype=np.float64) / parts
    array.setflags(write=False)
    return array.view()  # an array that owns its numbers could still be resized, for all who are given it
