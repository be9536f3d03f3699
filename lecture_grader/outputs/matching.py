"""Who of the class is who in a roster.

Students are found by number or by id. A name, or what stands before the @ of an address, is used only if one
of the roster alone has it, and then it is said. Whoever is not found, or could be several, is left out and
named: no grade goes to a guess. "An Li 2" is no address: it may be the second of that name, and not an.li2.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..frames import clean_name
from ..handed_in import BLACKBOARD, CANVAS, MOODLE
from ..handed_in.owners import folded
from .moodles_names import anybodys_names, groups_of, own_names
from .rosters import Roster, Student, letters_of
from .rows import Row, short_list

_NUMBER_BEHIND = re.compile(r"_\d+$")
_TEST_STUDENT = {"studenttest", "teststudent"}
"""Whom Canvas makes for an instructor to try a course as: "Student, Test"."""


@dataclass
class Matched:
    """Which of the class is which of the roster.

    Attributes
    ----------
    pairs
        Who was found.
    left_out
        Who was not, and why.
    notes
        What an instructor should know.
    absent
        Those of the roster of whom there is nothing.
    """

    pairs: list[tuple[Row, Student]] = field(default_factory=list[tuple[Row, Student]])
    left_out: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    notes: list[str] = field(default_factory=list[str])
    absent: list[str] = field(default_factory=list[str])


def match(rows: Sequence[Row], roster: Roster) -> Matched:
    """Find each student of the class in the roster: by number, by id, or by a name that only one has."""
    groups, own, anybody = groups_of(rows), own_names(rows), anybodys_names(rows)
    matched = Matched()
    claims: dict[int, list[tuple[Row, str]]] = {}
    for row in rows:
        if not row.named:
            continue  # named already, as notebooks of nobody
        name = letters_of(row.owner.name or row.student)
        names = [name]
        if own[row.student] in anybody and name not in roster.by_name:
            names = []
        elif row.student in groups and name not in roster.by_name:
            names = sorted(_with_and_without_a_group(row.owner.name))
        found, how = _candidates(row, names, roster)
        if len(found) == 1:
            claims.setdefault(found[0], []).append((row, how))
        else:
            why = f"could be {len(found)} of its students" if found else "is none of its students"
            by = "id and name" if how == "name" else how
            matched.left_out.append((row.student, f"The roster was searched by {by}: this {why}."))
    for place, student in enumerate(roster.students):
        owners = claims.get(place, [])
        if not owners and not (roster.system == CANVAS and student.names & _TEST_STUDENT):
            matched.absent.append(student.shown)
        if len(owners) > 1:
            both = ", ".join(row.student for row, _ in owners)
            reason = f"In the roster, {student.shown} would be several: {both}."
            matched.left_out += [(row.student, reason) for row, _ in owners]
        if len(owners) == 1:
            row, how = owners[0]
            matched.pairs.append((row, student))
            if how == "name":
                matched.notes.append(f"{row.student} was found in the roster by name: {student.shown}.")
    others = [
        f"{row.student} ({student.shown})"
        for row, student in matched.pairs
        if row.owner.system == CANVAS == roster.system and letters_of(row.owner.name) not in student.names
    ]
    if others:
        matched.notes.append(
            f"The roster has other names for Canvas's numbers of {short_list(others, '; ')}. If the names are"
            " groups', only these members are in the file: see in Canvas that the others get the points, too."
        )
    return matched


def _with_and_without_a_group(name: str) -> set[str]:
    """Moodle's name for who handed in -> whom it may mean: for a group's work it is "Group B-Ada Smith".

    >>> sorted(_with_and_without_a_group("B-2-Ada"))
    ['2ada', 'ada', 'b2ada']
    """
    pieces = name.split("-")
    return {letters_of(" ".join(pieces[place:])) for place in range(len(pieces))} - {""}


def _candidates(row: Row, names: Sequence[str], roster: Roster) -> tuple[list[int], str]:
    """Return whom of the roster a student of these names may be, and by what they were searched."""
    if row.owner.system == roster.system and row.owner.number and roster.by_number:
        found = roster.by_number.get(row.owner.number, [])
        if roster.system == MOODLE and names:
            # The same number may be that of a group. Canvas's are those of users alone.
            meant = _with_and_without_a_group(row.owner.name)
            found = [place for place in found if not (n := roster.students[place].names) or meant & n]
            return found, f"participant {row.owner.number} with the name {clean_name(row.owner.name, 90)}"
        return found, f"number {row.owner.number}"
    if row.owner.system in ("", BLACKBOARD) and (found := roster.by_id.get(folded(row.student), [])):
        return found, "id"
    # ILIAS has a number of its own behind: it may be a part of the id, too.
    forms = {letters_of(row.student), letters_of(_NUMBER_BEHIND.sub("", row.student))}
    if not row.owner.system and (
        both := {place for form in forms for place in roster.by_name_and_id.get(form, [])}
    ):
        return sorted(both), "id"
    named = {place for name in names for place in roster.by_name.get(name, [])}
    return sorted(named.union(roster.by_login.get(folded(row.owner.name or row.student), []))), "name"
