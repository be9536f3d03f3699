"""Controls around pictures, and questions to think about before looking."""

from .controls import Choice, Control, Slider, Steps, Toggle, numbers
from .explorer import Displayable, Explorer
from .question import Option, Question, Questions, predict, recall, register_questions
from .scrubber import explore_graph, scrubber

__all__ = [
    "Choice",
    "Control",
    "Displayable",
    "Explorer",
    "Option",
    "Question",
    "Questions",
    "Slider",
    "Steps",
    "Toggle",
    "explore_graph",
    "numbers",
    "predict",
    "recall",
    "register_questions",
    "scrubber",
]
