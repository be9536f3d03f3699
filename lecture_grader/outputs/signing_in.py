"""What the ids in notebooks say of whose they are: ids that several share, and those that are another's."""

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from lecture_lib.exercises.signing_in import GUEST
from lecture_lib.lessons import EXERCISES

from ..handed_in.file_names import MOST_OF_ONE, besides_the_lesson, name_in, number_behind
from ..handed_in.owners import folded, is_a_lessons, owner_in_path, readings_of, within_ones_folder
from .matching import match
from .moodles_names import groups_of
from .rosters import Roster, letters_of
from .rows import Row, short_list

MOST_PLACES = 2
"""In so many folders of their own, or under so many names, a student hands in a lesson, and no more."""
MOST_FOLDERS = 3
"""In so many folders at all, those of lessons too, a student hands in a lesson, and no more."""

MANY = 10
"""So many who sign in are enough to see whether folders are called as ids are."""

_VERSION = re.compile(r"/version \d+(?=/)", re.IGNORECASE)
"""The folder that Teams makes each time when a student hands in again."""
_MARK = (
    "and the student is called so only by what the file's name has beside the lesson's. If that is no name,"
    " as the mark of a copy is none, take it out of the file's name."
)


def note_ids(rows: Sequence[Row], roster: Roster | None = None) -> None:
    """Note in the rows who has signed in with an id that is not theirs alone, or not theirs."""
    shared = _note_shared(rows)
    for row, id, words in _not_theirs(rows, _known(rows, roster), roster):
        if id not in shared:
            row.human.append((row.student, f"The notebooks sign in as {id}, {words}"))


def note_numbered(rows: Sequence[Row]) -> None:
    """Note in the rows which students may be one, whose files' names end in the number of their lesson."""
    alike: dict[str, list[Row]] = {}
    for row in rows:
        if not row.named or row.owner.system or besides_the_lesson(row.student) is not None:
            continue
        lessons = {EXERCISES[id].lesson for id in row.points}
        number = number_behind(row.student)
        for reading in readings_of(f"{row.student}.ipynb") if not number or {number} == lessons else ():
            alike.setdefault(reading, []).append(row)
    named = {row.student: row for row in rows if row.named}
    for reading, own in alike.items():
        together = [*own, named[reading]] if reading in named else own
        for row in own if len(together) > 1 else ():
            others = short_list(other.student for other in together if other is not row)
            words = (
                f"The file's name does not say whether this and {others} are one student. If they are, put"
                " their files into one folder, or let them sign in with ll.student."
            )
            row.human.append((row.student, words))


def note_alike(rows: Iterable[Row]) -> None:
    """Note in the rows which students read the same: é is stored in two ways, a name has capitals or not."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(folded(row.student), row)
        if other is not row:
            words = (
                f"{other.student} is read as the same name, and has a row of its own: the letters are stored"
                " in another way, or are capitals. If they are one person, give both the same name."
            )
            row.human.append((row.student, words))


def note_many(rows: Iterable[Row]) -> None:
    """Note in the rows whose notebooks of a lesson may be those of several, of whom nobody is to be one."""
    for row in rows:
        times = max((len(files) for files in row.files_of.values() if _may_be_several(row, files)), default=0)
        if times:
            words = (
                f"{times} notebooks of one lesson are taken for this student's, by the folder around them or"
                " by the file's name. If they are several students', give each a folder; a folder around"
                ' all of these is called "lesson" and its number, or is graded by itself.'
            )
            row.human.append((row.student, words))


def _may_be_several(row: Row, files: Sequence[str]) -> bool:
    """Whether a student's notebooks of one lesson are too many, or lie and are called as several's do."""
    if len(files) > MOST_OF_ONE:
        return True
    if row.owner.system:
        return False
    files = [_VERSION.sub("", file) for file in files]
    if len({file.rpartition("/")[0] for file in files}) > MOST_FOLDERS:
        return True
    # "Zoë Weeks_03" and "Zoë Blatt_03" are both read as Zoë's, of a week and of a sheet.
    readings = [readings_of(file) for file in files if owner_in_path(file).label == row.student]
    if len({(own or [row.student])[-1] for own in readings}) > 1:
        return True
    own = [(folder, who, sure) for folder, who, sure in map(within_ones_folder, files) if who != row.student]
    if len({one[:2] for one in own}) > MOST_PLACES or len({who for _, who, sure in own if sure}) > 1:
        return True
    # Two folders in it may be called as persons are, and no one id says that they are not.
    inside = {folder.partition("/")[0] for folder, _, _ in own}
    persons = [name for name in inside if name_in(name) and not any(map(str.isdigit, name))]
    return len(persons) > 1 and (len(_ids(row)) != 1 or GUEST in row.signed_in_as)


def _ids(row: Row) -> list[str]:
    return sorted(row.signed_in_as - {GUEST})


def _note_shared(rows: Sequence[Row]) -> set[str]:
    """Name those who have signed in with the same id, unless they are one group; return these ids."""
    groups = groups_of(rows)
    owners: dict[str, list[Row]] = {}
    for row in rows:
        for id in _ids(row) if row.named else ():
            owners.setdefault(id, []).append(row)
    shared = {id: own for id, own in owners.items() if len(own) > 1}
    for id, own in shared.items():
        of_one_group = len({groups.get(row.student, row.student) for row in own}) == 1
        for row in [] if of_one_group else own:
            others = {other.student for other in own if other is not row}
            row.human.append((row.student, f"They signed in as {id}, and so did {short_list(others)}."))
    return {*shared}


def _known(rows: Iterable[Row], roster: Roster | None) -> dict[str, frozenset[str]]:
    """Return by what each student is known: as their folder is called, and as the roster has them.

    The number that a learning system gives a student is none of the student's own. Who could be several of
    the roster may have any of their ids.
    """
    known = {
        row.student: frozenset({folded(row.owner.name if row.owner.number else row.student)})
        for row in rows
        if row.named and row.owner.label
    }
    if roster is not None:
        matched = match([row for row in rows if row.student in known], roster)
        for row, student in matched.pairs:
            known[row.student] |= student.ids | student.names | student.logins
        for name, _ in matched.left_out:
            places = itertools.chain.from_iterable(
                roster.by_name.get(letters_of(one), ()) for one in known[name]
            )
            known[name] = known[name].union(*(roster.students[place].ids for place in places))
    return known


def _not_theirs(
    rows: Sequence[Row], known: Mapping[str, Collection[str]], roster: Roster | None
) -> Iterator[tuple[Row, str, str]]:
    """Give who signs in as somebody else, and in what words that can be said.

    What folders are called need not be ids: the two are compared where they are of one kind, as "s1234" and
    "s1243" are, or where with most of the class they are the same; of a class of `MANY` or more, only where
    with a tenth of it they are. Whose notebooks name nobody but by their ids are known by these alone, as if
    folders were called so. A roster may have the id, and not the name.
    """
    whose: dict[str, set[str]] = {}
    for student, ids in known.items():
        for id in ids:
            whose.setdefault(id, set()).add(student)
    pairs = [(row, id) for row in rows if row.student in known for id in _ids(row)]
    theirs = {(row.student, id): _is_theirs(id, known[row.student]) for row, id in pairs}
    by_id_alone = sum(row.named and not row.owner.label for row in rows)
    comparable = 2 * (sum(theirs.values()) + by_id_alone) >= len(pairs) + by_id_alone
    of_one_kind = len(pairs) < MANY or 10 * sum(theirs.values()) >= len(pairs)  # or else they are logins
    for row, id in pairs:
        if theirs[row.student, id]:
            continue
        others = whose.get(folded(id), set()) - {row.student}
        if others:
            yield row, id, f"and that is {short_list(others)}."
        elif _may_be_a_mark(row, roster) and (comparable or (roster is not None and roster.knows(id))):
            yield row, id, _MARK
        elif comparable or (of_one_kind and _shape(id) in {*map(_shape, known[row.student])} - {""}):
            yield row, id, "which is not the id of the student that the folder or the roster names."


def _may_be_a_mark(row: Row, roster: Roster | None) -> bool:
    """Whether a student is only what files' names have beside the lesson's, and may be nobody's name."""
    paths = [PurePosixPath(file) for files in row.files_of.values() for file in files]
    known = any(map(str.isdigit, row.student)) or (roster is not None and roster.knows(row.student))
    return not known and any(
        besides_the_lesson(path.stem) == row.student and all(map(is_a_lessons, path.parts[:-1]))
        for path in paths
    )


def _is_theirs(id: str, known: Collection[str]) -> bool:
    return folded(id) in known or letters_of(id) in {letters_of(one) for one in known}


def _shape(id: str) -> str:
    """Return how an id is made, "" without a digit: one with other letters and numbers looks the same.

    >>> _shape("s1234"), _shape("ab-77"), _shape("ada")
    ('a0', 'a-0', '')
    """
    kinds = ("0" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in folded(id))
    shape = "".join(kind for kind, _ in itertools.groupby(kinds))
    return shape if "0" in shape else ""
