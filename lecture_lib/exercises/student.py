"""Who is at work, and the numbers that are theirs: a sentence and weights made from their id.

`example_of` is a pure function of the id, in whole numbers and SHA-256 alone, so that it gives the
same on every machine and in every version of Python and NumPy; a grader computes it again.
"""

from __future__ import annotations

import functools
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from .page import Shown, card, columns, paragraph, table

FloatArray = NDArray[np.float64]

NOBODY = ""

# Animals that are something else, too, as duck is a cloth and a score of nought.
_WORDS = tuple(
    "duck goose bass bat bear buck bug calf cardinal chicken crane cricket crow dove drone fawn fly hawk hog"
    " jaguar kite lark mole mouse mule perch pike ram ray rook seal skate slug sole spider steer sucker"
    " swallow swan swift tick turkey worm".split()
)


@dataclass(frozen=True, repr=False, eq=False)
class Example:
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
    E: FloatArray
    W: FloatArray
    b: FloatArray
    U: FloatArray
    y: FloatArray

    @property
    def params(self) -> dict[str, FloatArray]:
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
        rows = [["E", *names], *(["", *(f"{number:g}" for number in row)] for row in self.E.tolist())]
        other = [
            f"  {name} = {_matrix(array)}" for name, array in (("W", self.W), ("b", self.b), ("U", self.U))
        ]
        lines = [f"{self._heading}: {self.sentence}", columns(rows, "  "), *other, f"  {self._label}"]
        return "\n".join([*lines, *([f"  {_SIGN_IN}"] if self.student == NOBODY else [])])

    @property
    def html(self) -> str:
        """All of it in HTML."""
        names = list(self.vocabulary)
        rows = [[str(place + 1), *(f"{number:g}" for number in row)] for place, row in enumerate(self.E.tolist())]
        blocks = [paragraph(self.sentence), table("E, a column per word", ["row", *names], rows)]
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

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.words}

    def __repr__(self) -> str:
        return self.words


_SIGN_IN = 'Sign in for one of your own: student("your id")'


def _matrix(array: FloatArray) -> str:
    if array.ndim == 1:
        return "[" + ", ".join(f"{number:g}" for number in array.tolist()) + "]"
    return "[" + ", ".join(_matrix(row) for row in array) + "]"


# ------------------------------------------------------------------ whose numbers these are

_signed_in = NOBODY


def student(id: str) -> Shown:
    """Sign in with an id: from now on `my_example()` is made from it, and progress is kept under it.

    Capitals and spaces around the id do not count: "S1234 " and "s1234" are the same student.

    Raises
    ------
    TypeError
        If the id is not a text.
    ValueError
        If it is empty, or longer than 100 letters.
    """
    global _signed_in
    _signed_in = clean_id(id)
    heading = f"Signed in as {_signed_in}"
    text = "Exercises worked by hand now use your own sentence and weights; my_example() shows them."
    return Shown(f"{heading}\n  {text}", card("passed", heading, [paragraph(text)]))


def current_student() -> str:
    """Return the id that was signed in with, "" for nobody."""
    return _signed_in


def sign_out() -> None:
    """Be nobody again."""
    global _signed_in
    _signed_in = NOBODY


def clean_id(id: object) -> str:
    """Return an id as it is kept: without capitals and spaces around it; an error says what is wrong with it."""
    if not isinstance(id, str):
        raise TypeError(f'student: an id is a text in quotes, as in student("s1234"), not {type(id).__name__}')
    cleaned = unicodedata.normalize("NFKC", str.__str__(id)).strip().casefold()
    if not cleaned:
        raise ValueError('student: the id is empty; write your own between the quotes, as in student("s1234")')
    if len(cleaned) > 100:
        raise ValueError(f"student: an id of {len(cleaned)} letters is too long; 100 are the most")
    return cleaned


def my_example() -> Example:
    """Return the sentence, the vocabulary and the weights of whoever has signed in."""
    return example_of(_signed_in)


@functools.lru_cache(maxsize=256)
def example_of(id: str) -> Example:
    """Return the example that belongs to an id; "" gives the one for nobody.

    One hidden unit is alive and one is dead, both by a good margin; p is between 0.3 and 0.7 and
    not near 0.5; what people confuse (rows and columns, sum and mean, …) gives clearly other numbers.
    """
    cleaned = clean_id(id) if id else NOBODY
    for attempt in range(100_000):
        found = _candidate(cleaned, attempt)
        if found is not None:
            return found
    raise AssertionError("no example was found")  # 1 in 40 attempts finds one


def _bytes(id: str, attempt: int) -> Iterator[int]:
    yield from hashlib.sha256(f"duck, duck, goose\n{attempt}\n{id}".encode()).digest()


def _signed(byte: int, most: int) -> int:
    """A byte -> a whole number from -most to most, but not 0."""
    place = byte % (2 * most)
    return place - most if place < most else place - most + 1


def _candidate(id: str, attempt: int) -> Example | None:
    """Draw an example in whole tenths and hundredths; None if it is not a good one."""
    byte = _bytes(id, attempt)
    first, second = next(byte) % len(_WORDS), next(byte) % len(_WORDS)
    often, place, label = next(byte) % 2, next(byte) % 4, next(byte) % 2
    W = [[_signed(next(byte), 10) for _ in range(2)] for _ in range(2)]  # tenths
    U = [[_signed(next(byte), 10) for _ in range(2)] for _ in range(2)]  # tenths
    b = [_signed(next(byte), 5) for _ in range(2)]  # tenths
    many = [5 * _signed(next(byte), 20) for _ in range(2)]  # hundredths, of the word that comes three times
    h0 = [_signed(next(byte), 12) for _ in range(2)]  # tenths
    once = [40 * h0[row] - 3 * many[row] for row in range(2)]  # hundredths, of the word that comes once
    z = [W[row][0] * h0[0] + W[row][1] * h0[1] + 10 * b[row] for row in range(2)]  # hundredths
    h = [max(value, 0) for value in z]
    o = [U[row][0] * h[0] + U[row][1] * h[1] for row in range(2)]  # thousandths
    columns = [many, once] if often == 0 else [once, many]
    E = [[columns[0][row], columns[1][row]] for row in range(2)]  # hundredths
    by_rows = [3 * E[often][row] + E[1 - often][row] for row in range(2)]  # quarters of hundredths
    live = [row for row in range(2) if z[row] >= 40]
    good = (
        first != second
        and len(live) == 1
        and z[1 - live[0]] <= -20
        and max(abs(value) for value in z) <= 200
        and 250 <= abs(o[0] - o[1]) <= 840
        and max(o) >= 150
        and all(value != 0 and abs(value) <= 160 for value in once)
        and min(abs(by_rows[row] - 40 * h0[row]) for row in range(2)) >= 60
        and min(abs(many[row] - once[row]) for row in range(2)) >= 50
        and min(abs(value) for value in h0) >= 2
        and abs(W[0][1] - W[1][0]) >= 2
        and abs(U[0][1] - U[1][0]) >= 2
        and abs(U[0][1 - live[0]] - U[1][1 - live[0]]) >= 2
    )
    if not good:
        return None
    words = (_WORDS[first], _WORDS[second])
    tokens = [words[often]] * 4
    tokens[place] = words[1 - often]
    return Example(
        student=id,
        tokens=tuple(tokens),
        vocabulary={words[0]: 0, words[1]: 1},
        E=_frozen(E, 100),
        W=_frozen(W, 10),
        b=_frozen(b, 10),
        U=_frozen(U, 10),
        y=_frozen([1, 0] if label == 0 else [0, 1], 1),
    )


def _frozen(numbers: list[int] | list[list[int]], parts: int) -> FloatArray:
    array = np.array(numbers, dtype=np.float64) / parts
    array.setflags(write=False)
    return array
