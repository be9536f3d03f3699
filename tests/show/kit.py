"""What is written in a picture, read back from its outlines."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import combinations

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Written:
    """A line of text: what it says, where its left end and its baseline are, and how wide it is.

    Turned text lies on its side: its baseline goes up.
    """

    words: str
    x: float
    y: float
    width: float
    classes: str
    fills: frozenset[str]
    size: float
    turned: bool

    @property
    def right(self):
        return self.x + self.width


def written_in(picture):
    """Every line of text in a picture, in the order of drawing."""
    return [_read(g) for g in ET.fromstring(picture.svg).iter(f"{SVG}g") if g.get("data-text")]


def texts(picture):
    """What they say."""
    return [line.words for line in written_in(picture)]


def _read(g):
    places = re.findall(r"translate\((-?[\d.]+)[, ](-?[\d.]+)\)", g.get("transform"))
    turned = "rotate(-90" in g.get("transform")
    (first_x, first_y), (x, y) = (map(float, place) for place in (places[0], places[-1]))
    if turned:  # about a place: what comes after it lies on its side
        x, y = (first_x + y, first_y - x) if len(places) > 1 else _around(g, x, y)
    fills = {part.get("fill") for part in g.iter()} - {None}
    size = max(1000 * float(scale) for scale in re.findall(r"scale\(([\d.]+)\)", _transforms(g)))
    return Written(
        g.get("data-text"),
        x,
        y,
        float(g.get("data-width")),
        g.get("class") or "",
        frozenset(fills),
        size,
        turned,
    )


def _around(g, x, y):
    """A place that is turned about another, as Matplotlib writes it: rotate(-90 x y)."""
    centre_x, centre_y = map(
        float, re.search(r"rotate\(-90 (-?[\d.]+) (-?[\d.]+)\)", g.get("transform")).groups()
    )
    return centre_x + (y - centre_y), centre_y - (x - centre_x)


def _transforms(g):
    return " ".join(part.get("transform") or "" for part in (g, *g))


_TICK = re.compile(r"[−⁻⁰¹²³⁴-⁹·\d.]+").fullmatch
NUMBER = re.compile(r"−?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+−-]?\d+)?|NaN|∞")


def numbers_not_in_words(picture):
    """Texts with numbers that are drawn and not told, those along axes left out."""
    told = set(NUMBER.findall(picture.words))
    drawn = [
        line.words for line in written_in(picture) if line.classes not in ("", "k") or not _TICK(line.words)
    ]
    return [text for text in drawn if not told.issuperset(NUMBER.findall(text))]


def overlapping_texts(picture):
    """Pairs of texts that are drawn over each other."""
    lines = [line for line in written_in(picture) if not line.turned]
    return [
        (one.words, other.words)
        for one, other in combinations(lines, 2)
        if one.x < other.right - 0.3
        and other.x < one.right - 0.3
        and one.y - 0.68 * one.size < other.y
        and other.y - 0.68 * other.size < one.y
    ]


def texts_outside(picture):
    """Texts that leave the picture."""
    root = ET.fromstring(picture.svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    return [
        line.words
        for line in written_in(picture)
        if not line.turned
        and not (line.x >= 0 and line.right <= width and 0.6 * line.size <= line.y <= height - 2)
    ]
