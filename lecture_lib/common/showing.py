"""How a thing is displayed: HTML for a notebook, and the same in words for terminals and screen readers."""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Displayable(Protocol):
    """What a notebook can show and a screen reader can read."""

    @property
    def html(self) -> str:
        """How it looks."""
        ...

    @property
    def words(self) -> str:
        """What it shows, for those who do not see it, and for comparing two runs."""
        ...


class Shown:
    """Displays what has `html` and `words`: a notebook picks what it can show, all else prints the words."""

    def _repr_mimebundle_(self: Displayable, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.words}

    def __repr__(self: Displayable) -> str:
        return self.words


@dataclass(frozen=True, repr=False)
class Text(Shown):
    """Some text: the HTML that sets it, and its words."""

    html: str
    words: str
