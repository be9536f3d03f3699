"""Whom a notebook's file names besides its lesson, where all of a class lie in one folder."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from lecture_lib import lessons

from .copies import any_of, cut_copy, without_copy

_FACES = [import_module(f"lecture_lib.lessons.{found.name}") for found in iter_modules(lessons.__path__)]
LESSONS = tuple(sorted(vars(face)["_NOTEBOOK"] for face in _FACES if "_NOTEBOOK" in vars(face)))
"""What the lessons' files are called as they are given out: each lesson's folder says it of its own."""
MOST_OF_ONE = 10
"""So often a student hands in a lesson, and no more."""
_LESSONS = (
    *("lesson", "week", "lab", "assignment", "homework", "hw", "exercise", "sheet", "unit", "module"),
    *("session", "tutorial", "worksheet", "exercise sheet", "problem set", "problem sheet", "practical"),
    *("task", "chapter", "lecture", "kapitel", "woche", "blatt", "übung", "uebung", "übungsblatt"),
    *("uebungsblatt", "aufgabe", "aufgabenblatt", "hausaufgabe", "abgabe", "lektion", "semaine"),
    *("devoir", "séance", "exercice", "semana", "tarea", "práctica", "ejercicio", "settimana"),
    *("esercitazione", "compito", "exercício", "tarefa", "opdracht", "opgave", "vecka", "övning"),
    *("uppgift", "øvelse", "øving", "oppgave", "viikko", "harjoitus", "tydzień", "zadanie", "ćwiczenie"),
    *("týden", "cvičení", "úkol", "hafta", "ödev", "неделя", "задание", "занятие", "тиждень"),
    *("завдання", "εβδομάδα"),
)
WORDS_FOR_A_LESSON = rf"(?:{any_of(_LESSONS)}s?|(?:tp|td|uge|uke)(?=[ _-]))"
"""For what a class does in one go, in several languages. "tp3" and the like, without a gap, are logins."""
_GAP = r"[\s_–—-]"
_PARTS = [name.split("_") for name in LESSONS]
_NAMES = "|".join(  # several words say which lesson it is without its number, too
    rf"(?:0?{int(number)}[\s_.–—-]+){'?' if words[1:] else ''}{rf'{_GAP}+'.join(words)}"
    for number, *words in _PARTS
)
_LESSON = re.compile(
    rf"(?<![^\W_])(?:(?:(?P<word>{WORDS_FOR_A_LESSON}){_GAP}*)?(?:{_NAMES})"
    rf"|(?P<of>{WORDS_FOR_A_LESSON}){_GAP}*(?P<number>\d{{1,2}}))(?![^\W_])",
    re.IGNORECASE,
)
_LESSONS_OWN = re.compile(rf"(?:{_NAMES})(?![^\W_])", re.IGNORECASE)
_NAMED = re.compile(rf"(?<![^\W_])(?:{_NAMES})(?![^\W_])", re.IGNORECASE)
_NUMBER, _ENDING = re.compile(r"\d+"), re.compile(r"^(?:\.ipynb)+", re.IGNORECASE)
_SHORTENED = re.compile(r"^\d\d_\w+?$")
_NUMBERED = re.compile(rf"^(?P<who>.*[^\s_–—-]){_GAP}+(?P<number>\d\d)$")
_NUMBER_FIRST = re.compile(rf"^\d\d{_GAP}+(?P<who>\S.*)$", re.DOTALL)
_ONE_WORD = "|".join(words[0] for _, *words in _PARTS if not words[1:])
_WORD_LAST = re.compile(rf"^(?P<who>.*[^\s_–—-]){_GAP}+(?:{_ONE_WORD})$", re.IGNORECASE | re.DOTALL)
_WORD_FIRST = re.compile(rf"^(?:{_ONE_WORD}){_GAP}+(?P<who>\S.*)$", re.IGNORECASE | re.DOTALL)
_TWO_DIGITS = re.compile(r"(?<![^\W_])\d\d(?=[\s_])")
# What stands beside a lesson's name and is nobody's: a version, or a part of the lesson's name.
_WORDS = {word for name in LESSONS for word in name.split("_")}
_PERSONS_TOO = {"adam": 8}
"""A word of one lesson's name, and of that lesson's alone, since it is a person's name as well."""
_ELSEWHERE = any_of(
    ("abgabe", "lösung", "lösungen", "loesung", "bearbeitet", "corrigé", "rendu", "entrega", "resuelto")
)
_NOBODYS = re.compile(
    r"^(?:\d{1,2}|v\d*|version|final|finished|new|newest|last|latest|old|draft|done|completed?|updated?|edited|"
    r"corrected|fixed|solutions?|solved|answers?|submissions?|submitted|homework|exercises?|lesson|notebooks?|"
    rf"assignment|handin|part|my|the|real|{_ELSEWHERE}|{'|'.join(sorted(_WORDS))})$",
    re.IGNORECASE,
)


def besides_the_lesson(stem: str) -> str | None:
    """A file's name without its ending -> what it says besides the lesson; None if it names no lesson.

    A lesson's own name, and "Lesson 3", are cut off; so are the marks of copies. What stands on both sides of
    a lesson's name is not put together: then nobody is named.

    >>> [besides_the_lesson(stem) for stem in ("s1234_07_descent (1)", "Lesson 3 - Jane Doe")]
    ['s1234', 'Jane Doe']
    >>> besides_the_lesson("Copy of 03_graphs - Copy (2)"), besides_the_lesson("Jane Doe")
    ('', None)
    """
    plain = without_copy(stem)
    match = _LESSON.search(plain)
    if match is None:
        return "" if _SHORTENED.match(plain) else None
    lesson = _NUMBER.search(match[0])
    number = int(lesson[0]) if lesson else None
    before, behind = plain[: match.start()], _ENDING.sub("", plain[match.end() :])
    sides = [name_in(before, number), name_in(behind, number)]
    named = [side for side in sides if side]
    return named[0] if len(named) == 1 else ""


def begins_with_a_lesson(stem: str, place: int) -> bool:
    """Whether a lesson's own name begins at this place of a file's name."""
    return bool(_LESSONS_OWN.match(stem, place))


def is_a_lessons_own(name: str) -> bool:
    """Whether a name is a lesson's own, all of it."""
    return bool(_LESSONS_OWN.fullmatch(name))


def lesson_named_in(file: str) -> str:
    """Return the number of the lesson whose own name stands in a file's, "" for none.

    >>> [lesson_named_in(file) for file in ("s1_02_gradients.pdf", "graphs and the chain rule", "Lesson 3")]
    ['02', '03', '']
    """
    found = _NAMED.search(file)
    words = {*re.split(rf"{_GAP}+|[.\d]+", found[0].casefold())} - {""} if found else set[str]()
    return next((number for number, *own in _PARTS if words == {*own}), "")


def lessons_in(path: str) -> set[str]:
    """Return the numbers of all lessons that a notebook's path may name.

    >>> sorted(lessons_in("Lesson 3/s1/02_gradients.ipynb"))
    ['02', '03']
    """
    numbers = [number for found in _LESSON.finditer(path) for number in _NUMBER.findall(found[0])]
    return {f"{int(number):02}" for number in (*numbers, *_TWO_DIGITS.findall(path))} | {
        lesson_named_in(path)
    }


def other_readings(stem: str) -> Iterator[str]:
    """Give whom a file's name may name as well: nobody is taken to be meant unless something else says so.

    >>> [*other_readings("s1234_03")], [*other_readings("03 - s1234")], [*other_readings("s1234 (1)")]
    (['s1234'], ['s1234'], ['s1234'])
    >>> [*other_readings("Zoë Weeks_03_graphs_and_the_chain_rule")], [*other_readings("ada.lab48")]
    (['Zoë Weeks'], ['ada.lab48', 'ada.lab'])
    """
    plain = without_copy(stem)
    if match := _LESSON.search(plain):
        before, behind = map(_stripped, (plain[: match.start()], stem.partition(match[0])[2]))
        if name_in(behind) not in ("", behind):  # a family may be called Copy; last stands what is likely
            yield from (behind, name_in(behind))
        if name_in(before) not in ("", before):
            yield before
        if match["word"]:
            yield plain[: match.end("word")]
        elif match["of"] and (match.start() or int(match["number"]) > len(LESSONS)):  # or else it is a lesson
            yield from dict.fromkeys((plain, plain[: match.end()], plain[: match.end("of")]))
        return
    if plain != stem:
        yield plain
    if match := _NUMBERED.match(plain):
        yield _stripped(match["who"])
    for pattern in (_NUMBER_FIRST, _WORD_LAST, _WORD_FIRST):
        if match := pattern.match(plain):
            yield _stripped(match["who"])


def number_behind(stem: str) -> str:
    """Return the two digits with which a name ends, "" if there are none: a lesson's, it may be."""
    match = _NUMBERED.match(stem)
    return match["number"] if match else ""


def name_in(text: str, lesson: int | None = None) -> str:
    """Return the name in a text, as on one side of a lesson's; "" if there is none, as in "final"."""
    name = _stripped(cut_copy(text))
    words = [word for word in re.split(r"[\s_.,–—-]+", name) if word]
    persons = any(_PERSONS_TOO.get(word.casefold(), lesson) != lesson for word in words)
    return name if persons or not all(_NOBODYS.match(word) for word in words) else ""


def _stripped(text: str) -> str:
    """Return a text without what divides it from others, and without the brackets around it."""
    name = text.strip(' \t_.,;:–—-"„“”«»「」')
    if name[:1] + name[-1:] in ("()", "[]", "{}"):
        name = name[1:-1].strip()
    return name
