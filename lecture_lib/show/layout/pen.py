"""The way of an edge: level lines, and bends between columns."""

from .boxes import Point, half


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
