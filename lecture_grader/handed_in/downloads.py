"""Whose a submission is, by all that lies in a download: what one path alone does not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..frames import clean_name
from .owners import BLACKBOARD, MOST_LETTERS, Owner, blackboards_text, owner_in_path, shown

_NAME = re.compile(r"^Name: .* \((?P<login>[^()\r\n]+)\)\s*$", re.MULTILINE)
"""How Blackboard begins the text beside a file."""


def owners_in(paths: Iterable[str], read: Callable[[str], str]) -> Callable[[str], Owner]:
    """The notebooks' paths -> what says whom a path names.

    `read` gives the beginning of a text that lies among them, "" if there is none.

    Where each notebook lies in a folder of a learning system's own within another folder, the outer ones are
    assignments. A login of Blackboard's that one cannot tell from the assignment's name is read in the text
    that Blackboard has put beside the file.
    """
    inner = [path.partition("/")[2] for path in paths]
    by_assignment = bool(inner) and all(path and owner_in_path(path).system for path in inner)

    def owner(path: str) -> Owner:
        first, _, rest = path.partition("/")
        if by_assignment and rest and not owner_in_path(first).system:
            path = rest
        found = owner_in_path(path)
        if found.system != BLACKBOARD or not found.doubt:
            return found
        text = _NAME.search(read(blackboards_text(path)))
        before = path.partition("_attempt_")[0]
        if text is None or not before.endswith(f"_{text['login']}"):
            return found
        return replace(
            found, label=shown(text["login"], MOST_LETTERS), name=clean_name(text["login"], 90), doubt=""
        )

    return owner
