"""What the functions of this package return: pictures and groups, each with its words."""

import base64
from dataclasses import dataclass
from html import escape

from lecture_lib.common import Displayable, Shown

__all__ = ["Group", "Picture"]


@dataclass(frozen=True, repr=False)
class Picture(Shown):
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


@dataclass(frozen=True, repr=False)
class Group(Shown):
    """Several things one below the other, for example a picture, its caption and a formula."""

    parts: tuple[Displayable, ...]

    @property
    def html(self) -> str:
        """The parts' HTML, one below the other."""
        return "\n".join(f"<div>{part.html}</div>" for part in self.parts)

    @property
    def words(self) -> str:
        """The parts' words, a paragraph each."""
        return "\n\n".join(part.words for part in self.parts)
