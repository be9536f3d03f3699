"""What the functions of this package return: pictures and groups, each with its words."""

import base64
import re
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from lecture_lib.common import Displayable, Shown

from .outlines import SIZE

READABLE = 12
"""Numbers are shown no smaller, in pixels."""

NARROW = 480
"""As wide as this is shown in full in a window of 640 pixels, by itself and in an explorer."""

WIDER = (
    "→ The picture is wider than the page. To move it: the bar beneath it, or Tab to it and the arrow keys."
)

_MOVED = """\
<div style="container:w{least}/inline-size;contain-intrinsic-inline-size:{least}px">\
<div class="ll-wide" style="overflow-x:auto">{image}</div></div>\
<style>\
@media screen{{@container w{least} (width<{least}px){{\
.ll-wide:not(.reveal *){{border-right:3px dashed}}\
.ll-wide:not(.reveal *)::before{{content:"{sign}";display:block;position:sticky;left:0}}}}}}\
div:has(~div>div>.ll-wide)>div>.ll-wide::before{{display:none}}\
@media print{{.ll-wide>*{{min-width:0!important}}}}\
.reveal{{--ll-high:370px}}.reveal .ll-wide>*{{min-width:0!important}}\
</style>"""
"""A picture that is moved where it is wider than the page, with a sign that says so there.

Of several one below the other the last says it for all. Paper cannot be moved, and a slide (of reveal.js,
700 high) is not: the picture becomes as small as these. The sign comes from the style, so it is gone where a
notebook is not trusted: there the picture is as small as the page.
"""

_FOCUSED = ' tabindex="0" data-lm-suppress-shortcuts="true"'
"""It can be focused, and gets the arrow keys: JupyterLab and Notebook would move to another cell by them."""

_SIZE = re.compile(r'^<svg [^>]*? width="([\d.]+)" height="([\d.]+)"')


def _least(width: float) -> int:
    """How wide a drawing of this width has to be shown, so that its numbers can be read."""
    return round(width * READABLE / SIZE)


def _image(drawing: str, words: str) -> str:
    """A drawing as an image that knows how large it is shown.

    One that may have to be moved can be focused, so that the keyboard moves it. Where a notebook is not
    trusted, both go, and it becomes as small as the page.
    """
    code = base64.b64encode(drawing.encode()).decode()
    alt = escape(words).replace("\n", "&#10;")
    image = f'<img alt="{alt}" src="data:image/svg+xml;base64,{code}" style="max-width:100%'
    found = _SIZE.search(drawing)
    if not found:
        return f'{image}">'
    width, height = float(found[1]), float(found[2])
    least = _least(width)
    room = f"min({width:g}px,var(--ll-high,99999px)*{width / height:.3g})"
    image += f';min-width:max({least}px,0px);width:{room}"'
    if least <= NARROW:
        return f"{image}>"
    return _MOVED.format(least=least, image=f"{image}{_FOCUSED}>", sign=WIDER)


class Place(NamedTuple):
    """Where something with a name stands in a picture, in parts of its width and height.

    A chart is a place with `axes`: to the right and upwards, the name of what is measured, from and to.
    """

    name: str
    left: float
    top: float
    width: float
    height: float
    axes: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, repr=False)
class Picture(Shown):
    """A drawing and what it shows in words.

    >>> picture = Picture('<svg xmlns="http://www.w3.org/2000/svg"/>', "an empty picture")
    >>> print(picture.html)
    <img alt="an empty picture" src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=" style="max-width:100%">
    """  # noqa: E501

    svg: str
    words: str
    places: tuple[Place, ...] = ()

    @property
    def html(self) -> str:
        """The drawing as an image, which notebooks show even before they are trusted.

        It becomes smaller with the page, and with the room that an explorer gives it (``--ll-high``), until
        its numbers are 12 pixels high; then it can be moved. On paper it becomes as small as the page.
        """
        return _image(self.svg, self.words)

    @property
    def images(self) -> tuple["Picture", ...]:
        """The images that it is shown as."""
        return (self,)


def _in_a_row(picture: Picture) -> str:
    """An image that becomes smaller before it goes to the next line."""
    found = _SIZE.search(picture.svg)
    width = float(found[1]) if found else 0.0
    return f'<div style="flex:1 1 {_least(width)}px;min-width:0;max-width:{width:g}px">{picture.html}</div>'


@dataclass(frozen=True, repr=False)
class SideBySide(Picture):
    """Pictures side by side, one below the other where the page is narrow; `svg` has all of them in one.

    The first one's words are those of all, so that they are read once.
    """

    pictures: tuple[Picture, ...] = ()

    @property
    def html(self) -> str:
        """The pictures as images, each in the next line if its numbers would be too small in this one."""
        row = "".join(map(_in_a_row, self.pictures))
        return f'<div style="display:flex;flex-wrap:wrap">{row}</div>'

    @property
    def images(self) -> tuple[Picture, ...]:
        """The images that it is shown as."""
        return self.pictures


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
