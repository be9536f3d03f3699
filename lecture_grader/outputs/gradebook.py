"""The gradebook: a row a student, and the same without names."""

import csv
import hmac
import io
import re
from collections.abc import Collection, Iterable, Sequence

from lecture_lib.exercises import Exercise
from lecture_lib.exercises.signing_in import GUEST
from lecture_lib.lessons import EXERCISES

from ..graded import Graded, owner_of
from ..handed_in import MOODLE, owner_of_file
from ..handed_in.notebook import is_cut
from ..handed_in.owners import canvas_readings, folded
from .course import PLAIN, Course
from .moodles_names import groups_of
from .rosters import Roster
from .rows import Row, short_list
from .signing_in import note_alike, note_ids, note_many, note_numbered

# Where a spreadsheet begins to read a formula: at a cell's start, which in a country of decimal commas is
# after a semicolon, too. The wide forms of the same signs do it in East Asian editions.
_FORMULA = re.compile(r"(^|[;|])(\s*)(?=[=+\-@＝＋－＠])")

GUESTS_NUMBERS = (
    "Never signed in: the exercises by hand were judged on the guest's numbers, which everyone can have."
)


def rows_of(
    results: Iterable[Graded], roster: Roster | None = None, with_place: Collection[str] = ()
) -> list[Row]:
    """Results -> a row a student, by name. The results are gone through once and not kept.

    `with_place` has those who have a folder or a file of their own, see `owner_of`.
    """
    rows: dict[str, Row] = {}
    same: dict[str, list[tuple[Row, str]]] = {}
    signed_in: dict[str, dict[str, list[str]]] = {}
    of_file: dict[str, set[str]] = {}
    for graded in results:
        owner = owner_of(graded, with_place)
        row = rows.setdefault(owner, Row(owner))
        _add(row, graded)
        of_file.setdefault(graded.file, set()).add(folded(row.student))
        if graded.signed_in_as:
            signed_in.setdefault(row.student, {}).setdefault(graded.signed_in_as, []).append(graded.file)
        # Without points they are the same as they were given; lateness may have taken those that there were.
        parts = (part for found in graded.exercises.values() for part in found.verdict.results)
        if graded.key and any(part.points > 0 for part in parts):
            same.setdefault(graded.key, []).append((row, graded.file))
    for row in rows.values():
        ids = signed_in.get(row.student, {})
        for id in {*ids} - {row.student}:
            if all(folded(id) in of_file[file] for file in ids[id]):  # they have handed it in together
                row.signed_in_as.discard(id)
                del ids[id]
        if len(row.signed_in_as - {GUEST}) > 1:
            each = [f"{id} in {short_list(files)}" for id, files in ids.items() if id != GUEST]
            words = short_list(each, "; ")
            row.human.append((row.student, f"The notebooks sign in with several ids: {words}."))
    note_ids([*rows.values()], roster)
    note_numbered([*rows.values()])
    note_alike(rows.values())
    note_many(rows.values())
    groups = groups_of(rows.values())
    for copies in same.values():
        of_one_group = len({groups.get(row.student, row.student) for row, _ in copies}) == 1
        for row, file in copies:
            others = {
                f"{other.student} ({name})" for other, name in copies if other is not row and name != file
            }
            if others and of_one_group:
                words = f"{file} is the same file as that of {short_list(others)}, who is in the same group"
                row.remarks.append(f"{words} by Moodle's names")
            elif others:
                row.human.append(
                    (file, f"It is the same file, to the last letter, as that of {short_list(others)}.")
                )
    return [rows[who] for who in sorted(rows)]


def _add(row: Row, graded: Graded) -> None:
    """Take a result into its student's row."""
    file = graded.file
    owner = row.owner = owner_of_file(file, graded.student)
    if owner.doubt:
        row.named = False
        row.human.append((file, f"{owner.doubt} It is in no file for a learning system."))
    if owner in (readings := canvas_readings(file)):
        either = " or ".join(one.number for one in readings)
        row.remarks.append(f"{file}: the number could be {either}. The roster has {owner.number} alone.")
    if owner.system == MOODLE:
        row.around.add(file.partition("_assignsubmission_")[0].rpartition("/")[0])
    row.files += 1
    if graded.signed_in_as:
        row.signed_in_as.add(graded.signed_in_as)
    if graded.unsafe:
        row.remarks.append("graded without a sandbox")
    if graded.trouble:
        row.human.append((file, graded.trouble))
    row.human += [(file, words) for words in (*graded.human, *filter(is_cut, graded.notes))]
    if row.student == file:
        row.named = False
        row.human.append((file, _whose_words(graded)))
    if graded.signed_in_as in ("", GUEST) and has_points_by_hand(graded):
        row.human.append((file, GUESTS_NUMBERS))
    again = [id for id in graded.exercises if id in row.points]
    if again and not graded.student:
        row.human.append((file, f"Another notebook of the same lesson is signed in as {row.student}, too."))
    row.remarks += [f"{id} was handed in more than once; the best counts" for id in again]
    for lesson in {EXERCISES[id].lesson for id in graded.exercises}:
        row.files_of.setdefault(lesson, []).append(file)
    for id, exercise in graded.exercises.items():
        row.points[id] = max(row.points.get(id, 0.0), exercise.points)
        row.remarks += [f"{id}: {note}" for note in exercise.cell_notes]


def _whose_words(graded: Graded) -> str:
    """Say why a notebook is nobody's."""
    if graded.signed_in_as in ("", GUEST):
        return "Nothing says whose it is: neither its name or folder, nor an id in ll.student."
    return (
        f"It lies beside the students' own notebooks and signs in as {graded.signed_in_as}, who has handed in"
        " under their own name. Whether it is theirs is not guessed: it counts for nobody."
    )


def has_points_by_hand(graded: Graded) -> bool:
    """Whether there are points in exercises of which everyone has numbers of their own."""
    return any(id.endswith("_by_hand") and found.points > 0 for id, found in graded.exercises.items())


# ------------------------------------------------------------------ as CSV


def safe_cell(text: str) -> str:
    r"""Return a text on one line that no spreadsheet takes for a formula: an apostrophe stands before it.

    A backslash becomes a slash: before a quote it would end the cell for Moodle, whose PHP reads it so, and
    what follows in a name would be the grade.

    >>> safe_cell("=1+1"), safe_cell("Ada; =1"), safe_cell("a+b"), safe_cell('x\\",99')
    ("'=1+1", "Ada; '=1", 'a+b', 'x/",99')
    """
    return _FORMULA.sub(r"\1\2'", " ".join(text.replace("\\", "/").split()))


def as_csv(rows: Iterable[Sequence[object]], all_in_quotes: bool = False) -> str:
    """Rows of cells, which must be safe -> a file of comma-separated values."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if all_in_quotes else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator="\n", quoting=quoting).writerows(rows)
    return out.getvalue()


def gradebook_csv(rows: Iterable[Row], course: Course = PLAIN) -> str:
    """Rows -> the gradebook as CSV: points by exercise, by lesson, and in all."""
    exercises = course.exercises()
    lessons = sorted({exercise.lesson for exercise in exercises})
    head = ["student", "signed_in_as", "notebooks", *(exercise.id for exercise in exercises)]
    lines: list[Sequence[object]] = [
        [*head, *(f"lesson_{lesson}" for lesson in lessons), "total", "out_of", "remarks"]
    ]
    for row in rows:
        human = [words if name == row.student else f"{name}: {words}" for name, words in row.human]
        lines.append(
            [
                safe_cell(row.student),
                safe_cell(" ".join(sorted(row.signed_in_as))),
                row.files,
                *(points_cell(row, one.id) for one in exercises),
                *(_in_lesson(row, course.exercises(lesson)) for lesson in lessons),
                f"{row.points_in(exercises):g}",
                f"{row.out_of(exercises):g}",
                safe_cell("; ".join(dict.fromkeys([*human, *row.remarks]))[:2000]),
            ]
        )
    return as_csv(lines)


def points_cell(row: Row, id: str) -> str:
    """Return a student's points in an exercise; nothing where it was not handed in."""
    if id in row.excused:
        return "excused"
    return f"{row.points[id]:g}" if id in row.points else ""


def _in_lesson(row: Row, own: Sequence[Exercise]) -> str:
    """Return the points in a lesson; nothing where it was not handed in, which is not the same as 0."""
    return f"{row.points_in(own):g}" if row.has(own) else ""


def anonymous_csv(rows: Iterable[Row], seed: str, course: Course = PLAIN) -> str:
    """Rows -> the gradebook without names, in an order that says nothing: for a talk, or a study.

    A student's number is made from the seed; who has both the seed and the names can find it again.
    """
    exercises = course.exercises()
    lines = [
        [
            hmac.new(seed.encode(), row.student.encode(), "sha256").hexdigest()[:12],
            *(points_cell(row, one.id) for one in exercises),
            f"{row.points_in(exercises):g}",
        ]
        for row in rows
    ]
    return as_csv([["number", *(exercise.id for exercise in exercises), "total"], *sorted(lines)])
