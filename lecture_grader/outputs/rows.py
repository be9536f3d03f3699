"""A row a student: what they earned, and what an instructor should know of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lecture_lib.exercises import Exercise

from ..handed_in import Owner
from .late import Late


@dataclass
class Row:
    """One student: the best that they handed in of each exercise.

    Attributes
    ----------
    student
        Whose it is, as `owner_of` says.
    owner
        The same, as the paths of their notebooks say.
    named
        Whether anything names the student at all; if not, `student` is a file's name.
    signed_in_as
        The ids in their notebooks.
    files
        How many notebooks there are.
    points
        Exercise -> the most points that were earned in it.
    files_of
        Lesson -> the notebooks with exercises of it.
    remarks
        What an instructor should know.
    human
        Why a human should look at it: a submission's or the student's name, and the reason.
    late
        What was handed in late.
    excused
        The exercises that the student need not do, each with the reason.
    around
        The folders in which Moodle's own folders or files of the student lie.
    """

    student: str
    owner: Owner = field(default_factory=lambda: Owner(""))
    named: bool = True
    signed_in_as: set[str] = field(default_factory=set[str])
    files: int = 0
    points: dict[str, float] = field(default_factory=dict[str, float])
    files_of: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    remarks: list[str] = field(default_factory=list[str])
    human: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    late: Sequence[Late] = ()
    excused: Mapping[str, str] = field(default_factory=dict[str, str])
    around: set[str] = field(default_factory=set[str])

    def points_in(self, exercises: Iterable[Exercise]) -> float:
        """Return the points in these exercises together."""
        return sum(self.points.get(exercise.id, 0.0) for exercise in exercises)

    def out_of(self, exercises: Iterable[Exercise]) -> float:
        """Return the points that the student could have in these exercises: all but those excused."""
        return sum(exercise.points for exercise in exercises if exercise.id not in self.excused)

    def has(self, exercises: Iterable[Exercise]) -> bool:
        """Whether anything of these exercises was graded."""
        return any(exercise.id in self.points for exercise in exercises)


def short_list(words: Iterable[str], between: str = ", ") -> str:
    """Words -> as many of them as anyone reads, by name."""
    shown = between.join(sorted(words))
    return shown if len(shown) <= 200 else f"{shown[:200]} …"
