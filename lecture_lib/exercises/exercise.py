"""What an exercise is: frozen data. How an answer is judged is in `judging`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from lecture_lib.common import Displayable

from .plain import AnyArray, Plain

TOLERANCE = 1e-5
"""How far a number may be from the expected one, relative to the larger of 1 and the largest expected.

Wide enough for float32 and for finite differences in place of a derivative, and far narrower
than any of the mistakes.
"""


@dataclass(frozen=True)
class WantedNumber:
    """A float is asked; np.float64, a 0-d array and a whole number do.

    The tolerance is a share of the expected number where that is larger than 1, unless `absolute` is set.
    What counts or numbers something is `whole`: a verdict writes it without a decimal point.
    """

    tolerance: float = TOLERANCE
    absolute: bool = False
    whole: bool = False


@dataclass(frozen=True)
class WantedArray:
    """A NumPy array of numbers is asked, of the expected one's shape; a list does where `lists` is set.

    Where an array without axes is expected, a float does.
    """

    tolerance: float = TOLERANCE
    lists: bool = False


@dataclass(frozen=True)
class WantedOther:
    """Something else is asked: `fault(value, expected)` says what is wrong with it, None if nothing is.

    What `read` gives of two values is compared when a known mistake is looked for.
    """

    fault: Callable[[Plain, Any], str | None]
    tolerance: float = TOLERANCE
    read: Callable[[Plain], Plain] = lambda value: value


Wanted = WantedNumber | WantedArray | WantedOther


@dataclass(frozen=True)
class Quantity:
    """One thing that an answer holds.

    Attributes
    ----------
    name
        As the student writes it: "d_w".
    key
        Where it is in what is returned, or in what a recipe's `read` makes of it: a position, a dict's key,
        or None for all of it.
    want
        What it must be.
    because
        How the judge knows the expected value, said after it: "by moving w a little".
    secret
        Whether the expected value is kept back, as in the answers that are values.
    """

    name: str
    key: int | str | None
    want: Wanted
    because: str = ""
    secret: bool = False


@dataclass(frozen=True)
class Part:
    """What some of the points are for: these quantities, in those cases that name the part (or no part)."""

    name: str
    points: float
    quantities: tuple[str, ...] = ()
    arguments: bool = False
    """Whether this part is for leaving the arguments as they were; it counts once another part is right."""
    last: bool = False
    """Whether its cases are large: known mistakes are looked for in it where all other parts are right."""


@dataclass(frozen=True, eq=False)
class Case:
    """One call: the arguments by name, in order, and what is expected of each quantity.

    Attributes
    ----------
    label
        Said in place of the arguments where those are long: "the slides' example".
    parts
        The parts that this case is for; empty for all.
    function
        Which of the exercise's functions is called.
    tolerances
        How far off a quantity may be in this case, in place of what its `want` says.
    because
        How the judge knows what it expects in this case, in place of what the quantity says.
    """

    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    expected: Mapping[str, Any] = field(default_factory=dict[str, Any])
    label: str = ""
    parts: tuple[str, ...] = ()
    function: int = 0
    tolerances: Mapping[str, float] = field(default_factory=dict[str, float])
    because: str = ""


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that people really give, as code, and the sentence that helps who gave it.

    `answers` are the forms that it takes: functions of the exercise's arguments, or, where a value is
    asked, functions of the student's id that return the value. A tuple in place of a function has one
    for each of the exercise's functions.
    """

    name: str
    advice: str
    answers: tuple[Callable[..., object], ...]
    whole: bool = False
    """Whether it is recognised only alone, where all that was given agrees, and that is several numbers."""
    entire: bool = False
    """Whether it is about all that is returned, as its order is: recognised only where all agrees, alone or
    together with another one."""
    alone: bool = False
    """Whether its advice describes all of the result: it is not looked for together with another one, which
    would make another result of it."""


@dataclass(frozen=True)
class Mixture:
    """One misconception, or two and more at once: what who has them would answer.

    `parts` has each of those that were put together, by itself.
    """

    names: tuple[str, ...]
    answer: Callable[..., object] | tuple[Callable[..., object], ...]
    parts: tuple["Mixture", ...] = ()


@dataclass(frozen=True)
class Follow:
    """A quantity that is made from the one before: `value(student, before)` gives what follows from that."""

    before: str
    value: Callable[[str, AnyArray], AnyArray]
    tolerance: float


@dataclass(frozen=True)
class Exercise:
    """An exercise, whole.

    Attributes
    ----------
    id, lesson, slide
        Its name everywhere, its lesson as in "03", and the title of the slide it comes from.
    functions
        The names that the student defines; one, but for an exercise of two functions.
    signature
        The arguments' names; None where a value is asked and not a function.
    quantities, parts
        What the answer holds, and what the points are split over.
    cases
        `cases(rng, student)` gives the calls, simple ones first: the first that fails is shown.
    hints, twin
        Three hints, from a pointer to all but the answer; and where the worked twin stands.
    misconceptions, mixtures
        The wrong answers that are recognised, alone and together.
    rough
        Whether the numbers are worked by hand, each from the one before, and not by the library: a mistake
        is then recognised only where it agrees with more of the answer than it contradicts, for rough
        numbers meet by chance.
    follows
        For numbers worked by hand: which quantity each is made from, and how.
    may_use
        What of the library an answer may call, or numbers by hand be made by, besides what computes nothing
        that is asked, see `own_steps`: what earlier exercises asked for.
    picture
        What a notebook shows of an answer that has not passed: a picture of where it goes wrong, or None.
    """

    id: str
    lesson: str
    slide: str
    functions: tuple[str, ...]
    signature: tuple[str, ...] | None
    quantities: tuple[Quantity, ...]
    parts: tuple[Part, ...]
    cases: Callable[[np.random.Generator, str], Iterator[Case]]
    hints: tuple[str, str, str]
    twin: str
    misconceptions: tuple[Misconception, ...]
    mixtures: Callable[[], Iterable[Mixture]] = lambda: ()
    rough: bool = False
    follows: Mapping[str, Follow] = field(default_factory=dict[str, Follow])
    may_use: tuple[str, ...] = ()
    picture: Callable[..., Displayable | None] | None = None

    @cached_property
    def points(self) -> float:
        """The points for all of it."""
        return float(sum(part.points for part in self.parts))

    @property
    def asks_for_steps(self) -> bool:
        """Whether the points are for the steps, in a function or by hand, which the library must not do."""
        return self.rough or not self.is_value

    @property
    def is_value(self) -> bool:
        """Whether the student writes a value, not a function."""
        return self.signature is None

    def quantity(self, name: str) -> Quantity:
        """Return the quantity of this name."""
        return next(quantity for quantity in self.quantities if quantity.name == name)

    def misconception(self, name: str) -> Misconception:
        """Return the misconception of this name."""
        return next(known for known in self.misconceptions if known.name == name)
