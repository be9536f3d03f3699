"""What lies beside the notebooks that were handed in: nothing of it is lost without a word."""

import itertools
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from .owners import shown

SYSTEMS_OWN = {"__MACOSX", ".ipynb_checkpoints", ".git"}
"""Folders that the Mac, Jupyter and Git make beside what a student has made."""
MOST_LETTERS = 200


@dataclass
class Rest:
    """What was found besides notebooks.

    Attributes
    ----------
    passed_over
        What a person should look at: a name, and why.
    ignored
        What nobody need look at, and why.
    other_files
        Files that are no notebooks.
    members
        What those in a zip are called in it.
    folders
        All folders; some may hold nothing.
    left_to_a_person
        The paths of what was passed over.
    where
        A name in `passed_over` -> the path of what it is.
    """

    passed_over: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    ignored: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    other_files: list[str] = field(default_factory=list[str])
    members: dict[str, str] = field(default_factory=dict[str, str])
    folders: list[str] = field(default_factory=list[str])
    left_to_a_person: list[str] = field(default_factory=list[str])
    where: dict[str, str] = field(default_factory=dict[str, str])

    def pass_over(self, name: str, words: str) -> None:
        """Leave to a person."""
        self.left_to_a_person.append(name)
        self.name(shown(name, MOST_LETTERS), words, name)

    def name(self, name: str, words: str, path: str) -> None:
        """Name to a person what lies at a path."""
        self.passed_over.append((name, words))
        self.where[name] = path

    def ignore(self, name: str, words: str) -> None:
        """Leave aside."""
        self.ignored.append((shown(name, MOST_LETTERS), words))

    def keep(self, around: str) -> None:
        """Forget all but what lies in this folder, whose name ends in a slash."""
        for kept in (self.passed_over, self.ignored):
            kept[:] = [(name, words) for name, words in kept if name.startswith(around)]
        for paths in (self.other_files, self.folders, self.left_to_a_person):
            paths[:] = [path for path in paths if path.startswith(around)]

    @property
    def clones(self) -> set[str]:
        """The folders that are clones of a repository."""
        places = (f"/{name}/".partition("/.git/") for name, _ in self.ignored)
        return {around.removeprefix("/") for around, git, _ in places if around and git}

    def is_systems_own(self, path: str) -> bool:
        """Whether a path is a system's own, as "__MACOSX/a" and ".DS_Store" are; it is ignored then."""
        parts = PurePosixPath(path).parts
        name = parts[-1] if parts else ""
        hidden = name.startswith("._") or (name.startswith(".") and not is_notebook(name))
        if hidden or SYSTEMS_OWN & set(parts):
            self.ignore(path, "It is hidden, or in a folder that a computer makes for itself.")
            around = [*itertools.takewhile(lambda part: part not in SYSTEMS_OWN, parts[:-1])]
            self.folders += ["/".join(around)] if around else []
            return True
        return False


def is_notebook(name: str) -> bool:
    """Whether a file is called a notebook."""
    return name.lower().endswith(".ipynb")
