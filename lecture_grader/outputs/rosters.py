"""Lists of students as learning systems export them, and by what each student in them can be found."""

import csv
import functools
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..frames import clean_name
from ..handed_in import BLACKBOARD, BRIGHTSPACE, CANVAS, MOODLE, Owner, Unreadable
from ..handed_in.notebook import decoded
from ..handed_in.owners import folded

MOST_BYTES = 50_000_000
WORKSHEET, PEOPLE = "worksheet", "people"
IDS = ("id number", "username", "email address")
"""Moodle's columns by which it knows a student."""
_IN_MOODLES_LANGUAGES = {
    "identifier": "id, identifiant, identificador, identificativo, identificatie, идентификатор, "
    "tanımlayıcı, identyfikator, 标识符",
    "grade": "bewertung, note, calificación, nota, valutazione, cijfer, beoordeling, оценка, not, ocena, "
    "成绩, 評点, 評定",
    "maximum grade": "bestwertung, note maximale, calificación máxima, nota máxima, valutazione massima, "
    "maximaal cijfer, максимальная оценка, maksimum not, maksymalna ocena, 最高分, 最大評点",
    "last modified (grade)": "zuletzt geändert (bewertung), dernière modification (note), "
    "última modificación (calificación), última modificação (nota), ultima modifica (valutazione), "
    "laatst gewijzigd (beoordeling), последнее изменение (оценка), son düzenleme (not), "
    "ostatnia aktualizacja (ocena), ostatnia modyfikacja (ocena), 上次修改（评分）, 最終更新日時 (評定)",
    "feedback comments": "feedback als kommentar, feedback par commentaires, "
    "comentarios de retroalimentación, comentários de feedback, commenti, feedback, "
    "отзыв в виде комментария, geri bildirim yorumları, komentarz zwrotny, 评语反馈, フィードバックコメント",
    "full name": "vollständiger name, nom complet, nombre completo, nome completo, volledige naam, "
    "полное имя, tam ad, pełna nazwa, imię i nazwisko, 全名, フルネーム, 氏名",
    "first name": "vorname, prénom, nombre, nome, voornaam, имя, ad, imię, 名",
    "last name": "nachname, nom, nom de famille, apellido(s), sobrenome, cognome, achternaam, фамилия, "
    "soyad, nazwisko, 姓",
    "id number": "id-nummer, numéro d'identification, número de id, número de identificação, "
    "codice identificativo, numer indeksu, numer id, idナンバー",
    "username": "anmeldename, nom d'utilisateur, nombre de usuario, identificação de usuário, "
    "gebruikersnaam, nazwa użytkownika, ユーザ名, ユーザー名",
    "email address": "e-mail-adresse, adresse de courriel, dirección de correo, endereço de email, "
    "indirizzo email, e-mailadres, адрес электронной почты, e-posta adresi, adres e-mail, 电子邮件地址, "
    "メールアドレス",
}
"""Columns that are read -> as Moodle writes them, where that is known, in German, French, Spanish, Brazilian
Portuguese, Italian, Dutch, Russian, Turkish, Polish, simplified Chinese and Japanese."""
_IN_ENGLISH = {word: name for name, words in _IN_MOODLES_LANGUAGES.items() for word in words.split(", ")}
_OTHERS_IDS = {BLACKBOARD: ("username", "student id"), BRIGHTSPACE: ("orgdefinedid", "username", "email")}
_WORKSHEET = ("identifier", "grade", "last modified (grade)")
_NUMBER = re.compile(r"\d+$")
_SEPARATOR = re.compile(r'"?sep=([,;:\t|])"?', re.IGNORECASE)
_AS_TEXT = re.compile(r'^="([^"]*)"$')
"""How a spreadsheet is told what divides the cells, and that a number is a text, with its zeros."""
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How .xlsx and .ods begin, which are zips, and .xls as Excel itself writes it."""
_BEHIND = re.compile(r"(?i)(.+)\s+([sj]n?r\.?|senior|junior|ii|iii|iv|v|vi|esq\.?|esquire)")
"""What stands behind a family name, and what Canvas puts behind the given ones: "Smith, Ada Jr."."""


class NotARoster(Exception):
    """The file is no list of students as a learning system exports it; the message says what it lacks."""


@dataclass(frozen=True)
class Student:
    """One line of a roster: what is in its cells, and by what the student can be found."""

    cells: tuple[str, ...]
    shown: str
    number: str
    ids: frozenset[str]
    names: frozenset[str]

    @property
    def logins(self) -> frozenset[str]:
        """What stands before the @ of their addresses."""
        return frozenset(id.partition("@")[0] for id in self.ids if "@" in id)

    @property
    def names_with_ids(self) -> frozenset[str]:
        """Name and id, as ILIAS, OpenOlat and Sakai put them together: "Smith_Ada_s12", "Smith, Ada(s12)".

        No id of one digit or two is among them: "Ada Smith 2" may be the second of that name.
        """
        ids = {id for id in map(letters_of, self.ids | self.logins) if not re.fullmatch(r"\d{0,2}", id)}
        return frozenset(f"{name}{id}" for id in ids for name in self.names)


@dataclass(frozen=True)
class Roster:
    """A list of students that a learning system has exported.

    Attributes
    ----------
    system
        `CANVAS`, `MOODLE`, `BLACKBOARD` or `BRIGHTSPACE`.
    kind
        `WORKSHEET` for Moodle's grading worksheet, `PEOPLE` for any other list.
    head
        The names of the columns.
    possible
        Canvas's row of points possible, () if there is none.
    students
        In their order.
    """

    system: str
    kind: str
    head: tuple[str, ...]
    possible: tuple[str, ...]
    students: tuple[Student, ...]

    def knows(self, name: str) -> bool:
        """Whether an id or a name is that of one of its students, or of several."""
        id = folded(name)
        return id in self.by_id or id in self.by_login or letters_of(name) in self.by_name

    def has_number_of(self, owner: Owner) -> bool:
        """Whether its system knows somebody by this number, and has made this list."""
        return owner.system == self.system and owner.number in self.by_number

    @functools.cached_property
    def by_number(self) -> dict[str, list[int]]:
        """The places of its students, by the system's own number; so are the next ones, by what they say."""
        return self._places(lambda student: [student.number])

    @functools.cached_property
    def by_id(self) -> dict[str, list[int]]:
        """By their ids."""
        return self._places(lambda student: student.ids)

    @functools.cached_property
    def by_login(self) -> dict[str, list[int]]:
        """By what stands before the @ of their addresses."""
        return self._places(lambda student: student.logins)

    @functools.cached_property
    def by_name(self) -> dict[str, list[int]]:
        """By their names' letters."""
        return self._places(lambda student: student.names)

    @functools.cached_property
    def by_name_and_id(self) -> dict[str, list[int]]:
        """By both together."""
        return self._places(lambda student: student.names_with_ids)

    def _places(self, keys: Callable[[Student], Iterable[str]]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, student in enumerate(self.students):
            for key in {*keys(student)} - {""}:
                found.setdefault(key, []).append(place)
        return found


def read_roster(path: Path) -> Roster:
    """A file that a learning system has exported -> its students.

    Raises
    ------
    NotARoster
        If it is none.
    """
    lines = _table(path)
    head = tuple(cell.strip() for cell in lines[0]) if lines else ()
    columns = columns_of(head)
    width = len(head)
    rows = [tuple((*line, *[""] * width)[:width]) for line in lines[1:]]
    if "id" in columns and "section" in columns and ("student" in columns or "lastname" in columns):
        possible = next((row for row in rows if "points possible" in row[0].casefold()), ())
        people = [row for row in rows if _is_student(row)]
        return Roster(CANVAS, PEOPLE, head, possible, tuple(_canvas_student(row, columns) for row in people))
    system, kind = _system_and_kind(columns)
    if system:
        ids = _OTHERS_IDS.get(system, IDS)
        if kind != WORKSHEET:
            columns.pop("identifier", None)  # a column "ID" may be of any kind there
        return Roster(system, kind, head, (), tuple(_named_student(row, columns, ids) for row in rows))
    raise NotARoster(
        f"{path} is not a list of students that can be used: its first line is"
        f" {clean_name(', '.join(head), 200) or 'empty'}."
        " From Canvas, export the gradebook (Student, ID, …, Section);"
        " from Moodle, download the assignment's grading worksheet (Identifier, …, Grade, …) or export the"
        " grades (ID number or Email address, …); from Blackboard (…, Username, Student ID, …) or Brightspace"
        " (OrgDefinedId or Username, …, End-of-Line Indicator) the grades; with the language set to English,"
        " for Moodle also to German, French, Spanish, Brazilian Portuguese, Italian, Dutch, Russian, Turkish,"
        " Polish, simplified Chinese or Japanese."
    )


def columns_of(head: Sequence[str]) -> dict[str, int]:
    """Return the place of each column, by its name in small letters; Moodle's by their English names, too."""
    found = {name.casefold(): place for place, name in reversed(list(enumerate(head)))}
    return {_IN_ENGLISH[name]: place for name, place in found.items() if name in _IN_ENGLISH} | found


def _system_and_kind(columns: Collection[str]) -> tuple[str, str]:
    """Return whose list has these columns, Canvas's apart; "" for nobody's."""
    if "orgdefinedid" in columns or {"end-of-line indicator", "username"} <= {*columns}:
        return BRIGHTSPACE, PEOPLE
    if "username" in columns and "student id" in columns and "email address" not in columns:
        return BLACKBOARD, PEOPLE
    if all(name in columns for name in _WORKSHEET):
        return MOODLE, WORKSHEET
    return (MOODLE, PEOPLE) if any(name in columns for name in IDS) else ("", "")


def _table(path: Path) -> list[list[str]]:
    """Return the lines of a CSV file, whatever its encoding and its separator."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES)
    except OSError as error:
        raise NotARoster(f"{path} cannot be read: {error.strerror}.") from None
    if content.startswith(_WORKBOOKS):
        raise NotARoster(
            f"{path} is not a CSV file but a workbook, or another file that is packed. Export it as CSV, or"
            ' open it in Excel, choose "Save As" and the type "CSV UTF-8 (comma delimited)", and give that.'
        )
    try:
        text, _ = decoded(content)
    except Unreadable:
        text = ""
    first, _, rest = text.partition("\n")
    if said := _SEPARATOR.fullmatch(first.rstrip("\r")):
        separator, text = said[1], rest
    else:
        # Moodle divides by colons, too, if asked to; beside other signs, they stand in assignments' names.
        separator = max(",;\t" if re.search(r"[,;\t]", first) else ":|", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise NotARoster(f"{path} is not a CSV file: {error}.") from None
    return [[_AS_TEXT.sub(r"\1", cell) for cell in line] for line in lines if any(map(str.strip, line))]


def _is_student(row: Sequence[str]) -> bool:
    """Whether a line of Canvas's export is a student's, not one on the assignments."""
    said = [cell.strip().casefold() for cell in row if cell.strip()]
    on_posting = all(cell == "muted" or cell.startswith("manual posting") for cell in said)
    return "points possible" not in row[0].casefold() and not on_posting


def _canvas_student(row: tuple[str, ...], columns: dict[str, int]) -> Student:
    ids = [row[columns[name]] for name in ("sis user id", "sis login id") if name in columns]
    if "student" in columns:
        name = row[columns["student"]]
        last, _, first = name.partition(",")
    else:
        last, first = row[columns["lastname"]], row[columns["firstname"]]
        name = f"{last}, {first}"
    names = [f"{last} {first}", f"{first} {last}"]
    if behind := _BEHIND.fullmatch(first.strip()):
        names += [f"{behind[1]} {last} {behind[2]}", f"{last} {behind[2]} {behind[1]}"]
    return _student(row, name, row[columns["id"]].strip(), ids, names)


def _named_student(row: tuple[str, ...], columns: dict[str, int], ids: Iterable[str]) -> Student:
    def cell(*names: str) -> str:
        return next((row[columns[name]].strip() for name in names if name in columns), "")

    first, last = cell("first name"), cell("last name", "surname")
    name = cell("full name") or f"{first} {last}".strip()
    found = _NUMBER.search(cell("identifier"))
    names = [name, f"{last} {first}"]
    return _student(row, name, found[0] if found else "", [cell(id).lstrip("#") for id in ids], names)


def _student(
    cells: tuple[str, ...], name: str, number: str, ids: Iterable[str], names: Iterable[str]
) -> Student:
    given = [id.strip() for id in ids if id.strip()]
    shown = name.strip() or next(iter(given), number)
    known = frozenset(folded(id) for id in given)
    return Student(cells, shown, number, known, frozenset(filter(None, map(letters_of, names))))


def letters_of(name: str) -> str:
    """Return a name's letters, their marks and its digits: what is left of it in the name of a file.

    Marks are vowels in many scripts. The dot that a small İ keeps is none.

    >>> letters_of("O'Neil, Zoë"), letters_of("मी ना"), letters_of("İpek")
    ('oneilzoë', 'मीना', 'ipek')
    """
    kept = (one for one in folded(name) if one.isalnum() or unicodedata.category(one).startswith("M"))
    return "".join(kept).replace("i\u0307", "i")
