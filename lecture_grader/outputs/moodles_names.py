"""What Moodle's names say of a whole class: that it handed in by groups, or without names."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ..handed_in import MOODLE
from ..handed_in.owners import folded
from .rows import Row

_ANYBODY = frozenset(
    {"participant", "participante", "partecipante", "teilnehmer", "teilnehmerin", "deelnemer", "uczestnik"}
)
"""What Moodle calls everybody in an assignment without names, in languages in which that is known."""
_FEWEST = 3
"""Of so many, all with a dash in their names, a group's name stands before it: two may just be called so."""


def groups_of(rows: Iterable[Row]) -> dict[str, str]:
    """Return of which group each student is, where Moodle has a group's name before every student's.

    A group's work lies in the folder of each of its members, called "Group B-Ada Smith_71". A dash may stand
    in a student's name, too: then the group is one that others have before a name without.
    """
    names = {row.student: row.owner.name.split("-") for row in rows if row.owner.system == MOODLE}
    before = Counter("-".join(pieces[:-1]) for pieces in names.values())
    if len(names) < _FEWEST or "" in before or max(before.values()) < 2:
        return {}
    found: dict[str, str] = {}
    for student, pieces in names.items():
        leading = ["-".join(pieces[:place]) for place in range(len(pieces) - 1, 0, -1)]
        found[student] = next((one for one in leading if before[one] > 1), leading[0])
    return found


def own_names(rows: Sequence[Row]) -> dict[str, str]:
    """Return what each student is called by `folded`, without the group's name before it."""
    groups = groups_of(rows)
    return {
        row.student: folded(row.owner.name.removeprefix(f"{groups.get(row.student, '')}-")) for row in rows
    }


def anybodys_names(rows: Sequence[Row]) -> frozenset[str]:
    """Return what is nobody's own name, by `folded`: what all are called in an assignment without names.

    In whatever language, all have one name, and several of them have handed in the same lesson.
    """
    moodles = [row for row in rows if row.owner.system == MOODLE]
    names = frozenset(own_names(moodles).values())
    lessons = Counter(lesson for row in moodles for lesson in row.files_of)
    alike = len(names) == 1 and max(lessons.values(), default=0) > 1
    return _ANYBODY | names if alike else _ANYBODY
