"""Who has handed in on Gradescope, beside who the notebook signs in as."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from lecture_grader.graded import Graded
from lecture_grader.handed_in.owners import folded
from lecture_grader.outputs.gradebook import GUESTS_NUMBERS, has_points_by_hand
from lecture_lib.exercises.signing_in import GUEST


def submitters(metadata: Path) -> list[dict[str, str]]:
    """Gradescope's submission_metadata.json -> those who have handed in, each with an email and a name.

    Nobody, where it is not there or says it in another form than Gradescope documents.
    """
    try:
        found: Any = json.loads(metadata.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    users = cast("dict[str, Any]", found).get("users") if isinstance(found, dict) else None
    if not isinstance(users, list):
        return []
    return [
        {
            key: str(value)
            for key, value in cast("dict[str, Any]", user).items()
            if isinstance(value, (str, int))
        }
        for user in cast("list[Any]", users)
        if isinstance(user, dict)
    ]


def said_of_ids(graded: Iterable[Graded], users: Sequence[dict[str, str]]) -> Iterator[str]:
    """Say where a notebook signs in as another than has handed in, or as nobody where that matters."""
    known = {known for user in users for known in _known(user)}
    names = ", ".join(user.get("email") or user.get("name", "") for user in users)
    for one in graded:
        if one.signed_in_as in ("", GUEST):
            if has_points_by_hand(one):
                yield f"{one.file}: {GUESTS_NUMBERS}"
        elif users and folded(one.signed_in_as) not in known:
            yield f"{one.file}: It signs in as {one.signed_in_as}, and was handed in by {names}."


def _known(user: dict[str, str]) -> Iterator[str]:
    """Give by what somebody can be known: the email, what stands before its @, the ids, the name."""
    for key in ("email", "id", "sid", "name"):
        if user.get(key):
            yield folded(user[key])
    yield folded(user.get("email", "").partition("@")[0])
