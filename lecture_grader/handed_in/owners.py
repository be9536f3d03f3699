"""Whose a submission is, by its path: a folder's name, or what a learning system calls it in a download."""

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath

from ..frames import clean_name
from .file_names import (
    WORDS_FOR_A_LESSON,
    begins_with_a_lesson,
    besides_the_lesson,
    is_a_lessons_own,
    name_in,
    other_readings,
)

MOODLE, CANVAS, BLACKBOARD, BRIGHTSPACE = "Moodle", "Canvas", "Blackboard", "Brightspace"
MOST_LETTERS = 120
"""Of a student's name, so many are shown."""
MOST_OF_A_NAME = 255
"""Of what a system calls a student, so many are compared with a roster: a file's name has no more."""
_MARK = " ~"

# Moodle: "Ada Smith_71_assignsubmission_file_" as a folder, or before the file's name, without folders. A
# display name may look like the beginning of it, and a file's name like all of it: of a folder the last match
# is Moodle's own; where both may stand in one name, it cannot be said which is.
_MOODLE_FOLDER = re.compile(r"(?s)^(?P<who>.+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?$")
_MOODLE = re.compile(r"(?s)^(?P<who>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?$")
_MOODLES = re.compile(r"_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?![^_])")
# Canvas: "smithada_LATE_4711_99_graphs"; in an anonymous assignment "anon_x7Gh2_99_graphs". A name keeps its
# underscores: of three numbers in a row, the first may be its own, or the last the file's. What comes first
# is Canvas's otherwise: the file's name is the student's own. Capitals and gaps are left out of a name.
_CANVAS_NUMBERS = re.compile(r"_(?=(?P<number>[1-9]\d*)_[1-9]\d*_.)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(r"(?s)^(?P<late>LATE_)?(?P<who>anon_[0-9A-Za-z]+)_\d+_.+$")
# Blackboard: "Lab 3_s1234_attempt_2025-10-21-14-03-22_graphs", and the same without a file's name for a text
# beside it. What comes first is the assignment, as the instructor has named it; what comes last is the
# student's own. Both the assignment's name and a login may have underscores. "attempt" is in the language
# of whoever downloads it.
_ATTEMPT = "attempt|tentative|versuch|intento|tentativa|tentativo|poging|försök|forsøk|deneme|試行|尝试|嘗試"
_BLACKBOARD = re.compile(
    rf"^(?P<attempt>(?P<before>.+?)_(?:{_ATTEMPT})_(?P<at>\d{{4}}(?:-\d\d){{5}}))(?:_.*|\.txt)?$",
    re.DOTALL | re.IGNORECASE,
)
# Brightspace: "39786-640693 - Ada Smith - Oct 10, 2025 1022 AM" as a folder, or before the file's name: the
# user's number and the assignment's, then the name and when it was handed in. How a time is written depends
# on the language: there is a year in it, and a clock behind.
_BRIGHTSPACES = re.compile(r"(?P<number>\d+)-\d+")
_WHEN = re.compile(r"(?<!\d)20\d\d(?!\d).*?\d{1,2}(?:\D?|\sh\s)\d\d(?!\d)")
# nbgrader's exchange: "s1234+ps1+2025-10-21 14:03:22.123456 UTC" as a folder, and in newer ones "+" and
# letters behind. A student's name may have a "+", too.
_EXCHANGE = re.compile(
    r"(?P<who>.+)\+[^+]+\+\d{4}(?:-\d\d){2} \d\d(?::\d\d){2}(?:\.\d+)? \w+(?:\+[\w-]+)?", re.DOTALL
)
# A folder for all who handed in that lesson, as an instructor names it.
_LESSONS_FOLDER = re.compile(rf"{WORDS_FOR_A_LESSON}[ _-]*\d{{1,2}}(?!\d|[^\s/]*@)", re.IGNORECASE)
_LIKE_A_LOGIN = re.compile(r"[a-z]+\d+", re.IGNORECASE)
_ENDING = re.compile(r"(?:\.ipynb)+$", re.IGNORECASE)


@dataclass(frozen=True)
class Owner:
    """Whom a path names.

    Attributes
    ----------
    label
        The student, as in the gradebook; "" where the path says only the lesson.
    system
        Where the notebooks were downloaded: `MOODLE`, `CANVAS`, `BLACKBOARD`, `BRIGHTSPACE`, or "" for none.
    number
        By which that system knows the student: Moodle's participant in this assignment, Canvas's or
        Brightspace's user; "" where Canvas does not say who it is.
    name
        What that system calls the student.
    doubt
        Why it cannot be said whose it is, "" if it can.
    late
        Whether that system marks it as handed in late.
    at
        When it was handed in, as that system says by its own clock.
    together
        The labels of all, the first of which is `label`, where several have handed it in together.
    """

    label: str
    system: str = ""
    number: str = ""
    name: str = ""
    doubt: str = ""
    late: bool = False
    at: datetime | None = None
    together: tuple[str, ...] = field(default=(), repr=False)


@functools.lru_cache(20_000)
def owner_in_path(name: str) -> Owner:
    """A submission's path -> whom it names.

    >>> names = "s1234/03_graphs.ipynb", "s1234.ipynb", "03_graphs (1).ipynb"
    >>> [owner_in_path(name).label for name in names]
    ['s1234', 's1234', '']
    >>> [owner_in_path(f"lesson 03/{name}.ipynb").label for name in ("s1234", "03_graphs")]
    ['s1234', '']
    >>> owner_in_path("Ada Smith_71_assignsubmission_file_/a.ipynb")
    Owner(label='Ada Smith_71', system='Moodle', number='71', name='Ada Smith', doubt='', late=False, at=None)
    >>> owner_in_path("Copy of 03_graphs - Copy (2).ipynb").label
    ''
    >>> owner_in_path("student_12_4714_993_a.ipynb").doubt
    "Canvas's number of the student could be 12 or 4714."
    >>> owner_in_path("doejane_LATE_4711_99_a.ipynb")
    Owner(label='doejane_4711', system='Canvas', number='4711', name='doejane', doubt='', late=True, at=None)
    >>> attempt = owner_in_path("Lab 3_s1234_attempt_2025-10-21-14-03-22_03_graphs.ipynb")
    >>> attempt.label, attempt.at.isoformat(" ")
    ('s1234', '2025-10-21 14:03:22')
    >>> owner_in_path("1-2 - Ada Smith - Oct 10, 2025 1022 PM/a.ipynb").at.isoformat(" ")
    '2025-10-10 22:22:00'
    """
    parts = PurePosixPath(name).parts
    alone = len(parts) == 1 and not name.endswith("/")
    first = _ENDING.sub("", name) if alone else name.split("/")[0]
    if not alone and (match := _MOODLE_FOLDER.match(first)):
        return _of(MOODLE, match["who"], match["number"])
    attempt = _BLACKBOARD.match(first) if alone else None
    begins = f"{attempt['before']}_attempt" if attempt else first
    canvas = _of_canvas(begins) if alone else None
    match = _MOODLE.match(first)
    # The system's part is first. Moodle leaves no "_" in a name: two numbers before its own are Canvas's.
    number = match.start("number") if match else 0
    by_canvas = canvas is not None and canvas.number and first.find(f"_{canvas.number}_") < number - 1
    if match and not by_canvas and not (attempt and attempt.end("attempt") < number):
        numbers = [found["number"] for found in _MOODLES.finditer(first)]
        if len(numbers) > 1:
            return _in_doubt(_of(MOODLE, match["who"], match["number"]), first, numbers)
        return _of(MOODLE, match["who"], match["number"])
    if len(parts) > 1 and is_a_lessons(parts[0]):
        return owner_in_path("/".join(parts[1:]))
    if found := _of_brightspace(begins):
        return found
    if attempt:
        return _of_blackboard(first, attempt, canvas)
    if canvas:
        return canvas
    if not alone and (exchanged := _EXCHANGE.fullmatch(first)):
        return Owner(shown(exchanged["who"], MOST_LETTERS))
    named = besides_the_lesson(first) if alone else None
    return Owner(shown(first if named is None else named, MOST_LETTERS))


def within_ones_folder(path: str) -> tuple[str, str, bool]:
    """A notebook's path -> where it lies in its student's folder, whom its own name names, and if it must.

    >>> within_ones_folder("s1/old/03_graphs.ipynb"), within_ones_folder("s1/s2.ipynb")
    (('old', '', False), ('', 's2', False))
    >>> within_ones_folder("lesson 3/s1/s2_07_descent.ipynb"), within_ones_folder("lesson 3/s2.ipynb")
    (('', 's2', True), ('', '', False))
    """
    first, _, rest = path.partition("/")
    if rest and is_a_lessons(first):
        return within_ones_folder(rest)
    folder, _, file = rest.rpartition("/")
    stem = _ENDING.sub("", file)
    owner, named = owner_in_path(file), besides_the_lesson(stem)
    if owner.system or named:
        return folder, owner.label, True
    return folder, name_in(stem) if named is None else "", False


def readings_of(name: str) -> list[str]:
    """Return whom a submission's path may name besides the one whom `owner_in_path` finds.

    >>> readings_of("s1234_03.ipynb"), readings_of("s1234/03.ipynb")
    (['s1234'], [])
    """
    *folders, file = PurePosixPath(name).parts or ("",)
    if owner_in_path(name).system or not all(is_a_lessons(folder) for folder in folders):
        return []
    return [shown(one, MOST_LETTERS) for one in other_readings(_ENDING.sub("", file))]


def _of_blackboard(name: str, attempt: re.Match[str], canvas: Owner | None) -> Owner:
    """Return whom Blackboard names behind the assignment's name, from which one underscore divides them.

    Where Canvas may have called the file so, what looks like Blackboard's may be the student's own.
    """
    if canvas:
        doubt = "Canvas or Blackboard may have called it so: whose it is, is not guessed."
        return Owner(shown(name, MOST_LETTERS), doubt=doubt, late=canvas.late)
    before = attempt["before"]
    pieces = before.split("_")
    logins = ["_".join(pieces[place:]) for place in range(1, len(pieces))] or [before]
    owner = Owner("", BLACKBOARD, at=_time_of_attempt(attempt))
    if len(logins) > 1:
        return _in_doubt(owner, name, logins, BLACKBOARD, "name")
    return replace(owner, label=shown(logins[0], MOST_LETTERS), name=clean_name(logins[0], 90))


def _of_canvas(name: str) -> Owner | None:
    """Return whom Canvas names, if it may have called a file so."""
    if match := _CANVAS_ANONYMOUS.match(name):
        return Owner(shown(match["who"], MOST_LETTERS), CANVAS, late=bool(match["late"]))
    readings = _canvass_numbers(name)
    if not readings or readings[0].name != "".join(readings[0].name.split()).lower():
        return None
    if len(readings) > 1 and not readings[0].late:
        return _in_doubt(Owner(""), name, [one.number for one in readings], CANVAS)
    return readings[0]


def _canvass_numbers(name: str) -> list[Owner]:
    """Return whom Canvas names, by each number of a file's name that may be the student's."""
    numbers = _CANVAS_NUMBERS.finditer(name, 1)
    found = [one for one in numbers if not begins_with_a_lesson(name, one.end("number") + 1)]
    if len(found) > 1 and found[1].start() != found[0].end("number"):
        found = found[:1]
    readings: list[Owner] = []
    for one in found[:3]:
        before = name[: one.start()]
        who = before.removesuffix("_LATE")
        readings.append(replace(_of(CANVAS, who, one["number"]), late=who != before))
    return readings


def canvas_readings(path: str) -> list[Owner]:
    """Return whom Canvas may name in a submission's path, where its numbers leave that in doubt.

    >>> [one.label for one in canvas_readings("student_12_4714_993_a.ipynb")]
    ['student_12', 'student_12_4714']
    """
    for inner in (path, path.partition("/")[2]):  # a folder around may be an assignment's
        if owner_in_path(inner).doubt.startswith(f"{CANVAS}'s"):
            return _canvass_numbers(_ENDING.sub("", PurePosixPath(inner).name))
    return []


def _of_brightspace(name: str) -> Owner | None:
    """Return whom Brightspace names, and when it was handed in, if it has called a file or a folder so."""
    numbers, *pieces = name.split(" - ")
    found = _BRIGHTSPACES.fullmatch(numbers)
    place = next((place for place, one in enumerate(pieces) if place and _WHEN.search(one[:100])), 0)
    if not (found and place):
        return None
    when = re.sub(r"(\d{1,2})(?:[.:h ]?|\sh\s)(\d\d) ?([AP]M)?$", r"\1:\2 \3", pieces[place].strip()).replace(
        ",", ""
    )
    forms = (
        f"{day} %Y {time}" for day in ("%b %d", "%B %d", "%d %b", "%d %B") for time in ("%I:%M %p", "%H:%M ")
    )
    at = next(filter(None, (_time(when, form) for form in forms)), None)
    return replace(_of(BRIGHTSPACE, " - ".join(pieces[:place]), found["number"]), at=at)


def _time(written: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(written, form)
    except ValueError:
        return None


def _time_of_attempt(attempt: re.Match[str]) -> datetime | None:
    return _time(attempt["at"], "%Y-%m-%d-%H-%M-%S")


def blackboards_own(name: str) -> tuple[str, str, datetime | None]:
    """Return where Blackboard has put a text beside a file, what the names of both begin with, and the time.

    The text names the student; they begin with the assignment and the login. Of no file of Blackboard's, both
    are "".
    """
    attempt = _BLACKBOARD.match(name)
    if attempt is None:
        return "", "", None
    return f"{attempt['attempt']}.txt", attempt["before"], _time_of_attempt(attempt)


def is_a_lessons(folder: str) -> bool:
    """Whether a folder is for all who handed in one lesson, by its name.

    >>> [is_a_lessons(folder) for folder in ("Week 3", "03_graphs_and_the_chain_rule", "03_graphs")]
    [True, True, False]
    """
    # "03_graphs" may be a group's, too; what a system has called so is a student's, whose login is "lab12".
    own = _MOODLE.match(folder) or _EXCHANGE.fullmatch(folder)
    return is_a_lessons_own(folder) or bool(_LESSONS_FOLDER.match(folder) and not own)


def students_like_lessons(paths: Iterable[str]) -> set[str]:
    """The notebooks' paths -> the folders that may be a lesson's or a student's whose login reads like one.

    >>> students_like_lessons(["hw12/my_solution.ipynb", "s1/my_solution.ipynb", "lab3/s2.ipynb"])
    {'hw12'}
    >>> students_like_lessons(["Week 3/hw12/03.ipynb", "Week 3/s1/03.ipynb", "lab3/s1.ipynb"])
    {'Week 3/hw12'}
    """
    inside: dict[str, set[str]] = {}
    for path in paths:
        first, _, rest = path.partition("/")
        if is_a_lessons(first) and not _LIKE_A_LOGIN.fullmatch(first) and "/" in rest:
            second, _, rest = rest.partition("/")
            first = f"{first}/{second}"
        inside.setdefault(first, set()).add(rest)
    names = {folder: folder.rpartition("/")[2] for folder in inside}
    theirs = {rest for folder, files in inside.items() if not is_a_lessons(names[folder]) for rest in files}
    return {
        folder
        for folder, files in inside.items()
        if _LIKE_A_LOGIN.fullmatch(names[folder]) and is_a_lessons(names[folder]) and files <= theirs
    }


def _of(system: str, who: str, number: str) -> Owner:
    return Owner(shown(f"{who}_{number}", MOST_LETTERS), system, number[:20], clean_name(who, MOST_OF_A_NAME))


def _in_doubt(
    owner: Owner, name: str, numbers: list[str], system: str = MOODLE, what: str = "number"
) -> Owner:
    listed = " or ".join(clean_name(number, 20) for number in numbers[:5])
    doubt = f"{system}'s {what} of the student could be {listed}."
    return replace(owner, label=shown(name, MOST_LETTERS), doubt=doubt)


def shown(name: str, most: int) -> str:
    r"""Return a name that can be written anywhere on one line, and is no other's.

    Where something had to be left out, a few letters made of the whole name stand at the end.

    >>> shown("Ada", 120), shown("a\nb", 120), shown("a\tb", 120)
    ('Ada', 'a�b ~7e18f737', 'a�b ~894891f8')
    """
    cleaned = clean_name(name, most)
    if cleaned == name:
        return name
    return f"{cleaned}{_MARK}{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def owner_of_file(file: str, label: str) -> Owner:
    """Return whom a submission's path, as it is shown, names by this label."""
    for path in (file, file.partition("/")[2]):  # a folder around may be an assignment's
        owner = owner_in_path(path)
        before = owner.label.rpartition(_MARK)[0] or owner.label
        if owner.label == label or label.startswith(f"{before}{_MARK}"):
            return replace(owner, label=label)
    return next((one for one in canvas_readings(file) if one.label == label), Owner(label))


def folded(id: str) -> str:
    """Return an id as ids are compared: without capitals."""
    return unicodedata.normalize("NFKC", id).strip().casefold()
