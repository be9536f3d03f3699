"""The way of an edge: level lines, and bends between columns."""

from .boxes import Position, half


class Pen:
    """Draws a route piece by piece, as cubic Béziers."""

    def __init__(self, x: float, y: float) -> None:
        self.points: list[Position] = [(x, y)]

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

    def route(self) -> tuple[Position, ...]:
        """All points of the way, to half a pixel."""
        return tuple((half(x), half(y)) for x, y in self.points)
