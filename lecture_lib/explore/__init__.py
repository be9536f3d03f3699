"""Controls around pictures, and questions to think about before looking."""

from .controls import Choice, Control, Slider, Steps, Toggle, numbers
from .explorer import Displayable, Explorer
from .question import Questions, predict, recall

__all__ = [
    "Choice",
    "Control",
    "Displayable",
    "Explorer",
    "Questions",
    "Slider",
    "Steps",
    "Toggle",
    "numbers",
    "predict",
    "recall",
]
