"""Draws the house, `docs/house.svg`: each room and which it imports, read from the imports themselves.

    python -m tools.house

An arrow leads from a room to one that imports it. Where c imports b and a, and b imports a, the arrow from
a to c is left out. What is seen is put into words for CONTRIBUTING.md too. Same imports, same picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lecture_lib.show import svg
from lecture_lib.show.layout.placing import Edge, Shape, arrange
from lecture_lib.show.typeset import text_width as width_of
from tools.imports import FLOORS, ROOT, links

PICTURE = ROOT / "docs" / "house.svg"
PAPER = ROOT / "CONTRIBUTING.md"
MARGIN = 16
Links = Iterable[tuple[str, str]]


def reduced(pairs: Links) -> list[tuple[str, str]]:
    """Leave out each link that a chain of others makes too.

    >>> reduced({("c", "b"), ("b", "a"), ("c", "a")})
    [('b', 'a'), ('c', 'b')]
    """
    pairs = set(pairs)
    beneath: dict[str, set[str]] = {}

    def reached(room: str) -> set[str]:
        if room not in beneath:
            below = {other for upper, other in pairs if upper == room}
            beneath[room] = below.union(*map(reached, below))
        return beneath[room]

    return sorted(
        (room, other)
        for room, other in pairs
        if not any(other in reached(between) for upper, between in pairs if upper == room)
    )


def name(room: str) -> str:
    """Give a room's name in the picture."""
    return room.removeprefix("lecture_lib.")


def words(pairs: Links) -> str:
    """Say what is seen: each room, from the top, and those that an arrow leads from."""
    rooms = sorted(FLOORS, key=lambda room: (-FLOORS[room], room))
    beneath = {upper: [other for room, other in reduced(pairs) if room == upper] for upper in rooms}
    said = [
        f"{name(room)} stands on {' and '.join(map(name, below))}" for room, below in beneath.items() if below
    ]
    return "; ".join(said) + "."


def picture(pairs: Links) -> str:
    """Draw the rooms, from the lowest at the left to the highest at the right."""
    rooms = sorted(FLOORS, key=lambda room: (FLOORS[room], room))
    shapes = tuple(Shape(width_of(name(room), "ops") + 26, 36, ordered=False) for room in rooms)
    edges = tuple(Edge(rooms.index(b), rooms.index(a), 4, 4) for a, b in reduced(pairs))
    placed = arrange(shapes, edges, 1400)
    body: list[str] = []
    for (route,) in placed.routes:  # one line each: the picture is a single row
        tip = route[-1]
        body.append(f'<path d="{svg.path(route)}" fill="none" stroke="{svg.EDGE}" stroke-width="1.6"/>')
        body.append(svg.arrow_head(*tip))
    for room, box in zip(rooms, placed.nodes, strict=True):
        x, y = box.x - box.width / 2, box.y - box.height / 2
        fill = svg.OPERATION_FILL if room.startswith("lecture_lib") else svg.PARAMETER_FILL
        body.append(svg.rect(x, y, box.width, box.height, rx=6, fill=fill, stroke=svg.EDGE, stroke_width=1.3))
        body.append(svg.text(box.x, box.y + 5, name(room), class_="ops", fill=svg.INK))
    inner = f'<g transform="translate({MARGIN} {MARGIN})">{"".join(body)}</g>'
    size = placed.width + 2 * MARGIN, placed.height + 2 * MARGIN
    return svg.document(*size, "The house: which room imports which", words(pairs), [inner])


def with_words(paper: str, pairs: Links) -> str:
    """Put what is seen into the text that shows the picture."""
    return re.sub(r"!\[[^]]*\]\(docs/house\.svg\)", f"![{words(pairs)}](docs/house.svg)", paper)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(links()), encoding="utf-8", newline="\n")
    PAPER.write_text(with_words(PAPER.read_text("utf-8"), links()), encoding="utf-8", newline="\n")
