"""What the functions of this package return: pictures, tables and texts, each with its words.

Everything here shows itself in a notebook and says in plain text what is seen, for screen readers, for
terminals, and for comparing two runs.
"""

import base64
from dataclasses import dataclass
from html import escape
from typing import Protocol, runtime_checkable

__all__ = ["Group", "Picture", "Showable", "Table", "Text"]


@runtime_checkable
class Showable(Protocol):
    """What a notebook can show and a screen reader can read."""

    @property
    def html(self) -> str:
        """The HTML that a notebook shows."""
        ...

    @property
    def words(self) -> str:
        """The same in words."""
        ...


class _Shown:
    """Gives a notebook both forms."""

    def _repr_mimebundle_(self: Showable, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.words}


@dataclass(frozen=True)
class Picture(_Shown):
    """A drawing and what it shows in words.

    >>> picture = Picture('<svg xmlns="http://www.w3.org/2000/svg"/>', "an empty picture")
    >>> print(picture.html)
    <img alt="an empty picture" src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=" style="max-width:100%">
    """  # noqa: E501

    svg: str
    words: str

    @property
    def html(self) -> str:
        """The drawing as an image, which notebooks show even before they are trusted."""
        code = base64.b64encode(self.svg.encode()).decode()
        alt = escape(self.words).replace("\n", "&#10;")
        return f'<img alt="{alt}" src="data:image/svg+xml;base64,{code}" style="max-width:100%">'

    def __repr__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Text(_Shown):
    """Some lines of text; `html` says how they are set."""

    html: str
    words: str

    def __repr__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Table(_Shown):
    """A table with a caption and headed rows and columns."""

    html: str
    words: str

    def __repr__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Group(_Shown):
    """Several things one below the other, for example a picture, its caption and a formula."""

    parts: tuple[Showable, ...]

    @property
    def html(self) -> str:
        """The parts' HTML, one below the other."""
        return "\n".join(f"<div>{part.html}</div>" for part in self.parts)

    @property
    def words(self) -> str:
        """The parts' words, a paragraph each."""
        return "\n\n".join(part.words for part in self.parts)

    def __repr__(self) -> str:
        return self.words
