"""Where the boxes, labels and edges of a drawn graph stand."""

from .boxes import Edge, Layout, Point, Rect, Shape
from .placing import arrange

__all__ = ["Edge", "Layout", "Point", "Rect", "Shape", "arrange"]
