"""Whose a submission is, by all that lies in a download: what one path alone does not say."""

import functools
import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import cast

import yaml

from ..frames import clean_name
from .copies import without_copy
from .file_names import LESSONS, WORDS_FOR_A_LESSON, name_in
from .owners import (
    BLACKBOARD,
    CANVAS,
    MOST_LETTERS,
    Owner,
    blackboards_own,
    is_a_lessons,
    owner_in_path,
    shown,
)

_NAME = re.compile(r"[^:：\n]{1,30}[:：].*\((?P<login>[^()\r\n]+)\)\s*$", re.MULTILINE)
"""How Blackboard begins the text beside a file, in its own language; further down are a student's words."""
MOST_OF_A_TEXT = 10_000
"""Of a text beside a notebook, so many letters are read."""
# Gradescope: "submission_98765432" as a folder, and in one file beside all of them whose each is. What a
# student has written stands further in there, in an autograder's results.
GRADESCOPES_LIST, GRADESCOPES_FOLDER = "submission_metadata.yml", re.compile(r"submission_\d+")
_SUBMISSION = re.compile(rf"(?:assignment_\d+_export/)?(?P<folder>{GRADESCOPES_FOLDER.pattern})/")
_SUBMITTERS = re.compile(
    r"^(?P<folder>submission_\d+):\n  :submitters:\n(?P<who>(?:(?:  -|   ) .*\n)+)", re.MULTILINE
)
_TAGGED = re.compile(r": +!")  # as binary; all else is read as a text: 007 is an id, and no number
_NOTHING = {"", "~", "null", "Null", "NULL"}
# GitHub Classroom: "lesson-3-ada", the assignment's name and the student's, each of which may have hyphens.
# It is the name of a repository, so "Al-Hassan, Omar" is none.
_ASSIGNMENT = re.compile(r"[A-Za-z]+(?:[-_.]?\d+)*(?=-[\w.-]+$)", re.ASCII)
# "Übung 3 - Ada Smith", a folder that a person has made for a student's work on a lesson.
_LESSON_AND_NAME = re.compile(
    rf"(?P<lesson>(?:.*/)?{WORDS_FOR_A_LESSON}[ _-]*\d{{1,2}})[ _–-]+(?P<who>[^/]+)", re.IGNORECASE
)

_RELEASES = "/notebooks"
"""The folder in which the lessons are given out, as it stands in each student's copy of all of it."""

# As a browser numbers what it downloads under one name. Three digits alone may be a student's.
_NUMBERED = re.compile(r"(?P<name>.+?)(?P<mark> ?\(|-)(?P<number>\d{1,3})\)?\.ipynb", re.DOTALL)


def owners_of_clones(clones: Iterable[str], paths: Iterable[str]) -> dict[str, Owner]:
    """The clones of repositories, and all notebooks' paths -> whose each of GitHub Classroom's folders is.

    An assignment's name is what its folders begin with; where there are too few to see that, it may be in
    doubt. Folders without their .git are known by this: they are called as lessons are, several are of the
    same one, and the notebooks in them name nobody.

    >>> {path: one.label for path, one in owners_of_clones(["lab-1-ada", "lab-1-bob-x", "ada-y"], []).items()}
    {'lab-1-ada': 'ada', 'lab-1-bob-x': 'bob-x'}
    """
    inside = _files_in_folders(paths)
    bare = {one for one in inside if _is_a_lessons_clone(one) and _name_nobody(inside[one])} - {*clones}
    groups: dict[tuple[str, str], list[str]] = {}
    for folder in sorted({*clones, *bare}):
        around, _, name = folder.rpartition("/")
        if begins := _ASSIGNMENT.match(name):
            groups.setdefault((around, begins[0]), []).append(folder)
    owners: dict[str, Owner] = {}
    for (_, begins), folders in groups.items():
        names = [folder.rpartition("/")[2] for folder in folders]
        lessons = is_a_lessons(f"{begins}-")
        if len(names) < (3 if not lessons else 2 if bare & {*folders} else 1):
            continue
        words = [name.removeprefix(begins)[1:].split("-") for name in names]
        shared = len([*itertools.takewhile(lambda ones: len({*ones}) == 1, zip(*words, strict=False))])
        shared = min(shared, min(map(len, words)) - 1)
        for folder, name, own in zip(folders, names, words, strict=True):
            sure = shared == 0 or len(names) > 2
            doubt = "" if sure else f"The student could be {'-'.join(own)} or {'-'.join(own[shared:])}."
            owners[folder] = Owner(shown("-".join(own[shared:]) if sure else name, MOST_LETTERS), doubt=doubt)
    return owners


def owners_of_lessons_folders(paths: Collection[str]) -> dict[str, Owner]:
    """All notebooks' paths -> whose the folders are that have a lesson's name and a student's.

    There is one file in each of a lesson's, with the same name, which is nowhere else: it can be nobody's.
    """
    inside = _files_in_folders(paths)
    alike: dict[tuple[str, str], dict[str, Owner]] = {}
    for folder, files in inside.items():
        match = _LESSON_AND_NAME.fullmatch(folder)
        if match and len(files) == 1 and owner_in_path(files[0]).label and name_in(match["who"]):
            own = Owner(shown(match["who"].strip(), MOST_LETTERS))
            alike.setdefault((match["lesson"].casefold(), files[0]), {})[folder] = own
    of_all = {folder.casefold() for folder in inside}
    groups = {key: own for key, own in alike.items() if len(own) > 1 and key[0] not in of_all}
    theirs = Counter(file for (_, file), own in groups.items() for _ in own)
    everywhere = Counter(file for files in inside.values() for file in files)
    return {
        folder: owner
        for (_, file), own in groups.items()
        if theirs[file] == everywhere[file]
        for folder, owner in own.items()
    }


def _files_in_folders(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the notebooks' names in each folder; those in a folder as it is given out, in that around it."""
    inside: dict[str, list[str]] = {}
    for path in paths:
        folder, _, file = path.rpartition("/")
        inside.setdefault(folder.removesuffix(_RELEASES), []).append(file)
    return inside


def _is_a_lessons_clone(folder: str) -> bool:
    """Whether a folder is called as GitHub Classroom calls a student's clone of a lesson."""
    begins = _ASSIGNMENT.match(folder.rpartition("/")[2])
    return begins is not None and is_a_lessons(f"{begins[0]}-")


def _name_nobody(files: Collection[str]) -> bool:
    """Whether notebooks are called like lessons, and none is a copy of another: then they may be one's."""
    stems = {without_copy(file.removesuffix(".ipynb")) for file in files}
    return len(stems) == len(files) and not any(owner_in_path(file).label for file in files)


def owners_in(
    paths: Collection[str],
    read: Callable[[str], str],
    clones: dict[str, Owner],
    knows: Callable[[str], bool],
) -> Callable[[str], Owner]:
    """The notebooks' paths -> what says whom a path names.

    `read` gives a text that lies among them, "" if there is none. `clones` says whose the folders of GitHub
    Classroom are, and `knows` whether a roster has an id or a name.

    Where copies of a lesson are numbered with one digit or two, those with three are copies, too.

    Where each notebook lies in a folder of a learning system's own within another folder, the outer ones are
    assignments; so where it is in doubt whose one is, and where there are so many names in each outer one
    that they are a class's. Canvas is believed to have named a file where those beside it do not mostly have
    other names. A login of Blackboard's that one cannot tell from the assignment's name is read in the text
    that Blackboard has put beside the file; who has handed in a folder of Gradescope's, in its own list.
    """

    @functools.cache
    def submitters(around: str) -> dict[str, Owner]:
        return _submitters(read(f"{around}{GRADESCOPES_LIST}"), knows)

    inner = [owner_in_path(path.partition("/")[2]) for path in paths]
    inside: dict[str, set[str]] = {}
    for path, one in zip(paths, inner, strict=True):
        inside.setdefault(path.partition("/")[0], set()).add(one.label)
    by_assignment = bool(inner) and (
        all(one.system or one.doubt for one in inner)
        or all(len(own) > 2 * len(LESSONS) or is_a_lessons(first) for first, own in inside.items())
    )
    files = [owner_in_path(path) for path in paths if all(map(is_a_lessons, path.split("/")[:-1]))]
    plain = sum(not one.system and not one.doubt for one in files)
    canvas_believed = sum(one.system == CANVAS for one in files) >= plain
    numbered = [found for path in paths if (found := _NUMBERED.fullmatch(path))]
    copied = {found.group("name", "mark") for found in numbered if len(found["number"]) < 3}

    def owner(path: str) -> Owner:
        first, _, rest = path.partition("/")
        for end in (found.start() for found in re.finditer("/", path)):
            if path[:end] in clones:
                return clones[path[:end]]
        of_gradescope = _SUBMISSION.match(rest if is_a_lessons(first) else path)
        if path.endswith(f"/{GRADESCOPES_LIST}"):
            return Owner("")
        if of_gradescope:
            folder = of_gradescope["folder"]
            found = submitters(path[: path.index(folder)]).get(folder, Owner(folder))
            return replace(found, label=found.label or folder)
        outer = ""
        if rest and (is_a_lessons(first) or (by_assignment and not owner_in_path(first).system)):
            outer, path = f"{first}/", rest
        copy = _NUMBERED.fullmatch(path)
        if copy and copy.group("name", "mark") in copied and not owner_in_path(f"{copy['name']}.ipynb").label:
            return Owner("")  # a copy of a lesson, as those with fewer digits
        found = owner_in_path(path)
        if found.system == CANVAS and not found.late and not canvas_believed:
            return Owner(shown(PurePosixPath(path).stem, MOST_LETTERS))
        if not found.doubt or found.system not in ("", BLACKBOARD):
            return found
        beside, before, at = blackboards_own(path)
        text = _NAME.match(read(f"{outer}{beside}")[:MOST_OF_A_TEXT])
        if text is None or not before.endswith(f"_{text['login']}"):
            return found
        login = text["login"]
        return Owner(shown(login, MOST_LETTERS), BLACKBOARD, name=clean_name(login, 90), at=at)

    return owner


def _submitters(text: str, knows: Callable[[str], bool]) -> dict[str, Owner]:
    r"""Gradescope's list -> folder: who has handed it in; a doubt where it calls several the same.

    >>> text = "submission_5:\n  :submitters:\n  - :name: Ada\n    :sid: '42'\n"
    >>> [_submitters(text, knows)["submission_5"].label for knows in (lambda _: False, str.isalpha)]
    ['42', 'Ada']
    """
    listed = {
        one["folder"]: _said_of_each(one["who"]) for one in _SUBMITTERS.finditer(text.replace("\r\n", "\n"))
    }
    called: dict[str, list[dict[str, str]]] = {}
    for said in itertools.chain(*listed.values()):
        same = called.setdefault(_id_of(said, knows), [])
        if said not in same or not (said.get("sid") or said.get("email")):  # a name alone is no person's own
            same.append(said)
    owners: dict[str, Owner] = {}
    for folder, several in listed.items():
        ids = [_id_of(said, knows) for said in several]
        shared = next((id for id in ids if id and len(called[id]) > 1), "")
        if shared:
            words = f"Gradescope's list, {GRADESCOPES_LIST}, calls one of several {clean_name(shared, 90)}."
            owners[folder] = Owner("", doubt=words)
        elif all(ids):
            labels = tuple(shown(id, MOST_LETTERS) for id in ids)
            owners[folder] = Owner(labels[0], together=labels if len(labels) > 1 else ())
    return owners


def _said_of_each(submitters: str) -> list[dict[str, str]]:
    """Return what is said of each, as text; nothing of one where that is no YAML by itself."""
    try:
        listed = None if _TAGGED.search(submitters) else yaml.load(submitters, yaml.BaseLoader)
    except yaml.YAMLError:
        listed = None
    if listed is None:
        return [{}]
    return [
        {what: str(one.get(f":{what}", "")) for what in ("sid", "email", "name")}
        for one in cast("list[dict[str, object]]", listed)
    ]


def _id_of(said: Mapping[str, str], knows: Callable[[str], bool]) -> str:
    """Return a student's id, or else the address, or the name, that a roster has, or just the first there is.

    It is "" where none can be read.
    """
    found = [one for one in said.values() if one not in _NOTHING]
    return next(filter(knows, found), next(iter(found), ""))
