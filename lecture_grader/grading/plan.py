"""What is to be done with a notebook in the sandbox, step by step, and what was seen of it.

Each step is one request to a submission's process, in plain data, and gets one answer.
"""

from dataclasses import dataclass, field
from functools import cached_property

from lecture_lib.exercises.answer import Failure, Outcome
from lecture_lib.exercises.plain import Plain

from ..frames import pack_question, text_array

BEGIN: Plain = ("begin",)
"""Be as a process is in which nothing was run."""


AS_NAMED, AS_CHECKED, NAMED_LATER, WITH_HELPERS = "as named", "as checked", "named later", "with helpers"
NAMED_ELSEWHERE = "named in cell {}"


class _Step:
    """A step of which the process is told its name and its last field."""

    @property
    def request(self) -> Plain:
        """As the submission's process is asked."""
        given = [*vars(self).values()][-1]
        return type(self).__name__.lower(), text_array(given) if isinstance(given, str) else given


@dataclass(frozen=True)
class Read(_Step):
    """Read a cell without running it."""

    source: str


@dataclass(frozen=True)
class Run(_Step):
    """Run a cell; keep what it shows under its number among the code cells, if there is one here."""

    number: int
    source: str
    keep_as: int = 0

    @property
    def request(self) -> Plain:
        """As the submission's process is asked."""
        return "run", text_array(self.source), self.keep_as


@dataclass(frozen=True)
class Define(_Step):
    """Do of a cell what defines something: it ends the process when it is run."""

    number: int
    source: str


@dataclass(frozen=True, eq=False)
class Ask:
    """Ask for an exercise's answer: the value, or what the functions give on each call's arguments.

    Attributes
    ----------
    exercise
        Its id.
    names
        Of its functions, or of its one value.
    is_value
        Whether a value is asked for, and no function.
    calls
        Which function is called with what.
    may_use
        What of the library they may call.
    way
        Which answer is asked for: `AS_NAMED`, that which the names stand for; `AS_CHECKED`, that which the
        exercise's check was handed last; `NAMED_LATER`, that which the names stand for in a later cell;
        `WITH_HELPERS`, the same where a later cell defines what the answer uses; `NAMED_ELSEWHERE`, that
        which they stand for in a further cell.
    """

    exercise: str
    names: tuple[str, ...]
    is_value: bool
    calls: tuple[tuple[int, tuple[Plain, ...]], ...]
    may_use: tuple[str, ...] = ()
    way: str = AS_NAMED

    @property
    def key(self) -> tuple[str, str]:
        """By which its answer is known."""
        return self.exercise, self.way

    @cached_property
    def request(self) -> Plain:
        """As the submission's process is asked: all of it as one frame, and one comes back."""
        calls: list[Plain] = [[place, *arguments] for place, arguments in self.calls]
        check = self.exercise if self.way == AS_CHECKED else ""
        return ("ask", pack_question([self.names, self.is_value, self.may_use, check, calls]))


@dataclass(frozen=True)
class Give(_Step):
    """Put the library's own functions where a submission's are left out."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Refuse(_Step):
    """Let the library do nothing that an exercise asks for, but what it may do."""

    may_use: tuple[str, ...]


ProcessChange = Run | Define | Give | Refuse
"""What changes a process: it is done again in the next one, if this one dies."""
Plan = tuple[ProcessChange | Ask, ...]


@dataclass(frozen=True)
class Died:
    """The process ended in the middle of something; `words` say how."""

    words: str
    slow: bool = False
    forged: bool = False


@dataclass(frozen=True)
class Given:
    """What was given to a question: what stands behind each name, and what came of each call.

    A name is "missing", it "waits", or it is "callable" or another "value".
    """

    looks: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


@dataclass
class Seen:
    """What was seen of a plan.

    Attributes
    ----------
    failures
        What went wrong in a cell, by its number.
    defined
        The cells that have ended the process, and of which what they define was done.
    printed
        What a cell printed, by its number.
    signed_in
        The id with which a cell has signed in, by its number.
    given
        What was given to each question, by its key: as it is, or as the frame in which it came.
    in_time
        Whether there was time for all of it.
    seconds
        How long it took, where it was not done at once.
    """

    failures: dict[int, Failure | Died] = field(default_factory=dict[int, "Failure | Died"])
    defined: set[int] = field(default_factory=set[int])
    printed: dict[int, str] = field(default_factory=dict[int, str])
    signed_in: dict[int, str] = field(default_factory=dict[int, str])
    given: dict[tuple[str, str], Given | bytes] = field(
        default_factory=dict[tuple[str, str], "Given | bytes"]
    )
    in_time: bool = True
    seconds: float = 0.0
