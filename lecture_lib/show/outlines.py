"""Text as outlines of one known font, so that a picture is the same wherever it is shown.

The font is STIX Two Math, which ziamath brings: it has the slides' italics, their bold and every sign. A
glyph's outline stands once in a picture, however often it is used; how wide text is, its advances say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from html import escape, unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

_UNIT = 1000  # of the font, an em

SIZE = 13.5
"""Of numbers, in pixels."""


@dataclass(frozen=True)
class TextStyle:
    """How a piece of text is set."""

    size: float
    bold: bool = False
    italic: bool = False


CLASSES: Mapping[str, Mapping[str, Any]] = {
    "n": {"size": SIZE},
    "v": {"size": 18.5, "italic": True},
    "op": {"size": 19.0},
    "ops": {"size": 15.5},
    "k": {"size": 13.0},
    "t": {"size": 15.0, "bold": True},
    "g": {"bold": True},
    "i": {"italic": True},
}
"""What a class of text is: numbers, names, an operation's sign and its name, a key, a title; bold, italic."""

_DIGITS, _SMALL, _CAPITAL = "0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GREEK = "αβγδεζηθικλμνξοπρςστυφχψω∂"


def _alphabet(characters: str, first: int) -> dict[str, str]:
    return {character: chr(first + i) for i, character in enumerate(characters)}


_ITALIC = {
    **_alphabet(_CAPITAL, 0x1D434),
    **_alphabet(_SMALL, 0x1D44E),
    **_alphabet(_GREEK, 0x1D6FC),
    "h": "ℎ",  # its place among the others is empty
}
_BOLD = {
    **_alphabet(_DIGITS, 0x1D7CE),
    **_alphabet(_CAPITAL, 0x1D400),
    **_alphabet(_SMALL, 0x1D41A),
    **_alphabet(_GREEK, 0x1D6C2),
}
_RAISED = {"ᵀ": "⊤", "ᵇ": "𝑏"}
"""Signs that the font has not: another one, small and high."""


@cache
def _font() -> Any:
    from ziafont.font import Font

    ziamath = find_spec("ziamath")  # for its font alone: to import it would take longer than a picture
    if ziamath is None or not ziamath.submodule_search_locations:
        raise ImportError("the font of the pictures is missing: install ziamath, as requirements.txt says")
    return Font(str(Path(ziamath.submodule_search_locations[0], "fonts", "STIXTwoMath-Regular.ttf")))


class _Glyph(NamedTuple):
    id: str
    path: str
    advance: float


def _shortened(path: str) -> str:
    """The same outline from each point to the next, in whole units: half as long.

    >>> _shortened("M 448 -150 L 448 -150 Q 448 -71 391.5 -29.5 L 9 1 Z ")
    'M448-150q0 79-56 120l-383 31z'
    """
    here = (0, 0)
    parts: list[str] = []
    for command, numbers in re.findall(r"([A-Z])([^A-Z]*)", path):
        flat = [round(float(n)) for n in numbers.split()]
        points = list(zip(flat[::2], flat[1::2], strict=True))
        if command in "LQC" and all(point == here for point in points):
            continue
        moves = [n for x, y in points for n in ((x, y) if command == "M" else (x - here[0], y - here[1]))]
        written = " ".join(map(str, moves)).replace(" -", "-")
        parts.append((command if command == "M" else command.lower()) + written)
        here = points[-1] if points else here
    return "".join(parts)


_PATHS: dict[str, str] = {}
"""What has been drawn: a glyph's id -> its outline."""


@cache
def _glyph(character: str) -> _Glyph:
    glyph = _font().glyph(character)
    drawn = glyph.svgpath(scale_factor=_UNIT / 12)  # ziafont draws for 12 points: this is in the font's units
    path = _shortened(drawn.get("d")) if drawn is not None else ""
    name = f"g{glyph.index}"
    _PATHS[name] = path
    return _Glyph(name, path, float(glyph.advance()))


@lru_cache(maxsize=4096)
def _run(text: str, style: TextStyle) -> tuple[str, float]:
    """The glyphs of a piece of text, in the font's units, and how far they reach."""
    letters = _BOLD if style.bold else _ITALIC if style.italic else {}
    drawn: list[str] = []
    at = 0.0
    for character in text:
        if character in _RAISED:
            glyph = _glyph(_RAISED[character])
            drawn.append(f'<use href="#{glyph.id}" transform="translate({at:g},-360)scale(.6)"/>')
            at += 0.6 * glyph.advance
            continue
        if _font().glyphindex(character) == 0:  # in no font of ours, such as a Chinese name: the reader's
            middle = at + _UNIT / 2
            drawn.append(
                f'<g transform="translate({middle:g},0)" font-size="{_UNIT}" text-anchor="middle">'
                f"<text>{escape(character)}</text></g>"
            )
            at += _UNIT
            continue
        glyph = _glyph(letters.get(character, character))
        # bold digits differ in width in this font; numbers one below the other need them equally wide
        wide = _glyph(letters.get("0", "0")).advance if character.isdecimal() else glyph.advance
        if glyph.path:
            left = at + (wide - glyph.advance) / 2
            drawn.append(f'<use href="#{glyph.id}" x="{left:g}"/>' if left else f'<use href="#{glyph.id}"/>')
        at += wide
    return "".join(drawn), at


@cache
def _style(classes: str) -> TextStyle:
    """The style that classes of text have together."""
    said: dict[str, Any] = {"size": SIZE}
    for name in classes.split():
        said |= CLASSES[name]
    return TextStyle(**said)


_TEXT = re.compile(r"<text ([^>]*)>(.*?)</text>", re.DOTALL)
_PIECE = re.compile(r"<tspan([^>]*)>(.*?)</tspan>|([^<]+)", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:-]+)=(?:"([^"]*)"|'([^']*)')""")
_USED = re.compile(r'href="#(g\d+)"')


def outlined(drawing: str) -> str:
    """SVG elements with text -> the same with outlines in its place, each glyph defined once, at the start.

    What a text's class, ``font-size``, ``font-weight``, ``text-anchor`` and ``fill`` say is kept, and so are
    its parts (``tspan``) with theirs and with ``dy``. In a text without a class, a chart's, names of one
    letter are set in italics. What is written stays as ``data-text``, how wide it is as ``data-width``.

    Examples
    --------
    >>> drawing = outlined('<text x="10" y="20" class="n" text-anchor="end">−1.5</text>')
    >>> drawing.count("<path"), drawing.count("<use"), "<text" in drawing
    (4, 4, False)
    """
    body = _TEXT.sub(lambda found: _outlined(found[1], found[2]), drawing)
    used = sorted({*_USED.findall(body)})
    glyphs = "".join(f'<path id="{name}" d="{_PATHS[name]}"/>' for name in used)
    return f"<defs>{glyphs}</defs>{body}" if glyphs else body


def _attributes(written: str) -> dict[str, str]:
    found = {name: double or single for name, double, single in _ATTRIBUTE.findall(written)}
    # as Matplotlib writes it: "font-size: 11px; text-anchor: middle"
    for said in found.pop("style", "").split(";"):
        name, _, value = said.partition(":")
        found.setdefault(name.strip(), value.strip())
    if "font" in found:
        found.setdefault("font-size", found["font"].split()[0])
    return found


def width(content: str, classes: str = "n") -> float:
    """How wide a text's content with its parts (``tspan``) is, in pixels."""
    return _set_in_line(content, classes)[1]


@lru_cache(maxsize=4096)
def _set_in_line(
    content: str, classes: str, size: str | None = None, weight: str | None = None
) -> tuple[tuple[str, ...], float]:
    """A text's parts in line, each what is to be put into a group; and how wide they are together."""
    said = {name: own for name, own in (("font-size", size), ("font-weight", weight)) if own}
    drawn: list[str] = []
    right = low = 0.0
    for inner, inside, plain in _PIECE.findall(content):
        part = _attributes(inner)
        style = _style(f"{classes} {part.get('class', '')}")
        if "font-size" in (own := said | part):
            style = replace(style, size=float(own["font-size"].removesuffix("px")))
        if own.get("font-weight", "400") not in ("400", "normal"):
            style = replace(style, bold=True)
        low += float(part.get("dy", 0))
        glyphs, wide = _run(unescape(inside or plain), style)
        scale = style.size / _UNIT
        place = f"translate({right:.1f},{low:g})" if right or low else ""
        if glyphs:
            drawn.append(f'{place}scale({scale:g})">{glyphs}</g>')
        right += wide * scale
    return tuple(drawn), right


@cache
def _plain(content: str) -> str:
    return re.sub(r"<[^>]*>", "", content)


def set_text(
    x: float,
    y: float,
    content: str,
    classes: str | None = None,
    *,
    fill: str = "#000",
    anchor: str | None = None,
    turn: str = "",
    size: str | None = None,
    weight: str | None = None,
) -> str:
    """Outlines of a text's content with its parts (``tspan``); `outlined` puts the glyphs before them."""
    drawn, wide = _set_in_line(content, classes or "", size, weight)
    if not drawn:
        return ""
    before = wide / 2 if anchor == "middle" else wide if anchor == "end" else 0.0
    kind = "" if classes is None else f' class="{classes}"'
    start = (
        f'<g data-text="{_plain(content)}" data-width="{wide:.1f}"{kind} fill="{fill}" '
        f'transform="{turn}translate({round(x, 2) - before:.1f},{round(y, 2):.1f})'
    )
    if len(drawn) == 1:
        return start + drawn[0]
    inside = "".join(f'<g transform="{part}' for part in drawn)
    return f'{start}">{inside}</g>'


_ALONE = re.compile(r"&#?\w+;\w*|(?<!\w)(?![aAI]\b)([^\W\d_])(?![^\W₀-₉])")
"""A letter that stands alone, so a name; not an escaped sign with what follows it, nor the words a and I."""


def _names_in_italics(content: str) -> str:
    return _ALONE.sub(lambda found: f'<tspan class="i">{found[1]}</tspan>' if found[1] else found[0], content)


def _outlined(written: str, content: str) -> str:
    said = _attributes(written)
    return set_text(
        float(said.get("x", 0)),
        float(said.get("y", 0)),
        content if "class" in said else _names_in_italics(content),
        said.get("class"),
        fill=said.get("fill", "#000"),
        anchor=said.get("text-anchor"),
        turn=f"{said['transform']} " if "transform" in said else "",
        size=said.get("font-size"),
        weight=said.get("font-weight"),
    )
