"""Where the boxes, labels and edges of a drawn graph stand."""

from .boxes import Chip, Edge, Frame, Layout, Position, Rect, Shape, Stroke
from .placing import arrange
