"""Controls around pictures, and questions to think about before looking."""

from .controls import Choice, Control, Slider, Steps, Toggle, numbers
from .descent import descent, explore_descent
from .explorer import Displayable, Explorer
from .question import Questions, predict, recall
from .scrubber import explore_graph, scrubber

__all__ = [
    "Choice",
    "Control",
    "Displayable",
    "Explorer",
    "Questions",
    "Slider",
    "Steps",
    "Toggle",
    "descent",
    "explore_descent",
    "explore_graph",
    "numbers",
    "predict",
    "recall",
    "scrubber",
]
