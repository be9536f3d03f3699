"""The way of an edge: level lines, bends between columns, and rounded corners around the end of a row."""

import math

from .boxes import Point, half

__all__ = ["CORNER", "Pen"]

CORNER = 10.0


class Pen:
    """Draws a route piece by piece, as cubic Béziers."""

    def __init__(self, x: float, y: float) -> None:
        self.points: list[Point] = [(x, y)]

    def line(self, x: float, y: float) -> None:
        """A straight line on to a point."""
        a, b = self.points[-1]
        if abs(x - a) + abs(y - b) > 1e-9:
            self.points += [
                (a + (x - a) / 3, b + (y - b) / 3),
                (a + (x - a) * 2 / 3, b + (y - b) * 2 / 3),
                (x, y),
            ]

    def bend(self, x: float, y: float) -> None:
        """A curve on to a point, level at both ends."""
        a, b = self.points[-1]
        if abs(y - b) < 1e-9:
            self.line(x, y)
        else:
            middle = (a + x) / 2
            self.points += [(middle, b), (middle, y), (x, y)]

    def round_corners(self, corners: list[Point]) -> None:
        """A line through the corners, each rounded but the last."""
        for k, (x, y) in enumerate(corners[:-1]):
            a, b = self.points[-1]
            after = corners[k + 1]
            reach = min(CORNER, math.dist((a, b), (x, y)) / 2, math.dist((x, y), after) / 2)
            near = _towards((x, y), (a, b), reach)
            far = _towards((x, y), after, reach)
            self.line(*near)
            self.points += [_towards((x, y), near, reach * 0.45), _towards((x, y), far, reach * 0.45), far]
        self.line(*corners[-1])

    def route(self) -> tuple[Point, ...]:
        """The points, level pieces in a row made one."""
        points = [(half(x), half(y)) for x, y in self.points]
        merged = points[:1]
        for k in range(1, len(points), 3):
            piece = points[k : k + 3]
            level = all(y == merged[-1][1] for _, y in piece)
            if level and len(merged) >= 4 and all(y == piece[0][1] for _, y in merged[-4:]):
                start = merged[-4]
                end = piece[-1]
                if (merged[-1][0] - start[0]) * (end[0] - merged[-1][0]) >= 0:
                    merged[-3:] = []
                    piece = [(start[0] + (end[0] - start[0]) * f, end[1]) for f in (1 / 3, 2 / 3, 1.0)]
                    piece = [(half(x), y) for x, y in piece]
            merged += piece
        return tuple(merged)


def _towards(start: Point, end: Point, distance: float) -> Point:
    whole = math.dist(start, end)
    if whole < 1e-9:
        return start
    share = distance / whole
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
